"""The second factor on its pages: the code to read, codes on paper, letting it go, and a lost telephone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from shuangbai.accounts import codes
from shuangbai.accounts.actions import reset_factor
from shuangbai.accounts.models import RecoveryCode, SecondFactor
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.core.qr import qr_code
from shuangbai.network.models import User
from shuangbai.network.roles import Role
from tests.accounts.test_door import a_policy, bind, sign_in
from tests.cast import PASSWORD, City

Asks = Callable[[User], Client]


@pytest.mark.nodb
class TestTheDigits:
    # RFC 6238, appendix B, SHA-1, the last six of its eight digits.
    SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    @pytest.mark.parametrize(
        ("at", "digits"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
    )
    def test_they_are_those_of_the_standard(self, at: int, digits: str) -> None:
        assert codes.digits_at(self.SECRET, at) == digits
        assert codes.matching_step(self.SECRET, digits, at) == at // 30

    def test_a_clock_may_be_half_a_minute_off_and_no_more(self) -> None:
        digits = codes.digits_at(self.SECRET, 1000)
        assert codes.matching_step(self.SECRET, digits, 1030)
        assert codes.matching_step(self.SECRET, digits, 970)
        assert codes.matching_step(self.SECRET, digits, 1090) is None

    @pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５"])
    def test_what_is_not_six_digits_is_wrong(self, typed: str) -> None:
        assert codes.matching_step(self.SECRET, typed, 59) is None

    def test_wide_digits_and_a_gap_are_read(self) -> None:
        assert codes.matching_step(self.SECRET, "２８７ ０８２", 59) == 1

    def test_codes_have_no_letters_that_look_alike(self) -> None:
        made = {codes.new_code() for _ in range(200)}
        assert len(made) == 200
        assert not set("".join(made)) & set("01IOL")

    def test_the_picture_has_no_style_of_its_own(self) -> None:
        picture = qr_code("otpauth://totp/x")
        assert "style" not in picture
        assert picture.count("<path") == 2


@pytest.mark.django_db
class TestThePages:
    def enrol(self, client: Client, off: float = 0) -> Any:
        page = client.get("/account/factor")
        secret = "".join(page.context["secret"])
        sealed = page.context["form"]["sealed"].value()
        return client.post("/account/factor", {"sealed": sealed, "code": codes.digits_at(secret, time.time() + off)})

    def test_binding_gives_ten_codes_on_paper(self, client_for: Asks, worker: User) -> None:
        page = self.enrol(client_for(worker)).content.decode()
        papers = re.findall(r"<li>([2-9A-Z]{4}-[2-9A-Z]{4})</li>", page)
        assert len(papers) == 10
        assert RecoveryCode.objects.filter(user=worker).count() == 10
        assert not set(papers) & set(RecoveryCode.objects.values_list("code_hash", flat=True))

    def test_wrong_digits_bind_nothing_and_keep_the_picture(self, client_for: Asks, worker: User) -> None:
        answer = self.enrol(client_for(worker), off=3600)
        assert answer.status_code == 422
        assert "验证码不对" in answer.content.decode()
        assert not SecondFactor.objects.exists()

    def test_the_secret_is_encrypted_at_rest(self, city: City, worker: User) -> None:
        secret, _ = bind(worker)
        with connection.cursor() as cursor:
            cursor.execute("SELECT secret FROM accounts_secondfactor")
            (stored,) = cursor.fetchone()
        assert secret not in stored
        assert stored.startswith("aes-gcm:")
        assert SecondFactor.objects.get().secret == secret

    def test_somebody_elses_picture_binds_nothing(self, client_for: Asks, worker: User, colleague: User) -> None:
        theirs = client_for(colleague).get("/account/factor")
        sealed, secret = theirs.context["form"]["sealed"].value(), "".join(theirs.context["secret"])
        typed = {"sealed": sealed, "code": codes.digits_at(secret, time.time())}
        assert client_for(worker).post("/account/factor", typed)["Location"] == "/account/factor"
        assert not SecondFactor.objects.exists()

    def test_new_codes_need_the_password_and_close_the_old_ones(self, client_for: Asks, worker: User) -> None:
        _, old = bind(worker)
        client = client_for(worker)
        assert client.post("/account/factor/codes", {"password": "wrong"}).status_code == 422
        page = client.post("/account/factor/codes", {"password": PASSWORD}).content.decode()
        assert old[0] not in page
        asking, _ = sign_in("worker")
        assert asking.post("/signin/code", {"code": old[0]}).status_code == 422

    def test_letting_it_go_needs_the_password_and_ends_the_others(self, client_for: Asks, worker: User) -> None:
        bind(worker)
        client, other = client_for(worker), client_for(worker)
        assert client.post("/account/factor/remove", {"password": "wrong"}).status_code == 422
        assert SecondFactor.objects.exists()
        assert client.post("/account/factor/remove", {"password": PASSWORD})["Location"] == "/account/"
        assert not SecondFactor.objects.exists()
        assert other.get("/").status_code == 302

    def test_who_must_have_one_is_led_to_bind_another(self, client_for: Asks, sysadmin: User, security: User) -> None:
        a_policy(security, factor_roles=[Role.SYSADMIN])
        bind(sysadmin)
        client = client_for(sysadmin)
        client.post("/account/factor/remove", {"password": PASSWORD})
        assert client.get("/setup/accounts/")["Location"] == "/account/factor"

    def test_a_lost_telephone_is_the_security_administrators(
        self, client_for: Asks, worker: User, security: User, sysadmin: User
    ) -> None:
        bind(worker)
        inside = client_for(worker)
        desk = client_for(security)
        assert worker.display_name in desk.get("/setup/roles/").content.decode()
        with pytest.raises(NotAllowed):
            reset_factor(by=sysadmin, user=worker)
        desk.post(f"/setup/roles/accounts/{worker.pk}/do", {"do": "factor"})
        assert not SecondFactor.objects.exists()
        assert inside.get("/").status_code == 302
        assert AuditEvent.objects.get(kind="account.factor_reset").by_id == security.pk

    def test_nobody_resets_their_own_without_the_password(self, security: User) -> None:
        bind(security)
        with pytest.raises(NotAllowed):
            reset_factor(by=security, user=security)

    def test_there_is_nothing_to_reset_where_there_is_none(self, security: User, worker: User) -> None:
        with pytest.raises(Refused, match="没有绑定验证器"):
            reset_factor(by=security, user=worker)

    def test_the_database_counts_failures_with_a_time(self, city: City, worker: User) -> None:
        bind(worker)
        with pytest.raises(IntegrityError), transaction.atomic():
            SecondFactor.objects.update(failures=3)
        code = RecoveryCode.objects.first()
        assert code is not None
        with pytest.raises(IntegrityError), transaction.atomic():
            RecoveryCode.objects.create(user=worker, code_hash=code.code_hash, digest="x")
