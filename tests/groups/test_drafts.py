"""What was typed of a session or an evaluation and not saved: kept, gone on with, one's own alone, gone once saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from config.jobs import JOBS
from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed
from shuangbai.groups.actions.drafting import drop_draft, drop_old_drafts, save_draft
from shuangbai.groups.enums import DraftPage
from shuangbai.groups.keeping import Words
from shuangbai.groups.models import GroupDraft, GroupSession
from shuangbai.households.forgetting import Forgetting
from tests.cast import a_family
from tests.groups.test_pages import called, text_of
from tests.groupwork import a_group

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Draft": "1"}


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker)


@pytest.fixture
def group(city, worker):
    return a_group(city.chengdong, worker)


def at(group: Any, page: str = "sitting") -> str:
    return f"/groups/{group.pk}/drafts/{page}"


def test_a_session_is_gone_on_with_roll_and_all(client_for, worker, colleague, group, family):
    client, new = client_for(worker), f"/groups/{group.pk}/sessions/new"
    named = {"named-0-name": "阿海", "named-0-age_band": "adult", "named-1-name": "阿水", "named-1-age_band": "adult"}
    client.post(f"/groups/{group.pk}/members/new", {"taken": "yes", "joined_on": "2020-05-04", **named})
    member = group.members.get(name="阿海")
    sent = called(worker, group, {member: "absent"}, process="说到一半", **{f"why-{member.pk.hex}": "发烧"})
    answer = client.post(at(group), sent, headers=SCRIPT)
    assert (answer.status_code, len(answer["X-Draft-Kept"])) == (204, 5)
    assert "说到一半" not in str(GroupDraft.objects.values_list("pk", "page", "updated_at").get())
    page = text_of(client.get(new))
    for said in ("没写完的草稿", "说到一半", 'value="发烧"', sent["client_id"]):
        assert said in page
    assert "小海星成长小组：记一节" in text_of(client.get("/"))
    assert "说到一半" not in text_of(client_for(colleague).get(new))
    assert client.post(new, sent).status_code == 302
    assert GroupSession.objects.get().process == "说到一半"
    assert not GroupDraft.objects.exists()
    assert client.post(at(group), sent, headers=SCRIPT).status_code == 204
    assert not GroupDraft.objects.exists()  # what arrives late of what was saved is not kept again


def test_an_evaluation_is_gone_on_with_and_goes_once_saved(client_for, worker, group):
    client, page = client_for(worker), f"/groups/{group.pk}/evaluation"
    client.post(at(group, "evaluation"), {"outcome": "敢开口了", "version": "1"})
    kept = text_of(client.get(page))
    assert "敢开口了" in kept
    assert "data-draft=" in kept
    client.post(page, {"outcome": "敢开口了", "version": str(group.version)})
    assert not GroupDraft.objects.exists()


def test_without_a_script_a_button_keeps_it_and_another_drops_it(client_for, worker, group):
    client = client_for(worker)
    assert "草稿已存" in text_of(client.post(at(group), called(worker, group), follow=True))
    assert "草稿已丢弃" in text_of(client.post(f"{at(group)}/drop", follow=True))
    assert not GroupDraft.objects.exists()


def test_what_is_too_long_says_so(client_for, worker, group):
    client, long = client_for(worker), {"process": "长" * 60_001}
    assert "太长了" in text_of(client.post(at(group), long, headers=SCRIPT))
    assert client.post(at(group), long, headers=SCRIPT).status_code == 422
    assert "太长了" in text_of(client.post(at(group), long, follow=True))


def test_only_who_writes_the_group_keeps_one(client_for, worker, stranger, officer, group):
    for user in (stranger, officer):
        assert client_for(user).post(at(group), {}).status_code == 404
        with pytest.raises(NotAllowed):
            save_draft(by=user, group=group, page=DraftPage.SESSION, typed="{}")
        with pytest.raises(NotAllowed):
            drop_draft(by=user, group=group, page=DraftPage.SESSION)
    assert client_for(worker).post(at(group, "plan"), {}).status_code == 404


def test_one_a_form_and_old_ones_go(worker, group):
    for typed in ('{"process": ["一"]}', '{"process": ["二"]}'):
        save_draft(by=worker, group=group, page=DraftPage.SESSION, typed=typed)
    draft = GroupDraft.objects.get()
    assert "二" in draft.typed
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupDraft.objects.create(station=draft.station, entered_by=worker, group=group, page="sitting", typed="{}")
    assert drop_old_drafts() == 0
    GroupDraft.objects.update(updated_at=clock.now() - timedelta(days=31))
    assert drop_old_drafts() == 1
    assert "shuangbai.groups.actions.drafting.drop_old_drafts" in [job.does for job in JOBS]


def test_who_is_forgotten_is_forgotten_in_drafts(worker, group, family):
    person = family.people[0]
    group.members.create(station=group.station, person=person, joined_on=group.begun_on, entered_by=worker)
    save_draft(by=worker, group=group, page=DraftPage.SESSION, typed=f'{{"process": ["{person.name}来了"]}}')
    Words().forget(Forgetting(person.pk, (person.name,), frozenset(), frozenset(), frozenset()))
    assert "已匿名来了" in GroupDraft.objects.get().typed
