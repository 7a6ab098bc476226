"""What comes through a door."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from shuangbai.core.ids import random_id
from shuangbai.core.papers import Paper
from shuangbai.counter.enums import Outcome, Way
from shuangbai.households.models import Household
from shuangbai.network.models import OrgUnit
from shuangbai.services.enums import HeadGroup


@dataclass(slots=True)
class ConsultationEntry:
    """Somebody asked something. With a person on file the family follows from the day, unless it is said."""

    station: OrgUnit
    occurred_on: date
    topic: str
    worker_ids: Sequence[UUID]
    way: str = Way.CAME
    outcome: str = Outcome.ANSWERED
    person_id: UUID | None = None
    household_id: UUID | None = None
    name: str = ""
    group: str = HeadGroup.OTHERS
    many: int = 1
    village_id: int | None = None
    summary: str = ""
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


@dataclass(slots=True)
class HandoutEntry:
    """Leaflets handed out outside activities."""

    station: OrgUnit
    occurred_on: date
    title: str
    copies: int
    worker_ids: Sequence[UUID]
    village_id: int | None = None
    place: str = ""
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


@dataclass(slots=True)
class ItemEntry:
    """Something that the station keeps an account of."""

    station: OrgUnit
    kind: str
    name: str
    unit: str
    note: str = ""
    client_id: UUID = field(default_factory=random_id)


@dataclass(slots=True)
class MoveEntry:
    """What came in or went out; `quantity` is positive either way, the way says which."""

    moved_on: date
    way: str
    quantity: Decimal
    value: Decimal | None = None
    whom: str = ""
    household: Household | None = None
    receipt_no: str = ""
    paper: Paper | None = field(default=None, repr=False)
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


@dataclass(slots=True)
class VenueEntry:
    """A place as it comes from its page; `items` are the pieces of equipment by name."""

    station: OrgUnit
    name: str
    opened_on: date
    village_id: int | None = None
    address: str = ""
    hours: str = ""
    caretaker: str = ""
    phone: str = ""
    check_months: int = 3
    state: str = "open"
    closed_on: date | None = None
    items: Sequence[str] = ()
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None
