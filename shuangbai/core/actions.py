"""How every write happens: one after another on SQLite, and each whole or not at all."""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import connection, transaction

from shuangbai.core import clock, maintenance

P = ParamSpec("P")
R = TypeVar("R")

_turn = threading.Lock()


@contextmanager
def _writers_queue() -> Iterator[None]:
    """Wait for this process's, then this machine's, turn to write to SQLite.

    SQLite makes a second writer poll, and eight of them starve one another; a queue in front of the
    database does not. PostgreSQL needs none.
    """
    with _turn:
        lock = os.open(settings.DATA_DIR / "write.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


@contextmanager
def writing() -> Iterator[None]:
    """One transaction, in the writers' queue where there is one; inside another it is a savepoint.

    Raises UnderMaintenance, before anything is asked of the database, while the system is only to be read.
    """
    maintenance.check()
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic(savepoint=not _as_one.get()):
            yield
        return
    with _writers_queue(), transaction.atomic():
        yield


_as_one: ContextVar[bool] = ContextVar("as_one", default=False)


@contextmanager
def as_one() -> Iterator[None]:
    """Actions inside set no savepoints: one that fails takes the whole transaction with it, so nobody may catch it.

    For thousands of rows: until a savepoint is released, SQLite keeps every page changed since in memory.
    """
    before = _as_one.set(True)
    try:
        yield
    finally:
        _as_one.reset(before)


@contextmanager
def together() -> Iterator[None]:
    """Send what is written inside without waiting for each answer; nothing may be read inside.

    A save is a dozen statements, and over a socket each would wait for the one before. A refusal by the
    database is raised at the end. SQLite has no socket, and nothing changes there.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def drop_untouched(*kinds: Any, days: int) -> int:
    """Delete rows that nobody touched (`updated_at`) for so many days; how many. Writes only if it must."""
    until = clock.now() - timedelta(days=days)
    old = [kind._default_manager.filter(updated_at__lt=until) for kind in kinds]
    if not any(rows.exists() for rows in old):
        return 0
    with writing():
        return sum(rows.delete()[0] for rows in old)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a keyword-only function as a write: it happens whole or not at all."""

    @wraps(function)
    def atomically(*args: P.args, **kwargs: P.kwargs) -> R:
        with writing():
            return function(*args, **kwargs)

    return atomically
