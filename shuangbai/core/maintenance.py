"""Read-only while the system is looked after: pages go on, whatever writes says until when.

The sign is a file in the data directory, so that every process sees it at once, restarts or not. Looking costs one
`stat`. Every write asks here (`core.actions.writing`), and a page that writes past the actions is stopped at the
database (`refusing`).
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from time import sleep
from typing import Any

from django.conf import settings
from django.db import connection

from shuangbai.core import clock
from shuangbai.core.findings import Finding, Refused

NAME = "maintenance.json"
# What may reach the database meanwhile: reading, and the frame of a transaction that reads.
READING = ("SELECT", "WITH", "EXPLAIN", "PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET", "SHOW")


@dataclass(frozen=True, slots=True)
class Notice:
    """Why nothing can be saved, since when, and until when as far as anybody knows."""

    reason: str
    since: datetime
    until: datetime | None

    @property
    def sentence(self) -> str:
        """What stands on every page meanwhile."""
        ends = f"预计{_moment(self.until)}恢复" if self.until else "恢复时间请问系统管理员"
        return f"系统维护中（{self.reason}）：可以查看，暂时不能保存，{ends}"


class UnderMaintenance(Refused):
    """Nothing was written, because the system is being looked after. Forms come back with what was typed."""

    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        super().__init__([Finding("maintenance", "", f"没有保存。{notice.sentence}")])


_working: ContextVar[bool] = ContextVar("maintenance_working", default=False)
_refused: ContextVar[list[Notice] | None] = ContextVar("maintenance_refused", default=None)


def _path() -> Path:
    path: Path = settings.DATA_DIR / NAME
    return path


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    same = moment.date() == clock.machine_now().date()
    return f"{moment:%H:%M}" if same else f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


def notice() -> Notice | None:
    """The notice in force; None when all is as usual. A file that cannot be read counts as one: it was put there."""
    try:
        found = os.stat(_path())
    except FileNotFoundError:
        return None
    return _read(_path(), found.st_mtime_ns, found.st_size, found.st_ino)


@lru_cache(maxsize=1)
def _read(path: Path, changed_ns: int, *_stamp: int) -> Notice:
    since = datetime.fromtimestamp(changed_ns / 1e9, clock.machine_now().tzinfo)
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        until = datetime.fromisoformat(said["until"]) if said["until"] else None
        return Notice(str(said["reason"]), datetime.fromisoformat(said["since"]), until)
    except (OSError, ValueError, KeyError, TypeError):
        return Notice("管理员正在处理", since, None)


def next_at(hour: time | None) -> datetime | None:
    """The next moment at which the clock shows this."""
    if hour is None:
        return None
    now = clock.machine_now()
    moment = now.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
    return moment if moment > now else moment + timedelta(days=1)


def begin(*, reason: str, until: datetime | None = None) -> None:
    """From now on nothing is saved, in any process. Raises Refused without a reason."""
    if len(reason.strip()) < 2:
        raise Refused.because("reason", "请写明维护原因，如「升级系统」")
    said = {"reason": reason.strip()[:60], "since": clock.machine_now().isoformat(timespec="seconds"), "until": None}
    said["until"] = until.isoformat(timespec="minutes") if until else None
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    passing = _path().with_suffix(".new")
    passing.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    os.replace(passing, _path())


def end() -> bool:
    """All is as usual again. False where it was already."""
    try:
        _path().unlink()
    except FileNotFoundError:
        return False
    return True


@contextmanager
def working() -> Iterator[None]:
    """The work for which the system is closed may write: restoring, moving, changing keys."""
    token = _working.set(True)
    try:
        yield
    finally:
        _working.reset(token)


def check() -> None:
    """Raise UnderMaintenance where nothing may be written now."""
    if _working.get():
        return
    found = notice()
    if found is None:
        return
    refusals = _refused.get()
    if refusals is not None:
        refusals.append(found)
    raise UnderMaintenance(found)


def wait(seconds: float = 2) -> None:
    """A job's turn comes when the maintenance is over."""
    while not _working.get() and notice() is not None:
        sleep(seconds)


def _only_reading(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not sql.lstrip().upper().startswith(READING):
        check()
    return execute(sql, params, many, context)


@contextmanager
def refusing() -> Iterator[list[Notice]]:
    """Whatever writes inside, by an action or past one, raises; the list is empty where nothing tried."""
    refusals: list[Notice] = []
    token = _refused.set(refusals)
    try:
        with connection.execute_wrapper(_only_reading):
            yield refusals
    finally:
        _refused.reset(token)
