"""Passwords: what the rules take, changing one's own, and resets that a station head asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shuangbai.accounts.access import accounts_reset_by, check_may_reset
from shuangbai.accounts.actions import ask_reset, change_password, decide_reset, issue_code, unlock
from shuangbai.accounts.enums import Outcome, Purpose
from shuangbai.accounts.models import OneTimeCode, ResetRequest
from shuangbai.accounts.rules import is_run, is_similar, kinds_in, password_findings
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.network.models import Posting, User
from tests.accounts.test_door import TestTheLock, a_policy, sign_in
from tests.cast import PASSWORD, City, again

Asks = Callable[[User], Client]
GOOD = "Chun feng 2020"


@pytest.mark.nodb
class TestTheRules:
    def said(self, password: str, **more: Any) -> list[str]:
        given: dict[str, Any] = {"shortest": 10, "kinds": 2, "names": ("linxiaoyan", "林小燕", "汕尾市")}
        given |= {"common": False, "reused": False, **more}
        return [finding.sentence for finding in password_findings(password, **given)]

    def test_a_good_one_is_taken_without_a_word(self) -> None:
        assert self.said(GOOD) == []
        assert self.said("春天到了，去赤山村走访三户人家") == ["小写字母、大写字母、数字、符号里至少要有 2 种"]
        assert self.said("春天到了，去赤山村走访3户") == []

    @pytest.mark.parametrize(
        ("password", "says"),
        [
            ("Short-1", "至少要 10 个字符，现在是 7 个"),
            ("x" * 129, "最多 128 个字符"),
            ("abcdefghijkl", "小写字母、大写字母、数字、符号里至少要有 2 种"),
            ("0123456789", "顺着排下去"),
            ("linxiaoyan1", "太像"),
            ("Lin-Xiaoyan", "太像"),
        ],
    )
    def test_a_bad_one_is_told_what_to_do(self, password: str, says: str) -> None:
        assert any(says in sentence for sentence in self.said(password))

    def test_common_and_used_ones_are_told(self) -> None:
        assert "太常见" in self.said(GOOD, common=True)[0]
        assert "最近用过" in self.said(GOOD, reused=True)[0]

    def test_the_parts(self) -> None:
        assert kinds_in("aB3-") == 4
        assert kinds_in("汉字") == 1
        assert is_run("aaaaaa")
        assert is_run("987654321")
        assert not is_run("1357911")
        assert not is_similar("Chun feng 2020", "ab")


@pytest.mark.django_db
class TestOnesOwn:
    def change(self, client: Client, new: str = GOOD, old: str = PASSWORD) -> Any:
        return client.post("/account/password", {"old": old, "password": new, "password_again": new})

    def test_the_old_one_is_asked(self, client_for: Asks, worker: User) -> None:
        answer = self.change(client_for(worker), old="wrong")
        assert answer.status_code == 422
        assert "密码不对" in answer.content.decode()
        assert again(worker).check_password(PASSWORD)

    def test_the_new_one_holds_and_the_trail_says_so(self, client_for: Asks, worker: User) -> None:
        assert self.change(client_for(worker)).status_code == 302
        assert again(worker).check_password(GOOD)
        assert AuditEvent.objects.get(kind="account.password_changed").by_id == worker.pk

    def test_the_last_ones_are_not_taken_again(self, worker: User, security: User) -> None:
        a_policy(security, not_again=2)
        for new in ("Chun feng 2020", "Xia yu 2020 da", "Qiu ye 2020 hong"):
            change_password(by=worker, password=new, keep=None)
        with pytest.raises(Refused, match="最近用过"):
            change_password(by=worker, password="Xia yu 2020 da", keep=None)
        change_password(by=worker, password="Chun feng 2020", keep=None)

    def test_guessing_the_old_one_locks(self, client_for: Asks, worker: User) -> None:
        client = client_for(worker)
        for _ in range(8):
            answer = self.change(client, old="wrong")
        assert answer.status_code == 429


@pytest.mark.django_db
class TestResets:
    def test_whose_reset_somebody_decides_is_the_same_for_one_account_and_for_all(self, city: City) -> None:
        for by in city.users.values():
            theirs = set(accounts_reset_by(by))
            for user in city.users.values():
                if user in theirs:
                    check_may_reset(by, user)
                else:
                    with pytest.raises(NotAllowed):
                        check_may_reset(by, user)
        assert set(accounts_reset_by(city.users["security"])) == {city.users["sysadmin"], city.users["auditor"]}

    def test_the_head_asks_and_the_administrator_gives_a_code(
        self, client_for: Asks, head: User, worker: User, sysadmin: User
    ) -> None:
        client = client_for(head)
        assert worker.display_name in client.get("/account/team").content.decode()
        assert client.post(f"/account/team/{worker.pk}/reset", {"reason": "忘了密码"}).status_code == 302
        desk = client_for(sysadmin)
        assert "忘了密码" in desk.get("/setup/accounts/").content.decode()
        slip = desk.post(f"/setup/accounts/resets/{ResetRequest.objects.get().pk}", {"outcome": "granted"})
        code = slip.context["issued"][0].code
        assert code in slip.content.decode()
        assert "重设密码单" in slip.content.decode()
        assert sign_in("worker")[1].status_code == 302  # the old one holds until the new one is set
        typed = {"username": "worker", "code": code, "password": GOOD, "password_again": GOOD}
        assert Client().post("/welcome", typed).status_code == 302
        assert again(worker).check_password(GOOD)
        kinds = AuditEvent.objects.filter(about_id=str(worker.pk)).values_list("kind", flat=True)
        assert {"account.reset_asked", "account.reset_decided", "account.code_issued", "account.code_used"} <= set(
            kinds
        )

    @pytest.mark.parametrize("who", ["worker", "neighbour", "stranger", "supervisor", "officer", "sysadmin"])
    def test_nobody_but_the_head_of_the_station_asks(self, city: City, who: str, client_for: Asks) -> None:
        target = city.users["colleague"]
        with pytest.raises(NotAllowed):
            ask_reset(by=city.users[who], user=target, reason="x")
        assert client_for(city.users[who]).get(f"/account/team/{target.pk}/reset").status_code == 404
        assert client_for(city.users[who]).get("/account/team").status_code == 404

    def test_a_head_asks_neither_for_another_station_nor_for_herself(self, city: City, head: User) -> None:
        for name in ("neighbour", "stranger", "head", "officer"):
            with pytest.raises(NotAllowed):
                ask_reset(by=head, user=city.users[name], reason="x")

    def test_whoever_left_the_station_is_not_asked_for(self, city: City, head: User, worker: User) -> None:
        from datetime import date

        Posting.objects.filter(staff=worker.staff).update(ends_on=date(2020, 6, 5))
        with pytest.raises(NotAllowed):
            ask_reset(by=head, user=worker, reason="x")

    def test_the_policy_may_keep_it_from_heads(self, city: City, head: User, worker: User, security: User) -> None:
        a_policy(security, heads_may_ask=False)
        with pytest.raises(NotAllowed):
            ask_reset(by=head, user=worker, reason="x")

    def test_it_is_asked_once(self, head: User, worker: User) -> None:
        ask_reset(by=head, user=worker, reason="x")
        with pytest.raises(Refused, match="已经申请过"):
            ask_reset(by=head, user=worker, reason="x")

    def test_the_second_to_decide_is_told_how_it_was(
        self, head: User, worker: User, sysadmin: User, client_for: Asks
    ) -> None:
        asked = ask_reset(by=head, user=worker, reason="x")
        decide_reset(by=sysadmin, request_id=asked.pk, outcome=Outcome.DECLINED)
        with pytest.raises(Conflict):
            decide_reset(by=sysadmin, request_id=asked.pk, outcome=Outcome.GRANTED)
        answer = client_for(sysadmin).post(f"/setup/accounts/resets/{asked.pk}", {"outcome": "granted"}, follow=True)
        assert "罗伟 已经处理过这个申请：不同意" in answer.content.decode()
        assert not OneTimeCode.objects.exists()

    @pytest.mark.parametrize("who", ["security", "auditor"])
    def test_the_system_administrator_cannot_take_over_another_administrator(
        self, city: City, sysadmin: User, who: str
    ) -> None:
        with pytest.raises(NotAllowed):
            issue_code(by=sysadmin, user=city.users[who], purpose=Purpose.RESET)

    def test_the_security_administrator_resets_administrators_alone(
        self, city: City, security: User, sysadmin: User, worker: User
    ) -> None:
        assert issue_code(by=security, user=sysadmin, purpose=Purpose.RESET).code
        for user in (worker, security):
            with pytest.raises(NotAllowed):
                issue_code(by=security, user=user, purpose=Purpose.RESET)


@pytest.mark.django_db
def test_a_locked_account_shows_and_is_unlocked(client_for: Asks, sysadmin: User, worker: User) -> None:
    TestTheLock().locked("worker")
    desk = client_for(sysadmin)
    page = desk.get("/setup/accounts/?state=locked").content.decode()
    assert "已锁定" in page
    assert worker.display_name in page
    desk.post(f"/setup/accounts/{worker.pk}/do", {"do": "unlock"})
    assert sign_in("worker")[1].status_code == 302
    with pytest.raises(NotAllowed):
        unlock(by=worker, user=sysadmin)
