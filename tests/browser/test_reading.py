"""Reading and writing without a mouse or with large type: what each page owes to these is asked in test_screens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.browser.looking import barriers
from tests.browser.test_screens import ids  # noqa: F401

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_barrier_would_be_found(page: Page) -> None:
    """Otherwise every page would do."""
    page.set_content(
        "<html><body><main><input name=a><img src=x><button></button>"
        "<p>墨色<b style='color: #ccc'>淡而难读</b></p><p><b>墨色</b></p></main></body></html>"
    )
    assert {found.partition(" ")[0] for found in barriers(page)} >= {
        "label",
        "image-alt",
        "button-name",
        "html-has-lang",
        "color-contrast",
    }


def test_large_type_is_one_tap_at_the_door_and_stays(page: Page, demo_server: str, sign_in: SignIn) -> None:
    page.goto(f"{demo_server}/signin")
    page.get_by_role("button", name="用大字").click()
    expect(page.locator("html")).to_have_class("large-type")
    expect(page).to_have_url(re.compile("/signin$"))
    sign_in(page, "worker").goto(f"{demo_server}/families/?file=yes")
    expect(page.locator("html")).to_have_class("large-type")
    page.locator(".usermenu summary").click()
    page.get_by_role("button", name="用普通字号").click()
    expect(page).to_have_url(re.compile("/families/\\?file=yes$"))
    expect(page.locator("html")).not_to_have_class("large-type")


class TestTheVisitFormByKeyboard:
    def test_from_the_first_tab_to_the_saved_record(
        self,
        page: Page,
        sign_in: SignIn,
        demo_server: str,
    ) -> None:
        """No mouse: the family by combobox, chips by arrows and space, the words, Enter on the button."""
        sign_in(page, "worker").goto(f"{demo_server}/visits/new")
        expect(page.get_by_label("走访哪一户")).to_be_focused()
        page.keyboard.type("ch", delay=20)
        page.get_by_role("option").nth(9).wait_for()
        for _ in range(10):  # a family that no other test visits: a second visit on one day would be doubted
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("family="))
        order = walk(page, until="保存走访")
        wanted = ["occurred_on", "workers", "mode", "result", "met", "topics", "narrative", "followup"]
        assert [name for name in order if name in wanted] == [name for name in order if name in wanted and name]
        assert sorted({*wanted} - {*order}) == []
        assert order.index("met") < order.index("narrative") < order.index("followup") < order.index("保存走访")

        page.locator("[name=met]").first.focus()
        page.keyboard.press("Space")
        expect(page.locator("[name=met]").first).to_be_checked()
        page.locator("[name=mode]:checked").focus()
        page.keyboard.press("ArrowRight")
        assert page.locator("[name=mode]:checked").get_attribute("value") != "home"
        page.keyboard.press("ArrowLeft")
        assert page.locator("[name=mode]:checked").get_attribute("value") == "home"
        page.locator("[name=narrative]").focus()
        page.keyboard.type("键盘记下的一次走访，血压平稳。")
        page.get_by_role("button", name="保存走访").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))
        expect(page.get_by_text("已保存")).to_be_visible()

    def test_what_is_to_be_put_right_is_where_one_stands(
        self,
        page: Page,
        sign_in: SignIn,
        demo_server: str,
        ids: dict[str, str],  # noqa: F811
    ) -> None:
        sign_in(page, "worker").goto(f"{demo_server}/visits/new?family={ids['family']}")
        page.locator("[name=occurred_on]").fill("2020-07-01")
        page.get_by_role("button", name="保存走访").press("Enter")
        expect(page.locator(".error-summary")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("[name=occurred_on]")).to_be_focused()
        assert "error" in (page.locator("[name=occurred_on]").get_attribute("aria-describedby") or "")
        expect(page.locator("[name=occurred_on]")).to_have_attribute("aria-invalid", "true")

    def test_each_stop_is_seen(self, page: Page, sign_in: SignIn, demo_server: str, ids: dict[str, str]) -> None:  # noqa: F811
        """A ring, or a chip's own frame, on everything that Tab comes to."""
        sign_in(page, "worker").goto(f"{demo_server}/visits/new?family={ids['family']}")
        seen, stops = set(), set()
        for _ in range(60):
            page.keyboard.press("Tab")
            name, ringed = page.evaluate(SEEN)
            stops.add(name)
            seen |= {name} if ringed else set()
        # A date has three parts and a button of the browser's own, which rings the part and not the whole.
        assert stops - seen - {"occurred_on", "next_on"} == set()


SEEN = """() => {
    const one = document.activeElement, chip = one.closest("label.chip") ? one.nextElementSibling : null;
    const ringed = element => element && (s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2
        || s.boxShadow !== "none")(getComputedStyle(element));
    return [one.name || one.innerText || one.tagName, one === document.body || ringed(one) || ringed(chip)
        || ringed(one.closest("label"))];
}"""


def walk(page: Page, until: str) -> list[str]:
    """What Tab comes to, in order, by name or words."""
    order: list[str] = []
    page.locator("h1").first.evaluate("one => { one.tabIndex = -1; one.focus(); }")
    for _ in range(120):
        page.keyboard.press("Tab")
        name = page.evaluate("(o => o.name || o.innerText.trim())(document.activeElement)")
        order.append(name)
        if name == until:
            break
    assert order[-1] == until
    return order
