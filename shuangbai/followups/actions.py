"""Writes of follow-up tasks: asked for, answered, handed to a colleague, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, Finding, NotAllowed, Refused, refuse_if_any
from shuangbai.followups.access import may_answer, may_drop
from shuangbai.followups.enums import Origin, TaskState
from shuangbai.followups.models import Task
from shuangbai.followups.rules import task_findings
from shuangbai.households.access import households_visible_to
from shuangbai.households.models import Household, HouseholdStation, Membership
from shuangbai.network.access import viewer_of
from shuangbai.network.models import Staff, User
from shuangbai.network.queries import colleagues
from shuangbai.network.roles import Permission

ASKED = audit.kind("task.asked", "{by} 为这户家庭布置跟进事项，期限 {due_on}")
ANSWERED = audit.kind("task.answered", "{by} 办结跟进事项")
DROPPED = audit.kind("task.dropped", "{by} 收回跟进事项")
HANDED = audit.kind("task.handed", "{by} 把跟进事项转给另一位社工")


@dataclass(slots=True)
class TaskEntry:
    """Something to be done about a family by a day."""

    household: Household
    subject: str
    due_on: date
    person_id: UUID | None = None
    assignee_id: UUID | None = None
    by_visit: bool = True


def ask_task(*, by: User, entry: TaskEntry) -> Task:
    """Ask for one task. Raises Refused, NotAllowed."""
    return ask_tasks(by=by, entries=[entry])[0]


@action
def ask_tasks(*, by: User, entries: Sequence[TaskEntry]) -> list[Task]:
    """Ask for tasks about families; the station that serves the family today answers. Raises Refused, NotAllowed."""
    viewer, today = viewer_of(by), clock.today()
    homes = {entry.household.pk for entry in entries}
    if households_visible_to(by, Permission.ASK_FOLLOWUPS).filter(pk__in=homes).count() != len(homes):
        raise NotAllowed
    serving: dict[UUID, list[UUID]] = {}
    rows = HouseholdStation.objects.on(today).filter(household__in=homes).order_by("starts_on", "pk")
    for home, unit in rows.values_list("household_id", "station_id"):
        serving.setdefault(home, []).append(unit)
    members = set(Membership.objects.on(today).filter(household__in=homes).values_list("household_id", "person_id"))
    own = set(viewer.station_ids(Permission.WRITE_RECORDS))
    units = {one for some in serving.values() for one in some}
    posted = {unit: set(colleagues(unit, today).values_list("pk", flat=True)) for unit in units}
    tasks = []
    for entry in entries:
        stations = serving.get(entry.household.pk, [])
        station = next((one for one in stations if one in own), stations[0] if stations else None)
        of_family = entry.person_id is None or (entry.household.pk, entry.person_id) in members
        findings = task_findings(
            subject=entry.subject, due_on=entry.due_on, today=today, serves=station is not None, of_family=of_family
        )
        if station and entry.assignee_id and entry.assignee_id not in posted[station]:
            findings.append(_not_posted())
        refuse_if_any(findings, acknowledged=False)
        if station:
            tasks.append(_task(by, entry, station, today, _origin(by, station)))
    insert(tasks, by=by)
    audit.record_all([audit.entry(ASKED, by=by, about=task, due_on=f"{task.due_on}") for task in tasks])
    return tasks


def _origin(by: User, station: UUID) -> Origin:
    viewer = viewer_of(by)
    if viewer.reaches(Permission.VOID_ANY_RECORD, station):
        return Origin.HEAD
    return Origin.WORKER if viewer.reaches(Permission.WRITE_RECORDS, station) else Origin.SUPERVISOR


def _task(by: User, entry: TaskEntry, station: UUID, today: date, origin: Origin) -> Task:
    return Task(
        station_id=station, household=entry.household, person_id=entry.person_id, subject=entry.subject.strip(),
        origin=origin, asked_on=today, due_on=entry.due_on, by_visit=entry.by_visit, assignee_id=entry.assignee_id,
        entered_at=clock.now(), entered_by=by,
    )  # fmt: skip


def _not_posted() -> Finding:
    return Finding("assignee", "assignee", "所选社工今天不在服务这户的站任职，请另选一位")


def _current(task: Task, version: int) -> Task:
    """The task as it stands, locked. Raises Conflict where somebody changed it, Refused where it is closed."""
    current = Task.objects.select_for_update().get(pk=task.pk)
    if current.version != version:
        raise Conflict(current)
    if current.state != TaskState.OPEN:
        raise Refused.because("", "这件事项已经办结或收回，不必再办")
    return current


def _close(task: Task, by: User, state: TaskState, answer: str) -> Task:
    if not answer.strip():
        what = "请写明结果，如“已联系村委，下周入户评估”" if state == TaskState.DONE else "请写明为什么不用办了"
        raise Refused.because("answer", what)
    task.state, task.answer, task.closed_on, task.closed_by = state, answer.strip(), clock.today(), by
    task.version += 1
    sign(task, by=by)
    task.save()
    return task


@action
def answer_task(*, by: User, task: Task, version: int, answer: str) -> Task:
    """Close a task with what came of it. Raises Refused, Conflict, NotAllowed."""
    if not may_answer(by, task):
        raise NotAllowed
    done = _close(_current(task, version), by, TaskState.DONE, answer)
    audit.record(ANSWERED, by=by, about=done)
    return done


@action
def drop_task(*, by: User, task: Task, version: int, answer: str) -> Task:
    """Take a task back, with the reason. Raises Refused, Conflict, NotAllowed."""
    if not may_drop(by, task):
        raise NotAllowed
    dropped = _close(_current(task, version), by, TaskState.DROPPED, answer)
    audit.record(DROPPED, by=by, about=dropped)
    return dropped


@action
def hand_task(*, by: User, task: Task, version: int, to: Staff | None) -> Task:
    """Give a task to a colleague at the station, or to nobody in particular. Raises Refused, Conflict, NotAllowed."""
    if not may_answer(by, task):
        raise NotAllowed
    current = _current(task, version)
    if to and not colleagues(current.station_id, clock.today()).filter(pk=to.pk).exists():
        raise Refused([_not_posted()])
    current.assignee = to
    current.version += 1
    sign(current, by=by)
    current.save()
    audit.record(HANDED, by=by, about=current)
    return current
