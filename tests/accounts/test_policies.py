"""The rules of signing in: who sets them, what two who set them at once are told, and their history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from shuangbai.accounts.actions import set_policy
from shuangbai.accounts.actions.policies import FIELDS
from shuangbai.accounts.models import Policy
from shuangbai.accounts.queries import latest_policy, policy, policy_on
from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.network.models import User
from shuangbai.network.roles import Role
from tests.accounts.test_door import a_policy
from tests.cast import TODAY, City

Asks = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def values(**more: Any) -> dict[str, Any]:
    return {name: getattr(Policy(), name) for name in FIELDS} | more


def typed(version: int, **more: Any) -> dict[str, Any]:
    given = values(**more)
    if not given["heads_may_ask"]:
        del given["heads_may_ask"]
    return {**given, "version": version, "reason": "检查要求", **more}


def test_before_anybody_set_them_the_defaults_hold(city: City) -> None:
    assert latest_policy().version == 0
    assert (policy().shortest, policy().lock_after, policy().idle_minutes) == (10, 8, 30)


def test_a_change_holds_from_today_and_the_trail_says_what(city: City, security: User) -> None:
    set_policy(by=security, version=0, values=values(shortest=12, factor_roles=[Role.SYSADMIN]), reason="检查要求")
    assert policy().shortest == 12
    said = AuditEvent.objects.get(kind="policy.set").details
    assert said["changes"] == "密码最少几个字符 10 改为 12，必须绑定验证器的角色 无 改为 系统管理员"


def test_yesterday_keeps_its_rules(city: City, security: User) -> None:
    a_policy(security, starts_on=TODAY - timedelta(days=5), shortest=9)
    set_policy(by=security, version=1, values=values(shortest=12), reason="x")
    assert policy_on(TODAY - timedelta(days=1)).shortest == 9
    assert policy_on(TODAY).shortest == 12
    assert policy_on(TODAY - timedelta(days=6)).version == 0


def test_the_second_of_two_is_shown_both_and_loses_nothing(city: City, security: User, client_for: Asks) -> None:
    set_policy(by=security, version=0, values=values(shortest=12), reason="x")
    client = client_for(security)
    answer = client.post("/setup/policies/", typed(0, shortest=14, idle_minutes=20))
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "已保存的版本" in body
    assert 'name="shortest" value="14"' in body
    assert policy().shortest == 12
    assert client.post("/setup/policies/", typed(1, shortest=14, idle_minutes=20)).status_code == 302
    assert (policy().shortest, policy().idle_minutes, policy().version) == (14, 20, 2)


def test_the_same_version_is_written_once(city: City, security: User) -> None:
    a_policy(security)
    with pytest.raises(IntegrityError), transaction.atomic():
        a_policy(security)
    with pytest.raises(Conflict):
        set_policy(by=security, version=0, values=values(shortest=12), reason="x")


@pytest.mark.parametrize(
    "wrong", [{"shortest": 4}, {"lock_after": 1}, {"lock_minutes": 0}, {"idle_minutes": 1}, {"session_hours": 48},
              {"session_hours": 0}, {"code_hours": 0}, {"reset_hours": 0}],
)  # fmt: skip
def test_the_database_takes_no_rule_that_protects_nothing(city: City, security: User, wrong: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        a_policy(security, **wrong)


def test_the_page_names_the_bounds(city: City, security: User, client_for: Asks) -> None:
    answer = client_for(security).post("/setup/policies/", typed(0, shortest=3, idle_minutes=9999))
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "至少 8，现在填的是 3" in body
    assert "至多 480，现在填的是 9999" in body


def test_saving_without_a_change_is_told(city: City, security: User) -> None:
    with pytest.raises(Refused, match="没有改动"):
        set_policy(by=security, version=0, values=values(), reason="x")


@pytest.mark.parametrize("who", ["sysadmin", "auditor", "officer", "head", "worker"])
def test_only_the_security_administrator_sets_them(city: City, who: str, client_for: Asks) -> None:
    with pytest.raises(NotAllowed):
        set_policy(by=city.users[who], version=0, values=values(shortest=8), reason="x")
    assert client_for(city.users[who]).get("/setup/policies/").status_code == 404


def test_the_history_is_on_the_page(city: City, security: User, client_for: Asks) -> None:
    client = client_for(security)
    assert "出厂的规则" in client.get("/setup/policies/").content.decode()
    assert client.post("/setup/policies/", typed(0, shortest=12)).status_code == 302
    body = client.get("/setup/policies/").content.decode()
    assert "何敏 修改了登录规则：密码最少几个字符 10 改为 12；理由：检查要求" in body
    assert "第 1 版" in body
    assert Policy.objects.get().set_at <= clock.now()
