"""What follow-up means in real life (domain.md 5), by number. 1, 2, 6, 8 and 9 stand in tests/followups/test_due.py."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shuangbai.core import idnumber
from shuangbai.core.findings import Door, Refused
from shuangbai.core.periods import Period
from shuangbai.households.actions import enter_households
from shuangbai.households.entries import Entered
from shuangbai.households.enums import Relation
from shuangbai.households.models import Person
from shuangbai.households.moves import serve_households
from shuangbai.lives.actions.homes import split_household
from shuangbai.lives.entries import Split
from shuangbai.reports.evidence import page_of
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.visits.enums import Mode
from tests.cast import START, City, a_campaign, a_family, a_household, a_member, a_visit
from tests.lives.test_lives import done

MAY = Period(date(2020, 5, 1), date(2020, 5, 31))


def value(code: str, unit: Any, **held: Any) -> Any:
    ask = Ask(MAY, unit)
    for dimension, one in held.items():
        ask = ask.holding(dimension, one)
    found = BY_CODE[code].value(ask)
    assert found == BY_CODE[code].evidence(ask)
    return found


def test_3_one_visit_meets_three_of_a_household_of_five(city: City) -> None:
    """户次 1, 户数 1, 人次 3; 民政对象人次: who carries a category, and everybody met where the household does."""
    worker, colleague = city.users["worker"], city.users["colleague"]
    five = [a_member("曾秀英", Relation.HEAD), a_member("陈大文", tags=["disabled"])]
    five += [a_member(f"陈{name}") for name in ("甲", "乙", "丙")]
    own = a_family(city.chengdong, worker, members=five)
    both = [worker.staff_id, colleague.staff_id]
    visit = a_visit(city.chengdong, worker, own, met=own.people[:3], worker_ids=both)
    assert [value(code, city.root) for code in ("V1", "V2", "V3", "V4", "V5")] == [1, 1, 1, 3, 1]
    assert visit.record.workers.count() == 2  # 工作人次
    poor = a_family(city.chengdong, worker, members=[a_member("林水", Relation.HEAD), a_member("林木")],
                    tags=["dibao_rural"])  # fmt: skip
    a_visit(city.chengdong, worker, poor)
    assert [value(code, city.root) for code in ("V1", "V4", "V5")] == [2, 5, 3]


def test_4_two_stations_visit_the_same_household_on_one_day(city: City) -> None:
    worker, neighbour = city.users["worker"], city.users["neighbour"]
    family = a_family(city.chengdong, worker)
    serve_households(by=worker, entries=[(family.household, city.haicheng, START)])
    for station, by in ((city.chengdong, worker), (city.haicheng, neighbour)):
        a_visit(station, by, family, on=date(2020, 5, 6))
    assert [value(code, city.root) for code in ("V1", "V2")] == [2, 1]
    assert sum(BY_CODE["V2"].split(Ask(MAY, city.root), "station").values()) == 2


def test_7_a_roster_with_dirty_numbers_is_told_row_by_row(city: City) -> None:
    """15 digits, a small x and blanks are put right; scientific notation has lost its digits and is refused."""
    number = "44052419510312002"
    number += idnumber.check_digit(number)
    short = "440524510312002"
    assert isinstance(idnumber.read(f" {number[:6]} {number[6:]} ".lower()), idnumber.IdNumber)
    assert isinstance(idnumber.read(short), idnumber.IdNumber)
    bad = [a_household(city.chengdong, members=[a_member("曾秀英", Relation.HEAD, id_no="4.40524E+17")])]
    with pytest.raises(Refused) as refused:
        enter_households(by=city.users["worker"], entries=bad, door=Door.SHEET)
    assert refused.value.findings[0].field.endswith("id_no")
    assert not Person.objects.exists()
    good = [a_household(city.chengdong, members=[a_member("曾秀英", Relation.HEAD, sex="0", id_no=short)])]
    enter_households(by=city.users["worker"], entries=good, door=Door.SHEET)
    assert Person.objects.get().id_hash


def test_5_a_household_splits_and_what_was_counted_before_stands(city: City) -> None:
    """分户: the visit of before stays the old family's, one after is the new family's; two families from then on."""
    worker = city.users["worker"]
    people = [a_member("曾秀英", Relation.HEAD), a_member("陈大文"), a_member("李小梅", Relation.DAUGHTER_IN_LAW)]
    family = a_family(city.chengdong, worker, members=people)
    a_visit(city.chengdong, worker, family, on=date(2020, 5, 6))
    codes = ("V1", "V2", "V4", "V5", "V8")
    before = {code: value(code, city.root) for code in codes}
    _, son, wife = family.people
    leaving = {son.pk: Relation.HEAD, wife.pk: Relation.WIFE}
    entry = Split(family.household, on=date(2020, 5, 20), leaving=leaving, village_id=city.beiping.pk)
    change = done(split_household, by=worker, entry=entry)
    assert {code: value(code, city.root) for code in codes} == before
    a_visit(city.chengdong, worker, Entered(change.other, [son, wife]), on=date(2020, 5, 25))
    assert [value(code, city.root) for code in ("V2", "V8")] == [2, 3]


def test_10_forty_eight_visits_on_one_day_lead_to_the_campaign_behind_them(city: City) -> None:
    worker, day = city.users["worker"], date(2020, 5, 12)
    knocking = a_campaign(city.centre, code="knock2020", name="敲门行动")
    for number in range(48):
        family = a_family(city.chengdong, worker, members=[a_member(f"林{number}", Relation.HEAD)])
        a_visit(city.chengdong, worker, family, on=day, campaign=knocking, mode=Mode.HOME)
    a_visit(city.chengdong, worker, family, on=date(2020, 5, 20))
    assert value("V1", city.chengdong) == 49
    assert value("V1", city.chengdong, campaign=knocking.pk) == 48
    items = page_of(BY_CODE["V1"], Ask(MAY, city.chengdong).holding("campaign", knocking.pk), 1, names=True).items
    assert len(items) == 48
    assert {record.occurred_on for item in items for record in item.records} == {day}
    assert {record.campaign for item in items for record in item.records} == {knocking}
