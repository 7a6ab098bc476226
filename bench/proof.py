"""`python -m bench.proof`: a report of the demonstration city is frozen, then the database is tampered with.

Prints what was typed and answered as docs/reference/proof.md; `--write` puts it there. Takes some minutes.
"""

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from bench.restore import ROOT, Log

PAGE = ROOT / "docs" / "reference" / "proof.md"
HEAD = """\
# A frozen report, and what `verify` says of it

Made by `{command}`: the demonstration city's report of three years is taken through its steps and frozen, a visit is
voided afterwards as a page would, and then somebody writes into the database by hand. Lines after `sqlite>` are what
was typed there. `tests/filings/test_proof.py` does the same a hundred times over with a small city on every run of the
tests, on both databases. How it is made: [ADR 0043](../adr/0043-a-frozen-report-is-a-manifest.md).
"""
STEPS = """
import sys, time; from shuangbai.cli import start_django; start_django()
from datetime import date
from shuangbai.filings.actions import accept_filing, confirm_filing, draft_filing, review_filing
from shuangbai.filings.jobs import freeze
from shuangbai.filings.models import Manifest
from shuangbai.network.models import OrgUnit, User
head, supervisor, officer = (User.objects.get(username=name) for name in ("head", "supervisor", "officer"))
station = head.grants.filter(role="head", ends_on=None).get().unit
for unit, by, first in ((OrgUnit.objects.get(parent=None), supervisor, date(2017, 7, 1)),
                        (station, head, date(2020, 4, 1))):
    one = draft_filing(by=by, owner=unit, first=first, last=date(2020, 6, 6))
    confirm_filing(by=by, filing=one, version=1)
    review_filing(by=supervisor, filing=one, version=2)
    accept_filing(by=officer, filing=one, version=3)
    began = time.monotonic()
    freeze.call(str(one.pk))
    sealed = Manifest.objects.get(pk=one.pk)
    print(f"# {unit} {one.period}: frozen as number {sealed.number} in {time.monotonic() - began:.1f} s, "
          f"header {len(sealed.header) / 1e3:.0f} kB, facts {len(sealed.facts) / 1e6:.2f} MB")
"""
VOID = """
import sys; from shuangbai.cli import start_django; start_django()
from shuangbai.network.models import User
from shuangbai.services.actions import void_records
from shuangbai.services.models import ServiceRecord
head = User.objects.get(username="head")
station = head.grants.filter(role="head", ends_on=None).get().unit
mine = ServiceRecord.objects.filter(station=station, kind="visit", reached=True, voided_at=None)
void_records(by=head, records=[mine.order_by("-occurred_on", "pk")[0]], reason="重复录入")
print("# the head voided a visit, 重复录入")
"""
BY_HAND = [
    (
        "UPDATE services_servicerecord SET occurred_on = '2020-05-30' WHERE id = "
        "(SELECT min(id) FROM services_servicerecord WHERE kind = 'visit' AND occurred_on = '2020-05-29')"
    ),
    "UPDATE filings_manifest SET header = replace(header, '\"value\":10412', '\"value\":10500') WHERE number = 2",
    "DELETE FROM filings_manifest WHERE number = 3",
]


def go_through() -> list[str]:
    with tempfile.TemporaryDirectory(prefix="sbproof-") as made:
        data, kept = Path(made) / "var", Path(made) / "kept"
        outside = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        log = Log({**outside, "SHUANGBAI_DATA": str(data)}, {made: "/srv"})
        log.run("demo", "--no-serve", show=False)
        _python(log, STEPS)
        log.run("verify", "--all")
        _python(log, VOID)
        log.run("verify", "--all")
        for statement in BY_HAND:
            shutil.copytree(data, kept, dirs_exist_ok=True)
            log.says(f"sqlite> {statement};")
            with sqlite3.connect(data / "shuangbai.sqlite3") as database:
                changed = database.execute(statement).rowcount
            database.close()
            if changed != 1:
                raise SystemExit(f"{changed} rows changed by: {statement}")
            log.run("verify", "--all", fine=(1,))
            log.says("# and put back")
            shutil.rmtree(data)
            shutil.copytree(kept, data)
            shutil.rmtree(kept)
        log.run("verify", "--all")
    return ["", "```", *log.lines[1:], "```"]


def _python(log: Log, code: str) -> None:
    program = Path(sysconfig.get_path("scripts")) / "python"
    done = subprocess.run([str(program), "-c", code], env=log.environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    for line in done.stdout.splitlines():
        log.says(line)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.proof", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put it in docs/reference/proof.md")
    chosen = parser.parse_args()
    head = HEAD.format(command="python -m bench.proof --write")
    text = "\n".join([*head.splitlines(), *go_through(), ""])
    print(text)
    if chosen.write:
        PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
