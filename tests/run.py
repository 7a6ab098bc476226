"""`make test`: everything on SQLite, then every test that asks a database again on PostgreSQL.

DATABASE_URL or TEST_DATABASE_URL names a running PostgreSQL whose user may create databases; without one a
throwaway server is started from a Python package. With CI=true a skipped test is a failed one.
Arguments go to pytest: `make test ARGS="tests/visits -k unmet"`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
CI = os.environ.get("CI") == "true"
NOTHING_COLLECTED = 5  # pytest's exit code
STOP_SECONDS = 15
# Where it is set, each of the many processes that tests start compiles the whole program anew.
UNCOMPILED = "PYTHONDONTWRITEBYTECODE"


@dataclass
class Run:
    """What one run of the suite came to."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: list[str] = field(default_factory=list)
    seconds: float = 0

    def __str__(self) -> str:
        skipped = f", {self.skipped} left out" if self.skipped else ""
        return f"{self.name}: {self.passed} passed, {self.failed} failed{skipped} in {self.seconds:.0f} s"


def workers() -> int:
    """One more than there are processors: some tests wait for a program that they have started."""
    return min(8, (os.cpu_count() or 1) + 1)


def _wait(process: subprocess.Popen[bytes]) -> int:
    """The exit code. When this program is stopped, pytest is given time to clear up: Ctrl-C has reached it too."""
    try:
        return process.wait()
    except BaseException as reason:
        if not isinstance(reason, KeyboardInterrupt):
            process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        process.kill()
        raise


def run_suite(name: str, arguments: list[str], environment: dict[str, str]) -> Run:
    """Runs pytest once. A run that ends without having counted (a crash, a broken import) counts as one failure."""
    print(f"\n——— {name} ———", flush=True)
    run = Run(name)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sbtally-") as folder:
        tally = Path(folder) / "tally.json"
        command = [sys.executable, "-m", "pytest", "-n", str(workers()), "-q", *arguments]
        code = _wait(subprocess.Popen(command, cwd=ROOT, env=environment | {"SHUANGBAI_TEST_TALLY": str(tally)}))
        counts = json.loads(tally.read_text(encoding="utf-8")) if tally.exists() else {}
    run.seconds = time.monotonic() - started
    run.passed = counts.get("passed", 0) + counts.get("xfailed", 0)
    run.failed = counts.get("failed", 0) + counts.get("error", 0) + counts.get("xpassed", 0)
    run.skipped = counts.get("skipped", 0)
    run.reasons = counts.get("reasons", [])
    if CI:
        run.failed += run.skipped
    excused = code == NOTHING_COLLECTED and arguments  # a chosen test may need no database
    if code and not run.failed and not excused:
        run.failed = 1
    return run


@contextlib.contextmanager
def postgres_url() -> Iterator[str]:
    """The server that the environment names, or a throwaway one."""
    named = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL")
    if named:
        yield named
        return
    with postgres.server() as url:
        yield url


def runs(arguments: list[str]) -> Iterator[Run]:
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", UNCOMPILED}}
    yield run_suite("SQLite", arguments, environment)
    try:
        with postgres_url() as url:
            second = {"DATABASE_URL": url, "SHUANGBAI_TEST_DATABASE_ONLY": "1"}
            yield run_suite("PostgreSQL", arguments, environment | second)
    except postgres.NoServer as error:
        print(error, file=sys.stderr)
        yield Run("PostgreSQL", failed=1)


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that `with` stops the server
    done = []
    try:
        for run in runs(arguments):
            done.append(run)
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    print(flush=True)
    for run in done:
        print(run)
    reasons = Counter(reason for run in done for reason in run.reasons)
    for reason, count in reasons.most_common():
        kind = "browser tests" if "chromium" in reason else "tests"
        print(f"left out: {count} {kind} ({reason})")
    if CI and reasons:
        print("with CI=true nothing may be left out: each counts as failed")
    passed, failed = sum(run.passed for run in done), sum(run.failed for run in done)
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
