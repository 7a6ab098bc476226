"""What data suggest and never decide: rules with their text, source and days. Pure.

A rule that changes gets another row with its first day; the old one keeps its last. What is not known is asked on the
page and kept nowhere. Who carries a category is decided by the offices, never here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shuangbai.dossier.enums import CareItem, CareLevel
from shuangbai.dossier.rules import civil_level
from shuangbai.households.rules import age_on


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it held from a day to a day: what it says, and where that is written."""

    code: str
    name: str
    text: str
    source: str
    starts_on: date
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


RULES: tuple[Rule, ...] = (
    Rule(
        "no_care_child", "事实无人抚养儿童",
        "未满18岁；父母双方各有下列情形之一：死亡、失踪或失联6个月以上、重残（一、二级，或三、四级智力、精神残疾）、重病、"
        "服刑在押6个月以上、强制隔离戒毒6个月以上、被执行其他限制人身自由的措施6个月以上、被撤销监护资格、被遣送（驱逐）出境。"
        "父母都死亡的是孤儿，不是这一类。",
        "民发〔2019〕62号、粤民规字〔2019〕10号", date(2020, 1, 1),
    ),
    Rule(
        "orphan", "孤儿", "未满18岁；父母都死亡，或都查找不到。", "国办发〔2010〕54号", date(2010, 11, 16)
    ),
    Rule(
        "left_child", "农村留守儿童",
        "未满16岁；父母双方外出务工，或一方外出务工、另一方无监护能力，不在一起生活。外出按6个月以上掌握。",
        "国发〔2016〕13号", date(2016, 2, 4),
    ),
    Rule(
        "selfcare", "特困人员生活自理能力",
        "看六项：吃饭、穿衣、上下床、如厕、室内行走、洗澡。六项都能自己做到为具备；一至三项做不到为部分丧失（半失能）；"
        "四项以上做不到为完全丧失（全失能）。",
        "民发〔2016〕178号", date(2016, 10, 10), date(2021, 4, 25),
    ),
    Rule(
        "selfcare", "特困人员生活自理能力",
        "看六项：自主吃饭、穿衣、上下床、如厕、室内行走、洗澡。六项都能做到为具备；一至三项不能为部分丧失（半失能）；"
        "四项以上不能为完全丧失（全失能）。",
        "民发〔2021〕43号", date(2021, 4, 26),
    ),
    Rule("aged", "高龄老人", "满80岁。", "类别表", date(2000, 1, 1)),
    Rule("alone_elder", "独居老人", "满60岁，登记的家里只有本人一个人。", "类别表", date(2000, 1, 1)),
    Rule("empty_elder", "空巢老人", "登记的家里有两人以上，全都满60岁。", "类别表", date(2000, 1, 1)),
    Rule(
        "disabled_severe", "重度残疾人", "残疾一级、二级；三级、四级的智力、精神残疾在有的政策里也算，请查当地规定。",
        "GB/T 26341", date(2011, 5, 1),
    ),
    Rule("disabled", "残疾人", "持有效的残疾人证。", "残联发〔2017〕34号", date(2017, 8, 1)),
)  # fmt: skip


def rule_on(code: str, day: date) -> Rule | None:
    """The rule as it holds on the day."""
    return next((rule for rule in RULES if rule.code == code and rule.holds_on(day)), None)


# CHILDREN ------------------------------------------------------------------


class Parent(StrEnum):
    """How it stands with a parent. `FINE`: none of the others; `UNKNOWN`: to be asked."""

    DEAD = "dead"
    MISSING = "missing"
    DISABLED = "disabled"
    ILL = "ill"
    PRISON = "prison"
    REHAB = "rehab"
    HELD = "held"
    REVOKED = "revoked"
    DEPORTED = "deported"
    FINE = "fine"
    UNKNOWN = "unknown"


PARENT_WORDS: Mapping[Parent, str] = {
    Parent.DEAD: "死亡或宣告死亡",
    Parent.MISSING: "失踪，或失联6个月以上",
    Parent.DISABLED: "重残（一、二级，或三、四级智力、精神残疾）",
    Parent.ILL: "重病",
    Parent.PRISON: "服刑在押6个月以上",
    Parent.REHAB: "强制隔离戒毒6个月以上",
    Parent.HELD: "被执行其他限制人身自由的措施6个月以上",
    Parent.REVOKED: "被撤销监护资格",
    Parent.DEPORTED: "被遣送（驱逐）出境",
    Parent.FINE: "都不是",
    Parent.UNKNOWN: "还不清楚",
}
LOST = frozenset(Parent) - {Parent.FINE, Parent.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rule suggests: `code` of the category ('' for none), in a sentence, by which rule of the day."""

    code: str
    sentence: str
    rule: Rule | None


def without_care(father: Parent, mother: Parent, *, age: int, day: date) -> Answer:
    """The truth table of children whom in fact nobody brings up: both parents lost, and not both dead."""
    rule = rule_on("no_care_child", day)
    if rule is None:
        return Answer("", f"{day:%Y-%m-%d}还没有这项规定", None)
    if age >= 18:
        return Answer("", "已满18岁，不适用", rule)
    if father == mother == Parent.DEAD:
        return Answer("orphan", "父母都死亡：可能符合孤儿，请按孤儿申请", rule_on("orphan", day))
    if Parent.FINE in (father, mother):
        return Answer("", "至少一方没有所列情形：看起来不符合；情况变了再判断一次", rule)
    if Parent.UNKNOWN in (father, mother):
        return Answer("", "还有一方的情形不清楚：问清楚再判断，这是最容易漏掉的", rule)
    return Answer("no_care_child", "父母双方各有一种所列情形：可能符合事实无人抚养儿童，请协助申请", rule)


class Away(StrEnum):
    """Where a parent is: at home, or out for half a year and more."""

    OUT = "out"
    HOME = "home"
    UNABLE = "unable"
    UNKNOWN = "unknown"


AWAY_WORDS: Mapping[Away, str] = {
    Away.OUT: "外出务工6个月以上",
    Away.HOME: "在家，能照管",
    Away.UNABLE: "在家，没有监护能力",
    Away.UNKNOWN: "还不清楚",
}


def left_behind(father: Away, mother: Away, *, age: int, day: date) -> Answer:
    """Under 16, with both parents out, or one out and the other unable to look after the child."""
    rule = rule_on("left_child", day)
    if rule is None:
        return Answer("", f"{day:%Y-%m-%d}还没有这项规定", None)
    if age >= 16:
        return Answer("", "已满16岁，不再是留守儿童；以前月份的统计不变", rule)
    pair = {father, mother}
    if pair <= {Away.OUT, Away.UNABLE} and Away.OUT in pair:
        return Answer("left_child", "可能符合农村留守儿童，请核实监护情况并登记", rule)
    if Away.UNKNOWN in pair and Away.HOME not in pair:
        return Answer("", "还有一方的情形不清楚：问清楚再判断", rule)
    return Answer("", "看起来不符合：有一方在家能照管，或没有人外出", rule)


# SELF-CARE -----------------------------------------------------------------

SELFCARE_WORDS: Mapping[CareLevel, str] = {
    CareLevel.ABLE: "六项都能做到：具备生活自理能力（自理）",
    CareLevel.HALF: "{count} 项做不到：可能是部分丧失（半失能）",
    CareLevel.UNABLE: "{count} 项做不到：可能是完全丧失（全失能）",
}


def selfcare(cannot: Collection[str], *, day: date) -> Answer:
    """The six items (CareItem): how many of them somebody cannot do alone."""
    rule = rule_on("selfcare", day)
    if rule is None:
        return Answer("", f"{day:%Y-%m-%d}还没有这项规定", None)
    level, count = civil_level(list(cannot)), len(set(cannot) & set(CareItem.values))
    return Answer(level, SELFCARE_WORDS[level].format(count=count), rule)


# WHAT A FAMILY'S DATA SUGGEST ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the family today, with what is known: birth, death, categories, disabilities (kind, grade)."""

    key: object
    name: str
    born: date | None
    alive: bool = True
    carries: frozenset[str] = frozenset()
    disabilities: tuple[tuple[str, str], ...] = ()
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """That somebody may belong to a category: a hint with its rule, and what to do. Never a verdict."""

    key: object
    name: str
    code: str
    sentence: str
    rule: Rule
    asks: str = ""  # the helper that asks what is not known


MIND = {"5", "6"}  # 智力, 精神


def family_hints(people: Sequence[Known], day: date) -> list[Hint]:
    """Categories that a family's data suggest and that are not registered, in the order of its people."""
    living = [one for one in people if one.alive]
    return [hint for one in living for hint in (*_of_age(one, living, day), *_of_disability(one, day))]


def _hint(one: Known, code: str, sentence: str, day: date, asks: str = "") -> Iterator[Hint]:
    rule = rule_on(code, day)
    if rule and code not in one.carries:
        yield Hint(one.key, one.name, code, sentence, rule, asks)


def _of_age(one: Known, living: Sequence[Known], day: date) -> Iterator[Hint]:
    if one.born is None:
        return
    age = age_on(one.born, day)
    if age >= 80:
        yield from _hint(one, "aged", f"今天 {age} 岁", day)
    if age >= 60 and len(living) == 1:
        yield from _hint(one, "alone_elder", f"{age} 岁，家里只登记了一个人", day)
    if age >= 60 and len(living) > 1 and all(other.born and age_on(other.born, day) >= 60 for other in living):
        yield from _hint(one, "empty_elder", f"{age} 岁，家里全是60岁以上的人", day)
    if age < 18 and not one.carries & {"no_care_child", "orphan"} and not _parents_here(one, living):
        sentence = f"{age} 岁，家里登记的人里没有父母"
        yield from _hint(one, "no_care_child", sentence, day, asks="care")
        if age < 16:
            yield from _hint(one, "left_child", sentence, day, asks="left")


# By how a child stands to the head of the household: how a parent of theirs would (GB/T 4761).
OF_HEAD = frozenset({"01", "02", "10", "11", "12"})
OF_CHILDREN = frozenset({"20", "27", "28", "30", "37", "38"})
ABOVE_HEAD = frozenset({"50", "51", "52", "57", "58"})
PARENTS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("20", "27", "30", "37"), OF_HEAD),
    **dict.fromkeys(("40", "41", "42", "43", "44"), OF_CHILDREN),
    **dict.fromkeys(("01", "02", "70", "71", "73", "75", "77"), ABOVE_HEAD),
}


def _parents_here(one: Known, living: Iterable[Known]) -> bool:
    """Whether somebody lives there who may be a parent; of a relation that tells nothing it is not guessed."""
    wanted = PARENTS.get(one.relation)
    return wanted is None or any(other.relation in wanted for other in living if other.key != one.key)


def _of_disability(one: Known, day: date) -> Iterator[Hint]:
    if not one.disabilities:
        return
    severe = any(grade in {"1", "2"} for _, grade in one.disabilities)
    perhaps = any(kind in MIND and grade in {"3", "4"} for kind, grade in one.disabilities)
    if severe:
        yield from _hint(one, "disabled_severe", "档案里登记了一级或二级残疾", day)
    elif perhaps:
        yield from _hint(one, "disabled_severe", "档案里登记了三、四级智力或精神残疾，有的政策按重度算", day)
    if not one.carries & {"disabled", "disabled_severe"}:
        yield from _hint(one, "disabled", "档案里登记了残疾，类别里还没有", day)
