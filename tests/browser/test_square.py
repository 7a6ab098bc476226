"""Pages for villagers with scripts off: a problem is sent, its answer read, a ledger checked, on a telephone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from shuangbai.core import strangers
from shuangbai.demo import squares
from shuangbai.pictures.models import Picture
from shuangbai.projects.models import Problem, ProblemBox, Project
from tests.album import drawn
from tests.conftest import new_context, open_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SIDEWAYS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A telephone on which no script runs."""
    context = new_context(browser, "phone", java_script_enabled=False)
    yield from open_page(context)
    context.close()


@pytest.fixture
def told(live_server: Any, city: Any) -> Any:
    """The demonstration's projects in the small city."""
    codes = ("SW-HF-01", "SW-HF-02", "SW-CQ-01")
    squares.fill(city.units, {code: city.member_of(city.units[code]) for code in codes})
    return live_server


def test_a_villager_says_what_is_wrong_and_checks_the_ledger(told: Any, plain: Page) -> None:
    box, before = ProblemBox.objects.get(), Problem.objects.count()
    plain.goto(f"{told.url}/village-matters/{box.token}")
    assert plain.evaluate(SIDEWAYS)
    plain.get_by_label("是什么事").fill("文化室门口积水")
    plain.get_by_label("在哪里").fill("文化室")
    photo = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": drawn((2400, 1800))}
    plain.get_by_label("图片").set_input_files([photo, photo])
    time.sleep(strangers.SOONEST + 1.1)
    plain.get_by_role("button", name="提交").click()
    expect(plain.locator("body")).to_contain_text("社工站收到了，还没有答复")
    assert plain.evaluate(SIDEWAYS)
    expect(plain.locator("body")).to_contain_text("带了 2 张图片，只有社工站看得到")
    assert Problem.objects.count() == before + 1
    assert Picture.objects.filter(entered_by=None).count() == 2
    square = Project.objects.get(title__startswith="河园村")
    plain.goto(f"{told.url}/square/{square.token}")
    expect(plain.locator("body")).to_contain_text("冲回第")
    expect(plain.locator("body")).to_contain_text("热心村民")
    expect(plain.locator("body")).not_to_contain_text("施玉莲")
    assert plain.evaluate(SIDEWAYS)
    assert plain.locator(".picture img").count() == 2
