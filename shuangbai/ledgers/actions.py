"""Writes about ledgers: taken in and read, decided about, brought in as one, taken back, dropped."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from shuangbai.core import audit, clock
from shuangbai.core.actions import action, writing
from shuangbai.core.collecting import seldom
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.papers import drop_paper, drop_papers
from shuangbai.ledgers.access import check_may_import, may_undo
from shuangbai.ledgers.entering import Entering, Noted
from shuangbai.ledgers.enums import DealState, ImportState, Kind
from shuangbai.ledgers.keepsakes import book_of, keep_book, keep_rows, rows_of
from shuangbai.ledgers.letters import letters
from shuangbai.ledgers.models import Dealing, Import, Learnt
from shuangbai.ledgers.proposing import Decided, propose
from shuangbai.ledgers.queries import context_of, learnt_of, shape_of
from shuangbai.ledgers.taking_back import Kept, TakingBack
from shuangbai.ledgers.told import Row, tell
from shuangbai.ledgers.understanding import Result, SheetResult, Wanted, understand
from shuangbai.ledgers.zipped import Unopenable
from shuangbai.network.models import OrgUnit, User

NAME_LENGTH = 120
NO_TABLE = "没有认出表格：没有找到表头和数据行。请确认第一行或前几行是列名，或在上传时选定种类再试"
WAITING_DAYS = 30  # after which a ledger that nobody brought in is thrown away: it is full of names

TAKEN = audit.kind("ledger.taken", "{by} 上传了一份台账（{rows} 行）")
DECIDED = audit.kind("ledger.decided", "{by} 核对了一份台账")
BROUGHT = audit.kind("ledger.brought", "{by} 导入了一份台账：新增 {new} 行，补充 {adds} 行")
UNDONE = audit.kind("ledger.undone", "{by} 撤销了一次导入，理由：{reason}；留下 {kept} 项")
RETURNED = audit.kind("ledger.returned", "{by} 下载了一份标出错处的台账")
DROPPED = audit.kind("ledger.dropped", "{by} 丢弃了一份没有导入的台账")


@dataclass(frozen=True, slots=True)
class Reading:
    """A ledger as it was read: what was understood, and what its rows say."""

    result: Result
    rows: list[Row]


def decided_of(source: Import) -> Decided:
    return Decided(**json.loads(source.decided)) if source.decided else Decided()


def read(station: OrgUnit, data: bytes, name: str, kind: Kind | None, decided: Decided) -> Reading:
    """Read a file for a station: with what somebody decided, else with what the station has learnt. Raises Refused."""
    context = context_of(station, decided.villages)
    try:
        result = understand(data, context, name=name, kind=kind, wanted=decided.mapping)
        wanted: Wanted = _learnt(station, result, decided)
        if wanted:
            result = understand(data, context, name=name, kind=result.kind, wanted={**wanted, **decided.mapping})
    except Unopenable as error:
        raise Refused.because("file", f"{error}。") from error
    return Reading(result, tell(result))


def _learnt(station: OrgUnit, result: Result, decided: Decided) -> dict[str, dict[str, str | None]]:
    """What the station has said before of sheets of this shape, where nobody says otherwise now."""
    known = learnt_of(station)
    flat = any(not isinstance(said, Mapping) for said in decided.mapping.values())
    if not known or flat or result.kind is None:
        return {}
    shapes = ((sheet.sheet, (result.kind.value, shape_of(sheet.layout))) for sheet in result.sheets)
    return {sheet: known[shape] for sheet, shape in shapes if shape in known and sheet not in decided.mapping}


def counts_of(reading: Reading) -> dict[str, Any]:
    """The figures of a ledger, as its page and the command line tell them; `fates` are added by who proposes."""
    result = reading.result
    return {
        "rows": len(reading.rows), "households": result.distinct_households,
        "people": result.distinct_persons, "times": result.person_times,
        "warnings": sum(len(sheet.warnings) for sheet in result.sheets),
        "not_data": sum(len(sheet.not_data) for sheet in result.sheets), "left_out": result.left_out,
        "sheets": [_sheet_told(sheet) for sheet in result.sheets],
    }  # fmt: skip


def _sheet_told(sheet: SheetResult) -> dict[str, Any]:
    """What its page tells of a sheet: each column with its meaning and why, and the villages that are not clear."""
    labels = zip(sheet.layout.labels, sheet.guesses, strict=True)
    return {
        "sheet": sheet.sheet, "rows": len(sheet.records), "header_rows": sheet.layout.header_rows,
        "columns": [
            [letters(column), label.text, guess.field, guess.confidence, guess.reason]
            for column, (label, guess) in enumerate(labels)
        ],
        "villages": [
            [written, found.fault, list(found.among)] for written, found in sheet.villages.items() if found.fault
        ],
    }  # fmt: skip


def take_in(
    *, by: User, station: OrgUnit, data: bytes, name: str, kind: Kind | None = None, decided: Decided | None = None
) -> Import:
    """Read a ledger and keep it for its station; nothing of it is in the system yet. Raises NotAllowed, Refused."""
    check_may_import(by, station.pk)
    source = read_in(by=by, station=station, data=data, name=name, kind=kind, decided=decided or Decided())
    keep_taken(by=by, source=source)
    return source


@seldom()
def read_in(*, by: User, station: OrgUnit, data: bytes, name: str, kind: Kind | None, decided: Decided) -> Import:
    """A ledger as it was read for a station, with its files kept; its row is not saved. Raises Refused."""
    reading = read(station, data, name.rpartition(".")[0], kind, decided)
    if reading.result.kind is None or not reading.rows:
        raise Refused.because("file", NO_TABLE)
    counts, kind, rows = counts_of(reading), reading.result.kind, reading.rows
    del reading  # the workbook's cells: twice what its rows say
    counts["fates"] = propose(station, kind, rows, decided).counts
    source = Import(
        station=station, name=name[:NAME_LENGTH], size=len(data), kind=kind.value,
        digest=hashlib.blake2b(data, digest_size=16).hexdigest(), entered_by=by, entered_at=clock.now(),
        counts=counts, decided=json.dumps(asdict(decided), ensure_ascii=False),
    )  # fmt: skip
    source.stored, source.told = keep_book(data), keep_rows(rows)
    return source


@action
def keep_taken(*, by: User, source: Import) -> None:
    """Keep a ledger that was read. Raises NotAllowed."""
    check_may_import(by, source.station_id)
    source.save(force_insert=True)
    audit.record(TAKEN, by=by, about=source, rows=source.counts["rows"])


def _current(by: User, source: Import, version: int) -> Import:
    """The row of a ledger that waits, locked. Raises NotAllowed, Conflict, Refused."""
    check_may_import(by, source.station_id)
    current = Import.objects.select_for_update().select_related("station").get(pk=source.pk)
    if current.version != version:
        raise Conflict(current)
    if current.state != ImportState.READ:
        raise Refused.because("state", "这份台账已经导入，要改请先撤销")
    return current


@seldom()
def decide(
    *, by: User, source: Import, version: int, decided: Decided, kind: Kind | None = None, learn: bool = False
) -> Import:
    """Read a ledger anew with what somebody decided about it. `learn`: what columns mean is remembered for the station.

    Raises NotAllowed, Conflict, Refused.
    """
    check_may_import(by, source.station_id)
    station, before, kind = source.station, decided_of(source), kind or Kind(source.kind)
    told, counts, learnt = "", {}, None
    if (decided.mapping, decided.villages, kind) != (before.mapping, before.villages, source.kind):
        reading = read(station, book_of(source), source.name.rpartition(".")[0], kind, decided)
        counts = counts_of(reading) | {"fates": propose(station, kind, reading.rows, decided).counts}
        told, learnt = keep_rows(reading.rows), reading.result if learn else None
    else:
        counts = {**source.counts, "fates": propose(station, kind, rows_of(source, cells=False), decided).counts}
    return keep_decided(
        by=by, source=source, version=version, learnt=learnt,
        said={"kind": kind.value, "told": told or source.told, "counts": counts, "trouble": "",
              "decided": json.dumps(asdict(decided), ensure_ascii=False)},
    )  # fmt: skip


@action
def keep_decided(*, by: User, source: Import, version: int, learnt: Result | None, said: Mapping[str, Any]) -> Import:
    """Keep what a ledger says as it was read anew. Raises NotAllowed, Conflict, Refused."""
    current = _current(by, source, version)
    gone = current.told
    for name, value in said.items():
        setattr(current, name, value)
    current.version += 1
    current.save()
    if learnt:
        _learn(current.station, learnt, decided_of(current).mapping)
    if gone != current.told:
        transaction.on_commit(lambda: drop_paper(gone))
    audit.record(DECIDED, by=by, about=current)
    return current


def _learn(station: OrgUnit, result: Result, mapping: Mapping[str, Mapping[str, str | None]]) -> None:
    """Remember what columns of these sheets mean here."""
    for sheet in result.sheets:
        if sheet.sheet in mapping and result.kind:
            Learnt.objects.update_or_create(
                station=station, kind=result.kind.value, shape=shape_of(sheet.layout),
                defaults={"mapping": dict(mapping[sheet.sheet])},
            )  # fmt: skip


@action
def ask_for_import(*, by: User, source: Import, version: int) -> Import:
    """Say that a ledger is to be brought in as it now stands. Raises NotAllowed, Conflict, Refused."""
    current = _current(by, source, version)
    going = sum(current.counts.get("fates", {}).get(fate, 0) for fate in ("new", "adds"))
    decided = decided_of(current)
    if not (going or decided.gone or decided.files):
        raise Refused.because("state", "没有要导入的行：都已在系统里，或有错、待决定")
    current.state, current.trouble = ImportState.QUEUED, ""
    current.version += 1
    current.save(update_fields=["state", "trouble", "version"])
    return current


@seldom()
@action
def bring_in(*, by: User, source_id: UUID, told: Callable[[int], None] = lambda _: None) -> Noted | None:
    """Enter a ledger that was asked for: all of it or nothing. None where it was entered before.

    Raises NotAllowed, and Refused where a rule refuses a row that nobody foresaw.
    """
    source = Import.objects.select_for_update().get(pk=source_id)
    _take_turn(source)
    if source.state != ImportState.QUEUED:
        return None
    check_may_import(by, source.station_id)
    decided = decided_of(source)
    kind = Kind(source.kind)
    proposal = propose(source.station, kind, rows_of(source, cells=kind is Kind.ACTIVITIES), decided)
    noted = Entering(by, proposal, source, decided, told).enter()
    fates = proposal.counts
    source.state, source.ended_at, source.version = ImportState.DONE, clock.now(), source.version + 1
    left = [[proposal.rows[n].sheet, proposal.rows[n].row, why] for n, why in sorted(noted.left.items())]
    source.counts = {**source.counts, "fates": fates, "left": left[:500]}
    source.save()
    audit.record(BROUGHT, by=by, about=source, new=fates.get("new", 0), adds=fates.get("adds", 0))
    return noted


def _take_turn(source: Import) -> None:
    """One ledger of a station after the other: two that hold the same rows would both find them new.

    Whoever records something at the station meanwhile need not wait for it.
    """
    source.station = OrgUnit.objects.select_for_update(no_key=True).get(pk=source.station_id)


@action
def note_not_brought(*, source_id: UUID, why: str) -> None:
    """That a ledger could not be brought in, and why; it waits as before."""
    rows = Import.objects.filter(pk=source_id, state=ImportState.QUEUED)
    rows.update(state=ImportState.READ, trouble=why[:300])


@action
def ask_for_undo(*, by: User, source: Import, version: int, reason: str) -> Import:
    """Say that an import is to be taken back, and why. Raises NotAllowed, Refused, Conflict."""
    if not may_undo(by, source):
        raise NotAllowed
    if len(reason.strip()) < 2:
        raise Refused.because("reason", "请写明撤销理由，如「传错了文件」")
    current = Import.objects.select_for_update().select_related("station").get(pk=source.pk)
    if current.version != version:
        raise Conflict(current)
    if current.state != ImportState.DONE:
        raise Refused.because("state", "这份台账没有导入，或已经撤销")
    current.state, current.trouble, current.version = ImportState.UNDOING, "", current.version + 1
    current.undone_at, current.undone_by, current.undo_reason = clock.now(), by, reason.strip()[:100]
    current.save()
    return current


@seldom()
@action
def take_back(*, by: User, source_id: UUID, told: Callable[[int], None] = lambda _: None) -> list[Kept] | None:
    """Take back an import of which that was asked; what something later depends on stays and is returned.

    None where nobody asks any more. Raises NotAllowed.
    """
    source = Import.objects.select_for_update().get(pk=source_id)
    _take_turn(source)
    if source.state != ImportState.UNDOING:
        return None
    if not may_undo(by, source):
        raise NotAllowed
    kept = TakingBack(by, source, source.undo_reason, told).take_back()
    source.state, source.undone_at, source.version = ImportState.UNDONE, clock.now(), source.version + 1
    source.counts = {**source.counts, "kept": [[one.name, one.why] for one in kept][:500]}
    source.save()
    audit.record(UNDONE, by=by, about=source, reason=source.undo_reason, kept=len(kept))
    return kept


@action
def undo(*, by: User, source: Import, version: int, reason: str) -> list[Kept]:
    """Take an import back at once; what something later depends on stays and is returned.

    Raises NotAllowed, Refused, Conflict.
    """
    asked = ask_for_undo(by=by, source=source, version=version, reason=reason)
    return take_back(by=by, source_id=asked.pk) or []


@action
def note_not_undone(*, source_id: UUID, why: str) -> None:
    """That an import could not be taken back, and why; everything stands as before."""
    rows = Import.objects.filter(pk=source_id, state=ImportState.UNDOING)
    rows.update(state=ImportState.DONE, trouble=why[:300], undone_at=None, undone_by=None, undo_reason="")


@action
def drop(*, by: User, source: Import, version: int) -> None:
    """Throw away a ledger of which nothing was brought in, with its file. Raises NotAllowed, Conflict, Refused."""
    current = _current(by, source, version)
    names = (current.stored, current.told)
    audit.record(DROPPED, by=by, about=current)
    current.delete()
    transaction.on_commit(lambda: drop_papers(names))


@action
def note_returned(*, by: User, source: Import) -> None:
    """Keep in the trail that somebody took the workbook away with its faults marked. Raises NotAllowed."""
    check_may_import(by, source.station_id)
    audit.record(RETURNED, by=by, about=source)


def drop_old_ledgers() -> int:
    """Throw away ledgers that nobody brought in within `WAITING_DAYS`; how many. It writes only if it must."""
    until = clock.now() - timedelta(days=WAITING_DAYS)
    waiting = Import.objects.filter(state=ImportState.READ, entered_at__lt=until)
    undealt = Dealing.objects.filter(state=DealState.READ, entered_at__lt=until)
    if not waiting.exists() and not undealt.exists():
        return 0
    with writing():
        names = [name for pair in waiting.values_list("stored", "told") for name in pair]
        names += undealt.values_list("stored", flat=True)
        many = waiting.delete()[0] + undealt.delete()[0]
        transaction.on_commit(lambda: drop_papers(names))
    return many
