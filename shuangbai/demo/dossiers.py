"""What is known of a sample of the families with a file: people, housing and money over the years, needs, consent.

By the same bulk actions as any other city, entered by the head of the station. Every fifth file has a dossier, so that
both a full page and an empty one can be seen.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from shuangbai.core import clock
from shuangbai.core.findings import Door
from shuangbai.dossier.actions import enter_parts
from shuangbai.dossier.entries import PartEntry
from shuangbai.dossier.models import (
    Carer,
    Consent,
    Disability,
    Economy,
    FamilyNeed,
    Housing,
    Part,
    PersonSheet,
    SelfCare,
    Strength,
)
from shuangbai.dossier.rules import Money
from shuangbai.households.enums import Relation
from shuangbai.households.models import FamilyFile, Household, HouseholdStation, Membership, Person, Tag
from shuangbai.households.rules import age_on
from shuangbai.network.models import User

EVERY = 5
SEED = 20200606
YEARLY = timedelta(days=365)
PARENTS = {Relation.HEAD, Relation.SPOUSE, Relation.HUSBAND, Relation.WIFE, Relation.SELF}
CHILDREN = {Relation.SON, Relation.DAUGHTER, Relation.FOSTER_SON, Relation.FOSTER_DAUGHTER}

ILLNESSES = ("高血压", "糖尿病", "关节炎", "慢性支气管炎", "白内障", "胃病")
STRENGTHS = (
    ("family", "儿女每周打电话回来，过节会回家"),
    ("neighbours", "邻居常来坐，有事喊一声就到"),
    ("neighbours", "同宗兄弟住在隔壁，农忙时互相帮手"),
    ("skill", "会编竹器，逢圩日拿去卖"),
    ("skill", "会做客家米粄，邻里办事都请去帮忙"),
    ("property", "有一块菜地，自己种菜够吃"),
    ("formal", "村里的老人协会每月上门一次"),
    ("person", "记性好，爱说话，愿意带新来的人认路"),
)
NEEDS = (
    ("medical", "要人陪同到县医院复查", "已陪同复查，药费走医疗救助"),
    ("economic", "低保年审材料不会准备", "已帮备齐材料，年审通过"),
    ("care", "白天一个人在家，吃饭没人照应", "和邻居约好中午送饭"),
    ("housing", "屋顶漏雨，下雨天要接水", "已报村里，屋顶补好"),
    ("education", "孩子数学跟不上，没人辅导", "大学生志愿者每周补课"),
    ("work", "想在镇上找一份工", "介绍到工业区上班"),
    ("social", "很少出门，想有人说话", "参加了长者小组"),
    ("safety", "电线老化，插座冒火花", "志愿电工换了线路"),
)


@dataclass
class Home:
    """A family of the sample: who is of it, what they carry, and since when the station knows them."""

    household: Household
    opened_on: date
    members: Sequence[Membership]
    tags: Mapping[UUID, set[str]]

    @property
    def adults(self) -> list[Person]:
        grown = [row for row in self.members if row.person.birth_date and _age(row.person) >= 18]
        return [row.person for row in sorted(grown, key=lambda row: row.relation not in PARENTS)]


@dataclass
class Said:
    """The parts of a station's sample, kind by kind."""

    rng: Random
    parts: dict[type[Part], list[PartEntry]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: type[Part], home: Home, person: Person | None = None, /, **said: Any) -> None:
        self.parts[kind].append(PartEntry(home.household, said, person.pk if person else None))


def fill(heads: Mapping[str, User]) -> int:
    """Give every fifth family with an open file a dossier. Returns how many."""
    rng, many, seen = Random(SEED), 0, set[UUID]()  # somebody of two families is told once
    for code, by in sorted(heads.items()):
        said = Said(rng)
        homes = _homes(code)
        for home in homes:
            _people(said, home, seen)
            _snapshots(said, home)
            _words(said, home)
        for kind, entries in said.parts.items():
            enter_parts(by=by, kind=kind, entries=entries, door=Door.SHEET, acknowledged=True)
        many += len(homes)
    return many


def _homes(code: str) -> list[Home]:
    """The sample of a station: four queries."""
    today = clock.today()
    here = HouseholdStation.objects.on(today).filter(station__code=code).values("household")
    files = FamilyFile.objects.filter(station__code=code, state="open", household__in=here)
    chosen = list(files.select_related("household").order_by("number"))[::EVERY]
    rows: dict[UUID, list[Membership]] = defaultdict(list)
    ids = [file.household_id for file in chosen]
    for row in Membership.objects.on(today).filter(household__in=ids, person__died_on__isnull=True).select_related(
        "person"
    ).order_by("relation", "id"):  # fmt: skip
        rows[row.household_id].append(row)
    tags: dict[UUID, set[str]] = defaultdict(set)
    people = [row.person_id for some in rows.values() for row in some]
    carried = Tag.objects.on(today).filter(person__in=people)
    for person, category in carried.values_list("person_id", "category__code"):
        if person:
            tags[person].add(category)
    return [Home(file.household, file.opened_on, rows[file.household_id], tags) for file in chosen]


def _age(person: Person) -> int:
    return age_on(person.birth_date, clock.today()) if person.birth_date else 40


# PEOPLE ----------------------------------------------------------------------------


def _people(said: Said, home: Home, seen: set[UUID]) -> None:
    adults = home.adults
    for row in home.members:
        if row.person_id in seen:
            continue
        seen.add(row.person_id)
        person, age, tags = row.person, _age(row.person), home.tags.get(row.person_id, set())
        if said.rng.random() < 0.8:
            said.add(PersonSheet, home, person, **_sheet(said.rng, person, age, home))
        if tags & {"disabled", "disabled_severe"}:
            _disability(said, home, person, severe="disabled_severe" in tags)
        if tags & {"frail_elder", "disabled_severe", "aged"} or age >= 80:
            _care(said, home, person, [one for one in adults if one.pk != person.pk])
        if age < 18 and adults:
            guardian = adults[0]
            relation = "父母" if row.relation in CHILDREN else "亲属"
            said.add(Carer, home, person, role="both", carer_id=guardian.pk, relation=relation,
                     starts_on=max(home.opened_on, person.birth_date or home.opened_on))  # fmt: skip
            if age < 14 and said.rng.random() < 0.6:
                said.add(Consent, home, person, scope="minor", agreed=True, given_by_id=guardian.pk, as_guardian=True,
                         given_on=max(home.opened_on, person.birth_date or home.opened_on), form="written")  # fmt: skip


def _sheet(rng: Random, person: Person, age: int, home: Home) -> dict[str, Any]:
    known_on = min(home.opened_on + timedelta(days=rng.randrange(60)), clock.today())
    known_on = max(known_on, person.birth_date or known_on)
    found: dict[str, Any] = {"known_on": known_on, "nation": "01", "registration": "here"}
    if age < 18:
        found |= {"marriage": "10"} if age >= 15 else {}
        school = {"work": "student", "school": "镇中心小学" if age < 13 else "镇中学", "education": "80"}
        found |= (school if age >= 6 else {}) | {"health": "good"}
        return found
    education = rng.choice(["90", "80", "80"] if age >= 65 else ["80", "70", "70", "60"])
    work = "retired" if age >= 65 else rng.choice(["farm", "casual", "away", "job", "home", "fishing"])
    marriage = "30" if age >= 75 and rng.random() < 0.6 else "20" if age >= 26 else "10"
    health = rng.choice(["chronic", "weak", "chronic", "good"] if age >= 60 else ["good", "good", "good", "weak"])
    found |= {"education": education, "work": work, "marriage": marriage, "health": health, "politics": "13"}
    if work == "away":
        found["whereabouts"] = rng.choice(["深圳", "东莞", "广州", "惠州"])
    if health == "chronic":
        found["chronic"] = "、".join(rng.sample(ILLNESSES, 1 + (rng.random() < 0.4)))
    return found


def _disability(said: Said, home: Home, person: Person, *, severe: bool) -> None:
    rng = said.rng
    kind = rng.choice(["4", "4", "4", "1", "2", "5", "6"])
    grade = rng.choice(["1", "2"] if severe else ["3", "4"])
    issued = max(
        date(rng.randrange(2010, 2020), rng.randrange(1, 13), rng.randrange(1, 29)), person.birth_date or date.min
    )
    number = f"{person.id_no}{kind}{grade}" if person.id_no else ""
    said.add(Disability, home, person, kind=kind, grade=grade, certificate=number, issued_on=issued)


def _care(said: Said, home: Home, person: Person, others: Sequence[Person]) -> None:
    rng, today = said.rng, clock.today()
    for cannot, ago in ((["wash"], 1.6), (rng.choice([["walk", "wash"], ["bed", "toilet", "walk", "wash"]]), 0.4)):
        day = today - YEARLY * ago
        if day >= home.opened_on:
            said.add(SelfCare, home, person, assessed_on=day, scheme="civil", cannot=cannot, level="able",
                     assessor="村医")  # fmt: skip
    if others and rng.random() < 0.7:
        said.add(Carer, home, person, role="carer", carer_id=others[0].pk, starts_on=home.opened_on)
    elif rng.random() < 0.5:
        said.add(Carer, home, person, role="entrusted", name="邻居", relation="邻居", starts_on=home.opened_on)


# THE FAMILY ------------------------------------------------------------------------


def _snapshots(said: Said, home: Home) -> None:
    """One when the file was opened, and one each year since; the house gets better where it was bad."""
    rng = said.rng
    bad = rng.random() < 0.4
    area, wage, debt = rng.randrange(40, 130), rng.randrange(6, 30) * 100, rng.choice([0, 0, 5000, 20000, 40000])
    house: dict[str, Any] = {
        "kind": "built", "presence": "0", "structure": "tile" if bad else "brick", "danger": "C" if bad else "B",
        "water": "well" if bad else "tap", "power": "old" if bad else "sound", "fuel": rng.choice(["wood", "bottle"]),
        "toilet": "outside" if bad else "flush", "hazards": ["wiring", "leak"] if bad else [], "rooms": 2 + area // 40,
    }  # fmt: skip
    benefits = ["pension"] if any(_age(row.person) >= 60 for row in home.members) else []
    day, number = home.opened_on, 0
    while day <= clock.today():
        if number == 2 and bad:
            house |= {"structure": "brick", "danger": "A", "water": "tap", "power": "sound", "toilet": "flush",
                      "hazards": [], "note": "危房改造后"}  # fmt: skip
        said.add(Housing, home, taken_on=day, area=Decimal(area), **house)
        incomes = [
            Money("wage", Decimal(wage + 150 * number)),
            Money("farm", Decimal(rng.randrange(1, 9) * 600), "year"),
        ]
        incomes += [Money("pension", Decimal(170 + 10 * number))] if benefits else []
        expenses = [Money("food", Decimal(600 + 50 * number)), Money("medical", Decimal(rng.randrange(0, 8) * 100))]
        said.add(Economy, home, taken_on=day, incomes=incomes, expenses=expenses, benefits=benefits,
                 debt=Decimal(max(debt - 6000 * number, 0)), debt_note="建房" if debt else "")  # fmt: skip
        day, number = day + YEARLY, number + 1


def _words(said: Said, home: Home) -> None:
    rng, today = said.rng, clock.today()
    for kind, detail, outcome in rng.sample(NEEDS, rng.choice([0, 1, 1, 2])):
        opened = min(home.opened_on + timedelta(days=rng.randrange(400)), today)
        state = rng.choice(["open", "working", "solved"])
        met: dict[str, Any] = {"closed_on": min(opened + timedelta(days=rng.randrange(20, 200)), today),
                               "outcome": outcome} if state == "solved" else {}  # fmt: skip
        said.add(FamilyNeed, home, kind=kind, detail=detail, opened_on=opened, state=state, **met)
    for kind, text in rng.sample(STRENGTHS, rng.choice([0, 1, 1, 2])):
        said.add(Strength, home, kind=kind, text=text, starts_on=home.opened_on)
    if home.adults and rng.random() < 0.85:
        said.add(Consent, home, scope="file", agreed=True, given_by_id=home.adults[0].pk, given_on=home.opened_on,
                 form=rng.choice(["written", "written", "spoken"]), witness="村干部", as_guardian=False)  # fmt: skip
    if home.adults and rng.random() < 0.3:
        agreed = rng.random() < 0.7
        said.add(Consent, home, scope="photo", agreed=agreed, given_by_id=home.adults[0].pk, given_on=home.opened_on,
                 form="written", as_guardian=False)  # fmt: skip
