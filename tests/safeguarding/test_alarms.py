"""Alarms: raised in a moment, carried on by the few, closed by another; nobody else learns that there is one."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from shuangbai.core import audit, clock
from shuangbai.core.findings import Conflict, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.ids import random_id
from shuangbai.core.models import AuditEvent
from shuangbai.households.enums import Relation
from shuangbai.households.models import Person
from shuangbai.lives.actions.erasing import ask_erasure, decide_erasure
from shuangbai.lives.enums import ErasureBasis
from shuangbai.network.closing import kept_at, kept_by
from shuangbai.network.models import Posting, RoleGrant
from shuangbai.network.tree import close_unit
from shuangbai.safeguarding.access import alarms_visible_to
from shuangbai.safeguarding.actions import (
    AlarmEntry,
    StepEntry,
    close_alarm,
    name_reader,
    note_looked,
    raise_alarm,
    record_step,
    set_alarm_rule,
    unname_reader,
)
from shuangbai.safeguarding.enums import AlarmState, CloseReason, Protected, Situation, StepKind
from shuangbai.safeguarding.models import Alarm, AlarmReader, AlarmRule, AlarmStep
from shuangbai.safeguarding.queries import figure, overdue
from shuangbai.safeguarding.rules import AFTER, CLOSE, STEPS, diagram, span_words
from shuangbai.upkeep.values import columns
from tests.cast import TODAY, a_family, a_member, again

pytestmark = pytest.mark.django_db
FACTS, RECEIPT, CHILD = "手臂有几处旧伤痕", "A4415202006060007", "陈小树"
EVERYBODY = ["worker", "colleague", "head", "neighbour", "stranger", "supervisor", "officer", "sysadmin", "security",
             "auditor"]  # fmt: skip
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def family(city, worker):
    members = [a_member("曾秀英", Relation.HEAD, sex="2"), a_member(CHILD, birth_date=date(2007, 3, 5), sex="1")]
    return a_family(city.chengdong, worker, members=members)


@pytest.fixture
def child(family):
    return family.people[1]


def an_entry(station, **more: Any) -> AlarmEntry:
    """An alarm about somebody whom nobody knows, discovered half an hour ago."""
    said = {
        "client_id": random_id(), "protected": Protected.MINOR, "situation": Situation.BEATEN, "facts": FACTS,
        "discovered_at": clock.now() - timedelta(minutes=30), "who": "约十岁男孩，在村口小卖部",
    }  # fmt: skip
    return AlarmEntry(station=station, **{**said, **more})


@pytest.fixture
def alarm(city, worker, child):
    return raise_alarm(by=worker, entry=an_entry(city.chengdong, person_id=child.pk, who=""))


def police(**more: Any) -> StepEntry:
    return StepEntry(StepKind.POLICE, clock.now(), **{"whom": "城东派出所陈警官", "receipt": RECEIPT, **more})


def reported(alarm, by):
    record_step(by=by, alarm=alarm, version=alarm.version, entry=police())
    return Alarm.objects.get(pk=alarm.pk)


class TestRaising:
    def test_about_somebody_whom_the_station_knows(self, alarm, child, city, worker):
        assert (alarm.person_key, alarm.who, alarm.state) == (child.pk, CHILD, AlarmState.RAISED)
        assert (alarm.station, alarm.charge, alarm.entered_by) == (city.chengdong, city.chengdong, worker)

    def test_about_somebody_whom_nobody_knows(self, city, worker):
        assert raise_alarm(by=worker, entry=an_entry(city.chengdong)).who == "约十岁男孩，在村口小卖部"

    def test_sent_twice_it_is_one(self, city, worker):
        entry = an_entry(city.chengdong)
        assert raise_alarm(by=worker, entry=entry) == raise_alarm(by=worker, entry=entry)
        assert Alarm.objects.count() == 1

    @pytest.mark.parametrize(
        ("more", "field", "words"),
        [
            ({"who": " "}, "who", "请选一位本站的人"),
            ({"facts": " "}, "facts", "看见、听见了什么"),
            ({"discovered_at": clock.at(date(2020, 6, 8))}, "discovered_at", "在现在之后"),
            ({"discovered_at": clock.at(date(2018, 6, 8))}, "discovered_at", "一年多以前"),
        ],
    )
    def test_what_makes_no_sense_is_said_and_nothing_is_kept(self, city, worker, more, field, words):
        with pytest.raises(Refused) as refused:
            raise_alarm(by=worker, entry=an_entry(city.chengdong, **more))
        assert [one.field for one in refused.value.findings] == [field]
        assert words in refused.value.findings[0].sentence
        assert not Alarm.objects.exists()
        assert not AuditEvent.objects.filter(kind__startswith="alarm.").exists()

    def test_what_only_looks_odd_is_asked_once(self, city, worker, child):
        entry = an_entry(city.chengdong, person_id=child.pk, protected=Protected.INCAPABLE)
        with pytest.raises(NeedsAcknowledgement, match="13 岁"):
            raise_alarm(by=worker, entry=entry)
        assert raise_alarm(by=worker, entry=entry, acknowledged=True).protected == Protected.INCAPABLE

    def test_a_second_about_the_same_is_asked_only_of_whoever_knows_of_the_first(
        self, city, worker, colleague, alarm, child
    ):
        with pytest.raises(NeedsAcknowledgement, match="没有结案"):
            raise_alarm(by=worker, entry=an_entry(city.chengdong, person_id=child.pk))
        assert raise_alarm(by=colleague, entry=an_entry(city.chengdong, person_id=child.pk))

    def test_nobody_raises_one_about_another_stations_people_or_for_another_station(
        self, city, worker, stranger, officer, supervisor, child
    ):
        for by, station, person in (
            (stranger, city.dongzhou, child.pk),
            (worker, city.dongzhou, None),
            (officer, city.chengdong, None),
            (supervisor, city.chengdong, None),
        ):
            with pytest.raises(NotAllowed):
                raise_alarm(by=by, entry=an_entry(station, person_id=person))


class TestTheFew:
    def test_whoever_raised_it_the_head_and_the_supervisor(self, city, alarm):
        knows = {name for name in EVERYBODY if alarms_visible_to(again(city.users[name])).exists()}
        assert knows == {"worker", "head", "supervisor"}

    def test_and_whom_the_head_names_until_that_is_ended(self, alarm, head, colleague):
        name_reader(by=head, alarm=alarm, user=colleague)
        assert alarms_visible_to(again(colleague)).get() == alarm
        record_step(by=again(colleague), alarm=alarm, version=1, entry=police())
        unname_reader(by=head, alarm=alarm, user=colleague)
        assert not alarms_visible_to(again(colleague)).exists()

    def test_the_head_alone_names_and_only_colleagues(self, alarm, worker, head, supervisor, colleague, officer):
        for by in (worker, supervisor, colleague, officer):
            with pytest.raises(NotAllowed):
                name_reader(by=by, alarm=alarm, user=colleague)
        for user in (officer, worker):
            with pytest.raises(Refused):
                name_reader(by=head, alarm=alarm, user=user)

    def test_who_works_there_no_longer_knows_no_longer(self, alarm, worker, head, colleague):
        name_reader(by=head, alarm=alarm, user=colleague)
        staff = [worker.staff_id, colleague.staff_id, head.staff_id]
        Posting.objects.filter(staff__in=staff).update(ends_on=TODAY - timedelta(days=1))
        for user in (worker, colleague, head):
            assert not alarms_visible_to(again(user)).exists()

    def test_a_supervisor_of_another_county_does_not_know(self, city, alarm, officer):
        RoleGrant.objects.create(user=officer, role="supervisor", unit=city.chengqu, starts_on=date(2020, 1, 1))
        assert not alarms_visible_to(again(officer)).exists()

    def test_nobody_else_writes_or_looks(self, city, alarm):
        for name in set(EVERYBODY) - {"worker", "head", "supervisor"}:
            user = again(city.users[name])
            for act in (
                lambda user: note_looked(by=user, alarm=alarm),
                lambda user: record_step(by=user, alarm=alarm, version=1, entry=police()),
                lambda user: close_alarm(
                    by=user, alarm=alarm, version=1, reason=CloseReason.MISTAKEN, note="看错了人"
                ),
            ):  # fmt: skip
                with pytest.raises(NotAllowed):
                    act(user)


class TestCarryingOn:
    def test_a_report_to_the_police_is_what_the_clock_waits_for(self, alarm, worker):
        other = StepEntry(StepKind.TOLD, clock.now(), "站长陈丽娟")
        record_step(by=worker, alarm=alarm, version=1, entry=other)
        assert Alarm.objects.get().state == AlarmState.RAISED
        record_step(by=worker, alarm=alarm, version=2, entry=police())
        assert Alarm.objects.get().state == AlarmState.REPORTED
        record_step(by=worker, alarm=alarm, version=3, entry=other)
        assert (Alarm.objects.get().state, Alarm.objects.get().version) == (AlarmState.REPORTED, 4)

    @pytest.mark.parametrize(
        ("entry", "field"),
        [
            (lambda: police(whom=""), "whom"),
            (lambda: police(receipt=""), "receipt"),
            (lambda: StepEntry(StepKind.FOLLOWUP, clock.now(), "姑姑"), "note"),
            (lambda: StepEntry(StepKind.TOLD, clock.now() + timedelta(hours=2), "站长"), "happened_at"),
            (lambda: StepEntry(StepKind.TOLD, clock.now() - timedelta(days=40), "站长"), "happened_at"),
        ],
    )
    def test_what_is_missing_is_said(self, alarm, worker, entry, field):
        with pytest.raises(Refused) as refused:
            record_step(by=worker, alarm=alarm, version=1, entry=entry())
        assert [one.field for one in refused.value.findings] == [field]
        assert not AlarmStep.objects.exists()

    def test_without_a_receipt_it_is_enough_to_say_why(self, alarm, worker):
        record_step(by=worker, alarm=alarm, version=1, entry=police(receipt="", note="民警说明天补开"))

    def test_of_two_at_once_the_second_sees_the_first(self, alarm, worker, head):
        record_step(by=worker, alarm=alarm, version=1, entry=police())
        with pytest.raises(Conflict):
            record_step(by=head, alarm=alarm, version=1, entry=police())
        with pytest.raises(Conflict):
            close_alarm(by=head, alarm=alarm, version=1, reason=CloseReason.SAFE, note="已随姑姑生活")
        assert AlarmStep.objects.count() == 1


class TestClosing:
    def close(self, alarm, by, reason=CloseReason.SAFE, note="已随姑姑生活，三次回访平稳"):
        return close_alarm(by=by, alarm=alarm, version=alarm.version, reason=reason, note=note)

    def test_by_another_than_who_raised_it(self, alarm, worker, head):
        alarm = reported(alarm, worker)
        with pytest.raises(NotAllowed):
            self.close(alarm, worker)
        closed = self.close(alarm, head)
        assert (closed.state, closed.closed_by) == (AlarmState.CLOSED, head)
        with pytest.raises(Refused, match="已经结案"):
            record_step(by=head, alarm=closed, version=closed.version, entry=police())
        with pytest.raises(Refused, match="已经结案"):
            self.close(closed, head)
        with pytest.raises(Refused, match="已经结案"):
            name_reader(by=head, alarm=closed, user=worker)

    def test_what_the_head_raised_the_supervisor_closes(self, city, head, supervisor):
        alarm = reported(raise_alarm(by=head, entry=an_entry(city.chengdong)), head)
        with pytest.raises(Refused, match="发起人不能自己结案"):
            self.close(alarm, head)
        assert self.close(alarm, supervisor).closed_by == supervisor

    def test_without_a_report_only_what_turned_out_to_be_nothing(self, alarm, head):
        with pytest.raises(Refused, match="还没有报警记录"):
            self.close(alarm, head)
        with pytest.raises(Refused, match="请写明结案的理由"):
            self.close(alarm, head, CloseReason.MISTAKEN, " ")
        with pytest.raises(Refused, match="不是演练"):
            self.close(alarm, head, CloseReason.DRILL)
        assert self.close(alarm, head, CloseReason.MISTAKEN, "到校核实，是打球摔伤").state == AlarmState.CLOSED

    def test_a_drill_ends_as_a_drill(self, city, worker, head):
        drill = raise_alarm(by=worker, entry=an_entry(city.chengdong, drill=True))
        with pytest.raises(Refused, match="这是演练"):
            self.close(drill, head, CloseReason.MISTAKEN)
        assert self.close(drill, head, CloseReason.DRILL).drill


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        ("said", "name"),
        [
            ({"state": "closed"}, "alarm_closed_with_reason"),
            ({"close_reason": "safe"}, "alarm_closed_with_reason"),
            ({"state": "closed", "close_reason": "drill",  "closed_by": "head"},
             "alarm_drill_ends_as_drill"),
            ({"state": "closed", "close_reason": "safe",  "closed_by": "worker"},
             "alarm_closed_by_another"),
        ],
    )  # fmt: skip
    def test_an_alarm_that_cannot_be(self, city, alarm, said, name):
        if "closed_by" in said:
            said = {**said, "closed_by": city.users[said["closed_by"]], "closed_at": clock.now()}
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Alarm.objects.filter(pk=alarm.pk).update(**said)

    def test_the_same_twice(self, city, alarm, worker, head, colleague):
        twin = Alarm.objects.get(pk=alarm.pk)
        twin.pk = random_id()
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)
        name_reader(by=head, alarm=alarm, user=colleague)
        with pytest.raises(IntegrityError), transaction.atomic():
            AlarmReader.objects.create(station=city.chengdong, alarm=alarm, user=colleague, entered_by=head)

    @pytest.mark.parametrize("said", [{"hours": 0, "least": 5}, {"hours": 1, "least": 4}, {"hours": 99, "least": 5}])
    def test_a_rule_that_cannot_be(self, db, said):
        with pytest.raises(IntegrityError), transaction.atomic():
            AlarmRule.objects.create(starts_on=TODAY, **said)


class TestTheClock:
    def test_after_an_hour_without_a_report_it_is_late_for_the_few_alone(self, city, worker, client_for):
        late = an_entry(city.chengdong, discovered_at=clock.now() - timedelta(hours=3))
        alarm = raise_alarm(by=worker, entry=late)
        told = {name for name in EVERYBODY if overdue(again(city.users[name]), clock.now())}
        assert told == {"worker", "head", "supervisor"}
        for name in EVERYBODY:
            page = client_for(city.users[name]).get("/").content.decode()
            assert ("安全警报还没有报警记录" in page, str(alarm.pk) in page) == (name in told, name in told), name
            assert FACTS not in page
        reported(alarm, worker)
        assert overdue(again(worker), clock.now()) == []

    def test_how_long_is_the_citys_to_say_from_a_day_on(self, city, worker, officer):
        def said(hours, on, version):
            return set_alarm_rule(by=officer, hours=hours, least=5, starts_on=on, version=version, reason="按新口径")

        raise_alarm(by=worker, entry=an_entry(city.chengdong, discovered_at=clock.now() - timedelta(hours=3)))
        said(6, TODAY, 0)
        assert overdue(worker, clock.now()) == []
        said(2, TODAY, 1)
        said(12, TODAY + timedelta(days=10), 2)
        assert len(overdue(worker, clock.now())) == 1
        with pytest.raises(Refused, match="从今天或以后起"):
            said(2, date(2020, 6, 1), 3)
        with pytest.raises(Refused, match="已定好"):
            said(2, TODAY, 3)
        with pytest.raises(Conflict):
            said(2, TODAY, 0)
        with pytest.raises(NotAllowed):
            set_alarm_rule(by=worker, hours=2, least=5, starts_on=TODAY, version=3, reason="不是我定的")

    def test_spans_are_said_in_two_units(self):
        start = clock.at(date(2020, 6, 5))
        told = [span_words(start, start + timedelta(minutes=n)) for n in (-5, 7, 192, 3125)]
        assert told == ["0 分", "7 分", "3 小时 12 分", "2 天 4 小时"]


class TestTheTrail:
    def test_it_says_who_and_when_and_nothing_of_whom_or_where(self, alarm, worker, head, colleague, child):
        note_looked(by=head, alarm=alarm)
        name_reader(by=head, alarm=alarm, user=colleague)
        alarm = reported(alarm, worker)
        close_alarm(by=head, alarm=alarm, version=alarm.version, reason=CloseReason.SAFE, note=f"{CHILD}平安")
        events = list(AuditEvent.objects.filter(kind__startswith="alarm.").order_by("id"))
        assert [audit.sentence(event) for event in events] == [
            "林小燕 发起了一件安全警报", "陈丽娟 看了一件安全警报", "陈丽娟 让黄建国也能看一件安全警报",
            "林小燕 在一件安全警报里记了一步", "陈丽娟 结了一件安全警报",
        ]  # fmt: skip
        assert {(event.about_type, event.about_id, event.station_id) for event in events} == {
            ("safeguarding.alarm", str(alarm.pk), None)
        }
        assert not AuditEvent.objects.filter(kind__startswith="alarm.", about_id=str(child.pk)).exists()

    def test_every_look_is_in_it(self, alarm, client_for, head, worker):
        for user in (head, worker, head):
            assert client_for(user).get(f"/safeguarding/{alarm.pk}/").status_code == 200
        assert AuditEvent.objects.filter(kind="alarm.looked", about_id=str(alarm.pk)).count() == 3


class TestAtRest:
    def test_what_was_said_is_encrypted_in_the_history_too(self, alarm, worker, head):
        alarm = reported(alarm, worker)
        close_alarm(by=head, alarm=alarm, version=alarm.version, reason=CloseReason.SAFE, note="已随姑姑生活")
        assert Alarm.history.filter(id=alarm.pk).count() == 3
        assert Alarm.history.filter(id=alarm.pk).first().facts == FACTS
        words = (FACTS, CHILD, RECEIPT, "陈警官", "姑姑")
        with connection.cursor() as cursor:
            for table in ("safeguarding_alarm", "safeguarding_historicalalarm", "safeguarding_alarmstep"):
                cursor.execute(f"SELECT * FROM {table}")
                stored = repr(cursor.fetchall())
                assert not [word for word in words if word in stored], table

    def test_a_change_of_keys_knows_every_word(self):
        known = {(one.table, one.name) for one in columns()}
        for table in ("safeguarding_alarm", "safeguarding_historicalalarm"):
            assert {(table, name) for name in ("who", "facts", "impressions", "done", "close_note")} <= known
        assert {("safeguarding_alarmstep", name) for name in ("whom", "receipt", "note")} <= known

    def test_ids_tell_no_time(self, alarm, worker):
        record_step(by=worker, alarm=alarm, version=1, entry=police())
        assert {alarm.pk.version, AlarmStep.objects.get().pk.version} == {4}


class TestWhatEnds:
    def test_whoever_closes_a_station_is_told_nothing_and_its_successor_takes_charge(
        self, city, sysadmin, alarm, worker, neighbour, supervisor
    ):
        before = [(kept.label, kept.count) for kept in kept_at(city.chengdong, TODAY)]
        assert not any("警报" in label for label, _ in before)
        assert not any("警报" in kept.label for kept in kept_by(worker.staff))
        RoleGrant.objects.filter(user=neighbour).update(role="head")
        close_unit(by=sysadmin, unit=city.chengdong, ends_on=TODAY, to=city.haicheng, move_staff=True, version=1)
        alarm.refresh_from_db()
        assert (alarm.station, alarm.charge) == (city.chengdong, city.haicheng)
        assert alarms_visible_to(again(neighbour)).exists()
        assert alarms_visible_to(again(supervisor)).exists()

    def test_whoever_takes_back_a_person_is_not_hindered(self, alarm, child):
        """Nor told: nothing that looks at what hangs on a person finds an alarm."""
        tables = {relation.related_model for relation in Person._meta.get_fields(include_hidden=True)}
        assert not {Alarm, Alarm.history.model} & tables
        child.memberships.all().delete()
        child.delete()
        assert Alarm.objects.get().who == CHILD


class TestTheFigure:
    def raised(self, city, worker, on, many, **more):
        with clock.pinned(on):
            for _ in range(many):
                raise_alarm(by=worker, entry=an_entry(city.chengdong, **more))

    def test_small_numbers_and_what_would_betray_them_are_not_told_and_drills_do_not_count(self, city, worker):
        self.raised(city, worker, date(2019, 3, 1), 7)
        self.raised(city, worker, date(2019, 9, 1), 2)
        self.raised(city, worker, date(2018, 3, 1), 6)
        self.raised(city, worker, date(2018, 9, 1), 8)
        self.raised(city, worker, date(2018, 9, 1), 8, drill=True)
        self.raised(city, worker, date(2020, 3, 1), 9)
        told = {one.year: (one.halves, one.whole) for one in figure(TODAY, 5)}
        assert told[2020] == ([None, None], None)
        assert told[2018] == (["6", "8"], "14")
        assert told[2017] == (["＜5", "＜5"], "＜5")
        halves, whole = told[2019]
        assert halves[1] == "＜5"
        assert "不公开" in (halves[0], whole)
        assert figure(date(2020, 7, 1), 5)[0].halves == ["9", None]

    def test_what_is_small_is_the_citys_to_say(self, city, worker):
        self.raised(city, worker, date(2018, 3, 1), 6)
        self.raised(city, worker, date(2018, 9, 1), 12)
        of_year = {least: next(one for one in figure(TODAY, least) if one.year == 2018) for least in (5, 10)}
        assert (of_year[5].halves, of_year[5].whole) == (["6", "12"], "18")
        assert of_year[10].halves[0] == "＜10"
        assert "不公开" in (of_year[10].halves[1], of_year[10].whole)

    def test_it_is_for_whoever_counts_the_city(self, city, client_for):
        told = {
            name for name in EVERYBODY if client_for(city.users[name]).get("/safeguarding/figure").status_code == 200
        }
        assert told == {"supervisor", "officer"}


class TestThePages:
    def form(self, **more):
        said = {
            "who": "约十岁男孩", "protected": "minor", "situation": "beaten", "facts": FACTS, "person": "",
            "discovered_at": "2020-06-05T21:10", "client_id": str(random_id()),
        }  # fmt: skip
        return {**said, **more}

    def test_the_telephone_comes_first(self, client_for, worker):
        page = client_for(worker).get("/safeguarding/new").content.decode()
        assert page.index('href="tel:110"') < page.index("data-dirty-guard")
        assert "系统不会代您报案" in page

    def test_three_taps_from_a_persons_page(self, client_for, worker, child):
        """The door, with who is meant; the situation; raise: what else is asked is filled in already, but for facts."""
        client = client_for(worker)
        door = f"/safeguarding/new?person={child.pk}"
        assert door in client.get(f"/people/{child.pk}/").content.decode()
        page = client.get(door).content.decode()
        assert CHILD in page
        assert re.search(r'value="minor"[^>]*checked', page)
        answer = client.post(door, self.form(person=str(child.pk), who=""))
        alarm = Alarm.objects.get()
        assert answer.headers["Location"] == f"/safeguarding/{alarm.pk}/"
        assert alarm.person_key == child.pk

    def test_from_a_familys_page_one_chooses_who(self, client_for, worker, family):
        client, door = client_for(worker), f"/safeguarding/new?family={family.household.pk}"
        assert door in client.get(f"/families/{family.household.pk}/").content.decode()
        page = client.get(door).content.decode()
        assert f"{CHILD}，13 岁" in page
        assert client.post(door, self.form(person=str(family.people[1].pk))).status_code == 302

    @pytest.mark.parametrize("query", ["person=x", "family=x", f"person={NOBODY}", f"family={NOBODY}"])
    def test_who_is_not_there_is_not_there(self, client_for, worker, query):
        assert client_for(worker).get(f"/safeguarding/new?{query}").status_code == 404

    def test_nothing_typed_is_lost(self, client_for, worker):
        page = client_for(worker).post("/safeguarding/new", self.form(situation="", discovered_at="昨晚"))
        text = page.content.decode()
        assert page.status_code == 422
        assert all(words in text for words in (FACTS, "约十岁男孩", "请选一项", "请写成 2020-06-05 21:30 的样子"))

    def test_whom_a_form_names_that_is_not_the_stations_is_not_there(self, client_for, stranger, child):
        assert client_for(stranger).post("/safeguarding/new", self.form(person=str(child.pk))).status_code == 404
        assert CHILD not in client_for(stranger).post(
            "/safeguarding/new", self.form(person=str(child.pk), situation="")
        ).content.decode()  # fmt: skip

    def test_a_step_that_came_second_keeps_what_was_typed(self, client_for, alarm, worker, head):
        record_step(by=worker, alarm=alarm, version=1, entry=police())
        typed = {"kind": "told", "happened_at": "2020-06-06T00:00", "whom": "镇儿童督导员", "version": "1"}
        typed["happened_at"] = clock.now().strftime("%Y-%m-%dT%H:%M")
        client, address = client_for(head), f"/safeguarding/{alarm.pk}/step"
        page = client.post(address, typed)
        text = page.content.decode()
        assert page.status_code == 409
        assert "镇儿童督导员" in text
        assert "另一位同事记了新的一步" in text
        assert 'name="version" value="2"' in text
        assert client.post(address, {**typed, "version": "2"}).status_code == 302

    def test_the_whole_way(self, client_for, alarm, worker, head, colleague):
        address, now = f"/safeguarding/{alarm.pk}/", clock.now().strftime("%Y-%m-%dT%H:%M")
        said = {"kind": "police", "happened_at": now, "whom": "城东派出所", "receipt": RECEIPT, "version": "1"}
        assert client_for(worker).post(f"{address}step", said).status_code == 302
        client = client_for(head)
        assert client.post(f"{address}reader", {"user": str(colleague.pk)}).status_code == 302
        assert FACTS in client_for(colleague).get(address).content.decode()
        assert client.post(f"{address}reader", {"user": str(colleague.pk), "does": "end"}).status_code == 302
        assert client_for(colleague).get(address).status_code == 404
        assert client.post(f"{address}close", {"reason": "safe", "note": "", "version": "2"}).status_code == 422
        closing = {"reason": "safe", "note": "已随姑姑生活，回访平稳", "version": "2"}
        assert client.post(f"{address}close", closing).status_code == 302
        text = client_for(worker).get(address).content.decode()
        assert "已随姑姑生活" in text
        assert "记一步" not in text

    def test_the_familys_page_tells_the_few_and_nobody_else(self, client_for, city, alarm, family, child):
        for address in (f"/families/{family.household.pk}/", f"/people/{child.pk}/"):
            told = {
                name for name in ("worker", "colleague", "head", "supervisor")
                if str(alarm.pk) in client_for(city.users[name]).get(address).content.decode()
            }  # fmt: skip
            assert told == {"worker", "head", "supervisor"}, address

    def test_lists_say_nothing_of_whom(self, client_for, head, alarm):
        page = client_for(head).get("/safeguarding/").content.decode()
        assert str(alarm.pk) in page
        assert CHILD not in page
        assert FACTS not in page

    def test_what_somebody_says_about_the_system_from_there_does_not_tell_where(self, client_for, worker, alarm):
        page = client_for(worker).get(f"/feedback/new?from=/safeguarding/{alarm.pk}/").content.decode()
        assert 'name="page" id="id_page"' in page
        assert "safeguarding" not in page.partition('name="page"')[2][:60]

    def test_the_number_of_queries_does_not_grow(self, client_for, city, worker, head, django_assert_max_num_queries):
        for _ in range(12):
            raise_alarm(by=worker, entry=an_entry(city.chengdong, discovered_at=clock.now() - timedelta(hours=2)))
        client = client_for(head)
        client.get("/safeguarding/")
        with django_assert_max_num_queries(8):
            client.get("/safeguarding/")


@pytest.mark.nodb
class TestTheStates:
    def test_each_state_says_what_may_follow_and_nothing_follows_the_last(self):
        assert set(AFTER) == set(AlarmState)
        assert AFTER[AlarmState.CLOSED] == {}
        assert set(STEPS) == set(StepKind)
        for state in (AlarmState.RAISED, AlarmState.REPORTED):
            assert set(AFTER[state]) == {*StepKind, CLOSE}

    def test_the_diagram_draws_each_arrow(self):
        drawn = diagram()
        assert "raised --> reported: 报警" in drawn
        assert drawn.count("--> closed") == 2


class TestForgetting:
    def test_words_about_whoever_is_forgotten_go_and_names_elsewhere(self, city, worker, head, officer, alarm, child):
        other = raise_alarm(by=worker, entry=an_entry(city.chengdong, facts=f"听{CHILD}说邻居孩子被打"))
        for one in (alarm, other):
            said = StepEntry(StepKind.TOLD, clock.now(), f"{CHILD}的班主任", note=f"{CHILD}今天没有上学")
            record_step(by=worker, alarm=one, version=1, entry=said)
        station, asked = city.chengdong, {"basis": ErasureBasis.ASKED, "reason": "本人于6月1日书面要求删除"}
        row = ask_erasure(by=head, station=station, people=[child], **asked)[0]
        decide_erasure(by=officer, erasure=row, agrees=True, answer="材料齐全")
        words = ("who", "facts", "impressions", "done", "close_note")
        for table in (Alarm, Alarm.history.model):
            rows = list(table.objects.filter(id=alarm.pk))
            assert rows
            assert not [getattr(one, name) for one in rows for name in words if getattr(one, name)]
            assert all(one.facts == "听已匿名说邻居孩子被打" for one in table.objects.filter(id=other.pk))
        step = AlarmStep.objects.get(alarm=alarm)
        assert (step.whom, step.note) == ("", "")
        assert AlarmStep.objects.get(alarm=other).note == "已匿名今天没有上学"
        assert Alarm.objects.count() == 2

    def test_a_name_that_others_bear_stays_where_it_may_be_theirs(self, city, worker, head, officer, alarm, child):
        a_family(city.chengdong, worker, members=[a_member(CHILD, Relation.HEAD)])
        other = raise_alarm(by=worker, entry=an_entry(city.chengdong, facts=f"{CHILD}说的"))
        asked = {"basis": ErasureBasis.ASKED, "reason": "本人于6月1日书面要求删除"}
        row = ask_erasure(by=head, station=city.chengdong, people=[child], **asked)[0]
        decide_erasure(by=officer, erasure=row, agrees=True, answer="材料齐全")
        assert Alarm.objects.get(pk=other.pk).facts == f"{CHILD}说的"
        assert Alarm.objects.get(pk=alarm.pk).facts == ""
