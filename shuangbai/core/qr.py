"""A QR code as markup that the page's policy lets through: one path with a class, no style of its own; and as PNG."""

import io
from typing import Any

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

QUIET = 4  # modules of white around it, without which a camera does not find it


def _made(text: str) -> Any:
    return segno.make(text, error="m", micro=False)


def qr_png(text: str) -> bytes:
    """A PNG of the text, for a Word file."""
    kept = io.BytesIO()
    _made(text).save(kept, kind="png", scale=8, border=QUIET)
    return kept.getvalue()


def qr_code(text: str) -> SafeString:
    """An SVG of the text; its size comes from the stylesheet, its colours for a PDF too, where none reaches in."""
    rows = _made(text).matrix
    side = len(rows) + 2 * QUIET
    strokes = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return format_html(
        '<svg class="qr" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<path class="qr-paper" fill="#fff" d="M0 0h{}v{}H0z"/>'
        '<path class="qr-ink" fill="#000" d="{}"/></svg>',
        side, side, _("二维码"), side, side, strokes,
    )  # fmt: skip
