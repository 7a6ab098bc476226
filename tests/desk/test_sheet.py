"""The family's file on paper: what it says, in three forms, who may take it, and what the trail keeps."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document
from docxtpl import DocxTemplate

from shuangbai.core import rasters
from shuangbai.core.findings import NotAllowed
from shuangbai.core.models import AuditEvent
from shuangbai.desk import pdf, word
from shuangbai.desk.actions import note_paper_taken
from shuangbai.desk.enums import PaperForm, PaperReason
from shuangbai.dossier.actions import enter_parts
from shuangbai.dossier.entries import PartEntry
from shuangbai.dossier.models import Carer, Consent, Disability, Economy, FamilyNeed, Housing, SelfCare, Strength
from shuangbai.dossier.rules import Money
from shuangbai.households.entries import Entered
from shuangbai.households.enums import Relation
from shuangbai.households.models import FileGrade
from shuangbai.network.models import User
from tests.cast import City, a_family, a_file, a_member, a_visit
from tests.conftest import CI

Asks = Callable[[User], Client]
pytestmark = pytest.mark.django_db
ID = "11010519491231002X"
PHONE, HOME = "19900001234", "向阳巷七号"


@pytest.fixture
def family(city: City, worker: User) -> Entered:
    """A family of three generations whose dossier says something everywhere, and whose file has a grade."""
    members = [
        a_member("曾秀英", Relation.HEAD, sex="2", id_no=ID, birth_date=date(1949, 12, 31), tags=["disabled"]),
        a_member("陈大文", Relation.SON, sex="1", birth_date=date(1975, 3, 2)),
        a_member("陈小军", Relation.GRANDSON, sex="1", birth_date=date(2010, 6, 7)),
    ]
    found = a_family(city.chengdong, worker, members=members, tags=["dibao_rural"], phone=PHONE, address=HOME)
    file = a_file(found, worker)
    FileGrade.objects.create(
        station=city.chengdong,
        file=file,
        grade="red",
        reason="独居且近期出院",
        starts_on=date(2020, 3, 1),
        entered_by=worker,
    )
    a_visit(city.chengdong, worker, found, on=date(2020, 5, 1))
    told(found, worker)
    return found


def told(found: Entered, by: User) -> None:
    """Parts of the dossier, one of each kind that the sheet and the timeline show."""
    grandmother, _, child = (person.pk for person in found.people)

    def enter(model: Any, person: Any = None, /, **said: Any) -> None:
        enter_parts(by=by, kind=model, entries=[PartEntry(found.household, said, person)], acknowledged=True)

    for year, pay in ((2018, 300), (2019, 450), (2020, 600)):
        enter(Economy, taken_on=date(year, 5, 1), people=3, incomes=[Money("farm", Decimal(pay))], expenses=[])
    for year, danger in ((2018, "C"), (2020, "A")):
        enter(Housing, taken_on=date(year, 5, 1), danger=danger)
    enter(Disability, grandmother, kind="4", grade="3", issued_on=date(2018, 1, 5), expires_on=date(2028, 1, 4))
    enter(SelfCare, grandmother, assessed_on=date(2019, 2, 1), scheme="civil", cannot=["wash"])
    enter(Carer, child, carer_id=grandmother, role="guardian", starts_on=date(2019, 1, 1), relation="祖孙")
    enter(FamilyNeed, child, kind="education", detail="想补数学", opened_on=date(2020, 1, 10))
    enter(Strength, kind="neighbours", text="邻居常来照看", starts_on=date(2019, 8, 1))
    enter(Consent, scope="file", given_by_id=grandmother, given_on=date(2019, 8, 1), form="written")


def take(client: Client, family: Entered, form: str = "page", **more: Any) -> Any:
    return client.post(f"/families/{family.household.pk}/sheet", {"form": form, "reason": "review", **more})


def texts_of(docx: bytes) -> str:
    """Every text of a Word file: body, tables, header and footer."""
    with zipfile.ZipFile(io.BytesIO(docx)) as packed:
        names = [n for n in packed.namelist() if n.startswith("word/") and n.endswith(".xml")]
        return "".join(packed.read(name).decode() for name in names)


# WHAT IT SAYS ----------------------------------------------------------------


SAID = (
    "家庭服务档案表", "曾秀英", "陈小军", "孙子", "农村低保", "残疾人", "肢体", "三级", "危房等级", "人均月收入",
    "想补数学", "邻居常来照看",
    "2018-05 100", "2020-05 200", "林小燕（worker）", "督导、评估查阅",
    "入户走访，见到 3 人",
)  # fmt: skip


def test_the_page_and_the_word_file_say_the_whole_file_and_never_the_grade(
    client_for: Asks, worker: User, family: Entered
) -> None:
    client = client_for(worker)
    page, made = take(client, family).content.decode(), take(client, family, "docx")
    body = page.partition("sheet-form")[2].partition("</article>")[0]
    texts = texts_of(made.content)
    for words in SAID:
        assert words in body, words
        assert words in texts, words
    for words in ("跟进级别", "独居且近期出院", ID, PHONE, HOME):
        assert words not in body
        assert words not in texts
    assert "1949-12" in body
    assert "1949-12-31" not in body  # the middle of a number that is masked
    assert made.headers["Content-Type"] == word_type(made)
    assert made.headers["Cache-Control"] == "no-store"
    assert "曾秀英" not in made.headers["Content-Disposition"]


def word_type(made: Any) -> str:
    Document(io.BytesIO(made.content))  # Word's own parts are whole
    return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def test_the_word_file_holds_the_tree_as_a_picture(client_for: Asks, worker: User, family: Entered) -> None:
    if not rasters.available():
        assert not CI, "no Chinese font found; .ci/run installs one"
        pytest.skip("no Chinese font found: the tree in a Word file")
    made = take(client_for(worker), family, "docx").content
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        [picture] = [name for name in packed.namelist() if name.startswith("word/media/")]
        assert packed.read(picture).startswith(b"\x89PNG")


def test_without_a_chinese_font_the_word_file_goes_without_its_picture(
    client_for: Asks, worker: User, family: Entered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rasters, "_face", lambda: "")
    made = take(client_for(worker), family, "docx").content
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        assert [name for name in packed.namelist() if name.startswith("word/media/")] == []
    assert "家系图" not in texts_of(made)


def test_the_pdf_is_made_where_the_library_is(client_for: Asks, worker: User, family: Entered) -> None:
    if not pdf.available():
        assert not CI, "no pango found, which PDFs need; .ci/run installs it"
        pytest.skip("no pango found: the paper form as PDF")
    made = take(client_for(worker), family, "pdf")
    assert made.content.startswith(b"%PDF-")
    assert made.headers["Content-Type"] == "application/pdf"


def test_without_the_library_the_page_offers_the_browsers_print(
    client_for: Asks, worker: User, family: Entered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "available", lambda: False)
    client = client_for(worker)
    page = client.get(f"/families/{family.household.pk}/sheet").content.decode()
    assert "浏览器的打印功能" in page
    assert 'value="pdf"' not in page
    assert take(client, family, "pdf").status_code == 422
    assert "data-print" in take(client, family).content.decode()


def test_a_family_of_which_little_is_known_has_a_sheet_too(client_for: Asks, city: City, worker: User) -> None:
    bare = a_family(city.chengdong, worker, members=[a_member("曾秀英", Relation.HEAD)])
    page = take(client_for(worker), bare).content.decode()
    for words in ("没有登记类别", "还没有了解过住房和收支", "没有登记需求", "没有登记知情同意", "还没有服务记录"):
        assert words in page
    assert take(client_for(worker), bare, "docx").status_code == 200


# MASKED, AND WHO MAY ---------------------------------------------------------


def test_who_may_open_what_is_masked_may_have_it_written_out_and_the_family_sees_who(
    client_for: Asks, worker: User, head: User, family: Entered
) -> None:
    page = take(client_for(worker), family, clear="on", reason="apply").content.decode()
    for words in (ID, PHONE, HOME, "1949-12-31"):
        assert words in page
    opened = AuditEvent.objects.get(kind="household.unmasked")
    assert opened.details["count"] == 3
    assert opened.details["what"] == "档案表上的联系电话、住址、证件号"
    assert opened.personal["reason"] == "协助申请救助或补贴"
    taken = AuditEvent.objects.get(kind="household.paper_taken")
    assert taken.details["form"] == "网页，用浏览器打印"
    seen = client_for(head).get(f"/families/{family.household.pk}/").content.decode()
    assert "档案表上的联系电话、住址、证件号" in seen.partition('id="openings"')[2]


def test_masked_it_opens_nothing_and_is_in_the_trail_with_its_reason(
    client_for: Asks, worker: User, family: Entered
) -> None:
    take(client_for(worker), family)
    assert not AuditEvent.objects.filter(kind="household.unmasked").exists()
    taken = AuditEvent.objects.get(kind="household.paper_taken")
    assert taken.personal["reason"] == "督导、评估查阅"
    assert taken.details["cover"] == "已隐去证件号、电话、住址"


def test_without_a_reason_nothing_is_given(client_for: Asks, worker: User, family: Entered) -> None:
    answer = take(client_for(worker), family, reason="")
    assert answer.status_code == 422
    assert "请选择做什么用" in answer.content.decode()
    assert not AuditEvent.objects.filter(kind="household.paper_taken").exists()


def test_a_supervisor_takes_it_masked_however_it_is_asked_and_nobody_else_at_all(
    client_for: Asks, city: City, supervisor: User, family: Entered
) -> None:
    page = take(client_for(supervisor), family, clear="on").content.decode()
    assert "曾秀英" in page
    assert ID not in page
    for who in ("stranger", "neighbour", "officer", "sysadmin", "security", "auditor"):
        client = client_for(city.users[who])
        assert client.get(f"/families/{family.household.pk}/sheet").status_code == 404
        assert take(client, family).status_code == 404


def test_the_action_lets_nobody_note_what_they_may_not_take(city: City, supervisor: User, family: Entered) -> None:
    from shuangbai.households.queries import covered_values

    said = {"household": family.household, "form": PaperForm.PDF, "reason": PaperReason.BOX}
    with pytest.raises(NotAllowed):
        note_paper_taken(by=city.users["stranger"], **said)
    opened = list(covered_values(family.household, []).values())
    with pytest.raises(NotAllowed):
        note_paper_taken(by=supervisor, opened=opened, **said)
    assert not AuditEvent.objects.filter(kind="household.paper_taken").exists()


# A CITY'S OWN TEMPLATE -------------------------------------------------------


@pytest.fixture
def own_template(settings: Any, tmp_path: Path) -> Callable[[str], Path]:
    def put(text: str) -> Path:
        settings.FORMS_ROOT = tmp_path
        path = tmp_path / "family-form.docx"
        document = Document()
        document.add_paragraph(text)
        document.save(path)
        return path

    return put


def test_a_city_puts_its_own_template_in_place_of_ours(
    client_for: Asks, worker: User, family: Entered, own_template: Any
) -> None:
    own_template("本市表：{{ family }}，{{ members|length }} 人，{{ village }}")
    assert "本市表：曾秀英户，3 人，赤山村" in texts_of(take(client_for(worker), family, "docx").content)


@pytest.mark.parametrize("text", ["{{ family", "{% for x in %}", "{{ ''.__class__.__mro__ }}"])
def test_a_template_that_cannot_be_filled_says_so_and_gives_nothing(
    client_for: Asks, worker: User, family: Entered, own_template: Any, text: str
) -> None:
    own_template(text)
    answer = take(client_for(worker), family, "docx")
    assert answer.status_code == 422
    assert "模板填不进去" in answer.content.decode()
    assert not AuditEvent.objects.filter(kind="household.paper_taken").exists()


def test_every_name_in_our_template_is_on_the_sheet() -> None:
    asked = DocxTemplate(word.SHIPPED).get_undeclared_template_variables()
    assert asked - {"one"} <= {
        "title", "bureau", "family", "mark", "reason", "clear", "number", "opened_on", "state", "worker", "station",
        "village", "group", "address", "phone", "note", "members", "gone", "carers", "tags", "housing", "housing_on",
        "economy", "economy_on", "changes", "needs", "strengths", "consents", "tree", "records",
    }  # fmt: skip


def test_a_name_with_signs_of_markup_stays_a_name(client_for: Asks, city: City, worker: User) -> None:
    odd = a_family(city.chengdong, worker, members=[a_member("曾<b>&秀", Relation.HEAD), a_member()])
    assert "曾&lt;b&gt;&amp;秀" in texts_of(take(client_for(worker), odd, "docx").content)


# THE DOSSIER ON THE PAGE -----------------------------------------------------


def test_the_timeline_tells_what_the_dossier_says(client_for: Asks, worker: User, family: Entered) -> None:
    client, url = client_for(worker), f"/families/{family.household.pk}/"

    def titles(matter: str) -> list[str]:
        html = client.get(f"{url}?matter={matter}").content.decode().partition('id="history"')[2]
        return [part.partition("</h3>")[0] for part in html.split("<h3>")[1:]]

    assert sorted(titles("condition")) == sorted([
        "了解住房", "了解住房", "了解收入与支出", "了解收入与支出", "了解收入与支出", "评估曾秀英的自理能力：半失能",
        "曾秀英成为陈小军的监护人", "曾秀英的残疾证发证：肢体残疾三级",
    ])  # fmt: skip
    assert titles("need") == ["发现需求：教育", "优势与资源：邻里宗亲"]
    assert titles("paper") == ["同意：建档"]


def test_what_changed_over_the_years_is_drawn_and_told(client_for: Asks, worker: User, family: Entered) -> None:
    page = client_for(worker).get(f"/families/{family.household.pk}/").content.decode()
    part = page.partition('id="trends"')[2].partition("</section>")[0]
    assert part.count("chart-over-time") == 2  # monthly income, and the same by head
    assert "2018-05 100, 2019-05 150, 2020-05 200 元" in part
    assert "危房等级" in part


def test_the_sheet_asks_the_same_for_little_and_for_much(
    client_for: Asks, worker: User, family: Entered, city: City
) -> None:
    bare = a_family(city.chengdong, worker, members=[a_member("曾秀英", Relation.HEAD), a_member()])
    a_file(bare, worker)
    a_visit(city.chengdong, worker, bare)
    client, counts = client_for(worker), []
    for one in (bare, family):
        take(client, one)
        with CaptureQueriesContext(connection) as asked:
            take(client, one)
        counts.append(len(asked))
    assert (
        abs(counts[0] - counts[1]) <= 4
    )  # what is joined only where there is something: code lists and lines of money
