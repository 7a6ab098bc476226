"""What every test stands on: database and storage settings, the browser, and the tally for `make test`.

Markers: `browser` (set by itself on tests that ask for `page` or `phone`), `sqlite_only`, `nodb`.
Fixtures with people and records are in tests/cast.py.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase

from shuangbai.core.collecting import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

if importlib.util.find_spec("tests.cast"):
    pytest_plugins = ["tests.cast", "tests.demonstration"]

CI = os.environ.get("CI") == "true"
BROWSER_TESTS = Path(__file__).parent / "browser"
BROWSER_FIXTURES = {"page", "phone", "browser"}
DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "live_server",
    "demo_city",
    "fresh",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
}
PATIENCE = 60_000  # milliseconds: on two busy cores a page may take long, and how long is not under test
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM_OPTIONS = [
    "--no-sandbox",  # containers and root have no sandbox to offer; only our own pages are opened
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-component-update",
    "--disable-background-networking",
    "--no-first-run",
]


def chromium() -> str | None:
    """The browser that CHROMIUM names, or the system's; the one without a window first, which is four times as fast."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    return next(filter(None, map(shutil.which, BROWSERS)), None)


# Two busy cores make any deadline a lottery; in CI the same examples every time.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=CI, print_blob=True)
hypothesis.settings.load_profile("suite")


def pytest_configure() -> None:
    database = connections.databases["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file as in production: threads have connections of their own, and locks behave as they will there.
        database["TEST"]["NAME"] = str(settings.DATA_DIR / "test.sqlite3")
    # Neither speed nor strength of a hash is under test, and no test needs hashed file names.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


# WHICH TESTS RUN -------------------------------------------------------------
def _uses_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("nodb"):
        return False
    if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
        return True
    test_class = getattr(item, "cls", None)
    return test_class is not None and issubclass(test_class, TransactionTestCase)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        # A test that chooses its page by name asks for the fixture later: its folder says what it is.
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())) or BROWSER_TESTS in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not chromium() and not CI:
                item.add_marker(pytest.mark.skip(reason="no chromium found"))
    if os.environ.get("SHUANGBAI_TEST_DATABASE_ONLY"):
        # The second run, on PostgreSQL, repeats only what asks a database; tests/run.py sets this.
        left, repeated = [], []
        for item in items:
            other = item.get_closest_marker("sqlite_only") or item.get_closest_marker("browser")
            (repeated if _uses_database(item) and not other else left).append(item)
        config.hook.pytest_deselected(items=left)
        items[:] = repeated


def pytest_collection_finish() -> None:
    """All modules are loaded and stay: Python's search for cycles passes over them from now on."""
    gc.freeze()
    gc.set_threshold(*PAGES)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Counts for the last line of `make test`, in the file that tests/run.py names."""
    tally = os.environ.get("SHUANGBAI_TEST_TALLY")
    if tally:
        stats = terminalreporter.stats
        names = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
        counts: dict[str, Any] = {name: len(stats.get(name, ())) for name in names}
        counts["reasons"] = [report.longrepr[2].removeprefix("Skipped: ") for report in stats.get("skipped", ())]
        Path(tally).write_text(json.dumps(counts), encoding="utf-8")


# THE BROWSER -----------------------------------------------------------------
@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One chromium for all browser tests of a worker."""
    path = chromium()
    if path is None:
        pytest.fail("no chromium found; install one or name it with CHROMIUM=…")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        # Dates as a Chinese browser writes them, where its words are installed (chromium-l10n).
        chinese = {**os.environ, "LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"}
        running = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS, env=chinese)
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


DEVICES: dict[str, dict[str, Any]] = {
    "page": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}


def new_context(browser: Browser, device: str, **options: Any) -> BrowserContext:
    """A browser of somebody's own: without cookies, and with nothing loaded yet."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **DEVICES[device], **options)
    context.set_default_timeout(PATIENCE)
    return context


def open_page(context: BrowserContext) -> Iterator[Page]:
    """Fails the test when a script throws or the Content-Security-Policy blocks something."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    page.close()
    assert not complaints, "the page complained: " + "; ".join(complaints)


def _own_page(browser: Browser, device: str) -> Iterator[Page]:
    context = new_context(browser, device)
    yield from open_page(context)
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desk: 1280 by 800."""
    yield from _own_page(browser, "page")


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone: 390 by 844, touch."""
    yield from _own_page(browser, "phone")
