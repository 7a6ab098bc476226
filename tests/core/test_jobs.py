"""Jobs: a killed worker loses none and repeats none, a failure is told, and a hopeless job is given up."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from shuangbai.core import clock, jobs, presence
from shuangbai.core.jobs import Worker, claim, end, if_given_up, prune, put_back
from tests.core.killing import hopeless, slow_job
from tests.demonstration import ROOT, SCRIPTS, Installed

JOBS, KILLS = 6, 8
QUEUE = """
from shuangbai.cli import prepare_data
prepare_data()
from tests.core.killing import slow_job
for number in range({jobs}):
    slow_job.enqueue("job-%d" % number, {folder!r}, {seconds})
answer = None
"""
STATE = """
from collections import Counter
from django_tasks_db.models import DBTaskResult
from shuangbai.core.models import AuditEvent
effects = AuditEvent.objects.filter(kind="test.slow_job_done").values_list("about_id", flat=True)
answer = {"states": Counter(DBTaskResult.objects.values_list("status", flat=True)), "effects": Counter(effects)}
"""


def queue(folder: Path, key: str = "job") -> DBTaskResult:
    slow_job.enqueue(key, str(folder), 0)
    return DBTaskResult.objects.get()


def due_now() -> None:
    DBTaskResult.objects.update(run_after=clock.machine_now() - timedelta(seconds=1))


class TestAWorkerThatIsKilled:
    @pytest.fixture
    def workers(self, fresh: Installed) -> Iterator[Any]:
        """Real worker processes, started as the product starts them; none outlives the test."""
        running: list[subprocess.Popen[bytes]] = []

        def start() -> subprocess.Popen[bytes]:
            environment = fresh.environment(PYTHONPATH=str(ROOT))
            with (fresh.data.parent / "worker.log").open("ab") as log:
                running.append(subprocess.Popen([SCRIPTS / "shuangbai", "worker"], env=environment, stderr=log))
            return running[-1]

        yield start
        for process in running:
            process.kill()
            process.wait()

    def test_loses_no_job_and_repeats_none(self, fresh: Installed, workers: Any, tmp_path: Path) -> None:
        """Killed in the middle of a job, again and again: each job leaves its one effect."""
        begun = tmp_path / "begun"
        begun.mkdir()
        fresh.asks(QUEUE.format(jobs=JOBS, folder=str(begun), seconds=0.4))
        killed = 0
        for _ in range(KILLS):
            count, worker = self.beginnings(begun), workers()
            if not self.until(lambda: self.beginnings(begun) > count or worker.poll() is not None, 30):  # noqa: B023
                break  # nothing is left to begin
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
            killed += 1
            if fresh.asks(STATE)["states"].get("SUCCESSFUL", 0) == JOBS:
                break
        assert killed >= 4
        last = workers()
        assert self.until(lambda: fresh.asks(STATE)["states"] == {"SUCCESSFUL": JOBS}, 60), fresh.asks(STATE)
        last.terminate()
        assert last.wait(20) == 0
        assert fresh.asks(STATE)["effects"] == {f"job-{number}": 1 for number in range(JOBS)}
        assert self.beginnings(begun) > JOBS  # some were begun again, so this was tried at all

    def test_one_that_is_asked_to_stop_ends_its_job_first(self, fresh: Installed, workers: Any, tmp_path: Path) -> None:
        fresh.asks(QUEUE.format(jobs=1, folder=str(tmp_path), seconds=1.5))
        worker = workers()
        assert self.until(lambda: self.beginnings(tmp_path) == 1, 30)
        worker.terminate()
        assert worker.wait(20) == 0
        assert fresh.asks(STATE) == {"states": {"SUCCESSFUL": 1}, "effects": {"job-0": 1}}

    @staticmethod
    def beginnings(folder: Path) -> int:
        return sum(len(file.read_text()) for file in folder.glob("job-*"))

    @staticmethod
    def until(holds: Any, seconds: float) -> bool:
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if holds():
                return True
            time.sleep(0.02)
        return bool(holds())


@pytest.mark.django_db(transaction=True)
class TestClaims:
    @pytest.fixture
    def living(self) -> Iterator[str]:
        other = presence.Presence("a-living-worker")
        other.hold()
        yield other.name
        other.release()

    def test_a_job_of_a_living_worker_is_left_alone(self, tmp_path: Path, living: str) -> None:
        queue(tmp_path)
        assert claim(living)
        assert put_back("me") == 0
        assert claim("me") is None

    def test_a_job_of_a_dead_one_is_put_back(self, tmp_path: Path) -> None:
        queue(tmp_path)
        claim("nobody")
        assert put_back("me") == 1
        job = DBTaskResult.objects.get()
        assert (job.status, job.worker_ids) == (TaskResultStatus.READY, ["nobody"])

    def test_one_that_lets_go_is_dead(self, living: str) -> None:
        assert presence.is_alive(living)
        other = presence.Presence("another")
        other.hold()
        other.release()
        assert not presence.is_alive("another")

    def test_the_end_of_a_job_that_was_taken_over_changes_nothing(self, tmp_path: Path) -> None:
        queue(tmp_path)
        first = claim("slow")
        put_back("me")
        due_now()
        second = claim("me")
        assert end(first, value="late") is False
        assert DBTaskResult.objects.get().status == TaskResultStatus.RUNNING
        assert end(second, value="done") is True
        assert end(first, error=ValueError()) is False
        assert DBTaskResult.objects.get().return_value == "done"

    def test_two_workers_never_have_the_same_job(self, tmp_path: Path) -> None:
        queue(tmp_path)
        assert claim("one")
        assert claim("two") is None

    def test_a_job_that_kills_its_worker_again_and_again_is_given_up(self, tmp_path: Path) -> None:
        told: list[tuple[Any, ...]] = []
        if_given_up(slow_job)(lambda *words: told.append(words))
        queue(tmp_path, "heavy")
        for _ in range(jobs.ATTEMPTS):
            due_now()
            assert claim("nobody")
            put_back("me")
        assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED
        assert told == [("heavy", str(tmp_path), 0)]


@pytest.mark.django_db(transaction=True)
class TestAWorker:
    def test_does_what_is_queued(self, tmp_path: Path) -> None:
        queue(tmp_path)
        worker = Worker()
        assert worker.turn() is True
        assert worker.turn() is False
        worker.presence.release()
        assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL

    def test_keeps_a_failure_without_its_words(self, caplog: pytest.LogCaptureFixture) -> None:
        hopeless.enqueue("陈大文")
        with caplog.at_level(logging.ERROR):
            worker = Worker()
            worker.turn()
            worker.presence.release()
        job = DBTaskResult.objects.get()
        assert job.status == TaskResultStatus.FAILED
        assert job.exception_class_path == "builtins.ValueError"
        assert "hopeless" in job.traceback
        assert "陈大文" not in job.traceback + caplog.text
        assert "hopeless" in caplog.text

    def test_tries_again_when_the_database_was_away(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        queue(tmp_path)
        worker = Worker()

        def away(*_: Any, **__: Any) -> bool:
            raise OperationalError("server closed the connection unexpectedly")

        with monkeypatch.context() as patch:
            patch.setattr(jobs, "end", away)
            with pytest.raises(OperationalError):
                worker.turn()
        assert DBTaskResult.objects.get().status == TaskResultStatus.RUNNING
        worker.turn()  # puts it back
        due_now()
        assert worker.turn() is True
        worker.presence.release()
        assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL

    def test_forgets_what_ended_a_month_ago(self, tmp_path: Path) -> None:
        queue(tmp_path)
        end(claim("me"))
        prune()
        assert DBTaskResult.objects.count() == 1
        DBTaskResult.objects.update(finished_at=clock.machine_now() - timedelta(days=31))
        prune()
        assert DBTaskResult.objects.count() == 0


class TestTheDataDirectory:
    pytestmark = pytest.mark.nodb

    def test_who_wants_it_alone_waits_for_nobody_but_is_told(self, settings: Any, tmp_path: Path) -> None:
        settings.DATA_DIR = tmp_path
        with presence.alone():
            pass
        presence.at_work()
        with pytest.raises(Exception, match="正在运行"), presence.alone():
            pytest.fail("it was not alone")
        os.close(presence._kept.pop())
        with presence.alone():
            pass
