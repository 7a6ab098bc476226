"""A city from nothing to its first report, in a browser alone: empty database, first run, areas, a station with its
villages, a worker with an account, the worker's first sign-in, the first family, the first visit, and the number."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.looking import look
from tests.demonstration import SCRIPTS, Installed, free_port

if TYPE_CHECKING:
    from playwright.sync_api import Page

ADMIN, WORKER = ("admin", "罗伟"), ("linxiaoyan", "林小燕")
SECRET = "walk-the-village-roads-26"
TOLD = "老人血压偏高，提醒按时服药；屋顶漏雨，答应下周带村干部来看。"
CODE = re.compile(r"首次设置码：([A-Z0-9]{4}(?:-[A-Z0-9]{4}){2})")


class Server:
    """An installation that `shuangbai serve` serves, and what its console says."""

    def __init__(self, data: Installed, folder: Path) -> None:
        self.data, self.said, self.port = data, folder / "console.log", free_port()
        self.address = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.said.open("wb") as log:
            self.process = subprocess.Popen(
                [str(SCRIPTS / "shuangbai"), "serve"], env=self.data.environment(PORT=str(self.port)),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        for _ in range(600):
            if "双百已启动" in self.console() or self.process.poll() is not None:
                break
            time.sleep(0.2)
        assert self.process.poll() is None, self.console()

    def console(self) -> str:
        return self.said.read_text(encoding="utf-8")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)


@pytest.fixture
def server(fresh: Installed, tmp_path: Path) -> Iterator[Server]:
    """An empty installation, served."""
    started = Server(fresh, tmp_path)
    started.start()
    yield started
    started.stop()


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).click()
    page.wait_for_load_state()


def follow(page: Page, words: str) -> None:
    page.get_by_role("link", name=words, exact=True).first.click()
    page.wait_for_load_state()


def found_the_city(page: Page, server: Server) -> None:
    """The first run: the code from the console, the city, its tree, its administrator."""
    page.goto(f"{server.address}/families/")
    expect(page).to_have_url(f"{server.address}/first-run")
    look(page, "first-run-code", 1280)
    page.get_by_label("首次设置码").fill("WRONG-CODE")
    press(page, "下一步")
    expect(page.get_by_text("首次设置码不对").first).to_be_visible()
    said = CODE.search(server.console())
    assert said, server.console()
    page.get_by_label("首次设置码").fill(said[1].lower().replace("-", " "))
    press(page, "下一步")
    page.get_by_label("哪个地级市").select_option(label="汕尾市")
    page.get_by_label("页面上的城市名").fill("汕尾市")
    page.get_by_label("主管机构").fill("汕尾市民政局")
    look(page, "first-run-city", 1280)
    press(page, "下一步")
    page.reload()  # nothing that was done is lost
    expect(page.get_by_text("已载入区划 976 处")).to_be_visible()
    expect(page.get_by_label("主管机构代码")).to_have_value("SW")
    look(page, "first-run-tree", 1280)
    press(page, "下一步")
    page.get_by_label("账号").fill(ADMIN[0])
    page.get_by_label("称呼").fill(ADMIN[1])
    page.get_by_label("密码", exact=True).fill(SECRET)
    page.get_by_label("再填一遍密码").fill(SECRET)
    look(page, "first-run-administrator", 1280)
    press(page, "建立城市")
    expect(page).to_have_url(f"{server.address}/signin")


def sign_in(page: Page, server: Server, name: str) -> None:
    page.goto(f"{server.address}/signin")
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(SECRET)
    press(page, "登录")
    expect(page).to_have_url(f"{server.address}/")


def open_a_station(page: Page, opened: date) -> None:
    """城东社工站 under 海丰县, with one village ticked in its town's list and one pasted by another name."""
    follow(page, "设置")
    expect(page.get_by_role("heading", name="开始使用")).to_be_visible()
    look(page, "setup-beginning", 1280)
    follow(page, "区划")
    page.get_by_label("找地方").fill("海丰/赤山村")
    press(page, "查找")
    expect(page.get_by_role("link", name="赤山村民委员会")).to_be_visible()
    follow(page, "设置")
    follow(page, "机构树")
    follow(page, "海丰县")
    follow(page, "设立社工站")
    expect(page.get_by_label("代码")).to_have_value("SW-HF-01")
    page.get_by_label("名称").fill("城东社工站")
    page.get_by_label("开站日期").fill(opened.isoformat())
    page.get_by_label("所在镇街").select_option(label="城东镇")
    page.locator("label.chip", has_text="双百工程").click()
    look(page, "unit-new-filled", 1280)
    press(page, "保存")
    follow(page, "村居与社工")
    follow(page, "增加村居")
    page.get_by_label("从哪天起").fill(opened.isoformat())
    page.locator("label.chip", has_text="赤山村").click()
    page.get_by_label("或粘贴名单").fill("北平村委会\n新城社区居委会")
    press(page, "先看认出了哪些")
    expect(page.get_by_text("写的是「北平村委会」")).to_be_visible()
    expect(page.get_by_text("「新城社区居委会」是哪一个").first).to_be_visible()  # five places bear this name
    look(page, "cover-asks", 1280)
    page.get_by_label("或粘贴名单").fill("北平村委会")
    press(page, "保存")
    expect(page.get_by_text("已登记 2 个村居")).to_be_visible()


def take_on_the_worker(page: Page, opened: date) -> None:
    follow(page, "设置")
    follow(page, "人员与任职")
    follow(page, "粘贴名单")
    names = page.locator("textarea")
    names.fill(f"姓名,性别,站,岗位,入职日期\n{WORKER[1]},女,城东社工站,服务,{opened}")
    press(page, "先看一看")
    expect(page.get_by_text("岗位「服务」不认识")).to_be_visible()
    look(page, "staff-paste-faults", 1280)
    names.fill(f"{WORKER[1]},女,城东社工站,服务岗,{opened}")
    press(page, "先看一看")
    press(page, "登记这 1 人")
    expect(page.get_by_role("link", name=WORKER[1])).to_be_visible()


def invite_the_worker(page: Page) -> str:
    """The account and the code on its slip."""
    follow(page, "设置")
    follow(page, "账号")
    follow(page, "开设账号")
    page.get_by_label("账号", exact=True).fill(WORKER[0])
    page.get_by_label("姓名").fill(WORKER[1])
    choose(page, "是哪一位在岗人员", WORKER[1])
    choose(page, "范围（单位）", "城东社工站")
    page.locator("label.chip", has_text=re.compile("^社工$")).click()
    press(page, "开设账号")
    return page.locator(".slip-code").inner_text()


def choose(page: Page, label: str, words: str) -> None:
    """The option of a list that holds these words."""
    field = page.get_by_label(label).first
    value = field.locator("option", has_text=words).first.get_attribute("value")
    field.select_option(value=value)


def first_day_of_the_worker(page: Page, server: Server, code: str) -> str:
    """The invitation, a password of one's own, the first family, the first visit; the visit's address."""
    page.goto(f"{server.address}/welcome")
    page.get_by_label("账号").fill(WORKER[0])
    page.get_by_label("一次性码").fill(code)
    page.get_by_label("新密码", exact=True).fill(SECRET)
    page.get_by_label("再填一次新密码").fill(SECRET)
    press(page, "设好密码，开始使用")
    expect(page).to_have_url(f"{server.address}/")
    assert page.get_by_role("link", name="设置").count() == 0
    page.goto(f"{server.address}/families/new")
    choose(page, "村居", "赤山村")
    page.get_by_label("姓名").fill("曾秀英")
    choose(page, "与户主关系", "户主")
    press(page, "保存")
    expect(page.get_by_text("已登记").first).to_be_visible()
    follow(page, "记走访")
    page.get_by_role("checkbox", name=re.compile("曾秀英")).check()
    page.get_by_label("谈了什么、看到什么").fill(TOLD)
    press(page, "保存走访")
    page.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))
    return page.url


def test_a_city_from_nothing_to_its_first_report(page: Page, second_page: Page, server: Server) -> None:
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()  # noqa: TID251  a real city's clock runs
    opened = today - timedelta(days=30)
    for one in (page, second_page):  # whatever else the machine does: a fresh server warms up under its first pages
        one.set_default_timeout(60_000)
    found_the_city(page, server)
    sign_in(page, server, ADMIN[0])
    open_a_station(page, opened)
    take_on_the_worker(page, opened)
    code = invite_the_worker(page)
    visit = first_day_of_the_worker(second_page, server, code)
    second_page.goto(f"{server.address}/reports/results/?first={today}&last={today}")
    number = second_page.locator("a[href*='/evidence/V1/']").first
    expect(number).to_contain_text("1")
    look(second_page, "first-report", 1280)
    number.click()
    second_page.locator(".row a").first.click()
    second_page.wait_for_url(visit)
    expect(second_page.locator(".narrative")).to_have_text(TOLD)
    page.goto(f"{server.address}/setup/")
    expect(page.get_by_text("还没有：三个管理员应由三个人分别担任").first).to_be_visible()
    assert page.goto(f"{server.address}/families/").status == 404  # type: ignore[union-attr]
    page.goto(f"{server.address}/first-run")
    expect(page).to_have_url(f"{server.address}/")
    assert not (Path(server.data.data) / "first-run.code").exists()


def test_the_console_tells_the_code_and_keeps_it(fresh: Installed) -> None:
    first, again = fresh.run("setup", "--code"), fresh.run("setup", "--code")
    assert first.code == 0, first.err
    assert first.out == again.out
    assert oct(os.stat(fresh.data / "first-run.code").st_mode)[-3:] == "600"
