"""The pages of the city's lists: who sees them, what they say, and two officers at once."""

from __future__ import annotations

from typing import Any

import pytest

from shuangbai.codes.models import CodeItem
from tests.cast import a_family, a_visit, a_visit_entry

pytestmark = pytest.mark.django_db
LIST = "/setup/codes/visit.mode/"
WHY = {"reason": "大家都这样叫"}


@pytest.fixture
def page(client_for, officer) -> Any:
    return client_for(officer)


def text(answer: Any) -> str:
    return answer.content.decode()


class TestWho:
    @pytest.mark.parametrize("who", ["worker", "head", "supervisor", "sysadmin", "security", "auditor"])
    @pytest.mark.parametrize("path", ["", "visit.mode/", "visit.mode/new", "visit.mode/home/rename"])
    def test_for_others_the_pages_are_not_there(self, city, client_for, who, path):
        assert client_for(city.users[who]).get(f"/setup/codes/{path}").status_code == 404

    def test_nobody_else_changes_anything(self, city, client_for, worker):
        answer = client_for(worker).post(f"{LIST}phone/move", {"to": "up"})
        assert answer.status_code == 404
        assert CodeItem.objects.count() == 0

    @pytest.mark.parametrize("path", ["no.such/", "visit.mode/c9/rename", "file.grade/new"])
    def test_what_does_not_exist_is_not_there(self, page, path):
        assert page.get(f"/setup/codes/{path}").status_code == 404


class TestShown:
    def test_all_lists_with_their_items(self, page):
        said = text(page.get("/setup/codes/"))
        for words in ("走访方式", "走访结果", "谈及的话题", "发现的需求", "活动类型", "跟进级别", "疫情防控"):
            assert words in said

    def test_how_many_records_use_an_item(self, city, page, worker):
        a_visit(city.chengdong, worker, a_family(city.chengdong, worker), topics=["health"])
        for name in ("visit.mode", "visit.topic"):
            assert '<td class="number" data-label="用它的记录">1</td>' in text(page.get(f"/setup/codes/{name}/"))

    def test_a_list_costs_as_much_with_history_as_without(self, page, django_assert_max_num_queries):
        page.get(LIST)
        page.post(f"{LIST}new", {"label": "语音", "base": "phone", "starts_on": "2020-06-01", **WHY})
        for _ in range(3):
            page.post(f"{LIST}c1/move", {"to": "up"})
        page.get(LIST)
        with django_assert_max_num_queries(6):
            page.get(LIST)


class TestChanging:
    def test_adding_one_and_using_it(self, city, page, client_for, worker):
        answer = page.post(f"{LIST}new", {"label": "语音", "base": "phone", "starts_on": "2020-06-01", **WHY})
        assert answer["Location"] == LIST
        said = text(page.get(LIST))
        for words in ("语音", "增加「语音」", "大家都这样叫", "蔡志明", "算作「电话」"):
            assert words in said
        family = a_family(city.chengdong, worker)
        form = text(client_for(worker).get(f"/visits/new?family={family.household.pk}"))
        assert 'value="c1"' in form
        assert a_visit_entry(city.chengdong, worker, family)

    def test_what_is_missing_is_said_in_sentences(self, page):
        answer = page.post(f"{LIST}new", {"label": "", "starts_on": "", "reason": ""})
        assert answer.status_code == 422
        for sentence in ("请填写名称", "请选择算作哪一项", "请填写日期", "请写明理由"):
            assert sentence in text(answer)

    def test_a_refusal_of_the_rules_stands_beside_its_field(self, page):
        answer = page.post(f"{LIST}home/rename", {"label": "电话", "starts_on": "2020-06-01", "version": 0, **WHY})
        assert answer.status_code == 422
        assert "已有一项在用" in text(answer)

    def test_ending_and_bringing_back(self, page):
        page.post(f"{LIST}chance/end", {"ends_on": "2020-05-31", "version": 0, **WHY})
        assert "已停用" in text(page.get(LIST))
        page.post(f"{LIST}chance/resume", {"starts_on": "2020-06-06", "version": 1, **WHY})
        assert "已停用" not in text(page.get(LIST))

    def test_the_order_of_a_form(self, page):
        page.post(f"{LIST}phone/move", {"to": "up"})
        said = text(page.get(LIST))
        assert said.index("改名") > 0
        assert said.index(">电话") < said.index(">入户")

    def test_two_officers_see_both_versions_and_the_second_may_save_on_top(self, page):
        first = {"label": "上门", "starts_on": "2020-06-01", "version": 0, **WHY}
        page.post(f"{LIST}home/rename", first)
        answer = page.post(f"{LIST}home/rename", {**first, "label": "到家"})
        assert answer.status_code == 409
        for words in ("已保存的版本", "上门", "到家", "蔡志明", 'name="version" value="1"'):
            assert words in text(answer)
        page.post(f"{LIST}home/rename", {**first, "label": "到家", "version": 1})
        assert CodeItem.objects.get(ends_on=None).label == "到家"
