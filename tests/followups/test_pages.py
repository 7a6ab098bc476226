"""Pages of follow-up: the list, a station for its head, grading, tasks, and what a city decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuangbai.followups.actions import TaskEntry, ask_task
from shuangbai.followups.models import Task
from shuangbai.households.enums import Relation
from shuangbai.households.files import grade_files
from shuangbai.households.grades import Schemes, floors_on
from shuangbai.households.models import Category, CategoryFloor, FileGrade, FileWorker
from shuangbai.network.models import User
from tests.cast import TODAY, City, a_family, a_file, a_member, a_visit

Asks = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def a_graded_family(city: City, worker: User, name: str = "曾秀英", grade: str = "yellow", **more: Any) -> Any:
    family = a_family(city.chengdong, worker, members=[a_member(name, Relation.HEAD)], **more)
    file = a_file(family, worker)
    grade_files(by=worker, entries=[(file, grade, date(2020, 1, 10), "近期出院")])
    return family, file


def page_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


class TestTheList:
    def test_by_state_village_and_worker(self, client_for: Asks, city: City, worker: User) -> None:
        a_graded_family(city, worker, "黄迟")
        good, _ = a_graded_family(city, worker, "林好", village=city.beiping)
        a_visit(city.chengdong, worker, good, on=date(2020, 6, 1))
        client = client_for(worker)
        assert all(name in page_of(client, "/due/") for name in ("黄迟户", "林好户"))
        assert "林好户" not in page_of(client, "/due/?state=overdue")
        assert "黄迟户" not in page_of(client, f"/due/?village={city.beiping.pk}")
        assert "黄迟户" in page_of(client, f"/due/?worker={worker.staff_id}&state=now")
        assert "没有符合条件的家庭" in page_of(client, "/due/?state=soon")
        assert "黄迟户" in page_of(client, "/due/?state=nonsense&worker=x&page=99")

    def test_it_asks_the_same_for_one_family_and_for_six(self, client_for: Asks, city: City, worker: User) -> None:
        counts = []
        for more in (1, 5):
            for _ in range(more):
                family, _file = a_graded_family(city, worker)
                a_visit(city.chengdong, worker, family)
            client = client_for(worker)
            client.get("/due/")
            with CaptureQueriesContext(connection) as asked:
                client.get("/due/")
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestTheStation:
    def test_the_head_hands_files_over_and_takes_them_back(
        self, client_for: Asks, city: City, worker: User, head: User, colleague: User
    ) -> None:
        _, file = a_graded_family(city, worker, "黄迟")
        client = client_for(head)
        page = page_of(client, "/due/station/")
        assert "黄迟户" in page
        assert "林小燕" in page
        said = {"file": [str(file.pk)], "to": str(colleague.staff_id)}
        answer = client.post("/due/station/share", said, follow=True)
        assert "已转手 1 户" in answer.content.decode()
        assert "林小燕 → 黄建国" in answer.content.decode()
        assert FileWorker.objects.get(file=file, ends_on=None).staff == colleague.staff
        client.post("/due/station/give-back", {"file": [str(file.pk)]})
        assert FileWorker.objects.get(file=file).staff == worker.staff
        assert "今天转手的" not in page_of(client, "/due/station/")

    def test_nothing_ticked_is_said_and_nothing_lost(
        self, client_for: Asks, city: City, worker: User, head: User
    ) -> None:
        _, file = a_graded_family(city, worker)
        answer = client_for(head).post("/due/station/share", {"file": [str(file.pk)], "to": ""})
        assert answer.status_code == 422
        assert "checked" in answer.content.decode()
        assert client_for(head).post("/due/station/share", {}).status_code == 422

    def test_one_without_a_worker_stands_there(self, client_for: Asks, city: City, worker: User, head: User) -> None:
        _, file = a_graded_family(city, worker, "黄无")
        file.workers.all().delete()
        assert "没有负责社工" in page_of(client_for(head), "/due/station/?worker=none")

    def test_it_asks_the_same_for_one_family_and_for_six(
        self, client_for: Asks, city: City, worker: User, head: User
    ) -> None:
        counts = []
        for more in (1, 5):
            for _ in range(more):
                a_graded_family(city, worker)
            client = client_for(head)
            client.get("/due/station/")
            with CaptureQueriesContext(connection) as asked:
                client.get("/due/station/")
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestGrading:
    def test_a_grade_is_given_with_its_reason_and_the_history_shows(
        self, client_for: Asks, city: City, worker: User
    ) -> None:
        family, file = a_graded_family(city, worker)
        client, url = client_for(worker), f"/families/{family.household.pk}/grade"
        assert "近期出院" in page_of(client, url)
        wrong = client.post(url, {"grade": "red", "starts_on": "2020-06-06", "reason": ""})
        assert wrong.status_code == 422
        assert "请写明定级理由" in wrong.content.decode()
        client.post(url, {"grade": "red", "starts_on": "2020-06-06", "reason": "独居，跌倒过"})
        assert FileGrade.objects.get(file=file, ends_on=None).grade == "red"
        assert "由「黄」升为「红」" in page_of(client, f"/families/{family.household.pk}/")


class TestTasks:
    def test_a_supervisor_asks_and_the_worker_answers(
        self, client_for: Asks, city: City, worker: User, supervisor: User
    ) -> None:
        family, _ = a_graded_family(city, worker)
        said = {"subject": "问清谁照料", "due_on": "2020-06-10", "by_visit": "on"}
        answer = client_for(supervisor).post(f"/families/{family.household.pk}/tasks/new", said)
        assert answer.status_code == 302
        task = Task.objects.get()
        client = client_for(worker)
        assert "问清谁照料" in page_of(client, "/")
        assert "问清谁照料" in page_of(client, f"/families/{family.household.pk}/")
        assert "督导" in page_of(client, f"/tasks/{task.pk}/")
        assert client.post(f"/tasks/{task.pk}/answer", {"version": "1", "answer": ""}).status_code == 422
        assert client.post(f"/tasks/{task.pk}/answer", {"version": "7", "answer": "办了"}).status_code == 409
        assert client.post(f"/tasks/{task.pk}/answer", {"version": "1", "answer": "女儿照料"}).status_code == 302
        assert "女儿照料" in page_of(client_for(supervisor), "/tasks/")

    def test_one_answered_by_a_visit_leads_to_it(self, client_for: Asks, city: City, worker: User) -> None:
        family, _ = a_graded_family(city, worker)
        task = ask_task(by=worker, entry=TaskEntry(family.household, "问候", TODAY))
        visit = a_visit(city.chengdong, worker, family, on=TODAY)
        page = page_of(client_for(worker), f"/tasks/{task.pk}/")
        assert f"/records/{visit.pk}" in page
        assert "不用走访也能办结" not in page

    def test_the_list_asks_the_same_for_one_task_and_for_six(self, client_for: Asks, city: City, worker: User) -> None:
        counts = []
        for more in (1, 5):
            for _ in range(more):
                family, _file = a_graded_family(city, worker)
                ask_task(by=worker, entry=TaskEntry(family.household, "问候", TODAY))
            client = client_for(worker)
            client.get("/tasks/")
            with CaptureQueriesContext(connection) as asked:
                client.get("/tasks/")
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestWhatACityDecides:
    LEVEL = {"label": "黄", "colour": "yellow", "interval_days": "21", "grace_days": "3", "modes": ["home"],
             "review_days": "180", "starts_on": "2020-07-01", "reason": "按新规"}  # fmt: skip

    def test_a_level_a_scheme_a_station_and_a_floor(self, client_for: Asks, city: City, officer: User) -> None:
        client = client_for(officer)
        assert "六级" in page_of(client, "/setup/grading/")
        answer = client.post("/setup/grading/levels/yellow/edit", {**self.LEVEL, "version": "0"}, follow=True)
        assert "2020-07-01 起每 21 天" in answer.content.decode()
        client.post("/setup/grading/schemes/new", {"name": "本市", "like": "abc", "reason": "按新规"})
        said = {"stations": [city.chengdong.pk], "scheme": "own1", "starts_on": "2020-06-06", "reason": "按新规"}
        client.post("/setup/grading/stations", said)
        assert Schemes(TODAY).of(city.chengdong.pk).name == "本市"
        elders = [Category.objects.get(code="alone_elder").pk]
        said = {"categories": elders, "days": "30", "starts_on": "2020-06-06", "reason": "按新规"}
        client.post("/setup/grading/floors/new", said)
        assert [one.days for one in floors_on(TODAY).values()] == [30]
        page = page_of(client, "/setup/grading/")
        for words in ("独居老人", "本市", "按新规", "城东社工站"):
            assert words in page
        floor = CategoryFloor.objects.get()
        client.post(f"/setup/grading/floors/{floor.pk}/end", {"ends_on": "2020-06-30", "reason": "不再要求"})
        assert CategoryFloor.objects.get().ends_on == date(2020, 6, 30)

    def test_two_at_once_see_both(self, client_for: Asks, city: City, officer: User) -> None:
        client, url = client_for(officer), "/setup/grading/levels/yellow/edit"
        client.post(url, {**self.LEVEL, "version": "0"})
        answer = client.post(url, {**self.LEVEL, "interval_days": "14", "version": "0"})
        assert answer.status_code == 409
        assert 'name="version" value="2"' in answer.content.decode()

    def test_what_is_wrong_stands_beside_its_field(self, client_for: Asks, city: City, officer: User) -> None:
        answer = client_for(officer).post(
            "/setup/grading/levels/yellow/edit", {**self.LEVEL, "starts_on": "2020-06-01", "version": "0"}
        )
        assert answer.status_code == 422
        assert "请从今天或以后起" in answer.content.decode()
