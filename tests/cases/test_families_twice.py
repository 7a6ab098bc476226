"""A family that is known twice: a case of one entry is about the people of both, each once, as far as they are seen."""

from __future__ import annotations

from datetime import date

import pytest

from shuangbai.cases.actions.opening import edit_case, open_case
from shuangbai.cases.blanks import BY_CODE
from shuangbai.cases.models import CaseClient, Session
from shuangbai.cases.queries import clients_of
from shuangbai.cases.sheet import Mark, Told, sheets_of
from shuangbai.cases.views.parts import family_people
from shuangbai.core.findings import Refused
from shuangbai.households.enums import Relation
from shuangbai.households.identity import merge_families, merge_people
from shuangbai.households.known import HouseholdPair, PersonPair
from tests.cases.short import a_case, a_session, an_entry, said
from tests.cast import TODAY, a_family, a_member

pytestmark = pytest.mark.django_db
WHY = "对过户口本"


def head():
    return a_member("曾秀英", Relation.HEAD, sex="2", birth_date=date(1951, 3, 12))


def son():
    return a_member("陈大文", Relation.SON, sex="1", birth_date=date(1980, 7, 9))


def entered_twice(station, by, other, other_by):
    """The family with a child, and again with a daughter, of which only the other entry knows."""
    one = a_family(station, by, members=[head(), son(), a_member("陈小树", Relation.GRANDSON, sex="1")])
    two = a_family(other, other_by, members=[head(), son(), a_member("陈小花", Relation.GRANDDAUGHTER, sex="2")])
    return one, two


def one_family(by, kept):
    merge_families(by=by, pair=HouseholdPair.objects.get(), keep=kept.household.pk, reason=WHY)
    ids = {person.pk for person in kept.people}
    for pair in PersonPair.objects.filter(state="open"):
        merge_people(by=by, pair=pair, keep=pair.first_id if pair.first_id in ids else pair.second_id, reason=WHY)


@pytest.fixture
def twice(city, worker, neighbour, supervisor):
    """At 城东 and at 海城, decided by the supervisor of both: 城东's entry is kept."""
    one, two = entered_twice(city.chengdong, worker, city.haicheng, neighbour)
    one_family(supervisor, one)
    return one, two


@pytest.fixture
def at_home(city, worker):
    """Both at 城东; the second entry is kept."""
    one, two = entered_twice(city.chengdong, worker, city.chengdong, worker)
    one_family(worker, two)
    return one, two


def names(user, family, keep=()):
    return [name for _, name in family_people(user, family.household.pk, TODAY, list(keep))]


class TestOffered:
    def test_the_people_of_both_entries_each_once_the_cases_own_first(self, at_home, worker):
        one, two = at_home
        assert sorted(names(worker, one)) == sorted(["曾秀英", "陈大文", "陈小树", "陈小花"])
        assert names(worker, one)[-1] == "陈小花"
        assert names(worker, two)[-1] == "陈小树"

    def test_of_another_stations_entry_nothing_that_one_does_not_see(self, twice, worker, supervisor):
        one, _ = twice
        assert "陈小花" not in names(worker, one)
        assert "陈小花" in names(supervisor, one)

    def test_who_was_chosen_by_the_other_entry_stays_chosen_and_is_not_offered_twice(self, at_home, worker):
        one, two = at_home
        old = one.people[1].pk
        offered = dict(family_people(worker, one.household.pk, TODAY, [old]))
        assert old in offered
        assert two.people[1].pk not in offered

    def test_a_family_known_once_is_as_it_was(self, city, worker):
        one, _ = entered_twice(city.chengdong, worker, city.chengdong, worker)
        assert sorted(names(worker, one)) == sorted(["曾秀英", "陈大文", "陈小树"])


class TestTaken:
    def test_a_case_is_opened_about_somebody_of_the_other_entry(self, city, at_home, worker):
        one, two = at_home
        made = open_case(by=worker, entry=an_entry(city.chengdong, one, entry=said(two.people[2])), acknowledged=True)
        assert [client.name for client in clients_of([made.pk])[made.pk]] == ["陈小花"]
        mark = Mark("林小燕", "2020-06-06 09:30", "归档")
        told = sheets_of(Told(made, worker), [BY_CODE["intake"]], mark)[0].values["people"][0]
        assert (told["name"], told["relation"]) == ("陈小花", "孙女")

    def test_put_right_it_takes_them_in_and_a_session_names_them(self, city, at_home, worker):
        one, two = at_home
        case = a_case(city.chengdong, worker, one)
        edit_case(by=worker, case=case, version=1, entry=said(one.people[2], two.people[2]), acknowledged=True)
        kept = CaseClient.objects.filter(case=case, ended_on__isnull=True).order_by("position")
        assert [row.name for row in kept] == ["陈小树", "陈小花"]
        a_session(case, worker, date(2020, 5, 20), present_keys=(two.people[2].pk,))
        assert Session.objects.get().present_keys == [str(two.people[2].pk)]

    def test_whom_one_does_not_see_is_a_stranger(self, city, twice, worker):
        one, two = twice
        with pytest.raises(Refused) as refused:
            open_case(by=worker, entry=an_entry(city.chengdong, one, entry=said(two.people[2])), acknowledged=True)
        assert refused.value.first.field == "people"
        case = a_case(city.chengdong, worker, one, entry=said(one.people[2]))
        a_session(case, worker, date(2020, 5, 20), present_keys=(two.people[2].pk,))
        assert Session.objects.get().present_keys == []

    def test_the_form_offers_both(self, city, at_home, worker, client_for):
        one, two = at_home
        page = client_for(worker).get(f"/cases/new?family={one.household.pk}").content.decode()
        assert page.count("陈小花") == page.count("陈小树") == 1
        assert f'value="{two.people[2].pk}"' in page
