"""docs/reference/sweep.md, made from the tables."""

from __future__ import annotations

from collections import Counter

from tests.sweep import acts, addresses
from tests.sweep.asking import act_rows, rows
from tests.sweep.world import ACTING, PEOPLE

WHO = {
    "worker": "worker of 城东", "colleague": "another worker of 城东", "head": "head of 城东",
    "neighbour": "worker of 海城, the other station of the county", "stranger": "worker of 东洲, in another county",
    "supervisor": "supervisor of all stations", "officer": "officer of the bureau",
    "sysadmin": "system administrator", "security": "security administrator", "auditor": "security auditor",
    "ended": "a worker of 城东 whose posting ended yesterday", "nobody": "an account without a role",
    "stopped": "a worker of 城东 whose account was stopped while signed in", "out": "nobody signed in",
}  # fmt: skip

HEAD = """\
# The sweep

Made by `python -m tests.sweep --write`; do not edit. The tables are `tests/sweep/addresses.py` and
`tests/sweep/acts.py`; what is asked of every answer stands in `tests/sweep/__init__.py`.

"""

ASKED = """
## What is asked of each answer

- Its status is what the table says. An address of the resolver that is missing from the table fails, and so does a line
  that is no address; so does a function marked `@action` that is missing, and an action without an actor that has no
  reason.
- What somebody may not see is, by status, page, headers and the number and shape of its queries, what does not exist.
  Queries stand for time; a clock would measure the machine.
- No page holds a name, an identity number, a telephone, an address, a certificate or a sentence of a family for
  somebody who may not read it. What is masked stands nowhere but on the page that opens it for a reason.
- What happens at 城东 (a family, a file, a visit, an activity) changes no page, list, suggestion or figure of somebody
  who does not see 城东, to the letter.
- That somebody of a family carries a restricted category changes no page of the officer or the auditor, who may not
  open it, to the letter; the auditor's trail says that it was one.
- With alarms and without them, every answer to those who are not of the few is the same to the letter, but for the
  auditor's trail, which says neither about whom nor where, and the number of encrypted values by key.
- Methods that have no line are refused; HEAD answers like GET, without a body.
- Every answer carries its headers (`tests/sweep/carried.py`).
- All of this on SQLite; on PostgreSQL each line as a quarter of the people, and as the first whom it lets in.
- An action either does what was asked or raises, and then the trail has no line of it.
"""


def _questions() -> tuple[Counter[str], Counter[str]]:
    """Answers by sign: of addresses and of actions. What does not exist is asked for besides."""
    pages: Counter[str] = Counter()
    for row in rows():
        for column in (row.here, row.there or {}):
            pages.update(column.values())
        if row.keyed:
            pages.update({"nothing": len(PEOPLE)})
    done: Counter[str] = Counter()
    for columns in act_rows(acts.TABLE).values():
        for column in columns:
            done.update(column.values())
    return pages, done


def summary() -> str:
    table, actions = rows(), act_rows(acts.TABLE)
    pages, done = _questions()
    names, acted = len({row.name for row in table}), len({name.partition("#")[0] for name in actions})
    return (
        f"{names} addresses in {len(table)} lines × {len(PEOPLE)} people × own, foreign and no object = "
        f"{pages.total()} answers; {acted} actions in {len(actions)} lines × {len(ACTING)} people × 2 stations = "
        f"{done.total()} answers"
    )


def page(passed: int) -> str:
    pages, done = _questions()
    lines = [f"{summary()}. {passed} tests, all passed.", "", "## As whom", ""]
    lines += [f"- {WHO[name]}" for name in PEOPLE]
    lines += ["", "## What was answered", "", "| Answer of an address | Times |", "|---|---|"]
    lines += [f"| {words} | {pages[sign]} |" for sign, words in addresses.SIGNS.items() if pages[sign]]
    lines += [f"| as for what does not exist | {pages['nothing']} |", ""]
    lines += ["| Answer of an action | Times |", "|---|---|"]
    lines += [f"| {words} | {done[sign]} |" for sign, words in acts.SIGNS.items() if done[sign]]
    lines += ["", f"{len(acts.WITHOUT_ACTOR)} actions have no actor:", ""]
    lines += [f"- `{name}`: {reason}" for name, reason in sorted(acts.WITHOUT_ACTOR.items())]
    return HEAD + "\n".join(lines) + "\n" + ASKED
