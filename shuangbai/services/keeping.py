"""What this room keeps where the network ends something: records written after the day that is said to be the last."""

from collections.abc import Iterator
from datetime import date

from shuangbai.network.closing import Kept
from shuangbai.network.models import Area, OrgUnit, Staff, User
from shuangbai.services.models import ServiceRecord


class Records:
    """The records' keeper (network.closing). A record stays with the station and the village of its day."""

    def at_station(self, station: OrgUnit, ends_on: date) -> Iterator[Kept]:
        later = ServiceRecord.objects.filter(station=station, occurred_on__gt=ends_on, voided_at=None).count()
        yield Kept(
            "之后的服务记录", later, "条", hinders=f"{station}在 {ends_on} 之后还有 {later} 条服务记录，请核对撤销日期"
        )

    def hand_over_station(self, *, by: User | None, station: OrgUnit, to: OrgUnit, on: date) -> None:
        """Nothing: records are history."""

    def in_village(self, village: Area, ends_on: date) -> Iterator[Kept]:
        yield from ()

    def hand_over_village(self, *, by: User | None, village: Area, to: Area, on: date) -> None:
        """Nothing: records are history."""

    def of_staff(self, staff: Staff) -> Iterator[Kept]:
        yield from ()
