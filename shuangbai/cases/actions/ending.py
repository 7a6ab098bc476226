"""A case is evaluated, closed, and its client seen again at intervals."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from shuangbai.cases.actions.trail import MOVED, WROTE, keep, locked, not_offered, put_move
from shuangbai.cases.closing import hindering
from shuangbai.cases.enums import CLOSE_REASONS, FollowUpResult, FollowUpState, Move, SessionMode, Stage
from shuangbai.cases.gathering import known
from shuangbai.cases.models import Case, CaseClient, CaseDraft, Closing, Evaluation, FollowUp, Session
from shuangbai.cases.queries import closing_of
from shuangbai.cases.rules import (
    LEAST_WORDS,
    close_findings,
    dated_findings,
    declined_finding,
    follow_up_findings,
    months_after,
    months_findings,
)
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, Finding, Refused, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.households.doubles import groups_of
from shuangbai.network.models import User


@dataclass(slots=True)
class EvaluationEntry:
    """评估 as of a day; `satisfaction` 1 to 5, or nothing."""

    evaluated_on: date
    process: str = ""
    outcome: str = ""
    satisfaction: int | None = None
    client_words: str = ""
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


@dataclass(slots=True)
class ClosingEntry:
    """结案表. `months`: after how many months the client is seen again."""

    reason: str = ""
    summary: str = ""
    outcome: str = ""
    client_view: str = ""
    months: Sequence[int] = ()


@dataclass(slots=True)
class FollowUpEntry:
    """What was found when the client was seen again."""

    done_on: date
    mode: SessionMode
    result: FollowUpResult
    note: str
    worker_id: UUID


# EVALUATING ----------------------------------------------------------------


@action
def evaluate_case(
    *, by: User, case: Case, entry: EvaluationEntry, evaluation: Evaluation | None = None, version: int = 0
) -> Evaluation:
    """Write an evaluation, or put one right. Raises NotAllowed, Refused, Conflict."""
    current = locked(by, case)
    if current.stage == Stage.DECLINED:
        raise Refused([declined_finding()])
    row = _evaluation(by, current, entry, evaluation, version)
    if row.pk and not row._state.adding and evaluation is None:
        return row
    words = bool(entry.process.strip() or entry.outcome.strip() or entry.client_words.strip() or entry.satisfaction)
    refuse_if_any(
        dated_findings("evaluated_on", entry.evaluated_on, since=current.opened_on, today=clock.today(), said=words),
        acknowledged=False,
    )
    row.evaluated_on, row.satisfaction = entry.evaluated_on, entry.satisfaction
    row.process, row.outcome, row.client_words = (
        entry.process.strip(),
        entry.outcome.strip(),
        entry.client_words.strip(),
    )
    if evaluation:
        row.version += 1
        sign(row, by=by)
        row.save()
    else:
        insert([row], by=by)
    page = f"evaluation-{evaluation.pk}" if evaluation else "evaluation"
    CaseDraft.objects.filter(case=current, entered_by=by, page=page).delete()
    audit.record(WROTE, by=by, about=current, what="评估")
    return row


def _evaluation(
    by: User, case: Case, entry: EvaluationEntry, evaluation: Evaluation | None, version: int
) -> Evaluation:
    """The row to write in: the one that is put right, the one that was sent before, or a new one."""
    if evaluation:
        current = Evaluation.objects.select_for_update(of=("self",)).get(pk=evaluation.pk)
        if current.version != version:
            raise Conflict(current)
        return current
    before = Evaluation.objects.filter(station=case.station, client_id=entry.client_id, entered_by=by).first()
    return before or Evaluation(
        id=random_id(), station=case.station, case=case, client_id=entry.client_id, entered_by=by,
        entered_at=entry.entered_at or clock.now(),
    )  # fmt: skip


# CLOSING -------------------------------------------------------------------


@action
def write_closing(*, by: User, case: Case, version: int, entry: ClosingEntry) -> Closing:
    """Write 结案表 and leave the case open. `version` is the case's. Raises NotAllowed, Refused, Conflict."""
    current = _to_close(by, case, version)
    refuse_if_any([*months_findings(entry.months), *_reason_findings(entry, clock.today())], acknowledged=False)
    row = _written(by, current, entry)
    keep(current, by)
    audit.record(WROTE, by=by, about=current, what="结案表")
    return row


@action
def close_case(
    *, by: User, case: Case, version: int, entry: ClosingEntry, on: date, why: str = "",
    entered_at: datetime | None = None,
) -> Closing:  # fmt: skip
    """Write 结案表 and close the case by it, with the visits after closing. `why`: what is missing, and why not.

    Raises NotAllowed, Refused, Conflict.
    """
    current = _to_close(by, case, version)
    if current.stage != Stage.CLOSE:
        raise Refused.because("", "个案还没有到「结案」阶段；请先在个案页上转到「结案」，跳过的要写明理由")
    row = _written(by, current, entry)
    missing = known(current, clock.today()).gates(Stage.CLOSE)
    latest = Session.objects.filter(case=current, voided_at__isnull=True).order_by("-held_on").first()
    found = close_findings(
        reason=entry.reason, summary=entry.summary, missing=missing, why=why, on=on, since=current.stage_on,
        today=clock.today(), latest_session=latest.held_on if latest else None,
    )  # fmt: skip
    found += [*months_findings(entry.months), *_reason_findings(entry, on), *hindering(by, _people(current))]
    refuse_if_any(found, acknowledged=False)
    row.closed_on = on
    sign(row, by=by)
    row.save()
    before = Stage(current.stage)
    current.stage, current.stage_on, current.closed_on, current.close_reason = Stage.FOLLOWUP, on, on, entry.reason
    keep(current, by)
    put_move(by, current, Move.CLOSED, before, on, reason=why, missing=missing, at=entered_at)
    _plan_visits(by, current, on, entry.months, entered_at or clock.now())
    audit.record(MOVED, by=by, about=current, what=Move.CLOSED.label)
    return row


def _to_close(by: User, case: Case, version: int) -> Case:
    current = locked(by, case, version)
    if current.closed_on:
        raise Refused.because("", "这件个案已经结案，不能再改结案表；要继续服务请先重开")
    return current


def _reason_findings(entry: ClosingEntry, on: date) -> list[Finding]:
    return list(not_offered(CLOSE_REASONS, entry.reason, on, "reason")) if entry.reason else []


def _people(case: Case) -> set[UUID]:
    """Whom the case is about, under all of their entries."""
    keys = CaseClient.objects.filter(case=case, ended_on__isnull=True).values_list("person_key", flat=True)
    return {one for group in groups_of(keys).values() for one in group}


def _written(by: User, case: Case, entry: ClosingEntry) -> Closing:
    """The closing that is being written, as `entry` says it, saved."""
    row = closing_of(case)
    new = row is None
    row = row or Closing(
        id=random_id(), station=case.station, case=case, entered_by=by, entered_at=clock.now(), version=0
    )
    row.reason, row.summary, row.outcome = entry.reason, entry.summary.strip(), entry.outcome.strip()
    row.client_view, row.months = entry.client_view.strip(), list(entry.months)
    row.version += 1
    if new:
        insert([row], by=by)
    else:
        sign(row, by=by)
        row.save()
    CaseDraft.objects.filter(case=case, entered_by=by, page="closing").delete()
    return row


def _plan_visits(by: User, case: Case, closed_on: date, months: Sequence[int], at: datetime) -> None:
    insert(
        [
            FollowUp(
                id=random_id(), station=case.station, case=case, due_on=months_after(closed_on, month), entered_by=by,
                entered_at=at,
            )
            for month in sorted(months)
        ],
        by=by,
    )  # fmt: skip


def take_back_closing(by: User, case: Case, on: date) -> None:
    """What reopening a case undoes: its closing stays to be read, and the visits that were planned are dropped."""
    closing = closing_of(case)
    if closing and closing.closed_on:
        closing.reopened_on = max(on, closing.closed_on)
        closing.version += 1
        sign(closing, by=by)
        closing.save()
    for row in FollowUp.objects.filter(case=case, state=FollowUpState.PLANNED):
        row.state, row.note = FollowUpState.DROPPED, "个案重开"
        row.version += 1
        sign(row, by=by)
        row.save()


# AFTERWARDS ----------------------------------------------------------------


@action
def plan_follow_up(*, by: User, case: Case, due_on: date) -> FollowUp:
    """Plan one more visit after closing. Raises NotAllowed, Refused."""
    current = locked(by, case)
    if current.stage != Stage.FOLLOWUP or current.closed_on is None:
        raise Refused.because("due_on", "结案以后才有回访；还没有结案的，请记会谈")
    if due_on < current.closed_on:
        raise Refused.because("due_on", f"回访日期早于结案的{current.closed_on:%Y-%m-%d}，请核对")
    row = FollowUp(
        id=random_id(), station=current.station, case=current, due_on=due_on, entered_by=by, entered_at=clock.now()
    )
    insert([row], by=by)
    audit.record(WROTE, by=by, about=current, what="回访计划")
    return row


@action
def record_follow_up(*, by: User, follow_up: FollowUp, version: int, entry: FollowUpEntry) -> FollowUp:
    """Say what was found when the client was seen again. Raises NotAllowed, Refused, Conflict."""
    current, row = _follow_up(by, follow_up, version)
    if current.closed_on is None:
        raise Refused.because("", "个案已经重开，这次见面请记成会谈")
    found = follow_up_findings(done_on=entry.done_on, closed_on=current.closed_on, note=entry.note, today=clock.today())
    refuse_if_any(found, acknowledged=False)
    row.state, row.done_on, row.mode = FollowUpState.DONE, entry.done_on, entry.mode
    row.result, row.note, row.worker_id = entry.result, entry.note.strip(), entry.worker_id
    _save(by, current, row)
    return row


@action
def drop_follow_up(*, by: User, follow_up: FollowUp, version: int, reason: str) -> FollowUp:
    """Plan a visit after closing no longer, with the reason. Raises NotAllowed, Refused, Conflict."""
    current, row = _follow_up(by, follow_up, version)
    if row.state != FollowUpState.PLANNED:
        raise Refused.because("", "这次回访已经做过或取消了")
    if len(reason.strip()) < LEAST_WORDS:
        raise Refused.because("reason", "请写明为什么不再回访，如「已迁往外省」")
    row.state, row.note = FollowUpState.DROPPED, reason.strip()
    _save(by, current, row)
    return row


def _follow_up(by: User, follow_up: FollowUp, version: int) -> tuple[Case, FollowUp]:
    current = locked(by, follow_up.case)
    row = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if row.version != version:
        raise Conflict(row)
    if row.state == FollowUpState.DROPPED:
        raise Refused.because("", "这次回访已经取消，请另排一次")
    return current, row


def _save(by: User, case: Case, row: FollowUp) -> None:
    row.version += 1
    sign(row, by=by)
    row.save()
    audit.record(WROTE, by=by, about=case, what="回访")
