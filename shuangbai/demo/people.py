"""Households of the demonstration city: who lives together, where, and what changed.

A household gets one of a dozen structures (an elder alone, grandparents with
grandchildren, …); people are born, die, marry in and move away on dated memberships,
families move, and some people stand in two files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from shuangbai.demo.days import suits
from shuangbai.demo.names import Names
from shuangbai.demo.places import Rota, is_rural
from shuangbai.demo.shapes import (
    FIRST_DAY,
    LAST_WORK_DAY,
    Household,
    Keeper,
    Membership,
    Person,
    Residence,
    Unit,
)
from shuangbai.households.rules import age_on

HOUSEHOLDS = 12_400
STRUCTURES = {
    "elder_alone": 14,
    "elder_couple": 14,
    "grandparents": 10,
    "single_parent": 6,
    "nuclear": 23,
    "three_generations": 14,
    "alone": 6,
    "couple": 4,
    "disabled_child": 4,
    "elder_and_son": 5,
}
_HOUSING = ("own", "own", "own", "own", "old", "old", "rent", "public", "unsafe", "dormitory")
_ROADS = "和平 民主 解放 向阳 人民 通港 二马 三马 中兴 福安".split()
_LANES = "一二三四五六七八九十"


def birthday(born_on: date, years: int) -> date:
    """The day on which somebody completes some years; 29 February becomes 1 March."""
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return date(born_on.year + years, 3, 1)


@dataclass(slots=True)
class Population:
    """People and households while they are being made."""

    rng: Random
    names: Names
    people: list[Person] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    clans: dict[str, list[str]] = field(default_factory=dict)

    def surname(self, village: str) -> str:
        """A surname of a village: in clan villages most people bear one of two or three."""
        rng = self.rng
        if village not in self.clans:
            self.clans[village] = [self.names.surname() for _ in range(3 if is_rural(village) else 9)]
        clan = self.clans[village]
        if rng.random() < (0.74 if is_rural(village) else 0.5):
            return clan[min(int(rng.random() ** 2 * len(clan)), len(clan) - 1)]
        return self.names.surname()

    def person(self, surname: str, sex: str, age: int, day: date) -> Person:
        """Make somebody of an age on a day."""
        rng = self.rng
        born = date.fromordinal(day.toordinal() - int(age * 365.2425) - rng.randrange(1, 365))
        return self.born(surname, sex, born, age)

    def born(self, surname: str, sex: str, born: date, age: int) -> Person:
        """Make somebody born on a day; some elders and small children have no ID."""
        rng = self.rng
        bare = 0.26 if age >= 78 else 0.11 if age >= 66 else 0.34 if age < 4 else 0.045
        id_no = "" if rng.random() < bare else self.names.id_no(born, sex)
        one = Person(len(self.people), self.names.full(surname, sex, born.year), sex, born, id_no)
        if not id_no and age >= 70 and rng.random() < 0.5:
            one.born_on, one.birth_exact = date(born.year, 1, 1), False
        if 16 <= age < 75 and rng.random() < 0.42:
            one.phone = self.names.mobile()
        self.people.append(one)
        return one


class _Family:
    """Builds the members of one household; relations are to its head."""

    def __init__(self, pop: Population, village: str, day: date) -> None:
        self.pop, self.rng, self.day = pop, pop.rng, day
        self.surname = pop.surname(village)
        self.members: list[tuple[Person, str]] = []

    def add(self, relation: str, sex: str, age: int, own: bool = True) -> None:
        surname = self.surname if own else self.pop.names.married_in()
        self.members.append((self.pop.person(surname, sex, max(age, 0), self.day), relation))

    def children(self, parent_age: int, low: int, high: int, most: int = 17) -> None:
        rng = self.rng
        oldest = min(parent_age - 21, most)
        for _ in range(rng.randint(low, high)):
            if oldest < 0:
                return
            sex = "1" if rng.random() < 0.53 else "2"
            self.add("20" if sex == "1" else "30", sex, rng.randint(max(0, oldest - 6), oldest))
            oldest -= rng.randint(2, 5)

    def grandchildren(self, elder_age: int, low: int, high: int) -> None:
        for _ in range(self.rng.randint(low, high)):
            sex = self.rng.choice("12")
            self.add("41" if sex == "1" else "42", sex, self.rng.randint(2, min(15, elder_age - 44)))

    # One method a structure of STRUCTURES.
    def elder_alone(self) -> None:
        sex = "2" if self.rng.random() < 0.62 else "1"
        self.add("02", sex, self.rng.randint(62, 92), own=sex == "1")

    def elder_couple(self) -> None:
        age = self.rng.randint(62, 87)
        self.add("02", "1", age)
        self.add("10", "2", max(60, age - self.rng.randint(-2, 6)), own=False)

    def grandparents(self) -> None:
        age = self.rng.randint(55, 76)
        both = self.rng.random() < 0.6
        sex = "1" if both or self.rng.random() < 0.3 else "2"
        self.add("02", sex, age, own=sex == "1")
        if both:
            self.add("10", "2", age - self.rng.randint(-1, 5), own=False)
        self.grandchildren(age, 1, 3)

    def single_parent(self) -> None:
        sex = "2" if self.rng.random() < 0.68 else "1"
        age = self.rng.randint(28, 48)
        self.add("02", sex, age, own=sex == "1")
        self.children(age, 1, 3)

    def nuclear(self) -> None:
        age = self.rng.randint(26, 54)
        self.add("02", "1", age)
        self.add("10", "2", age - self.rng.randint(-2, 6), own=False)
        self.children(age, 1, 3, most=24)

    def three_generations(self) -> None:
        age = self.rng.randint(32, 56)
        self.add("02", "1", age)
        if self.rng.random() < 0.86:
            self.add("10", "2", age - self.rng.randint(-1, 6), own=False)
        self.children(age, 1, 2, most=20)
        mother = age + self.rng.randint(20, 32)
        if mother < 93:
            self.add("52", "2", mother, own=False)
        if self.rng.random() < 0.35 and mother < 84:
            self.add("51", "1", mother + self.rng.randint(0, 5))

    def alone(self) -> None:
        sex = "1" if self.rng.random() < 0.8 else "2"
        self.add("02", sex, self.rng.randint(33, 59), own=sex == "1")

    def couple(self) -> None:
        age = self.rng.randint(40, 61)
        self.add("02", "1", age)
        self.add("10", "2", age - self.rng.randint(-2, 6), own=False)

    def disabled_child(self) -> None:
        age = self.rng.randint(50, 79)
        both = self.rng.random() < 0.7
        sex = "1" if both or self.rng.random() < 0.4 else "2"
        self.add("02", sex, age, own=sex == "1")
        if both:
            self.add("10", "2", age - self.rng.randint(0, 6), own=False)
        child = "1" if self.rng.random() < 0.65 else "2"
        self.add("20" if child == "1" else "30", child, age - self.rng.randint(24, 33))

    def elder_and_son(self) -> None:
        age = self.rng.randint(66, 90)
        sex = "2" if self.rng.random() < 0.7 else "1"
        self.add("02", sex, age, own=sex == "1")
        self.add("20", "1", age - self.rng.randint(24, 36))


def _address(rng: Random, rural: bool) -> str:
    dice = rng.random()
    number = rng.randrange(1, 160)
    if not rural and dice < 0.45:
        return f"{rng.choice(_ROADS)}路{_LANES[number % 10]}巷{number}号"
    if not rural and dice < 0.7:
        return f"{number % 30 + 1}栋{number % 7 + 1}0{number % 4 + 1}"
    if dice < 0.55:
        return f"{_LANES[number % 10]}巷{rng.randrange(1, 48)}号"
    if dice < 0.8:
        return f"{rng.choice('老寨 新寨 上围 下围 前寮 后寮 东门 西门 祠堂边 大榕树下'.split())}{number}号"
    return f"第{_LANES[number % 10]}村民小组{number}号"


def _make_household(pop: Population, unit: str, village: str, day: date, sketchy: bool) -> Household:
    rng = pop.rng
    kind = rng.choices(tuple(STRUCTURES), weights=tuple(STRUCTURES.values()))[0]
    before = len(pop.people)
    family = _Family(pop, village, day)
    getattr(family, kind)()
    if sketchy and kind in ("nuclear", "three_generations"):
        # Of families without difficulties a worker writes down those whom they met.
        family.members = [m for m in family.members if m[1] in ("02", "52") or rng.random() < 0.5]
        del pop.people[before:]
        for one, _ in family.members:
            one.key = len(pop.people)
            pop.people.append(one)
    key = len(pop.households)
    household = Household(
        key,
        unit,
        village,
        day,
        kind,
        [Membership(one.key, relation, min(day, max(one.born_on, day))) for one, relation in family.members],
        [Residence(village, _address(rng, is_rural(village)), day)],
        [Keeper(unit, "own", day)],
        housing=rng.choice(_HOUSING),
    )
    if rng.random() < 0.8:
        head = family.members[0][0]
        household.phone = head.phone or (pop.names.landline() if rng.random() < 0.12 else pop.names.mobile())
        if len(pop.households) % 40 == 0:
            household.phone = f"本人 {household.phone}，邻居 {pop.names.landline()}（有钥匙）"
    pop.households.append(household)
    return household


def _pick_day(rng: Random, village: str, first: date, last: date) -> date:
    """A day of a round to a village between two days; fewer in the hardest weeks of 2020."""
    span = (last - first).days
    for _ in range(60):
        day = first + timedelta(days=int(span * rng.random() ** 1.12))
        if (day.year, day.month) in ((2020, 2), (2020, 3)) and rng.random() < 0.5:
            continue
        if suits(rng, village, day):
            return day
    return first


def make_households(pop: Population, stations: list[Unit], rota: Rota) -> None:
    """Make all households, numbered by station and village so that neighbours stand side by side."""
    rng = pop.rng
    sizes = {u.code: (1.0 if u.batch == "第一批" else 0.6) * rng.uniform(0.78, 1.2) for u in stations}
    whole, left = sum(sizes.values()), HOUSEHOLDS
    for at, unit in enumerate(stations):
        count = left if at == len(stations) - 1 else round(HOUSEHOLDS * sizes[unit.code] / whole)
        left -= count
        coverages = rota.coverages[unit.code]
        reach = [(LAST_WORK_DAY - c.starts_on).days ** 0.6 * (2.2 if c.kind == "base" else 1.0) for c in coverages]
        scale, given = sum(reach), 0
        for index, (coverage, weight) in enumerate(zip(coverages, reach, strict=True)):
            here = count - given if index == len(coverages) - 1 else round(count * weight / scale)
            given += here
            last = min(coverage.ends_on or LAST_WORK_DAY, LAST_WORK_DAY - timedelta(days=12))
            for _ in range(here):
                day = _pick_day(rng, coverage.village, coverage.starts_on, last)
                _make_household(pop, unit.code, coverage.village, day, rng.random() < 0.42)


def _later(rng: Random, day: date, least: int) -> date | None:
    """A day at least some days later and within the records, or None."""
    room = (LAST_WORK_DAY - day).days - least - 5
    return None if room < 20 else day + timedelta(days=least + rng.randrange(room))


def _dies(pop: Population, household: Household) -> None:
    """An elder of the household dies; a widow becomes its head."""
    day = _later(pop.rng, household.known_on, 60)
    elders = [m for m in household.members if m.ends_on is None and _age(pop, m, household.known_on) >= 70]
    if day is None or not elders:
        return
    gone = elders[0]
    gone.ends_on, gone.end_reason = day, "died"
    pop.people[gone.person].died_on = day
    rest = [m for m in household.members if m.ends_on is None]
    if not rest:
        household.last_day = day
    elif gone.relation == "02":
        heir = max(rest, key=lambda m: (_age(pop, m, day), m.person))
        if _age(pop, heir, day) < 18 or any(m.relation not in ("10", "20", "30") for m in rest):
            gone.ends_on, gone.end_reason, pop.people[gone.person].died_on = None, "", None
            return
        if heir.starts_on > day:
            return
        heir.ends_on, heir.end_reason = day, "head"
        household.members.append(Membership(heir.person, "02", day + timedelta(days=1)))


def _age(pop: Population, member: Membership, day: date) -> int:
    return age_on(pop.people[member.person].born_on, day)


def _gives_birth(pop: Population, household: Household) -> None:
    wife = next((m for m in household.members if m.relation == "10"), None)
    day = _later(pop.rng, household.known_on, 30)
    if wife is None or day is None or not 22 <= _age(pop, wife, day) <= 38:
        return
    sex = pop.rng.choice("12")
    head = pop.people[household.members[0].person]
    surname = head.name[:2] if head.name.startswith("欧阳") else head.name[0]
    baby = pop.born(surname, sex, day, 0)
    household.members.append(Membership(baby.key, "20" if sex == "1" else "30", day))


def _goes_away(pop: Population, household: Household) -> None:
    """A grown child leaves the household: marries out or sets up their own."""
    day = _later(pop.rng, household.known_on, 90)
    for member in household.members[1:]:
        if day and member.relation in ("20", "30") and member.ends_on is None and _age(pop, member, day) >= 19:
            member.ends_on = day
            member.end_reason = "married" if member.relation == "30" else "split"
            return


def _moves(pop: Population, household: Household, rota: Rota, stations: list[Unit]) -> None:
    """The household moves to another village, sometimes one of another station."""
    rng = pop.rng
    day = _later(rng, household.known_on, 60)
    if day is None or household.last_day:
        return
    unit = household.station
    if rng.random() < 0.3:
        near = [u.code for u in stations if u.code[:5] == unit[:5] and u.code != unit]
        unit = rng.choice([u for u in near if rota.coverages[u][0].starts_on < day] or [unit])
    choice = [c for c in rota.covered(unit, day) if c.village != household.village]
    if not choice:
        return
    village = rng.choice(choice).village
    before = day - timedelta(days=1)
    household.residences[-1].ends_on = before
    household.residences.append(Residence(village, _address(rng, is_rural(village)), day))
    if unit != household.station:
        household.keepers[-1].ends_on = before
        household.keepers.append(Keeper(unit, "own", day))


def change_lives(pop: Population, rota: Rota, stations: list[Unit]) -> None:
    """Births, deaths, departures and moves within the three years."""
    rng = pop.rng
    for household in pop.households:
        dice = rng.random()
        if household.kind in ("elder_alone", "elder_couple", "three_generations", "elder_and_son"):
            if dice < 0.035:
                _dies(pop, household)
        elif household.kind == "nuclear" and dice < 0.03:
            _gives_birth(pop, household)
        elif household.kind in ("nuclear", "disabled_child") and dice < 0.06:
            _goes_away(pop, household)
        if dice > 0.968:
            _moves(pop, household, rota, stations)


def share_people(pop: Population) -> list[tuple[int, int]]:
    """Put about forty people into a second file; returns (person, second household)."""
    rng = pop.rng
    by_village: dict[str, list[Household]] = {}
    for household in pop.households:
        by_village.setdefault(household.village, []).append(household)
    shared: list[tuple[int, int]] = []
    order = pop.households[:]
    rng.shuffle(order)
    children = elders = 0
    for first in order:
        if first.known_on > LAST_WORK_DAY - timedelta(days=150) or first.last_day:
            continue
        if first.kind == "single_parent" and children < 24:
            pair = _other_parent(pop, first, by_village[first.village])
            children += pair is not None
        elif first.kind == "three_generations" and elders < 17:
            pair = _other_son(pop, first, by_village[first.village])
            elders += pair is not None
        else:
            continue
        if pair:
            member, second, relation = pair
            start = max(first.known_on, second.known_on, FIRST_DAY) + timedelta(days=rng.randrange(40))
            second.members.append(Membership(member.person, relation, min(start, LAST_WORK_DAY), primary=False))
            shared.append((member.person, second.key))
    return shared


def _other_parent(pop: Population, first: Household, near: list[Household]) -> tuple[Membership, Household, str] | None:
    """The divorced other parent's household for a child of a single parent."""
    parent = pop.people[first.members[0].person]
    child = next((m for m in first.members[1:] if m.ends_on is None), None)
    if child is None:
        return None
    born = pop.people[child.person].born_on
    for other in near:
        head = pop.people[other.members[0].person]
        fits = 20 <= (born - head.born_on).days / 365 <= 44 and head.sex != parent.sex
        if other.kind == "alone" and fits and len(other.members) == 1 and other.last_day is None:
            return child, other, "20" if pop.people[child.person].sex == "1" else "30"
    return None


def _other_son(pop: Population, first: Household, near: list[Household]) -> tuple[Membership, Household, str] | None:
    """Another son's household for a parent who lives with the sons by turns."""
    elder = next((m for m in first.members if m.relation == "52" and m.ends_on is None), None)
    if elder is None:
        return None
    head = pop.people[first.members[0].person]
    born = pop.people[elder.person].born_on
    for other in near:
        son = pop.people[other.members[0].person]
        fits = son.name[0] == head.name[0] and 19 <= (son.born_on - born).days / 365 <= 40
        if other.kind == "nuclear" and fits and son.sex == "1" and len(other.members) <= 4:
            return elder, other, "52"
    return None


def second_stations(pop: Population, stations: list[Unit], rota: Rota) -> list[int]:
    """Let a second station work with about thirty families; returns their keys."""
    rng = pop.rng
    chosen: list[int] = []
    for key in rng.sample(range(len(pop.households)), 400):
        household = pop.households[key]
        if len(household.keepers) > 1 or household.last_day or len(chosen) == 30:
            continue
        start = _later(rng, household.known_on, 30)
        near = [u.code for u in stations if u.code[:5] == household.station[:5] and u.code != household.station]
        near = [u for u in near if start and rota.coverages[u][0].starts_on <= start]
        if start and near:
            household.keepers.append(Keeper(rng.choice(near), "second", start))
            chosen.append(key)
    return chosen


def members_on(household: Household, day: date) -> list[Membership]:
    """The memberships valid on a day."""
    return [m for m in household.members if m.starts_on <= day and (m.ends_on is None or day <= m.ends_on)]


def village_on(household: Household, day: date) -> str:
    """The village where a household lived on a day."""
    for residence in reversed(household.residences):
        if residence.starts_on <= day:
            return residence.village
    return household.village


def keeper_on(household: Household, day: date) -> str:
    """The station that owned the household's care on a day."""
    owners = [k for k in household.keepers if k.kind == "own" and k.starts_on <= day]
    return owners[-1].unit if owners else household.station
