"""What the sweep sends about totals without records, targets, and the catalogue of forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shuangbai.network.models import OrgUnit, User
from shuangbai.planning.actions import BalanceEntry, enter_balance, enter_demand, report_demand, set_targets
from shuangbai.planning.rules import Demand

WHY = "按新口径"
FIRST, LAST = date(2017, 7, 1), date(2018, 6, 30)
MONTHLY = Demand(name="新月报", asker="县民政局", often="monthly", minutes=90, starts_on=date(2020, 1, 1))

# name                                | by   | 城东: own 海 上 管理 out | 东洲
TABLE = """
balance-list                          | GET  | +++ ++ ++ ... ..ss
balance-new                           | GET  | ..+ .. .+ ... ..ss
balance-new                           | POST | ..> .. .> ... ..ss | ..! .. .> ... ..ss
balance(balance)                      | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
balance-correct(balance)              | GET  | ..+ .. .+ ... ..ss | ... .. .+ ... ..ss
balance-correct(balance)              | POST | ..> .. .> ... ..ss | ... .. .> ... ..ss
balance-void(balance)                 | GET  | ..+ .. .+ ... ..ss | ... .. .+ ... ..ss
balance-void(balance)                 | POST | ..> .. .> ... ..ss | ... .. .> ... ..ss
target-list                           | GET  | +++ ++ ++ ... ..ss
target-station(station,2020)          | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
target-set(station,2020)              | GET  | ... .. .+ ... ..ss | ... .. .+ ... ..ss
target-set(station,2020)              | POST | ... .. .> ... ..ss | ... .. .> ... ..ss
demand-list                           | GET  | +++ ++ ++ ... ..ss
demand-new                            | GET  | ... .. .+ ... ..ss
demand-new                            | POST | ... .. .> ... ..ss | ... .. .> ... ..ss
demand-report                         | GET  | +++ ++ .. ... ..ss
demand-report                         | POST | >>> >> .. ... ..ss
demand(demand)                        | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
demand-edit(demand)                   | GET  | ... .. .+ ... ..ss | ... .. .+ ... ..ss
demand-edit(demand)                   | POST | ... .. .> ... ..ss | ... .. .> ... ..ss
demand-end(demand)                    | GET  | ... .. .+ ... ..ss | ... .. .+ ... ..ss
demand-end(demand)                    | POST | ... .. .> ... ..ss | ... .. .> ... ..ss
demand-resume(demand)                 | GET  | ... .. .+ ... ..ss | ... .. .+ ... ..ss
demand-resume(demand)                 | POST | ... .. .! ... ..ss | ... .. .! ... ..ss
demand-decline(reported)              | GET  | ... .. .+ ... ..ss | ... .. .+ ... ..ss
demand-decline(reported)              | POST | ... .. .> ... ..ss | ... .. .> ... ..ss
demand-withdraw(reported)             | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
"""

# room.module.action                        | 城东: own 海 上 管理 shut | 东洲
ACTS = """
planning.actions.enter_balance              | ..+ .. .+ ... ... | ... .. .+ ... ...
planning.actions.correct_balance            | ..+ .. .+ ... ... | ... .. .+ ... ...
planning.actions.void_balance               | ..+ .. .+ ... ... | ... .. .+ ... ...
planning.actions.set_targets                | ... .. .+ ... ... | ... .. .+ ... ...
planning.actions.enter_demand               | ... .. .+ ... ... | ... .. .+ ... ...
planning.actions.change_demand              | ... .. .+ ... ... | ... .. .+ ... ...
planning.actions.end_demand                 | ... .. .+ ... ... | ... .. .+ ... ...
planning.actions.resume_demand              | ... .. .! ... ... | ... .. .! ... ...
planning.actions.report_demand              | +++ .. .. ... ... | ... .+ .. ... ...
planning.actions.decline_reported           | ... .. .+ ... ... | ... .. .+ ... ...
planning.actions.withdraw_reported          | +++ .. .. ... ... | ... .+ .. ... ...
"""


@dataclass
class Asked:
    """What is asked of a station: a total without records, a form of the catalogue, and one that it reported."""

    balance: Any
    demand: Any
    reported: Any


def asked_of(station: OrgUnit, *, officer: User, by: User) -> Asked:
    entry = BalanceEntry(station, "V1", FIRST, LAST, Decimal(900), f"{station.name}2017年度总结")
    said = Demand(f"{station.name}周报", "镇政府", "weekly", 30, date(2020, 1, 1))
    set_targets(by=officer, station=station, year=2020, version=0, numbers={"V1": 700})
    return Asked(
        enter_balance(by=officer, entry=entry),
        enter_demand(by=officer, said=said, units=[station]),
        report_demand(by=by, station=station, name=f"{station.name}日报", asker="镇政府"),
    )


def _balance(at: Any, code: str) -> dict[str, Any]:
    return {
        "unit": at.station.pk, "code": code, "first_on": "2017-07-01", "last_on": "2018-06-30", "number": "350",
        "title": "2017年度总结", "acknowledged": "on",
    }  # fmt: skip


def _demand(at: Any) -> dict[str, Any]:
    return {
        "name": "新月报", "asker": "县民政局", "often": "monthly", "minutes": "90", "starts_on": "2020-01-01",
        "units": [at.station.pk], "filled_by": "results",
    }  # fmt: skip


FORMS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "balance-new": lambda at: _balance(at, "V2"),
    "balance-correct": lambda at: _balance(at, "V1") | {"version": "1", "reason": WHY},
    "balance-void": lambda at: {"version": "1", "reason": WHY},
    "target-set": lambda at: {"version": "1", "V1": "800", "A1": "12"},
    "demand-new": _demand,
    "demand-report": lambda at: {"name": "旬报", "asker": "镇政府", "minutes": "20"},
    "demand-edit": lambda at: _demand(at) | {"version": "1"},
    "demand-end": lambda at: {"version": "1", "ends_on": "2020-06-06", "reason": WHY},
    "demand-resume": lambda at: {"version": "1", "reason": WHY},
    "demand-decline": lambda at: {"version": "1", "answer": "目录里已有"},
    "demand-withdraw": lambda at: {"version": "1"},
}


def _entry(at: Any, code: str) -> BalanceEntry:
    return BalanceEntry(at.station, code, FIRST, LAST, Decimal(350), "2017年度总结")


ARGUMENTS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "planning.actions.enter_balance": lambda at: {"entry": _entry(at, "V2")},
    "planning.actions.correct_balance": lambda at: {
        "balance": at.asked.balance, "version": 1, "entry": _entry(at, "V1"), "reason": WHY,
    },
    "planning.actions.void_balance": lambda at: {"balance": at.asked.balance, "version": 1, "reason": WHY},
    "planning.actions.set_targets": lambda at: {
        "station": at.station, "year": 2020, "version": 1, "numbers": {"V1": 800},
    },
    "planning.actions.enter_demand": lambda at: {"said": MONTHLY, "units": [at.station]},
    "planning.actions.change_demand": lambda at: {
        "form": at.asked.demand, "version": 1, "said": MONTHLY, "units": [at.station],
    },
    "planning.actions.end_demand": lambda at: {
        "form": at.asked.demand, "version": 1, "ends_on": date(2020, 6, 6), "reason": WHY,
    },
    "planning.actions.resume_demand": lambda at: {"form": at.asked.demand, "version": 1, "reason": WHY},
    "planning.actions.report_demand": lambda at: {"station": at.station, "name": "旬报", "asker": "镇政府"},
    "planning.actions.decline_reported": lambda at: {
        "reported": at.asked.reported, "version": 1, "answer": "目录里已有",
    },
    "planning.actions.withdraw_reported": lambda at: {"reported": at.asked.reported, "version": 1},
}  # fmt: skip
