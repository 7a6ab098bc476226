"""What comes through a page about changing lives: forms make these for the actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from shuangbai.households.models import Household, Person, Tag
from shuangbai.lives.enums import MergedTag, TagGoes
from shuangbai.lives.rules import Stay
from shuangbai.network.models import OrgUnit


@dataclass(slots=True)
class MovedHome:
    """A family that moved within reach of its station. An address that is None stays as it is."""

    household: Household
    on: date
    village_id: int
    group: str = ""
    address: str | None = None
    note: str = ""


@dataclass(slots=True)
class Split:
    """Members (by key, with their relation in the new family) who form a household of their own from a day on."""

    household: Household
    on: date
    leaving: Mapping[UUID, str]
    village_id: int
    group: str = ""
    address: str = ""
    tags: Mapping[UUID, TagGoes] = field(default_factory=dict)
    opens_file: bool = False
    worker_id: UUID | None = None
    new_head: UUID | None = None
    note: str = ""


@dataclass(slots=True)
class Merge:
    """A family whose members join another, with their relation there. Its own file closes; its records stay its own."""

    household: Household
    other: Household
    on: date
    relations: Mapping[UUID, str]
    tags: Mapping[UUID, MergedTag] = field(default_factory=dict)
    note: str = ""


@dataclass(slots=True)
class Death:
    household: Household
    person: Person
    died_on: date
    ends: Sequence[Tag] = ()
    new_head: UUID | None = None
    closes_file: bool = True
    note: str = ""


@dataclass(slots=True)
class Leaving:
    """People who left the area, to wherever `note` says; everybody: the file closes too."""

    household: Household
    on: date
    people: Sequence[UUID]
    ends: Sequence[Tag] = ()
    new_head: UUID | None = None
    note: str = ""


@dataclass(slots=True)
class SecondHome:
    """Somebody of a family who lives with another one too."""

    household: Household
    other: Household
    person: Person
    relation: str
    on: date
    ends_on: date | None = None
    note: str = ""


@dataclass(slots=True)
class Rotation:
    """Somebody who lives with several families in turn; a relation in each."""

    household: Household
    person: Person
    stays: Sequence[Stay]
    relations: Mapping[UUID, str]
    new_head: UUID | None = None
    note: str = ""


@dataclass(slots=True)
class ToStation:
    """A family that another station serves from a day on, with what was written of it before or without."""

    household: Household
    station: OrgUnit
    village_id: int
    on: date
    with_history: bool = False
    note: str = ""
