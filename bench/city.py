"""The generated city's frame and families: stations, workers and accounts, households with what is dated on them."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from django.contrib.auth.hashers import make_password

from bench import bulk, words
from shuangbai.core import clock
from shuangbai.core import queries as core_queries
from shuangbai.core.crypto import encrypt
from shuangbai.core.models import Installation
from shuangbai.core.pinyin import initials
from shuangbai.households import models as families
from shuangbai.households.enums import FindKind, Relation
from shuangbai.households.queries import tail_hash
from shuangbai.network.actions import UnitEntry, hire, load_areas, open_units
from shuangbai.network.enums import AreaLevel, CoverageKind, Post, UnitKind
from shuangbai.network.models import Area, AreaCode, Coverage, OrgUnit, RoleGrant, Staff, User
from shuangbai.network.roles import Role
from shuangbai.services.models import Campaign

TODAY = date(2020, 6, 6)
START = date(2017, 7, 1)
DAYS = (TODAY - START).days
CITY = "4415"
WORKERS = 4
ENTERED = "2020-06-06 01:00:00+00:00"
CATEGORIES = Path(families.__file__).parent / "data" / "categories.json"

Dated = list[tuple[int, date, date | None]]


@dataclass(slots=True)
class Family:
    """A household as the records need it: ids as hex, categories as (id, first day, last day)."""

    key: str
    village: int
    own: Dated
    members: list[tuple[str, Dated]]

    def counted(self, day: date) -> tuple[list[int | None], list[list[int | None]]]:
        """What the household, and each member, counted as on a day (households.standing states the rule)."""
        own = _held(self.own, day)
        each = [_held(tags, day) for _, tags in self.members]
        return sorted(own.union(*each)) or [None], [sorted(tags | own) or [None] for tags in each]


def _held(tags: Dated, day: date) -> set[int]:
    return {category for category, first, last in tags if first <= day and (last is None or day <= last)}


@dataclass(slots=True)
class Station:
    unit: OrgUnit
    villages: list[int]
    staff: list[str] = field(default_factory=list)
    families: list[Family] = field(default_factory=list)


@dataclass(slots=True)
class City:
    stations: list[Station]
    by: User
    campaign: Campaign


def key(chance: Random, day: date) -> str:
    """A time-ordered id (core.ids) as if made on a day."""
    milliseconds = (day.toordinal() - 719163) * 86_400_000 + chance.randrange(86_400_000)
    return (
        f"{milliseconds:012x}7{chance.getrandbits(12):03x}{0x8 | chance.getrandbits(2):x}{chance.getrandbits(60):015x}"
    )


def frame(stations: int, chance: Random) -> City:
    """The installation, areas, the tree with its stations, workers with postings, one account a worker."""
    Installation.objects.create(
        id=1, city_name="汕尾市", bureau_name="汕尾市民政局", clock_on=TODAY, key_id="k1", made_at=clock.now()
    )
    clock.forget()
    core_queries.forget()
    load_areas(only=CITY)
    _categories()
    towns = list(AreaCode.objects.filter(area__level=AreaLevel.TOWN).order_by("code").values_list("code", flat=True))
    entries = [UnitEntry("SW", UnitKind.BUREAU, "汕尾市民政局", None, date(2017, 1, 1))]
    for number in range(stations):
        town = towns[number % len(towns)]
        entries.append(
            UnitEntry(f"SW-{number:03d}", UnitKind.STATION, f"第{number}社工站", "SW", START, town, town[:6])
        )
    units = open_units(entries=entries)
    villages = list(Area.objects.filter(level=AreaLevel.VILLAGE).values_list("pk", flat=True))
    chance.shuffle(villages)
    made = []
    for number, entry in enumerate(entries[1:]):
        own = [villages[(number * 4 + step) % len(villages)] for step in range(4)]
        made.append(Station(units[entry.code], own))
    Coverage.objects.bulk_create(
        Coverage(station=s.unit, village_id=v, kind=CoverageKind.BASE, starts_on=START)
        for s in made
        for v in s.villages
    )
    city = City(made, _accounts(made, units["SW"], chance), Campaign(code="week", name="宣传周", owner=units["SW"]))
    city.campaign.starts_on, city.campaign.ends_on = date(2020, 5, 1), date(2020, 5, 31)
    city.campaign.save(force_insert=True)
    return city


def _categories() -> None:
    rows = json.loads(CATEGORIES.read_text(encoding="utf-8"))
    plain = ("code", "name", "group", "unit", "statutory", "old_names", "min_age", "max_age", "ends_on")
    made = families.Category.objects.bulk_create(
        families.Category(
            position=position, starts_on=row["starts_on"] or date(2000, 1, 1), jinmin_code=row["jinmin_code"] or "",
            **{name: row[name] for name in plain},
        )
        for position, row in enumerate(rows, 1)
    )  # fmt: skip
    civil = families.CategoryList.objects.create(code="civil", name="民政对象")
    families.CategoryListItem.objects.bulk_create(
        families.CategoryListItem(list=civil, category=category, starts_on=date(2000, 1, 1))
        for category, row in zip(made, rows, strict=True)
        if row["civil"]
    )


def _accounts(stations: list[Station], bureau: OrgUnit, chance: Random) -> User:
    """Workers with accounts that share one password hash (bench signs in by cookie), and the bureau's officer."""
    password = make_password("bench-only-never-signed-in")
    entries, users = [], []
    for station in stations:
        for number in range(WORKERS):
            staff = Staff(name=words.name(chance), hired_on=START)
            entries.append((staff, [(station.unit, Post.SERVICE, START, None)]))
            station.staff.append(staff.pk.hex)
            username = f"{station.unit.code}-{number}".lower()
            users.append(User(username=username, display_name=staff.name, staff=staff, password=password))
    hire(entries=entries)
    officer = User(username="officer", display_name="经办", password=password)
    User.objects.bulk_create([*users, officer])
    units = [station.unit for station in stations for _ in range(WORKERS)]
    grants = [(user, Role.WORKER, unit) for user, unit in zip(users, units, strict=True)]
    grants.append((officer, Role.OFFICER, bureau))
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, unit=unit, starts_on=START) for user, role, unit in grants
    )
    return users[0]


# FAMILIES ------------------------------------------------------------------

HOUSEHOLD = "id station_id head_name village_id group address phone phone_tails note version entered_at entered_by_id"
PERSON = (
    "id station_id name initials sex birth_date birth_precision id_no id_hash id_tail id_state phone phone_tails"
    " version entered_at entered_by_id"
)
MEMBERSHIP = "id station_id household_id person_id relation is_primary starts_on"
TAG = (
    "id station_id category_id person_id household_id level certificate source end_reason starts_on ends_on"
    " entered_at entered_by_id"
)
SERVING = "station_id household_id starts_on"
RESIDENCE = "id station_id household_id village_id starts_on"
FIND_KEY = "station_id household_id kind key"
FILE = "id station_id household_id number opened_on state close_reason version entered_at entered_by_id"
FILE_WORKER = "id station_id file_id staff_id starts_on"
TABLES = {
    families.Household: HOUSEHOLD.split(), families.Person: PERSON.split(), families.Membership: MEMBERSHIP.split(),
    families.Tag: TAG.split(), families.HouseholdStation: SERVING.split(), families.Residence: RESIDENCE.split(),
    families.FindKey: FIND_KEY.split(), families.FamilyFile: FILE.split(), families.FileWorker: FILE_WORKER.split(),
}  # fmt: skip


class Households:
    """Generates families of one to four people and writes them table by table."""

    def __init__(self, city: City, chance: Random) -> None:
        self.chance, self.by = chance, city.by.pk.hex
        categories = list(families.Category.objects.order_by("position").values_list("pk", flat=True))
        # A few categories are common, most are not.
        self.categories = [pk for rank, pk in enumerate(categories) for _ in range(max(1, 12 // (rank + 1)))]
        self.rows: dict[type, list[tuple]] = {model: [] for model in TABLES}
        self.numbers: dict[str, int] = {}

    def write(self) -> None:
        with bulk.batch():
            for model, columns in TABLES.items():
                bulk.write(model, columns, self.rows[model])
                self.rows[model].clear()

    def add(self, station: Station) -> None:
        chance, unit = self.chance, station.unit.pk.hex
        household, village = key(chance, START), chance.choice(station.villages)
        phone = f"199{chance.randrange(10**8):08d}"
        size = chance.choice((1, 1, 2, 2, 3, 4))
        names = [words.name(chance) for _ in range(size)]
        self.rows[families.Household].append(
            (household, unit, names[0], village, "", encrypt(f"{chance.randrange(1, 300)}号", "household.address"),
             encrypt(phone, "household.phone"), tail_hash(phone), "", 1, ENTERED, self.by)
        )  # fmt: skip
        family = Family(household, village, self._tags(unit, household=household, share=0.35), [])
        keys = {(FindKind.PHONE_TAIL.value, tail_hash(phone))}
        for position, name in enumerate(names):
            keys |= self._member(family, unit, name, position)
        self.rows[families.HouseholdStation].append((unit, household, START.isoformat()))
        self.rows[families.Residence].append((key(chance, START), unit, household, village, START.isoformat()))
        if chance.random() < 0.7:
            keys |= self._file(station, household)
        self.rows[families.FindKey] += [(unit, household, kind, text) for kind, text in sorted(keys)]
        station.families.append(family)

    def _member(self, family: Family, unit: str, name: str, position: int) -> set[tuple[int, str]]:
        person, short = key(self.chance, START), initials(name)
        born = date(1930, 1, 1) + timedelta(days=self.chance.randrange(30_000))
        self.rows[families.Person].append(
            (person, unit, name, short, "12"[position % 2], born.isoformat(), "day", "", "", "", "missing", "", "", 1,
             ENTERED, self.by)
        )  # fmt: skip
        relation = Relation.HEAD if position == 0 else Relation.SON
        self.rows[families.Membership].append(
            (key(self.chance, START), unit, family.key, person, relation.value, True, START.isoformat())
        )
        family.members.append((person, self._tags(unit, person=person, share=0.3)))
        found = {(FindKind.NAME.value, name[start:]) for start in range(max(len(name) - 1, 1))}
        return found | {(FindKind.INITIALS.value, short)}

    def _tags(self, unit: str, *, share: float, person: str | None = None, household: str | None = None) -> Dated:
        """Categories of a bearer; one in six begins later, one in six ends."""
        chance, tags = self.chance, []
        while chance.random() < share and len(tags) < 3:
            category = chance.choice(self.categories)
            first = START + timedelta(days=chance.randrange(DAYS) if chance.random() < 1 / 6 else 0)
            last = first + timedelta(days=400) if chance.random() < 1 / 6 else None
            if category in [tag[0] for tag in tags]:
                continue
            tags.append((category, first, last))
            ends = last.isoformat() if last else None
            self.rows[families.Tag].append(
                (key(chance, first), unit, category, person, household, "", "", "worker", "left" if last else "",
                 first.isoformat(), ends, ENTERED, self.by)
            )  # fmt: skip
        return tags

    def _file(self, station: Station, household: str) -> set[tuple[int, str]]:
        chance, code = self.chance, station.unit.code
        self.numbers[code] = self.numbers.get(code, 0) + 1
        number = f"{code[3:]}-2018-{self.numbers[code]:04d}"
        file, opened = key(chance, START), (START + timedelta(days=chance.randrange(DAYS))).isoformat()
        unit = station.unit.pk.hex
        self.rows[families.FamilyFile].append((file, unit, household, number, opened, "open", "", 1, ENTERED, self.by))
        self.rows[families.FileWorker].append((key(chance, START), unit, file, chance.choice(station.staff), opened))
        return {(FindKind.FILE_NO.value, number.lower()), (FindKind.FILE_NO.value, number[-4:])}


def settle_families(city: City, households: int, chance: Random) -> None:
    """So many families over the stations, some stations with twice as many as others."""
    writer = Households(city, chance)
    weights = [chance.uniform(1, 2) for _ in city.stations]
    for number in range(households):
        station = city.stations[number] if number < len(city.stations) else chance.choices(city.stations, weights)[0]
        writer.add(station)
        if number % 5000 == 4999:
            writer.write()
    writer.write()
