"""C1 to C6: a number and its list from one definition; small ones are told to nobody who may not open them."""

from __future__ import annotations

from datetime import date

import pytest

from shuangbai.cases.actions.ending import FollowUpEntry, record_follow_up
from shuangbai.cases.actions.working import drop_goal, rate_goal, void_session
from shuangbai.cases.enums import FollowUpResult, SessionMode
from shuangbai.cases.models import FollowUp
from shuangbai.core import clock
from shuangbai.core.periods import Period
from shuangbai.core.privacy import FEW, WITHHELD
from shuangbai.reports.casework import BY_CODE, FIGURES, Half, Telling, halves, listed
from shuangbai.reports.queries import Ask
from tests.cases.short import a_case, a_goal, a_session, closed, said
from tests.cast import TODAY, a_family, again

pytestmark = pytest.mark.django_db
HALF, LATER = Half(2020, 1), date(2020, 7, 2)


@pytest.fixture
def ask(city):
    return Ask(Period(date(2020, 1, 1), date(2020, 6, 30)), city.root)


@pytest.fixture
def worked(city, worker, case):
    """One case with two sessions and two goals, closed; the client was seen again; another that only began."""
    reached, missed, dropped = (a_goal(case, worker) for _ in range(3))
    rate_goal(by=worker, goal=reached, value=-1, rated_on=date(2020, 5, 10))
    rate_goal(by=worker, goal=reached, value=0, rated_on=date(2020, 5, 20))
    rate_goal(by=worker, goal=missed, value=-1, rated_on=date(2020, 5, 20))
    drop_goal(by=worker, goal=dropped, version=1, reason="随父亲去深圳")
    a_session(case, worker, date(2020, 5, 10))
    a_session(case, worker, date(2020, 5, 12))
    void_session(by=worker, session=a_session(case, worker, date(2020, 5, 13)), version=1, reason="记错了")
    done = closed(case, worker, on=date(2020, 5, 25), months=(1,))
    entry = FollowUpEntry(TODAY, SessionMode.PHONE, FollowUpResult.STEADY, "情况平稳", worker.staff_id)
    record_follow_up(by=worker, follow_up=FollowUp.objects.get(case=done), version=1, entry=entry)
    family = a_family(city.chengdong, worker)
    a_case(city.chengdong, worker, family, entry=said(family.people[1], accepted_on=None))
    a_case(city.chengdong, worker, family, entry=said(family.people[1], accepted_on=TODAY))
    return done


def test_a_small_case_counted_by_hand(worked, ask):
    told = {one.code: one.value(ask) for one in FIGURES}
    assert told == {"C1": 2, "C2": 1, "C3": 1, "C4": 2, "C5B": 2, "C5A": 1, "C6": 1, "P1S": 0}


def test_every_number_is_the_sum_of_its_list(worked, ask):
    assert {one.code: one.evidence(ask) for one in FIGURES} == {one.code: one.value(ask) for one in FIGURES}


def test_a_list_is_cut_to_what_one_may_open(worked, ask, worker, colleague, head, supervisor, officer):
    lengths = [len(listed(BY_CODE["C4"], ask, again(one))) for one in (worker, head, supervisor, colleague, officer)]
    assert lengths == [2, 2, 2, 0, 0]
    assert [len(listed(BY_CODE["C1"], ask, again(one))) for one in (worker, supervisor, officer)] == [2, 1, 0]


def several(city, by, many: int) -> None:
    for _ in range(many):
        a_case(by.staff.postings.get().unit, by, a_family(by.staff.postings.get().unit, by))


class TestWhatOthersAreTold:
    def told(self, user, unit, code="C1", day=LATER):
        return Telling(again(user), HALF, day).told(code, unit)

    def test_the_head_reads_the_whole_of_the_own_station(self, city, worked, head):
        assert self.told(head, city.chengdong) == 2
        assert self.told(head, city.chengdong, day=TODAY) == 2

    def test_others_no_half_year_that_is_not_over(self, city, worker, officer):
        several(city, worker, 6)
        assert self.told(officer, city.chengdong, day=TODAY) == WITHHELD

    def test_none_is_told_like_few(self, city, officer, worked):
        assert self.told(officer, city.chengdong) == self.told(officer, city.dongzhou) == FEW

    def test_what_could_be_worked_out_is_held_back_too(self, city, worker, neighbour, stranger, officer):
        for by, many in ((worker, 6), (neighbour, 2), (stranger, 7)):
            several(city, by, many)
        # 海丰 is 8: with 城东 told, 海城 were 2.
        signs = [self.told(officer, unit) for unit in (city.root, city.haifeng, city.chengdong, city.haicheng)]
        assert signs[3] == FEW
        assert isinstance(signs[1], str) or isinstance(signs[2], str)

    def test_many_sessions_of_one_case_tell_nothing(self, city, case, worker, officer):
        for day in range(5, 20):
            a_session(case, worker, date(2020, 5, day))
        assert self.told(officer, city.root, "C4") == WITHHELD

    def test_running_cases_of_the_city_alone(self, city, worker, stranger, officer):
        several(city, worker, 6)
        several(city, stranger, 6)
        assert self.told(officer, city.chengdong, "C2") == WITHHELD
        assert self.told(officer, city.root, "C2") == WITHHELD  # C3 is held back, and would follow from it
        assert self.told(officer, city.root, "C1") == 12


def test_half_years_from_the_present_one_back():
    assert [one.key for one in halves(date(2020, 7, 1))][:4] == ["2020-2", "2020-1", "2019-2", "2019-1"]
    assert Half(2020, 2).period == Period(date(2020, 7, 1), date(2020, 12, 31))


class TestThePage:
    def test_shows_signs_and_the_list_says_how_many_are_not_to_be_seen(self, client_for, worked, officer, head, city):
        with clock.pinned(LATER):
            page = client_for(officer).get("/reports/cases/?half=2020-1").content.decode()
            assert FEW in page
            shown = client_for(officer).get("/reports/cases/C1/?half=2020-1&scope=SW").content.decode()
            assert "另有 若干 条不可查看" in shown
            assert worked.number not in shown
            own = client_for(head).get("/reports/cases/C1/?half=2020-1").content.decode()
        assert worked.number in own
        assert "不可查看" not in own

    def test_is_there_for_who_may_ask_for_reports_and_of_known_half_years(self, client_for, officer, sysadmin):
        assert client_for(sysadmin).get("/reports/cases/").status_code == 404
        assert client_for(officer).get("/reports/cases/?half=1990-1").status_code == 404
        assert client_for(officer).get("/reports/cases/C9/").status_code == 404
