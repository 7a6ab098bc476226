"""When a part of the dossier is right, and which parts are missing. Pure: told what is said and what is known.

Nothing here makes a part compulsory: what is missing is named and blocks nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shuangbai.core import idnumber
from shuangbai.core.findings import Door, DoorTable, Finding, Severity
from shuangbai.dossier.enums import (
    AttachmentKind,
    CareItem,
    CareLevel,
    CareScheme,
    ConsentForm,
    ConsentScope,
    DisabilityGrade,
    DisabilityKind,
    Marriage,
    NeedState,
    Per,
)
from shuangbai.households.rules import age_on

R, W = Severity.REFUSE, Severity.WARN
ALWAYS = {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R}
WARNS = {Door.PAGE: W, Door.SHEET: W, Door.PHONE: W}

DOORS: DoorTable = {
    "not_member": ALWAYS,
    "in_future": ALWAYS,
    "dates": ALWAYS,
    "twice": ALWAYS,
    "nothing": ALWAYS,
    "negative": ALWAYS,
    "choice": ALWAYS,
    "before_birth": ALWAYS,
    "marriage_age": WARNS,
    "certificate_form": WARNS,
    "certificate_id": WARNS,
    "certificate_kind": WARNS,
    "certificate_years": WARNS,
    "selfcare_level": ALWAYS,
    "carer_who": ALWAYS,
    "carer_self": ALWAYS,
    "guardian_age": WARNS,
    "carer_died": ALWAYS,
    "need_open": WARNS,
    "need_closed": ALWAYS,
    "need_outcome": WARNS,
    "consent_who": ALWAYS,
    "consent_witness": ALWAYS,
    "consent_minor": ALWAYS,
    "consent_guardian": WARNS,
    "consent_withdrawn": ALWAYS,
    "void_reason": ALWAYS,
    "file_missing": ALWAYS,
}

CHILD = 14  # under it a guardian consents (PIPL 31)
GROWN = 18
ELDER = 80
MARRIAGEABLE = 20
VALID_YEARS = 10
STALE_YEARS = 2

# Kinds of attachments that show identity numbers: they are opened for a reason, by whoever may open what is masked.
GUARDED = frozenset({AttachmentKind.IDENTITY, AttachmentKind.CERTIFICATE})

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What surrounds a part: the day, the person it is about, and what else was said of them or the family."""

    today: date
    is_member: bool = True
    born: date | None = None
    died: date | None = None
    id_no: str = ""
    taken: bool = False  # another standing part of the same day, kind or bearer
    other_born: date | None = None  # of the carer, the guardian, or whoever consents
    other_died: date | None = None
    other_is_self: bool = False


def years_after(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def age_of(known: Known, day: date) -> int | None:
    return None if known.born is None else age_on(known.born, day)


# DATES -----------------------------------------------------------------------


def _not_later(field: str, day: date | None, known: Known) -> list[Finding]:
    if day and day > known.today:
        return [Finding("in_future", field, "日期在今天之后，请改为今天或以前")]
    if day and known.born and day < known.born:
        return [Finding("before_birth", field, f"日期早于本人出生（{known.born:%Y-%m-%d}），请改正其中一项")]
    return []


def _in_order(first: date | None, last: date | None, field: str, sentence: str) -> list[Finding]:
    return [Finding("dates", field, sentence)] if first and last and last < first else []


# ABOUT A PERSON ----------------------------------------------------------------


def sheet_findings(said: Said, known: Known) -> list[Finding]:
    findings = _not_later("known_on", said.get("known_on"), known)
    if known.taken:
        findings.append(Finding("twice", "known_on", "这个人已有基本情况，请打开那一份修改"))
    age = age_of(known, said.get("known_on") or known.today)
    wed = said.get("marriage") not in ("", None, Marriage.SINGLE, Marriage.UNSAID)
    if wed and age is not None and age < MARRIAGEABLE:
        findings.append(Finding("marriage_age", "marriage", f"当时{age}岁，未到法定婚龄，请核对婚姻或出生日期"))
    return findings


_CERTIFICATE = re.compile(r"(\d{17}[\dX])([1-7])([1-4])(B\d+)?")


def disability_findings(said: Said, known: Known) -> list[Finding]:
    """A class of disability; its certificate against the ID, the class, the grade and the ten years it holds."""
    findings = _not_later("issued_on", said.get("issued_on"), known)
    sentence = "有效期早于发证日期，请改正其中一项"
    findings += _in_order(said.get("issued_on"), said.get("expires_on"), "expires_on", sentence)
    sentence = "停止日期早于发证日期，请改正其中一项"
    findings += _in_order(said.get("issued_on"), said.get("ended_on"), "ended_on", sentence)
    if known.taken:
        kind = DisabilityKind(said["kind"]).label
        findings.append(Finding("twice", "kind", f"已登记了{kind}；换证或改等级请修改那一项，不必再登记"))
    issued, expires = said.get("issued_on"), said.get("expires_on")
    if issued and expires and expires > years_after(issued, VALID_YEARS):
        findings.append(
            Finding("certificate_years", "expires_on", f"残疾证有效期为{VALID_YEARS}年，请核对发证日期与有效期")
        )
    return findings + certificate_findings(said, known)


def certificate_findings(said: Said, known: Known) -> list[Finding]:
    """The number of a disability certificate: 18 digits of the ID, the class, the grade, and B1… when issued anew."""
    number = idnumber.tidy(said.get("certificate") or "")
    if not number:
        return []
    read = _CERTIFICATE.fullmatch(number)
    if read is None:
        sentence = "残疾证号一般是18位身份证号加类别、等级共20位，请对照证件核对；确实如此可照此保存"
        return [Finding("certificate_form", "certificate", sentence)]
    findings = []
    if known.id_no and read[1] != known.id_no:
        findings.append(Finding("certificate_id", "certificate", "残疾证号的前18位与身份证号不一致，请对照证件核对"))
    stated = DisabilityKind(read[2]).label, DisabilityGrade(read[3]).label
    chosen = (said.get("kind"), said.get("grade") or read[3])
    if chosen != (read[2], read[3]):
        sentence = f"证号上是{stated[0]}{stated[1]}，与所选的类别或等级不一致，请核对"
        findings.append(Finding("certificate_kind", "certificate", sentence))
    return findings


def expiry_of(issued_on: date) -> date:
    """Until when a certificate of a day holds, where nothing else is said."""
    return years_after(issued_on, VALID_YEARS)


def civil_level(cannot: Sequence[str]) -> CareLevel:
    """民发〔2021〕43号: all six done is able, one to three not is half, four and more is unable."""
    many = len(set(cannot) & set(CareItem.values))
    return CareLevel.ABLE if many == 0 else CareLevel.HALF if many <= 3 else CareLevel.UNABLE


def selfcare_findings(said: Said, known: Known) -> list[Finding]:
    findings = _not_later("assessed_on", said.get("assessed_on"), known)
    if known.taken:
        findings.append(Finding("twice", "assessed_on", "这一天已有同一办法的评估；要更正请先作废那一次，再登记"))
    if said.get("scheme") == CareScheme.PANYU and said.get("level") not in ("p1", "p2", "p3", "p4"):
        findings.append(Finding("selfcare_level", "level", "按四级评定的，请选择评定的等级"))
    return findings


def carer_findings(said: Said, known: Known) -> list[Finding]:
    findings = _not_later("starts_on", said.get("starts_on"), known)
    sentence = "结束日期早于开始日期，请改正其中一项"
    findings += _in_order(said.get("starts_on"), said.get("ends_on"), "ends_on", sentence)
    if bool(said.get("carer_id")) == bool((said.get("name") or "").strip()):
        sentence = "请从家里人中选一位，或填写家庭以外的人（单位）的姓名，二者填一项"
        findings.append(Finding("carer_who", "carer", sentence))
    if known.other_is_self:
        findings.append(Finding("carer_self", "carer", "照顾者不能是本人；没有人照顾请不登记，在需求里写明"))
    if known.taken:
        findings.append(Finding("twice", "carer", "从这一天起已登记过同一位照顾者，不必重复"))
    if known.other_died and (said.get("ends_on") or known.today) > known.other_died:
        sentence = f"这位照顾者已于{known.other_died:%Y-%m-%d}去世，请填写结束日期，并登记现在的照顾者"
        findings.append(Finding("carer_died", "ends_on", sentence))
    guards = said.get("role") in ("guardian", "both")
    if guards and known.other_born and age_on(known.other_born, said.get("starts_on") or known.today) < GROWN:
        findings.append(Finding("guardian_age", "carer", "监护人当时未满18周岁，请核对"))
    return findings


# SNAPSHOTS ---------------------------------------------------------------------


def snapshot_findings(said: Said, known: Known, *, empty: bool, what: str) -> list[Finding]:
    """A snapshot of a day: one a day, and something must be said in it."""
    findings = _not_later("taken_on", said.get("taken_on"), known)
    if known.taken:
        sentence = f"这一天已有一份{what}；要更正请打开那一份，按「更正」"
        findings.append(Finding("twice", "taken_on", sentence))
    if empty:
        findings.append(Finding("nothing", "taken_on", "还没有填任何内容，请至少填一项"))
    return findings


def housing_findings(said: Said, known: Known) -> list[Finding]:
    empty = not any(value for name, value in said.items() if name != "taken_on")
    findings = snapshot_findings(said, known, empty=empty, what="住房情况")
    area = said.get("area")
    if area is not None and area <= 0:
        findings.append(Finding("negative", "area", "面积应大于 0；不清楚请留空"))
    return findings


@dataclass(frozen=True, slots=True)
class Money:
    """A line of a snapshot: a source or a use, an amount, each month or each year."""

    source: str
    amount: Decimal
    per: str = Per.MONTH

    @property
    def monthly(self) -> Decimal:
        return self.amount / 12 if self.per == Per.YEAR else self.amount


CENT = Decimal("0.01")


def total(lines: Sequence[Money]) -> Decimal | None:
    """Yuan a month, or None where nothing was said: nothing said is not nothing earned."""
    return sum((line.monthly for line in lines), Decimal()).quantize(CENT) if lines else None


def per_head(income: Decimal | None, people: int) -> Decimal | None:
    return None if income is None or people <= 0 else (income / people).quantize(CENT)


def economy_findings(said: Said, known: Known) -> list[Finding]:
    lines = [*said.get("incomes", ()), *said.get("expenses", ())]
    rest = [value for name, value in said.items() if name not in ("taken_on", "incomes", "expenses")]
    empty = not lines and not any(value not in (None, "", []) for value in rest)
    findings = snapshot_findings(said, known, empty=empty, what="收支情况")
    if any(line.amount < 0 for line in lines):
        findings.append(Finding("negative", "taken_on", "金额不能是负数，请改正"))
    debt = said.get("debt")
    if debt is not None and debt < 0:
        findings.append(Finding("negative", "debt", "欠债不能是负数，请改正；没有欠债填 0"))
    return findings


# NEEDS, STRENGTHS, CONSENT, ATTACHMENTS ------------------------------------------


def need_findings(said: Said, known: Known) -> list[Finding]:
    findings = _not_later("opened_on", said.get("opened_on"), known)
    findings += _not_later("closed_on", said.get("closed_on"), known)
    sentence = "解决日期早于发现日期，请改正其中一项"
    findings += _in_order(said.get("opened_on"), said.get("closed_on"), "closed_on", sentence)
    solved = said.get("state") == NeedState.SOLVED
    if solved and not said.get("closed_on"):
        findings.append(Finding("need_closed", "closed_on", "已解决的请填写哪天解决"))
    if not solved and said.get("closed_on"):
        findings.append(Finding("need_closed", "state", "填了解决日期，状态请选「已解决」；还没解决请去掉日期"))
    if solved and not (said.get("outcome") or "").strip():
        sentence = "最好写一句怎样解决的，接手的人看得懂；没有可照此保存"
        findings.append(Finding("need_outcome", "outcome", sentence))
    if known.taken:
        findings.append(Finding("need_open", "kind", "同样的需求已登记、还没有解决；是另一件事可照此保存"))
    return findings


def strength_findings(said: Said, known: Known) -> list[Finding]:
    findings = _not_later("starts_on", said.get("starts_on"), known)
    sentence = "结束日期早于开始日期，请改正其中一项"
    findings += _in_order(said.get("starts_on"), said.get("ends_on"), "ends_on", sentence)
    if not (said.get("text") or "").strip():
        findings.append(Finding("nothing", "text", "请写一句是什么"))
    return findings


def consent_findings(said: Said, known: Known) -> list[Finding]:
    """Who agreed to what. `known.born` is of whom it concerns, `other_born` of who said it."""
    findings = _not_later("given_on", said.get("given_on"), known)
    if bool(said.get("given_by_id")) == bool((said.get("giver") or "").strip()):
        sentence = "请从家里人中选由谁表示，或填写家庭以外的监护人姓名，二者填一项"
        findings.append(Finding("consent_who", "given_by", sentence))
    if said.get("form") == ConsentForm.SPOKEN and not (said.get("witness") or "").strip():
        findings.append(Finding("consent_witness", "witness", "口头同意的请写见证人，如同行社工、村干部"))
    minor = said.get("scope") == ConsentScope.MINOR
    if minor and not said.get("as_guardian"):
        findings.append(Finding("consent_minor", "as_guardian", "这一项由监护人表示，请勾选「以监护人身份」"))
    if minor and not said.get("person_id"):
        findings.append(Finding("consent_minor", "person", "请选择是哪个孩子"))
    age = age_of(known, said.get("given_on") or known.today)
    if not minor and age is not None and age < CHILD and not said.get("as_guardian"):
        sentence = f"当时{age}岁，未满{CHILD}周岁的应由监护人同意，请核对"
        findings.append(Finding("consent_guardian", "given_by", sentence))
    if known.taken:
        findings.append(Finding("twice", "given_on", "这一天已登记过同一项；改了主意请登记撤回，或改那一项"))
    return findings + withdrawal_findings(said, known)


def withdrawal_findings(said: Said, known: Known) -> list[Finding]:
    withdrawn = said.get("withdrawn_on")
    findings = _not_later("withdrawn_on", withdrawn, known)
    sentence = "撤回日期早于同意日期，请改正其中一项"
    findings += _in_order(said.get("given_on"), withdrawn, "withdrawn_on", sentence)
    if withdrawn and not said.get("agreed"):
        findings.append(Finding("consent_withdrawn", "withdrawn_on", "没有同意过，不必登记撤回；请去掉撤回日期"))
    return findings


def attachment_findings(said: Said, known: Known) -> list[Finding]:
    return _not_later("taken_on", said.get("taken_on"), known)


Judge = Callable[[Said, Known], list[Finding]]


def void_findings(reason: str) -> list[Finding]:
    if len(reason.strip()) >= 2:
        return []
    return [Finding("void_reason", "reason", "请写明为什么作废，如「登记错了人」，会留在历史里")]


def member_findings(known: Known) -> list[Finding]:
    if known.is_member:
        return []
    return [Finding("not_member", "person", "这个人不是、也没有做过这家的人，请重新选择")]


# WHAT IS MISSING ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What the file holds of a member, as far as gaps are looked for."""

    key: Any
    name: str
    age: int | None
    has_id: bool
    has_sheet: bool
    disabled_by_tag: bool = False
    has_disability: bool = False
    certificate_expired: bool = False
    frail: bool = False  # by a category, an age of 80 or a disability
    has_selfcare: bool = False
    has_carer: bool = False
    has_guardian: bool = False
    guardian_consented: bool = False


@dataclass(frozen=True, slots=True)
class KnownFamily:
    """What the file holds of the family."""

    today: date
    has_phone: bool
    has_address: bool
    file_open: bool
    housing_on: date | None
    economy_on: date | None
    has_needs: bool
    has_strengths: bool
    consented: bool
    people: Sequence[KnownPerson]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something expected that is not there. `part` is where it is filled in, `person` of whom."""

    part: str
    sentence: str
    person: Any = None


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of what is expected is there. A help for whoever keeps the file; it decides nothing."""

    expected: int
    gaps: tuple[Gap, ...]

    @property
    def there(self) -> int:
        return self.expected - len(self.gaps)


def completeness(family: KnownFamily) -> Completeness:
    """The parts expected of this family, and those that are missing, the family's first."""
    asked = [*_of_family(family), *(one for person in family.people for one in _of_person(person))]
    return Completeness(len(asked), tuple(gap for there, gap in asked if not there))


def _of_family(family: KnownFamily) -> list[tuple[bool, Gap]]:
    asked = [
        (family.has_phone, Gap("family", "没有联系电话")),
        (family.has_address, Gap("family", "没有门牌地址")),
        (family.consented, Gap("consent", "没有建档的同意")),
        _snapshot(family.housing_on, family.today, "housing", "住房情况"),
        _snapshot(family.economy_on, family.today, "economy", "收支情况"),
        (family.has_needs, Gap("need", "没有登记需求")),
        (family.has_strengths, Gap("strength", "没有写优势与资源")),
    ]
    return asked if family.file_open else asked[:2]


def _snapshot(taken_on: date | None, today: date, part: str, what: str) -> tuple[bool, Gap]:
    if taken_on is None:
        return False, Gap(part, f"没有{what}")
    years = age_on(taken_on, today)
    return years < STALE_YEARS, Gap(part, f"{what}已有{years}年没有更新")


def _of_person(person: KnownPerson) -> list[tuple[bool, Gap]]:
    name, key = person.name, person.key
    asked = [
        (person.age is not None, Gap("member", f"{name}：没有出生日期", key)),
        (person.has_id, Gap("member", f"{name}：没有身份证号", key)),
        (person.has_sheet, Gap("sheet", f"{name}：没有基本情况", key)),
    ]
    if person.disabled_by_tag or person.has_disability:
        asked.append((person.has_disability, Gap("disability", f"{name}：没有登记残疾类别与等级", key)))
    if person.has_disability:
        asked.append((not person.certificate_expired, Gap("disability", f"{name}：残疾证已过有效期", key)))
    if person.frail:
        asked.append((person.has_selfcare, Gap("selfcare", f"{name}：没有自理能力评估", key)))
        asked.append((person.has_carer, Gap("carer", f"{name}：没有登记主要照顾者", key)))
    if person.age is not None and person.age < GROWN:
        asked.append((person.has_guardian, Gap("carer", f"{name}：没有登记监护人", key)))
    if person.age is not None and person.age < CHILD:
        asked.append((person.guardian_consented, Gap("consent", f"{name}：未满{CHILD}周岁，没有监护人的同意", key)))
    return asked
