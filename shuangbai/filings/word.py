"""A frozen report as a Word file, put into a template, the product's or the city's own (core.word)."""

from pathlib import Path
from typing import Any

from shuangbai.core.qr import qr_png
from shuangbai.core.word import WORD, Pictured, filled

__all__ = ["SHIPPED", "WORD", "render"]

SHIPPED = Path(__file__).parent / "data" / "frozen-report.docx"
PICTURE_WIDE, CODE_WIDE = 165, 30  # millimetres


def render(told: dict[str, Any]) -> bytes:
    """What the paper says, as .docx. Raises Refused where the city's template cannot be filled."""

    def texts(pictured: Pictured) -> dict[str, Any]:
        drawn = [(one.title, one.png()) for one in told["pictures"]]
        return {
            **told,
            "pictures": [{"title": title, "picture": pictured(png, PICTURE_WIDE)} for title, png in drawn if png],
            "qr": pictured(qr_png(told["address"]), CODE_WIDE),
        }

    return filled(SHIPPED, texts)
