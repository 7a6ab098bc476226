"""The number and the list behind it cannot differ: every figure, every dimension, on generated histories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuangbai.core.periods import Period
from shuangbai.households.known import HouseholdAlias, PersonAlias
from shuangbai.households.moves import serve_households
from shuangbai.reports.dimensions import DIMENSIONS
from shuangbai.reports.indicators import INDICATORS
from shuangbai.reports.queries import Ask, Indicator
from shuangbai.reports.results import as_json, results
from shuangbai.services.actions import void_records
from shuangbai.services.enums import ContactKind
from shuangbai.services.models import Contact, ServiceRecord
from shuangbai.surveys.models import AnswerSheet, Survey
from shuangbai.visits.enums import Mode, Result
from tests.cast import City, a_family, a_visit
from tests.histories import FIRST, LAST, SPAN, History, undone

MANY = settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def listed(indicator: Indicator, ask: Ask) -> list[tuple[Any, Any, tuple[Any, ...]]]:
    return [(key, adds, tuple(records)) for key, adds, records in indicator.lines(ask)]


def assert_agree(indicator: Indicator, ask: Ask) -> Any:
    """The number, the sum of the list's query and the lines printed are one."""
    value, lines = indicator.value(ask), listed(indicator, ask)
    assert value == indicator.evidence(ask) == sum(adds for _, adds, _ in lines), indicator.code
    assert len({key for key, _, _ in lines}) == len(lines)
    assert all(records for _, _, records in lines)
    return value


def numbers(ask: Ask) -> dict[tuple[str, str, Any], tuple[Any, Any]]:
    """Every figure and every part of every dimension: (number, sum of its list)."""
    found: dict[tuple[str, str, Any], tuple[Any, Any]] = {}
    for indicator in INDICATORS:
        found[indicator.code, "", None] = (indicator.value(ask), indicator.evidence(ask))
        for dimension in indicator.by:
            for value, number in indicator.split(ask, dimension).items():
                found[indicator.code, dimension, value] = (number, indicator.evidence(ask.holding(dimension, value)))
    return found


@MANY
@given(seed=st.integers(0, 10_000))
def test_every_figure_and_every_part_agrees_with_its_list(city: City, seed: int) -> None:
    with undone():
        History(city, seed).make()
        for unit in (city.root, city.chengdong):
            ask = Ask(SPAN, unit)
            for indicator in INDICATORS:
                whole = assert_agree(indicator, ask)
                for dimension in indicator.by:
                    parts = indicator.split(ask, dimension)
                    for value, number in parts.items():
                        assert number == assert_agree(indicator, ask.holding(dimension, value)), (
                            indicator.code,
                            dimension,
                        )
                    if indicator.adds and not DIMENSIONS[dimension].overlaps:
                        assert sum(parts.values()) == whole, (indicator.code, dimension)
                    else:
                        assert sum(parts.values()) >= whole or dimension in {"category", "series"}


@MANY
@given(seed=st.integers(0, 10_000), data=st.data())
def test_voiding_one_record_changes_number_and_list_alike(city: City, seed: int, data: st.DataObject) -> None:
    with undone():
        History(city, seed).make()
        ask = Ask(Period(FIRST, LAST), city.root)
        records = list(ServiceRecord.objects.order_by("id"))
        record = data.draw(st.sampled_from(records))
        before = numbers(ask)
        in_lists = {i.code for i in INDICATORS if any(record.pk in behind for _, _, behind in i.lines(ask))}
        head = city.users["head"] if record.station_id == city.chengdong.pk else city.member_of(record.station)
        void_records(by=head, records=[record], reason="重复录入")
        after = numbers(ask)
        assert all(number == evidence for number, evidence in after.values())
        assert not any(record.pk in behind for i in INDICATORS for _, _, behind in i.lines(ask))
        changed = {
            code
            for code, _, _ in before.keys() | after.keys()
            if before.get((code, "", None)) != after.get((code, "", None))
        }
        assert changed <= in_lists | {"V7"}
        assert in_lists


@MANY
@given(seed=st.integers(0, 10_000))
def test_the_figures_are_those_of_a_count_by_hand(city: City, seed: int) -> None:
    with undone():
        History(city, seed).make()
        by_hand, ask = count_by_hand(SPAN), Ask(SPAN, city.root)
        report = results(ask)
        for code, number in by_hand.items():
            assert report.figures[code].value == number, code


def count_by_hand(span: Period) -> dict[str, int]:
    """The figures again, from the rows, without any of the code that reports use."""
    rows = [r for r in ServiceRecord.objects.filter(voided_at=None) if span.first <= r.occurred_on <= span.last]
    visits = [r for r in rows if r.kind == "visit"]
    groups: dict[Any, list[ServiceRecord]] = defaultdict(list)
    for r in visits:
        groups[r.station_id, r.household_id, r.occurred_on, r.visit.mode].append(r)
    effective = [g for g in groups.values() if any(r.visit.result == Result.MET for r in g)]
    contacts = list(Contact.objects.filter(record__in=rows).select_related("record"))
    people = [c for c in contacts if c.kind == ContactKind.PERSON]
    heads = sum(c.heads for c in contacts if c.kind == ContactKind.HEADS)
    named = [c for c in people if c.record.kind == "activity"]
    homes, persons = resolving(HouseholdAlias, "household_id"), resolving(PersonAlias, "person_id")
    surveys = [s for s in Survey.objects.filter(voided_at=None) if span.first <= s.last_on <= span.last]
    sheets = [s for s in AnswerSheet.objects.filter(voided_at=None) if span.first <= s.filled_on <= span.last]
    return {
        "Q1": len(surveys),
        "Q1A": len({s.village_id for s in surveys}),
        "Q6": len(sheets),
        "V1": len(groups),
        "V2": len({homes(r.household_id) for g in effective for r in g if r.visit.result == Result.MET}),
        "V3": len(effective),
        "V4": sum(c.record.kind == "visit" for c in people),
        "V5": sum(carries_by_hand(c.person, c.record.occurred_on) for c in people),
        "V6": len([g for g in groups.values() if g[0].visit.mode == Mode.PHONE]),
        "V7": len(groups) - len(effective),
        "A1": len([r for r in rows if r.kind == "activity"]),
        "A2": heads + len(named),
        "A3": heads,
        "A6": len({persons(c.person_id) for c in named}),
        "B1": heads + len(named),
    }


def resolving(aliases: Any, entry: str) -> Callable[[Any], Any]:
    """Of an entry of a person or a family, the one that stands for it: by the decisions alone."""
    into = dict(aliases.objects.filter(undone_on=None).values_list(entry, "into_id"))

    def kept(one: Any) -> Any:
        while one in into:
            one = into[one]
        return one

    return kept


def carries_by_hand(person: Any, day: date) -> bool:
    """Whether somebody carries a category of 民政对象 on the day, of their own or of a home of that day."""
    homes = [m.household for m in person.memberships.all() if m.holds_on(day)]
    tags = [tag for bearer in [person, *homes] for tag in bearer.tags.select_related("category") if tag.holds_on(day)]
    return any(tag.category.code not in {"aged", "correction", "at_risk_youth", "floating", "fringe"} for tag in tags)


def test_the_city_counts_a_family_of_two_stations_once_and_says_the_difference(city: City) -> None:
    family = a_family(city.chengdong, city.users["worker"])
    serve_households(by=city.users["worker"], entries=[(family.household, city.haicheng, FIRST)])
    a_visit(city.chengdong, city.users["worker"], family, on=date(2020, 5, 2))
    a_visit(city.haicheng, city.users["neighbour"], family, on=date(2020, 5, 2))
    report = results(Ask(Period(FIRST, LAST), city.root))
    assert report.figures["V2"].value == 1
    assert report.figures["V1"].value == 2
    assert report.shared["V2"] == 1


def test_the_same_family_day_mode_and_station_counts_once(city: City) -> None:
    worker = city.users["worker"]
    family = a_family(city.chengdong, worker)
    for result in (Result.NOBODY_HOME, Result.MET):
        a_visit(city.chengdong, worker, family, on=date(2020, 5, 2), result=result)
    a_visit(city.chengdong, worker, family, on=date(2020, 5, 2), mode=Mode.PHONE)
    figures = results(Ask(Period(FIRST, LAST), city.root)).figures
    assert [figures[code].value for code in ("V1", "V3", "V7", "V6")] == [2, 2, 0, 1]


def test_both_ends_of_a_period_count(city: City) -> None:
    worker = city.users["worker"]
    family = a_family(city.chengdong, worker)
    for day in (date(2020, 5, 1), date(2020, 5, 31), date(2020, 4, 30), date(2020, 6, 1)):
        a_visit(city.chengdong, worker, family, on=day)
    assert results(Ask(Period(date(2020, 5, 1), date(2020, 5, 31)), city.root)).figures["V1"].value == 2


def test_an_empty_city_reports_zeros_and_not_nothing(city: City) -> None:
    report = as_json(results(Ask(Period(FIRST, LAST), city.root), evidence=True))
    zeros = [f for f in report["figures"] if f["code"] not in {"S1", "S2", "S3"}]
    assert zeros
    assert all(f["value"] == 0 == f["evidence"] for f in zeros)
    assert {row["station"] for row in report["rows"]} == {"SW-HF-01", "SW-HF-02", "SW-CQ-01"}


def test_a_report_asks_the_same_number_of_questions_whatever_its_size(
    city: City, django_assert_max_num_queries: Any
) -> None:
    History(city, 7).make()
    with django_assert_max_num_queries(110):
        results(Ask(Period(FIRST, LAST), city.root))


@pytest.mark.parametrize("dimension", sorted(DIMENSIONS))
def test_a_key_of_a_dimension_that_names_nothing_is_told_apart(city: City, dimension: str) -> None:
    with pytest.raises(LookupError):
        DIMENSIONS[dimension].read("no-such-key")
