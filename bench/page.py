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
  500 events. The SQL beside "when each is due" and "a week's plan" asks only for the latest visit of each family; that
  beside the family's page only for twenty visits; that beside "known" for the same name born within a year, while
  ours also finds other spellings, homophones and strangers who share birthday and village or a telephone.
- Medians over ten stations and several categories or words, with a warm cache; the report is run once warm.

## The data

85 % visits and 15 % activities over three years; one household for ten records, one to four people each, with dated
categories; visits skewed towards some families; narratives of about sixty characters put together from 392 clauses,
so the index of character pairs holds fewer different pairs, each in more texts, than real writing would. Everything
is as the actions write it, except that the history and the audit trail of the loaded records are left out: they are
only written to, and no list or figure reads them. Loading is in bulk, without secondary indexes until the end.

SQLite runs with the product's settings (WAL, `synchronous=NORMAL`) and with `ANALYZE` after loading. PostgreSQL is a
server on a Unix socket with 256 MB of shared buffers, `fsync` and `synchronous_commit` on, and `VACUUM ANALYZE`
after loading.
"""


RECORDS, FAMILIES, REST = "## Records, lists and reports", "## The family file and who is next", "## What is measured"


def page(found: Sequence[dict[str, Any]], command: str, before: str = "") -> str:
    """The whole page; `found` has one entry for each database and size.

    What was not measured this time stays as it was in `before`, with the command and the day of its own.
    """
    told = f"Measured by `{command}` on {datetime.now(UTC):%Y-%m-%d}, on {_machine()}."
    records, families = ([one for one in found if bool(one["households"]) is kind] for kind in (False, True))
    return "\n".join(
        [
            "# Performance", "",
            *(_parts(records, told) if records else _kept(before, RECORDS)),
            *(_families(families, told) if families else _kept(before, FAMILIES)),
            NOTES,
        ]
    )  # fmt: skip


def _kept(before: str, heading: str) -> list[str]:
    """A part of the page as it was, from its heading to the next part's."""
    _, found, rest = before.partition(f"\n{heading}")
    if not found:
        return []
    ends = [at for other in (RECORDS, FAMILIES, REST) if (at := rest.find(f"\n{other}")) >= 0]
    return [(heading + rest[: min(ends, default=len(rest))]).rstrip(), ""]


def _parts(found: Sequence[dict[str, Any]], told: str) -> list[str]:
    return [
        RECORDS, "",
        told, "",
        *_table(found), "",
        "Queries, which must not grow with the number of records:", "",
        *_queries(found), "",
    ]  # fmt: skip


def _families(found: Sequence[dict[str, Any]], told: str) -> list[str]:
    return [
        f"{FAMILIES}, among {found[0]['households']:,} families", "",
        told, "",
        *_table(found), "",
        "Queries:", "",
        *_queries(found), "",
    ]  # fmt: skip


def _heading(one: dict[str, Any]) -> str:
    return f"{NAMES[one['vendor']]} {one['records']:,}"


def _table(found: Sequence[dict[str, Any]]) -> list[str]:
    lines = [
        "| | Aim | " + " | ".join(_heading(one) for one in found) + " |",
        "|---|---|" + "---|" * len(found),
    ]
    for at, first in enumerate(found[0]["measures"]):
        cells = [one["measures"][at] for one in found]
        shown = [f"{cell['ours']} / {cell['sql'] or '—'}" for cell in cells]
        lines.append(f"| {first['what']} | {first['aim']} | " + " | ".join(shown) + " |")
    loading = [f"{one['load_seconds']} s" for one in found]
    lines.append("| Loading the city in bulk | | " + " | ".join(loading) + " |")
    return lines


def _queries(found: Sequence[dict[str, Any]]) -> list[str]:
    lines = ["| | " + " | ".join(_heading(one) for one in found) + " |", "|---|" + "---|" * len(found)]
    for at, first in enumerate(found[0]["measures"]):
        numbers = [one["measures"][at]["queries"] for one in found]
        if first["queries"] is not None:
            mark = "" if len(set(numbers)) == 1 else " (differs)"
            lines.append(f"| {first['what']}{mark} | " + " | ".join(str(number) for number in numbers) + " |")
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
