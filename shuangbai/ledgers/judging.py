"""Each row read by the meaning of its columns: what is wrong in it, what deserves a look, and whom it is about.

A row is wrong only where its identity or its date is; everything else goes in with a warning.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from shuangbai.ledgers.categories import read_categories
from shuangbai.ledgers.cells import (
    Day,
    Id,
    is_missing,
    looks_like_id,
    plain,
    read_count,
    read_day,
    read_id,
    read_name,
    read_phones,
    several,
    untitled,
)
from shuangbai.ledgers.enums import FIELDS, SENTENCES, Kind, Reason, Shape
from shuangbai.ledgers.letters import letters
from shuangbai.ledgers.looks import is_person_name
from shuangbai.ledgers.villages import NOWHERE, Found, Gazetteer, says_village
from shuangbai.ledgers.words import HEADS, MODES

# Cells of a family or a day that stand once over several rows.
_OF_A_FAMILY = (
    "household.file_no", "household.village", "household.head_name", "household.address", "household.phone",
    "household.grade", "household.opened_on", "household.group", "household.worker",
)  # fmt: skip
_OF_A_DAY = ("visit.date", "household.village", "visit.worker")
_SPARSE = 0.6
_EVERYWHERE = re.compile(r"(?:各|全|多个?|所有|辖区|周边).{0,3}(?:村|社区|居)")  # 各村 names none
_DITTO = frozenset({"同上", "〃", "″", '"', "''", "同 上", "同前"})


@dataclass(frozen=True, slots=True)
class Context:
    """What the importer is told of where a ledger is from. None is unknown, and then nothing is judged by it.

    `villages`: codes of villages by what they are called here, whatever the list says.
    """

    as_of: date
    towns: tuple[str, ...] | None = None
    workers: frozenset[str] | None = None
    villages: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Issue:
    """One thing about one row. `column` is a letter, or None where it is about the whole row."""

    row: int
    column: str | None
    reason: Reason
    sentence: str
    merged_at: int | None = None
    duplicate_of: tuple[str, int] | None = None
    basis: str = ""


@dataclass(slots=True)
class Record:
    """What a row says, as far as matching and counting go."""

    sheet: str
    row: int
    name: str = ""
    head: str = ""
    id: str | None = None
    birth: str | None = None
    phones: tuple[str, ...] = ()
    file_no: str = ""
    village: str | None = None
    place: str = ""
    date: str | None = None
    mode: str = ""
    people: int | None = None
    relation: str = ""
    wrong: bool = False
    family: int | None = None


@dataclass(slots=True)
class Table:
    """A sheet's table as it is judged: the rows that are data, and which columns mean what."""

    sheet: str
    rows: list[list[Any]]
    numbers: list[int]
    columns: dict[str, list[int]]
    headers: dict[int, str] = field(default_factory=dict)
    filled: dict[tuple[int, int], int] = field(default_factory=dict)
    town_column: int | None = None
    county_column: int | None = None
    village_of_sheet: str | None = None
    village_of_row: dict[int, str] = field(default_factory=dict)
    from_1904: bool = False

    def above(self, number: int) -> tuple[str, str]:
        """The town and the county that other columns of a row name."""
        row = self.rows[number]
        town, county = (
            "" if column is None else plain(_at(row, column)) for column in (self.town_column, self.county_column)
        )
        return town, county


def repeat_dittos(table: Table) -> None:
    """同上 and 〃 as what stands above, save for days and numbers, which nobody should guess."""
    columns = [
        column
        for name, its in table.columns.items()
        if FIELDS[name].shape not in (Shape.DATE, Shape.ID, Shape.PHONE, Shape.COUNT)
        for column in its
    ]
    above: list[Any] = []
    for number in table.numbers:
        row = table.rows[number]
        for column in columns:
            value = _at(row, column)
            if isinstance(value, str) and value.strip() in _DITTO and not _blank(above, column):
                row[column] = above[column]
        above = row


def fill_down(table: Table, kind: Kind) -> None:
    """Where a family's or a day's cells stand in the first of its rows only, as merged cells do in text files."""
    names = {Kind.VISITS: _OF_A_DAY, Kind.ACTIVITIES: (), Kind.VOLUNTEERS: ()}.get(kind, _OF_A_FAMILY)
    columns = [column for name in names for column in table.columns.get(name, ())]
    keys = [c for n in ("household.file_no", "household.head_name") for c in table.columns.get(n, ())]
    relation = next(iter(table.columns.get("person.relation", ())), None)
    sparse = [column for column in columns if _is_sparse(table, column)]
    above: list[Any] = []
    whence = -1
    for number in table.numbers:
        row = table.rows[number]
        related = plain(_at(row, relation)) if relation is not None else ""
        alone = kind is Kind.VISITS or all(_blank(row, column) for column in keys)
        if above and alone and related not in HEADS:
            filling = columns if keys and related and kind is not Kind.VISITS else sparse
            _fill(table, number, [column for column in filling if not _blank(above, column)], above, whence)
        above, whence = row, number


def _fill(table: Table, number: int, columns: Sequence[int], above: Sequence[Any], whence: int) -> None:
    row = table.rows[number]
    for column in columns:
        if _blank(row, column):
            row += [None] * (column + 1 - len(row))
            row[column] = above[column]
            table.filled[number, column] = table.filled.get((whence, column), whence)


def _is_sparse(table: Table, column: int) -> bool:
    present = [not _blank(table.rows[number], column) for number in table.numbers]
    return bool(present) and present[0] and sum(present) < _SPARSE * len(present)


def _at(row: Sequence[Any], column: int) -> Any:
    return row[column] if column < len(row) else None


def _blank(row: Sequence[Any], column: int) -> bool:
    value = _at(row, column)
    return value is None or (isinstance(value, str) and not value.strip())


class Judge:
    """Reads rows of one kind of ledger in one context."""

    def __init__(self, kind: Kind, context: Context, gazetteer: Gazetteer) -> None:
        self.kind, self.context, self.gazetteer = kind, context, gazetteer
        self.wrong: list[Issue] = []
        self.warnings: list[Issue] = []
        self.villages: dict[str, Found] = {}
        self._suggested: dict[tuple[str, str, str], str] = {}
        self._rules: list[Callable[[Table, int, Record], None]] = [self._village, self._identity, self._household]
        if kind is Kind.VISITS:
            self._rules += [self._day("visit.date"), self._visit, self._person]
        elif kind is Kind.ACTIVITIES:
            self._rules = [self._day("activity.date"), self._activity]
        elif kind is Kind.VOLUNTEERS:
            self._rules = [self._village_if_any, self._identity, self._household, self._named, self._since]
        else:
            self._rules += [self._person, self._named] if kind is not Kind.HOUSEHOLDS else [self._person]

    def judge(self, table: Table) -> Iterator[Record]:
        """The record of each row of data; what is wrong or worth a look stands in `wrong`, `warnings`."""
        self.wrong, self.warnings = [], []
        for number in table.numbers:
            record = Record(table.sheet, number + 1)
            for rule in self._rules:
                rule(table, number, record)
            yield record

    # WHAT A ROW SAYS

    def _values(self, table: Table, number: int, name: str) -> list[tuple[int, Any]]:
        row = table.rows[number]
        return [(column, row[column]) for column in table.columns.get(name, ()) if column < len(row)]

    def _first(self, table: Table, number: int, name: str) -> tuple[int, Any] | None:
        """The first column of a field with something in it, else the first; None where no column has the field."""
        columns = table.columns.get(name)
        if not columns:
            return None
        row = table.rows[number]
        for column in columns:
            if column < len(row) and row[column] is not None:
                return column, row[column]
        return columns[0], None

    def _text(self, table: Table, number: int, name: str) -> str:
        pair = self._first(table, number, name)
        return plain(pair[1]) if pair else ""

    def _say(
        self, into: list[Issue], table: Table, number: int, column: int | None, reason: Reason, more: str = ""
    ) -> None:
        top = table.filled.get((number, column)) if column is not None else None
        sentence = SENTENCES[reason] + (f"（{more}）" if more else "")
        letter = letters(column) if column is not None else None
        into.append(Issue(number + 1, letter, reason, sentence, top + 1 if top is not None else None))

    def _refuse(
        self, table: Table, number: int, column: int | None, reason: Reason, record: Record, more: str = ""
    ) -> None:
        record.wrong = True
        self._say(self.wrong, table, number, column, reason, more)

    def _warn(self, table: Table, number: int, column: int | None, reason: Reason, more: str = "") -> None:
        self._say(self.warnings, table, number, column, reason, more)

    # RULES

    def _village(self, table: Table, number: int, record: Record) -> None:
        pair = self._first(table, number, "household.village")
        text = plain(pair[1]) if pair else ""
        elsewhere = table.village_of_row.get(number) or table.village_of_sheet
        if is_missing(text):
            record.village = elsewhere or ("" if pair else self._of_address(table, number)) or None
            if pair and not elsewhere and self.context.towns:
                self._refuse(table, number, pair[0], Reason.VILLAGE_UNKNOWN, record, "没有填写")
            return
        found = self._find_village(table, number, text)
        if found.fault and elsewhere and self.gazetteer.names_above(text):
            record.village = elsewhere
            return
        record.village, record.place = found.code, found.code or text
        if found.fault and self.context.towns and pair:
            self._refuse(table, number, pair[0], found.fault, record, self._meant(table, number, text))

    def _of_address(self, table: Table, number: int) -> str | None:
        """The village that an address names, on a sheet without a column of villages; an address is never wrong."""
        text = self._text(table, number, "household.address")
        return None if is_missing(text) else self.gazetteer.find(text, *table.above(number)).code

    def _village_if_any(self, table: Table, number: int, record: Record) -> None:
        """A volunteer may come from nowhere; a village that is named is judged as any other."""
        pair = self._first(table, number, "household.village")
        if pair and not is_missing(plain(pair[1])):
            self._village(table, number, record)
        else:
            record.village = table.village_of_row.get(number) or table.village_of_sheet

    def _since(self, table: Table, number: int, record: Record) -> None:
        pair = self._first(table, number, "volunteer.since")
        if pair:
            day = read_day(pair[1], from_1904=table.from_1904, latest=self.context.as_of)
            if day.fault or (day.value and day.value > self.context.as_of):
                self._warn(table, number, pair[0], Reason.DATE_INVALID)

    def _meant(self, table: Table, number: int, text: str) -> str:
        key = (text, *table.above(number))
        if key not in self._suggested:
            near = self.gazetteer.suggestions(*key)
            self._suggested[key] = f"可能是{'、'.join(near)}" if near else ""
        return self._suggested[key]

    def _find_village(self, table: Table, number: int, text: str) -> Found:
        town, county = table.above(number)
        written = f"{town}|{text}" if table.town_column is not None else text
        said = self.context.villages.get(written)
        found = Found(said) if said else self.gazetteer.find(text, town, county)
        if found.fault and text in self.context.villages:
            found = Found(self.context.villages[text])
        if not self.context.towns and found.fault:
            found = NOWHERE
        self.villages[written] = found
        return found

    def _identity(self, table: Table, number: int, record: Record) -> None:
        record.name = read_name(self._text(table, number, "person.name"))
        record.head = read_name(self._text(table, number, "household.head_name"))
        record.relation = self._text(table, number, "person.relation")
        pair = self._first(table, number, "person.id_number")
        found = read_id(pair[1]) if pair else Id()
        birth, at = self._birth(table, number)
        record.id, record.birth = found.number, birth.written
        if found.born and not record.birth:
            record.birth = found.born.isoformat()
        if pair and found.fault:
            self._refuse(table, number, pair[0], found.fault, record, self._exchanged(table, number, pair[1]))
        elif pair and found.born and not _agree(birth, found.born):
            more = f"号码里是{found.born.isoformat()}，{letters(at)}列是{birth.written}" if at is not None else ""
            self._refuse(table, number, pair[0], Reason.ID_BIRTH_MISMATCH, record, more)

    def _exchanged(self, table: Table, number: int, value: Any) -> str:
        name = self._first(table, number, "person.name") or self._first(table, number, "household.head_name")
        swapped = name and looks_like_id(name[1]) and is_person_name(plain(value))
        return f"姓名与号码像是填反了：{letters(name[0])}列才是号码" if name and swapped else ""

    def _birth(self, table: Table, number: int) -> tuple[Day, int | None]:
        pair = self._first(table, number, "person.birth_date")
        if not pair:
            return Day(missing=True), None
        day = read_day(pair[1], from_1904=table.from_1904, latest=self.context.as_of)
        known = date(day.year, day.month or 1, 1) if day.year and 1 <= day.year <= 9999 else None
        if day.fault or ((day.value or known) and (day.value or known) > self.context.as_of):  # type: ignore[operator]
            self._warn(table, number, pair[0], Reason.DATE_INVALID)
            return Day(fault=True), pair[0]
        return day, pair[0]

    def _household(self, table: Table, number: int, record: Record) -> None:
        record.file_no = self._text(table, number, "household.file_no").replace(" ", "").upper()
        phones: list[str] = []
        for name in ("household.phone", "person.phone"):
            for column, value in self._values(table, number, name):
                read = read_phones(value)
                phones += read.numbers
                if read.fault:
                    self._warn(table, number, column, Reason.PHONE_INVALID)
        record.phones = tuple(phones)
        pair = self._first(table, number, "household.opened_on")
        if pair and read_day(pair[1], from_1904=table.from_1904).fault:
            self._warn(table, number, pair[0], Reason.DATE_INVALID)
        self._workers(table, number, "household.worker")

    def _person(self, table: Table, number: int, record: Record) -> None:
        for column, value in self._values(table, number, "person.categories"):
            read = read_categories(plain(value), table.headers.get(column, ""))
            if read.unknown:
                self._warn(table, number, column, Reason.CATEGORY_UNKNOWN, "、".join(read.unknown))

    def _named(self, table: Table, number: int, record: Record) -> None:
        name = self._first(table, number, "person.name") or self._first(table, number, "household.head_name")
        record.name = record.name or ("" if "person.name" in table.columns else record.head)
        if not record.name and name:
            self._refuse(table, number, name[0], Reason.NAME_MISSING, record)

    def _day(self, name: str) -> Callable[[Table, int, Record], None]:
        def rule(table: Table, number: int, record: Record) -> None:
            pair = self._first(table, number, name)
            if not pair:
                self._refuse(table, number, None, Reason.DATE_INVALID, record, "没有找到日期列")
                return
            day = read_day(pair[1], from_1904=table.from_1904)
            record.date = day.written
            if day.value is None:
                self._refuse(table, number, pair[0], Reason.DATE_INVALID, record)
            elif day.value > self.context.as_of:
                self._refuse(table, number, pair[0], Reason.DATE_FUTURE, record)

        return rule

    def _visit(self, table: Table, number: int, record: Record) -> None:
        record.mode = mode_of(self._text(table, number, "visit.mode"))
        pair = self._first(table, number, "visit.persons_met")
        record.people = read_count(pair[1]) if pair else None
        self._workers(table, number, "visit.worker")

    def _workers(self, table: Table, number: int, name: str) -> None:
        if self.context.workers is None:
            return
        for column, value in self._values(table, number, name):
            strange = [one for one in names_in(value, self.context.workers) if one not in self.context.workers]
            if strange:
                self._warn(table, number, column, Reason.WORKER_UNKNOWN, "、".join(strange))

    def _activity(self, table: Table, number: int, record: Record) -> None:
        record.name = self._text(table, number, "activity.name")
        times = self._first(table, number, "activity.person_times")
        people = self._first(table, number, "activity.persons")
        counted = read_count(times[1]) if times else None
        record.people = counted if counted is not None else (read_count(people[1]) if people else None)
        self._place_of_activity(table, number, record)

    def _place_of_activity(self, table: Table, number: int, record: Record) -> None:
        """An activity may lack a village, and its place may be a hall: only what says it is a village is judged."""
        pair = self._first(table, number, "activity.village")
        text = plain(pair[1]) if pair else ""
        if is_missing(text) or _EVERYWHERE.match(text):
            record.village = table.village_of_row.get(number) or table.village_of_sheet
            return
        found = self._find_village(table, number, text)
        record.village = found.code or self.gazetteer.begins_with(text)
        if found.fault and pair and says_village(text) and self.context.towns:
            self._refuse(table, number, pair[0], found.fault, record)


def _agree(birth: Day, born: date) -> bool:
    """Whether what is known of a birth date fits a number; a year, or year and month, may."""
    if birth.value:
        return birth.value == born
    return birth.year in (None, born.year) and birth.month in (None, born.month)


@lru_cache(maxsize=512)
def mode_of(text: str) -> str:
    """The manner of a visit by the product's code; other words as they stand."""
    for code, words in MODES:
        if any(word in text for word in words):
            return code or text
    return text


def names_in(value: Any, known: Iterable[str]) -> list[str]:
    """The names in a cell, without titles; one that is known is itself though spaces or brackets stand in it."""
    whole = read_name(value)
    if not whole or whole in known:
        return [whole] if whole else []
    names = (read_name(part) for part in several(value))
    return [name if name in known else untitled(name) for name in names if name]


def readings(table: Table, number: int, context: Context, gazetteer: Gazetteer) -> Mapping[str, Any]:
    """Every value of a row as it is understood, by field: dates as written days, numbers bare, lists of several."""
    found: dict[str, Any] = {}
    row = table.rows[number]
    for name, columns in table.columns.items():
        values = [_at(row, column) for column in columns]
        shape = FIELDS[name].shape
        if shape is Shape.VILLAGE:
            found[name] = gazetteer.find(plain(values[0]), *table.above(number)).code
        else:
            found[name] = _reading(shape, values, context, table)
    return found


def _reading(shape: Shape, values: list[Any], context: Context, table: Table) -> Any:
    first = next((value for value in values if value is not None), None)
    if shape is Shape.DATE:
        return read_day(first, from_1904=table.from_1904, latest=context.as_of).written
    if shape is Shape.ID:
        return read_id(first).number
    if shape is Shape.PHONE:
        return [number for value in values for number in read_phones(value).numbers]
    if shape is Shape.CATEGORY:
        return list(dict.fromkeys(c.label for value in values for c in read_categories(plain(value)).known))
    if shape is Shape.COUNT:
        return read_count(first)
    if shape is Shape.NAME:
        return read_name(first)
    return plain(first)
