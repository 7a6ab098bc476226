"""Queued work: the worker that does it, so that one that is killed loses none and repeats none.

The queue is django-tasks' table in our own database. A job is claimed by a worker that is alive (presence.py).
Whoever looks next and finds a running job whose worker is gone puts it back. The end of a job counts only for
whoever still has the claim. So a job is begun at least once and ended once; what it does must bear a second
beginning (docs/adr/0029).
"""

import logging
import secrets
import threading
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import Error, InterfaceError, OperationalError, close_old_connections
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from shuangbai.core import clock, presence
from shuangbai.core.actions import writing

ATTEMPTS = 5
WAIT_AFTER_LOSS = timedelta(seconds=1)  # times the number of attempts
KEPT = timedelta(days=30)
log = logging.getLogger(__name__)

_if_given_up: dict[str, Callable[..., None]] = {}


def if_given_up(task: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark what is to be done, with the job's own arguments, once its workers have died too often."""

    def keep(function: Callable[..., None]) -> Callable[..., None]:
        _if_given_up[task.module_path] = function
        return function

    return keep


def claim(worker: str) -> Any:
    """The next job, now this worker's, or None. Looking writes nothing."""
    ready = DBTaskResult.objects.ready()
    if not ready.exists():
        return None
    with writing():
        job = ready.select_for_update(skip_locked=True).first()
        if job is not None:
            job.claim(worker)
    return job


def _held(job: Any) -> Any:
    """The row of a claim, as long as it is this claim's."""
    return DBTaskResult.objects.filter(pk=job.pk, status=TaskResultStatus.RUNNING, started_at=job.started_at)


def put_back(worker: str) -> int:
    """Put jobs back whose worker is gone; how many. `worker`, who asks, has nothing under way."""
    lost = 0
    for job in DBTaskResult.objects.running():
        owner = job.worker_ids[-1] if job.worker_ids else ""
        if owner and owner != worker and presence.is_alive(owner):
            continue
        with writing():
            lost += _give_up(job) if len(job.worker_ids) >= ATTEMPTS else _queue_again(job)
    return lost


def _queue_again(job: Any) -> int:
    later = clock.machine_now() + WAIT_AFTER_LOSS * len(job.worker_ids)
    put = int(_held(job).update(status=TaskResultStatus.READY, run_after=later))
    if put:
        log.warning("job %s %s: its worker is gone, queued again", job.task_path, job.pk)
    return put


def _give_up(job: Any) -> int:
    """A job that never outlives its worker must not take every worker with it."""
    given = int(_held(job).update(status=TaskResultStatus.FAILED, finished_at=clock.machine_now()))
    if given:
        log.error("job %s %s: given up after %s attempts", job.task_path, job.pk, len(job.worker_ids))
        answer = _if_given_up.get(job.task.module_path)
        if answer:
            answer(*job.args_kwargs["args"], **job.args_kwargs["kwargs"])
    return given


def end(job: Any, *, value: Any = None, error: Exception | None = None) -> bool:
    """Note how a claimed job ended. False, and nothing is noted, where another worker has it by now."""
    said = {"finished_at": clock.machine_now(), "return_value": value, "exception_class_path": "", "traceback": ""}
    status = TaskResultStatus.SUCCESSFUL
    if error is not None:
        status = TaskResultStatus.FAILED
        said |= {"exception_class_path": _kind(error), "traceback": _where(error)}
    with writing():
        return bool(_held(job).update(status=status, **said))


def _kind(error: Exception) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _where(error: Exception) -> str:
    """The way to an error without its own words: they may quote a row, and so a family."""
    return "".join(traceback.format_tb(error.__traceback__))


def prune() -> None:
    """Forget jobs that ended a month ago."""
    with writing():
        DBTaskResult.objects.finished().filter(finished_at__lt=clock.machine_now() - KEPT).delete()


class Worker:
    """Does one job after another until told to stop. A database that is away is waited for."""

    def __init__(self, pause: float = 1.0) -> None:
        self.name = secrets.token_hex(16)
        self.pause = pause
        self.presence = presence.Presence(self.name)
        self.stopping = threading.Event()

    def loop(self) -> None:
        """Until `stopping` is set; what is under way is done to its end."""
        while not self.stopping.is_set():
            busy = False
            try:
                busy = self.turn()
            except Error as error:
                log.warning("the jobs' database cannot be used (%s); trying again", type(error).__name__)
            except Exception:
                log.exception("the jobs could not be looked at; trying again")
            close_old_connections()
            if not busy:
                self.stopping.wait(self.pause)
        self.presence.release()

    def turn(self) -> bool:
        """Look after the lost, then do one job; whether there was one."""
        self.presence.hold()
        put_back(self.name)
        job = claim(self.name)
        if job is None:
            return False
        self.run(job)
        return True

    def run(self, job: Any) -> None:
        """Do a claimed job. Raises what a database says that is away: the job is put back at the next turn."""
        try:
            value = job.task.call(*job.args_kwargs["args"], **job.args_kwargs["kwargs"])
            ended = end(job, value=value)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.error("job %s %s failed: %s\n%s", job.task_path, job.pk, _kind(error), _where(error))
            ended = end(job, error=error)
        if not ended:
            log.warning("job %s %s: ended here, but another worker has it", job.task_path, job.pk)
