"""What the sweep sends about what is taken away: lists as workbooks, a family's file on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shuangbai.desk.actions import ListTaken
from shuangbai.desk.enums import ListKind, ListReason

# name                                | by   | 城东: own 海 上 管理 out | 东洲
TABLE = """
family-sheet(household)               | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
family-sheet(household)               | POST | +++ .. +. ... ..ss | ... .+ +. ... ..ss
family-export                         | GET  | +++ ++ +. ... ..ss
family-export                         | POST | +++ ++ +. ... ..ss
family-export?q=曾秀                  | GET  | +++ ++ +. ... ..ss
record-export                         | GET  | +++ ++ ++ ... ..ss
record-export                         | POST | +++ ++ ++ ... ..ss
record-export?q=血压                  | GET  | +++ ++ ++ ... ..ss
"""

# room.module.action                        | 城东: own 海 上 管理 shut | 东洲
ACTS = """
desk.actions.note_list_taken                | +++ ++ +. ... ... | +++ ++ +. ... ...
desk.actions.note_list_taken#records        | +++ ++ ++ ... ... | +++ ++ ++ ... ...
desk.actions.note_list_taken#sheets         | +++ ++ .. ... ... | +++ ++ .. ... ...
desk.actions.note_list_taken#opened         | +++ .. .. ... ... | ... .+ .. ... ...
households.actions.note_list_unmasked       | +++ .. .. ... ... | ... .+ .. ... ...
"""

FORMS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "family-sheet": lambda at: {"form": "page", "reason": "review"},
    "family-export": lambda at: {"kind": "households", "reason": "check", "clear": "on"},
    "record-export": lambda at: {"kind": "visits", "reason": "check"},
}


def _taken(kind: ListKind, opened: dict[Any, list[str]] | None = None) -> dict[str, Any]:
    return {"taken": ListTaken(kind, 2, "", opened or {}), "reason": ListReason.CHECK}


ARGUMENTS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "desk.actions.note_list_taken": lambda at: _taken(ListKind.HOUSEHOLDS),
    "desk.actions.note_list_taken#records": lambda at: _taken(ListKind.VISITS),
    "desk.actions.note_list_taken#sheets": lambda at: _taken(ListKind.SHEETS),
    "desk.actions.note_list_taken#opened": lambda at: _taken(ListKind.ROSTER, {at.household.pk: ["phone"]}),
    "households.actions.note_list_unmasked": lambda at: {
        "opened": {at.household.pk: ["phone"]}, "what": "导出的名单", "reason": "核对、补正资料",
    },
}  # fmt: skip
