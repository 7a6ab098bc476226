"""A campaign and its live result: the report's own figures, held to the campaign. Nothing is counted a second way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from shuangbai.activities.models import Activity
from shuangbai.campaigns.models import Joining
from shuangbai.core import clock
from shuangbai.core.periods import Period
from shuangbai.events.queries import Heard, feedback_of
from shuangbai.network.models import OrgUnit
from shuangbai.network.queries import stations_under
from shuangbai.pictures.queries import Shown, published
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.reports.results import Figure, figure
from shuangbai.services.models import Campaign

# Sections of the one page: (title, codes). What nobody did is left out.
SECTIONS: Sequence[tuple[str, Sequence[str]]] = (
    ("走访", ("V2", "V1", "V6", "V4")),
    ("活动", ("A2", "A1", "A3", "A6", "A4")),
    ("服务民政对象与志愿服务", ("V5", "T3")),
)
COLUMNS = ("V1", "V4", "A1", "A2")  # what each station's row may show
BESIDE = "A7"  # what it held with others that record it: beside the row's activities, in no sum
MOST_PICTURES = 12


@dataclass(frozen=True, slots=True)
class StationRow:
    """What a station did under the campaign; `joined`: whether it takes part today."""

    unit: OrgUnit
    values: Mapping[str, int]
    joined: bool
    helped: int  # activities that another station records: counted there


@dataclass(frozen=True, slots=True)
class Result:
    """The one page. `ask` is the question of every number: the campaign's days, a part of the tree, the campaign."""

    ask: Ask
    sections: Sequence[tuple[str, Sequence[Figure]]]
    rows: Sequence[StationRow]
    totals: Mapping[str, int]
    pictures: Sequence[Shown]
    more_pictures: int
    heard: Heard  # what people said of the activities, without a name

    @property
    def nothing(self) -> bool:
        return not self.sections

    @property
    def columns(self) -> Sequence[str]:
        """Of a station's row what any station has: a week of activities has no column of visits."""
        helped = any(row.helped for row in self.rows)  # stands in the column of activities
        told = [code for code in COLUMNS if (code == "A1" and helped) or any(row.values[code] for row in self.rows)]
        return told or COLUMNS


def ask_of(campaign: Campaign, unit: OrgUnit) -> Ask:
    """The question that all numbers of the page answer: of its days so far."""
    today = clock.today()
    last = max(min(campaign.ends_on or today, today), campaign.starts_on)
    return Ask(Period(campaign.starts_on, last), unit).holding("campaign", campaign.pk)


def result(campaign: Campaign, unit: OrgUnit) -> Result:
    """Every number once for the unit, and once by station: the queries do not grow with the stations."""
    ask = ask_of(campaign, unit)
    told = [(title, [figure(code, ask) for code in codes]) for title, codes in SECTIONS]
    sections = [(title, kept) for title, ones in told if (kept := [one for one in ones if one.value])]
    numbers = {code: BY_CODE[code].split(ask, "station") for code in (*COLUMNS, BESIDE)}
    totals = {one.code: one.value for _title, ones in told for one in ones}
    pictures = publishable_pictures(campaign)
    return Result(
        ask, sections, _rows(campaign, unit, numbers), totals, pictures[:MOST_PICTURES],
        max(len(pictures) - MOST_PICTURES, 0), feedback_of(_activities(campaign, unit)),
    )  # fmt: skip


def _rows(campaign: Campaign, unit: OrgUnit, numbers: Mapping[str, Mapping[Any, int]]) -> list[StationRow]:
    """The stations that take part or did something, in the order of the tree: no other order is meant."""
    joined = stations_joined(campaign)
    busy = {station for one in numbers.values() for station in one}
    stations = stations_under(unit).filter(pk__in=joined | busy)
    return [
        StationRow(
            station,
            {code: numbers[code].get(station.pk, 0) for code in COLUMNS},
            station.pk in joined,
            numbers[BESIDE].get(station.pk, 0),
        )
        for station in stations
    ]


def stations_joined(campaign: Campaign) -> set[UUID]:
    rows = Joining.objects.filter(campaign=campaign, left_on__isnull=True)
    return set(rows.values_list("station_id", flat=True))


def _activities(campaign: Campaign, unit: OrgUnit) -> QuerySet[Activity]:
    held = Activity.objects.filter(record__campaign=campaign, record__voided_at__isnull=True)
    return held.filter(station__in=stations_under(unit))


def publishable_pictures(campaign: Campaign) -> list[Shown]:
    """Pictures of the campaign's activities that everybody may see at this moment, of all stations, in time's order."""
    held = Activity.objects.filter(record__campaign=campaign, record__voided_at__isnull=True)
    keys = list(held.order_by("record__occurred_on", "pk").values_list("pk", flat=True))
    found = published("activities", keys)
    return [one for key in keys for one in found.get(key, [])]


def listed(campaigns: QuerySet[Campaign], day: date) -> list[tuple[str, list[Campaign]]]:
    """Campaigns as the list shows them: those that run, those to come, those that are over."""
    taking = Count("joinings", filter=Q(joinings__left_on__isnull=True))
    rows: list[Any] = list(campaigns.annotate(stations=taking).order_by("-starts_on", "name", "id"))
    running = [one for one in rows if one.holds_on(day)]
    coming = [one for one in reversed(rows) if one.starts_on > day]
    over = [one for one in rows if one.ends_on and one.ends_on < day]
    groups = [("正在进行", running), ("将要开始", coming), ("已经结束", over)]
    return [(title, ones) for title, ones in groups if ones]
