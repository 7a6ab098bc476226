"""Writes about hours: who helped in a record and how long, what a team did on its own; corrected, voided."""

from collections.abc import Sequence
from datetime import time
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from shuangbai.activities.models import Activity
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, Finding, NotAllowed, Refused, refuse_if_any
from shuangbai.households.queries import Belongings
from shuangbai.network.access import check_reaches
from shuangbai.network.models import User
from shuangbai.network.queries import colleagues
from shuangbai.network.roles import Permission
from shuangbai.services.actions import (
    RecordEntry,
    check_current,
    rewrite_record,
    sent_before,
    write_records,
)
from shuangbai.services.enums import RecordKind
from shuangbai.services.models import ServiceRecord
from shuangbai.services.rules import record_findings
from shuangbai.volunteers.access import may_look_after, may_take_back
from shuangbai.volunteers.entries import HoursEntry, TeamServiceEntry
from shuangbai.volunteers.models import Team, TeamService, Volunteer, VolunteerHours
from shuangbai.volunteers.queries import elsewhere, hours_in
from shuangbai.volunteers.rules import Worked, activity_findings, hours_findings, reason_findings

GIVEN = audit.kind("hours.given", "{by} 登记了一位志愿者的服务 {hours} 小时")
CORRECTED = audit.kind("hours.corrected", "{by} 把一位志愿者的服务改为 {hours} 小时，理由：{reason}")
VOIDED = audit.kind("hours.voided", "{by} 作废了一位志愿者的服务时长，理由：{reason}")
TENTH = Decimal("0.1")


# IN A RECORD ---------------------------------------------------------------


@action
def give_hours(*, by: User, record: ServiceRecord, entries: Sequence[HoursEntry]) -> list[VolunteerHours]:
    """Say who helped in an activity or a visit, and how long each. The same said again changes nothing.

    Raises NotAllowed, Refused.
    """
    row = _record(by, record)
    there = {one.volunteer_id: one for one in hours_in(row)}
    fresh = [one for one in entries if not _said_before(there.get(one.volunteer_id), one)]
    people = _volunteers(row, fresh)
    found: list[Finding] = []
    for one in fresh:
        if one.volunteer_id in there:
            before = there[one.volunteer_id]
            sentence = f"{before.volunteer.called}在这里已登记 {before.hours.normalize():f} 小时，请到那一行更正"
            found.append(Finding("hours_already", "volunteers", sentence))
    found += _findings(row, fresh, people)
    found += _beside_the_count(row, added=fresh)
    refuse_if_any(found, acknowledged=True)
    return write_hours(by, row, fresh, people)


def _record(by: User, record: ServiceRecord) -> ServiceRecord:
    """The record, locked, for whoever writes records at its station. Raises NotAllowed, Refused."""
    row = ServiceRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if not may_look_after(by, row.station_id):
        raise NotAllowed
    if row.voided_at:
        raise Refused.because("", "这条记录已作废，不能再登记时长")
    return row


def _said_before(row: VolunteerHours | None, entry: HoursEntry) -> bool:
    return row is not None and (row.hours, row.first, row.last) == (entry.hours, entry.first, entry.last)


def _volunteers(record: ServiceRecord, entries: Sequence[HoursEntry]) -> dict[UUID, Volunteer]:
    """The volunteers of the record's station whom the entries name; another's are refused as what does not exist."""
    wanted = {one.volunteer_id for one in entries}
    rows = Volunteer.objects.filter(station=record.station_id, pk__in=wanted).select_related("person")
    found = {row.pk: row for row in rows}
    if set(found) != wanted:
        raise NotAllowed
    return found


def _findings(
    record: ServiceRecord, entries: Sequence[HoursEntry], people: dict[UUID, Volunteer], besides: Sequence[UUID] = ()
) -> list[Finding]:
    others, found = elsewhere(people, record.occurred_on, besides), []
    for one in entries:
        who = people[one.volunteer_id]
        now = Worked("", one.hours, one.first, one.last)
        found += hours_findings(
            who=who.called, now=now, others=others.get(who.pk, ()), on=record.occurred_on, since=who.since,
            until=who.until,
        )  # fmt: skip
    return found


def _beside_the_count(
    record: ServiceRecord, *, added: Sequence[HoursEntry], besides: Sequence[UUID] = ()
) -> list[Finding]:
    """What an activity itself says of its volunteers, held against those named."""
    if record.kind != RecordKind.ACTIVITY or not added:
        return []
    activity = Activity.objects.get(pk=record.pk)
    rows = record.volunteer_hours.filter(voided_at__isnull=True).exclude(pk__in=besides)
    before = rows.aggregate(total=Sum("hours"))["total"] or Decimal(0)
    return activity_findings(
        named=rows.count() + len(added), hours=before + sum((one.hours for one in added), Decimal(0)),
        stated=activity.volunteers, stated_hours=activity.volunteer_hours,
    )  # fmt: skip


def write_hours(
    by: User, record: ServiceRecord, entries: Sequence[HoursEntry], people: dict[UUID, Volunteer]
) -> list[VolunteerHours]:
    """Hours that were judged. Inside the caller's action."""
    now = clock.now()
    rows = [
        VolunteerHours(
            station_id=record.station_id, record=record, volunteer=people[one.volunteer_id],
            hours=one.hours.quantize(TENTH), first=one.first, last=one.last, task=one.task.strip(), entered_by=by,
            entered_at=now,
        )
        for one in entries
    ]  # fmt: skip
    insert(rows, by=by)
    audit.record_all([audit.entry(GIVEN, by=by, about=row, hours=str(row.hours)) for row in rows])
    return rows


@action
def correct_hours(
    *, by: User, row: VolunteerHours, version: int, hours: Decimal, first: time | None, last: time | None, task: str,
    reason: str,
) -> VolunteerHours:  # fmt: skip
    """Correct hours; what they said before is kept. Raises NotAllowed, Conflict, Refused."""
    now = _hours(by, row, version)
    entry = HoursEntry(now.volunteer_id, hours, first, last, task)
    found = _findings(now.record, [entry], {now.volunteer_id: now.volunteer}, [now.pk])
    found += _beside_the_count(now.record, added=[entry], besides=[now.pk])
    refuse_if_any([*found, *reason_findings(reason)], acknowledged=True)
    now.hours, now.first, now.last, now.task = hours.quantize(TENTH), first, last, task.strip()
    now.version += 1
    sign(now, by=by, reason=reason.strip()[:100])
    now.save()
    said = {"hours": str(now.hours), "reason": reason.strip()[:100]}
    audit.record(CORRECTED, by=by, about=now, **said)
    return now


def _hours(by: User, row: VolunteerHours, version: int) -> VolunteerHours:
    """Hours as they stand, locked. Raises NotAllowed, Conflict, Refused."""
    rows = VolunteerHours.objects.select_for_update(of=("self",)).select_related("volunteer__person", "record")
    now = rows.get(pk=row.pk)
    if not may_look_after(by, now.station_id):
        raise NotAllowed
    if now.version != version:
        raise Conflict(now)
    if now.voided_at or now.record.voided_at:
        raise Refused.because("reason", "这条时长或它的记录已作废，不能再改")
    return now


@action
def void_hours(*, by: User, row: VolunteerHours, version: int, reason: str) -> VolunteerHours:
    """Take hours out of every count, with a reason. Raises NotAllowed, Conflict, Refused."""
    now = _hours(by, row, version)
    if not may_take_back(by, now):
        raise NotAllowed
    refuse_if_any(reason_findings(reason), acknowledged=True)
    now.voided_at, now.voided_by, now.void_reason = clock.now(), by, reason.strip()[:200]
    now.version += 1
    sign(now, by=by, reason=reason.strip()[:100])
    now.save()
    audit.record(VOIDED, by=by, about=now, reason=reason.strip()[:100])
    return now


# A TEAM'S OWN ---------------------------------------------------------------


@action
def record_team_service(*, by: User, entry: TeamServiceEntry) -> TeamService:
    """What a team did on its own, with who served how long; sent twice it is the first. Raises NotAllowed, Refused."""
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk})
    known = sent_before([entry])
    if known:
        return TeamService.objects.select_related("record").get(pk=next(iter(known.values())).pk)
    found = _service_findings(entry)
    if not entry.hours:
        found.append(Finding("nobody", "volunteers", "请点选参加的志愿者；名单里没有的，先登记为志愿者"))
    refuse_if_any(found, acknowledged=True)
    spine = _spine(entry)
    [record] = write_records(
        by=by, kind=RecordKind.TEAM_SERVICE, entries=[spine], belongings=Belongings([], set())
    )  # fmt: skip
    row = TeamService(
        record=record, station=entry.station, team_id=entry.team_id, title=entry.title.strip(),
        summary=entry.summary.strip(),
    )  # fmt: skip
    insert([row], by=by)
    people = _volunteers(record, entry.hours)
    refuse_if_any(_findings(record, entry.hours, people), acknowledged=True)
    write_hours(by, record, entry.hours, people)
    return row


def _service_findings(entry: TeamServiceEntry) -> list[Finding]:
    station, on = entry.station, entry.occurred_on
    found = record_findings(
        occurred_on=on, today=clock.today(), station_opened_on=station.starts_on, station_closed_on=station.ends_on
    )
    if not entry.title.strip():
        found.append(Finding("title_missing", "title", "请写明做了什么，如「清理村口河道」"))
    team = Team.objects.filter(pk=entry.team_id, station=station).first() if entry.team_id else None
    if entry.team_id and team is None:
        raise NotAllowed
    if team and on < team.founded_on:
        sentence = f"日期早于这支队的成立日期（{team.founded_on:%Y-%m-%d}），请核对"
        found.append(Finding("before_team", "occurred_on", sentence))
    posted = {one.pk for one in colleagues(station.pk, on)}
    if not set(entry.worker_ids) <= posted:
        found.append(Finding("worker_not_posted", "workers", "所选社工当天不在本站任职，请核对日期或社工"))
    return found


def _spine(entry: TeamServiceEntry) -> RecordEntry:
    return RecordEntry(
        station=entry.station, occurred_on=entry.occurred_on, client_id=entry.client_id,
        worker_ids=list(dict.fromkeys(entry.worker_ids)), reached=True, village_id=entry.village_id,
        place=entry.place.strip(), text=f"{entry.title}\n{entry.summary}".strip(), entered_at=entry.entered_at,
    )  # fmt: skip


@action
def correct_team_service(
    *, by: User, service: TeamService, version: int, entry: TeamServiceEntry, reason: str
) -> TeamService:
    """Correct what was done, where and when; who served how long is corrected by itself.

    Raises NotAllowed, Conflict, Refused.
    """
    record = check_current(by, service.record, version)
    entry.station = record.station  # type: ignore[assignment]
    found = _service_findings(entry)
    if entry.occurred_on != record.occurred_on:
        rows = hours_in(record)
        said = [HoursEntry(row.volunteer_id, row.hours, row.first, row.last) for row in rows]
        moved = ServiceRecord(pk=record.pk, station_id=record.station_id, occurred_on=entry.occurred_on)
        found += _findings(moved, said, {row.volunteer_id: row.volunteer for row in rows}, [row.pk for row in rows])
    refuse_if_any(found, acknowledged=True)
    rewrite_record(by=by, record=record, entry=_spine(entry), belongings=Belongings([], set()), reason=reason)
    row = TeamService.objects.get(pk=record.pk)
    row.team_id, row.title, row.summary = entry.team_id, entry.title.strip(), entry.summary.strip()
    sign(row, by=by, reason=reason.strip())
    row.save()
    return row
