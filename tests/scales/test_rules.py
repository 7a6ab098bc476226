"""Scoring, against published cut-offs and keys; what is outside names its item, what is missing follows its rule."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from shuangbai.scales.queries import shipped, shipped_data
from shuangbai.scales.rules import answer_findings, attainment, definition_findings, scale_of, score

pytestmark = pytest.mark.nodb
BY_CODE = {one.code: one for one in shipped()}
PHQ9, GAD7, SELFCARE, GDS = (BY_CODE[code] for code in ("phq9", "gad7", "selfcare6", "gds15"))


def answers(scale, *points: int | None) -> dict[str, int]:
    return {str(place): value for place, value in enumerate(points, 1) if value is not None}


def own(**more):
    """A scale as a city would write it: two subscales, one reverse item."""
    return {
        "code": "own1", "version": 1, "name": "照顾压力", "about": "", "fills": ["client"], "worse": "high",
        "choices": [["从不", 1], ["有时", 2], ["常常", 3]],
        "items": [{"text": "睡不好"}, {"text": "有人换手", "reverse": True}, {"text": "累"}, {"text": "急"}],
        "subscales": [["a", "身体", ["1", "3"]], ["b", "支持", ["2", "4"]]],
        "bands": [[4, 7, "轻", ""], [8, 12, "重", "找人换手"]], "source": "本市", "licence": "自编",
        "starts_on": "2020-01-01", **more,
    }  # fmt: skip


class TestShipped:
    def test_every_scale_is_whole_and_says_its_source_and_licence(self):
        assert len(BY_CODE) == len(shipped())
        for one, data in zip(shipped(), shipped_data(), strict=True):
            assert definition_findings(data) == []
            assert one.source
            assert one.licence
            assert one.holds_on(date(2020, 6, 6))

    def test_items_stand_only_where_their_licence_lets_us_hold_them(self):
        held = {code for code, one in BY_CODE.items() if one.items}
        assert held == {"selfcare6", "phq9", "gad7", "gds15", "ruler", "service5"}
        assert all(one.score_only and not one.items for code, one in BY_CODE.items() if code not in held)


class TestPublishedCutOffs:
    @pytest.mark.parametrize(
        ("total", "band"),
        [(0, "没有或极轻"), (4, "没有或极轻"), (5, "轻度"), (9, "轻度"), (10, "中度"), (14, "中度"), (15, "中重度"),
         (19, "中重度"), (20, "重度"), (27, "重度")],
    )  # fmt: skip
    def test_phq_9_as_kroenke_spitzer_and_williams_give_them(self, total, band):
        assert PHQ9.band(total).label == band
        assert (PHQ9.lowest, PHQ9.highest) == (0, 27)

    @pytest.mark.parametrize(
        ("total", "band"), [(4, "没有或极轻"), (5, "轻度"), (10, "中度"), (15, "重度"), (21, "重度")]
    )
    def test_gad_7_as_spitzer_gives_them(self, total, band):
        assert GAD7.band(total).label == band
        assert (GAD7.lowest, GAD7.highest) == (0, 21)

    @pytest.mark.parametrize(("cannot", "band"), [(0, "六项都能做到"), (1, "有一至三项不能"), (3, "有一至三项不能"),
                                                  (4, "有四项以上不能"), (6, "有四项以上不能")])  # fmt: skip
    def test_self_care_as_the_ministrys_rule_says(self, cannot, band):
        told = score(SELFCARE, answers(SELFCARE, *([1] * cannot + [0] * (6 - cannot))))
        assert (told.total, told.band) == (cannot, band)

    def test_gds_15_counts_the_answers_that_its_authors_print_in_capitals(self):
        depressed = [0, 1, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1]  # NO at 1, 5, 7, 11, 13; YES elsewhere
        assert score(GDS, answers(GDS, *depressed)).total == 15
        assert score(GDS, answers(GDS, *[1 - one for one in depressed])).total == 0


class TestAnswers:
    def test_sum_and_band(self):
        told = score(PHQ9, answers(PHQ9, 2, 2, 1, 2, 1, 1, 1, 0, 0, 2))
        assert (told.total, told.band, told.filled, told.alarmed) == (10, "中度", 0, False)

    def test_the_question_about_difficulty_is_not_scored(self):
        with_it, without = answers(PHQ9, *[1] * 9, 3), answers(PHQ9, *[1] * 9)
        assert score(PHQ9, with_it) == score(PHQ9, without)

    def test_an_answer_outside_names_its_item(self):
        [found] = answer_findings(GAD7, answers(GAD7, 0, 1, 2, 4, 0, 0, 0))
        assert (found.field, "第 4 题" in found.sentence) == ("item_4", True)

    def test_an_item_that_the_scale_has_not_is_told(self):
        assert "没有第 8 题" in answer_findings(GAD7, answers(GAD7, *[0] * 8))[0].sentence

    def test_as_many_may_be_missing_as_the_scale_lets(self):
        told = score(PHQ9, answers(PHQ9, 2, 2, None, 2, 2, 2, 2, 2, 2))
        assert (told.total, told.filled) == (18, 1)  # eight of 2, and their mean for the ninth
        [found] = answer_findings(PHQ9, answers(PHQ9, 1, 1, 1, 1, 1, 1))
        assert "第 7、8、9 题没有答；最多可漏答 2 题" in found.sentence
        [found] = answer_findings(GAD7, answers(GAD7, 0, 0, 0, 0, 0, 0))
        assert found.sentence == "还有第 7 题没有答"

    def test_halves_are_rounded_up(self):
        assert score(PHQ9, answers(PHQ9, 1, 1, 1, 1, 0, 0, 0, 0)).total == 5  # 4 · 9/8 = 4.5

    def test_scoring_what_is_wrong_raises(self):
        with pytest.raises(ValueError, match="没有答"):
            score(GAD7, {})

    @pytest.mark.parametrize("answer", [0, 1, 2, 3])
    def test_thoughts_of_self_harm_are_told_from_the_first_day_on(self, answer):
        assert score(PHQ9, answers(PHQ9, *[0] * 8, answer)).alarmed is (answer >= 1)

    def test_a_total_alone_lies_within_its_scale(self):
        who5 = BY_CODE["who5"]
        assert score(who5, {}, 48).band == "偏低"
        for total in (None, -1, 101):
            assert answer_findings(who5, {}, total)[0].field == "total"

    def test_reverse_items_and_subscales(self):
        told = score(scale_of(own()), answers(None, 3, 3, 2, 1))
        assert (told.total, told.band, told.subscales) == (3 + 1 + 2 + 1, "轻", (("身体", 5), ("支持", 2)))

    def test_a_subscale_of_which_nothing_was_answered_has_none(self):
        told = score(scale_of(own(missing_most=2)), answers(None, 3, None, 2, None))
        assert told.subscales == (("身体", 5),)


class TestDefinitions:
    @pytest.mark.parametrize(
        ("more", "field", "words"),
        [
            ({"name": " "}, "name", "名称"),
            ({"source": ""}, "source", "出处"),
            ({"licence": ""}, "licence", "凭什么"),
            ({"fills": []}, "fills", "谁可以填"),
            ({"items": []}, "items", "题"),
            ({"items": [{"text": "累"}, {"text": "累"}]}, "items", "完全一样"),
            ({"choices": [["从不", 1]]}, "choices", "选项"),
            ({"choices": [["从不", 1], ["有时", 1]]}, "choices", "分数不同"),
            ({"bands": [[4, 7, "轻", ""], [9, 12, "重", ""]]}, "bands", "从 8 开始"),
            ({"bands": [[4, 8, "轻", ""], [8, 12, "重", ""]]}, "bands", "从 9 开始"),
            ({"bands": [[4, 11, "轻", ""]]}, "bands", "最高分是 12"),
            ({"bands": [[4, 12, " ", ""]]}, "bands", "名称"),
            ({"subscales": [["a", "身体", ["1"]], ["b", "身体", ["2"]]]}, "items", "自己的名称"),
            ({"subscales": [["a", " ", ["1"]]]}, "items", "自己的名称"),
            ({"subscales": [["a", "身体", ["5"]]]}, "items", "“身体”里要有题目"),
            ({"subscales": [["a", "身体", []]]}, "items", "“身体”里要有题目"),
            ({"missing_most": 4}, "missing_most", "少于题数"),
            ({"score_only": True, "least": 5, "most": 5, "items": []}, "most", "最低分和最高分"),
            ({"score_only": True, "least": 0, "most": 9}, "items", "不写题目"),
        ],
    )
    def test_what_makes_no_scale_is_said(self, more, field, words):
        [found] = definition_findings(own(**more))
        assert found.field == field
        assert words in found.sentence
        with pytest.raises(ValueError, match=found.sentence[:4]):
            scale_of(own(**more))


class TestGoalAttainment:
    """Against the conversion key for equally weighted scales (Kiresuk, Smith & Cardillo 1994)."""

    @pytest.mark.parametrize(
        ("goals", "key"),
        [
            (1, [30, 40, 50, 60, 70]),
            (2, [25, 31, 38, 44, 50, 56, 62, 69, 75]),
            (3, [23, 27, 32, 36, 41, 45, 50, 55, 59, 64, 68, 73, 77]),
            (4, [21, 25, 28, 32, 35, 39, 43, 46, 50, 54, 57, 61, 65, 68, 72, 75, 79]),
        ],
    )
    def test_the_published_key(self, goals, key):
        for levels in product(range(-2, 3), repeat=goals):
            told = attainment([(1, level) for level in levels])
            assert round(told) == pytest.approx(key[sum(levels) + 2 * goals], abs=1 if told % 1 == 0.5 else 0)

    def test_weights_count(self):
        assert attainment([(3, 1), (1, -1)]) == pytest.approx(50 + 20 / (0.7 * 10 + 0.3 * 16) ** 0.5)
        assert attainment([(2, 1), (2, -1)]) == 50
        assert attainment([(10, 2), (10, 1)]) == pytest.approx(attainment([(1, 2), (1, 1)]))

    def test_without_goals_there_is_none(self):
        assert attainment([]) is None

    @pytest.mark.parametrize("goal", [(1, 3), (1, -3), (0, 1), (-1, 1)])
    def test_off_the_scale_is_refused(self, goal):
        with pytest.raises(ValueError, match="from -2 to"):
            attainment([goal])
