"""The pictures of the results report, drawn on the server: the same on the page, in print and in the PDF."""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from shuangbai import network
from shuangbai.core.charts import Bar, Series, bars, pair, trend
from shuangbai.core.outline import Box, Outline, Point, Region, outline_pair, place_points, read_regions
from shuangbai.reports.finder import Sought, unit_of
from shuangbai.reports.indicators import Rate
from shuangbai.reports.number import Point as Month
from shuangbai.reports.queries import Ask
from shuangbai.reports.results import Results
from shuangbai.reports.templatetags.evidence import evidence_link

COUNTIES = Path(network.__file__).parent / "data" / "shanwei-counties.geojson"
# The county 陆丰 includes islands far to the south: the view is a fixed box and the islands stay in the data.
VIEW = Box(114.85, 22.60, 116.25, 23.50)
CATEGORIES_SHOWN = 14


def by_month(report: Results) -> Any:
    """Visits by month, and those that met somebody, as two lines."""
    effective = {line.key: line.value for line in report.figures["V3"].splits["month"]}
    visits = {line.key: line.value for line in report.figures["V1"].splits["month"]}
    months = list(report.ask.period.months())
    series = [
        Series(name, [source.get(f"{m:%Y-%m}", 0) for m in months], [_month_link(report, code, m) for m in months])
        for name, code, source in (("走访户次", "V1", visits), ("有效走访户次", "V3", effective))
    ]
    return pair(trend, months, series, title="各月走访户次", unit="户次", heading=False)


def _month_link(report: Results, code: str, month: Any) -> str:
    return evidence_link(report.ask, code, "month", f"{month:%Y-%m}")


def by_category(report: Results) -> Any:
    """Households visited by category of the day, the largest first; the list below has them all."""
    lines = [line for line in report.figures["V2"].splits["category"] if line.held is not None and line.is_told]
    shown = sorted(lines, key=lambda line: -line.value)[:CATEGORIES_SHOWN]
    items = [Bar(x.name, [x.value], [evidence_link(report.ask, "V2", "category", x.key)]) for x in shown]
    return pair(bars, items, title="走访户数（按走访当天的类别）", unit="户", heading=False)


def by_activity_month(report: Results) -> Any:
    numbers = {line.key: line.value for line in report.figures["B1"].splits["month"]}
    months = list(report.ask.period.months())
    links = [_month_link(report, "B1", m) for m in months]
    series = [Series("受益人次", [numbers.get(f"{m:%Y-%m}", 0) for m in months], links)]
    return pair(trend, months, series, title="各月活动及小组受益人次", unit="人次", heading=False)


def number_trend(points: Sequence[Month], asked: Ask, what: Sought) -> Any:
    """One number by month, each month linked to its list; a rate, which has two lists, to none."""
    links = [] if isinstance(what, Rate) else [evidence_link(Ask(one.per, asked.unit), what.code) for one in points]
    line = Series(what.name, [float(one.value) for one in points], links)  # hours come as decimals
    unit = unit_of(what)
    months = [one.month for one in points]
    return pair(trend, months, [line], title=what.name, unit=unit, whole=unit != "%", heading=False)


@lru_cache(maxsize=1)
def _regions() -> list[Region]:
    return list(read_regions(json.loads(COUNTIES.read_text(encoding="utf-8"))))


def station_map(report: Results) -> Outline | None:
    """A schematic map with a point a station, sized by households visited; None outside the drawn counties."""
    points = []
    for region in _regions():
        rows = [row for row in report.rows if row.unit.county and row.unit.county.name == region.name]
        for row, (longitude, latitude) in zip(rows, place_points(region, len(rows)), strict=True):
            link = evidence_link(report.ask, "V2", unit_code=row.unit.code)
            points.append(
                Point(row.unit.name.removesuffix("社工站"), longitude, latitude, row.values["V2"], link, region.code)
            )
    if not points:
        return None
    return outline_pair(_regions(), points, box=VIEW, title="各站走访户数示意图", unit="户")
