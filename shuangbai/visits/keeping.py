"""What this room forgets of somebody beyond its declared fields: their name in drafts of pages of many visits."""

from shuangbai.households.forgetting import Forgetting
from shuangbai.visits.models import GridDraft


class Drafts:
    """A forgetter (households.forgetting). Which families a page is about stands in what was typed, encrypted."""

    def forget(self, what: Forgetting) -> int:
        homes, count = {str(home) for home in what.households}, 0
        for draft in GridDraft.objects.all():
            now = what.without_names(draft.typed)
            if now != draft.typed and any(home in draft.typed for home in homes):
                count += GridDraft.objects.filter(pk=draft.pk).update(typed=now)
        return count
