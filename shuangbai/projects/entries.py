"""What comes through a door of this room."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from shuangbai.core.ids import random_id
from shuangbai.core.pictures import Picture as Pixels
from shuangbai.network.models import OrgUnit
from shuangbai.projects.enums import Giver, LineKind, Origin
from shuangbai.projects.models import Project
from shuangbai.services.enums import CountMethod


@dataclass(slots=True)
class ProjectEntry:
    """A project as it comes from its page."""

    station: OrgUnit
    title: str
    begun_on: date
    worker_id: UUID
    origin: str = Origin.VILLAGERS
    village_id: int | None = None
    place: str = ""
    problem: str = ""
    aim: str = ""
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


@dataclass(slots=True)
class OutcomeEntry:
    """What came of a project, whom it serves and how that was counted, and to whom it was handed over."""

    outcome: str = ""
    families: int | None = None
    people: int | None = None
    counted_how: str = ""
    counted_note: str = ""
    handed_on: date | None = None
    handed_to: str = ""
    agreement: str = ""


@dataclass(slots=True)
class StakeholderEntry:
    role: str
    name: str
    starts_on: date
    ends_on: date | None = None
    does: str = ""


@dataclass(slots=True)
class MilestoneEntry:
    title: str
    planned_on: date | None = None
    done_on: date | None = None
    note: str = ""
    dropped: str = ""


@dataclass(slots=True)
class LineEntry:
    """Something given to a project, or spent."""

    kind: LineKind
    occurred_on: date
    giver: Giver | str = ""
    name: str = ""
    named: bool = False
    what: str = ""
    amount: Decimal | None = None
    quantity: Decimal | None = None
    unit: str = ""
    value: Decimal | None = None
    valued_by: str = ""
    receipt: str = ""
    thanked_on: date | None = None
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


@dataclass(slots=True)
class MeetingEntry:
    """A meeting, of a project or of none."""

    station: OrgUnit
    occurred_on: date
    kind: str
    title: str
    worker_ids: Sequence[UUID]
    people: int | None
    method: CountMethod | None = None
    project: Project | None = None
    village_id: int | None = None
    place: str = ""
    decisions: str = ""
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


@dataclass(slots=True)
class ProblemEntry:
    what: str
    raised_on: date
    place: str = ""
    village_id: int | None = None
    name: str = ""
    phone: str = ""
    pictures: Sequence[Pixels] = ()
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None
