"""Layouts and wordings on which ledgers of other stations, drawn up with their answers first, were read otherwise."""

from typing import Any

import pytest

from shuangbai.ledgers.enums import Kind
from shuangbai.ledgers.understanding import Result, SheetResult, understand
from tests.ledgers import writing
from tests.ledgers.invented import CONTEXT, VILLAGES

pytestmark = pytest.mark.nodb
NAMES = "林进财 孙二弟 许月婵 陈有福 黄玉兰 蔡国强 吴金海 郑秀英 李永明 张桂芳 王文树 曾惠珍".split()
PLACES = list(VILLAGES)
TALK = "近来身体一般，药有时忘记吃，提醒按时服药。"


def read(lines: list[list[Any]], name: str = "台账", **more: Any) -> Result:
    return understand(writing.xlsx({name: lines}, **more), CONTEXT)


def of(lines: list[list[Any]], name: str = "台账", **more: Any) -> SheetResult:
    return read(lines, name, **more).sheets[0]


def fields(sheet: SheetResult) -> list[str | None]:
    return [guess.field for guess in sheet.guesses]


def wrong(sheet: SheetResult) -> list[tuple[int, str | None, str]]:
    return [(issue.row, issue.column, issue.reason.value) for issue in sheet.wrong]


def test_days_without_a_year_are_of_the_year_in_the_title() -> None:
    head = ["日期", "村居", "户主", "走访社工"]
    rows = [[day, "东一村", "林进财", "陈小玲"] for day in ("3月5日", "3.8", "2月30日", "4月1日上午")]
    sheet = of([["东洲站2019年走访台账"], ["填表日期：2020年1月5日"], head, *rows])
    assert [record.date for record in sheet.records] == ["2019-03-05", "2019-03-08", None, "2019-04-01"]
    assert wrong(sheet) == [(6, "A", "date_invalid")]


def test_a_day_of_a_sheet_of_one_month_is_of_that_month() -> None:
    head, row = ["日期", "村居", "户主"], ["东一村", "林进财"]
    sheet = of([["2019年走访台账"], head, ["5日", *row], ["28日", *row]], "3月")
    assert [record.date for record in sheet.records] == ["2019-03-05", "2019-03-28"]


@pytest.mark.parametrize("title", ["走访台账", "2018-2020年走访台账", "2019年至2020年走访台账"])
def test_without_one_year_they_stay_unreadable(title: str) -> None:
    head, row = ["日期", "村居", "户主"], ["东一村", "林进财"]
    assert [issue[0] for issue in wrong(of([[title], head, ["3月5日", *row], ["3月8日", *row]]))] == [3, 4]


def test_a_lone_day_without_its_year_among_whole_ones_is_not_guessed() -> None:
    head, row = ["日期", "村居", "户主"], ["东一村", "林进财"]
    lines = [["2019年走访台账"], head, ["2019.3.5", *row], ["3月8日", *row], ["2019.3.9", *row]]
    assert wrong(of(lines)) == [(4, "A", "date_invalid")]


@pytest.mark.parametrize("verb", "随访 敲门 致电 通话 探视 关爱".split())
def test_whatever_a_station_calls_its_visits(verb: str) -> None:
    head = [f"{verb}日期", "村居", "儿童姓名", f"{verb}方式", f"{verb}结果", f"{verb}人员"]
    rows = [["2019.3.5", "东一村", name, "入户", "见面", "陈小玲"] for name in NAMES]
    result = read([["农村留守儿童台账"], head, *rows])
    assert (result.kind, fields(result.sheets[0])) == (
        Kind.VISITS,
        ["visit.date", "household.village", "person.name", "visit.mode", "visit.result", "visit.worker"],
    )


def test_a_new_number_on_every_line_is_the_visits_and_not_the_familys() -> None:
    head = ["编号", "走访日期", "村居", "户主", "走访情况"]
    rows = [[f"DF{n:03d}", f"2019.3.{n}", "东一村", "林进财", TALK] for n in range(1, 9)]
    result = read([head, *rows])
    assert (fields(result.sheets[0])[0], result.distinct_households) == (None, 1)


def test_a_group_about_a_card_does_not_hide_the_class_of_disability() -> None:
    lines = [
        ["残疾人名册"],
        ["村居", "姓名", "身份证号", "残疾人证信息", None, None],
        [None, None, None, "证号", "残疾类别", "残疾等级"],
        ["东一村", "林进财", "441592195004013192", "44159219500401319243", "肢体", "三级"],
        ["东二村", "孙二弟", "441592195704102030", "44159219570410203012", "视力", "二级"],
    ]
    merges = [(1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 5)]
    assert fields(of(lines, merges={"台账": merges})) == [
        "household.village", "person.name", "person.id_number", None, "person.disability", "person.disability",
    ]  # fmt: skip


def test_of_the_counts_under_one_group_only_the_whole_is_the_number_of_people() -> None:
    lines = [
        ["活动日期", "活动名称", "参加人数", None, None],
        [None, None, "长者", "儿童", "合计"],
        ["2019.3.5", "义诊", 10.0, 5.0, 15.0],
        ["2019.3.8", "讲座", 20.0, 4.0, 24.0],
    ]
    result = read(lines, merges={"台账": [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 4)]})
    assert fields(result.sheets[0]) == ["activity.date", "activity.name", None, None, "activity.persons"]
    assert result.person_times == 39


def test_a_book_of_activities_without_a_name_of_anybody() -> None:
    head = ["时间", "地点", "内容", "参加对象", "参加人数", "负责人"]
    rows = [[f"2019.3.{n}", "活动室", "亲子阅读", "儿童", f"男{n}女{n + 1}", "陈小玲"] for n in range(1, 9)]
    result = read([["社工站活动登记本"], head, *rows])
    assert (result.kind, result.person_times) == (Kind.ACTIVITIES, 80)


def test_workers_are_known_with_their_titles() -> None:
    head = ["走访日期", "村居", "户主", "走访人"]
    said = ["社工陈小玲", "林志鹏社工", "黄晓纯（站长）", "蔡文锋同志、陈小玲", "社工欧阳锦"]
    sheet = of([head, *([f"2019.3.{n + 1}", "东一村", NAMES[n], who] for n, who in enumerate(said))])
    assert [(issue.row, issue.reason.value) for issue in sheet.warnings] == [(6, "worker_unknown")]


def test_a_row_that_says_how_to_fill_in_is_no_data() -> None:
    head = ["走访日期", "走访时段", "户主", "村居", "走访方式", "见面人数"]
    hints = ["如2020-01-01", "24小时制", "与身份证一致", "写全称", "入户/电访", "填数字"]
    sheet = of([head, hints, ["2019.3.5", "上午", "林进财", "东一村", "入户", 1.0]])
    assert ([record.row for record in sheet.records], wrong(sheet)) == ([3], [])


def test_one_word_down_the_whole_column_is_nobodys_name() -> None:
    head = ["服务日期", "社区", "案主", "服务过程", "服务成效"]
    rows = [["2019.3.5", "东一村", name, TALK, "关系建立"] for name in NAMES]
    assert fields(of([head, *rows]))[2:] == ["person.name", "visit.narrative", "visit.result"]


def test_heads_over_the_rows_of_their_families_make_it_a_ledger_of_families() -> None:
    head = ["村小组", "户主名", "与户主关系", "成员", "身份类别"]
    lines: list[list[Any]] = [["户情摸底表"], head]
    for n in range(0, 12, 2):
        lines += [[f"第{n + 1}组", NAMES[n], "户主", NAMES[n], "低保"], [None, None, "配偶", NAMES[n + 1], "低保"]]
    merges = [(2 + n, column, 3 + n, column) for n in range(0, 12, 2) for column in (0, 1)]
    result = read(lines, "东一村", merges={"东一村": merges})
    assert (result.kind, result.distinct_households) == (Kind.HOUSEHOLDS, 6)


def test_an_address_that_only_names_villages_is_the_village() -> None:
    head = ["户主姓名", "户主身份证号码", "家庭住址（村、居）", "保障类别"]
    rows = [[name, None, f"{PLACES[n % 5]}村", "低保"] for n, name in enumerate(NAMES)]
    sheet = of([["低保户名册"], head, *rows])
    assert fields(sheet)[2] == "household.village"
    assert {record.village for record in sheet.records} == set(VILLAGES.values())


def test_the_heads_number_is_a_number_where_there_is_no_other() -> None:
    head = ["敲门日期", "村居", "户主姓名", "户主身份证号"]
    sheet = of([head, ["2019.3.5", "东一村", "林进财", "441592195004013192"], ["2019.3.6", "东二村", "孙二弟", 4.4e17]])
    assert wrong(sheet) == [(3, "D", "id_precision_lost")]


def test_when_somebody_moved_in_is_not_when_a_file_was_opened() -> None:
    head = ["姓名", "身份证号", "村居", "供养方式", "入住敬老院时间"]
    rows = [[name, None, "东一村", "集中供养", "2018.6.1"] for name in NAMES]
    assert fields(of([["特困名册"], head, *rows]))[-1] is None


def test_a_telephone_in_three_parts_is_one() -> None:
    head = ["姓名", "身份证号", "村居", "联系方式"]
    rows = [[name, None, "东一村", "199-0000-1234"] for name in NAMES]
    assert fields(of([["低保名册"], head, *rows]))[-1] == "person.phone"


def test_this_visits_day_is_not_the_next_ones() -> None:
    head = ["患者姓名", "村居", "本次随访日期", "随访形式", "下次随访日期", "上次随访日期"]
    rows = [["林进财", "东一村", f"2023.1.{n}", "入户", f"2023.4.{n}", f"2022.10.{n}"] for n in range(1, 9)]
    assert fields(of([["随访登记"], head, *rows]))[2:] == ["visit.date", "visit.mode", "visit.next_date", None]


@pytest.mark.parametrize(
    "words", ["社工跟进意见", "解决情况", "办理结果", "现场答复", "下次计划", "探视结果处理", "帮助解决的事项"]
)
def test_what_is_done_about_it(words: str) -> None:
    head = ["走访日期", "村居", "户主", "走访内容", words]
    rows = [[f"2023.1.{n}", "东一村", "林进财", TALK, "已转村委"] for n in range(1, 9)]
    assert fields(of([head, *rows]))[4] == "visit.followup"


def test_ticks_under_the_manner_say_no_purpose() -> None:
    lines: list[list[Any]] = [["走访日期", "村居", "户主", "走访方式", None], [None, None, None, "入户", "电话"]]
    lines += [[f"2023.1.{n}", "东一村", "林进财", *(("√", None), (None, "√"))[n % 2]] for n in range(1, 9)]
    merges = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 4)]
    assert fields(of(lines, merges={"台账": merges}))[3:] == [None, None]


def test_free_words_beside_categories_are_a_note() -> None:
    head = ["姓名", "身份证号", "村居", "救助类型", "困难情形"]
    rows = [[name, None, "东一村", "低保边缘", "突发疾病住院"] for name in NAMES]
    sheet = of([["救助名册"], head, *rows])
    assert (fields(sheet)[3:], sheet.warnings) == (["person.categories", None], [])


def test_an_address_gives_the_village_where_no_column_does() -> None:
    head = ["走访日期", "户主", "住址", "走访社工"]
    rows = [["2019.3.5", "林进财", "东一村3组12号", "陈小玲"], ["2019.3.6", "孙二弟", "解放路12号", "陈小玲"]]
    sheet = of([head, *rows])
    assert ([record.village for record in sheet.records], wrong(sheet)) == ([VILLAGES["东一"], None], [])


def test_blocks_one_under_another_each_with_its_title_line_and_header() -> None:
    head = ["走访日期", "户主", "走访社工"]
    lines: list[list[Any]] = []
    for place in ("东一村", "东二村"):
        lines += [[f"{place}走访登记表"], [f"村居：{place}", None, "登记人：陈小玲"], head]
        lines += [["2019.3.5", name, "陈小玲"] for name in NAMES[:3]] + [["小计", "3户", None]]
    sheet = of(lines)
    assert wrong(sheet) == []
    assert [record.village for record in sheet.records] == [VILLAGES["东一"]] * 3 + [VILLAGES["东二"]] * 3


def test_a_header_over_two_columns_of_which_one_is_empty() -> None:
    head = ["走访日期", None, "村居", None, "户主", None]
    rows = [[f"2019.3.{n}", None, "东一村", None, name, None] for n, name in enumerate(NAMES, 1)]
    merges = [(row, column, row, column + 1) for row in range(len(rows) + 1) for column in (0, 2, 4)]
    sheet = of([head, *rows], merges={"台账": merges})
    assert fields(sheet)[:5] == ["visit.date", None, "household.village", None, "household.head_name"]
    assert (len(sheet.records), wrong(sheet)) == (len(NAMES), [])


def test_lectures_and_sessions_of_groups_are_activities() -> None:
    rows = [[f"讲座{n}", "陈医生", f"2019年3月{n}日", f"{10 + n}人", 3.0] for n in range(1, 9)]
    result = read([["健康讲座登记"], ["讲座题目", "主讲人", "举办时间", "听众人数", "协助义工"], *rows])
    assert result.kind is Kind.ACTIVITIES
    assert fields(result.sheets[0]) == [
        "activity.name", None, "activity.date", "activity.persons", "activity.volunteers",
    ]  # fmt: skip


def test_men_and_women_apart_are_not_how_many_there_were() -> None:
    head = ["活动日期", "活动名称", "人数(男)", "人数(女)", "总人数"]
    result = read([head, *([f"2019.3.{n}", f"课堂{n}", 4.0, 5.0, 9.0] for n in range(1, 9))])
    assert (fields(result.sheets[0])[2:], result.person_times) == ([None, None, "activity.persons"], 72)


def test_a_class_under_disability_is_of_disability() -> None:
    lines = [["村居", "残疾人姓名", "残疾情况", None], [None, None, "类别", "级别"]]
    lines += [["东一村", name, "肢体", "一级"] for name in NAMES]
    merges = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3)]
    assert fields(of(lines, merges={"台账": merges}))[2:] == ["person.disability"] * 2


def test_a_visitors_telephone_and_the_visitors_of_visitors() -> None:
    head = ["探访日期", "村居", "被探访人", "被探访人电话", "探访人", "探访人电话", "对象签字"]
    rows = [[f"2019.3.{n}", "东一村", NAMES[n], f"1990000{n:04d}", "陈小玲", "19900009999", None] for n in range(1, 9)]
    assert fields(of([head, *rows]))[2:] == ["person.name", "household.phone", "visit.worker", None, None]


def test_an_activity_for_all_villages_is_of_none() -> None:
    head = ["活动日期", "活动名称", "村居", "人数"]
    sheet = of([head, ["2019.3.5", "宣传", "各村", 40.0], ["2019.3.6", "义诊", "东一村", 20.0]])
    assert ([record.village for record in sheet.records], wrong(sheet)) == ([None, VILLAGES["东一"]], [])
