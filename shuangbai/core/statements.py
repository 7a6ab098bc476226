"""Statements by the driver's own cursor, for what a save and every request ask.

Django puts two cursors around the driver's and turns its marks each time: 40 µs, where a small statement takes
SQLite 8, and a save is two dozen of them (docs/adr/0031). Where somebody looks on (query counts in tests,
`maintenance.refusing`), they go by Django's cursor as ever. Errors are Django's by either way.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any


def fetched(real: Any, sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows that a statement gives on a connection (`connections[…]`); %s stands for a value."""
    if _is_watched(real):
        with real.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())
    with real.wrap_database_errors:
        return list(_cursor(real).execute(_marked(sql, real.vendor), params).fetchall())


def execute(real: Any, sql: str, params: Sequence[Any]) -> None:
    """Run a statement that gives no rows."""
    if _is_watched(real):
        with real.cursor() as cursor:
            cursor.execute(sql, params)
        return
    with real.wrap_database_errors:
        _cursor(real).execute(_marked(sql, real.vendor), params)


def execute_each(real: Any, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement once for each row of values."""
    if len(rows) == 1:
        execute(real, sql, rows[0])
    elif rows and _is_watched(real):
        with real.cursor() as cursor:
            cursor.executemany(sql, rows)
    elif rows:
        with real.wrap_database_errors:
            _cursor(real).executemany(_marked(sql, real.vendor), rows)


def _is_watched(real: Any) -> bool:
    return bool(real.queries_logged or real.execute_wrappers)


def _cursor(real: Any) -> Any:
    """The driver's cursor, after what Django asks before it gives its own."""
    real.close_if_health_check_failed()
    if real.connection is None:
        real.ensure_connection()
    real.validate_no_broken_transaction()
    if real.vendor == "sqlite":
        return real.connection.cursor()
    # psycopg takes 30 µs for a cursor, and one does for all: what a statement gives is read before the next.
    cursor = getattr(real, "shuangbai_cursor", None)
    if cursor is None or cursor.closed or cursor.connection is not real.connection:
        cursor = real.shuangbai_cursor = real.create_cursor()
    return cursor


@lru_cache(maxsize=1024)
def _marked(sql: str, vendor: str) -> str:
    """The statement with the marks of the driver."""
    return re.sub("(?<!%)%s", "?", sql).replace("%%", "%") if vendor == "sqlite" else sql
