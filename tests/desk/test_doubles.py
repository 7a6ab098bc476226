"""The pages of people who may be known twice: who sees which pair, what is masked, and what a merge makes of pages."""

from datetime import date

import pytest
from django.urls import reverse

from shuangbai.households.access import pairs_to_decide
from shuangbai.households.enums import Relation
from shuangbai.households.known import FAMILIES, PersonPair, SamePerson
from shuangbai.households.models import Membership, Person
from tests.cast import a_family, a_member, a_visit

BORN = date(1951, 3, 12)
WHY = "对过户口本"


def zeng(name="曾秀英", **more):
    return a_member(name, Relation.HEAD, **{"sex": "2", "birth_date": BORN, **more})


@pytest.fixture
def twice(city, worker):
    """曾秀英 and 曾秀瑛 of 城东, the second with a category and a visit."""
    one = a_family(city.chengdong, worker, members=[zeng()])
    other = a_family(city.chengdong, worker, members=[zeng("曾秀瑛", tags=["disabled"])])
    a_visit(city.chengdong, worker, other)
    return one.people[0], other.people[0]


def pair_page(user):
    return reverse("double", args=[pairs_to_decide(user).get().pk])


def test_the_list_asks_the_same_number_of_questions(city, worker, client_for, twice, django_assert_num_queries):
    client, address = client_for(worker), reverse("doubles")
    client.get(address)
    with django_assert_num_queries(6):
        assert "曾秀瑛" in client.get(address).content.decode()
    for number in range(4):
        a_family(city.chengdong, worker, members=[zeng(f"曾秀{'英莹颖盈'[number]}")])
    with django_assert_num_queries(6):
        assert client.get(address).content.decode().count("row-title") > 5


def test_across_stations_the_centre_sees_surname_year_and_two_characters(
    city, worker, stranger, supervisor, client_for
):
    number = "44052419510312002"
    a_family(city.chengdong, worker, members=[zeng()], phone="0660-6661234")
    a_family(city.dongzhou, stranger, members=[zeng(phone="19900001234")])
    page = client_for(supervisor).get(pair_page(supervisor)).content.decode()
    assert "曾**" in page
    assert "1951年" in page
    for hidden in ("曾秀英", "1951-03-12", "1234", number):
        assert hidden not in page


def test_a_merge_leads_to_the_entry_that_is_kept_and_shows_both_sources(city, worker, client_for, twice):
    one, other = twice
    client = client_for(worker)
    said = {"decision": "same", "keep": str(one.pk), "reason": WHY}
    assert client.post(pair_page(worker), said).status_code == 302
    assert client.get(reverse("person", args=[other.pk])).url == reverse("person", args=[one.pk])
    page = client.get(reverse("person", args=[one.pk])).content.decode()
    assert "同一人的资料" in page
    assert f"林小燕认定为同一人：{WHY}" in page
    assert "残疾" in page  # carried under the other entry
    assert "入户" in page  # and visited under it
    assert client.post(pair_page(worker), {"reason": "本人说不是"}).status_code == 302
    assert client.get(reverse("person", args=[other.pk])).status_code == 200
    assert "同一人的资料" not in client.get(reverse("person", args=[one.pk])).content.decode()


def test_a_decision_without_a_reason_comes_back_with_a_sentence(worker, client_for, twice):
    answer = client_for(worker).post(pair_page(worker), {"decision": "apart", "reason": ""})
    assert answer.status_code == 422
    assert "请写明理由" in answer.content.decode()
    assert not PersonPair.objects.exclude(state="open").exists()


def test_another_stations_entry_is_not_shown_after_a_merge(city, worker, stranger, supervisor, client_for):
    here = a_family(city.chengdong, worker, members=[zeng()])
    there = a_family(city.dongzhou, stranger, members=[zeng(tags=["disabled"])])
    said = {"decision": "same", "keep": str(here.people[0].pk), "reason": WHY}
    client_for(supervisor).post(pair_page(supervisor), said)
    assert SamePerson.objects.get().kept == here.people[0]
    page = client_for(stranger).get(reverse("person", args=[there.people[0].pk]))
    assert page.status_code == 200
    assert "外站也登记了此人" in page.content.decode()
    assert reverse("person", args=[here.people[0].pk]) not in page.content.decode()
    page = client_for(worker).get(reverse("person", args=[here.people[0].pk])).content.decode()
    assert "残疾" not in page


def test_the_form_offers_the_one_on_file_and_takes_them(city, worker, client_for, twice):
    home = a_family(city.chengdong, worker, members=[a_member("黄建国", Relation.HEAD)]).household
    address, client, people = reverse("member-add", args=[home.pk]), client_for(worker), Person.objects.count()
    said = {"name": "曾秀英", "relation": Relation.MOTHER, "birth_date": "1951-03-12", "starts_on": "2019-07-01"}
    page = client.post(address, said)
    assert page.status_code == 422
    assert "是不是已登记过的人" in page.content.decode()
    assert str(twice[0].pk) in page.content.decode()
    assert client.post(address, said | {"known": str(twice[0].pk)}).status_code == 302
    assert Person.objects.count() == people
    assert Membership.objects.filter(household=home, person=twice[0], is_primary=False).exists()


def test_a_family_shows_its_other_entry_and_takes_the_decision_back(worker, client_for, twice):
    one, other = (Membership.objects.get(person=person).household for person in twice)
    client, address = client_for(worker), reverse("family-double", args=[pairs_to_decide(worker, FAMILIES).get().pk])
    page = client.get(address).content.decode()
    assert "是不是同一户" in page
    assert "户主像是同一人" in page
    said = {"decision": "same", "keep": str(one.pk), "reason": WHY}
    assert client.post(address, said).url == reverse("family-doubles")
    for here, there in ((one, other), (other, one)):
        page = client.get(reverse("family", args=[here.pk])).content.decode()
        told = page.partition("同一户的资料")[2].partition("</dd>")[0]
        assert f"林小燕认定为同一户：{WHY}" in told
        assert reverse("family", args=[there.pk]) in told
        assert reverse("family", args=[here.pk]) not in told
        assert address in told
    assert client.post(address, {"reason": "是两户"}).status_code == 302
    assert "同一户的资料" not in client.get(reverse("family", args=[one.pk])).content.decode()


def test_another_stations_entry_of_the_family_is_not_shown(city, worker, stranger, supervisor, client_for):
    here = a_family(city.chengdong, worker, members=[zeng()])
    there = a_family(city.dongzhou, stranger, members=[zeng()])
    address = reverse("family-double", args=[pairs_to_decide(supervisor, FAMILIES).get().pk])
    client_for(supervisor).post(address, {"decision": "same", "keep": str(here.household.pk), "reason": WHY})
    page = client_for(stranger).get(reverse("family", args=[there.household.pk])).content.decode()
    told = page.partition("同一户的资料")[2].partition("</dd>")[0]
    assert "外站也登记了这户" in told
    assert WHY not in told
    assert reverse("family", args=[here.household.pk]) not in page
    assert address not in page
