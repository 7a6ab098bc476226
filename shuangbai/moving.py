"""`shuangbai move`: everything of an installation on SQLite into an empty PostgreSQL, and the proof that it arrived.

The tables are made by the migrations. All rows are copied in one transaction that ends only when each table's
number of rows and the sum of its rows' hashes are the same on both sides; then the results report is asked of both.
A move that was broken off leaves a mark in the target, and the next begins again from nothing. The source is
read only.
"""

import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import dj_database_url
import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import Min
from psycopg import sql

from shuangbai.core import clock, presence, readiness
from shuangbai.core.models import Installation
from shuangbai.services.models import ServiceRecord

Say = Callable[[str], None]
MARK = "shuangbai_move"
OLDEST_SERVER = 140000
ROWS_AT_ONCE = 5000
OWN = {"django_migrations", MARK}  # of the target: made there, not moved
INDEX = "core_textgrams"  # the source's index of character pairs, with tables of its own behind it
_SUM = 1 << 64
FORM = "postgres://user:password@host:5432/dbname"

# The report itself, not the command that prints it: that one notes in the trail who took the figures away.
FIGURES = """
import django, json, sys
django.setup()
from datetime import date
from shuangbai.core.periods import Period
from shuangbai.network.queries import root_unit
from shuangbai.reports.queries import Ask
from shuangbai.reports.results import as_json, results
span = Period(*map(date.fromisoformat, sys.argv[1:3]))
json.dump(as_json(results(Ask(span, root_unit()), evidence=True)), sys.stdout)
"""
TABLES = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
"""


@dataclass(frozen=True)
class Table:
    """A table of the target: its columns and their types in PostgreSQL's words."""

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]

    @property
    def writers(self) -> list[Callable[[str], str]]:
        return [_CANONICAL.get(kind, _as_text) for kind in self.types]


@dataclass
class Tally:
    """How many rows, and the sum of their hashes: the order of rows does not matter, every value does."""

    rows: int = 0
    total: int = 0

    def add(self, row: Sequence[Any], writers: Sequence[Callable[[str], str]]) -> None:
        said = [
            "\0" if value is None else write(_text(value)) for value, write in zip(row, writers, strict=True)
        ]  # fmt: skip
        digest = hashlib.blake2b("\x1f".join(said).encode(), digest_size=8).digest()
        self.rows += 1
        self.total = (self.total + int.from_bytes(digest)) % _SUM


def _text(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _as_text(text: str) -> str:
    return text


def _truth(text: str) -> str:
    return "1" if text in {"1", "t", "true", "True"} else "0"


def _moment(text: str) -> str:
    """UTC on both sides; the fraction of a second in full."""
    day, _, hour = re.sub(r"(\+00(:?00)?|Z)$", "", text).replace("T", " ").partition(" ")
    whole, _, part = hour.partition(".")
    return f"{day} {whole}.{part:0<6}"


def _number(text: str) -> str:
    return format(Decimal(text).normalize(), "f")


def _json(text: str) -> str:
    return json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False)


_CANONICAL: dict[str, Callable[[str], str]] = {
    "uuid": lambda text: text.replace("-", ""),
    "boolean": _truth,
    "timestamp with time zone": _moment,
    "numeric": _number,
    "double precision": lambda text: repr(float(text)),
    "jsonb": _json,
    "bytea": lambda text: text.removeprefix("\\x"),
}


# THE COMMAND -----------------------------------------------------------------
def move(url: str, say: Say) -> None:
    """Move and prove it. Raises ImproperlyConfigured, in one line, with the source as it was."""
    began = time.monotonic()
    target = _parsed(url)
    _source_is_fit()
    with presence.alone(), closing(_open_source()) as source:
        with closing(_open_target(target)) as line:
            _target_is_free(line)
            say("目标库：建立数据表……")
            _make_tables(url, say)
            _copy(source, line, say)
        say("核对两边的成效报告……")
        figures = _same_figures(url)
        with closing(_open_target(target)) as line:
            line.execute(f"DROP TABLE {MARK}")
            line.execute("ANALYZE")
    say(f"搬完了，用时 {time.monotonic() - began:.0f} 秒：每张表的行数与校验和一致，报告的 {figures} 个数字一致。")
    say("接下来：把 DATABASE_URL 设为新的数据库后启动。原来的 SQLite 文件没有改动，请留存到确认无误。")


def _parsed(url: str) -> dict[str, Any]:
    try:
        if url.partition("://")[0] not in {"postgres", "postgresql"}:
            raise ValueError(url)
        found: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise ImproperlyConfigured(f"--to 无法识别，请写成 {FORM}") from error
    return found


def _source_is_fit() -> None:
    if connection.vendor != "sqlite":
        raise ImproperlyConfigured("DATABASE_URL 已指向 PostgreSQL。要搬 SQLite 的数据，请先去掉 DATABASE_URL。")
    if not Path(settings.DATABASES["default"]["NAME"]).exists():
        raise ImproperlyConfigured(f"{settings.DATA_DIR} 里没有数据可搬。请检查 SHUANGBAI_DATA。")
    if not readiness.migrations_fit():
        raise ImproperlyConfigured("原来的数据不是这个版本的。请先用本版本启动一次（shuangbai serve），停止后再搬。")
    if not readiness.key_is_there():
        raise ImproperlyConfigured("密钥文件里没有本库使用的密钥，请先从备份恢复密钥文件。")


def _open_source() -> sqlite3.Connection:
    """The source in one transaction that keeps every writer out. Raises where somebody is writing."""
    source = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None, timeout=2)
    try:
        source.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        source.close()
        raise ImproperlyConfigured("原来的数据正在被写入。请停止所有使用它的程序后再搬。") from error
    return source


def _open_target(target: dict[str, Any]) -> "psycopg.Connection[Any]":
    given = {"host": target["HOST"], "port": target["PORT"], "user": target["USER"], "password": target["PASSWORD"]}
    named = {name: value for name, value in given.items() if value}
    options = {**target.get("OPTIONS", {}), "connect_timeout": 5, "options": "-c timezone=UTC -c client_encoding=UTF8"}
    try:
        return psycopg.connect(dbname=target["NAME"], autocommit=True, **named, **options)
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise ImproperlyConfigured(f"目标库连不上：{reason}。请检查 --to 的地址、用户和口令。") from error


def _target_is_free(line: "psycopg.Connection[Any]") -> None:
    """Empty, or left by a move that was broken off: then it is marked. Raises ImproperlyConfigured otherwise."""
    if line.info.server_version < OLDEST_SERVER:
        raise ImproperlyConfigured(f"目标库是 PostgreSQL {line.info.server_version // 10000}，需要 14 或更新的版本。")
    encoding = line.execute("SHOW server_encoding").fetchone()
    if encoding != ("UTF8",):
        raise ImproperlyConfigured("目标库的编码不是 UTF8。请用 createdb --encoding=UTF8 --template=template0 重建。")
    tables = _tables_of(line)
    if tables and MARK not in tables:
        raise ImproperlyConfigured("目标库里已有数据表，没有改动它。请换一个空的数据库。")
    line.execute(f"CREATE TABLE IF NOT EXISTS {MARK} (begun_at timestamptz NOT NULL DEFAULT now())")


def _tables_of(line: "psycopg.Connection[Any]") -> set[str]:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    return {name for (name,) in line.execute(query)}


# RUNNING THE PRODUCT ON EITHER SIDE ------------------------------------------
def _python(url: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """Python code of the product, on the target (`url`) or, without one, on the source."""
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL"}}
    environment |= {"SHUANGBAI_DATA": str(settings.DATA_DIR), "PYTHONPATH": str(settings.BASE_DIR)}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings"}
    if url:
        environment["DATABASE_URL"] = url
    command = [sys.executable, "-c", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def _make_tables(url: str, say: Say) -> None:
    done = _python(url, TABLES)
    if done.returncode:
        say(done.stderr.strip())
        raise ImproperlyConfigured("目标库的数据表没有建成。请确认用户是这个数据库的所有者，再运行一次。")


def _same_figures(url: str) -> int:
    """How many figures the report has, all equal on both sides. Raises ImproperlyConfigured otherwise."""
    if not Installation.objects.exists():
        return 0
    first = ServiceRecord.objects.aggregate(day=Min("occurred_on"))["day"] or clock.today()
    words = (first.isoformat(), max(first, clock.today()).isoformat())
    both = [_python("", FIGURES, *words), _python(url, FIGURES, *words)]
    if any(done.returncode for done in both):
        raise ImproperlyConfigured(f"报告没有算出来：{(both[0].stderr + both[1].stderr).strip()}")
    before, after = (json.loads(done.stdout) for done in both)
    if _unordered(before) != _unordered(after):
        raise ImproperlyConfigured("两边的报告数字不一致，请不要使用目标库，并联系维护人员。原来的数据没有改动。")
    return len(before["figures"])


def _unordered(value: Any) -> Any:
    """The same without the order of lists: databases sort names each in their own way."""
    if isinstance(value, dict):
        return {name: _unordered(part) for name, part in value.items()}
    if isinstance(value, list):
        return sorted((_unordered(part) for part in value), key=lambda part: json.dumps(part, sort_keys=True))
    return value


# COPYING ---------------------------------------------------------------------
def _copy(source: sqlite3.Connection, line: "psycopg.Connection[Any]", say: Say) -> None:
    """All rows, their proof, the index and the sequences, in one transaction."""
    tables = _tables(source, line)
    with line.transaction():
        names = sql.SQL(", ").join(sql.Identifier(table.name) for table in tables)
        line.execute(sql.SQL("TRUNCATE {}").format(names))  # the migrations' own rows come from the source too
        for table in tables:
            _copy_table(source, line, table, say)
        pairs = _copy_index(source, line)
        say(f"全文索引：{pairs} 个字对")
        _set_sequences(line, tables)


def _tables(source: sqlite3.Connection, line: "psycopg.Connection[Any]") -> list[Table]:
    """What is moved: the target's tables, with the columns that the source has. Raises where the sides do not fit."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    here = {name for (name,) in source.execute(query) if not name.startswith(("sqlite_", INDEX))} - OWN
    there = _tables_of(line) - OWN
    if here != there:
        raise ImproperlyConfigured(f"两边的数据表不一样：{'、'.join(sorted(here ^ there))}。请用同一版本再搬。")
    return [_table(source, line, name) for name in sorted(there)]


def _table(source: sqlite3.Connection, line: "psycopg.Connection[Any]", name: str) -> Table:
    own = {row[1] for row in source.execute(f'PRAGMA table_info("{name}")')}
    query = (
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s ORDER BY ordinal_position"
    )
    found = [(column, kind) for column, kind in line.execute(query, [name]) if column in own]
    if {column for column, _ in found} != own:
        raise ImproperlyConfigured(f"数据表 {name} 的列两边不一样。请用同一版本再搬。")
    return Table(name, tuple(column for column, _ in found), tuple(kind for _, kind in found))


def _copy_table(source: sqlite3.Connection, line: "psycopg.Connection[Any]", table: Table, say: Say) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
    sent, arrived, writers = Tally(), Tally(), table.writers
    try:
        with line.cursor().copy(into) as copy:
            for row in _rows_of(source, table):
                sent.add(row, writers)
                copy.write_row(row)
    except psycopg.Error as error:
        raise ImproperlyConfigured(f"数据表 {table.name} 没有搬成：{type(error).__name__}。目标库没有改动。") from error
    for row in _arrived(line, table):
        arrived.add(row, writers)
    if sent != arrived:
        raise ImproperlyConfigured(
            f"数据表 {table.name} 核对不一致（{sent.rows} 行与 {arrived.rows} 行）。目标库没有改动，请联系维护人员。"
        )
    if sent.rows:
        say(f"{table.name}：{sent.rows} 行，校验和 {sent.total:016x}")


def _rows_of(source: sqlite3.Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    names = ", ".join(f'"{column}"' for column in table.columns)
    cursor = source.execute(f'SELECT {names} FROM "{table.name}"')  # noqa: S608 (names from the schema)
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        yield from rows


def _arrived(line: "psycopg.Connection[Any]", table: Table) -> Iterator[tuple[Any, ...]]:
    columns = [sql.SQL("{}::text").format(sql.Identifier(column)) for column in table.columns]
    query = sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(columns), sql.Identifier(table.name))
    with line.cursor(name="arrived") as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(query)
        yield from cursor


def _copy_index(source: sqlite3.Connection, line: "psycopg.Connection[Any]") -> int:
    """The pairs of characters of each text that is still there, read out of the one index and put into the other."""
    source.execute(f"CREATE VIRTUAL TABLE temp.move_pairs USING fts5vocab('main', '{INDEX}', 'instance')")
    line.execute("CREATE TEMPORARY TABLE move_pairs (id bigint, term text) ON COMMIT DROP")
    query = "SELECT p.doc, p.term FROM temp.move_pairs p JOIN core_textdocument d ON d.id = p.doc"
    sent = 0
    with line.cursor().copy("COPY move_pairs (id, term) FROM STDIN") as copy:
        for row in source.execute(query):
            copy.write_row(row)
            sent += 1
    line.execute(
        "UPDATE core_textdocument d SET grams = array_to_tsvector(p.terms)"
        " FROM (SELECT id, array_agg(term) AS terms FROM move_pairs GROUP BY id) p WHERE p.id = d.id"
    )
    found = line.execute("SELECT coalesce(sum(length(grams)), 0), count(*) FILTER (WHERE grams IS NULL)"
                         " FROM core_textdocument").fetchone()  # fmt: skip
    if found != (sent, 0):
        raise ImproperlyConfigured("全文索引核对不一致，目标库没有改动。请联系维护人员。")
    return sent


def _set_sequences(line: "psycopg.Connection[Any]", tables: Sequence[Table]) -> None:
    """Numbers that the target gives go on after the largest that came."""
    for table in tables:
        for column in table.columns:
            owned = line.execute("SELECT pg_get_serial_sequence(quote_ident(%s), %s)", [table.name, column]).fetchone()
            if owned and owned[0]:
                largest = sql.SQL("SELECT setval({}, coalesce(max({}), 1), max({}) IS NOT NULL) FROM {}").format(
                    sql.Literal(owned[0]), sql.Identifier(column), sql.Identifier(column), sql.Identifier(table.name)
                )
                line.execute(largest)
