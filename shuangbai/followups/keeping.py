"""What this room keeps where the network ends something: open tasks of a station, and in somebody's name."""

from collections.abc import Iterator
from datetime import date

from django.db.models import F

from shuangbai.core.bulk import copy_to_history
from shuangbai.followups.enums import TaskState
from shuangbai.followups.models import Task
from shuangbai.network.closing import Kept
from shuangbai.network.models import Area, OrgUnit, Staff, User


class Tasks:
    """The tasks' keeper (network.closing). They go with their families, and are anybody's at the station after."""

    def at_station(self, station: OrgUnit, ends_on: date) -> Iterator[Kept]:
        running = Task.objects.filter(station=station, state=TaskState.OPEN)
        yield Kept("没有办完的跟进事项（随家庭走）", running.count(), "件")

    def hand_over_station(self, *, by: User | None, station: OrgUnit, to: OrgUnit, on: date) -> None:
        keys = list(Task.objects.filter(station=station, state=TaskState.OPEN).values_list("pk", flat=True))
        Task.objects.filter(pk__in=keys).update(station=to, assignee=None, version=F("version") + 1)
        copy_to_history(Task, keys, kind="~", by=by, reason=f"由{station}移交")

    def in_village(self, village: Area, ends_on: date) -> Iterator[Kept]:
        yield from ()

    def hand_over_village(self, *, by: User | None, village: Area, to: Area, on: date) -> None:
        """Tasks are about families, not about villages."""

    def of_staff(self, staff: Staff) -> Iterator[Kept]:
        running = Task.objects.filter(assignee=staff, state=TaskState.OPEN)
        yield Kept("名下没有办完的跟进事项（没有转给同事的，离岗后归站里任何人）", running.count(), "件")
