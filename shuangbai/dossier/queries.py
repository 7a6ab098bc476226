"""Reading a dossier: the sections of a family's page, what is missing of them, and series of what changed."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from shuangbai.codes.queries import labels_of
from shuangbai.core import clock
from shuangbai.core.privacy import mask_address, mask_id, mask_phone
from shuangbai.dossier.access import parts_of, standing_of
from shuangbai.dossier.enums import CareItem, ConsentScope, NeedState, Per
from shuangbai.dossier.models import (
    SNAPSHOTS,
    Attachment,
    Carer,
    Consent,
    Disability,
    Economy,
    FamilyNeed,
    Housing,
    MoneyLine,
    Part,
    PersonSheet,
    SelfCare,
    Strength,
)
from shuangbai.dossier.rules import ELDER, Completeness, KnownFamily, KnownPerson, Money, completeness, total
from shuangbai.households.models import Household, Membership, Person, Tag
from shuangbai.households.queries import Covered
from shuangbai.households.rules import age_on
from shuangbai.network.changes import Change, changes_of

P = TypeVar("P", bound=Part)
DISABLED, SEVERE, FRAIL, AGED = "disabled", "disabled_severe", "frail_elder", "aged"  # categories that ask for a part


def heads_on(days: Sequence[tuple[UUID, date]]) -> list[int]:
    """How many living people each household had on each day, in the order asked: one query.

    Of days before the family was known, as many as on its first.
    """
    found: dict[UUID, list[tuple[UUID, date, date | None, date | None]]] = defaultdict(list)
    rows = Membership.objects.filter(household__in={home for home, _ in days})
    told = rows.values_list("household_id", "person_id", "starts_on", "ends_on", "person__died_on")
    for home, person, starts, ends, died in told:
        found[home].append((person, starts, ends, died))
    counts = []
    for home, day in days:
        on = max([day, *sorted(row[1] for row in found[home])[:1]])
        here = {person for person, starts, ends, died in found[home] if starts <= on <= min(ends or on, died or on)}
        counts.append(len(here))
    return counts


# ONE FAMILY --------------------------------------------------------------------


@dataclass(slots=True)
class Dossier:
    """What stands in the dossier of a family; of people by their keys, lists newest first."""

    sheets: dict[UUID, PersonSheet] = field(default_factory=dict)
    disabilities: dict[UUID, list[Disability]] = field(default_factory=dict)
    selfcare: dict[UUID, list[SelfCare]] = field(default_factory=dict)
    carers: dict[UUID, list[Carer]] = field(default_factory=dict)
    housing: list[Housing] = field(default_factory=list)
    economy: list[Economy] = field(default_factory=list)
    needs: list[FamilyNeed] = field(default_factory=list)
    strengths: list[Strength] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def open_needs(self) -> list[FamilyNeed]:
        return [need for need in self.needs if need.state != NeedState.SOLVED]

    @property
    def met_needs(self) -> list[FamilyNeed]:
        return [need for need in self.needs if need.state == NeedState.SOLVED]


def dossier_of(household: Household, person_ids: Sequence[UUID], since: date | None = None) -> Dossier:
    """The standing parts of a family and of these people that may be told: a number of queries that does not grow."""
    people = list(person_ids)

    def rows(kind: type[P], *order: str, joined: Sequence[str] = ()) -> list[P]:
        found = standing_of(kind, household, people, since).order_by(*order)
        return list(found.select_related(*joined)) if joined else list(found)

    whose = ("person",)
    return Dossier(
        sheets={_whose(row): row for row in rows(PersonSheet, "known_on")},
        disabilities=_by_person(rows(Disability, "kind", "-issued_on", "id")),
        selfcare=_by_person(rows(SelfCare, "-assessed_on", "-id")),
        carers=_by_person(rows(Carer, "-starts_on", "id", joined=("person", "carer"))),
        housing=rows(Housing, "-taken_on"),
        economy=list(
            standing_of(Economy, household, people, since).order_by("-taken_on").prefetch_related("incomes", "expenses")
        ),
        needs=rows(FamilyNeed, "-opened_on", "-id", joined=whose),
        strengths=rows(Strength, "-starts_on", "-id", joined=whose),
        consents=rows(Consent, "-given_on", "-id", joined=("person", "given_by")),
        attachments=rows(Attachment, "-taken_on", "-id", joined=("person", "entered_by")),
    )


def _whose(row: Any) -> Any:
    return row.person_id


def _by_person(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return dict(found)


@dataclass(frozen=True, slots=True)
class PersonKnown:
    """What the page says of somebody of the family; each masked value with the row it belongs to."""

    person: Person
    sheet: PersonSheet | None
    facts: list[str]
    illness: list[tuple[str, Any]]
    disabilities: list[tuple[Disability, Any, bool]]  # the certificate's masked value, and whether it has expired
    selfcare: list[SelfCare]
    carers: list[tuple[Carer, Any]]

    @property
    def told(self) -> bool:
        """Whether anything is known yet: the page folds the rest."""
        return bool(self.sheet or self.disabilities or self.selfcare or self.carers)


FACTS = (
    "nation", "marriage", "politics", "education", "work", "work_note", "labour", "health", "registration",
)  # fmt: skip


def people_of(known: Dossier, people: Iterable[Person], masked: Mapping[str, Any], day: date) -> list[PersonKnown]:
    """The people of a family with what is known of each, as the page shows it."""
    return [_person_known(known, person, masked, day) for person in people]


def _person_known(known: Dossier, person: Person, masked: Mapping[str, Any], day: date) -> PersonKnown:
    sheet = known.sheets.get(person.pk)
    facts = [sheet.said(name) for name in FACTS if sheet.said(name)] if sheet else []
    if sheet and (sheet.school or sheet.school_year):
        facts.append(f"{sheet.school}{sheet.school_year}")
    if sheet and sheet.whereabouts:
        facts.append(f"人在{sheet.whereabouts}")
    words = {name: str(PersonSheet._meta.get_field(name).verbose_name) for name in PersonSheet.HIDDEN}  # type: ignore[union-attr]
    illness = [(word, masked.get(f"{name}.{person.pk}")) for name, word in words.items()]
    held = [row for row in known.disabilities.get(person.pk, []) if row.ended_on is None or row.ended_on > day]
    carers = [row for row in known.carers.get(person.pk, []) if row.ends_on is None or row.ends_on >= day]
    return PersonKnown(
        person=person, sheet=sheet, facts=facts, illness=[one for one in illness if one[1]],
        disabilities=[
            (row, masked.get(f"certificate.{row.pk}"), bool(row.expires_on and row.expires_on < day)) for row in held
        ],
        selfcare=known.selfcare.get(person.pk, []),
        carers=[(row, masked.get(f"carer.{row.pk}")) for row in carers],
    )  # fmt: skip


def aliases_of(person_ids: Collection[UUID]) -> list[tuple[UUID, str]]:
    """What else people are called (乳名、外号), so that a family is found by it too."""
    rows = PersonSheet.objects.filter(person__in=person_ids).exclude(aliases="").values_list("person_id", "aliases")
    return [(pk, name) for pk, names in rows for name in re.split(r"[、，,；;/\s]+", names) if name]


def stored_names() -> set[str]:
    """The kept files that attachments name."""
    return set(Attachment.objects.exclude(stored="").values_list("stored", flat=True))


# WHAT IS MASKED -----------------------------------------------------------------


def covered_parts(known: Dossier, people: Mapping[UUID, Person]) -> dict[str, Covered]:
    """What is masked of a dossier, by key; what was never entered is left out."""
    found = []
    for pk, sheet in known.sheets.items():
        name = people[pk].name if pk in people else ""
        for attribute in PersonSheet.HIDDEN:
            word = str(PersonSheet._meta.get_field(attribute).verbose_name)  # type: ignore[union-attr]
            value = getattr(sheet, attribute)
            found.append(Covered(f"{attribute}.{pk}", word, f"{name}的{word}", mask_address(value), value))
    for rows in known.disabilities.values():
        for row in rows:
            label = f"{row.person.name}的残疾证号"
            found.append(Covered(f"certificate.{row.pk}", "残疾证号", label, mask_id(row.certificate), row.certificate))
    for carers in known.carers.values():
        for carer in carers:
            label = f"{carer}的电话"
            found.append(Covered(f"carer.{carer.pk}", "联系电话", label, mask_phone(carer.phone), carer.phone))
    return {one.key: one for one in found if one.clear}


# WHAT IS MISSING -----------------------------------------------------------------


def completeness_of(
    household: Household, here: Sequence[Membership], tags: Sequence[Tag], known: Dossier, *, file_open: bool, day: date
) -> Completeness:
    """Which of the expected parts the file has and lacks on the day. Asks nothing of the database."""
    carried: dict[UUID, set[str]] = defaultdict(set)
    for tag in tags:
        if tag.person_id:
            carried[tag.person_id].add(tag.category.code)
    living = [row.person for row in here if row.person.died_on is None]
    family = KnownFamily(
        today=day, has_phone=bool(household.phone), has_address=bool(household.address), file_open=file_open,
        housing_on=known.housing[0].taken_on if known.housing else None,
        economy_on=known.economy[0].taken_on if known.economy else None,
        has_needs=bool(known.needs), has_strengths=bool(known.strengths),
        consented=any(row.scope == ConsentScope.FILE and row.holds_on(day) for row in known.consents),
        people=[_known_person(person, carried[person.pk], known, day) for person in living],
    )  # fmt: skip
    return completeness(family)


def _known_person(person: Person, tags: set[str], known: Dossier, day: date) -> KnownPerson:
    age = age_on(person.birth_date, day) if person.birth_date else None
    held = [row for row in known.disabilities.get(person.pk, []) if row.ended_on is None or row.ended_on > day]
    carers = [row for row in known.carers.get(person.pk, []) if row.holds_on(day)]
    asked = {ConsentScope.FILE, ConsentScope.MINOR}
    return KnownPerson(
        key=person.pk, name=person.name, age=age, has_id=bool(person.id_no), has_sheet=person.pk in known.sheets,
        disabled_by_tag=bool(tags & {DISABLED, SEVERE}), has_disability=bool(held),
        certificate_expired=any(row.expires_on and row.expires_on < day for row in held),
        frail=bool(tags & {FRAIL, SEVERE, AGED}) or (age is not None and age >= ELDER),
        has_selfcare=person.pk in known.selfcare, has_carer=bool(carers),
        has_guardian=any(row.is_guardian for row in carers),
        guardian_consented=any(
            _whose(row) == person.pk and row.as_guardian and row.scope in asked and row.holds_on(day)
            for row in known.consents
        ),
    )  # fmt: skip


# OVER THE YEARS -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """What a field said on a day; `number` where it is one."""

    on: date
    shown: str
    number: Decimal | None


@dataclass(frozen=True, slots=True)
class Series:
    """One field of the snapshots over the years, oldest first; days on which it was not said are left out."""

    part: str
    field: str
    label: str
    points: list[Point]

    @property
    def changed(self) -> bool:
        return len(self.steps) > 1

    @property
    def steps(self) -> list[Point]:
        """The first point, and each that says something else than the one before."""
        pairs = zip([None, *self.points], self.points, strict=False)
        return [now for was, now in pairs if was is None or was.shown != now.shown]


_SILENT = {"id", "station", "household", "taken_on", "void_reason", "version", "entered_at", "entered_by"}


def series_of(snapshots: Sequence[Housing] | Sequence[Economy]) -> list[Series]:
    """A series for each field that any of the snapshots tells, in the order of the fields. Asks nothing."""
    rows = sorted(snapshots, key=lambda row: row.taken_on)
    if not rows:
        return []
    found = []
    for one in type(rows[0])._meta.concrete_fields:
        if one.name not in _SILENT:
            points = [_point(row, one.name) for row in rows if getattr(row, one.name) not in (None, "", [])]
            if points:
                found.append(Series(rows[0].PART, one.name, str(one.verbose_name), points))
    return found


def _point(row: Any, name: str) -> Point:
    value = getattr(row, name)
    number = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
    return Point(row.taken_on, row.said(name), number)


def series_of_lines(snapshots: Sequence[Economy]) -> list[Series]:
    """A series for each source of income and use of money, in yuan a month.

    A snapshot that tells of others of its kind and not of this one says that there is none of it any more.
    """
    found = []
    for kind, word in (("incomes", "收入"), ("expenses", "支出")):
        told = [
            (row.taken_on, list(getattr(row, kind).all())) for row in sorted(snapshots, key=lambda row: row.taken_on)
        ]
        told = [(on, lines) for on, lines in told if lines]
        labels = {line.source: line.get_source_display() for _, lines in told for line in lines}
        for source, label in labels.items():
            points = [_point_of_lines(on, [one for one in lines if one.source == source]) for on, lines in told]
            first = next((index for index, point in enumerate(points) if point.number), 0)
            found.append(Series(Economy.PART, f"{kind}.{source}", f"{word}：{label}", points[first:]))
    return found


def _point_of_lines(on: date, lines: Sequence[MoneyLine]) -> Point:
    number = total([Money(line.source, line.amount, Per(line.per)) for line in lines]) or Decimal(0)
    return Point(on, f"每月 {yuan(number)}" if number else "没有", number)


def previous_snapshot(kind: type[P], household: Household, day: date, since: date | None) -> P | None:
    """The latest standing snapshot up to a day, from which the next one starts."""
    assert kind.PART in SNAPSHOTS  # noqa: S101
    return standing_of(kind, household, [], since).filter(taken_on__lte=day).order_by("-taken_on").first()


def snapshots_of(kind: type[Part], household: Household, since: date | None) -> list[Any]:
    """The standing snapshots of a family, newest first; of money with their lines."""
    rows: Any = standing_of(kind, household, [], since).order_by("-taken_on")
    return list(rows.prefetch_related("incomes", "expenses") if kind is Economy else rows)


def all_series(kind: type[Part], household: Household, since: date | None) -> list[Series]:
    """Every field of a family's snapshots over the years, of money each line too."""
    rows = snapshots_of(kind, household, since)
    return [*series_of(rows), *(series_of_lines(rows) if kind is Economy else [])]


# HISTORY ---------------------------------------------------------------------------

_NOT_TOLD = {"id", "version", "station", "household", "person", "entered_at", "entered_by", "stored", "size"}
_HIDDEN = "（隐去）"


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part as its page lists it: standing ones first, then ended and voided ones."""

    row: Any
    who: str
    day: date | None
    title: str
    state: str  # "now", "ended", "void"


def lines_of(kind: type[Part], household: Household, person_ids: Sequence[UUID], since: date | None) -> list[PartLine]:
    """All parts of a kind of a family and its people, voided ones too, newest first: one query."""
    rows = parts_of(kind, household, person_ids, since)
    joined = [name for name in ("person", "carer", "given_by") if name in {f.name for f in kind._meta.concrete_fields}]
    lines = [_line(row) for row in (rows.select_related(*joined) if joined else rows)]
    order = {"now": 0, "ended": 1, "void": 2}
    return sorted(lines, key=lambda line: (order[line.state], -(line.day or date.min).toordinal()))


def _line(row: Any) -> PartLine:
    person = getattr(row, "person", None)
    ended = getattr(row, "ends_on", None) or getattr(row, "ended_on", None) or getattr(row, "closed_on", None)
    state = "void" if row.void_reason else "ended" if ended or getattr(row, "withdrawn_on", None) else "now"
    return PartLine(row, person.name if person else "", getattr(row, row.DAY), str(row), state)


def history_of(
    kind: type[Part], household: Household, people: Mapping[UUID, Person], since: date | None
) -> list[Change]:
    """Was, became, who and when of a kind of parts, newest first; what is masked stays hidden."""
    whose: dict[str, Any] = {"id__in": parts_of(kind, household, list(people), since).values("pk")}
    if since is not None:  # what another station wrote over is not told by what it became
        whose["history_date__gte"] = clock.at(since, 0)

    def title(line: Any) -> str:
        person = people.get(getattr(line, "person_id", None))  # type: ignore[arg-type]
        return f"{person.name}：{kind.WORDS}" if person else kind.WORDS

    return changes_of(kind, title, silent=_NOT_TOLD, say=_said, **whose)


def _said(line: Any, name: str, value: Any) -> str | None:
    """How a value reads in a history: masked ones hidden, codes in the city's words of the day."""
    kind = line.instance_type
    if name in kind.HIDDEN:
        return _HIDDEN
    if name in kind.CODED:
        codes = value if isinstance(value, list) else [value]
        return "、".join(labels_of(kind.CODED[name], codes, getattr(line, kind.DAY)))
    if kind is SelfCare and name == "cannot":
        return "、".join(CareItem(code).label for code in value if code in CareItem.values)
    return None


# THE LATEST SNAPSHOTS, AS A PAGE SHOWS THEM ------------------------------------------

Pairs = list[tuple[str, str]]


def housing_facts(latest: Housing) -> Pairs:
    """What the snapshot says, field by field; what it does not say is left out."""
    fields = [one for one in Housing._meta.concrete_fields if one.name not in _SILENT]
    return [(str(one.verbose_name), latest.said(one.name)) for one in fields if latest.said(one.name)]


def yuan(value: Decimal | None) -> str:
    """An amount as pages print it, without cents where there are none."""
    return "" if value is None else f"{value:,.2f}".removesuffix(".00")


def economy_facts(latest: Economy) -> Pairs:
    """Income a head first, then what it comes from, what is spent on what, debts and benefits."""
    found = [
        ("人均月收入", yuan(latest.per_head) and f"{yuan(latest.per_head)} 元"),
        ("月收入", _sum(latest.income, latest.incomes.all())),  # type: ignore[attr-defined]
        ("月支出", _sum(latest.expense, latest.expenses.all())),  # type: ignore[attr-defined]
        ("欠债", _debt(latest)),
        ("享受的政策", latest.said("benefits")),
        ("土地、车辆、经营", latest.assets),
        ("说明", latest.note),
    ]
    return [(label, shown) for label, shown in found if shown]


def _sum(total: Decimal | None, lines: Iterable[Any]) -> str:
    if total is None:
        return ""
    told = "、".join(
        f"{line.get_source_display()} {line.get_per_display()} {yuan(line.amount)}"
        for line in sorted(lines, key=lambda line: -line.amount)
    )
    return f"{yuan(total)} 元（{told}）"


def _debt(latest: Economy) -> str:
    if latest.debt is None:
        return ""
    words = f"（{latest.debt_note}）" if latest.debt_note else ""
    return f"{yuan(latest.debt)} 元{words}" if latest.debt else "没有"
