"""Reading visits: one visit, what a worker wants to know of a family at the door."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, QuerySet

from shuangbai.households.access import households_visible_to
from shuangbai.households.doubles import FamilyEntries, once
from shuangbai.households.enums import BirthPrecision
from shuangbai.households.models import Household, Membership, Person
from shuangbai.households.queries import (
    FamilyLine,
    family_lines,
    find_households,
    kept_by,
    member_rows,
    one_of_each,
    open_file_of,
    tags_on,
)
from shuangbai.households.rules import age_on
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.services.access import shown_by_record, visible_by_record
from shuangbai.services.enums import ContactKind, RecordKind
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.models import GridDraft, Visit, VisitDraft


def visits_visible_to(user: Any) -> QuerySet[Visit]:
    """Visits within reach, with what their page shows of the record."""
    return Visit.objects.filter(shown_by_record(user)).select_related(
        "record__station", "record__village", "record__household", "record__campaign", "record__entered_by",
        "record__voided_by", "station",
    )  # fmt: skip


def family_of(record: ServiceRecord) -> Household:
    """The family that a visit was to: a visit always has one."""
    if record.household is None:
        raise Household.DoesNotExist
    return record.household


def latest_visit(entries: Sequence[UUID], station: OrgUnit) -> Visit | None:
    """The latest visit of the station that counts, to the family by any of these entries of it."""
    rows = Visit.objects.filter(record__household__in=entries, station=station, record__voided_at__isnull=True)
    return rows.select_related("record").order_by("-record__occurred_on", "-record_id").first()


def member_label(membership: Membership, day: date) -> str:
    """林炳明 72岁 户主. The age is left out where the year of birth is not known."""
    person = membership.person
    parts = [person.name]
    if person.birth_date and person.birth_date <= day:
        about = "约" if person.birth_precision == BirthPrecision.ESTIMATED else ""
        parts.append(f"{about}{age_on(person.birth_date, day)}岁")
    return " ".join([*parts, membership.get_relation_display()])


def member_choices(household_id: UUID, day: date, picked: Iterable[UUID] = ()) -> list[tuple[str, str]]:
    """Who is of the family on the day, and whoever was picked before the day was changed."""
    picked = set(picked)
    rows = one_of_each(member_rows(household_id, day), picked)
    found = [(str(row.person_id), member_label(row, day)) for row in rows]
    strays = picked - {row.person_id for row in rows}
    if strays:
        once = Person.objects.filter(pk__in=strays, memberships__household=household_id).distinct()
        found += [(str(person.pk), f"{person.name}（当天不在这户）") for person in once]
    return found


def family_line(household: Household, day: date, entries: Sequence[UUID]) -> dict[str, Any]:
    """Who a family is, in one line: its members and categories on the day and its file.

    `entries`: all that the reader sees of the family; categories and file are told of all of them, as on
    lists (`family_lines`), and people of the entry that the visit is to.
    """
    tags = tags_on(day, household_ids=entries)
    return {
        "household": household,
        "members": len(one_of_each(member_rows(household.pk, day))),
        "categories": list(dict.fromkeys(tag.category.name for one in entries for tag in tags[one])),
        "file": open_file_of(*entries),
    }


def met_labels(record: ServiceRecord) -> list[str]:
    """The people whom a visit met, as they were in the family on the day."""
    people = Person.objects.filter(contacts__record=record, contacts__kind=ContactKind.PERSON)
    names = dict(people.values_list("pk", "name"))
    rows = [row for row in member_rows(family_of(record).pk, record.occurred_on) if row.person_id in names]
    known = {row.person_id for row in rows}
    labels = [member_label(row, record.occurred_on) for row in rows]
    return labels + [name for pk, name in names.items() if pk not in known]


def family_names(household_id: UUID) -> list[str]:
    """The names of everybody who ever was of the family, to be veiled in what was written about it."""
    rows = Membership.objects.filter(household_id=household_id).values_list("person__name", flat=True)
    return list(rows.distinct())


# MANY FAMILIES AT ONCE ------------------------------------------------------


def last_met(household_ids: Collection[UUID]) -> dict[UUID, date]:
    """The day of the latest visit that met somebody, by household; a household never met is missing.

    Of a family known twice, under whichever of its entries. Two queries.
    """
    entries = FamilyEntries(None, household_ids)
    rows = ServiceRecord.objects.filter(
        household__in={*household_ids, *entries.several}, kind=RecordKind.VISIT, reached=True, voided_at__isnull=True
    )
    days = rows.values("household_id").annotate(latest=Max("occurred_on"))
    met: dict[UUID, date] = dict(days.values_list("household_id", "latest"))
    found = {home: [met[one] for one in entries.every(home) if one in met] for home in household_ids}
    return {home: max(some) for home, some in found.items() if some}


def members_of(household_ids: Collection[UUID], day: date) -> dict[UUID, list[tuple[str, str]]]:
    """Who of each family lives on the day, as choices, the head first: one query."""
    rows = Membership.objects.on(day).filter(household__in=household_ids).select_related("person")
    found: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for row in rows.defer("person__id_no", "person__phone").order_by("relation", "person__birth_date", "id"):
        if row.person.died_on is None or row.person.died_on >= day:
            found[row.household_id].append((str(row.person_id), member_label(row, day)))
    return found


@dataclass(frozen=True, slots=True)
class Offered:
    """A family on a page of many visits: who it is, whom one may have met, when it was last met, what the day has."""

    line: FamilyLine
    members: Sequence[tuple[str, str]]
    met_on: date | None
    of_the_day: Sequence[Visit]

    @property
    def household(self) -> Household:
        return self.line.household


def writable(user: Any) -> QuerySet[Household]:
    """The families about which somebody writes records, with their villages and nothing encrypted."""
    rows = households_visible_to(user, Permission.WRITE_RECORDS).select_related("village")
    return rows.defer("phone", "address", "note")


def offered(user: Any, ids: Sequence[UUID], day: date) -> list[Offered]:
    """The families of these ids in their order, those left out about which `user` writes nothing: eleven queries.

    Each once; what the day has of a family known twice is told whichever of its entries it is under.
    """
    rows = {home.pk: home for home in writable(user).filter(pk__in=ids)}
    homes = [rows[pk] for pk in dict.fromkeys(ids) if pk in rows]
    entries = FamilyEntries(writable(user), rows)
    members, met = members_of(list(rows), day), last_met(list(rows))
    done: dict[UUID, list[Visit]] = defaultdict(list)
    same_day = Visit.objects.filter(record__household__in={*rows, *entries.several}, record__occurred_on=day)
    visible = same_day.filter(visible_by_record(user), record__voided_at__isnull=True)
    for visit in visible.select_related("record").order_by("record_id"):
        done[entries.stands(visit.record.household_id)].append(visit)  # type: ignore[arg-type]
    told = {home.pk: entries.seen(home.pk) for home in homes}
    return [
        Offered(line, members.get(pk, []), met.get(pk), done[entries.stands(pk)])
        for line in family_lines(homes, day, sees_names=True, entries=told)
        for pk in [line.household.pk]
    ]


@dataclass(frozen=True, slots=True)
class Mine:
    """A family of a worker's own, as short as a list of hundreds wants it."""

    pk: UUID
    village_id: int
    village: str
    head_name: str
    met_on: date | None


def own_families(user: Any, staff_id: UUID | None, day: date) -> list[Mine]:
    """The families for whose files somebody is responsible on the day, the longest unseen first: four queries."""
    if staff_id is None:
        return []
    rows = list(once(kept_by(writable(user), staff_id, day), writable(user)))
    met = last_met([home.pk for home in rows])
    found = [Mine(home.pk, home.village_id, home.village.short_name, home.head_name, met.get(home.pk)) for home in rows]
    return sorted(found, key=lambda one: (one.met_on or date.min, one.village, one.head_name, one.pk))


def named_families(user: Any, station: OrgUnit, typed: str) -> list[UUID]:
    """The families that answer to what was typed, three at most: for a page without a script."""
    text = typed.strip()[:40]
    found = find_households(writable(user), [station.pk], text) if text else Household.objects.none()
    return list(once(found, writable(user)).order_by("head_name", "id").values_list("pk", flat=True)[:3])


# DRAFTS ---------------------------------------------------------------------


def draft_of(user: Any, station: OrgUnit, household: Household) -> VisitDraft | None:
    """What `user` typed of a visit to the family and did not save."""
    return VisitDraft._default_manager.filter(station=station, entered_by=user, household=household).first()


def drafts_of(user: Any, station: OrgUnit) -> QuerySet[VisitDraft]:
    """Somebody's own drafts about families that they still write about, without what was typed: one query."""
    still = Exists(households_visible_to(user, Permission.WRITE_RECORDS).filter(pk=OuterRef("household")))
    own = VisitDraft._default_manager.filter(still, station=station, entered_by=user)
    rows = own.select_related("household__village").order_by("-updated_at", "id")
    return rows.defer("typed", "household__phone", "household__address", "household__note")


def grid_draft_of(user: Any, station: OrgUnit, page: str) -> GridDraft | None:
    """What `user` typed on a page of many visits and did not save."""
    return GridDraft._default_manager.filter(station=station, entered_by=user, page=page).first()


def grid_drafts_of(user: Any, station: OrgUnit) -> QuerySet[GridDraft]:
    """Somebody's own drafts of pages of many visits, without what was typed: one query."""
    own = GridDraft._default_manager.filter(station=station, entered_by=user)
    return own.order_by("-updated_at", "id").defer("typed")
