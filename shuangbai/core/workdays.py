"""Working days: weekends left out, with days off that are no weekend and weekends that are worked. Pure."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off, and weekends that are worked; `years`: those of which this is known. Of others weekends alone count."""

    off: Set[date] = frozenset()
    worked: Set[date] = frozenset()
    years: Set[int] = frozenset()

    def works(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.off)

    def after(self, start: date, days: int) -> date:
        """The last of so many working days; the day of the beginning itself is not counted (民法典 Art. 201)."""
        day, left = start, days
        while left > 0:
            day += timedelta(days=1)
            left -= self.works(day)
        return day

    def between(self, first: date, last: date) -> int:
        """How many working days lie after `first` up to `last`; negative where `last` is before."""
        if last < first:
            return -self.between(last, first)
        return sum(self.works(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))

    def unknown(self, first: date, last: date) -> list[int]:
        """The years of a span of which nobody entered the days off."""
        return [year for year in range(first.year, last.year + 1) if year not in self.years]
