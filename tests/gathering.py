"""Short ways to plan activities and to sign up for them, beside those of the cast.

event = an_event(city.chengdong, worker, places=3)
a_sign_up(event, "阿海", "19900001111")
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.core import signing

from shuangbai.activities.actions import ActivityEntry
from shuangbai.events.actions.holding import hold_event
from shuangbai.events.actions.joining import SignUpEntry, join
from shuangbai.events.actions.planning import EventEntry, move_event, plan_event
from shuangbai.events.enums import EventState
from shuangbai.events.models import Event, SignUp
from shuangbai.network.models import OrgUnit, User
from tests.cast import TODAY

SATURDAY = date(2020, 6, 13)


def an_event_entry(station: OrgUnit, by: User, **more: Any) -> EventEntry:
    said = {"title": "端午包粽子", "kind": "festival", "held_on": SATURDAY, "worker_id": by.staff_id}
    return EventEntry(station=station, **{**said, **more})


def an_event(station: OrgUnit, by: User, *, opened: bool = True, **more: Any) -> Event:
    """A planned activity that is open for signing up, unless it is said not to be."""
    event = plan_event(by=by, entry=an_event_entry(station, by, **{"places": 20, **more}))
    return move_event(by=by, event=event, version=event.version, to=EventState.OPEN) if opened else event


def a_sign_up(event: Event, name: str = "阿海", phone: str = "19900001111", **more: Any) -> SignUp:
    """Somebody signs up on the public page."""
    return join(event=event, entry=SignUpEntry(name, phone, **more))


def a_day(event: Event, by: User, **more: Any) -> ActivityEntry:
    """What the page of the day sends, without anybody beside the list."""
    said = {
        "occurred_on": event.held_on, "title": event.title, "kind": event.kind, "worker_ids": [by.staff_id],
        "summary": "",
    }  # fmt: skip
    return ActivityEntry(station=event.station, **{**said, **more})


def held(event: Event, by: User, *, matched: Any = None, **more: Any) -> Event:
    """The activity is recorded."""
    now = Event.objects.get(pk=event.pk)
    return hold_event(by=by, event=now, version=now.version, entry=a_day(now, by, **more), matched=matched or {})


def today_event(station: OrgUnit, by: User, **more: Any) -> Event:
    """One whose day is today: it may be called and held."""
    return an_event(station, by, **{"held_on": TODAY, **more})


def moment(form: str) -> str:
    """The hidden moment of a stranger's form of this class that was opened ten seconds ago."""
    signer = signing.TimestampSigner(salt=f"shuangbai.core.strangers.{form}")
    opened = signing.b62_encode(int(time.time()) - 10)
    return signing.Signer.sign(signer, f"{signer.sep}{opened}")
