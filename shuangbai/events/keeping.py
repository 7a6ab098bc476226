"""What this room keeps where a station or somebody's work ends, and where somebody is forgotten."""

from collections.abc import Iterator
from datetime import date

from shuangbai.events.models import Event, Remark, SignUp
from shuangbai.events.rules import COMING
from shuangbai.households.forgetting import Forgetting, without_names
from shuangbai.network.closing import Kept
from shuangbai.network.models import Area, OrgUnit, Staff, User


class Events:
    """The keeper (network.closing). A plan stays with the station that made it."""

    def at_station(self, station: OrgUnit, ends_on: date) -> Iterator[Kept]:
        count = Event.objects.filter(station=station, state__in=COMING).count()
        yield Kept("没有办结的活动策划", count, "场")

    def hand_over_station(self, *, by: User | None, station: OrgUnit, to: OrgUnit, on: date) -> None:
        """Nothing: what is over is history."""

    def in_village(self, village: Area, ends_on: date) -> Iterator[Kept]:
        yield from ()

    def hand_over_village(self, *, by: User | None, village: Area, to: Area, on: date) -> None:
        """Nothing: an activity is of a station."""

    def of_staff(self, staff: Staff) -> Iterator[Kept]:
        yield Kept("没有办结的活动策划", Event.objects.filter(worker=staff, state__in=COMING).count(), "场")


class Words:
    """The forgetter (households.forgetting): a sign-up goes whole, and a name in what was said of an activity."""

    def forget(self, what: Forgetting) -> int:
        count, _each = SignUp.objects.filter(person=what.person_id).delete()
        for row in Remark.objects.filter(event__activity__in=list(what.record_ids)):
            count += without_names(Remark, row, ("good", "change"), what)
        return count
