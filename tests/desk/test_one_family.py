"""A family known twice on every page: one timeline, one date, one row; and two of each again once it is undone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shuangbai.core.bulk import in_parts
from shuangbai.core.periods import Period
from shuangbai.followups.actions import TaskEntry, ask_task
from shuangbai.followups.enums import State
from shuangbai.followups.models import Task
from shuangbai.followups.queries import families_due, open_tasks, reminders
from shuangbai.households.access import households_visible_to
from shuangbai.households.actions import open_tags
from shuangbai.households.doubles import FamilyEntries
from shuangbai.households.entries import TagEntry
from shuangbai.households.enums import Grade, Relation
from shuangbai.households.files import assign_files
from shuangbai.households.identity import merge_families, undo_merge
from shuangbai.households.known import HouseholdPair, SameHousehold
from shuangbai.households.models import FileWorker
from shuangbai.reports.indicators import files_followed
from shuangbai.reports.queries import Ask
from shuangbai.rounds.actions.calls import CallListEntry, make_call_list
from shuangbai.rounds.actions.plans import PlanEntry, save_plan
from shuangbai.rounds.models import CallList
from shuangbai.rounds.queries import Criteria, call_rows, list_rows, picked
from shuangbai.rounds.rules import Stop, monday_of
from shuangbai.rounds.weeks import known_of, proposal, saved_stops, week_of
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.enums import Result
from shuangbai.visits.queries import last_met, offered, own_families
from tests.cast import TODAY, a_family, a_member, a_visit
from tests.followups.test_due import a_floor, a_graded_family
from tests.rounds.test_calls import sent

pytestmark = pytest.mark.django_db
BORN = date(1951, 3, 12)
WHY = "对过户口本"


def zeng(**more: Any) -> Any:
    return a_member("曾秀英", Relation.HEAD, sex="2", birth_date=BORN, **more)


def son(**more: Any) -> Any:
    return a_member("陈大文", Relation.SON, sex="1", birth_date=date(1980, 7, 9), **more)


@pytest.fixture
def both(city: Any, worker: Any) -> list[Any]:
    """曾秀英 and her son, entered twice at 城东: green without a visit since long, and red, met on 1 June."""
    kept = a_graded_family(city.chengdong, worker, Grade.GREEN, members=[zeng(), son()], phone="13900001111")
    other = a_graded_family(
        city.chengdong, worker, Grade.YELLOW, members=[zeng(), son(), a_member("陈小妹", Relation.DAUGHTER)],
        phone="13900002222",
    )  # fmt: skip
    a_visit(city.chengdong, worker, kept, on=date(2020, 3, 1), narrative="刚从医院回来")
    a_visit(city.chengdong, worker, other, on=date(2020, 6, 1), narrative="在家里做饭")
    return [kept, other]


def merged(by: Any, kept: Any, other: Any) -> Any:
    pair = HouseholdPair.objects.get(first__in=[kept.household.pk, other.household.pk],
                                     second__in=[kept.household.pk, other.household.pk])  # fmt: skip
    merge_families(by=by, pair=pair, keep=kept.household.pk, reason=WHY)
    return pair


def due(by: Any, **whose: Any) -> list[Any]:
    return families_due(households_visible_to(by), TODAY, **whose)


class TestTheDate:
    def test_follows_from_the_last_contact_under_either_entry_and_the_stricter_grade_wins(self, worker, both):
        kept, other = both
        assert len(due(worker)) == 2
        merged(worker, kept, other)
        [one] = due(worker)
        assert (one.household_id, one.others) == (kept.household.pk, (other.household.pk,))
        assert one.level.code == Grade.YELLOW
        assert one.due.met_on == date(2020, 6, 1)
        assert one.due.on == date(2020, 7, 1)
        assert [one.due for one in due(worker, household_ids=[other.household.pk])] == [one.due]

    def test_a_visit_under_one_entry_sets_the_date_of_both_and_one_in_vain_does_not(self, city, worker, both):
        kept, other = both
        merged(worker, kept, other)
        a_visit(city.chengdong, worker, kept, on=date(2020, 6, 4), result=Result.NOBODY_HOME)
        [one] = due(worker)
        assert (one.due.on, one.due.attempts) == (date(2020, 7, 1), 1)
        a_visit(city.chengdong, worker, kept, on=date(2020, 6, 5))
        assert due(worker)[0].due.on == date(2020, 7, 5)

    def test_one_of_two_workers_has_it_and_the_other_once_the_merge_is_undone(self, worker, colleague, both):
        kept, other = both
        assign_files(by=worker, entries=[(kept.file, worker.staff_id, TODAY), (other.file, colleague.staff_id, TODAY)])
        assert len(due(worker, staff_id=worker.staff_id)) == 1
        pair = merged(worker, kept, other)
        assert due(worker, staff_id=worker.staff_id) == []
        [one] = due(worker, staff_id=colleague.staff_id)
        assert one.household_id == kept.household.pk
        undo_merge(by=worker, pair=pair, reason="两户人家")
        assert len(due(worker, staff_id=worker.staff_id)) == 1

    def test_somebody_is_responsible_as_long_as_somebody_is_for_one_of_the_files(self, worker, colleague, both):
        kept, other = both
        assign_files(by=worker, entries=[(kept.file, colleague.staff_id, TODAY)])
        FileWorker.objects.filter(file=other.file).delete()
        merged(worker, kept, other)
        assert [one.staff_id for one in due(worker)] == [colleague.staff_id]

    def test_undone_each_has_its_own_date_again(self, worker, both):
        before = due(worker)
        pair = merged(worker, *both)
        undo_merge(by=worker, pair=pair, reason="两户人家")
        assert due(worker) == before

    def test_a_category_of_somebody_under_the_other_entry_binds(self, city, worker, both):
        kept, other = both
        a_floor("alone_elder", 10)
        open_tags(by=worker, bearer=other.people[0], entries=[TagEntry("alone_elder", date(2020, 5, 1))])
        merged(worker, kept, other)
        assert "至少每 10 天一次" in due(worker)[0].due.reason

    def test_another_stations_visit_counts_for_the_date_and_nothing_else_of_it_is_told(
        self, city, worker, neighbour, supervisor
    ):
        mine = a_graded_family(city.chengdong, worker, Grade.YELLOW, members=[zeng(), son()])
        theirs = a_graded_family(city.haicheng, neighbour, Grade.RED, members=[zeng(), son()])
        a_visit(city.haicheng, neighbour, theirs, on=date(2020, 6, 3), next_on=date(2020, 6, 6))
        merged(supervisor, mine, theirs)
        [one] = due(worker)
        assert (one.due.on, one.level.code, one.others) == (date(2020, 7, 3), Grade.YELLOW, ())
        [one] = due(neighbour)
        assert (one.household_id, one.level.code) == (theirs.household.pk, Grade.RED)
        assert len(due(supervisor)) == 1

    def test_the_number_of_queries_does_not_grow(self, city, worker, both):
        merged(worker, *both)
        with CaptureQueriesContext(connection) as first:
            due(worker)
        for number in range(3):
            families = [
                a_graded_family(city.chengdong, worker, members=[
                    a_member(f"黄建{'国华民'[number]}", Relation.HEAD, sex="1", birth_date=date(1950 + number, 1, 2))
                ]) for _ in range(2)
            ]  # fmt: skip
            merged(worker, *families)
        with CaptureQueriesContext(connection) as again:
            assert len(due(worker)) == 4
        assert len(again) == len(first) <= 16

    def test_families_worked_out_in_parts_are_due_as_all_at_once(self, city, worker, both, monkeypatch):
        merged(worker, *both)
        a_graded_family(city.chengdong, worker, Grade.RED)
        whole = due(worker)
        monkeypatch.setattr("shuangbai.followups.queries.in_parts", lambda rows: in_parts(rows, 1))
        assert due(worker) == whole
        assert len(whole) == 2

    def test_reminders_of_people_under_either_entry_come_once(self, worker, both):
        merged(worker, *both)
        said = [one.sentence for one in reminders(due(worker), date(2020, 7, 5))]
        assert len(said) == len(set(said))


class TestTasks:
    def test_a_visit_under_the_kept_entry_answers_a_task_about_the_other(self, city, worker, both):
        kept, other = both
        entry = TaskEntry(other.household, "问问药够不够", TODAY + timedelta(days=3), None, None, True)
        ask_task(by=worker, entry=entry)
        assert open_tasks(Task.objects.all()).count() == 1
        a_visit(city.chengdong, worker, kept, on=TODAY)
        assert open_tasks(Task.objects.all()).count() == 1
        pair = merged(worker, kept, other)
        assert open_tasks(Task.objects.all()).count() == 0
        undo_merge(by=worker, pair=pair, reason="两户人家")
        assert open_tasks(Task.objects.all()).count() == 1

    def test_another_stations_visit_does_not(self, city, worker, neighbour, supervisor):
        mine = a_family(city.chengdong, worker, members=[zeng(), son()])
        theirs = a_family(city.haicheng, neighbour, members=[zeng(), son()])
        ask_task(by=worker, entry=TaskEntry(mine.household, "问问药够不够", TODAY, None, None, True))
        merged(supervisor, theirs, mine)
        a_visit(city.haicheng, neighbour, theirs, on=TODAY)
        assert open_tasks(Task.objects.all()).count() == 1


class TestThePage:
    def text(self, client_for, by, family):
        answer = client_for(by).get(reverse("family", args=[family.household.pk]))
        assert answer.status_code == 200
        return answer.content.decode()

    def test_of_either_entry_tells_what_happened_to_both(self, worker, client_for, both):
        kept, other = both
        assert "在家里做饭" not in self.text(client_for, worker, kept)
        pair = merged(worker, kept, other)
        for family, own, elsewhere in ((kept, "刚从医院回来", "在家里做饭"), (other, "在家里做饭", "刚从医院回来")):
            page = self.text(client_for, worker, family)
            assert own in page
            assert elsewhere in page
            assert "另一份登记（城东社工站）" in page
            assert page.count(f"档案 {kept.file.number}") >= 1
            assert page.count(f"档案 {other.file.number}") >= 1
            assert "2020-07-01" in page
        undo_merge(by=worker, pair=pair, reason="两户人家")
        assert "在家里做饭" not in self.text(client_for, worker, kept)

    def test_says_who_is_of_the_other_entry_alone_with_a_way_there(self, worker, client_for, both):
        kept, other = both
        merged(worker, kept, other)
        page = self.text(client_for, worker, kept)
        assert "陈小妹（女）" in page
        assert f"{reverse('family', args=[other.household.pk])}#people" in page

    def test_an_event_leads_to_its_record(self, worker, client_for, both):
        kept, other = both
        merged(worker, kept, other)
        visit = ServiceRecord.objects.get(household=other.household)
        assert reverse("record", args=[visit.pk]) in self.text(client_for, worker, kept)

    def test_of_an_entry_at_another_station_nothing_but_that_there_is_one(
        self, city, worker, neighbour, supervisor, client_for
    ):
        mine = a_family(city.chengdong, worker, members=[zeng(), son()])
        theirs = a_family(city.haicheng, neighbour, members=[zeng(), son()])
        a_visit(city.haicheng, neighbour, theirs, on=date(2020, 6, 1), narrative="在家里做饭")
        merged(supervisor, mine, theirs)
        page = self.text(client_for, worker, mine)
        assert "在家里做饭" not in page
        assert "另一份登记" not in page
        assert "外站也登记了这户" in page

    def test_the_number_of_queries_grows_with_entries_alone(self, city, worker, client_for, both):
        kept, other = both
        merged(worker, kept, other)
        client, address = client_for(worker), reverse("family", args=[kept.household.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as first:
            client.get(address)
        for day in range(2, 5):
            a_visit(city.chengdong, worker, other, on=date(2020, 5, day))
            a_visit(city.chengdong, worker, kept, on=date(2020, 4, day))
        with CaptureQueriesContext(connection) as again:
            client.get(address)
        assert len(again) == len(first)

    def test_a_visit_to_either_entry_is_written_below_what_is_known_of_both(self, worker, client_for, both):
        kept, other = both
        open_tags(by=worker, bearer=other.people[0], entries=[TagEntry("alone_elder", date(2020, 5, 1))])
        address = f"{reverse('visit-new')}?family={{}}"
        client = client_for(worker)
        page = client.get(address.format(kept.household.pk)).text
        assert "2020-06-01" not in page
        assert "独居老人" not in page
        merged(worker, kept, other)
        for family in both:
            page = client.get(address.format(family.household.pk)).text
            assert "2020-06-01" in page
            assert "独居老人" in page
            assert kept.file.number in page

    def test_the_paper_has_the_visits_of_both(self, worker, client_for, both):
        kept, other = both
        merged(worker, kept, other)
        sent = {"reason": "visit", "form": "page"}
        page = client_for(worker).post(reverse("family-sheet", args=[kept.household.pk]), sent).content.decode()
        assert "在家里做饭" in page
        assert "刚从医院回来" in page


class TestLists:
    def test_one_row_whichever_entry_answers(self, worker, client_for, both):
        kept, other = both
        client, address = client_for(worker), reverse("family-list")
        assert "共 2 户" in client.get(address).content.decode()
        pair = merged(worker, kept, other)
        for words in ("", "?q=曾秀英", "?q=2222", "?q=陈小妹", f"?q={other.file.number}"):
            page = client.get(address + words).content.decode()
            assert "共 1 户" in page, words
            assert "另有一份登记" in page
            assert reverse("family", args=[kept.household.pk]) in page
            assert reverse("family", args=[other.household.pk]) not in page
        undo_merge(by=worker, pair=pair, reason="两户人家")
        assert "共 2 户" in client.get(address).content.decode()

    def test_the_search_and_what_is_offered_while_typing(self, worker, client_for, both):
        kept, other = both
        merged(worker, kept, other)
        client = client_for(worker)
        page = client.get(reverse("search") + "?q=2222").content.decode()
        assert reverse("family", args=[kept.household.pk]) in page
        found = client.get(reverse("family-suggest") + "?q=2222").json()["results"]
        assert [one["id"] for one in found] == [str(kept.household.pk)]

    def test_where_the_kept_entry_is_another_stations_ones_own_stands(self, city, worker, neighbour, supervisor):
        mine = [a_family(city.chengdong, worker, members=[zeng(), son()]) for _ in range(2)]
        theirs = a_family(city.haicheng, neighbour, members=[zeng(), son()])
        for one in mine:
            SameHousehold.objects.create(household=one.household, kept=theirs.household)
        ids = [one.household.pk for one in mine]
        entries = FamilyEntries(households_visible_to(worker), ids)
        assert {entries.stands(pk) for pk in ids} == {min(ids)}
        assert [set(entries.every(pk)) for pk in ids] == [{*ids, theirs.household.pk}] * 2
        assert FamilyEntries(households_visible_to(supervisor), ids).stands(ids[0]) == theirs.household.pk

    def test_today_has_one_row(self, worker, client_for, both):
        merged(worker, *both)
        page = client_for(worker).get(reverse("due-list")).content.decode()
        assert "共 1 户" in page
        assert "另有一份登记" in page

    def test_the_evening_has_one_row_that_knows_what_the_day_has(self, city, worker, both):
        kept, other = both
        assert len(own_families(worker, worker.staff_id, TODAY)) == 2
        a_visit(city.chengdong, worker, other, on=TODAY)
        merged(worker, kept, other)
        [mine] = own_families(worker, worker.staff_id, TODAY)
        assert (mine.pk, mine.met_on) == (kept.household.pk, TODAY)
        [row] = offered(worker, [mine.pk], TODAY)
        assert (len(row.of_the_day), row.line.others, row.met_on) == (1, 1, TODAY)
        assert last_met([kept.household.pk]) == {kept.household.pk: TODAY}

    def test_a_list_of_calls_picks_it_once_and_a_list_made_before_shows_it_once(self, city, worker, both):
        kept, other = both
        assert len(picked(worker, city.chengdong, Criteria(), TODAY)) == 2
        entry = CallListEntry(city.chengdong, "寒潮", [kept.household.pk, other.household.pk], Criteria())
        made = make_call_list(by=worker, entry=entry)
        pair = merged(worker, kept, other)
        assert [pk for pk, _ in picked(worker, city.chengdong, Criteria(), TODAY)] == [kept.household.pk]
        assert picked(worker, city.chengdong, Criteria(unseen_days=60), TODAY) == []
        assert [row.item.household_id for row in call_rows(made)] == [kept.household.pk]
        assert list_rows(CallList.objects.all(), 5)[0]["families"] == 1
        undo_merge(by=worker, pair=pair, reason="两户人家")
        assert len(call_rows(made)) == 2

    def test_what_was_typed_under_an_entry_that_was_merged_meanwhile_is_kept(self, city, worker, client_for, both):
        kept, other = both
        entry = CallListEntry(city.chengdong, "寒潮", [kept.household.pk, other.household.pk], Criteria())
        made = make_call_list(by=worker, entry=entry)
        merged(worker, kept, other)
        typed = sent(worker, [(other, {"result": "met", "met": str(other.people[0].pk)})])
        assert client_for(worker).post(reverse("call-list", args=[made.pk]), typed).status_code == 302
        [row] = call_rows(made)
        assert row.calls[0].record.household_id == other.household.pk
        assert row.state == "reached"

    def test_a_week_has_it_once(self, city, worker, both):
        kept, other = both
        monday = monday_of(TODAY)
        stops = [Stop(kept.household.pk, None, 1), Stop(other.household.pk, TODAY, 1)]
        plan = save_plan(by=worker, entry=PlanEntry(city.chengdong, monday, 8, 0, stops))
        merged(worker, kept, other)
        known = known_of(worker, city.chengdong, worker.staff_id, TODAY)
        assert len(known.families) == 1
        asked: dict[str, Any] = {"monday": monday, "most": 8, "plan": plan, "today": TODAY}
        week = week_of(worker, known, saved_stops(plan), **asked)
        assert [(one.stop.household_id, one.stop.day) for one in week.stops] == [(kept.household.pk, TODAY)]
        assert week.waiting == []
        assert len(week.stops[0].visits) == 1
        assert len({stop.household_id for stop in proposal(known, monday, 8, TODAY)}) <= 1


def test_the_figures_of_being_seen_in_time_are_those_of_the_pages(city, worker, both):
    kept, other = both
    day = date(2020, 6, 30)
    asked = Ask(Period(date(2020, 6, 1), day), city.chengdong)
    merged(worker, kept, other)
    assert files_followed(asked, in_time=True).values("family").distinct().count() == 1
    assert families_due(None, day)[0].state != State.OVERDUE
