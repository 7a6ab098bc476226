"""One demonstration city for the whole run, as a person gets it: built by the console script, served by it too.

    def test_…(demo_city): demo_city.run("report", "results", …)
    def test_…(demo_server, page): page.goto(demo_server + "/")

The first xdist worker begins to build it beside its other tests; whoever asks before it stands waits at a lock. What
browser tests enter goes into a copy, so that the city itself keeps its numbers. The first process of the run clears up.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

SCRIPTS = Path(sysconfig.get_path("scripts"))
ROOT = Path(__file__).resolve().parent.parent
SHARED = "SHUANGBAI_TEST_SHARED"
FROM, TO = "2017-07-01", "2020-06-06"
PERIOD = ("--from", FROM, "--to", TO)
SERVER_SECONDS, STOP_SECONDS = 120, 20
_ahead: list[threading.Thread] = []
_running: list[subprocess.Popen[bytes]] = []  # kept, so that nothing complains of a child that outlives its test


@dataclass(frozen=True)
class Ran:
    """How one run of the console script ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Installed:
    """One installation: a data directory and, on PostgreSQL, a database."""

    data: Path
    url: str = ""

    def environment(self, **more: str) -> dict[str, str]:
        left_out = {"DATABASE_URL", "PORT", "SHUANGBAI_SECRET_KEY"}
        mine = {"SHUANGBAI_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": "config.settings"}
        if self.url:
            mine["DATABASE_URL"] = self.url
        return {name: value for name, value in os.environ.items() if name not in left_out} | mine | more

    def run(self, *words: str, **environment: str) -> Ran:
        """`shuangbai WORDS`, away from the repository, as from anybody's shell."""
        return self._done([str(SCRIPTS / "shuangbai"), *words], **environment)

    def shell(self, line: str, **environment: str) -> Ran:
        """A line of the shell in which `shuangbai` is the console script."""
        path = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
        return self._done(["sh", "-c", line], PATH=path, **environment)

    def asks(self, code: str) -> Any:
        """What Python code leaves in `answer`, run inside this installation."""
        whole = (
            "import sys; from shuangbai.cli import start_django; start_django(); import json\n"
            f"{code}\njson.dump(answer, sys.stdout)"
        )
        ran = self._done([str(SCRIPTS / "python"), "-c", whole], PYTHONPATH=str(ROOT))
        assert ran.code == 0, ran.err
        return json.loads(ran.out)

    def _done(self, command: list[str], **environment: str) -> Ran:
        done = subprocess.run(
            command, env=self.environment(**environment), cwd=tempfile.gettempdir(), capture_output=True, text=True
        )
        return Ran(done.returncode, done.stdout, done.stderr)


# WHAT THE RUN SHARES ---------------------------------------------------------
def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ[SHARED] = tempfile.mkdtemp(prefix="sbdemo-")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin the city now if tests will ask for it: in the order of their files all workers come to it at once."""
    worker = getattr(session.config, "workerinput", {"workerid": ""})["workerid"]
    if worker == "gw0" and any("demo_city" in getattr(item, "fixturenames", ()) for item in session.items):
        _ahead.append(threading.Thread(target=once, args=("city", _build)))
        _ahead[0].start()


def pytest_sessionfinish() -> None:
    """Leave no building behind, though the run was broken off."""
    for thread in _ahead:
        thread.join()


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or SHARED not in os.environ:
        return
    folder = Path(os.environ.pop(SHARED))
    with contextlib.suppress(FileNotFoundError):
        _stop(json.loads((folder / "server.json").read_text())["pid"])
    with contextlib.suppress(FileNotFoundError):
        drop_database(json.loads((folder / "city.json").read_text())["url"])
    shutil.rmtree(folder, ignore_errors=True)


def _stop(pid: int) -> None:
    """Ask the served copy to stop; it takes its web and job processes with it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        for _ in range(STOP_SECONDS * 10):
            with contextlib.suppress(ChildProcessError):  # a worker's child, unless all ran in this process
                os.waitpid(pid, os.WNOHANG)
            os.kill(pid, 0)
            time.sleep(0.1)
        os.killpg(pid, signal.SIGKILL)


def once(name: str, make: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    """What `make` returned to whichever process of the run came first; the others wait for it."""
    folder = Path(os.environ[SHARED])
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = folder / f"{name}.json"
        if not kept.exists():
            kept.write_text(json.dumps(make(folder)), encoding="utf-8")
        return json.loads(kept.read_text(encoding="utf-8"))


# A DATABASE BESIDE THE TESTS' OWN --------------------------------------------
def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def new_database(name: str, template: str = "template1") -> str:
    """A database on the PostgreSQL server of this run, empty or a copy, as a DATABASE_URL; nothing on SQLite."""
    server = os.environ.get("DATABASE_URL", "")
    if not server:
        return ""
    with psycopg.connect(_named(server, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    return _named(server, name)


def drop_database(url: str) -> None:
    if not url:
        return
    # A server that this run brought up itself may be gone already, with all that was on it.
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(_named(url, "postgres"), autocommit=True) as to:
        name = sql.Identifier(urlsplit(url).path.removeprefix("/"))
        to.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Installed]:
    """An installation that nobody has started yet."""
    url = new_database(f"sbfresh_{os.getpid()}")
    yield Installed(tmp_path / "var", url)
    drop_database(url)


# THE CITY --------------------------------------------------------------------
def _build(folder: Path) -> dict[str, Any]:
    city = Installed(folder / "city", new_database(f"sbdemo_{os.getpid()}"))
    ran = city.run("demo", "--no-serve")
    return {"url": city.url, "code": ran.code, "out": ran.out, "err": ran.err}


@dataclass(frozen=True)
class Built(Installed):
    """The demonstration city and how its building went."""

    built: Ran = Ran(0, "", "")


@pytest.fixture(scope="session")
def demo_city() -> Built:
    """The demonstration city; nothing may be written into it."""
    kept = once("city", _build)
    assert kept["code"] == 0, f"the demonstration city was not built: {kept['err']}"
    ran = Ran(kept["code"], kept["out"], kept["err"])
    return Built(Path(os.environ[SHARED]) / "city", kept["url"], ran)


@pytest.fixture(scope="session")
def demo_copy(demo_city: Built) -> Installed:
    """A copy of the city on SQLite, into which tests may write."""

    def copy(folder: Path) -> dict[str, Any]:
        shutil.copytree(demo_city.data, folder / "copy")
        return {}

    once("copy", copy)
    return Installed(Path(os.environ[SHARED]) / "copy")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _serve(city: Installed, folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """The console script serving a city, and its address once it answers."""
    port, said = free_port(), folder / "server.log"
    with said.open("wb") as log:
        process = subprocess.Popen(
            [str(SCRIPTS / "shuangbai"), "serve"], env=city.environment(PORT=str(port)), cwd=folder,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    for _ in range(SERVER_SECONDS * 5):
        if process.poll() is not None or _answers(port):
            break
        time.sleep(0.2)
    assert _answers(port), f"not served: {said.read_text(encoding='utf-8')}"
    return process, f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def demo_server(demo_copy: Installed) -> str:
    """The address of the served copy; one server for all workers of the run."""

    def serve(folder: Path) -> dict[str, Any]:
        process, address = _serve(demo_copy, folder)
        _running.append(process)
        return {"pid": process.pid, "address": address}

    return str(once("server", serve)["address"])


@pytest.fixture
def served_apart(demo_city: Built, tmp_path: Path) -> Iterator[Callable[[Callable[[Installed], object]], str]]:
    """A copy of one test's own: `served_apart(change)` changes it and serves it, and returns its address.

    For what would change the pages of every other test, such as a policy.
    """
    processes: list[subprocess.Popen[bytes]] = []

    def serve(change: Callable[[Installed], object]) -> str:
        city = Installed(tmp_path / "city")
        shutil.copytree(demo_city.data, city.data)
        change(city)
        process, address = _serve(city, tmp_path)
        processes.append(process)
        return address

    yield serve
    for process in processes:
        _stop(process.pid)
        process.wait()
