"""Writes about the trail: alerts of unusual openings, raised and looked at; verifications asked for and ended."""

from math import ceil
from typing import Any
from uuid import UUID

from shuangbai.core import audit, chain, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Refused
from shuangbai.core.limits import TooOften, told
from shuangbai.core.models import Installation
from shuangbai.network.models import User
from shuangbai.upkeep.access import check_reads_trail
from shuangbai.upkeep.enums import RunState
from shuangbai.upkeep.models import OpeningAlert, TrailCheck
from shuangbai.upkeep.rules import OPENED_MOST, alert_rule
from shuangbai.upkeep.trail import habit_of, is_at_work, latest_check

HOUR = 3600
RAISED = audit.kind(
    "alert.raised", "{by} 查看隐去的内容异常多，已提醒安全审计员（{rule}，{opened} 项）", label="查看异常多的提醒"
)
LOOKED_AT = audit.kind(
    "alert.looked_at", "{by} 处理了一条查看提醒，说明：{remark}", personal=("remark",), label="处理查看提醒"
)
FAILED = audit.kind(
    "signin.failed", "{by} 记下一次没有通过的登录：{who}，来自 {address}", personal=("address",), label="没有通过的登录"
)
LOCKED = audit.kind(
    "signin.locked", "{by} 锁住了连续输错密码的登录：{who}，来自 {address}", personal=("address",), label="登录被锁"
)
CHECK_ASKED = audit.kind("trail.check_asked", "{by} 要求核对留痕")
CHECKED = audit.kind("trail.checked", "{by} 核对留痕完毕：{verdict}")


def check_may_open(*, by: User, many: int) -> None:
    """Raise TooOften where so many more values would be over what one may open in an hour. Reads only."""
    now = clock.now()
    habit = habit_of(by.pk, now)
    if habit.hour and habit.hour + many > OPENED_MOST:
        since = (now - habit.oldest_of_hour).total_seconds() if habit.oldest_of_hour else 0
        wait = max(ceil(HOUR - since), 1)
        raise TooOften(told("查看隐去的内容", OPENED_MOST, HOUR, wait), wait)


def tell_auditor(*, by: User) -> OpeningAlert | None:
    """Raise an alert, or add to the one of today, where `by` has opened unusually much. Inside the caller's action."""
    now = clock.now()
    habit = habit_of(by.pk, now)
    rule = alert_rule(hour=habit.hour, day=habit.day, usual=habit.usual)
    if rule is None:
        return None
    known = OpeningAlert.objects.filter(user=by, on=now.date())
    seen = known.filter(looked_at__isnull=False).order_by("-opened").first()
    if seen and habit.day < 2 * seen.opened:
        return None  # looked at already; it is worth another look once it has doubled
    facts = {"rule": rule, "raised_at": now, "opened": habit.day, "usual": habit.usual}
    alert, fresh = OpeningAlert.objects.get_or_create(user=by, on=now.date(), looked_at=None, defaults=facts)
    if fresh:
        audit.record(RAISED, by=by, about=alert, rule=rule.label, opened=habit.day)
    else:
        OpeningAlert.objects.filter(pk=alert.pk).update(opened=habit.day)
    return alert


@action
def look_at_alert(*, by: User, alert: OpeningAlert, remark: str) -> OpeningAlert:
    """Note that the auditor looked at an alert and what came of it.

    Raises NotAllowed; Refused without a remark, or for one that was looked at.
    """
    check_reads_trail(by)
    if len(remark.strip()) < 2:
        raise Refused.because("remark", "请写明核实的情况，如「已与站长核实，集中更新低保电话」")
    current = OpeningAlert.objects.select_for_update().get(pk=alert.pk)
    if current.looked_at:
        raise Refused.because("remark", "这条提醒已经有人处理过了，请刷新页面")
    current.looked_at, current.looked_by, current.remark = clock.now(), by, remark.strip()[:300]
    current.save(update_fields=["looked_at", "looked_by", "remark"])
    audit.record(LOOKED_AT, by=by, about=current, remark=current.remark)
    return current


# SIGN-IN -------------------------------------------------------------------


@action
def note_signin_failed(*, username: str, address: str) -> None:
    """Keep in the trail that somebody did not get in."""
    _note_signin(FAILED, username, address)


@action
def note_locked_out(*, username: str, address: str) -> None:
    """Keep in the trail that an account is locked at an address for a while."""
    _note_signin(LOCKED, username, address)


def _note_signin(kind: audit.Kind, username: str, address: str) -> None:
    """What was typed for a name is kept only where it is one: people type passwords into the wrong field."""
    user = User.objects.filter(username=username[:40]).first()
    about: Any = user or Installation.objects.first()
    if about is not None:
        who = f"账号 {user.username}" if user else "不存在的账号"
        audit.record(kind, by=None, about=about, who=who, address=address[:60])


# VERIFICATIONS -------------------------------------------------------------


@action
def ask_for_check(*, by: User | None) -> TrailCheck:
    """Note that the chain is to be verified; None is the daily turn. Raises NotAllowed; Refused while one runs."""
    if by is not None:
        check_reads_trail(by)
    if is_at_work(latest_check()):
        raise Refused.because("check", "正在核对，请等它结束。")
    check = TrailCheck(asked_by=by)
    check.save(force_insert=True)
    if by is not None:
        audit.record(CHECK_ASKED, by=by, about=check)
    return check


@action
def note_check_progress(*, check_id: UUID, done: int, total: int) -> None:
    """How many blocks of how many were gone through."""
    running = TrailCheck.objects.filter(pk=check_id, ended_at__isnull=True)
    running.update(state=RunState.RUNNING, done=done, total=total, seen_at=clock.machine_now())


@action
def note_checked(*, check: TrailCheck, report: chain.Report) -> None:
    """What a verification found."""
    now = clock.machine_now()
    running = TrailCheck.objects.filter(pk=check.pk, ended_at__isnull=True)
    said: dict[str, Any] = {"sound": report.sound, "head": report.head, "sentences": report.sentences()}
    if running.update(state=RunState.DONE, done=report.blocks, total=report.blocks, seen_at=now, ended_at=now, **said):
        audit.record(CHECKED, by=check.asked_by, about=check, verdict=report.sentences()[0].rstrip("。"))


@action
def note_check_failed(*, check_id: UUID, error: str) -> None:
    """A verification did not come to its end, and why."""
    running = TrailCheck.objects.filter(pk=check_id, ended_at__isnull=True)
    running.update(state=RunState.FAILED, ended_at=clock.machine_now(), error=error[:300])
