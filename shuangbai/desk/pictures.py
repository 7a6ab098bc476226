"""Pictures on a family's page, drawn on the server: the same on the page, in print and in the files made from it."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from shuangbai.core.charts import over_time
from shuangbai.dossier.queries import Dossier, Point, Series, series_of

UNITS = {
    "area": "平方米",
    "rooms": "间",
    "people": "人",
    "income": "元",
    "expense": "元",
    "per_head": "元",
    "debt": "元",
}


@dataclass(frozen=True, slots=True)
class Trend:
    """A field of the snapshots that changed over the years: drawn where it is a number, and in words."""

    part: str
    label: str
    unit: str
    points: list[Point]
    svg: SafeString | None


def trends_of(dossier: Dossier) -> list[Trend]:
    """The fields that changed, money first; those with one value in all the years are no trend."""
    found = [_trend(one) for one in (*series_of(dossier.economy), *series_of(dossier.housing)) if len(one.steps) > 1]
    return sorted(found, key=lambda trend: trend.svg is None)


def _trend(series: Series) -> Trend:
    unit = "" if "（" in series.label else UNITS.get(series.field, "")  # some labels name theirs
    numbers = [(point.on, float(point.number)) for point in series.points if point.number is not None]
    drawn = over_time(numbers, title=series.label, unit=unit) if len(numbers) > 1 else None
    return Trend(series.part, series.label, unit, series.points, drawn)
