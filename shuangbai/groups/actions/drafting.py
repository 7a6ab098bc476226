"""Drafts of a group's longer forms: kept for whoever typed them, until what is typed is saved."""

from datetime import datetime
from uuid import UUID

from shuangbai.core import clock
from shuangbai.core.actions import action, drop_untouched
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.ids import random_id
from shuangbai.groups.access import may_write
from shuangbai.groups.enums import DraftPage
from shuangbai.groups.models import Group, GroupDraft
from shuangbai.network.models import User
from shuangbai.services.models import ServiceRecord

DRAFT_MOST = 60_000  # a roll of three hundred, and what was written
DRAFT_DAYS = 30


@action
def save_draft(
    *, by: User, group: Group, page: DraftPage, typed: str, client_id: UUID | None = None
) -> datetime | None:
    """Keep what was typed in place of what was kept before; when, or None where it was saved already.

    On a slow line a draft may arrive after what became of it. No trail: it is kept every few seconds, and what becomes
    of it has one. Raises NotAllowed, Refused.
    """
    if not may_write(by, group):
        raise NotAllowed
    if len(typed) > DRAFT_MOST:
        raise Refused.because("process", "太长了，草稿存不下，请删短一些再存")
    if page == DraftPage.SESSION and client_id and _saved(by, group, client_id):
        return None
    now = clock.now()
    GroupDraft.objects.bulk_create(
        [GroupDraft(id=random_id(), station_id=group.station_id, entered_by=by, group=group, page=page, typed=typed,
                    updated_at=now)],
        update_conflicts=True, unique_fields=["station", "entered_by", "group", "page"],
        update_fields=["typed", "updated_at"],
    )  # fmt: skip
    return now


def _saved(by: User, group: Group, client_id: UUID) -> bool:
    rows = ServiceRecord.objects.filter(station=group.station_id, client_id=client_id, entered_by=by)
    return rows.exists()


@action
def drop_draft(*, by: User, group: Group, page: DraftPage) -> None:
    """Throw away one's own draft. Doing it twice is no mistake. Raises NotAllowed."""
    if not may_write(by, group):
        raise NotAllowed
    GroupDraft.objects.filter(group=group, entered_by=by, page=page).delete()


def drop_old_drafts() -> int:
    """Throw away what nobody went on with in `DRAFT_DAYS`; how many."""
    return drop_untouched(GroupDraft, days=DRAFT_DAYS)
