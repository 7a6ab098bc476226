"""Reading the network: stations, their coverage and their staff on a day."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from shuangbai.network.access import under
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import Area, Coverage, OrgUnit, Posting, Staff


def unit_by_code(code: str) -> OrgUnit:
    """The unit of that code. Raises OrgUnit.DoesNotExist."""
    return OrgUnit.objects.get(code=code)


def root_unit() -> OrgUnit | None:
    return OrgUnit.objects.filter(parent__isnull=True).order_by("path").first()


def stations_under(unit: OrgUnit) -> QuerySet[OrgUnit]:
    """All stations at or below a unit, open or not, in the tree's order."""
    return OrgUnit.objects.filter(under([unit.path]), kind=UnitKind.STATION).order_by("path")


def staff_posted(station_ids: Iterable[UUID], first: date, last: date) -> QuerySet[Posting]:
    """Postings at the stations that touch the span, with their staff."""
    return Posting.objects.touching(first, last).filter(unit_id__in=list(station_ids)).select_related("staff")


def colleagues(station_id: UUID, day: date) -> QuerySet[Staff]:
    """Who is posted at the station on the day, by name."""
    posted = Posting.objects.on(day).filter(staff=OuterRef("pk"), unit_id=station_id)
    return Staff.objects.filter(Exists(posted)).order_by("name", "id")


def villages_covered(station_id: UUID, day: date) -> QuerySet[Area]:
    """The villages that the station covers on the day."""
    covered = Coverage.objects.on(day).filter(village=OuterRef("pk"), station_id=station_id)
    return Area.objects.filter(Exists(covered)).order_by("name", "id")
