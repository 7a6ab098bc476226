"""What comes through a door of this room: a page, a spreadsheet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from shuangbai.core.ids import random_id
from shuangbai.households.enums import BirthPrecision
from shuangbai.network.models import OrgUnit


@dataclass(slots=True)
class VolunteerEntry:
    """A volunteer. With `person_id` they are on file, and the fields that their file has are left empty."""

    station: OrgUnit
    since: date
    person_id: UUID | None = None
    name: str = ""
    sex: str = ""
    birth_date: date | None = None
    birth_precision: str = BirthPrecision.DAY
    id_no: str = ""
    phone: str = ""
    village_id: int | None = None
    skills: str = ""
    times: Sequence[str] = ()
    platform_no: str = ""
    guardian: str = ""
    consented_on: date | None = None
    note: str = ""
    until: date | None = None
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


@dataclass(slots=True)
class TeamEntry:
    station: OrgUnit
    name: str
    kind: str
    founded_on: date
    village_id: int | None = None
    founder: str = ""
    aim: str = ""
    note: str = ""
    stage: str = ""
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


@dataclass(slots=True)
class OrganisationEntry:
    station: OrgUnit
    name: str
    kind: str
    standing: str
    number: str = ""
    registered_on: date | None = None
    village_id: int | None = None
    contact: str = ""
    members: int | None = None
    ended_on: date | None = None
    note: str = ""
    client_id: UUID = field(default_factory=random_id)


@dataclass(slots=True)
class HoursEntry:
    """Hours of one volunteer in one record."""

    volunteer_id: UUID
    hours: Decimal
    first: time | None = None
    last: time | None = None
    task: str = ""


@dataclass(slots=True)
class TeamServiceEntry:
    """What a team did on its own, and who of it for how long."""

    station: OrgUnit
    occurred_on: date
    title: str
    team_id: UUID | None = None
    village_id: int | None = None
    place: str = ""
    worker_ids: Sequence[UUID] = ()
    summary: str = ""
    hours: Sequence[HoursEntry] = ()
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


@dataclass(slots=True)
class TeamReportEntry:
    """What a leader hands in: `helpers` are members with their hours, `people` everybody who came."""

    occurred_on: date
    title: str
    people: int
    helpers: Sequence[tuple[UUID, Decimal]]
    place: str = ""
    first: time | None = None
    last: time | None = None
    sender: str = ""
    note: str = ""
    client_id: UUID = field(default_factory=random_id)


@dataclass(slots=True)
class MeritEntry:
    kind: str
    happened_on: date
    title: str
    giver: str = ""
    hours: Decimal | None = None
    note: str = ""
