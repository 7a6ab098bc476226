"""A ledger as its pages show it: rows by what becomes of them, families to decide about, what would change."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from shuangbai.core.privacy import mask_address
from shuangbai.households.models import Household
from shuangbai.ledgers.enrolling import called_of
from shuangbai.ledgers.enums import DealState, Fate, Kind, Reason
from shuangbai.ledgers.judging import Issue
from shuangbai.ledgers.models import Dealing
from shuangbai.ledgers.proposing import Difference, FamilySaid, Proposal
from shuangbai.ledgers.returned import Faults
from shuangbai.ledgers.told import Row

_DIGITS = re.compile(r"(?<!\d)(?!(?:19|20)\d{6}(?!\d))\d(?: ?\d){5,}[\dXx]")  # seven and more; no day in one piece
SAMPLES = 3
ORDER = (Fate.NEW, Fate.ADDS, Fate.SAME, Fate.TWICE, Fate.ASK, Fate.WRONG)


def covered(text: str) -> str:
    """The text with the middle of long numbers hidden: identity numbers, telephones, accounts."""
    return _DIGITS.sub(lambda found: f"{found[0][:3]}{'*' * (len(found[0]) - 5)}{found[0][-2:]}", text)


@dataclass(frozen=True, slots=True)
class Line:
    """A row on a page: where it stands, what it says, and what is wrong with it or becomes of it."""

    sheet: str
    row: int
    title: str
    said: Sequence[tuple[str, str]]
    wrong: Sequence[str]
    warnings: Sequence[str]


def line_of(row: Row, reason: str = "") -> Line:
    named = row.said.get("title") or row.said.get("name") or row.said.get("head") or ""
    day = row.said.get("day", "")
    wrong = [_at(column, sentence) for column, _reason, sentence, bad in row.issues if bad]
    said = [(header or letter, covered(text)) for letter, header, text in row.cells]
    return Line(
        row.sheet, row.row, " ".join(filter(None, (day, named))), said,
        [*wrong, *([reason] if reason and not wrong else [])],
        [_at(column, sentence) for column, _reason, sentence, bad in row.issues if not bad],
    )  # fmt: skip


def _at(column: str | None, sentence: str) -> str:
    return f"{column} 列：{covered(sentence)}" if column else covered(sentence)


def lines(proposal: Proposal, fate: Fate, start: int, many: int) -> list[Line]:
    """The rows of which one thing becomes, some of them."""
    places = (number for number, one in enumerate(proposal.fates) if one is fate)
    return [
        line_of(proposal.rows[number], proposal.reasons.get(number, ""))
        for number in islice(places, start, start + many)
    ]


def samples(rows: Iterable[Row], sheet: str) -> dict[str, list[str]]:
    """By column some of what stands in it, each once."""
    found: dict[str, list[str]] = {}
    for row in islice((row for row in rows if row.sheet == sheet), 60):
        for letter, _header, text in row.cells:
            seen = found.setdefault(letter, [])
            shown = covered(text if len(text) <= 24 else f"{text[:24]}…")
            if len(seen) < SAMPLES and shown not in seen:
                seen.append(shown)
    return found


def met_unnamed(proposal: Proposal) -> int:
    """Visits that go in and say that more people were met than they name: a row names one."""
    fates = zip(proposal.rows, proposal.fates, strict=True)
    return sum(
        proposal.kind is Kind.VISITS and fate is Fate.NEW and (row.said.get("people") or 0) > 1 for row, fate in fates
    )


def faults_of(rows: Sequence[Row], reasons: Mapping[int, str]) -> dict[str, Faults]:
    """What is to be marked in a workbook: what is wrong in its cells, and why rows cannot be entered."""
    found: dict[str, tuple[list[Issue], list[Issue]]] = {}
    for number, row in enumerate(rows):
        wrong, warnings = found.setdefault(row.sheet, ([], []))
        for column, reason, sentence, bad in row.issues:
            (wrong if bad else warnings).append(Issue(row.row, column, Reason(reason), sentence))
        if number in reasons and not row.wrong:
            wrong.append(Issue(row.row, None, Reason.NAME_MISSING, reasons[number]))
    return {sheet: Faults(wrong, warnings) for sheet, (wrong, warnings) in found.items()}


@dataclass(frozen=True, slots=True)
class Question:
    """A family of the ledger and those on file that it may be."""

    key: str
    name: str
    said: str
    rows: str
    choices: Sequence[tuple[UUID, str, str]]
    chosen: str


def questions(waiting: Sequence[FamilySaid], chosen: Sequence[str]) -> list[Question]:
    ids = {choice.home for one in waiting for choice in one.choices}
    homes = Household.objects.select_related("village").defer("address", "phone").in_bulk(list(ids))
    names = {pk: f"{home.head_name}户（{home.village.short_name}）" for pk, home in homes.items()}
    names |= called_of(ids - set(homes))  # of a list of volunteers
    return [
        Question(
            one.said.key, one.said.called, "、".join(person.name for person in one.said.people[1:4]),
            "、".join(f"{row.row}" for row in one.said.rows[:5]),
            [(choice.home, names[choice.home], choice.why) for choice in one.choices], chosen[number],
        )
        for number, one in enumerate(waiting)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A field of somebody on file, as it is and as the ledger has it, both masked."""

    name: str
    label: str
    old: str
    new: str


def changes(proposal: Proposal, field: str, many: int) -> list[Change]:
    return list(islice(_changes(proposal, field), many))


def _changes(proposal: Proposal, field: str) -> Iterator[Change]:
    for one in proposal.households:
        of = "" if proposal.kind is Kind.VOLUNTEERS else "户"
        named = [(f"{one.said.called}{of}", one.differs), *((who.said.name, who.differs) for who in one.people)]
        for name, differs in named:
            yield from (_change(name, difference) for difference in differs if difference.field == field)


def _change(name: str, difference: Difference) -> Change:
    hide = mask_address if difference.field == "address" else covered
    return Change(name, difference.label, hide(difference.old), hide(difference.new))


# A WORKBOOK OF SEVERAL STATIONS ------------------------------------------------

GONE = "已丢弃"


def shares_of(dealing: Dealing) -> list[tuple[str, int, int, str]]:
    """Of each station its name, its rows, those of them that are wrong, and how far it is with its part."""
    states = {str(one.station_id): one.get_state_display() for one in dealing.parts.only("station_id", "state")}
    missing = DealState.BACK.label if dealing.state == DealState.BACK else GONE
    return [
        (name, rows, wrong, states.get(pk, missing)) for pk, (name, rows, wrong) in dealing.counts["shares"].items()
    ]
