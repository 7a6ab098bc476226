"""`shuangbai import --dry-run`: one JSON object on standard output, without a database."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shuangbai.cli import main
from tests.ledgers import writing

pytestmark = pytest.mark.nodb
LINES = [
    ["走访日期", "村居", "户主", "走访社工"],
    ["2019.3.5", "东一村", "林进财", "陈小玲"],
    ["2019.2.30", "石头埔村", "孙二弟", "某某某"],
]
CONTEXT = {"scope": "town", "towns": ["441502005"], "workers": ["陈小玲"], "as_of": "2026-11-23"}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    ledger, context = tmp_path / "台账.xlsx", tmp_path / "context.json"
    ledger.write_bytes(writing.xlsx({"台账": LINES}))
    context.write_text(json.dumps(CONTEXT), encoding="utf-8")
    return ledger, context


def run(capsys: pytest.CaptureFixture[str], *arguments: Any) -> dict[str, Any]:
    assert main(["import", *map(str, arguments), "--dry-run"]) == 0
    return json.loads(capsys.readouterr().out)


def test_what_it_prints(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    ledger, context = files
    got = run(capsys, ledger, "--kind", "auto", "--context", context, "--format", "json")
    [sheet] = got["sheets"]
    assert got["kind"] == "visits"
    assert (got["rows_total"], got["rows_valid"], got["distinct_households"], got["person_times"]) == (2, 1, 1, None)
    assert (got["created"], got["matched"], got["unchanged"]) == (None, None, None)
    assert sheet["mapping"] == {
        "A": "visit.date",
        "B": "household.village",
        "C": "household.head_name",
        "D": "visit.worker",
    }
    assert [(one["row"], one["column"], one["reason_code"]) for one in sheet["rows_invalid"]] == [
        (3, "B", "village_unknown"), (3, "A", "date_invalid"),
    ]  # fmt: skip
    assert [(one["row"], one["column"], one["reason_code"]) for one in sheet["warnings"]] == [
        (3, "D", "worker_unknown")
    ]


def test_a_mapping_and_a_kind_can_be_given(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ledger, context = files
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"D": null}', encoding="utf-8")
    got = run(capsys, ledger, "--kind", "visits", "--context", context, "--mapping", mapping)
    assert got["sheets"][0]["mapping"]["D"] is None
    assert got["sheets"][0]["warnings"] == []


def test_workers_of_several_stations_and_an_unknown_context(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ledger, context = files
    context.write_text(
        json.dumps({"stations": {"甲": {"workers": ["某某某"]}}, "as_of": "2026-11-23"}), encoding="utf-8"
    )
    got = run(capsys, ledger, "--context", context)
    assert [one["row"] for one in got["sheets"][0]["warnings"]] == [2]
    assert run(capsys, ledger)["rows_valid"] == 1


def test_what_cannot_be_read_is_one_line_and_an_exit_code(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04")
    assert main(["import", str(broken), "--dry-run"]) == 1
    assert main(["import", str(tmp_path / "没有.xlsx"), "--dry-run"]) == 1
    assert main(["import", str(files[0])]) == 1
    assert main(["import", str(files[0]), "--dry-run", "--context", str(broken)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 4


def test_it_starts_without_django(files: tuple[Path, Path]) -> None:
    """So that a file can be looked at where nothing is installed yet, and at once; nor need the day be told."""
    code = (
        "import sys; from shuangbai.cli import main;"
        "main(sys.argv[1:]); import django.apps; assert not django.apps.apps.ready, 'Django was set up'"
    )
    call = [sys.executable, "-c", code, "import", str(files[0]), "--dry-run"]
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    for more in ([], ["--context", str(files[1])]):
        done = subprocess.run([*call, *more], env=bare, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["rows_total"] == 2
