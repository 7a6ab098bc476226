"""Reading families: who lives where on a day, what they carry, and finding them by two letters."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from shuangbai.core import idnumber, telephones
from shuangbai.core.crypto import lookup_hash
from shuangbai.core.models import holds_on
from shuangbai.core.prefixes import begins_with
from shuangbai.core.prepared import prepared
from shuangbai.core.privacy import few, mask_address, mask_id, mask_name
from shuangbai.households.enums import FindKind, TagUnit
from shuangbai.households.known import SamePerson
from shuangbai.households.models import (
    Category,
    CategoryListItem,
    FamilyFile,
    FileNumbering,
    FilePause,
    FileWorker,
    FindKey,
    Household,
    HouseholdStation,
    Membership,
    NumberingRule,
    Person,
    Residence,
    Tag,
)
from shuangbai.households.rules import USUAL_PATTERN, Carried, NumberParts, file_number, fixed_part
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import Area, AreaCode, Coverage, OrgUnit
from shuangbai.network.roles import Permission

TAIL = 4
WHOLE_ID = 15
# Tails are kept as hexadecimal hashes, which begin like initials and digits do: only these are found by a beginning.
READABLE = (FindKind.NAME, FindKind.INITIALS, FindKind.FILE_NO)


# Rooms above that know what else people are called (乳名、外号): given people, pairs of a person and a name.
MORE_NAMES: dict[str, Callable[[Collection[UUID]], Iterable[tuple[UUID, str]]]] = {}
# The room above that knows when families were last met effectively: given families, the day by family.
LAST_MET: dict[str, Callable[[Collection[UUID]], dict[UUID, date]]] = {}


class Span(NamedTuple):
    """One dated fact about a bearer: a membership's other side, or a tag's category."""

    other: object
    starts_on: date
    ends_on: date | None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def touches(self, first: date, last: date | None) -> bool:
        """Whether it shares a day with the days from `first` to `last` (None: without end)."""
        return (last is None or self.starts_on <= last) and (self.ends_on is None or first <= self.ends_on)


class Belongings:
    """Memberships and tags of many families at once, so that judging a batch costs two queries.

    Loads the households named, everybody who ever belonged to them or is named, and every household
    that these people belong to (a child between two homes carries both homes' categories).
    """

    def __init__(self, household_ids: Iterable[UUID], person_ids: Iterable[UUID] = ()) -> None:
        self.homes: dict[UUID, list[Span]] = defaultdict(list)
        self.members: dict[UUID, list[Span]] = defaultdict(list)
        self.tags: dict[UUID, list[Span]] = defaultdict(list)
        households, people = set(household_ids), set(person_ids)
        rows = set(_belonging(people)) | set(_living_with(households))
        self.died_on: dict[UUID, date] = {row[1]: row[4] for row in rows if row[4]}
        people |= {row[1] for row in rows}
        for household, person, starts, ends, _ in rows:
            self.homes[person].append(Span(household, starts, ends))
            self.members[household].append(Span(person, starts, ends))
        for household, person, category, starts, ends in _carried(set(self.members) | households, people):
            self.tags[household or person].append(Span(category, starts, ends))

    def members_on(self, household_id: UUID, day: date) -> set[UUID]:
        return {span.other for span in self.members[household_id] if span.holds_on(day)}  # type: ignore[misc]

    def _own(self, bearer_id: UUID, day: date) -> set[int]:
        return {span.other for span in self.tags[bearer_id] if span.holds_on(day)}  # type: ignore[misc]

    def carried_by_person(self, person_id: UUID, day: date) -> set[int]:
        """Own categories of the day, and those of every household that the person is of on the day."""
        carried = self._own(person_id, day)
        for home in self.homes[person_id]:
            if home.holds_on(day):
                carried |= self._own(home.other, day)  # type: ignore[arg-type]
        return carried

    def carried_by_household(self, household_id: UUID, day: date) -> set[int]:
        """The household's categories of the day, and its members' own."""
        carried = self._own(household_id, day)
        for member in self.members_on(household_id, day):
            carried |= self._own(member, day)
        return carried


_MEMBERSHIP = ("household_id", "person_id", "starts_on", "ends_on", "person__died_on")
_TAG = ("household_id", "person_id", "category_id", "starts_on", "ends_on")


@prepared
def _belonging(person_ids: Collection[UUID]) -> QuerySet[Any]:
    return Membership.objects.filter(person__in=person_ids).values_list(*_MEMBERSHIP)


def homes_ever(person_ids: Collection[UUID]) -> set[UUID]:
    """The households to which people belong or ever belonged."""
    return {row[0] for row in _belonging(person_ids)} if person_ids else set()


@prepared
def _living_with(household_ids: Collection[UUID]) -> QuerySet[Any]:
    """The memberships of everybody who ever belonged to the households, in these and in others."""
    belonged = Membership.objects.filter(household__in=household_ids).values("person")
    return Membership.objects.filter(person__in=belonged).values_list(*_MEMBERSHIP)


@prepared
def _carried(household_ids: Collection[UUID], person_ids: Collection[UUID]) -> QuerySet[Any]:
    """The tags of these households and of these people; each is of the one or the other."""
    return Tag.objects.filter(Q(household__in=household_ids) | Q(person__in=person_ids)).values_list(*_TAG)


@prepared
def residence_spans(household_ids: Collection[UUID]) -> QuerySet[Any]:
    """Where the households lived, as (household, village, first day, last day)."""
    rows = Residence.objects.filter(household__in=household_ids)
    return rows.values_list("household_id", "village_id", "starts_on", "ends_on")


@prepared
def serving_pairs(station_ids: Collection[UUID], household_ids: Collection[UUID]) -> QuerySet[Any]:
    """Which of the stations ever served which of the households, as (station, household)."""
    rows = HouseholdStation.objects.filter(station__in=station_ids, household__in=household_ids)
    return rows.values_list("station_id", "household_id")


def primary_homes(person_ids: Iterable[UUID]) -> dict[UUID, list[Span]]:
    """The primary homes of people, with their days."""
    found: dict[UUID, list[Span]] = defaultdict(list)
    rows = Membership.objects.filter(person__in=list(person_ids), is_primary=True)
    for person, home, starts, ends in rows.values_list("person_id", "household_id", "starts_on", "ends_on"):
        found[person].append(Span(home, starts, ends))
    return found


def members_on(household_id: UUID, day: date) -> QuerySet[Membership]:
    """Who is of the household on the day, the head first; `kept` is the entry that stands for one known twice."""
    rows = Membership.objects.on(day).filter(household_id=household_id).select_related("person")
    return rows.annotate(kept=F("person__same__kept")).order_by("relation", "person__birth_date", "id")


def one_of_each(rows: Iterable[Any], picked: Collection[UUID] = ()) -> list[Any]:
    """Memberships with `kept`, each person once: of two entries of one person the kept one, and whoever is `picked`."""
    listed, best = list(rows), {}
    for row in listed:
        whose = row.kept or row.person_id
        if whose not in best or row.person_id == whose:
            best[whose] = row
    return [row for row in listed if row.person_id in picked or best[row.kept or row.person_id] is row]


@prepared
def member_rows(household_id: UUID, day: date) -> QuerySet[Membership]:
    """Who is of the household on the day, as `members_on`, without what is encrypted."""
    return members_on(household_id, day).defer("person__id_no", "person__phone")


def tags_on(day: date, *, household_ids: Sequence[UUID]) -> dict[UUID, list[Tag]]:
    """Tags valid on the day by household: its own and its current members'."""
    members = dict(
        Membership.objects.on(day).filter(household__in=household_ids).values_list("person_id", "household_id")
    )
    rows = Tag.objects.on(day).filter(Q(household__in=household_ids) | Q(person__in=list(members)))
    found: dict[UUID, list[Tag]] = defaultdict(list)
    for tag in rows.select_related("category").order_by("category__position"):
        found[tag.household_id or members[tag.person_id]].append(tag)  # type: ignore[index]
    return found


def tail_hash(digits: str) -> str:
    """The lookup hash of the last four characters of a telephone or identity number; '' for fewer."""
    plain = re.sub(r"[^0-9Xx]", "", digits).upper()
    return lookup_hash(plain[-TAIL:], "tail") if len(plain) >= TAIL else ""


def phone_tails(text: str) -> str:
    """The lookup hashes of the telephones of a text, apart by spaces; of no more than there may be."""
    found = (tail_hash(one.dialled) for one in telephones.read(text)[: telephones.MOST])
    return " ".join(dict.fromkeys(filter(None, found)))


def find_households(households: QuerySet[Household], station_ids: Sequence[UUID], typed: str) -> QuerySet[Household]:
    """The families among `households` that answer to what was typed.

    A name or part of it, initials of its pinyin, a file number, a village, a whole identity number, or
    the last four digits of one or of a telephone. Nothing typed: all of them.
    """
    text = typed.strip()
    if not text:
        return households
    whole = idnumber.read(text) if len(text) >= WHOLE_ID else None
    if isinstance(whole, idnumber.IdNumber):
        return households.filter(Exists(_bearing(lookup_hash(whole.number, "id")).filter(household=OuterRef("pk"))))
    keys = FindKey.objects.filter(station__in=station_ids)
    found = keys.filter(begins_with("key", text.lower()), kind__in=READABLE)
    if re.fullmatch(r"\d{3}[\dXx]", text):
        found |= keys.filter(key=tail_hash(text), kind__in=[FindKind.PHONE_TAIL, FindKind.ID_TAIL])
    answers = Q(pk__in=found.values("household"))
    if len(text) >= 2 and not text.isascii():
        answers |= Q(village__in=Area.objects.filter(name__contains=text).values("pk"))
    return households.filter(answers)


def _bearing(id_hash: str) -> QuerySet[Membership]:
    """The memberships of whoever bears an identity number, under every entry of theirs."""
    holders = Person.objects.filter(id_hash=id_hash).values("pk")
    kept = SamePerson.objects.filter(person__in=holders).values("kept")
    entries = SamePerson.objects.filter(Q(kept__in=holders) | Q(kept__in=kept)).values("person")
    return Membership.objects.filter(Q(person__in=holders) | Q(person__in=kept) | Q(person__in=entries))


def typed_suggestions(
    households: QuerySet[Household], station_ids: Sequence[UUID], typed: str, limit: int
) -> list[UUID]:
    """Households for a box that searches as one types: straight from the find index, at most `limit`."""
    text = typed.strip().lower()
    if not text:
        return []
    keys = FindKey.objects.filter(begins_with("key", text), station__in=station_ids, kind__in=READABLE)
    if re.fullmatch(r"\d{3}[\dx]", text):
        keys |= FindKey.objects.filter(station__in=station_ids, key=tail_hash(text))
    ids = keys.order_by("key").values_list("household_id", flat=True)[: limit * 3]
    seen = list(dict.fromkeys(ids))[:limit]
    allowed = set(households.filter(pk__in=seen).values_list("pk", flat=True))
    return [pk for pk in seen if pk in allowed]


def open_file_of(*household_ids: UUID) -> FamilyFile | None:
    """The open file of a family, of the first of its entries that has one."""
    files = {file.household_id: file for file in FamilyFile.objects.filter(household__in=household_ids, state="open")}
    return next((files[one] for one in household_ids if one in files), None)


def serving_station_ids(household_id: UUID, day: date) -> list[UUID]:
    rows = HouseholdStation.objects.on(day).filter(household_id=household_id)
    return list(rows.values_list("station_id", flat=True))


def categories_on(day: date) -> QuerySet[Category]:
    return Category.objects.on(day).order_by("position")


# PAGES ---------------------------------------------------------------------

PAGE = 50


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family as lists show it, with what holds on the day. `worker` is responsible for the open file.

    `met_on` is the last day on which somebody of it was met, `unseen` how many days ago: where a list asks for it
    (`with_last_met`). `others`: by how many other entries the family is known.
    """

    household: Household
    name: str
    members: int
    categories: list[str]
    file: FamilyFile | None
    worker: str
    met_on: date | None = None
    unseen: int | None = None  # days since
    others: int = 0
    paused: bool = False


def with_last_met(lines: Sequence[FamilyLine], day: date) -> list[FamilyLine]:
    """The lines with when each family was last met: one query."""
    ids = [line.household.pk for line in lines]
    met = {pk: on for told in LAST_MET.values() for pk, on in told(ids).items()}
    return [
        replace(line, met_on=on, unseen=(day - on).days if on else None)
        for line in lines
        for on in [met.get(line.household.pk)]
    ]


def family_lines(
    households: Sequence[Household],
    day: date,
    *,
    sees_names: bool,
    entries: Mapping[UUID, Sequence[UUID]] | None = None,
) -> list[FamilyLine]:
    """The lines of these families, in their order, in six queries however many there are.

    `entries`: of families known twice all that the reader sees, themselves first; their line tells of the
    categories and the file of all, and of the people of the one listed, for two entries name most of them twice.
    """
    told = {household.pk: (entries or {}).get(household.pk) or [household.pk] for household in households}
    ids = [one for some in told.values() for one in some]
    whoever = Coalesce("person__same__kept", "person")  # who is known twice is one
    rows = Membership.objects.on(day).filter(household__in=list(told)).values("household_id")
    counts = dict(rows.annotate(n=Count(whoever, distinct=True)).values_list("household_id", "n"))
    tags = tags_on(day, household_ids=ids)
    files = {file.household_id: file for file in FamilyFile.objects.filter(household__in=ids, state="open")}
    open_ones = [file.pk for file in files.values()]
    kept = FileWorker.objects.on(day).filter(file__in=open_ones)
    workers = dict(kept.values_list("file_id", "staff__name"))
    paused = set(FilePause.objects.on(day).filter(file__in=open_ones).values_list("file_id", flat=True))
    return [
        FamilyLine(
            household=household,
            name=shown_name(household.head_name, sees_names),
            members=counts.get(household.pk, 0),
            categories=list(dict.fromkeys(tag.category.name for one in some for tag in tags[one])),
            file=file,
            worker=workers.get(file.pk, "") if file else "",
            others=len(some) - 1,
            paused=file is not None and file.pk in paused,
        )
        for household, some in zip(households, told.values(), strict=True)
        for file in [next((files[one] for one in some if one in files), None)]
    ]


def shown_name(name: str, sees_names: bool) -> str:
    """The name, or its first character for those who may not see names whole."""
    return name if sees_names else mask_name(name)


def carrying(households: QuerySet[Household], category: Category, day: date) -> QuerySet[Household]:
    """The families that carry a category on the day, themselves or through a member of the day."""
    tags = Tag.objects.on(day).filter(category=category)
    of_member = Membership.objects.on(day).filter(household=OuterRef("pk"), person__in=tags.values("person_id"))
    return households.filter(Exists(tags.filter(household=OuterRef("pk"))) | Exists(of_member))


def with_file(households: QuerySet[Household], wanted: bool) -> QuerySet[Household]:
    """The families that have an open file, or those that have none."""
    open_one = Exists(FamilyFile.objects.filter(household=OuterRef("pk"), state="open"))
    return households.filter(open_one if wanted else ~open_one)


def kept_by(households: QuerySet[Household], staff_id: UUID, day: date) -> QuerySet[Household]:
    """The families for whose open file somebody is responsible on the day."""
    kept = FileWorker.objects.on(day).filter(staff_id=staff_id, file__state="open")
    return households.filter(pk__in=kept.values("file__household"))


def served_by(households: QuerySet[Household], station_id: UUID, day: date) -> QuerySet[Household]:
    """The families that one station serves on the day."""
    serving = HouseholdStation.objects.on(day).filter(station_id=station_id)
    return households.filter(pk__in=serving.values("household"))


def by_place(households: QuerySet[Household]) -> QuerySet[Household]:
    """In the order of a walk: by village, then by the head's name."""
    return households.select_related("village").order_by("village__name", "head_name", "id")


def tags_of_family(household_id: UUID, person_ids: Sequence[UUID]) -> list[Tag]:
    """Every category that the family or these people carry or carried, the newest first."""
    rows = Tag.objects.filter(Q(household=household_id) | Q(person__in=person_ids))
    return list(rows.select_related("category", "person").order_by("-starts_on", "category__position"))


@dataclass(frozen=True, slots=True)
class Covered:
    """A value that is masked on screen. `kind` names it without saying whose it is, for the trail."""

    key: str
    kind: str
    label: str
    masked: str
    clear: str


def covered_values(
    household: Household, memberships: Iterable[Membership], tags: Iterable[Tag] = ()
) -> dict[str, Covered]:
    """What is masked of a family, its people and their categories, by key; what was never entered is left out."""
    found = [
        Covered("phone", "联系电话", "家庭联系电话", telephones.masked(household.phone), household.phone),
        Covered("address", "住址", "门牌地址", mask_address(household.address), household.address),
    ]
    for person in {membership.person_id: membership.person for membership in memberships}.values():
        masked = mask_id(person.id_no)
        found.append(Covered(f"id.{person.pk}", "证件号", f"{person.name}的身份证号", masked, person.id_no))
        masked = telephones.masked(person.phone)
        found.append(Covered(f"phone.{person.pk}", "联系电话", f"{person.name}的电话", masked, person.phone))
    for tag in tags:
        masked = mask_id(tag.certificate)
        found.append(Covered(f"tag.{tag.pk}", "类别证号", f"{tag.category}的证号", masked, tag.certificate))
    return {one.key: one for one in found if one.clear}


def short_code(station: OrgUnit) -> str:
    """The station's code as file numbers begin with it: HF01 for SW-HF-01."""
    return station.code.split("-", 1)[-1].replace("-", "")


def village_code(village_id: int) -> str:
    """The newest official code of a village; the statistics bureau's where two systems have one; '' for none."""
    rows = AreaCode.objects.filter(area_id=village_id).order_by("-edition", "code").values_list("system", "code")
    codes = dict(reversed(rows))
    return codes.get("nbs") or next(iter(codes.values()), "")


def numbering_rules() -> list[NumberingRule]:
    """How file numbers are and were made, the newest rule first; none where the city set none."""
    return list(NumberingRule.objects.order_by("-starts_on"))


def pattern_on(rules: Sequence[NumberingRule], day: date) -> str:
    """How the numbers of files opened on the day are made."""
    return next((rule.pattern for rule in rules if rule.holds_on(day)), USUAL_PATTERN)


def number_samples(day: date) -> list[tuple[OrgUnit, NumberParts]]:
    """The open stations with what a number of a family in one of their villages would be made of: three queries."""
    stations = OrgUnit.objects.on(day).filter(kind=UnitKind.STATION).order_by("path")
    covered = Coverage.objects.on(day).order_by("-village_id").values_list("station_id", "village_id")
    villages = dict(covered)
    rows = AreaCode.objects.filter(area__in=set(villages.values())).order_by("system", "edition")
    codes = dict(rows.values_list("area_id", "code"))
    return [
        (station, NumberParts(short_code(station), codes.get(villages.get(station.pk, 0), ""), day.year))
        for station in stations
    ]


def number_examples(pattern: str, day: date, count: int = 3) -> list[tuple[str, str]]:
    """The next numbers that some stations would give by a pattern: station and number."""
    shown = number_samples(day)[:count]
    rows = FileNumbering.objects.filter(station__in=[station for station, _ in shown])
    given = {(station, fixed): latest for station, fixed, latest in rows.values_list("station_id", "fixed", "latest")}
    return [
        (station.name, file_number(pattern, parts, given.get((station.pk, fixed_part(pattern, parts)), 0) + 1))
        for station, parts in shown
    ]


def carried(category: Category, last: date | None, day: date) -> Carried:
    """By whom a category is carried on the day, since when, and how many tags go on after `last`: one query."""
    now = holds_on(day)
    told = Tag.objects.filter(category=category).aggregate(
        people=Count("person", filter=now, distinct=True), households=Count("household", filter=now, distinct=True),
        first_on=Min("starts_on"),
        after=Count("pk", filter=Q(ends_on__isnull=True) | Q(ends_on__gt=last) if last else Q(pk__isnull=True)),
    )  # fmt: skip
    return Carried(restricted=category.restricted, **told)


def category_rows(day: date, *, counted: bool) -> list[Category]:
    """All categories in their order; `counted` with how many people and households carry each on the day."""
    rows = list(Category.objects.order_by("position"))
    if counted:
        tags = Tag.objects.on(day).values("category_id")
        counts = tags.annotate(people=Count("person", distinct=True), homes=Count("household", distinct=True))
        found = {row["category_id"]: (row["people"], row["homes"]) for row in counts}
        for row in rows:
            people, homes = found.get(row.pk, (0, 0))
            if row.restricted:
                people = 0 if row.unit == TagUnit.HOUSEHOLD else few(people)
                homes = 0 if row.unit == TagUnit.PERSON else few(homes)
            row.carried_by = people, homes  # type: ignore[attr-defined]
    return rows


def setup_items() -> list[tuple[str, str, str, Permission]]:
    """Pages of this room for the set-up hub: (url name, label, one line, permission)."""
    return [
        ("categories", "类别表", "对象类别与「民政对象」名单：名称、旧称、年龄、起止日期", Permission.MANAGE_CODES),
        ("numbering", "档案编号", "档案号怎样编，从哪天起", Permission.MANAGE_CODES),
    ]


def list_items(code: str) -> QuerySet[CategoryListItem]:
    """What stands on a list of categories, with the days, in the order of the categories."""
    rows = CategoryListItem.objects.filter(list__code=code).select_related("category", "list")
    return rows.order_by("category__position", "starts_on")
