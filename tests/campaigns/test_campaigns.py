"""Campaigns: called by the centre, joined or not, one live page of the report's own numbers."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shuangbai.campaigns.actions import CallEntry, call_campaign, change_call, join_campaign, leave_campaign
from shuangbai.campaigns.enums import CallKind
from shuangbai.campaigns.models import Call, Joining
from shuangbai.campaigns.queries import COLUMNS, SECTIONS, result
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.events.enums import EventState, Grade
from shuangbai.events.models import Event, Remark
from shuangbai.pictures.enums import Faces
from shuangbai.reports.indicators import BY_CODE
from shuangbai.services.actions import void_records
from shuangbai.services.models import Campaign
from tests.album import pictures_of, said
from tests.cast import a_campaign, a_family, a_visit, an_activity
from tests.gathering import an_event

pytestmark = pytest.mark.django_db
DAY = date(2020, 6, 3)


def an_entry(city: Any, **more: Any) -> CallEntry:
    told = {
        "name": "六一儿童节",
        "first": date(2020, 6, 1),
        "last": date(2020, 6, 30),
        "client_id": uuid.uuid4(),
        **more,
    }
    return CallEntry(owner=city.root, **told)


@pytest.fixture
def june(city, supervisor):
    return call_campaign(by=supervisor, entry=an_entry(city, kind=CallKind.SERIES, aim="让孩子有地方去"))


class TestCalling:
    def test_sent_twice_it_is_one(self, city, supervisor):
        entry = an_entry(city)
        assert call_campaign(by=supervisor, entry=entry) == call_campaign(by=supervisor, entry=entry)
        assert Campaign.objects.count() == Call.objects.count() == 1

    def test_stations_and_the_bureau_call_none(self, city):
        for name in ("worker", "head", "officer", "sysadmin"):
            with pytest.raises(NotAllowed):
                call_campaign(by=city.users[name], entry=an_entry(city))

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"name": " "}, "请填写名称"),
            ({"last": date(2020, 5, 31)}, "结束日期早于开始日期"),
            ({"last": date(2021, 6, 2)}, "一次最多一年"),
        ],
    )
    def test_what_is_wrong_is_said(self, city, supervisor, more, sentence):
        with pytest.raises(Refused, match=sentence):
            call_campaign(by=supervisor, entry=an_entry(city, **more))

    def test_one_name_once_in_the_same_days(self, city, supervisor, june):
        with pytest.raises(Refused, match="已有同名"):
            call_campaign(by=supervisor, entry=an_entry(city, first=date(2020, 6, 20), last=date(2020, 7, 1)))
        later = an_entry(city, first=date(2021, 6, 1), last=date(2021, 6, 2))
        assert call_campaign(by=supervisor, entry=later)

    def test_days_do_not_move_past_what_is_recorded(self, city, worker, supervisor, june):
        an_activity(city.chengdong, worker, on=DAY, campaign=june)
        with pytest.raises(Refused, match="2020-06-03"):
            change_call(by=supervisor, campaign=june, version=1, entry=an_entry(city, first=date(2020, 6, 4)))

    def test_two_at_once_the_second_sees_both(self, city, supervisor, june):
        change_call(by=supervisor, campaign=june, version=1, entry=an_entry(city, name="六一"))
        with pytest.raises(Conflict):
            change_call(by=supervisor, campaign=june, version=1, entry=an_entry(city, name="儿童节"))
        assert Campaign.objects.get().name == "六一"

    def test_of_one_opened_without_words_they_can_be_added(self, city, supervisor):
        week = a_campaign(city.root)
        entry = an_entry(city, name=week.name, first=week.starts_on, last=week.ends_on, asked="摆一次摊")
        change_call(by=supervisor, campaign=week, version=0, entry=entry)
        assert Call.objects.get(campaign=week).asked == "摆一次摊"


class TestJoining:
    def test_a_station_joins_leaves_and_joins_again(self, worker, june):
        first = join_campaign(by=worker, campaign=june)
        assert join_campaign(by=worker, campaign=june) == first
        assert leave_campaign(by=worker, joining=first).left_on
        assert join_campaign(by=worker, campaign=june) != first

    def test_not_what_is_over_and_not_for_another(self, city, worker, stranger, june):
        with pytest.raises(Refused, match="已经结束"):
            join_campaign(by=worker, campaign=a_campaign(city.root))
        joining = join_campaign(by=worker, campaign=june)
        with pytest.raises(NotAllowed):
            leave_campaign(by=stranger, joining=joining)

    def test_the_database_refuses_to_join_twice_and_to_leave_before(self, city, worker, june):
        joining = join_campaign(by=worker, campaign=june)
        with pytest.raises(IntegrityError), transaction.atomic():
            Joining.objects.create(station=city.chengdong, campaign=june, joined_on=date(2020, 6, 6), entered_by=worker)
        with pytest.raises(IntegrityError), transaction.atomic():
            Joining.objects.filter(pk=joining.pk).update(left_on=date(2020, 6, 5))


class TestTheResult:
    @pytest.fixture
    def done(self, city, worker, stranger, june):
        here, there = a_family(city.chengdong, worker), a_family(city.dongzhou, stranger)
        for _ in range(2):  # the same family on one day in one manner counts once
            a_visit(city.chengdong, worker, here, on=DAY, campaign=june, met=here.people[:1])
        a_visit(city.dongzhou, stranger, there, on=DAY, campaign=june)
        a_visit(city.dongzhou, stranger, there, on=date(2020, 6, 4))  # ordinary work
        held = an_activity(city.chengdong, worker, on=DAY, campaign=june, people=here.people)
        gone = an_activity(city.chengdong, worker, on=DAY, campaign=june, title="重复的")
        void_records(by=worker, records=[gone.record], reason="重复录入")
        return held

    def test_its_numbers_are_the_reports_held_to_it(self, city, june, done):
        shown = result(june, city.root)
        told = {one.code: one.value for _title, ones in shown.sections for one in ones}
        assert (told["V2"], told["V1"], told["A1"], told["A2"]) == (2, 2, 1, 22)
        for code, value in told.items():
            assert BY_CODE[code].evidence(shown.ask) == value
        assert {code for _, codes in SECTIONS for code in codes} | set(COLUMNS) <= {
            code for code, one in BY_CODE.items() if "campaign" in one.by
        }

    def test_stations_stand_in_the_order_of_the_tree_and_add_up(self, city, worker, june, done):
        join_campaign(by=city.users["neighbour"], campaign=june)
        rows = result(june, city.root).rows
        assert [(row.unit.name, row.joined, row.values["A2"]) for row in rows] == [
            ("东洲社工站", False, 0), ("城东社工站", False, 22), ("海城社工站", True, 0),
        ]  # fmt: skip
        shown = result(june, city.root)
        assert all(sum(row.values[code] for row in shown.rows) == shown.totals[code] for code in COLUMNS)

    def test_only_columns_in_which_a_station_has_something(self, city, worker, june, done):
        assert result(june, city.root).columns == list(COLUMNS)
        assert result(june, city.dongzhou).columns == ["V1", "V4"]
        assert result(june, city.centre).columns == COLUMNS

    def test_a_station_is_shown_its_own_numbers(self, client_for, worker, supervisor, june, done):
        mine = client_for(worker).get(f"/campaigns/{june.code}/").context["result"]
        assert [row.unit.name for row in mine.rows] == ["城东社工站"]
        every = client_for(supervisor).get(f"/campaigns/{june.code}/").context["result"]
        assert [row.unit.name for row in every.rows] == ["东洲社工站", "城东社工站"]

    def test_each_number_leads_to_its_list(self, client_for, supervisor, june, done):
        page = client_for(supervisor).get(f"/campaigns/{june.code}/").content.decode()
        links = set(re.findall(r'href="(/reports/evidence/[^"]+)"', page))
        assert len(links) > 8
        for link in links:
            address = link.replace("&amp;", "&")
            assert "campaign=" in address
            assert client_for(supervisor).get(address).status_code == 200

    def test_only_pictures_that_everybody_may_see(self, city, worker, june, done):
        pictures_of(done, worker, said=said(faces=Faces.MINOR))
        [shown] = pictures_of(done, worker, said=said(faces=Faces.NOBODY))
        assert [one.picture for one in result(june, city.root).pictures] == [shown]

    def test_what_people_said_stands_beside_without_who_did(self, client_for, city, worker, supervisor, june, done):
        assert result(june, city.root).heard.answers == 0
        plan = an_event(city.chengdong, worker)
        Event.objects.filter(pk=plan.pk).update(state=EventState.HELD, activity=done)
        for grade in (Grade.VERY, Grade.VERY, Grade.FAIR):
            Remark.objects.create(station=city.chengdong, event=plan, grade=grade, client_id=uuid.uuid4())
        heard = result(june, city.root).heard
        assert (heard.answers, heard.events, heard.content) == (3, 1, 2)
        assert "收到不记名的意见 3 份" in client_for(supervisor).get(f"/campaigns/{june.code}/").content.decode()
        assert result(june, city.dongzhou).heard.answers == 0

    def test_queries_do_not_grow_with_the_stations(self, client_for, city, supervisor, june, done):
        client = client_for(supervisor)
        page = f"/campaigns/{june.code}/"
        client.get(page)
        with CaptureQueriesContext(connection) as few:
            client.get(page)
        for user in ("neighbour", "worker"):
            join_campaign(by=city.users[user], campaign=june)
        with CaptureQueriesContext(connection) as many:
            client.get(page)
        assert len(few) == len(many)
        assert len(few) < 50

    def test_nothing_yet_says_so(self, client_for, supervisor, june):
        assert "还没有记录" in client_for(supervisor).get(f"/campaigns/{june.code}/").content.decode()


class TestPages:
    def test_the_centre_calls_a_station_joins(self, client_for, supervisor, worker):
        sent = {
            "name": "暑假安全", "kind": "campaign", "first": "2020-06-06", "last": "2020-08-31", "aim": "防溺水",
            "asked": "每村走一遍水边", "client_id": str(uuid.uuid4()),
        }  # fmt: skip
        answer = client_for(supervisor).post("/campaigns/new", sent)
        assert answer.status_code == 302
        mine = client_for(worker)
        assert "本站加入" in mine.get(answer.url).content.decode()
        assert "本站已加入" in mine.post(f"{answer.url}join", follow=True).content.decode()
        assert "本站已加入" in mine.get("/campaigns/").content.decode()
        mine.post(f"{answer.url}leave")
        assert Joining.objects.get().left_on

    def test_what_was_typed_stays(self, client_for, supervisor):
        sent = {"name": "暑假安全", "kind": "campaign", "first": "2020-06-06", "last": "2020-06-01", "aim": "防溺水"}
        answer = client_for(supervisor).post("/campaigns/new", sent | {"client_id": str(uuid.uuid4())})
        assert answer.status_code == 422
        assert "结束日期早于开始日期" in answer.content.decode()
        assert "防溺水" in answer.content.decode()

    def test_the_second_of_two_sees_both(self, client_for, city, supervisor, june):
        change_call(by=supervisor, campaign=june, version=1, entry=an_entry(city, name="六一", aim="别人写的"))
        sent = {
            "name": "儿童节", "kind": "series", "first": "2020-06-01", "last": "2020-06-30", "aim": "我写的",
            "version": "1", "client_id": str(uuid.uuid4()),
        }  # fmt: skip
        client = client_for(supervisor)
        answer = client.post(f"/campaigns/{june.code}/edit", sent)
        assert answer.status_code == 409
        assert "别人写的" in answer.content.decode()
        assert client.post(f"/campaigns/{june.code}/edit", sent | {"version": "2"}).status_code == 302

    def test_who_sees_no_work_sees_none(self, client_for, city, june):
        for name in ("sysadmin", "security", "auditor"):
            assert client_for(city.users[name]).get("/campaigns/").status_code == 404
            assert client_for(city.users[name]).get(f"/campaigns/{june.code}/").status_code == 404
        assert client_for(city.users["worker"]).get("/campaigns/none/").status_code == 404
