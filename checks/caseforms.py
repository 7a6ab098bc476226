"""`python -m checks.caseforms`: makes shuangbai/cases/data/case-*.docx, the Word templates of the forms of a case.

From the same description as their PDF (shuangbai/cases/blanks.py). The templates are data, so that a city can put its
own in their place (docs/how-to/case-papers.md). After a change of the description run it, and commit both.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from checks import ROOT
from checks.wordform import blank, cell, edges_with, heading, line, middle, repeated_head, words, write

ACROSS = 174  # millimetres between the margins
LINE, ROW = 7.6, 8.0  # of a line to write on, and of a row of a table
TOP = [("案号", "case_no", "服务站", "station"), ("服务对象", "clients", "主责社工", "worker")]


def high(row: Any, millimetres: float) -> None:
    row.height, row.height_rule = Mm(millimetres), WD_ROW_HEIGHT_RULE.AT_LEAST


def boxes(document: Any, rows: Any) -> None:
    table = document.add_table(rows=0, cols=4, style="Table Grid")
    for told in rows:
        row = table.add_row()
        high(row, 7)
        texts = [text for label, name in told for text in (label, f"{{{{ {name} }}}}")]
        for index, (where, text) in enumerate(zip(row.cells, texts, strict=False)):
            where.width = Mm(28 if index % 2 == 0 else 59)
            cell(where, text, head=index % 2 == 0)
        if len(told) == 1:
            row.cells[1].merge(row.cells[3])
    line(document, "", 4)


def box(document: Any, label: str, name: str, lines: int) -> None:
    """A heading over one cell, as high as the lines to write on."""
    heading(document, label)
    row = document.add_table(rows=1, cols=1, style="Table Grid").rows[0]
    high(row, LINE * lines)
    cell(row.cells[0], f"{{{{ {name} }}}}")


def table(document: Any, label: str, name: str, columns: Any) -> None:
    heading(document, label)
    total = sum(wide for _head, _field, wide in columns)
    made = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    made.autofit = False
    for where, (head, _field, wide) in zip(made.rows[0].cells, columns, strict=True):
        where.width = Mm(wide * ACROSS / total)
        cell(where, head, head=True)
    repeated_head(made)
    cell(made.add_row().cells[0], f"{{%tr for one in {name} %}}")
    row = made.add_row()
    high(row, ROW)
    for where, (_head, field, wide) in zip(row.cells, columns, strict=True):
        where.width = Mm(wide * ACROSS / total)
        cell(where, f"{{{{ one.{field} }}}}")
    cell(made.add_row().cells[0], "{%tr endfor %}")


def drawing(document: Any, label: str, name: str, told: str) -> None:
    heading(document, label)
    row = document.add_table(rows=1, cols=1, style="Table Grid").rows[0]
    high(row, 45)
    row.cells[0].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    cell(row.cells[0], f"{{{{ {name} }}}}")
    line(document, f"{{{{ {told} }}}}", 8.5)


def made(form: Any) -> Any:
    from shuangbai.cases.blanks import Drawing, Facts, Fixed, Rows, Signs, Words

    document = blank()
    edges_with(document, "用途：{{ purpose }}　第 ")
    middle(document, "{{ bureau }}", 10)
    middle(document, "{{ title }}", 18)
    boxes(document, [((label, name), (other, field)) for label, name, other, field in TOP])
    for part in form.parts:
        match part:
            case Facts():
                boxes(document, part.rows)
            case Words():
                box(document, part.label, part.name, part.lines)
            case Rows():
                table(document, part.label, part.name, part.columns)
            case Drawing():
                drawing(document, part.label, part.name, part.words)
            case Fixed():
                if part.label:
                    heading(document, part.label)
                for paragraph in part.paragraphs:
                    line(document, f"　　{paragraph}", 10.5)
            case Signs():
                signs(document, part.labels)
    document.core_properties.author, document.core_properties.title = "双百", form.name
    return document


def signs(document: Any, labels: Any) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(18)
    words(paragraph, "　　　　　　　".join(f"{label}：" for label in labels), size=10)


def main() -> int:
    from shuangbai.cases.blanks import BLANKS

    for form in BLANKS:
        write(made(form), ROOT / "shuangbai" / "cases" / "data" / f"{form.paper}.docx")
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    sys.exit(main())
