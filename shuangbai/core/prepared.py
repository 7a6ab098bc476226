"""Queries whose SQL is built once and asked again with other values.

Django spends a third of a millisecond on turning a small query into SQL, ten times what the database
takes to answer it. A page that asks fifteen of them spends its time on that alone. Here the queryset is
built once for each shape (which arguments are lists, and how long), with marks in place of the values;
later calls put their values where the marks stand (docs/adr/0031).
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import update_wrapper
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators

from shuangbai.core.statements import fetched

P = ParamSpec("P")
M = TypeVar("M", bound=models.Model)

# Up to so many items each length of a list is a shape of its own; then lists are filled up to a multiple of it with
# their last item, up to a length that costs more to ask than to build.
OWN_LENGTHS = 16
LONGEST_LIST = 64

_FIRST_DAY = date(1001, 1, 1)
_FIRST_NUMBER = 1_987_000_000


class _Slot(NamedTuple):
    """Which value stands at a place of the statement, and how the database wants it."""

    argument: int
    item: int | None
    adapt: Callable[[Any], Any]


class _Shape(NamedTuple):
    """One statement: its SQL, for each place a slot or a fixed value, and what makes a result of a row."""

    sql: str
    places: tuple[Any, ...]
    converters: list[tuple[int, list[Callable[[Any, Any, Any], Any]], Any]]
    made: Callable[[Sequence[Any]], Any]


class Prepared(Generic[P, M]):
    """A function that builds a queryset, called for its rows. Arguments: UUIDs, dates, numbers, words, lists of them.

    What is not among the arguments must not differ from call to call.
    """

    def __init__(self, build: "Callable[P, models.QuerySet[M]]") -> None:
        self.build = build
        self.shapes: dict[Any, _Shape | None] = {}
        update_wrapper(self, build)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[M]:
        """The rows. A list too long for any shape is asked as Django asks it."""
        values: list[Any] = [_filled_up(value) if _is_list(value) else value for value in (*args, *kwargs.values())]
        lengths = tuple(len(value) if isinstance(value, list) else -1 for value in values)
        if any(length > LONGEST_LIST for length in lengths):
            return list(self.build(*args, **kwargs))
        connection = connections["default"]
        key = (connection.vendor, lengths, *kwargs)
        if key not in self.shapes:
            self.shapes[key] = self._shape(values, list(kwargs))
        shape = self.shapes[key]
        return [] if shape is None else _rows(shape, values, connection)

    def _shape(self, values: list[Any], names: list[str]) -> _Shape | None:
        marks = [_marks(value, number) for number, value in enumerate(values)]
        firsts = len(values) - len(names)
        queryset = self.build(*marks[:firsts], **dict(zip(names, marks[firsts:], strict=True)))
        compiler = queryset.query.get_compiler("default")
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        places = tuple(_slot(param, marks) for param in params)
        stood = {(place.argument, place.item) for place in places if isinstance(place, _Slot)}
        wanted = {(a, i) for a, mark in enumerate(marks) for i in (range(len(mark)) if _is_list(mark) else (None,))}
        if stood != wanted:
            raise TypeError(f"{self.build.__qualname__}: an argument does not stand in the statement as it is")
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        converters = [(at, *how) for at, how in compiler.get_converters(columns).items()]
        return _Shape(sql, places, converters, _maker(queryset, compiler))


def prepared(build: "Callable[P, models.QuerySet[M]]") -> Prepared[P, M]:
    """Mark a function whose queryset is built once for each shape of its arguments; calling it gives the rows."""
    return Prepared(build)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple | set | frozenset)


def _filled_up(value: Any) -> list[Any]:
    """The list at a length that is a shape: an item that stands in it twice asks for nothing more."""
    items = list(value)
    return items if len(items) <= OWN_LENGTHS else items + items[-1:] * (-len(items) % OWN_LENGTHS)


def _marks(value: Any, argument: int) -> Any:
    """A value of the same type that stands nowhere else in a statement; for a list, one for each item."""
    if _is_list(value):
        return [_mark(one, argument * 1000 + item + 1) for item, one in enumerate(value)]
    return _mark(value, argument * 1000)


def _mark(value: Any, number: int) -> Any:
    if isinstance(value, UUID):
        return UUID(int=_FIRST_NUMBER << 64 | number)
    if isinstance(value, date) and not isinstance(value, datetime):
        return _FIRST_DAY + timedelta(days=number)
    if isinstance(value, str):
        return f"⟦{number}⟧"
    if isinstance(value, int) and not isinstance(value, bool):
        return _FIRST_NUMBER + number
    raise TypeError(f"a prepared query takes no {type(value).__name__}")


def _as_it_is(value: Any) -> Any:
    return value


def _hex(value: UUID) -> str:
    return value.hex


_ADAPTERS: tuple[Callable[[Any], Any], ...] = (_as_it_is, _hex, str)


def _slot(param: Any, marks: list[Any]) -> Any:
    """The slot of the mark that stands at this place; the value itself where none does."""
    for argument, mark in enumerate(marks):
        for item, one in enumerate(mark) if _is_list(mark) else ((None, mark),):
            for adapt in _ADAPTERS:
                if (adapt is not _hex or isinstance(one, UUID)) and adapt(one) == param:
                    return _Slot(argument, item, adapt)
    return param


def _maker(queryset: Any, compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """What makes of a row what the queryset gives: a tuple, or an object with those selected beside it."""
    if queryset._iterable_class is ValuesListIterable:
        return tuple
    if queryset._iterable_class is not ModelIterable:
        raise TypeError("a prepared query gives objects or the tuples of `values_list`")
    info = compiler.klass_info
    first, after = info["select_fields"][0], info["select_fields"][-1] + 1
    from_db, names = info["model"].from_db, [column[0].target.attname for column in compiler.select[first:after]]
    beside = get_related_populators(info, compiler.select, "default")  # type: ignore[call-arg]  # as in 5.2
    annotations = list(compiler.annotation_col_map.items())

    def made(row: Sequence[Any]) -> Any:
        found = from_db("default", names, row[first:after])
        for one in beside:
            one.populate(row, found)
        for name, at in annotations:
            setattr(found, name, row[at])
        return found

    return made


def _rows(shape: _Shape, values: list[Any], connection: Any) -> list[Any]:
    params = tuple([_filled(place, values) if isinstance(place, _Slot) else place for place in shape.places])
    rows = [list(row) for row in fetched(connection, shape.sql, params)]
    for at, converters, expression in shape.converters:
        for convert in converters:
            for row in rows:
                row[at] = convert(row[at], expression, connection)
    return [shape.made(row) for row in rows]


def _filled(slot: _Slot, values: list[Any]) -> Any:
    value = values[slot.argument]
    return slot.adapt(value if slot.item is None else value[slot.item])
