"""Recording activities. The single form is a batch of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from shuangbai.activities.enums import KINDS
from shuangbai.activities.models import Activity, HeldWith, Series
from shuangbai.activities.queries import PLACES
from shuangbai.activities.rules import activity_findings
from shuangbai.codes.queries import unoffered
from shuangbai.core import audit, clock
from shuangbai.core.actions import action, together
from shuangbai.core.bulk import insert, insert_details, sign
from shuangbai.core.findings import Door, Finding, judge, refuse_if_any
from shuangbai.core.ids import new_id, random_id
from shuangbai.households.models import HouseholdStation, Membership
from shuangbai.households.queries import Span
from shuangbai.households.standing import belongings_held
from shuangbai.network.access import check_reaches
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.queries import posted_spans
from shuangbai.network.roles import Permission
from shuangbai.services.actions import (
    Heads,
    RecordEntry,
    check_current,
    not_sent_before,
    replace_details,
    rewrite_record,
    sent_before,
    write_records,
)
from shuangbai.services.enums import CountMethod, HeadGroup, RecordKind
from shuangbai.services.models import Campaign, ServiceRecord
from shuangbai.services.rules import DOORS, campaign_findings, code_findings, record_findings

HELD_WITH = ("id", "station_id", "record_id", "partner_id")
SERIES_BEGUN = audit.kind("series.begun", "{by} 开始了活动系列「{name}」")


@dataclass(slots=True)
class ActivityEntry:
    """One activity as it comes through a door. `heads` counts those not among `person_ids`.

    `joint_ids` are stations that held it too: it is this station's record, and counts here. `venue_id` is one of the
    places that a room above keeps (queries.PLACES).
    """

    station: OrgUnit
    occurred_on: date
    title: str
    kind: str
    worker_ids: Sequence[UUID]
    village_id: int | None = None
    place: str = ""
    venue_id: UUID | None = None
    series: str = ""
    campaign: Campaign | None = None
    partners: str = ""
    joint_ids: Sequence[UUID] = ()
    person_ids: Sequence[UUID] = ()
    heads: Mapping[HeadGroup, int] = field(default_factory=dict)
    method: CountMethod | None = None
    stated_total: int | None = None
    volunteers: int = 0
    volunteer_hours: Decimal = Decimal(0)
    leaflets: int = 0
    summary: str = ""
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


class Surroundings:
    """What is known around a batch of activities, read in a number of queries that does not grow with it."""

    def __init__(self, entries: Sequence[ActivityEntry]) -> None:
        self.today = clock.today()
        stations = {entry.station.pk for entry in entries}
        people = {person for entry in entries for person in entry.person_ids}
        self.belongings = belongings_held([], people)
        served = HouseholdStation.objects.filter(station__in=stations)
        known = Membership.objects.filter(person__in=people, household__serving__in=served)
        self.known = set(known.values_list("person_id", "household__serving__station_id"))
        days = [entry.occurred_on for entry in entries]
        self.postings: dict[UUID, list[Span]] = {}
        rows = posted_spans(stations, min(days), max(days))
        for unit, staff, starts, ends in rows:
            self.postings.setdefault(unit, []).append(Span(staff, starts, ends))
        joint = {pk for entry in entries for pk in entry.joint_ids}
        stations_named = OrgUnit.objects.filter(pk__in=joint, kind=UnitKind.STATION)
        self.stations = {unit.pk: unit for unit in stations_named} if joint else {}

    def findings(self, entry: ActivityEntry) -> list[Finding]:
        """Everything the rules say about one entry."""
        station, day, campaign = entry.station, entry.occurred_on, entry.campaign
        found = record_findings(
            occurred_on=day, today=self.today, station_opened_on=station.starts_on, station_closed_on=station.ends_on
        )
        if campaign:
            found += campaign_findings(
                occurred_on=day, first=campaign.starts_on, last=campaign.ends_on, name=campaign.name
            )
        found += code_findings("kind", KINDS.name, unoffered(KINDS, [entry.kind], day), day)
        posted = {span.other for span in self.postings.get(station.pk, []) if span.holds_on(day)}
        if not set(entry.worker_ids) <= posted:
            found.append(Finding("worker_not_posted", "workers", "所选社工当天不在本站任职，请核对日期或社工"))
        if any((person, station.pk) not in self.known for person in entry.person_ids):
            found.append(
                Finding("participant_unknown", "people", "有参加者不在本站家庭名册中，请重新选择，或计入未实名人数")
            )
        joint = [self.stations.get(pk) for pk in entry.joint_ids if pk != station.pk]
        if len(joint) < len(entry.joint_ids) or not all(one and one.holds_on(day) for one in joint):
            sentence = "合办的站里有本站自己，或当天没有开站的站，请重新选择"
            found.append(Finding("joint_unknown", "joint", sentence))
        return found + activity_findings(
            title=entry.title, named=len(set(entry.person_ids)), heads=entry.heads, has_method=bool(entry.method),
            stated_total=entry.stated_total, volunteers=entry.volunteers, volunteer_hours=entry.volunteer_hours,
            workers=len(entry.worker_ids),
        )  # fmt: skip


def record_activity(*, by: User, entry: ActivityEntry, door: Door = Door.PAGE, acknowledged: bool = False) -> Activity:
    """Record one activity. Raises Refused, NeedsAcknowledgement or NotAllowed; nothing is written then."""
    return record_activities(by=by, entries=[entry], door=door, acknowledged=acknowledged)[0]


@action
def record_activities(
    *, by: User, entries: Sequence[ActivityEntry], door: Door, acknowledged: bool = True
) -> list[Activity]:
    """Record activities, in the order of the entries. One sent before is given back as it stands."""
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk for entry in entries})
    known = sent_before(entries)
    fresh: list[ActivityEntry] = not_sent_before(entries, known)
    activities: dict[tuple[UUID, UUID], Activity] = {}
    if fresh:
        around = Surroundings(fresh)
        for entry in fresh:
            refuse_if_any(judge(around.findings(entry), door, DOORS), acknowledged=acknowledged)
        spine = [_spine(entry) for entry in fresh]
        series = _series(by, fresh)
        with together():
            records = write_records(by=by, kind=RecordKind.ACTIVITY, entries=spine, belongings=around.belongings)
            rows = [
                _detail(Activity(record=record, station=entry.station), entry, series)
                for record, entry in zip(records, fresh, strict=True)
            ]
            insert(rows, by=by)
            joint = [row for record, e in zip(records, fresh, strict=True) for row in _joint(record, e)]
            insert_details(HeldWith, HELD_WITH, joint, by=by)
        for record, entry in zip(records, fresh, strict=True):
            if entry.venue_id:
                PLACES["venue"].hold(by=by, record=record, place_id=entry.venue_id)
        activities = {(e.station.pk, e.client_id): row for e, row in zip(fresh, rows, strict=True)}
    if known:
        for activity in Activity.objects.filter(record__in=known.values()).select_related("record"):
            activities[activity.record.station_id, activity.record.client_id] = activity
    return [activities[entry.station.pk, entry.client_id] for entry in entries]


def _series(by: User, entries: Sequence[ActivityEntry]) -> dict[tuple[UUID, str], Series]:
    """The series that the entries name, made where the station has none of that name."""
    wanted = {(e.station.pk, e.series.strip()): e.station for e in entries if e.series.strip()}
    if not wanted:
        return {}
    rows = Series.objects.filter(station__in={s for s, _ in wanted}, name__in={n for _, n in wanted})
    found = {(row.station_id, row.name): row for row in rows}
    missing = [Series(station=s, name=name) for (pk, name), s in wanted.items() if (pk, name) not in found]
    found |= {(row.station_id, row.name): row for row in Series.objects.bulk_create(missing)}
    audit.record_all([audit.entry(SERIES_BEGUN, by=by, about=row, name=row.name) for row in missing])
    return found


def _spine(entry: ActivityEntry) -> RecordEntry:
    method = entry.method or CountMethod.ESTIMATED
    return RecordEntry(
        station=entry.station, occurred_on=entry.occurred_on, client_id=entry.client_id,
        worker_ids=list(dict.fromkeys(entry.worker_ids)), reached=True, village_id=entry.village_id,
        place=entry.place.strip(), campaign=entry.campaign, person_ids=list(dict.fromkeys(entry.person_ids)),
        heads=[Heads(group, heads, method) for group, heads in entry.heads.items() if heads],
        text=f"{entry.title}\n{entry.summary}".strip(), entered_at=entry.entered_at,
    )  # fmt: skip


def _joint(record: ServiceRecord, entry: ActivityEntry) -> list[tuple[UUID, UUID, UUID, UUID]]:
    return [(new_id(), record.station_id, record.pk, partner) for partner in dict.fromkeys(entry.joint_ids)]


def _detail(activity: Activity, entry: ActivityEntry, series: Mapping[tuple[UUID, str], Series]) -> Activity:
    for name in ("kind", "volunteers", "volunteer_hours", "leaflets"):
        setattr(activity, name, getattr(entry, name))
    for name in ("title", "partners", "summary"):
        setattr(activity, name, getattr(entry, name).strip())
    activity.series = series.get((entry.station.pk, entry.series.strip()))
    return activity


@action
def correct_activity(
    *, by: User, activity: Activity, version: int, entry: ActivityEntry, reason: str, acknowledged: bool = False
) -> Activity:
    """Correct an activity; what it said before is kept. Raises Conflict besides what `record_activity` raises."""
    record = check_current(by, activity.record, version)
    entry.station = record.station  # type: ignore[assignment]
    around = Surroundings([entry])
    refuse_if_any(judge(around.findings(entry), Door.PAGE, DOORS), acknowledged=acknowledged)
    rewrite_record(by=by, record=record, entry=_spine(entry), belongings=around.belongings, reason=reason)
    replace_details(HeldWith.objects.filter(record=record), _joint(record, entry), HELD_WITH, by)
    corrected = _detail(Activity.objects.get(pk=record.pk), entry, _series(by, [entry]))
    sign(corrected, by=by, reason=reason.strip())
    corrected.save()
    PLACES["venue"].hold(by=by, record=record, place_id=entry.venue_id)
    return corrected
