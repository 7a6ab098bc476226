"""What a case was given and where its people were sent, on the papers of the case: for whoever takes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuangbai.cases.blanks import BLANKS, BY_CODE
from shuangbai.cases.models import Case
from shuangbai.cases.sheet import Mark, Told, applying, sheets_of
from shuangbai.core.ids import random_id
from shuangbai.dossier.actions import enter_parts
from shuangbai.dossier.entries import PartEntry
from shuangbai.dossier.models import Consent
from shuangbai.network.models import User
from shuangbai.resources.actions.directory import ResourceEntry, list_resource
from shuangbai.resources.actions.linking import LinkEntry, link_resource, void_link
from shuangbai.resources.actions.referring import MoveEntry, ReferralEntry, move_referral, start_referral
from shuangbai.resources.enums import Move
from shuangbai.resources.models import Referral, ResourceLink
from tests.cast import TODAY

pytestmark = pytest.mark.django_db
MARK = Mark("张志明（worker）", "2020-06-06 09:30", "装入纸质档案")
MAY = date(2020, 5, 10)


def given(case: Case, worker: User, family: Any, name: str, kind: str, **more: Any) -> ResourceLink:
    resource = list_resource(
        by=worker, unit=case.charge, entry=ResourceEntry(name, "市慈善会", kind), starts_on=date(2020, 1, 1)
    )
    entry = LinkEntry(random_id(), resource.pk, MAY, household=family.household, case_key=case.pk, **more)
    return link_resource(by=worker, entry=entry, acknowledged=True)


def referred(case: Case, worker: User, family: Any, **more: Any) -> Referral:
    entry = ReferralEntry(
        random_id(), MAY, "夜里惊醒", "评估情绪", household=family.household, case_key=case.pk,
        **{"body": "县医院心理科", **more},
    )  # fmt: skip
    return start_referral(by=worker, entry=entry, acknowledged=True)


def sheet(case: Case, by: User, code: str) -> list[dict[str, Any]]:
    return [one.values for one in sheets_of(Told(case, by), [BY_CODE[code]], MARK)]


class TestLinked:
    def test_each_link_with_its_worth_and_the_sums_of_money_and_of_things(self, case, worker, family, child):
        given(case, worker, family, "临时救助金", "money", value=Decimal(800), valued_by="receipt")
        given(case, worker, family, "书包", "goods", quantity=Decimal(2), unit="个", value=Decimal("120.50"),
              valued_by="market", person_id=child.pk, result="天天背着上学")  # fmt: skip
        (told,) = sheet(case, worker, "linking")
        assert (told["cash"], told["in_kind"]) == ("800 元", "120.5 元")
        money, bag = told["links"][:2]
        assert (money["resource"], money["whom"], money["value"], money["valued_by"]) == (
            "临时救助金（市慈善会）", "全家", "800", "票据",
        )  # fmt: skip
        assert (bag["whom"], bag["amount"], bag["result"]) == ("陈小树", "2 个", "天天背着上学")

    def test_a_voided_one_is_not_on_it(self, case, worker, family):
        link = given(case, worker, family, "大米", "goods")
        void_link(by=worker, link=link, version=1, reason="记错了家庭")
        assert not any(row["on"] for row in sheet(case, worker, "linking")[0]["links"])

    def test_what_is_the_cases_alone_names_its_people(self, case, worker, family):
        given(case, worker, family, "大米", "goods", only_case=True)
        assert sheet(case, worker, "linking")[0]["links"][0]["whom"] == "陈小树"

    def test_what_the_family_got_otherwise_is_not_the_cases(self, case, worker, family):
        link = given(case, worker, family, "大米", "goods")
        ResourceLink.objects.filter(pk=link.pk).update(case_key=None)
        assert not any(row["on"] for row in sheet(case, worker, "linking")[0]["links"])


class TestReferred:
    def test_a_sheet_for_each_with_what_happened(self, case, worker, family, child):
        one = referred(case, worker, family, person_id=child.pk)
        moved = move_referral(by=worker, referral=one, version=1, entry=MoveEntry(Move.SEND, MAY, whom="李医生"))
        move_referral(by=worker, referral=moved, version=2, entry=MoveEntry(Move.ACCEPT, TODAY, note="下周复诊"))
        referred(case, worker, family, body="镇中心小学")
        first, second = sheet(case, worker, "referral")
        assert (first["body"], first["whom"], first["sent_on"], first["state"]) == (
            "县医院心理科", "陈小树", "2020-05-10", "已接收，办理中",
        )  # fmt: skip
        assert [row["move"] for row in first["steps"][:2]] == ["发出转介", "对方接收"]
        assert (first["steps"][0]["whom"], first["steps"][1]["note"]) == ("李医生", "下周复诊")
        assert (second["body"], second["steps"][0]["on"]) == ("镇中心小学", "")

    def test_without_one_it_is_a_sheet_to_be_filled_in_by_hand(self, case, worker):
        (told,) = sheet(case, worker, "referral")
        assert (told["whom"], told["body"], told["why"]) == ("陈小树", "", "")
        assert len(told["steps"]) == 4

    def test_that_sharing_was_agreed_to_stands_there_with_its_day(self, case, worker, family):
        referred(case, worker, family)
        assert sheet(case, worker, "referral")[0]["shared"] == ""
        told = {"scope": "referral", "agreed": True, "giver": "外婆", "given_on": MAY, "form": "written"}
        enter_parts(by=worker, kind=Consent, entries=[PartEntry(family.household, told)], acknowledged=True)
        assert sheet(case, worker, "referral")[0]["shared"] == "2020-05-10 同意"


class TestWhichAreTickedAtFirst:
    def test_those_of_help_only_where_some_was_given(self, case, worker, family):
        bare = {one.code for one in BLANKS} - {"linking", "referral"}
        assert set(applying(Told(case, worker))) == bare
        given(case, worker, family, "大米", "goods")
        assert set(applying(Told(case, worker))) == bare | {"linking"}
        referred(case, worker, family)
        assert set(applying(Told(case, worker))) == bare | {"linking", "referral"}


def test_another_station_is_told_of_nothing(case, worker, family, stranger):
    given(case, worker, family, "大米", "goods")
    referred(case, worker, family)
    assert Told(case, stranger).helped.links == Told(case, stranger).helped.referrals == []


def test_much_help_costs_as_few_queries_as_little(case, worker, family):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert Told(case, worker).helped.links
        return len(queries)

    given(case, worker, family, "大米", "goods")
    referred(case, worker, family)
    asked()
    little = asked()
    for _ in range(3):
        given(case, worker, family, "食油", "goods")
        referred(case, worker, family, body="残联")
    assert asked() == little
