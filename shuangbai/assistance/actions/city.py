"""Writes of what the city says: rules of policies from a day on, a year's days off."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from shuangbai.assistance import queries, rules
from shuangbai.assistance.enums import POLICIES
from shuangbai.assistance.models import PolicyRule, SpecialDay
from shuangbai.codes.actions import check_decides, note_decision, take_turn
from shuangbai.codes.queries import items_of, label_of
from shuangbai.codes.rules import reason_findings
from shuangbai.core import clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Conflict, Refused, refuse_if_any
from shuangbai.network.models import User

RULE, WORKDAYS = "assistance.rule", "assistance.workdays"


@dataclass(slots=True)
class RuleEntry:
    """What the city says of a policy from a day on."""

    starts_on: date
    text: str
    source: str
    days: int | None = None
    special_days: int | None = None
    review_months: int | None = None
    line: Decimal | None = None
    papers: Sequence[str] = ()


@action
def set_policy_rule(*, by: User, policy: str, version: int, entry: RuleEntry, reason: str) -> PolicyRule:
    """Say from a day on by when, with which papers and by which document. Raises NotAllowed, Refused, Conflict."""
    check_decides(by)
    if policy not in items_of(POLICIES):
        raise Refused.because("policy", "这项政策不在列表中")
    turn, rows = take_turn(RULE), queries.policy_rules(policy)
    newest = rows[0] if rows else None
    if turn.version != version:
        raise Conflict(newest)
    papers = [name.strip()[:60] for name in dict.fromkeys(entry.papers) if name.strip()]
    findings = rules.rule_findings(
        days=entry.days, special_days=entry.special_days, starts_on=entry.starts_on, today=clock.today(),
        latest=newest.starts_on if newest else None, source=entry.source, text=entry.text, papers=papers,
    )  # fmt: skip
    refuse_if_any([*findings, *reason_findings(reason)], acknowledged=False)
    said = {
        "days": entry.days, "special_days": entry.special_days, "review_months": entry.review_months,
        "line": entry.line, "papers": papers, "text": entry.text.strip(), "source": entry.source.strip(),
    }  # fmt: skip
    if newest and newest.starts_on == entry.starts_on:
        rule = newest
        for name, value in said.items():
            setattr(rule, name, value)
    else:
        if newest:
            newest.ends_on = entry.starts_on - timedelta(days=1)
            newest.save(update_fields=["ends_on"])
        rule = PolicyRule(policy=policy, starts_on=entry.starts_on, **said)
    was = queries.Rules().on(policy, clock.today())
    rule.save()
    turn.version += 1
    turn.save(update_fields=["version"])
    note_decision(
        by=by, subject=RULE, item=policy, name=label_of(POLICIES, policy, clock.today()),
        what=f"改政策的规定，从{entry.starts_on:%Y-%m-%d}起", was=f"{_days(was.days)}，{was.source}" if was else "",
        became=f"{_days(rule.days)}，{rule.source}", reason=reason,
    )  # fmt: skip
    return rule


def _days(days: int | None) -> str:
    return f"{days} 个工作日" if days else "没有期限"


@action
def set_workdays(
    *, by: User, year: int, version: int, off: Collection[date], worked: Collection[date], reason: str
) -> None:
    """A year's days off and the weekends that are worked, in place of what was said. Raises NotAllowed, Refused,
    Conflict."""
    check_decides(by)
    turn = take_turn(WORKDAYS)
    if turn.version != version:
        raise Conflict(None)
    findings = rules.calendar_findings(year=year, off=off, worked=worked, today=clock.today())
    refuse_if_any([*findings, *reason_findings(reason)], acknowledged=False)
    before = SpecialDay.objects.filter(day__year=year).count()
    SpecialDay.objects.filter(day__year=year).delete()
    SpecialDay.objects.bulk_create(
        [*(SpecialDay(day=day) for day in sorted(set(off))),
         *(SpecialDay(day=day, works=True) for day in sorted(set(worked)))]
    )  # fmt: skip
    turn.version += 1
    turn.save(update_fields=["version"])
    note_decision(
        by=by, subject=WORKDAYS, item=str(year), name=f"{year} 年放假与调休", what="登记放假与调休",
        was=f"{before} 天" if before else "没有登记", became=f"放假 {len(set(off))} 天，调休上班 {len(set(worked))} 天",
        reason=reason,
    )  # fmt: skip
