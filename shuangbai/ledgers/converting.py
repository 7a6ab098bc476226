"""A workbook of any kind as an .xlsx file with the same rows, columns and merged cells: values only."""

import io
from contextlib import suppress
from datetime import date, datetime, time
from math import isfinite
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.worksheet import Worksheet

from shuangbai.ledgers.comments import writable
from shuangbai.ledgers.reading import Book, Sheet
from shuangbai.ledgers.zipped import Unopenable

_WITHOUT_NAME = "台账"
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_LONGEST = 32_767  # characters that a cell of the format holds
_FIRST_YEAR = 1901  # before March 1900 the format counts a day that never was


def as_xlsx(book: Book) -> tuple[bytes, list[str]]:
    """The file, and the names of its sheets, in order. Raises Unopenable where it has more rows than the format."""
    out = io.BytesIO()
    names: list[str] = []
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as new:
        formats = {
            date: new.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: new.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            time: new.add_format({"num_format": "hh:mm:ss"}),
        }
        for one in book.sheets:
            if len(one.rows) > _MOST_ROWS or max(map(len, one.rows), default=0) > _MOST_COLUMNS:
                raise Unopenable("行数超过一个工作表能放的，请分成几个文件再上传")
            sheet = new.add_worksheet(_name(one.name, names))
            names.append(sheet.get_name())
            if one.hidden:
                sheet.hide()
            _merge(sheet, one)
            for row, values in enumerate(one.rows):
                for column, value in enumerate(values):
                    if value is not None:
                        _write(sheet, row, column, value, formats)
    return out.getvalue(), names


def _name(name: str, taken: list[str]) -> str:
    """The name as the format allows it: 31 characters, some marks not, and none twice whatever the letters' case."""
    bare = "".join("_" if mark in "[]:*?/\\" else mark for mark in writable(name)).strip("'")[:31] or _WITHOUT_NAME
    others = {other.lower() for other in taken}
    tries = [bare, *(f"{bare[:27]}({number})" for number in range(2, len(taken) + 3))]
    return next(one for one in tries if one.lower() not in others)


def _merge(sheet: Worksheet, one: Sheet) -> None:
    """The merges as far as the table goes; of two that overlap, which no program would open, the first."""
    last_row, last_column = len(one.rows) - 1, max(map(len, one.rows), default=0) - 1
    for top, left, bottom, right in one.merges:
        end = max(top, min(bottom, last_row)), max(left, min(right, last_column))
        if (top, left) != end:
            with suppress(OverlappingRange):
                sheet.merge_range(top, left, *end, "")


def _write(sheet: Worksheet, row: int, column: int, value: Any, formats: dict[type, Any]) -> None:
    kind = type(value)
    if kind is bool:
        sheet.write_boolean(row, column, value)
    elif kind is float and isfinite(value):
        sheet.write_number(row, column, value)
    elif kind in formats and (kind is time or value.year >= _FIRST_YEAR):
        sheet.write_datetime(row, column, value, formats[kind])
    else:
        sheet.write_string(row, column, writable(str(value))[:_LONGEST])
