"""What the database itself refuses about records, going round the actions; and lists that stay in order."""

from datetime import date, time

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from shuangbai.core.ids import new_id
from shuangbai.households.models import Standing
from shuangbai.services.models import Campaign, Contact, RecordWorker, ServiceRecord
from shuangbai.services.queries import Cursor, category_page_keys, counted, of_household, of_people, page_of
from shuangbai.visits.models import Visit
from tests.cast import a_campaign, a_family, a_visit, an_activity


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker, tags=["dibao_rural"])


@pytest.fixture
def record(city, worker, family):
    return a_visit(city.chengdong, worker, family).record


def refuses(do) -> None:
    def at_once() -> None:
        do()
        connection.check_constraints()  # references are looked at when a transaction ends, or here

    with pytest.raises(IntegrityError), transaction.atomic():
        at_once()


class TestTheDatabaseRefuses:
    def test_a_record_sent_twice(self, record, worker):
        copy = ServiceRecord.objects.get()
        copy.pk = new_id()
        refuses(lambda: copy.save(force_insert=True))

    def test_a_worker_twice_on_one_record(self, record):
        row = record.workers.get()
        refuses(
            lambda: RecordWorker.objects.create(
                station_id=row.station_id, record=record, staff_id=row.staff_id, position=1
            )
        )

    def test_a_person_twice_on_one_record(self, record, family):
        about = {"station_id": record.station_id, "record": record, "household": family.household}
        refuses(lambda: Contact.objects.create(kind="person", person=family.people[0], **about))

    def test_a_group_twice_on_one_record(self, city, worker):
        row = Contact.objects.get(record=an_activity(city.chengdong, worker).record)
        row.pk = new_id()
        refuses(lambda: row.save(force_insert=True))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"kind": "person"},
            {"kind": "person", "person": True, "heads": 1},
            {"kind": "household"},
            {"kind": "household", "person": True, "household": True},
            {"kind": "heads", "group": "children", "method": "signed", "heads": 0},
            {"kind": "heads", "group": "", "method": "signed", "heads": 3},
            {"kind": "heads", "group": "children", "method": "", "heads": 3},
            {"kind": "heads", "group": "children", "method": "signed", "heads": 3, "household": True},
            {"kind": "heads", "group": "children", "method": "signed", "heads": -3},
            {"kind": "crowd", "person": True},
        ],
    )
    def test_a_contact_that_does_not_say_whom(self, city, worker, family, wrong):
        record = an_activity(city.chengdong, worker).record
        if "person" in wrong:
            wrong = {**wrong, "person": family.people[0]}
        if "household" in wrong:
            wrong = {**wrong, "household": family.household}
        Contact.objects.all().delete()
        refuses(lambda: Contact.objects.create(station_id=record.station_id, record=record, **wrong))

    def test_a_visit_that_ends_before_it_began(self, record):
        refuses(lambda: Visit.objects.update(started_at=time(10), ended_at=time(9)))
        Visit.objects.update(started_at=time(10), ended_at=time(10))

    def test_a_standing_of_nobody_or_of_two(self, record, family):
        refuses(lambda: Standing.objects.update(household=None, person=None))
        refuses(lambda: Standing.objects.update(household=family.household, person=family.people[0]))

    def test_a_campaign_that_ends_before_it_began_or_a_code_twice(self, city):
        a_campaign(city.root)
        refuses(lambda: Campaign.objects.update(ends_on=date(2020, 5, 10)))
        refuses(lambda: a_campaign(city.root))

    @pytest.mark.parametrize("name", ["person", "household", "staff", "station", "user"])
    def test_to_delete_whoever_a_record_names(self, city, worker, family, record, name):
        named = {
            "person": family.people[0], "household": family.household, "staff": worker.staff,
            "station": city.chengdong, "user": worker,
        }[name]  # fmt: skip
        with pytest.raises(ProtectedError):
            named.delete()

    def test_a_record_of_a_station_that_is_not_there(self, record):
        refuses(lambda: ServiceRecord.objects.update(station_id=new_id()))


class TestLists:
    @pytest.fixture
    def visits(self, city, worker, family):
        days = [date(2020, 5, day) for day in (3, 1, 2, 2, 4, 2)]
        return [a_visit(city.chengdong, worker, family, on=day) for day in days]

    def test_pages_go_on_without_a_gap_or_a_repeat(self, visits):
        seen, after = [], None
        while True:
            rows, after = page_of(ServiceRecord.objects.all(), after, size=2)
            seen += rows
            if after is None:
                break
            after = Cursor.parse(str(after))
        assert len(seen) == 6
        assert seen == sorted(seen, key=lambda row: (row.occurred_on, row.pk), reverse=True)

    def test_an_exact_last_page_has_no_next(self, visits):
        assert page_of(ServiceRecord.objects.all(), None, size=6)[1] is None

    @pytest.mark.parametrize("text", ["", "x", "2020-05-01", "2020-05-01.x", "2020-13-01.00", ".", "'"])
    def test_a_cursor_that_is_none_begins_at_the_top(self, text):
        assert Cursor.parse(text) is None

    def test_a_familys_and_a_persons_records(self, city, worker, family, visits):
        other = a_family(city.chengdong, worker)
        a_visit(city.chengdong, worker, other)
        gathering = an_activity(city.chengdong, worker, people=family.people[:1]).record
        assert of_household(ServiceRecord.objects.all(), family.household.pk).count() == 6
        mine = of_people(ServiceRecord.objects.all(), [family.people[0].pk])
        assert set(mine) == {gathering, *(visit.record for visit in visits)}

    def test_counted_leaves_out_what_is_voided(self, worker, visits):
        from shuangbai.services.actions import void_records

        void_records(by=worker, records=[visits[0].record], reason="重复")
        assert counted(ServiceRecord.objects.all()).count() == 5

    def test_a_category_page_is_in_the_order_of_the_list(self, city, worker, family, visits):
        from django.db.models import Q

        from shuangbai.households.models import Category

        a_visit(city.chengdong, worker, a_family(city.chengdong, worker))
        dibao = Category.objects.get(code="dibao_rural").pk
        keys = category_page_keys([city.chengdong.pk], dibao, None, Q(), size=4)
        listed = sorted(visits, key=lambda visit: (visit.record.occurred_on, visit.pk), reverse=True)
        assert keys == [(visit.record.occurred_on, visit.pk) for visit in listed[:4]]
        last = listed[3].record
        rest = category_page_keys([city.chengdong.pk], dibao, Cursor(last.occurred_on, last.pk), Q())
        assert [pk for _, pk in rest] == [visit.pk for visit in listed[4:]]
