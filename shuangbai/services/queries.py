"""Reading the spine: lists that stay flat at any size, a family's and a person's history, word search."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value

from shuangbai.codes.enums import SPECS
from shuangbai.codes.queries import label_of
from shuangbai.core import textindex
from shuangbai.core.models import AuditEvent, holds_on
from shuangbai.core.prepared import prepared
from shuangbai.households.models import Person, Standing
from shuangbai.network.models import Staff
from shuangbai.services.enums import RecordKind
from shuangbai.services.models import Campaign, Contact, RecordWorker, ServiceRecord

PAGE = 50


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page of a list begins: after the record of this day and id."""

    occurred_on: date
    record_id: UUID

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """The cursor written as `2020-06-05.hex`; None for anything else."""
        day, _, key = text.partition(".")
        try:
            return cls(date.fromisoformat(day), UUID(key))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.occurred_on:%Y-%m-%d}.{self.record_id.hex}"


def newest_first(records: QuerySet[ServiceRecord], after: Cursor | None = None) -> QuerySet[ServiceRecord]:
    """By day and id, newest first: the order of the index, so that a page costs the same at any size."""
    if after is not None:
        earlier = Q(occurred_on=after.occurred_on, id__lt=after.record_id)
        records = records.filter(occurred_on__lte=after.occurred_on).filter(
            Q(occurred_on__lt=after.occurred_on) | earlier
        )
    return records.order_by("-occurred_on", "-id")


def page_of(
    records: QuerySet[ServiceRecord], after: Cursor | None, size: int = PAGE
) -> tuple[list[ServiceRecord], Cursor | None]:
    """One page of records, and where the next begins (None at the end)."""
    rows = list(newest_first(records, after)[: size + 1])
    if len(rows) <= size:
        return rows, None
    return rows[:size], Cursor(rows[size - 1].occurred_on, rows[size - 1].pk)


def counted(records: QuerySet[ServiceRecord]) -> QuerySet[ServiceRecord]:
    return records.filter(voided_at__isnull=True)


# The room above that knows where records come from: given somebody and a record, the address that shows it, or "".
ORIGINS: dict[str, Callable[[Any, UUID], str]] = {}


class Beside(NamedTuple):
    """What a room above says on a record's page, to somebody who may know of it."""

    label: str
    text: str
    url: str


# Given somebody and a record's key, what a room above says beside it.
BESIDE: dict[str, Callable[[Any, UUID], Sequence[Beside]]] = {}


@dataclass(frozen=True, slots=True)
class RecordPart:
    """What a room above knows of a record, as a section of the record's page: lines, and where one goes on."""

    heading: str
    lines: Sequence[str]
    url: str = ""
    label: str = ""


# Rooms above that know more of a record: given somebody and the record, what stands on its page, or None.
PARTS: dict[str, Callable[[Any, ServiceRecord], RecordPart | None]] = {}


@prepared
def counted_alike(station_ids: Collection[UUID], counted_keys: Collection[UUID]) -> QuerySet[Any]:
    """Standing records of the stations under these keys, as (counted key, id)."""
    rows = ServiceRecord.objects.filter(station__in=station_ids, counted_key__in=counted_keys, voided_at__isnull=True)
    return rows.values_list("counted_key", "id")


@prepared
def sent_rows(station_ids: Collection[UUID], client_ids: Collection[UUID]) -> QuerySet[ServiceRecord]:
    """Records of the stations that were sent under these client ids."""
    return ServiceRecord.objects.filter(station__in=station_ids, client_id__in=client_ids)


@prepared
def campaigns_near(path: str, day: date, besides: Collection[UUID]) -> QuerySet[Campaign]:
    """The campaigns of the day whose owner is the unit of this path or stands above it, and those `besides`."""
    near = Campaign.objects.annotate(below=Value(path)).filter(below__startswith=F("owner__path"))
    return near.filter(holds_on(day) | Q(pk__in=besides)).order_by("starts_on", "id")


def category_page_keys(
    station_ids: Sequence[UUID],
    category_id: int | None,
    after: Cursor | None,
    span: Q,
    size: int = PAGE,
    among: QuerySet[ServiceRecord] | None = None,
    bearer: str = "",
) -> list[tuple[date, UUID]]:
    """Days and ids of the newest records of stations whose household or people counted as a category on the day.

    Read from the index of standings, which ends in date and id; with `bearer`, of a "household" or a "person" alone.
    `among` keeps only records that are in it, each looked up by its key as the index is walked.
    """
    rows = Standing.objects.filter(span, category=category_id, **({f"{bearer}__isnull": False} if bearer else {}))
    # Of several stations the index without them is walked; `among` passes over the others' records.
    if len(station_ids) == 1 or among is None:
        rows = rows.filter(station__in=station_ids)
    if after is not None:
        rows = rows.filter(occurred_on__lte=after.occurred_on).filter(
            Q(occurred_on__lt=after.occurred_on) | Q(occasion__lt=after.record_id)
        )
    if among is not None:
        rows = rows.filter(Exists(among.filter(pk=OuterRef("occasion"))))
    return list(rows.order_by("-occurred_on", "-occasion").values_list("occurred_on", "occasion").distinct()[:size])


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of records is narrowed to. `reach` are the stations whose records it may name."""

    reach: Sequence[UUID]
    station_id: UUID | None = None
    kind: str = ""
    first: date | None = None
    last: date | None = None
    category_id: int | None = None
    worker_id: UUID | None = None
    campaign_id: UUID | None = None
    reached: bool | None = None
    voided: bool = False

    @property
    def station_ids(self) -> Sequence[UUID]:
        return [one for one in self.reach if self.station_id in (None, one)]

    @property
    def span(self) -> Q:
        condition = Q()
        if self.first:
            condition &= Q(occurred_on__gte=self.first)
        if self.last:
            condition &= Q(occurred_on__lte=self.last)
        return condition

    def of(self, records: QuerySet[ServiceRecord]) -> QuerySet[ServiceRecord]:
        """The records asked for, except for the category and the kind (see `listed_page`)."""
        records = records.filter(self.span)
        if self.station_id:
            records = records.filter(station=self.station_id)
        if self.worker_id:
            done_by = RecordWorker.objects.filter(
                station=OuterRef("station"), record=OuterRef("pk"), staff=self.worker_id
            )
            records = records.filter(Exists(done_by))
        if self.campaign_id:
            records = records.filter(campaign=self.campaign_id)
        if self.reached is not None:
            records = records.filter(reached=self.reached)
        return records if self.voided else counted(records)

    def carried(self, records: QuerySet[ServiceRecord]) -> QuerySet[ServiceRecord]:
        """Those that the worker and the category fit; `holds` says the rest of a record that was fetched."""
        if self.worker_id:
            done_by = RecordWorker.objects.filter(record=OuterRef("pk"), staff=self.worker_id)
            records = records.filter(Exists(done_by))
        if self.category_id:
            stood = Standing.objects.filter(occasion=OuterRef("pk"), category=self.category_id)
            records = records.filter(Exists(stood))
        return records

    def holds(self, record: ServiceRecord) -> bool:
        """Whether the plain filters fit a record that was fetched."""
        return (
            (not self.kind or record.kind == self.kind)
            and (self.first is None or record.occurred_on >= self.first)
            and (self.last is None or record.occurred_on <= self.last)
            and (self.reached is None or record.reached == self.reached)
            and (self.campaign_id is None or record.campaign_id == self.campaign_id)
            and (self.voided or record.voided_at is None)
        )


def by_key(records: QuerySet[ServiceRecord], ids: Iterable[UUID]) -> QuerySet[ServiceRecord]:
    """Those of `records` with these ids, each looked up by its key.

    The conditions of `records` stand apart, for beside a list of keys SQLite takes the station's index
    to be the shorter way and reads the whole station.
    """
    return ServiceRecord.objects.filter(Exists(records.filter(pk=OuterRef("pk"))), pk__in=list(ids))


def listed_page(
    records: QuerySet[ServiceRecord], asked: Asked, after: Cursor | None, size: int = PAGE
) -> tuple[list[UUID], Cursor | None]:
    """Ids of one page of a list, newest first, and where the next begins (None at the end).

    Each kind is read from the index of its own, which ends in date and id, and the few rows are put in order here:
    one query over all kinds would sort every row. Those of a category stand in an index of their own.
    """
    among = asked.of(records)
    keys: set[tuple[date, UUID]] = set()
    if asked.category_id:
        wanted = among.filter(kind=asked.kind) if asked.kind else among
        bearer = "household" if asked.kind == RecordKind.VISIT else ""
        keys.update(
            category_page_keys(asked.station_ids, asked.category_id, after, asked.span, size + 1, wanted, bearer)
        )
    else:
        for kind in [asked.kind] if asked.kind else RecordKind.values:
            rows = newest_first(among.filter(kind=kind), after).values_list("occurred_on", "id")
            keys.update(rows[: size + 1])
    ordered = sorted(keys, reverse=True)
    following = Cursor(*ordered[size - 1]) if len(ordered) > size else None
    return [pk for _, pk in ordered[:size]], following


def worded_page(
    records: QuerySet[ServiceRecord], words: str, asked: Asked, before: int | None, size: int = PAGE
) -> tuple[list[UUID], int | None]:
    """Ids of the newest records whose text holds the words, and the key before which the next page begins.

    At most four pages of the index are looked through at a time. Raises ValueError under two characters.
    """
    documents = textindex.find(words, owners=asked.station_ids, limit=size * 4, before=before)
    visible = by_key(records, [subject for _, subject in documents])
    among = (
        asked.carried(visible)
        .select_related("visit", "activity", "team_service", "group_session", "consultation", "handout", "meeting")
        .only("kind", "occurred_on", "reached", "campaign_id", "voided_at", *TEXT_FIELDS)
    )
    holding = {record.pk for record in among if asked.holds(record) and textindex.holds(text_of(record), words)}
    found = [(key, subject) for key, subject in documents if subject in holding]
    if len(found) > size:
        return [subject for _, subject in found[:size]], found[size - 1][0]
    return [subject for _, subject in found], documents[-1][0] if len(documents) == size * 4 else None


TEXT_FIELDS = (
    "visit__narrative", "visit__observation", "activity__title", "activity__summary", "team_service__title",
    "team_service__summary", "group_session__theme", "group_session__process", "consultation__summary",
    "handout__title", "meeting__title", "meeting__decisions",
)  # fmt: skip

# What was written about a record, whatever its kind, in this order: `text_of`.
TEXTS = ("title", "narrative", "observation", "summary", "theme", "process", "decisions")

# What a row of a list shows, and no column more: plain values cost a third of what models do,
# and an address or a telephone would be decrypted for nobody. The details share the record's key.
ROW_FIELDS = (
    "id", "kind", "occurred_on", "place", "reached", "voided_at", "station__name", "village__name",
    "household__head_name", "campaign__name", "visit__mode", "visit__result", "visit__narrative", "activity__title",
    "activity__kind", "activity__summary", "team_service__title",
    "group_session__number", "group_session__theme", "group_session__process", "group_session__group__title",
    "consultation__topic", "consultation__summary", "handout__title", "handout__copies",
    "meeting__kind", "meeting__title", "meeting__decisions",
)  # fmt: skip


@prepared
def _row_fields(ids: Collection[UUID]) -> QuerySet[Any]:
    return ServiceRecord.objects.filter(pk__in=ids).values_list(*ROW_FIELDS)


@prepared
def _done_by(ids: Collection[UUID]) -> QuerySet[Any]:
    return RecordWorker.objects.filter(record__in=ids).order_by("position").values_list("record_id", "staff__name")


def fetch_page(ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """What the rows of these records show, in the order of the ids, with `workers`: two queries.

    Whether somebody may see them was asked by what found them (`listed_page`, `worded_page`).
    """
    rows = {values[0]: dict(zip(ROW_FIELDS, values, strict=True)) | {"workers": []} for values in _row_fields(ids)}
    for record, name in _done_by(ids):
        rows[record]["workers"].append(name)
    return [rows[pk] for pk in ids if pk in rows]


def code_label(kind: str, field: str, code: str, day: date) -> str:
    """The word of a code of a kind's detail on a day; this room reaches the kinds' lists by name alone."""
    return label_of(SPECS[f"{kind}.{field}"], code, day)


def text_of(record: ServiceRecord) -> str:
    """What was written about the record, whatever its kind."""
    detail = getattr(record, record.kind, None)
    parts = (getattr(detail, name, "") for name in TEXTS)
    return "\n".join(part for part in parts if part)


def of_household(records: QuerySet[ServiceRecord], household_id: UUID) -> QuerySet[ServiceRecord]:
    """Records about the household, and those that reached somebody through it."""
    return records.filter(Q(household_id=household_id))


def of_people(records: QuerySet[ServiceRecord], person_ids: Sequence[UUID]) -> QuerySet[ServiceRecord]:
    """Records that reached one of these people."""
    return records.filter(pk__in=Contact.objects.filter(person__in=person_ids).values("record"))


def with_words(
    records: QuerySet[ServiceRecord], words: str, *, stations: Sequence[UUID] | None, limit: int = PAGE
) -> list[ServiceRecord]:
    """The newest records whose text holds the words' character pairs. Raises ValueError under two characters."""
    ids = [subject for _, subject in textindex.find(words, owners=stations, limit=limit)]
    return list(newest_first(by_key(records, ids)))


@dataclass(frozen=True, slots=True)
class Version:
    """A record as it stood from `at` until it was changed again (None: as it stands)."""

    at: datetime
    until: datetime | None
    by: str
    reason: str
    record: Any
    worker_ids: tuple[UUID, ...]
    person_ids: tuple[UUID, ...]
    heads: dict[str, tuple[int, str]]


def versions(record: ServiceRecord) -> list[Version]:
    """Every version of a record, the first one first, from the kept history: four queries."""
    rows = list(record.history.select_related("history_user").order_by("history_date", "history_id"))
    workers = list(RecordWorker.history.filter(record_id=record.pk).order_by("history_date", "history_id"))
    contacts = list(Contact.history.filter(record_id=record.pk).order_by("history_date", "history_id"))
    moments = _said_at(record, rows)
    found = []
    for row, later, at in zip(rows, [*rows[1:], None], moments, strict=True):
        until = later.history_date if later else None
        staff = standing_at(workers, until)
        met = standing_at(contacts, until)
        found.append(
            Version(
                at=at, until=until, by=row.history_user.display_name if row.history_user else "",
                reason=row.history_change_reason or "", record=row,
                worker_ids=tuple(one.staff_id for one in sorted(staff, key=lambda one: one.position)),
                person_ids=tuple(one.person_id for one in met if one.kind == "person"),
                heads={one.group: (one.heads, one.method) for one in met if one.kind == "heads"},
            )
        )  # fmt: skip
    return found


def _said_at(record: ServiceRecord, rows: Sequence[Any]) -> list[datetime]:
    """When each version was made by the city's clock, as the trail has it: an event a version, in order.

    The kept history itself is ordered by the machine's clock, which a demonstration does not show.
    """
    about = {"about_type": record._meta.label_lower, "about_id": str(record.pk)}
    trail = AuditEvent.objects.filter(**about, kind__startswith="record.")
    moments = list(trail.order_by("id").values_list("at", flat=True))
    return moments if len(moments) == len(rows) else [row.history_date for row in rows]


def standing_at(events: Sequence[Any], until: datetime | None) -> list[Any]:
    """The rows that were there just before `until`, from the trail of their coming and going."""
    there: dict[UUID, Any] = {}
    for event in events:
        if until is not None and event.history_date >= until:
            break
        if event.history_type == "-":
            there.pop(event.id, None)
        else:
            there[event.id] = event
    return list(there.values())


def row_at(history: QuerySet[Any], until: datetime | None) -> Any:
    """The latest historical row of a detail before `until`."""
    rows = history.order_by("-history_date", "-history_id")
    return (rows.filter(history_date__lt=until) if until else rows).first()


def names_of(staff_ids: Iterable[UUID], person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What workers and people are called: two queries."""
    names = dict(Staff.objects.filter(pk__in=set(staff_ids)).values_list("pk", "name"))
    return names | dict(Person.objects.filter(pk__in=set(person_ids)).values_list("pk", "name"))
