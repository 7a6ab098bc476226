"""Who sees a report that was handed up, and who takes which step."""

from typing import Any

from django.db.models import QuerySet

from shuangbai.filings.models import Filing
from shuangbai.network.access import viewer_of
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.reports.access import units_reportable


def filings_visible_to(user: Any) -> QuerySet[Filing]:
    """Reports of the units that somebody may ask figures of: how far they have come is no secret from a station."""
    return Filing.objects.filter(owner__in=units_reportable(user)).select_related("owner", "entered_by")


def _over(user: Any, permission: Permission, unit: OrgUnit) -> bool:
    return any(unit.path.startswith(held.path) for held in viewer_of(user).units(permission))


def may_draft(user: Any, unit: OrgUnit) -> bool:
    """The head for the station; for a unit above stations whoever reviews or accepts there. Nobody for the centre."""
    if unit.kind == UnitKind.CENTRE:
        return False
    if unit.kind == UnitKind.STATION:
        return _over(user, Permission.FILE_REPORTS, unit)
    return may_review(user, unit) or may_accept(user, unit)


def may_review(user: Any, unit: OrgUnit) -> bool:
    return _over(user, Permission.REVIEW_REPORTS, unit)


def may_accept(user: Any, unit: OrgUnit) -> bool:
    return _over(user, Permission.ACCEPT_REPORTS, unit)


def units_to_draft(user: Any) -> list[OrgUnit]:
    return [unit for unit in units_reportable(user) if may_draft(user, unit)]
