"""A year's days off and worked weekends: pasted from the notice, decided with its source, shown as they were typed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from shuangbai.codes.actions import set_workdays
from shuangbai.codes.models import Decision, SpecialDay
from shuangbai.codes.queries import calendar
from shuangbai.core.findings import Conflict, NotAllowed, Refused

pytestmark = pytest.mark.django_db
OCTOBER = {date(2020, 10, n): False for n in range(1, 9)} | {date(2020, 9, 27): True}
LINES = "2020-10-01至2020-10-08 休\n2020-09-27 班"
SAID = {"days": LINES, "source": "某号通知", "reason": "放假通知", "version": "0"}


def entered(by, **more):
    set_workdays(
        **{"by": by, "year": 2020, "version": 0, "days": OCTOBER, "source": "某号通知", "reason": "照通知", **more}
    )


class TestDecided:
    def test_deadlines_are_counted_by_it_from_then_on(self, officer):
        assert calendar().unknown(date(2020, 1, 1), date(2020, 1, 1)) == [2020]
        entered(officer)
        assert calendar().after(date(2020, 9, 30), 1) == date(2020, 10, 9)
        assert calendar().unknown(date(2020, 1, 1), date(2021, 1, 1)) == [2021]

    def test_said_again_it_takes_the_years_place_alone_and_the_history_tells_both(self, officer):
        entered(officer, year=2021, days={date(2021, 1, 1): False})
        entered(officer, version=1)
        entered(officer, version=2, days={date(2020, 10, 1): False}, source="又一号")
        assert [(one.day, one.source) for one in SpecialDay.objects.order_by("day")] == [
            (date(2020, 10, 1), "又一号"), (date(2021, 1, 1), "某号通知"),
        ]  # fmt: skip
        told = Decision.objects.filter(subject="workdays", item="2020").order_by("at", "id").last()
        assert (told.was, told.became) == ("放假 8 天，调休上班 1 天；某号通知", "放假 1 天，调休上班 0 天；又一号")

    @pytest.mark.parametrize(
        ("more", "field", "words"),
        [
            ({"days": {date(2020, 6, 25): False, date(2020, 6, 24): True}}, "days", "2020-06-24 本来就是工作日"),
            ({"days": {date(2020, 6, 25): False, date(2021, 1, 1): False}}, "days", "2021-01-01 不在 2020 年"),
            ({"days": {date(2020, 6, 28): True}}, "days", "至少一天"),
            ({"source": " "}, "source", "文号"),
            ({"year": 1999}, "", "年份"),
            ({"reason": ""}, "reason", "理由"),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_kept(self, officer, more, field, words):
        with pytest.raises(Refused) as refused:
            entered(officer, **more)
        assert refused.value.first.field == field
        assert words in refused.value.first.sentence
        assert not SpecialDay.objects.exists()

    def test_nobody_else_decides_and_of_two_the_second_is_told(self, officer, worker):
        with pytest.raises(NotAllowed):
            entered(worker)
        entered(officer)
        with pytest.raises(Conflict):
            entered(officer)

    def test_the_database_refuses_a_day_twice_and_without_a_source(self, officer):
        SpecialDay.objects.create(day=date(2020, 10, 1), source="某号通知")
        for more in ({"day": date(2020, 10, 1), "source": "某号通知"}, {"day": date(2020, 10, 2), "source": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                SpecialDay.objects.create(**more)


class TestPage:
    @pytest.fixture
    def url(self):
        return f"{reverse('workdays')}?year=2020"

    def test_pasted_kept_and_shown_as_it_was_typed(self, officer, client_for, url):
        client = client_for(officer)
        assert "2020 年的放假调休还没有登记" in client.get(url).content.decode()
        assert client.post(url, SAID).status_code == 302
        page = client.get(url).content.decode()
        assert "2020-09-27 班\n2020-10-01至2020-10-08 休" in page
        assert "某号通知" in page
        assert "还没有登记，按" not in page
        assert "2021 年的放假调休还没有登记" in client.get(f"{reverse('workdays')}?year=2021").content.decode()
        assert client.post(url, SAID).status_code == 409

    @pytest.mark.parametrize(
        "line", ["2020/10/1 - 2020/10/8 休", "2020年10月1日至2020年10月8日休", "2020.10.01—2020.10.08\t休"]
    )
    def test_days_as_spreadsheets_and_notices_write_them(self, officer, client_for, url, line):
        assert client_for(officer).post(url, SAID | {"days": line}).status_code == 302
        assert SpecialDay.objects.filter(works=False).count() == 8

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("2020-06-25 休\n\n国庆", "第 3 行看不懂：“国庆”"),
            ("2020-06-25", "第 1 行看不懂"),
            ("2020-02-30 休", "第 1 行看不懂"),
            ("2020-10-08至2020-10-01 休", "第 1 行看不懂"),
            ("2020-10-01至2020-12-01 休", "第 1 行看不懂"),
            ("2020-10-04 休\n2020-10-04 班", "第 2 行：2020-10-04 前面写的不一样"),
            (" ", "至少一天"),
        ],
    )
    def test_a_line_that_is_not_understood_is_named_and_nothing_lost(self, officer, client_for, url, typed, words):
        answer = client_for(officer).post(url, SAID | {"days": typed})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert words in page
        assert "某号通知" in page
        assert not SpecialDay.objects.exists()

    def test_nobody_else_finds_it(self, worker, client_for, url):
        assert client_for(worker).get(url).status_code == 404
