"""Bars, monthly trends and sparklines as SVG text, drawn on the server.

Each function returns one <svg> that is safe to put into a template: every text is
escaped, looks come from classes alone, and the values stand in its <desc> for those
who cannot see it. `compact=True` draws into 360 units instead of 720, so that text
stays legible on a phone; `pair` puts both on the page and leaves the choice to CSS.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from shuangbai.core.drawing import (
    NARROW,
    SERIES_LIMIT,
    SMALL,
    TEXT,
    WIDE,
    checked,
    clean,
    element,
    figure,
    item,
    line,
    measure,
    merge,
    nice_ticks,
    number,
    plain,
    rows_of_text,
    short_number,
    standalone,
    stylesheet,
    tick_number,
    wrap,
)
from shuangbai.core.plot import GAP, Frame, empty_chart, head_of, hit_area, scale_of, tick_room
from shuangbai.core.trends import Series, over_time, trend

__all__ = ["Bar", "Series", "bars", "over_time", "pair", "sparkline", "standalone", "stylesheet", "trend"]


@dataclass(frozen=True)
class Bar:
    """One label with a value for each series; `hrefs` are parallel to `values` or empty."""

    label: str
    values: Sequence[float]
    hrefs: Sequence[str] = ()

    def href(self, index: int) -> str:
        """The address behind one value, or an empty string."""
        return self.hrefs[index] if index < len(self.hrefs) else ""


@dataclass(frozen=True)
class _Plan:
    """One chart of bars before its plot's edges are known; `top` is where its head ends."""

    items: Sequence[Bar]
    names: Sequence[str]
    unit: str
    ticks: Sequence[float]
    top: float
    width: float
    stacked: bool


def pair(draw: Callable[..., SafeString], *arguments: Any, **options: Any) -> SafeString:
    """The wide and the compact drawing of the same values; the page's CSS shows one of them."""
    return format_html(
        '<div class="chart-pair">{}{}</div>',
        draw(*arguments, compact=False, **options),
        draw(*arguments, compact=True, **options),
    )


def bars(
    items: Sequence[Bar],
    *,
    title: str,
    series: Sequence[str] = (),
    unit: str = "",
    horizontal: bool = True,
    stacked: bool = False,
    whole: bool = True,
    compact: bool = False,
    heading: bool = True,
) -> SafeString:
    """Bars of one to four series, side by side or stacked.

    `series` names them and is needed from two up; `whole` keeps ticks to integers, for
    counts; `heading` draws the title inside. Raises ValueError for a negative or infinite
    value, for labels with different numbers of values, or for more than four series.
    """
    names = _series_names(items, series)
    sums = [sum(checked(bar.values)) for bar in items]
    peaks = sums if stacked else [max(bar.values, default=0) for bar in items]
    ticks = nice_ticks(max(peaks, default=0), most=4 if compact else 5, whole=whole)
    width = NARROW if compact else WIDE
    head, top = head_of(title if heading else "", names, width)
    kind = f"chart chart-bars {'chart-compact' if compact else 'chart-wide'}"
    if not items:
        return empty_chart(head, top, title=title, width=width, classes=kind)
    plan = _Plan(items, names, unit, ticks, top, width, stacked)
    body, height = _rows(plan) if horizontal else _columns(plan)
    summary = "; ".join(_in_words(bar, names, unit) for bar in items)
    return figure([*head, *body], title=title, summary=summary, width=width, height=height, classes=kind)


def _series_names(items: Sequence[Bar], series: Sequence[str]) -> list[str]:
    count = len(items[0].values) if items else max(1, len(series))
    if any(len(bar.values) != count for bar in items):
        raise ValueError("every bar needs a value for each series")
    if not 1 <= count <= SERIES_LIMIT:
        raise ValueError(f"a chart takes 1 to {SERIES_LIMIT} series, not {count}")
    if len(series) not in ({0, 1} if count == 1 else {count}):
        raise ValueError(f"{count} series need as many names, not {len(series)}")
    return [clean(name) for name in series] or [""]


def _in_words(bar: Bar, names: Sequence[str], unit: str) -> str:
    if len(names) == 1:
        return f"{bar.label} {number(bar.values[0])} {unit}".strip()
    parts = (f"{name} {number(value)}" for name, value in zip(names, bar.values, strict=True))
    return f"{bar.label}: {', '.join(parts)} {unit}".strip()


def _rows(plan: _Plan) -> tuple[list[SafeString], float]:
    """Horizontal bars, one row a label, and the height of the whole drawing."""
    items, ticks, top, width = plan.items, plan.ticks, plan.top, plan.width
    room = width * 0.36
    labels = [wrap(bar.label, room) for bar in items]
    shown = [sum(bar.values) if plan.stacked else max(bar.values) for bar in items]
    value_room = max(measure(short_number(value)) for value in shown) + GAP
    left = max(measure(row) for rows in labels for row in rows) + GAP
    lanes = 1 if plan.stacked else len(plan.names)
    pitch = max(18.0 * lanes + 10, 38.0 if any(len(rows) > 1 for rows in labels) else 30.0)
    bottom = top + pitch * len(items)
    # The scale ends a little past the longest bar, not at the next round tick: the values
    # are written beside the bars, and a phone has no width to give away.
    frame = Frame(left, top, width - value_room, bottom, [max(shown) or 1], plan.names, plan.unit)
    parts = [
        merge(
            line(left + frame.x(tick), top, left + frame.x(tick), bottom, "chart-grid")
            for tick in ticks[1:]
            if tick <= frame.ticks[-1]
        )
    ]
    for index, (bar, rows) in enumerate(zip(items, labels, strict=True)):
        middle = top + pitch * (index + 0.5)
        parts.append(_row_label(bar, rows, left - GAP, middle))
        parts.extend(_row(frame, bar, middle, pitch, plan.stacked))
    parts.append(line(left, top, left, bottom, "chart-axis"))
    parts.append(_tick_labels(frame, ticks))
    return parts, bottom + 24


def _row_label(bar: Bar, rows: Sequence[str], right: float, middle: float) -> SafeString:
    text = rows_of_text(rows, right, middle, "chart-bar-label", anchor="end")
    return item(bar.label, [text])


def _tick_labels(frame: Frame, ticks: Sequence[float]) -> SafeString:
    """Labels under the grid lines, leaving out those that would touch the one before."""
    texts: list[SafeString] = []
    free = -math.inf
    for tick in ticks:
        x, label = frame.left + frame.x(tick), tick_number(tick)
        half = measure(label, SMALL) / 2
        if tick > frame.ticks[-1] or x - half < free:
            continue
        texts.append(rows_of_text([label], x, frame.bottom + 13, "chart-tick", anchor="middle", size=SMALL))
        free = x + half + GAP
    return element("g", *texts, aria_hidden="true")


def _row(frame: Frame, bar: Bar, middle: float, pitch: float, stacked: bool) -> Iterator[SafeString]:
    """One label's bars; each answers to the pointer over the whole width of its lane."""
    lanes = 1 if stacked else len(bar.values)
    lane = (pitch - 10) / lanes if lanes > 1 else min(pitch - 10, 22.0)
    start = frame.left
    for index, value in enumerate(bar.values):
        y = middle - lane * lanes / 2 + (0 if stacked else lane * index)
        size = frame.x(value)
        bar_class = f"chart-bar chart-series-{index + 1}"
        shapes = [element("rect", class_=bar_class, x=start, y=y + 1, width=size, height=lane - 2)]
        if not stacked:
            reach = frame.right + measure(short_number(value)) - frame.left
            shapes.insert(0, hit_area(frame.left, y, reach, lane))
            shapes.append(_row_value(start + size, y + lane / 2, value))
        yield item(frame.caption(bar.label, index, value), shapes, bar.href(index))
        start += size if stacked else 0
    if stacked:
        yield _row_value(start, middle, sum(bar.values))


def _row_value(end: float, middle: float, value: float) -> SafeString:
    return rows_of_text([short_number(value)], end + 6, middle, "chart-value")


def _columns(plan: _Plan) -> tuple[list[SafeString], float]:
    """Vertical bars, one column a label, and the height of the whole drawing."""
    top = plan.top + 16  # for the value over the tallest bar
    bottom = top + (170 if plan.width == NARROW else 240)
    frame = Frame(tick_room(plan.ticks), top, plan.width - 2, bottom, plan.ticks, plan.names, plan.unit)
    pitch = frame.width / len(plan.items)
    lanes = 1 if plan.stacked else len(plan.names)
    lane = min(pitch * (0.72 if lanes == 1 else 0.82), 44.0 * lanes) / lanes
    shown = [value for bar in plan.items for value in ([sum(bar.values)] if plan.stacked else bar.values)]
    size = _value_size(shown, pitch if lanes == 1 else lane)
    every = math.ceil(2 * TEXT / pitch)  # a label needs room for two characters
    parts = scale_of(frame)
    for index, bar in enumerate(plan.items):
        middle = frame.left + pitch * (index + 0.5)
        parts.extend(_column(frame, bar, middle, lane, plan.stacked))
        parts.extend(_column_values(frame, bar, middle, lane, size, plan.stacked))
        if index % every == 0:
            rows = wrap(bar.label, pitch * every - 4)
            y = bottom + (14 if len(rows) == 1 else 22)
            text = rows_of_text(rows, middle, y, "chart-bar-label", anchor="middle")
            parts.append(item(bar.label, [text]))
    return parts, bottom + 44


def _value_size(shown: Sequence[float], room: float) -> float:
    """The size in which every value fits over its bar; 0 when only hovering can show them."""
    sizes = (size for size in (TEXT, SMALL) if all(measure(short_number(value), size) + 2 <= room for value in shown))
    return next(sizes, 0.0)


def _column(frame: Frame, bar: Bar, middle: float, lane: float, stacked: bool) -> Iterator[SafeString]:
    """One label's bars; each answers to the pointer over the plot's whole height."""
    below = 0.0
    for index, value in enumerate(bar.values):
        x = middle - lane / 2 if stacked else _lane_at(bar, index, middle, lane)
        height = frame.y(value)
        inset = min(1.0, lane / 8)
        bar_class = f"chart-bar chart-series-{index + 1}"
        y = frame.bottom - below - height
        shapes = [element("rect", class_=bar_class, x=x + inset, y=y, width=lane - 2 * inset, height=height)]
        if not stacked:
            shapes.insert(0, hit_area(x, frame.top, lane, frame.bottom - frame.top))
        yield item(frame.caption(bar.label, index, value), shapes, bar.href(index))
        below += height if stacked else 0


def _lane_at(bar: Bar, index: int, middle: float, lane: float) -> float:
    return middle + lane * (index - len(bar.values) / 2)


def _column_values(
    frame: Frame, bar: Bar, middle: float, lane: float, size: float, stacked: bool
) -> Iterator[SafeString]:
    """The values over one label's bars, or the total over a stack."""
    if not size:
        return
    class_ = "chart-value" if size == TEXT else "chart-value chart-value-small"
    for index, value in enumerate([sum(bar.values)] if stacked else bar.values):
        x = middle if stacked else _lane_at(bar, index, middle, lane) + lane / 2
        y = frame.bottom - frame.y(value) - 10
        yield rows_of_text([short_number(value)], x, y, class_, anchor="middle", size=size)


def sparkline(values: Sequence[float], *, title: str, unit: str = "", href: str = "") -> SafeString:
    """A line without axes, 120 by 28 units, to stand in a row of a table; the last value dotted.

    Raises ValueError for a negative or infinite value.
    """
    kept = checked(values)
    top = max(kept, default=0) or 1
    step = 112 / max(1, len(kept) - 1)
    spots = [(4 + index * step, 24 - 20 * value / top) for index, value in enumerate(kept)]
    parts: list[SafeString] = []
    if spots:
        points = " ".join(f"{plain(x)},{plain(y)}" for x, y in spots)
        x, y = spots[-1]
        shapes = [
            hit_area(0, 0, 120, 28),
            element("polyline", class_="chart-line chart-series-1", points=points, fill="none"),
            element("circle", class_="chart-dot chart-series-1", cx=x, cy=y, r=3),
        ]
        caption = f"{title} {number(kept[-1])} {unit}"
        parts = [item(caption, shapes, href)]
    summary = ", ".join(number(value) for value in kept)
    classes = "chart chart-sparkline"
    return figure(parts, title=title, summary=f"{summary} {unit}", width=120, height=28, classes=classes)
