"""An import taken back: its records are voided; families and people that nobody has used since are removed.

What something later depends on stays, as a whole family, and is listed. Histories keep what was removed.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Value
from django.db.models.functions import StrIndex

from shuangbai.core.actions import as_one
from shuangbai.core.bulk import copy_to_history, in_parts, listed, sign
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.dossier.models import PersonSheet
from shuangbai.filings.models import Manifest
from shuangbai.followups.actions import drop_task
from shuangbai.followups.enums import TaskState
from shuangbai.followups.models import Task
from shuangbai.households.actions import change_household, change_person
from shuangbai.households.enums import PairState
from shuangbai.households.finding import refresh_find_keys
from shuangbai.households.known import HouseholdPair, MatchDue, MatchKey, PersonPair
from shuangbai.households.models import (
    FamilyFile,
    FileGrade,
    FileWorker,
    FindKey,
    Household,
    HouseholdStation,
    Membership,
    Person,
    Residence,
    Standing,
    Tag,
)
from shuangbai.households.standing import rewrite_standing
from shuangbai.ledgers.enlisting import remove, revert
from shuangbai.ledgers.enrolling import called_of
from shuangbai.ledgers.enums import Fate
from shuangbai.ledgers.models import Import, ImportedRow, Made, label
from shuangbai.network.models import User
from shuangbai.services.actions import void_records
from shuangbai.services.models import Contact, ServiceRecord
from shuangbai.volunteers.models import TeamMember, Volunteer

# Follows from the rest, and goes and comes with it.
DERIVED = {FindKey, MatchKey, MatchDue, Standing}
# In the order in which they can be removed.
PARTS: tuple[Any, ...] = (PersonSheet, FileGrade, FileWorker, FamilyFile, Tag, Membership, Residence)
AT_ONCE = 1000  # records whose rows are held at a time
COPIES = (Fate.SAME, Fate.TWICE)
UNDECIDED = (PairState.OPEN, PairState.LATER)


@dataclass(slots=True)
class Kept:
    """Something that an import made and that stays, with the reason."""

    what: str
    thing: UUID
    name: str
    why: str


@dataclass(slots=True)
class _Unit:
    """What stays or goes together: a family that the import made, or somebody whom it added to one on file."""

    home: UUID
    new_home: bool
    people: set[UUID] = field(default_factory=set)
    why: str = ""


class TakingBack:
    """Takes one import back, inside the caller's transaction. `told` hears how many of its things are dealt with."""

    def __init__(self, by: User, source: Import, reason: str, told: Callable[[int], None]) -> None:
        self.by, self.source, self.reason, self.told = by, source, reason, told
        self.ours: dict[str, set[UUID]] = defaultdict(set)
        for what, thing in Made.objects.filter(source=source, undone=False).values_list("what", "thing"):
            self.ours[what].add(thing)
        self.kept: list[Kept] = []

    def take_back(self) -> list[Kept]:
        """Everything that nothing depends on. Returns what stays. Raises NotAllowed as voiding a record does."""
        self._void()
        self._revert()
        self._drop_tasks()
        units = self._units()
        self._find_reasons(units)
        gone = [unit for unit in units if not unit.why]
        self._remove(gone)
        self._loose_files()
        self._loose_sheets()
        self._loose_tags()
        self._volunteers()
        self._note(units)
        return self.kept

    # RECORDS AND CHANGES

    def _void(self) -> None:
        reason = f"撤销导入：{self.reason}"[:200]
        for some in in_parts(sorted(self.ours[label(ServiceRecord)]), AT_ONCE):
            standing = list(ServiceRecord.objects.filter(pk__in=listed(some), voided_at__isnull=True))
            for row in standing:
                if row.version > 1:
                    name = f"{row.occurred_on} {row.get_kind_display()}"
                    why = "导入后更正过，请打开这条记录单独作废"
                    self.kept.append(Kept(label(ServiceRecord), row.pk, name, why))
            with as_one():
                void_records(by=self.by, records=[row for row in standing if row.version == 1], reason=reason)
            self.told(len(some))

    def _revert(self) -> None:
        """Fields that the import filled in, where they still say what it wrote."""
        changes = Made.objects.filter(source=self.source, undone=False, what__endswith="-change")
        for made in changes:
            if not made.was:  # somebody who was forgotten since
                continue
            if made.what == f"{label(Tag)}-change":
                self._reopen(made)
                continue
            if made.what == f"{label(Volunteer)}-change":
                if why := revert(by=self.by, made=made):
                    self.kept.append(Kept(made.what, made.thing, "志愿者", why))
                continue
            model = Household if made.what == f"{label(Household)}-change" else Person
            row: Any = model.objects.filter(pk=made.thing).first()
            said = json.loads(made.was)
            back = {name: _typed(model, name, old) for name, (old, new) in said.items()
                    if row and str(getattr(row, name) or "") == new}  # fmt: skip
            if len(back) < len(said):
                name = str(row) if row else ""
                self.kept.append(Kept(made.what, made.thing, name, "补充的内容后来又改过，不再改回"))
            if not back:
                continue
            try:
                if model is Household:
                    change_household(by=self.by, household=row, version=row.version, changes=back)
                else:
                    change_person(by=self.by, person=row, version=row.version, changes=back, acknowledged=True)
            except (Refused, Conflict, NotAllowed):
                self.kept.append(Kept(made.what, made.thing, str(row), "补充的内容改不回去，请到资料里核对"))

    def _reopen(self, made: Made) -> None:
        """A category that ended with a list, unless somebody has changed it since."""
        tag, said = Tag.objects.filter(pk=made.thing).first(), json.loads(made.was)
        if tag is None or str(tag.ends_on) != said["ends_on"][1]:
            self.kept.append(Kept(made.what, made.thing, "类别", "结束的类别后来又改过，不再改回"))
            return
        ended = tag.ends_on
        tag.ends_on, tag.end_reason = None, ""
        sign(tag, by=self.by, reason=f"撤销导入：{self.reason}"[:100])
        tag.save()
        _recount(tag, ended or tag.starts_on, None)

    def _drop_tasks(self) -> None:
        """Tasks that nobody has answered."""
        rows = Task.objects.filter(pk__in=listed(self.ours[label(Task)]))
        for task in rows.filter(state=TaskState.OPEN):
            drop_task(by=self.by, task=task, version=task.version, answer=f"撤销导入：{self.reason}"[:100])

    # FAMILIES

    def _units(self) -> list[_Unit]:
        homes = self.ours[label(Household)]
        found: dict[tuple[UUID, UUID | None], _Unit] = {}
        for some in in_parts(self.ours[label(Membership)]):
            rows = Membership.objects.filter(pk__in=listed(some)).values_list("household_id", "person_id")
            for home, person in rows:
                key = (home, None) if home in homes else (home, person)
                unit = found.setdefault(key, _Unit(home, home in homes))
                if person in self.ours[label(Person)]:
                    unit.people.add(person)
        for home in homes:
            found.setdefault((home, None), _Unit(home, new_home=True))
        return list(found.values())

    def _find_reasons(self, units: list[_Unit]) -> None:
        of_home = {unit.home: unit for unit in units if unit.new_home}
        of_person = {person: unit for unit in units for person in unit.people}
        frozen = self._is_frozen()
        for model, units_of in ((Household, of_home), (Person, of_person)):
            for some in in_parts(units_of):
                for thing, why in self._used(model, some).items():
                    units_of[thing].why = units_of[thing].why or why
        ours = FamilyFile.objects.filter(pk__in=listed(self.ours[label(FamilyFile)]))
        files = dict(ours.values_list("pk", "household_id"))
        for some in in_parts(files):
            for thing, why in self._used(FamilyFile, some).items():
                unit = of_home.get(files[thing])
                if unit:
                    unit.why = unit.why or why
        for unit in units:
            if frozen and unit.new_home and not unit.why:
                unit.why = frozen

    def _is_frozen(self) -> str:
        """Whether a report that counts this station was frozen since."""
        later = Manifest.objects.filter(sealed_at__gte=self.source.ended_at)
        path = self.source.station.path
        counted = later.annotate(at=StrIndex(Value(path), "owner__path")).filter(at=1)
        return "已有上报的报告数过，不能撤销；有错请逐户更正" if counted.exists() else ""

    def _used(self, model: Any, ids: Collection[UUID]) -> dict[UUID, str]:
        """Which of these something depends on that the import did not make, and what it is."""
        found: dict[UUID, str] = {}
        if any(one.name == "version" for one in model._meta.concrete_fields):
            changed = model.objects.filter(pk__in=listed(ids), version__gt=1).values_list("pk", flat=True)
            touched = {made.thing for made in Made.objects.filter(source=self.source, what=f"{label(model)}-change")}
            found |= {pk: "导入后修改过" for pk in changed if pk not in touched}
        for related, by in _pointing_at(model):
            if related in DERIVED:
                continue
            rows = _counting(related).filter(**{f"{by.name}__in": listed(ids)})
            if related is HouseholdStation:  # that the station serves the family, its entry brings along
                rows = rows.exclude(station=self.source.station_id, ends_on__isnull=True)
            mine = self.ours.get(label(related), set())
            for owner, pk in rows.values_list(by.attname, "pk"):
                if pk not in mine:
                    found.setdefault(owner, "后来又登记了别的内容")
        return found

    def _remove(self, gone: Iterable[_Unit]) -> None:
        units = list(gone)
        homes = {unit.home for unit in units if unit.new_home}
        people = {person for unit in units for person in unit.people}
        joined = {unit.home for unit in units if not unit.new_home}
        for model in PARTS:
            ids = self.ours[label(model)]
            names = {one.name for one in model._meta.concrete_fields}
            whose = models.Q(pk__in=[])
            if "household" in names:
                whose |= models.Q(household__in=listed(homes))
            if "person" in names:
                whose |= models.Q(person__in=listed(people))
            if "file" in names:
                whose |= models.Q(file__household__in=listed(homes))
            keys = [
                pk
                for some in in_parts(ids)
                for pk in model.objects.filter(whose, pk__in=listed(some)).values_list("pk", flat=True)
            ]
            self._delete(model, keys)
        for model in (FindKey, HouseholdStation):
            model._base_manager.filter(household__in=listed(homes)).delete()  # type: ignore[attr-defined]
        for model in (MatchKey, MatchDue):
            model._base_manager.filter(person__in=listed(people)).delete()  # type: ignore[attr-defined]
        PersonPair.objects.filter(
            models.Q(first__in=listed(people)) | models.Q(second__in=listed(people)), state__in=UNDECIDED
        ).delete()
        HouseholdPair.objects.filter(
            models.Q(first__in=listed(homes)) | models.Q(second__in=listed(homes)), state__in=UNDECIDED
        ).delete()
        self._delete(Person, self._unreferenced(Person, people))
        self._delete(Household, self._unreferenced(Household, homes))
        if joined:
            refresh_find_keys(list(joined))
            rewrite_standing(household_ids=joined, person_ids=[], first=date.min, last=None)

    def _unreferenced(self, model: Any, ids: set[UUID]) -> list[UUID]:
        """Those that no row names any more; voided records go on naming the family that they were about."""
        named: set[UUID] = set()
        for related, by in _pointing_at(model):
            rows = related._base_manager.filter(**{f"{by.name}__in": listed(ids)})
            named |= set(rows.values_list(by.attname, flat=True))
        return [pk for pk in ids if pk not in named]

    def _delete(self, model: Any, keys: Collection[UUID]) -> None:
        for some in in_parts(keys):
            if hasattr(model, "history"):
                copy_to_history(model, some, kind="-", by=self.by, reason=f"撤销导入：{self.reason}"[:100])
            rows = model._base_manager.filter(pk__in=listed(some))
            rows._raw_delete(rows.db)
            self.told(len(some))

    def _loose_files(self) -> None:
        """Files opened for families that were on file before."""
        homes = self.ours[label(Household)]
        rows = {row.pk: row for some in in_parts(self.ours[label(FamilyFile)])
                for row in FamilyFile.objects.filter(pk__in=listed(some)) if row.household_id not in homes}  # fmt: skip
        used = {pk: why for some in in_parts(rows) for pk, why in self._used(FamilyFile, some).items()}
        self.kept += [Kept(label(FamilyFile), pk, f"档案 {rows[pk].number}", why) for pk, why in used.items()]
        going = [pk for pk in rows if pk not in used]
        for some in in_parts(going):
            for model in (FileGrade, FileWorker):
                keys = model.objects.filter(file__in=listed(some)).values_list("pk", flat=True)  # type: ignore[attr-defined]
                self._delete(model, list(keys))
        self._delete(FamilyFile, going)
        refresh_find_keys([rows[pk].household_id for pk in going], people=False)

    def _loose_sheets(self) -> None:
        """What was said of people who were on file before."""
        ids, people = self.ours[label(PersonSheet)], self.ours[label(Person)]
        rows = [row for some in in_parts(ids) for row in PersonSheet.objects.filter(pk__in=listed(some))]
        loose = [row for row in rows if row.person_id not in people]
        self._delete(PersonSheet, [row.pk for row in loose if row.version == 1])
        self.kept += [
            Kept(label(PersonSheet), row.pk, "基本情况", "导入后修改过") for row in loose if row.version > 1
        ]  # fmt: skip

    def _loose_tags(self) -> None:
        """Categories given to people and families that were on file before."""
        left = [tag for some in in_parts(self.ours[label(Tag)]) for tag in Tag.objects.filter(pk__in=listed(some))]
        of_ours = self.ours[label(Person)] | self.ours[label(Household)]
        for tag in left:
            bearer = tag.person_id or tag.household_id
            if bearer in of_ours:
                continue
            if tag.history.count() > 1:
                self.kept.append(Kept(label(Tag), tag.pk, tag.category.open_name, "导入后改过，请到资料里核对"))
                continue
            self._delete(Tag, [tag.pk])
            _recount(tag, tag.starts_on, tag.ends_on)

    def _volunteers(self) -> None:
        """Volunteers whom nothing that came later speaks of, and places in teams."""
        ours = self.ours[label(Volunteer)]
        used = {pk: why for some in in_parts(ours) for pk, why in self._used(Volunteer, some).items()}
        called = called_of(used)
        self.kept += [Kept(label(Volunteer), pk, called[pk], why) for pk, why in used.items()]
        joined = TeamMember.objects.filter(pk__in=listed(self.ours[label(TeamMember)]), ends_on__isnull=True)
        loose = joined.exclude(volunteer__in=listed(used)).values_list("pk", flat=True)
        remove(by=self.by, volunteers=ours - set(used), members=list(loose), reason=self.reason)

    def _note(self, units: Iterable[_Unit]) -> None:
        staying = [unit for unit in units if unit.why]
        homes = Household.objects.filter(pk__in=listed(unit.home for unit in staying))
        names = dict(homes.values_list("pk", "head_name"))
        self.kept += [Kept(label(Household), unit.home, f"{names.get(unit.home, '')}户", unit.why) for unit in staying]
        stay = {one.thing for one in self.kept} | {person for unit in staying for person in unit.people}
        self._forget_copies(stay)
        for model in (Made, ImportedRow):
            rows: Any = model.objects.filter(source=self.source)
            column = "thing" if model is Made else "record"
            kept = rows.filter(**{f"{column}__in": listed(stay)})
            if model is ImportedRow:
                on_file = {unit.home for unit in staying} | self.ours[label(Volunteer)] & stay
                kept = kept | rows.filter(record__isnull=True, household__in=listed(on_file))
            rows.exclude(pk__in=listed(kept.values_list("pk", flat=True))).update(undone=True)

    def _forget_copies(self, stay: set[UUID]) -> None:
        """The same rows in other ledgers: what they came before with stands no longer, and they may go in again."""
        mine = ImportedRow.objects.filter(source=self.source).exclude(record__in=listed(stay))
        mine = mine.exclude(household__in=listed(stay))
        for some in in_parts(mine.values_list("digest", flat=True)):
            copies = ImportedRow.objects.filter(station=self.source.station_id, digest__in=some, fate__in=COPIES)
            copies.exclude(source=self.source).update(undone=True)


def _pointing_at(model: Any) -> Iterator[tuple[Any, Any]]:
    """Every table that points at this one, whichever room it is of, with the field that does; not the histories."""
    for relation in model._meta.get_fields(include_hidden=True):
        backwards = (relation.one_to_many or relation.one_to_one) and not relation.concrete
        if backwards and not relation.related_model.__name__.startswith("Historical"):
            yield relation.related_model, relation.field


def _recount(tag: Tag, first: date, last: date | None) -> None:
    """What its bearer was counted as in these days."""
    people, homes = [row for row in (tag.person_id,) if row], [row for row in (tag.household_id,) if row]
    rewrite_standing(household_ids=homes, person_ids=people, first=first, last=last)


def _counting(related: Any) -> Any:
    """The rows that count: a voided record depends on nothing, a pair that nobody has decided on nobody."""
    rows = related._base_manager.all()
    if related is ServiceRecord:
        return rows.filter(voided_at__isnull=True)
    if related is Contact:
        return rows.filter(record__voided_at__isnull=True)
    if related in (PersonPair, HouseholdPair):
        return rows.exclude(state__in=UNDECIDED)
    return rows


def _typed(model: Any, name: str, written: str) -> Any:
    """The value of a field as it was before, from how it was written down."""
    found = model._meta.get_field(name)
    if isinstance(found, models.DateField):
        return date.fromisoformat(written) if written else None
    return written
