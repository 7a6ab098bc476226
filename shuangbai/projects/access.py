"""Whose projects, meetings and problems somebody may see and write: as with records, by station."""

from typing import Any

from django.db.models import QuerySet

from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission
from shuangbai.projects.models import LedgerLine, Meeting, Milestone, Problem, ProblemBox, Project, Stakeholder
from shuangbai.services.access import visible_by_record


def projects_visible_to(user: Any) -> QuerySet[Project]:
    """Projects of the stations within reach; another station's are not there at all."""
    return Project.objects.filter(viewer_of(user).reach(Permission.SEE_RECORDS))


def projects_written_by(user: Any) -> QuerySet[Project]:
    return Project.objects.filter(viewer_of(user).reach(Permission.WRITE_RECORDS))


def lines_written_by(user: Any) -> QuerySet[LedgerLine]:
    return LedgerLine.objects.filter(viewer_of(user).reach(Permission.WRITE_RECORDS))


def milestones_written_by(user: Any) -> QuerySet[Milestone]:
    return Milestone.objects.filter(viewer_of(user).reach(Permission.WRITE_RECORDS))


def stakeholders_written_by(user: Any) -> QuerySet[Stakeholder]:
    return Stakeholder.objects.filter(viewer_of(user).reach(Permission.WRITE_RECORDS))


def meetings_visible_to(user: Any) -> QuerySet[Meeting]:
    """Meetings within reach, with what their page shows of the record."""
    return Meeting.objects.filter(visible_by_record(user)).select_related(
        "project", "record__station", "record__village", "record__entered_by", "record__voided_by"
    )


def problems_visible_to(user: Any) -> QuerySet[Problem]:
    """Problems of the stations within reach, for whoever may read words about villagers: not for the bureau."""
    viewer = viewer_of(user)
    if not viewer.may(Permission.SEE_NAMES):
        return Problem.objects.none()
    return Problem.objects.filter(viewer.reach(Permission.SEE_RECORDS))


def problems_written_by(user: Any) -> QuerySet[Problem]:
    return Problem.objects.filter(viewer_of(user).reach(Permission.WRITE_RECORDS))


def boxes_written_by(user: Any) -> QuerySet[ProblemBox]:
    return ProblemBox.objects.filter(viewer_of(user).reach(Permission.WRITE_RECORDS))


def may_write(user: Any, station_id: Any) -> bool:
    return viewer_of(user).reaches(Permission.WRITE_RECORDS, station_id)


def may_open_masked(user: Any, problem: Problem) -> bool:
    return viewer_of(user).reaches(Permission.OPEN_MASKED, problem.station_id)
