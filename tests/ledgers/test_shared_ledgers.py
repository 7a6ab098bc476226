"""The four ledgers that the project was given, each against its answer key. They stand beside the repository."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shuangbai.ledgers.enums import Kind
from shuangbai.ledgers.judging import Context, readings
from shuangbai.ledgers.marks import FIRST_SHEET
from shuangbai.ledgers.returned import Faults, return_workbook
from shuangbai.ledgers.understanding import Result, as_json, understand
from shuangbai.ledgers.villages import Gazetteer

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "ledgers"
KEYS = sorted(path for path in FOLDER.glob("*.key.json") if path.name != "cross_file.key.json")
pytestmark = pytest.mark.nodb
each_ledger = pytest.mark.parametrize("path", KEYS, ids=lambda path: path.name[:2])


@cache
def key_of(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def context_of(path: Path) -> Context:
    said = key_of(path)["context"]
    return Context(date.fromisoformat(said["as_of"]), tuple(said["towns"]), frozenset(said["workers"]))


@cache
def understood(path: Path) -> Result:
    file = FOLDER / key_of(path)["file"]
    return understand(file.read_bytes(), context_of(path), name=file.stem)


@cache
def printed(path: Path) -> dict[str, Any]:
    return json.loads(json.dumps(as_json(understood(path))))


@each_ledger
def test_the_kind_the_sheets_and_their_headers_are_found(path: Path) -> None:
    key, got = key_of(path), printed(path)
    assert got["kind"] == key["kind"]
    assert [sheet["sheet"] for sheet in got["sheets"]] == key["sheets"]
    assert {sheet["sheet"]: sheet["header_rows"] for sheet in got["sheets"]} == key["header_rows"]


@each_ledger
def test_every_column_has_its_field(path: Path) -> None:
    key = key_of(path)
    for sheet in printed(path)["sheets"]:
        wanted = key.get("mapping_by_sheet", {}).get(sheet["sheet"], key["mapping"])
        assert set(sheet["mapping"]) == set(wanted)
        other = {
            letter: (field, sheet["mapping"][letter])
            for letter, field in wanted.items()
            if sheet["mapping"][letter] not in (field, *key["mapping_accept"].get(letter, ()))
        }
        assert other == {}


@each_ledger
def test_wrong_rows_are_named_each_with_its_column_and_reason(path: Path) -> None:
    wanted = {(one["sheet"], one["row"], one["column"], one["reason_code"]) for one in key_of(path)["rows_invalid"]}
    got = {
        (sheet["sheet"], one["row"], one["column"], one["reason_code"])
        for sheet in printed(path)["sheets"]
        for one in sheet["rows_invalid"]
    }
    assert got == wanted


@each_ledger
def test_warnings_are_those_of_the_key(path: Path) -> None:
    key = key_of(path)
    wrong = {(one["sheet"], one["row"]) for one in key["rows_invalid"]}
    wanted = {_warning(one["sheet"], one) for one in key["warnings"] if (one["sheet"], one["row"]) not in wrong}
    got = {
        _warning(sheet["sheet"], one)
        for sheet in printed(path)["sheets"]
        for one in sheet["warnings"]
        if (sheet["sheet"], one["row"]) not in wrong
    }
    assert got == wanted


def _warning(sheet: str, one: dict[str, Any]) -> tuple[Any, ...]:
    of = one.get("of") or {}
    return sheet, one["row"], one["column"], one["reason_code"], of.get("sheet"), of.get("row"), one.get("basis")


@each_ledger
def test_what_is_counted_is_that_of_the_key(path: Path) -> None:
    names = ("rows_total", "rows_valid", "distinct_households", "distinct_persons", "person_times")
    assert {name: printed(path)[name] for name in names} == {name: key_of(path)[name] for name in names}


@each_ledger
def test_villages_are_those_of_the_key(path: Path) -> None:
    got: dict[str, str] = {}
    for sheet in printed(path)["sheets"]:
        got |= {
            text.split("|")[-1] if "|" not in next(iter(key_of(path)["villages"])) else text: code
            for text, code in sheet["villages"].items()
        }
    assert {text: got.get(text) for text in key_of(path)["villages"]} == key_of(path)["villages"]


@each_ledger
def test_cells_are_read_as_the_samples_say(path: Path) -> None:
    result, context = understood(path), context_of(path)
    gazetteer = Gazetteer(context.towns)
    tables = {sheet.sheet: sheet.table for sheet in result.sheets}
    other = []
    for sample in key_of(path)["samples"]:
        got = readings(tables[sample["sheet"]], sample["row"] - 1, context, gazetteer)
        for field, wanted in sample["expect"].items():
            value = got.get(field)
            same = set(value or ()) == set(wanted or ()) if field == "person.categories" else value == wanted
            if not same and (value or wanted):
                other.append((sample["row"], field, wanted, value))
    assert other == []


@each_ledger
def test_no_row_is_lost(path: Path) -> None:
    for sheet in understood(path).sheets:
        assert len(sheet.table.rows) == len(sheet.records) + len(sheet.not_data)
    ignored = {(one["sheet"], one["row"]) for one in key_of(path)["ignored_rows"]}
    mine = {(sheet["sheet"], one["row"]) for sheet in printed(path)["sheets"] for one in sheet["ignored_rows"]}
    assert ignored <= mine


@pytest.mark.parametrize(
    "path", [path for path in KEYS if path.stat().st_size < 100_000], ids=lambda path: path.name[:2]
)
def test_the_kind_can_be_said(path: Path) -> None:
    key = key_of(path)
    file = FOLDER / key["file"]
    got = understand(file.read_bytes(), context_of(path), name="x", kind=Kind(key["kind"]))
    assert (got.kind, len(got.records)) == (key["kind"], key["rows_total"])


@each_ledger
def test_it_goes_back_marked_and_is_read_as_before(path: Path) -> None:
    key, result = key_of(path), understood(path)
    data = (FOLDER / key["file"]).read_bytes()
    back = return_workbook(data, {one.sheet: Faults(one.wrong, one.warnings) for one in result.sheets})
    again = json.loads(json.dumps(as_json(understand(back, context_of(path), name=Path(key["file"]).stem))))
    left_out = again.pop("left_out")
    assert again == {name: value for name, value in printed(path).items() if name != "left_out"}
    assert left_out == [{"sheet": FIRST_SHEET, "why": "returned"}, *printed(path)["left_out"]]
