"""Layouts that stations use, one by one."""

import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from shuangbai.ledgers.judging import Context
from shuangbai.ledgers.reading import open_book
from shuangbai.ledgers.understanding import SheetResult, as_json, understand
from shuangbai.ledgers.zipped import Unopenable
from tests.ledgers import writing
from tests.ledgers.invented import AS_OF, CONTEXT, VILLAGES

pytestmark = pytest.mark.nodb
DATA = Path(__file__).parent / "data"
HEAD = ["走访日期", "村居", "户主", "身份证号码", "走访方式", "走访社工"]
ROW = ["2019.3.5", "东一村", "林进财", "441592195004013192", "入户", "陈小玲"]
MEANS = ["visit.date", "household.village", "household.head_name", "person.id_number", "visit.mode", "visit.worker"]


def of(lines: list[list[Any]], name: str = "台账", context: Context = CONTEXT, **more: Any) -> SheetResult:
    result = understand(writing.xlsx({name: lines}, **more), context)
    assert len(result.sheets) == 1, result.left_out
    return result.sheets[0]


def reasons(sheet: SheetResult) -> list[tuple[int, str | None, str]]:
    return [(issue.row, issue.column, issue.reason.value) for issue in sheet.wrong]


def fields(sheet: SheetResult) -> list[str | None]:
    return [guess.field for guess in sheet.guesses]


def other(day: str, head: str) -> list[Any]:
    return [day, "东二村", head, None, "入户", "林志鹏"]


def test_an_old_workbook_of_excel_97() -> None:
    result = understand((DATA / "visits.xls").read_bytes(), CONTEXT)
    sheet = result.sheets[0]
    assert (sheet.layout.header_rows, fields(sheet)) == ([2], MEANS)
    assert reasons(sheet) == [(4, "D", "id_precision_lost"), (5, "A", "date_invalid")]
    assert result.left_out == [("旧", "hidden")]


def test_text_of_every_kind_reads_alike() -> None:
    lines = [HEAD, [*ROW[:4], "入户\n走访", ROW[5]], other("2019.3.6", "孙二弟")]
    ways = [
        writing.separated(lines, mark, code) for mark in ",\t;" for code in ("utf-8", "utf-8-sig", "gb18030", "utf-16")
    ]
    for data in ways:
        result = understand(data, CONTEXT)
        assert (result.sheets[0].sheet, fields(result.sheets[0]), len(result.records)) == ("", MEANS, 2)


def test_a_sheet_a_village_gives_the_village() -> None:
    head, row = [HEAD[0], *HEAD[2:]], [ROW[0], *ROW[2:]]
    result = understand(
        writing.xlsx({"东一村": [head, row], "东二": [head, row, [row[0], "孙二弟", None, *row[3:]]]}), CONTEXT
    )
    assert [record.village for record in result.records] == [VILLAGES["东一"], VILLAGES["东二"], VILLAGES["东二"]]


def test_a_village_across_the_sheet_holds_for_the_rows_below() -> None:
    head = [HEAD[0], *HEAD[2:]]
    sheet = of([head, ["东一村"], [ROW[0], *ROW[2:]], ["东二村"], ["2019.3.6", "孙二弟", None, "入户", "林志鹏"]])
    assert [record.village for record in sheet.records] == [VILLAGES["东一"], VILLAGES["东二"]]


def test_a_table_without_a_header_is_known_by_its_values() -> None:
    rows = [
        ["2019.3.5", "东一村", "林进财", "441592195004013192", "入户", "19900001234"],
        ["2019.3.6", "东二村", "孙二弟", "441592195704102030", "电访", "19900001235"],
        ["2019.3.7", "东三村", "许月婵", None, "入户", "19900001236"],
    ]
    sheet = of(rows)
    assert sheet.layout.header_rows == []
    assert fields(sheet) == [*MEANS[:5], "household.phone"]
    assert len(sheet.records) == 3


def test_a_merged_day_is_the_day_of_each_row_under_it() -> None:
    sheet = of(
        [HEAD, ROW, [None, *other("", "孙二弟")[1:]], other("2019.3.7", "许月婵")], merges={"台账": [(1, 0, 2, 0)]}
    )
    assert [record.date for record in sheet.records] == ["2019-03-05", "2019-03-05", "2019-03-07"]


def test_serial_numbers_of_a_1904_workbook() -> None:
    day = float((date(2019, 3, 5) - date(1904, 1, 1)).days)
    sheet = of([HEAD, [day, *ROW[1:]], [date(2019, 3, 6), *other("", "孙二弟")[1:]]], from_1904=True)
    assert [record.date for record in sheet.records] == ["2019-03-05", "2019-03-06"]


def test_the_same_merged_family_from_an_opendocument_file() -> None:
    head = ["档案编号", "村居", "户主", "成员姓名", "与户主关系", "身份证号"]
    lines = [head, ["D1", "东一村", "林进财", "林进财", "户主", None], [None, None, None, "林小玉", "女儿", None]]
    data = writing.ods({"户档": lines}, merges={"户档": [(1, column, 2, column) for column in range(3)]}, hidden=[])
    result = understand(data, CONTEXT)
    assert [(record.file_no, record.village) for record in result.records] == [("D1", VILLAGES["东一"])] * 2
    assert result.distinct_households == 1


def test_a_fault_of_a_merged_cell_is_named_for_each_row_with_where_it_stands() -> None:
    head = ["档案编号", "村居", "户主", "成员姓名", "与户主关系", "身份证号"]
    lines = [head, ["D1", "石头埔村", "林进财", "林进财", "户主", None], [None, None, None, "林小玉", "女儿", None]]
    sheet = of(lines, merges={"台账": [(1, column, 2, column) for column in range(3)]})
    assert [(issue.row, issue.merged_at) for issue in sheet.wrong] == [(2, None), (3, 2)]


def test_only_the_row_of_a_missing_person_is_wrong_in_a_list() -> None:
    head = ["序号", "村居", "姓名", "身份证号", "低保类别"]
    rows = [[1.0, "东一村", "林进财", "441592195004013192", "低保"], [2.0, "东一村", "无", None, "低保"], [3.0], [4.0]]
    sheet = of([["东洲街道低保花名册"], head, *rows])
    assert reasons(sheet) == [(4, "C", "name_missing")]
    assert [why for _, why in sheet.not_data] == ["title", "header", "blank", "blank"]


def test_a_guardians_number_beside_the_childs_has_no_field() -> None:
    head = ["儿童姓名", "儿童身份证号", "监护人姓名", "监护人身份证号", "监护人电话", "村居"]
    rows = [["林小玉", "441592201003054326", "林进财", "441592195004013192", "19900001234", "东一村"]] * 3
    assert fields(of([["困境儿童名册"], head, *rows])) == [
        "person.name", "person.id_number", "person.guardian", None, None, "household.village",
    ]  # fmt: skip


def test_yes_under_a_category_says_the_category() -> None:
    head = ["姓名", "身份证号", "村居", "人员类别"]
    sheet = of([["名册"], head, ["林进财", None, "东一村", "五保户、重残"], ["孙二弟", None, "东二村", "重点户"]])
    assert [(issue.row, issue.column, issue.reason.value) for issue in sheet.warnings] == [(4, "D", "category_unknown")]


def test_a_family_visited_twice_on_a_day_in_one_manner_is_counted_once() -> None:
    lines = [
        [*HEAD, "见面人数"],
        [*ROW, 2.0],
        [*ROW[:1], "东一村委会", *ROW[2:4], "入户走访", ROW[5], 2.0],
        [*other("2019.3.5", "孙二弟"), "约3人"],
    ]
    result = understand(writing.xlsx({"台账": lines}), CONTEXT)
    assert [(issue.row, issue.duplicate_of) for issue in result.sheets[0].warnings] == [(3, ("台账", 2))]
    assert (result.distinct_households, result.person_times) == (2, 5)


def test_activities_count_people_where_no_person_times_are_given() -> None:
    lines = [
        ["活动名称", "活动日期", "参加人数", "参加人次"],
        ["义诊", "2019.3.5", "约45", None],
        ["讲座", "2019年3月8日", 30.0, "60人次"],
        ["游园", "三月", 20.0, None],
    ]
    result = understand(writing.xlsx({"活动": lines}), CONTEXT)
    assert (result.kind, result.person_times, reasons(result.sheets[0])) == (
        "activities",
        105,
        [(4, "B", "date_invalid")],
    )


def test_ditto_marks_say_what_stands_above() -> None:
    sheet = of([HEAD, ROW, ["2019.3.6", "同上", "孙二弟", None, "〃", "同上"], ["同上", *other("", "许月婵")[1:]]])
    assert [(record.village, record.mode) for record in sheet.records[:2]] == [(VILLAGES["东一"], "home")] * 2
    assert reasons(sheet) == [(4, "A", "date_invalid")]


def test_an_activity_in_a_hall_of_a_village_is_in_the_village() -> None:
    lines = [
        ["活动名称", "活动日期", "活动地点", "参加人数"],
        *([f"义诊{n}", "2019.3.5", "东一村文化广场", 20.0] for n in range(4)),
    ]
    result = understand(writing.xlsx({"活动": lines}), CONTEXT)
    assert result.sheets[0].guesses[2].field == "activity.village"
    assert {record.village for record in result.records} == {VILLAGES["东一"]}
    lines = [[*line[:2], "镇文化站", line[3]] if line[0] != "活动名称" else line for line in lines]
    assert understand(writing.xlsx({"活动": lines}), CONTEXT).sheets[0].guesses[2].field is None


def test_a_person_on_the_lists_of_two_months_is_no_duplicate_but_on_those_of_two_villages_is() -> None:
    head = ["姓名", "身份证号", "村居", "低保类别"]
    lines = [["低保花名册"], head, ["林进财", "441592195004013192", "东一村", "低保"]]
    months = understand(writing.xlsx({"10月": lines, "11月": lines}), CONTEXT)
    assert (months.distinct_persons, sum(len(sheet.warnings) for sheet in months.sheets)) == (1, 0)
    places = understand(writing.xlsx({"甲": lines, "乙": lines}), CONTEXT)
    assert [(issue.row, issue.duplicate_of) for issue in places.sheets[1].warnings] == [(3, ("甲", 3))]


def test_a_day_in_three_columns_is_one_day() -> None:
    head = [["走访日期", None, None, "村居", "户主", "走访情况"], ["年", "月", "日", None, None, None]]
    rows = [
        ["2019", 3.0, 5.0, "东一村", "林进财", "近来身体一般"],
        [2019.0, 2.0, 30.0, "东二村", "孙二弟", "家中屋顶漏雨"],
    ]
    sheet = of([*head, *rows], merges={"台账": [(0, 0, 0, 2), *((0, column, 1, column) for column in (3, 4, 5))]})
    assert fields(sheet)[:3] == ["visit.date"] * 3
    assert sheet.records[0].date == "2019-03-05"
    assert reasons(sheet) == [(4, "A", "date_invalid")]


def test_a_misspelt_village_is_suggested_in_the_county_beside_it() -> None:
    head = ["县（市、区）", "村居", "姓名", "身份证号", "低保类别"]
    rows = [["城区", "东一村", "林进财", None, "低保"]] * 3 + [["海丰县", "赤山寸", "孙二弟", None, "低保"]]
    [issue] = of([["低保花名册"], head, *rows]).wrong
    assert issue.reason.value == "village_unknown"
    assert "赤山村" in issue.sentence


def test_a_decided_mapping_goes_before_what_is_guessed() -> None:
    data = writing.xlsx({"台账": [HEAD, ROW]})
    result = understand(data, CONTEXT, wanted={"E": None, "台账": {"F": "household.worker"}})
    assert result.sheets[0].guesses[5].field == "household.worker"
    result = understand(data, CONTEXT, wanted={"E": None, "F": "no.such"})
    assert fields(result.sheets[0])[4:] == [None, "visit.worker"]


def test_without_a_context_nothing_is_judged_by_it() -> None:
    sheet = of([HEAD, [*ROW[:1], "石头埔村", *ROW[2:5], "某人"], other("2019.3.6", "孙二弟")], context=Context(AS_OF))
    assert (sheet.wrong, sheet.warnings) == ([], [])


def test_a_workbook_without_a_table_says_so() -> None:
    result = understand(writing.xlsx({"说明": [["填表说明"], ["走访日期：填实际日期"]]}), CONTEXT)
    got = as_json(result)
    assert (got["kind"], got["sheets"], got["rows_total"], got["created"]) == (None, [], 0, None)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "空的"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"PK\x03\x04nonsense", "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "损坏"),
        (b"\0\1\2\3" * 50, "不是表格"),
    ],
)
def test_what_is_no_ledger_is_refused_in_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(Unopenable, match=says):
        open_book(data)


def repacked(data: bytes, part: str, change: Any) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


def test_a_bomb_an_entity_and_a_cell_far_away_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, part = writing.xlsx({"台账": [HEAD, ROW]}), "xl/worksheets/sheet1.xml"

    def with_last(cell: bytes) -> bytes:
        row = b'<row r="1048576">' + cell + b"</row></sheetData>"
        return repacked(whole, part, lambda xml: xml.replace(b"</sheetData>", row))

    entity = repacked(whole, part, lambda xml: b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + xml)
    with pytest.raises(Unopenable, match="外部引用"):
        open_book(entity)
    with pytest.raises(Unopenable, match="很远"):
        open_book(with_last(b'<c r="XFD1048576"><v>1</v></c>'))
    assert len(open_book(with_last(b'<c r="XFD1048576" s="1"/>')).sheets[0].rows) == 2
    monkeypatch.setattr("shuangbai.ledgers.zipped.MOST_UNPACKED", 100_000)
    with pytest.raises(Unopenable, match="太大"):
        open_book(repacked(whole, part, lambda xml: xml + b" " * 200_000))


def test_name_and_number_exchanged_are_told() -> None:
    head = ["姓名", "身份证号", "村居", "类别"]
    rows = [
        ["林进财", "441592195004013192", "东一村", "低保"],
        ["441592195704102030", "孙二弟", "东二村", "低保"],
    ]
    [issue] = of([["低保名册"], head, *rows]).wrong
    assert (issue.row, issue.column, issue.reason.value) == (4, "B", "id_length")
    assert "填反" in issue.sentence
