"""What a worker asks every day begins at what is theirs: no question goes through a whole table of the city.

SQLite tells how it would answer. On few rows it plans as on many, since nothing tells it how many there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import a_family, a_file, a_visit, an_activity

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]
# What grows with the city. A scan of anything else reads some hundred rows.
LARGE = {
    "households_household", "households_person", "households_membership", "households_familyfile", "households_tag",
    "households_householdstation", "households_findkey", "households_matchkey", "households_standing",
    "services_servicerecord", "services_contact", "services_recordworker", "visits_visit", "activities_activity",
    "core_auditevent",
}  # fmt: skip
NAMED = re.compile(r'"(\w+)" (?:AS )?"?([A-Z]+\d+)"?')


@pytest.fixture
def addresses(city, worker) -> dict[str, str]:
    family = a_family(city.chengdong, worker)
    a_file(family, worker, on=date(2020, 1, 6))
    visit = a_visit(city.chengdong, worker, family, narrative="血压正常")
    activity = an_activity(city.chengdong, worker, people=family.people)
    home, person = family.household.pk, family.people[0].pk
    return {
        "today": "/",
        "families": "/families/",
        "families named so": "/families/?q=陈",
        "families of a village": "/families/?q=赤山",
        "a family": f"/families/{home}/",
        "a person": f"/people/{person}/",
        "a visit": f"/visits/{visit.pk}/",
        "an activity": f"/activities/{activity.pk}/",
        "a visit to write": f"/visits/new?family={home}",
        "a visit to correct": f"/visits/{visit.pk}/correct",
        "records": "/records/",
        "due": "/due/",
        "tasks": "/tasks/",
        "the week": "/rounds/week/?fresh=1",
        "the evening": "/visits/evening",
        "search": "/search?q=血压",
        "villages": "/villages/",
        "families with a file": "/families/?file=yes",
        "one's own families": f"/families/?worker={worker.staff_id}",
        "families of a category": "/families/?category=dibao_rural",
        "people known twice": "/people/doubles/",
        "families known twice": "/families/doubles/",
        "groups": "/groups/",
        "cases": "/cases/",
        "volunteers": "/volunteers/",
        "resources": "/resources/",
        "help": "/assistance/",
        "calls": "/rounds/calls/new?pick=1&categories=dibao_rural&unseen_days=3",
        "to suggest a family": "/families/suggest?q=ch",
    }


def scans(asked: Any) -> Iterator[str]:
    for query in asked:
        sql = query["sql"]
        if not sql.startswith("SELECT") or "WHERE (0 AND" in sql:  # the latter asks nothing
            continue
        tables = {alias: table for table, alias in NAMED.findall(sql)}
        with connection.cursor() as cursor:
            steps = cursor.execute(f"EXPLAIN QUERY PLAN {sql.replace('%', '%%')}").fetchall()
        for *_, step in steps:
            if step.startswith("SCAN ") and tables.get(step.split()[1], step.split()[1]) in LARGE:
                yield f"{step}: {sql[:1500]}"


@pytest.mark.parametrize("who", ["worker", "head"])
def test_no_everyday_page_goes_through_the_whole_city(city, client_for, addresses, who):
    found, client = {}, client_for(city.users[who])
    for name, address in addresses.items():
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        assert answer.status_code == 200, name
        found |= {name: told} if (told := list(scans(asked))) else {}
    assert found == {}
