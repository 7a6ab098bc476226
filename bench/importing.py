"""`python -m bench.importing`: a ledger of 20,000 visits, from its bytes to the records, on both databases.

Each measurement is a process of its own, so that its peak of memory is its own. Beside it django-import-export brings
the same table into one plain model in the same database; it is slow, so it gets fewer rows and is told by the second.
Prints a table; `--write` puts it into docs/reference/ledgers.md.
"""

import argparse
import io
import json
import os
import re
import resource
import sys
import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from bench.__main__ import apart

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "ledgers.md"
ROWS, THEIRS, FAMILIES = 20_000, 2_000, 5_000
HEADER = ["走访日期", "村居", "户主", "联系电话", "走访方式", "走访结果", "见面人数", "走访社工", "走访内容", "备注"]
NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
TABLE = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- end -->)", re.S)


# IN A PROCESS OF ITS OWN -----------------------------------------------------


def _start() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
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


def ours() -> dict[str, Any]:
    """Read, show and bring in: seconds of each, and the peak of memory."""
    _start()
    from shuangbai.core import clock
    from shuangbai.ledgers import actions
    from shuangbai.ledgers.enums import Kind
    from shuangbai.ledgers.keepsakes import rows_of
    from shuangbai.ledgers.proposing import propose
    from shuangbai.services.models import ServiceRecord

    station, by, villages, staff = _station()
    data = _ledger(ROWS, villages, staff, (date(2018, 1, 1), clock.today()))
    before = _peak()
    times = [time.perf_counter()]
    source = actions.take_in(by=by, station=station, data=data, name="台账.xlsx")
    times.append(time.perf_counter())
    counts = propose(station, Kind(source.kind), rows_of(source), actions.decided_of(source)).counts
    times.append(time.perf_counter())
    actions.ask_for_import(by=by, source=source, version=source.version)
    actions.bring_in(by=by, source_id=source.pk)
    times.append(time.perf_counter())
    peak = _peak()
    assert ServiceRecord.objects.count() == counts["new"] == ROWS - ROWS // 100
    began = time.perf_counter()
    again = actions.take_in(by=by, station=station, data=data, name="台账.xlsx")
    assert again.counts["fates"].get("new", 0) == 0
    once_more = time.perf_counter() - began
    source.refresh_from_db()
    began = time.perf_counter()
    assert actions.undo(by=by, source=source, version=source.version, reason="量一量") == []
    spans = [later - earlier for earlier, later in pairwise(times)]
    return {
        "read": spans[0], "preview": spans[1], "commit": spans[2], "again": once_more,
        "undo": time.perf_counter() - began, "wrong": counts["wrong"],
        "peak": peak, "before": before, "peak_of_all": _peak(),
    }  # fmt: skip


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
    return {"preview": preview, "commit": time.perf_counter() - began, "rows": len(sound), "peak": _peak()}


def _peak() -> int:
    """The most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


# BOTH DATABASES --------------------------------------------------------------


def measured(database: str, what: str) -> dict[str, Any]:
    done = apart(database, "bench.importing", "--child", what)
    done.check_returncode()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def table(databases: list[str]) -> str:
    own = {name: measured(name, "ours") for name in databases}
    other = {name: measured(name, "theirs") for name in databases}
    when, load = datetime.now(UTC), os.getloadavg()[0]
    what = f"{ROWS:,} visits of {FAMILIES:,} families, all of them new"
    lines = [
        f"Measured by `python -m bench.importing --write` on {when:%Y-%m-%d}, load average {load:.1f}: {what}.",
        "",
        "| | Aim | " + " | ".join(NAMES[name] for name in databases) + " |",
        "|---|---|" + "---|" * len(databases),
    ]

    def row(what: str, aim: str, told: Any) -> None:
        lines.append(f"| {what} | {aim} | " + " | ".join(told(name) for name in databases) + " |")

    row("Upload: the file read and understood, and held beside the station", "", lambda n: f"{own[n]['read']:.1f} s")
    row("Preview: what was read held beside the station again", "", lambda n: f"{own[n]['preview']:.1f} s")
    row(
        "Commit: families, visits, history, text index, trail, one transaction",
        "",
        lambda n: f"{own[n]['commit']:.1f} s",
    )
    row("Rows a second, upload to committed", "≥ 2,000",
        lambda n: f"{ROWS / (own[n]['read'] + own[n]['preview'] + own[n]['commit']):,.0f}")  # fmt: skip
    row("Wrong rows named", f"{ROWS // 100}", lambda n: f"{own[n]['wrong']}")
    row("The same file again", "", lambda n: f"{own[n]['again']:.1f} s")
    row("Taken back", "", lambda n: f"{own[n]['undo']:.1f} s")
    row("Peak of memory, upload to committed (before it began)", "< 200 MB",
        lambda n: f"{own[n]['peak']} MB ({own[n]['before']} MB)")  # fmt: skip
    row("Peak of memory with the same file again and taking back", "", lambda n: f"{own[n]['peak_of_all']} MB")
    row(f"django-import-export, {THEIRS:,} rows into one table, rows a second", "",
        lambda n: f"{other[n]['rows'] / (other[n]['preview'] + other[n]['commit']):,.0f}")  # fmt: skip
    return "\n".join([*lines, ""])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.importing", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--write", action="store_true", help="put it in docs/reference/ledgers.md")
    parser.add_argument("--child", choices=["ours", "theirs"], help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        json.dump(ours() if chosen.child == "ours" else theirs(), sys.stdout)
        return 0
    text = table(chosen.databases.split(","))
    print(text)
    if chosen.write:
        PAGE.write_text(TABLE.sub(lambda _: text, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
