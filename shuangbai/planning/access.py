"""Who reads and who enters what is asked of stations: reading follows the reports, entering has rights of its own."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from shuangbai.codes.access import may_decide
from shuangbai.core.findings import NotAllowed
from shuangbai.network.access import above, under, viewer_of
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.planning.models import DemandedForm, DemandUnit, OpeningBalance, ReportedForm
from shuangbai.reports.access import units_reportable

COUNTED = (UnitKind.BUREAU, UnitKind.COUNTY, UnitKind.STATION)  # the units that a report may be asked about


def balances_visible_to(user: Any) -> QuerySet[OpeningBalance]:
    """The balances of the units that somebody may ask figures of, voided ones too."""
    return OpeningBalance.objects.filter(unit__in=units_reportable(user).order_by().values("pk"))


def units_balanced_by(user: Any) -> QuerySet[OrgUnit]:
    """The units for which somebody enters totals from before the system: the city's officer all, a head the own."""
    paths = [unit.path for unit in viewer_of(user).units(Permission.ENTER_BALANCES)]
    return OrgUnit.objects.filter(under(paths), kind__in=COUNTED).order_by("path")


def may_balance(user: Any, unit_id: UUID) -> bool:
    return units_balanced_by(user).filter(pk=unit_id).exists()


def check_balances(user: Any, unit_id: UUID) -> None:
    """Raise NotAllowed unless somebody enters balances for the unit."""
    if not may_balance(user, unit_id):
        raise NotAllowed


def stations_planned_for(user: Any) -> QuerySet[OrgUnit]:
    """The stations whose targets somebody reads."""
    return units_reportable(user).filter(kind=UnitKind.STATION)


def keeps_catalogue(user: Any) -> bool:
    """Whether somebody keeps the catalogue of forms: what is demanded is the whole city's matter."""
    return may_decide(user, Permission.SET_DEMANDS)


def check_keeps_catalogue(user: Any) -> None:
    """Raise NotAllowed unless somebody keeps the catalogue."""
    if not keeps_catalogue(user):
        raise NotAllowed


def demands_visible_to(user: Any) -> QuerySet[DemandedForm]:
    """The forms that are demanded of a unit within reach, be it by name or with everything above it."""
    seen = viewer_of(user).units(Permission.SEE_REPORTS)
    if any(unit.parent_id is None for unit in seen):
        return DemandedForm.objects.all()
    asked = Q(pk__in=[])
    for unit in seen:
        asked |= Q(unit__path__in=above(unit.path)) | Q(unit__path__startswith=unit.path)
    return DemandedForm.objects.filter(pk__in=DemandUnit.objects.filter(asked).values("form"))


def reported_visible_to(user: Any) -> QuerySet[ReportedForm]:
    """What stations reported: one's own station's, or everything for whoever keeps the catalogue."""
    if keeps_catalogue(user):
        return ReportedForm.objects.all()
    return ReportedForm.objects.filter(viewer_of(user).reach(Permission.WRITE_RECORDS))
