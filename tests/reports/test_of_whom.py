"""Figures by the people themselves: their sex and the age they had on the day, and by who did the work."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shuangbai.core.periods import Period
from shuangbai.filings.gathering import NOT_KEPT, gather
from shuangbai.households.enums import Relation
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.reports.results import lines_of
from tests.cast import TODAY, City, a_family, a_member, a_visit, an_activity

pytestmark = pytest.mark.django_db


def ask(city: City) -> Ask:
    return Ask(Period(date(2020, 1, 1), TODAY), city.root)


@pytest.fixture
def visited(city: City, worker: Any) -> Any:
    """On her eightieth birthday: a family of three, all met; the one a day younger and the one without a birth date."""
    members = [
        a_member("曾秀英", Relation.HEAD, birth_date=date(1940, 6, 1), sex="2"),
        a_member("曾大文", Relation.SPOUSE, birth_date=date(1940, 6, 2), sex="1"),
        a_member("曾小树", Relation.GRANDSON),
    ]
    family = a_family(city.chengdong, worker, members=members)
    visitors = [worker.staff_id, city.users["colleague"].staff_id]
    a_visit(city.chengdong, worker, family, on=date(2020, 6, 1), met=family.people, worker_ids=visitors)
    return family


@pytest.mark.parametrize("code", ["V4", "V8"])
def test_whoever_was_met_by_sex_and_by_the_age_of_that_day(city: City, visited: Any, code: str) -> None:
    figure = BY_CODE[code]
    assert figure.split(ask(city), "age") == {"80": 1, "60": 1, "": 1}
    assert {line.name: line.value for line in lines_of(figure, ask(city), "age", evidence=True)} == {
        "80岁及以上": 1, "60–79岁": 1, "年龄不详": 1,
    }  # fmt: skip
    assert {line.name: line.value for line in lines_of(figure, ask(city), "sex")} == {"男": 1, "女": 1, "未知": 1}
    for dimension, value in (("age", "80"), ("age", ""), ("sex", "2")):
        held = ask(city).holding(dimension, value)
        assert figure.value(held) == figure.evidence(held) == len(list(figure.lines(held))) == 1


def test_whoever_came_to_activities(city: City, visited: Any) -> None:
    for day in (date(2020, 6, 1), date(2020, 6, 5)):
        an_activity(city.chengdong, city.users["worker"], on=day, people=visited.people[:2])
    assert BY_CODE["A6"].split(ask(city), "sex") == {"1": 1, "2": 1}
    # A person counts once in each age that they had: the spouse was 79 at the first and 80 at the second.
    assert BY_CODE["A6"].split(ask(city), "age") == {"80": 2, "60": 1}


@pytest.mark.parametrize("code", ["V1", "V2", "V3", "V4"])
def test_two_who_went_together_each_have_the_visit_and_the_whole_has_it_once(
    city: City, visited: Any, code: str
) -> None:
    figure, met = BY_CODE[code], 3 if code == "V4" else 1
    assert figure.value(ask(city)) == met
    lines = lines_of(figure, ask(city), "worker", evidence=True)
    assert [(line.value, line.evidence) for line in lines] == [(met, met), (met, met)]


def test_workers_are_told_by_name_and_never_by_size(city: City, worker: Any, visited: Any) -> None:
    """Nobody is ranked: whoever did less does not stand below."""
    a_visit(city.chengdong, worker, visited, on=date(2020, 6, 3), met=visited.people[:1])
    lines = lines_of(BY_CODE["V1"], ask(city), "worker")
    assert sorted(line.value for line in lines) == [1, 2]
    assert [line.name for line in lines] == sorted(line.name for line in lines)


def test_no_sex_no_age_and_no_worker_is_frozen(city: City, visited: Any) -> None:
    columns = {name for table in gather(ask(city), "salt").tables.values() for name in table.columns}
    assert not {"person__sex", "age_band", "workers__staff", "record__workers__staff"} & columns
    assert {"worker", "sex", "age"} <= NOT_KEPT
