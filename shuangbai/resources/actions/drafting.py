"""Drafts of the forms of help for a family: kept for whoever typed them, until what is typed is saved."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shuangbai.core import clock
from shuangbai.core.actions import action, drop_untouched
from shuangbai.core.findings import Refused
from shuangbai.core.ids import random_id
from shuangbai.households.models import Household
from shuangbai.network.models import User
from shuangbai.resources.actions.linking import station_for
from shuangbai.resources.models import FamilyDraft
from shuangbai.resources.queries import DRAFTED, drafts_of

DRAFT_MOST = 20_000
DRAFT_DAYS = 30


@action
def save_draft(
    *, by: User, household: Household, page: str, typed: str, client_id: UUID | None = None
) -> datetime | None:
    """Keep what was typed in place of what was kept before; when, or None where it was saved already.

    On a slow line a draft may arrive after what became of it. No trail: it is kept every few seconds, and what becomes
    of it has one. Raises NotAllowed, Refused.
    """
    station = station_for(by, household)
    if len(typed) > DRAFT_MOST:
        raise Refused.because("note", "太长了，草稿存不下，请删短一些再存")
    saved: Any = DRAFTED[page].model
    if client_id and saved.objects.filter(station=station, client_id=client_id, entered_by=by).exists():
        return None
    now = clock.now()
    FamilyDraft.objects.bulk_create(
        [FamilyDraft(id=random_id(), station_id=station, entered_by=by, household=household, page=page, typed=typed,
                     updated_at=now)],
        update_conflicts=True, unique_fields=["station", "entered_by", "household", "page"],
        update_fields=["typed", "updated_at"],
    )  # fmt: skip
    return now


@action
def drop_draft(*, by: User, household: Household, page: str) -> None:
    """Throw away one's own draft. Doing it twice is no mistake. Raises NotAllowed."""
    station_for(by, household)
    drafts_of(by, household.pk, page).delete()


def drop_old_drafts() -> int:
    """Throw away what nobody went on with in `DRAFT_DAYS`; how many."""
    return drop_untouched(FamilyDraft, days=DRAFT_DAYS)
