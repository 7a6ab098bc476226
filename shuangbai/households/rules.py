"""When an entry about a family is right. Pure: rules are given what they judge and return findings."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shuangbai.core import idnumber, telephones
from shuangbai.core.findings import Door, DoorTable, Finding, Severity
from shuangbai.core.privacy import few
from shuangbai.households.enums import PauseReason

R, W, I = Severity.REFUSE, Severity.WARN, Severity.IGNORE

DOORS: DoorTable = {
    "name_missing": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "id_length": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "id_checksum": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "id_date": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "id_characters": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "id_birth_mismatch": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "id_sex_mismatch": {Door.PAGE: W, Door.SHEET: W, Door.PHONE: W},
    "birth_in_future": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "phones_many": {Door.PAGE: R, Door.SHEET: W, Door.PHONE: R},
    "death_in_future": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "death_before_birth": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "death_then_met": {Door.PAGE: W, Door.SHEET: W, Door.PHONE: W},
    "member_dates": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "head_twice": {Door.PAGE: R, Door.SHEET: W, Door.PHONE: R},
    "no_member": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "file_before_station": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "file_in_future": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "village_not_covered": {Door.PAGE: W, Door.SHEET: W, Door.PHONE: W},
    "category_ended": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "category_unit": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "category_age": {Door.PAGE: W, Door.SHEET: W, Door.PHONE: W},
    "category_twice": {Door.PAGE: R, Door.SHEET: W, Door.PHONE: R},
    "known_here": {Door.PAGE: W, Door.SHEET: W, Door.PHONE: W},
    "known_elsewhere": {Door.PAGE: W, Door.SHEET: W, Door.PHONE: W},
    "known_tags": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "known_member": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "id_of_merged": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "tag_dates": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "tag_in_future": {Door.PAGE: W, Door.SHEET: W, Door.PHONE: W},
}


def age_on(born: date, day: date) -> int:
    """Completed years on a day. Born on 29 February: a year older on 1 March of other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def phone_findings(phone: str) -> list[Finding]:
    """How many telephones stand in one text."""
    many = len(telephones.read(phone))
    if many <= telephones.MOST:
        return []
    sentence = f"这里写了 {many} 个电话，最多记 {telephones.MOST} 个，请留最常用的"
    return [Finding("phones_many", "phone", sentence)]


def person_findings(
    *, name: str, id_no: str, sex: str, birth_date: date | None, today: date, phone: str = ""
) -> list[Finding]:
    """Name, identity number (GB 11643) and birth date against one another; and the telephones."""
    findings = phone_findings(phone)
    if not name.strip():
        findings.append(Finding("name_missing", "name", "请填写姓名；不知道全名时可填称呼，如「陈婆婆」"))
    if birth_date and birth_date > today:
        findings.append(Finding("birth_in_future", "birth_date", "出生日期在今天之后，请核对年份"))
    if not id_no.strip():
        return findings
    read = idnumber.read(id_no)
    if isinstance(read, idnumber.IdFault):
        return [*findings, Finding(f"id_{read}", "id_no", f"{idnumber.SENTENCES[read]}；暂时不清楚可留空")]
    if birth_date and birth_date != read.birth_date:
        findings.append(
            Finding(
                "id_birth_mismatch",
                "birth_date",
                f"出生日期与身份证号不一致（证号为{read.birth_date:%Y-%m-%d}），请对照证件改正其中一项",
            )
        )
    if sex in {"1", "2"} and sex != read.sex:
        findings.append(Finding("id_sex_mismatch", "sex", "性别与身份证号第17位不一致，请核对"))
    return findings


def death_findings(*, died_on: date, born: date | None, today: date) -> list[Finding]:
    """A day of death against today and the birth date."""
    if died_on > today:
        return [Finding("death_in_future", "died_on", "去世日期在今天之后，请核对")]
    if born and died_on < born:
        return [Finding("death_before_birth", "died_on", f"去世日期早于出生日期（{born:%Y-%m-%d}），请改正其中一项")]
    return []


def met_since(name: str, times: int, latest: date, what: str = "去世") -> str:
    """That records say somebody was met after the day on which they are said to have died, or left."""
    return f"这一天以后还有 {times} 次记录见到{name}（最近 {latest:%Y-%m-%d}），请核对{what}日期；记录错了请更正记录"


def joined_before_birth(born: date) -> str:
    return f"加入日期早于出生日期（{born:%Y-%m-%d}），请改成出生那天或以后，或改正出生日期"


def membership_findings(
    *, relation: str, starts_on: date, ends_on: date | None, today: date, other_head: str, born: date | None = None
) -> list[Finding]:
    """When somebody belongs to a family, and as what. `other_head` is who is its head in these days already.

    `born` is the birth date where it is known to the day.
    """
    findings = []
    if starts_on > today:
        findings.append(Finding("member_dates", "starts_on", "加入日期在今天之后，请改为今天或以前"))
    elif born and starts_on < born:
        findings.append(Finding("member_dates", "starts_on", joined_before_birth(born)))
    if ends_on and ends_on < starts_on:
        findings.append(Finding("member_dates", "ends_on", "离开日期早于加入日期，请改正其中一项"))
    if other_head:
        sentence = f"这户的户主现在是{other_head}，请先改{other_head}与户主的关系，再改这里"
        findings.append(Finding("head_twice", "relation", sentence))
    return findings


def village_findings(*, covered: bool) -> list[Finding]:
    """A family outside the villages that its station covers today: unusual, and sometimes right."""
    if covered:
        return []
    return [Finding("village_not_covered", "village", "这个村居今天不在本站覆盖范围内，请核对；确由本站服务可照此保存")]


def file_findings(*, opened_on: date, station_opened_on: date, today: date) -> list[Finding]:
    if opened_on > today:
        return [Finding("file_in_future", "opened_on", "建档日期在今天之后，请改为今天或以前")]
    if opened_on < station_opened_on:
        sentence = f"建档日期早于本站开站日期（{station_opened_on:%Y-%m-%d}），请核对"
        return [Finding("file_before_station", "opened_on", sentence)]
    return []


def tag_findings(
    *,
    category: Mapping[str, object],
    for_household: bool,
    starts_on: date,
    ends_on: date | None,
    birth_date: date | None,
    today: date,
) -> list[Finding]:
    """One category for one bearer. `category` has name, unit, starts_on, ends_on, min_age, max_age."""
    name = category["name"]
    findings = []
    if ends_on and ends_on < starts_on:
        findings.append(Finding("tag_dates", "ends_on", f"「{name}」的结束日期早于开始日期，请改正"))
    first, last = category["starts_on"], category["ends_on"]
    if isinstance(last, date) and starts_on > last:
        sentence = f"「{name}」这一类别已于{last:%Y-%m-%d}停用，请选择现行类别"
        findings.append(Finding("category_ended", "category", sentence))
    elif isinstance(first, date) and starts_on < first:
        sentence = f"「{name}」自{first:%Y-%m-%d}起才有，请核对开始日期"
        findings.append(Finding("category_ended", "starts_on", sentence))
    if category["unit"] == ("person" if for_household else "household"):
        bearer = "家庭成员个人" if for_household else "整个家庭"
        findings.append(Finding("category_unit", "category", f"「{name}」应登记在{bearer}名下"))
    if birth_date and not for_household:
        age = age_on(birth_date, starts_on)
        low, high = category["min_age"], category["max_age"]
        if (isinstance(low, int) and age < low) or (isinstance(high, int) and age > high):
            findings.append(Finding("category_age", "category", f"「{name}」与年龄（{age}岁）不符，请核对"))
    if starts_on > today and not findings:
        sentence = f"「{name}」从{starts_on:%Y-%m-%d}起，到那天才算，请核对年月；没有写错可照此保存"
        findings.append(Finding("tag_in_future", "starts_on", sentence))
    return findings


def twice_findings(
    said: Sequence[tuple[str, date, date | None]], held: Sequence[tuple[str, date, date | None]] = ()
) -> list[Finding]:
    """Categories (name, first and last day) that one bearer is given twice for the same days, or `held` already."""
    findings, before = [], list(held)
    for name, starts_on, ends_on in said:
        if any(
            other == name and starts_on <= (last or date.max) and first <= (ends_on or date.max)
            for other, first, last in before
        ):
            sentence = f"「{name}」在这段时间已登记，不必重复；如有变化请先结束原来的"
            findings.append(Finding("category_twice", "category", sentence))
        before.append((name, starts_on, ends_on))
    return findings


def merge_findings(
    *, one: str, one_already: bool, merged_away: bool, other_ids: bool, told_apart: str
) -> list[Finding]:
    """Two entries as one person or family. `told_apart`: who told them apart, and when; '' for nobody."""
    if one_already:
        return [Finding("merge", "", f"这两份资料已认定为{one}，不必再认定")]
    if merged_away:
        return [Finding("merge", "", "其中一份已并入另一份资料；请回到核对列表，从保留的那一份再核对")]
    if other_ids:
        sentence = "两份资料各有一个有效的身份证号，而且不同，不能认定为同一人；如有一处录错，请先改正证号再来核对"
        return [Finding("merge", "", sentence)]
    if told_apart:
        return [Finding("merge", "", f"{told_apart}已核对过不是{one}；确要改变，请先撤销那次决定")]
    return []


# NUMBERS OF FILES ----------------------------------------------------------

USUAL_PATTERN = "{站码}-{年}-{序号:4}"
NUMBER_LENGTH = 30
_PART = re.compile(r"\{([^{}]*)\}")
_SERIAL = re.compile(r"序号:([3-6])")


@dataclass(frozen=True, slots=True)
class NumberParts:
    """What a file's number may be made of: the station's short code, the village's code, the year."""

    station: str
    village: str
    year: int


def fixed_part(pattern: str, parts: NumberParts) -> str:
    """The number with `#` where its serial stands. Serials are counted for each of these by themselves."""
    said = {"站码": parts.station, "村码": parts.village, "年": f"{parts.year:04d}"}
    return _PART.sub(lambda found: said.get(found[1], "#"), pattern)


def file_number(pattern: str, parts: NumberParts, serial: int) -> str:
    width = next((int(found[1]) for found in _SERIAL.finditer(pattern)), 4)
    return fixed_part(pattern, parts).replace("#", f"{serial:0{width}d}")


def needs_village(pattern: str) -> bool:
    return "{村码}" in pattern


def pattern_findings(pattern: str, samples: Sequence[NumberParts]) -> list[Finding]:
    """Whether file numbers may be made so. `samples` are parts as stations have them, for the length."""

    fault = _pattern_fault(pattern)
    if not fault and any(len(file_number(pattern, parts, 1)) > NUMBER_LENGTH for parts in samples):
        fault = f"这样编出的号码会超过 {NUMBER_LENGTH} 个字，请缩短"
    if fault:
        return [Finding("pattern", "pattern", fault)]
    if "{站码}" not in pattern and not needs_village(pattern):
        sentence = "没有站码也没有村码，不同的站会编出一样的号码；各站自己看不会错，合在一起看会分不清"
        return [Finding("pattern_shared", "pattern", sentence, Severity.WARN)]
    return []


def _pattern_fault(pattern: str) -> str:
    """What is wrong with a pattern, as a sentence; '' for nothing."""
    inside = _PART.findall(pattern)
    serials = [part for part in inside if part.startswith("序号")]
    wrong = [part for part in inside if part not in ("站码", "村码", "年") and part not in serials]
    if not serials:
        return "要有序号，否则号码会重复；请写上 {序号:4}"
    if len(serials) > 1:
        return "序号只能有一个，请去掉多余的"
    if not _SERIAL.fullmatch(serials[0]):
        return "序号请写成 {序号:4} 的样子，位数为 3 到 6"
    if wrong:
        return f"不认识 {{{wrong[0]}}}；只能用 {{站码}}、{{村码}}、{{年}} 和 {{序号:4}}"
    rest = _PART.sub("", pattern)
    if not re.fullmatch(r"[\w\-/.()（）〔〕]*", rest):
        return "除了括号里的各项，只能用文字、字母、数字和 - / . ( ) 〔〕，不能有空格和别的符号"
    return ""


def numbering_findings(starts_on: date, *, today: date, newest_on: date | None) -> list[Finding]:
    """The first day of a rule, against today and the newest rule there is."""
    if starts_on < today:
        return [Finding("starts_on", "starts_on", "请从今天或以后起；以前的档案号不会改")]
    if newest_on and starts_on < newest_on:
        sentence = f"已定好从{newest_on:%Y-%m-%d}起的规则，新规则请从这一天或以后起"
        return [Finding("starts_on", "starts_on", sentence)]
    return []


# CATEGORIES ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Carried:
    """How a category is carried: by how many people and households now, and since when the earliest."""

    people: int = 0
    households: int = 0
    first_on: date | None = None
    after: int = 0
    restricted: bool = False

    @property
    def used(self) -> bool:
        return self.first_on is not None


def category_findings(
    said: Mapping[str, Any], *, others: Sequence[tuple[str, date, date | None]], carried: Carried, was_unit: str
) -> list[Finding]:
    """A category as it shall be. `others` are names and days of the rest; `carried.after`: tags that outlast it."""
    findings, first, last, name = [], said["starts_on"], said["ends_on"], said["name"].strip()
    if not name:
        findings.append(Finding("category_name", "name", "请填写类别名称"))
    clash = [other for other in others if other[0] == name and _overlaps(first, last, other[1], other[2])]
    if clash:
        findings.append(Finding("category_name", "name", f"已有名为「{name}」的类别，请换一个名称，或修改那一类"))
    same = [old for old in said["old_names"] if any(old == other[0] and other[2] is None for other in others)]
    if same:
        findings.append(Finding("old_names", "old_names", f"「{same[0]}」是另一类现在的名称，不能当旧称"))
    low, high = said["min_age"], said["max_age"]
    if low is not None and high is not None and high < low:
        findings.append(Finding("ages", "max_age", "最大年龄小于最小年龄，请改正其中一项"))
    if last and last < first:
        findings.append(Finding("dates", "ends_on", "停用日期早于开始日期，请改正其中一项"))
    if carried.first_on and first > carried.first_on:
        since = "更早的日子" if carried.restricted else f"{carried.first_on:%Y-%m-%d}"
        sentence = f"已有人从{since}起登记了这一类，开始日期请定在这一天或以前"
        findings.append(Finding("starts_on", "starts_on", sentence))
    if carried.used and said["unit"] != was_unit:
        findings.append(Finding("unit", "unit", "已有人登记了这一类，不能再改登记给谁；请另设一类"))
    if not findings and last and carried.after:
        people, homes = (few(n) if carried.restricted else n for n in (carried.people, carried.households))
        sentence = (
            f"现有 {people} 人、{homes} 户带着这一类别。停用后不会自动结束：页面上显示「已停用」，"
            "不能再登记给别人；请各站核对后逐户结束"
        )
        findings.append(Finding("still_carried", "ends_on", sentence, Severity.WARN))
    return findings


def _overlaps(first: date, last: date | None, start: date, end: date | None) -> bool:
    return first <= (end or date.max) and start <= (last or date.max)


def list_findings(
    day: date, *, field: str, today: date, spans: Sequence[tuple[date, date | None]], starts_on: date | None
) -> list[Finding]:
    """A category put on a list from `day`, or (`starts_on` given) taken off after it."""
    if starts_on and day < starts_on:
        return [Finding("list_dates", field, f"移出日期早于列入日期（{starts_on:%Y-%m-%d}），请改正")]
    if starts_on is None and any(end is None or day <= end for _, end in spans):
        return [Finding("list_twice", field, "这一类在这一天或以后已在表上，不必重复列入；请核对日期")]
    if day < today:
        sentence = "从过去的日期起改，成效报告里以前的数字会跟着变；确实如此可照此保存"
        return [Finding("list_past", field, sentence, Severity.WARN)]
    return []


# GRADES --------------------------------------------------------------------

LONGEST_INTERVAL = 730


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a scheme as it holds on a day. `rank` 1 is the most urgent.

    `modes` are the built-in ways of visiting that count as contact; at least `face_times` of them within `face_days`
    days are face to face (0: not asked). `review_days`: after how many days the grade itself is looked at again.
    """

    code: str
    scheme: str
    label: str
    colour: str
    rank: int
    interval_days: int
    grace_days: int
    modes: tuple[str, ...]
    face_times: int = 0
    face_days: int = 0
    review_days: int = 365
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a station tells urgent families from others, with its levels, the most urgent first."""

    code: str
    name: str
    example: bool
    levels: tuple[Level, ...]
    version: int = 0

    @property
    def codes(self) -> set[str]:
        return {level.code for level in self.levels}


IN_PERSON = ("home", "office", "institution")
ANY_WAY = (*IN_PERSON, "chance", "phone", "wechat")


def _preset(code: str, name: str, rows: Sequence[tuple[str, str, int, int]], *, example: bool = False) -> Scheme:
    """A scheme of the product's: (level, colour, interval, grace) from the most urgent on."""
    levels = []
    for rank, (level, colour, days, grace) in enumerate(rows, start=1):
        close = days <= 14
        face = (0, 0) if close else (1, max(90, days * 2))
        modes = IN_PERSON if close else ANY_WAY
        review = 90 if close else 180 if days <= 30 else 365
        levels.append(Level(level, code, "", colour, rank, days, grace, modes, *face, review))
    return Scheme(code, name, example, tuple(levels))


USUAL_SCHEME = "rag"
PRESETS = {
    scheme.code: scheme
    for scheme in (
        _preset("rag", "红黄绿", [("red", "red", 7, 1), ("yellow", "yellow", 30, 5), ("green", "green", 90, 10)]),
        _preset("abc", "ABC", [("abc_a", "red", 14, 3), ("abc_b", "yellow", 30, 5), ("abc_c", "green", 90, 10)]),
        _preset(
            "six", "六级",
            [("six_1", "red", 7, 1), ("six_2", "orange", 15, 3), ("six_3", "yellow", 30, 5), ("six_4", "green", 60, 7),
             ("six_5", "blue", 90, 10), ("six_6", "grey", 180, 15)],
            example=True,
        ),
    )
}  # fmt: skip


def level_findings(
    said: Mapping[str, Any], *, others: Sequence[str], today: date, newest_on: date | None
) -> list[Finding]:
    """A level as it shall be from `said["starts_on"]` on. `others` are the labels beside it in the scheme."""
    findings, label = [], said["label"].strip()
    if not label:
        findings.append(Finding("label", "label", "请填写级别名称"))
    elif label in others:
        findings.append(Finding("label", "label", f"这个办法里已有「{label}」，请换一个名称"))
    if not 1 <= said["interval_days"] <= LONGEST_INTERVAL:
        findings.append(Finding("interval", "interval_days", f"间隔请填 1 到 {LONGEST_INTERVAL} 天"))
    if not 0 <= said["grace_days"] <= said["interval_days"]:
        findings.append(Finding("grace", "grace_days", "宽限天数不能为负，也不应超过间隔天数"))
    if not said["modes"]:
        findings.append(Finding("modes", "modes", "请至少选择一种算作联系的方式"))
    if bool(said["face_times"]) != bool(said["face_days"]):
        findings.append(Finding("face", "face_times", "当面次数和期限要一起填，或一起留空"))
    if said["face_times"] and not set(said["modes"]) & FACE_TO_FACE:
        findings.append(Finding("face", "modes", "要求当面见，就要有入户、来站、偶遇或院舍医院中的一种"))
    if said["starts_on"] < today:
        findings.append(Finding("starts_on", "starts_on", "请从今天或以后起；以前的日期仍按原来的间隔"))
    elif newest_on and said["starts_on"] < newest_on:
        findings.append(Finding("starts_on", "starts_on", f"已定好从{newest_on:%Y-%m-%d}起的改动，请从这一天或以后起"))
    return findings


FACE_TO_FACE = frozenset({"home", "office", "chance", "institution"})


def floor_findings(
    days: int, starts_on: date, *, today: date, spans: Mapping[str, Sequence[tuple[date, date | None]]]
) -> list[Finding]:
    """A longest interval for categories from a day on. `spans` are the days of those each of them has, by name."""
    findings = []
    if not 1 <= days <= LONGEST_INTERVAL:
        findings.append(Finding("days", "days", f"天数请填 1 到 {LONGEST_INTERVAL}"))
    if not spans:
        findings.append(Finding("categories", "categories", "请至少选择一类"))
    if starts_on < today:
        findings.append(Finding("starts_on", "starts_on", "请从今天或以后起"))
    for name, days_of in spans.items():
        later = [first for first, _ in days_of if first > starts_on]
        if later:
            sentence = f"「{name}」已定好从{min(later):%Y-%m-%d}起的间隔，请从那天或以后起"
            findings.append(Finding("starts_on", "starts_on", sentence))
    return findings


def grade_findings(
    *, level: Level | None, scheme: Scheme, starts_on: date, opened_on: date, today: date, reason: str,
    before_on: date | None,
) -> list[Finding]:  # fmt: skip
    """A grade for a file. `before_on` is the first day of the grade that stands."""
    findings = []
    if not reason.strip():
        findings.append(Finding("reason", "reason", "请写明定级理由，如「独居、近期出院」"))
    if level is None or level.ended or level.code not in scheme.codes:
        sentence = f"本站这一天用的是「{scheme.name}」，请在其中选择一级"
        findings.append(Finding("grade", "grade", sentence))
    if starts_on > today:
        findings.append(Finding("starts_on", "starts_on", "定级日期在今天之后，请改为今天或以前"))
    elif starts_on < opened_on:
        findings.append(Finding("starts_on", "starts_on", f"定级日期早于建档日期（{opened_on:%Y-%m-%d}），请核对"))
    if before_on and starts_on <= before_on:
        findings.append(Finding("starts_on", "starts_on", "定级日期应在现有级别的开始日期之后，请改正"))
    return findings


LONGEST_PAUSE = 366  # days


def pause_findings(
    *, starts_on: date, planned_on: date, reason: str, note: str, opened_on: date, today: date, before: Any = None
) -> list[Finding]:
    """A pause of a file. `before` is the latest that it had, which another end planned replaces."""
    findings = []
    if reason == PauseReason.OTHER and not note.strip():
        findings.append(Finding("note", "note", "选了「其他」，请写明为什么暂停"))
    if starts_on > today:
        findings.append(Finding("starts_on", "starts_on", "开始日期在今天之后，请改为今天或以前"))
    elif starts_on < opened_on:
        findings.append(Finding("starts_on", "starts_on", f"开始日期早于建档日期（{opened_on:%Y-%m-%d}），请核对"))
    elif before and starts_on <= (before.ends_on or before.starts_on):
        last = before.ends_on or before.starts_on
        sentence = f"已登记过从{before.starts_on:%Y-%m-%d}起的暂停，这次的开始日期应在{last:%Y-%m-%d}之后"
        findings.append(Finding("starts_on", "starts_on", sentence))
    if planned_on <= max(today, starts_on):
        findings.append(Finding("planned_on", "planned_on", "预计恢复的日子应在今天以后；已经恢复的不必再登记"))
    elif (planned_on - starts_on).days > LONGEST_PAUSE:
        findings.append(Finding("planned_on", "planned_on", "一次最多暂停一年，到时再看；不再跟进的请结档"))
    return findings


def resume_findings(resumed_on: date, *, starts_on: date, today: date) -> list[Finding]:
    """From which day a paused file is followed up again."""
    if starts_on < resumed_on <= today + timedelta(days=1):
        return []
    sentence = f"恢复跟进的日子应在{starts_on:%Y-%m-%d}之后，最晚到明天"
    return [Finding("resumed_on", "resumed_on", sentence)]
