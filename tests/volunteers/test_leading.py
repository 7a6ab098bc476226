"""A team's own page: a secret address, what a leader hands in from any telephone, what the station makes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shuangbai.core import strangers
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.ids import random_id
from shuangbai.core.limits import Limit
from shuangbai.core.models import AuditEvent
from shuangbai.network.models import OrgUnit, User
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.services.models import ServiceRecord
from shuangbai.volunteers.actions.leading import (
    accept_report,
    amend_report,
    end_link,
    open_link,
    refuse_report,
    return_report,
    send_report,
    withdraw_report,
)
from shuangbai.volunteers.actions.people import enter_volunteer
from shuangbai.volunteers.actions.teams import end_membership, join_team, move_team
from shuangbai.volunteers.entries import TeamReportEntry
from shuangbai.volunteers.enums import TeamStage
from shuangbai.volunteers.models import Team, TeamLink, TeamReport, TeamReportHelper, Volunteer, VolunteerHours
from shuangbai.volunteers.queries import link_holds, link_of
from shuangbai.volunteers.rules import WAITING_MOST
from tests.cast import TODAY, City
from tests.volunteers.conftest import SINCE, a_service, a_volunteer, hours
from tests.volunteers.test_hours import SPAN

Asks = Callable[[User], Client]
DAY = date(2020, 6, 1)


@pytest.fixture
def member(worker: User, team: Team, volunteer: Volunteer) -> Volunteer:
    join_team(by=worker, team=team, volunteer=volunteer, starts_on=SINCE)
    return volunteer


@pytest.fixture
def opened(worker: User, team: Team, member: Volunteer) -> tuple[TeamLink, str]:
    return open_link(by=worker, team=team, months=6)


@pytest.fixture
def link(opened: tuple[TeamLink, str]) -> TeamLink:
    return opened[0]


@pytest.fixture
def page(opened: tuple[TeamLink, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The address; a form may come back at once here."""
    monkeypatch.setattr(strangers, "SOONEST", -1)
    return reverse("team-page", args=[opened[1]])


def told(*helpers: tuple[Volunteer, Any], **more: Any) -> TeamReportEntry:
    given = [(one.pk, Decimal(str(many))) for one, many in helpers]
    said = {"occurred_on": DAY, "title": "清理河道", "people": len(given), **more}
    return TeamReportEntry(helpers=given, **said)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def made(client: Client, page: str) -> str:
    return text_of(client.get(page)).split('name="made" value="')[1].split('"')[0]


def sent(client: Client, page: str, member: Volunteer, **more: Any) -> dict[str, Any]:
    return {
        "occurred_on": "2020-06-01", "title": "清理河道", "hours": "2", "volunteers": [str(member.pk)],
        "client_id": str(random_id()), "made": made(client, page), **more,
    }  # fmt: skip


class TestTheAddress:
    def test_it_is_kept_as_a_hash_and_opens_the_teams_page(self, opened: Any, team: Team) -> None:
        link, token = opened
        assert token not in str(TeamLink.objects.values().get())
        found = link_of(token)
        assert found is not None
        assert found.team == team
        assert link.ends_on == date(2020, 12, 6)

    def test_another_takes_its_place(self, worker: User, team: Team, opened: Any) -> None:
        _, token = open_link(by=worker, team=team, months=3)
        assert link_of(opened[1]) is None
        assert link_of(token) is not None
        with pytest.raises(IntegrityError), transaction.atomic():
            TeamLink.objects.create(
                station=team.station, team=team, token_hash="x", ends_on=TODAY, entered_by=worker
            )  # fmt: skip

    def test_it_ends_by_its_day_by_hand_and_with_the_team(self, worker: User, team: Team, opened: Any) -> None:
        assert link_holds(opened[0], date(2020, 12, 6))
        assert not link_holds(opened[0], date(2020, 12, 7))
        move_team(by=worker, team=team, version=1, to=TeamStage.ENDED, on=TODAY, reason="队员都外出了")
        assert link_of(opened[1]) is None
        with pytest.raises(Refused, match="已停止活动"):
            open_link(by=worker, team=team, months=3)
        end_link(by=worker, team=team)
        with pytest.raises(Refused, match="没有开着的队长页"):
            end_link(by=worker, team=team)

    def test_another_station_opens_none(self, stranger: User, team: Team) -> None:
        with pytest.raises(NotAllowed):
            open_link(by=stranger, team=team, months=3)

    def test_the_page_shows_it_once(self, client_for: Asks, worker: User, team: Team, member: Volunteer) -> None:
        client, url = client_for(worker), reverse("team-link", args=[team.pk])
        page = text_of(client.post(url, {"months": "3"}))
        assert "/team-page/" in page
        assert "<svg" in page
        assert "/team-page/" not in text_of(client.get(url))
        assert client.post(url, {"months": "40"}).status_code == 422
        page = text_of(client.post(reverse("team-link-end", args=[team.pk]), follow=True))
        assert "都打不开了" in page


class TestHandingIn:
    def test_it_waits_counts_nowhere_and_becomes_a_service_once(
        self, city: City, worker: User, link: TeamLink, member: Volunteer
    ) -> None:
        report = send_report(link=link, entry=told((member, 2), people=4, note="水里都是瓶子", sender="卓望"))
        assert not ServiceRecord.objects.exists()
        service = accept_report(by=worker, report=report, version=1)
        assert accept_report(by=worker, report=report, version=1).pk == service.pk
        assert VolunteerHours.objects.get().hours == 2
        assert service.record.occurred_on == DAY
        assert "另有 3 位不在队员名单上" in service.summary
        assert BY_CODE["T3"].value(Ask(SPAN, city.root)) == 2
        report.refresh_from_db()
        assert (report.state, report.decided_by, report.record_id) == ("accepted", worker, service.pk)

    def test_sent_twice_it_is_one(self, link: TeamLink, member: Volunteer) -> None:
        entry = told((member, 2))
        assert send_report(link=link, entry=entry).pk == send_report(link=link, entry=entry).pk
        assert TeamReportHelper.objects.count() == 1

    def test_the_trail_names_the_team_and_nobody_else(self, worker: User, link: TeamLink, member: Volunteer) -> None:
        report = send_report(link=link, entry=told((member, 2)))
        return_report(by=worker, report=report, version=1, answer="请补上谁参加了")
        told_of = [str(event) for event in AuditEvent.objects.filter(kind__startswith="team_report.")]
        kinds = AuditEvent.objects.filter(kind__startswith="team_report.").order_by("at").values_list("kind", "by_name")
        assert list(kinds) == [("team_report.sent", "系统"), ("team_report.returned", worker.display_name)]
        assert not any("卓望" in one for one in told_of)

    @pytest.mark.parametrize(
        ("more", "field", "sentence"),
        [
            ({"occurred_on": date(2020, 6, 7)}, "occurred_on", "今天之后"),
            ({"occurred_on": date(2020, 4, 6)}, "occurred_on", "最近 60 天"),
            ({"title": " "}, "title", "请写明做了什么"),
            ({"people": 0}, "people", "不能比这少"),
            ({"first": time(8), "last": time(9)}, "hours", "只有 1 小时"),
            ({"first": time(8)}, "first", "都填"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, link: TeamLink, member: Volunteer, more: Any, field: str, sentence: str
    ) -> None:
        with pytest.raises(Refused, match=sentence) as refused:
            send_report(link=link, entry=told((member, 2), **more))
        assert refused.value.findings[0].field == field
        assert not TeamReport.objects.exists()

    def test_a_day_has_no_more_than_twenty_four_hours(
        self, city: City, worker: User, link: TeamLink, member: Volunteer
    ) -> None:
        a_service(city.chengdong, worker, hours(member, 10), on=DAY, title="守夜")
        send_report(link=link, entry=told((member, 10), title="巡村"))
        with pytest.raises(Refused, match="合计 25 小时，超过 24 小时") as refused:
            send_report(link=link, entry=told((member, 5)))
        assert "「已登记的另一次服务」10 小时" in str(refused.value)
        assert "守夜" not in str(refused.value)

    def test_nobody_is_at_two_places_at_once(self, city: City, worker: User, link: TeamLink, member: Volunteer) -> None:
        a_service(city.chengdong, worker, hours(member, 2, first=time(8), last=time(10)), on=DAY)
        with pytest.raises(Refused, match="两处时间重叠"):
            send_report(link=link, entry=told((member, 2), first=time(9), last=time(11)))
        send_report(link=link, entry=told((member, 2), first=time(10), last=time(12)))
        with pytest.raises(Refused, match="两处时间重叠"):
            send_report(link=link, entry=told((member, 1), first=time(11), last=time(12)))

    def test_what_was_written_meanwhile_is_told_where_it_is_accepted(
        self, city: City, worker: User, link: TeamLink, member: Volunteer
    ) -> None:
        report = send_report(link=link, entry=told((member, 2), first=time(9), last=time(11)))
        a_service(city.chengdong, worker, hours(member, 2, first=time(8), last=time(10)), on=DAY, title="守夜")
        with pytest.raises(Refused, match="「守夜」"):
            accept_report(by=worker, report=report, version=1)
        report.refresh_from_db()
        assert report.state == "waiting"

    def test_only_members_of_the_day_are_named(
        self, city: City, worker: User, link: TeamLink, team: Team, member: Volunteer
    ) -> None:
        other = a_volunteer(city.chengdong, worker, "林二")
        with pytest.raises(Refused, match="有人那天不是队员"):
            send_report(link=link, entry=told((other, 1)))
        membership = join_team(by=worker, team=team, volunteer=other, starts_on=SINCE)
        end_membership(by=worker, member=membership, ends_on=date(2020, 5, 20))
        with pytest.raises(Refused, match="林二那天不是队员"):
            send_report(link=link, entry=told((other, 1)))
        send_report(link=link, entry=told((other, 1), occurred_on=date(2020, 5, 20)))

    def test_no_more_waits_than_a_station_can_look_at(self, link: TeamLink, member: Volunteer) -> None:
        for number in range(WAITING_MOST):
            send_report(link=link, entry=told((member, 1), occurred_on=DAY - timedelta(days=number)))
        with pytest.raises(Refused, match=f"已有 {WAITING_MOST} 次在等"):
            send_report(link=link, entry=told((member, 1)))

    def test_a_link_that_ended_takes_nothing(self, worker: User, team: Team, link: TeamLink, member: Volunteer) -> None:
        report = send_report(link=link, entry=told((member, 1)))
        end_link(by=worker, team=team)
        for act in (
            lambda: send_report(link=link, entry=told((member, 1))),
            lambda: amend_report(link=link, report=report, version=1, entry=told((member, 1))),
            lambda: withdraw_report(link=link, report=report, version=1),
        ):
            with pytest.raises(NotAllowed):
                act()

    def test_sent_back_it_is_mended_and_waits_again(self, worker: User, link: TeamLink, member: Volunteer) -> None:
        report = send_report(link=link, entry=told((member, 1)))
        return_report(by=worker, report=report, version=1, answer="时长请核对")
        with pytest.raises(Conflict):
            amend_report(link=link, report=report, version=1, entry=told((member, 2)))
        now = amend_report(link=link, report=report, version=2, entry=told((member, 2)))
        assert (now.state, now.answer, now.decided_by) == ("waiting", "", None)
        assert TeamReportHelper.objects.get().hours == 2
        with pytest.raises(Conflict):
            accept_report(by=worker, report=report, version=1)
        refuse_report(by=worker, report=report, version=3, answer="那天下大雨没有做")
        with pytest.raises(Refused, match="已经办完"):
            withdraw_report(link=link, report=report, version=4)
        with pytest.raises(Refused, match="不用再办"):
            accept_report(by=worker, report=report, version=4)

    def test_an_answer_says_why(self, worker: User, link: TeamLink, member: Volunteer) -> None:
        report = send_report(link=link, entry=told((member, 1)))
        with pytest.raises(Refused, match="队长看得懂"):
            return_report(by=worker, report=report, version=1, answer=" ")

    def test_taken_back_it_is_nobodys(self, link: TeamLink, member: Volunteer, worker: User) -> None:
        report = send_report(link=link, entry=told((member, 1)))
        assert withdraw_report(link=link, report=report, version=1).state == "withdrawn"
        with pytest.raises(Refused, match="自己收回"):
            accept_report(by=worker, report=report, version=2)

    def test_another_teams_is_not_there(self, city: City, stranger: User, link: TeamLink, member: Volunteer) -> None:
        report = send_report(link=link, entry=told((member, 1)))
        with pytest.raises(NotAllowed):
            accept_report(by=stranger, report=report, version=1)
        other, theirs = _other_team(city.dongzhou, stranger)
        with pytest.raises(NotAllowed):
            amend_report(link=other, report=report, version=1, entry=told((theirs, 1)))

    @pytest.mark.parametrize(
        "broken",
        [
            {"title": ""}, {"people": 0}, {"first": time(9), "last": time(8)}, {"state": "accepted"},
            {"state": "returned"}, {"state": "refused", "answer": "x"}, {"last": time(8)},
        ],
    )  # fmt: skip
    def test_the_database_refuses_nonsense(self, link: TeamLink, member: Volunteer, broken: dict[str, Any]) -> None:
        report = send_report(link=link, entry=told((member, 1)))
        with pytest.raises(IntegrityError), transaction.atomic():
            TeamReport.objects.filter(pk=report.pk).update(**broken)
        with pytest.raises(IntegrityError), transaction.atomic():
            TeamReportHelper.objects.update(hours=25)
        with pytest.raises(IntegrityError), transaction.atomic():
            TeamReportHelper.objects.create(station=report.station, report=report, volunteer=member, hours=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            TeamReport.objects.create(
                station=report.station, team=report.team, client_id=report.client_id, occurred_on=DAY, title="x",
                people=1,
            )  # fmt: skip


def _other_team(station: OrgUnit, by: User) -> tuple[TeamLink, Volunteer]:
    from tests.volunteers.conftest import a_team

    team, theirs = a_team(station, by, "东一队"), a_volunteer(station, by, "林三")
    join_team(by=by, team=team, volunteer=theirs, starts_on=SINCE)
    return open_link(by=by, team=team, months=3)[0], theirs


class TestTheLeadersPage:
    def test_anybody_with_the_address_writes_and_sees_what_became_of_it(
        self, client: Client, page: str, member: Volunteer, worker: User
    ) -> None:
        answer = client.get(page)
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in answer["Cache-Control"]
        for said in ("只给赤山村巾帼志愿队的队长", "卓望", "还没有交过"):
            assert said in text_of(answer)
        assert "<script" not in text_of(answer)
        form = sent(client, page, member)
        answer = client.post(page, form, follow=True)
        assert "已经收到" in text_of(answer)
        assert "等社工站核对" in text_of(answer)
        client.post(page, form)
        report = TeamReport.objects.get()
        return_report(by=worker, report=report, version=1, answer="请补上在哪里做的")
        assert "社工站：请补上在哪里做的" in text_of(client.get(page))
        mending = f"{page}{report.pk}/"
        assert 'value="清理河道"' in text_of(client.get(mending))
        client.post(mending, sent(client, mending, member, place="村口", version="2"))
        report.refresh_from_db()
        assert (report.place, report.state, report.version) == ("村口", "waiting", 3)
        client.post(mending, {"withdraw": "1", "version": "3"})
        report.refresh_from_db()
        assert report.state == "withdrawn"
        assert client.get(mending).status_code == 302

    def test_somebody_who_stayed_longer_has_hours_of_their_own(
        self, client: Client, page: str, city: City, worker: User, team: Team, member: Volunteer
    ) -> None:
        other = a_volunteer(city.chengdong, worker, "林二")
        join_team(by=worker, team=team, volunteer=other, starts_on=SINCE)
        both = [str(member.pk), str(other.pk)]
        client.post(page, sent(client, page, member, volunteers=both, **{f"own-{other.pk}": "3.5"}))
        rows = TeamReportHelper.objects.values_list("volunteer", "hours")
        assert dict(rows) == {member.pk: Decimal(2), other.pk: Decimal("3.5")}
        report = TeamReport.objects.get()
        shown = text_of(client.get(f"{page}{report.pk}/"))
        assert 'value="3.5"' in shown
        assert "<details open>" in shown

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"hours": ""}, "请填时长"),
            ({"volunteers": []}, "请点选参加的队员"),
            ({"occurred_on": "昨天"}, "这不是一个日期"),
            ({"made": ""}, "您填的都还在"),
            ({"website": "http://x"}, "机器人"),
            ({"people": "x"}, "请填整数"),
        ],
    )
    def test_what_was_typed_stays(
        self, client: Client, page: str, member: Volunteer, more: dict[str, Any], sentence: str
    ) -> None:
        answer = client.post(page, sent(client, page, member, note="写了半天") | more)
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert "写了半天" in text_of(answer)
        assert not TeamReport.objects.exists()

    def test_somebody_else_mended_first(self, client: Client, page: str, member: Volunteer) -> None:
        client.post(page, sent(client, page, member))
        mending = f"{page}{TeamReport.objects.get().pk}/"
        client.post(mending, sent(client, mending, member, version="1", title="先改的"))
        answer = client.post(mending, sent(client, mending, member, version="1", title="后改的"))
        assert answer.status_code == 422
        assert "已经改过" in text_of(answer)
        assert "后改的" in text_of(answer)
        assert TeamReport.objects.get().title == "先改的"

    def test_an_address_that_opens_nothing_says_so_and_no_more(
        self, client: Client, page: str, worker: User, team: Team
    ) -> None:
        never = client.get(reverse("team-page", args=["neverwas"]))
        end_link(by=worker, team=team)
        ended = client.get(page)
        assert (never.status_code, ended.status_code) == (404, 404)
        assert text_of(never) == text_of(ended)
        assert "请找您认识的社工" in text_of(ended)
        assert client.post(page, {}).status_code == 404

    def test_a_robot_fills_no_station(
        self, client: Client, page: str, member: Volunteer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Sent a hundred times, twenty wait; then the network address is told to wait, and what was typed is there."""
        monkeypatch.setattr(strangers, "SENDINGS", Limit("提交", most=60, seconds=600))
        days = [DAY - timedelta(days=number % 50) for number in range(100)]
        answers = [
            client.post(page, sent(client, page, member, occurred_on=f"{day:%Y-%m-%d}", hours="0.1")) for day in days
        ]
        codes = [one.status_code for one in answers]
        assert TeamReport.objects.count() == WAITING_MOST
        assert codes.count(302) == WAITING_MOST
        assert codes.count(422) == strangers.SENDINGS.most - WAITING_MOST
        assert codes[-1] == 429
        assert "清理河道" in text_of(answers[-1])

    def test_it_takes_as_many_queries_for_many(
        self, client: Client, page: str, city: City, worker: User, team: Team, link: TeamLink, member: Volunteer
    ) -> None:
        client.get(page)
        with CaptureQueriesContext(connection) as few:
            client.get(page)
        for number in range(3):
            other = enter_volunteer(by=worker, entry=_named(city, f"林{number}号"), acknowledged=True)
            join_team(by=worker, team=team, volunteer=other, starts_on=SINCE)
            send_report(link=link, entry=told((other, 1)))
        with CaptureQueriesContext(connection) as many:
            client.get(page)
        assert len(few) == len(many)


def _named(city: City, name: str) -> Any:
    from shuangbai.volunteers.entries import VolunteerEntry

    return VolunteerEntry(city.chengdong, SINCE, name=name)


class TestTheStationsPage:
    def test_it_waits_on_today_and_is_taken(
        self, client_for: Asks, worker: User, link: TeamLink, member: Volunteer
    ) -> None:
        client = client_for(worker)
        report = send_report(link=link, entry=told((member, 2), people=3))
        assert "志愿队的队长交来 1 次服务" in text_of(client.get(reverse("today")))
        assert "队长交来的 1 次等核对" in text_of(client.get(reverse("team-list")))
        listed = text_of(client.get(reverse("team-reports")))
        url = reverse("team-report", args=[report.pk])
        assert url in listed
        assert "另有 2 位" in text_of(client.get(url))
        answer = client.post(url, {"decision": "accept", "version": "1"}, follow=True)
        assert "时长算到各位队员名下" in text_of(answer)
        assert "没有等核对的" in text_of(client.get(reverse("team-reports")))
        assert "看记入的服务" in text_of(client.get(url))

    def test_it_is_sent_back_and_refused_with_words(
        self, client_for: Asks, worker: User, link: TeamLink, member: Volunteer
    ) -> None:
        client = client_for(worker)
        one, two = (send_report(link=link, entry=told((member, 2), title=title)) for title in ("甲", "乙"))
        url = reverse("team-report", args=[one.pk])
        assert client.post(url, {"decision": "return", "version": "1"}).status_code == 422
        assert client.post(url, {"decision": "sing", "version": "1"}).status_code == 404
        assert client.post(url, {"decision": "return", "version": "1", "answer": "请补上时间"}).status_code == 302
        stale = client.post(url, {"decision": "accept", "version": "1"})
        assert (stale.status_code, "改过了" in text_of(stale)) == (409, True)
        client.post(reverse("team-report", args=[two.pk]), {"decision": "refuse", "version": "1", "answer": "已记过"})
        states = TeamReport.objects.order_by("title").values_list("title", "state")
        assert sorted(states) == [("乙", "refused"), ("甲", "returned")]

    def test_another_stations_is_not_there(
        self, client_for: Asks, stranger: User, supervisor: User, link: TeamLink, member: Volunteer
    ) -> None:
        report = send_report(link=link, entry=told((member, 2)))
        for user in (stranger, supervisor):
            assert client_for(user).get(reverse("team-report", args=[report.pk])).status_code == 404
        assert "没有等核对的" in text_of(client_for(stranger).get(reverse("team-reports")))
        assert client_for(supervisor).get(reverse("team-reports")).status_code == 404
