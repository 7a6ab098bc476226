"""现在要一个数: found by what is typed, told with its trend and a year earlier. And two periods side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from shuangbai.core.periods import Period
from shuangbai.network.models import User
from shuangbai.reports.comparison import Pair, compared, quick_pairs
from shuangbai.reports.finder import EVERYTHING, SOUGHT, exactly, find
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.number import number, trend
from shuangbai.reports.queries import Ask, opened_in
from shuangbai.reports.results import CODES
from shuangbai.reports.spans import SPANS
from tests.cast import TODAY, City, a_family, a_file, a_visit

SINCE = date(2017, 7, 1)


@pytest.mark.nodb
class TestFinding:
    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("V2", "V2"), ("v2", "V2"), ("Ｖ２", "V2"), ("走访户数", "V2"), ("zfhs", "V2"), ("zoufanghushu", "V2"),
            ("f6", "F6"), ("月探访", "F7"), ("志愿者服务", "T3"), ("未遇", "V7"),
            ("走访人数", "V8"), ("zfrs", "V8"), ("探访率", "F7"), ("走访 电话", "V1"),
        ],
    )  # fmt: skip
    def test_by_code_name_letters_and_definition(self, typed: str, code: str) -> None:
        assert code in [one.code for one in find(typed)][:2]

    def test_every_figure_is_found_by_its_code_its_name_and_its_letters(self) -> None:
        for one in EVERYTHING:
            assert exactly(one.code) == exactly(one.name) == one

    def test_what_means_several_is_not_guessed(self) -> None:
        assert len(find("走访")) > 3
        assert exactly("走访") is None
        assert find("没有这个") == find(" ") == []


@pytest.mark.nodb
class TestPeriods:
    @pytest.mark.parametrize(
        ("code", "first", "last"),
        [
            ("since", "2017-07-01", "2020-06-06"), ("this_year", "2020-01-01", "2020-06-06"),
            ("last_year", "2019-01-01", "2019-12-31"), ("this_half", "2020-01-01", "2020-06-06"),
            ("last_half", "2019-07-01", "2019-12-31"), ("this_quarter", "2020-04-01", "2020-06-06"),
            ("last_quarter", "2020-01-01", "2020-03-31"), ("this_month", "2020-06-01", "2020-06-06"),
            ("last_month", "2020-05-01", "2020-05-31"), ("this_week", "2020-06-01", "2020-06-06"),
            ("last_week", "2020-05-25", "2020-05-31"),
        ],
    )  # fmt: skip
    def test_by_name(self, code: str, first: str, last: str) -> None:
        assert SPANS[code].of(TODAY, SINCE) == Period(date.fromisoformat(first), date.fromisoformat(last))

    @pytest.mark.parametrize(
        ("first", "last", "earlier_first", "earlier_last"),
        [
            ("2020-02-01", "2020-02-29", "2019-02-01", "2019-02-28"),
            ("2021-02-01", "2021-02-28", "2020-02-01", "2020-02-29"),
            ("2020-02-29", "2020-03-10", "2019-03-01", "2019-03-10"),
            ("2020-01-01", "2020-06-06", "2019-01-01", "2019-06-06"),
            ("2021-02-28", "2021-03-01", "2020-02-28", "2020-03-01"),
        ],
    )
    def test_a_year_earlier(self, first: str, last: str, earlier_first: str, earlier_last: str) -> None:
        span = Period(date.fromisoformat(first), date.fromisoformat(last)).year_earlier()
        assert str(span) == f"{earlier_first} 至 {earlier_last}"


@pytest.mark.django_db
class TestTheNumber:
    def ask(self, unit: Any, first: date = date(2020, 1, 1), last: date = TODAY) -> Ask:
        return Ask(Period(first, last), unit)

    def test_its_trend_is_of_whole_months_and_each_point_is_its_figure(self, city: City, worker: User) -> None:
        family = a_family(city.chengdong, worker)
        for day in (date(2019, 8, 3), date(2020, 5, 2), date(2020, 5, 20), date(2020, 6, 2)):
            a_visit(city.chengdong, worker, family, on=day)
        for code in ("V1", "V2", "V8"):
            points = trend(SOUGHT[code], self.ask(city.root))
            assert len(points) == 12
            assert points[-1].per == Period(date(2020, 6, 1), TODAY)
            for point in points:
                assert point.value == BY_CODE[code].value(Ask(point.per, city.root)), (code, point)

    def test_what_holds_on_a_day_is_of_each_months_end(self, city: City, worker: User) -> None:
        a_file(a_family(city.chengdong, worker), worker, on=date(2020, 4, 15))
        points = trend(SOUGHT["F1"], self.ask(city.root))
        assert [point.value for point in points][-4:] == [0, 1, 1, 1]

    def test_no_month_before_the_first_opening_and_none_over_two_years(self, city: City) -> None:
        assert len(trend(SOUGHT["V1"], self.ask(city.haicheng, SINCE))) == 12
        assert len(trend(SOUGHT["V1"], self.ask(city.root, SINCE))) == 24
        assert opened_in(city.haicheng) == date(2019, 7, 1)

    def test_a_year_earlier_only_where_a_station_was_open(self, city: City, worker: User) -> None:
        a_visit(city.chengdong, worker, a_family(city.chengdong, worker), on=date(2019, 5, 2))
        told = number(SOUGHT["V1"], self.ask(city.root)).earlier
        assert told is not None
        assert told.figure is not None
        assert told.figure.value == 1
        assert number(SOUGHT["V1"], self.ask(city.haicheng, date(2020, 1, 1))).earlier is None

    def test_a_rate_without_anything_to_count_has_no_per_cent_and_no_line(self, city: City) -> None:
        told = number(SOUGHT["F6"], self.ask(city.root))
        assert told.now.is_nothing
        assert told.codes == ["F6A", "F6B"]
        assert [one.code for one in told.splits] == ["station"]
        assert trend(SOUGHT["F6"], self.ask(city.root)) == []


@pytest.mark.django_db
class TestThePages:
    @pytest.fixture
    def client(self, city: City, worker: User, officer: User, client_for: Callable[[User], Client]) -> Client:
        a_visit(city.chengdong, worker, a_family(city.chengdong, worker), on=date(2020, 5, 2))
        return client_for(officer)

    def test_typed_without_a_script_one_that_is_meant_is_shown_and_several_are_offered(self, client: Client) -> None:
        page = client.get("/reports/number/?q=zfhs").content.decode()
        assert "至少有一次有效走访" in page
        assert "上年同期" in page
        assert "/reports/evidence/V2/" in page
        page = client.get("/reports/number/?q=走访").content.decode()
        assert "是哪一个？" in page
        assert "figure=V1" in page
        assert "没有找到「天气」" in client.get("/reports/number/?q=天气").content.decode()

    @pytest.mark.parametrize("code", [one.code for one in EVERYTHING])
    def test_every_figure_and_rate_has_its_page(self, client: Client, code: str) -> None:
        answer = client.get(f"/reports/number/?figure={code}")
        assert answer.status_code == 200
        assert SOUGHT[code].definition in answer.content.decode()

    def test_to_htmx_the_same_part_of_the_page(self, client: Client) -> None:
        address = "/reports/number/?figure=V1"
        part = client.get(address, headers={"HX-Request": "true"}).content.decode().strip()
        assert part.startswith('<div class="section" id="number">')
        assert part in client.get(address).content.decode()

    def test_while_one_types(self, client: Client) -> None:
        found = client.get("/reports/number/suggest?q=zf").json()["results"]
        assert {"V1", "V2"} <= {one["id"] for one in found}

    def test_the_difference_and_its_per_cent(self, client: Client) -> None:
        page = client.get("/reports/compare/").content.decode()
        assert "2020-01-01 至 2020-06-06" in page
        assert "2019-01-01 至 2019-06-06" in page
        answer = client.get(
            "/reports/compare/?first=2020-06-01&last=2020-05-01&then_first=2020-01-01&then_last=2020-02-01"
        )
        assert answer.status_code == 422
        assert "结束日期早于开始日期" in answer.content.decode()

    def test_a_day_that_is_none_is_said_as_on_every_form(self, client: Client) -> None:
        answer = client.get("/reports/compare/?first=2020-13-01&last=2020-05-01&then_first=2020-01-01&then_last=")
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "请写成 2020-06-05 的样子" in page
        assert "请填写日期" in page


@pytest.mark.django_db
class TestComparing:
    def test_every_figure_of_the_report_in_both(self, city: City, worker: User) -> None:
        family = a_family(city.chengdong, worker)
        for day in (date(2020, 5, 2), date(2020, 5, 3), date(2020, 5, 4), date(2020, 4, 4)):
            a_visit(city.chengdong, worker, family, on=day)
        may, april = (Ask(Period(date(2020, m, 1), date(2020, m, 30)), city.root) for m in (5, 4))
        told = compared(may, april)
        found = {one.indicator.code: one for _, figures in told.sections for one in figures}
        assert set(found) == set(CODES)
        assert (found["V1"].now, found["V1"].then, found["V1"].difference) == (3, 1, 2)
        assert (found["V1"].per_cent, found["V2"].per_cent, found["A1"].per_cent) == ("+200.0", "0.0", "")
        assert not told.unequal

    @pytest.mark.nodb
    def test_the_pairs_asked_for_most(self) -> None:
        pairs = {
            name: (now, then) for name, now, then in quick_pairs(TODAY, Period(date(2020, 3, 1), date(2020, 3, 31)))
        }
        assert pairs["本月 / 上月"] == (Period(date(2020, 6, 1), TODAY), Period(date(2020, 5, 1), date(2020, 5, 31)))
        assert pairs["这段时间 / 上年同期"][1] == Period(date(2019, 3, 1), date(2019, 3, 31))
        assert pairs["这段时间 / 紧接之前同样天数"][1] == Period(date(2020, 1, 30), date(2020, 2, 29))

    @pytest.mark.nodb
    def test_less_is_told_with_its_sign(self) -> None:
        assert Pair(BY_CODE["V1"], 1, 3).per_cent == "-66.7"

    @pytest.mark.nodb
    def test_much_more_is_parted_by_thousands(self) -> None:
        assert Pair(BY_CODE["V1"], 47, 2).per_cent == "+2,250.0"
