"""What was linked, referred, applied for, and who volunteers, in a frozen report: proved; changes are told."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shuangbai.assistance.actions.matters import MatterEntry, open_matter
from shuangbai.assistance.enums import MatterKind
from shuangbai.assistance.models import Matter
from shuangbai.core.ids import random_id
from shuangbai.core.periods import Period
from shuangbai.filings.comparing import Change
from shuangbai.filings.enums import ChangeKind
from shuangbai.filings.gathering import FROZEN, LINK
from shuangbai.filings.manifest import recount, unpacked
from shuangbai.filings.models import Manifest
from shuangbai.filings.showing import changed_rows
from shuangbai.filings.verifying import Proof, prove
from shuangbai.households.identity import merge_people
from shuangbai.households.known import PersonPair
from shuangbai.network.models import User
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.reports.results import results
from shuangbai.resources.actions.directory import ResourceEntry, list_resource
from shuangbai.resources.actions.linking import LinkEntry, correct_link, link_resource, void_link
from shuangbai.resources.actions.referring import MoveEntry, ReferralEntry, move_referral, start_referral
from shuangbai.resources.enums import Move
from shuangbai.resources.models import Referral, ResourceLink
from shuangbai.services.actions import void_records
from shuangbai.volunteers.actions.hours import give_hours
from shuangbai.volunteers.actions.teams import move_team
from shuangbai.volunteers.enums import TeamStage
from shuangbai.volunteers.models import TeamState, Volunteer
from tests.cases.short import a_case
from tests.cast import City, a_family, a_member, an_activity
from tests.filings.test_proof import MAY, frozen
from tests.volunteers.conftest import a_team, a_volunteer, hours

pytestmark = pytest.mark.django_db
ON, BORN = date(2020, 5, 10), date(2007, 3, 5)
CODES = ("T1", "T2", "T2A", "T3", "R1", "R2", "R3", "R4A", "R4B", "X1", "P1", "P9")


@pytest.fixture(autouse=True)
def heads_kept(tmp_path: Any, settings: Any) -> None:
    settings.TRAIL_HEADS = tmp_path / "heads.log"


@pytest.fixture
def home(city: City, worker: User) -> Any:
    return a_family(city.chengdong, worker, members=[a_member("曾秀英"), a_member("陈小树", birth_date=BORN)])


def linked(by: User, city: City, home: Any, kind: str = "money", **more: Any) -> ResourceLink:
    listed = ResourceEntry(f"临时救助 {random_id()}"[:20], "市慈善会", kind)
    resource = list_resource(by=by, unit=city.chengdong, entry=listed, starts_on=date(2020, 1, 1))
    said = {"value": Decimal(800), "valued_by": "receipt", **more}
    entry = LinkEntry(random_id(), resource.pk, ON, household=home.household, **said)
    return link_resource(by=by, entry=entry, acknowledged=True)


def a_matter(by: User, home: Any, kind: MatterKind = MatterKind.NEW) -> Matter:
    return open_matter(by=by, entry=MatterEntry(random_id(), home.household, "dibao", kind, ON), acknowledged=True)


def referred(by: User, home: Any) -> Referral:
    entry = ReferralEntry(random_id(), ON, "睡不好", "评估情绪", household=home.household, body="县医院")
    made = start_referral(by=by, entry=entry, acknowledged=True)
    return move_referral(by=by, referral=made, version=1, entry=MoveEntry(Move.SEND, ON))


@pytest.fixture
def month(city: City, worker: User, home: Any) -> Manifest:
    """May of 城东: two links, one of a case alone, a referral, a matter, a team, a volunteer with hours; frozen."""
    linked(worker, city, home, person_id=home.people[1].pk)
    case = a_case(city.chengdong, worker, home)
    linked(worker, city, home, "goods", value=Decimal("120.50"), case_key=case.pk, only_case=True)
    referred(worker, home)
    a_matter(worker, home)
    a_team(city.chengdong, worker)
    one = a_volunteer(city.chengdong, worker)
    give_hours(by=worker, record=an_activity(city.chengdong, worker, on=ON).record, entries=[hours(one)])
    return frozen(city, city.chengdong, *MAY)


def kinds(proof: Proof) -> set[ChangeKind]:
    return set(proof.kinds)


def test_they_are_frozen_and_proved(month: Manifest) -> None:
    assert {*CODES} <= {*FROZEN}
    proof = prove(month)
    assert (proof.sound, proof.figures) == (True, [])


def test_the_results_report_tells_them_in_sections_that_are_left_out_where_empty(
    city: City, worker: User, month: Manifest
) -> None:
    whole = results(Ask(Period(*MAY), city.chengdong))
    assert [whole.figures[code].value for code in ("R1", "R2", "R4A", "R4B", "X1", "P1")] == [2, 800, 1, 1, 1, 1]
    assert whole.figures["R3"].value == Decimal("120.50")
    assert list(whole.numbered().values())[-3:] == ["六、志愿者", "七、链接资源与协助申请", "八、各站"]
    bare = results(Ask(Period(*MAY), city.dongzhou)).numbered()
    assert list(bare.values())[-1] == "六、各站"


def test_a_link_that_was_corrected_or_voided_since(city: City, worker: User, home: Any, month: Manifest) -> None:
    one = ResourceLink.objects.get(in_cash=True)
    entry = LinkEntry(one.client_id, one.resource_id, ON, household=home.household, value=Decimal(500), valued_by="own")
    correct_link(by=worker, link=one, version=1, entry=entry, reason="看错了票据", acknowledged=True)
    proof = prove(month)
    assert (proof.sound, kinds(proof)) == (True, {ChangeKind.CORRECTED})
    assert [(one.code, one.frozen, one.now) for one in proof.figures] == [("R2", 800, 500), ("R4B", 1, 0)]
    void_link(by=worker, link=ResourceLink.objects.get(pk=one.pk), version=2, reason="记重了")
    proof = prove(month)
    assert (proof.sound, kinds(proof)) == (True, {ChangeKind.VOIDED})


def test_what_came_late(city: City, worker: User, home: Any, month: Manifest) -> None:
    linked(worker, city, home)
    referred(worker, home)
    a_matter(worker, home, MatterKind.REVIEW)
    proof = prove(month)
    assert (proof.sound, kinds(proof)) == (True, {ChangeKind.LATE})
    assert sorted(one.code for one in proof.figures) == ["P1", "R1", "R2", "X1"]


def test_people_held_to_be_one_are_told_as_such(city: City, home: Any, month: Manifest) -> None:
    other = a_family(city.haicheng, city.users["neighbour"], members=[a_member("陈小树", birth_date=BORN)]).people[0]
    people = [home.people[1], other]
    pair = PersonPair.objects.get(first__in=people, second__in=people)
    merge_people(by=city.users["supervisor"], pair=pair, keep=other.pk, reason="对过户口本")
    proof = prove(month)
    assert (proof.sound, kinds(proof)) == (True, {ChangeKind.MERGED})


def test_a_team_in_another_stage_and_a_record_with_hours_voided(city: City, worker: User, month: Manifest) -> None:
    state = TeamState.objects.get()
    move_team(by=worker, team=state.team, version=1, to=TeamStage.RUNNING, on=date(2020, 5, 20), reason="自己排班")
    record = Volunteer.objects.get().hours.get().record  # type: ignore[attr-defined]
    void_records(by=worker, records=[record], reason="记重了")
    assert prove(month).sound


@pytest.mark.parametrize(
    ("model", "changed"),
    [
        (ResourceLink, {"value": Decimal(1)}), (Referral, {"sent_on": date(2020, 5, 11)}),
        (Matter, {"kind": "review"}), (TeamState, {"starts_on": date(2020, 5, 1)}),
        (Volunteer, {"since": date(2019, 1, 1)}),
    ],
)  # fmt: skip
def test_what_was_changed_in_the_database_is_found(month: Manifest, model: Any, changed: dict[str, Any]) -> None:
    model.objects.update(**changed)
    assert not prove(month).sound


@pytest.mark.parametrize("code", CODES)
def test_each_is_counted_again_from_the_manifest(month: Manifest, city: City, code: str) -> None:
    facts = unpacked(json.loads(month.header), bytes(month.facts))
    assert recount(facts, code) == float(BY_CODE[code].value(Ask(Period(*MAY), city.chengdong)))


def test_what_has_no_name_is_counted_in_one_line_and_a_fault_keeps_its_key() -> None:
    late, gone = [random_id() for _ in range(2)], random_id()
    found = [Change(ChangeKind.LATE, LINK, key, None) for key in late] + [Change(ChangeKind.VANISHED, LINK, gone, None)]
    told = {row.kind: row for row in changed_rows(found, names=True, secret=())}
    links, vanished = told[ChangeKind.LATE], told[ChangeKind.VANISHED]
    assert [(line.title, line.number) for line in links.lines] == [("资源链接", 2)]
    assert (links.number, links.more) == (2, 0)
    assert [line.title for line in vanished.lines] == [f"资源链接 {gone}"]
