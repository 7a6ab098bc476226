"""Whose dossier somebody may read: that of the families they may see, and of nobody else."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from shuangbai.core import clock
from shuangbai.dossier.models import OF_PERSON, STANDING, Part
from shuangbai.households.access import households_visible_to
from shuangbai.households.models import Household
from shuangbai.network.roles import Permission

P = TypeVar("P", bound=Part)


def parts_of(kind: type[P], household: Household, person_ids: Sequence[UUID], since: date | None = None) -> QuerySet[P]:
    """The parts of a kind of one family, voided ones too; of its people where the kind is theirs.

    `since`: the day before which the reader's stations know nothing of the family (households.access.known_from).
    Parts that speak of an earlier day and were entered before it are another station's and not told.
    """
    whose = Q(person__in=list(person_ids)) if kind.PART in OF_PERSON else Q(household=household)
    rows = kind._default_manager.filter(whose)
    return (
        rows if since is None else rows.filter(Q(**{f"{kind.DAY}__gte": since}) | Q(entered_at__gte=clock.at(since, 0)))
    )


def standing_of(
    kind: type[P], household: Household, person_ids: Sequence[UUID], since: date | None = None
) -> QuerySet[P]:
    """The standing ones of `parts_of`."""
    rows = parts_of(kind, household, person_ids, since).filter(STANDING)
    return rows.select_related("person") if kind.PART in OF_PERSON else rows


def opens_guarded(user: Any, household: Household) -> bool:
    """Whether somebody may, for a reason, open what is masked and attachments that show identity numbers."""
    return households_visible_to(user, Permission.OPEN_MASKED).filter(pk=household.pk).exists()
