"""Periodic work: a job claims its turn by one conditional UPDATE, so that two workers never both run it.

A turn is claimed by whoever still finds the row as it was read. The end of a job names its next turn. One
that was killed leaves its claim behind; once the claim is older than the job's `patience` it is begun anew,
and the end of the first, should it still come, changes nothing. Turns go by the machine's clock: a
demonstration's day never ends.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.db.models import Q
from django.utils.module_loading import import_string

from shuangbai.core import clock
from shuangbai.core.actions import writing
from shuangbai.core.models import PeriodicRun, RunOutcome

SOONEST_AFTER_FAILURE = timedelta(minutes=5)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """`does` is the dotted path of an idempotent function without arguments.

    Its turn comes `every` so often, or, with `at`, at that time of day (the city's) every so many days.
    `patience`: after how long a claim counts as that of a worker that was killed.
    """

    name: str
    every: timedelta
    does: str
    at: time | None = None
    patience: timedelta = timedelta(minutes=30)

    def first_turn(self, now: datetime) -> datetime:
        return now if self.at is None else self._at(now, timedelta(days=1))

    def next_turn(self, now: datetime) -> datetime:
        return now + self.every if self.at is None else self._at(now, self.every)

    def _at(self, now: datetime, every: timedelta) -> datetime:
        """The time of day `at` on the last day that `every` reaches; today's, where that is still to come."""
        today = datetime.combine(now.date(), self.at or time(), tzinfo=now.tzinfo)
        return today if today > now else today + every


def jobs() -> Sequence[Job]:
    """The one list, from wherever the settings say it is."""
    listed: Sequence[Job] = import_string(settings.PERIODIC_JOBS)
    return listed


def claim(job: Job, now: datetime) -> datetime | None:
    """Take the job's turn if it is due and free; the moment of the claim, or None. Only a claim writes."""
    row = PeriodicRun.objects.filter(name=job.name).first()
    if row is None:
        with writing():
            row, _ = PeriodicRun.objects.get_or_create(name=job.name, defaults={"due_at": job.first_turn(now)})
    if row.due_at > now:
        return None
    if row.outcome == RunOutcome.RUNNING and row.started_at and row.started_at > now - job.patience:
        return None
    as_read = Q(started_at=row.started_at) if row.started_at else Q(started_at__isnull=True)
    with writing():
        taken = PeriodicRun.objects.filter(as_read, name=job.name, due_at=row.due_at, outcome=row.outcome)
        mine = taken.update(started_at=now, ended_at=None, outcome=RunOutcome.RUNNING, error="")
    return now if mine else None


def release(job: Job, claimed: datetime, outcome: str, error: str = "") -> None:
    """Write how a claimed turn ended and when the next one is. A claim that was taken over stays as it is."""
    now = clock.machine_now()
    due = job.next_turn(now)
    if outcome == RunOutcome.FAILED:
        due = min(due, now + SOONEST_AFTER_FAILURE)
    with writing():
        held = PeriodicRun.objects.filter(name=job.name, started_at=claimed, outcome=RunOutcome.RUNNING)
        held.update(ended_at=now, outcome=outcome, error=error[:300], due_at=due)


def run(job: Job, claimed: datetime) -> bool:
    """Do the job whose turn was claimed; whether it went well. What went wrong stands in its row and the log."""
    try:
        import_string(job.does)()
    except Exception as error:
        log.exception("periodic job %s failed", job.name)
        # A database quotes the row that it refuses: that stays out of a table which administrators read.
        said = type(error).__name__ if isinstance(error, DatabaseError) else f"{type(error).__name__}: {error}"
        release(job, claimed, RunOutcome.FAILED, said)
        return False
    release(job, claimed, RunOutcome.DONE)
    return True


def run_due() -> list[str]:
    """Run, one after another, every job whose turn has come. The names of those that were run."""
    ran = []
    for job in jobs():
        claimed = claim(job, clock.machine_now())
        if claimed:
            run(job, claimed)
            ran.append(job.name)
    return ran


class Runner:
    """Runs jobs side by side until told to stop: one that takes long must not keep the others waiting."""

    def __init__(self, pause: float = 2.0) -> None:
        self.pause = pause
        self.stopping = threading.Event()
        self.busy: dict[str, threading.Thread] = {}

    def loop(self) -> None:
        """Until `stopping` is set. A database that is away is waited for."""
        while not self.stopping.is_set():
            try:
                self.look()
            except Exception:
                log.exception("the periodic jobs could not be looked at; trying again")
            close_old_connections()
            self.stopping.wait(self.pause)

    def look(self) -> None:
        """Begin each job whose turn has come and that is not still busy here."""
        for job in jobs():
            if job.name in self.busy and self.busy[job.name].is_alive():
                continue
            claimed = claim(job, clock.machine_now())
            if claimed:
                thread = threading.Thread(target=_apart, args=(lambda j=job, c=claimed: run(j, c),), daemon=True)
                self.busy[job.name] = thread
                thread.start()

    def finish(self, seconds: float) -> None:
        """Give what is under way that long to end; what does not is left to its claim's age."""
        for thread in list(self.busy.values()):
            thread.join(seconds)


def _apart(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        connection.close()
