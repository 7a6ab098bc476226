"""Everything that templates show of a report or table, for the page and the file alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from shuangbai.core import clock
from shuangbai.households.access import Opens
from shuangbai.network.models import User
from shuangbai.reports import pictures
from shuangbai.reports.beside import beside, notes
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask, Indicator
from shuangbai.reports.remarks import of_question
from shuangbai.reports.results import COLUMNS, client_list, results, told_to
from shuangbai.reports.tables import Block, Overlap, Part, Question, Table
from shuangbai.reports.telling import SPANS_TOLD, Teller
from shuangbai.reports.templatetags.evidence import evidence_link


def mark_of(by: User, at: datetime) -> str:
    """The line on every file that is taken away: who, by account, and when they asked for it."""
    return f"{by.display_name}（{by.username}）{clock.local(at):%Y-%m-%d %H:%M} 导出"


def contents(ask: Ask, opens: Opens) -> dict[str, Any]:
    """The computed report with its pictures, as `reports/results_body.html` takes them, for who `opens` this much."""
    report, claims = told_to(results(ask), opens), beside(ask)
    return {
        "ask": ask,
        "report": report,
        "titles": report.numbered(),
        "beside": claims,
        "notes": notes(claims, {code: (one.indicator, one.value) for code, one in report.figures.items()}),
        "columns": [BY_CODE[code] for code in COLUMNS],
        "clients": client_list(ask),
        "remarks": of_question(ask),
        "map": pictures.station_map(report),
        "visits_by_month": pictures.by_month(report),
        "households_by_category": pictures.by_category(report),
        "people_by_month": pictures.by_activity_month(report),
    }


# A TABLE OF ONE'S OWN --------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Cell:
    """A number, the name that stands before it on a phone, and its list; nothing is linked where it is 0."""

    value: Any
    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """One table of the page: one figure by its columns, or several figures side by side."""

    title: str
    figures: Sequence[Indicator]
    head: Sequence[tuple[str, str]]
    body: Sequence[tuple[Part, Sequence[Cell]]]
    foot: Sequence[Cell]
    notes: Sequence[str]

    @property
    def is_wide(self) -> bool:
        """Whether a desk has no room for all columns at once."""
        return len(self.head) > WIDE


WIDE = 13


class _Linked:
    """Cells of one question, each as it is told, with the address of its list."""

    def __init__(self, question: Question) -> None:
        self.question, self.held, self.teller = question, question.held_key, Teller(question.opens)
        self.withheld: set[str] = set()  # codes of the figures of which a number is held back

    def cell(self, one: Indicator, value: Any, label: str, row: Part | None, column: Part | None = None) -> Cell:
        held, asked = dict(self.held), self.question.narrowed
        for dimension, part in ((self.question.rows, row), (self.question.columns, column)):
            if dimension and part:
                held[dimension.code], asked = part.key, asked.holding(dimension.code, part.value)
        value = self.teller.told(one, asked, value)
        if isinstance(value, str):
            self.withheld.add(one.code)
        if not value:
            return Cell(0, label)
        return Cell(value, label, evidence_link(self.question.ask, one.code, held=held))


def grids(table: Table) -> list[Grid]:
    """The table as it is drawn: with columns a grid a figure, without them one for all."""
    linked = _Linked(table.question)
    if table.columns:
        return [_by_columns(table, block, linked) for block in table.blocks]
    return [_side_by_side(table, linked)]


def _by_columns(table: Table, block: Block, linked: _Linked) -> Grid:
    one, total = block.indicator, _("合计")
    body = []
    for row in table.rows:
        cells = [linked.cell(one, block.cell(row, column), column.name, row, column) for column in table.columns]
        body.append((row, [*cells, linked.cell(one, block.row_total(row), total, row)]))
    foot = [linked.cell(one, block.column_total(column), column.name, None, column) for column in table.columns]
    foot.append(linked.cell(one, block.total, total, None))
    head = [*((column.name, "") for column in table.columns), (total, one.unit)]
    return Grid(one.name, [one], head, body, foot, _notes(block, linked))


def _side_by_side(table: Table, linked: _Linked) -> Grid:
    figures = [block.indicator for block in table.blocks]
    body = [
        (row, [linked.cell(block.indicator, block.row_total(row), block.indicator.name, row) for block in table.blocks])
        for row in table.rows
    ]
    foot = [linked.cell(block.indicator, block.total, block.indicator.name, None) for block in table.blocks]
    head = [(one.name, one.unit) for one in figures]
    return Grid("", figures, head, body, foot, _once(note for block in table.blocks for note in _notes(block, linked)))


def _once(notes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(notes))


def _notes(block: Block, linked: _Linked) -> list[str]:
    """What is said under a figure. By how much parts exceed the whole would give away a number that is held back."""
    if block.indicator.code in linked.withheld:
        said = _("保密类别的数，不足5的显示为「＜5」；能由别的数推出来的，或分得太细的，显示为「不公开」。")
        return [said, _(SPANS_TOLD)]
    return [note for overlap in block.overlaps for note in _said(block.indicator, overlap)]


def _said(one: Indicator, overlap: Overlap) -> list[str]:
    """How the parts of a dimension stand to the total, in words."""
    words = {"figure": one.name, "by": overlap.dimension.name, "unit": one.unit}
    said = []
    if overlap.twice:
        told = _("%(figure)s：按%(by)s各项相加比合计多 %(n)s %(unit)s。同时属于几项的在每一项里都计，合计只计一次。")
        said.append(told % {**words, "n": f"{overlap.twice:,}"})
    if overlap.outside:
        told = _("%(figure)s：另有 %(n)s %(unit)s没有%(by)s可分（例如没有见到人），只计在合计里。")
        said.append(told % {**words, "n": f"{overlap.outside:,}"})
    return said
