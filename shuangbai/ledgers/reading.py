"""A file that somebody brings, as sheets of plain values: .xlsx, .xls, .ods and separated text. Nothing is run.

What a file is, its bytes say and not its name. Values are text, float, bool, date, datetime, time or None; a number
is always a float, so that an identity number that was kept as a number is known as one. Rows are those of the sheet:
the first row of `rows` is row 1.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from shuangbai.ledgers import opendocument, separated, zipped
from shuangbai.ledgers.zipped import MOST_CELLS, Unopenable

MOST_BYTES = 40 * 1024 * 1024
Merge = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0
_AS_IT_IS = {str, float, bool, date, datetime, time}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(slots=True)
class Sheet:
    """One sheet as it stands. Of a `hidden` one nothing is understood, and no more is read than must be."""

    name: str
    rows: list[list[Any]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidden: bool = False


@dataclass(slots=True)
class Book:
    """A workbook; in text the one sheet has no name. `from_1904`: day 0 of its serial numbers is 1904-01-01."""

    sheets: list[Sheet]
    from_1904: bool = False


def open_book(data: bytes, *, with_hidden: bool = False) -> Book:
    """The workbook in these bytes; hidden sheets only with their names, or wholly.

    Raises Unopenable, with a sentence for the person, for anything else.
    """
    if not data:
        raise Unopenable("文件是空的，请检查是否保存成功")
    if len(data) > MOST_BYTES:
        raise Unopenable(f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请按月或按村分成几个文件")
    if data.startswith(b"PK"):
        return _zipped(data, with_hidden)
    if data.startswith(_OLE):
        return Book(_sheets(data, with_hidden))
    if data.lstrip()[:200].lower().startswith((b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta")):
        raise Unopenable("这是网页存成的表格，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传")
    return Book([Sheet("", separated.records(data))])


def _zipped(data: bytes, with_hidden: bool) -> Book:
    package = zipped.check(data)
    if package.is_opendocument:
        return Book([Sheet(*parts) for parts in opendocument.sheets(package.content)])
    if not package.is_workbook:
        raise Unopenable("这不是 Excel、WPS 或 ODS 表格，请另存为 .xlsx 再上传")
    return Book(_sheets(data, with_hidden), from_1904=package.from_1904)


def _sheets(data: bytes, with_hidden: bool) -> list[Sheet]:
    book = _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))
    found = []
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = Sheet(meta.name, hidden=meta.visible != SheetVisibleEnum.Visible)
        if with_hidden or not sheet.hidden:
            _fill(sheet, book)
        found.append(sheet)
    return found


def _fill(sheet: Sheet, book: CalamineWorkbook) -> None:
    read = _guarded(lambda: book.get_sheet_by_name(sheet.name))
    if read.total_height * read.total_width > MOST_CELLS:
        raise Unopenable(f"工作表「{sheet.name}」太大，请删去空行空列，或分成几个文件")
    sheet.rows = [[v if type(v) in _AS_IT_IS and v != "" else _plain(v) for v in row] for row in read.iter_rows()]
    above, left = read.start or (0, 0)
    if left:
        sheet.rows = [[None] * left + row for row in sheet.rows]
    # iter_rows begins at row 1 or at the first row with something in it, by version: the height tells which.
    sheet.rows[:0] = [[] for _ in range(above - max(0, len(sheet.rows) - read.height))]
    sheet.merges = [(top, first, bottom, last) for (top, first), (bottom, last) in read.merged_cell_ranges or ()]


def _plain(value: Any) -> Any:
    """Empty text as nothing, whole numbers as floats, a duration as the time of day that it shows."""
    if value == "":
        return None
    if type(value) is int:
        return float(value)
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds()) % 86400
        return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    return value


def _guarded(read: Callable[[], Any]) -> Any:
    """What the reader gives. Raises Unopenable for its errors; a panic inside it is an error like others."""
    try:
        return read()
    except PasswordError as error:
        raise Unopenable("文件有密码，请去掉密码另存一份再上传") from error
    except (CalamineError, OSError, ValueError) as error:
        raise Unopenable("文件已损坏或不是表格，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Unopenable("文件已损坏，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传") from error
