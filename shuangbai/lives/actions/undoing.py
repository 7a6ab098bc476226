"""A change that was a slip, taken back whole by the reverse of what it did."""

from functools import partial

from django.db import transaction
from django.db.models import ProtectedError

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import NotAllowed
from shuangbai.lives.access import changes_visible_to
from shuangbai.lives.actions.journal import changed_since, holders, take_back
from shuangbai.lives.actions.parts import refuse
from shuangbai.lives.models import LifeChange
from shuangbai.lives.rules import undo_findings
from shuangbai.network.models import User

UNDONE = audit.kind("household.life_change_undone", "{by} 撤销了家庭变化：{what}，理由：{reason}")


@action
def undo_change(*, by: User, change: LifeChange, reason: str) -> LifeChange:
    """Take a change back. Raises Refused where something has been built on it since, with what to do instead."""
    row = LifeChange.objects.select_for_update(of=("self",)).select_related("household", "other").get(pk=change.pk)
    if not changes_visible_to(by).filter(pk=row.pk).exists():
        raise NotAllowed
    judged = partial(undo_findings, entered_on=clock.day_of(row.entered_at), today=clock.today())
    undone = row.undone_at is not None
    refuse(judged(undone=undone, changed=[] if undone else changed_since(row.steps), held=[]))
    about = row.household
    row.undone_at, row.undone_by, row.other = clock.now(), by, row.other if _stays(row) else None
    row.save(update_fields=["undone_at", "undone_by", "other"])
    try:
        with transaction.atomic():
            take_back(row.steps, by).settle(row.happened_on)
    except ProtectedError as error:
        refuse(judged(undone=False, changed=[], held=holders(error)))
    audit.record(UNDONE, by=by, about=about, what=row.get_kind_display(), reason=reason.strip()[:100])
    return row


def _stays(change: LifeChange) -> bool:
    """Whether the other family was there before the change."""
    made = {step["key"] for step in change.steps if step["what"] == "made"}
    return str(change.other_id) not in made
