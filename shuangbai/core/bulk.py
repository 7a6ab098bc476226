"""Rows into the database many at a time, with their history, several times faster than one by one.

A city's ledger is hundreds of thousands of rows. Django's bulk_create spends a tenth of a millisecond
on each in building SQL, and simple-history makes a second object for each; here the statement is built
once, the database repeats it, and the history of new rows is copied by the database from the rows
themselves (docs/adr/0006). What simple-history reads afterwards is the same.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import islice
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection, connections, models

from shuangbai.core import clock

IDS_AT_ONCE = 500
ROWS_AT_ONCE = 5000


_AS_IT_IS = (models.CharField, models.TextField, models.BooleanField, models.AutoField, models.BigAutoField)


def _plain(value: Any) -> Any:
    return value


def _hex(value: UUID | None) -> str | None:
    return None if value is None else value.hex


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


Write = Callable[[Any], Any]


def _writers(model: type[models.Model]) -> dict[str, tuple[str, Write]]:
    """For each column by its attribute: its quoted name and what turns a value into the database's."""
    real = connections[connection.alias]  # asked for once: the name `connection` looks for it at each use
    return {
        name: (column, partial(write.get_db_prep_save, connection=real) if isinstance(write, models.Field) else write)
        for name, (column, write) in _ways(model, connection.vendor).items()
    }


@lru_cache(maxsize=256)
def _ways(model: type[models.Model], vendor: str) -> dict[str, tuple[str, Write | models.Field[Any, Any]]]:
    """As `_writers`, for any connection: where a value takes more than a function, the field that knows how."""
    found: dict[str, tuple[str, Write | models.Field[Any, Any]]] = {}
    for field in model._meta.concrete_fields:
        target: Any = field
        while target.remote_field:
            target = target.target_field
        kind = target.get_internal_type()
        # By type and not by field: a subclass (encryption) has work of its own to do.
        if vendor == "sqlite" and type(target) is models.UUIDField:
            write: Write | models.Field[Any, Any] = _hex
        elif vendor == "sqlite" and type(target) is models.DateField:
            write = _text
        elif type(target) in _AS_IT_IS or "IntegerField" in kind:
            write = _plain
        else:
            write = target
        found[field.attname] = (connection.ops.quote_name(str(field.column)), write)
    return found


def insert_rows(model: type[models.Model], attributes: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as tuples in the order of `attributes` (names of columns as attributes: `person_id`)."""
    writers = _writers(model)
    chosen = [writers[name] for name in attributes]
    table = connection.ops.quote_name(model._meta.db_table)
    marks = ", ".join(["%s"] * len(chosen))
    sql = f"INSERT INTO {table} ({', '.join(name for name, _ in chosen)}) VALUES ({marks})"  # noqa: S608
    waiting = _written(rows, [function for _, function in chosen])
    with connection.cursor() as cursor:
        while batch := list(islice(waiting, ROWS_AT_ONCE)):
            if len(batch) == 1:
                cursor.execute(sql, batch[0])
            else:
                cursor.executemany(sql, batch)


def _written(rows: Iterable[Sequence[Any]], write: Sequence[Callable[[Any], Any]]) -> Iterator[list[Any]]:
    """The rows as the database takes them; a value that needs nothing is not touched."""
    changed = [(place, function) for place, function in enumerate(write) if function is not _plain]
    for row in rows:
        values = list(row)
        if len(values) != len(write):
            raise ValueError(f"{len(values)} values for {len(write)} columns")
        for place, function in changed:
            values[place] = function(values[place])
        yield values


def update_rows(model: type[models.Model], attributes: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Write columns of many rows anew; each row is the new values in the order of `attributes`, then its key.

    History is not told: for what is derived from the row, not for what somebody changed. Returns how many rows.
    """
    writers = _writers(model)
    assert model._meta.pk is not None  # noqa: S101  every model has one
    chosen = [writers[name] for name in attributes]
    key, write_key = writers[model._meta.pk.attname]
    places = ", ".join(f"{name} = %s" for name, _ in chosen)
    sql = f"UPDATE {connection.ops.quote_name(model._meta.db_table)} SET {places} WHERE {key} = %s"  # noqa: S608
    write = [*(function for _, function in chosen), write_key]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS_AT_ONCE):
            cursor.executemany(sql, list(_written(rows[start : start + ROWS_AT_ONCE], write)))
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
        row._state.db = connection.alias
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
    history, copying = _history_of(model), _copying(model)
    write = _writers(model)[model._meta.pk.attname][1]
    moment = history._meta.get_field("history_date").get_db_prep_save(clock.now(), connection)
    user = None
    if by is not None:
        user = history._meta.get_field("history_user").get_db_prep_save(by.pk, connection)
    with connection.cursor() as cursor:
        for start in range(0, len(keys), IDS_AT_ONCE):
            some = [write(pk) for pk in keys[start : start + IDS_AT_ONCE]]
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(f"{copying} ({marks})", [moment, kind, reason or None, user, *some])


@lru_cache(maxsize=64)
def _copying(model: Any) -> str:
    """The statement that copies rows to their history, up to the list of their keys."""
    history = _history_of(model)
    own = {field.column for field in model._meta.concrete_fields}
    columns = [field.column for field in history._meta.concrete_fields if field.column in own]
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    source, target = (connection.ops.quote_name(m._meta.db_table) for m in (model, history))
    key = connection.ops.quote_name(model._meta.pk.column)
    return (
        f"INSERT INTO {target} ({quoted}, history_date, history_type, history_change_reason, history_user_id)"  # noqa: S608
        f" SELECT {quoted}, %s, %s, %s, %s FROM {source} WHERE {key} IN"
    )


def sign(row: Any, *, by: Any, reason: str = "") -> None:
    """Say who changes a row, when and why, before it is saved: its next line of history carries it."""
    row._history_user = by
    row._history_date = clock.now()
    row._change_reason = reason
