"""A certificate of volunteer service on A4."""

from typing import Any

from django.template.loader import render_to_string

from shuangbai.core.pdf import MISSING, available, set_on_paper

__all__ = ["MISSING", "available", "render"]


def render(context: dict[str, Any], origin: str) -> bytes:
    """The certificate as PDF. Nothing is fetched."""
    return set_on_paper(render_to_string("volunteers/certificate_pdf.html", context), origin)
