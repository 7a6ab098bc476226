"""A saved record as plain rows, to be inserted again by SQL alone: the floor under saving."""

import secrets
import sqlite3
import threading
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection

from bench import bulk
from shuangbai.core import textindex
from shuangbai.core.ids import new_id
from shuangbai.services.models import ServiceRecord
from shuangbai.services.queries import text_of

# Every table that a saved record writes to, with the column that says which record; then those of a visit's detail.
SPINE = [
    ("services_servicerecord", "id"), ("services_recordworker", "record_id"), ("services_contact", "record_id"),
    ("households_standing", "occasion"), ("core_textdocument", "subject_id"), ("core_auditevent", "about_id"),
    ("services_historicalservicerecord", "id"), ("services_historicalrecordworker", "record_id"),
    ("services_historicalcontact", "record_id"),
]  # fmt: skip
VISIT = [("visits_visit", "record_id"), ("visits_historicalvisit", "record_id")]
Tables = Sequence[tuple[str, str]]
Rows = list[tuple[str, list[Any]]]


class Copier:
    """Makes statements that insert the rows of one saved record under new keys."""

    def __init__(self, record: UUID, detail: Tables = VISIT) -> None:
        self.sqlite = connection.vendor == bulk.SQLITE
        self.read = [(table, *self._read(table, column, record)) for table, column in [*SPINE, *detail]]
        saved = ServiceRecord.objects.get(pk=record)
        self.owner = textindex._owner_term(saved.station_id)
        self.grams = " ".join([self.owner, *textindex.grams(text_of(saved))])
        self.lock = threading.Lock()
        self.renewed = self._keys(record)
        assert all(rows for _, _, rows in self.read), "a table of the saved record has no row of it"

    def _read(self, table: str, column: str, record: UUID) -> tuple[list[str], list[list[Any]]]:
        value = str(record) if table == "core_auditevent" else record.hex
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
            columns = [one[0] for one in cursor.description if one[0] not in self._dropped(table)]
            named = [f'"{name}"' if self.sqlite else f'"{name}"::text' for name in columns]
            cursor.execute(f'SELECT {", ".join(named)} FROM "{table}" WHERE "{column}" = %s', [value])
            return columns, [list(row) for row in cursor.fetchall()]

    @staticmethod
    def _dropped(table: str) -> set[str]:
        """Columns whose value the database gives."""
        given = {"id"} if table == "households_standing" else set()
        return given | ({"history_id"} if "historical" in table else set())

    def _keys(self, record: UUID) -> list[UUID]:
        """The ids that each copy has anew: the record's own and those of its rows, client and counted key."""
        found = [record]
        for table, columns, rows in self.read:
            for row in rows:
                for name, value in zip(columns, row, strict=True):
                    own = name == "id" and table != "core_textdocument"
                    if own or name in {"client_id", "counted_key"}:
                        found.append(UUID(str(value)))
        return list(dict.fromkeys(found))

    def rows(self) -> Rows:
        """(statement, values) of one copy, table by table, one statement a table."""
        renamed: dict[Any, Any] = {}
        for old in self.renewed:
            new = new_id()
            renamed |= {old.hex: new.hex, str(old): str(new)}
        document = 737_582 << 40 | secrets.randbits(40)
        mark, statements = ("?" if self.sqlite else "%s"), []
        for table, columns, rows in self.read:
            values = [[renamed.get(value, value) if isinstance(value, str) else value for value in row] for row in rows]
            if table == "core_textdocument":
                values[0][columns.index("id")] = document
            names = ", ".join(f'"{name}"' for name in columns)
            marks = ", ".join(["(" + ", ".join([mark] * len(columns)) + ")"] * len(rows))
            flat = [value for row in values for value in row]
            statements.append((f'INSERT INTO "{table}" ({names}) VALUES {marks}', flat))
        if self.sqlite:
            statements.append(("INSERT INTO core_textgrams(rowid, grams) VALUES (?, ?)", [document, self.grams]))
        return statements

    def writer(self) -> "Writer":
        return Writer(self.lock if self.sqlite else None)


class Writer:
    """One connection of the driver itself. On SQLite they queue, as the product's writers do."""

    def __init__(self, lock: "threading.Lock | None") -> None:
        self.lock = lock
        database = settings.DATABASES["default"]
        if lock is not None:
            self.line: Any = sqlite3.connect(
                database["NAME"], isolation_level=None, check_same_thread=False, timeout=20
            )
            self.line.executescript(database["OPTIONS"]["init_command"])
            self.line.execute("PRAGMA foreign_keys=ON")
        else:
            asked = connection.get_connection_params()
            named = {name: asked[name] for name in ("dbname", "user", "password", "host", "port") if asked.get(name)}
            self.line = psycopg.connect(**named, autocommit=True)

    def write(self, rows: Rows) -> None:
        if self.lock is not None:
            with self.lock:
                self._write("BEGIN IMMEDIATE", rows)
        else:
            self._write("BEGIN", rows)

    def _write(self, begin: str, rows: Rows) -> None:
        self.line.execute(begin)
        for statement, values in rows:
            self.line.execute(statement, values)
        self.line.execute("COMMIT")

    def close(self) -> None:
        self.line.close()
