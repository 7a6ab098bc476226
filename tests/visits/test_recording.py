"""Recording visits: what each leaves, sent twice, one or many, and who may."""

from datetime import date, timedelta

import pytest

from shuangbai.core import clock
from shuangbai.core.findings import Door, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.models import AuditEvent, TextDocument
from shuangbai.households.entries import MoveEntry
from shuangbai.households.enums import Relation
from shuangbai.households.models import Standing
from shuangbai.households.moves import move_households, serve_households
from shuangbai.services.access import records_visible_to
from shuangbai.services.models import Contact, RecordWorker, ServiceRecord
from shuangbai.services.queries import with_words
from shuangbai.visits.actions import record_visit, record_visits
from shuangbai.visits.enums import Followup, Mode, Need, Result, Topic
from shuangbai.visits.models import Visit
from tests.cast import a_campaign, a_family, a_member, a_visit, a_visit_entry, again
from tests.snapshots import picture_after

DAY = date(2020, 5, 1)


@pytest.fixture
def family(city, worker):
    return a_family(
        city.chengdong, worker, tags=["dibao_rural"],
        members=[a_member("曾秀英", Relation.HEAD, tags=["disabled"]), a_member("陈大文"), a_member("陈小文")],
    )  # fmt: skip


class TestWhatItLeaves:
    def test_one_visit_is_one_record_with_everybody_it_met(self, city, worker, colleague, family):
        met = family.people[:2]
        visit = a_visit(city.chengdong, worker, family, met=met, worker_ids=[worker.staff_id, colleague.staff_id])
        record = visit.record
        assert (record.kind, record.occurred_on, record.reached) == ("visit", DAY, True)
        assert (record.station, record.household, record.entered_by) == (city.chengdong, family.household, worker)
        assert {c.person for c in record.contacts.filter(kind="person")} == set(met)
        assert record.contacts.get(kind="household").household == family.household
        assert [w.staff for w in record.workers.order_by("position")] == [worker.staff, colleague.staff]

    def test_everything_that_was_typed_is_kept(self, city, worker, family):
        said = {
            "mode": Mode.PHONE, "topics": [Topic.HEALTH, Topic.POLICY], "needs": [Need.CARE], "observation": "屋内整洁",
            "followup": Followup.NEXT_VISIT, "next_on": date(2020, 6, 1), "narrative": "  血压稳定  ",
        }  # fmt: skip
        visit = Visit.objects.get(pk=a_visit(city.chengdong, worker, family, **said).pk)
        assert visit.narrative == "血压稳定"
        assert (visit.topics, visit.needs) == (["health", "policy"], ["care"])
        assert (visit.mode, visit.followup, visit.next_on) == ("phone", "next_visit", date(2020, 6, 1))

    def test_its_words_are_found(self, city, worker, family):
        visit = a_visit(city.chengdong, worker, family, narrative="血压偏高", observation="屋顶漏水")
        records = ServiceRecord.objects.all()
        assert with_words(records, "血压", stations=[city.chengdong.pk]) == [visit.record]
        assert with_words(records, "漏水", stations=[city.chengdong.pk]) == [visit.record]
        assert with_words(records, "血压", stations=[city.dongzhou.pk]) == []

    def test_what_everybody_counted_as_is_kept(self, city, worker, family):
        record = a_visit(city.chengdong, worker, family, met=family.people[:2]).record
        rows = Standing.objects.filter(occasion=record.pk).values_list("person__name", "category__code")
        assert set(rows) == {
            (None, "dibao_rural"), (None, "disabled"),
            ("曾秀英", "dibao_rural"), ("曾秀英", "disabled"), ("陈大文", "dibao_rural"),
        }  # fmt: skip

    def test_an_unmet_visit_is_work_but_not_service(self, city, worker, family):
        visit = a_visit(city.chengdong, worker, family, result=Result.NOBODY_HOME)
        assert visit.record.reached is False
        assert not Contact.objects.exists()
        assert RecordWorker.objects.get().staff == worker.staff
        assert set(Standing.objects.values_list("household", flat=True)) == {family.household.pk}

    @pytest.mark.parametrize("result", Result)
    def test_only_meeting_somebody_is_effective(self, city, worker, family, result):
        assert a_visit(city.chengdong, worker, family, result=result).record.reached is (result == Result.MET)

    def test_a_visit_without_words_is_a_visit(self, city, worker, family):
        a_visit(city.chengdong, worker, family, narrative="")
        assert not TextDocument.objects.exists()

    def test_its_history_and_trail_begin_with_it(self, city, worker, family):
        visit = a_visit(city.chengdong, worker, family)
        for row in (visit, visit.record, *visit.record.contacts.all(), *visit.record.workers.all()):
            assert [(h.history_type, h.history_user) for h in row.history.all()] == [("+", worker)]
        assert AuditEvent.objects.filter(kind="record.recorded", about_id=str(visit.pk)).count() == 1

    def test_it_keeps_when_it_was_entered_apart_from_when_it_was(self, city, worker, family):
        record = a_visit(city.chengdong, worker, family, on=date(2020, 1, 3)).record
        assert record.entered_at.astimezone(clock.now().tzinfo).date() == date(2020, 6, 6)
        assert record.occurred_on == date(2020, 1, 3)

    def test_a_visitor_or_member_named_twice_counts_once(self, city, worker, family):
        person = family.people[0]
        visit = a_visit(city.chengdong, worker, family, met=[person, person], worker_ids=[worker.staff_id] * 2)
        assert visit.record.contacts.filter(kind="person").count() == 1
        assert visit.record.workers.count() == 1

    def test_a_visit_before_the_file_was_opened_is_a_visit(self, city, worker, family):
        assert a_visit(city.chengdong, worker, family, on=date(2017, 7, 1))

    def test_it_belongs_to_the_campaign_it_names(self, city, worker, family):
        week = a_campaign(city.root)
        assert a_visit(city.chengdong, worker, family, on=date(2020, 5, 12), campaign=week).record.campaign == week


class TestPlace:
    def test_it_keeps_the_village_where_the_family_lived_on_the_day(self, city, worker, family):
        early = a_visit(city.chengdong, worker, family, on=date(2019, 1, 1)).record
        move_households(by=worker, entries=[MoveEntry(family.household, city.beiping.pk, date(2020, 1, 1))])
        late = a_visit(city.chengdong, worker, family, on=date(2020, 1, 1)).record
        filled_in_later = a_visit(city.chengdong, worker, family, on=date(2019, 12, 31)).record
        assert late.village == city.beiping
        assert filled_in_later.village == city.chishan
        early.refresh_from_db()
        assert early.village == city.chishan


class TestSentTwice:
    def test_the_same_visit_again_changes_nothing(self, city, worker, family):
        entry = a_visit_entry(city.chengdong, worker, family)
        first = record_visit(by=worker, entry=entry)
        before = (AuditEvent.objects.count(), ServiceRecord.history.count(), Standing.objects.count())
        entry.narrative = "改了"
        again_ = record_visit(by=worker, entry=entry)
        assert again_.pk == first.pk
        assert again_.narrative == first.narrative
        assert (AuditEvent.objects.count(), ServiceRecord.history.count(), Standing.objects.count()) == before

    def test_a_batch_sent_again_adds_only_what_is_new_in_the_order_sent(self, city, worker, family):
        entries = [a_visit_entry(city.chengdong, worker, family, on=DAY + timedelta(days=n)) for n in range(4)]
        first = record_visits(by=worker, entries=entries[1:3], door=Door.PHONE)
        sent = record_visits(by=worker, entries=entries, door=Door.PHONE)
        assert [one.pk for one in sent[1:3]] == [one.pk for one in first]
        assert [one.record.occurred_on for one in sent] == [entry.occurred_on for entry in entries]
        assert Visit.objects.count() == 4

    def test_twice_in_one_batch_is_once(self, city, worker, family):
        entry = a_visit_entry(city.chengdong, worker, family)
        first, second = record_visits(by=worker, entries=[entry, entry], door=Door.PHONE)
        assert first.pk == second.pk
        assert Visit.objects.count() == 1

    def test_another_station_may_use_the_same_id(self, city, worker, stranger, family):
        mine = a_visit(city.chengdong, worker, family)
        theirs = a_family(city.dongzhou, stranger)
        other = a_visit(city.dongzhou, stranger, theirs, client_id=mine.record.client_id)
        assert other.pk != mine.pk

    def test_a_stranger_who_knows_the_id_is_given_nothing(self, city, worker, stranger, family):
        entry = a_visit_entry(city.chengdong, worker, family)
        record_visit(by=worker, entry=entry)
        with pytest.raises(NotAllowed):
            record_visit(by=stranger, entry=entry)


class TestOneOrMany:
    def entries(self, city, worker, colleague, family) -> list:
        other = a_family(city.chengdong, worker, members=[a_member("单小红", Relation.HEAD, tags=["aged"])])
        week = a_campaign(city.root)
        make = lambda home, **more: a_visit_entry(city.chengdong, worker, home, **more)  # noqa: E731
        return [
            make(family, on=date(2020, 5, 11), campaign=week, worker_ids=[worker.staff_id, colleague.staff_id]),
            make(family, on=date(2020, 5, 12), result=Result.REFUSED, narrative=""),
            make(other, on=date(2020, 5, 11), mode=Mode.PHONE, followup=Followup.NEXT_VISIT, next_on=date(2020, 6, 1)),
            make(other, on=date(2019, 5, 11), topics=["health"], needs=["care"], observation="屋顶漏水"),
        ]

    def test_many_at_once_leave_what_one_by_one_leaves(self, city, worker, colleague, family):
        entries = self.entries(city, worker, colleague, family)
        single = picture_after(lambda: [record_visit(by=worker, entry=entry) for entry in entries])
        bulk = picture_after(lambda: record_visits(by=worker, entries=entries, door=Door.PAGE, acknowledged=False))
        assert single == bulk
        assert len(single["visits.Visit"]) == 4
        assert {"services.Contact", "services.HistoricalContact", "households.Standing", "core.TextDocument"} <= set(
            single
        )

    def test_the_second_visit_of_a_day_is_asked_about_in_a_batch_too(self, city, worker, family):
        entries = [a_visit_entry(city.chengdong, worker, family) for _ in range(2)]
        with pytest.raises(NeedsAcknowledgement):
            record_visits(by=worker, entries=entries, door=Door.PAGE, acknowledged=False)
        assert not Visit.objects.exists()
        record_visits(by=worker, entries=entries, door=Door.PAGE, acknowledged=True)
        assert len(set(ServiceRecord.objects.values_list("counted_key", flat=True))) == 1

    def test_one_refused_keeps_the_whole_batch_out(self, city, worker, family):
        entries = [a_visit_entry(city.chengdong, worker, family, on=date(2020, 6, day)) for day in (5, 6, 7)]
        before = AuditEvent.objects.count()
        with pytest.raises(Refused):
            record_visits(by=worker, entries=entries, door=Door.SHEET)
        for table in (ServiceRecord, Visit, Contact, Standing, TextDocument, ServiceRecord.history.model):
            assert not table.objects.exists(), table
        assert AuditEvent.objects.count() == before

    def test_the_number_of_queries_does_not_grow_with_the_batch(
        self, city, worker, family, django_assert_max_num_queries
    ):
        entries = [a_visit_entry(city.chengdong, worker, family, on=DAY - timedelta(days=n)) for n in range(60)]
        with django_assert_max_num_queries(35):
            record_visits(by=again(worker), entries=entries, door=Door.PAGE)


class TestCountedOnce:
    def key(self, city, worker, family, **more):
        return a_visit(city.chengdong, worker, family, **more).record.counted_key

    def test_same_family_day_way_and_station_count_once(self, city, worker, colleague, family):
        first = self.key(city, worker, family)
        assert self.key(city, worker, family, worker_ids=[colleague.staff_id]) == first

    def test_another_day_way_or_station_counts_again(self, city, worker, neighbour, family):
        first = self.key(city, worker, family)
        assert self.key(city, worker, family, on=date(2020, 5, 2)) != first
        assert self.key(city, worker, family, mode=Mode.PHONE) != first
        serve_households(by=worker, entries=[(family.household, city.haicheng, date(2020, 1, 1))])
        assert a_visit(city.haicheng, neighbour, family).record.counted_key != first


class TestWho:
    def test_a_station_that_does_not_serve_the_family_writes_nothing(self, city, worker, stranger, family):
        with pytest.raises(NotAllowed):
            a_visit(city.dongzhou, stranger, family)
        assert not ServiceRecord.objects.exists()

    @pytest.mark.parametrize("name", ["stranger", "neighbour", "supervisor", "officer", "sysadmin", "auditor"])
    def test_nobody_else_writes_at_this_station(self, city, worker, family, name):
        with pytest.raises(NotAllowed):
            record_visit(by=city.users[name], entry=a_visit_entry(city.chengdong, worker, family))
        assert not ServiceRecord.objects.exists()

    def test_nobody_else_learns_from_a_refusal(self, city, worker, stranger, family):
        with pytest.raises(NotAllowed):
            record_visit(by=stranger, entry=a_visit_entry(city.chengdong, worker, family, on=date(2021, 1, 1)))

    def test_two_stations_that_serve_a_family_each_write_their_own(self, city, worker, neighbour, family):
        serve_households(by=worker, entries=[(family.household, city.haicheng, date(2020, 1, 1))])
        mine, theirs = a_visit(city.chengdong, worker, family), a_visit(city.haicheng, neighbour, family)
        assert list(records_visible_to(again(worker))) == [mine.record]
        assert list(records_visible_to(again(neighbour))) == [theirs.record]

    def test_who_sees_a_record(self, city, worker, family):
        record = a_visit(city.chengdong, worker, family).record
        for name in ("worker", "colleague", "head", "supervisor", "officer"):
            assert list(records_visible_to(again(city.users[name]))) == [record], name
        for name in ("stranger", "neighbour", "sysadmin", "auditor"):
            assert not records_visible_to(again(city.users[name])).exists(), name
