"""The facts behind a report's figures, gathered for a manifest or for holding against one.

A rate is frozen as both its figures. Of a family to be followed up, its file is the fact, with the date that the
rules gave and what they gave it by; of an elder to be seen, the membership, and each visit that met the person; of a
family on the list 民政对象, its entry.
"""

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Model, Q
from django.db.models.functions import Coalesce

from shuangbai.assistance.models import Matter
from shuangbai.filings.manifest import (
    LEADER,
    PLACE,
    Column,
    Facts,
    FigureSet,
    Table,
    canonical,
    key_bytes,
    opaque,
)
from shuangbai.groups.models import Attendance, Group
from shuangbai.households.models import FamilyFile, Household, Membership
from shuangbai.network.models import Coverage, OrgUnit, Posting
from shuangbai.projects.models import LedgerLine, Project
from shuangbai.reports.counted import with_copies
from shuangbai.reports.given import links, plain_matters, referrals, with_families, with_people
from shuangbai.reports.groupwork import ended, there
from shuangbai.reports.indicators import (
    BY_CODE,
    RATES,
    Rate,
    coverage_held,
    elders_bound,
    elders_visited,
    families_to_follow,
    postings_held,
    stations_open,
)
from shuangbai.reports.onfile import families_on_list
from shuangbai.reports.projecting import lines, projects
from shuangbai.reports.queries import Ask, Indicator, Rows, awards_won
from shuangbai.reports.results import CODES
from shuangbai.reports.rows import as_families, reached, records
from shuangbai.reports.surveying import sheets, surveys
from shuangbai.reports.volunteering import hours_served, teams_standing, volunteers_registered
from shuangbai.resources.models import Referral, ResourceLink
from shuangbai.services.enums import RecordKind
from shuangbai.services.models import Contact, ServiceRecord
from shuangbai.stories.models import Award
from shuangbai.surveys.models import AnswerSheet, Survey
from shuangbai.volunteers.models import TeamState, Volunteer, VolunteerHours
from shuangbai.volunteers.queries import with_service_hours

CATEGORIES = "categories"
GROUPED = "counted_key"  # kept as who counts with whom, and not as its value
RECORD, CONTACT, FILE, ELDER, MET, HOURS = "record", "contact", "file", "elder", "met", "hours"
LISTED = "listed"
ATTENDED, GROUP = "attended", "group"
SURVEY, SHEET = "survey", "sheet"
LINK, REFERRAL, MATTER, TEAM, VOLUNTEER = "link", "referral", "matter", "team", "volunteer"
RECORD_ID = "record_id"  # of a visit that lies in no table of records, for it may be of days before the report's
# Dimensions of which no column is frozen: told apart (station, category), of several values, or of the person alone.
NOT_KEPT = frozenset({"station", "category", "worker", "sex", "age"})
FROZEN = (*CODES, *(part.code for rate in RATES for part in rate.parts))
CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Source:
    """A table of the records: which rows may be counted, and what of each is kept.

    `kept`: columns beside those that figures are counted, added and split by. `opaque`: columns that are keys of
    people, families or staff. `categories`: what somebody counted as on the day is kept too. `figures`: those that
    count its rows and no other's; without, every figure of the model. `stations`: whether a row is of one station.
    """

    name: str
    model: type[Model]
    rows: Callable[[Ask], Rows]
    kept: frozenset[str]
    opaque: frozenset[str] = frozenset()
    categories: bool = False
    figures: frozenset[str] = frozenset()
    stations: bool = True


def _files(ask: Ask) -> Rows:
    still = Q(closed_on__isnull=True) | Q(closed_on__gte=ask.period.first)
    return as_families(FamilyFile.objects.filter(still, ask.stations(), opened_on__lte=ask.period.last))


def _records(ask: Ask) -> Rows:
    return with_copies(with_service_hours(as_families(records(ask, *RecordKind), same="same")))


def _contacts(ask: Ask) -> Rows:
    return reached(ask, *RecordKind).annotate(whoever=Coalesce("same__kept", "person"))


def _links(ask: Ask) -> Rows:
    return with_people(with_families(links(ask)))


def _matters(ask: Ask) -> Rows:
    """What was begun in the period, or granted in it: each once."""
    return plain_matters(ask).filter(ask.days("opened_on") | ask.days("decided_on"))


def _elders(ask: Ask) -> Rows:
    """Each membership once, however many categories and stations it has."""
    return Membership.objects.filter(pk__in=elders_bound(ask).values("pk"))


def _listed(ask: Ask) -> Rows:
    """Each family's entry once, however many stations serve it."""
    found = Household.objects.filter(pk__in=families_on_list(ask).values("pk"))
    return as_families(found, "pk", "same")


# The table of records comes first: that of contacts points into it.
SOURCES: Mapping[str, Source] = {
    RECORD: Source(
        "服务记录", ServiceRecord, _records,
        frozenset({"version", "kind", "occurred_on", "reached", "family"}), frozenset({"family"}),
        categories=True,
    ),
    CONTACT: Source(
        "服务对象", Contact, _contacts, frozenset({RECORD, "kind", "whoever", "person_times"}), frozenset({"whoever"}),
        categories=True,
    ),
    ATTENDED: Source(
        "小组点名", Attendance, there, frozenset({RECORD, "whoever"}), frozenset({"whoever"}), categories=True
    ),
    GROUP: Source("小组", Group, ended, frozenset({"version", "ended_on"})),
    "project": Source("社区项目", Project, projects, frozenset({"version", "begun_on", "ended_on", "state"})),
    "ledger_line": Source("项目账目", LedgerLine, lines, frozenset({"version", "kind", "occurred_on"})),
    SURVEY: Source("村居调研", Survey, surveys, frozenset({"version", "last_on"})),
    SHEET: Source("问卷", AnswerSheet, sheets, frozenset({"version", "filled_on"})),
    FILE: Source(
        "档案", FamilyFile, _files, frozenset({"version", "family", "opened_on", "closed_on"}),
        frozenset({"family"}),
    ),
    "station": Source("社工站", OrgUnit, stations_open, frozenset({"version", "starts_on", "ends_on"})),
    "posting": Source(
        "任职", Posting, postings_held, frozenset({"version", "staff", "starts_on", "ends_on"}), frozenset({"staff"})
    ),
    "coverage": Source("覆盖村居", Coverage, coverage_held, frozenset({"version", "starts_on", "ends_on"})),
    "award": Source("获奖", Award, awards_won, frozenset({"version", "awarded_on"})),
    LINK: Source(
        "资源链接", ResourceLink, _links,
        frozenset({"version", "occurred_on", "in_cash", "value", "family", "whoever"}),
        frozenset({"family", "whoever"}),
    ),
    REFERRAL: Source("转介", Referral, referrals, frozenset({"version", "sent_on"})),
    MATTER: Source("协助申请", Matter, _matters, frozenset({"version", "opened_on", "decided_on", "stage"})),
    TEAM: Source("志愿队的阶段", TeamState, teams_standing, frozenset({"starts_on", "ends_on"})),
    VOLUNTEER: Source(
        "志愿者", Volunteer, volunteers_registered, frozenset({"version", "since", "until"}), frozenset({"whoever"})
    ),
    ELDER: Source(
        "特殊困难老人", Membership, _elders, frozenset({"household", "starts_on"}),
        frozenset({"household", "person"}), figures=frozenset({"F7B"}), stations=False,
    ),
    LISTED: Source(
        "民政对象家庭", Household, _listed, frozenset({"family"}), frozenset({"family"}), figures=frozenset({"F4B"}),
        stations=False,
    ),
    MET: Source(
        "近30天的探访", Contact, elders_visited, frozenset({RECORD_ID, "record__version", "record__occurred_on"}),
        frozenset({"person"}), figures=frozenset({"F7A"}),
    ),
    # What of a record's hours was said by name; their history tells of the record's, too.
    HOURS: Source(
        "志愿服务时长", VolunteerHours, hours_served, frozenset({RECORD_ID, "hours", "version"}),
        frozenset({"whoever"}),
    ),
}  # fmt: skip
_TABLE_OF = {source.model: code for code, source in SOURCES.items() if not source.figures}
_TABLE_OF_FIGURE = {figure: code for code, source in SOURCES.items() for figure in source.figures}


def rate_told(rate: Rate) -> dict[str, str]:
    """A rate as a header has it; what it gives follows from its two figures."""
    return {
        "code": rate.code, "name": rate.name, "definition": rate.definition, "numerator": rate.numerator,
        "denominator": rate.denominator,
    }  # fmt: skip


def gather(ask: Ask, salt: str) -> Facts:
    """Every fact that the report's figures count. Read in one snapshot, or its parts are of different moments."""
    facts = Facts()
    places: dict[str, dict[bytes, int]] = {}
    table_of = {one: _table_of(one, ask) for one in FROZEN}
    for code, source in SOURCES.items():
        columns = sorted(source.kept.union(*(_needed(BY_CODE[one]) for one in FROZEN if table_of[one] == code)))
        facts.tables[code] = _table(source, columns, ask, salt, places.get(RECORD, {}))
        places[code] = {key: place for place, key in enumerate(facts.tables[code].keys)}
    facts.tables[FILE].columns |= _judged(facts.tables[FILE].keys, ask)
    for one in FROZEN:
        indicator, code = BY_CODE[one], table_of[one]
        keys = indicator.facts(ask).values_list("pk", flat=True).iterator(chunk_size=CHUNK)
        members = sorted({places[code][key_bytes(key)] for key in keys})
        key = "" if indicator.key == "pk" else indicator.key
        facts.figures[one] = FigureSet(code, key, indicator.adds or "", _station(indicator), members)
    return facts


def _table_of(code: str, ask: Ask) -> str:
    return _TABLE_OF_FIGURE.get(code) or _TABLE_OF[BY_CODE[code].rows(ask).model]


def _station(indicator: Indicator) -> str:
    """The column with the code of the station to which a fact belongs; none where it may belong to several."""
    if not SOURCES[_TABLE_OF_FIGURE.get(indicator.code, RECORD)].stations:
        return ""
    path = indicator.by["station"]
    return "code" if path == "pk" else f"{path}__code"


def _needed(indicator: Indicator) -> set[str]:
    """The columns that a figure is counted, added and split by; what somebody counted as is gathered apart."""
    paths = {path for name, path in indicator.by.items() if name not in NOT_KEPT}
    return {path for path in (*paths, indicator.key, indicator.adds, _station(indicator)) if path and path != "pk"}


@dataclass(slots=True)
class _Coder:
    """A column as it is read: each distinct value once."""

    known: dict[Any, int] = field(default_factory=dict)
    which: "array[int]" = field(default_factory=lambda: array("I"))

    def add(self, value: Any) -> None:
        self.which.append(self.known.setdefault(value, len(self.known)))

    def column(self, order: list[int], told: Callable[[Any], Any]) -> Column:
        """The column in the order of the facts' keys, its values in an order that does not depend on the reading."""
        values = [told(value) for value in self.known]
        sorted_values = sorted(range(len(values)), key=lambda at: canonical(values[at]))
        place = {at: new for new, at in enumerate(sorted_values)}
        return Column(array("I", (place[self.which[at]] for at in order)), [values[at] for at in sorted_values])

    def leaders(self, order: list[int]) -> Column:
        first: dict[int, int] = {}
        which = (first.setdefault(self.which[at], place) for place, at in enumerate(order))
        return Column(array("I", which), kind=LEADER)


def _table(source: Source, columns: list[str], ask: Ask, salt: str, records_at: Mapping[bytes, int]) -> Table:
    keys: list[bytes] = []
    coders = [_Coder() for _ in columns]
    for pk, *row in source.rows(ask).values_list("pk", *columns).iterator(chunk_size=CHUNK):
        keys.append(key_bytes(pk))
        for coder, value in zip(coders, row, strict=True):
            coder.add(value)
    order = sorted(range(len(keys)), key=keys.__getitem__)
    table = Table([keys[at] for at in order], {})
    for name, coder in zip(columns, coders, strict=True):
        if name == GROUPED:
            table.columns[name] = coder.leaders(order)
        elif name == RECORD:
            places = [records_at[key_bytes(value)] for value in coder.known]
            table.columns[name] = Column(array("I", (places[coder.which[at]] for at in order)), kind=PLACE)
        else:
            told = partial(_told, salt=salt if name in source.opaque else "")
            table.columns[name] = coder.column(order, told)
    if source.categories:
        table.columns[CATEGORIES] = _categories(source.rows(ask), table.keys)
    return table


# What the rules gave a family on the last day, and by what: its date, how it stood, its level, when it was last met.
JUDGED = ("due_on", "due_state", "level", "met_on")


def _judged(keys: list[bytes], ask: Ask) -> dict[str, Column]:
    """The columns JUDGED of the files; empty for those without a date."""
    told = {
        one.file_id.bytes: (one.due.on, str(one.state), one.level.code if one.level else None, one.due.met_on)
        for one in families_to_follow(ask)
        if one.file_id
    }
    coders = [_Coder() for _ in JUDGED]
    for key in keys:
        for coder, value in zip(coders, told.get(key, (None,) * len(JUDGED)), strict=True):
            coder.add(value)
    order = list(range(len(keys)))
    return {name: coder.column(order, partial(_told, salt="")) for name, coder in zip(JUDGED, coders, strict=True)}


def _told(value: Any, salt: str) -> Any:
    """A value as JSON has it; with a salt, what stands for it."""
    if value is not None and salt:
        return opaque(salt, value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def _categories(rows: Rows, keys: list[bytes]) -> Column:
    """What each fact counted as on its day: the codes of categories, in their order, with commas."""
    found: dict[bytes, set[str]] = {}
    carried = rows.filter(standings__category__isnull=False).values_list("pk", "standings__category__code")
    for pk, code in carried.iterator(chunk_size=CHUNK):
        found.setdefault(key_bytes(pk), set()).add(code)
    coder = _Coder()
    for key in keys:
        coder.add(",".join(sorted(found.get(key, ()))))
    return coder.column(list(range(len(keys))), lambda value: value)
