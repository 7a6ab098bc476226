"""The pages of cases: for whoever may know of one; for everybody else there is nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuangbai.cases.actions.working import PlanEntry, drop_goal, drop_old_drafts, plan_case
from shuangbai.cases.models import Assessment, Case, CaseDraft, Closing, Goal, Plan, Session
from shuangbai.core import clock
from shuangbai.core.ids import random_id
from tests.cases.short import WORDS, a_case, a_goal, a_session, closed, moved
from tests.cast import TODAY, a_family, a_file

pytestmark = pytest.mark.django_db


def intake(child, **more):
    return {
        "people": [str(child.pk)], "source": "visit", "kind": "child", "urgency": "usual", "presenting": WORDS,
        "opened_on": "2020-06-06", "accepts": "yes", "accept_reason": "能帮上", "consent": "spoken", "risk": "",
        "client_id": str(random_id()), **more,
    }  # fmt: skip


class TestOpening:
    def test_from_the_familys_page_with_what_is_known_filled_in(self, client_for, worker, family, child, supervisor):
        client = client_for(worker)
        home = client.get(f"/families/{family.household.pk}/").content.decode()
        address = f"/cases/new?family={family.household.pk}"
        assert f'href="{address}"' in home
        page = client.get(f"{address}&person={child.pk}").content.decode()
        assert "陈小树" in page
        assert f'value="{supervisor.pk}" selected' in page  # the only one
        answer = client.post(address, intake(child))
        case = Case.objects.get()
        assert answer["Location"] == f"/cases/{case.pk}/"
        assert (case.presenting, case.accepted_on, case.consent_on) == (WORDS, TODAY, TODAY)

    def test_without_a_family_one_is_asked_for(self, client_for, worker):
        assert "哪一户" in client_for(worker).get("/cases/new").content.decode()

    def test_what_was_typed_stays(self, client_for, worker, family, child):
        address = f"/cases/new?family={family.household.pk}"
        answer = client_for(worker).post(address, intake(child, kind="", opened_on="2020-06-09"))
        assert answer.status_code == 422
        assert WORDS in answer.content.decode()


class TestTheCase:
    def test_says_how_far_it_is_what_is_missing_and_what_comes_next(self, client_for, worker, case):
        case = moved(case, worker, "act")
        a_session(case, worker, next_on=date(2020, 6, 9))
        page = client_for(worker).get(f"/cases/{case.pk}/").content.decode()
        for words in (case.number, "陈小树", "第 1 节", "2020-06-09", "预估表", "起缺", "下一步：评估", "记会谈"):
            assert words in page, words

    def test_is_not_there_for_anybody_else(self, client_for, city, case):
        for name in ("colleague", "neighbour", "stranger", "officer", "sysadmin"):
            client = client_for(city.users[name])
            assert client.get(f"/cases/{case.pk}/").status_code == 404
            assert client.get(f"/cases/{random_id()}/").status_code == 404

    def test_the_supervisor_reads_and_may_only_say_what_they_think(self, client_for, supervisor, case):
        client = client_for(supervisor)
        page = client.get(f"/cases/{case.pk}/").content.decode()
        assert "说意见" in page
        assert "记会谈" not in page
        assert client.get(f"/cases/{case.pk}/sessions/new").status_code == 404
        assert client.post(f"/cases/{case.pk}/views", {"kind": "comment", "text": "早点入户"}).status_code == 302
        assert "早点入户" in client.get(f"/cases/{case.pk}/").content.decode()

    def test_each_of_its_forms_saves_and_leads_back(self, client_for, worker, case, child):
        client, base = client_for(worker), f"/cases/{case.pk}"
        for address, typed in (
            ("/assessments/new", {"assessed_on": "2020-06-01", "needs": "有人照看\n按时上学"}),
            ("/plan", {"planned_on": "2020-06-01", "purpose": "安全", "version": "0"}),
            ("/goals/new", {"statement": "上学", "indicator": "迟到次数", "target": "一次以内", "scale": "gas",
                            "due_on": "2020-07-01", "set_on": "2020-06-01", "weight": "1"}),
            ("/sessions/new", {"held_on": "2020-06-05", "minutes": "40", "mode": "home", "process": "谈了上学",
                               "worker": str(worker.staff_id), "people": [str(child.pk)]}),
            ("/evaluations/new", {"evaluated_on": "2020-06-05", "outcome": "好转", "satisfaction": "4"}),
            ("/risk", {"level": "high", "risk_reason": "独自在家", "on": "2020-06-06"}),
        ):  # fmt: skip
            assert client.get(base + address).status_code == 200
            answer = client.post(base + address, {"client_id": str(random_id()), **typed})
            assert (address, answer.status_code) == (address, 302)
        goal = Goal.objects.get()
        typed = {"value": "0", "rated_on": "2020-06-06", "note": "班主任说的"}
        assert client.post(f"{base}/goals/{goal.pk}/rate", typed).status_code == 302
        page = client.get(f"{base}/").content.decode()
        for words in ("按时上学", "谈了上学", "在场：陈小树", "满意", "风险高", "达成"):
            assert words in page, words
        assert Assessment.objects.count() == Plan.objects.count() == Session.objects.count() == 1

    def test_a_goal_that_was_given_up_is_taken_up_again_from_the_cases_page(self, client_for, worker, case):
        client, base = client_for(worker), f"/cases/{case.pk}"
        goal = drop_goal(by=worker, goal=a_goal(case, worker), version=1, reason="随父亲去深圳")
        address = f"{base}/goals/{goal.pk}/resume"
        assert address in client.get(f"{base}/").content.decode()
        answer = client.post(address, {"reason": "", "version": "2"})
        assert (answer.status_code, "请写明原因" in answer.content.decode()) == (422, True)
        assert client.post(address, {"reason": "父亲回来了", "version": "2"}).status_code == 302
        page = client.get(f"{base}/").content.decode()
        assert "重新追求：父亲回来了" in page
        assert address not in page
        assert client.post(address, {"reason": "父亲回来了", "version": "2"}).status_code == 409

    def test_of_a_closed_case_it_is_not_offered_and_refused(self, client_for, worker, case):
        goal = drop_goal(by=worker, goal=a_goal(case, worker), version=1, reason="随父亲去深圳")
        closed(case, worker)
        client, address = client_for(worker), f"/cases/{case.pk}/goals/{goal.pk}/resume"
        assert address not in client.get(f"/cases/{case.pk}/").content.decode()
        answer = client.post(address, {"reason": "父亲回来了", "version": "2"})
        assert answer.status_code == 422
        assert "先重开个案" in answer.content.decode()

    def test_of_a_closed_case_no_goal_is_offered_to_be_set_or_given_up(self, client_for, worker, case):
        goal, client, page = a_goal(case, worker), client_for(worker), f"/cases/{case.pk}/"
        offered = [f"{page}goals/new", f"{page}goals/{goal.pk}/end"]
        assert all(address in client.get(page).content.decode() for address in offered)
        closed(case, worker)
        told = client.get(page).content.decode()
        assert not any(f'href="{address}"' in told for address in offered)
        assert f"{page}goals/{goal.pk}/rate" in told  # what was seen before the closing may come late

    def test_a_goal_without_a_measure_comes_back_with_the_rest(self, client_for, worker, case):
        typed = {"statement": "上学好", "indicator": "", "target": "一次以内", "due_on": "2020-07-01", "scale": "gas",
                 "set_on": "2020-06-01", "weight": "1"}  # fmt: skip
        answer = client_for(worker).post(f"/cases/{case.pk}/goals/new", typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "怎样衡量" in page
        assert "上学好" in page

    def test_closed_from_its_page_without_a_word_lost(self, client_for, worker, case):
        case, client = moved(case, worker, "close"), client_for(worker)
        address = f"/cases/{case.pk}/closing"
        typed = {"summary": "做了什么", "reason": "", "months": "1、3", "on": "2020-06-06", "does": "close",
                 "version": str(case.version)}  # fmt: skip
        answer = client.post(address, typed)
        assert answer.status_code == 422
        assert "请选结案原因" in answer.content.decode()
        assert "做了什么" in answer.content.decode()
        assert client.post(address, {**typed, "reason": "reached", "months": "x"}).status_code == 422
        assert client.post(address, {**typed, "reason": "reached"}).status_code == 302
        assert Closing.objects.get().months == [1, 3]
        page = client.get(f"/cases/{case.pk}/").content.decode()
        assert "2020-07-06" in page
        assert client.get(address).status_code == 404


class TestTwoAtOnce:
    def test_the_second_who_moves_it_is_told_what_stands_and_keeps_the_reason(self, client_for, worker, head, case):
        typed = {"to": "assess", "on": "2020-06-06", "reason": "已入户看过", "version": "1"}
        assert client_for(head).post(f"/cases/{case.pk}/move", typed).status_code == 302
        client = client_for(worker)
        answer = client.post(f"/cases/{case.pk}/move", typed)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "陈丽娟" in page
        assert "现在在“预估”" in page
        assert "已入户看过" in page
        assert 'name="version" value="2"' in page
        assert client.post(f"/cases/{case.pk}/move", {**typed, "to": "plan", "version": "2"}).status_code == 302

    def test_the_second_who_writes_the_plan_sees_both(self, client_for, worker, head, case):
        plan_case(by=worker, case=case, version=0, entry=PlanEntry(TODAY, purpose="安全"))
        client, address = client_for(head), f"/cases/{case.pk}/plan"
        typed = {"planned_on": "2020-06-06", "purpose": "上学", "version": "0"}
        answer = client.post(address, typed)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "林小燕" in page
        assert "安全" in page
        assert "上学" in page
        assert client.post(address, {**typed, "version": "1"}).status_code == 302
        assert Plan.objects.get().purpose == "上学"

    def test_and_the_closing(self, client_for, worker, head, case):
        typed = {"summary": "我写的", "months": "", "does": "save", "version": "1"}
        assert client_for(head).post(f"/cases/{case.pk}/closing", {**typed, "summary": "站长写的"}).status_code == 302
        answer = client_for(worker).post(f"/cases/{case.pk}/closing", typed)
        assert answer.status_code == 409
        assert "站长写的" in answer.content.decode()
        assert "我写的" in answer.content.decode()


class TestDrafts:
    def test_what_is_not_saved_waits_for_whoever_typed_it(self, client_for, worker, head, case):
        client, address = client_for(worker), f"/cases/{case.pk}/drafts/session"
        answer = client.post(address, {"process": WORDS, "people": ["x"]}, headers={"X-Draft": "1"})
        assert (answer.status_code, answer.headers["X-Draft-Kept"]) == (204, f"{clock.now():%H:%M}")
        assert WORDS in client.get(f"/cases/{case.pk}/sessions/new").content.decode()
        assert WORDS not in client_for(head).get(f"/cases/{case.pk}/sessions/new").content.decode()
        typed = {"held_on": "2020-06-05", "minutes": "40", "mode": "home", "process": WORDS, "client_id": random_id(),
                 "worker": str(worker.staff_id)}  # fmt: skip
        client.post(f"/cases/{case.pk}/sessions/new", typed)
        assert not CaseDraft.objects.exists()

    def test_thrown_away_by_hand_or_after_thirty_days(self, client_for, worker, case):
        client, address = client_for(worker), f"/cases/{case.pk}/drafts/plan"
        client.post(address, {"purpose": "安全"})
        client.post(f"{address}/drop")
        assert not CaseDraft.objects.exists()
        client.post(address, {"purpose": "安全"})
        assert drop_old_drafts() == 0
        CaseDraft.objects.update(updated_at=clock.at(date(2020, 5, 1)))
        assert drop_old_drafts() == 1

    def test_only_of_forms_that_are_there_and_of_a_case_one_writes_in(self, client_for, worker, colleague, case):
        assert client_for(worker).post(f"/cases/{case.pk}/drafts/nothing", {}).status_code == 404
        assert client_for(colleague).post(f"/cases/{case.pk}/drafts/plan", {}).status_code == 404


class TestLists:
    def queries(self, client, address) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    @pytest.mark.parametrize("address", ["/cases/", "/cases/?closed", "/"])
    def test_ask_as_often_for_ten_as_for_two(self, client_for, city, worker, address):
        client = client_for(worker)

        def two() -> None:
            for _ in range(2):
                family = a_family(city.chengdong, worker)
                case = a_case(city.chengdong, worker, family)
                a_goal(case, worker)
                a_session(case, worker, next_on=TODAY)
                if "closed" in address:
                    closed(case, worker)

        two()
        self.queries(client, address)
        few = self.queries(client, address)
        for _ in range(4):
            two()
        assert self.queries(client, address) == few

    def test_the_supervisors_list_asks_as_often_too(self, client_for, city, worker, supervisor):
        client = client_for(supervisor)
        for _ in range(2):
            a_case(city.chengdong, worker, a_family(city.chengdong, worker), supervisor_id=supervisor.pk)
        self.queries(client, "/cases/waiting")
        few = self.queries(client, "/cases/waiting")
        for _ in range(4):
            a_case(city.chengdong, worker, a_family(city.chengdong, worker), supervisor_id=supervisor.pk)
        assert self.queries(client, "/cases/waiting") == few

    def test_what_comes_next_stands_first_and_on_today(self, client_for, city, worker, case):
        other = a_case(city.chengdong, worker, a_family(city.chengdong, worker))
        a_session(case, worker, next_on=date(2020, 6, 1))
        page = client_for(worker).get("/cases/").content.decode()
        assert page.index(case.number) < page.index(other.number)
        assert "逾期" in page
        today = client_for(worker).get("/").content.decode()
        assert case.number in today
        assert other.number not in today

    def test_a_plan_that_waits_for_the_supervisor_is_told(self, client_for, city, worker, supervisor, family):
        case = a_case(city.chengdong, worker, family, risk="high", supervisor_id=supervisor.pk)
        assert "等督导对计划的意见" not in client_for(supervisor).get("/cases/waiting").content.decode()
        plan_case(by=worker, case=case, version=0, entry=PlanEntry(TODAY, purpose="安全"))
        assert "等督导对计划的意见" in client_for(supervisor).get("/cases/waiting").content.decode()
        assert "件个案等您说意见" in client_for(supervisor).get("/").content.decode()

    def test_the_pages_of_family_and_person_tell_those_of_the_case(
        self, client_for, worker, colleague, case, family, child
    ):
        a_file(family, worker)
        for address in (f"/families/{family.household.pk}/", f"/people/{child.pk}/"):
            assert case.number in client_for(worker).get(address).content.decode()
            assert case.number not in client_for(colleague).get(address).content.decode()

    def test_a_citys_list_says_not_how_many_cases_keep_an_item(self, client_for, officer, case):
        page = client_for(officer).get("/setup/codes/case.kind/").content.decode()
        assert "儿童保护" in page
        assert "保密" in page
