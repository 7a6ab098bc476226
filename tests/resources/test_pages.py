"""Pages of resources: for whoever may, with what is wrong beside its field, nothing typed lost, few queries."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from shuangbai.cases.actions.opening import CaseEntry, OpenEntry, open_case
from shuangbai.core.ids import random_id
from shuangbai.resources.enums import Move
from shuangbai.resources.models import Referral, Resource, ResourceLink
from tests.cast import TODAY, a_family
from tests.resources.test_resources import YESTERDAY, a_link, a_referral, a_resource, moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker)


@pytest.fixture
def wheelchair(city, worker):
    return a_resource(worker, city.chengdong, contact="周老师", phone="19900002222")


def of(name, family) -> str:
    return f"{reverse(name)}?family={family.household.pk}"


class TestTheDirectory:
    def test_a_worker_enters_changes_renews_and_ends(self, city, worker, client_for):
        client = client_for(worker)
        said = {"name": "轮椅借用", "provider": "县残联", "kind": "goods", "needs": ["care"], "starts_on": "2020-01-01"}
        made = client.post(reverse("resource-new"), said)
        resource = Resource.objects.get()
        assert made.url == reverse("resource", args=[resource.pk])
        edit = reverse("resource-edit", args=[resource.pk])
        assert client.post(edit, said | {"name": "", "version": "1"}).status_code == 422
        client.post(edit, said | {"conditions": "凭残疾证", "version": "1"})
        stale = client.post(edit, said | {"conditions": "凭身份证", "version": "1"})
        assert stale.status_code == 409
        assert "凭残疾证" in stale.content.decode()
        assert "凭身份证" in stale.content.decode()
        client.post(
            reverse("resource-end", args=[resource.pk]), {"ends_on": "2020-06-06", "reason": "收回", "version": "2"}
        )
        client.post(reverse("resource-renew", args=[resource.pk]), {"starts_on": "2020-07-01", "version": "3"})
        page = client.get(reverse("resource", args=[resource.pk])).content.decode()
        assert "2020-07-01" in page
        assert "凭残疾证" in page
        assert "停用：收回" in page

    def test_it_is_searched_and_suggested(self, worker, client_for, wheelchair):
        client = client_for(worker)
        assert "轮椅借用" in client.get(reverse("resource-list"), {"q": "ly"}).content.decode()
        assert "没有符合条件" in client.get(reverse("resource-list"), {"q": "助学"}).content.decode()
        found = json.loads(client.get(reverse("resource-suggest"), {"q": "轮椅"}).content)["results"]
        assert [one["id"] for one in found] == [str(wheelchair.pk)]

    def test_what_expired_is_shown_only_where_it_is_asked_for_and_says_so(self, city, worker, client_for):
        a_resource(worker, city.chengdong, name="旧项目", ends_on=YESTERDAY)
        client = client_for(worker)
        assert "旧项目" not in client.get(reverse("resource-list")).content.decode()
        page = client.get(reverse("resource-list"), {"ended": "on"}).content.decode()
        assert "旧项目" in page
        assert "已到期" in page
        assert json.loads(client.get(reverse("resource-suggest"), {"q": "旧项"}).content)["results"] == []

    def test_the_list_asks_as_much_for_twenty_as_for_one(
        self, city, worker, client_for, wheelchair, django_assert_num_queries
    ):
        client = client_for(worker)
        client.get(reverse("resource-list"))
        with django_assert_num_queries(5):
            client.get(reverse("resource-list"))
        for n in range(20):
            a_resource(worker, city.chengdong, name=f"第{n}项")
        with django_assert_num_queries(5):
            client.get(reverse("resource-list"))


class TestLinks:
    def test_from_a_familys_page_to_the_link(self, worker, client_for, family, wheelchair):
        client, url = client_for(worker), of("resource-link-new", family)
        assert url in client.get(reverse("family", args=[family.household.pk])).content.decode()
        assert "轮椅借用" in client.get(f"{url}&resource={wheelchair.pk}").content.decode()
        said = {"resource": str(wheelchair.pk), "occurred_on": "2020-06-05", "quantity": "1", "unit": "台",
                "person": str(family.people[0].pk), "client_id": str(random_id())}  # fmt: skip
        made = client.post(url, said)
        link = ResourceLink.objects.get()
        assert made.url == reverse("resource-link", args=[link.pk])
        assert "轮椅借用" in client.get(reverse("family", args=[family.household.pk])).content.decode()

    def test_a_refusal_keeps_what_was_typed(self, worker, client_for, family, wheelchair):
        said = {
            "resource": str(wheelchair.pk),
            "occurred_on": "2020-06-09",
            "note": "借给老人",
            "client_id": str(random_id()),
        }
        answer = client_for(worker).post(of("resource-link-new", family), said)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "借给老人" in page
        assert "轮椅借用" in page
        assert "在今天之后" in page

    def test_a_stale_correction_shows_both(self, worker, colleague, client_for, family, wheelchair):
        link = a_link(worker, family, wheelchair, quantity=Decimal(1), unit="台")
        url = reverse("resource-link-correct", args=[link.pk])
        said = {"resource": str(wheelchair.pk), "occurred_on": "2020-06-05", "quantity": "2", "unit": "台",
                "client_id": str(link.client_id), "version": "1", "reason": "写错了"}  # fmt: skip
        assert client_for(colleague).post(url, said).status_code == 302
        stale = client_for(worker).post(url, said | {"quantity": "3"})
        assert stale.status_code == 409
        assert "已保存的版本" in stale.content.decode()

    def test_the_familys_page_and_timeline_tell_it(self, worker, client_for, family, wheelchair):
        a_link(worker, family, wheelchair, quantity=Decimal(1), unit="台")
        a_referral(worker, family)
        page = client_for(worker).get(reverse("family", args=[family.household.pk])).content.decode()
        assert "链接资源：轮椅借用" in page
        assert "转介至镇卫生院" in page

    def test_it_is_voided_and_says_by_whom(self, worker, client_for, family, wheelchair):
        link, client = a_link(worker, family, wheelchair), client_for(worker)
        url = reverse("resource-link-void", args=[link.pk])
        assert client.post(url, {"reason": "", "version": "1"}).status_code == 422
        assert client.post(url, {"reason": "重复登记", "version": "1"}).status_code == 302
        assert "已作废" in client.get(reverse("resource-link", args=[link.pk])).content.decode()
        assert client.get(url).status_code == 404

    def test_nobody_else_opens_it(self, city, worker, stranger, officer, client_for, family, wheelchair):
        link = a_link(worker, family, wheelchair)
        for user in (stranger, officer):
            assert client_for(user).get(reverse("resource-link", args=[link.pk])).status_code == 404


class TestACase:
    ADDRESSES = ("/", "/resources/referrals/?all", "/resources/", "/assistance/", "/records/", "/search?q=轮椅")

    @pytest.fixture
    def case(self, city, worker, family):
        said = CaseEntry("visit", "care", "独居老人照料", [family.people[0].pk], YESTERDAY)
        entry = OpenEntry(city.chengdong, random_id(), family.household.pk, said)
        return open_case(by=worker, entry=entry, acknowledged=True)

    def test_a_colleagues_pages_are_the_same_with_and_without(
        self, worker, colleague, client_for, family, wheelchair, case
    ):
        home = reverse("family", args=[family.household.pk])
        addresses = (*self.ADDRESSES, home, reverse("resource", args=[wheelchair.pk]))

        def pages() -> list[str]:
            client = client_for(colleague)
            return [re.sub(r'"\w{64}"', "", client.get(one).content.decode()) for one in addresses]

        before = pages()
        link = a_link(worker, family, wheelchair, case_key=case.pk, only_case=True)
        referral = moved(a_referral(worker, family, case_key=case.pk, only_case=True), worker, Move.SEND)
        assert pages() == before
        for name, row in (("resource-link", link), ("referral", referral), ("case-resources", case)):
            assert client_for(colleague).get(reverse(name, args=[row.pk])).status_code == 404

    def test_its_few_see_it_on_the_cases_page_alone(self, worker, client_for, family, wheelchair, case):
        client = client_for(worker)
        url = f"{of('resource-link-new', family)}&case={case.pk}"
        assert case.number in client.get(url).content.decode()
        said = {"resource": str(wheelchair.pk), "occurred_on": "2020-06-05", "case": str(case.pk), "only_case": "on",
                "client_id": str(random_id())}  # fmt: skip
        assert client.post(url, said).status_code == 302
        assert ResourceLink.objects.get().household is None
        assert "轮椅借用" in client.get(reverse("case-resources", args=[case.pk])).content.decode()
        assert "链接资源：轮椅借用" not in client.get(reverse("family", args=[family.household.pk])).content.decode()


class TestReferrals:
    def test_it_is_registered_sent_and_answered_on_its_page(self, worker, client_for, family):
        client = client_for(worker)
        said = {
            "body": "镇卫生院",
            "why": "常摔倒",
            "asks": "评估",
            "asked_on": "2020-06-05",
            "client_id": str(random_id()),
        }
        asked = client.post(of("referral-new", family), said)
        assert asked.status_code == 422
        assert "转介时共享资料" in asked.content.decode()
        made = client.post(of("referral-new", family), said | {"acknowledged": "on"})
        referral = Referral.objects.get()
        assert made.url == reverse("referral", args=[referral.pk])
        move = reverse("referral-move", args=[referral.pk])
        client.post(move, {"move": "send", "happened_on": "2020-06-06", "version": "1"})
        stale = client.post(move, {"move": "accept", "happened_on": "2020-06-06", "note": "已收", "version": "1"})
        assert stale.status_code == 409
        assert "已收" in stale.content.decode()
        assert "已转介" in client.get(reverse("referral", args=[referral.pk])).content.decode()

    def test_who_changed_what_before_it_was_sent_stands_on_its_page_and_steps_do_not(self, worker, client_for, family):
        referral, client = a_referral(worker, family), client_for(worker)
        url, edit = (reverse(name, args=[referral.pk]) for name in ("referral", "referral-edit"))
        assert "变动记录" not in client.get(url).content.decode()
        said = {"body": "县人民医院", "why": referral.why, "asks": "骨科评估", "asked_on": str(YESTERDAY),
                "client_id": str(referral.client_id)}  # fmt: skip
        assert client.post(edit, said | {"version": "1", "acknowledged": "on"}).status_code == 302
        moved(referral, worker, Move.SEND)
        page = re.sub(r"\s+", " ", client.get(url).content.decode())
        history = page[page.index("变动记录") :]
        assert "<del>镇卫生院</del> → 县人民医院" in history
        assert "<del>评估并安排照护</del> → 骨科评估" in history
        assert worker.display_name in history
        assert history.count("timeline-done") == 2  # what it began with, and the change; sending is a step

    def test_one_that_only_moved_has_no_history(self, worker, client_for, family):
        referral = moved(a_referral(worker, family), worker, Move.SEND)
        assert "变动记录" not in client_for(worker).get(reverse("referral", args=[referral.pk])).content.decode()

    def test_what_is_to_be_asked_stands_on_the_first_page(self, worker, client_for, family):
        referral = moved(a_referral(worker, family), worker, Move.SEND)
        client = client_for(worker)
        assert "协助申请与转介" not in client.get("/").content.decode()
        Referral.objects.filter(pk=referral.pk).update(next_on=YESTERDAY)
        assert "转介至镇卫生院" in client.get("/").content.decode()

    def test_the_list_asks_as_much_for_twenty_as_for_one(self, worker, client_for, family, django_assert_num_queries):
        client = client_for(worker)
        a_referral(worker, family)
        client.get(reverse("referral-list"))
        with django_assert_num_queries(4):
            client.get(reverse("referral-list"))
        for _ in range(20):
            a_referral(worker, family)
        with django_assert_num_queries(4):
            client.get(reverse("referral-list"))

    @pytest.mark.parametrize("form", ["page", "docx"])
    def test_a_letter_is_taken(self, worker, stranger, client_for, family, form):
        referral = a_referral(worker, family, person_id=family.people[0].pk)
        url = reverse("referral-letter", args=[referral.pk])
        assert client_for(stranger).get(url).status_code == 404
        client = client_for(worker)
        assert client.get(url).status_code == 200
        answer = client.post(url, {"form": form})
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        if form == "page":
            page = answer.content.decode()
            assert "镇卫生院" in page
            assert "回执" in page
            assert "曾秀英" in page

    def test_late_ones_reach_the_supervisor(self, worker, supervisor, client_for, family):
        referral = moved(a_referral(worker, family), worker, Move.SEND)
        Referral.objects.filter(pk=referral.pk).update(next_on=TODAY - timedelta(days=40))
        assert "转介至镇卫生院" in client_for(supervisor).get("/").content.decode()
