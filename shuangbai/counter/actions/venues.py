"""Writes of venues: the place and its equipment, checks, counts of a day, activities that were held there."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, NotAllowed, Refused, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.counter.access import venues_written_by
from shuangbai.counter.entries import VenueEntry
from shuangbai.counter.enums import Condition, VenueState
from shuangbai.counter.models import Venue, VenueCheck, VenueCount, VenueItem, VenueUse
from shuangbai.counter.rules import check_findings, venue_findings
from shuangbai.network.access import check_reaches
from shuangbai.network.models import User
from shuangbai.network.roles import Permission
from shuangbai.services.access import may_write
from shuangbai.services.enums import CountMethod, RecordKind
from shuangbai.services.models import ServiceRecord

OPENED = audit.kind("venue.opened", "{by} 登记了场地「{name}」")
CHANGED = audit.kind("venue.changed", "{by} 改了场地「{name}」")
CHECKED = audit.kind("venue.checked", "{by} 检查了场地「{name}」：{result}")
COUNTED = audit.kind("venue.counted", "{by} 记了场地「{name}」{day} {heads} 人次")
USED = audit.kind("venue.used", "{by} 记下一次活动在场地「{name}」办")
UNUSED = audit.kind("venue.unused", "{by} 取消了一次活动与场地「{name}」的关联")

PLAIN = ("name", "opened_on", "village_id", "address", "hours", "caretaker", "phone", "check_months", "state")


@action
def open_venue(*, by: User, entry: VenueEntry) -> Venue:
    """Enter a place; sent twice it is the first. Raises NotAllowed, Refused."""
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk})
    before = Venue.objects.filter(station=entry.station, client_id=entry.client_id).first()
    if before:
        return before
    venue = Venue(station=entry.station, client_id=entry.client_id, entered_by=by)
    venue.entered_at = entry.entered_at or clock.now()
    _tell(venue, entry)
    insert([venue], by=by)
    _equip(by, venue, entry)
    audit.record(OPENED, by=by, about=venue, name=venue.name)
    return venue


@action
def change_venue(*, by: User, venue: Venue, version: int, entry: VenueEntry) -> Venue:
    """Change what is said of a place, and its equipment. Raises NotAllowed, Refused, Conflict."""
    current = _locked(by, venue)
    if current.version != version:
        raise Conflict(current)
    _tell(current, entry)
    current.version += 1
    sign(current, by=by)
    current.save()
    _equip(by, current, entry)
    audit.record(CHANGED, by=by, about=current, name=current.name)
    return current


def _locked(by: User, venue: Venue) -> Venue:
    if not venues_written_by(by).filter(pk=venue.pk).exists():
        raise NotAllowed
    return Venue.objects.select_for_update(of=("self",)).get(pk=venue.pk)


def _tell(venue: Venue, entry: VenueEntry) -> None:
    called = Venue.objects.filter(station=venue.station_id, name=entry.name.strip()).exclude(pk=venue.pk)
    closed = entry.state == VenueState.CLOSED
    refuse_if_any(
        venue_findings(
            name=entry.name, taken=called.exists(), opened_on=entry.opened_on, today=clock.today(), closed=closed,
            closed_on=entry.closed_on, months=entry.check_months, items=entry.items,
        ),
        acknowledged=False,
    )  # fmt: skip
    for name in PLAIN:
        value = getattr(entry, name)
        setattr(venue, name, value.strip() if isinstance(value, str) else value)
    venue.closed_on = entry.closed_on if closed else None


def _equip(by: User, venue: Venue, entry: VenueEntry) -> None:
    """The equipment as it is listed now: what is new comes, what is gone is marked as removed."""
    wanted = list(dict.fromkeys(filter(None, (name.strip() for name in entry.items))))
    there = {row.name: row for row in VenueItem.objects.filter(venue=venue)}
    fresh = [VenueItem(station_id=venue.station_id, venue=venue, name=name) for name in wanted if name not in there]
    insert(fresh, by=by)
    for name, row in there.items():
        gone = None if name in wanted else row.removed_on or clock.today()
        if row.removed_on != gone:
            row.removed_on = gone
            sign(row, by=by)
            row.save()


@action
def check_venue(
    *, by: User, venue: Venue, on: date, safe: bool, note: str, found: Mapping[UUID, str], client_id: UUID | None = None
) -> VenueCheck:
    """Somebody looked the place over; `found` by the keys of its equipment. Raises NotAllowed, Refused."""
    current, key = _locked(by, venue), client_id or random_id()
    before = VenueCheck.objects.filter(station=current.station_id, client_id=key).first()
    if before:
        return before
    items = list(VenueItem.objects.filter(venue=current, removed_on=None).order_by("name"))
    now = {item.pk: Condition(found.get(item.pk, item.condition)) for item in items}
    faulty = any(condition != Condition.GOOD for condition in now.values())
    refuse_if_any(
        check_findings(
            on=on, today=clock.today(), opened_on=current.opened_on, safe=safe, faulty=faulty, note=note
        ),
        acknowledged=False,
    )  # fmt: skip
    check = VenueCheck(
        station_id=current.station_id, client_id=key, venue=current, checked_on=on, safe=safe, note=note.strip(),
        found=[[item.name, str(now[item.pk])] for item in items], entered_by=by, entered_at=clock.now(),
    )  # fmt: skip
    insert([check], by=by)
    for item in items:
        if item.checked_on is None or item.checked_on <= on:
            item.condition, item.checked_on = now[item.pk], on
            sign(item, by=by)
            item.save()
    result = "可以放心用" if safe else "有不安全的地方"
    audit.record(CHECKED, by=by, about=check, name=current.name, result=result)
    return check


@action
def count_use(*, by: User, venue: Venue, on: date, heads: int, method: CountMethod) -> VenueCount:
    """How many used the place on a day; said again it is put right, with history. Raises NotAllowed, Refused."""
    current = _locked(by, venue)
    if not current.opened_on <= on <= (current.closed_on or clock.today()) or on > clock.today():
        raise Refused.because("counted_on", "日期请在启用和今天之间")
    if not 1 <= heads <= 99_999:
        raise Refused.because("heads", "请填人次，要大于 0")
    row = VenueCount.objects.filter(venue=current, counted_on=on).first()
    if row is None:
        row = VenueCount(station_id=current.station_id, venue=current, counted_on=on, heads=heads, method=method)
        row.entered_by, row.entered_at = by, clock.now()
        insert([row], by=by)
    elif (row.heads, row.method) != (heads, method):
        row.heads, row.method = heads, method
        sign(row, by=by)
        row.save()
    else:
        return row
    audit.record(COUNTED, by=by, about=row, name=current.name, day=on.isoformat(), heads=heads)
    return row


@action
def hold_at(*, by: User, venue: Venue, records: Any) -> list[VenueUse]:
    """Say that activities were held at a venue; said again nothing changes. Raises NotAllowed, Refused."""
    current = _locked(by, venue)
    wanted = list(ServiceRecord.objects.filter(pk__in=[record.pk for record in records]))
    used = dict(VenueUse.objects.filter(record__in=wanted).values_list("record_id", "venue_id"))
    for record in wanted:
        if record.station_id != current.station_id or not may_write(by, record):
            raise NotAllowed
        if record.kind != RecordKind.ACTIVITY or record.voided_at:
            raise Refused.because("records", "只能选没有作废的活动")
        if used.get(record.pk, current.pk) != current.pk:
            raise Refused.because("records", f"{record.occurred_on} 的活动已记在另一处场地，请先在那里取消")
    rows = [
        VenueUse(station_id=current.station_id, venue=current, record=record, entered_by=by, entered_at=clock.now())
        for record in wanted
        if record.pk not in used
    ]
    insert(rows, by=by)
    audit.record_all([audit.entry(USED, by=by, about=row, name=current.name) for row in rows])
    return rows


@action
def unhold(*, by: User, venue: Venue, record: ServiceRecord) -> None:
    """Take back that an activity was held at a venue; what is not said is no fault. Raises NotAllowed."""
    current = _locked(by, venue)
    for row in VenueUse.objects.filter(venue=current, record=record):
        audit.record(UNUSED, by=by, about=row, name=current.name)
        row.delete()
