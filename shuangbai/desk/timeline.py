"""Everything that ever happened to a family as one list: records of services, and what the dated rows say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from shuangbai.core import clock
from shuangbai.desk import facts, queries
from shuangbai.desk.facts import Fact, Known, Matter
from shuangbai.desk.queries import Happening
from shuangbai.services.access import records_shown_to, sees_names
from shuangbai.services.enums import RecordKind
from shuangbai.services.models import ServiceRecord
from shuangbai.services.queries import Cursor, newest_first

SIZE = 20
KINDS: dict[Matter, list[str]] = {
    Matter.VISIT: [RecordKind.VISIT],
    Matter.ACTIVITY: [kind for kind in RecordKind.values if kind != RecordKind.VISIT],
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a timeline is shown: one matter, one year, and from where on."""

    matter: str = ""
    year: int | None = None
    after: Cursor | None = None

    @classmethod
    def parse(cls, words: Any) -> "Asked":
        """What an address asks; what makes no sense is left out."""
        matter, year = words.get("matter", ""), words.get("year", "")
        return cls(
            matter if matter in Matter.values else "",
            int(year) if year.isdecimal() and 1900 <= int(year) <= 2999 else None,
            Cursor.parse(words.get("after", "")),
        )

    def records(self, rows: QuerySet[ServiceRecord]) -> QuerySet[ServiceRecord] | None:
        """The records that fit; None where the matter is none of records."""
        if self.matter:
            kinds = KINDS.get(Matter(self.matter))
            if kinds is None:
                return None
            rows = rows.filter(kind__in=kinds)
        span = Q(occurred_on__gte=date(self.year, 1, 1), occurred_on__lte=date(self.year, 12, 31)) if self.year else Q()
        return rows.filter(span)


@dataclass(frozen=True, slots=True)
class Page:
    """One page, newest first, where the next begins, and the years in which anything happened."""

    entries: list[Happening | Fact]
    following: Cursor | None
    years: list[int]


def page_of(user: Any, known: Known, asked: Asked, size: int = SIZE) -> Page:
    """One page of a family's timeline: as many queries for five hundred things as for five."""
    sources = queries.sources_of(records_shown_to(user), [one.household.pk for one in known.every], known.everybody)
    told = facts.settled(facts.facts_of(known), clock.today())
    if not sees_names(user):
        told = [facts.veiled(fact) for fact in told]
    chosen = {(fact.on, fact.key): fact for fact in facts.narrowed(told, matter=asked.matter, year=asked.year)}
    keys = {key for key in chosen if asked.after is None or key < (asked.after.occurred_on, asked.after.record_id)}
    for rows in map(asked.records, sources):
        if rows is not None:
            keys.update(newest_first(rows, asked.after).values_list("occurred_on", "id")[: size + 1])
    ordered = sorted(keys, reverse=True)
    following = Cursor(*ordered[size - 1]) if len(ordered) > size else None
    days = [list(rows.dates("occurred_on", "year")) for rows in sources]
    return Page(_entries(user, ordered[:size], chosen, known), following, facts.years([f.on for f in told], *days))


def _entries(
    user: Any, keys: Sequence[tuple[date, UUID]], chosen: dict[Any, Fact], known: Known
) -> list[Happening | Fact]:
    """What stands under these keys, in their order."""
    ids = [pk for on, pk in keys if (on, pk) not in chosen]
    signed = queries.signed(records_shown_to(user), ids)
    records = {one.record.pk: one for one in queries.happenings(user, signed)}
    others = {one.household.pk: facts.elsewhere(one.household) for one in known.besides}
    for record in records.values():
        home = record.record.household_id
        record.under = others.get(home, "") if home else ""
    found = [chosen.get((on, pk)) or records.get(pk) for on, pk in keys]
    return [one for one in found if one is not None]
