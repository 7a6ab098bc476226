"""Drawings as PNG, for files whose readers know no SVG (Word before 2019, WPS): of generations, and charts.

The same plan as the SVG, or the SVG itself. It needs a Chinese font on the machine; without one there is no picture.
"""

import io
from functools import lru_cache
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

from PIL import Image, ImageDraw, ImageFont

from shuangbai.core.drawing import SMALL, TEXT, clean, wrap
from shuangbai.core.pedigree import CIRCLE, NOTE, NOTES, SIDE, SLOT, SQUARE, Figure, Lineage, Spot, crosses, place

SCALE = 3
INK, SOFT, FAINT, TINT, ACCENT = "#1F2624", "#55605C", "#9AA19E", "#E7EFEC", "#0F5257"
# By file name, as Linux, Windows and the office machines of town governments call them.
FONTS = (
    "NotoSansCJK-Regular.ttc", "SourceHanSansCN-Regular.otf", "NotoSansSC-Regular.otf", "wqy-microhei.ttc",
    "wqy-zenhei.ttc", "msyh.ttc", "simhei.ttf", "simsun.ttc", "PingFang.ttc",
)  # fmt: skip


@lru_cache(maxsize=1)
def _face() -> str:
    """The first font that this machine has; '' for none."""
    for name in FONTS:
        try:
            ImageFont.truetype(name, 12)
        except OSError:
            continue
        return name
    return ""


def available() -> bool:
    """Whether this machine can write Chinese into a picture."""
    return bool(_face())


def pedigree_png(lineage: Lineage, *, aside_title: str = "") -> bytes | None:
    """The lineage as PNG at three times its natural size; None where no Chinese font is at hand."""
    if not available():
        return None
    plan = place(lineage)
    image = Image.new("RGB", (round(plan.width * SCALE), round(plan.height * SCALE)), "white")
    pen = _Pen(ImageDraw.Draw(image))
    for stroke in plan.strokes:
        for (x1, y1), (x2, y2) in zip(stroke.points, stroke.points[1:], strict=False):
            pen.line(x1, y1, x2, y2, SOFT, dashed=stroke.kind == "loose")
    if lineage.aside and aside_title:
        pen.text(aside_title, 8, plan.aside_y, SMALL, SOFT, "lm")
    for key, spot in plan.spots.items():
        _symbol(pen, lineage.figures[key], spot)
    kept = io.BytesIO()
    image.save(kept, "PNG", optimize=True)
    return kept.getvalue()


# Colours of what a chart is made of, by its class (core/drawing.py): on white paper, without what the pointer finds.
CHART_INKS = {
    "chart-axis": SOFT, "chart-grid": "#E2DFD5", "chart-band": "#F3F0E7", "chart-bar": ACCENT, "chart-dot": ACCENT,
    "chart-line": ACCENT, "chart-zone-0": "#FBFAF6", "chart-zone-1": "#F3F0E7", "chart-zone-2": "#EAE6DA",
    "chart-zone-3": "#DFDACA", "chart-zone-4": "#D3CDBA", "eco-line": INK, "eco-arrow": INK,
}  # fmt: skip
OUTLINED = {"eco-heart": (ACCENT, TINT), "eco-system": (INK, "white")}  # edge and inside
SECOND = "#988A6A"
SMALL_TEXT = {"chart-tick", "chart-key-label", "chart-value-small", "eco-kind"}
ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def chart_png(svg: str) -> bytes | None:
    """A chart (core.charts) as PNG at three times its natural size; None where no Chinese font is at hand."""
    if not available():
        return None
    drawing = ElementTree.fromstring(svg)  # noqa: S314  our own drawing, with every text escaped
    _, _, width, height = map(float, drawing.attrib["viewBox"].split())
    image = Image.new("RGB", (round(width * SCALE), round(height * SCALE)), "white")
    pen = _Pen(ImageDraw.Draw(image))
    for node in drawing.iter():
        _chart_part(pen, node.tag.rpartition("}")[2], node)
    kept = io.BytesIO()
    image.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _chart_part(pen: "_Pen", name: str, node: Any) -> None:
    kinds = set(node.get("class", "").split())
    second = "chart-series-2" in kinds
    ink = SECOND if second else next((CHART_INKS[kind] for kind in kinds if kind in CHART_INKS), "")

    def at(*names: str) -> list[float]:
        return [float(node.get(one)) for one in names]

    if name == "text":
        small = bool(kinds & SMALL_TEXT)
        x, y = at("x", "y")
        size, colour = (SMALL, SOFT) if small else (TEXT, INK)
        pen.text(node.text or "", x, y, size, colour, ANCHORS[node.get("text-anchor", "start")])
    elif looks := next((OUTLINED[kind] for kind in kinds if kind in OUTLINED), None):
        _outlined(pen, name, at, *looks)
    elif not ink:
        return
    elif name == "line":
        x1, y1, x2, y2 = at("x1", "y1", "x2", "y2")
        pen.line(x1, y1, x2, y2, ink, dashed="eco-weak" in kinds, wide=4 if "eco-strong" in kinds else 1.5)
    elif name == "polygon":
        pen.corners([tuple(map(float, point.split(","))) for point in node.get("points").split()], ink)
    elif name == "polyline":
        points = [tuple(map(float, point.split(","))) for point in node.get("points").split()]
        for (x1, y1), (x2, y2) in pairwise(points):
            pen.line(x1, y1, x2, y2, ink, dashed=second)
    elif name == "rect":
        x, y, wide, high = at("x", "y", "width", "height")
        pen.fill([x, y, x + wide, y + high], ink)
    elif name == "circle":
        x, y, r = at("cx", "cy", "r")
        pen.fill([x - r, y - r, x + r, y + r], ink, round_=True)


def _outlined(pen: "_Pen", name: str, at: Any, edge: str, inside: str) -> None:
    """A system of an ecomap, or the family in its middle."""
    if name == "circle":
        x, y, r = at("cx", "cy", "r")
        pen.rounded([x - r, y - r, x + r, y + r], r, edge, inside)
    else:
        x, y, wide, high, r = at("x", "y", "width", "height", "rx")
        pen.rounded([x, y, x + wide, y + high], r, edge, inside)


class _Pen:
    """Draws in the plan's units."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw

    def line(
        self, x1: float, y1: float, x2: float, y2: float, ink: str, *, dashed: bool = False, wide: float = 1.5
    ) -> None:
        parts = max(1, round((abs(x2 - x1) + abs(y2 - y1)) / 5)) if dashed else 1
        for part in range(0, parts, 2):
            near, far = part / parts, min((part + 1) / parts, 1)
            ends = [x1 + (x2 - x1) * near, y1 + (y2 - y1) * near, x1 + (x2 - x1) * far, y1 + (y2 - y1) * far]
            self.draw.line([end * SCALE for end in ends], fill=ink, width=round(wide * SCALE))

    def corners(self, points: list[Any], ink: str) -> None:
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=ink)

    def rounded(self, box: list[float], radius: float, edge: str, inside: str) -> None:
        spots = [side * SCALE for side in box]
        self.draw.rounded_rectangle(spots, radius * SCALE, fill=inside, outline=edge, width=round(1.5 * SCALE))

    def fill(self, box: list[float], ink: str, *, round_: bool = False) -> None:
        draw = self.draw.ellipse if round_ else self.draw.rectangle
        draw([edge * SCALE for edge in box], fill=ink)

    def text(self, words: str, x: float, y: float, size: float, ink: str, anchor: str = "mm") -> None:
        font = ImageFont.truetype(_face(), round(size * SCALE))
        self.draw.text((x * SCALE, y * SCALE), words, fill=ink, font=font, anchor=anchor)

    def shape(self, shape: str, spot: Spot, half: float, ink: str, fill: str | None, wide: float) -> None:
        x, y, r = spot.x * SCALE, spot.y * SCALE, half * SCALE
        looks: dict[str, Any] = {"outline": ink, "fill": fill, "width": round(wide * SCALE)}
        if shape == SQUARE:
            self.draw.rectangle([x - r, y - r, x + r, y + r], **looks)
        elif shape == CIRCLE:
            self.draw.ellipse([x - r, y - r, x + r, y + r], **looks)
        else:
            tip = r * 1.15
            self.draw.polygon([(x, y - tip), (x + tip, y), (x, y + tip), (x - tip, y)], **looks)


def _symbol(pen: _Pen, person: Figure, spot: Spot) -> None:
    ink = FAINT if person.faint or person.missing else INK
    fill = TINT if person.marked else "white"
    edge = ACCENT if person.marked and not person.faint else ink
    pen.shape(person.shape, spot, SIDE / 2, edge, fill, 2 if person.marked else 1.5)
    if person.main:
        pen.shape(person.shape, spot, SIDE / 2 - 4, ink, None, 1)
    if person.died:
        for ends in crosses(spot):
            pen.line(*ends, ink)
    rows = wrap(clean(person.name), SIDE - 12, rows=2)
    for index, row in enumerate(rows):
        pen.text(row, spot.x, spot.y + (index - (len(rows) - 1) / 2) * TEXT * 1.2, TEXT, ink)
    for index, note in enumerate(person.notes[:NOTES]):
        [row] = wrap(note, SLOT - 6, SMALL, rows=1)
        y = spot.y + SIDE / 2 + 4 + NOTE * (index + 0.5)
        pen.text(row, spot.x, y, SMALL, FAINT if person.faint else SOFT)
