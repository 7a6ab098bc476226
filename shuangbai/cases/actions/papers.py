"""Papers of a case taken away: kept in the trail, like every look."""

from collections.abc import Sequence

from shuangbai.cases.actions.trail import check_sees
from shuangbai.cases.blanks import PaperKind, PaperPurpose
from shuangbai.cases.models import Case
from shuangbai.core import audit
from shuangbai.core.actions import action
from shuangbai.network.models import User

PRINTED = audit.kind(
    "case.printed", "{by} 取出了一件个案的文书（{form}）：{what}，用于{purpose}", placeless=True, label="取出个案的文书"
)


@action
def note_papers_taken(*, by: User, case: Case, names: Sequence[str], kind: PaperKind, purpose: PaperPurpose) -> None:
    """Keep in the trail which papers of a case were taken, as what and why. Raises NotAllowed."""
    check_sees(by, case)
    audit.record(PRINTED, by=by, about=case, form=str(kind.label), what="、".join(names), purpose=str(purpose.label))
