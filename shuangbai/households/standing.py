"""What somebody counted as on a day on which they were served.

Derived from tags and memberships: noted by the spine for each new record, and noted anew by every
action that changes a tag or a membership. Two rules (domain 5.3), stated on the report:
a person carries their own categories of the day and those of every household they are of on the day;
a household carries its own and its members'.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection, connections
from django.db.models import Q

from shuangbai.core.bulk import insert_rows
from shuangbai.core.statements import fetched
from shuangbai.households.models import Standing
from shuangbai.households.queries import Belongings, homes_ever

# Whoever writes records of families shares them; whoever changes what they count as waits for these and lets nobody in.
SHARED = "SELECT 1 FROM households_household WHERE id = ANY(%s) ORDER BY id FOR SHARE"
ALONE = "SELECT 1 FROM households_household WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


@dataclass(frozen=True, slots=True)
class Served:
    """An occasion on which a household, or people, were served: what a service record tells this room."""

    occasion: UUID
    station_id: UUID
    occurred_on: date
    household_id: UUID | None
    person_ids: tuple[UUID, ...]


def belongings_held(household_ids: Iterable[UUID], person_ids: Iterable[UUID] = ()) -> Belongings:
    """What households and people belong to and carry, for records that are about to be written of them.

    Until the transaction ends nobody changes a tag or a membership of theirs: of a record and a tag that are entered in
    the same moment, whichever is second knows of the first. For actions only.
    """
    households, people = set(household_ids), set(person_ids)
    if connection.vendor == "postgresql":
        _hold(households | homes_ever(people), SHARED)
    return Belongings(households, people)


def hold_families(household_ids: Collection[UUID]) -> None:
    """Lock families that one transaction changes one after another: who does so in another order would block both."""
    if connection.vendor == "postgresql":
        _hold(household_ids, ALONE)


def _hold(household_ids: Collection[UUID], statement: str) -> None:
    """Lock families until the transaction ends. For PostgreSQL: on SQLite whoever writes is alone."""
    if household_ids:
        fetched(connections["default"], statement, [list(household_ids)])


def _near_held(household_ids: set[UUID], person_ids: set[UUID]) -> Belongings:
    """What is near these bearers, once everybody who writes records of those families is done."""
    near = Belongings(household_ids, person_ids)
    if connection.vendor != "postgresql":
        return near
    held: set[UUID] = set()
    while others := (household_ids | set(near.members)) - held:
        _hold(others, ALONE)
        held |= others
        near = Belongings(household_ids, person_ids)  # while this waited, somebody may have moved
    return near


def note_standing(served: Sequence[Served], belongings: Belongings) -> None:
    """Keep what everybody served counted as on the day. Called by the spine for new records."""
    rows = []
    for one in served:
        bearers: list[tuple[UUID | None, UUID | None, set[int]]] = [
            (None, person, belongings.carried_by_person(person, one.occurred_on)) for person in one.person_ids
        ]
        if one.household_id:
            bearers.append((one.household_id, None, belongings.carried_by_household(one.household_id, one.occurred_on)))
        rows += [
            (one.station_id, one.occasion, one.occurred_on, household, person, category)
            for household, person, categories in bearers
            for category in sorted(categories) or (None,)
        ]
    columns = ("station_id", "occasion", "occurred_on", "household_id", "person_id", "category_id")
    insert_rows(Standing, columns, rows)


def forget_standing(occasions: Iterable[UUID]) -> None:
    """Drop what was kept for records that are corrected, before it is noted anew."""
    Standing.objects.filter(occasion__in=list(occasions)).delete()


def rewrite_standing(
    *, household_ids: Iterable[UUID], person_ids: Iterable[UUID], first: date, last: date | None
) -> int:
    """Note anew what these bearers, and whoever shares a household with them, counted as from `first` to `last`.

    Called by every action that changes a tag or a membership. Returns the number of occasions noted.
    """
    near = _near_held(set(household_ids), set(person_ids))
    people, households = set(near.homes), set(near.members)
    span = Q(occurred_on__gte=first) & (Q(occurred_on__lte=last) if last else Q())
    rows = Standing.objects.filter(span).filter(Q(person__in=people) | Q(household__in=households))
    asked: dict[tuple[UUID, UUID, date], tuple[set[UUID], set[UUID]]] = {}
    for occasion, station, day, household, person in rows.values_list(
        "occasion", "station_id", "occurred_on", "household_id", "person_id"
    ):
        homes, met = asked.setdefault((occasion, station, day), (set(), set()))
        (homes.add(household) if household else met.add(person))
    rows.delete()
    served = [
        Served(occasion, station, day, home, tuple(sorted(met)) if index == 0 else ())
        for (occasion, station, day), (homes, met) in asked.items()
        for index, home in enumerate(sorted(homes) or [None])  # type: ignore[type-var]
    ]
    note_standing(served, Belongings(households, people))
    return len(asked)
