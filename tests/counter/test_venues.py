"""Venues: equipment, checks and when they are due, use by activities and by counting, who sees what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuangbai.activities.models import Activity
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.ids import random_id
from shuangbai.core.models import AuditEvent
from shuangbai.counter.actions.venues import change_venue, check_venue, count_use, hold_at, unhold
from shuangbai.counter.entries import VenueEntry
from shuangbai.counter.enums import Condition, VenueState
from shuangbai.counter.models import Venue, VenueCount, VenueItem, VenueUse
from shuangbai.counter.queries import checks_due, held_there, might_be_held, places
from shuangbai.counter.rules import months_after
from shuangbai.services.actions import void_records
from shuangbai.services.enums import CountMethod
from tests.cast import TODAY, a_family, a_visit, an_activity
from tests.smallthings import a_venue

pytestmark = pytest.mark.django_db


def sentence(refused: Any) -> str:
    return "；".join(finding.sentence for finding in refused.value.findings)


def text_of(answer: Any) -> str:
    return answer.content.decode()


@pytest.fixture
def park(city, worker) -> Venue:
    return a_venue(city.chengdong, worker)


def said_of(park: Venue, **more: Any) -> VenueEntry:
    said = {"name": park.name, "opened_on": park.opened_on, "items": ["秋千", "滑梯"], **more}
    return VenueEntry(station=park.station, **said)


class TestThePlace:
    def test_equipment_comes_and_goes_and_its_history_stays(self, worker, park):
        change_venue(by=worker, venue=park, version=1, entry=said_of(park, items=["滑梯", "跷跷板"]))
        there = {row.name: row.removed_on for row in VenueItem.objects.filter(venue=park)}
        assert there == {"秋千": TODAY, "滑梯": None, "跷跷板": None}
        change_venue(by=worker, venue=park, version=2, entry=said_of(park))
        assert VenueItem.objects.get(name="秋千").removed_on is None

    def test_it_is_closed_on_a_day(self, worker, park):
        for on, right in ((None, False), (date(2019, 1, 1), False), (date(2020, 6, 1), True)):
            entry = said_of(park, state=VenueState.CLOSED, closed_on=on)
            if right:
                assert change_venue(by=worker, venue=park, version=1, entry=entry).closed_on == on
                continue
            with pytest.raises(Refused) as refused:
                change_venue(by=worker, venue=park, version=1, entry=entry)
            assert "请填停用日期" in sentence(refused)

    def test_two_of_one_name_are_refused_and_two_at_once_see_each_other(self, city, worker, park):
        with pytest.raises(Refused):
            a_venue(city.chengdong, worker)
        change_venue(by=worker, venue=park, version=1, entry=said_of(park, hours="每天到天黑"))
        with pytest.raises(Conflict):
            change_venue(by=worker, venue=park, version=1, entry=said_of(park))

    def test_the_database_refuses_nonsense(self, city, worker, park):
        for change in ({"name": ""}, {"check_months": 0}, {"state": "closed"}, {"closed_on": TODAY}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Venue.objects.filter(pk=park.pk).update(**change)
        check = check_venue(by=worker, venue=park, on=TODAY, safe=True, note="", found={})
        with pytest.raises(IntegrityError), transaction.atomic():
            type(check).objects.filter(pk=check.pk).update(safe=False)
        count_use(by=worker, venue=park, on=TODAY, heads=5, method=CountMethod.COUNTED)
        with pytest.raises(IntegrityError), transaction.atomic():
            VenueCount.objects.update(heads=0)
        with pytest.raises(IntegrityError), transaction.atomic():
            VenueItem.objects.filter(venue=park).update(name="一样")


class TestChecks:
    def test_it_is_due_some_months_after_the_last(self, city, worker, park):
        assert [one.venue for one in checks_due(city.chengdong, TODAY)] == [park]
        check_venue(by=worker, venue=park, on=date(2020, 4, 30), safe=True, note="", found={})
        assert checks_due(city.chengdong, TODAY) == []
        assert places(Venue.objects.all())[0].due_on == date(2020, 7, 30)

    def test_a_month_without_that_day_ends_earlier(self):
        assert months_after(date(2019, 11, 30), 3) == date(2020, 2, 29)
        assert months_after(date(2020, 12, 31), 1) == date(2021, 1, 31)

    def test_what_is_wrong_must_be_said_and_stands_at_the_equipment(self, worker, park):
        swing = VenueItem.objects.get(name="秋千")
        with pytest.raises(Refused) as refused:
            check_venue(by=worker, venue=park, on=TODAY, safe=False, note="", found={})
        assert "哪里不安全" in sentence(refused)
        with pytest.raises(Refused):
            check_venue(by=worker, venue=park, on=TODAY, safe=True, note="", found={swing.pk: Condition.MEND})
        check_venue(by=worker, venue=park, on=TODAY, safe=False, note="链条松，已围起来", found={swing.pk: "barred"})
        swing.refresh_from_db()
        assert (swing.condition, swing.checked_on) == ("barred", TODAY)

    def test_a_check_of_an_earlier_day_does_not_overwrite_a_later_one(self, worker, park):
        check_venue(by=worker, venue=park, on=TODAY, safe=True, note="", found={})
        swing = VenueItem.objects.get(name="秋千")
        check_venue(by=worker, venue=park, on=date(2020, 5, 1), safe=True, note="已修好", found={swing.pk: "mend"})
        swing.refresh_from_db()
        assert (swing.condition, swing.checked_on) == ("good", TODAY)


class TestUse:
    def test_activities_held_there_are_counted_once_and_taken_back(self, city, worker, park):
        held = an_activity(city.chengdong, worker, place="村口儿童乐园")
        other = an_activity(city.chengdong, worker, on=date(2020, 6, 2))
        assert {row.pk: likely for row, likely in might_be_held(park, TODAY)} == {held.pk: True, other.pk: False}
        hold_at(by=worker, venue=park, records=[held.record])
        assert hold_at(by=worker, venue=park, records=[held.record]) == []
        [record] = held_there(park)
        assert record.person_times == 20
        unhold(by=worker, venue=park, record=held.record)
        assert not VenueUse.objects.exists()

    def test_a_voided_one_is_not_counted_and_a_visit_is_none(self, city, worker, park):
        held = an_activity(city.chengdong, worker)
        hold_at(by=worker, venue=park, records=[held.record])
        void_records(by=worker, records=[held.record], reason="重复")
        assert not held_there(park)
        visit = a_visit(city.chengdong, worker, a_family(city.chengdong, worker))
        with pytest.raises(Refused):
            hold_at(by=worker, venue=park, records=[visit.record])

    def test_of_another_station_nothing_is_held_here(self, city, worker, stranger, park):
        theirs = an_activity(city.dongzhou, stranger)
        with pytest.raises(NotAllowed):
            hold_at(by=worker, venue=park, records=[theirs.record])

    def test_a_day_said_again_is_put_right(self, worker, park):
        for heads in (12, 15, 15):
            count_use(by=worker, venue=park, on=TODAY, heads=heads, method=CountMethod.COUNTED)
        assert VenueCount.objects.get().heads == 15
        assert VenueCount.history.count() == 2
        with pytest.raises(Refused):
            count_use(by=worker, venue=park, on=date(2019, 1, 1), heads=5, method=CountMethod.COUNTED)


class TestPages:
    def test_from_nothing_to_a_checked_place(self, city, client_for, worker):
        client = client_for(worker)
        assert "还没有登记场地" in text_of(client.get("/counter/venues/"))
        said = {"name": "村口儿童乐园", "opened_on": "2020-01-05", "items": "秋千\n滑梯", "check_months": "3",
                "state": "open", "caretaker": "阿水伯", "phone": "19900001111"}  # fmt: skip
        page = text_of(client.post("/counter/venues/new", said, follow=True))
        for word in ("秋千", "阿水伯", "19900001111", "启用以来还没有做过安全检查"):
            assert word in page
        park = Venue.objects.get()
        assert "该做安全检查了" in text_of(client.get("/counter/"))
        form = {"checked_on": "2020-06-06", "safe": "yes"}
        form |= {f"item-{row.pk.hex}": "good" for row in VenueItem.objects.all()}
        client.post(f"/counter/venues/{park.pk}/check", form)
        assert "该做安全检查了" not in text_of(client.get("/counter/"))
        client.post(
            f"/counter/venues/{park.pk}/count", {"counted_on": "2020-06-05", "heads": "31", "method": "counted"}
        )
        held = an_activity(city.chengdong, worker, place="村口儿童乐园")
        page = text_of(client.get(f"/counter/venues/{park.pk}/use"))
        assert "checked" in page
        client.post(f"/counter/venues/{park.pk}/use", {"records": [str(held.pk)]})
        page = text_of(client.get(f"/counter/venues/{park.pk}/"))
        for word in ("31", "相伴童行", "可以放心用"):
            assert word in page
        assert "村口儿童乐园" in text_of(client.get(f"/activities/{held.pk}/"))
        client.post(f"/counter/venues/{park.pk}/use/{held.pk}/undo")
        assert not VenueUse.objects.exists()

    def test_two_at_once_the_second_sees_both(self, client_for, worker, park):
        said = {"name": park.name, "opened_on": "2020-01-05", "items": "秋千", "check_months": "3", "state": "open",
                "version": "1"}  # fmt: skip
        client = client_for(worker)
        client.post(f"/counter/venues/{park.pk}/edit", said | {"hours": "早上"})
        answer = client.post(f"/counter/venues/{park.pk}/edit", said | {"hours": "晚上"})
        assert answer.status_code == 409
        for both in ("早上", "晚上"):
            assert both in text_of(answer)

    def test_who_looks_after_it_is_read_by_the_station_alone(self, city, client_for, worker, supervisor, stranger):
        park = a_venue(city.chengdong, worker, caretaker="阿水伯", phone="19900001111")
        page = text_of(client_for(supervisor).get(f"/counter/venues/{park.pk}/"))
        assert "村口儿童乐园" in page
        assert "19900001111" not in page
        assert client_for(stranger).get(f"/counter/venues/{park.pk}/").status_code == 404
        assert client_for(supervisor).get(f"/counter/venues/{park.pk}/edit").status_code == 404


def filled(by: Any, **more: Any) -> dict[str, Any]:
    """What a browser sends for an activity on 1 June."""
    sent = {"title": "相伴童行", "kind": "children", "occurred_on": "2020-06-01", "workers": [str(by.staff_id)],
            "children": "20", "method": "signed", "client_id": str(random_id())}  # fmt: skip
    return sent | more


class TestPickedOnTheActivitysOwnForm:
    NEW = "/activities/new"

    def test_one_tap_ties_it_and_a_correction_moves_it(self, client_for, city, worker, park):
        client, hall = client_for(worker), a_venue(city.chengdong, worker, "活动室")
        page = text_of(client.get(self.NEW))
        assert all(one in page for one in ("用了本站哪处场地", "没有用", "村口儿童乐园", "活动室"))
        page = text_of(client.post(self.NEW, filled(worker, venue=str(park.pk)), follow=True))
        assert "村口儿童乐园" in page
        use = VenueUse.objects.get()
        correct = f"/activities/{use.record_id}/correct"
        assert f'value="{park.pk}" id="id_venue_1" checked' in text_of(client.get(correct)).replace(" required", "")
        for version, where, left in ((1, hall, hall), (2, hall, hall), (3, None, None)):
            sent = filled(worker, venue=str(where.pk) if where else "", version=str(version), reason="选错了")
            assert client.post(correct, sent).status_code == 302
            assert [row.venue for row in VenueUse.objects.all()] == ([left] if left else [])
        kinds = AuditEvent.objects.filter(kind__startswith="venue.").exclude(kind="venue.opened").order_by("at", "id")
        assert list(kinds.values_list("kind", flat=True)) == [
            "venue.used", "venue.unused", "venue.used", "venue.unused"
        ]  # fmt: skip

    def test_only_what_is_open_on_the_day_is_offered(self, client_for, city, worker, stranger, park):
        client = client_for(worker)
        a_venue(city.dongzhou, stranger, "东洲的乐园")
        new = a_venue(city.chengdong, worker, "新的活动室", opened_on=date(2020, 6, 3))
        shut = a_venue(city.chengdong, worker, "旧的活动室")
        entry = said_of(shut, state=VenueState.CLOSED, closed_on=date(2020, 6, 2))
        change_venue(by=worker, venue=shut, version=1, entry=entry)
        for day, there in (("2020-06-01", {"旧的", "村口"}), ("2020-06-04", {"新的", "村口"}), ("2020-01-01", set())):
            page = text_of(client.get(self.NEW, {"occurred_on": day}, headers={"HX-Request": "true"}))
            assert {one for one in ("旧的", "新的", "村口", "东洲的") if one in page} == there, day
            assert ("用了本站哪处场地" in page) == bool(there)
        answer = client.post(self.NEW, filled(worker, venue=str(new.pk)))
        assert answer.status_code == 422
        assert "「新的活动室」在 2020-06-01 没有启用" in text_of(answer)
        assert not VenueUse.objects.exists()
        assert not Activity.objects.exists()

    def test_another_stations_is_none(self, client_for, city, worker, stranger):
        theirs = a_venue(city.dongzhou, stranger, "东洲的乐园")
        answer = client_for(worker).post(self.NEW, filled(worker, venue=str(theirs.pk)))
        assert answer.status_code == 422
        assert "请重新选择" in text_of(answer)
        assert not VenueUse.objects.exists()

    def test_sent_twice_it_is_tied_once(self, client_for, worker, park):
        sent = filled(worker, venue=str(park.pk))
        for _ in range(2):
            assert client_for(worker).post(self.NEW, sent).status_code == 302
        assert VenueUse.objects.count() == 1

    def test_the_second_to_save_sees_both_venues(self, client_for, city, worker, head, park):
        hall = a_venue(city.chengdong, worker, "活动室")
        client_for(worker).post(self.NEW, filled(worker, venue=str(park.pk)))
        correct = f"/activities/{Activity.objects.get().pk}/correct"
        sent = filled(worker, version="1", reason="选错了")
        assert client_for(head).post(correct, sent | {"venue": str(hall.pk)}).status_code == 302
        answer = client_for(worker).post(correct, sent | {"venue": str(park.pk)})
        assert answer.status_code == 409
        assert all(one in text_of(answer) for one in ("场地", "活动室", "村口儿童乐园"))
