"""A list as a workbook that the importer reads back: headings in its words, every text as text."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from shuangbai.core.findings import Refused
from shuangbai.desk.gathering import Column

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 50_000
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_HEADER = 2  # the row, from 0: above it the title and who took the list away


@dataclass(slots=True)
class Book:
    """A workbook and how many rows of data it has."""

    data: bytes
    rows: int


def workbook(title: str, mark: str, columns: Sequence[Column], lines: Iterable[Any]) -> Book:
    """The lines as they come, each once, no more of them in memory than one. Raises Refused beyond MOST_ROWS.

    The rows wait in a file of this process alone; a list that shows what is masked never touches the disk.
    """
    with TemporaryDirectory(prefix="shuangbai-list-") as folder:
        secret = any(column.opened for column in columns)
        where = {"in_memory": True} if secret else {"constant_memory": True, "tmpdir": folder}
        return _made(where, title, mark, columns, lines)


def _made(where: dict[str, Any], title: str, mark: str, columns: Sequence[Column], lines: Iterable[Any]) -> Book:
    kept, count = io.BytesIO(), 0
    with xlsxwriter.Workbook(kept, {**_PLAIN, **where}) as book:
        book.set_properties({"title": title, "author": mark})
        page = book.add_worksheet(title)
        _frame(book, page, title, mark, columns)
        number = book.add_format({"valign": "top"})
        for count, line in enumerate(lines, 1):
            if count > MOST_ROWS:
                raise Refused.because("kind", f"超过 {MOST_ROWS} 行，请先缩小筛选，分几次导出")
            for place, column in enumerate(columns):
                _write(page, _HEADER + count, place, column.value(line), number)
    return Book(kept.getvalue(), count)


def _write(page: Any, row: int, place: int, value: str | int, number: Any) -> None:
    if isinstance(value, int):
        page.write_number(row, place, value, number)
    elif value:
        page.write_string(row, place, value)


def _frame(book: Any, page: Any, title: str, mark: str, columns: Sequence[Column]) -> None:
    """Title, mark and headings. Columns are text, so that what somebody types into them stays as typed."""
    text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    heading = book.add_format(
        {"bold": True, "valign": "vcenter", "text_wrap": True, "bg_color": "#EDF2F7", "bottom": 1}
    )
    page.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    page.write_string(1, 0, mark, book.add_format({"font_color": "#666666"}))
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width, text)
        page.write_string(_HEADER, place, column.heading, heading)
    page.freeze_panes(_HEADER + 1, 0)
    page.set_paper(9)  # A4
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEADER)
    page.set_footer(f"&L{mark.replace('&', '&&')}&R&P / &N")
