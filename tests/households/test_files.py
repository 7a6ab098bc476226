"""The file of a family: its number, one open at a time, its worker and grade, how it closes."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shuangbai.core.findings import Door, NotAllowed, Refused
from shuangbai.households.entries import FileEntry
from shuangbai.households.enums import CloseReason, Grade
from shuangbai.households.files import close_file, grade_files, open_files
from shuangbai.households.models import FamilyFile, FileGrade, FileNumbering
from tests.cast import a_family, a_file, again, forget_installation, make_city
from tests.snapshots import picture_after

DAY = date(2019, 8, 1)


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker)


@pytest.fixture
def file(family, worker):
    return a_file(family, worker, on=DAY)


class TestNumbers:
    def test_they_say_station_year_and_turn(self, file):
        assert file.number == "HF01-2019-0001"

    def test_they_have_no_gaps_and_begin_anew_each_year(self, city, worker):
        days = [date(2019, 8, 1), date(2020, 1, 2), date(2019, 9, 1), date(2020, 3, 1)]
        numbers = [a_file(a_family(city.chengdong, worker), worker, on=day).number for day in days]
        assert numbers == ["HF01-2019-0001", "HF01-2020-0001", "HF01-2019-0002", "HF01-2020-0002"]

    def test_each_station_counts_for_itself(self, city, file, stranger):
        other = a_file(a_family(city.dongzhou, stranger), stranger, on=DAY)
        assert other.number == "CQ01-2019-0001"

    def test_a_number_is_never_given_again(self, city, worker, file):
        close_file(by=worker, file=file, closed_on=date(2019, 12, 1), reason=CloseReason.MOVED)
        assert a_file(a_family(city.chengdong, worker), worker, on=DAY).number == "HF01-2019-0002"

    def test_a_refused_file_takes_no_number(self, city, worker, family):
        with pytest.raises(Refused):
            a_file(family, worker, on=date(2017, 6, 30))
        assert a_file(family, worker, on=DAY).number == "HF01-2019-0001"

    def test_a_batch_that_fails_takes_none_either(self, city, worker, file):
        fresh = a_family(city.chengdong, worker)
        entries = [FileEntry(fresh.household, DAY), FileEntry(file.household, DAY)]
        with pytest.raises(Refused):
            open_files(by=worker, entries=entries, door=Door.PAGE)
        assert FileNumbering.objects.get().latest == 1
        assert FamilyFile.objects.count() == 1

    def test_the_database_refuses_a_number_twice(self, city, worker, file):
        other = a_family(city.chengdong, worker)
        with pytest.raises(IntegrityError), transaction.atomic():
            a_file(other, worker, on=DAY, number=file.number)

    def test_many_at_once_step_over_numbers_of_an_old_ledger(self, city, worker):
        homes = [a_family(city.chengdong, worker).household for _ in range(5)]
        for home, number in zip(homes, ("HF01-2019-0002", "HF01-2019-0003"), strict=False):
            open_files(by=worker, entries=[FileEntry(home, DAY, number=number)], door=Door.SHEET)
        days = [DAY, date(2020, 1, 2), date(2019, 9, 1)]
        entries = [FileEntry(home, day) for home, day in zip(homes[2:], days, strict=True)]
        numbers = [file.number for file in open_files(by=worker, entries=entries, door=Door.SHEET)]
        assert numbers == ["HF01-2019-0001", "HF01-2020-0001", "HF01-2019-0004"]
        assert a_file(a_family(city.chengdong, worker), worker, on=DAY).number == "HF01-2019-0005"

    def test_how_many_are_opened_does_not_change_the_number_of_queries(self, city, worker):
        asked = []
        for many in (2, 12):
            entries = [FileEntry(a_family(city.chengdong, worker).household, DAY) for _ in range(many)]
            with CaptureQueriesContext(connection) as queries:
                open_files(by=worker, entries=entries, door=Door.SHEET)
            asked.append(len(queries))
        assert asked[1] <= asked[0]

    @pytest.mark.django_db(transaction=True)
    def test_eight_at_once_are_given_eight_numbers_without_a_gap(self):
        city = make_city()
        worker = city.users["worker"]
        homes = [a_family(city.chengdong, worker) for _ in range(8)]
        failed: list[BaseException] = []

        def open_one(home) -> None:
            try:
                a_file(home, again(worker), on=DAY)
            except BaseException as error:
                failed.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=open_one, args=[home]) for home in homes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        numbers = sorted(FamilyFile.objects.values_list("number", flat=True))
        forget_installation()
        assert failed == []
        assert numbers == [f"HF01-2019-{turn:04d}" for turn in range(1, 9)]


class TestOpening:
    def test_a_family_has_one_open_file(self, family, worker, file):
        with pytest.raises(Refused, match="已有在档") as caught:
            a_file(family, worker, on=DAY)
        assert caught.value.findings[0].field == "household"
        assert FamilyFile.objects.count() == 1

    def test_the_database_refuses_two_open_ones(self, city, family, worker, file):
        with pytest.raises(IntegrityError), transaction.atomic():
            FamilyFile.objects.create(
                station=city.chengdong, household=family.household, number="x", opened_on=DAY, entered_by=worker
            )

    @pytest.mark.parametrize("day", [date(2017, 6, 30), date(2020, 6, 7)])
    def test_before_the_station_or_after_today_is_refused_with_the_field_named(self, family, worker, day):
        with pytest.raises(Refused) as caught:
            a_file(family, worker, on=day)
        assert caught.value.findings[0].field == "opened_on"

    def test_its_worker_is_dated_from_the_opening(self, file, worker):
        row = file.workers.get()
        assert (row.staff, row.starts_on, row.ends_on) == (worker.staff, DAY, None)

    def test_another_station_cannot_open_one(self, family, stranger):
        with pytest.raises(NotAllowed):
            a_file(family, stranger, on=DAY)

    def test_many_at_once_leave_what_one_by_one_leaves(self, city, worker):
        homes = [a_family(city.chengdong, worker) for _ in range(3)]
        entries = [FileEntry(home.household, DAY, worker.staff_id) for home in homes]
        single = picture_after(lambda: [open_files(by=worker, entries=[e], door=Door.PAGE) for e in entries])
        assert single == picture_after(lambda: open_files(by=worker, entries=entries, door=Door.PAGE))


class TestClosing:
    def test_it_says_when_and_why_and_keeps_its_history(self, file, worker):
        closed = close_file(by=worker, file=file, closed_on=date(2020, 1, 31), reason=CloseReason.DECEASED)
        assert (closed.state, closed.closed_on, closed.close_reason) == ("closed", date(2020, 1, 31), "deceased")
        assert [row.state for row in file.history.order_by("history_id")] == ["open", "closed"]

    def test_its_worker_and_grade_end_with_it(self, file, worker):
        grade_files(by=worker, entries=[(file, Grade.RED, DAY, "独居")])
        close_file(by=worker, file=file, closed_on=date(2020, 1, 31), reason=CloseReason.STABLE)
        assert file.workers.get().ends_on == file.grades.get().ends_on == date(2020, 1, 31)

    @pytest.mark.parametrize("day", [date(2019, 7, 31), date(2020, 6, 7)])
    def test_before_it_opened_or_after_today_is_refused(self, file, worker, day):
        with pytest.raises(Refused) as caught:
            close_file(by=worker, file=file, closed_on=day, reason=CloseReason.STABLE)
        assert caught.value.findings[0].field == "closed_on"
        assert FamilyFile.objects.get().state == "open"

    def test_a_closed_one_is_not_closed_again(self, file, worker):
        close_file(by=worker, file=file, closed_on=date(2020, 1, 31), reason=CloseReason.STABLE)
        with pytest.raises(Refused):
            close_file(by=worker, file=FamilyFile.objects.get(), closed_on=date(2020, 2, 1), reason=CloseReason.MOVED)
        assert FamilyFile.objects.get().closed_on == date(2020, 1, 31)

    def test_a_family_may_have_another_afterwards(self, family, file, worker):
        close_file(by=worker, file=file, closed_on=date(2020, 1, 31), reason=CloseReason.STABLE)
        assert a_file(family, worker, on=date(2020, 3, 1)).number == "HF01-2020-0001"

    def test_another_station_cannot_close_it(self, file, stranger):
        with pytest.raises(NotAllowed):
            close_file(by=stranger, file=file, closed_on=date(2020, 1, 31), reason=CloseReason.STABLE)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"state": "closed"},
            {"state": "closed", "closed_on": date(2020, 1, 1)},
            {"state": "closed", "closed_on": date(2019, 7, 31), "close_reason": "moved"},
            {"closed_on": date(2020, 1, 1)},
            {"close_reason": "moved"},
            {"state": "lost"},
        ],
    )
    def test_the_database_refuses_a_half_closed_one(self, file, wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            FamilyFile.objects.filter(pk=file.pk).update(**wrong)


class TestGrades:
    def test_a_new_grade_ends_the_one_before_the_day_before(self, file, worker):
        grade_files(by=worker, entries=[(file, Grade.RED, DAY, "近期出院")])
        grade_files(by=worker, entries=[(file, Grade.GREEN, date(2020, 1, 1), "情况稳定")])
        rows = file.grades.order_by("starts_on").values_list("grade", "starts_on", "ends_on")
        assert list(rows) == [("red", DAY, date(2019, 12, 31)), ("green", date(2020, 1, 1), None)]

    def test_it_needs_a_reason(self, file, worker):
        with pytest.raises(Refused) as caught:
            grade_files(by=worker, entries=[(file, Grade.RED, DAY, "  ")])
        assert caught.value.findings[0].field == "reason"

    @pytest.mark.parametrize("day", [DAY, date(2019, 7, 1)])
    def test_on_or_before_the_day_of_the_grade_that_stands_is_refused_in_words(self, file, worker, day):
        grade_files(by=worker, entries=[(file, Grade.RED, DAY, "近期出院")])
        with pytest.raises(Refused) as caught:
            grade_files(by=worker, entries=[(file, Grade.GREEN, day, "情况稳定")])
        assert caught.value.findings[0].field == "starts_on"
        assert file.grades.get().grade == "red"

    def test_another_station_cannot_grade(self, file, stranger):
        with pytest.raises(NotAllowed):
            grade_files(by=stranger, entries=[(file, Grade.RED, DAY, "x")])

    def test_the_database_refuses_two_at_once_and_none_without_a_reason(self, city, file, worker):
        row = {"station": city.chengdong, "file": file, "grade": Grade.RED, "entered_by": worker, "starts_on": DAY}
        FileGrade.objects.create(reason="x", **row)
        for wrong in ({"reason": "x"}, {"reason": "", "ends_on": DAY}):
            with pytest.raises(IntegrityError), transaction.atomic():
                FileGrade.objects.create(**{**row, **wrong})
