"""Groups as they are entered: what a session leaves on the spine, who may, what is refused, one or three hundred."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shuangbai.core.findings import Conflict, Door, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.followups.models import Task
from shuangbai.groups.actions.members import MemberEntry, add_members, change_member
from shuangbai.groups.actions.planning import ask_followups, change_group, evaluate_group, move_group
from shuangbai.groups.actions.sessions import correct_session, record_session
from shuangbai.groups.enums import AgeBand, GroupKind, GroupState, Presence
from shuangbai.groups.forms.sessions import corrections
from shuangbai.groups.models import Attendance, Group, GroupMember, GroupMove, GroupSession
from shuangbai.groups.queries import listed, members_of, missing_of, session_lines
from shuangbai.households.models import Standing
from shuangbai.lives.actions.forgetting import forget
from shuangbai.network.closing import kept_at, kept_by
from shuangbai.services.actions import void_records
from shuangbai.services.enums import CountMethod, HeadGroup
from shuangbai.services.models import ServiceRecord
from shuangbai.services.queries import text_of, with_words
from tests.cast import TODAY, a_family, a_member
from tests.groupwork import BEGUN, JOINED, a_group, a_session, a_session_entry, members_in

pytestmark = pytest.mark.django_db
ON = date(2020, 5, 10)


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker, tags=["dibao_rural"])


@pytest.fixture
def group(city, worker):
    return a_group(city.chengdong, worker)


def sentences(refused: Any) -> str:
    return "；".join(one.sentence for one in refused.value.findings)


class TestWhatASessionLeaves:
    def test_people_on_file_are_contacts_and_the_rest_are_heads(self, worker, group, family):
        members_in(group, worker, people=family.people, named=["阿海", "阿虾"])
        guests = {HeadGroup.CHILDREN: 1, HeadGroup.OTHERS: 3}
        record = a_session(group, worker, guests=guests, method=CountMethod.COUNTED).record
        assert (record.kind, record.reached, record.household) == ("group_session", True, None)
        assert {one.person for one in record.contacts.filter(kind="person")} == set(family.people)
        heads = set(record.contacts.filter(kind="heads").values_list("group", "heads", "method"))
        assert heads == {("children", 3, "counted"), ("others", 3, "counted")}

    def test_who_did_not_come_is_on_the_roll_and_in_no_number(self, worker, group, family):
        one, other = members_in(group, worker, people=family.people)
        record = a_session(group, worker, roll={one: Presence.LATE, other: (Presence.ABSENT, "看病")}).record
        assert [row.person for row in record.contacts.all()] == [one.person]
        rows = {row.member_id: (row.presence, row.reason) for row in record.attendance.all()}
        assert rows == {one.pk: ("late", ""), other.pk: ("absent", "看病")}

    def test_what_they_counted_as_that_day_is_kept(self, worker, group, family):
        members_in(group, worker, people=family.people)
        record = a_session(group, worker).record
        found = Standing.objects.filter(occasion=record.pk, category__code="dibao_rural")
        assert set(found.values_list("person_id", flat=True)) == {one.pk for one in family.people}

    def test_it_is_found_by_its_words(self, city, worker, group, family):
        members_in(group, worker, people=family.people)
        session = a_session(group, worker, theme="贝壳画", process="捡了贝壳再拼")
        assert with_words(ServiceRecord.objects.all(), "贝壳", stations=[city.chengdong.pk]) == [session.record]
        assert text_of(session.record) == "贝壳画\n捡了贝壳再拼"

    def test_what_is_thought_of_members_is_unreadable_in_the_database_and_its_history(self, worker, group, family):
        members_in(group, worker, people=family.people)
        a_session(group, worker, interaction="大文推了人", reflection="要分开坐", following="换组")
        for table in ("groups_groupsession", "groups_historicalgroupsession"):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT interaction, reflection, following FROM {table}")
                said = str(cursor.fetchall())
            assert not any(word in said for word in ("推了人", "分开坐", "换组"))

    def test_the_first_takes_the_group_to_running(self, worker, group, family):
        members_in(group, worker, people=family.people)
        a_session(group, worker)
        group.refresh_from_db()
        assert (group.state, group.version) == (GroupState.RUNNING, 2)
        assert list(GroupMove.objects.values_list("was", "became", "moved_on")) == [("preparing", "running", ON)]
        a_session(group, worker, on=date(2020, 5, 17))
        assert GroupMove.objects.count() == 1

    def test_sending_twice_saves_once(self, worker, group, family):
        members_in(group, worker, people=family.people)
        entry = a_session_entry(group, worker)
        assert record_session(by=worker, entry=entry) == record_session(by=worker, entry=entry)
        assert GroupSession.objects.count() == 1


class TestWhatIsRefused:
    def test_a_session_of_somebody_who_had_left(self, worker, group, family):
        one, _other = members_in(group, worker, people=family.people)
        change_member(
            by=worker, member=one, version=1, entry=MemberEntry(joined_on=JOINED, left_on=ON, left_reason="搬走了")
        )
        later = date(2020, 5, 17)
        entry = a_session_entry(group, worker, on=later, roll={one: Presence.PRESENT})
        with pytest.raises(Refused) as refused:
            record_session(by=worker, entry=entry)
        assert "曾秀英已在 2020-05-10 离组，不能记这一天到场" in sentences(refused)
        assert not GroupSession.objects.exists()
        a_session(group, worker, on=later)  # without them

    def test_leaving_before_a_session_at_which_one_was(self, worker, group, family):
        one, _other = members_in(group, worker, people=family.people)
        a_session(group, worker)
        left = MemberEntry(joined_on=JOINED, left_on=date(2020, 5, 9), left_reason="搬走了")
        with pytest.raises(Refused) as refused:
            change_member(by=worker, member=one, version=1, entry=left)
        assert "在 2020-05-10 的节次里记为到场" in sentences(refused)

    def test_a_count_below_the_names(self, worker, group, family):
        members_in(group, worker, people=family.people)
        with pytest.raises(Refused) as refused:
            record_session(by=worker, entry=a_session_entry(group, worker, stated_total=1))
        assert "总人次 1 少于点名到场的 2 人" in sentences(refused)

    def test_a_number_that_is_taken_until_that_session_is_voided(self, worker, group, family):
        members_in(group, worker, people=family.people)
        first = a_session(group, worker)
        again = a_session_entry(group, worker, on=date(2020, 5, 17), number=1)
        with pytest.raises(Refused, match="第 1 节已经记过（2020-05-10）"):
            record_session(by=worker, entry=again)
        void_records(by=worker, records=[first.record], reason="录错了")
        assert record_session(by=worker, entry=again).number == 1

    def test_a_second_one_on_a_day_is_asked_about(self, worker, group, family):
        members_in(group, worker, people=family.people)
        a_session(group, worker)
        with pytest.raises(NeedsAcknowledgement, match="一天里的另一节"):
            record_session(by=worker, entry=a_session_entry(group, worker))
        assert record_session(by=worker, entry=a_session_entry(group, worker), acknowledged=True).number == 2

    def test_a_member_of_another_group_says_nothing(self, city, worker, group, family):
        other = a_group(city.chengdong, worker, title="别的小组")
        [stray] = members_in(other, worker, people=family.people[:1])
        members_in(group, worker, people=family.people[1:])
        session = a_session(group, worker, roll={stray: Presence.PRESENT})
        assert session.record.attendance.count() == 1

    def test_a_cancelled_group_and_one_that_is_over(self, worker, group, family):
        members_in(group, worker, people=family.people)
        move_group(by=worker, group=group, version=1, to=GroupState.CANCELLED, on=ON, reason="报名太少")
        with pytest.raises(Refused, match="已经取消"):
            record_session(by=worker, entry=a_session_entry(group, worker))

    def test_somebody_of_another_stations_families(self, city, worker, stranger, group):
        theirs = a_family(city.dongzhou, stranger)
        with pytest.raises(Refused, match="不在本站家庭名册中"):
            members_in(group, worker, people=theirs.people)

    def test_the_same_person_twice(self, worker, group, family):
        members_in(group, worker, people=family.people)
        with pytest.raises(Refused, match="已经在这个小组的名单里"):
            members_in(group, worker, people=family.people)
        with pytest.raises(Refused, match="已经在这个小组的名单里"):
            members_in(a_group(group.station, worker, title="另一个"), worker, people=[family.people[0]] * 2)

    def test_another_stations_people_write_nothing(self, city, stranger, supervisor, officer, worker, group, family):
        [one, _other] = members_in(group, worker, people=family.people)
        session = a_session(group, worker)
        group.refresh_from_db()
        for by in (stranger, supervisor, officer):
            with pytest.raises(NotAllowed):
                move_group(by=by, group=group, version=2, to=GroupState.ENDED, on=ON)
            with pytest.raises(NotAllowed):
                change_member(by=by, member=one, version=1, entry=MemberEntry(joined_on=JOINED))
            with pytest.raises(NotAllowed):
                record_session(by=by, entry=a_session_entry(group, worker, on=date(2020, 5, 17)))
            with pytest.raises(NotAllowed):
                correct_session(by=by, session=session, version=1, entry=a_session_entry(group, worker), reason="试试")


class TestCorrections:
    def test_what_was_said_before_is_kept_and_told(self, worker, head, group, family):
        one, other = members_in(group, worker, people=family.people)
        session = a_session(group, worker, theme="认识", process="玩游戏")
        entry = a_session_entry(group, worker, theme="认识新朋友", number=1, roll={other: (Presence.ABSENT, "看病")})
        correct_session(by=head, session=session, version=1, entry=entry, reason="点错了名")
        [told] = corrections(GroupSession.objects.get())
        assert (told["by"], told["reason"]) == ("陈丽娟", "点错了名")
        changes = {label: (was, became) for label, was, became in told["changes"]}
        assert changes["主题"] == ("认识", "认识新朋友")
        assert changes["没来"] == ("", "陈大文（看病）")
        assert changes["到"] == ("曾秀英、陈大文", "曾秀英")
        assert list(session.record.contacts.values_list("person_id", flat=True)) == [one.person_id]

    def test_two_at_once_are_told(self, worker, head, group, family):
        members_in(group, worker, people=family.people)
        session = a_session(group, worker)
        entry = a_session_entry(group, worker, number=1, theme="改过")
        correct_session(by=head, session=session, version=1, entry=entry, reason="主题")
        with pytest.raises(Conflict):
            correct_session(by=worker, session=session, version=1, entry=entry, reason="主题")

    def test_of_a_roll_that_stays_nothing_is_written_anew(self, worker, group, family):
        members_in(group, worker, people=family.people)
        session = a_session(group, worker)
        before = set(Attendance.objects.values_list("pk", flat=True))
        entry = a_session_entry(group, worker, number=1, theme="改过")
        correct_session(by=worker, session=session, version=1, entry=entry, reason="主题")
        assert set(Attendance.objects.values_list("pk", flat=True)) == before


class TestThreeHundred:
    def test_a_roll_costs_the_same_queries_however_long(self, city, worker):
        def asked(count: int) -> int:
            group = a_group(city.chengdong, worker, title=f"{count}人")
            people = []
            while len(people) < count // 2:
                members = [a_member(f"陈{number}") for number in range(min(25, count // 2))]
                people += a_family(city.chengdong, worker, members=members, village=city.chishan).people
            members_in(group, worker, people=people[: count // 2], named=[f"阿{n}" for n in range(count - count // 2)])
            entry = a_session_entry(group, worker, process="坐满了")
            with CaptureQueriesContext(connection) as queries:
                record_session(by=worker, entry=entry)
            assert Attendance.objects.filter(member__group=group).count() == count
            return len(queries)

        assert asked(300) == asked(10)

    def test_and_the_list_takes_no_more(self, worker, group):
        members_in(group, worker, named=[f"阿{number}" for number in range(300)])
        with pytest.raises(Refused, match="最多 300 人"):
            members_in(group, worker, named=["阿末"])


class TestTheGroup:
    def test_it_is_changed_with_history_and_a_trail(self, city, worker, group):
        from shuangbai.groups.actions.planning import GroupEntry

        entry = GroupEntry(
            city.chengdong, "小海星", GroupKind.SUPPORT, BEGUN, worker.staff_id, goals="敢开口",
            plan=[(2, "2020-05-17", "我会"), (1, "2020-05-10", "认识")], budget=Decimal("350.50"),
        )  # fmt: skip
        changed = change_group(by=worker, group=group, version=1, entry=entry)
        assert (changed.title, changed.version) == ("小海星", 2)
        assert changed.plan == [[1, "2020-05-10", "认识"], [2, "2020-05-17", "我会"]]
        assert Group.history.count() == 2
        assert AuditEvent.objects.filter(kind="group.changed").count() == 1
        with pytest.raises(Conflict):
            change_group(by=worker, group=group, version=1, entry=entry)

    def test_the_satisfaction_of_more_than_there_are_is_refused(self, worker, group, family):
        members_in(group, worker, people=family.people)
        said = dict.fromkeys(("agreement", "measure", "process", "outcome", "reached", "reached_note"), "")
        said |= {"agreed_on": None, "satisfaction": {"very": 2, "fair": 1}}
        with pytest.raises(Refused, match="一共 3 份，比组员 2 人还多"):
            evaluate_group(by=worker, group=group, version=1, said=said)

    def test_it_tells_what_it_lacks_since_when_and_hinders_nothing(self, worker, group, family):
        members_in(group, worker, people=family.people, named=["阿海"])
        a_session(group, worker)
        group.refresh_from_db()
        found = missing_of(group, list(members_of([group.pk])), session_lines(group), TODAY)
        since = {one.paper.code: one.since for one in found}
        assert since["need"] == BEGUN
        assert since["agreement"] == since["consent"] == since["process"] == ON
        assert "satisfaction" not in since
        ended = move_group(by=worker, group=group, version=2, to=GroupState.ENDED, on=TODAY)
        found = missing_of(ended, list(members_of([group.pk])), session_lines(ended), TODAY)
        assert {one.paper.code: one.since for one in found}["satisfaction"] == TODAY

    def test_members_are_followed_up_by_a_task_each(self, worker, group, family):
        one, other = members_in(group, worker, people=family.people)
        [named] = members_in(group, worker, named=["阿海"])
        due = date(2020, 6, 30)
        made = ask_followups(by=worker, group=group, member_ids=[one.pk, other.pk], subject="看看近况", due_on=due)
        assert {task.person_id for task in made} == {one.person_id, other.person_id}
        assert set(Task.objects.values_list("household_id", flat=True)) == {family.household.pk}
        with pytest.raises(Refused, match="只写了姓名的"):
            ask_followups(by=worker, group=group, member_ids=[named.pk], subject="看看", due_on=due)

    def test_the_list_has_its_numbers_in_one_query(self, worker, group, family):
        members_in(group, worker, people=family.people, named=["阿海"])
        a_session(group, worker, guests={HeadGroup.OTHERS: 2}, method=CountMethod.COUNTED)
        void_records(by=worker, records=[a_session(group, worker, on=TODAY).record], reason="录错了")
        with CaptureQueriesContext(connection) as queries:
            [one] = listed(Group.objects.all())
        assert len(queries) == 1
        assert (one.member_count, one.session_count, one.person_times, one.latest_on) == (3, 1, 5, ON)

    def test_a_station_is_not_closed_over_an_open_group_and_a_colleague_is_asked(self, city, worker, group):
        [kept] = [one for one in kept_at(city.chengdong, TODAY) if "小组" in one.label]
        assert "请先结束或取消" in kept.hinders
        assert [one.count for one in kept_by(worker.staff) if "小组" in one.label] == [1]


class TestForgetting:
    def test_somebody_who_is_forgotten_leaves_numbers_and_no_words(self, city, worker, officer, group):
        family = a_family(city.chengdong, worker, members=[a_member("温小海"), a_member("温大海")])
        one, other = members_in(group, worker, people=family.people, note="温小海怕生")
        a_session(group, worker, process="温小海先说", roll={other: Presence.PRESENT})
        missed = a_session(group, worker, on=date(2020, 5, 17), interaction="都问温小海去哪了",
                           roll={one: (Presence.ABSENT, "温小海病了")})  # fmt: skip
        forget(by=officer, person=one.person, basis="家属书面要求")
        one.refresh_from_db()
        assert one.note == ""
        assert "温小海" not in GroupSession.objects.get(pk=missed.pk).interaction
        assert not any("温小海" in row.process for row in GroupSession.objects.all())
        assert not any("温小海" in row.interaction for row in GroupSession.history.all())
        assert not any("温小海" in row.reason for row in Attendance.history.all())
        assert Attendance.objects.filter(member=one).count() == 2


ROUND = [
    (GroupMember, {"joined_on": None, "left_on": ON}, "group_member_leaves_after_joining"),
    (GroupMember, {"left_on": date(2020, 4, 30)}, "group_member_dates_in_order"),
    (GroupMember, {"name": "", "person": None}, "group_member_is_known_or_named"),
    (Group, {"title": ""}, "group_has_title"),
    (Group, {"state": "ended"}, "group_ends_on_a_day"),
    (Group, {"state": "cancelled"}, "group_cancelled_for_a_reason"),
    (GroupSession, {"number": 0}, "group_session_numbers_from_one"),
    (GroupMove, {"was": "running"}, "group_move_changes_state"),
]


@pytest.mark.parametrize(("model", "said", "name"), ROUND, ids=[one[2] for one in ROUND])
def test_the_database_refuses_nonsense(worker, group, model, said, name):
    members_in(group, worker, named=["阿海"], age_band=AgeBand.TEEN)
    a_session(group, worker)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.update(**said)


def test_the_database_refuses_a_worker_beside_oneself_and_anything_twice(worker, group, family):
    with pytest.raises(IntegrityError, match="group_coworker_is_another"), transaction.atomic():
        Group.objects.update(coworker=worker.staff_id)
    [one] = members_in(group, worker, people=family.people[:1])
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMember.objects.create(
            station=group.station, group=group, person=one.person, joined_on=ON, entered_by=worker
        )
    session = a_session(group, worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(station=group.station, record=session.record, member=one, presence="present")
    with pytest.raises(IntegrityError), transaction.atomic():
        Group.objects.create(
            station=group.station, client_id=group.client_id, title="又一个", kind="growth", begun_on=ON,
            worker_id=worker.staff_id, entered_by=worker,
        )  # fmt: skip


def test_at_the_spreadsheets_door_who_was_not_called_passes(worker, group, family):
    members_in(group, worker, people=family.people)
    entry = a_session_entry(group, worker)
    entry.roll = dict(list(entry.roll.items())[:1])
    with pytest.raises(Refused, match="还没有点名"):
        record_session(by=worker, entry=entry)
    assert record_session(by=worker, entry=entry, door=Door.SHEET, acknowledged=True).record.attendance.count() == 1


def test_add_members_of_nobody_is_refused(worker, group):
    with pytest.raises(Refused, match="至少一位"):
        add_members(by=worker, group=group, entries=[])
