"""Reading what is asked of stations: balances beside figures, targets with their pace, the burden of forms."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from shuangbai.core.periods import Period
from shuangbai.network.access import above
from shuangbai.network.models import OrgUnit
from shuangbai.network.queries import open_stations, root_unit
from shuangbai.network.roles import Permission
from shuangbai.planning.access import COUNTED
from shuangbai.planning.enums import FilledBy, InForce, ReportedState
from shuangbai.planning.models import STANDING, DemandedForm, DemandUnit, OpeningBalance, ReportedForm, Target
from shuangbai.planning.rules import Figure, Pace, Stated, monthly_hours, months_left, standing_on
from shuangbai.reports.beside import Claim
from shuangbai.reports.indicators import BY_CODE, INDICATORS
from shuangbai.reports.queries import Ask, Indicator

# Figures of a period: what is counted as of a day has no period that a total could speak of.
OF_PERIODS = [one for one in INDICATORS if not one.as_of]
HOURS = "小时"  # the one unit that may be told in tenths
# Nobody should aim at these: people who were not met, files that are closed, those who gave no name, money, and what
# others decide.
NOT_AIMED_AT = {"V7", "F3", "A3", "R2", "R3", "P9"}
AIMED_AT = [one for one in OF_PERIODS if one.code not in NOT_AIMED_AT]

# OPENING BALANCES ------------------------------------------------------------


def figure_choices() -> list[tuple[str, str]]:
    """The figures of which a total from before the system may be entered."""
    return [(one.code, f"{one.name}（{one.unit}）") for one in OF_PERIODS]


def figure_of(code: str) -> Figure | None:
    """What rules need to know of a figure of a period; None for any other code."""
    found = next((one for one in OF_PERIODS if one.code == code), None)
    return Figure(found.code, found.name, found.unit, found.unit != HOURS) if found else None


def meeting(unit: OrgUnit, code: str, period: Period, *, besides: UUID | None = None) -> list[Stated]:
    """The balances of the figure whose days meet the period, of the unit and of those above and below it."""
    near = Q(unit__path__startswith=unit.path) | Q(unit__path__in=above(unit.path))
    rows = OpeningBalance.objects.filter(
        STANDING, near, code=code, first_on__lte=period.last, last_on__gte=period.first
    )
    rows = rows.exclude(pk=besides) if besides else rows
    found = rows.select_related("unit").order_by("first_on", "id")
    return [Stated(row.unit.name, row.period, row.unit_id == unit.pk) for row in found]


def counted_in(unit: OrgUnit, code: str, period: Period) -> Any:
    """What the records of a period give for a figure of a unit."""
    return BY_CODE[code].value(Ask(period, unit))


def claims(ask: Ask) -> list[Claim]:
    """The balances that touch a question's days and part of the tree, for reports: one query."""
    rows = OpeningBalance.objects.filter(
        STANDING, unit__path__startswith=ask.unit.path, first_on__lte=ask.period.last, last_on__gte=ask.period.first
    )
    order = {one.code: place for place, one in enumerate(OF_PERIODS)}
    found = rows.filter(code__in=order).select_related("unit").order_by("unit__path", "first_on", "id")
    return [
        Claim(row.code, row.number, row.period, row.unit, row.source, row.note, reverse("balance", args=[row.pk]))
        for row in sorted(found, key=lambda row: order[row.code])
    ]


def balance_rows(rows: QuerySet[OpeningBalance]) -> list[tuple[OpeningBalance, Indicator]]:
    """Balances with their figures, by unit and figure; the voided ones last."""
    found = rows.filter(code__in=BY_CODE).select_related("unit", "entered_by")
    ordered = found.order_by("unit__path", "code", "first_on", "id")
    return [(row, BY_CODE[row.code]) for row in sorted(ordered, key=lambda row: row.voided_at is not None)]


# TARGETS ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """A figure of a station with its target, and the question whose answer is what was done."""

    indicator: Indicator
    ask: Ask
    pace: Pace


@dataclass(frozen=True, slots=True)
class StationPlan:
    station: OrgUnit
    rows: Sequence[Progress]


def targets_of(stations: Iterable[UUID], year: int) -> dict[UUID, dict[str, Target]]:
    """The targets of stations for a year, those that were taken back too: one query."""
    found: dict[UUID, dict[str, Target]] = {}
    for row in Target.objects.filter(station__in=list(stations), year=year):
        found.setdefault(row.station_id, {})[row.code] = row
    return found


def version_of(rows: Mapping[str, Target]) -> int:
    """The version of a station's year: it grows with every change of any target."""
    return sum(row.version for row in rows.values())


def year_so_far(year: int, today: date) -> Period | None:
    """The days of the year that have come; None for a year that has not begun."""
    first = date(year, 1, 1)
    return Period(first, min(date(year, 12, 31), today)) if first <= today else None


def plans(stations: Sequence[OrgUnit], year: int, today: date) -> list[StationPlan]:
    """Every station with its targets and how far they are, in the order given: one query a figure aimed at."""
    aims = targets_of((station.pk for station in stations), year)
    wanted = [one for one in AIMED_AT if any(_number(rows, one.code) for rows in aims.values())]
    span, root = year_so_far(year, today), root_unit()
    done: dict[str, Any] = {}
    if span and root:
        whole = stations[0] if len(stations) == 1 else root
        done = {one.code: one.split(Ask(span, whole), "station") for one in wanted}
    months = months_left(year, today)

    def progress(station: OrgUnit, one: Indicator, target: int) -> Progress:
        ask = Ask(span or Period(date(year, 1, 1), date(year, 12, 31)), station)
        return Progress(one, ask, Pace(target, done.get(one.code, {}).get(station.pk, 0), months))

    return [
        StationPlan(
            station,
            [
                progress(station, one, number)
                for one in wanted
                if (number := _number(aims.get(station.pk, {}), one.code))
            ],
        )
        for station in stations
    ]


def _number(rows: Mapping[str, Target], code: str) -> int | None:
    return rows[code].number if code in rows else None


# DEMANDED FORMS --------------------------------------------------------------

FILLS = {FilledBy.RESULTS: "results", FilledBy.RATES: "rates", FilledBy.QUESTION: "number"}


@dataclass(frozen=True, slots=True)
class DemandLine:
    """A form with of whom it is demanded: `stations` that are open today, hours a month of one, and of all."""

    form: DemandedForm
    units: Sequence[OrgUnit]
    stations: Sequence[OrgUnit]
    state: InForce
    hours: Fraction

    @property
    def all_hours(self) -> float:
        return float(self.hours * len(self.stations))

    @property
    def one_hours(self) -> float:
        return float(self.hours)

    @property
    def fills_itself(self) -> bool:
        return self.form.filled_by != FilledBy.NONE

    @property
    def filled_at(self) -> str:
        """The page of ours that fills it; '' where none does, or none was said."""
        if self.form.address or not self.fills_itself:
            return self.form.address
        name = FILLS.get(FilledBy(self.form.filled_by))
        return reverse(name) if name else ""


@dataclass(frozen=True, slots=True)
class Burden:
    """What the forms in force cost: of every station and together, hours a month. No order but that of codes."""

    lines: Sequence[DemandLine]
    ended: Sequence[DemandLine]
    by_station: Sequence[tuple[OrgUnit, int, float]]

    @property
    def hours(self) -> float:
        return sum(line.all_hours for line in self.lines)

    @property
    def hours_saved(self) -> float:
        """Of these, hours of forms that a report of ours fills."""
        return sum(line.all_hours for line in self.lines if line.fills_itself)

    @property
    def filled(self) -> int:
        return sum(1 for line in self.lines if line.fills_itself)

    @property
    def groundless(self) -> int:
        return sum(1 for line in self.lines if not line.form.ground)


def demand_lines(forms: QuerySet[DemandedForm], day: date, among: Collection[OrgUnit]) -> list[DemandLine]:
    """Forms with the stations `among` those open of which each is demanded: two queries."""
    units = Prefetch("demanded_of", DemandUnit.objects.select_related("unit").order_by("unit__path"))
    found = []
    for form in forms.prefetch_related(units).order_by("asker", "name", "id"):
        asked = [row.unit for row in form.demanded_of.all()]
        stations = [one for one in among if any(one.path.startswith(unit.path) for unit in asked)]
        hours = monthly_hours(often=form.often, times_a_year=form.times_a_year, minutes=form.minutes)
        state = standing_on(day, form.starts_on, form.ends_on)
        found.append(DemandLine(form, asked, stations, state, hours))
    return found


def burden(forms: QuerySet[DemandedForm], units: QuerySet[OrgUnit], day: date) -> Burden:
    """What the forms in force on a day cost the stations among `units`: three queries."""
    stations = list(open_stations(OrgUnit.objects.filter(pk__in=units.order_by().values("pk")), day))
    lines = demand_lines(forms, day, stations)
    now = [line for line in lines if line.state != InForce.ENDED]
    counted = [line for line in now if line.state == InForce.NOW]
    each = []
    for station in stations:
        mine = [line for line in counted if station in line.stations]
        each.append((station, len(mine), float(sum((line.hours for line in mine), Fraction(0)))))
    return Burden(now, [line for line in lines if line.state == InForce.ENDED], each)


def reported_rows(rows: QuerySet[ReportedForm]) -> list[ReportedForm]:
    """What stations reported: what waits first, then the newest."""
    found = rows.select_related("station", "form").order_by("-entered_at", "-id")[:100]
    return sorted(found, key=lambda row: row.state != ReportedState.WAITING)


def names_in_force(day: date) -> set[str]:
    return set(DemandedForm.objects.on(day).values_list("name", flat=True))


def units_to_ask() -> QuerySet[OrgUnit]:
    """Of whom a form may be demanded."""
    return OrgUnit.objects.filter(kind__in=COUNTED).order_by("path")


def setup_items() -> list[tuple[str, str, str, Permission]]:
    """What the set-up hub shows of this room: url name, label, one line about it, the permission for it."""
    return [
        ("balance-list", "历史汇总", "系统启用前的总数，连同出处；报告里单列，从不相加", Permission.ENTER_BALANCES),
        ("target-list", "年度任务", "各站一年要做多少，不定也可以", Permission.SET_DEMANDS),
        ("demand-list", "报表目录", "谁要站里填什么表、依据、多久一次、要多少工夫", Permission.SET_DEMANDS),
    ]
