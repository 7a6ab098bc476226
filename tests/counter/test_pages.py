"""Pages of consultations and leaflets: in seconds, refusals that keep what was typed, two at once, who sees what."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shuangbai.counter.models import Consultation, Handout
from shuangbai.services.models import ServiceRecord
from tests.cast import a_family
from tests.smallthings import a_consultation, a_handout

pytestmark = pytest.mark.django_db
NEW, LEAFLETS = "/counter/consultations/new", "/counter/handouts/new"


def text_of(answer: Any) -> str:
    return answer.content.decode()


def sent(by: Any, **more: Any) -> dict[str, Any]:
    """What a browser sends of a consultation where only the topic was tapped."""
    said = {
        "topic": "aid", "way": "came", "outcome": "answered", "group": "others", "occurred_on": "2020-06-06",
        "workers": [str(by.staff_id)], "client_id": str(uuid.uuid4()),
    }  # fmt: skip
    return said | more


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker)


class TestRecording:
    def test_one_tap_and_saving_is_enough(self, client_for, worker):
        client = client_for(worker)
        page = text_of(client.get(NEW))
        assert 'value="came" id="id_way_0" required checked' in page or "checked" in page
        page = text_of(client.post(NEW, sent(worker), follow=True))
        for said in ("低保与救助咨询", "当场答复", "1 人"):
            assert said in page
        assert Consultation.objects.get().way == "came"

    def test_what_was_typed_stays_where_the_topic_is_missing(self, client_for, worker):
        answer = client_for(worker).post(NEW, sent(worker, topic="", summary="问高龄津贴"))
        assert answer.status_code == 422
        page = text_of(answer)
        assert "问高龄津贴" in page
        assert "请选择一项" in page

    def test_from_a_familys_page_its_members_are_offered(self, client_for, worker, family):
        client = client_for(worker)
        page = text_of(client.get(f"{NEW}?family={family.household.pk}"))
        assert "陈大文" in page
        home = str(family.household.pk)
        client.post(NEW, sent(worker, household=home, person=str(family.people[1].pk)))
        assert ServiceRecord.objects.get().household == family.household
        history = text_of(client.get(f"/families/{family.household.pk}/"))
        assert "来访咨询：低保与救助" in history

    def test_another_stations_family_is_not_there(self, client_for, stranger, family):
        assert client_for(stranger).get(f"{NEW}?family={family.household.pk}").status_code == 404

    def test_nonsense_in_the_address_is_passed_over(self, client_for, worker):
        assert client_for(worker).get(f"{NEW}?family=nobody").status_code == 200

    def test_leaflets(self, client_for, worker):
        said = {
            "title": "防溺水宣传单", "copies": "50", "occurred_on": "2020-06-06", "workers": [str(worker.staff_id)],
            "client_id": str(uuid.uuid4()), "place": "村口",
        }  # fmt: skip
        client = client_for(worker)
        page = text_of(client.post(LEAFLETS, said, follow=True))
        assert "防溺水宣传单" in page
        assert "50" in page
        answer = client.post(LEAFLETS, said | {"copies": "", "client_id": str(uuid.uuid4())})
        assert answer.status_code == 422
        assert "请填份数" in text_of(answer)
        assert "村口" in text_of(answer)
        assert '<option value="防溺水宣传单">' in text_of(client.get(LEAFLETS))


class TestCorrecting:
    def test_a_correction_stands_in_the_history(self, city, client_for, worker, family):
        row = a_consultation(city.chengdong, worker, person_id=family.people[0].pk)
        client, url = client_for(worker), f"/counter/consultations/{row.pk}/correct"
        assert "曾秀英" in text_of(client.get(url))
        said = sent(worker, topic="health", version="1", reason="选错了", household=str(family.household.pk),
                    person=str(family.people[0].pk), occurred_on="2020-05-06")  # fmt: skip
        page = text_of(client.post(url, said, follow=True))
        assert "看病与医保咨询" in page
        assert "<del>低保与救助</del>" in page

    def test_two_at_once_the_second_sees_both_and_may_save_on_top(self, city, client_for, worker, colleague):
        row = a_handout(city.chengdong, worker)
        url = f"/counter/handouts/{row.pk}/correct"
        said = {"title": "防溺水宣传单", "occurred_on": "2020-05-06", "workers": [str(worker.staff_id)], "version": "1",
                "reason": "数错了"}  # fmt: skip
        client_for(colleague).post(url, said | {"copies": "60"})
        answer = client_for(worker).post(url, said | {"copies": "70"})
        assert answer.status_code == 409
        for both in ("60", "70"):
            assert both in text_of(answer)
        client_for(worker).post(url, said | {"copies": "70", "version": "2"})
        assert Handout.objects.get().copies == 70

    def test_nothing_is_corrected_without_a_reason(self, city, client_for, worker):
        row = a_consultation(city.chengdong, worker)
        answer = client_for(worker).post(f"/counter/consultations/{row.pk}/correct", sent(worker, version="1"))
        assert answer.status_code == 422
        assert "请写明更正理由" in text_of(answer)


class TestWhoSees:
    def test_the_bureau_reads_no_names_and_no_words(self, city, client_for, worker, officer, family):
        row = a_consultation(city.chengdong, worker, person_id=family.people[0].pk, summary="曾秀英问低保")
        other = a_consultation(city.chengdong, worker, name="黄阿姨")
        page = text_of(client_for(officer).get(f"/counter/consultations/{row.pk}/"))
        assert "曾秀英" not in page
        assert "曾" in page
        assert "黄阿姨" not in text_of(client_for(officer).get(f"/counter/consultations/{other.pk}/"))
        for url in ("/counter/", "/records/?kind=consultation"):
            page = text_of(client_for(officer).get(url))
            assert "低保与救助" in page
            assert "曾秀英" not in page

    def test_another_station_finds_nothing(self, city, client_for, worker, stranger):
        row, leaflets = a_consultation(city.chengdong, worker), a_handout(city.chengdong, worker)
        client = client_for(stranger)
        for url in (f"/counter/consultations/{row.pk}/", f"/counter/handouts/{leaflets.pk}/"):
            assert client.get(url).status_code == 404
            assert client.get(f"{url}correct").status_code == 404
        assert "防溺水宣传单" not in text_of(client.get("/counter/"))

    def test_who_runs_the_system_has_no_such_page(self, client_for, sysadmin):
        assert client_for(sysadmin).get("/counter/").status_code == 404

    def test_it_is_found_by_its_words_and_taken_away_as_a_list(self, city, client_for, worker, family):
        a_consultation(city.chengdong, worker, person_id=family.people[0].pk, summary="问轮椅怎样换")
        client = client_for(worker)
        assert "问轮椅怎样换" in text_of(client.get("/records/?q=轮椅"))
        book = client.post("/records/export?kind=consultation", {"kind": "consultations", "reason": "check"})
        rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
        flat = [str(cell) for row in rows for cell in row]
        assert "问轮椅怎样换" in flat
        assert "曾秀英" in flat

    @pytest.mark.parametrize("name", ["worker", "officer"])
    def test_the_page_asks_no_more_for_twelve_than_for_two(self, city, client_for, worker, name, family):
        client = client_for(city.users[name])

        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse("small-things")).status_code == 200
            return len(queries)

        a_consultation(city.chengdong, worker)
        a_handout(city.chengdong, worker)
        asked()
        few = asked()
        for _ in range(5):
            a_consultation(city.chengdong, worker, person_id=family.people[0].pk)
            a_handout(city.chengdong, worker)
        assert asked() == few
