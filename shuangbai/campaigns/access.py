"""Who calls stations to something, who joins, and whose numbers somebody is shown."""

from typing import Any

from django.db.models import QuerySet

from shuangbai.core.findings import NotAllowed
from shuangbai.network.access import viewer_of
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.reports.access import units_asked_of
from shuangbai.services.models import Campaign


def campaigns_visible_to(user: Any) -> QuerySet[Campaign]:
    """Campaigns of the city are no secret to whoever sees records or figures."""
    viewer = viewer_of(user)
    sees = viewer.may(Permission.SEE_RECORDS) or viewer.may(Permission.SEE_REPORTS)
    return Campaign.objects.select_related("owner", "call__entered_by") if sees else Campaign.objects.none()


def calling_units(user: Any) -> list[OrgUnit]:
    """The units in whose name somebody calls stations."""
    return viewer_of(user).units(Permission.CALL_CAMPAIGNS)


def may_change(user: Any, campaign: Campaign) -> bool:
    return any(campaign.owner.path.startswith(unit.path) for unit in calling_units(user))


def check_calls(user: Any, unit: OrgUnit) -> None:
    """Raise NotAllowed unless `user` calls stations in the name of the unit."""
    if not any(unit.path.startswith(one.path) for one in calling_units(user)):
        raise NotAllowed


def joining_station(user: Any, campaign: Campaign) -> OrgUnit | None:
    """The station that somebody may let join: their own, if it lies below whoever calls."""
    station = viewer_of(user).home_station
    return station if station and station.path.startswith(campaign.owner.path) else None


def counted_unit(user: Any) -> OrgUnit | None:
    """The part of the tree whose numbers somebody is shown: as far up as they may ask figures."""
    return units_asked_of(user).first()
