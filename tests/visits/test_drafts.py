"""Drafts: what was typed of a visit and not saved is kept for whoever typed it, and for nobody else."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from config.jobs import JOBS
from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.models import AuditEvent, TextDocument
from shuangbai.households.models import HouseholdStation, Membership
from shuangbai.lives.actions.erasing import ask_erasure, decide_erasure
from shuangbai.lives.enums import ErasureBasis
from shuangbai.network.models import Posting
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.actions import drop_draft, drop_old_drafts, record_visit, save_draft
from shuangbai.visits.models import Visit, VisitDraft
from shuangbai.visits.queries import drafts_of
from shuangbai.visits.rules import DRAFT_DAYS, DRAFT_MOST
from tests.cast import TODAY, a_family, a_visit_entry, again
from tests.visits.test_pages import checked, text_of, typed

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Draft": "1"}
WORDS = "老人说夜里咳嗽，还没写完"


@pytest.fixture
def family(city: Any, worker: Any) -> Any:
    return a_family(city.chengdong, worker)


@pytest.fixture
def query(family: Any) -> str:
    return f"family={family.household.pk}"


def keep(station: Any, by: Any, family: Any, **said: Any) -> Any:
    what = {"occurred_on": ["2020-06-05"], "narrative": [WORDS], "client_id": [str(uuid4())]} | said
    return save_draft(by=by, station=station, household_id=family.household.pk, typed=what)


def as_kept() -> list[str]:
    """What stands in the database itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT typed FROM visits_visitdraft")
        return [text for (text,) in cursor.fetchall()]


class TestKeeping:
    def test_the_script_gets_the_time_and_no_page(self, client_for: Any, worker: Any, family: Any, query: str) -> None:
        sent = typed(worker, family.people[:1], narrative=WORDS)
        answer = client_for(worker).post(f"/visits/draft?{query}", sent, headers=SCRIPT)
        assert answer.status_code == 204
        assert answer["X-Draft-Kept"] == f"{clock.now():%H:%M}"
        assert not answer.content
        draft = VisitDraft.objects.get()
        assert (draft.entered_by, draft.household) == (worker, family.household)
        assert WORDS in draft.typed

    def test_without_a_script_it_leads_to_the_first_page(
        self, client_for: Any, worker: Any, family: Any, query: str
    ) -> None:
        answer = client_for(worker).post(f"/visits/draft?{query}", typed(worker, [], narrative=WORDS), follow=True)
        assert answer.redirect_chain == [("/", 302)]
        assert "草稿已存" in text_of(answer)
        assert "没写完的" in text_of(answer)

    def test_a_later_one_takes_the_place_of_the_earlier(self, city: Any, worker: Any, family: Any) -> None:
        keep(city.chengdong, worker, family, narrative=["先写的"])
        keep(city.chengdong, worker, family, narrative=["后写的"])
        assert "后写的" in VisitDraft.objects.get().typed

    def test_the_database_keeps_one_of_a_worker_about_a_family(self, city: Any, worker: Any, family: Any) -> None:
        keep(city.chengdong, worker, family)
        with pytest.raises(IntegrityError), transaction.atomic():
            VisitDraft.objects.create(
                station=city.chengdong, entered_by=worker, household=family.household, typed='{"narrative": ["再来"]}'
            )

    def test_it_is_encrypted_and_stands_nowhere_else(
        self, client_for: Any, worker: Any, family: Any, query: str, caplog: Any
    ) -> None:
        with caplog.at_level(logging.DEBUG):
            client = client_for(worker)
            before = AuditEvent.objects.count()
            answer = client.post(f"/visits/draft?{query}", typed(worker, [], narrative=WORDS))
            client.get(f"/visits/new?{query}")
        assert len(as_kept()) == 1
        assert "咳嗽" not in as_kept()[0]
        assert "narrative" not in as_kept()[0]
        assert caplog.records
        assert not [one for one in caplog.records if "咳嗽" in one.getMessage()]
        assert "咳嗽" not in answer.url
        assert AuditEvent.objects.count() == before
        assert not TextDocument.objects.exists()
        assert not ServiceRecord.objects.exists()

    def test_only_fields_of_the_form_are_kept(self, client_for: Any, worker: Any, family: Any, query: str) -> None:
        more = {"csrfmiddlewaretoken": "a-token", "acknowledged": "on", "elsewhere": "别的", "client_id": "not-a-key"}
        client_for(worker).post(f"/visits/draft?{query}", typed(worker, [], **more), headers=SCRIPT)
        kept = VisitDraft.objects.get().typed
        assert not [word for word in ("a-token", "acknowledged", "别的", "not-a-key") if word in kept]

    def test_what_is_far_too_long_is_refused_and_stays_on_the_page(
        self, client_for: Any, city: Any, worker: Any, family: Any, query: str
    ) -> None:
        long = "长" * (DRAFT_MOST + 1)
        with pytest.raises(Refused, match="删短一些"):
            keep(city.chengdong, worker, family, narrative=[long])
        client, sent = client_for(worker), typed(worker, family.people, narrative=long)
        told = client.post(f"/visits/draft?{query}", sent, headers=SCRIPT)
        assert (told.status_code, text_of(told)) == (422, "太长了，草稿存不下，请删短一些再存")
        page = client.post(f"/visits/draft?{query}", sent)
        assert page.status_code == 422
        assert long in text_of(page)
        assert f'action="/visits/new?{query}"' in text_of(page)
        assert not VisitDraft.objects.exists()

    def test_it_needs_a_family_a_token_and_a_post(self, client_for: Any, worker: Any, query: str) -> None:
        client = client_for(worker)
        assert client.post("/visits/draft").status_code == 404
        assert client.get(f"/visits/draft?{query}").status_code == 405
        client.handler.enforce_csrf_checks = True
        assert client.post(f"/visits/draft?{query}", {"narrative": WORDS}, headers=SCRIPT).status_code == 403
        assert not VisitDraft.objects.exists()


class TestWhose:
    @pytest.mark.parametrize("name", ["stranger", "neighbour", "supervisor", "officer", "sysadmin", "auditor"])
    def test_whoever_may_not_write_about_the_family_keeps_and_drops_nothing(
        self, name: str, city: Any, worker: Any, family: Any, query: str, client_for: Any
    ) -> None:
        other = city.users[name]
        keep(city.chengdong, worker, family)
        for action in (lambda: keep(city.chengdong, again(other), family), lambda: drop(city, again(other), family)):
            with pytest.raises(NotAllowed):
                action()
        for address in (f"/visits/draft?{query}", f"/visits/draft/drop?{query}"):
            assert client_for(other).post(address, {"narrative": "别人"}).status_code == 404
        assert WORDS in VisitDraft.objects.get().typed

    def test_a_colleague_neither_sees_nor_changes_it(
        self, client_for: Any, city: Any, worker: Any, colleague: Any, head: Any, family: Any, query: str
    ) -> None:
        keep(city.chengdong, worker, family)
        for other in (colleague, head):
            client = client_for(other)
            assert WORDS not in text_of(client.get(f"/visits/new?{query}"))
            assert "没写完的" not in text_of(client.get("/"))
            client.post(f"/visits/draft/drop?{query}")
            client.post(f"/visits/draft?{query}", {"narrative": "同事写的"}, headers=SCRIPT)
        assert VisitDraft.objects.count() == 3
        assert WORDS in VisitDraft.objects.get(entered_by=worker).typed

    def test_a_colleagues_visit_leaves_it(self, city: Any, worker: Any, colleague: Any, family: Any) -> None:
        keep(city.chengdong, worker, family)
        entry = a_visit_entry(city.chengdong, colleague, family)
        entry.drafted = True
        record_visit(by=colleague, entry=entry, acknowledged=True)
        assert VisitDraft.objects.exists()

    def test_with_the_posting_it_is_out_of_reach(
        self, client_for: Any, city: Any, worker: Any, family: Any, query: str
    ) -> None:
        keep(city.chengdong, worker, family)
        Posting.objects.filter(staff=worker.staff).update(ends_on=TODAY - timedelta(days=1))
        with pytest.raises(NotAllowed):
            keep(city.chengdong, again(worker), family)
        with pytest.raises(NotAllowed):
            drop(city, again(worker), family)
        client = client_for(again(worker))
        assert client.get(f"/visits/new?{query}").status_code == 404
        assert "没写完的" not in text_of(client.get("/"))

    def test_a_family_that_went_to_another_station_takes_no_draft_along(
        self, client_for: Any, city: Any, worker: Any, stranger: Any, family: Any, query: str
    ) -> None:
        keep(city.chengdong, worker, family)
        HouseholdStation.objects.filter(household=family.household).update(ends_on=TODAY - timedelta(days=1))
        HouseholdStation.objects.create(household=family.household, station=city.dongzhou, starts_on=TODAY)
        assert list(drafts_of(again(worker), city.chengdong)) == []
        assert client_for(worker).get(f"/visits/new?{query}").status_code == 404
        page = client_for(stranger).get(f"/visits/new?{query}")
        assert page.status_code == 200
        assert WORDS not in text_of(page)


def drop(city: Any, by: Any, family: Any) -> None:
    drop_draft(by=by, station=city.chengdong, household_id=family.household.pk)


class TestGoingOn:
    def test_the_form_begins_with_it_and_says_so(
        self, client_for: Any, worker: Any, colleague: Any, family: Any, query: str
    ) -> None:
        client = client_for(worker)
        key, two = str(uuid4()), [str(worker.staff_id), str(colleague.staff_id)]
        sent = typed(
            worker, family.people[1:2], narrative=WORDS, client_id=key, workers=two, mode="phone",
            occurred_on="2020-06-03", topics=["health"], observation="精神尚好", started_at="09:30",
            followup="next_visit", next_on="2020-06-20",
        )  # fmt: skip
        client.post(f"/visits/draft?{query}", sent, headers=SCRIPT)
        page = text_of(client.get(f"/visits/new?{query}"))
        assert all(word in page for word in ("接着 6月6日", "没写完的草稿", "丢弃草稿，重新填"))
        assert all(word in page for word in (WORDS, "精神尚好", 'value="09:30"', 'value="2020-06-20"', key))
        assert 'value="2020-06-03"' in page
        assert checked(page, "mode") == ["phone"]
        assert checked(page, "topics") == ["health"]
        assert sorted(checked(page, "workers")) == sorted(two)
        assert checked(page, "met") == [str(family.people[1].pk)]
        assert "error-summary" not in page
        assert "<details open>" in page

    def test_a_box_that_was_emptied_stays_empty(
        self, client_for: Any, city: Any, worker: Any, query: str, family: Any
    ) -> None:
        Membership.objects.exclude(person=family.people[0]).delete()
        client = client_for(worker)
        assert checked(text_of(client.get(f"/visits/new?{query}")), "met") == [str(family.people[0].pk)]
        keep(city.chengdong, worker, family)
        page = text_of(client.get(f"/visits/new?{query}"))
        assert checked(page, "met") == []
        assert checked(page, "workers") == []

    def test_without_one_nothing_is_said(self, client_for: Any, worker: Any, query: str) -> None:
        page = text_of(client_for(worker).get(f"/visits/new?{query}"))
        assert "没写完的草稿" not in page
        assert "存为草稿" in page
        assert f'data-draft="/visits/draft?{query}"' in page

    def test_what_no_longer_fits_is_said_when_it_is_saved(
        self, client_for: Any, city: Any, worker: Any, family: Any, query: str
    ) -> None:
        son = family.people[1]
        keep(city.chengdong, worker, family, met=[str(son.pk)], workers=[str(worker.staff_id)], occurred_on=["6月5日"])
        Membership.objects.filter(person=son).update(ends_on=TODAY - timedelta(days=30))
        client = client_for(worker)
        page = text_of(client.get(f"/visits/new?{query}"))
        assert f"{son.name}（当天不在这户）" in page
        answer = client.post(f"/visits/new?{query}", typed(worker, [son], draft="True"))
        assert answer.status_code == 422
        assert "不是这户的成员" in text_of(answer)
        assert VisitDraft.objects.exists()

    def test_another_day_asks_for_the_day_alone(
        self, client_for: Any, city: Any, worker: Any, family: Any, query: str
    ) -> None:
        keep(city.chengdong, worker, family, mode=["phone"])
        asked = f"/visits/new?{query}&occurred_on=2020-06-04&mode=home"
        page = text_of(client_for(worker).get(asked, headers={"HX-Request": "true"}))
        assert 'datetime="2020-06-04"' in page
        assert checked(page, "mode") == ["home"]


class TestTheEndOfIt:
    def test_saving_the_visit_removes_it(self, client_for: Any, worker: Any, family: Any, query: str) -> None:
        client = client_for(worker)
        sent = typed(worker, family.people, draft="True")
        client.post(f"/visits/draft?{query}", sent, headers=SCRIPT)
        with CaptureQueriesContext(connection) as queries:
            assert client.post(f"/visits/new?{query}", sent).status_code == 302
        assert len([one for one in queries if "visits_visitdraft" in one["sql"]]) == 1
        assert Visit.objects.count() == 1
        assert not VisitDraft.objects.exists()

    def test_without_one_saving_asks_for_none(self, client_for: Any, worker: Any, family: Any, query: str) -> None:
        with CaptureQueriesContext(connection) as queries:
            assert client_for(worker).post(f"/visits/new?{query}", typed(worker, family.people)).status_code == 302
        assert not [one for one in queries if "visitdraft" in one["sql"]]

    def test_one_that_arrives_after_its_visit_is_not_kept(
        self, client_for: Any, worker: Any, family: Any, query: str
    ) -> None:
        client, sent = client_for(worker), typed(worker, family.people)
        client.post(f"/visits/new?{query}", sent)
        assert client.post(f"/visits/draft?{query}", sent, headers=SCRIPT).status_code == 204
        assert "已经保存过" in text_of(client.post(f"/visits/draft?{query}", sent, follow=True))
        assert not VisitDraft.objects.exists()

    def test_sending_the_same_draft_twice_saves_one_visit(
        self, client_for: Any, worker: Any, family: Any, query: str
    ) -> None:
        client, sent = client_for(worker), typed(worker, family.people, draft="True")
        client.post(f"/visits/draft?{query}", sent, headers=SCRIPT)
        first, second = (client.post(f"/visits/new?{query}", sent) for _ in range(2))
        assert first.url == second.url
        assert Visit.objects.count() == 1

    def test_a_visit_that_is_refused_leaves_it(self, client_for: Any, worker: Any, family: Any, query: str) -> None:
        client, sent = client_for(worker), typed(worker, [], draft="True")
        client.post(f"/visits/draft?{query}", sent, headers=SCRIPT)
        answer = client.post(f"/visits/new?{query}", sent)
        assert answer.status_code == 422
        assert '<input type="hidden" name="draft" value="True"' in text_of(answer)
        assert VisitDraft.objects.exists()

    def test_it_is_thrown_away_by_hand(self, client_for: Any, worker: Any, family: Any, query: str) -> None:
        client = client_for(worker)
        client.post(f"/visits/draft?{query}", typed(worker, [], narrative=WORDS), headers=SCRIPT)
        for _ in range(2):
            answer = client.post(f"/visits/draft/drop?{query}", follow=True)
            assert answer.redirect_chain == [(f"/visits/new?{query}", 302)]
            assert "草稿已丢弃" in text_of(answer)
            assert WORDS not in text_of(answer)
        assert not VisitDraft.objects.exists()

    def test_after_thirty_days_it_goes_by_itself(self, city: Any, worker: Any, family: Any) -> None:
        another = a_family(city.chengdong, worker)
        for one, days in ((family, DRAFT_DAYS + 1), (another, DRAFT_DAYS - 1)):
            keep(city.chengdong, worker, one)
            at = clock.now() - timedelta(days=days)
            VisitDraft.objects.filter(household=one.household).update(updated_at=at)
        assert "shuangbai.visits.actions.drop_old_drafts" in [job.does for job in JOBS]
        assert drop_old_drafts() == 1
        assert VisitDraft.objects.get().household == another.household
        assert drop_old_drafts() == 0

    def test_who_is_forgotten_is_forgotten_in_it_too(
        self, city: Any, worker: Any, head: Any, officer: Any, family: Any
    ) -> None:
        keep(city.chengdong, worker, family, narrative=["曾秀英血压偏高"])
        asked = ask_erasure(
            by=head, station=city.chengdong, people=[family.people[0]], basis=ErasureBasis.ASKED, reason="本人书面要求"
        )
        decide_erasure(by=officer, erasure=asked[0], agrees=True, answer="材料齐全")
        kept = VisitDraft.objects.get().typed
        assert "曾秀英" not in kept
        assert "已匿名血压偏高" in kept


class TestToday:
    def test_it_is_listed_with_a_way_to_go_on(
        self, client_for: Any, city: Any, worker: Any, family: Any, query: str
    ) -> None:
        client = client_for(worker)
        assert "没写完的" not in text_of(client.get("/"))
        keep(city.chengdong, worker, family)
        page = text_of(client.get("/"))
        part = page[page.index('id="drafts"') :].partition("</section>")[0]
        assert f'href="/visits/new?{query}"' in part
        assert "曾秀英户" in part
        assert "6月6日" in part
        assert WORDS not in page

    def test_many_cost_one_query(self, client_for: Any, city: Any, worker: Any, family: Any) -> None:
        for one in (family, a_family(city.chengdong, worker), a_family(city.chengdong, worker)):
            keep(city.chengdong, worker, one)
        with CaptureQueriesContext(connection) as queries:
            client_for(worker).get("/")
        asked = [one["sql"] for one in queries if "visits_visitdraft" in one["sql"]]
        assert len(asked) == 1
        assert '"typed"' not in asked[0]


def test_in_a_browser_nothing_is_lost_by_going_away(
    city: Any, worker: Any, family: Any, query: str, phone: Any, live_server: Any, client_for: Any
) -> None:
    """Typed and left without saving; taken up again from 今日; without a line it is said, and tried again."""
    cookie = client_for(worker).cookies["sessionid"].value
    phone.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    asked: list[str] = []
    phone.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    said = phone.locator("[data-draft-said]")
    phone.goto(f"{live_server.url}/visits/new?{query}")
    assert said.inner_text() == ""
    phone.locator("#id_narrative").fill(WORDS)
    expect(said).to_contain_text("草稿已存")
    phone.context.set_offline(True)
    phone.locator("#id_narrative").fill(f"{WORDS}。")
    expect(said).to_contain_text("网络不通")
    phone.context.set_offline(False)
    expect(said).to_contain_text("草稿已存")
    phone.goto(live_server.url)
    assert asked == []  # the server has all of it: nothing to ask before leaving
    phone.locator("#drafts a").tap()
    phone.wait_for_url("**/visits/new?family=*")
    assert phone.locator("#id_narrative").input_value() == f"{WORDS}。"
    phone.locator("label.chip:has(input[name=met])").first.tap()
    phone.get_by_role("button", name="保存走访").tap()
    phone.wait_for_url("**/visits/*-*/")
    phone.goto(live_server.url)
    assert phone.locator("#drafts").count() == 0
