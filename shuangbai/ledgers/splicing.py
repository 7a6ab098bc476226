"""The XML of a sheet with other styles on some of its cells. Every other byte of it stays as it is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from shuangbai.ledgers.letters import column_of, letters
from shuangbai.ledgers.parts import MAIN, OFFICE, Unmarkable

Cell = tuple[int, int]  # row and column, from 0
# What may stand behind the drawing of a sheet's comments.
_BEHIND = frozenset(
    "legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst AlternateContent".split()
)
_STYLE = re.compile(rb"\ss=([\"'])\d+\1")
_SELECTED = re.compile(rb"\stabSelected=([\"'])(?:1|true)\1")
_DRAWING = re.compile(rb"<(?:\w+:)?legacyDrawing\s[^>]*?:id=([\"'])([^\"']+)\1")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")


def drawing_of(xml: bytes) -> str | None:
    """The key of the drawing of comments that a sheet has."""
    match = _DRAWING.search(xml)
    return match[2].decode() if match else None


def splice(
    xml: bytes, cells: Mapping[Cell, str | None], style_of: Callable[[int, str | None], int], drawing: str | None
) -> bytes:
    """The sheet with each cell's style changed by `style_of` (the style that it has, what `cells` says).

    Cells that are not there are made. `drawing`: the key of a drawing of comments to name, for a sheet that has none.
    No sheet stays selected: what is typed into one of two selected sheets stands in both.
    """
    parser = expat.ParserCreate()
    reading = _Reading(xml, cells, style_of, parser)
    parser.StartElementHandler, parser.EndElementHandler = reading.start, reading.end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    parser.XmlDeclHandler = _check_encoding
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError) as error:
        raise Unmarkable("a sheet is no XML") from error
    if drawing:
        if drawing_of(xml):
            raise Unmarkable("the sheet names a drawing that is not there")
        tag = f'<{reading.prefix}legacyDrawing xmlns:r="{OFFICE}" r:id="{drawing}"/>'.encode()
        reading.edits.append((reading.behind, reading.behind, tag))
    return reading.result()


def _refuse(*_: object) -> None:
    raise Unmarkable("a sheet has a document type")


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if (encoding or "utf-8").lower() not in ("utf-8", "us-ascii", "ascii"):
        raise Unmarkable("a sheet is in another encoding")


@dataclass(slots=True)
class _Reading:
    """What the parser has come past, and what is to be changed: from, to, by what."""

    xml: bytes
    cells: Mapping[Cell, str | None]
    style_of: Callable[[int, str | None], int]
    parser: expat.XMLParserType
    edits: list[tuple[int, int, bytes]] = field(default_factory=list)
    behind: int = -1
    prefix: str = ""
    depth: int = 0
    row: int = -1
    column: int = -1
    row_tag: int = 0  # where the start of the row ends
    waiting: list[int] = field(default_factory=list)
    by_row: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row, column in sorted(self.cells):
            self.by_row.setdefault(row, []).append(column)

    def _at(self) -> int:
        return self.parser.CurrentByteIndex

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        name = tag.rpartition(":")[2]
        if self.depth == 4 and name == "c":
            self._cell(attributes)
        elif self.depth == 3 and name == "row":
            self._row(attributes)
        elif self.depth == 1:
            self.prefix = tag[: -len(name)]
            if name != "worksheet" or attributes.get(f"xmlns:{self.prefix[:-1]}".rstrip(":")) != MAIN:
                raise Unmarkable("not an ordinary sheet")
        elif self.depth == 3 and name == "sheetView":
            at = self._at()
            end = self.xml.index(b">", at) + 1
            self.edits.append((at, end, _SELECTED.sub(b"", self.xml[at:end])))
        elif self.depth == 2 and name in _BEHIND and self.behind < 0:
            self.behind = self._at()

    def _row(self, attributes: dict[str, str]) -> None:
        self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
        self.column = -1
        self.waiting = list(self.by_row.get(self.row, ()))
        if self.waiting:
            self.row_tag = self.xml.index(b">", self._at()) + 1

    def _cell(self, attributes: dict[str, str]) -> None:
        match = _REFERENCE.fullmatch(attributes.get("r", ""))
        self.column = (column_of(match[1]) or 0) if match else self.column + 1
        if not self.waiting:
            return
        at = self._at()
        before = [column for column in self.waiting if column < self.column]
        if before:
            self.edits.append((at, at, self._made(before)))
        if self.column in self.waiting:
            style = int(attributes.get("s", "0"))
            wanted = self.style_of(style, self.cells[self.row, self.column])
            end = self.xml.index(b">", at) + 1
            self.edits.append((at, end, _with_style(self.xml[at:end], wanted)))
        self.waiting = [column for column in self.waiting if column > self.column]

    def _made(self, columns: list[int]) -> bytes:
        made = []
        for column in columns:
            colour = self.cells[self.row, column]
            if colour:
                style = self.style_of(0, colour)
                made.append(f'<{self.prefix}c r="{letters(column)}{self.row + 1}" s="{style}"/>')
        return "".join(made).encode()

    def end(self, tag: str) -> None:
        self.depth -= 1
        name = tag.rpartition(":")[2]
        if self.depth == 2 and name == "row" and self.waiting:
            end = self.row_tag
            made, self.waiting = self._made(self.waiting), []
            if self.xml[end - 2 : end] == b"/>":
                self.edits.append((end - 2, end, b">" + made + f"</{tag}>".encode()))
            else:
                self.edits.append((self._at(), self._at(), made))
        elif self.depth == 0 and self.behind < 0:
            self.behind = self._at()

    def result(self) -> bytes:
        pieces, reached = [], 0
        for at, end, text in sorted(self.edits, key=lambda edit: edit[:2]):
            pieces += [self.xml[reached:at], text]
            reached = end
        return b"".join([*pieces, self.xml[reached:]])


def _with_style(tag: bytes, style: int) -> bytes:
    """The start of a cell with another style."""
    bare = _STYLE.sub(b"", tag)
    end = -2 if bare.endswith(b"/>") else -1
    return bare[:end].rstrip() + f' s="{style}"'.encode() + bare[end:]
