"""What contradicts in a survey of a village, what only makes one ask, and what two of them say of each other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangbai.core.findings import Door, Severity, judge
from shuangbai.surveys.enums import FIELD, FIELDS, Kind
from shuangbai.surveys.rules.survey import DOORS, differences, lines_of, number_findings, survey_findings, told
from tests.surveying import ANSWERS, counted

pytestmark = pytest.mark.nodb
TODAY = date(2020, 6, 6)


def said(**numbers: int) -> dict[str, Any]:
    return {code: counted(value) for code, value in numbers.items()}


def codes(answers: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.code, one.field) for one in number_findings(answers)]


def checked(**more: Any) -> list[str]:
    given_now = {
        "covered": True, "first": date(2020, 3, 2), "last": date(2020, 3, 20), "today": TODAY,
        "opened_on": date(2017, 7, 1), "worker_posted": True, "methods": ["interview"], "sample": None,
        "answers": ANSWERS, "summary": "", "same_days": False, "before": None, "before_on": None,
    }  # fmt: skip
    return [one.code for one in survey_findings(**{**given_now, **more})]


class TestWhatContradicts:
    def test_numbers_that_fit_say_nothing(self):
        assert codes(ANSWERS) == []

    def test_children_are_no_more_than_the_village(self):
        found = number_findings(said(resident=300, children=310))
        assert [(one.code, one.field) for one in found] == [("more_than_all", "children")]
        assert "310" in found[0].sentence
        assert "300" in found[0].sentence

    def test_the_larger_of_registered_and_resident_is_the_village(self):
        assert codes(said(registered=3000, resident=900, children=1000, elders=600)) == []

    def test_children_and_elders_together_are_no_more_either(self):
        assert codes(said(registered=1000, children=600, elders=500)) == [("together_more", "children")]

    def test_more_are_not_away_than_are_registered(self):
        assert ("away_more", "away") in codes(said(registered=500, away=501))

    def test_more_do_not_float_than_live_there(self):
        assert ("floating_more", "floating") in codes(said(resident=500, floating=501))

    def test_who_lives_there_follows_from_who_is_registered_away_and_floating(self):
        assert codes(said(registered=1000, away=300, floating=50, resident=760)) == []
        assert codes(said(registered=1000, away=300, floating=50, resident=950)) == [("apart", "resident")]

    def test_households_and_people_taken_for_each_other(self):
        assert codes(said(households=2000, registered=500)) == [("fewer_than_households", "households")]
        assert codes(said(households=20, registered=500)) == [("crowded", "households")]

    def test_a_third_of_a_village_on_aid_is_asked_about(self):
        assert codes(said(registered=1000, dibao=250, tekun=60)) == [("aid_share", "dibao")]

    def test_what_is_unknown_contradicts_nothing(self):
        assert codes(said(children=500, elders=800)) == []
        assert codes({}) == []

    def test_a_number_without_a_source_is_named(self):
        found = number_findings({"registered": {"value": 900}, "elders": counted(100)})
        assert [one.code for one in found] == ["no_source"]
        assert "户籍人口" in found[0].sentence
        assert "60 岁" not in found[0].sentence

    @given(st.dictionaries(st.sampled_from([one.code for one in FIELDS if one.kind == Kind.SOURCED]),
                           st.integers(0, 100_000)))  # fmt: skip
    def test_every_finding_has_its_door_and_its_field(self, numbers):
        for one in judge(number_findings(said(**numbers)), Door.PAGE, DOORS):
            assert one.field in FIELD or one.field == "source"
            assert one.severity in (Severity.REFUSE, Severity.WARN)


class TestTheWhole:
    def test_a_survey_as_it_should_be(self):
        assert checked() == []

    @pytest.mark.parametrize(("more", "code"), [
        ({"covered": False}, "village"), ({"last": date(2020, 3, 1)}, "days"), ({"last": date(2020, 6, 7)}, "future"),
        ({"first": date(2017, 1, 1), "last": date(2017, 2, 1)}, "before_station"),
        ({"first": date(2019, 1, 1)}, "too_long"), ({"methods": []}, "no_method"), ({"worker_posted": False}, "worker"),
        ({"methods": ["questionnaire"]}, "no_sample"), ({"answers": {}}, "empty"), ({"same_days": True}, "same_days"),
    ])  # fmt: skip
    def test_what_is_wrong_is_said(self, more, code):
        assert checked(**more) == [code]

    def test_a_number_that_moved_by_half_since_the_last_survey_is_asked_about(self):
        assert checked(before=said(elders=300), before_on=date(2018, 5, 1)) == ["jump"]
        assert checked(before=said(elders=500), before_on=date(2018, 5, 1)) == []

    def test_every_code_has_a_door(self):
        asked = {"jump", "same_days", "empty", "no_sample", "too_many_lines", "reason_missing"}
        assert asked <= set(DOORS)


class TestTwoSurveys:
    def test_a_number_is_more_or_less_with_its_share(self):
        [row] = differences(said(elders=500), said(elders=560))
        assert (row.difference, row.same) == ("多 60（+12.0%）", False)
        assert differences(said(elders=560), said(elders=500))[0].difference == "少 60（-10.7%）"
        assert differences(said(elders=5), said(elders=5))[0].difference == "相同"
        assert differences({}, said(elders=5))[0].difference == "有一次不清楚，不能比较"
        assert differences(said(elders=0), said(elders=5))[0].difference == "多 5"

    def test_of_a_list_what_came_and_what_went(self):
        [row] = differences({"facilities": ["clinic", "bus"]}, {"facilities": ["clinic", "square"]})
        assert (row.gained, row.lost) == (["文化广场"], ["公交到村"])

    def test_what_was_not_asked_did_not_come_or_go(self):
        [row] = differences({}, {"facilities": ["clinic"]})
        assert (list(row.gained), list(row.lost), row.same) == ([], [], False)

    def test_needs_with_their_places(self):
        [row] = differences({"needs": ["看病", "看孩子", "修路"]}, {"needs": ["看孩子", "看病", "路灯"]})
        assert row.ranks == [("看孩子", 2, 1), ("看病", 1, 2), ("路灯", None, 3), ("修路", 3, None)]

    @given(st.lists(st.sampled_from("甲乙丙丁戊己")), st.lists(st.sampled_from("甲乙丙丁戊己")))
    def test_what_came_and_went_leads_from_one_to_the_other(self, was, now):
        before, after = list(dict.fromkeys(was)), list(dict.fromkeys(now))
        [row] = differences({"problems": before}, {"problems": after})
        assert (set(before) | set(row.gained)) - set(row.lost) == set(after)

    def test_with_itself_nothing_differs(self):
        assert all(row.same for row in differences(ANSWERS, ANSWERS))


class TestWords:
    def test_lines_lose_their_numbers_and_empty_ones_go(self):
        assert lines_of("60 岁以上的没有饭堂\n1.5 公里没有路灯") == ["60 岁以上的没有饭堂", "1.5 公里没有路灯"]
        assert lines_of(" 1. 看病\n\n2、修路 \n看病\n　3）路灯") == ["看病", "修路", "路灯"]

    def test_answers_in_words(self):
        assert told(FIELD["registered"], counted(3200)) == "3,200 人"
        assert told(FIELD["town_km"], 4.5) == "4.5 公里"
        assert told(FIELD["income"], 12000) == "12,000 元/年"
        assert told(FIELD["facilities"], ["clinic"]) == "卫生站"
        assert told(FIELD["needs"], ["看病", "修路"]) == "1. 看病；2. 修路"
        assert told(FIELD["elders"], None) == ""

    def test_codes_are_declared_once(self):
        assert len(FIELD) == len(FIELDS)
