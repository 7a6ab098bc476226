"""Families due, from the database: whose, how many queries, and the scenarios of field work (domain 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuangbai.core.findings import Door
from shuangbai.core.periods import Period
from shuangbai.followups.enums import State
from shuangbai.followups.queries import FamilyDue, counts_of, families_due
from shuangbai.households.access import households_visible_to
from shuangbai.households.actions import close_tag
from shuangbai.households.entries import Entered
from shuangbai.households.enums import Grade, Relation, TagEnd
from shuangbai.households.files import assign_files, close_file, grade_files
from shuangbai.households.models import Category, CategoryFloor, GradeLevel, GradeScheme, StationScheme, Tag
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.services.actions import void_records
from shuangbai.visits.actions import record_visits
from shuangbai.visits.enums import Mode, Result
from tests.cast import START, TODAY, a_family, a_file, a_member, a_visit, a_visit_entry

pytestmark = pytest.mark.django_db
GRADED = date(2020, 1, 10)


@dataclass
class Followed(Entered):
    """A family with its graded file."""

    file: Any = None


def a_graded_family(station: Any, by: Any, grade: str = Grade.YELLOW, *, on: date = GRADED, **more: Any) -> Followed:
    family = a_family(station, by, **more)
    file = a_file(family, by, on=date(2019, 8, 1))
    grade_files(by=by, entries=[(file, grade, on, "近期出院")])
    return Followed(family.household, family.people, file)


def due_of(family: Any, day: date = TODAY) -> FamilyDue:
    return families_due(None, day, household_ids=[family.household.pk])[0]


def a_floor(code: str, days: int = 30, since: date = date(2020, 1, 1)) -> CategoryFloor:
    return CategoryFloor.objects.create(category=Category.objects.get(code=code), days=days, starts_on=since)


class TestScenarios:
    def test_1_an_elder_alone_two_failed_visits_then_hospital_and_the_date_stays(self, city, worker):
        elder = [a_member("曾秀英", Relation.HEAD, sex="2", birth_date=date(1940, 5, 1), tags=["alone_elder"])]
        a_floor("alone_elder")
        family = a_graded_family(city.chengdong, worker, Grade.GREEN, members=elder)
        a_visit(city.chengdong, worker, family, on=date(2020, 5, 1))
        before = due_of(family)
        for day, result in ((date(2020, 5, 29), "nobody_home"), (date(2020, 6, 1), "nobody_home"),
                            (date(2020, 6, 3), "in_hospital")):  # fmt: skip
            a_visit(city.chengdong, worker, family, on=day, result=Result(result))
        after = due_of(family)
        assert after.due.on == before.due.on == date(2020, 5, 31)
        assert (after.due.attempts, after.state) == (3, State.OVERDUE)
        assert "独居老人" in after.due.reason
        assert "6月3日，住院" in after.due.reason

    def test_2_a_child_of_16_leaves_the_category_and_stays_in_the_file_and_last_months_report_stands(
        self, city, worker
    ):
        child = a_member("曾小军", Relation.GRANDCHILD, birth_date=date(2004, 5, 20), tags=["left_child"])
        members = [a_member("曾秀英", Relation.HEAD, sex="2"), child]
        family = a_graded_family(city.chengdong, worker, members=members)
        a_visit(city.chengdong, worker, family, on=date(2020, 5, 5))
        ask = Ask(Period(date(2020, 5, 1), date(2020, 5, 31)), city.chengdong)
        before = BY_CODE["V5"].value(ask)
        tag = Tag.objects.get(category__code="left_child")
        close_tag(by=worker, tag=tag, ends_on=date(2020, 5, 19), reason=TagEnd.AGE)
        assert BY_CODE["V5"].value(ask) == before == 1
        assert due_of(family).due.on == date(2020, 6, 4)

    def test_6_sixty_households_move_to_a_new_worker_with_their_dates(self, city, worker, colleague):
        families = [a_graded_family(city.chengdong, worker) for _ in range(60)]
        before = {one.household_id: one.due for one in families_due(None, TODAY, staff_id=worker.staff_id)}
        assign_files(by=worker, entries=[(one.file, colleague.staff_id, TODAY) for one in families])
        assert families_due(None, TODAY, staff_id=worker.staff_id) == []
        theirs = families_due(None, TODAY, staff_id=colleague.staff_id)
        assert {one.household_id: one.due for one in theirs} == before
        assert len(before) == 60

    def test_8_visits_entered_at_the_end_of_the_month_count_from_their_own_day(self, city, worker):
        family = a_graded_family(city.chengdong, worker)
        assert due_of(family).state == State.OVERDUE
        entries = [a_visit_entry(city.chengdong, worker, family, on=date(2020, 5, day)) for day in (4, 12, 20)]
        record_visits(by=worker, entries=entries, door=Door.PAGE)
        assert due_of(family).due.on == date(2020, 6, 19)

    def test_9_a_call_in_a_cold_wave_is_a_contact_where_the_level_allows_it(self, city, worker):
        yellow, red = (a_graded_family(city.chengdong, worker, grade) for grade in (Grade.YELLOW, Grade.RED))
        for family in (yellow, red):
            a_visit(city.chengdong, worker, family, on=date(2020, 5, 1))
            a_visit(city.chengdong, worker, family, on=date(2020, 6, 5), mode=Mode.PHONE)
        assert due_of(yellow).due.on == date(2020, 7, 5)
        assert due_of(red).due.on == date(2020, 5, 8)


class TestWhatCounts:
    def test_a_voided_visit_does_not(self, city, worker):
        family = a_graded_family(city.chengdong, worker)
        a_visit(city.chengdong, worker, family, on=date(2020, 5, 1))
        later = a_visit(city.chengdong, worker, family, on=date(2020, 6, 1))
        assert due_of(family).due.on == date(2020, 7, 1)
        void_records(by=worker, records=[later.record], reason="重复录入")
        assert due_of(family).due.on == date(2020, 5, 31)

    def test_a_meeting_of_years_ago_is_remembered(self, city, worker):
        family = a_graded_family(city.chengdong, worker)
        a_visit(city.chengdong, worker, family, on=date(2018, 3, 1))
        assert due_of(family).due.met_on == date(2018, 3, 1)

    def test_a_closed_file_is_no_longer_followed_up_and_was_on_days_before(self, city, worker):
        family = a_graded_family(city.chengdong, worker)
        close_file(by=worker, file=family.file, closed_on=date(2020, 6, 1), reason="stable")
        assert families_due(None, TODAY, staff_id=worker.staff_id) == []
        assert [one.household_id for one in families_due(None, date(2020, 5, 31))] == [family.household.pk]

    def test_a_family_without_a_file_is_told_where_it_is_asked_for_by_name(self, city, worker):
        family = a_family(city.chengdong, worker, tags=["dibao_rural"])
        assert families_due(None, TODAY) == []
        assert (due_of(family).file_id, due_of(family).state) == (None, State.NONE)
        a_floor("dibao_rural", 60)
        assert due_of(family).due.on == date(2020, 3, 1)

    def test_a_dead_persons_category_binds_nobody(self, city, worker):
        elder = a_member("曾秀英", Relation.HEAD, birth_date=date(1940, 5, 1), tags=["alone_elder"],
                         died_on=date(2020, 5, 1))  # fmt: skip
        a_floor("alone_elder")
        family = a_graded_family(city.chengdong, worker, Grade.GREEN, members=[elder, a_member()])
        assert "独居老人" not in due_of(family).due.reason

    def test_a_grade_of_a_scheme_that_the_station_left_keeps_its_interval_and_says_so(self, city, worker):
        family = a_graded_family(city.chengdong, worker)
        abc = GradeScheme.objects.create(code="abc", name="ABC")
        GradeLevel.objects.create(scheme=abc, code="abc_a", label="A类", colour="red", rank=1, interval_days=14,
                                  modes=["home"], starts_on=START)  # fmt: skip
        StationScheme.objects.create(station=city.chengdong, scheme=abc, starts_on=date(2020, 6, 1))
        now = due_of(family)
        assert (now.level.interval_days, now.outdated) == (30, True)
        assert due_of(family, date(2020, 5, 31)).outdated is False


class TestWhose:
    def test_only_those_that_one_may_see(self, city, worker, stranger):
        mine = a_graded_family(city.chengdong, worker)
        a_graded_family(city.dongzhou, stranger)
        seen = families_due(households_visible_to(worker), TODAY)
        assert [one.household_id for one in seen] == [mine.household.pk]
        assert (seen[0].worker, seen[0].village, seen[0].number) == ("林小燕", "赤山村", mine.file.number)

    def test_those_whose_files_a_station_keeps(self, city, worker, stranger):
        a_graded_family(city.chengdong, worker)
        theirs = a_graded_family(city.dongzhou, stranger)
        found = families_due(None, TODAY, station_ids=[city.dongzhou.pk])
        assert [one.household_id for one in found] == [theirs.household.pk]

    def test_the_most_urgent_first_and_how_many_stand_how(self, city, worker):
        late = a_graded_family(city.chengdong, worker, Grade.RED)
        good = a_graded_family(city.chengdong, worker, Grade.GREEN)
        a_visit(city.chengdong, worker, good, on=date(2020, 6, 1))
        plain = a_file(a_family(city.chengdong, worker), worker)
        found = families_due(None, TODAY)
        assert [one.household_id for one in found] == [late.household.pk, good.household.pk, plain.household_id]
        assert counts_of(found) == {"overdue": 1, "due": 0, "soon": 0, "later": 1, "none": 1}


def test_three_hundred_families_ask_what_one_asks(city, worker):
    a_floor("dibao_rural", 60)
    counts = []
    for more in (1, 12):
        for number in range(more):
            family = a_graded_family(city.chengdong, worker, tags=["dibao_rural"])
            a_visit(city.chengdong, worker, family, on=TODAY - timedelta(days=number + 1))
        with CaptureQueriesContext(connection) as asked:
            families_due(households_visible_to(worker), TODAY, staff_id=worker.staff_id)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
