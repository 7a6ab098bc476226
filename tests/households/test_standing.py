"""What people and families counted as on the day they were served, whenever it became known."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuangbai.households.actions import (
    TagEntry,
    add_member,
    change_member,
    close_tag,
    enter_household,
    open_tags,
)
from shuangbai.households.enums import Relation, TagEnd
from shuangbai.households.models import Membership, Person, Standing, Tag
from shuangbai.households.moves import JoinEntry, join_households, serve_households
from shuangbai.households.queries import Belongings
from shuangbai.services.models import Contact, ServiceRecord
from tests.atonce import at_once
from tests.cast import (
    START,
    a_family,
    a_household,
    a_member,
    a_visit,
    again,
    an_activity,
    forget_installation,
    make_city,
)
from tests.smallthings import a_consultation

DAY = date(2020, 5, 1)


def counted_as(record=None) -> set[tuple[str, str | None]]:
    """(bearer, category) of one record, or of all; the family as 户."""
    rows = Standing.objects.filter(**({"occasion": record.pk} if record else {}))
    return {(name or "户", code) for name, code in rows.values_list("person__name", "category__code")}


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker)


def tag(by, bearer, code: str, starts: date = START, ends: date | None = None) -> Tag:
    return open_tags(by=by, bearer=bearer, entries=[TagEntry(code, starts, ends)], acknowledged=True)[0]


class TestTheTwoRules:
    def test_a_person_carries_their_own_and_their_households(self, city, worker, family):
        tag(worker, family.household, "dibao_rural")
        tag(worker, family.people[0], "disabled")
        a_visit(city.chengdong, worker, family)
        assert counted_as() == {
            ("户", "dibao_rural"), ("户", "disabled"),
            ("曾秀英", "dibao_rural"), ("曾秀英", "disabled"), ("陈大文", "dibao_rural"),
        }  # fmt: skip

    def test_without_a_category_it_is_kept_as_none(self, city, worker, family):
        a_visit(city.chengdong, worker, family)
        assert counted_as() == {("户", None), ("曾秀英", None), ("陈大文", None)}

    def test_whoever_asks_at_the_counter_brings_in_what_the_others_of_the_family_are(self, city, worker, family):
        tag(worker, family.people[0], "disabled")
        a_consultation(city.chengdong, worker, person_id=family.people[1].pk)
        assert counted_as() == {("户", "disabled"), ("陈大文", None)}

    def test_at_an_activity_a_person_carries_the_households_too(self, city, worker, family):
        tag(worker, family.household, "dibao_rural")
        an_activity(city.chengdong, worker, people=family.people[1:])
        assert counted_as() == {("陈大文", "dibao_rural")}

    def test_a_child_between_two_homes_carries_both_homes(self, city, worker, family):
        father = a_family(city.chengdong, worker, members=[a_member("黄大", Relation.HEAD)], tags=["jiandang"])
        child = family.people[1]
        entry = JoinEntry(father.household, child, Relation.SON, date(2020, 1, 1), is_primary=False)
        join_households(by=worker, entries=[entry])
        tag(worker, family.household, "dibao_rural")
        before = a_visit(city.chengdong, worker, family, met=[child], on=date(2019, 12, 31)).record
        after = a_visit(city.chengdong, worker, father, met=[child], on=date(2020, 1, 1)).record
        assert {code for name, code in counted_as(before) if name == "陈大文"} == {"dibao_rural"}
        assert {code for name, code in counted_as(after) if name == "陈大文"} == {"dibao_rural", "jiandang"}

    def test_the_other_members_own_categories_are_not_yours(self, city, worker, family):
        tag(worker, family.people[0], "disabled")
        a_visit(city.chengdong, worker, family, met=family.people[1:])
        assert counted_as() == {("户", "disabled"), ("陈大文", None)}


class TestDays:
    @pytest.mark.parametrize(
        ("last", "counts"), [(DAY - timedelta(days=1), False), (DAY, True), (DAY + timedelta(days=1), True)]
    )
    def test_a_category_counts_to_its_last_day_and_no_longer(self, city, worker, family, last, counts):
        tag(worker, family.people[0], "disabled", START, last)
        a_visit(city.chengdong, worker, family, met=family.people[:1])
        assert (("曾秀英", "disabled") in counted_as()) is counts
        assert (("曾秀英", None) in counted_as()) is not counts

    @pytest.mark.parametrize(("first", "counts"), [(DAY, True), (DAY + timedelta(days=1), False)])
    def test_a_category_counts_from_its_first_day_on(self, city, worker, family, first, counts):
        tag(worker, family.household, "dibao_rural", first)
        a_visit(city.chengdong, worker, family)
        assert (("户", "dibao_rural") in counted_as()) is counts

    def test_whoever_left_the_family_no_longer_lends_it_a_category(self, city, worker, family):
        tag(worker, family.people[1], "disabled")
        Membership.objects.filter(person=family.people[1]).update(ends_on=DAY - timedelta(days=1))
        a_visit(city.chengdong, worker, family, met=family.people[:1])
        assert counted_as() == {("户", None), ("曾秀英", None)}


class TestKnownLater:
    """Records are entered first and rosters come later: what is known now decides what counted then."""

    def test_a_category_found_out_later_counts_from_when_it_began(self, city, worker, family):
        early = a_visit(city.chengdong, worker, family, on=date(2019, 1, 1)).record
        late = a_visit(city.chengdong, worker, family, on=DAY).record
        tag(worker, family.household, "dibao_rural", date(2019, 6, 1))
        assert counted_as(early) == {("户", None), ("曾秀英", None), ("陈大文", None)}
        assert counted_as(late) == {(name, "dibao_rural") for name in ("户", "曾秀英", "陈大文")}

    def test_a_category_that_ended_earlier_than_thought_stops_counting_then(self, city, worker, family):
        held = tag(worker, family.people[0], "disabled")
        before = a_visit(city.chengdong, worker, family, on=date(2019, 1, 1)).record
        after = a_visit(city.chengdong, worker, family, on=DAY).record
        close_tag(by=worker, tag=held, ends_on=date(2019, 12, 31), reason=TagEnd.CANCELLED)
        assert ("曾秀英", "disabled") in counted_as(before)
        assert counted_as(after) == {("户", None), ("曾秀英", None), ("陈大文", None)}

    def test_an_end_put_later_again_counts_again(self, city, worker, family):
        held = tag(worker, family.people[0], "disabled", START, date(2019, 12, 31))
        record = a_visit(city.chengdong, worker, family).record
        assert ("曾秀英", "disabled") not in counted_as(record)
        close_tag(by=worker, tag=held, ends_on=date(2020, 5, 31), reason=TagEnd.LEFT)
        assert ("曾秀英", "disabled") in counted_as(record)

    def test_records_of_another_station_are_noted_anew_too(self, city, worker, stranger, family):
        serve_households(by=worker, entries=[(family.household, city.dongzhou, START)])
        theirs = a_visit(city.dongzhou, stranger, family).record
        tag(worker, family.household, "dibao_rural")
        assert ("户", "dibao_rural") in counted_as(theirs)
        assert set(Standing.objects.values_list("station", flat=True)) == {city.dongzhou.pk}

    def test_only_the_days_it_speaks_of_are_touched(self, city, worker, family):
        a_visit(city.chengdong, worker, family, on=date(2018, 1, 1))
        untouched = set(Standing.objects.values_list("pk", flat=True))
        a_visit(city.chengdong, worker, family, on=DAY)
        tag(worker, family.household, "dibao_rural", date(2020, 1, 1))
        assert untouched <= set(Standing.objects.values_list("pk", flat=True))

    def test_a_child_who_turns_sixteen_keeps_last_months(self, city, worker, family):
        """Domain 5.2: the category ends on the birthday, and the report of the month before must not change."""
        child = family.people[1]
        held = tag(worker, child, "left_child", date(2018, 1, 1))
        april = a_visit(city.chengdong, worker, family, on=date(2020, 4, 20), met=[child]).record
        june = a_visit(city.chengdong, worker, family, on=date(2020, 6, 2), met=[child]).record
        close_tag(by=worker, tag=held, ends_on=date(2020, 5, 31), reason=TagEnd.AGE)
        assert ("陈大文", "left_child") in counted_as(april)
        assert counted_as(june) == {("户", None), ("陈大文", None)}

    def test_a_member_who_came_later_lends_the_family_their_category(self, city, worker, family):
        record = a_visit(city.chengdong, worker, family).record
        entry = a_member("陈小妹", Relation.DAUGHTER, starts_on=date(2020, 1, 1))
        sister = add_member(by=worker, household=family.household, entry=entry).person
        tag(worker, sister, "disabled", date(2019, 1, 1))
        assert ("户", "disabled") in counted_as(record)

    def test_a_home_joined_earlier_than_known_lends_its_category(self, city, worker, family):
        father = a_family(city.chengdong, worker, members=[a_member("黄大", Relation.HEAD)], tags=["jiandang"])
        record = a_visit(city.chengdong, worker, family).record
        child = family.people[1]
        entry = JoinEntry(father.household, child, Relation.SON, date(2020, 1, 1), is_primary=False)
        join_households(by=worker, entries=[entry])
        assert counted_as(record) == {("户", None), ("曾秀英", None), ("陈大文", "jiandang")}

    def test_a_member_who_left_earlier_than_known_lends_nothing_after(self, city, worker, family):
        child = family.people[1]
        tag(worker, child, "disabled")
        record = a_visit(city.chengdong, worker, family, met=family.people[:1]).record
        assert ("户", "disabled") in counted_as(record)
        row = Membership.objects.get(person=child)
        change_member(by=worker, membership=row, version=1, changes={}, dated={"ends_on": date(2020, 4, 30)})
        assert counted_as(record) == {("户", None), ("曾秀英", None)}


def recomputed() -> set[tuple]:
    """The standings as they ought to be, from memberships and tags as they are now."""
    rows = set()
    for record in ServiceRecord.objects.all():
        met = list(Contact.objects.filter(record=record, person__isnull=False).values_list("person_id", flat=True))
        homes, day = [record.household_id] if record.household_id else [], record.occurred_on
        known = Belongings(homes, met)
        bearers = [(None, one, known.carried_by_person(one, day)) for one in met]
        bearers += [(one, None, known.carried_by_household(one, day)) for one in homes]
        for home, person, carried in bearers:
            rows |= {(record.pk, record.station_id, day, home, person, one) for one in (carried or {None})}
    return rows


def noted() -> list[tuple]:
    fields = ("occasion", "station_id", "occurred_on", "household_id", "person_id", "category_id")
    return list(Standing.objects.values_list(*fields))


DAYS = st.dates(date(2019, 1, 1), date(2020, 6, 6))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("open"), st.integers(0, 5), st.sampled_from(["dibao_rural", "tekun_rural", "dibian"]), DAYS),
        st.tuples(st.just("close"), st.integers(0, 5), DAYS),
        st.tuples(st.just("visit"), st.integers(0, 1), DAYS),
        st.tuples(st.just("gather"), DAYS),
        st.tuples(st.just("ask"), st.integers(0, 3), DAYS),
        st.tuples(st.just("leave"), st.integers(0, 3), DAYS),
        st.tuples(st.just("join"), DAYS),
    ),
    min_size=3,
    max_size=9,
)


class _Enough(Exception):
    """Ends an example and takes it back."""


class TestWhateverHappens:
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(steps=STEPS)
    def test_standing_is_what_it_would_be_if_it_were_noted_from_scratch(self, city, worker, steps):
        def example() -> None:
            self.live(city, worker, steps)
            rows = noted()
            assert len(rows) == len(set(rows))
            assert set(rows) == recomputed()
            raise _Enough

        with pytest.raises(_Enough), transaction.atomic():
            example()

    def live(self, city, by, steps) -> None:
        """Two families that share a child, and what happens to them."""
        mother = enter_household(by=by, entry=a_household(city.chengdong))
        father = enter_household(by=by, entry=a_household(city.chengdong, members=[a_member("黄大", Relation.HEAD)]))
        homes, people = [mother, father], [*mother.people, *father.people]
        tag(by, father.household, "tekun_rural", START)
        tag(by, mother.people[1], "disabled", START)
        self.visit(city, by, mother, DAY)
        for step in steps:
            match step:
                case ("open", which, code, day):
                    bearers = [*people, mother.household, father.household]
                    bearer = bearers[which % len(bearers)]
                    if not bearer.tags.filter(category__code=code).exists():
                        tag(by, bearer, code, day)
                case ("close", which, day):
                    tags = list(Tag.objects.order_by("id"))
                    if tags and tags[which % len(tags)].starts_on <= day:
                        close_tag(by=by, tag=tags[which % len(tags)], ends_on=day, reason=TagEnd.LEFT)
                case ("visit", which, day):
                    self.visit(city, by, homes[which], day)
                case ("gather", day):
                    an_activity(city.chengdong, by, on=day, people=people)
                case ("ask", which, day):
                    a_consultation(city.chengdong, by, person_id=people[which % len(people)].pk, occurred_on=day)
                case ("leave", which, day):
                    rows = list(Membership.objects.order_by("id"))
                    self.leave(by, rows[which % len(rows)], day)
                case ("join", day):
                    row = JoinEntry(father.household, mother.people[1], Relation.SON, day, is_primary=False)
                    if not father.household.memberships.filter(person=mother.people[1]).exists():
                        join_households(by=by, entries=[row])

    def visit(self, city, by, family, day) -> None:
        there = Membership.objects.on(day).filter(household=family.household)
        met = Person.objects.filter(pk__in=there.values("person"))
        if met:
            a_visit(city.chengdong, by, family, on=day, met=met)

    def leave(self, by, row: Membership, day: date) -> None:
        if row.starts_on <= day:
            version = Person.objects.get(pk=row.person_id).version
            row.refresh_from_db()
            change_member(by=by, membership=row, version=version, changes={}, dated={"ends_on": day}, acknowledged=True)


RECORDS = {
    "a visit": lambda at, by, family: a_visit(at, by, family, on=DAY),
    "an activity": lambda at, by, family: an_activity(at, by, on=DAY, people=family.people),
}
CHANGES = {
    "a tag of the family": lambda at, by, family: tag(by, family.household, "dibao_rural"),
    "a tag of a member": lambda at, by, family: tag(by, family.people[1], "disabled"),
    "a tag of another home of a member": lambda at, by, family: tag(
        by, Membership.objects.exclude(household=family.household).get(person=family.people[0]).household, "tekun_rural"
    ),
    "a member more": lambda at, by, family: add_member(
        by=by, household=family.household, entry=a_member("黄小", Relation.SON, tags=["disabled"]), acknowledged=True
    ),
}


@pytest.mark.django_db(transaction=True)
class TestInTheSameMoment:
    """A record, and a change of what somebody counts as: whichever is second knows of the first."""

    @pytest.mark.parametrize("change", CHANGES)
    @pytest.mark.parametrize("record", RECORDS)
    @pytest.mark.parametrize("record_first", [True, False], ids=["the record first", "the change first"])
    def test_the_second_knows_of_the_first(self, record, change, record_first):
        city = make_city()
        worker, at = city.users["worker"], city.chengdong
        family, other = a_family(at, worker), a_family(at, worker, members=[a_member("黄大", Relation.HEAD)])
        join_households(
            by=worker, entries=[JoinEntry(other.household, family.people[0], Relation.SON, START, is_primary=False)]
        )
        both = [RECORDS[record], CHANGES[change]][:: 1 if record_first else -1]
        at_once(*(lambda do=do: do(at, again(worker), family) for do in both))
        rows = noted()
        forget_installation()
        assert len(rows) == len(set(rows))
        assert set(rows) == recomputed()
