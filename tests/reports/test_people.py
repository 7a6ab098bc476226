"""People are counted once, whoever entered them and however often; the list says the same; undone, all is as before."""

from datetime import date

import pytest

from shuangbai.core.periods import Period
from shuangbai.households.enums import Relation
from shuangbai.households.identity import merge_people, undo_merge
from shuangbai.households.known import PersonPair
from shuangbai.reports.evidence import page_of
from shuangbai.reports.indicators import BY_CODE, INDICATORS
from shuangbai.reports.queries import Ask
from tests.cast import TODAY, a_family, a_member, a_visit, an_activity

SPAN = Period(date(2019, 7, 1), TODAY)
BORN = date(1951, 3, 12)


def zeng(name="曾秀英", relation=Relation.HEAD):
    return a_member(name, relation, sex="2", birth_date=BORN, tags=["alone_elder"])


def numbers(unit):
    """Every figure with every part of it, each beside the sum of its list."""
    ask, found = Ask(SPAN, unit), {}
    for one in INDICATORS:
        found[one.code] = one.value(ask)
        assert found[one.code] == one.evidence(ask) == sum(adds for _, adds, _ in one.lines(ask)), one.code
        for dimension in one.by:
            for value, number in one.split(ask, dimension).items():
                held = ask.holding(dimension, value)
                assert number == one.evidence(held) == one.value(held), (one.code, dimension, value)
                found[one.code, dimension, value] = number
    return found


def merged(by, one, other):
    ids = [one.pk, other.pk]
    pair = PersonPair.objects.get(first__in=ids, second__in=ids)
    merge_people(by=by, pair=pair, keep=one.pk, reason="对过户口本")
    return pair


@pytest.fixture
def across(city, worker, neighbour):
    """曾秀英 entered, visited and named in attendance at 城东 and at 海城."""
    families = []
    for station, by in ((city.chengdong, worker), (city.haicheng, neighbour)):
        family = a_family(station, by, members=[zeng(), a_member(f"陈{by.username}")])
        a_visit(station, by, family, on=date(2020, 5, 1))
        an_activity(station, by, people=family.people)
        families.append(family)
    return families


def test_the_city_counts_somebody_of_two_stations_once_and_each_station_as_before(city, across, supervisor):
    before = {unit: numbers(unit) for unit in (city.root, city.chengdong, city.haicheng)}
    assert before[city.root]["V8"] == before[city.root]["A6"] == 4
    merged(supervisor, across[0].people[0], across[1].people[0])
    after = numbers(city.root)
    assert after["V8"] == after["A6"] == 3
    changed = {key for key in after if after[key] != before[city.root][key]}
    assert {key if isinstance(key, str) else key[0] for key in changed} == {"V8", "A6"}
    assert not any("station" in key for key in changed)  # by station it is as it was
    assert numbers(city.chengdong) == before[city.chengdong]
    assert numbers(city.haicheng) == before[city.haicheng]


def test_undone_every_figure_is_as_before(city, across, supervisor):
    before = numbers(city.root)
    pair = merged(supervisor, across[0].people[0], across[1].people[0])
    assert numbers(city.root) != before
    undo_merge(by=supervisor, pair=pair, reason="本人说不是")
    assert numbers(city.root) == before


def test_the_list_behind_the_number_names_the_entry_that_is_kept(city, across, supervisor):
    kept = across[1].people[0]
    merged(supervisor, kept, across[0].people[0])
    items = page_of(BY_CODE["V8"], Ask(SPAN, city.root), 1, names=True).items
    [hers] = [item for item in items if item.title == "曾秀英"]
    assert len(items) == 3
    assert {record.station for record in hers.records} == {city.chengdong, city.haicheng}


def test_a_chain_counts_once(city, across, worker, supervisor):
    third = a_family(city.dongzhou, city.users["stranger"], members=[zeng()])
    a_visit(city.dongzhou, city.users["stranger"], third, on=date(2020, 5, 2))
    one, other = across[0].people[0], across[1].people[0]
    merged(supervisor, other, one)
    merged(supervisor, third.people[0], other)
    assert BY_CODE["V8"].value(Ask(SPAN, city.root)) == 3


def test_who_was_named_twice_in_one_visit_was_met_once(city, worker):
    family = a_family(city.chengdong, worker, members=[zeng(), zeng(relation=Relation.MOTHER), a_member()])
    a_visit(city.chengdong, worker, family)
    before = numbers(city.root)
    assert (before["V4"], before["V5"], before["V8"]) == (3, 2, 3)
    pair = merged(worker, family.people[1], family.people[0])
    after = numbers(city.root)
    assert (after["V4"], after["V5"], after["V8"]) == (2, 1, 2)
    undo_merge(by=worker, pair=pair, reason="两个人")
    assert numbers(city.root) == before
