"""Community projects: from a public problem to a square: their lines of the tables, and what is sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unittest import mock

from shuangbai.core.findings import Door
from shuangbai.core.ids import random_id
from shuangbai.network.models import OrgUnit, User
from shuangbai.projects.actions import ledger, meetings, problems, projects
from shuangbai.projects.entries import (
    LineEntry,
    MeetingEntry,
    MilestoneEntry,
    OutcomeEntry,
    ProblemEntry,
    ProjectEntry,
    StakeholderEntry,
)
from shuangbai.projects.enums import Answer, LineKind, ProjectState
from shuangbai.projects.forms.problems import SendProblemForm
from shuangbai.projects.models import LedgerLine, Meeting, Milestone, Problem, ProblemBox, Project, Stakeholder
from shuangbai.projects.rules import OPEN
from shuangbai.services.enums import CountMethod
from tests.cast import TODAY

if TYPE_CHECKING:
    from tests.sweep.world import Place

BEGUN, MET = date(2020, 5, 4), date(2020, 5, 18)
KEYS = {
    "project", "project_line", "milestone", "stakeholder", "meeting", "problem", "box_token", "problem_token",
    "square_token",
}  # fmt: skip

# name                                | by   | 城东: own 海 上 管理 out | 东洲
TABLE = """
project-list                          | GET  | +++ ++ ++ ... ..ss
project-list?state=doing              | GET  | +++ ++ ++ ... ..ss
project-new                           | GET  | +++ ++ .. ... ..ss
project-new                           | POST | >>> !! .. ... ..ss
project(project)                      | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
project-edit(project)                 | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
project-edit(project)                 | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
project-move(project)                 | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
project-outcome(project)              | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
project-outcome(project)              | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
project-public(project)               | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
stakeholder-new(project)              | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
stakeholder-new(project)              | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
stakeholder(stakeholder)              | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
stakeholder(stakeholder)              | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
milestone-new(project)                | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
milestone-new(project)                | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
milestone(milestone)                  | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
milestone(milestone)                  | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
ledger-new(project,cash)              | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
ledger-new(project,cash)              | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
ledger-line(project_line)             | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
ledger-line(project_line)             | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
ledger-reverse(project_line)          | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
ledger-reverse(project_line)          | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
meeting-new                           | GET  | +++ ++ .. ... ..ss
meeting-new                           | POST | >>> !! .. ... ..ss
meeting(meeting)                      | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
meeting-correct(meeting)              | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
meeting-correct(meeting)              | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
resource-link-new?about=projects&key={project} | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
problem-list                          | GET  | +++ ++ +. ... ..ss
problem-list?state=waiting            | GET  | +++ ++ +. ... ..ss
problem-new                           | GET  | +++ ++ .. ... ..ss
problem-new                           | POST | >>> >> .. ... ..ss
problem-box                           | POST | >>> >> .. ... ..ss
problem(problem)                      | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
problem(problem)                      | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
problem-unmask(problem)               | POST | +++ .. .. ... ..ss | ... .+ .. ... ..ss
village-matters(box_token)            | GET  | +++ ++ ++ +++ ++++ | +++ ++ ++ +++ ++++
village-matters(box_token)            | POST | >>> >> >> >>> >>>> | >>> >> >> >>> >>>>
village-answer(problem_token)         | GET  | +++ ++ ++ +++ ++++ | +++ ++ ++ +++ ++++
square(square_token)                  | GET  | +++ ++ ++ +++ ++++ | +++ ++ ++ +++ ++++
"""

# room.module.action                        | 城东: own 海 上 管理 shut | 东洲
ACTS = """
projects.actions.projects.begin_project     | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.projects.change_project    | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.projects.move_project      | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.projects.tell_outcome      | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.projects.show_ledger       | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.projects.add_stakeholder   | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.projects.change_stakeholder | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.projects.add_milestone     | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.projects.change_milestone  | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.ledger.note_lines          | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.ledger.describe_line       | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.ledger.reverse_line        | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.meetings.record_meetings   | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.meetings.correct_meeting   | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.problems.raise_problem     | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.problems.answer_problem    | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.problems.note_opened       | +++ .. .. ... ... | ... .+ .. ... ...
projects.actions.problems.switch_box        | +++ .. .. ... ... | ... .+ .. ... ...
"""
WITHOUT_ACTOR = {"projects.actions.problems.send_problem": "a villager on the station's public page"}


def entry_at(station: OrgUnit, by: User, **more: Any) -> ProjectEntry:
    said = {"title": "村口小广场", "begun_on": BEGUN, "worker_id": by.staff_id}
    return ProjectEntry(station=station, **{**said, **more})


def meeting_at(station: OrgUnit, by: User, **more: Any) -> MeetingEntry:
    said = {
        "occurred_on": MET, "kind": "deliberation", "title": "旧厕所拆不拆", "worker_ids": [by.staff_id], "people": 26,
        "method": CountMethod.SIGNED,
    }  # fmt: skip
    return MeetingEntry(station=station, **{**said, **more})


def cash(**more: Any) -> LineEntry:
    said = {"amount": Decimal(200), "giver": "person", "name": "阿海伯"}
    return LineEntry(LineKind.CASH, MET, **{**said, **more})


def made_at(station: OrgUnit, by: User, words: str, keys: dict[str, Any]) -> dict[str, Any]:
    """One of everything of this room at a place."""
    box = problems.switch_box(by=by, station=station, opened=True, version=0)
    problem = problems.send_problem(
        box=box, entry=ProblemEntry(what="村口旧厕所成了垃圾堆", raised_on=TODAY, name="阿海伯", phone="13900004321")
    )
    project = projects.begin_project(by=by, entry=entry_at(station, by, problem=words, aim=words))
    who = StakeholderEntry("villagers", "阿海伯", BEGUN, does=words)
    stakeholder = projects.add_stakeholder(by=by, project=project, entry=who)
    milestone = projects.add_milestone(by=by, project=project, entry=MilestoneEntry("拆除旧厕所", note=words))
    line = ledger.note_line(by=by, project=project, entry=cash())
    entry = meeting_at(station, by, project=project, decisions=words)
    meeting = meetings.record_meeting(by=by, entry=entry)
    project = projects.show_ledger(by=by, project=project, version=1, public=True)
    return {
        "project": project.pk, "project_line": line.pk, "milestone": milestone.pk, "stakeholder": stakeholder.pk,
        "meeting": meeting.pk, "problem": problem.pk, "box_token": box.token, "problem_token": problem.token,
        "square_token": project.token,
    }  # fmt: skip


def all_over(station: OrgUnit) -> None:
    """All projects ended, all problems answered: before that a station cannot be closed."""
    said = {"state": ProjectState.STOPPED, "ended_on": TODAY, "stop_reason": "撤站"}
    Project.objects.filter(station=station, state__in=OPEN).update(**said)
    told = {"state": Answer.ANSWERED, "answered_on": TODAY, "answer": "已转给村委"}
    Problem.objects.filter(station=station, state=Answer.WAITING).update(**told)


def _one(model: Any, at: Place, key: str) -> Any:
    return model.objects.get(pk=at.keys[key])


def _project(at: Place) -> Project:
    return Project.objects.get(pk=at.keys["project"])


def _filled(at: Place, **more: Any) -> dict[str, Any]:
    said = {
        "title": "村口小广场", "begun_on": "2020-05-04", "origin": "villagers", "worker": str(at.by.staff_id),
        "client_id": str(random_id()), "version": "2",
    }  # fmt: skip
    return said | more


def _met(at: Place, **more: Any) -> dict[str, Any]:
    said = {
        "occurred_on": "2020-05-25", "title": "地砖用哪种", "kind": "deliberation", "people": "18", "method": "counted",
        "workers": [str(at.by.staff_id)], "client_id": str(random_id()),
    }  # fmt: skip
    return said | more


def _sent(at: Place) -> dict[str, Any]:
    """What a villager's browser sends ten seconds after the page was opened."""
    with mock.patch("time.time", return_value=time.time() - 10):
        fresh = SendProblemForm(station=at.station).fresh
    return {"what": "路灯不亮", "place": "榕树下", "made": fresh, "website": "", "client_id": str(random_id())}


FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "project-new": _filled,
    "project-edit": _filled,
    "project-move": lambda at: {"version": "2", "to": "plan", "moved_on": "2020-06-06"},
    "project-outcome": lambda at: {"version": "2", "outcome": "做成了", "families": "30", "counted_how": "listed"},
    "project-public": lambda at: {"version": "2", "to": "off"},
    "stakeholder-new": lambda at: {"role": "council", "name": "村民理事会", "starts_on": "2020-05-04"},
    "stakeholder": lambda at: {"role": "council", "name": "村民理事会", "starts_on": "2020-05-04", "version": "1"},
    "milestone-new": lambda at: {"title": "铺地砖"},
    "milestone": lambda at: {"title": "拆除旧厕所", "done_on": "2020-05-20", "version": "1"},
    "ledger-new": lambda at: {
        "amount": "50", "giver": "person", "name": "阿虾", "occurred_on": "2020-05-20", "client_id": str(random_id()),
    },
    "ledger-line": lambda at: {"name": "阿海伯", "named": "on", "version": "1"},
    "ledger-reverse": lambda at: {"occurred_on": "2020-06-01", "reason": "本人收回", "version": "1"},
    "meeting-new": _met,
    "meeting-correct": lambda at: _met(at, version="1", reason="人数写错"),
    "problem-new": lambda at: {"what": "路灯不亮", "raised_on": "2020-06-01", "client_id": str(random_id())},
    "problem-box": lambda at: {"to": "off", "version": "1"},
    "problem": lambda at: {"state": "answered", "answer": "已报村委，本周来修", "version": "1"},
    "problem-unmask": lambda at: {"reason": "reach"},
    "village-matters": _sent,
}  # fmt: skip

ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "projects.actions.projects.begin_project": lambda at: {"entry": entry_at(at.station, at.by)},
    "projects.actions.projects.change_project": lambda at: {
        "project": _project(at), "version": 2, "entry": entry_at(at.station, at.by, title="改名"),
    },
    "projects.actions.projects.move_project": lambda at: {
        "project": _project(at), "version": 2, "to": ProjectState.PLAN, "on": TODAY,
    },
    "projects.actions.projects.tell_outcome": lambda at: {
        "project": _project(at), "version": 2, "entry": OutcomeEntry(outcome="做成了"),
    },
    "projects.actions.projects.show_ledger": lambda at: {"project": _project(at), "version": 2, "public": False},
    "projects.actions.projects.add_stakeholder": lambda at: {
        "project": _project(at), "entry": StakeholderEntry("council", "村民理事会", BEGUN),
    },
    "projects.actions.projects.change_stakeholder": lambda at: {
        "stakeholder": _one(Stakeholder, at, "stakeholder"), "version": 1,
        "entry": StakeholderEntry("council", "村民理事会", BEGUN),
    },
    "projects.actions.projects.add_milestone": lambda at: {
        "project": _project(at), "entry": MilestoneEntry("铺地砖"),
    },
    "projects.actions.projects.change_milestone": lambda at: {
        "milestone": _one(Milestone, at, "milestone"), "version": 1, "entry": MilestoneEntry("拆除", done_on=MET),
    },
    "projects.actions.ledger.note_lines": lambda at: {"project": _project(at), "entries": [cash()]},
    "projects.actions.ledger.describe_line": lambda at: {
        "line": _one(LedgerLine, at, "project_line"), "version": 1,
        "said": {"name": "阿海伯", "named": True, "receipt": "", "thanked_on": None},
    },
    "projects.actions.ledger.reverse_line": lambda at: {
        "line": _one(LedgerLine, at, "project_line"), "version": 1, "on": TODAY, "reason": "本人收回",
    },
    "projects.actions.meetings.record_meetings": lambda at: {
        "entries": [meeting_at(at.station, at.by, title="地砖用哪种")], "door": Door.SHEET,
    },
    "projects.actions.meetings.correct_meeting": lambda at: {
        "meeting": _one(Meeting, at, "meeting"), "version": 1, "entry": meeting_at(at.station, at.by, people=30),
        "reason": "人数写错",
    },
    "projects.actions.problems.raise_problem": lambda at: {
        "station": at.station, "entry": ProblemEntry("路灯不亮", TODAY),
    },
    "projects.actions.problems.answer_problem": lambda at: {
        "problem": _one(Problem, at, "problem"), "version": 1, "state": Answer.ANSWERED, "answer": "已报村委",
    },
    "projects.actions.problems.note_opened": lambda at: {
        "problem": _one(Problem, at, "problem"), "reason": "联系本人",
    },
    "projects.actions.problems.switch_box": lambda at: {
        "station": at.station, "opened": False, "version": ProblemBox.objects.get(station=at.station).version,
    },
}  # fmt: skip
