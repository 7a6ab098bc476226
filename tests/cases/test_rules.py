"""Stages, what each asks for, and what is wrong with what is written. Without a database."""

from __future__ import annotations

from datetime import date

import pytest

from shuangbai.cases.enums import Move, Scale, Stage
from shuangbai.cases.rules import (
    DOCUMENTS,
    MOVES,
    OPEN_STAGES,
    ORDER,
    WITH_REASON,
    checklist,
    close_findings,
    diagram,
    goal_findings,
    goal_state_findings,
    is_reached,
    months_after,
    months_findings,
    move_findings,
    next_of,
    rating_findings,
    reached_on,
    session_findings,
    view_findings,
    views_asked,
)

pytestmark = pytest.mark.nodb
DAY, TODAY = date(2020, 5, 4), date(2020, 6, 6)


class TestStages:
    def test_every_stage_has_its_moves_and_every_open_one_goes_on(self):
        assert set(MOVES) == set(Stage)
        assert [next_of(stage) for stage in OPEN_STAGES] == list(ORDER[1:])

    @pytest.mark.parametrize("stage", OPEN_STAGES)
    def test_an_open_case_may_go_to_every_other_open_stage(self, stage):
        assert {to for to in MOVES[stage] if to in OPEN_STAGES} == set(OPEN_STAGES) - {stage}

    def test_it_is_closed_from_the_closing_alone_and_declined_from_the_intake_alone(self):
        assert [stage for stage in Stage if Move.CLOSED in MOVES[stage].values()] == [Stage.CLOSE]
        assert [stage for stage in Stage if Move.DECLINE in MOVES[stage].values()] == [Stage.INTAKE]

    def test_the_diagram_names_every_stage(self):
        assert all(f"{stage}: {stage.label}" in diagram() for stage in Stage)

    def test_every_document_belongs_to_a_stage_of_the_line(self):
        assert {document.stage for document in DOCUMENTS.values()} == set(ORDER)

    def test_a_stage_that_was_passed_over_is_reached_on_the_day_it_was_passed(self):
        told = reached_on([(Stage.INTAKE, DAY), (Stage.ACT, TODAY), (Stage.ASSESS, date(2020, 6, 7))])
        assert told == {Stage.INTAKE: DAY, Stage.ASSESS: TODAY, Stage.PLAN: TODAY, Stage.ACT: TODAY}


def moving(**more):
    said = {"stage": Stage.INTAKE, "to": Stage.ASSESS, "reason": "", "missing": [], "on": TODAY, "since": DAY,
            "today": TODAY}  # fmt: skip
    return [one.code for one in move_findings(**{**said, **more})]


class TestMoving:
    def test_onward_without_a_reason_where_nothing_is_missing(self):
        assert moving() == []

    def test_onward_with_a_reason_where_something_is(self):
        assert moving(missing=["consent"]) == ["missing"]
        assert moving(missing=["consent"], reason="先保护孩子") == []

    @pytest.mark.parametrize(
        ("stage", "to"),
        [(stage, to) for stage, moves in MOVES.items() for to, move in moves.items() if move in WITH_REASON],
    )
    def test_over_a_stage_back_and_again_with_a_reason_always(self, stage, to):
        assert moving(stage=stage, to=to) == ["no_reason"]
        assert moving(stage=stage, to=to, reason="情况反复") == []

    def test_what_is_no_move_is_none(self):
        assert moving(stage=Stage.FOLLOWUP, to=Stage.CLOSE) == ["no_move"]
        assert moving(stage=Stage.ACT, to=Stage.ACT) == ["no_move"]

    def test_not_before_the_stage_began_and_not_in_the_future(self):
        assert moving(on=date(2020, 5, 3)) == ["before"]
        assert moving(on=date(2020, 6, 7)) == ["future"]


class TestTheChecklist:
    def test_what_is_missing_is_told_from_the_day_the_stage_was_reached(self):
        lines = checklist(there={"presenting", "decision"}, asked=set(), reached={Stage.INTAKE: DAY})
        told = {line.code: (line.there, line.missing, line.since) for line in lines}
        assert told["decision"] == (True, False, DAY)
        assert told["consent"] == (False, True, DAY)
        assert told["plan"] == (False, False, None)

    def test_a_supervisors_view_is_asked_for_where_the_risk_is_high_or_the_city_says_so(self):
        assert views_asked(high=True, agree_plan=False, agree_closing=False) == {"view_plan"}
        assert views_asked(high=False, agree_plan=False, agree_closing=True) == {"view_closing"}
        lines = checklist(there=set(), asked=set(), reached={})
        assert not [line for line in lines if line.code.startswith("view_")]


def wanting(**more):
    said = {"statement": "上学", "indicator": "迟到次数", "target": "一次以内", "set_on": DAY, "due_on": TODAY,
            "levels": [""] * 5}  # fmt: skip
    return [one.code for one in goal_findings(**{**said, **more})]


class TestGoals:
    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"indicator": " "}, "unmeasured"), ({"statement": ""}, "statement"), ({"target": ""}, "no_target"),
            ({"due_on": date(2020, 5, 3)}, "due"), ({"levels": ["", "", "准时", "", ""]}, "levels"),
        ],
    )  # fmt: skip
    def test_one_says_what_by_what_one_sees_it_and_by_when(self, more, code):
        assert wanting() == []
        assert wanting(**more) == [code]

    @pytest.mark.parametrize(
        ("scale", "value", "fits"),
        [("gas", -2, True), ("gas", 2, True), ("gas", 3, False), ("gas", -3, False), ("percent", 0, True),
         ("percent", 100, True), ("percent", 101, False), ("percent", -1, False)],
    )  # fmt: skip
    def test_a_score_lies_on_its_scale(self, scale, value, fits):
        found = rating_findings(scale=scale, value=value, on=TODAY, set_on=DAY, today=TODAY, dropped=False)
        assert [one.code for one in found] == ([] if fits else ["outside"])

    def test_not_before_the_goal_was_set_not_in_the_future_not_of_one_given_up(self):
        def codes(on, dropped=False):
            found = rating_findings(scale=Scale.GAS, value=0, on=on, set_on=DAY, today=TODAY, dropped=dropped)
            return [one.code for one in found]

        assert codes(date(2020, 5, 3)) == ["before"]
        assert codes(date(2020, 6, 7)) == ["future"]
        assert codes(TODAY, dropped=True) == ["dropped"]

    @pytest.mark.parametrize(
        ("was", "becomes", "case_open", "reason", "code"),
        [("open", "dropped", True, "已转学", []), ("open", "dropped", False, "已转学", []),
         ("open", "dropped", True, " 转", ["reason"]), ("dropped", "open", True, "回来了", []),
         ("dropped", "open", True, "", ["reason"]), ("dropped", "open", False, "回来了", ["closed"]),
         ("open", "open", True, "回来了", ["same"]), ("dropped", "dropped", True, "已转学", ["same"])],
    )  # fmt: skip
    def test_given_up_and_taken_up_again(self, was, becomes, case_open, reason, code):
        found = goal_state_findings(was=was, becomes=becomes, case_open=case_open, reason=reason)
        assert [one.code for one in found] == code

    @pytest.mark.parametrize(
        ("scale", "value", "reached"),
        [("gas", 0, True), ("gas", -1, False), ("percent", 80, True), ("percent", 79, False), ("gas", None, False)],
    )
    def test_what_was_expected_is_reached(self, scale, value, reached):
        assert is_reached(scale, value) is reached


def held(**more):
    said = {"held_on": TODAY, "opened_on": DAY, "closed_on": None, "today": TODAY, "process": "谈了", "next_on": None,
            "minutes": 40}  # fmt: skip
    return [one.code for one in session_findings(**{**said, **more})]


class TestSessions:
    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"held_on": date(2020, 6, 7)}, "future"), ({"held_on": date(2020, 5, 3)}, "before"),
            ({"closed_on": date(2020, 6, 5)}, "closed"), ({"process": " "}, "process"), ({"minutes": 0}, "minutes"),
            ({"next_on": date(2020, 6, 5)}, "next"),
        ],
    )  # fmt: skip
    def test_one_lies_within_its_case_and_says_something(self, more, code):
        assert held() == []
        assert held(**more) == [code]


def closing(**more):
    said = {"reason": "reached", "summary": "做了什么", "missing": [], "why": "", "on": TODAY, "since": DAY,
            "today": TODAY, "latest_session": None}  # fmt: skip
    return [one.code for one in close_findings(**{**said, **more})]


class TestClosing:
    @pytest.mark.parametrize(
        ("more", "codes"),
        [
            ({"reason": ""}, ["no_close_reason"]), ({"summary": " "}, ["no_summary"]),
            ({"missing": ["summary", "view_closing"]}, ["missing"]), ({"on": date(2020, 6, 7)}, ["future"]),
            ({"on": date(2020, 5, 3)}, ["before"]), ({"latest_session": date(2020, 6, 7)}, ["before_session"]),
        ],
    )  # fmt: skip
    def test_never_without_reason_and_summary_and_never_before_what_was_done(self, more, codes):
        assert closing() == []
        assert closing(**more) == codes

    def test_whatever_else_is_missing_asks_for_a_word(self):
        assert closing(missing=["view_closing"], why="督导出差，电话同意") == []

    def test_months_are_few_and_differ(self):
        assert not months_findings([1, 3, 6])
        assert months_findings([0])
        assert months_findings([25])
        assert months_findings([3, 3])

    @pytest.mark.parametrize(
        ("day", "months", "then"),
        [(date(2020, 1, 31), 1, date(2020, 2, 29)), (date(2020, 11, 30), 3, date(2021, 2, 28)),
         (date(2020, 6, 6), 6, date(2020, 12, 6)), (date(2020, 12, 1), 12, date(2021, 12, 1))],
    )  # fmt: skip
    def test_a_month_later_is_the_same_day_or_the_last(self, day, months, then):
        assert months_after(day, months) == then


def test_a_supervisor_says_something_and_says_why_not():
    def codes(**more):
        said = {"kind": "plan", "agrees": True, "text": "", "there": True}
        return [one.code for one in view_findings(**{**said, **more})]

    assert codes() == []
    assert codes(agrees=None) == ["agrees"]
    assert codes(agrees=False) == ["why"]
    assert codes(agrees=False, text="先做安全计划") == []
    assert codes(there=False) == ["nothing"]
    assert codes(kind="comment", agrees=None) == ["text"]
