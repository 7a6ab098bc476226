"""Writes of what is asked of stations: balances, targets, demanded forms and what stations report of them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert
from shuangbai.core.findings import Conflict, Door, NotAllowed, Refused, judge, refuse_if_any
from shuangbai.core.periods import Period
from shuangbai.network.access import check_reaches
from shuangbai.network.actions import change, current
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.roles import Permission
from shuangbai.planning import queries, rules
from shuangbai.planning.access import check_balances, check_keeps_catalogue, reported_visible_to
from shuangbai.planning.enums import ReportedState
from shuangbai.planning.models import DemandedForm, DemandUnit, OpeningBalance, ReportedForm, Target
from shuangbai.planning.rules import DOORS, Demand

BALANCE_ENTERED = audit.kind(
    "balance.entered", "{by} 登记了{unit}的历史汇总（无明细）：{figure} {first} 至 {last}，{number}"
)
BALANCE_CHANGED = audit.kind(
    "balance.changed", "{by} 更正了{unit}的历史汇总：{figure}，改了{fields}，现为 {number}，理由：{reason}"
)
BALANCE_VOIDED = audit.kind("balance.voided", "{by} 作废了{unit}的历史汇总：{figure} {first} 至 {last}，理由：{reason}")
TARGETS_SET = audit.kind("target.set", "{by} 定了{unit} {year} 年的任务：{said}", label="定年度任务")
DEMAND_ENTERED = audit.kind("demand.entered", "{by} 把《{name}》列入报表目录，{asker}要的")
DEMAND_CHANGED = audit.kind("demand.changed", "{by} 修改了报表目录里的《{name}》：{fields}")
DEMAND_ENDED = audit.kind("demand.ended", "{by} 停用了《{name}》，最后一天 {ends_on}，理由：{reason}")
DEMAND_RESUMED = audit.kind("demand.resumed", "{by} 恢复了《{name}》，理由：{reason}")
REPORTED = audit.kind("demand.reported", "{by} 报来一张目录里没有的表：《{name}》，{asker}要的")
DECLINED = audit.kind("demand.declined", "{by} 没有把报来的《{name}》列入目录", label="没有列入目录")
WITHDRAWN = audit.kind("demand.withdrawn", "{by} 收回了报来的《{name}》")

# OPENING BALANCES ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BalanceEntry:
    """A total from before the system with its source. `first_on` and `last_on` are both included."""

    unit: OrgUnit
    code: str
    first_on: date
    last_on: date
    number: Decimal
    title: str
    document_no: str = ""
    document_on: date | None = None
    keeper: str = ""
    note: str = ""

    @property
    def period(self) -> Period:
        """Raises Refused where the days are in the wrong order."""
        if self.last_on < self.first_on:
            raise Refused.because("last_on", "结束日期早于开始日期，请对调或改正")
        return Period(self.first_on, self.last_on)

    def said(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


def _judge_balance(entry: BalanceEntry, *, besides: UUID | None, acknowledged: bool) -> None:
    """Raise Refused or NeedsAcknowledgement for what stands against a balance. Its unit is locked until the end."""
    OrgUnit.objects.select_for_update(no_key=True).get(pk=entry.unit.pk)  # two at once could not see each other's days
    figure, period = queries.figure_of(entry.code), entry.period
    near = queries.meeting(entry.unit, entry.code, period, besides=besides) if figure else []
    counted = queries.counted_in(entry.unit, entry.code, period) if figure else 0
    known = rules.BalanceKnown(clock.today(), entry.unit.name, figure, near, counted)
    found = rules.balance_findings(period=period, number=entry.number, title=entry.title, known=known)
    refuse_if_any(judge(found, Door.PAGE, DOORS), acknowledged=acknowledged)


def _told(row: OpeningBalance) -> dict[str, Any]:
    figure = queries.figure_of(row.code)
    first, last = row.first_on.isoformat(), row.last_on.isoformat()
    name, unit = (figure.name, figure.unit) if figure else (row.code, "")
    return {"unit": row.unit.name, "figure": name, "first": first, "last": last, "number": f"{row.plain} {unit}"}


@action
def enter_balance(*, by: User, entry: BalanceEntry, acknowledged: bool = False) -> OpeningBalance:
    """Enter a total from before the system. No figure changes by it.

    Raises NotAllowed; Refused where its days meet one of the same unit and figure; NeedsAcknowledgement where
    records of these days exist, or a unit above or below has such a total.
    """
    check_balances(by, entry.unit.pk)
    _judge_balance(entry, besides=None, acknowledged=acknowledged)
    row = OpeningBalance(**entry.said(), entered_by=by, entered_at=clock.now())
    insert([row], by=by)
    audit.record(BALANCE_ENTERED, by=by, about=row, **_told(row))
    return row


def _standing(by: User, balance: OpeningBalance, version: int) -> OpeningBalance:
    """The balance as it stands, locked. Raises NotAllowed, Conflict, or Refused for a voided one."""
    check_balances(by, balance.unit_id)
    row: OpeningBalance = current(OpeningBalance, balance.pk, version)
    if row.voided_at:
        raise Refused.because("reason", "这一笔已作废，不能再改；要登记新的，请另起一笔")
    return row


@action
def correct_balance(
    *, by: User, balance: OpeningBalance, version: int, entry: BalanceEntry, reason: str, acknowledged: bool = False
) -> OpeningBalance:
    """Correct a balance under the rules of entering; the earlier version stays readable.

    Raises NotAllowed, Conflict, Refused, NeedsAcknowledgement.
    """
    row = _standing(by, balance, version)
    check_balances(by, entry.unit.pk)
    refuse_if_any(rules.reason_findings(reason), acknowledged=False)
    _judge_balance(entry, besides=row.pk, acknowledged=acknowledged)
    differ = change(row, entry.said(), by=by, reason=reason.strip()[:100])
    audit.record(BALANCE_CHANGED, by=by, about=row, fields=differ, reason=reason.strip(), **_told(row))
    return row


@action
def void_balance(*, by: User, balance: OpeningBalance, version: int, reason: str) -> OpeningBalance:
    """Take a balance out of reports for a reason; it stays readable. Raises NotAllowed, Conflict, Refused."""
    row = _standing(by, balance, version)
    refuse_if_any(rules.reason_findings(reason), acknowledged=False)
    said = {"voided_at": clock.now(), "voided_by": by, "void_reason": reason.strip()[:200]}
    change(row, said, by=by, reason=reason.strip()[:100])
    audit.record(BALANCE_VOIDED, by=by, about=row, reason=reason.strip(), **_told(row))
    return row


# TARGETS ---------------------------------------------------------------------


@action
def set_targets(
    *, by: User, station: OrgUnit, year: int, version: int, numbers: Mapping[str, int | None]
) -> dict[str, Target]:
    """Set a station's targets for a year; None takes one back, what is not named stays.

    `version` is that of the whole year (queries.version_of). Raises NotAllowed, Refused, or Conflict with the
    targets as they stand.
    """
    check_reaches(by, Permission.SET_DEMANDS, [station.pk])
    OrgUnit.objects.select_for_update(no_key=True).get(pk=station.pk)
    rows = queries.targets_of([station.pk], year).get(station.pk, {})
    if queries.version_of(rows) != version:
        raise Conflict(rows)
    known = {one.code for one in queries.AIMED_AT}
    found = rules.target_findings(numbers, known=known, year=year, today=clock.today())
    refuse_if_any(judge(found, Door.PAGE, DOORS), acknowledged=True)
    fresh, said = [], []
    for code, number in numbers.items():
        row = rows.get(code)
        if (row.number if row else None) == number:
            continue
        said.append(f"{code} {number if number is not None else '不定'}")
        if row:
            change(row, {"number": number}, by=by)
            continue
        whose: dict[str, Any] = {"entered_by": by, "entered_at": clock.now()}
        rows[code] = Target(station=station, year=year, code=code, number=number, **whose)
        fresh.append(rows[code])
    insert(fresh, by=by)
    if said:
        audit.record(TARGETS_SET, by=by, about=station, unit=station.name, year=year, said="、".join(said))
    return rows


# DEMANDED FORMS --------------------------------------------------------------


def _judge_demand(said: Demand, units: Sequence[OrgUnit], *, besides: str, acknowledged: bool) -> None:
    names = queries.names_in_force(clock.today()) - {besides}
    found = rules.demand_findings(said, units=len(units), names=names)
    refuse_if_any(judge(found, Door.PAGE, DOORS), acknowledged=acknowledged)


@action
def enter_demand(
    *, by: User, said: Demand, units: Sequence[OrgUnit], reported: ReportedForm | None = None,
    acknowledged: bool = False,
) -> DemandedForm:  # fmt: skip
    """Put a form into the catalogue; `reported` is what a station said of it, which is answered by this.

    Raises NotAllowed, Refused, NeedsAcknowledgement; Conflict where what was reported is no longer waiting.
    """
    check_keeps_catalogue(by)
    _judge_demand(said, units, besides="", acknowledged=acknowledged)
    form = DemandedForm(**asdict(said), entered_by=by, entered_at=clock.now())
    insert([form], by=by)
    DemandUnit.objects.bulk_create(DemandUnit(form=form, unit=unit) for unit in units)
    if reported:
        row = current(ReportedForm, reported.pk, reported.version)
        change(row, {"state": ReportedState.TAKEN, "form": form}, by=by)
    audit.record(DEMAND_ENTERED, by=by, about=form, name=form.name, asker=form.asker)
    return form


@action
def change_demand(
    *, by: User, form: DemandedForm, version: int, said: Demand, units: Sequence[OrgUnit], acknowledged: bool = False
) -> DemandedForm:
    """Change a form of the catalogue. Raises NotAllowed, Conflict, Refused, NeedsAcknowledgement."""
    check_keeps_catalogue(by)
    row: DemandedForm = current(DemandedForm, form.pk, version)
    if row.end_reason:
        raise Refused.because("name", "这张表已停用；要改，请先恢复")
    _judge_demand(said, units, besides=row.name, acknowledged=acknowledged)
    wanted, held = {unit.pk for unit in units}, set(row.demanded_of.values_list("unit_id", flat=True))
    differ = change(row, asdict(said), by=by)
    if wanted != held:
        row.demanded_of.exclude(unit__in=wanted).delete()
        DemandUnit.objects.bulk_create(DemandUnit(form=row, unit_id=pk) for pk in wanted - held)
        differ = "要谁填" if differ == "无变化" else f"{differ}、要谁填"
    audit.record(DEMAND_CHANGED, by=by, about=row, name=row.name, fields=differ)
    return row


@action
def end_demand(*, by: User, form: DemandedForm, version: int, ends_on: date, reason: str) -> DemandedForm:
    """End a form: `ends_on` is the last day on which it may be asked for. Raises NotAllowed, Conflict, Refused."""
    check_keeps_catalogue(by)
    row: DemandedForm = current(DemandedForm, form.pk, version)
    if row.end_reason:
        raise Refused.because("reason", "这张表已经停用")
    refuse_if_any(rules.end_findings(starts_on=row.starts_on, ends_on=ends_on, reason=reason), acknowledged=False)
    change(row, {"ends_on": ends_on, "end_reason": reason.strip()[:200]}, by=by, reason=reason.strip()[:100])
    audit.record(DEMAND_ENDED, by=by, about=row, name=row.name, ends_on=f"{ends_on}", reason=reason.strip())
    return row


@action
def resume_demand(*, by: User, form: DemandedForm, version: int, reason: str) -> DemandedForm:
    """Take the end of a form back: it is demanded again, until further notice. Raises NotAllowed, Conflict, Refused."""
    check_keeps_catalogue(by)
    row: DemandedForm = current(DemandedForm, form.pk, version)
    if not row.ends_on:
        raise Refused.because("reason", "这张表没有停用，不必恢复")
    refuse_if_any(rules.reason_findings(reason), acknowledged=False)
    change(row, {"ends_on": None, "end_reason": ""}, by=by, reason=reason.strip()[:100])
    audit.record(DEMAND_RESUMED, by=by, about=row, name=row.name, reason=reason.strip())
    return row


@action
def report_demand(
    *, by: User, station: OrgUnit, name: str, asker: str, minutes: int | None = None, said: str = ""
) -> ReportedForm:
    """Say that a form is demanded of one's station and is not in the catalogue. Raises NotAllowed, Refused."""
    check_reaches(by, Permission.WRITE_RECORDS, [station.pk])
    for field, text in (("name", name), ("asker", asker)):
        if not text.strip():
            raise Refused.because(field, "请填写这一项")
    if ReportedForm.objects.filter(station=station, name=name.strip(), state=ReportedState.WAITING).exists():
        raise Refused.because("name", "本站已报过这张表，正等经办看；不必再报")
    row = ReportedForm(
        station=station, name=name.strip(), asker=asker.strip(), minutes=minutes, said=said.strip(), entered_by=by,
        entered_at=clock.now(),
    )  # fmt: skip
    insert([row], by=by)
    audit.record(REPORTED, by=by, about=row, name=row.name, asker=row.asker)
    return row


def _waiting(reported: ReportedForm, version: int) -> ReportedForm:
    row: ReportedForm = current(ReportedForm, reported.pk, version)
    if row.state != ReportedState.WAITING:
        raise Refused.because("answer", "这一条已经办过了")
    return row


@action
def decline_reported(*, by: User, reported: ReportedForm, version: int, answer: str) -> ReportedForm:
    """Not put what was reported into the catalogue, and say why. Raises NotAllowed, Conflict, Refused."""
    check_keeps_catalogue(by)
    row = _waiting(reported, version)
    refuse_if_any(rules.reason_findings(answer, "answer"), acknowledged=False)
    change(row, {"state": ReportedState.DECLINED, "answer": answer.strip()[:200]}, by=by)
    audit.record(DECLINED, by=by, about=row, name=row.name)
    return row


@action
def withdraw_reported(*, by: User, reported: ReportedForm, version: int) -> ReportedForm:
    """Take back what one's own station reported while it waits. Raises NotAllowed, Conflict, Refused."""
    check_reaches(by, Permission.WRITE_RECORDS, [reported.station_id])
    if not reported_visible_to(by).filter(pk=reported.pk).exists():
        raise NotAllowed
    row = _waiting(reported, version)
    change(row, {"state": ReportedState.WITHDRAWN}, by=by)
    audit.record(WITHDRAWN, by=by, about=row, name=row.name)
    return row
