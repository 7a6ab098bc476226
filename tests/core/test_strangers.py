"""Forms that anybody may send: what stops a robot comes back in words, with what was typed."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from shuangbai.core import strangers
from shuangbai.core.forms import PicturesField
from shuangbai.core.limits import Limit, TooOften
from shuangbai.core.strangers import StrangersForm, asker, count_asking, new_token

pytestmark = pytest.mark.nodb


class Letter(StrangersForm):
    words = forms.CharField()


@pytest.fixture
def made(time_machine):
    """The moment of a form that was opened ten seconds ago."""
    time_machine.move_to("2026-01-05T08:00:00Z", tick=False)
    moment = Letter().fresh
    time_machine.move_to("2026-01-05T08:00:10Z", tick=False)
    return moment


def sent(**fields):
    return Letter({"words": "路灯坏了", "website": "", **fields})


def test_who_takes_a_moment_is_let_in(made):
    assert sent(made=made).is_valid()


def test_a_form_that_comes_back_at_once_is_to_be_sent_again():
    form = sent(made=Letter().fresh)
    assert form.errors["__all__"] == ["提交得太快了。您填的都还在，请过两秒再按一次提交。"]


def test_a_form_without_its_moment_or_of_yesterday_is_to_be_sent_again(made, time_machine):
    assert "不完整" in sent(made="").errors["__all__"][0]
    assert "不完整" in sent(made=made[:-1]).errors["__all__"][0]
    time_machine.move_to("2026-01-06T08:00:00Z", tick=False)
    assert "太久" in sent(made=made).errors["__all__"][0]


def test_whoever_fills_in_what_no_eye_sees_is_told_so(made):
    assert "机器人" in sent(made=made, website="http://").errors["__all__"][0]


def test_addresses_are_counted_apart_and_not_kept(monkeypatch):
    monkeypatch.setattr(strangers, "SENDINGS", Limit("提交", 2, 600))
    for _ in range(2):
        count_asking("join", "203.0.113.7", sends=True)
    with pytest.raises(TooOften):
        count_asking("join", "203.0.113.7", sends=True)
    count_asking("join", "203.0.113.8", sends=True)
    assert not any("203" in str(key) for key in strangers.SENDINGS._counts)
    assert asker("203.0.113.7") != asker("203.0.113.8")


def test_what_is_sent_is_counted_by_its_weight_too(monkeypatch):
    monkeypatch.setattr(strangers, "BYTES", Limit("提交图片", 20, 600, unit="MB"))
    for _ in range(4):
        count_asking("join", "203.0.113.7", sends=True, size=5_100_000)
    with pytest.raises(TooOften, match="提交图片太频繁：600 秒内最多 20 MB。请"):
        count_asking("join", "203.0.113.7", sends=True, size=5_100_000)
    count_asking("join", "203.0.113.7", sends=True, size=900)


def test_no_file_of_a_robots_form_is_opened(made):
    album = type("Letter", (Letter,), {"pictures": PicturesField(most=3)})
    files = MultiValueDict({"pictures": [SimpleUploadedFile("a.jpg", b"no picture")]})
    told = {"words": "路灯坏了", "made": made}
    assert "没有收" in str(album(told, files).errors["pictures"])
    errors = album(told | {"website": "http://"}, files).errors
    assert "机器人" in errors["__all__"][0]
    assert "没有收" not in str(errors["pictures"])


def test_no_two_addresses_of_pages_are_alike():
    assert len({new_token() for _ in range(1000)}) == 1000
