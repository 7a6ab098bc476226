"""What is planted in personal fields stands on the pages that show it alone: in no log, cookie, header or cache."""

from __future__ import annotations

import io
import logging
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, OperationalError, models
from django.test import Client, RequestFactory

from checks import ROOT
from checks.personal import PLAIN, personal, undeclared
from shuangbai.core.views import server_error
from tests.sweep.aside import PLANTED, held, unsigned
from tests.sweep.asking import client_as, form_for, rows
from tests.sweep.world import World, undone

pytestmark = pytest.mark.django_db


def test_an_error_is_logged_without_what_was_typed_or_stored(log: io.StringIO) -> None:
    try:
        try:
            raise IntegrityError(f"Failing row contains ({PLANTED})")
        except IntegrityError as error:
            raise ValueError(f"invalid literal: '{PLANTED[0]}'") from error
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/families/new")
    said = log.getvalue()
    assert held(said) == []
    assert "ValueError" in said
    assert "IntegrityError" in said
    assert "test_personal.py" in said
    try:
        raise OperationalError("could not connect to server: Connection refused")
    except OperationalError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/")
    assert "Connection refused" in log.getvalue()


def test_the_page_of_an_error_and_its_log_say_nothing(
    world: World,
    log: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ValueError(f"{PLANTED}")

    monkeypatch.setattr("shuangbai.visits.views.record_visit", broken)
    client = client_as(world, "worker", raise_request_exception=False)
    row = next(row for row in rows() if row.name == "visit-new" and row.method == "POST")
    response = client.post(row.address(world.here.keys), form_for(row, world.here))
    assert response.status_code == 500
    page = response.content.decode()
    assert "系统出了错" in page
    assert held(page) == []
    assert "Internal Server Error: /visits/new" in log.getvalue()
    assert held(log.getvalue()) == []


def test_a_database_that_is_away_is_said_to_be_away() -> None:
    request = RequestFactory().post("/visits/new", {"narrative": PLANTED[0]})
    try:
        raise OperationalError("gone")
    except OperationalError:
        response = server_error(request)
    assert response.status_code == 503
    assert "数据库暂时连不上，刚才的内容没有保存" in response.content.decode()
    assert held(response.content.decode()) == []


def test_no_handler_mails_or_prints_a_request() -> None:
    handlers = [
        h for name in ("", "django", "django.request", "django.server") for h in logging.getLogger(name).handlers
    ]
    assert not [h for h in handlers if type(h).__name__ in {"AdminEmailHandler"}]
    assert settings.LOGGING["root"]["handlers"] == ["stderr"]
    assert not settings.DEBUG


def test_static_files_hold_nobody() -> None:
    for path in (ROOT / "shuangbai").rglob("static/**/*"):
        if path.is_file():
            assert held(path.read_bytes().decode("utf-8", "replace")) == [], path


@pytest.mark.nodb
class TestTheDeclarations:
    def test_every_field_that_can_say_something_is_declared(self) -> None:
        assert undeclared() == []

    def test_an_undeclared_field_is_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(PLAIN, "core.Installation", PLAIN["core.Installation"].replace("key_id", ""))
        assert any("core.Installation.key_id" in one for one in undeclared())

    def test_an_encrypted_field_cannot_be_plain(self, monkeypatch: pytest.MonkeyPatch) -> None:
        household: Any = apps.get_model("households", "Household")
        monkeypatch.setattr(household, "PERSONAL", personal(household) - {"phone"})
        assert any("encrypted, so it is personal" in one for one in undeclared())

    def test_what_is_planted_reaches_every_kind_of_personal_word(self) -> None:
        """Each personal field of the tables about families that takes words has a word planted, or is derived."""
        derived = {"initials", "id_hash", "id_tail", "phone_tails", "key", "level", "void_reason", "reason", "group",
                   "grade", "needs", "topics", "reasons", "doubts", "undo_reason"}  # fmt: skip
        planted = {"head_name", "address", "phone", "note", "name", "id_no", "certificate", "narrative", "observation",
                   "summary", "typed"}  # fmt: skip
        words = (models.CharField, models.TextField, models.JSONField)
        rooms = ("households", "visits", "activities", "services")
        fields = {
            name
            for room in rooms
            for model in apps.get_app_config(room).get_models()
            if not hasattr(model, "history_date")
            for name in personal(model)
            if isinstance(model._meta.get_field(name), words) and not model._meta.get_field(name).choices
        }
        assert fields <= planted | derived


def test_whoever_holds_the_cookie_reads_keys_and_codes_alone(world: World) -> None:
    """After a family was entered, the message that waits in the cookie names nobody."""
    client = client_as(world, "worker")
    row = next(row for row in rows() if row.name == "family-new" and row.method == "POST")
    with undone():
        client.post(row.address(world.here.keys), form_for(row, world.here))
    said = unsigned(client.cookies["sessionid"].value)
    assert "_auth_user_id" in said
    assert held(said) == []
    assert isinstance(client, Client)


def test_nor_does_the_cookie_of_whoever_has_signed_in_tell_of_anybody(world: World) -> None:
    cookies = {who: client.cookies["sessionid"].value for who, client in world.clients.items() if client.cookies}
    assert "worker" in cookies
    assert {who: words for who, cookie in cookies.items() if (words := held(unsigned(cookie)))} == {}
