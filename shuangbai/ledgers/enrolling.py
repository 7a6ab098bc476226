"""A list of volunteers held beside those that a station has: who is new, who adds something, who may be one of two.

What is decided is kept as of families (proposing.Decided): by the key of somebody of the ledger, the volunteer that
they are, or "" for a new one. So FamilySaid stands here for one volunteer: `home` is the volunteer's key.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shuangbai.core import clock, telephones
from shuangbai.core.bulk import in_parts
from shuangbai.core.characters import folded
from shuangbai.core.crypto import lookup_hash
from shuangbai.core.privacy import mask_phone
from shuangbai.households.enums import BirthPrecision
from shuangbai.households.models import HouseholdStation, Person
from shuangbai.households.queries import tail_hash
from shuangbai.ledgers.enums import Fate
from shuangbai.ledgers.grouping import Family, Someone, families, written_day
from shuangbai.ledgers.proposing import Decided, Difference, FamilySaid, PersonSaid, Proposal
from shuangbai.ledgers.register import Choice
from shuangbai.network.enums import Sex
from shuangbai.network.models import OrgUnit
from shuangbai.volunteers.models import Team, TeamMember, Volunteer

# What a ledger may fill in: field, what people call it, and how the ledger's words are cut to fit.
PLAIN = (("skills", "特长", 200), ("platform_no", "志愿者编号", 40), ("guardian", "监护人", 120))


@dataclass(slots=True)
class Enrolled:
    """A volunteer of the station, as they are held beside somebody of a ledger."""

    volunteer: Volunteer
    name: str
    id_hash: str
    born: date | None
    precision: str
    phones: set[str]
    teams: set[UUID]

    def evidence(self, one: Someone, village: int | None, since: str) -> tuple[list[str] | None, list[str]]:
        """What speaks for one and the same, None where something rules it out; and what makes one doubt."""
        born, precision = one.born
        if one.id and self.id_hash:
            return (["身份证号相同"], []) if lookup_hash(one.id, "id") == self.id_hash else (None, [])
        exact = born is not None and precision == self.precision == BirthPrecision.DAY
        if self.born and born and (self.born != born if exact else abs(self.born.year - born.year) > 1):
            return None, []
        said: list[str] = ["出生日期相同"] if exact and self.born else []
        doubts: list[str] = []
        tails = {tail for tail in map(tail_hash, one.phones) if tail}
        if tails and self.phones:
            (said if tails & self.phones else doubts).append("电话相同" if tails & self.phones else "电话不同")
        if since and since == f"{self.volunteer.since}":
            said.append("加入日期相同")
        if village and self.volunteer.village_id and village != self.volunteer.village_id:
            doubts.append("村居不同")
        return said, doubts


class Roll:
    """The volunteers of a station, in four queries."""

    def __init__(self, station: OrgUnit) -> None:
        people = Volunteer.objects.filter(station=station, until__isnull=True).select_related("person")
        members: dict[UUID, set[UUID]] = defaultdict(set)
        teams = TeamMember.objects.filter(station=station, ends_on__isnull=True)
        for volunteer, team in teams.values_list("volunteer_id", "team_id"):
            members[volunteer].add(team)
        self.by_key: dict[UUID, Enrolled] = {}
        self.by_name: dict[str, list[Enrolled]] = defaultdict(list)
        self.by_number: dict[str, Enrolled] = {}
        for row in people:
            of = row.person or row
            one = Enrolled(
                row,
                folded(row.called),
                of.id_hash,
                of.birth_date,
                of.birth_precision,
                set(of.phone_tails.split()),
                members[row.pk],
            )
            self.by_key[row.pk] = one
            self.by_name[one.name].append(one)
            if one.id_hash:
                self.by_number[one.id_hash] = one
        self.teams = {folded(name): pk for pk, name in Team.objects.filter(station=station).values_list("pk", "name")}
        self.founded = dict(Team.objects.filter(station=station).values_list("pk", "founded_on"))

    def find(self, one: Someone, village: int | None, since: str) -> tuple[UUID | None, list[Choice]]:
        """Who this certainly is, or whom they may be; neither where they are new."""
        if one.id and (known := self.by_number.get(lookup_hash(one.id, "id"))):
            return known.volunteer.pk, []
        told = [(row, *row.evidence(one, village, since)) for row in self.by_name.get(folded(one.name), ())]
        fitting = [(row, said, doubts) for row, said, doubts in told if said is not None]
        certain = [row for row, said, _ in fitting if said]
        if len(certain) == 1:
            return certain[0].volunteer.pk, []
        return None, [Choice(row.volunteer.pk, "，".join(["同名", *said, *doubts])) for row, said, doubts in fitting]


def enrol(found: Proposal, decided: Decided) -> None:
    """What would become of the rows of a list of volunteers, into the proposal."""
    roll = Roll(found.station)
    place = {id(row): number for number, row in enumerate(found.rows)}
    told: list[FamilySaid] = []
    by_home: dict[UUID, FamilySaid] = {}
    for family in families(found.rows, found.kind):
        one = _placed(found, roll, family, place, decided)
        same = by_home.get(one.home) if one.home else None
        for row in family.rows:
            found.homes[place[id(row)]] = same or one
        if same is not None:  # two lines of the ledger tell of one volunteer
            same.said.take(family)
            continue
        told.append(one)
        if one.home:
            by_home[one.home] = one
    found.households = told
    people = _on_file(found.station, [one for one in told if one.home is None])
    for one in told:
        one.people = [PersonSaid(one.said.people[0], people.get(one.said.people[0].id))]
        _judge(found, roll, one, place, decided)


def _placed(
    found: Proposal, roll: Roll, family: Family, place: Mapping[int, int], decided: Decided
) -> FamilySaid:  # fmt: skip
    village = found.villages.get(family.village)
    one = FamilySaid(family, village)
    said = decided.families.get(family.key)
    keys = (found.digests[place[id(row)]] for row in family.rows)
    before = {found.before[key].household for key in keys if key in found.before}
    known = [pk for pk in before if pk in roll.by_key]
    if said is not None and (said == "" or UUID(said) in roll.by_key):
        one.home = UUID(said) if said else None
    elif known:
        one.home = known[0]
    else:
        one.home, one.choices = roll.find(family.people[0], village, said_of(family, "since"))
    return one


def said_of(family: Family, name: str) -> str:
    """The first thing that the rows of somebody say of a field; '' for nothing."""
    return str(next((row.said[name] for row in family.rows if row.said.get(name)), ""))


def _on_file(station: OrgUnit, new: Iterable[FamilySaid]) -> dict[str, UUID]:
    """By their identity numbers, who of the station's families somebody new is."""
    numbers = {lookup_hash(one.said.people[0].id, "id"): one.said.people[0].id for one in new if one.said.people[0].id}
    served = HouseholdStation.objects.on(clock.today()).filter(station=station).values("household")
    found: dict[str, UUID] = {}
    for some in in_parts(numbers):
        rows = Person.objects.filter(id_hash__in=some, memberships__household__in=served, forgotten=False).distinct()
        found |= {numbers[number]: pk for pk, number in rows.values_list("pk", "id_hash")}
    return found


# WHAT BECOMES OF EACH ------------------------------------------------------


def _judge(
    found: Proposal, roll: Roll, one: FamilySaid, place: Mapping[int, int], decided: Decided
) -> None:  # fmt: skip
    since = written_day(said_of(one.said, "since"))
    one.missing = _fault(one, since)
    if one.home and not one.missing:
        _compare(one, roll.by_key[one.home], roll.teams, decided)
    for row in one.said.rows:
        number = place[id(row)]
        if one.waits:
            found.fates[number], found.reasons[number] = Fate.ASK, "可能是已登记的志愿者，请先决定"
        elif one.missing:
            found.fates[number], found.reasons[number] = Fate.WRONG, one.missing
        elif row is not one.said.rows[0] or row.twice:
            found.fates[number] = Fate.TWICE
        elif one.home is None:
            found.fates[number] = Fate.NEW
        else:
            found.fates[number] = Fate.ADDS if one.fills else Fate.SAME


def _fault(one: FamilySaid, since: date | None) -> str:
    born, _ = one.said.people[0].born
    if since and since > clock.today():
        return "加入日期在今天之后，请核对年份"
    if since and born and since < born:
        return "加入日期早于出生日期，请核对"
    return ""


def _compare(one: FamilySaid, known: Enrolled, teams: Mapping[str, UUID], decided: Decided) -> None:
    """What the ledger adds to a volunteer, and where it says something else."""
    row, someone = known.volunteer, one.said.people[0]
    for name, label, most in PLAIN:
        _field(one, decided, name, label, getattr(row, name), said_of(one.said, name)[:most])
    if one.village and row.village_id is None:
        one.fills["village_id"] = one.village
    if row.person is None:
        _compare_own(one, row, someone, decided)
    joins = [teams[name] for name in team_names(one.said) if name in teams and teams[name] not in known.teams]
    if joins:
        one.fills["teams"] = joins


def _compare_own(one: FamilySaid, row: Volunteer, someone: Someone, decided: Decided) -> None:
    """Of one who is not on file also what their file would say."""
    born, precision = someone.born
    if someone.id and not row.id_no:
        one.fills["id_no"] = someone.id
    if born and row.birth_date is None and not someone.id:
        one.fills |= {"birth_date": born, "birth_precision": precision}
    if someone.sex in (Sex.MALE, Sex.FEMALE) and row.sex not in (Sex.MALE, Sex.FEMALE):
        one.fills["sex"] = someone.sex
    known = {each.dialled for each in telephones.read(row.phone)}
    new = [number for number in someone.phones[: telephones.MOST] if number.replace("-", "") not in known]
    if new and row.phone:
        one.differs.append(Difference("phone", "电话", row.phone, "、".join(map(mask_phone, new))))
    if new and (not row.phone or "phone" in decided.take):
        one.fills["phone"] = "、".join([*new, *([row.phone] if row.phone else [])])


def _field(one: FamilySaid, decided: Decided, name: str, label: str, old: str, new: str) -> None:
    if not new or folded(old) == folded(new):
        return
    if not old or name in decided.take:
        one.fills[name] = new
    if old:
        one.differs.append(Difference(name, label, old, new))


def team_names(family: Family) -> Sequence[str]:
    """The teams that the rows of somebody name."""
    text = said_of(family, "team")
    for mark in "，,；;/\n":
        text = text.replace(mark, "、")
    return [folded(name) for name in text.split("、") if name.strip()]


def called_of(keys: Iterable[UUID]) -> dict[UUID, Any]:
    """Volunteers by their keys, as a question calls them."""
    rows = Volunteer.objects.filter(pk__in=list(keys)).select_related("person", "village")
    return {row.pk: f"{row.called}（{row.village.short_name if row.village else '没有写村居'}）" for row in rows}
