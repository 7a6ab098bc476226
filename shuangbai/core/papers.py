"""Uploaded papers: pictures and PDFs, written anew, kept sealed under a name that tells nothing.

Of a PDF the pages alone are taken over: no script, no form, no attachment, no comment, and not what it says of
itself. Who may read a paper is decided by the room whose view sends it.
"""

import io
import re
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import NameObject

from shuangbai.core import sealed
from shuangbai.core.pictures import TYPES as PICTURE_TYPES
from shuangbai.core.pictures import NotAPicture, read_picture
from shuangbai.core.uploads import LARGEST

MOST_PAGES = 30
MOST_PIXELS_A_SIDE = 2400
NAME = re.compile(r"[0-9a-f]{32}\.(?:png|jpg|pdf|book|rows)")
TYPES = {**PICTURE_TYPES, "pdf": "application/pdf"}
ON_PAGE = ("/Type", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents")  # all that a page needs to be seen

TOO_LARGE = f"文件超过 {LARGEST // (1024 * 1024)} MB，请缩小或分成几份再上传"
NOT_ONE = "这不是能读的图片或 PDF，或文件已损坏；请换一个 JPG、PNG 或 PDF 文件"
LOCKED = "这份 PDF 有密码，请去掉密码后再上传"
TOO_MANY = f"这份 PDF 超过 {MOST_PAGES} 页，请只上传要留存的几页"


class NotAPaper(ValueError):
    """What was sent cannot be taken; the message is a sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper written anew. `suffix` is png, jpg or pdf."""

    data: bytes
    suffix: str
    pages: int = 1


def read_paper(file: BinaryIO, *, size: int) -> Paper:
    """Read what was sent (`size` bytes) and write it anew. Raises NotAPaper."""
    if size > LARGEST:
        raise NotAPaper(TOO_LARGE)
    sent = file.read()
    if b"%PDF-" in sent[:1024]:
        return _read_pdf(sent)
    try:
        picture = read_picture(io.BytesIO(sent), size=size, longest=MOST_PIXELS_A_SIDE)
    except NotAPicture as error:
        raise NotAPaper(str(error) if "像素" in str(error) else NOT_ONE) from error
    return Paper(picture.data, picture.suffix)


def _read_pdf(sent: bytes) -> Paper:
    try:
        reader = PdfReader(io.BytesIO(sent))
        if reader.is_encrypted:
            raise NotAPaper(LOCKED)
        pages = len(reader.pages)
        if pages > MOST_PAGES:
            raise NotAPaper(TOO_MANY)
        if not pages:
            raise NotAPaper(NOT_ONE)
        writer, written = PdfWriter(), io.BytesIO()
        for page in reader.pages:
            for name in [key for key in page if key not in ON_PAGE and key != "/Parent"]:
                del page[NameObject(name)]
            writer.add_page(page)
        writer.metadata = None
        writer.write(written)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        # Broken files come as many kinds of error; NotAPaper itself is a ValueError with a sentence.
        raise error if isinstance(error, NotAPaper) else NotAPaper(NOT_ONE) from error
    return Paper(written.getvalue(), "pdf", pages)


# KEEPING ---------------------------------------------------------------------


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "papers"


def keep_paper(paper: Paper) -> str:
    """Write the paper sealed, whole or not at all. Returns the name under which it is kept."""
    name = f"{secrets.token_hex(16)}.{paper.suffix}"
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    sealed.keep(folder() / name, paper.data)
    return name


def paper_data(name: str) -> bytes:
    """A kept paper. Raises FileNotFoundError for a name that is not one, or is not there."""
    path = folder() / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise FileNotFoundError(name)
    return sealed.kept(path)


def drop_paper(name: str) -> None:
    """Remove a kept paper; one that is gone already is no fault."""
    if NAME.fullmatch(name):
        (folder() / name).unlink(missing_ok=True)


def drop_papers(names: Iterable[str]) -> None:
    for name in names:
        drop_paper(name)


def kept_names(*, older_than: float = 0) -> set[str]:
    """The names of all that is kept; `older_than` so many seconds, for who must not see one that is being saved."""
    if not folder().exists():
        return set()
    latest = time.time() - older_than
    found = [path for path in folder().glob("*") if NAME.fullmatch(path.name)]
    return {path.name for path in found if not older_than or path.stat().st_mtime <= latest}


# The rooms that keep papers, each with a function that gives the names of all that its rows name.
KEEPERS: dict[str, Callable[[], Iterable[str]]] = {}


def keeps_papers(room: str, names: Callable[[], Iterable[str]]) -> None:
    KEEPERS[room] = names
