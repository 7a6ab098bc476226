"""Wrong rows go back as the workbook that came, marked; corrected and brought again it is read as before."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from shuangbai.ledgers.enums import Kind
from shuangbai.ledgers.judging import Context
from shuangbai.ledgers.marks import COMMENT, FIRST_SHEET, TITLE, WARNING, WRONG
from shuangbai.ledgers.parts import Unmarkable
from shuangbai.ledgers.reading import Book, open_book
from shuangbai.ledgers.returned import Faults, name_of_returned, return_workbook
from shuangbai.ledgers.splicing import splice
from shuangbai.ledgers.understanding import Result, as_json, understand
from shuangbai.ledgers.zipped import Unopenable
from tests.ledgers import writing
from tests.ledgers.invented import CONTEXT
from tests.ledgers.messy import build

pytestmark = pytest.mark.nodb
DATA = Path(__file__).parent / "data"
HEAD = ["走访日期", "村居", "户主", "身份证号", "联系电话", "走访社工"]
GOOD = ["2019.3.5", "东一村", "林进财", None, "19900001234", "陈小玲"]
BAD = ["2019.2.30", "石头埔村", "孙二弟", "44159219640503002", "12", "某某某"]


def returned(data: bytes, context: Context = CONTEXT, **more: Any) -> tuple[Result, bytes]:
    result = understand(data, context, **more)
    faults = {sheet.sheet: Faults(sheet.wrong, sheet.warnings) for sheet in result.sheets}
    return result, return_workbook(data, faults)


def told(result: Result, *, name: str = "") -> dict[str, Any]:
    """All that was understood, whatever was left out; `name` for a sheet that had none."""
    found = as_json(result)
    del found["left_out"]
    for sheet in found["sheets"]:
        sheet["sheet"] = sheet["sheet"] or name
        for issue in sheet["warnings"]:
            if "of" in issue:
                issue["of"]["sheet"] = issue["of"]["sheet"] or name
    return found


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def comments(data: bytes) -> dict[str, str]:
    """Each comment of the first comments' part, by its cell."""
    found = re.findall(r'<comment ref="(\w+)"(.*?)</comment>', part(data, "xl/comments1.xml"), re.DOTALL)
    return {cell: re.sub("<[^>]*>", "", inside.partition(">")[2]) for cell, inside in found}


def colour(data: bytes, sheet: str, cell: str) -> str:
    """What is behind a cell: one of our colours or nothing."""
    match = re.search(rf'<c r="{cell}"(?:[^>]*? s="(\d+)")?', part(data, sheet))
    assert match, cell
    styles = part(data, "xl/styles.xml")
    formats = re.findall(r"<xf [^>]*>", styles.partition("<cellXfs")[2])
    fill = re.search(r'fillId="(\d+)"', formats[int(match[1] or 0)])
    fills = re.findall(r"<fill>.*?</fill>", styles)
    found = re.search(r'fgColor rgb="(\w+)"', fills[int(fill[1])]) if fill else None
    return found[1] if found else ""


def read(data: bytes) -> Book:
    return open_book(data)


def test_the_wrong_cells_are_coloured_and_say_what_would_be_right() -> None:
    _, back = returned(writing.xlsx({"走访": [HEAD, GOOD, BAD]}))
    said = comments(back)
    assert set(said) == {"A3", "B3", "D3", "E3", "F3"}
    assert all(text.startswith(COMMENT) for text in said.values())
    assert "请写成 2019-03-05 的样子" in said["A3"]
    assert "没有找到这个村" in said["B3"]
    assert [colour(back, "xl/worksheets/sheet1.xml", cell) for cell in ("A3", "B3", "D3")] == [WRONG] * 3
    assert [colour(back, "xl/worksheets/sheet1.xml", cell) for cell in ("E3", "F3")] == [WARNING] * 2
    assert colour(back, "xl/worksheets/sheet1.xml", "A2") == ""


def test_the_first_sheet_lists_them_wrong_ones_first_with_links() -> None:
    _, back = returned(writing.xlsx({"走访": [HEAD, GOOD, BAD]}))
    first = read(back).sheets[0]
    assert (first.name, first.rows[0][0]) == (FIRST_SHEET, TITLE)
    assert "共 3 格要改（红色），2 格请看一眼（黄色" in first.rows[1][0]
    assert [(row[0], row[1], row[2], row[3], row[5]) for row in first.rows[4:]] == [
        ("走访", "3", "A 列", "2019.2.30", "要改"),
        ("走访", "3", "B 列", "石头埔村", "要改"),
        ("走访", "3", "D 列", "44159219640503002", "要改"),
        ("走访", "3", "E 列", "12", "请看"),
        ("走访", "3", "F 列", "某某某", "请看"),
    ]
    assert '<hyperlink ref="C5" location="\'走访\'!A3"' in part(back, "xl/worksheets/sheet2.xml")


def test_it_is_read_as_the_original_and_its_first_sheet_is_left_aside() -> None:
    result, back = returned(writing.xlsx({"走访": [HEAD, GOOD, BAD], "旧": [["张三"]]}, hidden=["旧"]))
    again = understand(back, CONTEXT)
    assert told(again) == told(result)
    assert again.left_out == [(FIRST_SHEET, "returned"), ("旧", "hidden")]


@pytest.mark.parametrize("seed", range(60))
def test_any_ledger_comes_back_as_it_was_understood(seed: int) -> None:
    messy = build(seed)
    result, back = returned(messy.data, name="台账")
    assert told(understand(back, CONTEXT, name="台账")) == told(result, name="台账")
    again, twice = returned(back, name="台账")
    assert told(understand(twice, CONTEXT, name="台账")) == told(again)
    assert [sheet.name for sheet in read(twice).sheets] == [sheet.name for sheet in read(back).sheets]


def test_what_comes_in_the_old_format_goes_back_in_the_new_one() -> None:
    data = (DATA / "visits.xls").read_bytes()
    result, back = returned(data)
    assert told(understand(back, CONTEXT)) == told(result)
    before, after = (open_book(one, with_hidden=True).sheets for one in (data, back))
    for one in before:
        other = next(sheet for sheet in after if sheet.name == one.name)
        assert (other.rows, other.hidden) == (one.rows, one.hidden)


def test_corrected_and_brought_again_only_what_is_still_wrong_is_marked() -> None:
    _, back = returned(writing.xlsx({"走访": [HEAD, GOOD, BAD]}))
    mended = _with(back, "xl/sharedStrings.xml", lambda text: text.replace("2019.2.30", "2019.2.28"))
    result, twice = returned(mended)
    assert {issue.column for issue in result.sheets[0].wrong} == {"B", "D"}
    assert set(comments(twice)) == {"B3", "D3", "E3", "F3"}
    assert colour(twice, "xl/worksheets/sheet1.xml", "A3") == ""
    assert [row[2] for row in read(twice).sheets[0].rows[4:]] == ["B 列", "D 列", "E 列", "F 列"]
    drawn = part(twice, "xl/drawings/vmlDrawing1.vml")
    assert len(re.findall(r"<x:Column>", drawn)) == 4


def _with(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The file with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            content = old.read(one)
            new.writestr(one, change(content.decode()) if one == name else content)
    return out.getvalue()


def rich() -> bytes:
    """A ledger with all that people put into one: formulas, pictures of their own, comments, widths, a print area."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        other, sheet, hidden = (book.add_worksheet(name) for name in ("说明", "走访", "底稿"))
        hidden.hide()
        other.write_string(0, 0, "说明")
        dated = book.add_format({"num_format": "yyyy年m月d日", "bg_color": "#CCE5FF", "bold": True})
        sheet.set_column(0, 0, 31)
        sheet.set_row(2, 44)
        sheet.merge_range(0, 0, 0, 6, "走访台账")
        for column, heading in enumerate([*HEAD, "见面人数"]):
            sheet.write_string(1, column, heading)
        for row, line in enumerate([GOOD, BAD], 2):
            for column, value in enumerate(line):
                if value:
                    sheet.write_string(row, column, value)
            sheet.write_formula(row, 6, "=LEN(C3)", None, 3)
        sheet.write_datetime(3, 0, date(2109, 3, 5), dated)
        sheet.write_comment("B4", "站长：这户搬过", {"author": "站长", "visible": True})
        sheet.write_comment("A3", "去年的", {"author": "站长"})
        sheet.data_validation("F3:F9", {"validate": "list", "source": ["陈小玲"]})
        sheet.conditional_format("G3:G9", {"type": "cell", "criteria": ">", "value": 2, "format": dated})
        sheet.insert_chart("I2", _chart(book))
        sheet.print_area(0, 0, 9, 6)
        sheet.set_header("&C走访")
        sheet.activate()
    return out.getvalue()


def _chart(book: Any) -> Any:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=走访!$G$3:$G$4"})
    return chart


def test_everything_else_stays_as_it_was() -> None:
    data = rich()
    result, back = returned(data)
    assert result.kind == Kind.VISITS
    assert told(understand(back, CONTEXT)) == told(result)
    before, after = part(data, "xl/worksheets/sheet2.xml"), part(back, "xl/worksheets/sheet2.xml")
    assert '<c r="G4"><f>LEN(C3)</f><v>3</v></c>' in after
    bare = re.compile(r' s="\d+"| tabSelected="1"')
    added = re.compile(r'<c r="\w+"/>(?=<|$)')
    assert added.sub("", bare.sub("", after)) == added.sub("", bare.sub("", before))
    untouched = (
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet3.xml",
        "xl/charts/chart1.xml",
        "xl/drawings/drawing1.xml",
    )
    assert all(part(data, name) == part(back, name) for name in untouched)
    assert 'localSheetId="2"' in part(back, "xl/workbook.xml")
    assert [sheet.name for sheet in read(back).sheets] == [FIRST_SHEET, "说明", "走访", "底稿"]
    assert [sheet.hidden for sheet in read(back).sheets] == [False, False, False, True]


def test_a_cell_keeps_its_own_looks_under_the_colour_and_other_peoples_comments_stay() -> None:
    _, back = returned(rich())
    said = comments(back)
    assert said["A3"] == "去年的"
    assert said["B4"].startswith("站长：这户搬过")
    assert COMMENT in said["B4"]
    assert colour(back, "xl/worksheets/sheet2.xml", "A4") == WRONG
    styles = part(back, "xl/styles.xml")
    number = re.search(r'<numFmt numFmtId="(\d+)" formatCode="yyyy', styles)
    assert number
    style = re.search(r'<c r="A4" s="(\d+)"', part(back, "xl/worksheets/sheet2.xml"))
    assert style
    dated = re.findall(r"<xf [^>]*>", styles.partition("<cellXfs")[2])[int(style[1])]
    assert f'numFmtId="{number[1]}"' in dated
    _, twice = returned(_with(back, "xl/sharedStrings.xml", lambda text: text.replace("石头埔村", "东一村")))
    assert comments(twice)["B4"] == "站长：这户搬过"


def test_members_under_a_merged_cell_share_one_mark() -> None:
    head = ["档案编号", "村居", "户主", "成员姓名", "与户主关系", "身份证号"]
    lines = [head, ["A1", "石头埔村", "林进财", "林进财", "户主", None], [None, None, None, "陈桂英", "妻", None],
             [None, None, None, "林小明", "子", None]]  # fmt: skip
    result, back = returned(writing.xlsx({"户": lines}, merges={"户": [(1, 1, 3, 1)]}), kind=Kind.HOUSEHOLDS)
    assert len(result.sheets[0].wrong) == 3
    assert [cell for cell, text in comments(back).items() if "没有找到这个村" in text] == ["B2"]
    assert "第2至4行：没有找到这个村" in comments(back)["B2"]


def test_a_fault_of_a_whole_row_stands_in_its_first_cell_with_something_in_it() -> None:
    result, back = returned(writing.xlsx({"走访": [[None, *HEAD], [None, *GOOD], [None, *GOOD]]}))
    assert [issue.column for issue in result.sheets[0].warnings] == [None]
    assert set(comments(back)) == {"B3"}


def test_what_is_missing_is_asked_for_where_it_belongs() -> None:
    lines = [["姓名", "身份证号", "救助类别"], ["林进财", None, "低保"], [None, "441592196405030028", "低保"]]
    _, back = returned(writing.xlsx({"名单": lines}), kind=Kind.ROSTER)
    assert "没有姓名，请补上" in comments(back)["A3"]
    assert colour(back, "xl/worksheets/sheet1.xml", "A3") == WRONG


def test_a_workbook_put_together_in_a_way_of_its_own_goes_back_with_its_values() -> None:
    data = writing.xlsx({"走访": [HEAD, GOOD, BAD]})
    odd = _with(data, "[Content_Types].xml", lambda text: text.replace("sheet.main+xml", "sheet.macroEnabled.main+xml"))
    result, back = returned(odd)
    assert told(understand(back, CONTEXT)) == told(result)
    assert set(comments(back)) == {"A3", "B3", "D3", "E3", "F3"}
    assert "macroEnabled" not in part(back, "[Content_Types].xml")


@pytest.mark.parametrize(
    "part_of_it", ["xl/styles.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"]
)
def test_external_entities_are_never_read(part_of_it: str) -> None:
    entity = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    data = _with(writing.xlsx({"走访": [HEAD, BAD]}), part_of_it, lambda text: text.replace("?>", f"?>{entity}", 1))
    with pytest.raises(Unopenable, match="外部引用"):
        return_workbook(data, {})


def test_texts_that_look_like_formulas_or_hold_odd_marks_stay_texts() -> None:
    line = ["2019.2.30", '=HYPERLINK("x")', "孙二弟\x0b<&>", "", "12", "+1"]
    result = understand(writing.separated([HEAD, GOOD, line, BAD]), CONTEXT)
    back = return_workbook(writing.separated([HEAD, GOOD, line, BAD]), {"": Faults(result.sheets[0].wrong)})
    assert "<f>" not in part(back, "xl/worksheets/sheet1.xml") + part(back, "xl/worksheets/sheet2.xml")
    assert read(back).sheets[1].rows[2][1] == '=HYPERLINK("x")'


def test_the_file_keeps_its_name() -> None:
    assert name_of_returned("走访台账.2019.xls") == "走访台账.2019.xlsx"
    assert name_of_returned("走访台账") == "走访台账.xlsx"


# OTHER PROGRAMS' WAYS TO WRITE A SHEET ----------------------------------------

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def spliced(body: str, cells: dict[tuple[int, int], str | None], drawing: str | None = None) -> str:
    xml = f'<?xml version="1.0" encoding="UTF-8"?><x:worksheet xmlns:x="{MAIN}">{body}</x:worksheet>'
    found = splice(xml.encode(), cells, lambda style, colour: style + (10 if colour else 100), drawing).decode()
    return found.partition(f'xmlns:x="{MAIN}">')[2].removesuffix("</x:worksheet>")


def test_a_sheet_with_prefixes_and_without_references_is_counted_through() -> None:
    body = '<x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c s="3"/></x:row><x:row r="4"><x:c r="C4" s="2"/></x:row></x:sheetData>'
    assert spliced(body, {(0, 1): WRONG, (3, 2): None}) == (
        '<x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c s="13"/></x:row>'
        '<x:row r="4"><x:c r="C4" s="102"/></x:row></x:sheetData>'
    )


def test_cells_that_are_not_there_are_made_in_their_place() -> None:
    body = '<x:sheetData><x:row r="2"><x:c r="B2"/><x:c r="D2"/></x:row><x:row r="3" ht="20"/></x:sheetData>'
    assert spliced(body, {(1, column): WRONG for column in (0, 2, 4)} | {(2, 1): WARNING, (2, 2): None}) == (
        '<x:sheetData><x:row r="2"><x:c r="A2" s="10"/><x:c r="B2"/><x:c r="C2" s="10"/><x:c r="D2"/>'
        '<x:c r="E2" s="10"/></x:row><x:row r="3" ht="20"><x:c r="B3" s="10"/></x:row></x:sheetData>'
    )


def test_a_drawing_of_comments_is_named_before_what_must_stand_behind_it() -> None:
    named = (
        '<x:legacyDrawing xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId9"/>'
    )
    body = '<x:sheetData/><x:pageMargins left="1"/>'
    assert spliced(body + "<x:tableParts/>", {}, "rId9") == body + named + "<x:tableParts/>"
    assert spliced(body, {}, "rId9") == body + named
    with pytest.raises(Unmarkable):
        spliced(body + '<x:legacyDrawing xmlns:r="r" r:id="rId4"/>', {}, "rId9")


@pytest.mark.parametrize(
    "head", ['<?xml version="1.0" encoding="GBK"?>', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]>', "no XML"]
)
def test_a_sheet_in_another_encoding_or_with_entities_is_left_alone(head: str) -> None:
    with pytest.raises(Unmarkable):
        splice(f'{head}<worksheet xmlns="{MAIN}"/>'.encode(), {}, lambda style, _: style, None)
