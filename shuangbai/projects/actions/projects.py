"""A project is set up, changed, moved from state to state; who takes part, what it means to reach, what came of it."""

from datetime import date
from typing import Any

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, NotAllowed, refuse_if_any
from shuangbai.core.strangers import new_token
from shuangbai.network.access import check_reaches
from shuangbai.network.models import Posting, User
from shuangbai.network.roles import Permission
from shuangbai.projects.access import (
    milestones_written_by,
    problems_written_by,
    projects_written_by,
    stakeholders_written_by,
)
from shuangbai.projects.entries import MilestoneEntry, OutcomeEntry, ProjectEntry, StakeholderEntry
from shuangbai.projects.enums import Answer, ProjectState
from shuangbai.projects.models import Milestone, Problem, Project, ProjectMove, Stakeholder
from shuangbai.projects.queries import first_and_last, last_noted
from shuangbai.projects.rules import (
    OVER,
    milestone_findings,
    move_findings,
    outcome_findings,
    project_findings,
    stakeholder_findings,
)

TITLED = ("title",)
BEGUN = audit.kind("project.begun", "{by} 立了社区项目「{title}」", personal=TITLED)
CHANGED = audit.kind("project.changed", "{by} 改了社区项目「{title}」", personal=TITLED)
MOVED = audit.kind(
    "project.moved", "{by} 把社区项目「{title}」改为{state}，原因：{reason}", personal=("title", "reason")
)
TOLD = audit.kind("project.told", "{by} 写了社区项目「{title}」的成效与移交", personal=TITLED)
SHOWN = audit.kind("project.shown", "{by} {how}了社区项目「{title}」的公开账目", personal=TITLED)
JOINED = audit.kind("stakeholder.kept", "{by} 记了社区项目「{title}」的一个参与方", personal=TITLED)
REACHED = audit.kind("milestone.kept", "{by} 记了社区项目「{title}」的一个节点", personal=TITLED)

PLANNED = ("title", "begun_on", "worker_id", "origin", "village_id", "place", "problem", "aim")
OUTCOME = (
    "outcome", "families", "people", "counted_how", "counted_note", "handed_on", "handed_to", "agreement",
)  # fmt: skip


@action
def begin_project(*, by: User, entry: ProjectEntry, problem: Problem | None = None) -> Project:
    """Set up a project, from a problem that was raised or from none; sent twice it is the first.

    Raises NotAllowed, Refused.
    """
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk})
    before = Project.objects.filter(station=entry.station, client_id=entry.client_id).first()
    if before:
        return before
    _check(entry, None)
    project = Project(
        station=entry.station, client_id=entry.client_id, token=new_token(), entered_by=by,
        entered_at=entry.entered_at or clock.now(),
    )  # fmt: skip
    _say(project, PLANNED, entry)
    insert([project], by=by)
    audit.record(BEGUN, by=by, about=project, title=project.title)
    if problem is not None:
        _take_up(by, problem, project)
    return project


def _take_up(by: User, problem: Problem, project: Project) -> None:
    rows = problems_written_by(by).filter(pk=problem.pk, station=project.station)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise NotAllowed
    if row.state != Answer.WAITING:
        return
    row.state, row.project, row.answered_on = Answer.PROJECT, project, clock.today()
    row.answer = f"已经立项「{project.title}」，进展会告诉大家。"
    row.version += 1
    sign(row, by=by)
    row.save()


@action
def change_project(*, by: User, project: Project, version: int, entry: ProjectEntry) -> Project:
    """Change what is said of a project. Raises NotAllowed, Refused, Conflict."""
    current = current_project(by, project, version)
    _check(entry, current)
    _say(current, PLANNED, entry)
    save(current, by)
    audit.record(CHANGED, by=by, about=current, title=current.title)
    return current


@action
def move_project(*, by: User, project: Project, version: int, to: ProjectState, on: date, reason: str = "") -> Project:
    """Bring a project to another state. Raises NotAllowed, Refused, Conflict."""
    current = current_project(by, project, version)
    counted = current.families is not None or current.people is not None
    refuse_if_any(
        move_findings(
            was=current.state, to=to, reason=reason, on=on, today=clock.today(), begun_on=current.begun_on,
            last=last_noted(current), outcome=current.outcome, counted=counted,
        ),
        acknowledged=False,
    )  # fmt: skip
    why = reason.strip()[:200]
    move = ProjectMove(
        station=current.station, project=current, was=current.state, became=to, moved_on=on, reason=why,
        entered_by=by, entered_at=clock.now(),
    )  # fmt: skip
    insert([move], by=by)
    current.state = to
    current.ended_on = on if to in OVER else None
    current.stop_reason = why if to == ProjectState.STOPPED else ""
    save(current, by, reason=why)
    audit.record(MOVED, by=by, about=current, title=current.title, state=to.label, reason=why[:100] or "（没有写）")
    return current


@action
def tell_outcome(*, by: User, project: Project, version: int, entry: OutcomeEntry) -> Project:
    """Keep what came of a project, whom it serves and how that was counted, and the hand-over to the village.

    Raises NotAllowed, Refused, Conflict.
    """
    current = current_project(by, project, version)
    found = outcome_findings(
        families=entry.families, people=entry.people, counted_how=entry.counted_how, handed_on=entry.handed_on,
        handed_to=entry.handed_to, begun_on=current.begun_on, today=clock.today(),
        done=current.state == ProjectState.DONE, outcome=entry.outcome,
    )  # fmt: skip
    refuse_if_any(found, acknowledged=False)
    _say(current, OUTCOME, entry)
    save(current, by)
    audit.record(TOLD, by=by, about=current, title=current.title)
    return current


@action
def show_ledger(*, by: User, project: Project, version: int, public: bool, renewed: bool = False) -> Project:
    """Switch the public ledger on or off; `renewed` gives it another address, and the old one shows nothing more.

    Raises NotAllowed, Conflict.
    """
    current = current_project(by, project, version)
    if renewed:
        current.token = new_token()
    current.public = public
    save(current, by)
    how = "换了地址并公开" if renewed and public else "公开" if public else "停止公开"
    audit.record(SHOWN, by=by, about=current, title=current.title, how=how)
    return current


# WHO TAKES PART, WHAT IS TO BE REACHED --------------------------------------


@action
def add_stakeholder(*, by: User, project: Project, entry: StakeholderEntry) -> Stakeholder:
    """Say who takes part. Raises NotAllowed, Refused."""
    return _kept(by, _owned(by, project), Stakeholder(), entry)


@action
def change_stakeholder(*, by: User, stakeholder: Stakeholder, version: int, entry: StakeholderEntry) -> Stakeholder:
    """Change what is said of a stakeholder, or say that they left. Raises NotAllowed, Refused, Conflict."""
    row = _row(stakeholders_written_by(by), stakeholder, version)
    return _kept(by, row.project, row, entry)


def _kept(by: User, project: Project, row: Stakeholder, entry: StakeholderEntry) -> Stakeholder:
    found = stakeholder_findings(name=entry.name, starts_on=entry.starts_on, ends_on=entry.ends_on, today=clock.today())
    refuse_if_any(found, acknowledged=False)
    _write(by, project, row, ("role", "name", "starts_on", "ends_on", "does"), entry)
    audit.record(JOINED, by=by, about=row, title=project.title)
    return row


@action
def add_milestone(*, by: User, project: Project, entry: MilestoneEntry) -> Milestone:
    """Say what the project means to reach, or reached. Raises NotAllowed, Refused."""
    return _reached(by, _owned(by, project), Milestone(), entry)


@action
def change_milestone(*, by: User, milestone: Milestone, version: int, entry: MilestoneEntry) -> Milestone:
    """Change a milestone, say that it is done, or dropped and why. Raises NotAllowed, Refused, Conflict."""
    row = _row(milestones_written_by(by), milestone, version)
    return _reached(by, row.project, row, entry)


def _reached(by: User, project: Project, row: Milestone, entry: MilestoneEntry) -> Milestone:
    found = milestone_findings(
        title=entry.title, planned_on=entry.planned_on, done_on=entry.done_on, dropped=entry.dropped,
        begun_on=project.begun_on, today=clock.today(),
    )  # fmt: skip
    refuse_if_any(found, acknowledged=False)
    _write(by, project, row, ("title", "planned_on", "done_on", "note", "dropped"), entry)
    audit.record(REACHED, by=by, about=row, title=project.title)
    return row


# PARTS ---------------------------------------------------------------------


def current_project(by: User, project: Project, version: int) -> Project:
    """The project as it stands, locked, if `by` may write it. Raises NotAllowed, Conflict."""
    _owned(by, project)
    current = Project.objects.select_for_update().get(pk=project.pk)
    if current.version != version:
        raise Conflict(current)
    return current


def save(row: Any, by: User, *, reason: str = "") -> None:
    row.version += 1
    sign(row, by=by, reason=reason)
    row.save()


def _owned(by: User, project: Project) -> Project:
    if not projects_written_by(by).filter(pk=project.pk).exists():
        raise NotAllowed
    return project


def _row(rows: Any, row: Any, version: int) -> Any:
    """A row of a project as it stands, locked. Raises NotAllowed, Conflict."""
    current = rows.filter(pk=row.pk).select_for_update(of=("self",)).select_related("project").first()
    if current is None:
        raise NotAllowed
    if current.version != version:
        raise Conflict(current)
    return current


def _say(row: Any, names: tuple[str, ...], entry: Any) -> None:
    for name in names:
        value = getattr(entry, name)
        setattr(row, name, value.strip() if isinstance(value, str) else value)


def _write(by: User, project: Project, row: Any, names: tuple[str, ...], entry: Any) -> None:
    """A new row of a project, or one that was there, with what the entry says."""
    _say(row, names, entry)
    if row._state.adding:
        row.station, row.project, row.entered_by, row.entered_at = project.station, project, by, clock.now()
        insert([row], by=by)
    else:
        save(row, by)


def _check(entry: ProjectEntry, current: Project | None) -> None:
    first = first_and_last(current)[0] if current else None
    posted = Posting.objects.filter(unit=entry.station, staff=entry.worker_id).exists()
    found = project_findings(
        title=entry.title, begun_on=entry.begun_on, today=clock.today(), opened_on=entry.station.starts_on,
        first=first, ended_on=current.ended_on if current else None, worker_posted=posted,
    )  # fmt: skip
    refuse_if_any(found, acknowledged=False)
