"""Who may do what to an account."""

from typing import Any

from shuangbai.core.findings import NotAllowed
from shuangbai.network.access import viewer_of
from shuangbai.network.models import User
from shuangbai.network.roles import Permission


def check_may(by: Any, permission: Permission) -> None:
    """Raise NotAllowed unless `by` holds the permission today."""
    if not viewer_of(by).may(permission):
        raise NotAllowed


def check_not_oneself(by: User | None, user: User) -> None:
    """Nobody decides about their own account."""
    if by is not None and by.pk == user.pk:
        raise NotAllowed
