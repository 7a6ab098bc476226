"""A plan, or a notice with its QR code, on A4."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from shuangbai.core.pdf import available, set_on_paper

__all__ = ["available", "file_name", "render"]


def render(context: dict[str, Any], origin: str) -> bytes:
    """The sheet as PDF. Nothing is fetched."""
    return set_on_paper(render_to_string("events/printed_pdf.html", context), origin)


def file_name(name: str) -> str:
    return content_disposition_header(True, name) or ""
