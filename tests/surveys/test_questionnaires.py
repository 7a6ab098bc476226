"""Questionnaires and sheets as they are entered: versions, who may, what is sealed, what the centre is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.core.periods import Period
from shuangbai.lives.actions.forgetting import forget
from shuangbai.network.closing import kept_at
from shuangbai.reports.evidence import page_of
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.surveys.access import questionnaires_visible_to, sheets_visible_to
from shuangbai.surveys.actions.asking import (
    QuestionnaireEntry,
    change_draft,
    correct_sheet,
    draft_questionnaire,
    enter_sheet,
    move_questionnaire,
    revise_questionnaire,
    void_sheet,
)
from shuangbai.surveys.enums import State
from shuangbai.surveys.models import AnswerSheet, Questionnaire
from shuangbai.surveys.queries import results_of
from tests.cast import TODAY, a_family
from tests.surveying import ANSWERED, FILLED, QUESTIONS, a_questionnaire, a_sheet_entry, sheets_in

pytestmark = pytest.mark.django_db
YEAR = Period(date(2020, 1, 1), TODAY)


@pytest.fixture
def asked(city, worker):
    return a_questionnaire(city.chengdong, worker)


@pytest.fixture
def central(city, officer):
    return a_questionnaire(city.root, officer, title="全市长者午餐问卷")


class TestVersions:
    def test_a_draft_is_changed_and_published_and_then_fixed(self, city, worker):
        draft = a_questionnaire(city.chengdong, worker, published=False)
        entry = QuestionnaireEntry("午餐问卷", QUESTIONS[:3])
        changed = change_draft(by=worker, questionnaire=draft, version=1, entry=entry)
        assert (changed.title, len(changed.questions), changed.version) == ("午餐问卷", 3, 2)
        done = move_questionnaire(by=worker, questionnaire=draft, version=2, to=State.PUBLISHED)
        assert (done.state, done.published_on) == ("published", TODAY)
        with pytest.raises(Refused):
            change_draft(by=worker, questionnaire=draft, version=3, entry=entry)

    def test_who_comes_second_sees_both(self, city, worker):
        draft = a_questionnaire(city.chengdong, worker, published=False)
        entry = QuestionnaireEntry("午餐问卷", QUESTIONS)
        change_draft(by=worker, questionnaire=draft, version=1, entry=entry)
        with pytest.raises(Conflict):
            change_draft(by=worker, questionnaire=draft, version=1, entry=entry)

    def test_a_change_is_a_new_version_and_publishing_it_ends_the_old_one(self, worker, asked):
        draft = revise_questionnaire(by=worker, questionnaire=asked, client_id=asked.line)
        assert (draft.edition, draft.state, draft.line) == (2, "draft", asked.line)
        assert revise_questionnaire(by=worker, questionnaire=asked, client_id=draft.pk) == draft
        move_questionnaire(by=worker, questionnaire=draft, version=1, to=State.PUBLISHED)
        asked.refresh_from_db()
        assert (asked.state, asked.ended_on) == ("ended", TODAY)

    def test_drafted_twice_it_is_one(self, city, worker):
        entry = QuestionnaireEntry("午餐问卷", QUESTIONS)
        one = draft_questionnaire(by=worker, owner=city.chengdong, entry=entry)
        assert draft_questionnaire(by=worker, owner=city.chengdong, entry=entry) == one

    def test_who_drafts(self, city, worker, officer, supervisor, stranger):
        for user, owner in ((supervisor, city.root), (stranger, city.chengdong), (worker, city.root)):
            with pytest.raises(NotAllowed):
                a_questionnaire(owner, user)

    def test_the_centres_is_for_all_and_a_stations_for_itself(self, city, worker, stranger, asked, central, officer):
        a_questionnaire(city.root, officer, published=False, title="还没想好")
        assert set(questionnaires_visible_to(worker)) == {asked, central}
        assert set(questionnaires_visible_to(stranger)) == {central}
        with pytest.raises(NotAllowed):
            move_questionnaire(by=worker, questionnaire=central, version=2, to=State.ENDED)


class TestSheets:
    def test_words_are_unreadable_in_the_database_and_choices_are_not(self, city, worker, asked):
        [sheet] = sheets_in(city.chengdong, worker, asked, 1)
        assert sheet.said == ANSWERED
        for table in ("surveys_answersheet", "surveys_historicalanswersheet"):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT answers, words FROM {table}")
                said = str(cursor.fetchall())
            assert "菜淡" not in said
            assert "q5" not in said

    def test_sent_twice_it_is_one(self, city, worker, asked):
        entry = a_sheet_entry(city.chengdong, asked)
        assert enter_sheet(by=worker, entry=entry) == enter_sheet(by=worker, entry=entry)
        assert AnswerSheet.objects.count() == 1

    def test_what_is_wrong_is_refused_whole(self, city, worker, asked):
        for more in ({"answers": {"q1": "9", "q3": "yes"}}, {"filled_on": TODAY + timedelta(days=1)},
                     {"village_id": city.base_village(city.dongzhou).pk}):  # fmt: skip
            with pytest.raises(Refused):
                sheets_in(city.chengdong, worker, asked, 1, **more)
        assert AnswerSheet.objects.count() == 0

    def test_into_whose_questionnaire(self, city, worker, stranger, officer, asked, central):
        sheets_in(city.dongzhou, stranger, central, 1)
        for by, station, one in ((stranger, city.dongzhou, asked), (officer, city.chengdong, central)):
            with pytest.raises(NotAllowed):
                sheets_in(station, by, one, 1)

    def test_a_draft_takes_none_and_an_ended_one_what_comes_late(self, city, worker, asked):
        move_questionnaire(by=worker, questionnaire=asked, version=2, to=State.ENDED)
        asked.refresh_from_db()
        sheets_in(city.chengdong, worker, asked, 1)
        with pytest.raises(NotAllowed):
            sheets_in(city.chengdong, worker, a_questionnaire(city.chengdong, worker, published=False, title="二"), 1)

    def test_it_is_corrected_with_history_and_voided_with_a_reason(self, city, worker, colleague, asked):
        [sheet] = sheets_in(city.chengdong, worker, asked, 1)
        entry = a_sheet_entry(city.chengdong, asked, answers={**ANSWERED, "q1": "3"})
        with pytest.raises(Refused):
            correct_sheet(by=colleague, sheet=sheet, version=1, entry=entry, reason="")
        correct_sheet(by=colleague, sheet=sheet, version=1, entry=entry, reason="看错一行")
        with pytest.raises(Conflict):
            correct_sheet(by=worker, sheet=sheet, version=1, entry=entry, reason="看错一行")
        assert [row.answers["q1"] for row in sheet.history.order_by("version")] == ["1", "3"]
        with pytest.raises(NotAllowed):
            void_sheet(by=colleague, sheet=sheet, reason="重复")
        void_sheet(by=worker, sheet=sheet, reason="重复")
        assert BY_CODE["Q6"].value(Ask(YEAR, city.root)) == 0
        with pytest.raises(Refused):
            correct_sheet(by=worker, sheet=sheet, version=3, entry=entry, reason="再改")

    def test_the_figure_counts_sheets_and_its_list_tells_no_answer(self, city, worker, asked):
        sheets_in(city.chengdong, worker, asked, 3, village_id=city.chishan.pk)
        ask = Ask(YEAR, city.chengdong)
        assert (BY_CODE["Q6"].value(ask), BY_CODE["Q6"].evidence(ask)) == (3, 3)
        told = [(one.title, *one.meta) for one in page_of(BY_CODE["Q6"], ask, 1, names=True).items]
        assert told[0] == ("长者午餐问卷", "2020-06-01", "城东社工站", "赤山村")

    def test_the_trail_tells_no_answer(self, city, worker, asked):
        [sheet] = sheets_in(city.chengdong, worker, asked, 1)
        event = AuditEvent.objects.get(about_id=str(sheet.pk))
        assert event.details == {"title": "长者午餐问卷"}

    def test_somebodys_name_goes_out_of_the_words(self, city, worker, asked):
        family = a_family(city.chengdong, worker)
        name = family.people[0].name
        [sheet] = sheets_in(city.chengdong, worker, asked, 1, answers={**ANSWERED, "q5": f"{name}说菜淡"})
        forget(by=worker, person=family.people[0], basis="asked")
        sheet.refresh_from_db()
        assert sheet.said["q5"] == "已匿名说菜淡"
        assert name not in str([row.said if hasattr(row, "said") else row.words for row in sheet.history.all()])


class TestResults:
    def told(self, user, asked, village=None, *, all_told=False):
        return results_of(asked, sheets_visible_to(user), all_told=all_told, least=5, village=village)

    def test_the_station_is_told_of_however_few(self, city, worker, asked):
        sheets_in(city.chengdong, worker, asked, 2)
        results = self.told(worker, asked, all_told=True)
        assert (results.few, results.count, results.tallies[0].shares[0].count) == (False, 2, 2)

    def test_the_centre_is_not(self, city, worker, supervisor, asked):
        sheets_in(city.chengdong, worker, asked, 4)
        results = self.told(supervisor, asked)
        assert (results.few, list(results.tallies), list(results.parts)) == (True, [], [])
        sheets_in(city.chengdong, worker, asked, 1)
        assert self.told(supervisor, asked).few is False

    def test_nor_of_a_village_by_taking_the_others_away(self, city, worker, stranger, supervisor, central):
        sheets_in(city.chengdong, worker, central, 9, village_id=city.chishan.pk)
        sheets_in(city.chengdong, worker, central, 7, village_id=city.beiping.pk)
        sheets_in(city.dongzhou, stranger, central, 2)
        results = self.told(supervisor, central)
        assert [(part.name, part.told) for part in results.parts] == [
            ("赤山村", True), ("北平村", False), ("没有写村居", False)
        ]  # fmt: skip
        assert self.told(supervisor, central, city.chishan.pk).count == 9
        assert self.told(supervisor, central, city.beiping.pk) is None
        assert self.told(worker, central, city.beiping.pk, all_told=True).count == 7

    def test_voided_sheets_are_in_none(self, city, worker, asked):
        one, _other = sheets_in(city.chengdong, worker, asked, 2)
        void_sheet(by=worker, sheet=one, reason="重复")
        assert self.told(worker, asked, all_told=True).count == 1


class TestWhatTheDatabaseRefuses:
    def goes_round(self, rows, **changed):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**changed)

    def test_two_versions_in_use_or_of_one_number(self, worker, asked):
        draft = revise_questionnaire(by=worker, questionnaire=asked, client_id=asked.pk)
        rows = Questionnaire.objects.filter(pk=draft.pk)
        self.goes_round(rows, state="published", published_on=TODAY)
        self.goes_round(rows, edition=1)
        self.goes_round(rows, client_id=asked.client_id)

    def test_a_state_without_its_day_and_no_title(self, worker, asked):
        rows = Questionnaire.objects.filter(pk=asked.pk)
        self.goes_round(rows, published_on=None)
        self.goes_round(rows, state="ended")
        self.goes_round(rows, title="")

    def test_a_sheet_voided_by_nobody_or_sent_twice(self, city, worker, asked):
        one, other = sheets_in(city.chengdong, worker, asked, 2)
        rows = AnswerSheet.objects.filter(pk=other.pk)
        self.goes_round(rows, voided_at=clock.now())
        self.goes_round(rows, client_id=one.client_id)


def test_a_station_that_closes_is_asked_about_questionnaires_in_use(city, worker, asked):
    assert ("没有停用的问卷", 1) in [(kept.label, kept.count) for kept in kept_at(city.chengdong, FILLED)]
