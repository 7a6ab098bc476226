"""What this room keeps where the network ends something: families of a station, of a village, files of a worker."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import F

from shuangbai.core import audit
from shuangbai.core.bulk import copy_to_history
from shuangbai.core.ids import new_id
from shuangbai.households.enums import FileState
from shuangbai.households.finding import refresh_find_keys
from shuangbai.households.models import FamilyFile, FileWorker, Household, HouseholdStation, Residence
from shuangbai.network.closing import Kept
from shuangbai.network.models import Area, OrgUnit, Staff, User

HANDED_OVER = audit.kind("household.handed_over", "{by} 把这户家庭交由{station}服务，从 {on} 起")
VILLAGE_MERGED = audit.kind("household.village_merged", "{by} 登记区划调整：这户家庭从 {on} 起属{village}")


class Families:
    """The families' keeper (network.closing). It asks no permission: the network's action has."""

    def at_station(self, station: OrgUnit, ends_on: date) -> Iterator[Kept]:
        served = HouseholdStation.objects.touching(ends_on + timedelta(days=1), date.max).filter(station=station)
        later = served.filter(starts_on__gt=ends_on).count()
        hinders = f"有 {later} 户在 {ends_on} 之后才开始由{station}服务，撤销日期不能早于它们" if later else ""
        count = served.values("household").distinct().count()
        yield Kept("服务中的家庭", count, "户", to_hand_over=True, hinders=hinders)
        files = FamilyFile.objects.filter(station=station, state=FileState.OPEN).count()
        yield Kept("在册档案（档案号不变，随家庭走）", files, "份")

    def hand_over_station(self, *, by: User | None, station: OrgUnit, to: OrgUnit, on: date) -> None:
        rows = list(HouseholdStation.objects.touching(on, date.max).filter(station=station))
        theirs = HouseholdStation.objects.touching(on, date.max).filter(station=to)
        already = set(theirs.values_list("household_id", flat=True))
        HouseholdStation.objects.filter(pk__in=[row.pk for row in rows]).update(ends_on=on - timedelta(days=1))
        HouseholdStation.objects.bulk_create(
            HouseholdStation(
                household_id=row.household_id, station=to, starts_on=on, ends_on=row.ends_on, with_history=True
            )
            for row in rows
            if row.household_id not in already
        )
        households = list(Household.objects.filter(pk__in={row.household_id for row in rows}))
        refresh_find_keys([household.pk for household in households])
        said = {"station": to.name, "on": f"{on}"}
        audit.record_all([audit.entry(HANDED_OVER, by=by, about=household, **said) for household in households])

    def in_village(self, village: Area, ends_on: date) -> Iterator[Kept]:
        there = Residence.objects.touching(ends_on + timedelta(days=1), date.max).filter(village=village)
        later = there.filter(starts_on__gt=ends_on).count()
        hinders = f"有 {later} 户在 {ends_on} 之后才迁到{village}，撤销日期不能早于它们" if later else ""
        yield Kept("住在这里的家庭", there.values("household").distinct().count(), "户", True, hinders)

    def hand_over_village(self, *, by: User | None, village: Area, to: Area, on: date) -> None:
        rows = list(Residence.objects.touching(on, date.max).filter(village=village))
        Residence.objects.filter(pk__in=[row.pk for row in rows]).update(ends_on=on - timedelta(days=1))
        Residence.objects.bulk_create(
            Residence(
                id=new_id(), station_id=row.station_id, household_id=row.household_id, village=to, starts_on=on,
                ends_on=row.ends_on,
            )
            for row in rows
        )  # fmt: skip
        moved = list(Household.objects.filter(village=village, pk__in={row.household_id for row in rows}))
        keys = [household.pk for household in moved]
        Household.objects.filter(pk__in=keys).update(village=to, version=F("version") + 1)
        copy_to_history(Household, keys, kind="~", by=by, reason=f"{village}并入{to}")
        said = {"village": to.short_name, "on": f"{on}"}
        audit.record_all([audit.entry(VILLAGE_MERGED, by=by, about=household, **said) for household in moved])

    def of_staff(self, staff: Staff) -> Iterable[Kept]:
        files = FileWorker.objects.filter(staff=staff, ends_on=None, file__state=FileState.OPEN).count()
        yield Kept("名下的在册档案", files, "份", to_hand_over=True)
