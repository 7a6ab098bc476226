"""Whose volunteers, teams and organisations somebody may see and look after."""

from typing import Any

from django.db.models import QuerySet

from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission
from shuangbai.volunteers.models import Certificate, Merit, Organisation, Team, TeamReport, Volunteer, VolunteerHours


def volunteers_visible_to(user: Any, permission: Permission = Permission.SEE_FAMILIES) -> QuerySet[Volunteer]:
    """The volunteers of stations within reach, for whoever sees families: they are told of by name."""
    return Volunteer.objects.filter(viewer_of(user).reach(permission)).select_related("person", "station", "village")


def teams_visible_to(user: Any) -> QuerySet[Team]:
    """The teams of stations within reach. Whoever does not see full names sees their members' family names."""
    return Team.objects.filter(viewer_of(user).reach(Permission.SEE_RECORDS)).select_related("station", "village")


def organisations_visible_to(user: Any) -> QuerySet[Organisation]:
    found = Organisation.objects.filter(viewer_of(user).reach(Permission.SEE_RECORDS))
    return found.select_related("station", "village")


def hours_visible_to(user: Any) -> QuerySet[VolunteerHours]:
    found = VolunteerHours.objects.filter(viewer_of(user).reach(Permission.SEE_FAMILIES))
    return found.select_related("volunteer__person", "record__station")


def merits_visible_to(user: Any) -> QuerySet[Merit]:
    return Merit.objects.filter(viewer_of(user).reach(Permission.SEE_FAMILIES)).select_related("volunteer", "team")


def certificates_visible_to(user: Any) -> QuerySet[Certificate]:
    found = Certificate.objects.filter(viewer_of(user).reach(Permission.SEE_FAMILIES))
    return found.select_related("volunteer__person", "station", "entered_by", "voided_by")


def reports_visible_to(user: Any) -> QuerySet[TeamReport]:
    """What leaders handed in, for whoever decides about it; what was accepted is a record, which others see."""
    found = TeamReport.objects.filter(viewer_of(user).reach(Permission.WRITE_RECORDS))
    return found.select_related("team__village", "station", "decided_by")


def may_look_after(user: Any, station_id: Any) -> bool:
    """Whether somebody enters and changes what a station keeps of its volunteers."""
    return viewer_of(user).reaches(Permission.WRITE_RECORDS, station_id)


def may_take_back(user: Any, row: Any) -> bool:
    """One's own entries, or any of the station's for its head; `row` was entered by somebody at a station."""
    if viewer_of(user).reaches(Permission.VOID_ANY_RECORD, row.station_id):
        return True
    return bool(row.entered_by_id == user.pk) and may_look_after(user, row.station_id)


def may_open_masked(user: Any, volunteer: Volunteer) -> bool:
    return viewer_of(user).reaches(Permission.OPEN_MASKED, volunteer.station_id)
