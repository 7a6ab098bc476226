"""Writes of the reports: asking for a file and what became of it; tables that people keep and take away."""

from typing import Any
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.network.models import OrgUnit, User
from shuangbai.reports.access import tables_visible_to, unit_of, units_asked_of
from shuangbai.reports.enums import FileState
from shuangbai.reports.models import ReportFile, SavedTable
from shuangbai.reports.queries import Ask

ASKED = audit.kind("report.pdf_asked", "{by} 要了成效报告的 PDF：{scope}，{first} 至 {last}")
MADE = audit.kind("report.pdf_made", "{by} 的成效报告 PDF 已生成：{scope}，{first} 至 {last}")
FAILED = audit.kind("report.pdf_failed", "{by} 的成效报告 PDF 没有生成：{scope}，{first} 至 {last}")
TAKEN = audit.kind("report.pdf_taken", "{by} 下载了成效报告的 PDF：{scope}，{first} 至 {last}")
PRINTED = audit.kind("report.printed", "{by} 用命令行打印了成效报告：{scope}，{first} 至 {last}")
LISTED = audit.kind("report.listed", "{by} 用命令行逐条打印了 {code} 的依据：{scope}，{first} 至 {last}")
SAVED = audit.kind("report.table_saved", "{by} 保存了一张自定义表：{figures}，{scope}")
CHANGED = audit.kind("report.table_changed", "{by} 改了一张自定义表的名称或共享：{figures}，{scope}")
DELETED = audit.kind("report.table_deleted", "{by} 删除了一张自定义表：{figures}，{scope}")
EXPORTED = audit.kind("report.table_exported", "{by} 导出了自定义表：{figures}，{scope}，{first} 至 {last}")


@action
def ask_for_pdf(*, by: User, ask: Ask, origin: str) -> ReportFile:
    """Note that somebody wants this report as PDF; `jobs.order_pdf` notes it together with its job.

    Raises NotAllowed for a part of the tree they may not ask about.
    """
    _check_reaches(by, ask.unit)
    first, last = ask.period.first.isoformat(), ask.period.last.isoformat()
    file = ReportFile(asked_by=by, origin=origin, question={"first": first, "last": last, "scope": ask.unit.code})
    file.save(force_insert=True)
    audit.record(ASKED, by=by, about=file, scope=ask.unit.code, first=first, last=last)
    return file


@action
def note_made(*, file_id: UUID, name: str) -> None:
    """The file is there. A second job that ends later changes nothing."""
    waiting = ReportFile.objects.filter(pk=file_id).exclude(state=FileState.DONE)
    if waiting.update(state=FileState.DONE, made_at=clock.now(), name=name, error=""):
        _tell(MADE, file_id)


@action
def note_failed(*, file_id: UUID, error: str) -> None:
    """There is no file, and why, in one sentence. One that is there stays there."""
    waiting = ReportFile.objects.filter(pk=file_id).exclude(state=FileState.DONE)
    if waiting.update(state=FileState.FAILED, error=error):
        _tell(FAILED, file_id)


def _tell(kind: audit.Kind, file_id: UUID) -> None:
    file = ReportFile.objects.select_related("asked_by").get(pk=file_id)
    audit.record(kind, by=file.asked_by, about=file, **file.question)


@action
def note_taken(*, by: User, file: ReportFile) -> None:
    """Keep in the trail that its asker took the file away. Raises NotAllowed for anybody else."""
    if file.asked_by_id != by.pk:
        raise NotAllowed
    audit.record(TAKEN, by=by, about=file, **file.question)


@action
def note_printed(*, by: audit.Console, ask: Ask, code: str = "") -> None:
    """Keep in the trail that a report, or the list behind one figure, was printed on the server's console."""
    first, last = ask.period.first.isoformat(), ask.period.last.isoformat()
    said = {"scope": ask.unit.code, "first": first, "last": last}
    if code:
        audit.record(LISTED, by=by, about=ask.unit, code=code, **said)
    else:
        audit.record(PRINTED, by=by, about=ask.unit, **said)


def _check_reaches(by: User, unit: OrgUnit) -> None:
    if not units_asked_of(by).filter(pk=unit.pk).exists():
        raise NotAllowed


def _check_name(by: User, name: str, besides: UUID | None = None) -> None:
    same = SavedTable.objects.filter(made_by=by, name=name)
    if (same.exclude(pk=besides) if besides else same).exists():
        raise Refused.because("name", "您已有一张同名的表，请换一个名称", "table_name_taken")


def _asked_in(table: SavedTable) -> dict[str, str]:
    """What the trail says of a saved table: what was asked, not what somebody called it."""
    return {"figures": "、".join(table.question["figures"]), "scope": table.question["scope"]}


@action
def save_table(*, by: User, name: str, scope: OrgUnit, question: dict[str, Any], shared: bool = False) -> SavedTable:
    """Keep a question under a name. `question` is as its form tells it, about `scope`.

    Raises NotAllowed for a part of the tree they may not ask about, Refused for a name they have given already.
    """
    _check_reaches(by, scope)
    unit = unit_of(by)
    if unit is None:
        raise NotAllowed
    _check_name(by, name)
    kept = {**question, "scope": scope.code}
    table = SavedTable(unit=unit, name=name, question=kept, shared=shared, made_by=by)
    table.save(force_insert=True)
    audit.record(SAVED, by=by, about=table, **_asked_in(table))
    return table


def _own(by: User, table: SavedTable, version: int) -> SavedTable:
    """The table, locked, as it was read. Raises NotAllowed for somebody else's, Conflict where it was changed."""
    current = tables_visible_to(by).select_for_update().filter(pk=table.pk, made_by=by).first()
    if current is None:
        raise NotAllowed
    if current.version != version:
        raise Conflict(current)
    return current


@action
def change_table(*, by: User, table: SavedTable, version: int, name: str, shared: bool) -> SavedTable:
    """Call one's own table otherwise, share it or no more. Raises NotAllowed, Conflict, Refused."""
    current = _own(by, table, version)
    _check_name(by, name, current.pk)
    current.name, current.shared, current.version = name, shared, version + 1
    current.save(update_fields=["name", "shared", "version"])
    audit.record(CHANGED, by=by, about=current, **_asked_in(current))
    return current


@action
def delete_table(*, by: User, table: SavedTable, version: int) -> None:
    """Drop one's own table; it holds a question and no figure. Raises NotAllowed, Conflict."""
    current = _own(by, table, version)
    audit.record(DELETED, by=by, about=current, **_asked_in(current))
    current.delete()


@action
def note_table_exported(*, by: User, ask: Ask, codes: list[str]) -> None:
    """Keep in the trail that a table was taken away as a file. Raises NotAllowed for a part they may not ask about."""
    _check_reaches(by, ask.unit)
    first, last = ask.period.first.isoformat(), ask.period.last.isoformat()
    audit.record(EXPORTED, by=by, about=ask.unit, figures="、".join(codes), scope=ask.unit.code, first=first, last=last)
