"""Pages of planned activities: the plan, the public page on any telephone, the roll, the record, who sees what."""

from __future__ import annotations

import gzip
import re
import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuangbai.activities.models import Activity
from shuangbai.core import strangers
from shuangbai.core.models import AuditEvent
from shuangbai.events.actions.holding import RemarkEntry, call_roll, say
from shuangbai.events.enums import EventState, Grade
from shuangbai.events.models import Event, Remark, SignUp
from shuangbai.services.enums import CountMethod, HeadGroup
from tests.cast import TODAY, a_family, an_activity
from tests.gathering import a_sign_up, an_event, held, moment, today_event

pytestmark = pytest.mark.django_db
NEW = "/events/new"


@pytest.fixture(autouse=True)
def untired():
    """Limits count in the process: what another test sent is nobody's fault here."""
    strangers.OPENINGS._counts.clear()
    strangers.SENDINGS._counts.clear()


@pytest.fixture
def event(city, worker):
    return an_event(city.chengdong, worker, places=3, waiting_most=1, audience="六十岁以上的老人")


def text_of(answer: Any) -> str:
    return answer.content.decode()


def planned(by: Any, **more: Any) -> dict[str, Any]:
    """What a browser sends of a plan."""
    sent = {
        "title": "端午包粽子", "kind": "festival", "held_on": "2020-06-13", "starts_at": "09:00", "ends_at": "11:00",
        "worker": str(by.staff_id), "places": "20", "waiting_most": "5", "audience": "六十岁以上的老人",
        "steps": "1", "step-0-at": "9:00", "step-0-what": "洗叶", "step-0-who": "妇女志愿队",
        "lines": "1", "line-0-item": "糯米", "line-0-planned": "260", "line-0-actual": "", "line-0-source": "站经费",
        "risks": "热水由志愿者管", "client_id": str(uuid.uuid4()),
    }  # fmt: skip
    return sent | more


def signing(**more: Any) -> dict[str, Any]:
    """What a browser sends of a sign-up."""
    sent = {"name": "阿海", "phone": "19900001111", "along": "0", "website": "", "made": moment("JoinForm"),
            "client_id": str(uuid.uuid4())}  # fmt: skip
    return sent | more


class TestThePlan:
    def test_it_is_planned_changed_opened_and_printed(self, client_for, worker):
        client = client_for(worker)
        page = text_of(client.post(NEW, planned(worker), follow=True))
        for said in ("端午包粽子", "洗叶", "妇女志愿队", "糯米", "260.00", "热水由志愿者管", "筹备", "09:00"):
            assert said in page
        made = Event.objects.get()
        page = text_of(client.get(f"/events/{made.pk}/edit"))
        assert 'value="洗叶"' in page
        sent = planned(worker, version="1", aim="老人聚一聚")
        assert "老人聚一聚" in text_of(client.post(f"/events/{made.pk}/edit", sent, follow=True))
        page = text_of(client.post(f"/events/{made.pk}/move", {"version": "2", "to": "open"}, follow=True))
        assert f"/join/{made.token}" in page
        paper = text_of(client.get(f"/events/{made.pk}/plan"))
        for said in ("活动策划书", "老人聚一聚", "合计", "站长意见"):
            assert said in paper
        poster = text_of(client.get(f"/events/{made.pk}/poster"))
        for said in ('class="qr"', "六十岁以上的老人", "扫一扫报名", "2020年6月13日"):
            assert said in poster

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"title": " "}, "请填写活动名称"), ({"kind": ""}, "请选择一项"), ({"held_on": "下周"}, "不是一个日期"),
            ({"ends_at": "08:00"}, "结束时间要晚于开始时间"), ({"line-0-planned": "很多"}, "请填数字"),
            ({"line-0-item": ""}, "请写用在什么上"), ({"places": "9999"}, "名额请填 1 到 500"),
            ({"worker": str(uuid.uuid4())}, "请重新选择"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_told_and_what_was_typed_stays(self, client_for, worker, wrong, said):
        answer = client_for(worker).post(NEW, planned(worker, **wrong))
        assert answer.status_code == 422
        assert said in text_of(answer)
        assert "热水由志愿者管" in text_of(answer)
        assert not Event.objects.exists()

    def test_the_second_to_save_sees_both_versions(self, client_for, worker, head, event):
        edit = f"/events/{event.pk}/edit"
        first = planned(worker, version=str(event.version), place="文化室")
        assert client_for(head).post(edit, first).status_code == 302
        answer = client_for(worker).post(edit, planned(worker, version=str(event.version), place="广场"))
        assert answer.status_code == 409
        for said in ("文化室", "广场", "陈丽娟"):
            assert said in text_of(answer)

    def test_a_state_that_cannot_be_is_told_on_the_page(self, client_for, worker, event):
        move, client = f"/events/{event.pk}/move", client_for(worker)
        answer = client.post(move, {"version": str(event.version), "to": "cancelled", "reason": ""})
        assert answer.status_code == 422
        assert "请写明为什么取消活动" in text_of(answer)
        assert client.post(move, {"version": "77", "to": "cancelled", "reason": "台风"}).status_code == 409
        page = text_of(
            client.post(move, {"version": str(event.version), "to": "cancelled", "reason": "台风"}, follow=True)
        )
        assert "这场活动取消了：台风" in page

    def test_an_empty_list_says_what_to_do(self, client_for, worker):
        assert "没有要办的活动" in text_of(client_for(worker).get("/events/"))
        assert "还没有办过的" in text_of(client_for(worker).get("/events/?past"))

    def test_who_sees_what(self, client_for, officer, supervisor, stranger, event, sysadmin):
        Event.objects.filter(pk=event.pk).update(aim="悄悄话一句")
        a_sign_up(event, "陈阿海")
        for who, name, plan in ((supervisor, True, True), (officer, False, False)):
            page = text_of(client_for(who).get(f"/events/{event.pk}/"))
            assert ("陈阿海" in page, "悄悄话一句" in page) == (name, plan)
            assert "报上名 1 人" in page
            assert "19900001111" not in page
        assert client_for(officer).get(f"/events/{event.pk}/plan").status_code == 404
        assert client_for(stranger).get(f"/events/{event.pk}/").status_code == 404
        assert client_for(sysadmin).get("/events/").status_code == 404
        assert event.title not in text_of(client_for(stranger).get("/events/"))

    def test_telephones_are_opened_for_a_reason_that_stays(self, client_for, worker, supervisor, event):
        a_sign_up(event)
        phones = f"/events/{event.pk}/phones"
        assert "19900001111" not in text_of(client_for(worker).post(phones, {"reason": ""}, follow=True))
        assert not AuditEvent.objects.filter(kind="event.phones_opened").exists()
        assert "19900001111" in text_of(client_for(worker).post(phones, {"reason": "reach"}))
        assert AuditEvent.objects.get(kind="event.phones_opened").details["count"] == 1
        assert client_for(supervisor).post(phones, {"reason": "reach"}).status_code == 404


class TestThePublicPage:
    def test_a_stranger_signs_up_and_takes_it_back(self, event):
        stranger = Client(enforce_csrf_checks=False)
        page = text_of(stranger.get(f"/join/{event.token}"))
        for said in ("端午包粽子", "2020年6月13日", "城东社工站", "自动删除", "noindex"):
            assert said in page
        assert "<script" not in page
        answer = stranger.post(f"/join/{event.token}", signing())
        one = SignUp.objects.get()
        assert answer["Location"] == f"/join/mine/{one.secret}"
        page = text_of(stranger.get(answer["Location"]))
        for said in ("报名成功", "第 1 号", "取消报名"):
            assert said in page
        assert "阿海" not in page
        assert "1990000" not in page
        assert "已经取消" in text_of(stranger.post(answer["Location"], follow=True))
        assert SignUp.objects.get().name == ""

    def test_sent_twice_it_is_once(self, event):
        sent = signing()
        first, again = (Client().post(f"/join/{event.token}", sent) for _ in range(2))
        assert first["Location"] == again["Location"]
        answer = Client().post(f"/join/{event.token}", signing())
        assert answer.status_code == 422
        assert "已经报过名了" in text_of(answer)

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"name": ""}, "请填写这一项"), ({"phone": "110"}, "请写一个打得通的电话"), ({"along": "99"}, "请重新选择"),
            ({"website": "http://"}, "机器人"), ({"made": ""}, "不完整"), ({"along": "9"}, "没法再报名"),
            ({"name": "海" * 21}, "太长了"), ({"client_id": "x"}, ""),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_told_and_what_was_typed_stays(self, event, wrong, said):
        answer = Client().post(f"/join/{event.token}", signing(**wrong))
        assert answer.status_code == 422
        assert said in text_of(answer)
        assert "19900001111" in text_of(answer) or "phone" in wrong
        assert not SignUp.objects.exists()

    def test_a_child_is_asked_about_and_nothing_more(self, city, worker):
        event = an_event(city.chengdong, worker, for_children=True)
        page = text_of(Client().get(f"/join/{event.token}"))
        for said in ("孩子的名字", "孩子多大", "家长（监护人）的名字", "同意孩子参加"):
            assert said in page
        answer = Client().post(f"/join/{event.token}", signing())
        assert answer.status_code == 422
        sent = signing(age_band="older", guardian="陈小妹")
        assert "孩子参加要家长同意" in text_of(Client().post(f"/join/{event.token}", sent))
        assert Client().post(f"/join/{event.token}", sent | {"agreed": "on"}).status_code == 302

    def test_full_waiting_and_every_closed_door_have_a_clear_page(self, client_for, worker, event):
        address = f"/join/{event.token}"
        a_sign_up(event, people=3)
        assert "现在报名排在候补" in text_of(Client().get(address))
        one = a_sign_up(event, "阿虾", "19900002222")
        assert "您前面还有 0 人" in text_of(Client().get(f"/join/mine/{one.secret}"))
        assert "名额和候补都已经满了" in text_of(Client().get(address))
        shut: list[tuple[dict[str, Any], str]] = [
            ({"public": False}, "网上报名已经关闭"), ({"public": True, "state": "preparing"}, "还没有开始报名"),
            ({"state": "open", "closes_on": date(2020, 6, 1)}, "报名已经截止"),
            ({"held_on": date(2020, 6, 1)}, "办完了"),
            ({"state": "cancelled", "cancel_reason": "台风"}, "这场活动取消了"),
        ]  # fmt: skip
        for change, said in shut:
            Event.objects.filter(pk=event.pk).update(**change)
            page = text_of(Client().get(address))
            assert said in page
            assert "<form" not in page
        assert "您不用来了" in text_of(Client().get(f"/join/mine/{one.secret}"))
        assert Client().get("/join/nothing").status_code == 404

    def test_the_station_switches_it_off_and_on(self, client_for, worker, event):
        switch, client = f"/events/{event.pk}/switch", client_for(worker)
        page = text_of(client.post(switch, {"version": str(event.version), "on": "off"}, follow=True))
        assert "网上报名已关闭" in page
        assert "已被别人改过" in text_of(client.post(switch, {"version": str(event.version), "on": "on"}, follow=True))
        page = text_of(client.post(switch, {"version": str(event.version + 1), "on": "on"}, follow=True))
        assert "网上报名已打开" in page

    def test_a_flood_lets_in_no_more_than_there_is_and_the_pages_answer(self, event, monkeypatch):
        """Two hundred sendings from many addresses: three places and one who waits, the honest one among them."""
        honest = a_sign_up(event)
        answers = [
            Client(REMOTE_ADDR=f"203.0.113.{n}").post(
                f"/join/{event.token}", signing(name=f"机器{n}", phone=f"199{n:08d}")
            )
            for n in range(200)
        ]
        assert [one.status_code for one in answers].count(302) == 3
        assert {one.status_code for one in answers} == {302, 422}
        assert SignUp.objects.count() == 4
        assert SignUp.objects.order_by("number").first() == honest
        assert Client().get(f"/join/{event.token}").status_code == 200

    def test_one_address_that_floods_is_told_when_to_come_again(self, event):
        codes = [Client().post(f"/join/{event.token}", signing(name="")).status_code for _ in range(61)]
        assert codes == [422] * 60 + [429]
        assert Client(REMOTE_ADDR="203.0.113.9").post(f"/join/{event.token}", signing()).status_code == 302

    @pytest.mark.parametrize("name", ["join", "mine", "say"])
    def test_the_page_and_its_styles_are_small(self, city, worker, event, name):
        """As they go over the line, styles packed as they are kept and the page as it is: two seconds of 12 kB each."""
        done = today_event(city.chengdong, worker)
        done = held(done, worker, heads={HeadGroup.OTHERS: 5}, method=CountMethod.COUNTED)
        addresses = {
            "join": f"/join/{event.token}", "mine": f"/join/mine/{a_sign_up(event).secret}",
            "say": f"/say/{done.say_token}",
        }  # fmt: skip
        page = text_of(Client().get(addresses[name]))
        files = set(re.findall(r'href="/static/([^"#]+)', page))
        assert len(files) > 5
        packed = sum(len(gzip.compress(Path(str(finders.find(file))).read_bytes())) for file in files)
        assert len(page.encode()) + packed < 24_000


class TestTheDay:
    @pytest.fixture
    def today(self, city, worker):
        event = today_event(city.chengdong, worker)
        a_sign_up(event, "陈大文", people=2)
        a_sign_up(event, "阿虾", "19900002222")
        return event

    def test_tapped_recorded_and_found_on_the_activitys_page(self, client_for, city, worker, today):
        person = a_family(city.chengdong, worker).people[-1]
        client = client_for(worker)
        assert "点名" in text_of(client.get(f"/events/{today.pk}/"))
        page = text_of(client.get(f"/events/{today.pk}/roll"))
        assert page.count('type="checkbox"') == 2
        sent = {"at-1": "on", "n-1": "2", "was-1": "", "was-2": ""}
        page = text_of(client.post(f"/events/{today.pk}/roll", sent, follow=True))
        assert "名单上到场 2 人" in page
        page = text_of(client.get(f"/events/{today.pk}/held"))
        for said in ("陈大文 · 赤山村", "报名 3 人，名单上到场 2 人。", "端午包粽子"):
            assert said in page
        sent = {
            "event_version": str(today.version), "occurred_on": "2020-06-06", "title": "端午包粽子", "kind": "festival",
            "workers": [str(worker.staff_id)], "is-1": str(person.pk), "elders": "3", "method": "counted",
            "summary": "报名 3 人，名单上到场 2 人。热闹。", "client_id": str(uuid.uuid4()),
        }  # fmt: skip
        page = text_of(client.post(f"/events/{today.pk}/held", sent, follow=True))
        assert "报名 3 人，到场 5 人次，其中名单上 2 人，实名 1 人。热闹。" in page
        activity = Activity.objects.get()
        page = text_of(client.get(f"/activities/{activity.pk}/"))
        for said in ("策划与反馈", "报名 3 人，名单上到场 2 人", "陈大文"):
            assert said in page
        again = text_of(client.post(f"/events/{today.pk}/held", sent, follow=True))
        assert "没有再记一遍" in again
        assert Activity.objects.count() == 1

    def test_what_the_record_refuses_comes_back_with_what_was_typed(self, client_for, worker, today):
        call_roll(by=worker, event=today, came={1: 2})
        sent = {
            "event_version": str(today.version), "occurred_on": "2020-06-06", "title": "端午包粽子", "kind": "festival",
            "workers": [str(worker.staff_id)], "stated_total": "1", "summary": "热闹。",
        }  # fmt: skip
        answer = client_for(worker).post(f"/events/{today.pk}/held", sent)
        assert answer.status_code == 422
        for said in ("总人次 1 少于名单上点到的 2 人", "热闹。"):
            assert said in text_of(answer)

    def test_a_record_made_before_is_offered_and_joined(self, client_for, city, worker, today):
        activity = an_activity(city.chengdong, worker, on=TODAY)
        page = text_of(client_for(worker).get(f"/events/{today.pk}/held"))
        assert activity.title in page
        sent = {"version": str(today.version), "activity": str(activity.pk)}
        page = text_of(client_for(worker).post(f"/events/{today.pk}/link", sent, follow=True))
        assert "已对上活动记录" in page
        assert Activity.objects.count() == 1

    def test_before_its_day_there_is_no_roll(self, client_for, worker, event):
        assert client_for(worker).get(f"/events/{event.pk}/roll").status_code == 404
        assert client_for(worker).get(f"/events/{event.pk}/held").status_code == 404

    def test_three_hundred_names_are_tapped_at_once(self, client_for, city, worker):
        event = today_event(city.chengdong, worker, places=400)
        rows = [
            SignUp(station=event.station, event=event, client_id=uuid.uuid4(), number=n, name=f"人{n}", phone="1")
            for n in range(1, 301)
        ]
        SignUp.objects.bulk_create(rows)
        sent = {f"was-{n}": "" for n in range(1, 301)} | {f"at-{n}": "on" for n in range(1, 301)}
        with CaptureQueriesContext(connection) as queries:
            assert client_for(worker).post(f"/events/{event.pk}/roll", sent).status_code == 302
        assert len(queries) < 40
        assert SignUp.objects.filter(came=1).count() == 300


class TestAfterwards:
    @pytest.fixture
    def done(self, city, worker):
        event = today_event(city.chengdong, worker)
        return held(event, worker, heads={HeadGroup.OTHERS: 5}, method=CountMethod.COUNTED)

    def test_anybody_says_how_it_was(self, client_for, worker, officer, done):
        address = f"/say/{done.say_token}"
        page = text_of(Client().get(address))
        for said in ("您满意吗？", "很满意", "不记名"):
            assert said in page
        sent = {"grade": "4", "good": "志愿者有耐心", "change": "", "website": "", "made": moment("SayForm"),
                "client_id": str(uuid.uuid4())}  # fmt: skip
        assert "收到了，谢谢您" in text_of(Client().post(address, sent, follow=True))
        Client().post(address, sent)
        assert Remark.objects.count() == 1
        page = text_of(client_for(worker).get(f"/events/{done.pk}/"))
        for said in ("1 份，很满意和满意 1 份（100%）", "志愿者有耐心", "<svg"):
            assert said in page
        page = text_of(client_for(officer).get(f"/events/{done.pk}/"))
        assert "1 份，很满意和满意 1 份（100%）" in page
        assert "志愿者有耐心" not in page

    def test_without_a_grade_it_comes_back(self, done):
        sent = {"grade": "", "good": "热闹", "made": moment("SayForm")}
        answer = Client().post(f"/say/{done.say_token}", sent)
        assert answer.status_code == 422
        for said in ("请点一个", "热闹"):
            assert said in text_of(answer)

    def test_closed_it_says_so(self, client_for, worker, event, done):
        assert "还没有办完" in text_of(Client().get(f"/say/{event.say_token}"))
        switch = f"/events/{done.pk}/say"
        client_for(worker).post(switch, {"version": str(done.version), "on": "off"})
        assert "时间已经过了" in text_of(Client().get(f"/say/{done.say_token}"))
        sent = {"grade": "5", "made": moment("SayForm")}
        assert Client().post(f"/say/{done.say_token}", sent).status_code == 422
        assert not Remark.objects.exists()


def test_the_first_page_says_what_comes(client_for, city, worker):
    assert "场活动" not in text_of(client_for(worker).get("/"))
    an_event(city.chengdong, worker, held_on=TODAY + timedelta(days=2))
    assert "端午包粽子" in text_of(client_for(worker).get("/"))


def queries_of(client: Any, address: str) -> int:
    client.get(address)  # what the process remembers is asked once
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_many_plans_names_and_remarks_cost_no_more_queries(client_for, city, worker):
    def asked(count: int) -> list[int]:
        event = today_event(city.chengdong, worker, title=f"{count} 人", places=50)
        people = a_family(city.chengdong, worker).people
        for number in range(count):
            a_sign_up(event, people[-1].name if number else "阿海", f"1990000{count}{number:03d}")
        call_roll(by=worker, event=event, came=dict.fromkeys(range(1, count + 1), 1))
        done = today_event(city.chengdong, worker, title=f"{count} 人办过")
        done = held(done, worker, heads={HeadGroup.OTHERS: 5}, method=CountMethod.COUNTED)
        for _ in range(count):
            say(event=done, entry=RemarkEntry(Grade.VERY, "好"))
        client = client_for(worker)
        addresses = ("/events/", "/events/?past", f"/events/{event.pk}/", f"/events/{event.pk}/roll",
                     f"/events/{event.pk}/held", f"/events/{done.pk}/", f"/activities/{done.activity_id}/",
                     f"/join/{event.token}")  # fmt: skip
        return [queries_of(client, address) for address in addresses]

    assert asked(2) == asked(6)
    assert Event.objects.filter(state=EventState.HELD).count() == 2
