"""What no request gets past, whatever it asks for; that every answer carries its headers is asked in test_addresses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from checks import ROOT
from tests.cast import PASSWORD
from tests.sweep.asking import Row, client_as, form_for, rows
from tests.sweep.carried import HEADERS, carried
from tests.sweep.world import Place, World, undone

pytestmark = pytest.mark.django_db
ROWS = rows()


def asked(client: Client, row: Row, at: Place) -> Any:
    address, headers = row.address(at.keys), {"HX-Request": "true"} if row.method == "HTMX" else {}
    with undone():
        if row.method == "POST":
            return client.post(address, form_for(row, at), headers=headers)
        return client.get(address, headers=headers)


@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "POST"], ids=str)
def test_a_form_without_its_token_does_nothing(world: World, row: Row) -> None:
    for who in ("worker", "stranger", "nobody", "out"):
        response = asked(client_as(world, who, enforce_csrf_checks=True), row, world.here)
        assert response.status_code == 403, who
        page = response.content.decode()
        assert "没有保存：页面打开太久，或浏览器不收 Cookie" in page
        assert carried(response.headers) == HEADERS


# What went wrong: how it is asked for, the status, and a sentence of its page. None says what was sent.
SAID = "不该出现的话"


def _many(count: int) -> dict[str, str]:
    return {f"field{number}": SAID for number in range(count)}


WRONG = {
    "an address that is none": (lambda c: c.get(f"/nothing/{SAID}"), 404, "没有找到这一页"),
    "a method that is none": (lambda c: c.put("/families/", SAID), 405, "这个网址不能这样打开"),
    "a host that is not ours": (lambda c: c.get("/signin", headers={"host": "elsewhere.example"}), 400, "请求有误"),
    "a host with a port of letters": (lambda c: c.get("/", headers={"host": "127.0.0.1:x"}), 400, "请求有误"),
    "a body too large": (lambda c: c.post("/signin", {"username": SAID * 400_000}), 413, "一次发来的内容太多"),
    "too many fields": (lambda c: c.post("/signin", _many(2001)), 413, "一次发来的内容太多"),
    "too many files": (
        lambda c: c.post("/signin", {f"f{n}": SimpleUploadedFile("a.txt", SAID.encode()) for n in range(21)}),
        413, "一次发来的内容太多",
    ),
    "a body that is no form": (
        lambda c: c.post("/signin", b"--", content_type="multipart/form-data; boundary=" + "x" * 300), 400, "请求有误"
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_went_wrong_is_said_in_plain_words_and_repeats_nothing(world: World, wrong: str) -> None:
    ask, status, sentence = WRONG[wrong]
    early = status in (400, 413)  # before anybody is asked who they are, where the form's token is looked for
    client = client_as(world, "out" if early else "worker", raise_request_exception=False, enforce_csrf_checks=early)
    with undone():
        client.get("/signin")
        response = ask(client)
    page = response.content.decode()
    assert response.status_code == status
    assert sentence in page
    assert SAID not in page
    assert "Traceback" not in page
    assert '<html lang="zh-Hans">' in page
    assert carried(response.headers) | {"Cache-Control": "no-store"} == HEADERS


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\\x.y"]
)
def test_nobody_is_sent_elsewhere(world: World, wanted: str) -> None:
    inside = ("/", "/?", "/search")
    for who in ("out", "worker"):
        with undone():
            client = client_as(world, who)
            for response in (
                client.post("/signin", {"username": "worker", "password": PASSWORD, "next": wanted}),
                client_as(world, who).post("/textsize", {"size": "large", "next": wanted}),
                client_as(world, "worker").get("/signin", {"next": wanted}),
            ):
                assert response.status_code == 302
                assert response["Location"] in inside


SECURE = """
import json, os, sys
import django
django.setup()
from django.conf import settings
from django.test import Client
# As in conftest: nobody gathered the files with hashed names here.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
answer = Client().get("/", headers={"host": "elsewhere.example", "x-forwarded-proto": "https"})
json.dump({
    "hsts": answer.headers.get("Strict-Transport-Security"), "session": settings.SESSION_COOKIE_SECURE,
    "csrf": settings.CSRF_COOKIE_SECURE, "debug": settings.DEBUG, "origins": settings.CSRF_TRUSTED_ORIGINS,
}, sys.stdout)
"""


@pytest.mark.nodb
@pytest.mark.parametrize(("https", "expected"), [
    ("1", {"hsts": "max-age=31536000", "session": True, "csrf": True, "debug": False, "origins": ["https://a.example"]}),
    ("", {"hsts": None, "session": False, "csrf": False, "debug": False, "origins": []}),
])  # fmt: skip
def test_behind_https_cookies_are_secure_and_the_browser_is_told(https: str, expected: Any, tmp_path: Any) -> None:
    said = {**os.environ, "SHUANGBAI_HTTPS": https, "SHUANGBAI_HOSTS": "a.example", "SHUANGBAI_DATA": str(tmp_path)}
    said["DJANGO_SETTINGS_MODULE"] = "config.settings"
    (tmp_path / "static").mkdir()
    done = subprocess.run([sys.executable, "-c", SECURE], env=said, cwd=ROOT, capture_output=True, text=True)
    assert json.loads(done.stdout) == expected, done.stderr
