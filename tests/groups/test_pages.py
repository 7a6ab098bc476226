"""Pages of groups: set up, members, the roll, refusals that keep what was typed, two at once, who sees what."""

from __future__ import annotations

import io
import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from shuangbai.followups.models import Task
from shuangbai.groups.enums import Presence
from shuangbai.groups.models import Attendance, Group, GroupMember, GroupSession
from shuangbai.services.enums import CountMethod, HeadGroup
from tests.cast import a_family, a_member
from tests.groupwork import BEGUN, JOINED, a_group, a_session, members_in

pytestmark = pytest.mark.django_db
NEW = "/groups/new"


def text_of(answer: Any) -> str:
    return answer.content.decode()


def planned(by: Any, **more: Any) -> dict[str, Any]:
    """What a browser sends of a group's plan."""
    sent = {
        "title": "小海星成长小组", "kind": "growth", "begun_on": "2020-04-01", "worker": str(by.staff_id),
        "rows": "2", "plan-0-number": "1", "plan-0-on": "2020-05-10", "plan-0-theme": "认识新朋友",
        "plan-1-number": "2", "plan-1-on": "", "plan-1-theme": "", "need": "孩子怕生", "budget": "350.5",
        "client_id": str(uuid.uuid4()),
    }  # fmt: skip
    return sent | more


def called(worker: Any, group: Group, said: dict[Any, str] | None = None, **more: Any) -> dict[str, Any]:
    """What a browser sends of a session with everybody present, but for what is `said` of members."""
    roll = {f"at-{one.pk.hex}": "present" for one in group.members.all()}
    roll |= {f"at-{one.pk.hex}": word for one, word in (said or {}).items()}
    sent = {
        "occurred_on": "2020-05-10", "number": "1", "minutes": "60", "theme": "认识新朋友", "phase": "formation",
        "workers": [str(worker.staff_id)], "process": "玩了游戏", "client_id": str(uuid.uuid4()), **roll,
    }  # fmt: skip
    return sent | more


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker)


@pytest.fixture
def group(city, worker):
    return a_group(city.chengdong, worker)


class TestThePlan:
    def test_a_group_is_set_up_and_changed(self, client_for, worker):
        client = client_for(worker)
        page = text_of(client.post(NEW, planned(worker), follow=True))
        for said in ("小海星成长小组", "孩子怕生", "认识新朋友", "350.50 元", "筹备", "名单还是空的"):
            assert said in page
        made = Group.objects.get()
        edit = f"/groups/{made.pk}/edit"
        assert 'value="认识新朋友"' in text_of(client.get(edit))
        page = text_of(client.post(edit, planned(worker, version="1", goals="敢开口"), follow=True))
        assert "敢开口" in page

    def test_with_a_name_alone_it_is_saved_and_told_what_it_lacks(self, client_for, worker):
        bare = {key: value for key, value in planned(worker).items() if key in ("title", "kind", "begun_on", "worker")}
        page = text_of(client_for(worker).post(NEW, bare, follow=True))
        assert "还缺的文书" in page
        assert "风险与应对" in page
        assert "自 2020-04-01" in page

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"title": " "}, "请填写小组名称"), ({"kind": ""}, "请选择一项"), ({"begun_on": "2020-07-01"}, "今天之后"),
            ({"begun_on": "2016-01-01"}, "早于本站开站日期"), ({"budget": "很多"}, "请填数字"),
            ({"worker": str(uuid.uuid4())}, "请重新选择"), ({"plan-1-number": "1", "plan-1-theme": "再"}, "同一节"),
            ({"plan-0-on": "明天"}, "不是一个日期"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_told_and_what_was_typed_stays(self, client_for, worker, wrong, said):
        answer = client_for(worker).post(NEW, planned(worker, **wrong))
        page = text_of(answer)
        assert answer.status_code == 422
        assert said in page
        assert "孩子怕生" in page
        assert not Group.objects.exists()

    def test_the_second_to_save_sees_both_versions(self, client_for, worker, head, group):
        edit = f"/groups/{group.pk}/edit"
        assert client_for(head).post(edit, planned(worker, version="1", goals="敢举手")).status_code == 302
        answer = client_for(worker).post(edit, planned(worker, version="1", goals="敢开口"))
        page = text_of(answer)
        assert answer.status_code == 409
        for said in ("敢举手", "敢开口", "陈丽娟"):
            assert said in page
        client_for(worker).post(edit, planned(worker, version="2", goals="敢开口"))
        assert Group.objects.get().goals == "敢开口"

    def test_a_state_that_cannot_be_is_told_on_the_page_of_the_group(self, client_for, worker, group):
        move = f"/groups/{group.pk}/move"
        client = client_for(worker)
        answer = client.post(move, {"version": "1", "to": "cancelled", "moved_on": "2020-05-10", "reason": ""})
        assert answer.status_code == 422
        assert "请写明为什么取消小组" in text_of(answer)
        answer = client.post(move, {"version": "7", "to": "recruiting", "moved_on": "2020-05-10"})
        assert answer.status_code == 409
        assert "已被别人改过" in text_of(answer)
        assert client.post(move, {"version": "1", "to": "recruiting", "moved_on": "2020-05-10"}).status_code == 302

    def test_the_evaluation_is_kept(self, client_for, worker, group, family):
        members_in(group, worker, people=family.people)
        sent = {"version": "1", "agreement": "守时", "agreed_on": "2020-05-10", "very": "1", "rather": "1",
                "process": "都办成了", "outcome": "敢说话", "reached": "most"}  # fmt: skip
        page = text_of(client_for(worker).post(f"/groups/{group.pk}/evaluation", sent, follow=True))
        for said in ("守时", "很满意 1", "都办成了", "大部分达成"):
            assert said in page
        wrong = client_for(worker).post(f"/groups/{group.pk}/evaluation", sent | {"version": "2", "very": "9"})
        assert wrong.status_code == 422
        assert "比组员 2 人还多" in text_of(wrong)


class TestMembers:
    def test_several_are_added_at_once(self, client_for, worker, group, family):
        sent = {
            "people": [str(one.pk) for one in family.people], "taken": "yes", "joined_on": "2020-05-01",
            "named-0-name": "阿海", "named-0-sex": "1", "named-0-age_band": "child",
        }  # fmt: skip
        page = text_of(client_for(worker).post(f"/groups/{group.pk}/members/new", sent, follow=True))
        for said in ("曾秀英", "陈大文", "阿海", "只有姓名", "未满 14 岁", "缺监护人同意", "已加 3 人"):
            assert said in page

    def test_a_name_without_an_age_and_somebody_not_taken_without_why(self, client_for, worker, group):
        address = f"/groups/{group.pk}/members/new"
        sent = {"taken": "yes", "joined_on": "2020-05-01", "named-0-name": "阿海"}
        answer = client_for(worker).post(address, sent)
        assert answer.status_code == 422
        assert "请选大概的年龄段" in text_of(answer)
        assert "阿海" in text_of(answer)
        sent |= {"named-0-age_band": "teen", "taken": "no"}
        assert "请写明原因" in text_of(client_for(worker).post(address, sent))
        page = text_of(client_for(worker).post(address, sent | {"refused_reason": "时间不合"}, follow=True))
        assert "谈过、没有入组的 1 人" in page
        assert GroupMember.objects.get().joined_on is None

    def test_the_guardians_consent_takes_the_reminder_away(self, client_for, worker, city, group):
        child = a_family(city.chengdong, worker, members=[a_member("陈小贝", birth_date=date(2011, 3, 1))])
        [member] = members_in(group, worker, people=child.people)
        client, address = client_for(worker), f"/groups/members/{member.pk}/"
        assert "缺监护人同意" in text_of(client.get(address))
        sent = {"version": "1", "taken": "yes", "joined_on": "2020-05-01", "consented_on": "2020-05-02",
                "consent": "奶奶，书面", "score_before": "21.5"}  # fmt: skip
        assert "缺监护人同意" not in text_of(client.post(address, sent, follow=True))
        answer = client.post(address, sent | {"score_before": "30"})
        assert answer.status_code == 409
        assert "21.5" in text_of(answer)

    def test_follow_up_is_a_task_of_the_family(self, client_for, worker, group, family):
        one, _other = members_in(group, worker, people=family.people)
        sent = {"members": [str(one.pk)], "subject": "看看在校怎样", "due_on": "2020-06-30"}
        page = text_of(client_for(worker).post(f"/groups/{group.pk}/tasks", sent, follow=True))
        assert "已布置 1 件跟进事项" in page
        assert Task.objects.get().person_id == one.person_id


class TestSessions:
    def test_the_roll_is_called_and_shown(self, client_for, worker, group, family):
        one, other = members_in(group, worker, people=family.people)
        [named] = members_in(group, worker, named=["阿海"])
        sent = called(worker, group, {other: "late", named: "absent"}, others="2", method="counted")
        sent |= {f"why-{named.pk.hex}": "看病", "stated_total": "4"}
        page = text_of(client_for(worker).post(f"/groups/{group.pk}/sessions/new", sent, follow=True))
        for said in ("小海星成长小组 第 1 节", "曾秀英", "阿海（看病）", "组员 2，来宾 2", "玩了游戏", "形成期"):
            assert said in page
        assert Attendance.objects.get(member=one).presence == Presence.PRESENT

    def test_everybody_of_the_day_is_present_until_said_otherwise(self, client_for, worker, group, family):
        members_in(group, worker, people=family.people, joined=date(2020, 5, 20))
        members_in(group, worker, named=["阿海"])
        client, new = client_for(worker), f"/groups/{group.pk}/sessions/new"
        page = text_of(client.get(f"{new}?occurred_on=2020-05-10"))
        assert page.count('value="present" checked') == 1
        part = text_of(client.get(f"{new}?occurred_on=2020-05-20", headers={"HX-Request": "true"})).strip()
        assert part.count('value="present" checked') == 3
        assert "<html" not in part

    def test_what_was_tapped_stays_when_the_day_is_changed(self, client_for, worker, group):
        [one] = members_in(group, worker, named=["阿海"])
        asked = f"/groups/{group.pk}/sessions/new?occurred_on=2020-05-12&at-{one.pk.hex}=absent&place=榕树下"
        part = text_of(client_for(worker).get(asked, headers={"HX-Request": "true"}))
        assert 'value="absent" checked' in part
        assert "榕树下" in part

    def test_somebody_who_had_left_gets_a_clear_answer_and_nothing_is_lost(self, client_for, worker, group, family):
        one, _other = members_in(group, worker, people=family.people)
        GroupMember.objects.filter(pk=one.pk).update(left_on=date(2020, 5, 5))
        answer = client_for(worker).post(f"/groups/{group.pk}/sessions/new", called(worker, group))
        page = text_of(answer)
        assert answer.status_code == 422
        assert "曾秀英已在 2020-05-05 离组" in page
        assert "玩了游戏" in page
        assert page.count('value="present" checked') == 2

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"theme": ""}, "请填写这一节的主题"), ({"number": ""}, "请填第几节"), ({"number": "0"}, "请填 1 起的节次"),
            ({"minutes": "900"}, "1 到 600"), ({"stated_total": "1"}, "少于点名到场的 2 人"),
            ({"others": "2"}, "请选择怎么数的"), ({"workers": []}, "请填写"),
            ({"occurred_on": "2020-07-01"}, "今天之后"), ({"phase": "x"}, "请重新选择"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_told(self, client_for, worker, group, family, wrong, said):
        members_in(group, worker, people=family.people)
        answer = client_for(worker).post(f"/groups/{group.pk}/sessions/new", called(worker, group) | wrong)
        assert answer.status_code == 422
        if said != "请填写":
            assert said in text_of(answer)
        assert not GroupSession.objects.exists()

    def test_a_member_that_was_not_called_is_named(self, client_for, worker, group, family):
        one, _other = members_in(group, worker, people=family.people)
        sent = called(worker, group)
        del sent[f"at-{one.pk.hex}"]
        page = text_of(client_for(worker).post(f"/groups/{group.pk}/sessions/new", sent))
        assert "还没有点名：曾秀英" in page

    def test_the_second_to_correct_sees_both_versions(self, client_for, worker, head, group, family):
        _one, other = members_in(group, worker, people=family.people)
        session = a_session(group, worker)
        address = f"/groups/sessions/{session.pk}/correct"
        assert 'value="present" checked' in text_of(client_for(worker).get(address))
        hers = called(worker, group, theme="起名字", version="1", reason="改题")
        assert client_for(head).post(address, hers).status_code == 302
        mine = called(worker, group, {other: "absent"}, version="1", reason="点名")
        answer = client_for(worker).post(address, mine)
        page = text_of(answer)
        assert answer.status_code == 409
        for said in ("起名字", "认识新朋友", "陈丽娟", "陈大文"):
            assert said in page
        page = text_of(client_for(worker).post(address, mine | {"version": "2"}, follow=True))
        assert "点名" in page
        assert "改题" in page

    def test_it_is_in_the_list_of_records_the_timelines_and_the_export(self, client_for, worker, group, family):
        members_in(group, worker, people=family.people)
        a_session(group, worker, theme="贝壳画", process="捡了贝壳再拼",
                  guests={HeadGroup.OTHERS: 2}, method=CountMethod.COUNTED)  # fmt: skip
        client = client_for(worker)
        for address in ("/records/", "/records/?kind=group_session", "/records/?q=贝壳"):
            assert "小海星成长小组 第 1 节" in text_of(client.get(address)), address
        assert "小海星成长小组" not in text_of(client.get("/records/?kind=visit"))
        for address in (f"/people/{family.people[0].pk}/", f"/families/{family.household.pk}/"):
            assert "小组：小海星成长小组 第 1 节" in text_of(client.get(address)), address
        assert "贝壳" in text_of(client.get("/search?q=贝壳"))
        book = client.post("/records/export?kind=group_session", {"kind": "sessions", "reason": "check"})
        rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
        said = dict(zip(rows[2], rows[3], strict=True))
        assert (said["小组名称"], said["第几节"], said["人次"], said["其中来宾"]) == ("小海星成长小组", 1, 4, 2)
        assert said["过程"] == "捡了贝壳再拼"

    def test_a_voided_one_says_so_and_counts_no_more(self, client_for, worker, group, family):
        members_in(group, worker, people=family.people)
        session = a_session(group, worker)
        client = client_for(worker)
        page = text_of(client.post(f"/records/{session.pk}/void", {"reason": "录错了"}, follow=True))
        assert "不计入任何数字" in page
        assert "0 节，0 人次" in text_of(client.get(f"/groups/{group.pk}/"))


class TestWhoSeesWhat:
    def test_the_officer_sees_numbers_and_family_names_only(self, client_for, worker, officer, city, family):
        group = a_group(city.chengdong, worker, need="陈大文怕生")
        _one, other = members_in(group, worker, people=family.people, note="陈大文话少")
        session = a_session(group, worker, process="陈大文先说了", reflection="陈大文太急",
                            roll={other: (Presence.ABSENT, "陈大文病了")})  # fmt: skip
        for address in (f"/groups/{group.pk}/", f"/groups/sessions/{session.pk}/", "/groups/"):
            page = text_of(client_for(officer).get(address))
            assert "陈大文" not in page
            assert "曾秀英" not in page
        page = text_of(client_for(officer).get(f"/groups/sessions/{session.pk}/"))
        assert "陈**先说了" in page
        assert "太急" not in page

    def test_another_stations_group_is_not_there(self, client_for, worker, stranger, group, family):
        [member, _other] = members_in(group, worker, people=family.people)
        session = a_session(group, worker)
        for address in (f"/groups/{group.pk}/", f"/groups/{group.pk}/edit", f"/groups/members/{member.pk}/",
                        f"/groups/sessions/{session.pk}/", f"/groups/{group.pk}/sessions/new"):  # fmt: skip
            assert client_for(stranger).get(address).status_code == 404
        assert group.title not in text_of(client_for(stranger).get("/groups/"))


def queries_of(client: Any, address: str) -> int:
    client.get(address)  # what the process remembers is asked once
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_many_groups_members_and_sessions_cost_no_more_queries(client_for, city, worker):
    def asked(count: int) -> list[int]:
        group = a_group(city.chengdong, worker, title=f"{count} 人")
        people = a_family(city.chengdong, worker, members=[a_member(f"陈{n}") for n in range(count)]).people
        members_in(group, worker, people=people, named=[f"阿{n}" for n in range(count)])
        sessions = [a_session(group, worker, on=date(2020, 5, 10 + n)) for n in range(count)]
        client = client_for(worker)
        addresses = ("/groups/", f"/groups/{group.pk}/", f"/groups/{group.pk}/sessions/new",
                     f"/groups/sessions/{sessions[0].pk}/", f"/groups/sessions/{sessions[0].pk}/correct")  # fmt: skip
        return [queries_of(client, address) for address in addresses]

    assert asked(2) == asked(6)


def test_an_empty_list_says_what_to_do(client_for, worker):
    page = text_of(client_for(worker).get("/groups/"))
    assert "还没有小组" in page
    assert BEGUN < JOINED
