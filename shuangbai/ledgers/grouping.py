"""The families and people that the rows of a ledger are about, put together from all of their rows. Pure."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shuangbai.core.characters import folded
from shuangbai.households.enums import BirthPrecision, Relation
from shuangbai.ledgers.enums import Kind
from shuangbai.ledgers.told import Row

_text_of = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
_SHEET = ("nation", "education", "marriage")
_MONTH = re.compile(r"((?:19|20)\d\d)\s*[-年./]?\s*(0?[1-9]|1[0-2])(?!\d)")


@dataclass(slots=True)
class Someone:
    """One person of a ledger, from all rows about them."""

    name: str
    rows: list[Row] = field(default_factory=list)
    id: str = ""
    birth: str = ""
    sex: str = ""
    relation: str = ""
    phones: list[str] = field(default_factory=list)
    categories: dict[tuple[str, ...], date | None] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)

    def add(self, row: Row, *, since: date | None) -> None:
        """What one more row says of them; what was said first stands."""
        said = row.said
        self.rows.append(row)
        self.id, self.birth = self.id or said.get("id", ""), self.birth or said.get("birth", "")
        self.sex, self.relation = self.sex or said.get("sex", ""), self.relation or said.get("relation", "")
        self.phones += [one for one in said.get("phones", ()) if one not in self.phones]
        for codes in said.get("categories", ()):
            first = self.categories.get(tuple(codes), since)
            self.categories[tuple(codes)] = min(filter(None, (first, since)), default=None)
        for name in _SHEET:
            if name in said:
                self.facts.setdefault(name, said[name])

    def take(self, other: "Someone") -> None:
        """What other rows say of the same person."""
        self.rows += other.rows
        for name in ("id", "birth", "sex", "relation"):
            setattr(self, name, getattr(self, name) or getattr(other, name))
        self.phones += [one for one in other.phones if one not in self.phones]
        self.facts = {**other.facts, **self.facts}
        for codes, since in other.categories.items():
            known = [day for day in (self.categories.get(codes), since) if day]
            self.categories[codes] = min(known, default=None)

    @property
    def born(self) -> tuple[date | None, BirthPrecision]:
        """The birth date as far as it is known, on the first day of what is."""
        parts = [int(part) for part in self.birth.split("-")] if self.birth else []
        if not parts:
            return None, BirthPrecision.DAY
        precision = {1: BirthPrecision.YEAR, 2: BirthPrecision.MONTH}.get(len(parts), BirthPrecision.DAY)
        return date(*[*parts, 1, 1][:3]), precision


@dataclass(slots=True)
class Family:
    """One family of a ledger. `key` is by what it is remembered when somebody decides about it."""

    key: str
    rows: list[Row] = field(default_factory=list)
    people: list[Someone] = field(default_factory=list)
    file_no: str = ""
    village: str = ""
    group: str = ""
    address: str = ""
    phones: list[str] = field(default_factory=list)
    opened_on: str = ""
    keepers: list[str] = field(default_factory=list)
    grade: str = ""
    head: str = ""
    days: list[date] = field(default_factory=list)

    def add(self, row: Row, kind: Kind) -> None:
        said = row.said
        self.rows.append(row)
        for name in ("file_no", "village", "group", "address", "opened_on", "grade", "head"):
            if not getattr(self, name):
                setattr(self, name, said.get(name, ""))
        self.phones += [one for one in said.get("home_phones", ()) if one not in self.phones]
        self.keepers += [one for one in said.get("keepers", ()) if one not in self.keepers]
        day = date.fromisoformat(said["day"]) if len(said.get("day", "")) == 10 else None
        if day:
            self.days.append(day)
        name = said.get("name") or (said.get("head", "") if kind is Kind.VISITS or not said.get("relation") else "")
        if name:
            since = day or written_day(self.opened_on) or (month_of(row.sheet) if kind is Kind.ROSTER else None)
            self._somebody(name, said.get("id", "")).add(row, since=since)

    def take(self, other: "Family") -> None:
        """What another part of the ledger says of the same family."""
        self.rows += other.rows
        for name in ("file_no", "village", "group", "address", "opened_on", "grade", "head"):
            setattr(self, name, getattr(self, name) or getattr(other, name))
        self.phones += [one for one in other.phones if one not in self.phones]
        self.keepers += [one for one in other.keepers if one not in self.keepers]
        self.days += other.days
        for one in other.people:
            self._somebody(one.name, one.id).take(one)

    def _somebody(self, name: str, number: str) -> Someone:
        """The person of this name, and number where both have one."""
        wanted = folded(name)
        for one in self.people:
            if folded(one.name) == wanted and (not number or not one.id or one.id == number):
                return one
        found = Someone(name)
        self.people.append(found)
        return found

    @property
    def called(self) -> str:
        return self.people[0].name if self.people else self.head or self.file_no

    def put_in_order(self) -> None:
        """The head first; whoever the ledger names as head and lists nowhere is of the family too."""
        head = folded(self.head)
        if head and not any(folded(one.name) == head or one.relation == Relation.HEAD for one in self.people):
            self.people.insert(0, Someone(self.head, relation=Relation.HEAD.value))
        of_head = [one for one in self.people if one.relation == Relation.HEAD] or [
            one for one in self.people if head and folded(one.name) == head
        ]
        first = (of_head or self.people)[:1]
        for one in self.people:
            if one in first:
                one.relation = Relation.HEAD.value
            elif one.relation in ("", Relation.HEAD):
                one.relation = Relation.OTHER.value
        self.people.sort(key=lambda one: one not in first)


def written_day(text: str) -> date | None:
    """A day that is known whole, or the first of a month or year that is; None for nothing."""
    parts = [int(part) for part in text.split("-")] if text else []
    return date(*[*parts, 1, 1][:3]) if parts else None


def month_of(sheet: str) -> date | None:
    """The first day of the month that a sheet's name gives."""
    found = _MONTH.search(sheet)
    return date(int(found[1]), int(found[2]), 1) if found else None


def families(rows: Iterable[Row], kind: Kind) -> list[Family]:
    """The families of sound rows, in the order of the file; a person of whom no family is said is one alone."""
    found: dict[tuple[Any, ...], Family] = {}
    for row in rows:
        if row.wrong or not (row.said.get("name") or row.said.get("head") or row.said.get("file_no")):
            continue
        key = ("family", row.family) if row.family is not None else _alone(row)
        if key not in found:
            found[key] = Family("")
        found[key].add(row, kind)
    for family in found.values():
        family.put_in_order()
        family.key = _key(family)
    return list(found.values())


def _alone(row: Row) -> tuple[Any, ...]:
    said = row.said
    if said.get("id"):
        return ("id", said["id"])
    return ("named", folded(said.get("name", "")), said.get("birth", ""), said.get("village", ""))


def _key(family: Family) -> str:
    """By what a family of a ledger is the same in another copy of it: what tells it from others of its name."""
    head = family.people[0] if family.people else None
    said = [family.file_no, family.village, folded(head.name) if head else "", head.id if head else ""]
    said += sorted({*family.phones, *(head.phones if head else ())})
    return _digest(said)


def digests(rows: Sequence[Row], kind: Kind) -> list[str]:
    """By what each row is known when it comes again: what it says, and how many before it say the same."""
    seen: dict[str, int] = {}
    found = []
    for row in rows:
        said = _digest([kind.value, row.said])
        seen[said] = seen.get(said, 0) + 1
        found.append(_digest([said, seen[said]]))
    return found


def _digest(said: Any) -> str:
    return hashlib.blake2b(_text_of(said).encode(), digest_size=16).hexdigest()
