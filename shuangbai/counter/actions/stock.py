"""Writes of the account of goods and funds: items, what moves, stocktaking, reversals. Moves are never altered."""

from decimal import Decimal
from typing import Any

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, NotAllowed, Refused, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.core.papers import drop_paper, keep_paper
from shuangbai.counter.access import items_visible_to, items_written_by
from shuangbai.counter.entries import ItemEntry, MoveEntry
from shuangbai.counter.enums import OUTS, MoveWay, StockKind
from shuangbai.counter.models import StockItem, StockMove
from shuangbai.counter.queries import last_count, standing_moves
from shuangbai.counter.rules import count_findings, move_findings, reverse_findings
from shuangbai.households.access import family_to_write_about
from shuangbai.network.access import check_reaches
from shuangbai.network.models import User
from shuangbai.network.roles import Permission

ADDED = audit.kind("stock.item_added", "{by} 在物资经费台账里登记了「{name}」")
CHANGED = audit.kind("stock.item_changed", "{by} 改了物资经费台账里的「{name}」")
MOVED = audit.kind("stock.moved", "{by} 记了「{name}」{way} {quantity} {unit}")
COUNTED = audit.kind("stock.counted", "{by} 盘点了「{name}」，实有 {quantity} {unit}")
REVERSED = audit.kind("stock.reversed", "{by} 冲销了「{name}」{way} {quantity} {unit}")
LOOKED = audit.kind("stock.receipt_looked", "{by} 打开了「{name}」的一张票据")


@action
def add_item(*, by: User, entry: ItemEntry) -> StockItem:
    """Begin the account of something; sent twice it is the first. Raises NotAllowed, Refused."""
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk})
    before = StockItem.objects.filter(station=entry.station, client_id=entry.client_id).first()
    if before:
        return before
    item = StockItem(station=entry.station, client_id=entry.client_id, kind=entry.kind, entered_by=by)
    item.entered_at = clock.now()
    _name(item, entry.name, entry.unit, entry.note)
    insert([item], by=by)
    audit.record(ADDED, by=by, about=item, name=item.name)
    return item


@action
def change_item(*, by: User, item: StockItem, version: int, name: str, unit: str, note: str) -> StockItem:
    """Call an item otherwise. Raises NotAllowed, Refused, Conflict."""
    current = _locked(by, item)
    if current.version != version:
        raise Conflict(current)
    _name(current, name, unit, note)
    current.version += 1
    sign(current, by=by)
    current.save()
    audit.record(CHANGED, by=by, about=current, name=current.name)
    return current


def _name(item: StockItem, name: str, unit: str, note: str) -> None:
    item.name, item.note = name.strip(), note.strip()
    item.unit = "元" if item.kind == StockKind.MONEY else unit.strip()
    if not item.name:
        raise Refused.because("name", "请填名称，如“口罩”“站里备用金”")
    if not item.unit:
        raise Refused.because("unit", "请填单位，如“个”“箱”")
    if StockItem.objects.filter(station=item.station_id, name=item.name).exclude(pk=item.pk).exists():
        raise Refused.because("name", f"台账里已有「{item.name}」，请直接在那一样下面记进出")


def _locked(by: User, item: StockItem) -> StockItem:
    """The item, locked, so that two moves at once are judged one after the other. Raises NotAllowed."""
    if not items_written_by(by).filter(pk=item.pk).exists():
        raise NotAllowed
    return StockItem.objects.select_for_update(of=("self",)).select_related("station").get(pk=item.pk)


@action
def record_move(*, by: User, item: StockItem, entry: MoveEntry) -> StockMove:
    """Something came in or went out; sent twice it is the first. Raises NotAllowed, Refused."""
    current = _locked(by, item)
    before = StockMove.objects.filter(station=current.station_id, client_id=entry.client_id).first()
    if before:
        return before
    if entry.household and family_to_write_about(by, entry.household.pk) is None:
        raise NotAllowed
    quantity = -entry.quantity if entry.way in OUTS else entry.quantity
    moves = standing_moves(current.pk)
    refuse_if_any(
        move_findings(
            name=current.name, unit=current.unit, on=entry.moved_on, today=clock.today(),
            opened_on=current.station.starts_on, quantity=quantity, counted_on=last_count(moves),
            moves=[(one.moved_on, one.quantity) for one in moves],
        ),
        acknowledged=False,
    )  # fmt: skip
    move = _move(by, current, entry, quantity)
    audit.record(MOVED, by=by, about=move, **_said(current, move))
    return move


def _move(by: User, item: StockItem, entry: MoveEntry, quantity: Decimal) -> StockMove:
    """The row, with its receipt kept; without the row no receipt."""
    stored = keep_paper(entry.paper) if entry.paper else ""
    try:
        move = StockMove(
            station_id=item.station_id, item=item, client_id=entry.client_id, moved_on=entry.moved_on, way=entry.way,
            quantity=quantity, value=None if item.kind == StockKind.MONEY else entry.value, whom=entry.whom.strip(),
            household=entry.household if entry.way == MoveWay.FAMILY else None, receipt_no=entry.receipt_no.strip(),
            stored=stored, entered_by=by, entered_at=entry.entered_at or clock.now(),
        )  # fmt: skip
        insert([move], by=by)
    except BaseException:
        drop_paper(stored)
        raise
    return move


def _said(item: StockItem, move: StockMove) -> dict[str, Any]:
    many = f"{abs(move.quantity).normalize():f}"
    return {"name": item.name, "unit": item.unit, "way": MoveWay(move.way).label, "quantity": many}


@action
def count_stock(
    *, by: User, item: StockItem, on: Any, counted: Decimal, reason: str = "", client_id: Any = None
) -> StockMove:
    """How much was found; a difference needs a reason and is booked. Raises NotAllowed, Refused."""
    current = _locked(by, item)
    key = client_id or random_id()
    before = StockMove.objects.filter(station=current.station_id, client_id=key).first()
    if before:
        return before
    moves = standing_moves(current.pk)
    difference = counted - sum((one.quantity for one in moves), Decimal(0))
    latest = max((one.moved_on for one in moves), default=None)
    refuse_if_any(
        count_findings(
            name=current.name, on=on, today=clock.today(), opened_on=current.station.starts_on, latest=latest,
            difference=difference, reason=reason,
        ),
        acknowledged=False,
    )  # fmt: skip
    move = StockMove(
        station_id=current.station_id, item=current, client_id=key, moved_on=on, way=MoveWay.COUNT,
        quantity=difference, counted=counted, reason=reason.strip() if difference else "", entered_by=by,
        entered_at=clock.now(),
    )  # fmt: skip
    insert([move], by=by)
    audit.record(COUNTED, by=by, about=move, name=current.name, unit=current.unit, quantity=f"{counted.normalize():f}")
    return move


@action
def reverse_move(*, by: User, move: StockMove, reason: str) -> StockMove:
    """Take a move back by its opposite on the same day; both stay. Raises NotAllowed, Refused."""
    item = _locked(by, move.item)
    if move.reverses_id or StockMove.objects.filter(reverses=move).exists():
        raise Refused.because("reason", "这一笔已经冲销，不能再冲销一次")
    others = [one for one in standing_moves(item.pk) if one.pk != move.pk]
    later = [one for one in others if one.moved_on > move.moved_on or one.entered_at > move.entered_at]
    refuse_if_any(
        reverse_findings(
            name=item.name, unit=item.unit, on=move.moved_on, counted_on=last_count(later), reason=reason,
            left=[(one.moved_on, one.quantity) for one in others],
        ),
        acknowledged=False,
    )  # fmt: skip
    back = StockMove(
        station_id=item.station_id, item=item, client_id=random_id(), moved_on=move.moved_on, way=MoveWay.REVERSAL,
        quantity=-move.quantity, household_id=move.household_id, reason=reason.strip(), reverses=move, entered_by=by,
        entered_at=clock.now(),
    )  # fmt: skip
    insert([back], by=by)
    audit.record(REVERSED, by=by, about=back, **_said(item, move))
    return back


@action
def note_receipt_looked(*, by: User, move: StockMove) -> None:
    """Keep in the trail that somebody opened a receipt. Raises NotAllowed."""
    if not move.stored or not items_visible_to(by).filter(pk=move.item_id).exists():
        raise NotAllowed
    audit.record(LOOKED, by=by, about=move, name=move.item.name)
