"""The paper sets of the demonstration's four cases as PDF, to be looked at: `shuangbai demo --papers DIR`."""

from pathlib import Path

from shuangbai.cases import pdf
from shuangbai.cases.actions.papers import note_papers_taken
from shuangbai.cases.blanks import BLANKS, PaperKind, PaperPurpose
from shuangbai.cases.models import Case
from shuangbai.cases.sheet import Mark, Told, applying, sheets_of
from shuangbai.core import clock
from shuangbai.core.findings import Refused
from shuangbai.demo.casebook import FOUR, NAMED
from shuangbai.network.models import User


def print_all(folder: Path) -> list[Path]:
    """Each set by its own worker, in the trail as from the page. Raises Refused where no PDF can be made."""
    if not pdf.available():
        raise Refused.because("", str(pdf.MISSING))
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for told in FOUR:
        case = Case.objects.get(charge__code=told.station, opened_on=told.opened, kind=told.kind)
        path = folder / f"{NAMED[told.client]}.pdf"
        path.write_bytes(_printed(case))
        made.append(path)
    return made


def _printed(case: Case) -> bytes:
    by = User.objects.get(staff=case.worker_id)
    at, purpose, told = clock.local(clock.now()), PaperPurpose.BOX, Told(case, by)
    mark = Mark(f"{by.display_name}（{by.username}）", f"{at:%Y-%m-%d %H:%M}", str(purpose.label))
    blanks = [one for one in BLANKS if one.code in applying(told)]
    made = pdf.render(sheets_of(told, blanks, mark), mark, "")
    note_papers_taken(by=by, case=case, names=[one.name for one in blanks], kind=PaperKind.PDF, purpose=purpose)
    return made
