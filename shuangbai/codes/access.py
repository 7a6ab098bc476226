"""Who may decide for the whole city."""

from typing import Any

from shuangbai.core.findings import NotAllowed
from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission


def may_decide(user: Any, permission: Permission = Permission.MANAGE_CODES) -> bool:
    """Whether somebody holds the permission at the root of the tree: what they decide holds everywhere."""
    return any(unit.parent_id is None for unit in viewer_of(user).units(permission))


def check_decides(user: Any, permission: Permission = Permission.MANAGE_CODES) -> None:
    """Raise NotAllowed unless somebody decides for the whole city."""
    if not may_decide(user, permission):
        raise NotAllowed
