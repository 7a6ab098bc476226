"""Writes of what the city says: rules of policies from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from shuangbai.assistance import queries, rules
from shuangbai.assistance.enums import POLICIES
from shuangbai.assistance.models import PolicyRule
from shuangbai.codes.actions import check_decides, note_decision, take_turn
from shuangbai.codes.queries import items_of, label_of
from shuangbai.codes.rules import reason_findings
from shuangbai.core import clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Conflict, Refused, refuse_if_any
from shuangbai.network.models import User

RULE = "assistance.rule"


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
