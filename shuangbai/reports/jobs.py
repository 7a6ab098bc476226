"""Work that is too long for a page: the report as PDF, made by the job worker."""

import logging
import time
from datetime import date
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from django_tasks import task

from shuangbai.core import maintenance, sealed
from shuangbai.core.actions import writing
from shuangbai.core.jobs import if_given_up
from shuangbai.core.periods import Period
from shuangbai.households.access import restricted_open_to
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.queries import unit_by_code
from shuangbai.reports import pdf
from shuangbai.reports.actions import ask_for_pdf, note_failed, note_made
from shuangbai.reports.enums import FileState
from shuangbai.reports.models import ReportFile, folder
from shuangbai.reports.queries import Ask
from shuangbai.reports.sheet import mark_of

KEPT_SECONDS = 24 * 3600
log = logging.getLogger(__name__)


def order_pdf(*, by: User, ask: Ask, origin: str) -> ReportFile:
    """Note what is asked and queue its job, in one transaction: the queue lies in the same database.

    So the worker never sees a job without its row, and no row waits for a job that was not queued.
    Raises NotAllowed as `ask_for_pdf` does.
    """
    with writing():
        file = ask_for_pdf(by=by, ask=ask, origin=origin)
        make_pdf.enqueue(str(file.pk))
    return file


@task()
def make_pdf(file_id: str) -> None:
    """Make the file that was asked for. Run again after it was made, this changes nothing."""
    maintenance.wait()
    sweep()
    file = ReportFile.objects.select_related("asked_by").filter(pk=file_id).first()
    if file is None or file.state == FileState.DONE:
        return
    if not pdf.available():
        note_failed(file_id=file.pk, error=str(pdf.MISSING))
        return
    try:
        ask = question_of(file)
        mark, opens = mark_of(file.asked_by, file.asked_at), restricted_open_to(file.asked_by)
        write_whole(file, pdf.render(ask, file.origin, mark, opens))
    except (OperationalError, InterfaceError):
        raise  # the database is away: the worker tries again
    except Exception as error:
        # Whatever happened, the asker reads a sentence and the log says the rest.
        log.exception("report file %s was not made", file.pk)
        note_failed(file_id=file.pk, error=why(error))
        return
    name = f"社工站服务成效报告_{ask.unit.name}_{ask.period.first:%Y%m%d}-{ask.period.last:%Y%m%d}.pdf"
    note_made(file_id=file.pk, name=name)


@if_given_up(make_pdf)
def tell_given_up(file_id: str) -> None:
    """The worker died over this file again and again: whoever asked is told."""
    note_failed(file_id=UUID(file_id), error=_("PDF 几次都没有生成成功，请缩小时间范围再试，并告知系统管理员。"))


def question_of(file: ReportFile) -> Ask:
    """The question that a file answers. Raises OrgUnit.DoesNotExist for a unit that is no more."""
    first, last = (date.fromisoformat(file.question[end]) for end in ("first", "last"))
    return Ask(Period(first, last), unit_by_code(file.question["scope"]))


def why(error: Exception) -> str:
    """A sentence for the person who asked."""
    if isinstance(error, OrgUnit.DoesNotExist):
        return _("这个机构已不存在，请重新选择范围。")
    if isinstance(error, OSError):
        return _("文件没有写成，请管理员检查数据目录所在的磁盘，然后再生成一次。")
    return _("PDF 没有生成，请再试一次；若仍不成，请先用浏览器的打印功能，并告知管理员。")


def write_whole(file: ReportFile, content: bytes) -> None:
    """Write the file encrypted, so that nobody ever finds half of it. Raises OSError."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    sealed.keep(file.path, content)


def sweep() -> None:
    """Remove files older than a day. By the machine's time: a demonstration's day never ends."""
    for path in folder().glob("*") if folder().exists() else ():
        if path.stat().st_mtime < time.time() - KEPT_SECONDS:
            path.unlink(missing_ok=True)
