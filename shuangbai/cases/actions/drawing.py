"""What surrounds a family: ties that begin, change and end. A change ends one and begins another."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from shuangbai.cases.actions.trail import WROTE, locked
from shuangbai.cases.models import Case
from shuangbai.cases.ties import CaseTie, Flow, Strength, System
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert
from shuangbai.core.ecomap import MOST
from shuangbai.core.findings import Conflict, Finding, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.network.models import User

NAMED = (System.OTHER,)  # kinds that say nothing without a name


@dataclass(slots=True)
class TieEntry:
    """A system, and how the family is tied to it from a day on."""

    system: System
    strength: Strength
    flow: Flow
    on: date
    name: str = ""
    note: str = ""
    client_id: UUID = field(default_factory=random_id)


def tie_findings(entry: TieEntry, *, since: date | None, others: int) -> list[Finding]:
    """What is wrong with a tie; `since`: when what it takes the place of began, `others` how many stand beside it."""
    findings = []
    if entry.system in NAMED and not entry.name.strip():
        findings.append(Finding("name", "name", "选了“其他”，请写明叫什么，如“县慈善会”"))
    if entry.strength == Strength.BROKEN and entry.flow != Flow.NEITHER:
        findings.append(Finding("flow", "flow", "已断了来往，支持的方向请选“没有”；还有支持的，关系请另选一项"))
    if entry.on > clock.today():
        findings.append(Finding("future", "on", "日期在今天之后，请核对"))
    elif since and entry.on < since:
        findings.append(Finding("before", "on", f"现在的关系从{since:%Y-%m-%d}起，请从这一天或以后改"))
    if others >= MOST:
        findings.append(Finding("many", "", f"一张图最多 {MOST} 个系统，请先去掉不要紧的"))
    return findings


def _standing(case: Case) -> int:
    return CaseTie.objects.filter(case=case, ended_on__isnull=True).count()


@action
def draw_tie(*, by: User, case: Case, entry: TieEntry) -> CaseTie:
    """Put a system into the ecomap; sent twice it is the first. Raises NotAllowed, Refused."""
    current = locked(by, case)
    before = CaseTie.objects.filter(station=current.station, client_id=entry.client_id, case=current).first()
    if before:
        return before
    refuse_if_any(tie_findings(entry, since=None, others=_standing(current)), acknowledged=False)
    return _drawn(by, current, entry)


def _drawn(by: User, case: Case, entry: TieEntry) -> CaseTie:
    row = CaseTie(
        station=case.station, case=case, client_id=entry.client_id, system=entry.system, name=entry.name.strip(),
        strength=entry.strength, flow=entry.flow, note=entry.note.strip(), starts_on=entry.on, entered_by=by,
        entered_at=clock.now(),
    )  # fmt: skip
    insert([row], by=by)
    audit.record(WROTE, by=by, about=case, what="生态图")
    return row


@action
def change_tie(*, by: User, case: Case, tie: CaseTie, entry: TieEntry) -> CaseTie:
    """Say how it is from a day on. Raises NotAllowed, Refused, Conflict where somebody changed or ended it first."""
    current, row = _locked(by, case, tie)
    refuse_if_any(tie_findings(entry, since=row.starts_on, others=_standing(current) - 1), acknowledged=False)
    CaseTie.objects.filter(pk=row.pk).update(ended_on=entry.on)
    return _drawn(by, current, entry)


@action
def end_tie(*, by: User, case: Case, tie: CaseTie, on: date) -> CaseTie:
    """Take a system out of the ecomap from a day on. Raises NotAllowed, Refused, Conflict."""
    current, row = _locked(by, case, tie)
    found = [
        Finding("on", "on", f"日期请选{row.starts_on:%Y-%m-%d}到今天")
    ] if not row.starts_on <= on <= clock.today() else []  # fmt: skip
    refuse_if_any(found, acknowledged=False)
    CaseTie.objects.filter(pk=row.pk).update(ended_on=on)
    audit.record(WROTE, by=by, about=current, what="生态图")
    return row


def _locked(by: User, case: Case, tie: CaseTie) -> tuple[Case, CaseTie]:
    current = locked(by, case)
    row = CaseTie.objects.select_for_update(of=("self",)).get(pk=tie.pk, case=current)
    if row.ended_on is not None:
        raise Conflict(row)
    return current, row
