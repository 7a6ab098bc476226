"""The drawing of generations: settling places, symbols, and the one SVG for page and paper."""

from __future__ import annotations

import io
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from shuangbai.core import rasters
from shuangbai.core.drawing import standalone, stylesheet
from shuangbai.core.pedigree import CIRCLE, SQUARE, Figure, Lineage, Union, draw, place, settle

pytestmark = pytest.mark.nodb
SVG = "{http://www.w3.org/2000/svg}"


def a_lineage(**more: object) -> Lineage:
    figures = {
        "a": Figure("a", "林大山", SQUARE, ("户主", "70 岁"), main=True, marked=True, href="/people/a/"),
        "b": Figure("b", "陈秀兰", CIRCLE, ("妻", "1950–2018"), died=True, faint=True),
        "c": Figure("c", "林 & <子>", "diamond", ("子",)),
        "d": Figure("d", "欧阳小明", SQUARE, ("其他",)),
    }
    said = {"rows": [[["a", "b"]], [["c"]]], "unions": [Union(("a", "b"), ("c",))], "aside": ["d"], **more}
    return Lineage(figures, **said)  # type: ignore[arg-type]


@given(
    st.lists(st.tuples(st.floats(-500, 500), st.sampled_from([0.05, 1, 2])), min_size=1, max_size=9),
    st.data(),
)
def test_places_keep_their_order_and_distance(wants: list[tuple[float, float]], data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.floats(0, 200), min_size=len(wants) - 1, max_size=len(wants) - 1))
    places = settle([want for want, _ in wants], [weight for _, weight in wants], gaps)
    assert all(two - one >= gap - 1e-6 for (one, two), gap in zip(pairwise(places), gaps, strict=True))


def test_what_fits_stays_where_it_wants_to_be_and_what_collides_shares() -> None:
    assert settle([0, 100], [1, 1], [50]) == [0, 100]
    assert settle([0, 0], [1, 1], [50]) == [-25, 25]
    assert settle([0, 0], [3, 1], [40]) == [-10, 30]


def test_the_drawing_is_an_image_with_words_and_without_inline_looks() -> None:
    svg = draw(a_lineage(), title="林大山户的家系图", summary="同辈：林大山", aside_title="其他成员")
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    assert root.findtext(f"{SVG}title") == "林大山户的家系图"
    assert root.findtext(f"{SVG}desc") == "同辈：林大山"
    assert root.get("role") == "group"  # it has a link, which an image would hide
    assert "style" not in svg
    assert [node.get("href") for node in root.iter(f"{SVG}a")] == ["/people/a/"]
    assert len([node for node in root.iter(f"{SVG}line") if node.get("class") == "pedigree-cross"]) == 4
    assert "林 &amp; &lt;子&gt;" in svg
    assert float(root.get("width", "0")) == float(root.get("viewBox", "").split()[2])


def test_every_class_drawn_has_a_look_on_paper_too() -> None:
    svg = draw(a_lineage(), title="甲", summary="乙", aside_title="丙")
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    drawn = {name for node in root.iter() for name in (node.get("class") or "").split()}
    looks = stylesheet()
    without = {"pedigree-couple", "pedigree-descent", "pedigree-name", "chart-item"}
    assert {name for name in drawn if f".{name}" not in looks} <= without
    assert "<style>" in standalone(svg)


def test_bars_of_two_couples_in_one_row_do_not_run_into_each_other() -> None:
    figures = {key: Figure(key, key) for key in "abcdefgh"}
    what = Lineage(
        figures, [[["a"], ["b"]], [["c"], ["d"], ["e"], ["f"]]],
        [Union(("a",), ("c", "f")), Union(("b",), ("d", "e"))],
    )  # fmt: skip
    bars = [s.points for s in place(what).strokes if s.points[0][1] == s.points[-1][1]]
    assert len({points[0][1] for points in bars}) == len(bars) == 2


def test_those_who_stand_aside_wrap_into_rows_under_the_rest() -> None:
    figures = {str(n): Figure(str(n), str(n)) for n in range(9)}
    plan = place(Lineage(figures, [[["0"]]], [], [str(n) for n in range(1, 9)]))
    levels = {plan.spots[str(n)].y for n in range(1, 9)}
    assert len(levels) == 2
    assert min(levels) > plan.spots["0"].y
    assert plan.height > max(levels) + 28


def test_the_png_is_the_same_plan_at_three_times_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    if not rasters.available():
        pytest.skip("no Chinese font found: the drawing as PNG")
    what = a_lineage()
    png, plan = rasters.pedigree_png(what, aside_title="其他"), place(what)
    assert png is not None
    image = Image.open(io.BytesIO(png))
    assert image.size == (round(plan.width * 3), round(plan.height * 3))
    spot = plan.spots["a"]
    assert image.getpixel((round((spot.x - 28) * 3), round(spot.y * 3))) != (255, 255, 255)  # the edge of a square
    monkeypatch.setattr(rasters, "_face", lambda: "")
    assert rasters.pedigree_png(what) is None
