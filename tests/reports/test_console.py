"""What is printed on the server's console leaves a line in the trail, and what is printed is the same."""

from __future__ import annotations

import json

import pytest

from shuangbai import cli
from shuangbai.core import audit
from shuangbai.core.models import AuditEvent
from shuangbai.network.models import User
from tests.cast import City, a_family, a_visit

SPAN = ["--from", "2019-01-01", "--to", "2020-06-06"]


@pytest.fixture(autouse=True)
def at_the_console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "shuangbai")


def test_a_report(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["report", "results", *SPAN]) == 0
    assert json.loads(capsys.readouterr().out)["scope"] == "SW"
    event = AuditEvent.objects.get(kind="report.printed")
    assert audit.sentence(event) == "命令行（shuangbai） 用命令行打印了成效报告：SW，2019-01-01 至 2020-06-06"
    assert event.by_id is None


def test_the_list_behind_a_figure(city: City, worker: User, capsys: pytest.CaptureFixture[str]) -> None:
    a_visit(city.chengdong, worker, a_family(city.chengdong, worker))
    assert cli.main(["evidence", "v2", *SPAN, "--scope", "SW-HF-01"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    event = AuditEvent.objects.get(kind="report.listed")
    assert audit.sentence(event).endswith("逐条打印了 V2 的依据：SW-HF-01，2019-01-01 至 2020-06-06")


def test_a_call_that_makes_no_sense_leaves_none(city: City) -> None:
    assert cli.main(["evidence", "V99", *SPAN]) == 1
    assert not AuditEvent.objects.filter(kind__startswith="report.").exists()
