"""The chain verified by the job worker: when the auditor asks, and every night."""

import logging

from django.db import DatabaseError
from django_tasks import task

from shuangbai.core import chain
from shuangbai.core.actions import writing
from shuangbai.core.findings import Refused
from shuangbai.network.models import User
from shuangbai.upkeep.alerts import ask_for_check, note_check_failed, note_check_progress, note_checked
from shuangbai.upkeep.models import TrailCheck

log = logging.getLogger(__name__)


def order_check(*, by: User) -> TrailCheck:
    """Note that a verification is wanted and queue its job, in one transaction. Raises as `ask_for_check` does."""
    with writing():
        check = ask_for_check(by=by)
        verify_trail.enqueue(str(check.pk))
    return check


@task()
def verify_trail(check_id: str) -> None:
    """Verify as was asked. Run again after it ended, this changes nothing."""
    check = TrailCheck.objects.select_related("asked_by").filter(pk=check_id, ended_at__isnull=True).first()
    if check is not None:
        carry_out(check)


def verify_daily() -> None:
    """The verification of the night; nothing while one is under way."""
    try:
        check = ask_for_check(by=None)
    except Refused:
        return
    carry_out(check)


def carry_out(check: TrailCheck) -> None:
    """Verify and keep the result; what goes wrong stands in the row."""
    try:
        report = chain.verify(lambda done, total: note_check_progress(check_id=check.pk, done=done, total=total))
    except (DatabaseError, OSError) as error:
        log.exception("the trail was not verified")
        why = "块首文件读不出来" if isinstance(error, OSError) else "数据库没有完成这一步"
        note_check_failed(check_id=check.pk, error=f"{why}，请查看后台任务的日志。")
        return
    note_checked(check=check, report=report)
