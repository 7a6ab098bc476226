"""Working days: weekends, days off, worked weekends; adding them and counting them undo each other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangbai.core.workdays import SATURDAY, Calendar

pytestmark = pytest.mark.nodb
# The days of the national day of 2020, as they were published: eight off, two weekends worked.
OCTOBER = Calendar(
    frozenset(date(2020, 10, n) for n in range(1, 9)), frozenset({date(2020, 9, 27), date(2020, 10, 10)}),
    frozenset({2020}),
)  # fmt: skip


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("start", "days", "end"),
        [
            (date(2020, 6, 5), 1, date(2020, 6, 8)),  # a Friday: the Monday after
            (date(2020, 6, 6), 1, date(2020, 6, 8)),  # a Saturday
            (date(2020, 6, 8), 5, date(2020, 6, 15)),
            (date(2020, 6, 8), 30, date(2020, 7, 20)),
        ],
    )
    def test_weekends_are_left_out_and_the_day_itself_is_not_counted(self, start, days, end):
        assert Calendar().after(start, days) == end

    def test_days_off_are_left_out_and_worked_weekends_counted(self):
        assert OCTOBER.after(date(2020, 9, 25), 1) == date(2020, 9, 27)  # a Sunday that was worked
        assert OCTOBER.after(date(2020, 9, 30), 1) == date(2020, 10, 9)
        assert OCTOBER.after(date(2020, 9, 30), 2) == date(2020, 10, 10)

    def test_between_counts_what_after_goes(self):
        for days in (0, 1, 7, 30, 45):
            start = date(2020, 9, 21)
            assert OCTOBER.between(start, OCTOBER.after(start, days)) == days
        assert Calendar().between(date(2020, 6, 10), date(2020, 6, 8)) == -2

    def test_years_of_which_nothing_is_known_are_told(self):
        assert OCTOBER.unknown(date(2020, 12, 1), date(2021, 1, 20)) == [2021]


def days_in(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


SPRING = st.dates(date(2020, 1, 1), date(2020, 3, 31))


@st.composite
def calendars(draw) -> Calendar:
    """Any days off, weekends among them as notices have them, and any weekends worked that are not off."""
    off = draw(st.frozensets(SPRING, max_size=20))
    worked = frozenset(day for day in draw(st.frozensets(SPRING, max_size=20)) if day.weekday() >= SATURDAY) - off
    return Calendar(off, worked, frozenset({2020}))


class TestAlways:
    @given(calendars(), SPRING)
    def test_a_day_is_worked_as_its_list_says_and_else_as_its_weekday(self, calendar, day):
        said = day in calendar.worked or (day not in calendar.off and day.weekday() < SATURDAY)
        assert calendar.works(day) is said

    @given(calendars(), SPRING, st.integers(1, 40))
    def test_so_many_working_days_later_is_one_and_so_many_lie_between(self, calendar, start, days):
        end = calendar.after(start, days)
        assert calendar.works(end)
        assert sum(calendar.works(day) for day in days_in(start, end)[1:]) == days
        assert (calendar.between(start, end), calendar.between(end, start)) == (days, -days)

    @given(calendars(), SPRING, st.integers(0, 20), st.integers(0, 20))
    def test_in_two_steps_it_is_the_same_day(self, calendar, start, first, second):
        assert calendar.after(calendar.after(start, first), second) == calendar.after(start, first + second)

    @given(calendars(), SPRING, st.integers(1, 20), SPRING)
    def test_another_day_off_never_makes_it_earlier(self, calendar, start, days, day):
        more = Calendar(calendar.off | {day}, calendar.worked - {day}, calendar.years)
        assert more.after(start, days) >= calendar.after(start, days)
