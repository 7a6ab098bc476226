"""Workbooks as a dozen stations would send them, each drawn up with its answer before the importer was tried on it.

Of 118 columns it took 5 otherwise. Two answers were changed afterwards: a guardian's telephone is nobody's own, and
what was done (做了什么) stays a note. Lists of children, of the disabled and of the old are rosters.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from shuangbai.ledgers.enums import Kind
from shuangbai.ledgers.understanding import Result, understand
from tests.ledgers import writing
from tests.ledgers.invented import CONTEXT

pytestmark = pytest.mark.nodb
ONE, TWO, CHILD = "441592195004013192", "441592195704102030", ""


@dataclass
class Answer:
    """What is right: the kind, the fields of the columns of the first sheet (one of several by |), rows, wrong rows."""

    make: Callable[[], bytes]
    kind: Kind
    fields: str
    rows: int
    wrong: list[tuple[int, str]] = field(default_factory=list)
    name: str = ""
    households: int | None = None


def tanfang() -> bytes:
    head = [
        "序号",
        "探访时间",
        "探访对象姓名",
        "性别",
        "年龄",
        "家庭住址",
        "联系方式",
        "探访形式",
        "身体状况",
        "探访内容",
        "探访人员签名",
        "探访对象签名",
    ]
    lines: list[list[Any]] = [
        ["探访登记表"],
        ["填报单位：东洲街道社会工作服务站", None, None, None, None, None, None, "填表日期：2020年5月31日"],
        head,
        [
            1.0,
            date(2020, 5, 6),
            "林进财",
            "男",
            70.0,
            "东洲街道东一村三巷5号",
            "19900001234",
            "上门",
            "高血压",
            "量了血压，提醒按时吃药",
            "陈小玲",
            None,
        ],
        [2.0, "5月7日", "孙二弟", "男", 63.0, "东洲街道东二村", None, "电话", "一般", "电话问候", "林志鹏", None],
        [
            3.0,
            "2020.5.8",
            "许月婵",
            "女",
            81.0,
            "东洲街道东三村",
            "19900001236",
            "上门",
            "卧床",
            "协助翻身",
            "陈小玲",
            None,
        ],
        ["注：每月至少探访一次。"],
        ["审核人：", None, None, "站长："],
    ]
    return writing.xlsx({"5月": lines}, merges={"5月": [(0, 0, 0, 11)]})


def ruhu() -> bytes:
    lines: list[list[Any]] = [
        ["入户走访记录表（第一季度）"],
        ["日期", "走访对象", None, None, "走访情况", None, "走访人"],
        [None, "村居", "户主姓名", "户籍人口", "家庭情况", "存在问题及诉求", None],
        ["2020年3月2日", "东一村委会", "林进财", 4.0, "二老一小", "屋顶漏雨", "陈小玲、林志鹏"],
        ["2020年3月3日", "东二村委会", "孙二弟", 1.0, "独居", "无", "林志鹏"],
        ["合计", None, None, 5.0],
    ]
    merges = [(1, 0, 2, 0), (1, 1, 1, 3), (1, 4, 1, 5), (1, 6, 2, 6)]
    return writing.xlsx({"Sheet1": lines}, merges={"Sheet1": merges})


def children() -> bytes:
    head = [
        "编号",
        "儿童姓名",
        "性别",
        "出生年月",
        "身份证号码",
        "就读学校及年级",
        "困境类型",
        "监护人姓名",
        "监护人与儿童关系",
        "监护人电话",
        "家庭地址",
        "所属村（居）",
        "备注",
    ]
    lines: list[list[Any]] = [
        ["东洲街道困境儿童摸底排查表"],
        head,
        [
            "1",
            "林小玉",
            "女",
            "2010.04",
            None,
            "东洲小学四年级",
            "事实孤儿",
            "林进财",
            "爷爷",
            "19900001234",
            "东一村三巷",
            "东一村",
            "母外嫁",
        ],
        [
            "2",
            "孙小强",
            "男",
            "2012-11",
            "44159220121105301X",
            "东洲小学二年级",
            "留守儿童",
            "孙二弟",
            "父亲",
            "无",
            "东二村",
            "东二村",
            None,
        ],
        ["3", None, "男", "2015", None, "未入学", "重残", "许月婵", "奶奶", None, "东三村", "东三村", None],
    ]
    return writing.xlsx({"摸底": lines})


def disabled() -> bytes:
    head = [
        "序号",
        "姓名",
        "身份证号",
        "残疾证号",
        "残疾类别",
        "残疾等级",
        "村居",
        "家庭地址",
        "联系电话",
        "是否低保",
        "是否享受两项补贴",
    ]
    lines: list[list[Any]] = [
        ["2020年持证残疾人台账"],
        head,
        ["1", "林进财", ONE, ONE + "41", "肢体", "二级", "东一村", "三巷5号", "19900001234", "是", "是"],
        ["2", "孙二弟", TWO[:-1], TWO + "62", "精神", "一级", "东二村", "村口", "19900001235", "否", "是"],
    ]
    return writing.xlsx({"台账": lines})


def volunteers() -> bytes:
    head = [
        "序号",
        "姓名",
        "性别",
        "出生日期",
        "手机号码",
        "所在村居",
        "特长爱好",
        "服务队名称",
        "加入日期",
        "累计时数",
        "i志愿编号",
    ]
    lines: list[list[Any]] = [
        ["志愿者花名册"],
        head,
        [
            "1",
            "黄阿玲",
            "女",
            "1980-02-03",
            "19900004567",
            "东一村",
            "唱歌",
            "巾帼队",
            "2019-05-01",
            "36.5",
            "4415020001",
        ],
        ["2", "张志明", "男", "1990-07", "19900004568", "东二村", None, "青年队", "2019/6/1", "12", "4415020002"],
    ]
    return writing.xlsx({"花名册": lines})


def tabs() -> bytes:
    head = ["走访日期", "走访村居", "户主名字", "家里电话", "形式", "有无见到人", "见到几人", "做了什么", "社工名字"]
    lines: list[list[Any]] = [
        head,
        ["2020/5/6", "东一村", "林进财", "1990 000 1234", "入户", "见到", "2人", "聊天，量血压", "陈小玲"],
        ["2020/5/6", "东二村", "孙二弟", "", "入户", "没见到", "", "门锁着", "陈小玲"],
        ["2020/13/6", "东二村", "许月婵", "", "电话", "见到", "1", "", "林志鹏"],
    ]
    return writing.separated(lines, "\t", "gb18030")


def ods() -> bytes:
    head = ["门牌", "村民小组", "户主", "人口数", "成员", "关系", "身份证", "人群类别", "享受政策"]
    lines: list[list[Any]] = [
        ["东一村家庭基本情况表"],
        head,
        ["三巷5号", "一组", "林进财", 2.0, "林进财", "本人", ONE, "低保", "低保金"],
        [None, None, None, None, "林小玉", "孙女", None, "困境儿童", None],
        ["四巷1号", "二组", "孙二弟", 1.0, "孙二弟", "本人", TWO, "五保", "特困供养"],
    ]
    return writing.ods({"家庭": lines}, merges={"家庭": [(2, column, 3, column) for column in range(4)]}, hidden=[])


def a_sheet_a_village() -> bytes:
    head = ["日期", "户主", "走访方式", "谈话要点", "困难", "跟进计划", "走访社工"]
    row = ["2020-04-0{}", "林进财", "入户", "身体尚可", "就医", "下周再去", "陈小玲"]
    return writing.xlsx({
        village: [[f"{village}走访台账"], head, [row[0].format(n), *row[1:]], [row[0].format(n + 1), "孙二弟", *row[2:]]]
        for n, village in enumerate(("东一村", "东二村", "东三村"), 1)
    })  # fmt: skip


def low_income() -> bytes:
    head = [
        "序号",
        "乡镇",
        "村委",
        "户主",
        "身份证号码",
        "保障类别",
        "保障人口",
        "月保障金额",
        "开户账号",
        "家庭成员",
        "备注",
    ]
    lines: list[list[Any]] = [
        ["2020年5月份城乡低保发放名册"],
        ["单位：元"],
        head,
        [1.0, "东洲街道", "东一", "林进财", ONE, "低保", 2.0, 1280.0, "6217001234567890123", "林小玉", None],
        [2.0, "东洲街道", "东二", "孙二弟", TWO, "特困", 1.0, 1500.0, "6217001234567890124", None, "新增"],
        ["小计", None, None, None, None, None, 3.0, 2780.0],
    ]
    return writing.xlsx({"5月": lines})


def activities() -> bytes:
    head = ["场次", "开展时间", "活动主题", "活动地点", "服务对象", "参与人数", "志愿者人数", "活动成效", "负责社工"]
    lines: list[list[Any]] = [
        ["社区活动统计"],
        head,
        [
            1.0,
            "2020年5月12日 上午9:00",
            "防疫知识宣传",
            "东一村文化广场",
            "村民",
            "约60人",
            "5",
            "派发口罩100个",
            "陈小玲",
        ],
        [2.0, "2020年5月32日", "母亲节茶话会", "社工站", "妇女", "23", "3", "好", "林志鹏"],
        [3.0, "2020.5.20", "四点半课堂", "东二村", "儿童", "15", "2", "好", "林志鹏"],
    ]
    return writing.xlsx({"活动": lines})


def left_behind() -> bytes:
    head = [
        "村居",
        "老人姓名",
        "年龄",
        "身份证",
        "子女联系电话",
        "自理情况",
        "是否独居",
        "是否签订关爱协议",
        "挂钩社工",
    ]
    lines: list[list[Any]] = [
        ["独居空巢留守老人信息采集表"],
        head,
        ["东一村", "林进财", "70", ONE, "19900001234", "能自理", "独居", "是", "陈小玲"],
        [None, "孙二弟", "63", TWO, "19900001235", "半自理", "空巢", "否", "陈小玲"],
        ["东三村", "许月婵", "81", None, None, "不能自理", "留守", "是", "林志鹏"],
    ]
    return writing.xlsx({"采集": lines}, merges={"采集": [(2, 0, 3, 0)]})


def calls() -> bytes:
    head = ["No.", "去电日期", "时间", "受访人", "所属村", "号码", "是否接通", "通话内容", "是否需跟进", "致电人"]
    lines: list[list[Any]] = [
        ["疫情期间电话慰问登记"],
        head,
        ["1", "2.14", "9:30", "林进财", "东一村", "19900001234", "接通", "口罩够用", "否", "陈小玲"],
        ["2", "2020.2.14", "9:40", "孙二弟", "东二村", "19900001235", "未接", None, "是", "陈小玲"],
    ]
    return writing.xlsx({"登记": lines})


ANSWERS = {
    "探访登记表": Answer(
        tanfang, Kind.VISITS,
        "- visit.date person.name|household.head_name person.sex - household.address|household.village household.phone|person.phone visit.mode person.health visit.narrative visit.worker -",
        3, [(5, "date_invalid")],
    ),
    "入户走访记录": Answer(
        ruhu, Kind.VISITS, "visit.date household.village household.head_name - visit.narrative visit.needs visit.worker", 2
    ),
    "困境儿童摸底": Answer(
        children, Kind.ROSTER,
        "-|household.file_no person.name person.sex person.birth_date person.id_number -|person.education person.categories person.guardian - - household.address household.village -",
        3, [(4, "id_checksum"), (5, "name_missing")],
    ),
    "残疾人台账": Answer(
        disabled, Kind.ROSTER,
        "- person.name person.id_number - person.disability person.disability household.village household.address person.phone|household.phone - -",
        2, [(4, "id_length")],
    ),
    "志愿者花名册": Answer(
        volunteers, Kind.VOLUNTEERS,
        "- person.name person.sex person.birth_date person.phone household.village volunteer.skills volunteer.team volunteer.since volunteer.hours volunteer.number",
        2,
    ),
    "制表符和国标码": Answer(
        tabs, Kind.VISITS,
        "visit.date household.village household.head_name household.phone|person.phone visit.mode visit.result visit.persons_met - visit.worker",  # 做了什么: a note, and nothing is lost
        3, [(4, "date_invalid")],
    ),
    "一户几行的合并格": Answer(
        ods, Kind.HOUSEHOLDS,
        "household.address household.group household.head_name - person.name person.relation person.id_number person.categories -|person.categories",
        3, households=2,
    ),
    "一村一张表": Answer(
        a_sheet_a_village, Kind.VISITS,
        "visit.date household.head_name visit.mode visit.narrative visit.needs visit.followup visit.worker", 6,
    ),
    "低保发放名册": Answer(
        low_income, Kind.ROSTER,
        "- - household.village household.head_name|person.name person.id_number person.categories - - - - -", 2,
    ),
    "社区活动统计": Answer(
        activities, Kind.ACTIVITIES,
        "- activity.date activity.name activity.village|- - activity.persons|activity.person_times activity.volunteers - visit.worker|household.worker|-",
        3, [(4, "date_invalid")],
    ),
    "独居老人采集": Answer(
        left_behind, Kind.ROSTER,
        "household.village person.name - person.id_number household.phone|person.phone|- person.self_care person.categories|- - household.worker", 3,
    ),
    "电话慰问登记": Answer(
        calls, Kind.VISITS,
        "- visit.date visit.time person.name|household.head_name household.village household.phone|person.phone visit.result visit.narrative visit.followup|- visit.worker",
        2, [(3, "date_invalid")],
    ),
}  # fmt: skip


def read(answer: Answer, name: str) -> Result:
    return understand(answer.make(), CONTEXT, name=name)


@pytest.mark.parametrize("name", ANSWERS)
def test_a_workbook_of_a_station(name: str) -> None:
    answer, result = ANSWERS[name], read(ANSWERS[name], name)
    assert result.kind is answer.kind
    sheet = result.sheets[0]
    wanted = [one.split("|") for one in answer.fields.split()]
    got = [guess.field or "-" for guess in sheet.guesses]
    off = [
        (label.text, one, may)
        for label, one, may in zip(sheet.layout.labels, got, wanted, strict=True)
        if one not in may
    ]
    assert off == []
    assert len(result.records) == answer.rows
    assert [(issue.row, issue.reason.value) for one in result.sheets for issue in one.wrong] == answer.wrong
    if answer.households:
        assert result.distinct_households == answer.households
