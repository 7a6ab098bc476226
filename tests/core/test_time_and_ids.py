"""The one clock, spans of days, and keys in the order of their making."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from shuangbai.core import clock, ids
from shuangbai.core.models import Dated, Installation, holds_on
from shuangbai.core.periods import Period
from shuangbai.households.models import Category

SHANGHAI = ZoneInfo("Asia/Shanghai")


class TestClock:
    def test_a_demonstration_city_stands_on_its_day(self, city):
        assert clock.today() == date(2020, 6, 6)
        assert clock.standing_day() == date(2020, 6, 6)

    def test_the_time_of_day_runs_on_while_the_day_stands(self, city):
        first, second = clock.now(), clock.now()
        assert first < second
        assert first.utcoffset() == timedelta(hours=8)

    def test_without_a_standing_day_the_machine_tells_it(self, db):
        clock.forget()
        assert clock.standing_day() is None
        assert abs(clock.now() - clock.now()) < timedelta(seconds=5)
        assert clock.today() == clock.now().astimezone(SHANGHAI).date()

    def test_a_clock_that_was_set_is_read_after_forgetting_the_old_one(self, city):
        assert clock.today() == date(2020, 6, 6)
        Installation.objects.update(clock_on=date(2020, 7, 1))
        assert clock.today() == date(2020, 6, 6)
        clock.forget()
        assert clock.today() == date(2020, 7, 1)

    def test_pinned_holds_inside_the_block_only(self, city):
        with clock.pinned(date(2018, 1, 1)):
            with clock.pinned(date(2019, 1, 1)):
                assert clock.today() == date(2019, 1, 1)
            assert clock.today() == date(2018, 1, 1)
        assert clock.today() == date(2020, 6, 6)

    @pytest.mark.nodb
    def test_a_pinned_clock_is_let_go_when_the_block_fails(self):
        with pytest.raises(ZeroDivisionError), clock.pinned(date(2018, 1, 1)):
            _ = 1 / 0
        assert clock._pinned == []

    @pytest.mark.nodb
    def test_a_moment_is_in_the_citys_time_zone(self):
        moment = clock.at(date(2020, 6, 6), 8, 30)
        assert moment.isoformat() == "2020-06-06T08:30:00+08:00"


@pytest.mark.nodb
class TestPeriod:
    def test_both_ends_are_included(self):
        assert Period(date(2020, 6, 6), date(2020, 6, 6)).days == 1
        assert Period(date(2020, 1, 1), date(2020, 12, 31)).days == 366

    def test_an_empty_one_is_refused_with_both_days_named(self):
        with pytest.raises(ValueError, match=r"2020-06-05.*2020-06-06"):
            Period(date(2020, 6, 6), date(2020, 6, 5))

    def test_months_are_those_touched(self):
        months = list(Period(date(2019, 11, 30), date(2020, 2, 1)).months())
        assert months == [date(2019, 11, 1), date(2019, 12, 1), date(2020, 1, 1), date(2020, 2, 1)]

    def test_months_of_a_leap_february(self):
        assert list(Period(date(2020, 2, 29), date(2020, 2, 29)).months()) == [date(2020, 2, 1)]

    def test_it_reads_as_a_span(self):
        assert str(Period(date(2017, 7, 1), date(2020, 6, 6))) == "2017-07-01 至 2020-06-06"


class TestDatedRows:
    @pytest.fixture
    def january(self, db) -> Category:
        return Category.objects.create(
            code="x", name="x", group="x", unit="either", statutory=False, position=1,
            starts_on=date(2020, 1, 1), ends_on=date(2020, 1, 31),
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("day", "holds"),
        [(date(2019, 12, 31), False), (date(2020, 1, 1), True), (date(2020, 1, 31), True), (date(2020, 2, 1), False)],
    )
    def test_both_its_days_count_and_no_others(self, january, day, holds):
        assert january.holds_on(day) is holds
        assert Category.objects.on(day).exists() is holds
        assert Category.objects.filter(holds_on(day)).exists() is holds

    def test_a_span_that_shares_one_day_touches(self, january):
        assert Category.objects.touching(date(2020, 1, 31), date(2020, 3, 1)).exists()
        assert Category.objects.touching(date(2019, 1, 1), date(2020, 1, 1)).exists()
        assert not Category.objects.touching(date(2020, 2, 1), date(2020, 3, 1)).exists()

    def test_without_an_end_it_holds_until_further_notice(self, january):
        january.ends_on = None
        january.save()
        assert Category.objects.on(date(2099, 1, 1)).exists()

    def test_every_dated_table_refuses_an_end_before_its_start(self):
        from django.apps import apps

        dated = [model for model in apps.get_models() if issubclass(model, Dated)]
        assert len(dated) > 8
        for model in dated:
            names = {constraint.name for constraint in model._meta.constraints}
            assert any(name.endswith("dates_in_order") for name in names), model.__name__


@pytest.mark.nodb
class TestIds:
    def test_they_are_version_seven_and_variant_ten(self):
        made = ids.new_id()
        assert made.version == 7
        assert made.variant == "specified in RFC 4122"

    def test_later_milliseconds_sort_after_earlier_ones(self, monkeypatch):
        made = []
        for moment in (1, 2, 256, 65_536, 1_591_400_000_000):
            monkeypatch.setattr("shuangbai.core.ids.time.time_ns", lambda moment=moment: moment * 1_000_000)
            made.append(ids.new_id())
        assert made == sorted(made)
        assert [one.hex for one in made] == sorted(one.hex for one in made)

    def test_a_thousand_are_a_thousand(self):
        assert len({ids.new_id() for _ in range(1000)}) == 1000

    def test_a_random_one_tells_no_time(self):
        assert ids.random_id().version == 4
