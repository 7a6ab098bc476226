"""Whoever does not get in leaves a line, and what was typed for a name only where it is one."""

import pytest
from django.test import Client

from shuangbai.core import audit
from shuangbai.core.models import AuditEvent
from tests.cast import PASSWORD


def tries(username: str, password: str = "") -> None:
    Client().post("/signin", {"username": username, "password": password or "wrong"})


def said(kind: str) -> list[str]:
    return [audit.sentence(event) for event in AuditEvent.objects.filter(kind=kind).order_by("id")]


def test_a_wrong_password_is_told_with_the_account(city):
    tries("worker")
    assert said("signin.failed") == ["系统 记下一次没有通过的登录：账号 worker，来自 127.0.0.1"]
    event = AuditEvent.objects.get(kind="signin.failed")
    assert (event.about_type, event.about_id) == ("network.user", str(city.users["worker"].pk))


def test_a_password_typed_for_a_name_is_not_kept(city):
    tries("my-secret-password")
    assert "不存在的账号" in said("signin.failed")[0]
    assert "my-secret" not in str(list(AuditEvent.objects.values_list()))


def test_a_lock_is_told_and_what_follows_it_is_not_repeated(city):
    for _ in range(12):
        tries("worker")
    assert any("账号 worker" in sentence for sentence in said("signin.locked"))
    failed = len(said("signin.failed"))
    tries("worker")
    assert len(said("signin.failed")) == failed


@pytest.mark.django_db
def test_without_a_city_nothing_is_told():
    tries("worker")
    assert not AuditEvent.objects.exists()


def test_one_that_gets_in_leaves_no_such_line(city):
    tries("worker", PASSWORD)
    assert not AuditEvent.objects.filter(kind__startswith="signin.").exists()
