"""When a resource may be listed and linked, and how a referral goes on. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from shuangbai.core.findings import Finding, Severity
from shuangbai.resources.enums import Move, ReferralState

LINE_MOST, WORDS_MOST = 100, 2000
MOST_VALUE = Decimal(10_000_000)
LONG_AGO = timedelta(days=366 * 3)
ANSWER_WITHIN, REVISIT_WITHIN = timedelta(days=7), timedelta(days=14)  # offered; whoever sends may say another day
SOON = timedelta(days=30)

S, M = ReferralState, Move

# What may be done in which state, and which state follows. Whatever does not stand here is refused.
AFTER: Mapping[ReferralState, Mapping[Move, ReferralState]] = {
    S.DRAFT: {M.CONTACT: S.DRAFT, M.SEND: S.SENT, M.DROP: S.DROPPED},
    S.SENT: {M.URGE: S.SENT, M.ACCEPT: S.ACCEPTED, M.REFUSE: S.REFUSED, M.DROP: S.DROPPED},
    S.ACCEPTED: {M.PROGRESS: S.ACCEPTED, M.SUCCEED: S.DONE, M.FAIL: S.FAILED},
    S.REFUSED: {M.CONTACT: S.REFUSED, M.SEND: S.SENT, M.REVISIT: S.ENDED},
    S.DONE: {M.REVISIT: S.ENDED},
    S.FAILED: {M.REVISIT: S.ENDED},
    S.ENDED: {},
    S.DROPPED: {},
}
OPEN = tuple(state for state in S if AFTER[state])
# What somebody must not forget in a state: the words of the reminder, and within how many days it is offered.
AWAITED: Mapping[ReferralState, tuple[str, timedelta]] = {
    S.SENT: ("问转介的答复", ANSWER_WITHIN),
    S.REFUSED: ("转介被拒，另想办法并回访", ANSWER_WITHIN),
    S.DONE: ("转介办成，回访效果", REVISIT_WITHIN),
    S.FAILED: ("转介没有办成，回访并另想办法", REVISIT_WITHIN),
}
NEEDS_NOTE = (M.REFUSE, M.SUCCEED, M.FAIL, M.REVISIT, M.DROP)  # what came of it, or why, is told in words
ASKS: Mapping[Move, str] = {
    M.REFUSE: "请写明对方为什么不接，如「名额已满」",
    M.SUCCEED: "请写明办成了什么，如「已安排每周两次上门康复」",
    M.FAIL: "请写明为什么没有办成",
    M.REVISIT: "请写明回访见到谁、情况怎样",
    M.DROP: "请写明为什么不转了",
}


def diagram() -> str:
    """The table of states as a mermaid diagram; moves that lead nowhere else are told together."""
    lines = ["stateDiagram-v2", f"    [*] --> {S.DRAFT}: 登记转介"]
    lines += [f"    {state}: {state.label}" for state in S]
    for state, moves in AFTER.items():
        stays = "、".join(move.label for move, to in moves.items() if to == state)
        if stays:
            lines.append(f"    {state} --> {state}: {stays}")
        lines += [f"    {state} --> {to}: {move.label}" for move, to in moves.items() if to != state]
    return "\n".join([*lines, *(f"    {state} --> [*]" for state in S if not AFTER[state])])


# THE DIRECTORY ---------------------------------------------------------------


def resource_findings(*, name: str, provider: str, starts_on: date | None, ends_on: date | None) -> list[Finding]:
    """What is wrong with an entry of the directory; `starts_on` None where its dates are not said here."""
    findings = []
    if not name.strip():
        findings.append(Finding("name", "name", "请写明是什么资源，如「临时救助金」「轮椅借用」"))
    if not provider.strip():
        findings.append(Finding("provider", "provider", "请写明由谁提供，如「县残联」「某某爱心协会」"))
    if starts_on and ends_on and ends_on < starts_on:
        findings.append(Finding("dates", "ends_on", "有效期的最后一天早于第一天，请改正"))
    return findings


def renew_findings(
    *, starts_on: date, ends_on: date | None, terms: Sequence[tuple[date, date | None]]
) -> list[Finding]:
    """A further term beside those that there are."""
    if ends_on and ends_on < starts_on:
        return [Finding("dates", "ends_on", "有效期的最后一天早于第一天，请改正")]
    for first, last in terms:
        if first <= (ends_on or date.max) and starts_on <= (last or date.max):
            said = f"{first:%Y-%m-%d} 起" + (f"至 {last:%Y-%m-%d}" if last else "一直")
            return [Finding("overlap", "starts_on", f"这些日子已在有效期里（{said}），请从它之后起")]
    return []


def end_findings(*, ends_on: date, starts_on: date, used_after: date | None, reason: str) -> list[Finding]:
    findings = []
    if ends_on < starts_on:
        findings.append(Finding("dates", "ends_on", f"最后一天早于有效期的第一天（{starts_on:%Y-%m-%d}），请改正"))
    if used_after:
        sentence = f"{used_after:%Y-%m-%d} 还有一次链接用了它；请把最后一天定在这一天或以后，或先更正那次链接"
        findings.append(Finding("used", "ends_on", sentence))
    if len(reason.strip()) < 2:
        findings.append(Finding("reason", "reason", "请写明为什么不再提供，如「项目结束」"))
    return findings


# LINKING ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """A resource as a link asks about it on its day."""

    valid: bool
    expired_on: date | None = None  # the last day before the link's
    begins_on: date | None = None  # the first day after the link's
    in_cash: bool = False
    covers: bool = True
    covered: str = ""


def offer_findings(offer: Offer, field: str = "resource") -> list[Finding]:
    """Whether a resource may be used on the day."""
    if not offer.valid and offer.expired_on:
        sentence = f"这项资源到 {offer.expired_on:%Y-%m-%d} 为止，那天已经不能用；请另选一项，或先到名录里续期"
        return [Finding("expired", field, sentence)]
    if not offer.valid and offer.begins_on:
        return [Finding("not_yet", field, f"这项资源从 {offer.begins_on:%Y-%m-%d} 起才有，请核对日期")]
    if not offer.valid:
        return [Finding("expired", field, "这项资源那天不在有效期里，请另选一项")]
    if not offer.covers:
        sentence = f"这项资源覆盖{offer.covered}，不含这户所在的村居；已问过对方可以提供，就照此保存"
        return [Finding("area", field, sentence, Severity.WARN)]
    return []


def link_findings(
    *, occurred_on: date, today: date, is_member: bool, quantity: Decimal | None, unit: str, value: Decimal | None,
    valued_by: str, in_cash: bool,
) -> list[Finding]:  # fmt: skip
    findings = []
    if occurred_on > today:
        findings.append(Finding("future", "occurred_on", "日期在今天之后；还没有给到的，给到了再记，要约的可以用转介"))
    elif occurred_on < today - LONG_AGO:
        findings.append(Finding("long_ago", "occurred_on", "日期在三年以前，请核对年份", Severity.WARN))
    if not is_member:
        findings.append(Finding("member", "person", "所选的人不是这户的，请重新选择"))
    if quantity is not None and quantity <= 0:
        findings.append(Finding("quantity", "quantity", "数量要大于零"))
    if quantity is not None and not unit.strip():
        findings.append(Finding("unit", "unit", "请写明单位，如「袋」「次」「小时」"))
    if in_cash and value is None:
        findings.append(Finding("value", "value", "给的是钱，请填多少元"))
    if value is not None and (value < 0 or value > MOST_VALUE):
        findings.append(Finding("value", "value", "请核对金额：不能是负数，也不能超过一千万元"))
    if value is not None and not valued_by:
        findings.append(Finding("valued_by", "valued_by", "请选怎样估的价：凭票据、按市价，还是自己估"))
    if value is None and valued_by:
        findings.append(Finding("value", "value", "选了估价方式，请填折合多少元"))
    return findings


def reason_findings(reason: str, what: str) -> list[Finding]:
    return [] if len(reason.strip()) >= 2 else [Finding("reason", "reason", f"请写明{what}")]


# REFERRALS -------------------------------------------------------------------


def referral_findings(
    *, asked_on: date, today: date, is_member: bool, has_target: bool, why: str, asks: str, consented: bool
) -> list[Finding]:
    """What is wrong with a referral. Without a consent to share what is known it is asked once: an emergency may be."""
    findings = []
    if asked_on > today:
        findings.append(Finding("future", "asked_on", "日期在今天之后，请核对"))
    if not has_target:
        findings.append(Finding("target", "body", "请写明转给谁：选一项资源，或写单位名称"))
    if not is_member:
        findings.append(Finding("member", "person", "所选的人不是这户的，请重新选择"))
    if not why.strip():
        findings.append(Finding("why", "why", "请写明为什么要转介"))
    if not asks.strip():
        findings.append(Finding("asks", "asks", "请写明请对方做什么"))
    if not consented:
        sentence = "档案里没有登记「转介时共享资料」的同意；请先征得同意，情况紧急的可照此保存、随后补登记"
        findings.append(Finding("consent", "why", sentence, Severity.WARN))
    return findings


def move_findings(
    *, state: str, move: str, happened_on: date, since: date, today: date, note: str, next_on: date | None
) -> list[Finding]:
    """`since`: the day of the latest move before, or of the referral itself."""
    allowed = AFTER[ReferralState(state)]
    if not allowed:
        return [Finding("closed", "", "这件转介已经结束，不能再记；有新情况请另登记一件")]
    if move not in allowed:
        names = "、".join(one.label for one in allowed)
        return [Finding("move", "move", f"现在是「{ReferralState(state).label}」，只能记：{names}")]
    findings = []
    if happened_on > today:
        findings.append(Finding("future", "happened_on", "日期在今天之后，办了再记"))
    elif happened_on < since:
        findings.append(Finding("before", "happened_on", f"日期早于上一步（{since:%Y-%m-%d}），请核对"))
    if Move(move) in NEEDS_NOTE and not note.strip():
        findings.append(Finding("note", "note", ASKS[Move(move)]))
    if next_on is not None and next_on < today:
        findings.append(Finding("next_on", "next_on", "提醒的日子已经过去，请选今天或以后"))
    return findings


def moves_on(state: str) -> Collection[Move]:
    return tuple(AFTER[ReferralState(state)])
