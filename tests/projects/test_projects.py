"""Projects: states, the ledger that balances and takes back in the open, meetings, who is forgotten, what closes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from shuangbai.core.findings import Conflict, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.ids import random_id
from shuangbai.core.models import AuditEvent
from shuangbai.households.forgetting import FORGETTERS, Forgetting
from shuangbai.network.closing import kept_at
from shuangbai.projects.actions import ledger, meetings
from shuangbai.projects.actions import projects as actions
from shuangbai.projects.entries import MilestoneEntry, OutcomeEntry, StakeholderEntry
from shuangbai.projects.enums import LineKind, ProjectState
from shuangbai.projects.models import LedgerLine, Meeting, Milestone, Project, ProjectMove
from shuangbai.projects.queries import public_name, sums_of
from shuangbai.projects.rules import OPEN, OVER, WAYS, diagram
from shuangbai.services.actions import void_records
from shuangbai.services.models import Contact, ServiceRecord
from tests.cast import TODAY
from tests.projects.conftest import MAY, a_line, a_meeting, a_meeting_entry, a_project

pytestmark = pytest.mark.django_db
S = ProjectState


def now(project: Project) -> Project:
    return Project.objects.get(pk=project.pk)


def move(project: Project, worker: Any, to: ProjectState, *, on: date = MAY, reason: str = "") -> Project:
    row = now(project)
    return actions.move_project(by=worker, project=row, version=row.version, to=to, on=on, reason=reason)


def told(project: Project, worker: Any, **more: Any) -> Project:
    said = {"outcome": "拆了旧厕所，铺了地砖", "families": 120, "people": 480, "counted_how": "register"}
    row = now(project)
    entry = OutcomeEntry(**{**said, **more})
    return actions.tell_outcome(by=worker, project=row, version=row.version, entry=entry)


class TestStates:
    def test_a_project_goes_from_survey_to_its_end_and_each_step_is_kept(self, worker, project) -> None:
        told(project, worker)
        for to in (S.PLAN, S.DOING, S.REVIEW, S.DONE):
            move(project, worker, to)
        row = now(project)
        assert (row.state, row.ended_on) == (S.DONE, MAY)
        assert list(ProjectMove.objects.order_by("entered_at").values_list("became", flat=True))[-1] == S.DONE

    def test_it_is_not_done_without_saying_what_came_of_it_and_for_whom(self, worker, project) -> None:
        for to in (S.PLAN, S.DOING, S.REVIEW):
            move(project, worker, to)
        with pytest.raises(Refused, match="做成了什么"):
            move(project, worker, S.DONE)
        told(project, worker, families=None, people=None, counted_how="")
        with pytest.raises(Refused, match="受益户数"):
            move(project, worker, S.DONE)

    def test_stopping_asks_why_and_one_may_begin_again(self, worker, project) -> None:
        with pytest.raises(Refused, match="为什么中止"):
            move(project, worker, S.STOPPED)
        assert move(project, worker, S.STOPPED, reason="地块有争议").stop_reason == "地块有争议"
        row = move(project, worker, S.SURVEY, reason="谈妥了")
        assert (row.ended_on, row.stop_reason) == (None, "")

    def test_a_way_that_is_not_in_the_table_is_refused(self, worker, project) -> None:
        for to in set(S) - set(WAYS[S.SURVEY]) - {S.SURVEY}:
            with pytest.raises(Refused, match="不能这样改"):
                move(project, worker, to)

    def test_it_does_not_end_before_its_last_line(self, worker, project) -> None:
        told(project, worker)
        a_line(project, worker, occurred_on=date(2020, 5, 20))
        for to in (S.PLAN, S.DOING, S.REVIEW):
            move(project, worker, to)
        with pytest.raises(Refused, match="2020-05-20"):
            move(project, worker, S.DONE, on=date(2020, 5, 19))

    def test_the_table_is_whole_and_drawn(self) -> None:
        assert set(WAYS) == set(S) == {*OPEN, *OVER}
        assert all(f"{was} --> {to}" in diagram() for was, ways in WAYS.items() for to in ways)

    def test_sent_twice_it_is_one_project(self, city, worker) -> None:
        key = random_id()
        assert a_project(city.chengdong, worker, client_id=key) == a_project(city.chengdong, worker, client_id=key)
        assert Project.objects.count() == 1

    def test_a_stranger_writes_nothing(self, stranger, project) -> None:
        with pytest.raises(NotAllowed):
            move(project, stranger, S.PLAN)
        with pytest.raises(NotAllowed):
            a_line(project, stranger)

    def test_the_second_to_change_it_is_told(self, worker, head, project) -> None:
        actions.show_ledger(by=head, project=project, version=1, public=True)
        with pytest.raises(Conflict):
            actions.show_ledger(by=worker, project=project, version=1, public=False)


class TestOutcome:
    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"counted_how": ""}, "怎样数的"), ({"people": 100}, "一户至少一人"), ({"handed_on": MAY}, "移交给谁"),
            ({"handed_to": "理事会"}, "移交日期"),
            ({"handed_on": TODAY + timedelta(1), "handed_to": "理事会"}, "到时再填"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_told(self, worker, project, wrong, said) -> None:
        with pytest.raises(Refused, match=said):
            told(project, worker, **wrong)

    def test_a_finished_project_keeps_its_outcome(self, worker, project) -> None:
        told(project, worker)
        for to in (S.PLAN, S.DOING, S.REVIEW, S.DONE):
            move(project, worker, to)
        with pytest.raises(Refused, match="不能留空"):
            told(project, worker, outcome=" ")

    def test_a_milestone_is_done_or_dropped_and_not_both(self, worker, project) -> None:
        row = actions.add_milestone(by=worker, project=project, entry=MilestoneEntry("拆除旧厕所"))
        entry = MilestoneEntry("拆除旧厕所", done_on=MAY, dropped="地不平")
        with pytest.raises(Refused, match="不做了的原因"):
            actions.change_milestone(by=worker, milestone=row, version=1, entry=entry)
        row = actions.change_milestone(by=worker, milestone=row, version=1, entry=MilestoneEntry("拆除", done_on=MAY))
        assert (row.done_on, row.version) == (MAY, 2)

    def test_somebody_leaves_on_a_day(self, worker, project) -> None:
        row = actions.add_stakeholder(by=worker, project=project, entry=StakeholderEntry("native", "卓老板", MAY))
        entry = StakeholderEntry("native", "卓老板", MAY, MAY - timedelta(1))
        with pytest.raises(Refused, match="早于开始"):
            actions.change_stakeholder(by=worker, stakeholder=row, version=1, entry=entry)


class TestTheLedger:
    def test_cash_worth_and_days_are_never_added(self, worker, project) -> None:
        a_line(project, worker)
        a_line(project, worker, LineKind.GOODS, value=Decimal(300), valued_by="market")
        a_line(project, worker, LineKind.DAYS, quantity=Decimal("6.5"), value=Decimal(650), valued_by="own")
        a_line(project, worker, LineKind.SPENT)
        sums = sums_of(project)
        assert (sums.cash, sums.spent, sums.balance) == (200, 50, 150)
        assert (sums.goods_worth, sums.days, sums.days_worth, sums.worth) == (300, Decimal("6.5"), 650, 950)

    def test_what_is_taken_back_is_a_line_of_its_own_and_nothing_is_deleted(self, worker, project) -> None:
        line = a_line(project, worker)
        back = ledger.reverse_line(by=worker, line=line, version=1, on=TODAY, reason="本人收回")
        assert (back.amount, back.reverses, back.number) == (-200, line, 2)
        assert sums_of(project).cash == 0
        assert LedgerLine.objects.count() == 2
        with pytest.raises(Refused, match="已经冲回过"):
            ledger.reverse_line(by=worker, line=line, version=1, on=TODAY, reason="再来")
        with pytest.raises(Refused, match="本身就是冲回"):
            ledger.reverse_line(by=worker, line=back, version=1, on=TODAY, reason="再来")

    def test_taking_back_asks_why_and_is_not_before_the_gift(self, worker, project) -> None:
        line = a_line(project, worker)
        with pytest.raises(Refused, match="为什么冲回"):
            ledger.reverse_line(by=worker, line=line, version=1, on=TODAY, reason=" ")
        with pytest.raises(Refused, match="不能早于"):
            ledger.reverse_line(by=worker, line=line, version=1, on=MAY - timedelta(1), reason="本人收回")

    def test_spending_more_than_there_is_is_asked_about(self, worker, project) -> None:
        line = a_line(project, worker)
        a_line(project, worker, LineKind.SPENT, amount=Decimal(150))
        with pytest.raises(NeedsAcknowledgement, match="-50"):
            ledger.note_lines(
                by=worker, project=project, acknowledged=False,
                entries=[ledger.LineEntry(LineKind.SPENT, MAY, what="运费", amount=Decimal(100))],
            )  # fmt: skip
        with pytest.raises(NeedsAcknowledgement, match="结余只有 50"):
            ledger.reverse_line(by=worker, line=line, version=1, on=TODAY, reason="本人收回")

    @pytest.mark.parametrize(
        ("kind", "wrong", "said"),
        [
            (LineKind.CASH, {"amount": Decimal(0)}, "大于 0"), (LineKind.CASH, {"name": " "}, "谁给的"),
            (LineKind.CASH, {"occurred_on": date(2020, 3, 1)}, "早于项目开始"),
            (LineKind.CASH, {"occurred_on": TODAY + timedelta(1)}, "今天之后"),
            (LineKind.CASH, {"thanked_on": date(2020, 5, 1)}, "收到之后"),
            (LineKind.GOODS, {"what": ""}, "是什么东西"), (LineKind.GOODS, {"quantity": None}, "数量"),
            (LineKind.GOODS, {"value": Decimal(10)}, "怎样估的"), (LineKind.DAYS, {"quantity": None}, "几个工日"),
            (LineKind.DAYS, {"valued_by": "own"}, "折合多少元"), (LineKind.SPENT, {"what": " "}, "用在哪里"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_told(self, worker, project, kind, wrong, said) -> None:
        with pytest.raises(Refused, match=said):
            a_line(project, worker, kind, **wrong)
        assert not LedgerLine.objects.exists()

    def test_amounts_do_not_change_only_what_is_said_of_a_line(self, worker, project) -> None:
        line = a_line(project, worker)
        assert public_name(line) == "热心村民"
        said = {"name": "卓海生", "named": True, "receipt": "0007", "thanked_on": MAY}
        line = ledger.describe_line(by=worker, line=line, version=1, said=said)
        assert (public_name(line), line.amount, line.receipt) == ("卓海生", 200, "0007")
        with pytest.raises(Conflict):
            ledger.describe_line(by=worker, line=line, version=1, said=said)

    def test_a_line_sent_twice_is_one(self, worker, project) -> None:
        key = random_id()
        assert a_line(project, worker, client_id=key) == a_line(project, worker, client_id=key)
        assert LedgerLine.objects.count() == 1

    def test_who_gave_is_encrypted_and_not_in_the_trail(self, worker, project) -> None:
        a_line(project, worker)
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM projects_ledgerline")
            assert "卓海生" not in cursor.fetchone()[0]
        assert not [one for one in AuditEvent.objects.all() if "卓海生" in f"{one.details}{one.personal}"]


class TestMeetings:
    def test_a_meeting_is_a_record_whose_person_times_are_heads(self, city, worker, project) -> None:
        row = a_meeting(city.chengdong, worker, project=project)
        assert (row.record.kind, row.record.reached) == ("meeting", True)
        heads = Contact.objects.get(record=row.pk)
        assert (heads.heads, heads.method) == (26, "signed")

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"title": " "}, "议题"), ({"people": None}, "到会人数"), ({"people": 9000}, "最多记"),
            ({"method": None}, "怎么数的"), ({"worker_ids": []}, "到会的社工"),
            ({"occurred_on": date(2020, 7, 1)}, "今天之后"), ({"kind": "party"}, "不在可选之列"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_told(self, city, worker, wrong, said) -> None:
        with pytest.raises(Refused, match=said):
            meetings.record_meeting(by=worker, entry=a_meeting_entry(city.chengdong, worker, **wrong))
        assert not ServiceRecord.objects.exists()

    def test_the_same_meeting_of_the_day_is_asked_about(self, city, worker) -> None:
        a_meeting(city.chengdong, worker)
        with pytest.raises(NeedsAcknowledgement, match="同一议题"):
            meetings.record_meeting(by=worker, entry=a_meeting_entry(city.chengdong, worker))

    def test_a_correction_keeps_what_it_said_and_a_void_takes_it_out(self, city, worker, project) -> None:
        row = a_meeting(city.chengdong, worker, project=project)
        entry = a_meeting_entry(city.chengdong, worker, people=30)
        row = meetings.correct_meeting(by=worker, meeting=row, version=1, entry=entry, reason="人数写错")
        assert (row.project, Contact.objects.get(record=row.pk).heads) == (None, 30)
        with pytest.raises(Conflict):
            meetings.correct_meeting(by=worker, meeting=row, version=1, entry=entry, reason="再改")
        void_records(by=worker, records=[row.record], reason="重复录入")
        assert Meeting.history.filter(record_id=row.pk).count() == 2

    def test_another_station_s_project_is_not_there(self, city, stranger, project) -> None:
        with pytest.raises(NotAllowed):
            a_meeting(city.dongzhou, stranger, project=project)


class TestTheDatabaseRefuses:
    """Going round the actions."""

    @pytest.mark.parametrize(
        ("change", "name"),
        [
            ({"state": "done"}, "project_ends_on_a_day"), ({"title": ""}, "project_has_title_and_token"),
            ({"state": "stopped", "ended_on": MAY}, "project_stopped_for_a_reason"),
            ({"state": "done", "ended_on": date(2020, 1, 1)}, "project_dates_in_order"),
            ({"families": 3}, "project_says_how_it_counted"),
        ],
    )  # fmt: skip
    def test_of_a_project(self, project, change, name) -> None:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Project.objects.filter(pk=project.pk).update(**change)

    @pytest.mark.parametrize(
        ("change", "name"),
        [
            ({"amount": None}, "ledger_line_is_money_or_a_quantity"),
            ({"amount": -5}, "ledger_line_is_taken_back_for_a_reason"),
            ({"reason": "没有冲回"}, "ledger_line_is_taken_back_for_a_reason"),
            ({"valued_by": "own"}, "ledger_line_says_how_it_was_valued"),
            ({"giver": ""}, "ledger_line_says_who_gave_or_what_for"),
        ],
    )  # fmt: skip
    def test_of_a_line(self, worker, project, change, name) -> None:
        line = a_line(project, worker)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            LedgerLine.objects.filter(pk=line.pk).update(**change)

    def test_of_numbers_keys_and_reversals(self, worker, project) -> None:
        one, two = a_line(project, worker), a_line(project, worker)
        for change in ({"number": 1}, {"client_id": one.client_id}):
            with pytest.raises(IntegrityError), transaction.atomic():
                LedgerLine.objects.filter(pk=two.pk).update(**change)
        back = ledger.reverse_line(by=worker, line=one, version=1, on=TODAY, reason="本人收回")
        other = ledger.reverse_line(by=worker, line=two, version=1, on=TODAY, reason="本人收回", acknowledged=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            LedgerLine.objects.filter(pk=other.pk).update(reverses=back.reverses)

    def test_of_a_milestone_a_meeting_and_a_step(self, city, worker, project) -> None:
        row = actions.add_milestone(by=worker, project=project, entry=MilestoneEntry("拆除旧厕所", done_on=MAY))
        for change in ({"title": ""}, {"dropped": "不做了"}):
            with pytest.raises(IntegrityError, match="milestone"), transaction.atomic():
                Milestone.objects.filter(pk=row.pk).update(**change)
        met = a_meeting(city.chengdong, worker)
        with pytest.raises(IntegrityError, match="meeting_has_title"), transaction.atomic():
            Meeting.objects.filter(pk=met.pk).update(title="")
        step = move(project, worker, S.PLAN)
        with pytest.raises(IntegrityError, match="project_move_changes_state"), transaction.atomic():
            ProjectMove.objects.filter(project=step).update(became="survey")


class TestWhatEnds:
    def test_a_station_does_not_close_over_a_project(self, city, worker, project) -> None:
        hinders = [one.hinders for one in kept_at(city.chengdong, TODAY)]
        assert any("社区项目" in one for one in hinders)
        move(project, worker, S.STOPPED, reason="撤站")
        assert not any("社区项目" in one.hinders for one in kept_at(city.chengdong, TODAY))

    def test_who_is_forgotten_is_no_more_in_the_ledger(self, worker, project) -> None:
        line = a_line(project, worker)
        actions.add_stakeholder(by=worker, project=project, entry=StakeholderEntry("villagers", "卓海生", MAY))
        nobody = frozenset[Any]()
        what = Forgetting(random_id(), ("卓海生",), nobody, nobody, nobody)
        assert FORGETTERS["projects"].forget(what) > 0
        assert LedgerLine.objects.get(pk=line.pk).name == "已匿名"
        assert LedgerLine.history.get(id=line.pk).name == "已匿名"
        assert project.stakeholders.get().name == "已匿名"
