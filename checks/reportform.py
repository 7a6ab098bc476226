"""`python -m checks.reportform`: makes shuangbai/filings/data/frozen-report.docx, the Word template of a frozen report.

The template is data, so that a city can put its own in its place; this is how ours came about. A change here is a
change of the template: run it and commit both.
"""

from __future__ import annotations

import sys
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from checks import ROOT
from checks.wordform import blank, cell, grid, heading, line, middle, page_number, rows, words, write

PATH = ROOT / "shuangbai" / "filings" / "data" / "frozen-report.docx"


def edges(document: Any) -> None:
    """Who took it away, and when, on top of every page; the code and the page's number at its foot."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(18)
    top = section.header.paragraphs[0]
    top.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    words(top, "{{ mark }}", size=8, grey=True)
    foot = section.footer.paragraphs[0]
    words(foot, "{{ unit }} {{ name }}　核验码 {{ code }}　第 ", size=8, grey=True)
    page_number(foot)
    words(foot, " 页", size=8, grey=True)


def between(document: Any, begin: str, end: str, *texts: str, size: float = 9.5) -> None:
    """Paragraphs that are there for each of a list, or only sometimes."""
    for text in (f"{{%p {begin} %}}", *texts, f"{{%p {end} %}}"):
        line(document, text, size)


def figures(document: Any) -> None:
    line(document, "{%p for section in sections %}")
    heading(document, "{{ section.title }}")
    columns = [("数字", 36), ("封存时", 22), ("单位", 14), ("口径", 102)]
    fields = [("name", 36), ("value", 22), ("unit", 14), ("definition", 102)]
    rows(grid(document, columns), "section.rows", fields)
    line(document, "{%p endfor %}")


def stations(document: Any) -> None:
    """A column for each figure, however many the report has."""
    line(document, "{%p if stations %}")
    heading(document, "各站")
    line(document, "两站服务同一户或同一人时，各站都计，全市只计一次，所以各站相加可能大于全市。")
    table = document.add_table(rows=0, cols=4, style="Table Grid")
    for texts in (
        ("社工站", "{%tc for column in columns %}", "{{ column }}", "{%tc endfor %}"),
        ("{%tr for one in stations %}", "", "", ""),
        ("{{ one.name }}", "{%tc for value in one.numbers %}", "{{ value }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", "", ""),
    ):
        for where, text in zip(table.add_row().cells, texts, strict=True):
            cell(where, text)
    line(document, "{%p endif %}")


def proof(document: Any) -> None:
    heading(document, "经过与核验")
    columns = [("步骤", 26), ("谁", 40), ("何时", 38), ("意见", 70)]
    rows(grid(document, columns), "steps", [("step", 26), ("by", 40), ("at", 38), ("comment", 70)])
    line(document, "")
    words(document.add_paragraph(), "{{ qr }}")
    for text in (
        "核验码 {{ code }}　全市第 {{ number }} 号　数出时间 {{ counted_at }}", "{{ address }}", "摘要 {{ hash }}",
        "{{ differing }}",
    ):  # fmt: skip
        line(document, text, 9)


def made() -> Any:
    document = blank()
    edges(document)
    middle(document, "{{ bureau }}", 10)
    middle(document, "{{ title }}", 18)
    middle(document, "{{ unit }} {{ name }}", 13)
    middle(document, "{{ period }}　第 {{ edition }} 版　封存件", 10)
    between(document, "if reason", "endif", "重报的理由：{{ reason }}")
    between(document, "for said in remarks", "endfor", "{{ said }}")
    figures(document)
    line(document, "{%p for one in pictures %}")
    heading(document, "{{ one.title }}")
    words(document.add_paragraph(), "{{ one.picture }}")
    line(document, "{%p endfor %}")
    stations(document)
    line(document, "{%p if claims %}")
    heading(document, "历史汇总（无明细）")
    line(document, "出自系统启用前的文件，没有逐条记录；不在上面任何数字里，封存件也不证明它们。")
    columns = [("指标", 40), ("数", 24), ("从", 24), ("到", 24), ("出处", 62)]
    fields = [("name", 40), ("number", 24), ("from", 24), ("to", 24), ("source", 62)]
    rows(grid(document, columns), "claims", fields)
    line(document, "{%p endif %}")
    proof(document)
    line(document, "")
    line(document, "填报人：　　　　　　审核人：　　　　　　负责人：　　　　　　日期：", 10)
    line(document, "{{ foot_lines }}", 8)
    document.core_properties.author, document.core_properties.title = "双百", "社工站服务成效报告"
    return document


if __name__ == "__main__":
    sys.exit(write(made(), PATH))
