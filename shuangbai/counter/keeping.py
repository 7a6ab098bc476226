"""What this room keeps where a station or a village ends."""

from collections.abc import Iterator
from datetime import date

from shuangbai.core.bulk import copy_to_history
from shuangbai.counter.enums import VenueState
from shuangbai.counter.models import Venue
from shuangbai.counter.queries import balances
from shuangbai.network.closing import Kept
from shuangbai.network.models import Area, OrgUnit, Staff, User


class SmallThings:
    """The keeper (network.closing). Accounts and venues stay with the station as its history; what is left is said."""

    def at_station(self, station: OrgUnit, ends_on: date) -> Iterator[Kept]:
        left = [one for one in balances(station) if one.closing]
        yield Kept("还有结存的物资、经费", len(left), "样")
        yield Kept("还在用的场地", Venue.objects.filter(station=station).exclude(state=VenueState.CLOSED).count(), "处")

    def hand_over_station(self, *, by: User | None, station: OrgUnit, to: OrgUnit, on: date) -> None:
        """Nothing: whoever takes the goods on enters them as their own opening balance."""

    def in_village(self, village: Area, ends_on: date) -> Iterator[Kept]:
        yield Kept("场地", Venue.objects.filter(village=village).count(), "处", to_hand_over=True)

    def hand_over_village(self, *, by: User | None, village: Area, to: Area, on: date) -> None:
        keys = list(Venue.objects.filter(village=village).values_list("pk", flat=True))
        Venue.objects.filter(pk__in=keys).update(village=to)
        copy_to_history(Venue, keys, kind="~", by=by)

    def of_staff(self, staff: Staff) -> Iterator[Kept]:
        yield from ()
