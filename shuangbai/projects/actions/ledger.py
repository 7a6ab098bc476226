"""The ledger of a project: what was given and spent is noted once, and taken back by a line of its own."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert
from shuangbai.core.findings import Conflict, Finding, NotAllowed, Refused, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.network.models import User
from shuangbai.projects.access import lines_written_by, projects_written_by
from shuangbai.projects.actions.projects import save
from shuangbai.projects.entries import LineEntry
from shuangbai.projects.enums import GIVEN, LineKind
from shuangbai.projects.models import LedgerLine, Project
from shuangbai.projects.queries import next_number, sums_of
from shuangbai.projects.rules import line_findings, reversal_findings

NOTED = audit.kind("ledger.noted", "{by} 在社区项目「{title}」的账上记了一笔{kind}", personal=("title",))
CHANGED = audit.kind("ledger.changed", "{by} 改了社区项目「{title}」账上第 {number} 笔的说明", personal=("title",))
REVERSED = audit.kind(
    "ledger.reversed", "{by} 冲回了社区项目「{title}」账上第 {number} 笔，原因：{reason}", personal=("title", "reason")
)

SAID = (
    "occurred_on", "giver", "name", "named", "what", "amount", "quantity", "unit", "value", "valued_by", "receipt",
    "thanked_on",
)  # fmt: skip


def note_line(*, by: User, project: Project, entry: LineEntry, acknowledged: bool = False) -> LedgerLine:
    """Note what was given or spent. Raises NotAllowed, Refused, NeedsAcknowledgement."""
    return note_lines(by=by, project=project, entries=[entry], acknowledged=acknowledged)[0]


@action
def note_lines(
    *, by: User, project: Project, entries: Sequence[LineEntry], acknowledged: bool = True
) -> list[LedgerLine]:
    """Note lines in the order of the entries. One sent before is given back as it stands.

    Raises NotAllowed, Refused, NeedsAcknowledgement.
    """
    current = _locked(by, project)
    sent = LedgerLine.objects.filter(
        station=current.station_id, project=current, client_id__in=[e.client_id for e in entries]
    )
    made: dict[UUID, LedgerLine] = {one.client_id: one for one in sent}
    balance, number, fresh = sums_of(current).balance, next_number(current), list[LedgerLine]()
    for entry in entries:
        if entry.client_id in made:
            continue
        refuse_if_any(_judged(entry, current, balance), acknowledged=acknowledged)
        line = LedgerLine(
            station_id=current.station_id, client_id=entry.client_id, project=current, number=number, kind=entry.kind,
            entered_by=by, entered_at=entry.entered_at or clock.now(), **_tidy(entry),
        )  # fmt: skip
        balance += (line.amount or 0) * (-1 if line.kind == LineKind.SPENT else 1)
        number += 1
        made[entry.client_id] = line
        fresh.append(line)
    insert(fresh, by=by)
    audit.record_all(
        audit.entry(NOTED, by=by, about=one, title=current.title, kind=LineKind(one.kind).label) for one in fresh
    )
    return [made[entry.client_id] for entry in entries]


@action
def describe_line(*, by: User, line: LedgerLine, version: int, said: dict[str, Any]) -> LedgerLine:
    """Change what may be changed of a line: the name and whether it may be read, the receipt, the thanks.

    Never what adds up. Raises NotAllowed, Refused, Conflict.
    """
    row = _line(by, line, version)
    if row.kind in GIVEN and not said["name"].strip():
        raise Refused.because("name", "请写谁给的；不愿留名的写「热心人士」，不公开姓名")
    thanked = said["thanked_on"]
    if thanked and not row.occurred_on <= thanked <= clock.today():
        raise Refused([Finding("thanked_on", "thanked_on", "致谢日期要在收到之后、今天以前，请核对")])
    row.name, row.receipt = said["name"].strip(), said["receipt"].strip()
    row.named = bool(said["named"]) and row.kind in GIVEN
    row.thanked_on = thanked if row.kind in GIVEN else None
    save(row, by)
    audit.record(CHANGED, by=by, about=row, title=row.project.title, number=row.number)
    return row


@action
def reverse_line(
    *, by: User, line: LedgerLine, version: int, on: date, reason: str, acknowledged: bool = False
) -> LedgerLine:
    """Take a line back by one of its own, on its own day, with a reason. Nothing is deleted.

    Raises NotAllowed, Refused, NeedsAcknowledgement, Conflict.
    """
    row = _line(by, line, version)
    project = _locked(by, row.project)
    found = reversal_findings(
        on=on, given_on=row.occurred_on, today=clock.today(), reason=reason,
        already=LedgerLine.objects.filter(reverses=row).exists(), itself=row.reverses_id is not None, kind=row.kind,
        amount=row.amount, balance=sums_of(project).balance,
    )  # fmt: skip
    refuse_if_any(found, acknowledged=acknowledged)

    def minus(value: Any) -> Any:
        return None if value is None else -value

    back = LedgerLine(
        station_id=row.station_id, client_id=random_id(), project=project, number=next_number(project), kind=row.kind,
        occurred_on=on, giver=row.giver, name=row.name, named=row.named, what=row.what, amount=minus(row.amount),
        quantity=minus(row.quantity), unit=row.unit, value=minus(row.value), valued_by=row.valued_by,
        receipt=row.receipt, reverses=row, reason=reason.strip()[:200], entered_by=by, entered_at=clock.now(),
    )  # fmt: skip
    insert([back], by=by)
    audit.record(
        REVERSED, by=by, about=back, title=project.title, number=row.number, reason=reason.strip()[:100]
    )  # fmt: skip
    return back


# PARTS ---------------------------------------------------------------------


def _locked(by: User, project: Project) -> Project:
    """The project, locked, so that numbers and balances follow one another. Raises NotAllowed."""
    if not projects_written_by(by).filter(pk=project.pk).exists():
        raise NotAllowed
    return Project.objects.select_for_update().get(pk=project.pk)


def _line(by: User, line: LedgerLine, version: int) -> LedgerLine:
    rows = lines_written_by(by).filter(pk=line.pk).select_for_update(of=("self",)).select_related("project")
    row = rows.first()
    if row is None:
        raise NotAllowed
    if row.version != version:
        raise Conflict(row)
    return row


def _judged(entry: LineEntry, project: Project, balance: Any) -> list[Finding]:
    return line_findings(
        kind=entry.kind, on=entry.occurred_on, begun_on=project.begun_on, ended_on=project.ended_on,
        today=clock.today(), name=entry.name, what=entry.what, amount=entry.amount, quantity=entry.quantity,
        value=entry.value, valued_by=entry.valued_by, thanked_on=entry.thanked_on, balance=balance,
    )  # fmt: skip


def _tidy(entry: LineEntry) -> dict[str, Any]:
    """What a line of the kind has, and nothing else."""
    said = {name: getattr(entry, name) for name in SAID}
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    if entry.kind in (LineKind.CASH, LineKind.SPENT):
        said |= {"quantity": None, "unit": "", "value": None, "valued_by": ""}
    else:
        said["amount"] = None
    if entry.kind == LineKind.DAYS:
        said["unit"] = "工日"
    if entry.kind == LineKind.SPENT:
        said |= {"giver": "", "named": False, "thanked_on": None}
    elif not said["giver"]:
        said["giver"] = "person"
    return said
