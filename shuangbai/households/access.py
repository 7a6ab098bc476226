"""Whose families somebody may see."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuangbai.core import clock
from shuangbai.households.models import Household, HouseholdStation, Membership, Person
from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission


def households_visible_to(user: Any, permission: Permission = Permission.SEE_FAMILIES) -> QuerySet[Household]:
    """The families that a station within reach serves today. Another station's are not there at all."""
    reach = viewer_of(user).reach(permission)
    if reach == Q():
        return Household.objects.all()
    serving = HouseholdStation.objects.on(clock.today()).filter(reach, household=OuterRef("pk"))
    return Household.objects.filter(Exists(serving))


def people_visible_to(user: Any, permission: Permission = Permission.SEE_FAMILIES) -> QuerySet[Person]:
    """The people who are or were of a visible family."""
    of_family = Membership.objects.filter(person=OuterRef("pk"), household__in=households_visible_to(user, permission))
    return Person.objects.filter(Exists(of_family))


def may_edit(user: Any, household: Household) -> bool:
    return households_visible_to(user, Permission.EDIT_FAMILIES).filter(pk=household.pk).exists()
