"""What people do with the product, start to end, in a real browser at the served demonstration city."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn, through_the_door
from tests.browser.test_screens import VISITED
from tests.demonstration import FROM, TO

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MOST_TAPS = 8
TEXT = "老人血压偏高，提醒按时服药；屋顶漏雨，答应下周带村干部来看。"


def a_text() -> str:
    """Something to write that no other record says."""
    return f"{TEXT}（{uuid4().int % 10**8:08d}）"


class Fingers:
    """Counts what a person touches: each tap and each field that is typed into."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, what: Locator) -> None:
        what.tap()
        self.taps += 1

    def type(self, what: Locator, text: str) -> None:
        what.press_sequentially(text, delay=20)
        self.taps += 1


LETTERS = "ch"  # 陈 and 蔡 are common names


def choose_family(page: Page, which: int) -> None:
    """From the first page: two letters, and one of the families found. A second visit on one day would be doubted."""
    page.get_by_role("link", name="记一次走访").click()
    page.get_by_label("走访哪一户").press_sequentially(LETTERS, delay=20)
    page.get_by_role("option").nth(which).click()
    page.wait_for_url(re.compile("family="))


def met_someone(page: Page) -> Locator:
    return page.get_by_role("group", name="见到了谁").locator("label.chip").first


def a_visit(page: Page, which: int, text: str) -> str:
    """A visit written down on a desk; its address."""
    choose_family(page, which)
    met_someone(page).click()
    page.get_by_label("谈了什么、看到什么").fill(text)
    page.get_by_role("button", name="保存走访").click()
    page.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))
    return page.url


class TestTheWorkersVisit:
    def test_on_a_phone_in_at_most_eight_taps(self, phone: Page, sign_in: SignIn) -> None:
        page, fingers, text = sign_in(phone, "worker"), Fingers(), a_text()
        fingers.tap(page.get_by_role("link", name="记一次走访"))
        search = page.get_by_label("走访哪一户")
        expect(search).to_be_focused()
        fingers.type(search, LETTERS)
        fingers.tap(page.get_by_role("option").nth(0))
        page.wait_for_url(re.compile("family="))
        fingers.tap(met_someone(page))
        words = page.get_by_label("谈了什么、看到什么")
        words.tap()
        words.type(text)
        fingers.tap(page.get_by_role("button", name="保存走访"))
        page.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))
        assert fingers.taps <= MOST_TAPS
        expect(page.get_by_text("已保存")).to_be_visible()
        expect(page.locator(".narrative")).to_have_text(text)
        expect(page.get_by_text("入户").first).to_be_visible()

    def test_on_a_desk_by_the_keyboard_alone(self, page: Page, sign_in: SignIn) -> None:
        text = a_text()
        sign_in(page, "worker")
        _tab_to(page, "记一次走访")
        page.keyboard.press("Enter")
        expect(page.get_by_label("走访哪一户")).to_be_focused()
        page.keyboard.type(LETTERS, delay=20)
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("family="))
        _tab_to(page, "met")
        if not page.evaluate("document.activeElement.checked"):
            page.keyboard.press("Space")
        _tab_to(page, "narrative")
        page.keyboard.type(text)
        _tab_to(page, "保存走访")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))
        expect(page.locator(".narrative")).to_have_text(text)

    def test_a_double_tap_saves_once(self, page: Page, sign_in: SignIn) -> None:
        text = a_text()
        sign_in(page, "worker")
        choose_family(page, 2)
        met_someone(page).click()
        page.get_by_label("谈了什么、看到什么").fill(text)
        page.get_by_role("button", name="保存走访").dblclick()
        page.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))
        assert _found(page, text) == 1

    def test_the_same_family_twice_a_day_is_doubted_first(self, page: Page, sign_in: SignIn) -> None:
        text = a_text()
        sign_in(page, "worker")
        a_visit(page, 4, text)
        page.get_by_role("link", name="今日").first.click()
        choose_family(page, 4)
        met_someone(page).click()
        page.get_by_label("谈了什么、看到什么").fill(text)
        page.get_by_role("button", name="保存走访").click()
        expect(page.get_by_text("请核对一下")).to_be_visible()
        expect(page.get_by_label("谈了什么、看到什么")).to_have_value(text)
        assert _found(page, text) == 1

    def test_what_was_typed_stays_and_the_sentence_stands_by_its_field(self, phone: Page, sign_in: SignIn) -> None:
        text = a_text()
        page = sign_in(phone, "worker")
        choose_family(page, 3)
        page.get_by_label("谈了什么、看到什么").fill(text)
        page.get_by_label("日期", exact=True).first.fill("2020-07-01")
        page.get_by_role("button", name="保存走访").tap()
        expect(page.locator(".error-summary")).to_be_focused()
        expect(page.get_by_label("谈了什么、看到什么")).to_have_value(text)
        day = page.locator("#id_occurred_on")
        expect(day).to_have_value("2020-07-01")
        said = page.locator("#id_occurred_on_error")
        assert "还没到" in said.inner_text() or "今天" in said.inner_text()
        assert said.get_attribute("id") in (day.get_attribute("aria-describedby") or "")
        day.fill("2020-06-05")
        expect(page.locator("#of-the-day time")).to_have_attribute("datetime", "2020-06-05")
        met_someone(page).tap()
        page.get_by_role("button", name="保存走访").tap()
        page.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))
        expect(page.locator(".narrative")).to_have_text(text)


def _tab_to(page: Page, what: str) -> None:
    """Press Tab until the focus is on the link or button that says so, or on the field of that name."""
    for _ in range(60):
        page.keyboard.press("Tab")
        name, said = page.evaluate("[document.activeElement.name || '', document.activeElement.innerText || '']")
        if name == what or (said and what in said):
            return
    pytest.fail(f"Tab never came to {what}")


def _found(page: Page, text: str) -> int:
    """How many of the latest records tell this."""
    page.goto(page.url.split("/visits/")[0] + "/records/", wait_until="load")
    return page.get_by_text(text[-12:-1]).count()


class TestALineThatIsGone:
    def test_saving_keeps_the_page_with_what_was_typed_and_says_so(
        self, phone: Page, sign_in: SignIn, demo_server: str
    ) -> None:
        page = sign_in(phone, "worker")
        page.goto(f"{demo_server}/families/new")
        page.get_by_label("姓名").fill("连阿妹")
        page.context.set_offline(True)
        page.get_by_role("button", name="保存").click()
        page.get_by_role("alert").filter(has_text="网络不通，没有保存").wait_for()
        assert page.get_by_label("姓名").input_value() == "连阿妹"
        page.context.set_offline(False)
        page.get_by_role("button", name="保存").click()
        page.get_by_role("link", name="村居").first.wait_for()  # the server's answer: what is still missing
        assert page.get_by_label("姓名").input_value() == "连阿妹"


class TestTheWeek:
    def test_a_family_is_dragged_to_another_place_and_to_another_day(
        self, page: Page, sign_in: SignIn, demo_server: str
    ) -> None:
        page.set_viewport_size({"width": 1280, "height": 1800})  # the whole week in sight
        sign_in(page, "worker").goto(f"{demo_server}/rounds/week/?fresh=1&most=8")
        stops, day = page.locator("[data-plan-stop]"), page.locator(".plan-day").nth(1)
        families = [one.split("\n")[0] for one in stops.locator("a:first-child").all_inner_texts()]
        assert len(families) > 2
        stops.nth(2).drag_to(stops.nth(0), target_position={"x": 300, "y": 4})
        moved = [families[2], families[0], families[1], *families[3:]]
        assert stops.locator("a:first-child").all_inner_texts() == moved
        assert [page.locator("[data-plan-order]").nth(n).input_value() for n in range(3)] == ["1", "2", "3"]
        tuesday = day.locator("[data-plan-list]").get_attribute("data-plan-list")
        assert day.get_by_text("没有排").is_visible()
        stops.nth(0).drag_to(day)
        day.locator("[data-plan-stop]").wait_for()
        assert not day.get_by_text("没有排").is_visible()
        assert day.locator("[data-plan-day]").input_value() == tuesday
        page.get_by_role("button", name="保存计划").click()
        page.wait_for_url("**/rounds/week/?monday=*")
        assert page.locator(".plan-day").nth(1).locator("[data-plan-stop] a").first.inner_text() == families[2]


class TestTwoPeople:
    def test_the_second_to_save_sees_both_versions(self, page: Page, second_page: Page, sign_in: SignIn) -> None:
        first, second = a_text(), a_text()
        sign_in(page, "worker")
        visit = a_visit(page, 5, a_text())
        sign_in(second_page, "worker")
        second_page.goto(f"{visit}correct")
        page.goto(f"{visit}correct")
        for desk, text in ((page, first), (second_page, second)):
            desk.get_by_label("谈了什么、看到什么").fill(text)
            desk.get_by_label("更正理由").fill("补上漏记的一句")
        page.get_by_role("button", name="保存更正").click()
        page.wait_for_url(visit)
        second_page.get_by_role("button", name="保存更正").click()
        expect(second_page.get_by_role("heading", name="已保存的版本")).to_be_visible()
        compared = second_page.locator(".compare")
        expect(compared).to_contain_text(first)
        expect(compared).to_contain_text(second)
        expect(second_page.get_by_label("谈了什么、看到什么")).to_have_value(second)
        second_page.get_by_role("button", name="保存更正").click()
        second_page.wait_for_url(visit)
        expect(second_page.locator(".narrative").first).to_have_text(second)
        expect(second_page.locator("del", has_text=first)).to_be_attached()


class TestAnActivity:
    def test_a_total_that_contradicts_its_parts(self, page: Page, sign_in: SignIn, demo_server: str) -> None:
        sign_in(page, "worker").get_by_role("link", name="记一次活动").click()
        page.get_by_label("活动名称").fill("端午包粽子")
        page.get_by_role("group", name="类型").locator("label.chip").first.click()
        page.locator("[data-count-part]").first.fill("12")
        page.get_by_role("group", name="怎么数的").locator("label.chip").first.click()
        page.locator("[data-count-total]").fill("20")
        expect(page.locator("[data-count-note]")).to_contain_text("12")
        page.get_by_role("button", name="保存活动").click()
        said = page.locator("#id_stated_total_error")
        expect(said).to_contain_text("总人次 20 与分项不符")
        expect(page.get_by_label("活动名称")).to_have_value("端午包粽子")
        page.locator("[data-count-total]").fill("12")
        page.get_by_role("button", name="保存活动").click()
        page.wait_for_url(re.compile(r"/activities/[0-9a-f-]{36}/$"))
        expect(page.locator("main")).to_contain_text("12")


class TestWhatIsCovered:
    def test_a_reason_opens_it_and_it_covers_itself(self, page: Page, sign_in: SignIn, demo_server: str) -> None:
        page.clock.install()
        sign_in(page, "worker")
        page.goto(f"{demo_server}/families/")
        page.locator(".row-title").first.click()
        masked = page.locator(".masked", has=page.locator("details[data-reveal]")).first
        covered = masked.locator(".masked-value").inner_text()
        assert "*" in covered or "＊" in covered or "…" in covered or "某" in covered
        masked.get_by_text("查看").first.click()
        reason = masked.get_by_label("为什么要看")
        expect(reason).to_be_focused()
        reason.select_option(index=1)
        masked.get_by_role("button", name="查看").click()
        opened = page.locator(".masked-open .masked-value")
        expect(opened).to_be_visible()
        assert opened.inner_text() != covered
        page.clock.run_for(61_000)
        expect(page.locator(".masked-open")).to_have_count(0)
        expect(page.locator(".masked-value").first).to_have_text(covered)

    def test_an_officer_reads_surnames_alone(self, page: Page, sign_in: SignIn, demo_server: str) -> None:
        sign_in(page, "officer")
        page.goto(f"{demo_server}/records/")
        page.wait_for_load_state()
        titles = [text for text in page.locator(".row-title").all_inner_texts() if "户" in text]
        assert titles
        assert all(re.search(r"[某*＊]", text) for text in titles), titles[:5]
        assert page.goto(f"{demo_server}/families/").status == 404  # type: ignore[union-attr]

    def test_another_stations_family_is_not_there(self, page: Page, sign_in: SignIn, demo_server: str) -> None:
        sign_in(page, "worker")
        page.goto(f"{demo_server}/families/")
        theirs = page.locator(".row-title").first.get_attribute("href")
        page.context.clear_cookies()
        sign_in(page, "stranger")
        answer = page.goto(f"{demo_server}{theirs}")
        assert answer is not None
        assert answer.status == 404


class TestTheReport:
    def test_from_a_number_to_the_record_behind_it(self, page: Page, sign_in: SignIn, demo_server: str) -> None:
        sign_in(page, "officer")
        page.goto(f"{demo_server}/reports/results/?first={FROM}&last={TO}")
        number = page.locator("a[href*='/evidence/V2/']").filter(has_text=VISITED).first
        said = VISITED.search(number.inner_text())
        assert said is not None
        number.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(said.group())
        expect(page.locator(".definition")).to_contain_text(said.group())
        expect(page.locator(".row")).to_have_count(50)
        page.locator(".row a").first.click()
        expect(page.locator("main")).to_contain_text("走访")
        assert "/visits/" in page.url or "/records/" in page.url


class TestComingAndGoing:
    def test_signing_in_and_out_on_a_phone(self, phone: Page, demo_server: str) -> None:
        through_the_door(phone, demo_server, "head")
        phone.locator("details.usermenu summary").tap()
        phone.get_by_role("button", name="退出登录").tap()
        phone.wait_for_url(f"{demo_server}/signin")
        phone.goto(f"{demo_server}/families/")
        assert "/signin?next=/families/" in phone.url

    def test_a_wrong_password(self, page: Page, demo_server: str) -> None:
        page.goto(f"{demo_server}/signin")
        page.get_by_label("账号").fill("worker")
        page.get_by_label("密码").fill("not-the-password")
        page.get_by_role("button", name="登录").click()
        expect(page.locator(".notice-warning")).to_be_visible()
        expect(page.get_by_label("账号")).to_have_value("worker")
