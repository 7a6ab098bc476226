"""A frozen report on paper: PDF and Word file say what was frozen, who stood for it, and whether today differs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from docxtpl import DocxTemplate
from pypdf import PdfReader

from shuangbai.core import rasters
from shuangbai.core.models import AuditEvent
from shuangbai.filings import pdf, word
from shuangbai.filings.actions import draft_filing
from shuangbai.filings.models import Manifest
from shuangbai.filings.paper import paper
from shuangbai.network.models import User
from tests.cast import City, a_family, a_member, a_visit
from tests.conftest import CI
from tests.filings.test_proof import frozen

SPRING = (date(2020, 4, 1), date(2020, 5, 31))


@pytest.fixture
def spring(city: City, tmp_path: Any, settings: Any) -> Manifest:
    """April and May of the whole city, frozen."""
    settings.TRAIL_HEADS = tmp_path / "heads.log"
    for station, name in ((city.chengdong, "worker"), (city.haicheng, "neighbour")):
        by = city.users[name]
        family = a_family(station, by, members=[a_member("陈甲"), a_member("陈小")])
        a_visit(station, by, family, on=date(2020, 4, 3), met=family.people)
    return frozen(city, city.root, *SPRING)


def take(client: Client, kept: Manifest, form: str) -> Any:
    return client.post(reverse("filing-paper", args=[kept.pk]), {"form": form})


def texts_of(docx: bytes) -> str:
    """Every text of a Word file, without its marks."""
    document = Document(io.BytesIO(docx))  # it opens
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    edges = (part.text for one in document.sections for half in (one.header, one.footer) for part in half.paragraphs)
    return "\n".join([*(part.text for part in document.paragraphs), *cells, *edges])


def test_the_word_file_opens_and_holds_each_figure(
    spring: Manifest, city: City, client_for: Callable[[User], Client]
) -> None:
    answer = take(client_for(city.users["officer"]), spring, "docx")
    assert answer.headers["Content-Type"] == word.WORD
    assert answer.headers["Cache-Control"] == "no-store"
    document, texts = Document(io.BytesIO(answer.content)), texts_of(answer.content)
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    header = json.loads(spring.header)
    for code, told in header["figures"].items():
        assert [header["definitions"][code]["name"], f"{told['value']:,}"] in [row[:2] for row in rows], code
    assert ["城东社工站", "1", "1"] in [[row[0], row[4], row[5]] for row in rows if len(row) == 11]
    for words in (spring.hash, spring.filing.code, "蔡志明", "封存时", "没有数字不同", "按时跟进率"):
        assert words in texts, words
    assert "{" not in texts
    assert "陈" not in texts
    if rasters.available():
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            pictures = [name for name in packed.namelist() if name.startswith("word/media/")]
        assert len(pictures) == 3  # two charts and the code


def test_the_numbers_are_as_frozen_and_that_today_differs_is_said(spring: Manifest, city: City) -> None:
    by = city.users["worker"]
    family = a_family(city.chengdong, by)
    a_visit(city.chengdong, by, family, on=date(2020, 5, 20), met=family.people[:1])
    told = paper(spring, mark="某人", address="http://testserver/r/X")
    values = {row["code"]: row["value"] for section in told["sections"] for row in section["rows"]}
    assert values["V2"] == "2"
    assert "有 5 个数字不同" in told["differing"]
    assert "走访户数" in told["differing"]
    assert "按时跟进率没有在此比较" in told["differing"]


def test_the_report_of_a_station_compares_every_figure(city: City, tmp_path: Any, settings: Any) -> None:
    settings.TRAIL_HEADS = tmp_path / "heads.log"
    told = paper(frozen(city, city.chengdong, *SPRING), mark="某人", address="http://testserver/r/X")
    assert told["stations"] == []
    assert "没有在此比较" not in told["differing"]


def test_the_pdf_says_the_same_with_who_took_it_on_every_page(
    spring: Manifest, city: City, client_for: Callable[[User], Client]
) -> None:
    if not pdf.available():
        assert not CI, "no pango found, which PDFs need; .ci/run installs it"
        pytest.skip("no pango found: a frozen report as PDF")
    answer = take(client_for(city.users["officer"]), spring, "pdf")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
    whole = "".join(pages).replace("\n", "")
    header = json.loads(spring.header)
    for told in header["definitions"].values():
        assert told["name"] in whole
    assert spring.filing.code in whole
    assert all("蔡志明（officer）" in page for page in pages)


def test_the_trail_says_who_took_it_away_as_what(
    spring: Manifest, city: City, client_for: Callable[[User], Client]
) -> None:
    take(client_for(city.users["officer"]), spring, "docx")
    event = AuditEvent.objects.get(kind="filing.taken")
    assert event.details["form"] == "Word 文件"
    assert event.about_id == str(spring.pk)


def test_there_is_no_paper_of_what_is_not_frozen_nor_in_another_form(
    spring: Manifest, city: City, client_for: Callable[[User], Client]
) -> None:
    client = client_for(city.users["officer"])
    one = draft_filing(by=city.users["head"], owner=city.chengdong, first=SPRING[0], last=SPRING[1])
    assert client.post(reverse("filing-paper", args=[one.pk]), {"form": "docx"}).status_code == 404
    assert take(client, spring, "exe").status_code == 404
    assert not AuditEvent.objects.filter(kind="filing.taken").exists()


def test_without_the_library_the_page_leaves_the_pdf_out_and_says_so(
    spring: Manifest, city: City, client_for: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "available", lambda: False)
    client = client_for(city.users["officer"])
    page = client.get(reverse("filing", args=[spring.pk])).content.decode()
    assert 'value="pdf"' not in page
    answer = client.post(reverse("filing-paper", args=[spring.pk]), {"form": "pdf"}, follow=True)
    assert "浏览器的打印功能" in answer.content.decode()


def test_a_city_puts_its_own_template_in_place_of_ours(
    spring: Manifest, city: City, client_for: Callable[[User], Client], settings: Any, tmp_path: Path
) -> None:
    settings.FORMS_ROOT = tmp_path
    client, own = client_for(city.users["officer"]), tmp_path / "frozen-report.docx"
    for text, said in (("本市：{{ unit }} {{ code }}", "本市：汕尾市民政局"), ("{{ unit", "")):
        document = Document()
        document.add_paragraph(text)
        document.save(own)
        answer = client.post(reverse("filing-paper", args=[spring.pk]), {"form": "docx"}, follow=True)
        if said:
            assert said in texts_of(answer.content)
        else:
            assert "模板填不进去" in answer.content.decode()


def test_every_name_in_our_template_is_on_the_paper(spring: Manifest) -> None:
    asked = DocxTemplate(word.SHIPPED).get_undeclared_template_variables()
    assert asked - {"qr"} <= set(paper(spring, mark="", address="http://testserver/r/X"))
