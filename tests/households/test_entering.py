"""Entering families: one or many, under the same rules, with or without identity numbers."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from shuangbai.core.findings import Door, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.households.access import households_visible_to, people_visible_to
from shuangbai.households.actions import TagEntry, enter_household, enter_households
from shuangbai.households.enums import IdState, Relation
from shuangbai.households.models import FindKey, Household, HouseholdStation, Membership, Person, Residence, Tag
from shuangbai.households.moves import JoinEntry, join_households
from shuangbai.households.queries import members_on, tags_on
from tests.cast import START, a_family, a_household, a_member, again
from tests.snapshots import picture_after

ID = "11010519491231002X"


def refused(by, entry, **more) -> Refused:
    with pytest.raises(Refused) as caught:
        enter_household(by=by, entry=entry, **more)
    assert not Household.objects.exists()
    assert not Person.objects.exists()
    return caught.value


class TestOneFamily:
    def test_it_has_its_people_with_the_head_first(self, city, worker):
        family = a_family(city.chengdong, worker)
        rows = members_on(family.household.pk, START)
        assert [(row.person.name, row.relation) for row in rows] == [
            ("曾秀英", Relation.HEAD),
            ("陈大文", Relation.SON),
        ]
        assert str(Household.objects.get()) == "曾秀英户"

    def test_without_a_head_the_first_named_gives_the_family_its_name(self, city, worker):
        family = a_family(city.chengdong, worker, members=[a_member("陈大文"), a_member("陈小文")])
        assert family.household.head_name == "陈大文"

    def test_an_id_is_optional(self, city, worker):
        family = a_family(city.chengdong, worker)
        assert {person.id_state for person in family.people} == {IdState.MISSING}
        assert not Person.objects.exclude(id_hash="").exists()

    def test_two_people_without_an_id_or_with_the_same_one_are_two_people(self, city, worker):
        a_family(city.chengdong, worker, members=[a_member("曾秀英", Relation.HEAD, id_no=ID)])
        a_family(city.chengdong, worker, members=[a_member("曾秀英", Relation.HEAD, id_no=ID)])
        assert Person.objects.count() == 2
        assert len(set(Person.objects.values_list("id_hash", flat=True))) == 1

    def test_a_number_fills_in_birth_date_and_sex(self, city, worker):
        a_family(city.chengdong, worker, members=[a_member("曾秀英", Relation.HEAD, id_no=" 110105491231002 ")])
        person = Person.objects.get()
        assert (person.id_no, person.birth_date, person.sex) == (ID, date(1949, 12, 31), "2")
        assert person.id_state == IdState.SOUND

    def test_the_station_that_entered_it_serves_it(self, city, worker):
        family = a_family(city.chengdong, worker, since=date(2019, 3, 1))
        serving = HouseholdStation.objects.get()
        assert (serving.station, serving.starts_on, serving.ends_on) == (city.chengdong, date(2019, 3, 1), None)
        assert Residence.objects.get().village_id == family.household.village_id

    def test_several_categories_at_once_stay_side_by_side(self, city, worker):
        family = a_family(
            city.chengdong, worker, tags=["dibao_rural", "jiandang"],
            members=[a_member("曾秀英", Relation.HEAD, tags=["disabled", "alone_elder"]), a_member()],
        )  # fmt: skip
        tags = tags_on(date(2020, 5, 1), household_ids=[family.household.pk])[family.household.pk]
        assert {tag.category.code for tag in tags} == {"dibao_rural", "jiandang", "disabled", "alone_elder"}

    def test_its_history_begins_with_its_entry(self, city, worker):
        family = a_family(city.chengdong, worker, tags=["dibao_rural"])
        for row in (family.household, family.people[0], Tag.objects.get(), Membership.objects.first()):
            first = row.history.get()
            assert (first.history_type, first.history_user) == ("+", worker)

    def test_a_rare_character_in_a_name_is_kept(self, city, worker):
        a_family(city.chengdong, worker, members=[a_member("陈𡒄", Relation.HEAD)])
        assert Person.objects.get().name == "陈𡒄"


class TestRules:
    def test_a_wrong_check_digit_is_refused_with_the_members_field(self, city, worker):
        wrong = [a_member("曾秀英", Relation.HEAD), a_member(id_no="110105194912310021")]
        found = refused(worker, a_household(city.chengdong, members=wrong), acknowledged=True).findings
        assert [(finding.code, finding.field) for finding in found] == [("id_checksum", "members-1-id_no")]

    def test_a_birth_date_that_contradicts_the_id_is_refused(self, city, worker):
        wrong = [a_member("曾秀英", Relation.HEAD, id_no=ID, birth_date=date(1950, 1, 1))]
        found = refused(worker, a_household(city.chengdong, members=wrong)).findings
        assert [(finding.code, finding.field) for finding in found] == [("id_birth_mismatch", "members-0-birth_date")]

    def test_a_family_without_anybody_is_refused(self, city, worker):
        entry = a_household(city.chengdong)
        entry.members = []
        assert refused(worker, entry).findings[0].field == "members"

    def test_a_category_that_ended_is_refused(self, city, worker):
        late = TagEntry("jiandang", date(2021, 1, 1))
        assert refused(worker, a_household(city.chengdong, tags=[late])).findings[0].code == "category_ended"

    def test_a_category_that_nobody_knows_is_refused_by_its_name(self, city, worker):
        found = refused(worker, a_household(city.chengdong, tags=["five_guarantees"])).findings
        assert "five_guarantees" in found[0].sentence

    def test_a_category_on_the_wrong_bearer_is_refused(self, city, worker):
        assert refused(worker, a_household(city.chengdong, tags=["disabled"])).findings[0].code == "category_unit"

    def test_one_category_twice_for_the_same_days_is_refused(self, city, worker):
        twice = [TagEntry("dibao_rural", START), TagEntry("dibao_rural", date(2019, 1, 1))]
        assert refused(worker, a_household(city.chengdong, tags=twice)).findings[0].code == "category_twice"
        apart = [TagEntry("dibao_rural", START, date(2018, 12, 31)), TagEntry("dibao_rural", date(2019, 1, 1))]
        enter_household(by=worker, entry=a_household(city.chengdong, tags=apart))

    def test_a_village_that_the_station_does_not_cover_asks_first(self, city, worker):
        entry = a_household(city.chengdong, village=city.base_village(city.haicheng))
        caught = refused(worker, entry)
        assert isinstance(caught, NeedsAcknowledgement)
        assert [finding.field for finding in caught.findings] == ["village"]
        enter_household(by=worker, entry=entry, acknowledged=True)

    def test_an_age_that_does_not_fit_asks_first_and_then_passes(self, city, worker):
        child = a_member("陈小妹", Relation.DAUGHTER, birth_date=date(2000, 1, 1), tags=["left_child"])
        entry = a_household(city.chengdong, members=[a_member("曾秀英", Relation.HEAD), child])
        caught = refused(worker, entry)
        assert isinstance(caught, NeedsAcknowledgement)
        assert caught.findings[0].code == "category_age"
        enter_household(by=worker, entry=entry, acknowledged=True)
        assert Tag.objects.get().category.code == "left_child"

    def test_one_bad_family_keeps_the_whole_batch_out(self, city, worker):
        good, bad = a_household(city.chengdong), a_household(city.chengdong, members=[a_member("")])
        with pytest.raises(Refused):
            enter_households(by=worker, entries=[good, bad], door=Door.SHEET)
        assert not Household.objects.exists()
        assert not FindKey.objects.exists()


class TestOneOrMany:
    def entries(self, city) -> list:
        return [
            a_household(city.chengdong, tags=["dibao_rural"], phone="0660-6612345", address="三巷12号"),
            a_household(
                city.chengdong, village=city.beiping, note="独居",
                members=[a_member("单小红", Relation.HEAD, id_no=ID, phone="19900001234", tags=["disabled", "aged"])],
            ),
            a_household(city.chengdong, members=[a_member("区桂芳", Relation.HEAD), a_member("区大勇")]),
        ]  # fmt: skip

    def test_many_at_once_leave_what_one_by_one_leaves(self, city, worker):
        single = picture_after(
            lambda: [enter_household(by=worker, entry=e, acknowledged=True) for e in self.entries(city)]
        )
        bulk = picture_after(lambda: enter_households(by=worker, entries=self.entries(city), door=Door.PAGE))
        assert single == bulk
        assert len(single["households.Household"]) == 3

    def test_the_number_of_queries_does_not_grow_with_the_batch(self, city, worker, django_assert_max_num_queries):
        again(worker)
        with django_assert_max_num_queries(68):  # all alike, they make some hundred pairs, written in a few batches
            enter_households(by=worker, entries=self.entries(city) * 10, door=Door.PAGE)


class TestTwoHomes:
    def join(self, by, family, person, **more) -> Membership:
        said = {"relation": Relation.SON, "starts_on": date(2019, 1, 1), "is_primary": False, **more}
        return join_households(by=by, entries=[JoinEntry(family.household, person, **said)])[0]

    def test_a_person_may_be_of_two_families_and_is_one_person(self, city, worker):
        mother = a_family(city.chengdong, worker)
        father = a_family(city.chengdong, worker, members=[a_member("陈大", Relation.HEAD)])
        child = mother.people[1]
        self.join(worker, father, child)
        assert Person.objects.count() == 3
        homes = {row.household_id for row in child.memberships.on(date(2020, 1, 1))}
        assert homes == {mother.household.pk, father.household.pk}
        assert [row.person for row in members_on(father.household.pk, date(2018, 12, 31))] == father.people

    def test_only_one_of_them_is_the_main_one(self, city, worker):
        child = a_family(city.chengdong, worker).people[1]
        father = a_family(city.chengdong, worker, members=[a_member("陈大", Relation.HEAD)])
        with pytest.raises((Refused, IntegrityError)), transaction.atomic():
            self.join(worker, father, child, is_primary=True)
        assert Membership.objects.count() == 3

    def test_who_joins_is_found_with_the_family(self, city, worker):
        child = a_family(city.chengdong, worker).people[1]
        father = a_family(city.chengdong, worker, members=[a_member("黄大", Relation.HEAD)])
        self.join(worker, father, child)
        assert FindKey.objects.filter(household=father.household, key="cdw").exists()

    def test_another_station_puts_nobody_into_a_family(self, city, worker, stranger):
        family = a_family(city.chengdong, worker)
        theirs = a_family(city.dongzhou, stranger)
        with pytest.raises(NotAllowed):
            self.join(stranger, family, theirs.people[0])


class TestWho:
    @pytest.mark.parametrize("name", ["stranger", "neighbour", "supervisor", "officer", "sysadmin", "auditor"])
    def test_only_the_stations_own_workers_enter_its_families(self, city, name):
        with pytest.raises(NotAllowed):
            a_family(city.chengdong, city.users[name])
        assert not Household.objects.exists()

    def test_another_stations_families_are_not_there(self, city, worker, stranger, supervisor, officer):
        a_family(city.chengdong, worker)
        assert households_visible_to(worker).count() == 1
        assert households_visible_to(supervisor).count() == 1
        assert not households_visible_to(stranger).exists()
        assert not households_visible_to(officer).exists()
        assert people_visible_to(worker).count() == 2
        assert not people_visible_to(stranger).exists()

    def test_a_batch_for_two_stations_needs_both(self, city, worker):
        entries = [a_household(city.chengdong), a_household(city.dongzhou)]
        with pytest.raises(NotAllowed):
            enter_households(by=worker, entries=entries, door=Door.PAGE)
        assert not Household.objects.exists()
