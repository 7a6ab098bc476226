"""Grade schemes: what the product brings, what a city makes of it, which station uses which, longest intervals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuangbai.codes.models import Decision
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.households.enums import Grade
from shuangbai.households.files import assign_files, grade_files
from shuangbai.households.grades import Schemes, floors_on
from shuangbai.households.models import Category, CategoryFloor, FileGrade, GradeLevel, GradeScheme, StationScheme
from shuangbai.households.rules import ANY_WAY
from shuangbai.households.schemes import (
    add_level,
    add_scheme,
    change_level,
    choose_scheme,
    end_floor,
    end_level,
    set_floors,
)
from tests.cast import TODAY, a_family, a_file, again

pytestmark = pytest.mark.django_db
WHY, JULY = "按2020年新规", date(2020, 7, 1)
OTHERS = ["worker", "head", "supervisor", "sysadmin", "security", "auditor"]


def said(**more: Any) -> dict[str, Any]:
    plain = {"label": "黄", "colour": "yellow", "interval_days": 21, "grace_days": 3, "modes": list(ANY_WAY),
             "face_times": 1, "face_days": 60, "review_days": 180, "starts_on": JULY}  # fmt: skip
    return plain | more


def days(level: str, day: date) -> int:
    return Schemes(day).levels[level].interval_days


class TestWhatTheProductBrings:
    def test_three_schemes_without_a_row(self, city):
        schemes = Schemes(TODAY).in_order()
        told = {one.code: [level.interval_days for level in one.levels] for one in schemes}
        assert told == {"rag": [7, 30, 90], "abc": [14, 30, 90], "six": [7, 15, 30, 60, 90, 180]}
        assert [one.example for one in schemes if one.code == "six"] == [True]
        assert not GradeScheme.objects.exists()

    def test_a_station_uses_red_yellow_green_until_another_is_chosen(self, city):
        assert Schemes(TODAY).of(city.chengdong.pk).name == "红黄绿"


class TestLevels:
    def test_other_numbers_hold_from_their_day_and_the_days_before_keep_the_old(self, city, officer):
        change_level(by=officer, level="yellow", version=0, said=said(), reason=WHY)
        assert [days("yellow", day) for day in (TODAY, date(2020, 6, 30), JULY)] == [30, 30, 21]
        decision = Decision.objects.get()
        assert "每 30 天" in decision.was
        assert "每 21 天" in decision.became

    def test_changed_again_for_the_same_day_it_is_one_row(self, city, officer):
        change_level(by=officer, level="yellow", version=0, said=said(), reason=WHY)
        change_level(by=officer, level="yellow", version=2, said=said(interval_days=14), reason=WHY)
        assert days("yellow", JULY) == 14
        assert GradeLevel.objects.filter(code="yellow").count() == 2

    def test_who_read_an_older_version_is_told(self, city, officer):
        change_level(by=officer, level="yellow", version=0, said=said(), reason=WHY)
        with pytest.raises(Conflict):
            change_level(by=officer, level="green", version=0, said=said(), reason=WHY)

    @pytest.mark.parametrize(
        ("fault", "field"),
        [
            ({"interval_days": 0}, "interval_days"),
            ({"grace_days": 22}, "grace_days"),
            ({"modes": []}, "modes"),
            ({"face_days": 0}, "face_times"),
            ({"modes": ["phone"]}, "modes"),
            ({"starts_on": date(2020, 6, 5)}, "starts_on"),
        ],
    )
    def test_nonsense_is_refused(self, city, officer, fault, field):
        with pytest.raises(Refused) as caught:
            change_level(by=officer, level="yellow", version=0, said=said(**fault), reason=WHY)
        assert field in [finding.field for finding in caught.value.findings]
        assert not Decision.objects.exists()

    def test_the_database_refuses_an_empty_interval_and_half_a_rule(self, city):
        scheme = GradeScheme.objects.create(code="x", name="x")
        row = {"scheme": scheme, "label": "甲", "colour": "red", "rank": 1, "interval_days": 7, "starts_on": TODAY}
        GradeLevel.objects.create(code="x-1", **row)
        for wrong in ({"interval_days": 0}, {"face_times": 1}, {"label": ""}, {"ends_on": date(2020, 6, 5)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                GradeLevel.objects.create(**{**row, "code": "x-2", **wrong})
        with pytest.raises(IntegrityError), transaction.atomic():
            GradeLevel.objects.create(code="x-1", **row)
        with pytest.raises(IntegrityError), transaction.atomic():
            GradeScheme.objects.create(code="y", name="")


class TestACitysOwn:
    def test_it_begins_with_anothers_levels_grows_and_sheds(self, city, officer):
        scheme = add_scheme(by=officer, name="本市四级", starts_on=TODAY, like="rag", reason=WHY)
        more = said(label="橙", interval_days=14, starts_on=TODAY)
        add_level(by=officer, scheme="own1", version=1, said=more, reason=WHY)
        assert [level.label for level in Schemes(TODAY).by_code["own1"].levels] == ["红", "橙", "黄", "绿"]
        end_level(by=officer, level="own1-3", version=2, ends_on=TODAY, reason=WHY)
        assert [level.label for level in Schemes(JULY).by_code["own1"].levels] == ["红", "橙", "黄"]
        assert scheme.name == "本市四级"

    def test_many_days_are_read_at_once_and_each_says_what_it_says_alone(
        self, city, officer, django_assert_num_queries
    ):
        add_scheme(by=officer, name="本市三级", starts_on=TODAY, like="rag", reason=WHY)
        end_level(by=officer, level="own1-3", version=1, ends_on=TODAY, reason=WHY)
        choose_scheme(by=officer, stations=[city.chengdong], scheme="own1", starts_on=JULY, reason=WHY)
        asked = [date(2020, 6, 1), TODAY, date(2020, 6, 30), JULY, date(2021, 1, 1)]
        alone = {day: Schemes(day) for day in asked}
        with django_assert_num_queries(2):
            together = Schemes.on_each(asked)
        assert [together[day].levels for day in asked] == [alone[day].levels for day in asked]
        assert [one.of(city.chengdong.pk) for one in together.values()] == [
            one.of(city.chengdong.pk) for one in alone.values()
        ]
        assert [together[day].of(city.chengdong.pk).code for day in asked] == ["rag", "rag", "rag", "own1", "own1"]

    def test_the_products_own_are_neither_grown_nor_ended(self, city, officer):
        with pytest.raises(Refused, match="不能增减"):
            add_level(by=officer, scheme="rag", version=0, said=said(label="橙"), reason=WHY)
        with pytest.raises(Refused, match="不能停用"):
            end_level(by=officer, level="red", version=0, ends_on=TODAY, reason=WHY)

    def test_a_name_twice_is_refused(self, city, officer):
        with pytest.raises(Refused, match="已有这个名称"):
            add_scheme(by=officer, name="红黄绿", starts_on=TODAY, like="rag", reason=WHY)


class TestStations:
    def test_from_the_day_on_files_are_graded_by_the_stations_scheme(self, city, worker, officer):
        file = a_file(a_family(city.chengdong, worker), worker)
        choose_scheme(by=officer, stations=[city.chengdong], scheme="abc", starts_on=TODAY, reason=WHY)
        with pytest.raises(Refused, match="本站这一天用的是「ABC」"):
            grade_files(by=worker, entries=[(file, Grade.RED, TODAY, "独居")])
        grade_files(by=worker, entries=[(file, Grade.RED, date(2020, 6, 5), "独居")])
        grade_files(by=worker, entries=[(file, "abc_a", TODAY, "独居")])
        assert [row.get_grade_display() for row in FileGrade.objects.order_by("starts_on")] == ["红", "A类"]

    def test_a_level_of_the_citys_own_is_called_by_its_name(self, city, worker, officer):
        add_scheme(by=officer, name="本市", starts_on=TODAY, like="rag", reason=WHY)
        choose_scheme(by=officer, stations=[city.chengdong], scheme="own1", starts_on=TODAY, reason=WHY)
        file = a_file(a_family(city.chengdong, worker), worker)
        grade_files(by=worker, entries=[(file, "own1-2", TODAY, "独居")])
        assert FileGrade.objects.get().get_grade_display() == "黄"

    def test_another_choice_ends_the_one_before_and_the_same_day_replaces_it(self, city, officer):
        for scheme, day in (("abc", TODAY), ("six", JULY), ("rag", JULY)):
            choose_scheme(by=officer, stations=[city.chengdong], scheme=scheme, starts_on=day, reason=WHY)
        rows = StationScheme.objects.order_by("starts_on").values_list("scheme__code", "starts_on", "ends_on")
        assert list(rows) == [("abc", TODAY, date(2020, 6, 30)), ("rag", JULY, None)]
        with pytest.raises(Refused, match="2020-07-01"):
            choose_scheme(by=officer, stations=[city.chengdong], scheme="six", starts_on=TODAY, reason=WHY)
        with pytest.raises(Refused, match="不必保存"):
            choose_scheme(by=officer, stations=[city.chengdong], scheme="rag", starts_on=JULY, reason=WHY)

    def test_the_database_refuses_two_on_one_day(self, city):
        scheme = GradeScheme.objects.create(code="x", name="x")
        StationScheme.objects.create(station=city.chengdong, scheme=scheme, starts_on=TODAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            StationScheme.objects.create(station=city.chengdong, scheme=scheme, starts_on=TODAY)


class TestFloors:
    @pytest.fixture
    def elders(self, city) -> list[Category]:
        return list(Category.objects.filter(code__in=["alone_elder", "frail_elder"]).order_by("code"))

    def test_they_hold_from_their_day_and_end(self, city, officer, elders):
        first = set_floors(by=officer, categories=elders, days=30, starts_on=TODAY, reason=WHY)
        assert {one.name: one.days for one in floors_on(TODAY).values()} == {"独居老人": 30, "失能老人": 30}
        set_floors(by=officer, categories=elders[:1], days=15, starts_on=JULY, reason=WHY)
        assert [floors_on(day)[elders[0].pk].days for day in (date(2020, 6, 30), JULY)] == [30, 15]
        end_floor(by=officer, floor=first[1], ends_on=TODAY, reason=WHY)
        assert elders[1].pk not in floors_on(date(2020, 6, 7))
        with pytest.raises(Refused, match="不必再结束"):
            end_floor(by=officer, floor=first[1], ends_on=TODAY, reason=WHY)

    @pytest.mark.parametrize(("most", "day"), [(0, TODAY), (30, date(2020, 6, 5))])
    def test_nonsense_is_refused(self, city, officer, elders, most, day):
        with pytest.raises(Refused):
            set_floors(by=officer, categories=elders, days=most, starts_on=day, reason=WHY)

    def test_the_database_refuses_none_and_two_on_a_day(self, city, elders):
        CategoryFloor.objects.create(category=elders[0], days=30, starts_on=TODAY)
        for wrong in ({"days": 0, "starts_on": JULY}, {"days": 30, "starts_on": TODAY}):
            with pytest.raises(IntegrityError), transaction.atomic():
                CategoryFloor.objects.create(category=elders[0], **wrong)


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_but_who_decides_for_the_city(city, name):
    by, category = city.users[name], Category.objects.get(code="alone_elder")
    floor = CategoryFloor.objects.create(category=category, days=30, starts_on=TODAY)
    for act in (
        lambda: add_scheme(by=by, name="本市", starts_on=TODAY, like="rag", reason=WHY),
        lambda: change_level(by=by, level="red", version=0, said=said(), reason=WHY),
        lambda: add_level(by=by, scheme="own1", version=0, said=said(), reason=WHY),
        lambda: end_level(by=by, level="own1-1", version=0, ends_on=TODAY, reason=WHY),
        lambda: choose_scheme(by=by, stations=[city.chengdong], scheme="abc", starts_on=TODAY, reason=WHY),
        lambda: set_floors(by=by, categories=[category], days=30, starts_on=TODAY, reason=WHY),
        lambda: end_floor(by=by, floor=floor, ends_on=TODAY, reason=WHY),
    ):
        with pytest.raises(NotAllowed):
            act()


class TestHandingOver:
    def test_given_back_the_same_day_it_is_as_if_nothing_happened(self, city, worker, colleague):
        file = a_file(a_family(city.chengdong, worker), worker)
        before = list(file.workers.values_list("pk", "staff_id", "starts_on", "ends_on"))
        assign_files(by=worker, entries=[(file, colleague.staff_id, TODAY)])
        rows = file.workers.order_by("starts_on").values_list("staff_id", "ends_on")
        assert list(rows) == [(worker.staff_id, date(2020, 6, 5)), (colleague.staff_id, None)]
        assign_files(by=again(worker), entries=[(file, worker.staff_id, TODAY)])
        assert list(file.workers.values_list("pk", "staff_id", "starts_on", "ends_on")) == before

    def test_to_the_one_who_has_it_nothing_changes_and_a_day_before_theirs_is_refused(self, city, worker, colleague):
        file = a_file(a_family(city.chengdong, worker), worker)
        assign_files(by=worker, entries=[(file, worker.staff_id, TODAY)])
        assert file.workers.count() == 1
        with pytest.raises(Refused, match="接手日期"):
            assign_files(by=worker, entries=[(file, colleague.staff_id, date(2019, 1, 1))])

    def test_one_without_a_worker_gets_one(self, city, worker, colleague):
        file = a_file(a_family(city.chengdong, worker), worker)
        file.workers.all().delete()
        assign_files(by=worker, entries=[(file, colleague.staff_id, TODAY)])
        assert file.workers.get().staff_id == colleague.staff_id
