"""Tasks: asked for, answered by a visit or by hand, handed upward; and what the product reminds of by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.dossier.models import Disability
from shuangbai.followups.access import tasks_visible_to
from shuangbai.followups.actions import TaskEntry, answer_task, ask_task, ask_tasks, drop_task, hand_task
from shuangbai.followups.enums import Origin
from shuangbai.followups.models import Task
from shuangbai.followups.queries import closed_tasks, families_due, handed_upward, open_tasks, reminders, with_answer
from shuangbai.followups.rules import SUPERVISOR_AFTER, birthday_on
from shuangbai.households.actions import close_tag
from shuangbai.households.entries import TagEntry
from shuangbai.households.enums import Grade, Relation, TagEnd
from shuangbai.households.files import grade_files
from shuangbai.households.models import Tag
from shuangbai.network.tree import close_unit
from shuangbai.services.actions import void_records
from shuangbai.visits.enums import Result
from tests.cast import START, TODAY, a_family, a_file, a_member, a_visit, again

pytestmark = pytest.mark.django_db
NEXT_WEEK = date(2020, 6, 13)


@pytest.fixture
def family(city, worker) -> Any:
    return a_family(city.chengdong, worker)


def a_task(family: Any, by: Any, **more: Any) -> Task:
    said = {"subject": "问清住院后谁照料", "due_on": NEXT_WEEK, **more}
    return ask_task(by=by, entry=TaskEntry(family.household, **said))


def standing(user: Any) -> list[Task]:
    return list(open_tasks(tasks_visible_to(user)))


def test_tasks_of_a_station_that_closes_go_along_with_the_families(city, sysadmin, family):
    task = a_task(family, city.users["worker"], assignee_id=city.users["worker"].staff_id)
    assert standing(city.users["neighbour"]) == []
    close_unit(by=sysadmin, unit=city.chengdong, ends_on=TODAY, to=city.haicheng, move_staff=False, version=1)
    (found,) = standing(city.users["neighbour"])
    assert (found, found.assignee, found.history.count()) == (task, None, 2)


class TestAsking:
    @pytest.mark.parametrize(
        ("who", "origin"), [("worker", Origin.WORKER), ("head", Origin.HEAD), ("supervisor", Origin.SUPERVISOR)]
    )
    def test_worker_head_and_supervisor_ask_and_the_station_answers(self, city, family, who, origin):
        task = a_task(family, city.users[who])
        assert (task.origin, task.station, task.asked_on) == (origin, city.chengdong, TODAY)
        assert standing(city.users["worker"]) == standing(city.users["supervisor"]) == [task]
        assert standing(city.users["stranger"]) == []

    @pytest.mark.parametrize("who", ["officer", "stranger", "neighbour", "sysadmin", "auditor"])
    def test_nobody_else_does(self, city, family, who):
        with pytest.raises(NotAllowed):
            a_task(family, city.users[who])

    @pytest.mark.parametrize(
        ("fault", "field"), [({"subject": " "}, "subject"), ({"due_on": date(2020, 6, 5)}, "due_on")]
    )
    def test_nonsense_is_refused(self, family, worker, fault, field):
        with pytest.raises(Refused) as caught:
            a_task(family, worker, **fault)
        assert [finding.field for finding in caught.value.findings] == [field]

    def test_somebody_of_another_family_or_station_is_refused(self, city, family, worker, stranger):
        other = a_family(city.chengdong, worker)
        with pytest.raises(Refused, match="不是这户的成员"):
            a_task(family, worker, person_id=other.people[0].pk)
        with pytest.raises(Refused, match="不在服务这户的站"):
            a_task(family, worker, assignee_id=stranger.staff_id)

    def test_many_at_once_or_none(self, city, family, worker):
        entries = [TaskEntry(family.household, "问候", NEXT_WEEK), TaskEntry(family.household, "", NEXT_WEEK)]
        with pytest.raises(Refused):
            ask_tasks(by=worker, entries=entries)
        assert not Task.objects.exists()
        assert len(ask_tasks(by=worker, entries=entries[:1] * 3)) == 3


class TestAnswers:
    def test_the_first_visit_that_meets_somebody_answers_and_voiding_it_opens_the_task_again(
        self, city, family, worker, supervisor
    ):
        with clock.pinned(date(2020, 6, 1)):
            task = a_task(family, supervisor)
        a_visit(city.chengdong, worker, family, on=date(2020, 5, 31))
        a_visit(city.chengdong, worker, family, on=date(2020, 6, 2), result=Result.NOBODY_HOME)
        assert standing(worker) == [task]
        visit = a_visit(city.chengdong, worker, family, on=date(2020, 6, 3))
        a_visit(city.chengdong, worker, family, on=date(2020, 6, 4))
        assert standing(worker) == []
        told = with_answer(Task.objects.all()).get()
        assert (told.record_id, told.met_on) == (visit.pk, date(2020, 6, 3))
        assert closed_tasks(tasks_visible_to(worker), 5) == [task]
        void_records(by=worker, records=[visit.record], reason="重复录入")
        assert with_answer(Task.objects.all()).get().met_on == date(2020, 6, 4)

    def test_one_that_asks_for_a_result_is_not_answered_by_going(self, city, family, worker):
        with clock.pinned(date(2020, 6, 1)):
            task = a_task(family, worker, by_visit=False)
        a_visit(city.chengdong, worker, family, on=date(2020, 6, 3))
        assert standing(worker) == [task]
        done = answer_task(by=worker, task=task, version=1, answer="已交申请")
        assert (done.state, done.closed_on, done.closed_by) == ("done", TODAY, worker)
        assert standing(worker) == []
        assert [row.state for row in task.history.order_by("history_id")] == ["open", "done"]

    def test_it_needs_a_result_and_is_not_closed_twice_nor_over_anothers_head(self, family, worker):
        task = a_task(family, worker)
        with pytest.raises(Refused, match="写明结果"):
            answer_task(by=worker, task=task, version=1, answer=" ")
        with pytest.raises(Conflict):
            answer_task(by=worker, task=task, version=2, answer="办了")
        answer_task(by=worker, task=task, version=1, answer="办了")
        with pytest.raises(Refused, match="已经办结"):
            drop_task(by=worker, task=task, version=2, answer="重复")

    def test_the_supervisor_takes_back_what_they_asked_and_answers_nothing(self, city, family, supervisor, head):
        task = a_task(family, supervisor)
        with pytest.raises(NotAllowed):
            answer_task(by=supervisor, task=task, version=1, answer="办了")
        with pytest.raises(NotAllowed):
            drop_task(by=again(city.users["worker"]), task=task, version=1, answer="不用")
        assert drop_task(by=supervisor, task=task, version=1, answer="已另行安排").state == "dropped"

    def test_handed_to_a_colleague_of_the_station_alone(self, city, family, worker, colleague, stranger):
        task = a_task(family, worker, assignee_id=worker.staff_id)
        with pytest.raises(Refused, match="不在服务这户的站"):
            hand_task(by=worker, task=task, version=1, to=stranger.staff)
        handed = hand_task(by=worker, task=task, version=1, to=colleague.staff)
        assert (handed.assignee, handed.version) == (colleague.staff, 2)

    def test_what_is_late_is_handed_upward(self, family, worker):
        with clock.pinned(date(2020, 5, 1)):
            task = a_task(family, worker, due_on=date(2020, 5, 20))
        late = tasks_visible_to(worker)
        assert list(handed_upward(late, date(2020, 5, 30), SUPERVISOR_AFTER)) == []
        assert list(handed_upward(late, date(2020, 5, 31), SUPERVISOR_AFTER)) == [task]


def test_the_database_refuses_half_a_task(city, family, worker):
    row = {"station": city.chengdong, "household": family.household, "subject": "问候", "origin": "worker",
           "asked_on": TODAY, "due_on": NEXT_WEEK, "entered_by": worker}  # fmt: skip
    Task.objects.create(**row)
    wrongs: list[dict[str, Any]] = [
        {"subject": ""}, {"due_on": date(2020, 6, 5)}, {"state": "done"}, {"answer": "办了"},
        {"state": "done", "closed_on": TODAY, "closed_by": worker},
    ]  # fmt: skip
    for wrong in wrongs:
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.create(**{**row, **wrong})


class TestReminders:
    def told(self, **whose: Any) -> list[str]:
        return [one.sentence for one in reminders(families_due(None, TODAY, **whose), TODAY)]

    def test_a_birthday_that_ends_a_category_until_it_is_ended(self, city, worker):
        child = a_member("曾小军", Relation.GRANDCHILD, birth_date=date(2004, 6, 20), tags=["left_child"])
        family = a_family(city.chengdong, worker, members=[a_member("曾秀英", Relation.HEAD), child])
        a_file(family, worker)
        assert self.told() == ["曾小军6月20日满 16 岁，「农村留守儿童」需复核"]
        close_tag(by=worker, tag=Tag.objects.get(), ends_on=date(2020, 6, 5), reason=TagEnd.AGE)
        assert self.told() == []

    @pytest.mark.parametrize(("born", "said"), [(date(1960, 6, 30), 1), (date(1940, 5, 10), 1), (date(1955, 6, 6), 0)])
    def test_sixty_and_eighty_for_some_weeks(self, city, worker, born, said):
        elder = a_member("曾秀英", Relation.HEAD, birth_date=born)
        a_file(a_family(city.chengdong, worker, members=[elder]), worker)
        assert len(self.told()) == said

    def test_the_last_day_of_a_certificate(self, city, worker):
        tag = TagEntry("disabled", START, date(2020, 7, 1), end_reason=TagEnd.LEFT)
        elder = a_member("曾秀英", Relation.HEAD, tags=[tag])
        a_file(a_family(city.chengdong, worker, members=[elder]), worker)
        assert self.told() == ["曾秀英的「残疾人」到7月1日为止，请核对是否续办"]

    @pytest.mark.parametrize(
        ("expires", "said"),
        [
            (date(2020, 7, 1), ["曾秀英的肢体残疾证7月1日到期，请提醒换证"]),
            (date(2020, 5, 1), ["曾秀英的肢体残疾证5月1日已过期，请提醒换证"]),
            (date(2021, 1, 1), []),
        ],
    )
    def test_a_certificate_of_disability_that_expires_or_has(self, city, worker, expires, said):
        family = a_family(city.chengdong, worker)
        a_file(family, worker)
        Disability.objects.create(
            station=city.chengdong, person=family.people[0], kind="4", expires_on=expires, entered_by=worker
        )
        assert self.told() == said

    def test_a_grade_is_looked_at_again_after_its_days(self, city, worker):
        file = a_file(a_family(city.chengdong, worker), worker)
        grade_files(by=worker, entries=[(file, Grade.RED, date(2020, 1, 10), "近期出院")])
        assert self.told() == ["1月10日定为「红」，每 90 天复评一次，该复评了"]
        grade_files(by=worker, entries=[(file, Grade.RED, TODAY, "复评，仍需密切关注")])
        assert self.told() == []

    def test_born_on_the_29th_of_february(self):
        assert [birthday_on(date(2004, 2, 29), age) for age in (15, 16)] == [date(2019, 3, 1), date(2020, 2, 29)]

    def test_many_families_ask_what_one_asks(self, city, worker):
        counts = []
        for more in (1, 5):
            for _ in range(more):
                child = a_member("曾小军", Relation.HEAD, birth_date=TODAY - timedelta(days=5840), tags=["left_child"])
                a_file(a_family(city.chengdong, worker, members=[child]), worker)
            families = families_due(None, TODAY)
            with CaptureQueriesContext(connection) as asked:
                reminders(families, TODAY)
            counts.append(len(asked))
        assert counts == [3, 3]
