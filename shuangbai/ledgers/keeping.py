"""What this room forgets of somebody: the ledgers that told of them, with the files; what came of other rows stays."""

from django.db import transaction
from django.db.models import Q

from shuangbai.core.papers import drop_papers
from shuangbai.households.forgetting import Forgetting
from shuangbai.ledgers.keepsakes import keep_rows, rows_of
from shuangbai.ledgers.models import Import, ImportedRow, Made


class Ledgers:
    """A forgetter (households.forgetting). The other rows of a ledger are kept anew, without those about them."""

    def forget(self, what: Forgetting) -> int:
        theirs = Q(person=what.person_id) | Q(household__in=what.alone) | Q(record__in=what.record_ids)
        about = {(row.source_id, row.sheet, row.row) for row in ImportedRow.objects.filter(theirs)}
        sources = Import.objects.filter(pk__in={source for source, *_ in about})
        for source in sources:
            self._forget_in(source, {(sheet, row) for pk, sheet, row in about if pk == source.pk}, what)
        ImportedRow.objects.filter(theirs).update(digest="")
        Made.objects.filter(thing__in={what.person_id, *what.alone}).update(was="")
        return len(about)

    def _forget_in(self, source: Import, rows: set[tuple[str, int]], what: Forgetting) -> None:
        names = [name for name in (source.stored, source.told) if name]
        try:
            left = [row for row in rows_of(source) if (row.sheet, row.row) not in rows]
        except FileNotFoundError:
            left = []
        told = keep_rows(
            [row for row in left if not any(name in text for _, _, text in row.cells for name in what.names)]
        )
        counts = {key: told for key, told in source.counts.items() if key not in ("left", "kept")}
        changed = {"counts": counts, "stored": "", "told": told, "decided": "", "name": what.without_names(source.name)}
        Import.objects.filter(pk=source.pk).update(**changed)
        transaction.on_commit(lambda: drop_papers(names))
