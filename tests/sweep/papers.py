"""Scales, templates of forms, days off, what is measured, drawn and printed in a case: their lines of the tables."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from shuangbai.cases import word  # noqa: F401  declares the forms of a case
from shuangbai.cases.actions.drawing import TieEntry, draw_tie
from shuangbai.cases.actions.scoring import record_scale
from shuangbai.cases.blanks import PaperKind, PaperPurpose
from shuangbai.cases.models import Case, CaseClient
from shuangbai.cases.ties import CaseTie, Flow, Strength, System
from shuangbai.codes.enums import PAPERS
from shuangbai.core.ids import random_id
from shuangbai.network.models import User
from shuangbai.scales.actions import ResultEntry, add_scale
from shuangbai.scales.enums import Filler
from shuangbai.scales.models import ScaleResult
from tests.cast import TODAY

if TYPE_CHECKING:
    from tests.sweep.world import Place

WHY = "按新口径"
FORM = "case-closing"
KEYS = {"scale_result", "tie"}

TABLE = """
scale-list                             | GET  | +++ ++ ++ +++ ++ss
scale(phq9)                            | GET  | +++ ++ ++ +++ ++ss
scale-new                              | GET  | ... .. .+ ... ..ss
scale-new                              | POST | ... .. .> ... ..ss
scale-change(own1)                     | GET  | ... .. .+ ... ..ss
scale-change(own1)                     | POST | ... .. .> ... ..ss
scale-end(phq9)                        | GET  | ... .. .+ ... ..ss
scale-end(phq9)                        | POST | ... .. .> ... ..ss
paper-list                             | GET  | ... .. .+ ... ..ss
paper(case-closing)                    | GET  | ... .. .+ ... ..ss
paper-template(case-closing)           | GET  | ... .. .+ ... ..ss
paper-sample(case-closing)             | GET  | ... .. .+ ... ..ss
workdays                               | GET  | ... .. .+ ... ..ss
workdays                               | POST | ... .. .> ... ..ss
paper-put(case-closing)                | GET  | ... .. .+ ... ..ss
paper-put(case-closing)                | POST | ... .. .> ... ..ss
paper-drop(case-closing)               | GET  | ... .. .+ ... ..ss
paper-drop(case-closing)               | POST | ... .. .! ... ..ss
case-scales(case)                      | GET  | +.+ .. +. ... ..ss | ... .+ +. ... ..ss
case-scale(case,phq9)                  | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-scale(case,phq9)                  | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-scale-void(case,scale_result)     | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-scale-void(case,scale_result)     | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-ecomap(case)                      | GET  | +.+ .. +. ... ..ss | ... .+ +. ... ..ss
case-ecomap(case)?on=2020-06-01        | GET  | +.+ .. +. ... ..ss | ... .+ +. ... ..ss
case-tie-new(case)                     | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-tie-new(case)                     | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-tie(case,tie)                     | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-tie(case,tie)                     | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-tie-end(case,tie)                 | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
case-tie-end(case,tie)                 | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
case-papers(case)                      | GET  | +.+ .. +. ... ..ss | ... .+ +. ... ..ss
case-papers(case)                      | POST | +.+ .. +. ... ..ss | ... .+ +. ... ..ss
"""

ACTS = """
scales.actions.add_scale                 | ... .. .+ ... ... | ... .. .+ ... ...
scales.actions.change_scale              | ... .. .+ ... ... | ... .. .+ ... ...
scales.actions.end_scale                 | ... .. .+ ... ... | ... .. .+ ... ...
codes.actions.set_workdays               | ... .. .+ ... ... | ... .. .+ ... ...
codes.actions.put_template               | ... .. .+ ... ... | ... .. .+ ... ...
codes.actions.drop_template              | ... .. .! ... ... | ... .. .! ... ...
cases.actions.scoring.record_scale       | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.scoring.void_scale         | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.drawing.draw_tie           | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.drawing.change_tie         | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.drawing.end_tie            | +.+ .. .. ... ... | ... .+ .. ... ...
cases.actions.papers.note_papers_taken   | +.+ .. +. ... ... | ... .+ +. ... ...
"""

DEFINED = {
    "name": "照顾压力", "about": "", "source": "本市", "licence": "自编", "fills": ["client"], "worse": "high",
    "choices": [["从不", 0], ["常常", 1]], "items": [{"text": "睡不好"}], "bands": [], "missing_most": 0,
}  # fmt: skip


def decide(officer: User) -> None:
    """A scale of the city's own, `own1`; from then on the list's version is 1."""
    add_scale(by=officer, data=DEFINED, starts_on=TODAY, version=0, reason=WHY)


def measure(case: Case, by: User) -> dict[str, str]:
    """A result and a tie of a case, by the keys of the tables."""
    result, _ = record_scale(by=by, case=case, entry=an_answer(case))
    tie = draw_tie(by=by, case=case, entry=a_tie())
    return {"scale_result": str(result.pk), "tie": str(tie.pk)}


def an_answer(case: Case) -> ResultEntry:
    person = CaseClient.objects.filter(case=case).values_list("person_key", flat=True).first()
    assert person
    answers = {str(item): 1 for item in range(1, 8)}
    return ResultEntry(random_id(), person, "gad7", 1, TODAY, Filler.CLIENT, answers)


def a_tie() -> TieEntry:
    return TieEntry(System.SCHOOL, Strength.WEAK, Flow.FROM, TODAY, "中心小学")


def template() -> bytes:
    document, kept = Document(), io.BytesIO()
    document.add_paragraph("{{ title }}")
    document.save(kept)
    return kept.getvalue()


def case_at(at: Place) -> Case:
    return Case.objects.get(pk=at.keys["case"])


def _tie_at(at: Place) -> CaseTie:
    return CaseTie.objects.get(pk=at.keys["tie"])


def _person_at(at: Place) -> str:
    return str(an_answer(case_at(at)).person_key)


SCALE = {
    "name": "另一份", "about": "", "source": "本市", "licence": "自编", "fills": ["client"], "worse": "high",
    "kind": "items", "choices": "从不=0\n常常=1", "items": "睡不好", "missing_most": "", "least": "", "most": "",
    "bands": "", "starts_on": f"{TODAY + timedelta(days=1)}", "version": "1", "reason": WHY,
}  # fmt: skip
TIE = {
    "system": "school", "name": "中心小学", "strength": "strong", "flow": "both", "note": "", "on": f"{TODAY}",
}  # fmt: skip

FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "scale-new": lambda at: SCALE,
    "scale-change": lambda at: SCALE,
    "scale-end": lambda at: {"ends_on": f"{TODAY}", "version": "1", "reason": WHY},
    "workdays": lambda at: {"days": "2020-10-01 休", "source": WHY, "version": "0", "reason": WHY},
    "paper-put": lambda at: {
        "file": SimpleUploadedFile("本市结案表.docx", template()), "version": "0", "reason": WHY,
    },
    "paper-drop": lambda at: {"version": "0", "reason": WHY},
    "case-scale": lambda at: {
        "person": _person_at(at), "taken_on": f"{TODAY}", "filled_by": "client", "note": "",
        "client_id": str(random_id()), **{f"item_{item}": "0" for item in range(1, 10)},
    },
    "case-scale-void": lambda at: {"reason": "填错了人"},
    "case-tie-new": lambda at: {**TIE, "client_id": str(random_id())},
    "case-tie": lambda at: {**TIE, "client_id": str(random_id())},
    "case-tie-end": lambda at: {"on": f"{TODAY}"},
    "case-papers": lambda at: {"papers": ["intake", "session"], "form": "page", "purpose": "box", "taken": "a-1"},
}  # fmt: skip

ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "scales.actions.add_scale": lambda at: {
        "data": {**DEFINED, "name": "另一份"}, "starts_on": TODAY, "version": 1, "reason": WHY,
    },
    "scales.actions.change_scale": lambda at: {
        "code": "own1", "data": DEFINED, "starts_on": TODAY + timedelta(days=1), "version": 1, "reason": WHY,
    },
    "scales.actions.end_scale": lambda at: {"code": "phq9", "ends_on": TODAY, "version": 1, "reason": WHY},
    "codes.actions.set_workdays": lambda at: {
        "year": 2020, "version": 0, "days": {date(2020, 10, 1): False}, "source": WHY, "reason": WHY,
    },
    "codes.actions.put_template": lambda at: {
        "spec": PAPERS[FORM], "sent": template(), "name": "本市结案表.docx", "version": 0, "reason": WHY,
    },
    "codes.actions.drop_template": lambda at: {"spec": PAPERS[FORM], "version": 0, "reason": WHY},
    "cases.actions.scoring.record_scale": lambda at: {"case": case_at(at), "entry": an_answer(case_at(at))},
    "cases.actions.scoring.void_scale": lambda at: {
        "case": case_at(at), "result": ScaleResult.objects.get(pk=at.keys["scale_result"]), "reason": "填错了人",
    },
    "cases.actions.drawing.draw_tie": lambda at: {"case": case_at(at), "entry": a_tie()},
    "cases.actions.drawing.change_tie": lambda at: {"case": case_at(at), "tie": _tie_at(at), "entry": a_tie()},
    "cases.actions.drawing.end_tie": lambda at: {"case": case_at(at), "tie": _tie_at(at), "on": TODAY},
    "cases.actions.papers.note_papers_taken": lambda at: {
        "case": case_at(at), "names": ["个案结案表"], "kind": PaperKind.PDF, "purpose": PaperPurpose.BOX,
    },
}  # fmt: skip
