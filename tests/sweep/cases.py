"""Cases: their lines of the tables, and what is sent. The places' cases are opened in world.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shuangbai.cases.actions.ending import ClosingEntry, EvaluationEntry, FollowUpEntry, close_case, evaluate_case
from shuangbai.cases.actions.moving import move_case
from shuangbai.cases.actions.opening import CaseEntry, OpenEntry, TeamEntry, open_case
from shuangbai.cases.actions.watching import RuleEntry, say_view
from shuangbai.cases.actions.working import (
    AssessmentEntry,
    GoalEntry,
    PlanEntry,
    SessionEntry,
    assess,
    drop_goal,
    plan_case,
    rate_goal,
    record_session,
    set_goal,
)
from shuangbai.cases.enums import CaseKind, Consent, FollowUpResult, Risk, SessionMode, Source, Stage, ViewKind
from shuangbai.cases.models import Case, CaseOffer, FollowUp
from shuangbai.cases.queries import may_work_at
from shuangbai.core.ids import random_id
from shuangbai.network.models import OrgUnit, User
from tests.cast import TODAY

if TYPE_CHECKING:
    from tests.sweep.world import Place

WHY = "按新口径"
OPENED = date(2020, 5, 4)
SAID = {"here": "夜里不敢回自己屋里", "there": "放学后总在码头徘徊"}  # in the words of cases, and nowhere else
FEW = {"worker": {"here"}, "head": {"here"}, "supervisor": {"here", "there"}, "stranger": {"there"}}
KEYS = {"case", "closed_case", "assessment", "goal", "given_up", "talk", "evaluation", "revisit", "offer"}

# name                                | by   | 城东: own 海 上 管理 out | 东洲
TABLE = """
case-list                             | GET  | +++ ++ +. ... ..ss
case-list?closed                      | GET  | +++ ++ +. ... ..ss
case-waiting                          | GET  | ... .. +. ... ..ss
case-new                              | GET  | +++ ++ .. ... ..ss
case-new?family={household}           | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
case-new?family={household}           | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
case-rule                             | GET  | ... .. .+ ... ..ss
case-rule                             | POST | ... .. .> ... ..ss
case-offer-answer(offer)              | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case(case)                            | GET  | +.+ .. +. ... ..ss | ... .+ +. ... ..ss
case(closed_case)                     | GET  | +.+ .. +. ... ..ss | ... .+ +. ... ..ss
case-edit(case)                       | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-edit(case)                       | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-risk(case)                       | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-risk(case)                       | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-move(case)                       | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-move(case)                       | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-team(case)                       | GET  | ..+ .. .. ... ..ss | ... .. .. ... ..ss
case-team(case)                       | POST | ..> .. .. ... ..ss | ... .. .. ... ..ss
case-offer(case)                      | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-offer(case)                      | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-assess(case)                     | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-assess(case)                     | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-assessment(case,assessment)      | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-assessment(case,assessment)      | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-plan(case)                       | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-plan(case)                       | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-goal-new(case)                   | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-goal-new(case)                   | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-goal(case,goal)                  | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-goal(case,goal)                  | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-rate(case,goal)                  | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-rate(case,goal)                  | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-goal-end(case,goal)              | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-goal-end(case,goal)              | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-goal-resume(case,given_up)       | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-goal-resume(case,given_up)       | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-session-new(case)                | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-session-new(case)                | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-session(case,talk)               | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-session(case,talk)               | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-session-void(case,talk)          | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-session-void(case,talk)          | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-visit(case)                      | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-evaluate(case)                   | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-evaluate(case)                   | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-evaluation(case,evaluation)      | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-evaluation(case,evaluation)      | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-closing(case)                    | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-closing(case)                    | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-follow-up-new(closed_case)       | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-follow-up-new(closed_case)       | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-follow-up(closed_case,revisit)   | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-follow-up(closed_case,revisit)   | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-follow-up-drop(closed_case,revisit) | GET | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-follow-up-drop(closed_case,revisit) | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-view(case)                       | GET  | ..+ .. +. ... ..ss | ... .. +. ... ..ss
case-view(case)                       | POST | ..> .. >. ... ..ss | ... .. >. ... ..ss
case-draft(case,plan)                 | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-draft-drop(case,plan)            | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-figures                          | GET  | +++ ++ ++ ... ..ss
case-figures?half=2019-2              | GET  | +++ ++ ++ ... ..ss
case-evidence(C1)                     | GET  | +++ ++ ++ ... ..ss
case-evidence(C4)?half=2020-1         | GET  | +++ ++ ++ ... ..ss
"""

# room.module.action                        | 城东: own 海 上 管理 shut | 东洲
ACTS = """
cases.actions.opening.open_case             | +++ .. .. ... ... | ... .+ .. ... ...
cases.actions.opening.edit_case             | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.opening.set_risk              | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.opening.note_looked           | +.+ .. +. ... ... | ... .+ +. ... ...
cases.actions.opening.change_team           | ..+ .. .. ... ... | ... .. .. ... ...
cases.actions.moving.move_case              | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.working.assess                | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.working.plan_case             | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.working.set_goal              | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.working.rate_goal             | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.working.drop_goal             | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.working.resume_goal           | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.working.record_session        | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.working.void_session          | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.working.attach_visit          | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.working.detach_visit          | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.working.save_draft            | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.working.drop_draft            | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.ending.evaluate_case          | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.ending.write_closing          | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.ending.close_case             | !.! .. .. ... ... | ... .! .. ... ...
cases.actions.ending.plan_follow_up         | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.ending.record_follow_up       | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.ending.drop_follow_up         | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.watching.say_view             | ..+ .. +. ... ... | ... .. +. ... ...
cases.actions.watching.set_case_rule        | ... .. .+ ... ... | ... .. .+ ... ...
cases.actions.handing.offer_cases           | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.handing.answer_offer          | +.. .. .. ... ... | ... .+ .. ... ...
cases.actions.handing.withdraw_offer        | +.+ .. .. ... ... | ... .+ .. ... ...
"""


@dataclass
class Casework:
    """A place's cases: one that runs, with one of everything, one that is closed, one that is on offer."""

    case: Any
    closed: Any
    assessment: Any
    plan: Any
    goal: Any
    given_up: Any
    talk: Any
    evaluation: Any
    revisit: Any
    offer: Any

    def keys(self) -> dict[str, UUID]:
        return {
            "case": self.case.pk, "closed_case": self.closed.pk, "assessment": self.assessment.pk, "goal": self.goal.pk,
            "given_up": self.given_up.pk, "talk": self.talk.pk, "evaluation": self.evaluation.pk,
            "revisit": self.revisit.pk, "offer": self.offer.pk,
        }  # fmt: skip


def said_of(place: str, person: UUID) -> CaseEntry:
    return CaseEntry(
        source=Source.VISIT, kind=CaseKind.CHILD, presenting=SAID[place], people=[person], opened_on=OPENED,
        accepted_on=OPENED, accept_reason="邻里都在照看", consent=Consent.SPOKEN, consent_on=OPENED,
    )  # fmt: skip


def opened(place: str, station: OrgUnit, by: User, household: UUID, person: UUID, supervisor: User) -> Case:
    entry = OpenEntry(
        station=station, client_id=random_id(), household_id=household, said=said_of(place, person), risk=Risk.MIDDLE,
        risk_reason=SAID[place], supervisor_id=supervisor.pk,
    )  # fmt: skip
    return open_case(by=by, entry=entry, acknowledged=True)


def talk_on(by: User, day: date, words: str) -> SessionEntry:
    return SessionEntry(day, 50, SessionMode.HOME, words, by.staff_id, next_on=date(2020, 6, 9))


def casework_of(place: str, station: OrgUnit, by: User, household: UUID, person: UUID, supervisor: User) -> Casework:
    words = SAID[place]

    def new() -> Case:
        return opened(place, station, by, household, person, supervisor)

    case, closed, given = new(), new(), new()
    assessment = assess(by=by, case=case, entry=AssessmentEntry(OPENED, social=words, needs=words))
    plan = plan_case(by=by, case=case, version=0, entry=PlanEntry(OPENED, purpose=words, agreed_on=OPENED))
    goal = set_goal(by=by, case=case, entry=GoalEntry(words, "每周几次", "少于一次", OPENED, TODAY))
    rate_goal(by=by, goal=goal, value=1, rated_on=date(2020, 5, 20), note=words)
    given_up = set_goal(by=by, case=case, entry=GoalEntry(words, "每月几次", "没有", OPENED, TODAY))
    given_up = drop_goal(by=by, goal=given_up, version=1, reason=words)
    move_case(by=by, case=case, version=1, to=Stage.ACT, on=OPENED, reason="先介入")
    talk = record_session(by=by, case=case, entry=talk_on(by, date(2020, 5, 12), words))
    evaluation = evaluate_case(by=by, case=case, entry=EvaluationEntry(date(2020, 6, 1), outcome=words))
    say_view(by=supervisor, case=case, kind=ViewKind.COMMENT, text=words)
    move_case(by=by, case=closed, version=1, to=Stage.CLOSE, on=OPENED, reason="已经搬走")
    done = ClosingEntry(reason="moved", summary=words, months=[1, 3])
    close_case(by=by, case=closed, version=2, entry=done, on=date(2020, 5, 5), why="督导已知道")
    revisit = FollowUp.objects.filter(case=closed).order_by("due_on").first()
    offer = CaseOffer.objects.create(
        station=station, case=given, giver=by.staff, receiver=by.staff, note="请先看计划", entered_by=by
    )
    return Casework(case, closed, assessment, plan, goal, given_up, talk, evaluation, revisit, offer)


def _other(at: Place) -> Any:
    """Somebody else who works on cases at the place."""
    return may_work_at(at.station, TODAY).exclude(pk=at.by.staff_id).first()


def _stage_of(at: Place) -> dict[str, Any]:
    return {"to": "evaluate", "on": "2020-06-06", "reason": "", "version": f"{_version(at)}"}


def _version(at: Place) -> int:
    return Case.objects.get(pk=at.casework.case.pk).version


def _intake(at: Place) -> dict[str, Any]:
    return {
        "people": [str(at.person.pk)], "source": "visit", "kind": "child", "urgency": "usual", "presenting": "求助",
        "opened_on": "2020-05-04", "accepted_on": "2020-05-04", "accept_reason": "能帮上", "consent": "spoken",
    }  # fmt: skip


GOAL_SAID = {
    "statement": "按时上学", "indicator": "迟到次数", "target": "每周一次以内", "due_on": "2020-07-01",
    "set_on": "2020-05-04", "scale": "gas", "weight": "1",
}  # fmt: skip
RULE = {"review_days": "60", "months": "1、3", "starts_on": "2020-06-06", "version": "0", "reason": WHY}

FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "case-new": lambda at: {
        **_intake(at), "accepts": "yes", "client_id": str(random_id()), "risk": "", "acknowledged": "on",
        "supervisor": "", "worker": str(at.by.staff_id),
    },
    "case-rule": lambda at: RULE,
    "case-offer-answer": lambda at: {"does": "withdraw"},
    "case-edit": lambda at: {**_intake(at), "version": f"{_version(at)}"},
    "case-risk": lambda at: {"level": "high", "risk_reason": "独自在家", "on": "2020-06-06"},
    "case-move": _stage_of,
    "case-team": lambda at: {
        "worker": str(at.by.staff_id), "co_worker": "", "supervisor": "", "version": f"{_version(at)}",
    },
    "case-offer": lambda at: {"receiver": str(_other(at).pk), "note": ""},
    "case-assess": lambda at: {"assessed_on": "2020-06-01", "needs": "有人照看", "client_id": str(random_id())},
    "case-assessment": lambda at: {"assessed_on": "2020-06-01", "needs": "有人照看", "version": "1"},
    "case-plan": lambda at: {"planned_on": "2020-06-01", "purpose": "安全", "version": "1"},
    "case-goal-new": lambda at: {**GOAL_SAID, "client_id": str(random_id())},
    "case-goal": lambda at: {**GOAL_SAID, "version": "1"},
    "case-rate": lambda at: {"value": "0", "rated_on": "2020-06-06", "note": "班主任说的"},
    "case-goal-end": lambda at: {"reason": "已转学", "version": "1"},
    "case-goal-resume": lambda at: {"reason": "又来了", "version": "2"},
    "case-session-new": lambda at: {
        "held_on": "2020-06-05", "minutes": "40", "mode": "home", "worker": str(at.by.staff_id), "process": "谈了上学",
        "client_id": str(random_id()),
    },
    "case-session": lambda at: {
        "held_on": "2020-05-12", "minutes": "40", "mode": "home", "worker": str(at.by.staff_id), "process": "谈了上学",
        "version": "1",
    },
    "case-session-void": lambda at: {"reason": "记错了", "version": "1"},
    "case-visit": lambda at: {"record": str(at.visit.pk), "does": "attach"},
    "case-evaluate": lambda at: {"evaluated_on": "2020-06-05", "outcome": "好转", "client_id": str(random_id())},
    "case-evaluation": lambda at: {"evaluated_on": "2020-06-05", "outcome": "好转", "version": "1"},
    "case-closing": lambda at: {"summary": "先写着", "months": "1", "does": "save", "version": f"{_version(at)}"},
    "case-follow-up-new": lambda at: {"due_on": "2020-09-01"},
    "case-follow-up": lambda at: {
        "done_on": "2020-06-05", "mode": "phone", "result": "steady", "note": "都好", "version": "1",
        "worker": str(at.by.staff_id),
    },
    "case-follow-up-drop": lambda at: {"reason": "联系不上", "version": "1"},
    "case-view": lambda at: {"kind": "comment", "text": "可以"},
    "case-draft": lambda at: {"purpose": "没写完"},
    "case-draft-drop": lambda at: {},
}  # fmt: skip

ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "cases.actions.opening.open_case": lambda at: {
        "entry": OpenEntry(at.station, random_id(), at.household.pk, said_of(at.name, at.person.pk)),
        "acknowledged": True,
    },
    "cases.actions.opening.edit_case": lambda at: {
        "case": at.casework.case, "version": _version(at), "entry": said_of(at.name, at.person.pk),
    },
    "cases.actions.opening.set_risk": lambda at: {
        "case": at.casework.case, "level": Risk.HIGH, "on": TODAY, "reason": "独自在家",
    },
    "cases.actions.opening.note_looked": lambda at: {"case": at.casework.case},
    "cases.actions.opening.change_team": lambda at: {
        "case": at.casework.case, "version": _version(at), "entry": TeamEntry(at.by.staff_id),
    },
    "cases.actions.moving.move_case": lambda at: {
        "case": at.casework.case, "version": _version(at), "to": Stage.EVALUATE, "on": TODAY,
    },
    "cases.actions.working.assess": lambda at: {
        "case": at.casework.case, "entry": AssessmentEntry(TODAY, needs="有人照看"),
    },
    "cases.actions.working.plan_case": lambda at: {
        "case": at.casework.case, "version": 1, "entry": PlanEntry(TODAY, purpose="安全"),
    },
    "cases.actions.working.set_goal": lambda at: {
        "case": at.casework.case, "entry": GoalEntry("上学", "迟到次数", "一次以内", TODAY, TODAY),
    },
    "cases.actions.working.rate_goal": lambda at: {"goal": at.casework.goal, "value": 0, "rated_on": TODAY},
    "cases.actions.working.drop_goal": lambda at: {"goal": at.casework.goal, "version": 1, "reason": "已转学"},
    "cases.actions.working.resume_goal": lambda at: {
        "goal": at.casework.given_up, "version": 2, "reason": "又来了",
    },
    "cases.actions.working.record_session": lambda at: {
        "case": at.casework.case, "entry": talk_on(at.by, TODAY, "谈了上学"),
    },
    "cases.actions.working.void_session": lambda at: {"session": at.casework.talk, "version": 1, "reason": "记错了"},
    "cases.actions.working.attach_visit": lambda at: {"case": at.casework.case, "record_key": at.visit.pk},
    "cases.actions.working.detach_visit": lambda at: {"case": at.casework.case, "record_key": at.visit.pk},
    "cases.actions.working.save_draft": lambda at: {"case": at.casework.case, "page": "plan", "typed": "{}"},
    "cases.actions.working.drop_draft": lambda at: {"case": at.casework.case, "page": "plan"},
    "cases.actions.ending.evaluate_case": lambda at: {
        "case": at.casework.case, "entry": EvaluationEntry(TODAY, outcome="好转"),
    },
    "cases.actions.ending.write_closing": lambda at: {
        "case": at.casework.case, "version": _version(at), "entry": ClosingEntry(summary="先写着"),
    },
    "cases.actions.ending.close_case": lambda at: {
        "case": at.casework.case, "version": _version(at), "entry": ClosingEntry("moved", "搬走了"), "on": TODAY,
    },
    "cases.actions.ending.plan_follow_up": lambda at: {"case": at.casework.closed, "due_on": date(2020, 9, 1)},
    "cases.actions.ending.record_follow_up": lambda at: {
        "follow_up": at.casework.revisit, "version": 1,
        "entry": FollowUpEntry(TODAY, SessionMode.PHONE, FollowUpResult.STEADY, "都好", at.by.staff_id),
    },
    "cases.actions.ending.drop_follow_up": lambda at: {
        "follow_up": at.casework.revisit, "version": 1, "reason": "联系不上",
    },
    "cases.actions.watching.say_view": lambda at: {
        "case": at.casework.case, "kind": ViewKind.COMMENT, "text": "可以",
    },
    "cases.actions.watching.set_case_rule": lambda at: {
        "entry": RuleEntry(True, False, [1, 3], 60, TODAY), "version": 0, "reason": WHY,
    },
    "cases.actions.handing.offer_cases": lambda at: {"cases": [(at.casework.case, _other(at))]},
    "cases.actions.handing.answer_offer": lambda at: {"offer": at.casework.offer, "take": True},
    "cases.actions.handing.withdraw_offer": lambda at: {"offer": at.casework.offer},
}  # fmt: skip
