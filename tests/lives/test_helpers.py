"""Helpers, never verdicts (domain 4.2): the truth table, 16 and 18, the six items, and what a family's data suggest."""

from datetime import date
from itertools import product

import pytest

from shuangbai.dossier.enums import CareItem
from shuangbai.households.enums import Relation
from shuangbai.households.models import Household, Tag
from shuangbai.lives import hints
from shuangbai.lives.hints import LOST, RULES, Away, Known, Parent, family_hints, left_behind, rule_on, selfcare
from shuangbai.lives.hints import without_care as care
from tests.cast import TODAY, a_family, a_member

DAY = date(2020, 6, 6)


@pytest.mark.nodb
class TestChildrenWhomNobodyBringsUp:
    @pytest.mark.parametrize(("father", "mother"), list(product(Parent, Parent)))
    def test_the_whole_truth_table(self, father, mother):
        answer = care(father, mother, age=9, day=DAY).code
        if father == mother == Parent.DEAD:
            assert answer == "orphan"
        elif father in LOST and mother in LOST:
            assert answer == "no_care_child"
        else:
            assert answer == ""

    def test_one_side_unknown_is_to_be_asked_and_one_side_fine_is_not(self):
        assert "问清楚再判断" in care(Parent.PRISON, Parent.UNKNOWN, age=9, day=DAY).sentence
        assert "不符合" in care(Parent.PRISON, Parent.FINE, age=9, day=DAY).sentence
        assert "不符合" in care(Parent.UNKNOWN, Parent.FINE, age=9, day=DAY).sentence

    def test_it_ends_with_eighteen(self):
        assert care(Parent.DEAD, Parent.PRISON, age=17, day=DAY).code == "no_care_child"
        assert care(Parent.DEAD, Parent.PRISON, age=18, day=DAY).code == ""

    def test_before_there_was_a_rule_there_is_no_answer(self):
        answer = care(Parent.DEAD, Parent.PRISON, age=9, day=date(2019, 12, 31))
        assert (answer.code, answer.rule) == ("", None)

    def test_it_says_by_which_rule(self):
        assert "民发〔2019〕62号" in care(Parent.DEAD, Parent.PRISON, age=9, day=DAY).rule.source


@pytest.mark.nodb
class TestLeftBehindChildren:
    @pytest.mark.parametrize(("father", "mother"), list(product(Away, Away)))
    def test_the_whole_truth_table(self, father, mother):
        pair = {father, mother}
        wanted = Away.OUT in pair and pair <= {Away.OUT, Away.UNABLE}
        assert (left_behind(father, mother, age=9, day=DAY).code == "left_child") is wanted

    def test_a_child_who_turns_sixteen_is_one_no_longer(self):
        assert left_behind(Away.OUT, Away.OUT, age=15, day=DAY).code == "left_child"
        answer = left_behind(Away.OUT, Away.OUT, age=16, day=DAY)
        assert answer.code == ""
        assert "以前月份的统计不变" in answer.sentence

    def test_one_out_and_the_other_not_known_is_to_be_asked(self):
        assert "问清楚" in left_behind(Away.OUT, Away.UNKNOWN, age=9, day=DAY).sentence


@pytest.mark.nodb
class TestTheSixItems:
    @pytest.mark.parametrize(("count", "code"), [(0, "able"), (1, "half"), (3, "half"), (4, "unable"), (6, "unable")])
    def test_how_many_cannot_be_done(self, count, code):
        assert selfcare(CareItem.values[:count], day=DAY).code == code

    def test_a_rule_that_changed_keeps_the_old_one(self):
        assert "民发〔2016〕178号" in selfcare((), day=date(2021, 4, 25)).rule.source
        assert "民发〔2021〕43号" in selfcare((), day=date(2021, 4, 26)).rule.source

    def test_an_item_that_is_none_does_not_count(self):
        assert selfcare(["sing", "eat", "eat"], day=DAY).code == "half"


@pytest.mark.nodb
class TestTheRules:
    def test_each_has_text_source_and_days_and_no_day_has_two(self):
        for rule in RULES:
            assert rule.text
            assert rule.source
            others = [one for one in RULES if one.code == rule.code and one is not rule]
            assert not any(one.holds_on(rule.starts_on) for one in others), rule

    def test_no_rule_before_its_first_day(self):
        assert rule_on("no_care_child", date(2019, 12, 31)) is None


def told(*people, day=DAY):
    return {(one.name, one.code) for one in family_hints(people, day)}


@pytest.mark.nodb
class TestWhatDataSuggest:
    def test_eighty_and_alone(self):
        elder = Known(1, "甲", date(1940, 6, 6), relation="02")
        assert told(elder) == {("甲", "aged"), ("甲", "alone_elder")}
        assert told(elder, day=date(2020, 6, 5)) == {("甲", "alone_elder")}

    def test_all_over_sixty_is_an_empty_nest_and_one_younger_is_not(self):
        two = [Known(1, "甲", date(1955, 1, 1), relation="02"), Known(2, "乙", date(1956, 1, 1), relation="12")]
        assert told(*two) == {("甲", "empty_elder"), ("乙", "empty_elder")}
        assert told(*two, Known(3, "丙", date(1980, 1, 1), relation="20")) == set()

    def test_what_is_registered_is_not_suggested(self):
        assert told(Known(1, "甲", date(1930, 1, 1), carries=frozenset({"aged", "alone_elder"}))) == set()

    def test_the_dead_suggest_nothing_and_do_not_keep_company(self):
        gone = Known(1, "甲", date(1930, 1, 1), alive=False)
        assert told(gone, Known(2, "乙", date(1955, 1, 1))) == {("乙", "alone_elder")}

    def test_a_grandchild_without_parents_in_the_home_is_to_be_asked_about(self):
        elder = Known(1, "甲", date(1958, 1, 1), relation="02")
        child = Known(2, "丙", date(2010, 1, 1), relation="41")
        assert told(elder, child) == {("丙", "no_care_child"), ("丙", "left_child")}
        assert told(elder, child, Known(3, "乙", date(1985, 1, 1), relation="20")) == set()
        assert {one.asks for one in family_hints([elder, child], DAY)} == {"care", "left"}

    def test_sixteen_and_eighteen_on_the_day(self):
        elder = Known(1, "甲", date(1958, 1, 1), relation="02")
        assert told(elder, Known(2, "丙", date(2004, 6, 6), relation="41")) == {("丙", "no_care_child")}
        assert told(elder, Known(2, "丙", date(2004, 6, 7), relation="41")) == {
            ("丙", "no_care_child"), ("丙", "left_child"),
        }  # fmt: skip
        assert told(elder, Known(2, "丙", date(2002, 6, 6), relation="41")) == set()

    def test_born_on_29_february_is_sixteen_on_1_march(self):
        child = Known(2, "丙", date(2008, 2, 29), relation="41")
        elder = Known(1, "甲", date(1970, 1, 1), relation="02")
        assert ("丙", "left_child") in told(elder, child, day=date(2024, 2, 28))
        assert ("丙", "left_child") not in told(elder, child, day=date(2024, 2, 29))

    @pytest.mark.parametrize(
        ("kind", "grade", "wanted"),
        [("4", "1", "disabled_severe"), ("4", "2", "disabled_severe"), ("4", "3", "disabled"),
         ("6", "3", "disabled_severe"),
         ("5", "4", "disabled_severe")],
    )  # fmt: skip
    def test_severe_is_the_first_two_grades_and_of_mind_and_intellect_perhaps_more(self, kind, grade, wanted):
        found = told(Known(1, "甲", date(1980, 1, 1), disabilities=((kind, grade),)))
        assert ("甲", wanted) in found

    def test_a_birth_that_is_not_known_suggests_nothing(self):
        assert told(Known(1, "甲", None)) == set()


@pytest.mark.django_db
class TestThePages:
    @pytest.fixture
    def family(self, city, worker):
        members = [
            a_member("曾秀英", Relation.HEAD, sex="2", birth_date=date(1938, 1, 1)),
            a_member("陈小宝", Relation.GRANDSON, sex="1", birth_date=date(2012, 3, 4)),
        ]
        return a_family(city.chengdong, worker, members=members)

    def test_hints_are_shown_with_the_rules_text_and_day(self, worker, family, client_for):
        page = client_for(worker).get(f"/families/{family.household.pk}/hints/").content.decode()
        for words in ("提示，不是认定", "高龄老人", "事实无人抚养儿童", "粤民规字〔2019〕10号", "2020-01-01 起"):
            assert words in page
        assert "/hints/" in client_for(worker).get(f"/families/{family.household.pk}/").content.decode()

    def test_what_is_asked_is_judged_and_kept_nowhere(self, worker, family, client_for):
        child = family.people[1]
        address = f"/families/{family.household.pk}/hints/{child.pk}/care"
        answer = client_for(worker).post(address, {"father": "dead", "mother": "prison"})
        assert answer.status_code == 200
        assert "可能符合事实无人抚养儿童" in answer.content.decode()
        assert not Tag.objects.exists()
        home = Household.objects.get(pk=family.household.pk)
        assert (home.note, home.version) == ("", 1)

    def test_only_a_note_that_is_wanted_is_kept(self, worker, family, client_for):
        child = family.people[1]
        address = f"/families/{family.household.pk}/hints/{child.pk}/care"
        sent = client_for(worker).post(address, {"father": "dead", "mother": "prison", "note": "1"})
        assert sent.status_code == 302
        note = Household.objects.get(pk=family.household.pk).note
        assert note.startswith(f"{TODAY} 陈小宝：父母双方各有一种所列情形")
        assert "依据民发〔2019〕62号" in note

    def test_the_other_two(self, worker, family, client_for):
        client, base = client_for(worker), f"/families/{family.household.pk}/hints"
        left = client.post(f"{base}/{family.people[1].pk}/left", {"father": "out", "mother": "out"}).content.decode()
        assert "可能符合农村留守儿童" in left
        care_of = client.post(f"{base}/{family.people[0].pk}/selfcare", {"cannot": ["eat", "dress"]}).content.decode()
        assert "2 项做不到" in care_of
        assert client.post(f"{base}/{family.people[1].pk}/left", {"father": "out"}).status_code == 422

    def test_not_for_whoever_may_not_edit(self, supervisor, stranger, worker, family, client_for):
        base = f"/families/{family.household.pk}/hints"
        for user in (supervisor, stranger):
            assert client_for(user).get(f"{base}/").status_code == 404
            assert client_for(user).get(f"{base}/{family.people[1].pk}/care").status_code == 404
        assert client_for(worker).get(f"{base}/{family.people[1].pk}/nothing").status_code == 404

    def test_the_categories_named_by_rules_exist(self, city):
        from shuangbai.households.models import Category

        codes = set(Category.objects.values_list("code", flat=True))
        assert {rule.code for rule in hints.RULES} - codes == {"selfcare"}
