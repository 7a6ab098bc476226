"""Who may know of a case: its worker, co-worker, supervisor and head; it changes hands, and people are forgotten."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from shuangbai.cases.access import cases_visible_to
from shuangbai.cases.actions.handing import answer_offer, offer_cases, withdraw_offer
from shuangbai.cases.actions.opening import TeamEntry, change_team, note_looked
from shuangbai.cases.actions.working import AssessmentEntry, assess, attach_visit
from shuangbai.cases.models import Case, CaseClient, Session
from shuangbai.cases.queries import cases_of_record, clients_of, offers_given, offers_to, unkept
from shuangbai.core import audit
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.followups.queries import families_due
from shuangbai.households.models import Household, Person
from shuangbai.lives.actions.erasing import ask_erasure, decide_erasure
from shuangbai.lives.enums import ErasureBasis
from shuangbai.network.closing import kept_at, kept_by
from shuangbai.network.models import Posting, RoleGrant
from shuangbai.network.tree import close_unit
from shuangbai.services.models import ServiceRecord
from tests.cases.short import WORDS, a_case, a_session, said
from tests.cast import TODAY, a_visit, again

pytestmark = pytest.mark.django_db
EVERYBODY = ["worker", "colleague", "head", "neighbour", "stranger", "supervisor", "officer", "sysadmin", "security",
             "auditor"]  # fmt: skip


def who_sees(city) -> set[str]:
    return {name for name in EVERYBODY if cases_visible_to(again(city.users[name])).exists()}


class TestTheFew:
    def test_worker_supervisor_and_head(self, city, case):
        assert who_sees(city) == {"worker", "head", "supervisor"}

    def test_another_supervisor_does_not(self, city, worker, family):
        a_case(city.chengdong, worker, family)  # nobody watches over it
        assert who_sees(city) == {"worker", "head"}

    def test_the_co_worker_whom_the_head_names(self, city, case, worker, colleague, head):
        change_team(by=head, case=case, version=1, entry=TeamEntry(worker.staff_id, colleague.staff_id))
        assert who_sees(city) == {"worker", "head", "colleague"}

    def test_only_while_they_work_there(self, city, case, worker, head):
        Posting.objects.filter(staff__in=[worker.staff_id, head.staff_id]).update(ends_on=TODAY - timedelta(days=1))
        assert who_sees(city) == {"supervisor"}

    def test_only_while_they_supervise_there(self, city, case, supervisor):
        RoleGrant.objects.filter(user=supervisor).update(unit=city.chengqu)
        assert "supervisor" not in who_sees(city)

    def test_every_look_is_in_the_trail_and_says_not_about_whom_or_where(self, case, worker, officer):
        note_looked(by=worker, case=case)
        event = AuditEvent.objects.get(kind="case.looked")
        assert (event.by_id, event.about_id, event.station_id) == (worker.pk, str(case.pk), None)
        assert all(kind.placeless for code, kind in audit.KINDS.items() if code.startswith("case."))
        with pytest.raises(NotAllowed):
            note_looked(by=officer, case=case)


class TestNothingElseKnows:
    def test_a_session_is_no_record_and_moves_no_date(self, case, worker, family):
        before = families_due(Household.objects.all(), TODAY, household_ids=[family.household.pk])
        a_session(case, worker, TODAY)
        assert not ServiceRecord.objects.exists()
        assert families_due(Household.objects.all(), TODAY, household_ids=[family.household.pk]) == before

    def test_a_visit_says_it_to_those_of_the_case_alone(self, city, case, worker, colleague, family, client_for):
        visit = a_visit(city.chengdong, worker, family, on=date(2020, 5, 20))
        plain = client_for(colleague).get(f"/visits/{visit.pk}/").content.decode()
        attach_visit(by=worker, case=case, record_key=visit.pk)
        assert case.number in client_for(worker).get(f"/visits/{visit.pk}/").content.decode()
        told = client_for(colleague).get(f"/visits/{visit.pk}/").content.decode()
        assert case.number not in told
        assert "个案" not in told or "个案" in plain
        assert not cases_of_record(colleague, visit.pk).exists()

    def test_words_are_encrypted_in_the_history_too(self, case, worker):
        a_session(case, worker, process=WORDS)
        assess(by=worker, case=case, entry=AssessmentEntry(TODAY, social=WORDS, needs=WORDS))
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                if table.startswith("cases_"):
                    cursor.execute(f"SELECT * FROM {table}")
                    assert WORDS not in repr(cursor.fetchall()), table


class TestChangingHands:
    def test_it_is_the_givers_until_it_is_taken_and_no_more_afterwards(self, case, worker, colleague):
        [offer] = offer_cases(by=worker, cases=[(case, colleague.staff)], note="请先看计划")
        assert (Case.objects.get().worker_id, cases_visible_to(colleague).exists()) == (worker.staff_id, False)
        assert [one.case.number for one in offers_to(colleague)] == [case.number]
        answer_offer(by=colleague, offer=offer, take=True)
        assert (cases_visible_to(colleague).exists(), cases_visible_to(worker).exists()) == (True, False)

    def test_sent_back_with_a_reason_or_taken_back(self, case, worker, colleague, head):
        [offer] = offer_cases(by=worker, cases=[(case, colleague.staff)])
        with pytest.raises(Refused, match="为什么退回"):
            answer_offer(by=colleague, offer=offer, take=False)
        answer_offer(by=colleague, offer=offer, take=False, why="手上已有八件")
        [offer] = offer_cases(by=head, cases=[(case, colleague.staff)])
        assert list(offers_given(head)) == [offer]
        withdraw_offer(by=worker, offer=offer)
        with pytest.raises(Refused, match="已经确认"):
            answer_offer(by=colleague, offer=offer, take=True)
        assert Case.objects.get().worker_id == worker.staff_id

    def test_nobody_else_gives_or_takes_it_and_not_to_another_station(
        self, case, worker, colleague, stranger, supervisor
    ):
        with pytest.raises(NotAllowed):
            offer_cases(by=supervisor, cases=[(case, colleague.staff)])
        for receiver in (worker.staff, stranger.staff):
            with pytest.raises(Refused):
                offer_cases(by=worker, cases=[(case, receiver)])
        [offer] = offer_cases(by=worker, cases=[(case, colleague.staff)])
        with pytest.raises(Refused, match="等别人确认"):
            offer_cases(by=worker, cases=[(case, colleague.staff)])
        with pytest.raises(NotAllowed):
            answer_offer(by=stranger, offer=offer, take=True)

    def test_whose_worker_has_left_stands_in_the_heads_list_and_nobody_is_told_else(self, case, worker, head):
        assert not list(kept_by(worker.staff))
        Posting.objects.filter(staff=worker.staff_id).update(ends_on=TODAY - timedelta(days=1))
        assert list(unkept(again(head), TODAY)) == [case]

    def test_with_the_families_on_one_page(self, city, case, worker, colleague, client_for):
        client, address = client_for(worker), f"/handover/of/{worker.staff_id}"
        assert case.number in client.get(address).content.decode()
        typed = {"starts_on": "2020-06-06", "reason": "leaving", f"case-{case.pk}": str(colleague.staff_id)}
        assert client.post(address, typed).status_code == 302
        page = client_for(colleague).get("/handover/").content.decode()
        assert case.number in page
        assert "陈小树" not in page
        assert case.number in client_for(worker).get("/handover/").content.decode()


def forgotten(city, person, head, officer) -> None:
    asked = {"basis": ErasureBasis.ASKED, "reason": "本人于6月1日书面要求删除"}
    row = ask_erasure(by=head, station=city.chengdong, people=[person], **asked)[0]
    decide_erasure(by=officer, erasure=row, agrees=True, answer="材料齐全")


class TestEndings:
    def test_whoever_closes_a_station_is_told_nothing_and_its_successor_takes_charge(
        self, city, case, sysadmin, neighbour
    ):
        assert "个案" not in str(list(kept_at(city.chengdong, TODAY)))
        close_unit(by=sysadmin, unit=city.chengdong, ends_on=TODAY, to=city.haicheng, move_staff=True, version=1)
        found = Case.objects.get()
        assert (found.charge, found.station) == (city.haicheng, city.chengdong)
        assert not cases_visible_to(again(neighbour)).exists()

    def test_whoever_takes_back_a_person_is_not_hindered(self, case, child):
        """Nor told: nothing that looks at what hangs on a person, a family or a record finds a case."""
        rooms = {
            relation.related_model._meta.app_label
            for model in (Person, Household, ServiceRecord)
            for relation in model._meta.get_fields(include_hidden=True)
            if relation.related_model
        }
        assert "cases" not in rooms
        child.memberships.all().delete()
        child.delete()
        assert [one.name for one in clients_of([case.pk])[case.pk]] == ["陈小树"]

    def test_forgetting_whom_it_was_about_leaves_no_word(self, city, case, worker, head, officer, child):
        a_session(case, worker, process=f"陈小树说{WORDS}")
        assess(by=worker, case=case, entry=AssessmentEntry(TODAY, social=WORDS, needs=WORDS))
        forgotten(city, child, head, officer)
        found = Case.objects.get()
        assert (found.presenting, CaseClient.objects.get().name) == ("", "")
        assert {row.process for row in Session.history.all()} == {""}
        assert found.stage == "intake"  # what counts is as it was

    def test_of_a_case_about_two_only_the_name_goes(self, city, worker, head, officer, family, child):
        entry = said(family.people[0], child, presenting=f"陈小树{WORDS}")
        a_case(city.chengdong, worker, family, entry=entry)
        forgotten(city, child, head, officer)
        found = Case.objects.get()
        assert WORDS in found.presenting
        assert "陈小树" not in found.presenting
