"""Whose families somebody may see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuangbai.core import clock
from shuangbai.core.prepared import prepared
from shuangbai.households.known import PEOPLE, Kind
from shuangbai.households.models import Category, Household, HouseholdStation, Membership, Person
from shuangbai.network.access import EVERY, viewer_of
from shuangbai.network.roles import Permission


def households_visible_to(user: Any, permission: Permission = Permission.SEE_FAMILIES) -> QuerySet[Household]:
    """The families that a station within reach serves today. Another station's are not there at all.

    For one family or a few that are named; a list asks `households_within`.
    """
    reach = viewer_of(user).reach(permission)
    if reach == Q():
        return Household.objects.all()
    serving = HouseholdStation.objects.on(clock.today()).filter(reach, household=OuterRef("pk"))
    return Household.objects.filter(Exists(serving))


def households_within(user: Any, permission: Permission = Permission.SEE_FAMILIES) -> QuerySet[Household]:
    """The same families for lists, and to be one of: begins at the stations, where SQLite would ask each of the city's
    families whether it is theirs."""
    reach = viewer_of(user).reach(permission)
    if reach == Q():
        return Household.objects.all()
    return Household.objects.filter(pk__in=HouseholdStation.objects.on(clock.today()).filter(reach).values("household"))


def family_to_write_about(user: Any, household_id: UUID) -> Household | None:
    """A family with its village, for whoever writes records at a station that serves it today; None otherwise."""
    stations = viewer_of(user).station_ids(Permission.WRITE_RECORDS)
    return next(iter(_served(stations, household_id, clock.today())), None) if stations else None


@prepared
def _served(station_ids: Collection[UUID], household_id: UUID, day: date) -> QuerySet[Household]:
    serving = HouseholdStation.objects.on(day).filter(station__in=station_ids, household=OuterRef("pk"))
    found = Household.objects.filter(Exists(serving), pk=household_id).select_related("village")
    return found.defer("phone", "address")  # encrypted, and no record asks for them


def people_visible_to(user: Any, permission: Permission = Permission.SEE_FAMILIES) -> QuerySet[Person]:
    """The people who are or were of a visible family."""
    reach, belonging = viewer_of(user).reach(permission), Membership.objects.filter(person=OuterRef("pk"))
    if reach != Q():
        serving = HouseholdStation.objects.on(clock.today()).filter(reach, household=OuterRef("household"))
        belonging = belonging.filter(Exists(serving))
    return Person.objects.filter(Exists(belonging))


def may_edit(user: Any, household: Household) -> bool:
    return households_visible_to(user, Permission.EDIT_FAMILIES).filter(pk=household.pk).exists()


def _within(user: Any, permission: Permission, kind: Kind) -> Q:
    """Both entries of a pair are of families that `permission` reaches; asked of each pair, never of all people."""
    reach, today = viewer_of(user).reach(permission), clock.today()
    if reach == Q():
        return EVERY
    first, second = (
        Exists(HouseholdStation.objects.on(today).filter(reach, **{kind.serving: OuterRef(entry)}))
        for entry in ("first", "second")
    )
    return Q(first) & Q(second)


def _across(kind: Kind) -> Q:
    """No station serves both entries of a pair today."""
    today = clock.today()
    of_second = HouseholdStation.objects.on(today).filter(**{kind.serving: OuterRef(OuterRef("second"))})
    both = HouseholdStation.objects.on(today).filter(
        station__in=of_second.values("station"), **{kind.serving: OuterRef("first")}
    )
    return ~Q(Exists(both))


def own_pairs(user: Any, kind: Kind = PEOPLE) -> QuerySet[Any]:
    """Two entries that may be one, both of families that this person edits: a station's own business."""
    return _pairs(kind).filter(_within(user, Permission.EDIT_FAMILIES, kind))


def pairs_to_decide(user: Any, kind: Kind = PEOPLE) -> QuerySet[Any]:
    """The pairs that this person decides: their stations' own, and those that no station serves both, at the centre."""
    theirs = _within(user, Permission.EDIT_FAMILIES, kind)
    if viewer_of(user).may(Permission.MATCH_PEOPLE):
        theirs |= _within(user, Permission.MATCH_PEOPLE, kind) & _across(kind)
    return _pairs(kind).filter(theirs)


def _pairs(kind: Kind) -> QuerySet[Any]:
    """The pairs of a kind, without those of somebody who was forgotten: they are nobody's double."""
    rows: QuerySet[Any] = kind.pair.objects.all()
    return rows.filter(first__forgotten=False, second__forgotten=False) if kind == PEOPLE else rows


def known_from(user: Any, household_id: UUID) -> date | None:
    """The day before which the stations that somebody reaches know nothing of the family; None: everything.

    A family that came from another station without its history is known from the day it came: what had ended by
    then (members gone, categories, closed files) is not told (docs/adr/0041).
    """
    reach = viewer_of(user).reach(Permission.SEE_FAMILIES)
    if reach == Q():
        return None
    serving = HouseholdStation.objects.filter(household=household_id)
    ours = list(serving.on(clock.today()).filter(reach))
    first = min((row.starts_on for row in ours), default=None)
    if first is None or any(row.with_history for row in ours):
        return None
    return first if serving.filter(ends_on__lt=first).exists() else None


# RESTRICTED CATEGORIES -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opens:
    """The stations of whose families somebody may open what is restricted; None: of all."""

    stations: frozenset[UUID] | None

    def covers(self, stations: Collection[UUID]) -> bool:
        return self.stations is None or self.stations.issuperset(stations)

    def rows(self, station: str = "station") -> Q:
        """The condition that a row is of such a station."""
        return Q() if self.stations is None else Q(**{f"{station}__in": self.stations})


NOTHING = Opens(frozenset())


def restricted_open_to(user: Any) -> Opens:
    """What of the restricted categories somebody may open: that a family carries one, and the records through it.

    Those who work on the family may: its station, and the supervisors above. Everybody else sees numbers.
    """
    units = viewer_of(user).units(Permission.OPEN_RESTRICTED)
    if any(unit.parent_id is None for unit in units):
        return Opens(None)
    return Opens(frozenset(viewer_of(user).station_ids(Permission.OPEN_RESTRICTED)))


def categories_to_find_by(user: Any, day: date) -> QuerySet[Category]:
    """The categories of the day by which somebody may filter records: a filter would tell who carries one."""
    found = Category.objects.on(day).order_by("position")
    return found if restricted_open_to(user) != NOTHING else found.filter(restricted=False)
