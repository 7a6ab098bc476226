"""The list behind a number, as a person reads it: a page of counted things, each with its records."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from shuangbai.assistance.models import Matter
from shuangbai.codes.queries import label_of
from shuangbai.core.privacy import mask_name
from shuangbai.counter.enums import TOPICS
from shuangbai.counter.queries import SEALED as UNTOLD
from shuangbai.groups.models import Group, GroupMember
from shuangbai.groups.queries import SEALED
from shuangbai.households.models import FamilyFile, Household, Person
from shuangbai.network.models import Area, OrgUnit, Staff
from shuangbai.projects.enums import BODIES, LineKind
from shuangbai.projects.models import LedgerLine, Project
from shuangbai.reports.queries import EVERY_ROW, Ask, Indicator
from shuangbai.resources.models import Referral, ResourceLink
from shuangbai.services.enums import RecordKind
from shuangbai.services.models import Contact, ServiceRecord
from shuangbai.stories.models import Award
from shuangbai.surveys.models import AnswerSheet, Survey
from shuangbai.volunteers.models import Team, Volunteer

PAGE = 50
RECORDS_SHOWN = 12
UNASKED = ("id_no", "phone", "guardian", "note", "person__id_no", "person__phone")  # of volunteers; nobody asks here


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
    details = ("visit", "activity", "team_service__team", "group_session__group", "consultation", "handout",
               "meeting", "station", "household", "village")  # fmt: skip
    rows = ServiceRecord.objects.select_related(*details)
    return rows.defer(*SEALED, *UNTOLD).in_bulk(ids)


def _latest(rows: list[ServiceRecord]) -> list[ServiceRecord]:
    return sorted(rows, key=lambda row: (row.occurred_on, row.pk), reverse=True)


def described(record: ServiceRecord) -> list[str]:
    """When, where and how, without a person's name."""
    parts = [f"{record.occurred_on:%Y-%m-%d}", record.station.name]
    if record.kind == RecordKind.VISIT:
        parts += [record.visit.get_mode_display(), record.visit.get_result_display()]
    if record.kind == RecordKind.CONSULTATION:
        asked = record.consultation
        parts += [label_of(TOPICS, asked.topic, record.occurred_on), asked.get_way_display()]
    if record.village:
        parts.append(record.village.name)
    return parts


def titled(record: ServiceRecord, named: Named) -> str:
    if record.kind == RecordKind.ACTIVITY:
        return record.activity.title
    if record.kind == RecordKind.TEAM_SERVICE:
        return record.team_service.title
    if record.kind == RecordKind.GROUP_SESSION:
        return str(record.group_session)
    if record.kind == RecordKind.HANDOUT:
        return record.handout.title
    if record.kind == RecordKind.MEETING:
        return record.meeting.title
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
        where = [titled(record, named)] if record.kind != RecordKind.VISIT else []
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


def _of_groups(behind: Behind, named: Named) -> Present:
    """Groups, by their sessions or by themselves."""
    groups = Group.objects.select_related("station", "village").in_bulk(behind)
    found = _records(behind)

    def present(key: Any, adds: Any) -> Item:
        group, rows = groups[key], _latest([found[one] for one in behind[key] if one in found])
        place = [group.village.name] if group.village else []
        times = [f"期内 {len(rows)} 节"] if rows else [f"{group.ended_on:%Y-%m-%d} 结束"]
        meta = [group.station.name, group.get_kind_display(), *place, *times]
        more = max(len(rows) - RECORDS_SHOWN, 0)
        return Item(group.title, meta, adds, rows[:RECORDS_SHOWN], more)

    return present


def _of_participants(behind: Behind, named: Named) -> Present:
    """People on file, and members of groups who are only named."""
    people = dict(Person.objects.filter(pk__in=list(behind)).values_list("pk", "name"))
    members = dict(GroupMember.objects.filter(pk__in=list(behind)).values_list("pk", "name"))
    found = _records(behind)

    def present(key: Any, adds: Any) -> Item:
        rows = _latest([found[record] for record in behind[key]])
        more, only = max(len(rows) - RECORDS_SHOWN, 0), ["只有姓名"] if key in members else []
        name = named(people.get(key) or members[key])
        return Item(name, [*only, f"期内 {len(rows)} 节"], adds, rows[:RECORDS_SHOWN], more)

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


def _of_listed(behind: Behind, named: Named) -> Present:
    """Families by what they are: with the files that they have, or that they have none."""
    families = Household.objects.select_related("village").in_bulk(behind)
    files = FamilyFile.objects.filter(household__in=[pk for some in behind.values() for pk in some])
    filed: dict[UUID, list[str]] = defaultdict(list)
    for file in files.select_related("station").order_by("opened_on", "pk"):
        ended = f"，{file.closed_on:%Y-%m-%d} 结档" if file.closed_on else ""
        filed[file.household_id].append(f"{file.station.name} {file.opened_on:%Y-%m-%d} 建档{ended}")

    def present(key: Any, adds: Any) -> Item:
        family = families[key]
        told = [one for pk in {key, *behind[key]} for one in filed.get(pk, ())] or ["还没有建档"]
        return Item(f"{named(family.head_name)}户", [family.village.name, *told], adds, [], 0, key)

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


def _whose(row: Any, named: Named) -> str:
    """Whom something is about: the family, and who of it; of what is a case's alone that it is."""
    if row.household is None:
        return getattr(row, "subject_words", "") or "个案里记的"
    person = f" {named(row.person.name)}" if row.person else ""
    return f"{named(row.household.head_name)}户{person}"


def _of_links(behind: Behind, named: Named) -> Present:
    """Links, or the families and people whom they reached."""
    ids = {link for some in behind.values() for link in some}
    rows = ResourceLink.objects.select_related("resource", "household__village", "person", "station").in_bulk(ids)

    def present(key: Any, adds: Any) -> Item:
        mine = sorted((rows[pk] for pk in behind[key]), key=lambda row: (row.occurred_on, row.pk), reverse=True)
        one = mine[0]
        many = [f"期内 {len(mine)} 次"] if len(mine) > 1 else []
        place = [one.household.village.name] if one.household else []
        meta = [f"{one.occurred_on:%Y-%m-%d}", one.station.name, *place, one.resource.name, *many]
        return Item(_whose(one, named), meta, adds, [], 0, one.household_id)

    return present


def _of_referrals(behind: Behind, named: Named) -> Present:
    rows = Referral.objects.select_related("household__village", "person", "station").in_bulk(behind)

    def present(key: Any, adds: Any) -> Item:
        one = rows[key]
        meta = [f"{one.sent_on:%Y-%m-%d} 发出", one.station.name, one.get_state_display()]
        return Item(_whose(one, named), meta, adds, [], 0, one.household_id)

    return present


def _of_matters(behind: Behind, named: Named) -> Present:
    rows = Matter.objects.select_related("household__village", "person", "station").in_bulk(behind)

    def present(key: Any, adds: Any) -> Item:
        one = rows[key]
        what = f"{one.get_policy_display()}（{one.get_kind_display()}）"
        meta = [f"{one.opened_on:%Y-%m-%d}", one.station.name, what, one.get_stage_display()]
        return Item(_whose(one, named), meta, adds, [], 0, one.household_id)

    return present


def _of_awards(behind: Behind, named: Named) -> Present:
    """Prizes: what was awarded, by whom and when; a prize names nobody who is served."""
    awards = Award.objects.select_related("station", "staff").in_bulk(behind)

    def present(key: Any, adds: Any) -> Item:
        one = awards[key]
        meta = [one.station.name, one.name, f"{one.get_level_display()}{one.get_grade_display()}", one.body]
        return Item(one.what, [f"{one.awarded_on:%Y-%m-%d}", *meta], adds, [])

    return present


def _of_projects(behind: Behind, named: Named) -> Present:
    rows = Project.objects.select_related("station", "village").in_bulk(behind)

    def present(key: Any, adds: Any) -> Item:
        one = rows[key]
        village = [one.village.name] if one.village else []
        ended = [f"{one.ended_on:%Y-%m-%d} {one.get_state_display()}"] if one.ended_on else [one.get_state_display()]
        how = [one.get_counted_how_display()] if one.counted_how else []
        meta = [one.station.name, *village, f"{one.begun_on:%Y-%m-%d} 开始", *ended, *how]
        return Item(one.title, meta, adds, [])

    return present


def _of_lines(behind: Behind, named: Named) -> Present:
    """Lines of ledgers: who gave, masked where it is a person and somebody may not read names."""
    rows = LedgerLine.objects.select_related("station", "project", "reverses").in_bulk(behind)

    def present(key: Any, adds: Any) -> Item:
        one = rows[key]
        who = one.name if one.giver in BODIES else named(one.name)
        back = [f"冲回第 {one.reverses.number} 号"] if one.reverses else []
        what = [one.what] if one.what and one.kind != LineKind.CASH else []
        meta = [f"{one.occurred_on:%Y-%m-%d}", one.station.name, one.project.title, one.get_kind_display()]
        return Item(f"{one.number} 号 {who}", [*meta, *what, *back], adds, [])

    return present


def _of_teams(behind: Behind, named: Named) -> Present:
    teams = Team.objects.select_related("station", "village").in_bulk(behind)

    def present(key: Any, adds: Any) -> Item:
        team = teams[key]
        village = [team.village.name] if team.village else []
        meta = [team.station.name, *village, team.get_kind_display(), f"{team.founded_on:%Y-%m-%d} 成立"]
        return Item(team.name, meta, adds, [])

    return present


def _of_volunteers(behind: Behind, named: Named) -> Present:
    """Volunteers by where they are registered: more than one station where two know the same person."""
    ids = {pk for keys in behind.values() for pk in keys}
    people = Volunteer.objects.select_related("person", "station").defer(*UNASKED).in_bulk(ids)

    def present(key: Any, adds: Any) -> Item:
        mine = sorted((people[pk] for pk in behind[key]), key=lambda one: (one.person_id != key, one.pk))
        stations = "、".join(dict.fromkeys(one.station.name for one in mine))
        return Item(named(mine[0].called), [stations, f"{mine[0].since:%Y-%m-%d} 加入"], adds, [])

    return present


def _of_served(behind: Behind, named: Named) -> Present:
    """Volunteers by what they did: by the person's key, or by their own where they are not on file."""
    people = Person.objects.defer("id_no", "phone").in_bulk(behind)
    others = Volunteer.objects.select_related("person").defer(*UNASKED).in_bulk(behind)
    found = _records(behind)

    def present(key: Any, adds: Any) -> Item:
        rows = _latest([found[record] for record in behind[key]])
        name = people[key].name if key in people else others[key].called
        more = max(len(rows) - RECORDS_SHOWN, 0)
        return Item(named(name), [f"期内 {len(rows)} 次"], adds, rows[:RECORDS_SHOWN], more)

    return present


def _of_surveys(behind: Behind, named: Named) -> Present:
    rows = Survey.objects.select_related("station", "village").in_bulk(behind)

    def present(key: Any, adds: Any) -> Item:
        one = rows[key]
        return Item(str(one), [f"{one.last_on:%Y-%m-%d} 结束", one.station.name, one.methods_said], adds, [])

    return present


def _of_sheets(behind: Behind, named: Named) -> Present:
    """Sheets by where and when: what was answered is nobody's to read here."""
    rows = AnswerSheet.objects.select_related("station", "village", "questionnaire").defer("answers", "words")
    found = rows.in_bulk(behind)

    def present(key: Any, adds: Any) -> Item:
        one = found[key]
        place = [one.village.short_name] if one.village else []
        return Item(str(one.questionnaire), [f"{one.filled_on:%Y-%m-%d}", one.station.name, *place], adds, [])

    return present


_PRESENTERS: Mapping[str, Callable[[Behind, Named], Present]] = {
    "record": _of_records,
    "household": _of_households,
    "contact": _of_contacts,
    "person": _of_people,
    "carrier": _of_carriers,
    "group": _of_groups,
    "participant": _of_participants,
    "file": _of_files,
    "family": _of_files,
    "listed_family": _of_listed,
    "station": _of_stations,
    "staff": _of_staff,
    "village": _of_villages,
    "link": _of_links,
    "helped_family": _of_links,
    "helped_person": _of_links,
    "referral": _of_referrals,
    "matter": _of_matters,
    "award": _of_awards,
    "project": _of_projects,
    "ledger_line": _of_lines,
    "team": _of_teams,
    "volunteer": _of_volunteers,
    "served": _of_served,
    "survey": _of_surveys,
    "sheet": _of_sheets,
}
