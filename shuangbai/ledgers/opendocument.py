"""The sheets of an OpenDocument file, from its content alone: values, merged cells, what is hidden.

Repeated rows and cells are written once in the file, however often they stand; what is empty is only counted, so that
a sheet that is 'repeated' a million times to its foot costs nothing.
"""

import re
from datetime import date, datetime, time
from typing import Any
from xml.parsers import expat

from shuangbai.ledgers.zipped import MOST_CELLS, Unopenable

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)")
MOST_COLUMNS = 1024
Parts = tuple[str, list[list[Any]], list[tuple[int, int, int, int]], bool]


def sheets(content: bytes) -> list[Parts]:
    """Name, rows, merged ranges and whether it is hidden, for each sheet. Raises Unopenable for broken XML."""
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, OverflowError) as error:
        raise Unopenable("文件已损坏，请打开后另存为 .xlsx 再上传") from error
    return reading.found


class _Reading:
    """What the parser has come past."""

    def __init__(self) -> None:
        self.found: list[Parts] = []
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.rows: list[list[Any]] = []
        self.merges: list[tuple[int, int, int, int]] = []
        self.row: list[Any] = []
        self.name, self.hidden = "", False
        self.row_times, self.waiting, self.cells = 1, 0, 0
        self.cell: dict[str, str] | None = None
        self.pieces: list[str] = []
        self.paragraphs = 0
        self.notes = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _STYLE + "style":
            self.style = attributes.get(_STYLE + "name", "")
        elif tag == _STYLE + "table-properties" and attributes.get(_TABLE + "display") == "false":
            self.hidden_styles.add(self.style)
        elif tag == _TABLE + "table":
            self.rows, self.merges, self.waiting, self.cells = [], [], 0, 0
            self.name = attributes.get(_TABLE + "name", "")
            self.hidden = attributes.get(_TABLE + "style-name", "") in self.hidden_styles
        elif tag == _TABLE + "table-row":
            self.row, self.row_times = [], _times(attributes, "rows")
        elif tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            self.cell, self.pieces, self.paragraphs = attributes, [], 0
        elif tag == _OFFICE + "annotation":
            self.notes += 1
        elif self.cell is not None and not self.notes:
            self._inside(tag, attributes)

    def _inside(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _TEXT + "p":
            if self.paragraphs:
                self.pieces.append("\n")
            self.paragraphs += 1
        elif tag == _TEXT + "s":
            self.pieces.append(" " * min(int(attributes.get(_TEXT + "c", "1")), 100))
        elif tag == _TEXT + "line-break":
            self.pieces.append("\n")
        elif tag == _TEXT + "tab":
            self.pieces.append("\t")

    def text(self, data: str) -> None:
        if self.cell is not None and self.paragraphs and not self.notes:
            self.pieces.append(data)

    def end(self, tag: str) -> None:
        if tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell") and self.cell is not None:
            self._end_cell(self.cell)
            self.cell = None
        elif tag == _TABLE + "table-row":
            self._end_row()
        elif tag == _TABLE + "table":
            self.found.append((self.name, self.rows, self.merges, self.hidden))
        elif tag == _OFFICE + "annotation":
            self.notes -= 1

    def _end_cell(self, attributes: dict[str, str]) -> None:
        value = _value(attributes, "".join(self.pieces))
        times = _times(attributes, "columns")
        down = int(attributes.get(_TABLE + "number-rows-spanned", "1"))
        right = int(attributes.get(_TABLE + "number-columns-spanned", "1"))
        if down > 1 or right > 1:
            top, left = len(self.rows) + self.waiting, len(self.row)
            self.merges.append((top, left, top + down - 1, left + right - 1))
        self.row += [value] * min(times, MOST_COLUMNS - len(self.row))

    def _end_row(self) -> None:
        while self.row and self.row[-1] is None:
            self.row.pop()
        if not self.row:
            self.waiting += self.row_times
            return
        self.cells += (self.waiting + self.row_times) * len(self.row)
        if self.cells > MOST_CELLS:
            raise Unopenable(f"工作表「{self.name}」太大，请删去空行空列，或分成几个文件")
        self.rows += [[] for _ in range(self.waiting)]
        self.rows += [list(self.row) for _ in range(self.row_times)]
        self.waiting = 0


def _times(attributes: dict[str, str], what: str) -> int:
    return max(1, int(attributes.get(f"{_TABLE}number-{what}-repeated", "1")))


def _value(attributes: dict[str, str], text: str) -> Any:
    kind = attributes.get(_OFFICE + "value-type", "")
    if kind in ("float", "percentage", "currency"):
        return float(attributes.get(_OFFICE + "value", "0"))
    if kind == "boolean":
        return attributes.get(_OFFICE + "boolean-value") == "true"
    if kind == "date":
        written = attributes.get(_OFFICE + "date-value", "")
        return datetime.fromisoformat(written[:19]) if "T" in written else date.fromisoformat(written)
    if kind == "time" and (match := _DURATION.match(attributes.get(_OFFICE + "time-value", ""))):
        return time(int(match[1]) % 24, int(match[2]), int(match[3]))
    return text or None
