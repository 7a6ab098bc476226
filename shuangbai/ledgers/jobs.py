"""Bringing a ledger in and taking it back: longer than a page may take, so the job worker does it."""

import logging
from collections.abc import Callable
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from django_tasks import task

from shuangbai.core import databases, maintenance
from shuangbai.core.actions import writing
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.jobs import if_given_up
from shuangbai.ledgers import progress
from shuangbai.ledgers.actions import (
    ask_for_import,
    ask_for_undo,
    bring_in,
    note_not_brought,
    note_not_undone,
    take_back,
)
from shuangbai.ledgers.deals import ask_to_deal, deal_out, note_not_dealt
from shuangbai.ledgers.models import Dealing, Import, Made
from shuangbai.network.models import User

log = logging.getLogger(__name__)


def order_import(*, by: User, source: Import, version: int) -> Import:
    """Ask for a ledger to be brought in and queue its job, in one transaction. Raises as `ask_for_import` does."""
    with writing():
        asked = ask_for_import(by=by, source=source, version=version)
        bring.enqueue(str(source.pk), str(by.pk))
    return asked


def order_undo(*, by: User, source: Import, version: int, reason: str) -> Import:
    """Ask for an import to be taken back and queue its job, in one transaction. Raises as `ask_for_undo` does."""
    with writing():
        asked = ask_for_undo(by=by, source=source, version=version, reason=reason)
        undo.enqueue(str(source.pk), str(by.pk))
    return asked


@task()
def bring(source_id: str, by_id: str) -> None:
    """Bring in a ledger that was asked for. Run again after it was brought in, this changes nothing."""
    maintenance.wait()
    source, by = Import.objects.get(pk=source_id), User.objects.get(pk=by_id)
    fates = source.counts.get("fates", {})
    told = _Teller(source.pk, fates.get("new", 0) + fates.get("adds", 0))
    why = _unless_done(
        lambda: bring_in(by=by, source_id=source.pk, told=told), source.pk,
        not_allowed=_("您现在没有导入的权限"), full=_("磁盘已满，没有导入任何内容。请管理员清理磁盘后再试。"),
        broken=_("没有导入成，什么都没有写入。请再试一次；若仍不成，请告知系统管理员。"),
    )  # fmt: skip
    if why:
        note_not_brought(source_id=source.pk, why=why)


@task()
def undo(source_id: str, by_id: str) -> None:
    """Take back an import of which that was asked. Run again afterwards, this changes nothing."""
    maintenance.wait()
    source, by = Import.objects.get(pk=source_id), User.objects.get(pk=by_id)
    told = _Teller(source.pk, Made.objects.filter(source=source, undone=False).count())
    why = _unless_done(
        lambda: take_back(by=by, source_id=source.pk, told=told), source.pk,
        not_allowed=_("您现在没有撤销的权限"), full=_("磁盘已满，没有撤销。请管理员清理磁盘后再试。"),
        broken=_("没有撤销成，一切照旧。请再试一次；若仍不成，请告知系统管理员。"),
    )  # fmt: skip
    if why:
        note_not_undone(source_id=source.pk, why=why)


def _unless_done(do: Callable[[], object], pk: UUID, *, not_allowed: str, full: str, broken: str) -> str:
    """Why it could not be done, or nothing where it was. The database being away is raised: the worker tries again."""
    try:
        do()
    except NotAllowed:
        return not_allowed
    except Refused as error:
        row, why = error.first.field.partition("-")[0], error.first.sentence
        return f"第 {row} 行：{why}" if row.isdecimal() else why
    except (OperationalError, InterfaceError) as error:
        if not databases.is_full(error):
            raise
        log.exception("ledger %s: the disk is full", pk)
        return full
    except Exception:
        log.exception("ledger %s: not done", pk)
        return broken
    finally:
        progress.forget(pk)
    return ""


def order_dealing(*, by: User, dealing: Dealing, version: int) -> Dealing:
    """Ask for a workbook to be dealt out and queue its job. Raises as `ask_to_deal` does."""
    with writing():
        asked = ask_to_deal(by=by, dealing=dealing, version=version)
        deal.enqueue(str(dealing.pk), str(by.pk))
    return asked


@task()
def deal(dealing_id: str, by_id: str) -> None:
    """Deal out a workbook that was asked for. Run again afterwards, this changes nothing."""
    maintenance.wait()
    pk, by = UUID(dealing_id), User.objects.get(pk=by_id)
    try:
        deal_out(by=by, dealing_id=pk)
    except (Refused, NotAllowed) as error:
        why = error.first.sentence if isinstance(error, Refused) else _("您现在没有分发的权限")
        note_not_dealt(dealing_id=pk, why=why)
    except (OperationalError, InterfaceError):
        raise  # the database is away: the worker tries again
    except Exception:
        log.exception("workbook %s was not dealt out", pk)
        note_not_dealt(dealing_id=pk, why=_("没有分发成，各站什么都没有收到。请再试一次；若仍不成，请告知系统管理员。"))


@if_given_up(deal)
def tell_deal_given_up(dealing_id: str, _by_id: str) -> None:
    """The worker died over this workbook again and again."""
    why = _("几次都没有分发成，各站什么都没有收到。请把表格分成几份再试，并告知系统管理员。")
    note_not_dealt(dealing_id=UUID(dealing_id), why=why)


class _Teller:
    """Hears how many more of so many are done, and notes it where the page looks."""

    def __init__(self, pk: UUID, total: int) -> None:
        self.pk, self.done, self.total = pk, 0, total

    def __call__(self, more: int) -> None:
        self.done += more
        progress.note(self.pk, min(self.done, self.total), self.total)


@if_given_up(bring)
def tell_given_up(source_id: str, _by_id: str) -> None:
    """The worker died over this ledger again and again."""
    why = _("几次都没有导入成，什么都没有写入。请把表格分成几份再试，并告知系统管理员。")
    note_not_brought(source_id=UUID(source_id), why=why)


@if_given_up(undo)
def tell_undo_given_up(source_id: str, _by_id: str) -> None:
    """The worker died over taking this back again and again."""
    note_not_undone(source_id=UUID(source_id), why=_("几次都没有撤销成，一切照旧。请告知系统管理员。"))
