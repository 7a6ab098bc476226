"""Pages of pictures: several at once, what is refused by name, who sees what, the picture for everybody."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from PIL import Image

from shuangbai.core import limits
from shuangbai.groups.models import GroupSession
from shuangbai.pictures.actions import describe_picture, void_picture
from shuangbai.pictures.enums import Consent, Faces
from shuangbai.pictures.models import Picture
from tests.album import a_file, agreed, drawn, pictures_of, said
from tests.cast import an_activity
from tests.groupwork import a_group, a_session, members_in

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return answer.content.decode()


def typed(*files: Any, **more: Any) -> dict[str, Any]:
    """What a browser sends of several pictures."""
    sent = {"taken_on": "2020-05-20", "faces": "nobody", "consent": "not_asked", "client_id": str(uuid.uuid4())}
    return sent | more | {"pictures": list(files)}


@pytest.fixture
def worker_client(client_for, worker):
    return client_for(worker)


@pytest.fixture
def as_(client_for, city):
    return lambda name: client_for(city.users[name])


@pytest.fixture
def activity(city, worker):
    return an_activity(city.chengdong, worker, title="画海报")


@pytest.fixture
def where(activity):
    return f"/pictures/of/activities/{activity.pk}/new"


class TestAdding:
    def test_the_page_offers_the_day_of_the_activity_and_oneself(self, worker_client, where, activity, worker):
        answer = worker_client.get(where)
        assert answer.status_code == 200
        assert f'value="{activity.record.occurred_on}"' in text_of(answer)
        assert f'<option value="{worker.staff_id}" selected>' in text_of(answer)
        assert "multiple" in text_of(answer)

    def test_several_go_in_and_stand_on_the_page_of_the_activity(self, worker_client, where, activity):
        answer = worker_client.post(where, typed(a_file(), a_file("IMG_2.jpg")), follow=True)
        assert answer.redirect_chain == [(f"/activities/{activity.pk}/#pictures", 302)]
        assert "已加 2 张图片" in text_of(answer)
        assert text_of(answer).count('class="picture"') == 2

    def test_what_is_not_a_picture_is_named_and_the_rest_go_in(self, worker_client, where):
        bad = a_file("小结<b>.docx", b"PK not a picture")
        answer = worker_client.post(where, typed(a_file(), bad, a_file("IMG_3.jpg")), follow=True)
        assert Picture.objects.count() == 2
        assert escape("「小结<b>.docx」没有收：这不是能读的图片") in text_of(answer)

    def test_nothing_but_what_is_not_one_is_refused_with_each_name(self, worker_client, where):
        answer = worker_client.post(where, typed(a_file("a.pdf", b"%PDF-1.4"), a_file("空.jpg", b"")))
        assert answer.status_code == 422
        assert "「a.pdf」没有收" in text_of(answer)
        assert "「空.jpg」没有收" in text_of(answer)
        assert "请再选一次" in text_of(answer)
        assert not Picture.objects.exists()

    def test_without_any_it_says_so_and_keeps_the_words(self, worker_client, where):
        answer = worker_client.post(where, typed(caption="在画海报"))
        assert answer.status_code == 422
        assert "请选择图片" in text_of(answer)
        assert 'value="在画海报"' in text_of(answer)

    def test_more_than_nine_the_rest_are_named(self, worker_client, where):
        files = [a_file(f"IMG_{n}.jpg") for n in range(1, 12)]
        answer = worker_client.post(where, typed(*files), follow=True)
        assert Picture.objects.count() == 9
        assert "「IMG_11.jpg」没有收：一次最多 9 张，请再加一次" in text_of(answer)

    def test_unmarked_ones_lead_to_the_page_where_they_are_marked(self, worker_client, where, activity):
        answer = worker_client.post(where, typed(a_file(), a_file("2.jpg"), faces="unknown"))
        assert answer.url == f"/pictures/of/activities/{activity.pk}/marks"

    def test_where_the_picture_was_taken_is_gone(self, worker_client, where):
        exif = Image.Exif()
        exif[0x0110] = "某某手机"
        worker_client.post(where, typed(a_file(data=drawn((1200, 900), exif=exif))))
        one = Picture.objects.get()
        for address in ("whole", "small"):
            data = worker_client.get(f"/pictures/{one.pk}/{address}").content
            assert "某某手机".encode() not in data
            assert not Image.open(io.BytesIO(data)).getexif()

    def test_a_kind_of_thing_that_there_is_not(self, worker_client, activity):
        assert worker_client.get(f"/pictures/of/visit/{activity.pk}/new").status_code == 404


class TestASession:
    def test_has_pictures_too(self, city, worker, worker_client):
        group = a_group(city.chengdong, worker)
        members_in(group, worker, named=["阿海"])
        session: GroupSession = a_session(group, worker)
        where = f"/pictures/of/sessions/{session.pk}/new"
        answer = worker_client.post(where, typed(a_file()), follow=True)
        assert answer.status_code == 200
        assert text_of(answer).count('class="picture"') == 1


class TestOnePicture:
    def test_says_whether_it_may_be_public_and_why_not(self, worker_client, activity, worker):
        [one] = pictures_of(activity, worker, said=said(faces=Faces.MINOR))
        assert "有未成年人正脸，不公开" in text_of(worker_client.get(f"/pictures/{one.pk}/"))

    def test_consent_is_said_and_taken_back(self, worker_client, activity, worker):
        [one] = pictures_of(activity, worker)
        sent = {"taken_on": "2020-05-20", "faces": "others", "consent": "agreed", "version": "1", "caption": "搬凳子"}
        answer = worker_client.post(f"/pictures/{one.pk}/edit", sent)
        assert answer.status_code == 422
        assert "请选择是怎样同意的" in text_of(answer)
        sent |= {"consent_form": "spoken", "asked_on": "2020-05-21", "asked_by": str(worker.staff_id)}
        assert worker_client.post(f"/pictures/{one.pk}/edit", sent).status_code == 302
        assert Client().get(f"/pictures/{one.pk}/public").status_code == 200
        sent |= {"consent": "withdrawn", "withdrawn_on": "2020-06-01", "version": "2"}
        assert worker_client.post(f"/pictures/{one.pk}/edit", sent).status_code == 302
        assert Client().get(f"/pictures/{one.pk}/public").status_code == 404

    def test_the_second_of_two_sees_both(self, worker_client, activity, worker):
        [one] = pictures_of(activity, worker)
        describe_picture(by=worker, picture=one, version=1, said=said(caption="别人写的"))
        sent = {
            "taken_on": "2020-05-20",
            "faces": "nobody",
            "consent": "not_asked",
            "version": "1",
            "caption": "我写的",
        }
        answer = worker_client.post(f"/pictures/{one.pk}/edit", sent)
        assert answer.status_code == 409
        assert "别人写的" in text_of(answer)
        assert 'value="我写的"' in text_of(answer)
        again = sent | {"version": "2"}
        assert worker_client.post(f"/pictures/{one.pk}/edit", again).status_code == 302

    def test_voided_with_a_reason_the_page_stays_and_the_file_is_gone(self, worker_client, activity, worker):
        [one] = pictures_of(activity, worker)
        assert worker_client.post(f"/pictures/{one.pk}/void", {"reason": ""}).status_code == 422
        assert worker_client.post(f"/pictures/{one.pk}/void", {"reason": "拍到了门牌"}).status_code == 302
        assert "拍到了门牌" in text_of(worker_client.get(f"/pictures/{one.pk}/"))
        assert worker_client.get(f"/pictures/{one.pk}/whole").status_code == 404
        assert worker_client.get(f"/pictures/{one.pk}/edit").status_code == 404

    def test_another_stations_is_not_there(self, as_, activity, worker):
        [one] = pictures_of(activity, worker, said=said(faces=Faces.NOBODY))
        for address in ("", "edit", "whole", "small"):
            for name in ("stranger", "neighbour", "sysadmin"):
                assert as_(name).get(f"/pictures/{one.pk}/{address}").status_code == 404

    def test_the_bureau_sees_what_everybody_may_see(self, as_, activity, worker):
        [minor] = pictures_of(activity, worker, said=said(faces=Faces.MINOR))
        [none] = pictures_of(activity, worker, said=agreed(worker, consent_note="队长代全队"))
        officer = as_("officer")
        assert officer.get(f"/pictures/{minor.pk}/").status_code == 404
        assert officer.get(f"/pictures/{minor.pk}/small").status_code == 404
        page = officer.get(f"/pictures/{none.pk}/")
        assert page.status_code == 200
        assert "队长代全队" not in text_of(page)


class TestMarking:
    def test_all_of_a_thing_on_one_page(self, worker_client, activity, worker):
        rows = pictures_of(activity, worker, many=3)
        where = f"/pictures/of/activities/{activity.pk}/marks"
        assert text_of(worker_client.get(where)).count('class="picture"') == 3
        marks = ["nobody", "minor", "others"]
        sent = {f"{one.pk.hex}-faces": mark for one, mark in zip(rows, marks, strict=True)}
        sent |= {f"{one.pk.hex}-version": "1" for one in rows} | {f"{rows[0].pk.hex}-caption": "旧厕所改好了"}
        assert worker_client.post(where, sent).status_code == 302
        assert [one.faces for one in Picture.objects.order_by("position")] == marks
        again = worker_client.post(where, sent | {f"{rows[0].pk.hex}-faces": "others"})
        assert again.status_code == 409
        assert "别人改过这些图片" in text_of(again)


class TestForEverybody:
    def test_only_while_it_may_be(self, activity, worker):
        [one] = pictures_of(activity, worker, said=said(faces=Faces.NOBODY))
        anybody = Client()
        answer = anybody.get(f"/pictures/{one.pk}/public/small")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Cache-Control"] == "no-store"
        void_picture(by=worker, picture=one, reason="不要了")
        assert anybody.get(f"/pictures/{one.pk}/public/small").status_code == 404

    @pytest.mark.parametrize(
        ("faces", "consent"),
        [(Faces.MINOR, Consent.AGREED), (Faces.UNKNOWN, Consent.AGREED), (Faces.OTHERS, Consent.NOT_ASKED)],
    )
    def test_not_otherwise(self, activity, worker, faces, consent):
        [one] = pictures_of(activity, worker, said=agreed(worker, faces=faces, consent=consent))
        assert Client().get(f"/pictures/{one.pk}/public").status_code == 404
        assert Client().get(f"/pictures/{one.pk}/whole").status_code == 302

    def test_flooded_it_says_so(self, activity, worker, monkeypatch):
        [one] = pictures_of(activity, worker, said=said(faces=Faces.NOBODY))
        monkeypatch.setattr("shuangbai.core.strangers.OPENINGS", limits.Limit("打开", most=2, seconds=60))
        answers = [Client().get(f"/pictures/{one.pk}/public").status_code for _ in range(3)]
        assert answers == [200, 200, 429]


class TestQueries:
    def test_an_activity_with_many_pictures_asks_no_more(self, worker_client, activity, worker):
        pictures_of(activity, worker)
        page = f"/activities/{activity.pk}/"
        worker_client.get(page)
        with CaptureQueriesContext(connection) as few:
            worker_client.get(page)
        pictures_of(activity, worker, many=8)
        with CaptureQueriesContext(connection) as many:
            worker_client.get(page)
        assert len(few) == len(many)
