"""Short ways to enter small things, beside those of the cast."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from shuangbai.counter.actions.recording import record_consultation, record_handout
from shuangbai.counter.actions.stock import add_item, record_move
from shuangbai.counter.actions.venues import open_venue
from shuangbai.counter.entries import ConsultationEntry, HandoutEntry, ItemEntry, MoveEntry, VenueEntry
from shuangbai.counter.enums import MoveWay, StockKind, Topic
from shuangbai.counter.models import Consultation, Handout, StockItem, StockMove, Venue
from shuangbai.network.models import OrgUnit, User

DAY = date(2020, 5, 6)


def asked(station: OrgUnit, by: User, **more: Any) -> ConsultationEntry:
    """Somebody came on 6 May 2020 and asked about 低保."""
    said = {"occurred_on": DAY, "topic": Topic.AID, "worker_ids": [by.staff_id], **more}
    return ConsultationEntry(station=station, **said)


def a_consultation(station: OrgUnit, by: User, **more: Any) -> Consultation:
    return record_consultation(by=by, entry=asked(station, by, **more))


def handed(station: OrgUnit, by: User, **more: Any) -> HandoutEntry:
    said = {"occurred_on": DAY, "title": "防溺水宣传单", "copies": 50, "worker_ids": [by.staff_id], **more}
    return HandoutEntry(station=station, **said)


def a_handout(station: OrgUnit, by: User, **more: Any) -> Handout:
    return record_handout(by=by, entry=handed(station, by, **more))


def an_item(station: OrgUnit, by: User, name: str = "口罩", **more: Any) -> StockItem:
    said = {"kind": StockKind.GOODS, "unit": "个", **more}
    return add_item(by=by, entry=ItemEntry(station=station, name=name, **said))


def moved(item: StockItem, by: User, way: MoveWay, quantity: Any, on: date = DAY, **more: Any) -> StockMove:
    return record_move(by=by, item=item, entry=MoveEntry(on, way, Decimal(str(quantity)), **more))


def a_venue(station: OrgUnit, by: User, name: str = "村口儿童乐园", **more: Any) -> Venue:
    said = {"opened_on": date(2020, 1, 5), "items": ["秋千", "滑梯"], **more}
    return open_venue(by=by, entry=VenueEntry(station=station, name=name, **said))
