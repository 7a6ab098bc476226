"""Reading the network: stations, their coverage and their staff on a day."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, When

from shuangbai.core.prepared import prepared
from shuangbai.network.access import under
from shuangbai.network.enums import CoverageKind, Post, UnitKind
from shuangbai.network.models import Area, Coverage, OrgUnit, Posting, Staff


def unit_by_code(code: str) -> OrgUnit:
    """The unit of that code. Raises OrgUnit.DoesNotExist."""
    return OrgUnit.objects.get(code=code)


def root_unit() -> OrgUnit | None:
    return OrgUnit.objects.filter(parent__isnull=True).order_by("path").first()


def stations_under(unit: OrgUnit) -> QuerySet[OrgUnit]:
    """All stations at or below a unit, open or not, in the tree's order."""
    return OrgUnit.objects.filter(under([unit.path]), kind=UnitKind.STATION).order_by("path")


def colleagues(station_id: UUID, day: date) -> QuerySet[Staff]:
    """Who is posted at the station on the day, by name."""
    posted = Posting.objects.on(day).filter(staff=OuterRef("pk"), unit_id=station_id)
    return Staff.objects.filter(Exists(posted)).order_by("name", "id")


colleague_rows = prepared(colleagues)


@prepared
def posted_spans(station_ids: Collection[UUID], first: date, last: date) -> QuerySet[Any]:
    """Postings at the stations that touch the span, as (unit, staff, first day, last day)."""
    rows = Posting.objects.touching(first, last).filter(unit__in=station_ids)
    return rows.values_list("unit_id", "staff_id", "starts_on", "ends_on")


def coverage_pairs(station_ids: Iterable[UUID], day: date) -> set[tuple[UUID, int]]:
    """Which of the stations covers which village on the day, as (station, village)."""
    rows = Coverage.objects.on(day).filter(station__in=list(station_ids))
    return set(rows.values_list("station_id", "village_id"))


def villages_covered(station_id: UUID, day: date) -> QuerySet[Area]:
    """The villages that the station covers on the day."""
    covered = Coverage.objects.on(day).filter(village=OuterRef("pk"), station_id=station_id)
    return Area.objects.filter(Exists(covered)).order_by("name", "id")


@dataclass(frozen=True, slots=True)
class StationLine:
    """A station as the list shows it: numbers of the day."""

    unit: OrgUnit
    staff: int
    base: int
    around: int

    @property
    def villages(self) -> int:
        return self.base + self.around


def station_lines(units: QuerySet[OrgUnit], day: date) -> list[StationLine]:
    """The stations among `units` in the tree's order, with their staff and villages of the day: three queries."""
    stations = units.filter(kind=UnitKind.STATION).select_related("county", "town").order_by("path")
    posted = Posting.objects.on(day).filter(unit__in=stations.values("pk")).values("unit_id")
    staff = dict(posted.annotate(n=Count("staff", distinct=True)).values_list("unit_id", "n"))
    rows = Coverage.objects.on(day).filter(station__in=stations.values("pk")).values("station_id", "kind")
    covered = {(row["station_id"], row["kind"]): row["n"] for row in rows.annotate(n=Count("village", distinct=True))}
    return [
        StationLine(
            unit,
            staff.get(unit.pk, 0),
            covered.get((unit.pk, CoverageKind.BASE), 0),
            covered.get((unit.pk, CoverageKind.AROUND), 0),
        )
        for unit in stations
    ]


def staff_in_post(units: QuerySet[OrgUnit], day: date) -> int:
    """How many people are posted at stations among `units` on the day; somebody at two stations once."""
    posted = Posting.objects.on(day).filter(unit__in=units.filter(kind=UnitKind.STATION).values("pk"))
    return posted.values("staff").distinct().count()


def villages_by_day(units: QuerySet[OrgUnit], days: Sequence[date]) -> list[tuple[int, int]]:
    """For each day the villages that stations among `units` serve as base villages, and the others they cover."""
    covered = Coverage.objects.filter(station__in=units.values("pk"))
    rows = list(covered.values_list("village_id", "kind", "starts_on", "ends_on"))
    counts = []
    for day in days:
        of_day = [(v, kind) for v, kind, first, last in rows if first <= day and (last is None or day <= last)]
        base = {village for village, kind in of_day if kind == CoverageKind.BASE}
        counts.append((len(base), len({village for village, _ in of_day} - base)))
    return counts


def half_years(first: date, last: date) -> list[date]:
    """The ends of the half-years from `first` on that lie before `last`, and `last` itself."""
    ends = [date(year, month, day) for year in range(first.year, last.year + 1) for month, day in ((6, 30), (12, 31))]
    return [*(end for end in ends if first <= end < last), last]


def coverage_of(station_id: UUID) -> QuerySet[Coverage]:
    """Every village that the station serves or served, base villages first."""
    rows = Coverage.objects.filter(station_id=station_id).select_related("village__parent")
    return rows.order_by("-kind", "village__name", "starts_on")


def postings_at(unit_id: UUID) -> QuerySet[Posting]:
    """Everybody who is or was posted at the unit, the head first."""
    first = Case(When(post=Post.STATION_HEAD, then=0), default=1)
    return Posting.objects.filter(unit_id=unit_id).select_related("staff").order_by(first, "starts_on", "staff__name")


def villages_of(station_ids: Iterable[UUID], day: date) -> QuerySet[Area]:
    """The villages that one of the stations covers on the day."""
    covered = Coverage.objects.on(day).filter(village=OuterRef("pk"), station__in=list(station_ids))
    return Area.objects.filter(Exists(covered)).order_by("name", "id")


def staff_of(station_ids: Iterable[UUID], day: date) -> QuerySet[Staff]:
    """Who is posted at one of the stations on the day, by name."""
    posted = Posting.objects.on(day).filter(staff=OuterRef("pk"), unit__in=list(station_ids))
    return Staff.objects.filter(Exists(posted)).order_by("name", "id")
