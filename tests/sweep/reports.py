"""What the sweep asks of reports, and what it sends: figures, lists, numbers, tables of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.sweep.world import Place

# name                                | by   | 城东: own 海 上 管理 out | 东洲
TABLE = """
rates                                 | GET  | +++ ++ ++ ... ..ss
results                               | GET  | +++ ++ ++ ... ..ss
results?scope={station}               | GET  | +++ !! ++ ... ..ss | !!! !+ ++ ... ..ss
results-pdf                           | POST | >>> !! >> ... ..ss | !!! !> >> ... ..ss
results-file(report)                  | GET  | +.. .. .. ... ..ss | ... .+ .. ... ..ss
results-file(report)                  | HTMX | +.. .. .. ... ..ss | ... .+ .. ... ..ss
results-download(report)              | GET  | >.. .. .. ... ..ss | ... .> .. ... ..ss
definitions                           | GET  | +++ ++ ++ ... ..ss
number                                | GET  | +++ ++ ++ ... ..ss
number?figure=F7                      | GET  | +++ ++ ++ ... ..ss
number?figure=V2                      | HTMX | +++ ++ ++ ... ..ss
number?figure=V2&scope={station}      | GET  | +++ !! ++ ... ..ss | !!! !+ ++ ... ..ss
figure-suggest?q=zf                   | GET  | +++ ++ ++ ... ..ss
compare                               | GET  | +++ ++ ++ ... ..ss
compare?scope={station}               | GET  | +++ !! ++ ... ..ss | !!! !+ ++ ... ..ss
tables                                | GET  | +++ ++ ++ ... ..ss
tables?figures=V1&rows=category&columns=mode&span=since | GET | +++ ++ ++ ... ..ss
tables?figures=V1&rows=grade          | GET  | !!! !! !! ... ..ss
table(saved)                          | GET  | +.. .. .. ... ..ss | ... .+ .. ... ..ss
table(shared)                         | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
table-save                            | POST | >>> !! >> ... ..ss | !!! !> >> ... ..ss
table-export                          | POST | +++ !! ++ ... ..ss | !!! !+ ++ ... ..ss
table-change(saved)                   | GET  | +.. .. .. ... ..ss | ... .+ .. ... ..ss
table-change(saved)                   | POST | >.. .. .. ... ..ss | ... .> .. ... ..ss
table-change(shared)                  | GET  | +.. .. .. ... ..ss | ... .+ .. ... ..ss
table-delete(saved)                   | GET  | +.. .. .. ... ..ss | ... .+ .. ... ..ss
table-delete(saved)                   | POST | >.. .. .. ... ..ss | ... .> .. ... ..ss
evidence(V2)                          | GET  | +++ ++ ++ ... ..ss
evidence(V2)?scope={station}          | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
evidence(nothing)                     | GET  | ... .. .. ... ..ss
"""


def _table(at: Place) -> dict[str, Any]:
    return {"figures": ["V1", "V2"], "rows": "station", "span": "this_year", "scope": at.station.code}


FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "results-pdf": lambda at: {"first": "2020-01-01", "last": "2020-06-01", "scope": at.station.code},
    "table-save": lambda at: _table(at) | {"name": "各站走访"},
    "table-export": _table,
    "table-change": lambda at: {"name": "改个名", "version": "1"},
    "table-delete": lambda at: {"version": "1"},
}  # fmt: skip

# room.module.action                        | 城东: own 海 上 管理 shut | 东洲
ACTS = """
reports.actions.ask_for_pdf                 | +++ .. ++ ... ... | ... .+ ++ ... ...
reports.actions.save_table                  | +++ .. ++ ... ... | ... .+ ++ ... ...
reports.actions.change_table                | +.. .. .. ... ... | ... .+ .. ... ...
reports.actions.delete_table                | +.. .. .. ... ... | ... .+ .. ... ...
reports.actions.note_table_exported         | +++ .. ++ ... ... | ... .+ ++ ... ...
reports.actions.note_taken                  | +.. .. .. ... ... | ... .+ .. ... ...
"""

ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "reports.actions.ask_for_pdf": lambda at: {"ask": at.ask, "origin": "http://testserver/"},
    "reports.actions.save_table": lambda at: {
        "name": "各站走访", "scope": at.station, "question": {"figures": ["V2"], "rows": "station"},
    },
    "reports.actions.change_table": lambda at: {"table": at.saved, "version": 1, "name": "改个名", "shared": True},
    "reports.actions.delete_table": lambda at: {"table": at.saved, "version": 1},
    "reports.actions.note_table_exported": lambda at: {"ask": at.ask, "codes": ["V2"]},
    "reports.actions.note_taken": lambda at: {"file": at.report},
}  # fmt: skip

WITHOUT_ACTOR = {
    "reports.actions.note_printed": "the console, by whoever holds the server",
    "reports.actions.note_made": "the job that made the file",
    "reports.actions.note_failed": "the job that did not",
}
