"""What comes after a family was entered: people who join it, workers who take its file over. In bulk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from shuangbai.core import audit
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert
from shuangbai.core.findings import Refused
from shuangbai.households.actions import BATCH, refresh_find_keys
from shuangbai.households.enums import Relation
from shuangbai.households.models import FamilyFile, FileWorker, Household, Membership, Person
from shuangbai.households.standing import rewrite_standing
from shuangbai.network.access import check_reaches
from shuangbai.network.models import User
from shuangbai.network.roles import Permission

HANDED = audit.kind("file.handed", "{by} 把档案 {number} 交给另一位社工负责")
JOINED = audit.kind("household.joined", "{by} 登记了家庭成员变动")


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
    check_reaches(by, Permission.EDIT_FAMILIES, {entry.household.station_id for entry in entries})
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


@action
def assign_files(*, by: User, entries: Sequence[tuple[FamilyFile, UUID, date]]) -> list[FileWorker]:
    """Files get another responsible worker (the staff's key) from a day on; the one before ends the day before."""
    check_reaches(by, Permission.EDIT_FAMILIES, {file.station_id for file, *_ in entries})
    rows = []
    for file, staff, starts_on in entries:
        before = FileWorker.objects.filter(file=file, ends_on__isnull=True)
        if before.filter(starts_on__gte=starts_on).exists():
            raise Refused.because("starts_on", "接手日期应在现任负责社工的开始日期之后,请改正")
        before.update(ends_on=starts_on - timedelta(days=1))
        row = FileWorker(station_id=file.station_id, file=file, staff_id=staff, starts_on=starts_on)
        row.save(force_insert=True)
        rows.append(row)
    audit.record_all([audit.entry(HANDED, by=by, about=file, number=file.number) for file, *_ in entries])
    return rows
