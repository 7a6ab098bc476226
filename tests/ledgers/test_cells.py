"""What stands in a cell, in the dresses that people give it."""

import json
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangbai.households.lists import CATEGORIES
from shuangbai.ledgers.categories import _TABLE, read_categories
from shuangbai.ledgers.cells import (
    number_in_words,
    plain,
    read_count,
    read_day,
    read_id,
    read_name,
    read_phones,
    read_time,
)
from shuangbai.ledgers.enums import Reason
from shuangbai.ledgers.judging import mode_of
from shuangbai.ledgers.villages import Gazetteer
from tests.ledgers.invented import AS_OF

pytestmark = pytest.mark.nodb
SOUND = "441592195004013192"

DAYS = """2019.3.5 19/3/5 2019年3月5号 2019年3月5日 20190305 43529 43529.0 ２０１９．３．５ 二〇一九年三月五日 二零一九年三月五日 2019-3-5T10:00 2019。03。05
2019.3.5(星期二) 2019.3.5（周二） 2019.3.5上午9点半 2019年3月5日下午 2019-03-05日 5-Mar-19 190305 2019年03月05 '2019-3-5 2019—3—5 2019、3、5""".split()


@pytest.mark.parametrize(
    "value",
    [*DAYS, " 2019 - 3 - 5 ", "2019-03-05 15:20:00", "2019年 3月 5日", "2019年3月5日 9:00-10:30", "2019 3 5",
     date(2019, 3, 5), datetime.combine(date(2019, 3, 5), time(9, 5)), 43529.0, 43529.4, 20190305.0],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(value: Any) -> None:
    assert read_day(value).value == date(2019, 3, 5)


@pytest.mark.parametrize(
    "value",
    "2019.2.30 2019-06-00 2018/0/12 2019-13-45 月底 同上月 3月5日 农历三月初五 二〇一九年正月初五 2019.3.5-3.6 2019年3月5-6日 5/3/2019 每天".split(),
)
def test_what_is_no_single_day_is_none(value: str) -> None:
    assert read_day(value).fault


def test_a_month_or_year_is_known_as_such() -> None:
    assert [read_day(v).written for v in ("2019.7", "2019年8月", "19年7月", 2019.7, "1956", "195603", 1956.0)] == [
        "2019-07", "2019-08", "2019-07", "2019-07", "1956", "1956-03", "1956",
    ]  # fmt: skip
    assert read_day("待补").missing
    assert read_day(None).missing


def test_two_digits_of_a_year_are_of_the_past_where_a_birth_is_meant() -> None:
    assert read_day("65.3.5", latest=AS_OF).value == date(1965, 3, 5)
    assert read_day("12.3.5", latest=AS_OF).value == date(2012, 3, 5)


def test_serial_numbers_count_from_the_workbooks_day() -> None:
    assert read_day(42067.0, from_1904=True).value == date(2019, 3, 5)


@pytest.mark.parametrize(
    "value",
    [SOUND, f" {SOUND}", "４４１５９２１９５００４０１３１９２", "441592 19500401 3192", "441592-19500401-3192", f"'{SOUND}", f"身份证:{SOUND}",
     f"身份证号码：{SOUND}", f'="{SOUND}"', "441592\u200b195004013192", f"{SOUND}\u2060", f"ID:{SOUND}", f"{SOUND}（旧）"],
)  # fmt: skip
def test_a_number_is_put_right(value: str) -> None:
    assert read_id(value).number == SOUND


def test_fifteen_digits_become_eighteen_also_as_a_number() -> None:
    assert read_id("441592500401319").number == read_id(441592500401319.0).number
    assert read_id("441592700101886").born == date(1970, 1, 1)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (4.41592195004013e17, Reason.ID_PRECISION_LOST), (float(SOUND), Reason.ID_PRECISION_LOST), ("4.41592E+17", Reason.ID_PRECISION_LOST),
        ("4.41592195004013e+17", Reason.ID_PRECISION_LOST), ("44159219500401319", Reason.ID_LENGTH), ("4415921950040131922", Reason.ID_LENGTH),
        ("441592195004013191", Reason.ID_CHECKSUM), ("441592195013013192", Reason.ID_CHECKSUM), ("林振坤", Reason.ID_LENGTH),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_number_is_told(value: Any, fault: Reason) -> None:
    assert read_id(value).fault is fault


@pytest.mark.parametrize(
    "value", ["", " ", "无", "不详", "/", "-", "待补", "未上户口", "暂无", "办理中", "——", None, "N/A"]
)
def test_a_missing_number_is_no_fault(value: Any) -> None:
    assert (read_id(value).number, read_id(value).fault) == (None, None)
    assert not read_phones(value).fault


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        ("199 0000 7949", ["19900007949"]), (19900007949.0, ["19900007949"]), ("19900001465、0660-9000007", ["19900001465", "0660-9000007"]),
        ("19100005274\n19100005248", ["19100005274", "19100005248"]), ("19900008489(本人)", ["19900008489"]), ("儿子：19900008489", ["19900008489"]),
        ("+86 19900007949", ["19900007949"]), ("19900001465 19900001466", ["19900001465", "19900001466"]), ("06609000007", ["0660-9000007"]),
        ("19900001465（儿子）19900001466（女儿）", ["19900001465", "19900001466"]), ("1990-0001-465", ["19900001465"]),
    ],
)  # fmt: skip
def test_telephones_are_found_among_words(value: Any, numbers: list[str]) -> None:
    read = read_phones(value)
    assert (list(read.numbers), read.fault) == (numbers, False)


@pytest.mark.parametrize("value", ["1990000774", "已停机", "打村委电话", "199000079490"])
def test_what_is_no_telephone_is_told(value: str) -> None:
    assert read_phones(value).fault


def test_counts_in_figures_and_words() -> None:
    assert [
        read_count(v) for v in ("约45", "45余人", "45人", 45.0, "四十五人", "夫妻2人", "1,200", "男3女5", "", "若干")
    ] == [
        45,
        45,
        45,
        45,
        45,
        2,
        1200,
        8,
        None,
        None,
    ]
    assert [number_in_words(w) for w in ("十", "十二", "二十", "三十一", "一百二十", "二〇一九")] == [
        10,
        12,
        20,
        31,
        120,
        2019,
    ]


def test_times_of_day() -> None:
    assert [read_time(v) for v in ("9:10", "下午3点半", "15时20分", time(9, 5), 0.5, "上午")] == [
        time(9, 10), time(15, 30), time(15, 20), time(9, 5), time(12, 0), None,
    ]  # fmt: skip


def test_names_without_what_stands_beside_them() -> None:
    assert [read_name(v) for v in ("陈 小 明", "陈小明（户主）", "钟妈𤩽", "无", None, "　陈小明")] == [
        "陈小明",
        "陈小明",
        "钟妈𤩽",
        "",
        "",
        "陈小明",
    ]


@pytest.mark.parametrize(
    ("text", "labels", "unknown"),
    [
        ("低保户", ["低保"], []), ("最低生活保障", ["低保"], []), ("农低保、重残", ["农村低保", "重度残疾"], []), ("五保户", ["特困"], []), ("低收入家庭", ["低保边缘"], []),
        ("低边", ["低保边缘"], []), ("事实孤儿", ["事实无人抚养儿童"], []), ("散居孤儿", ["孤儿"], []), ("独居老人/特困", ["独居老人", "特困"], []),
        ("高龄,低保对象", ["高龄老人", "低保"], []), ("残疾、重点户", ["残疾"], ["重点户"]), ("其它情况", [], ["其它情况"]), ("一般", [], []), ("无", [], []),
        ("非低保", [], []), ("低保残疾人", ["低保", "残疾"], []), ("刚性支出困难家庭", ["刚性支出困难"], []), ("单亲特困母亲", ["单亲特困母亲"], []),
    ],
)  # fmt: skip
def test_categories_in_old_and_new_words(text: str, labels: list[str], unknown: list[str]) -> None:
    read = read_categories(text)
    assert (sorted(one.label for one in read.known), list(read.unknown)) == (sorted(labels), unknown)


def test_a_yes_means_what_the_header_says() -> None:
    assert [one.label for one in read_categories("是", "是否低保").known] == ["低保"]
    assert read_categories("否", "是否低保").known == ()


def test_categories_have_the_codes_of_the_list_that_the_product_brings() -> None:
    listed = {item["code"] for item in json.loads(CATEGORIES.read_text(encoding="utf-8"))}
    assert {code for _, _, codes in _TABLE for code in codes} <= listed
    names = [
        name
        for item in json.loads(CATEGORIES.read_text(encoding="utf-8"))
        for name in (item["name"], *item["old_names"])
    ]
    assert [name for name in names if not read_categories(name).known] == []


def test_manners_of_a_visit_have_the_products_codes() -> None:
    words = ("入户", "入户走访", "电访", "电话", "微信视频", "来访", "来站", "偶遇", "路遇", "医院探访", "敬老院探访")
    assert [mode_of(word) for word in words] == ["home"] * 2 + ["phone"] * 2 + ["wechat"] + ["office"] * 2 + [
        "chance"
    ] * 2 + ["institution"] * 2


TOWNS = ("441502005", "441521120", "441521115", "441521105")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("东一", "441502005202"), ("东一村委会", "441502005202"), ("东洲街道东一村", "441502005202"), ("赤山村三组", "441521120203"),
        ("海丰县城东镇赤山村", "441521120203"), ("广东省汕尾市海丰县城东镇赤山村民委员会", "441521120203"), ("城东镇/赤山", "441521120203"),
        ("红海湾东洲街道东一村", "441502005202"), ("东一村（二组）", "441502005202"), ("海珠社区", "441521115001"), ("海珠居委会", "441521115001"),
        ("東一村", "441502005202"), ("东一行政村", "441502005202"), ("乌坎村", "441581001210"),
    ],
)  # fmt: skip
def test_a_village_is_found_by_its_names(text: str, code: str) -> None:
    assert Gazetteer(TOWNS).find(text).code == code


def test_a_similar_name_is_a_suggestion_and_never_a_match() -> None:
    gazetteer = Gazetteer(TOWNS)
    assert gazetteer.find("龙律社区").fault is Reason.VILLAGE_UNKNOWN
    assert "龙津社区居民委员会" in gazetteer.suggestions("龙律社区")
    assert gazetteer.find("新城社区", "").code == "441521115007"  # of the towns asked first
    assert Gazetteer(("441502007",)).find("新城社区").fault is Reason.VILLAGE_AMBIGUOUS
    assert gazetteer.find("城东社区", "城东街道").code == "441581003001"


@given(st.one_of(st.text(max_size=40), st.floats(), st.dates(), st.times(), st.none(), st.booleans()))
def test_no_cell_breaks_a_reader(value: Any) -> None:
    for read in (read_day, read_id, read_phones, read_count, read_time, read_name):
        read(value)
    if isinstance(value, str):
        read_categories(value)


def test_every_category_that_the_product_brings_is_read_as_itself_and_nothing_else() -> None:
    for row in json.loads(CATEGORIES.read_text(encoding="utf-8")):
        read = read_categories(plain(row["name"]))
        assert not read.unknown, row["name"]
        assert [row["code"] in one.codes for one in read.known] == [True], row["name"]
