"""The database as a whole: copied out while writers run, put back, looked over. The one place that knows its tools.

SQLite is copied by its own online backup, PostgreSQL by pg_dump and pg_restore, which are found on PATH. What a
copy holds is asked through plain connections that share the copy's moment.
"""

import errno
import os
import re
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

SQLITE, POSTGRESQL = "sqlite", "postgresql"
NAMES = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}
FILES = {SQLITE: "database.sqlite3", POSTGRESQL: "database.pgdump"}
SIDE_FILES = ("", "-wal", "-shm")
ASIDE = "before_restore_"
# From 17 on, pg_restore sets a parameter that earlier servers do not know.
SETS_TIMEOUT = 17
DROPPED_AT_ONCE = 20
CACHE_GROWING = -400_000  # kB
NO_SPACE = "No space left on device"
FULL = ("disk is full", "No space left", "could not extend file", "disk I/O error")


def is_full(error: BaseException | None) -> bool:
    """Whether something was not written for want of room, as either database or the system says it."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return isinstance(error, OperationalError) and any(words in str(error) for words in FULL)


class Copied:
    """Questions to a database by its plain connection: the same words for both kinds, names in double quotes."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._raw.execute(question).fetchall()]

    def each(self, question: str) -> Iterator[tuple[Any, ...]]:
        yield from self._raw.execute(question)

    def tables(self) -> set[str]:
        if isinstance(self._raw, sqlite3.Connection):
            return {name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return {name for (name,) in self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}

    def complaint(self) -> str:
        """What the database itself finds wrong with its own pages and keys; nothing when all is well."""
        if not isinstance(self._raw, sqlite3.Connection):
            return ""
        found = [str(row[0]) for row in self.rows("PRAGMA integrity_check(3)") if row[0] != "ok"]
        found += [f"{row[0]} → {row[2]}" for row in self.rows("PRAGMA foreign_key_check")[:3]]
        return "；".join(found)


def kind() -> str:
    return SQLITE if connection.vendor == "sqlite" else POSTGRESQL


def sqlite_path() -> Path:
    return Path(connection.settings_dict["NAME"])


def renew_statistics() -> None:
    """Tell the database how its tables are filled: without it, it takes the wrong index once a station is large."""
    with connection.cursor() as cursor:
        if kind() == SQLITE:
            cursor.execute("PRAGMA analysis_limit=1000")
        cursor.execute("ANALYZE")


@contextmanager
def growing() -> Iterator[None]:
    """For what fills a database from nothing: SQLite keeps up to 400 MB of pages at hand meanwhile, not 32."""
    if kind() != SQLITE:
        yield
        return
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size={CACHE_GROWING}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size={usual}")


def server_version() -> str:
    """The version of SQLite, or the major one of PostgreSQL's server."""
    if kind() == SQLITE:
        return sqlite3.sqlite_version
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0]).split(".")[0]


# PostgreSQL ----------------------------------------------------------------


def _parameters() -> dict[str, str]:
    """The server as libpq names it. A password goes through the environment, never on a command line."""
    said = connection.settings_dict
    named = {"host": said["HOST"], "port": said["PORT"], "user": said["USER"], "password": said["PASSWORD"]}
    more = {name: value for name, value in said.get("OPTIONS", {}).items() if name.startswith("ssl")}
    return {name: str(value) for name, value in {**named, **more, "dbname": said["NAME"]}.items() if value}


def _environment(parameters: dict[str, str]) -> dict[str, str]:
    names = {"dbname": "PGDATABASE"}
    mine = {names.get(name, f"PG{name.upper()}"): value for name, value in parameters.items()}
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PG") or name == "PGPASSFILE"}
    return {**outside, **mine, "LC_ALL": "C"}


def _tool(name: str) -> tuple[str, int]:
    """Where a tool of PostgreSQL is, and its major version. Raises ImproperlyConfigured where it is missing."""
    path = shutil.which(name)
    if path is None:
        raise ImproperlyConfigured(f"本机没有 {name}：请安装与数据库同版本的 postgresql-client，再试一次。")
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)(?:\.\d+|devel|beta|rc)", said)
    return path, int(found[1]) if found else 0


def _run(command: Sequence[str], parameters: dict[str, str], doing: str) -> None:
    done = subprocess.run(command, env=_environment(parameters), capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip() or "没有说明原因").splitlines()
        if any(NO_SPACE in line for line in said):
            raise OSError(28, NO_SPACE)
        raise ImproperlyConfigured(f"{doing}没有成功：{said[0]}")


@contextmanager
def _postgres(parameters: dict[str, str], **more: Any) -> Iterator[Any]:
    """A connection of psycopg's own. Raises ImproperlyConfigured, in one line, for what the server refuses."""
    import psycopg

    try:
        with closing(psycopg.connect(**parameters, connect_timeout=10, **more)) as raw:  # type: ignore[arg-type]
            yield raw
    except psycopg.errors.InsufficientPrivilege as error:
        raise ImproperlyConfigured(
            f"数据库账号 {parameters.get('user', '')} 的权限不够：{_first_line(error)}。请用数据库管理员的账号，"
            "或把这个库的所有者改成它；定时核对备份还需要 CREATEDB。"
        ) from error
    except psycopg.Error as error:
        raise ImproperlyConfigured(f"数据库没有完成这一步：{_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _dump_tool() -> str:
    path, tool = _tool("pg_dump")
    server = int(server_version())
    if tool < server:
        raise ImproperlyConfigured(
            f"pg_dump 的版本是 {tool}，数据库是 {server}，旧工具备份不了新库。请安装 postgresql-client-{server}。"
        )
    return path


@contextmanager
def _dump_postgres(to: Path) -> Iterator[Copied]:
    path, parameters = _dump_tool(), _parameters()
    with _postgres(parameters, autocommit=True) as raw:
        raw.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = raw.execute("SELECT pg_export_snapshot()").fetchone()[0]
        command = [path, "--format=custom", "--no-owner", "--no-acl", f"--exclude-schema={ASIDE}*"]
        _run([*command, f"--snapshot={snapshot}", f"--file={to}"], parameters, "备份数据库")
        yield Copied(raw)


def _load_postgres(file: Path, parameters: dict[str, str], server: int) -> None:
    path, tool = _tool("pg_restore")
    if tool >= SETS_TIMEOUT > server:
        raise ImproperlyConfigured(
            f"pg_restore 的版本是 {tool}，数据库是 {server}，两者不配。请安装 postgresql-client-{server}。"
        )
    command = [path, "--no-owner", "--no-acl", "--exit-on-error", "--single-transaction"]
    _run([*command, f"--dbname={parameters['dbname']}", str(file)], parameters, "恢复数据库")


# COPYING OUT ---------------------------------------------------------------


@contextmanager
def copied(to: Path) -> Iterator[Copied]:
    """Copy the database into the file `to` while writers go on; the block may ask what exactly was copied.

    Raises ImproperlyConfigured where PostgreSQL's tools are missing or too old, OSError for a full disk.
    """
    if kind() == POSTGRESQL:
        with _dump_postgres(to) as asked:
            yield asked
        return
    try:
        source = sqlite3.connect(f"{sqlite_path().as_uri()}?mode=ro", uri=True)
        with closing(source), closing(sqlite3.connect(to)) as target:
            source.backup(target)  # all pages under one reading transaction: nobody waits
            target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "full" in str(error) or "disk I/O" in str(error):
            raise OSError(28, NO_SPACE) from error
        raise ImproperlyConfigured(f"备份数据库没有成功：{error}") from error
    with opened(to) as asked:
        yield asked


@contextmanager
def opened(path: Path) -> Iterator[Copied]:
    """A copied SQLite database, to be read."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as raw:
        yield Copied(raw)


# PUTTING BACK --------------------------------------------------------------


@contextmanager
def scratch(file: Path) -> Iterator[Copied]:
    """The database in a copied file, restored into a place of its own and thrown away afterwards.

    On PostgreSQL that is another database on the same server, which the account must be allowed to create.
    Raises ImproperlyConfigured where it is not, or where the copy cannot be restored.
    """
    if kind() == SQLITE:
        try:
            with opened(file) as asked:
                asked.tables()
                yield asked
        except sqlite3.DatabaseError as error:
            raise ImproperlyConfigured(f"备份里的数据库打不开：{error}") from error
        return
    here, name = _parameters(), f"shuangbai_verify_{secrets.token_hex(4)}"
    with _postgres(here, autocommit=True) as around:
        around.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            there = {**here, "dbname": name}
            _load_postgres(file, there, int(server_version()))
            with _postgres(there) as raw:
                yield Copied(raw)
        finally:
            around.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def is_empty() -> bool:
    """Whether there is no database yet: no file, or no table of anybody's."""
    if kind() == SQLITE:
        return not sqlite_path().exists() or sqlite_path().stat().st_size == 0
    with _postgres(_parameters()) as raw:
        return not Copied(raw).tables()


def in_use() -> bool:
    """Whether another program has the database open just now, as far as this account can see."""
    if kind() == POSTGRESQL:
        with _postgres(_parameters(), autocommit=True) as raw:
            question = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            return bool(raw.execute(question).fetchone()[0])
    wanted = {str(sqlite_path().with_name(sqlite_path().name + suffix).resolve()) for suffix in SIDE_FILES}
    for folder in Path("/proc").glob("[0-9]*/fd"):
        if folder.parent.name == str(os.getpid()):
            continue
        with suppress(OSError):
            for one in folder.iterdir():
                with suppress(OSError):
                    if os.readlink(one) in wanted:
                        return True
    return False


def put_aside(folder: Path, mark: str) -> None:
    """Move the present database out of the way, where it stays: files into `folder`, or tables into a schema."""
    if kind() == SQLITE:
        for suffix in SIDE_FILES:
            path = sqlite_path().with_name(sqlite_path().name + suffix)
            if path.exists():
                os.replace(path, folder / path.name)
        return
    with _postgres(_parameters(), autocommit=True) as raw, raw.transaction():
        raw.execute(f'ALTER SCHEMA public RENAME TO "{ASIDE}{mark}"')
        raw.execute("CREATE SCHEMA public")


def put_back(folder: Path, mark: str) -> None:
    """Undo `put_aside`. Where nothing was put aside, all stays as it is."""
    if kind() == SQLITE:
        if not (folder / sqlite_path().name).exists():
            return
        for suffix in SIDE_FILES:
            path = sqlite_path().with_name(sqlite_path().name + suffix)
            path.unlink(missing_ok=True)
            if (folder / path.name).exists():
                os.replace(folder / path.name, path)
        return
    with _postgres(_parameters(), autocommit=True) as raw:
        if not raw.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [f"{ASIDE}{mark}"]).fetchone():
            return
        _drop_tables(raw)
        with raw.transaction():
            raw.execute("DROP SCHEMA IF EXISTS public CASCADE")
            raw.execute(f'ALTER SCHEMA "{ASIDE}{mark}" RENAME TO public')


def _drop_tables(raw: Any) -> None:
    """All tables, some at a time: each part of a table that goes takes one of the locks that the server has."""
    tables = sorted(Copied(raw).tables())
    for start in range(0, len(tables), DROPPED_AT_ONCE):
        names = ", ".join(f'public."{name}"' for name in tables[start : start + DROPPED_AT_ONCE])
        raw.execute(f"DROP TABLE {names} CASCADE")


def clear() -> None:
    """Take the database away, whatever is in it: what a restore left, or a demonstration."""
    if kind() == SQLITE:
        for suffix in SIDE_FILES:
            sqlite_path().with_name(sqlite_path().name + suffix).unlink(missing_ok=True)
        return
    with _postgres(_parameters(), autocommit=True) as raw:
        _drop_tables(raw)
        with raw.transaction():
            raw.execute("DROP SCHEMA IF EXISTS public CASCADE")
            raw.execute("CREATE SCHEMA public")


@contextmanager
def here() -> Iterator[Copied]:
    """The database in its place, by a connection of its own, to be read."""
    if kind() == SQLITE:
        with opened(sqlite_path()) as asked:
            yield asked
        return
    with _postgres(_parameters()) as raw:
        yield Copied(raw)


def put(file: Path) -> None:
    """Make a copied file the database. There must be none in its place."""
    if kind() == POSTGRESQL:
        _load_postgres(file, _parameters(), int(server_version()))
        return
    os.chmod(file, 0o600)
    with file.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(file, sqlite_path())


# LOOKING OVER --------------------------------------------------------------


def complaint() -> str:
    """What the running database finds wrong with itself, in its own words; nothing when all is well."""
    if kind() == POSTGRESQL:
        return ""
    connection.ensure_connection()
    return Copied(connection.connection).complaint()


def clock_difference(machine: float) -> float | None:
    """Seconds by which the database's clock is ahead of the machine's; None where it has none of its own."""
    if kind() == SQLITE:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        return float(cursor.fetchone()[0]) - machine


def size() -> int:
    """Bytes that the database takes."""
    if kind() == SQLITE:
        paths = (sqlite_path().with_name(sqlite_path().name + suffix) for suffix in SIDE_FILES)
        return sum(path.stat().st_size for path in paths if path.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def check_tools() -> None:
    """Raise ImproperlyConfigured where what a backup needs of PostgreSQL is not here, or too old."""
    if kind() == POSTGRESQL:
        _dump_tool()
        _tool("pg_restore")


def may_create_databases() -> bool:
    """Whether a backup can be restored into a scratch place here."""
    if kind() == SQLITE:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        row = cursor.fetchone()
        return bool(row and row[0])


def data_folder() -> Path:
    return Path(settings.DATA_DIR)
