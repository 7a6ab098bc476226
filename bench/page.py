"""The measurements as a Markdown page."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

NOTES = """\
## What is measured

- Each cell reads **ours / hand-written SQL** on the same database, in the same run. `—`: nothing to compare with.
- **Saving** posts the real form of a visit, with its CSRF token and a session cookie, to the server that
  `shuangbai serve` starts (two web processes of four threads, and the job worker beside them), each save for
  another family. It ends with the answer, a redirection, which is not followed. It includes reading and judging the
  form, its rules, the rows of the record, its workers, contacts,
  standing, text index, history and audit trail. The SQL beside it inserts the same rows in one transaction and does
  nothing else: no HTTP, no access, no rules. Clients, server and database share the machine.
- **A session of a group** calls the action alone, whose roll are 300 people on file, all present: 300 rows of the
  roll, 300 contacts, what each counted as that day, and the history of each. The SQL inserts the same rows.
- **Lists and search** call the query functions of the page, up to the rows in memory; lines that begin with "Page"
  are whole views with template, through Django's test client, without the network.
- **The report** is `shuangbai.reports.results.results` for the whole city over the whole span, with every split and
  station row; the SQL computes the same figures in some forty statements and the run fails unless all agree.
- **One number, two periods, a table, a list** are the officer's whole pages of the whole city, of the year so far (the
  list: of everything); the SQL asks for the same numbers or the same first fifty and draws nothing.
- **Freezing and proving** stand beside SQL that reads the same rows and nothing else: no sets, no digests, no packing.
- **Search by hand** is `LIKE '%…%'` over the narratives of visits, newest first, fifty at most.
- **The family file**: one worker of the largest station has 300 of its files, all graded; one of these families has
  500 events. The SQL beside "when each is due", the two pages of it and "a week's plan" asks only for the latest visit
  of each family; that beside the family's page only for twenty visits; that beside "known" for the same name born
  within a year, while ours also finds other spellings, homophones and strangers who share birthday and village or a
  telephone.
- A city of 50,000 records has 21 stations, one of 500,000 has 200; the 1,600 stations of a province are added for that
  line, each with an activity, and taken back.
- **The machine's pace**: a loop of a million steps of Python. On a machine that others share it may take two and a half
  times as long a minute later, and everything else with it; 100 ms is such a machine at its quickest.
- Medians over ten stations and several categories or words, with a warm cache; the report is run once warm.

## The data

85 % visits and 15 % activities over three years; one household for ten records, one to four people each, with dated
categories; visits skewed towards some families; narratives of about sixty characters put together from 392 clauses,
so the index of character pairs holds fewer different pairs, each in more texts, than real writing would. Everything
is as the actions write it, except that the history and the audit trail of the loaded records are left out: they are
only written to, and no list or figure reads them. Loading is in bulk; the secondary indexes grow with the rows on
SQLite and are built at the end on PostgreSQL, which leaves room in their pages where SQLite would leave none.

SQLite runs with the product's settings (WAL, `synchronous=NORMAL`) and with `ANALYZE` after loading. PostgreSQL is a
server on a Unix socket with 256 MB of shared buffers, `fsync` and `synchronous_commit` on, and `VACUUM ANALYZE`
after loading.
"""


RECORDS, FAMILIES = "## Records, lists and reports", "## The family file and who is next"
SAME = ("vendor", "records", "households")


def said(measured: dict[str, Any], command: str) -> dict[str, Any]:
    """What was measured, with the command, the day and the machine."""
    return {**measured, "command": command, "day": f"{datetime.now(UTC):%Y-%m-%d}", "machine": _machine()}


def together(before: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was measured before, each database and size that was measured again replaced; in the order of the page."""
    latest = {tuple(one[name] for name in SAME): one for one in (*before, *found)}
    return [latest[key] for key in sorted(latest, key=lambda key: (list(NAMES).index(key[0]), *key[1:]))]


def page(found: Sequence[dict[str, Any]]) -> str:
    """The whole page; `found` has one entry for each database and size."""
    records, families = ([one for one in found if bool(one["households"]) is kind] for kind in (False, True))
    lines = ["# Performance", ""]
    if records:
        lines += [RECORDS, "", *_part(records, "Queries, which must not grow with the number of records:")]
    if families:
        lines += [f"{FAMILIES}, among {families[0]['households']:,} families", "", *_part(families, "Queries:")]
    return "\n".join([*lines, NOTES])


def _part(found: Sequence[dict[str, Any]], queries: str) -> list[str]:
    return [*_told(found), "", *_table(found), "", queries, "", *_queries(found), ""]


def _told(found: Sequence[dict[str, Any]]) -> list[str]:
    """When, how and where each column was measured."""
    runs: dict[tuple[str, str, str], list[str]] = {}
    for one in found:
        runs.setdefault((one["day"], one["command"], one["machine"]), []).append(_heading(one))
    lines = [
        f"- {', '.join(columns)}: `{command}` on {day}, on {machine}."
        for (day, command, machine), columns in runs.items()
    ]
    return ["Measured:", "", *lines]


def _heading(one: dict[str, Any]) -> str:
    return f"{NAMES[one['vendor']]} {one['records']:,}"


def _lines_of(found: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any] | None]]:
    """Each line of the table by its name, in the order of the latest run: what each column has of it, if anything."""
    newest = max(found, key=lambda one: one["day"])
    names = dict.fromkeys(measure["what"] for one in (newest, *found) for measure in one["measures"])
    columns = [{measure["what"]: measure for measure in one["measures"]} for one in found]
    return {name: [column.get(name) for column in columns] for name in names}


def _table(found: Sequence[dict[str, Any]]) -> list[str]:
    lines = [
        "| | Aim | " + " | ".join(_heading(one) for one in found) + " |",
        "|---|---|" + "---|" * len(found),
    ]
    for name, cells in _lines_of(found).items():
        shown = [f"{cell['ours']} / {cell['sql'] or '—'}" if cell else "not measured" for cell in cells]
        aim = next(cell["aim"] for cell in cells if cell)
        lines.append(f"| {name} | {aim} | " + " | ".join(shown) + " |")
    loading = [f"{one['load_seconds']} s" for one in found]
    lines.append("| Loading the city in bulk | | " + " | ".join(loading) + " |")
    return lines


def _queries(found: Sequence[dict[str, Any]]) -> list[str]:
    lines = ["| | " + " | ".join(_heading(one) for one in found) + " |", "|---|" + "---|" * len(found)]
    for name, cells in _lines_of(found).items():
        numbers = [cell["queries"] if cell else None for cell in cells]
        if counted := {number for number in numbers if number is not None}:
            mark = "" if len(counted) == 1 else " (differs)"
            shown = ["not measured" if number is None else str(number) for number in numbers]
            lines.append(f"| {name}{mark} | " + " | ".join(shown) + " |")
    return lines


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GB of memory, {versions}"


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or "unknown processor"
