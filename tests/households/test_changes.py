"""Changing what is known of a family: versions, moves, members, categories, and opening what is masked."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from shuangbai.core import audit
from shuangbai.core.findings import Conflict, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.households.access import households_visible_to, people_visible_to
from shuangbai.households.actions import (
    TagEntry,
    add_member,
    change_household,
    change_person,
    close_tag,
    note_unmasked,
    open_tags,
)
from shuangbai.households.entries import MoveEntry
from shuangbai.households.enums import IdState, Relation, TagEnd
from shuangbai.households.models import Household, HouseholdStation, Membership, Person, Residence, Tag
from shuangbai.households.moves import JoinEntry, join_households, move_households, serve_households
from shuangbai.households.queries import members_on, serving_station_ids, tags_on
from tests.cast import START, a_family, a_member, a_visit, again

ID = "11010519491231002X"


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker, address="三巷12号", phone="19900001234")


class TestHousehold:
    def test_a_change_keeps_what_it_said_before(self, worker, family):
        change_household(
            by=worker, household=family.household, version=1, changes={"address": "四巷1号", "note": "独居"}
        )
        home = Household.objects.get()
        assert (home.address, home.note, home.version) == ("四巷1号", "独居", 2)
        assert [row.address for row in home.history.order_by("history_id")] == ["三巷12号", "四巷1号"]
        assert home.history.latest().history_user == worker

    def test_the_trail_names_the_fields_and_not_what_they_say(self, worker, family):
        change_household(by=worker, household=family.household, version=1, changes={"address": "四巷1号"})
        entry = AuditEvent.objects.get(kind="household.changed")
        assert "门牌地址" in audit.sentence(entry)
        assert "四巷" not in str(entry.details)

    def test_the_second_of_two_editors_is_shown_what_stands(self, worker, colleague, family):
        change_household(by=worker, household=family.household, version=1, changes={"note": "一"})
        with pytest.raises(Conflict) as caught:
            change_household(by=colleague, household=family.household, version=1, changes={"note": "二"})
        assert caught.value.current.note == "一"
        assert Household.objects.get().note == "一"

    @pytest.mark.parametrize("name", ["stranger", "neighbour", "supervisor", "officer", "sysadmin", "auditor"])
    def test_only_the_stations_own_workers_change_it(self, city, family, name):
        with pytest.raises(NotAllowed):
            change_household(by=city.users[name], household=family.household, version=1, changes={"note": "x"})

    def test_another_village_is_dated_from_today(self, city, worker, family):
        change_household(by=worker, household=family.household, version=1, changes={"village_id": city.beiping.pk})
        rows = Residence.objects.order_by("starts_on").values_list("village__name", "starts_on", "ends_on")
        assert list(rows) == [
            ("赤山村民委员会", START, date(2020, 6, 5)), ("北平村民委员会", date(2020, 6, 6), None),
        ]  # fmt: skip


class TestPerson:
    def test_an_id_found_out_later_fills_in_what_it_tells(self, worker, family):
        change_person(by=worker, person=family.people[0], version=1, changes={"id_no": "110105 491231 002"})
        person = Person.objects.get(pk=family.people[0].pk)
        assert (person.id_no, person.id_state, person.birth_date) == (ID, IdState.SOUND, date(1949, 12, 31))

    def test_the_same_rules_hold_as_when_entered(self, worker, family):
        for changes, field in (
            ({"id_no": "110105194912310021"}, "id_no"),
            ({"name": " "}, "name"),
            ({"birth_date": date(2021, 1, 1)}, "birth_date"),
        ):
            with pytest.raises(Refused) as caught:
                change_person(by=worker, person=family.people[0], version=1, changes=changes)
            assert caught.value.findings[0].field == field
        assert Person.objects.get(pk=family.people[0].pk).version == 1

    def test_a_day_of_death_to_come_or_before_birth_is_refused(self, worker, family):
        person = family.people[0]
        Person.objects.filter(pk=person.pk).update(birth_date=date(1949, 12, 31), died_on=date(2020, 5, 1))
        for died_on, sentence in ((date(2030, 1, 1), "在今天之后"), (date(1949, 1, 1), "早于出生日期")):
            with pytest.raises(Refused, match=sentence) as caught:
                change_person(by=worker, person=person, version=1, changes={"died_on": died_on})
            assert caught.value.findings[0].field == "died_on"
        assert Person.objects.get(pk=person.pk).died_on == date(2020, 5, 1)

    def test_a_day_of_death_after_which_they_were_met_asks_first(self, city, worker, family):
        person = family.people[0]
        for day in (1, 20):
            a_visit(city.chengdong, worker, family, on=date(2020, 5, day))
        Person.objects.filter(pk=person.pk).update(died_on=date(2020, 6, 1))
        said = {"by": worker, "person": person, "version": 1}
        with pytest.raises(NeedsAcknowledgement, match=r"还有 2 次记录见到.*最近 2020-05-20") as caught:
            change_person(**said, changes={"died_on": date(2020, 4, 1)})
        assert caught.value.findings[0].field == "died_on"
        assert change_person(**said, changes={"died_on": date(2020, 4, 1)}, acknowledged=True).died_on
        assert change_person(by=worker, person=person, version=2, changes={"died_on": None}).died_on is None

    def test_a_sex_that_contradicts_the_id_asks_first(self, worker, family):
        changes = {"id_no": ID, "sex": "1"}
        with pytest.raises(NeedsAcknowledgement):
            change_person(by=worker, person=family.people[0], version=1, changes=changes)
        change_person(by=worker, person=family.people[0], version=1, changes=changes, acknowledged=True)

    def test_the_second_of_two_editors_is_shown_what_stands(self, worker, colleague, family):
        change_person(by=worker, person=family.people[0], version=1, changes={"name": "曾美英"})
        with pytest.raises(Conflict) as caught:
            change_person(by=colleague, person=family.people[0], version=1, changes={"name": "曾丽英"})
        assert caught.value.current.name == "曾美英"

    def test_the_head_gives_the_family_its_name(self, worker, family):
        change_person(by=worker, person=family.people[0], version=1, changes={"name": "曾美英"})
        assert str(Household.objects.get()) == "曾美英户"

    def test_a_stranger_changes_nobody(self, stranger, family):
        with pytest.raises(NotAllowed):
            change_person(by=stranger, person=family.people[0], version=1, changes={"name": "x"})


class TestMembers:
    def test_somebody_new_is_of_the_family_from_that_day(self, worker, family):
        entry = a_member("陈小妹", Relation.DAUGHTER, starts_on=date(2020, 1, 1))
        add_member(by=worker, household=family.household, entry=entry)
        assert len(members_on(family.household.pk, date(2019, 12, 31))) == 2
        assert len(members_on(family.household.pk, date(2020, 1, 1))) == 3

    def test_both_days_of_a_membership_count(self, worker, family):
        Membership.objects.filter(person=family.people[1]).update(ends_on=date(2020, 1, 31))
        assert len(members_on(family.household.pk, date(2020, 1, 31))) == 2
        assert len(members_on(family.household.pk, date(2020, 2, 1))) == 1

    @pytest.mark.parametrize(
        ("entry", "field"),
        [
            ({"name": ""}, "name"),
            ({"id_no": "1"}, "id_no"),
            ({"starts_on": date(2020, 6, 7)}, "starts_on"),
            ({"starts_on": date(2020, 1, 2), "ends_on": date(2020, 1, 1)}, "ends_on"),
            ({"relation": Relation.HEAD}, "relation"),
        ],
    )
    def test_a_wrong_entry_names_its_field_and_adds_nobody(self, worker, family, entry, field):
        with pytest.raises(Refused) as caught:
            add_member(by=worker, household=family.household, entry=a_member(**entry), acknowledged=True)
        assert field in {finding.field for finding in caught.value.findings}
        assert Person.objects.count() == 2

    def test_a_stranger_adds_nobody(self, stranger, family):
        with pytest.raises(NotAllowed):
            add_member(by=stranger, household=family.household, entry=a_member())

    def test_the_database_refuses_two_open_main_homes_and_a_membership_twice_a_day(self, city, family):
        row = {"station": city.chengdong, "household": family.household, "person": family.people[0], "relation": "80"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(starts_on=date(2020, 1, 1), **row)
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(starts_on=START, is_primary=False, **row)


class TestCategories:
    def test_a_category_holds_from_its_first_to_its_last_day(self, worker, family):
        tag = open_tags(by=worker, bearer=family.household, entries=[TagEntry("dibao_rural", date(2019, 1, 1))])[0]
        close_tag(by=worker, tag=tag, ends_on=date(2019, 12, 31), reason=TagEnd.LEFT)
        for day, held in (
            (date(2018, 12, 31), 0),
            (date(2019, 1, 1), 1),
            (date(2019, 12, 31), 1),
            (date(2020, 1, 1), 0),
        ):
            assert len(tags_on(day, household_ids=[family.household.pk])[family.household.pk]) == held

    def test_another_round_is_another_row_and_the_first_stays(self, worker, family):
        tag = open_tags(by=worker, bearer=family.household, entries=[TagEntry("dibao_rural", date(2018, 1, 1))])[0]
        close_tag(by=worker, tag=tag, ends_on=date(2018, 12, 31), reason=TagEnd.LEFT)
        open_tags(by=worker, bearer=family.household, entries=[TagEntry("dibao_rural", date(2020, 1, 1))])
        assert [row.ends_on for row in Tag.objects.order_by("starts_on")] == [date(2018, 12, 31), None]
        assert tag.history.count() == 2

    def test_the_same_category_twice_at_once_is_refused(self, worker, family):
        open_tags(by=worker, bearer=family.household, entries=[TagEntry("dibao_rural", date(2018, 1, 1))])
        for starts in (date(2017, 1, 1), date(2018, 1, 1), date(2020, 1, 1)):
            with pytest.raises(Refused) as caught:
                open_tags(by=worker, bearer=family.household, entries=[TagEntry("dibao_rural", starts)])
            assert caught.value.findings[0].code == "category_twice"
        open_tags(by=worker, bearer=family.people[0], entries=[TagEntry("dibao_rural", date(2018, 1, 1))])

    def test_twice_in_one_entry_is_refused_too(self, worker, family):
        entries = [TagEntry("disabled", date(2018, 1, 1)), TagEntry("disabled", date(2019, 1, 1))]
        with pytest.raises(Refused):
            open_tags(by=worker, bearer=family.people[0], entries=entries)
        assert not Tag.objects.exists()

    def test_a_day_before_it_began_cannot_end_it(self, worker, family):
        tag = open_tags(by=worker, bearer=family.household, entries=[TagEntry("dibao_rural", date(2019, 1, 1))])[0]
        with pytest.raises(Refused) as caught:
            close_tag(by=worker, tag=tag, ends_on=date(2018, 12, 31), reason=TagEnd.LEFT)
        assert caught.value.findings[0].field == "ends_on"

    def test_the_trail_says_which(self, worker, family):
        tag = open_tags(by=worker, bearer=family.people[0], entries=[TagEntry("disabled", date(2019, 1, 1))])[0]
        close_tag(by=worker, tag=tag, ends_on=date(2019, 12, 31), reason=TagEnd.CANCELLED)
        said = [audit.sentence(entry) for entry in AuditEvent.objects.filter(kind__startswith="tag.").order_by("id")]
        assert ["残疾" in sentence for sentence in said] == [True, True]

    def test_a_stranger_gives_and_ends_none(self, worker, stranger, family):
        tag = open_tags(by=worker, bearer=family.people[0], entries=[TagEntry("disabled", date(2019, 1, 1))])[0]
        with pytest.raises(NotAllowed):
            open_tags(by=stranger, bearer=family.people[0], entries=[TagEntry("mental", date(2019, 1, 1))])
        with pytest.raises(NotAllowed):
            close_tag(by=stranger, tag=tag, ends_on=date(2020, 1, 1), reason=TagEnd.LEFT)

    def test_the_database_refuses_a_tag_of_nobody_of_two_or_below_nothing(self, worker, family):
        open_tags(by=worker, bearer=family.people[0], entries=[TagEntry("disabled", date(2019, 1, 1))])
        for wrong in ({"person": None}, {"household": family.household}, {"amount": -1}, {"ends_on": date(2018, 1, 1)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Tag.objects.update(**wrong)


class TestMoving:
    def test_a_move_to_another_station_hands_the_family_over_from_that_day(self, city, worker, neighbour, family):
        village = city.base_village(city.haicheng)
        move_households(
            by=worker, entries=[MoveEntry(family.household, village.pk, date(2020, 3, 1), station=city.haicheng)]
        )
        assert serving_station_ids(family.household.pk, date(2020, 2, 29)) == [city.chengdong.pk]
        assert serving_station_ids(family.household.pk, date(2020, 3, 1)) == [city.haicheng.pk]
        assert households_visible_to(again(neighbour)).count() == 1
        assert not households_visible_to(again(worker)).exists()
        assert Household.objects.get().station == city.chengdong

    def test_a_family_that_moved_in_may_be_changed_by_its_new_station(self, city, worker, neighbour, family):
        village = city.base_village(city.haicheng)
        move_households(by=worker, entries=[MoveEntry(family.household, village.pk, date(2020, 3, 1), city.haicheng)])
        change_household(by=again(neighbour), household=family.household, version=2, changes={"note": "新迁入"})
        with pytest.raises(NotAllowed):
            change_household(by=again(worker), household=family.household, version=3, changes={"note": "x"})

    def test_a_move_on_the_day_it_came_corrects_the_village(self, city, worker, family):
        move_households(by=worker, entries=[MoveEntry(family.household, city.beiping.pk, START)])
        assert Residence.objects.get().village == city.beiping

    def test_it_keeps_its_history_and_leaves_a_line(self, city, worker, family):
        move_households(by=worker, entries=[MoveEntry(family.household, city.beiping.pk, date(2020, 1, 1))])
        assert [row.village for row in family.household.history.order_by("history_id")] == [city.chishan, city.beiping]
        assert AuditEvent.objects.filter(kind="household.moved").count() == 1

    def test_a_stranger_moves_nobody(self, city, stranger, family):
        with pytest.raises(NotAllowed):
            move_households(
                by=stranger, entries=[MoveEntry(family.household, city.beiping.pk, date(2020, 1, 1), city.dongzhou)]
            )

    def test_the_new_station_may_move_the_family_again_and_the_old_one_may_not(self, city, worker, neighbour, family):
        village = city.base_village(city.haicheng)
        move_households(by=worker, entries=[MoveEntry(family.household, village.pk, date(2020, 3, 1), city.haicheng)])
        again_moved = [MoveEntry(family.household, city.chishan.pk, date(2020, 5, 1), city.chengdong)]
        with pytest.raises(NotAllowed):
            move_households(by=again(worker), entries=again_moved)
        move_households(by=again(neighbour), entries=again_moved)
        assert serving_station_ids(family.household.pk, date(2020, 5, 1)) == [city.chengdong.pk]

    def test_a_station_cannot_let_itself_in_to_a_family(self, city, neighbour, family):
        with pytest.raises(NotAllowed):
            serve_households(by=neighbour, entries=[(family.household, city.haicheng, date(2020, 1, 1))])

    def test_nobody_has_two_primary_homes_on_one_day(self, city, worker, family):
        other = a_family(city.chengdong, worker, members=[a_member("黄四", Relation.HEAD)])
        entry = JoinEntry(other.household, family.people[1], Relation.SON, date(2020, 1, 1))
        with pytest.raises(Refused) as caught:
            join_households(by=worker, entries=[entry])
        assert [finding.field for finding in caught.value.findings] == ["is_primary"]

    def test_a_second_station_sees_it_from_its_first_day_on(self, city, worker, neighbour, family):
        serve_households(by=worker, entries=[(family.household, city.haicheng, date(2020, 6, 7))])
        assert not households_visible_to(again(neighbour)).exists()
        HouseholdStation.objects.filter(station=city.haicheng).update(starts_on=date(2020, 6, 6))
        assert households_visible_to(again(neighbour)).exists()
        assert people_visible_to(again(neighbour)).count() == 2


class TestUnmasking:
    def test_a_stated_reason_opens_it_and_leaves_a_line(self, city, worker, family):
        note_unmasked(by=worker, household=family.household, what="电话", reason="协助办理低保申请")
        entry = AuditEvent.objects.get(kind="household.unmasked")
        assert entry.about_id == str(family.household.pk)
        assert "协助办理低保申请" in audit.sentence(entry)
        assert "19900001234" not in str(entry.details)

    @pytest.mark.parametrize("reason", ["", "  ", "看"])
    def test_without_a_reason_it_stays_closed(self, worker, family, reason):
        with pytest.raises(Refused) as caught:
            note_unmasked(by=worker, household=family.household, what="电话", reason=reason)
        assert caught.value.findings[0].field == "reason"
        assert not AuditEvent.objects.filter(kind="household.unmasked").exists()

    @pytest.mark.parametrize("name", ["stranger", "supervisor", "officer", "sysadmin", "auditor"])
    def test_whoever_may_not_gets_nothing_and_leaves_nothing(self, city, family, name):
        with pytest.raises(NotAllowed):
            note_unmasked(by=city.users[name], household=family.household, what="电话", reason="想看看")
        assert not AuditEvent.objects.filter(kind="household.unmasked").exists()
