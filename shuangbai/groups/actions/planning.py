"""A group is set up, changed, evaluated and moved from state to state; its members are asked about afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max

from shuangbai.codes.queries import unoffered
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, NotAllowed, Refused, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.followups.actions import TaskEntry, ask_tasks
from shuangbai.followups.models import Task
from shuangbai.groups.access import groups_written_by, may_write
from shuangbai.groups.enums import KINDS, DraftPage, GroupState
from shuangbai.groups.models import Group, GroupDraft, GroupMember, GroupMove
from shuangbai.groups.queries import homes_of, standing_sessions
from shuangbai.groups.rules import PLAN_MOST, evaluation_findings, group_findings, move_findings
from shuangbai.households.models import Household
from shuangbai.network.access import check_reaches
from shuangbai.network.models import OrgUnit, Posting, User
from shuangbai.network.roles import Permission
from shuangbai.services.rules import code_findings

BEGUN = audit.kind("group.begun", "{by} 登记了小组「{title}」", personal=("title",))
CHANGED = audit.kind("group.changed", "{by} 改了小组「{title}」的计划", personal=("title",))
EVALUATED = audit.kind("group.evaluated", "{by} 改了小组「{title}」的契约与评估", personal=("title",))
MOVED = audit.kind("group.moved", "{by} 把小组「{title}」改为{state}，原因：{reason}", personal=("title", "reason"))

Plan = Sequence[tuple[int, str, str]]


@dataclass(slots=True)
class GroupEntry:
    """The plan of a group as it comes from its page. `plan`: number, day or "", theme."""

    station: OrgUnit
    title: str
    kind: str
    begun_on: date
    worker_id: UUID
    coworker_id: UUID | None = None
    village_id: int | None = None
    place: str = ""
    target: str = ""
    size: int | None = None
    need: str = ""
    theory: str = ""
    goals: str = ""
    recruiting: str = ""
    plan: Plan = ()
    budget: Decimal | None = None
    budget_note: str = ""
    risks: str = ""
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


PLANNED = (
    "title", "kind", "begun_on", "worker_id", "coworker_id", "village_id", "place", "target", "size", "need", "theory",
    "goals", "recruiting", "budget", "budget_note", "risks",
)  # fmt: skip
EVALUATION = (
    "agreement", "agreed_on", "measure", "satisfaction", "process", "outcome", "reached", "reached_note",
)  # fmt: skip


@action
def begin_group(*, by: User, entry: GroupEntry) -> Group:
    """Set up a group; sent twice it is the first. Raises NotAllowed, Refused."""
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk})
    before = Group.objects.filter(station=entry.station, client_id=entry.client_id).first()
    if before:
        return before
    _check(entry, None)
    group = Group(
        station=entry.station, client_id=entry.client_id, entered_by=by, entered_at=entry.entered_at or clock.now()
    )
    _plan(group, entry)
    insert([group], by=by)
    audit.record(BEGUN, by=by, about=group, title=group.title)
    return group


@action
def change_group(*, by: User, group: Group, version: int, entry: GroupEntry) -> Group:
    """Change a group's plan. Raises NotAllowed, Refused, or Conflict where it was changed since `version`."""
    current = current_group(by, group, version)
    _check(entry, current)
    _plan(current, entry)
    save(current, by)
    audit.record(CHANGED, by=by, about=current, title=current.title)
    return current


@action
def evaluate_group(*, by: User, group: Group, version: int, said: Mapping[str, Any]) -> Group:
    """Keep the agreement, what was measured, how content members were, and the evaluation, by EVALUATION's names.

    Raises NotAllowed, Refused, Conflict.
    """
    current = current_group(by, group, version)
    members = GroupMember.objects.filter(group=current, joined_on__isnull=False).count()
    answers = [count for count in said["satisfaction"].values() if count]
    today = clock.today()
    refuse_if_any(
        evaluation_findings(agreed_on=said["agreed_on"], today=today, answers=answers, members=members),
        acknowledged=False,
    )
    for name in EVALUATION:
        value = said[name]
        setattr(current, name, value.strip() if isinstance(value, str) else value)
    current.satisfaction = {grade: count for grade, count in said["satisfaction"].items() if count}
    save(current, by)
    GroupDraft.objects.filter(group=current, entered_by=by, page=DraftPage.EVALUATION).delete()
    audit.record(EVALUATED, by=by, about=current, title=current.title)
    return current


@action
def move_group(*, by: User, group: Group, version: int, to: GroupState, on: date, reason: str = "") -> Group:
    """Bring a group to another state. Raises NotAllowed, Refused, Conflict."""
    current = current_group(by, group, version)
    sessions = standing_sessions([current.pk])
    last = sessions.order_by().aggregate(last=Max("record__occurred_on"))["last"]
    refuse_if_any(
        move_findings(
            was=current.state, to=to, reason=reason, on=on, today=clock.today(), begun_on=current.begun_on,
            last_session=last, sessions=sessions.count(),
        ),
        acknowledged=False,
    )  # fmt: skip
    step(current, to, by=by, on=on, reason=reason)
    save(current, by, reason=reason)
    audit.record(
        MOVED, by=by, about=current, title=current.title, state=to.label, reason=reason.strip()[:100] or "（没有写）"
    )
    return current


@action
def ask_followups(*, by: User, group: Group, member_ids: Sequence[UUID], subject: str, due_on: date) -> list[Task]:
    """A follow-up task about each of the members on file. Raises NotAllowed, Refused."""
    if not may_write(by, group):
        raise NotAllowed
    members = list(GroupMember.objects.filter(group=group, pk__in=list(member_ids)).select_related("person"))
    homes = homes_of(members, clock.today())
    left_out = [one for one in members if one.pk not in homes]
    if not members or left_out:
        raise Refused.because("members", "请选要跟进的组员；只写了姓名的、不在家庭名册里的，不能布置跟进事项")
    households = Household.objects.in_bulk(homes.values())
    return ask_tasks(
        by=by,
        entries=[
            TaskEntry(households[homes[one.pk]], subject, due_on, person_id=one.person_id, by_visit=False)
            for one in members
        ],
    )


# PARTS ---------------------------------------------------------------------


def current_group(by: User, group: Group, version: int) -> Group:
    """The group as it stands, locked, if `by` may write it. Raises NotAllowed, Conflict."""
    if not groups_written_by(by).filter(pk=group.pk).exists():
        raise NotAllowed
    current = Group.objects.select_for_update().get(pk=group.pk)
    if current.version != version:
        raise Conflict(current)
    return current


def save(group: Group, by: User, *, reason: str = "") -> None:
    group.version += 1
    sign(group, by=by, reason=reason.strip())
    group.save()


def step(group: Group, to: GroupState, *, by: User, on: date, reason: str = "") -> None:
    """The group in another state, and the line that says so. Not yet saved."""
    move = GroupMove(
        station=group.station, group=group, was=group.state, became=to, moved_on=on, reason=reason.strip()[:200],
        entered_by=by, entered_at=clock.now(),
    )  # fmt: skip
    insert([move], by=by)
    group.state = to
    group.ended_on = on if to == GroupState.ENDED else None
    group.cancel_reason = reason.strip()[:200] if to == GroupState.CANCELLED else ""


def _check(entry: GroupEntry, current: Group | None) -> None:
    first = None
    if current:
        first = min((one.record.occurred_on for one in standing_sessions([current.pk])), default=None)
    people = {entry.worker_id, entry.coworker_id} - {None}
    posted = Posting.objects.filter(unit=entry.station, staff__in=people).values_list("staff_id", flat=True)
    found = group_findings(
        title=entry.title, begun_on=entry.begun_on, today=clock.today(), opened_on=entry.station.starts_on,
        first_session=first, worker_posted=people <= set(posted), plan=entry.plan,
        same_worker=entry.coworker_id == entry.worker_id,
    )  # fmt: skip
    keep = {current.kind} if current else set()
    offered = [entry.kind] if entry.kind not in keep else []
    found += code_findings("kind", KINDS.name, unoffered(KINDS, offered, entry.begun_on), entry.begun_on)
    refuse_if_any(found, acknowledged=False)


def _plan(group: Group, entry: GroupEntry) -> None:
    for name in PLANNED:
        value = getattr(entry, name)
        setattr(group, name, value.strip() if isinstance(value, str) else value)
    rows = sorted((number, day, theme.strip()) for number, day, theme in entry.plan)
    group.plan = [list(row) for row in rows[:PLAN_MOST]]
