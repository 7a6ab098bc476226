"""Drafts of a link, a referral and a matter: theirs alone who typed them, gone with what is saved."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from shuangbai.core import clock
from shuangbai.core.ids import random_id
from shuangbai.resources.actions.drafting import drop_old_drafts
from shuangbai.resources.models import FamilyDraft
from tests.cast import a_family
from tests.resources.test_resources import a_resource

pytestmark = pytest.mark.django_db

WORDS = "等她儿子从深圳打电话回来再定"
FORMS = {"linking": "resource-link-new", "referring": "referral-new", "applying": "matter-new"}
WORDED = {"linking": "note", "referring": "why", "applying": "note"}


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker)


def of(family, name: str, *args: str) -> str:
    return f"{reverse(name, args=args)}?family={family.household.pk}"


@pytest.mark.parametrize("page", FORMS)
class TestADraft:
    def test_it_waits_for_whoever_typed_it_and_goes_by_hand(self, worker, colleague, client_for, family, page):
        client, form = client_for(worker), of(family, FORMS[page])
        kept = client.post(of(family, "family-draft", page), {WORDED[page]: WORDS}, headers={"X-Draft": "1"})
        assert (kept.status_code, kept.headers["X-Draft-Kept"]) == (204, f"{clock.now():%H:%M}")
        assert WORDS in client.get(form).content.decode()
        assert WORDS not in client_for(colleague).get(form).content.decode()
        assert client.post(of(family, "family-draft-drop", page)).url == form
        assert WORDS not in client.get(form).content.decode()

    def test_nobody_keeps_one_who_may_not_write_there(self, stranger, supervisor, client_for, family, page):
        for user in (stranger, supervisor):
            assert client_for(user).post(of(family, "family-draft", page), {}).status_code == 404
        assert not FamilyDraft.objects.exists()


def typed_of(page: str, city, worker) -> dict[str, str]:
    key = str(random_id())
    if page == "linking":
        chosen = str(a_resource(worker, city.chengdong).pk)
        return {"resource": chosen, "occurred_on": "2020-06-01", "note": WORDS, "client_id": key}
    if page == "referring":
        said = {"body": "县人民医院", "why": WORDS, "asks": "评估", "asked_on": "2020-06-01", "acknowledged": "on"}
        return said | {"client_id": key}
    return {"policy": "aged", "kind": "new", "opened_on": "2020-05-01", "note": WORDS, "client_id": key}


@pytest.mark.parametrize("page", FORMS)
def test_it_goes_with_what_is_saved_and_does_not_come_back(city, worker, client_for, family, page):
    client, typed, draft = client_for(worker), typed_of(page, city, worker), of(family, "family-draft", page)
    client.post(draft, typed)
    assert FamilyDraft.objects.count() == 1
    assert client.post(of(family, FORMS[page]), typed).status_code == 302
    assert not FamilyDraft.objects.exists()
    late = client.post(draft, typed, headers={"X-Draft": "1"})
    assert late.status_code == 204
    assert not FamilyDraft.objects.exists()


def test_what_a_link_fills_in_goes_before_it(city, worker, client_for, family):
    client, other = client_for(worker), a_resource(worker, city.chengdong, name="护理床")
    first = a_resource(worker, city.chengdong)
    client.post(of(family, "family-draft", "linking"), {"resource": str(first.pk), "note": WORDS})
    page = client.get(f"{of(family, 'resource-link-new')}&resource={other.pk}").content.decode()
    assert WORDS in page
    assert str(first.pk) not in page


def test_only_of_forms_that_are_there(worker, client_for, family):
    assert client_for(worker).post(of(family, "family-draft", "nothing"), {}).status_code == 404
    assert client_for(worker).post(reverse("family-draft", args=["linking"]), {}).status_code == 404


def test_too_long_says_so_and_keeps_the_page(worker, client_for, family):
    client, draft = client_for(worker), of(family, "family-draft", "linking")
    said = client.post(draft, {"note": "长" * 20_000}, headers={"X-Draft": "1"})
    assert said.status_code == 422
    assert "太长" in said.content.decode()


def test_what_nobody_goes_on_with_goes_after_thirty_days(worker, client_for, family):
    client_for(worker).post(of(family, "family-draft", "linking"), {"note": WORDS})
    assert drop_old_drafts() == 0
    FamilyDraft.objects.update(updated_at=clock.at(date(2020, 5, 1)))
    assert drop_old_drafts() == 1
