"""When a family is due, and why. Nothing is asked of a database."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangbai.followups.enums import State
from shuangbai.followups.rules import Attempt, Bound, Contact, Facts, Graded, due
from shuangbai.households.rules import PRESETS, Level

pytestmark = pytest.mark.nodb

TODAY = date(2020, 6, 6)
OPENED = date(2019, 8, 1)
GRADED = date(2020, 1, 10)
WORDS = {"home": "入户", "phone": "电话"}
NAMES = {"red": "红", "yellow": "黄", "green": "绿"}
LEVELS = {one.code: replace(one, label=NAMES[one.code]) for one in PRESETS["rag"].levels}
RED, YELLOW, GREEN = LEVELS["red"], LEVELS["yellow"], LEVELS["green"]


def facts(*grades: Graded, **more: object) -> Facts:
    given_ = {"day": TODAY, "opened_on": OPENED, "grades": grades, "words": WORDS, **more}
    return Facts(**given_)  # type: ignore[arg-type]


def met(month: int, day: int, mode: str = "home", **more: object) -> Contact:
    return Contact(date(2020, month, day), mode, **more)  # type: ignore[arg-type]


class TestTheInterval:
    def test_counts_from_the_last_effective_contact(self) -> None:
        told = due(facts(Graded(YELLOW, GRADED), met=[met(5, 20)]))
        assert (told.on, told.state) == (date(2020, 6, 19), State.LATER)
        assert told.reason == "「黄」每 30 天一次，上次入户见到人是5月20日"

    def test_counts_from_the_first_grade_where_nobody_was_ever_met(self) -> None:
        told = due(facts(Graded(YELLOW, GRADED)))
        assert told.on == date(2020, 2, 9)
        assert "1月10日起跟进，至今没有见到人" in told.reason

    def test_counts_from_the_opening_of_a_file_that_was_graded_before_it(self) -> None:
        assert due(facts(Graded(YELLOW, GRADED), opened_on=date(2020, 5, 1))).on == date(2020, 5, 31)

    def test_whoever_was_last_seen_long_before_grading_began_is_due_from_its_first_day(self) -> None:
        told = due(facts(Graded(YELLOW, GRADED), met=[Contact(date(2018, 3, 1), "home")]))
        assert (told.on, told.days) == (GRADED, 148)
        assert told.reason.endswith("上次入户见到人是2018年3月1日；1月10日才开始按级别跟进，从那天算起")

    def test_a_way_that_the_level_does_not_allow_is_no_contact(self) -> None:
        told = due(facts(Graded(RED, GRADED), met=[met(6, 5, "phone"), met(6, 1)]))
        assert told.on == date(2020, 6, 8)
        assert due(facts(Graded(YELLOW, GRADED), met=[met(6, 5, "phone"), met(6, 1)])).on == date(2020, 7, 5)

    @pytest.mark.parametrize(
        ("last", "state"),
        [
            (date(2020, 5, 6), State.DUE),  # due yesterday, within five days of grace
            (date(2020, 5, 7), State.DUE),
            (date(2020, 5, 2), State.DUE),
            (date(2020, 5, 1), State.OVERDUE),
            (date(2020, 5, 8), State.SOON),
            (date(2020, 5, 14), State.SOON),
            (date(2020, 5, 15), State.LATER),
        ],
    )
    def test_days_of_grace_pass_before_it_is_overdue(self, last: date, state: State) -> None:
        assert due(facts(Graded(YELLOW, GRADED), met=[Contact(last, "home")])).state == state

    def test_without_grade_floor_or_promise_there_is_no_date(self) -> None:
        told = due(facts(met=[met(5, 20)]))
        assert (told.on, told.state) == (None, State.NONE)
        assert "还没有定级" in told.reason


class TestAttempts:
    def test_a_visit_that_met_nobody_adds_an_attempt_and_resets_nothing(self) -> None:
        before = due(facts(Graded(YELLOW, GRADED), met=[met(5, 1)]))
        tried = [Attempt(date(2020, 6, 3), "住院"), Attempt(date(2020, 5, 28), "无人在家")]
        after = due(facts(Graded(YELLOW, GRADED), met=[met(5, 1)], tried=tried))
        assert (after.on, after.state, after.attempts) == (before.on, before.state, 2)
        assert after.reason.endswith("；此后 2 次没见到人（最近6月3日，住院）")

    def test_those_before_the_last_contact_are_forgotten(self) -> None:
        tried = [Attempt(date(2020, 4, 28), "无人在家")]
        assert due(facts(Graded(YELLOW, GRADED), met=[met(5, 1)], tried=tried)).attempts == 0


class TestRaisedGrades:
    def test_the_earlier_of_the_old_date_and_the_new_interval_from_the_day_it_was_raised(self) -> None:
        told = due(facts(Graded(GREEN, GRADED), Graded(RED, date(2020, 6, 1)), met=[met(5, 20)]))
        assert told.on == date(2020, 6, 8)
        assert "6月1日由「绿」升为「红」，从那天起 7 天内" in told.reason

    def test_an_old_date_that_is_nearer_stands(self) -> None:
        told = due(facts(Graded(YELLOW, GRADED), Graded(RED, date(2020, 5, 30)), met=[met(5, 2)]))
        assert told.on == date(2020, 6, 1)
        assert "原定的日子更早" in told.reason

    def test_a_contact_afterwards_begins_the_new_interval(self) -> None:
        told = due(facts(Graded(GREEN, GRADED), Graded(RED, date(2020, 6, 1)), met=[met(6, 2), met(5, 20)]))
        assert told.on == date(2020, 6, 9)

    def test_a_lowered_grade_gives_the_longer_interval(self) -> None:
        told = due(facts(Graded(RED, GRADED), Graded(GREEN, date(2020, 6, 1)), met=[met(5, 20)]))
        assert told.on == date(2020, 8, 18)


class TestFloorsFacesAndPromises:
    def test_a_categorys_longest_interval_wins_where_it_is_stricter(self) -> None:
        bound = Bound("独居老人", 30, date(2019, 7, 1))
        told = due(facts(Graded(GREEN, GRADED), met=[met(5, 20)], bounds=[bound]))
        assert told.on == date(2020, 6, 19)
        assert "家里有「独居老人」，至少每 30 天一次，比「绿」的 90 天严" in told.reason
        assert due(facts(Graded(RED, GRADED), met=[met(6, 4)], bounds=[bound])).on == date(2020, 6, 11)

    def test_one_that_begins_later_counts_from_its_day(self) -> None:
        bound = Bound("独居老人", 30, date(2020, 6, 1))
        told = due(facts(Graded(GREEN, GRADED), met=[met(4, 20)], bounds=[bound]))
        assert told.on == date(2020, 7, 1)
        assert told.reason.endswith("上次入户见到人是4月20日，这一条从6月1日算起")

    def test_it_binds_a_family_that_is_not_graded(self) -> None:
        assert due(facts(met=[met(5, 20)], bounds=[Bound("独居老人", 30, GRADED)])).on == date(2020, 6, 19)

    def test_so_many_meetings_face_to_face_within_the_period(self) -> None:
        calls = [met(6, 1, "phone"), met(5, 1, "phone"), met(4, 1, "phone"), met(2, 1)]
        told = due(facts(Graded(YELLOW, GRADED), met=calls))
        assert told.on == date(2020, 5, 1)
        assert "每 90 天至少当面见 1 次，上次当面见是2月1日" in told.reason
        twice = replace(YELLOW, face_times=2)
        visits = [met(6, 1), met(5, 10, "phone"), met(3, 1)]
        told = due(facts(Graded(twice, GRADED), met=visits))
        assert told.on == date(2020, 5, 30)
        assert told.reason.endswith("每 90 天至少当面见 2 次，往回数第 2 次当面见是3月1日")
        late = due(facts(Graded(twice, GRADED), met=[met(6, 1)]))
        assert late.on == GRADED + timedelta(days=90)
        assert late.reason.endswith("上次当面见是6月1日；从1月10日开始跟进算起")

    def test_an_agreed_date_counts_until_somebody_is_met(self) -> None:
        told = due(facts(Graded(GREEN, GRADED), met=[met(6, 1, next_on=date(2020, 6, 10))]))
        assert (told.on, told.state) == (date(2020, 6, 10), State.SOON)
        assert told.reason == "6月1日走访时约好6月10日再联系"
        later = [met(6, 3), met(6, 1, next_on=date(2020, 6, 10))]
        assert due(facts(Graded(GREEN, GRADED), met=later)).on == date(2020, 9, 1)

    def test_an_agreed_date_does_not_put_off_what_the_grade_asks(self) -> None:
        told = due(facts(Graded(RED, GRADED), met=[met(6, 1, next_on=date(2020, 7, 10))]))
        assert told.on == date(2020, 6, 8)

    def test_a_date_agreed_at_the_neighbours_counts_too(self) -> None:
        tried = [Attempt(date(2020, 6, 3), "无人在家", date(2020, 6, 8))]
        assert due(facts(Graded(GREEN, GRADED), met=[met(6, 1)], tried=tried)).on == date(2020, 6, 8)


DAYS = st.integers(0, 300).map(lambda n: TODAY - timedelta(days=n))
LEVEL = st.sampled_from([one for preset in PRESETS.values() for one in preset.levels])
MODE = st.sampled_from(["home", "phone", "office", "wechat"])


@st.composite
def histories(draw: st.DrawFn) -> Facts:
    days = sorted(draw(st.lists(DAYS, max_size=3, unique=True)))
    grades = [Graded(draw(LEVEL), day) for day in days]
    seen = sorted(draw(st.lists(st.tuples(DAYS, MODE), max_size=5)), reverse=True)
    tried = sorted(draw(st.lists(DAYS, max_size=4)), reverse=True)
    bounds = [Bound("独居老人", draw(st.integers(1, 60)), draw(DAYS))] if draw(st.booleans()) else []
    return Facts(
        TODAY, OPENED, grades, [Contact(*one) for one in seen], [Attempt(day, "外出") for day in tried], bounds, WORDS
    )


class TestAlways:
    @given(histories())
    def test_trying_in_vain_never_moves_the_date(self, known: Facts) -> None:
        assert due(known).on == due(replace(known, tried=[])).on

    @given(histories(), st.integers(1, 40))
    def test_a_stricter_floor_never_puts_the_date_off(self, known: Facts, days: int) -> None:
        told, stricter = due(known), due(replace(known, bounds=[*known.bounds, Bound("失能老人", days, OPENED)]))
        assert stricter.on is not None
        assert told.on is None or stricter.on <= told.on

    @given(histories(), LEVEL)
    def test_a_grade_that_is_raised_today_pulls_forward_to_no_later_than_its_interval(
        self, known: Facts, level: Level
    ) -> None:
        known = replace(known, grades=[one for one in known.grades if one.since < TODAY])
        if not known.grades or level.interval_days >= known.grades[-1].level.interval_days:
            return
        plain = replace(level, modes=known.grades[-1].level.modes)
        before, after = due(known), due(replace(known, grades=[*known.grades, Graded(plain, TODAY)]))
        met_today = any(one.on == TODAY and one.mode in plain.modes for one in known.met)
        assert after.on is not None
        assert before.on is not None
        assert after.on <= TODAY + timedelta(days=level.interval_days)
        if not met_today and not known.bounds and not known.grades[-1].level.face_times:
            assert after.on <= before.on

    @given(histories())
    def test_meeting_somebody_today_in_an_allowed_way_leaves_nothing_overdue(self, known: Facts) -> None:
        told = due(replace(known, met=[Contact(TODAY, "home"), *known.met]))
        assert told.state not in (State.OVERDUE, State.DUE) or any(one.level.face_times > 1 for one in known.grades)

    @given(histories())
    def test_there_is_a_date_where_anything_asks_for_one_and_always_one_sentence(self, known: Facts) -> None:
        told = due(known)
        assert (told.on is None) == (not known.grades and not known.bounds)
        assert told.reason
        assert "。" not in told.reason

    @given(histories())
    def test_whoever_reads_the_sentence_can_work_out_the_date(self, known: Facts) -> None:
        told = due(known)
        if told.on is None:
            return
        days = [
            date(int(year or TODAY.year), int(month), int(day))
            for year, month, day in re.findall(r"(?:(\d+)年)?(\d+)月(\d+)日", told.reason)
        ]
        lengths = [0, *(int(number) for number in re.findall(r"(\d+) 天", told.reason))]
        assert told.on in {day + timedelta(days=length) for day in days for length in lengths}, told.reason
