"""The pages of the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shuangbai.network.models import User
from shuangbai.network.roles import PERMISSION_WORDS, Role

Asks = Callable[[User], Client]
pytestmark = pytest.mark.django_db


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
