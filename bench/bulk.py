"""Rows straight into tables, past the ORM: executemany on SQLite, COPY on PostgreSQL."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

SQLITE = "sqlite"


def write(model: type[Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of plain values: ids as hex strings, dates and JSON as strings, None, numbers, booleans."""
    into(model._meta.db_table, columns, rows)


def into(table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == SQLITE:
            marks = ", ".join("?" * len(columns))
            # The driver's own cursor: Django's would count and translate each statement.
            cursor.cursor.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
            return
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)


@contextmanager
def loading(models: Sequence[type[Model]]) -> Iterator[None]:
    """Without foreign-key checks on these tables; on PostgreSQL their secondary indexes are built at the end.

    SQLite would pack such an index to the brim, and each of the first thousand saves would split its pages: its indexes
    grow with the rows, as an installation's do. PostgreSQL leaves a tenth of each page free.
    """
    if connection.vendor == SQLITE:
        with connection.cursor() as cursor:
            for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-400000"):
                cursor.execute(f"PRAGMA {pragma}")
        yield
    else:
        dropped = _indexes([model._meta.db_table for model in models])
        with connection.cursor() as cursor:
            for name, _ in dropped:
                cursor.execute(f'DROP INDEX "{name}"')
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET maintenance_work_mem = '512MB'")
        yield
        with connection.cursor() as cursor:
            for _, definition in dropped:
                cursor.execute(definition)
    connection.close()  # the next one has the product's own settings


def _indexes(tables: Sequence[str]) -> list[tuple[str, str]]:
    """Name and definition of each index on PostgreSQL that no constraint of its table needs."""
    marks = ", ".join(["%s"] * len(tables))
    sql = (
        "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        f" JOIN pg_class t ON t.oid = i.indrelid WHERE t.relname IN ({marks})"
        " AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, list(tables))
        return list(cursor.fetchall())


def settle() -> None:
    """What an installation's database does by itself in the night after a large import."""
    with connection.cursor() as cursor:
        if connection.vendor == SQLITE:
            cursor.execute("PRAGMA analysis_limit=1000")
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM (ANALYZE)")
            cursor.execute("CHECKPOINT")
    os.sync()  # or the system writes the city to its disk while the first saves are measured


@contextmanager
def batch() -> Iterator[None]:
    with transaction.atomic():
        yield
