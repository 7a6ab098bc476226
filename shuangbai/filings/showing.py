"""A report's figures and what changed since, as rows of a page."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from shuangbai.core.privacy import mask_name
from shuangbai.counter.queries import SEALED as UNTOLD
from shuangbai.filings.comparing import Change, FigureChange
from shuangbai.filings.enums import FAULTS, ChangeKind
from shuangbai.filings.gathering import FILE, FROZEN, RECORD, SOURCES, rate_told
from shuangbai.filings.manifest import plain
from shuangbai.filings.verifying import column_name
from shuangbai.households.models import FamilyFile
from shuangbai.network.enums import UnitKind
from shuangbai.reports.evidence import described, titled
from shuangbai.reports.indicators import BY_CODE, RATES, per_cent
from shuangbai.reports.number import SLOW
from shuangbai.reports.queries import Ask
from shuangbai.reports.results import SECTIONS
from shuangbai.services.models import ServiceRecord

CHANGES_SHOWN = 50  # of each kind; how many there are in all is always told


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, or a rate before its two figures (`lists` false: it has no list of its own).

    `now` where today's records give another number. A rate is in per cent, its difference in points of these.
    """

    code: str
    name: str
    unit: str
    definition: str
    value: Any
    now: Any = None
    by: Any = None
    lists: bool = True


Sections = list[tuple[str, list[Row]]]
RATES_TITLE = "建档、跟进与探访率"


def figures_now(ask: Ask) -> dict[str, Any]:
    """The figures of a frozen report as the records are now, for a page that waits for them.

    Those that judge every family one by one are left to stations: a city's families take longer than a page may.
    """
    apart = frozenset() if ask.unit.kind == UnitKind.STATION else SLOW
    return {code: plain(BY_CODE[code].value(ask)) for code in FROZEN if code not in apart}


def live_rows(ask: Ask) -> Sections:
    """The figures as the records are now, section by section."""
    return _sections(figures_now(ask), {}, [rate_told(one) for one in RATES], {})


def figure_rows(header: Mapping[str, Any], differ: Iterable[FigureChange] = ()) -> Sections:
    """The figures as they were frozen, with today's where it differs."""
    values = {code: told["value"] for code, told in header["figures"].items()}
    return _sections(values, header["definitions"], header["rates"], {one.code: one for one in differ})


def _sections(
    values: Mapping[str, Any], definitions: Mapping[str, Any], rates: Sequence[Mapping[str, str]],
    differ: Mapping[str, FigureChange],
) -> Sections:  # fmt: skip
    def row(code: str) -> Row:
        return _row(code, values[code], definitions, differ.get(code))

    sections = [(title, [row(code) for code in codes if code in values]) for title, codes in SECTIONS]
    told = [rate for rate in rates if rate["numerator"] in values and rate["denominator"] in values]
    parts = [(rate, row(rate["numerator"]), row(rate["denominator"])) for rate in told]
    return [*sections, (RATES_TITLE, [one for rate, over, under in parts for one in _of_rate(rate, over, under)])]


def _of_rate(rate: Mapping[str, str], over: Row, under: Row) -> list[Row]:
    """A rate, and the two numbers that it is never told without."""
    was = per_cent(over.value, under.value)
    now = per_cent(*(one.value if one.by is None else one.now for one in (over, under)))
    by = Decimal(now) - Decimal(was) if was and now and was != now else None
    unit = "%" if was else ""  # nothing to be counted has no rate
    told = Row(rate["code"], rate["name"], unit, rate["definition"], was or "—", now or "—", by, lists=False)
    return [told, over, under]


def _row(code: str, value: Any, definitions: Mapping[str, Any], change: FigureChange | None) -> Row:
    told = definitions.get(code) or {
        "name": BY_CODE[code].name, "unit": BY_CODE[code].unit, "definition": BY_CODE[code].definition
    }  # fmt: skip
    now, by = (change.now, change.by) if change else (None, None)
    return Row(code, told["name"], told["unit"], told["definition"], value, now, by)


def parted(rows: Sequence[tuple[str, list[Row]]], *, differ: bool) -> list[tuple[str, list[Row]]]:
    """The figures that differ from today's, or those that do not, in their sections."""
    parts = [(title, [row for row in figures if (row.by is not None) is differ]) for title, figures in rows]
    return [(title, figures) for title, figures in parts if figures]


def station_rows(header: Mapping[str, Any]) -> dict[str, Any] | None:
    """The stations' rows as they were frozen; None for the report of a single station."""
    report = header["report"]
    if len(report["rows"]) < 2:
        return None
    columns = [(code, header["definitions"][code]["name"]) for code in header["columns"]]
    rows = [(row["name"], [(name, row[code]) for code, name in columns]) for row in report["rows"]]
    return {"columns": columns, "rows": rows, "shared": report["shared"]}


def claim_rows(header: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Totals without records as they stood beside the report: in none of its figures, and proved by no fact."""
    names = {code: told["name"] for code, told in header["definitions"].items()}
    return [{**claim, "name": names.get(claim["code"], claim["code"])} for claim in header["report"]["without_records"]]


@dataclass(frozen=True, slots=True)
class Changed:
    """Facts that changed in one way: how many, and the first of them in words."""

    kind: ChangeKind
    number: int
    lines: list["Line"]

    @property
    def more(self) -> int:
        return self.number - sum(line.number for line in self.lines)


@dataclass(frozen=True, slots=True)
class Line:
    """What changed, where and when; the record to open, if it still can be."""

    title: str
    meta: list[str]
    record: ServiceRecord | None
    number: int = 1  # of facts that have no name to be told apart by


def changed_rows(found: Sequence[Change], *, names: bool, secret: Collection[str]) -> list[Changed]:
    """What changed since, by kind; a record and its contacts are one line.

    That a record counts otherwise by `secret` categories alone is not said.
    """
    kinds: dict[ChangeKind, dict[Any, Change]] = {}
    for change in found:
        if change.kind == ChangeKind.RECATEGORISED and change.codes <= {*secret, ""}:
            continue
        kinds.setdefault(change.kind, {}).setdefault(change.record or change.key, change)
    shown = {kind: list(lines.values())[:CHANGES_SHOWN] for kind, lines in kinds.items()}
    ids = {change.record for lines in shown.values() for change in lines if change.record}
    details = ("visit", "activity", "team_service", "group_session__group", "consultation", "handout",
               "meeting", "station", "household", "village")  # fmt: skip
    rows = ServiceRecord.objects.select_related(*details).defer(*UNTOLD).in_bulk(ids)
    files = {change.key for lines in shown.values() for change in lines if change.table == FILE}
    numbers = dict(FamilyFile.objects.filter(pk__in=files).values_list("pk", "number"))
    return [
        Changed(kind, len(kinds[kind]), _together(_line(change, rows, numbers, names) for change in shown[kind]))
        for kind in ChangeKind
        if kind in kinds
    ]


def _line(change: Change, rows: Mapping[Any, ServiceRecord], numbers: Mapping[Any, str], names: bool) -> Line:
    record = rows.get(change.record)
    if record is None:
        what = SOURCES[RECORD if change.record else change.table].name
        columns = "、".join(dict.fromkeys(map(column_name, change.columns)))
        called: Any = numbers.get(change.key)
        if change.kind in FAULTS:  # who looks for it in the database needs its key
            called = change.record or change.key
        return Line(f"{what} {called}" if called else what, [columns] if columns else [], None)
    return Line(titled(record, (lambda name: name) if names else mask_name), described(record), record)


def _together(lines: Iterable[Line]) -> list[Line]:
    """Lines that read the same as one with their number: a key is no name to anybody."""
    found: dict[Any, Line] = {}
    for line in lines:
        key = (line.title, *line.meta, line.record and line.record.pk)
        found[key] = replace(line, number=found[key].number + 1) if key in found else line
    return list(found.values())
