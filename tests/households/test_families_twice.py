"""One family known twice: found by its people, decided by whoever may, counted once, and taken back."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.core.periods import Period
from shuangbai.filings.enums import ChangeKind
from shuangbai.households.access import own_pairs, pairs_to_decide
from shuangbai.households.actions import add_member, change_person
from shuangbai.households.doubles import groups_of
from shuangbai.households.enums import PairState, Relation
from shuangbai.households.identity import (
    merge_families,
    merge_people,
    put_off,
    reopen_pair,
    tell_apart,
    undo_merge,
)
from shuangbai.households.known import FAMILIES, HouseholdAlias, HouseholdPair, PersonPair, SameHousehold
from shuangbai.households.likeness import look_for
from shuangbai.households.matching import compare_families
from shuangbai.reports.evidence import page_of
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from tests.cast import TODAY, a_family, a_file, a_member, a_visit
from tests.households.test_identity import refuses_aliases
from tests.reports.test_people import numbers

BORN = date(1951, 3, 12)
SPAN = Period(date(2019, 7, 1), TODAY)
WHY = "对过户口本"


def zeng(name="曾秀英", relation=Relation.HEAD, **more):
    return a_member(name, relation, **{"sex": "2", "birth_date": BORN, **more})


def son(**more):
    return a_member("陈大文", Relation.SON, **{"sex": "1", "birth_date": date(1980, 7, 9), **more})


def the_pair():
    return HouseholdPair.objects.get()


def merged(by, kept, pair=None):
    pair = pair or the_pair()
    merge_families(by=by, pair=pair, keep=kept.household.pk, reason=WHY)
    return pair


@pytest.fixture
def across(city, worker, neighbour):
    """曾秀英 and her son, who moved from 城东 to 海城 and were entered anew there."""
    families = []
    for station, by in ((city.chengdong, worker), (city.haicheng, neighbour)):
        family = a_family(station, by, members=[zeng(), son()])
        a_visit(station, by, family, on=date(2020, 5, 1))
        a_file(family, by)
        families.append(family)
    return families


class TestFinding:
    def test_the_same_family_at_two_stations_is_found_by_its_people(self, across):
        pair = the_pair()
        assert {pair.first_id, pair.second_id} == {one.household.pk for one in across}
        assert "户主像是同一人" in pair.likeness.sentence
        assert "2 人对得上" in pair.likeness.sentence

    def test_what_speaks_against_it_is_said_anew_too(self, across):
        found = the_pair().likeness
        HouseholdPair.objects.update(doubts=["说过的，已不是这样"])
        look_for([across[0].people[0].pk])
        assert the_pair().likeness == found

    def test_a_child_between_two_homes_makes_no_family_of_two(self, city, worker, neighbour):
        born = date(2012, 3, 4)
        for station, by, head in ((city.chengdong, worker, "陈大文"), (city.haicheng, neighbour, "黄丽")):
            child = a_member("陈小宝", Relation.SON, sex="1", birth_date=born)
            a_family(station, by, members=[a_member(head, Relation.HEAD), child])
        assert PersonPair.objects.exists()
        assert not HouseholdPair.objects.exists()

    def test_an_elder_who_rotates_between_sons_makes_no_family_of_two(self, city, worker, neighbour):
        a_family(city.chengdong, worker, members=[zeng()])
        a_family(city.haicheng, neighbour, members=[a_member("陈大武", Relation.HEAD), zeng(relation=Relation.MOTHER)])
        assert PersonPair.objects.exists()
        assert not HouseholdPair.objects.exists()

    def test_an_elder_alone_entered_twice_is_one_family(self, city, worker):
        for _ in range(2):
            a_family(city.chengdong, worker, members=[zeng()])
        assert the_pair().score >= 75

    def test_people_told_apart_take_the_family_with_them(self, city, worker):
        for _ in range(2):
            a_family(city.chengdong, worker, members=[zeng()])
        tell_apart(by=worker, pair=PersonPair.objects.get(), reason="同名的两个人")
        assert not HouseholdPair.objects.exists()

    def test_what_speaks_for_one_entry_holds_whichever_entry_of_the_family_is_looked_at(
        self, city, across, neighbour, stranger, supervisor
    ):
        daughter = {"sex": "2", "birth_date": date(1983, 4, 5)}
        merged(supervisor, across[0])
        add_member(by=city.users["worker"], household=across[0].household, entry=a_member(
            "陈小妹", Relation.DAUGHTER, **daughter
        ), acknowledged=True)  # fmt: skip
        members = [a_member("陈小妹", Relation.HEAD, **daughter), zeng(relation=Relation.MOTHER)]
        third = a_family(city.dongzhou, stranger, members=members)
        found = {across[0].household.pk, third.household.pk}
        pair = HouseholdPair.objects.get(state=PairState.OPEN)
        assert {pair.first_id, pair.second_id} == found
        change_person(by=neighbour, person=across[1].people[1], version=1,
                      changes={"phone": "13800005678"})  # fmt: skip
        assert HouseholdPair.objects.filter(state=PairState.OPEN).get() == pair

    def test_people_found_to_be_one_keep_the_proposal(self, city, worker):
        for _ in range(2):
            a_family(city.chengdong, worker, members=[zeng()])
        pair = PersonPair.objects.get()
        merge_people(by=worker, pair=pair, keep=pair.first_id, reason=WHY)
        assert the_pair().state == PairState.OPEN

    @pytest.mark.parametrize(
        ("said", "found"),
        [
            ({"heads_same": True, "shared": 1, "smaller": 1}, True),
            ({"heads_same": False, "shared": 1, "smaller": 1}, False),
            ({"heads_same": False, "shared": 2, "smaller": 2}, True),
            ({"heads_same": False, "shared": 2, "smaller": 5}, False),
            ({"heads_same": True, "shared": 1, "smaller": 4}, False),
            ({"heads_same": True, "shared": 2, "smaller": 3}, True),
            ({"heads_same": False, "shared": 0, "smaller": 3}, False),
        ],
    )
    def test_when_two_entries_may_be_one_family(self, said, found):
        assert bool(compare_families(village=True, phone=False, **said)) is found


class TestDeciding:
    def test_a_pair_across_stations_is_the_centres(self, across, worker, neighbour, supervisor):
        for by in (worker, neighbour):
            assert not pairs_to_decide(by, FAMILIES).exists()
            with pytest.raises(NotAllowed):
                merged(by, across[0])
        assert list(pairs_to_decide(supervisor, FAMILIES)) == [the_pair()]

    def test_a_pair_of_one_station_is_its_own(self, city, worker, stranger, supervisor):
        one, _ = [a_family(city.chengdong, worker, members=[zeng()]) for _ in range(2)]
        assert own_pairs(worker, FAMILIES).exists()
        for by in (stranger, supervisor):
            with pytest.raises(NotAllowed):
                merged(by, one)
        merged(worker, one)
        assert SameHousehold.objects.get().kept == one.household

    def test_told_apart_is_remembered(self, across, supervisor):
        tell_apart(by=supervisor, pair=the_pair(), reason="同名的两户")
        pair = PersonPair.objects.first()
        merge_people(by=supervisor, pair=pair, keep=pair.first_id, reason=WHY)
        assert the_pair().state == PairState.APART
        with pytest.raises(Refused, match="不是同一户"):
            merged(supervisor, across[0])
        reopen_pair(by=supervisor, pair=the_pair(), reason="再核对")
        assert the_pair().state == PairState.OPEN

    def test_later_and_undone_stand_open_again(self, across, supervisor):
        put_off(by=supervisor, pair=the_pair())
        pair = merged(supervisor, across[0])
        undo_merge(by=supervisor, pair=pair, reason="两户人家")
        assert the_pair().state == PairState.OPEN
        alias = HouseholdAlias.objects.get()
        assert (alias.undone_by, alias.undo_reason) == (supervisor, "两户人家")
        assert not SameHousehold.objects.exists()

    def test_a_chain_resolves_to_the_last_one_kept_and_opens_again(self, city, across, stranger, supervisor):
        third = a_family(city.dongzhou, stranger, members=[zeng(), son()])
        merged(supervisor, across[1], HouseholdPair.objects.get(
            first__in=[one.household.pk for one in across], second__in=[one.household.pk for one in across]
        ))  # fmt: skip
        last = HouseholdPair.objects.get(state=PairState.OPEN)
        assert {last.first_id, last.second_id} == {across[1].household.pk, third.household.pk}
        merged(supervisor, third, last)
        homes = {one.household.pk for one in (*across, third)}
        assert groups_of(homes, FAMILIES) == dict.fromkeys(homes, homes)
        assert set(SameHousehold.objects.values_list("kept", flat=True)) == {third.household.pk}
        undo_merge(by=supervisor, pair=last, reason="两户人家")
        assert set(SameHousehold.objects.values_list("kept", flat=True)) == {across[1].household.pk}

    def test_the_trail_says_who_decided_without_the_reason(self, across, supervisor):
        pair = merged(supervisor, across[0])
        event = AuditEvent.objects.get(kind="household.merged")
        assert event.about_id == str(across[1].household.pk)
        assert WHY not in str(event.details)
        undo_merge(by=supervisor, pair=pair, reason="两户人家")
        assert AuditEvent.objects.filter(kind="household.unmerged").exists()


class TestCounting:
    def test_the_city_counts_the_family_once_and_each_station_as_before(self, city, across, supervisor):
        before = {unit: numbers(unit) for unit in (city.root, city.chengdong, city.haicheng)}
        assert (before[city.root]["V2"], before[city.root]["F1"]) == (2, 2)
        merged(supervisor, across[0])
        after = numbers(city.root)
        assert (after["V2"], after["F1"], after["V1"], after["F2"]) == (1, 1, 2, 2)
        changed = {key for key in after if after[key] != before[city.root][key]}
        assert {key if isinstance(key, str) else key[0] for key in changed} <= {"V2", "F1", "F6A", "F6B"}
        assert not any("station" in key for key in changed)
        assert numbers(city.chengdong) == before[city.chengdong]
        assert numbers(city.haicheng) == before[city.haicheng]

    def test_undone_every_figure_is_as_before(self, city, across, supervisor):
        before = numbers(city.root)
        pair = merged(supervisor, across[0])
        assert numbers(city.root) != before
        undo_merge(by=supervisor, pair=pair, reason="两户人家")
        assert numbers(city.root) == before

    def test_the_list_behind_the_number_names_the_entry_that_is_kept(self, city, across, supervisor):
        merged(supervisor, across[1])
        [item] = page_of(BY_CODE["V2"], Ask(SPAN, city.root), 1, names=True).items
        assert item.family == across[1].household.pk
        assert {record.station for record in item.records} == {city.chengdong, city.haicheng}
        [item] = page_of(BY_CODE["F1"], Ask(SPAN, city.root), 1, names=True).items
        assert item.title.count("、") == 1
        assert item.family == across[1].household.pk

    def test_a_frozen_report_says_that_families_were_merged_since(self, city, across, supervisor, tmp_path, settings):
        from tests.filings.test_proof import MAY, frozen, prove, sentences

        settings.TRAIL_HEADS = tmp_path / "heads.log"
        kept = frozen(city, city.root, *MAY)
        pair = merged(supervisor, across[0])
        proof = prove(kept)
        assert proof.sound, sentences(proof)
        assert set(proof.kinds) == {ChangeKind.MERGED}
        assert {one.code: one.by for one in proof.figures} == {"V2": -1, "F1": -1}
        undo_merge(by=supervisor, pair=pair, reason="两户人家")
        assert prove(kept).changed == []

    def test_a_record_of_another_family_by_hand_is_no_merge(self, city, across, supervisor, tmp_path, settings):
        from shuangbai.services.models import ServiceRecord
        from tests.filings.test_proof import MAY, frozen, prove

        settings.TRAIL_HEADS = tmp_path / "heads.log"
        other = a_family(city.chengdong, city.users["worker"], members=[a_member("黄建国", Relation.HEAD)])
        kept = frozen(city, city.root, *MAY)
        merged(supervisor, across[0])
        mine = ServiceRecord.objects.filter(household=across[0].household)
        mine.update(household=other.household)
        assert {fault.code for fault in prove(kept).faults} == {"untraced"}


class TestTheDatabase:
    def test_an_alias_is_of_another_family_for_a_reason_and_one_in_force(self, across, supervisor):
        one, other = (family.household for family in across)
        refuses_aliases(FAMILIES, one, other, by=supervisor)
        with pytest.raises(IntegrityError, match="same_household_is_another"), transaction.atomic():
            SameHousehold.objects.create(household=one, kept=one)

    def test_a_pair_is_in_order_and_decided_by_somebody(self, across):
        pair = the_pair()
        with pytest.raises(IntegrityError, match="householdpair_in_order"), transaction.atomic():
            HouseholdPair.objects.create(station=pair.station, first=pair.second, second=pair.first)
        with pytest.raises(IntegrityError, match="decided_by_somebody"), transaction.atomic():
            HouseholdPair.objects.filter(pk=pair.pk).update(state="same")
