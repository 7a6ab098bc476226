"""Who sees a report that was handed up, and who takes which step."""

from typing import Any

from django.db.models import QuerySet

from shuangbai.filings.enums import OPEN
from shuangbai.filings.models import Filing
from shuangbai.filings.rules import (
    BEFORE_ACCEPTING,
    BEFORE_CONFIRMING,
    BEFORE_REVIEWING,
    RETURNABLE,
    WITHDRAWABLE,
)
from shuangbai.network.access import viewer_of
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.reports.access import units_reportable


def _units(user: Any) -> QuerySet[OrgUnit]:
    """The units whose reports concern somebody: those they may ask figures of, and the one that their centre is of."""
    centres = [unit for unit in _held(user, Permission.REVIEW_REPORTS) if unit.kind == UnitKind.CENTRE]
    above = [unit.parent_id for unit in centres if unit.parent_id]
    return units_reportable(user) | OrgUnit.objects.filter(pk__in=above)


def filings_visible_to(user: Any) -> QuerySet[Filing]:
    """Reports of the units that concern somebody: how far they have come is no secret from a station."""
    return Filing.objects.filter(owner__in=_units(user)).select_related("owner", "entered_by")


def _held(user: Any, permission: Permission) -> list[OrgUnit]:
    return viewer_of(user).units(permission)


def _over(user: Any, permission: Permission, unit: OrgUnit) -> bool:
    return any(unit.path.startswith(held.path) for held in _held(user, permission))


def may_draft(user: Any, unit: OrgUnit) -> bool:
    """The head for the station; for a unit above stations whoever reviews or accepts there. Nobody for the centre."""
    if unit.kind == UnitKind.CENTRE:
        return False
    if unit.kind == UnitKind.STATION:
        return _over(user, Permission.FILE_REPORTS, unit)
    return may_review(user, unit) or may_accept(user, unit)


def may_review(user: Any, unit: OrgUnit) -> bool:
    """Whoever reviews there; and the centre that a bureau keeps, the report of the bureau itself."""
    held = _held(user, Permission.REVIEW_REPORTS)
    of_centre = any(one.kind == UnitKind.CENTRE and one.parent_id == unit.pk for one in held)
    return of_centre or _over(user, Permission.REVIEW_REPORTS, unit)


def may_accept(user: Any, unit: OrgUnit) -> bool:
    return _over(user, Permission.ACCEPT_REPORTS, unit)


def units_to_draft(user: Any) -> list[OrgUnit]:
    return [unit for unit in _units(user).order_by("path") if may_draft(user, unit)]


def steps_open(user: Any, filing: Filing) -> list[str]:
    """The steps that somebody may take with a report now."""
    drafts, reviews, accepts = (may(user, filing.owner) for may in (may_draft, may_review, may_accept))
    steps = [
        ("confirm", drafts and filing.state == BEFORE_CONFIRMING),
        ("review", reviews and filing.state == BEFORE_REVIEWING),
        ("accept", accepts and filing.state == BEFORE_ACCEPTING),
        ("return", (reviews or accepts) and filing.state in RETURNABLE),
        ("withdraw", drafts and filing.state in WITHDRAWABLE),
    ]
    return [step for step, allowed in steps if allowed]


def waiting_for(user: Any) -> list[Filing]:
    """The reports that somebody is to confirm, review or accept; few are on their way at once."""
    forward = {"confirm", "review", "accept"}
    on_their_way = filings_visible_to(user).filter(state__in=OPEN).order_by("-last", "owner__path")
    return [filing for filing in on_their_way if forward.intersection(steps_open(user, filing))]
