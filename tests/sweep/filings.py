"""Reports that are handed up: their lines of the tables, and what is sent. The places' reports are made in world.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from shuangbai.filings.enums import FilingState, PaperForm
from shuangbai.filings.models import Filing
from tests.sweep.world import Place

TABLE = """
filing-list                           | GET  | +++ ++ ++ ... ..ss
filing-new                            | GET  | ..+ .. ++ ... ..ss
filing-new                            | POST | ..> .. !! ... ..ss | ..! .. !! ... ..ss
filing(filing)                        | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
filing(frozen)                        | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
filing-state(filing)                  | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
filing-state(filing)                  | HTMX | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
filing-proof(filing)                  | GET  | ... .. .. ... ..ss | ... .. .. ... ..ss
filing-proof(frozen)                  | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
filing-step(filing)                   | POST | ..> .. .. ... ..ss | ... .. .. ... ..ss
filing-step(filing)#return            | POST | ... .. !! ... ..ss | ... .. !! ... ..ss
filing-paper(frozen)                  | POST | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
filing-paper(filing)                  | POST | ... .. .. ... ..ss | ... .. .. ... ..ss
filing-by-code(filing_code)           | GET  | >>> .. >> ... ..ss | ... .> >> ... ..ss
"""

ACTS = """
filings.actions.draft_filing                | ..+ .. .. ... ... | ... .. .. ... ...
filings.actions.confirm_filing              | ..+ .. .. ... ... | ... .. .. ... ...
filings.actions.review_filing               | ... .. +. ... ... | ... .. +. ... ...
filings.actions.return_filing               | ... .. ++ ... ... | ... .. ++ ... ...
filings.actions.withdraw_filing             | ..+ .. .. ... ... | ... .. .. ... ...
filings.actions.accept_filing               | ... .. .+ ... ... | ... .. .+ ... ...
filings.actions.note_paper_taken            | +++ .. ++ ... ... | ... .+ ++ ... ...
"""

FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "filing-new": lambda at: {"unit": at.station.code, "first": "2020-04-01", "last": "2020-04-30"},
    "filing-paper": lambda at: {"form": "docx"},
    "filing-step": lambda at: {"does": "confirm", "version": "1"},
    "filing-step#return": lambda at: {"does": "return", "version": "1", "comment": "请核对"},
}


def _filed(at: Place, state: FilingState) -> dict[str, Any]:
    """The place's report, where the step begins."""
    Filing.objects.filter(pk=at.filing.pk).update(state=state)
    return {"filing": at.filing, "version": at.filing.version}


ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "filings.actions.draft_filing": lambda at: {
        "owner": at.station,
        "first": date(2020, 4, 1),
        "last": date(2020, 4, 30),
    },
    "filings.actions.confirm_filing": lambda at: _filed(at, FilingState.DRAFT),
    "filings.actions.review_filing": lambda at: _filed(at, FilingState.CONFIRMED),
    "filings.actions.return_filing": lambda at: _filed(at, FilingState.REVIEWED) | {"comment": "请核对"},
    "filings.actions.withdraw_filing": lambda at: _filed(at, FilingState.DRAFT),
    "filings.actions.accept_filing": lambda at: _filed(at, FilingState.REVIEWED),
    "filings.actions.note_paper_taken": lambda at: {"filing": at.frozen, "form": PaperForm.WORD},
}
