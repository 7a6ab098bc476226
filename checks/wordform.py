"""`python -m checks.wordform`: makes shuangbai/desk/data/family-form.docx, the Word template of the family's form.

The template is data, so that a city can put its own in its place; this is how ours came about. A change here is a
change of the template: run it and commit both.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from checks import ROOT

PATH = ROOT / "shuangbai" / "desk" / "data" / "family-form.docx"
FACE, HEADS = "SimSun", "SimHei"
GREY = RGBColor(0x66, 0x66, 0x66)

# Heading, list of the sheet, and each column with the field of a row. `None`: text of its own below.
TABLES: list[tuple[str, str, list[tuple[str, str, int]]]] = [
    ("一、家庭成员", "members", [
        ("姓名", "name", 20), ("关系", "relation", 18), ("性别", "sex", 11), ("出生日期", "born", 23),
        ("年龄", "age", 12), ("证件号", "id_no", 34), ("电话", "phone", 25), ("健康、残疾与自理", "condition", 31),
    ]),
    ("二、对象类别", "tags", [
        ("类别", "category", 44), ("谁", "whose", 22), ("起", "starts_on", 24), ("止", "ends_on", 24),
        ("等级与金额", "level", 34), ("来源", "source", 26),
    ]),
    ("四、需求", "needs", [
        ("需求", "kind", 30), ("谁", "whose", 22), ("发现", "on", 24), ("状态", "state", 24), ("说明", "detail", 74),
    ]),
    ("五、知情同意", "consents", [
        ("事项", "scope", 50), ("关于谁", "whose", 24), ("表示", "answer", 20), ("由谁", "by", 28), ("日期", "on", 26),
        ("撤回", "withdrawn_on", 26),
    ]),
    ("六、近期服务记录", "records", [
        ("日期", "on", 24), ("服务", "title", 44), ("社工", "workers", 28), ("内容", "text", 78),
    ]),
]  # fmt: skip
FACTS = [
    ("户主", "{{ family }}", "村居", "{{ village }} {{ group }}"),
    ("联系电话", "{{ phone }}", "住址", "{{ address }}"),
    ("建档日期", "{{ opened_on }} {{ state }}", "负责社工", "{{ worker }}"),
    ("档案号", "{{ number }}", "服务站", "{{ station }}"),
]


def words(
    paragraph: Any, text: str, *, size: float = 10, bold: bool = False, face: str = FACE, grey: bool = False
) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, face
    run._element.rPr.rFonts.set(qn("w:eastAsia"), face)
    if grey:
        run.font.color.rgb = GREY
    return run


def cell(where: Any, text: str, *, head: bool = False) -> None:
    paragraph = where.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    words(paragraph, text, size=9, face=HEADS if head else FACE)


def heading(document: Any, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(10), Pt(3)
    paragraph.paragraph_format.keep_with_next = True
    words(paragraph, text, size=12, face=HEADS)


def line(document: Any, text: str, size: float = 9.5) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(2)
    words(paragraph, text, size=size)


def grid(document: Any, columns: Sequence[tuple[str, int]]) -> Any:
    """A table with a head that is repeated on every page."""
    table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    table.autofit = False
    for where, (text, wide) in zip(table.rows[0].cells, columns, strict=True):
        where.width = Mm(wide)
        cell(where, text, head=True)
    repeated_head(table)
    return table


def repeated_head(table: Any) -> None:
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)


def rows(table: Any, source: str, fields: Sequence[tuple[str, int]]) -> None:
    """A row for each item of a list, between the marks that docxtpl takes for rows."""
    cell(table.add_row().cells[0], f"{{%tr for one in {source} %}}")
    for where, (name, wide) in zip(table.add_row().cells, fields, strict=True):
        where.width = Mm(wide)
        cell(where, f"{{{{ one.{name} }}}}")
    cell(table.add_row().cells[0], "{%tr endfor %}")


def facts(document: Any) -> None:
    table = document.add_table(rows=0, cols=4, style="Table Grid")
    for texts in FACTS:
        for index, (where, text) in enumerate(zip(table.add_row().cells, texts, strict=True)):
            where.width = Mm(24 if index % 2 == 0 else 63)
            cell(where, text, head=index % 2 == 0)


def housing(document: Any) -> None:
    heading(document, "三、住房与收支")
    for title, source, on in (("住房", "housing", "housing_on"), ("收支", "economy", "economy_on")):
        line(document, f"{{%p if {source} %}}")
        told = f"{{% for one in {source} %}}{{{{ one.label }}}} {{{{ one.value }}}}；{{% endfor %}}"
        line(document, f"{title}（{{{{ {on} }}}} 了解）：{told}")
        line(document, "{%p endif %}")
    line(document, "{%p for one in changes %}")
    line(document, "历年{{ one.label }}：{{ one.said }}")
    line(document, "{%p endfor %}")


def page_number(paragraph: Any) -> None:
    """The number of the page, which Word works out."""
    run = words(paragraph, "", size=8, grey=True)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = text
        run._element.append(mark)


def edges(document: Any) -> None:
    edges_with(document, "用途：{{ reason }}　{% if not clear %}证件号、电话、住址已隐去　{% endif %}第 ")


def edges_with(document: Any, said: str) -> None:
    """Who took it away, and when, on top of every page; for what, and the page's number, at its foot."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin, section.bottom_margin = Mm(18), Mm(18)
    top = section.header.paragraphs[0]
    top.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    words(top, "{{ mark }}", size=8, grey=True)
    foot = section.footer.paragraphs[0]
    words(foot, said, size=8, grey=True)
    page_number(foot)
    words(foot, " 页", size=8, grey=True)


def blank() -> Any:
    """A document whose ordinary text is set in Chinese type."""
    document = Document()
    document.styles["Normal"].font.name = FACE
    document.styles["Normal"].element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
    return document


def middle(document: Any, text: str, size: float) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment, paragraph.paragraph_format.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(4)
    words(paragraph, text, size=size, face=HEADS if size > 12 else FACE)


def made() -> Any:
    document = blank()
    edges(document)
    middle(document, "{{ bureau }}", 10)
    middle(document, "{{ title }}", 18)
    facts(document)
    line(document, "{%p if note %}")
    line(document, "备注：{{ note }}")
    line(document, "{%p endif %}")
    for title, source, columns in TABLES:
        if source == "needs":
            housing(document)
        heading(document, title)
        rows(grid(document, [(name, wide) for name, _, wide in columns]), source, [(f, wide) for _, f, wide in columns])
        if source == "members":
            after_members(document)
        if source == "needs":
            line(document, "{%p if strengths %}")
            line(document, "优势与资源：{% for one in strengths %}{{ one.kind }}（{{ one.text }}）；{% endfor %}")
            line(document, "{%p endif %}")
    line(document, "")
    line(document, "服务对象或监护人：　　　　　　社工：　　　　　　站长：　　　　　　日期：", 10)
    document.core_properties.author, document.core_properties.title = "双百", "家庭服务档案表"
    return document


def after_members(document: Any) -> None:
    for source, text in (
        ("carers", "照顾与监护：{% for one in carers %}{{ one.whose }}由{{ one.name }}任{{ one.role }}；{% endfor %}"),
        ("gone", "以前的成员：{% for one in gone %}{{ one.name }}（{{ one.relation }}，{{ one.why }}）；{% endfor %}"),
        ("tree", "家系图"),
    ):
        line(document, f"{{%p if {source} %}}")
        line(document, text)
        if source == "tree":
            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            words(paragraph, "{{ tree }}")
        line(document, "{%p endif %}")


def write(document: Any, path: Path) -> int:
    path.parent.mkdir(exist_ok=True)
    document.save(path)
    print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(write(made(), PATH))
