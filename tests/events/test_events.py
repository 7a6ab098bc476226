"""Planned activities: the plan, signing up by the last place, the roll, the record made once, what is said after."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from shuangbai.activities.models import Activity
from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.events.actions.holding import RemarkEntry, call_roll, hold_event, link_activity, say, switch_say
from shuangbai.events.actions.joining import (
    SignUpEntry,
    drop_old_sign_ups,
    enter_sign_up,
    join,
    leave,
    note_told,
    withdraw_sign_up,
)
from shuangbai.events.actions.planning import change_event, move_event, plan_event, switch_page
from shuangbai.events.enums import ChildBand, EventState, Grade
from shuangbai.events.models import Event, EventMove, Gate, Remark, SignUp
from shuangbai.events.queries import coming, feedback_of, likely, numbers_of, signed_of
from shuangbai.events.rules import A_MINUTE
from shuangbai.lives.actions.forgetting import forget
from shuangbai.network.closing import kept_at, kept_by
from shuangbai.services.actions import void_records
from shuangbai.services.enums import CountMethod, HeadGroup
from shuangbai.services.models import Contact, ServiceRecord
from tests.cast import TODAY, a_family, an_activity
from tests.gathering import SATURDAY, a_day, a_sign_up, an_event, an_event_entry, held, today_event

pytestmark = pytest.mark.django_db
CHILD: dict[str, Any] = {"age_band": ChildBand.YOUNGER, "guardian": "陈小妹", "agreed": True}


@pytest.fixture
def event(city, worker):
    return an_event(city.chengdong, worker, places=3, waiting_most=2)


def sentences(refused: Any) -> str:
    return "；".join(one.sentence for one in refused.value.findings)


class TestThePlan:
    def test_it_needs_a_name_a_kind_and_a_day_and_sent_twice_is_one(self, city, worker):
        entry = an_event_entry(city.chengdong, worker)
        assert plan_event(by=worker, entry=entry) == plan_event(by=worker, entry=entry)
        assert Event.objects.get().state == EventState.PREPARING

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"title": " "}, "请填写活动名称"), ({"held_on": date(2016, 1, 1)}, "早于本站开站日期"),
            ({"starts_at": time(15), "ends_at": time(14)}, "结束时间要晚于开始时间"),
            ({"ends_at": time(14)}, "结束时间要晚于开始时间"), ({"places": 0}, "名额请填 1 到 500"),
            ({"closes_on": SATURDAY + timedelta(days=1)}, "报名截止日期晚于活动日期"),
            ({"waiting_most": 201}, "候补最多 200 人"), ({"kind": "nothing"}, "活动类型"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said(self, city, worker, wrong, said):
        with pytest.raises(Refused) as refused:
            plan_event(by=worker, entry=an_event_entry(city.chengdong, worker, **wrong))
        assert said in sentences(refused)
        assert not Event.objects.exists()

    def test_the_second_to_save_is_told(self, city, worker, event):
        entry = an_event_entry(city.chengdong, worker, places=5)
        change_event(by=worker, event=event, version=event.version, entry=entry)
        with pytest.raises(Conflict):
            change_event(by=worker, event=event, version=event.version, entry=entry)

    def test_places_are_not_taken_away_from_who_has_one(self, city, worker, event):
        a_sign_up(event, people=2)
        entry = an_event_entry(city.chengdong, worker, places=1)
        with pytest.raises(Refused, match="已有 2 人报上名"):
            change_event(by=worker, event=event, version=event.version, entry=entry)

    def test_a_state_that_cannot_be_is_refused_and_each_step_is_kept(self, city, worker):
        bare = plan_event(by=worker, entry=an_event_entry(city.chengdong, worker))
        with pytest.raises(Refused, match="还没有写名额"):
            move_event(by=worker, event=bare, version=1, to=EventState.OPEN)
        with pytest.raises(Refused, match="不能这样改"):
            move_event(by=worker, event=bare, version=1, to=EventState.HELD)
        with pytest.raises(Refused, match="请写明为什么取消活动"):
            move_event(by=worker, event=bare, version=1, to=EventState.CANCELLED)
        off = move_event(by=worker, event=bare, version=1, to=EventState.CANCELLED, reason="台风")
        back = move_event(by=worker, event=off, version=2, to=EventState.PREPARING, reason="改期")
        assert (back.state, back.cancel_reason, back.version) == (EventState.PREPARING, "", 3)
        steps = EventMove.objects.order_by("entered_at", "became").values_list("was", "became", "reason")
        assert set(steps) == {("preparing", "cancelled", "台风"), ("cancelled", "preparing", "改期")}

    def test_a_past_day_is_not_opened(self, city, worker):
        past = an_event(city.chengdong, worker, opened=False, held_on=date(2020, 6, 1))
        with pytest.raises(Refused, match="已经过了"):
            move_event(by=worker, event=past, version=1, to=EventState.OPEN)

    def test_another_station_may_not(self, city, worker, stranger, officer, event):
        for somebody in (stranger, officer):
            with pytest.raises(NotAllowed):
                plan_event(by=somebody, entry=an_event_entry(city.chengdong, worker))
            with pytest.raises(NotAllowed):
                switch_page(by=somebody, event=event, version=event.version, on=False)


class TestSigningUp:
    def test_places_then_the_waiting_list_then_nothing(self, event):
        first, second = a_sign_up(event, people=2), a_sign_up(event, "阿虾", "19900002222")
        third = a_sign_up(event, "阿贝", "19900003333", people=2)
        assert [one.waiting for one in (first, second, third)] == [False, False, True]
        with pytest.raises(Refused, match="名额和候补都已经满了"):
            a_sign_up(event, "阿螺", "19900004444")
        assert (numbers_of(event).taken, numbers_of(event).waiting) == (3, 2)

    def test_nobody_overtakes_who_waits(self, city, worker):
        event = an_event(city.chengdong, worker, places=3, waiting_most=5)
        a_sign_up(event, people=2)
        assert a_sign_up(event, "阿虾", "19900002222", people=2).waiting
        assert a_sign_up(event, "阿贝", "19900003333").waiting

    def test_whoever_waits_moves_up_in_order_and_is_to_be_told(self, worker, event):
        first = a_sign_up(event, people=3)
        waits = a_sign_up(event, "阿虾", "19900002222")
        leave(sign_up=first)
        waits.refresh_from_db()
        assert (waits.waiting, waits.moved_up_at is not None) == (False, True)
        assert numbers_of(event).to_tell == 1
        note_told(by=worker, sign_up=waits)
        assert numbers_of(event).to_tell == 0

    def test_more_places_let_in_who_waits(self, city, worker, event):
        a_sign_up(event, people=3)
        waits = a_sign_up(event, "阿虾", "19900002222", people=2)
        now = change_event(
            by=worker, event=event, version=event.version,
            entry=an_event_entry(city.chengdong, worker, places=5, waiting_most=2),
        )  # fmt: skip
        waits.refresh_from_db()
        assert not waits.waiting
        assert numbers_of(now).taken == 5

    def test_sent_twice_it_is_one_and_the_same_person_again_is_told(self, event):
        entry = SignUpEntry("阿海", "199 0000 1111")
        assert join(event=event, entry=entry) == join(event=event, entry=entry)
        with pytest.raises(Refused, match="已经报过名了"):
            a_sign_up(event, " 阿海 ", "19900001111")
        a_sign_up(event, "阿海的妹妹", "19900001111")
        assert SignUp.objects.count() == 2

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"name": " "}, "请写您的名字"), ({"phone": "没有"}, "请写一个打得通的电话"),
            ({"phone": "123"}, "打得通的电话"),
            ({"phone": "19900001111、19900002222"}, "打得通的电话"), ({"people": 11}, "最多报 10 个人"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said(self, event, wrong, said):
        with pytest.raises(Refused) as refused:
            join(event=event, entry=SignUpEntry(**{"name": "阿海", "phone": "19900001111", **wrong}))
        assert said in sentences(refused)
        assert not SignUp.objects.exists()

    def test_a_child_comes_with_who_answers_for_it(self, city, worker):
        event = an_event(city.chengdong, worker, for_children=True)
        with pytest.raises(Refused) as refused:
            a_sign_up(event, "小海")
        for said in ("年龄段", "家长（监护人）的名字", "要家长同意"):
            assert said in sentences(refused)
        one = a_sign_up(event, "小海", **CHILD)
        assert (one.guardian, one.age_band) == ("陈小妹", "younger")

    def test_of_grown_ups_nothing_more_is_kept(self, event):
        one = a_sign_up(event, **CHILD)
        assert (one.guardian, one.age_band) == ("", "")

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"public": False}, "网上报名已经关闭"), ({"closes_on": TODAY - timedelta(days=1)}, "报名已经截止"),
            ({"held_on": TODAY - timedelta(days=1)}, "已经办完了"), ({"state": "preparing"}, "还没有开始报名"),
            ({"state": "cancelled", "cancel_reason": "台风"}, "取消了"),
        ],
    )  # fmt: skip
    def test_a_closed_page_takes_nothing(self, event, change, said):
        Event.objects.filter(pk=event.pk).update(**change)
        with pytest.raises(Refused, match=said):
            a_sign_up(event)

    def test_the_station_signs_up_who_telephones_though_the_page_is_off(self, worker, stranger, event):
        off = switch_page(by=worker, event=event, version=event.version, on=False)
        one = enter_sign_up(by=worker, event=off, entry=SignUpEntry("阿海", "19900001111"))
        assert one.entered_by == worker
        assert not Event.objects.get().public
        with pytest.raises(NotAllowed):
            enter_sign_up(by=stranger, event=off, entry=SignUpEntry("阿虾", "19900002222"))

    def test_taken_back_nothing_of_the_person_is_left(self, worker, event):
        one, other = a_sign_up(event), a_sign_up(event, "阿虾", "19900002222")
        leave(sign_up=one)
        leave(sign_up=one)
        withdraw_sign_up(by=worker, sign_up=other)
        for row in SignUp.objects.all():
            assert (row.name, row.phone, row.guardian, row.person) == ("", "", "", None)
            assert row.withdrawn_at
        assert numbers_of(event).withdrawn == 2

    def test_names_and_telephones_are_unreadable_in_the_database_and_in_the_trail(self, event):
        a_sign_up(event, "陈阿海")
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, phone FROM events_signup")
            assert not any(word in str(cursor.fetchall()) for word in ("陈阿海", "19900001111"))
        said = str(list(AuditEvent.objects.values_list("details", "personal")))
        assert "阿海" not in said
        assert "1990" not in said


class TestAFlood:
    def test_no_more_than_the_places_get_in_and_who_came_before_stays(self, monkeypatch, event):
        monkeypatch.setattr("shuangbai.events.actions.joining.A_MINUTE", 10_000)
        honest = a_sign_up(event, "陈阿海")
        refused = 0
        for number in range(200):
            try:
                a_sign_up(event, f"机器{number}", f"199{number:08d}")
            except Refused:
                refused += 1
        assert refused == 196
        assert (numbers_of(event).taken, numbers_of(event).waiting) == (3, 2)
        assert signed_of(event).first() == honest

    def test_no_more_than_so_many_a_minute(self, city, worker, time_machine):
        time_machine.move_to("2026-01-05T08:00:00Z", tick=False)
        event = an_event(city.chengdong, worker, places=500)
        for number in range(A_MINUTE):
            a_sign_up(event, f"甲{number}", f"199{number:08d}")
        with pytest.raises(Refused, match="这一分钟提交的人太多了"):
            a_sign_up(event, "乙", "19800000000")
        time_machine.move_to("2026-01-05T08:01:00Z", tick=False)
        a_sign_up(event, "乙", "19800000000")
        assert Gate.objects.get().let_in == 1

    def test_signing_up_and_taking_back_for_ever_ends(self, monkeypatch, city, worker):
        monkeypatch.setattr("shuangbai.events.actions.joining.A_MINUTE", 10_000)
        event = an_event(city.chengdong, worker, places=1, waiting_most=0)
        for number in range(3 + A_MINUTE):
            leave(sign_up=a_sign_up(event, f"机器{number}", f"199{number:08d}"))
        with pytest.raises(Refused, match="报名的次数太多了"):
            a_sign_up(event, "又来", "19800000000")


class TestTheDay:
    def test_the_roll_changes_only_what_was_tapped(self, city, worker, colleague):
        event = today_event(city.chengdong, worker)
        for number, name in enumerate(["甲", "乙", "丙"]):
            a_sign_up(event, name, f"1990000000{number}", people=2)
        call_roll(by=worker, event=event, came={1: 2})
        call_roll(by=colleague, event=event, came={2: 1})
        assert dict(signed_of(event).values_list("number", "came")) == {1: 2, 2: 1, 3: None}
        call_roll(by=worker, event=event, came={1: 0})
        assert numbers_of(event).came == 1

    def test_whoever_waited_and_came_has_found_a_place(self, city, worker):
        event = today_event(city.chengdong, worker, places=1)
        a_sign_up(event)
        a_sign_up(event, "阿虾", "19900002222")
        call_roll(by=worker, event=event, came={2: 1})
        assert not signed_of(event).get(number=2).waiting

    def test_before_the_day_and_after_the_record_nobody_is_called(self, city, worker, event):
        a_sign_up(event)
        with pytest.raises(Refused, match="还没到那一天"):
            call_roll(by=worker, event=event, came={1: 1})
        done = today_event(city.chengdong, worker)
        held(done, worker, heads={HeadGroup.OTHERS: 5}, method=CountMethod.COUNTED)
        with pytest.raises(Refused, match="已经办结"):
            call_roll(by=worker, event=done, came={})

    def test_the_list_becomes_an_activity_by_name_or_as_heads(self, city, worker):
        family = a_family(city.chengdong, worker)
        event = today_event(city.chengdong, worker, kind="children", for_children=True, series="相伴童行")
        a_sign_up(event, "陈大文", people=2, **CHILD)
        a_sign_up(event, "小虾", "19900002222", **CHILD)
        a_sign_up(event, "小贝", "19900003333", **CHILD)
        call_roll(by=worker, event=event, came={1: 2, 2: 1})
        [[key, [(person, hint)]]] = likely(worker, event, signed_of(event)).items()
        assert "赤山村" in hint
        done = held(
            event, worker, matched={key: person}, series="相伴童行", summary="报名 4 人，名单上到场 3 人。玩得好。"
        )
        record = done.activity.record
        assert (done.state, done.activity.series.name) == (EventState.HELD, "相伴童行")
        assert [row.person_id for row in record.contacts.filter(kind="person")] == [person]
        heads = set(record.contacts.filter(kind="heads").values_list("group", "heads", "method"))
        assert heads == {("children", 1, "signed"), ("others", 1, "signed")}
        assert done.activity.summary == "报名 4 人，到场 3 人次，其中名单上 3 人，实名 1 人。玩得好。"
        assert done.tally == {"taken": 4, "waiting": 0, "withdrawn": 0, "came": 3, "named": 1}
        assert family.people[-1].pk == person

    def test_it_is_recorded_once(self, city, worker):
        event = today_event(city.chengdong, worker)
        entry = a_day(event, worker, heads={HeadGroup.OTHERS: 5}, method=CountMethod.COUNTED)
        first = hold_event(by=worker, event=event, version=event.version, entry=entry, matched={})
        again = hold_event(by=worker, event=event, version=event.version, entry=entry, matched={})
        assert first.activity == again.activity
        another = a_day(event, worker, heads={HeadGroup.OTHERS: 5}, method=CountMethod.COUNTED)
        with pytest.raises(Conflict):
            hold_event(by=worker, event=event, version=event.version, entry=another, matched={})
        with pytest.raises(Refused, match="已经记过了"):
            held(event, worker, heads={HeadGroup.OTHERS: 5}, method=CountMethod.COUNTED)
        assert Activity.objects.count() == 1

    def test_a_count_below_the_names_on_the_list_is_refused(self, city, worker):
        event = today_event(city.chengdong, worker)
        a_sign_up(event, people=3)
        call_roll(by=worker, event=event, came={1: 3})
        with pytest.raises(Refused, match="总人次 2 少于名单上点到的 3 人"):
            held(event, worker, stated_total=2)
        assert held(event, worker, stated_total=3).activity

    def test_what_the_activity_refuses_leaves_nothing(self, city, worker):
        event = today_event(city.chengdong, worker)
        with pytest.raises(Refused, match="请选择参加的人"):
            held(event, worker)
        with pytest.raises(Refused, match="请选择计数方式"):
            held(event, worker, heads={HeadGroup.OTHERS: 5})
        assert not ServiceRecord.objects.exists()
        assert Event.objects.get().state == EventState.OPEN

    def test_two_rows_of_the_list_are_not_one_person(self, city, worker):
        family = a_family(city.chengdong, worker)
        event = today_event(city.chengdong, worker)
        rows = [a_sign_up(event, f"甲{n}", f"1990000000{n}") for n in range(2)]
        call_roll(by=worker, event=event, came={1: 1, 2: 1})
        with pytest.raises(Refused, match="同一个人对上了名单里的两行"):
            held(event, worker, matched={one.pk: family.people[0].pk for one in rows})

    def test_a_plan_is_put_to_an_activity_recorded_without_it(self, city, worker, stranger):
        activity = an_activity(city.chengdong, worker, on=TODAY)
        event = today_event(city.chengdong, worker)
        done = link_activity(by=worker, event=event, version=event.version, activity=activity)
        assert done.activity == activity
        assert Activity.objects.count() == 1
        other = today_event(city.chengdong, worker, title="另一场")
        with pytest.raises(Refused, match="已经是「端午包粽子」的"):
            link_activity(by=worker, event=other, version=other.version, activity=activity)

    def test_voided_it_can_be_held_anew(self, city, worker):
        event = today_event(city.chengdong, worker)
        done = held(event, worker, heads={HeadGroup.OTHERS: 5}, method=CountMethod.COUNTED)
        with pytest.raises(Refused, match="活动记录还在"):
            move_event(by=worker, event=done, version=done.version, to=EventState.PREPARING, reason="录错")
        void_records(by=worker, records=[done.activity.record], reason="录错了")
        done = Event.objects.get(pk=done.pk)
        back = move_event(by=worker, event=done, version=done.version, to=EventState.PREPARING, reason="录错")
        assert back.activity is None
        again = held(back, worker, heads={HeadGroup.OTHERS: 6}, method=CountMethod.COUNTED)
        assert again.activity
        assert Activity.objects.count() == 2

    def test_a_station_may_still_record_an_activity_without_a_plan(self, city, worker):
        assert an_activity(city.chengdong, worker).pk
        assert not Event.objects.exists()


class TestAfterwards:
    @pytest.fixture
    def done(self, city, worker):
        event = today_event(city.chengdong, worker)
        return held(event, worker, heads={HeadGroup.OTHERS: 5}, method=CountMethod.COUNTED)

    def test_what_is_said_has_neither_sender_nor_moment_and_counts_once(self, done):
        entry = RemarkEntry(Grade.VERY, "热闹", "早点开始")
        trail = AuditEvent.objects.count()
        say(event=done, entry=entry)
        say(event=done, entry=entry)
        say(event=done, entry=RemarkEntry(Grade.FAIR))
        assert AuditEvent.objects.count() == trail
        fields = {field.name for field in Remark._meta.concrete_fields}
        assert fields == {"id", "station", "event", "client_id", "grade", "good", "change"}
        heard = feedback_of([done.activity_id])
        assert (heard.counts, heard.answers, heard.content, heard.share) == ({"5": 1, "3": 1}, 2, 1, 50)
        with connection.cursor() as cursor:
            cursor.execute("SELECT good, change FROM events_remark")
            assert "热闹" not in str(cursor.fetchall())

    def test_of_a_voided_activity_nothing_was_said(self, worker, done):
        say(event=done, entry=RemarkEntry(Grade.VERY))
        void_records(by=worker, records=[done.activity.record], reason="录错了")
        assert feedback_of(Activity.objects.all()).answers == 0

    def test_before_and_long_after_nothing_is_taken_in(self, worker, event, done):
        with pytest.raises(Refused, match="还没有办完"):
            say(event=event, entry=RemarkEntry(Grade.VERY))
        off = switch_say(by=worker, event=done, version=done.version, on=False)
        with pytest.raises(Refused, match="时间已经过了"):
            say(event=done, entry=RemarkEntry(Grade.VERY))
        switch_say(by=worker, event=off, version=off.version, on=True)
        with clock.pinned(TODAY + timedelta(days=14)):
            say(event=done, entry=RemarkEntry(Grade.VERY))
        with clock.pinned(TODAY + timedelta(days=15)), pytest.raises(Refused, match="时间已经过了"):
            say(event=done, entry=RemarkEntry(Grade.VERY))

    def test_a_flood_stops_at_its_ceiling(self, monkeypatch, done):
        monkeypatch.setattr("shuangbai.events.actions.joining.A_MINUTE", 10_000)
        for _ in range(60):
            say(event=done, entry=RemarkEntry(Grade.VERY))
        with pytest.raises(Refused, match="已经够多了"):
            say(event=done, entry=RemarkEntry(Grade.NOT))
        assert feedback_of([done.activity_id]).counts == {"5": 60}

    def test_names_go_thirty_days_after_and_numbers_stay(self, city, worker):
        event = today_event(city.chengdong, worker)
        a_sign_up(event, people=2)
        called_off = an_event(city.chengdong, worker, held_on=TODAY)
        a_sign_up(called_off)
        call_roll(by=worker, event=event, came={1: 2})
        held(event, worker)
        with clock.pinned(TODAY + timedelta(days=30)):
            assert drop_old_sign_ups() == 0
        with clock.pinned(TODAY + timedelta(days=31)):
            assert drop_old_sign_ups() == 2
            assert drop_old_sign_ups() == 0
        assert not SignUp.objects.exists()
        assert (numbers_of(Event.objects.get(pk=event.pk)).came, numbers_of(Event.objects.get(pk=event.pk)).taken) == (
            2,
            2,
        )
        assert numbers_of(Event.objects.get(pk=called_off.pk)).taken == 1

    def test_somebody_forgotten_is_off_the_list_and_out_of_what_was_said(self, city, worker, officer):
        family = a_family(city.chengdong, worker)
        event = today_event(city.chengdong, worker)
        one = a_sign_up(event, "陈大文")
        call_roll(by=worker, event=event, came={1: 1})
        person = family.people[-1]
        done = held(event, worker, matched={one.pk: person.pk})
        say(event=done, entry=RemarkEntry(Grade.VERY, f"{person.name}唱得好"))
        forget(by=officer, person=person, basis="本人要求")
        assert not SignUp.objects.exists()
        assert person.name not in Remark.objects.get().good


def test_the_first_page_says_what_comes_and_who_is_to_be_told(city, worker):
    soon = an_event(city.chengdong, worker, places=1)
    an_event(city.chengdong, worker, opened=False, held_on=TODAY - timedelta(days=2))
    an_event(city.chengdong, worker, held_on=TODAY + timedelta(days=30))
    first = a_sign_up(soon)
    a_sign_up(soon, "阿虾", "19900002222")
    leave(sign_up=first)
    said = coming(Event.objects.all(), TODAY)
    assert (said.soon, said.unrecorded, said.to_tell, said.next) == (1, 1, 1, soon)


def test_a_station_that_closes_and_somebody_who_leaves_are_told_of_plans(city, worker, event):
    assert [kept.count for kept in kept_at(city.chengdong, TODAY) if "活动策划" in kept.label] == [1]
    assert [kept.count for kept in kept_by(worker.staff) if "活动策划" in kept.label] == [1]


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"title": ""}, {"state": "held"}, {"state": "cancelled"}, {"cancel_reason": "无"}, {"places": None},
            {"starts_at": time(15), "ends_at": time(14)},
        ],
    )  # fmt: skip
    def test_a_plan_that_cannot_be(self, event, wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.filter(pk=event.pk).update(**wrong)

    @pytest.mark.parametrize(
        "wrong", [{"people": 0}, {"waiting": True, "came": 1}, {"withdrawn_at": clock.at(TODAY), "came": 1}]
    )
    def test_a_sign_up_that_cannot_be(self, event, wrong):
        one = a_sign_up(event)
        with pytest.raises(IntegrityError), transaction.atomic():
            SignUp.objects.filter(pk=one.pk).update(**wrong)

    def test_two_of_what_is_one(self, city, worker, event):
        one, other = a_sign_up(event), a_sign_up(event, "阿虾", "19900002222")
        person = a_family(city.chengdong, worker).people[0]
        SignUp.objects.filter(pk=one.pk).update(person=person)
        same: list[dict[str, Any]] = [
            {"number": one.number}, {"client_id": one.client_id}, {"secret": one.secret}, {"person": person},
        ]  # fmt: skip
        for wrong in same:
            with pytest.raises(IntegrityError), transaction.atomic():
                SignUp.objects.filter(pk=other.pk).update(**wrong)
        twin = an_event(city.chengdong, worker, title="另一场")
        for wrong in ({"client_id": event.client_id}, {"token": event.token}, {"say_token": event.say_token}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Event.objects.filter(pk=twin.pk).update(**wrong)
        gate = Gate.objects.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            Gate.objects.create(station=event.station, event=event, page=gate.page)

    def test_a_move_that_moves_nothing_and_a_remark_without_a_grade(self, worker, event):
        with pytest.raises(IntegrityError), transaction.atomic():
            EventMove.objects.update(became="preparing")
        done = Remark(station=event.station, event=event, client_id=event.client_id, grade="9")
        with pytest.raises(IntegrityError), transaction.atomic():
            done.save()
        Remark.objects.create(station=event.station, event=event, client_id=event.client_id, grade="5")
        with pytest.raises(IntegrityError), transaction.atomic():
            Remark.objects.create(station=event.station, event=event, client_id=event.client_id, grade="5")


def test_the_figures_count_it_as_any_activity(city, worker):
    event = today_event(city.chengdong, worker)
    a_sign_up(event, people=4)
    call_roll(by=worker, event=event, came={1: 4})
    done = held(event, worker, heads={HeadGroup.ELDERS: 2}, method=CountMethod.COUNTED)
    rows = Contact.objects.filter(record=done.activity_id)
    assert sum(row.heads for row in rows) == 6
