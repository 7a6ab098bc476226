"""Small things that are counted too; venues: their lines of the tables, and what is sent."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shuangbai.core.findings import Door
from shuangbai.core.ids import random_id
from shuangbai.core.papers import Paper
from shuangbai.counter.actions.venues import hold_at
from shuangbai.counter.entries import ItemEntry, MoveEntry, VenueEntry
from shuangbai.counter.enums import MoveWay
from shuangbai.counter.models import Consultation, Handout, StockItem, StockMove, Venue, VenueItem
from shuangbai.services.enums import CountMethod
from shuangbai.services.models import ServiceRecord
from tests.cast import TODAY, an_activity
from tests.smallthings import a_consultation, a_handout, a_venue, an_item, asked, handed, moved

if TYPE_CHECKING:
    from collections.abc import Callable

    from shuangbai.network.models import OrgUnit, User
    from tests.sweep.world import Place

KEYS = {"consultation", "handout", "goods", "moved", "receipt", "venue", "held"}

# name                                | by   | 城东: own 海 上 管理 out | 东洲
TABLE = """
small-things                          | GET  | +++ ++ ++ ... ..ss
consultation-new                      | GET  | +++ ++ .. ... ..ss
consultation-new                      | POST | >>> !! .. ... ..ss
consultation-new?family={household}   | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
consultation(consultation)            | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
consultation-correct(consultation)    | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
consultation-correct(consultation)    | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
handout-new                           | GET  | +++ ++ .. ... ..ss
handout-new                           | POST | >>> !! .. ... ..ss
handout(handout)                      | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
handout-correct(handout)              | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
handout-correct(handout)              | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
goods                                 | GET  | +++ ++ ++ ... ..ss
goods-new                             | GET  | +++ ++ .. ... ..ss
goods-new                             | POST | >>> >> .. ... ..ss
goods-sheet                           | GET  | +++ ++ ++ ... ..ss
goods-export                          | GET  | +++ ++ ++ ... ..ss
goods-export                          | POST | +++ ++ ++ ... ..ss
goods-item(goods)                     | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
goods-edit(goods)                     | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
goods-edit(goods)                     | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
goods-in(goods)                       | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
goods-in(goods)                       | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
goods-out(goods)                      | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
goods-out(goods)                      | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
goods-count(goods)                    | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
goods-count(goods)                    | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
goods-reverse(moved)                  | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
goods-reverse(moved)                  | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
goods-receipt(receipt)                | POST | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
venue-list                            | GET  | +++ ++ ++ ... ..ss
venue-new                             | GET  | +++ ++ .. ... ..ss
venue-new                             | POST | >>> >> .. ... ..ss
venue(venue)                          | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
venue-edit(venue)                     | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
venue-edit(venue)                     | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
venue-check(venue)                    | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
venue-check(venue)                    | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
venue-count(venue)                    | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
venue-count(venue)                    | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
venue-use(venue)                      | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
venue-use(venue)                      | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
venue-unuse(venue,held)               | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
"""

# room.module.action                            | 城东: own 海 上 管理 shut | 东洲
ACTS = """
counter.actions.recording.record_consultations  | +++ .. .. ... ... | ... .+ .. ... ...
counter.actions.recording.correct_consultation  | +++ .. .. ... ... | ... .+ .. ... ...
counter.actions.recording.record_handouts       | +++ .. .. ... ... | ... .+ .. ... ...
counter.actions.recording.correct_handout       | +++ .. .. ... ... | ... .+ .. ... ...
counter.actions.stock.add_item                  | +++ .. .. ... ... | ... .+ .. ... ...
counter.actions.stock.change_item               | +++ .. .. ... ... | ... .+ .. ... ...
counter.actions.stock.record_move               | +++ .. .. ... ... | ... .+ .. ... ...
counter.actions.stock.count_stock               | +++ .. .. ... ... | ... .+ .. ... ...
counter.actions.stock.reverse_move              | +++ .. .. ... ... | ... .+ .. ... ...
counter.actions.stock.note_receipt_looked       | +++ .. ++ ... ... | ... .+ ++ ... ...
counter.actions.venues.open_venue               | +++ .. .. ... ... | ... .+ .. ... ...
counter.actions.venues.change_venue             | +++ .. .. ... ... | ... .+ .. ... ...
counter.actions.venues.check_venue              | +++ .. .. ... ... | ... .+ .. ... ...
counter.actions.venues.count_use                | +++ .. .. ... ... | ... .+ .. ... ...
counter.actions.venues.hold_at                  | +++ .. .. ... ... | ... .+ .. ... ...
counter.actions.venues.unhold                   | +++ .. .. ... ... | ... .+ .. ... ...
"""


def made_at(station: OrgUnit, by: User, words: str, keys: dict[str, Any]) -> dict[str, Any]:
    """What this room makes at a place, by the names of KEYS; `keys` has what the place has so far."""
    consultation = a_consultation(station, by, summary=words, household_id=keys["household"])
    item, park = an_item(station, by), a_venue(station, by, caretaker=words, phone="19900007777")
    receipt = moved(item, by, MoveWay.BOUGHT, 30, paper=Paper(b"\x89PNG", "png"))
    move = moved(item, by, MoveWay.OFFICE, 2, whom=words)
    held = an_activity(station, by, title="乐园开园")
    hold_at(by=by, venue=park, records=[held.record])
    return {
        "consultation": consultation.pk, "handout": a_handout(station, by).pk, "goods": item.pk, "moved": move.pk,
        "receipt": receipt.pk, "venue": park.pk, "held": held.pk,
    }  # fmt: skip


def _small(at: Place, **more: Any) -> dict[str, Any]:
    said = {"occurred_on": "2020-05-25", "workers": [str(at.by.staff_id)], "client_id": str(random_id())}
    return said | more


def _place(**more: Any) -> dict[str, Any]:
    said = {"name": "村口儿童乐园", "opened_on": "2020-01-05", "items": "秋千", "check_months": "3", "state": "open"}
    return said | more


def _looked(at: Place) -> dict[str, str]:
    pieces = VenueItem.objects.filter(venue=at.keys["venue"]).values_list("pk", flat=True)
    return {"checked_on": "2020-06-01", "safe": "yes", **{f"item-{key.hex}": "good" for key in pieces}}


def _asked(at: Place, **more: Any) -> dict[str, Any]:
    return _small(at, topic="aid", way="came", outcome="answered", group="others", **more)


FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "consultation-new": _asked,
    "consultation-correct": lambda at: _asked(at, version="1", reason="选错了", household=str(at.household.pk)),
    "handout-new": lambda at: _small(at, title="防溺水宣传单", copies="20"),
    "handout-correct": lambda at: _small(at, title="防溺水宣传单", copies="20", version="1", reason="数错了"),
    "goods-new": lambda at: {"kind": "goods", "name": "大米", "unit": "袋"},
    "goods-export": lambda at: {"kind": "goods", "reason": "check"},
    "goods-edit": lambda at: {"name": "成人口罩", "unit": "个", "version": "1"},
    "goods-in": lambda at: {"moved_on": "2020-06-01", "way": "bought", "quantity": "5"},
    "goods-out": lambda at: {"moved_on": "2020-06-01", "way": "office", "quantity": "5"},
    "goods-count": lambda at: {"on": "2020-06-01", "counted": "28"},
    "goods-reverse": lambda at: {"reason": "写错了"},
    "goods-receipt": lambda at: {},
    "venue-new": lambda at: _place(name="活动室"),
    "venue-edit": lambda at: _place(version="1"),
    "venue-check": _looked,
    "venue-count": lambda at: {"counted_on": "2020-06-01", "heads": "12", "method": "counted"},
    "venue-use": lambda at: {"records": [str(at.activity.pk)]},
    "venue-unuse": lambda at: {},
}  # fmt: skip

ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "counter.actions.recording.record_consultations": lambda at: {
        "entries": [asked(at.station, at.by)], "door": Door.SHEET,
    },
    "counter.actions.recording.correct_consultation": lambda at: {
        "consultation": Consultation.objects.get(pk=at.keys["consultation"]), "version": 1,
        "entry": asked(at.station, at.by), "reason": "选错了",
    },
    "counter.actions.recording.record_handouts": lambda at: {
        "entries": [handed(at.station, at.by)], "door": Door.SHEET,
    },
    "counter.actions.recording.correct_handout": lambda at: {
        "handout": Handout.objects.get(pk=at.keys["handout"]), "version": 1, "entry": handed(at.station, at.by),
        "reason": "数错了",
    },
    "counter.actions.stock.add_item": lambda at: {"entry": ItemEntry(at.station, "goods", "大米", "袋")},
    "counter.actions.stock.change_item": lambda at: {
        "item": _item(at), "version": 1, "name": "成人口罩", "unit": "个", "note": "",
    },
    "counter.actions.stock.record_move": lambda at: {
        "item": _item(at), "entry": MoveEntry(TODAY, MoveWay.OFFICE, Decimal(1)),
    },
    "counter.actions.stock.count_stock": lambda at: {"item": _item(at), "on": TODAY, "counted": Decimal(28)},
    "counter.actions.stock.reverse_move": lambda at: {"move": _move(at, "moved"), "reason": "写错了"},
    "counter.actions.stock.note_receipt_looked": lambda at: {"move": _move(at, "receipt")},
    "counter.actions.venues.open_venue": lambda at: {"entry": VenueEntry(at.station, "活动室", TODAY)},
    "counter.actions.venues.change_venue": lambda at: {
        "venue": _venue(at), "version": 1, "entry": VenueEntry(at.station, "活动室", TODAY),
    },
    "counter.actions.venues.check_venue": lambda at: {
        "venue": _venue(at), "on": TODAY, "safe": True, "note": "", "found": {},
    },
    "counter.actions.venues.count_use": lambda at: {
        "venue": _venue(at), "on": TODAY, "heads": 5, "method": CountMethod.COUNTED,
    },
    "counter.actions.venues.hold_at": lambda at: {"venue": _venue(at), "records": [at.activity.record]},
    "counter.actions.venues.unhold": lambda at: {
        "venue": _venue(at), "record": ServiceRecord.objects.get(pk=at.keys["held"]),
    },
}  # fmt: skip


def _item(at: Place) -> StockItem:
    return StockItem.objects.get(pk=at.keys["goods"])


def _move(at: Place, name: str) -> StockMove:
    return StockMove.objects.get(pk=at.keys[name])


def _venue(at: Place) -> Venue:
    return Venue.objects.get(pk=at.keys["venue"])
