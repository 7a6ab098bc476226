"""The pages for anybody on a cheap telephone: no scripts, a slow line, 390 wide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_screens import ids

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["ids"]
SLOW = {"offline": False, "latency": 600, "downloadThroughput": 25_000, "uploadThroughput": 8_000}  # bytes a second


@pytest.fixture
def cheap(browser: Browser) -> Iterator[Page]:
    """A telephone without scripts whose line brings 25 kB a second after 600 ms."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    yield page
    context.close()


def test_a_child_is_signed_up_and_off_again(cheap: Page, demo_server: str, ids: dict[str, str]) -> None:
    answer = cheap.goto(f"{demo_server}/join/{ids['join_at']}", timeout=60_000)
    assert answer is not None
    assert answer.status == 200
    assert cheap.locator("script").count() == 0
    cheap.get_by_label("孩子的名字").fill("小螺")
    cheap.get_by_text("6 至 9 岁").click()
    cheap.get_by_label("家长（监护人）的名字").fill("郑阿姨")
    cheap.get_by_label("家长的电话").fill("19900007777")
    cheap.wait_for_timeout(2500)  # nobody fills a form in two seconds
    send = cheap.locator("form button")
    send.click()
    cheap.get_by_text("孩子参加要家长同意").first.wait_for()
    assert cheap.get_by_label("家长（监护人）的名字").input_value() == "郑阿姨"
    cheap.get_by_label("我是孩子的监护人").check()
    cheap.wait_for_timeout(2500)
    cheap.locator("form button").click()
    cheap.get_by_text("不来了，取消报名").wait_for()
    assert "/join/mine/" in cheap.url
    assert "小螺" not in cheap.locator("main").inner_text()
    cheap.get_by_text("不来了，取消报名").click()
    cheap.get_by_text("这个报名已经取消").wait_for()


def test_somebody_says_how_it_was(cheap: Page, demo_server: str, ids: dict[str, str]) -> None:
    cheap.goto(f"{demo_server}/say/{ids['say_at']}", timeout=60_000)
    cheap.get_by_text("很满意", exact=True).click()
    cheap.wait_for_timeout(2500)
    cheap.locator("form button").click()
    cheap.get_by_text("收到了，谢谢您").wait_for()
