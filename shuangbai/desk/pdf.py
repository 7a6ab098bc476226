"""The paper form as PDF, set like the report (core.pdf)."""

from typing import Any

from django.template.loader import render_to_string

from shuangbai.core.pdf import MISSING, available, set_on_paper

__all__ = ["MISSING", "available", "render", "render_letter"]


def render(sheet: dict[str, Any], origin: str) -> bytes:
    """The sheet as PDF, with who took it away and when on every page."""
    return set_on_paper(render_to_string("desk/sheet_pdf.html", {"sheet": sheet}), origin)


def render_letter(letter: dict[str, Any], origin: str) -> bytes:
    """A referral's letter as PDF, marked as the sheet is."""
    return set_on_paper(render_to_string("desk/letter_pdf.html", {"letter": letter}), origin)
