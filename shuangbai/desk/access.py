"""Who may read on a family's page who opened what is masked."""

from typing import Any

from shuangbai.core import clock
from shuangbai.households.access import households_visible_to
from shuangbai.households.models import FileWorker, Household
from shuangbai.network.roles import Permission


def may_see_openings(user: Any, household: Household) -> bool:
    """A station's head and whoever supervises it; and the worker who is responsible for the family's open file."""
    if households_visible_to(user, Permission.SEE_OPENINGS).filter(pk=household.pk).exists():
        return True
    kept = FileWorker.objects.on(clock.today()).filter(file__household=household.pk, file__state="open")
    if user.staff_id is None or not kept.filter(staff=user.staff_id).exists():
        return False
    return households_visible_to(user).filter(pk=household.pk).exists()
