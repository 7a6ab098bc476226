"""The plain dataclasses of the plan: what is handed to the bulk actions.

Keys: a household or a person is an integer index into ``Plan.households`` or
``Plan.people``; a unit or a campaign is its code; a member of staff is a short key
such as ``dz1``. Dates are inclusive at both ends and an open end is ``None``. Datetimes
are naive local time (Asia/Shanghai). Codes are strings; what they mean stands
beside the field.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

FIRST_DAY = date(2017, 7, 1)
"""The first batch of stations opened."""
CLOCK_DAY = date(2020, 6, 6)
"""The day on which the city's clock stands."""
LAST_WORK_DAY = date(2020, 6, 5)
"""The last day with records, so that everything was entered before the clock's day."""
GRADING_SINCE = date(2020, 1, 1)
"""Files carry no grade before this day."""
WIDE = str.maketrans({",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "?": "\uff1f", "!": "\uff01"})
"""Clauses are typed with narrow marks; what a worker writes has wide ones."""


@dataclass(slots=True)
class Unit:
    """One node of the management tree (which is not the tree of areas)."""

    code: str
    name: str
    kind: str  # bureau | centre | county | station
    parent: str | None
    area: str  # NBS code of the city (4), county (6) or town (9 digits)
    short: str = ""  # letters that begin a station's file numbers
    batch: str = ""  # 第一批 | 第二批
    opened_on: date | None = None
    point: tuple[float, float] | None = None  # hand-set longitude, latitude; schematic


@dataclass(slots=True)
class Coverage:
    """A village that a station covers for a while."""

    unit: str
    village: str  # 12-digit NBS code
    village_name: str
    kind: str  # base | around
    starts_on: date
    ends_on: date | None = None


@dataclass(slots=True)
class Posting:
    """One post of one member of staff."""

    unit: str
    post: str  # station_head | service | affairs | supervisor | officer
    starts_on: date
    ends_on: date | None = None


@dataclass(slots=True)
class Staff:
    """A member of staff with dated postings."""

    key: str
    name: str
    sex: str  # 1 | 2
    phone: str
    hired_on: date
    left_on: date | None
    postings: list[Posting]


@dataclass(slots=True)
class Account:
    """A sign-in that the demonstration prints."""

    username: str
    name: str
    role: str  # worker | head | supervisor | officer | sysadmin | security | auditor
    unit: str
    staff: str | None


@dataclass(slots=True)
class Person:
    """A synthetic person."""

    key: int
    name: str
    sex: str  # 1 | 2
    born_on: date
    id_no: str  # 18 digits with a right check digit, or empty
    phone: str = ""
    died_on: date | None = None
    disability: str = ""  # class 1-7 and grade 1-4 of GB/T 26341, as "42"
    birth_exact: bool = True  # False: only the year is known


@dataclass(slots=True)
class Membership:
    """A person in a household."""

    person: int
    relation: str  # GB/T 4761, two digits
    starts_on: date
    ends_on: date | None = None
    primary: bool = True
    end_reason: str = ""


@dataclass(slots=True)
class Residence:
    """Where a household lives."""

    village: str
    address: str
    starts_on: date
    ends_on: date | None = None


@dataclass(slots=True)
class Keeper:
    """A station that looks after a household; ``second`` works beside the owner."""

    unit: str
    kind: str  # own | second
    starts_on: date
    ends_on: date | None = None


@dataclass(slots=True)
class Grade:
    """A follow-up grade of a file."""

    level: str  # red | yellow | green
    starts_on: date
    ends_on: date | None
    reason: str
    by: str  # staff


@dataclass(slots=True)
class FileWorker:
    """Who answers for a file."""

    staff: str
    starts_on: date
    ends_on: date | None = None


@dataclass(slots=True)
class File:
    """A household's file."""

    number: str
    station: str
    opened_on: date
    workers: list[FileWorker]
    grades: list[Grade] = field(default_factory=list)
    closed_on: date | None = None
    close_reason: str = ""  # died | moved | improved | merged


@dataclass(slots=True)
class Household:
    """A family: its people, where it lives, which station keeps it, its file."""

    key: int
    station: str  # the station that first knew it
    village: str
    known_on: date
    kind: str  # a key of people.STRUCTURES
    members: list[Membership]
    residences: list[Residence]
    keepers: list[Keeper]
    phone: str = ""
    housing: str = ""  # own | rent | public | old | unsafe | dormitory
    last_day: date | None = None  # nobody of it is left after this day
    file: File | None = None


@dataclass(slots=True)
class Tag:
    """A dated category of a person or of a household (exactly one of the two)."""

    category: str
    starts_on: date
    ends_on: date | None
    person: int | None
    household: int | None
    source: str  # roster | found | self | village
    end_reason: str = ""  # died | withdrawn | age | over | moved


@dataclass(slots=True)
class Voiding:
    """Why a record does not count."""

    reason: str
    by: str
    at: datetime


@dataclass(slots=True)
class Correction:
    """A later correction; ``was`` holds the values as first entered."""

    reason: str
    by: str
    at: datetime
    was: dict[str, str]


@dataclass(slots=True)
class Visit:
    """One visit or attempt; effective when ``result`` is ``met``."""

    key: int
    station: str
    household: int
    village: str
    on: date
    mode: str  # home | phone | wechat | office | chance | institution
    result: str  # met | nobody_home | vacant | refused | away | hospital | wrong_number
    visitors: list[str]
    met: list[int]
    start_time: str = ""  # HH:MM
    topics: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    narrative: str = ""
    next: str = "none"  # none | next_visit | case | referral | apply | report
    next_on: date | None = None
    campaign: str | None = None
    entered_at: datetime | None = None
    entered_by: str = ""
    voided: Voiding | None = None
    correction: Correction | None = None


@dataclass(slots=True)
class Campaign:
    """A city-wide campaign that groups records of many stations."""

    code: str
    name: str
    starts_on: date
    ends_on: date


@dataclass(slots=True)
class Activity:
    """One activity held. Participants are ``named`` plus the anonymous ``heads``."""

    key: int
    station: str
    on: date
    title: str
    kind: str  # publicity … meeting, see gatherings.KINDS
    place: str
    village: str
    workers: list[str]
    heads: dict[str, int]  # children, elders, clients, volunteers, others: not named ones
    count_method: str  # signed | counted | estimated
    named: list[int] = field(default_factory=list)
    series: str = ""
    campaign: str | None = None
    partners: list[str] = field(default_factory=list)
    joint: str = ""  # another station that held it too
    start_time: str = ""
    volunteer_hours: float = 0.0
    summary: str = ""
    entered_at: datetime | None = None
    entered_by: str = ""
    voided: Voiding | None = None


@dataclass(slots=True)
class Plan:
    """The whole city."""

    units: list[Unit]
    coverages: list[Coverage]
    staff: list[Staff]
    accounts: list[Account]
    people: list[Person]
    households: list[Household]
    tags: list[Tag]
    campaigns: list[Campaign]
    visits: list[Visit]
    activities: list[Activity]
    groups: list[Any] = field(default_factory=list)  # groupwork.GroupPlan
