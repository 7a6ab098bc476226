"""What each case has and lacks, and what comes next in it: for its page and for lists, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from shuangbai.cases.access import cases_visible_to
from shuangbai.cases.enums import Consent, FollowUpState, GoalState, Risk, Stage, ViewKind
from shuangbai.cases.models import (
    Assessment,
    Case,
    CaseRule,
    Closing,
    Evaluation,
    FollowUp,
    Goal,
    GoalRating,
    Plan,
    Session,
    StageMove,
    SupervisorView,
)
from shuangbai.cases.queries import Client, clients_of, rule_on, still_open
from shuangbai.cases.rules import DOCUMENTS, Line, checklist, reached_on, views_asked

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next in a case, and when."""

    on: date
    what: str


@dataclass(frozen=True, slots=True)
class Known:
    """A case as lists and its page show it."""

    case: Case
    clients: Sequence[Client]
    there: frozenset[str]
    asked: frozenset[str]
    gated: frozenset[str]
    reached: Mapping[Stage, date]
    sessions: int
    latest_on: date | None
    next: Next | None

    @property
    def names(self) -> str:
        return "、".join(client.name for client in self.clients)

    @property
    def lines(self) -> list[Line]:
        return checklist(there=self.there, asked=self.asked, reached=self.reached)

    @property
    def missing(self) -> list[Line]:
        """The documents that are missing, of the stages that the case came to."""
        return [line for line in self.lines if line.missing]

    def gates(self, stage: Stage) -> list[str]:
        """Codes of what the stage asks for before the next, and is not there."""
        return [
            code
            for code, document in DOCUMENTS.items()
            if document.stage == stage and document.gate and code not in self.there
            and (code in self.gated or not code.startswith("view_"))
        ]  # fmt: skip

    @property
    def waits_for_view(self) -> list[str]:
        """What waits for the supervisor's word: a plan or a closing that is written and not spoken of."""
        written = {"view_plan": "plan", "view_closing": "summary"}
        return [
            DOCUMENTS[code].label
            for code, what in written.items()
            if code in self.asked and code not in self.there and what in self.there
        ]

    def late(self, day: date) -> bool:
        return self.next is not None and self.next.on < day

    def due(self, day: date) -> bool:
        return self.next is not None and self.next.on <= day + SOON


def known_of(cases: Iterable[Case], day: date) -> list[Known]:
    """Each case with what it has and lacks: thirteen queries, however many cases."""
    listed = list(cases)
    if not listed:
        return []
    rule, held = rule_on(day), _Held([case.pk for case in listed])
    return [_known(case, rule, held, day) for case in listed]


def waiting_rows(user: Any, day: date) -> list[tuple[Known, list[str]]]:
    """Each open case that somebody supervises, with what of it waits for their word; the waiting and risky first."""
    cases = still_open(cases_visible_to(user).filter(supervisor=user)).select_related("worker", "charge")
    rows = [(one, one.waits_for_view) for one in known_of(cases.order_by("opened_on", "id"), day)]
    return sorted(rows, key=lambda row: (not row[1], row[0].case.risk != Risk.HIGH))


def known(case: Case, day: date) -> Known:
    return known_of([case], day)[0]


class _Held:
    """The rows of cases, by case; words only where it matters whether there are any."""

    def __init__(self, keys: Sequence[UUID]) -> None:
        self.clients = clients_of(keys)
        self.moves = self._rows(StageMove.objects.order_by("on", "entered_at"), keys, "to_stage", "on")
        self.assessments = self._rows(Assessment.objects.order_by("assessed_on", "entered_at"), keys, "needs")
        self.plans = self._rows(Plan.objects.all(), keys, "version", "agreed_on")
        self.sessions = self._rows(
            Session.objects.filter(voided_at__isnull=True).order_by("held_on", "entered_at"), keys, "held_on", "next_on"
        )
        self.evaluations = self._rows(Evaluation.objects.all(), keys, "evaluated_on")
        self.closings = self._rows(
            Closing.objects.filter(reopened_on__isnull=True), keys, "reason", "summary", "version"
        )
        self.follow_ups = self._rows(FollowUp.objects.filter(state=FollowUpState.PLANNED), keys, "due_on")
        self.views = self._rows(
            SupervisorView.objects.exclude(kind=ViewKind.COMMENT).order_by("entered_at"),
            keys, "kind", "agrees", "about_version",
        )  # fmt: skip
        self.goals = self._rows(Goal.objects.filter(state=GoalState.OPEN), keys, "id", "set_on", "due_on")
        rated = GoalRating.objects.filter(goal__case__in=keys).order_by("rated_on")
        self.rated: dict[UUID, date] = dict(rated.values_list("goal_id", "rated_on"))

    @staticmethod
    def _rows(found: Any, keys: Sequence[UUID], *columns: str) -> dict[UUID, list[Any]]:
        told: dict[UUID, list[Any]] = defaultdict(list)
        for row in found.filter(case__in=keys).values("case_id", *columns):
            told[row["case_id"]].append(row)
        return told


def _known(case: Case, rule: CaseRule, held: _Held, day: date) -> Known:
    sessions = held.sessions[case.pk]
    by_city = views_asked(high=False, agree_plan=rule.agree_plan, agree_closing=rule.agree_closing)
    return Known(
        case=case,
        clients=held.clients[case.pk],
        there=frozenset(code for code, there in _there(case, rule, held, day).items() if there),
        asked=frozenset(by_city | views_asked(high=case.risk == Risk.HIGH, agree_plan=False, agree_closing=False)),
        gated=frozenset(by_city),
        reached=reached_on([(Stage(row["to_stage"]), row["on"]) for row in held.moves[case.pk]]),
        sessions=len(sessions),
        latest_on=sessions[-1]["held_on"] if sessions else None,
        next=min(_coming(case, rule, held), key=lambda one: one.on, default=None),
    )


def _there(case: Case, rule: CaseRule, held: _Held, day: date) -> dict[str, bool]:
    """Which documents there are, by their codes (rules.DOCUMENTS)."""
    pk = case.pk
    assessments, plans, goals = held.assessments[pk], held.plans[pk], held.goals[pk]
    closing = held.closings[pk][0] if held.closings[pk] else None
    view = {row["kind"]: row for row in held.views[pk]}  # the latest of a kind
    consented = case.consent not in (Consent.PENDING, Consent.NONE)
    return {
        "presenting": bool(case.presenting),
        "decision": case.stage == Stage.DECLINED or bool(case.accepted_on and case.accept_reason),
        "consent": consented or bool(case.consent == Consent.NONE and case.consent_reason),
        "assessment": bool(assessments),
        "need": bool(assessments and assessments[-1]["needs"].strip()),
        "risk": bool(case.risk),
        "plan": bool(plans),
        "goal": bool(goals),
        "agreed": bool(plans and plans[0]["agreed_on"]),
        "view_plan": _viewed(view.get(ViewKind.PLAN), rule.agree_plan),
        "session": bool(held.sessions[pk]),
        "evaluation": bool(held.evaluations[pk]),
        "ratings": bool(goals) and all(goal["id"] in held.rated for goal in goals),
        "reason": bool(closing and closing["reason"]),
        "summary": bool(closing and closing["summary"]),
        "view_closing": _viewed(view.get(ViewKind.CLOSING), rule.agree_closing),
        "follow_ups": not any(row["due_on"] <= day for row in held.follow_ups[pk]),
    }


def _viewed(view: Any, must_agree: bool) -> bool:
    """Whether the supervisor said something, and agreed where the city asks for it."""
    return view is not None and (view["agrees"] or not must_agree)


def _coming(case: Case, rule: CaseRule, held: _Held) -> list[Next]:
    """What falls due in a case: the next session, a goal to be rated or to be reached, a visit after closing."""
    if case.closed_on:
        return [Next(row["due_on"], "回访") for row in held.follow_ups[case.pk]]
    found = []
    sessions = held.sessions[case.pk]
    if sessions and sessions[-1]["next_on"]:
        found.append(Next(sessions[-1]["next_on"], "会谈"))
    for goal in held.goals[case.pk]:
        rated = held.rated.get(goal["id"])
        since = max(rated, goal["set_on"]) if rated else goal["set_on"]
        review = since + timedelta(days=rule.review_days)
        if rated is None or rated < goal["due_on"]:
            review = min(review, max(goal["due_on"], since))
        found.append(Next(review, "评目标"))
    return found
