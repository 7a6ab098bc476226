"""What may be wrong with a machine or a call: one clear line, an exit code that is not zero, nothing half-made."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.demonstration import PERIOD, Built, Installed, Ran, free_port

MONTH = ("--from", "2020-05-01", "--to", "2020-05-31")
INSTALL = """
from datetime import date, datetime, timezone
from shuangbai.cli import prepare_data
from shuangbai.core.models import Installation
prepare_data()
Installation.objects.create(
    id=1, city_name="小城", bureau_name="小城民政局", key_id="k1", made_at=datetime(2020, 6, 6, tzinfo=timezone.utc),
    clock_on={clock_on})
answer = None
"""
TABLES = "from django.db import connection; answer = connection.introspection.table_names()"
HALF_MADE = """
from shuangbai.cli import prepare_data
from shuangbai.core.models import Installation
from shuangbai.households.models import Person
from shuangbai.network.models import OrgUnit
prepare_data()
answer = {"installations": Installation.objects.count(), "units": OrgUnit.objects.count(),
          "people": Person.objects.count()}
"""


def one_line(ran: Ran, *words: str, code: int = 1) -> None:
    """That a run ended with one line that says these words, and wrote no result."""
    assert ran.code == code, ran.err
    assert ran.out == ""
    lines = ran.err.splitlines()
    assert len(lines) == 1, ran.err
    for word in words:
        assert word in lines[0]


def files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*")} if folder.exists() else set()


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of an installation without a family in it, on SQLite."""
    made = Installed(tmp_path_factory.mktemp("small") / "var")
    made.asks(INSTALL.format(clock_on="date(2020, 6, 6)"))
    return made.data


@pytest.fixture
def installed(small: Path, tmp_path: Path) -> Installed:
    """A copy of it for one test."""
    return Installed(Path(shutil.copytree(small, tmp_path / "var")))


class TestTheWordsOfACall:
    def test_an_unknown_code_names_those_there_are(self, demo_city: Built) -> None:
        one_line(demo_city.run("evidence", "X9", *PERIOD), "X9", "V2", "F2")

    def test_an_unknown_scope(self, demo_city: Built) -> None:
        one_line(demo_city.run("report", "results", *PERIOD, "--scope", "SW-XX"), "SW-XX")
        one_line(demo_city.run("evidence", "V2", *PERIOD, "--scope", "SW-XX"), "SW-XX")

    def test_from_after_to(self, demo_city: Built) -> None:
        one_line(demo_city.run("report", "results", "--from", "2020-06-06", "--to", "2017-07-01"), "2017-07-01")

    @pytest.mark.nodb
    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["report", "results", "--from", "6月1日", "--to", "2020-06-06"], "2020-06-06 的样子"),
            (["report", "results", "--from", "2020-06-01"], "--to"),
            (["report", "monthly", *MONTH], "results"),
            (["demos"], "demos"),
            ([], "命令"),
        ],
    )
    def test_words_that_make_no_call(self, tmp_path: Path, words: list[str], said: str) -> None:
        one_line(Installed(tmp_path / "var").run(*words), said, code=2)
        assert files(tmp_path) == set()

    def test_a_report_where_there_is_no_city_yet(self, fresh: Installed) -> None:
        for words in (["report", "results", *MONTH], ["evidence", "V2", *MONTH]):
            one_line(fresh.run(*words), "shuangbai demo")
        assert not fresh.data.exists()


@pytest.mark.nodb
class TestTheDatabase:
    @pytest.mark.parametrize(
        ("command", "url"),
        [
            ("demo", "postgres://sb:s3cret@127.0.0.1:{port}/city"),
            ("demo --no-serve", "mysql://sb:s3cret@127.0.0.1/city"),
            ("demo --no-serve", "postgres//127.0.0.1/city"),
            ("demo --no-serve", "postgres://sb:s3cret@127.0.0.1:fivefour/city"),
            ("serve", "postgres://sb:s3cret@127.0.0.1:{port}/city"),
            ("report results --from 2020-05-01 --to 2020-05-31", "postgres://sb:s3cret@127.0.0.1:{port}/city"),
        ],
        ids=["refused", "of another product", "no address", "no port", "serve", "report"],
    )
    def test_a_wrong_address(self, tmp_path: Path, url: str, command: str) -> None:
        here = Installed(tmp_path / "var", url.format(port=free_port()))
        ran = here.run(*command.split(), PORT=str(free_port()))
        one_line(ran, "DATABASE_URL")
        assert "s3cret" not in ran.err
        assert files(tmp_path) == set()

    def test_a_file_that_is_no_database(self, installed: Installed) -> None:
        database = installed.data / "shuangbai.sqlite3"
        database.write_bytes(b"not a database at all" * 400)
        one_line(installed.run("demo", "--no-serve"), "数据库")
        assert database.read_bytes().startswith(b"not a database")


@pytest.mark.nodb
class TestTheKeys:
    @pytest.mark.parametrize("command", [["demo", "--no-serve"], ["serve"]])
    def test_without_its_key_file_nothing_starts_and_none_is_made(
        self, installed: Installed, command: list[str]
    ) -> None:
        (installed.data / "keys.json").unlink()
        before = files(installed.data)
        one_line(installed.run(*command, PORT=str(free_port())), "keys.json", "备份")
        assert files(installed.data) - before <= {"shuangbai.sqlite3-wal", "shuangbai.sqlite3-shm"}

    def test_a_key_file_without_the_key_in_use(self, installed: Installed) -> None:
        path = installed.data / "keys.json"
        ring = json.loads(path.read_text())
        path.write_text(json.dumps({**ring, "current": "k2", "keys": {"k2": ring["keys"]["k1"]}}))
        one_line(installed.run("demo", "--no-serve"), "k1", "备份")

    def test_a_broken_key_file(self, installed: Installed) -> None:
        (installed.data / "keys.json").write_text("{")
        one_line(installed.run("demo", "--no-serve"), "keys.json", "损坏")

    def test_a_lost_signing_key_only_signs_everybody_out(self, installed: Installed) -> None:
        secret = installed.data / "secret.key"
        secret.unlink()
        assert installed.run("demo", "--no-serve").code == 0
        assert secret.stat().st_mode & 0o777 == 0o600

    def test_an_unknown_cipher(self, tmp_path: Path) -> None:
        fresh = Installed(tmp_path / "var")
        one_line(fresh.run("demo", "--no-serve", SHUANGBAI_CIPHER="rot13"), "SHUANGBAI_CIPHER", "rot13")
        assert "keys.json" not in files(fresh.data)


@pytest.mark.nodb
class TestThePort:
    @pytest.mark.parametrize("command", ["demo", "serve"])
    def test_a_busy_one_is_found_before_anything_is_built(self, tmp_path: Path, command: str) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            one_line(Installed(tmp_path / "var").run(command, PORT=str(port)), str(port), "PORT=")
        assert files(tmp_path) == set()

    @pytest.mark.parametrize("port", ["abc", "0", "70000", "-1"])
    def test_what_is_no_port(self, tmp_path: Path, port: str) -> None:
        one_line(Installed(tmp_path / "var").run("serve", PORT=port), f"PORT={port}")
        assert files(tmp_path) == set()


@pytest.mark.nodb
class TestTheDisk:
    def test_a_directory_that_cannot_be_made(self, tmp_path: Path) -> None:
        in_the_way = tmp_path / "file"
        in_the_way.write_text("")
        one_line(Installed(in_the_way / "var").run("demo", "--no-serve"), str(in_the_way))

    def test_one_that_cannot_be_written(self, tmp_path: Path) -> None:
        locked = tmp_path / "var"
        locked.mkdir(mode=0o555)
        # root may write anywhere but into the kernel's own tree
        folder = Path("/proc/self") if os.geteuid() == 0 else locked
        one_line(Installed(folder).run("demo", "--no-serve"), "数据目录")
        assert files(locked) == set()

    @pytest.mark.parametrize("kilobytes", [0, 64, 8_000], ids=["at the keys", "at the tables", "at the records"])
    def test_a_full_one(self, tmp_path: Path, kilobytes: int) -> None:
        here = Installed(tmp_path / "var")
        with little_room(here.data, kilobytes) as limit:
            ran = here.shell(f"{limit}exec shuangbai demo --no-serve")
            one_line(replace(ran, err="".join(ran.err.splitlines(True)[-1:])), "磁盘")
            assert "Traceback" not in ran.err
            more_room(here.data)
            assert here.asks(HALF_MADE) == {"installations": 0, "units": 0, "people": 0}
            assert not [name for name in files(here.data) if name.startswith(".keys")]


def mounted(*words: str) -> bool:
    return os.geteuid() == 0 and subprocess.run(["mount", *words], capture_output=True).returncode == 0


@contextlib.contextmanager
def little_room(folder: Path, kilobytes: int) -> Iterator[str]:
    """A data directory with so much room: a disk of that size for root, for others a limit on each file.

    Gives the words that go before a command of the shell.
    """
    folder.mkdir()
    disk = mounted("-t", "tmpfs", "-o", f"size={max(kilobytes, 4)}k", "tmpfs", str(folder))
    if disk and not kilobytes:
        (folder / "in the way").write_bytes(b"x" * 4096)
    try:
        yield "" if disk else f"ulimit -f {kilobytes * 2}; "
    finally:
        if disk:
            subprocess.run(["umount", str(folder)], check=True)


def more_room(folder: Path) -> None:
    mounted("-o", "remount,size=200m", str(folder))


class TestStartingOver:
    def test_a_demonstration_is_emptied(self, fresh: Installed) -> None:
        fresh.asks(INSTALL.format(clock_on="date(2020, 6, 6)"))
        keys = (fresh.data / "keys.json").read_bytes()
        assert fresh.asks(f"from shuangbai.demo import city; city.clear(); {TABLES}") == []
        assert (fresh.data / "keys.json").read_bytes() == keys
        fresh.asks(INSTALL.format(clock_on="date(2020, 6, 6)"))

    @pytest.mark.parametrize("words", [["demo", "--reset", "--no-serve"], ["demo", "--no-serve"]])
    def test_a_real_city_is_not(self, fresh: Installed, words: list[str]) -> None:
        fresh.asks(INSTALL.format(clock_on=None))
        one_line(fresh.run(*words), "小城", "正式数据")
        assert fresh.asks("from shuangbai.core.models import Installation; answer = Installation.objects.count()") == 1
