"""Rows into the database many at a time, with their history, several times faster than one by one.

A city's ledger is hundreds of thousands of rows. Django's bulk_create spends a tenth of a millisecond
on each in building SQL, and simple-history makes a second object for each; here the statement is built
once, the database repeats it, and the history of new rows is copied by the database from the rows
themselves (docs/adr/0006). What simple-history reads afterwards is the same.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC
from functools import lru_cache, partial
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection, connections, models
from django.db.models.base import ModelState
from django.db.models.expressions import RawSQL
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query_utils import DeferredAttribute

from shuangbai.core import clock
from shuangbai.core.statements import execute, execute_each

M = TypeVar("M", bound=models.Model)

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
# What PostgreSQL's driver takes as Python has it.
_NATIVE = (models.UUIDField, models.DateField, models.DateTimeField, models.TimeField)

# What turns the values of one column, None among them, into the database's.
Write = Callable[[Sequence[Any], Any], Sequence[Any]]


_EMPTY: dict[type, str] = {dict: "{}", list: "[]"}  # as most are


def _hex(values: Sequence[Any], _connection: Any) -> Sequence[Any]:
    return [None if value is None else value.int.to_bytes(16, "big").hex() for value in values]


def _text(values: Sequence[Any], _connection: Any) -> Sequence[Any]:
    return [None if value is None else str(value) for value in values]


def _whole(values: Sequence[Any], _connection: Any) -> Sequence[Any]:
    return [None if value is None else int(value) for value in values]


def _json(values: Sequence[Any], _connection: Any) -> Sequence[Any]:
    return [None if value is None else (not value and _EMPTY.get(type(value))) or json.dumps(value) for value in values]


def _by_field(field: Any, values: Sequence[Any], connection: Any) -> Sequence[Any]:
    write = field.get_db_prep_save
    return [None if value is None else write(value, connection=connection) for value in values]


def _moment(field: Any, values: Sequence[Any], connection: Any) -> Sequence[Any]:
    """Moments as SQLite keeps them, in UTC without saying so; many rows have the same."""
    each = list(dict.fromkeys(values))
    if any(value is not None and value.tzinfo is None for value in each):
        written = _by_field(field, each, connection)  # Django warns of one without a zone
    else:
        written = [None if value is None else str(value.astimezone(UTC).replace(tzinfo=None)) for value in each]
    return list(map(dict(zip(each, written, strict=True)).__getitem__, values))


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
        if type(target) in _AS_IT_IS or "IntegerField" in kind or (vendor == "postgresql" and type(target) in _NATIVE):
            write = None
        elif vendor == "sqlite" and type(target) is models.UUIDField:
            write = _hex
        elif vendor == "sqlite" and type(target) is models.DateField:
            write = _text
        elif vendor == "sqlite" and type(target) is models.JSONField and target.encoder is None:
            write = _json
        elif type(target) is models.DateTimeField:
            write = partial(_moment, target)
        else:
            write = partial(_by_field, target)
        found[field.attname] = (connection.ops.quote_name(str(field.column)), write)
    return found


class _Statement(NamedTuple):
    """A statement for one row, how many values it takes, and which of them the database wants otherwise."""

    sql: str
    width: int
    changed: tuple[tuple[int, Write], ...]

    def written(self, rows: Sequence[Sequence[Any]], real: Any) -> Sequence[Sequence[Any]]:
        """The rows as the database takes them; where no column needs anything, as they are."""
        if rows and not self.changed:
            self._check(rows)
        return list(zip(*self.columns(rows, real), strict=True)) if rows and self.changed else rows

    def columns(self, rows: Sequence[Sequence[Any]], real: Any) -> list[Sequence[Any]]:
        """The columns as the database takes them; one that needs nothing is not touched."""
        self._check(rows)
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        for place, write in self.changed:
            columns[place] = write(columns[place], real)
        return columns

    def _check(self, rows: Sequence[Sequence[Any]]) -> None:
        if len(rows[0]) != self.width:
            raise ValueError(f"{len(rows[0])} values for {self.width} columns")


def _statement(sql: str, columns: Iterable[tuple[str, Write | None]]) -> _Statement:
    writes = [write for _, write in columns]
    return _Statement(sql, len(writes), tuple((at, write) for at, write in enumerate(writes) if write))


@lru_cache(maxsize=256)
def _inserting(model: type[models.Model], attributes: tuple[str, ...], vendor: str) -> _Statement:
    chosen = [_writers(model, vendor)[name] for name in attributes]
    table, marks = connection.ops.quote_name(model._meta.db_table), ", ".join(["%s"] * len(chosen))
    sql = f"INSERT INTO {table} ({', '.join(name for name, _ in chosen)}) VALUES ({marks})"  # noqa: S608
    return _statement(sql, chosen)


@lru_cache(maxsize=256)
def _inserting_columns(model: type[models.Model], attributes: tuple[str, ...]) -> _Statement:
    """A statement of PostgreSQL for any number of rows, which takes each column as one value."""
    by_attribute = {field.attname: field for field in model._meta.concrete_fields}
    table, chosen, kinds = connection.ops.quote_name(model._meta.db_table), [], []
    for attribute in attributes:
        name, write = _writers(model, "postgresql")[attribute]
        kind = re.sub(r"\(.*\)", "", str(by_attribute[attribute].rel_db_type(connection)))
        # The driver takes the type of a list from its first member: a choice is a type of its own.
        plain = {"varchar": _text, "text": _text, "smallint": _whole, "integer": _whole, "bigint": _whole}.get(kind)
        chosen.append((name, write or plain))
        kinds.append(f"%s::{kind}[]")
    columns = ", ".join(name for name, _ in chosen)
    sql = f"INSERT INTO {table} ({columns}) SELECT * FROM unnest({', '.join(kinds)})"  # noqa: S608
    return _statement(sql, chosen)


def insert_rows(model: type[models.Model], attributes: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as tuples in the order of `attributes` (names of columns as attributes: `person_id`)."""
    real = connections["default"]  # asked for once: the name `connection` looks for it at each use
    statement = _inserting(model, tuple(attributes), real.vendor)
    waiting = iter(rows)
    while batch := list(islice(waiting, ROWS_AT_ONCE)):
        if len(batch) > 1 and real.vendor == "postgresql":
            several = _inserting_columns(model, tuple(attributes))
            execute(real, several.sql, [list(column) for column in several.columns(batch, real)])
        else:
            execute_each(real, statement.sql, statement.written(batch, real))


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
    statement = _statement(sql, [*chosen, key])
    for start in range(0, len(rows), ROWS_AT_ONCE):
        execute_each(real, sql, statement.written(rows[start : start + ROWS_AT_ONCE], real))
    return len(rows)


class _Blank(NamedTuple):
    """What a new object of a model begins with: values, what is asked for each, and what its relations are called."""

    values: dict[str, Any]
    asked: tuple[tuple[str, Callable[[], Any]], ...]
    related: dict[str, Any]


@lru_cache(maxsize=64)
def _blank(model: type[models.Model]) -> _Blank:
    values, asked, related = {}, [], {}
    for field in model._meta.concrete_fields:
        if field.descriptor_class not in (DeferredAttribute, ForeignKeyDeferredAttribute):
            raise TypeError(f"{model.__name__}.{field.name} has work of its own to do when an object is made")
        counted = field.has_default() and callable(field.default)
        if counted:
            asked.append((field.attname, field.default))
        values[field.attname] = None if counted else field.get_default()
        if field.is_relation:
            related[field.name] = field
    return _Blank(values, tuple(asked), related)


def make(model: type[M], **values: Any) -> M:
    """A new object as `model(**values)` makes it, in a tenth of the time: of a ledger there are a hundred thousand.

    No signals are sent, and a row that shares its key does not learn of it. Raises TypeError for a name that the model
    does not have.
    """
    blank = _blank(model)
    row = model.__new__(model)
    state, own = ModelState(), {**blank.values}
    row.__dict__ = {"_state": state}
    for name, value in values.items():
        if name in own:
            own[name] = value
            continue
        field = blank.related.get(name)
        if field is None:
            raise TypeError(f"{model.__name__} has no {name}")
        own[field.attname] = None if value is None else getattr(value, field.target_field.attname)
        state.fields_cache[name] = value
    for name, default in blank.asked:
        if name not in values:
            own[name] = default()
    row.__dict__.update(own)
    return row


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
    signed = [moment, user, kind, reason or None]
    if real.vendor == "postgresql" and len(keys) > 1:
        for some in in_parts(keys):
            execute(real, f"{copying.sql} = ANY(%s)", [*signed, some])
        return
    write = _writers(model, real.vendor)[model._meta.pk.attname][1]
    for some in in_parts(keys, IDS_AT_ONCE):
        marks = ", ".join(["%s"] * len(some))
        execute(real, f"{copying.sql} IN ({marks})", [*signed, *(write(some, real) if write else some)])


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
        f" SELECT {quoted}, %s, %s, %s, %s FROM {source} WHERE {key}"
    )
    return _statement(sql, [writers["history_date"], writers["history_user_id"]])


def sign(row: Any, *, by: Any, reason: str = "") -> None:
    """Say who changes a row, when and why, before it is saved: its next line of history carries it."""
    row._history_user = by
    row._history_date = clock.now()
    row._change_reason = reason
