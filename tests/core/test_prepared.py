"""Queries built once: the same rows as Django's own, whatever the values, and an error for what cannot be a mark."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import models
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat

from shuangbai.core.prepared import LONGEST_LIST, OWN_LENGTHS, prepared
from shuangbai.network.models import OrgUnit, Posting, Staff, User
from shuangbai.network.queries import colleague_rows, colleagues
from tests.cast import City

pytestmark = pytest.mark.django_db


def posted_among(units: Collection[UUID], day: date) -> QuerySet[Any]:
    rows = Posting.objects.on(day).filter(unit__in=units).order_by("id")
    return rows.values_list("unit_id", "staff_id", "starts_on", "post")


def test_models_with_what_is_selected_beside_them_are_those_of_django(city: City) -> None:
    def built(day: date) -> QuerySet[Posting]:
        return Posting.objects.on(day).select_related("staff", "unit__parent").order_by("id")

    ask = prepared(built)
    for day in (date(2020, 6, 6), date(2018, 1, 1), date(2020, 6, 6)):
        found = ask(day)
        assert found == list(built(day))
        assert [(row.staff.name, row.unit.parent) for row in found] == [
            (row.staff.name, row.unit.parent) for row in built(day)
        ]
    assert ask(date(2020, 6, 6)), "an empty list proves nothing"


def test_tuples_have_the_types_that_django_gives_them(city: City) -> None:
    ask, units = prepared(posted_among), [city.chengdong.pk, city.dongzhou.pk]
    found = ask(units, date(2020, 6, 6))
    assert found == list(posted_among(units, date(2020, 6, 6)))
    assert {type(value) for value in found[0]} == {UUID, date, str}


@pytest.mark.parametrize(
    "length", [0, 1, 2, OWN_LENGTHS, OWN_LENGTHS + 1, 2 * OWN_LENGTHS + 3, LONGEST_LIST, LONGEST_LIST + 1]
)
def test_lists_of_every_length_are_asked_rightly(city: City, length: int) -> None:
    ask = prepared(posted_among)
    units = ([city.chengdong.pk, city.haicheng.pk] + [uuid4() for _ in range(length)])[:length]
    for _ in range(2):
        assert ask(units, date(2020, 6, 6)) == list(posted_among(units, date(2020, 6, 6)))
    assert ask(set(units), date(2020, 6, 6)) == ask(units, date(2020, 6, 6))


def test_an_empty_list_beside_another_condition_leaves_the_other(city: City) -> None:
    ask = prepared(lambda units, words: OrgUnit.objects.filter(Q(pk__in=units) | Q(code=words)))
    assert ask([], city.chengdong.code) == [city.chengdong]
    assert {unit.pk for unit in ask([city.dongzhou.pk], city.chengdong.code)} == {city.chengdong.pk, city.dongzhou.pk}


def test_values_named_in_the_call_may_stand_in_any_order(city: City) -> None:
    ask = prepared(posted_among)
    assert ask(day=date(2020, 6, 6), units=[city.chengdong.pk]) == ask([city.chengdong.pk], date(2020, 6, 6))


def test_the_second_time_costs_one_query_and_no_building(city: City, django_assert_num_queries: Any) -> None:
    built = []

    def named(name: str) -> QuerySet[Staff]:
        built.append(name)
        return Staff.objects.filter(name=name)

    ask = prepared(named)
    with django_assert_num_queries(3):
        assert [len(ask(name)) for name in ("林小燕", "谁也不是", "林小燕")] == [1, 0, 1]
    assert len(built) == 1


def test_colleagues_are_the_same_by_both_ways(city: City) -> None:
    for station in (city.chengdong, city.haicheng, city.dongzhou):
        assert colleague_rows(station.pk, date(2020, 6, 6)) == list(colleagues(station.pk, date(2020, 6, 6)))


def test_what_is_left_out_of_the_rows_can_still_be_read(city: City, worker: User) -> None:
    [found] = prepared(lambda pk: User.objects.filter(pk=pk).defer("display_name"))(worker.pk)
    assert "display_name" not in found.__dict__
    assert found.display_name == worker.display_name


@pytest.mark.parametrize("value", [True, 1.5, None, datetime(2020, 6, 6)])  # noqa: DTZ001
def test_a_value_that_could_be_taken_for_another_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        prepared(lambda one: Staff.objects.filter(name=one))(value)


def test_an_argument_that_is_changed_on_its_way_into_the_statement_is_refused() -> None:
    """A beginning of a word becomes a pattern; the mark would not be found again and its value never be asked."""
    with pytest.raises(TypeError, match="does not stand in the statement"):
        prepared(lambda one: Staff.objects.filter(name__startswith=one))("林")
    with pytest.raises(TypeError, match="does not stand in the statement"):
        prepared(lambda _one: Staff.objects.all())("林")


def test_an_argument_used_twice_is_filled_twice(city: City) -> None:
    ask = prepared(
        lambda name: Staff.objects.filter(name=name).annotate(
            said=Concat(Value("社工"), Value(name, output_field=models.CharField()))
        )
    )
    assert [ask(name)[0].said for name in ("林小燕", "黄建国")] == ["社工林小燕", "社工黄建国"]  # type: ignore[attr-defined]
