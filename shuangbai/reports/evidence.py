"""The list behind a number, as a person reads it: a page of counted things, each with its records."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from shuangbai.core.privacy import mask_name
from shuangbai.households.models import FamilyFile, Household, Person
from shuangbai.network.models import Area, OrgUnit, Staff
from shuangbai.reports.queries import EVERY_ROW, Ask, Indicator
from shuangbai.services.enums import RecordKind
from shuangbai.services.models import Contact, ServiceRecord

PAGE = 50
RECORDS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Item:
    """One counted thing: what it is, where and when, what it adds, and the records behind it."""

    title: str
    meta: list[str]
    adds: Any
    records: list[ServiceRecord]
    more_records: int = 0
    family: UUID | None = None


@dataclass(frozen=True, slots=True)
class Page:
    items: list[Item]
    number: int
    has_next: bool


def page_of(indicator: Indicator, ask: Ask, number: int, *, names: bool, among: Q = EVERY_ROW) -> Page:
    """One page of the list, the latest first. `names`: whether full names may be shown; `among`: rows to be opened."""
    rows = indicator.listed(ask, among)
    rows = rows.order_by("-latest_on", "counted") if "month" in indicator.by else rows.order_by("counted")
    start = (number - 1) * PAGE
    chosen = list(rows[start : start + PAGE + 1])
    shown = chosen[:PAGE]
    keys = [row["counted"] for row in shown]
    facts = indicator.facts(ask).filter(among, **{f"{indicator.key}__in": keys})
    pairs = facts.values_list(indicator.key, indicator.record)
    behind: dict[Any, list[Any]] = defaultdict(list)
    for key, record in pairs:
        if record not in behind[key]:
            behind[key].append(record)
    present = _PRESENTERS[indicator.thing](
        {key: behind[key] for key in keys}, (lambda name: name) if names else mask_name
    )
    items = [present(row["counted"], row["what_adds"]) for row in shown]
    return Page(items, number, len(chosen) > PAGE)


Named = Callable[[str], str]
Behind = Mapping[Any, list[Any]]
Present = Callable[[Any, Any], Item]


def _records(behind: Behind) -> dict[UUID, ServiceRecord]:
    ids = {record for records in behind.values() for record in records}
    rows = ServiceRecord.objects.select_related("visit", "activity", "station", "household", "village")
    return rows.in_bulk(ids)


def _latest(rows: list[ServiceRecord]) -> list[ServiceRecord]:
    return sorted(rows, key=lambda row: (row.occurred_on, row.pk), reverse=True)


def described(record: ServiceRecord) -> list[str]:
    """When, where and how, without a person's name."""
    parts = [f"{record.occurred_on:%Y-%m-%d}", record.station.name]
    if record.kind == RecordKind.VISIT:
        parts += [record.visit.get_mode_display(), record.visit.get_result_display()]
    if record.village:
        parts.append(record.village.name)
    return parts


def titled(record: ServiceRecord, named: Named) -> str:
    if record.kind == RecordKind.ACTIVITY:
        return record.activity.title
    return f"{named(record.household.head_name)}户" if record.household else record.get_kind_display()


def _of_records(behind: Behind, named: Named) -> Present:
    found = _records(behind)

    def present(key: Any, adds: Any) -> Item:
        rows = _latest([found[record] for record in behind[key]])
        return Item(titled(rows[0], named), described(rows[0]), adds, rows)

    return present


def _of_households(behind: Behind, named: Named) -> Present:
    households = Household.objects.select_related("village").in_bulk(behind)
    found = _records(behind)

    def present(key: Any, adds: Any) -> Item:
        household, rows = households[key], _latest([found[record] for record in behind[key]])
        meta = [household.village.name, f"期内 {len(rows)} 次"]
        more = max(len(rows) - RECORDS_SHOWN, 0)
        return Item(f"{named(household.head_name)}户", meta, adds, rows[:RECORDS_SHOWN], more, key)

    return present


def _of_contacts(behind: Behind, named: Named) -> Present:
    contacts = Contact.objects.select_related("person").in_bulk(behind)
    found = _records(behind)

    def present(key: Any, adds: Any) -> Item:
        record = found[behind[key][0]]
        person = contacts[key].person
        where = [titled(record, named)] if record.kind == RecordKind.ACTIVITY else []
        return Item(named(person.name) if person else "未实名", [*where, *described(record)], adds, [record])

    return present


def _of_people(behind: Behind, named: Named) -> Present:
    people = Person.objects.in_bulk(behind)
    found = _records(behind)

    def present(key: Any, adds: Any) -> Item:
        rows = _latest([found[record] for record in behind[key]])
        more = max(len(rows) - RECORDS_SHOWN, 0)
        return Item(named(people[key].name), [f"期内 {len(rows)} 次"], adds, rows[:RECORDS_SHOWN], more)

    return present


def _of_carriers(behind: Behind, named: Named) -> Present:
    """People by what they are, not by what was done: where they are registered."""
    people = Person.objects.select_related("station").defer("id_no", "phone").in_bulk(behind)
    return lambda key, adds: Item(named(people[key].name), [people[key].station.name], adds, [])


def _of_files(behind: Behind, named: Named) -> Present:
    """Files, or families by their files: more than one where stations that keep one each know the same family."""
    ids = {file for files in behind.values() for file in files}
    files = FamilyFile.objects.select_related("household__village", "station").in_bulk(ids)

    def present(key: Any, adds: Any) -> Item:
        # The entry that stands for the family first.
        mine = sorted((files[pk] for pk in behind[key]), key=lambda file: (file.household_id != key, file.pk))
        numbers, stations = "、".join(file.number for file in mine), "、".join(file.station.name for file in mine)
        file = mine[0]
        ended = [f"{file.closed_on:%Y-%m-%d} 结档"] if file.closed_on else []
        meta = [f"{named(file.household.head_name)}户", file.household.village.name, f"{file.opened_on:%Y-%m-%d} 建档"]
        return Item(numbers, [stations, *meta, *ended], adds, [], 0, file.household_id)

    return present


def _of_stations(behind: Behind, named: Named) -> Present:
    units = OrgUnit.objects.select_related("county", "town").in_bulk(behind)

    def present(key: Any, adds: Any) -> Item:
        unit = units[key]
        places = [area.name for area in (unit.county, unit.town) if area]
        return Item(unit.name, [unit.code, *places, f"{unit.starts_on:%Y-%m-%d} 开站"], adds, [])

    return present


def _of_staff(behind: Behind, named: Named) -> Present:
    staff = Staff.objects.in_bulk(behind)
    return lambda key, adds: Item(staff[key].name, [f"{staff[key].hired_on:%Y-%m-%d} 入职"], adds, [])


def _of_villages(behind: Behind, named: Named) -> Present:
    areas = Area.objects.select_related("parent__parent").in_bulk(behind)

    def present(key: Any, adds: Any) -> Item:
        town = areas[key].parent
        above = [area.name for area in ((town.parent, town) if town else ()) if area]
        return Item(areas[key].name, above, adds, [])

    return present


_PRESENTERS: Mapping[str, Callable[[Behind, Named], Present]] = {
    "record": _of_records,
    "household": _of_households,
    "contact": _of_contacts,
    "person": _of_people,
    "carrier": _of_carriers,
    "file": _of_files,
    "family": _of_files,
    "station": _of_stations,
    "staff": _of_staff,
    "village": _of_villages,
}
