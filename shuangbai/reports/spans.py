"""Periods that people ask for by name: weeks to years, running or just over, and all there is. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from shuangbai.core.periods import Period

CUMULATIVE = "since"


@dataclass(frozen=True, slots=True)
class Span:
    """A period by its name. `of` takes today and the first opening of a station in the scope.

    A running one ends today; one that is over ends on its own last day. `before` is the one that it is held against.
    """

    code: str
    name: str
    of: Callable[[date, date], Period]
    before: str = ""


def _week(today: date) -> date:
    """Monday: weeks are counted as reports count them."""
    return today - timedelta(days=today.weekday())


def _month(today: date) -> date:
    return today.replace(day=1)


def _quarter(today: date) -> date:
    return date(today.year, (today.month - 1) // 3 * 3 + 1, 1)


def _half(today: date) -> date:
    return date(today.year, 1 if today.month < 7 else 7, 1)


def _year(today: date) -> date:
    return date(today.year, 1, 1)


def half_year_over(period: Period, today: date, *, as_of: bool = False) -> bool:
    """Whether a period is one whole half-year that is over; of what holds on a day, whether it ends as one does.

    Numbers of something restricted are told of such alone (docs/adr/0071): no two of them overlap.
    """
    begins = _half(period.last)
    ends = _half(begins + timedelta(days=200)) - timedelta(days=1)
    return period.last == ends < today and (as_of or period.first == begins)


def _running(begin: Callable[[date], date]) -> Callable[[date, date], Period]:
    return lambda today, since: Period(begin(today), today)


def _over(begin: Callable[[date], date]) -> Callable[[date, date], Period]:
    def of(today: date, since: date) -> Period:
        last = begin(today) - timedelta(days=1)
        return Period(begin(last), last)

    return of


SPANS = {
    span.code: span
    for span in [
        Span(CUMULATIVE, "开展至今", lambda today, since: Period(min(since, today), today)),
        Span("this_year", "今年以来", _running(_year), "last_year"),
        Span("last_year", "去年", _over(_year)),
        Span("this_half", "本半年", _running(_half), "last_half"),
        Span("last_half", "上个半年", _over(_half)),
        Span("this_quarter", "本季度", _running(_quarter), "last_quarter"),
        Span("last_quarter", "上季度", _over(_quarter)),
        Span("this_month", "本月", _running(_month), "last_month"),
        Span("last_month", "上月", _over(_month)),
        Span("this_week", "本周", _running(_week), "last_week"),
        Span("last_week", "上周", _over(_week)),
    ]
}
