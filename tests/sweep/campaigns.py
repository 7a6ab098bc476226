"""Campaigns and their live result: their lines of the tables, and what is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from shuangbai.campaigns.actions import CallEntry, call_campaign, join_campaign
from shuangbai.campaigns.models import Joining
from shuangbai.core.ids import random_id
from shuangbai.network.models import OrgUnit, User
from shuangbai.services.models import Campaign

if TYPE_CHECKING:
    from tests.sweep.world import Place

KEYS = {"called"}

# name                                | by   | 城东: own 海 上 管理 out | 东洲
TABLE = """
campaign-list                         | GET  | +++ ++ ++ ... ..ss
campaign-new                          | GET  | ... .. +. ... ..ss
campaign-new                          | POST | ... .. >. ... ..ss
campaign(called)                      | GET  | +++ ++ ++ ... ..ss | +++ ++ ++ ... ..ss
campaign-edit(called)                 | GET  | ... .. +. ... ..ss | ... .. +. ... ..ss
campaign-edit(called)                 | POST | ... .. >. ... ..ss | ... .. >. ... ..ss
campaign-join(called)                 | POST | >>> >> .. ... ..ss | >>> >> .. ... ..ss
campaign-leave(called)                | POST | >>> >> .. ... ..ss | >>> >> .. ... ..ss
"""

# room.module.action                        | 城东: own 海 上 管理 shut | 东洲
ACTS = """
campaigns.actions.call_campaign             | ... .. +. ... ... | ... .. +. ... ...
campaigns.actions.change_call               | ... .. +. ... ... | ... .. +. ... ...
campaigns.actions.join_campaign             | +++ ++ .. ... ... | +++ ++ .. ... ...
campaigns.actions.leave_campaign            | +++ .. .. ... ... | ... .+ .. ... ...
"""


def _entry(name: str) -> CallEntry:
    root = OrgUnit.objects.get(parent=None)
    return CallEntry(root, random_id(), name, date(2020, 6, 1), date(2020, 6, 30), aim="让孩子有地方去")


def made_at(station: OrgUnit, by: User, words: str, keys: dict[str, Any]) -> dict[str, Any]:
    """What this room makes at a place, by the names of KEYS; `keys` has what the place has so far."""
    called = call_campaign(by=User.objects.get(username="supervisor"), entry=_entry(f"{station.name}发起的六一"))
    join_campaign(by=by, campaign=called)
    return {"called": called.code}


def _typed(name: str, **more: Any) -> dict[str, Any]:
    said = {"name": name, "kind": "series", "first": "2020-06-01", "last": "2020-06-30", "client_id": str(random_id())}
    return said | more


def _called(at: Place) -> Campaign:
    return Campaign.objects.get(code=at.keys["called"])


FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "campaign-new": lambda at: _typed("暑假安全"),
    "campaign-edit": lambda at: _typed("六一和暑假", version="1"),
    "campaign-join": lambda at: {},
    "campaign-leave": lambda at: {},
}

ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "campaigns.actions.call_campaign": lambda at: {"entry": _entry("暑假安全")},
    "campaigns.actions.change_call": lambda at: {"campaign": _called(at), "version": 1, "entry": _entry("暑假")},
    "campaigns.actions.join_campaign": lambda at: {"campaign": _called(at)},
    "campaigns.actions.leave_campaign": lambda at: {
        "joining": Joining.objects.get(station=at.station, campaign=_called(at)),
    },
}  # fmt: skip
