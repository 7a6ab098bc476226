"""Activities planned, signed up for, held, thanked for: their lines of the tables, and what is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from shuangbai.activities.actions import ActivityEntry, record_activity
from shuangbai.activities.models import Activity
from shuangbai.core.ids import random_id
from shuangbai.events.actions.holding import RemarkEntry, call_roll, hold_event, say
from shuangbai.events.actions.joining import SignUpEntry, join
from shuangbai.events.actions.planning import EventEntry, move_event, plan_event
from shuangbai.events.enums import EventState, Grade
from shuangbai.events.models import Event, SignUp
from shuangbai.households.enums import UnmaskReason
from shuangbai.services.enums import CountMethod, HeadGroup
from tests.cast import TODAY
from tests.gathering import moment

if TYPE_CHECKING:
    from shuangbai.network.models import OrgUnit, User
    from tests.sweep.world import Place

KEYS = {"drawn_up", "event_today", "event_done", "signed_up", "join_token", "join_secret", "say_token"}

# name                                | by   | 城东: own 海 上 管理 out | 东洲
TABLE = """
event-list                            | GET  | +++ ++ ++ ... ..ss
event-list?past                       | GET  | +++ ++ ++ ... ..ss
event-new                             | GET  | +++ ++ .. ... ..ss
event-new                             | POST | >>> !! .. ... ..ss
event(drawn_up)                       | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
event(event_done)                     | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
event-edit(drawn_up)                  | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
event-edit(drawn_up)                  | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
event-move(drawn_up)                  | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
event-switch(drawn_up)                | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
event-plan(drawn_up)                  | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
event-poster(drawn_up)                | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
event-poster(event_done)              | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
event-name-new(drawn_up)              | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
event-name-new(drawn_up)              | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
event-name-withdraw(signed_up)        | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
event-name-told(signed_up)            | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
event-phones(drawn_up)                | POST | +++ .. .. ... ..ss | ... .+ .. ... ..ss
event-roll(event_today)               | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
event-roll(event_today)               | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
event-held(event_today)               | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
event-held(event_today)               | HTMX | +++ .. .. ... ..ss | ... .+ .. ... ..ss
event-held(event_today)               | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
event-link(event_today)               | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
event-say(event_done)                 | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
join(join_token)                      | GET  | +++ ++ ++ +++ ++++ | +++ ++ ++ +++ ++++
join(join_token)                      | POST | >>> >> >> >>> >>>> | >>> >> >> >>> >>>>
join-mine(join_secret)                | GET  | +++ ++ ++ +++ ++++ | +++ ++ ++ +++ ++++
join-mine(join_secret)                | POST | >>> >> >> >>> >>>> | >>> >> >> >>> >>>>
say(say_token)                        | GET  | +++ ++ ++ +++ ++++ | +++ ++ ++ +++ ++++
say(say_token)                        | POST | >>> >> >> >>> >>>> | >>> >> >> >>> >>>>
"""

# room.module.action                        | 城东: own 海 上 管理 shut | 东洲
ACTS = """
events.actions.planning.plan_event          | +++ .. .. ... ... | ... .+ .. ... ...
events.actions.planning.change_event        | +++ .. .. ... ... | ... .+ .. ... ...
events.actions.planning.move_event          | +++ .. .. ... ... | ... .+ .. ... ...
events.actions.planning.switch_page         | +++ .. .. ... ... | ... .+ .. ... ...
events.actions.joining.enter_sign_up        | +++ .. .. ... ... | ... .+ .. ... ...
events.actions.joining.withdraw_sign_up     | +++ .. .. ... ... | ... .+ .. ... ...
events.actions.joining.note_told            | +++ .. .. ... ... | ... .+ .. ... ...
events.actions.joining.open_phones          | +++ .. .. ... ... | ... .+ .. ... ...
events.actions.holding.call_roll            | +++ .. .. ... ... | ... .+ .. ... ...
events.actions.holding.hold_event           | +++ .. .. ... ... | ... .+ .. ... ...
events.actions.holding.link_activity        | +++ .. .. ... ... | ... .+ .. ... ...
events.actions.holding.switch_say           | +++ .. .. ... ... | ... .+ .. ... ...
"""

WITHOUT_ACTOR = {
    "events.actions.joining.join": "anybody, by the address on a notice",
    "events.actions.joining.leave": "anybody, by the address that they were given",
    "events.actions.holding.say": "anybody, by the address on a notice; who, is not kept",
}


def _entry(station: OrgUnit, by: User, **more: Any) -> EventEntry:
    said = {
        "title": "端午包粽子", "kind": "festival", "held_on": date(2020, 6, 13), "worker_id": by.staff_id,
        "places": 200,
    }  # fmt: skip
    return EventEntry(station=station, **{**said, **more})


def _day(station: OrgUnit, by: User, **more: Any) -> ActivityEntry:
    said = {
        "occurred_on": TODAY, "title": "端午包粽子", "kind": "festival", "worker_ids": [by.staff_id],
        "heads": {HeadGroup.OTHERS: 5}, "method": CountMethod.COUNTED,
    }  # fmt: skip
    return ActivityEntry(station=station, **{**said, **more})


def _opened(station: OrgUnit, by: User, **more: Any) -> Event:
    event = plan_event(by=by, entry=_entry(station, by, **more))
    return move_event(by=by, event=event, version=event.version, to=EventState.OPEN)


def made_at(station: OrgUnit, by: User, words: str, keys: dict[str, Any]) -> dict[str, Any]:
    """One activity for which people sign up, one of today, one that is over, and an activity without a plan."""
    drawn_up, today = _opened(station, by, aim=words, risks=words), _opened(station, by, held_on=TODAY)
    one = join(event=drawn_up, entry=SignUpEntry("阿螺", "19900009999"))
    join(event=today, entry=SignUpEntry("阿螺", "19900009999"))
    call_roll(by=by, event=today, came={1: 1})
    done = _opened(station, by, held_on=TODAY)
    done = hold_event(by=by, event=done, version=done.version, entry=_day(station, by), matched={})
    say(event=done, entry=RemarkEntry(Grade.VERY, words))
    record_activity(by=by, entry=_day(station, by, title="没有策划的一场"))
    return {
        "drawn_up": drawn_up.pk, "event_today": today.pk, "event_done": done.pk, "signed_up": one.pk,
        "join_token": drawn_up.token, "join_secret": one.secret, "say_token": done.say_token,
    }  # fmt: skip


def _of(at: Place, key: str) -> Event:
    return Event.objects.get(pk=at.keys[key])


def _sign_up(at: Place) -> SignUp:
    return SignUp.objects.get(pk=at.keys["signed_up"])


def _unplanned(at: Place) -> Activity:
    return Activity.objects.get(station=at.station, title="没有策划的一场")


def _version(at: Place, key: str) -> str:
    return str(_of(at, key).version)


def _plan(at: Place, **more: Any) -> dict[str, Any]:
    said = {
        "title": "端午包粽子", "kind": "festival", "held_on": "2020-06-13", "worker": str(at.by.staff_id),
        "places": "200", "waiting_most": "10", "steps": "0", "lines": "0", "client_id": str(random_id()),
    }  # fmt: skip
    return said | more


def _name(**more: str) -> dict[str, str]:
    return {"name": "阿虾", "phone": "19900008888", "along": "0", "client_id": str(random_id()), **more}


FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "event-new": _plan,
    "event-edit": lambda at: _plan(at, version=_version(at, "drawn_up")),
    "event-move": lambda at: {"version": _version(at, "drawn_up"), "to": "cancelled", "reason": "台风"},
    "event-switch": lambda at: {"version": _version(at, "drawn_up"), "on": "off"},
    "event-name-new": lambda at: _name(),
    "event-name-withdraw": lambda at: {},
    "event-name-told": lambda at: {},
    "event-phones": lambda at: {"reason": UnmaskReason.REACH.value},
    "event-roll": lambda at: {"at-1": "on", "was-1": ""},
    "event-held": lambda at: {
        "event_version": _version(at, "event_today"), "occurred_on": TODAY.isoformat(), "title": "端午包粽子",
        "kind": "festival", "workers": [str(at.by.staff_id)], "client_id": str(random_id()),
    },
    "event-link": lambda at: {"version": _version(at, "event_today"), "activity": str(_unplanned(at).pk)},
    "event-say": lambda at: {"version": _version(at, "event_done"), "on": "off"},
    "join": lambda at: _name(made=moment("JoinForm")),
    "join-mine": lambda at: {},
    "say": lambda at: {"grade": "5", "good": "热闹", "client_id": str(random_id()), "made": moment("SayForm")},
}  # fmt: skip

ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "events.actions.planning.plan_event": lambda at: {"entry": _entry(at.station, at.by)},
    "events.actions.planning.change_event": lambda at: {
        "event": _of(at, "drawn_up"), "version": _of(at, "drawn_up").version, "entry": _entry(at.station, at.by),
    },
    "events.actions.planning.move_event": lambda at: {
        "event": _of(at, "drawn_up"), "version": _of(at, "drawn_up").version, "to": EventState.CANCELLED,
        "reason": "台风",
    },
    "events.actions.planning.switch_page": lambda at: {
        "event": _of(at, "drawn_up"), "version": _of(at, "drawn_up").version, "on": False,
    },
    "events.actions.joining.enter_sign_up": lambda at: {
        "event": _of(at, "drawn_up"), "entry": SignUpEntry("阿虾", "19900008888"),
    },
    "events.actions.joining.withdraw_sign_up": lambda at: {"sign_up": _sign_up(at)},
    "events.actions.joining.note_told": lambda at: {"sign_up": _sign_up(at)},
    "events.actions.joining.open_phones": lambda at: {"event": _of(at, "drawn_up"), "reason": UnmaskReason.REACH},
    "events.actions.holding.call_roll": lambda at: {"event": _of(at, "event_today"), "came": {1: 0}},
    "events.actions.holding.hold_event": lambda at: {
        "event": _of(at, "event_today"), "version": _of(at, "event_today").version,
        "entry": _day(at.station, at.by), "matched": {},
    },
    "events.actions.holding.link_activity": lambda at: {
        "event": _of(at, "event_today"), "version": _of(at, "event_today").version, "activity": _unplanned(at),
    },
    "events.actions.holding.switch_say": lambda at: {
        "event": _of(at, "event_done"), "version": _of(at, "event_done").version, "on": False,
    },
}  # fmt: skip
