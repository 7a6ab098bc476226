"""Openings of masked values: limited, counted, and told to the auditor when they are unusual."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from shuangbai.core import audit, clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.limits import Limit, TooOften
from shuangbai.core.models import AuditEvent
from shuangbai.households.actions import UNMASKED, note_unmasked
from shuangbai.upkeep import rules, trail
from shuangbai.upkeep.alerts import look_at_alert
from shuangbai.upkeep.enums import AlertRule
from shuangbai.upkeep.models import OpeningAlert
from shuangbai.upkeep.rules import alert_rule
from tests.cast import a_family


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker, phone="19900001234", address="三巷12号")


def opens(by, family, many: int, times: int = 1) -> None:
    for _ in range(times):
        note_unmasked(by=by, household=family.household, what="联系电话", reason="联系本人", keys=["phone"] * many)


def opened_before(by, family, days: int, many: int) -> None:
    """An opening of so many values, so many days ago."""
    event = audit.entry(UNMASKED, by=by, about=family.household, what="联系电话", reason="联系本人", count=many)
    event.at = clock.now() - timedelta(days=days)
    event.digest = audit.digest_of(event)
    audit.record_all([event])


class TestTheRule:
    @pytest.mark.parametrize(
        ("hour", "day", "usual", "rule"),
        [
            (20, 20, None, None),
            (21, 21, None, AlertRule.HOUR),
            (3, 13, 4.0, AlertRule.USUAL),
            (3, 12, 4.0, None),
            (3, 11, 1.0, None),
            (3, 200, None, None),
        ],
    )
    def test_more_than_twenty_an_hour_or_three_usual_days(self, hour, day, usual, rule):
        assert alert_rule(hour=hour, day=day, usual=usual) == rule


class TestAlerts:
    def test_the_ordinary_raises_none(self, family, worker):
        opens(worker, family, 2, times=5)
        assert not OpeningAlert.objects.exists()

    def test_many_in_an_hour_raise_one_that_grows(self, family, worker):
        opens(worker, family, 5, times=6)
        alert = OpeningAlert.objects.get()
        assert (alert.user, alert.rule, alert.opened) == (worker, AlertRule.HOUR, 30)
        assert AuditEvent.objects.filter(kind="alert.raised").count() == 1

    def test_three_times_the_usual_day_raises_one(self, family, worker):
        for days in (2, 3, 9):
            opened_before(worker, family, days, 4)
        opens(worker, family, 13)
        alert = OpeningAlert.objects.get()
        assert (alert.rule, alert.usual) == (AlertRule.USUAL, 4.0)

    def test_longer_ago_than_thirty_days_is_forgotten(self, family, worker):
        opened_before(worker, family, 31, 1)
        opens(worker, family, 13)
        assert not OpeningAlert.objects.exists()

    def test_what_a_colleague_opens_does_not_count(self, family, worker, colleague):
        opens(colleague, family, 15)
        opens(worker, family, 15)
        assert not OpeningAlert.objects.exists()

    def test_looked_at_it_takes_a_doubling_to_raise_another(self, family, worker, auditor):
        opens(worker, family, 21)
        look_at_alert(by=auditor, alert=OpeningAlert.objects.get(), remark="已与站长核实")
        opens(worker, family, 10)
        assert OpeningAlert.objects.count() == 1
        opens(worker, family, 12)
        assert trail.alerts_waiting().get().opened == 43

    def test_the_database_keeps_one_open_alert_a_day(self, family, worker):
        opens(worker, family, 21)
        alert = OpeningAlert.objects.get()
        alert.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            OpeningAlert.objects.create(
                user=worker, on=alert.on, rule="hour", raised_at=clock.now(), opened=1,
            )  # fmt: skip


class TestLookingAtOne:
    @pytest.fixture
    def alert(self, family, worker) -> OpeningAlert:
        opens(worker, family, 21)
        return OpeningAlert.objects.get()

    def test_the_remark_is_kept_and_in_the_trail(self, alert, auditor):
        look_at_alert(by=auditor, alert=alert, remark="已与站长核实，集中更新低保电话")
        alert.refresh_from_db()
        assert (alert.looked_by, alert.remark) == (auditor, "已与站长核实，集中更新低保电话")
        told = AuditEvent.objects.get(kind="alert.looked_at")
        assert "集中更新低保电话" in audit.sentence(told)
        assert told.personal

    def test_a_remark_is_needed(self, alert, auditor):
        with pytest.raises(Refused):
            look_at_alert(by=auditor, alert=alert, remark=" ")

    def test_once_is_enough(self, alert, auditor):
        look_at_alert(by=auditor, alert=alert, remark="已核实")
        with pytest.raises(Refused, match="已经有人处理"):
            look_at_alert(by=auditor, alert=alert, remark="已核实")

    @pytest.mark.parametrize("who", ["worker", "head", "supervisor", "officer", "sysadmin", "security"])
    def test_nobody_else_may(self, alert, city, who):
        with pytest.raises(NotAllowed):
            look_at_alert(by=city.users[who], alert=alert, remark="已核实")

    def test_the_database_refuses_half_of_it(self, alert):
        with pytest.raises(IntegrityError), transaction.atomic():
            OpeningAlert.objects.filter(pk=alert.pk).update(looked_at=clock.now())


class TestTheLimit:
    def test_beyond_sixty_an_hour_nothing_more_is_opened(self, family, worker):
        opens(worker, family, 30, times=2)
        with pytest.raises(TooOften, match="一小时内最多 60 次"):
            opens(worker, family, 1)
        assert AuditEvent.objects.filter(kind="household.unmasked").count() == 2

    def test_a_family_with_more_values_than_that_can_be_opened_first(self, family, worker):
        opens(worker, family, 70)

    def test_the_page_says_so_with_429_and_when_to_try_again(self, client_for, family, worker):
        opens(worker, family, 60)
        url = f"/families/{family.household.pk}/unmask?what=phone"
        answer = client_for(worker).post(url, {"reason": "reach"})
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= 3600
        page = answer.content.decode()
        assert "后再试" in page
        assert "19900001234" not in page

    def test_in_its_place_only_the_sentence_comes(self, client_for, family, worker):
        opens(worker, family, 60)
        url = f"/families/{family.household.pk}/unmask?what=phone"
        answer = client_for(worker).post(url, {"reason": "reach"}, headers={"HX-Request": "true"})
        assert answer.status_code == 429
        assert "<html" not in answer.content.decode()


class TestLimitsOfFinding:
    @pytest.mark.parametrize(
        ("limit", "module", "url"),
        [
            ("SEARCHES", "desk.views.search", "/search?q=陈大文"),
            ("SEARCHES", "households.views", "/families/?q=陈大文"),
            ("SEARCHES", "services.views", "/records/?q=血压"),
            ("SUGGESTIONS", "households.views", "/families/suggest?q=陈"),
            ("SUGGESTIONS", "activities.views", "/activities/people?q=陈"),
        ],
    )
    def test_each_way_of_finding_has_one(self, client_for, worker, monkeypatch, limit, module, url):
        from importlib import import_module

        monkeypatch.setattr(import_module(f"shuangbai.{module}"), limit, Limit("查找", 2, 10**9))
        client = client_for(worker)
        assert [client.get(url).status_code for _ in range(3)] == [200, 200, 429]

    def test_a_script_is_answered_in_json(self, client_for, worker, monkeypatch):
        monkeypatch.setattr("shuangbai.households.views.SUGGESTIONS", Limit("查找", 0, 10**9))
        answer = client_for(worker).get("/families/suggest?q=陈", headers={"Accept": "application/json"})
        assert answer.status_code == 429
        assert answer.json()["results"] == []
        assert "后再试" in answer.json()["sentence"]

    def test_a_list_without_words_is_no_search(self, client_for, worker, monkeypatch):
        monkeypatch.setattr("shuangbai.households.views.SEARCHES", Limit("查找", 0, 10**9))
        assert client_for(worker).get("/families/").status_code == 200

    def test_they_are_out_of_reach_of_somebody_who_types(self):
        assert rules.SEARCHES.most >= 60
        assert rules.SUGGESTIONS.most / rules.SUGGESTIONS.seconds >= 4
