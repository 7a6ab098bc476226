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
CASES_ADR = "../adr/0055-cases-are-known-to-those-who-work-on-them.md"
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
    from shuangbai.reports.casework import FIGURES
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
    lines += ["", "## Casework", "", f"On a page of their own, by half-year ([ADR 0055]({CASES_ADR})).", ""]
    lines += ["| Code, name | Unit | Definition |", "|---|---|---|"]
    lines += [f"| {one.code} {one.name} | {one.unit} | {one.definition} |" for one in FIGURES]
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


SAFEGUARDING_HEAD = """\
# Alarms: states, situations, steps

Made from `shuangbai/safeguarding/rules.py` by `python -m checks.pages --write`; do not edit.

Who may do what, and why nobody else learns of it: [ADR 0051](../adr/0051-alarms-are-known-to-the-named-few.md).
"""


def safeguarding() -> str:
    """docs/reference/safeguarding.md: the table of states as a diagram, the nine situations, what each step asks."""
    from shuangbai.safeguarding.enums import CloseReason, Situation, StepKind
    from shuangbai.safeguarding.rules import STEPS, WITHOUT_REPORT, diagram

    lines = [*SAFEGUARDING_HEAD.splitlines(), "", "```mermaid", diagram(), "```", ""]
    lines += ["## Situations", "", "| Code | Name |", "|---|---|"]
    lines += [f"| `{one}` | {one.label} |" for one in Situation]
    lines += ["", "## Steps", "", "| Code | Name | Line of words | Must be filled in |", "|---|---|---|---|"]
    for kind, asked in STEPS.items():
        must = "line" if asked.needs_whom else "words" if asked.needs_note else ""
        must += ", receipt or words" if kind == StepKind.POLICE else ""
        lines.append(f"| `{kind}` | {StepKind(kind).label} | {asked.whom} | {must} |")
    lines += ["", "## Why an alarm ends", "", "| Code | Name | Without a report to the police |", "|---|---|---|"]
    lines += [f"| `{one}` | {one.label} | {'yes' if one in WITHOUT_REPORT else ''} |" for one in CloseReason]
    return "\n".join([*lines, ""])


RESOURCES_HEAD = """\
# Referrals and policy assistance: states, rules

Made from `shuangbai/resources/rules.py` and `shuangbai/assistance/rules.py` by `python -m checks.pages --write`; do not
edit.

Why they are so: [ADR 0056](../adr/0056-resources-links-and-referrals.md),
[ADR 0057](../adr/0057-policy-assistance.md).
"""


def resources() -> str:
    """docs/reference/resources.md: both tables of states as diagrams, what reminds, what is known of each policy."""
    from shuangbai.assistance import rules as assistance
    from shuangbai.assistance.enums import Policy
    from shuangbai.resources import rules

    lines = [*RESOURCES_HEAD.splitlines(), "", "## Referrals", "", "```mermaid", rules.diagram(), "```", ""]
    lines += ["| State | Reminder | Offered within |", "|---|---|---|"]
    lines += [f"| {state.label} | {words} | {within.days} days |" for state, (words, within) in rules.AWAITED.items()]
    lines += ["", "## Policy assistance", "", "```mermaid", assistance.diagram(), "```", ""]
    lines += ["What the product brings of each policy; a city may say otherwise from a day on.", ""]
    lines += ["| Policy | From | Working days | Special | Review, months | Source | Checked | Papers |"]
    lines += ["|---|---|---|---|---|---|---|---|"]
    for rule in assistance.SHIPPED:
        told = [Policy(rule.policy).label, f"{rule.starts_on}", rule.days, rule.special_days, rule.review_months]
        told += [rule.source, "yes" if rule.sure else "no", "、".join(rule.papers)]
        lines.append(f"| {' | '.join(str(one) if one is not None else '–' for one in told)} |")
    return "\n".join([*lines, ""])


CASES_HEAD = """\
# Cases: stages, documents, who sees one

Made from `shuangbai/cases/rules.py` by `python -m checks.pages --write`; do not edit.

Why it is so: [ADR 0055](../adr/0055-cases-are-known-to-those-who-work-on-them.md). How to: [cases](../how-to/cases.md).
"""
CASES_SEEN = """\
## Who sees a case

Its worker and co-worker while they are posted at the station in charge, the head of that station while posted there,
its supervisor while they supervise that station. For everybody else, other supervisors and the bureau too, there is
none: by status, page, headers and queries. Worker, co-worker and head write; the supervisor comments and agrees or
not; the head comments, and says who works on it. Whoever is offered a case sees its number and the note until they
take it.

An alarm that is open about a client stands in the way of closing for whoever may know of it, and for nobody else.
"""


def cases() -> str:
    """docs/reference/cases.md: the table of stages as a diagram, every move, what each stage asks for."""
    from shuangbai.cases.rules import DOCUMENTS, MOVES, WITH_REASON, diagram

    lines = [*CASES_HEAD.splitlines(), "", "```mermaid", diagram(), "```", ""]
    lines += ["Moves by stage; those in *italics* ask for a reason always, 进入下一阶段 where a gate is missing.", ""]
    lines += ["| From | To |", "|---|---|"]
    for stage, moves in MOVES.items():
        told = [f"*{to.label}* ({move.label})" if move in WITH_REASON else f"{to.label} ({move.label})"
                for to, move in moves.items()]  # fmt: skip
        lines.append(f"| {stage.label} `{stage}` | {', '.join(told)} |")
    lines += [
        "",
        "## Documents",
        "",
        "What is missing is told with the day since when, and blocks nothing but a closing",
    ]
    lines += ["without reason and summary. The supervisor's views are asked for where the risk is high (the plan) or"]
    lines += ["where the city says so.", "", "| Stage | Document | Code | Gate |", "|---|---|---|---|"]
    for code, one in DOCUMENTS.items():
        gate = "where the city asks" if code.startswith("view_") else "yes" if one.gate else ""
        lines.append(f"| {one.stage.label} | {one.label} | `{code}` | {gate} |")
    return "\n".join([*lines, "", *CASES_SEEN.splitlines(), ""])


STORIES_HEAD = """\
# Stories: states, steps, what each asks

Made from `shuangbai/stories/rules.py` by `python -m checks.pages --write`; do not edit.

Why it is so: [ADR 0058](../adr/0058-from-case-to-story.md). How to: [stories](../how-to/stories.md).
What the checker finds: [measured](deidentify.md).
"""


def stories() -> str:
    """docs/reference/stories.md: the table of states as a diagram, what steps ask for, how far consent reaches."""
    from shuangbai.stories.enums import Reach, StoryState
    from shuangbai.stories.rules import READ, SECTIONS, WITH_REASON, diagram

    lines = [*STORIES_HEAD.splitlines(), "", "```mermaid", diagram(), "```", ""]
    lines += ["## States", "", "| Code | Name | Read by others |", "|---|---|---|"]
    lines += [f"| `{one}` | {one.label} | {'yes' if one in READ else ''} |" for one in StoryState]
    lines += ["", "## Steps that ask for words", "", "| Code | Step | What is asked |", "|---|---|---|"]
    lines += [f"| `{step}` | {step.label} | {asked} |" for step, asked in WITH_REASON.items()]
    lines += ["", "## How far a client lets it go", "", "| Code | Name |", "|---|---|"]
    lines += [f"| `{one}` | {one.label} |" for one in Reach]
    lines += ["", "## Headings", "", "、".join(SECTIONS.values())]
    return "\n".join([*lines, ""])


SCALES_HEAD = """\
# Scales that the product brings

Made from `shuangbai/scales/data/scales.json` by `python -m checks.pages --write`; do not edit.

Items stand only where their licence lets us hold them; of the others a total is written down (*score only*). A score
is a hint, no verdict ([ADR 0059](../adr/0059-scales-are-data.md)). A city may end each of them and add its own.
"""


def scales() -> str:
    """docs/reference/scales.md: every scale with its items' number, range, bands, source and licence."""
    from shuangbai.scales.queries import shipped

    lines = [*SCALES_HEAD.splitlines(), ""]
    for one in shipped():
        held = "score only" if one.score_only else f"{len(one.items)} items"
        who = "、".join(str(filler.label) for filler in one.fills)
        missing = f"at most {one.missing_most} items may be missing" if one.missing_most else "no item may be missing"
        lines += [f"## {one.name} `{one.code}`", "", f"Version {one.version}, {held}, {one.lowest} to {one.highest}."]
        lines += ["" if one.score_only else f"{missing[0].upper()}{missing[1:]}.", f"Filled in: {who}.", ""]
        if one.bands:
            lines += ["| From | To | Band | What may be done |", "|---|---|---|---|"]
            lines += [f"| {band.least} | {band.most} | {band.label} | {band.hint} |" for band in one.bands]
            lines.append("")
        lines += [f"* Source: {one.source}", f"* Licence: {one.licence}", ""]
    return "\n".join(lines)


GROUPS_HEAD = """\
# Groups: states, papers, phases

Made from `shuangbai/groups/rules.py` by `python -m checks.pages --write`; do not edit.

Why it is so: [ADR 0062](../adr/0062-a-group-and-its-sessions.md). How to: [groups](../how-to/groups.md).
"""


def groups() -> str:
    """docs/reference/groups.md: the table of states as a diagram, what is asked for in each phase, what doors do."""
    from shuangbai.core.findings import Door
    from shuangbai.groups.rules import DOORS, PAPERS, diagram
    from shuangbai.services import rules as spine

    lines = [*GROUPS_HEAD.splitlines(), "", "```mermaid", diagram(), "```", ""]
    lines += ["## What is asked for", "", "Told with the day since when it is missing; it hinders nothing.", ""]
    lines += ["| Phase | Paper | Code |", "|---|---|---|"]
    lines += [f"| {one.phase.label} | {one.label} | `{one.code}` |" for one in PAPERS]
    lines += ["", "## Doors", "", "What each door does about a session, beside what it does about every record.", ""]
    lines += ["| Finding | " + " | ".join(Door) + " |", "|---|" + "---|" * len(Door)]
    own = {code: doors for code, doors in DOORS.items() if code not in spine.DOORS}
    lines += [f"| `{code}` | " + " | ".join(doors[door] for door in Door) + " |" for code, doors in own.items()]
    return "\n".join([*lines, ""])


PROJECTS_HEAD = """\
# Community projects: states, doors

Made from `shuangbai/projects/rules.py` by `python -m checks.pages --write`; do not edit.

Why it is so: [ADR 0065](../adr/0065-a-ledger-that-takes-back-in-the-open.md). How: [projects](../how-to/projects.md).
"""


def projects() -> str:
    """docs/reference/projects.md: the table of states as a diagram, what doors do about a meeting."""
    from shuangbai.core.findings import Door
    from shuangbai.projects.rules import DOORS, diagram
    from shuangbai.services import rules as spine

    lines = [*PROJECTS_HEAD.splitlines(), "", "```mermaid", diagram(), "```", ""]
    lines += ["## Doors", "", "What each door does about a meeting, beside what it does about every record.", ""]
    lines += ["| Finding | " + " | ".join(Door) + " |", "|---|" + "---|" * len(Door)]
    own = {code: doors for code, doors in DOORS.items() if code not in spine.DOORS}
    lines += [f"| `{code}` | " + " | ".join(doors[door] for door in Door) + " |" for code, doors in own.items()]
    return "\n".join([*lines, ""])


EVENTS_HEAD = """\
# Planned activities: states, doors, ceilings

Made from `shuangbai/events/rules.py` by `python -m checks.pages --write`; do not edit.

Why it is so: [ADR 0064](../adr/0064-an-activity-before-it-is-one.md). How to: [events](../how-to/events.md).
"""


def events() -> str:
    """docs/reference/events.md: the table of states as a diagram, what doors do, what a public page takes in."""
    from shuangbai.core.findings import Door
    from shuangbai.events import rules
    from shuangbai.services import rules as spine

    lines = [*EVENTS_HEAD.splitlines(), "", "```mermaid", rules.diagram(), "```", "", "## Doors", ""]
    lines += ["What each door does about the day of an activity, beside what it does about every record.", ""]
    lines += ["| Finding | " + " | ".join(Door) + " |", "|---|" + "---|" * len(Door)]
    own = {code: doors for code, doors in rules.DOORS.items() if code not in spine.DOORS}
    lines += [f"| `{code}` | " + " | ".join(doors[door] for door in Door) + " |" for code, doors in own.items()]
    lines += ["", "## Ceilings", "", "| What | How many |", "|---|---|"]
    told = [
        ("Places of an event", rules.PLACES_MOST), ("Its waiting list", rules.WAITING_MOST),
        ("People of one sign-up", rules.TOGETHER_MOST), ("Sendings a minute for an event and a page", rules.A_MINUTE),
        ("Answers about an activity, at the least; otherwise twice its person-times", rules.SAY_LEAST),
        ("Days for which one may answer", rules.SAY_DAYS),
        ("Days after the activity for which names are kept", rules.KEPT_DAYS),
    ]  # fmt: skip
    lines += [f"| {what} | {most} |" for what, most in told]
    return "\n".join([*lines, ""])


PAGES: dict[Path, Callable[[], str]] = {
    REFERENCE / "indicators.md": indicators,
    REFERENCE / "code-lists.md": code_lists,
    REFERENCE / "doctor.md": doctor,
    REFERENCE / "safeguarding.md": safeguarding,
    REFERENCE / "resources.md": resources,
    REFERENCE / "cases.md": cases,
    REFERENCE / "stories.md": stories,
    REFERENCE / "scales.md": scales,
    REFERENCE / "groups.md": groups,
    REFERENCE / "projects.md": projects,
    REFERENCE / "events.md": events,
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
