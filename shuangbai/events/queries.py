"""Reading plans: the station's lists, who signed up, who came, what was said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from shuangbai.activities.models import Activity
from shuangbai.activities.queries import person_hint
from shuangbai.events.enums import CONTENT, Entrance, Grade
from shuangbai.events.models import Event, EventMove, Remark, SignUp
from shuangbai.events.rules import COMING, NEAR_DAYS, Numbers, entrance
from shuangbai.households.access import households_visible_to
from shuangbai.households.models import Membership
from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission
from shuangbai.services.enums import ContactKind, RecordKind
from shuangbai.services.models import Contact, ServiceRecord
from shuangbai.services.queries import RecordPart

# WHO SIGNED UP -------------------------------------------------------------


def signed_of(event: Event) -> QuerySet[SignUp]:
    """Who signed up and did not take it back, in order."""
    return SignUp.objects.filter(event=event, withdrawn_at__isnull=True).order_by("number")


def numbers_of(event: Event) -> Numbers:
    """The numbers of an event: from its list, or, once that is deleted, as they were kept."""
    alive = Q(withdrawn_at__isnull=True)
    found = SignUp.objects.filter(event=event).aggregate(
        taken=Coalesce(Sum("people", filter=alive & Q(waiting=False)), 0),
        queued=Coalesce(Sum("people", filter=alive & Q(waiting=True)), 0),
        withdrawn=Count("id", filter=~alive),
        there=Coalesce(Sum("came", filter=alive), 0),
        named=Count("id", filter=alive & Q(person__isnull=False, came__gt=0)),
        sign_ups=Count("id", filter=alive),
        told=Count("id", filter=alive & Q(came__isnull=False)),
        to_tell=Count("id", filter=alive & Q(moved_up_at__isnull=False)),
        every=Count("id"),
    )
    every, found["came"] = found.pop("every"), found.pop("there")
    found["waiting"] = found.pop("queued")
    return Numbers(**found) if every or not event.tally else Numbers(**event.tally)


def entrance_of(event: Event, today: date, *, people: int = 1, numbers: Numbers | None = None) -> Entrance:
    """What an event's public page has to offer today."""
    counts = numbers or numbers_of(event)
    return entrance(
        state=event.state, public=event.public, today=today, held_on=event.held_on, closes_on=event.closes_on,
        places=event.places or 0, waiting_most=event.waiting_most, taken=counts.taken, waiting=counts.waiting,
        people=people,
    )  # fmt: skip


def ahead_of(sign_up: SignUp) -> int:
    """How many people wait before somebody who waits."""
    rows = SignUp.objects.filter(event=sign_up.event_id, withdrawn_at__isnull=True, waiting=True)
    return rows.filter(number__lt=sign_up.number).aggregate(n=Coalesce(Sum("people"), 0))["n"]


def likely(user: Any, event: Event, sign_ups: Iterable[SignUp]) -> dict[UUID, list[tuple[UUID, str]]]:
    """For each sign-up, who of the station's families is called so: two queries, however many."""
    names: dict[str, list[UUID]] = {}
    for one in sign_ups:
        names.setdefault(one.name, []).append(one.pk)
    families = households_visible_to(user, Permission.WRITE_RECORDS).filter(station=event.station_id)
    rows = Membership.objects.on(event.held_on).filter(person__name__in=list(names), household__in=families)
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for row in rows.select_related("person", "household__village").order_by("person__name", "id"):
        for key in names[row.person.name]:
            found.setdefault(key, []).append((row.person_id, person_hint(row, event.held_on)))
    return found


# LISTS ---------------------------------------------------------------------


def listed(events: QuerySet[Event], today: date, *, past: bool) -> QuerySet[Event]:
    """Events with their numbers: what comes, the next first; or what was, the last first. One query."""
    ahead = Q(state__in=COMING)
    events = events.exclude(ahead) if past else events.filter(ahead)
    alive = SignUp.objects.filter(event=OuterRef("pk"), withdrawn_at__isnull=True).order_by().values("event")

    def people(rows: QuerySet[Any]) -> Any:
        summed = Subquery(rows.annotate(n=Sum("people")).values("n"))
        return Coalesce(summed, 0, output_field=IntegerField())

    rows = events.select_related("station", "village", "worker").annotate(
        taken=people(alive.filter(waiting=False)), queued=people(alive.filter(waiting=True))
    )
    return rows.order_by("-held_on", "id") if past else rows.order_by("held_on", "id")


@dataclass(frozen=True, slots=True)
class Coming:
    """What the first page says: how many activities come within a week, how many passed their day without a record,
    and how many people are to be telephoned because a place became free."""

    soon: int
    unrecorded: int
    to_tell: int
    next: Event | None

    def __bool__(self) -> bool:
        return bool(self.soon or self.unrecorded or self.to_tell)


def coming(events: QuerySet[Event], today: date) -> Coming:
    """Two queries for the first page."""
    week = today + timedelta(days=7)
    rows = list(events.filter(state__in=COMING, held_on__lte=week).order_by("held_on", "starts_at", "id"))
    soon = [one for one in rows if one.held_on >= today]
    moved = SignUp.objects.filter(event__in=[one.pk for one in soon], moved_up_at__isnull=False)
    return Coming(
        len(soon), len(rows) - len(soon), moved.filter(withdrawn_at__isnull=True).count(), soon[0] if soon else None
    )


def moves_of(event: Event) -> QuerySet[EventMove]:
    return EventMove.objects.filter(event=event).select_related("entered_by").order_by("entered_at", "id")


def unplanned_near(event: Event) -> QuerySet[Activity]:
    """The station's standing activities of those days that came of no plan."""
    span = (event.held_on - timedelta(days=NEAR_DAYS), event.held_on + timedelta(days=NEAR_DAYS))
    rows = Activity.objects.filter(station=event.station_id, event__isnull=True, record__voided_at__isnull=True)
    return rows.filter(record__occurred_on__range=span).select_related("record").order_by("record__occurred_on", "pk")


def times_of(activity: Activity) -> int:
    """The person-times of an activity, as figures count them."""
    rows = Contact.objects.filter(record=activity.pk).exclude(kind=ContactKind.HOUSEHOLD)
    counted = rows.aggregate(n=Count("id", filter=Q(kind=ContactKind.PERSON)) + Coalesce(Sum("heads"), 0))
    return counted["n"] or 0


# WHAT WAS SAID -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heard:
    """What people said of activities: by grade, of how many activities, and how many of all were content."""

    counts: Mapping[str, int]
    events: int

    @property
    def answers(self) -> int:
        return sum(self.counts.values())

    @property
    def content(self) -> int:
        return sum(self.counts.get(grade, 0) for grade in CONTENT)

    @property
    def lines(self) -> list[tuple[str, int]]:
        """Every grade in its words, the best first."""
        return [(str(grade.label), self.counts.get(grade, 0)) for grade in Grade]

    @property
    def share(self) -> int | None:
        """How many of a hundred were content; None where nobody said anything."""
        return round(100 * self.content / self.answers) if self.answers else None


def feedback_of(activities: Iterable[UUID] | QuerySet[Activity]) -> Heard:
    """What people said of these activities, by their keys or as a query; voided ones say nothing. One query."""
    held = Remark.objects.filter(event__activity__in=activities, event__activity__record__voided_at__isnull=True)
    rows = list(held.values("grade").annotate(n=Count("id")).values_list("grade", "n"))
    return Heard(dict(rows), held.values("event").distinct().count() if rows else 0)


def heard_of(event: Event) -> Heard:
    rows = Remark.objects.filter(event=event).values("grade").annotate(n=Count("id"))
    return Heard(dict(rows.values_list("grade", "n")), 1)


def words_of(event: Event) -> list[Remark]:
    """Remarks with words, in an order that tells nothing (their keys are random)."""
    return [one for one in Remark.objects.filter(event=event).order_by("pk") if one.good or one.change]


def part_of(user: Any, record: ServiceRecord) -> RecordPart | None:
    """On the page of an activity (services.queries.PARTS): the plan that it came of, and what was said of it."""
    if record.kind != RecordKind.ACTIVITY:
        return None
    event = Event.objects.filter(activity=record.pk).first()
    if event is None or not viewer_of(user).reaches(Permission.SEE_RECORDS, event.station_id):
        return None
    numbers, heard = numbers_of(event), heard_of(event)
    lines = [f"报名 {numbers.taken} 人，名单上到场 {numbers.came} 人"] if numbers.taken or numbers.came else []
    if heard.answers:
        lines.append(f"收到意见 {heard.answers} 份，很满意和满意的 {heard.content} 份（{heard.share}%）")
    return RecordPart("策划与反馈", lines, reverse("event", args=[event.pk]), "看策划")
