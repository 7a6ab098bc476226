"""Sessions: one query, no write for a page that is read; ended, left idle, over; and what was typed meanwhile."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuangbai.accounts.actions import change_password, end_session, stop_account
from shuangbai.accounts.again import unseal
from shuangbai.accounts.enums import EndReason
from shuangbai.accounts.models import AccountSession
from shuangbai.accounts.rules import device_in_words
from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed
from shuangbai.core.models import AuditEvent
from shuangbai.network.models import User
from tests.accounts.test_door import bind, next_digits, sign_in
from tests.cast import PASSWORD, City

Asks = Callable[[User], Client]
pytestmark = pytest.mark.django_db
CHROME = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"


@pytest.fixture
def later(monkeypatch: Any) -> Callable[[float], None]:
    """`later(60)`: the machine's clock stands so many seconds on."""
    start = time.time()

    def move(seconds: float) -> None:
        monkeypatch.setattr("shuangbai.accounts.middleware.time.time", lambda: start + seconds)

    return move


def session_of(user: User) -> AccountSession:
    return AccountSession.objects.get(user=user)


class TestOneQuery:
    def test_account_staff_and_session_are_one_query_and_nothing_is_written(
        self, client_for: Asks, worker: User
    ) -> None:
        client = client_for(worker)
        client.get("/network/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/network/")
        about = [q["sql"] for q in queries if re.search(r'FROM "(network_user|accounts_)', q["sql"])]
        assert len(about) == 1
        assert "accounts_accountsession" in about[0]
        assert "network_staff" in about[0]
        assert not [q["sql"] for q in queries if not q["sql"].startswith("SELECT")]

    def test_the_cookie_is_renewed_once_a_minute_without_a_write(
        self, client_for: Asks, worker: User, later: Callable[[float], None]
    ) -> None:
        client = client_for(worker)
        client.get("/network/roles/")
        later(59)
        assert "sessionid" not in client.get("/network/roles/").cookies
        later(61)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get("/network/roles/")
        assert "sessionid" in answer.cookies
        assert not [q["sql"] for q in queries if not q["sql"].startswith("SELECT")]

    def test_no_time_of_presence_is_kept(self) -> None:
        fields = {field.name for field in AccountSession._meta.concrete_fields}
        assert fields == {"id", "user", "begun_at", "device", "ended_at", "end_reason"}

    def test_a_session_says_on_which_kind_of_device(self, city: City, worker: User) -> None:
        Client(headers={"user-agent": CHROME}).post("/signin", {"username": "worker", "password": PASSWORD})
        assert session_of(worker).device == "谷歌浏览器，安卓手机"

    def test_one_that_was_only_left_goes_when_its_longest_life_is_over(self, city: City, worker: User) -> None:
        sign_in("worker")
        AccountSession.objects.update(begun_at=clock.now() - timedelta(hours=25))
        ended = AccountSession.objects.create(
            user=worker, begun_at=clock.now() - timedelta(days=9), device="x", ended_at=clock.now(),
            end_reason=EndReason.BY_ADMINISTRATOR,
        )  # fmt: skip
        sign_in("worker")
        rows = AccountSession.objects.filter(user=worker).order_by("begun_at")
        assert [row.pk == ended.pk for row in rows] == [True, False]

    def test_signing_in_again_in_one_browser_leaves_one_session(self, city: City, worker: User) -> None:
        client, _ = sign_in("worker")
        session = client.session
        session["until"] = 0
        session.save()
        client.cookies["sessionid"] = session.session_key
        client.post("/signin", {"username": "worker", "password": PASSWORD})
        assert AccountSession.objects.filter(user=worker).count() == 1


@pytest.mark.nodb
@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "谷歌浏览器，安卓手机"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120", "微软浏览器，Windows 电脑"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "苹果浏览器，苹果手机"),
        ("Mozilla/5.0 (Linux; Android 12) Chrome/107 MicroMessenger/8.0", "微信，安卓手机"),
        ("", "其他浏览器，其他设备"),
    ],
)
def test_devices_in_words(agent: str, words: str) -> None:
    assert device_in_words(agent) == words


class TestEnding:
    def test_one_ends_another_of_ones_own(self, city: City, worker: User) -> None:
        (here, _), (there, _) = sign_in("worker"), sign_in("worker")
        other = AccountSession.objects.get(pk=there.session["account_session"])
        assert "其他浏览器" in here.get("/account/").content.decode()
        here.post(f"/account/sessions/{other.pk}/end")
        assert there.get("/").status_code == 302
        assert here.get("/").status_code == 200
        other.refresh_from_db()
        assert other.end_reason == EndReason.BY_OWNER

    def test_all_others_end_at_once(self, city: City, worker: User) -> None:
        clients = [sign_in("worker")[0] for _ in range(3)]
        clients[0].post("/account/sessions/end")
        assert [client.get("/").status_code for client in clients] == [200, 302, 302]

    def test_nobody_ends_a_colleagues(self, city: City, worker: User, colleague: User) -> None:
        here, _ = sign_in("worker")
        sign_in("colleague")
        theirs = session_of(colleague)
        assert here.post(f"/account/sessions/{theirs.pk}/end").status_code == 404
        with pytest.raises(NotAllowed):
            end_session(by=worker, session_id=theirs.pk)
        theirs.refresh_from_db()
        assert theirs.ended_at is None

    def test_an_administrator_ends_somebodys_and_the_trail_says_so(
        self, city: City, worker: User, client_for: Asks, sysadmin: User
    ) -> None:
        inside, _ = sign_in("worker")
        client_for(sysadmin).post(f"/setup/accounts/{worker.pk}/do", {"do": "sessions"})
        assert inside.get("/").status_code == 302
        assert AuditEvent.objects.get(kind="session.ended").by_id == sysadmin.pk
        said = inside.get("/signin").content.decode()
        assert "这次登录已经结束" in said

    def test_a_new_password_ends_the_others_and_not_this_one(self, city: City, worker: User) -> None:
        (here, _), (there, _) = sign_in("worker"), sign_in("worker")
        typed = {"old": PASSWORD, "password": "Shan-wei 2020 chun", "password_again": "Shan-wei 2020 chun"}
        assert here.post("/account/password", typed).status_code == 302
        assert here.get("/").status_code == 200
        assert there.get("/").status_code == 302

    def test_a_stopped_account_is_out_at_once(self, city: City, worker: User, sysadmin: User) -> None:
        inside, _ = sign_in("worker")
        stop_account(by=sysadmin, user=worker, reason="离职")
        assert inside.get("/").status_code == 302
        assert session_of(worker).end_reason == EndReason.STOPPED

    def test_a_password_changed_elsewhere_ends_by_itself(self, city: City, worker: User) -> None:
        """Even where nobody marked the rows: the cookie is signed with the password."""
        inside, _ = sign_in("worker")
        change_password(by=worker, password="Shan-wei 2020 chun", keep=None)
        AccountSession.objects.update(ended_at=None, end_reason="")
        assert inside.get("/").status_code == 302

    def test_the_database_wants_a_reason_with_an_end(self, city: City, worker: User) -> None:
        for wrong in ({"ended_at": clock.now()}, {"end_reason": "stopped"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                AccountSession.objects.create(user=worker, begun_at=clock.now(), device="x", **wrong)


class TestIdle:
    MINUTES = 30

    def test_reading_keeps_one_in_and_being_away_puts_one_out(self, city: City, later: Callable[[float], None]) -> None:
        client, _ = sign_in("worker")
        for minute in (20, 40, 60):
            later(minute * 60)
            assert client.get("/").status_code == 200
        later((60 + self.MINUTES) * 60 + 5)
        answer = client.get("/families/?q=陈", follow=True)
        assert answer.redirect_chain[0][0].startswith("/signin?next=/families/")
        page = answer.content.decode()
        assert "您离开了一阵" in page
        back = client.post("/signin", {"username": "worker", "password": PASSWORD, "next": "/families/?q=陈"})
        assert back["Location"] == "/families/?q=%E9%99%88"

    def test_however_busy_a_session_is_over_in_the_end(self, city: City, later: Callable[[float], None]) -> None:
        client, _ = sign_in("worker")
        for minute in range(20, 12 * 60, 20):
            later(minute * 60)
            assert client.get("/network/roles/").status_code == 200
        later(12 * 3600 + 1)
        assert "这次登录的时间已到" in client.get("/network/roles/", follow=True).content.decode()

    def test_the_limits_are_policy(self, city: City, security: User, later: Callable[[float], None]) -> None:
        from tests.accounts.test_door import a_policy

        a_policy(security, idle_minutes=5)
        client, _ = sign_in("worker")
        later(5 * 60 + 1)
        assert client.get("/").status_code == 302

    def test_a_part_of_a_page_sends_the_whole_page_to_the_door(
        self, city: City, later: Callable[[float], None]
    ) -> None:
        client, _ = sign_in("worker")
        later(3600)
        answer = client.get(
            "/families/?q=x",
            headers={"HX-Request": "true", "HX-Current-URL": "https://evil.example/visits/new?a=1"},
        )
        assert answer["HX-Redirect"] == "/signin?next=%2Fvisits%2Fnew%3Fa%3D1"


TEXT = "老人血压偏高，提醒按时服药；<b>屋顶漏雨</b>，答应下周带村干部来看。"


class TestWhatWasTyped:
    ADDRESS = "/account/team/00000000-0000-7000-8000-000000000000/reset"
    FIELDS = {"reason": TEXT, "met": ["1", "2"], "csrfmiddlewaretoken": "old"}

    def sealed(self, page: Any) -> str:
        found = re.search(r'name="typed" value="([^"]+)"', page.content.decode())
        assert found
        return html.unescape(found[1])

    @pytest.fixture
    def late(self, city: City, later: Callable[[float], None]) -> tuple[Client, Any]:
        """A form of the worker's, sent an hour after the last page."""
        client, _ = sign_in("worker")
        later(3600)
        return client, client.post(self.ADDRESS, self.FIELDS)

    def test_it_is_shown_back_and_asks_for_the_password(self, late: tuple[Client, Any]) -> None:
        _, page = late
        assert page.status_code == 401
        assert "老人血压偏高" in page.content.decode()
        assert "<b>屋顶漏雨" not in page.content.decode()
        typed = unseal(self.sealed(page))
        assert typed is not None
        assert typed.fields == [("reason", TEXT), ("met", "1"), ("met", "2")]

    def test_the_right_password_offers_the_form_as_it_was(self, late: tuple[Client, Any]) -> None:
        client, page = late
        answer = client.post("/signin/again", {"typed": self.sealed(page), "password": PASSWORD})
        body = answer.content.decode()
        assert answer.status_code == 200
        assert f'action="{self.ADDRESS}"' in body
        hidden = re.findall(r'type="hidden" name="(reason|met)" value="([^"]*)"', body)
        assert [(name, html.unescape(value)) for name, value in hidden] == [
            ("reason", TEXT),
            ("met", "1"),
            ("met", "2"),
        ]
        assert client.get("/").status_code == 200

    def test_a_wrong_password_loses_nothing(self, late: tuple[Client, Any]) -> None:
        client, page = late
        answer = client.post("/signin/again", {"typed": self.sealed(page), "password": "wrong"})
        assert answer.status_code == 401
        assert unseal(self.sealed(answer)) == unseal(self.sealed(page))
        assert client.get("/").status_code == 302

    def test_the_second_factor_is_asked_too(self, city: City, worker: User, later: Callable[[float], None]) -> None:
        secret, _ = bind(worker)
        client, _ = sign_in("worker")
        client.post("/signin/code", {"code": next_digits(worker, secret)})
        later(3600)
        page = client.post(self.ADDRESS, self.FIELDS)
        answer = client.post("/signin/again", {"typed": self.sealed(page), "password": PASSWORD, "code": "000000"})
        assert answer.status_code == 401
        right = {"typed": self.sealed(answer), "password": PASSWORD, "code": next_digits(worker, secret)}
        assert client.post("/signin/again", right).status_code == 200

    def test_it_goes_to_nobody_else(self, late: tuple[Client, Any], colleague: User) -> None:
        """The sealed form names its account; another password opens nothing of it."""
        client, page = late
        colleague.set_password("another-Password-9")
        colleague.save()
        answer = client.post(
            "/signin/again", {"typed": self.sealed(page), "username": "colleague", "password": "another-Password-9"}
        )
        assert answer.status_code == 401

    @pytest.mark.parametrize("made_up", ["", "x", "aes-gcm:k1:AAAA", "aes-gcm:k9:AAAA"])
    def test_what_was_not_sealed_here_is_not_taken(self, city: City, made_up: str) -> None:
        answer = Client().post("/signin/again", {"typed": made_up, "password": PASSWORD})
        assert answer["Location"] == "/signin"

    def test_after_an_end_by_somebody_else_nothing_is_offered(self, city: City, worker: User) -> None:
        client, _ = sign_in("worker")
        AccountSession.objects.update(ended_at=clock.now(), end_reason=EndReason.BY_ADMINISTRATOR)
        assert client.post(self.ADDRESS, self.FIELDS)["Location"].startswith("/signin")
