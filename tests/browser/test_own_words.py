"""Controls that a browser would label in the language of the machine, labelled by the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import SignIn


def test_a_file_is_chosen_and_told_in_the_words_of_the_page(page: Page, sign_in: SignIn, demo_server: str) -> None:
    sign_in(page, "worker")
    page.goto(f"{demo_server}/ledgers/")
    told, chosen = page.locator("[data-chosen]"), page.get_by_label("台账文件")
    expect(told).to_have_text("还没有选择")
    chosen.set_input_files({"name": "走访.csv", "mimeType": "text/csv", "buffer": b"x"})
    expect(told).to_have_text("走访.csv")
    # A click on the words is one on the control that lies over them.
    with page.expect_file_chooser() as asked:
        told.click(force=True)
    assert asked.value.element.get_attribute("name") == "file"


def test_an_empty_date_asks_in_the_words_of_the_page_and_nothing_typed_is_hidden(
    page: Page, sign_in: SignIn, demo_server: str
) -> None:
    sign_in(page, "worker")
    page.goto(f"{demo_server}/families/new")
    born = page.get_by_label("出生日期").first
    expect(born).to_have_attribute("data-empty", "")
    born.focus()
    page.keyboard.type("2")  # a part of a date
    page.get_by_label("姓名").first.focus()
    expect(born).not_to_have_attribute("data-empty", "")
    born.fill("1950-02-03")
    expect(born).not_to_have_attribute("data-empty", "")
    born.fill("")
    expect(born).to_have_attribute("data-empty", "")
