"""Who is to be seen next: every family of a worker, of stations or of a list, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from shuangbai.codes.queries import base_of, label_of
from shuangbai.core.models import holds_on
from shuangbai.followups.enums import State
from shuangbai.followups.rules import Attempt, Bound, Contact, Due, Facts, Graded, due
from shuangbai.households.grades import Schemes, floors_on
from shuangbai.households.models import (
    FamilyFile,
    FileGrade,
    FileWorker,
    Household,
    HouseholdStation,
    Membership,
    Tag,
)
from shuangbai.households.rules import Level
from shuangbai.network.models import Area
from shuangbai.services.enums import RecordKind
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.enums import MODES, RESULTS, Mode

# Visits are read one by one this far back; before that only the latest meeting of each way is asked for.
WINDOW = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class FamilyDue:
    """A family with when and why it is to be seen next.

    `name` is its head's, whole: mask it for who sees surnames only. A family without an open file has no `file_id`,
    one without a responsible worker no `staff_id`.
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
) -> list[FamilyDue]:
    """The families among `visible` (None: all) with an open file on the day, the most urgent first: at most 12 queries.

    Of one worker, of the stations that keep their files, or these households; the last with those that have no file.
    """
    files = FamilyFile.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), opened_on__lte=day)
    if visible is not None:
        files = files.filter(household__in=visible)
    if staff_id is not None:
        kept = FileWorker.objects.on(day).filter(staff=staff_id, file=OuterRef("pk"))
        files = files.filter(Exists(kept))
    if station_ids is not None:
        files = files.filter(kept_at(station_ids, day))
    if household_ids is not None:
        files = files.filter(household__in=list(household_ids))
    rows = list(files.values(*_FILE))
    if household_ids is not None:
        missing = set(household_ids) - {row["household_id"] for row in rows}
        rest = Household.objects.filter(pk__in=missing) if visible is None else visible.filter(pk__in=missing)
        rows += [_without_file(row) for row in rest.values("id", "head_name", "village_id", "village__name")]
    return sorted(_judged(rows, day), key=lambda one: one.urgency)


_FILE = (
    "id", "household_id", "station_id", "number", "opened_on", "household__head_name", "household__village_id",
    "household__village__name",
)  # fmt: skip


def kept_at(station_ids: Collection[UUID], day: date) -> Q:
    """The condition that a file is kept at one of the stations: it made it, or its maker serves the family no more."""
    serving = HouseholdStation.objects.on(day).filter(household=OuterRef("household"))
    served = Exists(serving.filter(station__in=list(station_ids)))
    return served & (Q(station__in=list(station_ids)) | ~Exists(serving.filter(station=OuterRef("station"))))


def _without_file(row: dict[str, Any]) -> dict[str, Any]:
    place = {"household__village_id": row["village_id"], "household__village__name": row["village__name"]}
    said = {"id": None, "household_id": row["id"], "station_id": None, "number": "", "opened_on": None}
    return {**said, **place, "household__head_name": row["head_name"]}


def _judged(rows: Sequence[dict[str, Any]], day: date) -> Iterable[FamilyDue]:
    """What the rules say of each family, from everything they ask about, read for all at once."""
    homes = [row["household_id"] for row in rows]
    files = [row["id"] for row in rows if row["id"]]
    kept = FileWorker.objects.on(day).filter(file__in=files).values_list("file_id", "staff_id", "staff__name")
    workers = {file: (staff, name) for file, staff, name in kept}
    schemes = Schemes(day)
    grades = _grades(files, schemes, day)
    bounds = _bounds(homes, day)
    met, tried = contacts_of(homes, day)
    words = {mode.value: label_of(MODES, mode, day) for mode in Mode}
    places = {name: Area(name=name).short_name for name in {row["household__village__name"] for row in rows}}
    for row in rows:
        home, graded = row["household_id"], grades.get(row["id"], [])
        facts = Facts(
            day, row["opened_on"], graded, met.get(home, ()), tried.get(home, ()), bounds.get(home, ()), words
        )
        level = graded[-1].level if graded else None
        staff, name = workers.get(row["id"], (None, ""))
        yield FamilyDue(
            home, row["household__head_name"], row["household__village_id"], places[row["household__village__name"]],
            due(facts), row["id"], row["number"], row["station_id"], staff, name, level,
            graded[-1].since if graded else None,
            bool(level and level.code not in schemes.of(row["station_id"]).codes),
        )  # fmt: skip


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
