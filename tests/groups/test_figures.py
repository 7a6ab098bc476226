"""个, 节, 人 and 人次 kept apart and true: a small case by hand, aliases, and the number beside its list."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuangbai.core.periods import Period
from shuangbai.filings.comparing import changes, marks
from shuangbai.filings.enums import ChangeKind
from shuangbai.filings.gathering import ATTENDED, gather
from shuangbai.filings.manifest import recount
from shuangbai.groups.actions.planning import move_group
from shuangbai.groups.actions.sessions import correct_session
from shuangbai.groups.enums import GroupKind, GroupState, Presence
from shuangbai.groups.models import Attendance, Group
from shuangbai.households.enums import Relation
from shuangbai.households.identity import merge_people
from shuangbai.households.known import PersonPair
from shuangbai.reports.dimensions import DIMENSIONS
from shuangbai.reports.evidence import page_of
from shuangbai.reports.groupwork import FIGURES
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.reports.results import lines_of
from shuangbai.services.actions import void_records
from shuangbai.services.enums import CountMethod, HeadGroup
from tests.cast import City, a_family, a_member, an_activity
from tests.groupwork import a_group, a_session, a_session_entry, members_in
from tests.histories import undone

pytestmark = pytest.mark.django_db
MAY = Period(date(2020, 5, 1), date(2020, 5, 31))
MANY = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def values(ask: Ask, *codes: str) -> dict[str, Any]:
    return {code: BY_CODE[code].value(ask) for code in codes}


ALL = ("G1", "G1A", "G1B", "G2", "G3", "G4")


@pytest.fixture
def two_groups(city: City, worker):
    """曾秀英 in both groups, her son in one, 阿海 by name in both; one guest; one voided session."""
    family = a_family(city.chengdong, worker, tags=["dibao_rural"])
    first, second = (a_group(city.chengdong, worker, title=title) for title in ("小海星", "老友记"))
    mother, son = members_in(first, worker, people=family.people)
    members_in(first, worker, named=["阿海"])
    members_in(second, worker, people=family.people[:1], named=["阿海"])
    a_session(first, worker, on=date(2020, 5, 10), roll={son: Presence.ABSENT})
    a_session(first, worker, on=date(2020, 5, 17), roll={mother: Presence.LATE}, guests={HeadGroup.OTHERS: 1},
              method=CountMethod.COUNTED)  # fmt: skip
    a_session(second, worker, on=date(2020, 5, 20))
    void_records(by=worker, records=[a_session(second, worker, on=date(2020, 5, 27)).record], reason="录错了")
    return first, second


class TestByHand:
    def test_a_month_of_two_groups(self, city: City, worker, two_groups) -> None:
        ask = Ask(MAY, city.root)
        # sessions: 2 + 阿海 0; 10 May 曾秀英, 阿海; 17 May three and a guest; 20 May 曾秀英, 阿海.
        assert values(ask, *ALL) == {"G1": 2, "G1A": 2, "G1B": 0, "G2": 3, "G3": 4, "G4": 8}

    def test_a_group_is_new_once_and_held_in_every_month_with_a_session(self, city: City, worker, two_groups) -> None:
        first, _second = two_groups
        a_session(first, worker, on=date(2020, 6, 2))
        june = Ask(Period(date(2020, 6, 1), date(2020, 6, 6)), city.root)
        assert values(june, "G1", "G1A", "G2") == {"G1": 1, "G1A": 0, "G2": 1}

    def test_a_group_ends_in_the_month_of_its_day(self, city: City, worker, two_groups) -> None:
        first = Group.objects.get(pk=two_groups[0].pk)
        move_group(by=worker, group=first, version=first.version, to=GroupState.ENDED, on=date(2020, 5, 31))
        assert BY_CODE["G1B"].value(Ask(MAY, city.root)) == 1
        assert BY_CODE["G1B"].split(Ask(MAY, city.root), "group_kind") == {"growth": 1}

    def test_what_activities_and_groups_reached_adds_up(self, city: City, worker, two_groups) -> None:
        an_activity(city.chengdong, worker, on=date(2020, 5, 12))
        found = values(Ask(MAY, city.root), "A2", "G4", "B1")
        assert found == {"A2": 20, "G4": 8, "B1": 28}

    def test_what_is_no_activity_has_a_name_among_kinds_of_activities(self, city: City, worker, two_groups) -> None:
        an_activity(city.chengdong, worker, on=date(2020, 5, 12))
        told = {
            line.name: (line.key, line.value) for line in lines_of(BY_CODE["B1"], Ask(MAY, city.root), "activity_kind")
        }
        assert told == {"儿童": ("children", 20), "不是活动": ("none", 8)}
        kinds = DIMENSIONS["activity_kind"]
        assert BY_CODE["B1"].value(Ask(MAY, city.root).holding("activity_kind", kinds.read("none"))) == 8

    def test_who_carries_a_civil_category_counts_at_each_session(self, city: City, worker, two_groups) -> None:
        ask = Ask(MAY, city.root)
        assert BY_CODE["V5"].value(ask) == 4  # 曾秀英 three times, her son once; of 阿海 nothing is known
        assert BY_CODE["V5"].split(ask, "record_kind") == {"group_session": 4}

    def test_the_lists_name_what_is_counted(self, city: City, worker, two_groups) -> None:
        ask = Ask(MAY, city.root)
        people = page_of(BY_CODE["G3"], ask, 1, names=True).items
        assert sorted(one.title for one in people) == ["曾秀英", "阿海", "阿海", "陈大文"]
        assert {"只有姓名"} == {one.meta[0] for one in people if one.title == "阿海"}
        groups = page_of(BY_CODE["G1"], ask, 1, names=True).items
        assert {one.title: len(one.records) for one in groups} == {"小海星": 2, "老友记": 1}
        assert "陈大文" not in [one.title for one in page_of(BY_CODE["G3"], ask, 1, names=False).items]

    def test_one_person_of_two_entries_is_one(self, city: City, worker, neighbour, supervisor) -> None:
        born, families = date(1951, 3, 12), []
        for station, by in ((city.chengdong, worker), (city.haicheng, neighbour)):
            members = [
                a_member("曾秀英", Relation.HEAD, sex="2", birth_date=born, tags=["alone_elder"]),
                a_member("陈" + by.username),
            ]
            family = a_family(station, by, members=members)
            members_in(made := a_group(station, by), by, people=family.people[:1])
            a_session(made, by)
            families.append(family)
        ask = Ask(MAY, city.root)
        assert BY_CODE["G3"].value(ask) == 2
        one, other = (family.people[0] for family in families)
        pair = PersonPair.objects.get(first__in=[one.pk, other.pk], second__in=[one.pk, other.pk])
        merge_people(by=supervisor, pair=pair, keep=one.pk, reason="对过户口本")
        assert values(ask, "G3", "G4") == {"G3": 1, "G4": 2}
        assert BY_CODE["G3"].value(Ask(MAY, city.haicheng)) == 1


class TestFrozen:
    """What a frozen report says changed since: a roll is told by its record's history, as a contact is."""

    def told(self, city: City, change: Any) -> set[ChangeKind]:
        ask = Ask(MAY, city.root)
        frozen, marked = gather(ask, "salt"), marks()
        change()
        found = changes(frozen, gather(ask, "salt"), marked)
        assert ATTENDED in {one.table for one in found}
        return {one.kind for one in found if one.table == ATTENDED}

    def test_a_corrected_roll(self, city: City, worker, two_groups) -> None:
        first, _second = two_groups
        session = first.sessions.get(number=1)
        [named] = first.members.filter(person=None)
        entry = a_session_entry(first, worker, number=1, roll={named: (Presence.ABSENT, "看病")})

        def correct() -> None:
            correct_session(by=worker, session=session, version=1, entry=entry, reason="点错了名")

        assert self.told(city, correct) == {ChangeKind.CORRECTED}

    def test_a_voided_session(self, city: City, worker, two_groups) -> None:
        record = two_groups[0].sessions.get(number=1).record
        assert self.told(city, lambda: void_records(by=worker, records=[record], reason="录错了")) == {
            ChangeKind.VOIDED
        }

    def test_a_roll_changed_by_hand(self, city: City, two_groups) -> None:
        rows = Attendance.objects.filter(presence=Presence.LATE)
        assert self.told(city, lambda: rows.update(presence=Presence.ABSENT)) == {ChangeKind.UNTRACED}


@MANY
@given(seed=st.integers(0, 10_000))
def test_every_figure_of_groups_equals_its_list_and_what_is_frozen(city: City, seed: int) -> None:
    """On generated groups, in every part of every dimension; and a frozen report recounts to the same."""
    with undone():
        make(city, Random(seed))
        for unit in (city.root, city.chengdong):
            ask = Ask(MAY, unit)
            facts = gather(ask, "salt")
            for one in FIGURES:
                value, lines = one.value(ask), list(one.lines(ask))
                assert value == one.evidence(ask) == sum(adds for _, adds, _ in lines) == recount(facts, one.code)
                assert len({key for key, *_ in lines}) == len(lines)
                assert sum(item.adds for item in page_of(one, ask, 1, names=True).items) == value
                for dimension in one.by:
                    for part, number in one.split(ask, dimension).items():
                        held = ask.holding(dimension, part)
                        assert number == one.value(held) == one.evidence(held), (one.code, dimension, part)
            found = values(ask, *ALL)
            assert found["G1A"] <= found["G1"] <= found["G2"]
            assert found["G3"] <= found["G4"]


def make(city: City, random: Random) -> None:
    """Some groups of two stations with some people in several, absences, guests, a voided session, an ended group."""
    families = {}
    for station in (city.chengdong, city.haicheng):
        by = city.member_of(station)
        members = [a_member(f"陈{name}{station.code}", tags=random.sample(["disabled", "aged"], random.randrange(3)))
                   for name in "甲乙丙"]  # fmt: skip
        families[station] = a_family(station, by, members=members)
    for number in range(3):
        station = random.choice([city.chengdong, city.haicheng])
        by, family = city.member_of(station), families[station]
        kind = random.choice(list(GroupKind))
        group = a_group(station, by, title=f"小组{number}", kind=kind)
        people = random.sample(family.people, random.randrange(1, 4))
        members = members_in(group, by, people=people, named=["阿海"][: random.randrange(2)])
        for day in sorted(random.sample(range(1, 32), random.randrange(1, 5))):
            roll = {one: random.choice(list(Presence)) for one in members}
            guests = {HeadGroup.CHILDREN: random.randrange(1, 4)}
            session = a_session(group, by, on=date(2020, 5, day), roll=roll, guests=guests, method=CountMethod.SIGNED,
                                village_id=random.choice([None, city.base_village(station).pk]))  # fmt: skip
            if random.random() < 0.2:
                void_records(by=by, records=[session.record], reason="录错了")
        group = Group.objects.get(pk=group.pk)
        if random.random() < 0.5 and group.sessions.filter(record__voided_at=None).exists():
            on = max(one.record.occurred_on for one in group.sessions.filter(record__voided_at=None))
            move_group(by=by, group=group, version=group.version, to=GroupState.ENDED, on=on)
