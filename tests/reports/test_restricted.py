"""What a viewer may not open still counts, and says so: restricted categories in lists, tables, reports, filters."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from shuangbai.core import clock
from shuangbai.core.findings import Door
from shuangbai.core.periods import Period
from shuangbai.core.privacy import FEW, WITHHELD
from shuangbai.households.access import NOTHING, Opens, restricted_open_to
from shuangbai.households.enums import Relation
from shuangbai.households.models import Category
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.roles import ROLES, Permission
from shuangbai.reports.casework import Half
from shuangbai.reports.dimensions import DIMENSIONS
from shuangbai.reports.evidence import page_of
from shuangbai.reports.indicators import BY_CODE, INDICATORS
from shuangbai.reports.queries import Ask, Indicator, Restriction
from shuangbai.reports.results import results, told_to
from shuangbai.reports.sheet import contents, grids
from shuangbai.reports.spans import half_year_over
from shuangbai.reports.tables import Question, table
from shuangbai.reports.telling import Teller, opened, restrictions
from shuangbai.visits.actions import record_visits
from tests.cast import City, a_household, a_member, a_visit_entry, many_families

pytestmark = pytest.mark.django_db
SPAN = Period(date(2020, 1, 1), date(2020, 6, 30))  # the half-year of the crowd's visits
JULY = date(2020, 7, 2)
SECRET, PLAIN = "correction", "left_elder"
NAMES = ("社区矫正对象", "精神障碍患者")


@pytest.fixture(autouse=True)
def july() -> Iterator[None]:
    """The half-year is over, so its numbers may be told."""
    with clock.pinned(JULY):
        yield


def visited(station: OrgUnit, by: User, *tags: str, times: int = 1, on: date = date(2020, 4, 1)) -> Any:
    """Families whose head carries these categories, each visited once, on days one after the other."""
    head = a_member("钟守密", Relation.HEAD, tags=list(tags), birth_date=date(1950, 1, 1))
    families = many_families(by, [a_household(station, members=[head]) for _ in range(times)])
    days = [on + timedelta(days=number % 28) for number in range(times)]
    visits = [a_visit_entry(station, by, family, on=day) for family, day in zip(families, days, strict=True)]
    record_visits(by=by, entries=visits, door=Door.PAGE)
    return families


@pytest.fixture
def crowd(city: City, worker: User, neighbour: User, stranger: User) -> City:
    """城东 30 visits and 12 of them secret, 海城 20 and 9, 东洲 25 and 3; the rest are elders."""
    for station, by, secret, plain in (
        (city.chengdong, worker, 12, 18), (city.haicheng, neighbour, 9, 11), (city.dongzhou, stranger, 3, 22),
    ):  # fmt: skip
        visited(station, by, SECRET, times=secret)
        visited(station, by, PLAIN, times=plain)
    return city


def secret() -> int:
    return Category.objects.get(code=SECRET).pk


def asked_for(client: Client, code: str, scope: OrgUnit, **words: str) -> str:
    said = {"first": "2020-01-01", "last": "2020-06-30", "scope": scope.code, **words}
    return client.get(f"{reverse('evidence', args=[code])}?{urlencode(said)}").content.decode()


def rows_of(page: str) -> int:
    return page.count('class="row-title"')


class TestWhoMay:
    def test_whoever_sees_families_works_on_them_and_opens_what_is_restricted_of_them(self) -> None:
        both = {Permission.SEE_FAMILIES, Permission.OPEN_RESTRICTED}
        assert all(not both & role.permissions or both <= role.permissions for role in ROLES.values())

    def test_by_role(self, city: City, worker: User, head: User, supervisor: User, officer: User) -> None:
        mine = Opens(frozenset({city.chengdong.pk}))
        assert [restricted_open_to(one) for one in (worker, head)] == [mine, mine]
        assert restricted_open_to(supervisor) == Opens(None)
        assert restricted_open_to(officer) == NOTHING


class TestTheList:
    def test_rows_and_hidden_are_the_value_for_everybody(
        self, crowd: City, worker: User, supervisor: User, officer: User
    ) -> None:
        units = [crowd.root, crowd.haifeng, crowd.chengdong, crowd.dongzhou]
        asks = [Ask(SPAN, unit) for unit in units]
        asks += [one.holding("category", held) for one in asks for held in (secret(), None)]
        for one in INDICATORS:
            for ask in asks:
                if not {*ask.held} <= {*one.by}:
                    continue
                whole, kept = one.value(ask), restrictions(one, ask)
                for user in (worker, supervisor, officer):
                    among = opened(kept, one, ask, user)
                    items = page_of(one, ask, 1, names=False, among=among).items
                    shown = one.evidence(ask, among)
                    assert shown <= whole
                    assert len(items) == 50 or sum(item.adds for item in items) == shown

    def test_the_station_sees_it_whole(self, crowd: City, worker: User, client_for: Callable[..., Client]) -> None:
        page = asked_for(client_for(worker), "V3", crowd.chengdong, category=SECRET)
        assert rows_of(page) == 12
        assert "不可查看" not in page

    def test_the_officer_sees_the_number_and_no_row(
        self, crowd: City, officer: User, client_for: Callable[..., Client]
    ) -> None:
        page = asked_for(client_for(officer), "V3", crowd.root, category=SECRET)
        assert rows_of(page) == 0
        assert "另有 24 条不可查看" in page
        assert "只有服务这户的站和它的督导能打开" in page
        assert "钟" not in page.partition('class="section"')[2]

    def test_of_a_small_number_it_does_not_say_how_many(
        self, crowd: City, officer: User, client_for: Callable[..., Client]
    ) -> None:
        page = asked_for(client_for(officer), "V3", crowd.dongzhou, category=SECRET)
        assert f"另有 {FEW} 条不可查看" in page
        other = asked_for(client_for(officer), "V3", crowd.dongzhou, category="mental")  # which nobody carries
        assert f"另有 {FEW} 条不可查看" in other

    def test_nor_of_one_that_would_give_it_away(
        self, crowd: City, officer: User, client_for: Callable[..., Client]
    ) -> None:
        told = {
            unit.code: asked_for(client_for(officer), "V3", unit, category=SECRET)
            for unit in (crowd.chengdong, crowd.haicheng, crowd.haifeng, crowd.root)
        }
        shown = {code: WITHHELD in page for code, page in told.items()}
        # 东洲's 3 is the city's 24 without 海丰's 21, and that is 12 and 9.
        assert shown[crowd.root.code] is False
        assert shown[crowd.haifeng.code] is True
        assert shown[crowd.chengdong.code] or shown[crowd.haicheng.code]

    def test_somebody_of_a_station_with_an_office_above_sees_their_rows(self, crowd: City, officer: User) -> None:
        ask, one = Ask(SPAN, crowd.root).holding("category", secret()), BY_CODE["V3"]
        mine = Opens(frozenset({crowd.chengdong.pk}))
        assert one.evidence(ask, mine.rows(one.by["station"])) == 12
        held = {unit: Teller(mine).told(one, Ask(SPAN, unit).holding("category", secret()), 12)
                for unit in (crowd.chengdong, crowd.root)}  # fmt: skip
        assert held[crowd.chengdong] == 12

    def test_whoever_is_in_no_category_is_not_listed_either(
        self, crowd: City, worker: User, officer: User, client_for: Callable[..., Client]
    ) -> None:
        """Or those in the whole list and in no other would be known to carry a restricted category."""
        visited(crowd.chengdong, worker, times=7)
        page = asked_for(client_for(officer), "V3", crowd.root, category="none")
        assert rows_of(page) == 0
        assert "不可查看" in page

    def test_who_is_a_client_by_a_restricted_category_alone_is_counted_and_not_listed(
        self, city: City, worker: User, officer: User, client_for: Callable[..., Client]
    ) -> None:
        visited(city.chengdong, worker, "mental", times=6)
        visited(city.chengdong, worker, "mental", PLAIN, times=2)
        page, own = (asked_for(client_for(user), "V5", city.chengdong) for user in (officer, worker))
        assert 'class="number">8<' in page
        assert 'class="number">8<' in own
        assert [rows_of(page), rows_of(own)] == [2, 8]
        assert "另有 6 条不可查看" in page

    def test_a_record_set_of_its_own_says_which_rows_are_closed(self, crowd: City, officer: User, worker: User) -> None:
        """As cases and alarms will: nothing else has to change."""
        own = BY_CODE["V3"]
        closed = Restriction("只有当事社工能打开", lambda one, ask, user: restricted_open_to(user).rows("station"))
        one = Indicator(own.code, "安全警报", "件", "", own.rows, own.thing, own.key, own.record, by=own.by,
                        restriction=closed)  # fmt: skip
        ask = Ask(SPAN, crowd.root)
        shown = {user: one.evidence(ask, opened(restrictions(one, ask), one, ask, user)) for user in (officer, worker)}
        assert one.value(ask) == 75
        assert shown == {officer: 0, worker: 30}


class TestNumbers:
    def told(self, city: City, opens: Opens, rows: str, columns: str = "", held: Any = None) -> dict[str, list[Any]]:
        question = Question(
            Ask(SPAN, city.root), [BY_CODE["V3"]], DIMENSIONS[rows], DIMENSIONS.get(columns), held, opens
        )
        [grid] = grids(table(question))
        return {row.name: [cell.value for cell in cells] for row, cells in grid.body} | {
            "合计": [cell.value for cell in grid.foot]
        }

    def test_a_table_of_stations_by_category(self, crowd: City) -> None:
        held = (DIMENSIONS["category"], secret())
        everything = self.told(crowd, Opens(None), "station", held=held)
        assert everything == {"东洲社工站": [3], "城东社工站": [12], "海城社工站": [9], "合计": [24]}
        shown = self.told(crowd, NOTHING, "station", held=held)
        assert shown["东洲社工站"] == [FEW]
        assert shown["合计"] == [24]
        assert [shown["城东社工站"], shown["海城社工站"]].count([WITHHELD]) >= 1

    def test_lines_of_restricted_categories_are_there_whether_or_not_anybody_carries_them(self, crowd: City) -> None:
        shown = self.told(crowd, NOTHING, "category")
        assert shown["精神障碍患者"] == shown["戒毒康复人员"] == [FEW]
        assert shown["社区矫正对象"] == [24]
        assert shown["留守老人"] == [51]
        assert "精神障碍患者" not in self.told(crowd, Opens(None), "category")

    def test_a_narrow_question_does_not_tell_of_one_family(self, city: City, worker: User) -> None:
        shown = []
        for tags in ((), (SECRET,)):
            on = date(2020, 3, 2) if tags else date(2020, 3, 3)
            visited(city.chengdong, worker, *tags, on=on)
            ask = Ask(type(SPAN)(on, on), city.chengdong)
            shown.append(told_to(results(ask), NOTHING).figures["V3"].splits["category"])
        assert shown[0] == shown[1]

    def test_finer_than_one_dimension_nothing_is_told(self, crowd: City) -> None:
        held = (DIMENSIONS["category"], secret())
        shown = self.told(crowd, NOTHING, "station", "month", held)
        assert {value for values in list(shown.values())[:3] for value in values[:-1]} == {WITHHELD}

    def test_what_is_worked_out_from_another_figure_is_not_told(self, crowd: City) -> None:
        ask = Ask(SPAN, crowd.root).holding("category", secret())
        assert [Teller(NOTHING).told(BY_CODE[code], ask, 24) for code in ("V1", "V3", "V7")] == [WITHHELD, 24, WITHHELD]

    def test_the_whole_report_as_page_file_and_picture(
        self, crowd: City, officer: User, worker: User, client_for: Callable[..., Client]
    ) -> None:
        address = f"{reverse('results')}?first=2020-01-01&last=2020-06-30&scope="
        page = client_for(officer).get(address + "SW").content.decode()
        assert re.search(rf"精神障碍患者</a></dt><dd>{FEW}</dd>", page)
        few = contents(Ask(SPAN, crowd.dongzhou), NOTHING)
        assert NAMES[0] not in str(few["households_by_category"])
        assert NAMES[0] in str(contents(Ask(SPAN, crowd.dongzhou), Opens(None))["households_by_category"])
        line = next(one for one in few["report"].figures["V3"].splits["category"] if one.key == SECRET)
        assert (line.value, line.is_told) == (FEW, False)
        own = client_for(worker).get(address + crowd.chengdong.code).content.decode()
        assert re.search(r"社区矫正对象</a></dt><dd>12 户</dd>", own)


class TestSpans:
    """Two spans that overlap differ by the days between them: restricted numbers are told of half-years alone."""

    def told(self, city: City, first: date, last: date, on: date = JULY) -> Any:
        ask = Ask(Period(first, last), city.root).holding("category", secret())
        with clock.pinned(on):
            return Teller(NOTHING).told(BY_CODE["V3"], ask, BY_CODE["V3"].value(ask))

    def test_a_half_year_that_is_over_is_told(self, crowd: City) -> None:
        assert self.told(crowd, SPAN.first, SPAN.last) == 24

    def test_while_it_runs_it_is_not(self, crowd: City) -> None:
        assert self.told(crowd, SPAN.first, SPAN.last, on=SPAN.last) == WITHHELD

    @pytest.mark.parametrize(
        ("first", "last"),
        [
            (date(2020, 1, 1), date(2020, 6, 29)), (date(2020, 1, 2), date(2020, 6, 30)),
            (date(2019, 7, 1), date(2020, 6, 30)), (date(2020, 4, 1), date(2020, 6, 30)),
            (date(2020, 3, 1), date(2020, 3, 31)), (date(2019, 1, 1), date(2019, 12, 31)),
        ],
    )  # fmt: skip
    def test_nothing_longer_or_shorter_is(self, crowd: City, first: date, last: date) -> None:
        assert self.told(crowd, first, last) == WITHHELD

    def test_whoever_may_open_it_gets_every_span(self, crowd: City) -> None:
        ask = Ask(Period(date(2020, 3, 1), date(2020, 4, 5)), crowd.root).holding("category", secret())
        assert Teller(Opens(None)).told(BY_CODE["V3"], ask, 7) == 7

    @given(
        st.dates(date(2018, 1, 1), date(2021, 12, 31)),
        st.integers(0, 800),
        st.dates(date(2018, 1, 1), date(2022, 6, 30)),
    )
    def test_of_any_two_that_are_told_none_overlaps_the_other(self, first: date, days: int, today: date) -> None:
        """And so no two of them have a difference: all that is told of a day is in one of them."""
        period = Period(first, first + timedelta(days=days))
        halves = [one.period for year in range(2018, 2023) for one in (Half(year, 1), Half(year, 2))]
        assert half_year_over(period, today) == (period in halves and period.last < today)

    def test_the_page_says_of_which_spans_they_are_told(
        self, crowd: City, officer: User, client_for: Callable[..., Client]
    ) -> None:
        page = client_for(officer).get(f"{reverse('results')}?first=2020-01-01&last=2020-06-06&scope=SW").content
        assert "只按过完的半年公布" in page.decode()
        assert re.search(rf"精神障碍患者</a></dt><dd>{WITHHELD}</dd>", page.decode())


class TestFilters:
    def test_records_are_not_found_by_it(
        self, crowd: City, officer: User, worker: User, supervisor: User, client_for: Callable[..., Client]
    ) -> None:
        for user, may in ((officer, False), (worker, True), (supervisor, True)):
            client = client_for(user)
            assert (NAMES[0] in client.get("/records/").content.decode()) is may
            found = client.get(f"/records/?category={secret()}").content
            everything = client.get("/records/").content
            assert (found.count(b'class="row-title"') < everything.count(b'class="row-title"')) is may

    def test_the_list_of_categories_tells_no_small_number(
        self, city: City, worker: User, officer: User, client_for: Callable[..., Client]
    ) -> None:
        visited(city.chengdong, worker, SECRET, times=2)
        page = client_for(officer).get(reverse("categories")).content.decode()
        row = page.partition("社区矫正对象")[2].partition("</tr>")[0]
        assert "保密" in row
        assert f"{FEW} 人 0 户" in row
