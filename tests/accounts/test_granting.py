"""Roles asked for, confirmed and taken back; three administrators kept apart; accounts stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from shuangbai.accounts.actions import (
    ask_role,
    decide_role,
    end_grant,
    start_account,
    stop_account,
    withdraw_role,
)
from shuangbai.accounts.enums import Outcome
from shuangbai.accounts.models import RoleRequest
from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.network.access import viewer_of
from shuangbai.network.models import RoleGrant, User
from shuangbai.network.roles import Permission, Role
from tests.accounts.test_door import sign_in
from tests.cast import TODAY, City, again

Asks = Callable[[User], Client]
pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def ask(city: City, who: str, role: Role, **more: Any) -> Any:
    given = {"unit": city.root, "starts_on": TODAY, **more}
    return ask_role(by=city.users["sysadmin"], user=city.users[who], role=role, **given)


def roles_of(user: User) -> set[Role]:
    return {held.role for held in viewer_of(again(user)).held}


def grant_of(user: User, role: Role) -> RoleGrant:
    return RoleGrant.objects.get(user=user, role=role)


class TestConfirming:
    def test_a_wider_role_holds_once_the_security_administrator_confirms(
        self, city: City, worker: User, security: User
    ) -> None:
        asked = ask(city, "worker", Role.SUPERVISOR, unit=city.haifeng)
        assert Role.SUPERVISOR not in roles_of(worker)
        decide_role(by=security, request_id=asked.pk, outcome=Outcome.GRANTED)
        assert Role.SUPERVISOR in roles_of(worker)
        assert AuditEvent.objects.filter(kind="role.decided", by_id=security.pk).count() == 1

    def test_declined_it_never_holds(self, city: City, worker: User, security: User) -> None:
        asked = ask(city, "worker", Role.OFFICER)
        decide_role(by=security, request_id=asked.pk, outcome=Outcome.DECLINED)
        assert Role.OFFICER not in roles_of(worker)

    def test_a_role_from_tomorrow_holds_from_tomorrow(self, city: City, worker: User, security: User) -> None:
        asked = ask(city, "worker", Role.OFFICER, starts_on=TOMORROW, ends_on=TOMORROW)
        decide_role(by=security, request_id=asked.pk, outcome=Outcome.GRANTED)
        assert Role.OFFICER not in roles_of(worker)
        for day, holds in ((TOMORROW, True), (TOMORROW + timedelta(days=1), False)):
            with clock.pinned(day):
                assert (Role.OFFICER in roles_of(worker)) is holds

    @pytest.mark.parametrize("who", ["sysadmin", "auditor", "officer", "worker", "head", "supervisor"])
    def test_nobody_else_confirms(self, city: City, who: str) -> None:
        asked = ask(city, "worker", Role.OFFICER)
        with pytest.raises(NotAllowed):
            decide_role(by=city.users[who], request_id=asked.pk, outcome=Outcome.GRANTED)

    @pytest.mark.parametrize("who", ["security", "auditor", "officer", "worker", "head"])
    def test_nobody_else_asks(self, city: City, who: str) -> None:
        with pytest.raises(NotAllowed):
            ask_role(
                by=city.users[who], user=city.users["colleague"], role=Role.OFFICER, unit=city.root, starts_on=TODAY
            )

    def test_nobody_asks_or_confirms_for_oneself(self, city: City, security: User) -> None:
        with pytest.raises(NotAllowed):
            ask(city, "sysadmin", Role.OFFICER)
        asked = ask(city, "security", Role.OFFICER)
        with pytest.raises(NotAllowed):
            decide_role(by=security, request_id=asked.pk, outcome=Outcome.GRANTED)

    def test_the_second_to_decide_is_told(self, city: City, security: User, client_for: Asks) -> None:
        asked = ask(city, "worker", Role.OFFICER)
        decide_role(by=security, request_id=asked.pk, outcome=Outcome.DECLINED)
        with pytest.raises(Conflict):
            decide_role(by=security, request_id=asked.pk, outcome=Outcome.GRANTED)
        answer = client_for(security).post(f"/setup/roles/requests/{asked.pk}", {"outcome": "granted"}, follow=True)
        assert "何敏 已经处理过这个申请：不同意" in answer.content.decode()
        assert not RoleGrant.objects.filter(role=Role.OFFICER, user=city.users["worker"]).exists()

    def test_a_request_is_taken_back_by_who_asked(self, city: City, sysadmin: User, security: User) -> None:
        asked = ask(city, "worker", Role.OFFICER)
        withdraw_role(by=sysadmin, request_id=asked.pk)
        with pytest.raises(Conflict):
            decide_role(by=security, request_id=asked.pk, outcome=Outcome.GRANTED)

    def test_what_is_held_or_asked_is_not_asked_again(self, city: City) -> None:
        ask(city, "worker", Role.OFFICER)
        for who, role in (("worker", Role.OFFICER), ("officer", Role.OFFICER)):
            with pytest.raises(Refused, match="已经有汕尾市民政局"):
                ask(city, who, role)

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({"starts_on": TODAY - timedelta(days=1)}, "不能从过去开始"),
            ({"ends_on": TODAY - timedelta(days=1)}, "结束日期早于开始日期"),
        ],
    )
    def test_dates_make_sense(self, city: City, more: dict[str, date], says: str) -> None:
        with pytest.raises(Refused, match=says):
            ask(city, "worker", Role.OFFICER, **more)

    def test_a_stopped_account_is_given_nothing(self, city: City, worker: User, sysadmin: User, security: User) -> None:
        asked = ask(city, "worker", Role.OFFICER)
        stop_account(by=sysadmin, user=worker, reason="离职")
        with pytest.raises(Refused, match="已停用"):
            decide_role(by=security, request_id=asked.pk, outcome=Outcome.GRANTED)


class TestThreeKeptApart:
    @pytest.mark.parametrize("who", ["security", "auditor"])
    def test_no_account_is_two_administrators(self, city: City, who: str) -> None:
        with pytest.raises(Refused, match="三个管理员必须由不同的人担任"):
            ask(city, who, Role.SYSADMIN)

    def test_nor_by_two_requests_at_once(self, city: City, security: User) -> None:
        first = ask(city, "officer", Role.AUDITOR)
        with pytest.raises(Refused, match="三个管理员"):
            ask(city, "officer", Role.SYSADMIN)
        # A row that came in by another way is refused when it is confirmed.
        second = RoleRequest.objects.create(
            user=city.users["officer"], role=Role.SYSADMIN, unit=city.root, starts_on=TODAY,
            asked_by=city.users["sysadmin"], asked_at=clock.now(),
        )  # fmt: skip
        decide_role(by=security, request_id=first.pk, outcome=Outcome.GRANTED)
        with pytest.raises(Refused, match="三个管理员"):
            decide_role(by=security, request_id=second.pk, outcome=Outcome.GRANTED)

    def test_nor_one_after_the_other_while_the_first_still_holds(
        self, city: City, auditor: User, security: User
    ) -> None:
        end_grant(by=security, grant_id=grant_of(auditor, Role.AUDITOR).pk, ends_on=TODAY, seen=None)
        with pytest.raises(Refused, match="三个管理员"):
            ask(city, "auditor", Role.SYSADMIN)
        with clock.pinned(TOMORROW):
            ask(city, "auditor", Role.SYSADMIN, starts_on=TOMORROW)

    def test_administrators_hold_for_the_whole_city(self, city: City) -> None:
        with pytest.raises(Refused, match="最上级机构"):
            ask(city, "officer", Role.AUDITOR, unit=city.haifeng)

    def test_a_station_role_needs_the_posting(self, city: City, worker: User) -> None:
        with pytest.raises(Refused, match="没有今天在岗的任职"):
            ask(city, "worker", Role.WORKER, unit=city.dongzhou)
        with pytest.raises(Refused, match="没有今天在岗的任职"):
            ask(city, "officer", Role.WORKER, unit=city.chengdong)
        ask(city, "worker", Role.HEAD, unit=city.chengdong)
        assert roles_of(worker) == {Role.WORKER, Role.HEAD}


class TestTakingBack:
    def test_today_is_the_last_day(self, city: City, officer: User, security: User) -> None:
        end_grant(by=security, grant_id=grant_of(officer, Role.OFFICER).pk, ends_on=TODAY, seen=None)
        assert viewer_of(again(officer)).may(Permission.SEE_REPORTS)
        with clock.pinned(TOMORROW):
            assert viewer_of(again(officer)).held == []
        assert RoleGrant.objects.filter(user=officer).count() == 1  # history stays

    def test_a_station_role_is_the_system_administrators(
        self, city: City, worker: User, sysadmin: User, security: User
    ) -> None:
        grant = grant_of(worker, Role.WORKER)
        with pytest.raises(NotAllowed):
            end_grant(by=security, grant_id=grant.pk, ends_on=TODAY, seen=None)
        end_grant(by=sysadmin, grant_id=grant.pk, ends_on=TODAY, seen=None)
        with pytest.raises(NotAllowed):
            end_grant(by=sysadmin, grant_id=grant_of(city.users["officer"], Role.OFFICER).pk, ends_on=TODAY, seen=None)

    def test_two_who_end_it_on_different_days(
        self, city: City, officer: User, security: User, client_for: Asks
    ) -> None:
        grant = grant_of(officer, Role.OFFICER)
        end_grant(by=security, grant_id=grant.pk, ends_on=TOMORROW, seen=None)
        client, address = client_for(security), f"/setup/roles/grants/{grant.pk}/end"
        answer = client.post(address, {"ends_on": "2020-07-01", "seen": ""})
        body = answer.content.decode()
        assert answer.status_code == 409
        assert "改过这个角色" in body
        assert 'value="2020-07-01"' in body  # what was typed stays
        assert "2020-06-07" in body  # beside what now stands
        assert client.post(address, {"ends_on": "2020-07-01", "seen": "2020-06-07"}).status_code == 302
        grant.refresh_from_db()
        assert grant.ends_on == date(2020, 7, 1)

    def test_the_past_is_not_changed(self, city: City, officer: User, security: User) -> None:
        with pytest.raises(Refused, match="只能是今天或以后"):
            end_grant(
                by=security, grant_id=grant_of(officer, Role.OFFICER).pk, ends_on=TODAY - timedelta(days=1), seen=None
            )

    def test_nobody_ends_their_own(self, city: City, security: User, client_for: Asks) -> None:
        grant = grant_of(security, Role.SECURITY)
        with pytest.raises(NotAllowed):
            end_grant(by=security, grant_id=grant.pk, ends_on=TODAY, seen=None)
        assert client_for(security).get(f"/setup/roles/grants/{grant.pk}/end").status_code == 404

    def test_the_last_system_administrator_keeps_the_role(self, city: City, sysadmin: User, security: User) -> None:
        with pytest.raises(Refused, match="最后一个能用的系统管理员"):
            end_grant(by=security, grant_id=grant_of(sysadmin, Role.SYSADMIN).pk, ends_on=TODAY, seen=None)

    def test_one_who_never_set_a_password_does_not_count(self, city: City, sysadmin: User, security: User) -> None:
        second = User.objects.create(username="second", display_name="第二位", password="!")
        RoleGrant.objects.create(user=second, role=Role.SYSADMIN, unit=city.root, starts_on=TODAY)
        grant = grant_of(sysadmin, Role.SYSADMIN)
        with pytest.raises(Refused, match="最后一个能用的"):
            end_grant(by=security, grant_id=grant.pk, ends_on=TODAY, seen=None)
        second.set_password("Chun feng 2020")
        second.save()
        end_grant(by=security, grant_id=grant.pk, ends_on=TODAY, seen=None)


class TestStopping:
    def test_the_last_security_administrator_cannot_be_stopped(
        self, city: City, sysadmin: User, security: User
    ) -> None:
        with pytest.raises(Refused, match="最后一个能用的安全管理员"):
            stop_account(by=sysadmin, user=security, reason="x")
        assert again(security).is_active

    def test_nobody_stops_themselves(self, city: City, sysadmin: User, client_for: Asks) -> None:
        with pytest.raises(NotAllowed):
            stop_account(by=sysadmin, user=sysadmin, reason="x")
        assert client_for(sysadmin).post(f"/setup/accounts/{sysadmin.pk}/stop", {"reason": "x"}).status_code == 404

    def test_stopped_nobody_signs_in_and_started_again_they_do(
        self, city: City, worker: User, sysadmin: User, client_for: Asks
    ) -> None:
        desk = client_for(sysadmin)
        assert desk.post(f"/setup/accounts/{worker.pk}/stop", {"reason": "借调"}).status_code == 302
        assert sign_in("worker")[1].status_code == 422
        assert "已停用" in desk.get("/setup/accounts/?state=stopped").content.decode()
        desk.post(f"/setup/accounts/{worker.pk}/do", {"do": "start"})
        assert sign_in("worker")[1].status_code == 302
        assert "借调" in desk.get(f"/setup/accounts/{worker.pk}/").content.decode()

    @pytest.mark.parametrize("who", ["security", "auditor", "officer", "head", "worker"])
    def test_nobody_else_stops_an_account(self, city: City, who: str) -> None:
        for act in (stop_account, start_account):
            more = {"reason": "x"} if act is stop_account else {}
            with pytest.raises(NotAllowed):
                act(by=city.users[who], user=city.users["colleague"], **more)
