"""Whose matters of policy somebody sees and carries on."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuangbai.assistance.models import Matter
from shuangbai.core import clock
from shuangbai.households.access import households_visible_to
from shuangbai.households.models import HouseholdStation
from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission


def matters_visible_to(user: Any) -> QuerySet[Matter]:
    """Matters of the stations within reach, voided ones too, and those that came along with a family by its consent."""
    reach = viewer_of(user).reach(Permission.SEE_FAMILIES)
    if reach == Q():
        return Matter.objects.all()
    came = HouseholdStation.objects.on(clock.today()).filter(
        reach, with_history=True, household=OuterRef("household"), starts_on__gt=OuterRef("opened_on")
    )
    return Matter.objects.filter(reach | Exists(came))


def may_write(user: Any, matter: Matter) -> bool:
    """Whoever writes records about the family today."""
    return households_visible_to(user, Permission.WRITE_RECORDS).filter(pk=matter.household_id).exists()


def may_void(user: Any, matter: Matter) -> bool:
    """One's own entries, or any of the station's for its head."""
    if viewer_of(user).reaches(Permission.VOID_ANY_RECORD, matter.station_id):
        return True
    return matter.entered_by_id == user.pk and may_write(user, matter)
