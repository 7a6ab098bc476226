"""The move from SQLite to PostgreSQL: all of it arrives and is proved, or nothing does and one line says why."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from shuangbai.moving import MARK, Table, Tally
from shuangbai.reports.results import CODES
from tests import postgres
from tests.demo.test_starting import one_line
from tests.demonstration import SCRIPTS, Installed, free_port

pytestmark = pytest.mark.nodb  # it brings its own databases, the same in every run

SMALL = """
from datetime import date
from django.db import transaction
from shuangbai.cli import prepare_data
prepare_data()
from shuangbai.core.actions import writing
from tests.cast import a_family, a_file, a_visit, an_activity, make_city
with writing():
    city = make_city()
    worker = city.users["worker"]
    for number in range(4):
        family = a_family(city.chengdong, worker, tags=["dibao_rural"] if number % 2 else [], phone="13800000000")
        a_file(family, worker)
        a_visit(city.chengdong, worker, family, narrative="老人血压偏高，提醒按时服药。" * (number + 1))
    an_activity(city.chengdong, worker)
from shuangbai.core import chain
chain.seal()
answer = None
"""
AFTER = """
from datetime import date
from tests.cast import a_family, a_visit
from shuangbai.core import textindex
from shuangbai.households.models import Household
from shuangbai.network.models import OrgUnit, User
worker, station = User.objects.get(username="worker"), OrgUnit.objects.get(code="SW-HF-01")
found = len(textindex.find("血压", owners=[station.pk], limit=50))
phones = sorted(str(household.phone) for household in Household.objects.all())
a_visit(station, worker, a_family(station, worker, acknowledged=True), on=date(2020, 6, 1), narrative="血压")
from shuangbai.core import chain
trail = chain.verify()
then = len(textindex.find("血压", owners=[station.pk], limit=50))
answer = {"faults": [fault.code for fault in trail.faults], "found": found, "then": then, "phones": phones}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture
def target(server: str) -> Iterator[str]:
    """An empty database."""
    name = f"sbmove_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as line:
        line.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        line.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    with psycopg.connect(server, autocommit=True) as line:
        line.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Installed(tmp_path_factory.mktemp("small") / "var")
    made.asks(SMALL)
    return made.data


@pytest.fixture
def source(small: Path, tmp_path: Path) -> Installed:
    return Installed(Path(shutil.copytree(small, tmp_path / "var")))


def content(installed: Installed) -> str:
    """A hash of everything in the source's tables."""
    with sqlite3.connect(installed.data / "shuangbai.sqlite3") as line:
        found = hashlib.blake2b()
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY 1"
        for (name,) in line.execute(query).fetchall():
            found.update(repr(line.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()).encode())
    line.close()
    return found.hexdigest()


def tables(target: str) -> set[str]:
    with psycopg.connect(target) as line:
        return {name for (name,) in line.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def rows(target: str, table: str) -> int:
    with psycopg.connect(target) as line:
        return int(line.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


class TestMoving:
    def test_all_arrives_is_proved_and_can_be_worked_with(self, source: Installed, target: str) -> None:
        before = content(source)
        ran = source.run("move", "--to", target)
        assert ran.code == 0, ran.err
        assert "visits_visit：4 行" in ran.err
        assert f"{len(CODES)} 个数字一致" in ran.err
        assert content(source) == before
        assert MARK not in tables(target)
        moved = Installed(source.data, target)
        done = moved.asks(AFTER)
        assert done == {"faults": [], "found": 4, "then": 5, "phones": ["13800000000"] * 4}
        assert moved.run("report", "results", "--from", "2017-07-01", "--to", "2020-06-06").code == 0

    def test_one_that_was_broken_off_begins_again(self, source: Installed, target: str) -> None:
        moving = subprocess.Popen(
            [SCRIPTS / "shuangbai", "move", "--to", target], env=source.environment(), stderr=subprocess.DEVNULL
        )
        limit = time.monotonic() + 60
        while "visits_visit" not in tables(target) and time.monotonic() < limit and moving.poll() is None:
            time.sleep(0.01)
        os.kill(moving.pid, signal.SIGKILL)
        moving.wait()
        if MARK in tables(target):  # unless it was done before it could be killed
            half = Installed(source.data, target)
            one_line(half.run("web", PORT=str(free_port())), "搬迁没有做完", "shuangbai move")
            ran = source.run("move", "--to", target)
            assert ran.code == 0, ran.err
        assert rows(target, "visits_visit") == 4

    def test_a_row_that_arrives_changed_stops_it(self, source: Installed, target: str) -> None:
        with psycopg.connect(target) as line:
            line.execute(f"CREATE TABLE {MARK} (begun_at timestamptz DEFAULT now())")
        assert Installed(source.data, target).run("manage", "migrate", "--verbosity=0").code == 0
        with psycopg.connect(target) as line:
            line.execute(
                "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
                " $$BEGIN NEW.narrative := NEW.narrative || ' '; RETURN NEW; END$$"
            )
            line.execute("CREATE TRIGGER spoil BEFORE INSERT ON visits_visit FOR EACH ROW EXECUTE FUNCTION spoil()")
        ran = source.run("move", "--to", target)
        assert ran.code == 1
        assert "visits_visit 核对不一致" in ran.err.splitlines()[-1]
        assert rows(target, "households_person") == rows(target, "visits_visit") == 0


class TestRefusing:
    def test_a_target_with_tables_is_left_as_it_is(self, source: Installed, target: str) -> None:
        with psycopg.connect(target) as line:
            line.execute("CREATE TABLE theirs (id int)")
        one_line(source.run("move", "--to", target), "已有数据表")
        assert tables(target) == {"theirs"}

    def test_while_somebody_writes(self, source: Installed, target: str) -> None:
        line = sqlite3.connect(source.data / "shuangbai.sqlite3", isolation_level=None)
        line.execute("BEGIN IMMEDIATE")
        one_line(source.run("move", "--to", target), "正在被写入")
        line.close()
        assert tables(target) == set()

    def test_while_the_product_runs(self, source: Installed, target: str) -> None:
        worker = subprocess.Popen([SCRIPTS / "shuangbai", "worker"], env=source.environment())
        try:
            limit = time.monotonic() + 30
            while not (source.data / "workers").exists() and time.monotonic() < limit:
                time.sleep(0.1)
            one_line(source.run("move", "--to", target), "系统正在运行", "停止")
        finally:
            worker.kill()
            worker.wait()
        assert tables(target) == set()

    def test_a_source_of_another_version(self, source: Installed, target: str) -> None:
        with sqlite3.connect(source.data / "shuangbai.sqlite3") as line:
            line.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('visits', '9999_later', '2020')")
        line.close()
        one_line(source.run("move", "--to", target), "不是这个版本")

    def test_without_a_source(self, tmp_path: Path, target: str) -> None:
        one_line(Installed(tmp_path / "var").run("move", "--to", target), "没有数据可搬")

    def test_from_postgresql(self, source: Installed, target: str) -> None:
        one_line(Installed(source.data, target).run("move", "--to", target), "DATABASE_URL")

    @pytest.mark.parametrize(
        ("url", "said"),
        [("mysql://x/y", "postgres://"), ("postgres://sb:s3cret@127.0.0.1:{port}/city", "目标库连不上")],
    )
    def test_a_wrong_address(self, source: Installed, url: str, said: str) -> None:
        ran = source.run("move", "--to", url.format(port=free_port()))
        one_line(ran, said)
        assert "s3cret" not in ran.err


class TestTheProof:
    KINDS = ("uuid", "boolean", "timestamp with time zone", "numeric", "jsonb", "text")

    def tally(self, *rows: tuple[object, ...]) -> Tally:
        table = Table("t", tuple("abcdef"), self.KINDS)
        found = Tally()
        for row in rows:
            found.add(row, table.writers)
        return found

    SQLITE = ("0196" * 8, 1, "2020-06-06 01:00:00", 1.5, '{"b": 1, "a": "老"}', "赤山")
    POSTGRES = (
        "01960196-0196-0196-0196-019601960196",
        "true",
        "2020-06-06 01:00:00+00",
        "1.50",
        '{"a": "老", "b": 1}',
        "赤山",
    )

    def test_the_same_row_in_either_databases_words(self) -> None:
        assert self.tally(self.SQLITE) == self.tally(self.POSTGRES)

    def test_the_order_of_rows_does_not_matter(self) -> None:
        other = (*self.SQLITE[:5], "北平")
        assert self.tally(self.SQLITE, other) == self.tally(other, self.SQLITE)
        assert self.tally(self.SQLITE, other) != self.tally(self.SQLITE, self.SQLITE)

    @pytest.mark.parametrize(
        ("place", "value"),
        [
            (1, 0),
            (1, None),
            (2, "2020-06-06 01:00:00.000001"),
            (3, "1.51"),
            (4, '{"b": 2, "a": "老"}'),
            (5, "赤山 "),
            (5, ""),
        ],
    )
    def test_every_value_counts(self, place: int, value: object) -> None:
        changed = (*self.SQLITE[:place], value, *self.SQLITE[place + 1 :])
        assert self.tally(changed) != self.tally(self.SQLITE)
