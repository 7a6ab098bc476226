"""Spans of days, both ends included."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included. Raises ValueError where it would be empty."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"结束日期 {self.last} 早于开始日期 {self.first}，请对调或改正")

    def __str__(self) -> str:
        return f"{self.first:%Y-%m-%d} 至 {self.last:%Y-%m-%d}"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def months(self) -> Iterator[date]:
        """The first days of the calendar months that the period touches."""
        month = self.first.replace(day=1)
        while month <= self.last:
            yield month
            month = (month + timedelta(days=32)).replace(day=1)

    def year_earlier(self) -> "Period":
        """The same span a year before; the last day of a month stays the last day of its month."""
        return Period(_year_earlier(self.first, start=True), _year_earlier(self.last))


def last_of_month(day: date) -> date:
    """The last day of the day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _year_earlier(day: date, *, start: bool = False) -> date:
    """The day a year before. 29 February becomes 1 March where a span starts, else the end of February."""
    month = date(day.year - 1, day.month, 1)
    end = last_of_month(month)
    if day == last_of_month(day) and not start:
        return end
    if day.day > end.day:
        return end + timedelta(days=1)
    return month.replace(day=day.day)
