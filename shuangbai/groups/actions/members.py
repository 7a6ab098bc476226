"""Who takes part in a group: put on its list, changed, gone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, Finding, NotAllowed, refuse_if_any
from shuangbai.groups.access import may_write, members_written_by
from shuangbai.groups.models import Group, GroupMember
from shuangbai.groups.queries import days_there, known_at, on_roll
from shuangbai.groups.rules import member_findings
from shuangbai.network.models import User

ADDED = audit.kind("group_member.added", "{by} 在一个小组的名单里加了 {count} 人")
CHANGED = audit.kind("group_member.changed", "{by} 改了一位组员的情况")


@dataclass(slots=True)
class MemberEntry:
    """Somebody of the station's families (`person_id`), or only named. `taken` is false for who was not taken."""

    person_id: UUID | None = None
    name: str = ""
    sex: str = ""
    age_band: str = ""
    taken: bool = True
    joined_on: date | None = None
    left_on: date | None = None
    left_reason: str = ""
    refused_reason: str = ""
    consented_on: date | None = None
    consent: str = ""
    note: str = ""
    score_before: Decimal | None = None
    score_after: Decimal | None = None
    entered_at: datetime | None = None


SAID = (
    "name", "sex", "age_band", "joined_on", "left_on", "left_reason", "refused_reason", "consented_on", "consent",
    "note", "score_before", "score_after",
)  # fmt: skip


@action
def add_members(*, by: User, group: Group, entries: Sequence[MemberEntry]) -> list[GroupMember]:
    """Put people on a group's list: as many queries for one as for three hundred. Raises NotAllowed, Refused."""
    if not may_write(by, group):
        raise NotAllowed
    Group.objects.select_for_update().get(pk=group.pk)
    rows = GroupMember.objects.filter(group=group).values_list("person_id", flat=True)
    there, people = list(rows), [entry.person_id for entry in entries if entry.person_id]
    already: set[UUID | None] = {key for key in there if key}
    known = known_at([group.station_id], people)
    today, found = clock.today(), list[Finding]()
    if not entries:
        found.append(Finding("nobody", "people", "请选本站家庭里的人，或写下姓名，至少一位"))
    for entry in entries:
        tidy = _tidy(entry)
        found += _judged(tidy, group, known, already, today, [], len(there) + len(entries))
        if entry.person_id:
            already.add(entry.person_id)
    refuse_if_any(list({(one.field, one.sentence): one for one in found}.values()), acknowledged=False)
    now = clock.now()
    made = [
        GroupMember(
            station=group.station, group=group, person_id=entry.person_id, entered_by=by,
            entered_at=entry.entered_at or now, **{name: getattr(_tidy(entry), name) for name in SAID},
        )
        for entry in entries
    ]  # fmt: skip
    insert(made, by=by)
    audit.record(ADDED, by=by, about=group, count=len(made))
    return made


@action
def change_member(*, by: User, member: GroupMember, version: int, entry: MemberEntry) -> GroupMember:
    """Change what is said of a member; who it is stays. Raises NotAllowed, Refused, Conflict."""
    if not members_written_by(by).filter(pk=member.pk).exists():
        raise NotAllowed
    current = GroupMember.objects.select_for_update().get(pk=member.pk)
    if current.version != version:
        raise Conflict(current)
    entry = _tidy(replace(entry, person_id=current.person_id))
    for name in SAID:
        setattr(current, name, getattr(entry, name))
    outside = [day for day in days_there(current) if not on_roll(current, day)]
    known = {(current.person_id, current.station_id)} if current.person_id else set()
    found = _judged(entry, current.group, known, set(), clock.today(), outside, 0)
    refuse_if_any(found, acknowledged=False)
    current.version += 1
    sign(current, by=by)
    current.save()
    audit.record(CHANGED, by=by, about=current)
    return current


def _tidy(entry: MemberEntry) -> MemberEntry:
    """Texts without blanks around; of who was not taken no days of taking part; of who is on file no second name."""
    words = {
        name: getattr(entry, name).strip() for name in ("name", "left_reason", "refused_reason", "consent", "note")
    }
    entry = replace(entry, **words)
    if entry.person_id:
        entry = replace(entry, name="", sex="", age_band="")
    if not entry.taken:
        return replace(entry, joined_on=None, left_on=None, left_reason="")
    entry = replace(entry, refused_reason="")
    return entry if entry.left_on else replace(entry, left_reason="")


def _judged(
    entry: MemberEntry, group: Group, known: set[tuple[UUID, UUID]], already: set[UUID | None], today: date,
    outside: Sequence[date], count: int,
) -> list[Finding]:  # fmt: skip
    return member_findings(
        known=entry.person_id is not None, of_station=(entry.person_id, group.station_id) in known, name=entry.name,
        age_band=entry.age_band, already=entry.person_id in already, taken=entry.taken,
        refused_reason=entry.refused_reason, joined_on=entry.joined_on, left_on=entry.left_on,
        left_reason=entry.left_reason, consented_on=entry.consented_on, today=today, outside=outside, count=count,
    )  # fmt: skip
