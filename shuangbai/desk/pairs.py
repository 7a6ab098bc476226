"""Two entries that may be of one person or family, side by side; across stations with what tells them apart masked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef

from shuangbai.core import clock, telephones
from shuangbai.core.privacy import mask_id, mask_name
from shuangbai.households.access import own_pairs, pairs_to_decide
from shuangbai.households.doubles import UNDECIDED
from shuangbai.households.enums import BirthPrecision
from shuangbai.households.known import FAMILIES, PEOPLE, HouseholdPair, Kind, PersonPair
from shuangbai.households.models import FamilyFile, Household, HouseholdStation, Membership, Person, Tag
from shuangbai.households.queries import one_of_each
from shuangbai.services.models import Contact, ServiceRecord
from shuangbai.services.queries import counted

PAGE = 30


def page_name(kind: Kind) -> str:
    """What the page of one pair is called; that of the list is called the same with an s."""
    return "family-double" if kind == FAMILIES else "double"


@dataclass(frozen=True, slots=True)
class Side:
    """One entry as it may be shown to whoever decides: of a person, or of a family."""

    entry: UUID
    name: str
    facts: dict[str, str]
    family: UUID | None
    sound_id: bool
    records: int


@dataclass(frozen=True, slots=True)
class Line:
    """A pair as the list shows it."""

    pair: PersonPair | HouseholdPair
    own: bool
    names: tuple[str, str]
    places: tuple[str, str]


def counts(user: Any, kind: Kind = PEOPLE) -> dict[str, int]:
    """How many pairs stand in each state, of those that this person decides."""
    rows = pairs_to_decide(user, kind).values("state").annotate(n=Count("pk"))
    return dict(rows.values_list("state", "n"))


def page(user: Any, state: str, number: int, kind: Kind = PEOPLE) -> tuple[list[Line], bool]:
    """A page of pairs, the likeliest first, decided ones the newest first; and whether more follow: three queries."""
    order = ("-score", "id") if state in UNDECIDED else ("-decided_at", "id")
    own = Exists(own_pairs(user, kind).filter(pk=OuterRef("pk")))
    found = pairs_to_decide(user, kind).annotate(own=own).filter(state=state)
    start = (number - 1) * PAGE
    shown = found.select_related("first", "second", "decided_by").defer(*_SEALED[kind])
    listed = list(shown.order_by(*order)[start : start + PAGE + 1])
    entries = [entry for row in listed[:PAGE] for entry in (row.first_id, row.second_id)]
    places = _places_of_people(entries) if kind == PEOPLE else _places_of_families(entries)
    lines = []
    for row in listed[:PAGE]:
        names = [_called(one, kind, veiled=not row.own) for one in (row.first, row.second)]
        lines.append(Line(row, row.own, (names[0], names[1]), (places[row.first_id], places[row.second_id])))
    return lines, len(listed) > PAGE


# What is encrypted, and no list shows.
_SEALED = {
    PEOPLE: ("first__id_no", "first__phone", "second__id_no", "second__phone"),
    FAMILIES: ("first__address", "first__phone", "second__address", "second__phone"),
}


def _called(one: Any, kind: Kind, *, veiled: bool) -> str:
    name = one.name if kind == PEOPLE else one.head_name
    shown = mask_name(name) if veiled else name
    return shown if kind == PEOPLE else f"{shown}户"


def _places_of_people(person_ids: Sequence[UUID]) -> dict[UUID, str]:
    homes = _homes(person_ids)
    return {pk: _place(homes, pk) for pk in person_ids}


def _places_of_families(home_ids: Sequence[UUID]) -> dict[UUID, str]:
    homes = Household.objects.filter(pk__in=home_ids).select_related("village").only("village__name")
    stations = _serving(home_ids)
    return {home.pk: "，".join(filter(None, (stations.get(home.pk), home.village.short_name))) for home in homes}


def _serving(home_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The station that serves each family today: of several, the first."""
    rows = HouseholdStation.objects.on(clock.today()).filter(household__in=list(home_ids))
    return dict(rows.order_by("-starts_on").values_list("household_id", "station__name"))


Homes = dict[UUID, list[tuple[Membership, str]]]


def _homes(person_ids: Sequence[UUID]) -> Homes:
    """By person: the families they were of, the latest first, with the station that serves each today."""
    listed = Membership.objects.filter(person__in=person_ids).select_related("household__village")
    rows = list(listed.order_by("-is_primary", "-starts_on", "id"))
    stations = _serving({row.household_id for row in rows})
    found: Homes = {}
    for row in rows:
        found.setdefault(row.person_id, []).append((row, stations.get(row.household_id, "")))
    return found


def _place(homes: Homes, person: UUID) -> str:
    home = next(iter(homes.get(person, [])), None)
    return "，".join(filter(None, (home[1], home[0].household.village.short_name))) if home else ""


def sides(user: Any, pair: PersonPair) -> list[Side]:
    """Both entries, the one that should be kept first: with a sound number, then with more records."""
    own = own_pairs(user).filter(pk=pair.pk).exists()
    ids = [pair.first_id, pair.second_id]
    people = Person.objects.select_related("station").in_bulk(ids)
    homes = _homes(ids)
    records = Contact.objects.filter(person__in=ids, record__voided_at__isnull=True).values("person_id")
    met = dict(records.annotate(n=Count("record")).values_list("person_id", "n"))
    tags = Tag.objects.on(clock.today()).filter(person__in=ids).select_related("category")
    carried: dict[UUID, list[str]] = {}
    for tag in tags.order_by("category__position"):
        carried.setdefault(tag.person_id, []).append(tag.category.name)  # type: ignore[arg-type]
    found = [_side(people[pk], homes.get(pk, []), met.get(pk, 0), carried.get(pk, []), own) for pk in ids]
    return sorted(found, key=lambda side: (not side.sound_id, -side.records))


def _side(person: Person, homes: list[tuple[Membership, str]], met: int, carried: list[str], own: bool) -> Side:
    membership, station = homes[0] if homes else (None, "")
    village = membership.household.village.short_name if membership else ""
    facts = {
        "姓名": person.name if own else mask_name(person.name),
        "性别": person.get_sex_display(),
        "出生": _born(person) if own else _year(person),
        "证号": mask_id(person.id_no) if own else _tail(person.id_no),
        "村居": village,
        "服务站": station or person.station.name,
    }
    if own:
        family = f"{membership.household}（{membership.get_relation_display()}）" if membership else ""
        facts |= {"电话": telephones.masked(person.phone), "家庭": family, "类别": "、".join(carried)}
    facts |= {"见到的记录": f"{met} 次", "登记于": f"{person.entered_at:%Y-%m-%d}"}
    home = membership.household_id if membership and own else None
    return Side(person.pk, facts["姓名"], facts, home, bool(person.id_hash), met)


def _born(person: Person) -> str:
    about = "约" if person.birth_precision == BirthPrecision.ESTIMATED else ""
    return f"{about}{_day(person.birth_date)}" if person.birth_date else ""


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d}"


def _year(person: Person) -> str:
    return f"{person.birth_date.year}年" if person.birth_date else ""


def _tail(number: str) -> str:
    """The last two characters alone, across stations."""
    return f"{'*' * (len(number) - 2)}{number[-2:]}" if number else ""


# FAMILIES --------------------------------------------------------------------


def family_sides(user: Any, pair: HouseholdPair) -> list[Side]:
    """Both entries of a family, the one that should be kept first: with a file, then with more visits."""
    own = own_pairs(user, FAMILIES).filter(pk=pair.pk).exists()
    ids = [pair.first_id, pair.second_id]
    homes = Household.objects.select_related("station", "village").defer("address").in_bulk(ids)
    stations, people = _serving(ids), _people_of(ids)
    files = dict(FamilyFile.objects.filter(household__in=ids, state="open").values_list("household_id", "number"))
    visits = counted(ServiceRecord.objects.filter(household__in=ids)).values("household_id")
    many = dict(visits.annotate(n=Count("pk")).values_list("household_id", "n"))
    found = [
        _family_side(homes[pk], people[pk], stations.get(pk, ""), files.get(pk, ""), many.get(pk, 0), own) for pk in ids
    ]
    return sorted(found, key=lambda side: (not files.get(side.entry), -side.records))


def _people_of(home_ids: Sequence[UUID]) -> dict[UUID, list[Membership]]:
    rows = Membership.objects.on(clock.today()).filter(household__in=home_ids).select_related("person")
    listed = rows.annotate(kept=F("person__same__kept")).defer("person__id_no", "person__phone")
    found: dict[UUID, list[Membership]] = {pk: [] for pk in home_ids}
    for row in one_of_each(listed.order_by("relation", "person__birth_date", "id")):
        found[row.household_id].append(row)
    return found


def _family_side(home: Household, people: list[Membership], station: str, number: str, visits: int, own: bool) -> Side:
    def told(row: Membership) -> str:
        name, born = (row.person.name, _born(row.person)) if own else (mask_name(row.person.name), _year(row.person))
        return " ".join(filter(None, (name, str(row.get_relation_display()), born)))

    facts = {
        "户主": _called(home, FAMILIES, veiled=not own), "村居": home.village.short_name,
        "服务站": station or home.station.name, "家里的人": "；".join(told(row) for row in people),
        "人数": f"{len(people)} 人",
    }  # fmt: skip
    if own:
        facts |= {"电话": telephones.masked(home.phone), "档案": number or "未建档"}
    else:
        facts |= {"档案": "已建档" if number else "未建档"}
    facts |= {"走访和活动": f"{visits} 次", "登记于": f"{home.entered_at:%Y-%m-%d}"}
    return Side(home.pk, facts["户主"], facts, home.pk if own else None, False, visits)


def rows(both: Sequence[Side]) -> list[dict[str, Any]]:
    """The facts of both in one table; `same` where they agree and that says something: two masks say nothing."""
    one, other = both
    telling = {"性别", "出生", "村居", "电话"} | ({"姓名", "证号", "户主"} if one.family else set())
    return [
        {"label": label, "one": one.facts[label], "other": other.facts[label],
         "same": label in telling and one.facts[label] == other.facts[label] != ""}
        for label in one.facts
        if one.facts[label] or other.facts[label]
    ]  # fmt: skip
