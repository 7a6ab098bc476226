"""Two periods side by side: every figure of the results report, and by how much they differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shuangbai.core.periods import Period
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask, Indicator
from shuangbai.reports.results import SECTIONS
from shuangbai.reports.spans import SPANS


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure in two periods: `now`, and `then`, which it is held against."""

    indicator: Indicator
    now: Any
    then: Any

    @property
    def difference(self) -> Any:
        return self.now - self.then

    @property
    def per_cent(self) -> str:
        """The difference in per cent of `then` with its sign; empty where that is 0."""
        if not self.then:
            return ""
        share = Decimal(self.difference) * 100 / Decimal(self.then)
        rounded = share.quantize(Decimal("0.1"), ROUND_HALF_UP)
        return f"{rounded:+,}" if rounded else "0.0"


@dataclass(frozen=True, slots=True)
class Compared:
    """The sections of the report, each with its figures in both periods."""

    now: Ask
    then: Ask
    sections: Sequence[tuple[str, Sequence[Pair]]]

    @property
    def unequal(self) -> bool:
        """Whether one period is longer: what is counted over days then differs for that alone."""
        return self.now.period.days != self.then.period.days

    @property
    def overlapping(self) -> bool:
        """Whether a day lies in both."""
        now, then = self.now.period, self.then.period
        return now.first <= then.last and then.first <= now.last


def compared(now: Ask, then: Ask) -> Compared:
    """Every figure of the results report for both questions."""

    def pair(code: str) -> Pair:
        return Pair(BY_CODE[code], BY_CODE[code].value(now), BY_CODE[code].value(then))

    return Compared(now, then, [(title, [pair(code) for code in codes]) for title, codes in SECTIONS])


def quick_pairs(today: date, asked: Period) -> list[tuple[str, Period, Period]]:
    """Pairs that are asked for most, and the span asked for against the one before it and a year earlier."""
    pairs = []
    for now in SPANS.values():
        if now.before:
            then = SPANS[now.before]
            pairs.append((f"{now.name} / {then.name}", now.of(today, today), then.of(today, today)))
    pairs.append(("这段时间 / 上年同期", asked, asked.year_earlier()))
    before = asked.first - timedelta(days=1)
    pairs.append(("这段时间 / 紧接之前同样天数", asked, Period(before - timedelta(days=asked.days - 1), before)))
    return pairs
