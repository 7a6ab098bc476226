"""When a survey of a village is right, and what two of them say of each other. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shuangbai.core.findings import Door, DoorTable, Finding, Severity
from shuangbai.surveys.enums import FIELD, FIELDS, PEOPLE, Field, Kind, Method, Source, Way

R, W = Severity.REFUSE, Severity.WARN
LINES_MOST = 20
DAYS_MOST = 366
JUMP = 0.5  # a number that moved by half since the last survey is asked about
APART = 0.1  # resident against registered without those away
CROWDED = 10  # people of a household on the average
AID_SHARE = 0.3

DOORS: DoorTable = {
    code: dict.fromkeys(Door, R)
    for code in (
        "village", "days", "future", "before_station", "too_long", "no_method", "worker", "empty", "reason_missing",
        "more_than_all", "together_more", "away_more", "floating_more", "fewer_than_households", "too_many_lines",
    )
} | {
    code: dict.fromkeys(Door, W)
    for code in ("no_source", "no_sample", "apart", "crowded", "aid_share", "jump", "same_days")
}  # fmt: skip

Answers = Mapping[str, Any]


def number_of(answers: Answers, code: str) -> Any:
    """The number that stands at a field; None where it is unknown."""
    said = answers.get(code)
    return said["value"] if isinstance(said, Mapping) else said


def known_people(answers: Answers) -> int | None:
    """The larger of registered and resident: what no part of the village can exceed. None where neither is known."""
    known = [number_of(answers, code) for code in ("registered", "resident")]
    return max((one for one in known if one is not None), default=None)


def survey_findings(
    *, covered: bool, first: date, last: date, today: date, opened_on: date, worker_posted: bool,
    methods: Sequence[str], sample: int | None, answers: Answers, summary: str, same_days: bool,
    before: Answers | None, before_on: date | None,
) -> list[Finding]:  # fmt: skip
    """`before`: the answers of the village's last survey before this one, and its last day."""
    findings = []
    if not covered:
        sentence = "本站没有服务过这个村（居），请重新选择；新覆盖的村先由系统管理员登记"
        findings.append(Finding("village", "village", sentence))
    findings += _day_findings(first, last, today, opened_on)
    if not worker_posted:
        findings.append(Finding("worker", "worker", "所选社工没有在本站任职过，请另选一位"))
    if not methods:
        findings.append(Finding("no_method", "methods", "请选用了什么方法，至少一种"))
    if Method.QUESTIONNAIRE in methods and sample is None:
        findings.append(Finding("no_sample", "sample", "用了问卷而没有写样本数，以后看不出结果有多可靠"))
    if not answers and not summary.strip():
        findings.append(Finding("empty", "households", "一项也没有填，请至少填一项；不清楚的可以空着"))
    if same_days:
        sentence = "这个村在这段时间已有一份调研；同一次调研请到那一份里更正，另一次请确认"
        findings.append(Finding("same_days", "village", sentence))
    return [*findings, *number_findings(answers), *_since_before(answers, before, before_on)]


def _day_findings(first: date, last: date, today: date, opened_on: date) -> list[Finding]:
    if last < first:
        return [Finding("days", "last_on", "结束日期早于开始日期，请核对")]
    if last > today:
        return [Finding("future", "last_on", "结束日期在今天之后；还没有做完的，做完再登记")]
    if first < opened_on:
        return [Finding("before_station", "first_on", f"日期早于本站开站日期（{opened_on:%Y-%m-%d}），请核对")]
    if (last - first).days >= DAYS_MOST:
        return [Finding("too_long", "first_on", "一次调研不超过一年；跨年的请分成几次，才好比较")]
    return []


def number_findings(answers: Answers) -> list[Finding]:
    """What contradicts among the numbers of one survey, each sentence with both numbers."""
    findings = [*_parts_of_all(answers), *_moving(answers), *_households(answers)]
    unsourced = [
        one.name
        for one in FIELDS
        if one.kind == Kind.SOURCED and one.code in answers and not answers[one.code].get("source")
    ]
    if unsourced:
        sentence = f"{'、'.join(unsourced)}没有写从哪里来；以后和别处对不上时说不清，能补请补"
        findings.append(Finding("no_source", "source", sentence))
    long = [one for one in FIELDS if one.kind in _LISTS and len(answers.get(one.code, ())) > LINES_MOST]
    findings += [Finding("too_many_lines", one.code, f"最多 {LINES_MOST} 行，请合并相近的") for one in long]
    return findings


_LISTS = (Kind.LINES, Kind.RANKED)
_NUMBERED = re.compile(r"^\d{1,2}\s*[.、．)）]\s*(?!\d)")


def _parts_of_all(answers: Answers) -> list[Finding]:
    whole = known_people(answers)
    if whole is None:
        return []
    findings = []
    for code in ("elders", "children", "disabled", "dibao", "tekun"):
        part = number_of(answers, code)
        if part is not None and part > whole:
            sentence = f"{FIELD[code].name} {part} 人，比全村人口 {whole} 人还多，请核对两个数"
            findings.append(Finding("more_than_all", code, sentence))
    young, old = number_of(answers, "children"), number_of(answers, "elders")
    if not findings and young is not None and old is not None and young + old > whole:
        sentence = f"儿童 {young} 人加 60 岁及以上 {old} 人，比全村人口 {whole} 人还多，请核对"
        findings.append(Finding("together_more", "children", sentence))
    aided = sum(number_of(answers, code) or 0 for code in ("dibao", "tekun"))
    if not findings and aided > whole * AID_SHARE:
        sentence = f"低保和特困共 {aided} 人，超过全村人口 {whole} 人的三成，请确认没有把户数写成人数"
        findings.append(Finding("aid_share", "dibao", sentence))
    return findings


def _moving(answers: Answers) -> list[Finding]:
    registered, resident, floating, away = (
        number_of(answers, code) for code in ("registered", "resident", "floating", "away")
    )
    findings = []
    if None not in (away, registered) and away > registered:
        findings.append(Finding("away_more", "away", f"外出 {away} 人，比户籍人口 {registered} 人还多，请核对两个数"))
    if None not in (floating, resident) and floating > resident:
        sentence = f"流动人口 {floating} 人，比常住人口 {resident} 人还多；常住应当含住满半年的外来人口，请核对"
        findings.append(Finding("floating_more", "floating", sentence))
    if not findings and None not in (registered, resident, floating, away):
        told = registered - away + floating
        if abs(told - resident) > max(resident, told) * APART:
            sentence = (
                f"户籍 {registered} 减外出 {away} 加流动 {floating} 是 {told}，和常住 {resident} 相差一成以上，请确认"
            )
            findings.append(Finding("apart", "resident", sentence))
    return findings


def _households(answers: Answers) -> list[Finding]:
    homes, whole = number_of(answers, "households"), known_people(answers)
    if homes is None or whole is None:
        return []
    if homes > whole:
        return [Finding("fewer_than_households", "households", f"{homes} 户只有 {whole} 人，户数和人数可能写反了")]
    if homes and whole / homes > CROWDED:
        sentence = f"平均一户 {whole / homes:.1f} 人，太多了，请确认户数是不是只数了一个自然村"
        return [Finding("crowded", "households", sentence)]
    return []


def _since_before(answers: Answers, before: Answers | None, before_on: date | None) -> list[Finding]:
    if before is None or before_on is None:
        return []
    findings = []
    for one in FIELDS:
        was, now = number_of(before, one.code), number_of(answers, one.code)
        if one.kind != Kind.SOURCED or not was or now is None or max(was, now) < 20:
            continue
        if abs(now - was) > was * JUMP:
            sentence = f"上次调研（{before_on:%Y-%m}）是 {was}，这次是 {now}，差得多，请确认口径一样"
            findings.append(Finding("jump", one.code, sentence))
    return findings


def correction_findings(reason: str) -> list[Finding]:
    if reason.strip():
        return []
    return [Finding("reason_missing", "reason", "请写明为什么改，如“村委补报了外出人数”")]


# WHAT STANDS, IN WORDS -----------------------------------------------------


def plain(value: Any) -> str:
    """A number as it is read: with commas, and no decimals that say nothing."""
    number = Decimal(str(value)).normalize()
    return f"{number:,f}"


def told(field: Field, said: Any) -> str:
    """An answer in words; empty where it is unknown."""
    if said is None or said in ("", []):
        return ""
    if field.kind == Kind.SOURCED:
        return f"{plain(said['value'])} {field.unit}"
    if field.kind == Kind.NUMBER:
        return f"{plain(said)} {field.unit}"
    if field.kind == Kind.SEVERAL:
        return "、".join(field.labels.get(one, one) for one in said)
    if field.kind == Kind.RANKED:
        return "；".join(f"{place}. {line}" for place, line in enumerate(said, 1))
    return "；".join(said) if field.kind == Kind.LINES else str(said)


def whence(said: Any) -> str:
    """Where a number comes from and how it came about, as far as it was said."""
    if not isinstance(said, Mapping):
        return ""
    source = Source(said["source"]).label if said.get("source") else ""
    way = Way(said["way"]).label if said.get("way") else ""
    return "，".join(one for one in (source, way) if one)


# TWO SURVEYS ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of two surveys. `difference` in words; `gained`, `lost` of lists; `same` where nothing differs."""

    field: Field
    was: Any
    now: Any
    difference: str = ""
    gained: Sequence[str] = ()
    lost: Sequence[str] = ()
    ranks: Sequence[tuple[str, int | None, int | None]] = ()

    @property
    def same(self) -> bool:
        return bool(self.was == self.now)

    @property
    def was_told(self) -> str:
        return told(self.field, self.was)

    @property
    def now_told(self) -> str:
        return told(self.field, self.now)


def differences(was: Answers, now: Answers) -> list[Difference]:
    """What two surveys answered, field by field; fields that neither answered are left out."""
    fields = [one for one in FIELDS if one.code in was or one.code in now]
    return [_difference(one, was.get(one.code), now.get(one.code)) for one in fields]


def _difference(field: Field, was: Any, now: Any) -> Difference:
    if field.kind in (Kind.SOURCED, Kind.NUMBER):
        return Difference(field, was, now, _moved(*(_bare(one) for one in (was, now))))
    if field.kind == Kind.TEXT:
        return Difference(field, was, now)
    before, after = list(was or ()), list(now or ())
    named = field.labels if field.kind == Kind.SEVERAL else {}
    gained = [named.get(one, one) for one in after if one not in before]
    lost = [named.get(one, one) for one in before if one not in after]
    if was is None or now is None:
        gained, lost = [], []  # what was not asked did not come or go
    ranks = _ranks(before, after) if field.kind == Kind.RANKED else ()
    return Difference(field, was, now, gained=gained, lost=lost, ranks=ranks)


def _bare(said: Any) -> Any:
    return said["value"] if isinstance(said, Mapping) else said


def _moved(was: Any, now: Any) -> str:
    if was is None or now is None:
        return "有一次不清楚，不能比较"
    less = Decimal(str(now)) - Decimal(str(was))
    if not less:
        return "相同"
    share = f"（{less / Decimal(str(was)) * 100:+.1f}%）" if was else ""
    return f"{'多' if less > 0 else '少'} {plain(abs(less))}{share}"


def _ranks(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int | None, int | None]]:
    """Each need with its place then and now, in the order of now; needs that are gone last."""
    every = [*after, *(one for one in before if one not in after)]
    return [(one, _place(before, one), _place(after, one)) for one in every]


def _place(lines: Sequence[str], line: str) -> int | None:
    return lines.index(line) + 1 if line in lines else None


def comparable(was: Answers, now: Answers) -> list[tuple[Field, int, int]]:
    """Numbers of people that both surveys know, for bars side by side."""
    pairs = ((one, number_of(was, one.code), number_of(now, one.code)) for one in PEOPLE)
    return [(field, a, b) for field, a, b in pairs if a is not None and b is not None]


def lines_of(text: str) -> list[str]:
    """A text line by line: numbers in front and empty lines go, what stands twice stands once."""
    stripped = (_NUMBERED.sub("", line.strip()).strip() for line in text.splitlines())
    return list(dict.fromkeys(line for line in stripped if line))


def cleaned(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers without what was left empty, in the order of the fields."""
    return {one.code: answers[one.code] for one in FIELDS if _is_said(answers.get(one.code))}


def _is_said(said: Any) -> bool:
    if isinstance(said, Mapping):
        return said.get("value") is not None
    return said is not None and said not in ("", [])


def sections(answers: Answers, only: Iterable[Kind] = tuple(Kind)) -> list[tuple[str, list[tuple[Field, Any]]]]:
    """What was answered by section, sections without an answer left out."""
    kinds = set(only)
    found: dict[str, list[tuple[Field, Any]]] = {}
    for one in FIELDS:
        if one.code in answers and one.kind in kinds:
            found.setdefault(one.section, []).append((one, answers[one.code]))
    return list(found.items())
