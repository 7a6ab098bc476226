"""`make bench`: measures the product on generated cities, beside hand-written SQL on the same database.

Loads a city for each size and database, measures in one run and prints a Markdown table on standard
output; progress goes to standard error. Options: python -m bench --help.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from bench.page import page, said, together

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "performance.md"
KEPT = PAGE.with_suffix(".json")  # what the page was made of, so that a part of it can be measured again
QUICK = 5_000
QUICK_HOUSEHOLDS = 20_000  # a station must have 300 files
# What an ordinary server keeps: the throwaway server of the tests does without it.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "max_wal_size": "4GB"}


def main() -> int:
    chosen = _parser().parse_args()
    sizes = [QUICK] if chosen.quick else [int(size) for size in chosen.records.split(",") if size != "0"]
    databases = chosen.databases.split(",")
    if not set(databases) <= {"sqlite", "postgres"}:
        print("--databases takes sqlite, postgres or both with a comma", file=sys.stderr)
        return 2
    households = QUICK_HOUSEHOLDS if chosen.quick else chosen.households
    found = []
    for database in databases:
        for asked in [*((records, 0) for records in sizes), *([(households, households)] if households else [])]:
            measured = _measured(database, *asked)
            if measured is None:
                return 1
            found.append(said(measured, _command(chosen)))
            if chosen.write:
                _write(found)
    print(page(found))
    return 0


def _write(found: list[dict[str, Any]]) -> None:
    """Put what was measured so far in the page, beside what was measured before."""
    before = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []
    kept = together(before, found)
    KEPT.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(kept), encoding="utf-8")
    print(f"written to {PAGE.relative_to(ROOT)}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--records", default="50000,500000", help="sizes, with commas (default %(default)s); 0: none")
    parser.add_argument("--households", type=int, default=100_000, help="families (default %(default)s); 0: not those")
    parser.add_argument("--databases", default="sqlite,postgres", help="sqlite, postgres or both (default both)")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} records only: whether the tool works")
    parser.add_argument("--write", action="store_true", help="put the table in docs/reference/performance.md")
    return parser


def _command(chosen: argparse.Namespace) -> str:
    if chosen.quick:
        return "make bench ARGS='--quick'"
    changed = [
        f"--{name} {value}" for name, value in (("records", chosen.records), ("households", chosen.households),
                            ("databases", chosen.databases))
        if value != _parser().get_default(name)
    ]  # fmt: skip
    return f"make bench ARGS='{' '.join(changed)}'" if changed else "make bench"


def apart(database: str, module: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A module run in a process, a data directory and a database of its own. Raises NoServer."""
    from tests.postgres import server

    with (
        tempfile.TemporaryDirectory(prefix="sbbench-") as data,
        server(DURABLE) if database == "postgres" else nullcontext("") as address,
    ):
        environment = {**os.environ, "SHUANGBAI_DATA": data, "PYTHONPATH": str(ROOT)}
        environment.pop("DATABASE_URL", None)
        if address:
            environment["DATABASE_URL"] = address
        command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)


def _measured(database: str, records: int, households: int) -> dict[str, Any] | None:
    """The results of one database of one size; None where measuring failed (it has said why)."""
    from tests.postgres import NoServer

    print(f"{database}, {records:,} records, {households:,} families:", file=sys.stderr)
    try:
        done = apart(database, "bench.measure", str(records), str(households))
    except NoServer as error:
        print(error, file=sys.stderr)
        return None
    return json.loads(done.stdout) if done.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main())
