"""A report's way from the station to the bureau: who takes which step, and what stands in the way."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.periods import Period
from shuangbai.filings import jobs
from shuangbai.filings.actions import (
    accept_filing,
    confirm_filing,
    draft_filing,
    return_filing,
    review_filing,
    withdraw_filing,
)
from shuangbai.filings.enums import FilingState
from shuangbai.filings.models import Filing, Manifest
from shuangbai.filings.rules import name_of
from tests.cast import City, a_family, a_visit, again, forget_installation, make_city

MAY = {"first": date(2020, 5, 1), "last": date(2020, 5, 31)}


@pytest.fixture(autouse=True)
def heads_elsewhere(settings: Any, tmp_path: Any) -> None:
    settings.TRAIL_HEADS = tmp_path / "heads.log"


@pytest.fixture
def draft(city: City) -> Filing:
    return draft_filing(by=city.users["head"], owner=city.chengdong, **MAY)


def accepted(city: City, one: Filing) -> Filing:
    confirm_filing(by=city.users["head"], filing=one, version=1)
    review_filing(by=city.users["supervisor"], filing=one, version=2)
    accept_filing(by=city.users["officer"], filing=one, version=3)
    jobs.freeze.call(str(one.pk))
    one.refresh_from_db()
    return one


class TestTheSteps:
    def test_from_the_station_to_the_bureau(self, city: City, draft: Filing) -> None:
        one = accepted(city, draft)
        assert one.state == FilingState.ACCEPTED
        assert [step.kind for step in one.steps.order_by("at", "id")] == [
            "drafted", "confirmed", "reviewed", "accepting", "frozen",
        ]  # fmt: skip

    def test_returned_with_a_reason_it_is_a_draft_again(self, city: City, draft: Filing) -> None:
        confirm_filing(by=city.users["head"], filing=draft, version=1)
        with pytest.raises(Refused, match="理由"):
            return_filing(by=city.users["supervisor"], filing=draft, version=2, comment=" ")
        one = return_filing(by=city.users["supervisor"], filing=draft, version=2, comment="少了一个村")
        assert one.state == FilingState.DRAFT
        confirm_filing(by=city.users["head"], filing=draft, version=3)

    def test_one_who_looks_at_an_older_page_is_told(self, city: City, draft: Filing) -> None:
        confirm_filing(by=city.users["head"], filing=draft, version=1)
        review_filing(by=city.users["supervisor"], filing=draft, version=2)
        accept_filing(by=city.users["officer"], filing=draft, version=3)
        with pytest.raises(Conflict):
            accept_filing(by=city.users["officer"], filing=draft, version=3)

    def test_steps_in_their_order_only(self, city: City, draft: Filing) -> None:
        with pytest.raises(Refused, match="现在是「草稿」"):
            accept_filing(by=city.users["officer"], filing=draft, version=1)
        with pytest.raises(Refused, match="现在是「草稿」"):
            review_filing(by=city.users["supervisor"], filing=draft, version=1)

    def test_whoever_reviewed_does_not_accept(self, city: City, draft: Filing) -> None:
        from shuangbai.network.models import RoleGrant

        RoleGrant.objects.filter(user=city.users["supervisor"]).update(role="officer")
        grant = RoleGrant.objects.get(user=city.users["supervisor"])
        confirm_filing(by=city.users["head"], filing=draft, version=1)
        RoleGrant.objects.filter(pk=grant.pk).update(role="supervisor")
        review_filing(by=_anew(city, "supervisor"), filing=draft, version=2)
        RoleGrant.objects.filter(pk=grant.pk).update(role="officer")
        with pytest.raises(Refused, match="另一位经办人"):
            accept_filing(by=_anew(city, "supervisor"), filing=draft, version=3)

    def test_a_worker_drafts_nothing_and_a_head_for_the_own_station_alone(self, city: City) -> None:
        with pytest.raises(NotAllowed):
            draft_filing(by=city.users["worker"], owner=city.chengdong, **MAY)
        with pytest.raises(NotAllowed):
            draft_filing(by=city.users["head"], owner=city.haicheng, **MAY)
        with pytest.raises(NotAllowed):
            draft_filing(by=city.users["supervisor"], owner=city.chengdong, **MAY)
        assert draft_filing(by=city.users["supervisor"], owner=city.haifeng, **MAY).edition == 1

    def test_one_on_its_way_a_period(self, city: City, draft: Filing) -> None:
        with pytest.raises(Refused, match="已有一份在办"):
            draft_filing(by=city.users["head"], owner=city.chengdong, **MAY)
        withdraw_filing(by=city.users["head"], filing=draft, version=1)
        assert draft_filing(by=city.users["head"], owner=city.chengdong, **MAY).edition == 2

    @pytest.mark.django_db(transaction=True)
    def test_drafted_by_four_at_once_it_is_one_and_the_others_are_told(self) -> None:
        city = make_city()
        ready, said = threading.Barrier(4), []

        def draft_one() -> None:
            try:
                ready.wait(10)
                draft_filing(by=again(city.users["head"]), owner=city.chengdong, **MAY)
                said.append("drafted")
            except BaseException as error:
                said.append(str(error))
            finally:
                connection.close()

        threads = [threading.Thread(target=draft_one) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        drafted = Filing.objects.count()
        forget_installation()
        assert drafted == 1
        assert sorted(said) == ["drafted", *["这个单位这段时间已有一份在办的报告，请到「上报」里接着办"] * 3]

    def test_a_new_edition_needs_a_reason_and_the_old_one_stays(self, city: City, draft: Filing) -> None:
        accepted(city, draft)
        with pytest.raises(Refused, match="理由"):
            draft_filing(by=city.users["head"], owner=city.chengdong, **MAY)
        again = draft_filing(by=city.users["head"], owner=city.chengdong, **MAY, reason="补录了三户")
        assert (again.edition, Manifest.objects.count()) == (2, 1)

    def test_a_period_that_is_not_over_or_before_the_station(self, city: City) -> None:
        with pytest.raises(Refused, match="还没有过完"):
            draft_filing(by=city.users["head"], owner=city.chengdong, first=date(2020, 6, 1), last=date(2020, 6, 30))
        with pytest.raises(Refused, match="才开"):
            draft_filing(by=city.users["head"], owner=city.chengdong, first=date(2016, 1, 1), last=date(2016, 6, 30))
        with pytest.raises(Refused, match="早于"):
            draft_filing(by=city.users["head"], owner=city.chengdong, first=date(2020, 5, 2), last=date(2020, 5, 1))


def _anew(city: City, name: str) -> Any:
    from shuangbai.network.models import User

    return User.objects.select_related("staff").get(pk=city.users[name].pk)


@pytest.mark.nodb
@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("2020-05-01", "2020-05-31", "2020 年 5 月"),
        ("2020-04-01", "2020-06-30", "2020 年第 2 季度"),
        ("2020-01-01", "2020-06-30", "2020 年上半年"),
        ("2020-01-01", "2020-12-31", "2020 年"),
        ("2020-06-01", "2020-06-07", "2020-06-01 起一周"),
        ("2020-05-02", "2020-05-31", "2020-05-02 至 2020-05-31"),
    ],
)
def test_a_period_is_called_what_people_call_it(first: str, last: str, name: str) -> None:
    assert name_of(Period(date.fromisoformat(first), date.fromisoformat(last))) == name


class TestThePages:
    def test_from_the_form_to_the_proof(self, city: City, client_for: Any) -> None:
        worker = city.users["worker"]
        family = a_family(city.chengdong, worker)
        a_visit(city.chengdong, worker, family, on=date(2020, 5, 4), met=family.people[:1])
        head, supervisor, officer = (client_for(city.users[name]) for name in ("head", "supervisor", "officer"))
        sent = {"unit": city.chengdong.code, "first": "2020-05-01", "last": "2020-05-31", "reason": ""}
        answer = head.post(reverse("filing-new"), sent)
        one = Filing.objects.get()
        assert answer.url == reverse("filing", args=[one.pk])
        assert "的上报报告等您办" in head.get(reverse("today")).content.decode()
        assert "的上报报告等您办" not in officer.get(reverse("today")).content.decode()
        for who, does, version in ((head, "confirm", 1), (supervisor, "review", 2), (officer, "accept", 3)):
            page = who.get(reverse("filing", args=[one.pk])).content.decode()
            assert f'value="{does}"' in page
            assert "等您办的" in who.get(reverse("filing-list")).content.decode()
            answer = who.post(reverse("filing-step", args=[one.pk]), {"does": does, "version": version})
            assert answer.status_code == 302, answer.content.decode()
        assert "等您办的" not in head.get(reverse("filing-list")).content.decode()  # to withdraw is no duty
        assert "正在封存" in officer.get(reverse("filing", args=[one.pk])).content.decode()
        jobs.freeze.call(str(one.pk))
        state = officer.get(reverse("filing-state", args=[one.pk]), headers={"hx-request": "true"})
        assert state["HX-Refresh"] == "true"
        page = officer.get(reverse("filing", args=[one.pk])).content.decode()
        assert one.code in page
        assert 'class="qr"' in page
        assert officer.get(reverse("filing-by-code", args=[one.code.lower()])).url == reverse("filing", args=[one.pk])

        a_visit(city.chengdong, worker, a_family(city.chengdong, worker), on=date(2020, 5, 9))
        proof = officer.get(reverse("filing-proof", args=[one.pk])).content.decode()
        assert "封存件完好" in proof
        assert "报后补录" in proof

    def test_a_form_sent_twice_is_answered_with_the_sentence(self, city: City, client_for: Any) -> None:
        head = client_for(city.users["head"])
        sent = {"unit": city.chengdong.code, "first": "2020-05-01", "last": "2020-05-31", "reason": ""}
        assert head.post(reverse("filing-new"), sent).status_code == 302
        again_sent = head.post(reverse("filing-new"), sent)
        assert again_sent.status_code == 422
        assert "已有一份在办的报告" in again_sent.content.decode()
        assert Filing.objects.count() == 1

    def test_an_empty_period_is_frozen_as_zeros(self, city: City, client_for: Any, draft: Filing) -> None:
        one = accepted(city, draft)
        assert one.state == FilingState.ACCEPTED
        officer = client_for(city.users["officer"])
        page = officer.get(reverse("filing", args=[one.pk])).content.decode()
        assert "走访户数" in page
        proof = officer.get(reverse("filing-proof", args=[one.pk])).content.decode()
        assert "封存件完好" in proof

    def test_a_step_that_somebody_took_meanwhile_shows_how_it_stands(
        self, city: City, draft: Filing, client_for: Any
    ) -> None:
        confirm_filing(by=city.users["head"], filing=draft, version=1)
        sent = {"does": "confirm", "version": 1}
        answer = client_for(city.users["head"]).post(reverse("filing-step", args=[draft.pk]), sent)
        assert answer.status_code == 409
        assert "别人刚办过" in answer.content.decode()

    def test_an_empty_list_says_what_will_be_here(self, city: City, client_for: Any) -> None:
        page = client_for(city.users["worker"]).get(reverse("filing-list")).content.decode()
        assert "还没有上报的报告" in page
        assert reverse("filing-new") not in page
