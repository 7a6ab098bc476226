"""Volunteers: on file or not, never typed twice, leaving, what is masked, what ends with a village or a person."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuangbai.core import audit
from shuangbai.core.findings import Conflict, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.ids import random_id
from shuangbai.core.models import AuditEvent
from shuangbai.households.enums import PairState
from shuangbai.households.identity import merge_people
from shuangbai.households.known import PersonPair
from shuangbai.lives.actions.forgetting import forget
from shuangbai.network import closing
from shuangbai.network.models import User
from shuangbai.volunteers.actions.certifying import CertificateEntry, issue_certificate
from shuangbai.volunteers.actions.people import change_volunteer, enter_volunteer, leave, note_merit, void_merit
from shuangbai.volunteers.entries import MeritEntry, VolunteerEntry
from shuangbai.volunteers.enums import MeritKind
from shuangbai.volunteers.models import Certificate, Merit, Volunteer
from shuangbai.volunteers.queries import found, lines, narrowed
from shuangbai.volunteers.rules import comes_along, lacks_consent
from tests.cast import TODAY, City, a_family, a_member
from tests.volunteers.conftest import SINCE, a_service, a_volunteer, hours

ID, NOBODYS = "11010519491231002X", "110105195003070027"


class TestWho:
    def test_somebody_who_is_not_on_file_has_a_name_and_what_they_told(self, city: City, worker: User) -> None:
        one = a_volunteer(city.chengdong, worker, id_no="110105 19491231 002x", phone="19900000404", skills=" 理发 ")
        one = Volunteer.objects.get(pk=one.pk)
        assert (one.called, one.number, one.born, one.sex, one.skills) == ("卓望", ID, date(1949, 12, 31), "2", "理发")
        assert one.initials == "zw"
        event = AuditEvent.objects.get(kind="volunteer.entered")
        assert "卓" not in audit.sentence(event)
        assert event.personal == {}

    def test_whoever_is_on_file_is_named_by_their_file_and_typed_nowhere(self, city: City, worker: User) -> None:
        family = a_family(city.chengdong, worker, members=[a_member("曾秀英", id_no=ID, phone="19900001234")])
        person = family.people[0]
        one = a_volunteer(city.chengdong, worker, person_id=person.pk)
        assert (one.name, one.id_no, one.phone) == ("", "", "")
        assert (one.called, one.number, one.telephone, one.born) == ("曾秀英", ID, "19900001234", date(1949, 12, 31))

    def test_nobody_is_a_volunteer_of_a_station_twice(self, city: City, worker: User) -> None:
        family = a_family(city.chengdong, worker, members=[a_member("曾秀英", id_no=ID)])
        a_volunteer(city.chengdong, worker, person_id=family.people[0].pk)
        for more in ({"person_id": family.people[0].pk}, {"name": "曾秀英", "id_no": ID}):
            with pytest.raises(Refused, match="已经是本站的志愿者"):
                a_volunteer(city.chengdong, worker, **more)

    def test_of_entries_that_were_merged_only_one_can_be_entered(self, city: City, worker: User) -> None:
        one, other = (a_family(city.chengdong, worker, members=[a_member("曾秀英")]).people[0] for _ in range(2))
        first, second = sorted((one, other), key=lambda row: row.pk.int)
        said = {"station": city.chengdong, "score": 60, "state": PairState.OPEN}
        pair = PersonPair.objects.create(first=first, second=second, **said)
        merge_people(by=worker, pair=pair, keep=one.pk, reason="对过户口本")
        a_volunteer(city.chengdong, worker, person_id=other.pk)
        with pytest.raises(Refused, match="已经是本站的志愿者"):
            a_volunteer(city.chengdong, worker, person_id=one.pk)

    def test_a_name_that_the_station_has_is_asked_about(self, city: City, worker: User, volunteer: Volunteer) -> None:
        with pytest.raises(NeedsAcknowledgement, match="本站已有叫卓望的志愿者"):
            enter_volunteer(by=worker, entry=VolunteerEntry(city.chengdong, SINCE, name="卓望"))

    def test_sent_twice_it_is_one(self, city: City, worker: User) -> None:
        entry = VolunteerEntry(city.chengdong, SINCE, name="卓望")
        assert enter_volunteer(by=worker, entry=entry).pk == enter_volunteer(by=worker, entry=entry).pk
        assert Volunteer.objects.count() == 1

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"name": " "}, "请填写姓名"),
            ({"id_no": "11010519491231002"}, "身份证号应为18位"),
            ({"since": date(2020, 7, 1)}, "加入日期在今天之后"),
            ({"since": date(1940, 1, 1), "birth_date": date(1950, 1, 1)}, "早于出生日期"),
            ({"until": date(2019, 1, 1)}, "退出日期早于加入日期"),
            ({"consented_on": date(2021, 1, 1)}, "同意的日期在今天之后"),
        ],
    )
    def test_bad_input_gets_a_sentence(self, city: City, worker: User, more: dict[str, Any], sentence: str) -> None:
        with pytest.raises(Refused, match=sentence):
            a_volunteer(city.chengdong, worker, **more)
        assert not Volunteer.objects.exists()

    def test_another_stations_person_is_not_there(self, city: City, worker: User, stranger: User) -> None:
        theirs = a_family(city.dongzhou, stranger).people[0]
        with pytest.raises(NotAllowed):
            a_volunteer(city.chengdong, worker, person_id=theirs.pk)


class TestMinors:
    def test_without_a_guardians_consent_it_is_shown(self) -> None:
        assert lacks_consent(date(2005, 1, 1), None, TODAY)
        assert not lacks_consent(date(2005, 1, 1), SINCE, TODAY)
        assert not lacks_consent(date(1990, 1, 1), None, TODAY)
        assert not lacks_consent(None, None, TODAY)
        assert comes_along(date(2012, 1, 1), TODAY)
        assert not comes_along(date(2010, 6, 6), TODAY)

    def test_the_list_finds_those_who_lack_it(self, city: City, worker: User) -> None:
        young = a_volunteer(city.chengdong, worker, "林小", birth_date=date(2006, 1, 1))
        a_volunteer(city.chengdong, worker, "林大", birth_date=date(1990, 1, 1))
        a_volunteer(city.chengdong, worker, "林中", birth_date=date(2006, 1, 1), consented_on=SINCE)
        assert list(narrowed(Volunteer.objects.all(), TODAY, minors=True)) == [young]


class TestChanging:
    def test_somebody_found_on_file_becomes_theirs(self, city: City, worker: User, volunteer: Volunteer) -> None:
        person = a_family(city.chengdong, worker).people[1]
        entry = VolunteerEntry(city.chengdong, SINCE, person.pk, skills="做饭")
        one = change_volunteer(by=worker, volunteer=volunteer, version=1, entry=entry)
        assert (one.called, one.name, one.skills, one.version) == (person.name, "", "做饭", 2)
        assert [row.name for row in one.history.order_by("history_id")] == ["卓望", ""]
        with pytest.raises(Refused, match="已对应到档案里的人"):
            change_volunteer(
                by=worker, volunteer=one, version=2, entry=VolunteerEntry(city.chengdong, SINCE, name="卓望")
            )

    def test_the_second_of_two_gets_what_stands(self, city: City, worker: User, volunteer: Volunteer) -> None:
        entry = VolunteerEntry(city.chengdong, SINCE, name="卓望", skills="做饭")
        change_volunteer(by=worker, volunteer=volunteer, version=1, entry=entry)
        with pytest.raises(Conflict):
            change_volunteer(by=worker, volunteer=volunteer, version=1, entry=entry)

    def test_leaving_and_coming_back(self, city: City, worker: User, volunteer: Volunteer) -> None:
        gone = leave(by=worker, volunteer=volunteer, version=1, until=date(2020, 5, 1), reason="搬家")
        assert not gone.serves_on(TODAY)
        assert list(narrowed(Volunteer.objects.all(), TODAY)) == []
        assert list(narrowed(Volunteer.objects.all(), TODAY, gone=True)) == [gone]
        assert leave(by=worker, volunteer=gone, version=2, until=None, reason="").until is None

    def test_nobody_leaves_before_what_they_did(self, city: City, worker: User, volunteer: Volunteer) -> None:
        a_service(city.chengdong, worker, hours(volunteer))
        with pytest.raises(Refused, match="之后还登记了服务时长"):
            leave(by=worker, volunteer=volunteer, version=1, until=date(2020, 5, 1), reason="搬家")


class TestFinding:
    def test_by_name_initials_number_phone_and_skill(self, city: City, worker: User) -> None:
        one = a_volunteer(city.chengdong, worker, "卓望海", id_no=ID, phone="19900000404", skills="理发")
        person = a_family(city.chengdong, worker, members=[a_member("曾秀英", id_no=NOBODYS)]).people[0]
        other = a_volunteer(city.chengdong, worker, person_id=person.pk)
        everybody = Volunteer.objects.all()
        for typed in ("望海", "zwh", "ZW", ID, "0404", "理发"):
            assert list(found(everybody, typed)) == [one], typed
        for typed in ("秀英", "zxy", NOBODYS):
            assert list(found(everybody, typed)) == [other], typed
        assert found(everybody, " ").count() == 2

    def test_a_list_takes_two_queries_however_many(
        self, city: City, worker: User, django_assert_num_queries: Any
    ) -> None:
        for number in range(4):
            a_service(city.chengdong, worker, hours(a_volunteer(city.chengdong, worker, f"卓{number}望")))
        people = list(Volunteer.objects.select_related("person"))
        with django_assert_num_queries(2):
            told = lines(people, TODAY)
        assert [line.hours for line in told] == [2] * 4


class TestMerits:
    def test_noted_and_taken_back(self, worker: User, colleague: User, volunteer: Volunteer) -> None:
        merit = note_merit(by=worker, about=volunteer, entry=MeritEntry(MeritKind.AWARD, SINCE, "镇优秀志愿者"))
        with pytest.raises(NotAllowed):
            void_merit(by=colleague, merit=merit, reason="记错了")
        assert void_merit(by=worker, merit=merit, reason="记错了").voided_at
        with pytest.raises(Refused, match="已经作废"):
            void_merit(by=worker, merit=merit, reason="记错了")

    def test_it_says_something_of_a_day_that_was(self, worker: User, volunteer: Volunteer) -> None:
        for entry, sentence in (
            (MeritEntry(MeritKind.AWARD, SINCE, " "), "请写明内容"),
            (MeritEntry(MeritKind.AWARD, date(2021, 1, 1), "奖"), "今天之后"),
        ):
            with pytest.raises(Refused, match=sentence):
                note_merit(by=worker, about=volunteer, entry=entry)


class TestEndings:
    def test_a_village_that_ends_hands_its_volunteers_on(self, city: City, worker: User) -> None:
        one = a_volunteer(city.chengdong, worker, village_id=city.chishan.pk)
        keeper = closing.KEEPERS["volunteers"]
        assert [kept.count for kept in keeper.in_village(city.chishan, TODAY)] == [1, 0, 0]
        keeper.hand_over_village(by=worker, village=city.chishan, to=city.beiping, on=TODAY)
        one.refresh_from_db()
        assert one.village == city.beiping
        assert one.history.count() == 2

    def test_a_station_that_ends_is_told(self, city: City, volunteer: Volunteer) -> None:
        kept = list(closing.KEEPERS["volunteers"].at_station(city.chengdong, TODAY))
        assert [(one.count, one.to_hand_over) for one in kept] == [(1, False), (0, False), (0, False)]

    def test_whoever_is_forgotten_leaves_hours_and_no_word(self, city: City, worker: User) -> None:
        family = a_family(city.chengdong, worker, members=[a_member("曾海螺", id_no=ID)])
        one = a_volunteer(city.chengdong, worker, person_id=family.people[0].pk, note="怕狗", guardian="邻居")
        service = a_service(city.chengdong, worker, hours(one, task="给曾海螺帮手"), summary="曾海螺带队")
        note_merit(by=worker, about=one, entry=MeritEntry(MeritKind.AWARD, SINCE, "曾海螺获奖"))
        issue_certificate(by=worker, volunteer=one, entry=CertificateEntry(SINCE, TODAY))
        forget(by=worker, person=family.people[0], basis="家属书面要求")
        one, service = Volunteer.objects.get(pk=one.pk), type(service).objects.get(pk=service.pk)
        assert "曾海螺" not in f"{one.called} {one.note} {one.guardian} {service.summary} {Merit.objects.get().title}"
        assert "曾海螺" not in "".join(row.summary for row in type(service).history.all())
        assert (one.note, one.guardian, Certificate.objects.get().said) == ("", "", "")
        row = one.hours.get()
        assert (row.hours, row.task) == (2, "")


class TestTheDatabase:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": "", "person": None},
            {"until": date(2019, 1, 1)},
            {"id_hash": "x" * 32, "client_id": None},
        ],
    )
    def test_it_refuses_nonsense(self, city: City, worker: User, wrong: dict[str, Any]) -> None:
        a_volunteer(city.chengdong, worker, "林一")
        Volunteer.objects.update(id_hash="x" * 32)
        said = {"client_id": random_id(), "name": "林二", **{k: v for k, v in wrong.items() if k != "client_id"}}
        with pytest.raises(IntegrityError), transaction.atomic():
            Volunteer.objects.create(station=city.chengdong, since=SINCE, entered_by=worker, **said)
