"""A story as PDF, set like every other sheet (core.pdf)."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string

from shuangbai.core.pdf import MISSING, available, set_on_paper

__all__ = ["MISSING", "available", "render"]


def render(sheet: Mapping[str, Any], origin: str) -> bytes:
    """The story as PDF, with who took it away and when on every page."""
    return set_on_paper(render_to_string("stories/story_pdf.html", {"sheet": sheet}), origin)
