"""The one clock of the product. Nothing else asks the machine what day it is.

A demonstration city's clock stands on a day (`Installation.clock_on`); the time of day runs on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = "Asia/Shanghai"  # all of China
_pinned: list[date] = []


@lru_cache(maxsize=1)
def _zone() -> ZoneInfo:
    return ZoneInfo(ZONE)


@lru_cache(maxsize=1)
def _standing_day() -> date | None:
    from shuangbai.core.models import Installation

    return Installation.objects.values_list("clock_on", flat=True).first()


def forget() -> None:
    """Read the installation's clock again at the next question (after it was set)."""
    _standing_day.cache_clear()


def standing_day() -> date | None:
    """The day on which a demonstration city's clock stands, or None for a clock that runs."""
    return _pinned[-1] if _pinned else _standing_day()


def now() -> datetime:
    """The moment, aware, in the city's time zone."""
    moment = datetime.now(_zone())
    day = standing_day()
    return moment if day is None else datetime.combine(day, moment.timetz())


def machine_now() -> datetime:
    """The machine's moment, aware, whatever day a demonstration stands on: for turns of jobs and for limits alone."""
    return datetime.now(_zone())


def local(moment: datetime) -> datetime:
    """A stored moment in the city's time zone."""
    return moment.astimezone(_zone())


def today() -> date:
    return now().date()


def day_of(moment: datetime) -> date:
    """The city's day of a moment kept in the database."""
    return moment.astimezone(_zone()).date()


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of a day in the city's time zone."""
    return datetime.combine(day, time(hour, minute), tzinfo=_zone())


@contextmanager
def pinned(day: date) -> Iterator[None]:
    """The clock stands on `day` inside the block (building the demonstration, tests)."""
    _pinned.append(day)
    try:
        yield
    finally:
        _pinned.pop()
