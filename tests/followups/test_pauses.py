"""A paused file: open and counted, and nothing of it falls due but the end that was planned."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.followups.enums import State
from shuangbai.followups.queries import families_due, reminders
from shuangbai.households.enums import CloseReason, Grade, PauseReason
from shuangbai.households.files import close_file, pause_file, resume_file
from shuangbai.households.models import FilePause
from shuangbai.rounds.weeks import known_of, proposal
from tests.cast import TODAY, a_visit
from tests.followups.test_due import a_graded_family
from tests.reports.test_people import numbers

pytestmark = pytest.mark.django_db
MAY = date(2020, 5, 1)
AUGUST = date(2020, 8, 1)


@pytest.fixture
def family(city: Any, worker: Any) -> Any:
    """Yellow, met last on 20 April: due on 20 May."""
    family = a_graded_family(city.chengdong, worker, Grade.YELLOW)
    a_visit(city.chengdong, worker, family, on=date(2020, 4, 20))
    return family


def paused(by: Any, family: Any, since: date = MAY, until: date = AUGUST, **more: Any) -> FilePause:
    said = {"reason": PauseReason.HOSPITAL, "note": "市人民医院", **more}
    return pause_file(by=by, file=family.file, starts_on=since, planned_on=until, **said)


def due(day: date = TODAY) -> Any:
    return families_due(None, day)[0].due


class TestTheDate:
    def test_nothing_falls_due_before_the_end_that_was_planned(self, worker, family):
        assert due().state == State.OVERDUE
        paused(worker, family)
        assert (due().on, due().state, due().paused) == (AUGUST, State.LATER, True)
        assert due().reason == "5月1日起暂停跟进（长期住院），预计8月1日恢复"
        assert due(date(2020, 7, 28)).state == State.SOON
        assert due(AUGUST).state == State.DUE
        assert due(date(2020, 8, 2)).state == State.OVERDUE
        assert "请恢复跟进" in due(AUGUST).reason

    def test_before_the_pause_the_date_was_as_it_is_without_one(self, worker, family):
        before = due(date(2020, 4, 30))
        paused(worker, family)
        assert due(date(2020, 4, 30)) == before

    def test_followed_up_again_what_fell_into_it_is_due_on_that_day(self, city, worker, family):
        paused(worker, family)
        resume_file(by=worker, file=family.file, resumed_on=TODAY)
        assert (due().on, due().state, due().paused) == (TODAY, State.DUE, False)
        assert due().reason.startswith("6月6日恢复跟进；「黄」每 30 天一次")
        a_visit(city.chengdong, worker, family, on=TODAY)
        assert due().on == date(2020, 7, 6)

    def test_a_visit_in_hospital_counts_once_it_is_over(self, city, worker, family):
        paused(worker, family)
        a_visit(city.chengdong, worker, family, on=date(2020, 6, 1))
        assert due().on == AUGUST
        resume_file(by=worker, file=family.file, resumed_on=TODAY)
        assert due().on == date(2020, 7, 1)

    def test_another_end_is_another_row_and_the_first_stays_as_it_was_said(self, worker, family):
        paused(worker, family)
        paused(worker, family, TODAY, date(2020, 10, 1), reason=PauseReason.HOUSED)
        rows = list(FilePause.objects.order_by("starts_on").values_list("starts_on", "ends_on", "planned_on"))
        assert rows == [(MAY, date(2020, 6, 5), AUGUST), (TODAY, None, date(2020, 10, 1))]
        assert due().on == date(2020, 10, 1)
        assert due(date(2020, 6, 5)).on == AUGUST

    def test_no_review_is_asked_for_meanwhile_and_no_round_passes_by(self, city, worker, family):
        day = date(2021, 1, 20)
        assert any("复评" in one.sentence for one in reminders(families_due(None, day), day))
        paused(worker, family, until=date(2021, 4, 1))
        assert reminders(families_due(None, day), day) == []
        known = known_of(worker, city.chengdong, worker.staff_id, TODAY)
        assert proposal(known, date(2020, 6, 8), 8, TODAY) == []

    def test_a_paused_file_is_counted_as_open_and_as_seen_in_time(self, city, worker, family):
        before = numbers(city.chengdong)
        assert before["F6A"] == 0
        paused(worker, family)
        after = numbers(city.chengdong)
        assert (after["F1"], after["F6B"], after["F6A"]) == (before["F1"], 1, 1)


class TestRules:
    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ({"since": date(2020, 6, 7)}, "今天之后"),
            ({"since": date(2019, 7, 1)}, "早于建档日期"),
            ({"until": TODAY}, "应在今天以后"),
            ({"until": date(2021, 5, 3)}, "最多暂停一年"),
            ({"reason": PauseReason.OTHER, "note": " "}, "请写明为什么"),
        ],
    )
    def test_what_makes_no_sense_is_refused_with_what_to_do(self, worker, family, said, told):
        with pytest.raises(Refused, match=told):
            paused(worker, family, **said)
        assert not FilePause.objects.exists()

    def test_two_pauses_do_not_overlap(self, worker, family):
        paused(worker, family)
        with pytest.raises(Refused, match="应在2020-05-01之后"):
            paused(worker, family)
        resume_file(by=worker, file=family.file, resumed_on=date(2020, 6, 1))
        with pytest.raises(Refused, match="应在2020-05-31之后"):
            paused(worker, family, date(2020, 5, 20))

    def test_it_is_resumed_after_it_began_tomorrow_at_the_latest(self, worker, family):
        with pytest.raises(Refused, match="没有暂停"):
            resume_file(by=worker, file=family.file, resumed_on=TODAY)
        paused(worker, family)
        for day in (MAY, date(2020, 6, 8)):
            with pytest.raises(Refused, match="之后，最晚到明天"):
                resume_file(by=worker, file=family.file, resumed_on=day)

    def test_a_closed_file_is_not_paused_and_closing_ends_a_pause(self, worker, family):
        paused(worker, family)
        close_file(by=worker, file=family.file, closed_on=TODAY, reason=CloseReason.STABLE)
        assert FilePause.objects.get().ends_on == TODAY
        with pytest.raises(Refused, match="已经结档"):
            paused(worker, family, TODAY)

    def test_only_for_who_edits_the_family(self, stranger, supervisor, family):
        for by in (stranger, supervisor):
            with pytest.raises(NotAllowed):
                paused(by, family)

    def test_the_trail_says_who_did_it_and_not_why(self, worker, family):
        paused(worker, family)
        resume_file(by=worker, file=family.file, resumed_on=TODAY)
        told = AuditEvent.objects.filter(kind__in=["file.paused", "file.resumed"])
        assert told.count() == 2
        assert not any("医院" in str(one.details) for one in told)

    def test_the_database_refuses_nonsense(self, worker, family):
        row = paused(worker, family)
        for name, wrong in (
            ("file_pause_has_an_end", {"planned_on": MAY}),
            ("file_pause_other_is_told", {"reason": "other", "note": ""}),
            ("filepause_dates_in_order", {"ends_on": date(2020, 4, 1)}),
        ):
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                FilePause.objects.filter(pk=row.pk).update(**wrong)
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            FilePause(
                station=row.station, file=row.file, starts_on=TODAY, planned_on=AUGUST, reason="away", entered_by=worker
            ).save(force_insert=True)


class TestPages:
    def test_paused_resumed_and_told_on_the_page_the_list_and_the_paper(self, worker, client_for, family):
        client, pk = client_for(worker), family.household.pk
        address, page = reverse("file-pause", args=[pk]), reverse("family", args=[pk])
        typed = {"reason": "hospital", "note": "", "starts_on": "2020-05-01", "planned_on": "2020-08-01"}
        refused = client.post(address, {**typed, "planned_on": "2020-06-01"})
        assert refused.status_code == 422
        assert "应在今天以后" in refused.content.decode()
        assert client.post(address, typed).url == page
        for where in (page, reverse("family-list")):
            assert "暂停跟进" in client.get(where).content.decode()
        paper = client.post(reverse("family-sheet", args=[pk]), {"reason": "visit", "form": "page"}).content.decode()
        assert "2020-05-01 起暂停跟进（长期住院），预计 2020-08-01 恢复" in paper
        assert "现在暂停着" in client.get(address).content.decode()
        assert client.post(reverse("file-resume", args=[pk]), {"resumed_on": "2020-06-06"}).url == page
        told = client.get(page).content.decode()
        assert "恢复跟进" in told
        assert "恢复或改期" not in told

    def test_resumed_by_a_colleague_meanwhile_it_says_so(self, worker, client_for, family):
        answer = client_for(worker).post(
            reverse("file-resume", args=[family.household.pk]), {"resumed_on": "2020-06-06"}
        )
        assert answer.status_code == 422
        assert "没有暂停" in answer.content.decode()
