"""Signing in and the pages of the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shuangbai.network.models import User
from shuangbai.network.roles import PERMISSION_WORDS, Role
from tests.cast import PASSWORD, City

Asks = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def test_signing_in_leads_to_the_page_that_was_asked_for(city: City) -> None:
    client = Client()
    answer = client.post("/signin", {"username": "worker", "password": PASSWORD, "next": "/network/roles/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/network/roles/"
    assert client.get("/network/roles/").status_code == 200


def test_signing_in_never_leads_outside(city: City) -> None:
    answer = Client().post("/signin", {"username": "worker", "password": PASSWORD, "next": "https://elsewhere.cn/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("typed", [("worker", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(city: City, typed: tuple[str, str]) -> None:
    answer = Client().post("/signin", {"username": typed[0], "password": typed[1]})
    assert answer.status_code == 422
    assert "账号或密码不对" in answer.content.decode()


def test_too_many_wrong_passwords_lock_the_account_for_a_while(city: City) -> None:
    client = Client()
    for _ in range(9):
        answer = client.post("/signin", {"username": "worker", "password": "wrong"})
    assert answer.status_code == 429
    assert "请稍后再登录" in answer.content.decode()


def test_who_has_not_signed_in_sees_the_sign_in(city: City) -> None:
    answer = Client().get("/network/")
    assert answer["Location"] == "/signin?next=/network/"


def test_signing_out_takes_a_post(client_for: Asks, worker: User) -> None:
    client = client_for(worker)
    assert client.get("/signout").status_code == 405
    client.post("/signout")
    assert client.get("/network/").status_code == 302


def test_a_worker_sees_the_own_station_and_the_officer_all(client_for: Asks, worker: User, officer: User) -> None:
    own, every = (client_for(who).get("/network/").content.decode() for who in (worker, officer))
    assert "城东社工站" in own
    assert "东洲社工站" not in own
    assert all(name in every for name in ("城东社工站", "海城社工站", "东洲社工站", "chart-bars"))


def test_another_stations_page_is_not_there(client_for: Asks, worker: User, stranger: User) -> None:
    assert client_for(worker).get("/network/stations/SW-HF-01/").status_code == 200
    assert client_for(stranger).get("/network/stations/SW-HF-01/").status_code == 404
    assert client_for(worker).get("/network/stations/SW-HF/").status_code == 404  # a county is not a station


def test_a_station_shows_its_villages_with_their_dates(client_for: Asks, worker: User) -> None:
    page = client_for(worker).get("/network/stations/SW-HF-01/").content.decode()
    for words in ("赤山村", "驻村重点", "台东村", "周边覆盖", "2019-01-01", "陈丽娟", "站长"):
        assert words in page


def test_the_roles_are_on_one_page_for_everybody(client_for: Asks, auditor: User) -> None:
    page = client_for(auditor).get("/network/roles/").content.decode()
    assert all(role.label in page for role in Role)
    assert all(words in page for words in PERMISSION_WORDS.values())


def test_the_network_asks_as_much_for_one_station_as_for_all(
    client_for: Asks, officer: User, worker: User, django_assert_max_num_queries: Any
) -> None:
    client_for(worker).get("/network/")
    for who in (worker, officer):
        client = client_for(who)
        with django_assert_max_num_queries(14):
            client.get("/network/")
