"""`python -m checks.letterform`: makes shuangbai/desk/data/referral-letter.docx, the Word template of a referral.

As checks.wordform: a change here is a change of the template; run it and commit both.
"""

from __future__ import annotations

import sys
from typing import Any

from docx.shared import Mm

from checks import ROOT
from checks.wordform import blank, cell, line, middle, page_number, words, write

PATH = ROOT / "shuangbai" / "desk" / "data" / "referral-letter.docx"
ABOUT = [
    ("转介对象", "{{ whom }}", "基本情况", "{{ facts }}"),
    ("村居", "{{ village }}", "负责社工", "{{ worker }}"),
]
ANSWER = [("是否接收", "□ 接收　□ 不接收，原因："), ("经办人、电话", ""), ("日期", "")]


def table(document: Any, rows: list[tuple[str, ...]], wides: tuple[int, ...]) -> None:
    grid = document.add_table(rows=0, cols=len(wides), style="Table Grid")
    for texts in rows:
        for place, (where, text, wide) in enumerate(zip(grid.add_row().cells, texts, wides, strict=True)):
            where.width = Mm(wide)
            cell(where, text, head=place % 2 == 0)


def edges(document: Any) -> None:
    """Who took it away, and when, on top of every page; the page's number at its foot."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    words(section.header.paragraphs[0], "{{ mark }}", size=8, grey=True)
    foot = section.footer.paragraphs[0]
    words(foot, "内含个人资料，只供办理本件转介使用　第 ", size=8, grey=True)
    page_number(foot)
    words(foot, " 页", size=8, grey=True)


def made() -> Any:
    document = blank()
    edges(document)
    middle(document, "{{ station }}", 10)
    middle(document, "{{ title }}", 18)
    line(document, "{{ body }}：", 11)
    line(document, "　　现将下列服务对象转介贵单位，请予协助，并将办理情况告知我站。", 11)
    table(document, ABOUT, (24, 52, 24, 66))
    line(document, "")
    line(document, "转介原因：{{ why }}", 10.5)
    line(document, "请贵单位：{{ asks }}", 10.5)
    line(document, "")
    line(document, "联系：{{ station }}　{{ phone }}　{{ address }}", 10)
    line(document, "社工：　　　　　　　　站（盖章）：　　　　　　　　{{ day }}", 10)
    line(document, "")
    line(document, "………………………………………………回　执………………………………………………", 10)
    line(document, "（请填写后交回{{ station }}）　关于：{{ whom }}", 10)
    table(document, ANSWER, (34, 132))
    document.core_properties.author, document.core_properties.title = "双百", "转介函"
    return document


if __name__ == "__main__":
    sys.exit(write(made(), PATH))
