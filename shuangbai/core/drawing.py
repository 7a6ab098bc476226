"""SVG elements, text measuring and number formats shared by charts and outlines.

Everything is in user units of the view box. Text is set at the sizes below by
the style sheet, so that one unit is about one CSS pixel when a narrow drawing
(360 units) fills a phone or a wide one (720 units) fills a column.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

WIDE, NARROW = 720, 360
TEXT, SMALL, HEADING = 14.0, 12.0, 16.0
SERIES_LIMIT = 4

# WeasyPrint applies longhand properties and literal colours inside an SVG, and
# neither the page's style sheets nor custom properties: hence this plain text.
_STYLES = """\
.chart, .map { font-family: "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC",
  "Microsoft YaHei", sans-serif; font-size: 14px; font-variant-numeric: tabular-nums; }
.chart text, .map text { fill: #1F2624; }
.chart .chart-title, .map .chart-title { font-size: 16px; font-weight: 600; }
.chart .chart-tick, .chart .chart-key-label { font-size: 12px; fill: #55605C; }
.chart .chart-tick-year { font-weight: 600; fill: #1F2624; }
.chart .chart-value { font-weight: 600; }
.chart .chart-value-small { font-size: 12px; }
.chart .chart-empty { fill: #55605C; }
.chart-axis { stroke: #55605C; stroke-width: 1; }
.chart-grid { stroke: #E2DFD5; stroke-width: 1; }
.chart-band { fill: #F3F0E7; }
.chart-zone-0 { fill: #FBFAF6; }
.chart-zone-1 { fill: #F3F0E7; }
.chart-zone-2 { fill: #EAE6DA; }
.chart-zone-3 { fill: #DFDACA; }
.chart-zone-4 { fill: #D3CDBA; }
.chart-bar, .chart-dot { fill: #0F5257; }
.chart-bar.chart-series-2, .chart-dot.chart-series-2 { fill: #5E9490; }
.chart-bar.chart-series-3, .chart-dot.chart-series-3 { fill: #988A6A; }
.chart-bar.chart-series-4, .chart-dot.chart-series-4 { fill: #3A403D; }
.chart-line { fill: none; stroke: #0F5257; stroke-width: 2; stroke-linejoin: round; }
.chart-line.chart-series-2 { stroke: #988A6A; stroke-dasharray: 5 3; }
/* Two lines cross: the second is warm and dashed, not a lighter tone of the first. */
.chart-trend .chart-dot.chart-series-2, .chart-trend .chart-bar.chart-series-2 { fill: #988A6A; }
.chart-area { fill: #0F5257; fill-opacity: 0.09; }
.chart-hit { fill: #0F5257; fill-opacity: 0; }
.chart-link { cursor: pointer; }
.chart-link:hover .chart-hit { fill-opacity: 0.06; }
.chart-link:focus-visible { outline: 2px solid #0F5257; outline-offset: 2px; }
.eco-heart { fill: #E7EFEC; stroke: #0F5257; stroke-width: 2; }
.eco-system { fill: #FFFEFB; stroke: #1F2624; stroke-width: 1.5; }
.chart .eco-kind { font-size: 12px; fill: #55605C; }
.eco-line { fill: none; stroke: #1F2624; stroke-width: 1.5; }
.eco-strong { stroke-width: 4; }
.eco-weak { stroke-dasharray: 2 5; }
.eco-arrow { fill: #1F2624; }
.map-region { fill: #EAE6DA; stroke: #8F8A7B; stroke-width: 1; stroke-linejoin: round; }
.map .map-region-label { font-size: 15px; font-weight: 600; fill: #55605C; }
.map.map-compact .map-region-label { font-size: 13px; }
.map-point { fill: #0F5257; stroke: #FBFAF6; stroke-width: 1.5; }
.map .map-point-label { font-size: 12px; }
.map .map-point-number { font-size: 12px; font-weight: 600; fill: #FFFFFF; }
.map .map-note { font-size: 12px; fill: #55605C; }
.pedigree { font-family: "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  font-size: 14px; }
.pedigree text { fill: #1F2624; }
.pedigree-symbol { fill: #FFFEFB; stroke: #1F2624; stroke-width: 1.5; }
.pedigree-inner { fill: none; stroke: #1F2624; stroke-width: 1; }
.pedigree-marked { fill: #E7EFEC; stroke: #0F5257; stroke-width: 2; }
.pedigree-missing { fill: none; stroke: #85877E; stroke-dasharray: 3 3; }
.pedigree-cross { stroke: #1F2624; stroke-width: 1.5; }
.pedigree-line { stroke: #55605C; stroke-width: 1.5; fill: none; }
.pedigree-loose { stroke-dasharray: 5 4; }
.pedigree .pedigree-note { font-size: 12px; fill: #55605C; }
.pedigree-faint { opacity: 0.5; }
"""


def stylesheet() -> str:
    """CSS text for every class drawn here, for writers without the page's CSS (PDF, Word)."""
    return _STYLES


def is_drawing(svg: str) -> bool:
    """Whether an SVG is made by this package, and looks as its style sheet says."""
    return "</desc>" in svg


def standalone(svg: str) -> SafeString:
    """The same drawing with its style sheet inside, for PDF or a file of its own.

    Not for a page under a strict content security policy: it holds <style>.
    """
    if not is_drawing(svg):
        raise ValueError("not a drawing made by this package")
    head, mark, rest = svg.partition("</desc>")
    style = format_html("<style>{}</style>", SafeString(_STYLES))
    return SafeString(head + mark + style + rest)


def element(name: str, *children: str, **attributes: str | float) -> SafeString:
    """One SVG element; children are escaped unless safe, numbers cut to 2 decimals.

    A trailing underscore of an attribute's name is dropped and others become hyphens.
    """
    drawn = format_html_join(
        "",
        ' {}="{}"',
        (
            (key.rstrip("_").replace("_", "-"), value if isinstance(value, str) else plain(value))
            for key, value in attributes.items()
        ),
    )
    return format_html("<{0}{1}>{2}</{0}>", name, drawn, merge(children))


def merge(parts: Iterable[str]) -> SafeString:
    """Parts one after the other; those not marked safe are escaped."""
    return SafeString("".join(conditional_escape(part) for part in parts))


def clean(text: str) -> str:
    """Text without the control characters that XML forbids; white space becomes one space."""
    kept = "".join(c if unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in text)
    return " ".join(kept.split())


def plain(value: float) -> str:
    """A coordinate: at most two decimals, no trailing zeros, never an exponent."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> SafeString:
    """A straight line, coordinates in user units."""
    return element("line", class_=class_, x1=x1, y1=y1, x2=x2, y2=y2)


def rows_of_text(
    rows: Sequence[str],
    x: float,
    y: float,
    class_: str,
    *,
    anchor: str = "start",
    size: float = TEXT,
) -> SafeString:
    """Rows set one under the other, the block centred on `y`."""
    leading = size * 1.2
    first = y - leading * (len(rows) - 1) / 2 + size * 0.36
    return merge(
        element("text", row, class_=class_, x=x, y=first + index * leading, text_anchor=anchor)
        for index, row in enumerate(rows)
    )


def item(caption: str, shapes: Iterable[str], href: str = "") -> SafeString:
    """Shapes that belong to one value: a link when `href` is given, with a caption on hover.

    Raises ValueError for an address that is neither a path nor http(s).
    """
    scheme = re.split("[/?#]", href, maxsplit=1)[0]
    if ":" in scheme and scheme.lower() not in {"http:", "https:"}:
        raise ValueError(f"not a web address: {href!r}")
    caption_element = element("title", clean(caption))
    if not href:
        return element("g", caption_element, *shapes, class_="chart-item")
    return element("a", caption_element, *shapes, class_="chart-item chart-link", href=href)


def figure(
    parts: Iterable[str],
    *,
    title: str,
    summary: str,
    width: float,
    height: float,
    classes: str,
    natural: bool = False,
) -> SafeString:
    """The <svg> around the parts, with its accessible title and description.

    A drawing without links is one image. The content of role "img" is hidden from
    assistive technology, so a drawing with links is a group, or its links would be lost.
    `natural`: as large as it was drawn, not as wide as the column.
    """
    body = merge(parts)
    size = {"width": width, "height": height} if natural else {}
    return element(
        "svg",
        element("title", clean(title)),
        element("desc", clean(summary)),
        body,
        xmlns="http://www.w3.org/2000/svg",
        class_=classes,
        viewBox=f"0 0 {plain(width)} {plain(height)}",
        **size,
        role="group" if "<a " in body else "img",
    )


def measure(text: str, size: float = TEXT) -> float:
    """Estimated width of a text: full-width characters one em, others a little over half."""
    return size * sum(_em(character) for character in text)


def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    # "A" (ambiguous: …, ·, “) is set full-width by Chinese fonts.
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.58


def wrap(text: str, width: float, size: float = TEXT, rows: int = 2) -> list[str]:
    """Text in at most `rows` rows of about equal length; what does not fit ends in an ellipsis."""
    text = clean(text)
    if measure(text, size) <= width:
        return [text]
    shares = (measure(text, size) / rows + size * step / 2 for step in range(2 * len(text)))
    for limit in (*(share for share in shares if share < width), width):
        filled = list(_fill(text, limit, size))
        if len(filled) <= rows:
            return filled
    kept = filled[:rows]
    last = kept[-1]
    while last and measure(last + "…", size) > width:
        last = last[:-1]
    return [*kept[:-1], last + "…"]


def _fill(text: str, width: float, size: float) -> Iterator[str]:
    row = ""
    for character in text:
        if row and measure(row + character, size) > width:
            yield row.rstrip()
            row = ""
        row += character
    if row:
        yield row.rstrip()


def checked(values: Iterable[float]) -> list[float]:
    """Values as they may be drawn; ValueError for a negative, infinite or undefined one."""
    kept = list(values)
    for value in kept:
        if not math.isfinite(value) or value < 0:
            raise ValueError(f"a chart draws finite numbers from 0 up, not {value!r}")
    return kept


def nice_ticks(top: float, *, most: int = 5, whole: bool = True) -> list[float]:
    """Round values from 0 to at least `top`, in steps of 1, 2 or 5 times a power of ten.

    At most `most` steps; with `whole`, steps are integers. A top of 0 gives 0 and 1.
    """
    if top <= 1e-9:
        return [0.0, 1.0]
    power = math.floor(math.log10(top / most))
    sizes = (factor * 10.0**exponent for exponent in (power, power + 1) for factor in (1, 2, 5))
    if whole:  # counts are exact
        step = next(size for size in sizes if size >= 1 and math.ceil(top / size) <= most)
        count = math.ceil(top / step)
    else:
        step = next(size for size in sizes if math.ceil(round(top / size, 9)) <= most)
        count = max(1, math.ceil(round(top / step, 9)))
    return [round(index * step, 10) for index in range(count + 1)]


def number(value: float) -> str:
    """The whole number with thousands marks, or at most two decimals (two digits below 0.01)."""
    if 0 < value < 0.01:
        return f"{value:.2g}"
    text = f"{value:,.2f}" if value != int(value) else f"{int(value):,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def short_number(value: float, *, full_below: float = 1e7) -> str:
    """A number that stays narrow: from `full_below` up in units of 万, 亿 or 万亿."""
    if value < full_below:
        return number(value)
    if value >= 1e12:
        return gettext("%(value)s万亿") % {"value": number(round(value / 1e12, 2))}
    if value >= 1e8:
        return gettext("%(value)s亿") % {"value": number(round(value / 1e8, 2))}
    return gettext("%(value)s万") % {"value": number(round(value / 1e4, 2))}


def tick_number(value: float) -> str:
    """A tick's label: 8,000, 1万, 2.5亿."""
    return short_number(value, full_below=1e4)
