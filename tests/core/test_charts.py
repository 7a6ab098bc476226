"""Charts as a reader, a screen reader, a mouse and a hostile label meet them."""

import io
import math
import re
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.utils.safestring import SafeString
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from shuangbai.core import charts, rasters
from shuangbai.core.charts import Bar, Series, bars, over_time, pair, sparkline, trend
from shuangbai.core.drawing import measure, nice_ticks, number, short_number, tick_number, wrap
from tests.conftest import CI

pytestmark = pytest.mark.nodb

SVG = "{http://www.w3.org/2000/svg}"
THREE_YEARS = [date(2017 + (6 + index) // 12, (6 + index) % 12 + 1, 1) for index in range(36)]


def parsed(svg: str) -> ElementTree.Element:
    """The drawing's root, which also proves that it is well-formed XML."""
    return ElementTree.fromstring(svg)  # noqa: S314 - our own drawing


def of_class(svg: str, name: str) -> list[ElementTree.Element]:
    return [node for node in parsed(svg).iter() if name in node.get("class", "").split()]


def texts(svg: str, name: str) -> list[str]:
    return [node.text or "" for node in of_class(svg, name) if node.tag == f"{SVG}text"]


def every_drawing() -> list[SafeString]:
    one = [Bar("东洲", [120], ["/e/1"]), Bar("马宫", [0])]
    two = [Bar("东洲", [120, 3]), Bar("马宫", [0, 8])]
    names = ["上门", "电话"]
    lines = [Series("户次", range(36)), Series("人次", range(36, 0, -1))]
    drawn = [
        draw
        for compact in (False, True)
        for horizontal in (False, True)
        for stacked in (False, True)
        for draw in (
            bars(one, title="甲", compact=compact, horizontal=horizontal, stacked=stacked),
            bars(two, title="甲", series=names, compact=compact, horizontal=horizontal, stacked=stacked),
            bars([], title="空", compact=compact, horizontal=horizontal, stacked=stacked),
            trend(THREE_YEARS, lines, title="月", compact=compact),
            trend(THREE_YEARS, lines[:1], title="月", compact=compact),
            trend([], [Series("空", [])], title="空", compact=compact),
        )
    ]
    return [*drawn, sparkline([1, 2, 3], title="线"), sparkline([], title="线"), sparkline([0], title="线")]


@pytest.mark.parametrize("svg", every_drawing())
def test_every_drawing_is_safe_scalable_titled_and_styled_by_classes_alone(svg: SafeString) -> None:
    root = parsed(svg)
    assert isinstance(svg, SafeString)
    assert root.tag == f"{SVG}svg"
    assert re.fullmatch(r"0 0 \d+(\.\d+)? \d+(\.\d+)?", root.get("viewBox", ""))
    assert root.get("width") is None
    assert root.get("height") is None
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    for node in root.iter():
        assert not {"style", "stroke", "font-size", "id"} & set(node.attrib)
        assert node.get("fill", "none") == "none"
        assert not [key for key in node.attrib if key.startswith("on")]
    assert "nan" not in svg
    assert "inf" not in svg


def test_a_drawing_without_links_is_an_image_and_one_with_links_is_a_group_that_keeps_them_reachable() -> None:
    assert parsed(bars([Bar("东洲", [1])], title="甲")).get("role") == "img"
    svg = bars([Bar("东洲", [1], ["/e?a=1&b=2"])], title="甲", unit="户")
    assert parsed(svg).get("role") == "group"
    [link] = of_class(svg, "chart-link")
    assert link.get("href") == "/e?a=1&b=2"
    assert link[0].text == "东洲 1 户"


def test_the_description_holds_every_value() -> None:
    svg = bars([Bar("东洲", [1200, 5]), Bar("马宫", [0, 7])], title="甲", series=["上门", "电话"], unit="户次")
    assert parsed(svg)[1].text == "东洲: 上门 1,200, 电话 5 户次; 马宫: 上门 0, 电话 7 户次"
    monthly = trend(THREE_YEARS[:2], [Series("走访", [3, 4])], title="月", unit="户次")
    assert parsed(monthly)[1].text == "走访 (户次): 2017-07 3, 2017-08 4"


def test_hostile_text_stays_text() -> None:
    label = "<script>alert(1)</script>\"'&\x00\x1b鮜门"
    for svg in (
        bars([Bar(label, [1, 2])], title=label, series=[label, label], unit=label),
        bars([Bar(label, [1])], title=label, unit=label, horizontal=False),
        trend(THREE_YEARS[:1], [Series(label, [1])], title=label, unit=label),
        sparkline([1], title=label, unit=label),
    ):
        assert f"{SVG}script" not in {node.tag for node in parsed(svg).iter()}
        assert "<script" not in svg
        assert "鮜门" in svg


@pytest.mark.parametrize("address", ["javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "vbscript:x"])
def test_an_address_that_runs_code_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not a web address"):
        bars([Bar("东洲", [1], [address])], title="甲")


@pytest.mark.parametrize("address", ["/a:b", "?at=10:30", "#a:b", "e/1", "https://example.org/x"])
def test_paths_and_web_addresses_are_taken(address: str) -> None:
    [link] = of_class(bars([Bar("东洲", [1], [address])], title="甲"), "chart-link")
    assert link.get("href") == address


@pytest.mark.parametrize("value", [-1, -0.001, math.nan, math.inf])
def test_values_that_have_no_length_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite numbers from 0 up"):
        bars([Bar("东洲", [value])], title="甲")
    with pytest.raises(ValueError, match="finite numbers from 0 up"):
        trend(THREE_YEARS[:1], [Series("甲", [value])], title="甲")
    with pytest.raises(ValueError, match="finite numbers from 0 up"):
        sparkline([value], title="甲")


def test_series_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="each series"):
        bars([Bar("东洲", [1, 2]), Bar("马宫", [1])], title="甲", series=["上门", "电话"])
    with pytest.raises(ValueError, match="as many names"):
        bars([Bar("东洲", [1, 2])], title="甲")
    with pytest.raises(ValueError, match="1 to 4 series"):
        bars([Bar("东洲", [1] * 5)], title="甲", series=list("一二三四五"))
    with pytest.raises(ValueError, match="each month"):
        trend(THREE_YEARS, [Series("甲", [1])], title="甲")
    with pytest.raises(ValueError, match="1 or 2 series"):
        trend(THREE_YEARS[:1], [Series("甲", [1])] * 3, title="甲")
    with pytest.raises(ValueError, match="ascend"):
        trend([date(2020, 1, 5), date(2020, 1, 9)], [Series("甲", [1, 2])], title="甲")


@pytest.mark.parametrize("compact", [False, True])
def test_bar_lengths_are_in_proportion_and_stay_inside(compact: bool) -> None:
    svg = bars([Bar("甲", [400]), Bar("乙", [100]), Bar("丙", [0])], title="题", compact=compact)
    widths = [float(node.get("width", "")) for node in of_class(svg, "chart-bar")]
    assert widths[0] == pytest.approx(4 * widths[1], abs=0.05)
    assert widths[2] == 0
    assert texts(svg, "chart-value") == ["400", "100", "0"]


def test_stacked_bars_touch_and_carry_their_total() -> None:
    svg = bars([Bar("甲", [30, 70])], title="题", series=["上门", "电话"], stacked=True)
    first, second = [node for node in of_class(svg, "chart-bar") if float(node.get("height", "")) > 12]
    end = float(first.get("x", "")) + float(first.get("width", ""))
    assert float(second.get("x", "")) == pytest.approx(end, abs=0.02)
    assert texts(svg, "chart-value") == ["100"]


def test_nothing_and_nothing_but_zeros_are_told_apart() -> None:
    assert "没有数据" in bars([], title="甲")
    zeros = bars([Bar("东洲", [0]), Bar("马宫", [0])], title="甲")
    assert "没有数据" not in zeros
    assert texts(zeros, "chart-value") == ["0", "0"]


def test_columns_show_all_their_values_or_none() -> None:
    many = [Bar(str(index), [10**index % 9973]) for index in range(40)]
    assert texts(bars(many, title="甲", horizontal=False, compact=True), "chart-value") == []
    assert len(texts(bars(many[:5], title="甲", horizontal=False), "chart-value")) == 5


def test_a_long_label_takes_two_rows_and_stands_whole_in_its_title() -> None:
    name = "陆丰市华侨管理区(含农林场及周边自然村)社会工作服务站第二服务点"
    svg = bars([Bar(name, [1])], title="甲", compact=True)
    rows = texts(svg, "chart-bar-label")
    assert len(rows) == 2
    assert rows[1].endswith("…")
    assert name in [node.text for node in parsed(svg).iter(f"{SVG}title")]


@pytest.mark.parametrize("compact", [False, True])
def test_three_years_of_months_show_each_january_and_no_label_runs_into_the_next(compact: bool) -> None:
    svg = trend(THREE_YEARS, [Series("走访", range(36))], title="月", compact=compact)
    assert texts(svg, "chart-tick-year") == ["2018-01", "2019-01", "2020-01"]
    labels = [node for node in of_class(svg, "chart-tick") if re.fullmatch(r"\d{4}-\d\d", node.text or "")]
    assert labels[0].text == "2017-07"
    places = [float(node.get("x", "")) for node in labels]
    assert min(b - a for a, b in pairwise(places)) > measure("2017-07", 12)
    assert len(of_class(svg, "chart-dot")) == 36


def test_a_single_month_has_its_dot_and_label() -> None:
    svg = trend([date(2020, 6, 6)], [Series("走访", [5], ["/e"])], title="月")
    assert texts(svg, "chart-value") == ["5"]
    assert "2020-06" in texts(svg, "chart-tick")
    assert len(of_class(svg, "chart-link")) == 1


def test_a_pair_holds_a_wide_and_a_compact_drawing() -> None:
    both = pair(bars, [Bar("东洲", [1])], title="甲")
    assert isinstance(both, SafeString)
    assert both.count("<svg") == 2
    assert "chart-wide" in both
    assert "chart-compact" in both


def test_a_standalone_drawing_carries_the_style_sheet_and_stays_well_formed() -> None:
    root = parsed(charts.standalone(bars([Bar("东洲", [1])], title="甲")))
    [style] = root.iter(f"{SVG}style")
    assert style.text == charts.stylesheet()
    with pytest.raises(ValueError, match="not a drawing"):
        charts.standalone("<p></p>")


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        (0, [0, 1]),
        (1e-12, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (120, [0, 50, 100, 150]),
        (10_412, [0, 5_000, 10_000, 15_000]),
    ],
)
def test_ticks_are_round(top: float, expected: list[float]) -> None:
    assert nice_ticks(top) == expected


def test_ticks_of_a_measure_may_be_fractions() -> None:
    assert nice_ticks(0.3, whole=False) == [0, 0.1, 0.2, 0.3]


@given(st.integers(min_value=1, max_value=10**15), st.integers(min_value=2, max_value=8))
@example(top=10**14 + 1, most=2)
def test_ticks_of_counts_are_few_whole_even_and_reach_the_top(top: int, most: int) -> None:
    ticks = nice_ticks(top, most=most)
    step = ticks[1]
    assert ticks[0] == 0
    assert ticks[-1] >= top
    assert ticks[-2] < top
    assert len(ticks) <= most + 1
    assert all(tick == int(tick) for tick in ticks)
    assert str(int(step)).rstrip("0") in {"1", "2", "5"}


@given(st.floats(min_value=1e-6, max_value=1e15))
def test_ticks_of_any_measure_reach_it(top: float) -> None:
    ticks = nice_ticks(top, whole=False)
    assert ticks[-1] >= top * (1 - 1e-6)
    assert len(ticks) <= 6


@given(st.text(min_size=1), st.floats(min_value=20, max_value=400))
def test_wrapped_text_keeps_to_two_rows_of_its_width_and_loses_nothing_unsaid(text: str, width: float) -> None:
    rows = wrap(text, width)
    assert 1 <= len(rows) <= 2
    if not rows[-1].endswith("…"):
        assert "".join(rows).replace(" ", "") == "".join(wrap(text, 1e9)).replace(" ", "")


def test_numbers_are_written_for_readers() -> None:
    assert number(0.004) == "0.004"
    assert [number(value) for value in (0, 10_412, 2.5, 1234.567)] == ["0", "10,412", "2.5", "1,234.57"]
    assert [short_number(value) for value in (9_999_999, 123_456_789, 4e15)] == ["9,999,999", "1.23亿", "4,000万亿"]
    assert [tick_number(value) for value in (5_000, 15_000, 2.5e8)] == ["5,000", "1.5万", "2.5亿"]


def test_a_line_over_days_keeps_their_distances_and_writes_its_ends() -> None:
    points = [(date(2018, 1, 1), 300.0), (date(2018, 7, 1), 450.0), (date(2020, 1, 1), 0.0)]
    svg = over_time(points, title="人均月收入", unit="元")
    dots = [float(node.get("cx", "")) for node in of_class(svg, "chart-dot")]
    assert (dots[1] - dots[0]) * 2 < dots[2] - dots[1]  # half a year beside a year and a half
    assert texts(svg, "chart-value") == ["300", "0"]
    assert texts(svg, "chart-tick") == ["2018-01", "2020-01"]
    assert "2018-07 450" in svg
    assert len(of_class(over_time(points[:1], title="一次"), "chart-dot")) == 1


@pytest.mark.parametrize("points", [[], [(date(2020, 1, 1), 1.0)] * 2, [(date(2020, 1, 1), -1.0)]])
def test_a_line_over_days_refuses_what_it_cannot_draw(points: list[tuple[date, float]]) -> None:
    with pytest.raises(ValueError, match=r"days|draws"):
        over_time(points, title="甲")


def test_a_chart_is_the_same_drawing_as_png_for_word(monkeypatch: pytest.MonkeyPatch) -> None:
    if not rasters.available():
        assert not CI, "no Chinese font found; .ci/run installs one"
        pytest.skip("no Chinese font found: charts in a Word file")
    months = [date(2020, 1, 1), date(2020, 2, 1)]
    drawn = trend(months, [Series("走访<户次>", [3, 5]), Series("有效", [1, 2])], title="各月", heading=False)
    made = Image.open(io.BytesIO(rasters.chart_png(drawn) or b""))
    assert made.format == "PNG"
    assert made.size[0] == 720 * rasters.SCALE
    assert {(0x0F, 0x52, 0x57), (0x98, 0x8A, 0x6A)} <= {colour for _, colour in made.getcolors(1 << 20)}
    monkeypatch.setattr(rasters, "_face", lambda: "")
    assert rasters.chart_png(drawn) is None
