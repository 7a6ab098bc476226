"""A volunteer who is not on file is forgotten as anybody is: nobody finds them, and every figure is what it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.lives.actions.erasing import ask_volunteer_erasure, decide_erasure, withdraw_erasure
from shuangbai.lives.enums import ErasureBasis
from shuangbai.lives.models import Erasure
from shuangbai.network.models import User
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.volunteers.actions.certifying import CertificateEntry, issue_certificate
from shuangbai.volunteers.actions.leading import open_link, send_report
from shuangbai.volunteers.actions.people import change_volunteer, leave, note_merit
from shuangbai.volunteers.actions.teams import join_team
from shuangbai.volunteers.entries import MeritEntry, TeamReportEntry, VolunteerEntry
from shuangbai.volunteers.enums import MeritKind
from shuangbai.volunteers.models import Volunteer, VolunteerHours
from tests.cast import TODAY, City, a_family, a_visit, an_activity
from tests.lives.test_erasure import everything
from tests.volunteers.conftest import SINCE, a_service, a_team, a_volunteer, hours
from tests.volunteers.test_hours import SPAN

pytestmark = pytest.mark.django_db
Asks = Callable[[User], Client]
NAME, ID, PHONE = "卓望海", "11010519491231002X", "19900000404"
WHY = "本人于6月1日书面要求删除"


@pytest.fixture
def told(city: City, worker: User) -> Volunteer:
    """A volunteer with everything about them, who left yesterday."""
    station = city.chengdong
    who = a_volunteer(
        station, worker, NAME, id_no=ID, phone=PHONE, birth_date=date(1949, 12, 31), sex="2", skills="潮汕锣鼓",
        guardian="无", note=f"{NAME}的女儿在外地", platform_no="GD0001",
    )  # fmt: skip
    team = a_team(station, worker)
    join_team(by=worker, team=team, volunteer=who, starts_on=SINCE)
    a_service(station, worker, hours(who, 2, task=f"{NAME}带队"), title=f"{NAME}带头清扫", team_id=team.pk)
    an_activity(station, worker, summary=f"志愿者{NAME}唱了歌")
    a_visit(station, worker, a_family(station, worker), narrative=f"{NAME}陪同入户")
    note_merit(by=worker, about=who, entry=MeritEntry(MeritKind.AWARD, TODAY, f"{NAME}获奖", note=NAME))
    issue_certificate(by=worker, volunteer=who, entry=CertificateEntry(SINCE, TODAY))
    link, _ = open_link(by=worker, team=team, months=3)
    said = TeamReportEntry(date(2020, 6, 1), "巡河", 1, [(who.pk, hours(who, 1).hours)], sender=NAME, note=f"{NAME}带")
    send_report(link=link, entry=said)
    entry = VolunteerEntry(
        station, SINCE, name="卓忘海", id_no=ID, phone=PHONE, birth_date=date(1949, 12, 31), sex="2"
    )  # fmt: skip
    change_volunteer(by=worker, volunteer=who, version=1, entry=entry, acknowledged=True)
    entry.name = NAME
    change_volunteer(by=worker, volunteer=who, version=2, entry=entry, acknowledged=True)
    return leave(by=worker, volunteer=who, version=3, until=date(2020, 6, 5), reason=f"{NAME}搬家")


def erase(volunteer: Volunteer, head: User, officer: User) -> Erasure:
    row = ask_volunteer_erasure(by=head, volunteer=volunteer, basis=ErasureBasis.ASKED, reason=WHY)
    return decide_erasure(by=officer, erasure=row, agrees=True, answer="材料齐全")


def figures(city: City) -> dict[str, Any]:
    return {code: BY_CODE[code].value(Ask(SPAN, city.root)) for code in ("T1", "T2", "T2A", "T3")}


def test_no_table_no_history_and_no_trail_holds_them_and_every_count_is_as_it_was(
    city: City, head: User, officer: User, told: Volunteer
) -> None:
    before, counted = everything(), figures(city)
    assert all(word in before for word in (NAME, ID, PHONE, "卓忘海", "潮汕锣鼓", "GD0001"))
    done = erase(told, head, officer)
    after = everything()
    for word in (NAME, ID, PHONE, "卓忘海", "潮汕锣鼓", "GD0001", json.dumps(NAME)[1:-1]):
        assert word not in after, [line for line in after.splitlines() if word in line][:3]
    assert figures(city) == counted
    assert counted["T2A"] == 1
    assert VolunteerHours.objects.get().hours == 2
    now = Volunteer.objects.get(pk=told.pk)
    assert (now.name, now.sex, now.birth_date, now.forgotten) == ("已匿名", "2", date(1949, 1, 1), True)
    assert done.counts["rows"] > 0
    assert len(done.to_check) == 1


def test_another_of_the_same_name_keeps_theirs(
    city: City, stranger: User, head: User, officer: User, told: Volunteer
) -> None:
    other = a_volunteer(city.dongzhou, stranger, NAME)
    erase(told, head, officer)
    other.refresh_from_db()
    assert other.name == NAME
    assert Volunteer.objects.get(pk=told.pk).name == "已匿名"


def test_it_is_asked_by_the_head_and_decided_by_another(
    worker: User, head: User, officer: User, stranger: User, told: Volunteer
) -> None:
    said: dict[str, Any] = {"volunteer": told, "basis": ErasureBasis.ASKED}
    for nobody in (worker, stranger, officer):
        with pytest.raises(NotAllowed):
            ask_volunteer_erasure(by=nobody, reason=WHY, **said)
    with pytest.raises(Refused, match="请写明事由"):
        ask_volunteer_erasure(by=head, reason=" ", **said)
    row = ask_volunteer_erasure(by=head, reason=WHY, **said)
    with pytest.raises(Refused, match="已经申请过"):
        ask_volunteer_erasure(by=head, reason=WHY, **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        Erasure.objects.create(station=row.station, volunteer=told, basis="asked", reason=WHY, entered_by=head)
    withdraw_erasure(by=head, erasure=row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Erasure.objects.create(station=row.station, basis="asked", reason=WHY, entered_by=head)


def test_who_serves_or_is_on_file_is_not_asked_for_here(city: City, worker: User, head: User) -> None:
    serving = a_volunteer(city.chengdong, worker, "林二")
    with pytest.raises(Refused, match="还在做志愿者"):
        ask_volunteer_erasure(by=head, volunteer=serving, basis=ErasureBasis.ASKED, reason=WHY)
    person = a_family(city.chengdong, worker).people[0]
    known = a_volunteer(city.chengdong, worker, person_id=person.pk)
    with pytest.raises(Refused, match="从他的家庭申请"):
        ask_volunteer_erasure(by=head, volunteer=known, basis=ErasureBasis.ASKED, reason=WHY)


def test_of_who_was_forgotten_nothing_more_is_written(worker: User, head: User, officer: User, told: Volunteer) -> None:
    erase(told, head, officer)
    for act in (
        lambda: leave(by=worker, volunteer=told, version=told.version, until=None, reason=""),
        lambda: note_merit(by=worker, about=Volunteer.objects.get(pk=told.pk), entry=MeritEntry("award", TODAY, "奖")),
        lambda: issue_certificate(
            by=worker, volunteer=Volunteer.objects.get(pk=told.pk), entry=CertificateEntry(SINCE, TODAY)
        ),
        lambda: ask_volunteer_erasure(by=head, volunteer=told, basis=ErasureBasis.ASKED, reason=WHY),
    ):
        with pytest.raises(Refused, match="抹去"):
            act()


def test_by_the_pages(client_for: Asks, worker: User, head: User, officer: User, told: Volunteer) -> None:
    url = reverse("volunteer-erasure", args=[told.pk])
    page = client_for(worker).get(reverse("volunteer", args=[told.pk])).content.decode()
    assert url not in page
    asks, decides = client_for(head), client_for(officer)
    assert url in asks.get(reverse("volunteer", args=[told.pk])).content.decode()
    assert NAME in asks.get(url).content.decode()
    assert asks.post(url, {"basis": "asked", "reason": WHY}).status_code == 422
    asked = asks.post(url, {"basis": "asked", "reason": WHY, "sure": "on"})
    assert asked.status_code == 302
    shown = decides.get(reverse("erasure-list")).content.decode()
    assert NAME not in shown
    row = Erasure.objects.get()
    assert NAME not in decides.get(reverse("erasure", args=[row.pk])).content.decode()
    assert NAME in asks.get(reverse("erasure", args=[row.pk])).content.decode()
    decides.post(reverse("erasure-decide", args=[row.pk]), {"does": "agree", "answer": "材料齐全"})
    after = asks.get(reverse("volunteer", args=[told.pk])).content.decode()
    assert "已依法抹去" in after
    assert "出具证明" not in after
