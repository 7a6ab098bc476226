"""Correcting a visit: what it said before is kept, and nobody overwrites in silence."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.households.models import Standing
from shuangbai.services.actions import void_records
from shuangbai.services.models import Contact, RecordWorker, ServiceRecord
from shuangbai.services.queries import with_words
from shuangbai.visits.actions import correct_visit
from shuangbai.visits.enums import Mode, Result
from shuangbai.visits.models import Visit
from tests.cast import START, a_family, a_visit, a_visit_entry


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker, tags=["dibao_rural"])


@pytest.fixture
def visit(city, worker, family):
    return a_visit(city.chengdong, worker, family)


@pytest.fixture
def correct(city, worker, family, visit):
    def corrected(*, by=worker, version: int = 1, reason: str = "日期填错", acknowledged: bool = False, **more):
        entry = a_visit_entry(city.chengdong, worker, family, **more)
        return correct_visit(
            by=by, visit=visit, version=version, entry=entry, reason=reason, acknowledged=acknowledged
        )  # fmt: skip

    return corrected


class TestCorrection:
    def test_the_new_stands_and_the_old_is_kept(self, worker, family, visit, correct):
        correct(on=date(2020, 4, 1), mode=Mode.PHONE, narrative="改为电话联系")
        visit = Visit.objects.get()
        assert (visit.mode, visit.narrative) == ("phone", "改为电话联系")
        assert (visit.record.occurred_on, visit.record.version) == (date(2020, 4, 1), 2)
        old, new = visit.record.history.order_by("history_id")
        assert (old.occurred_on, new.occurred_on) == (date(2020, 5, 1), date(2020, 4, 1))
        assert (new.history_user, new.history_change_reason) == (worker, "日期填错")
        assert [h.mode for h in visit.history.order_by("history_id")] == ["home", "phone"]

    def test_who_was_met_is_replaced_and_who_stays_is_left_alone(self, family, visit, correct):
        kept = Contact.objects.get(person=family.people[0])
        correct(met=[family.people[0]])
        assert Contact.objects.filter(kind="person").get().pk == kept.pk
        assert set(Contact.history.filter(kind="person").values_list("person__name", "history_type")) == {
            ("曾秀英", "+"), ("陈大文", "+"), ("陈大文", "-"),
        }  # fmt: skip

    def test_the_visitors_are_replaced(self, colleague, visit, correct):
        correct(worker_ids=[colleague.staff_id])
        assert RecordWorker.objects.get().staff == colleague.staff

    def test_what_they_counted_as_is_noted_for_the_new_day(self, family, visit, correct, worker):
        assert set(Standing.objects.values_list("category__code", flat=True)) == {"dibao_rural"}
        correct(on=START, met=[family.people[1]])
        rows = Standing.objects.values_list("occurred_on", "person__name", "category__code")
        assert set(rows) == {(START, None, "dibao_rural"), (START, "陈大文", "dibao_rural")}

    def test_only_its_new_words_are_found(self, city, visit, correct):
        correct(narrative="孩子上学")
        records = ServiceRecord.objects.all()
        assert with_words(records, "血压", stations=None) == []
        assert with_words(records, "上学", stations=None) == [visit.record]

    def test_a_met_visit_corrected_to_unmet_reaches_nobody(self, visit, correct):
        correct(result=Result.NOBODY_HOME)
        assert ServiceRecord.objects.get().reached is False
        assert not Contact.objects.exists()
        assert not Standing.objects.filter(person__isnull=False).exists()

    def test_the_day_and_way_decide_anew_what_counts_once(self, city, worker, family, visit, correct):
        other = a_visit(city.chengdong, worker, family, on=date(2020, 5, 2))
        assert other.record.counted_key != visit.record.counted_key
        correct(on=date(2020, 5, 2), acknowledged=True)
        assert ServiceRecord.objects.get(pk=visit.pk).counted_key == other.record.counted_key

    def test_it_is_not_its_own_second_visit(self, visit, correct):
        correct(narrative="只改文字")

    def test_the_household_and_the_station_stay_whatever_is_sent(self, city, worker, family, visit):
        other = a_family(city.chengdong, worker)
        entry = a_visit_entry(city.dongzhou, worker, other, met=family.people)
        correct_visit(by=worker, visit=visit, version=1, entry=entry, reason="试")
        record = ServiceRecord.objects.get()
        assert (record.household, record.station) == (family.household, city.chengdong)

    def test_the_trail_says_why(self, visit, correct):
        from shuangbai.core.audit import sentence

        correct()
        said = sentence(AuditEvent.objects.get(kind="record.corrected"))
        assert said.startswith("林小燕 更正了走访记录")
        assert said.endswith("日期填错")


class TestRefused:
    def unchanged(self) -> None:
        assert ServiceRecord.objects.get().version == 1
        assert ServiceRecord.history.count() == Visit.history.count() == 1

    def test_the_same_rules_hold(self, visit, correct):
        with pytest.raises(Refused) as caught:
            correct(on=date(2020, 6, 7))
        assert [finding.field for finding in caught.value.findings if finding.code == "date_in_future"] == [
            "occurred_on"
        ]
        self.unchanged()

    def test_it_needs_a_reason(self, visit, correct):
        with pytest.raises(Refused) as caught:
            correct(reason="  ")
        assert caught.value.findings[0].field == "reason"
        self.unchanged()

    def test_the_second_of_two_editors_is_shown_what_stands(self, colleague, visit, correct):
        correct(narrative="第一位")
        with pytest.raises(Conflict) as caught:
            correct(by=colleague, version=1, narrative="第二位")
        assert caught.value.current.version == 2
        assert Visit.objects.get().narrative == "第一位"
        correct(by=colleague, version=2, narrative="第二位")
        assert Visit.objects.get().narrative == "第二位"

    def test_a_colleague_may_and_nobody_else(self, city, colleague, visit, correct):
        for name in ("stranger", "neighbour", "supervisor", "officer", "sysadmin", "auditor"):
            with pytest.raises(NotAllowed):
                correct(by=city.users[name])
        self.unchanged()
        correct(by=colleague)

    def test_a_voided_one_is_not_corrected(self, worker, visit, correct):
        void_records(by=worker, records=[visit.record], reason="重复")
        with pytest.raises(Refused) as caught:
            correct(version=2)
        assert caught.value.findings[0].field == "record"


class TestVoid:
    def test_it_stays_readable_with_who_when_and_why(self, worker, visit):
        void_records(by=worker, records=[visit.record], reason="重复录入")
        record = ServiceRecord.objects.get()
        assert (record.voided_by, record.void_reason, record.version) == (worker, "重复录入", 2)
        assert record.voided_at is not None
        assert record.visit.narrative
        assert record.history.count() == 2
        assert record.history.latest().history_change_reason == "重复录入"

    def test_its_words_are_not_found_any_more(self, worker, visit):
        void_records(by=worker, records=[visit.record], reason="重复录入")
        assert with_words(ServiceRecord.objects.all(), "血压", stations=None) == []

    @pytest.mark.parametrize("reason", ["", " ", "错"])
    def test_it_needs_a_reason(self, worker, visit, reason):
        with pytest.raises(Refused) as caught:
            void_records(by=worker, records=[visit.record], reason=reason)
        assert caught.value.findings[0].field == "reason"
        assert ServiceRecord.objects.get().voided_at is None

    def test_twice_is_refused_and_the_first_reason_stays(self, worker, visit):
        void_records(by=worker, records=[visit.record], reason="重复录入")
        with pytest.raises(Refused):
            void_records(by=worker, records=[visit.record], reason="再来一次")
        assert ServiceRecord.objects.get().void_reason == "重复录入"

    def test_ones_own_entries_only_unless_one_leads_the_station(self, city, colleague, head, visit):
        for user in (colleague, *(city.users[name] for name in ("stranger", "supervisor", "officer", "sysadmin"))):
            with pytest.raises(NotAllowed):
                void_records(by=user, records=[visit.record], reason="重复录入")
        void_records(by=head, records=[visit.record], reason="重复录入")
        assert ServiceRecord.objects.get().voided_by == head

    def test_one_that_is_anothers_keeps_all_of_them(self, city, worker, colleague, family, visit):
        mine = a_visit(city.chengdong, colleague, family, on=date(2020, 5, 2))
        with pytest.raises(NotAllowed):
            void_records(by=colleague, records=[mine.record, visit.record], reason="重复录入")
        assert not ServiceRecord.objects.exclude(voided_at=None).exists()

    def test_after_voiding_the_same_visit_may_be_entered_again(self, city, worker, family, visit):
        void_records(by=worker, records=[visit.record], reason="重复录入")
        assert a_visit(city.chengdong, worker, family, acknowledged=False).pk != visit.pk

    def test_a_half_voided_record_is_refused_by_the_database(self, worker, visit):
        from shuangbai.core import clock

        whole = {"voided_at": clock.now(), "voided_by": worker, "void_reason": "x"}
        for missing, empty in (("voided_at", None), ("voided_by", None), ("void_reason", "")):
            with pytest.raises(IntegrityError), transaction.atomic():
                ServiceRecord.objects.update(**{**whole, missing: empty})
