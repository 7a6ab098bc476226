"""The city's calendar: working days, holidays, field days, the months of the epidemic."""

from __future__ import annotations

from datetime import date
from random import Random

EPIDEMIC = (date(2020, 1, 27), date(2020, 4, 30))
_HOLIDAYS = (
    (date(2017, 10, 1), date(2017, 10, 8)),
    (date(2018, 2, 13), date(2018, 2, 22)),
    (date(2018, 4, 5), date(2018, 4, 7)),
    (date(2018, 10, 1), date(2018, 10, 7)),
    (date(2019, 2, 2), date(2019, 2, 11)),
    (date(2019, 5, 1), date(2019, 5, 4)),
    (date(2019, 10, 1), date(2019, 10, 7)),
    (date(2020, 1, 23), date(2020, 2, 2)),
    (date(2020, 4, 4), date(2020, 4, 6)),
    (date(2020, 5, 1), date(2020, 5, 5)),
)


def in_epidemic(day: date) -> bool:
    """Whether a day lies in the months of epidemic work."""
    return EPIDEMIC[0] <= day <= EPIDEMIC[1]


def is_holiday(day: date) -> bool:
    """Whether a day lies in one of the long public holidays."""
    return any(first <= day <= last for first, last in _HOLIDAYS)


def is_field_day(village: str, day: date) -> bool:
    """Whether a station goes to a village on a day: visits come in rounds, not evenly."""
    return (day.toordinal() * 37 + int(village[-3:]) * 17) % 101 < 30


def suits(rng: Random, village: str, day: date) -> bool:
    """Whether work in a village may fall on a day; most of it on weekday rounds."""
    if is_holiday(day):
        return False
    if day.weekday() >= 5 and rng.random() > 0.06:
        return False
    return is_field_day(village, day) or rng.random() < 0.12
