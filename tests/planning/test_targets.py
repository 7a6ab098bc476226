"""What a station aims at in a year: progress and pace, no ranking; versions of a whole year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuangbai.core.audit import sentence
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.planning.actions import BalanceEntry, enter_balance, set_targets
from shuangbai.planning.models import Target
from shuangbai.planning.queries import AIMED_AT, plans, targets_of, version_of
from shuangbai.planning.rules import Pace, months_left
from tests.cast import TODAY, a_family, a_visit, an_activity

pytestmark = pytest.mark.django_db


def set_for(by: Any, station: Any, version: int = 0, year: int = 2020, **numbers: int | None) -> dict[str, Target]:
    return set_targets(by=by, station=station, year=year, version=version, numbers=numbers)


def version(station: Any) -> int:
    return version_of(targets_of([station.pk], 2020).get(station.pk, {}))


class TestPace:
    @pytest.mark.parametrize(
        ("year", "today", "left"),
        [(2020, date(2020, 1, 1), 12), (2020, date(2020, 6, 6), 7), (2020, date(2020, 12, 31), 1),
         (2019, date(2020, 1, 1), 0), (2021, date(2020, 12, 31), 12)],
    )  # fmt: skip
    def test_months_left_count_the_one_of_the_day(self, year, today, left):
        assert months_left(year, today) == left

    @pytest.mark.parametrize(
        ("target", "done", "months", "rest", "monthly"),
        [(700, 300, 7, 400, 58), (700, 700, 7, 0, 0), (700, 900, 7, 0, 0), (1, 0, 12, 1, 1), (10, 3, 0, 7, 0)],
    )
    def test_so_many_a_month_reach_it(self, target, done, months, rest, monthly):
        pace = Pace(target, done, months)
        assert (pace.rest, pace.monthly) == (rest, monthly)
        assert not months or pace.done + pace.monthly * months >= target

    def test_what_was_done_is_of_the_year_and_the_station(self, city, officer, worker, stranger):
        a_visit(city.chengdong, worker, a_family(city.chengdong, worker), on=date(2020, 5, 1))
        a_visit(city.chengdong, worker, a_family(city.chengdong, worker), on=date(2019, 5, 1))
        a_visit(city.dongzhou, stranger, a_family(city.dongzhou, stranger), on=date(2020, 5, 1))
        an_activity(city.chengdong, worker, on=date(2020, 5, 1))
        set_for(officer, city.chengdong, V1=700, A1=12)
        set_for(officer, city.dongzhou, V1=10)
        here, there = plans([city.chengdong, city.dongzhou], 2020, TODAY)
        assert [(one.indicator.code, one.pace.done, one.pace.target) for one in here.rows] == [
            ("V1", 1, 700), ("A1", 1, 12),
        ]  # fmt: skip
        assert [(one.indicator.code, one.pace.done) for one in there.rows] == [("V1", 1)]
        [alone] = plans([city.chengdong], 2020, TODAY)
        assert alone.rows == here.rows

    def test_a_balance_is_no_progress(self, city, officer):
        set_for(officer, city.chengdong, V1=700)
        entry = BalanceEntry(city.chengdong, "V1", date(2020, 1, 1), date(2020, 3, 1), Decimal(500), "季报")
        enter_balance(by=officer, entry=entry, acknowledged=True)
        [plan] = plans([city.chengdong], 2020, TODAY)
        assert plan.rows[0].pace.done == 0

    def test_nobody_aims_at_what_should_not_be_aimed_at(self):
        assert not {"V7", "F3", "A3", "F1", "S2"} & {one.code for one in AIMED_AT}


class TestSetting:
    def test_what_is_left_empty_is_no_target_and_one_may_be_taken_back(self, city, officer):
        set_for(officer, city.chengdong, V1=700, A1=None)
        assert not Target.objects.filter(code="A1").exists()
        set_for(officer, city.chengdong, version(city.chengdong), V1=None)
        row = Target.objects.get()
        assert (row.number, row.version) == (None, 2)
        assert list(row.history.order_by("history_date", "history_id").values_list("number", flat=True)) == [700, None]
        [plan] = plans([city.chengdong], 2020, TODAY)
        assert plan.rows == []
        set_for(officer, city.chengdong, version(city.chengdong), V1=500)
        assert Target.objects.get().number == 500

    def test_it_reads_as_a_sentence(self, city, officer):
        set_for(officer, city.chengdong, V1=700)
        said = sentence(AuditEvent.objects.filter(kind="target.set").get())
        assert said == "蔡志明 定了城东社工站 2020 年的任务：V1 700"

    def test_saving_what_stands_writes_nothing(self, city, officer):
        set_for(officer, city.chengdong, V1=700)
        set_for(officer, city.chengdong, version(city.chengdong), V1=700)
        assert AuditEvent.objects.filter(kind="target.set").count() == 1

    def test_the_second_of_two_at_once_is_told(self, city, officer):
        set_for(officer, city.chengdong, V1=700)
        with pytest.raises(Conflict):
            set_for(officer, city.chengdong, 0, V1=800)

    @pytest.mark.parametrize(("code", "number"), [("V7", 5), ("X2", 5), ("V1", 0), ("V1", 10_000_001)])
    def test_what_makes_no_sense(self, city, officer, code, number):
        with pytest.raises(Refused):
            set_for(officer, city.chengdong, **{code: number})

    @pytest.mark.parametrize("year", [2018, 2022])
    def test_a_year_far_off(self, city, officer, year):
        with pytest.raises(Refused):
            set_for(officer, city.chengdong, 0, year, V1=5)

    def test_neither_head_nor_centre_sets_one(self, city, head, supervisor):
        for by in (head, supervisor):
            with pytest.raises(NotAllowed):
                set_for(by, city.chengdong, V1=5)

    def test_the_database_refuses_nonsense(self, city, officer):
        said = {"station": city.chengdong, "year": 2020, "code": "V1", "number": 5, "entered_by": officer}
        Target(**said).save(force_insert=True)
        for wrong in ({}, {"code": "V2", "number": 0}, {"code": "V2", "year": 1999}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Target(**said | wrong).save(force_insert=True)


class TestPages:
    def test_the_grid_saves_a_year_and_the_page_shows_the_pace(self, city, officer, worker, client_for):
        a_visit(city.chengdong, worker, a_family(city.chengdong, worker), on=date(2020, 5, 1))
        address = f"/reports/targets/{city.chengdong.code}/2020/"
        answer = client_for(officer).post(f"{address}set", {"version": "0", "V1": "701", "A1": "12"})
        assert answer.status_code == 302
        page = client_for(worker).get(address).content.decode()
        assert "7 个月，平均每月 100" in page
        assert f"/reports/evidence/V1/?first=2020-01-01&amp;last=2020-06-06&amp;scope={city.chengdong.code}" in page
        assert "定任务" not in page

    def test_two_at_once_get_both_versions(self, city, officer, client_for):
        set_for(officer, city.chengdong, V1=700)
        address = f"/reports/targets/{city.chengdong.code}/2020/set"
        answer = client_for(officer).post(address, {"version": "0", "V1": "800"})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "<dd>700</dd>" in page
        assert "<dd>800</dd>" in page
        sent = {"version": str(answer.context["form"]["version"].value()), "V1": "800"}
        assert client_for(officer).post(address, sent).status_code == 302
        assert Target.objects.get().number == 800

    def test_the_list_goes_by_code_and_adds_nothing_up(self, city, officer, supervisor, client_for):
        set_for(officer, city.dongzhou, V1=5)
        set_for(officer, city.haicheng, V1=900)
        page = client_for(supervisor).get("/reports/targets/").content.decode()
        places = [page.index(unit.name) for unit in (city.dongzhou, city.haicheng, city.chengdong)]
        assert places == sorted(places)  # the last has no targets
        assert ">905<" not in page
        assert "没有定任务的站" in page

    def test_many_stations_cost_no_more_queries(self, city, officer, client_for, django_assert_max_num_queries):
        for station in (city.chengdong, city.haicheng, city.dongzhou):
            set_for(officer, station, V1=5, V2=5, A1=5)
        client = client_for(officer)
        with django_assert_max_num_queries(9):
            client.get("/reports/targets/")

    def test_a_year_without_targets_says_so(self, city, worker, client_for):
        page = client_for(worker).get(f"/reports/targets/{city.chengdong.code}/2019/").content.decode()
        assert "这一年没有定任务" in page
        assert client_for(worker).get(f"/reports/targets/{city.chengdong.code}/1999/").status_code == 404
