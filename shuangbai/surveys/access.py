"""Whose surveys, questionnaires and sheets somebody may see and write."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from shuangbai.network.access import above, viewer_of
from shuangbai.network.models import Area, Coverage, OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.surveys.enums import State
from shuangbai.surveys.models import AnswerSheet, Questionnaire, Survey

SEES, WRITES = Permission.SEE_RECORDS, Permission.WRITE_RECORDS


def surveys_visible_to(user: Any) -> QuerySet[Survey]:
    """Surveys of the stations within reach, voided ones too; another station's are not there at all."""
    return Survey.objects.filter(viewer_of(user).reach(SEES))


def surveys_written_by(user: Any) -> QuerySet[Survey]:
    return Survey.objects.filter(viewer_of(user).reach(WRITES))


def villages_visible_to(user: Any) -> QuerySet[Area]:
    """Villages that a station within reach covers, or covered once."""
    return Area.objects.filter(pk__in=Coverage.objects.filter(viewer_of(user).reach(SEES)).values("village"))


def questionnaires_visible_to(user: Any) -> QuerySet[Questionnaire]:
    """Those of the units within reach, and what a unit above has published for its stations; others' drafts never."""
    viewer = viewer_of(user)
    units = viewer.units(SEES)
    if not units:
        return Questionnaire.objects.none()
    within = Q(pk__in=[])
    for unit in units:
        within |= Q(owner__path__startswith=unit.path)
    over = [path for unit in units for path in above(unit.path)]
    return Questionnaire.objects.filter(within | Q(owner__path__in=over) & ~Q(state=State.DRAFT))


def questionnaires_kept_by(user: Any) -> QuerySet[Questionnaire]:
    """Those that somebody drafts and publishes: of a station where they write, or of a unit that sets its demands."""
    viewer = viewer_of(user)
    stations = viewer.units(WRITES)
    units = viewer.units(Permission.SET_DEMANDS)
    return Questionnaire.objects.filter(owner__in=[unit.pk for unit in (*stations, *units)])


def owner_for(user: Any) -> OrgUnit | None:
    """The unit in whose name somebody drafts a questionnaire."""
    viewer = viewer_of(user)
    if viewer.home_station:
        return viewer.home_station
    units = viewer.units(Permission.SET_DEMANDS)
    return units[0] if units else None


def answerable_by(user: Any) -> QuerySet[Questionnaire]:
    """Those into which somebody enters sheets: their station's own, and what a unit above published; ended ones too,
    for sheets that come late."""
    viewer = viewer_of(user)
    station = viewer.home_station
    if station is None:
        return Questionnaire.objects.none()
    owners = Q(owner=station.pk) | Q(owner__path__in=above(station.path))
    return Questionnaire.objects.filter(owners).exclude(state=State.DRAFT)


def sheets_visible_to(user: Any) -> QuerySet[AnswerSheet]:
    """Sheets for counting: of the stations within reach."""
    return AnswerSheet.objects.filter(viewer_of(user).reach(SEES))


def sheets_written_by(user: Any) -> QuerySet[AnswerSheet]:
    """Single sheets: at the stations where somebody writes. Whoever else reads results never opens one."""
    return AnswerSheet.objects.filter(viewer_of(user).reach(WRITES))


def sees_few(user: Any, station_ids: set[UUID]) -> bool:
    """Whether somebody is told results of however few sheets: they write at every one of these stations."""
    viewer = viewer_of(user)
    return all(viewer.reaches(WRITES, station) for station in station_ids)


def may_write(user: Any, station_id: UUID) -> bool:
    return viewer_of(user).reaches(WRITES, station_id)


def may_void(user: Any, row: Survey | AnswerSheet) -> bool:
    """One's own entries, or any of the station's for its head."""
    if viewer_of(user).reaches(Permission.VOID_ANY_RECORD, row.station_id):
        return True
    return row.entered_by_id == user.pk and may_write(user, row.station_id)
