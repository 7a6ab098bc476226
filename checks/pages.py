"""Pages of docs/: those made from the code are fresh, and links between pages lead somewhere.

`python -m checks.pages --write` makes the pages anew; without it they are compared. Needs django.setup() for the
figures' definitions; asks no database.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from checks import ROOT, files, place

REFERENCE = ROOT / "docs" / "reference"
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


INDICATORS_HEAD = """\
# Figures of the results report

Made from `shuangbai/reports/indicators.py` by `python -m checks.pages --write`; do not edit.

The definitions are printed beside the numbers, so they are in Chinese. Each code has one definition, for the number
and for the list behind it ([ADR 0007](../adr/0007-one-definition-for-number-and-list.md)). How visits count, and which
two codes are ours (S3, A6), stands in [ADR 0013](../adr/0013-what-counts-as-a-visit.md).

Periods include both ends. A figure marked *last day* is of the period's last day; the others are of the whole period.
Voided records are in no figure.

No figure depends on who asks. Of a restricted category, whoever may not open it is told no small number, and its list
ends with how many may not be opened ([ADR 0047](../adr/0047-what-may-not-be-opened-still-counts.md)).

| Code | Name | Unit | Definition | Section | Last day | In a station's row |
|---|---|---|---|---|---|---|
"""


def indicators() -> str:
    """docs/reference/indicators.md: every figure with its code, unit, definition and dimensions."""
    from shuangbai.reports.dimensions import DIMENSIONS
    from shuangbai.reports.indicators import INDICATORS, RATES
    from shuangbai.reports.results import COLUMNS, SECTIONS, SPLITS

    sections = {code: title for title, codes in SECTIONS for code in codes}
    lines = [*INDICATORS_HEAD.splitlines()]
    for one in INDICATORS:
        marks = [mark if given else "" for mark, given in (("yes", one.as_of), ("yes", one.code in COLUMNS))]
        cells = [one.code, one.name, one.unit, one.definition, sections.get(one.code, ""), *marks]
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "## Rates", "", "Two figures of one question and the day, never a number alone.", ""]
    lines += ["| Code | Name | Definition | Numerator | Denominator |", "|---|---|---|---|---|"]
    lines += [f"| {r.code} | {r.name} | {r.definition} | {r.numerator} | {r.denominator} |" for r in RATES]
    lines += ["", "## Counted by what", ""]
    lines += ["| Code | One counted thing | Splits that the report shows | Dimensions one may ask for |"]
    lines += ["|---|---|---|---|"]
    for one in INDICATORS:
        shown = ", ".join(f"`{code}`" for code in SPLITS.get(one.code, ()))
        asked = ", ".join(f"`{code}`" for code in one.by)
        lines.append(f"| {one.code} {one.name} | {one.thing} | {shown} | {asked} |")
    lines += ["", "## Dimensions", "", "| Code | Name | Parts may overlap |", "|---|---|---|"]
    lines += [f"| `{code}` | {one.name} | {'yes' if one.overlaps else ''} |" for code, one in DIMENSIONS.items()]
    return "\n".join([*lines, ""])


CODES_HEAD = """\
# Code lists

Made from the lists that the rooms declare (`CodeSpec`) by `python -m checks.pages --write`; do not edit.

These are the built-in items. A city may call them otherwise from a day on, end them, order them, and add items of its
own that count as one of them ([ADR 0025](../adr/0025-dated-code-lists.md), [how to](../how-to/codes.md)).
"""


def code_lists() -> str:
    """docs/reference/code-lists.md: every list with its built-in items and what hangs on them."""
    from shuangbai.codes.enums import SPECS

    lines = [*CODES_HEAD.splitlines()]
    for spec in sorted(SPECS.values(), key=lambda spec: spec.code):
        may = "names only" if spec.closed else "several may be chosen" if spec.several else "one is chosen"
        lines += ["", f"## {spec.name} `{spec.code}`", "", f"{spec.about} Kept in `{spec.model}.{spec.field}`; {may}."]
        lines += ["", "| Code | Name | What hangs on it |", "|---|---|---|"]
        for code, label in spec.built_in.items():
            told = [spec.meanings.get(code, ""), "an item that counts as it must stay" if code in spec.needed else ""]
            lines.append(f"| `{code}` | {label} | {'; '.join(filter(None, told))} |")
    return "\n".join([*lines, ""])


DOCTOR_HEAD = """\
# What the check-up may find

Made from `shuangbai/upkeep/doctor.py` and what rooms above add to it, by `python -m checks.pages --write`; do not edit.

`shuangbai doctor [--json] [--quick]` and the page 系统 look at the installation and change nothing
([ADR 0019](../adr/0019-the-check-up.md)). Exit code 1: there is a problem. Exit code 0: none; there may be warnings and
notes. `--json` prints `{"problems": 0, "findings": [{"code", "severity", "sentence", "remedy"}]}`. `--quick` leaves out
what reads whole tables; the page shows that from the daily run.

"""


def doctor() -> str:
    """docs/reference/doctor.md: every look and every finding with what to do."""
    from shuangbai.upkeep.doctor import CHECKS, KINDS

    lines = [*DOCTOR_HEAD.splitlines(), "| Look | Reads whole tables |", "|---|---|"]
    lines += [f"| {check.label} | {'yes' if check.slow else ''} |" for check in CHECKS]
    lines += ["", "| Code | Severity | Sentence | What to do |", "|---|---|---|---|"]
    lines += [f"| `{code}` | {kind.severity} | {kind.sentence} | {kind.remedy} |" for code, kind in KINDS.items()]
    return "\n".join([*lines, ""])


PAGES: dict[Path, Callable[[], str]] = {
    REFERENCE / "indicators.md": indicators,
    REFERENCE / "code-lists.md": code_lists,
    REFERENCE / "doctor.md": doctor,
}


def stale() -> list[str]:
    """Pages made from the code that no longer say what it says."""
    return [
        f"{place(path)}: not what the code says; run python -m checks.pages --write"
        for path, made in PAGES.items()
        if not path.exists() or path.read_text(encoding="utf-8") != made()
    ]


def _pages() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *files(".md", under=("docs",))]


def _links(text: str) -> Iterator[tuple[str, int]]:
    """Where links inside the repository lead, with the line; code blocks and pictures left out."""
    plain = FENCED.sub(lambda found: "\n" * found.group().count("\n"), text)
    for match in LINK.finditer(plain):
        target = match[1].partition("#")[0]
        if target and ":" not in target:
            yield target, plain.count("\n", 0, match.start()) + 1


def dead_links() -> list[str]:
    """Links from page to page, or to a file, that lead nowhere."""
    return [
        f"{place(path, line)}: no file {target}"
        for path in _pages()
        for target, line in _links(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]


ALL = (stale, dead_links)


def main(arguments: list[str]) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if arguments == ["--write"]:
        for path, made in PAGES.items():
            path.write_text(made(), encoding="utf-8")
            print(place(path))
        return 0
    if arguments:
        print("usage: python -m checks.pages [--write]", file=sys.stderr)
        return 2
    complaints = [sentence for check in ALL for sentence in check()]
    for sentence in complaints:
        print(sentence)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
