"""From relations to the head to generations: families as they stand in files."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from shuangbai.core.pedigree import Lineage, Plan, place
from shuangbai.households.enums import Relation as R
from shuangbai.households.kinship import Kin, Said, Ties, in_words, inverse, lineage, people_of, seen_from, ties_of

pytestmark = pytest.mark.nodb
MAN, WOMAN = "1", "2"
TODAY = date(2020, 6, 6)


def kin(name: str, sex: str, relation: str, born: int | None = None, **more: Any) -> Kin:
    return Kin(name, name, sex, relation, date(born, 1, 1) if born else None, **more)


def couples(ties: Ties) -> set[frozenset[Any]]:
    return {frozenset(c.partners) for c in ties.couples if len(c.partners) == 2}


def parents_of(ties: Ties, child: str) -> set[Any]:
    found = [set(c.partners) for c in ties.couples if child in c.children]
    assert len(found) == 1, f"{child} hangs under {found}"
    return found[0]


def drawn(people: list[Kin], links: Any = ()) -> tuple[Lineage, Plan]:
    what = lineage(ties_of(people, links), people, {})
    return what, place(what)


THREE = [
    kin("林大山", MAN, R.HEAD, 1950), kin("陈秀兰", WOMAN, R.WIFE, 1953), kin("林建国", MAN, R.SON, 1976),
    kin("黄小红", WOMAN, R.DAUGHTER_IN_LAW, 1978), kin("林丽", WOMAN, R.DAUGHTER, 1980),
    kin("林小明", MAN, R.GRANDSON, 2006), kin("林小芳", WOMAN, R.GRANDDAUGHTER, 2009),
    kin("老太太", WOMAN, R.MOTHER, 1928, died=date(2015, 3, 1)),
]  # fmt: skip


def test_three_generations_and_a_great_grandmother_stand_in_four_rows() -> None:
    ties = ties_of(THREE)
    assert couples(ties) == {frozenset({"林大山", "陈秀兰"}), frozenset({"林建国", "黄小红"})}
    assert parents_of(ties, "林小明") == {"林建国", "黄小红"}
    assert parents_of(ties, "林丽") == {"林大山", "陈秀兰"}
    assert parents_of(ties, "林大山") == {"老太太"}
    assert ties.aside == []
    what, plan = drawn(THREE)
    assert [[list(block) for block in row] for row in what.rows] == [
        [["老太太"]], [["林大山", "陈秀兰"]], [["林建国", "黄小红"], ["林丽"]], [["林小明"], ["林小芳"]]
    ]  # fmt: skip
    levels = [plan.spots[name].y for name in ("老太太", "林大山", "林建国", "林小明")]
    assert levels == sorted(set(levels))


def test_nobody_stands_on_anybody_and_a_couple_stands_over_its_children() -> None:
    _, plan = drawn(THREE)
    by_row: dict[float, list[float]] = {}
    for spot in plan.spots.values():
        by_row.setdefault(spot.y, []).append(spot.x)
    for places in by_row.values():
        places.sort()
        assert all(after - before >= 91.9 for before, after in pairwise(places))
    middle = (plan.spots["林建国"].x + plan.spots["黄小红"].x) / 2
    assert abs(middle - (plan.spots["林小明"].x + plan.spots["林小芳"].x) / 2) < 1
    assert min(spot.x for spot in plan.spots.values()) > 40
    assert max(spot.x for spot in plan.spots.values()) < plan.width - 40


def test_a_daughter_in_law_of_several_sons_is_nobodys_wife_until_ages_tell() -> None:
    head = kin("林大山", MAN, R.HEAD, 1940)
    sons = [kin("大儿", MAN, R.SON, 1965), kin("二儿", MAN, R.SON, 1968)]
    wife = kin("媳妇", WOMAN, R.DAUGHTER_IN_LAW, 1967)
    assert couples(ties_of([head, *sons, wife])) == set()
    late = [kin("大儿", MAN, R.SON, 1965), kin("小儿", MAN, R.SON, 1995)]
    assert couples(ties_of([head, *late, wife])) == {frozenset({"大儿", "媳妇"})}


def test_a_grandchild_of_several_sons_hangs_from_a_broken_line_under_nobody() -> None:
    people = [
        kin("林大山", MAN, R.HEAD, 1940), kin("大儿", MAN, R.SON, 1965), kin("二儿", MAN, R.SON, 1968),
        kin("小孙", MAN, R.GRANDSON, 1995), kin("孙女", WOMAN, R.GRANDDAUGHTER, 1998),
    ]  # fmt: skip
    ties = ties_of(people)
    assert parents_of(ties, "小孙") == set()
    _, plan = drawn(people)
    into = [stroke for stroke in plan.strokes if stroke.points[-1][1] == plan.spots["小孙"].y - 28]
    assert {stroke.kind for stroke in into} == {"loose"}
    linked = ties_of(people, [("二儿", "小孙")])
    assert parents_of(linked, "小孙") == {"二儿"}


def test_two_wives_families_keep_their_children_apart_once_mothers_are_entered() -> None:
    people = [
        kin("吴振邦", MAN, R.HEAD, 1960), kin("前妻", WOMAN, R.WIFE, 1962, gone=True), kin("后妻", WOMAN, R.WIFE, 1972),
        kin("长子", MAN, R.SON, 1985), kin("次女", WOMAN, R.DAUGHTER, 2000), kin("继子", MAN, R.FOSTER_SON, 1996),
    ]  # fmt: skip
    alone = ties_of(people)
    assert parents_of(alone, "次女") == {"吴振邦"}  # of which wife is not said
    ties = ties_of(people, [("前妻", "长子"), ("吴振邦", "长子"), ("吴振邦", "次女"), ("后妻", "次女")])
    assert parents_of(ties, "长子") == {"吴振邦", "前妻"}
    assert parents_of(ties, "次女") == {"吴振邦", "后妻"}
    assert next(c for c in ties.couples if "继子" in c.children).loose == {"继子"}
    what = lineage(ties, people, {})
    assert what.rows[0] == [["前妻", "吴振邦", "后妻"]]
    plan = place(what)
    assert plan.spots["长子"].x < plan.spots["次女"].x
    assert what.figures["前妻"].faint
    assert not what.figures["后妻"].faint


def test_a_wife_too_young_is_not_taken_for_the_mother() -> None:
    people = [kin("老吴", MAN, R.HEAD, 1950), kin("后妻", WOMAN, R.WIFE, 1975), kin("长子", MAN, R.SON, 1980)]
    assert parents_of(ties_of(people), "长子") == {"老吴"}


def test_an_elder_alone_is_one_symbol() -> None:
    people = [kin("曾秀英", WOMAN, R.HEAD, 1940)]
    what, plan = drawn(people)
    assert list(plan.spots) == ["曾秀英"]
    assert plan.strokes == []
    assert what.figures["曾秀英"].main
    assert what.figures["曾秀英"].shape == "circle"


def test_a_grandmother_who_is_head_has_grandchildren_through_an_absent_son() -> None:
    people = [
        kin("曾秀英", WOMAN, R.HEAD, 1949), kin("陈小军", MAN, R.GRANDSON, 2010),
        kin("陈小梅", WOMAN, R.GRANDDAUGHTER, 2012),
    ]  # fmt: skip
    ties = ties_of(people)
    [absent] = ties.missing
    assert parents_of(ties, "陈小军") == parents_of(ties, "陈小梅") == {absent}
    assert parents_of(ties, absent) == {"曾秀英"}
    figure = lineage(ties, people, {}).figures[absent]
    assert (figure.name, figure.shape, figure.missing, figure.notes) == ("子", "square", True, ("不在册",))


def test_a_grandmother_whose_daughter_in_law_stayed() -> None:
    people = [
        kin("曾秀英", WOMAN, R.HEAD, 1949), kin("黄小红", WOMAN, R.DAUGHTER_IN_LAW, 1980),
        kin("陈小军", MAN, R.GRANDSON, 2010),
    ]  # fmt: skip
    ties = ties_of(people)
    [absent] = ties.missing
    assert couples(ties) == {frozenset({absent, "黄小红"})}
    assert parents_of(ties, "陈小军") == {absent, "黄小红"}
    assert parents_of(ties, absent) == {"曾秀英"}


def test_a_child_between_two_homes_is_drawn_in_each_by_its_own_relation() -> None:
    """A child in the father's file as a son and in the mother's parents' file as a grandchild."""
    fathers = [kin("父", MAN, R.HEAD, 1980), kin("孩子", MAN, R.SON, 2012)]
    grandparents = [kin("外公", MAN, R.HEAD, 1955), kin("外婆", WOMAN, R.WIFE, 1957),
                    kin("母", WOMAN, R.DAUGHTER, 1983), kin("孩子", MAN, R.DAUGHTERS_SON, 2012)]  # fmt: skip
    assert parents_of(ties_of(fathers), "孩子") == {"父"}
    assert parents_of(ties_of(grandparents), "孩子") == {"母"}


def test_an_orphan_who_is_head_lives_with_grandparents() -> None:
    people = [
        kin("小林", MAN, R.HEAD, 2008), kin("阿公", MAN, R.GRANDFATHER, 1948), kin("阿嬷", WOMAN, R.GRANDMOTHER, 1950),
        kin("母", WOMAN, R.MOTHER, 1982, died=date(2018, 1, 1)),
    ]  # fmt: skip
    ties = ties_of(people)
    [father] = ties.missing
    assert parents_of(ties, father) == {"阿公", "阿嬷"}
    assert parents_of(ties, "小林") == {father, "母"}
    assert couples(ties) == {frozenset({"阿公", "阿嬷"}), frozenset({father, "母"})}


def test_brothers_hang_from_their_parents_and_their_wives_stand_beside() -> None:
    people = [
        kin("中", MAN, R.HEAD, 1970), kin("兄", MAN, R.ELDER_BROTHER, 1965),
        kin("嫂", WOMAN, R.ELDER_BROTHERS_WIFE, 1966),
        kin("妹", WOMAN, R.YOUNGER_SISTER, 1975), kin("父", MAN, R.FATHER, 1940), kin("母", WOMAN, R.MOTHER, 1942),
    ]  # fmt: skip
    ties = ties_of(people)
    assert parents_of(ties, "兄") == parents_of(ties, "妹") == {"父", "母"}
    assert frozenset({"兄", "嫂"}) in couples(ties)
    assert lineage(ties, people, {}).rows[1] == [["兄", "嫂"], ["中"], ["妹"]]


def test_two_pairs_of_parents_stand_over_their_own_child() -> None:
    people = [
        kin("妻头", WOMAN, R.HEAD, 1975), kin("夫", MAN, R.HUSBAND, 1972), kin("母", WOMAN, R.MOTHER, 1950),
        kin("父", MAN, R.FATHER, 1948), kin("公公", MAN, R.FATHER_IN_LAW_OF_WIFE, 1945),
        kin("婆婆", WOMAN, R.MOTHER_IN_LAW_OF_WIFE, 1947), kin("弟", MAN, R.YOUNGER_BROTHER, 1980),
    ]  # fmt: skip
    ties = ties_of(people)
    assert parents_of(ties, "夫") == {"公公", "婆婆"}
    assert parents_of(ties, "妻头") == {"父", "母"}
    rows = lineage(ties, people, {}).rows
    order = {key: index for row in rows for index, key in enumerate(k for block in row for k in block)}
    assert (order["父"] < order["公公"]) == (order["妻头"] < order["夫"])
    assert order["弟"] < min(order["夫"], order["妻头"])  # a brother on the outside crosses nobody's line


def test_others_stand_aside_and_a_file_without_head_still_draws() -> None:
    people = [kin("户", MAN, R.HEAD, 1950), kin("寄住", MAN, R.OTHER, 1990)]
    what, plan = drawn(people)
    assert what.aside == ["寄住"]
    assert plan.spots["寄住"].y > plan.spots["户"].y
    ties = ties_of([kin("孤", MAN, R.SON, 2010)])
    assert parents_of(ties, "孤") == set(ties.missing)
    assert ties_of([]).aside == []


def test_links_in_a_circle_or_to_strangers_change_nothing_and_end() -> None:
    links = [("林大山", "林建国"), ("林建国", "林大山"), ("林建国", "林建国"), ("谁", "林小明")]
    ties = ties_of(THREE, links)
    assert ties.generation["林建国"] == 1
    assert ties.generation["林大山"] == 0


def test_words_say_what_the_drawing_shows() -> None:
    said = {"林大山": Said(("户主", "70 岁")), "寄住": Said(("其他",))}
    people = [*THREE, kin("寄住", MAN, R.OTHER, 1990, gone=True)]
    words = in_words(ties_of(people), people, said)
    assert words.startswith("父辈：老太太（已去世）；同辈：林大山（户主，70 岁）、陈秀兰")
    assert words.endswith("其他成员：寄住（其他，以前的成员）")


# THE HEAD CHANGES ------------------------------------------------------------


def row(name: str, sex: str, relation: str, starts: int, ends: date | None = None, **more: Any) -> Any:
    person = SimpleNamespace(name=name, sex=sex, birth_date=None, died_on=more.get("died"))

    def holds_on(day: date) -> bool:
        return date(starts, 1, 1) <= day and (ends is None or day <= ends)

    return SimpleNamespace(person_id=name, person=person, relation=relation, starts_on=date(starts, 1, 1), ends_on=ends,
                           holds_on=holds_on)  # fmt: skip


def test_the_widow_who_became_head_keeps_her_husband_and_their_children() -> None:
    end = date(2018, 12, 31)
    rows = [
        row("老林", MAN, R.HEAD, 2017, end, died=end), row("阿嬷", WOMAN, R.WIFE, 2017, end),
        row("阿嬷", WOMAN, R.HEAD, 2019), row("阿强", MAN, R.SON, 2017),
        row("阿珍", WOMAN, R.DAUGHTER, 2017, date(2018, 5, 1)),
    ]  # fmt: skip
    found = {one.name: one for one in people_of(rows, TODAY)}
    assert found["老林"].relation == R.HUSBAND
    assert found["阿珍"].relation == R.DAUGHTER
    assert (found["老林"].gone, found["阿嬷"].gone) == (True, False)
    assert parents_of(ties_of(list(found.values())), "阿强") == {"老林", "阿嬷"}


def test_the_son_who_became_head_has_the_old_head_for_a_father() -> None:
    end = date(2018, 12, 31)
    rows = [row("老林", MAN, R.HEAD, 2017, end), row("阿强", MAN, R.SON, 2017, end), row("阿强", MAN, R.HEAD, 2019),
            row("阿珍", WOMAN, R.DAUGHTER, 2017, end), row("阿嬷", WOMAN, R.WIFE, 2017, end)]  # fmt: skip
    found = {one.name: one.relation for one in people_of(rows, TODAY)}
    assert found == {"老林": R.FATHER, "阿强": R.HEAD, "阿珍": R.SIBLING, "阿嬷": R.PARENT}


def test_what_one_word_does_not_say_is_other() -> None:
    assert inverse(R.OTHER, MAN) == R.OTHER
    assert seen_from(R.SIBLING, R.SON) == R.OTHER
    assert inverse(R.GRANDSON, WOMAN) == R.GRANDPARENT
