"""Word files from a template, the product's or the city's own.

A city's template is filled in a sandbox: it is text that an administrator put there, and not a program.
"""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from shuangbai.core.findings import Refused

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Pictured = Callable[[bytes, float], InlineImage]


def own_or(shipped: Path) -> Path:
    """The city's own template where one was put under the same name, or the product's."""
    own = Path(settings.FORMS_ROOT) / shipped.name
    return own if own.is_file() else shipped


def filled(shipped: Path, texts: Callable[[Pictured], Mapping[str, Any]]) -> bytes:
    """The template with its texts as .docx. `texts` is given what makes a picture of a PNG and its millimetres across.

    Raises Refused where the city's template cannot be filled.
    """
    path = own_or(shipped)
    try:
        document = DocxTemplate(path)
        told = texts(lambda png, wide: InlineImage(document, io.BytesIO(png), width=Mm(wide)))
        document.render(dict(told), jinja_env=SandboxedEnvironment(autoescape=True), autoescape=True)
        made = io.BytesIO()
        document.save(made)
    except (TemplateError, ValueError, KeyError, OSError) as error:
        if path == shipped:
            raise
        sentence = "本市自己的 Word 模板填不进去，请告知系统管理员核对模板；这一次可改用 PDF"
        raise Refused.because("form", sentence) from error
    return made.getvalue()
