"""Areas with their codes and other names, the bureau's tree, coverage that grows, dated postings."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from shuangbai.core.findings import Refused
from shuangbai.network import queries
from shuangbai.network.actions import (
    UnitEntry,
    aliases_of,
    cover_villages,
    hire,
    load_areas,
    open_account,
    open_units,
)
from shuangbai.network.enums import AreaLevel, CoverageKind, Post, UnitKind
from shuangbai.network.models import Area, AreaAlias, AreaCode, Coverage, OrgUnit, Posting, RoleGrant, Staff, User
from shuangbai.network.roles import Role


@pytest.mark.django_db
class TestAreas:
    def test_a_county_is_loaded_down_to_the_village_with_what_stands_above(self):
        added = load_areas(only="441521")
        assert added == Area.objects.count() == AreaCode.objects.count()
        village = AreaCode.objects.get(code="441521120203").area
        path = [village.name, village.parent.name, village.parent.parent.name, village.parent.parent.parent.name]
        assert path == ["赤山村民委员会", "城东镇", "海丰县", "汕尾市"]
        assert not AreaCode.objects.filter(code__startswith="441581").exists()

    def test_loading_twice_changes_nothing(self):
        load_areas(only="441502005")
        before = set(Area.objects.values_list("pk", "name")), AreaAlias.objects.count()
        assert load_areas(only="441502005") == 0
        assert (set(Area.objects.values_list("pk", "name")), AreaAlias.objects.count()) == before

    def test_a_wider_load_adds_only_what_is_new_under_the_parents_known(self):
        load_areas(only="441502005")
        few = Area.objects.count()
        added = load_areas(only="441502")
        assert Area.objects.count() == few + added
        assert Area.objects.filter(level=AreaLevel.COUNTY).count() == 1
        assert not Area.objects.exclude(level=AreaLevel.PROVINCE).filter(parent=None).exists()

    def test_a_town_is_found_by_its_other_writing(self):
        load_areas(only="441521105")
        town = AreaAlias.objects.get(name="鲘门镇").area
        assert town.name == "鮜门镇"

    def test_a_village_is_found_without_its_committee(self):
        load_areas(only="441521120")
        assert AreaAlias.objects.get(name="赤山村").area.name == "赤山村民委员会"
        assert AreaAlias.objects.filter(name="桥东社区").exists()


@pytest.mark.nodb
@pytest.mark.parametrize(
    ("code", "name", "others"),
    [
        ("441521120203", "赤山村民委员会", ["赤山村"]),
        ("441502005201", "湖东村委会", ["湖东村"]),
        ("441521120001", "桥东社区居民委员会", ["桥东社区"]),
        ("441521105", "鮜门镇", ["鲘门镇", "鲘门"]),
        ("441581001", "东海街道", ["东海镇"]),
        ("441521120", "城东镇", []),
        ("x", "村民委员会", []),
    ],
)
def test_other_names_of_a_place(code, name, others):
    assert aliases_of(code, name) == others


class TestTree:
    def test_a_path_names_every_unit_from_the_root(self, city):
        assert city.chengdong.path == "/SW/SW-HF/SW-HF-01/"
        assert queries.root_unit() == city.root

    def test_stations_under_a_unit_come_in_the_trees_order(self, city):
        assert [unit.code for unit in queries.stations_under(city.root)] == ["SW-CQ-01", "SW-HF-01", "SW-HF-02"]
        assert list(queries.stations_under(city.haicheng)) == [city.haicheng]
        assert list(queries.stations_under(city.centre)) == []

    def test_an_unknown_parent_is_refused_and_nothing_of_the_batch_stays(self, city):
        entries = [
            UnitEntry("SW-LF", UnitKind.COUNTY, "陆丰市", "SW", date(2017, 1, 1)),
            UnitEntry("SW-LH-01", UnitKind.STATION, "河田社工站", "SW-LH", date(2017, 7, 1)),
        ]
        with pytest.raises(Refused, match="SW-LH"):
            open_units(entries=entries)
        assert not OrgUnit.objects.filter(code="SW-LF").exists()

    def test_an_unknown_area_is_refused_by_its_code(self, city):
        with pytest.raises(Refused, match="999999"):
            open_units(entries=[UnitEntry("X", UnitKind.STATION, "x", "SW", date(2017, 7, 1), town="999999")])

    def test_a_code_is_given_once(self, city):
        with pytest.raises(Refused, match="SW-HF-01 已有机构使用"):
            open_units(entries=[UnitEntry("SW-HF-01", UnitKind.STATION, "x", "SW", date(2017, 7, 1))])
        with pytest.raises(IntegrityError), transaction.atomic():
            OrgUnit.objects.create(
                code="SW-HF-01",
                kind=UnitKind.STATION,
                name="x",
                parent=city.root,
                path="/x/",
                starts_on=date(2020, 1, 1),
            )  # fmt: skip


class TestCoverage:
    def test_it_grows_with_the_days(self, city):
        def names(day: date) -> set[str]:
            return {village.name for village in queries.villages_covered(city.chengdong.pk, day)}

        assert names(date(2017, 6, 30)) == set()
        assert names(date(2017, 7, 1)) == {"赤山村民委员会", "北平村民委员会"}
        assert names(date(2019, 1, 1)) == {"赤山村民委员会", "北平村民委员会", "台东村民委员会"}

    def test_a_village_before_the_station_opened_is_refused_and_nothing_stays(self, city):
        before = Coverage.objects.count()
        village = city.areas["441521120206"].pk
        with pytest.raises(Refused, match="开站日期") as caught:
            cover_villages(
                entries=[
                    (city.haicheng, village, CoverageKind.AROUND, date(2019, 7, 1), None),
                    (city.haicheng, city.chishan.pk, CoverageKind.AROUND, date(2019, 6, 30), None),
                ]
            )
        assert caught.value.findings[0].field == "starts_on"
        assert Coverage.objects.count() == before

    def test_an_end_before_its_start_is_refused_by_the_database(self, city):
        with pytest.raises(IntegrityError), transaction.atomic():
            cover_villages(
                entries=[(city.haicheng, city.chishan.pk, CoverageKind.BASE, date(2020, 1, 2), date(2020, 1, 1))]
            )

    def test_a_village_once_a_day_by_one_station(self, city):
        with pytest.raises(IntegrityError), transaction.atomic():
            Coverage.objects.create(
                station=city.chengdong, village=city.chishan, kind=CoverageKind.BASE, starts_on=date(2017, 7, 1)
            )


class TestStaff:
    def somebody(self, **more) -> Staff:
        return Staff(name="新人", hired_on=date(2018, 1, 1), **more)

    @pytest.mark.parametrize(
        ("first_ends", "second_starts"),
        [(date(2019, 6, 30), date(2019, 6, 30)), (None, date(2019, 7, 1)), (date(2019, 12, 31), date(2018, 1, 1))],
    )
    def test_overlapping_postings_at_one_unit_are_refused(self, city, first_ends, second_starts):
        posts = [
            (city.chengdong, Post.SERVICE, date(2018, 1, 1), first_ends),
            (city.chengdong, Post.AFFAIRS, second_starts, None),
        ]
        before = Staff.objects.count()
        with pytest.raises(Refused, match="重叠"):
            hire(entries=[(self.somebody(), posts)])
        assert Staff.objects.count() == before

    def test_one_after_the_other_and_two_units_at_once_are_fine(self, city):
        person = self.somebody()
        posts = [
            (city.chengdong, Post.SERVICE, date(2018, 1, 1), date(2019, 6, 30)),
            (city.chengdong, Post.STATION_HEAD, date(2019, 7, 1), None),
            (city.haicheng, Post.SERVICE, date(2019, 7, 1), None),
        ]
        hire(entries=[(person, posts)])
        assert person.postings.count() == 3

    def test_colleagues_are_those_posted_on_the_day(self, city, worker):
        Posting.objects.filter(staff=worker.staff).update(ends_on=date(2020, 5, 31))
        now = set(queries.colleagues(city.chengdong.pk, date(2020, 6, 1)))
        before = set(queries.colleagues(city.chengdong.pk, date(2020, 5, 31)))
        assert before - now == {worker.staff}
        assert len(now) == 2

    def test_nobody_leaves_before_being_hired(self, city):
        with pytest.raises(IntegrityError), transaction.atomic():
            self.somebody(left_on=date(2017, 12, 31)).save()

    def test_somebody_with_a_posting_is_not_deleted(self, city, worker):
        with pytest.raises(IntegrityError), transaction.atomic():
            worker.staff.delete()


class TestOpeningAccounts:
    def test_a_name_that_is_taken_is_refused(self, city):
        with pytest.raises(Refused, match="worker") as caught:
            open_account(username="worker", display_name="x", password="x" * 12, staff=None, grants=[])
        assert caught.value.findings[0].field == "username"

    def test_the_password_is_not_kept(self, city, worker):
        assert "correct-horse" not in User.objects.get(pk=worker.pk).password

    def test_a_grant_is_given_once_a_day(self, city, worker):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleGrant.objects.create(user=worker, role=Role.WORKER, unit=city.chengdong, starts_on=date(2017, 7, 1))
