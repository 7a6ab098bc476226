"""Opening accounts: the first administrators, invitations, and what a station's and a wider role need."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from shuangbai.accounts.actions import (
    AccountEntry,
    code_of,
    found_administration,
    invite,
    issue_code,
    open_accounts,
    revoke_code,
)
from shuangbai.accounts.enums import Purpose
from shuangbai.accounts.models import OneTimeCode, RoleRequest
from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.network.access import viewer_of
from shuangbai.network.actions import hire
from shuangbai.network.enums import Post, UnitKind
from shuangbai.network.models import OrgUnit, RoleGrant, Staff, User
from shuangbai.network.roles import Permission, Role
from tests.cast import City, again, forget_installation

pytestmark = pytest.mark.django_db


def a_staff(city: City, name: str = "曾美云", post: Post = Post.SERVICE) -> Staff:
    """Somebody posted at 城东 who has no account yet."""
    staff = Staff(name=name, hired_on=date(2020, 1, 1))
    hire(entries=[(staff, [(city.chengdong, post, date(2020, 1, 1), None)])])
    return staff


def an_entry(city: City, **more: object) -> AccountEntry:
    values = {"username": "zengmeiyun", "display_name": "曾美云", "role": Role.WORKER, "unit": city.chengdong, **more}
    return AccountEntry(**values)  # type: ignore[arg-type]


class TestTheFirstAdministrators:
    @pytest.fixture
    def root(self, db: None) -> OrgUnit:
        forget_installation()
        return OrgUnit.objects.create(
            code="SW", kind=UnitKind.BUREAU, name="民政局", path="/SW/", starts_on=date(2017, 1, 1)
        )

    def test_the_first_account_manages_accounts_and_sees_no_family(self, root: OrgUnit) -> None:
        user = found_administration(username="luowei", display_name="罗伟", password="shan-wei-2020!")
        viewer = viewer_of(again(user))
        assert viewer.may(Permission.MANAGE_ACCOUNTS)
        assert not viewer.may(Permission.SEE_FAMILIES)
        assert again(user).check_password("shan-wei-2020!")
        assert AuditEvent.objects.get(kind="account.founded").by_id == user.pk

    def test_there_is_no_second_first_account(self, root: OrgUnit) -> None:
        found_administration(username="luowei", display_name="罗伟", password=None)
        with pytest.raises(Refused, match="已经有账号"):
            found_administration(username="hemin", display_name="何敏", password=None)

    def test_it_needs_a_top_of_the_tree(self, db: None) -> None:
        with pytest.raises(Refused, match="最上级机构"):
            found_administration(username="luowei", display_name="罗伟", password=None)
        assert not User.objects.exists()

    def test_its_password_obeys_the_rules(self, root: OrgUnit) -> None:
        with pytest.raises(Refused, match="至少要 10 个字符"):
            found_administration(username="luowei", display_name="罗伟", password="short-1")
        assert not User.objects.exists()

    def test_without_a_password_the_shell_gives_it_a_code(self, root: OrgUnit) -> None:
        user = found_administration(username="luowei", display_name="罗伟", password=None)
        issued = issue_code(by=None, user=user)
        assert not again(user).has_usable_password()
        assert OneTimeCode.objects.get(user=user).issued_by is None
        assert issued.code not in str(list(OneTimeCode.objects.values_list("code_hash", flat=True)))

    def test_it_invites_the_first_security_administrator_and_auditor(self, root: OrgUnit) -> None:
        first = found_administration(username="luowei", display_name="罗伟", password=None)
        for role, name in ((Role.SECURITY, "hemin"), (Role.AUDITOR, "yemin")):
            invite(by=again(first), username=name, display_name="某", role=role)
            assert [held.role for held in viewer_of(User.objects.get(username=name)).held] == [role]
        with pytest.raises(Refused, match="已经有过安全管理员"):
            invite(by=again(first), username="another", display_name="某", role=Role.SECURITY)

    @pytest.mark.parametrize("role", [Role.SYSADMIN, Role.OFFICER, Role.WORKER])
    def test_no_other_role_is_given_without_confirmation(self, root: OrgUnit, role: Role) -> None:
        first = found_administration(username="luowei", display_name="罗伟", password=None)
        with pytest.raises(NotAllowed):
            invite(by=again(first), username="hemin", display_name="何敏", role=role)


class TestOpening:
    def test_a_worker_in_post_gets_the_role_and_a_code(self, city: City, sysadmin: User) -> None:
        staff = a_staff(city)
        (issued,) = open_accounts(by=sysadmin, entries=[an_entry(city, staff=staff)])
        assert viewer_of(again(issued.user)).home_station == city.chengdong
        assert not issued.user.has_usable_password()
        assert issued.expires_at == OneTimeCode.objects.get().expires_at

    def test_a_wider_role_waits_for_the_security_administrator(self, city: City, sysadmin: User) -> None:
        open_accounts(by=sysadmin, entries=[an_entry(city, role=Role.OFFICER, unit=city.root)])
        user = User.objects.get(username="zengmeiyun")
        assert viewer_of(user).held == []
        assert RoleRequest.objects.get().role == Role.OFFICER

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"username": "worker"}, "已有人使用"),
            ({"username": "曾美云"}, "小写字母"),
            ({"username": "a"}, "小写字母"),
            ({"display_name": ""}, "请填写姓名"),
            ({"staff": None}, "没有今天在岗的任职"),
            ({"unit": "root"}, "不是社工站"),
            ({"unit": "dongzhou"}, "没有今天在岗的任职"),
            ({"role": Role.SYSADMIN}, "最上级机构"),
        ],
    )
    def test_what_does_not_fit_is_said(self, city: City, sysadmin: User, change: dict[str, object], says: str) -> None:
        change = {"staff": a_staff(city), **change}
        if isinstance(change.get("unit"), str):
            change["unit"] = getattr(city, str(change["unit"]))
        with pytest.raises(Refused, match=says):
            open_accounts(by=sysadmin, entries=[an_entry(city, **change)])
        assert not OneTimeCode.objects.exists()

    def test_one_faulty_line_opens_none(self, city: City, sysadmin: User) -> None:
        good, bad = an_entry(city, staff=a_staff(city)), an_entry(city, username="worker", staff=a_staff(city, "陆一"))
        with pytest.raises(Refused) as refused:
            open_accounts(by=sysadmin, entries=[good, bad])
        assert [finding.field for finding in refused.value.findings] == ["1-username"]
        assert not User.objects.filter(username="zengmeiyun").exists()

    def test_nobody_has_two_accounts(self, city: City, sysadmin: User, worker: User) -> None:
        with pytest.raises(Refused, match="已经有账号"):
            open_accounts(by=sysadmin, entries=[an_entry(city, staff=worker.staff)])

    @pytest.mark.parametrize("name", ["worker", "head", "officer", "supervisor", "security", "auditor"])
    def test_only_the_system_administrator_opens_accounts(self, city: City, name: str) -> None:
        with pytest.raises(NotAllowed):
            open_accounts(by=city.users[name], entries=[an_entry(city, staff=a_staff(city))])


class TestCodes:
    def test_a_new_code_closes_the_one_before(self, city: City, sysadmin: User) -> None:
        (first,) = open_accounts(by=sysadmin, entries=[an_entry(city, staff=a_staff(city))])
        second = issue_code(by=sysadmin, user=first.user)
        assert first.code != second.code
        assert OneTimeCode.objects.filter(user=first.user, revoked_at=None).count() == 1

    def test_a_code_can_be_taken_back_once(self, city: City, sysadmin: User) -> None:
        (issued,) = open_accounts(by=sysadmin, entries=[an_entry(city, staff=a_staff(city))])
        revoke_code(by=sysadmin, user=issued.user)
        with pytest.raises(Refused, match="没有等着使用的"):
            revoke_code(by=sysadmin, user=issued.user)

    def test_whoever_has_a_password_is_not_invited_again(self, city: City, sysadmin: User, worker: User) -> None:
        with pytest.raises(Refused, match="重设密码"):
            issue_code(by=sysadmin, user=worker)

    def test_nobody_gives_a_code_to_themselves(self, city: City, sysadmin: User) -> None:
        with pytest.raises(NotAllowed):
            issue_code(by=sysadmin, user=sysadmin, purpose=Purpose.RESET)

    def test_the_database_keeps_one_open_code_an_account(self, city: City, worker: User) -> None:
        now = clock.now()
        row = {"user": worker, "purpose": "reset", "code_hash": "0" * 32, "digest": "x", "issued_at": now}
        OneTimeCode.objects.create(**row, expires_at=now + timedelta(hours=1))
        for wrong in (
            {"expires_at": now + timedelta(hours=1)},
            {"expires_at": now, "revoked_at": now},
            {"expires_at": now + timedelta(hours=1), "revoked_at": now, "used_at": now},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                OneTimeCode.objects.create(**row, **wrong)

    def test_the_database_gives_no_role_to_whoever_asks(self, city: City, sysadmin: User, security: User) -> None:
        row = {"role": "officer", "unit": city.root, "starts_on": clock.today(), "asked_at": clock.now()}
        decided = {"decided_at": clock.now(), "outcome": "granted"}
        for wrong in (
            {"user": sysadmin, "asked_by": sysadmin},
            {"user": security, "asked_by": sysadmin, "decided_by": security, **decided},
            {"user": security, "asked_by": sysadmin, "outcome": "granted"},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                RoleRequest.objects.create(**row, **wrong)
        assert not RoleGrant.objects.filter(user=sysadmin, role="officer").exists()


class TestTheShell:
    def test_it_gives_a_code_to_the_administrator_whom_nobody_can_help(self, city: City, security: User) -> None:
        said, told = StringIO(), StringIO()
        call_command("account_code", "security", stdout=said, stderr=told)
        code = said.getvalue().strip()
        assert code_of(security, code) is not None
        assert "/welcome" in told.getvalue()
        assert AuditEvent.objects.get(kind="account.code_issued").by_id is None

    def test_it_says_what_is_wrong(self, city: City, worker: User) -> None:
        User.objects.filter(pk=worker.pk).update(is_active=False)
        for name, says in (("nobody", "没有账号"), ("worker", "已停用")):
            with pytest.raises(CommandError, match=says):
                call_command("account_code", name)
