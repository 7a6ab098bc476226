"""Who is to be seen next: every family of a worker, of stations or of a list, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from shuangbai.codes.queries import base_of, label_of
from shuangbai.core import clock
from shuangbai.core.bulk import in_parts
from shuangbai.core.models import holds_on
from shuangbai.dossier.enums import DisabilityKind
from shuangbai.dossier.models import Disability
from shuangbai.followups.enums import Origin, State, TaskState
from shuangbai.followups.models import Task
from shuangbai.followups.rules import (
    EXPIRES_WITHIN,
    Attempt,
    Bound,
    Carries,
    Contact,
    Due,
    Facts,
    Graded,
    Pause,
    Said,
    birthday_reminders,
    certificate_reminders,
    due,
    expiry_reminders,
    review_reminders,
)
from shuangbai.households.doubles import FamilyEntries
from shuangbai.households.enums import BirthPrecision
from shuangbai.households.grades import Schemes, floors_on
from shuangbai.households.models import (
    FamilyFile,
    FileGrade,
    FilePause,
    FileWorker,
    Household,
    HouseholdStation,
    Membership,
    Tag,
)
from shuangbai.households.rules import Level
from shuangbai.network.models import Area, OrgUnit
from shuangbai.network.queries import not_posted
from shuangbai.network.roles import Permission
from shuangbai.services.enums import RecordKind
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.enums import MODES, RESULTS, Mode

# Visits are read one by one this far back; before that only the latest meeting of each way is asked for.
WINDOW = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class FamilyDue:
    """A family with when and why it is to be seen next.

    `name` is its head's, whole: mask it for who sees surnames only. A family without an open file has no `file_id`,
    one without a responsible worker no `staff_id`. `others`: the other entries of one known twice that the reader sees.
    """

    household_id: UUID
    name: str
    village_id: int
    village: str
    due: Due
    file_id: UUID | None = None
    number: str = ""
    station_id: UUID | None = None
    staff_id: UUID | None = None
    worker: str = ""
    level: Level | None = None
    graded_on: date | None = None
    outdated: bool = False  # graded by a scheme that the station no longer uses
    others: tuple[UUID, ...] = ()

    @property
    def state(self) -> State:
        return self.due.state

    @property
    def urgency(self) -> tuple[date, int, str, UUID]:
        """What comes first when families are put in order: the earliest date, then the gravest level."""
        return (self.due.on or date.max, self.level.rank if self.level else 99, self.name, self.household_id)


def families_due(
    visible: QuerySet[Household] | None,
    day: date,
    *,
    staff_id: UUID | None = None,
    station_ids: Collection[UUID] | None = None,
    household_ids: Collection[UUID] | None = None,
    among: Q | None = None,
    each_file: bool = False,
) -> list[FamilyDue]:
    """The families among `visible` (None: all) with an open file on the day, the most urgent first.

    At most 17 queries, of more than 5,000 families for each 5,000 of them.
    Of one worker, of the stations that keep their files, or these households; the last with those that have no file.
    A family known twice is there once, by its file that is due first, unless `each_file`.
    """
    files = FamilyFile.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), opened_on__lte=day)
    if visible is not None:
        named = household_ids is not None  # of these it is asked, otherwise begun with
        files = files.filter(Exists(visible.filter(pk=OuterRef("household"))) if named else Q(household__in=visible))
    if among is not None:  # a condition on files, for figures
        files = files.filter(among)
    if station_ids is not None:
        files = files.filter(kept_at(station_ids, day))
    asked = files
    if staff_id is not None:
        kept = FileWorker.objects.on(day).filter(staff=staff_id, file=OuterRef("pk"))
        asked = asked.filter(Exists(kept))
    if household_ids is not None:
        asked = asked.filter(household__in=list(household_ids))
    rows = list(asked.values(*_FILE))
    entries = FamilyEntries(visible, {row["household_id"] for row in rows} | set(household_ids or ()))
    beside = {one for home in entries.several for one in entries.seen(home)} - {row["household_id"] for row in rows}
    if beside and not each_file:
        rows += files.filter(household__in=beside).values(*_FILE)
    if household_ids is not None:
        missing = set(household_ids) - {row["household_id"] for row in rows}
        rest = Household.objects.filter(pk__in=missing) if visible is None else visible.filter(pk__in=missing)
        rows += [_without_file(row) for row in rest.values(*_PLACE)]
    found = [one for some in in_parts(rows) for one in _judged(some, day, entries)]
    if not each_file:
        found = _once(found, entries)
        found = [one for one in found if staff_id in (None, one.staff_id)]
    return sorted(found, key=lambda one: one.urgency)


_PLACE = ("id", "head_name", "village_id", "village__name")
_FILE = (
    "id", "household_id", "station_id", "number", "opened_on", "household__head_name", "household__village_id",
    "household__village__name",
)  # fmt: skip


def _once(found: Sequence[FamilyDue], entries: FamilyEntries) -> list[FamilyDue]:
    """Each family once: by the file that is due first, of two the gravest level's; under the entry that stands for it.

    Somebody is responsible for it as long as somebody is for one of its files.
    """
    by_family: dict[UUID, list[FamilyDue]] = defaultdict(list)
    for one in found:
        by_family[entries.stands(one.household_id)].append(one)
    elsewhere = {pk for pk, some in by_family.items() if all(one.household_id != pk for one in some)}
    homes = Household.objects.filter(pk__in=elsewhere).values_list(*_PLACE) if elsewhere else ()
    places = {pk: (name, village, Area(name=called).short_name) for pk, name, village, called in homes}
    told = []
    for pk, some in by_family.items():
        first = min(some, key=lambda one: (one.file_id is None, *one.urgency))
        kept = next((one for one in (first, *some) if one.staff_id), first)
        places |= {one.household_id: (one.name, one.village_id, one.village) for one in some}
        name, village_id, village = places[pk]
        others = tuple(one for one in entries.seen(pk) if one != pk)
        told.append(replace(
            first, household_id=pk, name=name, village_id=village_id, village=village, staff_id=kept.staff_id,
            worker=kept.worker, others=others,
        ))  # fmt: skip
    return told


def kept_at(station_ids: Collection[UUID], day: date) -> Q:
    """The condition that a file is kept at one of the stations: it made it, or its maker serves the family no more."""
    serving = HouseholdStation.objects.on(day).filter(household=OuterRef("household"))
    served = Exists(serving.filter(station__in=list(station_ids)))
    return served & (Q(station__in=list(station_ids)) | ~Exists(serving.filter(station=OuterRef("station"))))


def _without_file(row: Any) -> dict[str, Any]:
    place = {"household__village_id": row["village_id"], "household__village__name": row["village__name"]}
    said = {"id": None, "household_id": row["id"], "station_id": None, "number": "", "opened_on": None}
    return {**said, **place, "household__head_name": row["head_name"]}


def _judged(rows: Sequence[dict[str, Any]], day: date, entries: FamilyEntries) -> Iterable[FamilyDue]:
    """What the rules say of each family, from everything they ask about, read for all at once."""
    homes = {row["household_id"] for row in rows}
    everybody = list({one for home in homes for one in entries.every(home)})
    files = [row["id"] for row in rows if row["id"]]
    kept = FileWorker.objects.on(day).filter(file__in=files).values_list("file_id", "staff_id", "staff__name")
    workers = {file: (staff, name) for file, staff, name in kept}
    schemes = Schemes(day)
    grades = _grades(files, schemes, day)
    pauses = _pauses(files, day)
    bounds = _bounds(everybody, day)
    visits = contacts_of(everybody, day)
    words = {mode.value: label_of(MODES, mode, day) for mode in Mode}
    places = {name: Area(name=name).short_name for name in {row["household__village__name"] for row in rows}}
    for row in rows:
        home, graded = row["household_id"], grades.get(row["id"], [])
        met, tried = _of_all_entries(visits, entries, home)
        bound = [one for entry in entries.seen(home) for one in bounds.get(entry, ())]
        facts = Facts(day, row["opened_on"], graded, met, tried, bound, words, pauses.get(row["id"]))
        level = graded[-1].level if graded else None
        staff, name = workers.get(row["id"], (None, ""))
        yield FamilyDue(
            home, row["household__head_name"], row["household__village_id"], places[row["household__village__name"]],
            due(facts), row["id"], row["number"], row["station_id"], staff, name, level,
            graded[-1].since if graded else None,
            bool(level and level.code not in schemes.of(row["station_id"]).codes),
        )  # fmt: skip


def _of_all_entries(visits: "Visits", entries: FamilyEntries, home: UUID) -> tuple[list[Contact], list[Attempt]]:
    """What visits found under every entry of a family, the newest first; of entries not seen only that one was met."""
    met, tried = visits
    seen = entries.seen(home)
    if entries.every(home) == [home]:
        return met.get(home, []), tried.get(home, [])
    found = [one if entry in seen else replace(one, next_on=None)
             for entry in entries.every(home) for one in met.get(entry, ())]  # fmt: skip
    missed = [one for entry in seen for one in tried.get(entry, ())]
    return [sorted(some, key=lambda one: one.on, reverse=True) for some in (found, missed)]  # type: ignore[return-value]


def _grades(files: Sequence[UUID], schemes: Schemes, day: date) -> dict[UUID, list[Graded]]:
    """The grades of each file up to the day, the oldest first; none where the last one has ended."""
    found: dict[UUID, list[Graded]] = defaultdict(list)
    rows = FileGrade.objects.filter(file__in=files, starts_on__lte=day).order_by("starts_on")
    ended: dict[UUID, date | None] = {}
    for file, code, since, until in rows.values_list("file_id", "grade", "starts_on", "ends_on"):
        if code in schemes.levels:
            found[file].append(Graded(schemes.levels[code], since))
            ended[file] = until
    return {file: some for file, some in found.items() if (last := ended[file]) is None or last >= day}


def _pauses(files: Sequence[UUID], day: date) -> dict[UUID, Pause]:
    """The latest pause of each file up to the day: running, with the end that was planned, or over: one query."""
    rows = FilePause.objects.filter(file__in=files, starts_on__lte=day).order_by("starts_on")
    found = {}
    for row in rows:
        over = row.ends_on is not None and row.ends_on < day
        until = row.ends_on + timedelta(days=1) if over and row.ends_on else row.planned_on
        found[row.file_id] = Pause(row.starts_on, until, row.get_reason_display(), over)
    return found


def _bounds(homes: Sequence[UUID], day: date) -> dict[UUID, list[Bound]]:
    """The longest intervals that bind families on the day through what they or their people carry."""
    floors = floors_on(day)
    found: dict[UUID, dict[int, date]] = defaultdict(dict)
    own = Tag.objects.on(day).filter(household__in=homes, category__in=list(floors))
    of_people = Membership.objects.on(day).filter(
        holds_on(day, "person__tags__"), household__in=homes, person__tags__category__in=list(floors)
    )
    alive = of_people.filter(Q(person__died_on__isnull=True) | Q(person__died_on__gt=day))
    carried = [
        *own.values_list("household_id", "category_id", "starts_on", "starts_on"),
        *alive.values_list("household_id", "person__tags__category_id", "person__tags__starts_on", "starts_on"),
    ]
    for home, category, tagged, joined in carried:
        since = max(tagged, joined, floors[category].since)
        found[home][category] = min(since, found[home].get(category, since))
    return {
        home: [Bound(floors[category].name, floors[category].days, since) for category, since in some.items()]
        for home, some in found.items()
    }


Visits = tuple[dict[UUID, list[Contact]], dict[UUID, list[Attempt]]]


def contacts_of(homes: Sequence[UUID], day: date) -> Visits:
    """The visits to households up to the day, the newest first: those that met somebody, those in vain. Two queries.

    Of days before the window only the latest meeting of each way.
    """
    visits = ServiceRecord.objects.filter(
        household__in=homes, kind=RecordKind.VISIT, voided_at__isnull=True, occurred_on__lte=day
    )
    met: dict[UUID, list[Contact]] = defaultdict(list)
    tried: dict[UUID, list[Attempt]] = defaultdict(list)
    recent = visits.filter(occurred_on__gt=day - WINDOW).order_by("household_id", "-occurred_on", "-id")
    columns = ("household_id", "occurred_on", "reached", "visit__mode", "visit__result", "visit__next_on")
    modes: dict[str, str] = {}
    for home, on, reached, mode, result, next_on in recent.values_list(*columns):
        if reached:
            met[home].append(Contact(on, modes.setdefault(mode, base_of(MODES, mode)), next_on))
        else:
            tried[home].append(Attempt(on, label_of(RESULTS, result, on), next_on))
    older = visits.filter(reached=True, occurred_on__lte=day - WINDOW)
    latest = older.values("household_id", "visit__mode").annotate(on=Max("occurred_on"))
    for home, mode, on in latest.order_by("-on").values_list("household_id", "visit__mode", "on"):
        met[home].append(Contact(on, base_of(MODES, mode)))
    return met, tried


def counts_of(families: Iterable[FamilyDue]) -> dict[str, int]:
    """How many families stand how."""
    counts = {str(state): 0 for state in State}
    for one in families:
        counts[one.state] += 1
    return counts


# TASKS ---------------------------------------------------------------------


def _answers(tasks: QuerySet[Task]) -> tuple[Any, QuerySet[ServiceRecord], QuerySet[ServiceRecord]]:
    """The tasks with the family they are about; visits since they were asked that met somebody of it, the first first.

    Of a family known twice its station's under whichever entry: the kept one's, and the others', each by an index.
    """
    met = ServiceRecord.objects.filter(
        Q(household=OuterRef("household")) | Q(station=OuterRef("station")), occurred_on__gte=OuterRef("asked_on"),
        kind=RecordKind.VISIT, reached=True, voided_at__isnull=True,
    ).order_by("occurred_on", "id")  # fmt: skip
    kept, merged = met.filter(household=OuterRef("family")), met.filter(household__same__kept=OuterRef("family"))
    return tasks.annotate(family=Coalesce("household__same__kept", "household")), kept, merged


def with_answer(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Tasks with the record that answers each: the first visit since it was asked that met somebody."""
    asked, kept, merged = _answers(tasks)
    dated = asked.annotate(
        kept_on=Subquery(kept.values("occurred_on")[:1]), merged_on=Subquery(merged.values("occurred_on")[:1])
    )
    other = Q(kept_on__isnull=True) | Q(merged_on__lt=F("kept_on"))
    answered: QuerySet[Task] = dated.annotate(
        met_on=Case(When(other, then="merged_on"), default="kept_on"),
        record_id=Case(When(other, then=Subquery(merged.values("pk")[:1])), default=Subquery(kept.values("pk")[:1])),
    )
    return answered


def open_tasks(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Those that nobody closed and no record answers, the earliest first."""
    asked, kept, merged = _answers(tasks.filter(state=TaskState.OPEN))
    standing: QuerySet[Task] = asked.filter(Q(by_visit=False) | ~(Exists(kept) | Exists(merged)))
    gone = Case(When(assignee__isnull=False, then=not_posted("assignee", clock.today())), default=False)
    shown = standing.annotate(gone=gone).select_related(
        "household__village", "person", "assignee", "entered_by", "station"
    )
    return shown.defer(*_ENCRYPTED).order_by("due_on", "id")


_ENCRYPTED = ("household__address", "household__phone", "person__id_no", "person__phone")


def for_worker(staff_id: UUID | None, day: date) -> Q:
    """The condition that a task is somebody's: given to them, or to nobody who is at their station on the day."""
    return Q(assignee=staff_id) | not_posted("assignee", day) if staff_id else Q()


def closed_tasks(tasks: QuerySet[Task], limit: int) -> list[Task]:
    """The tasks closed last, by hand or by a record that answers them."""
    shown: Any = with_answer(tasks).select_related("household__village", "person", "closed_by").defer(*_ENCRYPTED)
    by_hand = shown.exclude(state=TaskState.OPEN).order_by("-closed_on", "-id")[:limit]
    by_record = shown.filter(state=TaskState.OPEN, by_visit=True, met_on__isnull=False).order_by("-met_on", "-id")
    both = [*by_hand, *by_record[:limit]]
    return sorted(both, key=lambda one: one.closed_on or one.met_on, reverse=True)[:limit]


def handed_upward(tasks: QuerySet[Task], day: date, after: int) -> QuerySet[Task]:
    """Open tasks so many days past their date."""
    return open_tasks(tasks).filter(due_on__lt=day - timedelta(days=after))


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something the product reminds of by itself, about a family."""

    household_id: UUID
    name: str
    village: str
    on: date
    origin: str
    sentence: str

    def get_origin_display(self) -> str:
        return str(Origin(self.origin).label)


def reminders(families: Sequence[FamilyDue], day: date) -> list[Reminder]:
    """Birthdays, last days of categories and certificates, grades to be looked at again, the earliest first.

    Three queries. Of a family known twice, whatever is known under one of its entries.
    """
    homes = {entry: one for one in families for entry in (one.household_id, *one.others)}
    columns = ("household_id", "person_id", "person__name", "person__birth_date", "person__birth_precision")
    rows = Membership.objects.on(day).filter(household__in=list(homes))
    rows = rows.filter(Q(person__died_on__isnull=True) | Q(person__died_on__gt=day))
    people = {(row[0], row[1]): row for row in rows.values_list(*columns)}
    tags = Tag.objects.on(day).filter(Q(household__in=list(homes)) | Q(person__in={key[1] for key in people}))
    carried: dict[UUID, list[Carries]] = defaultdict(list)
    said_of = ("household_id", "person_id", "category__name", "category__max_age", "ends_on")
    for household, bearer, category, max_age, ends_on in tags.values_list(*said_of):
        carried[household or bearer].append(Carries(category, max_age, ends_on))
    papers = Disability.objects.filter(person__in={key[1] for key in people}, void_reason="", ended_on__isnull=True)
    held: dict[UUID, list[tuple[str, date]]] = defaultdict(list)
    near = papers.filter(expires_on__lte=day + timedelta(days=EXPIRES_WITHIN)).defer("certificate")
    for holder, kind, expires_on in near.values_list("person_id", "kind", "expires_on"):
        if expires_on:
            held[holder].append((f"{DisabilityKind(kind).label}证", expires_on))
    found: list[tuple[FamilyDue, Said]] = []
    for (home, person), (_, _, name, born, precision) in people.items():
        exact = born if precision == BirthPrecision.DAY else None
        said = birthday_reminders(name, exact, carried[person], day) + expiry_reminders(name, carried[person], day)
        said += certificate_reminders(name, held[person], day)
        found += [(homes[home], one) for one in said]
    for home, one in homes.items():
        said = expiry_reminders("这户", carried[home], day)
        said += [] if one.due.paused else review_reminders(one.level, one.graded_on, one.outdated, day)
        found += [(one, each) for each in said]
    told = {
        Reminder(one.household_id, one.name, one.village, said.on, said.origin, said.sentence) for one, said in found
    }
    return sorted(told, key=lambda one: (one.on, one.name, one.sentence))


@dataclass(frozen=True, slots=True)
class VillageRound:
    """The families of one village to be seen, the most urgent first; `more` of them are not shown."""

    village_id: int
    name: str
    families: list[FamilyDue]
    more: int


def rounds_of(families: Iterable[FamilyDue], villages: int, each: int) -> list[VillageRound]:
    """Families that are overdue, due or coming by village for a round on foot, the village with most to do first."""
    found: dict[int, list[FamilyDue]] = defaultdict(list)
    for one in families:
        if one.state in (State.OVERDUE, State.DUE, State.SOON):
            found[one.village_id].append(one)

    def pressing(some: list[FamilyDue]) -> tuple[int, int, str]:
        now = sum(one.state != State.SOON for one in some)
        return (-now, -len(some), some[0].village)

    order = sorted(found.values(), key=pressing)[:villages]
    return [VillageRound(o[0].village_id, o[0].village, o[:each], max(len(o) - each, 0)) for o in order]


@dataclass(frozen=True, slots=True)
class Share:
    """How the families of one worker, or of one level, stand. `key` is empty for those without."""

    key: str
    label: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def parts(self) -> list[tuple[str, int]]:
        """Each way to stand with its number, those without a date left out."""
        return [(str(state.label), self.counts[state]) for state in State if state != State.NONE]


def shares_by_worker(families: Iterable[FamilyDue]) -> list[Share]:
    """By who is responsible, by name: work to share out, no ranking. Those without anybody come first."""
    found: dict[tuple[str, str], list[FamilyDue]] = defaultdict(list)
    for one in families:
        found[one.worker, str(one.staff_id or "")].append(one)
    return [Share(key, name, counts_of(some)) for (name, key), some in sorted(found.items())]


def shares_by_level(families: Iterable[FamilyDue]) -> list[Share]:
    """By level, the most urgent first; those that are not graded last."""
    found: dict[tuple[int, str, str], list[FamilyDue]] = defaultdict(list)
    for one in families:
        level = one.level
        found[(level.rank, level.code, level.label) if level else (99, "", "")].append(one)
    return [Share(code, label, counts_of(some)) for (_, code, label), some in sorted(found.items())]


def long_overdue(families: Iterable[FamilyDue], after: int) -> list[tuple[OrgUnit, int]]:
    """How many families are so many days past their date, by station in the tree's order: one query."""
    counts: dict[UUID, int] = defaultdict(int)
    for one in families:
        if one.station_id and one.state == State.OVERDUE and one.due.days > after:
            counts[one.station_id] += 1
    stations = OrgUnit.objects.filter(pk__in=list(counts)).order_by("path")
    return [(station, counts[station.pk]) for station in stations]


def handed_today(station_ids: Collection[UUID], day: date) -> list[FileWorker]:
    """Files of the stations that went to another worker on the day, each with who had it before (`before`)."""
    rows = FileWorker.objects.on(day).filter(station__in=list(station_ids), starts_on=day, file__state="open")
    now = list(rows.select_related("file__household__village", "staff").defer(*_OF_FILE).order_by("staff__name", "id"))
    past = FileWorker.objects.filter(file__in=[row.file_id for row in now], ends_on=day - timedelta(days=1))
    before = {row.file_id: row.staff for row in past.select_related("staff")}
    for row in now:
        row.before = before.get(row.file_id)  # type: ignore[attr-defined]
    return [row for row in now if row.file_id in before]


_OF_FILE = ("file__household__address", "file__household__phone")


def setup_items() -> list[tuple[str, str, str, Permission]]:
    """Pages of this room for the set-up hub: (url name, label, one line, permission)."""
    line = "各级多久见一次、哪些方式算数；各站用哪一种办法；类别的最长间隔"
    return [("grading", "跟进分级", line, Permission.MANAGE_CODES)]
