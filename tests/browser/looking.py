"""What a page is looked at for: that nothing sticks out sideways, is cut off, left in English or bars anybody's way.

With SCREENS=1 (`make screens`) the pictures of docs/screens are taken on the way.
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Page


PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screens"
TAKEN = os.environ.get("SCREENS") == "1"
COLOURS = 128  # a page has few; a palette takes a third of the bytes
WIDTHS = {"page": 1280, "phone": 390}
DESK = {"width": 1280, "height": 800}
ZOOMED = {"width": 640, "height": 400}  # 200 % leaves half of a desk's width and height
# Latin letters that are names and stay: a scheme of grades, indicator and file codes, scales, formats, the hints of a
# login or of pinyin.
CODES = re.compile(
    r"\b(?:[A-Z]{1,4}-?\d[\dA-Z-]*|[A-Z]{2}-\d{4}|SW(?:-[A-Z]{2})?(?:-\d+)?|ABC|PDF|JPG|PNG|Word|Excel|WPS|ID|Windows|Linux|lbm"
    r"|[a-z]{2,4}\d?|Barthel|Zarit|Rosenberg|UCLA|SDQ|docx)\b"
)
# What the pages of the system name to be typed on the server, or as it is known by.
COMMANDS = re.compile(r"SHUANGBAI_[A-Z_]+|chmod \d+|shuangbai(?: [a-z-]+)*|\b(?:AES-256|SM4)-GCM\b")
# What accounts of the demonstration are called, one that a test opens, and the example beside the field.
USERNAMES = re.compile(
    r"(?<![A-Za-z])(?:worker|head|supervisor|officer|stranger|sysadmin|security|auditor|chenlijuan|caier\w*)(?![a-z])"
)
# Hashes, keys and the one file name on the auditor's pages.
HEX = re.compile(r"\b(?:[0-9a-f]{32,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|trail-heads\.log)\b")
WORD = re.compile(r"[A-Za-z]{3,}")


def look(page: Page, name: str, width: int) -> None:
    """That a page fits its width and speaks Chinese; its picture, where asked for."""
    fits(page, name, width)
    text = page.locator("body").inner_text()
    # Sources, and names that stand in a template, the longest first: one may begin with another.
    for secret in sorted(page.locator(".secret, cite, code").all_inner_texts(), key=len, reverse=True):
        text = text.replace(secret, " ")
    text = USERNAMES.sub(" ", HEX.sub(" ", COMMANDS.sub(" ", text)))
    english = [word for word in WORD.findall(CODES.sub(" ", text)) if word.strip()]
    assert english == []
    assert page.evaluate(RAW) == []
    assert barriers(page) == []
    if TAKEN:
        take(page, f"{name}-{width}")


def fits(page: Page, name: str, width: int) -> None:
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= width, f"{name} is {wide} wide at {width}: {_sticking_out(page, width)}"


# Text that its box does not show. What scrolls may be wider; a list shows two lines of a record on purpose.
CUT = """() => [...document.querySelectorAll("main *, header *, nav *, footer *")].filter(one => {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const set_aside = one.closest(".visually-hidden, .row-text, svg, select, [hidden]");
    if (box.width < 2 || !one.innerText?.trim() || set_aside) return false;
    const clips = /hidden|clip/.test(style.overflowX + style.overflowY);
    return clips && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 2);
}).map(one => `${one.tagName}.${one.className}: ${one.innerText.slice(0, 40)}`)"""


def look_enlarged(page: Page, name: str, device: str) -> None:
    """The same page in 大字, where a desk is also enlarged twofold and the page printed."""
    if device == "page":
        page.set_viewport_size(ZOOMED)
        fits(page, f"{name} enlarged twofold", ZOOMED["width"])
        assert page.evaluate(CUT) == []
        page.set_viewport_size(DESK)
    page.evaluate("document.documentElement.classList.add('large-type')")  # as the cookie has it; see test_reading
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 21
    fits(page, f"{name} in large type", WIDTHS[device])
    assert page.evaluate(CUT) == []
    if TAKEN and name in {"today", "visit-new", "signin"}:
        take(page, f"{name}-large-{WIDTHS[device]}")
    if device == "page":
        page.emulate_media(media="print")
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") > 18  # 14 pt


# The rules of WCAG 2.2, levels A and AA, that a program can judge.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Contrast takes most of the time, so it is judged once for each ink on each ground, not for each of a thousand cells.
BARRIERS = """async rules => {
    const grounds = new Map(), inks = new Map(), options = {resultTypes: ["violations"]};
    const ground = one => {
        if (one && !grounds.has(one)) {
            const {backgroundColor, backgroundImage, opacity} = getComputedStyle(one);
            grounds.set(one, [ground(one.parentElement), backgroundColor, backgroundImage, opacity].join());
        }
        return grounds.get(one);
    };
    for (const one of document.querySelectorAll("body *")) {
        if (!one.checkVisibility() || ![...one.childNodes].some(({data}) => data?.trim())) continue;
        const {color, fontSize, fontWeight} = getComputedStyle(one);
        inks.set([color, fontSize, fontWeight, ground(one)].join(), one);
    }
    const found = [
        await axe.run({...options, runOnly: rules, rules: {"color-contrast": {enabled: false}}}),
        await axe.run({include: [...inks.values()]}, {...options, runOnly: ["color-contrast"]}),
    ];
    return found.flatMap(({violations}) => violations).map(
        ({id, nodes}) => `${id} ×${nodes.length}: ${nodes[0].html.slice(0, 200)}`);
}"""


def barriers(page: Page) -> list[str]:
    """What axe-core finds: the rule, how many places, and the first of them."""
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(BARRIERS, WCAG)


RAW = """() => [...document.querySelectorAll("h1, h2, label, button, a")]
    .filter(one => /\\{[%{]|None|False|True|\\[object/.test(one.textContent)).map(one => one.textContent)"""


def _sticking_out(page: Page, width: int) -> list[str]:
    return page.evaluate(
        """width => [...document.querySelectorAll("body *")]
            .filter(one => one.getBoundingClientRect().right > width + 1)
            .slice(0, 5).map(one => one.tagName + "." + one.className)""",
        width,
    )


def take(page: Page, name: str, top: str = "body") -> None:
    """The part of the page that a screen shows from `top` on, as a small PNG."""
    page.evaluate("document.activeElement.blur()")
    page.locator(top).first.evaluate("one => one.scrollIntoView({behavior: 'instant'})")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    PICTURES.mkdir(parents=True, exist_ok=True)
    few = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(PICTURES / f"{name}.png", optimize=True)


def take_on_paper(page: Page, name: str) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})  # A4 at 96 dots an inch
    take(page, name)
