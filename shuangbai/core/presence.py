"""Who is alive: a process holds a lock that the system itself lets go of when the process dies, however it dies.

On SQLite the locks are files of the data directory, which belongs to one machine. On PostgreSQL a worker's lock is an
advisory lock of a connection of its own: the server lets go of it when the connection ends.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "workers"


def _number(name: str) -> int:
    """A name as a key of PostgreSQL's advisory locks: 64 bits with a sign."""
    return int.from_bytes(hashlib.blake2b(f"shuangbai worker {name}".encode(), digest_size=8).digest(), signed=True)


class Presence:
    """A worker's sign of life, from `hold` until `release` or its death. `name` must be new."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._file: Any = None
        self._line: Any = None

    def hold(self) -> None:
        """Take the lock; take it anew where the database has been away. Raises Error or OSError."""
        if connection.vendor == "sqlite":
            if self._file is None:
                _folder().mkdir(mode=0o700, exist_ok=True)
                self._file = (_folder() / self.name).open("a")
                fcntl.flock(self._file, fcntl.LOCK_EX)
            return
        if self._line is not None:
            try:
                self._ask("SELECT 1")
                return
            except Error:
                self._forget()
        self._line = connection.copy()
        try:
            self._ask("SELECT pg_advisory_lock(%s)", _number(self.name))
        except Error:
            self._forget()
            raise

    def _ask(self, statement: str, *values: int) -> None:
        with self._line.cursor() as cursor:
            cursor.execute(statement, values)

    def _forget(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def release(self) -> None:
        if self._file is not None:
            (_folder() / self.name).unlink(missing_ok=True)
            self._file.close()
            self._file = None
        if self._line is not None:
            # Said, and not left to the closing: the server notices the end of a connection a moment later.
            with suppress(Error):
                self._ask("SELECT pg_advisory_unlock(%s)", _number(self.name))
        self._forget()


def is_alive(name: str) -> bool:
    """Whether another process holds this name."""
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_number(name)])
            (free,) = cursor.fetchone()
            if free:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_number(name)])
        return not free
    try:
        with (_folder() / name).open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    (_folder() / name).unlink(missing_ok=True)
    return False


# THE DATA DIRECTORY ----------------------------------------------------------
_kept: list[int] = []


def _open_sign() -> int:
    return os.open(Path(settings.DATA_DIR) / "at-work.lock", os.O_RDWR | os.O_CREAT, 0o600)


def at_work() -> None:
    """Mark the data directory as in use until this process, and every program it becomes or forks, has ended."""
    sign = _open_sign()
    fcntl.flock(sign, fcntl.LOCK_SH)
    os.set_inheritable(sign, True)
    _kept.append(sign)


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else uses the data directory, and nobody begins to inside the block.

    Raises ImproperlyConfigured, in one line, while web, worker or periodic jobs run.
    """
    sign = _open_sign()
    try:
        try:
            fcntl.flock(sign, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = "系统正在运行，数据可能变动。请先停止网页、后台任务和定时任务，再运行这个命令。"
            raise ImproperlyConfigured(message) from error
        yield
    finally:
        os.close(sign)
