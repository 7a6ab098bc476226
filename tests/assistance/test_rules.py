"""Policy assistance: working days, deadlines, hints, the table of stages. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from shuangbai.assistance.enums import MatterKind, Move, Policy, Stage
from shuangbai.assistance.hints import Facts, Someone, suggestions
from shuangbai.assistance.rules import (
    AFTER,
    OPEN,
    SHIPPED,
    diagram,
    due_of,
    months_after,
    moves_of,
    shipped_on,
)
from shuangbai.core.workdays import Calendar

pytestmark = pytest.mark.nodb
DAY = date(2020, 6, 6)


class TestMonths:
    @pytest.mark.parametrize(
        ("day", "months", "then"),
        [(date(2020, 1, 31), 1, date(2020, 2, 29)), (date(2020, 12, 15), 1, date(2021, 1, 15)),
         (date(2020, 6, 6), 12, date(2021, 6, 6)), (date(2020, 2, 29), 12, date(2021, 2, 28))],
    )  # fmt: skip
    def test_months_end_with_the_month(self, day, months, then):
        assert months_after(day, months) == then


class TestDue:
    RULE = replace(shipped_on(Policy.DIBAO, DAY), days=30, special_days=45)  # type: ignore[type-var]

    def due(self, **more):
        said = {"stage": Stage.RUNNING, "accepted_on": date(2020, 6, 1), "special": False, "rule": self.RULE,
                "calendar": Calendar(), "today": DAY, **more}  # fmt: skip
        return due_of(**said)

    def test_thirty_working_days_from_acceptance_and_forty_five_where_it_is_special(self):
        assert self.due().on == date(2020, 7, 13)
        assert self.due(special=True).on == date(2020, 8, 3)

    def test_late_and_near(self):
        assert self.due(today=date(2020, 7, 14)).is_late
        assert self.due(today=date(2020, 7, 15)).over == 2
        assert self.due(today=date(2020, 7, 13)).left == 0
        assert self.due(today=date(2020, 7, 8)).is_near
        assert not self.due().is_near

    @pytest.mark.parametrize(
        "more", [{"accepted_on": None}, {"stage": Stage.GRANTED}, {"rule": None},
                 {"rule": replace(RULE, days=None, special_days=None)}]
    )  # fmt: skip
    def test_no_clock_runs_before_acceptance_after_the_decision_or_without_a_rule(self, more):
        assert self.due(**more) is None


class TestTheTable:
    def test_every_stage_has_its_line_and_what_is_open_leads_on(self):
        assert set(AFTER) == set(Stage)
        assert all(AFTER[stage] for stage in OPEN)
        assert all(stage.label in diagram() for stage in Stage)

    def test_a_question_is_answered_and_nothing_else_is(self):
        assert set(moves_of(Stage.PREPARING, MatterKind.CONSULT)) == {Move.ANSWER, Move.WITHDRAW}
        for kind in set(MatterKind) - {MatterKind.CONSULT}:
            assert Move.ANSWER not in moves_of(Stage.PREPARING, kind)

    def test_what_is_shipped_names_its_source_and_says_whether_it_was_checked(self):
        assert {rule.policy for rule in SHIPPED} == set(Policy) - {Policy.OTHER}
        assert all(rule.text and rule.source for rule in SHIPPED)
        assert shipped_on(Policy.DIBAO, date(2021, 7, 1)).source == "民发〔2021〕57号"  # type: ignore[union-attr]
        assert shipped_on(Policy.DIBAO, date(2021, 6, 30)).source != "民发〔2021〕57号"  # type: ignore[union-attr]
        assert not shipped_on(Policy.DIBIAN, DAY).sure  # type: ignore[union-attr]
        assert shipped_on(Policy.OTHER, DAY) is None


class TestHints:
    def said(self, *people, **more):
        return {(one.policy, one.key) for one in suggestions(Facts(list(people), **more), DAY)}

    def test_what_a_familys_data_suggest(self):
        elder = Someone("a", "曾秀英", 82)
        assert self.said(elder, Someone("b", "陈大文", 50)) == {("aged", "a")}
        assert self.said(elder) == {("aged", "a"), ("tekun", "a")}
        severe = Someone("c", "陈小军", 20, cards=(("4", "1", None),))
        assert self.said(severe, elder) == {("nursing", "c"), ("aged", "a")}
        assert self.said(severe, Someone("b", "陈大文", 50), carries=frozenset({"dibao_rural"})) == {
            ("nursing", "c"), ("living", "c"),
        }  # fmt: skip
        child = Someone("d", "陈小树", 9, carries=frozenset({"no_care_child"}))
        assert self.said(child, Someone("b", "陈大文", 50)) == {("no_care", "d")}

    def test_nothing_that_runs_or_is_received_already(self):
        elder, other = Someone("a", "曾秀英", 82), Someone("b", "陈大文", 50)
        assert self.said(elder, other, running=frozenset({("aged", "a")})) == set()
        assert self.said(elder, other, benefits=frozenset({"aged"})) == set()

    def test_a_certificate_that_ends_soon(self):
        one = Someone("c", "陈小军", 20, cards=(("4", "3", date(2020, 7, 1)),))
        found = suggestions(Facts([one, Someone("b", "陈大文", 50)]), DAY)
        assert [(hint.policy, hint.kind) for hint in found] == [("card", "review")]

    @pytest.mark.parametrize(
        ("per_head", "found"), [(500, {("dibao", None)}), (800, {("dibian", None)}), (1200, set())]
    )
    def test_income_against_the_line_that_the_city_set(self, per_head, found):
        people = [Someone("a", "甲", 40), Someone("b", "乙", 38)]
        assert self.said(*people, per_head=Decimal(per_head), line=Decimal(700)) == found
        assert self.said(*people, per_head=Decimal(per_head)) == set()

    def test_it_never_says_that_somebody_is_entitled(self):
        people = [Someone("a", "甲", 82, cards=(("4", "1", date(2020, 5, 1)),))]
        sentences = [one.sentence for one in suggestions(Facts(people, carries=frozenset({"dibao_rural"})), DAY)]
        assert sentences
        assert not [said for said in sentences if "应当批准" in said or "符合条件" in said]
