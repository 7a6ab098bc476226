"""Reading small things: what a form offers, what a page shows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from shuangbai.counter.enums import MoveWay, VenueState
from shuangbai.counter.models import Handout, StockItem, StockMove, Venue, VenueCheck, VenueUse
from shuangbai.counter.rules import months_after
from shuangbai.households.models import Household, Person
from shuangbai.network.models import OrgUnit
from shuangbai.services.enums import ContactKind, RecordKind
from shuangbai.services.models import ServiceRecord
from shuangbai.services.queries import RecordPart

TITLES = 12
LATEST = 12
SEALED = ("consultation__name",)  # encrypted: read where one is looked at, in no list


def villages_of_homes(households: Iterable[UUID]) -> dict[UUID | None, int]:
    """The village of each of these families."""
    keys = set(households)
    rows = Household.objects.filter(pk__in=keys).values_list("pk", "village_id") if keys else []
    return dict(rows)


def titles_of(station: OrgUnit) -> list[str]:
    """What leaflets the station handed out are called, the latest first."""
    rows = Handout.objects.filter(station=station, record__voided_at=None).order_by("-record__occurred_on", "title")
    return list(dict.fromkeys(rows.values_list("title", flat=True)[: TITLES * 4]))[:TITLES]


def person_of(record: ServiceRecord) -> Person | None:
    """Who on file asked."""
    return Person.objects.filter(contacts__record=record, contacts__kind=ContactKind.PERSON).first()


def figures_of(stations: Collection[UUID], first: date, last: date) -> dict[str, int]:
    """How much stands in the stations' records of a span: times that something was asked, copies handed out."""
    rows = ServiceRecord.objects.filter(station__in=stations, occurred_on__range=(first, last), voided_at=None)
    asked = rows.filter(kind=RecordKind.CONSULTATION).aggregate(n=Count("pk"), heads=Sum("consultation__many"))
    given = rows.filter(kind=RecordKind.HANDOUT).aggregate(n=Sum("handout__copies"))
    return {"consultations": asked["n"], "people": asked["heads"] or 0, "copies": given["n"] or 0}


@dataclass(frozen=True, slots=True)
class Line:
    """A consultation or leaflets in a list."""

    url: str
    title: str
    meta: list[str]
    text: str
    on: date


def latest(stations: Collection[UUID], *, names: bool, several: bool) -> list[Line]:
    """The latest consultations and leaflets, voided ones left out. Without the right to names no words of theirs."""
    found: list[Line] = []
    for kind in (RecordKind.CONSULTATION, RecordKind.HANDOUT):
        rows = ServiceRecord.objects.filter(station__in=stations, kind=kind, voided_at=None)
        rows = rows.select_related("station", "village", str(kind)).defer(*SEALED)
        found += [_line(one, names, several) for one in rows.order_by("-occurred_on", "-id")[:LATEST]]
    return sorted(found, key=lambda line: line.on, reverse=True)[:LATEST]


def _line(record: ServiceRecord, names: bool, several: bool) -> Line:
    where = [record.village.short_name if record.village else "", str(record.station) if several else ""]
    url = reverse(record.kind, args=[record.pk])
    if record.kind == RecordKind.HANDOUT:
        said = [f"{record.handout.copies} 份", record.place, *where]
        return Line(url, record.handout.title, list(filter(None, said)), "", record.occurred_on)
    asked = record.consultation
    asked.record = record
    said = [asked.get_way_display(), asked.get_outcome_display(), *where]
    text = asked.summary if names else ""
    return Line(url, str(asked), list(filter(None, said)), text, record.occurred_on)


# GOODS AND FUNDS -------------------------------------------------------------

UNREAD = ("household__address", "household__phone")


def standing_moves(item_id: UUID) -> list[StockMove]:
    """The moves of an item that count, without those taken back and what took them back, in their order."""
    rows = StockMove.objects.filter(item=item_id, reverses__isnull=True, reversals__isnull=True)
    return list(rows.defer("whom").order_by("moved_on", "entered_at", "id"))


def last_count(moves: Iterable[StockMove]) -> date | None:
    return max((one.moved_on for one in moves if one.way == MoveWay.COUNT), default=None)


@dataclass(slots=True)
class Balance:
    """An item with what there is of it, and in a month what there was before, came in and went out."""

    item: StockItem
    closing: Decimal = Decimal(0)
    opening: Decimal = Decimal(0)
    came: Decimal = Decimal(0)
    went: Decimal = Decimal(0)


def balances(station: OrgUnit, first: date | None = None, last: date | None = None) -> list[Balance]:
    """The station's items, money first, with their balances on `last`: two queries however many there are."""
    items = StockItem.objects.filter(station=station).order_by("-kind", "name", "id")
    found = {item.pk: Balance(item) for item in items}
    moves = StockMove.objects.filter(item__in=list(found), reverses__isnull=True, reversals__isnull=True)
    moves = moves.filter(moved_on__lte=last) if last else moves
    for item, on, quantity in moves.values_list("item_id", "moved_on", "quantity"):
        line = found[item]
        line.closing += quantity
        if first and on < first:
            line.opening += quantity
        elif quantity > 0:
            line.came += quantity
        else:
            line.went -= quantity
    return list(found.values())


def moves_of_item(item: StockItem) -> QuerySet[StockMove]:
    """Everything that ever moved, the latest first."""
    rows = StockMove.objects.filter(item=item).select_related("item", "household", "entered_by")
    return rows.prefetch_related("reversals").defer(*UNREAD).order_by("-moved_on", "-entered_at", "-id")


def moves_of_month(station: OrgUnit, first: date, last: date) -> list[StockMove]:
    """The month's moves with what was taken back and what took it back, item by item."""
    rows = StockMove.objects.filter(station=station, moved_on__range=(first, last))
    rows = rows.select_related("item", "household", "entered_by").prefetch_related("reversals").defer(*UNREAD)
    return list(rows.order_by("-item__kind", "item__name", "moved_on", "entered_at", "id"))


# VENUES ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A venue with its last check and when the next is due."""

    venue: Venue
    checked_on: date | None
    safe: bool | None
    due_on: date | None

    def overdue(self, day: date) -> bool:
        return self.due_on is not None and self.due_on < day


def places(venues: QuerySet[Venue]) -> list[Place]:
    """Venues with their last checks: two queries."""
    rows = list(venues.defer("caretaker", "phone").select_related("station", "village").order_by("state", "name", "id"))
    last: dict[UUID, VenueCheck] = {}
    looked = VenueCheck.objects.filter(venue__in=[row.pk for row in rows])
    for one in looked.order_by("checked_on", "entered_at"):
        last[one.venue_id] = one
    found = []
    for row in rows:
        check = last.get(row.pk)
        since = check.checked_on if check else row.opened_on
        due = months_after(since, row.check_months) if row.state != VenueState.CLOSED else None
        found.append(Place(row, check.checked_on if check else None, check.safe if check else None, due))
    return found


def checks_due(station: OrgUnit, day: date) -> list[Place]:
    """The station's venues that are open and were last looked over too long ago."""
    open_ = Venue.objects.filter(station=station, state=VenueState.OPEN)
    return [one for one in places(open_) if one.overdue(day)]


def held_there(venue: Venue) -> QuerySet[ServiceRecord]:
    """Activities that were held at a venue, the latest first, with the person-times of each."""
    rows = ServiceRecord.objects.filter(venue_uses__venue=venue, voided_at=None).select_related("activity")
    named = When(contacts__kind=ContactKind.PERSON, then=Value(1))
    one_each = Case(named, default=F("contacts__heads"), output_field=IntegerField())
    return rows.annotate(person_times=Coalesce(Sum(one_each), 0)).order_by("-occurred_on", "-id")


def might_be_held(venue: Venue, day: date, most: int = 30) -> list[tuple[ServiceRecord, bool]]:
    """The station's latest activities without a venue, and whether their place names this one."""
    used = VenueUse.objects.filter(station=venue.station_id, record=OuterRef("pk"))
    rows = ServiceRecord.objects.filter(
        ~Exists(used), station=venue.station_id, kind=RecordKind.ACTIVITY, voided_at=None,
        occurred_on__gte=venue.opened_on, occurred_on__lte=venue.closed_on or day,
    ).select_related("activity")  # fmt: skip
    return [(row, venue.name in row.place) for row in rows.order_by("-occurred_on", "-id")[:most]]


def venue_of(user: Any, record: ServiceRecord) -> RecordPart | None:
    """What stands on the page of an activity about where it was held."""
    if record.kind != RecordKind.ACTIVITY:
        return None
    use = VenueUse.objects.filter(record=record).select_related("venue").defer("venue__caretaker", "venue__phone")
    found = use.first()
    if found is None:
        return None
    return RecordPart("场地", [found.venue.name], reverse("venue", args=[found.venue_id]), "看场地")
