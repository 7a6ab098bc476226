"""The second factor: binding an authenticator app, proving it, its codes on paper, and letting it go."""

import time
from datetime import timedelta

from shuangbai.accounts import codes
from shuangbai.accounts.access import check_may, check_not_oneself, check_not_stopped
from shuangbai.accounts.actions.sessions import end_sessions
from shuangbai.accounts.enums import EndReason
from shuangbai.accounts.models import RecoveryCode, SecondFactor
from shuangbai.accounts.queries import policy
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.crypto import lookup_hash
from shuangbai.core.findings import Refused
from shuangbai.network.models import User
from shuangbai.network.roles import Permission

ENROLLED = audit.kind("account.factor_bound", "{by} 绑定了验证器")
REMOVED = audit.kind("account.factor_removed", "{by} 解除了自己的验证器")
RESET = audit.kind("account.factor_reset", "{by} 解除了账号 {username} 的验证器")
RENEWED = audit.kind("account.recovery_renewed", "{by} 重新生成了备用码")
RECOVERED = audit.kind("account.recovery_used", "{by} 用备用码登录，还剩 {left} 个")

TRIES = 5
RECOVERY_CODES = 10
WRONG = "验证码不对。请看验证器此刻显示的六位数字；手机时间不准时也会不对"
USED = "这个验证码刚才用过了，请等验证器换下一组数字（最多三十秒）"


@action
def enrol_factor(*, by: User, secret: str, typed: str) -> list[str]:
    """Bind an authenticator app once it shows the right digits; returns the recovery codes, in clear this once."""
    check_not_stopped(by)
    step = codes.matching_step(secret, typed, time.time())
    if step is None:
        raise Refused.because("code", WRONG)
    if SecondFactor.objects.filter(user=by).exists():
        raise Refused.because("code", "已经绑定过验证器。要换手机，请先解除再重新绑定")
    SecondFactor.objects.create(user=by, secret=secret, enrolled_at=clock.now(), latest_step=step)
    audit.record(ENROLLED, by=by, about=by)
    return _new_recovery_codes(by)


@action
def prove_factor(*, user: User, typed: str) -> str:
    """What is wrong with a second factor, or nothing for a right one. It does not raise: failures are counted.

    Five wrong ones in a row close it for as long as wrong passwords lock an account.
    """
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None:
        return "这个账号没有绑定验证器"
    if waiting := _waiting(factor):
        return f"错得太多，请过 {waiting} 分钟再试。手机不在身边可以用备用码，或找安全管理员解除验证器"
    step = codes.matching_step(factor.secret, typed, time.time())
    if step is not None and step <= factor.latest_step:
        return USED
    if step is not None:
        factor.latest_step = step
    if step is not None or _use_recovery_code(user, typed):
        factor.failures, factor.failed_at = 0, None
        factor.save(update_fields=["latest_step", "failures", "failed_at"])
        return ""
    factor.failures, factor.failed_at = factor.failures + 1, clock.now()
    factor.save(update_fields=["failures", "failed_at"])
    return WRONG


def _waiting(factor: SecondFactor) -> int:
    """How many minutes, rounded up, nothing is taken after too many failures."""
    if factor.failures < TRIES or factor.failed_at is None:
        return 0
    left = factor.failed_at + timedelta(minutes=policy().lock_minutes) - clock.now()
    # The clock of a demonstration falls back at midnight: what lies more than a day ahead is over.
    return -(-left // timedelta(minutes=1)) if timedelta(0) < left < timedelta(days=1) else 0


def _use_recovery_code(user: User, typed: str) -> bool:
    if not RecoveryCode.objects.filter(user=user, code_hash=_hash(typed), used_at=None).update(used_at=clock.now()):
        return False
    left = RecoveryCode.objects.filter(user=user, used_at=None).count()
    audit.record(RECOVERED, by=user, about=user, left=left)
    return True


def _hash(typed: str) -> str:
    return lookup_hash(codes.digest(typed), "account.recovery")


def _new_recovery_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    made = [codes.new_code(2) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, code_hash=_hash(code), digest=codes.digest(code)) for code in made
    )
    return made


@action
def renew_recovery_codes(*, by: User) -> list[str]:
    """Ten new codes on paper, after the password was proved; the earlier ones open nothing any more."""
    check_not_stopped(by)
    if not SecondFactor.objects.filter(user=by).exists():
        raise Refused.because("password", "还没有绑定验证器")
    audit.record(RENEWED, by=by, about=by)
    return _new_recovery_codes(by)


@action
def remove_factor(*, by: User, keep: str | None) -> None:
    """Let one's own authenticator go, after the password was proved; every session but `keep` ends."""
    check_not_stopped(by)
    _forget(by)
    end_sessions(by, EndReason.FACTOR, keep=keep)
    audit.record(REMOVED, by=by, about=by)


@action
def reset_factor(*, by: User, user: User) -> None:
    """The security administrator lets somebody's authenticator go (a lost telephone); all sessions end."""
    check_may(by, Permission.GRANT_ROLES)
    check_not_oneself(by, user)
    _forget(user)
    end_sessions(user, EndReason.FACTOR)
    audit.record(RESET, by=by, about=user, username=user.username)


def _forget(user: User) -> None:
    RecoveryCode.objects.filter(user=user).delete()
    if not SecondFactor.objects.filter(user=user).delete()[0]:
        raise Refused.because("user", "这个账号没有绑定验证器")
