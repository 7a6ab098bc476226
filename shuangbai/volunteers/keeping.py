"""What this room keeps where a station or a village ends, and where somebody is forgotten."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from shuangbai.core.bulk import copy_to_history
from shuangbai.households.enums import BirthPrecision
from shuangbai.households.forgetting import ANONYMOUS, Forgetting, with_history, without_names
from shuangbai.network.closing import Kept
from shuangbai.network.models import Area, OrgUnit, Staff, User
from shuangbai.volunteers.enums import ReportState, TeamStage
from shuangbai.volunteers.models import (
    Certificate,
    Merit,
    Organisation,
    Team,
    TeamReport,
    TeamState,
    Volunteer,
    VolunteerHours,
)

PLACED: tuple[Any, ...] = (Volunteer, Team, Organisation)


class Volunteers:
    """The keeper (network.closing). Volunteers and teams stay with the station that knew them, as its history."""

    def at_station(self, station: OrgUnit, ends_on: date) -> Iterator[Kept]:
        serving = Volunteer.objects.filter(Q(until__isnull=True) | Q(until__gt=ends_on), station=station)
        yield Kept("还在服务的志愿者", serving.count(), "名")
        active = TeamState.objects.filter(station=station, ends_on__isnull=True).exclude(stage=TeamStage.ENDED)
        yield Kept("还在活动的志愿队", active.count(), "支")
        waiting = TeamReport.objects.filter(station=station, state=ReportState.WAITING)
        yield Kept("队长交来还没核对的服务", waiting.count(), "次")

    def hand_over_station(self, *, by: User | None, station: OrgUnit, to: OrgUnit, on: date) -> None:
        """Nothing: whoever goes on serving is entered where they serve from then on."""

    def in_village(self, village: Area, ends_on: date) -> Iterator[Kept]:
        words = (("志愿者", "名"), ("志愿队", "支"), ("社区社会组织", "个"))
        for model, (label, unit) in zip(PLACED, words, strict=True):
            yield Kept(label, model.objects.filter(village=village).count(), unit, to_hand_over=True)

    def hand_over_village(self, *, by: User | None, village: Area, to: Area, on: date) -> None:
        for model in PLACED:
            keys = list(model.objects.filter(village=village).values_list("pk", flat=True))
            model.objects.filter(pk__in=keys).update(village=to)
            copy_to_history(model, keys, kind="~", by=by)

    def of_staff(self, staff: Staff) -> Iterator[Kept]:
        yield from ()


class Words:
    """The forgetter (households.forgetting): what hangs on a volunteer who is on file has no key to the person.

    Hours stay, since they count; what was done, noted and certified by name goes.
    """

    def forget(self, what: Forgetting) -> int:
        theirs = list(Volunteer.objects.filter(person=what.person_id).values_list("pk", flat=True))
        return forget_work_of(theirs, what) if theirs else 0


def forget_work_of(theirs: Sequence[UUID], what: Forgetting) -> int:
    """What hangs on these volunteers: their hours stay, what was done, noted and certified by name goes."""
    count = 0
    for table in with_history(VolunteerHours):
        count += table._base_manager.filter(volunteer__in=theirs).exclude(task="").update(task="")
    merits = Merit.objects.filter(volunteer__in=theirs)
    count += merits.update(title=ANONYMOUS, giver="", note="")
    count += Certificate.objects.filter(volunteer__in=theirs).update(said="")
    for table in with_history(Volunteer):
        count += table._base_manager.filter(id__in=theirs).update(guardian="", note="", skills="", platform_no="")
    handed_in = TeamReport.objects.filter(helpers__volunteer__in=theirs).distinct()
    return count + sum(without_names(TeamReport, row, ["note"], what) for row in handed_in)


def forget_volunteer(volunteer: Volunteer, what: Forgetting) -> int:
    """Somebody who is not on file: what is left is a sex, a year of birth, the days they served, and their hours."""
    count, born = forget_work_of([volunteer.pk], what), volunteer.birth_date
    blank: dict[str, Any] = {
        "name": ANONYMOUS, "initials": "", "id_no": "", "id_hash": "", "phone": "", "phone_tails": "",
        "birth_date": date(born.year, 1, 1) if born else None, "birth_precision": BirthPrecision.YEAR, "times": [],
        "left_reason": "", "forgotten": True,
    }  # fmt: skip
    for table in with_history(Volunteer):
        count += table._base_manager.filter(id=volunteer.pk).update(**blank)
    return count


def others_so_called(names: Sequence[str], besides: Volunteer) -> bool:
    """Whether a name is another volunteer's too, or part of it."""
    called = Q()
    for name in names:
        called |= Q(name__contains=name)
    return Volunteer.objects.filter(called).exclude(pk=besides.pk).exists()
