"""The named few who may know of an alarm. For everybody else there is none."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuangbai.network.access import EVERY, viewer_of
from shuangbai.network.roles import Permission
from shuangbai.safeguarding.models import Alarm, AlarmReader


def alarms_visible_to(user: Any) -> QuerySet[Alarm]:
    """The alarms of which somebody may know.

    The head of the station and the supervisor above it; whoever raised one, and whom the head named, while they work
    at that station.
    """
    named = AlarmReader.objects.filter(alarm=OuterRef("pk"), user=user.pk, ended_at__isnull=True)
    own = Q(entered_by=user.pk) | Q(Exists(named))
    led = _within(user, Permission.SEE_ALARMS)
    return Alarm.objects.filter(led | (_within(user, Permission.RAISE_ALARMS) & own))


def _within(user: Any, permission: Permission) -> Q:
    """The alarms of stations that `permission` reaches: that raised it, or that took charge when that one was closed.

    Of a station that is closed from a later day on, both: until then its own people answer for it. Afterwards nobody
    is posted there.
    """
    viewer = viewer_of(user)
    if any(unit.parent_id is None for unit in viewer.units(permission)):
        return EVERY
    stations = viewer.station_ids(permission)
    return Q(charge__in=stations) | Q(station__in=stations)


def may_raise(user: Any) -> bool:
    return viewer_of(user).may(Permission.RAISE_ALARMS)


def may_know_of_alarms(user: Any) -> bool:
    """Whether somebody raises alarms or answers for them: the list is theirs, empty or not."""
    return may_raise(user) or viewer_of(user).may(Permission.SEE_ALARMS)


def may_close(user: Any, alarm: Alarm) -> bool:
    """The head and the supervisor close; never who raised it."""
    return answers_for(user, alarm) and alarm.entered_by_id != user.pk


def answers_for(user: Any, alarm: Alarm) -> bool:
    return _reaches(user, Permission.SEE_ALARMS, alarm)


def may_name(user: Any, alarm: Alarm) -> bool:
    """Who else may read it is said by the head alone: at the station, and answering for it."""
    return answers_for(user, alarm) and _reaches(user, Permission.RAISE_ALARMS, alarm)


def _reaches(user: Any, permission: Permission, alarm: Alarm) -> bool:
    viewer = viewer_of(user)
    return any(viewer.reaches(permission, station) for station in {alarm.charge_id, alarm.station_id})


def may_count(user: Any) -> bool:
    """The one figure is of the whole city, for whoever may ask about all of it."""
    return any(unit.parent_id is None for unit in viewer_of(user).units(Permission.SEE_REPORTS))
