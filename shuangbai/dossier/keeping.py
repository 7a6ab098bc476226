"""What this room forgets of somebody: their parts go altogether, with histories and papers; nothing counts them."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from shuangbai.core.papers import drop_paper
from shuangbai.dossier.models import KINDS, Attachment, Carer, Consent
from shuangbai.households.forgetting import ANONYMOUS, Forgetting


class Parts:
    """The dossier's forgetter (households.forgetting). The file is not a figure: what is personal is deleted."""

    def forget(self, what: Forgetting) -> int:
        count = self._named_elsewhere(what)
        for kind in KINDS.values():
            columns = {field.name for field in kind._meta.concrete_fields}
            theirs = Q(person=what.person_id) if "person" in columns else Q(pk__in=[])
            if "household" in columns:
                theirs |= Q(household__in=what.alone)
            if kind is Attachment:
                self._papers(theirs)
            keys = list(kind._base_manager.filter(theirs).values_list("pk", flat=True))
            kind._base_manager.filter(pk__in=keys).delete()  # which writes a last line of history
            past: Any = kind.history.model  # type: ignore[attr-defined]
            past._base_manager.filter(Q(id__in=keys) | theirs).delete()
            count += len(keys)
        return count

    def _named_elsewhere(self, what: Forgetting) -> int:
        """Where they cared for, or agreed on behalf of, somebody else: that stays, as somebody without a name."""
        count = 0
        for kind in (Carer, Carer.history.model):
            rows = kind._base_manager.filter(carer=what.person_id)
            count += rows.update(carer=None, name=ANONYMOUS, phone="", note="")
        for kind in (Consent, Consent.history.model):
            rows = kind._base_manager.filter(given_by=what.person_id)
            count += rows.update(given_by=None, giver=ANONYMOUS, note="")
        return count

    def _papers(self, theirs: Q) -> None:
        stored = Attachment.objects.filter(theirs).exclude(stored="").values_list("stored", flat=True)
        for name in list(stored):
            transaction.on_commit(lambda name=name: drop_paper(name))  # type: ignore[misc]
