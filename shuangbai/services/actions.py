"""Writes of the spine: used by the actions of each kind of record, never by a page directly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from shuangbai.core import audit, clock, textindex
from shuangbai.core.actions import action
from shuangbai.core.bulk import copy_to_history, insert, insert_details, make, sign, update_rows
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.ids import new_id
from shuangbai.households.queries import Belongings
from shuangbai.households.standing import Served, forget_standing, note_standing
from shuangbai.network.access import check_reaches
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.roles import Permission
from shuangbai.services.access import may_void, may_write
from shuangbai.services.enums import ContactKind, CountMethod, HeadGroup, RecordKind
from shuangbai.services.models import Campaign, Contact, RecordWorker, ServiceRecord
from shuangbai.services.queries import sent_rows

WORKER = ("id", "station_id", "record_id", "staff_id", "position")
CONTACT = ("id", "station_id", "record_id", "kind", "person_id", "household_id", "heads", "group", "method")
Row = tuple[Any, ...]

RECORDED = audit.kind("record.recorded", "{by} 录入了{what}记录")
CORRECTED = audit.kind("record.corrected", "{by} 更正了{what}记录，理由：{reason}")
VOIDED = audit.kind("record.voided", "{by} 作废了{what}记录，理由：{reason}")
CAMPAIGN_OPENED = audit.kind("campaign.opened", "{by} 设立了专项「{name}」")


@dataclass(slots=True)
class Heads:
    """An anonymous head count of one group."""

    group: HeadGroup
    heads: int
    method: CountMethod


@dataclass(slots=True)
class RecordEntry:
    """What every record has, whatever its kind. `counted_key` None counts the record by itself."""

    station: OrgUnit
    occurred_on: date
    client_id: UUID
    worker_ids: Sequence[UUID]
    reached: bool
    village_id: int | None = None
    place: str = ""
    campaign: Campaign | None = None
    household_id: UUID | None = None
    person_ids: Sequence[UUID] = ()
    heads: Sequence[Heads] = ()
    text: str = ""
    counted_key: UUID | None = None
    entered_at: datetime | None = None
    record_id: UUID = field(default_factory=new_id)


def sent_before(entries: Iterable[RecordEntry | Any]) -> dict[tuple[UUID, UUID], ServiceRecord]:
    """Records already saved under the (station, client id) of these entries."""
    wanted = [(entry.station.pk, entry.client_id) for entry in entries]
    rows = sent_rows({station for station, _ in wanted}, [client for _, client in wanted])
    return {(row.station_id, row.client_id): row for row in rows}


def not_sent_before(entries: Iterable[Any], known: dict[tuple[UUID, UUID], ServiceRecord]) -> list[Any]:
    """The entries to save: not among `known`, and once where one batch holds an entry twice."""
    fresh: dict[tuple[UUID, UUID], Any] = {}
    for entry in entries:
        key = (entry.station.pk, entry.client_id)
        if key not in known:
            fresh.setdefault(key, entry)
    return list(fresh.values())


def write_records(
    *, by: User, kind: RecordKind, entries: Sequence[RecordEntry], belongings: Belongings
) -> list[ServiceRecord]:
    """Write records with their workers, contacts, standing, text and trail. Inside the caller's action.

    The caller has judged the entries and taken out those sent before. Raises NotAllowed unless `by`
    writes records at every station.
    """
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk for entry in entries})
    now = clock.now()
    records = [
        make(
            ServiceRecord, id=e.record_id, station=e.station, kind=kind, occurred_on=e.occurred_on,
            village_id=e.village_id, place=e.place, campaign=e.campaign, household_id=e.household_id, reached=e.reached,
            counted_key=e.counted_key or e.record_id, client_id=e.client_id, entered_at=e.entered_at or now,
            entered_by=by,
        )
        for e in entries
    ]  # fmt: skip
    insert(records, by=by)
    pairs = list(zip(records, entries, strict=True))
    insert_details(RecordWorker, WORKER, [row for pair in pairs for row in _workers(*pair)], by=by)
    insert_details(Contact, CONTACT, [row for pair in pairs for row in _contacts(*pair)], by=by)
    note_standing([_served(record, entry) for record, entry in pairs], belongings)
    textindex.put(textindex.Text(e.station.pk, e.record_id, e.occurred_on, e.text) for e in entries if e.text)
    what = RecordKind(kind).label
    audit.record_all([audit.entry(RECORDED, by=by, about=record, what=what) for record in records])
    return records


def _workers(record: ServiceRecord, entry: RecordEntry) -> list[Row]:
    return [
        (new_id(), record.station_id, record.pk, staff, position) for position, staff in enumerate(entry.worker_ids)
    ]


def _contacts(record: ServiceRecord, entry: RecordEntry) -> list[Row]:
    def row(kind: ContactKind, person: UUID | None, household: UUID | None, heads: int, group: str, method: str) -> Row:
        return new_id(), record.station_id, record.pk, kind, person, household, heads, group, method

    rows = [row(ContactKind.PERSON, person, entry.household_id, 0, "", "") for person in entry.person_ids]
    if entry.household_id and entry.reached:
        rows.append(row(ContactKind.HOUSEHOLD, None, entry.household_id, 0, "", ""))
    return rows + [row(ContactKind.HEADS, None, None, one.heads, one.group, one.method) for one in entry.heads]


def _served(record: ServiceRecord, entry: RecordEntry) -> Served:
    return Served(record.pk, record.station_id, record.occurred_on, entry.household_id, tuple(entry.person_ids))


def check_current(by: User, record: ServiceRecord, version: int) -> ServiceRecord:
    """The record's row, locked, if `by` may correct it and nobody has since `version`.

    Raises NotAllowed, Conflict, or Refused for a voided record.
    """
    current = ServiceRecord.objects.select_for_update().get(pk=record.pk)
    if not may_write(by, current):
        raise NotAllowed
    if current.voided_at:
        raise Refused.because("record", "这条记录已作废，不能再更正；如需要请重新录入")
    if current.version != version:
        raise Conflict(current)
    return current


def rewrite_record(
    *, by: User, record: ServiceRecord, entry: RecordEntry, belongings: Belongings, reason: str
) -> ServiceRecord:
    """Correct a record that `check_current` gave: its row and what hangs on it. Inside the caller's action."""
    if not reason.strip():
        raise Refused.because("reason", "请写明更正理由，如「日期填错」")
    record.occurred_on, record.village_id, record.place = entry.occurred_on, entry.village_id, entry.place
    record.campaign, record.reached = entry.campaign, entry.reached
    record.counted_key = entry.counted_key or record.pk
    record.version += 1
    sign(record, by=by, reason=reason.strip())
    record.save()
    replace_details(record.workers.all(), _workers(record, entry), WORKER, by)
    replace_details(record.contacts.all(), _contacts(record, entry), CONTACT, by)
    forget_standing([record.pk])
    note_standing([_served(record, entry)], belongings)
    textindex.remove(record.station_id, [record.pk])
    textindex.put([textindex.Text(record.station_id, record.pk, entry.occurred_on, entry.text)] if entry.text else [])
    audit.record(CORRECTED, by=by, about=record, what=record.get_kind_display(), reason=reason.strip()[:100])
    return record


def replace_details(old: QuerySet[Any], new: Sequence[Row], columns: Sequence[str], by: User) -> None:
    """Take away rows that are no longer said and add those newly said; the rest stay, with their history.

    What a row says are its `columns` without the key, the station and the record.
    """
    said = attrgetter(*columns[3:])
    wanted, kept = {row[3:] for row in new}, set()
    for row in old:
        if said(row) in wanted:
            kept.add(said(row))
        else:
            sign(row, by=by)
            row.delete()
    insert_details(old.model, columns, [row for row in new if row[3:] not in kept], by=by)


@action
def void_records(*, by: User, records: Sequence[ServiceRecord], reason: str) -> list[ServiceRecord]:
    """Take records out of every count, with a reason; they stay readable.

    Raises NotAllowed unless `by` may void each; Refused without a reason or for one voided already.
    """
    if len(reason.strip()) < 2:
        raise Refused.because("reason", "请写明作废理由，如「重复录入」")
    current = list(ServiceRecord.objects.select_for_update().filter(pk__in=[record.pk for record in records]))
    for record in current:
        if not may_void(by, record):
            raise NotAllowed
        if record.voided_at:
            raise Refused.because("record", "这条记录已经作废，无需再次作废")
    now = clock.now()
    for record in current:
        record.voided_at, record.voided_by, record.void_reason = now, by, reason.strip()[:200]
        record.version += 1
    columns = ("voided_at", "voided_by_id", "void_reason", "version")
    update_rows(ServiceRecord, columns, [(*map(record.__getattribute__, columns), record.pk) for record in current])
    copy_to_history(ServiceRecord, [record.pk for record in current], kind="~", by=by, reason=reason.strip())
    for station in {record.station_id for record in current}:
        textindex.remove(station, [record.pk for record in current if record.station_id == station])
    audit.record_all(
        [audit.entry(VOIDED, by=by, about=r, what=r.get_kind_display(), reason=reason.strip()[:100]) for r in current]
    )
    return current


@action
def open_campaign(
    *, owner: OrgUnit, code: str, name: str, first: date, last: date | None, by: User | None = None
) -> Campaign:
    """A campaign that stations join by naming it on their records."""
    campaign = Campaign(owner=owner, code=code, name=name, starts_on=first, ends_on=last)
    campaign.save(force_insert=True)
    audit.record(CAMPAIGN_OPENED, by=by, about=campaign, name=name)
    return campaign


def change_campaign(*, campaign: Campaign, name: str, first: date, last: date | None) -> None:
    """Another name or other days of a campaign. Inside the action of the room that knows who may, and keeps why."""
    campaign.name, campaign.starts_on, campaign.ends_on = name, first, last
    campaign.save(update_fields=["name", "starts_on", "ends_on"])
