"""The results report (成效报告): the article's figures, in its order, for any period and part of the tree."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shuangbai.households.access import Opens
from shuangbai.households.lists import CLIENTS
from shuangbai.households.models import Category, CategoryListItem
from shuangbai.network.models import OrgUnit
from shuangbai.network.queries import stations_under
from shuangbai.reports.beside import as_json as claims_json
from shuangbai.reports.beside import beside
from shuangbai.reports.dimensions import DIMENSIONS
from shuangbai.reports.indicators import BY_CODE, RATES, Rate, per_cent
from shuangbai.reports.queries import Ask, Dimension, Indicator
from shuangbai.reports.telling import Teller

# Sections in the article's order: (title, codes).
SECTIONS: Sequence[tuple[str, Sequence[str]]] = (
    ("队伍与覆盖", ("S1", "S2", "S3")),
    ("走访", ("V2", "V1", "V3", "V7", "V6", "V4", "V8")),
    ("服务民政对象", ("V5",)),
    ("建档", ("F2", "F1", "F3")),
    ("社区活动与小组", ("B1", "A1", "A2", "A3", "A6", "A4", "A5", "G1", "G1A", "G1B", "G2", "G3", "G4")),
    ("志愿者", ("T1", "T2", "T2A", "T3")),
    ("社区项目与议事", ("Q2", "Q2A", "Q2B", "Q3", "Q3A", "Q4A", "Q4B", "Q4C", "Q5A", "Q5B")),
    ("村居调研与问卷", ("Q1", "Q1A", "Q6")),
    ("链接资源与协助申请", ("R1", "R2", "R3", "R4A", "R4B", "X1", "P1", "P9")),
    ("获奖", ("W1",)),
)
CODES = tuple(code for _, codes in SECTIONS for code in codes)
# Sections that are left out where nothing is counted in them.
LEFT_OUT = frozenset({"志愿者", "社区项目与议事", "村居调研与问卷", "链接资源与协助申请", "获奖"})
STATIONS_TITLE = "各站"
NUMERALS = (*"一二三四五六七八九十", "十一", "十二", "十三", "十四")
# Which splits the report shows beside each figure; every other dimension stays open to a question.
SPLITS: Mapping[str, Sequence[str]] = {
    "S2": ("post",),
    "S3": ("coverage",),
    "V1": ("mode", "result", "category", "month"),
    "V2": ("category",),
    "V3": ("category", "month"),
    "V5": ("record_kind", "category"),
    "F2": ("month",),
    "A1": ("activity_kind", "campaign"),
    "A2": ("naming", "group", "activity_kind", "campaign"),
    "B1": ("month", "campaign"),
    "Q3": ("meeting_kind",),
    "Q4B": ("line_kind",),
    "W1": ("award_level",),
    "A4": ("record_kind",),
    "A5": ("topic", "way"),
    "G1": ("group_kind",),
    "G4": ("naming",),
    "T1": ("team_kind",),
    "R1": ("resource_kind",),
    "P1": ("policy",),
}
# What each station's row shows.
COLUMNS = ("S2", "S3", "V1", "V2", "V3", "V5", "F2", "F1", "A1", "B1")


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a dimension with its number. `key` is what a link or a program names it by."""

    key: str
    name: str
    value: Any
    held: Any
    evidence: Any = None

    @property
    def is_told(self) -> bool:
        """Whether the number is shown, and not a sign in its place."""
        return not isinstance(self.value, str)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the report. `evidence` is the sum of its list, where asked for."""

    indicator: Indicator
    value: Any
    evidence: Any = None
    splits: Mapping[str, list[Line]] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.indicator.code


@dataclass(frozen=True, slots=True)
class StationRow:
    unit: OrgUnit
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Results:
    """The whole report."""

    ask: Ask
    figures: Mapping[str, Figure]
    rows: Sequence[StationRow]

    def numbered(self) -> dict[str, str]:
        """The titles of the sections that are shown, each by the first code of its figures, with their numerals."""
        shown = [
            (codes[0], title)
            for title, codes in SECTIONS
            if title not in LEFT_OUT or any(self.figures[code].value for code in codes)
        ]
        told = [*shown, ("stations", STATIONS_TITLE)]
        return {key: f"{numeral}、{title}" for numeral, (key, title) in zip(NUMERALS, told, strict=False)}

    def sum_of_stations(self, code: str) -> Any:
        return sum(row.values[code] for row in self.rows)

    @property
    def shared(self) -> Mapping[str, Any]:
        """By how much the stations' rows together exceed the whole, for the figures where they do."""
        over = {code: self.sum_of_stations(code) - self.figures[code].value for code in COLUMNS}
        return {code: number for code, number in over.items() if number}


def splits_by(indicator: Indicator, dimension: str) -> bool:
    """Whether a dimension says something of a figure: what holds on one day has no months, whenever it began."""
    return dimension in indicator.by and not (indicator.as_of and dimension == "month")


def shared_dimensions(figures: Sequence[Indicator]) -> list[Dimension]:
    """The dimensions by which every one of the figures may be split."""
    return [one for code, one in DIMENSIONS.items() if all(splits_by(figure, code) for figure in figures)]


def lines_of(indicator: Indicator, ask: Ask, dimension: str, *, evidence: bool = False) -> list[Line]:
    """A figure split by a dimension: categories as listed, months in time, workers by name, others by size."""
    numbers = indicator.split(ask, dimension)
    names = DIMENSIONS[dimension].named(list(numbers))
    lines = [
        Line(
            *names[value], number, value,
            indicator.evidence(ask.holding(dimension, value)) if evidence else None,
        )
        for value, number in numbers.items()
    ]  # fmt: skip
    if dimension == "month":
        return sorted(lines, key=lambda line: line.key)
    if dimension == "category":
        return _in_order(lines)
    if dimension == "worker":  # never by size: nobody is ranked
        return sorted(lines, key=lambda line: line.name)
    return sorted(lines, key=lambda line: (line.held is None, -line.value, line.name))


def figure(code: str, ask: Ask, *, splits: Sequence[str] = (), evidence: bool = False) -> Figure:
    indicator = BY_CODE[code]
    return Figure(
        indicator,
        indicator.value(ask),
        indicator.evidence(ask) if evidence else None,
        {dimension: lines_of(indicator, ask, dimension, evidence=evidence) for dimension in splits},
    )


def client_list(ask: Ask) -> list[CategoryListItem]:
    """The list 民政对象 as it holds at the end of the period, with its dates."""
    items = CategoryListItem.objects.on(ask.period.last).filter(list__code=CLIENTS).select_related("category")
    return list(items.order_by("category__position"))


def results(ask: Ask, *, evidence: bool = False) -> Results:
    """Compute the report. With `evidence`, every figure and split is also summed from its list."""
    figures = {code: figure(code, ask, splits=SPLITS.get(code, ()), evidence=evidence) for code in CODES}
    on_list = {item.category_id for item in client_list(ask)}
    clients = figures["V5"].splits["category"]
    clients[:] = [line for line in clients if line.held in on_list]
    by_station = {code: BY_CODE[code].split(ask, "station") for code in COLUMNS}
    first, last = ask.period.first, ask.period.last
    stations = [
        s for s in stations_under(ask.unit) if s.starts_on <= last and (s.ends_on is None or s.ends_on >= first)
    ]
    rows = [StationRow(s, {code: by_station[code].get(s.pk, 0) for code in COLUMNS}) for s in stations]
    return Results(ask, figures, rows)


def told_to(report: Results, opens: Opens) -> Results:
    """The report as somebody is shown it: numbers of restricted categories held back where they tell too much.

    Such a category has its line also where nothing was counted, since a missing one would tell that.
    """
    teller = Teller(opens)
    if not teller.withholds(report.ask):
        return report
    on_list = {item.category_id for item in client_list(report.ask)}
    figures = dict(report.figures)
    for code, shown in report.figures.items():
        if "category" in shown.splits:
            offered = [one for one in teller.secrets if code != "V5" or one in on_list]
            lines = _lines_told(teller, shown, report.ask, offered)
            figures[code] = replace(shown, splits={**shown.splits, "category": lines})
    return replace(report, figures=figures)


def _lines_told(teller: Teller, shown: Figure, ask: Ask, secret: Sequence[Any]) -> list[Line]:
    lines = {line.held: line for line in shown.splits["category"]}
    names = DIMENSIONS["category"].named(list(secret))
    for category in secret:
        line = lines.get(category) or Line(*names[category], 0, category)
        value = teller.told(shown.indicator, ask.holding("category", category), line.value)
        lines[category] = replace(line, value=value, evidence=line.evidence if value == line.value else value)
    return _in_order(line for line in lines.values() if line.value)


def _in_order(lines: Iterable[Line]) -> list[Line]:
    """Categories as their list has them."""
    position = dict(Category.objects.values_list("pk", "position"))
    return sorted(lines, key=lambda line: position.get(line.held, 10_000))


@dataclass(frozen=True, slots=True)
class Share:
    """A rate with the two numbers it is made of; no per cent where nothing is counted."""

    rate: Rate
    over: Figure
    under: Figure

    @property
    def per_cent(self) -> str:
        return per_cent(self.over.value, self.under.value)


def share(rate: Rate, ask: Ask) -> Share:
    return Share(rate, figure(rate.numerator, ask), figure(rate.denominator, ask))


def rates(ask: Ask) -> list[Share]:
    """Every rate for a question."""
    return [share(one, ask) for one in RATES]


def as_json(report: Results) -> dict[str, Any]:
    """The report as the shell prints it, nothing held back: an object a code, `splits`, one row a station."""
    ask = report.ask
    return {
        "report": "results",
        "from": ask.period.first.isoformat(),
        "to": ask.period.last.isoformat(),
        "scope": ask.unit.code,
        "figures": [_figure_json(report.figures[code]) for code in CODES],
        "rows": [{"station": row.unit.code, "name": row.unit.name, **_plain(row.values)} for row in report.rows],
        "shared": _plain(report.shared),
        "without_records": claims_json(beside(ask)),
    }


def _figure_json(shown: Figure) -> dict[str, Any]:
    what = shown.indicator
    return {
        "code": what.code, "name": what.name, "unit": what.unit,
        "value": _number(shown.value), "evidence": _number(shown.evidence), "definition": what.definition,
        "splits": {dimension: list(_lines_json(lines)) for dimension, lines in shown.splits.items()},
    }  # fmt: skip


def _lines_json(lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
    for line in lines:
        yield {"key": line.key, "name": line.name, "value": _number(line.value), "evidence": _number(line.evidence)}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {code: _number(value) for code, value in values.items()}


def _number(value: Any) -> Any:
    """Whole numbers as such; hours with a tenth as a float."""
    if value is None or isinstance(value, int):
        return value
    return int(value) if value == int(value) else float(value)
