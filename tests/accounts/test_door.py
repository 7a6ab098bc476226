"""The door: signing in and out, the lock, the invitation, the second factor, and what has to come first."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shuangbai.accounts import codes
from shuangbai.accounts.actions import AccountEntry, issue_code, open_accounts, revoke_code
from shuangbai.accounts.actions.factors import enrol_factor, prove_factor
from shuangbai.accounts.backends import AccountBackend
from shuangbai.accounts.enums import Purpose
from shuangbai.accounts.models import AccountSession, OneTimeCode, PastPassword, Policy, SecondFactor
from shuangbai.core import clock
from shuangbai.network.models import User
from shuangbai.network.roles import Role
from tests.cast import BACKEND, PASSWORD, City, again

Asks = Callable[[User], Client]
pytestmark = pytest.mark.django_db
NEW = "Shan-wei 2020 chun"


def sign_in(name: str, password: str = PASSWORD, **more: Any) -> tuple[Client, Any]:
    client = Client()
    return client, client.post("/signin", {"username": name, "password": password, **more})


def a_policy(by: User, **more: Any) -> Policy:
    values = {"version": 1, "starts_on": clock.today(), "set_at": clock.now(), "set_by": by, "reason": "测试"}
    return Policy.objects.create(**{**values, **more})


def bind(user: User) -> tuple[str, list[str]]:
    """A second factor for somebody: its secret and recovery codes; the present step is used up."""
    secret = codes.new_secret()
    return secret, enrol_factor(by=user, secret=secret, typed=codes.digits_at(secret, time.time()))


def next_digits(user: User, secret: str) -> str:
    """Digits that will be taken now: as if none had been used yet."""
    SecondFactor.objects.filter(user=user).update(latest_step=0)
    return codes.digits_at(secret, time.time())


class TestSigningIn:
    def test_it_leads_to_the_page_that_was_asked_for(self, city: City) -> None:
        client, answer = sign_in("worker", next="/network/roles/")
        assert answer.status_code == 302
        assert answer["Location"] == "/network/roles/"
        assert client.get("/network/roles/").status_code == 200

    @pytest.mark.parametrize("outside", ["https://elsewhere.cn/", "//elsewhere.cn/", "javascript:alert(1)"])
    def test_it_never_leads_outside(self, city: City, outside: str) -> None:
        assert sign_in("worker", next=outside)[1]["Location"] == "/"

    @pytest.mark.parametrize("typed", [("worker", "wrong"), ("nobody", PASSWORD)])
    def test_a_wrong_name_and_a_wrong_password_are_told_alike(self, city: City, typed: tuple[str, str]) -> None:
        answer = sign_in(*typed)[1]
        assert answer.status_code == 422
        assert "账号或密码不对" in answer.content.decode()

    def test_who_has_not_signed_in_sees_the_sign_in(self, city: City) -> None:
        assert Client().get("/network/")["Location"] == "/signin?next=/network/"

    def test_signing_out_takes_a_post_and_leaves_no_time_of_presence(self, client_for: Asks, worker: User) -> None:
        client = client_for(worker)
        assert client.get("/signout").status_code == 405
        assert AccountSession.objects.filter(user=worker).exists()
        client.post("/signout")
        assert client.get("/network/").status_code == 302
        assert not AccountSession.objects.filter(user=worker).exists()

    def test_a_cookie_kept_from_before_signing_out_opens_nothing(self, city: City) -> None:
        client, _ = sign_in("worker")
        kept = client.cookies["sessionid"].value
        client.post("/signout")
        other = Client()
        other.cookies["sessionid"] = kept
        assert other.get("/network/").status_code == 302


class TestTheBackend:
    def proves(self, name: str, password: str) -> User | None:
        return AccountBackend().authenticate(None, username=name, password=password)

    def test_name_and_password_prove_an_account(self, city: City, worker: User) -> None:
        assert self.proves("worker", PASSWORD) == worker
        for name, password in (("worker", PASSWORD + "x"), ("worker", ""), ("", ""), ("Worker", PASSWORD)):
            assert self.proves(name, password) is None

    def test_a_switched_off_account_is_nobodys(self, city: City, worker: User) -> None:
        User.objects.filter(pk=worker.pk).update(is_active=False)
        assert self.proves("worker", PASSWORD) is None
        assert AccountBackend().get_user(worker.pk) is None

    def test_the_cast_signs_in_fast(self, city: City, worker: User, client_for: Asks) -> None:
        assert client_for(worker).session["_auth_user_backend"] == BACKEND


class TestTheLock:
    def locked(self, name: str, times: int = 9) -> Any:
        client = Client()
        for _ in range(times):
            answer = client.post("/signin", {"username": name, "password": "wrong"})
        return answer

    def test_too_many_wrong_passwords_lock_the_account_for_a_while(self, city: City) -> None:
        answer = self.locked("worker")
        assert answer.status_code == 429
        assert "请过 15 分钟再试" in answer.content.decode()

    def test_the_lock_says_the_same_of_a_name_that_does_not_exist(self, city: City) -> None:
        real, invented = self.locked("worker"), self.locked("nobody-at-all")
        assert real.status_code == invented.status_code == 429
        assert real.content == invented.content
        assert b"worker" not in real.content

    def test_how_many_and_how_long_is_policy(self, city: City, security: User) -> None:
        a_policy(security, lock_after=3, lock_minutes=40)
        assert self.locked("worker", 2).status_code == 422
        assert "请过 40 分钟再试" in self.locked("worker", 3).content.decode()

    def test_the_right_password_does_not_open_a_locked_account(self, city: City) -> None:
        self.locked("worker")
        assert sign_in("worker")[1].status_code == 429

    def test_neither_password_nor_code_is_kept_with_the_failures(self, city: City) -> None:
        from axes.models import AccessAttempt

        self.locked("worker", 1)
        Client().post("/welcome", {"username": "worker", "code": "WXYZ-2345", "password": NEW, "password_again": NEW})
        kept = " ".join(AccessAttempt.objects.values_list("post_data", flat=True))
        assert kept
        assert not any(secret in kept for secret in ("wrong", "WXYZ", "chun"))


class TestTheInvitation:
    @pytest.fixture
    def issued(self, city: City, sysadmin: User) -> Any:
        entry = AccountEntry("zengmeiyun", "曾美云", Role.OFFICER, city.root)
        return open_accounts(by=sysadmin, entries=[entry])[0]

    def welcome(self, code: str, name: str = "zengmeiyun", password: str = NEW, client: Client | None = None) -> Any:
        typed = {"username": name, "code": code, "password": password, "password_again": password}
        return (client or Client()).post("/welcome", typed)

    def test_name_code_and_an_own_password_open_the_account(self, issued: Any) -> None:
        client = Client()
        assert self.welcome(issued.code, client=client)["Location"] == "/"
        assert client.get("/").status_code == 200
        assert sign_in("zengmeiyun", NEW)[1]["Location"] == "/"
        assert OneTimeCode.objects.get().used_at is not None

    def test_a_code_is_typed_as_people_type(self, issued: Any) -> None:
        assert self.welcome(f" {issued.code.lower().replace('-', ' ')} ").status_code == 302

    def test_it_opens_once(self, issued: Any) -> None:
        self.welcome(issued.code)
        assert self.welcome(issued.code, password=f"{NEW}2").status_code == 422

    def test_what_does_not_open_is_told_alike(self, issued: Any, sysadmin: User, city: City) -> None:
        other = open_accounts(by=sysadmin, entries=[AccountEntry("another", "某", Role.OFFICER, city.root)])[0]
        tries = [("AAAA-BBBB-CCCC", "zengmeiyun"), (other.code, "zengmeiyun")]
        tries += [(issued.code, "nobody"), (issued.code, "worker")]
        answers = [self.welcome(code, name) for code, name in tries]
        assert {answer.status_code for answer in answers} == {422}
        assert all("账号或一次性码不对，或者码已过期、已用过" in answer.content.decode() for answer in answers)

    def test_it_expires(self, issued: Any) -> None:
        OneTimeCode.objects.update(
            issued_at=clock.now() - timedelta(days=4), expires_at=clock.now() - timedelta(days=1)
        )
        assert self.welcome(issued.code).status_code == 422

    def test_a_code_taken_back_opens_nothing(self, issued: Any, sysadmin: User) -> None:
        revoke_code(by=sysadmin, user=issued.user)
        assert self.welcome(issued.code).status_code == 422

    def test_guessing_is_locked(self, issued: Any) -> None:
        client = Client()
        for _ in range(9):
            answer = self.welcome("AAAA-BBBB-CCCC", client=client)
        assert answer.status_code == 429
        assert self.welcome(issued.code, client=client).status_code == 429

    def test_a_password_that_the_rules_refuse_leaves_the_code_good(self, issued: Any) -> None:
        answer = self.welcome(issued.code, password="password123")
        assert answer.status_code == 422
        assert "太常见" in answer.content.decode()
        assert self.welcome(issued.code).status_code == 302

    def test_two_passwords_that_differ_are_told(self, issued: Any) -> None:
        typed = {"username": "zengmeiyun", "code": issued.code, "password": NEW, "password_again": f"{NEW}x"}
        assert "两次填的密码不一样" in Client().post("/welcome", typed).content.decode()

    def test_a_reset_by_code_ends_the_lock_and_the_sessions(self, city: City, sysadmin: User, worker: User) -> None:
        inside, _ = sign_in("worker")
        TestTheLock().locked("worker")
        issued = issue_code(by=sysadmin, user=worker, purpose=Purpose.RESET)
        fresh = Client(REMOTE_ADDR="10.0.0.9")
        assert self.welcome(issued.code, "worker", client=fresh).status_code == 302
        assert inside.get("/").status_code == 302
        assert sign_in("worker", NEW)[1].status_code == 302


class TestTheSecondFactor:
    def test_the_password_alone_does_not_open(self, city: City, worker: User) -> None:
        bind(worker)
        client, answer = sign_in("worker", next="/families/")
        assert answer["Location"] == "/signin/code"
        assert client.get("/families/").status_code == 302
        assert not AccountSession.objects.filter(user=worker).exists()

    def test_the_digits_open_and_lead_on(self, city: City, worker: User) -> None:
        secret, _ = bind(worker)
        client, _ = sign_in("worker", next="/families/")
        answer = client.post("/signin/code", {"code": next_digits(worker, secret)})
        assert answer["Location"] == "/families/"
        assert client.get("/families/").status_code == 200

    def test_the_same_digits_are_not_taken_twice(self, city: City, worker: User) -> None:
        secret, _ = bind(worker)
        digits = next_digits(worker, secret)
        for expected in (302, 422):
            client, _ = sign_in("worker")
            answer = client.post("/signin/code", {"code": digits})
            assert answer.status_code == expected
        assert "刚才用过" in answer.content.decode()

    def test_a_recovery_code_opens_once(self, city: City, worker: User) -> None:
        _, papers = bind(worker)
        assert len(set(papers)) == 10
        for expected in (302, 422):
            client, _ = sign_in("worker")
            assert client.post("/signin/code", {"code": papers[3].lower()}).status_code == expected

    def test_guessing_is_slowed_down(self, city: City, worker: User) -> None:
        secret, papers = bind(worker)
        client, _ = sign_in("worker")
        for _ in range(5):
            client.post("/signin/code", {"code": "000000"})
        for right in (next_digits(worker, secret), papers[0]):
            assert "错得太多" in client.post("/signin/code", {"code": right}).content.decode()
        SecondFactor.objects.update(failed_at=clock.now() - timedelta(minutes=16))
        assert client.post("/signin/code", {"code": next_digits(worker, secret)}).status_code == 302
        assert SecondFactor.objects.get(user=worker).failures == 0

    def test_without_a_proved_password_there_is_no_second_step(self, city: City) -> None:
        assert Client().get("/signin/code")["Location"] == "/signin"

    def test_the_second_step_does_not_wait_for_ever(self, city: City, worker: User, monkeypatch: Any) -> None:
        secret, _ = bind(worker)
        client, _ = sign_in("worker")
        later = time.time() + 301
        monkeypatch.setattr("shuangbai.accounts.views.door.time.time", lambda: later)
        answer = client.post("/signin/code", {"code": codes.digits_at(secret, later)})
        assert answer["Location"] == "/signin"

    def test_nobody_elses_digits_open(self, city: City, worker: User, head: User) -> None:
        bind(worker)
        theirs, _ = bind(head)
        assert prove_factor(user=worker, typed=next_digits(head, theirs))


class TestWhatComesFirst:
    def test_whose_role_asks_for_it_binds_before_anything_else(
        self, city: City, security: User, sysadmin: User
    ) -> None:
        a_policy(security, factor_roles=[Role.SYSADMIN])
        client, _ = sign_in("sysadmin")
        for address in ("/", "/network/", "/setup/accounts/", "/account/"):
            assert client.get(address)["Location"] == "/account/factor"
        page = client.get("/account/factor")
        secret = "".join(page.context["secret"])
        sealed = page.context["form"]["sealed"].value()
        answer = client.post("/account/factor", {"sealed": sealed, "code": codes.digits_at(secret, time.time())})
        assert "请把备用码收好" in answer.content.decode()
        assert client.get("/setup/accounts/").status_code == 200

    def test_other_roles_are_not_stopped(self, city: City, security: User) -> None:
        a_policy(security, factor_roles=[Role.SYSADMIN])
        assert sign_in("worker")[0].get("/").status_code == 200

    def test_an_old_password_is_changed_first(self, city: City, worker: User) -> None:
        PastPassword.objects.create(user=worker, encoded=worker.password, set_at=clock.now() - timedelta(days=91))
        client, _ = sign_in("worker")
        assert client.get("/families/")["Location"] == "/account/password"
        typed = {"old": PASSWORD, "password": NEW, "password_again": NEW}
        assert client.post("/account/password", typed).status_code == 302
        assert client.get("/families/").status_code == 200

    def test_a_password_of_yesterday_is_not(self, city: City, worker: User) -> None:
        PastPassword.objects.create(user=worker, encoded=worker.password, set_at=clock.now() - timedelta(days=1))
        assert sign_in("worker")[0].get("/families/").status_code == 200

    def test_a_step_cannot_be_gone_round_by_posting(self, city: City, security: User, sysadmin: User) -> None:
        a_policy(security, factor_roles=[Role.SYSADMIN])
        client, _ = sign_in("sysadmin")
        answer = client.post(f"/setup/accounts/{city.users['worker'].pk}/do", {"do": "reset"})
        assert answer["Location"] == "/account/factor"
        assert not OneTimeCode.objects.exists()

    def test_signing_out_stays_possible(self, city: City, security: User) -> None:
        a_policy(security, factor_roles=[Role.SECURITY])
        client, _ = sign_in("security")
        assert client.post("/signout")["Location"] == "/signin"


def test_the_rest_of_the_posting_is_invisible_to_a_session_that_goes_on(city: City, worker: User) -> None:
    """A posting that ended yesterday: the cookie still signs in, and shows nothing."""
    from datetime import date

    from shuangbai.network.models import Posting

    client, _ = sign_in("worker")
    assert client.get("/families/").status_code == 200
    Posting.objects.filter(staff=worker.staff).update(ends_on=date(2020, 6, 5))
    assert client.get("/families/").status_code == 404
    assert client.get("/").status_code == 200
    assert again(worker).is_active
