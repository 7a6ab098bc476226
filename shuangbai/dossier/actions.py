"""Writes of a dossier. One set for all kinds of parts: entering, changing, taking a snapshot anew, voiding."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from shuangbai.codes.queries import unoffered
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, insert_rows, sign
from shuangbai.core.findings import Conflict, Door, Finding, NotAllowed, Refused, judge, refuse_if_any
from shuangbai.core.papers import Paper, drop_paper, keep_paper
from shuangbai.dossier import rules
from shuangbai.dossier.entries import PartEntry
from shuangbai.dossier.enums import CareScheme, NeedState
from shuangbai.dossier.models import (
    OF_PERSON,
    SNAPSHOTS,
    STANDING,
    Attachment,
    Carer,
    Disability,
    Economy,
    ExpenseLine,
    FamilyNeed,
    IncomeLine,
    Part,
    PersonSheet,
    SelfCare,
)
from shuangbai.dossier.queries import heads_on
from shuangbai.dossier.rules import DOORS, Known
from shuangbai.households.access import households_visible_to
from shuangbai.households.finding import refresh_find_keys
from shuangbai.households.models import Household, Membership, Person
from shuangbai.network.models import User
from shuangbai.network.roles import Permission
from shuangbai.services.models import ServiceRecord

ENTERED = audit.kind("dossier.entered", "{by} 登记了家庭情况（{what}）")
CHANGED = audit.kind("dossier.changed", "{by} 修改了家庭情况（{what}）：{fields}")
RETAKEN = audit.kind("dossier.retaken", "{by} 更正了家庭情况（{what}）", label="更正了家庭情况")
VOIDED = audit.kind("dossier.voided", "{by} 作废了家庭情况（{what}），理由：{reason}")
LOOKED = audit.kind("dossier.looked", "{by} 打开了档案附件（{what}）")

RETAKE = "更正"
RECORDS = ("opened_by_id", "closed_by_id")  # of a need: by which records it was found and met
LINES = {"incomes": IncomeLine, "expenses": ExpenseLine}
JUDGES: dict[str, rules.Judge] = {
    "sheet": rules.sheet_findings, "disability": rules.disability_findings, "selfcare": rules.selfcare_findings,
    "carer": rules.carer_findings, "housing": rules.housing_findings, "economy": rules.economy_findings,
    "need": rules.need_findings, "strength": rules.strength_findings, "consent": rules.consent_findings,
    "attachment": rules.attachment_findings,
}  # fmt: skip
P = TypeVar("P", bound=Part)


class Surroundings:
    """What is known around a batch of parts of one kind, in a number of queries that does not grow with it."""

    def __init__(self, kind: type[Part], entries: Sequence[PartEntry], besides: UUID | None = None) -> None:
        self.kind, self.today = kind, clock.today()
        households = {entry.household.pk for entry in entries}
        people = {entry.person_id for entry in entries} | {entry.said.get(kind.OTHER) for entry in entries}
        self.people = Person.objects.defer("phone").in_bulk(list(people - {None}))
        pairs = Membership.objects.filter(household__in=households, person__in=self.people)
        self.pairs = set(pairs.values_list("household_id", "person_id"))
        self.taken = self._taken(households, besides) if kind.ONCE else set()
        named: Any = {entry.said.get(name) for entry in entries for name in RECORDS} - {None}
        records = ServiceRecord.objects.filter(pk__in=named, household__in=households) if named else ()
        self.records = {(row.household_id, row.pk) for row in records}

    def _taken(self, households: set[UUID], besides: UUID | None) -> set[tuple[Any, ...]]:
        standing: Any = self.kind._default_manager.filter(STANDING)
        if besides:
            standing = standing.exclude(pk=besides)
        if self.kind is Disability:
            standing = standing.filter(ended_on__isnull=True)
        if self.kind is FamilyNeed:
            standing = standing.exclude(state=NeedState.SOLVED)
        whose = {"person__in": self.people} if self.kind.PART in OF_PERSON else {"household__in": households}
        return set(standing.filter(**whose).values_list(*self.kind.ONCE))

    def known(self, entry: PartEntry) -> Known:
        person = self.people.get(entry.person_id) if entry.person_id else None
        other_id = entry.said.get(self.kind.OTHER)
        other = self.people.get(other_id) if other_id else None
        named = [one for one in (entry.person_id, other_id) if one]
        return Known(
            today=self.today, is_member=all((entry.household.pk, one) in self.pairs for one in named),
            born=person.birth_date if person else None, died=person.died_on if person else None,
            id_no=person.id_no if person else "", taken=self.key(entry) in self.taken,
            other_born=other.birth_date if other else None, other_died=other.died_on if other else None,
            other_is_self=bool(other_id) and other_id == entry.person_id,
        )  # fmt: skip

    def key(self, entry: PartEntry) -> tuple[Any, ...]:
        """What may be said once; empty for what may be said again: a need that is met, a class that ended."""
        said, kind = entry.said, self.kind
        if (
            said.get("state") == NeedState.SOLVED
            or said.get("ended_on")
            or (kind is Carer and not said.get("carer_id"))
        ):
            return ()
        fixed = {"household_id": entry.household.pk, "person_id": entry.person_id}
        return tuple(fixed[name] if name in fixed else said.get(name) for name in kind.ONCE)

    def findings(self, entry: PartEntry, kept: Part | None = None) -> list[Finding]:
        """Everything the rules say of one entry; `kept` already holds codes that may have ended since."""
        known, said = self.known(entry), {**entry.said, "person_id": entry.person_id}
        if not known.is_member:
            return rules.member_findings(known)
        named = [name for name in RECORDS if said.get(name)]
        if any((entry.household.pk, said[name]) not in self.records for name in named):
            return [Finding("choice", named[0].removesuffix("_id"), "这条记录不是这户的，请从列表中选择")]
        return _code_findings(self.kind, said, self.today, kept) + JUDGES[self.kind.PART](said, known)


def _code_findings(kind: type[Part], said: Mapping[str, Any], today: date, kept: Part | None) -> list[Finding]:
    """Codes that no list offers on the day of which the part speaks."""
    findings, day = [], said.get(kind.DAY) or today
    for name, spec in kind.CODED.items():
        value = said.get(name)
        codes = value if isinstance(value, list) else [value] if value else []
        held = getattr(kept, name, None)
        wrong = [code for code in unoffered(spec, codes, day) if held is None or held != value]
        if wrong:
            findings.append(Finding("choice", name, f"「{wrong[0]}」当时不在「{spec.name}」的列表中，请重新选择"))
    for field in kind._meta.concrete_fields:
        value = said.get(field.name)
        if field.choices and value and value not in dict(field.flatchoices):
            findings.append(Finding("choice", field.name, f"「{field.verbose_name}」请从列表中选择"))
    return findings


def check_may_edit(by: User, households: set[UUID]) -> None:
    """Raise NotAllowed unless `by` may edit every one of the families."""
    visible = households_visible_to(by, Permission.EDIT_FAMILIES)
    if visible.filter(pk__in=households).count() != len(households):
        raise NotAllowed


# ENTERING --------------------------------------------------------------------


@action
def enter_parts(
    *, by: User, kind: type[P], entries: Sequence[PartEntry], door: Door = Door.PAGE, acknowledged: bool = False
) -> list[P]:
    """Enter parts of one kind, of many families at once or of one. Raises NotAllowed, Refused, NeedsAcknowledgement."""
    check_may_edit(by, {entry.household.pk for entry in entries})
    around = Surroundings(kind, entries)
    for entry in entries:
        refuse_if_any(judge(around.findings(entry), door, DOORS), acknowledged=acknowledged)
        around.taken |= {around.key(entry)} - {()}
    return _write(by, kind, entries, around.people)


def _write(
    by: User, kind: type[P], entries: Sequence[PartEntry], people: Mapping[UUID, Person], reason: str = ""
) -> list[P]:
    now = clock.now()
    rows = [_row(kind, entry, people, by=by, at=entry.entered_at or now) for entry in entries]
    if kind is Economy:
        days = [(entry.household.pk, entry.said["taken_on"]) for entry in entries]
        for row, many in zip(rows, heads_on(days), strict=True):
            row.people = many  # type: ignore[attr-defined]
            row.per_head = rules.per_head(row.income, many)  # type: ignore[attr-defined]
    insert(rows, by=by, reason=reason)
    if kind is PersonSheet and any(entry.said.get("aliases") for entry in entries):
        called = {entry.household.pk for entry in entries if entry.said.get("aliases")}
        refresh_find_keys(list(called), people=False)
    if kind is Economy:
        for name, line in LINES.items():
            insert_rows(
                line,
                ("station_id", "snapshot_id", "source", "amount", "per"),
                (
                    (row.station_id, row.pk, money.source, money.amount, money.per)
                    for row, entry in zip(rows, entries, strict=True)
                    for money in entry.said.get(name, ())
                ),
            )
    said = RETAKEN if reason else ENTERED
    audit.record_all([audit.entry(said, by=by, about=entry.household, what=kind.WORDS) for entry in entries])
    return rows


def _row(kind: type[P], entry: PartEntry, people: Mapping[UUID, Person], *, by: User, at: Any) -> P:
    """A row with what follows from the entry: whose it is, and what is worked out from what was said."""
    said = {name: value for name, value in entry.said.items() if name not in LINES}
    whose: dict[str, Any] = {"person_id": entry.person_id} if entry.person_id else {}
    station = entry.household.station_id
    if kind.PART in OF_PERSON and entry.person_id:
        station = people[entry.person_id].station_id
    else:
        whose["household_id"] = entry.household.pk
    if kind is Economy:
        said["income"], said["expense"] = (rules.total(entry.said.get(name, ())) for name in LINES)
        said["people"] = 0
    said |= _derived(kind, said)
    return kind(station_id=station, entered_by=by, entered_at=at, **whose, **said)


def _derived(kind: type[Part], said: Mapping[str, Any]) -> dict[str, Any]:
    if kind is SelfCare and said.get("scheme") == CareScheme.CIVIL:
        return {"level": rules.civil_level(said.get("cannot") or [])}
    if kind is SelfCare:
        return {"cannot": []}
    if kind is Disability and said.get("issued_on") and not said.get("expires_on"):
        return {"expires_on": rules.expiry_of(said["issued_on"])}
    return {}


@action
def attach(*, by: User, household: Household, person_id: UUID | None, said: Mapping[str, Any], paper: Paper) -> Part:
    """Keep a picture or a PDF with the family's file."""
    check_may_edit(by, {household.pk})
    entry = PartEntry(household, said, person_id)
    around = Surroundings(Attachment, [entry])
    refuse_if_any(judge(around.findings(entry), Door.PAGE, DOORS), acknowledged=False)
    stored = keep_paper(paper)
    try:
        kept = {**said, "stored": stored, "size": len(paper.data), "pages": paper.pages}
        return _write(by, Attachment, [PartEntry(household, kept, person_id)], around.people)[0]
    except BaseException:
        drop_paper(stored)
        raise


# CHANGING --------------------------------------------------------------------


@action
def write_sheet(
    *, by: User, household: Household, person_id: UUID, version: int, said: Mapping[str, Any],
    acknowledged: bool = False,
) -> PersonSheet:  # fmt: skip
    """The sheet of somebody: the first (`version` 0) or a change. Raises Conflict where it is not what was read."""
    check_may_edit(by, {household.pk})
    entry = PartEntry(household, said, person_id)
    current = PersonSheet.objects.select_for_update().filter(person_id=person_id).first()
    if (current.version if current else 0) != version:
        raise Conflict(current)
    around = Surroundings(PersonSheet, [entry], current.pk if current else None)
    refuse_if_any(judge(around.findings(entry, current), Door.PAGE, DOORS), acknowledged=acknowledged)
    called = current.aliases if current else ""
    written = _change(by, household, current, said) if current else _write(by, PersonSheet, [entry], around.people)[0]
    if current and written.aliases != called:
        homes = Membership.objects.filter(person_id=person_id).values_list("household_id", flat=True)
        refresh_find_keys(list(homes), people=False)
    return written


def _current(part: P, version: int) -> P:
    """The part as it stands, locked. Raises Conflict where somebody changed or voided it since `version`."""
    current = type(part)._default_manager.select_for_update().get(pk=part.pk)
    if current.version != version or current.void_reason:
        raise Conflict(current)
    return current


def _check_of(household: Household, part: Part) -> None:
    """Raise NotAllowed for a part of another family."""
    owner: Any = part
    if part.PART in OF_PERSON:
        if not Membership.objects.filter(household=household, person=owner.person_id).exists():
            raise NotAllowed
    elif owner.household_id != household.pk:
        raise NotAllowed


@action
def change_part(
    *, by: User, household: Household, part: P, version: int, said: Mapping[str, Any], acknowledged: bool = False
) -> P:
    """Change a part under the same rules as when it was entered. A snapshot is taken anew instead."""
    check_may_edit(by, {household.pk})
    _check_of(household, part)
    current = _current(part, version)
    if part.PART in SNAPSHOTS:
        raise NotAllowed
    named: Any = current
    person_id = said.get("person_id", named.person_id)
    entry = PartEntry(household, {**_standing(current), **said}, person_id)
    around = Surroundings(type(part), [entry], part.pk)
    refuse_if_any(judge(around.findings(entry, current), Door.PAGE, DOORS), acknowledged=acknowledged)
    return _change(by, household, current, said)


def _standing(part: Part) -> dict[str, Any]:
    """What a part says, by its attributes."""
    silent = {"id", "station_id", "household_id", "person_id", "entered_at", "entered_by_id", "version", "void_reason"}
    return {f.attname: getattr(part, f.attname) for f in part._meta.concrete_fields if f.attname not in silent}


def _change(by: User, household: Household, current: P, said: Mapping[str, Any]) -> P:
    said = {**said, **_derived(type(current), {**_standing(current), **said})}
    names = {field.attname: str(field.verbose_name) for field in current._meta.concrete_fields}
    words = [names[name] for name, value in said.items() if getattr(current, name) != value]
    for name, value in said.items():
        setattr(current, name, value)
    current.version += 1
    sign(current, by=by)
    current.save()
    audit.record(CHANGED, by=by, about=household, what=current.WORDS, fields="、".join(words) or "无变化")
    return current


@action
def retake_snapshot(
    *, by: User, household: Household, part: P, version: int, said: Mapping[str, Any], acknowledged: bool = False
) -> P:
    """Put a snapshot right: the old one is voided as corrected, and another taken in its place."""
    check_may_edit(by, {household.pk})
    _check_of(household, part)
    current = _current(part, version)
    if part.PART not in SNAPSHOTS:
        raise NotAllowed
    entry = PartEntry(household, said)
    around = Surroundings(type(part), [entry], part.pk)
    refuse_if_any(judge(around.findings(entry, current), Door.PAGE, DOORS), acknowledged=acknowledged)
    _void(by, current, RETAKE)
    return _write(by, type(part), [entry], {}, RETAKE)[0]


# VOIDING ---------------------------------------------------------------------


@action
def void_part(*, by: User, household: Household, part: P, version: int, reason: str) -> P:
    """Take out a part that was entered in error; it stays in the history. Of an attachment the file itself goes."""
    check_may_edit(by, {household.pk})
    _check_of(household, part)
    current = _current(part, version)
    refuse_if_any(judge(rules.void_findings(reason), Door.PAGE, DOORS), acknowledged=False)
    if current.PART == "sheet":
        raise Refused.because("reason", "基本情况不能作废，请把写错的内容改正；改动都留有历史")
    if isinstance(current, Attachment):
        stored, current.stored = current.stored, ""
        transaction.on_commit(lambda: drop_paper(stored))
    _void(by, current, reason.strip()[:100])
    audit.record(VOIDED, by=by, about=household, what=current.WORDS, reason=current.void_reason)
    return current


def _void(by: User, current: Part, reason: str) -> None:
    current.void_reason = reason
    current.version += 1
    sign(current, by=by, reason=reason)
    current.save()


# OPENING ---------------------------------------------------------------------


@action
def note_looked(*, by: User, household: Household, attachment: Attachment) -> None:
    """Keep in the trail that somebody opened an attachment that shows no identity number."""
    visible = households_visible_to(by).filter(Q(pk=household.pk))
    if attachment.household_id != household.pk or not visible.exists():
        raise NotAllowed
    audit.record(LOOKED, by=by, about=household, what=attachment.get_kind_display())
