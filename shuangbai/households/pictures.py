"""A family's tree, drawn on the server: the same on its page, in a case's assessment, and in files made from them."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString

from shuangbai.core import clock
from shuangbai.core.pedigree import Lineage, Plan, draw, place
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
    day: date | None = None,
    linked: bool = True,
) -> Tree | None:
    """The tree of these memberships; None where fewer than two people would stand in it.

    `shown` masks a name for whoever reads. `marked` carry a category, `elsewhere` live in another family too.
    `day`: as of which it is told, today's as a rule. `linked`: the symbols lead to the people's pages.
    """
    day = day or clock.today()
    people = people_of(rows, day)
    if len(people) < 2:
        return None
    persons = {row.person_id: row.person for row in rows}
    said = {
        kin.id: Said(
            notes=_notes(kin, persons[kin.id], elsewhere, day),
            href=reverse("person", args=[kin.id]) if linked else "",
            marked=kin.id in marked,
            name=shown(kin.name),
        )
        for kin in people
    }
    ties = ties_of(people, links)
    return Tree(lineage(ties, people, said), title, in_words(ties, people, said))


def _notes(kin: Kin, person: Person, elsewhere: Collection[UUID], day: date) -> tuple[str, ...]:
    """Two lines: the relation, and the age or the years of a life."""
    relation = Relation(kin.relation).label if kin.relation in Relation.values else ""
    if kin.id in elsewhere and not kin.gone:
        relation = f"{relation}·另一户"
    return tuple(note for note in (relation, _years(person, day)) if note)


def _years(person: Person, day: date) -> str:
    born, died = person.birth_date, person.died_on
    if died is not None:
        return f"{born.year}–{died.year}" if born else f"{died.year} 年去世"
    if born is None:
        return ""
    about = "约 " if person.birth_precision == BirthPrecision.ESTIMATED else ""
    return f"{about}{age_on(born, day)} 岁"


def elsewhere(household_id: UUID, person_ids: Sequence[UUID]) -> set[UUID]:
    """Who of these people is of another family too, today: one query."""
    rows = Membership.objects.on(clock.today()).filter(person__in=person_ids).exclude(household=household_id)
    return set(rows.values_list("person_id", flat=True))
