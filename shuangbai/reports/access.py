"""Which parts of the tree somebody may ask figures of. The figures themselves do not depend on who asks."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuangbai.network.access import under, viewer_of
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.reports.models import ReportFile, SavedTable


def units_reportable(user: Any) -> QuerySet[OrgUnit]:
    """The units that somebody may ask about: those where they hold the right, and all below."""
    paths = [unit.path for unit in viewer_of(user).units(Permission.SEE_REPORTS)]
    return OrgUnit.objects.filter(under(paths)).exclude(kind=UnitKind.CENTRE).order_by("path")


def units_asked_of(user: Any) -> QuerySet[OrgUnit]:
    """The same, and a centre that has stations below it: whoever looks after them asks figures of all of them."""
    paths = [unit.path for unit in viewer_of(user).units(Permission.SEE_REPORTS)]
    below = OrgUnit.objects.filter(path__startswith=OuterRef("path"), kind=UnitKind.STATION)
    asked = OrgUnit.objects.filter(under(paths)).filter(~Q(kind=UnitKind.CENTRE) | Exists(below))
    return asked.order_by("path")


def file_visible_to(user: Any, pk: UUID) -> ReportFile:
    """The report file, for its asker alone, while they may still ask about that part of the tree.

    Raises ReportFile.DoesNotExist for everybody else.
    """
    found = ReportFile.objects.get(pk=pk, asked_by_id=user.pk)
    if not units_asked_of(user).filter(code=found.question["scope"]).exists():
        raise ReportFile.DoesNotExist
    return found


def unit_of(user: Any) -> OrgUnit | None:
    """The unit with whose people somebody shares a table: where they hold the right, the highest first."""
    held = sorted(viewer_of(user).units(Permission.SEE_REPORTS), key=lambda unit: unit.path)
    return held[0] if held else None


def tables_visible_to(user: Any) -> QuerySet[SavedTable]:
    """One's own saved tables, and those shared at the units where one holds the right; none without it."""
    held = [unit.pk for unit in viewer_of(user).units(Permission.SEE_REPORTS)]
    if not held:
        return SavedTable.objects.none()
    return SavedTable.objects.filter(Q(made_by_id=user.pk) | Q(shared=True, unit__in=held))
