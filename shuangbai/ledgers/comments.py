"""The comments of a sheet: ours put in and taken out again, other people's kept."""

import re
from collections.abc import Mapping

from lxml import etree

from shuangbai.ledgers.letters import column_of, letters
from shuangbai.ledgers.marks import COMMENT
from shuangbai.ledgers.parts import MAIN, Parts, Unmarkable, parsed, written
from shuangbai.ledgers.splicing import Cell

_M = f"{{{MAIN}}}"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")
_SHAPE = re.compile(rb"<v:shape[\s>].*?</v:shape>", re.DOTALL)
_ROW, _COLUMN = re.compile(rb"<x:Row>\s*(\d+)"), re.compile(rb"<x:Column>\s*(\d+)")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EMPTY = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"></xml>'
)
_BOX = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_NOTE = (
    '<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;visibility:hidden" fillcolor="#ffffe1" '
    'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
    '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 15, {top}, 2, {right}, 15, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_ON_A_LINE = 20  # characters, in a box of three columns


def writable(text: str) -> str:
    """The text without what XML cannot hold."""
    return _UNWRITABLE.sub("", text)


class Comments:
    """The comments of one sheet, which is the part `sheet`."""

    def __init__(self, parts: Parts, sheet: str) -> None:
        self._parts, self._sheet = parts, sheet
        self._name = next(iter(parts.related(sheet, "comments").values()), "")
        self._root = parsed(parts[self._name]) if self._name else _no_comments()
        self._list = self._root.find(_M + "commentList")
        if self._list is None:
            raise Unmarkable("comments without a list")
        self._by_cell = {
            (int(match[2]) - 1, column_of(match[1]) or 0): one
            for one in self._list
            if (match := _REFERENCE.fullmatch(one.get("ref", "")))
        }

    def marked(self) -> set[Cell]:
        """The cells with a comment of ours."""
        return {cell for cell, one in self._by_cell.items() if COMMENT in _text(one)}

    def write(self, texts: Mapping[Cell, str], drawing: str | None) -> str | None:
        """Ours away, these instead. `drawing`: the key of the drawing that the sheet has. The key of a new one."""
        gone = self.marked()
        if not texts and not gone:
            return None
        before = {cell: _text(self._by_cell[cell]) for cell in {*texts, *gone} if cell in self._by_cell}
        for cell in before:
            self._list.remove(self._by_cell[cell])
        others = {cell: text.partition(COMMENT)[0].rstrip() for cell, text in before.items()}
        said = {cell: text for cell, text in others.items() if text}
        for cell, text in texts.items():
            said[cell] = "\n\n".join(filter(None, [said.get(cell), f"{COMMENT}\n{text}"]))
        author = self._author()
        for (row, column), text in sorted(said.items()):
            one = etree.SubElement(self._list, _M + "comment", ref=f"{letters(column)}{row + 1}", authorId=author)
            etree.SubElement(etree.SubElement(one, _M + "text"), _M + "t").text = writable(text)
        if self._name:
            self._parts[self._name] = written(self._root)
        else:
            self._name = self._parts.unused("xl/comments{}.xml")
            self._parts.add(self._name, "comments", written(self._root))
            self._parts.relate(self._sheet, "comments", self._name)
        return self._draw({*before, *texts}, said, drawing)

    def _author(self) -> str:
        authors = self._root.find(_M + "authors")
        if authors is None:
            raise Unmarkable("comments without authors")
        etree.SubElement(authors, _M + "author").text = "导入核对"
        return str(len(authors) - 1)

    def _draw(self, changed: set[Cell], said: Mapping[Cell, str], drawing: str | None) -> str | None:
        name = self._parts.related(self._sheet, "vmlDrawing").get(drawing or "")
        old = self._parts[name] if name else _EMPTY
        if b"</xml>" not in old:
            raise Unmarkable("a drawing of comments that is none")
        kept = _SHAPE.sub(lambda match: b"" if _cell_of(match[0]) in changed else match[0], old)
        head, _, tail = kept.rpartition(b"</xml>")
        box = b"" if b'id="_x0000_t202"' in head else _BOX
        first = 1 + max([1024, *(int(number) for number in re.findall(rb'id="_x0000_s(\d{1,9})"', head))])
        notes = [_note(first + number, cell, text) for number, (cell, text) in enumerate(sorted(said.items()))]
        new = b"".join([head, box, "".join(notes).encode(), b"</xml>", tail])
        if name:
            self._parts[name] = new
            return None
        name = self._parts.unused("xl/drawings/vmlDrawing{}.vml")
        self._parts[name] = new
        self._parts.know_drawings()
        return self._parts.relate(self._sheet, "vmlDrawing", name)


def _no_comments() -> etree._Element:
    root = etree.Element(_M + "comments", nsmap={None: MAIN})
    etree.SubElement(root, _M + "authors")
    etree.SubElement(root, _M + "commentList")
    return root


def _text(comment: etree._Element) -> str:
    return "".join(piece.text or "" for piece in comment.iter(_M + "t"))


def _cell_of(shape: bytes) -> Cell | None:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    return (int(row[1]), int(column[1])) if row and column and b'ObjectType="Note"' in shape else None


def _note(number: int, cell: Cell, text: str) -> str:
    row, column = cell
    lines = sum(1 + len(line) // _ON_A_LINE for line in text.split("\n"))
    top = max(0, row - 1)
    return _NOTE.format(
        id=number, row=row, column=column, left=column + 1, right=column + 4, top=top, bottom=top + lines + 2
    )
