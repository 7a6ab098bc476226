"""A story as a Word file: headings and paragraphs, for whoever sends it in to be judged and has to put it in a form."""

import io
from collections.abc import Mapping
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from shuangbai.core.word import WORD

__all__ = ["WORD", "render"]

TEXT, HEAD = "宋体", "黑体"


def render(sheet: Mapping[str, Any]) -> bytes:
    document = Document()
    _font(document.styles["Normal"], TEXT, 12)
    for name in ("Title", "Heading 1"):
        _font(document.styles[name], HEAD, 18 if name == "Title" else 14)
    document.core_properties.author = sheet["station"]
    document.core_properties.title = sheet["title"]
    document.add_heading(sheet["title"], 0)
    document.add_paragraph("　".join(filter(None, (sheet["station"], f"{sheet['year']} 年" if sheet["year"] else ""))))
    for line in (*filter(None, (sheet["note"],)), *sheet["awards"]):
        document.add_paragraph(line)
    for label, text in sheet["sections"]:
        document.add_heading(label, 1)
        for line in text.splitlines():
            if line.strip():
                document.add_paragraph(line.strip())
    document.sections[0].footer.paragraphs[0].text = sheet["mark"]
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _font(style: Any, name: str, size: int) -> None:
    style.font.name, style.font.size = name, Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
