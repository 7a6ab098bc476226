"""What comes through a door about families: a page, a spreadsheet row or a telephone makes these for the actions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from shuangbai.core import idnumber
from shuangbai.households.enums import BirthPrecision, Relation, TagEnd, TagSource
from shuangbai.households.models import Household, Person
from shuangbai.network.models import OrgUnit


@dataclass(slots=True)
class TagEntry:
    """A category to open, from a day, for a person or for the household."""

    category: str
    starts_on: date
    ends_on: date | None = None
    level: str = ""
    amount: Decimal | None = None
    certificate: str = ""
    source: TagSource = TagSource.WORKER
    end_reason: TagEnd | str = ""


@dataclass(slots=True)
class MemberEntry:
    """Somebody of the household: new to us, or with `known` (a person's key) somebody on file who is of it too."""

    name: str
    relation: Relation
    sex: str = "0"
    birth_date: date | None = None
    birth_precision: BirthPrecision = BirthPrecision.DAY
    id_no: str = ""
    phone: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    died_on: date | None = None
    is_primary: bool = True
    tags: Sequence[TagEntry] = ()
    known: UUID | None = None

    @property
    def born(self) -> date | None:
        """The birth date where it is known to the day, as typed or as the number says."""
        if self.birth_precision != BirthPrecision.DAY or self.birth_date:
            return self.birth_date if self.birth_precision == BirthPrecision.DAY else None
        read = idnumber.read(self.id_no) if self.id_no.strip() else None
        return read.birth_date if isinstance(read, idnumber.IdNumber) else None


@dataclass(slots=True)
class HouseholdEntry:
    """A family to enter. `since` is the day from which the station has known it."""

    station: OrgUnit
    village_id: int
    since: date
    members: Sequence[MemberEntry]
    group: str = ""
    address: str = ""
    phone: str = ""
    note: str = ""
    tags: Sequence[TagEntry] = ()
    entered_at: datetime | None = None


@dataclass(slots=True)
class Entered:
    """What became of one HouseholdEntry: the family and its people in the order of the entry."""

    household: Household
    people: list[Person] = field(default_factory=list)


@dataclass(slots=True)
class FileEntry:
    """A file to open. Without a `number` the station's next one is given.

    `station` keeps the file where the family has moved from the one that made it.
    """

    household: Household
    opened_on: date
    worker_id: UUID | None = None
    number: str = ""
    entered_at: datetime | None = None
    station: OrgUnit | None = None


@dataclass(slots=True)
class MoveEntry:
    """A family that moved on a day, to a village and, where that is another's, to a station."""

    household: Household
    village_id: int
    moved_on: date
    station: OrgUnit | None = None
