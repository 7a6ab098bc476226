"""Every write happens whole or not at all, one after another, and leaves a sentence in the trail."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.models import AuditEvent, Installation
from shuangbai.core.prefixes import begins_with
from shuangbai.households.models import Category
from shuangbai.services.actions import RECORDED
from tests.cast import a_family, a_visit, forget_installation


class Interrupted(Exception):
    pass


def a_category(code: str, **more) -> Category:
    given = {"name": code, "group": "", "unit": "either", "statutory": False, "position": 1, **more}
    return Category.objects.create(code=code, starts_on=date(2000, 1, 1), **given)


@action
def add(*, code: str, then: Exception | None = None) -> Category:
    made = a_category(code)
    if then:
        raise then
    return made


@action
def add_two(*, first: str, second: str) -> None:
    add(code=first)
    add(code=second, then=Interrupted())


class TestActions:
    def test_a_write_that_fails_leaves_nothing(self, db):
        with pytest.raises(Interrupted):
            add(code="a", then=Interrupted())
        assert not Category.objects.exists()

    def test_an_action_inside_another_goes_with_it(self, db):
        with pytest.raises(Interrupted):
            add_two(first="a", second="b")
        assert not Category.objects.exists()

    def test_an_action_that_failed_inside_leaves_the_outer_one_usable(self, db):
        @action
        def outer() -> None:
            with pytest.raises(Interrupted):
                add(code="a", then=Interrupted())
            add(code="b")

        outer()
        assert list(Category.objects.values_list("code", flat=True)) == ["b"]

    def test_what_it_returns_and_what_it_is_called_stay(self, db):
        assert add(code="a").code == "a"
        assert add.__name__ == "add"

    @pytest.mark.django_db(transaction=True)
    def test_a_write_is_kept_once_it_returned(self):
        add(code="a")
        connection.close()
        assert Category.objects.get().code == "a"

    @pytest.mark.sqlite_only
    @pytest.mark.django_db(transaction=True)
    def test_eight_writers_at_once_all_succeed_on_sqlite(self):
        a_category("counter", position=0)
        failed: list[BaseException] = []

        @action
        def count() -> None:
            """Reads, then writes: loses an update where two run at once."""
            row = Category.objects.get(code="counter")
            row.position += 1
            row.save()

        def write() -> None:
            try:
                for _ in range(15):
                    count()
            except BaseException as error:
                failed.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=write) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert Category.objects.get(code="counter").position == 8 * 15

    @pytest.mark.sqlite_only
    @pytest.mark.django_db(transaction=True)
    def test_a_writer_who_failed_gives_its_turn_to_the_next(self):
        with pytest.raises(Interrupted):
            add(code="a", then=Interrupted())
        add(code="b")
        assert Category.objects.get().code == "b"


class TestTrail:
    def test_an_entry_reads_as_a_sentence(self, city, worker):
        a_visit(city.chengdong, worker, a_family(city.chengdong, worker))
        entry = AuditEvent.objects.get(kind="record.recorded")
        assert audit.sentence(entry) == "林小燕 录入了走访记录"

    def test_it_says_who_where_what_and_when(self, city, worker):
        visit = a_visit(city.chengdong, worker, a_family(city.chengdong, worker))
        entry = AuditEvent.objects.get(kind="record.recorded")
        assert (entry.by_id, entry.by_name) == (worker.pk, "林小燕")
        assert entry.station_id == city.chengdong.pk
        assert (entry.about_type, entry.about_id) == ("services.servicerecord", str(visit.pk))
        assert entry.at.astimezone(clock.now().tzinfo).date() == date(2020, 6, 6)

    def test_without_anybody_the_system_did_it(self, city):
        audit.record(RECORDED, by=None, about=city.root, what="走访")
        assert audit.sentence(AuditEvent.objects.get(kind=RECORDED.code)) == "系统 录入了走访记录"

    def test_a_kind_from_a_later_version_shows_its_code(self, city, worker):
        entry = AuditEvent(kind="moon.landed", by_name="林小燕", details={})
        assert "moon.landed" in audit.sentence(entry)

    def test_a_kind_is_declared_once(self):
        with pytest.raises(ValueError, match="declared twice"):
            audit.kind("record.recorded", "again")

    def test_every_kind_says_who(self):
        assert len(audit.KINDS) >= 12
        for kind in audit.KINDS.values():
            assert kind.sentence.startswith("{by} "), kind.code

    def test_it_outlives_what_it_speaks_of(self):
        assert not [one for one in AuditEvent._meta.get_fields() if one.is_relation]


@pytest.mark.django_db
class TestPrefixes:
    @pytest.mark.parametrize(
        ("typed", "codes"),
        [
            ("zx", {"zx", "zxy", "zx𡒄"}),
            ("Zx", set()),
            ("曾", {"曾秀英"}),
            ("z%", set()),
            ("z_y", set()),
            ("%", {"%half"}),
            ("\\", set()),
        ],
    )
    def test_a_beginning_is_taken_as_typed(self, typed, codes):
        for code in ("zx", "zxy", "zy", "azx", "曾秀英", "秀英曾", "zx𡒄", "%half"):
            a_category(code)
        assert set(Category.objects.filter(begins_with("code", typed)).values_list("code", flat=True)) == codes


class TestInstallation:
    def test_there_is_one_row_and_the_database_sees_to_it(self, city):
        with pytest.raises(IntegrityError), transaction.atomic():
            Installation.objects.create(id=2, city_name="x", bureau_name="x", key_id="k1", made_at=clock.now())

    def test_its_names_are_empty_before_the_first_run(self, db):
        from shuangbai.core.queries import installation_names

        forget_installation()
        assert installation_names() == ("", "", True)
        forget_installation()

    def test_its_names_are_read_once(self, city, django_assert_num_queries):
        from shuangbai.core.queries import installation_names

        assert installation_names().city == "汕尾市"
        with django_assert_num_queries(0):
            assert installation_names().bureau == "汕尾市民政局"
