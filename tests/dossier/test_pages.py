"""The dossier's pages: what each form saves, what comes back filled in, what is masked, how many queries."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from shuangbai.core.models import AuditEvent
from shuangbai.core.papers import Paper
from shuangbai.dossier.actions import attach, enter_parts, write_sheet
from shuangbai.dossier.entries import PartEntry
from shuangbai.dossier.models import (
    STANDING,
    Attachment,
    Carer,
    Consent,
    Disability,
    Economy,
    FamilyNeed,
    Housing,
    PersonSheet,
    SelfCare,
    Strength,
)
from shuangbai.dossier.rules import Money
from tests.cast import START, a_family, a_file, a_member, a_visit

ID = "11010519491231002X"
DAY = date(2020, 5, 1)


@pytest.fixture
def family(city, worker):
    members = [a_member("曾秀英", "02", sex="2", id_no=ID), a_member("陈大文", birth_date=date(2008, 3, 1))]
    return a_family(city.chengdong, worker, members=members, phone="19900001234", address="三巷12号")


@pytest.fixture
def home(family):
    return family.household


@pytest.fixture
def enter(worker, home):
    def entered(model, person=None, /, **said):
        return enter_parts(by=worker, kind=model, entries=[PartEntry(home, said, person)], acknowledged=True)[0]

    return entered


@pytest.fixture
def web(client_for, worker):
    return client_for(worker)


def new(home, part, query=""):
    return reverse("dossier-new", args=[home.pk, part]) + query


def edit(home, row):
    return reverse("dossier-edit", args=[home.pk, row.PART, row.pk])


def picture(name="房.jpg"):
    written = io.BytesIO()
    Image.new("RGB", (30, 20), "white").save(written, "JPEG")
    return SimpleUploadedFile(name, written.getvalue(), "image/jpeg")


class TestForms:
    @pytest.mark.parametrize(
        ("part", "said", "model"),
        [
            ("disability", {"person": 0, "kind": "4", "grade": "2", "certificate": f"{ID}42"}, Disability),
            ("selfcare", {"person": 0, "assessed_on": "2020-05-01", "scheme": "civil", "cannot": ["walk"]}, SelfCare),
            ("carer", {"person": 1, "role": "guardian", "carer": 0, "starts_on": "2019-07-01"}, Carer),
            ("housing", {"taken_on": "2020-05-01", "kind": "own", "hazards": ["leak"], "area": "60"}, Housing),
            ("need", {"kind": "care", "state": "open", "opened_on": "2020-05-01"}, FamilyNeed),
            ("strength", {"kind": "skill", "text": "会编竹器", "starts_on": "2020-05-01"}, Strength),
            (
                "consent",
                {"scope": "file", "agreed": "yes", "given_by": 0, "given_on": "2020-05-01", "form": "written"},
                Consent,
            ),
        ],
    )
    def test_each_is_entered_on_its_own_small_form(self, web, family, home, part, said, model):
        for name in ("person", "carer", "given_by"):
            if name in said:
                said = {**said, name: str(family.people[said[name]].pk)}
        assert web.get(new(home, part)).status_code == 200
        answer = web.post(new(home, part), said)
        assert answer.status_code == 302, answer.content.decode()
        assert model.objects.filter(STANDING).count() == 1
        assert web.get(reverse("dossier-history", args=[home.pk, part])).status_code == 200
        assert web.get(reverse("family", args=[home.pk])).status_code == 200

    def test_what_was_typed_comes_back_with_the_sentence(self, web, home):
        answer = web.post(new(home, "strength"), {"kind": "skill", "text": "会编竹器", "starts_on": "2020-06-07"})
        said = answer.content.decode()
        assert answer.status_code == 422
        assert "日期在今天之后" in said
        assert "会编竹器" in said

    def test_a_warning_lets_through_whoever_has_read_it(self, web, family, home):
        said = {"person": str(family.people[0].pk), "kind": "4", "grade": "1", "certificate": f"{ID}42"}
        answer = web.post(new(home, "disability"), said)
        assert answer.status_code == 422
        assert "与所选的类别或等级不一致" in answer.content.decode()
        assert web.post(new(home, "disability"), {**said, "acknowledged": "on"}).status_code == 302

    def test_a_link_names_whom_it_is_about(self, web, family, home):
        child = family.people[1]
        assert f'value="{child.pk}" selected' in web.get(new(home, "selfcare", f"?person={child.pk}")).content.decode()

    def test_what_is_no_part_is_not_there(self, web, home):
        for part in ("nothing", "sheet"):
            assert web.get(new(home, part)).status_code == 404

    def test_a_part_of_another_family_is_not_there(self, city, worker, web, home, enter):
        row = enter(Strength, kind="skill", text="会编竹器", starts_on=DAY)
        other = a_family(city.chengdong, worker).household
        assert web.get(reverse("dossier-edit", args=[other.pk, "strength", row.pk])).status_code == 404


class TestSheet:
    def url(self, family):
        return reverse("dossier-sheet", args=[family.household.pk, family.people[0].pk])

    def test_it_is_written_and_changed(self, web, family):
        assert web.post(self.url(family), {"known_on": "2020-05-01", "nation": "01", "version": "0"}).status_code == 302
        said = {"known_on": "2020-06-01", "nation": "01", "chronic": "高血压", "version": "1"}
        assert web.post(self.url(family), said).status_code == 302
        sheet = PersonSheet.objects.get()
        assert (sheet.nation, sheet.chronic, sheet.version) == ("01", "高血压", 2)

    def test_a_family_is_found_by_what_the_village_calls_somebody(self, web, family):
        said = {"known_on": "2020-05-01", "aliases": "阿燕姑、大头", "version": "0"}
        web.post(self.url(family), said)
        for typed in ("阿燕", "大头"):
            found = web.get(reverse("family-suggest"), {"q": typed}).json()["results"]
            assert [one["id"] for one in found] == [str(family.household.pk)]
        web.post(self.url(family), {**said, "aliases": "阿燕姑", "version": "1"})
        assert web.get(reverse("family-suggest"), {"q": "大头"}).json()["results"] == []

    def test_illness_left_empty_is_kept_and_ticked_it_goes(self, web, worker, family):
        write_sheet(
            by=worker, household=family.household, person_id=family.people[0].pk, version=0,
            said={"known_on": DAY, "chronic": "高血压", "serious": "中风"},
        )  # fmt: skip
        assert "高血压" not in web.get(self.url(family)).content.decode()
        web.post(self.url(family), {"known_on": "2020-06-01", "version": "1", "drop_serious": "on"})
        sheet = PersonSheet.objects.get()
        assert (sheet.chronic, sheet.serious) == ("高血压", "")

    def test_two_editors_are_shown_both_versions(self, web, worker, family):
        said = {"by": worker, "household": family.household, "person_id": family.people[0].pk}
        write_sheet(**said, version=0, said={"known_on": DAY, "note": "甲写的", "chronic": "高血压"})
        answer = web.post(self.url(family), {"known_on": "2020-06-01", "note": "乙写的", "version": "0"})
        shown = answer.content.decode()
        assert answer.status_code == 409
        assert "甲写的" in shown
        assert "乙写的" in shown
        assert "高血压" not in shown
        assert 'name="version" value="1"' in shown


class TestSnapshots:
    def test_the_next_begins_with_the_last(self, web, home, enter):
        enter(Housing, taken_on=date(2019, 5, 1), kind="own", area=Decimal(60), hazards=["leak"], note="旧")
        shown = web.get(new(home, "housing")).content.decode()
        assert "已按 2019-05-01 的那一份填好" in shown
        assert 'value="60.0"' in shown
        assert 'value="leak"' in shown.split("checked")[0].rsplit("<input", 1)[1]
        assert "旧" not in shown

    def test_money_too_line_by_line(self, web, home, enter):
        enter(Economy, taken_on=date(2019, 5, 1), incomes=[Money("farm", Decimal(1200), "year")], debt=Decimal(0))
        shown = web.get(new(home, "economy")).content.decode()
        assert 'name="incomes_farm" value="1200.00"' in shown
        said = {"taken_on": "2020-05-01", "incomes_farm": "2400", "incomes_farm_per": "year", "expenses_food": "100"}
        assert web.post(new(home, "economy"), said).status_code == 302
        row = Economy.objects.get(taken_on=DAY)
        assert (row.income, row.expense, row.per_head) == (200, 100, 100)

    def test_a_wrong_one_is_put_right(self, web, home, enter):
        row = enter(Housing, taken_on=DAY, kind="own")
        assert "更正这一天写错的内容" in web.get(edit(home, row)).content.decode()
        assert (
            web.post(edit(home, row), {"taken_on": "2020-05-01", "kind": "rented", "version": "1"}).status_code == 302
        )
        assert Housing.objects.get(STANDING).kind == "rented"
        answer = web.post(edit(home, row), {"taken_on": "2020-05-01", "kind": "lent", "version": "1"})
        assert answer.status_code == 409
        assert "已被作废或更正" in answer.content.decode()

    def test_the_history_shows_how_it_changed(self, web, home, enter):
        enter(Housing, taken_on=date(2018, 5, 1), kind="own", danger="C")
        enter(Housing, taken_on=DAY, kind="own", danger="A")
        shown = web.get(reverse("dossier-history", args=[home.pk, "housing"])).content.decode()
        assert shown.index("C级（局部危险）") < shown.index("A级（安全）")

    def test_each_source_of_money_has_its_trend(self, web, home, enter):
        farm, wage = (lambda n: Money("farm", Decimal(n), "year")), (lambda n: Money("wage", Decimal(n)))
        enter(Economy, taken_on=date(2018, 5, 1), incomes=[farm(1200)], expenses=[Money("food", Decimal(80))])
        enter(Economy, taken_on=date(2019, 5, 1), incomes=[farm(2400), wage(900)])
        enter(Economy, taken_on=DAY, incomes=[wage(1000)])
        shown = re.sub(
            r"<[^>]+>|\s+", " ", web.get(reverse("dossier-history", args=[home.pk, "economy"])).content.decode()
        )
        shown = re.sub(" +", " ", shown)
        assert "收入：务农 每月 100 2018-05-01 每月 200 2019-05-01 没有 2020-05-01" in shown
        assert "收入：工资 每月 900 2019-05-01 每月 1,000 2020-05-01" in shown
        assert "支出：吃用 每月 80 2018-05-01" in shown


class TestNeeds:
    def test_what_a_visit_found_can_be_named(self, city, worker, web, family, home):
        visit = a_visit(city.chengdong, worker, family)
        said = {"kind": "care", "state": "working", "opened_on": "2020-05-01", "opened_by": str(visit.pk)}
        assert web.post(new(home, "need"), said).status_code == 302
        assert FamilyNeed.objects.get().opened_by_id == visit.pk

    def test_a_visit_of_another_family_cannot(self, city, worker, web, home):
        visit = a_visit(city.chengdong, worker, a_family(city.chengdong, worker))
        said = {"kind": "care", "state": "open", "opened_on": "2020-05-01", "opened_by": str(visit.pk)}
        assert web.post(new(home, "need"), said).status_code == 422


class TestVoiding:
    def test_it_asks_why_and_keeps_the_line(self, web, home, enter):
        row = enter(Strength, kind="skill", text="会编竹器", starts_on=DAY)
        url = reverse("dossier-void", args=[home.pk, "strength", row.pk])
        assert web.post(url, {"reason": "", "version": "1"}).status_code == 422
        assert web.post(url, {"reason": "登记错了人", "version": "9"}).status_code == 409
        assert web.post(url, {"reason": "登记错了人", "version": "1"}).status_code == 302
        shown = web.get(reverse("dossier-history", args=[home.pk, "strength"])).content.decode()
        assert "登记错了人" in shown
        assert "已作废" in shown


class TestMasks:
    @pytest.fixture
    def told(self, worker, family, home, enter):
        write_sheet(
            by=worker, household=home, person_id=family.people[0].pk, version=0,
            said={"known_on": DAY, "chronic": "高血压三级"},
        )  # fmt: skip
        enter(Disability, family.people[0].pk, kind="4", grade="2", certificate=f"{ID}42")
        return enter(Carer, family.people[1].pk, role="carer", name="陈婶", phone="19900007788", starts_on=START)

    @pytest.mark.parametrize("name", ["worker", "supervisor"])
    def test_what_is_hidden_stands_on_no_page(self, city, client_for, family, home, told, name):
        client = client_for(city.users[name])
        urls = [reverse("family", args=[home.pk])]
        urls += [reverse("dossier-history", args=[home.pk, part]) for part in ("sheet", "disability", "carer")]
        for url in urls:
            shown = client.get(url).content.decode()
            assert all(word not in shown for word in ("高血压三级", f"{ID}42", "19900007788"))
            assert ("dossier-unmask" in shown) == (name == "worker" and url == urls[0])

    def test_it_is_opened_for_a_reason_and_recorded(self, web, family, home, told):
        url = reverse("dossier-unmask", args=[home.pk]) + f"?what=chronic.{family.people[0].pk}"
        assert web.post(url, {}).status_code == 422
        answer = web.post(url, {"reason": "visit"})
        assert "高血压三级" in answer.content.decode()
        entry = AuditEvent.objects.get(kind="household.unmasked")
        assert entry.about_id == str(home.pk)
        assert "高血压" not in str(entry.details)
        assert web.post(url.replace("chronic", "mind"), {"reason": "visit"}).status_code == 404

    def test_a_supervisor_opens_none(self, client_for, supervisor, home, told):
        url = reverse("dossier-unmask", args=[home.pk]) + f"?what=carer.{told.pk}"
        assert client_for(supervisor).post(url, {"reason": "visit"}).status_code == 404


class TestAttachments:
    @pytest.fixture(autouse=True)
    def own_files(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path

    def upload(self, web, home, kind="house", sent=None):
        said = {"kind": kind, "taken_on": "2020-05-01", "title": "", "paper": sent or picture()}
        return web.post(new(home, "attachment"), said)

    def test_a_picture_is_kept_and_opened_and_the_trail_knows(self, web, home):
        assert self.upload(web, home).status_code == 302
        row = Attachment.objects.get()
        url = reverse("attachment-open", args=[home.pk, row.pk])
        assert web.get(url).status_code == 405
        answer = web.post(url)
        assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "image/jpeg", "no-store")
        assert AuditEvent.objects.filter(kind="dossier.looked", about_id=str(home.pk)).count() == 1

    def test_a_copy_of_an_id_asks_why(self, web, client_for, supervisor, home):
        self.upload(web, home, "identity")
        url = reverse("attachment-open", args=[home.pk, Attachment.objects.get().pk])
        assert web.post(url, {}).status_code == 422
        assert web.post(url, {"reason": "apply"}).status_code == 200
        assert AuditEvent.objects.filter(kind="household.unmasked").count() == 1
        assert client_for(supervisor).post(url, {"reason": "apply"}).status_code == 404

    def test_what_is_no_picture_is_said_so(self, web, home):
        answer = self.upload(web, home, sent=SimpleUploadedFile("x.jpg", b"<script>", "image/jpeg"))
        assert answer.status_code == 422
        assert "这不是能读的图片或 PDF" in answer.content.decode()
        assert not Attachment.objects.exists()

    def test_nobody_must_send_one(self, web, home):
        assert "不要求上传" in web.get(reverse("family", args=[home.pk])).content.decode()

    def test_another_station_opens_none(self, worker, client_for, stranger, home):
        said = {"kind": "house", "taken_on": DAY}
        row = attach(by=worker, household=home, person_id=None, said=said, paper=Paper(b"%PDF-", "pdf"))
        assert client_for(stranger).post(reverse("attachment-open", args=[home.pk, row.pk])).status_code == 404


class TestFamilyPage:
    def test_gaps_are_named_with_links_and_block_nothing(self, worker, web, family, home):
        a_file(family, worker)
        shown = web.get(reverse("family", args=[home.pk])).content.decode()
        assert "陈大文：未满14周岁，没有监护人的同意" in shown
        assert new(home, "consent", f"?person={family.people[1].pk}") in shown
        assert "没有住房情况" in shown

    def test_a_supervisor_reads_and_changes_nothing(self, worker, client_for, supervisor, family, home, enter):
        enter(Strength, kind="skill", text="会编竹器", starts_on=DAY)
        shown = client_for(supervisor).get(reverse("family", args=[home.pk])).content.decode()
        assert "会编竹器" in shown
        assert "/dossier/strength/new" not in shown

    def test_the_number_of_queries_does_not_grow(self, web, family, home, enter):
        def fill(day):
            for person in family.people:
                enter(SelfCare, person.pk, assessed_on=day, scheme="civil", cannot=[])
                enter(Carer, person.pk, role="carer", name="陈婶", starts_on=day)
            enter(Housing, taken_on=day, kind="own", hazards=["leak"])
            enter(Economy, taken_on=day, incomes=[Money("farm", Decimal(1))], expenses=[Money("food", Decimal(1))])
            enter(FamilyNeed, family.people[0].pk, kind="care", state="open", opened_on=day)
            enter(Strength, kind="skill", text="会编竹器", starts_on=day)
            enter(Consent, scope="file", agreed=True, given_by_id=family.people[0].pk, given_on=day, form="written")

        def asked():
            with CaptureQueriesContext(connection) as queries:
                web.get(reverse("family", args=[home.pk]))
                web.get(reverse("dossier-history", args=[home.pk, "need"]))
            return len(queries)

        fill(date(2019, 8, 1))
        asked()
        once = asked()
        for month in range(1, 5):
            fill(date(2020, month, 1))
        assert asked() == once
