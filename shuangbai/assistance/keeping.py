"""What this room keeps where the network ends something, where work changes hands, and where somebody is forgotten."""

from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID

from django.db.models import F, Q

from shuangbai.assistance.models import STANDING, Matter, MatterStep
from shuangbai.assistance.rules import OPEN
from shuangbai.core.bulk import copy_to_history
from shuangbai.households.forgetting import Forgetting, with_history
from shuangbai.network.closing import Kept
from shuangbai.network.models import Area, OrgUnit, Staff, User

RUNNING = STANDING & Q(stage__in=OPEN)


class Matters:
    """The keeper (network.closing). A matter goes with its family: whoever serves that today carries it on."""

    def at_station(self, station: OrgUnit, ends_on: date) -> Iterator[Kept]:
        yield Kept("没有办完的协助申请（随家庭走）", Matter.objects.filter(RUNNING, station=station).count(), "宗")

    def hand_over_station(self, *, by: User | None, station: OrgUnit, to: OrgUnit, on: date) -> None:
        """Nothing: the family brings its matters along."""

    def in_village(self, village: Area, ends_on: date) -> Iterator[Kept]:
        yield from ()

    def hand_over_village(self, *, by: User | None, village: Area, to: Area, on: date) -> None:
        """Nothing: a matter is of a family."""

    def of_staff(self, staff: Staff) -> Iterator[Kept]:
        count = Matter.objects.filter(RUNNING, worker=staff).count()
        yield Kept("名下没有办完的协助申请", count, "宗", to_hand_over=True)


def hand_matters(*, by: User, giver_id: UUID, receiver_id: UUID, household_ids: Collection[UUID]) -> int:
    """Open matters of these families go to whoever takes them; how many. Inside the caller's action (lives)."""
    rows = Matter.objects.filter(RUNNING, worker=giver_id, household__in=list(household_ids))
    keys = list(rows.values_list("pk", flat=True))
    if keys:
        Matter.objects.filter(pk__in=keys).update(worker=receiver_id, version=F("version") + 1)
        copy_to_history(Matter, keys, kind="~", by=by, reason="随家庭交接")
    return len(keys)


class Words:
    """The forgetter (households.forgetting): words of what was theirs, and its steps', go; the rest follows from what
    the tables declare. A matter stays counted."""

    def forget(self, what: Forgetting) -> int:
        theirs = Q(person=what.person_id) | Q(household__in=what.alone)
        count = MatterStep.objects.filter(matter__in=Matter.objects.filter(theirs).values("pk")).update(note="")
        words = {"note": "", "refusal": "", "reason": ""}
        return count + sum(table._base_manager.filter(theirs).update(**words) for table in with_history(Matter))
