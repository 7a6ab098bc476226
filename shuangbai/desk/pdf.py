"""The paper form as PDF, set like the report (reports.pdf)."""

from typing import Any

from django.template.loader import render_to_string

from shuangbai.reports.pdf import MISSING, available, set_on_paper

__all__ = ["MISSING", "available", "render"]


def render(sheet: dict[str, Any], origin: str) -> bytes:
    """The sheet as PDF, with who took it away and when on every page."""
    return set_on_paper(render_to_string("desk/sheet_pdf.html", {"sheet": sheet}), origin)
