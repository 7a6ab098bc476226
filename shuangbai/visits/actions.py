"""Recording visits. The single form is a batch of one, so that both have the same rules and effects."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from shuangbai.codes.enums import CodeSpec
from shuangbai.codes.queries import base_of, label_of, unoffered
from shuangbai.core import clock
from shuangbai.core.actions import action, drop_untouched, together
from shuangbai.core.bulk import insert, make, sign
from shuangbai.core.findings import Door, Finding, NotAllowed, Refused, judge, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.households.access import family_to_write_about
from shuangbai.households.queries import Span, residence_spans, serving_pairs
from shuangbai.households.standing import belongings_held
from shuangbai.network.access import check_reaches
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.queries import posted_spans
from shuangbai.network.roles import Permission
from shuangbai.services.actions import (
    RecordEntry,
    check_current,
    not_sent_before,
    rewrite_record,
    sent_before,
    write_records,
)
from shuangbai.services.enums import RecordKind
from shuangbai.services.models import Campaign
from shuangbai.services.queries import counted_alike, sent_rows
from shuangbai.services.rules import DOORS, campaign_findings, code_findings, record_findings
from shuangbai.visits.enums import FOLLOWUPS, MODES, NEEDS, PURPOSES, RESULTS, TOPICS, Followup, Purpose, Result
from shuangbai.visits.models import GridDraft, Visit, VisitDraft
from shuangbai.visits.rules import DRAFT_DAYS, DRAFT_MOST, GRID_DRAFT_MOST, VisitFacts, is_effective, visit_findings

COUNTED_ONCE = uuid.UUID("6f1d5b0e-3a52-5c37-9f0a-0d7c6c1a2b10")


@dataclass(slots=True)
class VisitEntry:
    """One visit as it comes through a door. `client_id` is made where it was typed.

    `row` names the row of a page on which many are typed: findings about it name their field as `row-field`.
    `drafted`: a draft of it may be kept, and goes away with saving.
    """

    station: OrgUnit
    household_id: UUID
    occurred_on: date
    mode: str
    result: str
    worker_ids: Sequence[UUID]
    met_ids: Sequence[UUID] = ()
    purpose: str = Purpose.ORDINARY
    topics: Sequence[str] = ()
    narrative: str = ""
    observation: str = ""
    needs: Sequence[str] = ()
    followup: str = Followup.NONE
    next_on: date | None = None
    started_at: time | None = None
    ended_at: time | None = None
    campaign: Campaign | None = None
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None
    row: str = ""
    drafted: bool = False

    @property
    def counted_key(self) -> UUID:
        """Alike for the same household, day, mode and station (domain 6.1); a city's own mode is what it counts as."""
        return counted_key(self.station.pk, self.household_id, self.occurred_on, base_of(MODES, self.mode))


@lru_cache(maxsize=4096)  # judging and writing ask for it several times
def counted_key(station_id: UUID, household_id: UUID, day: date, mode: str) -> UUID:
    return uuid.uuid5(COUNTED_ONCE, f"{station_id}{household_id}{day}{mode}")


class Surroundings:
    """What is known around a batch of visits, read in a number of queries that does not grow with it."""

    def __init__(self, entries: Sequence[VisitEntry]) -> None:
        self.today = clock.today()
        households = {entry.household_id for entry in entries}
        stations = {entry.station.pk for entry in entries}
        self.belongings = belongings_held(households)
        self.served = set(serving_pairs(stations, households))
        days = [entry.occurred_on for entry in entries]
        self.postings: dict[UUID, list[Span]] = {}
        for unit, staff, starts, ends in posted_spans(stations, min(days), max(days)):
            self.postings.setdefault(unit, []).append(Span(staff, starts, ends))
        self.homes: dict[UUID, list[Span]] = {}
        for home, village, starts, ends in residence_spans(households):
            self.homes.setdefault(home, []).append(Span(village, starts, ends))
        self.same: dict[UUID, set[UUID]] = {}
        for key, record in counted_alike(stations, [entry.counted_key for entry in entries]):
            self.same.setdefault(key, set()).add(record)

    def village(self, entry: VisitEntry) -> int | None:
        """Where the family lived on the day; the first known village for days before it was known."""
        homes = sorted(self.homes.get(entry.household_id, []), key=lambda home: home.starts_on)
        on_the_day = [home.other for home in homes if home.holds_on(entry.occurred_on)]
        return (on_the_day or [home.other for home in homes] or [None])[0]  # type: ignore[return-value]

    def findings(self, entry: VisitEntry, besides: UUID | None = None) -> list[Finding]:
        """Everything the rules say about one entry; `besides` is the record that it corrects."""
        station, day, campaign = entry.station, entry.occurred_on, entry.campaign
        found = record_findings(
            occurred_on=day, today=self.today, station_opened_on=station.starts_on, station_closed_on=station.ends_on
        )
        if campaign:
            found += campaign_findings(
                occurred_on=day, first=campaign.starts_on, last=campaign.ends_on, name=campaign.name
            )
        found += _code_findings(entry)
        posted = {span.other for span in self.postings.get(station.pk, []) if span.holds_on(day)}
        return found + visit_findings(
            VisitFacts(
                occurred_on=day, result=base_of(RESULTS, entry.result), worker_ids=tuple(entry.worker_ids),
                met_ids=tuple(entry.met_ids),
                members=self.belongings.members_on(entry.household_id, day), died_on=self.belongings.died_on,
                belonged={span.other for span in self.belongings.members[entry.household_id]},  # type: ignore[misc]
                posted_ids=posted, same_before=bool(self.same.get(entry.counted_key, set()) - {besides}),  # type: ignore[arg-type]
                followup=base_of(FOLLOWUPS, entry.followup), next_on=entry.next_on,
                started_at=entry.started_at, ended_at=entry.ended_at,
                words={"result": label_of(RESULTS, entry.result, day), "met": label_of(RESULTS, Result.MET, day),
                       "followup": label_of(FOLLOWUPS, entry.followup, day)},
            )
        )  # fmt: skip


def _code_findings(entry: VisitEntry) -> list[Finding]:
    """Codes that the city's lists do not offer on the day."""
    said: list[tuple[str, CodeSpec, Sequence[str]]] = [
        ("mode", MODES, [entry.mode]), ("result", RESULTS, [entry.result]), ("purpose", PURPOSES, [entry.purpose]),
        ("topics", TOPICS, entry.topics), ("needs", NEEDS, entry.needs), ("followup", FOLLOWUPS, [entry.followup]),
    ]  # fmt: skip
    return [
        finding
        for name, spec, codes in said
        for finding in code_findings(name, spec.name, unoffered(spec, codes, entry.occurred_on), entry.occurred_on)
    ]


def record_visit(*, by: User, entry: VisitEntry, door: Door = Door.PAGE, acknowledged: bool = False) -> Visit:
    """Record one visit. Raises Refused, NeedsAcknowledgement or NotAllowed; nothing is written then."""
    return record_visits(by=by, entries=[entry], door=door, acknowledged=acknowledged)[0]


@action
def record_visits(*, by: User, entries: Sequence[VisitEntry], door: Door, acknowledged: bool = True) -> list[Visit]:
    """Record visits, in the order of the entries. One sent before is given back as it stands.

    Raises NotAllowed where a station does not serve a household, Refused with what the rules say of all entries.
    """
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk for entry in entries})
    known = sent_before(entries)
    fresh: list[VisitEntry] = not_sent_before(entries, known)
    visits: dict[tuple[UUID, UUID], Visit] = {}
    if fresh:
        around, found = Surroundings(fresh), []
        for entry in fresh:
            if (entry.station.pk, entry.household_id) not in around.served:
                raise NotAllowed
            found += [_in_its_row(one, entry.row) for one in judge(around.findings(entry), door, DOORS)]
            around.same.setdefault(entry.counted_key, set()).add(entry.client_id)
        refuse_if_any(found, acknowledged=acknowledged)
        spine = [_spine(entry, around) for entry in fresh]
        with together():
            records = write_records(by=by, kind=RecordKind.VISIT, entries=spine, belongings=around.belongings)
            rows = [_detail(make(Visit, record=r, station=e.station), e) for r, e in zip(records, fresh, strict=True)]
            insert(rows, by=by)
        visits = {(e.station.pk, e.client_id): row for e, row in zip(fresh, rows, strict=True)}
    for entry in entries:
        if entry.drafted:
            _drafts(by, entry.station, entry.household_id).delete()
    if known:
        for visit in Visit.objects.filter(record__in=known.values()).select_related("record"):
            visits[visit.record.station_id, visit.record.client_id] = visit
    return [visits[entry.station.pk, entry.client_id] for entry in entries]


def _in_its_row(finding: Finding, row: str) -> Finding:
    return replace(finding, field=f"{row}-{finding.field}") if row else finding


def _spine(entry: VisitEntry, around: Surroundings) -> RecordEntry:
    return RecordEntry(
        station=entry.station, occurred_on=entry.occurred_on, client_id=entry.client_id,
        worker_ids=list(dict.fromkeys(entry.worker_ids)), reached=is_effective(base_of(RESULTS, entry.result)),
        village_id=around.village(entry), campaign=entry.campaign, household_id=entry.household_id,
        person_ids=list(dict.fromkeys(entry.met_ids)), text=f"{entry.narrative}\n{entry.observation}".strip(),
        counted_key=entry.counted_key, entered_at=entry.entered_at,
    )  # fmt: skip


def _detail(visit: Visit, entry: VisitEntry) -> Visit:
    for name in ("mode", "result", "purpose", "started_at", "ended_at", "followup", "next_on"):
        setattr(visit, name, getattr(entry, name))
    visit.topics, visit.needs = list(entry.topics), list(entry.needs)
    visit.narrative, visit.observation = entry.narrative.strip(), entry.observation.strip()
    return visit


@action
def correct_visit(
    *, by: User, visit: Visit, version: int, entry: VisitEntry, reason: str, acknowledged: bool = False
) -> Visit:
    """Correct a visit; what it said before is kept. Household and station cannot change: void it instead.

    Raises Conflict where somebody corrected it since `version`, besides what `record_visit` raises.
    """
    record = check_current(by, visit.record, version)
    entry.household_id, entry.station = record.household_id, record.station  # type: ignore[assignment]
    around = Surroundings([entry])
    found = around.findings(entry, besides=record.pk)
    refuse_if_any(judge(found, Door.PAGE, DOORS), acknowledged=acknowledged)
    rewrite_record(by=by, record=record, entry=_spine(entry, around), belongings=around.belongings, reason=reason)
    corrected = _detail(Visit.objects.get(pk=record.pk), entry)
    sign(corrected, by=by, reason=reason.strip())
    corrected.save()
    return corrected


# DRAFTS --------------------------------------------------------------------


def _drafts(by: User, station: OrgUnit, household_id: UUID) -> QuerySet[VisitDraft]:
    """Somebody's own draft about a family, if there is one: nobody else's is ever asked for."""
    return VisitDraft.objects.filter(station=station, entered_by=by, household=household_id)


def _check_writes_about(by: User, station: OrgUnit, household_id: UUID) -> None:
    check_reaches(by, Permission.WRITE_RECORDS, {station.pk})
    if family_to_write_about(by, household_id) is None:
        raise NotAllowed


@action
def save_draft(
    *, by: User, station: OrgUnit, household_id: UUID, typed: Mapping[str, Sequence[str]]
) -> datetime | None:
    """Keep what was typed of a visit in place of what was kept of it before; when, or None where it was saved already.

    A draft on a slow line may arrive after the visit itself: it must not come back as something unfinished.
    No trail: it is kept every few seconds, and the visit that becomes of it has one.
    """
    _check_writes_about(by, station, household_id)
    text = json.dumps({name: list(values) for name, values in typed.items()}, ensure_ascii=False)
    if len(text) > DRAFT_MOST:
        raise Refused.because("narrative", "太长了，草稿存不下，请删短一些再存")
    sent = [UUID(one) for one in typed.get("client_id", ())]
    if sent and sent_rows({station.pk}, sent):
        return None
    return _keep(VisitDraft(station=station, entered_by=by, household_id=household_id, typed=text), "household")


def _keep(draft: VisitDraft | GridDraft, about: str) -> datetime:
    """Write a draft in place of the one before of the same person `about` the same; when."""
    table: Any = type(draft)._default_manager
    table.bulk_create(
        [draft], update_conflicts=True, unique_fields=["station", "entered_by", about],
        update_fields=["typed", "updated_at"],
    )  # fmt: skip
    return draft.updated_at


@action
def drop_draft(*, by: User, station: OrgUnit, household_id: UUID) -> None:
    """Throw away what was typed of a visit and not saved. Doing it twice is no mistake."""
    _check_writes_about(by, station, household_id)
    _drafts(by, station, household_id).delete()


def grid_drafts(by: User, station: OrgUnit, page: str) -> QuerySet[GridDraft]:
    """Somebody's own draft of a page of many visits, if there is one."""
    return GridDraft.objects.filter(station=station, entered_by=by, page=page)


@action
def record_evening(
    *, by: User, station: OrgUnit, entries: Sequence[VisitEntry], drafted: bool = False, acknowledged: bool = False
) -> list[Visit]:
    """As `record_visits`, from the page of an evening; a draft of it goes with what is saved."""
    visits = record_visits(by=by, entries=entries, door=Door.PAGE, acknowledged=acknowledged)
    if drafted:
        grid_drafts(by, station, GridDraft.EVENING).delete()
    return visits


@action
def save_grid_draft(
    *, by: User, station: OrgUnit, page: str, head: Mapping[str, Sequence[str]], rows: Mapping[str, Mapping[str, Any]]
) -> datetime | None:
    """Keep what was typed on a page of many visits, as `save_draft`; `rows` by the key of their family.

    What was saved meanwhile is left out; None where nothing is left, and then no draft either.
    """
    check_reaches(by, Permission.WRITE_RECORDS, {station.pk})
    ids = [UUID(one) for row in rows.values() for one in row.get("client_id", ())]
    saved = {str(record.client_id) for record in sent_rows({station.pk}, ids)} if ids else set()
    left = {home: row for home, row in rows.items() if not saved & {*row.get("client_id", ())}}
    if not left:
        grid_drafts(by, station, page).delete()
        return None
    text = json.dumps({"head": head, "rows": left}, ensure_ascii=False)
    if len(text) > GRID_DRAFT_MOST:
        raise Refused.because("", "太长了，草稿存不下，请先保存一部分")
    return _keep(GridDraft(station=station, entered_by=by, page=page, typed=text), "page")


@action
def drop_grid_draft(*, by: User, station: OrgUnit, page: str) -> None:
    """Throw away what was typed on a page of many visits and not saved."""
    check_reaches(by, Permission.WRITE_RECORDS, {station.pk})
    grid_drafts(by, station, page).delete()


def drop_old_drafts() -> int:
    """Throw away what nobody went on with in `DRAFT_DAYS`; how many."""
    return drop_untouched(VisitDraft, GridDraft, days=DRAFT_DAYS)
