"""The install guide and its files agree with one another; following them is `make try-install`."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.install.guide import GUIDES, ROOT, blocks

pytestmark = pytest.mark.nodb
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def test_both_languages_give_the_same_commands() -> None:
    english, chinese = map(blocks, GUIDES)
    assert english == chinese
    assert len(english) >= 12


def test_every_file_that_a_block_takes_from_deploy_is_there() -> None:
    named = {
        name for block in blocks(GUIDES[0]) for name in re.findall(r"(?:current/)?deploy/([\w.*-]+)", block.commands)
    }
    assert named
    for name in named:
        assert list(DEPLOY.glob(name)), name


def test_no_command_of_the_product_is_unknown() -> None:
    from shuangbai.cli import parser

    known = parser().format_help()
    commands = {word for block in blocks(GUIDES[0]) for word in re.findall(r"^shuangbai (\w+)", block.commands, re.M)}
    commands |= {line.split()[-1] for unit in UNITS for line in unit.read_text().splitlines() if "ExecStart=" in line}
    assert {"web", "worker", "periodic", "backup"} <= commands
    for command in commands:
        assert f" {command} " in known.replace("\n", " "), command


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_closed_in(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    for line in ("User=shuangbai", "UMask=0077", "NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes",
                 "CapabilityBoundingSet=", "KillMode=mixed", "EnvironmentFile=/etc/shuangbai/env"):  # fmt: skip
        assert f"\n{line}\n" in text, line


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_has_no_complaint(unit: Path, tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze found: the unit files")
    text = re.sub(r"^(Exec\w+=)/opt\S+", r"\1/bin/true", unit.read_text(encoding="utf-8"), flags=re.M)
    (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", tmp_path / unit.name], capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if unit.name in line and "Failed to" not in line]
    assert not complaints


def test_the_environment_file_names_settings_that_are_documented() -> None:
    told = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    for line in (DEPLOY / "env").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            assert line.partition("=")[0] in told, line


def test_no_query_string_reaches_a_log_of_nginx() -> None:
    conf = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    logged = re.search(r"log_format shuangbai '([^']*)'", conf)
    assert logged
    assert not re.search(r"\$(request\b|request_uri|args|query_string|http_referer)", logged[1])
    assert re.search(r"error_log \S+ crit;", conf)
