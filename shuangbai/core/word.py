"""Word files from a template, the product's or the city's own.

A city's template is filled in a sandbox: it is text that an administrator put there, and not a program.
"""

import io
import zipfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, Undefined
from jinja2.sandbox import SandboxedEnvironment

from shuangbai.core.findings import Refused

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Pictured = Callable[[bytes, float], InlineImage]


def own_or(shipped: Path) -> Path:
    """The city's own template where one was put under the same name, or the product's."""
    own = Path(settings.FORMS_ROOT) / shipped.name
    return own if own.is_file() else shipped


Texts = Callable[[Pictured], Mapping[str, Any]]
LARGEST = 2 * 1024 * 1024  # bytes of a template
UNPACKED = 20 * 1024 * 1024
FAULTS = (TemplateError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, zipfile.BadZipFile)


def filled(shipped: Path, texts: Texts, own: bytes | None = None) -> bytes:
    """The template with its texts as .docx. `texts` is given what makes a picture of a PNG and its millimetres across.

    `own`: the city's template, where it decided on one. Raises Refused where the city's template cannot be filled.
    """
    path = own_or(shipped) if own is None else None
    try:
        return _filled(path or io.BytesIO(own or b""), texts)
    except FAULTS as error:
        if path == shipped:
            raise
        sentence = "本市自己的 Word 模板填不进去，请告知系统管理员核对模板；这一次可改用 PDF"
        raise Refused.because("form", sentence) from error


def _filled(template: Any, texts: Texts, undefined: type[Undefined] = Undefined) -> bytes:
    document = DocxTemplate(template)
    told = texts(lambda png, wide: InlineImage(document, io.BytesIO(png), width=Mm(wide)))
    environment = SandboxedEnvironment(autoescape=True, undefined=undefined)
    document.render(dict(told), jinja_env=environment, autoescape=True)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


# A CITY'S OWN TEMPLATE -----------------------------------------------------


class NotATemplate(ValueError):
    """What was sent cannot serve as a template; the message is a sentence for whoever sent it."""


def check_template(sent: bytes, *, names: Collection[str], samples: Collection[Texts]) -> None:
    """Whether a Word file can be filled: looked through, and filled with each of `samples`. Raises NotATemplate.

    `names` are what the form knows; a name inside a row that it does not know is found while filling.
    """
    _check_file(sent)
    try:
        asked = DocxTemplate(io.BytesIO(sent)).get_undeclared_template_variables()
        unknown = sorted(set(asked) - set(names))
        if unknown:
            said = "、".join(unknown[:5])
            raise NotATemplate(f"模板里有系统不认识的名称：{said}。可用的名称列在本页下面")
        for texts in samples:
            _filled(io.BytesIO(sent), texts, StrictUndefined)
    except NotATemplate:
        raise
    except FAULTS as error:
        said = " ".join(str(error).split())[:120]
        raise NotATemplate(f"模板填不进去：{said}。请核对两层花括号里的写法，或从系统的样式改起") from error


def _check_file(sent: bytes) -> None:
    """That it is a Word file as we take it: no macro, nothing fetched from elsewhere, nothing that swells."""
    if len(sent) > LARGEST:
        raise NotATemplate(f"文件超过 {LARGEST // (1024 * 1024)} MB，请缩小里面的图片再上传")
    try:
        with zipfile.ZipFile(io.BytesIO(sent)) as parts:
            if sum(one.file_size for one in parts.infolist()) > UNPACKED:
                raise NotATemplate("文件展开后太大，请换一份")
            names = parts.namelist()
            if "word/document.xml" not in names or len(names) != len(set(names)):
                raise NotATemplate("这不是 Word 文件（.docx）；旧的 .doc 请先另存为 .docx")
            if any("vbaproject" in name.lower() or "/embeddings/" in name.lower() for name in names):
                raise NotATemplate("文件里带有宏或嵌入的对象，请去掉后再上传")
            links = [parts.read(name) for name in names if name.endswith(".rels")]
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise NotATemplate("这不是 Word 文件（.docx），或文件已损坏") from error
    if any(b'TargetMode="External"' in one and b"/hyperlink" not in one for one in links):
        raise NotATemplate("文件引用了外面的图片或模板，请改成插入在文件里的")
