"""One-time codes: made, shown once, taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shuangbai.accounts import codes
from shuangbai.accounts.access import check_may, check_may_reset, check_not_oneself
from shuangbai.accounts.enums import Purpose
from shuangbai.accounts.models import OneTimeCode
from shuangbai.accounts.queries import policy
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.crypto import lookup_hash
from shuangbai.core.findings import Refused
from shuangbai.network.models import User
from shuangbai.network.roles import Permission

INVITED = audit.kind("account.code_issued", "{by} 为账号 {username} 发出一次性码（{purpose}）")
REVOKED = audit.kind("account.code_revoked", "{by} 作废了账号 {username} 的一次性码")


@dataclass(frozen=True, slots=True)
class Issued:
    """A one-time code just made: the only moment at which it is in clear."""

    user: User
    code: str
    purpose: Purpose
    expires_at: datetime


@action
def issue_code(*, by: User | None, user: User, purpose: Purpose = Purpose.INVITE) -> Issued:
    """A new one-time code for an account; an earlier one no longer opens anything.

    `by` is None from the shell of the server alone. Raises NotAllowed for one's own account and without the
    permission (`access.check_may_reset`), Refused for an account that is stopped.
    """
    if by is not None and purpose == Purpose.RESET:
        check_may_reset(by, user)
    elif by is not None:
        check_may(by, Permission.MANAGE_ACCOUNTS)
    check_not_oneself(by, user)
    if not user.is_active:
        raise Refused.because("user", "这个账号已停用，请先重新启用")
    if purpose == Purpose.INVITE and user.has_usable_password():
        raise Refused.because("user", "这个账号已经设好密码。忘记密码请用「重设密码」")
    return issue(user, purpose, by)


@action
def revoke_code(*, by: User, user: User) -> None:
    """The open code of an account opens nothing any more. Raises Refused where there is none."""
    check_may(by, Permission.MANAGE_ACCOUNTS)
    if not revoke(user):
        raise Refused.because("user", "没有等着使用的一次性码，可能已经用过或作废")
    audit.record(REVOKED, by=by, about=user, username=user.username)


def revoke(user: User) -> int:
    return OneTimeCode.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=clock.now())


def issue(user: User, purpose: Purpose, by: User | None) -> Issued:
    revoke(user)
    rules, now, code = policy(), clock.now(), codes.new_code()
    hours = rules.code_hours if purpose == Purpose.INVITE else rules.reset_hours
    expires = now + timedelta(hours=hours)
    OneTimeCode.objects.create(
        user=user, purpose=purpose, code_hash=hash_code(code), digest=codes.digest(code), issued_at=now, issued_by=by,
        expires_at=expires,
    )  # fmt: skip
    audit.record(INVITED, by=by, about=user, username=user.username, purpose=purpose.label)
    return Issued(user, code, purpose, expires)


def hash_code(typed: str) -> str:
    return lookup_hash(codes.digest(typed), "account.code")
