"""What every chart stands on: the plot's edges and scale, its title, key and grid.

All lengths are in user units of the view box.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from shuangbai.core.drawing import (
    HEADING,
    SMALL,
    element,
    figure,
    item,
    line,
    measure,
    number,
    rows_of_text,
    tick_number,
    wrap,
)

GAP = 8.0


@dataclass(frozen=True)
class Frame:
    """What every part of one chart needs: the plot's edges, the scale and the wording."""

    left: float
    top: float
    right: float
    bottom: float
    ticks: Sequence[float]
    series: Sequence[str]
    unit: str

    @property
    def width(self) -> float:
        """Between the plot's left and right edges."""
        return self.right - self.left

    def x(self, value: float) -> float:
        """Distance from the left edge for a value on a horizontal scale."""
        return self.width * value / self.ticks[-1]

    def y(self, value: float) -> float:
        """Height above the bottom edge for a value on a vertical scale."""
        return (self.bottom - self.top) * value / self.ticks[-1]

    def caption(self, label: str, index: int, value: float) -> str:
        """Label, series and value in words, as shown on hover."""
        name = f" {self.series[index]}" if len(self.series) > 1 else ""
        return f"{label}{name} {number(value)} {self.unit}".strip()


def head_of(title: str, names: Sequence[str], width: float) -> tuple[list[SafeString], float]:
    """Title and key of the series, with the height they take."""
    parts: list[SafeString] = []
    top = 6.0
    if title:
        rows = wrap(title, width - 4, HEADING)
        middle = top + HEADING * 1.2 * len(rows) / 2
        parts.append(rows_of_text(rows, 0, middle, "chart-title", size=HEADING))
        top += HEADING * 1.2 * len(rows) + 10
    if len(names) > 1:
        left, room = 0.0, width / len(names) - 30
        for index, name in enumerate(names, 1):
            [label] = wrap(name, max(room, 3 * SMALL), SMALL, rows=1)
            colour = f"chart-bar chart-series-{index}"
            swatch = element("rect", class_=colour, x=left, y=top + 2, width=12, height=12)
            text = rows_of_text([label], left + 18, top + 8, "chart-key-label", size=SMALL)
            parts.append(item(name, [swatch, text]))
            left += 18 + measure(label, SMALL) + 16
        top += 28
    return parts, top


def empty_chart(head: Sequence[str], top: float, *, title: str, width: float, classes: str) -> SafeString:
    """A chart of nothing says so, instead of showing bare axes."""
    words = gettext("没有数据")
    note = rows_of_text([words], width / 2, top + 30, "chart-empty", anchor="middle")
    return figure([*head, note], title=title, summary=words, width=width, height=top + 60, classes=classes)


def hit_area(x: float, y: float, width: float, height: float) -> SafeString:
    """An unseen rectangle that widens what can be pointed at."""
    return element("rect", class_="chart-hit", x=x, y=y, width=width, height=height, fill="none")


def scale_of(frame: Frame) -> list[SafeString]:
    """Horizontal grid lines with their ticks on the left; the lowest is the axis."""
    parts = []
    for tick in frame.ticks:
        y = frame.bottom - frame.y(tick)
        parts.append(line(frame.left, y, frame.right, y, "chart-grid" if tick else "chart-axis"))
        text = tick_number(tick)
        parts.append(rows_of_text([text], frame.left - 6, y, "chart-tick", anchor="end", size=SMALL))
    return [element("g", *parts, aria_hidden="true")]


def tick_room(ticks: Sequence[float]) -> float:
    """Width to keep free at the left for the labels of a vertical scale."""
    return max(measure(tick_number(tick), SMALL) for tick in ticks) + GAP
