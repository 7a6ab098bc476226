"""Whose lists of calls and plans somebody may see: those of the stations whose families they see."""

from typing import Any

from django.db.models import QuerySet

from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission
from shuangbai.rounds.models import CallList, SafetyFlag, WeekPlan


def call_lists_visible_to(user: Any) -> QuerySet[CallList]:
    """Lists within reach; those of another station are not there at all."""
    return CallList.objects.filter(viewer_of(user).reach(Permission.SEE_FAMILIES))


def plans_visible_to(user: Any) -> QuerySet[WeekPlan]:
    return WeekPlan.objects.filter(viewer_of(user).reach(Permission.SEE_FAMILIES))


def flags_ended_by(user: Any) -> QuerySet[SafetyFlag]:
    """The flags that somebody may end: those that their station set."""
    return SafetyFlag.objects.filter(viewer_of(user).reach(Permission.EDIT_FAMILIES))


def may_call(user: Any, call_list: CallList) -> bool:
    """Whether somebody may enter calls of the list: they write records at its station."""
    return viewer_of(user).reaches(Permission.WRITE_RECORDS, call_list.station_id)
