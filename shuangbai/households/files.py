"""Writes about files (档案): opened with a number of the station's, handed over, graded, closed."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, make, sign, update_rows
from shuangbai.core.findings import Door, Refused, judge, refuse_if_any
from shuangbai.households.actions import check_bearer, enter_household
from shuangbai.households.entries import Entered, FileEntry, HouseholdEntry
from shuangbai.households.enums import CloseReason, FileState, PauseReason
from shuangbai.households.finding import add_file_keys
from shuangbai.households.grades import Schemes
from shuangbai.households.models import FamilyFile, FileGrade, FileNumbering, FilePause, FileWorker, NumberingRule
from shuangbai.households.queries import numbering_rules, pattern_on, short_code, village_code
from shuangbai.households.rules import (
    DOORS,
    NumberParts,
    file_findings,
    file_number,
    fixed_part,
    grade_findings,
    needs_village,
    pause_findings,
    resume_findings,
)
from shuangbai.network.access import check_reaches, viewer_of
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.roles import Permission

NUMBERS_AT_ONCE = 1000

OPENED = audit.kind("file.opened", "{by} 建立档案 {number}")
CLOSED = audit.kind("file.closed", "{by} 结档 {number}")
GRADED = audit.kind("file.graded", "{by} 为档案 {number} 定级")
PAUSED = audit.kind("file.paused", "{by} 暂停跟进档案 {number}，预计 {planned} 恢复")
RESUMED = audit.kind("file.resumed", "{by} 恢复跟进档案 {number}")
HANDED = audit.kind("file.handed", "{by} 把档案 {number} 交给另一位社工负责")


@action
def enter_household_with_file(
    *, by: User, entry: HouseholdEntry, opened_on: date, worker_id: UUID | None, acknowledged: bool = False
) -> Entered:
    """Enter one family and open its file in the same stroke: both or neither."""
    entered = enter_household(by=by, entry=entry, acknowledged=acknowledged)
    open_file(by=by, entry=FileEntry(entered.household, opened_on, worker_id))
    return entered


def open_file(*, by: User, entry: FileEntry, door: Door = Door.PAGE) -> FamilyFile:
    """Open one file. Raises Refused, also where the family has an open one."""
    return open_files(by=by, entries=[entry], door=door)[0]


@action
def open_files(*, by: User, entries: Sequence[FileEntry], door: Door) -> list[FamilyFile]:
    """Open files for families, with their numbers and responsible workers."""
    kept_by = [entry.station.pk if entry.station else entry.household.station_id for entry in entries]
    stations = OrgUnit.objects.in_bulk(kept_by)
    check_reaches(by, Permission.EDIT_FAMILIES, stations)
    ids = [entry.household.pk for entry in entries]
    taken = set(FamilyFile.objects.filter(household__in=ids, state="open").values_list("household_id", flat=True))
    today, rules = clock.today(), numbering_rules()
    files: list[FamilyFile] = []
    counts: dict[_Count, list[int]] = {}
    for entry, station_id in zip(entries, kept_by, strict=True):
        station = stations[station_id]
        if entry.household.pk in taken:
            raise Refused.because("household", "这户家庭已有在档的档案，不必重复建档")
        findings = file_findings(opened_on=entry.opened_on, station_opened_on=station.starts_on, today=today)
        refuse_if_any(judge(findings, door, DOORS), acknowledged=True)
        taken.add(entry.household.pk)
        if not entry.number:
            count = _count_of(station, entry.opened_on, entry.household.village_id, rules)
            counts.setdefault(count, []).append(len(files))
        files.append(
            make(
                FamilyFile, station=station, household=entry.household, number=entry.number, opened_on=entry.opened_on,
                entered_at=entry.entered_at or clock.now(), entered_by=by,
            )
        )  # fmt: skip
    for count, places in counts.items():
        for place, number in zip(places, _next_numbers(count, len(places)), strict=True):
            files[place].number = number
    insert(files, by=by)
    FileWorker.objects.bulk_create(
        FileWorker(station=f.station, file=f, staff_id=e.worker_id, starts_on=e.opened_on)
        for f, e in zip(files, entries, strict=True)
        if e.worker_id
    )
    add_file_keys(files)
    audit.record_all([audit.entry(OPENED, by=by, about=f, number=f.number) for f in files])
    return files


class _Count(NamedTuple):
    """Numbers of a station that are counted by themselves."""

    station_id: UUID
    pattern: str
    parts: NumberParts


def _count_of(station: OrgUnit, opened_on: date, village_id: int, rules: Sequence[NumberingRule]) -> _Count:
    """By which count the rule of the day numbers a file. Raises Refused where a village has no code for it."""
    pattern = pattern_on(rules, opened_on)
    village = village_code(village_id) if needs_village(pattern) else ""
    if needs_village(pattern) and not village:
        sentence = "这个村居还没有区划代码，按现在的规则编不出档案号；请系统管理员先补上村居代码"
        raise Refused.because("village", sentence)
    return _Count(station.pk, pattern, NumberParts(short_code(station), village, opened_on.year))


def next_number(station: OrgUnit, opened_on: date, village_id: int, rules: Sequence[NumberingRule]) -> str:
    """The station's next file number by the rule of the day. Raises Refused where a village has no code for it."""
    return _next_numbers(_count_of(station, opened_on, village_id, rules), 1)[0]


def _next_numbers(count: _Count, many: int) -> list[str]:
    """As many numbers as are asked for, counted on past those that came from an old ledger; a few questions for all."""
    key = {"station_id": count.station_id, "fixed": fixed_part(count.pattern, count.parts)}
    FileNumbering.objects.get_or_create(**key, defaults={"latest": 0})
    row = FileNumbering.objects.select_for_update().get(**key)
    found: list[str] = []
    while len(found) < many:
        following = range(row.latest + 1, row.latest + 1 + min(many - len(found), NUMBERS_AT_ONCE))
        wanted = [file_number(count.pattern, count.parts, serial) for serial in following]
        taken = FamilyFile.objects.filter(station=count.station_id, number__in=wanted)
        known = set(taken.values_list("number", flat=True))
        found += [number for number in wanted if number not in known]
        row.latest = following[-1]
    row.save(update_fields=["latest"])
    return found


@action
def close_file(*, by: User, file: FamilyFile, closed_on: date, reason: CloseReason) -> FamilyFile:
    """Close a file; the dates of its worker, grade and pause end with it. Raises Refused for a day before it opened."""
    if not viewer_of(by).reaches(Permission.EDIT_FAMILIES, file.station_id):
        check_bearer(by, file.household)
    if not FamilyFile.objects.select_for_update().filter(pk=file.pk, state=FileState.OPEN).exists():
        raise Refused.because("state", "这份档案已经结档，无需再次结档")
    if closed_on < file.opened_on or closed_on > clock.today():
        raise Refused.because("closed_on", f"结档日期应在建档日期（{file.opened_on:%Y-%m-%d}）与今天之间，请改正")
    file.state, file.closed_on, file.close_reason = FileState.CLOSED, closed_on, reason
    file.version += 1
    sign(file, by=by)
    file.save()
    for rows in (file.workers, file.grades, file.pauses):
        rows.filter(ends_on__isnull=True, starts_on__lte=closed_on).update(ends_on=closed_on)
    audit.record(CLOSED, by=by, about=file, number=file.number)
    return file


@action
def grade_files(*, by: User, entries: Sequence[tuple[FamilyFile, str, date, str]]) -> list[FileGrade]:
    """Grade files from a day on by their stations' schemes, each with a reason; the grade before ends the day before.

    Raises Refused. An entry is the file, the level's code, the first day and the reason.
    """
    check_reaches(by, Permission.EDIT_FAMILIES, {file.station_id for file, *_ in entries})
    standing = FileGrade.objects.filter(file__in=[file.pk for file, *_ in entries], ends_on__isnull=True)
    before = {row.file_id: row for row in standing}
    schemes = Schemes.on_each({entry[2] for entry in entries})
    rows: list[FileGrade] = []
    for file, grade, starts_on, reason in entries:
        of_day, now = schemes[starts_on], before.get(file.pk)
        refuse_if_any(
            grade_findings(
                level=of_day.levels.get(str(grade)), scheme=of_day.of(file.station_id), starts_on=starts_on,
                opened_on=file.opened_on, today=clock.today(), reason=reason, before_on=now.starts_on if now else None,
            ),
            acknowledged=False,
        )  # fmt: skip
        if now:
            now.ends_on = starts_on - timedelta(days=1)
        row = FileGrade(
            station_id=file.station_id, file=file, grade=str(grade), starts_on=starts_on, reason=reason.strip(),
            entered_at=clock.now(), entered_by=by,
        )  # fmt: skip
        rows.append(row)
        before[file.pk] = row
    update_rows(FileGrade, ["ends_on"], [(row.ends_on, row.pk) for row in standing])
    insert(rows, by=by)
    audit.record_all([audit.entry(GRADED, by=by, about=file, number=file.number) for file, *_ in entries])
    return rows


@action
def pause_file(
    *, by: User, file: FamilyFile, starts_on: date, planned_on: date, reason: PauseReason, note: str = ""
) -> FilePause:
    """Pause a file until a day that is planned; one that is paused is so with another end. It stays open and counted.

    Raises Refused, also where the file is closed.
    """
    current = _open_file(by, file)
    rows = FilePause.objects.select_for_update().filter(file=current)
    before = rows.order_by("-starts_on").first()
    findings = pause_findings(
        starts_on=starts_on, planned_on=planned_on, reason=reason, note=note, opened_on=current.opened_on,
        today=clock.today(), before=before,
    )  # fmt: skip
    refuse_if_any(findings, acknowledged=False)
    if before and before.ends_on is None:
        before.ends_on = starts_on - timedelta(days=1)
        before.save(update_fields=["ends_on"])
    pause = FilePause(
        station_id=current.station_id, file=current, starts_on=starts_on, planned_on=planned_on, reason=reason,
        note=note.strip()[:200], entered_at=clock.now(), entered_by=by,
    )  # fmt: skip
    insert([pause], by=by)
    audit.record(PAUSED, by=by, about=current, number=current.number, planned=f"{planned_on:%Y-%m-%d}")
    return pause


@action
def resume_file(*, by: User, file: FamilyFile, resumed_on: date) -> FilePause:
    """Follow a paused file up again from a day on. Raises Refused where it is not paused."""
    current = _open_file(by, file)
    pause = FilePause.objects.select_for_update().filter(file=current, ends_on__isnull=True).first()
    if pause is None:
        raise Refused.because("resumed_on", "这份档案没有暂停，不必恢复")
    found = resume_findings(resumed_on, starts_on=pause.starts_on, today=clock.today())
    refuse_if_any(found, acknowledged=False)
    pause.ends_on = resumed_on - timedelta(days=1)
    pause.save(update_fields=["ends_on"])
    audit.record(RESUMED, by=by, about=current, number=current.number)
    return pause


def _open_file(by: User, file: FamilyFile) -> FamilyFile:
    """The file under its lock. Raises NotAllowed, or Refused where it was closed."""
    if not viewer_of(by).reaches(Permission.EDIT_FAMILIES, file.station_id):
        check_bearer(by, file.household)
    current = FamilyFile.objects.select_for_update().get(pk=file.pk)
    if current.state != FileState.OPEN:
        raise Refused.because("state", "这份档案已经结档，不能再改")
    return current


@action
def assign_files(*, by: User, entries: Sequence[tuple[FamilyFile, UUID, date]]) -> list[FileWorker]:
    """Files get another responsible worker (the staff's key) from a day on; the one before ends the day before.

    Given back on the day of a handover, the file is as if it had not been handed over. Raises Refused.
    """
    check_reaches(by, Permission.EDIT_FAMILIES, {file.station_id for file, *_ in entries})
    held: dict[UUID, list[FileWorker]] = {file.pk: [] for file, *_ in entries}
    for row in FileWorker.objects.filter(file__in=list(held)).order_by("starts_on", "id"):
        held[row.file_id].append(row)
    touched: dict[UUID, FileWorker] = {}
    gone: list[UUID] = []
    for file, staff, starts_on in entries:
        rows = held[file.pk]
        now = rows[-1] if rows and rows[-1].ends_on is None else None
        if now and now.starts_on > starts_on:
            raise Refused.because("starts_on", "接手日期应在现任负责社工的开始日期之后，请改正")
        if now and now.staff_id == staff:
            continue
        if now and now.starts_on == starts_on:
            rows.pop()
            gone.append(now.pk)
        elif now:
            now.ends_on = starts_on - timedelta(days=1)
            touched[now.pk] = now
        last = rows[-1] if rows else None
        if last and last.staff_id == staff and last.ends_on == starts_on - timedelta(days=1):
            last.ends_on = None
            row = last
        else:
            row = FileWorker(station_id=file.station_id, file=file, staff_id=staff, starts_on=starts_on)
            rows.append(row)
        touched[row.pk] = row
    FileWorker.objects.filter(pk__in=gone).delete()
    known = [row for row in touched.values() if not row._state.adding]
    update_rows(FileWorker, ["ends_on"], [(row.ends_on, row.pk) for row in known])
    insert([row for row in touched.values() if row._state.adding and row.pk not in gone], by=by)
    audit.record_all([audit.entry(HANDED, by=by, about=file, number=file.number) for file, *_ in entries])
    return [held[file.pk][-1] for file, *_ in entries]
