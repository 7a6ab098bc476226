"""Questionnaires and sheets: what can be asked and answered, how answers add up, and who is told what of few."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangbai.surveys.enums import QuestionKind, State
from shuangbai.surveys.forms.asking import choices_of
from shuangbai.surveys.rules.sheets import (
    DOORS,
    QUESTIONS_MOST,
    Question,
    kept_as,
    move_findings,
    parts_told,
    questionnaire_findings,
    questions_of,
    share_of,
    sheet_findings,
    tally,
)
from tests.surveying import ANSWERED, QUESTIONS

pytestmark = pytest.mark.nodb
TODAY = date(2020, 6, 6)
ELEVEN = "／".join("一二三四五六七八九十百")


def codes(questions: Any) -> list[str]:
    return [one.code for one in questionnaire_findings(questions)]


def asked(text: str = "合不合", kind: QuestionKind = QuestionKind.ONE, labels: str = "是／否") -> Question:
    return Question("q1", text, kind, choices_of(labels))


def checked(answers: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    said = {"filled_on": date(2020, 6, 1), "today": TODAY, "published_on": date(2020, 5, 1), "ended_on": None,
            "covered": True, **more}  # fmt: skip
    return [(one.code, one.field) for one in sheet_findings(QUESTIONS, answers, **said)]


class TestAQuestionnaire:
    def test_a_sound_one(self):
        assert codes(QUESTIONS) == []
        assert questions_of(kept_as(QUESTIONS)) == QUESTIONS

    @pytest.mark.parametrize(("questions", "code"), [
        ([], "no_question"), ([asked()] * (QUESTIONS_MOST + 1), "too_many"), ([asked(text=" ")], "no_text"),
        ([asked(labels="是")], "choices"), ([asked(labels="是／是")], "choices"), ([asked(labels=ELEVEN)], "choices"),
        ([asked(kind=QuestionKind.NUMBER)], "choices"), ([asked(), asked()], "twice"),
    ])  # fmt: skip
    def test_what_is_wrong_is_said(self, questions, code):
        assert code in codes(questions)

    def test_choices_as_people_type_them(self):
        assert choices_of("好/一般／不好") == (("1", "好"), ("2", "一般"), ("3", "不好"))
        assert choices_of(" ") == ()

    def test_the_ways_from_state_to_state(self):
        assert move_findings(State.DRAFT, State.PUBLISHED, QUESTIONS) == []
        assert move_findings(State.PUBLISHED, State.ENDED, QUESTIONS) == []
        for was, to in ((State.ENDED, State.PUBLISHED), (State.PUBLISHED, State.DRAFT), (State.DRAFT, State.ENDED)):
            assert [one.code for one in move_findings(was, to, QUESTIONS)] == ["no_way"]
        assert [one.code for one in move_findings(State.DRAFT, State.PUBLISHED, [])] == ["no_question"]


class TestASheet:
    def test_a_whole_one(self):
        assert checked(ANSWERED) == []

    @pytest.mark.parametrize(("changed", "found"), [
        ({"q1": ""}, ("missing", "q1")), ({"q1": "9"}, ("outside", "q1")), ({"q2": ["1", "9"]}, ("outside", "q2")),
        ({"q3": "maybe"}, ("outside", "q3")), ({"q4": -1}, ("outside", "q4")), ({"q4": "x"}, ("outside", "q4")),
        ({"q5": "长" * 301}, ("too_long", "q5")), ({"q9": "1"}, ("unknown", "")),
    ])  # fmt: skip
    def test_an_answer_that_is_none(self, changed, found):
        assert checked({**ANSWERED, **changed}) == [found]

    def test_what_may_be_left_out(self):
        assert checked({"q1": "2", "q3": "no"}) == []
        assert checked({"q1": "2", "q3": "no", "q4": 0}) == []

    def test_an_empty_sheet_is_none(self):
        assert checked({}) == [("empty", "q1")]

    @pytest.mark.parametrize(("more", "code"), [
        ({"filled_on": date(2020, 6, 7)}, "future"), ({"published_on": None}, "before"),
        ({"ended_on": date(2020, 5, 31)}, "after"), ({"covered": False}, "village"),
    ])  # fmt: skip
    def test_its_day_and_place(self, more, code):
        assert [found for found, _field in checked(ANSWERED, **more)] == [code]

    def test_every_code_has_a_door(self):
        assert {"missing", "outside", "empty", "future", "before", "after", "village", "too_long"} <= set(DOORS)


SHEETS = st.lists(st.fixed_dictionaries({}, optional={
    "q1": st.sampled_from("123"), "q2": st.lists(st.sampled_from("123"), unique=True),
    "q3": st.sampled_from(["yes", "no"]), "q4": st.integers(0, 500), "q5": st.sampled_from(["", "淡", "远"]),
}), max_size=40)  # fmt: skip


class TestAddingUp:
    @given(SHEETS)
    def test_it_is_counting_by_hand(self, sheets):
        one, several, yes_no, number, text = tally(QUESTIONS, sheets)
        for share in one.shares:
            assert share.count == len([sheet for sheet in sheets if sheet.get("q1") == share.code])
        for share in several.shares:
            assert share.count == len([sheet for sheet in sheets if share.code in sheet.get("q2", [])])
        assert sum(share.count for share in one.shares) == one.answered
        assert sum(share.count for share in yes_no.shares) == yes_no.answered
        assert {row.asked for row in (one, several, yes_no, number, text)} == {len(sheets)}
        given_numbers = [sheet["q4"] for sheet in sheets if "q4" in sheet]
        assert number.answered == len(given_numbers)
        if given_numbers:
            assert (
                abs(float(number.numbers.mean) - sum(given_numbers) / len(given_numbers)) <= 0.0501
            )  # a mean is rounded to a tenth
            assert (number.numbers.least, number.numbers.most) == (min(given_numbers), max(given_numbers))
        assert list(text.words) == [sheet["q5"] for sheet in sheets if sheet.get("q5")]

    @given(SHEETS)
    def test_in_parts_it_adds_up_to_the_whole(self, sheets):
        half = len(sheets) // 2
        whole, first, second = (tally(QUESTIONS, part) for part in (sheets, sheets[:half], sheets[half:]))
        for all_of, one, other in zip(whole, first, second, strict=True):
            assert all_of.answered == one.answered + other.answered
            counts = [
                (a.count, b.count + c.count) for a, b, c in zip(all_of.shares, one.shares, other.shares, strict=True)
            ]
            assert all(added == told for told, added in counts)

    def test_shares_to_a_tenth(self):
        assert [share_of(*pair) for pair in ((1, 3), (2, 3), (1, 8), (0, 5), (5, 5), (0, 0))] == [
            Decimal(text) for text in ("33.3", "66.7", "12.5", "0.0", "100.0", "0.0")
        ]

    def test_nought_is_an_answer(self):
        number = tally(QUESTIONS, [{"q4": 0}, {"q4": 3}, {}])[3]
        assert (number.answered, number.numbers.mean, number.numbers.middle) == (2, Decimal("1.5"), Decimal("1.5"))


class TestFew:
    @given(st.dictionaries(st.integers(0, 30), st.integers(1, 12)))
    def test_nothing_of_fewer_than_five_can_be_told_or_worked_out(self, counts):
        told = parts_told(counts)
        left = sum(count for key, count in counts.items() if key not in told)
        assert all(counts[key] >= 5 for key in told)
        assert left == 0 or left >= 5 or not told

    def test_one_small_village_hides_the_next(self):
        assert parts_told({1: 20, 2: 9, 3: 3}) == {1}
        assert parts_told({1: 20, 2: 3, 3: 3}) == {1}
        assert parts_told({1: 20, 2: 9}) == {1, 2}
        assert parts_told({1: 20, 2: 3}) == set()
