"""A table of one's own as a spreadsheet: the numbers, the definitions, and who took it away when."""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from shuangbai.reports.queries import Indicator
from shuangbai.reports.sheet import Cell, Grid, grids
from shuangbai.reports.tables import Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(table: Table, title: str, mark: str) -> bytes:
    """The table as .xlsx. Text is never taken for a formula or an address."""
    kept = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(kept, options) as book:
        book.set_properties({"title": title, "author": mark})
        sheet = _Sheet(book, _("表"), mark)
        sheet.heading(title, table)
        for grid in grids(table):
            sheet.grid(grid, table.question.rows.name)
        _definitions(_Sheet(book, _("口径"), mark), table.question.figures)
    return kept.getvalue()


class _Sheet:
    """A page that is written from the top down, with the mark in its first line and on its printed foot."""

    def __init__(self, book: Any, name: str, mark: str) -> None:
        self.page, self.line = book.add_worksheet(name), 0
        wrapped = {"text_wrap": True, "valign": "top"}
        self.bold, self.plain, self.faint = (
            book.add_format(look) for look in ({"bold": True, **wrapped}, wrapped, {"font_color": "#666666"})
        )
        self.page.set_paper(9)  # A4
        self.page.set_landscape()
        self.page.fit_to_pages(1, 0)
        self.page.set_footer(f"&L{mark.replace('&', '&&')}&R&P / &N")
        self.page.set_column(0, 0, 24)
        self.write([mark], self.faint)

    def write(self, cells: Sequence[Any], look: Any = None) -> None:
        for place, value in enumerate(cells):
            number = float(value) if isinstance(value, Decimal) else value
            self.page.write(self.line, place, number, look or self.plain)
        self.line += 1

    def heading(self, title: str, table: Table) -> None:
        question = table.question
        self.write([title], self.bold)
        self.write([_("期间"), str(question.ask.period)])
        self.write([_("范围"), question.ask.unit.name])
        if words := question.held_words:
            self.write([_("只看"), "：".join(words)])

    def grid(self, grid: Grid, rows: str) -> None:
        self.line += 1
        if grid.title:
            self.write([f"{grid.title}（{grid.figures[0].unit}）"], self.bold)
        self.write([rows, *(f"{name}（{unit}）" if unit else name for name, unit in grid.head)], self.bold)
        for row, cells in grid.body:
            self.write([row.name, *_values(cells)])
        self.write([_("合计"), *_values(grid.foot)], self.bold)
        for note in grid.notes:
            self.page.write(self.line, 0, note, self.faint)
            self.line += 1


def _values(cells: Sequence[Cell]) -> list[Any]:
    return [cell.value for cell in cells]


def _definitions(sheet: _Sheet, figures: Sequence[Indicator]) -> None:
    sheet.page.set_column(1, 1, 18)
    sheet.page.set_column(3, 3, 80)
    sheet.write([_("代码"), _("名称"), _("单位"), _("口径")], sheet.bold)
    for one in figures:
        sheet.write([one.code, one.name, one.unit, one.definition])
    sheet.write([_("合计是该指标自己的数，按同一口径另行计算，不是各格相加；作废的记录不计。")], sheet.faint)
