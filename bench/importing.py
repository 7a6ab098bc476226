"""`python -m bench.importing`: a ledger of 20,000 visits, from its bytes to the records, on both databases.

Each stage is a process of its own, as the web and the job worker are, so that its peak of memory is its own. Beside
it django-import-export brings the same table into one plain model in the same database; it is slow, so it gets fewer
rows and is told by the second.
Prints a table; `--write` puts it into docs/reference/ledgers.md.
"""

import argparse
import io
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bench.__main__ import apart
from bench.timing import pace

FILE = "台账.xlsx"
ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "ledgers.md"
ROWS, THEIRS, FAMILIES = 20_000, 2_000, 5_000
HEADER = ["走访日期", "村居", "户主", "联系电话", "走访方式", "走访结果", "见面人数", "走访社工", "走访内容", "备注"]
NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
TABLE = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- end -->)", re.S)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


# IN A PROCESS OF ITS OWN -----------------------------------------------------


def _start() -> None:
    from shuangbai.cli import prepare_data, start_django

    start_django()
    prepare_data()


def _station() -> tuple[Any, Any, list[str], list[str]]:
    """A station with four villages and its workers, and somebody who may bring ledgers in."""
    from bench import city
    from shuangbai.network.models import Area, RoleGrant, Staff

    made = city.frame(1, Random(7)).stations[0]
    by = RoleGrant.objects.select_related("user").filter(unit=made.unit).order_by("pk")[0].user
    villages = list(Area.objects.filter(pk__in=made.villages).values_list("name", flat=True))
    staff = Staff.objects.filter(postings__unit=made.unit).values_list("name", flat=True).distinct()
    return made.unit, by, villages, list(staff)


def _ledger(rows: int, villages: list[str], staff: list[str], days: tuple[date, date]) -> bytes:
    """A workbook of visits: every hundredth row has a day that does not exist."""
    import xlsxwriter

    from bench import words

    chance, out = Random(20), io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet("走访记录")
    sheet.write_row(0, 0, HEADER)
    families = [(f"{chance.choice('林陈黄吴蔡')}{chance.choice('进阿秀国丽')}{chance.choice('财妹英强珍')}{number:04d}",
                 chance.choice(villages), f"1990000{number:04d}") for number in range(FAMILIES)]  # fmt: skip
    span = (days[1] - days[0]).days
    for number in range(1, rows + 1):
        name, village, phone = families[chance.randrange(FAMILIES)]
        day = f"{days[0] + timedelta(days=chance.randrange(span))}" if number % 100 else "2019-02-30"
        text = words.narrative(chance)
        met = chance.random() < 0.8
        result, worker = "见面" if met else "无人在家", chance.choice(staff)
        sheet.write_row(number, 0, [day, village, name, phone, "入户", result, str(int(met)), worker, text, ""])
    book.close()
    return out.getvalue()


def prepared() -> dict[str, Any]:
    """A fresh database with a station, and the ledger beside it."""
    _start()
    from shuangbai.core import clock

    station, by, villages, staff = _station()
    Path(os.environ["SHUANGBAI_DATA"], FILE).write_bytes(
        _ledger(ROWS, villages, staff, (date(2018, 1, 1), clock.today()))
    )
    return {"station": str(station.pk), "by": str(by.pk)}


def _who() -> tuple[Any, Any, bytes]:
    """As the web and the job worker begin: the database was prepared by whoever started them."""
    from shuangbai.cli import start_django

    start_django()
    from shuangbai.network.models import OrgUnit, RoleGrant

    station = OrgUnit.objects.get(kind="station")
    by = RoleGrant.objects.select_related("user").filter(unit=station).order_by("pk")[0].user
    return station, by, Path(os.environ["SHUANGBAI_DATA"], FILE).read_bytes()


def read() -> dict[str, Any]:
    """What the web does: read the file, show it, and ask for it to be brought in."""
    station, by, data = _who()
    from shuangbai.ledgers import actions
    from shuangbai.ledgers.enums import Kind
    from shuangbai.ledgers.keepsakes import rows_of
    from shuangbai.ledgers.proposing import propose

    memory, times = Memory(), [time.perf_counter()]
    source = actions.take_in(by=by, station=station, data=data, name="台账.xlsx")
    times.append(time.perf_counter())
    counts = propose(station, Kind(source.kind), rows_of(source), actions.decided_of(source)).counts
    times.append(time.perf_counter())
    actions.ask_for_import(by=by, source=source, version=source.version)
    assert counts["new"] == ROWS - ROWS // 100
    return {"read": times[1] - times[0], "preview": times[2] - times[1], "wrong": counts["wrong"],
            "before": memory.before, "peak": memory.most}  # fmt: skip


def commit() -> dict[str, Any]:
    """What the job worker does then."""
    _, by, _ = _who()
    from shuangbai.ledgers import actions
    from shuangbai.ledgers.models import Import
    from shuangbai.services.models import ServiceRecord

    source, memory, began = Import.objects.get(), Memory(), time.perf_counter()
    actions.bring_in(by=by, source_id=source.pk)
    spent = time.perf_counter() - began
    assert ServiceRecord.objects.count() == ROWS - ROWS // 100
    return {"commit": spent, "before": memory.before, "peak": memory.most}


def again() -> dict[str, Any]:
    """The same file once more."""
    station, by, data = _who()
    from shuangbai.ledgers import actions

    began = time.perf_counter()
    source = actions.take_in(by=by, station=station, data=data, name="台账.xlsx")
    assert source.counts["fates"].get("new", 0) == 0
    return {"again": time.perf_counter() - began}


def undo() -> dict[str, Any]:
    """All of it taken back, as the job worker does."""
    _, by, _ = _who()
    from shuangbai.ledgers import actions
    from shuangbai.ledgers.models import Import

    source, memory, began = Import.objects.get(state="done"), Memory(), time.perf_counter()
    assert actions.undo(by=by, source=source, version=source.version, reason="量一量") == []
    return {"undo": time.perf_counter() - began, "peak": memory.most}


STAGES = {"prepared": prepared, "read": read, "commit": commit, "again": again, "undo": undo}


def ours() -> dict[str, Any]:
    """Each stage in a process of its own, as the web and the job worker are: seconds, and the most memory of each."""
    found: dict[str, Any] = {"pace": [pace()]}
    for name in STAGES:
        command = [sys.executable, "-W", "ignore", "-m", "bench.importing", "--child", name]
        found[name] = json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
    found["pace"].append(pace())
    return found


def theirs() -> dict[str, Any]:
    """The same columns into one table through django-import-export: its preview (a dry run) and its import."""
    _start()
    import tablib
    from django.db import connection, models
    from import_export import resources

    class Row(models.Model):
        day = models.DateField()
        village, name, phone = (models.CharField(max_length=60) for _ in range(3))
        mode, result, met, worker = (models.CharField(max_length=30) for _ in range(4))
        text, note = (models.TextField(blank=True) for _ in range(2))

        class Meta:
            app_label = "core"

        def __str__(self) -> str:
            return self.name

    fields = ("day", "village", "name", "phone", "mode", "result", "met", "worker", "text", "note")

    class Rows(resources.ModelResource):
        class Meta:
            model = Row
            fields = ("day", "village", "name", "phone", "mode", "result", "met", "worker", "text", "note")
            import_id_fields = ("day", "village", "name")
            skip_unchanged = True

    with connection.schema_editor() as editor:
        editor.create_model(Row)
    data = _ledger(THEIRS, ["赤山村"], ["林小燕"], (date(2018, 1, 1), date(2020, 6, 1)))
    began = time.perf_counter()
    table = tablib.Dataset().load(io.BytesIO(data), format="xlsx")
    table.headers = list(fields)
    lines = ([value or "" for value in line] for line in table if line[0] != "2019-02-30")
    sound = tablib.Dataset(*lines, headers=list(fields))
    Rows().import_data(sound, dry_run=True, raise_errors=True)
    preview = time.perf_counter() - began
    began = time.perf_counter()
    Rows().import_data(sound, dry_run=False, raise_errors=True)
    return {"preview": preview, "commit": time.perf_counter() - began, "rows": len(sound)}


class Memory:
    """The most memory that this process had of its own since this began, looked at fifty times a second.

    Not what the system counts to it besides: the pages of SQLite's file that it maps are the system's cache, and give
    way. Nor what getrusage tells, which may be the parent's.
    """

    def __init__(self) -> None:
        self.before = self.most = self.own()
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self) -> None:
        while True:
            self.most = max(self.most, self.own())
            time.sleep(0.02)

    @staticmethod
    def own() -> int:
        """In MB."""
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("RssAnon:")[1].split()[0]) // 1024


# BOTH DATABASES --------------------------------------------------------------


def measured(database: str, what: str) -> dict[str, Any]:
    done = apart(database, "bench.importing", "--child", what)
    done.check_returncode()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# What a line of the page says: what it is, its aim, and the cell of what was measured on one database.
LINES: list[tuple[str, str, Callable[[dict[str, Any]], str]]] = [
    ("Upload: the file read and understood, and held beside the station", "", lambda m: f"{m['read']['read']:.1f} s"),
    ("Preview: what was read held beside the station again", "", lambda m: f"{m['read']['preview']:.1f} s"),
    ("Commit: families, visits, history, text index, trail, one transaction", "",
     lambda m: f"{m['commit']['commit']:.1f} s"),
    ("Rows a second, upload to committed", "≥ 2,000",
     lambda m: f"{ROWS / (m['read']['read'] + m['read']['preview'] + m['commit']['commit']):,.0f}"),
    ("Wrong rows named", f"{ROWS // 100}", lambda m: f"{m['read']['wrong']}"),
    ("The same file again", "", lambda m: f"{m['again']['again']:.1f} s"),
    ("Taken back", "", lambda m: f"{m['undo']['undo']:.1f} s"),
    ("Memory of a process of its own before it begins", "", lambda m: f"{m['commit']['before']} MB"),
    ("Peak of memory, upload and preview (the web)", "< 200 MB", lambda m: f"{m['read']['peak']} MB"),
    ("Peak of memory, commit (the job worker)", "< 200 MB", lambda m: f"{m['commit']['peak']} MB"),
    ("Peak of memory, taken back (the job worker)", "", lambda m: f"{m['undo']['peak']} MB"),
    (f"django-import-export, {THEIRS:,} rows into one table, rows a second", "",
     lambda m: f"{m['theirs']['rows'] / (m['theirs']['preview'] + m['theirs']['commit']):,.0f}"),
    ("The machine's pace: a fixed loop of Python before and after", "",
     lambda m: f"{m['pace'][0]:.0f} and {m['pace'][1]:.0f} ms"),
]  # fmt: skip


def table(databases: list[str]) -> str:
    found = [{**measured(name, "ours"), "theirs": measured(name, "theirs")} for name in databases]
    when, load = datetime.now(UTC), os.getloadavg()[0]
    what = f"{ROWS:,} visits of {FAMILIES:,} families, all of them new"
    lines = [
        f"Measured by `python -m bench.importing --write` on {when:%Y-%m-%d}, load average {load:.1f}: {what}.",
        "",
        "| | Aim | " + " | ".join(NAMES[name] for name in databases) + " |",
        "|---|---|" + "---|" * len(databases),
        *(f"| {what} | {aim} | " + " | ".join(map(cell, found)) + " |" for what, aim, cell in LINES),
    ]
    return "\n".join([*lines, ""])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.importing", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--write", action="store_true", help="put it in docs/reference/ledgers.md")
    parser.add_argument("--child", choices=["ours", "theirs", *STAGES], help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        json.dump({"ours": ours, "theirs": theirs, **STAGES}[chosen.child](), sys.stdout)
        return 0
    text = table(chosen.databases.split(","))
    print(text)
    if chosen.write:
        PAGE.write_text(TABLE.sub(lambda _: text, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
