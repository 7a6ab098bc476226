"""A proposal entered: through the actions that a page takes too, inside the caller's one transaction.

Whatever was made or changed is noted with the import (`Made`), in an order in which it can be taken back.
"""

import json
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from shuangbai.activities.actions import ActivityEntry, record_activities
from shuangbai.activities.enums import KINDS, ActivityKind
from shuangbai.codes.queries import choices_on, first_as, unoffered
from shuangbai.core import clock
from shuangbai.core.actions import as_one
from shuangbai.core.bulk import in_parts, insert_rows
from shuangbai.core.characters import folded
from shuangbai.core.findings import Door, Refused
from shuangbai.core.ids import new_id
from shuangbai.core.telephones import MOST
from shuangbai.dossier.actions import enter_parts
from shuangbai.dossier.entries import PartEntry
from shuangbai.dossier.models import PersonSheet
from shuangbai.followups.actions import TaskEntry, ask_tasks
from shuangbai.followups.models import Task
from shuangbai.households.actions import (
    add_member,
    change_household,
    change_person,
    close_tag,
    enter_households,
    open_tags,
)
from shuangbai.households.entries import FileEntry, HouseholdEntry, MemberEntry, TagEntry
from shuangbai.households.enums import Relation, TagEnd, TagSource
from shuangbai.households.files import grade_files, open_files
from shuangbai.households.grades import Schemes
from shuangbai.households.models import (
    FamilyFile,
    FileGrade,
    FileWorker,
    Household,
    Membership,
    Person,
    Residence,
    Tag,
)
from shuangbai.households.standing import hold_families
from shuangbai.ledgers.enlisting import enlist
from shuangbai.ledgers.enums import Fate, Kind
from shuangbai.ledgers.grouping import written_day
from shuangbai.ledgers.models import Import, ImportedRow, Made, label
from shuangbai.ledgers.proposing import Carried, Decided, FamilySaid, PersonSaid, Proposal, staff_by_name
from shuangbai.ledgers.rosters import ASK, END, beside
from shuangbai.ledgers.told import Row, open_notes
from shuangbai.network.models import User
from shuangbai.services.enums import CountMethod, HeadGroup
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.actions import VisitEntry, record_visits
from shuangbai.visits.enums import FOLLOWUPS, MODES, NEEDS, PURPOSES, RESULTS, Followup, Mode, Purpose, Result

ROWS = uuid.UUID("0b0d9f4e-6f5a-5d35-9c0f-6d6b2f0a7a10")
BATCH = 1000
NUMBER_LENGTH, NAME_LENGTH, GROUP_LENGTH, TITLE_LENGTH, PLACE_LENGTH = 30, 40, 30, 80, 60
_ABOUT = re.compile(r"约\s*\d|\d+\s*余|\d+\s*(?:人次?)?左右|\d+\s*多人")
_GRADE_WORDS = re.compile(r"[色类级户]$")
GOING = (Fate.NEW, Fate.ADDS)
Told = Callable[[int], None]
Spell = tuple[Any, ...]


@dataclass(slots=True)
class Noted:
    """What an import made: its things in the order of making, and what each row led to."""

    made: list[tuple[str, UUID, str]] = field(default_factory=list)
    changed: dict[tuple[str, UUID], dict[str, list[str]]] = field(default_factory=dict)
    records: dict[int, UUID] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)  # what a row said and could not be entered, and why

    def change(self, model: Any, thing: UUID, was: Mapping[str, tuple[str, str]]) -> None:
        """Fields before and after; of what is changed twice, before the first and after the last."""
        kept = self.changed.setdefault((f"{label(model)}-change", thing), {})
        for name, (before, after) in was.items():
            kept[name] = [kept[name][0] if name in kept else before, after]

    def everything(self) -> Iterator[tuple[str, UUID, str]]:
        yield from self.made
        for (what, thing), was in self.changed.items():
            yield what, thing, json.dumps(was, ensure_ascii=False)

    def make(self, model: Any, things: Iterable[UUID]) -> None:
        self.made += [(label(model), thing, "") for thing in things]


class Entering:
    """Enters one proposal by somebody. `told` hears how many rows are done."""

    def __init__(self, by: User, proposal: Proposal, source: Import, decided: Decided, told: Told) -> None:
        self.by, self.proposal, self.source, self.decided, self.told = by, proposal, source, decided, told
        self.station, self.today, self.noted = proposal.station, clock.today(), Noted()
        self.staff = staff_by_name(self.station)
        self.place = {id(row): number for number, row in enumerate(proposal.rows)}
        self.of_row: dict[int, list[PersonSaid]] = defaultdict(list)
        for one in proposal.households:
            for person in one.people:
                for row in person.said.rows:
                    self.of_row[id(row)].append(person)

    def enter(self) -> Noted:
        """Everything that the proposal says. Raises Refused, NotAllowed; the caller's transaction then undoes it."""
        if self.proposal.kind is Kind.ACTIVITIES:
            self._activities()
        elif self.proposal.kind is Kind.VOLUNTEERS:
            enlist(by=self.by, proposal=self.proposal, client_id=self._client_id, noted=self.noted)
        else:
            self._families()
            if self.proposal.kind is Kind.VISITS:
                self._visits()
            elif self.proposal.kind is Kind.ROSTER:
                self._gone()
        self._note()
        return self.noted

    # FAMILIES

    def _families(self) -> None:
        going = [one for one in self.proposal.households if not one.waits and not one.missing and self._goes(one)]
        new, known = [one for one in going if one.home is None], [one for one in going if one.home]
        hold_families({one.home for one in known})  # type: ignore[misc]  # all at once, in one order
        for some in in_parts(new, BATCH):
            self._new_families(some)
            self.told(sum(len(one.said.rows) for one in some) if self.proposal.kind is not Kind.VISITS else 0)
        homes = {row.pk: row for some in in_parts({one.home for one in going})
                 for row in Household.objects.filter(pk__in=some)}  # fmt: skip
        for one in known:
            self._known_family(one, homes[one.home])  # type: ignore[index]
        self._files([one for one in going if one.opens_file], homes)
        self._sheets(going)

    def _goes(self, one: FamilySaid) -> bool:
        asked = self.decided.files and one.opens_file
        return asked or any(self.proposal.fates[self.place[id(row)]] in GOING for row in one.said.rows)

    def _new_families(self, new: Sequence[FamilySaid]) -> None:
        with as_one():
            made = enter_households(by=self.by, entries=[self._entry(one) for one in new], door=Door.SHEET)
        for one, entered in zip(new, made, strict=True):
            one.home = entered.household.pk
            for person, row in zip(one.people, entered.people, strict=True):
                person.person = row.pk
        homes = [entered.household.pk for entered in made]
        people = [person.pk for entered in made for person in entered.people]
        self.noted.make(Household, homes)
        self.noted.make(Person, people)
        for model in (Membership, Residence):
            self.noted.make(model, model._base_manager.filter(household__in=homes).values_list("pk", flat=True))
        tags = Tag.objects.filter(Q(household__in=homes) | Q(person__in=people))
        self.noted.make(Tag, tags.values_list("pk", flat=True))

    def _entry(self, one: FamilySaid) -> HouseholdEntry:
        said = one.said
        notes = [note for row in said.rows for note in row.notes] if self.proposal.kind is not Kind.VISITS else []
        return HouseholdEntry(
            station=self.station, village_id=one.village or 0, since=self._since(one), group=said.group[:GROUP_LENGTH],
            members=[self._member(person) for person in one.people], address=said.address,
            phone="、".join(said.phones[:MOST]), note=open_notes(notes), tags=self._tags(one.tags),
        )  # fmt: skip

    def _since(self, one: FamilySaid) -> date:
        """The first day of which the ledger tells, for a family that nobody has known before."""
        first = min(one.said.days, default=None) or written_day(one.said.opened_on) or self.today
        return min(max(first, self.station.starts_on), self.today)

    def _member(self, one: PersonSaid, since: date | None = None) -> MemberEntry:
        said, (born, precision) = one.said, one.said.born
        return MemberEntry(
            name=said.name[:NAME_LENGTH], relation=Relation(said.relation or Relation.OTHER), sex=said.sex or "0",
            birth_date=None if said.id else born, birth_precision=precision, id_no=said.id,
            phone="、".join(said.phones[:MOST]), starts_on=since, tags=self._tags(one.tags),
        )  # fmt: skip

    def _tags(self, carried: Iterable[Carried]) -> list[TagEntry]:
        source = TagSource.ROSTER if self.proposal.kind is Kind.ROSTER else TagSource.WORKER
        return [TagEntry(one.code, min(one.since, self.today), source=source) for one in carried]

    def _known_family(self, one: FamilySaid, home: Household) -> None:
        """What the ledger adds to a family on file; what a rule refuses is noted with the row and left out."""
        row = self.place[id(one.said.rows[0])]
        if one.fills:
            self._tried(row, lambda: self._change(home, one.fills))
        if one.tags:
            self._tried(row, lambda: self._tag(home, one.tags))
        for person in one.people:
            place = next((self.place[id(said)] for said in person.said.rows), row)
            if person.person is None:
                self._join(one, home, person, place)
                continue
            if person.fills or person.tags:
                known = Person.objects.get(pk=person.person)
                if person.fills:
                    self._tried(place, lambda known=known, person=person: self._change(known, person.fills))  # type: ignore[misc]
                if person.tags:
                    self._tried(place, lambda known=known, person=person: self._tag(known, person.tags))  # type: ignore[misc]

    def _join(self, one: FamilySaid, home: Household, person: PersonSaid, place: int) -> None:
        if person.said.relation == Relation.HEAD:
            person.said.relation = Relation.OTHER.value
        entry = self._member(person, self._since(one))

        def join() -> None:
            membership = add_member(by=self.by, household=home, entry=entry, acknowledged=True)
            person.person = membership.person_id
            self.noted.make(Membership, [membership.pk])
            self.noted.make(Person, [membership.person_id])

        self._tried(place, join)

    def _change(self, known: Household | Person, fills: dict[str, Any]) -> None:
        names = [*fills, *(("birth_date", "sex") if "id_no" in fills else ())]  # which follow from a number
        before = {name: str(getattr(known, name) or "") for name in names}
        if isinstance(known, Household):
            row: Any = change_household(by=self.by, household=known, version=known.version, changes=fills)
        else:
            row = change_person(by=self.by, person=known, version=known.version, changes=fills, acknowledged=True)
        after = {name: str(getattr(row, name) or "") for name in names}
        was = {name: (before[name], after[name]) for name in names if before[name] != after[name]}
        self.noted.change(type(known), known.pk, was)

    def _tag(self, bearer: Household | Person, carried: Sequence[Carried]) -> None:
        tags = open_tags(by=self.by, bearer=bearer, entries=self._tags(carried), door=Door.SHEET, acknowledged=True)
        self.noted.make(Tag, (tag.pk for tag in tags))

    def _tried(self, row: int, change: Callable[[], None]) -> None:
        try:
            change()
        except Refused as refused:
            self.noted.left[row] = refused.first.sentence

    # FILES AND FACTS

    def _files(self, opening: Sequence[FamilySaid], homes: dict[UUID, Household]) -> None:
        missing = {one.home for one in opening} - set(homes)
        homes |= {row.pk: row for some in in_parts(missing) for row in Household.objects.filter(pk__in=some)}
        taken = set(FamilyFile.objects.filter(station=self.station).values_list("number", flat=True))
        entries = []
        for one in opening:
            number = one.said.file_no[:NUMBER_LENGTH]
            if number in taken:
                self.noted.left[self.place[id(one.said.rows[0])]] = f"档案号 {number} 本站已用过，另编了一个号"
                number = ""
            taken.add(number)
            said = written_day(one.said.opened_on) or self._since(one)
            day = min(max(said, self.station.starts_on), self.today)
            keeper = next((self.staff[name] for name in map(folded, one.said.keepers) if name in self.staff), None)
            entries.append(
                FileEntry(homes[one.home], day, keeper, number, station=self.station)  # type: ignore[index]
            )
        if not entries:
            return
        # Numbers of the ledger first: those that are counted on step over them.
        numbered = [pair for pair in zip(entries, opening, strict=True) if pair[0].number]
        counted = [pair for pair in zip(entries, opening, strict=True) if not pair[0].number]
        for some in filter(None, (numbered, counted)):
            files = open_files(by=self.by, entries=[entry for entry, _ in some], door=Door.SHEET)
            self.noted.make(FamilyFile, (file.pk for file in files))
            self._grade([(file, one) for file, (_, one) in zip(files, some, strict=True)])
            keepers = FileWorker.objects.filter(file__in=[file.pk for file in files])
            self.noted.make(FileWorker, keepers.values_list("pk", flat=True))

    def _grade(self, files: Sequence[tuple[FamilyFile, FamilySaid]]) -> None:
        """Grades as the ledger has them, by the scheme of each file's day; others stay in the note."""
        schemes = Schemes.on_each({file.opened_on for file, one in files if one.said.grade})
        graded = []
        for file, one in files:
            if not one.said.grade:
                continue
            levels = schemes[file.opened_on].of(self.station.pk).levels
            code = next((level.code for level in levels if _same_grade(level.label, one.said.grade)), "")
            if code:
                graded.append((file, code, file.opened_on, "台账登记"))
            else:
                row = self.place[id(one.said.rows[0])]
                self.noted.left[row] = f"级别「{one.said.grade}」不在建档那天的分级里，留在备注"
        if graded:
            self.noted.make(FileGrade, (grade.pk for grade in grade_files(by=self.by, entries=graded)))

    def _sheets(self, going: Sequence[FamilySaid]) -> None:
        entries = [
            PartEntry(
                Household(pk=one.home, station=self.station), {"known_on": self.today, **person.facts}, person.person
            )
            for one in going
            for person in one.people
            if person.person and person.facts
        ]
        for some in in_parts(entries, BATCH):
            parts = enter_parts(by=self.by, kind=PersonSheet, entries=some, door=Door.SHEET, acknowledged=True)
            self.noted.make(PersonSheet, (part.pk for part in parts))

    # A BUREAU'S LIST

    def _gone(self) -> None:
        """What was decided about those who are no longer on the list."""
        said = self.decided.gone
        found = beside(self.proposal)
        ending = [one for one in found.gone if said.get(str(one.tag)) == END]
        for one in ending:
            tag = Tag.objects.select_related("household", "person", "category").get(pk=one.tag)
            close_tag(by=self.by, tag=tag, ends_on=max(found.ends_on, tag.starts_on), reason=TagEnd.LEFT)
            self.noted.change(Tag, tag.pk, {"ends_on": ("", str(tag.ends_on)), "end_reason": ("", tag.end_reason)})
        asking = [one for one in found.gone if said.get(str(one.tag)) == ASK]
        homes = Household.objects.in_bulk({one.household for one in asking})
        entries = [
            TaskEntry(homes[one.household], f"{one.name}不在{one.category}名单上了，请了解情况"[:100],
                      self.today + timedelta(days=14), one.person)
            for one in asking
        ]  # fmt: skip
        if entries:
            self.noted.make(Task, (task.pk for task in ask_tasks(by=self.by, entries=entries)))

    # RECORDS

    def _visits(self) -> None:
        places = [number for number, fate in enumerate(self.proposal.fates) if fate is Fate.NEW]
        homes = self.proposal.homes
        first: dict[UUID | None, int] = {}
        for number in places:
            first.setdefault(homes[number].home, number)
        # A family's visits in one batch: what surrounds it is then asked once, not once a batch.
        places.sort(key=lambda number: (first[homes[number].home], number))
        spans = self._memberships({homes[number].home for number in places})
        for some in in_parts(places, BATCH):
            entries = [self._visit(number, spans) for number in some]
            with as_one():
                made = record_visits(by=self.by, entries=entries, door=Door.SHEET)
            self._recorded(some, [visit.record_id for visit in made])

    def _recorded(self, places: Sequence[int], records: Sequence[UUID]) -> None:
        self.noted.records |= dict(zip(places, records, strict=True))
        self.noted.make(ServiceRecord, records)
        for number in places:  # what is in the database need not be kept here too: a ledger is long
            self.proposal.rows[number].said, self.proposal.rows[number].notes = {}, []
        self.told(len(places))

    def _memberships(self, homes: set[Any]) -> dict[tuple[UUID, UUID], list[Spell]]:
        """When who was of these families: first day, last day, day of death."""
        found: dict[tuple[UUID, UUID], list[Spell]] = defaultdict(list)
        columns = ("household_id", "person_id", "starts_on", "ends_on", "person__died_on")
        for some in in_parts(homes):
            for home, person, *spell in Membership.objects.filter(household__in=some).values_list(*columns):
                found[home, person].append(tuple(spell))
        return found

    def _visit(self, number: int, spans: dict[tuple[UUID, UUID], list[Spell]]) -> VisitEntry:
        row = self.proposal.rows[number]
        said, day, one = row.said, date.fromisoformat(row.said["day"]), self.proposal.homes[number]
        result = said.get("result") or Result.MET
        met = [person.person for person in self.of_row.get(id(row), ()) if person.person]
        met = [who for who in met if result == Result.MET and _was_there(spans[one.home, who], day)]  # type: ignore[index]
        following = written_day(said.get("next_on", ""))
        following = following if following and following > day else None
        return VisitEntry(
            station=self.station, household_id=one.home, occurred_on=day,  # type: ignore[arg-type]
            mode=first_as(MODES, said.get("mode") or Mode.HOME, day), result=first_as(RESULTS, result, day),
            worker_ids=self._workers([*said.get("workers", ()), *said.get("companions", ())]), met_ids=met,
            purpose=first_as(PURPOSES, said.get("purpose") or Purpose.ORDINARY, day),
            narrative=said.get("narrative", ""), observation=open_notes(self._left_over(row)),
            needs=[code for code in said.get("needs", ()) if not unoffered(NEEDS, [code], day)], next_on=following,
            followup=first_as(FOLLOWUPS, Followup.NEXT_VISIT if following else Followup.NONE, day),
            started_at=time.fromisoformat(said["time"]) if said.get("time") else None,
            client_id=self._client_id(row), row=str(row.row),
        )  # fmt: skip

    def _left_over(self, row: Row) -> list[tuple[str, str]]:
        """The notes of a row, with the workers whom the station does not know."""
        strangers = [
            name for name in (*row.said.get("workers", ()), *row.said.get("companions", ()))
            if folded(name) not in self.staff
        ]  # fmt: skip
        more = [("社工或同行（不在本站名册）", "、".join(strangers))] if strangers else []
        many = row.said.get("people") or 0  # whom the ledger does not name is told, and counted nowhere
        return [*row.notes, *more, *([("见面人数", f"{many}")] if many > len(self.of_row.get(id(row), ())) else [])]

    def _workers(self, names: Iterable[str]) -> list[UUID]:
        return list(dict.fromkeys(self.staff[name] for name in map(folded, names) if name in self.staff))

    def _client_id(self, row: Row) -> UUID:
        return uuid.uuid5(ROWS, f"{self.source.pk} {row.sheet} {row.row}")

    def _activities(self) -> None:
        places = [number for number, fate in enumerate(self.proposal.fates) if fate is Fate.NEW]
        villages = self.proposal.villages
        for some in in_parts(places, BATCH):
            entries = [self._activity(self.proposal.rows[number], villages) for number in some]
            with as_one():
                made = record_activities(by=self.by, entries=entries, door=Door.SHEET)
            self._recorded(some, [activity.record_id for activity in made])

    def _activity(self, row: Row, villages: dict[str, int]) -> ActivityEntry:
        said, day = row.said, date.fromisoformat(row.said["day"])
        many = said.get("people")
        about = any(_ABOUT.search(text) for _, _, text in row.cells)
        return ActivityEntry(
            station=self.station, occurred_on=day, title=said["title"][:TITLE_LENGTH], kind=_kind_of(said, day),
            worker_ids=self._workers([*said.get("workers", ()), *said.get("keepers", ())]),
            village_id=villages.get(said.get("village", "")), place=said.get("place", "")[:PLACE_LENGTH],
            heads={HeadGroup.OTHERS: many} if many else {},
            method=(CountMethod.ESTIMATED if about else CountMethod.COUNTED) if many else None,
            volunteers=said.get("volunteers", 0), summary=open_notes(row.notes), client_id=self._client_id(row),
        )  # fmt: skip

    # WHAT BECAME OF IT

    def _note(self) -> None:
        """Each row with what it led to, and each thing that was made."""
        proposal, station, source = self.proposal, self.station.pk, self.source.pk

        def rows() -> Iterator[tuple[Any, ...]]:
            for number, row in enumerate(proposal.rows):
                home, before = proposal.homes.get(number), proposal.before.get(proposal.digests[number])
                record = self.noted.records.get(number) or (before.record if before else None)
                yield (
                    new_id(), station, source, row.sheet, row.row, proposal.digests[number], proposal.fates[number],
                    home.home if home else None, next((one.person for one in self.of_row.get(id(row), ())), None),
                    record, False,
                )  # fmt: skip

        columns = ("id", "station_id", "source_id", "sheet", "row", "digest", "fate", "household", "person", "record",
                   "undone")  # fmt: skip
        insert_rows(ImportedRow, columns, rows())
        made = ((new_id(), station, source, what, thing, was, False) for what, thing, was in self.noted.everything())
        insert_rows(Made, ("id", "station_id", "source_id", "what", "thing", "was", "undone"), made)


def _was_there(spells: Iterable[Spell], day: date) -> bool:
    """Whether somebody was of the family on the day, and alive."""
    return any(
        first <= day and (last is None or day <= last) and (died is None or day <= died)
        for first, last, died in spells
    )  # fmt: skip


def _same_grade(name: str, written: str) -> bool:
    """黄色 and 黄, A and A类, 一级."""
    one, other = (_GRADE_WORDS.sub("", text.strip().upper()) for text in (name, written))
    return bool(one) and one == other


def _kind_of(said: dict[str, Any], day: date) -> str:
    """The kind whose word stands in what the ledger calls it, else in the title; else publicity, or the first one."""
    offered = [code for code, _ in choices_on(KINDS, day)]
    for text in (said.get("kind", ""), said.get("title", "")):
        for base, name in ActivityKind.choices:
            if text and (name[:2] in text or name[-2:] in text) and (code := first_as(KINDS, base, day)) in offered:
                return code
    usual = first_as(KINDS, ActivityKind.PUBLICITY, day)
    return usual if usual in offered else next(iter(offered), usual)
