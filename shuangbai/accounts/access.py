"""Who may do what to an account."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuangbai.accounts.rules import ADMINISTRATORS
from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed
from shuangbai.network.access import viewer_of
from shuangbai.network.models import Posting, RoleGrant, User
from shuangbai.network.roles import Permission, Role


def check_may(by: Any, permission: Permission) -> None:
    """Raise NotAllowed unless `by` holds the permission today."""
    if not viewer_of(by).may(permission):
        raise NotAllowed


def check_not_oneself(by: User | None, user: User) -> None:
    """Nobody decides about their own account."""
    if by is not None and by.pk == user.pk:
        raise NotAllowed


def check_not_stopped(by: User) -> None:
    """Raise NotAllowed for an account that was stopped: it does nothing any more, not even about itself."""
    if not by.is_active:
        raise NotAllowed


def _administrating() -> QuerySet[RoleGrant]:
    """The grants of the three administrators' roles that hold today or are going to."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today())
    return RoleGrant.objects.filter(lasting, role__in=ADMINISTRATORS)


def is_administrator(user: User) -> bool:
    """Whether an account holds, or is going to hold, one of the three administrators' roles."""
    return _administrating().filter(user=user).exists()


def check_may_reset(by: Any, user: User) -> None:
    """Raise NotAllowed unless `by` may let the account set a new password.

    Who sees the code could use it: were the system administrator to reset the security administrator, both
    keys would be in one hand. The security administrator resets administrators, the system administrator all others.
    """
    check_not_oneself(by, user)
    check_may(by, Permission.GRANT_ROLES if is_administrator(user) else Permission.MANAGE_ACCOUNTS)


def accounts_reset_by(by: Any) -> QuerySet[User]:
    """The accounts of which `check_may_reset` raises nothing: asked at once, so that a foreign one costs the same."""
    duties = ((True, Permission.GRANT_ROLES), (False, Permission.MANAGE_ACCOUNTS))
    theirs = [administrates for administrates, permission in duties if viewer_of(by).may(permission)]
    found = User.objects.annotate(administrates=Exists(_administrating().filter(user=OuterRef("pk"))))
    return found.filter(administrates__in=theirs).exclude(pk=by.pk)


def stations_headed(by: Any) -> list[UUID]:
    """The stations that somebody leads today."""
    return [held.unit.pk for held in viewer_of(by).held if held.role == Role.HEAD]


def accounts_led_by(by: Any) -> QuerySet[User]:
    """The accounts of the others who are posted today at a station that somebody leads."""
    posted = Posting.objects.on(clock.today()).filter(staff=OuterRef("staff"), unit__in=stations_headed(by))
    return User.objects.filter(Exists(posted), is_active=True).exclude(pk=by.pk)


def may_ask_reset(by: Any, user: User) -> bool:
    return bool(stations_headed(by)) and accounts_led_by(by).filter(pk=user.pk).exists()
