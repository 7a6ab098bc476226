"""The papers of a case as PDF, each form on a page of its own, set like every paper (core.pdf)."""

from collections.abc import Sequence

from django.template.loader import render_to_string

from shuangbai.cases.sheet import Mark, Sheet
from shuangbai.core.pdf import MISSING, available, set_on_paper

__all__ = ["MISSING", "available", "render"]


def render(sheets: Sequence[Sheet], mark: Mark, origin: str) -> bytes:
    """The sheets as one PDF, with who took it away and when on every page."""
    return set_on_paper(render_to_string("cases/papers_pdf.html", {"sheets": sheets, "mark": mark}), origin)
