"""Sessions: that somebody signed in, and the ways in which that ends.

Signing out removes the row: with its end beside its beginning it would say how long somebody was here, and
nobody is to be measured by that. What others ended stays, with the reason, for the person to see.
"""

from uuid import UUID

from django.db.models import Q

from shuangbai.accounts.access import check_may, check_not_stopped
from shuangbai.accounts.enums import EndReason
from shuangbai.accounts.models import AccountSession
from shuangbai.accounts.queries import LONGEST_SESSION
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import NotAllowed
from shuangbai.network.models import User
from shuangbai.network.roles import Permission

SIGNED_IN = audit.kind("session.begun", "{by} 登录了系统")
ENDED = audit.kind("session.ended", "{by} 结束了账号 {username} 的登录（{count} 处）")


@action
def begin_session(*, user: User, device: str, instead_of: str | None = None) -> AccountSession:
    """Somebody signed in. `instead_of` is the session that the same browser carried before.

    What can no longer be in use goes too: nobody signed out of it, and its longest life is over.
    """
    over = Q(begun_at__lt=clock.now() - LONGEST_SESSION)
    if instead_of:
        over |= Q(pk=instead_of)
    AccountSession.objects.filter(over, user=user, ended_at=None).delete()
    session = AccountSession.objects.create(user=user, begun_at=clock.now(), device=device)
    audit.record(SIGNED_IN, by=user, about=user)
    return session


@action
def sign_out(*, by: User, session_id: str) -> None:
    AccountSession.objects.filter(pk=session_id, user=by, ended_at=None).delete()


@action
def end_session(*, by: User, session_id: UUID) -> None:
    """End one session: one's own, or with MANAGE_ACCOUNTS anybody's. NotAllowed for what is not there."""
    check_not_stopped(by)
    session = AccountSession.objects.filter(pk=session_id).select_related("user").first()
    if session is None:
        raise NotAllowed
    if session.user_id != by.pk:
        check_may(by, Permission.MANAGE_ACCOUNTS)
    reason = EndReason.BY_OWNER if session.user_id == by.pk else EndReason.BY_ADMINISTRATOR
    if end_sessions(session.user, reason, only=session_id):
        audit.record(ENDED, by=by, about=session.user, username=session.user.username, count=1)


@action
def end_other_sessions(*, by: User, keep: str) -> int:
    """End all of one's own sessions but the one that asks; how many there were."""
    check_not_stopped(by)
    count = end_sessions(by, EndReason.BY_OWNER, keep=keep)
    if count:
        audit.record(ENDED, by=by, about=by, username=by.username, count=count)
    return count


@action
def end_all_sessions(*, by: User, user: User) -> int:
    """An administrator ends every session of an account; how many there were."""
    check_may(by, Permission.MANAGE_ACCOUNTS)
    count = end_sessions(user, EndReason.BY_ADMINISTRATOR)
    if count:
        audit.record(ENDED, by=by, about=user, username=user.username, count=count)
    return count


def end_sessions(user: User, reason: EndReason, *, keep: str | None = None, only: UUID | None = None) -> int:
    """End the open sessions of an account. For actions that have checked who may."""
    rows = AccountSession.objects.filter(user=user, ended_at=None)
    if keep:
        rows = rows.exclude(pk=keep)
    if only:
        rows = rows.filter(pk=only)
    return rows.update(ended_at=clock.now(), end_reason=reason)
