"""Surveys as they are entered, corrected and voided; what the records know of a village beside them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.core.periods import Period
from shuangbai.households.enums import Relation
from shuangbai.network.closing import kept_in
from shuangbai.reports.evidence import page_of
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.surveys.actions.surveying import correct_survey, enter_survey, void_survey
from shuangbai.surveys.models import Survey
from shuangbai.surveys.queries import before, beside, changes_of, done_in, helpers_in, known_of
from tests.cast import TODAY, a_family, a_file, a_member, a_visit, an_activity
from tests.surveying import ANSWERS, FIRST, LAST, a_survey, a_survey_entry, counted

pytestmark = pytest.mark.django_db
YEAR = Period(date(2020, 1, 1), TODAY)


def goes_round(**changed) -> None:
    """What no action writes, the database refuses too."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.update(**changed)


class TestEntering:
    def test_a_survey_keeps_what_was_answered_and_nothing_that_was_not(self, city, worker):
        made = a_survey(city.chengdong, worker, answers={**ANSWERS, "income": None, "history": "", "problems": []})
        assert (made.village, made.period, made.methods) == (city.chishan, "2020-03", ["interview", "walk"])
        assert set(made.answers) == set(ANSWERS) - {"problems"}
        assert made.answers["children"] == counted(480, "station", "counted")
        assert made.history.count() == 1

    def test_sent_twice_it_is_the_first(self, city, worker):
        entry = a_survey_entry(city.chengdong, worker)
        one = enter_survey(by=worker, entry=entry, acknowledged=True)
        assert enter_survey(by=worker, entry=entry, acknowledged=True) == one
        assert Survey.objects.count() == 1

    def test_what_contradicts_is_refused_and_what_is_odd_is_asked(self, city, worker):
        wrong = {**ANSWERS, "children": counted(9000)}
        with pytest.raises(Refused) as refused:
            a_survey(city.chengdong, worker, answers=wrong)
        assert refused.value.first.field == "children"
        odd = a_survey_entry(city.chengdong, worker, answers={**ANSWERS, "elders": {"value": 560}})
        with pytest.raises(NeedsAcknowledgement):
            enter_survey(by=worker, entry=odd)
        assert Survey.objects.count() == 0

    def test_only_a_village_that_the_station_serves_or_served(self, city, worker):
        with pytest.raises(Refused) as refused:
            a_survey(city.chengdong, worker, village=city.base_village(city.dongzhou))
        assert refused.value.first.field == "village"

    def test_a_second_one_of_the_same_days_is_asked_about(self, city, worker):
        a_survey(city.chengdong, worker)
        with pytest.raises(NeedsAcknowledgement) as asked:
            enter_survey(by=worker, entry=a_survey_entry(city.chengdong, worker, first_on=LAST, last_on=LAST))
        assert asked.value.first.code == "same_days"

    def test_nobody_enters_it_for_another_station(self, city, stranger, officer, supervisor):
        for user in (stranger, officer, supervisor):
            with pytest.raises(NotAllowed):
                enter_survey(by=user, entry=a_survey_entry(city.chengdong, user))


class TestCorrecting:
    def test_it_is_written_anew_and_its_history_says_what_changed(self, city, worker, colleague):
        made = a_survey(city.chengdong, worker)
        entry = a_survey_entry(city.chengdong, worker, answers={**ANSWERS, "elders": counted(600)})
        correct_survey(by=colleague, survey=made, version=1, entry=entry, reason="村委补报", acknowledged=True)
        [change] = changes_of(made)
        assert (change.version, change.by, change.reason) == (2, "黄建国", "村委补报")
        assert [(row.field.code, row.was_told, row.now_told) for row in change.changed] == [
            ("elders", "560 人", "600 人")
        ]

    def test_who_comes_second_sees_both(self, city, worker):
        made = a_survey(city.chengdong, worker)
        said = {"entry": a_survey_entry(city.chengdong, worker), "reason": "补", "acknowledged": True}
        correct_survey(by=worker, survey=made, version=1, **said)
        with pytest.raises(Conflict):
            correct_survey(by=worker, survey=made, version=1, **said)

    def test_not_without_a_reason(self, city, worker):
        made = a_survey(city.chengdong, worker)
        with pytest.raises(Refused):
            correct_survey(by=worker, survey=made, version=1, entry=a_survey_entry(city.chengdong, worker), reason=" ")

    def test_it_is_compared_with_the_survey_before_and_not_with_itself(self, city, worker):
        a_survey(city.chengdong, worker, first_on=date(2018, 5, 1), last_on=date(2018, 5, 9))
        entry = a_survey_entry(city.chengdong, worker, answers={**ANSWERS, "elders": counted(900)})
        with pytest.raises(NeedsAcknowledgement) as asked:
            enter_survey(by=worker, entry=entry)
        assert [one.code for one in asked.value.findings] == ["jump"]
        made = enter_survey(by=worker, entry=entry, acknowledged=True)
        assert before(Survey.objects.all(), made).last_on == date(2018, 5, 9)


class TestVoiding:
    def test_it_stays_and_counts_nowhere(self, city, worker):
        made = a_survey(city.chengdong, worker)
        void_survey(by=worker, survey=made, reason="重复录入")
        made.refresh_from_db()
        assert (made.voided_by, made.void_reason) == (worker, "重复录入")
        assert BY_CODE["Q1"].value(Ask(YEAR, city.root)) == 0
        with pytest.raises(Refused):
            void_survey(by=worker, survey=made, reason="再来一次")

    def test_others_entries_are_the_heads_to_void(self, city, worker, colleague, head):
        made = a_survey(city.chengdong, worker)
        with pytest.raises(NotAllowed):
            void_survey(by=colleague, survey=made, reason="不对")
        void_survey(by=head, survey=made, reason="不对")


class TestWhatTheDatabaseRefuses:
    def test_days_the_wrong_way_round(self, city, worker):
        a_survey(city.chengdong, worker)
        goes_round(last_on=FIRST - timedelta(days=1))

    def test_a_sample_of_none(self, city, worker):
        a_survey(city.chengdong, worker)
        goes_round(sample=0)

    def test_voided_by_nobody(self, city, worker):
        a_survey(city.chengdong, worker)
        goes_round(voided_at=clock.now())

    def test_one_sent_twice(self, city, worker):
        one = a_survey(city.chengdong, worker)
        a_survey(city.chengdong, worker, first_on=date(2019, 1, 1), last_on=date(2019, 1, 2))
        goes_round(client_id=one.client_id)


class TestTheFigure:
    def test_surveys_and_villages_each_once(self, city, worker):
        a_survey(city.chengdong, worker)
        a_survey(city.chengdong, worker, first_on=date(2020, 5, 1), last_on=date(2020, 5, 2))
        a_survey(city.chengdong, worker, village=city.beiping)
        ask = Ask(YEAR, city.chengdong)
        assert (BY_CODE["Q1"].value(ask), BY_CODE["Q1A"].value(ask)) == (3, 2)
        assert BY_CODE["Q1"].evidence(ask) == 3
        assert BY_CODE["Q1A"].evidence(ask) == 2
        assert BY_CODE["Q1"].split(ask, "village") == {city.chishan.pk: 2, city.beiping.pk: 1}
        assert BY_CODE["Q1"].value(Ask(YEAR, city.dongzhou)) == 0
        titles = [one.title for one in page_of(BY_CODE["Q1"], ask, 1, names=False).items]
        assert titles[0] == "赤山村调研 2020-05"


class TestWhatTheRecordsKnow:
    @pytest.fixture
    def families(self, city, worker):
        old = a_member("陈阿婆", Relation.HEAD, birth_date=date(1940, 1, 1), tags=["alone_elder"])
        young = a_member("陈小文", birth_date=date(2012, 1, 1), tags=["hiv_child"])
        one = a_family(city.chengdong, worker, members=[old, young], village=city.chishan, tags=["dibao_rural"])
        two = a_family(
            city.chengdong, worker, members=[a_member("林大海", Relation.HEAD, tags=["disabled"])], village=city.chishan
        )
        unfiled = a_family(city.chengdong, worker, members=[a_member("黄三", Relation.HEAD)], village=city.chishan)
        for family in (one, two):
            a_file(family, worker, on=date(2020, 1, 6))
        return one, two, unfiled

    def test_families_with_a_file_their_people_and_categories(self, city, worker, families):
        known = known_of(city.chishan, Q(), TODAY)
        assert (known.families, known.people, known.elders, known.children) == (2, 3, 1, 1)
        told = {category.code: (homes, people) for category, homes, people in known.by_category}
        assert told == {"dibao_rural": (1, 2), "alone_elder": (1, 1), "disabled": (1, 1)}

    def test_of_another_village_nothing(self, city, families):
        assert known_of(city.beiping, Q(), TODAY).families == 0
        assert known_of(city.chishan, Q(station=city.dongzhou), TODAY).families == 0

    def test_beside_the_survey_it_says_what_the_difference_is(self, city, worker, families):
        rows = {
            one.field.code: one for one in beside(a_survey(city.chengdong, worker), known_of(city.chishan, Q(), TODAY))
        }
        assert rows["dibao"].sentence == "档案少 43 人"
        assert (rows["households"].surveyed, rows["households"].known) == (820, 2)
        assert rows["disabled"].surveyed is None
        few = a_survey(
            city.chengdong, worker, answers={"resident": counted(900), "elders": counted(0), "dibao": counted(2)}
        )
        rows = {one.field.code: one for one in beside(few, known_of(city.chishan, Q(), TODAY))}
        assert rows["elders"].sentence == "档案多 1 人，请核对调研的口径"
        assert rows["dibao"].sentence == "相同"
        assert {one.sentence for one in beside(None, known_of(city.chishan, Q(), TODAY))} == {""}

    def test_what_was_done_is_what_the_figures_say(self, city, worker, families):
        one, two, _unfiled = families
        for day in (date(2020, 5, 1), date(2020, 5, 2)):
            a_visit(city.chengdong, worker, one, on=day)
        a_visit(city.chengdong, worker, two, on=date(2019, 5, 1))
        an_activity(city.chengdong, worker, village_id=city.chishan.pk)
        done = done_in(city.chishan, Q(), YEAR.first, YEAR.last)
        ask = Ask(YEAR, city.root).holding("village", city.chishan.pk)
        assert done.visits == BY_CODE["V1"].value(ask) == 2
        assert done.met == BY_CODE["V2"].value(ask) == 1
        assert done.activities == BY_CODE["A1"].value(ask)
        assert done.sessions == BY_CODE["G2"].value(ask) == 0

    def test_however_many_families_as_many_queries(self, city, worker, families):
        with CaptureQueriesContext(connection) as one:
            known_of(city.chishan, Q(), TODAY)
        for at in range(5):
            more = a_family(
                city.chengdong,
                worker,
                members=[a_member(f"陈{at}", Relation.HEAD, tags=["disabled"])],
                village=city.chishan,
            )
            a_file(more, worker, on=date(2020, 1, 6))
        with CaptureQueriesContext(connection) as many:
            assert known_of(city.chishan, Q(), TODAY).families == 7
        assert len(one) == len(many) <= 5

    def test_nobody_helps_yet(self, city):
        assert helpers_in(city.chishan, Q(), TODAY).volunteers == 0


def test_a_village_that_ends_is_asked_what_was_surveyed_there(city, worker):
    a_survey(city.chengdong, worker)
    assert ("社区调研", 1) in [(kept.label, kept.count) for kept in kept_in(city.chishan, TODAY)]


def test_the_trail_names_the_village_alone(city, worker):
    made = a_survey(city.chengdong, worker)
    event = AuditEvent.objects.get(kind="survey.entered", about_id=str(made.pk))
    assert event.details == {"what": "赤山村调研 2020-03"}
