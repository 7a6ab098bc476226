"""Places that change: added, renamed, merged, numbered by two systems, found by what people write."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.households.models import Residence
from shuangbai.network import divisions
from shuangbai.network.changes import changes_of
from shuangbai.network.divisions import PlaceEntry
from shuangbai.network.models import Area, AreaAlias, AreaCode, Coverage
from shuangbai.network.places import areas_called, codes_of, match_villages, stem, written_path
from tests.cast import HF1, TODAY, a_family


def town(city):
    return city.areas["441521120"]


class TestAdding:
    def test_a_village_is_found_by_what_people_call_it(self, city, sysadmin):
        (village,) = divisions.add_areas(
            by=sysadmin, parent=town(city), entries=[PlaceEntry("新建村民委员会", "441521120299")], starts_on=TODAY
        )
        assert village.level == "village"
        assert AreaAlias.objects.filter(area=village, name="新建村").exists()
        assert AreaCode.objects.get(area=village).code == "441521120299"
        assert changes_of(Area, id=village.pk)[0].by == sysadmin.display_name

    def test_a_name_that_stands_there_is_refused_and_nothing_of_the_list_stays(self, city, sysadmin):
        entries = [PlaceEntry("新建村民委员会"), PlaceEntry("赤山村民委员会")]
        with pytest.raises(Refused, match="已有「赤山村民委员会」"):
            divisions.add_areas(by=sysadmin, parent=town(city), entries=entries, starts_on=None)
        assert not Area.objects.filter(name="新建村民委员会").exists()

    def test_nothing_stands_under_a_village(self, city, sysadmin):
        with pytest.raises(Refused, match="自然村"):
            divisions.add_areas(by=sysadmin, parent=city.chishan, entries=[PlaceEntry("上村")], starts_on=None)

    @pytest.mark.parametrize("who", ["worker", "head", "supervisor", "officer", "security", "auditor"])
    def test_only_whoever_manages_the_network_may(self, city, who):
        with pytest.raises(NotAllowed):
            divisions.add_areas(by=city.users[who], parent=town(city), entries=[PlaceEntry("新村")], starts_on=None)


class TestRenaming:
    def test_the_name_before_stays_as_another_name_until_the_day(self, city, sysadmin):
        place = town(city)
        divisions.rename_area(by=sysadmin, area=place, version=1, name="城东街道", on=date(2020, 6, 1))
        place.refresh_from_db()
        former = AreaAlias.objects.get(area=place, name="城东镇")
        assert (place.name, place.version, former.ends_on) == ("城东街道", 2, date(2020, 5, 31))
        assert areas_called("城东镇") == [place]

    def test_a_former_name_cannot_be_taken_away(self, city, sysadmin):
        divisions.rename_area(by=sysadmin, area=town(city), version=1, name="城东街道", on=date(2020, 6, 1))
        with pytest.raises(Refused, match="旧台账"):
            divisions.remove_alias(by=sysadmin, alias=AreaAlias.objects.get(name="城东镇"))

    def test_not_before_its_day(self, city, sysadmin):
        with pytest.raises(Refused, match="还没到"):
            divisions.rename_area(by=sysadmin, area=town(city), version=1, name="城东街道", on=date(2020, 6, 7))

    def test_the_second_of_two_is_told(self, city, sysadmin):
        divisions.rename_area(by=sysadmin, area=town(city), version=1, name="城东街道", on=TODAY)
        with pytest.raises(Conflict):
            divisions.rename_area(by=sysadmin, area=town(city), version=1, name="城东新镇", on=TODAY)

    def test_was_and_became_are_kept(self, city, sysadmin):
        divisions.rename_area(by=sysadmin, area=city.chishan, version=1, name="赤山社区居民委员会", on=TODAY)
        divisions.rename_area(by=sysadmin, area=city.chishan, version=2, name="赤山新村民委员会", on=TODAY)
        latest = changes_of(Area, id=city.chishan.pk)[0]
        assert ("名称", "赤山社区居民委员会", "赤山新村民委员会") in latest.rows
        assert latest.by == sysadmin.display_name


class TestMerging:
    def test_families_and_coverage_go_into_the_successor_from_the_next_day(self, city, sysadmin, worker):
        family = a_family(city.chengdong, worker)
        before = Coverage.objects.filter(village=city.chishan).count()
        taiwan = city.areas["441521120206"]
        divisions.end_area(by=sysadmin, area=city.chishan, version=1, ends_on=date(2020, 5, 31), successor=taiwan)
        family.household.refresh_from_db()
        assert family.household.village == taiwan
        stays = Residence.objects.filter(household=family.household).order_by("starts_on")
        assert [(r.village, r.ends_on) for r in stays] == [(city.chishan, date(2020, 5, 31)), (taiwan, None)]
        assert Coverage.objects.filter(village=city.chishan, ends_on=date(2020, 5, 31)).count() == before
        assert family.household.version == 2
        assert Area.objects.get(pk=city.chishan.pk).successor == taiwan

    def test_without_a_successor_nothing_is_lost(self, city, sysadmin, worker):
        a_family(city.chengdong, worker)
        with pytest.raises(Refused, match="服务这里的社工站 1 个、住在这里的家庭 1 户"):
            divisions.end_area(by=sysadmin, area=city.chishan, version=1, ends_on=TODAY, successor=None)
        assert Area.objects.get(pk=city.chishan.pk).ends_on is None

    def test_a_family_that_moved_in_later_hinders_it(self, city, sysadmin, worker):
        a_family(city.chengdong, worker, since=date(2020, 6, 1))
        taiwan = city.areas["441521120206"]
        with pytest.raises(Refused, match="之后才迁到"):
            divisions.end_area(by=sysadmin, area=city.chishan, version=1, ends_on=date(2020, 5, 31), successor=taiwan)

    def test_a_town_takes_its_villages_and_stations_along(self, city, sysadmin):
        into = city.areas["441521115"]
        divisions.end_area(by=sysadmin, area=town(city), version=1, ends_on=TODAY, successor=into)
        city.chengdong.refresh_from_db()
        assert city.chengdong.town == into
        assert Area.objects.get(pk=city.chishan.pk).parent == into

    def test_only_into_a_place_of_the_same_level_that_is_there(self, city, sysadmin):
        with pytest.raises(Refused, match="同级"):
            divisions.end_area(by=sysadmin, area=city.chishan, version=1, ends_on=TODAY, successor=town(city))

    def test_the_database_refuses_a_successor_without_an_end(self, city):
        with pytest.raises(IntegrityError), transaction.atomic():
            Area.objects.filter(pk=city.chishan.pk).update(successor=city.beiping)

    def test_the_database_refuses_an_end_before_its_beginning(self, city):
        with pytest.raises(IntegrityError), transaction.atomic():
            Area.objects.filter(pk=city.chishan.pk).update(starts_on=TODAY, ends_on=date(2020, 1, 1))


class TestCodes:
    """海城 and 城东: 441521115 is 海城镇 for the statistics bureau and 城东镇 for the ministry (domain 8.1)."""

    def test_one_code_may_name_two_places_and_both_are_shown(self, city, sysadmin):
        haicheng, chengdong = city.areas["441521115"], town(city)
        said = {"system": "mca", "edition": "2026", "code": "441521115", "starts_on": TODAY}
        divisions.add_code(by=sysadmin, area=chengdong, **said)
        (shared,) = codes_of(haicheng)
        assert [(other.system, other.area) for other in shared.others] == [("mca", chengdong)]
        assert set(areas_called("441521115")) >= {haicheng, chengdong}

    def test_not_twice_in_one_edition_of_one_system(self, city, sysadmin):
        with pytest.raises(Refused, match="属于海城镇"):
            divisions.add_code(
                by=sysadmin, area=town(city), system="nbs", edition="2023", code="441521115", starts_on=TODAY
            )

    def test_a_village_is_matched_by_its_name_path_never_by_its_code(self, city, sysadmin):
        said = {"system": "mca", "edition": "2026", "code": "441521115", "starts_on": TODAY}
        divisions.add_code(by=sysadmin, area=town(city), **said)
        (by_code,) = match_villages(["441521115"], town(city))
        assert by_code.found == []
        (by_path,) = match_villages(["海丰县/海城镇/长埔村"], town(city))
        assert by_path.area == city.areas["441521115201"]

    def test_a_code_ends_and_stays_findable(self, city, sysadmin):
        row = AreaCode.objects.get(code="441521115")
        divisions.end_code(by=sysadmin, row=row, ends_on=date(2024, 1, 1))
        assert areas_called("441521115")[0] == city.areas["441521115"]


class TestFinding:
    @pytest.mark.parametrize(
        "typed", ["赤山村", "赤山村民委员会", "赤山村委会", "赤山", "城东/赤山村", "海丰县 城东镇 赤山"]
    )
    def test_a_village_by_any_writing(self, city, typed):
        (match,) = match_villages([typed], town(city))
        assert match.area == city.chishan

    def test_a_name_that_several_places_bear_is_asked_and_its_own_town_comes_first(self, city, sysadmin):
        for parent in ("441521120", "441521115", "441502005"):
            entry = [PlaceEntry("新城社区居民委员会")]
            divisions.add_areas(by=sysadmin, parent=city.areas[parent], entries=entry, starts_on=None)
        (own,) = match_villages(["新城社区"], town(city))
        assert own.area is not None
        assert own.area.parent == town(city)
        elsewhere = Area.objects.create(name="别处镇", level="town", parent=city.areas["441521"])
        (asked,) = match_villages(["新城社区居委会"], elsewhere)
        assert asked.area is None
        assert len(asked.found) == 3

    def test_a_place_that_is_no_more_is_not_found(self, city, sysadmin):
        divisions.end_area(
            by=sysadmin, area=city.chishan, version=1, ends_on=TODAY, successor=city.areas["441521120206"]
        )
        assert match_villages(["赤山村"], town(city))[0].found == []

    def test_another_writing_of_the_town_serves_too(self, city, sysadmin):
        divisions.add_alias(by=sysadmin, area=town(city), name="城东公社")
        (match,) = match_villages(["城东公社/赤山村"], city.areas["441521115"])
        assert match.area == city.chishan

    def test_the_same_number_of_queries_for_one_and_for_many(self, city, django_assert_num_queries):
        place = Area.objects.select_related("parent__parent__parent").get(pk=town(city).pk)
        with django_assert_num_queries(2):
            match_villages(["赤山村"], place)
        with django_assert_num_queries(2):
            match_villages(["赤山村", "北平村", "台东村", "没有村"] * 5, place)

    def test_a_path_tells_one_from_another(self, city):
        assert written_path(city.chishan) == "海丰县 城东镇 赤山村"


@pytest.mark.nodb
@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("赤山村民委员会", "赤山"),
        ("海珠社区居民委员会", "海珠"),
        ("海丰县", "海丰"),
        ("城区", "城区"),
        ("东海街道", "东海"),
    ],
)
def test_what_is_left_of_a_name(name, left):
    assert stem(name) == left


def test_the_trail_names_places(city, sysadmin):
    divisions.rename_area(by=sysadmin, area=town(city), version=1, name="城东街道", on=TODAY)
    event = AuditEvent.objects.get(kind="area.renamed")
    assert event.details == {"was": "城东镇", "became": "城东街道", "on": "2020-06-06"}
    assert city.chengdong.code == HF1
