"""The day itself: who of the list came, the record that is made of it once, and what people say afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from shuangbai.activities.actions import ActivityEntry, record_activity
from shuangbai.activities.models import Activity
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Conflict, Door, Finding, NotAllowed, Refused, judge, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.events.actions.joining import count_at_gate
from shuangbai.events.actions.planning import current_event, locked, save, step
from shuangbai.events.enums import EventState, Gated, Grade
from shuangbai.events.models import Event, Remark, SignUp
from shuangbai.events.queries import numbers_of, signed_of, times_of
from shuangbai.events.rules import (
    DOORS,
    SAY_DAYS,
    TOGETHER_MOST,
    head_group,
    hold_findings,
    line_after,
    line_before,
    may_say,
    say_most,
)
from shuangbai.network.models import User
from shuangbai.services.enums import CountMethod, HeadGroup

CALLED = audit.kind("event.roll", "{by} 点了活动「{title}」的名，改了 {count} 行", personal=("title",))
HELD = audit.kind("event.held", "{by} 办结了活动「{title}」，记了活动", personal=("title",))
JOINED_TO = audit.kind("event.linked", "{by} 把活动「{title}」的策划对上已有的活动记录", personal=("title",))
SAYING = audit.kind("event.say", "{by} 把活动「{title}」的意见收集{how}", personal=("title",))


# THE ROLL ------------------------------------------------------------------


@action
def call_roll(*, by: User, event: Event, came: Mapping[int, int]) -> list[SignUp]:
    """Note for sign-ups, by their number, how many of them came: 0 for nobody. Those not named stay as they are, so
    that two who stand at two doors do not undo each other. Raises NotAllowed, Refused."""
    current = locked(by, event)
    if current.state not in (EventState.PREPARING, EventState.OPEN):
        raise Refused.because("roll", "活动已经办结或取消，名单不能再点；要改人数请到活动记录里更正")
    if current.held_on > clock.today():
        raise Refused.because("roll", f"活动在 {current.held_on:%Y-%m-%d}，还没到那一天，不能点名")
    changed = []
    for one in signed_of(current).filter(number__in=list(came)):
        count = max(0, min(came[one.number], TOGETHER_MOST))
        if one.came != count:
            # Whoever waited and came all the same has found a place.
            one.came, one.waiting, one.moved_up_at = count, one.waiting and not count, None
            one.came = None if one.waiting else count
            changed.append(one)
    SignUp.objects.bulk_update(changed, ["came", "waiting", "moved_up_at"])
    if changed:
        audit.record(CALLED, by=by, about=current, title=current.title, count=len(changed))
    return changed


# THE RECORD ----------------------------------------------------------------


@action
def hold_event(
    *, by: User, event: Event, version: int, entry: ActivityEntry, matched: Mapping[UUID, UUID],
    acknowledged: bool = False,
) -> Event:  # fmt: skip
    """Record the activity that came of a plan, by the activities' own action; sent twice it is recorded once.

    `entry` names and counts who is not on the list; the list's people are added here: by name where `matched` says who
    of the families a sign-up is, as heads otherwise. Raises NotAllowed, Conflict, Refused, NeedsAcknowledgement.
    """
    current = locked(by, event)
    if current.activity and current.activity.record.client_id == entry.client_id:
        return current
    if current.version != version:
        raise Conflict(current)
    rows = [one for one in signed_of(current) if one.came]
    _check(current, entry.stated_total, sum(one.came or 0 for one in rows), "")
    _name(current, rows, matched)
    numbers = numbers_of(current)
    whole = _whole(current, entry, rows)
    named, times = len(set(whole.person_ids)), len(set(whole.person_ids)) + sum(whole.heads.values())
    began = line_before(replace(numbers, named=0))
    if whole.summary.startswith(began):
        whole.summary = line_after(numbers, times=times, named=named) + whole.summary.removeprefix(began)
    activity = record_activity(by=by, entry=whole, acknowledged=acknowledged)
    _held(by, current, activity)
    audit.record(HELD, by=by, about=current, title=current.title)
    return current


@action
def link_activity(*, by: User, event: Event, version: int, activity: Activity) -> Event:
    """Put a plan to an activity that was recorded without it. Raises NotAllowed, Conflict, Refused."""
    current = locked(by, event)
    if activity.station_id != current.station_id:
        raise NotAllowed
    if current.activity_id == activity.pk:
        return current
    if current.version != version:
        raise Conflict(current)
    other = Event.objects.filter(activity=activity).first()
    _check(current, None, 0, other.title if other else "")
    if activity.record.voided_at:
        raise Refused.because("activity", "这条活动记录已经作废，请另选一条")
    _held(by, current, activity)
    audit.record(JOINED_TO, by=by, about=current, title=current.title)
    return current


def _check(event: Event, stated_total: int | None, on_list: int, taken_by: str) -> None:
    found = hold_findings(
        state=event.state, held_on=event.held_on, today=clock.today(), on_list=on_list, stated_total=stated_total,
        taken_by=taken_by,
    )  # fmt: skip
    refuse_if_any(judge(found, Door.PAGE, DOORS), acknowledged=False)


def _name(event: Event, rows: Sequence[SignUp], matched: Mapping[UUID, UUID]) -> None:
    """Who of the families each sign-up is, as the worker chose: one person one sign-up."""
    chosen = [matched[one.pk] for one in rows if one.pk in matched]
    if len(set(chosen)) != len(chosen):
        said = "名册里的同一个人对上了名单里的两行，请改其中一行"
        raise Refused([Finding("matched_twice", "matches", said)])
    signed_of(event).update(person=None)
    for one in rows:
        one.person_id = matched.get(one.pk)
    SignUp.objects.bulk_update(rows, ["person"])


def _whole(event: Event, entry: ActivityEntry, rows: Sequence[SignUp]) -> ActivityEntry:
    """The activity with everybody: those on the list by name or as heads, and whoever else was there."""
    people = list(dict.fromkeys([*entry.person_ids, *(one.person_id for one in rows if one.person_id)]))
    heads: dict[HeadGroup, int] = dict(entry.heads)
    mine = head_group(event.for_children, event.kind)
    for one in rows:
        came, known = one.came or 0, one.person_id is not None
        own, beside = (0 if known else 1), came - 1
        for group, count in ((mine, own), (HeadGroup.OTHERS, beside)):
            if count:
                heads[group] = heads.get(group, 0) + count
    listed = CountMethod.SIGNED if rows else None
    return replace(entry, person_ids=people, heads=heads, method=entry.method or listed)


def _held(by: User, event: Event, activity: Activity) -> None:
    """The event is over, and what its list said is kept in numbers."""
    event.tally = numbers_of(event).kept()
    event.held_on = activity.record.occurred_on
    event.say_until = clock.today() + timedelta(days=SAY_DAYS)
    step(event, EventState.HELD, by=by)
    event.activity = activity
    save(event, by)


# AFTERWARDS ----------------------------------------------------------------


@dataclass(slots=True)
class RemarkEntry:
    """What somebody says of an activity; nothing of who they are."""

    grade: Grade
    good: str = ""
    change: str = ""
    client_id: UUID = field(default_factory=random_id)


@action
def say(*, event: Event, entry: RemarkEntry) -> None:
    """Take in what somebody says of an activity; sent twice it is said once. Not in the trail: its moment would tell
    whose it is. Raises Refused."""
    current = Event.objects.select_for_update(of=("self",)).select_related("activity").get(pk=event.pk)
    if Remark.objects.filter(event=current, client_id=entry.client_id).exists():
        return
    closed = may_say(state=current.state, say_until=current.say_until, today=clock.today())
    if closed:
        raise Refused.because("", closed, "closed")
    count_at_gate(current, Gated.SAY)
    most = say_most(times_of(current.activity)) if current.activity else 0
    if Remark.objects.filter(event=current).count() >= most:
        raise Refused.because("", "收到的意见已经够多了，谢谢您。有话想说，可以打电话给社工站", "too_many")
    Remark.objects.create(
        station=current.station, event=current, client_id=entry.client_id, grade=entry.grade,
        good=entry.good.strip(), change=entry.change.strip(),
    )  # fmt: skip


@action
def switch_say(*, by: User, event: Event, version: int, on: bool) -> Event:
    """Take remarks in for some days more, or no longer. Raises NotAllowed, Conflict, Refused."""
    current = current_event(by, event, version)
    if current.state != EventState.HELD:
        raise Refused.because("", "活动办结以后才收意见")
    today = clock.today()
    current.say_until = today + timedelta(days=SAY_DAYS) if on else today - timedelta(days=1)
    save(current, by)
    audit.record(SAYING, by=by, about=current, title=current.title, how="打开了" if on else "关了")
    return current
