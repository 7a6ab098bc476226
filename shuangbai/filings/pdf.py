"""A frozen report as PDF, set like the results report (core.pdf)."""

from typing import Any

from django.template.loader import render_to_string

from shuangbai.core.pdf import MISSING, available, set_on_paper

__all__ = ["MISSING", "available", "render"]


def render(told: dict[str, Any], origin: str) -> bytes:
    """What the paper says, as PDF, with who took it away and when on every page."""
    return set_on_paper(render_to_string("filings/paper_pdf.html", told), origin)
