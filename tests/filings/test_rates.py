"""Rates in a frozen report: both their numbers are sets over facts, and what changed since is said."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from shuangbai.filings.enums import ChangeKind
from shuangbai.filings.manifest import unpacked
from shuangbai.filings.models import Manifest
from shuangbai.filings.showing import figure_rows
from shuangbai.filings.verifying import prove
from shuangbai.households.actions import open_tags
from shuangbai.households.entries import TagEntry
from shuangbai.households.enums import Grade, Relation
from shuangbai.households.files import grade_files
from shuangbai.households.models import Category, CategoryFloor, FileGrade, Membership, Person
from shuangbai.services.actions import void_records
from shuangbai.services.models import ServiceRecord
from tests.cast import City, a_family, a_file, a_member, a_visit
from tests.filings.test_proof import _forge, frozen, sentences

WEEK = (date(2020, 5, 25), date(2020, 5, 31))


@pytest.fixture
def week(city: City, tmp_path: Any, settings: Any) -> Manifest:
    """A week of 城东: two graded families, of which one was seen in April alone; in one an elder, met on 8 May."""
    settings.TRAIL_HEADS = tmp_path / "heads.log"
    by = city.users["worker"]
    alone = Category.objects.get(code="alone_elder")
    CategoryFloor.objects.create(category=alone, days=90, starts_on=date(2020, 1, 1))
    her = a_member("曾秀英", Relation.HEAD, birth_date=date(1940, 5, 1), tags=["alone_elder"])
    for members, met_on in (([her, a_member("曾大文", Relation.SON)], date(2020, 5, 8)), (None, date(2020, 4, 2))):
        family = a_family(city.chengdong, by, members=members)
        grade_files(by=by, entries=[(a_file(family, by), Grade.YELLOW, date(2020, 1, 10), "近期出院")])
        a_visit(city.chengdong, by, family, on=met_on, met=family.people[:1])
    return frozen(city, city.chengdong, *WEEK)


def rates_of(manifest: Manifest, differ: Any = ()) -> dict[str, Any]:
    return {row.code: row for row in figure_rows(json.loads(manifest.header), differ)[-1][1]}


def test_both_numbers_are_frozen_with_what_they_rest_upon(week: Manifest) -> None:
    told = {code: row.value for code, row in rates_of(week).items()}
    assert told == {
        "F4": "100.0",
        "F4A": 1,
        "F4B": 1,
        "F6": "50.0",
        "F6A": 1,
        "F6B": 2,
        "F7": "100.0",
        "F7A": 1,
        "F7B": 1,
    }
    facts = unpacked(json.loads(week.header), bytes(week.facts))
    files = facts.tables["file"]
    judged = sorted(
        tuple(files.columns[name][place] for name in ("due_on", "due_state", "level", "met_on"))
        for place in facts.figures["F6B"].members
    )
    assert judged == [
        ("2020-05-02", "overdue", "yellow", "2020-04-02"), ("2020-06-07", "soon", "yellow", "2020-05-08"),
    ]  # fmt: skip
    assert not any(str(key) in week.header for key in Person.objects.values_list("pk", flat=True))
    assert prove(week).changed == []


def test_a_visit_added_late_makes_a_family_be_in_time(week: Manifest, city: City) -> None:
    overdue = ServiceRecord.objects.get(occurred_on=date(2020, 4, 2)).household
    people = [row.person for row in Membership.objects.filter(household=overdue).select_related("person")]

    class Family:
        household = overdue

    Family.people = people  # type: ignore[attr-defined]
    a_visit(city.chengdong, city.users["worker"], Family, on=date(2020, 5, 27), met=people[:1])
    proof = prove(week)
    assert proof.sound, sentences(proof)
    assert set(proof.kinds) == {ChangeKind.LATE, ChangeKind.JUDGED}
    assert {one.code: one.by for one in proof.figures}["F6A"] == 1
    row = rates_of(week, proof.figures)["F6"]
    assert (row.value, row.now, str(row.by)) == ("50.0", "100.0", "50.0")


def test_a_grade_given_for_a_day_before(week: Manifest) -> None:
    FileGrade.objects.update(grade=Grade.GREEN)
    proof = prove(week)
    assert set(proof.kinds) == {ChangeKind.JUDGED}
    assert {one.columns for one in proof.changed} == {("due_on", "due_state", "level")}


def test_a_visit_before_the_reports_days_is_a_fact_of_the_rate(week: Manifest, city: City) -> None:
    visit = ServiceRecord.objects.get(occurred_on=date(2020, 5, 8))
    void_records(by=city.users["head"], records=[visit], reason="重复录入")
    proof = prove(week)
    assert proof.sound, sentences(proof)
    assert set(proof.kinds) == {ChangeKind.VOIDED, ChangeKind.JUDGED}
    assert {one.code: one.by for one in proof.figures} == {"F6A": -1, "F7A": -1}


def test_such_a_visit_changed_by_hand_is_a_fault(week: Manifest) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE services_servicerecord SET occurred_on = '2020-05-09' WHERE occurred_on = '2020-05-08'")
    proof = prove(week)
    assert {fault.code for fault in proof.faults} == {"untraced"}
    assert "近30天的探访里" in sentences(proof)


def test_somebody_who_is_held_to_be_such_an_elder_since(week: Manifest, city: City) -> None:
    son = Person.objects.get(name="曾大文")
    entries = [TagEntry("alone_elder", date(2020, 1, 1))]
    open_tags(by=city.users["worker"], bearer=son, entries=entries, acknowledged=True)
    proof = prove(week)
    assert proof.sound, sentences(proof)
    assert set(proof.kinds) == {ChangeKind.RECATEGORISED}
    assert [(one.code, one.by) for one in proof.figures] == [("F7B", 1)]


def test_a_family_that_is_on_the_list_since(week: Manifest, city: City) -> None:
    other = ServiceRecord.objects.get(occurred_on=date(2020, 4, 2)).household
    entries = [TagEntry("dibao_rural", date(2020, 1, 1))]
    open_tags(by=city.users["worker"], bearer=other, entries=entries, acknowledged=True)
    proof = prove(week)
    assert proof.sound, sentences(proof)
    assert set(proof.kinds) == {ChangeKind.RECATEGORISED}
    assert {one.code: one.by for one in proof.figures} == {"F4A": 1, "F4B": 1}


@pytest.mark.parametrize("where", ["figures", "report"])
def test_a_number_of_a_rate_or_a_printed_one_changed_together_with_every_hash(week: Manifest, where: str) -> None:
    header = json.loads(week.header)
    told = header["figures"]["F6A"] if where == "figures" else header["report"]["figures"][3]
    told["value"] += 1
    _forge(week, header)
    assert "figure_changed" in {fault.code for fault in prove(week).faults}


def test_the_pages_tell_the_rate_with_both_numbers_and_what_differs(
    week: Manifest, city: City, client_for: Any
) -> None:
    client = client_for(city.users["officer"])
    page = client.get(reverse("filing", args=[week.pk])).content.decode()
    for words in ("跟进与探访率", "按时跟进率", "50.0", "应跟进户数", "月探访率（特殊困难老人）", "100.0"):
        assert words in page
    FileGrade.objects.update(grade=Grade.GREEN)
    proof = client.get(reverse("filing-proof", args=[week.pk])).content.decode()
    assert "到期日或级别有变" in proof
    assert "到期日、是否到期、级别" in proof
    assert "+50.0" in proof
