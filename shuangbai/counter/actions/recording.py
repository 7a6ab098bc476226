"""Recording consultations and leaflets. The single form is a batch of one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from shuangbai.codes.queries import unoffered
from shuangbai.core import clock
from shuangbai.core.actions import action, together
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Door, Finding, judge, refuse_if_any
from shuangbai.counter.entries import ConsultationEntry, HandoutEntry
from shuangbai.counter.enums import TOPICS
from shuangbai.counter.models import Consultation, Handout
from shuangbai.counter.queries import villages_of_homes
from shuangbai.counter.rules import consultation_findings, handout_findings
from shuangbai.households.models import HouseholdStation, Membership
from shuangbai.households.queries import Span, homes_ever
from shuangbai.households.standing import belongings_held
from shuangbai.network.access import check_reaches
from shuangbai.network.models import User
from shuangbai.network.queries import posted_spans
from shuangbai.network.roles import Permission
from shuangbai.services.actions import (
    Heads,
    RecordEntry,
    check_current,
    not_sent_before,
    rewrite_record,
    sent_before,
    write_records,
)
from shuangbai.services.enums import CountMethod, HeadGroup, RecordKind
from shuangbai.services.rules import DOORS, code_findings, record_findings

Entry = ConsultationEntry | HandoutEntry


class Surroundings:
    """What is known around a batch, read in a number of queries that does not grow with it."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.today = clock.today()
        asked = [entry for entry in entries if isinstance(entry, ConsultationEntry)]
        people = {entry.person_id for entry in asked if entry.person_id}
        # Whoever asks brings their families into it: these count as what all their members are.
        named = {entry.household_id for entry in asked if entry.household_id} | homes_ever(people)
        self.belongings = belongings_held(named)
        self._read_served({entry.station.pk for entry in asked}, people)
        days = [entry.occurred_on for entry in entries]
        self.postings: dict[UUID, list[Span]] = {}
        for unit, staff, starts, ends in posted_spans({e.station.pk for e in entries}, min(days), max(days)):
            self.postings.setdefault(unit, []).append(Span(staff, starts, ends))
        self.villages = villages_of_homes(home for home in map(self.home, asked) if home)

    def _read_served(self, stations: set[UUID], people: set[UUID]) -> None:
        """Which families the stations serve or served of those that are named, or that people are of."""
        homes: set[Any] = {span.other for person in people for span in self.belongings.homes[person]}
        homes |= set(self.belongings.members)
        served = HouseholdStation.objects.filter(station__in=stations, household__in=homes) if homes else []
        self.served = {(row.household_id, row.station_id) for row in served}
        self.known: set[tuple[UUID, UUID]] = set()
        if people:
            rows = Membership.objects.filter(person__in=people, household__serving__station__in=stations)
            self.known = set(rows.values_list("person_id", "household__serving__station_id"))

    def home(self, entry: ConsultationEntry) -> UUID | None:
        """The family that a consultation is about: the one said, else that of the person on the day, if served here."""
        if entry.household_id or entry.person_id is None:
            return entry.household_id
        spans = self.belongings.homes[entry.person_id]
        there: list[Any] = [span.other for span in spans if span.holds_on(entry.occurred_on)]
        mine = [home for home in there if (home, entry.station.pk) in self.served]
        return mine[0] if mine else None

    def findings(self, entry: Entry) -> list[Finding]:
        """Everything the rules say about one entry."""
        station, day = entry.station, entry.occurred_on
        found = record_findings(
            occurred_on=day, today=self.today, station_opened_on=station.starts_on, station_closed_on=station.ends_on
        )
        on_day = {span.other for span in self.postings.get(station.pk, []) if span.holds_on(day)}
        said: dict[str, Any] = {"workers": len(entry.worker_ids), "posted": set(entry.worker_ids) <= on_day}
        if isinstance(entry, HandoutEntry):
            return found + handout_findings(title=entry.title, copies=entry.copies, **said)
        found += code_findings("topic", TOPICS.name, unoffered(TOPICS, [entry.topic], day), day)
        return found + consultation_findings(many=entry.many, **self._who(entry, day), **said)

    def _who(self, entry: ConsultationEntry, day: date) -> dict[str, bool]:
        person, home, station = entry.person_id, entry.household_id, entry.station.pk
        return {
            "person_known": person is None or (person, station) in self.known,
            "family_known": home is None or (home, station) in self.served,
            "is_member": not (home and person) or person in self.belongings.members_on(home, day),
        }


# CONSULTATIONS ---------------------------------------------------------------


def record_consultation(*, by: User, entry: ConsultationEntry, acknowledged: bool = False) -> Consultation:
    """Record one consultation. Raises Refused, NeedsAcknowledgement or NotAllowed; nothing is written then."""
    return record_consultations(by=by, entries=[entry], door=Door.PAGE, acknowledged=acknowledged)[0]


@action
def record_consultations(
    *, by: User, entries: Sequence[ConsultationEntry], door: Door, acknowledged: bool = True
) -> list[Consultation]:
    """Record consultations, in the order of the entries. One sent before is given back as it stands."""

    def row(record: Any, entry: Any) -> Consultation:
        return _asked(Consultation(record=record, station=entry.station), entry)

    return _recorded(by, RecordKind.CONSULTATION, entries, door, acknowledged, _consulted, row)


@action
def correct_consultation(
    *, by: User, consultation: Consultation, version: int, entry: ConsultationEntry, reason: str,
    acknowledged: bool = False,
) -> Consultation:  # fmt: skip
    """Correct a consultation; what it said before is kept. Raises Conflict besides what recording raises."""
    record = check_current(by, consultation.record, version)
    entry.station = record.station  # type: ignore[assignment]
    around = Surroundings([entry])
    refuse_if_any(judge(around.findings(entry), Door.PAGE, DOORS), acknowledged=acknowledged)
    spine = _consulted(entry, around)
    record.household_id = spine.household_id
    rewrite_record(by=by, record=record, entry=spine, belongings=around.belongings, reason=reason)
    corrected = _asked(Consultation.objects.get(pk=record.pk), entry)
    sign(corrected, by=by, reason=reason.strip())
    corrected.save()
    return corrected


def _consulted(entry: Any, around: Surroundings) -> RecordEntry:
    """The spine of a consultation: whoever is on file by name, the others as heads."""
    home, heads = around.home(entry), entry.many - bool(entry.person_id)
    village = entry.village_id or around.villages.get(home)
    return RecordEntry(
        station=entry.station, occurred_on=entry.occurred_on, client_id=entry.client_id,
        worker_ids=list(dict.fromkeys(entry.worker_ids)), reached=True, household_id=home,
        village_id=village, person_ids=[entry.person_id] if entry.person_id else [],
        heads=[Heads(HeadGroup(entry.group), heads, CountMethod.COUNTED)] if heads else [],
        text=entry.summary.strip(), entered_at=entry.entered_at,
    )  # fmt: skip


def _asked(row: Consultation, entry: ConsultationEntry) -> Consultation:
    row.topic, row.way, row.outcome = entry.topic, entry.way, entry.outcome
    row.group, row.many, row.summary = entry.group, entry.many, entry.summary.strip()
    row.name = "" if entry.person_id else entry.name.strip()
    return row


# LEAFLETS --------------------------------------------------------------------


def record_handout(*, by: User, entry: HandoutEntry, acknowledged: bool = False) -> Handout:
    """Record leaflets that were handed out. Raises Refused, NeedsAcknowledgement or NotAllowed."""
    return record_handouts(by=by, entries=[entry], door=Door.PAGE, acknowledged=acknowledged)[0]


@action
def record_handouts(
    *, by: User, entries: Sequence[HandoutEntry], door: Door, acknowledged: bool = True
) -> list[Handout]:
    """Record leaflets, in the order of the entries. One sent before is given back as it stands."""

    def row(record: Any, entry: Any) -> Handout:
        return Handout(record=record, station=entry.station, title=entry.title.strip(), copies=entry.copies)

    return _recorded(by, RecordKind.HANDOUT, entries, door, acknowledged, _handed, row)


@action
def correct_handout(
    *, by: User, handout: Handout, version: int, entry: HandoutEntry, reason: str, acknowledged: bool = False
) -> Handout:
    """Correct what was handed out; what it said before is kept. Raises Conflict besides what recording raises."""
    record = check_current(by, handout.record, version)
    entry.station = record.station  # type: ignore[assignment]
    around = Surroundings([entry])
    refuse_if_any(judge(around.findings(entry), Door.PAGE, DOORS), acknowledged=acknowledged)
    spine = _handed(entry, around)
    rewrite_record(by=by, record=record, entry=spine, belongings=around.belongings, reason=reason)
    corrected = Handout.objects.get(pk=record.pk)
    corrected.title, corrected.copies = entry.title.strip(), entry.copies
    sign(corrected, by=by, reason=reason.strip())
    corrected.save()
    return corrected


def _handed(entry: Any, around: Surroundings) -> RecordEntry:
    return RecordEntry(
        station=entry.station, occurred_on=entry.occurred_on, client_id=entry.client_id,
        worker_ids=list(dict.fromkeys(entry.worker_ids)), reached=True, village_id=entry.village_id,
        place=entry.place.strip(), text=entry.title.strip(), entered_at=entry.entered_at,
    )  # fmt: skip


# BOTH ------------------------------------------------------------------------


def _recorded(
    by: User, kind: RecordKind, entries: Sequence[Any], door: Door, acknowledged: bool,
    spine: Callable[[Any, Surroundings], RecordEntry], row: Callable[[Any, Any], Any],
) -> list[Any]:  # fmt: skip
    """What was written for each of the entries, or stood already."""
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk for entry in entries})
    known = sent_before(entries)
    fresh: list[Any] = not_sent_before(entries, known)
    made: dict[tuple[UUID, UUID], Any] = {}
    if fresh:
        around = Surroundings(fresh)
        for entry in fresh:
            refuse_if_any(judge(around.findings(entry), door, DOORS), acknowledged=acknowledged)
        with together():
            records = write_records(
                by=by, kind=kind, entries=[spine(entry, around) for entry in fresh], belongings=around.belongings
            )
            rows = [row(record, entry) for record, entry in zip(records, fresh, strict=True)]
            insert(rows, by=by)
        made = {(entry.station.pk, entry.client_id): one for entry, one in zip(fresh, rows, strict=True)}
    return [*_in_order(entries, made | _stood(kind, known))]


def _stood(kind: RecordKind, known: Mapping[tuple[UUID, UUID], Any]) -> dict[tuple[UUID, UUID], Any]:
    model: Any = Consultation if kind == RecordKind.CONSULTATION else Handout
    rows = model.objects.filter(record__in=known.values()).select_related("record") if known else []
    return {(row.record.station_id, row.record.client_id): row for row in rows}


def _in_order(entries: Sequence[Any], made: Mapping[tuple[UUID, UUID], Any]) -> list[Any]:
    return [made[entry.station.pk, entry.client_id] for entry in entries]
