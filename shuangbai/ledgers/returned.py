"""Wrong rows go back as the workbook that came: the cells coloured, a comment in each, a list of all in front.

An .xlsx file stays as it is, byte for byte, in all that is not about these cells: formulas with the values that they
last had, pictures, widths, hidden sheets. What comes in another format goes back as .xlsx with the same rows, columns
and merged cells. Marks of an earlier return are taken away first.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from shuangbai.ledgers.cells import plain
from shuangbai.ledgers.comments import Comments, writable
from shuangbai.ledgers.converting import as_xlsx
from shuangbai.ledgers.dressing import Styles
from shuangbai.ledgers.judging import Issue
from shuangbai.ledgers.letters import column_of, letters
from shuangbai.ledgers.marks import FIRST_SHEET, TITLE, WARNING, WRONG, is_first_sheet
from shuangbai.ledgers.parts import MAIN, OFFICE, WORKBOOK, Parts, Unmarkable
from shuangbai.ledgers.reading import Book, Sheet, open_book
from shuangbai.ledgers.splicing import Cell, drawing_of, splice

_M = f"{{{MAIN}}}"
_MOST_LINES = 60_000  # a sheet holds 65,530 links
_LONGEST = 300  # characters of a cell that the list shows
_WIDTHS = (16, 7, 9, 30, 74, 8)
_TOLD = 2  # the last row over the whole width
_HEADINGS = ("工作表", "行", "列", "现在写的", "哪里不对，怎样才对", "轻重")


@dataclass(slots=True)
class Faults:
    """What was found on one sheet."""

    wrong: Sequence[Issue] = ()
    warnings: Sequence[Issue] = ()


@dataclass(slots=True)
class _Place:
    """A cell with what is said of it: sentences, each with the rows (from 1) that it is about, in order."""

    sheet: str
    cell: Cell
    value: str
    is_wrong: bool = False
    said: dict[str, list[int]] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        return f"{letters(self.cell[1])}{self.cell[0] + 1}"

    @property
    def text(self) -> str:
        return "\n".join(f"{_rows(rows, self.cell[0] + 1)}{sentence}" for sentence, rows in self.said.items())


def name_of_returned(name: str) -> str:
    """What the file is called that goes back for one of this name."""
    stem, dot, _ = name.rpartition(".")
    return f"{(stem if dot else name) or '台账'}.xlsx"


def return_workbook(data: bytes, faults: Mapping[str, Faults]) -> bytes:
    """The workbook in `data` as .xlsx with its faults marked; `faults` by the names of sheets.

    Raises zipped.Unopenable for what cannot be read, or has more rows than the format.
    """
    book = open_book(data, with_hidden=True)
    if data.startswith(b"PK"):
        try:
            return _marked(data, book, faults)
        except (
            Unmarkable,
            ValueError,
        ):  # put together in a way of its own, or not .xlsx: its values are kept, not its looks
            pass
    book.sheets = [sheet for sheet in book.sheets if not is_first_sheet(sheet.rows)]
    plainly, names = as_xlsx(book)
    said = {new: faults[sheet.name] for sheet, new in zip(book.sheets, names, strict=True) if sheet.name in faults}
    for sheet, new in zip(book.sheets, names, strict=True):
        sheet.name = new
    return _marked(plainly, book, said)


def _marked(data: bytes, book: Book, faults: Mapping[str, Faults]) -> bytes:
    parts = Parts(data)
    styles = Styles(parts)
    places: list[_Place] = []
    for sheet in book.sheets:
        if sheet.name in parts.sheets and not is_first_sheet(sheet.rows):
            found = list(_places(sheet, faults.get(sheet.name, Faults())))
            _mark(parts, parts.sheets[sheet.name], styles, found)
            places += found
    _list_first(parts, styles, places, [sheet.name for sheet in book.sheets if is_first_sheet(sheet.rows)])
    styles.keep()
    return parts.to_bytes()


# WHERE -----------------------------------------------------------------------


def _places(sheet: Sheet, faults: Faults) -> Iterable[_Place]:
    """The cells of a sheet that something is said of, in order of rows."""
    found: dict[Cell, _Place] = {}
    issues = [(issue, True) for issue in faults.wrong] + [(issue, False) for issue in faults.warnings]
    cells = [_cell_of(issue, sheet) for issue, _ in issues]
    covered = _covered(sheet, cells)
    for (issue, is_wrong), own in zip(issues, cells, strict=True):
        cell = covered.get(own, own)
        if cell not in found:
            found[cell] = _Place(sheet.name, cell, _shown(sheet, cell))
        found[cell].is_wrong |= is_wrong
        found[cell].said.setdefault(issue.sentence, []).append(issue.row)
    return (found[cell] for cell in sorted(found))


def _covered(sheet: Sheet, cells: Iterable[Cell]) -> dict[Cell, Cell]:
    """Of cells that a merge covers, the one that holds its value."""
    ordered = sorted(set(cells))
    found = {}
    for top, left, bottom, right in sheet.merges:
        for cell in ordered[bisect_left(ordered, (top, left)) : bisect_right(ordered, (bottom, right))]:
            if left <= cell[1] <= right:
                found[cell] = (top, left)
    return found


def _cell_of(issue: Issue, sheet: Sheet) -> Cell:
    """The cell that holds what an issue is about; of a whole row its first cell with something in it."""
    row = (issue.merged_at or issue.row) - 1
    column = column_of(issue.column) if issue.column else None
    if column is None:
        values = sheet.rows[row] if row < len(sheet.rows) else []
        column = next((number for number, value in enumerate(values) if value is not None), 0)
    return row, column


def _shown(sheet: Sheet, cell: Cell) -> str:
    row, column = cell
    values: Sequence[Any] = sheet.rows[row] if row < len(sheet.rows) else ()
    return plain(values[column])[:_LONGEST] if column < len(values) else ""


def _rows(rows: Sequence[int], own: int) -> str:
    """Which rows a sentence is about, where it is not the cell's own alone."""
    if set(rows) == {own}:
        return ""
    ordered = sorted(set(rows))
    if len(ordered) > 2 and len(ordered) == ordered[-1] - ordered[0] + 1:
        return f"第{ordered[0]}至{ordered[-1]}行："
    return f"第{'、'.join(map(str, ordered))}行："


def _mark(parts: Parts, name: str, styles: Styles, places: Sequence[_Place]) -> None:
    comments = Comments(parts, name)
    colours: dict[Cell, str | None] = dict.fromkeys(comments.marked())
    colours |= {place.cell: WRONG if place.is_wrong else WARNING for place in places}
    new = comments.write({place.cell: place.text for place in places}, drawing_of(parts[name]))
    parts[name] = splice(parts[name], colours, styles.in_colour, new)


# THE LIST IN FRONT -----------------------------------------------------------


def _list_first(parts: Parts, styles: Styles, places: Sequence[_Place], earlier: Sequence[str]) -> None:
    """The list as the first sheet; the one of an earlier return is written anew."""
    sheets = parts.workbook.find(_M + "sheets")
    before = list(sheets)
    for one in before:
        if one.get("name") in earlier[1:]:
            one.set("state", "hidden")  # a copy that somebody made; taking it out would leave names that point nowhere
    xml = _list_xml(styles, places)
    own = next((one for one in before if one.get("name") in earlier[:1]), None)
    if own is not None:
        parts[parts.sheets[own.get("name")]] = xml
    else:
        part = parts.unused("xl/worksheets/sheet{}.xml")
        parts.add(part, "worksheet", xml)
        key = parts.relate(WORKBOOK, "worksheet", part)
        number = 1 + max(int(one.get("sheetId", "0")) for one in before)
        own = etree.SubElement(sheets, _M + "sheet", {f"{{{OFFICE}}}id": key}, name=_free(before), sheetId=str(number))
    sheets.insert(0, own)
    own.attrib.pop("state", None)
    after = list(sheets)
    for name in parts.workbook.iter(_M + "definedName"):
        place = int(name.get("localSheetId", "-1"))
        if 0 <= place < len(before):
            name.set("localSheetId", str(after.index(before[place])))
    for view in parts.workbook.iter(_M + "workbookView"):
        view.set("activeTab", "0")
        view.attrib.pop("firstSheet", None)


def _free(sheets: Sequence[Any]) -> str:
    taken = {one.get("name", "").lower() for one in sheets}
    return next(name for name in (FIRST_SHEET, *(f"{FIRST_SHEET}({n})" for n in range(2, 1000))) if name not in taken)


def _list_xml(styles: Styles, places: Sequence[_Place]) -> bytes:
    wrong = [place for place in places if place.is_wrong]
    ordered = [*wrong, *(place for place in places if not place.is_wrong)]
    strong, text, link = styles.plain(bold=True), styles.plain(), styles.plain(link=True)
    red, yellow = styles.plain(colour=WRONG), styles.plain(colour=WARNING)
    told = f"共 {len(wrong)} 格要改（红色），{len(places) - len(wrong)} 格请看一眼（黄色，不改也能导入）。"
    told += "点「列」可到那一格，格上有批注。改好后保存，整个文件再上传，已经导入的不会重复；颜色和批注不用管。"
    rows = [[(TITLE, strong)], [(told, text)], [], [(heading, strong) for heading in _HEADINGS]]
    links = []
    for place in ordered[:_MOST_LINES]:
        links.append((f"C{len(rows) + 1}", place.sheet, place.reference))
        row, column = str(place.cell[0] + 1), f"{letters(place.cell[1])} 列"
        weight = ("要改", red) if place.is_wrong else ("请看", yellow)
        said = [(place.value, text), (place.text, text)]
        rows.append([(place.sheet, text), (row, text), (column, link), *said, weight])
    if len(ordered) > _MOST_LINES:
        rows.append([(f"还有 {len(ordered) - _MOST_LINES} 格没有列在这里，都已在各表里标出。", text)])
    return "".join(_sheet_xml(rows, links)).encode()


def _height(number: int, cells: Sequence[tuple[str, int]]) -> int:
    """Points that the lines of a row need, which no program works out before somebody touches the row."""
    widths = _WIDTHS if number > _TOLD else (sum(_WIDTHS),)
    needed = [_lines(text, width) for (text, _), width in zip(cells, widths, strict=False)]
    return 16 * min(max(needed, default=1), 25)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes; a Chinese character is as wide as two of ours."""
    return sum(1 + len(part.encode("gb18030", "replace")) * 10 // (11 * width) for part in text.split("\n"))


def _sheet_xml(rows: Sequence[Sequence[tuple[str, int]]], links: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{MAIN}">'
    yield '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
    yield '<sheetView tabSelected="1" workbookViewId="0"><pane ySplit="4" topLeftCell="A5" activePane="bottomLeft" '
    yield 'state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>'
    for number, width in enumerate(_WIDTHS, 1):
        yield f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
    yield "</cols><sheetData>"
    for number, cells in enumerate(rows, 1):
        yield f'<row r="{number}" ht="{_height(number, cells)}" customHeight="1">'
        for column, (text, style) in enumerate(cells):
            yield f'<c r="{letters(column)}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
            yield f"{escape(writable(text))}</t></is></c>"
        yield "</row>"
    yield '</sheetData><mergeCells count="2"><mergeCell ref="A1:F1"/><mergeCell ref="A2:F2"/></mergeCells>'
    if links:
        yield "<hyperlinks>"
        for cell, sheet, reference in links:
            target = quoteattr(f"'{sheet.replace(chr(39), chr(39) * 2)}'!{reference}")
            yield f'<hyperlink ref="{cell}" location={target} display={quoteattr(reference)}/>'
        yield "</hyperlinks>"
    yield '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
    yield '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
