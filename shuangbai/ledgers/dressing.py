"""How cells of a workbook look: a style that is another one in a colour, and those of the list of what to correct."""

from copy import deepcopy

from lxml import etree

from shuangbai.ledgers.marks import WARNING, WRONG
from shuangbai.ledgers.parts import MAIN, WORKBOOK, Parts, Unmarkable, parsed, written

_M = f"{{{MAIN}}}"


class Styles:
    """The styles of a workbook. A style is its number among the cells' formats."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._name = next(iter(parts.related(WORKBOOK, "styles").values()), "")
        self._root = parsed(parts[self._name])
        self._fonts, self._fills, self._formats = (self._list(name) for name in ("fonts", "fills", "cellXfs"))
        self._known: dict[tuple[int, str | None], int] = {}
        self._own: dict[str, int] = {}

    def _list(self, name: str) -> etree._Element:
        found = self._root.find(_M + name)
        if found is None or not len(found):
            raise Unmarkable(f"no {name} among the styles")
        return found

    def in_colour(self, style: int, colour: str | None) -> int:
        """The style with a colour behind it; with None as it was before it had one of ours."""
        if (style, colour) not in self._known:
            self._known[style, colour] = self._make(style, colour)
        return self._known[style, colour]

    def _make(self, style: int, colour: str | None) -> int:
        before = self._formats[style if style < len(self._formats) else 0]
        fill = self._fill(colour) if colour else 0
        if before.get("fillId", "0") == str(fill) or (colour is None and not self._is_ours(before)):
            return style
        made = deepcopy(before)
        made.set("fillId", str(fill))
        made.set("applyFill", "1")
        return _append(self._formats, made)

    def _is_ours(self, style: etree._Element) -> bool:
        number = int(style.get("fillId", "0"))
        colours = self._fills[number].iter(_M + "fgColor") if number < len(self._fills) else ()
        return any(colour.get("rgb", "").upper() in (WRONG, WARNING) for colour in colours)

    def _fill(self, colour: str) -> int:
        if colour not in self._own:
            made = etree.Element(_M + "fill")
            pattern = etree.SubElement(made, _M + "patternFill", patternType="solid")
            etree.SubElement(pattern, _M + "fgColor", rgb=colour)
            etree.SubElement(pattern, _M + "bgColor", indexed="64")
            self._own[colour] = _append(self._fills, made)
        return self._own[colour]

    def plain(self, *, bold: bool = False, link: bool = False, colour: str | None = None) -> int:
        """A style of the list: text that breaks its lines."""
        font = deepcopy(self._fonts[0])
        for name in ("b", "u", "color"):
            for old in font.findall(_M + name):
                font.remove(old)
        if bold:
            font.insert(0, etree.Element(_M + "b"))
        if link:
            size = font.find(_M + "sz")
            at = 0 if size is None else list(font).index(size)
            font.insert(at, etree.Element(_M + "u"))
            font.insert(at + (2 if size is not None else 1), etree.Element(_M + "color", rgb="FF1F5FA8"))
        made = etree.Element(
            _M + "xf", numFmtId="49", borderId="0", xfId="0", applyNumberFormat="1", applyFont="1", applyAlignment="1",
            fontId=str(_append(self._fonts, font)), fillId=str(self._fill(colour) if colour else 0),
            applyFill=str(int(colour is not None)),
        )  # fmt: skip
        etree.SubElement(made, _M + "alignment", vertical="top", wrapText="1")
        return _append(self._formats, made)

    def keep(self) -> None:
        self._parts[self._name] = written(self._root)


def _append(among: etree._Element, one: etree._Element) -> int:
    among.append(one)
    among.set("count", str(len(among)))
    return len(among) - 1
