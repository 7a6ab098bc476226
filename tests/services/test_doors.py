"""Every finding of the spine, at every door: what refuses leaves nothing, what warns passes once it was seen."""

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from shuangbai.activities.actions import ActivityEntry, record_activity
from shuangbai.core.findings import Door, NeedsAcknowledgement, Refused, Severity
from shuangbai.core.models import AuditEvent, TextDocument
from shuangbai.counter.actions.recording import record_consultations, record_handouts
from shuangbai.counter.entries import ConsultationEntry, HandoutEntry
from shuangbai.households.enums import Relation
from shuangbai.households.models import Standing
from shuangbai.services.models import Contact, RecordWorker, ServiceRecord
from shuangbai.services.rules import DOORS, is_late
from shuangbai.visits.actions import record_visit
from shuangbai.visits.enums import Followup, Result
from tests.cast import City, a_campaign, a_family, a_member, a_visit, a_visit_entry, an_activity_entry

LATE = date(2020, 6, 7)
EARLY = date(2017, 6, 30)


class Scene(NamedTuple):
    """What a case may use: 城东 in the small city, its worker, and a family of two."""

    city: City
    by: Any
    family: Any
    dead: Any

    def visit(self, family: Any = None, **more: Any) -> Any:
        return a_visit_entry(self.city.chengdong, self.by, family or self.family, **more)

    def activity(self, **more: Any) -> Any:
        return an_activity_entry(self.city.chengdong, self.by, **more)

    def consultation(self, **more: Any) -> ConsultationEntry:
        return ConsultationEntry(self.city.chengdong, date(2020, 5, 1), "policy", [self.by.staff_id], **more)

    def handout(self, *, copies: int) -> HandoutEntry:
        return HandoutEntry(self.city.chengdong, date(2020, 5, 1), "防溺水宣传单", copies, [self.by.staff_id])

    def closed(self) -> City:
        self.city.chengdong.ends_on = date(2020, 4, 30)
        return self.city

    def visited_before(self) -> Any:
        a_visit(self.city.chengdong, self.by, self.family)
        return self.visit()

    def stranger(self) -> list[Any]:
        return [self.city.users["stranger"].staff_id]


# code, the field that its sentence names, an entry that has this fault and no other that refuses
CASES: list[tuple[str, str, Callable[[Scene], Any]]] = [
    ("date_in_future", "occurred_on", lambda s: s.visit(on=LATE)),
    ("date_in_future", "occurred_on", lambda s: s.activity(on=LATE)),
    ("before_station", "occurred_on", lambda s: s.visit(on=EARLY)),
    ("before_station", "occurred_on", lambda s: s.activity(on=EARLY)),
    ("after_station", "occurred_on", lambda s: s.closed() and s.visit()),
    ("after_station", "occurred_on", lambda s: s.closed() and s.activity()),
    ("no_worker", "workers", lambda s: s.visit(worker_ids=[])),
    ("no_worker", "workers", lambda s: s.activity(worker_ids=[])),
    ("worker_not_posted", "workers", lambda s: s.visit(worker_ids=s.stranger())),
    ("worker_not_posted", "workers", lambda s: s.activity(worker_ids=s.stranger())),
    ("campaign_dates", "campaign", lambda s: s.visit(campaign=a_campaign(s.city.root))),
    ("campaign_dates", "campaign", lambda s: s.activity(campaign=a_campaign(s.city.root))),
    ("code_not_offered", "mode", lambda s: s.visit(mode="c9")),
    ("code_not_offered", "topics", lambda s: s.visit(topics=["health", "c9"])),
    ("code_not_offered", "kind", lambda s: s.activity(kind="c9")),
    ("not_a_member", "met", lambda s: s.visit(met=[s.dead.people[0]])),
    ("nobody_met", "met", lambda s: s.visit(met=[])),
    ("met_though_unmet", "met", lambda s: s.visit(result=Result.NOBODY_HOME, met=[s.family.people[0]])),
    ("met_the_dead", "met", lambda s: s.visit(s.dead)),
    ("everybody_dead", "occurred_on", lambda s: s.visit(s.dead, result=Result.DECEASED)),
    ("same_visit_today", "occurred_on", lambda s: s.visited_before()),
    ("next_not_after", "next_on", lambda s: s.visit(next_on=date(2020, 5, 1))),
    ("next_without_date", "next_on", lambda s: s.visit(followup=Followup.NEXT_VISIT)),
    ("times_in_order", "ended_at", lambda s: s.visit(started_at=time(10), ended_at=time(9, 59))),
    ("title_missing", "title", lambda s: s.activity(title="  ")),
    ("nobody_counted", "heads", lambda s: s.activity(heads={})),
    ("method_missing", "method", lambda s: s.activity(method=None)),
    ("total_contradicts", "stated_total", lambda s: s.activity(stated_total=19)),
    ("hours_without_volunteers", "volunteers", lambda s: s.activity(volunteer_hours=Decimal(2))),
    ("hours_impossible", "volunteer_hours", lambda s: s.activity(volunteers=1, volunteer_hours=Decimal("24.5"))),
    ("participant_unknown", "people", lambda s: s.activity(people=elsewhere(s).people)),
    ("joint_unknown", "joint", lambda s: s.activity(joint_ids=[s.city.chengdong.pk])),
    ("many_impossible", "many", lambda s: s.consultation(many=0)),
    ("copies_missing", "copies", lambda s: s.handout(copies=0)),
]


def elsewhere(scene: Scene) -> Any:
    return a_family(scene.city.dongzhou, scene.city.users["stranger"])


@pytest.fixture
def scene(city, worker) -> Scene:
    family = a_family(city.chengdong, worker)
    gone = [a_member("林阿公", Relation.HEAD, died_on=date(2020, 4, 30))]
    return Scene(city, worker, family, a_family(city.chengdong, worker, members=gone))


def record(entry: Any, by: Any, **more: Any) -> Any:
    match entry:
        case ActivityEntry():
            return record_activity(by=by, entry=entry, **more)
        case ConsultationEntry():
            return record_consultations(by=by, entries=[entry], **more)
        case HandoutEntry():
            return record_handouts(by=by, entries=[entry], **more)
    return record_visit(by=by, entry=entry, **more)


def written() -> list[int]:
    tables = [ServiceRecord, Contact, RecordWorker, Standing, TextDocument, AuditEvent]
    history = [table.history.model for table in tables[:3]]
    return [table.objects.count() for table in [*tables, *history]]


def test_every_finding_of_the_table_has_a_case():
    assert {code for code, *_ in CASES} == set(DOORS)


@pytest.mark.parametrize("door", Door)
@pytest.mark.parametrize(("code", "field", "make"), CASES, ids=[code for code, *_ in CASES])
def test_each_door_does_with_each_finding_what_the_table_says(scene, door, code, field, make):
    entry = make(scene)
    before = written()
    with pytest.raises(Refused) as caught:
        record(entry, scene.by, door=door, acknowledged=False)
    found = {finding.code: finding for finding in caught.value.findings}
    assert found[code].field == field
    assert found[code].severity == DOORS[code][door]
    assert "请" in found[code].sentence or "可" in found[code].sentence, "it says what to do"
    assert written() == before

    if DOORS[code][door] is Severity.REFUSE:
        assert not isinstance(caught.value, NeedsAcknowledgement)
        with pytest.raises(Refused):
            record(entry, scene.by, door=door, acknowledged=True)
        assert written() == before
    else:
        assert isinstance(caught.value, NeedsAcknowledgement), found
        record(entry, scene.by, door=door, acknowledged=True)
        assert written() > before


def test_a_sound_entry_says_nothing_at_any_door(scene):
    for day, door in enumerate(Door, 1):
        record(scene.visit(on=date(2020, 5, day)), scene.by, door=door)
        record(scene.activity(on=date(2020, 5, day), stated_total=20), scene.by, door=door)


@pytest.mark.parametrize(
    ("make", "days"),
    [
        (lambda s: s.visit(on=date(2020, 6, 6)), "today"),
        (lambda s: s.activity(on=date(2017, 7, 1)), "the day the station opened"),
        (lambda s: s.visit(on=date(2017, 7, 1)), "the day the station opened"),
    ],
)
def test_the_first_and_the_last_possible_day_are_fine(scene, make, days):
    assert record(make(scene), scene.by)


def test_everything_wrong_with_an_entry_is_said_at_once(scene):
    entry = scene.visit(on=LATE, worker_ids=[], met=[], next_on=date(2020, 1, 1))
    with pytest.raises(Refused) as caught:
        record(entry, scene.by)
    assert {finding.field for finding in caught.value.findings} == {"occurred_on", "workers", "met", "next_on"}


@pytest.mark.nodb
@pytest.mark.parametrize(("entered", "late"), [(date(2020, 5, 8), False), (date(2020, 5, 9), True)])
def test_late_is_more_than_seven_days_after(entered, late):
    assert is_late(date(2020, 5, 1), entered) is late
