"""Maintenance in the browser: the banner, and the form that comes back with everything, on a city of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from shuangbai.core import clock, maintenance
from tests.browser.looking import WIDTHS, look
from tests.cast import BACKEND, a_family

if TYPE_CHECKING:
    from playwright.sync_api import Page

WORDS = "老人说屋顶漏雨，答应下周带村干部来看。"


@pytest.fixture
def family(live_server: Any, city: Any) -> Iterator[Any]:
    made = a_family(city.chengdong, city.users["worker"])
    yield made
    maintenance.end()


@pytest.mark.parametrize("device", WIDTHS)
def test_what_was_typed_is_still_there(
    device: str, request: pytest.FixtureRequest, live_server: Any, city: Any, family: Any
) -> None:
    page: Page = request.getfixturevalue(device)
    client = Client()
    client.force_login(city.users["worker"], backend=BACKEND)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/visits/new?family={family.household.pk}")
    page.locator("label.chip", has_text="陈大文").click()
    page.get_by_label("谈了什么、看到什么").fill(WORDS)
    maintenance.begin(reason="升级系统", until=clock.machine_now().replace(hour=23, minute=30))
    page.get_by_role("button", name="保存走访").click()
    expect(page.locator(".error-summary")).to_contain_text("没有保存。系统维护中（升级系统）")
    expect(page.get_by_label("谈了什么、看到什么")).to_have_value(WORDS)
    look(page, "maintenance", WIDTHS[device])
    page.goto(f"{live_server.url}/")
    expect(page.locator(".maintenance-banner")).to_contain_text("可以查看，暂时不能保存")
    look(page, "maintenance-today", WIDTHS[device])
