"""Writes of the reports: asking for a file, and what became of it."""

from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import NotAllowed
from shuangbai.network.models import User
from shuangbai.reports.access import units_reportable
from shuangbai.reports.enums import FileState
from shuangbai.reports.models import ReportFile
from shuangbai.reports.queries import Ask

ASKED = audit.kind("report.pdf_asked", "{by} 要了成效报告的 PDF：{scope}，{first} 至 {last}")
MADE = audit.kind("report.pdf_made", "{by} 的成效报告 PDF 已生成：{scope}，{first} 至 {last}")
FAILED = audit.kind("report.pdf_failed", "{by} 的成效报告 PDF 没有生成：{scope}，{first} 至 {last}")
TAKEN = audit.kind("report.pdf_taken", "{by} 下载了成效报告的 PDF：{scope}，{first} 至 {last}")
PRINTED = audit.kind("report.printed", "{by} 用命令行打印了成效报告：{scope}，{first} 至 {last}")
LISTED = audit.kind("report.listed", "{by} 用命令行逐条打印了 {code} 的依据：{scope}，{first} 至 {last}")


@action
def ask_for_pdf(*, by: User, ask: Ask, origin: str) -> ReportFile:
    """Note that somebody wants this report as PDF; `jobs.order_pdf` notes it together with its job.

    Raises NotAllowed for a part of the tree they may not ask about.
    """
    if not units_reportable(by).filter(pk=ask.unit.pk).exists():
        raise NotAllowed
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
