"""Writes of matters: opened, changed, moved on, taken back a step, made a category, voided."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from shuangbai.assistance import queries, rules
from shuangbai.assistance.access import matters_visible_to, may_void, may_write
from shuangbai.assistance.enums import POLICIES, MatterKind, Move, Stage
from shuangbai.assistance.models import Matter, MatterPaper, MatterStep
from shuangbai.codes.queries import unoffered
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, Finding, NotAllowed, Refused, refuse_if_any
from shuangbai.followups.access import may_answer
from shuangbai.followups.actions import TaskEntry, answer_task, ask_task
from shuangbai.followups.enums import TaskState
from shuangbai.followups.models import Task
from shuangbai.households.actions import close_tag, open_tags
from shuangbai.households.entries import TagEntry
from shuangbai.households.enums import TagEnd, TagSource
from shuangbai.households.models import Household, Membership, Tag
from shuangbai.network.models import User
from shuangbai.network.queries import colleagues
from shuangbai.resources.actions.linking import station_for
from shuangbai.resources.queries import drafts_of

OPENED = audit.kind("matter.opened", "{by} 登记了一件协助申请")
CHANGED = audit.kind("matter.changed", "{by} 更正了一件协助申请")
MOVED = audit.kind("matter.moved", "{by} 在一件协助申请里记了：{move}")
UNDONE = audit.kind("matter.undone", "{by} 撤回了一件协助申请的最后一步：{move}")
PAPERS = audit.kind("matter.papers", "{by} 更新了一件协助申请的材料")
TAGGED = audit.kind("matter.tagged", "{by} 按协助申请的结果登记了类别")
VOIDED = audit.kind("matter.voided", "{by} 作废了一件协助申请")


@dataclass(slots=True)
class MatterEntry:
    """A matter as its page says it. Without a person it is the whole family's."""

    client_id: UUID
    household: Household
    policy: str
    kind: MatterKind
    opened_on: date
    person_id: UUID | None = None
    special: bool = False
    note: str = ""


@dataclass(slots=True)
class StepEntry:
    """What happened to a matter. `amount` and `next_review_on` belong to what grants it."""

    move: Move
    happened_on: date
    note: str = ""
    amount: Decimal | None = None
    next_review_on: date | None = None


# OPENING AND CHANGING ----------------------------------------------------------------


@action
def open_matter(*, by: User, entry: MatterEntry, acknowledged: bool = False) -> Matter:
    """Open a matter with its list of papers; sent twice it is the first. A review answers the task that asked for it.

    Raises NotAllowed, Refused, NeedsAcknowledgement.
    """
    station = station_for(by, entry.household)
    before = Matter.objects.filter(station=station, client_id=entry.client_id, entered_by=by).first()
    if before:
        return before
    refuse_if_any(_findings(entry), acknowledged=acknowledged)
    matter = Matter(
        station_id=station, client_id=entry.client_id, household=entry.household, worker_id=by.staff_id,
        entered_by=by, entered_at=clock.now(), **_said(entry),
    )  # fmt: skip
    insert([matter], by=by)
    rule = queries.Rules().on(entry.policy, entry.opened_on)
    if rule and entry.kind in (MatterKind.NEW, MatterKind.CHANGE, MatterKind.REVIEW):
        MatterPaper.objects.bulk_create(
            MatterPaper(station_id=station, matter=matter, position=place, name=name)
            for place, name in enumerate(rule.papers, 1)
        )
    if entry.kind == MatterKind.REVIEW:
        _answer_reviews(by, matter)
    drafts_of(by, entry.household.pk, "applying").delete()
    audit.record(OPENED, by=by, about=matter)
    return matter


def _findings(entry: MatterEntry, kept: Matter | None = None) -> list[Finding]:
    """What the rules say, and codes that no list offered on the day."""
    home, person = entry.household, entry.person_id
    member = person is not None and Membership.objects.filter(household=home, person=person).exists()
    found = rules.matter_findings(
        opened_on=entry.opened_on, today=clock.today(), is_member=member, has_person=person is not None,
        kind=entry.kind, same_open=queries.same_open(home, person, entry.policy, kept.pk if kept else None),
    )  # fmt: skip
    if unoffered(POLICIES, [entry.policy], entry.opened_on) and (kept is None or kept.policy != entry.policy):
        found.append(Finding("policy", "policy", "这项政策那天不在列表中，请重新选择"))
    return found


def _said(entry: MatterEntry) -> dict[str, Any]:
    return {
        "person_id": entry.person_id, "policy": entry.policy, "kind": entry.kind, "special": entry.special,
        "opened_on": entry.opened_on, "note": entry.note.strip(),
    }  # fmt: skip


def _answer_reviews(by: User, matter: Matter) -> None:
    """The tasks that asked for a review of the same policy for the same are answered by this matter."""
    asked = Matter.objects.filter(
        household=matter.household_id, person=matter.person_id, policy=matter.policy, review__state=TaskState.OPEN
    )
    for task in Task.objects.filter(pk__in=asked.values("review")):
        if may_answer(by, task):
            answer_task(by=by, task=task, version=task.version, answer="已开始年审")


def _current(by: User, matter: Matter, version: int) -> Matter:
    """The matter as it stands, locked. Raises NotAllowed, Conflict, Refused where it was voided."""
    if not matters_visible_to(by).filter(pk=matter.pk).exists():
        raise NotAllowed
    current = Matter.objects.select_for_update(of=("self",)).select_related("household").get(pk=matter.pk)
    if current.version != version:
        raise Conflict(current)
    if current.voided_at:
        raise Refused.because("", "这件事项已经作废，不能再改")
    return current


def _writable(by: User, matter: Matter, version: int) -> Matter:
    current = _current(by, matter, version)
    if not may_write(by, current):
        raise NotAllowed
    return current


def _save(matter: Matter, by: User) -> None:
    matter.version += 1
    sign(matter, by=by)
    matter.save()


@action
def change_matter(
    *, by: User, matter: Matter, version: int, entry: MatterEntry, reason: str, acknowledged: bool = False
) -> Matter:
    """Put right what a matter is about; its steps have ways of their own.

    Raises NotAllowed, Refused, NeedsAcknowledgement, Conflict.
    """
    current = _writable(by, matter, version)
    entry.household = current.household
    first = queries.steps_of(current).first()
    findings = _findings(entry, current) + rules.reason_findings(reason, "为什么更正，如「选错了政策」")
    if first and entry.opened_on > first.happened_on:
        findings.append(Finding("opened_on", "opened_on", f"晚于已记的一步（{first.happened_on:%Y-%m-%d}），请核对"))
    refuse_if_any(findings, acknowledged=acknowledged)
    for name, value in {**_said(entry), "reason": reason.strip()}.items():
        setattr(current, name, value)
    _save(current, by)
    audit.record(CHANGED, by=by, about=current)
    return current


# MOVING ON -----------------------------------------------------------------------------


@action
def move_matter(*, by: User, matter: Matter, version: int, entry: StepEntry) -> Matter:
    """Record a step. What is granted asks for its next review as a task. Raises NotAllowed, Refused, Conflict."""
    current, today = _writable(by, matter, version), clock.today()
    latest = queries.latest_step(current)
    findings = rules.move_findings(
        stage=current.stage, kind=current.kind, move=entry.move, happened_on=entry.happened_on, today=today,
        since=latest.happened_on if latest else current.opened_on, note=entry.note, amount=entry.amount,
        next_review_on=entry.next_review_on,
    )  # fmt: skip
    refuse_if_any(findings, acknowledged=False)
    was, to = Stage(current.stage), rules.AFTER[Stage(current.stage)][entry.move]
    step = MatterStep(
        station=current.station, matter=current, move=entry.move, was=was, became=to, happened_on=entry.happened_on,
        note=entry.note.strip(), entered_by=by, entered_at=clock.now(),
    )  # fmt: skip
    insert([step], by=by)
    current.stage = to
    _dates(current)
    if entry.move in rules.GRANTS:
        current.amount, current.next_review_on, current.refusal = entry.amount, entry.next_review_on, ""
        _ask_review(by, current, today)
    elif entry.move == Move.REFUSE:
        current.refusal = entry.note.strip()
    _save(current, by)
    audit.record(MOVED, by=by, about=current, move=entry.move.label)
    return current


def _dates(matter: Matter) -> None:
    """The days that deadlines and figures ask for, from the steps that hold."""
    on = {step.move: step.happened_on for step in queries.steps_of(matter)}
    matter.accepted_on, matter.paid_on = on.get(Move.ACCEPT), on.get(Move.PAY)
    matter.decided_on = on.get(Move.OVERTURN) or on.get(Move.GRANT) or on.get(Move.REFUSE)


def _ask_review(by: User, matter: Matter, today: date) -> None:
    if matter.next_review_on is None or matter.next_review_on < today:
        return
    here = colleagues(station_for(by, matter.household), today).filter(pk__in=[matter.worker_id])
    said = TaskEntry(
        matter.household, f"协助年审：{matter.get_policy_display()}", matter.next_review_on,
        person_id=matter.person_id if _still_of(matter) else None,
        assignee_id=matter.worker_id if here.exists() else None, by_visit=False,
    )  # fmt: skip
    matter.review = ask_task(by=by, entry=said)


def _still_of(matter: Matter) -> bool:
    rows = Membership.objects.on(clock.today()).filter(household=matter.household_id, person=matter.person_id)
    return matter.person_id is None or rows.exists()


@action
def undo_step(*, by: User, matter: Matter, version: int, step: MatterStep) -> Matter:
    """Take back the latest step, where it was a slip. Raises NotAllowed, Refused, Conflict."""
    current = _writable(by, matter, version)
    latest = queries.latest_step(current)
    if latest is None or latest.pk != step.pk:
        raise Refused.because("", "只能撤回最后记的一步；请看下面现在的样子")
    latest.undone_at, latest.undone_by = clock.now(), by
    latest.save(update_fields=["undone_at", "undone_by"])
    current.stage = latest.was
    _dates(current)
    if latest.move in rules.GRANTS:
        current.amount, current.next_review_on = None, None
        _drop_review(by, current)
    if latest.move == Move.REFUSE:
        current.refusal = ""
    _save(current, by)
    audit.record(UNDONE, by=by, about=current, move=latest.get_move_display())
    return current


def _drop_review(by: User, matter: Matter) -> None:
    task = Task.objects.filter(pk__in=[matter.review_id], state=TaskState.OPEN).first()
    matter.review = None
    if task and may_answer(by, task):
        answer_task(by=by, task=task, version=task.version, answer="批准已撤回，不用年审")


@action
def tick_papers(*, by: User, matter: Matter, version: int, got: Collection[int], more: str = "") -> Matter:
    """Which papers are there by now, and one more that is asked for. Raises NotAllowed, Refused, Conflict."""
    current, today = _writable(by, matter, version), clock.today()
    rows = list(MatterPaper.objects.filter(matter=current).order_by("position", "id"))
    for row in rows:
        there = row.pk in set(got)
        if there != (row.got_on is not None):
            row.got_on = today if there else None
            row.save(update_fields=["got_on"])
    name = more.strip()[:60]
    if name and name not in {row.name for row in rows}:
        if len(rows) >= rules.MOST_PAPERS:
            raise Refused.because("more", f"材料最多 {rules.MOST_PAPERS} 项")
        place = max((row.position for row in rows), default=0) + 1
        MatterPaper.objects.create(station=current.station, matter=current, position=place, name=name)
    _save(current, by)
    audit.record(PAPERS, by=by, about=current)
    return current


# WHAT FOLLOWS --------------------------------------------------------------------------


@action
def give_category(
    *, by: User, matter: Matter, version: int, category: str, starts_on: date, level: str = "",
    acknowledged: bool = False,
) -> Tag:  # fmt: skip
    """Make what was granted the dated category of whoever it is for, with its amount; one in force ends the day before.

    Raises NotAllowed, Refused, NeedsAcknowledgement, Conflict.
    """
    current = _writable(by, matter, version)
    if current.stage not in rules.GRANTED or current.kind == MatterKind.STOP or current.tag_id:
        raise Refused.because("category", "批准之后才能登记类别，只登记一次")
    if category not in {one.code for one in queries.proposals(current, starts_on)}:
        raise Refused.because("category", "请从列出的类别中选择")
    for held in queries.carried(current, starts_on):
        if held.category.code == category and held.starts_on < starts_on:
            ends_on = date.fromordinal(starts_on.toordinal() - 1)
            close_tag(by=by, tag=held, ends_on=ends_on, reason=TagEnd.CHANGED)
    bearer = current.person or current.household
    entry = TagEntry(category, starts_on, None, level=level.strip(), amount=current.amount, source=TagSource.WORKER)
    tag = open_tags(by=by, bearer=bearer, entries=[entry], acknowledged=acknowledged)[0]
    current.tag = tag
    _save(current, by)
    audit.record(TAGGED, by=by, about=current)
    return tag


@action
def end_category(*, by: User, matter: Matter, version: int, tag: Tag, ends_on: date) -> Tag:
    """Once a stop was granted, the category that it is about ends. Raises NotAllowed, Refused, Conflict."""
    current = _writable(by, matter, version)
    if current.stage not in rules.GRANTED or current.kind != MatterKind.STOP or current.tag_id:
        raise Refused.because("tag", "停发批准之后才能结束类别")
    if tag.pk not in {one.pk for one in queries.carried(current, clock.today())}:
        raise Refused.because("tag", "请从列出的类别中选择")
    ended = close_tag(by=by, tag=tag, ends_on=ends_on, reason=TagEnd.LEFT)
    current.tag = ended
    _save(current, by)
    audit.record(TAGGED, by=by, about=current)
    return ended


@action
def void_matter(*, by: User, matter: Matter, version: int, reason: str) -> Matter:
    """Take a matter out of every figure; it stays to be seen. Raises NotAllowed, Refused, Conflict."""
    current = _current(by, matter, version)
    if not may_void(by, current):
        raise NotAllowed
    refuse_if_any(rules.reason_findings(reason, "为什么作废，如「重复登记」"), acknowledged=False)
    current.voided_at, current.voided_by, current.reason = clock.now(), by, reason.strip()
    _drop_review(by, current)
    _save(current, by)
    audit.record(VOIDED, by=by, about=current)
    return current
