"""Whose plans somebody may see and write: as with records, by station; and what a stranger's address opens."""

from typing import Any

from django.db.models import QuerySet

from shuangbai.events.models import Event, SignUp
from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission


def events_visible_to(user: Any) -> QuerySet[Event]:
    """Plans of the stations within reach; another station's are not there at all."""
    return Event.objects.filter(viewer_of(user).reach(Permission.SEE_RECORDS))


def events_written_by(user: Any) -> QuerySet[Event]:
    """Plans of the stations where somebody writes records."""
    return Event.objects.filter(viewer_of(user).reach(Permission.WRITE_RECORDS))


def sign_ups_written_by(user: Any) -> QuerySet[SignUp]:
    return SignUp.objects.filter(viewer_of(user).reach(Permission.WRITE_RECORDS))


def may_write(user: Any, event: Event) -> bool:
    return viewer_of(user).reaches(Permission.WRITE_RECORDS, event.station_id)


def may_open_phones(user: Any, event: Event) -> bool:
    return may_write(user, event) and viewer_of(user).reaches(Permission.OPEN_MASKED, event.station_id)


def by_address(token: str) -> QuerySet[Event]:
    """What the public page of an event shows, to anybody who has its address."""
    return Event.objects.filter(token=token).select_related("station", "village")


def by_say_address(token: str) -> QuerySet[Event]:
    return Event.objects.filter(say_token=token).select_related("station", "village", "activity__record")


def by_secret(secret: str) -> QuerySet[SignUp]:
    """Somebody's own sign-up, by the address that they were given."""
    return SignUp.objects.filter(secret=secret).select_related("event__station", "event__village")
