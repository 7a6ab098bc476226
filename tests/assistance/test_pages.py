"""Pages of policy assistance: for whoever may, with what is wrong beside its field, nothing typed lost, few queries."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from shuangbai.assistance.enums import MatterKind
from shuangbai.assistance.models import Matter, MatterPaper, PolicyRule
from shuangbai.core.ids import random_id
from shuangbai.households.enums import Relation
from shuangbai.households.models import Tag
from tests.assistance.test_matters import a_matter, accepted, granted
from tests.cast import a_family, a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(city, worker):
    members = [a_member("曾秀英", Relation.HEAD, birth_date=date(1938, 1, 1)), a_member("陈大文")]
    return a_family(city.chengdong, worker, members=members)


def new(family) -> str:
    return f"{reverse('matter-new')}?family={family.household.pk}"


class TestAMatter:
    def test_from_a_familys_page_with_hints_to_the_money(self, worker, client_for, family):
        client = client_for(worker)
        assert reverse("matter-new") in client.get(reverse("family", args=[family.household.pk])).content.decode()
        page = client.get(new(family)).content.decode()
        assert "高龄津贴" in page
        assert "当地规定" in page
        assert "不是认定" in page
        made = client.post(
            new(family),
            {"policy": "dibao", "kind": "new", "opened_on": "2020-04-01", "client_id": str(random_id())},
        )
        matter = Matter.objects.get()
        assert made.url == reverse("matter", args=[matter.pk])
        step = reverse("matter-step", args=[matter.pk])
        client.post(step, {"move": "accept", "happened_on": "2020-04-02", "version": "1"})
        page = client.get(reverse("matter", args=[matter.pk])).content.decode()
        assert "超期" in page
        assert "还没有登记，只扣了周末" in page
        client.post(step, {"move": "grant", "happened_on": "2020-05-06", "amount": "420", "version": "2"})
        page = client.get(reverse("matter", args=[matter.pk])).content.decode()
        assert "按结果登记类别" in page
        assert "金额 420 元/月" in page
        client.post(
            reverse("matter-category", args=[matter.pk]),
            {"category": "dibao_rural", "starts_on": "2020-05-06", "version": "3"},
        )
        assert Tag.objects.get().amount == 420
        page = client.get(reverse("family", args=[family.household.pk])).content.decode()
        assert "协助申请低保" in page
        assert "低保（新增）批准" in page
        assert 'hx-get=""' not in page  # the timeline's own filter stands beside

    def test_a_refusal_keeps_what_was_typed_and_a_stale_step_too(self, worker, client_for, family):
        matter, client = a_matter(worker, family), client_for(worker)
        bad = client.post(new(family), {"policy": "", "kind": "new", "opened_on": "2020-04-01", "note": "儿子断供",
                                        "client_id": str(random_id())})  # fmt: skip
        assert bad.status_code == 422
        assert "儿子断供" in bad.content.decode()
        step = reverse("matter-step", args=[matter.pk])
        client.post(step, {"move": "apply", "happened_on": "2020-04-02", "version": "1"})
        stale = client.post(step, {"move": "accept", "happened_on": "2020-04-03", "note": "已受理", "version": "1"})
        assert stale.status_code == 409
        assert "已受理" in stale.content.decode()

    def test_papers_undo_correct_and_void(self, worker, client_for, family):
        matter, client = accepted(worker, family), client_for(worker)
        paper = MatterPaper.objects.order_by("position")[0]
        said = {"got": [paper.pk], "more": "残疾证", "version": str(matter.version)}
        assert client.post(reverse("matter-papers", args=[matter.pk]), said).status_code == 302
        assert "残疾证" in client.get(reverse("matter", args=[matter.pk])).content.decode()
        assert client.post(reverse("matter-undo", args=[matter.pk]), {"version": "3"}).status_code == 302
        assert Matter.objects.get().stage == "preparing"
        correct = reverse("matter-correct", args=[matter.pk])
        said = {"policy": "tekun", "kind": "new", "opened_on": "2020-04-01", "client_id": str(matter.client_id),
                "version": "4", "reason": "选错了"}  # fmt: skip
        assert client.post(correct, said).status_code == 302
        stale = client.post(correct, said)
        assert stale.status_code == 409
        assert "已保存的版本" in stale.content.decode()
        void = reverse("matter-void", args=[matter.pk])
        assert client.post(void, {"reason": "", "version": "5"}).status_code == 422
        assert client.post(void, {"reason": "重复登记", "version": "5"}).status_code == 302
        page = client.get(reverse("matter", args=[matter.pk])).content.decode()
        assert "已作废" in page
        assert "记一步" not in page

    def test_nobody_else_opens_it_and_a_supervisor_only_reads(
        self, worker, stranger, officer, supervisor, client_for, family
    ):
        matter = a_matter(worker, family)
        url = reverse("matter", args=[matter.pk])
        for user in (stranger, officer):
            assert client_for(user).get(url).status_code == 404
        page = client_for(supervisor).get(url).content.decode()
        assert "记一步" not in page
        assert "材料" in page
        step = client_for(supervisor).post(reverse("matter-step", args=[matter.pk]), {"move": "apply", "version": "1"})
        assert step.status_code == 404

    def test_what_presses_stands_on_the_first_page_of_worker_and_supervisor(
        self, worker, supervisor, client_for, family
    ):
        accepted(worker, family)
        for user in (worker, supervisor):
            assert "超期" in client_for(user).get("/").content.decode()

    def test_the_list_asks_as_much_for_twenty_as_for_one(self, worker, client_for, family, django_assert_num_queries):
        client = client_for(worker)
        accepted(worker, family)
        client.get(reverse("matter-list"))
        with django_assert_num_queries(5):
            client.get(reverse("matter-list"))
        for _ in range(20):
            accepted(worker, family)
        with django_assert_num_queries(5):
            client.get(reverse("matter-list"))
        assert "没有协助申请" in client.get(reverse("matter-list"), {"ended": ""}).content.decode()


class TestTheCity:
    def test_a_policy_is_ruled_anew_with_its_source(self, officer, worker, client_for):
        client = client_for(officer)
        assert "未经核对" in client.get(reverse("policy-list")).content.decode()
        url = reverse("policy-rule", args=["aged"])
        said = {
            "starts_on": "2020-06-06", "days": "20", "text": "满80岁", "source": "本市〔2020〕1号",
            "papers": "身份证\n银行账号", "reason": "按本市规定", "version": "0",
        }  # fmt: skip
        assert client.post(url, said | {"source": ""}).status_code == 422
        assert client.post(url, said).status_code == 302
        stale = client.post(url, said)
        assert stale.status_code == 409
        assert PolicyRule.objects.get().papers == ["身份证", "银行账号"]
        assert "本市定的" in client.get(reverse("policy-list")).content.decode()
        assert client.get(reverse("policy-rule", args=["nothing"])).status_code == 404
        assert client_for(worker).get(url).status_code == 404


def test_a_stop_ends_the_category_on_the_matters_page(city, worker, client_for):
    family = a_family(city.chengdong, worker, tags=["dibao_rural"])
    matter, tag, client = granted(worker, family, kind=MatterKind.STOP), Tag.objects.get(), client_for(worker)
    page = client.get(reverse("matter", args=[matter.pk])).content.decode()
    assert "按停发结束类别" in page
    said = {"tag": str(tag.pk), "ends_on": "2020-05-31", "version": str(matter.version)}
    assert client.post(reverse("matter-category", args=[matter.pk]), said).status_code == 302
    assert Tag.objects.get().ends_on == date(2020, 5, 31)
