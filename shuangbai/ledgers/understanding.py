"""A workbook understood from end to end, without a database and without writing anything."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shuangbai.ledgers import counting
from shuangbai.ledgers.cells import plain
from shuangbai.ledgers.enums import FIELDS, Kind, Reason
from shuangbai.ledgers.headers import Label
from shuangbai.ledgers.judging import Context, Issue, Judge, Record, Table, fill_down, repeat_dittos
from shuangbai.ledgers.layout import Layout, find_layout, give_years, why_not_data
from shuangbai.ledgers.letters import column_of, letters
from shuangbai.ledgers.looks import Look, look_at
from shuangbai.ledgers.mapping import Column, Guess, likelihoods, map_columns
from shuangbai.ledgers.marks import is_first_sheet
from shuangbai.ledgers.reading import Book, Sheet, open_book
from shuangbai.ledgers.villages import Found, Gazetteer

_TOWN_WORDS, _COUNTY_WORDS = ("镇", "街", "乡"), ("县", "区", "市")
_MONTH = re.compile(r"月|季|(?:19|20)\d\d[-.年]?(?:0?[1-9]|1[0-2])?$")
Wanted = Mapping[str, Any]


@dataclass(slots=True)
class SheetResult:
    """What was understood of one sheet."""

    sheet: str
    layout: Layout
    guesses: list[Guess]
    table: Table
    not_data: list[tuple[int, str]] = field(default_factory=list)
    wrong: list[Issue] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    villages: dict[str, Found] = field(default_factory=dict)

    @property
    def rows_valid(self) -> int:
        return sum(not record.wrong for record in self.records)


@dataclass(slots=True)
class Result:
    """What was understood of a file. `left_out`: sheets that were not read and why."""

    kind: Kind | None
    context: Context
    sheets: list[SheetResult] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    distinct_households: int | None = None
    distinct_persons: int | None = None
    person_times: int | None = None

    @property
    def records(self) -> list[Record]:
        return [record for sheet in self.sheets for record in sheet.records]


@dataclass(slots=True)
class _Seen:
    """A sheet with its layout and the looks of its columns."""

    sheet: Sheet
    layout: Layout
    columns: list[Column] = field(default_factory=list)
    full: list[int] = field(default_factory=list)


def understand(
    data: bytes, context: Context, *, name: str = "", kind: Kind | None = None, wanted: Wanted | None = None
) -> Result:
    """The file in these bytes, as far as it tells by itself.

    `name` is the file's name, `wanted` a mapping that somebody decided: column letters to fields, or sheets to such.
    Raises zipped.Unopenable for a file that cannot be read.
    """
    book = open_book(data)
    ours = [sheet.name for sheet in book.sheets if is_first_sheet(sheet.rows)]
    book.sheets = [sheet for sheet in book.sheets if sheet.name not in ours]
    gazetteer = Gazetteer(context.towns)
    seen = _look_through(book, gazetteer, context, name)
    left_out = [(name, "returned") for name in ours]
    left_out += [(sheet.name, "hidden") for sheet in book.sheets if sheet.hidden]
    kind, fitting = _choose_kind(seen, kind, name)
    result = Result(kind, context, left_out=left_out)
    for one in seen:
        if kind is None or one.sheet.name not in fitting:
            result.left_out.append((one.sheet.name, "no_table"))
            continue
        found = _understand_sheet(one, kind, Judge(kind, context, gazetteer), wanted, book)
        if found.records:
            result.sheets.append(found)
        else:
            result.left_out.append((one.sheet.name, "empty"))
    if kind is not None:
        _count(result, kind)
    return result


def _look_through(book: Book, gazetteer: Gazetteer, context: Context, name: str) -> list[_Seen]:
    """Every sheet that is not hidden; sheets with the same header are looked at together."""
    seen = [_Seen(sheet, find_layout(sheet)) for sheet in book.sheets if not sheet.hidden]
    for one in seen:
        give_years(one.sheet.rows, one.layout, [one.sheet.name, *one.layout.titles, name])
        one.full = _full_rows(one.sheet.rows, one.layout.start)
    alike: dict[tuple[Any, ...], list[_Seen]] = {}
    for number, one in enumerate(seen):
        key = (*one.layout.labels,) if one.layout.header_rows else (number,)
        alike.setdefault(key, []).append(one)
    for group in alike.values():
        width = group[0].layout.width
        looks = [_look(group, column, gazetteer, context) for column in range(width)]
        for one in group:
            _leave_halves(one.layout.labels, looks)
            one.columns = [Column(label, look) for label, look in zip(one.layout.labels, looks, strict=True)]
    return seen


def _leave_halves(labels: list[Label], looks: Sequence[Look]) -> None:
    """A header merged over two columns of which the second is empty all the way down is the first's alone."""
    for column in range(len(labels) - 1, 0, -1):
        if not looks[column].count and labels[column] == labels[column - 1]:
            labels[column] = Label()


def _full_rows(rows: Sequence[Sequence[Any]], start: int) -> list[int]:
    """Rows with about as many cells as most have: what a column looks like is not asked of notes and signatures."""
    counts = {number: sum(value is not None for value in rows[number]) for number in range(start, len(rows))}
    usual = sorted(count for count in counts.values() if count)
    least = usual[len(usual) // 2] * 0.4 if usual else 0
    return [number for number, count in counts.items() if count and count >= least]


def _look(group: Sequence[_Seen], column: int, gazetteer: Gazetteer, context: Context) -> Look:
    values = []
    for one in group:
        for number in one.full:
            row = one.sheet.rows[number]
            if column < len(row) and row[column] is not None and (number, column) not in one.layout.filled:
                values.append(row[column])
    return look_at(values, gazetteer.is_in_one, context.as_of, context.workers)


def _choose_kind(seen: Sequence[_Seen], kind: Kind | None, name: str) -> tuple[Kind | None, set[str]]:
    """The kind that explains the sheets best, and the sheets that are of it."""
    totals: dict[Kind, float] = dict.fromkeys(Kind, 0.0)
    by_sheet: dict[str, dict[Kind, float]] = {}
    for one in seen:
        if not one.layout.labels or len(one.sheet.rows) <= one.layout.start:
            continue
        scores = likelihoods(one.columns, [*one.layout.titles, one.sheet.name, name])
        by_sheet[one.sheet.name] = scores
        if max(scores.values()) > 0:
            weight = min(len(one.sheet.rows) - one.layout.start, 30)
            for key, score in scores.items():
                totals[key] += weight * max(score, -5.0)
    if kind is None:
        best = max(totals, key=lambda key: totals[key])
        kind = best if totals[best] > 0 else None
    if kind is None:
        return None, set()
    return kind, {sheet for sheet, scores in by_sheet.items() if scores[kind] > 0}


def _understand_sheet(one: _Seen, kind: Kind, judge: Judge, wanted: Wanted | None, book: Book) -> SheetResult:
    sheet, layout = one.sheet, one.layout
    guesses = _with_wanted(_of_heads(one, map_columns(one.columns, kind), kind), sheet.name, wanted)
    for column, year in layout.day_parts.items():
        guesses[column] = Guess(guesses[year].field, guesses[year].confidence, "年、月、日分在三列，合起来是一个日期")
    mapped = {
        column: guess.field for column, guess in enumerate(guesses) if guess.field and column not in layout.day_parts
    }
    columns: dict[str, list[int]] = {}
    for column, meaning in mapped.items():
        columns.setdefault(meaning, []).append(column)
    not_data, numbers, banners = _sort_rows(one, mapped, judge.gazetteer)
    table = Table(sheet.name, sheet.rows, numbers, columns, filled=layout.filled, from_1904=book.from_1904)
    table.headers = {column: label.text for column, label in enumerate(layout.labels)}
    table.village_of_row = banners
    _note_places(table, one, guesses, judge.gazetteer)
    repeat_dittos(table)
    fill_down(table, kind)
    found = SheetResult(sheet.name, layout, guesses, table, not_data)
    found.records = list(judge.judge(table))
    found.wrong, found.warnings, found.villages = judge.wrong, judge.warnings, judge.villages
    return found


def _of_heads(one: _Seen, guesses: list[Guess], kind: Kind) -> list[Guess]:
    """户主 with a number in rows where 家庭成员 is empty: the rows are about the heads, and the members are a note.

    Else the head's number would be that of whoever stands among the members.
    """
    place = {guess.field: column for column, guess in enumerate(guesses) if guess.field}
    head, name, number = (place.get(f) for f in ("household.head_name", "person.name", "person.id_number"))
    if kind not in (Kind.PERSONS, Kind.ROSTER) or head is None or name is None or number is None:
        return guesses
    rows = [one.sheet.rows[n] for n in one.full]
    named = [row for row in rows if len(row) > max(head, number) and row[head] is not None and row[number] is not None]
    alone = sum(len(row) <= name or row[name] is None for row in named)
    if alone * 4 < len(named) or not alone:
        return guesses
    found = list(guesses)
    found[name] = Guess(None, 0.6, "好些行没有填而证号照有：证号是户主的，这一列作为备注保留")
    found[head] = Guess("person.name", guesses[head].confidence, f"{guesses[head].reason}，一行说的是户主本人")
    return found


def _with_wanted(guesses: list[Guess], sheet: str, wanted: Wanted | None) -> list[Guess]:
    """The guesses with what somebody decided put over them. Fields that do not exist are left aside."""
    inner = (wanted or {}).get(sheet)
    decided = inner if isinstance(inner, Mapping) else (wanted or {})
    for letter, meaning in decided.items():
        column = column_of(letter)
        if column is not None and column < len(guesses) and (meaning is None or meaning in FIELDS):
            guesses[column] = Guess(meaning, 1.0, "人工指定")
    return guesses


def _sort_rows(
    one: _Seen, mapped: dict[int, str], gazetteer: Gazetteer
) -> tuple[list[tuple[int, str]], list[int], dict[int, str]]:
    """Rows that are no data, with why; those that are; and the village that a banner above gives them."""
    not_data = [
        (number, "header" if number + 1 in one.layout.header_rows else "title") for number in range(one.layout.start)
    ]
    numbers: list[int] = []
    villages: dict[int, str] = {}
    current: str | None = None
    for number in range(one.layout.start, len(one.sheet.rows)):
        why = why_not_data(one.sheet.rows, number, one.layout, mapped)
        if why:
            not_data.append((number, why))
            if why in ("banner", "blank"):
                text = next((plain(v) for v in one.sheet.rows[number] if v is not None and plain(v)), "")
                text = _without_label(text)
                current = gazetteer.find(text).code or current if text else current
            continue
        numbers.append(number)
        if current:
            villages[number] = current
    return not_data, numbers, villages


def _without_label(text: str) -> str:
    """东一村 of 村居：东一村."""
    return text.rpartition(":")[2].strip()


def _note_places(table: Table, one: _Seen, guesses: Sequence[Guess], gazetteer: Gazetteer) -> None:
    """The columns that name towns and counties, and the village that the sheet's name gives."""
    for column, guess in enumerate(guesses):
        text = one.layout.labels[column].text
        if guess.field or not one.columns[column].look.count:
            continue
        common = one.columns[column].look.common
        if sum(map(gazetteer.names_above, common)) * 2 <= len(common):
            continue
        if table.town_column is None and (any(word in text for word in _TOWN_WORDS) or not text):
            table.town_column = column
        elif table.county_column is None and any(word in text for word in _COUNTY_WORDS):
            table.county_column = column
    if not {"household.village", "activity.village"} & set(table.columns):
        found = gazetteer.find(one.sheet.name).code if one.sheet.name else None
        titles = (gazetteer.find(_without_label(title)).code for title in one.layout.titles if len(title) < 20)
        table.village_of_sheet = found or next((code for code in titles if code), None)


def _count(result: Result, kind: Kind) -> None:
    records = result.records
    if kind is Kind.VOLUNTEERS:
        result.distinct_persons = counting.people(records)
    elif kind is not Kind.ACTIVITIES:
        named = any({"household.head_name", "household.file_no"} & set(sheet.table.columns) for sheet in result.sheets)
        of_visits = kind is Kind.VISITS and any("person.name" in sheet.table.columns for sheet in result.sheets)
        if named or of_visits:
            result.distinct_households = counting.note_families(records, kind)
        if any(_names_people(sheet, kind) for sheet in result.sheets):
            result.distinct_persons = counting.people(records)
    ids = {
        s.sheet: letters(s.table.columns["person.id_number"][0])
        for s in result.sheets
        if "person.id_number" in s.table.columns
    }
    by_name = {sheet.sheet: sheet for sheet in result.sheets}
    twice = set()
    for name, issue in counting.duplicates(records, kind, ids, a_sheet=kind is Kind.ROSTER and _are_months(result)):
        by_name[name].warnings.append(issue)
        twice.add((name, issue.row))
    for sheet in result.sheets:
        sheet.warnings.sort(key=lambda issue: issue.row)
    counted = {"visit.persons_met", "activity.persons", "activity.person_times"}
    if any(counted & set(sheet.table.columns) for sheet in result.sheets):
        result.person_times = sum(
            record.people or 0 for record in records if not record.wrong and (record.sheet, record.row) not in twice
        )


def _names_people(sheet: SheetResult, kind: Kind) -> bool:
    """Whether rows are about people by name: of visits those who were met, where they stand beside the head."""
    own = "person.name" in sheet.table.columns
    if kind is Kind.VISITS:
        return own and "household.head_name" in sheet.table.columns
    return own or kind is not Kind.HOUSEHOLDS


def _are_months(result: Result) -> bool:
    """Whether each sheet is the list of a month, on which the same people stand again."""
    return len(result.sheets) > 1 and all(_MONTH.search(sheet.sheet) for sheet in result.sheets)


def as_json(result: Result) -> dict[str, Any]:
    """The result as the command line prints it. Nothing is written, so what would be created is not known: null.

    The kinds and fields of the answer keys know no volunteers: a list of them is one of persons there, which says
    `register: volunteers`, and what only a volunteer has stands apart from the mapping.
    """
    volunteers = result.kind is Kind.VOLUNTEERS
    return {
        "kind": Kind.PERSONS if volunteers else result.kind,
        **({"register": result.kind} if volunteers else {}),
        "sheets": [_sheet_json(sheet) for sheet in result.sheets],
        "left_out": [{"sheet": name, "why": why} for name, why in result.left_out],
        "rows_total": len(result.records),
        "rows_valid": sum(sheet.rows_valid for sheet in result.sheets),
        "distinct_households": result.distinct_households,
        "distinct_persons": result.distinct_persons,
        "person_times": result.person_times,
        "created": None,
        "matched": None,
        "unchanged": None,
    }


def _beyond(field: str | None) -> bool:
    """Whether a field is one that only a volunteer has."""
    return bool(field) and str(field).startswith("volunteer.")


def _sheet_json(sheet: SheetResult) -> dict[str, Any]:
    mapped = {letters(column): guess.field for column, guess in enumerate(sheet.guesses)}
    beyond = {column: field for column, field in mapped.items() if _beyond(field)}
    return {
        "sheet": sheet.sheet,
        "header_rows": sheet.layout.header_rows,
        "mapping": {column: None if column in beyond else field for column, field in mapped.items()},
        **({"volunteers": beyond} if beyond else {}),
        "columns": {
            letters(column): {"header": label.text, "confidence": guess.confidence, "reason": guess.reason}
            for column, (label, guess) in enumerate(zip(sheet.layout.labels, sheet.guesses, strict=True))
        },
        "rows_total": len(sheet.records),
        "rows_valid": sheet.rows_valid,
        "rows_invalid": [_issue_json(issue) for issue in sheet.wrong],
        "warnings": [_issue_json(issue) for issue in sheet.warnings],
        "ignored_rows": [{"row": number + 1, "why": why} for number, why in sheet.not_data],
        "villages": {text: found.code or (found.fault or Reason.VILLAGE_UNKNOWN).removeprefix("village_")
                     for text, found in sheet.villages.items()},
    }  # fmt: skip


def _issue_json(issue: Issue) -> dict[str, Any]:
    found: dict[str, Any] = {
        "row": issue.row, "column": issue.column, "reason_code": issue.reason, "sentence": issue.sentence,
    }  # fmt: skip
    if issue.merged_at is not None:
        found["merged_at"] = issue.merged_at
    if issue.duplicate_of is not None:
        sheet, row = issue.duplicate_of
        found |= {"of": {"sheet": sheet, "row": row}, "basis": issue.basis}
    return found
