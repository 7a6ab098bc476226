"""A workbook about several stations: for which of them each row is, and the workbook that each of them gets."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shuangbai.core import clock
from shuangbai.core.characters import folded
from shuangbai.ledgers.converting import as_xlsx
from shuangbai.ledgers.letters import letters
from shuangbai.ledgers.queries import codes_of, context_of_all, posted_ever
from shuangbai.ledgers.reading import Book, Sheet
from shuangbai.ledgers.told import Row
from shuangbai.ledgers.understanding import Result
from shuangbai.network.access import under
from shuangbai.network.models import Coverage, OrgUnit
from shuangbai.network.queries import open_stations

# What a word in the column of stations can be said to mean, besides a station: nothing, so that the village decides.
BY_VILLAGE = "village"
LOOKED_AT = 400  # rows of a sheet in which its column of stations is looked for
LONGEST = 30  # characters of what may be the name of a station
_STATION = re.compile(r"(?:双百)?(?:社会工作|社工)?(?:服务)?(?:中心)?(?:总)?[站点]?$")
_TOWN = re.compile(r"(?:镇|街道办事处|街道办|街道|乡)$")
_TO_PICK = "不是所管的站"
_NOWHERE = "没有写明是哪个站，村居也不在所管各站的覆盖范围，请补上站名"
_SEVERAL = "这个村居有几个站在做，请写明是哪个站"


@dataclass(slots=True)
class Assigned:
    """For which station each row is, beside the rows; why a row is for none, by its number."""

    stations: list[UUID | None]
    reasons: dict[int, str] = field(default_factory=dict)
    unclear: Counter[str] = field(default_factory=Counter)

    def places(self, rows: Sequence[Row]) -> dict[UUID, dict[str, set[int]]]:
        """By station, then by sheet, the rows that are for it."""
        found: dict[UUID, dict[str, set[int]]] = {}
        for station, row in zip(self.stations, rows, strict=True):
            if station:
                found.setdefault(station, {}).setdefault(row.sheet, set()).add(row.row)
        return found


class Stations:
    """The open stations of a unit: what they are called, which villages they serve, who works there."""

    def __init__(self, owner: OrgUnit) -> None:
        today = clock.today()
        self.all = {one.pk: one for one in open_stations(OrgUnit.objects.filter(under([owner.path])), today)}
        self.context = context_of_all(list(self.all.values()))
        rows = Coverage.objects.on(today).filter(station__in=list(self.all)).values_list("station_id", "village_id")
        codes = codes_of({village for _, village in rows})
        self.of_village: dict[str, set[UUID]] = defaultdict(set)
        for station, village in rows:
            if village in codes:
                self.of_village[codes[village]].add(station)
        self.of_worker: dict[str, set[UUID]] = defaultdict(set)
        for station, name in posted_ever(self.all):
            self.of_worker[folded(name)].add(station)
        self.names: list[dict[str, set[UUID]]] = [defaultdict(set) for _ in range(3)]
        for unit in OrgUnit.objects.filter(pk__in=list(self.all)).select_related("town"):
            town = unit.town.name if unit.town else ""
            for level, texts in enumerate(zip(_forms(unit.name), _forms(unit.code), _forms(town), strict=True)):
                for text in filter(None, texts):
                    self.names[level][text].add(unit.pk)

    def called(self, text: str) -> UUID | None:
        """The station that is called so: by its whole name or code, without 社工站, without 镇 too; None of several."""
        for level, form in enumerate(_forms(text)):
            found = self.names[level].get(form, set())
            if form and len(found) == 1:
                return next(iter(found))
        return None

    def by_place(self, row: Row) -> tuple[UUID | None, str]:
        """Of a row that names no station: the one of its village, else that of its workers; why none."""
        serving = self.of_village.get(row.said.get("village", ""), set())
        if len(serving) == 1:
            return next(iter(serving)), ""
        named = [*row.said.get("workers", ()), *row.said.get("keepers", ())]
        working = set().union(*(self.of_worker.get(folded(name), set()) for name in named))
        both = serving & working if serving else working
        if len(both) == 1:
            return next(iter(both)), ""
        return None, _SEVERAL if serving else _NOWHERE


def _forms(text: str) -> tuple[str, str, str]:
    whole = folded(text)
    bare = _STATION.sub("", whole)
    return whole, bare, _TOWN.sub("", bare) if len(_TOWN.sub("", bare)) > 1 else bare


def assign(rows: Sequence[Row], stations: Stations, said: Mapping[str, str]) -> Assigned:
    """Each row to its station. `said`: what somebody picked for words that are no station, a code or BY_VILLAGE."""
    columns = {sheet: _column(some, stations) for sheet, some in _by_sheet(rows).items()}
    codes = {one.code: pk for pk, one in stations.all.items()}
    of_text: dict[str, UUID | None] = {}
    found = Assigned([None] * len(rows))
    for number, row in enumerate(rows):
        text = _cell(row, columns[row.sheet]) or (row.sheet if stations.called(row.sheet) else "")
        if text not in of_text:
            of_text[text] = codes.get(said.get(text, "")) or stations.called(text)
        station, why = of_text[text], ""
        if station is None and text and said.get(text) != BY_VILLAGE:
            found.unclear[text] += 1
            why = f"「{text}」{_TO_PICK}"
        elif station is None:
            station, why = stations.by_place(row)
        found.stations[number] = station
        if why:
            found.reasons[number] = why
    return found


def _by_sheet(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.sheet, []).append(row)
    return found


def _column(rows: Sequence[Row], stations: Stations) -> str:
    """The letter of the column that names stations; "" where there is none.

    A column of towns names them as well: 站 stands above it or in it. Above it, one known station is enough, since
    others may be somebody else's; else half of what stands in it are stations.
    """
    full: Counter[str] = Counter()
    named: Counter[str] = Counter()
    above: set[str] = set()
    for row in rows[:LOOKED_AT]:
        for letter, header, text in row.cells:
            full[letter] += 1
            above |= {letter} if "站" in header else set()
            named[letter] += bool(len(text) <= LONGEST and ("站" in text or letter in above) and stations.called(text))
    fitting = [letter for letter, many in named.items() if many and (letter in above or many * 2 >= full[letter])]
    return max(fitting, key=lambda letter: named[letter] / full[letter], default="")


def _cell(row: Row, letter: str) -> str:
    return next((text for one, _, text in row.cells if one == letter), "") if letter else ""


# THE PART OF A STATION ---------------------------------------------------------


def part_of(result: Result, book: Book, rows: Mapping[str, Collection[int]]) -> tuple[bytes, dict[str, Any]]:
    """A workbook with these rows (by sheet, from 1) where they stood, and what its columns mean.

    Titles and headers are kept, rows of other stations are blank, whatever stood once over several rows stands in
    each, and other sheets are left out: nobody else's name goes along.
    """
    sheets, meanings = [], []
    for one in result.sheets:
        if not rows.get(one.sheet):
            continue
        kept = rows[one.sheet]
        start = one.layout.start
        top = {number for number, why in one.not_data if number < start or why in ("header", "banner")}
        lines = [
            list(values) if number in top or number + 1 in kept else []
            for number, values in enumerate(one.table.rows[: max(*kept, start)])
        ]
        sheet = next(sheet for sheet in book.sheets if sheet.name == one.sheet)
        sheets.append(Sheet(one.sheet, lines, [merge for merge in sheet.merges if merge[2] < start]))
        meanings.append({letters(column): guess.field for column, guess in enumerate(one.guesses)})
    data, names = as_xlsx(Book(sheets))
    return data, dict(zip(names, meanings, strict=True))
