"""One person known twice: noticed while entering, decided by whoever may, resolved everywhere, and taken back."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from shuangbai.core import clock, idnumber
from shuangbai.core.findings import Door, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.households.access import households_visible_to, own_pairs, pairs_to_decide
from shuangbai.households.actions import add_member, change_person, enter_household, enter_households
from shuangbai.households.doubles import groups_of
from shuangbai.households.enums import PairState, Relation
from shuangbai.households.identity import merge_people, put_off, reopen_pair, tell_apart, undo_merge
from shuangbai.households.known import PEOPLE, MatchDue, MatchKey, PersonAlias, PersonPair, SamePerson
from shuangbai.households.likeness import look_for, look_for_due, refresh_match_keys
from shuangbai.households.models import Person
from shuangbai.households.queries import family_lines, find_households, member_rows, one_of_each, typed_suggestions
from tests.cast import ACCOUNTS, TODAY, a_family, a_household, a_member, again

ID, OTHER_ID = ("44052419510312002", "44052419510312004")
ID, OTHER_ID = ID + idnumber.check_digit(ID), OTHER_ID + idnumber.check_digit(OTHER_ID)
BORN = date(1951, 3, 12)
WHY = "对过户口本"


def zeng(name="曾秀英", relation=Relation.HEAD, **more):
    return a_member(name, relation, **{"sex": "2", "birth_date": BORN, **more})


def a_home(station, by, *members, **more):
    return a_family(station, by, members=list(members) or [zeng()], **more)


def pair_of(one, other):
    ids = [one.pk, other.pk]
    return PersonPair.objects.get(first__in=ids, second__in=ids)


def entry_of(family):
    return family.people[0]


@pytest.fixture
def twice(city, worker):
    """曾秀英 entered twice at 城东, the second time with another character."""
    one = a_home(city.chengdong, worker, zeng(phone="19900001234"), a_member("陈大文"))
    other = a_home(city.chengdong, worker, zeng("曾秀瑛"), village=city.beiping, phone="0660-6661234")
    return one, other


@pytest.fixture
def across(city, worker, neighbour):
    """曾秀英 known to 城东 and to 海城."""
    return a_home(city.chengdong, worker), a_home(city.haicheng, neighbour)


class TestWhileEntering:
    def test_a_member_on_file_is_named_with_the_reasons(self, city, worker):
        a_home(city.chengdong, worker)
        with pytest.raises(NeedsAcknowledgement) as told:
            enter_household(by=worker, entry=a_household(city.chengdong, members=[zeng("曾秀瑛")]))
        [finding] = told.value.findings
        assert finding.field == "members-0-name"
        assert "曾秀英（曾秀英户，赤山村），姓名同音、同村、出生日期相同" in finding.sentence

    def test_of_another_station_only_that_there_may_be_somebody(self, city, worker, stranger):
        a_home(city.chengdong, worker, zeng(id_no=ID, birth_date=None), a_member("陈大文"))
        with pytest.raises(NeedsAcknowledgement) as told:
            enter_household(by=stranger, entry=a_household(city.dongzhou, members=[zeng(id_no=ID, birth_date=None)]))
        [finding] = told.value.findings
        assert finding.sentence == "外站可能已有此人；照此保存后提请督导中心核对，不影响您继续登记"

    def test_acknowledged_it_is_saved_and_stands_on_the_list(self, across, worker, neighbour, supervisor):
        pair = pair_of(entry_of(across[0]), entry_of(across[1]))
        assert (pair.state, pair.reasons) == (PairState.OPEN, ["同名", "出生日期相同"])
        assert not own_pairs(worker).exists()
        assert not own_pairs(neighbour).exists()
        assert pairs_to_decide(supervisor).get() == pair

    def test_a_common_name_in_a_clan_village_warns_of_nobody(self, city, worker):
        a_home(city.chengdong, worker)
        entered = enter_household(
            by=worker, entry=a_household(city.chengdong, members=[zeng(birth_date=date(1972, 6, 1))])
        )
        assert entered.people
        assert not PersonPair.objects.exists()

    def test_a_duplicate_number_of_two_names_is_said_and_not_refused(self, city, worker):
        a_home(city.chengdong, worker, zeng(id_no=ID, birth_date=None))
        man = a_member("黄建国", Relation.HEAD, id_no=ID)
        with pytest.raises(NeedsAcknowledgement) as told:
            enter_household(by=worker, entry=a_household(city.chengdong, members=[man]))
        assert "身份证号相同；但姓名不同，可能有一处证号录错" in told.value.findings[0].sentence
        assert enter_household(by=worker, entry=a_household(city.chengdong, members=[man]), acknowledged=True)

    def test_a_rare_character_is_found_again(self, city, worker):
        a_home(city.chengdong, worker, zeng("林𬭳生"))
        with pytest.raises(NeedsAcknowledgement):
            enter_household(by=worker, entry=a_household(city.chengdong, members=[zeng("林𬭳生")]))

    def test_somebody_more_of_a_family_is_looked_for_too(self, city, worker):
        a_home(city.chengdong, worker, zeng(phone="19900001234"))
        home = a_family(city.chengdong, worker, members=[a_member("黄建国", Relation.HEAD)])
        with pytest.raises(NeedsAcknowledgement):
            add_member(by=worker, household=home.household, entry=zeng(relation=Relation.WIFE))

    def test_the_one_on_file_is_taken_instead(self, city, worker):
        known = entry_of(a_home(city.chengdong, worker))
        home = a_family(city.chengdong, worker, members=[a_member("黄建国", Relation.HEAD)])
        membership = add_member(
            by=worker, household=home.household, entry=zeng(relation=Relation.MOTHER, known=known.pk)
        )
        assert membership.person == known
        assert not membership.is_primary  # the home that was there stays the first
        with pytest.raises(Refused, match="已是这户的成员"):
            add_member(by=worker, household=home.household, entry=zeng(relation=Relation.MOTHER, known=known.pk))

    def test_a_new_family_takes_the_one_on_file(self, city, worker):
        known = entry_of(a_home(city.chengdong, worker))
        people = Person.objects.count()
        entry = a_household(city.chengdong, members=[zeng(known=known.pk), a_member("陈小明", Relation.GRANDSON)])
        entered = enter_household(by=worker, entry=entry)
        assert entered.people[0] == known
        assert Person.objects.count() == people + 1
        assert entered.household.head_name == "曾秀英"
        assert known.memberships.filter(is_primary=True).count() == 1

    def test_nobody_takes_one_whom_they_may_not_edit(self, city, worker, stranger):
        known = entry_of(a_home(city.chengdong, worker))
        with pytest.raises(NotAllowed):
            enter_household(by=stranger, entry=a_household(city.dongzhou, members=[zeng(known=known.pk)]))

    def test_a_long_list_is_looked_for_by_the_job(self, city, worker):
        people = [zeng(f"曾秀{n}", birth_date=date(1940 + n % 60, 1 + n % 12, 1 + n % 28)) for n in range(101)]
        entries = [a_household(city.chengdong, members=[one]) for one in (*people, people[5])]
        enter_households(by=worker, entries=entries, door=Door.SHEET)
        assert MatchDue.objects.count() == 102
        assert not PersonPair.objects.exists()
        assert look_for_due() == 102
        assert not MatchDue.objects.exists()
        assert PersonPair.objects.filter(score__gte=75).count() == 1

    def test_who_was_forgotten_is_like_nobody(self, city, worker, twice):
        ids = [entry_of(family).pk for family in twice]
        Person.objects.filter(pk__in=ids).update(name="已匿名", birth_date=date(1951, 1, 1), forgotten=True)
        assert not pairs_to_decide(worker).exists()
        refresh_match_keys(ids)
        assert not MatchKey.objects.filter(person__in=ids).exists()
        look_for(ids)

    def test_what_is_put_right_takes_the_pair_off_the_list(self, twice, worker):
        one, other = map(entry_of, twice)
        assert pair_of(one, other)
        change_person(by=worker, person=other, version=1, changes={"name": "林美玉", "birth_date": date(1980, 1, 2)})
        assert not PersonPair.objects.exists()

    @pytest.mark.parametrize("people", [1, 4])
    def test_looking_asks_the_same_number_of_questions(self, city, worker, people, django_assert_num_queries):
        for n in range(5):
            a_home(city.chengdong, worker, zeng(f"曾秀{'英瑛莹颖盈'[n]}"))
        ids = list(Person.objects.order_by("pk").values_list("pk", flat=True)[:people])
        PersonPair.objects.all().delete()
        with django_assert_num_queries(40):
            look_for(ids)


class TestMerging:
    def test_one_entry_stands_for_both_from_the_day_on(self, twice, worker):
        one, other = map(entry_of, twice)
        pair = pair_of(one, other)
        alias = merge_people(by=worker, pair=pair, keep=one.pk, reason=WHY)
        assert (alias.person, alias.into, alias.decided_on, alias.decided_by) == (other, one, TODAY, worker)
        assert SamePerson.objects.get().kept == one
        pair.refresh_from_db()
        assert (pair.state, pair.reason, pair.decided_by) == (PairState.SAME, WHY, worker)
        assert Person.objects.filter(pk=other.pk, name="曾秀瑛").exists()  # nothing is rewritten

    def test_undone_everything_is_as_before(self, twice, worker):
        one, other = map(entry_of, twice)
        pair = pair_of(one, other)
        merge_people(by=worker, pair=pair, keep=one.pk, reason=WHY)
        alias = undo_merge(by=worker, pair=pair, reason="本人说不是")
        assert (alias.undone_on, alias.undone_by, alias.undo_reason) == (TODAY, worker, "本人说不是")
        assert not SamePerson.objects.exists()
        assert pair_of(one, other).state == PairState.OPEN
        merge_people(by=worker, pair=pair, keep=other.pk, reason=WHY)  # and the other way round
        assert SamePerson.objects.get().kept == other
        assert PersonAlias.objects.count() == 2

    def test_a_chain_is_resolved_to_its_end_and_comes_apart_link_by_link(self, city, worker, twice):
        first, second = map(entry_of, twice)
        merge_people(by=worker, pair=pair_of(first, second), keep=second.pk, reason=WHY)
        third = entry_of(a_home(city.chengdong, worker, zeng("曾秀英"), phone="0660-6661234"))
        merge_people(by=worker, pair=pair_of(second, third), keep=third.pk, reason=WHY)
        assert dict(SamePerson.objects.values_list("person", "kept")) == {first.pk: third.pk, second.pk: third.pk}
        assert groups_of([first.pk])[first.pk] == {first.pk, second.pk, third.pk}
        undo_merge(by=worker, pair=pair_of(second, third), reason="弄错了")
        assert dict(SamePerson.objects.values_list("person", "kept")) == {first.pk: second.pk}
        merge_people(by=worker, pair=pair_of(second, third), keep=third.pk, reason=WHY)
        undo_merge(by=worker, pair=pair_of(first, second), reason="弄错了")
        assert dict(SamePerson.objects.values_list("person", "kept")) == {second.pk: third.pk}

    def test_two_sound_numbers_that_differ_are_refused(self, twice, worker):
        one, other = map(entry_of, twice)
        pair = pair_of(one, other)
        Person.objects.filter(pk=one.pk).update(id_no=ID, id_hash="a" * 32)
        Person.objects.filter(pk=other.pk).update(id_no=OTHER_ID, id_hash="b" * 32)
        with pytest.raises(Refused, match="各有一个有效的身份证号，而且不同"):
            merge_people(by=worker, pair=pair, keep=one.pk, reason=WHY)
        assert not PersonAlias.objects.exists()
        assert pair_of(one, other).state == PairState.OPEN

    def test_a_number_of_what_was_merged_before_counts_too(self, city, worker, twice):
        first, second = map(entry_of, twice)
        Person.objects.filter(pk=first.pk).update(id_no=ID, id_hash="a" * 32)
        merge_people(by=worker, pair=pair_of(first, second), keep=second.pk, reason=WHY)
        third = entry_of(a_home(city.chengdong, worker, zeng("曾秀英"), phone="0660-6661234"))
        Person.objects.filter(pk=third.pk).update(id_no=OTHER_ID, id_hash="b" * 32)
        with pytest.raises(Refused, match="而且不同"):
            merge_people(by=worker, pair=pair_of(second, third), keep=third.pk, reason=WHY)

    def test_a_number_is_not_changed_to_contradict_a_merge(self, twice, worker):
        one, other = map(entry_of, twice)
        change_person(by=worker, person=one, version=1, changes={"id_no": ID}, acknowledged=True)
        merge_people(by=worker, pair=pair_of(one, other), keep=one.pk, reason=WHY)
        changes = {"id_no": OTHER_ID}
        with pytest.raises(Refused, match="已认定为同一人，那份的身份证号不同"):
            change_person(by=worker, person=other, version=1, changes=changes, acknowledged=True)

    @pytest.mark.parametrize("reason", ["", " ", "x"])
    def test_a_reason_is_asked_for(self, twice, worker, reason):
        pair = pair_of(*map(entry_of, twice))
        with pytest.raises(Refused, match="理由"):
            merge_people(by=worker, pair=pair, keep=pair.first_id, reason=reason)

    def test_who_comes_second_is_told(self, twice, worker, head):
        pair = pair_of(*map(entry_of, twice))
        merge_people(by=worker, pair=pair, keep=pair.first_id, reason=WHY)
        with pytest.raises(Refused, match="林小燕刚刚处理过这一对，现在是“同一人”"):
            tell_apart(by=head, pair=pair, reason="电话问过")

    def test_the_trail_says_so_without_a_name(self, twice, worker):
        pair = pair_of(*map(entry_of, twice))
        merge_people(by=worker, pair=pair, keep=pair.first_id, reason=WHY)
        event = AuditEvent.objects.get(kind="person.merged")
        assert event.by_id == worker.pk
        assert "曾" not in str(event.details)


class TestNotTheSame:
    def test_is_remembered_for_good_with_who_when_and_why(self, twice, worker):
        one, other = map(entry_of, twice)
        tell_apart(by=worker, pair=pair_of(one, other), reason="两姐妹，村委确认")
        look_for([one.pk, other.pk])
        pair = pair_of(one, other)
        assert (pair.state, pair.decided_by, pair.reason) == (PairState.APART, worker, "两姐妹，村委确认")
        assert clock.local(pair.decided_at).date() == clock.now().date()

    def test_is_never_proposed_of_their_other_entries_either(self, city, worker, twice):
        one, other = map(entry_of, twice)
        tell_apart(by=worker, pair=pair_of(one, other), reason="两姐妹")
        third = entry_of(a_home(city.chengdong, worker, zeng("曾秀英")))
        merge_people(by=worker, pair=pair_of(one, third), keep=third.pk, reason=WHY)
        assert not PersonPair.objects.filter(state=PairState.OPEN).exists()

    def test_stands_in_the_way_of_a_merge_round_about(self, city, worker, twice):
        one, other = map(entry_of, twice)
        third = entry_of(a_home(city.chengdong, worker, zeng("曾秀英"), phone="0660-6661234"))
        tell_apart(by=worker, pair=pair_of(one, other), reason="两姐妹")
        merge_people(by=worker, pair=pair_of(one, third), keep=one.pk, reason=WHY)
        left = [other.pk, third.pk]
        assert not PersonPair.objects.filter(first__in=left, second__in=left).exists()

    def test_later_stays_on_the_list_and_is_decided_then(self, twice, worker):
        pair = pair_of(*map(entry_of, twice))
        assert put_off(by=worker, pair=pair).state == PairState.LATER
        look_for([pair.first_id])
        pair.refresh_from_db()
        assert pair.state == PairState.LATER
        assert tell_apart(by=worker, pair=pair, reason="电话问过").state == PairState.APART
        assert reopen_pair(by=worker, pair=pair, reason="问错了人").state == PairState.OPEN


class TestWho:
    @pytest.mark.parametrize(
        "name", ["stranger", "neighbour", "supervisor", "officer", "sysadmin", "security", "auditor"]
    )
    def test_a_stations_own_are_for_its_people_alone(self, city, twice, name):
        pair = pair_of(*map(entry_of, twice))
        assert not pairs_to_decide(city.users[name]).exists()
        with pytest.raises(NotAllowed):
            merge_people(by=city.users[name], pair=pair, keep=pair.first_id, reason=WHY)

    @pytest.mark.parametrize("name", ["worker", "colleague", "head"])
    def test_worker_and_head_decide(self, city, twice, name):
        pair = pair_of(*map(entry_of, twice))
        assert merge_people(by=city.users[name], pair=pair, keep=pair.first_id, reason=WHY)

    @pytest.mark.parametrize("name", sorted({*ACCOUNTS} - {"supervisor"}))
    def test_across_stations_nobody_decides_but_the_centre(self, city, across, name):
        pair = pair_of(*map(entry_of, across))
        for act in (tell_apart, put_off):
            with pytest.raises(NotAllowed):
                act(by=city.users[name], pair=pair, reason=WHY)
        assert tell_apart(by=again(city.users["supervisor"]), pair=pair, reason=WHY)


class TestResolved:
    """Where an entry was merged, whatever lists people lists them once."""

    def test_a_family_that_entered_somebody_twice_counts_and_offers_them_once(self, city, worker):
        home = a_family(city.chengdong, worker, members=[zeng(), zeng(relation=Relation.MOTHER), a_member()])
        one, other, _ = home.people
        merge_people(by=worker, pair=pair_of(one, other), keep=one.pk, reason=WHY)
        rows = one_of_each(member_rows(home.household.pk, TODAY))
        assert [row.person_id for row in rows] == [one.pk, home.people[2].pk]
        [line] = family_lines([home.household], TODAY, sees_names=True)
        assert line.members == 2
        picked = one_of_each(member_rows(home.household.pk, TODAY), {other.pk})
        assert len(picked) == 3  # a visit that met the other entry still shows whom it met

    def test_what_either_entry_is_called_leads_to_both_families(self, city, worker, twice):
        one, other = twice
        merge_people(by=worker, pair=pair_of(entry_of(one), entry_of(other)), keep=entry_of(one).pk, reason=WHY)
        visible, stations = households_visible_to(worker), [city.chengdong.pk]
        both = {one.household.pk, other.household.pk}
        for name in ("曾秀英", "曾秀瑛"):
            assert set(find_households(visible, stations, name).values_list("pk", flat=True)) == both
            assert set(typed_suggestions(visible, stations, name, 10)) == both

    def test_a_number_of_either_entry_leads_to_both(self, city, worker, twice):
        one, other = twice
        changes = {"id_no": ID}
        change_person(by=worker, person=entry_of(other), version=1, changes=changes, acknowledged=True)
        merge_people(by=worker, pair=pair_of(entry_of(one), entry_of(other)), keep=entry_of(one).pk, reason=WHY)
        found = find_households(households_visible_to(worker), [city.chengdong.pk], ID)
        assert set(found.values_list("pk", flat=True)) == {one.household.pk, other.household.pk}

    def test_another_stations_name_leads_nowhere(self, city, worker, neighbour, supervisor):
        here = a_home(city.chengdong, worker)
        there = a_home(city.haicheng, neighbour, zeng("曾秀瑛"), village=city.chishan)
        pair = pair_of(entry_of(here), entry_of(there))
        merge_people(by=supervisor, pair=pair, keep=entry_of(here).pk, reason=WHY)
        assert not find_households(households_visible_to(worker), [city.chengdong.pk], "曾秀瑛").exists()

    def test_keys_hold_nothing_that_can_be_read(self, twice):
        assert MatchKey.objects.count() > 6
        assert all(isinstance(key, int) for key in MatchKey.objects.values_list("key", flat=True))


def refuses_aliases(kind, one, other, by):
    """What the database refuses of a decision about two entries, whatever they are of."""
    said = {"station": one.station, "decided_on": TODAY, "decided_by": by, "reason": WHY, kind.entry: one}
    wrong = [
        (f"{kind.entry}alias_of_another", {**said, "into": one}),
        (f"{kind.entry}alias_has_reason", {**said, "into": other, "reason": ""}),
        ("undone_by_somebody", {**said, "into": other, "undone_on": TODAY}),
        ("undone_by_somebody", {**said, "into": other, "undone_by": by, "undo_reason": WHY,
                                "undone_on": TODAY - timedelta(days=1)}),
    ]  # fmt: skip
    for name, fields in wrong:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            kind.alias.objects.create(**fields)
    kind.alias.objects.create(**said, into=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        kind.alias.objects.create(**said, into=other)


class TestTheDatabase:
    def test_a_pair_is_in_order_and_there_once(self, twice):
        pair = pair_of(*map(entry_of, twice))
        said = {"station": pair.station, "first": pair.second, "second": pair.first}
        with pytest.raises(IntegrityError, match="personpair_in_order"), transaction.atomic():
            PersonPair.objects.create(**said)
        with pytest.raises(IntegrityError), transaction.atomic():
            PersonPair.objects.create(station=pair.station, first=pair.first, second=pair.second)

    def test_a_decision_has_somebody_and_a_reason(self, twice):
        pair = pair_of(*map(entry_of, twice))
        for state in ("same", "apart", "later"):
            with pytest.raises(IntegrityError, match="decided_by_somebody"), transaction.atomic():
                PersonPair.objects.filter(pk=pair.pk).update(state=state)

    def test_an_alias_is_of_another_for_a_reason_and_one_in_force(self, twice, worker):
        refuses_aliases(PEOPLE, *map(entry_of, twice), by=worker)

    def test_nobody_stands_for_themselves_and_a_key_is_there_once(self, twice):
        one = entry_of(twice[0])
        with pytest.raises(IntegrityError, match="same_person_is_another"), transaction.atomic():
            SamePerson.objects.create(person=one, kept=one)
        key = MatchKey.objects.filter(person=one).first()
        with pytest.raises(IntegrityError), transaction.atomic():
            MatchKey.objects.create(person=one, key=key.key)
