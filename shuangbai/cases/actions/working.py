"""What is written while a case runs: assessments, the plan, goals and their ratings, sessions, visits put to it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, TypeVar
from uuid import UUID

from shuangbai.cases.actions.trail import WROTE, locked
from shuangbai.cases.enums import GoalState, Scale, SessionMode, Stage
from shuangbai.cases.models import Assessment, Case, CaseDraft, CaseVisit, Goal, GoalRating, Plan, Session
from shuangbai.cases.queries import family_entries, may_work_at
from shuangbai.cases.rules import (
    LEAST_WORDS,
    dated_findings,
    declined_finding,
    goal_findings,
    goal_state_findings,
    rating_findings,
    session_findings,
)
from shuangbai.core import audit, clock
from shuangbai.core.actions import action, drop_untouched
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, Finding, NotAllowed, Refused, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.households.doubles import groups_of
from shuangbai.households.known import FAMILIES
from shuangbai.households.models import Membership
from shuangbai.network.models import User
from shuangbai.visits.queries import visits_visible_to

DRAFT_DAYS = 30
Row = TypeVar("Row", Assessment, Plan, Goal, Session)


@dataclass(slots=True)
class AssessmentEntry:
    """预估 as of a day; `needs` one a line, the most pressing first."""

    assessed_on: date
    physical: str = ""
    psychological: str = ""
    social: str = ""
    tried: str = ""
    strengths: str = ""
    resources: str = ""
    needs: str = ""
    analysis: str = ""
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


@dataclass(slots=True)
class PlanEntry:
    """The agreement with the client. The goals stand beside it."""

    planned_on: date
    purpose: str = ""
    theory: str = ""
    strategy: str = ""
    worker_duties: str = ""
    client_duties: str = ""
    schedule: str = ""
    agreed_on: date | None = None
    entered_at: datetime | None = None


@dataclass(slots=True)
class GoalEntry:
    """A goal. `levels`: what the five levels of GAS mean here, from -2 to +2, or nothing."""

    statement: str
    indicator: str
    target: str
    set_on: date
    due_on: date
    baseline: str = ""
    scale: Scale = Scale.GAS
    weight: int = 1
    levels: tuple[str, str, str, str, str] = ("", "", "", "", "")
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


@dataclass(slots=True)
class SessionEntry:
    """A session. `worker_id`: who held it; `present_keys`: who of the family was there."""

    held_on: date
    minutes: int
    mode: SessionMode
    process: str
    worker_id: UUID
    starts_at: time | None = None
    place: str = ""
    present_keys: tuple[UUID, ...] = ()
    present: str = ""
    purpose: str = ""
    response: str = ""
    reflection: str = ""
    next_step: str = ""
    next_on: date | None = None
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


LEVELS = ("level_m2", "level_m1", "level_0", "level_p1", "level_p2")


def _current(model: type[Row], row: Row, version: int) -> Row:
    """The row as it stands, locked. Raises Conflict where somebody else wrote since `version`."""
    current = model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if current.version != version:
        raise Conflict(current)
    return current


def _write(by: User, case: Case, row: Any, what: str, page: str) -> None:
    """Keep a row that was changed, with the trail; a draft of it goes."""
    if row._state.adding:
        insert([row], by=by)
    else:
        row.version += 1
        sign(row, by=by)
        row.save()
    CaseDraft.objects.filter(case=case, entered_by=by, page=page).delete()
    audit.record(WROTE, by=by, about=case, what=what)


def _made(model: type[Row], by: User, case: Case, entry: Any, **more: Any) -> tuple[Row, bool]:
    """A new row for an entry, or the one that it made when it was sent before; whether it is that."""
    at = entry.entered_at or clock.now()
    if hasattr(entry, "client_id"):
        more["client_id"] = entry.client_id
        sent = {"station": case.station, "client_id": entry.client_id, "entered_by": by}
        before = model._default_manager.filter(**sent).first()
        if before:
            return before, True
    return model(id=random_id(), station=case.station, case=case, entered_by=by, entered_at=at, **more), False


def _say(row: Any, entry: Any, *names: str) -> None:
    for name in names:
        value = getattr(entry, name)
        setattr(row, name, value.strip() if isinstance(value, str) else value)


def _taken_on(case: Case) -> Case:
    if case.stage == Stage.DECLINED:
        raise Refused([declined_finding()])
    return case


# ASSESSMENT AND PLAN ---------------------------------------------------------

ASSESSED = ("assessed_on", "physical", "psychological", "social", "tried", "strengths", "resources", "needs",
            "analysis")  # fmt: skip
PLANNED = ("planned_on", "purpose", "theory", "strategy", "worker_duties", "client_duties", "schedule", "agreed_on")


@action
def assess(
    *, by: User, case: Case, entry: AssessmentEntry, assessment: Assessment | None = None, version: int = 0
) -> Assessment:
    """Write an assessment, or put one right. Raises NotAllowed, Refused, Conflict."""
    current = _taken_on(locked(by, case))
    if assessment:
        row = _current(Assessment, assessment, version)
    else:
        row, before = _made(Assessment, by, current, entry)
        if before:
            return row
    words = any(getattr(entry, name).strip() for name in ASSESSED[1:])
    refuse_if_any(
        dated_findings("assessed_on", entry.assessed_on, since=current.opened_on, today=clock.today(), said=words),
        acknowledged=False,
    )
    _say(row, entry, *ASSESSED)
    _write(by, current, row, "预估", f"assessment-{assessment.pk}" if assessment else "assessment")
    return row


@action
def plan_case(*, by: User, case: Case, version: int, entry: PlanEntry) -> Plan:
    """Write the plan, or put it right; `version` is 0 where none was read. Raises NotAllowed, Refused, Conflict."""
    current = _taken_on(locked(by, case))
    row = Plan.objects.select_for_update(of=("self",)).filter(case=current).first()
    if (row.version if row else 0) != version:
        raise Conflict(row)
    words = any(getattr(entry, name).strip() for name in PLANNED[1:-1])
    found = dated_findings("planned_on", entry.planned_on, since=current.opened_on, today=clock.today(), said=words)
    if entry.agreed_on and entry.agreed_on > clock.today():
        found.append(Finding("agreed", "agreed_on", "同意日期在今天之后，请核对"))
    refuse_if_any(found, acknowledged=False)
    if row is None:
        row, _ = _made(Plan, by, current, entry)
    _say(row, entry, *PLANNED)
    _write(by, current, row, "计划", "plan")
    return row


# GOALS ---------------------------------------------------------------------

GOAL = ("statement", "indicator", "baseline", "target", "set_on", "due_on", "scale", "weight")


@action
def set_goal(
    *, by: User, case: Case, entry: GoalEntry, goal: Goal | None = None, version: int = 0, acknowledged: bool = False
) -> Goal:
    """Set a goal, or put one right. Raises NotAllowed, Refused, NeedsAcknowledgement, Conflict."""
    current = _taken_on(locked(by, case))
    if goal:
        row = _current(Goal, goal, version)
    else:
        row, before = _made(Goal, by, current, entry, position=Goal.objects.filter(case=current).count())
        if before:
            return row
    found = goal_findings(
        statement=entry.statement, indicator=entry.indicator, target=entry.target, set_on=entry.set_on,
        due_on=entry.due_on, levels=entry.levels,
    )  # fmt: skip
    if goal and entry.scale != row.scale and GoalRating.objects.filter(goal=row).exists():
        found.append(Finding("rated", "scale", "已经按原来的方式评过分，不能改评分方式；请另立一个目标"))
    refuse_if_any(found, acknowledged=acknowledged)
    _say(row, entry, *GOAL)
    for name, words in zip(LEVELS, entry.levels, strict=True):
        setattr(row, name, words.strip())
    _write(by, current, row, "目标", f"goal-{goal.pk}" if goal else "goal")
    return row


@action
def rate_goal(
    *, by: User, goal: Goal, value: int, rated_on: date, note: str = "", entered_at: datetime | None = None
) -> GoalRating:
    """Say how far a goal is on a day, on its scale. Raises NotAllowed, Refused."""
    current = _taken_on(locked(by, goal.case))
    found = rating_findings(
        scale=goal.scale, value=value, on=rated_on, set_on=goal.set_on, today=clock.today(),
        dropped=goal.state == GoalState.DROPPED,
    )  # fmt: skip
    refuse_if_any(found, acknowledged=False)
    row = GoalRating(
        id=random_id(), station=current.station, goal=goal, rated_on=rated_on, scale=goal.scale, value=value,
        note=note.strip(), entered_by=by, entered_at=entered_at or clock.now(),
    )  # fmt: skip
    insert([row], by=by)
    audit.record(WROTE, by=by, about=current, what="目标评分")
    return row


@action
def drop_goal(*, by: User, goal: Goal, version: int, reason: str) -> Goal:
    """Pursue a goal no longer; it stays to be read. Raises NotAllowed, Refused, Conflict."""
    return _end_goal(by, goal, version, GoalState.DROPPED, reason)


@action
def resume_goal(*, by: User, goal: Goal, version: int, reason: str) -> Goal:
    """Pursue a goal again, while its case is open. Raises NotAllowed, Refused, Conflict."""
    return _end_goal(by, goal, version, GoalState.OPEN, reason)


def _end_goal(by: User, goal: Goal, version: int, state: GoalState, reason: str) -> Goal:
    current = locked(by, goal.case)
    row = _current(Goal, goal, version)
    refuse_if_any(
        goal_state_findings(was=row.state, becomes=state, case_open=current.is_open, reason=reason), acknowledged=False
    )
    row.state, row.state_reason = state, reason.strip()
    row.dropped_on = clock.today() if state == GoalState.DROPPED else None
    _write(by, current, row, f"目标：{'重新追求' if state == GoalState.OPEN else '不再追求'}", "")
    return row


# SESSIONS ------------------------------------------------------------------

SAID = ("held_on", "starts_at", "minutes", "mode", "worker_id", "place", "present", "purpose", "process", "response",
        "reflection", "next_step", "next_on")  # fmt: skip


@action
def record_session(
    *, by: User, case: Case, entry: SessionEntry, session: Session | None = None, version: int = 0
) -> Session:
    """Record a session, or put one right; sent twice it is the first. Raises NotAllowed, Refused, Conflict."""
    current = _taken_on(locked(by, case))
    if session:
        row = _current(Session, session, version)
        if row.voided_at:
            raise Refused.because("", "这次会谈已经作废，不能再改")
    else:
        row, before = _made(Session, by, current, entry)
        if before:
            return row
    found = session_findings(
        held_on=entry.held_on, opened_on=current.opened_on, closed_on=current.closed_on, today=clock.today(),
        process=entry.process, next_on=entry.next_on, minutes=entry.minutes,
    )  # fmt: skip
    refuse_if_any([*found, *_holder_findings(current, entry, row)], acknowledged=False)
    _say(row, entry, *SAID)
    row.present_keys = [str(key) for key in _of_family(by, current, entry.present_keys)]
    _write(by, current, row, "会谈", f"session-{session.pk}" if session else "session")
    return row


def _holder_findings(case: Case, entry: SessionEntry, row: Session) -> list[Finding]:
    """Who held the session is of the case, or posted at its station on the day, or what it said before."""
    if entry.worker_id in (case.worker_id, case.co_worker_id, row.worker_id):
        return []
    if may_work_at(case.charge, entry.held_on).filter(pk=entry.worker_id).exists():
        return []
    return [Finding("holder", "worker", "谈话的社工那天不在本站任职，请另选一位")]


def _of_family(by: User, case: Case, keys: tuple[UUID, ...]) -> list[UUID]:
    """Those who are, or were, of the family by an entry of it that `by` sees; in the order given."""
    entries = family_entries(by, case.household_key)
    found = set(Membership.objects.filter(household__in=entries, person__in=keys).values_list("person_id", flat=True))
    found |= set(case.clients.filter(person_key__in=keys).values_list("person_key", flat=True))
    return [key for key in dict.fromkeys(keys) if key in found]


@action
def void_session(*, by: User, session: Session, version: int, reason: str) -> Session:
    """Count a session no longer; it stays to be read. Raises NotAllowed, Refused, Conflict."""
    current = locked(by, session.case)
    row = _current(Session, session, version)
    if row.voided_at:
        raise Refused.because("", "这次会谈已经作废")
    if len(reason.strip()) < LEAST_WORDS:
        raise Refused.because("reason", "请写明作废的原因，如「记到了另一件个案里」")
    row.voided_at, row.void_reason = clock.now(), reason.strip()
    _write(by, current, row, "会谈", "")
    return row


# VISITS --------------------------------------------------------------------


@action
def attach_visit(*, by: User, case: Case, record_key: UUID) -> CaseVisit:
    """Put a visit of the family to the case; twice is once. Raises NotAllowed, Refused."""
    current = locked(by, case)
    visit = visits_visible_to(by).filter(pk=record_key).select_related("record").first()
    if visit is None:
        raise NotAllowed
    family = groups_of([current.household_key], FAMILIES)[current.household_key]
    if visit.record.household_id not in family:
        raise Refused.because("", "这次走访不是这家的，不能放进这件个案")
    before = CaseVisit.objects.filter(case=current, record_key=record_key, ended_at__isnull=True).first()
    if before:
        return before
    row = CaseVisit(
        id=random_id(), station=current.station, case=current, record_key=record_key, entered_by=by,
        entered_at=clock.now(),
    )  # fmt: skip
    insert([row], by=by)
    audit.record(WROTE, by=by, about=current, what="走访")
    return row


@action
def detach_visit(*, by: User, case: Case, record_key: UUID) -> None:
    """Take a visit out of the case again; nothing happens where it is not in it. Raises NotAllowed."""
    current = locked(by, case)
    rows = CaseVisit.objects.filter(case=current, record_key=record_key, ended_at__isnull=True)
    if rows.update(ended_at=clock.now()):
        audit.record(WROTE, by=by, about=current, what="走访")


# DRAFTS --------------------------------------------------------------------


@action
def save_draft(*, by: User, case: Case, page: str, typed: str) -> datetime:
    """Keep what somebody typed in a form of the case and has not saved. Raises NotAllowed."""
    current = locked(by, case)
    now = clock.now()
    CaseDraft.objects.bulk_create(
        [CaseDraft(id=random_id(), station=current.station, case=current, page=page, typed=typed, entered_by=by,
                   entered_at=now, updated_at=now)],
        update_conflicts=True, unique_fields=["station", "case", "entered_by", "page"],
        update_fields=["typed", "updated_at"],
    )  # fmt: skip
    return now


@action
def drop_draft(*, by: User, case: Case, page: str) -> None:
    """Throw away one's own draft. Raises NotAllowed."""
    locked(by, case)
    CaseDraft.objects.filter(case=case, entered_by=by, page=page).delete()


def drop_old_drafts() -> int:
    """Throw away what nobody went on with in `DRAFT_DAYS`; how many."""
    return drop_untouched(CaseDraft, days=DRAFT_DAYS)
