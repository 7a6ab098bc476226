"""The check-up tells of whoever was served and counted as something else than what is known of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shuangbai.households.actions import TagEntry, open_tags
from shuangbai.households.models import Category, Standing
from shuangbai.network.models import User
from shuangbai.services.doctor import CHECK, KINDS, standings_follow
from shuangbai.upkeep import doctor
from tests.cast import START, City, a_family, a_visit
from tests.smallthings import a_consultation

DAY = date(2020, 4, 20)


@pytest.fixture
def family(city: City, worker: User) -> Any:
    """Visited on two days, and at the counter; 曾秀英 is disabled."""
    made = a_family(city.chengdong, worker)
    a_visit(city.chengdong, worker, made)
    a_visit(city.chengdong, worker, made, on=DAY)
    a_consultation(city.chengdong, worker, person_id=made.people[1].pk)
    open_tags(by=worker, bearer=made.people[0], entries=[TagEntry("disabled", START)], acknowledged=True)
    return made


def told() -> int:
    found = list(standings_follow())
    assert [one.code for one in found] in ([], ["standing_differs"])
    assert not any("{" in one.sentence + one.remedy for one in found)
    return int(str(found[0].details["many"])) if found else 0


def test_of_what_follows_from_tags_and_memberships_nothing(family: Any) -> None:
    assert told() == 0


def test_a_category_that_was_left_out(family: Any) -> None:
    Standing.objects.filter(occurred_on=DAY, category__code="disabled").update(category=None)
    assert told() == 2  # the person, and the family


def test_whoever_was_left_out(family: Any) -> None:
    Standing.objects.filter(occurred_on=DAY, person=family.people[1]).delete()
    assert told() == 1
    Standing.objects.filter(occurred_on=DAY).delete()
    assert told() == 3


def test_a_category_that_nobody_carries(family: Any) -> None:
    Standing.objects.filter(person=family.people[1]).update(category=Category.objects.get(code="tekun_rural"))
    assert told() == 3


def test_it_is_one_of_the_looks() -> None:
    assert CHECK in doctor.CHECKS
    assert set(KINDS) <= set(doctor.KINDS)
