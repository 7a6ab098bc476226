"""Pictures on a family's page, drawn on the server: the same on the page, in print and in the files made from it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString

from shuangbai.core import clock
from shuangbai.core.charts import over_time
from shuangbai.core.pedigree import Lineage, Plan, draw, place
from shuangbai.dossier.queries import Dossier, Point, Series, series_of
from shuangbai.households.enums import BirthPrecision, Relation
from shuangbai.households.kinship import Kin, Said, in_words, lineage, people_of, ties_of
from shuangbai.households.models import Membership, Person
from shuangbai.households.rules import age_on

ASIDE = "其他成员（与户主的关系排不进图里）"


@dataclass(frozen=True, slots=True)
class Tree:
    """A family tree before it is drawn: what core.pedigree takes, and the same in words."""

    lineage: Lineage
    title: str
    words: str

    def plan(self) -> Plan:
        return place(self.lineage)

    def svg(self) -> SafeString:
        return draw(self.lineage, title=self.title, summary=self.words, aside_title=ASIDE)


def tree_of(
    title: str,
    rows: Collection[Membership],
    *,
    shown: Callable[[str], str],
    marked: Collection[UUID] = (),
    elsewhere: Collection[UUID] = (),
    links: Iterable[tuple[UUID, UUID]] = (),
    linked: bool = True,
) -> Tree | None:
    """The tree of these memberships; None where fewer than two people would stand in it.

    `shown` masks a name for whoever reads. `marked` carry a category, `elsewhere` live in another family too.
    `linked`: the symbols lead to the people's pages.
    """
    people = people_of(rows, clock.today())
    if len(people) < 2:
        return None
    persons = {row.person_id: row.person for row in rows}
    said = {
        kin.id: Said(
            notes=_notes(kin, persons[kin.id], elsewhere),
            href=reverse("person", args=[kin.id]) if linked else "",
            marked=kin.id in marked,
            name=shown(kin.name),
        )
        for kin in people
    }
    ties = ties_of(people, links)
    return Tree(lineage(ties, people, said), title, in_words(ties, people, said))


def _notes(kin: Kin, person: Person, elsewhere: Collection[UUID]) -> tuple[str, ...]:
    """Two lines: the relation, and the age or the years of a life."""
    relation = Relation(kin.relation).label if kin.relation in Relation.values else ""
    if kin.id in elsewhere and not kin.gone:
        relation = f"{relation}·另一户"
    return tuple(note for note in (relation, _years(person)) if note)


def _years(person: Person) -> str:
    born, died = person.birth_date, person.died_on
    if died is not None:
        return f"{born.year}–{died.year}" if born else f"{died.year} 年去世"
    if born is None:
        return ""
    about = "约 " if person.birth_precision == BirthPrecision.ESTIMATED else ""
    return f"{about}{age_on(born, clock.today())} 岁"


def elsewhere(household_id: UUID, person_ids: Sequence[UUID]) -> set[UUID]:
    """Who of these people is of another family too, today: one query."""
    rows = Membership.objects.on(clock.today()).filter(person__in=person_ids).exclude(household=household_id)
    return set(rows.values_list("person_id", flat=True))


# OVER THE YEARS ------------------------------------------------------------

UNITS = {
    "area": "平方米",
    "rooms": "间",
    "people": "人",
    "income": "元",
    "expense": "元",
    "per_head": "元",
    "debt": "元",
}


@dataclass(frozen=True, slots=True)
class Trend:
    """A field of the snapshots that changed over the years: drawn where it is a number, and in words."""

    part: str
    label: str
    unit: str
    points: list[Point]
    svg: SafeString | None


def trends_of(dossier: Dossier) -> list[Trend]:
    """The fields that changed, money first; those with one value in all the years are no trend."""
    found = [_trend(one) for one in (*series_of(dossier.economy), *series_of(dossier.housing)) if len(one.steps) > 1]
    return sorted(found, key=lambda trend: trend.svg is None)


def _trend(series: Series) -> Trend:
    unit = "" if "（" in series.label else UNITS.get(series.field, "")  # some labels name theirs
    numbers = [(point.on, float(point.number)) for point in series.points if point.number is not None]
    drawn = over_time(numbers, title=series.label, unit=unit) if len(numbers) > 1 else None
    return Trend(series.part, series.label, unit, series.points, drawn)
