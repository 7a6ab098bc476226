"""From the slip of paper to the first page, on a phone; and what was typed before somebody was away."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING
from uuid import uuid4

from playwright.sync_api import expect

from shuangbai.accounts import codes
from shuangbai.demo.city import PASSWORD
from tests.browser.conftest import through_the_door
from tests.browser.looking import TAKEN, look, take
from tests.demonstration import Installed

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

NEW = "Chun feng 2020 hua"


def a_name() -> str:
    return f"caier{uuid4().hex[:8]}"


def opened(desk: Page, server: str, name: str, role: str = "民政局经办") -> str:
    """The system administrator opens an account from a pasted list; the code on its slip."""
    desk.goto(f"{server}/setup/accounts/list")
    desk.get_by_label("名单").fill(f"姓名\t账号\t单位\t角色\n蔡二\t{name}\tSW\t{role}\n某某\tworker\t没有的站\t社工")
    desk.get_by_role("button", name="看一遍").click()
    expect(desk.get_by_text("没有叫“没有的站”的单位")).to_be_visible()
    desk.get_by_role("button", name="开设选中的账号").click()
    return desk.locator(".slip-code").inner_text()


def fits(page: Page, name: str, width: int) -> None:
    """As `look`, for a page whose codes and addresses are no words."""
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    if TAKEN:
        take(page, f"{name}-{width}")


def secret_on(page: Page) -> str:
    return "".join(page.locator(".secret span").all_inner_texts()).replace(" ", "")


def let_digits_pass() -> None:
    """Until the next half minute: digits are taken once."""
    time.sleep(30 - time.time() % 30 + 0.5)


def ask_for_binding(city: Installed) -> None:
    """The policy asks supervisors for an authenticator, and nobody else."""
    city.asks(
        "from shuangbai.accounts.actions import set_policy\n"
        "from shuangbai.accounts.actions.policies import FIELDS\n"
        "from shuangbai.accounts.queries import latest_policy\n"
        "from shuangbai.network.models import User\n"
        "now = latest_policy()\n"
        "values = {name: getattr(now, name) for name in FIELDS} | {'factor_roles': ['supervisor']}\n"
        "set_policy(by=User.objects.get(username='security'), version=now.version, values=values, reason='试行')\n"
        "answer = True"
    )


def test_from_the_slip_to_the_first_page_on_a_phone(
    page: Page, phone: Page, second_page: Page, served_apart: Callable[[Callable[[Installed], object]], str]
) -> None:
    served = served_apart(ask_for_binding)
    name = a_name()
    page.set_default_navigation_timeout(60_000)  # the first page of a server that has only just begun
    through_the_door(page, served, "sysadmin")
    code = opened(page, served, name, "督导")
    fits(page, "slips", 1280)
    desk = second_page
    through_the_door(desk, served, "security")
    desk.goto(f"{served}/setup/roles/")
    desk.locator("li.row", has_text=name).get_by_role("button", name="同意", exact=True).click()
    expect(desk.locator("li.row", has_text=name)).to_contain_text("督导")

    phone.goto(f"{served}/signin")
    phone.get_by_role("link", name="收到邀请单").tap()
    phone.get_by_label("账号").fill(name)
    phone.get_by_label("一次性码").fill(code.lower())
    phone.get_by_label("新密码", exact=True).fill("password123")
    phone.get_by_label("再填一次新密码").fill("password123")
    phone.get_by_role("button", name="设好密码").tap()
    expect(phone.get_by_text("太常见")).to_be_visible()
    expect(phone.get_by_label("一次性码")).to_have_value(code.lower())
    phone.get_by_label("新密码", exact=True).fill(NEW)
    phone.get_by_label("再填一次新密码").fill(NEW)
    phone.get_by_role("button", name="设好密码").tap()

    phone.wait_for_url(f"{served}/account/factor")
    expect(phone.get_by_text("您的角色要用验证器登录")).to_be_visible()
    secret = secret_on(phone)
    phone.goto(f"{served}/reports/results/")
    phone.wait_for_url(f"{served}/account/factor")  # nothing else opens before
    secret = secret_on(phone)
    phone.get_by_label("验证器显示的六位数字").fill(codes.digits_at(secret, time.time()))
    phone.get_by_role("button", name="绑定").tap()
    expect(phone.get_by_role("heading", name="请把备用码收好")).to_be_visible()
    fits(phone, "recovery-codes", 390)
    papers = phone.locator(".paper-codes li").all_inner_texts()
    assert len(papers) == 10
    phone.get_by_role("link", name="已经收好").tap()
    phone.wait_for_url(f"{served}/")
    expect(phone.get_by_text("督导").first).to_be_attached()

    phone.locator("details.usermenu summary").tap()
    phone.get_by_role("button", name="退出登录").tap()
    phone.wait_for_url(f"{served}/signin")
    for answer in (papers[0], None):
        phone.goto(f"{served}/signin")
        phone.get_by_label("账号").fill(name)
        phone.get_by_label("密码").fill(NEW)
        phone.get_by_role("button", name="登录").tap()
        phone.wait_for_url(f"{served}/signin/code")
        if answer is None:
            look(phone, "signin-code", 390)
            let_digits_pass()
        phone.get_by_label("验证码").fill(answer or codes.digits_at(secret, time.time()))
        phone.get_by_role("button", name="登录").tap()
        phone.wait_for_url(f"{served}/")
        phone.context.clear_cookies()


def test_what_was_typed_before_one_was_away_is_saved_after_signing_in_again(
    page: Page, demo_server: str, demo_copy: Installed
) -> None:
    """The cookie is made to be half an hour older, as if nobody had touched the page."""
    through_the_door(page, demo_server, "worker")
    page.goto(f"{demo_server}/visits/new")
    page.get_by_label("走访哪一户").press_sequentially("ch", delay=20)
    page.get_by_role("option").nth(7).click()
    page.wait_for_url(re.compile("family="))
    page.get_by_role("group", name="见到了谁").locator("label.chip").first.click()
    text = f"老人血压偏高，答应下周带村干部来看。（{uuid4().int % 10**8:08d}）"
    page.get_by_label("谈了什么、看到什么").fill(text)
    (cookie,) = (one for one in page.context.cookies() if one["name"] == "sessionid")
    older = demo_copy.asks(
        "from django.core import signing\n"
        "from django.contrib.sessions.serializers import JSONSerializer\n"
        "salt = 'django.contrib.sessions.backends.signed_cookies'\n"
        f"kept = signing.loads({cookie['value']!r}, serializer=JSONSerializer, salt=salt)\n"
        "kept['seen'] -= 3600\n"
        "answer = signing.dumps(kept, compress=True, serializer=JSONSerializer, salt=salt)"
    )
    page.context.add_cookies([{**cookie, "value": older}])
    page.get_by_role("button", name="保存走访").click()
    expect(page.get_by_role("heading", name="请重新登录")).to_be_visible()
    expect(page.locator(".typed-back")).to_have_text(text)
    look(page, "signin-again", 1280)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录，接着保存").click()
    expect(page.get_by_role("heading", name="已重新登录")).to_be_visible()
    if TAKEN:
        take(page, "carry-on-1280")
    page.get_by_role("button", name="接着保存").click()
    page.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))
    expect(page.locator(".narrative")).to_have_text(text)
