"""Totals from before the system: apart from every figure, with a source, refused where they overlap."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuangbai.core import audit, clock
from shuangbai.core.audit import sentence
from shuangbai.core.findings import Conflict, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.core.periods import Period
from shuangbai.households.access import NOTHING
from shuangbai.network.models import OrgUnit
from shuangbai.planning.actions import BalanceEntry, correct_balance, enter_balance, void_balance
from shuangbai.planning.models import OpeningBalance
from shuangbai.planning.queries import OF_PERIODS
from shuangbai.reports.beside import beside
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.reports.results import as_json, results
from shuangbai.reports.sheet import contents
from tests.cast import TODAY, City, a_family, a_visit

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2017, 7, 1), date(2018, 6, 30)
SINCE = Period(FIRST, TODAY)
MANY = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def an_entry(unit: Any, code: str = "V1", first: date = FIRST, last: date = LAST, number: Any = 900) -> BalanceEntry:
    return BalanceEntry(unit, code, first, last, Decimal(number), "2017年度总结", keeper="县民政局档案室")


def a_balance(by: Any, unit: Any, *said: Any) -> OpeningBalance:
    return enter_balance(by=by, entry=an_entry(unit, *said), acknowledged=True)


def note_of(unit: Any, code: str, period: Period = SINCE) -> str:
    return str(contents(Ask(period, unit), NOTHING)["notes"].get(code, ""))


def figures(unit: Any, period: Period = SINCE) -> dict[str, Any]:
    found = as_json(results(Ask(period, unit)))
    del found["without_records"]
    return found


@pytest.fixture
def verified(city: City) -> dict[OrgUnit, dict[str, Any]]:
    """The figures of the city and its parts after a visit."""
    family = a_family(city.chengdong, city.users["worker"])
    a_visit(city.chengdong, city.users["worker"], family, on=date(2020, 5, 1))
    return {unit: figures(unit) for unit in (city.root, city.haifeng, city.chengdong, city.dongzhou)}


class TestNeverInAFigure:
    @MANY
    @given(data=st.data())
    def test_the_verified_numbers_never_change_by_balances(
        self, city: City, verified: dict[OrgUnit, dict[str, Any]], data: st.DataObject
    ) -> None:
        """Whatever is entered, corrected or voided, for whichever unit, figure and period."""
        officer, units = city.users["officer"], list(verified)
        with transaction.atomic():
            for _ in range(data.draw(st.integers(1, 6))):
                first = data.draw(st.dates(FIRST, TODAY))
                said = (
                    data.draw(st.sampled_from(units)), data.draw(st.sampled_from(OF_PERIODS)).code,
                    first, data.draw(st.dates(first, TODAY)), data.draw(st.integers(1, 99_999)),
                )  # fmt: skip
                try:
                    row = a_balance(officer, *said)
                except Refused:
                    continue
                if data.draw(st.booleans()):
                    void_balance(by=officer, balance=row, version=1, reason="登记错了")
            assert {unit: figures(unit) for unit in units} == verified
            transaction.set_rollback(True)

    def test_the_report_says_both_and_where_the_second_is_written(self, city, officer, worker, client_for):
        a_visit(city.chengdong, worker, a_family(city.chengdong, worker), on=date(2020, 5, 1))
        a_balance(officer, city.chengdong)
        page = client_for(officer).get(f"/reports/results/?first=2017-07-01&last=2020-06-06&scope={city.root.code}")
        said = page.content.decode()
        assert "其中可核实 1 户次，历史汇总 900 户次（无明细），见文末" in said
        assert 'id="without-records"' in said
        assert "《2017年度总结》，县民政局档案室保管" in said
        assert "901 户次" not in said

    def test_the_json_has_them_under_a_name_of_their_own(self, city, officer):
        a_balance(officer, city.chengdong)
        found = as_json(results(Ask(SINCE, city.root)))
        assert found["without_records"] == [
            {"code": "V1", "unit": city.chengdong.code, "from": "2017-07-01", "to": "2018-06-30", "number": 900,
             "source": "《2017年度总结》，县民政局档案室保管"}
        ]  # fmt: skip
        assert next(one for one in found["figures"] if one["code"] == "V1")["value"] == 0


class TestWhatStandsBesideWhat:
    def test_only_a_period_that_covers_it_whole_shows_it_and_a_part_is_named(self, city, officer):
        a_balance(officer, city.chengdong)
        whole, part = Period(FIRST, LAST), Period(date(2018, 1, 1), TODAY)
        after = Period(date(2018, 7, 1), TODAY)
        counts = [(len(found.claims), len(found.partly)) for found in (
            beside(Ask(period, city.chengdong)) for period in (whole, part, after)
        )]  # fmt: skip
        assert counts == [(1, 0), (0, 1), (0, 0)]
        assert note_of(city.chengdong, "V1", part) == ""

    def test_a_station_s_shows_for_its_county_and_the_city_and_for_no_other_station(self, city, officer):
        a_balance(officer, city.chengdong)
        shows = [bool(note_of(unit, "V1")) for unit in (city.chengdong, city.haifeng, city.root, city.haicheng)]
        assert shows == [True, True, True, False]

    def test_a_county_s_does_not_show_for_its_stations(self, city, officer):
        a_balance(officer, city.haifeng)
        assert note_of(city.haifeng, "V1")
        assert not note_of(city.chengdong, "V1")

    def test_visits_of_two_stations_are_added_up(self, city, officer):
        a_balance(officer, city.chengdong)
        a_balance(officer, city.dongzhou)
        assert "历史汇总 1,800 户次（无明细）" in note_of(city.root, "V1")

    def test_households_of_two_stations_are_not(self, city, officer):
        a_balance(officer, city.chengdong, "V2")
        a_balance(officer, city.dongzhou, "V2", FIRST, LAST, 800)
        assert "历史汇总 800 户、900 户（无明细，可能有重复，不相加）" in note_of(city.root, "V2")

    def test_nor_of_one_station_over_two_periods(self, city, officer):
        a_balance(officer, city.chengdong, "V2")
        a_balance(officer, city.chengdong, "V2", date(2018, 7, 1), date(2019, 6, 30), 800)
        assert "可能有重复，不相加" in note_of(city.root, "V2")

    def test_nor_visits_of_a_county_and_its_station(self, city, officer):
        a_balance(officer, city.haifeng)
        a_balance(officer, city.chengdong)
        assert "可能有重复，不相加" in note_of(city.root, "V1")

    def test_a_voided_one_shows_nowhere(self, city, officer):
        row = a_balance(officer, city.chengdong)
        void_balance(by=officer, balance=row, version=1, reason="登记错了")
        assert not note_of(city.root, "V1")

    def test_the_pdf_has_them_too(self, city, officer):
        from django.template.loader import render_to_string

        a_balance(officer, city.chengdong)
        page = render_to_string("reports/results_pdf.html", contents(Ask(SINCE, city.root), NOTHING))
        assert "历史汇总（无明细）" in page
        assert "其中可核实 0 户次，历史汇总 900 户次（无明细）" in page


class TestWhatIsRefused:
    def refused(self, act: Any) -> list[str]:
        with pytest.raises(Refused) as caught:
            act()
        return [one.code for one in caught.value.findings]

    def test_a_second_of_the_same_unit_figure_and_days(self, city, officer):
        a_balance(officer, city.chengdong)
        said = lambda: a_balance(officer, city.chengdong, "V1", LAST, date(2019, 1, 1))  # noqa: E731
        assert self.refused(said) == ["twice"]
        assert a_balance(officer, city.chengdong, "V1", date(2018, 7, 1), date(2019, 1, 1))

    def test_another_figure_unit_or_a_voided_one_is_no_second(self, city, officer):
        row = a_balance(officer, city.chengdong)
        assert a_balance(officer, city.chengdong, "V2")
        assert a_balance(officer, city.dongzhou)
        void_balance(by=officer, balance=row, version=1, reason="登记错了")
        assert a_balance(officer, city.chengdong)

    def test_days_with_records_only_with_open_eyes(self, city, officer, worker):
        a_visit(city.chengdong, worker, a_family(city.chengdong, worker), on=date(2020, 5, 1))
        entry = an_entry(city.chengdong, "V1", date(2020, 1, 1), date(2020, 5, 1))
        with pytest.raises(NeedsAcknowledgement) as caught:
            enter_balance(by=officer, entry=entry)
        assert "系统里已有记录（走访户次 1 户次）" in str(caught.value)
        assert enter_balance(by=officer, entry=entry, acknowledged=True)

    def test_a_county_beside_its_station_only_with_open_eyes(self, city, officer):
        a_balance(officer, city.chengdong)
        with pytest.raises(NeedsAcknowledgement, match="不会相加"):
            enter_balance(by=officer, entry=an_entry(city.haifeng))

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            (("F1",), "figure"), (("X9",), "figure"), (("V1", FIRST, date(2020, 6, 7)), "future"),
            (("V1", FIRST, LAST, 0), "number"), (("V1", FIRST, LAST, "3.5"), "whole"), (("V1", LAST, FIRST), "refused"),
        ],
    )  # fmt: skip
    def test_what_makes_no_sense(self, city, officer, said, code):
        assert self.refused(lambda: a_balance(officer, city.chengdong, *said)) == [code]

    def test_hours_may_have_tenths(self, city, officer):
        assert a_balance(officer, city.chengdong, "T3", FIRST, LAST, "35.5").plain == 35.5

    def test_one_without_a_source(self, city, officer):
        entry = BalanceEntry(city.chengdong, "V1", FIRST, LAST, Decimal(9), " ")
        assert self.refused(lambda: enter_balance(by=officer, entry=entry)) == ["source"]


class TestWhoMayAndWhatStays:
    def test_a_head_enters_for_the_own_station_alone(self, city, head):
        assert a_balance(head, city.chengdong)
        for unit in (city.haicheng, city.haifeng, city.root):
            with pytest.raises(NotAllowed):
                a_balance(head, unit)

    def test_a_head_cannot_move_one_to_another_unit(self, city, head, officer):
        row = a_balance(head, city.chengdong)
        with pytest.raises(NotAllowed):
            correct_balance(by=head, balance=row, version=1, entry=an_entry(city.haicheng), reason="站写错了")

    def test_a_correction_keeps_what_was(self, city, officer):
        row = a_balance(officer, city.chengdong)
        entry = an_entry(city.chengdong, "V1", FIRST, LAST, 890)
        row = correct_balance(by=officer, balance=row, version=1, entry=entry, reason="原文是890")
        assert (row.number, row.version) == (890, 2)
        assert sorted(row.history.values_list("number", flat=True)) == [890, 900]
        said = sentence(AuditEvent.objects.filter(kind="balance.changed").get())
        assert said == "蔡志明 更正了城东社工站的历史汇总：走访户次，改了数，现为 890 户次，理由：原文是890"

    def test_the_second_of_two_at_once_reads_what_the_first_wrote(self, city, officer, client_for):
        row = a_balance(officer, city.chengdong)
        correct_balance(by=officer, balance=row, version=1, entry=an_entry(city.chengdong, "V1", FIRST, LAST, 890),
                        reason="原文是890")  # fmt: skip
        with pytest.raises(Conflict):
            void_balance(by=officer, balance=row, version=1, reason="登记错了")
        sent = {"unit": city.chengdong.pk, "code": "V1", "number": "880", "first_on": "2017-07-01",
                "last_on": "2018-06-30", "title": "2017年度总结", "reason": "看错了", "version": "1"}  # fmt: skip
        address = f"/reports/balances/{row.pk}/correct"
        answer = client_for(officer).post(address, sent)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "已保存的版本" in page
        assert "<dd>890</dd>" in page
        assert "<dd>880" in page
        sent["version"] = str(answer.context["form"]["version"].value())
        assert client_for(officer).post(address, sent).status_code == 302
        assert OpeningBalance.objects.get().number == 880

    def test_a_voided_one_is_read_and_not_changed(self, city, officer, client_for):
        row = a_balance(officer, city.chengdong)
        void_balance(by=officer, balance=row, version=1, reason="另有出处")
        client = client_for(officer)
        assert "另有出处" in client.get(f"/reports/balances/{row.pk}/").content.decode()
        assert client.get(f"/reports/balances/{row.pk}/correct").status_code == 404
        with pytest.raises(Refused):
            void_balance(by=officer, balance=row, version=2, reason="再作废")

    def test_the_database_refuses_nonsense(self, city, officer):
        with clock.pinned(TODAY):
            said = {"unit": city.chengdong, "code": "V1", "first_on": FIRST, "last_on": LAST, "number": 9,
                    "title": "总结", "entered_by": officer}  # fmt: skip
            wrong = [
                {"last_on": date(2017, 6, 30)},
                {"number": 0},
                {"title": ""},
                {"code": ""},
                {"void_reason": "没人"},
            ]
            for one in wrong:
                with pytest.raises(IntegrityError), transaction.atomic():
                    OpeningBalance(**said | one).save(force_insert=True)


class TestThePages:
    def test_entered_on_a_page_and_warned_first(self, city, head, worker, client_for):
        a_visit(city.chengdong, worker, a_family(city.chengdong, worker), on=date(2020, 5, 1))
        client = client_for(head)
        sent = {"unit": city.chengdong.pk, "code": "V1", "number": "900", "first_on": "2017-07-01",
                "last_on": "2020-05-31", "title": "2017年度总结"}  # fmt: skip
        answer = client.post("/reports/balances/new", sent)
        assert answer.status_code == 422
        assert "已核对，照此保存" in answer.content.decode()
        answer = client.post("/reports/balances/new", sent | {"acknowledged": "on"})
        assert answer.status_code == 302
        page = client.get("/reports/balances/").content.decode()
        assert "走访户次" in page
        assert "无明细" in page

    def test_an_empty_list_says_what_it_is_for(self, worker, client_for):
        page = client_for(worker).get("/reports/balances/").content.decode()
        assert "还没有登记" in page
        assert "登记历史汇总" not in page

    def test_a_list_costs_the_same_for_few_and_many(self, city, officer, client_for, django_assert_max_num_queries):
        for number in range(12):
            a_balance(officer, city.chengdong, OF_PERIODS[number].code)
        client = client_for(officer)
        with django_assert_max_num_queries(5):
            client.get("/reports/balances/")


def test_every_figure_of_a_period_may_be_claimed_and_no_other() -> None:
    assert {one.code for one in OF_PERIODS} == {code for code, one in BY_CODE.items() if not one.as_of}


def test_the_kinds_of_the_trail_read_as_sentences() -> None:
    said = [
        kind.sentence for code, kind in audit.KINDS.items() if code.split(".")[0] in {"balance", "target", "demand"}
    ]
    assert len(said) == 11
    assert all(one.startswith("{by} ") for one in said)
