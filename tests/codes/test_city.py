"""The city's name, the foot of its pages, and its emblem."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from shuangbai.codes.models import Decision
from shuangbai.core.models import Installation
from shuangbai.core.pictures import folder
from shuangbai.core.queries import forget
from shuangbai.households.access import NOTHING

pytestmark = pytest.mark.django_db
CHANGE = "/setup/city/change"
SAID = {"city_name": "汕尾市", "bureau_name": "汕尾市民政局", "version": 1, "reason": "补上页脚"}


@pytest.fixture
def page(client_for, sysadmin, settings, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path
    return client_for(sysadmin)


def emblem(size: int = 90) -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGBA", (size, size), "#2f6f62").save(file, "PNG")
    return SimpleUploadedFile("标志.png", file.getvalue(), "image/png")


def saved(page: Any, django_capture: Any, **more: Any) -> Any:
    with django_capture(execute=True):
        return page.post(CHANGE, {**SAID, **more})


class TestWho:
    @pytest.mark.parametrize("who", ["worker", "head", "supervisor", "officer", "security", "auditor"])
    @pytest.mark.parametrize("path", ["/setup/city/", CHANGE])
    def test_for_others_it_is_not_there(self, city, client_for, who, path):
        assert client_for(city.users[who]).get(path).status_code == 404
        assert client_for(city.users[who]).post(CHANGE, SAID).status_code == 404


class TestTheFoot:
    def test_it_stands_on_every_page_and_on_the_sign_in(
        self, page, client, client_for, worker, django_capture_on_commit_callbacks
    ):
        foot = {"sponsor": "汕尾市民政局", "record_no": "粤ICP备00000000号", "phone": "0660-0000000"}
        assert saved(page, django_capture_on_commit_callbacks, **foot).status_code == 302
        for said in (client_for(worker).get("/"), client.get("/signin"), client_for(worker).get("/no-such-page")):
            assert "备案号：粤ICP备00000000号" in said.content.decode()
            assert "地址：" not in said.content.decode()
        report = client_for(worker).get("/reports/results/").content.decode()
        assert report.count("主办：汕尾市民政局") == 2  # the page's foot and the report's

    def test_the_name_is_shown_at_once_and_kept_with_its_history(self, page, django_capture_on_commit_callbacks):
        saved(page, django_capture_on_commit_callbacks, city_name="汕尾")
        said = page.get("/setup/city/").content.decode()
        for words in ('<span class="brand-city">汕尾</span>', "城市名称：汕尾市", "补上页脚", "罗伟"):
            assert words in said
        assert Decision.objects.get().became == "城市名称：汕尾"

    def test_another_process_sees_it_within_seconds(self, city, monkeypatch):
        from shuangbai.core import queries

        assert queries.installation_names().city == "汕尾市"
        Installation.objects.update(city_name="汕尾")
        later = queries.time.monotonic() + queries.TRUSTED_SECONDS
        monkeypatch.setattr(queries.time, "monotonic", lambda: later)
        assert queries.installation_names().city == "汕尾"
        forget()

    @pytest.mark.parametrize(
        ("fault", "words"),
        [
            ({"city_name": " "}, "请填写这一项"),
            ({"reason": ""}, "请写明理由"),
            ({}, "没有改动"),
        ],
    )
    def test_what_is_wrong_is_said(self, page, fault, words):
        answer = page.post(CHANGE, {**SAID, **fault})
        assert answer.status_code == 422
        assert words in answer.content.decode()

    def test_two_at_once_see_both_versions(self, page, django_capture_on_commit_callbacks):
        saved(page, django_capture_on_commit_callbacks, phone="0660-0000001")
        answer = page.post(CHANGE, {**SAID, "phone": "0660-0000002"})
        assert answer.status_code == 409
        for words in ("0660-0000001", "0660-0000002", 'name="version" value="2"'):
            assert words in answer.content.decode()


class TestTheEmblem:
    def test_it_heads_the_report_and_browsers_may_keep_it(
        self, page, client, client_for, worker, django_capture_on_commit_callbacks
    ):
        saved(page, django_capture_on_commit_callbacks, emblem=emblem())
        name = Installation.objects.get().emblem
        assert f'src="/emblem/{name}"' in client_for(worker).get("/reports/results/").content.decode()
        answer = client_for(worker).get(f"/emblem/{name}")
        assert answer["Content-Type"] == "image/png"
        assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert client.get(f"/emblem/{name}").status_code == 302

    def test_no_other_kept_picture_is_sent_there(self, page, django_capture_on_commit_callbacks):
        saved(page, django_capture_on_commit_callbacks, emblem=emblem())
        (folder() / f"{'0' * 32}.png").write_bytes(b"somebody's photograph")
        assert page.get(f"/emblem/{'0' * 32}.png").status_code == 404

    def test_another_one_takes_its_place_and_it_can_go(self, page, django_capture_on_commit_callbacks):
        saved(page, django_capture_on_commit_callbacks, emblem=emblem())
        saved(page, django_capture_on_commit_callbacks, emblem=emblem(91), version=2)
        assert [path.name for path in folder().iterdir()] == [Installation.objects.get().emblem]
        saved(page, django_capture_on_commit_callbacks, no_emblem="on", version=3)
        assert Installation.objects.get().emblem == ""
        assert list(folder().iterdir()) == []

    def test_a_page_sent_as_a_picture_is_refused(self, page):
        fake = SimpleUploadedFile("a.png", b"<html><script>1</script>", "image/png")
        answer = page.post(CHANGE, {**SAID, "emblem": fake})
        assert answer.status_code == 422
        assert "不是能读的图片" in answer.content.decode()
        assert not folder().exists()

    def test_it_is_in_the_pdf_and_nothing_else_is_fetched(self, page, django_capture_on_commit_callbacks):
        from shuangbai.core.pdf import _emblem_alone

        saved(page, django_capture_on_commit_callbacks, emblem=emblem())
        name = Installation.objects.get().emblem
        assert _emblem_alone(f"http://testserver/emblem/{name}")[1] == "image/png"
        for url in ("http://elsewhere.cn/", "file:///etc/passwd", f"http://x/{'0' * 32}.png", ""):
            with pytest.raises(ValueError, match="fetches nothing"):
                _emblem_alone(url)

    def test_a_report_as_pdf_holds_it(self, city, page, django_capture_on_commit_callbacks):
        from datetime import date

        from shuangbai.core.periods import Period
        from shuangbai.reports import pdf
        from shuangbai.reports.queries import Ask

        if not pdf.available():
            pytest.skip("no pango here")
        ask = Ask(Period(date(2020, 5, 1), date(2020, 6, 6)), city.root)
        assert b"/Subtype /Image" not in pdf.render(ask, "http://testserver/", "罗伟", NOTHING)
        saved(page, django_capture_on_commit_callbacks, emblem=emblem())
        assert b"/Subtype /Image" in pdf.render(ask, "http://testserver/", "罗伟", NOTHING)
        for path in folder().iterdir():
            path.unlink()
        assert pdf.render(ask, "http://testserver/", "罗伟", NOTHING)  # the picture is lost; the report is not
