"""When something may be done to the network. Pure: each returns findings, in sentences that say what to do."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shuangbai.core.findings import Door, DoorTable, Finding, Severity
from shuangbai.network.enums import UnitKind

R = Severity.REFUSE
W = Severity.WARN
REFUSED = dict.fromkeys(Door, R)
WARNED = {Door.PAGE: W, Door.SHEET: W, Door.PHONE: R}

# Nothing about the network may be nonsense, whichever door it comes by; what is only unusual is asked back.
DOORS: DoorTable = {
    "unit_code": REFUSED,
    "unit_code_taken": REFUSED,
    "unit_name": REFUSED,
    "unit_parent": REFUSED,
    "unit_before_parent": REFUSED,
    "unit_name_twice": WARNED,
    "coverage_before_open": REFUSED,
    "coverage_after_close": REFUSED,
    "coverage_overlap": REFUSED,
    "coverage_village_ended": REFUSED,
    "posting_overlap": REFUSED,
    "posting_outside_unit": REFUSED,
    "posting_outside_work": REFUSED,
    "staff_name": REFUSED,
    "staff_hired_later": REFUSED,
    "staff_twice": WARNED,
}

# Under what a unit of each kind may stand; None is the root.
PARENTS: dict[UnitKind, frozenset[UnitKind | None]] = {
    UnitKind.BUREAU: frozenset({None}),
    UnitKind.CENTRE: frozenset({UnitKind.BUREAU, UnitKind.COUNTY}),
    UnitKind.COUNTY: frozenset({UnitKind.BUREAU, UnitKind.CENTRE}),
    UnitKind.STATION: frozenset({UnitKind.BUREAU, UnitKind.CENTRE, UnitKind.COUNTY}),
    UnitKind.POINT: frozenset({UnitKind.STATION}),
}
_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,18}[A-Z0-9])?")


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to a day, both included; no end is until further notice."""

    starts_on: date
    ends_on: date | None

    def touches(self, other: "Span") -> bool:
        return self.starts_on <= (other.ends_on or date.max) and other.starts_on <= (self.ends_on or date.max)

    def covers(self, other: "Span") -> bool:
        return self.starts_on <= other.starts_on and (
            self.ends_on is None or (other.ends_on is not None and other.ends_on <= self.ends_on)
        )

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m-%d} 至 {self.ends_on:%Y-%m-%d}" if self.ends_on else f"{self.starts_on} 起"


def unit_findings(
    *, code: str, name: str, kind: UnitKind, parent_kind: UnitKind | None, parent_name: str, taken: bool
) -> list[Finding]:
    """Of a unit about to stand in the tree: its code, its name, and under what it stands."""
    found = []
    if not _CODE.fullmatch(code):
        found.append(Finding("unit_code", "code", "代码只用大写字母、数字和短横，最多 20 位，例如 SW-HF-01"))
    elif taken:
        found.append(Finding("unit_code_taken", "code", f"代码 {code} 已有机构使用，请换一个"))
    if not name.strip():
        found.append(Finding("unit_name", "name", "请填写机构名称"))
    return found + parent_findings(kind=kind, parent_kind=parent_kind, parent_name=parent_name)


def parent_findings(*, kind: UnitKind, parent_kind: UnitKind | None, parent_name: str) -> list[Finding]:
    if parent_kind in PARENTS[kind]:
        return []
    above = "、".join(one.label for one in UnitKind if one in PARENTS[kind])
    where = f"「{parent_name}」（{parent_kind.label}）" if parent_kind else "最上级"
    said = f"{kind.label}不能设在{where}下面" + (f"，请选一个{above}" if above else "，它只能是最上级")
    return [Finding("unit_parent", "parent", said)]


def coverage_findings(
    *, station: str, opened: Span, village: str, village_ends_on: date | None, span: Span, held: Iterable[Span]
) -> list[Finding]:
    """Of a village that a station is about to serve: within the station's days, and not twice on one day."""
    if span.starts_on < opened.starts_on:
        sentence = f"覆盖日期 {span.starts_on} 早于{station}开站日期 {opened.starts_on}，请改为开站当日或以后"
        return [Finding("coverage_before_open", "starts_on", sentence)]
    if not opened.covers(span) and opened.ends_on and span.starts_on > opened.ends_on:
        return [Finding("coverage_after_close", "starts_on", f"{station}已在 {opened.ends_on} 撤站，不能再增加村居")]
    if village_ends_on and span.starts_on > village_ends_on:
        sentence = f"{village}已在 {village_ends_on} 撤销或并入他处，请选现在的村居"
        return [Finding("coverage_village_ended", "village", sentence)]
    for other in held:
        if other.touches(span):
            sentence = f"{station}对{village}的覆盖已登记 {other}，与新填的 {span} 重叠；请先结束前一段"
            return [Finding("coverage_overlap", "starts_on", sentence)]
    return []


def posting_findings(
    *, name: str, unit: str, opened: Span, worked: Span, span: Span, held: Iterable[Span]
) -> list[Finding]:
    """Of a posting: within the unit's days and the days of work, and not two at one unit on one day."""
    for other in held:
        if other.touches(span):
            sentence = f"{name}在{unit}的任职已登记 {other}，与新填的 {span} 重叠；请先结束前一段任职，或改日期"
            return [Finding("posting_overlap", "starts_on", sentence)]
    if span.starts_on < opened.starts_on or (opened.ends_on and span.starts_on > opened.ends_on):
        sentence = f"任职从 {span.starts_on} 开始，而{unit}的日期是 {opened}；请改任职日期，或先改机构的日期"
        return [Finding("posting_outside_unit", "starts_on", sentence)]
    if span.starts_on < worked.starts_on or (worked.ends_on and (span.ends_on or date.max) > worked.ends_on):
        sentence = f"任职 {span} 超出了{name}在职的日期（{worked}）；请核对入职、离职日期"
        return [Finding("posting_outside_work", "starts_on", sentence)]
    return []


def staff_findings(*, name: str, hired_on: date, today: date, twice: bool) -> list[Finding]:
    found = []
    if not 2 <= len(name.strip()) <= 40:
        found.append(Finding("staff_name", "name", "请填写姓名，2 到 40 个字"))
    if hired_on > today.replace(year=today.year + 1, day=min(today.day, 28)):
        found.append(Finding("staff_hired_later", "hired_on", "入职日期在一年以后，请核对"))
    if twice:
        sentence = f"这里已有一位同日入职的{name}；若是另一个人，请勾选「已核对」再保存"
        found.append(Finding("staff_twice", "name", sentence))
    return found
