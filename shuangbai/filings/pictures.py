"""The pictures of a frozen report, drawn from what was frozen: the same on page, in print, PDF and Word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from shuangbai.core.charts import Series, pair, trend
from shuangbai.core.periods import Period
from shuangbai.core.rasters import chart_png

# Title, unit, and the figures that are drawn as lines over months.
DRAWN: Sequence[tuple[str, str, Sequence[str]]] = (
    ("走访户次，按月", "户次", ("V1", "V3")),
    ("受益人次，按月", "人次", ("B1",)),
)


@dataclass(frozen=True, slots=True)
class Picture:
    title: str
    unit: str
    months: Sequence[date]
    series: Sequence[Series]

    def pair(self) -> Any:
        """For page, print and PDF."""
        return pair(trend, self.months, self.series, title=self.title, unit=self.unit, heading=False)

    def png(self) -> bytes | None:
        """For Word; None where this machine cannot write Chinese into a picture."""
        drawn: SafeString = trend(self.months, self.series, title=self.title, unit=self.unit, heading=False)
        return chart_png(drawn)


def pictures(header: Mapping[str, Any]) -> list[Picture]:
    """The pictures of a report; none of a report of one month, which has no course."""
    report, names = header["report"], header["definitions"]
    period = Period(date.fromisoformat(report["from"]), date.fromisoformat(report["to"]))
    months = list(period.months())
    if len(months) < 2:
        return []
    splits = {one["code"]: one["splits"] for one in report["figures"]}
    return [
        Picture(title, unit, months, [
            Series(names[code]["name"], _by_month(splits[code]["month"], months)) for code in codes
        ])
        for title, unit, codes in DRAWN
        if all("month" in splits.get(code, ()) for code in codes)
    ]  # fmt: skip


def _by_month(lines: Sequence[Mapping[str, Any]], months: Sequence[date]) -> list[float]:
    values = {line["key"]: line["value"] for line in lines}
    return [values.get(f"{month:%Y-%m}", 0) for month in months]
