"""Pictures that a villager sends with a problem: checked, written anew, seen by the station, flooded by a robot."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from shuangbai.core import strangers
from shuangbai.core.limits import Limit
from shuangbai.core.models import AuditEvent
from shuangbai.core.papers import kept_names, paper_data
from shuangbai.core.uploads import LARGEST
from shuangbai.pictures.actions import describe_picture, void_picture
from shuangbai.pictures.enums import Faces
from shuangbai.pictures.models import Picture
from shuangbai.pictures.queries import stored_names
from shuangbai.projects import rules
from shuangbai.projects.models import Problem
from tests.album import a_file, drawn, said
from tests.projects.conftest import sent

pytestmark = pytest.mark.django_db
Text = Callable[[Any], str]


@pytest.fixture(autouse=True)
def before() -> Iterator[set[str]]:
    """The papers that other tests left; what is in the way of nobody afterwards."""
    found = kept_names()
    yield found
    assert kept_names() - found == stored_names() - found


@pytest.fixture
def send(box: Any, city: Any) -> Callable[..., Any]:
    def send(*files: Any, **more: Any) -> Any:
        said = sent(city.chengdong, **more) | {"pictures": list(files)}
        return Client().post(f"/village-matters/{box.token}", said)

    return send


def noise(side: int, kind: str = "JPEG") -> bytes:
    """A picture of a telephone's weight: what has no pattern does not get smaller."""
    written = io.BytesIO()
    mode = "RGBA" if kind == "PNG" else "RGB"
    Image.frombytes(mode, (side, side), os.urandom(side * side * len(mode))).save(written, kind)
    return written.getvalue()


def taken_somewhere() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "某牌手机"
    exif.get_ifd(0x8825)[2] = (23.0, 6.0, 30.0)
    return drawn((4000, 3000), exif=exif)


def test_they_are_written_anew_and_kept_sealed_with_the_problem(send, client_for, worker, text_of: Text) -> None:
    answer = send(a_file("IMG_1.jpg", taken_somewhere()), a_file("画.png", drawn(kind="PNG")))
    assert answer.status_code == 302
    problem, rows = Problem.objects.get(), list(Picture.objects.order_by("position"))
    assert [(one.subject, one.subject_key, one.entered_by) for one in rows] == [("problems", problem.pk, None)] * 2
    for one in rows:
        with Image.open(io.BytesIO(paper_data(one.stored))) as kept:
            assert (kept.format, max(kept.size) <= 1600, dict(kept.getexif())) == ("JPEG", True, {})
    page = text_of(client_for(worker).get(f"/problems/{problem.pk}/"))
    assert all(f"/pictures/{one.pk}/small" in page for one in rows)
    page = text_of(client_for(worker).get(f"/pictures/{rows[0].pk}/"))
    assert "在公开页提交" in page
    assert "还没标有没有人脸，先不公开" in page
    [line] = AuditEvent.objects.filter(kind="pictures.added")
    assert (line.by_name, line.details["count"]) == ("系统", 2)


def test_they_are_public_only_when_a_worker_says_so(send, worker, officer, client_for, text_of: Text) -> None:
    where = send(a_file())["Location"]
    one = Picture.objects.get()
    anybody = Client()
    assert "带了 1 张图片，只有社工站看得到" in text_of(anybody.get(where))
    assert anybody.get(f"/pictures/{one.pk}/public").status_code == 404
    assert client_for(officer).get(f"/pictures/{one.pk}/small").status_code == 404
    describe_picture(by=worker, picture=one, version=1, said=said(faces=Faces.NOBODY))
    assert f"/pictures/{one.pk}/public/small" in text_of(anybody.get(where))
    assert anybody.get(f"/pictures/{one.pk}/public").status_code == 200


def test_any_worker_of_the_station_voids_one_that_should_not_be_there(
    send, worker, before, django_capture_on_commit_callbacks
) -> None:
    send(a_file())
    with django_capture_on_commit_callbacks(execute=True):
        void_picture(by=worker, picture=Picture.objects.get(), reason="拍到了门牌")
    assert kept_names() == before


def test_sent_twice_they_are_once(send) -> None:
    for _ in range(2):
        assert send(a_file(), client_id="7c9e6679-7425-40de-944b-e07fc1f90ae7").status_code == 302
    assert Picture.objects.count() == 1


def test_a_worker_adds_some_to_a_problem_too(client_for, worker, text_of: Text) -> None:
    client = client_for(worker)
    client.post("/problems/new", {"what": "路灯不亮", "raised_on": "2020-06-01"})
    problem = Problem.objects.get()
    assert f"/pictures/of/problems/{problem.pk}/new" in text_of(client.get(f"/problems/{problem.pk}/"))
    told = {"taken_on": "2020-06-01", "faces": "nobody", "consent": "not_asked", "pictures": [a_file()],
            "client_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}  # fmt: skip
    assert client.post(f"/pictures/of/problems/{problem.pk}/new", told).status_code == 302
    assert Picture.objects.get().entered_by == worker


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([a_file(), a_file("病毒.jpg", b"MZ" * 200)], "「病毒.jpg」没有收：这不是能读的图片"),
        ([a_file("空.jpg", b"")], "没有收"),
        ([a_file("一半.jpg", drawn((800, 600))[:900])], "文件已损坏"),
        ([a_file("画.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")], "不是能读的图片"),
        ([a_file("大.jpg", drawn() + b"0" * LARGEST)], "图片超过 5 MB"),
        ([a_file("弹.png", drawn((9000, 9000), kind="PNG"))], "长宽太大"),
        ([a_file(f"{n}.jpg") for n in range(4)], "「3.jpg」没有收：一次最多 3 张"),
    ],
)
def test_nothing_is_kept_where_one_is_wrong_and_what_was_typed_stays(send, text_of: Text, files, words, before) -> None:
    for one in files:
        one.seek(0)
    answer = send(*files, place="村口")
    page = text_of(answer)
    assert answer.status_code == 422
    for told in (words, "村口", "榕树下的路灯不亮", "要带图片请再选一次"):
        assert told in page
    assert not Problem.objects.exists()
    assert kept_names() == before


def test_a_flood_of_large_pictures_ends_at_the_days_bytes_and_words_still_come_in(
    send, monkeypatch, text_of: Text
) -> None:
    monkeypatch.setattr(rules, "DAILY_BYTES", 1_500_000)
    large = noise(600)
    answers = [send(SimpleUploadedFile("a.jpg", large)) for _ in range(9)]
    assert [one.status_code for one in answers].count(302) == Problem.objects.count() < 9
    assert sum(Picture.objects.values_list("size", flat=True)) <= rules.DAILY_BYTES
    assert "今天收到的图片已经很多" in text_of(answers[-1])
    assert "榕树下的路灯不亮" in text_of(answers[-1])
    assert send().status_code == 302


def test_voiding_does_not_make_room_for_a_robot(send, worker, monkeypatch, django_capture_on_commit_callbacks) -> None:
    large = noise(300)
    assert send(SimpleUploadedFile("a.jpg", large)).status_code == 302
    one = Picture.objects.get()
    monkeypatch.setattr(rules, "DAILY_BYTES", one.size)
    with django_capture_on_commit_callbacks(execute=True):
        void_picture(by=worker, picture=one, reason="不是图片里说的事")
    assert send(SimpleUploadedFile("a.jpg", large)).status_code == 422


def test_what_is_clear_weighs_no_more_than_a_photograph(send) -> None:
    assert send(SimpleUploadedFile("a.png", noise(900, "PNG"))).status_code == 302
    assert Picture.objects.get().size < 1_000_000


def test_an_address_that_sends_too_much_is_told_when_to_come_back(send, monkeypatch, text_of: Text) -> None:
    monkeypatch.setattr(strangers, "BYTES", Limit("提交图片", most=3, seconds=600, unit="MB"))
    large = noise(1700)
    answers = [send(SimpleUploadedFile("a.jpg", large)) for _ in range(5)]
    assert answers[-1].status_code == 429
    assert "最多 3 MB" in text_of(answers[-1])
    assert "榕树下的路灯不亮" in text_of(answers[-1])


def test_no_more_pictures_than_problems_of_a_day_may_bring(send, text_of: Text) -> None:
    answers = [send(*(a_file(f"{n}.jpg") for n in range(3))) for _ in range(rules.DAILY_MOST + 3)]
    assert Picture.objects.count() == rules.DAILY_MOST * rules.PICTURES_MOST
    assert "请明天再交" in text_of(answers[-1])
