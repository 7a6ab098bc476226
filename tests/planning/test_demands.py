"""The catalogue of demanded forms: what each costs, ended with date and reason, reported by stations."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuangbai.core.audit import sentence
from shuangbai.core.findings import Conflict, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.network.models import OrgUnit
from shuangbai.planning import actions
from shuangbai.planning.access import demands_visible_to
from shuangbai.planning.models import DemandedForm, DemandUnit, ReportedForm
from shuangbai.planning.queries import burden
from shuangbai.planning.rules import Demand, monthly_hours
from tests.cast import TODAY, again

pytestmark = pytest.mark.django_db
SINCE = date(2020, 1, 1)


def a_demand(by: Any, units: Any, name: str = "走访月报", **said: Any) -> DemandedForm:
    entry = {"asker": "县民政局", "often": "monthly", "minutes": 120, "starts_on": SINCE} | said
    return actions.enter_demand(by=by, said=Demand(name=name, **entry), units=units)


def burden_now(user: Any) -> Any:
    return burden(demands_visible_to(again(user)), OrgUnit.objects.all(), TODAY)


class TestWhatItCosts:
    @pytest.mark.parametrize(
        ("often", "times", "minutes", "hours"),
        [
            ("daily", None, 20, 7), ("weekly", None, 60, 52 / 12), ("monthly", None, 90, 1.5),
            ("quarterly", None, 90, 0.5), ("half_yearly", None, 60, 1 / 6), ("yearly", None, 240, 1 / 3),
            ("irregular", 24, 30, 1), ("once", None, 600, 0),
        ],
    )  # fmt: skip
    def test_hours_a_month_of_one_station(self, often, times, minutes, hours):
        found = monthly_hours(often=often, times_a_year=times, minutes=minutes)
        assert float(found) == pytest.approx(hours)

    def test_a_form_costs_every_station_of_which_it_is_demanded(self, city, officer):
        a_demand(officer, [city.haifeng])
        a_demand(officer, [city.chengdong], "宣传周报", often="weekly", minutes=30, filled_by="results")
        found = burden_now(officer)
        assert {line.form.name: len(line.stations) for line in found.lines} == {"走访月报": 2, "宣传周报": 1}
        assert found.hours == pytest.approx(2 * 2 + 52 / 12 / 2)
        assert found.hours_saved == pytest.approx(52 / 12 / 2)
        assert (found.filled, found.groundless) == (1, 2)
        assert {unit.name: (forms, round(hours, 2)) for unit, forms, hours in found.by_station} == {
            "东洲社工站": (0, 0.0), "城东社工站": (2, 4.17), "海城社工站": (1, 2.0),
        }  # fmt: skip

    def test_one_that_names_a_station_twice_costs_it_once(self, city, officer):
        a_demand(officer, [city.root, city.haifeng, city.chengdong])
        [line] = burden_now(officer).lines
        assert len(line.stations) == 3

    def test_what_has_not_begun_or_is_over_costs_nothing(self, city, officer):
        a_demand(officer, [city.root], starts_on=date(2020, 7, 1))
        a_demand(officer, [city.root], "旧表", ends_on=date(2020, 6, 5))
        found = burden_now(officer)
        assert [line.state for line in found.lines] == ["coming"]
        assert [line.form.name for line in found.ended] == ["旧表"]
        assert {forms for _unit, forms, _hours in found.by_station} == {0}


class TestKeepingIt:
    def test_only_the_officer_keeps_it(self, city, head, worker, supervisor):
        for by in (head, worker, supervisor):
            with pytest.raises(NotAllowed):
                a_demand(by, [city.root])

    @pytest.mark.parametrize(
        ("said", "field"),
        [({"asker": " "}, "asker"), ({"often": "irregular"}, "times_a_year"), ({"times_a_year": 3}, "times_a_year"),
         ({"minutes": 0}, "minutes"), ({"ends_on": date(2019, 1, 1)}, "ends_on"),
         ({"address": "//elsewhere.example/"}, "address")],
    )  # fmt: skip
    def test_what_makes_no_sense(self, city, officer, said, field):
        with pytest.raises(Refused) as caught:
            a_demand(officer, [city.root], **said)
        assert [one.field for one in caught.value.findings] == [field]

    def test_one_that_is_demanded_of_nobody(self, officer):
        with pytest.raises(Refused):
            a_demand(officer, [])

    def test_a_name_that_stands_is_asked_about(self, city, officer):
        a_demand(officer, [city.root])
        with pytest.raises(NeedsAcknowledgement):
            a_demand(officer, [city.root])

    def test_ended_with_day_and_reason_and_taken_back(self, city, officer):
        row = a_demand(officer, [city.root])
        with pytest.raises(Refused):
            actions.end_demand(by=officer, form=row, version=1, ends_on=TODAY, reason=" ")
        with pytest.raises(Refused):
            actions.end_demand(by=officer, form=row, version=1, ends_on=date(2019, 12, 31), reason="重复")
        row = actions.end_demand(by=officer, form=row, version=1, ends_on=date(2020, 6, 5), reason="与成效报告重复")
        assert not burden_now(officer).lines
        said = sentence(AuditEvent.objects.filter(kind="demand.ended").get())
        assert said == "蔡志明 停用了《走访月报》，最后一天 2020-06-05，理由：与成效报告重复"
        with pytest.raises(Refused):
            actions.change_demand(by=officer, form=row, version=2, said=Demand("x", "y", "once", 1, SINCE), units=[])
        row = actions.resume_demand(by=officer, form=row, version=2, reason="上级仍要")
        assert (row.ends_on, row.end_reason, row.version) == (None, "", 3)
        assert len(burden_now(officer).lines) == 1

    def test_changed_with_its_units_and_with_history(self, city, officer):
        row = a_demand(officer, [city.root])
        said = Demand("走访月报", "县民政局", "quarterly", 60, SINCE, ground="县民〔2020〕3号")
        row = actions.change_demand(by=officer, form=row, version=1, said=said, units=[city.chengdong])
        assert list(row.demanded_of.values_list("unit__name", flat=True)) == ["城东社工站"]
        said_ = sentence(AuditEvent.objects.filter(kind="demand.changed").get())
        assert said_ == "蔡志明 修改了报表目录里的《走访月报》：多久填一次、填一次几分钟、依据、要谁填"
        assert row.history.count() == 2
        with pytest.raises(Conflict):
            actions.change_demand(by=officer, form=row, version=1, said=said, units=[city.root])

    def test_the_database_refuses_nonsense(self, city, officer):
        said = {
            "name": "表",
            "asker": "镇",
            "often": "monthly",
            "minutes": 5,
            "starts_on": SINCE,
            "entered_by": officer,
        }
        wrong = [{"name": ""}, {"minutes": 0}, {"often": "irregular"}, {"times_a_year": 2}, {"end_reason": "重复"},
                 {"ends_on": date(2019, 1, 1)}]  # fmt: skip
        for one in wrong:
            with pytest.raises(IntegrityError), transaction.atomic():
                DemandedForm(**said | one).save(force_insert=True)
        row = a_demand(officer, [city.root])
        with pytest.raises(IntegrityError), transaction.atomic():
            DemandUnit.objects.create(form=row, unit=city.root)
        told = {"station": city.chengdong, "name": "表", "asker": "镇", "entered_by": officer}
        for one in [{"name": ""}, {"state": "taken"}, {"state": "declined"}, {"answer": "有了"}, {"form": row}]:
            with pytest.raises(IntegrityError), transaction.atomic():
                ReportedForm(**told | one).save(force_insert=True)


class TestWhoSeesIt:
    def test_a_station_sees_what_is_demanded_of_it_by_name_or_with_all_above(self, city, officer, worker):
        for name, units in (
            ("市", [city.root]),
            ("县", [city.haifeng]),
            ("站", [city.chengdong]),
            ("别", [city.chengqu]),
        ):
            a_demand(officer, units, name)
        assert set(demands_visible_to(again(worker)).values_list("name", flat=True)) == {"市", "县", "站"}

    def test_the_page_of_a_station_counts_its_own_hours_alone(self, city, officer, worker, client_for):
        a_demand(officer, [city.root], filled_by="results")
        page = client_for(worker).get("/reports/forms/").content.decode()
        assert "城东社工站" in page
        assert "海城社工站" not in page
        assert "2.0 小时/月" in page
        assert "没有依据" in page
        assert 'href="/reports/results/"' in page
        assert "列入一张报表" not in page

    def test_the_officer_sees_all_and_what_one_costs(self, city, officer, client_for):
        row = a_demand(officer, [city.root])
        client = client_for(officer)
        assert "6.0 小时/月" in client.get("/reports/forms/").content.decode()
        page = client.get(f"/reports/forms/{row.pk}/").content.decode()
        assert "一个站每月 2.0 小时，3 个站合计每月 6.0 小时" in page

    def test_an_empty_catalogue_says_what_to_do(self, worker, officer, client_for):
        assert "有人要站里填的表，请报来" in client_for(worker).get("/reports/forms/").content.decode()
        assert "才看得出负担" in client_for(officer).get("/reports/forms/").content.decode()

    def test_many_forms_cost_no_more_queries(self, city, officer, client_for, django_assert_max_num_queries):
        for number in range(8):
            a_demand(officer, [city.root, city.haifeng], f"表{number}")
        client = client_for(officer)
        with django_assert_max_num_queries(7):
            client.get("/reports/forms/")


class TestPages:
    SENT: Any = {"name": "走访月报", "asker": "县民政局", "often": "monthly", "minutes": "120",
                 "starts_on": "2020-01-01", "filled_by": "none"}  # fmt: skip

    def test_entered_and_changed_on_pages(self, city, officer, client_for):
        client = client_for(officer)
        sent = self.SENT | {"units": [city.haifeng.pk], "address": "http://testserver/reports/rates/?x=1"}
        answer = client.post("/reports/forms/new", sent)
        assert answer.status_code == 302
        row = DemandedForm.objects.get()
        assert row.address == "/reports/rates/?x=1"
        answer = client.post(f"{answer.url}edit", sent | {"minutes": "60", "version": "1"})
        assert answer.status_code == 302
        answer = client.post(f"/reports/forms/{row.pk}/edit", sent | {"minutes": "90", "version": "1"})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "<dd>60</dd>" in page
        assert "海丰县" in page

    def test_ended_on_a_page(self, city, officer, client_for):
        row, client = a_demand(officer, [city.root]), client_for(officer)
        sent = {"version": "1", "ends_on": "2020-06-05", "reason": "与成效报告重复"}
        assert client.post(f"/reports/forms/{row.pk}/end", sent).status_code == 302
        page = client.get("/reports/forms/").content.decode()
        assert "已停的 1 张" in page
        assert "与成效报告重复" in page


class TestReportedByStations:
    def test_reported_and_put_into_the_catalogue(self, city, worker, officer, client_for):
        answer = client_for(worker).post(
            "/reports/forms/report", {"name": "防汛日报", "asker": "镇政府", "minutes": "20"}
        )
        assert answer.status_code == 302
        told, client = ReportedForm.objects.get(), client_for(officer)
        page = client.get("/reports/forms/").content.decode()
        assert "防汛日报" in page
        assert "城东社工站" in page
        assert worker.display_name not in page
        new = f"/reports/forms/new?from={told.pk}"
        assert 'value="防汛日报"' in client.get(new).content.decode()
        sent = TestPages.SENT | {"name": "防汛日报", "units": [city.chengdong.pk]}
        assert client.post(new, sent).status_code == 302
        told.refresh_from_db()
        assert (told.state, told.form) == ("taken", DemandedForm.objects.get())
        assert "已列入目录" in client_for(worker).get("/reports/forms/").content.decode()

    def test_declined_with_an_answer_that_the_station_reads(self, city, worker, officer, client_for):
        told = actions.report_demand(by=worker, station=city.chengdong, name="月报", asker="镇政府")
        address = f"/reports/forms/reported/{told.pk}/decline"
        assert client_for(officer).post(address, {"version": "1", "answer": "已在目录里"}).status_code == 302
        assert "已在目录里" in client_for(worker).get("/reports/forms/").content.decode()
        with pytest.raises(Refused):
            actions.decline_reported(by=officer, reported=told, version=2, answer="再答")

    def test_once_is_enough_while_it_waits_and_it_may_be_taken_back(self, city, worker, colleague, client_for):
        told = actions.report_demand(by=worker, station=city.chengdong, name="月报", asker="镇政府")
        with pytest.raises(Refused):
            actions.report_demand(by=colleague, station=city.chengdong, name="月报", asker="镇政府")
        client_for(colleague).post(f"/reports/forms/reported/{told.pk}/withdraw", {"version": "1"})
        told.refresh_from_db()
        assert told.state == "withdrawn"
        assert actions.report_demand(by=colleague, station=city.chengdong, name="月报", asker="镇政府")

    def test_another_station_neither_sees_nor_takes_it_back(self, city, worker, stranger, supervisor, client_for):
        told = actions.report_demand(by=worker, station=city.chengdong, name="防汛日报", asker="镇政府")
        for user in (stranger, supervisor):
            assert "防汛日报" not in client_for(user).get("/reports/forms/").content.decode()
            with pytest.raises(NotAllowed):
                actions.withdraw_reported(by=user, reported=told, version=1)

    def test_what_is_taken_no_longer_waits(self, city, worker, officer):
        told = actions.report_demand(by=worker, station=city.chengdong, name="月报", asker="镇政府")
        actions.withdraw_reported(by=worker, reported=told, version=1)
        said = Demand("月报", "镇政府", "monthly", 20, SINCE)
        with pytest.raises(Conflict):
            actions.enter_demand(by=officer, said=said, units=[city.chengdong], reported=told)
