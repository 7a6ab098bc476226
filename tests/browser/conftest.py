"""People at the served demonstration city: who they are, and a way in without typing a password each time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from shuangbai.core.context import TEXT_SIZE
from shuangbai.demo.city import PASSWORD
from tests.conftest import DEVICES, new_context, open_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

SignIn = Callable[..., "Page"]


# A cookie says when its session was last seen: one that is kept grows idle, whatever is done with it (30 minutes).
KEPT_SECONDS = 600


@pytest.fixture(scope="session")
def _cookies() -> dict[str, tuple[float, list[Any]]]:
    """By name: since when they are kept, and the cookies of somebody signed in."""
    return {}


def through_the_door(page: Page, address: str, name: str) -> None:
    """Sign in as anybody does, with a name and a password."""
    page.goto(f"{address}/signin")
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{address}/")


@pytest.fixture
def sign_in(demo_server: str, _cookies: dict[str, tuple[float, list[Any]]]) -> SignIn:
    """`sign_in(page, "worker")`: the page at 今日, signed in; with `home=False` wherever it was, where that will do."""

    def enter(page: Page, name: str, *, home: bool = True) -> Page:
        since, kept = _cookies.get(name, (0.0, []))
        if kept and time.monotonic() - since < KEPT_SECONDS:
            page.context.add_cookies(kept)
            if home:
                page.goto(f"{demo_server}/")
        else:
            through_the_door(page, demo_server, name)
            # Not how large this one page writes: that would be so for every later test.
            kept = [cookie for cookie in page.context.cookies() if cookie["name"] != TEXT_SIZE]
            _cookies[name] = (time.monotonic(), kept)
        return page

    return enter


@pytest.fixture
def second_page(browser: Browser) -> Iterator[Page]:
    """Somebody else's desk."""
    context = new_context(browser, "page")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def _kept(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """A desk and a phone that keep the style sheets and scripts they loaded."""
    kept = {device: new_context(browser, device) for device in DEVICES}
    yield kept
    for context in kept.values():
        context.close()


@pytest.fixture
def looking_at(device: str, _kept: dict[str, BrowserContext]) -> Iterator[Page]:
    """A page of the test's `device` to look at; whoever types or clicks takes a browser of their own."""
    _kept[device].clear_cookies()
    yield from open_page(_kept[device])
