"""When lives change (domain 5.5, 12): each change whole, told before it is done, and taken back where it was a slip."""

from datetime import date, timedelta

import pytest

from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.dossier.actions import enter_parts
from shuangbai.dossier.entries import PartEntry
from shuangbai.dossier.models import Housing
from shuangbai.followups.actions import TaskEntry, ask_task
from shuangbai.followups.models import Task
from shuangbai.households.access import households_visible_to, known_from
from shuangbai.households.enums import CloseReason, FileState, Relation, TagEnd
from shuangbai.households.models import FamilyFile, Household, Membership, Person, Standing, Tag
from shuangbai.households.queries import find_households, members_on
from shuangbai.lives.actions.homes import give_to_station, merge_households, move_home, split_household
from shuangbai.lives.actions.people import add_second_home, leave_area, note_death, rotate_homes
from shuangbai.lives.actions.undoing import undo_change
from shuangbai.lives.entries import Death, Leaving, Merge, MovedHome, Rotation, SecondHome, Split, ToStation
from shuangbai.lives.enums import MergedTag, TagGoes
from shuangbai.lives.models import LifeChange
from shuangbai.lives.rules import Preview, Stay
from shuangbai.network.models import Area
from shuangbai.services.access import records_shown_to, records_visible_to
from shuangbai.services.actions import void_records
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.enums import Result
from tests.cast import START, TODAY, a_family, a_file, a_member, a_visit, again

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SPLIT_ON = date(2020, 6, 1)


def done(act, *, by, entry):
    """The change as a page does it: told first, then confirmed."""
    with pytest.raises(Preview) as told:
        act(by=by, entry=entry)
    assert not LifeChange.objects.filter(happened_on=getattr(entry, "on", None)).exists()
    return act(by=by, entry=entry, confirmed=told.value.token)


def said_to(act, *, by, entry):
    with pytest.raises(Refused) as refused:
        act(by=by, entry=entry)
    assert not isinstance(refused.value, Preview), refused.value.sentences
    return "；".join(one.sentence for one in refused.value.findings)


@pytest.fixture
def family(city, worker):
    """曾秀英, her son, his wife and their child; the family on dibao, the elder disabled."""
    members = [
        a_member("曾秀英", Relation.HEAD, sex="2", tags=["disabled"], birth_date=date(1948, 2, 29)),
        a_member("陈大文", Relation.SON, sex="1"),
        a_member("李小梅", Relation.DAUGHTER_IN_LAW, sex="2"),
        a_member("陈小宝", Relation.GRANDSON, sex="1", birth_date=date(2012, 3, 4)),
    ]
    return a_family(city.chengdong, worker, members=members, tags=["dibao_rural"], address="一号", phone="19900001234")


@pytest.fixture
def file(family, worker):
    return a_file(family, worker)


def people_on(household, day):
    return [row.person.name for row in members_on(household.pk, day)]


def a_split(city, family, **more):
    _, son, wife, _ = family.people
    tag = Tag.objects.get(household=family.household)
    told = {
        "on": SPLIT_ON, "leaving": {son.pk: Relation.HEAD, wife.pk: Relation.WIFE}, "village_id": city.beiping.pk,
        "tags": {tag.pk: TagGoes.STAYS}, **more,
    }  # fmt: skip
    return Split(family.household, **told)


class TestAHouseholdSplits:
    def test_who_leaves_is_of_the_old_family_until_the_day_before_and_of_the_new_from_the_day(
        self, city, worker, family, file
    ):
        change = done(split_household, by=worker, entry=a_split(city, family))
        new = change.other
        assert people_on(family.household, SPLIT_ON - DAY) == ["曾秀英", "陈大文", "李小梅", "陈小宝"]
        assert people_on(family.household, SPLIT_ON) == ["曾秀英", "陈小宝"]
        assert people_on(new, SPLIT_ON) == ["陈大文", "李小梅"]
        assert (new.head_name, new.village) == ("陈大文", city.beiping)
        assert find_households(households_visible_to(worker), [city.chengdong.pk], "大文").filter(pk=new.pk).exists()
        assert not new.files.exists()
        assert FamilyFile.objects.get(pk=file.pk).state == FileState.OPEN

    def test_a_visit_before_keeps_what_it_counted_and_one_after_counts_the_new_family(self, city, worker, family):
        before = a_visit(city.chengdong, worker, family, on=date(2020, 5, 1))
        counted = set(Standing.objects.filter(occasion=before.pk).values_list("person", "household", "category"))
        later = a_visit(city.chengdong, worker, family, on=date(2020, 6, 3), met=[family.people[0]])
        tag = Tag.objects.get(household=family.household)
        done(split_household, by=worker, entry=a_split(city, family, tags={tag.pk: TagGoes.GOES}))
        assert (
            set(Standing.objects.filter(occasion=before.pk).values_list("person", "household", "category")) == counted
        )
        left = Standing.objects.filter(occasion=later.pk, household=family.household.pk)
        assert list(left.values_list("category__code", flat=True)) == ["disabled"]

    @pytest.mark.parametrize(
        ("goes", "old_one", "new_one"),
        [
            (TagGoes.STAYS, True, False),
            (TagGoes.BOTH, True, True),
            (TagGoes.GOES, False, True),
            (TagGoes.ENDS, False, False),
        ],
    )
    def test_the_familys_categories_go_where_the_worker_says(self, city, worker, family, goes, old_one, new_one):
        tag = Tag.objects.get(household=family.household)
        change = done(split_household, by=worker, entry=a_split(city, family, tags={tag.pk: goes}))
        there = Tag.objects.on(SPLIT_ON).filter(household__isnull=False).values_list("household", flat=True)
        assert (family.household.pk in there, change.other_id in there) == (old_one, new_one)

    def test_a_category_that_nobody_decided_about_is_asked_for(self, city, worker, family):
        assert "请选择分户后怎样办" in said_to(split_household, by=worker, entry=a_split(city, family, tags={}))

    def test_a_file_for_the_new_family_is_opened_only_where_it_is_asked_for(self, city, worker, family, file):
        entry = a_split(city, family, opens_file=True, worker_id=worker.staff_id)
        new = done(split_household, by=worker, entry=entry).other
        opened = new.files.get()
        assert (opened.opened_on, opened.workers.get().staff_id) == (SPLIT_ON, worker.staff_id)
        assert opened.number != file.number

    @pytest.mark.parametrize(
        ("leaving", "sentence"),
        [
            ({}, "至少为一位成员"),
            ({1: Relation.SON}, "新户要有一位户主"),
            ({1: Relation.HEAD, 2: Relation.HEAD}, "只能有一位户主"),
            ({0: Relation.HEAD, 1: Relation.SON, 2: Relation.WIFE, 3: Relation.SON}, "不能所有人都分出去"),
        ],
    )
    def test_a_split_that_makes_no_family_is_refused(self, city, worker, family, leaving, sentence):
        people = {family.people[index].pk: relation for index, relation in leaving.items()}
        assert sentence in said_to(split_household, by=worker, entry=a_split(city, family, leaving=people))

    def test_where_the_head_leaves_somebody_must_become_it(self, city, worker, family):
        elder, son, _, child = family.people
        leaving = {elder.pk: Relation.HEAD, child.pk: Relation.GRANDSON}
        assert "请选择谁当户主" in said_to(split_household, by=worker, entry=a_split(city, family, leaving=leaving))
        done(split_household, by=worker, entry=a_split(city, family, leaving=leaving, new_head=son.pk))
        head = members_on(family.household.pk, SPLIT_ON).get(relation=Relation.HEAD)
        assert head.person == son
        assert Household.objects.get(pk=family.household.pk).head_name == "陈大文"
        assert members_on(family.household.pk, SPLIT_ON - DAY).get(relation=Relation.HEAD).person == elder

    def test_it_is_taken_back_whole(self, city, worker, family, file):
        visit = a_visit(city.chengdong, worker, family, on=date(2020, 6, 3), met=[family.people[1]])
        counted = set(Standing.objects.filter(occasion=visit.pk).values_list("person", "household", "category"))
        tag = Tag.objects.get(household=family.household)
        change = done(
            split_household, by=worker, entry=a_split(city, family, tags={tag.pk: TagGoes.GOES}, opens_file=True)
        )
        new = change.other_id
        undo_change(by=worker, change=change, reason="选错了人")
        assert not Household.objects.filter(pk=new).exists()
        assert people_on(family.household, TODAY) == ["曾秀英", "陈大文", "李小梅", "陈小宝"]
        assert Tag.objects.get(household=family.household).ends_on is None
        assert set(Standing.objects.filter(occasion=visit.pk).values_list("person", "household", "category")) == counted
        row = LifeChange.objects.get()
        assert (row.undone_by, row.other) == (worker, None)
        assert Household.history.filter(id=new).values_list("history_type", flat=True)[0] == "-"
        assert AuditEvent.objects.filter(kind="household.life_change_undone").count() == 1

    def test_it_is_not_taken_back_once_the_new_family_was_visited(self, city, worker, family):
        change = done(split_household, by=worker, entry=a_split(city, family))

        class New:
            household, people = change.other, family.people[1:2]

        a_visit(city.chengdong, worker, New, on=date(2020, 6, 2))
        with pytest.raises(Refused, match="不能整个撤销"):
            undo_change(by=worker, change=change, reason="选错了人")
        assert LifeChange.objects.get().undone_at is None
        assert people_on(change.other, TODAY) == ["陈大文", "李小梅"]

    def test_it_is_not_taken_back_once_somebody_else_changed_a_row(self, city, worker, family):
        change = done(split_household, by=worker, entry=a_split(city, family))
        Membership.objects.filter(household=change.other_id, person=family.people[1].pk).update(relation="20")
        Membership.objects.filter(household=family.household, person=family.people[1].pk).update(ends_on=TODAY)
        with pytest.raises(Refused, match="家庭成员又有改动"):
            undo_change(by=worker, change=change, reason="选错了人")

    def test_after_thirty_days_a_new_change_is_the_way(self, city, worker, family):
        change = done(split_household, by=worker, entry=a_split(city, family))
        LifeChange.objects.update(entered_at=clock.now() - timedelta(days=31))
        with pytest.raises(Refused, match="登记已超过 30 天"):
            undo_change(by=worker, change=change, reason="选错了人")

    def test_another_station_neither_splits_nor_takes_back(self, city, worker, stranger, family):
        with pytest.raises(NotAllowed):
            split_household(by=stranger, entry=a_split(city, family))
        change = done(split_household, by=worker, entry=a_split(city, family))
        with pytest.raises(NotAllowed):
            undo_change(by=stranger, change=change, reason="选错了人")

    def test_the_journal_says_nothing_about_anybody(self, city, worker, family):
        change = done(split_household, by=worker, entry=a_split(city, family))
        move = done(move_home, by=worker, entry=MovedHome(family.household, TODAY, city.beiping.pk, address="九号"))
        told = repr([change.steps, move.steps])
        assert not any(word in told for word in ("陈大文", "曾秀英", "一号", "九号", "19900001234"))


class TestTwoHouseholdsBecomeOne:
    @pytest.fixture
    def other(self, city, worker):
        members = [a_member("陈二妹", Relation.HEAD, sex="2"), a_member("陈阿婆", Relation.MOTHER, sex="2")]
        made = a_family(city.chengdong, worker, members=members, tags=["dibao_rural"])
        a_file(made, worker)
        return made

    def entry(self, family, other, **more):
        relations = {other.people[0].pk: Relation.DAUGHTER, other.people[1].pk: Relation.OTHER}
        tags = {tag.pk: MergedTag.ENDS for tag in Tag.objects.filter(household=other.household)}
        return Merge(
            family.household, other.household, **{"on": SPLIT_ON, "relations": relations, "tags": tags, **more}
        )

    def test_its_members_join_and_its_file_closes(self, worker, family, other, file):
        done(merge_households, by=worker, entry=self.entry(family, other))
        assert set(people_on(family.household, SPLIT_ON)) >= {"陈二妹", "陈阿婆", "曾秀英"}
        assert people_on(other.household, SPLIT_ON) == []
        closed = other.household.files.get()
        assert (closed.state, closed.close_reason, closed.closed_on) == ("closed", CloseReason.MERGED, SPLIT_ON - DAY)
        assert closed.workers.get().ends_on == SPLIT_ON - DAY if closed.workers.exists() else True
        assert family.household.files.get().state == FileState.OPEN
        ended = Tag.objects.get(household=other.household)
        assert (ended.ends_on, ended.end_reason) == (SPLIT_ON - DAY, TagEnd.CHANGED)

    def test_visits_of_before_stay_where_they_were(self, city, worker, family, other):
        visit = a_visit(city.chengdong, worker, other, on=date(2020, 5, 1))
        done(merge_households, by=worker, entry=self.entry(family, other))
        assert records_visible_to(worker).get(pk=visit.pk).household_id == other.household.pk
        assert households_visible_to(worker).filter(pk=other.household.pk).exists()

    def test_whoever_was_of_both_is_of_the_kept_one_once(self, worker, family, other):
        child = other.people[0]
        done(
            add_second_home, by=worker,
            entry=SecondHome(other.household, family.household, child, Relation.DAUGHTER, date(2020, 1, 1)),
        )  # fmt: skip
        done(merge_households, by=worker, entry=self.entry(family, other))
        now = Membership.objects.on(TODAY).filter(person=child)
        assert [(row.household_id, row.is_primary) for row in now] == [(family.household.pk, True)]

    def test_it_is_reversible(self, worker, family, other):
        change = done(merge_households, by=worker, entry=self.entry(family, other))
        undo_change(by=worker, change=change, reason="并错了户")
        assert people_on(other.household, TODAY) == ["陈二妹", "陈阿婆"]
        assert other.household.files.get().state == FileState.OPEN
        assert Tag.objects.get(household=other.household).ends_on is None

    def test_every_relation_and_category_is_asked_for(self, worker, family, other):
        assert "的关系" in said_to(merge_households, by=worker, entry=self.entry(family, other, relations={}))
        assert "并户后怎样办" in said_to(merge_households, by=worker, entry=self.entry(family, other, tags={}))

    def test_a_family_of_another_station_is_not_merged_away(self, city, worker, stranger, family):
        theirs = a_family(city.dongzhou, stranger)
        with pytest.raises(NotAllowed):
            merge_households(by=worker, entry=self.entry(family, theirs))


class TestAFamilyMovesItsVillage:
    def test_earlier_visits_keep_the_village_of_their_day(self, city, worker, family):
        visit = a_visit(city.chengdong, worker, family, on=date(2020, 5, 1))
        done(move_home, by=worker, entry=MovedHome(family.household, SPLIT_ON, city.beiping.pk, "三组", "九号"))
        home = Household.objects.get(pk=family.household.pk)
        assert (home.village, home.group, home.address) == (city.beiping, "三组", "九号")
        assert visit.record.village_id == city.chishan.pk
        spans = home.residences.order_by("starts_on").values_list("village", "ends_on")
        assert list(spans) == [(city.chishan.pk, SPLIT_ON - DAY), (city.beiping.pk, None)]

    def test_it_is_taken_back_with_the_address_as_it_was(self, city, worker, family):
        entry = MovedHome(family.household, SPLIT_ON, city.beiping.pk, "三组", "九号")
        change = done(move_home, by=worker, entry=entry)
        undo_change(by=worker, change=change, reason="搬家日期听错了")
        home = Household.objects.get(pk=family.household.pk)
        assert (home.village, home.group, home.address) == (city.chishan, "", "一号")
        assert home.residences.get().ends_on is None

    def test_a_village_that_was_abolished_is_not_moved_to(self, city, worker, family):
        Area.objects.filter(pk=city.beiping.pk).update(ends_on=date(2020, 3, 31))
        entry = MovedHome(family.household, SPLIT_ON, city.beiping.pk)
        assert "已于2020-03-31撤销" in said_to(move_home, by=worker, entry=entry)

    def test_the_day_lies_between_the_first_day_known_and_today(self, city, worker, family):
        tomorrow = MovedHome(family.household, TODAY + DAY, city.beiping.pk)
        assert "在今天之后" in said_to(move_home, by=worker, entry=tomorrow)
        before = MovedHome(family.household, START - DAY, city.beiping.pk)
        assert "本站开始服务这户" in said_to(move_home, by=worker, entry=before)


class TestSomebodyDies:
    def entry(self, family, **more):
        elder = family.people[0]
        ends = list(Tag.objects.filter(person=elder.pk))
        told = {"died_on": date(2020, 5, 20), "ends": ends, "new_head": family.people[1].pk, **more}
        return Death(family.household, elder, **told)

    def test_places_and_categories_end_on_the_day_and_the_family_goes_on(self, worker, family, file):
        done(note_death, by=worker, entry=self.entry(family))
        elder = Person.objects.get(pk=family.people[0].pk)
        assert elder.died_on == date(2020, 5, 20)
        tag = Tag.objects.get(person=elder)
        assert (tag.ends_on, tag.end_reason) == (date(2020, 5, 20), TagEnd.DEATH)
        assert "曾秀英" in people_on(family.household, date(2020, 5, 20))
        assert "曾秀英" not in people_on(family.household, date(2020, 5, 21))
        assert Household.objects.get(pk=family.household.pk).head_name == "陈大文"
        assert FamilyFile.objects.get(pk=file.pk).state == FileState.OPEN

    def test_what_was_still_to_be_done_about_them_ends_and_comes_back_with_an_undo(self, worker, family):
        elder, son = family.people[0], family.people[1]
        for person in (elder, son):
            ask_task(by=worker, entry=TaskEntry(family.household, "陪同体检", TODAY, person_id=person.pk))
        change = done(note_death, by=worker, entry=self.entry(family))
        assert "收回还没办的跟进事项 1 件" in change.said
        states = dict(Task.objects.values_list("person", "state"))
        assert states == {elder.pk: "dropped", son.pk: "open"}
        undo_change(by=worker, change=change, reason="同名的人")
        assert dict(Task.objects.values_list("person", "state")) == {elder.pk: "open", son.pk: "open"}
        assert Task.objects.get(person=elder.pk).answer == ""

    def test_a_category_ended_mid_month_counts_until_its_last_day(self, city, worker, family):
        on_the_day = a_visit(city.chengdong, worker, family, on=date(2020, 5, 20), met=[family.people[0]])
        done(note_death, by=worker, entry=self.entry(family))
        carried = Standing.objects.filter(occasion=on_the_day.pk, person=family.people[0].pk)
        assert set(carried.values_list("category__code", flat=True)) == {"disabled", "dibao_rural"}
        later = a_visit(city.chengdong, worker, family, on=date(2020, 5, 21), met=[family.people[1]])
        left = Standing.objects.filter(occasion=later.pk, household=family.household.pk)
        assert set(left.values_list("category__code", flat=True)) == {"dibao_rural"}

    def test_a_household_that_dies_out_has_its_file_closed(self, city, worker):
        alone = a_family(city.chengdong, worker, members=[a_member("林独居", Relation.HEAD, sex="2")])
        file = a_file(alone, worker)
        done(note_death, by=worker, entry=Death(alone.household, alone.people[0], date(2020, 5, 20)))
        closed = FamilyFile.objects.get(pk=file.pk)
        assert (closed.state, closed.close_reason, closed.closed_on) == (
            "closed", CloseReason.DECEASED, date(2020, 5, 20),
        )  # fmt: skip
        assert closed.workers.get().ends_on == date(2020, 5, 20)

    def test_a_visit_after_death_is_a_hint_and_allowed_for_the_bereaved(self, city, worker):
        alone = a_family(city.chengdong, worker, members=[a_member("林独居", Relation.HEAD, sex="2")])
        done(note_death, by=worker, entry=Death(alone.household, alone.people[0], date(2020, 5, 20)))
        told = {"on": date(2020, 5, 25), "result": Result.DECEASED}
        with pytest.raises(Refused, match="慰问家属"):
            a_visit(city.chengdong, worker, alone, acknowledged=False, **told)
        assert a_visit(city.chengdong, worker, alone, **told).pk

    def test_it_is_taken_back_on_the_day_it_was_entered(self, worker, family, file):
        change = done(note_death, by=worker, entry=self.entry(family))
        undo_change(by=worker, change=change, reason="同名的人")
        elder = Person.objects.get(pk=family.people[0].pk)
        assert elder.died_on is None
        assert Tag.objects.get(person=elder).ends_on is None
        assert Tag.objects.get(person=elder).end_reason == ""
        home = Household.objects.get(pk=family.household.pk)
        assert home.head_name == "曾秀英"
        rows = members_on(home.pk, TODAY)
        assert [(r.person.name, r.relation) for r in rows][:2] == [("曾秀英", "02"), ("陈大文", "20")]

    def test_what_cannot_be_is_refused_with_the_sentence_that_helps(self, worker, family):
        assert "在今天之后" in said_to(note_death, by=worker, entry=self.entry(family, died_on=TODAY + DAY))
        assert "早于出生日期" in said_to(note_death, by=worker, entry=self.entry(family, died_on=date(1940, 1, 1)))
        done(note_death, by=worker, entry=self.entry(family))
        assert "已登记于2020-05-20去世" in said_to(note_death, by=worker, entry=self.entry(family))

    def test_a_death_followed_by_visits_is_flagged_and_they_stay(self, city, worker, head, family):
        for day in (date(2020, 5, 20), date(2020, 5, 25), date(2020, 6, 1)):
            a_visit(city.chengdong, worker, family, on=day, met=[family.people[0]])
        again = a_visit(city.chengdong, worker, family, on=date(2020, 6, 2), met=[family.people[0]])
        void_records(by=head, records=[again.record], reason="重复录入")
        with pytest.raises(Preview) as told:
            note_death(by=worker, entry=self.entry(family))
        assert told.value.cautions == [
            "这一天以后还有 2 次记录见到曾秀英（最近 2020-06-01），请核对去世日期；记录错了请更正记录"
        ]
        change = done(note_death, by=worker, entry=self.entry(family))
        assert told.value.cautions[0] in change.said
        assert ServiceRecord.objects.filter(contacts__person=family.people[0], voided_at=None).count() == 3

    def test_a_category_left_open_is_named(self, worker, family):
        with pytest.raises(Preview) as told:
            note_death(by=worker, entry=self.entry(family, ends=[]))
        assert "仍会算在去世的人名下" in "".join(told.value.cautions)

    def test_born_on_29_february_and_dead_on_28_is_one_year_younger(self, worker, family):
        from shuangbai.households.rules import age_on

        assert age_on(date(1948, 2, 29), date(2019, 2, 28)) == 70
        assert age_on(date(1948, 2, 29), date(2019, 3, 1)) == 71
        entry = self.entry(family, died_on=date(2020, 2, 29))
        done(note_death, by=worker, entry=entry)
        assert Person.objects.get(pk=family.people[0].pk).died_on == date(2020, 2, 29)


class TestLeavingTheArea:
    def test_one_leaves_and_the_rest_stay(self, worker, family, file):
        son = family.people[1]
        done(leave_area, by=worker, entry=Leaving(family.household, SPLIT_ON, [son.pk], note="去深圳打工"))
        assert "陈大文" not in people_on(family.household, SPLIT_ON)
        assert FamilyFile.objects.get(pk=file.pk).state == FileState.OPEN

    def test_who_was_met_after_the_day_is_named(self, city, worker, family):
        a_visit(city.chengdong, worker, family, on=SPLIT_ON, met=[family.people[1]])
        with pytest.raises(Preview) as told:
            leave_area(by=worker, entry=Leaving(family.household, SPLIT_ON, [family.people[1].pk]))
        assert "还有 1 次记录见到陈大文（最近 2020-06-01），请核对离开日期" in told.value.cautions[0]

    def test_all_leave_and_the_file_closes_with_the_reason(self, worker, family, file):
        tags = list(Tag.objects.all())
        everybody = [person.pk for person in family.people]
        change = done(leave_area, by=worker, entry=Leaving(family.household, SPLIT_ON, everybody, ends=tags))
        closed = FamilyFile.objects.get(pk=file.pk)
        assert (closed.close_reason, closed.closed_on) == (CloseReason.MOVED, SPLIT_ON - DAY)
        assert set(Tag.objects.values_list("ends_on", "end_reason")) == {(SPLIT_ON - DAY, "moved")}
        undo_change(by=worker, change=change, reason="又回来了")
        assert FamilyFile.objects.get(pk=file.pk).state == FileState.OPEN


class TestMoreThanOneHome:
    @pytest.fixture
    def other(self, city, worker):
        return a_family(city.chengdong, worker, members=[a_member("李外婆", Relation.HEAD, sex="2")])

    def test_a_child_between_two_homes_is_of_both_and_counts_once(self, worker, family, other):
        child = family.people[3]
        entry = SecondHome(family.household, other.household, child, Relation.DAUGHTERS_SON, SPLIT_ON)
        done(add_second_home, by=worker, entry=entry)
        now = Membership.objects.on(TODAY).filter(person=child).order_by("-is_primary")
        assert [(row.household_id, row.is_primary) for row in now] == [
            (family.household.pk, True), (other.household.pk, False),
        ]  # fmt: skip
        assert "已是" in said_to(add_second_home, by=worker, entry=entry)

    def test_an_elder_who_rotates_has_one_first_home_on_every_day(self, worker, family, other):
        elder = family.people[0]
        stays = [
            Stay(family.household.pk, date(2020, 3, 1), date(2020, 3, 31)),
            Stay(other.household.pk, date(2020, 4, 1), date(2020, 4, 30)),
            Stay(family.household.pk, date(2020, 5, 1), date(2020, 5, 31)),
            Stay(other.household.pk, date(2020, 6, 1), None),
        ]
        relations = {family.household.pk: Relation.MOTHER, other.household.pk: Relation.OTHER}
        entry = Rotation(family.household, elder, stays, relations, new_head=family.people[1].pk)
        change = done(rotate_homes, by=worker, entry=entry)
        for day in (date(2020, 2, 29), date(2020, 3, 31), date(2020, 4, 1), date(2020, 5, 31), date(2020, 6, 1), TODAY):
            assert Membership.objects.on(day).filter(person=elder, is_primary=True).count() == 1, day
        assert "曾秀英" in people_on(other.household, date(2020, 4, 15))
        assert "曾秀英" not in people_on(family.household, date(2020, 4, 15))
        undo_change(by=worker, change=change, reason="老人没有去")
        assert Membership.objects.get(person=elder).ends_on is None

    @pytest.mark.parametrize(
        ("second", "sentence"), [(date(2020, 3, 31), "与上一段重叠"), (date(2020, 4, 3), "空了 2 天")]
    )
    def test_turns_neither_overlap_nor_leave_a_gap(self, worker, family, other, second, sentence):
        stays = [
            Stay(family.household.pk, date(2020, 3, 1), date(2020, 3, 31)), Stay(other.household.pk, second, None),
        ]  # fmt: skip
        relations = {family.household.pk: Relation.MOTHER, other.household.pk: Relation.OTHER}
        entry = Rotation(family.household, family.people[0], stays, relations, new_head=family.people[1].pk)
        assert sentence in said_to(rotate_homes, by=worker, entry=entry)

    def test_two_households_in_one_house_are_visited_each_by_itself(self, city, worker, family):
        below = a_family(city.chengdong, worker, members=[a_member("何楼下", Relation.HEAD)], address="一号")
        upstairs, downstairs = (a_visit(city.chengdong, worker, one, on=date(2020, 6, 2)) for one in (family, below))
        assert upstairs.record.counted_key != downstairs.record.counted_key
        assert {v.record.household_id for v in (upstairs, downstairs)} == {family.household.pk, below.household.pk}


class TestToAnotherStation:
    def entry(self, city, family, *, with_history):
        return ToStation(
            family.household, city.dongzhou, city.base_village(city.dongzhou).pk, SPLIT_ON, with_history, "户主当面同意"
        )

    @pytest.fixture
    def visit(self, city, worker, family):
        return a_visit(city.chengdong, worker, family, on=date(2020, 5, 1))

    def test_without_its_history_the_new_station_sees_records_from_the_day_on(
        self, city, worker, stranger, family, file, visit
    ):
        done(give_to_station, by=worker, entry=self.entry(city, family, with_history=False))
        us, them = again(worker), again(stranger)
        assert households_visible_to(them).filter(pk=family.household.pk).exists()
        assert not households_visible_to(us).filter(pk=family.household.pk).exists()
        assert not records_shown_to(them).filter(pk=visit.pk).exists()
        assert known_from(them, family.household.pk) == SPLIT_ON
        assert FamilyFile.objects.get(pk=file.pk).close_reason == CloseReason.MOVED

    def test_without_its_history_the_dossier_begins_anew(self, city, worker, stranger, family, file, client_for):
        home = family.household
        before = date(2020, 5, 1)
        with clock.pinned(before):
            said = {"taken_on": before, "kind": "own", "note": "屋顶漏雨"}
            housing = enter_parts(by=worker, kind=Housing, entries=[PartEntry(home, said)])[0]
        done(give_to_station, by=worker, entry=self.entry(city, family, with_history=False))
        them, address = client_for(again(stranger)), f"/families/{home.pk}/"
        said = {"taken_on": date(2020, 6, 4), "kind": "own", "note": "瓦已换过"}
        enter_parts(by=again(stranger), kind=Housing, entries=[PartEntry(home, said)])
        for page in ("", "dossier/housing/", "sheet"):
            shown = them.get(address + page).content.decode()
            assert "屋顶漏雨" not in shown, page
        assert "瓦已换过" in them.get(address).content.decode()
        assert them.get(f"{address}dossier/housing/{housing.pk}/edit").status_code == 404

    def test_with_its_history_by_consent_the_new_station_reads_it_and_cannot_change_it(
        self, city, worker, stranger, family, file, visit, client_for
    ):
        done(give_to_station, by=worker, entry=self.entry(city, family, with_history=True))
        them = again(stranger)
        assert records_shown_to(them).filter(pk=visit.pk).exists()
        assert not records_visible_to(them).filter(pk=visit.pk).exists()
        assert known_from(them, family.household.pk) is None
        client = client_for(them)
        assert client.get(f"/visits/{visit.pk}/").status_code == 200
        assert client.get(f"/visits/{visit.pk}/correct").status_code == 404
        assert "血压偏高" in client.get(f"/families/{family.household.pk}/").content.decode()

    def test_what_the_old_station_writes_after_the_day_does_not_come_along(self, city, worker, stranger, family, visit):
        late = a_visit(city.chengdong, worker, family, on=date(2020, 6, 3))
        done(give_to_station, by=worker, entry=self.entry(city, family, with_history=True))
        assert not records_shown_to(again(stranger)).filter(pk=late.pk).exists()
        assert records_visible_to(again(worker)).filter(pk=late.pk).exists()

    def test_consent_is_written_down(self, city, worker, family):
        entry = self.entry(city, family, with_history=True)
        entry.note = ""
        assert "经家庭同意" in said_to(give_to_station, by=worker, entry=entry)

    def test_figures_are_as_before(self, city, worker, family, visit):
        before = Standing.objects.filter(occasion=visit.pk).count()
        done(give_to_station, by=worker, entry=self.entry(city, family, with_history=False))
        assert Standing.objects.filter(occasion=visit.pk).count() == before
        assert records_visible_to(again(worker)).get(pk=visit.pk).station_id == city.chengdong.pk

    def test_the_old_station_takes_it_back(self, city, worker, stranger, family, file):
        change = done(give_to_station, by=worker, entry=self.entry(city, family, with_history=True))
        undo_change(by=again(worker), change=change, reason="没有搬成")
        assert households_visible_to(again(worker)).filter(pk=family.household.pk).exists()
        assert not households_visible_to(again(stranger)).filter(pk=family.household.pk).exists()
        assert FamilyFile.objects.get(pk=file.pk).state == FileState.OPEN


class TestTheDatabase:
    def test_a_change_is_undone_by_somebody(self, worker, city, family):
        from django.db import IntegrityError, transaction

        change = done(split_household, by=worker, entry=a_split(city, family))
        with pytest.raises(IntegrityError, match="life_change_undone_by_somebody"), transaction.atomic():
            LifeChange.objects.filter(pk=change.pk).update(undone_at=clock.now())
