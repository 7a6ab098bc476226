"""Work that changes hands: given by the head or by whoever leaves, and another's only once they take it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from shuangbai.assistance.keeping import hand_matters
from shuangbai.cases.actions.handing import offer_cases
from shuangbai.cases.models import Case
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import copy_to_history
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.ids import new_id
from shuangbai.followups.enums import TaskState
from shuangbai.followups.models import Task
from shuangbai.households.models import FamilyFile, FileWorker
from shuangbai.lives.enums import HandoverReason, ItemState
from shuangbai.lives.models import Handover, HandoverItem
from shuangbai.lives.queries import MOVED
from shuangbai.network.access import viewer_of
from shuangbai.network.models import OrgUnit, Staff, User
from shuangbai.network.queries import colleagues
from shuangbai.network.roles import Permission
from shuangbai.resources.keeping import hand_referrals

STARTED = audit.kind("handover.started", "{by} 发起交接：{count} 户，从 {on} 起", label="发起交接")
TAKEN = audit.kind("handover.taken", "{by} 接手了 {count} 户", label="接手")
DECLINED = audit.kind("handover.declined", "{by} 退回了 {count} 户，理由：{reason}", label="退回交接")
WITHDRAWN = audit.kind("handover.withdrawn", "{by} 收回了 {count} 户的交接", label="收回交接")
DAY = timedelta(days=1)


@dataclass(slots=True)
class GiveEntry:
    """A worker's families for others: which file to whom."""

    station: OrgUnit
    giver: Staff
    starts_on: date
    reason: HandoverReason
    items: Sequence[tuple[FamilyFile, UUID]]
    note: str = ""


def may_give(user: User, station_id: UUID, giver_id: UUID) -> bool:
    """The head of the station, or the worker themselves."""
    viewer = viewer_of(user)
    if viewer.reaches(Permission.HAND_OVER, station_id):
        return True
    return user.staff_id == giver_id and viewer.reaches(Permission.EDIT_FAMILIES, station_id)


@action
def start_handover(*, by: User, entry: GiveEntry) -> Handover:
    """Offer families to colleagues. Who had them keeps them until each is taken; nothing is without an owner."""
    if not may_give(by, entry.station.pk, entry.giver.pk):
        raise NotAllowed
    _check_offer(entry)
    handover, _ = Handover.objects.get_or_create(
        station=entry.station, giver=entry.giver, closed_at=None,
        defaults={
            "starts_on": entry.starts_on, "reason": entry.reason, "note": entry.note.strip(), "entered_by": by,
            "entered_at": clock.now(),
        },
    )  # fmt: skip
    HandoverItem.objects.bulk_create(
        HandoverItem(id=new_id(), station=entry.station, handover=handover, file=file, receiver_id=receiver)
        for file, receiver in entry.items
    )
    audit.record(STARTED, by=by, about=handover, count=len(entry.items), on=f"{handover.starts_on}")
    return handover


@action
def give(*, by: User, entry: GiveEntry, cases: Sequence[tuple[Case, Staff]]) -> Handover | None:
    """Offer families and cases together, all or none; None where there were cases alone. Raises as each of them."""
    made = start_handover(by=by, entry=entry) if entry.items or not cases else None
    if cases:
        offer_cases(by=by, cases=cases)
    return made


def _check_offer(entry: GiveEntry) -> None:
    if not entry.items:
        raise Refused.because("", "请至少为一户选好接手的社工")
    keys = {file.pk for file, _ in entry.items}
    kept = FileWorker.objects.filter(staff=entry.giver, ends_on__isnull=True, file__in=keys, station=entry.station)
    if set(kept.values_list("file_id", flat=True)) != keys:
        raise Refused.because("", "名单里有的档案现在不在交出人名下，请刷新这一页再选")
    if HandoverItem.objects.filter(file__in=keys, state=ItemState.WAITING).exists():
        raise Refused.because("", "名单里有的档案已在等别人确认，请刷新这一页，或先收回那一项")
    posted = set(colleagues(entry.station.pk, max(entry.starts_on, clock.today())).values_list("pk", flat=True))
    receivers = {receiver for _, receiver in entry.items}
    if entry.giver.pk in receivers:
        raise Refused.because("", "接手的人不能是交出的人自己，请另选")
    if not receivers <= posted:
        raise Refused.because("", "所选的接手人那天不在本站任职，请核对日期或另选")


@action
def answer_items(*, by: User, items: Sequence[HandoverItem], take: bool, why: str = "") -> list[HandoverItem]:
    """Whoever receives takes families, or sends them back with a reason. From then on the files are theirs."""
    if not take and len(why.strip()) < 2:
        raise Refused.because("why", "请写明为什么退回，如「已有 60 户，接不下」")
    rows = _waiting(items)
    if not rows or any(row.receiver_id != by.staff_id for row in rows):
        raise NotAllowed
    check = viewer_of(by)
    if not all(check.reaches(Permission.EDIT_FAMILIES, row.station_id) for row in rows):
        raise NotAllowed
    if take:
        _hand(by, rows)
    _decide(by, rows, ItemState.TAKEN if take else ItemState.DECLINED, why)
    for handover in {row.handover for row in rows}:
        count = sum(row.handover_id == handover.pk for row in rows)
        told = {} if take else {"reason": why.strip()[:100]}
        audit.record(TAKEN if take else DECLINED, by=by, about=handover, count=count, **told)
    return rows


@action
def withdraw_items(*, by: User, items: Sequence[HandoverItem]) -> list[HandoverItem]:
    """Whoever gives takes back what nobody has confirmed yet."""
    rows = _waiting(items)
    if not rows or not all(may_give(by, row.station_id, row.handover.giver_id) for row in rows):
        raise NotAllowed
    _decide(by, rows, ItemState.WITHDRAWN, "")
    for handover in {row.handover for row in rows}:
        count = sum(row.handover_id == handover.pk for row in rows)
        audit.record(WITHDRAWN, by=by, about=handover, count=count)
    return rows


def _waiting(items: Sequence[HandoverItem]) -> list[HandoverItem]:
    """The rows of these items, locked. Raises Refused where one was decided meanwhile."""
    rows = list(
        HandoverItem.objects.select_for_update(of=("self",))
        .filter(pk__in=[item.pk for item in items])
        .select_related("handover", "file")
    )
    if any(row.state != ItemState.WAITING for row in rows):
        raise Refused.because("", "所选的有的已经确认、退回或收回了，请刷新这一页")
    return rows


def _hand(by: User, rows: Sequence[HandoverItem]) -> None:
    """The files change hands from the day agreed, or today where it has passed: never backwards."""
    today = clock.today()
    kept = {
        row.file_id: row
        for row in FileWorker.objects.filter(file__in=[row.file_id for row in rows], ends_on__isnull=True)
    }
    ended, begun = [], []
    for item in rows:
        on, now = max(item.handover.starts_on, today), kept.get(item.file_id)
        if now and now.staff_id == item.receiver_id:
            continue
        if now:
            on = max(on, now.starts_on + DAY)
            now.ends_on = on - DAY
            ended.append(now)
        begun.append(
            FileWorker(
                id=new_id(), station_id=item.station_id, file_id=item.file_id, staff_id=item.receiver_id, starts_on=on
            )
        )
    FileWorker.objects.bulk_update(ended, ["ends_on"], batch_size=500)
    FileWorker.objects.bulk_create(begun)
    for item in rows:
        _hand_tasks(by, item)


def _hand_tasks(by: User, item: HandoverItem) -> None:
    """What the giver had still to do about the family is the receiver's, at once: nothing waits for a day to come."""
    theirs = tasks_of(item.handover.giver_id).filter(household=item.file.household_id)
    keys = list(theirs.values_list("pk", flat=True))
    if keys:
        Task.objects.filter(pk__in=keys).update(assignee=item.receiver_id, version=F("version") + 1)
        copy_to_history(Task, keys, kind="~", by=by, reason=MOVED)
    said: dict[str, Any] = {
        "giver_id": item.handover.giver_id, "receiver_id": item.receiver_id, "household_ids": [item.file.household_id],
    }  # fmt: skip
    hand_referrals(by=by, **said)
    hand_matters(by=by, **said)


def tasks_of(staff_id: UUID) -> QuerySet[Task]:
    """The open tasks that are somebody's."""
    return Task.objects.filter(assignee=staff_id, state=TaskState.OPEN)


def _decide(by: User, rows: Sequence[HandoverItem], state: ItemState, why: str) -> None:
    now = clock.now()
    for row in rows:
        row.state, row.why, row.decided_at, row.decided_by = state, why.strip()[:200], now, by
    HandoverItem.objects.bulk_update(rows, ["state", "why", "decided_at", "decided_by"], batch_size=500)
    done = Handover.objects.filter(pk__in={row.handover_id for row in rows}, closed_at__isnull=True)
    done.exclude(items__state=ItemState.WAITING).update(closed_at=now)
