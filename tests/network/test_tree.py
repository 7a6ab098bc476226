"""The tree that changes: units opened, changed, moved, closed with what is theirs, and taken back; coverage."""

from datetime import date

import pytest

from shuangbai.core.findings import Conflict, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.households.access import households_visible_to
from shuangbai.households.models import HouseholdStation
from shuangbai.network import tree
from shuangbai.network.access import units_managed_by
from shuangbai.network.actions import UnitEntry, cover_villages, open_units
from shuangbai.network.changes import changes_of
from shuangbai.network.enums import CoverageKind, UnitKind
from shuangbai.network.models import Coverage, OrgUnit, Posting, RoleGrant
from shuangbai.network.queries import proposed_code, setup_items, standing_on
from shuangbai.network.roles import Role
from tests.cast import HF, HF1, TODAY, a_family, a_visit, again

LAST = date(2020, 5, 31)
NEXT = date(2020, 6, 1)


def a_station(by, **more):
    entry = {
        "code": "SW-HF-03",
        "kind": UnitKind.STATION,
        "name": "公平社工站",
        "parent": HF,
        "starts_on": TODAY,
        **more,
    }
    return open_units(by=by, entries=[UnitEntry(**entry)], acknowledged=more.pop("acknowledged", False))["SW-HF-03"]


def close(station, by, **more):
    return tree.close_unit(by=by, unit=station, version=station.version, ends_on=more.pop("ends_on", LAST), **more)


class TestOpening:
    def test_a_station_with_who_and_when(self, city, sysadmin):
        unit = a_station(sysadmin)
        assert unit.path == "/SW/SW-HF/SW-HF-03/"
        assert changes_of(OrgUnit, id=unit.pk)[0].by == sysadmin.display_name

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"code": "sw hf"}, "大写字母"),
            ({"code": HF1}, "已有机构使用"),
            ({"name": " "}, "请填写机构名称"),
            ({"parent": HF1}, "不能设在「城东社工站」"),
            ({"starts_on": date(2016, 1, 1)}, "不在上级"),
        ],
    )
    def test_nonsense_is_refused_in_words(self, city, sysadmin, more, sentence):
        with pytest.raises(Refused, match=sentence):
            a_station(sysadmin, **more)

    def test_a_name_that_another_bears_is_asked_back(self, city, sysadmin):
        with pytest.raises(NeedsAcknowledgement, match="城东社工站"):
            open_units(
                by=sysadmin, acknowledged=False,
                entries=[UnitEntry("SW-HF-03", UnitKind.STATION, "城东社工站", HF, TODAY)],
            )  # fmt: skip

    def test_there_is_one_bureau(self, city, sysadmin):
        with pytest.raises(Refused, match="只有一个"):
            open_units(by=sysadmin, entries=[UnitEntry("GZ", UnitKind.BUREAU, "另一个局", None, TODAY)])

    def test_a_code_is_proposed_by_rule(self, city):
        assert proposed_code(UnitKind.STATION, city.haifeng, "") == "SW-HF-03"
        assert proposed_code(UnitKind.POINT, city.chengdong, "") == "SW-HF-01-01"
        assert proposed_code(UnitKind.COUNTY, city.root, "陆丰市") == "SW-LF"
        assert proposed_code(UnitKind.COUNTY, city.root, "海丰县") == "SW-HF2"

    @pytest.mark.parametrize("who", ["worker", "supervisor", "officer", "security", "auditor"])
    def test_only_whoever_manages_the_network_may(self, city, who):
        with pytest.raises(NotAllowed):
            a_station(city.users[who])

    def test_whoever_manages_a_county_reaches_no_other(self, city, officer):
        RoleGrant.objects.create(user=officer, role=Role.SYSADMIN, unit=city.haifeng, starts_on=TODAY)
        officer = again(officer)
        a_station(officer)
        assert not units_managed_by(officer).filter(pk=city.dongzhou.pk).exists()
        with pytest.raises(NotAllowed):
            tree.change_unit(by=again(officer), unit=city.dongzhou, version=1, changes={"phone": "0660"})


class TestChanging:
    def test_was_and_became(self, city, sysadmin):
        unit = a_station(sysadmin)
        tree.change_unit(by=sysadmin, unit=unit, version=1, changes={"name": "公平镇社工站", "phone": "0660-1234567"})
        assert ("名称", "公平社工站", "公平镇社工站") in changes_of(OrgUnit, id=unit.pk)[0].rows

    def test_the_second_of_two_is_told(self, city, sysadmin):
        tree.change_unit(by=sysadmin, unit=city.chengdong, version=1, changes={"phone": "1"})
        with pytest.raises(Conflict):
            tree.change_unit(by=sysadmin, unit=city.chengdong, version=1, changes={"phone": "2"})

    def test_a_station_does_not_open_after_its_first_village(self, city, sysadmin):
        with pytest.raises(Refused, match="2017-07-01"):
            tree.change_unit(by=sysadmin, unit=city.chengdong, version=1, changes={"starts_on": date(2018, 1, 1)})

    def test_moving_takes_everything_below_along(self, city, sysadmin):
        tree.move_unit(by=sysadmin, unit=city.haifeng, version=1, parent=city.centre)
        paths = set(OrgUnit.objects.filter(path__startswith="/SW/SW-ZX/SW-HF/").values_list("code", flat=True))
        assert paths == {HF, HF1, "SW-HF-02"}
        supervisor = again(city.users["supervisor"])
        assert a_family(city.chengdong, city.users["worker"]).household in households_visible_to(supervisor)

    def test_not_under_itself_nor_where_it_cannot_stand(self, city, sysadmin):
        with pytest.raises(Refused, match="就在"):
            tree.move_unit(by=sysadmin, unit=city.haifeng, version=1, parent=city.chengdong)
        with pytest.raises(Refused, match="不能设在"):
            tree.move_unit(by=sysadmin, unit=city.chengdong, version=1, parent=city.haicheng)


class TestClosing:
    """A station closed with open families: what is open is told, and handed over, and nothing is lost."""

    def test_without_anybody_to_take_them_it_is_refused_with_the_numbers(self, city, sysadmin, worker):
        a_family(city.chengdong, worker)
        with pytest.raises(Refused, match="服务中的家庭 1 户，不能无人接手"):
            close(city.chengdong, sysadmin, ends_on=TODAY)
        city.chengdong.refresh_from_db()
        assert city.chengdong.ends_on is None

    def test_another_station_takes_families_villages_and_people_from_the_next_day(self, city, sysadmin, worker):
        family = a_family(city.chengdong, worker)
        villages = set(city.chengdong.coverage.values_list("village_id", flat=True))
        posted = set(city.chengdong.postings.values_list("staff_id", flat=True))
        close(city.chengdong, sysadmin, to=city.haicheng, move_staff=True)
        serving = HouseholdStation.objects.filter(household=family.household).order_by("starts_on")
        assert [(row.station, row.starts_on, row.ends_on) for row in serving] == [
            (city.chengdong, city.chengdong.starts_on, LAST), (city.haicheng, NEXT, None),
        ]  # fmt: skip
        now = Coverage.objects.on(NEXT).filter(station=city.haicheng)
        assert villages <= set(now.values_list("village_id", flat=True))
        assert posted <= set(Posting.objects.on(NEXT).filter(unit=city.haicheng).values_list("staff_id", flat=True))
        assert family.household in households_visible_to(again(city.users["neighbour"]))
        assert family.household not in households_visible_to(again(worker))

    def test_the_family_is_found_by_name_at_the_station_that_took_it(self, city, sysadmin, worker):
        from shuangbai.households.queries import find_households

        family = a_family(city.chengdong, worker)
        close(city.chengdong, sysadmin, to=city.haicheng)
        neighbour = again(city.users["neighbour"])
        found = find_households(households_visible_to(neighbour), [city.haicheng.pk], "曾秀英")
        assert list(found) == [family.household]

    def test_a_record_after_the_day_hinders_it(self, city, sysadmin, worker):
        family = a_family(city.chengdong, worker)
        a_visit(city.chengdong, worker, family, on=date(2020, 6, 3))
        with pytest.raises(Refused, match="还有 1 条服务记录"):
            close(city.chengdong, sysadmin, to=city.haicheng)

    def test_a_unit_with_units_below_is_not_closed(self, city, sysadmin):
        with pytest.raises(Refused, match="城东社工站"):
            close(city.haifeng, sysadmin)

    def test_the_bureau_is_not_closed(self, city, sysadmin):
        with pytest.raises(Refused, match="根"):
            close(city.root, sysadmin)

    def test_people_end_on_the_day_unless_they_move(self, city, sysadmin):
        close(city.chengdong, sysadmin, ends_on=LAST)
        assert not Posting.objects.on(NEXT).filter(unit=city.chengdong).exists()
        assert Posting.objects.on(LAST).filter(unit=city.chengdong).count() == 3

    def test_the_end_is_taken_back_on_the_day_it_was_entered(self, city, sysadmin):
        unit = close(city.chengdong, sysadmin)
        tree.reopen_unit(by=sysadmin, unit=unit, version=unit.version)
        assert OrgUnit.objects.get(code=HF1).ends_on is None

    def test_the_numbers_are_asked_for_in_a_fixed_number_of_queries(
        self, city, sysadmin, worker, django_assert_max_num_queries
    ):
        for _ in range(3):
            a_family(city.chengdong, worker)
        with django_assert_max_num_queries(22):  # one or two for each room that keeps something
            left = {kept.label: kept.count for kept in tree.open_at(city.chengdong, TODAY)}
        assert left["服务中的家庭"] == 3
        assert left["服务的村居"] == 3
        assert left["在岗人员"] == 3


class TestTakingBack:
    def test_a_unit_opened_by_mistake_today(self, city, sysadmin):
        unit = a_station(sysadmin)
        tree.take_back_unit(by=sysadmin, unit=unit, version=1)
        assert not OrgUnit.objects.filter(code="SW-HF-03").exists()
        assert OrgUnit.history.filter(code="SW-HF-03", history_type="-").exists()

    def test_not_one_that_is_used(self, city, sysadmin):
        unit = a_station(sysadmin)
        cover_villages(by=sysadmin, entries=[(unit, city.beiping.pk, CoverageKind.BASE, TODAY, None)])
        with pytest.raises(Refused, match="名下"):
            tree.take_back_unit(by=sysadmin, unit=unit, version=1)

    def test_not_what_the_installation_began_with(self, city, sysadmin):
        with pytest.raises(Refused, match="只有今天"):
            tree.take_back_unit(by=sysadmin, unit=city.dongzhou, version=1)


class TestCoverage:
    def cover(self, city, by, **more):
        entry = (city.haicheng, city.chishan.pk, CoverageKind.AROUND, more.pop("on", TODAY), None)
        return cover_villages(by=by, entries=[entry])[0]

    def test_a_village_twice_on_one_day_is_refused_with_both_spans(self, city, sysadmin):
        self.cover(city, sysadmin, on=date(2020, 1, 1))
        with pytest.raises(Refused, match="已登记 2020-01-01 起，与新填的 2020-06-06 起 重叠"):
            self.cover(city, sysadmin)

    def test_it_ends_and_begins_anew(self, city, sysadmin):
        row = self.cover(city, sysadmin, on=date(2020, 1, 1))
        tree.end_coverage(by=sysadmin, cover=row, version=1, ends_on=LAST)
        self.cover(city, sysadmin, on=NEXT)
        assert Coverage.objects.filter(station=city.haicheng, village=city.chishan).count() == 2

    def test_a_new_row_is_taken_back_and_its_history_stays(self, city, sysadmin):
        row = self.cover(city, sysadmin)
        tree.take_back_coverage(by=sysadmin, cover=row, version=1)
        assert not Coverage.objects.filter(pk=row.pk).exists()
        assert [change.done for change in changes_of(Coverage, id=row.pk)] == ["收回", "登记"]

    def test_an_end_is_taken_back(self, city, sysadmin):
        row = city.chengdong.coverage.order_by("id").first()
        tree.end_coverage(by=sysadmin, cover=row, version=1, ends_on=LAST)
        tree.take_back_coverage(by=sysadmin, cover=row, version=2)
        row.refresh_from_db()
        assert (row.ends_on, row.version) == (None, 3)
        with pytest.raises(Refused, match="没有可以收回"):
            tree.take_back_coverage(by=sysadmin, cover=row, version=3)

    def test_what_was_entered_earlier_is_ended_and_not_taken_back(self, city, sysadmin):
        row = city.chengdong.coverage.order_by("id").first()
        with pytest.raises(Refused, match="只有今天"):
            tree.take_back_coverage(by=sysadmin, cover=row, version=1)


class TestWhatIsMissing:
    def test_it_follows_from_the_data(self, city, sysadmin):
        assert standing_on(TODAY).without_coverage == 0
        assert standing_on(TODAY).without_head == 2
        a_station(sysadmin)
        assert standing_on(TODAY).without_coverage == 1
        RoleGrant.objects.filter(role=Role.AUDITOR).update(ends_on=LAST)
        assert "auditor" not in standing_on(TODAY).administrators

    def test_every_page_of_setting_up_has_an_address(self):
        from django.urls import reverse

        assert all(reverse(name) for name, *_ in setup_items())
