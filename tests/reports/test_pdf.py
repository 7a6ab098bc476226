"""The report as PDF: one job a file, seen by its asker alone, and plain words where the library is missing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from shuangbai import cli
from shuangbai.core import audit, sealed
from shuangbai.core import pdf as paper
from shuangbai.core.findings import NotAllowed
from shuangbai.core.models import AuditEvent
from shuangbai.core.periods import Period
from shuangbai.households.access import Opens
from shuangbai.network.models import User
from shuangbai.reports import jobs, pdf
from shuangbai.reports.actions import note_taken
from shuangbai.reports.enums import FileState
from shuangbai.reports.jobs import make_pdf, order_pdf
from shuangbai.reports.models import ReportFile
from shuangbai.reports.queries import Ask
from tests.cast import City, a_family, a_visit, again, an_activity
from tests.conftest import CI

SignedIn = Callable[[User], Client]
SPAN = {"first": "2019-01-01", "last": "2020-06-06"}
HERE = "http://testserver/"


@pytest.fixture
def pango() -> None:
    """For tests that make a real PDF: left out, by name, where the system library is missing; never in CI."""
    if pdf.available():
        return
    if CI:
        pytest.fail("no pango found, which the report as PDF needs; .ci/run installs it")
    pytest.skip("no pango found: the report as PDF")


@pytest.fixture(autouse=True)
def files_of_this_test(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    yield
    assert not list(tmp_path.glob("reports/.*")), "a half-written file was left behind"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Ask]:
    """PDFs made of nothing, in no time; what they were asked for."""
    made: list[Ask] = []

    def render(ask: Ask, origin: str, mark: str, opens: Opens) -> bytes:
        made.append(ask)
        return b"%PDF-1.7 nothing"

    monkeypatch.setattr(pdf, "available", lambda: True)
    monkeypatch.setattr(pdf, "render", render)
    return made


def asked(by: User, city: City) -> ReportFile:
    return order_pdf(by=by, ask=Ask(Period(date(2019, 1, 1), date(2020, 6, 6)), city.chengdong), origin=HERE)


def run(file: ReportFile) -> ReportFile:
    make_pdf.call(str(file.pk))
    return ReportFile.objects.get(pk=file.pk)


class TestAsking:
    def test_the_row_its_job_and_its_trail_are_written_together(self, city: City, worker: User) -> None:
        file = asked(worker, city)
        assert file.state == FileState.WAITING
        job = DBTaskResult.objects.get()
        assert job.args_kwargs["args"] == [str(file.pk)]
        event = AuditEvent.objects.get(kind="report.pdf_asked")
        assert audit.sentence(event).startswith("林小燕")
        assert event.about_id == str(file.pk)

    def test_nobody_asks_about_a_part_of_the_tree_that_is_not_theirs(self, city: City, stranger: User) -> None:
        with pytest.raises(NotAllowed):
            asked(stranger, city)
        assert not ReportFile.objects.exists()
        assert not DBTaskResult.objects.exists()


class TestTheJob:
    def test_it_makes_the_file_for_the_question(self, city: City, worker: User, drawn: list[Ask]) -> None:
        file = run(asked(worker, city))
        assert (file.state, file.is_there) == (FileState.DONE, True)
        assert file.name == "社工站服务成效报告_城东社工站_20190101-20200606.pdf"
        assert [(ask.unit, str(ask.period)) for ask in drawn] == [(city.chengdong, "2019-01-01 至 2020-06-06")]

    def test_the_file_lies_encrypted_on_the_disk(self, city: City, worker: User, drawn: list[Ask]) -> None:
        file = run(asked(worker, city))
        assert sealed.key_of(file.path) == "k1"
        assert b"PDF" not in file.path.read_bytes()
        assert file.path.stat().st_mode & 0o777 == 0o600

    def test_a_second_run_changes_nothing(self, city: City, worker: User, drawn: list[Ask]) -> None:
        first = run(asked(worker, city))
        before = first.path.stat().st_mtime_ns
        second = run(first)
        assert len(drawn) == 1
        assert second.made_at == first.made_at
        assert first.path.stat().st_mtime_ns == before

    def test_what_became_of_it_is_in_the_trail_once(self, city: City, worker: User, drawn: list[Ask]) -> None:
        run(run(asked(worker, city)))
        event = AuditEvent.objects.get(kind="report.pdf_made")
        assert audit.sentence(event) == "林小燕 的成效报告 PDF 已生成：SW-HF-01，2019-01-01 至 2020-06-06"

    def test_it_is_marked_with_the_account_and_the_time(
        self, city: City, worker: User, drawn: list[Ask], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        marks: list[str] = []
        monkeypatch.setattr(pdf, "render", lambda ask, origin, mark, opens: marks.append(mark) or b"%PDF-1.7")
        run(asked(worker, city))
        assert re.fullmatch(r"林小燕（worker）2020-06-06 \d\d:\d\d 导出", marks[0])

    def test_a_file_that_is_no_more_is_no_error(self, city: City) -> None:
        make_pdf.call(str(uuid4()))

    @pytest.mark.parametrize(("error", "words"), [(OSError("full"), "磁盘"), (RuntimeError("x"), "再试一次")])
    def test_a_failure_is_one_plain_sentence_and_can_be_mended(
        self, city: City, worker: User, drawn: list[Ask], monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
    ) -> None:
        file = asked(worker, city)
        with monkeypatch.context() as broken:
            broken.setattr(jobs, "write_whole", lambda *_: (_ for _ in ()).throw(error))
            failed = run(file)
        assert failed.state == FileState.FAILED
        assert words in failed.error
        assert str(error) not in failed.error
        mended = run(file)
        assert (mended.state, mended.error) == (FileState.DONE, "")

    def test_files_older_than_a_day_are_swept_away(self, city: City, worker: User, drawn: list[Ask]) -> None:
        old, young = run(asked(worker, city)), run(asked(worker, city))
        os.utime(old.path, (time.time() - 90_000,) * 2)
        run(asked(worker, city))
        assert (old.is_there, young.is_there) == (False, True)


class TestPages:
    @pytest.fixture
    def mine(self, client_for: SignedIn, worker: User) -> Client:
        return client_for(worker)

    @pytest.fixture
    def file(self, city: City, worker: User) -> ReportFile:
        return asked(worker, city)

    def test_the_button_asks_for_what_the_page_shows(self, mine: Client, city: City, drawn: list[Ask]) -> None:
        page = mine.get(reverse("results"), SPAN)
        assert "生成 PDF" in page.text
        answer = mine.post(reverse("results-pdf"), {**SPAN, "scope": city.chengdong.code})
        file = ReportFile.objects.get()
        assert answer.headers["Location"] == reverse("results-file", args=[file.pk])
        assert file.question == {**SPAN, "scope": city.chengdong.code}
        assert file.origin == HERE

    def test_a_question_that_makes_no_sense_comes_back(self, mine: Client, drawn: list[Ask]) -> None:
        answer = mine.post(reverse("results-pdf"), {"first": "2020-06-06", "last": "2020-01-01"})
        assert answer.status_code == 422
        assert not ReportFile.objects.exists()

    def test_waiting_then_there_then_gone(self, mine: Client, file: ReportFile, drawn: list[Ask]) -> None:
        address, download = reverse("results-file", args=[file.pk]), reverse("results-download", args=[file.pk])
        waiting = mine.get(address)
        assert f'hx-get="{address}"' in waiting.text
        assert "刷新看进度" in waiting.text  # without a script
        assert mine.get(download).headers["Location"] == address
        run(file)
        part = mine.get(address, headers={"HX-Request": "true"})
        assert download in part.text
        assert "<html" not in part.text
        assert "hx-get" not in part.text
        file.path.unlink()
        gone = mine.get(address)
        assert download not in gone.text
        assert "再生成一次" in gone.text

    def test_the_download_is_an_attachment_that_nobody_keeps(
        self, mine: Client, file: ReportFile, drawn: list[Ask]
    ) -> None:
        run(file)
        answer = mine.get(reverse("results-download", args=[file.pk]))
        assert b"".join(answer.streaming_content) == b"%PDF-1.7 nothing"
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert answer.headers["Cache-Control"] == "no-store"
        answer.close()

    def test_taking_it_away_is_in_the_trail_each_time(
        self, mine: Client, file: ReportFile, drawn: list[Ask], worker: User
    ) -> None:
        run(file)
        answers = [mine.get(reverse("results-download", args=[file.pk])) for _ in range(2)]
        events = AuditEvent.objects.filter(kind="report.pdf_taken", by_id=worker.pk, about_id=str(file.pk))
        assert events.count() == 2
        for answer in answers:
            answer.close()

    def test_nobody_else_takes_it_away(self, file: ReportFile, head: User) -> None:
        with pytest.raises(NotAllowed):
            note_taken(by=head, file=file)

    def test_a_failure_is_said_on_the_page(
        self, mine: Client, file: ReportFile, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pdf, "available", lambda: False)
        run(file)
        assert str(pdf.MISSING) in mine.get(reverse("results-file", args=[file.pk])).text

    @pytest.mark.parametrize("name", ["results-file", "results-download"])
    @pytest.mark.parametrize("other", ["colleague", "head", "stranger", "officer", "sysadmin"])
    def test_only_its_asker_sees_it(
        self,
        city: City,
        file: ReportFile,
        drawn: list[Ask],
        client_for: SignedIn,
        name: str,
        other: str,
    ) -> None:
        run(file)
        assert client_for(city.users[other]).get(reverse(name, args=[file.pk])).status_code == 404

    def test_not_even_they_once_their_role_has_ended(
        self, mine: Client, worker: User, file: ReportFile, drawn: list[Ask]
    ) -> None:
        run(file)
        again(worker).grants.update(ends_on=date(2020, 6, 5))
        assert mine.get(reverse("results-download", args=[file.pk])).status_code == 404


class TestWithoutTheLibrary:
    @pytest.fixture(autouse=True)
    def no_pango(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf, "available", lambda: False)

    def test_the_page_says_so_in_place_of_the_button(self, city: City, client_for: SignedIn, worker: User) -> None:
        page = client_for(worker).get(reverse("results"), SPAN)
        assert str(pdf.MISSING) in page.text
        assert reverse("results-pdf") not in page.text
        assert "data-print" in page.text

    def test_asking_all_the_same_gives_the_page(self, city: City, client_for: SignedIn, worker: User) -> None:
        answer = client_for(worker).post(reverse("results-pdf"), {**SPAN, "scope": city.chengdong.code})
        assert str(pdf.MISSING) in answer.text
        assert not ReportFile.objects.exists()

    @pytest.mark.nodb
    def test_the_shell_says_so_in_one_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        cli.greet("双百已启动")
        said = capsys.readouterr()
        assert (said.out, said.err) == ("", f"双百已启动\n{pdf.MISSING}\n")


NO_PANGO = """
import cffi, django
def missing(*_):
    raise OSError("cannot load library 'libpango-1.0.so.0'")
cffi.FFI.dlopen = missing
django.setup()
from shuangbai import cli
cli.greet("here")
"""


@pytest.mark.nodb
def test_a_machine_without_pango_reads_one_line_and_nothing_else() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    ran = subprocess.run([sys.executable, "-c", NO_PANGO], env=environment, capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("", f"here\n{pdf.MISSING}\n")


def uncompressed(content: bytes) -> bytes:
    """A PDF's streams in plain bytes."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    return content + b"".join(zlib.decompressobj().decompress(part) for part in streams if part.startswith(b"\x78"))


@pytest.mark.usefixtures("pango")
class TestARealOne:
    def test_it_is_a_pdf_whose_links_lead_to_the_evidence(self, city: City, worker: User) -> None:
        family = a_family(city.chengdong, worker, tags=["dibao_rural"])
        a_visit(city.chengdong, worker, family)
        an_activity(city.chengdong, worker)
        file = run(asked(worker, city))
        assert (file.state, file.error) == (FileState.DONE, "")
        content = sealed.kept(file.path)
        assert content.startswith(b"%PDF-")
        links = uncompressed(content)
        assert b"(http://testserver/reports/evidence/V2/?first=2019-01-01&last=2020-06-06&scope=SW-HF-01)" in links

    def test_it_fetches_nothing(self) -> None:
        with pytest.raises(ValueError, match="fetches nothing"):
            paper._nothing("http://example.org/x.png")
