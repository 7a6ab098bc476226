"""A score over the days, with its bands: the worse, the darker; told in words; refused where it makes no sense."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from shuangbai.core import rasters
from shuangbai.core.banded import Zone, banded
from shuangbai.core.charts import pair

pytestmark = pytest.mark.nodb
ZONES = [Zone(0, 4, "极轻"), Zone(5, 9, "轻度"), Zone(10, 14, "中度"), Zone(15, 27, "重度")]
DAYS = [date(2019, 9, 1), date(2019, 12, 1), date(2020, 6, 1)]


def drawn(points=None, **more):
    said = {"title": "抑郁症状", "lowest": 0, "highest": 27, "zones": ZONES, "unit": "分", **more}
    return banded(points or list(zip(DAYS, (21, 14, 4), strict=True)), **said)


def of(svg: str, kind: str) -> list[ElementTree.Element]:
    return [node for node in ElementTree.fromstring(svg).iter() if kind in node.get("class", "").split()]  # noqa: S314


class TestBands:
    def test_they_lie_on_one_another_without_a_gap_from_bottom_to_top(self):
        boxes = [(float(one.get("y")), float(one.get("height"))) for one in of(drawn(), "chart-zone")]
        for (lower, _), (upper, high) in pairwise(boxes):
            assert upper + high == pytest.approx(lower, abs=0.02)

    def test_the_worse_the_darker_whichever_end_that_is(self):
        shades = [one.get("class") for one in of(drawn(), "chart-zone")]
        assert shades == [f"chart-zone chart-zone-{n}" for n in (0, 1, 3, 4)]
        assert [one.get("class") for one in of(drawn(worse_high=False), "chart-zone")] == shades[::-1]

    def test_a_scale_without_bands_is_drawn_too(self):
        assert not of(drawn(zones=[]), "chart-zone")


class TestLine:
    def test_points_stand_as_far_apart_as_their_days(self):
        first, second, third = (float(one.get("cx")) for one in of(drawn(), "chart-dot"))
        assert (second - first) / (third - first) == pytest.approx(91 / 274, abs=0.01)

    def test_it_is_told_in_words(self):
        assert "2019-09-01 21（重度）, 2019-12-01 14（中度）, 2020-06-01 4（极轻） 分" in drawn()

    def test_many_points_are_not_all_written_out(self):
        points = [(DAYS[0] + timedelta(days=7 * n), float(n % 20)) for n in range(30)]
        assert len(of(drawn(points), "chart-value")) <= 4

    def test_one_point_stands_in_the_middle(self):
        assert len(of(drawn([(DAYS[0], 3)]), "chart-dot")) == 1

    @pytest.mark.parametrize(
        "points", [[], [(DAYS[1], 1), (DAYS[0], 2)], [(DAYS[0], 28)], [(DAYS[0], -1)], [(DAYS[0], float("nan"))]]
    )
    def test_what_makes_no_sense_is_refused(self, points):
        with pytest.raises(ValueError, match=r"days|value|finite"):
            banded(points, title="甲", lowest=0, highest=27)


def test_it_is_there_for_a_desk_and_a_phone_and_as_a_picture():
    svg = pair(banded, list(zip(DAYS, (21, 14, 4), strict=True)), title="甲", lowest=0, highest=27, zones=ZONES)
    assert svg.count("<svg") == 2
    assert not rasters.available() or (rasters.chart_png(drawn()) or b"").startswith(b"\x89PNG")
