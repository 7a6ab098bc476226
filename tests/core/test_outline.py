"""The schematic map: honest about its points, deterministic, and nothing silently dropped."""

import math
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils.safestring import SafeString

from shuangbai.core.outline import Box, Point, Region, outline, outline_pair, place_points, read_regions
from shuangbai.core.regions import is_inside, largest

pytestmark = pytest.mark.nodb

SVG = "{http://www.w3.org/2000/svg}"
BOX = Box(115.0, 22.5, 116.0, 23.5)


def rectangle(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(code: str, name: str, *polygons: list[list[list[float]]]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name},
        "geometry": {"type": "MultiPolygon", "coordinates": list(polygons)},
    }


# An L with a lake, and a region with an island far outside the box.
WEST = feature(
    "1",
    "西县",
    [
        [[115.1, 22.7], [115.5, 22.7], [115.5, 22.9], [115.3, 22.9], [115.3, 23.3], [115.1, 23.3], [115.1, 22.7]],
        rectangle(115.15, 22.75, 115.2, 22.8),
    ],
)
EAST = feature("2", "东市", [rectangle(116.7, 20.5, 116.9, 20.7)], [rectangle(115.55, 22.7, 115.9, 23.3)])
REGIONS = read_regions({"type": "FeatureCollection", "features": [WEST, EAST]})


def points_in(region: Region, count: int, value: float = 10) -> list[Point]:
    return [
        Point(f"{region.name}{index}号站", *spot, value * (index + 1), f"/s/{index}", region.code)
        for index, spot in enumerate(place_points(region, count))
    ]


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own drawing


def of_class(svg: str, name: str) -> list[ElementTree.Element]:
    return [node for node in parsed(svg).iter() if name in node.get("class", "").split()]


def test_placed_points_lie_on_the_mainland_of_their_region_and_outside_its_holes() -> None:
    for geojson, region in ((WEST, REGIONS[0]), (EAST, REGIONS[1])):
        spots = place_points(geojson, 12)
        assert len(set(spots)) == 12
        assert all(is_inside(spot, largest(region.polygons)) for spot in spots)


def test_placed_points_are_the_same_every_time_and_more_of_them_move_none() -> None:
    assert place_points(WEST, 9) == place_points(REGIONS[0], 9)
    assert place_points(WEST, 5) == place_points(WEST, 9)[:5]
    assert place_points(WEST, 0) == []


def test_placed_points_keep_their_distance() -> None:
    spots = place_points(EAST, 9)
    nearest = min(math.dist(one, other) for one in spots for other in spots if one is not other)
    assert nearest > 0.05


@pytest.mark.parametrize("count", [-1, 201])
def test_an_impossible_number_of_points_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="can be placed"):
        place_points(WEST, count)


def test_what_is_not_a_collection_of_polygons_is_refused() -> None:
    with pytest.raises(ValueError, match="FeatureCollection"):
        read_regions({"type": "Feature"})
    with pytest.raises(ValueError, match="Polygon or MultiPolygon, not Point"):
        place_points({"type": "Point", "coordinates": [115, 22]}, 1)
    with pytest.raises(ValueError, match="at least one polygon"):
        place_points({"type": "MultiPolygon", "coordinates": []}, 1)
    with pytest.raises(ValueError, match="without area"):
        place_points({"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [1, 1]]]}, 1)


def test_a_plain_polygon_is_a_region_too() -> None:
    assert len(place_points({"type": "Polygon", "coordinates": [rectangle(0, 0, 1, 1)]}, 3)) == 3


@pytest.mark.parametrize("compact", [False, True])
def test_the_drawing_scales_says_that_it_is_a_sketch_and_tells_its_values(compact: bool) -> None:
    svg, _ = outline(REGIONS, points_in(REGIONS[0], 3), box=BOX, title="分布", unit="户次", compact=compact)
    root = parsed(svg)
    assert isinstance(svg, SafeString)
    assert root.get("width") is None
    assert root.get("role") == "group"
    assert root[0].text == "分布"
    assert root[1].text == "西县0号站 10 户次; 西县1号站 20 户次; 西县2号站 30 户次; 示意图，点位不代表实际位置"
    assert [node.text for node in of_class(svg, "map-note")] == ["示意图，点位不代表实际位置"]
    assert [node.text for node in of_class(svg, "map-region-label")] == ["西县", "东市"]
    assert "style=" not in svg


def test_degrees_are_as_long_as_on_the_ground() -> None:
    svg, _ = outline([], [], box=BOX, title="空")
    [frame] = of_class(svg, "map-frame")
    shrink = math.cos(math.radians(23.0))
    assert float(frame.get("height", "")) / float(frame.get("width", "")) == pytest.approx(1 / shrink, abs=1e-3)


def test_what_lies_outside_the_box_is_clipped_and_not_dropped() -> None:
    svg, _ = outline(REGIONS, [], box=BOX, title="分布")
    [frame] = of_class(svg, "map-frame")
    _, east = [node for node in frame.iter() if node.get("class") == "map-region"]
    assert east.get("d", "").count("M") == 2
    assert frame.get("viewBox") == f"0 0 {frame.get('width')} {frame.get('height')}"


def test_a_few_points_carry_their_names_and_values_and_need_no_legend() -> None:
    svg, legend = outline(REGIONS, points_in(REGIONS[1], 2), box=BOX, title="分布")
    assert [node.text for node in of_class(svg, "map-point-label")] == ["东市0号站 10", "东市1号站 20"]
    assert legend == ""


def test_many_points_are_numbered_through_all_regions_and_listed() -> None:
    # Given the other way round: numbers follow the regions' order.
    points = [*points_in(REGIONS[1], 12), *points_in(REGIONS[0], 12)]
    svg, legend = outline(REGIONS, points, box=BOX, title="分布", unit="户次", compact=True)
    labels = [node.text for node in of_class(svg, "map-point-number")]
    assert labels == [str(index) for index in range(1, 25)]
    listed = ElementTree.fromstring(legend)  # noqa: S314 - our own list
    assert [node.text for node in listed.iter("h4")] == ["西县", "东市"]
    assert [node.get("start") for node in listed.iter("ol")] == ["1", "13"]
    first = next(listed.iter("li"))
    assert "".join(first.itertext()) == "西县0号站 10 户次"
    assert next(first.iter("a")).get("href") == "/s/0"


@pytest.mark.parametrize(("count", "numbered"), [(1, False), (12, True)])
def test_a_pair_is_numbered_in_both_drawings_or_in_neither(count: int, numbered: bool) -> None:
    both, legend = outline_pair(REGIONS, points_in(REGIONS[0], count), box=BOX, title="分布")
    assert both.count("<svg") == 4  # two drawings, each with its inner frame
    assert both.count("map-point-number") == (2 * count if numbered else 0)
    assert bool(legend) is numbered


@pytest.mark.parametrize("compact", [False, True])
def test_discs_share_one_scale_and_do_not_overlap(compact: bool) -> None:
    points = [*points_in(REGIONS[0], 6, value=100), *points_in(REGIONS[1], 6)]
    svg, _ = outline(REGIONS, points, box=BOX, title="分布", compact=compact)
    discs = [tuple(float(node.get(key, "")) for key in ("cx", "cy", "r")) for node in of_class(svg, "map-point")]
    assert len(discs) == 12
    for index, (x1, y1, r1) in enumerate(discs):
        for x2, y2, r2 in discs[index + 1 :]:
            assert math.hypot(x1 - x2, y1 - y2) >= r1 + r2 - 0.05


def test_a_point_without_a_known_region_comes_last_and_is_still_listed() -> None:
    lost = Point("无名", 115.2, 22.9, 1)
    svg, legend = outline(REGIONS, [lost, *points_in(REGIONS[0], 20)], box=BOX, title="分布", compact=True)
    assert len(of_class(svg, "map-point")) == 21
    assert legend.rindex("无名") > legend.rindex("西县19号站")


def test_hostile_names_stay_text() -> None:
    bad = '<script>"&\x00'
    region = Region("1", bad, REGIONS[0].polygons)
    crowd = [Point(bad, *spot, 1, "/x", "1") for spot in place_points(region, 25)]
    for points in (crowd[:1], crowd):
        svg, legend = outline([region], points, box=BOX, title=bad, unit=bad, compact=True)
        assert parsed(svg) is not None
        assert "<script" not in svg + legend


def test_refuses_negative_values_empty_boxes_and_addresses_that_run_code() -> None:
    with pytest.raises(ValueError, match="from 0 up"):
        outline(REGIONS, [Point("甲", 115.2, 22.9, -1)], box=BOX, title="分布")
    with pytest.raises(ValueError, match="not a box"):
        outline(REGIONS, [], box=Box(116, 22.5, 115, 23.5), title="分布")
    with pytest.raises(ValueError, match="not a web address"):
        outline(REGIONS, [Point("甲", 115.2, 22.9, 1, "javascript:x")], box=BOX, title="分布")


def test_all_zero_values_still_show_their_points() -> None:
    points = [Point(f"站{index}", *spot, 0, "", "1") for index, spot in enumerate(place_points(WEST, 3))]
    svg, _ = outline(REGIONS, points, box=BOX, title="分布")
    assert all(float(node.get("r", "")) > 0 for node in of_class(svg, "map-point"))
    assert parsed(svg).get("role") == "img"
