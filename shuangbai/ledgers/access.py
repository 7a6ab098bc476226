"""Who brings ledgers in, and who sees what came in: the station's own people alone, since a ledger is full of names.

A workbook of several stations is dealt out by whoever sees the families of all of them and matches them between
stations: their centre's supervisor. That gives each station its part and writes nothing.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from shuangbai.core.findings import NotAllowed
from shuangbai.ledgers.models import Dealing, Import
from shuangbai.network.access import viewer_of
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission

NEEDED = (Permission.EDIT_FAMILIES, Permission.WRITE_RECORDS)


def may_import(user: Any, station_id: UUID) -> bool:
    """Whoever keeps the station's families and writes its records."""
    return all(viewer_of(user).reaches(permission, station_id) for permission in NEEDED)


def check_may_import(user: Any, station_id: UUID) -> None:
    """Raises NotAllowed."""
    if not may_import(user, station_id):
        raise NotAllowed


def importing_station(user: Any) -> OrgUnit | None:
    """The station into which somebody brings ledgers, if there is one."""
    station = viewer_of(user).home_station
    return station if station and may_import(user, station.pk) else None


def imports_visible_to(user: Any) -> QuerySet[Import]:
    """What came into the stations where somebody may bring ledgers in."""
    viewer = viewer_of(user)
    rows = Import.objects.select_related("station", "entered_by", "undone_by")
    return rows.filter(*(viewer.reach(permission) for permission in NEEDED))


def may_undo(user: Any, source: Import) -> bool:
    """Whoever brought it in, and the head, who may void any record."""
    head = viewer_of(user).reaches(Permission.VOID_ANY_RECORD, source.station_id)
    return head or (source.entered_by_id == user.pk and may_import(user, source.station_id))


def dealing_unit(user: Any) -> OrgUnit | None:
    """The unit among whose stations somebody deals workbooks out, if there is one."""
    viewer = viewer_of(user)
    named = {unit.path for unit in viewer.units(Permission.SEE_NAMES)}
    units = [unit for unit in viewer.units(Permission.MATCH_PEOPLE) if unit.path in named]
    return units[0] if units else None


def may_deal(user: Any, owner: OrgUnit) -> bool:
    """Whoever may for the unit itself or for one above it."""
    unit = dealing_unit(user)
    return unit is not None and owner.path.startswith(unit.path)


def check_may_deal(user: Any, owner: OrgUnit) -> None:
    """Raises NotAllowed."""
    if not may_deal(user, owner):
        raise NotAllowed


def may_deal_to(user: Any, owner: OrgUnit, stations: Iterable[OrgUnit]) -> bool:
    """Whether each of these stations is under the unit for which the workbook was given."""
    return may_deal(user, owner) and all(one.path.startswith(owner.path) for one in stations)


def dealings_visible_to(user: Any) -> QuerySet[Dealing]:
    """The workbooks given for the unit of somebody who deals them out, and for units under it."""
    unit, rows = dealing_unit(user), Dealing.objects.select_related("owner", "entered_by")
    return rows.filter(owner__path__startswith=unit.path) if unit else rows.none()
