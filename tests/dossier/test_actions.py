"""Entering, changing, taking anew and voiding the parts of a dossier: who may, what is kept, what the trail says."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from shuangbai.core import audit
from shuangbai.core.findings import Conflict, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.core.papers import kept_names, paper_data, read_paper
from shuangbai.dossier.actions import (
    attach,
    change_part,
    enter_parts,
    note_looked,
    retake_snapshot,
    void_part,
    write_sheet,
)
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
from shuangbai.households.models import Person
from tests.cast import START, a_family, a_member, again

DAY = date(2020, 5, 1)
ID = "11010519491231002X"
OTHERS = ["stranger", "neighbour", "supervisor", "officer", "sysadmin", "auditor"]


@pytest.fixture
def family(city, worker):
    members = [a_member("曾秀英", "02", sex="2", id_no=ID), a_member("陈大文", birth_date=date(2008, 3, 1))]
    return a_family(city.chengdong, worker, members=members)


@pytest.fixture
def enter(worker, family):
    """`enter(Housing, taken_on=DAY)`: one part of the family, by the worker; `person`: of which of its people."""

    def entered(model, /, *, by=worker, person=None, acknowledged=False, **said):
        whose = family.people[person].pk if person is not None else None
        entry = PartEntry(family.household, said, whose)
        return enter_parts(by=by, kind=model, entries=[entry], acknowledged=acknowledged)[0]

    return entered


def a_picture() -> ContentFile:
    written = io.BytesIO()
    Image.new("RGB", (20, 10), "white").save(written, "JPEG")
    return ContentFile(written.getvalue())


@pytest.fixture
def attachment(worker, family, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sent = a_picture()
    paper = read_paper(sent, size=sent.size)
    said = {"kind": "house", "title": "厨房", "taken_on": DAY}
    return attach(by=worker, household=family.household, person_id=None, said=said, paper=paper)


class TestSheet:
    def write(self, by, family, version=0, **said):
        return write_sheet(
            by=by, household=family.household, person_id=family.people[0].pk, version=version,
            said={"known_on": DAY, **said}, acknowledged=False,
        )  # fmt: skip

    def test_the_first_and_what_it_became(self, worker, colleague, family):
        self.write(worker, family, marriage="20", chronic="高血压")
        self.write(colleague, family, 1, marriage="30", chronic="高血压、糖尿病")
        sheet = PersonSheet.objects.get()
        assert (sheet.marriage, sheet.chronic, sheet.version) == ("30", "高血压、糖尿病", 2)
        lines = sheet.history.order_by("history_id")
        assert [(line.marriage, line.history_user) for line in lines] == [("20", worker), ("30", colleague)]

    def test_illness_is_encrypted_and_not_in_the_trail(self, worker, family):
        self.write(worker, family, chronic="高血压")
        self.write(worker, family, 1, chronic="糖尿病")
        stored = PersonSheet.objects.extra(select={"raw": "chronic"}).values_list("raw", flat=True)[0]
        assert "糖尿病" not in stored
        entry = AuditEvent.objects.get(kind="dossier.changed")
        assert "修改了家庭情况（基本情况）：慢性病" in audit.sentence(entry)
        assert "糖尿" not in str(entry.details)

    @pytest.mark.parametrize("version", [0, 2])
    def test_the_second_of_two_editors_is_shown_what_stands(self, worker, family, version):
        self.write(worker, family, marriage="20")
        with pytest.raises(Conflict) as caught:
            self.write(worker, family, version, marriage="30")
        assert caught.value.current.marriage == "20"

    def test_married_at_twelve_is_asked_about(self, worker, family):
        child = family.people[1].pk
        with pytest.raises(NeedsAcknowledgement):
            write_sheet(
                by=worker, household=family.household, person_id=child, version=0,
                said={"known_on": DAY, "marriage": "20"},
            )  # fmt: skip

    def test_a_code_that_no_list_has(self, worker, family):
        for said in ({"work": "astronaut"}, {"nation": "99"}):
            with pytest.raises(Refused) as caught:
                self.write(worker, family, **said)
            assert caught.value.findings[0].code == "choice"

    def test_a_sheet_is_put_right_and_never_voided(self, worker, family):
        sheet = self.write(worker, family)
        with pytest.raises(Refused):
            void_part(by=worker, household=family.household, part=sheet, version=1, reason="登记错了")


class TestPeople:
    def test_a_disability_gets_ten_years(self, enter):
        row = enter(Disability, person=0, kind="4", grade="2", certificate=f"{ID}42", issued_on=date(2015, 3, 1))
        assert row.expires_on == date(2025, 3, 1)
        assert Disability.objects.get().certificate == f"{ID}42"

    def test_several_classes_and_each_once(self, enter):
        enter(Disability, person=0, kind="4", grade="2")
        enter(Disability, person=0, kind="1", grade="4")
        with pytest.raises(Refused) as caught:
            enter(Disability, person=0, kind="4", grade="1")
        assert "已登记了肢体残疾" in str(caught.value)

    def test_one_that_ended_makes_room(self, worker, family, enter):
        row = enter(Disability, person=0, kind="4", grade="2", issued_on=date(2015, 3, 1))
        change_part(by=worker, household=family.household, part=row, version=1, said={"ended_on": date(2020, 1, 1)})
        enter(Disability, person=0, kind="4", grade="1")
        assert Disability.objects.count() == 2

    def test_a_certificate_of_somebody_else_is_asked_about(self, enter):
        said = {"person": 0, "kind": "4", "grade": "2", "certificate": "11010519500101002X42"}
        with pytest.raises(NeedsAcknowledgement):
            enter(Disability, **said)
        enter(Disability, acknowledged=True, **said)

    def test_six_items_make_the_level(self, enter):
        row = enter(
            SelfCare, person=0, assessed_on=DAY, scheme="civil", cannot=["walk", "wash"], level="able", assessor="林"
        )
        assert (row.level, str(row)) == ("half", "半失能")

    def test_a_scheme_of_four_levels_keeps_what_was_chosen(self, enter):
        row = enter(SelfCare, person=0, assessed_on=DAY, scheme="panyu", cannot=["walk"], level="p3")
        assert (row.level, row.cannot) == ("p3", [])

    def test_a_carer_of_the_family_or_a_neighbour(self, family, enter):
        mother = family.people[0].pk
        guardian = enter(Carer, person=1, role="guardian", carer_id=mother, relation="母亲", starts_on=START)
        other = enter(Carer, person=1, role="carer", name="邻居陈婶", phone="19900001111", starts_on=START)
        assert (str(guardian), guardian.is_guardian) == ("曾秀英", True)
        assert (str(other), other.is_guardian) == ("邻居陈婶", False)
        enter(Carer, person=1, role="carer", name="舅舅", starts_on=START)
        with pytest.raises(Refused):
            enter(Carer, person=1, role="guardian", carer_id=mother, starts_on=START)

    def test_somebody_of_another_family_is_not_there(self, city, worker, enter):
        far = a_family(city.chengdong, worker).people[0]
        with pytest.raises(Refused) as caught:
            enter(Carer, person=1, role="carer", carer_id=far.pk, starts_on=START)
        assert caught.value.findings[0].code == "not_member"

    def test_a_part_belongs_to_the_station_of_its_person(self, city, enter):
        assert enter(SelfCare, person=0, assessed_on=DAY, scheme="civil", cannot=[]).station == city.chengdong


class TestSnapshots:
    def test_income_is_divided_by_the_people_of_the_day(self, worker, family, enter):
        Person.objects.filter(pk=family.people[1].pk).update(died_on=date(2020, 4, 1))
        said = {"incomes": [Money("wage", Decimal(900)), Money("farm", Decimal(1200), "year")],
                "expenses": [Money("food", Decimal(300))], "benefits": ["subsistence"], "debt": Decimal(0)}  # fmt: skip
        now = enter(Economy, taken_on=DAY, **said)
        before = enter(Economy, taken_on=date(2020, 3, 1), **said)
        assert (now.people, now.income, now.expense, now.per_head) == (1, 1000, 300, 1000)
        assert (before.people, before.per_head) == (2, 500)
        assert sorted((line.get_source_display(), line.amount) for line in now.incomes.all()) == [
            ("务农", 1200), ("工资", 900),
        ]  # fmt: skip

    def test_without_income_there_is_nothing_to_divide(self, enter):
        row = enter(Economy, taken_on=DAY, debt=Decimal(5000), debt_note="医药费")
        assert (row.income, row.per_head, row.people) == (None, None, 2)

    @pytest.mark.parametrize(("kind", "said"), [(Housing, {"kind": "own"}), (Economy, {"debt": Decimal(0)})])
    def test_one_a_day_never_changed_put_right_by_another(self, worker, family, enter, kind, said):
        first = enter(kind, taken_on=DAY, **said)
        with pytest.raises(Refused):
            enter(kind, taken_on=DAY, **said)
        with pytest.raises(NotAllowed):
            change_part(by=worker, household=family.household, part=first, version=1, said={"note": "改"})
        anew = {"taken_on": DAY, **said, "note": "改"}
        second = retake_snapshot(by=worker, household=family.household, part=first, version=1, said=anew)
        first.refresh_from_db()
        assert (first.void_reason, first.note, second.note) == ("更正", "", "改")
        assert [row.pk for row in kind.objects.filter(STANDING)] == [second.pk]
        with pytest.raises(Conflict):
            retake_snapshot(by=worker, household=family.household, part=first, version=1, said=anew)

    def test_many_families_at_once_cost_what_one_costs(self, city, worker, django_assert_num_queries):
        families = [a_family(city.chengdong, worker) for _ in range(4)]

        def enter_all(some):
            entries = [
                PartEntry(f.household, {"taken_on": DAY, "incomes": [Money("wage", Decimal(100))]}) for f in some
            ]
            return enter_parts(by=worker, kind=Economy, entries=entries)

        enter_all(families[:1])
        with CaptureQueriesContext(connection) as one:
            enter_all(families[1:2])
        with django_assert_num_queries(len(one)):
            assert [row.per_head for row in enter_all(families[2:])] == [50, 50]

    def test_the_same_twice_in_one_batch(self, worker, family):
        entries = [PartEntry(family.household, {"taken_on": DAY, "kind": "own"})] * 2
        with pytest.raises(Refused):
            enter_parts(by=worker, kind=Housing, entries=entries)
        assert not Housing.objects.exists()


class TestNeedsAndConsent:
    def test_a_need_is_met_and_may_come_again(self, worker, family, enter):
        need = enter(FamilyNeed, person=0, kind="medical", detail="眼睛看不清", state="open", opened_on=DAY)
        solved = {"state": "solved", "closed_on": date(2020, 6, 1), "outcome": "已做手术"}
        change_part(by=worker, household=family.household, part=need, version=1, said=solved)
        need.refresh_from_db()
        assert (need.state, need.closed_on, need.history.count()) == ("solved", date(2020, 6, 1), 2)
        enter(FamilyNeed, person=0, kind="medical", state="open", opened_on=date(2020, 6, 2))

    def test_the_same_open_need_is_asked_about(self, enter):
        enter(FamilyNeed, kind="care", state="open", opened_on=DAY)
        with pytest.raises(NeedsAcknowledgement):
            enter(FamilyNeed, kind="care", state="working", opened_on=DAY)
        enter(FamilyNeed, person=1, kind="care", state="open", opened_on=DAY)

    def test_a_strength_needs_a_word(self, enter):
        enter(Strength, kind="neighbours", text="邻居每天送饭", starts_on=DAY)
        with pytest.raises(Refused):
            enter(Strength, kind="skill", text=" ", starts_on=DAY)

    def test_consent_is_given_and_withdrawn(self, worker, family, enter):
        said = {"scope": "photo", "agreed": True, "given_by_id": family.people[0].pk, "given_on": DAY,
                "form": "written", "as_guardian": False}  # fmt: skip
        row = enter(Consent, **said)
        assert row.holds_on(DAY)
        assert not row.holds_on(DAY - timedelta(days=1))
        change_part(
            by=worker, household=family.household, part=row, version=1,
            said={"withdrawn_on": date(2020, 6, 1), "withdrawn_reason": "不想再拍"},
        )  # fmt: skip
        row.refresh_from_db()
        assert row.holds_on(date(2020, 5, 31))
        assert not row.holds_on(date(2020, 6, 1))

    def test_a_childs_own_consent_is_asked_about(self, family, enter):
        child = family.people[1].pk
        said = {"scope": "photo", "agreed": True, "given_by_id": child, "given_on": DAY, "form": "written"}
        with pytest.raises(NeedsAcknowledgement):
            enter(Consent, person=1, as_guardian=False, **said)


class TestAttachments:
    def test_it_is_kept_sealed_under_a_name_that_tells_nothing(self, attachment, tmp_path):
        (path,) = (tmp_path / "papers").iterdir()
        assert path.name == attachment.stored
        assert b"JFIF" not in path.read_bytes()
        assert paper_data(attachment.stored).startswith(b"\xff\xd8")

    def test_voided_the_file_is_gone_and_the_line_stays(
        self, worker, family, attachment, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            void_part(by=worker, household=family.household, part=attachment, version=1, reason="传错了家庭")
        row = Attachment.objects.get()
        assert (row.stored, row.void_reason) == ("", "传错了家庭")
        assert kept_names() == set()
        assert row.history.first().history_change_reason == "传错了家庭"

    def test_a_refused_one_leaves_no_file(self, worker, family, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        paper = read_paper(a_picture(), size=100)
        with pytest.raises(Refused):
            attach(
                by=worker, household=family.household, person_id=None,
                said={"kind": "house", "taken_on": date(2020, 6, 7)}, paper=paper,
            )  # fmt: skip
        assert kept_names() == set()

    def test_looking_is_in_the_trail(self, supervisor, stranger, family, attachment):
        note_looked(by=supervisor, household=family.household, attachment=attachment)
        assert "打开了档案附件（房屋照片）" in audit.sentence(AuditEvent.objects.get(kind="dossier.looked"))
        with pytest.raises(NotAllowed):
            note_looked(by=stranger, household=family.household, attachment=attachment)


class TestWho:
    @pytest.mark.parametrize("name", OTHERS)
    def test_only_the_stations_own_workers_write(self, city, family, enter, name):
        row = enter(Strength, kind="skill", text="会编竹器", starts_on=DAY)
        by = city.users[name]
        with pytest.raises(NotAllowed):
            enter(Strength, by=by, kind="skill", text="会编竹器", starts_on=DAY)
        for act in (
            lambda: change_part(by=by, household=family.household, part=row, version=1, said={"text": "改"}),
            lambda: void_part(by=by, household=family.household, part=row, version=1, reason="作废"),
        ):
            with pytest.raises(NotAllowed):
                act()
        row.refresh_from_db()
        assert (row.text, row.void_reason) == ("会编竹器", "")

    def test_one_station_does_not_see_another_ones(
        self, city, worker, stranger, supervisor, officer, family, enter, client_for
    ):
        enter(Strength, kind="skill", text="会编竹器", starts_on=DAY)
        enter(SelfCare, person=0, assessed_on=DAY, scheme="civil", cannot=[])
        for kind in (Strength, SelfCare):
            address = f"/families/{family.household.pk}/dossier/{kind.PART}/"
            answers = [client_for(again(user)).get(address) for user in (worker, supervisor, stranger, officer)]
            assert [answer.status_code for answer in answers] == [200, 200, 404, 404]
            assert [len(answer.context["lines"]) for answer in answers[:2]] == [1, 1]

    def test_a_part_of_another_family_is_not_changed_through_this_one(self, city, worker, family, enter):
        row = enter(Strength, kind="skill", text="会编竹器", starts_on=DAY)
        sick = enter(SelfCare, person=0, assessed_on=DAY, scheme="civil", cannot=[])
        other = a_family(city.chengdong, worker).household
        for part in (row, sick):
            with pytest.raises(NotAllowed):
                void_part(by=worker, household=other, part=part, version=1, reason="作废")

    def test_a_voided_part_is_not_changed_any_more(self, worker, family, enter):
        row = enter(Strength, kind="skill", text="会编竹器", starts_on=DAY)
        with pytest.raises(Refused):
            void_part(by=worker, household=family.household, part=row, version=1, reason=" ")
        void_part(by=worker, household=family.household, part=row, version=1, reason="登记错了人")
        with pytest.raises(Conflict):
            change_part(by=worker, household=family.household, part=row, version=2, said={"text": "改"})
        assert "登记错了人" in audit.sentence(AuditEvent.objects.get(kind="dossier.voided"))
