"""The rules of groups: states, the roll, members' days, and what the standard asks for. No database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangbai.groups import rules
from shuangbai.groups.enums import AgeBand, GroupState, Phase
from shuangbai.groups.rules import WAYS, Called, Facts
from shuangbai.services.enums import HeadGroup

pytestmark = pytest.mark.nodb
TODAY, DAY = date(2020, 6, 6), date(2020, 5, 10)
S = GroupState


def codes(findings: list[Any]) -> set[str]:
    return {one.code for one in findings}


def moved(was: str, to: str, **more: Any) -> set[str]:
    said = {"reason": "报名只有两人", "on": DAY, "today": TODAY, "begun_on": date(2020, 4, 1),
            "last_session": None, "sessions": 0, **more}  # fmt: skip
    return codes(rules.move_findings(was=was, to=to, **said))


class TestStates:
    @pytest.mark.parametrize("was", S)
    @pytest.mark.parametrize("to", S)
    def test_only_the_ways_of_the_table_lead_on(self, was: S, to: S) -> None:
        assert ("no_way" in moved(was, to)) is (to not in WAYS[was])

    def test_every_state_is_reached_and_has_a_way_on(self) -> None:
        reached = {S.PREPARING} | {to for ways in WAYS.values() for to in ways}
        assert reached == set(S) == set(WAYS)

    def test_the_diagram_tells_every_way(self) -> None:
        for was, ways in WAYS.items():
            for to, way in ways.items():
                assert f"{was} --> {to}: {way.label}" in rules.diagram()

    def test_a_way_that_asks_why_is_told_so(self) -> None:
        assert moved(S.RECRUITING, S.CANCELLED, reason=" ") == {"reason_missing"}
        assert moved(S.RECRUITING, S.RUNNING, reason="") == set()

    def test_sessions_hinder_cancelling_and_none_hinder_ending(self) -> None:
        assert moved(S.RUNNING, S.CANCELLED, sessions=2, last_session=DAY) == {"has_sessions"}
        assert moved(S.RUNNING, S.ENDED) == {"no_session"}
        assert moved(S.RUNNING, S.ENDED, sessions=2, last_session=date(2020, 5, 20)) == {"before_last"}
        assert moved(S.RUNNING, S.ENDED, sessions=2, last_session=DAY) == set()

    def test_no_day_in_the_future_or_before_the_group(self) -> None:
        assert moved(S.PREPARING, S.RECRUITING, on=date(2020, 7, 1)) == {"future"}
        assert moved(S.PREPARING, S.RECRUITING, on=date(2020, 3, 1)) == {"before_group"}


IN = Called("陈大文", date(2020, 5, 1), None)


def told(**more: Any) -> dict[str, str]:
    said = {"state": S.RUNNING, "day": DAY, "begun_on": date(2020, 4, 1), "ended_on": None, "theme": "认识",
            "workers": 1, "number": 2, "taken_on": None, "same_day": False, "there": [IN], "uncalled": [], "guests": 0,
            "has_method": False, "stated_total": None, **more}  # fmt: skip
    return {one.code: one.sentence for one in rules.session_findings(**said)}


class TestTheRoll:
    def test_an_ordinary_session_is_right(self) -> None:
        assert told() == {}

    @pytest.mark.parametrize(
        ("member", "said"),
        [
            (Called("陈大文", date(2020, 4, 1), date(2020, 5, 9)), "陈大文已在 2020-05-09 离组"),
            (Called("陈大文", date(2020, 5, 11), None), "陈大文在 2020-05-11 才入组"),
            (Called("陈大文", None, None), "陈大文没有入组"),
        ],
    )
    def test_who_is_not_of_the_group_that_day_is_named_with_the_day(self, member: Called, said: str) -> None:
        assert said in told(there=[member])["not_in_group"]

    def test_on_the_day_of_leaving_one_may_still_come(self) -> None:
        assert told(there=[Called("陈大文", date(2020, 5, 10), date(2020, 5, 10))]) == {}

    def test_a_total_below_the_names_gets_a_clear_answer(self) -> None:
        assert told(there=[IN, IN, IN], stated_total=2) == {
            "below_names": "总人次 2 少于点名到场的 3 人，请改总数，或改点名"
        }

    def test_a_total_that_adds_up_to_something_else_is_told_how(self) -> None:
        assert "点名到场 1 + 来宾 3 = 4" in told(guests=3, has_method=True, stated_total=5)["total_contradicts"]
        assert told(guests=3, has_method=True, stated_total=4) == {}

    @given(named=st.integers(0, 400), guests=st.integers(0, 400), total=st.none() | st.integers(0, 900))
    def test_a_total_passes_only_where_it_is_the_sum(self, named: int, guests: int, total: int | None) -> None:
        found = told(there=[IN] * named, guests=guests, has_method=True, stated_total=total)
        wrong = total is not None and total != named + guests
        assert bool({"below_names", "total_contradicts"} & set(found)) is wrong
        assert ("nobody_there" in found) is (named + guests == 0)

    def test_guests_ask_how_they_were_counted(self) -> None:
        assert set(told(guests=3)) == {"method_missing"}

    def test_who_was_not_called_is_named_five_at_the_most(self) -> None:
        assert told(uncalled=list("甲乙丙丁戊己"))["not_called"] == (
            "还没有点名：甲、乙、丙、丁、戊等（共 6 人），请选到、迟到或没来"
        )

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"state": S.CANCELLED}, "state_closed"), ({"theme": " "}, "theme_missing"), ({"workers": 0}, "no_worker"),
            ({"taken_on": date(2020, 5, 3)}, "number_taken"), ({"begun_on": date(2020, 5, 11)}, "before_group"),
            ({"ended_on": date(2020, 5, 9)}, "after_group"), ({"same_day": True}, "same_day"),
        ],
    )  # fmt: skip
    def test_what_else_is_wrong(self, more: dict[str, Any], code: str) -> None:
        assert set(told(**more)) == {code}
        assert code in rules.DOORS


def member(**more: Any) -> set[str]:
    said = {"known": True, "of_station": True, "name": "", "age_band": "", "already": False, "taken": True,
            "refused_reason": "", "joined_on": DAY, "left_on": None, "left_reason": "", "consented_on": None,
            "today": TODAY, "outside": [], "count": 1, **more}  # fmt: skip
    return codes(rules.member_findings(**said))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, set()), ({"of_station": False}, {"unknown"}), ({"already": True}, {"already"}),
        ({"known": False}, {"nobody", "age_band"}), ({"known": False, "name": "阿海", "age_band": "child"}, set()),
        ({"taken": False, "joined_on": None}, {"refused_reason"}), ({"joined_on": None}, {"joined_missing"}),
        ({"left_on": date(2020, 5, 1), "left_reason": "搬家"}, {"dates"}), ({"left_on": DAY}, {"left_reason"}),
        ({"joined_on": date(2020, 7, 1)}, {"future"}), ({"outside": [date(2020, 5, 20)]}, {"was_there"}),
        ({"count": 301}, {"too_many"}),
    ],
)  # fmt: skip
def test_a_member_is_told_what_is_wrong(more: dict[str, Any], expected: set[str]) -> None:
    assert member(**more) == expected


def test_somebody_only_named_is_one_head_of_their_age() -> None:
    groups = {rules.head_group(None, band) for band in (AgeBand.TEEN, AgeBand.ADULT, "")}
    assert groups == {HeadGroup.OTHERS}
    assert rules.head_group(None, AgeBand.CHILD) == HeadGroup.CHILDREN
    assert rules.head_group(None, AgeBand.ELDER) == HeadGroup.ELDERS


def test_the_usual_phase_begins_with_forming_and_ends_with_ending() -> None:
    phases = [rules.usual_phase(number, 6) for number in range(1, 8)]
    assert phases == [Phase.FORMATION, Phase.TRANSITION, *[Phase.MATURITY] * 3, Phase.ENDING, Phase.ENDING]
    assert rules.usual_phase(4, 0) == Phase.MATURITY


def facts(**more: Any) -> Facts:
    return Facts(**{"said": frozenset(), "since": {Phase.PREPARATION: DAY}, "planned": 0, "members": 0, **more})


class TestPapers:
    def test_what_is_not_due_yet_is_not_asked_for(self) -> None:
        assert {one.paper.phase for one in rules.missing(facts())} == {Phase.PREPARATION}

    def test_each_tells_since_when(self) -> None:
        since = {Phase.PREPARATION: DAY, Phase.ENDING: TODAY}
        told = {one.paper.code: one.since for one in rules.missing(facts(since=since))}
        assert (told["need"], told["satisfaction"]) == (DAY, TODAY)

    def test_a_whole_group_lacks_nothing(self) -> None:
        said = {"need", "theory", "goals", "budget", "risks", "recruiting", "agreement", "agreed_on", "process",
                "outcome", "reached"}  # fmt: skip
        since = dict.fromkeys(Phase, DAY)
        whole = facts(said=frozenset(said), since=since, planned=6, members=9, measures=True, tasks=1, answers=8)
        assert rules.missing(whole) == []

    def test_sessions_without_a_word_count_since_the_first(self) -> None:
        days = [date(2020, 5, 20), date(2020, 5, 13)]
        found = rules.missing(facts(since={Phase.MATURITY: DAY}, without_process=days))
        assert [(one.paper.code, one.since) for one in found] == [("process", date(2020, 5, 13))]


class TestBeforeAndAfter:
    def test_the_mean_is_of_those_who_did_both(self) -> None:
        scores = [(Decimal(10), Decimal(14))] * 4 + [(Decimal(8), Decimal(9)), (Decimal(3), None), (None, None)]
        told = rules.change_of(scores)
        assert (told.many, told.before, told.after, told.change) == (
            5, Decimal("9.6"), Decimal("13.0"), Decimal("3.4")
        )  # fmt: skip

    def test_of_a_few_there_is_no_mean(self) -> None:
        told = rules.change_of([(Decimal(1), Decimal(2))] * 4)
        assert (told.many, told.before, told.change) == (4, None, None)
        assert rules.change_of([]).many == 0
