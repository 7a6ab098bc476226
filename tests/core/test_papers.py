"""Uploaded papers: written anew, kept sealed, and nothing of what was hidden in them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from shuangbai.core import papers
from shuangbai.core.papers import NotAPaper, Paper, read_paper

pytestmark = pytest.mark.nodb


def a_pdf(pages: int = 1, *, locked: bool = False) -> bytes:
    """With a script on opening and on its page, an attachment, and an author."""
    writer, written = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    writer._root_object[NameObject("/OpenAction")] = writer._add_object(script)
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    writer.add_attachment("hidden.txt", b"hidden words")
    writer.add_metadata({"/Author": "somebody"})
    if locked:
        writer.encrypt("secret", algorithm="RC4-128")
    writer.write(written)
    return written.getvalue()


def read(sent: bytes) -> Paper:
    return read_paper(io.BytesIO(sent), size=len(sent))


def test_of_a_pdf_the_pages_alone_are_kept() -> None:
    sent = a_pdf(2)
    assert b"JavaScript" in sent
    paper = read(sent)
    assert (paper.suffix, paper.pages, len(PdfReader(io.BytesIO(paper.data)).pages)) == ("pdf", 2, 2)
    assert not any(word in paper.data for word in (b"JavaScript", b"EmbeddedFile", b"somebody", b"/AA"))


def test_a_picture_loses_what_its_file_says() -> None:
    written, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "where it was taken"
    Image.new("RGB", (30, 20), "white").save(written, "JPEG", exif=exif)
    paper = read(written.getvalue())
    assert paper.suffix == "jpg"
    assert b"where it was taken" in written.getvalue()
    assert b"where it was taken" not in paper.data


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"<script>", papers.NOT_ONE),
        (b"%PDF-1.7 and nothing more", papers.NOT_ONE),
        (a_pdf()[:400], papers.NOT_ONE),
        (a_pdf(papers.MOST_PAGES + 1), papers.TOO_MANY),
        (a_pdf(locked=True), papers.LOCKED),
        (b"%PDF-" + b"0" * papers.LARGEST, papers.TOO_LARGE),
    ],
)
def test_what_cannot_be_taken_is_said_in_a_sentence(sent: bytes, said: str) -> None:
    with pytest.raises(NotAPaper) as caught:
        read(sent)
    assert str(caught.value) == said


def test_it_is_kept_sealed_and_found_by_its_name_alone(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    name = papers.keep_paper(Paper(b"%PDF-words", "pdf"))
    assert b"words" not in (papers.folder() / name).read_bytes()
    assert papers.paper_data(name) == b"%PDF-words"
    for wrong in ("../keys.json", "0" * 32 + ".pdf", name + "x"):
        with pytest.raises(FileNotFoundError):
            papers.paper_data(wrong)
    papers.drop_paper(name)
    assert papers.kept_names() == set()
