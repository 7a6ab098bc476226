"""Whose dossier somebody may read: that of the families they may see, and of nobody else."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from shuangbai.dossier.models import OF_PERSON, STANDING, Part
from shuangbai.households.access import households_visible_to, people_visible_to
from shuangbai.households.models import Household
from shuangbai.network.roles import Permission

P = TypeVar("P", bound=Part)


def parts_visible_to(user: Any, kind: type[P], permission: Permission = Permission.SEE_FAMILIES) -> QuerySet[P]:
    """The parts of a kind, voided ones too, of visible families and of the people who are or were of them."""
    if kind.PART in OF_PERSON:
        return kind._default_manager.filter(person__in=people_visible_to(user, permission))
    return kind._default_manager.filter(household__in=households_visible_to(user, permission))


def standing_of(kind: type[P], household: Household, person_ids: list[UUID]) -> QuerySet[P]:
    """The standing parts of a kind of one family; of its people where the kind is theirs."""
    rows = kind._default_manager.filter(STANDING)
    if kind.PART in OF_PERSON:
        return rows.filter(person__in=person_ids).select_related("person")
    return rows.filter(household=household)


def opens_guarded(user: Any, household: Household) -> bool:
    """Whether somebody may, for a reason, open what is masked and attachments that show identity numbers."""
    return households_visible_to(user, Permission.OPEN_MASKED).filter(pk=household.pk).exists()
