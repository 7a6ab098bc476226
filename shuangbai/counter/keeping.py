"""What this room keeps where a station or a village ends, and where activities were held."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q

from shuangbai.activities.queries import Places
from shuangbai.core.bulk import copy_to_history
from shuangbai.core.findings import Refused
from shuangbai.counter.actions.venues import hold_at, unhold
from shuangbai.counter.enums import VenueState
from shuangbai.counter.models import Venue, VenueUse
from shuangbai.counter.queries import balances
from shuangbai.network.closing import Kept
from shuangbai.network.models import Area, OrgUnit, Staff, User
from shuangbai.services.models import ServiceRecord


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


class Venues(Places):
    """The station's venues, picked on an activity's own form (activities.queries.PLACES)."""

    def offered(self, station: OrgUnit, day: date, picked: UUID | None) -> list[tuple[UUID, str]]:
        there = Q(opened_on__lte=day) & (Q(state=VenueState.OPEN) | Q(state=VenueState.CLOSED, closed_on__gte=day))
        rows = Venue.objects.filter(there | Q(pk=picked), station=station).order_by("name", "id")
        return list(rows.values_list("pk", "name"))

    def of(self, record_id: UUID) -> UUID | None:
        return VenueUse.objects.filter(record=record_id).values_list("venue_id", flat=True).first()

    def hold(self, *, by: User, record: ServiceRecord, place_id: UUID | None) -> None:
        use = VenueUse.objects.filter(record=record).select_related("venue").first()
        was = use.venue if use else None
        now = Venue.objects.filter(pk=place_id, station=record.station_id).first() if place_id else None
        if place_id and now is None:
            raise Refused.because("venue", "请重新选择场地")
        if now and not now.opened_on <= record.occurred_on <= (now.closed_on or record.occurred_on):
            raise Refused.because("venue", f"「{now.name}」在 {record.occurred_on} 没有启用，请另选，或核对日期")
        if was != now:
            if was:
                unhold(by=by, venue=was, record=record)
            if now:
                hold_at(by=by, venue=now, records=[record])
