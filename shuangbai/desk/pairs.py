"""Two entries that may be of one person, side by side; across stations with what tells them apart masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef

from shuangbai.core import clock
from shuangbai.core.privacy import mask_id, mask_name, mask_phone
from shuangbai.households.access import own_pairs, pairs_to_decide
from shuangbai.households.enums import BirthPrecision, PairState
from shuangbai.households.known import PersonPair
from shuangbai.households.models import HouseholdStation, Membership, Person, Tag
from shuangbai.services.models import Contact

PAGE = 30


@dataclass(frozen=True, slots=True)
class Side:
    """One entry as it may be shown to whoever decides."""

    person: UUID
    name: str
    facts: dict[str, str]
    family: UUID | None
    sound_id: bool
    records: int


@dataclass(frozen=True, slots=True)
class Line:
    """A pair as the list shows it."""

    pair: PersonPair
    own: bool
    names: tuple[str, str]
    places: tuple[str, str]


def counts(user: Any) -> dict[str, int]:
    """How many pairs stand in each state, of those that this person decides."""
    rows = pairs_to_decide(user).values("state").annotate(n=Count("pk"))
    return dict(rows.values_list("state", "n"))


def page(user: Any, state: PairState, number: int) -> tuple[list[Line], bool]:
    """A page of pairs, the likeliest first, decided ones the newest first; and whether more follow: five queries."""
    order = ("-score", "id") if state in (PairState.OPEN, PairState.LATER) else ("-decided_at", "id")
    mine = pairs_to_decide(user).annotate(own=Exists(own_pairs(user).filter(pk=OuterRef("pk"))))
    found = mine.filter(state=state).select_related("first", "second", "decided_by")
    start = (number - 1) * PAGE
    rows = list(found.order_by(*order)[start : start + PAGE + 1])
    homes = _homes([person for row in rows[:PAGE] for person in (row.first_id, row.second_id)])
    lines = []
    for row in rows[:PAGE]:
        shown = str if row.own else mask_name  # type: ignore[attr-defined]
        names = shown(row.first.name), shown(row.second.name)
        lines.append(Line(row, row.own, names, (_place(homes, row.first_id), _place(homes, row.second_id))))  # type: ignore[attr-defined]
    return lines, len(rows) > PAGE


Homes = dict[UUID, list[tuple[Membership, str]]]


def _homes(person_ids: Sequence[UUID]) -> Homes:
    """By person: the families they were of, the latest first, with the station that serves each today."""
    listed = Membership.objects.filter(person__in=person_ids).select_related("household__village")
    rows = list(listed.order_by("-is_primary", "-starts_on", "id"))
    serving = HouseholdStation.objects.on(clock.today()).filter(household__in={row.household_id for row in rows})
    stations = dict(serving.order_by("-starts_on").values_list("household_id", "station__name"))
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
        facts |= {"电话": mask_phone(person.phone), "家庭": family, "类别": "、".join(carried)}
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


def rows(both: Sequence[Side]) -> list[dict[str, Any]]:
    """The facts of both in one table; `same` where they agree and that says something: two masks say nothing."""
    one, other = both
    telling = {"性别", "出生", "村居", "电话"} | ({"姓名", "证号"} if "家庭" in one.facts else set())
    return [
        {"label": label, "one": one.facts[label], "other": other.facts[label],
         "same": label in telling and one.facts[label] == other.facts[label] != ""}
        for label in one.facts
        if one.facts[label] or other.facts[label]
    ]  # fmt: skip
