"""When lives change: people join a household, families move, a further station serves them. In bulk."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from shuangbai.core import audit
from shuangbai.core.actions import action
from shuangbai.core.bulk import copy_to_history, insert
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.households.access import households_visible_to
from shuangbai.households.actions import BATCH, change_residence
from shuangbai.households.entries import MoveEntry
from shuangbai.households.enums import Relation
from shuangbai.households.finding import refresh_find_keys
from shuangbai.households.models import Household, HouseholdStation, Membership, Person
from shuangbai.households.queries import Span, primary_homes
from shuangbai.households.standing import rewrite_standing
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.roles import Permission

JOINED = audit.kind("household.joined", "{by} 登记了家庭成员变动")
MOVED = audit.kind("household.moved", "{by} 登记家庭迁居")
MOVED_STATION = audit.kind("household.moved_station", "{by} 登记家庭迁居，改由{station}服务")
SERVED = audit.kind("household.served", "{by} 登记{station}也服务这户家庭")


def check_edits(by: User, household_ids: set[UUID]) -> None:
    """Raise NotAllowed unless `by` may edit every one of these families today."""
    if households_visible_to(by, Permission.EDIT_FAMILIES).filter(pk__in=household_ids).count() < len(household_ids):
        raise NotAllowed


@dataclass(slots=True)
class JoinEntry:
    """Somebody already known who is of a household from a day on: a second home, a new place in the family."""

    household: Household
    person: Person
    relation: Relation
    starts_on: date
    ends_on: date | None = None
    is_primary: bool = True


@action
def join_households(*, by: User, entries: Sequence[JoinEntry]) -> list[Membership]:
    """Known people join households from a day on; who heads a household follows from it."""
    check_edits(by, {entry.household.pk for entry in entries})
    _check_primary(entries)
    rows = [
        Membership(
            station_id=e.household.station_id,
            household=e.household,
            person=e.person,
            relation=e.relation,
            starts_on=e.starts_on,
            ends_on=e.ends_on,
            is_primary=e.is_primary,
        )
        for e in entries
    ]
    insert(rows, by=by)
    households = {row.household_id: row.household for row in rows}
    for row in rows:
        if row.relation == Relation.HEAD and row.ends_on is None:
            row.household.head_name = row.person.name
    Household.objects.bulk_update(list(households.values()), ["head_name"], batch_size=BATCH)
    refresh_find_keys(list(households))
    people = {row.person_id for row in rows}
    rewrite_standing(household_ids=households, person_ids=people, first=min(r.starts_on for r in rows), last=None)
    audit.record_all([audit.entry(JOINED, by=by, about=household) for household in households.values()])
    return rows


def _check_primary(entries: Sequence[JoinEntry]) -> None:
    """Nobody has two primary homes on one day. Raises Refused with the sentence that names the way out."""
    homes: dict[UUID, list[Span]] = defaultdict(list, primary_homes({entry.person.pk for entry in entries}))
    for entry in entries:
        if not entry.is_primary:
            continue
        held = homes[entry.person.pk]
        if any(home.touches(entry.starts_on, entry.ends_on) for home in held):
            sentence = "此人在这段时间已有主要家庭；请先结束原来的，或把这一户登记为非主要家庭"
            raise Refused.because("is_primary", sentence, "primary_twice")
        held.append(Span(entry.household.pk, entry.starts_on, entry.ends_on))


@action
def move_households(*, by: User, entries: Sequence[MoveEntry]) -> None:
    """Families change their village from a day on; earlier visits keep the village of their day.

    With a `station`, that station serves the family from the day on and the one before until the day before.
    """
    check_edits(by, {entry.household.pk for entry in entries})
    for entry in entries:
        change_residence(entry.household, entry.village_id, entry.moved_on)
        entry.household.village_id = entry.village_id
        entry.household.version += 1
        if entry.station:
            serving = HouseholdStation.objects.filter(household=entry.household, ends_on__isnull=True)
            serving.update(ends_on=entry.moved_on - timedelta(days=1))
            HouseholdStation.objects.create(household=entry.household, station=entry.station, starts_on=entry.moved_on)
    households = [entry.household for entry in entries]
    Household.objects.bulk_update(households, ["village", "version"], batch_size=BATCH)
    copy_to_history(Household, [household.pk for household in households], kind="~", by=by)
    refresh_find_keys([household.pk for household in households])
    audit.record_all([_moved(by, entry) for entry in entries])


def _moved(by: User, entry: MoveEntry) -> AuditEvent:
    if entry.station is None:
        return audit.entry(MOVED, by=by, about=entry.household)
    return audit.entry(MOVED_STATION, by=by, about=entry.household, station=entry.station.name)


@action
def serve_households(*, by: User, entries: Sequence[tuple[Household, OrgUnit, date]]) -> None:
    """A further station serves these families from a day on; a station that serves them lets it in."""
    check_edits(by, {household.pk for household, _, _ in entries})
    HouseholdStation.objects.bulk_create(
        HouseholdStation(household=household, station=station, starts_on=day) for household, station, day in entries
    )
    refresh_find_keys([household.pk for household, _, _ in entries], people=False)
    audit.record_all([audit.entry(SERVED, by=by, about=household, station=s.name) for household, s, _ in entries])
