"""Reading the network: stations, their coverage and their staff on a day."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, When

from shuangbai.core.pinyin import initials
from shuangbai.core.prepared import prepared
from shuangbai.network.access import under
from shuangbai.network.enums import AreaLevel, CoverageKind, Post, UnitKind
from shuangbai.network.models import Area, Coverage, OrgUnit, Posting, RoleGrant, Staff, User, stem
from shuangbai.network.roles import Permission


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


def not_posted(field: str, day: date) -> Any:
    """The condition that whoever a row names in `field`, if anybody, is not at the row's station on the day."""
    return ~Exists(Posting.objects.on(day).filter(staff=OuterRef(field), unit=OuterRef("station")))


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
    return villages_of([station_id], day)


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
    covered = Coverage.objects.on(day).filter(station__in=list(station_ids))
    return Area.objects.filter(pk__in=covered.values("village")).order_by("name", "id")


def staff_of(station_ids: Iterable[UUID], day: date) -> QuerySet[Staff]:
    """Who is posted at one of the stations on the day, by name."""
    posted = Posting.objects.on(day).filter(staff=OuterRef("pk"), unit__in=list(station_ids))
    return Staff.objects.filter(Exists(posted)).order_by("name", "id")


# SETTING UP --------------------------------------------------------------------


def setup_items() -> list[tuple[str, str, str, Permission]]:
    """What the set-up hub shows of this room: url name, label, one line about it, the permission for it."""
    manage = Permission.MANAGE_NETWORK
    return [
        ("area-list", "区划", "市、县、镇街、村居：新增、改名、并入，各体系的代码与别名", manage),
        ("unit-list", "机构树", "民政局、督导中心、县区、社工站、社工点：设立、修改、划转、撤销", manage),
        ("staff-list", "人员与任职", "登记工作人员、任职、调动、离职；可粘贴名单", manage),
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a city has come with its network on a day: counts of what there is and of what is missing."""

    areas: int
    stations: int
    without_coverage: int
    without_head: int
    posted: int
    without_account: int
    administrators: frozenset[str]


def standing_on(day: date) -> Standing:
    """What a city that starts still lacks, from the data: seven queries."""
    stations = OrgUnit.objects.on(day).filter(kind=UnitKind.STATION)
    covered = Coverage.objects.on(day).filter(station=OuterRef("pk"))
    posted = Posting.objects.on(day).filter(unit=OuterRef("pk"), post=Post.STATION_HEAD)
    at_work = Posting.objects.on(day).filter(staff=OuterRef("pk"), unit__kind=UnitKind.STATION)
    people = Staff.objects.filter(Exists(at_work))
    roles = RoleGrant.objects.on(day).filter(user__is_active=True).values_list("role", flat=True)
    return Standing(
        areas=Area.objects.count(),
        stations=stations.count(),
        without_coverage=stations.exclude(Exists(covered)).count(),
        without_head=stations.exclude(Exists(posted)).count(),
        posted=people.count(),
        without_account=people.filter(account=None).count(),
        administrators=frozenset(roles),
    )


def letters_of(name: str) -> str:
    """The capital initials by which a place stands in codes: SW of 汕尾, at most four."""
    letters = (letter for letter in initials(name).upper() if letter.isascii() and letter.isalnum())
    return "".join(letters)[:4] or "A"


def proposed_code(kind: UnitKind, parent: OrgUnit | None, name: str) -> str:
    """A code by rule that is still free: SW for 汕尾, SW-HF for 海丰 under it, SW-HF-01 for its first station."""
    taken = set(OrgUnit.objects.values_list("code", flat=True))
    if kind in (UnitKind.STATION, UnitKind.POINT) and parent:
        tries: Iterable[str] = (f"{parent.code}-{number:02d}" for number in range(1, 1000))
    else:
        root = parent.path.split("/")[1] if parent else ""
        base = "-".join(filter(None, [root, "ZX" if kind == UnitKind.CENTRE else letters_of(stem(name))]))
        tries = chain([base], (f"{base}{number}" for number in range(2, 1000)))
    return next((code for code in tries if code not in taken and len(code) <= 20), "")


@dataclass(frozen=True, slots=True)
class StaffLine:
    """Somebody in the list: where and as what they are posted today, and whether they have an account."""

    staff: Staff
    postings: list[Posting]
    has_account: bool


def staff_lines(units: QuerySet[OrgUnit], day: date, words: str = "", *, gone: bool = False) -> list[StaffLine]:
    """The people posted at `units` on the day, by name; with `gone` those who are posted nowhere: three queries."""
    here = Posting.objects.filter(staff=OuterRef("pk"), unit__in=units.values("pk"))
    now = Posting.objects.on(day).filter(staff=OuterRef("pk"))
    people = Staff.objects.filter(Exists(here)).filter(~Exists(now) if gone else Exists(now))
    if words:
        people = people.filter(name__contains=words)
    rows = list(people.order_by("name", "id"))
    held: dict[UUID, list[Posting]] = {row.pk: [] for row in rows}
    for posting in Posting.objects.on(day).filter(staff__in=held).select_related("unit").order_by("starts_on"):
        held[posting.staff_id].append(posting)
    accounts = set(User.objects.filter(staff__in=held).values_list("staff_id", flat=True))
    return [StaffLine(row, held[row.pk], row.pk in accounts) for row in rows]


def grouped_areas(areas: QuerySet[Area]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Places to choose from, grouped by what stands above them: one query."""
    rows = areas.filter(ends_on=None).select_related("parent").order_by("parent__name", "name", "id")
    groups = groupby(rows, lambda area: str(area.parent or ""))
    return [(above, [(area.pk, area.short_name) for area in some]) for above, some in groups]


def towns_for(unit: OrgUnit) -> QuerySet[Area]:
    """The towns in which a unit may lie: those of its county, or of the whole city."""
    county = unit.county_id or (unit.parent.county_id if unit.parent else None)
    towns = Area.objects.filter(level=AreaLevel.TOWN)
    return towns.filter(parent=county) if county else towns


def open_stations(units: QuerySet[OrgUnit], day: date) -> QuerySet[OrgUnit]:
    """The stations among `units` that are open on the day."""
    open_ones: QuerySet[OrgUnit] = units & OrgUnit.objects.on(day)
    return open_ones.filter(kind=UnitKind.STATION).order_by("path")
