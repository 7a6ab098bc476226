"""An ecomap: nothing overlaps and no line crosses a system, for 1 to 16 of them; each form of line is its own."""

from __future__ import annotations

import math
from itertools import combinations
from xml.etree import ElementTree

import pytest

from shuangbai.core import rasters
from shuangbai.core.drawing import NARROW, measure, standalone, stylesheet
from shuangbai.core.ecomap import (
    BOTH,
    BROKEN,
    FORMS,
    FROM,
    MOST,
    NEITHER,
    STRESSED,
    STRONG,
    TO,
    WEAK,
    Tie,
    ecomap,
    place,
)

pytestmark = pytest.mark.nodb
WORDS = ["紧密、有力", "淡、少来往", "紧张、有冲突", "断了来往"]
COUNTS = range(1, MOST + 1)


def drawn(ties, **more):
    return ecomap("陈小树 一家", ties, title="生态图", summary="学校：紧密", words=WORDS, **more)


def nodes(svg: str, kind: str) -> list[ElementTree.Element]:
    return [node for node in ElementTree.fromstring(svg).iter() if kind in node.get("class", "").split()]  # noqa: S314


def crosses(box, one, other) -> bool:
    """Whether a line passes through a box; touching its rim is no crossing."""
    steps = 400
    for step in range(1, steps):
        x = one[0] + (other[0] - one[0]) * step / steps
        y = one[1] + (other[1] - one[1]) * step / steps
        if abs(x - box.x) < box.width / 2 - 0.5 and abs(y - box.y) < box.height / 2 - 0.5:
            return True
    return False


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("count", COUNTS)
class TestPlaces:
    def test_no_two_systems_overlap_and_none_lies_on_the_family(self, count, compact):
        plan = place(count, compact=compact)
        assert len(plan.boxes) == count
        assert not [pair for pair in combinations(plan.boxes, 2) if pair[0].overlaps(pair[1])]
        for box in plan.boxes:
            nearest = math.hypot(
                max(abs(box.x - plan.x) - box.width / 2, 0), max(abs(box.y - plan.y) - box.height / 2, 0)
            )
            assert nearest >= plan.heart + 12  # room for a line in any form, and its arrows

    def test_everything_lies_within_the_drawing(self, count, compact):
        plan = place(count, compact=compact)
        for box in plan.boxes:
            assert box.width / 2 <= box.x <= plan.width - box.width / 2
            assert box.height / 2 <= box.y <= plan.height - box.height / 2
        assert plan.heart <= plan.y <= plan.height - plan.heart

    def test_no_line_crosses_another_system(self, count, compact):
        plan = place(count, compact=compact)
        for box in plan.boxes:
            start, end = plan.ends(box)
            assert not [other for other in plan.boxes if other is not box and crosses(other, start, end)]

    def test_every_name_is_drawn_whole_or_with_an_ellipsis_within_its_box(self, count, compact):
        ties = [Tie("妈祖庙理事会的全体老人家们", "宗祠、庙宇、教会")] * count
        plan = place(count, compact=compact)
        for text in nodes(drawn(ties, compact=compact), "eco-name")[:count]:
            assert measure(text.text or "") <= plan.boxes[0].width


def test_a_phone_shows_it_in_its_natural_size():
    assert place(MOST, compact=True).width == NARROW


def test_more_than_sixteen_are_too_many():
    with pytest.raises(ValueError, match="at most 16"):
        place(MOST + 1)


def test_a_line_of_no_known_form_is_refused():
    with pytest.raises(ValueError, match="strong, weak"):
        drawn([Tie("学校", form="dotted")])


class TestLines:
    def test_each_form_differs_by_more_than_its_colour(self):
        shapes = {}
        for form in FORMS:
            svg = drawn([Tie("学校", form=form, flow=NEITHER)])
            key = ElementTree.fromstring(svg)[-1]  # noqa: S314
            keys = {id(node) for node in key.iter()}
            lines = [node for node in nodes(svg, f"eco-{form}") if id(node) not in keys]
            shapes[form] = sorted(node.tag.rpartition("}")[2] for node in lines)
        assert shapes[STRESSED].count("polyline") >= 1
        assert shapes[BROKEN].count("line") >= 4  # two halves, and two strokes across
        looks = stylesheet()
        assert ".eco-strong { stroke-width: 4; }" in looks
        assert ".eco-weak { stroke-dasharray" in looks

    @pytest.mark.parametrize(("flow", "arrows"), [(BOTH, 2), (TO, 1), (FROM, 1), (NEITHER, 0)])
    def test_arrows_say_which_way_support_goes(self, flow, arrows):
        assert len(nodes(drawn([Tie("学校", form=WEAK, flow=flow)]), "eco-arrow")) == arrows

    def test_it_is_told_in_words_and_each_line_too(self):
        svg = drawn([Tie("赤山小学", "学校", STRONG, BOTH, "学校 赤山小学：紧密、有力")])
        assert "<desc>学校：紧密</desc>" in svg
        assert "<title>学校 赤山小学：紧密、有力</title>" in svg

    def test_what_people_call_things_is_escaped(self):
        assert "<script" not in drawn([Tie("<script>1</script>", caption="<script>")])


@pytest.mark.parametrize("compact", [False, True])
def test_it_stands_alone_and_is_a_picture_where_there_is_a_font(compact):
    svg = drawn([Tie(f"系统{n}", "学校", FORMS[n % 4], BOTH) for n in range(7)], compact=compact)
    assert "<style>" in standalone(svg)
    assert not rasters.available() or (rasters.chart_png(svg) or b"").startswith(b"\x89PNG")
