"""An activity that two stations held: one record, counted once, shown to both, names with its own station alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuangbai.activities.actions import correct_activity
from shuangbai.activities.forms import corrections, entry_of
from shuangbai.activities.models import Activity, HeldWith
from shuangbai.core.findings import Refused
from shuangbai.core.periods import Period
from shuangbai.pictures.enums import Faces
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.services.actions import void_records
from tests.album import pictures_of, said
from tests.cast import a_family, a_member, an_activity

pytestmark = pytest.mark.django_db
MAY = Period(date(2020, 5, 1), date(2020, 5, 31))
DAY = date(2020, 5, 20)


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker, members=[a_member("曾秀英")])


@pytest.fixture
def joint(city, worker, family):
    return an_activity(
        city.chengdong, worker, on=DAY, title="两站联欢", people=family.people, joint_ids=[city.haicheng.pk],
        summary="曾秀英唱了一段",
    )  # fmt: skip


def told(code: str, unit: Any) -> int:
    return BY_CODE[code].value(Ask(MAY, unit))


class TestCounting:
    def test_once_for_the_city_and_once_where_it_is_recorded(self, city, joint):
        assert [told("A1", unit) for unit in (city.root, city.chengdong, city.haicheng)] == [1, 1, 0]
        assert [told("A2", unit) for unit in (city.root, city.chengdong, city.haicheng)] == [21, 21, 0]
        assert [told("A7", unit) for unit in (city.root, city.chengdong, city.haicheng)] == [1, 0, 1]

    def test_of_three_stations_it_is_still_one(self, city, worker):
        an_activity(city.chengdong, worker, on=DAY, joint_ids=[city.haicheng.pk, city.dongzhou.pk])
        assert told("A7", city.root) == 1
        assert BY_CODE["A7"].split(Ask(MAY, city.root), "station") == {city.haicheng.pk: 1, city.dongzhou.pk: 1}
        assert BY_CODE["A7"].evidence(Ask(MAY, city.root)) == 1

    def test_voided_it_is_in_no_number(self, city, worker, joint):
        void_records(by=worker, records=[joint.record], reason="重复录入")
        assert told("A7", city.root) == 0


class TestRules:
    def test_not_with_oneself_nor_with_what_is_no_station(self, city, worker):
        for wrong in (city.chengdong, city.haifeng):
            with pytest.raises(Refused, match="合办的站"):
                an_activity(city.chengdong, worker, on=DAY, joint_ids=[wrong.pk])

    def test_not_with_a_station_that_was_not_open(self, city, worker):
        with pytest.raises(Refused, match="当天没有开站"):
            an_activity(city.chengdong, worker, on=date(2019, 5, 20), joint_ids=[city.haicheng.pk])

    def test_the_database_refuses_oneself_and_one_twice(self, city, joint):
        held = HeldWith.objects.get()
        for fields in ({"partner": city.chengdong}, {"partner": city.haicheng}):
            with pytest.raises(IntegrityError), transaction.atomic():
                HeldWith.objects.create(station=city.chengdong, record=held.record, **fields)


class TestCorrecting:
    def test_another_station_takes_the_place_and_the_history_says_so(self, city, worker, joint):
        entry = entry_of(Activity.objects.select_related("series", "record__station", "record__campaign").get())
        entry.joint_ids = [city.dongzhou.pk]
        correct_activity(by=worker, activity=joint, version=1, entry=entry, reason="选错了站", acknowledged=True)
        assert HeldWith.objects.get().partner == city.dongzhou
        [change] = corrections(Activity.objects.get().record)
        assert "海城社工站" in str(change)
        assert "东洲社工站" in str(change)


class TestPages:
    def test_the_other_station_finds_it_and_reads_no_name(self, client_for, city, joint, worker):
        pictures_of(joint, worker, said=said(faces=Faces.MINOR))
        [shown] = pictures_of(joint, worker, said=said(faces=Faces.NOBODY))
        theirs = client_for(city.users["neighbour"])
        assert "两站联欢" in theirs.get("/activities/joint").content.decode()
        page = theirs.get(f"/activities/{joint.pk}/").content.decode()
        assert "21" in page
        assert "由城东社工站记一场，全市只算一场" in page
        assert "曾秀英" not in page
        assert f"/pictures/{shown.pk}/public" in page
        assert page.count('class="picture"') == 1
        for address in ("correct", "../../records/x"):
            assert theirs.get(f"/activities/{joint.pk}/{address}").status_code == 404
        assert theirs.get(f"/pictures/{shown.pk}/").status_code == 404

    def test_a_station_that_did_not_hold_it_does_not_find_it(self, client_for, city, joint):
        for name in ("stranger", "sysadmin"):
            assert client_for(city.users[name]).get(f"/activities/{joint.pk}/").status_code == 404
        assert "两站联欢" not in client_for(city.users["stranger"]).get("/activities/joint").content.decode()

    def test_its_own_station_reads_everything(self, client_for, worker, joint):
        page = client_for(worker).get(f"/activities/{joint.pk}/").content.decode()
        assert "曾秀英" in page
        assert "海城社工站" in page

    def test_the_form_offers_the_stations_of_the_day(self, client_for, worker, city):
        page = client_for(worker).get("/activities/new").content.decode()
        assert f'value="{city.haicheng.pk}"' in page
        assert f'value="{city.chengdong.pk}"' not in page

    def test_the_list_behind_the_number_opens(self, client_for, city, joint):
        theirs = client_for(city.users["neighbour"])
        answer = theirs.get("/reports/evidence/A7/?first=2020-05-01&last=2020-05-31")
        assert answer.status_code == 200
        assert "两站联欢" in answer.content.decode()
        assert theirs.get(f"/records/{joint.pk}/").url == f"/activities/{joint.pk}/"
        assert client_for(city.users["stranger"]).get(f"/records/{joint.pk}/").status_code == 404
