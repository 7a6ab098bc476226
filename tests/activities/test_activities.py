"""Community activities: named and anonymous apart, series, corrections, one or many."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from shuangbai.activities.actions import correct_activity, record_activities, record_activity
from shuangbai.activities.enums import ActivityKind
from shuangbai.activities.models import Activity, Series
from shuangbai.activities.rules import activity_findings
from shuangbai.core.findings import Conflict, Door, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.households.models import Standing
from shuangbai.services.actions import void_records
from shuangbai.services.enums import CountMethod, HeadGroup
from shuangbai.services.models import Contact, ServiceRecord
from shuangbai.services.queries import with_words
from tests.cast import a_campaign, a_family, an_activity, an_activity_entry
from tests.snapshots import picture_after

G = HeadGroup


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker, tags=["dibao_rural"])


class TestWhatItLeaves:
    def test_named_and_anonymous_stand_apart(self, city, worker, family):
        heads = {G.CHILDREN: 12, G.ELDERS: 3, G.OTHERS: 0}
        record = an_activity(city.chengdong, worker, people=family.people, heads=heads).record
        assert (record.kind, record.reached, record.household) == ("activity", True, None)
        assert {contact.person for contact in record.contacts.filter(kind="person")} == set(family.people)
        rows = record.contacts.filter(kind="heads").values_list("group", "heads", "method")
        assert set(rows) == {("children", 12, "signed"), ("elders", 3, "signed")}

    def test_everything_that_was_typed_is_kept(self, city, worker):
        said = {
            "title": " 六一游园 ", "kind": ActivityKind.FESTIVAL, "partners": "镇妇联", "place": "文化广场",
            "volunteers": 4, "volunteer_hours": Decimal("8.5"), "leaflets": 50, "summary": "孩子们玩得高兴",
            "village_id": city.chishan.pk,
        }  # fmt: skip
        activity = Activity.objects.get(pk=an_activity(city.chengdong, worker, **said).pk)
        assert (activity.title, activity.partners, activity.leaflets) == ("六一游园", "镇妇联", 50)
        assert (activity.volunteers, activity.volunteer_hours) == (4, Decimal("8.5"))
        assert (activity.record.place, activity.record.village) == ("文化广场", city.chishan)

    def test_title_and_summary_are_found_by_their_words(self, city, worker):
        activity = an_activity(city.chengdong, worker, title="六一游园", summary="孩子们玩得高兴")
        for words in ("游园", "高兴"):
            assert with_words(ServiceRecord.objects.all(), words, stations=[city.chengdong.pk]) == [activity.record]

    def test_what_those_named_counted_as_is_kept(self, city, worker, family):
        an_activity(city.chengdong, worker, people=family.people[:1])
        assert list(Standing.objects.values_list("person__name", "category__code")) == [("曾秀英", "dibao_rural")]

    def test_four_events_of_a_series_are_four_activities(self, city, worker):
        for day in range(1, 5):
            an_activity(city.chengdong, worker, on=date(2020, 6, day), series="相伴童行", heads={G.CHILDREN: 30})
        assert Series.objects.get().events.count() == 4
        assert sum(Contact.objects.values_list("heads", flat=True)) == 120

    def test_a_series_belongs_to_its_station(self, city, worker, stranger):
        an_activity(city.chengdong, worker, series="相伴童行")
        an_activity(city.dongzhou, stranger, series="相伴童行")
        assert Series.objects.count() == 2

    def test_its_history_and_trail_begin_with_it(self, city, worker):
        activity = an_activity(city.chengdong, worker)
        assert [(h.history_type, h.history_user) for h in activity.history.all()] == [("+", worker)]
        assert AuditEvent.objects.get(kind="record.recorded").details == {"what": "社区活动"}

    def test_it_belongs_to_the_campaign_it_names(self, city, worker):
        week = a_campaign(city.root)
        assert an_activity(city.chengdong, worker, on=date(2020, 5, 17), campaign=week).record.campaign == week


class TestOneOrMany:
    def entries(self, city, worker, colleague, family) -> list:
        both = [worker.staff_id, colleague.staff_id]
        return [
            an_activity_entry(city.chengdong, worker, series="相伴童行", people=family.people, worker_ids=both),
            an_activity_entry(city.chengdong, worker, series="相伴童行", on=date(2020, 5, 2), heads={G.ELDERS: 5}),
            an_activity_entry(
                city.chengdong, worker, on=date(2020, 5, 12), campaign=a_campaign(city.root), title="宣传周",
                heads={G.CLIENTS: 9, G.OTHERS: 80}, method=CountMethod.ESTIMATED, volunteers=2,
                volunteer_hours=Decimal(6), summary="发放资料",
            ),
        ]  # fmt: skip

    def test_many_at_once_leave_what_one_by_one_leaves(self, city, worker, colleague, family):
        entries = self.entries(city, worker, colleague, family)
        single = picture_after(lambda: [record_activity(by=worker, entry=entry) for entry in entries])
        bulk = picture_after(lambda: record_activities(by=worker, entries=entries, door=Door.PAGE, acknowledged=False))
        assert single == bulk
        assert len(single["activities.Activity"]) == 3
        assert len(single["activities.Series"]) == 1

    def test_sent_again_changes_nothing(self, city, worker, colleague, family):
        entries = self.entries(city, worker, colleague, family)
        first = record_activities(by=worker, entries=[*entries, entries[0]], door=Door.PHONE)
        before = (AuditEvent.objects.count(), Contact.objects.count(), Series.objects.count())
        assert record_activities(by=worker, entries=[*entries, entries[0]], door=Door.PHONE) == first
        assert (AuditEvent.objects.count(), Contact.objects.count(), Series.objects.count()) == before
        assert Activity.objects.count() == 3

    def test_one_refused_keeps_the_whole_batch_out(self, city, worker):
        entries = [
            an_activity_entry(city.chengdong, worker, series="新"),
            an_activity_entry(city.chengdong, worker, title=""),
        ]
        with pytest.raises(Refused):
            record_activities(by=worker, entries=entries, door=Door.SHEET)
        assert not ServiceRecord.objects.exists()
        assert not Series.objects.exists()

    @pytest.mark.parametrize("name", ["stranger", "neighbour", "supervisor", "officer", "sysadmin", "auditor"])
    def test_nobody_else_writes_at_this_station(self, city, worker, name):
        with pytest.raises(NotAllowed):
            record_activity(by=city.users[name], entry=an_activity_entry(city.chengdong, worker))
        assert not ServiceRecord.objects.exists()


class TestCorrection:
    @pytest.fixture
    def activity(self, city, worker, family):
        return an_activity(city.chengdong, worker, people=family.people, heads={G.CHILDREN: 20, G.ELDERS: 2})

    def correct(self, city, by, activity, **more):
        version, reason = more.pop("version", 1), more.pop("reason", "人数数错")
        entry = an_activity_entry(city.chengdong, by, **more)
        return correct_activity(by=by, activity=activity, version=version, entry=entry, reason=reason)

    def test_the_new_stands_and_the_old_is_kept(self, city, worker, family, activity):
        self.correct(
            city, worker, activity, people=family.people[:1], heads={G.CHILDREN: 21}, title="改名", series="新"
        )
        said = set(Contact.objects.values_list("kind", "person__name", "group", "heads"))
        assert said == {("person", "曾秀英", "", 0), ("heads", None, "children", 21)}
        activity = Activity.objects.get()
        assert (activity.title, activity.series.name, activity.record.version) == ("改名", "新", 2)
        assert [row.title for row in activity.history.order_by("history_id")] == ["相伴童行", "改名"]
        assert activity.history.latest().history_change_reason == "人数数错"
        gone = Contact.history.filter(history_type="-").values_list("group", "heads", "person__name")
        assert set(gone) == {("children", 20, None), ("elders", 2, None), ("", 0, "陈大文")}

    def test_the_same_rules_hold(self, city, worker, activity):
        with pytest.raises(Refused) as caught:
            self.correct(city, worker, activity, stated_total=99)
        assert caught.value.findings[0].field == "stated_total"
        assert Activity.history.count() == 1

    def test_the_second_of_two_editors_is_shown_what_stands(self, city, worker, colleague, activity):
        self.correct(city, worker, activity)
        with pytest.raises(Conflict) as caught:
            self.correct(city, colleague, activity)
        assert caught.value.current.version == 2

    def test_a_stranger_may_not(self, city, stranger, activity):
        with pytest.raises(NotAllowed):
            self.correct(city, stranger, activity)

    def test_a_voided_one_is_not_corrected(self, city, worker, activity):
        void_records(by=worker, records=[activity.record], reason="重复")
        with pytest.raises(Refused):
            self.correct(city, worker, activity, version=2)


class TestDatabase:
    @pytest.mark.parametrize(
        "wrong", [{"volunteer_hours": -1, "volunteers": 1}, {"volunteer_hours": 2, "volunteers": 0}, {"volunteers": -1}]
    )
    def test_it_refuses_impossible_hours(self, city, worker, wrong):
        an_activity(city.chengdong, worker)
        with pytest.raises(IntegrityError), transaction.atomic():
            Activity.objects.update(**wrong)

    def test_it_refuses_a_series_twice_in_one_station(self, city, worker):
        an_activity(city.chengdong, worker, series="相伴童行")
        with pytest.raises(IntegrityError), transaction.atomic():
            Series.objects.create(station=city.chengdong, name="相伴童行")


@pytest.mark.nodb
class TestTotals:
    def codes(self, **more) -> set[str]:
        said = {
            "title": "x", "named": 0, "heads": {}, "has_method": True, "stated_total": None, "volunteers": 0,
            "volunteer_hours": Decimal(0), "workers": 1, **more,
        }  # fmt: skip
        return {finding.code for finding in activity_findings(**said)}

    @given(
        st.integers(0, 50),
        st.dictionaries(st.sampled_from(list(G)), st.integers(0, 300)),
        st.none() | st.integers(0, 900),
    )
    def test_a_total_is_refused_exactly_when_it_is_not_the_sum(self, named, heads, total):
        wrong = total is not None and total != named + sum(heads.values())
        assert ("total_contradicts" in self.codes(named=named, heads=heads, stated_total=total)) is wrong

    @given(st.integers(0, 20), st.decimals(0, 500, places=1))
    def test_hours_fit_into_a_day_of_the_volunteers(self, volunteers, hours):
        found = self.codes(named=1, volunteers=volunteers, volunteer_hours=hours)
        assert bool(found) is (hours > volunteers * 24)
