"""Alarms: their lines of the tables, and what is sent. The places' alarms are raised in world.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shuangbai.core import clock
from shuangbai.core.ids import random_id
from shuangbai.households.models import Person
from shuangbai.network.models import OrgUnit, User
from shuangbai.safeguarding.actions import AlarmEntry, StepEntry, raise_alarm
from shuangbai.safeguarding.enums import CloseReason, Protected, Situation, StepKind
from shuangbai.safeguarding.models import Alarm
from tests.cast import TODAY

if TYPE_CHECKING:
    from tests.sweep.world import Place

WHY = "按新口径"
SAID = {"here": "肩背新旧伤痕交错", "there": "独自锁在船舱过夜"}  # in an alarm's words, and nowhere else
FEW = {"worker": {"here"}, "head": {"here"}, "supervisor": {"here", "there"}, "stranger": {"there"}}

TABLE = """
alarm-list                            | GET  | +++ ++ +. ... ..ss
alarm-new                             | GET  | +++ ++ .. ... ..ss
alarm-new                             | POST | >>> >> .. ... ..ss
alarm-new?person={person}             | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
alarm-new?family={household}          | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
alarm(alarm)                          | GET  | +.+ .. +. ... ..ss | ... .+ +. ... ..ss
alarm-step(alarm)                     | POST | >.> .. >. ... ..ss | ... .> >. ... ..ss
alarm-close(alarm)                    | POST | ..> .. >. ... ..ss | ... .. >. ... ..ss
alarm-reader(alarm)                   | POST | ..> .. .. ... ..ss | ... .. .. ... ..ss
alarm-figure                          | GET  | ... .. ++ ... ..ss
alarm-rule                            | GET  | ... .. .+ ... ..ss
alarm-rule                            | POST | ... .. .> ... ..ss
"""

ACTS = """
safeguarding.actions.raise_alarm            | +++ .. .. ... ... | ... .+ .. ... ...
safeguarding.actions.note_looked            | +.+ .. +. ... ... | ... .+ +. ... ...
safeguarding.actions.record_step            | +.+ .. +. ... ... | ... .+ +. ... ...
safeguarding.actions.close_alarm            | ..+ .. +. ... ... | ... .. +. ... ...
safeguarding.actions.name_reader            | ..+ .. .. ... ... | ... .. .. ... ...
safeguarding.actions.unname_reader          | ..+ .. .. ... ... | ... .. .. ... ...
safeguarding.actions.set_alarm_rule         | ... .. .+ ... ... | ... .. .+ ... ...
"""


def an_alarm(place: str, station: OrgUnit, by: User, person: Person) -> Alarm:
    """Discovered three hours ago, and no report to the police yet."""
    entry = entry_at(station, person_id=person.pk, facts=SAID[place])
    return raise_alarm(by=by, entry=entry, acknowledged=True)


def entry_at(station: OrgUnit, **more: Any) -> AlarmEntry:
    said = {
        "client_id": random_id(), "protected": Protected.MINOR, "situation": Situation.BEATEN, "facts": "有旧伤",
        "discovered_at": clock.now() - timedelta(hours=3), "who": "约十岁",
    }  # fmt: skip
    return AlarmEntry(station=station, **{**said, **more})


def _colleague() -> User:
    return User.objects.get(username="colleague")


FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "alarm-new": lambda at: {
        "person": "", "who": "约十岁男孩", "protected": "minor", "situation": "beaten", "facts": "有旧伤",
        "discovered_at": "2020-06-05T20:00", "client_id": str(random_id()),
    },
    "alarm-step": lambda at: {
        "kind": "police", "happened_at": clock.now().strftime("%Y-%m-%dT%H:%M"), "whom": "派出所", "receipt": "A1",
        "version": "1",
    },
    "alarm-close": lambda at: {"reason": "mistaken", "note": "核实是打球摔伤", "version": "1"},
    "alarm-reader": lambda at: {"user": str(_colleague().pk)},
    "alarm-rule": lambda at: {"hours": "2", "least": "6", "starts_on": "2020-06-06", "version": "0", "reason": WHY},
}  # fmt: skip

ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "safeguarding.actions.raise_alarm": lambda at: {"entry": entry_at(at.station)},
    "safeguarding.actions.note_looked": lambda at: {"alarm": at.alarm},
    "safeguarding.actions.record_step": lambda at: {
        "alarm": at.alarm, "version": 1, "entry": StepEntry(StepKind.TOLD, clock.now(), "站长"),
    },
    "safeguarding.actions.close_alarm": lambda at: {
        "alarm": at.alarm, "version": 1, "reason": CloseReason.MISTAKEN, "note": "核实是打球摔伤",
    },
    "safeguarding.actions.name_reader": lambda at: {"alarm": at.alarm, "user": _colleague()},
    "safeguarding.actions.unname_reader": lambda at: {"alarm": at.alarm, "user": _colleague()},
    "safeguarding.actions.set_alarm_rule": lambda at: {
        "hours": 2, "least": 6, "starts_on": TODAY, "version": 0, "reason": WHY,
    },
}  # fmt: skip
