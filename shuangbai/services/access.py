"""Whose service records somebody may see, write and void."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuangbai.core import clock
from shuangbai.core.privacy import mask_name
from shuangbai.households.models import HouseholdStation
from shuangbai.network.access import EVERY, viewer_of
from shuangbai.network.roles import Permission
from shuangbai.services.models import ServiceRecord


def records_visible_to(user: Any) -> QuerySet[ServiceRecord]:
    """Records of the stations within reach, voided ones too; another station's are not there at all."""
    return ServiceRecord.objects.filter(viewer_of(user).reach(Permission.SEE_RECORDS))


def visible_by_record(user: Any) -> Q:
    """The condition of what hangs on a record (an activity, a session …) that the record is within reach.

    Asked of each that is found, where "is one of those visible" would first list every record within reach.
    """
    return viewer_of(user).reach(Permission.SEE_RECORDS, "record__station") or EVERY


def records_shown_to(user: Any) -> QuerySet[ServiceRecord]:
    """Records of the stations within reach, and those that came along with a family, by its consent, from another.

    For one record and one family's history. Lists and figures keep to `records_visible_to`: what another station did
    is its own work, whoever may read it (docs/adr/0041).
    """
    return ServiceRecord.objects.filter(_shown(user))


def shown_by_record(user: Any) -> Q:
    """The condition of a visit that its record is among `records_shown_to`."""
    return _shown(user, "record__")


def _shown(user: Any, record: str = "") -> Q:
    reach = viewer_of(user).reach(Permission.SEE_RECORDS, f"{record}station")
    if reach == Q():
        return EVERY
    serving = HouseholdStation.objects.on(clock.today()).filter(viewer_of(user).reach(Permission.SEE_RECORDS))
    came = serving.filter(with_history=True, household=OuterRef(f"{record}household"))
    return reach | Q(Exists(came.filter(starts_on__gt=OuterRef(f"{record}occurred_on"))))


# Rooms above that open single records beyond somebody's reach (an activity that two stations held): the condition.
OPENED: dict[str, Callable[[Any], Q]] = {}


def records_opened_to(user: Any) -> QuerySet[ServiceRecord]:
    """Every record whose page somebody may open."""
    found = _shown(user)
    for opens in OPENED.values():
        found |= opens(user)
    return ServiceRecord.objects.filter(found)


def may_write(user: Any, record: ServiceRecord) -> bool:
    """Whether somebody may correct the record: they write records at its station."""
    return viewer_of(user).reaches(Permission.WRITE_RECORDS, record.station_id)


def may_void(user: Any, record: ServiceRecord) -> bool:
    """One's own entries, or any of the station's for its head."""
    if viewer_of(user).reaches(Permission.VOID_ANY_RECORD, record.station_id):
        return True
    return record.entered_by_id == user.pk and may_write(user, record)


def sees_names(user: Any) -> bool:
    return viewer_of(user).may(Permission.SEE_NAMES)


def shown_name(user: Any, name: str) -> str:
    """A villager's name as somebody may see it: whole, or the family name only."""
    return name if sees_names(user) else mask_name(name)


def veiled(text: str, names: Iterable[str]) -> str:
    """A text with these names masked, longest first, so that none shows through another."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, mask_name(name))
    return text
