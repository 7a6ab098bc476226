"""A score over the days on which it was taken, with the bands that its scale names behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.safestring import SafeString

from shuangbai.core.drawing import (
    NARROW,
    SMALL,
    WIDE,
    checked,
    element,
    figure,
    item,
    line,
    measure,
    nice_ticks,
    number,
    plain,
    rows_of_text,
    wrap,
)
from shuangbai.core.plot import GAP, head_of, hit_area

SHADES = 4  # classes chart-zone-0 to chart-zone-4, from paper to the darkest
NAMES = 96.0  # room for the name of a zone
WRITTEN = 8  # with more points than this only the first, the last and the extremes are written out


@dataclass(frozen=True, slots=True)
class Zone:
    """From a score to a score, both included."""

    least: float
    most: float
    label: str


@dataclass(frozen=True, slots=True)
class _Plot:
    left: float
    top: float
    right: float
    bottom: float
    lowest: float
    highest: float
    first: date
    days: int
    names: float = 0.0

    def y(self, value: float) -> float:
        share = (min(max(value, self.lowest), self.highest) - self.lowest) / (self.highest - self.lowest)
        return self.bottom - (self.bottom - self.top) * share

    def x(self, day: date) -> float:
        """Room is left at both ends for days, and at the right for the names of the zones."""
        inside = self.right - self.left - 68 - self.names
        return self.left + 34 + (inside * (day - self.first).days / self.days if self.days else inside / 2)


def banded(
    points: Sequence[tuple[date, float]],
    *,
    title: str,
    lowest: float,
    highest: float,
    zones: Sequence[Zone] = (),
    unit: str = "",
    worse_high: bool = True,
    compact: bool = False,
    heading: bool = False,
) -> SafeString:
    """A line over days, on a scale that begins at `lowest`; the worse a zone, the darker it is.

    Raises ValueError for days out of order, no point, a value off the scale, or a scale without length.
    """
    days = [day for day, _ in points]
    if not points or any(later <= earlier for earlier, later in pairwise(days)):
        raise ValueError("days must ascend, each one once, and there must be one")
    if highest <= lowest or any(not lowest <= value <= highest for value in checked([v for _, v in points])):
        raise ValueError("every value lies on the scale, and the scale has a length")
    width = NARROW if compact else WIDE
    head, top = head_of(title if heading else "", [""], width)
    top += 14
    ticks = _ticks(lowest, highest, 4 if compact else 5)
    left = max(measure(number(tick), SMALL) for tick in ticks) + GAP
    bottom = top + (170 if compact else 200)
    names = min(max((measure(zone.label, SMALL) for zone in zones), default=0.0), NAMES)
    plot = _Plot(left, top, width - 2, bottom, lowest, highest, days[0], (days[-1] - days[0]).days, max(0, names - 20))
    body = [*_zones(plot, zones, worse_high), *_scale(plot, ticks), *_line(plot, points, unit), *_days(plot, days)]
    told = ", ".join(f"{day:%Y-%m-%d} {number(value)}{_zone_of(value, zones)}" for day, value in points)
    kind = f"chart chart-banded {'chart-compact' if compact else 'chart-wide'}"
    return figure(
        [*head, *body], title=title, summary=f"{told} {unit}".strip(), width=width, height=bottom + 26, classes=kind
    )


def _zone_of(value: float, zones: Sequence[Zone]) -> str:
    found = next((zone.label for zone in zones if zone.least <= value <= zone.most), "")
    return f"（{found}）" if found else ""


def _ticks(lowest: float, highest: float, most: int) -> list[float]:
    """Round steps from the lowest on, and the highest itself."""
    inside = [lowest + step for step in nice_ticks(highest - lowest, most=most) if lowest + step < highest]
    step = inside[1] - inside[0] if len(inside) > 1 else highest - lowest
    if highest - inside[-1] < step * 0.4 and len(inside) > 1:
        inside.pop()
    return [*inside, highest]


def _zones(plot: _Plot, zones: Sequence[Zone], worse_high: bool) -> Iterator[SafeString]:
    """Each zone from half a point below to half a point above; its name where there is room for it."""
    for place, zone in enumerate(zones):
        rank = place if worse_high else len(zones) - 1 - place
        shade = round(min(SHADES, len(zones)) * rank / max(1, len(zones) - 1))
        upper, lower = plot.y(zone.most + 0.5), plot.y(zone.least - 0.5)
        yield element(
            "rect", class_=f"chart-zone chart-zone-{shade}", x=plot.left, y=upper, width=plot.right - plot.left,
            height=lower - upper, fill="none",
        )  # fmt: skip
        if lower - upper >= SMALL + 2:
            [label] = wrap(zone.label, NAMES, SMALL, rows=1)
            y = upper + 1 + SMALL * 0.6
            yield rows_of_text([label], plot.right - 6, y, "chart-tick", anchor="end", size=SMALL)


def _scale(plot: _Plot, ticks: Sequence[float]) -> Iterator[SafeString]:
    yield line(plot.left, plot.bottom, plot.right, plot.bottom, "chart-axis")
    for tick in ticks:
        y = plot.y(tick)
        yield line(plot.left - 4, y, plot.left, y, "chart-axis")
        yield rows_of_text([number(tick)], plot.left - 6, y, "chart-tick", anchor="end", size=SMALL)


def _line(plot: _Plot, points: Sequence[tuple[date, float]], unit: str) -> Iterator[SafeString]:
    spots = [(plot.x(day), plot.y(value)) for day, value in points]
    told = " ".join(f"{plain(x)},{plain(y)}" for x, y in spots)
    yield element("polyline", class_="chart-line chart-series-1", points=told, fill="none")
    values = [value for _, value in points]
    written = set(range(len(points)))
    if len(points) > WRITTEN:
        written = {0, len(points) - 1, values.index(max(values)), values.index(min(values))}
    taken = -100.0
    for place, ((day, value), (x, y)) in enumerate(zip(points, spots, strict=True)):
        dot = element("circle", class_="chart-dot chart-series-1", cx=x, cy=y, r=3.5)
        reach = hit_area(x - 9, plot.top, 18, plot.bottom - plot.top)
        yield item(f"{day:%Y-%m-%d} {number(value)} {unit}".strip(), [reach, dot])
        if place in written and x - taken >= 24:
            yield rows_of_text([number(value)], x, y - 11, "chart-value", anchor="middle")
            taken = x


def _days(plot: _Plot, days: Sequence[date]) -> Iterator[SafeString]:
    """The first day, the last, and of those between what has room."""
    room = measure("2020-06-06", SMALL) + 6
    taken: list[float] = []
    for day in (days[0], days[-1], *days[1:-1]):
        x = plot.x(day)
        if all(abs(x - other) >= room for other in taken):
            taken.append(x)
            yield line(x, plot.bottom, x, plot.bottom + 4, "chart-axis")
            label = f"{day:%Y-%m-%d}"
            yield rows_of_text([label], x, plot.bottom + 14, "chart-tick", anchor="middle", size=SMALL)
