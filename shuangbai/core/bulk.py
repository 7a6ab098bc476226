"""Rows into the database many at a time, with their history, several times faster than one by one.

A city's ledger is hundreds of thousands of rows. Django's bulk_create spends a tenth of a millisecond
on each in building SQL, and simple-history makes a second object for each; here the statement is built
once, the database repeats it, and the history of new rows is copied by the database from the rows
themselves (docs/adr/0006). What simple-history reads afterwards is the same.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, connections, models
from django.db.models.expressions import RawSQL

from shuangbai.core import clock
from shuangbai.core.statements import execute, execute_each

IDS_AT_ONCE = 500
ROWS_AT_ONCE = 5000
ASKED_AT_ONCE = 5000  # PostgreSQL takes 65,535 values in one question, SQLite 32,766


def in_parts(values: Iterable[Any], many: int = ASKED_AT_ONCE) -> Iterator[list[Any]]:
    """Values some at a time, for questions about more of them than a database takes at once."""
    every = list(values)
    return (every[start : start + many] for start in range(0, len(every), many))


def listed(keys: Iterable[UUID]) -> RawSQL:
    """Keys as one value, for `pk__in` of a query that others narrow further, however many they are."""
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps([key.hex for key in keys])])
    return RawSQL("SELECT unnest(%s::uuid[])", [list(keys)])


_AS_IT_IS = (models.CharField, models.TextField, models.BooleanField, models.AutoField, models.BigAutoField)


def _hex(value: UUID, _connection: Any) -> str:
    return value.hex


def _text(value: Any, _connection: Any) -> str:
    return str(value)


def _by_field(field: Any, value: Any, connection: Any) -> Any:
    return field.get_db_prep_save(value, connection=connection)


# What turns a value, never None, into the database's.
Write = Callable[[Any, Any], Any]


@lru_cache(maxsize=256)
def _writers(model: type[models.Model], vendor: str) -> dict[str, tuple[str, Write | None]]:
    """For each column by its attribute: its quoted name and what turns a value into the database's, if it must be."""
    found: dict[str, tuple[str, Write | None]] = {}
    for field in model._meta.concrete_fields:
        target: Any = field
        while target.remote_field:
            target = target.target_field
        kind = target.get_internal_type()
        write: Write | None
        # By type and not by field: a subclass (encryption) has work of its own to do.
        if vendor == "sqlite" and type(target) is models.UUIDField:
            write = _hex
        elif vendor == "sqlite" and type(target) is models.DateField:
            write = _text
        elif type(target) in _AS_IT_IS or "IntegerField" in kind:
            write = None
        else:
            write = partial(_by_field, target)
        found[field.attname] = (connection.ops.quote_name(str(field.column)), write)
    return found


class _Statement(NamedTuple):
    """A statement for one row, how many values it takes, and which of them the database wants otherwise."""

    sql: str
    width: int
    changed: tuple[tuple[int, Write], ...]

    def written(self, rows: Iterable[Sequence[Any]], real: Any) -> Iterator[list[Any]]:
        """The rows as the database takes them; a value that needs nothing is not touched."""
        for row in rows:
            values = list(row)
            if len(values) != self.width:
                raise ValueError(f"{len(values)} values for {self.width} columns")
            for place, write in self.changed:
                if values[place] is not None:
                    values[place] = write(values[place], real)
            yield values


def _statement(sql: str, columns: Iterable[tuple[str, Write | None]]) -> _Statement:
    writes = [write for _, write in columns]
    return _Statement(sql, len(writes), tuple((at, write) for at, write in enumerate(writes) if write))


@lru_cache(maxsize=256)
def _inserting(model: type[models.Model], attributes: tuple[str, ...], vendor: str) -> _Statement:
    chosen = [_writers(model, vendor)[name] for name in attributes]
    table, marks = connection.ops.quote_name(model._meta.db_table), ", ".join(["%s"] * len(chosen))
    sql = f"INSERT INTO {table} ({', '.join(name for name, _ in chosen)}) VALUES ({marks})"  # noqa: S608
    return _statement(sql, chosen)


def insert_rows(model: type[models.Model], attributes: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as tuples in the order of `attributes` (names of columns as attributes: `person_id`)."""
    real = connections["default"]  # asked for once: the name `connection` looks for it at each use
    statement = _inserting(model, tuple(attributes), real.vendor)
    waiting = statement.written(rows, real)
    while batch := list(islice(waiting, ROWS_AT_ONCE)):
        execute_each(real, statement.sql, batch)


def update_rows(model: type[models.Model], attributes: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Write columns of many rows anew; each row is the new values in the order of `attributes`, then its key.

    History is not told: for what is derived from the row, not for what somebody changed. Returns how many rows.
    """
    real = connections["default"]
    writers = _writers(model, real.vendor)
    assert model._meta.pk is not None  # noqa: S101  every model has one
    chosen = [writers[name] for name in attributes]
    key = writers[model._meta.pk.attname]
    places = ", ".join(f"{name} = %s" for name, _ in chosen)
    sql = f"UPDATE {connection.ops.quote_name(model._meta.db_table)} SET {places} WHERE {key[0]} = %s"  # noqa: S608
    written = list(_statement(sql, [*chosen, key]).written(rows, real))
    for start in range(0, len(written), ROWS_AT_ONCE):
        execute_each(real, sql, written[start : start + ROWS_AT_ONCE])
    return len(rows)


def insert(rows: Sequence[models.Model], *, by: Any = None, reason: str = "") -> None:
    """Insert new objects of one model, and, where the model keeps history, their first line of it."""
    if not rows:
        return
    model = type(rows[0])
    names = _columns(model)
    insert_rows(model, names, map(attrgetter(*names), rows))
    for row in rows:
        row._state.adding = False
        row._state.db = "default"
    if _history_of(model):
        copy_to_history(model, [row.pk for row in rows], kind="+", by=by, reason=reason)


def insert_details(model: Any, attributes: Sequence[str], rows: Sequence[Sequence[Any]], *, by: Any) -> None:
    """As `insert`, rows that nobody asks for as objects, given as in `insert_rows`; the first column is their key."""
    if rows:
        insert_rows(model, attributes, rows)
        copy_to_history(model, [row[0] for row in rows], kind="+", by=by)


@lru_cache(maxsize=64)
def _columns(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of a new row by their attributes, without a key that the database counts up; two at the least."""
    automatic = model._meta.auto_field
    return tuple(field.attname for field in model._meta.concrete_fields if field is not automatic)


@lru_cache(maxsize=64)
def _history_of(model: Any) -> Any:
    """The model of a model's history, or None. simple-history makes a new manager class at each asking."""
    return model.history.model if hasattr(model, "history") else None


def copy_to_history(model: Any, keys: Sequence[Any], *, kind: str, by: Any, reason: str = "") -> None:
    """Keep the rows as they stand as lines of their history; `kind` is + for new and ~ for changed."""
    real = connections["default"]
    copying = _copying(model, real.vendor)
    [[moment, user]] = copying.written([[clock.now(), None if by is None else by.pk]], real)
    write = _writers(model, real.vendor)[model._meta.pk.attname][1]
    for start in range(0, len(keys), IDS_AT_ONCE):
        some = keys[start : start + IDS_AT_ONCE]
        if write is not None:
            some = [write(key, real) for key in some]
        marks = ", ".join(["%s"] * len(some))
        execute(real, f"{copying.sql} ({marks})", [moment, user, kind, reason or None, *some])


@lru_cache(maxsize=64)
def _copying(model: Any, vendor: str) -> _Statement:
    """The statement that copies rows to their history, up to the list of their keys; its values: when and by whom."""
    history = _history_of(model)
    own = {field.column for field in model._meta.concrete_fields}
    columns = [field.column for field in history._meta.concrete_fields if field.column in own]
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    source, target = (connection.ops.quote_name(m._meta.db_table) for m in (model, history))
    key, writers = connection.ops.quote_name(model._meta.pk.column), _writers(history, vendor)
    sql = (
        f"INSERT INTO {target} ({quoted}, history_date, history_user_id, history_type, history_change_reason)"  # noqa: S608
        f" SELECT {quoted}, %s, %s, %s, %s FROM {source} WHERE {key} IN"
    )
    return _statement(sql, [writers["history_date"], writers["history_user_id"]])


def sign(row: Any, *, by: Any, reason: str = "") -> None:
    """Say who changes a row, when and why, before it is saved: its next line of history carries it."""
    row._history_user = by
    row._history_date = clock.now()
    row._change_reason = reason
