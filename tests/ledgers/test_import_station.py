"""`shuangbai import --station` and `import undo`, in the test's own database."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from shuangbai.console import ledgers as command
from shuangbai.households.models import Household
from shuangbai.ledgers.models import Import
from shuangbai.network.models import User
from shuangbai.services.models import ServiceRecord
from tests.cast import City
from tests.ledgers.test_bringing_in import ONE, TWO, VISITS, WRONG, alone, book

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(book(VISITS, ONE, TWO, WRONG))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: Any) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    command.add(parser.add_subparsers(), lambda: None)
    chosen = parser.parse_args(["import", *map(str, arguments)])
    chosen.run(chosen)
    return json.loads(capsys.readouterr().out)


def test_in_again_and_out(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tried = run(capsys, file, "--station", "SW-HF-01", "--dry-run")
    assert (tried["created"], tried["matched"], tried["unchanged"], "id" in tried) == (2, 0, 0, False)
    assert not Import.objects.exists()
    got = run(capsys, file, "--station", "SW-HF-01")
    assert (got["kind"], got["rows_total"], got["rows_valid"], got["created"]) == ("visits", 3, 2, 2)
    assert Import.objects.get(pk=got["id"]).entered_by.username == "head"
    again = run(capsys, file, "--station", "SW-HF-01")
    assert (again["created"], again["unchanged"], "id" in again) == (0, 2, False)
    undone = run(capsys, "undo", got["id"], "--reason", "传错了")
    assert undone == {"id": got["id"], "kept": []}
    assert not ServiceRecord.objects.filter(voided_at__isnull=True).exists()


def test_in_the_name_of_somebody(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    got = run(capsys, file, "--station", "SW-HF-01", "--as", "worker")
    assert Import.objects.get(pk=got["id"]).entered_by.username == "worker"


def test_what_waits_for_a_decision_is_told(
    file: Path, capsys: pytest.CaptureFixture[str], city: City, worker: User
) -> None:
    for phone in ("13900000001", "13900000002"):
        family = alone(city, worker)
        Household.objects.filter(pk=family.household.pk).update(phone=phone)
    got = run(capsys, file, "--station", "SW-HF-01")
    assert (got["created"], got["undecided"]) == (1, 1)
    assert [(one["row"], one["fate"]) for one in got["refused"]] == [(2, "ask")]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--station", "SW-XX-99"], "没有代码是"),
        (["--station", "SW-HF-01", "--as", "nobody"], "没有账号"),
        (["--station", "SW-HF-01", "--as", "officer"], "--as 换一个"),
        (["--station", "SW-CQ-01"], "没有在岗的站长账号"),
        ([], "--station"),
    ],
)
def test_what_is_wrong_is_said(
    file: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=words):
        run(capsys, file, *arguments)
    assert not ServiceRecord.objects.exists()


@pytest.mark.parametrize("key", ["abc", "00000000-0000-4000-8000-000000000000"])
def test_an_import_that_is_not_there(capsys: pytest.CaptureFixture[str], key: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="没有编号"):
        run(capsys, "undo", key)


def test_a_workbook_of_several_stations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], city: City, supervisor: User
) -> None:
    path = tmp_path / "全市.xlsx"
    header = ["所属站", "走访日期", "村居", "户主", "方式", "走访情况"]
    rows = [
        ["城东社工站", "2020-03-05", "赤山村", "林进财", "入户", "好"],
        ["东洲社工站", "2020-03-05", "湖东村", "黄金水", "入户", "好"],
        ["督导中心", "2020-03-05", "长埔村", "陈阿妹", "入户", "好"],
    ]
    path.write_bytes(book(header, *rows))
    tried = run(capsys, path, "--scope", "SW", "--dry-run")
    assert [(one["station"], one["rows_total"]) for one in tried["stations"]] == [("SW-CQ-01", 1), ("SW-HF-01", 1)]
    assert (tried["rows_unassigned"], tried["unclear"]) == (1, {"督导中心": 1})
    assert not Import.objects.exists()
    got = {one["station"]: one for one in run(capsys, path, "--scope", "SW")["stations"]}
    assert got["SW-HF-01"]["created"] == 1
    assert "没有在岗的站长账号" in got["SW-CQ-01"]["error"]
    mapping = tmp_path / "说明.json"
    mapping.write_text('{"stations": {"督导中心": "village"}}', encoding="utf-8")
    again = {one["station"]: one for one in run(capsys, path, "--scope", "SW", "--mapping", mapping)["stations"]}
    assert (again["SW-HF-01"]["created"], again["SW-HF-01"]["unchanged"]) == (0, 1)
    assert "SW-HF-02" in again
    assert ServiceRecord.objects.count() == 1
