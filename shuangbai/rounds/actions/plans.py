"""Saving a week's plan; saying that nobody should go to a family alone, and that this is over."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import copy_to_history, insert, sign
from shuangbai.core.findings import Conflict, NotAllowed, Refused, refuse_if_any
from shuangbai.core.ids import new_id
from shuangbai.households.access import households_visible_to
from shuangbai.households.models import Household
from shuangbai.households.queries import served_by
from shuangbai.network.access import check_reaches
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.queries import posted_spans
from shuangbai.network.roles import Permission
from shuangbai.rounds.models import PlanStop, SafetyFlag, WeekPlan
from shuangbai.rounds.rules import Stop, days_of, flag_end_findings, flag_findings, monday_of, plan_findings

PLANNED = audit.kind("week.planned", "{by} 排了 {monday} 起一周的走访，{count} 户", label="排一周的走访")
# Why stands on the flag, which whoever sees the family may read; the trail is read by others.
FLAGGED = audit.kind("safety.flagged", "{by} 标明这户要双人入户")
UNFLAGGED = audit.kind("safety.ended", "{by} 解除了这户的双人入户")
BATCH = 100


@dataclass(slots=True)
class PlanEntry:
    """A worker's own week as its page says it. `version` 0: nothing was saved when the page was opened."""

    station: OrgUnit
    monday: date
    most: int
    version: int
    stops: Sequence[Stop] = field(default_factory=list)


@action
def save_plan(*, by: User, entry: PlanEntry) -> WeekPlan:
    """Keep a worker's own plan of a week: each stop's day, order and companion; what is not named is taken out.

    Raises NotAllowed, Refused, or Conflict where it was saved since `version`.
    """
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk})
    if by.staff_id is None or entry.monday != monday_of(entry.monday):
        raise NotAllowed
    ids = {stop.household_id for stop in entry.stops}
    served = served_by(households_visible_to(by, Permission.WRITE_RECORDS), entry.station.pk, clock.today())
    names = dict(served.filter(pk__in=ids).values_list("pk", "head_name"))
    if len(names) != len(ids):
        raise NotAllowed
    mine = WeekPlan.objects.select_for_update().filter(station=entry.station, staff=by.staff_id, monday=entry.monday)
    plan = mine.first()
    if (plan.version if plan else 0) != entry.version:
        raise Conflict(plan)
    days = days_of(entry.monday)
    posted = {staff for _unit, staff, _first, _last in posted_spans([entry.station.pk], days[0], days[-1])}
    refuse_if_any(
        plan_findings(
            stops=entry.stops, monday=entry.monday, most=entry.most, me=by.staff_id, colleagues=posted, names=names
        ),
        acknowledged=False,
    )
    plan = _saved(plan, entry, by)
    _replace_stops(plan, entry.stops, by)
    count = sum(1 for stop in entry.stops if stop.day)
    audit.record(PLANNED, by=by, about=plan, monday=f"{entry.monday:%Y-%m-%d}", count=count)
    return plan


def _saved(plan: WeekPlan | None, entry: PlanEntry, by: User) -> WeekPlan:
    if plan is None:
        plan = WeekPlan(
            station=entry.station, staff=by.staff, monday=entry.monday, most=entry.most, entered_by=by,
            entered_at=clock.now(),
        )  # fmt: skip
        insert([plan], by=by)
        return plan
    plan.most, plan.version = entry.most, plan.version + 1
    sign(plan, by=by)
    plan.save()
    return plan


def _replace_stops(plan: WeekPlan, stops: Sequence[Stop], by: User) -> None:
    """Write what changed: new stops, those moved, those no longer named. The rest keep their rows."""
    there = {row.household_id: row for row in plan.stops.all()}
    fresh, moved = [], []
    for stop in stops:
        row = there.pop(stop.household_id, None)
        said = {"day": stop.day, "position": stop.position, "companion_id": stop.companion_id}
        if row is None:
            common = {"station_id": plan.station_id, "plan": plan, "household_id": stop.household_id}
            fresh.append(PlanStop(id=new_id(), **common, **said))
        elif any(getattr(row, name) != value for name, value in said.items()):
            for name, value in said.items():
                setattr(row, name, value)
            moved.append(row)
    for row in there.values():
        sign(row, by=by)
        row.delete()
    PlanStop.objects.bulk_update(moved, ["day", "position", "companion"], batch_size=BATCH)
    if moved:
        copy_to_history(PlanStop, [row.pk for row in moved], kind="~", by=by)
    insert(fresh, by=by)


# SAFETY ----------------------------------------------------------------------


def _check_edits(by: User, household_id: UUID) -> None:
    if not households_visible_to(by, Permission.EDIT_FAMILIES).filter(pk=household_id).exists():
        raise NotAllowed


@action
def flag_family(*, by: User, station: OrgUnit, household: Household, starts_on: date, reason: str) -> SafetyFlag:
    """Say that nobody should go to the family alone. Raises NotAllowed; Refused without a reason, or said before."""
    check_reaches(by, Permission.EDIT_FAMILIES, {station.pk})
    _check_edits(by, household.pk)
    refuse_if_any(flag_findings(reason=reason, starts_on=starts_on, today=clock.today()), acknowledged=False)
    if SafetyFlag.objects.filter(station=station, household=household, ends_on__isnull=True).exists():
        raise Refused.because("reason", "这户已经标明双人入户；要改理由，请先解除再重新标明")
    flag = SafetyFlag(
        station=station, household=household, starts_on=starts_on, reason=reason.strip()[:200], entered_by=by,
        entered_at=clock.now(),
    )  # fmt: skip
    insert([flag], by=by)
    audit.record(FLAGGED, by=by, about=household)
    return flag


@action
def end_flag(*, by: User, flag: SafetyFlag, version: int, ends_on: date, reason: str) -> SafetyFlag:
    """Say that one may go alone again, after `ends_on`. Raises NotAllowed, Refused, or Conflict where it was ended."""
    current = SafetyFlag.objects.select_for_update(of=("self",)).select_related("household").get(pk=flag.pk)
    check_reaches(by, Permission.EDIT_FAMILIES, {current.station_id})
    _check_edits(by, current.household_id)
    if current.version != version:
        raise Conflict(current)
    found = flag_end_findings(
        reason=reason, starts_on=current.starts_on, ends_on=ends_on, today=clock.today()
    )  # fmt: skip
    refuse_if_any(found, acknowledged=False)
    current.ends_on, current.end_reason, current.version = ends_on, reason.strip()[:200], current.version + 1
    sign(current, by=by, reason=current.end_reason)
    current.save()
    audit.record(UNFLAGGED, by=by, about=current.household)
    return current
