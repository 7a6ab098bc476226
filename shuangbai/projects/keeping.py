"""What this room keeps where a station, a village or work ends, where somebody is forgotten, and what has pictures."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator

from shuangbai.core import clock
from shuangbai.core.bulk import copy_to_history
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.strangers import new_token
from shuangbai.households.forgetting import Forgetting, namesakes, with_history, without_names
from shuangbai.network.closing import Kept
from shuangbai.network.models import Area, OrgUnit, Staff, User
from shuangbai.pictures.access import About, Subject
from shuangbai.projects.access import problems_visible_to, projects_visible_to
from shuangbai.projects.enums import Answer
from shuangbai.projects.models import LedgerLine, Problem, ProblemBox, Project, Stakeholder
from shuangbai.projects.rules import OPEN


class Projects:
    """The keeper (network.closing). A project stays with its station and must end there; problems wait for nobody."""

    def at_station(self, station: OrgUnit, ends_on: date) -> Iterator[Kept]:
        count = Project.objects.filter(station=station, state__in=OPEN).count()
        yield Kept(
            "没有结束的社区项目", count, "个", hinders=f"{station}还有 {count} 个社区项目没有完成，请先完成或中止"
        )
        waiting = Problem.objects.filter(station=station, state=Answer.WAITING).count()
        yield Kept("没有答复的公共问题", waiting, "件", hinders=f"{station}还有 {waiting} 件公共问题没有答复，请先答复")

    def hand_over_station(self, *, by: User | None, station: OrgUnit, to: OrgUnit, on: date) -> None:
        """Nobody reads any more what a closed station's page takes in: it is shut, and its address gone."""
        for box in ProblemBox.objects.filter(station=station, opened=True):
            ProblemBox.objects.filter(pk=box.pk).update(opened=False, token=new_token(), version=box.version + 1)
            copy_to_history(ProblemBox, [box.pk], kind="~", by=by)

    def in_village(self, village: Area, ends_on: date) -> Iterator[Kept]:
        open_ones = Project.objects.filter(village=village, state__in=OPEN)
        yield Kept("没有结束的社区项目", open_ones.count(), "个", to_hand_over=True)

    def hand_over_village(self, *, by: User | None, village: Area, to: Area, on: date) -> None:
        keys = list(Project.objects.filter(village=village, state__in=OPEN).values_list("pk", flat=True))
        Project.objects.filter(pk__in=keys).update(village=to)
        copy_to_history(Project, keys, kind="~", by=by)

    def of_staff(self, staff: Staff) -> Iterator[Kept]:
        yield Kept("没有结束的社区项目", Project.objects.filter(worker=staff, state__in=OPEN).count(), "个")


class Whole(Subject):
    """A project as something that gets a resource (resources.models.HELPED)."""

    words = "社区项目"

    def rows(self, user: Any) -> QuerySet[Project]:
        return projects_visible_to(user).select_related("station")

    def about(self, row: Project) -> About:
        return About(row.pk, row.station, self.title(row), self.day(row), reverse("project", args=[row.pk]))

    def title(self, row: Project) -> str:
        return row.title

    def day(self, row: Project) -> date:
        return row.ended_on or clock.today()

    def standing(self, keys: Iterable[UUID]) -> set[UUID]:
        return set(Project.objects.filter(pk__in=list(keys)).values_list("pk", flat=True))


class After(Whole):
    """Pictures of what stands there now (pictures.access)."""

    words = "项目现在的样子"

    def title(self, row: Project) -> str:
        return f"{row.title}（{self.words}）"


class Before(After):
    """Pictures of how it was before a project."""

    words = "项目原来的样子"

    def day(self, row: Project) -> date:
        return row.begun_on


class Problems(Subject):
    """Pictures of a public problem, a villager's among them."""

    words = "公共问题"

    def rows(self, user: Any) -> QuerySet[Problem]:
        return problems_visible_to(user).select_related("station")

    def about(self, row: Problem) -> About:
        title, url = Truncator(row.what).chars(20), reverse("problem", args=[row.pk])
        return About(row.pk, row.station, title, row.raised_on, url)

    def standing(self, keys: Iterable[UUID]) -> set[UUID]:
        return set(Problem.objects.filter(pk__in=list(keys)).values_list("pk", flat=True))


class Names:
    """The forgetter (households.forgetting). Who gave, takes part or said something is sealed and has no key to a file.

    A name that is also somebody else's is left alone, as everywhere.
    """

    def forget(self, what: Forgetting) -> int:
        if namesakes(what):
            return 0
        count = 0
        for model in (LedgerLine, Stakeholder, Problem):
            for table in with_history(model):
                sealed = [f.name for f in table._meta.concrete_fields if isinstance(f, EncryptedTextField)]
                for row in table._base_manager.all():
                    count += without_names(table, row, sealed, what)
        return count
