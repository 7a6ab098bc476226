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
    waiting.update(state=FileState.DONE, made_at=clock.now(), name=name, error="")


@action
def note_failed(*, file_id: UUID, error: str) -> None:
    """There is no file, and why, in one sentence. One that is there stays there."""
    waiting = ReportFile.objects.filter(pk=file_id).exclude(state=FileState.DONE)
    waiting.update(state=FileState.FAILED, error=error)
