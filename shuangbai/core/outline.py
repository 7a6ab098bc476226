"""A schematic map: regions from GeoJSON outlines, points with a value, a numbered legend.

Longitudes and latitudes are degrees, drawn equirectangular with longitudes shortened by
the cosine of the middle latitude. Outlines of some 100 vertices and places without known
positions make a sketch and not a map, and the drawing says so itself.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from shuangbai.core.drawing import (
    NARROW,
    SMALL,
    WIDE,
    checked,
    clean,
    element,
    figure,
    item,
    measure,
    merge,
    number,
    plain,
    rows_of_text,
    short_number,
    wrap,
)
from shuangbai.core.regions import Region, Spot, largest, place_points, read_regions, spots_inside

__all__ = ["Box", "Outline", "Point", "Region", "outline", "outline_pair", "place_points", "read_regions"]

_NOTE_HEIGHT = 28.0
_REGION_TEXT, _REGION_TEXT_COMPACT = 15.0, 13.0
_NAME_WIDTH = 8 * SMALL


class Box(NamedTuple):
    """The part of the world that is shown, in degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Point:
    """One place with its value; `region` is the code of the region it is listed under."""

    name: str
    longitude: float
    latitude: float
    value: float
    href: str = ""
    region: str = ""


class Outline(NamedTuple):
    """The drawing, and the list that explains its numbers (empty when names are drawn)."""

    svg: SafeString
    legend: SafeString


class _Rectangle(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Rectangle") -> bool:
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)


class _View:
    """Degrees to user units for one box and width."""

    def __init__(self, box: Box, width: float) -> None:
        if not (box.west < box.east and -90 < box.south < box.north < 90):
            raise ValueError(f"not a box of west, south, east, north: {box}")
        self.box, self.width = box, width
        self.shrink = math.cos(math.radians((box.south + box.north) / 2))
        self.scale = width / ((box.east - box.west) * self.shrink)
        self.height = (box.north - box.south) * self.scale

    def project(self, spot: Spot) -> Spot:
        longitude, latitude = spot
        x = (longitude - self.box.west) * self.shrink * self.scale
        return x, (self.box.north - latitude) * self.scale


def outline(
    regions: Sequence[Region],
    points: Sequence[Point],
    *,
    box: Box,
    title: str,
    unit: str = "",
    compact: bool = False,
    numbered: bool = False,
) -> Outline:
    """Regions and points within `box`; what lies outside is clipped, not dropped.

    A point's disc grows with the square root of its value, from a least size that holds a
    number. Names and values stand beside the discs where all of them fit; otherwise, or
    with `numbered`, discs are numbered and the legend lists the numbers.
    Raises ValueError for a negative or infinite value, or a box without extent.
    """
    checked(point.value for point in points)
    view = _View(box, NARROW if compact else WIDE)
    listed = _in_order(regions, points)
    discs = _discs(view, listed, compact)
    names = None if numbered else _names(view, listed, discs)
    size = _REGION_TEXT_COMPACT if compact else _REGION_TEXT
    body = [
        *(_shape(view, region) for region in regions),
        *_region_labels(view, regions, [*discs, *(names or ())], size),
        *_marks(listed, discs, names, unit),
    ]
    words = gettext("示意图，点位不代表实际位置")
    said = (f"{point.name} {number(point.value)} {unit}".strip() for point in listed)
    svg = figure(
        [_frame(view, body), _note(view, words)],
        title=title,
        summary="; ".join([*said, words]),
        width=view.width,
        height=view.height + _NOTE_HEIGHT,
        classes=f"map {'map-compact' if compact else 'map-wide'}",
    )
    return Outline(svg, SafeString("") if names is not None else _legend(regions, listed, unit))


def outline_pair(
    regions: Sequence[Region], points: Sequence[Point], *, box: Box, title: str, unit: str = ""
) -> Outline:
    """The wide and the compact drawing with one legend for both; CSS shows one of them.

    When names find no room in the compact one, both are numbered alike.
    """
    narrow = outline(regions, points, box=box, title=title, unit=unit, compact=True)
    wide = outline(regions, points, box=box, title=title, unit=unit, numbered=bool(narrow.legend))
    if wide.legend and not narrow.legend:
        narrow = outline(regions, points, box=box, title=title, unit=unit, compact=True, numbered=True)
    return Outline(format_html('<div class="chart-pair">{}{}</div>', wide.svg, narrow.svg), wide.legend)


def _frame(view: _View, body: Iterable[str]) -> SafeString:
    """An inner <svg> as large as the box: what lies outside must not run into the note."""
    return element(
        "svg",
        *body,
        class_="map-frame",
        width=view.width,
        height=view.height,
        viewBox=f"0 0 {plain(view.width)} {plain(view.height)}",
    )


def _note(view: _View, words: str) -> SafeString:
    middle = view.height + _NOTE_HEIGHT / 2
    return rows_of_text([words], view.width / 2, middle, "map-note", anchor="middle", size=SMALL)


def _in_order(regions: Sequence[Region], points: Sequence[Point]) -> list[Point]:
    """Points by region, so that the legend's numbers run on; unknown regions last."""
    order = {region.code: index for index, region in enumerate(regions)}
    return sorted(points, key=lambda point: order.get(point.region, len(order)))


def _discs(view: _View, points: Sequence[Point], compact: bool) -> list[_Rectangle]:
    """The square around each disc, in user units; nine units hold a number of two digits."""
    least, most = (9.0, 15.0) if compact else (10.0, 24.0)
    top = max((point.value for point in points), default=0) or 1
    shares = [math.sqrt(point.value / top) for point in points]
    spots = [view.project((point.longitude, point.latitude)) for point in points]
    # One scale for all, or sizes could not be compared: the tightest pair decides it.
    while most > least and _crossed(spots, [max(least, most * share) for share in shares]):
        most -= 1
    found = []
    for (x, y), share in zip(spots, shares, strict=True):
        radius = max(least, most * share)
        found.append(_Rectangle(x - radius, y - radius, x + radius, y + radius))
    return found


def _crossed(spots: Sequence[Spot], radii: Sequence[float]) -> bool:
    """Whether any two discs overlap."""
    discs = list(zip(spots, radii, strict=True))
    return any(math.dist(one, other) < r1 + r2 for (one, r1), (other, r2) in combinations(discs, 2))


def _names(view: _View, points: Sequence[Point], discs: Sequence[_Rectangle]) -> list[_Rectangle] | None:
    """A free rectangle for each name, or None when one of them finds no room."""
    frame = _Rectangle(0, 0, view.width, view.height)
    placed: list[_Rectangle] = []
    for point, disc in zip(points, discs, strict=True):
        width, height = measure(_name(point), SMALL) + 6, SMALL * 1.3
        x, y = (disc.left + disc.right) / 2, (disc.top + disc.bottom) / 2
        tries = (
            _Rectangle(disc.right, y - height / 2, disc.right + width, y + height / 2),
            _Rectangle(x - width / 2, disc.bottom, x + width / 2, disc.bottom + height),
            _Rectangle(x - width / 2, disc.top - height, x + width / 2, disc.top),
            _Rectangle(disc.left - width, y - height / 2, disc.left, y + height / 2),
        )
        blocked = [*placed, *(other for other in discs if other is not disc)]
        free = (
            one
            for one in tries
            if one.left >= frame.left
            and one.top >= frame.top
            and one.right <= frame.right
            and one.bottom <= frame.bottom
            and not any(one.meets(other) for other in blocked)
        )
        spot = next(free, None)
        if spot is None:
            return None
        placed.append(spot)
    return placed


def _name(point: Point) -> str:
    """What stands beside a disc: the name, cut where it is long, and the value."""
    [name] = wrap(point.name, _NAME_WIDTH, SMALL, rows=1)
    return f"{name} {short_number(point.value)}"


def _shape(view: _View, region: Region) -> SafeString:
    path = "".join(
        "M" + "L".join("{} {}".format(*map(plain, view.project(spot))) for spot in ring) + "Z"
        for polygon in region.polygons
        for ring in polygon
    )
    shape = element("path", class_="map-region", d=path, fill="none", fill_rule="evenodd")
    return item(region.name, [shape])


def _region_labels(
    view: _View, regions: Iterable[Region], taken: Sequence[_Rectangle], size: float
) -> Iterator[SafeString]:
    """Each region's name where it is farthest from its border and from what is drawn."""
    blocked = list(taken)
    for region in regions:
        polygon = largest(region.polygons)
        [row] = wrap(region.name, view.width / 3, size, rows=1)
        half = measure(row, size) / 2 + 2
        spots = []
        for longitude, latitude, edge in spots_inside(polygon)[:200]:
            x, y = view.project((longitude, latitude))
            label = _Rectangle(x - half, y - 10, x + half, y + 10)
            hits = sum(label.meets(other) for other in blocked)
            spots.append((-hits, min(edge * view.scale, half), -_crowd(x, y, blocked), x, y))
        *_, x, y = max(spots)
        blocked.append(_Rectangle(x - half, y - 10, x + half, y + 10))
        yield rows_of_text([row], x, y, "map-region-label", anchor="middle", size=size)


def _crowd(x: float, y: float, blocked: Sequence[_Rectangle]) -> float:
    """How near the nearest thing drawn is, larger when nearer."""
    ways = (math.hypot(x - (one.left + one.right) / 2, y - (one.top + one.bottom) / 2) for one in blocked)
    return 1 / (1 + min(ways, default=math.inf))


def _marks(
    points: Sequence[Point],
    discs: Sequence[_Rectangle],
    names: Sequence[_Rectangle] | None,
    unit: str,
) -> Iterator[SafeString]:
    """A disc a point, with its name beside it or its number inside."""
    for index, (point, disc) in enumerate(zip(points, discs, strict=True)):
        x, y = (disc.left + disc.right) / 2, (disc.top + disc.bottom) / 2
        shapes = [element("circle", class_="map-point", cx=x, cy=y, r=disc.right - x)]
        if names is None:
            label = "map-point-label map-point-number"
            shapes.append(rows_of_text([str(index + 1)], x, y, label, anchor="middle", size=SMALL))
        else:
            spot = names[index]
            middle = (spot.top + spot.bottom) / 2
            centre = (spot.left + spot.right) / 2
            row = [_name(point)]
            shapes.append(rows_of_text(row, centre, middle, "map-point-label", anchor="middle", size=SMALL))
        yield item(f"{point.name} {number(point.value)} {unit}".strip(), shapes, point.href)


def _legend(regions: Sequence[Region], points: Sequence[Point], unit: str) -> SafeString:
    """An ordered list a region; its numbers go on from those of the region before."""
    groups = {region.code: region.name for region in regions}
    sections: list[SafeString] = []
    start = 0
    while start < len(points):
        group = groups.get(points[start].region, "")
        end = start
        while end < len(points) and groups.get(points[end].region, "") == group:
            end += 1
        rows = merge(_legend_row(index, points[index], unit) for index in range(start, end))
        heading = format_html('<h4 class="map-legend-title">{}</h4>', group) if group else ""
        sections.append(format_html('{}<ol class="map-legend-list" start="{}">{}</ol>', heading, start + 1, rows))
        start = end
    return format_html('<div class="map-legend">{}</div>', merge(sections))


def _legend_row(index: int, point: Point, unit: str) -> SafeString:
    name = clean(point.name)
    if point.href:
        name = format_html('<a href="{}">{}</a>', point.href, name)
    return format_html(
        '<li class="map-legend-item" value="{}">{} <span class="map-legend-value">{} {}</span></li>',
        index + 1,
        name,
        number(point.value),
        unit,
    )
