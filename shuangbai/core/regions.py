"""Regions read from GeoJSON, and spots spread inside them.

Coordinates are degrees, longitude before latitude. Distances inside a region are in
degrees of latitude, longitudes shortened by the cosine of its middle latitude.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Spot = tuple[float, float]
Ring = tuple[Spot, ...]
Polygon = tuple[Ring, ...]

_BORDER_WEIGHT = 1.4


@dataclass(frozen=True)
class Region:
    """One area with its outline: polygons, each an outer ring and its holes."""

    code: str
    name: str
    polygons: tuple[Polygon, ...]


def read_regions(geojson: Mapping[str, Any], *, code: str = "code", name: str = "name") -> list[Region]:
    """Regions of a FeatureCollection, in its order; `code` and `name` are property names.

    Raises ValueError for anything else, or for geometry that is not made of polygons.
    """
    if geojson.get("type") != "FeatureCollection":
        raise ValueError("not a GeoJSON FeatureCollection")
    return [
        Region(str(feature["properties"][code]), str(feature["properties"][name]), _polygons(feature))
        for feature in geojson["features"]
    ]


def _polygons(geojson: Mapping[str, Any]) -> tuple[Polygon, ...]:
    geometry = geojson["geometry"] if geojson.get("type") == "Feature" else geojson
    kind = geometry.get("type")
    if kind not in {"Polygon", "MultiPolygon"}:
        raise ValueError(f"a region needs a Polygon or MultiPolygon, not {kind}")
    nested = [geometry["coordinates"]] if kind == "Polygon" else geometry["coordinates"]
    return tuple(
        tuple(tuple((float(spot[0]), float(spot[1])) for spot in ring) for ring in polygon) for polygon in nested
    )


def place_points(region_geojson: Mapping[str, Any] | Region, n: int) -> list[Spot]:
    """`n` (longitude, latitude) pairs spread inside a region, the same ones every time.

    Each point is as far as can be from those before it and from the border, within the
    region's largest polygon (so never on a far island); asking for more leaves the earlier
    ones where they were. The innermost spot is kept free for the region's name. They are
    places on a sketch and stand for no real position.
    Raises ValueError for n beyond 200.
    """
    if not 0 <= n <= 200:
        raise ValueError(f"0 to 200 points can be placed, not {n}")
    if isinstance(region_geojson, Region):
        polygon = largest(region_geojson.polygons)
    else:
        polygon = largest(_polygons(region_geojson))
    candidates = spots_inside(polygon)
    shrink = _shrink(polygon)
    # A border may be nearer than a neighbour, whose disc takes half of the gap between them.
    room = [_BORDER_WEIGHT * edge for _, _, edge in candidates]
    chosen: list[Spot] = []
    while len(chosen) < n + 1:
        best = max(range(len(room)), key=room.__getitem__)
        longitude, latitude, _ = candidates[best]
        chosen.append((longitude, latitude))
        room = [
            min(free, math.hypot((x - longitude) * shrink, y - latitude))
            for free, (x, y, _) in zip(room, candidates, strict=True)
        ]
    return chosen[1:]


def largest(polygons: tuple[Polygon, ...]) -> Polygon:
    """The polygon with the largest outer ring; ValueError when there is none."""
    if not polygons:
        raise ValueError("a region needs at least one polygon")
    return max(polygons, key=lambda one: _area(one[0]))


def _area(ring: Ring) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def _shrink(polygon: Polygon) -> float:
    latitudes = [latitude for _, latitude in polygon[0]]
    return math.cos(math.radians((min(latitudes) + max(latitudes)) / 2))


@lru_cache(maxsize=64)
def spots_inside(polygon: Polygon) -> tuple[tuple[float, float, float], ...]:
    """600 spots inside: longitude, latitude, distance to the border in degrees of latitude."""
    chance = random.Random(2017)  # noqa: S311 - the same spots every time, which is no secret
    wests, souths = zip(*polygon[0], strict=True)
    if _area(polygon[0]) == 0:
        raise ValueError("a polygon without area holds no points")
    shrink = _shrink(polygon)
    found: list[tuple[float, float, float]] = []
    while len(found) < 600:
        spot = (
            chance.uniform(min(wests), max(wests)),
            chance.uniform(min(souths), max(souths)),
        )
        if is_inside(spot, polygon):
            found.append((*spot, _to_border(spot, polygon, shrink)))
    return tuple(found)


def is_inside(spot: tuple[float, float], polygon: Polygon) -> bool:
    """Whether (longitude, latitude) lies in a polygon and in none of its holes."""
    x, y = spot
    inside = False
    for ring in polygon:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                inside = not inside
    return inside


def _to_border(spot: Spot, polygon: Polygon, shrink: float) -> float:
    x, y = spot[0] * shrink, spot[1]
    nearest = math.inf
    for ring in polygon:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            dx, dy = (x2 - x1) * shrink, y2 - y1
            length = dx * dx + dy * dy
            along = ((x - x1 * shrink) * dx + (y - y1) * dy) / length if length else 0.0
            along = min(1.0, max(0.0, along))
            nearest = min(nearest, math.hypot(x - x1 * shrink - along * dx, y - y1 - along * dy))
    return nearest
