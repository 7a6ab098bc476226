"""An activity is planned, changed, and moved from state to state; its public page is switched on and off."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from shuangbai.activities.enums import KINDS
from shuangbai.codes.queries import unoffered
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, NotAllowed, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.events.access import events_written_by
from shuangbai.events.enums import EventState
from shuangbai.events.models import Event, EventMove, SignUp
from shuangbai.events.queries import numbers_of, signed_of
from shuangbai.events.rules import ROWS_MOST, event_findings, move_findings
from shuangbai.network.access import check_reaches
from shuangbai.network.models import OrgUnit, Posting, User
from shuangbai.network.roles import Permission
from shuangbai.services.models import Campaign
from shuangbai.services.rules import code_findings

PLANNED = audit.kind("event.planned", "{by} 策划了活动「{title}」", personal=("title",))
CHANGED = audit.kind("event.changed", "{by} 改了活动「{title}」的计划", personal=("title",))
MOVED = audit.kind("event.moved", "{by} 把活动「{title}」改为{state}，原因：{reason}", personal=("title", "reason"))
SWITCHED = audit.kind("event.switched", "{by} 把活动「{title}」的网上报名{how}", personal=("title",))


@dataclass(slots=True)
class EventEntry:
    """The plan of an activity as it comes from its page. `steps`: when, what, who; `budget`: item, planned, actual or
    "", source, money as text."""

    station: OrgUnit
    title: str
    kind: str
    held_on: date
    worker_id: UUID
    series: str = ""
    campaign: Campaign | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    village_id: int | None = None
    place: str = ""
    partners: str = ""
    aim: str = ""
    audience: str = ""
    steps: Sequence[tuple[str, str, str]] = ()
    budget: Sequence[tuple[str, str, str, str]] = ()
    risks: str = ""
    publicity: str = ""
    places: int | None = None
    waiting_most: int = 10
    closes_on: date | None = None
    for_children: bool = False
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


PLAN = (
    "title", "kind", "held_on", "worker_id", "series", "campaign", "starts_at", "ends_at", "village_id", "place",
    "partners", "aim", "audience", "risks", "publicity", "places", "waiting_most", "closes_on", "for_children",
)  # fmt: skip


@action
def plan_event(*, by: User, entry: EventEntry) -> Event:
    """Plan an activity; sent twice it is the first. Raises NotAllowed, Refused."""
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk})
    before = Event.objects.filter(station=entry.station, client_id=entry.client_id).first()
    if before:
        return before
    _check(entry, None)
    event = Event(
        station=entry.station, client_id=entry.client_id, entered_by=by, entered_at=entry.entered_at or clock.now()
    )
    _plan(event, entry)
    insert([event], by=by)
    audit.record(PLANNED, by=by, about=event, title=event.title)
    return event


@action
def change_event(*, by: User, event: Event, version: int, entry: EventEntry) -> Event:
    """Change a plan; more places let in who waits. Raises NotAllowed, Refused, or Conflict."""
    current = current_event(by, event, version)
    _check(entry, current)
    _plan(current, entry)
    save(current, by)
    move_up(current)
    audit.record(CHANGED, by=by, about=current, title=current.title)
    return current


@action
def move_event(*, by: User, event: Event, version: int, to: EventState, reason: str = "") -> Event:
    """Bring an activity to another state. Raises NotAllowed, Refused, Conflict."""
    current = current_event(by, event, version)
    recorded = current.activity is not None and current.activity.record.voided_at is None
    refuse_if_any(
        move_findings(
            was=current.state, to=to, reason=reason, places=current.places, held_on=current.held_on,
            today=clock.today(), recorded=recorded,
        ),
        acknowledged=False,
    )  # fmt: skip
    step(current, to, by=by, reason=reason)
    save(current, by, reason=reason)
    said = reason.strip()[:100] or "（没有写）"
    audit.record(MOVED, by=by, about=current, title=current.title, state=to.label, reason=said)
    return current


@action
def switch_page(*, by: User, event: Event, version: int, on: bool) -> Event:
    """Switch an activity's public page for signing up on or off. Raises NotAllowed, Conflict."""
    current = current_event(by, event, version)
    if current.public != on:
        current.public = on
        save(current, by)
        audit.record(SWITCHED, by=by, about=current, title=current.title, how="打开了" if on else "关了")
    return current


# PARTS ---------------------------------------------------------------------


def locked(by: User, event: Event) -> Event:
    """The event as it stands, locked, if `by` may write it. Raises NotAllowed."""
    if not events_written_by(by).filter(pk=event.pk).exists():
        raise NotAllowed
    return Event.objects.select_for_update().get(pk=event.pk)


def current_event(by: User, event: Event, version: int) -> Event:
    """As `locked`. Raises Conflict where it was changed since `version`."""
    current = locked(by, event)
    if current.version != version:
        raise Conflict(current)
    return current


def save(event: Event, by: User, *, reason: str = "") -> None:
    event.version += 1
    sign(event, by=by, reason=reason.strip())
    event.save()


def step(event: Event, to: EventState, *, by: User, reason: str = "") -> None:
    """The event in another state, and the line that says so. Not yet saved."""
    move = EventMove(
        station=event.station, event=event, was=event.state, became=to, reason=reason.strip()[:200], entered_by=by,
        entered_at=clock.now(),
    )  # fmt: skip
    insert([move], by=by)
    event.state = to
    event.cancel_reason = reason.strip()[:200] if to == EventState.CANCELLED else ""
    if to != EventState.HELD:
        event.activity = None
        event.say_until = None


def move_up(event: Event) -> list[SignUp]:
    """Give places that are free to who waits, in order; nobody overtakes. The event is locked."""
    free = (event.places or 0) - numbers_of(event).taken
    moved = []
    for one in signed_of(event).filter(waiting=True):
        if one.people > free:
            break
        one.waiting, one.moved_up_at = False, clock.now()
        free -= one.people
        moved.append(one)
    SignUp.objects.bulk_update(moved, ["waiting", "moved_up_at"])
    return moved


def _check(entry: EventEntry, current: Event | None) -> None:
    station = entry.station
    posted = Posting.objects.filter(unit=station, staff=entry.worker_id).exists()
    outside = entry.campaign is not None and not entry.campaign.holds_on(entry.held_on)
    found = event_findings(
        title=entry.title, held_on=entry.held_on, opened_on=station.starts_on, closed_on=station.ends_on,
        starts_at=entry.starts_at, ends_at=entry.ends_at, worker_posted=posted, places=entry.places,
        waiting_most=entry.waiting_most, closes_on=entry.closes_on, state=current.state if current else "",
        taken=numbers_of(current).taken if current else 0,
        campaign=entry.campaign.name if entry.campaign and outside else "",
    )  # fmt: skip
    offered = [entry.kind] if current is None or entry.kind != current.kind else []
    found += code_findings("kind", KINDS.name, unoffered(KINDS, offered, entry.held_on), entry.held_on)
    refuse_if_any(found, acknowledged=False)


def _plan(event: Event, entry: EventEntry) -> None:
    for name in PLAN:
        value = getattr(entry, name)
        setattr(event, name, value.strip() if isinstance(value, str) else value)
    event.steps = [[text.strip() for text in row] for row in entry.steps][:ROWS_MOST]
    event.budget = [[text.strip() for text in row] for row in entry.budget][:ROWS_MOST]
