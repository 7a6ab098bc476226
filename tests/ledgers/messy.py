"""Ledgers put together by chance, with the truth about each: layouts, wordings, dresses of cells, and what is wrong."""

import random
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shuangbai.ledgers.letters import letters
from tests.ledgers import writing
from tests.ledgers.invented import Heading, Row, headings, rows_of, table

# By kind: columns that are always there, then some of the others. Several wordings of one column stand beside a bar.
_COLUMNS = {
    "visits": (
        """序号|编 号|NO - seq
        走访日期|入户时间|探访日期|日期 = visit.date
        村（居）|所属村居|村委会 = household.village
        户主姓名|户主 = household.head_name
        走访方式|探访形式 = visit.mode
        走访结果|见面情况 = visit.result
        走访社工|走访人员 = visit.worker""",
        """身份证号码|户主身份证 = person.id_number
        联系电话|手机号码 = household.phone or person.phone
        走访时间|时间段 = visit.time
        受访人数|见面人数（人） = visit.persons_met
        同行人员|陪同人员 = visit.companions
        走访内容|访谈记录 = visit.narrative
        存在困难及需求|主要需求 = visit.needs
        跟进措施|后续跟进 = visit.followup
        备注|备  注 - note
        镇街|镇（街道） - town
        家庭住址|详细地址 = household.address""",
    ),
    "households": (
        """档案编号|户编号 = household.file_no
        村（居）|所在村居 = household.village
        户主|户主姓名 = household.head_name
        成员姓名|家庭成员姓名 = person.name
        与户主关系|家庭关系 = person.relation
        身份证号|公民身份号码 = person.id_number""",
        """性别 = person.sex
        出生日期|出生年月日 = person.birth_date
        家庭住址|住址 = household.address
        家庭联系电话|户主电话 = household.phone
        跟进级别|关注等级 = household.grade
        建档日期|建档时间 = household.opened_on
        人员类别|对象类别 = person.categories
        残疾类别及等级|残疾情况 = person.disability
        文化程度|学历 = person.education
        身体状况|健康状况 = person.health
        民族 = person.ethnicity
        年龄 - age
        备注 - note""",
    ),
    "roster": (
        """序号 - seq
        村（居）委会|行政村 = household.village
        姓名|保障对象姓名 = person.name
        身份证号码|公民身份号码 = person.id_number
        救助类别|保障类别 = person.categories""",
        """户主姓名|户主 = household.head_name
        性别 = person.sex
        民族 = person.ethnicity
        与户主关系 = person.relation
        联系电话|手机 = person.phone or household.phone
        月补助金额（元）|保障金额 - money
        开户行 - bank
        银行账号|账号 - account
        县（市、区） - county
        镇（街道） - town
        备注 - note""",
    ),
    "activities": (
        """序号 - seq
        活动名称|活动主题 = activity.name
        活动日期|开展时间 = activity.date
        参加人数|参与人数 = activity.persons""",
        """活动类型|活动类别 = activity.kind
        服务人次|参加人次 = activity.person_times
        志愿者人数|义工人数 = activity.volunteers
        活动村居|所属村居 = activity.village
        经费（元） - money
        备注 - note""",
    ),
}
_TITLES = {
    "visits": "东洲街道社工站入户走访台账",
    "households": "东洲街道社工站一户一档登记表",
    "roster": "东洲街道低保对象花名册",
    "activities": "东洲站社区活动台账",
}

_OF_A_FAMILY = {"household.file_no", "household.village", "household.head_name", "household.address", "household.phone",
                "household.grade", "household.opened_on"}  # fmt: skip

# What can be wrong with a row: the field, what stands there, and the reason. %s is the sound number.
_FAULTS: dict[str, list[tuple[Any, str]]] = {
    "visit.date": [("2019.2.30", "date_invalid"), ("月底", "date_invalid"), (None, "date_invalid"), ("2019年8月", "date_invalid"),
                   ("农历三月初五", "date_invalid"), ("2109.8.3", "date_future")],
    "activity.date": [("2018-06-00", "date_invalid"), ("待补", "date_invalid"), (date(2030, 1, 5), "date_future")],
    "person.id_number": [(4.41592195004013e17, "id_precision_lost"), ("4.41592E+17", "id_precision_lost"), ("44159219500401319", "id_length"),
                         ("441592195004013191", "id_checksum"), ("4415921950040131922", "id_length")],
    "household.village": [("石头埔村", "village_unknown"), ("龙律社区", "village_unknown")],
    "person.name": [(None, "name_missing"), (" ", "name_missing")],
}  # fmt: skip


@dataclass(slots=True)
class Messy:
    """A file and the truth about it. Row numbers are the file's, from 1."""

    kind: str
    data: bytes
    suffix: str
    sheet: str
    header_rows: list[int]
    columns: list[Heading]
    offset: int
    rows: list[int] = field(default_factory=list)
    wrong: dict[int, str] = field(default_factory=dict)

    @property
    def mapping(self) -> dict[str, tuple[str | None, ...]]:
        return {letters(number + self.offset): heading.means for number, heading in enumerate(self.columns)}


def _chosen(kind: str, rng: random.Random) -> list[Heading]:
    always, some = (headings(text) for text in _COLUMNS[kind])
    columns = always + rng.sample(some, rng.randrange(len(some) + 1))
    if rng.random() < 0.3:
        rng.shuffle(columns)
    return [Heading(rng.choice(one.words.split("|")), one.means, one.holds) for one in columns]


def _with_gap(columns: list[Heading], rng: random.Random) -> list[Heading]:
    """A column with nothing in it, in some."""
    if rng.random() < 0.2:
        columns.insert(rng.randrange(1, len(columns)), Heading("", (None,), "nothing"))
    return columns


def _with_groups(columns: list[Heading], rng: random.Random) -> list[Heading]:
    """Some columns in the middle under two groups, so that the header has two lines."""
    if rng.random() < 0.75 or len(columns) < 7 or any(not column.words for column in columns):
        return columns
    middle = rng.randrange(3, len(columns) - 2)
    groups = ["基本情况"] * (middle - 1) + ["其他情况"] * (len(columns) - 1 - middle)
    return [
        columns[0],
        *(
            Heading(f"{group}·{one.words}", one.means, one.holds)
            for group, one in zip(groups, columns[1:], strict=False)
        ),
        columns[-1],
    ]


def build(seed: int) -> Messy:
    """The ledger of this seed."""
    rng = random.Random(seed)
    kind = rng.choice(list(_COLUMNS))
    columns = _with_groups(_with_gap(_chosen(kind, rng), rng), rng)
    rows = rows_of(seed, rng.randrange(8, 40), members=kind in ("households", "roster"))
    found = Messy(kind, b"", "", "", [], columns, rng.choice([0, 0, 0, 1]))
    sheet = _lines(found, rows, rng)
    _write(found, sheet.lines, sheet.merges, rng)
    return found


class _Lines:
    """The lines of a sheet as they are put one under the other."""

    def __init__(self, found: Messy, rng: random.Random) -> None:
        self.found, self.rng = found, rng
        self.lines: list[list[Any]] = []
        self.merges: list[tuple[int, int, int, int]] = []

    def add(self, *cells: Any) -> None:
        width = len(self.found.columns)
        self.lines.append([None] * self.found.offset + list(cells) + [None] * (width - len(cells)))

    def perhaps(self, chance: float, *cells: Any) -> None:
        if self.rng.random() < chance:
            self.add(*cells)

    def title(self) -> None:
        first, last = self.found.offset, self.found.offset + len(self.found.columns) - 1
        if self.rng.random() < 0.7:
            self.merges.append((0, first, 0, last))
            self.add(f"{_TITLES[self.found.kind]}（2019年度）")
        self.perhaps(0.4, "单位：东洲街道社工站      填表人：黄晓纯      填表日期：2019年12月31日")
        self.perhaps(0.2)

    def header(self, heads: list[list[Any]], example: list[Any]) -> None:
        self.found.header_rows = [len(self.lines) + 1 + number for number in range(len(heads))]
        for line in heads:
            self.add(*line)
        if len(heads) == 2:
            self.merges += _merged_header(heads, len(self.lines) - 2, self.found.offset)
        self.perhaps(0.15, *[float(number + 1) for number in range(len(self.found.columns))])
        self.perhaps(0.15, "示例", *example)

    def interrupt(self, month: int, head: list[Any]) -> None:
        what = self.rng.randrange(5)
        if what == 2:
            self.add(*head)
        elif what:
            # A month across the sheet, nothing, a row that only has its number.
            self.add(*{1: [f"2019年{month}月"], 3: [], 4: [float(900 + month)]}[what])
        else:
            self.add(f"{month}月小计", None, f"{month + 10}户次")

    def foot(self, count: int) -> None:
        self.perhaps(0.5, "合计", f"{count}户次")
        if self.rng.random() < 0.4:
            self.add()
            self.add("注：1.走访方式填入户、电访、来访等；")
            self.add("   2.本表每月5日前报督导中心。")
        self.perhaps(0.4, "审核人：", None, "陈小玲", None, "制表：黄晓纯")


def _lines(found: Messy, rows: list[Row], rng: random.Random) -> _Lines:
    columns, sheet = found.columns, _Lines(found, rng)
    sheet.title()
    whole = table(columns, rows, rng)
    heads, body = whole[: -len(rows)], whole[-len(rows) :]
    sheet.header(heads, [heading.value(rows[0], rng) for heading in columns[1:]])
    families = found.kind == "households" and rng.random() < 0.6
    shared = [number for number, one in enumerate(columns) if families and one.means[0] in _OF_A_FAMILY]
    for number, (row, cells) in enumerate(zip(rows, body, strict=True)):
        if number and rng.random() < 0.06:
            sheet.interrupt(number, heads[-1])
        reason = _spoil(columns, cells, rng, whole=not shared) if rng.random() < 0.15 else None
        if number and rows[number - 1].family is row.family:
            for column in shared:
                cells[column] = None
        sheet.add(*cells)
        found.rows.append(len(sheet.lines))
        if reason:
            found.wrong[len(sheet.lines)] = reason
    sheet.merges += _merged_families(found, rows, shared, sheet.lines)
    sheet.foot(len(rows))
    return sheet


def _merged_header(heads: list[list[Any]], top: int, offset: int) -> list[tuple[int, int, int, int]]:
    merges = []
    above, below = heads
    for column, words in enumerate(above):
        if words is None:
            continue
        if below[column] is None:
            merges.append((top, column + offset, top + 1, column + offset))
        else:
            last = column
            while last + 1 < len(above) and above[last + 1] is None and below[last + 1] is not None:
                last += 1
            if last > column:
                merges.append((top, column + offset, top, last + offset))
    return merges


def _merged_families(
    found: Messy, rows: list[Row], shared: list[int], lines: list[list[Any]]
) -> list[tuple[int, int, int, int]]:
    """The cells of a family merged over its members' rows, where nothing stands between them."""
    merges: list[tuple[int, int, int, int]] = []
    if not shared:
        return merges
    start = 0
    for number in range(1, len(rows) + 1):
        ends = number == len(rows) or rows[number].family is not rows[start].family
        if ends or found.rows[number] != found.rows[number - 1] + 1:
            top, bottom = found.rows[start] - 1, found.rows[number - 1] - 1
            if bottom > top and lines[top][found.offset + shared[0]] is not None:
                merges += [(top, column + found.offset, bottom, column + found.offset) for column in shared]
            start = number
    return merges


def _spoil(columns: list[Heading], cells: list[Any], rng: random.Random, *, whole: bool) -> str | None:
    names = [heading.means[0] for heading in columns]
    possible = [name for name in _FAULTS if name in names and (whole or name != "household.village")]
    if "person.name" in possible and names.count("person.name") and "household.file_no" in names:
        possible.remove("person.name")  # in family files a row without a name is no fault
    if not possible:
        return None
    name = rng.choice(possible)
    value, reason = rng.choice(_FAULTS[name])
    cells[names.index(name)] = value
    return reason


def _write(found: Messy, lines: list[list[Any]], merges: list[tuple[int, int, int, int]], rng: random.Random) -> None:
    found.suffix = rng.choice(["xlsx", "xlsx", "xlsx", "ods", "csv", "gb.csv", "tsv"])
    found.sheet = "" if found.suffix.endswith(("csv", "tsv")) else rng.choice(["Sheet1", "台账", "2019年"])
    extra = (
        {"填表说明": [["填表说明"], ["走访日期：填实际入户日期"], ["身份证号码：18位"]]} if rng.random() < 0.3 else {}
    )
    sheets = {found.sheet: lines, **extra}
    if found.suffix == "xlsx":
        found.data = writing.xlsx({**sheets, "旧": [["张三", "2017.7.1"]]}, merges={found.sheet: merges}, hidden=["旧"])
    elif found.suffix == "ods":
        found.data = writing.ods({**sheets, "旧": [["张三", "2017.7.1"]]}, merges={found.sheet: merges}, hidden=["旧"])
    elif found.suffix == "tsv":
        found.data = writing.separated(lines, "\t")
    else:
        found.data = writing.separated(lines, encoding="gb18030" if found.suffix == "gb.csv" else "utf-8-sig")
