"""The paper form as a Word file: the sheet's texts put into a template, the product's or the city's own.

A city's template is filled in a sandbox: it is text that an administrator put there, and not a program.
"""

import io
from pathlib import Path
from typing import Any

from django.conf import settings
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from shuangbai.core.findings import Refused
from shuangbai.core.rasters import pedigree_png
from shuangbai.desk.pictures import ASIDE, Tree

SHIPPED = Path(__file__).parent / "data" / "family-form.docx"
WIDEST, HIGHEST = 165, 110  # millimetres of the picture on A4
UNITS_A_MM = 96 / 25.4


def template() -> Path:
    """The city's own template where one was put, or the product's."""
    own = Path(settings.FORMS_ROOT) / SHIPPED.name
    return own if own.is_file() else SHIPPED


def render(sheet: dict[str, Any]) -> bytes:
    """The sheet as .docx. Raises Refused where the city's template cannot be filled."""
    path = template()
    try:
        document = DocxTemplate(path)
        texts = {**sheet, "tree": _picture(document, sheet["tree"])}
        document.render(texts, jinja_env=SandboxedEnvironment(autoescape=True), autoescape=True)
        made = io.BytesIO()
        document.save(made)
    except (TemplateError, ValueError, KeyError, OSError) as error:
        if path == SHIPPED:
            raise
        sentence = "本市自己的 Word 模板填不进去，请告知系统管理员核对模板；这一次可改用 PDF"
        raise Refused.because("form", sentence) from error
    return made.getvalue()


def _picture(document: DocxTemplate, tree: Tree | None) -> Any:
    """The family tree in its natural size, or as large as the page lets it be; '' without one."""
    png = pedigree_png(tree.lineage, aside_title=ASIDE) if tree else None
    if tree is None or png is None:
        return ""
    plan = tree.plan()
    wide, high = plan.width / UNITS_A_MM, plan.height / UNITS_A_MM
    share = min(1.0, WIDEST / wide, HIGHEST / high)
    return InlineImage(document, io.BytesIO(png), width=Mm(wide * share))
