"""What a frozen report was made of: which facts, and each figure as a set over them. Pure: no database.

A manifest is a header, which is JSON, and blobs: compressed columns, each after its length. The header gives the
SHA-256 of every column, so the hash of the header covers everything. Facts lie in tables, as columns: a key of
16 bytes for each fact, and for every column the distinct values and which of them each fact has. A figure is a bit
for each fact of its table, the column whose distinct values are counted, and the column that is added up, if any.
Whoever has the manifest can count again without the records (`recount`), and needs only this page to do so.

Nothing personal is in it: keys of people, families and staff are digests (`opaque`), and there are no texts.
"""

import hashlib
import json
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from sys import byteorder
from typing import Any
from uuid import UUID

FORM = 1
KEY_BYTES = 16
OPAQUE_BYTES = 10
LENGTH_BYTES = 4
NOTHING_BEFORE = "0" * 64


VALUES, LEADER, PLACE = "values", "leader", "place"


@dataclass(slots=True)
class Column:
    """What each fact of a table has.

    `kind` VALUES: one of the distinct `values`. LEADER: the first fact of the table that counts as one with it.
    PLACE: the place of a fact in the table of records.
    """

    which: "array[int]"
    values: list[Any] = field(default_factory=list)
    kind: str = VALUES

    def __getitem__(self, place: int) -> Any:
        at = self.which[place]
        return self.values[at] if self.kind == VALUES else at


@dataclass(slots=True)
class Table:
    """Facts of one kind, in the order of their keys."""

    keys: list[bytes]
    columns: dict[str, Column]

    def row(self, place: int) -> dict[str, Any]:
        return {name: column[place] for name, column in self.columns.items()}


@dataclass(slots=True)
class FigureSet:
    """A figure as a set: which facts of a table, what is counted distinct, what is added up.

    `key` "" counts the facts themselves; `adds` "" adds one for each counted thing; `station` is the column by
    which it is told for each station, "" where it cannot be.
    """

    table: str
    key: str
    adds: str
    station: str
    members: list[int]


@dataclass(slots=True)
class Facts:
    """Everything that was counted for one question."""

    tables: dict[str, Table] = field(default_factory=dict)
    figures: dict[str, FigureSet] = field(default_factory=dict)


class Broken(Exception):
    """A manifest that is not what was frozen; `code` and a sentence that says where."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code, self.sentence = code, sentence
        super().__init__(sentence)


def opaque(salt: str, key: Any) -> str:
    """What stands for a person, a family or a worker: the same within one question, and saying nothing."""
    return hashlib.sha256(f"{salt}|{key}".encode()).hexdigest()[: 2 * OPAQUE_BYTES]


def key_bytes(key: Any) -> bytes:
    """The key of a fact's row: a UUID as it is, a number as the lowest bytes."""
    return key.bytes if isinstance(key, UUID) else int(key).to_bytes(KEY_BYTES, "big")


# COUNTING AGAIN --------------------------------------------------------------


def recount(facts: Facts, code: str) -> Any:
    """The figure, counted from its set. Raises KeyError for a figure that is not in it."""
    return _count(facts.tables[facts.figures[code].table], facts.figures[code], facts.figures[code].members)


def recount_stations(facts: Facts, code: str) -> dict[Any, Any]:
    """The figure of each station, counted from the same set; empty where it is not told by station."""
    figure = facts.figures[code]
    table = facts.tables[figure.table]
    if not figure.station:
        return {}
    column = table.columns[figure.station]
    parts: dict[Any, list[int]] = {}
    for place in figure.members:
        parts.setdefault(column[place], []).append(place)
    return {station: _count(table, figure, members) for station, members in parts.items()}


def _count(table: Table, figure: FigureSet, members: Sequence[int]) -> Any:
    if figure.adds:
        column = table.columns[figure.adds]
        return plain(sum((Decimal(str(column[place])) for place in members), Decimal(0)))
    if not figure.key:
        return len(members)
    column = table.columns[figure.key]
    return sum(one is not None for one in {column[place] for place in members})


def plain(number: Any) -> Any:
    """A number as JSON has it: whole ones whole, the rest as a float."""
    return int(number) if number == int(number) else float(number)


# PACKING ---------------------------------------------------------------------


def canonical(value: Any) -> str:
    """JSON in which the same content is always the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def hash_of(*, number: int, previous: str, filing: UUID, header: str, facts: bytes) -> str:
    """The hash of a report in the chain of reports: its head.

    The facts as they are kept, too: a bit that unpacking ignores is not let through either.
    """
    return sha256(f"{FORM}|{number}|{previous}|{filing}|{sha256(header.encode())}|{sha256(facts)}".encode())


def packed(facts: Facts, told: Mapping[str, Any]) -> tuple[str, bytes]:
    """The header and the blobs after one another. `told` is what the header says beside the facts."""
    blobs: list[bytes] = []

    def keep(data: bytes) -> str:
        blob = zlib.compress(data, 6)
        blobs.append(len(blob).to_bytes(LENGTH_BYTES, "big") + blob)
        return sha256(data)

    tables = {
        code: {
            "facts": len(table.keys),
            "keys": keep(b"".join(table.keys)),
            "columns": {name: _keep_column(column, keep) for name, column in sorted(table.columns.items())},
        }
        for code, table in sorted(facts.tables.items())
    }
    sets = {
        code: {
            "table": one.table, "key": one.key, "adds": one.adds, "station": one.station,
            "facts": len(one.members), "value": recount(facts, code),
            "set": keep(_bits(one.members, len(facts.tables[one.table].keys))),
        }
        for code, one in sorted(facts.figures.items())
    }  # fmt: skip
    return canonical({**told, "form": FORM, "tables": tables, "figures": sets}), b"".join(blobs)


def _keep_column(column: Column, keep: Any) -> dict[str, Any]:
    which = _distances(column.which) if column.kind == LEADER else column.which
    return {"kind": column.kind, "values": keep(canonical(column.values).encode()), "which": keep(_numbers(which))}


def _distances(which: Iterable[int]) -> "array[int]":
    """How far each fact is from its leader: mostly not at all, which takes no room. Its own inverse."""
    return array("I", (place - leader for place, leader in enumerate(which)))


def _numbers(which: "array[int]") -> bytes:
    if byteorder == "big":
        which = array("I", which)
        which.byteswap()
    return which.tobytes()


def _bits(members: Iterable[int], whole: int) -> bytes:
    bits = bytearray((whole + 7) // 8)
    for place in members:
        bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


# UNPACKING -------------------------------------------------------------------


def unpacked(header: Mapping[str, Any], body: bytes) -> Facts:
    """The facts of a manifest. Raises Broken at the first blob that is not what the header says."""
    reader = _Reader(body)
    facts = Facts()
    for code, told in sorted(header["tables"].items()):
        keys = reader.take(told["keys"], f"「{code}」的键")
        table = Table([keys[at : at + KEY_BYTES] for at in range(0, len(keys), KEY_BYTES)], {})
        for name, column in sorted(told["columns"].items()):
            table.columns[name] = _taken_column(column, reader, f"「{code}」的「{name}」")
        facts.tables[code] = table
    for code, told in sorted(header["figures"].items()):
        bits = reader.take(told["set"], f"数字 {code} 所计的集合")
        members = [at * 8 + bit for at, byte in enumerate(bits) if byte for bit in range(8) if byte >> bit & 1]
        facts.figures[code] = FigureSet(told["table"], told["key"], told["adds"], told["station"], members)
    if not reader.ended:
        raise Broken("fact_changed", "封存件末尾多了内容，与封存时不同。")
    return facts


def _taken_column(told: Mapping[str, Any], reader: "_Reader", what: str) -> Column:
    values = json.loads(reader.take(told["values"], what))
    which = array("I")
    which.frombytes(reader.take(told["which"], what))
    if byteorder == "big":
        which.byteswap()
    return Column(_distances(which) if told["kind"] == LEADER else which, values, told["kind"])


class _Reader:
    def __init__(self, body: bytes) -> None:
        self.body, self.at = body, 0

    @property
    def ended(self) -> bool:
        return self.at == len(self.body)

    def take(self, told: str, what: str) -> bytes:
        begin = self.at + LENGTH_BYTES
        self.at = begin + int.from_bytes(self.body[self.at : begin], "big")
        try:
            data = zlib.decompress(self.body[begin : self.at])
        except zlib.error:
            data = None
        if data is None or sha256(data) != told:
            raise Broken("fact_changed", f"封存件里{what}与封存时不同。")
        return data
