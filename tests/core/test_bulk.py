"""Objects made without Django's round are what Django makes, and rows in bulk are what a save leaves."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps

from shuangbai.core.bulk import insert, insert_rows, make
from shuangbai.core.ids import new_id
from shuangbai.core.models import AuditEvent
from shuangbai.households.models import Person
from shuangbai.services.models import RecordWorker, ServiceRecord
from tests.cast import City, User, a_family


def said(row: Any) -> dict[str, Any]:
    asked = {field.attname for field in row._meta.concrete_fields if callable(field.default) and field.has_default()}
    own = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: type(value) if name in asked else value for name, value in own.items()}


@pytest.mark.django_db
def test_objects_of_every_model_begin_as_django_begins_them() -> None:
    rooms = [model for model in apps.get_models() if model.__module__.startswith("shuangbai.")]
    assert ServiceRecord in rooms
    for model in rooms:
        row, other = make(model), model()
        assert (model, said(row)) == (model, said(other))
        assert row._state.adding is other._state.adding is True
        assert row._state.db is None


@pytest.mark.django_db
class TestMaking:
    def test_a_relation_is_known_by_its_object_and_by_its_key(self, city: City, worker: User) -> None:
        row = make(Person, station=city.chengdong, entered_by_id=worker.pk, name="林进财")
        assert row.station is city.chengdong
        assert row.station_id == city.chengdong.pk
        assert row.entered_by == worker

    def test_no_two_objects_share_what_they_begin_with(self) -> None:
        one, other = make(AuditEvent), make(AuditEvent)
        one.details["count"] = 1
        assert other.details == {}
        assert one.pk != other.pk

    def test_a_name_that_the_model_does_not_have_is_refused(self) -> None:
        with pytest.raises(TypeError, match="Person has no nickname"):
            make(Person, nickname="阿财")

    def test_what_was_inserted_reads_as_what_was_saved(self, city: City, worker: User) -> None:
        values: dict[str, Any] = {
            "station": city.chengdong, "name": "林进财", "phone": "13800000001", "birth_date": date(1950, 2, 3),
            "entered_by": worker, "entered_at": datetime(2020, 5, 1, 4, 5, 6, tzinfo=UTC),
        }  # fmt: skip
        saved = Person(**values)
        saved.save()
        made = make(Person, **values)
        insert([made], by=worker)
        one, other = Person.objects.get(pk=saved.pk), Person.objects.get(pk=made.pk)
        assert [said(row) | {"id": 0} for row in (one, other)] == [said(one) | {"id": 0}] * 2
        assert made.history.get().history_user == worker

    def test_texts_that_are_alike_are_not_alike_once_encrypted(self, city: City, worker: User) -> None:
        home = a_family(city.chengdong, worker).household
        people = [make(Person, station=home.station, name="陈", phone="13800000001", entered_by=worker) for _ in "ab"]
        insert(people, by=worker)
        rows = Person.objects.filter(pk__in=[one.pk for one in people])
        stored = rows.extra(select={"kept": "phone"}).values_list("kept", flat=True)
        assert len({*stored}) == 2


def test_a_row_with_too_few_values_is_refused() -> None:
    with pytest.raises(ValueError, match="1 values for 2 columns"):
        insert_rows(RecordWorker, ("id", "position"), [(new_id(),)])
