"""A frozen report beside today's records: which figures differ, and because of which facts.

Whoever changes a record through this product leaves a line in its history. A fact that differs without one was
changed in the database by hand, and is told apart (`FAULTS`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max

from shuangbai.filings.enums import FAULTS, ChangeKind
from shuangbai.filings.gathering import (
    ATTENDED,
    CATEGORIES,
    CONTACT,
    ELDER,
    FILE,
    HOURS,
    JUDGED,
    LINK,
    LISTED,
    MATTER,
    MET,
    RECORD,
    RECORD_ID,
    SHEET,
    SOURCES,
    SURVEY,
    VOLUNTEER,
)
from shuangbai.filings.manifest import VALUES, Facts, recount

IDS_AT_ONCE = 500
WHOEVER, FAMILY = "whoever", "family"
OF_RECORDS = (CONTACT, ATTENDED, MET)
BESIDE_RECORDS = (CONTACT, ATTENDED)  # each names its record by the place in the table of records
# By whom a fact is counted once, and the column of its own row that says it.
NAMED = {
    CONTACT: ("person_id",), ATTENDED: ("person_id",), RECORD: ("household_id",), FILE: ("household_id",),
    LISTED: ("id",), LINK: ("household_id", "person_id"), VOLUNTEER: ("person_id",), HOURS: ("volunteer_id",),
}  # fmt: skip
VOIDABLE = (RECORD, LINK, MATTER, HOURS, SURVEY, SHEET)  # tables whose rows say that they were voided


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that is not what was frozen. `key` is its row's key; `record` the service record it is of, if any.

    `codes` are the categories that came or went.
    """

    kind: ChangeKind
    table: str
    key: UUID
    record: UUID | None
    columns: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FigureChange:
    code: str
    frozen: Any
    now: Any

    @property
    def by(self) -> Any:
        return self.now - self.frozen


def marks() -> dict[str, int]:
    """How far the history of each table goes: what is changed later has a line beyond."""
    return {code: _history(code).aggregate(last=Max("history_id"))["last"] or 0 for code in SOURCES}


def figure_changes(frozen: Facts, today: Facts) -> list[FigureChange]:
    """The figures that are counted otherwise today; one that is no longer told is left out."""
    both = [code for code in frozen.figures if code in today.figures]
    told = [FigureChange(code, recount(frozen, code), recount(today, code)) for code in both]
    return [one for one in told if one.frozen != one.now]


def changes(frozen: Facts, today: Facts, marked: Mapping[str, int]) -> list[Change]:
    """Every fact that differs, table by table."""
    found: list[Change] = []
    for code in SOURCES:
        if code not in frozen.tables:  # frozen before there was such a table
            continue
        found += _Beside(code, frozen, today, marked).changes()
    return found


def counted(found: Iterable[Change]) -> dict[ChangeKind, int]:
    """How many changes of each kind."""
    numbers = Counter(change.kind for change in found)
    return {kind: numbers[kind] for kind in ChangeKind if numbers[kind]}


def first_faults(found: Iterable[Change]) -> dict[ChangeKind, Change]:
    """The first change of each kind that no page can make."""
    told: dict[ChangeKind, Change] = {}
    for change in found:
        if change.kind in FAULTS:
            told.setdefault(change.kind, change)
    return told


def _history(code: str) -> Any:
    model: Any = SOURCES[code].model
    return model.history.model.objects


@dataclass(slots=True)
class _Known:
    """What the database says today of the rows that differ, read in a number of queries that grows slowly.

    A contact is known by its record, wherever it is a fact: both change together, and the record's history tells.
    """

    there: set[UUID]
    voided: set[UUID]
    born: set[UUID]
    traced: set[UUID]


def _known(code: str, keys: Sequence[UUID], mark: int) -> _Known:
    known = _Known(set(), set(), set(), set())
    for start in range(0, len(keys), IDS_AT_ONCE):
        some = [_as_pk(code, key) for key in keys[start : start + IDS_AT_ONCE]]
        rows = SOURCES[code].model._default_manager.filter(pk__in=some)
        known.there.update(_as_key(pk) for pk in rows.values_list("pk", flat=True))
        if code in VOIDABLE:
            known.voided.update(rows.filter(voided_at__isnull=False).values_list("pk", flat=True))
        for pk, kind in _history(code).filter(id__in=some, history_id__gt=mark).values_list("id", "history_type"):
            (known.born if kind == "+" else known.traced).add(_as_key(pk))
    return known


def _hours_told(records: Sequence[UUID], mark: int) -> set[UUID]:
    """Records of which volunteers' hours were entered, corrected or voided since: what they add is another."""
    found: set[UUID] = set()
    for start in range(0, len(records), IDS_AT_ONCE):
        lines = _history(HOURS).filter(record__in=records[start : start + IDS_AT_ONCE], history_id__gt=mark)
        found.update(lines.values_list("record_id", flat=True))
    return found


def _as_pk(code: str, key: UUID) -> Any:
    return key if SOURCES[code].model._meta.pk.get_internal_type() == "UUIDField" else key.int  # type: ignore[union-attr]


def _as_key(pk: Any) -> UUID:
    return pk if isinstance(pk, UUID) else UUID(int=pk)


class _Beside:
    """One table, frozen and as it is today."""

    def __init__(self, code: str, frozen: Facts, today: Facts, marked: Mapping[str, int]) -> None:
        self.code, self.frozen, self.today = code, frozen, today
        self.was = {key: place for place, key in enumerate(frozen.tables[code].keys)}
        self.now = {key: place for place, key in enumerate(today.tables[code].keys)}
        self.differing = dict(self._differing())
        self.apart = [key for key in (*self.was, *self.now) if (key in self.was) is not (key in self.now)]
        asked = RECORD if code in OF_RECORDS else code
        subjects = {self._subject(key) for key in (*self.apart, *self.differing)}
        self.known = _known(asked, sorted(subjects), marked.get(asked, 0))
        if code == RECORD:
            self.known.traced |= _hours_told(sorted(subjects), marked.get(HOURS, 0))
        if code == HOURS:
            self.known.traced |= self._of_records_told(marked.get(RECORD, 0))
        self.by_hand = self._named_by_hand() if code in NAMED else set()
        records = ({*facts.tables[RECORD].keys} for facts in (frozen, today)) if code == CONTACT else ()
        self.counted_both_times = set.intersection(*records) if code == CONTACT else set()

    def _differing(self) -> Iterator[tuple[bytes, tuple[str, ...]]]:
        old, new = self.frozen.tables[self.code].columns, self.today.tables[self.code].columns
        pairs = [
            (name, old[name], new[name])
            for name in old
            if name in new and old[name].kind == new[name].kind == VALUES
        ]  # fmt: skip
        for key, place in self.was.items():
            at = self.now.get(key)
            if at is not None:
                columns = tuple(name for name, was, now in pairs if was[place] != now[at])
                if columns:
                    yield key, columns

    def _subject(self, key: bytes) -> UUID:
        """The row whose history tells of a fact: a contact's record, or the fact's own row."""
        if self.code == MET:
            return UUID(self._value(key, RECORD_ID))
        if self.code not in BESIDE_RECORDS:
            return UUID(bytes=key)
        facts = self.today if key in self.now else self.frozen
        return UUID(bytes=facts.tables[RECORD].keys[self._value(key, RECORD)])

    def _of_records_told(self, mark: int) -> set[UUID]:
        """Hours whose record was corrected or voided since: with it they move, or count no longer."""
        records = {UUID(bytes=key): UUID(self._value(key, RECORD_ID)) for key in (*self.apart, *self.differing)}
        told = _known(RECORD, sorted(set(records.values())), mark).traced
        return {key for key, record in records.items() if record in told}

    def _value(self, key: bytes, column: str) -> Any:
        """What a fact has in a column: today, or where it is no more, as it was frozen."""
        facts, place = (self.today, self.now[key]) if key in self.now else (self.frozen, self.was[key])
        return facts.tables[self.code].columns[column][place]

    def _named_by_hand(self) -> set[UUID]:
        """Facts that are gone, or name another person or family than the latest line of their own history."""
        keys, found = [UUID(bytes=key) for key in (*self.differing, *self.apart)], set()
        columns, model = NAMED[self.code], SOURCES[self.code].model
        for start in range(0, len(keys), IDS_AT_ONCE):
            some = keys[start : start + IDS_AT_ONCE]
            lines = _history(self.code).filter(id__in=some).order_by("history_id").values_list("id", *columns)
            said = {key: names for key, *names in lines}
            rows = model._default_manager.filter(pk__in=some).values_list("pk", *columns)
            now = {key: names for key, *names in rows}
            found |= {key for key in some if key not in now or said.get(key, key) != now[key]}
        return found

    def _of_identity(self, key: bytes) -> bool:
        """Whether a fact may be counted otherwise without its row changing: whom it names is held to be another.

        Counted under the entry that is kept, a contact of the other entry in the same record drops out; parted
        again, it comes back.
        """
        if self.code == CONTACT and self._subject(key).bytes not in self.counted_both_times:
            return False
        return self.code in NAMED and UUID(bytes=key) not in self.by_hand

    def _of_category(self, key: bytes) -> bool:
        """Whether a fact may come or go by what is carried: an elder, a family on a list, a visit to such an elder.

        What is carried has no mark of its own, as `Standing` has none.
        """
        if self.code != MET:
            return self.code in (ELDER, LISTED)
        person = self._value(key, "person")
        return not all(person in facts.tables[ELDER].columns["person"].values for facts in (self.frozen, self.today))

    def changes(self) -> Iterator[Change]:
        for key in self.apart:
            yield self._change(key, self._gone(key) if key in self.was else self._added(key))
        for key, columns in self.differing.items():
            yield self._change(key, self._changed(key, columns), columns)

    def _change(self, key: bytes, kind: ChangeKind, columns: tuple[str, ...] = ()) -> Change:
        record = self._subject(key) if self.code in (RECORD, *OF_RECORDS) else None
        codes = self._codes(key) if CATEGORIES in columns else frozenset()
        return Change(kind, self.code, UUID(bytes=key), record, columns, codes)

    def _codes(self, key: bytes) -> frozenset[str]:
        """The categories that a fact counted as either then or today, and not both times."""
        was = self.frozen.tables[self.code].columns[CATEGORIES][self.was[key]]
        now = self.today.tables[self.code].columns[CATEGORIES][self.now[key]]
        return frozenset(was.split(",")) ^ frozenset(now.split(","))

    def _gone(self, key: bytes) -> ChangeKind:
        subject, known = self._subject(key), self.known
        if subject not in known.there:
            return ChangeKind.VANISHED
        if subject not in known.traced:
            return self._without_trace(key)
        return ChangeKind.VOIDED if subject in known.voided else ChangeKind.CORRECTED

    def _added(self, key: bytes) -> ChangeKind:
        subject, known = self._subject(key), self.known
        if subject in known.born:
            return ChangeKind.LATE
        return ChangeKind.CORRECTED if subject in known.traced else self._without_trace(key)

    def _without_trace(self, key: bytes) -> ChangeKind:
        """Why a fact comes or goes though its own row has no new line of history.

        By whom it names only a contact does; a record or a file stays, and counts under another family.
        """
        if self._of_category(key):
            return ChangeKind.RECATEGORISED
        return ChangeKind.MERGED if self.code == CONTACT and self._of_identity(key) else ChangeKind.UNTRACED

    def _changed(self, key: bytes, columns: tuple[str, ...]) -> ChangeKind:
        if self._subject(key) in self.known.traced:
            return ChangeKind.CORRECTED
        if {*columns} <= {CATEGORIES}:
            return ChangeKind.RECATEGORISED
        if self.code == FILE and {*columns} <= {*JUDGED}:
            return ChangeKind.JUDGED
        if {*columns} <= {CATEGORIES, WHOEVER, FAMILY} and self._of_identity(key):
            return ChangeKind.MERGED
        return ChangeKind.UNTRACED
