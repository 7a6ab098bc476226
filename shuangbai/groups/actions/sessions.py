"""Recording sessions of groups. The single form is a batch of one; a roll of three hundred costs no query more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action, together, writing
from shuangbai.core.bulk import insert, insert_details, sign
from shuangbai.core.findings import Door, Finding, NotAllowed, judge, refuse_if_any
from shuangbai.core.ids import new_id, random_id
from shuangbai.groups.access import groups_written_by
from shuangbai.groups.actions.planning import save, step
from shuangbai.groups.enums import THERE, DraftPage, GroupState, Phase, Presence
from shuangbai.groups.models import Attendance, Group, GroupDraft, GroupMember, GroupSession
from shuangbai.groups.queries import called, members_of, name_of, on_roll, standing_sessions, unnamed_heads
from shuangbai.groups.rules import DOORS, session_findings
from shuangbai.households.queries import Span
from shuangbai.households.standing import belongings_held
from shuangbai.network.access import check_reaches
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.queries import posted_spans
from shuangbai.network.roles import Permission
from shuangbai.services.actions import (
    Heads,
    RecordEntry,
    check_current,
    not_sent_before,
    replace_details,
    rewrite_record,
    sent_before,
    write_records,
)
from shuangbai.services.enums import CountMethod, HeadGroup, RecordKind
from shuangbai.services.rules import record_findings

STARTED = audit.kind("group.started", "{by} 记了第一节，小组「{title}」改为进行中", personal=("title",))
ROW = ("id", "station_id", "record_id", "member_id", "person_id", "presence", "reason")
Roll = Mapping[UUID, tuple[Presence, str]]


@dataclass(slots=True)
class SessionEntry:
    """One session as it comes through a door. `roll`: for each member how they were there, and why not."""

    station: OrgUnit
    group: Group
    occurred_on: date
    number: int
    theme: str
    worker_ids: Sequence[UUID]
    roll: Roll
    phase: Phase = Phase.MATURITY
    minutes: int | None = None
    village_id: int | None = None
    place: str = ""
    guests: Mapping[HeadGroup, int] = field(default_factory=dict)
    method: CountMethod | None = None
    stated_total: int | None = None
    process: str = ""
    interaction: str = ""
    reflection: str = ""
    following: str = ""
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


class Surroundings:
    """What is known around a batch of sessions, read in a number of queries that does not grow with it."""

    def __init__(self, entries: Sequence[SessionEntry], *, but: UUID | None = None) -> None:
        keys = {entry.group.pk for entry in entries}
        # Two who record the same session at once are told one after the other.
        self.groups = {one.pk: one for one in Group.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
        self.members: dict[UUID, dict[UUID, GroupMember]] = {key: {} for key in keys}
        for member in members_of(keys):
            self.members[member.group_id][member.pk] = member
        self.taken: dict[tuple[UUID, int], date] = {}
        self.days: set[tuple[UUID, date]] = set()
        for session in standing_sessions(keys):
            if session.pk != but:
                self.note(session.group_id, session.number, session.record.occurred_on)
        people = {one.person_id for some in self.members.values() for one in some.values() if one.person_id}
        self.belongings = belongings_held([], people)
        days = [entry.occurred_on for entry in entries]
        self.postings: dict[UUID, list[Span]] = {}
        for unit, staff, starts, ends in posted_spans({e.station.pk for e in entries}, min(days), max(days)):
            self.postings.setdefault(unit, []).append(Span(staff, starts, ends))

    def note(self, group: UUID, number: int, day: date) -> None:
        self.taken[group, number] = day
        self.days.add((group, day))

    def roll(self, entry: SessionEntry) -> list[tuple[GroupMember, Presence, str]]:
        """The roll with its members; a key of another group's member says nothing."""
        members = self.members[entry.group.pk]
        return [
            (members[pk], presence, reason.strip() if presence == Presence.ABSENT else "")
            for pk, (presence, reason) in entry.roll.items()
            if pk in members
        ]

    def there(self, entry: SessionEntry) -> list[GroupMember]:
        return [member for member, presence, _reason in self.roll(entry) if presence in THERE]

    def findings(self, entry: SessionEntry, today: date) -> list[Finding]:
        """Everything the rules say about one entry."""
        station, day, group = entry.station, entry.occurred_on, self.groups[entry.group.pk]
        found = record_findings(
            occurred_on=day, today=today, station_opened_on=station.starts_on, station_closed_on=station.ends_on
        )
        posted = {span.other for span in self.postings.get(station.pk, []) if span.holds_on(day)}
        if not set(entry.worker_ids) <= posted:
            found.append(Finding("worker_not_posted", "workers", "所选社工当天不在本站任职，请核对日期或社工"))
        expected = [one for one in self.members[group.pk].values() if on_roll(one, day)]
        return found + session_findings(
            state=group.state, day=day, begun_on=group.begun_on, ended_on=group.ended_on, theme=entry.theme,
            workers=len(entry.worker_ids), number=entry.number, taken_on=self.taken.get((group.pk, entry.number)),
            same_day=(group.pk, day) in self.days, there=[called(one) for one in self.there(entry)],
            uncalled=[name_of(one) for one in expected if one.pk not in entry.roll],
            guests=sum(entry.guests.values()), has_method=bool(entry.method), stated_total=entry.stated_total,
        )  # fmt: skip


def record_session(
    *, by: User, entry: SessionEntry, door: Door = Door.PAGE, acknowledged: bool = False
) -> GroupSession:
    """Record one session; a draft of it goes. Raises Refused, NeedsAcknowledgement or NotAllowed."""
    with writing():
        [made] = record_sessions(by=by, entries=[entry], door=door, acknowledged=acknowledged)
        GroupDraft.objects.filter(group=entry.group, entered_by=by, page=DraftPage.SESSION).delete()
    return made


@action
def record_sessions(
    *, by: User, entries: Sequence[SessionEntry], door: Door, acknowledged: bool = True
) -> list[GroupSession]:
    """Record sessions, in the order of the entries. One sent before is given back as it stands."""
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk for entry in entries})
    _check_groups(by, entries)
    known = sent_before(entries)
    fresh: list[SessionEntry] = not_sent_before(entries, known)
    made: dict[tuple[UUID, UUID], GroupSession] = {}
    if fresh:
        around, today = Surroundings(fresh), clock.today()
        for entry in fresh:
            refuse_if_any(judge(around.findings(entry, today), door, DOORS), acknowledged=acknowledged)
            around.note(entry.group.pk, entry.number, entry.occurred_on)
        spine = [_spine(entry, around) for entry in fresh]
        with together():
            records = write_records(by=by, kind=RecordKind.GROUP_SESSION, entries=spine, belongings=around.belongings)
            pairs = list(zip(records, fresh, strict=True))
            sessions = [
                _detail(GroupSession(record=record, station=record.station, group=entry.group), entry)
                for record, entry in pairs
            ]
            insert(sessions, by=by)
            rows = [row for record, entry in pairs for row in _attendance(record, around, entry)]
            insert_details(Attendance, ROW, rows, by=by)
        _start(by, around, fresh)
        made = {(e.station.pk, e.client_id): one for e, one in zip(fresh, sessions, strict=True)}
    if known:
        for session in GroupSession.objects.filter(record__in=known.values()).select_related("record"):
            made[session.record.station_id, session.record.client_id] = session
    return [made[entry.station.pk, entry.client_id] for entry in entries]


@action
def correct_session(
    *, by: User, session: GroupSession, version: int, entry: SessionEntry, reason: str, acknowledged: bool = False
) -> GroupSession:
    """Correct a session; what it said before is kept. Raises Conflict besides what `record_session` raises."""
    record = check_current(by, session.record, version)
    entry.station, entry.group = record.station, session.group  # type: ignore[assignment]
    around = Surroundings([entry], but=record.pk)
    refuse_if_any(judge(around.findings(entry, clock.today()), Door.PAGE, DOORS), acknowledged=acknowledged)
    spine = _spine(entry, around)
    rewrite_record(by=by, record=record, entry=spine, belongings=around.belongings, reason=reason)
    corrected = _detail(GroupSession.objects.get(pk=record.pk), entry)
    sign(corrected, by=by, reason=reason.strip())
    corrected.save()
    replace_details(record.attendance.all(), list(_attendance(record, around, entry)), ROW, by)
    return corrected


# PARTS ---------------------------------------------------------------------


def _check_groups(by: User, entries: Sequence[SessionEntry]) -> None:
    """Raise NotAllowed unless each group is of the station of its entry, and `by` writes it."""
    keys = {(entry.group.pk, entry.station.pk) for entry in entries}
    rows = groups_written_by(by).filter(pk__in={group for group, _station in keys})
    if keys - set(rows.values_list("pk", "station_id")):
        raise NotAllowed


def _spine(entry: SessionEntry, around: Surroundings) -> RecordEntry:
    there = around.there(entry)
    return RecordEntry(
        station=entry.station, occurred_on=entry.occurred_on, client_id=entry.client_id,
        worker_ids=list(dict.fromkeys(entry.worker_ids)), reached=True, village_id=entry.village_id,
        place=entry.place.strip(),
        person_ids=list(dict.fromkeys(one.person_id for one in there if one.person_id)),
        heads=_heads(entry, there), text=f"{entry.theme.strip()}\n{entry.process.strip()}".strip(),
        entered_at=entry.entered_at,
    )  # fmt: skip


def _heads(entry: SessionEntry, there: Sequence[GroupMember]) -> list[Heads]:
    """Guests, and members who are only named, as heads: by group, once each."""
    unnamed = unnamed_heads(there)
    found = []
    for group in HeadGroup:
        guests, named = entry.guests.get(group, 0), unnamed.get(group, 0)
        if guests + named:
            found.append(Heads(group, guests + named, entry.method if guests and entry.method else CountMethod.SIGNED))
    return found


def _detail(session: GroupSession, entry: SessionEntry) -> GroupSession:
    session.number, session.minutes, session.phase = entry.number, entry.minutes, entry.phase
    for name in ("theme", "process", "interaction", "reflection", "following"):
        setattr(session, name, getattr(entry, name).strip())
    session.guests = {str(group): count for group, count in entry.guests.items() if count}
    return session


def _attendance(record: Any, around: Surroundings, entry: SessionEntry) -> list[tuple[Any, ...]]:
    return [
        (new_id(), record.station_id, record.pk, member.pk, member.person_id, str(presence), reason)
        for member, presence, reason in around.roll(entry)
    ]


def _start(by: User, around: Surroundings, entries: Sequence[SessionEntry]) -> None:
    """A group whose first session is recorded runs from that day."""
    first: dict[UUID, date] = {}
    for entry in entries:
        first[entry.group.pk] = min(first.get(entry.group.pk, entry.occurred_on), entry.occurred_on)
    for key, day in first.items():
        group = around.groups[key]
        if group.state in (GroupState.PREPARING, GroupState.RECRUITING):
            step(group, GroupState.RUNNING, by=by, on=day)
            save(group, by)
            audit.record(STARTED, by=by, about=group, title=group.title)
