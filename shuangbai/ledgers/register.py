"""The families that a station serves, as they are held beside those of a ledger: a few queries, however many."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from shuangbai.core.characters import folded
from shuangbai.core.crypto import lookup_hash
from shuangbai.households.doubles import kept_of
from shuangbai.households.enums import BirthPrecision, FileState, Relation
from shuangbai.households.known import FAMILIES
from shuangbai.households.models import FamilyFile, Household, HouseholdStation, Membership
from shuangbai.households.queries import tail_hash
from shuangbai.ledgers.grouping import Family, Someone
from shuangbai.network.models import OrgUnit


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a family of today."""

    person: UUID
    name: str
    id_hash: str
    born: date | None
    precision: str
    relation: str

    def may_be(self, one: Someone) -> bool:
        """Whether nothing that is known of both speaks against one person."""
        born, precision = one.born
        if one.id and self.id_hash and lookup_hash(one.id, "id") != self.id_hash:
            return False
        if not (born and self.born):
            return True
        if precision == self.precision == BirthPrecision.DAY:
            return born == self.born
        about = 2 if BirthPrecision.ESTIMATED in (precision, self.precision) else 0
        return abs(born.year - self.born.year) <= about


@dataclass(slots=True)
class Home:
    """A family on file: who is of it, by which numbers it is kept and called."""

    pk: UUID
    head: str
    village: int
    phones: set[str]
    files: dict[str, bool] = field(default_factory=dict)  # numbers, and whether each is open
    members: list[Member] = field(default_factory=list)

    def member(self, one: Someone) -> Member | None:
        """Who of this family somebody of a ledger is: by the number, else by the name where nothing speaks against."""
        number = lookup_hash(one.id, "id") if one.id else ""
        by_number = [member for member in self.members if number and member.id_hash == number]
        wanted = folded(one.name)
        by_name = [member for member in self.members if member.name == wanted and member.may_be(one)]
        return by_number[0] if by_number else by_name[0] if len(by_name) == 1 else None

    @property
    def has_open_file(self) -> bool:
        return any(self.files.values())


@dataclass(frozen=True, slots=True)
class Choice:
    """A family on file that may be one of a ledger, and what speaks for it."""

    home: UUID
    why: str


class Register:
    """Every family that the station serves on the day."""

    def __init__(self, station: OrgUnit, day: date) -> None:
        served = HouseholdStation.objects.on(day).filter(station=station).values("household")
        self.homes: dict[UUID, Home] = {}
        rows = Household.objects.filter(pk__in=served).values_list("pk", "head_name", "village_id", "phone_tails")
        for pk, head, village, phones in rows:
            self.homes[pk] = Home(pk, folded(head), village, set(phones.split()))
        files = FamilyFile.objects.filter(household__in=served).values_list("household_id", "number", "state")
        for pk, number, state in files:
            self.homes[pk].files[number.replace(" ", "").upper()] = state == FileState.OPEN
        columns = ("household_id", "person_id", "person__name", "person__id_hash", "person__birth_date",
                   "person__birth_precision", "person__phone_tails", "relation")  # fmt: skip
        members = Membership.objects.on(day).filter(household__in=served, person__forgotten=False)
        for pk, person, name, id_hash, born, precision, phones, relation in members.values_list(*columns):
            home = self.homes[pk]
            home.members.append(Member(person, folded(name), id_hash, born, precision, relation))
            home.phones |= set(phones.split())
        self._index()

    def _index(self) -> None:
        self.by_file: dict[str, set[UUID]] = defaultdict(set)
        self.by_number: dict[str, set[UUID]] = defaultdict(set)
        self.by_head: dict[tuple[str, int], set[UUID]] = defaultdict(set)
        self.by_name: dict[tuple[str, int], set[UUID]] = defaultdict(set)
        self.kept = kept_of(self.homes, FAMILIES)
        for home in self.homes.values():
            one = self._kept(home.pk)
            for number in home.files:
                self.by_file[number].add(one)
            self.by_head[home.head, home.village].add(one)
            for member in home.members:
                self.by_name[member.name, home.village].add(one)
                if member.id_hash:
                    self.by_number[member.id_hash].add(one)

    def _kept(self, home: UUID) -> UUID:
        """Of entries that are one family the one that is kept, where the station serves it too."""
        kept = self.kept.get(home, home)
        return kept if kept in self.homes else home

    def find(self, family: Family, village: int | None) -> tuple[UUID | None, list[Choice]]:
        """The family on file that this one certainly is, or those that it may be; neither where it is a new one."""
        if not family.people and not family.file_no:
            return None, []
        by_file = self.by_file.get(family.file_no, set()) if family.file_no else set()
        if len(by_file) == 1:
            return next(iter(by_file)), []
        if not family.people:
            return None, []
        of_head, of_others = self._by_numbers(family.people[:1]), self._by_numbers(family.people[1:])
        if len(of_head) == 1:
            return next(iter(of_head)), []
        called = {home for home in of_others if self.homes[home].head == folded(family.people[0].name)}
        if len(called) == 1:
            return next(iter(called)), []
        if of_head or of_others:
            return None, [Choice(home, "有家人的身份证号相同") for home in sorted(of_head | of_others)]
        return (None, []) if village is None else self._by_name(family, village)

    def _by_numbers(self, people: Iterable[Someone]) -> set[UUID]:
        hashes = {lookup_hash(one.id, "id") for one in people if one.id}
        return {home for number in hashes for home in self.by_number.get(number, ())}

    def _by_name(self, family: Family, village: int) -> tuple[UUID | None, list[Choice]]:
        head = family.people[0]
        called = (folded(head.name), village)
        near = self.by_head.get(called, set()) or self.by_name.get(called, set())
        told = [(home, *self._evidence(family, self.homes[home])) for home in sorted(near)]
        fitting = [(home, said, doubts) for home, said, doubts in told if said is not None]
        certain = [home for home, said, _ in fitting if said]
        if len(certain) == 1:
            return certain[0], []
        if len(fitting) == 1 and not fitting[0][2]:
            return (fitting[0][0], []) if self._is_usual(family) else (None, [Choice(fitting[0][0], "同村同名")])
        return None, [Choice(home, "，".join(["同村同名", *said, *doubts])) for home, said, doubts in fitting]

    @staticmethod
    def _is_usual(family: Family) -> bool:
        """Whether the ledger itself says no more than name and village, as a ledger of visits does."""
        return bool(family.days)

    @staticmethod
    def _evidence(family: Family, home: Home) -> tuple[list[str] | None, list[str]]:
        """What speaks for one family, None where something rules it out; and what makes one doubt."""
        head = family.people[0]
        of_home = [member for member in home.members if member.name == folded(head.name)]
        if of_home and not any(member.may_be(head) for member in of_home):
            return None, []
        said: list[str] = []
        doubts: list[str] = []
        if family.file_no and home.files:
            doubts.append("档案号不同")
        phones = {tail for tail in map(tail_hash, [*family.phones, *head.phones]) if tail}
        if phones and home.phones:
            (said if phones & home.phones else doubts).append("电话相同" if phones & home.phones else "电话不同")
        born, precision = head.born
        exact = [member.born for member in of_home if member.precision == BirthPrecision.DAY]
        if born and precision == BirthPrecision.DAY and born in exact:
            said.append("出生日期相同")
        others = {folded(one.name) for one in family.people[1:]} & {
            member.name for member in home.members if member.relation != Relation.HEAD
        }
        if others:
            said.append("家人也同名")
        return said, doubts
