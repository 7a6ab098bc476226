"""Reading surveys, villages, questionnaires and sheets. Whoever reads was let in by access."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from shuangbai.households.models import Category, FamilyFile, Household, HouseholdStation, Membership, Tag
from shuangbai.households.rules import age_on
from shuangbai.network.enums import AreaLevel
from shuangbai.network.models import Area, Coverage, OrgUnit
from shuangbai.network.queries import villages_covered
from shuangbai.services.enums import RecordKind
from shuangbai.services.models import ServiceRecord
from shuangbai.surveys.enums import FIELD, Field
from shuangbai.surveys.models import AnswerSheet, Questionnaire, Survey
from shuangbai.surveys.rules.sheets import Question, Tally, parts_told, questions_of, tally
from shuangbai.surveys.rules.survey import Difference, differences, number_of
from shuangbai.volunteers.models import Organisation, Team, TeamState, Volunteer
from shuangbai.volunteers.rules import COUNTED

ELDER, ADULT = 60, 18


# SURVEYS -------------------------------------------------------------------


def standing(surveys: QuerySet[Survey]) -> QuerySet[Survey]:
    return surveys.filter(voided_at__isnull=True)


def listed(surveys: QuerySet[Survey], *, village: int | None = None, voided: bool = False) -> QuerySet[Survey]:
    """Surveys, the latest first."""
    rows = surveys if voided else standing(surveys)
    if village:
        rows = rows.filter(village=village)
    return rows.select_related("station", "village", "worker").order_by("-last_on", "-entered_at", "id")


def before(surveys: QuerySet[Survey], survey: Survey) -> Survey | None:
    """The survey of the same village that went before."""
    rows = standing(surveys).filter(village=survey.village_id, last_on__lt=survey.first_on).exclude(pk=survey.pk)
    return rows.select_related("village", "station").order_by("-last_on", "id").first()


def last_before(village_id: int, station_id: UUID, first: date, but: UUID | None) -> Survey | None:
    """The village's last survey by this station that ended before a day."""
    rows = Survey.objects.filter(village=village_id, station=station_id, last_on__lt=first, voided_at__isnull=True)
    rows = rows.exclude(pk=but) if but else rows
    return rows.order_by("-last_on", "id").first()


def same_days(village_id: int, station_id: UUID, first: date, last: date, but: UUID | None) -> bool:
    """Whether the station has a survey of the village that touches these days."""
    rows = Survey.objects.filter(village=village_id, station=station_id, voided_at__isnull=True)
    rows = rows.exclude(pk=but) if but else rows
    return rows.filter(first_on__lte=last, last_on__gte=first).exists()


def ever_covered(station_id: UUID, village_id: int) -> bool:
    return Coverage.objects.filter(station=station_id, village=village_id).exists()


def villages_for(station: OrgUnit, day: date, picked: int | None = None) -> list[tuple[str, str]]:
    """The villages of a station on a day for a form, and whichever was picked before."""
    rows = list(villages_covered(station.pk, day))
    if picked and picked not in {one.pk for one in rows}:
        rows += Area.objects.filter(pk=picked, level=AreaLevel.VILLAGE)
    return [(str(one.pk), one.short_name) for one in rows]


@dataclass(frozen=True, slots=True)
class Change:
    """A version of a survey: who brought it about, when and why, and what it changed."""

    version: int
    by: str
    at: Any
    reason: str
    changed: Sequence[Difference]


def changes_of(survey: Survey) -> list[Change]:
    """Every correction of a survey, the latest first."""
    rows = list(survey.history.select_related("history_user__staff").order_by("version", "history_id"))
    found = []
    for was, now in pairwise(rows):
        changed = [one for one in differences(was.answers, now.answers) if not one.same]
        by = now.history_user.display_name if now.history_user else ""
        found.append(Change(now.version, by, now.history_date, now.history_change_reason or "", changed))
    return found[::-1]


# WHAT THE RECORDS KNOW OF A VILLAGE ----------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """What the records know of a village on a day: families with an open file, who lives in them, what they carry."""

    families: int = 0
    people: int = 0
    elders: int = 0
    children: int = 0
    ageless: int = 0
    by_category: Sequence[tuple[Category, int, int]] = ()  # families and people, most families first
    people_of: Mapping[str, int] = field(default_factory=dict)  # people by the code of a category

    def among(self, *codes: str) -> int:
        return sum(self.people_of.get(code, 0) for code in codes)


# A survey's number beside what the records count as the same.
BESIDE: Mapping[str, tuple[str, ...]] = {
    "disabled": ("disabled", "disabled_severe"),
    "dibao": ("dibao_urban", "dibao_rural"),
    "tekun": ("tekun_urban", "tekun_rural"),
}


def known_of(village: Area, stations: Q, day: date) -> Known:
    """What the stations' files say of a village on a day: four queries. `stations` narrows rows by their station.

    Restricted categories are left out. Whoever is known twice is one; whoever is in two families there is one.
    """
    serving = HouseholdStation.objects.on(day).filter(stations, household=OuterRef("pk"))
    filed = FamilyFile.objects.filter(household=OuterRef("pk"), state="open")
    homes = Household.objects.filter(Exists(serving), Exists(filed), village=village)
    family = dict(homes.annotate(kept=Coalesce("same__kept", "pk")).values_list("pk", "kept"))
    living = Q(person__died_on__isnull=True) | Q(person__died_on__gt=day)
    rows = Membership.objects.on(day).filter(living, household__in=homes)
    members = rows.annotate(who=Coalesce("person__same__kept", "person"))
    of: dict[UUID, set[UUID]] = defaultdict(set)
    born: dict[UUID, date | None] = {}
    entry: dict[UUID, set[tuple[UUID, UUID]]] = defaultdict(set)
    for household, person, who, day_born in members.values_list("household", "person", "who", "person__birth_date"):
        of[household].add(who)
        entry[person].add((who, household))
        born[who] = born.get(who) or day_born
    carried: dict[int, tuple[set[UUID], set[UUID]]] = defaultdict(lambda: (set(), set()))
    tags = Tag.objects.on(day).filter(category__restricted=False)
    for category, household in tags.filter(household__in=homes).values_list("category", "household"):
        carried[category][0].add(family[household])
        carried[category][1].update(of[household])
    for category, person in tags.filter(person__in=rows.values("person")).values_list("category", "person"):
        for who, household in entry[person]:
            carried[category][0].add(family[household])
            carried[category][1].add(who)
    return _known(set(family.values()), born, carried, day)


def _known(families: set[UUID], born: Mapping[UUID, date | None], carried: Mapping[int, Any], day: date) -> Known:
    ages = [age_on(one, day) for one in born.values() if one]
    categories = Category.objects.in_bulk(carried)
    counted = [(categories[key], len(homes), len(people)) for key, (homes, people) in carried.items()]
    by_code: dict[str, set[UUID]] = {categories[key].code: people for key, (_homes, people) in carried.items()}
    merged = {code: len(set().union(*(by_code.get(one, set()) for one in codes))) for code, codes in BESIDE.items()}
    return Known(
        len(families), len(born), sum(age >= ELDER for age in ages), sum(age < ADULT for age in ages),
        len(born) - len(ages), sorted(counted, key=lambda row: (-row[1], row[0].position)), merged,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """What was done in a village from a day to a day, as the figures of these codes count it."""

    visits: int
    met: int
    activities: int
    sessions: int


def done_in(village: Area, stations: Q, first: date, last: date) -> Done:
    """One query."""
    rows = ServiceRecord.objects.filter(
        stations, village=village, voided_at__isnull=True, occurred_on__gte=first, occurred_on__lte=last
    )
    visit = Q(kind=RecordKind.VISIT)
    told = rows.aggregate(
        visits=Count("counted_key", distinct=True, filter=visit),
        met=Count(Coalesce("same__kept", "household"), distinct=True, filter=visit & Q(reached=True)),
        activities=Count("pk", filter=Q(kind=RecordKind.ACTIVITY), distinct=True),
        sessions=Count("pk", filter=Q(kind=RecordKind.GROUP_SESSION), distinct=True),
    )
    return Done(**told)


@dataclass(frozen=True, slots=True)
class Helpers:
    volunteers: int
    teams: Sequence[str]
    organisations: Sequence[str]


def helpers_in(village: Area, stations: Q, day: date) -> Helpers:
    """Volunteers, teams and organisations of a village on a day: three queries."""
    still = Q(until__isnull=True) | Q(until__gte=day)
    volunteers = Volunteer.objects.filter(stations, still, village=village, since__lte=day).count()
    going = TeamState.objects.on(day).filter(stage__in=COUNTED, team=OuterRef("pk"))
    teams = Team.objects.filter(stations, Exists(going), village=village).order_by("name")
    others = Organisation.objects.filter(stations, village=village).order_by("name")
    return Helpers(volunteers, list(teams.values_list("name", flat=True)), list(others.values_list("name", flat=True)))


@dataclass(frozen=True, slots=True)
class Beside:
    """A survey's number beside what the records count, and what the difference says."""

    field: Field
    surveyed: int | None
    known: int
    sentence: str


def beside(survey: Survey | None, known: Known) -> list[Beside]:
    counted = {
        "households": known.families, "elders": known.elders, "children": known.children,
        **{code: known.people_of.get(code, 0) for code in BESIDE},
    }  # fmt: skip
    answers = survey.answers if survey else {}
    return [_beside(FIELD[code], number_of(answers, code), count) for code, count in counted.items()]


def _beside(one: Field, surveyed: int | None, known: int) -> Beside:
    if surveyed is None:
        return Beside(one, None, known, "")
    less = surveyed - known
    if not less:
        return Beside(one, surveyed, known, "相同")
    if less > 0:
        return Beside(one, surveyed, known, f"档案少 {less} {one.unit}")
    return Beside(one, surveyed, known, f"档案多 {-less} {one.unit}，请核对调研的口径")


@dataclass(frozen=True, slots=True)
class VillageLine:
    village: Area
    families: int
    surveyed_on: date | None


def village_lines(villages: QuerySet[Area], surveys: QuerySet[Survey], stations: Q, day: date) -> list[VillageLine]:
    """Villages with their families on file and the day of their last survey: three queries."""
    served = HouseholdStation.objects.on(day).filter(stations).values("household")
    filed = FamilyFile.objects.filter(household=OuterRef("pk"), state="open")
    homes = Household.objects.filter(Exists(filed), pk__in=served).annotate(kept=Coalesce("same__kept", "pk"))
    families = dict(homes.values("village").annotate(n=Count("kept", distinct=True)).values_list("village", "n"))
    last = dict(standing(surveys).order_by().values("village").annotate(on=Max("last_on")).values_list("village", "on"))
    rows = villages.select_related("parent").order_by("parent__name", "name", "id")
    return [VillageLine(one, families.get(one.pk, 0), last.get(one.pk)) for one in rows]


def stations_of(village: Area, stations: Q, day: date) -> QuerySet[OrgUnit]:
    """The stations within reach that cover a village on a day."""
    covering = Coverage.objects.on(day).filter(stations, village=village, station=OuterRef("pk"))
    return OrgUnit.objects.filter(Exists(covering)).order_by("code")


# QUESTIONNAIRES ------------------------------------------------------------


def questionnaires_listed(rows: QuerySet[Questionnaire], sheets: QuerySet[AnswerSheet]) -> QuerySet[Questionnaire]:
    """Questionnaires with their sheets within reach, those in use first: one query."""
    filled = sheets.filter(questionnaire=OuterRef("pk"), voided_at__isnull=True).order_by()
    count = filled.values("questionnaire").annotate(n=Count("pk")).values("n")
    states = {"published": 0, "draft": 1, "ended": 2}
    found = rows.select_related("owner").annotate(sheet_count=Coalesce(Subquery(count), 0))
    return sorted(  # type: ignore[return-value]
        found.order_by("-published_on", "-edition", "id"), key=lambda one: states[one.state]
    )


def editions_of(rows: QuerySet[Questionnaire], line: UUID) -> QuerySet[Questionnaire]:
    return rows.filter(line=line).order_by("-edition")


def sheets_of(sheets: QuerySet[AnswerSheet], questionnaire: Questionnaire) -> QuerySet[AnswerSheet]:
    """The sheets of one version that count."""
    return sheets.filter(questionnaire=questionnaire, voided_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Part:
    """A village of the results: how many sheets, and whether they are told (None: nobody is told apart)."""

    key: int
    name: str
    station: str
    count: int
    told: bool


@dataclass(frozen=True, slots=True)
class Results:
    """What a questionnaire came to, for one reader. `few`: fewer than may be told; then nothing else is."""

    questions: Sequence[Question]
    count: int
    few: bool
    tallies: Sequence[Tally] = ()
    parts: Sequence[Part] = ()
    picked: Part | None = None
    whose: Mapping[str, int] = field(default_factory=dict)
    first_on: date | None = None
    last_on: date | None = None


NOWHERE = 0  # the key of sheets without a village


def results_of(
    questionnaire: Questionnaire, sheets: QuerySet[AnswerSheet], *, all_told: bool, least: int, village: int | None
) -> Results | None:
    """Results as one reader is told them: three queries. None where the village is not one of theirs to see.

    `all_told`: whether results of fewer than `least` sheets are told.
    """
    questions = questions_of(questionnaire.questions)
    rows = sheets_of(sheets, questionnaire)
    counts = Counter(dict(rows.values("village").annotate(n=Count("pk")).values_list("village", "n")))
    counts = Counter({key or NOWHERE: count for key, count in counts.items()})
    told = set(counts) if all_told else parts_told(counts, least)
    parts = _parts(rows, counts, told)
    picked = next((one for one in parts if one.key == village), None)
    if village is not None and (picked is None or not picked.told):
        return None
    total = picked.count if picked else sum(counts.values())
    if not all_told and total < least:
        return Results(questions, total, few=True)
    chosen = rows if picked is None else rows.filter(village=picked.key or None)
    if picked and picked.key == NOWHERE:
        chosen = rows.filter(village__isnull=True)
    filled = list(chosen.order_by("filled_on", "entered_at", "id"))
    days = [one.filled_on for one in filled]
    return Results(
        questions, total, few=False, tallies=tally(questions, [one.said for one in filled]), parts=parts, picked=picked,
        whose=Counter(one.whose for one in filled), first_on=min(days, default=None), last_on=max(days, default=None),
    )  # fmt: skip


def _parts(rows: QuerySet[AnswerSheet], counts: Mapping[int, int], told: Iterable[int]) -> list[Part]:
    """The villages by their place; the station is named of the sheets that were entered there."""
    shown = set(told)
    villages = Area.objects.in_bulk([key for key in counts if key])
    stations: dict[int, list[str]] = defaultdict(list)
    for key, name in rows.order_by("station__code").values_list("village", "station__name").distinct():
        stations[key or NOWHERE].append(name)
    parts = [
        Part(key, villages[key].short_name if key else "没有写村居", "、".join(stations[key]), count, key in shown)
        for key, count in counts.items()
    ]
    return sorted(parts, key=lambda one: (-one.count, one.name))
