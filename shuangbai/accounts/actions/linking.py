"""Which name at the sign-in provider belongs to which account: said explicitly, never guessed."""

from django.db import IntegrityError, transaction

from shuangbai.accounts.access import check_may_reset, check_not_stopped
from shuangbai.accounts.models import ProviderLink
from shuangbai.accounts.queries import claim_digest, claim_hash
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Refused
from shuangbai.network.models import User

LINKED = audit.kind("account.provider_linked", "{by} 把账号 {username} 与统一登录平台绑定")
UNLINKED = audit.kind("account.provider_unlinked", "{by} 解除了账号 {username} 与统一登录平台的绑定")


@action
def link_provider(*, by: User, user: User, issuer: str, claim: str) -> ProviderLink:
    """Bind a name at the provider to an account: one's own, or somebody's whom `by` may reset.

    Whoever binds an account could sign in as it, so this is guarded as a reset is.
    """
    _check_may_link(by, user)
    if not claim.strip():
        raise Refused.because("claim", "请填写统一登录平台上的账号标识")
    row = ProviderLink(
        user=user, issuer=issuer, claim_hash=claim_hash(issuer, claim), digest=claim_digest(issuer, claim),
        linked_at=clock.now(), linked_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused.because("claim", "这个账号已经绑定，或这个标识已绑定别的账号。请先解除原来的绑定") from None
    audit.record(LINKED, by=by, about=user, username=user.username)
    return row


@action
def unlink_provider(*, by: User, user: User, issuer: str) -> None:
    _check_may_link(by, user)
    if not ProviderLink.objects.filter(user=user, issuer=issuer).delete()[0]:
        raise Refused.because("claim", "这个账号没有绑定统一登录平台")
    audit.record(UNLINKED, by=by, about=user, username=user.username)


def _check_may_link(by: User, user: User) -> None:
    check_not_stopped(by)
    if by.pk != user.pk:
        check_may_reset(by, user)
