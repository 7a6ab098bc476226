"""Whose follow-up tasks somebody may see, ask for, answer."""

from typing import Any

from django.db.models import QuerySet

from shuangbai.followups.models import Task
from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission


def tasks_visible_to(user: Any) -> QuerySet[Task]:
    """The tasks of the stations within reach; another station's are not there at all."""
    return Task.objects.filter(viewer_of(user).reach(Permission.SEE_FAMILIES))


def may_answer(user: Any, task: Task) -> bool:
    """Who writes records at the task's station says what came of it, or hands it to a colleague."""
    return viewer_of(user).reaches(Permission.WRITE_RECORDS, task.station_id)


def may_drop(user: Any, task: Task) -> bool:
    """Whoever asked takes it back; the head may for the station."""
    return task.entered_by_id == user.pk or viewer_of(user).reaches(Permission.VOID_ANY_RECORD, task.station_id)


def shares_work(user: Any) -> bool:
    """Whether somebody shares out a station's work: its head."""
    return viewer_of(user).may(Permission.VOID_ANY_RECORD)
