"""The list of records, voiding one, a campaign's page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuangbai.activities.models import Activity
from shuangbai.households.models import Category
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.enums import Result
from shuangbai.visits.models import Visit
from tests.cast import a_campaign, a_family, a_member, a_visit, an_activity

LIST = "/records/"


def shown(client: Any, **asked: Any) -> list[str]:
    """Keys of the records on the page, in its order."""
    return keys(client.get(LIST, asked))


def keys(answer: Any) -> list[str]:
    return [row["url"].split("/")[2] for _month, rows in answer.context["months"] for row in rows]


def key(detail: Visit | Activity) -> str:
    return str(detail.pk)


@pytest.fixture
def family(city: Any, worker: Any) -> Any:
    return a_family(city.chengdong, worker, tags=["dibao_rural"])


def test_the_newest_stand_first_and_voided_ones_only_when_asked(
    client_for: Any, city: Any, worker: Any, family: Any
) -> None:
    old = a_visit(city.chengdong, worker, family, on=date(2020, 3, 1))
    event = an_activity(city.chengdong, worker, on=date(2020, 4, 1))
    new = a_visit(city.chengdong, worker, family, on=date(2020, 5, 1))
    client = client_for(worker)
    assert shown(client) == [key(new), key(event), key(old)]
    client.post(f"/records/{old.pk}/void", {"reason": "重复录入"})
    assert shown(client) == [key(new), key(event)]
    assert shown(client, voided="on") == [key(new), key(event), key(old)]


def test_by_category_whoever_was_met_or_named_stands_once(client_for: Any, city: Any, worker: Any, family: Any) -> None:
    """A visit counts by its family, an activity by the people named; each is one row however many carry it."""
    met = a_visit(city.chengdong, worker, family, on=date(2020, 5, 1))
    named = an_activity(city.chengdong, worker, on=date(2020, 6, 1), people=family.people)
    an_activity(city.chengdong, worker, on=date(2020, 6, 2))  # by heads alone
    client, category = client_for(worker), Category.objects.get(code="dibao_rural").pk
    assert shown(client, category=category) == [key(named), key(met)]
    assert shown(client, category=category, kind="visit") == [key(met)]
    assert shown(client, category=category, kind="activity") == [key(named)]


def test_each_filter_narrows(client_for: Any, city: Any, worker: Any, colleague: Any, family: Any) -> None:
    plain = a_family(city.chengdong, worker, members=[a_member("林木兰")])
    week = a_campaign(city.root)
    met = a_visit(city.chengdong, worker, family, on=date(2020, 5, 12), narrative="瓦片漏雨", campaign=week)
    unmet = a_visit(city.chengdong, colleague, plain, on=date(2020, 4, 30), result=Result.REFUSED)
    event = an_activity(city.chengdong, worker, on=date(2020, 6, 1), people=plain.people)
    client = client_for(worker)
    category = Category.objects.get(code="dibao_rural").pk
    assert shown(client, kind="activity") == [key(event)]
    assert shown(client, month="2020-04") == [key(unmet)]
    assert shown(client, first="2020-05-12", last="2020-06-01") == [key(event), key(met)]
    assert shown(client, category=category) == [key(met)]
    assert shown(client, category=category, kind="activity") == []
    assert shown(client, worker=colleague.staff_id) == [key(unmet)]
    assert shown(client, campaign=week.pk) == [key(met)]
    assert shown(client, reached="no") == [key(unmet)]
    assert shown(client, reached="yes") == [key(event), key(met)]
    assert shown(client, q="瓦片") == [key(met)]
    assert shown(client, q="瓦片", kind="activity") == []
    assert shown(client, q="片瓦") == []


def test_a_word_must_stand_as_it_was_typed(client_for: Any, city: Any, worker: Any, family: Any) -> None:
    apart = a_visit(city.chengdong, worker, family, narrative="血压偏高，高血糖")
    whole = a_visit(city.chengdong, worker, family, on=date(2020, 5, 2), narrative="有高血压")
    assert "压高血" not in apart.narrative
    assert shown(client_for(worker), q="高血压") == [key(whole)]


def test_nonsense_in_the_address_is_passed_over(client_for: Any, city: Any, worker: Any, family: Any) -> None:
    a_visit(city.chengdong, worker, family)
    client = client_for(worker)
    for asked in ({"month": "2020-13"}, {"after": "x"}, {"category": "x"}, {"first": "x"}, {"station": "x"}):
        assert client.get(LIST, asked).status_code == 200
    answer = client.get(LIST, {"q": "瓦"})
    assert "请至少输入两个字" in answer.content.decode()
    assert client.get(LIST, {"q": "，，"}).status_code == 200


def test_pages_follow_one_another_without_gap_or_repeat(client_for: Any, city: Any, worker: Any, family: Any) -> None:
    visits = [
        a_visit(
            city.chengdong, worker, family, on=date(2020, 5, 1) - timedelta(days=day // 2), narrative=f"第{day}次瓦片"
        )
        for day in range(60)
    ]
    category = Category.objects.get(code="dibao_rural").pk
    client = client_for(worker)
    for asked in ({}, {"category": category}, {"category": category, "kind": "visit"}, {"q": "瓦片"}):
        first = client.get(LIST, asked)
        second = client.get(first.context["older_url"])
        both = keys(first) + keys(second)
        assert len(keys(first)) == 50
        assert sorted(both) == sorted(map(key, visits))
        assert not second.context["older_url"] or "q" in asked


def test_a_longer_list_costs_no_more_queries(client_for: Any, city: Any, worker: Any, family: Any) -> None:
    category = Category.objects.get(code="dibao_rural").pk

    def asked() -> list[int]:
        counts = []
        for query in ({}, {"category": category}, {"q": "血压"}, {"worker": worker.staff_id}):
            client = client_for(worker)
            client.get(LIST)  # what the process remembers is asked once
            with CaptureQueriesContext(connection) as queries:
                client.get(LIST, query)
            counts.append(len(queries))
        return counts

    a_visit(city.chengdong, worker, family)
    an_activity(city.chengdong, worker, people=family.people)
    few = asked()
    for day in range(1, 9):
        other = a_family(city.chengdong, worker, tags=["dibao_rural"])
        a_visit(city.chengdong, worker, other, on=date(2020, 4, day))
        an_activity(city.chengdong, worker, people=other.people, on=date(2020, 4, day))
    assert asked() == few


def test_another_stations_records_are_not_listed(
    client_for: Any, city: Any, worker: Any, stranger: Any, supervisor: Any, family: Any
) -> None:
    visit = a_visit(city.chengdong, worker, family, narrative="瓦片漏雨")
    category = Category.objects.get(code="dibao_rural").pk
    for asked in ({}, {"q": "瓦片"}, {"category": category}, {"station": city.chengdong.pk}):
        assert shown(client_for(stranger), **asked) == []
        assert shown(client_for(supervisor), **asked) == [key(visit)]
    assert shown(client_for(supervisor), station=city.dongzhou.pk) == []


def test_the_officer_reads_no_names_in_the_list(
    client_for: Any, city: Any, worker: Any, officer: Any, family: Any
) -> None:
    a_visit(city.chengdong, worker, family, narrative="曾秀英说瓦片漏雨")
    page = client_for(officer).get(LIST).content.decode()
    assert "曾**户" in page
    assert "曾秀英" not in page


def test_a_records_address_leads_to_its_page(
    client_for: Any, city: Any, worker: Any, stranger: Any, family: Any
) -> None:
    visit, event = a_visit(city.chengdong, worker, family), an_activity(city.chengdong, worker)
    client = client_for(worker)
    assert client.get(f"/records/{visit.pk}/").url == f"/visits/{visit.pk}/"
    assert client.get(f"/records/{event.pk}/").url == f"/activities/{event.pk}/"
    assert client_for(stranger).get(f"/records/{visit.pk}/").status_code == 404


def test_voiding_needs_a_reason_and_the_right(
    client_for: Any, city: Any, worker: Any, colleague: Any, head: Any, stranger: Any, family: Any
) -> None:
    visit = a_visit(city.chengdong, worker, family)
    address = f"/records/{visit.pk}/void"
    answer = client_for(worker).post(address, {"reason": "错"})
    assert answer.status_code == 422
    assert "请写明作废理由" in answer.content.decode()
    for nobody in (colleague, stranger):
        assert client_for(nobody).post(address, {"reason": "重复录入"}).status_code == 404
        assert client_for(nobody).post(address, {"reason": ""}).status_code == 404
    assert client_for(worker).get(address).status_code == 405
    assert client_for(head).post(address, {"reason": "重复录入"}).url == f"/visits/{visit.pk}/"
    assert ServiceRecord.objects.get().void_reason == "重复录入"
    answer = client_for(head).post(address, {"reason": "再作废"})
    assert "已经作废" in answer.content.decode()
