"""Periodic jobs: each turn is run by one worker, a killed one's is begun anew, and a failure is told."""

import threading
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils.module_loading import import_string

from shuangbai.core import clock, periodic
from shuangbai.core.models import PeriodicRun, RunOutcome
from shuangbai.core.periodic import Job, Runner, claim, release, run, run_due

MINUTE = timedelta(minutes=1)
done: list[str] = []


def note() -> None:
    done.append("noted")


def fail() -> None:
    raise ValueError("磁盘已满")


NOTE = Job("note", MINUTE, f"{__name__}.note")
FAIL = Job("fail", timedelta(hours=1), f"{__name__}.fail")


@pytest.fixture(autouse=True)
def nothing_done():
    done.clear()


@pytest.fixture
def listed(settings):
    settings.PERIODIC_JOBS = f"{__name__}.LISTED"


LISTED = [NOTE, FAIL]


def moment(hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 6, 6, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


class TestTheList:
    def test_each_job_has_a_name_of_its_own_and_a_function_that_is_there(self):
        names = [job.name for job in periodic.jobs()]
        assert len(names) == len(set(names))
        assert all(callable(import_string(job.does)) for job in periodic.jobs())


class TestTurns:
    def test_a_job_never_run_is_due_at_once(self, db):
        assert claim(NOTE, moment(9)) == moment(9)

    def test_a_turn_that_was_taken_is_not_taken_again(self, db):
        assert claim(NOTE, moment(9))
        assert claim(NOTE, moment(9, 1)) is None

    def test_after_its_end_the_next_turn_is_later(self, db):
        now = clock.machine_now()
        run(NOTE, claim(NOTE, now))
        assert claim(NOTE, now + timedelta(seconds=30)) is None
        assert claim(NOTE, now + timedelta(minutes=2))
        assert done == ["noted"]

    def test_a_killed_worker_is_given_up_once_its_claim_is_old(self, db):
        claim(NOTE, moment(9))
        assert claim(NOTE, moment(9, 29)) is None
        assert claim(NOTE, moment(9, 31)) == moment(9, 31)

    def test_one_given_up_that_ends_after_all_changes_nothing(self, db):
        first = claim(NOTE, moment(9))
        claim(NOTE, moment(9, 31))
        release(NOTE, first, RunOutcome.FAILED, "late")
        row = PeriodicRun.objects.get()
        assert (row.outcome, row.started_at, row.error) == (RunOutcome.RUNNING, moment(9, 31), "")

    def test_a_time_of_day_is_kept(self):
        nightly = Job("nightly", timedelta(days=1), NOTE.does, at=time(3))
        assert nightly.first_turn(moment(2)) == moment(3)
        assert nightly.first_turn(moment(9)) == moment(3) + timedelta(days=1)
        assert nightly.next_turn(moment(3, 5)) == moment(3) + timedelta(days=1)

    def test_a_failure_is_told_and_tried_again_soon(self, db):
        assert run(FAIL, claim(FAIL, clock.machine_now())) is False
        row = PeriodicRun.objects.get()
        assert (row.outcome, row.error) == (RunOutcome.FAILED, "ValueError: 磁盘已满")
        assert row.due_at <= clock.machine_now() + timedelta(minutes=5)

    def test_looking_when_nothing_is_due_writes_nothing(self, db, django_assert_num_queries):
        claim(NOTE, moment(9))
        with django_assert_num_queries(1):
            claim(NOTE, moment(9))

    @pytest.mark.django_db(transaction=True)
    def test_of_eight_workers_one_gets_the_turn(self):
        claim(NOTE, moment(8))
        release(NOTE, moment(8), RunOutcome.DONE)
        now, got, start = clock.machine_now() + timedelta(minutes=2), [], threading.Barrier(8)

        def compete() -> None:
            start.wait()
            got.append(claim(NOTE, now))
            connection.close()

        threads = [threading.Thread(target=compete) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(bool, got)) == [False] * 7 + [True]


class TestTheRunner:
    def test_once_runs_what_is_due_and_says_so(self, db, listed, capsys):
        call_command("periodic", "--once")
        assert capsys.readouterr().out.split() == ["note", "fail"]
        assert run_due() == []

    @pytest.mark.django_db(transaction=True)
    def test_it_runs_side_by_side_and_stops_when_told(self, listed):
        runner = Runner(pause=0.05)
        thread = threading.Thread(target=lambda: (runner.loop(), connection.close()))
        thread.start()
        for _ in range(100):
            if PeriodicRun.objects.filter(outcome__in=["done", "failed"]).count() == 2:
                break
            threading.Event().wait(0.05)
        runner.stopping.set()
        thread.join(5)
        runner.finish(5)
        assert not thread.is_alive()
        assert done == ["noted"]
        assert dict(PeriodicRun.objects.values_list("name", "outcome")) == {"note": "done", "fail": "failed"}

    def test_the_database_refuses_a_turn_that_ended_without_having_begun(self, db):
        with pytest.raises(IntegrityError), transaction.atomic():
            PeriodicRun.objects.create(name="x", due_at=moment(9), outcome="done", ended_at=moment(9))
