"""When an entry about a family is right. Pure: rules are given what they judge and return findings."""

from collections.abc import Mapping, Sequence
from datetime import date

from shuangbai.core import idnumber
from shuangbai.core.findings import Door, DoorTable, Finding, Severity

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
    "tag_dates": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
}


def age_on(born: date, day: date) -> int:
    """Completed years on a day. Born on 29 February: a year older on 1 March of other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def person_findings(*, name: str, id_no: str, sex: str, birth_date: date | None, today: date) -> list[Finding]:
    """Name, identity number (GB 11643) and birth date against one another."""
    findings = []
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


def membership_findings(
    *, relation: str, starts_on: date, ends_on: date | None, today: date, other_head: str
) -> list[Finding]:
    """When somebody belongs to a family, and as what. `other_head` is who is its head in these days already."""
    findings = []
    if starts_on > today:
        findings.append(Finding("member_dates", "starts_on", "加入日期在今天之后，请改为今天或以前"))
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
