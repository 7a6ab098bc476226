"""When a visit is right (domain 3.5, 5, 6.1). Pure."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date, time
from uuid import UUID

from shuangbai.core.findings import Finding
from shuangbai.visits.enums import Followup, Result

DRAFT_MOST = 40_000  # characters of a draft: several times the longest visit
GRID_DRAFT_MOST = 200_000  # the same of a page of many
DRAFT_DAYS = 30  # after which a draft that nobody went on with is thrown away


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit beside what is known of the household and the workers on its day.

    `result` and `followup` are built-in codes: a city's own item is given as the one it counts as.
    `words` are what the city calls the result, a meeting and the follow-up on the day.
    """

    occurred_on: date
    result: str
    worker_ids: tuple[UUID, ...]
    met_ids: tuple[UUID, ...]
    members: Set[UUID]
    died_on: dict[UUID, date]
    posted_ids: Set[UUID]
    same_before: bool
    followup: str
    next_on: date | None
    started_at: time | None
    ended_at: time | None
    words: Mapping[str, str] = field(default_factory=dict)
    belonged: Set[UUID] = frozenset()  # everybody who ever was of the household

    def word(self, name: str, usual: str) -> str:
        return self.words.get(name, usual)


def is_effective(result: str) -> bool:
    """Service, not only work: somebody was met."""
    return result == Result.MET


def visit_findings(v: VisitFacts) -> list[Finding]:
    return [*_who_findings(v), *_met_findings(v), *_rest_findings(v)]


def _who_findings(v: VisitFacts) -> list[Finding]:
    if not v.worker_ids:
        return [Finding("no_worker", "workers", "请选择走访社工（至少一人）")]
    if not set(v.worker_ids) <= v.posted_ids:
        return [Finding("worker_not_posted", "workers", "所选社工当天不在本站任职，请核对日期或社工")]
    return []


def _met_findings(v: VisitFacts) -> list[Finding]:
    if not is_effective(v.result):
        met = v.word("met", "见面")
        if v.met_ids:
            return [Finding("met_though_unmet", "met", f"结果不是「{met}」，就不能勾选见到的人；请改结果或取消勾选")]
        return []
    if not v.met_ids:
        return [Finding("nobody_met", "met", f"结果是「{v.word('result', '见面')}」，请勾选见到了家里哪几位")]
    if not set(v.met_ids) <= v.members:
        sentence = f"所选的人在 {v.occurred_on:%Y-%m-%d} 不是这户的成员，请核对日期，或先更新家庭成员"
        return [Finding("not_a_member", "met", sentence)]
    if any(person in v.died_on and v.died_on[person] < v.occurred_on for person in v.met_ids):
        return [Finding("met_the_dead", "met", "所选的人在此日期之前已登记去世，请核对日期或取消勾选")]
    return []


def _rest_findings(v: VisitFacts) -> list[Finding]:
    findings = []
    theirs = v.members or v.belonged  # of a family that died out nobody is a member any more
    if theirs and all(person in v.died_on and v.died_on[person] < v.occurred_on for person in theirs):
        sentence = "这户登记的成员在此日期之前都已去世，请核对日期；确为慰问家属可照此保存"
        findings.append(Finding("everybody_dead", "occurred_on", sentence))
    if v.same_before:
        sentence = "这户当天已有一条同方式的走访记录，统计时只算一次；确为两次走访可照此保存"
        findings.append(Finding("same_visit_today", "occurred_on", sentence))
    if v.next_on and v.next_on <= v.occurred_on:
        findings.append(Finding("next_not_after", "next_on", "下次日期应在本次走访日期之后，请改正"))
    if v.followup == Followup.NEXT_VISIT and not v.next_on:
        findings.append(
            Finding("next_without_date", "next_on", f"选了「{v.word('followup', '下次探访')}」，请填下次日期")
        )
    if v.started_at and v.ended_at and v.ended_at < v.started_at:
        findings.append(Finding("times_in_order", "ended_at", "结束时间早于开始时间，请改正"))
    return findings
