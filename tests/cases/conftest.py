"""A family with a child, and a case about the child."""

from __future__ import annotations

from datetime import date

import pytest

from shuangbai.households.enums import Relation
from tests.cases.short import a_case
from tests.cast import a_family, a_member


@pytest.fixture
def family(city, worker):
    members = [a_member("曾秀英", Relation.HEAD, sex="2"), a_member("陈小树", birth_date=date(2007, 3, 5), sex="1")]
    return a_family(city.chengdong, worker, members=members)


@pytest.fixture
def child(family):
    return family.people[1]


@pytest.fixture
def case(city, worker, supervisor, family):
    """Opened by the worker, watched over by the supervisor."""
    return a_case(city.chengdong, worker, family, supervisor_id=supervisor.pk)
