"""A bureau's list beside what a station knows: who is no longer on it, who has no file, who has died meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from shuangbai.core import clock
from shuangbai.core.bulk import in_parts
from shuangbai.core.characters import folded
from shuangbai.households.models import HouseholdStation, Membership, Person, Tag
from shuangbai.ledgers.enums import Fate
from shuangbai.ledgers.grouping import month_of
from shuangbai.ledgers.proposing import FamilySaid, PersonSaid, Proposal

END, ASK = "end", "ask"  # the category ends with the list; somebody is asked to find out


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody who carries a category of the list and stands on it no longer."""

    tag: UUID
    household: UUID
    person: UUID | None
    name: str
    category: str
    since: date


@dataclass(slots=True)
class Beside:
    """A list beside the files, as of its latest month. `filed` of `families` have a file, or would get one."""

    month: date | None
    families: int = 0
    filed: int = 0
    unfiled: list[FamilySaid] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)

    @property
    def ends_on(self) -> date:
        """The last day of a category of which the list of this month no longer tells."""
        return self.month - timedelta(days=1) if self.month else clock.today()


def beside(proposal: Proposal) -> Beside:
    """Hold a list that was proposed beside what the station knows: five queries, however long it is."""
    months = {row.sheet: month_of(row.sheet) for row in proposal.rows}
    latest = max(filter(None, months.values()), default=None)
    sheets = {sheet for sheet, month in months.items() if latest is None or month == latest}
    found = Beside(latest)
    on_it = [one for one in proposal.households if any(row.sheet in sheets for row in one.said.rows)]
    people = {one.person for one in _people(on_it, sheets) if one.person}
    homes = {one.home for one in on_it if one.home} | {choice.home for one in on_it for choice in one.choices}
    told = zip(proposal.rows, proposal.fates, strict=True)
    open_rows = [row.said for row, fate in told if row.sheet in sheets and fate in (Fate.WRONG, Fate.ASK)]
    unsure = {folded(said.get("name") or said.get("head", "")) for said in open_rows}
    found.families = len(on_it)
    found.unfiled = [one for one in on_it if not (one.waits or one.missing or one.has_file)]
    found.filed = found.families - len(found.unfiled)
    gone = _gone(proposal, people, homes)
    found.gone = [one for one in gone if folded(one.name.removesuffix("户")) not in unsure]
    for some in in_parts(people):
        dead = Person.objects.filter(pk__in=some, died_on__isnull=False).order_by("name")
        found.dead += [f"{name}（{died}）" for name, died in dead.values_list("name", "died_on")]
    return found


def _people(on_it: Iterable[FamilySaid], sheets: set[str]) -> Iterable[PersonSaid]:
    return (who for one in on_it for who in one.people if any(row.sheet in sheets for row in who.said.rows))


def _gone(proposal: Proposal, people: set[UUID], homes: set[UUID]) -> list[Gone]:
    """Who of the station carries a category that the list tells of, and is not on it."""
    codes = {code for row in proposal.rows for some in row.said.get("categories", ()) for code in some}
    if not codes:
        return []
    today = clock.today()
    served = HouseholdStation.objects.on(today).filter(station=proposal.station).values("household")
    tags = Tag.objects.on(today).filter(category__code__in=codes).select_related("category", "person", "household")
    members = Membership.objects.on(today).filter(household__in=served, is_primary=True)
    of_person = dict(members.values_list("person_id", "household_id"))
    found = []
    for tag in tags.filter(person__in=members.values("person")).order_by("person__name", "id"):
        if tag.person and tag.person_id not in people and tag.person_id in of_person:
            home = of_person[tag.person_id]
            found.append(Gone(tag.pk, home, tag.person_id, tag.person.name, tag.category.name, tag.starts_on))
    for tag in tags.filter(household__in=served).order_by("household__head_name", "id"):
        if tag.household and tag.household_id not in homes:
            name = f"{tag.household.head_name}户"
            found.append(Gone(tag.pk, tag.household.pk, None, name, tag.category.name, tag.starts_on))
    return found
