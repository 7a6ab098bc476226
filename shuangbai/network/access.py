"""Who somebody is today: their roles, what these permit, and the stations they reach."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed
from shuangbai.core.prepared import prepared
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import OrgUnit, Posting, RoleGrant, User
from shuangbai.network.roles import ROLES, Permission, Role

# The condition of every row, beside an `or` too, where an empty Q would be passed over.
EVERY = ~Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Held:
    """A role held today, at a unit."""

    role: Role
    unit: OrgUnit

    @property
    def permissions(self) -> frozenset[Permission]:
        return ROLES[self.role].permissions


class Viewer:
    """An account as it stands today. One query, made once a request."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def held(self) -> list[Held]:
        """The roles held today; those that need a posting only while there is one at the unit.

        An account that was stopped holds none, whoever acts in its name: a page, a job, a command.
        """
        if not self.user.is_active:
            return []
        return [
            Held(Role(grant.role), grant.unit)
            for grant in _granted(self.user.pk, clock.today())
            if grant.posted or not ROLES[Role(grant.role)].needs_posting  # type: ignore[attr-defined]
        ]

    def may(self, permission: Permission) -> bool:
        """Whether any role held today gives `permission`, for whichever station."""
        return any(permission in held.permissions for held in self.held)

    def units(self, permission: Permission) -> list[OrgUnit]:
        """The units, as high in the tree as they are held, for which `permission` is given."""
        units = {held.unit.path: held.unit for held in self.held if permission in held.permissions}
        return [u for path, u in units.items() if not any(path != p and path.startswith(p) for p in units)]

    def station_ids(self, permission: Permission) -> list[UUID]:
        """The stations that `permission` reaches today."""
        units = self.units(permission)
        stations = [unit.pk for unit in units if unit.kind == UnitKind.STATION]
        above = [unit.path for unit in units if unit.kind != UnitKind.STATION]
        if above:
            stations += OrgUnit.objects.filter(under(above), kind=UnitKind.STATION).values_list("pk", flat=True)
        return stations

    def reaches(self, permission: Permission, station_id: UUID) -> bool:
        """Whether `permission` is given for this one station."""
        units = self.units(permission)
        if any(unit.pk == station_id for unit in units):
            return True
        above = [unit.path for unit in units if unit.kind != UnitKind.STATION]
        return bool(above) and OrgUnit.objects.filter(under(above), pk=station_id).exists()

    def reach(self, permission: Permission, field: str = "station") -> Q:
        """The condition that a row's station lies within reach; nothing where the permission is missing."""
        units = self.units(permission)
        if not units:
            return Q(pk__in=[])
        if any(unit.parent_id is None for unit in units):
            return Q()
        return Q(**{f"{field}__in": self.station_ids(permission)})

    @cached_property
    def home_station(self) -> OrgUnit | None:
        """The station where this person writes records, if there is one."""
        units = [u for u in self.units(Permission.WRITE_RECORDS) if u.kind == UnitKind.STATION]
        return units[0] if units else None


@prepared
def _granted(user_id: UUID, day: date) -> QuerySet[RoleGrant]:
    """The grants of the day with their units; `posted` says whether the account's person is posted there."""
    posting = Posting.objects.on(day).filter(unit=OuterRef("unit"), staff=OuterRef("user__staff"))
    grants = RoleGrant.objects.on(day).filter(user_id=user_id).select_related("unit")
    return grants.annotate(posted=Exists(posting)).order_by("starts_on", "id")


def under(paths: Iterable[str]) -> Q:
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(path__startswith=path)
    return condition


def above(path: str) -> list[str]:
    """The paths of the units above one, from the root."""
    codes = path.strip("/").split("/")
    return [f"/{'/'.join(codes[:depth])}/" for depth in range(1, len(codes))]


def viewer_of(user: Any) -> Viewer:
    """The viewer for an account, kept on it for the length of a request."""
    if not hasattr(user, "_viewer"):
        user._viewer = Viewer(user)
    return user._viewer  # type: ignore[no-any-return]


def units_visible_to(user: Any) -> QuerySet[OrgUnit]:
    """The units of the tree at or below those that somebody may see; another station is not there at all."""
    units = viewer_of(user).units(Permission.SEE_NETWORK)
    return OrgUnit.objects.filter(under(unit.path for unit in units))


def units_managed_by(user: Any) -> QuerySet[OrgUnit]:
    """The units that somebody may set up: those at or below the ones for which they manage the network."""
    return OrgUnit.objects.filter(under(unit.path for unit in viewer_of(user).units(Permission.MANAGE_NETWORK)))


def check_manages(user: Any, units: Iterable[OrgUnit] = ()) -> None:
    """Raise NotAllowed unless `user` manages the network, and every one of `units`; None is the installation."""
    if user is None:
        return
    held = viewer_of(user).units(Permission.MANAGE_NETWORK)
    if not held or not all(any(unit.path.startswith(one.path) for one in held) for unit in units):
        raise NotAllowed


def check_manages_areas(user: Any) -> None:
    """Raise NotAllowed unless `user` manages the network of the whole city: a place belongs to no unit."""
    if user is not None and not manages_areas(user):
        raise NotAllowed


def manages_areas(user: Any) -> bool:
    return any(unit.parent_id is None for unit in viewer_of(user).units(Permission.MANAGE_NETWORK))


def check_reaches(user: Any, permission: Permission, station_ids: Iterable[UUID]) -> None:
    """Raise NotAllowed unless `permission` reaches every one of the stations."""
    viewer = viewer_of(user)
    if not all(viewer.reaches(permission, station_id) for station_id in station_ids):
        raise NotAllowed
