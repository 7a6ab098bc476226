"""Teams and hours: a team's stages, who helped where and how long, what cannot have been, counted once."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuangbai.activities.actions import correct_activity
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.periods import Period
from shuangbai.households.models import Person
from shuangbai.network.models import User
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.services.actions import void_records
from shuangbai.services.models import ServiceRecord
from shuangbai.volunteers.actions.hours import (
    correct_hours,
    correct_team_service,
    give_hours,
    record_team_service,
    void_hours,
)
from shuangbai.volunteers.actions.teams import (
    change_role,
    change_team,
    end_membership,
    enter_organisation,
    join_team,
    move_team,
    note_help,
)
from shuangbai.volunteers.entries import OrganisationEntry, TeamEntry, TeamServiceEntry
from shuangbai.volunteers.enums import OrganisationKind, Standing, TeamKind, TeamRole, TeamStage
from shuangbai.volunteers.models import Team, TeamMember, TeamState, Volunteer, VolunteerHours
from shuangbai.volunteers.queries import beside_record, contradiction, team_lines
from shuangbai.volunteers.rules import AFTER, diagram
from tests.cast import TODAY, City, a_family, a_visit, an_activity, an_activity_entry
from tests.volunteers.conftest import SINCE, a_service, a_team, a_volunteer, hours

DAY = date(2020, 6, 1)  # of the activity
SPAN = Period(date(2020, 1, 1), TODAY)


def figure(code: str, city: City, unit: Any = None) -> Any:
    ask = Ask(SPAN, unit or city.root)
    assert BY_CODE[code].value(ask) == BY_CODE[code].evidence(ask)
    return BY_CODE[code].value(ask)


class TestTeams:
    def test_a_team_goes_from_stage_to_stage_with_who_when_and_why(self, worker: User, team: Team) -> None:
        said = {"by": worker, "team": team, "on": date(2020, 5, 1), "reason": "自己排班半年了"}
        move_team(to=TeamStage.RUNNING, version=1, **said)
        states = list(TeamState.objects.filter(team=team).order_by("starts_on"))
        assert [(one.stage, one.starts_on, one.ends_on) for one in states] == [
            ("growing", SINCE, date(2020, 4, 30)), ("running", date(2020, 5, 1), None),
        ]  # fmt: skip
        assert states[1].entered_by == worker
        with pytest.raises(Conflict):
            move_team(to=TeamStage.ENDED, version=1, **said)

    @pytest.mark.parametrize(
        ("to", "on", "reason", "sentence"),
        [
            ("growing", TODAY, "写明", "下一步可以是：能自己运转、召集中、停止活动"),
            ("running", date(2020, 7, 1), "写明", "今天之后"),
            ("running", SINCE, "写明", "之后，请核对"),
            ("running", TODAY, " ", "请写明依据"),
        ],
    )
    def test_what_the_table_does_not_say_is_refused(
        self, worker: User, team: Team, to: str, on: date, reason: str, sentence: str
    ) -> None:
        with pytest.raises(Refused, match=sentence):
            move_team(by=worker, team=team, version=1, to=to, on=on, reason=reason)

    def test_the_table_is_drawn(self) -> None:
        assert all(f"{stage} --> {to}" in diagram() for stage, following in AFTER.items() for to in following)

    def test_members_join_lead_and_leave(self, worker: User, team: Team, volunteer: Volunteer, city: City) -> None:
        member = join_team(by=worker, team=team, volunteer=volunteer, starts_on=SINCE, role=TeamRole.LEADER)
        with pytest.raises(Refused, match="已经在队里"):
            join_team(by=worker, team=team, volunteer=volunteer, starts_on=TODAY)
        other = a_volunteer(city.chengdong, worker, "林二")
        with pytest.raises(Refused, match="已有队长"):
            join_team(by=worker, team=team, volunteer=other, starts_on=SINCE, role=TeamRole.LEADER)
        change_role(by=worker, member=member, role=TeamRole.MEMBER)
        join_team(by=worker, team=team, volunteer=other, starts_on=SINCE, role=TeamRole.LEADER)
        assert end_membership(by=worker, member=member, ends_on=TODAY).ends_on == TODAY
        with pytest.raises(Refused, match="已经记下离队"):
            end_membership(by=worker, member=member, ends_on=TODAY)

    @pytest.mark.parametrize("on", [date(2019, 3, 4), date(2020, 7, 1)])
    def test_nobody_joins_before_the_team_or_after_today(
        self, worker: User, team: Team, volunteer: Volunteer, on: date
    ) -> None:
        with pytest.raises(Refused):
            join_team(by=worker, team=team, volunteer=volunteer, starts_on=on)

    def test_another_stations_volunteer_is_not_there(
        self, city: City, worker: User, stranger: User, team: Team
    ) -> None:
        theirs = a_volunteer(city.dongzhou, stranger)
        with pytest.raises(NotAllowed):
            join_team(by=worker, team=team, volunteer=theirs, starts_on=TODAY)

    def test_a_name_stands_once_at_a_station(self, city: City, worker: User, team: Team) -> None:
        with pytest.raises(Refused, match="已有同名的队伍"):
            a_team(city.chengdong, worker)
        with pytest.raises(IntegrityError), transaction.atomic():
            Team.objects.create(
                station=city.chengdong, client_id=team.pk, name=team.name, kind="women", founded_on=SINCE,
                entered_by=worker,
            )  # fmt: skip

    def test_its_founding_moves_its_first_stage_along(self, city: City, worker: User, team: Team) -> None:
        entry = TeamEntry(city.chengdong, team.name, TeamKind.WOMEN, date(2019, 2, 1))
        change_team(by=worker, team=team, version=1, entry=entry)
        assert TeamState.objects.get(team=team).starts_on == date(2019, 2, 1)

    def test_a_list_of_teams_takes_four_queries(self, city: City, worker: User, django_assert_num_queries: Any) -> None:
        for number in range(3):
            a_team(city.chengdong, worker, f"{number}队")
        teams = list(Team.objects.select_related("station", "village"))
        with django_assert_num_queries(4):
            assert len(team_lines(teams, TODAY, worker)) == 3

    def test_an_organisation_and_what_is_done_for_it(self, city: City, worker: User) -> None:
        entry = OrganisationEntry(city.chengdong, "赤山村文艺队", OrganisationKind.CULTURE, Standing.NEITHER, "备1")
        with pytest.raises(Refused, match="请选「已登记」或「已备案」"):
            enter_organisation(by=worker, entry=entry)
        entry.standing = Standing.FILED
        row = enter_organisation(by=worker, entry=entry)
        assert enter_organisation(by=worker, entry=entry).pk == row.pk
        assert note_help(by=worker, organisation=row, happened_on=TODAY, what="协助备案").what == "协助备案"
        with pytest.raises(Refused, match="请写明做了什么"):
            note_help(by=worker, organisation=row, happened_on=TODAY, what=" ")


class TestHoursInARecord:
    def test_named_volunteers_are_among_those_counted(self, city: City, worker: User, volunteer: Volunteer) -> None:
        activity = an_activity(city.chengdong, worker, volunteers=4, volunteer_hours=Decimal(10))
        assert figure("T3", city) == 10
        give_hours(by=worker, record=activity.record, entries=[hours(volunteer, 2.5)])
        assert figure("T3", city) == 10
        assert (figure("T2A", city), figure("T2", city)) == (1, 1)

    def test_of_an_activity_that_counts_none_the_names_count(
        self, city: City, worker: User, volunteer: Volunteer
    ) -> None:
        activity = an_activity(city.chengdong, worker)
        give_hours(by=worker, record=activity.record, entries=[hours(volunteer, 2.5)])
        assert figure("T3", city) == Decimal("2.5")

    def test_more_than_was_counted_is_refused(self, city: City, worker: User, volunteer: Volunteer) -> None:
        activity = an_activity(city.chengdong, worker, volunteers=1, volunteer_hours=Decimal(2))
        with pytest.raises(Refused, match="合计 2 小时，实名登记的合计 3 小时"):
            give_hours(by=worker, record=activity.record, entries=[hours(volunteer, 3)])
        other = a_volunteer(city.chengdong, worker, "林二")
        with pytest.raises(Refused, match="志愿者是 1 人，加上这次实名登记的是 2 人"):
            give_hours(by=worker, record=activity.record, entries=[hours(volunteer, 1), hours(other, 1)])
        assert not VolunteerHours.objects.exists()

    def test_an_activity_corrected_to_less_is_told_and_the_larger_counts(
        self, city: City, worker: User, volunteer: Volunteer
    ) -> None:
        activity = an_activity(city.chengdong, worker, volunteers=2, volunteer_hours=Decimal(6))
        give_hours(by=worker, record=activity.record, entries=[hours(volunteer, 4)])
        assert contradiction(activity.record) == ""
        entry = an_activity_entry(city.chengdong, worker, volunteers=2, volunteer_hours=Decimal(3))
        correct_activity(by=worker, activity=activity, version=1, entry=entry, reason="数错了")
        assert "合计 3 小时，实名登记的合计 4 小时" in contradiction(activity.record)
        assert figure("T3", city) == 4

    def test_a_day_that_was_moved_is_held_against_the_hours_of_that_day(
        self, city: City, worker: User, volunteer: Volunteer
    ) -> None:
        activity = an_activity(city.chengdong, worker)
        give_hours(by=worker, record=activity.record, entries=[hours(volunteer, 15)])
        a_service(city.chengdong, worker, hours(volunteer, 10), title="守夜")
        assert contradiction(activity.record) == ""
        entry = an_activity_entry(city.chengdong, worker, on=date(2020, 5, 2))
        correct_activity(by=worker, activity=activity, version=1, entry=entry, reason="日期填错")
        activity.record.refresh_from_db()
        told = contradiction(activity.record)
        assert "这一天合计 25 小时，超过 24 小时，其中别处已记「守夜」10 小时" in told

    def test_in_a_visit_too(self, city: City, worker: User, volunteer: Volunteer) -> None:
        visit = a_visit(city.chengdong, worker, a_family(city.chengdong, worker))
        give_hours(by=worker, record=visit.record, entries=[hours(volunteer, 1)])
        assert figure("T3", city) == 1
        told = beside_record(worker, visit.record)
        assert told is not None
        assert told.lines == ["卓望 1 小时"]

    def test_said_again_it_changes_nothing_and_said_otherwise_it_is_refused(
        self, city: City, worker: User, volunteer: Volunteer
    ) -> None:
        record = an_activity(city.chengdong, worker).record
        for _ in range(2):
            give_hours(by=worker, record=record, entries=[hours(volunteer, 2)])
        assert VolunteerHours.objects.count() == 1
        with pytest.raises(Refused, match="已登记 2 小时，请到那一行更正"):
            give_hours(by=worker, record=record, entries=[hours(volunteer, 3)])

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"many": 0}, "要大于 0"),
            ({"first": time(9)}, "要填就两个都填"),
            ({"first": time(9), "last": time(8)}, "要在开始时间之后"),
            ({"first": time(9), "last": time(10)}, "开始到结束只有 1 小时"),
        ],
    )
    def test_impossible_hours_get_a_sentence(
        self, city: City, worker: User, volunteer: Volunteer, more: dict[str, Any], sentence: str
    ) -> None:
        record = an_activity(city.chengdong, worker).record
        with pytest.raises(Refused, match=sentence):
            give_hours(by=worker, record=record, entries=[hours(volunteer, more.pop("many", 2), **more)])

    def test_a_day_has_24_hours_for_one_person(self, city: City, worker: User, volunteer: Volunteer) -> None:
        a_service(city.chengdong, worker, hours(volunteer, 20), on=DAY)
        with pytest.raises(Refused, match=r"这一天合计 26 小时.*「清扫村道」20 小时"):
            give_hours(by=worker, record=an_activity(city.chengdong, worker).record, entries=[hours(volunteer, 6)])

    def test_nobody_is_in_two_places_at_once(self, city: City, worker: User, volunteer: Volunteer) -> None:
        a_service(city.chengdong, worker, hours(volunteer, 2, first=time(9), last=time(11)), on=DAY)
        record = an_activity(city.chengdong, worker).record
        with pytest.raises(Refused, match="09:00–11:00 已记在「清扫村道」"):
            give_hours(by=worker, record=record, entries=[hours(volunteer, 1, first=time(10, 30), last=time(11, 30))])
        give_hours(by=worker, record=record, entries=[hours(volunteer, 1, first=time(11), last=time(12))])

    def test_one_person_of_two_stations_has_one_day(self, city: City, worker: User, neighbour: User) -> None:
        person = a_family(city.chengdong, worker).people[0]
        here = a_volunteer(city.chengdong, worker, person_id=person.pk)
        there = Volunteer.objects.create(
            station=city.haicheng, client_id=person.pk, person=Person.objects.get(pk=person.pk), since=SINCE,
            entered_by=neighbour,
        )  # fmt: skip
        a_service(city.chengdong, worker, hours(here, 20), on=DAY)
        with pytest.raises(Refused, match="合计 26 小时"):
            a_service(city.haicheng, neighbour, hours(there, 6), on=DAY)
        a_service(city.haicheng, neighbour, hours(there, 2), on=DAY)
        assert (figure("T2", city), figure("T2A", city), figure("T3", city)) == (1, 1, 22)
        assert figure("T2", city, city.haicheng) == figure("T2", city, city.chengdong) == 1

    def test_before_they_joined_and_of_another_station(
        self, city: City, worker: User, stranger: User, volunteer: Volunteer
    ) -> None:
        early = an_activity(city.chengdong, worker, on=date(2018, 6, 1)).record
        with pytest.raises(Refused, match="不含服务当天"):
            give_hours(by=worker, record=early, entries=[hours(volunteer)])
        with pytest.raises(NotAllowed):
            give_hours(by=worker, record=early, entries=[hours(a_volunteer(city.dongzhou, stranger))])
        with pytest.raises(NotAllowed):
            give_hours(by=stranger, record=early, entries=[hours(volunteer)])

    def test_corrected_with_history_and_voided_with_a_reason(
        self, city: City, worker: User, colleague: User, head: User, volunteer: Volunteer
    ) -> None:
        [row] = give_hours(by=worker, record=an_activity(city.chengdong, worker).record, entries=[hours(volunteer)])
        said = {"first": None, "last": None, "task": "带组"}
        with pytest.raises(Refused, match="请写明理由"):
            correct_hours(by=colleague, row=row, version=1, hours=Decimal(3), reason=" ", **said)
        correct_hours(by=colleague, row=row, version=1, hours=Decimal(3), reason="填错了", **said)
        assert [line.hours for line in row.history.order_by("history_id")] == [2, 3]
        with pytest.raises(Conflict):
            correct_hours(by=worker, row=row, version=1, hours=Decimal(4), reason="填错了", **said)
        with pytest.raises(NotAllowed):
            void_hours(by=colleague, row=row, version=2, reason="记重了")
        void_hours(by=head, row=row, version=2, reason="记重了")
        assert (figure("T3", city), figure("T2A", city)) == (0, 0)

    def test_what_is_voided_counts_nothing(self, city: City, worker: User, volunteer: Volunteer) -> None:
        activity = an_activity(city.chengdong, worker, volunteers=1, volunteer_hours=Decimal(2))
        give_hours(by=worker, record=activity.record, entries=[hours(volunteer)])
        void_records(by=worker, records=[activity.record], reason="录重了")
        assert (figure("T3", city), figure("T2A", city)) == (0, 0)
        with pytest.raises(Refused, match="已作废"):
            give_hours(by=worker, record=activity.record, entries=[hours(volunteer, 1)])


class TestATeamsOwn:
    def test_it_is_a_record_of_its_own_and_counts_its_hours(
        self, city: City, worker: User, team: Team, volunteer: Volunteer
    ) -> None:
        other = a_volunteer(city.chengdong, worker, "林二")
        service = a_service(city.chengdong, worker, hours(volunteer), hours(other, 1.5), team_id=team.pk)
        assert service.record.kind == "team_service"
        assert (figure("T1", city), figure("T3", city), figure("A1", city)) == (1, Decimal("3.5"), 0)
        void_records(by=worker, records=[service.record], reason="录重了")
        assert figure("T3", city) == 0

    def test_sent_twice_it_is_one(self, city: City, worker: User, volunteer: Volunteer) -> None:
        entry = TeamServiceEntry(city.chengdong, DAY, "清扫", hours=[hours(volunteer)])
        assert record_team_service(by=worker, entry=entry).pk == record_team_service(by=worker, entry=entry).pk
        assert ServiceRecord.objects.count() == VolunteerHours.objects.count() == 1

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"title": " "}, "请写明做了什么"),
            ({"on": date(2020, 7, 1)}, "今天之后"),
            ({"on": date(2019, 3, 1)}, "早于这支队的成立日期"),
            ({"nobody": True}, "请点选参加的志愿者"),
        ],
    )
    def test_bad_input_gets_a_sentence_and_writes_nothing(
        self, city: City, worker: User, team: Team, volunteer: Volunteer, more: dict[str, Any], sentence: str
    ) -> None:
        entries = [] if more.pop("nobody", False) else [hours(volunteer)]
        with pytest.raises(Refused, match=sentence):
            a_service(city.chengdong, worker, *entries, team_id=team.pk, **more)
        assert not ServiceRecord.objects.exists()

    def test_impossible_hours_take_the_whole_record_back(self, city: City, worker: User, volunteer: Volunteer) -> None:
        a_service(city.chengdong, worker, hours(volunteer, 23), on=DAY)
        with pytest.raises(Refused, match="合计 25 小时"):
            a_service(city.chengdong, worker, hours(volunteer, 2), on=DAY)
        assert ServiceRecord.objects.count() == 1

    def test_another_day_is_held_against_the_hours(self, city: City, worker: User, volunteer: Volunteer) -> None:
        a_service(city.chengdong, worker, hours(volunteer, 23), on=DAY)
        service = a_service(city.chengdong, worker, hours(volunteer, 2), on=date(2020, 5, 2))
        said = {"by": worker, "service": service, "version": 1, "reason": "日期填错"}
        with pytest.raises(Refused, match="合计 25 小时"):
            correct_team_service(entry=TeamServiceEntry(city.chengdong, DAY, "清扫"), **said)
        correct_team_service(entry=TeamServiceEntry(city.chengdong, date(2020, 5, 3), "清扫祠堂"), **said)
        with pytest.raises(Conflict):
            correct_team_service(entry=TeamServiceEntry(city.chengdong, DAY, "清扫"), **said)
        assert figure("T3", city) == 25


class TestFigures:
    def test_a_team_counts_while_it_grows_or_runs(self, city: City, worker: User, team: Team) -> None:
        a_team(city.chengdong, worker, "召集队", stage=TeamStage.GATHERING)
        assert figure("T1", city) == 1
        move_team(by=worker, team=team, version=1, to=TeamStage.ENDED, on=date(2020, 6, 5), reason="队长搬走了")
        assert figure("T1", city) == 0
        assert BY_CODE["T1"].value(Ask(Period(date(2020, 1, 1), date(2020, 6, 4)), city.root)) == 1

    def test_activities_visits_and_teams_stand_apart(self, city: City, worker: User, volunteer: Volunteer) -> None:
        an_activity(city.chengdong, worker, volunteers=2, volunteer_hours=Decimal(5))
        visit = a_visit(city.chengdong, worker, a_family(city.chengdong, worker))
        give_hours(by=worker, record=visit.record, entries=[hours(volunteer, 1)])
        a_service(city.chengdong, worker, hours(volunteer, 2))
        ask = Ask(SPAN, city.root)
        assert BY_CODE["T3"].split(ask, "record_kind") == {"activity": 5, "visit": 1, "team_service": 2}
        assert BY_CODE["T3"].split(ask, "activity_kind") == {None: 3, "children": 5}
        assert BY_CODE["T3"].value(ask.holding("activity_kind", None)) == 3


class TestTheDatabase:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"hours": Decimal(0)}, {"hours": Decimal(25)}, {"first": time(9)}, {"first": time(9), "last": time(8)},
            {"void_reason": "没有人"},
        ],
    )  # fmt: skip
    def test_it_refuses_nonsense(self, city: City, worker: User, volunteer: Volunteer, wrong: dict[str, Any]) -> None:
        record = an_activity(city.chengdong, worker).record
        said = {"hours": Decimal(1), **wrong}
        with pytest.raises(IntegrityError), transaction.atomic():
            VolunteerHours.objects.create(
                station=city.chengdong, record=record, volunteer=volunteer, entered_by=worker, **said
            )

    def test_one_leader_and_one_stage_at_a_time(
        self, city: City, worker: User, team: Team, volunteer: Volunteer
    ) -> None:
        said = {"station": city.chengdong, "team": team, "starts_on": TODAY, "entered_by": worker}
        with pytest.raises(IntegrityError), transaction.atomic():
            TeamState.objects.create(stage=TeamStage.RUNNING, reason="两个状态", **said)
        TeamMember.objects.create(volunteer=volunteer, role=TeamRole.LEADER, **said)
        other = a_volunteer(city.chengdong, worker, "林二")
        with pytest.raises(IntegrityError), transaction.atomic():
            TeamMember.objects.create(volunteer=other, role=TeamRole.LEADER, **said)
