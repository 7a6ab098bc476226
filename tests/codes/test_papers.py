"""Word templates of a city's own: looked through and filled on trial before they are taken, with a way back."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from docx import Document

from shuangbai.cases import word  # noqa: F401  declares the forms of a case
from shuangbai.cases.blanks import BLANKS, names_of
from shuangbai.codes.actions import drop_template, put_template
from shuangbai.codes.enums import PAPERS
from shuangbai.codes.models import Decision, PaperTemplate
from shuangbai.codes.queries import template_in_use, templates_in_use
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.word import NotATemplate, check_template, filled
from tests.cast import TODAY

pytestmark = pytest.mark.django_db
WHY = "镇街统一样式"
FORM = "case-closing"


def template(*lines: str) -> bytes:
    document, kept = Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(kept)
    return kept.getvalue()


def with_part(sent: bytes, name: str, data: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sent)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            if one.filename != name:
                new.writestr(one, old.read(one.filename))
        new.writestr(name, data)
    return kept.getvalue()


def texts(made: bytes) -> str:
    return "\n".join(one.text for one in Document(io.BytesIO(made)).paragraphs)


def put(by: Any, sent: bytes, version: int = 0, **more: Any) -> PaperTemplate:
    return put_template(
        by=by, spec=PAPERS[FORM], sent=sent, name="本市结案表.docx", version=version, **{"reason": WHY, **more}
    )


OWN = template("{{ title }}（本市）", "{{ summary }}", "{% for one in results %}{{ one.statement }}；{% endfor %}")


class TestOurs:
    def test_each_form_of_a_case_has_a_template_and_fills_with_everything_and_with_nothing(self):
        for blank in BLANKS:
            spec = PAPERS[blank.paper]
            check_template(spec.shipped.read_bytes(), names=spec.words, samples=[spec.sample, spec.blank])
            assert spec.words == names_of(blank)

    def test_each_name_that_a_form_knows_stands_in_ours(self):
        for blank in BLANKS:
            with zipfile.ZipFile(PAPERS[blank.paper].shipped) as parts:
                said = b"".join(parts.read(name) for name in parts.namelist() if name.startswith("word/")).decode()
            missing = [name for name in names_of(blank) if f"{{ {name} }}" not in said and f"in {name} " not in said]
            assert missing == [], blank.code


class TestTaken:
    def test_it_is_used_from_then_on(self, city, officer):
        put(officer, OWN)
        own = templates_in_use([FORM])[FORM]
        assert "个案结案表（本市）" in texts(filled(PAPERS[FORM].shipped, PAPERS[FORM].sample, own))
        assert Decision.objects.get(subject=f"paper.{FORM}").became == "本市结案表.docx"

    def test_another_takes_its_place_and_ours_comes_back(self, city, officer):
        put(officer, OWN)
        put(officer, template("{{ title }} 第二份"), version=1)
        assert template_in_use(FORM).number == 2
        drop_template(by=officer, spec=PAPERS[FORM], version=2, reason=WHY)
        assert template_in_use(FORM) is None
        assert [row.ends_on for row in PaperTemplate.objects.all()] == [TODAY, TODAY]
        with pytest.raises(Refused, match="系统的样式"):
            drop_template(by=officer, spec=PAPERS[FORM], version=3, reason=WHY)

    def test_of_two_the_second_is_told(self, city, officer):
        put(officer, OWN)
        with pytest.raises(Conflict):
            put(officer, OWN)

    @pytest.mark.parametrize("who", ["worker", "head", "supervisor", "sysadmin", "security", "auditor"])
    def test_nobody_else_decides(self, city, who):
        with pytest.raises(NotAllowed):
            put(city.users[who], OWN)
        with pytest.raises(NotAllowed):
            drop_template(by=city.users[who], spec=PAPERS[FORM], version=0, reason=WHY)


class TestRefused:
    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            (b"no zip at all", "不是 Word 文件"),
            (template("{{ summary"), "填不进去"),
            (template("{{ sumary }}"), "不认识的名称：sumary"),
            (template("{% for one in results %}{{ one.nothing }}{% endfor %}"), "填不进去"),
            (template("{{ ''.__class__.__mro__ }}"), "填不进去"),
            (template("{% for one in results %}"), "填不进去"),
            (with_part(OWN, "word/vbaProject.bin", b"x"), "宏"),
            (with_part(OWN, "word/embeddings/one.bin", b"x"), "嵌入"),
            (with_part(OWN, "word/more.xml", b" " * (21 * 1024 * 1024)), "展开后太大"),
            (OWN + b" " * (2 * 1024 * 1024), "超过 2 MB"),
        ],
    )  # fmt: skip
    def test_what_cannot_serve_is_said_and_not_kept(self, city, officer, sent, words):
        with pytest.raises(Refused) as refused:
            put(officer, sent)
        assert words in refused.value.first.sentence
        assert refused.value.first.field == "file"
        assert not PaperTemplate.objects.exists()

    def test_nothing_is_fetched_from_elsewhere(self):
        rels = (
            b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            b'attachedTemplate" Target="http://elsewhere.cn/a.dotm" TargetMode="External"/></Relationships>'
        )
        sent = with_part(OWN, "word/_rels/settings.xml.rels", rels)
        with pytest.raises(NotATemplate, match="外面的"):
            check_template(sent, names=PAPERS[FORM].words, samples=[])

    def test_without_a_reason_it_is_not_taken(self, city, officer):
        with pytest.raises(Refused) as refused:
            put(officer, OWN, reason=" ")
        assert refused.value.first.field == "reason"

    def test_the_database_keeps_one_in_use(self, city, officer):
        row = put(officer, OWN)
        row.pk, row.number = None, 2
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


class TestPages:
    def sent(self, data: bytes = OWN, **more: str) -> dict[str, Any]:
        return {"file": SimpleUploadedFile("本市结案表.docx", data), "version": "0", "reason": WHY, **more}

    def test_put_looked_at_and_taken_back(self, client_for, officer):
        client = client_for(officer)
        assert "个案结案表" in client.get("/setup/papers/").content.decode()
        assert client.post(f"/setup/papers/{FORM}/put", self.sent()).status_code == 302
        page = client.get(f"/setup/papers/{FORM}/").content.decode()
        assert "用本市的第 1 份" in page
        assert "summary" in page
        answer = client.get(f"/setup/papers/{FORM}/sample")
        assert "个案结案表（本市）" in texts(answer.content)
        assert client.get(f"/setup/papers/{FORM}/template?number=1").content == OWN
        assert client.get(f"/setup/papers/{FORM}/template").content == PAPERS[FORM].shipped.read_bytes()
        back = {"version": "1", "reason": WHY}
        assert client.post(f"/setup/papers/{FORM}/drop", back).status_code == 302
        assert "用系统的样式" in client.get(f"/setup/papers/{FORM}/").content.decode()

    def test_refused_it_keeps_the_reason(self, client_for, officer):
        answer = client_for(officer).post(f"/setup/papers/{FORM}/put", self.sent(template("{{ nothing }}")))
        assert answer.status_code == 422
        assert "不认识的名称：nothing" in answer.content.decode()
        assert WHY in answer.content.decode()

    def test_of_two_officers_the_second_is_told(self, client_for, officer):
        client = client_for(officer)
        client.post(f"/setup/papers/{FORM}/put", self.sent())
        answer = client.post(f"/setup/papers/{FORM}/put", self.sent())
        assert answer.status_code == 409
        assert "别人改过这份模板" in answer.content.decode()

    @pytest.mark.parametrize("path", ["none/", "none/put", f"{FORM}/template?number=7", f"{FORM}/template?number=x"])
    def test_what_there_is_not_is_not_there(self, client_for, officer, path):
        assert client_for(officer).get(f"/setup/papers/{path}").status_code == 404

    @pytest.mark.parametrize("who", ["worker", "supervisor", "sysadmin"])
    @pytest.mark.parametrize("path", ["", f"{FORM}/", f"{FORM}/put", f"{FORM}/sample", f"{FORM}/template"])
    def test_for_others_the_pages_are_not_there(self, city, client_for, who, path):
        assert client_for(city.users[who]).get(f"/setup/papers/{path}").status_code == 404

    def test_the_list_costs_one_query_for_all_forms(self, client_for, officer, django_assert_max_num_queries):
        client = client_for(officer)
        client.get("/setup/papers/")
        with django_assert_max_num_queries(6):
            client.get("/setup/papers/")
