"""Who sees which families and people: asked of one, of a few and as a list, the answer is the same."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuangbai.households.access import households_visible_to, households_within, people_visible_to
from shuangbai.households.enums import Relation
from shuangbai.households.models import Household, HouseholdStation, Membership, Person
from shuangbai.network.roles import Permission
from tests.cast import TODAY, a_family, a_member

pytestmark = pytest.mark.django_db
EVERYBODY = ["worker", "colleague", "head", "neighbour", "stranger", "supervisor", "officer", "sysadmin", "auditor"]


@pytest.fixture
def families(city, worker, stranger):
    """At 城东 one that stays, one that went to 东洲 and one whose member left; at 东洲 one."""
    stays, goes = (a_family(city.chengdong, worker) for _ in range(2))
    there = a_family(city.dongzhou, stranger)
    HouseholdStation.objects.filter(household=goes.household).update(ends_on=date(2020, 6, 5))
    HouseholdStation.objects.create(household=goes.household, station=city.dongzhou, starts_on=TODAY)
    gone = a_family(
        city.chengdong, worker, members=[a_member("曾秀英", Relation.HEAD), a_member("曾小明", Relation.SON)]
    )
    Membership.objects.filter(person=gone.people[1]).update(ends_on=date(2020, 6, 5))
    return {"stays": stays, "goes": goes, "there": there, "gone": gone}


@pytest.mark.parametrize("permission", [Permission.SEE_FAMILIES, Permission.WRITE_RECORDS, Permission.OPEN_MASKED])
def test_a_list_holds_whom_one_may_ask_for_one_by_one(city, families, permission):
    for name in EVERYBODY:
        user = city.users[name]
        visible, listed = households_visible_to(user, permission), households_within(user, permission)
        one_by_one = {home.pk for home in Household.objects.all() if visible.filter(pk=home.pk).exists()}
        assert set(listed.values_list("pk", flat=True)) == one_by_one == set(visible.values_list("pk", flat=True)), name
        theirs = set(Membership.objects.filter(household__in=one_by_one).values_list("person_id", flat=True))
        people = people_visible_to(user, permission)
        assert {one.pk for one in Person.objects.all() if people.filter(pk=one.pk).exists()} == theirs, name


def test_whoever_left_a_family_is_seen_and_a_family_that_went_is_not(city, families, worker, stranger):
    seen = set(households_within(worker).values_list("pk", flat=True))
    assert families["goes"].household.pk not in seen
    assert families["stays"].household.pk in seen
    assert families["goes"].household.pk in set(households_within(stranger).values_list("pk", flat=True))
    assert people_visible_to(worker).filter(pk=families["gone"].people[1].pk).exists()


@pytest.mark.sqlite_only
def test_neither_asks_every_family_of_the_city_whether_it_is_ours(city, families, worker):
    with CaptureQueriesContext(connection) as asked:
        list(households_within(worker)[:50])
        people_visible_to(worker).filter(pk=families["stays"].people[0].pk).exists()
    for query in asked:
        with connection.cursor() as cursor:
            steps = [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}").fetchall()]
        assert [step for step in steps if step.startswith("SCAN") and "USING INDEX" not in step] == [], steps
