"""Which rows are of one family, one person, one visit: who is counted once, and what stands in a file twice.

Only within the file; whom the database knows is for the matching that comes after.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from shuangbai.core.characters import folded
from shuangbai.ledgers.enums import SENTENCES, Kind, Reason
from shuangbai.ledgers.judging import Issue, Record
from shuangbai.ledgers.words import HEADS


@dataclass(slots=True)
class _Family:
    """What is known of a family of one head's name in one village."""

    number: int
    file_nos: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)

    def takes(self, block: "_Block") -> bool | None:
        """Whether rows are this family's: True for certain, False if something tells them apart, else None."""
        if self.file_nos and block.file_nos:
            return bool(self.file_nos & block.file_nos)
        if self.ids and block.ids:
            return bool(self.ids & block.ids)
        if self.phones and block.phones:
            return bool(self.phones & block.phones)
        return None

    def join(self, block: "_Block") -> None:
        self.file_nos |= block.file_nos
        self.ids |= block.ids
        self.phones |= block.phones
        for record in block.records:
            record.family = self.number


@dataclass(slots=True)
class _Block:
    """Rows that stand together and are of one family: a visit, or the members under one head."""

    records: list[Record]
    file_nos: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)


def note_families(records: Iterable[Record], kind: Kind) -> int | None:
    """Give each sound row its family's number; how many families there are, or None where rows name no head.

    One family though a telephone or the village is written in two ways; two families where the head's name and the
    village are one but identity number, telephone or file number differ.
    """
    by_name: dict[tuple[str, str], list[_Block]] = {}
    for block in _blocks([record for record in records if not record.wrong], kind):
        first = block.records[0]
        who = folded(first.head or (first.name if kind is Kind.VISITS else ""))
        if not who and not block.file_nos:
            return None
        key = ("", next(iter(block.file_nos))) if block.file_nos else (first.village or first.place, who)
        by_name.setdefault(key, []).append(block)
    count = 0
    for blocks in by_name.values():
        families: list[_Family] = []
        for block in sorted(blocks, key=lambda block: (not block.file_nos, not block.ids, not block.phones)):
            verdicts = [(family.takes(block), family) for family in families]
            family = next((f for verdict, f in verdicts if verdict), None) or next(
                (f for verdict, f in verdicts if verdict is None), None
            )
            if family is None:
                family = _Family(count)
                families.append(family)
                count += 1
            family.join(block)
    return count


def _blocks(records: Sequence[Record], kind: Kind) -> list[_Block]:
    found: list[_Block] = []
    for record in records:
        previous = found[-1].records[-1] if found else None
        together = kind is not Kind.VISITS and previous is not None and _same_household(previous, record)
        if not together:
            found.append(_Block([]))
        block = found[-1]
        block.records.append(record)
        block.file_nos |= {record.file_no} - {""}
        block.phones |= set(record.phones)
        if record.id and (kind is Kind.VISITS or record.name == record.head or record.relation in HEADS):
            block.ids.add(record.id)
    return found


def _same_household(one: Record, other: Record) -> bool:
    """Whether two rows that follow each other are members of one family; a second head begins another."""
    if (one.sheet, one.file_no, one.head, one.village) != (other.sheet, other.file_no, other.head, other.village):
        return False
    return bool(one.file_no) or not (other.relation in HEADS and other.row > one.row)


def person_key(record: Record) -> tuple[str, ...] | None:
    """By what a person is the same: the number, else name, birth date, village and file number."""
    if record.id:
        return (record.id,)
    if not record.name:
        return None
    return (folded(record.name), record.birth or "", record.village or record.place, record.file_no)


def people(records: Iterable[Record]) -> int:
    """How many people sound rows are about. A row without a number is of the one person of that name and place who has
    one elsewhere in the file, where no birth date speaks against it."""
    sound = [record for record in records if not record.wrong]
    numbered: dict[tuple[str, ...], set[str | None]] = {}
    for record in sound:
        if record.id:
            numbered.setdefault(_called(record), set()).add(record.birth)
    found = set()
    for record in sound:
        births = set() if record.id else numbered.get(_called(record), set())
        born = next(iter(births)) if len(births) == 1 else None
        known = born is not None and born.startswith(record.birth or "")
        key = person_key(record)
        if key and not known:
            found.add(key)
    return len(found)


def _called(record: Record) -> tuple[str, ...]:
    return (folded(record.name), record.village or record.place, record.file_no)


def duplicates(
    records: Iterable[Record], kind: Kind, id_column: Mapping[str, str], *, a_sheet: bool
) -> list[tuple[str, Issue]]:
    """Rows that say what an earlier one says, each with its sheet: a person twice in a file (with `a_sheet`, in a
    sheet), or a family visited twice on one day in one manner."""
    seen: dict[tuple[object, ...], Record] = {}
    found = []
    for record in records:
        key = None if record.wrong else _duplicate_key(record, kind)
        if key is None:
            continue
        key = (record.sheet, *key) if a_sheet else key
        first = seen.setdefault(key, record)
        if first is not record:
            found.append((record.sheet, _twice(record, first, kind, id_column.get(record.sheet))))
    return found


def _duplicate_key(record: Record, kind: Kind) -> tuple[object, ...] | None:
    if kind is Kind.VISITS:
        return (record.family, record.date, record.mode) if record.family is not None else None
    if kind is Kind.ACTIVITIES:
        return None
    return person_key(record)


def _twice(record: Record, first: Record, kind: Kind, id_column: str | None) -> Issue:
    by_id = kind is not Kind.VISITS and bool(record.id)
    basis = "household+date+mode" if kind is Kind.VISITS else "id" if by_id else "name+birth+village"
    where = f"第{first.row}行" if first.sheet == record.sheet else f"工作表「{first.sheet}」第{first.row}行"
    sentence = f"{SENTENCES[Reason.DUPLICATE_IN_FILE]}（{where}）"
    column = id_column if by_id else None
    return Issue(record.row, column, Reason.DUPLICATE_IN_FILE, sentence, None, (first.sheet, first.row), basis)
