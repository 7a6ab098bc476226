"""Reading accounts: the policy in force, the list, what is asked for, sessions."""

from datetime import date

from shuangbai.accounts.models import Policy
from shuangbai.core import clock
from shuangbai.network.roles import Permission


def setup_items() -> list[tuple[str, str, str, Permission]]:
    """What the set-up hub shows of this room: url name, label, one line about it, the permission for it."""
    return [
        ("account-list", "账号", "开设账号、发邀请、重设密码、解锁、停用", Permission.MANAGE_ACCOUNTS),
        ("role-requests", "角色确认", "确认或收回督导、经办和三个管理员的角色", Permission.GRANT_ROLES),
        ("policies", "登录规则", "密码、锁定、会话、二次验证和邀请码的规则及历史", Permission.SET_POLICIES),
    ]


def policy_on(day: date) -> Policy:
    """The rules of signing in that hold on the day; the defaults (version 0) where none were set."""
    return Policy.objects.filter(starts_on__lte=day).order_by("-version").first() or Policy(version=0)


def policy() -> Policy:
    return policy_on(clock.today())
