"""Pages of volunteers: tapping names, forms that come back, two people at once, certificates, who sees what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.ids import random_id
from shuangbai.core.models import AuditEvent
from shuangbai.network.models import User
from shuangbai.volunteers import pdf
from shuangbai.volunteers.actions.certifying import CertificateEntry, issue_certificate, withdraw_certificate
from shuangbai.volunteers.actions.hours import give_hours
from shuangbai.volunteers.actions.people import leave, note_merit
from shuangbai.volunteers.actions.teams import join_team
from shuangbai.volunteers.entries import MeritEntry
from shuangbai.volunteers.enums import MeritKind
from shuangbai.volunteers.models import Certificate, Organisation, Team, TeamService, Volunteer, VolunteerHours
from tests.cast import TODAY, City, a_family, an_activity
from tests.volunteers.conftest import SINCE, a_service, a_volunteer, hours

Asks = Callable[[User], Client]
ID = "11010519491231002X"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


class TestVolunteers:
    def test_one_is_entered_and_shown(self, client_for: Asks, worker: User) -> None:
        sent = {"name": "卓望海", "since": "2019-03-05", "phone": "19900000404", "skills": "理发", "times": ["weekend"],
                "client_id": str(random_id())}  # fmt: skip
        client = client_for(worker)
        page = text_of(client.post(reverse("volunteer-new"), sent, follow=True))
        for said in ("卓望海", "理发", "周末", "*******0404", "还没有登记时长"):
            assert said in page
        assert "19900000404" not in page
        assert client.post(reverse("volunteer-new"), sent).status_code == 302
        assert Volunteer.objects.count() == 1

    def test_bad_input_comes_back_with_what_was_typed(self, client_for: Asks, worker: User) -> None:
        answer = client_for(worker).post(reverse("volunteer-new"), {"since": "2021-01-01", "skills": "说到一半"})
        assert answer.status_code == 422
        assert "说到一半" in text_of(answer)
        assert "请填写姓名" in text_of(answer)

    def test_somebody_of_a_family_is_picked_and_not_typed(self, client_for: Asks, city: City, worker: User) -> None:
        person = a_family(city.chengdong, worker).people[0]
        client = client_for(worker)
        assert person.name in text_of(client.get(f"{reverse('volunteer-new')}?person={person.pk}"))
        client.post(reverse("volunteer-new"), {"person": str(person.pk), "since": "2019-03-05"})
        one = Volunteer.objects.get()
        assert (one.person, one.name) == (person, "")
        assert reverse("person", args=[person.pk]) in text_of(client.get(reverse("volunteer", args=[one.pk])))

    def test_the_second_of_two_sees_both_versions(
        self, client_for: Asks, worker: User, colleague: User, volunteer: Volunteer
    ) -> None:
        url = reverse("volunteer-edit", args=[volunteer.pk])
        sent = {"name": "卓望", "since": "2019-03-05", "version": "1"}
        client_for(colleague).post(url, {**sent, "skills": "会修水电"})
        answer = client_for(worker).post(url, {**sent, "skills": "会开三轮车"})
        assert answer.status_code == 409
        assert "会修水电" in text_of(answer)
        assert "会开三轮车" in text_of(answer)
        assert 'name="version" value="2"' in text_of(answer)

    def test_a_masked_value_left_empty_stays(self, client_for: Asks, city: City, worker: User) -> None:
        one = a_volunteer(city.chengdong, worker, id_no=ID, phone="19900000404", guardian="母亲 19900000505")
        sent = {"name": "卓望", "since": "2019-03-05", "version": "1", "skills": "做饭"}
        client_for(worker).post(reverse("volunteer-edit", args=[one.pk]), sent)
        one = Volunteer.objects.get()
        assert (one.id_no, one.phone, one.guardian) == (ID, "19900000404", "母亲 19900000505")
        client_for(worker).post(reverse("volunteer-edit", args=[one.pk]), {**sent, "version": "2", "drop_phone": "on"})
        assert (Volunteer.objects.get().phone, Volunteer.objects.get().id_no) == ("", ID)

    def test_what_is_masked_is_opened_for_a_reason(self, client_for: Asks, city: City, worker: User) -> None:
        one = a_volunteer(city.chengdong, worker, phone="19900000404")
        url = f"{reverse('volunteer-unmask', args=[one.pk])}?what=phone"
        client = client_for(worker)
        assert "请选择查看理由" in text_of(client.post(url, {}, follow=True))
        assert not AuditEvent.objects.filter(kind="volunteer.unmasked").exists()
        assert "19900000404" in text_of(client.post(url, {"reason": "reach"}))
        assert "19900000404" in text_of(client.post(url, {"reason": "reach"}, headers={"HX-Request": "true"}))
        assert AuditEvent.objects.filter(kind="volunteer.unmasked").count() == 2

    def test_the_list_is_found_in_and_takes_as_many_queries_for_one_as_for_many(
        self, client_for: Asks, city: City, worker: User
    ) -> None:
        client, counts = client_for(worker), []
        a_service(city.chengdong, worker, hours(a_volunteer(city.chengdong, worker, "卓望海")))
        for many in (0, 5):
            for number in range(many):
                a_service(city.chengdong, worker, hours(a_volunteer(city.chengdong, worker, f"林{number}")))
            client.get(reverse("volunteer-list"))
            with CaptureQueriesContext(connection) as asked:
                page = text_of(client.get(reverse("volunteer-list")))
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 12
        assert "6 名" in page
        page = text_of(client.get(f"{reverse('volunteer-list')}?q=zwh"))
        assert "卓望海" in page
        assert "林3" not in page
        assert "没有符合条件的志愿者" in text_of(client.get(f"{reverse('volunteer-list')}?q=查无此人"))

    def test_the_suggestions_are_of_ones_own_station(
        self, client_for: Asks, city: City, worker: User, stranger: User, volunteer: Volunteer
    ) -> None:
        url = f"{reverse('volunteer-suggest')}?q=卓"
        assert [one["text"] for one in client_for(worker).get(url).json()["results"]] == ["卓望"]
        assert client_for(stranger).get(url).json()["results"] == []

    def test_leaving_by_the_page(self, client_for: Asks, worker: User, volunteer: Volunteer) -> None:
        url = reverse("volunteer-leave", args=[volunteer.pk])
        assert client_for(worker).post(url, {"until": "2018-01-01", "version": "1"}).status_code == 422
        page = text_of(client_for(worker).post(url, {"until": "2020-06-01", "version": "1"}, follow=True))
        assert "2020-06-01 退出" in page
        assert client_for(worker).post(url, {"until": "2020-06-01", "version": "1"}).status_code == 409


class TestHours:
    def test_names_are_tapped_on_an_activitys_page(
        self, client_for: Asks, city: City, worker: User, volunteer: Volunteer
    ) -> None:
        activity = an_activity(city.chengdong, worker, volunteers=3, volunteer_hours=Decimal(6))
        client, url = client_for(worker), reverse("volunteer-hours", args=[activity.pk])
        assert url in text_of(client.get(reverse("activity", args=[activity.pk])))
        page = text_of(client.get(url))
        assert "志愿者 3 人，合计 6 小时" in page
        assert "卓望" in page
        typed = a_volunteer(city.chengdong, worker, "林二")
        sent = {"volunteers": [str(volunteer.pk)], "others": [str(typed.pk)], "hours": "2", "task": "带组"}
        page = text_of(client.post(url, sent, follow=True))
        assert "2 人，合计 4 小时" in page
        assert "卓望 2 小时" in text_of(client.get(reverse("activity", args=[activity.pk])))

    def test_too_many_hours_come_back_with_the_names_still_tapped(
        self, client_for: Asks, city: City, worker: User, volunteer: Volunteer
    ) -> None:
        activity = an_activity(city.chengdong, worker, volunteers=1, volunteer_hours=Decimal(1))
        url = reverse("volunteer-hours", args=[activity.pk])
        sent = {"volunteers": [str(volunteer.pk)], "hours": "2"}
        answer = client_for(worker).post(url, sent)
        assert answer.status_code == 422
        assert "先更正活动的合计" in text_of(answer)
        assert f'value="{volunteer.pk}"' in text_of(answer)
        assert "checked" in text_of(answer)
        assert client_for(worker).post(url, {"hours": "2"}).status_code == 422
        assert not VolunteerHours.objects.exists()

    def test_corrected_and_voided_by_pages(
        self, client_for: Asks, city: City, worker: User, volunteer: Volunteer
    ) -> None:
        [row] = give_hours(by=worker, record=an_activity(city.chengdong, worker).record, entries=[hours(volunteer)])
        client, url = client_for(worker), reverse("hours-correct", args=[row.pk])
        assert client.post(url, {"hours": "3", "version": "1"}).status_code == 422
        assert client.post(url, {"hours": "3", "reason": "填错了", "version": "1"}).status_code == 302
        answer = client.post(url, {"hours": "4", "reason": "填错了", "version": "1"})
        assert answer.status_code == 409
        url = reverse("hours-void", args=[row.pk])
        assert "3 小时" in text_of(client.get(url))
        assert client.post(url, {"reason": "记重了", "version": "2"}).status_code == 302
        assert client.get(url).status_code == 404

    def test_a_teams_own_service(
        self, client_for: Asks, worker: User, officer: User, team: Team, volunteer: Volunteer
    ) -> None:
        join_team(by=worker, team=team, volunteer=volunteer, starts_on=SINCE)
        client, url = client_for(worker), f"{reverse('team-service-new')}?team={team.pk}"
        assert "卓望" in text_of(client.get(url))
        sent = {"occurred_on": "2020-05-02", "team": str(team.pk), "title": "清扫村道", "hours": "2",
                "volunteers": [str(volunteer.pk)], "summary": "卓望带队"}  # fmt: skip
        assert client.post(url, {**sent, "title": ""}).status_code == 422
        page = text_of(client.post(url, sent, follow=True))
        for said in ("清扫村道", "1 人，合计 2 小时", "卓望带队"):
            assert said in page
        service = TeamService.objects.get()
        assert "清扫村道" in text_of(client.get(reverse("team", args=[team.pk])))
        assert "清扫村道" in text_of(client.get(f"{reverse('record-list')}?kind=team_service"))
        assert "志愿队：清扫村道" not in text_of(client.get("/"))
        page = text_of(client_for(officer).get(reverse("team_service", args=[service.pk])))
        assert "卓*" in page
        assert "卓望" not in page
        url = reverse("team-service-correct", args=[service.pk])
        corrected = {"occurred_on": "2020-05-03", "title": "清扫祠堂", "version": "1"}
        assert client.post(url, corrected).status_code == 422
        assert "更正：日期填错" in text_of(client.post(url, {**corrected, "reason": "日期填错"}, follow=True))
        assert client.post(url, {**corrected, "reason": "日期填错"}).status_code == 409

    def test_a_service_with_a_worker_stands_among_their_records(
        self, client_for: Asks, city: City, worker: User, volunteer: Volunteer
    ) -> None:
        a_service(city.chengdong, worker, hours(volunteer), worker_ids=[worker.staff_id])
        assert "志愿队：清扫村道" in text_of(client_for(worker).get("/"))

    @pytest.mark.parametrize(("figure", "said"), [("T1", "0"), ("T2", "1"), ("T2A", "1"), ("T3", "2.5")])
    def test_each_figure_has_its_page_drawn_with_half_hours(
        self, client_for: Asks, city: City, worker: User, officer: User, volunteer: Volunteer, figure: str, said: str
    ) -> None:
        give_hours(by=worker, record=an_activity(city.chengdong, worker).record, entries=[hours(volunteer, 2.5)])
        answer = client_for(officer).get("/reports/number/", {"figure": figure})
        assert answer.status_code == 200
        assert f"<strong>{said}</strong>" in text_of(answer) or f">{said}<" in text_of(answer)


class TestTeams:
    def test_formed_changed_and_carried_on_by_pages(self, client_for: Asks, worker: User, volunteer: Volunteer) -> None:
        client = client_for(worker)
        sent = {"name": "赤山志愿队", "kind": "women", "founded_on": "2019-03-05", "stage": "gathering"}
        assert client.post(reverse("team-new"), {**sent, "name": ""}).status_code == 422
        page = text_of(client.post(reverse("team-new"), sent, follow=True))
        assert "召集中" in page
        team = Team.objects.get()
        url = reverse("team-stage", args=[team.pk])
        assert (
            client.post(url, {"to": "running", "on": "2020-05-01", "reason": "写明", "version": "1"}).status_code == 422
        )
        said = {"to": "growing", "on": "2020-05-01", "reason": "每周六一起做事", "version": "1"}
        assert "每周六一起做事" in text_of(client.post(url, said, follow=True))
        assert client.post(url, said).status_code == 422
        joins = {"volunteer": str(volunteer.pk), "starts_on": "2020-05-01", "role": "leader"}
        assert "队长" in text_of(client.post(reverse("team-join", args=[team.pk]), joins, follow=True))
        assert client.post(reverse("team-join", args=[team.pk]), joins).status_code == 422
        assert "队长 卓望" in text_of(client.get(reverse("team-list")))
        url = reverse("team-edit", args=[team.pk])
        edit = {"name": "赤山村志愿队", "kind": "women", "founded_on": "2019-03-05"}
        assert client.post(url, {**edit, "version": "1"}).status_code == 409
        assert client.post(url, {**edit, "version": "2"}).status_code == 302
        [member] = team.members.all()
        url = reverse("team-member", args=[member.pk])
        client.post(url, {"role": "leader", "ends_on": "2020-06-01"})
        assert "离队的（1 人）" in text_of(client.get(reverse("team", args=[team.pk])))

    def test_an_organisation(self, client_for: Asks, worker: User) -> None:
        client = client_for(worker)
        sent = {"name": "赤山村老年人协会", "kind": "elders", "standing": "filed"}
        answer = client.post(reverse("organisation-new"), sent)
        assert answer.status_code == 422
        assert "还没有填登记号或备案号" in text_of(answer)
        client.post(reverse("organisation-new"), {**sent, "acknowledged": "on"})
        one = Organisation.objects.get()
        url = reverse("organisation-help", args=[one.pk])
        assert client.post(url, {"happened_on": "2020-05-01", "what": ""}).status_code == 422
        assert "协助备案" in text_of(client.post(url, {"happened_on": "2020-05-01", "what": "协助备案"}, follow=True))
        url = reverse("organisation-edit", args=[one.pk])
        assert client.post(url, {**sent, "number": "备1", "version": "1"}).status_code == 302
        assert client.post(url, {**sent, "number": "备2", "version": "1"}).status_code == 409

    def test_nothing_yet_says_what_to_do(self, client_for: Asks, worker: User, officer: User) -> None:
        assert "还没有志愿队" in text_of(client_for(worker).get(reverse("team-list")))
        assert "还没有登记志愿者" in text_of(client_for(worker).get(reverse("volunteer-list")))
        assert "还没有出具过证明" in text_of(client_for(worker).get(reverse("certificate-list")))
        assert client_for(officer).get(reverse("team-list")).status_code == 200
        assert client_for(officer).get(reverse("volunteer-list")).status_code == 404


@pytest.fixture
def served(city: City, worker: User) -> Volunteer:
    """Somebody with an identity number who served twice and was trained."""
    one = a_volunteer(city.chengdong, worker, "卓望海", id_no=ID)
    a_service(city.chengdong, worker, hours(one, 2.5, task="清扫"), village_id=city.chishan.pk, place="祠堂前")
    a_service(city.chengdong, worker, hours(one), on=date(2020, 5, 9), title="探望长者")
    training = MeritEntry(MeritKind.TRAINING, date(2020, 4, 1), "急救培训", "镇卫生院")
    note_merit(by=worker, about=one, entry=training)
    return one


class TestCertificates:
    def test_it_says_what_was_recorded_with_the_stations_next_number(
        self, client_for: Asks, worker: User, head: User, served: Volunteer
    ) -> None:
        client, url = client_for(worker), reverse("certificate-new", args=[served.pk])
        sent = {"first": "2020-01-01", "last": "2020-06-05", "purpose": "评优", "contact": "0660-1234567"}
        assert client.post(url, {**sent, "last": "2020-07-01"}).status_code == 422
        assert client.post(url, {**sent, "last": "2020-02-01"}).status_code == 422
        page = text_of(client.post(url, sent, follow=True))
        told = ("SW-HF-01-ZM2020-0001 卓望海 女 居民身份证 4.5 清扫村道 赤山村，祠堂前 探望长者 急救培训 镇卫生院 评优 "
                "0660-1234567 陈丽娟 林小燕 城东社工站")  # fmt: skip
        for said in told.split():
            assert said in page, said
        assert ID not in page
        client.post(url, sent)
        assert list(Certificate.objects.order_by("serial").values_list("serial", flat=True)) == [1, 2]

    def test_what_it_says_stands_as_it_was_issued(self, worker: User, served: Volunteer, client_for: Asks) -> None:
        made = issue_certificate(by=worker, volunteer=served, entry=CertificateEntry(SINCE, TODAY))
        served.refresh_from_db()
        a_service(served.station, worker, hours(served, 8), on=date(2020, 5, 10))
        leave(by=worker, volunteer=served, version=1, until=TODAY, reason="搬家")
        page = text_of(client_for(worker).get(reverse("certificate", args=[made.pk])))
        assert "4.5" in page
        assert "12.5" not in page

    def test_on_paper_it_has_the_number_and_the_trail_says_so(
        self, client_for: Asks, worker: User, supervisor: User, served: Volunteer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = issue_certificate(by=worker, volunteer=served, entry=CertificateEntry(SINCE, TODAY))
        url = reverse("certificate-print", args=[made.pk])
        assert ID in text_of(client_for(worker).post(url, {"form": "page"}))
        assert AuditEvent.objects.get(kind="certificate.taken").details["number"] == made.number
        assert client_for(supervisor).post(url, {"form": "page"}).status_code == 404
        monkeypatch.setattr(pdf, "available", lambda: False)
        page = text_of(client_for(worker).get(reverse("certificate", args=[made.pk])))
        assert 'value="pdf"' not in page
        assert "pango" in page

    def test_as_a_pdf(self, client_for: Asks, worker: User, served: Volunteer) -> None:
        if not pdf.available():
            pytest.skip("no pango here")
        made = issue_certificate(by=worker, volunteer=served, entry=CertificateEntry(SINCE, TODAY))
        answer = client_for(worker).post(reverse("certificate-print", args=[made.pk]), {"form": "pdf"})
        assert answer.headers["Content-Type"] == "application/pdf"
        assert f"{made.number}.pdf" in answer.headers["Content-Disposition"]
        assert answer.content.startswith(b"%PDF")

    def test_whoever_is_shown_one_looks_up_its_number(
        self, client_for: Asks, worker: User, colleague: User, served: Volunteer
    ) -> None:
        made = issue_certificate(by=worker, volunteer=served, entry=CertificateEntry(SINCE, TODAY))
        client, url = client_for(worker), reverse("certificate-list")
        assert "有效" in text_of(client.get(f"{url}?q=0001"))
        assert "没有这个编号" in text_of(client.get(f"{url}?q=0002"))
        with pytest.raises(NotAllowed):
            withdraw_certificate(by=colleague, certificate=made, version=1, reason="写错了")
        back = reverse("certificate-withdraw", args=[made.pk])
        assert client.post(back, {"version": "1"}).status_code == 422
        assert "不再有效" in text_of(client.post(back, {"reason": "写错了", "version": "1"}, follow=True))
        assert "已收回" in text_of(client.get(f"{url}?q=0001"))
        assert "不能再打印" in text_of(
            client.post(reverse("certificate-print", args=[made.pk]), {"form": "page"}, follow=True)
        )

    def test_nothing_is_certified_that_was_not(self, worker: User, volunteer: Volunteer) -> None:
        with pytest.raises(Refused, match="没有登记过服务时长"):
            issue_certificate(by=worker, volunteer=volunteer, entry=CertificateEntry(SINCE, TODAY))
