"""Who may do what, where, and on which day."""

from datetime import date

import pytest

from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed
from shuangbai.network.access import check_reaches, viewer_of
from shuangbai.network.enums import Post
from shuangbai.network.models import Posting, RoleGrant, User
from shuangbai.network.roles import PERMISSION_WORDS, ROLES, Permission, Role
from tests.cast import a_family, again

P = Permission
WRITING = {P.EDIT_FAMILIES, P.WRITE_RECORDS, P.VOID_ANY_RECORD, P.MANAGE_ACCOUNTS}


@pytest.mark.nodb
class TestThePage:
    def test_every_role_says_what_it_does_and_every_permission_has_words(self):
        assert set(ROLES) == set(Role)
        assert set(PERMISSION_WORDS) == set(P)
        assert all(spec.does and spec.permissions for spec in ROLES.values())

    def test_the_three_administrators_are_kept_apart_and_see_no_family(self):
        three = [ROLES[role].permissions for role in (Role.OFFICER, Role.SYSADMIN, Role.SECURITY, Role.AUDITOR)]
        for permissions in three:
            assert not permissions & {
                P.SEE_FAMILIES,
                P.OPEN_MASKED,
                P.SEE_OPENINGS,
                P.SEE_NAMES,
                P.EDIT_FAMILIES,
                P.WRITE_RECORDS,
            }
        assert P.MANAGE_ACCOUNTS not in ROLES[Role.AUDITOR].permissions
        assert P.READ_TRAIL not in ROLES[Role.SYSADMIN].permissions | ROLES[Role.SECURITY].permissions
        assert P.GRANT_ROLES not in ROLES[Role.SYSADMIN].permissions
        assert ROLES[Role.AUDITOR].permissions == {P.READ_TRAIL, P.SEE_NETWORK}

    def test_nobody_above_the_station_writes_records(self):
        for role in (Role.SUPERVISOR, Role.OFFICER, Role.AUDITOR):
            assert not ROLES[role].permissions & WRITING

    def test_a_head_may_all_that_a_worker_may(self):
        assert ROLES[Role.WORKER].permissions < ROLES[Role.HEAD].permissions


class TestReach:
    @pytest.mark.parametrize(
        ("name", "stations"),
        [
            ("worker", {"chengdong"}),
            ("head", {"chengdong"}),
            ("neighbour", {"haicheng"}),
            ("stranger", {"dongzhou"}),
            ("supervisor", {"chengdong", "haicheng", "dongzhou"}),
            ("officer", {"chengdong", "haicheng", "dongzhou"}),
            ("sysadmin", set()),
            ("security", set()),
            ("auditor", set()),
        ],
    )
    def test_each_role_sees_the_records_of_its_part_of_the_tree(self, city, name, stations):
        viewer = viewer_of(again(city.users[name]))
        wanted = {getattr(city, station).pk for station in stations}
        assert set(viewer.station_ids(P.SEE_RECORDS)) == wanted
        for station in (city.chengdong, city.haicheng, city.dongzhou):
            assert viewer.reaches(P.SEE_RECORDS, station.pk) is (station.pk in wanted)

    def test_a_grant_on_a_county_reaches_its_stations_only(self, city):
        user = User.objects.create(username="county", display_name="县督导")
        RoleGrant.objects.create(user=user, role=Role.SUPERVISOR, unit=city.haifeng, starts_on=date(2020, 1, 1))
        assert set(viewer_of(user).station_ids(P.SEE_RECORDS)) == {city.chengdong.pk, city.haicheng.pk}
        assert not viewer_of(user).reaches(P.SEE_RECORDS, city.dongzhou.pk)

    def test_a_unit_whose_code_begins_alike_is_not_under_it(self, city):
        """SW-HF-01 is no prefix of SW-HF-011: paths end in a slash."""
        city.dongzhou.path = "/SW/SW-HFX/SW-CQ-01/"
        city.dongzhou.save()
        user = User.objects.create(username="county", display_name="县督导")
        RoleGrant.objects.create(user=user, role=Role.SUPERVISOR, unit=city.haifeng, starts_on=date(2020, 1, 1))
        assert city.dongzhou.pk not in viewer_of(user).station_ids(P.SEE_RECORDS)

    def test_the_highest_unit_held_speaks_for_those_below(self, city):
        user = User.objects.create(username="both", display_name="督导")
        for unit in (city.haifeng, city.root, city.chengdong):
            RoleGrant.objects.create(user=user, role=Role.SUPERVISOR, unit=unit, starts_on=date(2020, 1, 1))
        assert viewer_of(user).units(P.SEE_RECORDS) == [city.root]

    def test_without_a_role_nothing_is_reached(self, city):
        nobody = User.objects.create(username="nobody", display_name="无")
        assert viewer_of(nobody).held == []
        assert viewer_of(nobody).station_ids(P.SEE_NETWORK) == []
        assert not viewer_of(nobody).may(P.SEE_NETWORK)

    def test_one_station_out_of_reach_refuses_them_all(self, city, worker):
        check_reaches(worker, P.WRITE_RECORDS, [city.chengdong.pk])
        with pytest.raises(NotAllowed):
            check_reaches(worker, P.WRITE_RECORDS, [city.chengdong.pk, city.dongzhou.pk])

    def test_home_is_the_station_where_one_writes(self, city, worker, supervisor):
        assert viewer_of(worker).home_station == city.chengdong
        assert viewer_of(supervisor).home_station is None

    def test_who_somebody_is_costs_one_query(self, city, worker, django_assert_num_queries):
        user, _ = again(worker), clock.today()
        with django_assert_num_queries(1):
            assert viewer_of(user).reaches(P.WRITE_RECORDS, city.chengdong.pk)
            assert viewer_of(user).station_ids(P.SEE_RECORDS)
            assert viewer_of(user).may(P.SEE_NAMES)


class TestDays:
    LATEST = date(2020, 6, 5)

    @pytest.mark.parametrize(("day", "open_"), [(LATEST, True), (date(2020, 6, 6), False)])
    def test_a_posting_closes_access_the_day_after_its_last(self, city, worker, day, open_):
        Posting.objects.filter(staff=worker.staff).update(ends_on=self.LATEST)
        with clock.pinned(day):
            assert viewer_of(again(worker)).reaches(P.WRITE_RECORDS, city.chengdong.pk) is open_

    @pytest.mark.parametrize(("day", "open_"), [(LATEST, True), (date(2020, 6, 6), False)])
    def test_a_grant_closes_access_the_day_after_its_last(self, city, supervisor, day, open_):
        RoleGrant.objects.filter(user=supervisor).update(ends_on=self.LATEST)
        with clock.pinned(day):
            assert viewer_of(again(supervisor)).may(P.SEE_RECORDS) is open_

    def test_before_its_first_day_a_grant_gives_nothing(self, city, officer):
        with clock.pinned(date(2017, 6, 30)):
            assert viewer_of(again(officer)).held == []
        with clock.pinned(date(2017, 7, 1)):
            assert viewer_of(again(officer)).may(P.SEE_REPORTS)

    def test_a_supervisor_needs_no_posting(self, city, supervisor):
        Posting.objects.filter(staff=supervisor.staff).delete()
        assert viewer_of(again(supervisor)).may(P.SEE_RECORDS)

    def test_a_posting_elsewhere_does_not_open_this_station(self, city, worker):
        Posting.objects.filter(staff=worker.staff).update(unit=city.haicheng)
        assert viewer_of(again(worker)).station_ids(P.SEE_RECORDS) == []

    def test_two_postings_open_both_stations(self, city, worker):
        Posting.objects.create(staff=worker.staff, unit=city.haicheng, post=Post.SERVICE, starts_on=date(2020, 1, 1))
        RoleGrant.objects.create(user=worker, role=Role.WORKER, unit=city.haicheng, starts_on=date(2020, 1, 1))
        assert set(viewer_of(again(worker)).station_ids(P.WRITE_RECORDS)) == {city.chengdong.pk, city.haicheng.pk}

    def test_whoever_left_cannot_enter_a_family(self, city, worker):
        Posting.objects.filter(staff=worker.staff).update(ends_on=self.LATEST)
        with pytest.raises(NotAllowed):
            a_family(city.chengdong, again(worker))
