"""Reading families: who lives where on a day, what they carry, and finding them by two letters."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuangbai.core.crypto import lookup_hash
from shuangbai.core.prefixes import begins_with
from shuangbai.households.enums import FindKind
from shuangbai.households.models import (
    Category,
    FamilyFile,
    FindKey,
    Household,
    HouseholdStation,
    Membership,
    Tag,
)

TAIL = 4


class Span(NamedTuple):
    """One dated fact about a bearer: a membership's other side, or a tag's category."""

    other: object
    starts_on: date
    ends_on: date | None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Belongings:
    """Memberships and tags of many families at once, so that judging a batch costs four queries.

    Loads the households named, everybody who ever belonged to them or is named, and every household
    that these people belong to (a child between two homes carries both homes' categories).
    """

    def __init__(self, household_ids: Iterable[UUID], person_ids: Iterable[UUID] = ()) -> None:
        self.homes: dict[UUID, list[Span]] = defaultdict(list)
        self.members: dict[UUID, list[Span]] = defaultdict(list)
        self.tags: dict[UUID, list[Span]] = defaultdict(list)
        households, people = set(household_ids), set(person_ids)
        near = Membership.objects.filter(Q(household__in=households) | Q(person__in=people))
        rows = near.values_list("household_id", "person_id", "starts_on", "ends_on", "person__died_on")
        seen = {row[:4] for row in rows}
        self.died_on: dict[UUID, date] = {row[1]: row[4] for row in rows if row[4]}
        people |= {row[1] for row in seen}
        wider = Membership.objects.filter(person__in=people).exclude(household__in=households)
        seen |= set(wider.values_list("household_id", "person_id", "starts_on", "ends_on"))
        for household, person, starts, ends in seen:
            self.homes[person].append(Span(household, starts, ends))
            self.members[household].append(Span(person, starts, ends))
        bearers = Tag.objects.filter(Q(household__in=set(self.members) | households) | Q(person__in=people))
        for household, person, category, starts, ends in bearers.values_list(
            "household_id", "person_id", "category_id", "starts_on", "ends_on"
        ):
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


def members_on(household_id: UUID, day: date) -> QuerySet[Membership]:
    """Who is of the household on the day, the head first."""
    rows = Membership.objects.on(day).filter(household_id=household_id).select_related("person")
    return rows.order_by("relation", "person__birth_date", "id")


def tags_on(day: date, *, household_ids: Sequence[UUID]) -> dict[UUID, list[Tag]]:
    """Tags valid on the day by household: its own and its current members'."""
    members = dict(
        Membership.objects.on(day).filter(household__in=household_ids).values_list("person_id", "household_id")
    )
    rows = Tag.objects.on(day).filter(Q(household__in=household_ids) | Q(person__in=list(members)))
    found: dict[UUID, list[Tag]] = defaultdict(list)
    for tag in rows.select_related("category").order_by("category__position"):
        found[tag.household_id or members[tag.person_id]].append(tag)
    return found


def tail_hash(digits: str) -> str:
    """The lookup hash of the last four characters of a telephone or identity number; '' for fewer."""
    plain = re.sub(r"[^0-9Xx]", "", digits).upper()
    return lookup_hash(plain[-TAIL:], "tail") if len(plain) >= TAIL else ""


def find_households(households: QuerySet[Household], station_ids: Sequence[UUID], typed: str) -> QuerySet[Household]:
    """The families among `households` that answer to what was typed.

    A name or part of it, initials of its pinyin, a file number, a village, or the last four digits of
    a telephone or identity number. Nothing typed: all of them.
    """
    text = typed.strip()
    if not text:
        return households
    keys = FindKey.objects.filter(station__in=station_ids, household=OuterRef("pk"))
    condition = Exists(keys.filter(begins_with("key", text.lower())))
    if re.fullmatch(r"\d{3}[\dXx]", text):
        tails = keys.filter(key=tail_hash(text), kind__in=[FindKind.PHONE_TAIL, FindKind.ID_TAIL])
        return households.filter(condition | Exists(tails))
    if len(text) >= 2 and not text.isascii():
        return households.filter(condition | Q(village__name__contains=text))
    return households.filter(condition)


def typed_suggestions(
    households: QuerySet[Household], station_ids: Sequence[UUID], typed: str, limit: int
) -> list[UUID]:
    """Households for a box that searches as one types: straight from the find index, at most `limit`."""
    text = typed.strip().lower()
    if not text:
        return []
    keys = FindKey.objects.filter(begins_with("key", text), station__in=station_ids)
    if re.fullmatch(r"\d{3}[\dx]", text):
        keys |= FindKey.objects.filter(station__in=station_ids, key=tail_hash(text))
    ids = keys.order_by("key").values_list("household_id", flat=True)[: limit * 3]
    seen = list(dict.fromkeys(ids))[:limit]
    allowed = set(households.filter(pk__in=seen).values_list("pk", flat=True))
    return [pk for pk in seen if pk in allowed]


def open_file_of(household_id: UUID) -> FamilyFile | None:
    return FamilyFile.objects.filter(household_id=household_id, state="open").first()


def serving_station_ids(household_id: UUID, day: date) -> list[UUID]:
    rows = HouseholdStation.objects.on(day).filter(household_id=household_id)
    return list(rows.values_list("station_id", flat=True))


def categories_on(day: date) -> QuerySet[Category]:
    return Category.objects.on(day).order_by("position")
