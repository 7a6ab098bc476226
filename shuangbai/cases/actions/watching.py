"""What a supervisor says of a case; what the city says of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shuangbai.cases.access import may_comment, supervises
from shuangbai.cases.actions.trail import VIEWED, check_sees, read_locked
from shuangbai.cases.enums import ViewKind
from shuangbai.cases.models import Case, CaseRule, Plan, SupervisorView
from shuangbai.cases.queries import case_rules, closing_of
from shuangbai.cases.rules import months_findings, view_findings
from shuangbai.codes.actions import check_decides, note_decision, take_turn
from shuangbai.codes.rules import reason_findings
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert
from shuangbai.core.findings import Conflict, NotAllowed, Refused, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.network.models import User

RULE = "case.rule"


@action
def say_view(
    *, by: User, case: Case, kind: ViewKind, text: str, agrees: bool | None = None, about_version: int | None = None,
    entered_at: datetime | None = None,
) -> SupervisorView:  # fmt: skip
    """Say something of a case; of the plan or the closing whether one agrees, to the version that was read.

    The supervisor of the case says all of it, its head comments. Raises NotAllowed, Refused, or Conflict where the
    plan or the closing was changed since.
    """
    check_sees(by, case)
    if not (supervises(by, case) or (kind == ViewKind.COMMENT and may_comment(by, case))):
        raise NotAllowed
    current = read_locked(case)
    about = _about(current, kind)
    found = view_findings(kind=kind, agrees=agrees, text=text, there=kind == ViewKind.COMMENT or about is not None)
    refuse_if_any(found, acknowledged=False)
    if about_version is not None and about is not None and about != about_version:
        raise Conflict(current)
    row = SupervisorView(
        id=random_id(), station=current.station, case=current, kind=kind, text=text.strip(),
        agrees=None if kind == ViewKind.COMMENT else agrees, about_version=about, entered_by=by,
        entered_at=entered_at or clock.now(),
    )  # fmt: skip
    insert([row], by=by)
    audit.record(VIEWED, by=by, about=current)
    return row


def _about(case: Case, kind: ViewKind) -> int | None:
    """The version of what is spoken of; None where it is not written yet."""
    if kind == ViewKind.PLAN:
        return Plan.objects.filter(case=case).values_list("version", flat=True).first()
    closing = closing_of(case) if kind == ViewKind.CLOSING else None
    return closing.version if closing else None


# WHAT THE CITY SAYS --------------------------------------------------------


@dataclass(slots=True)
class RuleEntry:
    """What the city asks for from a day on."""

    agree_plan: bool
    agree_closing: bool
    months: Sequence[int]
    review_days: int
    starts_on: date


@action
def set_case_rule(*, by: User, entry: RuleEntry, version: int, reason: str) -> CaseRule:
    """Say what cases ask for from a day on. Raises NotAllowed, Refused, Conflict."""
    check_decides(by)
    turn, rules = take_turn(RULE), case_rules()
    newest = rules[0] if rules else None
    if turn.version != version:
        raise Conflict(newest)
    refuse_if_any([*reason_findings(reason), *months_findings(entry.months)], acknowledged=True)
    if entry.starts_on < clock.today():
        raise Refused.because("starts_on", "请从今天或以后起；已经办过的个案不会改")
    if newest and entry.starts_on < newest.starts_on:
        raise Refused.because("starts_on", f"已定好从{newest.starts_on:%Y-%m-%d}起的规定，请从这一天或以后起")
    was = _said(newest) if newest else "没有规定"
    rule = _next(newest, entry.starts_on)
    rule.agree_plan, rule.agree_closing = entry.agree_plan, entry.agree_closing
    rule.months, rule.review_days = sorted(entry.months), entry.review_days
    rule.save()
    turn.version += 1
    turn.save(update_fields=["version"])
    note_decision(
        by=by, subject=RULE, name="个案", what=f"改个案的规定，从{entry.starts_on:%Y-%m-%d}起", was=was,
        became=_said(rule), reason=reason,
    )  # fmt: skip
    return rule


def _next(newest: CaseRule | None, starts_on: date) -> CaseRule:
    """The rule that begins on the day: the newest put right, or another after it."""
    if newest and newest.starts_on == starts_on:
        return newest
    if newest:
        newest.ends_on = starts_on - timedelta(days=1)
        newest.save(update_fields=["ends_on"])
    return CaseRule(starts_on=starts_on)


def _said(rule: CaseRule) -> str:
    asks = "、".join(name for name, asked in (("计划", rule.agree_plan), ("结案", rule.agree_closing)) if asked)
    months = "、".join(str(month) for month in rule.months)
    visits = f"结案后 {months} 个月回访" if months else "结案后不排回访"
    return f"{asks + '要督导同意' if asks else '不必督导同意'}；{rule.review_days} 天评一次目标；{visits}"
