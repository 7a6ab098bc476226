"""What this room forgets of somebody: their name in the words beside pictures of records that concern them."""

from shuangbai.households.forgetting import Forgetting, with_history, without_names
from shuangbai.pictures.models import Picture


class Captions:
    """The forgetter (households.forgetting). Who is on a picture is known to nobody here; its words may say it."""

    def forget(self, what: Forgetting) -> int:
        count = 0
        for table in with_history(Picture):
            for row in table._base_manager.filter(subject_key__in=list(what.record_ids)):
                count += without_names(table, row, ("caption", "consent_note", "void_reason"), what)
        return count
