"""The paper form as a Word file: the sheet's texts put into a template, the product's or the city's own (core.word)."""

from pathlib import Path
from typing import Any

from shuangbai.core.rasters import pedigree_png
from shuangbai.core.word import WORD, Pictured, filled
from shuangbai.households.pictures import ASIDE, Tree

__all__ = ["SHIPPED", "WORD", "render", "render_letter"]

SHIPPED = Path(__file__).parent / "data" / "family-form.docx"
LETTER = SHIPPED.parent / "referral-letter.docx"
WIDEST, HIGHEST = 165, 110  # millimetres of the picture on A4
UNITS_A_MM = 96 / 25.4


def render(sheet: dict[str, Any]) -> bytes:
    """The sheet as .docx. Raises Refused where the city's template cannot be filled."""
    return filled(SHIPPED, lambda pictured: {**sheet, "tree": _picture(pictured, sheet["tree"])})


def render_letter(letter: dict[str, Any]) -> bytes:
    """A referral's letter as .docx. Raises Refused where the city's template cannot be filled."""
    return filled(LETTER, lambda pictured: letter)


def _picture(pictured: Pictured, tree: Tree | None) -> Any:
    """The family tree in its natural size, or as large as the page lets it be; '' without one."""
    png = pedigree_png(tree.lineage, aside_title=ASIDE) if tree else None
    if tree is None or png is None:
        return ""
    plan = tree.plan()
    wide, high = plan.width / UNITS_A_MM, plan.height / UNITS_A_MM
    return pictured(png, wide * min(1.0, WIDEST / wide, HIGHEST / high))
