"""Ledgers that nobody kept, with everything in them known: people, families, days, and what is wrong with a row.

Names come from lists, telephones from unassigned blocks (1990000…), identity numbers from the county code 441592, which
was never assigned; their check digits are right.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from shuangbai.core.idnumber import check_digit
from shuangbai.ledgers.judging import Context

AS_OF = date(2026, 11, 23)
TOWN = "441502005"
VILLAGES = {
    "东一": "441502005202",
    "东二": "441502005203",
    "东三": "441502005204",
    "东四": "441502005205",
    "湖东": "441502005201",
}
WORKERS = ("陈小玲", "林志鹏", "黄晓纯", "蔡文锋")
CONTEXT = Context(AS_OF, (TOWN,), frozenset(WORKERS))
_SURNAMES = "陈林黄蔡吴郑李张王许曾彭温罗施卓庄何余谢徐叶孙"
_GIVEN = "小秀志文晓俊美玉金海国家春明丽建永树桂惠德兰英强华伟芳娟敏静杰涛"
_TALK = (
    "近来身体一般，药有时忘记吃。",
    "家中屋顶漏雨，雨季时用盆接水。",
    "儿子在外打工，春节才回来，平日一人在家。",
    "孙辈学习成绩中等，放学后无人辅导。",
)
_ONES = "〇一二三四五六七八九"


@dataclass(slots=True)
class Person:
    name: str
    sex: str
    born: date
    id: str
    relation: str = "户主"


@dataclass(slots=True)
class Family:
    head: str
    village: str
    file_no: str
    phone: str
    address: str
    opened_on: date
    members: list[Person] = field(default_factory=list)


class People:
    """A source of families, always the same for one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._names: set[str] = set()

    def name(self) -> str:
        while True:
            length = self.random.choice((1, 2, 2, 2))
            name = self.random.choice(_SURNAMES) + "".join(self.random.sample(_GIVEN, length))
            if name not in self._names and name not in WORKERS:
                self._names.add(name)
                return name

    def person(self, relation: str = "户主", name: str = "") -> Person:
        born = date(1930, 1, 1) + timedelta(days=self.random.randrange(33000))
        if relation in ("儿子", "女儿", "孙子", "孙女"):
            born = date(2006, 1, 1) + timedelta(days=self.random.randrange(5000))
        sex = {"儿子": "男", "女儿": "女", "孙子": "男", "孙女": "女"}.get(relation) or self.random.choice("男女")
        order = self.random.randrange(10, 99) * 10 + int(self.random.choice("13579" if sex == "男" else "02468"))
        first = f"441592{born:%Y%m%d}{order:03d}"
        return Person(name or self.name(), sex, born, first + check_digit(first), relation)

    def family(self, number: int) -> Family:
        rng = self.random
        head = self.person()
        family = Family(
            head.name, rng.choice(list(VILLAGES)), f"DZ{2017 + number % 4}-{number:03d}", f"1990000{rng.randrange(10000):04d}",
            f"{rng.choice(('新市', '渔港', '中兴'))}街{rng.randrange(1, 200)}号", date(2018, 1, 1) + timedelta(days=rng.randrange(900)),
        )  # fmt: skip
        family.members = [
            head,
            *(
                self.person(relation)
                for relation in rng.sample(("配偶", "儿子", "女儿", "母亲", "孙子"), rng.randrange(4))
            ),
        ]
        return family


@dataclass(slots=True)
class Row:
    """What one row of a ledger is about."""

    family: Family
    person: Person
    day: date
    number: int


def days_dress(day: date, rng: random.Random) -> Any:
    """One of the ways in which people write a day."""
    chinese = "".join(_ONES[int(d)] for d in str(day.year))
    return rng.choice([
        day, day, day.isoformat(), f"{day.year}.{day.month}.{day.day}", f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}", f"{day:%Y%m%d}", f"{day.year}年{day.month:02d}月{day.day:02d}号",
        float((day - date(1899, 12, 30)).days), f"{day.year}.{day.month}.{day.day}（上午）", f" {day.year} - {day.month} - {day.day} ",
        f"{chinese}年{day.month}月{day.day}日", f"{str(day.year)[2:]}.{day.month}.{day.day}" if day.year >= 2000 else day,
        datetime.combine(day, time(9, 30)),
    ])  # fmt: skip


def id_dress(number: str, rng: random.Random) -> str:
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    return rng.choice([
        number, number, number, number, number.lower(), f"{number[:6]} {number[6:14]} {number[14:]}", "'" + number,
        number.translate(wide), number[:6] + "\u200b" + number[6:], f"身份证:{number}",
    ])  # fmt: skip


def village_dress(village: str, rng: random.Random) -> str:
    return rng.choice(
        [village + "村", village + "村", village + "村委会", village + "村民委员会", village, f"东洲街道{village}村"]
    )


def phone_dress(phone: str, rng: random.Random) -> Any:
    return rng.choice(
        [phone, phone, float(phone), f"{phone[:3]} {phone[3:7]} {phone[7:]}", f"{phone}(本人)", f"{phone}/0660-9000007"]
    )


def _birth(person: Person, rng: random.Random) -> Any:
    return rng.choice(
        [person.born, person.born.isoformat(), f"{person.born:%Y.%m.%d}", f"{person.born.year}年{person.born.month}月"]
    )


Maker = Callable[[Row, random.Random], Any]
MAKERS: dict[str, Maker] = {
    "visit.date": lambda row, rng: days_dress(row.day, rng),
    "visit.time": lambda row, rng: rng.choice(["9:10", "15:20", "10:05", "16:40"]),
    "visit.mode": lambda row, rng: rng.choice(["入户", "入户走访", "电访", "微信视频", "来站", "路遇"]),
    "visit.result": lambda row, rng: rng.choice(["见面", "见面", "见面", "无人在家", "外出打工", "拒访"]),
    "visit.worker": lambda row, rng: rng.choice(WORKERS),
    "visit.companions": lambda row, rng: rng.choice([*WORKERS, None, None]),
    "visit.narrative": lambda row, rng: rng.choice(_TALK),
    "visit.needs": lambda row, rng: rng.choice(["医疗费用高", "经济困难", "情绪支持", "房屋漏雨", None]),
    "visit.followup": lambda row, rng: rng.choice(["电话跟进", "继续跟进", "协助申请低保", "下月回访"]),
    "visit.purpose": lambda row, rng: rng.choice(["日常", "节日慰问", "定期回访", "首次建档"]),
    "visit.next_date": lambda row, rng: rng.choice([None, row.day + timedelta(days=30)]),
    "visit.persons_met": lambda row, rng: rng.choice([1.0, 2.0, "1人", "2", 3.0]),
    "household.file_no": lambda row, rng: row.family.file_no,
    "household.village": lambda row, rng: village_dress(row.family.village, rng),
    "household.group": lambda row, rng: rng.choice(["第一小组", "二组", "三组", "四队"]),
    "household.address": lambda row, rng: row.family.address,
    "household.head_name": lambda row, rng: row.family.head,
    "household.phone": lambda row, rng: phone_dress(row.family.phone, rng),
    "household.grade": lambda row, rng: rng.choice(["红", "黄", "绿", "绿"]),
    "household.opened_on": lambda row, rng: days_dress(row.family.opened_on, rng),
    "household.worker": lambda row, rng: rng.choice(WORKERS),
    "person.name": lambda row, rng: row.person.name,
    "person.sex": lambda row, rng: row.person.sex,
    "person.birth_date": lambda row, rng: _birth(row.person, rng),
    "person.id_number": lambda row, rng: id_dress(row.person.id, rng),
    "person.phone": lambda row, rng: phone_dress(row.family.phone, rng),
    "person.relation": lambda row, rng: row.person.relation,
    "person.categories": lambda row, rng: rng.choice(
        ["低保", "低保户", "五保户", "低保边缘", "残疾、低保", "独居老人", "一般"]
    ),
    "person.disability": lambda row, rng: rng.choice(["肢体二级", "听力三级", "精神一级", None]),
    "person.self_care": lambda row, rng: rng.choice(["自理", "半失能", "失能", "A类"]),
    "person.ethnicity": lambda row, rng: rng.choice(["汉族", "汉族", "畲族"]),
    "person.education": lambda row, rng: rng.choice(["小学", "初中", "文盲", "高中"]),
    "person.marital": lambda row, rng: rng.choice(["已婚", "未婚", "丧偶"]),
    "person.health": lambda row, rng: rng.choice(["良好", "一般", "高血压", "体弱"]),
    "person.guardian": lambda row, rng: row.family.head,
    "activity.name": lambda row, rng: (
        rng.choice(["相伴童行", "重阳敬老", "防诈骗讲座", "六一游园", "义诊进村"]) + str(row.number)
    ),
    "activity.date": lambda row, rng: days_dress(row.day, rng),
    "activity.village": lambda row, rng: village_dress(row.family.village, rng),
    "activity.kind": lambda row, rng: rng.choice(["儿童", "长者", "宣传", "节日", "义诊"]),
    "activity.persons": lambda row, rng: rng.choice([30.0, "45人", "约50", 22.0]),
    "activity.person_times": lambda row, rng: rng.choice([60.0, "45人次", 22.0]),
    "activity.volunteers": lambda row, rng: float(rng.randrange(2, 9)),
}

# What stands in columns that have no field.
OTHERS: dict[str, Maker] = {
    "nothing": lambda row, rng: None,
    "seq": lambda row, rng: float(row.number),
    "age": lambda row, rng: float(2026 - row.person.born.year),
    "note": lambda row, rng: rng.choice([None, None, "补录", "已拍照", "有狗"]),
    "money": lambda row, rng: float(rng.randrange(200, 900)),
    "account": lambda row, rng: f"621000000000{rng.randrange(10**7):07d}",
    "bank": lambda row, rng: rng.choice(["农村信用社", "邮政储蓄"]),
    "town": lambda row, rng: "东洲街道",
    "county": lambda row, rng: "城区",
    "name": lambda row, rng: row.family.members[-1].name,
    "id": lambda row, rng: row.family.members[0].id,
    "phone": lambda row, rng: row.family.phone,
    "yes": lambda row, rng: rng.choice(["是", "否"]),
    "count": lambda row, rng: float(len(row.family.members)),
    "words": lambda row, rng: rng.choice(["缺劳力", "因病", "因残", "因学"]),
    "school": lambda row, rng: rng.choice(["东洲小学", "东洲中学", "东一小学"]),
    "class": lambda row, rng: rng.choice(["三年级", "五年级", "初一"]),
    "code": lambda row, rng: f"{rng.choice('AB')}{row.number:05d}",
    "kin": lambda row, rng: rng.choice(["祖孙", "父子", "母女"]),
    "kind": lambda row, rng: rng.choice(["视力", "肢体", "听力"]),
    "grade": lambda row, rng: rng.choice(["一级", "二级", "三级"]),
    "care": lambda row, rng: rng.choice(["分散供养", "集中供养"]),
    "station": lambda row, rng: "东洲社工站",
    "child": lambda row, rng: rng.choice(["留守儿童", "困境儿童", "孤儿", "事实无人抚养儿童"]),
    "person": lambda row, rng: row.family.head,
}


def rows_of(seed: int, count: int, *, members: bool) -> list[Row]:
    """`count` rows: of visits and activities one a family, with `members` each of a family's members."""
    people = People(seed)
    found: list[Row] = []
    number = 0
    while len(found) < count:
        number += 1
        family = people.family(number)
        for person in family.members if members else family.members[:1]:
            day = date(2019, 1, 1) + timedelta(days=len(found) * 2)
            found.append(Row(family, person, day, len(found) + 1))
    return found[:count]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as somebody named it: the words (after a group's and a dot), what it means, what stands in it."""

    words: str
    means: tuple[str | None, ...]
    holds: str

    def value(self, row: Row, rng: random.Random) -> Any:
        return (MAKERS.get(self.holds) or OTHERS[self.holds])(row, rng)

    @property
    def group(self) -> str:
        return self.words.partition("·")[0] if "·" in self.words else ""

    @property
    def own(self) -> str:
        return self.words.rpartition("·")[2]


def headings(text: str) -> list[Heading]:
    """One a line: the words, then `= field` (alternatives after `or`), or `- maker` for a column without a field."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if " = " in line:
            words, _, rest = line.partition(" = ")
            means, _, holds = rest.partition(" : ")
            meanings = tuple(None if one == "null" else one for one in means.split(" or "))
            found.append(Heading(words, meanings, holds or next(one for one in meanings if one)))
        else:
            words, _, holds = line.partition(" - ")
            found.append(Heading(words, (None,), holds))
    return found


def table(columns: Sequence[Heading], rows: Sequence[Row], rng: random.Random) -> list[list[Any]]:
    """The header in one line or, where columns have groups, two; then the rows."""
    lines: list[list[Any]] = [[heading.own for heading in columns]]
    if any(heading.group for heading in columns):
        above: list[Any] = []
        for number, heading in enumerate(columns):
            same = number and heading.group and columns[number - 1].group == heading.group
            above.append(None if same else heading.group or heading.own)
        lines = [above, [heading.own if heading.group else None for heading in columns]]
    return lines + [[heading.value(row, rng) for heading in columns] for row in rows]
