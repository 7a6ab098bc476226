"""The rules of signing in, as the security administrator sets them."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from shuangbai.accounts.access import check_may
from shuangbai.accounts.models import Policy
from shuangbai.accounts.queries import latest_policy
from shuangbai.accounts.rules import ROLE_LABELS
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Conflict, Refused
from shuangbai.network.models import User
from shuangbai.network.roles import Permission

SET = audit.kind("policy.set", "{by} 修改了登录规则：{changes}；理由：{reason}")

FIELDS = (
    "shortest", "kinds", "password_days", "not_again", "lock_after", "lock_minutes", "idle_minutes", "session_hours",
    "code_hours", "reset_hours", "heads_may_ask", "factor_roles",
)  # fmt: skip


@action
def set_policy(*, by: User, version: int, values: Mapping[str, Any], reason: str) -> Policy:
    """The rules from today on. `version` is the one the page showed: Conflict where it is no longer the latest."""
    check_may(by, Permission.SET_POLICIES)
    before = latest_policy()
    if before.version != version:
        raise Conflict(before)
    changes = changed(before, values)
    if not changes:
        raise Refused.because("reason", "没有改动，不用保存")
    made = Policy(
        version=version + 1, starts_on=clock.today(), set_at=clock.now(), set_by=by, reason=reason,
        **{name: values[name] for name in FIELDS},
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Conflict(latest_policy()) from None
    audit.record(SET, by=by, about=made, changes="，".join(changes), reason=reason)
    return made


def changed(before: Policy, values: Mapping[str, Any]) -> list[str]:
    """What differs, in words: 密码最少几个字符 10 改为 12."""
    return [
        f"{label_of(name)} {shown(getattr(before, name))} 改为 {shown(values[name])}"
        for name in FIELDS
        if _plain(getattr(before, name)) != _plain(values[name])
    ]


def label_of(name: str) -> str:
    return str(getattr(Policy._meta.get_field(name), "verbose_name", name))


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def shown(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(str(ROLE_LABELS.get(one, one)) for one in value) or "无"
    return ("是" if value else "否") if isinstance(value, bool) else str(value)
