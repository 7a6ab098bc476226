"""A QR code as markup that the page's policy lets through: one path with a class, no style of its own."""

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

QUIET = 4  # modules of white around it, without which a camera does not find it


def qr_code(text: str) -> SafeString:
    """An SVG of the text; its colours and size come from the stylesheet."""
    rows = segno.make(text, error="m", micro=False).matrix
    side = len(rows) + 2 * QUIET
    strokes = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return format_html(
        '<svg class="qr" viewBox="0 0 {} {}" role="img" aria-label="{}"><path class="qr-paper" d="M0 0h{}v{}H0z"/>'
        '<path class="qr-ink" d="{}"/></svg>',
        side, side, _("二维码"), side, side, strokes,
    )  # fmt: skip
