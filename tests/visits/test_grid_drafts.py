"""Drafts of pages of many visits: nothing is lost by a slow line, and only whoever typed it ever reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from shuangbai.core import clock
from shuangbai.core.findings import Refused
from shuangbai.core.models import AuditEvent
from shuangbai.lives.actions.erasing import ask_erasure, decide_erasure
from shuangbai.lives.enums import ErasureBasis
from shuangbai.rounds.actions.calls import CallListEntry, make_call_list
from shuangbai.rounds.queries import Criteria
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.actions import drop_grid_draft, drop_old_drafts, save_grid_draft
from shuangbai.visits.models import GridDraft, Visit
from shuangbai.visits.rules import DRAFT_DAYS, GRID_DRAFT_MOST
from tests.cast import again
from tests.visits.test_evening import DAY, EVENING, alone, of_two, sent, shown, text_of

pytestmark = pytest.mark.django_db
DRAFT, DROP = "/visits/many/draft?page=evening", "/visits/many/draft/drop?page=evening"
SCRIPT = {"X-Draft": "1"}
WORDS = "林阿婆说夜里咳嗽，还没写完"


@pytest.fixture
def families(city: Any, worker: Any) -> list[Any]:
    return [alone(city, worker, "林阿婆"), of_two(city, worker, "曾秀英")]


@pytest.fixture
def half(worker: Any, families: list[Any]) -> dict[str, Any]:
    """A page on which one family was tapped and written about and the other not."""
    return sent(worker, [(families[0], {"result": "met", "narrative": WORDS}), (families[1], {})])


class TestTheEvening:
    def test_what_was_typed_is_kept_encrypted_and_comes_back(
        self, client_for: Any, worker: Any, half: dict[str, Any]
    ) -> None:
        client = client_for(worker)
        answer = client.post(DRAFT, half, headers=SCRIPT)
        assert (answer.status_code, answer["X-Draft-Kept"]) == (204, f"{clock.now():%H:%M}")
        with connection.cursor() as cursor:
            cursor.execute("SELECT typed FROM visits_griddraft")
            assert "咳嗽" not in cursor.fetchone()[0]
        page = text_of(client.get(EVENING))
        assert "没写完的草稿" in page
        assert WORDS in page
        assert f'value="{DAY.isoformat()}"' in page
        assert sorted(shown(page)) == sorted(["林阿婆户", "曾秀英户"])  # what was not touched is offered too
        assert "整页都还没有保存" not in page

    def test_it_is_no_record_leaves_no_trail_and_is_only_ones_own(
        self, client_for: Any, worker: Any, colleague: Any, half: dict[str, Any]
    ) -> None:
        client = client_for(worker)
        trail = AuditEvent.objects.count()
        client.post(DRAFT, half, headers=SCRIPT)
        assert not ServiceRecord.objects.exists()
        assert AuditEvent.objects.count() == trail
        other = client_for(colleague)
        assert WORDS not in text_of(other.get(EVENING))
        assert "没写完的" not in text_of(other.get("/"))
        other.post(DROP)
        assert GridDraft.objects.get().entered_by == worker

    def test_today_leads_there(self, client_for: Any, worker: Any, half: dict[str, Any]) -> None:
        client = client_for(worker)
        assert 'id="drafts"' not in text_of(client.get("/"))
        answer = client.post(DRAFT, half, follow=True)  # without a script
        part = text_of(answer).partition('id="drafts"')[2].partition("</section>")[0]
        assert "记一天的走访" in part
        assert f'href="{EVENING}"' in part
        assert "咳嗽" not in part

    def test_a_page_on_which_nothing_is_typed_makes_none_and_ends_one(
        self, client_for: Any, worker: Any, families: list[Any], half: dict[str, Any]
    ) -> None:
        client, nothing = client_for(worker), sent(worker, [(one, {}) for one in families])
        assert client.post(DRAFT, nothing, headers=SCRIPT).status_code == 204
        assert not GridDraft.objects.exists()
        client.post(DRAFT, half, headers=SCRIPT)
        client.post(DRAFT, nothing, headers=SCRIPT)
        assert not GridDraft.objects.exists()

    def test_it_goes_with_saving_in_one_statement_and_a_page_without_one_asks_nothing(
        self, client_for: Any, worker: Any, half: dict[str, Any], families: list[Any]
    ) -> None:
        client = client_for(worker)
        client.post(DRAFT, half, headers=SCRIPT)
        with CaptureQueriesContext(connection, ) as asked:  # fmt: skip
            assert client.post(EVENING, half | {"draft": "1"}).status_code == 302
        assert len([one for one in asked if "griddraft" in one["sql"]]) == 1
        assert not GridDraft.objects.exists()
        more = sent(worker, [(families[1], {"result": "nobody_home"})])
        with CaptureQueriesContext(connection) as asked:
            assert client.post(EVENING, more).status_code == 302
        assert not [one for one in asked if "griddraft" in one["sql"]]

    def test_one_that_arrives_after_its_visits_does_not_come_back(
        self, client_for: Any, worker: Any, half: dict[str, Any], families: list[Any]
    ) -> None:
        client = client_for(worker)
        client.post(EVENING, half)
        assert client.post(DRAFT, half, headers=SCRIPT).status_code == 204
        assert not GridDraft.objects.exists()
        later = half | {f"row-{families[1].household.pk.hex}-narrative": "还没点结果"}
        client.post(DRAFT, later, headers=SCRIPT)
        kept = GridDraft.objects.get().typed
        assert "还没点结果" in kept
        assert WORDS not in kept  # that row was saved

    def test_going_on_saves_the_same_visits_once(self, client_for: Any, worker: Any, half: dict[str, Any]) -> None:
        client = client_for(worker)
        client.post(DRAFT, half, headers=SCRIPT)
        assert str(next(v for k, v in half.items() if k.endswith("client_id"))) in text_of(client.get(EVENING))
        for _ in range(2):
            client.post(EVENING, half | {"draft": "1"})
        assert Visit.objects.count() == 1

    def test_what_a_refusal_said_leaves_the_draft(self, client_for: Any, worker: Any, half: dict[str, Any]) -> None:
        client = client_for(worker)
        client.post(DRAFT, half, headers=SCRIPT)
        answer = client.post(EVENING, half | {"occurred_on": "2020-07-01", "draft": "1"})
        assert answer.status_code == 422
        assert 'name="draft" value="1"' in text_of(answer)
        assert GridDraft.objects.exists()

    def test_it_is_thrown_away_by_hand_and_when_old(self, client_for: Any, worker: Any, half: dict[str, Any]) -> None:
        client = client_for(worker)
        client.post(DRAFT, half, headers=SCRIPT)
        assert "草稿已丢弃" in text_of(client.post(DROP, follow=True))
        assert not GridDraft.objects.exists()
        client.post(DRAFT, half, headers=SCRIPT)
        GridDraft.objects.update(updated_at=clock.now() - timedelta(days=DRAFT_DAYS + 1))
        assert drop_old_drafts() == 1
        assert drop_old_drafts() == 0

    def test_too_long_is_said_and_other_pages_are_not_there(
        self, client_for: Any, city: Any, worker: Any, families: list[Any], half: dict[str, Any]
    ) -> None:
        rows = {str(families[0].household.pk): {"narrative": ["长" * GRID_DRAFT_MOST]}}
        with pytest.raises(Refused):
            save_grid_draft(by=worker, station=city.chengdong, page="evening", head={}, rows=rows)
        client = client_for(worker)
        for page in ("", "?page=other", "?page=1"):
            assert client.post(f"/visits/many/draft{page}", half).status_code == 404
        assert client.get(DRAFT).status_code == 405
        drop_grid_draft(by=worker, station=city.chengdong, page="evening")

    def test_who_is_forgotten_is_forgotten_in_drafts_about_their_family(
        self, client_for: Any, city: Any, worker: Any, officer: Any, half: dict[str, Any], families: list[Any]
    ) -> None:
        client_for(worker).post(DRAFT, half, headers=SCRIPT)
        head = again(city.users["head"])
        said = {"basis": ErasureBasis.ASKED, "reason": "家属书面要求删除"}
        [asked] = ask_erasure(by=head, station=city.chengdong, people=families[0].people, **said)
        decide_erasure(by=officer, erasure=asked, agrees=True, answer="核对过，同意")
        kept = GridDraft.objects.get().typed
        assert "林阿婆" not in kept
        assert "夜里咳嗽" in kept

    def test_the_database_keeps_one_a_page(self, city: Any, worker: Any) -> None:
        said = {"station": city.chengdong, "entered_by": worker, "page": "evening", "typed": "{}"}
        GridDraft.objects.create(**said)
        with pytest.raises(IntegrityError), transaction.atomic():
            GridDraft.objects.create(**said)


class TestAListOfCalls:
    def test_calls_that_were_typed_come_back_and_go_with_saving(
        self, client_for: Any, city: Any, worker: Any, families: list[Any], half: dict[str, Any]
    ) -> None:
        ids = [one.household.pk for one in families]
        made = make_call_list(by=worker, entry=CallListEntry(city.chengdong, "寒潮问候", ids, Criteria()))
        client, address = client_for(worker), f"/rounds/calls/{made.pk}/"
        typed = half | {"mode": "phone", "occurred_on": clock.today().isoformat()}
        assert client.post(f"/visits/many/draft?page={made.pk}", typed, headers=SCRIPT).status_code == 204
        page = text_of(client.get(address))
        assert WORDS in page
        assert "没写完的草稿" in page
        assert "电访名单：寒潮问候" in text_of(client.get("/"))
        assert client.post(address, typed | {"draft": "1"}).status_code == 302
        assert Visit.objects.count() == 1
        assert not GridDraft.objects.exists()


def test_on_a_phone_the_evening_is_kept_while_typing(
    phone: Any, live_server: Any, worker: Any, client_for: Any, families: list[Any]
) -> None:
    cookie = client_for(worker).cookies["sessionid"].value
    phone.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    row = phone.locator(f"#row-{families[0].household.pk.hex}")
    phone.goto(live_server.url + EVENING)
    row.locator("label.chip", has_text="见面").first.tap()
    row.locator("input[name$=narrative]").fill(WORDS)
    expect(phone.locator("[data-draft-said]")).to_contain_text("草稿已存", timeout=15000)
    phone.goto(live_server.url)
    phone.locator("#drafts a").tap()
    phone.wait_for_url(f"**{EVENING}")
    expect(row.locator("input[name$=narrative]")).to_have_value(WORDS)
    phone.get_by_role("button", name="全部保存").tap()
    phone.wait_for_url("**/records/*")
    phone.goto(live_server.url)
    assert phone.locator("#drafts").count() == 0
