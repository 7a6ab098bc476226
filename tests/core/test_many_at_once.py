"""Questions about more things than a database takes values at once: 65,535 on PostgreSQL."""

import uuid

import pytest

from shuangbai.core.bulk import in_parts, listed
from shuangbai.households.doubles import FamilyEntries
from shuangbai.households.models import Household
from tests.cast import a_family

MANY = 70_000


def test_parts_hold_everything_once_and_in_order():
    assert [*in_parts(range(7), 3)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert [*in_parts([])] == []


@pytest.mark.django_db
def test_a_query_narrowed_by_listed_keys_takes_any_number_of_them(city, worker):
    one, other = (a_family(city.chengdong, worker).household.pk for _ in range(2))
    keys = [*(uuid.uuid4() for _ in range(MANY)), one]
    found = Household.objects.filter(pk__in=listed(keys))
    assert list(found.values_list("pk", flat=True)) == [one]
    assert list(found.exclude(pk=one)) == []
    assert Household.objects.filter(pk__in=listed([])).count() == 0
    assert list(Household.objects.exclude(pk__in=listed([one])).values_list("pk", flat=True)) == [other]


@pytest.mark.django_db
def test_a_whole_city_is_asked_for_families_known_twice():
    keys = {uuid.uuid4() for _ in range(MANY)}
    assert FamilyEntries(None, keys).several == set()
