"""What would become of a ledger in a station: whom its families and people are on file, what is new, what differs.

Reads alone, in a number of queries that does not grow with the ledger. What somebody decided is taken as it is.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from shuangbai.activities.models import Activity
from shuangbai.codes.queries import base_of, first_as, unoffered
from shuangbai.core import clock, telephones
from shuangbai.core.bulk import in_parts
from shuangbai.core.characters import folded
from shuangbai.core.collecting import seldom
from shuangbai.core.crypto import hasher
from shuangbai.dossier.models import STANDING, PersonSheet
from shuangbai.households.enums import BirthPrecision, TagUnit
from shuangbai.households.models import Category, Household, Person, Tag
from shuangbai.ledgers.enums import Fate, Kind
from shuangbai.ledgers.grouping import Family, Someone, digests, families, written_day
from shuangbai.ledgers.models import ImportedRow
from shuangbai.ledgers.queries import staff_ever
from shuangbai.ledgers.register import Choice, Home, Register
from shuangbai.ledgers.told import Row
from shuangbai.network.enums import Sex
from shuangbai.network.models import Area, AreaCode, OrgUnit
from shuangbai.services.models import ServiceRecord
from shuangbai.services.queries import counted_alike
from shuangbai.visits.actions import counted_key
from shuangbai.visits.enums import MODES, PURPOSES, RESULTS, Mode, Purpose, Result

NO_NAME = "没有姓名，不知道说的是哪一户，请补上户主姓名"


class Before(NamedTuple):
    """What became of a row when it came before."""

    household: UUID | None
    person: UUID | None
    record: UUID | None


@dataclass(slots=True)
class Decided:
    """What somebody decided of a ledger, besides its columns.

    `families`: by a family's key the family on file that it is, or "" for a new one. `take`: fields in which the
    ledger is right where the system says otherwise. `again`: visits and activities that look recorded go in all the
    same. `village`: where families live of whom the ledger names none. Of a bureau's list, `files`: whoever is on it
    and has no file gets one; `gone`: by the category that somebody carries and is no longer on the list for, what is
    done about it (rosters.END, rosters.ASK).
    """

    families: dict[str, str] = field(default_factory=dict)
    villages: dict[str, str] = field(default_factory=dict)
    take: list[str] = field(default_factory=list)
    again: bool = False
    village: str = ""
    files: bool = False
    gone: dict[str, str] = field(default_factory=dict)
    mapping: dict[str, dict[str, str | None]] = field(default_factory=dict)


@dataclass(slots=True)
class Difference:
    """A field of somebody or of a family on file about which the ledger says something else."""

    field: str
    label: str
    old: str
    new: str


@dataclass(slots=True)
class Carried:
    """A category that the ledger gives somebody, from the day from which it is known."""

    code: str
    since: date


@dataclass(slots=True)
class PersonSaid:
    """Somebody of a ledger beside who they are on file. `fills`: what the system does not know yet."""

    said: Someone
    person: UUID | None = None
    fills: dict[str, Any] = field(default_factory=dict)
    differs: list[Difference] = field(default_factory=list)
    tags: list[Carried] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def adds(self) -> bool:
        return bool(self.fills or self.tags or self.facts)


@dataclass(slots=True)
class FamilySaid:
    """A family of a ledger beside the one on file. `home` None: a new one, unless `choices` wait for a decision."""

    said: Family
    village: int | None
    home: UUID | None = None
    choices: list[Choice] = field(default_factory=list)
    people: list[PersonSaid] = field(default_factory=list)
    fills: dict[str, Any] = field(default_factory=dict)
    differs: list[Difference] = field(default_factory=list)
    tags: list[Carried] = field(default_factory=list)
    opens_file: bool = False
    has_file: bool = False
    missing: str = ""  # why it cannot be entered

    @property
    def all_differences(self) -> list[Difference]:
        return [*self.differs, *(difference for person in self.people for difference in person.differs)]

    @property
    def waits(self) -> bool:
        return bool(self.choices)


@dataclass(slots=True)
class Proposal:
    """What would become of each row of a ledger; `fates`, `reasons` and `homes` stand beside `rows`."""

    kind: Kind
    station: OrgUnit
    rows: list[Row]
    digests: list[str]
    households: list[FamilySaid] = field(default_factory=list)
    fates: list[Fate] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)
    homes: dict[int, FamilySaid] = field(default_factory=dict)
    before: dict[str, Before] = field(default_factory=dict)
    villages: dict[str, int] = field(default_factory=dict)  # by the codes that the ledger's villages have

    @property
    def counts(self) -> dict[str, int]:
        return {fate.value: many for fate, many in sorted(Counter(self.fates).items())}

    @property
    def open_choices(self) -> list[FamilySaid]:
        return [one for one in self.households if one.waits]


# Kinds that are about no family, by how they are held beside the station (enrolling, told when the room starts).
BESIDE: dict[Kind, Callable[[Proposal, Decided], None]] = {}


@seldom()
def propose(station: OrgUnit, kind: Kind, rows: Sequence[Row], decided: Decided) -> Proposal:
    """What would become of these rows in the station, as far as it is decided."""
    hashed = hasher("ledger.row")
    keys = [hashed(digest) for digest in digests(rows, kind)]
    found = Proposal(kind, station, list(rows), keys)
    found.before, found.villages = _before(station, keys), _villages(rows, decided)
    found.fates = [Fate.WRONG if row.wrong else Fate.NEW for row in rows]
    if kind in BESIDE:
        BESIDE[kind](found, decided)
    elif kind is not Kind.ACTIVITIES:
        _Matching(found, decided).match()
    for number, key in enumerate(keys):
        if key in found.before and not rows[number].wrong:
            found.fates[number], _ = Fate.SAME, found.reasons.pop(number, None)
    if kind in (Kind.VISITS, Kind.ACTIVITIES):
        _judge_days(found)
        if not decided.again:
            _judge_twice(found)
    return found


def _before(station: OrgUnit, keys: Sequence[str]) -> dict[str, Before]:
    """What became of those of these rows that came before and still stand."""
    found: dict[str, Before] = {}
    for some in in_parts(dict.fromkeys(keys)):
        rows = ImportedRow.objects.filter(station=station, digest__in=some, undone=False)
        rows = rows.exclude(fate__in=[Fate.WRONG, Fate.ASK])
        found |= {row[0]: Before(*row[1:]) for row in rows.values_list("digest", "household", "person", "record")}
    return found


def _villages(rows: Sequence[Row], decided: Decided) -> dict[str, int]:
    codes = {row.said.get("village", "") for row in rows} | {decided.village}
    return dict(AreaCode.objects.filter(code__in=codes - {""}).order_by("edition").values_list("code", "area_id"))


class _Matching:
    """Holds the families of a ledger beside those on file."""

    def __init__(self, found: Proposal, decided: Decided) -> None:
        self.found, self.decided, self.today = found, decided, clock.today()
        self.register = Register(found.station, self.today)
        self.families = families(found.rows, found.kind)
        self.villages = found.villages
        self.urban = {
            pk for pk, name in Area.objects.filter(pk__in=set(self.villages.values())).values_list("pk", "name")
            if "社区" in name or "居" in name
        }  # fmt: skip
        self.categories = {one.code: one for one in Category.objects.all()}

    def match(self) -> None:
        found = self.found
        place = {id(row): number for number, row in enumerate(found.rows)}
        of_home: dict[UUID, FamilySaid] = {}
        for family in self.families:
            one = self._placed(family, [place[id(row)] for row in family.rows])
            same = of_home.get(one.home) if one.home else None
            for row in family.rows:
                found.homes[place[id(row)]] = same or one
            if same:  # two parts of the ledger tell of one family on file
                same.said.take(family)
                same.people = _people(same.said)
                continue
            found.households.append(one)
            if one.home:
                of_home[one.home] = one
        self._compare([one for one in found.households if one.home])
        for one in found.households:
            self._tell(one, place)
        for number, row in enumerate(found.rows):
            if not row.wrong and number not in found.homes:
                found.fates[number] = Fate.WRONG
                found.reasons[number] = NO_NAME

    def _placed(self, family: Family, places: Sequence[int]) -> FamilySaid:
        village = self.villages.get(family.village) or self.villages.get(self.decided.village)
        one = FamilySaid(family, village)
        said = self.decided.families.get(family.key)
        homes = {self.found.before[key].household for key in (self.found.digests[n] for n in places)
                 if key in self.found.before} - {None}  # fmt: skip
        known = [home for home in homes if home in self.register.homes]
        if said is not None and (said == "" or UUID(said) in self.register.homes):
            one.home = UUID(said) if said else None
        elif known:
            one.home = known[0]
        else:
            one.home, one.choices = self.register.find(family, village)
        if not family.people and one.home is None:
            one.missing, one.choices = NO_NAME, []
        elif one.home is None and not one.choices and village is None:
            one.missing = "没有写村居，不知道登记在哪里，请在下面选一个村居，或在表里补上"
        one.people = _people(family)
        return one

    # WHAT DIFFERS

    def _compare(self, known: Sequence[FamilySaid]) -> None:
        homes = {row.pk: row for some in in_parts({one.home for one in known})
                 for row in Household.objects.filter(pk__in=some)}  # fmt: skip
        for one in known:
            home = self.register.homes[one.home]  # type: ignore[index]
            for individual in one.people:
                member = home.member(individual.said)
                individual.person = member.person if member else None
        ids = {individual.person for one in known for individual in one.people} - {None}
        people = {row.pk: row for some in in_parts(ids) for row in Person.objects.filter(pk__in=some)}
        held, sheets = self._carried(ids, set(homes)), self._facts(ids)
        for one in known:
            self._compare_home(one, homes[one.home], self.register.homes[one.home])  # type: ignore[index]
            for individual in one.people:
                if individual.person:
                    self._compare_person(individual, people[individual.person])
                    individual.facts = {} if individual.person in sheets else individual.said.facts
        for one in self.found.households:
            wanted = bool(one.said.file_no or one.said.opened_on) or self.decided.files
            one.opens_file = wanted and not one.has_file
            self._give(one, held)

    @staticmethod
    def _carried(people: set[Any], homes: set[UUID]) -> dict[UUID, set[str]]:
        held: dict[UUID, set[str]] = {}
        for name, ids in (("person", people), ("household", homes)):
            for some in in_parts(ids):
                rows = Tag.objects.filter(**{f"{name}__in": some}).values_list(f"{name}_id", "category__code")
                for bearer, code in rows:
                    held.setdefault(bearer, set()).add(code)
        return held

    @staticmethod
    def _facts(people: set[Any]) -> set[UUID]:
        """Of whom something is said already, which a ledger does not replace."""
        rows = (PersonSheet.objects.filter(STANDING, person__in=some) for some in in_parts(people))
        return {person for some in rows for person in some.values_list("person_id", flat=True)}

    def _compare_home(self, one: FamilySaid, home: Household, held: Home) -> None:
        said = one.said
        self._telephones(one, home.phone, said.phones)
        self._field(one, "address", "住址", home.address, said.address)
        self._field(one, "group", "村民小组", home.group, said.group[:30])
        one.has_file = held.has_open_file

    def _compare_person(self, one: PersonSaid, person: Person) -> None:
        said, (born, precision) = one.said, one.said.born
        if said.id and not person.id_no:
            one.fills["id_no"] = said.id
        self._telephones(one, person.phone, said.phones)
        if said.sex in (Sex.MALE, Sex.FEMALE):
            old = person.get_sex_display() if person.sex in (Sex.MALE, Sex.FEMALE) else ""
            self._field(one, "sex", "性别", old, str(Sex(said.sex).label), said.sex)
        if born and precision == BirthPrecision.DAY and not said.id:
            old = f"{person.birth_date}" if person.birth_date else ""
            self._field(one, "birth_date", "出生日期", old, f"{born}", born)
            if "birth_date" in one.fills:
                one.fills["birth_precision"] = BirthPrecision.DAY

    def _telephones(self, one: FamilySaid | PersonSaid, old: str, said: Sequence[str]) -> None:
        """Numbers that the system does not know; taken, they stand before those that it knows."""
        known = {each.dialled for each in telephones.read(old)}
        new = "、".join(number for number in said[: telephones.MOST] if number.replace("-", "") not in known)
        self._field(one, "phone", "电话", old, new, f"{new}、{old}" if old else new)

    def _field(
        self, one: FamilySaid | PersonSaid, name: str, label: str, old: str, new: str, value: Any = None
    ) -> None:
        if not new or _alike(old, new):
            return
        if not old or name in self.decided.take:
            one.fills[name] = value if value is not None else new
        if old:
            one.differs.append(Difference(name, label, old, new))

    # CATEGORIES

    def _give(self, one: FamilySaid, held: Mapping[UUID, set[str]]) -> None:
        for individual in one.people:
            carried = held.get(individual.person, set()) if individual.person else set()
            carried = carried | (held.get(one.home, set()) if one.home else set())
            for codes, since in individual.said.categories.items():
                self._give_one(one, individual, codes, since, carried, held)

    def _give_one(
        self, one: FamilySaid, individual: PersonSaid, codes: Sequence[str], since: date | None, carried: set[str],
        held: Mapping[UUID, set[str]],
    ) -> None:  # fmt: skip
        known = [self.categories[code] for code in codes if code in self.categories]
        if not known or carried & set(codes):
            return
        urban = one.village in self.urban  # where the ledger says 低保 alone, the kind of village tells which
        category = next((one for one in known if ("urban" in one.code) == urban), known[0])
        start = max(since or written_day(one.said.opened_on) or self.today, category.starts_on)
        if start > self.today or (category.ends_on and start > category.ends_on):
            return
        if category.unit != TagUnit.HOUSEHOLD:
            individual.tags.append(Carried(category.code, start))
        elif category.code not in held.get(one.home, set()) | {tag.code for tag in one.tags}:  # type: ignore[arg-type]
            one.tags.append(Carried(category.code, start))

    # FATES

    def _tell(self, one: FamilySaid, place: Mapping[int, int]) -> None:
        """What becomes of the rows of one family; of visits only whether their family is known."""
        found, visits = self.found, self.found.kind is Kind.VISITS
        of_row: dict[int, PersonSaid] = {id(row): person for person in one.people for row in person.said.rows}
        for row in one.said.rows:
            number = place[id(row)]
            if one.waits:
                found.fates[number], found.reasons[number] = Fate.ASK, "可能是已登记的一户，请先决定"
            elif one.missing:
                found.fates[number], found.reasons[number] = Fate.WRONG, one.missing
            elif not visits:
                person = of_row.get(id(row))
                again = row.twice or (person is not None and row is not person.said.rows[0])
                found.fates[number] = self._fate(one, person, first=row is one.said.rows[0], again=again)

    @staticmethod
    def _fate(one: FamilySaid, person: PersonSaid | None, *, first: bool, again: bool) -> Fate:
        if again:
            return Fate.TWICE
        if one.home is None or (person and person.person is None):
            return Fate.NEW
        of_home = first and bool(one.fills or one.tags or one.opens_file)
        return Fate.ADDS if of_home or (person and person.adds) else Fate.SAME


def _people(family: Family) -> list[PersonSaid]:
    return [PersonSaid(person, facts=person.facts) for person in family.people]


def _alike(old: str, new: str) -> bool:
    return folded(old.replace("-", "")) == folded(new.replace("-", ""))


# DAYS ------------------------------------------------------------------------


def _judge_days(found: Proposal) -> None:
    """Days on which the station was not there, or which no rule lets pass."""
    first, last, today, ended = found.station.starts_on, found.station.ends_on, clock.today(), cache(_ended)
    for number, row in enumerate(found.rows):
        if found.fates[number] is not Fate.NEW:
            continue
        day = date.fromisoformat(row.said["day"])
        if day > today:
            why = "日期在今天之后，请核对年份"
        elif day < first:
            why = f"日期早于本站开站日期（{first}），请核对年份"
        elif last and day > last:
            why = f"本站已于 {last} 撤站，请核对日期"
        elif found.kind is Kind.ACTIVITIES and not row.said.get("title"):
            why = "没有活动名称，请补上"
        elif found.kind is Kind.VISITS and (gone := ended(day, *map(row.said.get, _CODED))):
            why = f"{gone}在 {day} 不在可选之列，请在表里改成现用的叫法"
        else:
            continue
        found.fates[number], found.reasons[number] = Fate.WRONG, why


_CODED = ("mode", "result", "purpose")


def _ended(day: date, mode: str | None, result: str | None, purpose: str | None) -> str:
    """What a visit says that the city did not offer on the day, by its name; '' for nothing."""
    said = ((MODES, mode or Mode.HOME), (RESULTS, result or Result.MET), (PURPOSES, purpose or Purpose.ORDINARY))
    for spec, code in said:
        gone = unoffered(spec, [first_as(spec, code, day)], day)
        if gone:
            return f"{spec.name}「{gone[0]}」"
    return ""


def _judge_twice(found: Proposal) -> None:
    """Visits and activities that look recorded already, by hand or from another ledger."""
    open_rows = [number for number, fate in enumerate(found.fates) if fate is Fate.NEW]
    if found.kind is Kind.ACTIVITIES:
        keys: dict[int, Any] = {n: _activity_key(found.rows[n]) for n in open_rows}
        known = _activities(found.station, {key[0] for key in keys.values()})
        why = "系统里当天已有同名的活动"
    else:
        keys = {n: key for n in open_rows if (key := visit_key(found, n))}
        known = {key for some in in_parts(set(keys.values())) for key, _ in counted_alike({found.station.pk}, some)}
        why = "这户当天已有同方式的走访记录"
    for number, key in keys.items():
        if key in known:
            found.fates[number], found.reasons[number] = Fate.TWICE, why


def visit_key(found: Proposal, number: int) -> UUID | None:
    """By what a visit of a family on file counts once; None for a family that is new."""
    home, said = found.homes[number].home, found.rows[number].said
    if home is None:
        return None
    mode = base_of(MODES, said.get("mode") or Mode.HOME)
    return counted_key(found.station.pk, home, date.fromisoformat(said["day"]), mode)


def _activity_key(row: Row) -> tuple[date, str]:
    return date.fromisoformat(row.said["day"]), folded(row.said.get("title", ""))


def _activities(station: OrgUnit, days: set[date]) -> set[tuple[date, str]]:
    if not days:
        return set()
    records = ServiceRecord.objects.filter(
        station=station, voided_at__isnull=True, occurred_on__range=(min(days), max(days))
    )
    rows = Activity.objects.filter(record__in=records.values("pk")).values_list("record__occurred_on", "title")
    return {(day, folded(title)) for day, title in rows}


# WORKERS ---------------------------------------------------------------------


def staff_by_name(station: OrgUnit) -> dict[str, UUID]:
    """The people ever posted at a station, by name; of two with one name neither."""
    names: dict[str, set[UUID]] = {}
    for pk, name in staff_ever(station).values_list("pk", "name"):
        names.setdefault(folded(name), set()).add(pk)
    return {name: next(iter(some)) for name, some in names.items() if len(some) == 1}
