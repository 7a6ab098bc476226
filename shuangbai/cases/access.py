"""The few who may know of a case: its worker, co-worker, supervisor and head. For everybody else there is none."""

from typing import Any

from django.db.models import Q, QuerySet

from shuangbai.cases.models import Case
from shuangbai.network.access import EVERY, viewer_of
from shuangbai.network.roles import Permission


def cases_visible_to(user: Any) -> QuerySet[Case]:
    """The cases of which somebody may know.

    Worker and co-worker while they work at the station in whose charge it is, its head while posted there, the
    supervisor of the case while they supervise that station. Not other supervisors, and not the bureau.
    """
    return Case.objects.filter(_theirs(user))


def visible(user: Any, prefix: str = "case__") -> Q:
    """The condition that a row's case is one of those. For tables that point at a case, of rooms above too."""
    return _theirs(user, prefix)


def led(user: Any, prefix: str = "case__") -> Q:
    """The condition that a row's case is of a station that somebody heads."""
    return _within(user, Permission.LEAD_CASES, prefix)


def _theirs(user: Any, prefix: str = "") -> Q:
    worked = Q(pk__in=[])
    if user.staff_id:
        mine = Q(**{f"{prefix}worker": user.staff_id}) | Q(**{f"{prefix}co_worker": user.staff_id})
        worked = _within(user, Permission.WORK_CASES, prefix) & mine
    supervised = _within(user, Permission.SUPERVISE_CASES, prefix) & Q(**{f"{prefix}supervisor": user.pk})
    return led(user, prefix) | worked | supervised


def _within(user: Any, permission: Permission, prefix: str) -> Q:
    """The cases of stations that `permission` reaches: that opened it, or that took charge when that one was closed.

    Of a station that is closed from a later day on, both: until then its own people answer for it.
    """
    viewer = viewer_of(user)
    units = viewer.units(permission)
    if not units:
        return Q(pk__in=[])
    if any(unit.parent_id is None for unit in units):
        return EVERY
    stations = viewer.station_ids(permission)
    return Q(**{f"{prefix}charge__in": stations}) | Q(**{f"{prefix}station__in": stations})


def may_open_cases(user: Any) -> bool:
    return viewer_of(user).may(Permission.WORK_CASES)


def may_know_of_cases(user: Any) -> bool:
    """Whether somebody works on cases or answers for them: the list is theirs, empty or not."""
    viewer = viewer_of(user)
    return any(viewer.may(one) for one in (Permission.WORK_CASES, Permission.LEAD_CASES, Permission.SUPERVISE_CASES))


def may_write(user: Any, case: Case) -> bool:
    """Worker, co-worker and head write in a case that they see; the supervisor says what they think of it."""
    return leads(user, case) or (
        user.staff_id is not None and user.staff_id in (case.worker_id, case.co_worker_id)
        and _reaches(user, Permission.WORK_CASES, case)
    )  # fmt: skip


def leads(user: Any, case: Case) -> bool:
    """The head of the station: says who works on it, and who supervises."""
    return _reaches(user, Permission.LEAD_CASES, case)


def supervises(user: Any, case: Case) -> bool:
    """The supervisor of this case, who comments and agrees."""
    return case.supervisor_id == user.pk and _reaches(user, Permission.SUPERVISE_CASES, case)


def may_comment(user: Any, case: Case) -> bool:
    return supervises(user, case) or leads(user, case)


def _reaches(user: Any, permission: Permission, case: Case) -> bool:
    viewer = viewer_of(user)
    return any(viewer.reaches(permission, station) for station in {case.charge_id, case.station_id})
