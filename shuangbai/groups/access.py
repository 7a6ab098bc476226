"""Whose groups somebody may see and write: as with records, by station."""

from typing import Any

from django.db.models import QuerySet

from shuangbai.groups.models import Group, GroupMember, GroupSession
from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission
from shuangbai.services.access import visible_by_record


def groups_visible_to(user: Any) -> QuerySet[Group]:
    """Groups of the stations within reach; another station's are not there at all."""
    return Group.objects.filter(viewer_of(user).reach(Permission.SEE_RECORDS))


def groups_written_by(user: Any) -> QuerySet[Group]:
    """Groups of the stations where somebody writes records."""
    return Group.objects.filter(viewer_of(user).reach(Permission.WRITE_RECORDS))


def members_written_by(user: Any) -> QuerySet[GroupMember]:
    return GroupMember.objects.filter(group__in=groups_written_by(user))


def sessions_visible_to(user: Any) -> QuerySet[GroupSession]:
    """Sessions within reach, with what their page shows of the record."""
    return GroupSession.objects.filter(visible_by_record(user)).select_related(
        "group", "record__station", "record__village", "record__campaign", "record__entered_by", "record__voided_by"
    )


def may_write(user: Any, group: Group) -> bool:
    return viewer_of(user).reaches(Permission.WRITE_RECORDS, group.station_id)
