"""Reading one state of the database, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_BEGIN = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Everything read inside is of one moment, and no writer waits for it. Nothing may be written inside.

    Django's own transaction would take SQLite's write lock at its beginning (IMMEDIATE); this one takes none.
    Inside a transaction that is open already, what is read is that transaction's.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN[connection.vendor])
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
