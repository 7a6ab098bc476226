"""A case from the first knock to the visits afterwards; what is missing is told, and little is refused."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from shuangbai.cases.actions.ending import (
    ClosingEntry,
    EvaluationEntry,
    FollowUpEntry,
    close_case,
    drop_follow_up,
    evaluate_case,
    plan_follow_up,
    record_follow_up,
    write_closing,
)
from shuangbai.cases.actions.moving import move_case
from shuangbai.cases.actions.opening import TeamEntry, change_team, edit_case, open_case, set_risk
from shuangbai.cases.actions.watching import RuleEntry, say_view, set_case_rule
from shuangbai.cases.actions.working import (
    AssessmentEntry,
    GoalEntry,
    PlanEntry,
    assess,
    attach_visit,
    detach_visit,
    drop_goal,
    plan_case,
    rate_goal,
    record_session,
    resume_goal,
    set_goal,
    void_session,
)
from shuangbai.cases.enums import Consent, FollowUpResult, FollowUpState, Risk, Scale, SessionMode, Stage, ViewKind
from shuangbai.cases.gathering import known
from shuangbai.cases.models import (
    Case,
    CaseClient,
    CaseOffer,
    CaseRisk,
    CaseRule,
    CaseVisit,
    Closing,
    FollowUp,
    Goal,
    GoalRating,
    Plan,
    Session,
    StageMove,
    SupervisorView,
)
from shuangbai.cases.queries import clients_of, goals_of, sessions_of
from shuangbai.core.findings import Conflict, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.ids import random_id
from shuangbai.core.models import AuditEvent
from shuangbai.households.models import Person
from shuangbai.safeguarding.actions import AlarmEntry, raise_alarm
from shuangbai.safeguarding.enums import Protected, Situation
from tests.cases.short import OPENED, a_case, a_goal, a_session, a_talk, an_entry, closed, moved, said
from tests.cast import TODAY, a_family, a_visit

pytestmark = pytest.mark.django_db


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def codes(refused) -> list[str]:
    return [one.code for one in refused.value.findings]


class TestOpening:
    def test_about_a_child_of_the_family_with_what_was_said(self, case, child, city, worker, supervisor):
        assert (case.station, case.charge, case.worker_id, case.supervisor) == (
            city.chengdong, city.chengdong, worker.staff_id, supervisor,
        )  # fmt: skip
        assert [one.name for one in clients_of([case.pk])[case.pk]] == ["陈小树"]
        assert [(row.level, row.on) for row in CaseRisk.objects.filter(case=case)] == [("middle", OPENED)]
        assert (case.stage, case.stage_on, case.risk) == (Stage.INTAKE, OPENED, Risk.MIDDLE)

    def test_its_number_is_drawn_and_not_counted(self, city, worker, family):
        numbers = [a_case(city.chengdong, worker, family).number for _ in range(12)]
        assert len(set(numbers)) == 12
        assert all(number.startswith("2020-") and len(number) == 11 for number in numbers)
        assert numbers != sorted(numbers)

    def test_sent_twice_it_is_one(self, city, worker, family):
        entry = an_entry(city.chengdong, family)
        assert open_case(by=worker, entry=entry) == open_case(by=worker, entry=entry)
        assert Case.objects.count() == 1

    def test_what_makes_no_sense_is_said_and_nothing_is_kept(self, city, worker, family, child):
        stranger_to_it = a_family(city.chengdong, worker).people[0]
        for entry, code in (
            (said(child, presenting=" "), "presenting"),
            (said(), "nobody"),
            (said(stranger_to_it), "strangers"),
            (said(child, opened_on=date(2020, 6, 7)), "future"),
            (said(child, accepted_on=date(2020, 5, 3)), "accepted_before"),
            (said(child, kind="nowhere"), "unoffered"),
        ):
            with pytest.raises(Refused) as refused:
                open_case(by=worker, entry=an_entry(city.chengdong, family, entry=entry))
            assert code in codes(refused)
        assert not Case.objects.exists()

    def test_a_second_about_the_same_is_asked_only_of_whoever_knows_of_the_first(
        self, city, worker, colleague, case, family
    ):
        with pytest.raises(NeedsAcknowledgement, match="没有结案"):
            open_case(by=worker, entry=an_entry(city.chengdong, family))
        assert open_case(by=colleague, entry=an_entry(city.chengdong, family))

    def test_by_another_only_the_head_says(self, city, worker, colleague, head, family):
        for more in ({"worker_id": colleague.staff_id}, {"co_worker_id": colleague.staff_id}):
            with pytest.raises(Refused) as refused:
                open_case(by=worker, entry=an_entry(city.chengdong, family, **more))
            assert codes(refused) == ["not_head"]
        entry = an_entry(city.chengdong, family, worker_id=worker.staff_id, co_worker_id=colleague.staff_id)
        assert open_case(by=head, entry=entry).co_worker_id == colleague.staff_id

    def test_nobody_opens_one_of_another_stations_family(self, city, stranger, officer, supervisor, family):
        for by, station in ((stranger, city.dongzhou), (officer, city.chengdong), (supervisor, city.chengdong)):
            with pytest.raises(NotAllowed):
                open_case(by=by, entry=an_entry(station, family))

    def test_put_right_by_the_version_read(self, case, worker, family, child):
        parent = family.people[0]
        edit_case(by=worker, case=case, version=1, entry=said(parent, child, kind="family"))
        assert fresh(case).kind == "family"
        assert [one.name for one in clients_of([case.pk])[case.pk]] == ["曾秀英", "陈小树"]
        edit_case(by=worker, case=case, version=2, entry=said(parent))
        assert [one.name for one in clients_of([case.pk])[case.pk]] == ["曾秀英"]
        with pytest.raises(Conflict):
            edit_case(by=worker, case=case, version=1, entry=said(child))

    def test_risk_is_told_from_a_day_on_with_its_reason(self, case, worker):
        set_risk(by=worker, case=case, level=Risk.HIGH, on=TODAY, reason="两次说不想活")
        assert fresh(case).risk == Risk.HIGH
        set_risk(by=worker, case=case, level=Risk.LOW, on=date(2020, 5, 5), reason="补记那天的判断")
        assert fresh(case).risk == Risk.HIGH  # the newest day leads, not what was entered last
        with pytest.raises(Refused):
            set_risk(by=worker, case=case, level=Risk.LOW, on=TODAY, reason=" ")


class TestStages:
    def test_onward_where_nothing_is_missing_without_a_reason(self, case, worker):
        move_case(by=worker, case=case, version=1, to=Stage.ASSESS, on=OPENED)
        row = StageMove.objects.get(case=case, to_stage=Stage.ASSESS)
        assert (fresh(case).stage, row.move, row.missing) == (Stage.ASSESS, "forward", [])

    def test_an_emergency_comes_before_forms(self, city, worker, family, child):
        entry = said(child, accepted_on=None, accept_reason="", consent=Consent.PENDING)
        case = a_case(city.chengdong, worker, family, entry=entry)
        with pytest.raises(Refused) as refused:
            move_case(by=worker, case=case, version=1, to=Stage.ASSESS, on=TODAY)
        assert codes(refused) == ["missing"]
        assert "服务同意" in refused.value.first.sentence
        move_case(by=worker, case=case, version=1, to=Stage.ACT, on=TODAY, reason="人身危险，先保护")
        row = StageMove.objects.get(case=case, to_stage=Stage.ACT)
        assert (row.reason, row.missing) == ("人身危险，先保护", ["decision", "consent"])
        assert fresh(case).accepted_on == TODAY  # who goes on has taken it on
        missing = {line.code for line in known(fresh(case), TODAY).missing}
        assert missing >= {"consent", "decision", "assessment", "plan", "goal", "session"}

    def test_the_second_of_two_is_told_what_stands(self, case, worker, head):
        move_case(by=worker, case=case, version=1, to=Stage.ASSESS, on=OPENED)
        with pytest.raises(Conflict) as conflict:
            move_case(by=head, case=case, version=1, to=Stage.ASSESS, on=OPENED)
        assert conflict.value.current.stage == Stage.ASSESS
        assert StageMove.objects.filter(case=case).count() == 2

    def test_not_taken_on_it_is_closed_and_may_be_taken_up_again(self, city, worker, family, child):
        case = a_case(city.chengdong, worker, family, entry=said(child, accepted_on=None))
        with pytest.raises(Refused):
            move_case(by=worker, case=case, version=1, to=Stage.DECLINED, on=TODAY)
        case = moved(case, worker, Stage.DECLINED, on=TODAY, reason="属于社保业务，已转介")
        assert (case.closed_on, case.accepted_on, case.accept_reason) == (TODAY, None, "属于社保业务，已转介")
        with pytest.raises(Refused, match="没有接"):
            record_session(by=worker, case=case, entry=a_talk(worker))
        case = moved(case, worker, Stage.INTAKE, on=TODAY, reason="再次来求助")
        assert (case.stage, case.closed_on) == (Stage.INTAKE, None)

    def test_high_risk_without_a_supervisors_view_is_a_warning(self, city, worker, supervisor, family):
        case = a_case(city.chengdong, worker, family, risk=Risk.HIGH, supervisor_id=supervisor.pk)
        case = moved(case, worker, Stage.PLAN)
        plan_case(by=worker, case=case, version=0, entry=PlanEntry(OPENED, purpose="安全"))
        a_goal(case, worker)
        with pytest.raises(NeedsAcknowledgement, match="督导还没有"):
            move_case(by=worker, case=case, version=2, to=Stage.ACT, on=OPENED)
        say_view(by=supervisor, case=case, kind=ViewKind.PLAN, text="", agrees=True)
        move_case(by=worker, case=case, version=2, to=Stage.ACT, on=OPENED)

    def test_where_the_city_asks_agreement_is_a_gate_that_a_reason_opens(self, case, worker, supervisor, officer):
        rule = RuleEntry(True, False, [1], 60, TODAY)
        set_case_rule(by=officer, entry=rule, version=0, reason="按新口径")
        case = moved(case, worker, Stage.PLAN)
        plan_case(by=worker, case=case, version=0, entry=PlanEntry(OPENED, purpose="安全"))
        a_goal(case, worker)
        say_view(by=supervisor, case=case, kind=ViewKind.PLAN, text="先做安全计划", agrees=False)
        with pytest.raises(Refused) as refused:
            move_case(by=worker, case=case, version=2, to=Stage.ACT, on=OPENED)
        assert codes(refused) == ["missing"]
        move_case(by=worker, case=case, version=2, to=Stage.ACT, on=OPENED, reason="情况紧急")
        assert StageMove.objects.get(to_stage=Stage.ACT).missing == ["view_plan"]


class TestWhatIsWritten:
    def test_assessments_stand_beside_each_other_and_the_newest_leads(self, case, worker):
        assess(by=worker, case=case, entry=AssessmentEntry(OPENED, needs="有人照看"))
        newer = assess(by=worker, case=case, entry=AssessmentEntry(TODAY, social="随姑姑住"))
        assert "need" not in known(case, TODAY).there
        assess(by=worker, case=case, entry=AssessmentEntry(TODAY, needs="上学"), assessment=newer, version=1)
        assert "need" in known(case, TODAY).there
        with pytest.raises(Conflict):
            assess(by=worker, case=case, entry=AssessmentEntry(TODAY, needs="上学"), assessment=newer, version=1)
        with pytest.raises(Refused, match="还没有写内容"):
            assess(by=worker, case=case, entry=AssessmentEntry(TODAY))

    def test_two_who_begin_a_plan_write_one(self, case, worker, head):
        plan_case(by=worker, case=case, version=0, entry=PlanEntry(OPENED, purpose="安全"))
        with pytest.raises(Conflict):
            plan_case(by=head, case=case, version=0, entry=PlanEntry(OPENED, purpose="上学"))
        assert Plan.objects.get(case=case).purpose == "安全"

    def test_goals_are_rated_over_time_and_of_a_day_the_last_holds(self, case, worker):
        goal = a_goal(case, worker)
        for value, on in ((-2, OPENED), (-1, date(2020, 5, 20)), (1, date(2020, 5, 20))):
            rate_goal(by=worker, goal=goal, value=value, rated_on=on)
        [told] = goals_of(case)
        assert [(one.rated_on, one.value) for one in told.ratings] == [(OPENED, -2), (date(2020, 5, 20), 1)]
        assert told.reached
        with pytest.raises(Refused) as refused:
            rate_goal(by=worker, goal=goal, value=3, rated_on=TODAY)
        assert codes(refused) == ["outside"]

    def test_a_goal_that_was_rated_keeps_its_scale(self, case, worker):
        goal = a_goal(case, worker)
        rate_goal(by=worker, goal=goal, value=0, rated_on=TODAY)
        entry = GoalEntry("上学", "迟到", "一次", OPENED, TODAY, scale=Scale.PERCENT)
        with pytest.raises(Refused) as refused:
            set_goal(by=worker, case=case, entry=entry, goal=goal, version=1)
        assert codes(refused) == ["rated"]

    def test_a_goal_is_given_up_with_a_reason_and_taken_up_again(self, case, worker):
        goal = a_goal(case, worker)
        with pytest.raises(Refused):
            drop_goal(by=worker, goal=goal, version=1, reason=" ")
        dropped = drop_goal(by=worker, goal=goal, version=1, reason="随父亲去深圳")
        assert "goal" not in known(case, TODAY).there
        with pytest.raises(Refused) as refused:
            resume_goal(by=worker, goal=dropped, version=2, reason=" ")
        assert codes(refused) == ["reason"]
        again = resume_goal(by=worker, goal=dropped, version=2, reason="父亲回来了")
        assert "goal" in known(case, TODAY).there
        assert [one.state_reason for one in again.history.all()] == ["父亲回来了", "随父亲去深圳", ""]
        told = AuditEvent.objects.filter(kind="case.wrote").order_by("-id")[:2]
        assert [event.details["what"] for event in told] == ["目标：重新追求", "目标：不再追求"]

    def test_neither_twice_nor_where_somebody_else_was_first(self, case, worker):
        goal = a_goal(case, worker)
        with pytest.raises(Refused) as refused:
            resume_goal(by=worker, goal=goal, version=1, reason="父亲回来了")
        assert codes(refused) == ["same"]
        drop_goal(by=worker, goal=goal, version=1, reason="随父亲去深圳")
        with pytest.raises(Conflict):
            resume_goal(by=worker, goal=goal, version=1, reason="父亲回来了")

    def test_of_a_closed_case_no_goal_is_taken_up_again(self, case, worker):
        dropped = drop_goal(by=worker, goal=a_goal(case, worker), version=1, reason="随父亲去深圳")
        closed(case, worker)
        with pytest.raises(Refused) as refused:
            resume_goal(by=worker, goal=dropped, version=2, reason="父亲回来了")
        assert codes(refused) == ["closed"]

    def test_sessions_are_numbered_by_their_days_whenever_they_were_entered(self, case, worker, child):
        later = a_session(case, worker, date(2020, 5, 20))
        a_session(case, worker, date(2020, 5, 12), present_keys=(child.pk,), present="班主任")
        void_session(by=worker, session=later, version=1, reason="记到别的个案里了")
        a_session(case, worker, date(2020, 5, 25))
        told = [(one.session.held_on.day, one.number, one.present) for one in sessions_of(case)]
        assert told == [(25, 2, ""), (20, None, ""), (12, 1, "陈小树、班主任")]

    def test_sent_twice_a_session_is_one_and_put_right_it_keeps_what_it_said(self, case, worker):
        entry = a_talk(worker)
        first = record_session(by=worker, case=case, entry=entry)
        assert record_session(by=worker, case=case, entry=entry) == first
        record_session(by=worker, case=case, entry=a_talk(worker, process="谈了吃饭"), session=first, version=1)
        assert [row.process for row in Session.history.filter(id=first.pk)] == ["谈了吃饭", "谈了上学"]

    def test_not_before_the_case_not_after_it_and_not_in_the_future(self, case, worker):
        for on, code in ((date(2020, 5, 3), "before"), (date(2020, 6, 7), "future")):
            with pytest.raises(Refused) as refused:
                a_session(case, worker, on)
            assert codes(refused) == [code]
        done = closed(case, worker, on=date(2020, 6, 1))
        with pytest.raises(Refused, match="已在2020-06-01结案"):
            a_session(done, worker, date(2020, 6, 2))
        assert a_session(done, worker, date(2020, 5, 30))  # entered late, of a day before

    def test_a_visit_of_the_family_is_put_to_the_case_and_taken_out(self, case, city, worker, family):
        visit = a_visit(city.chengdong, worker, family, on=date(2020, 5, 20))
        attach_visit(by=worker, case=case, record_key=visit.pk)
        attach_visit(by=worker, case=case, record_key=visit.pk)
        assert CaseVisit.objects.filter(ended_at__isnull=True).count() == 1
        detach_visit(by=worker, case=case, record_key=visit.pk)
        assert not CaseVisit.objects.filter(ended_at__isnull=True).exists()
        other = a_visit(city.chengdong, worker, a_family(city.chengdong, worker), on=date(2020, 5, 20))
        with pytest.raises(Refused, match="不是这家的"):
            attach_visit(by=worker, case=case, record_key=other.pk)

    def test_what_comes_next_is_the_earliest_of_what_falls_due(self, case, worker):
        assert known(case, TODAY).next is None
        a_goal(case, worker, due_on=date(2020, 9, 1))
        assert known(case, TODAY).next.on == date(2020, 8, 2)  # ninety days after it was set
        a_session(case, worker, next_on=date(2020, 6, 9))
        assert (known(case, TODAY).next.on, known(case, TODAY).next.what) == (date(2020, 6, 9), "会谈")


class TestTheSupervisor:
    def test_comments_and_agrees_to_what_was_read(self, case, worker, supervisor):
        with pytest.raises(Refused, match="还没有写"):
            say_view(by=supervisor, case=case, kind=ViewKind.PLAN, text="", agrees=True)
        plan_case(by=worker, case=case, version=0, entry=PlanEntry(OPENED, purpose="安全"))
        say_view(by=supervisor, case=case, kind=ViewKind.PLAN, text="", agrees=True, about_version=1)
        plan_case(by=worker, case=case, version=1, entry=PlanEntry(OPENED, purpose="上学"))
        with pytest.raises(Conflict):
            say_view(by=supervisor, case=case, kind=ViewKind.PLAN, text="", agrees=True, about_version=1)

    def test_the_head_comments_and_the_worker_does_not(self, case, worker, head):
        assert say_view(by=head, case=case, kind=ViewKind.COMMENT, text="早点入户")
        with pytest.raises(NotAllowed):
            say_view(by=worker, case=case, kind=ViewKind.COMMENT, text="好")
        with pytest.raises(NotAllowed):
            say_view(by=head, case=case, kind=ViewKind.PLAN, text="", agrees=True)

    def test_writes_nothing_in_it(self, case, supervisor):
        for act in (
            lambda: a_goal(case, supervisor),
            lambda: moved(case, supervisor, Stage.ASSESS),
            lambda: set_risk(by=supervisor, case=case, level=Risk.LOW, on=TODAY, reason="看着好些"),
        ):
            with pytest.raises(NotAllowed):
                act()


class TestClosing:
    def test_with_reason_and_summary_and_the_visits_afterwards(self, case, worker):
        done = closed(case, worker, on=date(2020, 6, 1), months=(1, 3))
        assert (done.stage, done.closed_on, done.close_reason) == (Stage.FOLLOWUP, date(2020, 6, 1), "reached")
        due = FollowUp.objects.filter(case=case).order_by("due_on").values_list("due_on", flat=True)
        assert list(due) == [date(2020, 7, 1), date(2020, 9, 1)]

    @pytest.mark.parametrize(
        ("entry", "code"),
        [(ClosingEntry("", "做了什么"), "no_close_reason"), (ClosingEntry("reached", " "), "no_summary")],
    )
    def test_never_without(self, case, worker, entry, code):
        case = moved(case, worker, Stage.CLOSE)
        with pytest.raises(Refused) as refused:
            close_case(by=worker, case=case, version=case.version, entry=entry, on=TODAY, why="后补")
        assert code in codes(refused)
        assert fresh(case).is_open
        assert not Closing.objects.exists()

    def test_it_is_written_first_and_gone_on_with(self, case, worker, head):
        row = write_closing(by=worker, case=case, version=1, entry=ClosingEntry(summary="先写着"))
        with pytest.raises(Conflict):
            write_closing(by=head, case=case, version=1, entry=ClosingEntry(summary="我也写"))
        done = closed(case, worker)
        assert Closing.objects.get(case=done).pk == row.pk

    def test_not_before_its_stage_and_not_twice(self, case, worker):
        entry = ClosingEntry("reached", "做了什么")
        with pytest.raises(Refused, match="还没有到"):
            close_case(by=worker, case=case, version=1, entry=entry, on=TODAY)
        done = closed(case, worker)
        with pytest.raises(Refused, match="已经结案"):
            close_case(by=worker, case=done, version=done.version, entry=entry, on=TODAY)

    def test_an_open_alarm_hinders_whoever_may_know_of_it_and_nobody_else(
        self, city, case, worker, colleague, head, child
    ):
        alarm = AlarmEntry(
            station=city.chengdong, client_id=random_id(), protected=Protected.MINOR, situation=Situation.BEATEN,
            discovered_at=case.entered_at, facts="有旧伤", person_id=child.pk,
        )  # fmt: skip
        raise_alarm(by=colleague, entry=alarm, acknowledged=True)
        case = moved(case, worker, Stage.CLOSE)
        entry = ClosingEntry("reached", "做了什么")
        with pytest.raises(Refused) as refused:
            close_case(by=head, case=case, version=case.version, entry=entry, on=TODAY, why="后补")
        assert codes(refused) == ["open_alarm"]
        close_case(by=worker, case=case, version=case.version, entry=entry, on=TODAY, why="后补")
        assert not fresh(case).is_open

    def test_reopened_the_old_closing_stays_and_planned_visits_are_dropped(self, case, worker):
        done = closed(case, worker)
        again = moved(done, worker, Stage.ACT, on=TODAY, reason="回访时发现反复")
        assert (again.is_open, again.close_reason) == (True, "")
        assert Closing.objects.get(case=case).reopened_on == TODAY
        assert set(FollowUp.objects.values_list("state", flat=True)) == {FollowUpState.DROPPED}
        closed(again, worker, on=TODAY)
        assert Closing.objects.filter(case=case).count() == 2

    def test_the_client_is_seen_again(self, case, worker):
        done = closed(case, worker, on=date(2020, 5, 5), months=(1,))
        one = FollowUp.objects.get(case=done)
        assert "follow_ups" not in known(done, TODAY).there
        entry = FollowUpEntry(date(2020, 6, 5), SessionMode.PHONE, FollowUpResult.STEADY, "情况平稳", worker.staff_id)
        record_follow_up(by=worker, follow_up=one, version=1, entry=entry)
        assert "follow_ups" in known(done, TODAY).there
        more = plan_follow_up(by=worker, case=done, due_on=date(2020, 12, 1))
        with pytest.raises(Refused):
            drop_follow_up(by=worker, follow_up=more, version=1, reason=" ")
        drop_follow_up(by=worker, follow_up=more, version=1, reason="已迁往外省")
        with pytest.raises(Refused, match="早于结案"):
            plan_follow_up(by=worker, case=done, due_on=date(2020, 5, 1))

    def test_evaluations_say_something_and_are_put_right_by_version(self, case, worker):
        with pytest.raises(Refused):
            evaluate_case(by=worker, case=case, entry=EvaluationEntry(TODAY))
        row = evaluate_case(by=worker, case=case, entry=EvaluationEntry(TODAY, outcome="好转", satisfaction=5))
        evaluate_case(by=worker, case=case, entry=EvaluationEntry(TODAY, outcome="明显好转"), evaluation=row, version=1)
        with pytest.raises(Conflict):
            evaluate_case(by=worker, case=case, entry=EvaluationEntry(TODAY, outcome="好"), evaluation=row, version=1)


class TestTheTeam:
    def test_the_head_says_who(self, case, worker, colleague, head):
        change_team(by=head, case=case, version=1, entry=TeamEntry(colleague.staff_id, worker.staff_id))
        assert (fresh(case).worker_id, fresh(case).co_worker_id) == (colleague.staff_id, worker.staff_id)
        with pytest.raises(NotAllowed):
            change_team(by=worker, case=case, version=2, entry=TeamEntry(worker.staff_id))

    def test_of_the_station_and_two_people(self, case, worker, head, stranger, officer):
        for entry, code in (
            (TeamEntry(stranger.staff_id), "worker"),
            (TeamEntry(worker.staff_id, worker.staff_id), "same"),
            (TeamEntry(worker.staff_id, None, officer.pk), "supervisor"),
        ):
            with pytest.raises(Refused) as refused:
                change_team(by=head, case=case, version=1, entry=entry)
            assert code in codes(refused)


def test_the_city_says_from_a_day_on_and_only_the_city(officer, worker):
    entry = RuleEntry(True, True, [6, 1], 30, TODAY)
    with pytest.raises(NotAllowed):
        set_case_rule(by=worker, entry=entry, version=0, reason="按新口径")
    rule = set_case_rule(by=officer, entry=entry, version=0, reason="按新口径")
    assert (rule.months, rule.review_days) == ([1, 6], 30)
    with pytest.raises(Conflict):
        set_case_rule(by=officer, entry=entry, version=0, reason="按新口径")
    with pytest.raises(Refused):
        set_case_rule(by=officer, entry=RuleEntry(True, True, [0], 30, TODAY), version=1, reason="按新口径")


def _row(case: Case, model, **more):
    return model(id=random_id(), station=case.station, case=case, entered_by_id=case.entered_by_id, **more)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("case_closed_by_its_stage", lambda c: Case.objects.update(closed_on=TODAY)),
        ("case_closed_with_reason", lambda c: Case.objects.update(stage="followup", closed_on=TODAY)),
        ("case_accepted_beyond_intake", lambda c: Case.objects.update(stage="act", accepted_on=None)),
        ("case_accepted_after_it_was_opened", lambda c: Case.objects.update(accepted_on=date(2020, 5, 1))),
        ("case_closed_after_it_was_opened", lambda c: Case.objects.update(
            stage="followup", close_reason="lost", closed_on=date(2020, 5, 1))),
        ("case_co_worker_is_another", lambda c: Case.objects.update(co_worker=c.worker)),
        ("case_client_once", lambda c: _row(
            c, CaseClient, person_key=CaseClient.objects.get().person_key).save()),
        ("goal_dates_in_order", lambda c: _row(
            c, Goal, client_id=random_id(), set_on=TODAY, due_on=OPENED).save()),
        ("goal_weight_in_reason", lambda c: _row(
            c, Goal, client_id=random_id(), set_on=TODAY, due_on=TODAY, weight=0).save()),
        ("goal_dropped_on_a_day", lambda c: _row(
            c, Goal, client_id=random_id(), set_on=TODAY, due_on=TODAY, state="dropped").save()),
        ("session_minutes_in_reason", lambda c: _row(
            c, Session, client_id=random_id(), held_on=TODAY, minutes=0, mode="home", worker=c.worker).save()),
        ("closing_has_reason", lambda c: _row(c, Closing, closed_on=TODAY).save()),
        ("closing_one_in_force", lambda c: [_row(c, Closing).save() for _ in range(2)]),
        ("plan_one_a_case", lambda c: [_row(c, Plan, planned_on=TODAY).save() for _ in range(2)]),
        ("follow_up_done_is_told", lambda c: _row(c, FollowUp, due_on=TODAY, state="done").save()),
        ("supervisor_view_agrees_or_not", lambda c: _row(c, SupervisorView, kind="plan").save()),
        ("case_offer_decided", lambda c: _row(
            c, CaseOffer, giver=c.worker, receiver=c.worker, state="taken").save()),
        ("case_offer_waits_once", lambda c: [_row(
            c, CaseOffer, giver=c.worker, receiver=c.worker).save() for _ in range(2)]),
        ("case_visit_once", lambda c: [_row(c, CaseVisit, record_key=c.pk).save() for _ in range(2)]),
        ("case_rule_days_in_reason", lambda c: CaseRule(starts_on=TODAY, review_days=1).save()),
        ("case_rule_once_a_day", lambda c: [CaseRule(starts_on=TODAY, review_days=30).save() for _ in range(2)]),
    ],
)  # fmt: skip
def test_the_database_refuses_nonsense(case, name, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong(case)


def test_a_score_outside_its_scale_is_refused_by_the_database_too(case, worker):
    goal = a_goal(case, worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        GoalRating(station=case.station, goal=goal, rated_on=TODAY, scale="gas", value=3, entered_by=worker).save()


def test_who_is_known_twice_is_one_client(case, city, worker, family, child):
    """Nothing of a case is rewritten where two entries are found to be one person: it is asked by all entries."""
    from shuangbai.cases.queries import about_people

    assert list(about_people(worker, [child.pk, random_id()])) == [case]
    assert not about_people(worker, [Person.objects.exclude(pk=child.pk).first().pk]).exists()
