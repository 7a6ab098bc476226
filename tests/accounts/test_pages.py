"""The pages of accounts: who sees them, what they say, how many queries they take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shuangbai.accounts.actions import ask_reset, ask_role
from shuangbai.accounts.models import OneTimeCode, RoleRequest
from shuangbai.accounts.queries import setup_items
from shuangbai.network.models import RoleGrant, User
from shuangbai.network.roles import Permission, Role
from tests.accounts.test_opening import a_staff
from tests.cast import TODAY, City

Asks = Callable[[User], Client]
pytestmark = pytest.mark.django_db
EVERYBODY = ["worker", "colleague", "head", "stranger", "supervisor", "officer", "sysadmin", "security", "auditor"]
MANAGERS = {"sysadmin"}
# address: who may open it; {…} is an account or a row of the city
PAGES = {
    "/account/": set(EVERYBODY),
    "/account/password": set(EVERYBODY),
    "/account/factor": set(EVERYBODY),
    "/account/team": {"head"},
    "/account/team/{colleague}/reset": {"head"},
    "/setup/accounts/": MANAGERS,
    "/setup/accounts/new": MANAGERS,
    "/setup/accounts/list": MANAGERS,
    "/setup/accounts/{worker}/": MANAGERS,
    "/setup/accounts/{worker}/stop": MANAGERS,
    "/setup/accounts/{worker}/roles/new": MANAGERS,
    "/setup/accounts/{worker}/provider": set(),  # not offered
    "/setup/roles/": {"security"},
    "/setup/roles/grants/{grant}/end": {"security"},
    "/setup/roles/grants/{station_grant}/end": MANAGERS,
    "/setup/policies/": {"security"},
}
# address: what is posted, and who may
POSTS: dict[str, tuple[dict[str, str], set[str]]] = {
    "/setup/accounts/{worker}/do": ({"do": "reset"}, MANAGERS),
    "/setup/accounts/{worker}/stop": ({"reason": "x"}, MANAGERS),
    "/setup/accounts/resets/{reset}": ({"outcome": "granted"}, MANAGERS),
    "/setup/roles/requests/{request}": ({"outcome": "granted"}, {"security"}),
    "/setup/roles/accounts/{auditor}/do": ({"do": "reset"}, {"security"}),
}


@pytest.fixture
def places(city: City) -> dict[str, Any]:
    """What stands for the braces of an address."""
    users = city.users
    reset = ask_reset(by=users["head"], user=users["worker"], reason="忘了")
    request = ask_role(
        by=users["sysadmin"], user=users["worker"], role=Role.OFFICER, unit=city.root, starts_on=TODAY, reason="借调"
    )
    assert isinstance(request, RoleRequest)
    return {
        **{name: user.pk for name, user in users.items()}, "reset": reset.pk, "request": request.pk,
        "grant": RoleGrant.objects.get(user=users["officer"]).pk,
        "station_grant": RoleGrant.objects.get(user=users["worker"]).pk,
    }  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_there_for_whom_it_is_and_for_nobody_else(
    city: City, client_for: Asks, places: dict[str, Any], address: str
) -> None:
    answers = {name: client_for(city.users[name]).get(address.format(**places)).status_code for name in EVERYBODY}
    assert {name for name, status in answers.items() if status == 200} == PAGES[address]
    assert {status for name, status in answers.items() if name not in PAGES[address]} <= {404}
    assert Client().get(address.format(**places)).status_code == 302


@pytest.mark.parametrize("address", POSTS)
def test_a_button_works_for_whom_it_is_and_for_nobody_else(
    city: City, client_for: Asks, places: dict[str, Any], address: str
) -> None:
    sent, who = POSTS[address]
    others = [name for name in EVERYBODY if name not in who]
    for name in others:
        assert client_for(city.users[name]).post(address.format(**places), sent).status_code == 404
    assert not OneTimeCode.objects.exists()
    for name in who:
        assert client_for(city.users[name]).post(address.format(**places), sent).status_code in {200, 302}
    assert Client().post(address.format(**places), sent).status_code == 302


def test_a_button_that_does_not_exist_is_not_there(city: City, client_for: Asks, worker: User, sysadmin: User) -> None:
    client = client_for(sysadmin)
    assert client.post(f"/setup/accounts/{worker.pk}/do", {"do": "delete"}).status_code == 404
    assert client.get(f"/setup/accounts/{worker.pk}/do").status_code == 405


def test_everything_that_the_hub_lists_has_an_address_and_a_permission() -> None:
    from django.urls import reverse

    items = setup_items()
    assert {permission for *_, permission in items} == {
        Permission.MANAGE_ACCOUNTS, Permission.GRANT_ROLES, Permission.SET_POLICIES,
    }  # fmt: skip
    assert all(reverse(name).startswith("/setup/") and label and line for name, label, line, _ in items)


class TestTheList:
    def names(self, client: Client, query: str) -> set[str]:
        return {line.user.username for line in client.get(f"/setup/accounts/{query}").context["lines"]}

    def test_it_finds_by_name_account_station_state_and_role(
        self, city: City, client_for: Asks, sysadmin: User
    ) -> None:
        client = client_for(sysadmin)
        assert self.names(client, "?q=林小燕") == {"worker"}
        assert self.names(client, "?q=officer") == {"officer"}
        assert self.names(client, "?q=城东") == {"worker", "colleague", "head"}
        assert self.names(client, "?role=security") == {"security"}
        assert self.names(client, "?state=active") == set(city.users)
        assert self.names(client, "?state=nonsense") == set(city.users)

    def test_states_follow_what_happened(self, city: City, client_for: Asks, sysadmin: User) -> None:
        client = client_for(sysadmin)
        staff = a_staff(city)
        typed = {"display_name": "曾美云", "username": "zengmeiyun", "staff": str(staff.pk), "role": "worker",
                 "unit": str(city.chengdong.pk)}  # fmt: skip
        slip = client.post("/setup/accounts/new", typed)
        assert slip.status_code == 200
        assert self.names(client, "?state=invited") == {"zengmeiyun"}
        client.post(f"/setup/accounts/{User.objects.get(username='zengmeiyun').pk}/do", {"do": "revoke"})
        assert self.names(client, "?state=unopened") == {"zengmeiyun"}

    def test_a_long_list_asks_as_much_as_a_short_one(
        self, city: City, client_for: Asks, sysadmin: User, django_assert_max_num_queries: Any
    ) -> None:
        client = client_for(sysadmin)
        for more in (0, 60):
            for n in range(more):
                user = User.objects.create(username=f"extra{n}", display_name="某", password="!")
                RoleGrant.objects.create(user=user, role=Role.OFFICER, unit=city.root, starts_on=TODAY)
            with django_assert_max_num_queries(14):
                client.get("/setup/accounts/")
        assert self.names(client, "?page=2")


def test_one_account_tells_what_was_done_to_it(city: City, client_for: Asks, sysadmin: User, places: Any) -> None:
    page = client_for(sysadmin).get(f"/setup/accounts/{city.users['worker'].pk}/").content.decode()
    for words in (
        "城东社工站 社工",
        "等安全管理员确认",
        "借调",
        "罗伟 为账号 worker 申请角色",
        "陈丽娟 为账号 worker 申请重设密码",
    ):
        assert words in page


def test_a_form_with_a_mistake_keeps_what_was_typed(city: City, client_for: Asks, sysadmin: User) -> None:
    typed = {"display_name": "某某", "username": "worker", "role": "officer", "unit": str(city.root.pk)}
    answer = client_for(sysadmin).post("/setup/accounts/new", typed)
    assert answer.status_code == 422
    assert "账号 worker 已有人使用" in answer.content.decode()
    assert 'value="某某"' in answer.content.decode()
