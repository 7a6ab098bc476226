"""Passwords: their rules, setting one by a code, changing one's own, and resets that a station head asks for."""

from functools import lru_cache
from uuid import UUID

from axes.models import AccessAttempt
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator

from shuangbai.accounts.access import accounts_reset_by, check_may, check_not_stopped, may_ask_reset
from shuangbai.accounts.actions.issuing import Issued, hash_code, issue
from shuangbai.accounts.actions.sessions import end_sessions
from shuangbai.accounts.enums import EndReason, Outcome, Purpose
from shuangbai.accounts.models import OneTimeCode, PastPassword, ResetRequest
from shuangbai.accounts.queries import policy
from shuangbai.accounts.rules import password_findings
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.queries import installation_names
from shuangbai.network.models import User
from shuangbai.network.roles import Permission

CODE_USED = audit.kind("account.code_used", "{by} 用一次性码设好了密码（{purpose}）")
CHANGED = audit.kind("account.password_changed", "{by} 更换了自己的密码")
RESET_ASKED = audit.kind("account.reset_asked", "{by} 为账号 {username} 申请重设密码")
RESET_DECIDED = audit.kind("account.reset_decided", "{by} 对账号 {username} 的重设密码申请：{outcome}")
UNLOCKED = audit.kind("account.unlocked", "{by} 解锁了账号 {username}")


# RULES ---------------------------------------------------------------------


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """The twenty thousand commonest passwords, as Django brings them."""
    return frozenset(CommonPasswordValidator().passwords)


def check_password_rules(user: User, password: str) -> None:
    """Raise Refused where the policy of the day does not take the password for this account."""
    rules = policy()
    recent = PastPassword.objects.filter(user=user).order_by("-set_at", "-id")[: rules.not_again]
    used = {user.password, *(past.encoded for past in recent)} if rules.not_again else set()
    findings = password_findings(
        password, shortest=rules.shortest, kinds=rules.kinds, common=password.lower().strip() in _common(),
        names=(user.username, user.display_name, installation_names().city),
        reused=any(check_password(password, encoded) for encoded in used),
    )  # fmt: skip
    if findings:
        raise Refused(findings)


def keep_password(user: User) -> None:
    """Note the password that was just set: how old it is, and that it is not taken again."""
    PastPassword.objects.create(user=user, encoded=user.password, set_at=clock.now())


def _set(user: User, password: str) -> None:
    check_password_rules(user, password)
    user.set_password(password)
    user.save(update_fields=["password"])
    keep_password(user)


# SETTING AND CHANGING ------------------------------------------------------


def code_of(user: User, typed: str) -> OneTimeCode | None:
    """The open code of the account, if it was typed and has not expired."""
    code = OneTimeCode.objects.filter(user=user, used_at=None, revoked_at=None, code_hash=hash_code(typed)).first()
    return code if code is not None and user.is_active and clock.now() < code.expires_at else None


@action
def accept_code(*, user: User, typed: str, password: str) -> User:
    """Set the password of an account by its one-time code, which then opens nothing more.

    Ends every session and the lock of wrong passwords. Raises Refused for a code that is wrong, used or over,
    and for a password that the rules do not take (the code stays good).
    """
    account = User.objects.select_for_update().get(pk=user.pk)
    code = code_of(account, typed)
    if code is None:
        raise Refused.because("code", "账号或一次性码不对，或者码已过期、已用过。请核对，或找系统管理员重新发码")
    _set(account, password)
    code.used_at = clock.now()
    code.save(update_fields=["used_at"])
    end_sessions(account, EndReason.PASSWORD)
    AccessAttempt.objects.filter(username=account.username).delete()
    audit.record(CODE_USED, by=account, about=account, purpose=Purpose(code.purpose).label)
    return account


@action
def change_password(*, by: User, password: str, keep: str | None) -> None:
    """A new password of one's own, after the old one was proved; every session but `keep` ends."""
    check_not_stopped(by)
    account = User.objects.select_for_update().get(pk=by.pk)
    _set(account, password)
    by.password = account.password
    end_sessions(account, EndReason.PASSWORD, keep=keep)
    OneTimeCode.objects.filter(user=account, used_at=None, revoked_at=None).update(revoked_at=clock.now())
    audit.record(CHANGED, by=account, about=account)


# RESETS --------------------------------------------------------------------


@action
def ask_reset(*, by: User, user: User, reason: str) -> ResetRequest:
    """A station head asks that a worker of the own station may set a new password."""
    if not may_ask_reset(by, user) or not policy().heads_may_ask:
        raise NotAllowed
    if ResetRequest.objects.filter(user=user, outcome="").exists():
        raise Refused.because("reason", "已经申请过，正等系统管理员处理")
    asked = ResetRequest.objects.create(user=user, asked_by=by, asked_at=clock.now(), reason=reason)
    audit.record(RESET_ASKED, by=by, about=user, username=user.username)
    return asked


@action
def decide_reset(*, by: User, request_id: UUID, outcome: Outcome) -> Issued | None:
    """Grant a reset, which makes a one-time code, or decline it. Conflict where somebody decided already."""
    theirs = ResetRequest.objects.filter(user__in=accounts_reset_by(by).values("pk")).select_related("user")
    asked = theirs.select_for_update(of=("self",)).filter(pk=request_id).first()
    if asked is None or outcome not in (Outcome.GRANTED, Outcome.DECLINED):
        raise NotAllowed
    if asked.outcome:
        raise Conflict(asked)
    if outcome == Outcome.GRANTED and not asked.user.is_active:
        raise Refused.because("user", "这个账号已停用，请先重新启用")
    asked.outcome, asked.decided_by, asked.decided_at = outcome, by, clock.now()
    asked.save(update_fields=["outcome", "decided_by", "decided_at"])
    audit.record(RESET_DECIDED, by=by, about=asked.user, username=asked.user.username, outcome=outcome.label)
    return issue(asked.user, Purpose.RESET, by) if outcome == Outcome.GRANTED else None


# THE LOCK ------------------------------------------------------------------


@action
def unlock(*, by: User, user: User) -> None:
    """Forget the wrong passwords and codes typed for an account, so that it may try again."""
    check_may(by, Permission.MANAGE_ACCOUNTS)
    AccessAttempt.objects.filter(username=user.username).delete()
    audit.record(UNLOCKED, by=by, about=user, username=user.username)
