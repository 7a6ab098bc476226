"""现在要一个数: one figure or rate with its trend, the same span a year earlier, and ways to split it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shuangbai.core.periods import Period, last_of_month
from shuangbai.reports.finder import Sought
from shuangbai.reports.indicators import Rate
from shuangbai.reports.queries import Ask, Dimension, Indicator, opened_in
from shuangbai.reports.results import Figure, Share, figure, share, shared_dimensions

FEWEST, MOST = 12, 24
# Figures that judge every family one by one take long; their trend is of fewer months.
SLOW, SLOW_MOST = frozenset({"F6", "F6A", "F6B"}), 6


@dataclass(frozen=True, slots=True)
class Point:
    """A month of the trend. `per` is what is counted: of a figure of a day, up to the month's last."""

    month: date
    per: Period
    value: float


@dataclass(frozen=True, slots=True)
class Told:
    """What is shown of a question: a figure, or a rate with both its numbers."""

    ask: Ask
    what: Sought
    figure: Figure | None
    share: Share | None

    @property
    def is_nothing(self) -> bool:
        """A rate of which nothing is there to be counted."""
        return self.share is not None and not self.share.per_cent


@dataclass(frozen=True, slots=True)
class Number:
    """The answer to one question."""

    now: Told
    earlier: Told | None
    since: date | None
    splits: Sequence[Dimension]
    codes: Sequence[str]
    as_of: bool

    @property
    def counted(self) -> Any:
        """The figure, or what a rate is a share of: 0 where there is nothing to be counted."""
        return self.now.figure.value if self.now.figure else self.now.share and self.now.share.under.value


def told(what: Sought, ask: Ask) -> Told:
    if isinstance(what, Rate):
        return Told(ask, what, None, share(what, ask))
    return Told(ask, what, figure(what.code, ask), None)


def number(what: Sought, ask: Ask) -> Number:
    """The number of a question, and of the same span a year earlier where a station was open by then."""
    since, before = opened_in(ask.unit), ask.period.year_earlier()
    earlier = told(what, Ask(before, ask.unit)) if since and since <= before.last else None
    parts = what.parts if isinstance(what, Rate) else (what,)
    codes = [part.code for part in parts]
    return Number(told(what, ask), earlier, since, shared_dimensions(parts), codes, parts[0].as_of)


def months_of(ask: Ask, most: int = MOST) -> list[Period]:
    """The months of the trend: those of the period, twelve where it has fewer, the latest where it has more.

    None before the first opening in the scope, and the last ends with the period.
    """
    last, since = ask.period.last, opened_in(ask.unit)
    wanted = min(max(len(list(ask.period.months())), FEWEST), most)
    found: list[Period] = []
    month = last.replace(day=1)
    while len(found) < wanted and (since is None or last_of_month(month) >= since):
        found.append(Period(month, min(last_of_month(month), last)))
        month = (month - timedelta(days=1)).replace(day=1)
    return found[::-1]


def trend(what: Sought, ask: Ask) -> list[Point]:
    """The number by month; what holds on a day, on the last of each month. One query where months can be split."""
    months = months_of(ask, SLOW_MOST if what.code in SLOW else MOST)
    if not months:
        return []
    if isinstance(what, Indicator) and not what.as_of and "month" in what.by:
        numbers = what.split(Ask(Period(months[0].first, months[-1].last), ask.unit), "month")
        return [Point(per.first, per, numbers.get(per.first, 0)) for per in months]
    return list(_by_day(what, ask, months))


def _by_day(what: Sought, ask: Ask, months: Sequence[Period]) -> Iterator[Point]:
    for per in months:
        asked = Ask(per, ask.unit)
        if isinstance(what, Indicator):
            yield Point(per.first, per, what.value(asked))
        elif (rated := share(what, asked)).per_cent:  # a month without anything to be counted has no rate
            yield Point(per.first, per, float(rated.per_cent))
