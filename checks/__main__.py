"""`make check`: every check in turn, a line each; what a failed one said follows its line. Asks no database."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from checks import ROOT

BIN = Path(sysconfig.get_path("scripts"))
PYTHON = [sys.executable]
MANAGE = [str(BIN / "shuangbai"), "manage"]

AUDIT = "known faults"  # the one check whose passing needs a word: whether anybody was asked

CHECKS: list[tuple[str, list[str]]] = [
    ("lint", [str(BIN / "ruff"), "check", "--quiet", "--output-format=concise", "."]),
    ("format", [str(BIN / "ruff"), "format", "--quiet", "--check", "--output-format=concise", "."]),
    ("layers", [str(BIN / "lint-imports"), "--no-logo"]),
    ("templates, files, tables", [*PYTHON, "-m", "checks.repository"]),
    ("migrations up to date", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
    ("django's own", [*MANAGE, "check", "--fail-level", "WARNING"]),
    ("static files collect", [*MANAGE, "collectstatic", "--noinput", "--verbosity=0"]),
    ("types", [str(BIN / "mypy")]),
    (AUDIT, [*PYTHON, "-m", "checks.audit"]),
]


def main() -> int:
    failed = []
    with tempfile.TemporaryDirectory(prefix="sbcheck-") as data:
        # An empty data directory: nothing here may need keys or a database, nor touch a person's own.
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= {"SHUANGBAI_DATA": data, "DJANGO_SETTINGS_MODULE": "config.settings"}
        for name, command in CHECKS:
            started = time.monotonic()
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            verdict = "failed" if done.returncode else "ok"
            said = f"; {done.stdout.strip()}" if name == AUDIT and not done.returncode else ""
            print(f"check: {name}: {verdict} ({time.monotonic() - started:.1f} s){said}", flush=True)
            if done.returncode:
                failed.append(name)
                print((done.stdout + done.stderr).rstrip(), flush=True)
    print(
        f"check: {len(CHECKS) - len(failed)} of {len(CHECKS)} ok" + (f"; failed: {', '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
