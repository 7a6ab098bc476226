"""Signing up and taking it back: by anybody on the public page, by the station for who telephones.

The event's row is locked for the length of each, so that the last place is given once. What a robot may send is
bounded here, in the database: places and waiting list, sendings a minute, rows altogether (docs/adr/0064).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from shuangbai.core import audit, clock
from shuangbai.core.actions import action, writing
from shuangbai.core.findings import Finding, NotAllowed, Refused, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.events.access import may_open_phones, sign_ups_written_by
from shuangbai.events.actions.planning import locked, move_up
from shuangbai.events.enums import LETS_IN, Entrance, EventState, Gated
from shuangbai.events.models import Event, Gate, SignUp
from shuangbai.events.queries import entrance_of, numbers_of, signed_of
from shuangbai.events.rules import A_MINUTE, KEPT_DAYS, rows_most, sign_up_findings, telephone
from shuangbai.households.enums import UnmaskReason
from shuangbai.network.models import User

JOINED = audit.kind("event.joined", "{by} 收到活动「{title}」的一个报名", personal=("title",))
ENTERED = audit.kind("event.sign_up", "{by} 替人报名了活动「{title}」", personal=("title",))
WITHDRAWN = audit.kind("event.withdrawn", "{by} 取消了活动「{title}」的一个报名", personal=("title",))
TAKEN_BACK = audit.kind("event.taken_back", "{by} 收到活动「{title}」的一个取消报名", personal=("title",))
OPENED = audit.kind(
    "event.phones_opened", "{by} 查看了活动「{title}」报名人的电话 {count} 个，理由：{reason}",
    personal=("title", "reason"), opens=True,
)  # fmt: skip
DROPPED = audit.kind(
    "event.sign_ups_dropped", "{by} 按期删除了活动「{title}」的报名名单 {count} 条", personal=("title",)
)


@dataclass(slots=True)
class SignUpEntry:
    """Who wants to come; `people` of them together."""

    name: str
    phone: str
    people: int = 1
    age_band: str = ""
    guardian: str = ""
    agreed: bool = False
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


@action
def join(*, event: Event, entry: SignUpEntry) -> SignUp:
    """Sign up on the public page; sent twice it is the first. Raises Refused."""
    current = Event.objects.select_for_update().get(pk=event.pk)
    before = SignUp.objects.filter(event=current, client_id=entry.client_id).first()
    if before:
        return before
    made = _signed_up(current, entry, None)
    audit.record(JOINED, by=None, about=current, title=current.title)
    return made


@action
def enter_sign_up(*, by: User, event: Event, entry: SignUpEntry) -> SignUp:
    """Sign somebody up who came or telephoned, under the same rules. Raises NotAllowed, Refused."""
    current = locked(by, event)
    before = SignUp.objects.filter(event=current, client_id=entry.client_id).first()
    if before:
        return before
    made = _signed_up(current, entry, by)
    audit.record(ENTERED, by=by, about=current, title=current.title)
    return made


def _signed_up(event: Event, entry: SignUpEntry, by: User | None) -> SignUp:
    """A place or a place in the queue. The event is locked."""
    refuse_if_any(
        sign_up_findings(
            name=entry.name, phone=entry.phone, people=entry.people, for_children=event.for_children,
            age_band=entry.age_band, guardian=entry.guardian, agreed=entry.agreed,
        ),
        acknowledged=False,
    )  # fmt: skip
    phone = telephone(entry.phone)
    rows = list(signed_of(event))
    if any((one.name, one.phone) == (entry.name.strip(), phone) for one in rows):
        raise Refused.because("name", "这个名字和电话已经报过名了，不用再报", "already")
    door = _door(event, entry.people, by)
    if by is None:
        count_at_gate(event, Gated.JOIN)
    if SignUp.objects.filter(event=event).count() >= rows_most(event.places or 0, event.waiting_most):
        raise Refused.because("", "报名的次数太多了，网上暂时不收。请打电话给社工站", "too_many")
    last = SignUp.objects.filter(event=event).aggregate(n=Max("number"))["n"] or 0
    return SignUp.objects.create(
        station=event.station, event=event, client_id=entry.client_id, number=last + 1, name=entry.name.strip(),
        phone=phone, people=entry.people, waiting=door == Entrance.WAITING, entered_by=by,
        entered_at=entry.entered_at or clock.now(),
        guardian=entry.guardian.strip() if event.for_children else "",
        age_band=entry.age_band if event.for_children else "",
    )  # fmt: skip


def _door(event: Event, people: int, by: User | None) -> Entrance:
    """What there is for so many people; the station also signs up while the public page is off."""
    was = event.public
    event.public = was or by is not None
    door = entrance_of(event, clock.today(), people=people)
    event.public = was
    if door not in LETS_IN:
        field = "along" if door == Entrance.FULL and people > 1 else ""
        raise Refused([Finding(str(door), field, str(door.label))])
    return door


def count_at_gate(event: Event, page: Gated) -> None:
    """Count one sending that is let in, for the event's page and this minute. Raises Refused. The event is locked."""
    minute = int(clock.machine_now().timestamp()) // 60
    gate = Gate.objects.filter(event=event, page=page).first()
    gate = gate or Gate(station=event.station, event=event, page=page)
    if gate.minute != minute:
        gate.minute, gate.let_in = minute, 0
    if gate.let_in >= A_MINUTE:
        raise Refused.because("", "这一分钟提交的人太多了。您填的都还在，请过一分钟再按一次", "gate")
    gate.let_in += 1
    gate.save()


# TAKING BACK ---------------------------------------------------------------


@action
def leave(*, sign_up: SignUp) -> SignUp:
    """Take a sign-up back by its own address; who waits moves up. Again, nothing changes."""
    event = Event.objects.select_for_update().get(pk=sign_up.event_id)
    current = SignUp.objects.get(pk=sign_up.pk)
    if current.withdrawn_at is None:
        if event.state == EventState.HELD or current.came is not None:
            raise Refused.because("", "活动已经办了，不用再取消", "over")
        _withdrawn(event, current)
        audit.record(TAKEN_BACK, by=None, about=event, title=event.title)
    return current


@action
def withdraw_sign_up(*, by: User, sign_up: SignUp) -> SignUp:
    """Take a sign-up back for who asks for it at the station. Raises NotAllowed."""
    if not sign_ups_written_by(by).filter(pk=sign_up.pk).exists():
        raise NotAllowed
    event = locked(by, sign_up.event)
    current = SignUp.objects.get(pk=sign_up.pk)
    if current.withdrawn_at is None:
        _withdrawn(event, current)
        audit.record(WITHDRAWN, by=by, about=event, title=event.title)
    return current


def _withdrawn(event: Event, one: SignUp) -> None:
    one.name = one.phone = one.guardian = one.age_band = ""
    one.person, one.came, one.withdrawn_at, one.moved_up_at = None, None, clock.now(), None
    one.save()
    if event.state == EventState.OPEN:
        move_up(event)


@action
def note_told(*, by: User, sign_up: SignUp) -> SignUp:
    """Somebody who moved up was telephoned. Raises NotAllowed."""
    if not sign_ups_written_by(by).filter(pk=sign_up.pk).exists():
        raise NotAllowed
    current = SignUp.objects.select_for_update().get(pk=sign_up.pk)
    current.moved_up_at = None
    current.save(update_fields=["moved_up_at"])
    return current


@action
def open_phones(*, by: User, event: Event, reason: UnmaskReason) -> list[SignUp]:
    """The list with its telephones, for a reason that stays in the trail. Raises NotAllowed."""
    if not may_open_phones(by, event):
        raise NotAllowed
    rows = list(signed_of(event))
    keys = [str(event.pk)]
    audit.record(OPENED, by=by, about=event, title=event.title, count=len(rows), reason=reason.label, keys=keys)
    return rows


def drop_old_sign_ups() -> int:
    """Delete names and telephones KEPT_DAYS after the day of the activity; how many. Writes only where there are any.

    Numbers stay: an event that was held has them in its tally, any other has them kept there first.
    """
    until = clock.today() - timedelta(days=KEPT_DAYS)
    keys = SignUp.objects.filter(event__held_on__lt=until).order_by().values_list("event_id", flat=True).distinct()
    if not keys.exists():
        return 0
    dropped = 0
    with writing():
        for event in Event.objects.select_for_update().filter(pk__in=list(keys)).order_by("pk"):
            dropped += _drop(event)
    return dropped


def _drop(event: Event) -> int:
    if not event.tally:
        Event.objects.filter(pk=event.pk).update(tally=numbers_of(event).kept())
    count, _each = SignUp.objects.filter(event=event).delete()
    audit.record(DROPPED, by=None, about=event, title=event.title, count=count)
    return count
