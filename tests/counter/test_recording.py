"""Consultations and leaflets: who is counted, what is refused, what the database refuses, what the figures say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.ids import random_id
from shuangbai.core.models import AuditEvent
from shuangbai.core.periods import Period
from shuangbai.counter.actions.recording import correct_consultation, correct_handout, record_consultation
from shuangbai.counter.enums import Outcome, Topic, Way
from shuangbai.counter.models import Consultation, Handout
from shuangbai.reports.evidence import page_of
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.services.actions import void_records
from shuangbai.services.enums import ContactKind, HeadGroup
from shuangbai.services.models import ServiceRecord
from tests.cast import City, a_family, an_activity
from tests.smallthings import a_consultation, a_handout, asked, handed

pytestmark = pytest.mark.django_db
MAY = Period(date(2020, 5, 1), date(2020, 6, 6))


def sentence(refused: Any) -> str:
    return "；".join(finding.sentence for finding in refused.value.findings)


def value(code: str, unit: Any) -> Any:
    return BY_CODE[code].value(Ask(MAY, unit))


@pytest.fixture
def family(city: City, worker):
    return a_family(city.chengdong, worker, tags=["dibao_rural"])


class TestWhoAsked:
    def test_somebody_unknown_is_a_head_of_their_group(self, city, worker):
        record = a_consultation(city.chengdong, worker, group=HeadGroup.ELDERS).record
        [contact] = record.contacts.all()
        assert (contact.kind, contact.heads, contact.group) == (ContactKind.HEADS, 1, "elders")
        assert record.household is None

    def test_somebody_on_file_is_named_and_it_stands_in_the_familys_history(self, city, worker, family):
        record = a_consultation(city.chengdong, worker, person_id=family.people[1].pk).record
        assert record.household == family.household
        assert record.village == family.household.village
        kinds = {contact.kind: contact.person_id for contact in record.contacts.all()}
        assert kinds == {ContactKind.PERSON: family.people[1].pk, ContactKind.HOUSEHOLD: None}

    def test_of_three_who_came_together_one_is_on_file(self, city, worker, family):
        record = a_consultation(city.chengdong, worker, person_id=family.people[0].pk, many=3).record
        assert record.contacts.get(kind=ContactKind.HEADS).heads == 2

    def test_a_family_without_saying_who_is_one_head(self, city, worker, family):
        record = a_consultation(city.chengdong, worker, household_id=family.household.pk).record
        assert record.household == family.household
        assert record.contacts.get(kind=ContactKind.HEADS).heads == 1

    def test_a_name_alone_is_encrypted_and_given_up_where_somebody_on_file_is_said(self, city, worker, family):
        row = a_consultation(city.chengdong, worker, name="黄姨")
        assert Consultation.objects.get(pk=row.pk).name == "黄姨"
        other = a_consultation(city.chengdong, worker, name="黄姨", person_id=family.people[0].pk)
        assert other.name == ""

    def test_the_trail_names_nobody(self, city, worker, family):
        a_consultation(city.chengdong, worker, person_id=family.people[0].pk, name="黄姨", summary="曾秀英问低保")
        told = AuditEvent.objects.filter(kind="record.recorded").last()
        assert "曾秀英" not in str(told.details) + str(told.personal)


class TestRefusals:
    def test_sending_twice_changes_nothing(self, city, worker):
        entry = asked(city.chengdong, worker)
        assert record_consultation(by=worker, entry=entry).pk == record_consultation(by=worker, entry=entry).pk
        assert ServiceRecord.objects.count() == 1

    def test_what_cannot_be_is_said_with_its_place(self, city, worker, stranger):
        cases: list[tuple[dict[str, Any], str]] = [
            ({"occurred_on": date(2020, 6, 7)}, "在今天之后"),
            ({"occurred_on": date(2017, 6, 1)}, "开站日期"),
            ({"worker_ids": []}, "请选择社工"),
            ({"worker_ids": [stranger.staff_id]}, "不在本站任职"),
            ({"topic": "nothing"}, "不在可选之列"),
            ({"many": 0}, "人数请填"),
            ({"person_id": random_id()}, "不在本站家庭名册中"),
            ({"household_id": random_id()}, "不在本站家庭名册中"),
        ]
        for more, said in cases:
            with pytest.raises(Refused) as refused:
                a_consultation(city.chengdong, worker, **more)
            assert said in sentence(refused)
        assert not ServiceRecord.objects.exists()

    def test_somebody_of_another_family_is_not_of_this_one(self, city, worker, family):
        other = a_family(city.chengdong, worker)
        with pytest.raises(Refused) as refused:
            a_consultation(city.chengdong, worker, household_id=family.household.pk, person_id=other.people[0].pk)
        assert "当天不是这一户的人" in sentence(refused)

    def test_another_stations_family_is_not_known_here(self, city, worker, stranger):
        theirs = a_family(city.dongzhou, stranger)
        with pytest.raises(Refused) as refused:
            a_consultation(city.chengdong, worker, person_id=theirs.people[0].pk)
        assert "不在本站家庭名册中" in sentence(refused)

    def test_nobody_records_for_another_station(self, city, stranger, officer):
        for by in (stranger, officer):
            with pytest.raises(NotAllowed):
                a_consultation(city.chengdong, by)

    def test_leaflets_without_a_name_or_a_number_are_refused(self, city, worker):
        for more, said in (({"title": " "}, "什么资料"), ({"copies": 0}, "请填份数")):
            with pytest.raises(Refused) as refused:
                a_handout(city.chengdong, worker, **more)
            assert said in sentence(refused)


class TestCorrecting:
    def test_what_it_said_before_is_kept_and_who_asked_can_be_put_right(self, city, worker, family):
        row = a_consultation(city.chengdong, worker)
        entry = asked(city.chengdong, worker, topic=Topic.HEALTH, person_id=family.people[0].pk)
        correct_consultation(by=worker, consultation=row, version=1, entry=entry, reason="选错了")
        record = ServiceRecord.objects.get()
        assert (record.version, record.household) == (2, family.household)
        assert [old.topic for old in Consultation.history.order_by("history_id")] == ["aid", "health"]

    def test_two_at_once_the_second_sees_it(self, city, worker):
        row = a_handout(city.chengdong, worker)
        entry = handed(city.chengdong, worker, copies=60)
        correct_handout(by=worker, handout=row, version=1, entry=entry, reason="数错了")
        with pytest.raises(Conflict):
            correct_handout(by=worker, handout=row, version=1, entry=entry, reason="数错了")
        assert Handout.objects.get().copies == 60

    def test_a_voided_one_is_not_corrected(self, city, worker):
        row = a_handout(city.chengdong, worker)
        void_records(by=worker, records=[row.record], reason="重复")
        with pytest.raises(Refused):
            correct_handout(by=worker, handout=row, version=2, entry=handed(city.chengdong, worker), reason="数错了")


class TestTheDatabase:
    def test_a_consultation_has_a_topic_and_somebody(self, city, worker):
        row = a_consultation(city.chengdong, worker)
        for change in ({"topic": ""}, {"many": 0}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Consultation.objects.filter(pk=row.pk).update(**change)

    def test_leaflets_have_a_name_and_copies(self, city, worker):
        row = a_handout(city.chengdong, worker)
        for change in ({"title": ""}, {"copies": 0}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Handout.objects.filter(pk=row.pk).update(**change)


class TestFigures:
    def test_consultations_are_counted_by_heads_and_add_to_nothing_else(self, city, worker, family):
        before = {code: value(code, city.root) for code in ("V1", "V2", "V4", "V5", "A1", "A2", "B1", "A6")}
        a_consultation(city.chengdong, worker, person_id=family.people[0].pk, many=2, way=Way.CALLED)
        a_consultation(city.chengdong, worker, topic=Topic.WORK, outcome=Outcome.REFERRED)
        a_handout(city.chengdong, worker)
        assert value("A5", city.root) == 3
        ask = Ask(MAY, city.root)
        assert BY_CODE["A5"].split(ask, "topic") == {"aid": 2, "work": 1}
        assert BY_CODE["A5"].split(ask, "way") == {"called": 2, "came": 1}
        assert BY_CODE["A5"].evidence(ask) == 3
        assert before == {code: value(code, city.root) for code in before}

    def test_leaflets_of_activities_and_of_their_own_are_each_counted_once(self, city, worker, stranger):
        an_activity(city.chengdong, worker, leaflets=120)
        an_activity(city.chengdong, worker, on=date(2020, 6, 2))
        a_handout(city.chengdong, worker)
        voided = a_handout(city.chengdong, worker, copies=70)
        void_records(by=worker, records=[voided.record], reason="重复")
        a_handout(city.dongzhou, stranger, copies=5)
        ask = Ask(MAY, city.root)
        assert BY_CODE["A4"].value(ask) == BY_CODE["A4"].evidence(ask) == 175
        assert BY_CODE["A4"].split(ask, "record_kind") == {"activity": 120, "handout": 55}
        assert value("A4", city.chengdong) == 170

    def test_the_list_behind_says_what_was_asked_and_masks_who(self, city, worker, family):
        a_consultation(city.chengdong, worker, person_id=family.people[0].pk)
        page = page_of(BY_CODE["A5"], Ask(MAY, city.root), 1, names=False)
        assert page.items[0].title.startswith("曾")
        assert "曾秀英" not in page.items[0].title
        assert "低保与救助" in page.items[0].meta

    def test_a_day_outside_the_period_is_not_counted(self, city, worker):
        a_consultation(city.chengdong, worker, occurred_on=date(2020, 4, 30))
        assert value("A5", city.root) == 0
