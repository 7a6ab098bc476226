"""The paper set of a case: each form alone, all in one go; blank where nothing is recorded; trail, and no disk."""

from __future__ import annotations

import io
import zipfile
from datetime import date, time
from pathlib import Path

import pytest
from django.conf import settings
from docx import Document
from pypdf import PdfReader

from shuangbai.cases import pdf
from shuangbai.cases.actions.drawing import draw_tie
from shuangbai.cases.actions.scoring import record_scale
from shuangbai.cases.actions.watching import say_view
from shuangbai.cases.actions.working import AssessmentEntry, SessionEntry, assess, record_session
from shuangbai.cases.blanks import BLANKS, BY_CODE, Rows, Words, names_of
from shuangbai.cases.enums import SessionMode, ViewKind
from shuangbai.cases.models import Case
from shuangbai.cases.sheet import Mark, Told, sheets_of, values_of
from shuangbai.codes.actions import put_template
from shuangbai.codes.enums import PAPERS
from shuangbai.core.models import AuditEvent
from shuangbai.network.models import User
from tests.cases.measured import a_result, a_tie, an_old_case
from tests.cast import TODAY

pytestmark = pytest.mark.django_db
MARK = Mark("张志明（worker）", "2020-06-06 09:30", "装入纸质档案")
ALL = {"papers": list(BY_CODE), "form": "docx", "purpose": "box", "taken": "abc-1"}


@pytest.fixture
def case(city, worker, family, supervisor):
    return an_old_case(city.chengdong, worker, family, supervisor)


@pytest.fixture
def full(case, child, worker, supervisor) -> Case:
    """A case with an assessment, two sessions, a scale, an ecomap and the supervisor's view."""
    assess(
        by=worker, case=case, entry=AssessmentEntry(assessed_on=TODAY, physical="身体好", needs="一、陪伴\n二、上学")
    )
    for day, process in ((date(2020, 4, 2), "第一次说起父亲"), (date(2020, 5, 2), "一起订了作息")):
        entry = SessionEntry(
            held_on=day, minutes=50, mode=SessionMode.HOME, worker_id=case.worker_id, starts_at=time(15, 30),
            process=process,
        )  # fmt: skip
        record_session(by=worker, case=case, entry=entry)
    record_scale(by=worker, case=case, entry=a_result(child))
    draw_tie(by=worker, case=case, entry=a_tie())
    say_view(by=supervisor, case=case, kind=ViewKind.COMMENT, text="多听少劝")
    return Case.objects.get(pk=case.pk)


def told_of(case: Case) -> Told:
    """As its worker takes the papers."""
    return Told(case, User.objects.get(staff=case.worker_id))


def values(full, code, session=None):
    return values_of(told_of(full), BY_CODE[code], MARK, session)


def words_of(made: bytes) -> str:
    document = Document(io.BytesIO(made))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


class TestWhatStandsOnThem:
    def test_every_form_has_every_name_that_it_knows(self, full):
        for sheet in sheets_of(told_of(full), BLANKS, MARK):
            assert set(names_of(sheet.blank)) <= set(sheet.values), sheet.blank.code

    def test_what_is_recorded(self, full, child):
        told = values(full, "intake")
        assert (told["source"], told["type"], told["accepted"]) == ("走访发现", "儿童保护", "接案")
        assert told["people"][0] | {"phone": "", "id_no": ""} == told["people"][0]  # to be filled in by hand
        assert (told["people"][0]["name"], told["people"][0]["born"], told["people"][0]["relation"]) == (
            "陈小树", "2007-03", "子",
        )  # fmt: skip
        assert values(full, "assessment")["scales"][0]["band"] == "轻度"
        assert "学校 赤山小学" in values(full, "assessment")["ecomap_words"]
        assert values(full, "supervision")["views"][0]["text"] == "多听少劝"

    def test_a_sheet_for_each_session_in_their_order(self, full):
        made = sheets_of(told_of(full), [BY_CODE["session"]], MARK)
        assert [(one.values["number"], one.values["process"]) for one in made] == [
            ("第 1 节", "第一次说起父亲"), ("第 2 节", "一起订了作息"),
        ]  # fmt: skip
        assert made[0].values["time"] == "15:30 起，50 分钟"

    def test_what_is_not_recorded_is_left_to_be_written_by_hand(self, case):
        for sheet in sheets_of(told_of(case), BLANKS, MARK):
            for part, laid in zip(sheet.blank.parts, sheet.parts, strict=True):
                if isinstance(part, Words) and not sheet.values[part.name]:
                    assert len(laid["lines"]) == part.lines
                if isinstance(part, Rows):
                    assert len(laid["rows"]) >= part.least

    def test_no_number_phone_or_address_stands_on_them(self, city, full, worker):
        home = full.household_key
        from shuangbai.households.models import Household, Person

        Household.objects.filter(pk=home).update(address="赤山村三巷九号", phone="13500000000")
        Person.objects.filter(name="陈小树").update(id_no="441502200703050011", phone="13600000000")
        said = str([one.values for one in sheets_of(told_of(Case.objects.get(pk=full.pk)), BLANKS, MARK)])
        for secret in ("三巷九号", "13500000000", "441502200703050011", "13600000000", "2007-03-05"):
            assert secret not in said


class TestTaken:
    def test_all_as_word_files_in_one_zip(self, full, worker, client_for):
        answer = client_for(worker).post(f"/cases/{full.pk}/papers", ALL)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
        assert (answer["Cache-Control"], answer.cookies["taken"].value) == ("no-store", "abc-1")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
            names = parts.namelist()
            assert len(names) == len(BLANKS) + 1  # two sessions
            assert names[0] == "01_个案接案登记表.docx"
            assert "05_个案过程记录_01.docx" in names
            assert "第一次说起父亲" in words_of(parts.read("05_个案过程记录_01.docx"))
            whole = "".join(words_of(parts.read(name)) for name in names)
        assert "{{" not in whole
        assert "{%" not in whole

    def test_one_alone_is_one_file_that_names_nobody(self, full, worker, client_for):
        answer = client_for(worker).post(f"/cases/{full.pk}/papers", {**ALL, "papers": ["consent"]})
        assert answer["Content-Type"].endswith("wordprocessingml.document")
        assert "陈" not in answer["Content-Disposition"]
        assert "随时可以提出停止" in words_of(answer.content)

    def test_all_as_one_pdf_with_who_took_it_on_every_page(self, full, worker, client_for):
        if not pdf.available():
            pytest.skip("no pango here")
        answer = client_for(worker).post(f"/cases/{full.pk}/papers", {**ALL, "form": "pdf"})
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
        assert len(pages) >= len(BLANKS) + 1
        assert all(worker.display_name in page for page in pages)
        for blank in BLANKS:
            assert any(blank.name in page for page in pages), blank.name

    def test_as_a_page_to_be_printed(self, full, worker, client_for):
        page = client_for(worker).post(f"/cases/{full.pk}/papers", {**ALL, "form": "page"}).content.decode()
        assert page.count('class="report case-sheet"') == len(BLANKS) + 1
        assert "用途：装入纸质档案" in page

    def test_it_is_in_the_trail_and_on_no_disk(self, full, worker, client_for):
        before = set(Path(settings.DATA_DIR).rglob("*"))
        client_for(worker).post(f"/cases/{full.pk}/papers", ALL)
        assert set(Path(settings.DATA_DIR).rglob("*")) == before
        event = AuditEvent.objects.get(kind="case.printed")
        assert event.station_id is None
        assert (event.details["form"], event.details["purpose"]) == ("Word 文件（可再编辑）", "装入纸质档案")

    @pytest.mark.parametrize(
        ("more", "words"),
        [({"papers": []}, "请至少选一份"), ({"purpose": ""}, "请选择做什么用"), ({"papers": ["none"]}, "请重新选择")],
    )
    def test_asked_for_wrongly_nothing_is_given(self, full, worker, client_for, more, words):
        answer = client_for(worker).post(f"/cases/{full.pk}/papers", {**ALL, **more})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not AuditEvent.objects.filter(kind="case.printed").exists()

    def test_the_supervisor_may_take_them_and_others_may_not(self, city, full, supervisor, client_for):
        assert client_for(supervisor).post(f"/cases/{full.pk}/papers", ALL).status_code == 200
        for who in ("colleague", "stranger", "officer", "auditor"):
            assert client_for(city.users[who]).post(f"/cases/{full.pk}/papers", ALL).status_code == 404
        assert AuditEvent.objects.filter(kind="case.printed").count() == 1

    def test_the_citys_own_template_is_used_for_word_and_said_on_the_page(self, full, worker, officer, client_for):
        document, kept = Document(), io.BytesIO()
        document.add_paragraph("{{ title }}（本市样式）{{ summary }}")
        document.save(kept)
        put_template(
            by=officer, spec=PAPERS["case-closing"], sent=kept.getvalue(), name="a.docx", version=0, reason="统一样式"
        )
        client = client_for(worker)
        assert "本市有自己的 Word 模板" in client.get(f"/cases/{full.pk}/papers").content.decode()
        answer = client.post(f"/cases/{full.pk}/papers", {**ALL, "papers": ["closing"]})
        assert "个案结案表（本市样式）" in words_of(answer.content)

    def test_a_link_may_tick_one_form_alone(self, full, worker, client_for):
        page = " ".join(client_for(worker).get(f"/cases/{full.pk}/papers?paper=plan").content.decode().split())
        assert 'value="plan" id="id_papers_3" checked' in page
        assert 'value="intake" id="id_papers_0" checked' not in page

    def test_a_set_costs_as_many_queries_with_ten_sessions_as_with_two(
        self, full, worker, client_for, django_assert_max_num_queries
    ):
        for day in range(1, 9):
            entry = SessionEntry(
                held_on=date(2020, 5, 2 + day), minutes=30, mode=SessionMode.PHONE, worker_id=full.worker_id,
                process="通话",
            )  # fmt: skip
            record_session(by=worker, case=full, entry=entry)
        client = client_for(worker)
        client.post(f"/cases/{full.pk}/papers", {**ALL, "form": "page"})
        with django_assert_max_num_queries(60):
            client.post(f"/cases/{full.pk}/papers", {**ALL, "form": "page"})
