"""Short ways to measure and draw in a case that runs since March."""

from __future__ import annotations

from datetime import date
from typing import Any

from shuangbai.cases.actions.drawing import TieEntry
from shuangbai.cases.models import Case
from shuangbai.cases.ties import Flow, Strength, System
from shuangbai.core.ids import random_id
from shuangbai.network.models import User
from shuangbai.scales.actions import ResultEntry
from shuangbai.scales.enums import Filler
from tests.cases.short import a_case, said
from tests.cast import TODAY

MARCH = date(2020, 3, 1)


def an_old_case(station: Any, by: User, family: Any, supervisor: User) -> Case:
    entry = said(family.people[1], opened_on=MARCH, accepted_on=MARCH, consent_on=MARCH)
    return a_case(station, by, family, entry=entry, supervisor_id=supervisor.pk)


def a_result(child: Any, **more: Any) -> ResultEntry:
    """PHQ-9 with eight points, none of them for thoughts of self-harm."""
    entry: dict[str, Any] = {
        "client_id": random_id(), "person_key": child.pk, "scale": "phq9", "version": 1, "taken_on": TODAY,
        "filled_by": Filler.CLIENT, "answers": {str(n): 1 for n in range(1, 9)} | {"9": 0}, **more,
    }  # fmt: skip
    return ResultEntry(**entry)


def a_tie(**more: Any) -> TieEntry:
    entry: dict[str, Any] = {
        "system": System.SCHOOL, "strength": Strength.WEAK, "flow": Flow.FROM, "on": MARCH, "name": "赤山小学", **more,
    }  # fmt: skip
    return TieEntry(**entry)
