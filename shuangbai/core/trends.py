"""Lines over months, with the years made plain, and small ones over days; see charts for the conventions."""

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
    clean,
    element,
    figure,
    item,
    line,
    measure,
    nice_ticks,
    number,
    plain,
    rows_of_text,
    short_number,
)
from shuangbai.core.plot import Frame, empty_chart, head_of, hit_area, scale_of, tick_room


@dataclass(frozen=True)
class Series:
    """One line of a trend: a value for each month; `hrefs` are parallel to `values` or empty."""

    name: str
    values: Sequence[float]
    hrefs: Sequence[str] = ()


def trend(
    months: Sequence[date],
    series: Sequence[Series],
    *,
    title: str,
    unit: str = "",
    whole: bool = True,
    compact: bool = False,
    heading: bool = True,
) -> SafeString:
    """A line over months, ascending, with an optional second one.

    Any day of a month stands for it. Raises ValueError for months out of order, a series of
    another length, a negative or infinite value, or other than one or two series.
    """
    if not 1 <= len(series) <= 2:
        raise ValueError(f"a trend takes 1 or 2 series, not {len(series)}")
    if any(len(line_.values) != len(months) for line_ in series):
        raise ValueError("every series needs a value for each month")
    firsts = [month.replace(day=1) for month in months]
    if any(later <= earlier for earlier, later in pairwise(firsts)):
        raise ValueError("months must ascend, each one once")
    top_value = max((value for one in series for value in checked(one.values)), default=0)
    ticks = nice_ticks(top_value, most=4 if compact else 5, whole=whole)
    width = NARROW if compact else WIDE
    names = [clean(one.name) for one in series]
    head, top = head_of(title if heading else "", names, width)
    kind = f"chart chart-trend {'chart-compact' if compact else 'chart-wide'}"
    if not months:
        return empty_chart(head, top, title=title, width=width, classes=kind)
    top += 12
    bottom = top + (170 if compact else 230)
    frame = Frame(tick_room(ticks), top, width - 12, bottom, ticks, names, unit)
    body = [*_years(frame, firsts), *scale_of(frame), *_month_labels(frame, firsts)]
    body.extend(_lines(frame, series))
    body.extend(_dots(frame, firsts, series))
    body.extend(_notable(frame, series[0].values) if len(series) == 1 else ())
    summary = "; ".join(_in_months(one, firsts, unit) for one in series)
    return figure([*head, *body], title=title, summary=summary, width=width, height=bottom + 26, classes=kind)


def _in_months(one: Series, months: Sequence[date], unit: str) -> str:
    pairs = zip(months, one.values, strict=True)
    said = ", ".join(f"{month:%Y-%m} {number(value)}" for month, value in pairs)
    return f"{one.name} ({unit}): {said}" if unit else f"{one.name}: {said}"


def _at(frame: Frame, index: int, count: int) -> float:
    """Where a month stands: its own slot's middle, so that one month alone is centred."""
    return frame.left + frame.width * (index + 0.5) / count


def _years(frame: Frame, months: Sequence[date]) -> Iterator[SafeString]:
    """A band behind every second year, so that 36 months read as their years."""
    slot = frame.width / len(months)
    for year in sorted({month.year for month in months}):
        inside = [index for index, month in enumerate(months) if month.year == year]
        if (year - months[0].year) % 2:
            yield element(
                "rect",
                class_="chart-band",
                x=frame.left + inside[0] * slot,
                y=frame.top - 8,
                width=len(inside) * slot,
                height=frame.bottom - frame.top + 8,
                fill="none",
            )


def _month_labels(frame: Frame, months: Sequence[date]) -> Iterator[SafeString]:
    """Labels like 2017-07: Januaries first, then what fits between them."""
    room = measure("2017-07", SMALL) + 3
    slot = frame.width / len(months)
    ranks = (12, 6, 3, 1)
    order = sorted(
        range(len(months)),
        key=lambda index: (
            next(rank for rank, step in enumerate(ranks) if (months[index].month - 1) % step == 0),
            index,
        ),
    )
    taken: list[int] = []
    for index in order:
        if all(abs(index - other) * slot >= room for other in taken):
            taken.append(index)
    for index in sorted(taken):
        first = months[index].month == 1
        x = _at(frame, index, len(months))
        half = measure("2017-07", SMALL) / 2
        x_text = min(max(x, half), frame.right + 12 - half)
        yield line(x, frame.bottom, x, frame.bottom + 4, "chart-axis")
        yield rows_of_text(
            [f"{months[index]:%Y-%m}"],
            x_text,
            frame.bottom + 14,
            "chart-tick chart-tick-year" if first else "chart-tick",
            anchor="middle",
            size=SMALL,
        )


def _lines(frame: Frame, series: Sequence[Series]) -> Iterator[SafeString]:
    count = len(series[0].values)
    for order_, one in enumerate(series, 1):
        spots = [
            f"{plain(_at(frame, index, count))},{plain(frame.bottom - frame.y(value))}"
            for index, value in enumerate(one.values)
        ]
        if len(series) == 1:
            ends = (_at(frame, count - 1, count), _at(frame, 0, count))
            floor = [f"{plain(x)},{plain(frame.bottom)}" for x in ends]
            shape = " ".join([*spots, *floor])
            yield element("polygon", class_="chart-area", points=shape, fill="none")
        line_class = f"chart-line chart-series-{order_}"
        yield element("polyline", class_=line_class, points=" ".join(spots), fill="none")


def _dots(frame: Frame, months: Sequence[date], series: Sequence[Series]) -> Iterator[SafeString]:
    """A dot a value; with one series the month's whole column answers to the pointer."""
    count = len(months)
    radius = 3.0 if frame.width / count > 12 else 2.2
    for order_, one in reversed(list(enumerate(series, 1))):
        for index, (month, value) in enumerate(zip(months, one.values, strict=True)):
            x, y = _at(frame, index, count), frame.bottom - frame.y(value)
            dot = f"chart-dot chart-series-{order_}"
            shapes = [element("circle", class_=dot, cx=x, cy=y, r=radius)]
            if len(series) == 1:
                slot = frame.width / count
                shapes.insert(0, hit_area(x - slot / 2, frame.top, slot, frame.bottom - frame.top))
            href = one.hrefs[index] if index < len(one.hrefs) else ""
            yield item(frame.caption(f"{month:%Y-%m}", order_ - 1, value), shapes, href)


def _notable(frame: Frame, values: Sequence[float]) -> Iterator[SafeString]:
    """The highest and the latest value written beside their dots, if they do not collide."""
    highest = max(range(len(values)), key=lambda index: values[index])
    spots = [highest]
    if (len(values) - 1 - highest) * frame.width / len(values) > 60:
        spots.append(len(values) - 1)
    for index in spots:
        text = short_number(values[index])
        half = measure(text) / 2
        x = min(max(_at(frame, index, len(values)), frame.left + half), frame.right + 12 - half)
        y = frame.bottom - frame.y(values[index]) - 11
        yield rows_of_text([text], x, y, "chart-value", anchor="middle")


# FROM DAY TO DAY -------------------------------------------------------------

WIDTH, HEIGHT, EDGE = 260.0, 84.0, 26.0


def over_time(points: Sequence[tuple[date, float]], *, title: str, unit: str = "") -> SafeString:
    """A small line over the days on which something was found out, however far apart; natural size, no axes.

    The first and the last value are written with their months, every other shows on hover and stands in <desc>.
    Raises ValueError for days out of order, a negative or infinite value, or no value at all.
    """
    days = [day for day, _ in points]
    if not points or any(later <= earlier for earlier, later in pairwise(days)):
        raise ValueError("days must ascend, each one once, and there must be one")
    values = checked([value for _, value in points])
    span, top = (days[-1] - days[0]).days or 1, max(values) or 1.0
    spots = [
        (EDGE + (WIDTH - 2 * EDGE) * (day - days[0]).days / span, 58 - 34 * value / top)
        for day, value in zip(days, values, strict=True)
    ]
    if len(spots) == 1:
        spots = [(WIDTH / 2, spots[0][1])]
    line_ = " ".join(f"{plain(x)},{plain(y)}" for x, y in spots)
    parts: list[SafeString] = [
        line(EDGE, 58, WIDTH - EDGE, 58, "chart-grid"),
        element("polyline", class_="chart-line chart-series-1", points=line_, fill="none"),
    ]
    for day, value, (x, y) in zip(days, values, spots, strict=True):
        dot = element("circle", class_="chart-dot chart-series-1", cx=x, cy=y, r=3)
        parts.append(item(f"{day:%Y-%m} {number(value)} {unit}".strip(), [hit_area(x - 8, 8, 16, 56), dot]))
    for index in {0, len(spots) - 1}:
        x, y = spots[index]
        parts.append(rows_of_text([short_number(values[index])], x, y - 11, "chart-value", anchor="middle"))
        parts.append(rows_of_text([f"{days[index]:%Y-%m}"], x, 72, "chart-tick", anchor="middle", size=SMALL))
    told = ", ".join(f"{day:%Y-%m} {number(value)}" for day, value in zip(days, values, strict=True))
    summary = f"{told} {unit}".strip()
    return figure(
        parts, title=title, summary=summary, width=WIDTH, height=HEIGHT, classes="chart chart-over-time", natural=True
    )
