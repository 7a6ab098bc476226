"""What the changes are put together from: people leave and join, tags end, files close; and the run of a change."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.ids import new_id
from shuangbai.followups.enums import TaskState
from shuangbai.followups.models import Task
from shuangbai.households.actions import check_bearer
from shuangbai.households.enums import CloseReason, FileState, Relation, TagEnd
from shuangbai.households.models import FamilyFile, Household, Membership, Person, Tag
from shuangbai.households.queries import members_on, serving_station_ids
from shuangbai.lives.actions.journal import Journal
from shuangbai.lives.enums import ChangeKind
from shuangbai.lives.models import LifeChange
from shuangbai.lives.rules import Preview, token_of
from shuangbai.network.access import viewer_of
from shuangbai.network.models import User
from shuangbai.network.roles import Permission

CHANGED = audit.kind("household.life_changed", "{by} 登记家庭变化：{what}，从 {on} 起")
DAY = timedelta(days=1)


def acting_station(by: User, household: Household) -> UUID:
    """The station for which somebody changes the family: theirs, of those that serve it. Raises NotAllowed."""
    check_bearer(by, household)
    viewer = viewer_of(by)
    served = serving_station_ids(household.pk, clock.today())
    mine = [pk for pk in served if viewer.reaches(Permission.EDIT_FAMILIES, pk)]
    if not mine:
        raise NotAllowed
    return mine[0]


def known_since(household: Household) -> date | None:
    return household.serving.order_by("starts_on").values_list("starts_on", flat=True).first()


def refuse(findings: Sequence[Any]) -> None:
    if findings:
        raise Refused(findings)


def confirm(sentences: Sequence[str], cautions: Sequence[str], confirmed: str) -> list[str]:
    """Go on only where exactly these sentences were confirmed. Raises Preview."""
    if confirmed != token_of([*sentences, *cautions]):
        raise Preview(sentences, cautions)
    return [*sentences, *cautions]


def keep(
    journal: Journal, kind: ChangeKind, household: Household, on: date, said: list[str], *, station: UUID,
    other: Household | None = None, note: str = "",
) -> LifeChange:  # fmt: skip
    """The change itself, after its rows: what is counted and found, the change with its journal, the trail."""
    journal.settle(on)
    change = LifeChange(
        station_id=station, household=household, other=other, kind=kind, happened_on=on, said=said,
        note=note.strip(), steps=journal.steps, entered_at=clock.now(), entered_by=journal.by,
    )  # fmt: skip
    change.save(force_insert=True)
    about = [household] if other is None else [household, other]
    audit.record_all(
        [audit.entry(CHANGED, by=journal.by, about=one, what=str(kind.label), on=f"{on}") for one in about]
    )
    return change


# PEOPLE --------------------------------------------------------------------


def leave(journal: Journal, membership: Membership, last: date) -> None:
    """Somebody is of the family until `last`. One who joined after it was never of it: their place starts no more."""
    if membership.ends_on is None or membership.ends_on > last:
        journal.change(membership, ends_on=max(last, membership.starts_on))


def join(
    journal: Journal, household: Household, person: Person, relation: str, on: date, *, primary: bool = True,
    ends_on: date | None = None,
) -> Membership:  # fmt: skip
    if household.memberships.filter(person=person, starts_on=on).exists():
        sentence = f"{person.name}在这一天已登记为{household}的人，请换一个日期，或先改成员资料里的日期"
        raise Refused.because("on", sentence)
    row = Membership(
        id=new_id(), station_id=household.station_id, household=household, person=person, relation=relation,
        is_primary=primary, starts_on=on, ends_on=ends_on,
    )  # fmt: skip
    return journal.make(row)  # type: ignore[no-any-return]


def put_at_head(journal: Journal, household: Household, member: Membership, on: date) -> None:
    """Somebody of the family becomes its head from a day on; what they were before keeps its days."""
    if member.starts_on >= on:
        journal.change(member, relation=Relation.HEAD)
    else:
        until = member.ends_on
        journal.change(member, ends_on=on - DAY)
        join(journal, household, member.person, Relation.HEAD, on, primary=member.is_primary, ends_on=until)
    journal.change(household, head_name=member.person.name)


def succession(
    household: Household, here: Sequence[Membership], gone: Iterable[UUID], new_head: UUID | None
) -> tuple[Membership | None, str]:
    """Who heads the family once some are gone, and the sentence that says it. Raises Refused where nobody is named."""
    left = set(gone)
    staying = [row for row in here if row.person_id not in left]
    heads = [row for row in here if row.relation == Relation.HEAD]
    if not staying or not heads or any(row.person_id not in left for row in heads):
        return None, ""
    chosen = next((row for row in staying if row.person_id == new_head), None)
    if chosen is None:
        raise Refused.because("new_head", f"户主{heads[0].person.name}不在这家了，请选择谁当户主", "new_head")
    return chosen, f"{chosen.person.name}成为户主；其余成员与户主的关系请随后核对"


def here_on(household: Household, day: date) -> list[Membership]:
    return list(members_on(household.pk, day))


# TAGS AND FILES ------------------------------------------------------------


def tags_of_household(household: Household, day: date) -> list[Tag]:
    rows = Tag.objects.on(day).filter(household=household).select_related("category")
    return list(rows.order_by("category__position", "id"))


def end_tags(journal: Journal, tags: Iterable[Tag], last: date, reason: TagEnd) -> None:
    """Categories end on `last`; one that had begun after it ends on the day it began."""
    for tag in tags:
        if tag.ends_on is None or tag.ends_on > last:
            journal.change(tag, ends_on=max(last, tag.starts_on), end_reason=reason)


def carry_tag(journal: Journal, tag: Tag, household: Household, on: date) -> None:
    """The same category for another family from a day on, unless it has it already."""
    held = Tag.objects.touching(on, date.max).filter(household=household, category=tag.category_id)
    if not held.exists():
        copy = Tag(
            id=new_id(), station_id=household.station_id, category_id=tag.category_id, household=household,
            level=tag.level, amount=tag.amount, certificate=tag.certificate, source=tag.source, starts_on=on,
            entered_at=clock.now(), entered_by=journal.by,
        )  # fmt: skip
        journal.make(copy)


def open_files(household: Household) -> list[FamilyFile]:
    return list(FamilyFile.objects.filter(household=household, state=FileState.OPEN).order_by("opened_on", "id"))


def close_files(journal: Journal, household: Household, last: date, reason: CloseReason) -> list[FamilyFile]:
    """Every open file of the family closes; the days of its worker, grade and pause end with it."""
    closed = open_files(household)
    for file in closed:
        on = max(last, file.opened_on)
        journal.change(file, state=FileState.CLOSED, closed_on=on, close_reason=reason)
        for rows in (file.workers, file.grades, file.pauses):
            for row in rows.filter(ends_on__isnull=True):
                journal.change(row, ends_on=max(on, row.starts_on))
    return closed


# WHAT WAS STILL TO BE DONE ---------------------------------------------------


def open_tasks(household: Household, person: Person | None = None) -> list[Task]:
    """Open tasks about the family, or those about one of its people alone."""
    rows = Task.objects.filter(state=TaskState.OPEN)
    rows = rows.filter(person=person) if person else rows.filter(household=household)
    return list(rows.order_by("due_on", "id"))


def drop_tasks(journal: Journal, tasks: Iterable[Task], why: str) -> None:
    """Tasks that have no object any more are taken back, with the reason."""
    for task in tasks:
        journal.change(
            task, state=TaskState.DROPPED, answer=why, closed_on=clock.today(), closed_by=journal.by,
        )  # fmt: skip


def told_of_tasks(tasks: Sequence[Task], what: str = "收回") -> list[str]:
    return [f"{what}还没办的跟进事项 {len(tasks)} 件"] if tasks else []
