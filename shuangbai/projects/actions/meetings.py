"""Recording meetings. The single form is a batch of one."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from shuangbai.codes.queries import unoffered
from shuangbai.core import clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Door, Finding, NotAllowed, judge, refuse_if_any
from shuangbai.households.queries import Belongings
from shuangbai.network.access import check_reaches
from shuangbai.network.models import User
from shuangbai.network.queries import colleagues
from shuangbai.network.roles import Permission
from shuangbai.projects.entries import MeetingEntry
from shuangbai.projects.enums import MEETINGS
from shuangbai.projects.models import Meeting
from shuangbai.projects.queries import same_meeting
from shuangbai.projects.rules import DOORS, meeting_findings
from shuangbai.services.actions import (
    Heads,
    RecordEntry,
    check_current,
    not_sent_before,
    rewrite_record,
    sent_before,
    write_records,
)
from shuangbai.services.enums import CountMethod, HeadGroup, RecordKind
from shuangbai.services.rules import code_findings, record_findings


def record_meeting(*, by: User, entry: MeetingEntry, door: Door = Door.PAGE, acknowledged: bool = False) -> Meeting:
    """Record one meeting. Raises Refused, NeedsAcknowledgement or NotAllowed; nothing is written then."""
    return record_meetings(by=by, entries=[entry], door=door, acknowledged=acknowledged)[0]


@action
def record_meetings(
    *, by: User, entries: Sequence[MeetingEntry], door: Door, acknowledged: bool = True
) -> list[Meeting]:
    """Record meetings, in the order of the entries. One sent before is given back as it stands."""
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk for entry in entries})
    if any(entry.project and entry.project.station_id != entry.station.pk for entry in entries):
        raise NotAllowed
    known = sent_before(entries)
    fresh: list[MeetingEntry] = not_sent_before(entries, known)
    made: dict[tuple[UUID, UUID], Meeting] = {}
    posted: dict[tuple[UUID, date], set[UUID]] = {}
    for entry in fresh:
        refuse_if_any(judge(_findings(entry, posted), door, DOORS), acknowledged=acknowledged)
    if fresh:
        spine = [_spine(entry) for entry in fresh]
        records = write_records(by=by, kind=RecordKind.MEETING, entries=spine, belongings=Belongings([], set()))
        rows = [
            _detail(Meeting(record=record, station=record.station), entry)
            for record, entry in zip(records, fresh, strict=True)
        ]
        insert(rows, by=by)
        made = {(entry.station.pk, entry.client_id): row for entry, row in zip(fresh, rows, strict=True)}
    for row in Meeting.objects.filter(record__in=known.values()).select_related("record"):
        made[row.record.station_id, row.record.client_id] = row
    return [made[entry.station.pk, entry.client_id] for entry in entries]


@action
def correct_meeting(
    *, by: User, meeting: Meeting, version: int, entry: MeetingEntry, reason: str, acknowledged: bool = False
) -> Meeting:
    """Correct a meeting; what it said before is kept. Raises Conflict besides what `record_meeting` raises."""
    record = check_current(by, meeting.record, version)
    entry.station = record.station  # type: ignore[assignment]
    if entry.project and entry.project.station_id != record.station_id:
        raise NotAllowed
    found = _findings(entry, {}, but=record.pk, kept=meeting.kind)
    refuse_if_any(judge(found, Door.PAGE, DOORS), acknowledged=acknowledged)
    rewrite_record(
        by=by, record=record, entry=_spine(entry), belongings=Belongings([], set()), reason=reason
    )  # fmt: skip
    row = _detail(Meeting.objects.get(pk=record.pk), entry)
    sign(row, by=by, reason=reason.strip())
    row.save()
    return row


# PARTS ---------------------------------------------------------------------


def _findings(
    entry: MeetingEntry, posted: dict[tuple[UUID, date], set[UUID]], *, but: UUID | None = None, kept: str = ""
) -> list[Finding]:
    station, day, project = entry.station, entry.occurred_on, entry.project
    found = record_findings(
        occurred_on=day, today=clock.today(), station_opened_on=station.starts_on, station_closed_on=station.ends_on
    )
    key = station.pk, day
    if key not in posted:
        posted[key] = {one.pk for one in colleagues(station.pk, day)}
    if not set(entry.worker_ids) <= posted[key]:
        found.append(Finding("worker_not_posted", "workers", "所选社工当天不在本站任职，请核对日期或社工"))
    if entry.kind != kept:
        found += code_findings("kind", MEETINGS.name, unoffered(MEETINGS, [entry.kind], day), day)
    return found + meeting_findings(
        day=day, title=entry.title, workers=len(entry.worker_ids), people=entry.people, has_method=bool(entry.method),
        begun_on=project.begun_on if project else None, ended_on=project.ended_on if project else None,
        same_day=same_meeting(station.pk, day, entry.title.strip(), but),
    )  # fmt: skip


def _spine(entry: MeetingEntry) -> RecordEntry:
    """Nobody is named at a meeting: how many came is a head count."""
    heads = [Heads(HeadGroup.OTHERS, entry.people or 0, entry.method or CountMethod.COUNTED)]
    return RecordEntry(
        station=entry.station, occurred_on=entry.occurred_on, client_id=entry.client_id,
        worker_ids=list(dict.fromkeys(entry.worker_ids)), reached=True, village_id=entry.village_id,
        place=entry.place.strip(), heads=heads, text=f"{entry.title.strip()}\n{entry.decisions.strip()}".strip(),
        entered_at=entry.entered_at,
    )  # fmt: skip


def _detail(row: Meeting, entry: MeetingEntry) -> Any:
    row.project, row.kind = entry.project, entry.kind
    row.title, row.decisions = entry.title.strip(), entry.decisions.strip()
    return row
