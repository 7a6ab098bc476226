"""Rates: two figures of one question, each counted by hand here and shown with its evidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from shuangbai.core.periods import Period
from shuangbai.households.enums import Grade, Relation
from shuangbai.households.files import grade_files
from shuangbai.households.lists import CLIENTS
from shuangbai.households.models import Category, CategoryFloor, CategoryListItem, HouseholdStation, Person
from shuangbai.network.models import User
from shuangbai.reports.evidence import page_of
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.reports.results import rates
from shuangbai.services.actions import void_records
from tests.cast import TODAY, City, a_family, a_file, a_member, a_visit

pytestmark = pytest.mark.django_db


def ask(unit: Any, last: date = TODAY) -> Ask:
    return Ask(Period(date(2020, 1, 1), last), unit)


def a_graded_file(city: City, worker: User, grade: str, met: date | None, **more: Any) -> Any:
    family = a_family(city.chengdong, worker, **more)
    grade_files(by=worker, entries=[(a_file(family, worker), grade, date(2020, 1, 10), "近期出院")])
    if met:
        a_visit(city.chengdong, worker, family, on=met)
    return family


def shown(one: Ask) -> dict[str, tuple[int, int, str]]:
    return {share.rate.code: (share.over.value, share.under.value, share.per_cent) for share in rates(one)}


class TestFollowedInTime:
    def test_those_not_overdue_of_those_with_a_date_and_within_grace_is_in_time(self, city, worker):
        a_graded_file(city, worker, Grade.YELLOW, date(2020, 6, 1))
        a_graded_file(city, worker, Grade.YELLOW, date(2020, 5, 3))  # due on 2 June, five days of grace
        a_graded_file(city, worker, Grade.YELLOW, date(2020, 4, 1))
        a_file(a_family(city.chengdong, worker), worker)  # not graded
        assert shown(ask(city.root))["F6"] == (2, 3, "66.7")
        assert shown(ask(city.dongzhou))["F6"] == (0, 0, "")
        assert shown(ask(city.root, date(2020, 5, 1)))["F6"] == (1, 3, "33.3")

    def test_the_numbers_are_their_lists(self, city, worker):
        a_graded_file(city, worker, Grade.RED, date(2020, 6, 5))
        a_graded_file(city, worker, Grade.GREEN, None)
        question = ask(city.root)
        for code in ("F4A", "F4B", "F5", "F6A", "F6B"):
            figure = BY_CODE[code]
            lines = list(figure.lines(question))
            assert figure.value(question) == figure.evidence(question) == len(lines)
        assert BY_CODE["F5"].split(question, "grade") == {"red": 1, "green": 1}


class TestElders:
    @pytest.fixture
    def elder(self, city, worker) -> Any:
        floor = Category.objects.get(code="alone_elder")
        CategoryFloor.objects.create(category=floor, days=30, starts_on=date(2020, 1, 1))
        people = [
            a_member("曾秀英", Relation.HEAD, birth_date=date(1940, 5, 1), tags=["alone_elder", "frail_elder"]),
            a_member("曾大文", Relation.SON),
        ]
        return a_graded_file(city, worker, Grade.GREEN, None, members=people)

    def test_an_elder_met_in_the_last_thirty_days_counts_once(self, city, worker, elder):
        assert shown(ask(city.root))["F7"] == (0, 1, "0.0")
        for day in (date(2020, 5, 8), date(2020, 5, 20)):
            a_visit(city.chengdong, worker, elder, on=day, met=[elder.people[0]])
        assert shown(ask(city.root))["F7"] == (1, 1, "100.0")
        assert shown(ask(city.root, date(2020, 5, 7)))["F7"] == (0, 1, "0.0")

    def test_meeting_the_son_alone_or_a_voided_visit_does_not(self, city, worker, elder):
        a_visit(city.chengdong, worker, elder, on=date(2020, 6, 1), met=[elder.people[1]])
        visit = a_visit(city.chengdong, worker, elder, on=date(2020, 6, 2), met=[elder.people[0]])
        void_records(by=worker, records=[visit.record], reason="重复录入")
        assert shown(ask(city.root))["F7"] == (0, 1, "0.0")

    def test_without_a_longest_interval_nobody_is_asked_for(self, city, worker, elder):
        CategoryFloor.objects.all().delete()
        assert shown(ask(city.root))["F7"] == (0, 0, "")


class TestOnFile:
    def test_families_of_the_list_with_a_file_of_all_of_the_list(self, city, worker):
        a_file(
            a_family(city.chengdong, worker, members=[a_member("曾秀英", Relation.HEAD, tags=["dibao_rural"])]), worker
        )
        unfiled = a_family(city.chengdong, worker, members=[a_member("陈大文", Relation.HEAD, tags=["dibao_rural"])])
        a_file(a_family(city.chengdong, worker, members=[a_member("李阿妹", Relation.HEAD)]), worker)  # not meant
        assert shown(ask(city.root))["F4"] == (1, 2, "50.0")
        assert shown(ask(city.dongzhou))["F4"] == (0, 0, "")
        page = page_of(BY_CODE["F4B"], ask(city.root), 1, names=True)
        assert {item.title: "还没有建档" in item.meta for item in page.items} == {"曾秀英户": False, "陈大文户": True}
        assert {item.family for item in page.items} >= {unfiled.household.pk}

    def test_by_whoever_lives_in_the_family_on_the_last_day(self, city, worker):
        members = [a_member("曾秀英", Relation.HEAD), a_member("曾大文", Relation.SON, tags=["alone_elder"])]
        family = a_family(city.chengdong, worker, members=members)
        assert shown(ask(city.root))["F4"] == (0, 1, "0.0")
        Person.objects.filter(pk=family.people[1].pk).update(died_on=date(2020, 5, 1))
        assert shown(ask(city.root))["F4"] == (0, 0, "")
        assert shown(ask(city.root, date(2020, 4, 30)))["F4"] == (0, 1, "0.0")

    def test_a_category_that_is_a_secret_is_in_neither_number(self, city, worker):
        secret = Category.objects.filter(restricted=True, code__in=_on_list()).first()
        assert secret, "one of them stands on the list"
        family = a_family(city.chengdong, worker, members=[a_member("曾秀英", Relation.HEAD, tags=[secret.code])])
        a_file(family, worker)
        assert shown(ask(city.root))["F4"] == (0, 0, "")

    def test_two_stations_that_serve_one_family_count_it_once_for_the_city(self, city, worker):
        family = a_family(city.chengdong, worker, members=[a_member("曾秀英", Relation.HEAD, tags=["dibao_rural"])])
        a_file(family, worker)
        HouseholdStation.objects.create(station=city.dongzhou, household=family.household, starts_on=date(2020, 1, 1))
        assert shown(ask(city.root))["F4"] == (1, 1, "100.0")
        assert shown(ask(city.dongzhou))["F4"] == (0, 1, "0.0")
        assert BY_CODE["F4B"].split(ask(city.root), "station") == {city.chengdong.pk: 1, city.dongzhou.pk: 1}


def _on_list() -> list[str]:
    return list(CategoryListItem.objects.filter(list__code=CLIENTS).values_list("category__code", flat=True))


@pytest.mark.parametrize(("who", "status"), [("worker", 200), ("officer", 200), ("supervisor", 200), ("sysadmin", 404)])
def test_the_page_shows_both_numbers_and_the_day_and_the_lists_open(
    client_for: Callable[[User], Client], city: City, worker: User, who: str, status: int
) -> None:
    a_graded_file(city, worker, Grade.YELLOW, date(2020, 6, 1))
    client = client_for(city.users[who])
    answer = client.get("/reports/rates/")
    assert answer.status_code == status
    if status == 200:
        page = answer.content.decode()
        for words in ("按时跟进率", "月探访率（特殊困难老人）", "截至 2020-06-06", "100.0", "黄"):
            assert words in page
        for code in ("F4A", "F4B", "F5", "F6A", "F6B", "F7A", "F7B"):
            assert client.get(f"/reports/evidence/{code}/").status_code == 200
