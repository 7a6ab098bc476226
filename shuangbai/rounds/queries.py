"""Reading lists of calls: who is picked, how each family stands, the one-page result."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from shuangbai.codes.queries import label_of
from shuangbai.core import telephones
from shuangbai.households.doubles import FamilyEntries, entries_of, once
from shuangbai.households.models import Category, Household, Membership, Tag
from shuangbai.households.queries import FamilyLine, family_lines, kept_by, served_by
from shuangbai.network.models import Area, OrgUnit
from shuangbai.rounds.enums import Called
from shuangbai.rounds.models import CallList, CallListItem, CallMade, SafetyFlag
from shuangbai.visits.enums import NEEDS, RESULTS
from shuangbai.visits.queries import last_met, writable

# WHO IS PICKED ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Criteria:
    """By what families are picked: codes of categories (any of them), villages, days unseen, one worker's own."""

    categories: Sequence[str] = ()
    villages: Sequence[int] = ()
    unseen_days: int | None = None
    staff_id: UUID | None = None

    def as_codes(self) -> dict[str, Any]:
        return {
            "categories": list(self.categories), "villages": list(self.villages), "unseen_days": self.unseen_days,
            "staff": str(self.staff_id) if self.staff_id else None,
        }  # fmt: skip


def carrying_any(households: QuerySet[Household], codes: Collection[str], day: date) -> QuerySet[Household]:
    """The families that carry one of the categories on the day, themselves or through somebody who lives."""
    tags = Tag.objects.on(day).filter(category__code__in=list(codes))
    alive = Membership.objects.on(day).filter(Q(person__died_on__isnull=True) | Q(person__died_on__gt=day))
    of_member = alive.filter(household=OuterRef("pk"), person__in=tags.values("person_id"))
    return households.filter(Exists(tags.filter(household=OuterRef("pk"))) | Exists(of_member))


def picked(user: Any, station: OrgUnit, asked: Criteria, day: date) -> list[tuple[UUID, date | None]]:
    """The families of a station that answer to the criteria, with their last contact, the longest unseen first."""
    found = served_by(writable(user), station.pk, day)
    if asked.categories:
        found = carrying_any(found, asked.categories, day)
    if asked.villages:
        found = found.filter(village__in=list(asked.villages))
    if asked.staff_id:
        found = kept_by(found, asked.staff_id, day)
    rows = list(once(found, writable(user)).values_list("pk", "village__name", "head_name"))
    met = last_met([pk for pk, _village, _name in rows])
    if asked.unseen_days is not None:
        since = day - timedelta(days=asked.unseen_days)
        rows = [row for row in rows if met.get(row[0], date.min) < since]
    rows.sort(key=lambda row: (met.get(row[0], date.min), row[1], row[2], row[0]))
    return [(pk, met.get(pk)) for pk, _village, _name in rows]


def lines_of(user: Any, ids: Sequence[UUID], day: date) -> list[FamilyLine]:
    """The families of these ids as lists show them, in their order: nine queries at most."""
    rows = {home.pk: home for home in writable(user).filter(pk__in=ids)}
    entries = entries_of(user, rows.values())
    return family_lines([rows[pk] for pk in ids if pk in rows], day, sees_names=True, entries=entries)


def told_criteria(criteria: Mapping[str, Any]) -> list[str]:
    """The criteria of a list in words: two queries."""
    words = list(
        Category.objects.filter(code__in=criteria.get("categories", []))
        .order_by("position")
        .values_list("name", flat=True)
    )
    villages = Area.objects.filter(pk__in=criteria.get("villages", [])).order_by("name")
    said = ["、".join(words)] if words else ["所有家庭"]
    said += ["、".join(village.short_name for village in villages)] if villages else []
    days = criteria.get("unseen_days")
    if days is not None:
        said.append(f"超过 {days} 天没见到")
    if criteria.get("staff"):
        said.append("一位社工负责的")
    return said


# HOW A LIST STANDS -----------------------------------------------------------


@dataclass(slots=True)
class CallRow:
    """A family on a list: its calls, the newest last, and when it was last met in whichever way.

    `entries`: under which it is listed; several where it was found to be known twice since.
    """

    item: CallListItem
    listed_on: date
    met_on: date | None
    calls: list[CallMade] = field(default_factory=list)
    entries: list[UUID] = field(default_factory=list)

    @property
    def household(self) -> Household:
        return self.item.household

    @property
    def latest(self) -> CallMade | None:
        return self.calls[-1] if self.calls else None

    @property
    def state(self) -> Called:
        if any(call.record.reached for call in self.calls):
            return Called.REACHED
        if self.met_on and self.met_on >= self.listed_on:
            return Called.SEEN
        return Called.UNREACHED if self.calls else Called.WAITING

    @property
    def open(self) -> bool:
        """Whether somebody should still call."""
        return self.state in (Called.WAITING, Called.UNREACHED)

    @property
    def needs(self) -> list[str]:
        return list(dict.fromkeys(code for call in self.calls for code in call.record.visit.needs))


def call_rows(call_list: CallList) -> list[CallRow]:
    """Every family of a list in its order, with its calls that stand: five queries.

    One that was found to be known twice since it was listed has one row, under the entry that is kept, and the
    calls of both.
    """
    items = call_list.items.select_related("household__village").order_by("position", "id")
    rows = list(items.defer("household__phone", "household__address", "household__note"))
    listed = {item.household_id: item for item in rows}
    entries = FamilyEntries(Household.objects.none(), listed)
    met = last_met(list(listed))
    made: dict[UUID, list[CallMade]] = defaultdict(list)
    standing = CallMade.objects.filter(item__call_list=call_list, record__voided_at__isnull=True)
    for call in standing.select_related("record__visit", "record__entered_by"):
        made[call.item_id].append(call)
    found = []
    for item in rows:
        if entries.stands(item.household_id) == item.household_id:
            some = entries.seen(item.household_id)
            calls = sorted((call for one in some for call in made[listed[one].pk]), key=lambda call: call.record_id)
            found.append(CallRow(item, call_list.day, met.get(item.household_id), calls, some))
    return found


def list_rows(lists: QuerySet[CallList], limit: int) -> list[dict[str, Any]]:
    """The newest lists with how many families are on them and how many were called: one query."""
    called = CallMade.objects.filter(item=OuterRef("items"), record__voided_at__isnull=True)
    family = Coalesce("items__household__same__kept", "items__household")  # one known twice is one
    counted = lists.annotate(
        families=Count(family, distinct=True), called=Count(family, filter=Q(Exists(called)), distinct=True)
    )
    columns = ("id", "name", "day", "families", "called", "campaign__name", "entered_by__display_name", "station__name")
    return list(counted.order_by("-day", "-id").values(*columns)[:limit])


@dataclass(frozen=True, slots=True)
class CallResult:
    """A list on one page: how many, by state and by result of the latest call, the needs, and who is still open."""

    rows: Sequence[CallRow]
    states: Mapping[str, int]
    results: Sequence[tuple[str, int]]
    needs: Sequence[tuple[str, list[CallRow]]]

    @property
    def still_open(self) -> list[CallRow]:
        return [row for row in self.rows if row.open]

    @property
    def reached(self) -> list[CallRow]:
        return [row for row in self.rows if not row.open]


def result_of(rows: Sequence[CallRow]) -> CallResult:
    states = Counter(str(row.state) for row in rows)
    results: Counter[str] = Counter()
    needs: dict[str, list[CallRow]] = defaultdict(list)
    for row in rows:
        if row.latest:
            record = row.latest.record
            results[label_of(RESULTS, record.visit.result, record.occurred_on)] += 1
            for code in row.needs:
                needs[label_of(NEEDS, code, record.occurred_on)].append(row)
    by_many = sorted(needs.items(), key=lambda pair: -len(pair[1]))
    return CallResult(rows, {state.value: states[state.value] for state in Called}, results.most_common(), by_many)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number on which a family is reached: whose, covered, clear, and as it is dialled."""

    whose: str
    masked: str
    clear: str
    dialled: str


def phones_of(household_ids: Sequence[UUID], day: date) -> dict[UUID, list[Phone]]:
    """The numbers of families: their own, then those of their living members, each once. Two queries.

    Each value is decrypted. A label says whose a number is; without one, whose row it stands in does.
    """
    found: dict[UUID, dict[str, Phone]] = defaultdict(dict)

    def note(home: UUID, text: str, whose: str, label: str = "") -> None:
        for one in telephones.read(text):
            said = " ".join(filter(None, (label, one.label))) or whose
            found[home].setdefault(one.dialled, Phone(said, one.masked, one.number, one.dialled))

    for home in Household.objects.filter(pk__in=household_ids).only("id", "phone"):
        note(home.pk, home.phone, "家里")
    people = Membership.objects.on(day).filter(household__in=household_ids, person__died_on__isnull=True)
    rows = people.exclude(person__phone_tails="").select_related("person")
    for row in rows.order_by("relation", "person__birth_date", "id"):
        note(row.household_id, row.person.phone, row.person.name, row.person.name)
    return {home: list(some.values()) for home, some in found.items()}


# SAFETY ----------------------------------------------------------------------


def flags_on(household_ids: Collection[UUID], day: date) -> dict[UUID, SafetyFlag]:
    """The families to which nobody should go alone on the day, whichever station said so: one query."""
    rows = SafetyFlag.objects.on(day).filter(household__in=household_ids).order_by("starts_on", "id")
    return {flag.household_id: flag for flag in rows}
