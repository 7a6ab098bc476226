"""Pages of projects: set up, the ledger, meetings; problems, the pages for anybody; who sees what, how many queries."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuangbai.core.findings import Refused
from shuangbai.core.models import AuditEvent
from shuangbai.projects.actions import problems
from shuangbai.projects.actions.ledger import describe_line, reverse_line
from shuangbai.projects.actions.projects import show_ledger
from shuangbai.projects.entries import ProblemEntry
from shuangbai.projects.enums import LineKind
from shuangbai.projects.models import LedgerLine, Meeting, Problem, ProblemBox, Project
from shuangbai.projects.rules import DAILY_MOST, WAITING_MOST
from tests.cast import TODAY
from tests.projects.conftest import a_line, a_meeting, a_project, sent

pytestmark = pytest.mark.django_db
Text = Callable[[Any], str]


def filled(by: Any, **more: Any) -> dict[str, Any]:
    said = {"title": "村口小广场", "begun_on": "2020-04-01", "origin": "villagers", "worker": str(by.staff_id)}
    return said | {"client_id": str(uuid.uuid4()), "problem": "旧厕所成了垃圾堆"} | more


class TestAProject:
    def test_it_is_set_up_changed_and_shown(self, client_for, worker, text_of: Text) -> None:
        client = client_for(worker)
        page = text_of(client.post("/projects/new", filled(worker), follow=True))
        for said in ("村口小广场", "旧厕所成了垃圾堆", "调研", "还没有一笔账", "没有公开"):
            assert said in page
        made = Project.objects.get()
        page = text_of(client.post(f"/projects/{made.pk}/edit", filled(worker, version="1", aim="能坐"), follow=True))
        assert "能坐" in page

    def test_the_second_to_save_sees_both_versions(self, client_for, worker, head, project, text_of: Text) -> None:
        edit = f"/projects/{project.pk}/edit"
        assert client_for(head).post(edit, filled(head, version="1", aim="能乘凉")).status_code == 302
        answer = client_for(worker).post(edit, filled(worker, version="1", aim="能坐"))
        assert answer.status_code == 409
        assert all(said in text_of(answer) for said in ("能乘凉", "能坐", "陈丽娟"))

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [({"title": ""}, "请填写项目名称"), ({"begun_on": "2020-07-01"}, "今天之后"), ({"worker": "x"}, "请重新选择"),
         ({"begun_on": "2016-01-01"}, "早于本站开站日期")],
    )  # fmt: skip
    def test_what_is_wrong_is_told_and_what_was_typed_stays(
        self, client_for, worker, text_of: Text, wrong, said
    ) -> None:
        answer = client_for(worker).post("/projects/new", filled(worker, **wrong))
        assert answer.status_code == 422
        assert said in text_of(answer)
        assert "旧厕所成了垃圾堆" in text_of(answer)

    def test_each_kind_of_line_asks_for_its_own(self, client_for, worker, project, text_of: Text) -> None:
        client, where = client_for(worker), f"/projects/{project.pk}/ledger"
        assert "怎样估的" not in text_of(client.get(f"{where}/cash"))
        assert "怎样估的" in text_of(client.get(f"{where}/goods"))
        assert "同意" not in text_of(client.get(f"{where}/spent"))
        assert client.get(f"{where}/gold").status_code == 404
        said = {"what": "水泥", "quantity": "60", "unit": "袋", "giver": "person", "name": "卓海生", "value": "1500",
                "valued_by": "market", "occurred_on": "2020-05-10"}  # fmt: skip
        page = text_of(client.post(f"{where}/goods", said, follow=True))
        assert all(one in page for one in ("60 袋", "1,500.00", "市价", "卓海生"))

    def test_overspending_is_asked_about_and_saved_once_it_was_read(
        self, client_for, worker, project, text_of: Text
    ) -> None:
        client, where = client_for(worker), f"/projects/{project.pk}/ledger/spent"
        said = {"what": "地砖", "amount": "80", "occurred_on": "2020-05-10"}
        answer = client.post(where, said)
        assert answer.status_code == 422
        assert "-80.00" in text_of(answer)
        page = text_of(client.post(where, said | {"acknowledged": "on"}, follow=True))
        assert "支出比收到的现金多 80.00 元" in page

    def test_a_line_is_taken_back_on_its_page(self, client_for, worker, project, text_of: Text) -> None:
        line = a_line(project, worker)
        client = client_for(worker)
        assert "冲回这一笔" in text_of(client.get(f"/projects/ledger/{line.pk}/"))
        where = f"/projects/ledger/{line.pk}/reverse"
        assert client.post(where, {"occurred_on": "2020-06-01", "reason": "", "version": "1"}).status_code == 422
        told = {"occurred_on": "2020-06-01", "reason": "本人收回", "version": "1"}
        page = text_of(client.post(where, told, follow=True))
        assert "冲回第 1 号：本人收回" in page
        assert "冲回这一笔" not in text_of(client.get(f"/projects/ledger/{line.pk}/"))

    def test_the_bureau_reads_numbers_bodies_and_family_names(
        self, client_for, worker, officer, project, text_of: Text
    ) -> None:
        a_line(project, worker)
        a_line(project, worker, giver="unit", name="顺发建材店")
        page = text_of(client_for(officer).get(f"/projects/{project.pk}/"))
        assert "卓**" in page
        assert "顺发建材店" in page
        assert "卓海生" not in page
        assert "旧厕所成了垃圾堆" not in page

    def test_the_page_takes_as_many_queries_with_many_lines(self, client_for, worker, project, city) -> None:
        client, url = client_for(worker), f"/projects/{project.pk}/"
        a_line(project, worker)
        a_meeting(city.chengdong, worker, project=project)

        def asked() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            return len(captured)

        asked()  # what a process remembers
        before = asked()
        for number in range(6):
            a_line(project, worker)
            a_meeting(city.chengdong, worker, project=project, title=f"第 {number} 次")
        assert asked() == before
        assert before < 40

    def test_the_list_takes_as_many_queries_with_many_projects(self, client_for, worker, project, city) -> None:
        client = client_for(worker)

        def asked() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get("/projects/").status_code == 200
            return len(captured)

        asked()  # what a process remembers
        before = asked()
        for number in range(4):
            a_project(city.chengdong, worker, title=f"项目 {number}")
        assert asked() == before


class TestMeetings:
    def test_it_is_recorded_corrected_and_listed(self, client_for, worker, project, text_of: Text) -> None:
        client = client_for(worker)
        said = {
            "occurred_on": "2020-05-10", "title": "旧厕所拆不拆", "kind": "deliberation", "people": "26",
            "method": "signed", "project": str(project.pk), "workers": [str(worker.staff_id)], "decisions": "拆",
        }  # fmt: skip
        page = text_of(client.post(f"/meetings/new?project={project.pk}", said, follow=True))
        assert "旧厕所拆不拆" in page
        row = Meeting.objects.get()
        more = {"version": "1", "reason": "人数写错", "people": "28"}
        page = text_of(client.post(f"/meetings/{row.pk}/correct", said | more, follow=True))
        assert all(one in page for one in ("28", "人数写错", "更正历史"))
        answer = client.post(f"/meetings/{row.pk}/correct", said | more)
        assert answer.status_code == 409
        assert "旧厕所拆不拆" in text_of(client.get("/records/?kind=meeting"))


class TestProblems:
    def test_a_villager_says_what_is_wrong_and_reads_the_answer(
        self, client_for, worker, box, city, text_of: Text
    ) -> None:
        anybody, url = Client(), f"/village-matters/{box.token}"
        assert "怎样称呼您" in text_of(anybody.get(url))
        answer = anybody.post(url, sent(city.chengdong, name="阿海伯", phone="13900004321"), follow=True)
        page = text_of(answer)
        assert "还没有答复" in page
        assert "13900004321" not in page
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        row = Problem.objects.get()
        told = {"state": "not_ours", "answer": "已报镇里，本周来修", "version": "1"}
        assert client_for(worker).post(f"/problems/{row.pk}/", told).status_code == 302
        page = text_of(anybody.get(f"/village-matters/answer/{row.token}"))
        assert "已报镇里，本周来修" in page

    @pytest.mark.parametrize("phone", ["123", "晚上打"])
    def test_a_telephone_that_nobody_can_dial_is_asked_for_again(self, box, city, phone: str, text_of: Text) -> None:
        answer = Client().post(f"/village-matters/{box.token}", sent(city.chengdong, name="阿海伯", phone=phone))
        assert answer.status_code == 422
        page = text_of(answer)
        assert "手机写 11 位数字" in page
        assert f'value="{phone}"' in page
        assert not Problem.objects.exists()

    def test_sent_twice_it_is_one(self, box, city) -> None:
        said = sent(city.chengdong)
        for _ in range(2):
            assert Client().post(f"/village-matters/{box.token}", said).status_code == 302
        assert Problem.objects.count() == 1

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [({"what": " "}, "请写是什么事"), ({"website": "http://spam"}, "给机器人留的空"), ({"made": "x"}, "不完整")],
    )
    def test_what_a_robot_sends_is_not_kept(self, box, city, text_of: Text, wrong, said) -> None:
        answer = Client().post(f"/village-matters/{box.token}", sent(city.chengdong, place="村口", **wrong))
        assert answer.status_code == 422
        assert said in text_of(answer)
        assert "村口" in text_of(answer)
        assert not Problem.objects.exists()

    def test_a_flood_ends_at_the_ceiling_of_the_day_and_loses_nothing_typed(self, box, city, text_of: Text) -> None:
        entry = [ProblemEntry(f"第 {number} 件", TODAY) for number in range(DAILY_MOST)]
        for one in entry:
            problems.send_problem(box=box, entry=one)
        answer = Client().post(f"/village-matters/{box.token}", sent(city.chengdong))
        assert answer.status_code == 422
        assert "请明天再交" in text_of(answer)
        assert "榕树下的路灯不亮" in text_of(answer)
        assert Problem.objects.count() == DAILY_MOST

    def test_many_that_wait_close_the_page_until_somebody_answers(self, box) -> None:
        for number in range(WAITING_MOST):
            problems.send_problem(box=box, entry=ProblemEntry(f"第 {number} 件", TODAY))
            Problem.objects.update(raised_on=date(2020, 5, 1))
        with pytest.raises(Refused, match="还有很多问题没有答复"):
            problems.send_problem(box=box, entry=ProblemEntry("再一件", TODAY))

    def test_a_page_that_is_shut_or_renewed_is_not_there(self, client_for, worker, box) -> None:
        old = f"/village-matters/{box.token}"
        assert client_for(worker).post("/problems/box", {"to": "renew", "version": "1"}).status_code == 302
        assert Client().get(old).status_code == 404
        now = ProblemBox.objects.get()
        assert Client().get(f"/village-matters/{now.token}").status_code == 200
        client_for(worker).post("/problems/box", {"to": "off", "version": "2"})
        assert Client().get(f"/village-matters/{now.token}").status_code == 404
        with pytest.raises(Refused, match="不收了"):
            problems.send_problem(box=now, entry=ProblemEntry("路灯不亮", TODAY))

    def test_a_project_comes_of_it_with_its_words(self, client_for, worker, box, text_of: Text) -> None:
        row = problems.send_problem(box=box, entry=ProblemEntry("旧厕所成了垃圾堆", TODAY, place="村口"))
        client, where = client_for(worker), f"/projects/new?problem={row.pk}"
        page = text_of(client.get(where))
        assert "旧厕所成了垃圾堆" in page
        client.post(where, filled(worker))
        row.refresh_from_db()
        assert (row.state, row.project) == ("project", Project.objects.get())
        assert "村口小广场" in row.answer

    def test_a_telephone_is_opened_for_a_reason_that_goes_into_the_trail(
        self, client_for, worker, supervisor, box, text_of: Text
    ) -> None:
        row = problems.send_problem(box=box, entry=ProblemEntry("路灯不亮", TODAY, phone="13900004321"))
        client = client_for(worker)
        assert "13900004321" not in text_of(client.get(f"/problems/{row.pk}/"))
        assert client.post(f"/problems/{row.pk}/unmask", {"reason": ""}).status_code == 302
        assert "13900004321" in text_of(client.post(f"/problems/{row.pk}/unmask", {"reason": "reach"}))
        assert AuditEvent.objects.filter(kind="problem.unmasked").count() == 1
        assert client_for(supervisor).post(f"/problems/{row.pk}/unmask", {"reason": "reach"}).status_code == 404

    def test_two_who_answer_at_once_see_both(self, client_for, worker, head, box, text_of: Text) -> None:
        row = problems.send_problem(box=box, entry=ProblemEntry("路灯不亮", TODAY))
        told = {"state": "answered", "version": "1"}
        assert client_for(head).post(f"/problems/{row.pk}/", told | {"answer": "明天修"}).status_code == 302
        answer = client_for(worker).post(f"/problems/{row.pk}/", told | {"answer": "后天修"})
        assert answer.status_code == 409
        assert all(one in text_of(answer) for one in ("明天修", "后天修"))

    @pytest.mark.parametrize(
        ("change", "name"),
        [
            ({"what": ""}, "problem_says_something"), ({"raiser": "station"}, "problem_is_somebodys"),
            ({"state": "answered"}, "problem_is_answered_in_words"),
            ({"state": "project", "answer": "好", "answered_on": TODAY}, "problem_is_put_to_a_project"),
        ],
    )  # fmt: skip
    def test_the_database_refuses_nonsense(self, box, change, name) -> None:
        row = problems.send_problem(box=box, entry=ProblemEntry("路灯不亮", TODAY))
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Problem.objects.filter(pk=row.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            ProblemBox.objects.filter(pk=box.pk).update(token="")
        other = problems.send_problem(box=box, entry=ProblemEntry("另一件", TODAY))
        with pytest.raises(IntegrityError), transaction.atomic():
            Problem.objects.filter(pk=other.pk).update(client_id=row.client_id)


class TestThePublicLedger:
    def test_anybody_checks_it_and_reads_names_by_consent_alone(self, worker, project, text_of: Text) -> None:
        mine = a_line(project, worker)
        a_line(project, worker, name="施玉莲", giver="unit")
        a_line(project, worker, name="颜秀琴", what="在深圳开店", amount=Decimal(1))
        a_line(project, worker, LineKind.SPENT, name="老王挖机")
        said = {"name": "卓海生", "named": True, "receipt": "0007", "thanked_on": None}
        describe_line(by=worker, line=mine, version=1, said=said)
        project = show_ledger(by=worker, project=project, version=1, public=True)
        url = f"/square/{project.token}"
        page = text_of(Client().get(url))
        for one in ("卓海生", "0007", "爱心单位", "买地砖", "351.00"):
            assert one in page
        for one in ("施玉莲", "老王挖机", "旧厕所成了垃圾堆", "在深圳开店"):
            assert one not in page

    def test_what_was_taken_back_stands_beside_what_was_given(self, worker, project, text_of: Text) -> None:
        line = a_line(project, worker)
        reverse_line(by=worker, line=line, version=1, on=TODAY, reason="本人收回")
        project = show_ledger(by=worker, project=project, version=1, public=True)
        page = text_of(Client().get(f"/square/{project.token}"))
        assert "冲回第 1 号：本人收回" in page
        assert LedgerLine.objects.count() == 2

    def test_switched_off_it_is_as_if_it_were_not(self, client_for, worker, project) -> None:
        assert Client().get(f"/square/{project.token}").status_code == 404
        client, where = client_for(worker), f"/projects/{project.pk}/public"
        client.post(where, {"to": "on", "version": "1"})
        project.refresh_from_db()
        assert Client().get(f"/square/{project.token}").status_code == 200
        client.post(where, {"to": "renew", "version": "2"})
        assert Client().get(f"/square/{project.token}").status_code == 404
        client.post(where, {"to": "off", "version": "3"})
        project.refresh_from_db()
        assert Client().get(f"/square/{project.token}").status_code == 404

    def test_it_takes_as_many_queries_with_many_lines(self, worker, project) -> None:
        project = show_ledger(by=worker, project=project, version=1, public=True)
        a_line(project, worker)

        def asked() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert Client().get(f"/square/{project.token}").status_code == 200
            return len(captured)

        asked()  # what a process remembers
        before = asked()
        for _ in range(5):
            a_line(project, worker)
        assert asked() == before
