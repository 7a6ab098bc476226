"""What is said beside numbers: nothing to count, no station yet, a list that changed, a level without a meaning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from shuangbai.core.periods import Period
from shuangbai.households.models import CategoryListItem
from shuangbai.network.models import User
from shuangbai.reports.indicators import BY_CODE, RATES
from shuangbai.reports.queries import Ask
from shuangbai.reports.remarks import of_number, of_question
from tests.cast import City, a_family, a_visit

pytestmark = pytest.mark.django_db
MAY = Period(date(2020, 5, 1), date(2020, 5, 31))


@pytest.fixture
def client(city: City, client_for: Callable[[User], Client]) -> Client:
    return client_for(city.users["officer"])


def page(client: Client, figure: str, scope: str, period: Period = MAY) -> str:
    address = f"/reports/number/?figure={figure}&first={period.first}&last={period.last}&scope={scope}"
    return client.get(address).content.decode()


def test_an_empty_period_says_that_nothing_was_there(city: City, client: Client, worker: User) -> None:
    assert "没有这样的记录，所以是 0" in page(client, "V2", city.root.code)
    assert "没有应计的家庭或人，所以没有比率" in page(client, "F6", city.root.code)
    a_visit(city.chengdong, worker, a_family(city.chengdong, worker), on=date(2020, 5, 4))
    assert "所以是 0" not in page(client, "V2", city.root.code)


def test_a_period_before_the_first_station_says_when_it_opened(city: City, client: Client) -> None:
    period = Period(date(2016, 1, 1), date(2016, 12, 31))
    [said] = of_question(Ask(period, city.root))
    assert "没有开着的社工站（最早的 2017-" in said
    assert "不等于没有人需要服务" in page(client, "V2", city.root.code, period)
    address = f"/reports/results/?first={period.first}&last={period.last}&scope={city.root.code}"
    assert "不等于没有人需要服务" in client.get(address).content.decode()


def test_a_period_across_a_change_of_the_list_of_clients_says_what_changed_when(city: City, client: Client) -> None:
    assert of_question(Ask(MAY, city.root)) == []
    came, left = CategoryListItem.objects.filter(list__code="civil").select_related("category")[:2]
    CategoryListItem.objects.filter(pk=came.pk).update(starts_on=date(2020, 5, 11))
    CategoryListItem.objects.filter(pk=left.pk).update(ends_on=date(2020, 5, 20))
    said = f"{came.category.name} 2020-05-11 列入、{left.category.name} 2020-05-20 止"
    assert said in of_question(Ask(MAY, city.root))[0]
    assert said in page(client, "V5", city.root.code)
    assert said not in page(client, "V2", city.root.code)
    assert of_question(Ask(Period(date(2020, 5, 21), date(2020, 5, 31)), city.root)) == []


def test_a_figure_asked_for_at_a_level_where_it_has_no_meaning_says_which_to_take(city: City, client: Client) -> None:
    assert "只看一个站没有意义：请把范围换成县区或全市" in page(client, "S1", city.chengdong.code)
    assert "没有意义" not in page(client, "S1", city.root.code)


def test_a_rate_with_something_to_count_needs_no_remark(city: City) -> None:
    for what in (BY_CODE["F1"], *RATES):
        assert of_number(what, Ask(MAY, city.root), 3) == []
