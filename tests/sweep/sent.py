"""What the POSTs of follow-up and rounds send, valid for the place that gets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.sweep.world import Place, fresh_id


def _evening(at: Place) -> dict[str, Any]:
    row = f"row-{at.household.pk.hex}"
    return {
        "occurred_on": "2020-06-05", "mode": "home", "purpose": "ordinary", "workers": [str(at.by.staff_id)],
        "rows": [str(at.household.pk)], f"{row}-client_id": fresh_id(), f"{row}-result": "met",
        f"{row}-met": [str(at.person.pk)], "acknowledged": "on",
    }  # fmt: skip


def _plan(at: Place) -> dict[str, Any]:
    key = f"stop-{at.household.pk.hex}"
    return {
        "monday": "2020-06-08", "most": "8", "version": "0", "stops": [str(at.household.pk)],
        f"{key}-day": "2020-06-09", f"{key}-order": "1", f"{key}-was": "1",
    }  # fmt: skip


FOLLOWUPS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "due-give-back": lambda at: {"file": [str(at.file.pk)]},
    "file-pause": lambda at: {"reason": "away", "starts_on": "2020-06-01", "planned_on": "2020-09-01"},
    "file-resume": lambda at: {"resumed_on": "2020-06-05"},
    "file-grade": lambda at: {"grade": "yellow", "starts_on": "2020-06-01", "reason": "独居"},
    "task-new": lambda at: {"subject": "问候", "due_on": "2020-06-10", "by_visit": "on"},
    "task-answer": lambda at: {"version": "1", "answer": "已办"},
    "task-drop": lambda at: {"version": "1", "answer": "不用办"},
    "task-hand": lambda at: {"version": "1", "to": str(at.by.staff_id)},
}

ROUNDS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "evening": _evening,
    "week-plan": _plan,
    "call-new": lambda at: {"household": [str(at.household.pk)], "name": "重阳问候", "unseen_days": ""},
    "call-list": lambda at: _evening(at) | {"mode": "phone"},
    "safety": lambda at: {"reason": "有家人酒后打人", "starts_on": "2020-06-01"},
    "safety-end": lambda at: {"end_reason": "当事人已去外地", "ends_on": "2020-06-06", "version": "1"},
}
