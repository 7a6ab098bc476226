"""A case goes from stage to stage: on, over some, back, not taken on, taken up again. Closing is another action."""

from datetime import date, datetime

from shuangbai.cases.actions.ending import take_back_closing
from shuangbai.cases.actions.trail import MOVED, keep, locked, put_move
from shuangbai.cases.enums import Move, Stage
from shuangbai.cases.gathering import known
from shuangbai.cases.models import Case, StageMove
from shuangbai.cases.rules import MOVES, move_findings, unviewed_findings
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Refused, refuse_if_any
from shuangbai.network.models import User


@action
def move_case(
    *, by: User, case: Case, version: int, to: Stage, on: date, reason: str = "", acknowledged: bool = False,
    entered_at: datetime | None = None,
) -> StageMove:  # fmt: skip
    """Bring a case to another stage. Leaving 接案 takes it on, where nobody has said so before.

    Raises NotAllowed, Refused, NeedsAcknowledgement, or Conflict where somebody else wrote since `version`.
    """
    current = locked(by, case, version)
    before = Stage(current.stage)
    if to == Stage.FOLLOWUP:
        raise Refused.because("to", "结案请在结案表里写明原因和总结")
    held = known(current, clock.today())
    missing = held.gates(before) if MOVES[before].get(to) in (Move.FORWARD, Move.SKIP) else []
    found = move_findings(
        stage=before, to=to, reason=reason, missing=missing, on=on, since=current.stage_on, today=clock.today()
    )
    if before == Stage.PLAN:
        found += unviewed_findings(asked="view_plan" in held.asked - held.gated, there="view_plan" in held.there)
    refuse_if_any(found, acknowledged=acknowledged)
    move = MOVES[before][to]
    _arrive(current, move, to, on, reason)
    keep(current, by)
    if move == Move.REOPEN:
        take_back_closing(by, current, on)
    row = put_move(by, current, move, before, on, reason=reason, missing=missing, at=entered_at)
    audit.record(MOVED, by=by, about=current, what=move.label)
    return row


def _arrive(case: Case, move: Move, to: Stage, on: date, reason: str) -> None:
    case.stage, case.stage_on = to, on
    if move == Move.DECLINE:
        case.accepted_on, case.accept_reason, case.closed_on = None, reason.strip(), on
    elif move == Move.REOPEN:
        case.closed_on, case.close_reason = None, ""
    if to not in (Stage.INTAKE, Stage.DECLINED) and case.accepted_on is None:
        case.accepted_on = on
