"""Code lists of accounts."""

from django.db.models import TextChoices


class AccountState(TextChoices):
    """How an account stands; derived, never stored."""

    ACTIVE = "active", "使用中"
    INVITED = "invited", "已邀请"
    UNOPENED = "unopened", "未启用"
    LOCKED = "locked", "已锁定"
    STOPPED = "stopped", "已停用"


class Purpose(TextChoices):
    """What a one-time code is for."""

    INVITE = "invite", "邀请"
    RESET = "reset", "重设密码"


class EndReason(TextChoices):
    """Why a session was ended. One that its owner signed out of is no longer there."""

    BY_OWNER = "by_owner", "本人从别处结束"
    BY_ADMINISTRATOR = "by_administrator", "管理员结束"
    PASSWORD = "password", "密码已更改"
    FACTOR = "factor", "二次验证已更改"
    STOPPED = "stopped", "账号停用"


class Outcome(TextChoices):
    """How a request ended."""

    GRANTED = "granted", "同意"
    DECLINED = "declined", "不同意"
    WITHDRAWN = "withdrawn", "撤回"


class Step(TextChoices):
    """What somebody has to do after signing in, before anything else."""

    PASSWORD = "password", "更换密码"
    FACTOR = "factor", "绑定验证器"
