"""The demonstration city on either database, served as in production, and what can be done to its programs."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reliability.client import Client, over_port
from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
# What an ordinary server keeps; the throwaway server of the tests does without it.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "max_wal_size": "2GB"}
PASSWORD = "shuangbai-2020"  # noqa: S105  of the demonstration
READY_SECONDS = 180
# Every account of the city gets the password that the shown ones have: a Monday needs more than eight people.
PEOPLE = """
from shuangbai.core.actions import writing
from shuangbai.network.models import User
with writing():
    User.objects.update(password=User.objects.get(username="worker").password)
"""


@dataclass
class Installation:
    """A data directory, a database, and the programs that serve them."""

    data: Path
    url: str = ""
    port: int = 0
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    beside: Path | None = None  # a directory from which its programs import as well

    @property
    def vendor(self) -> str:
        return "PostgreSQL" if self.url else "SQLite"

    def environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "SHUANGBAI_BIND"}}
        path = os.pathsep.join(map(str, filter(None, (ROOT, self.beside))))
        own |= {"SHUANGBAI_DATA": str(self.data), "PYTHONPATH": path, "PORT": str(self.port)}
        return own | ({"DATABASE_URL": self.url} if self.url else {})

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "shuangbai", *words]
        return subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)

    def code(self, text: str) -> str:
        """Run Python inside the installation; what it printed. Raises where it failed."""
        start = "from shuangbai.cli import start_django; start_django()\n"
        done = subprocess.run(
            [sys.executable, "-c", start + text], env=self.environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def start(self, *names: str) -> None:
        """Start programs (`web`, `worker`, `periodic`), each the leader of its own group."""
        for name in names:
            with (self.data.parent / "said.log").open("ab") as log:
                self.running.append(
                    subprocess.Popen(
                        [sys.executable, "-m", "shuangbai", name], env=self.environment(), stdout=log, stderr=log,
                        start_new_session=True,
                    )
                )  # fmt: skip

    def kill(self) -> None:
        """kill -9 for every process of every program, at once."""
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for process in self.running:
            process.wait()
        self.running.clear()

    def stop(self) -> None:
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        for process in self.running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(25)
        self.kill()

    def until_ready(self, wanted: str = "ok", seconds: float = READY_SECONDS) -> float:
        """Seconds until /ready says this word. Raises RuntimeError where it never does."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            try:
                client = self.client()
                answer = client.get("/ready")
                client.close()
                if answer.text.strip() == wanted:
                    return time.monotonic() - began
            except OSError:
                pass
            time.sleep(0.05)
        raise RuntimeError(f"/ready never said {wanted}: {(self.data.parent / 'said.log').read_text()[-2000:]}")

    def client(self) -> Client:
        return Client(over_port(self.port), "localhost")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@contextlib.contextmanager
def city(database: str, source: Path | None) -> Iterator[Installation]:
    """A city of one's own: a copy of `source`, or a fresh demonstration; on PostgreSQL moved there."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sbrel-")))
        here = Installation(folder / "var", port=free_port())
        if source:
            shutil.copytree(source, here.data, ignore=shutil.ignore_patterns("workers"))
        else:
            say("building the demonstration city")
            done = here.command("demo", "--no-serve")
            if done.returncode:
                raise RuntimeError(done.stderr)
        stack.callback(here.kill)
        if database == "postgres":
            url = stack.enter_context(postgres.server(DURABLE))
            done = here.command("move", "--to", url)
            if done.returncode:
                raise RuntimeError(done.stderr)
            here.url = url
        here.code(PEOPLE)
        yield here
        here.stop()
