"""What a watching machine is told, and what a person reads when the database or the disk gives out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from shuangbai.core import keys, readiness
from shuangbai.core.models import Installation
from shuangbai.desk.views import today
from shuangbai.network.models import User
from tests.cast import City

ROOM = 10 * 1024**3


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A disk with so many free bytes; enough, unless a test says otherwise."""

    def free(count: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=count))

    free(ROOM)
    return free


def word(client: Client, path: str = "/ready") -> tuple[int, str]:
    answer = client.get(path)
    assert "Set-Cookie" not in answer.headers
    return answer.status_code, answer.content.decode().strip()


class TestHealth:
    @pytest.mark.nodb
    def test_asks_no_database(self, client: Client) -> None:
        assert word(client, "/health") == (200, "ok")  # pytest refuses the database to this test

    @pytest.mark.nodb
    def test_answers_nothing_but_questions(self, client: Client) -> None:
        assert client.post("/health").status_code == 405
        assert client.post("/ready").status_code == 405
        assert client.head("/health").status_code == 200

    def test_answers_only_to_its_own_names(self, client: Client, db: None) -> None:
        assert client.get("/health", headers={"host": "elsewhere.example"}).status_code == 400


class TestReadiness:
    def test_all_is_well(self, client: Client, city: City, django_assert_max_num_queries: Any) -> None:
        word(client)
        with django_assert_max_num_queries(3):
            assert word(client) == (200, "ok")

    def test_before_there_is_a_city(self, client: Client, db: None) -> None:
        assert word(client) == (200, "ok")

    def test_a_migration_is_missing(self, client: Client, city: City) -> None:
        MigrationRecorder(connection).migration_qs.filter(app="visits").delete()
        assert word(client) == (503, "migrations")

    def test_the_database_is_of_a_later_version(self, client: Client, city: City) -> None:
        MigrationRecorder(connection).record_applied("visits", "9999_from_the_future")
        assert word(client) == (503, "migrations")

    def test_the_key_of_this_database_is_not_there(self, client: Client, city: City) -> None:
        Installation.objects.update(key_id="k9")
        assert word(client) == (503, "key")

    def test_the_key_file_is_not_there(self, client: Client, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        def lost() -> None:
            raise ImproperlyConfigured("…")

        monkeypatch.setattr(keys, "keyring", lost)
        assert word(client) == (503, "key")

    def test_the_disk_is_nearly_full(self, client: Client, city: City, room: Callable[[int], None]) -> None:
        room(readiness.ENOUGH_BYTES - 1)
        assert word(client) == (503, "disk")

    def test_the_database_is_away(self, client: Client, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        def away(*_: Any, **__: Any) -> None:
            raise OperationalError("connection refused")

        with monkeypatch.context() as patch:
            patch.setattr(connection, "ensure_connection", away)
            patch.setattr(connection, "cursor", away)
            assert word(client) == (503, "database")
        assert word(client) == (200, "ok")


class TestPages:
    """A page whose database gives out in the middle."""

    @pytest.fixture
    def open_page(self, worker: User, client_for: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], Any]:
        def opened(error: Exception) -> Any:
            def fails(*_: Any, **__: Any) -> None:
                raise error

            with monkeypatch.context() as patch:
                patch.setattr(today, "render", fails)
                client = client_for(worker)
                client.raise_request_exception = False
                return client.get("/")

        return opened

    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (OperationalError("connection to server failed: Connection refused"), "数据库暂时连不上"),
            (InterfaceError("connection already closed"), "数据库暂时连不上"),
            (OperationalError("database or disk is full"), "磁盘已满"),
            (OSError(28, "No space left on device"), "磁盘已满"),
            (OperationalError("database is locked"), "用的人太多"),
        ],
    )
    def test_what_will_pass_is_a_503_in_plain_chinese(
        self, open_page: Callable[[Exception], Any], error: Exception, said: str
    ) -> None:
        answer = open_page(error)
        assert answer.status_code == 503
        assert said in answer.content.decode()
        assert answer.headers["Retry-After"] == "10"
        assert "no-store" in answer.headers["Cache-Control"]

    @pytest.mark.parametrize("error", [ProgrammingError("no such column"), ValueError("x"), OSError(2, "not there")])
    def test_a_defect_stays_a_500(self, open_page: Callable[[Exception], Any], error: Exception) -> None:
        answer = open_page(error)
        assert answer.status_code == 500
        assert "系统出了错" in answer.content.decode()
