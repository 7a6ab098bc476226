"""The plan handed to the bulk actions: the same rules, histories and effects as any other city.

Whoever entered a record in the plan enters it here too, with an account of their own, on the last day
of their posting at the station.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from shuangbai.activities.actions import ActivityEntry, record_activities
from shuangbai.activities.enums import ActivityKind
from shuangbai.core import clock, databases
from shuangbai.core.findings import Door
from shuangbai.demo import (
    alarms,
    album,
    calling,
    casework,
    counterbook,
    demands,
    dossiers,
    groupbook,
    handing_up,
    helping,
    measures,
    programme,
    shapes,
    squares,
    villages,
    volunteers,
)
from shuangbai.households.actions import enter_households
from shuangbai.households.entries import FileEntry, HouseholdEntry, MemberEntry, MoveEntry, TagEntry
from shuangbai.households.enums import BirthPrecision, CloseReason, Grade, Relation, TagEnd, TagSource
from shuangbai.households.files import assign_files, close_file, grade_files, open_files
from shuangbai.households.grades import Schemes
from shuangbai.households.lists import load_categories
from shuangbai.households.models import Category, FamilyFile, Household, Person
from shuangbai.households.moves import JoinEntry, join_households, move_households, serve_households
from shuangbai.households.schemes import change_level, set_floors
from shuangbai.network import actions as network
from shuangbai.network.enums import Batch, CoverageKind, Post, UnitKind
from shuangbai.network.models import OrgUnit, Staff, User
from shuangbai.network.roles import Role
from shuangbai.services.actions import open_campaign, void_records
from shuangbai.services.enums import CountMethod, HeadGroup
from shuangbai.services.models import Campaign, ServiceRecord
from shuangbai.visits.actions import VisitEntry, correct_visit, record_visits
from shuangbai.visits.enums import Followup, Mode, Result
from shuangbai.visits.models import Visit

T = TypeVar("T")
Tell = Callable[[float], None]

CHUNK = 1000
BATCHES = {"第一批": Batch.FIRST, "第二批": Batch.SECOND}
SOURCES = {"roster": "roster", "found": "worker", "self": "self", "village": "village"}
TAG_ENDS = {
    "died": TagEnd.DEATH,
    "withdrawn": TagEnd.LEFT,
    "age": TagEnd.AGE,
    "over": TagEnd.LEFT,
    "moved": TagEnd.MOVED,
}
CLOSINGS = {
    "died": CloseReason.DECEASED,
    "moved": CloseReason.MOVED,
    "improved": CloseReason.STABLE,
    "merged": CloseReason.MERGED,
}
NEEDS = {"money": "economic", "job": "work", "emotion": "mind"}
RESULTS = {"hospital": Result.IN_HOSPITAL}
ZONE = ZoneInfo("Asia/Shanghai")


def chunks(items: list[T], size: int = CHUNK) -> Iterator[list[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=ZONE) if moment else None


@dataclass
class Builder:
    """One build: what the plan's keys have become. `drawn` waits for the plan, which is asked for when it is needed."""

    drawn: Callable[[], shapes.Plan]
    password: str
    tell: Tell
    plan: shapes.Plan = field(init=False)
    units: dict[str, OrgUnit] = field(default_factory=dict)
    areas: dict[str, int] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    heads: dict[str, User] = field(default_factory=dict)
    households: dict[int, Household] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    files: dict[int, FamilyFile] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)

    def build(self) -> None:
        """Everything, in the order in which it can be."""
        steps: list[tuple[Callable[[], None], int]] = [
            (self.load_areas, 2),
            (self.network, 2),
            (self.enter_families, 38),
            (databases.renew_statistics, 1),  # the city grows from nothing: either database plans by it
            (self.change_families, 4),
            (self.open_files, 6),
            (self.fill_dossiers, 3),
            (self.record_visits, 40),
            (databases.renew_statistics, 1),
            (self.record_activities, 8),
            (self.add_pictures, 1),
            (self.build_squares, 1),
            (self.call_stations, 1),
            (self.fill_volunteers, 1),
            (self.record_groups, 1),
            (self.survey_villages, 1),
            (self.fill_counter, 1),
            (self.plan_activities, 1),
            (demands.fill, 1),
            (self.hand_up, 2),
            (alarms.fill, 1),
            (self.help, 1),
            (self.open_cases, 2),
            (measures.fill, 1),
        ]
        done, whole = 0, sum(weight for _, weight in steps)
        for step, weight in steps:
            self.begins, self.share = done / whole, weight / whole
            step()
            done += weight
        self.tell(1.0)

    def within(self, part: float) -> None:
        """Tell how far the present step has come, from 0 to 1."""
        self.tell(self.begins + self.share * part)

    def fill_dossiers(self) -> None:
        dossiers.fill(self.heads)

    def add_pictures(self) -> None:
        album.fill(self.heads)

    def build_squares(self) -> None:
        squares.fill(self.units, self.heads)

    def call_stations(self) -> None:
        calling.fill(self.campaigns, self.heads)

    def fill_volunteers(self) -> None:
        volunteers.fill(self.heads)

    def record_groups(self) -> None:
        groupbook.fill(self.plan.groups, self)

    def fill_counter(self) -> None:
        counterbook.fill(self.heads)

    def plan_activities(self) -> None:
        programme.fill(self.heads)

    def survey_villages(self) -> None:
        villages.fill(self)

    def hand_up(self) -> None:
        handing_up.fill(self.heads)

    def help(self) -> None:
        helping.fill(self.heads)

    def open_cases(self) -> None:
        casework.fill(self.heads)

    # NETWORK ---------------------------------------------------------------

    def load_areas(self) -> None:
        network.load_areas()
        load_categories()

    def network(self) -> None:
        plan = self.plan = self.drawn()
        opened = min(unit.opened_on for unit in plan.units if unit.opened_on)
        self.units = network.open_units(
            entries=[
                network.UnitEntry(
                    unit.code, UnitKind(unit.kind), unit.name, unit.parent, unit.opened_on or opened,
                    town=unit.area if unit.kind == "station" else "",
                    county=unit.area[:6] if unit.kind in {"station", "county"} else "",
                    batch=BATCHES.get(unit.batch),
                )
                for unit in plan.units
            ]
        )  # fmt: skip
        villages = {c.village for c in plan.coverages} | {r.village for h in plan.households for r in h.residences}
        self.areas = network.area_ids(villages | {a.village for a in plan.activities})
        network.cover_villages(
            entries=[
                (self.units[c.unit], self.areas[c.village], CoverageKind(c.kind), c.starts_on, c.ends_on)
                for c in plan.coverages
            ]
        )
        self.employ()
        self.decide()
        self.campaigns = {
            c.code: open_campaign(
                owner=self.units["SW-ZX"], code=c.code, name=c.name, first=c.starts_on, last=c.ends_on
            )
            for c in plan.campaigns
        }

    def decide(self) -> None:
        """What the bureau decided about grading before it began, and about elders after the epidemic."""
        with clock.pinned(date(2019, 12, 20)):
            officer = User.objects.get(username="officer")
            green = Schemes(clock.today()).levels["green"]
            said = {
                "label": "绿", "colour": "green", "interval_days": 180, "grace_days": 15, "modes": list(green.modes),
                "face_times": 1, "face_days": 365, "review_days": 365, "starts_on": shapes.GRADING_SINCE,
            }  # fmt: skip
            why = "每位社工负责二十多户，先保证红、黄两级"
            change_level(by=officer, level="green", version=0, said=said, reason=why)
        with clock.pinned(date(2020, 4, 20)):
            elders = list(Category.objects.filter(code__in=["alone_elder", "frail_elder"]).order_by("position"))
            officer = User.objects.get(username="officer")
            why = "疫情后恢复入户，独居和失能老人每月至少看一次"
            set_floors(by=officer, categories=elders, days=30, starts_on=date(2020, 5, 1), reason=why)

    def employ(self) -> None:
        """Staff with their postings, an account each, and the sign-ins that the demonstration prints."""
        plan, stations = self.plan, {unit.code for unit in self.plan.units if unit.kind == "station"}
        self.staff = {s.key: Staff(name=s.name, sex=s.sex, hired_on=s.hired_on, left_on=s.left_on) for s in plan.staff}
        posts = {
            s.key: [
                (self.units[p.unit], Post(p.post), p.starts_on, p.ends_on) for p in s.postings if p.unit in stations
            ]
            for s in plan.staff
        }
        network.hire(entries=[(self.staff[key], held) for key, held in posts.items()])
        shown = {account.staff: account for account in plan.accounts if account.staff}
        encoded = make_password(self.password)
        for one in plan.staff:
            roles = [
                (Role.HEAD if p.post == "station_head" else Role.WORKER, self.units[p.unit], p.starts_on)
                for p in one.postings
                if p.unit in stations
            ]
            if not roles:
                continue
            account = shown.get(one.key)
            user = network.open_account(
                username=account.username if account else one.key, display_name=one.name,
                password=None, encoded=encoded if account else "", staff=self.staff[one.key], grants=roles,
            )  # fmt: skip
            self.users[one.key] = user
            for post in one.postings:
                if post.post == "station_head" and post.ends_on is None:
                    self.heads[post.unit] = user
        for account in plan.accounts:
            if account.staff not in self.users:
                network.open_account(
                    username=account.username, display_name=account.name, password=None, encoded=encoded,
                    staff=self.staff[account.staff] if account.staff else None,
                    grants=[(Role(account.role), self.units[account.unit], shapes.FIRST_DAY)],
                )  # fmt: skip

    # FAMILIES --------------------------------------------------------------

    def enter_families(self) -> None:
        tags: dict[str, dict[int, list[TagEntry]]] = {"person": defaultdict(list), "household": defaultdict(list)}
        for tag in self.plan.tags:
            entry = TagEntry(
                tag.category, tag.starts_on, tag.ends_on, source=TagSource(SOURCES[tag.source]),
                end_reason=TAG_ENDS[tag.end_reason] if tag.end_reason else "",
            )  # fmt: skip
            if tag.person is not None:
                tags["person"][tag.person].append(entry)
            elif tag.household is not None:
                tags["household"][tag.household].append(entry)
        later: list[tuple[shapes.Household, shapes.Membership]] = []
        done = 0
        for station, homes in groupby(self.plan.households, key=lambda home: home.station):
            for batch in chunks(list(homes)):
                self.enter_batch(station, batch, tags, later)
                done += len(batch)
                self.within(done / len(self.plan.households))
        self.join_later(later)

    def enter_batch(
        self, station: str, batch: list[shapes.Household], tags: dict[str, dict[int, list[TagEntry]]],
        later: list[tuple[shapes.Household, shapes.Membership]],
    ) -> None:  # fmt: skip
        """One station's families. A person's first place in a primary home enters the person; the rest come later."""
        entries, keys = [], []
        for home in batch:
            members, chosen = [], []
            for member in home.members:
                if not member.primary or member.person in self.people or member.person in chosen:
                    later.append((home, member))
                    continue
                chosen.append(member.person)
                members.append(self.member(member, tags["person"].pop(member.person, [])))
            keys.append(chosen)
            first = home.residences[0]
            entries.append(
                HouseholdEntry(
                    station=self.units[station], village_id=self.areas[first.village], since=home.known_on,
                    members=members, address=first.address, phone=home.phone,
                    tags=tags["household"].pop(home.key, []), entered_at=clock.at(home.known_on, 18),
                )
            )  # fmt: skip
        entered = enter_households(by=self.heads[station], entries=entries, door=Door.SHEET)
        for home, chosen, one in zip(batch, keys, entered, strict=True):
            self.households[home.key] = one.household
            self.people |= dict(zip(chosen, one.people, strict=True))

    def member(self, member: shapes.Membership, tags: list[TagEntry]) -> MemberEntry:
        one = self.plan.people[member.person]
        return MemberEntry(
            name=one.name, relation=Relation(member.relation), sex=one.sex, birth_date=one.born_on, id_no=one.id_no,
            birth_precision=BirthPrecision.DAY if one.birth_exact else BirthPrecision.YEAR, phone=one.phone,
            starts_on=member.starts_on, ends_on=member.ends_on, died_on=one.died_on, tags=tags,
        )  # fmt: skip

    def join_later(self, later: list[tuple[shapes.Household, shapes.Membership]]) -> None:
        by_station = defaultdict(list)
        for home, m in later:
            entry = JoinEntry(
                self.households[home.key],
                self.people[m.person],
                Relation(m.relation),
                m.starts_on,
                m.ends_on,
                m.primary,
            )
            by_station[home.station].append(entry)
        for station, entries in by_station.items():
            join_households(by=self.heads[station], entries=entries)

    def change_families(self) -> None:
        """Moves, within a station and to another, and families that a second station serves too."""
        seconds: dict[str, list[tuple[Household, OrgUnit, date]]] = defaultdict(list)
        rounds: dict[int, dict[str, list[MoveEntry]]] = defaultdict(lambda: defaultdict(list))
        for home in self.plan.households:
            household, keeper = self.households[home.key], home.station
            for one in home.keepers:
                if one.kind == "second":
                    seconds[keeper].append((household, self.units[one.unit], one.starts_on))
            keepers = {k.starts_on: k.unit for k in home.keepers if k.kind == "own"}
            for number, residence in enumerate(home.residences[1:]):
                code = keepers.get(residence.starts_on, keeper)
                station = self.units[code] if code != keeper else None
                entry = MoveEntry(household, self.areas[residence.village], residence.starts_on, station)
                rounds[number][keeper].append(entry)
                keeper = code
        for owner, served in seconds.items():
            serve_households(by=self.heads[owner], entries=served)
        for _, moves in sorted(rounds.items()):
            for keeper, entries in moves.items():
                move_households(by=self.account_of_head(keeper), entries=entries)

    def account_of_head(self, station: str) -> User:
        """The head's account as a new request would load it."""
        return User.objects.get(pk=self.heads[station].pk)

    def open_files(self) -> None:
        filed = [(home, home.file) for home in self.plan.households if home.file]
        for station, rows in self.grouped(filed, lambda row: row[1].station):
            rows.sort(key=lambda row: (row[1].opened_on, row[0].key))
            made = open_files(
                by=self.heads[station],
                door=Door.SHEET,
                entries=[
                    FileEntry(
                        self.households[home.key], file.opened_on, self.staff[file.workers[0].staff].pk,
                        entered_at=clock.at(file.opened_on, 18), station=self.units[station],
                    )
                    for home, file in rows
                ],
            )  # fmt: skip
            self.files |= {home.key: one for (home, _), one in zip(rows, made, strict=True)}
            self.follow_files(station, rows)

    def follow_files(self, station: str, rows: list[tuple[shapes.Household, Any]]) -> None:
        """Handovers, grades and closings of one station's files."""
        by = self.heads[station]
        hands = [(self.files[home.key], self.staff[w.staff].pk, w.starts_on) for home, f in rows for w in f.workers[1:]]
        assign_files(by=by, entries=sorted(hands, key=lambda row: row[2]))
        grades = [
            (self.files[h.key], Grade(g.level), g.starts_on, g.reason.translate(shapes.WIDE))
            for h, f in rows
            for g in f.grades
        ]
        if grades:
            grade_files(by=by, entries=sorted(grades, key=lambda row: row[2]))
        for home, file in rows:
            if file.closed_on:
                closed = self.files[home.key]
                close_file(by=by, file=closed, closed_on=file.closed_on, reason=CLOSINGS[file.close_reason])

    # RECORDS ---------------------------------------------------------------

    def grouped(self, rows: Iterable[T], key: Callable[[T], Any]) -> list[tuple[Any, list[T]]]:
        found: dict[Any, list[T]] = defaultdict(list)
        for row in rows:
            found[key(row)].append(row)
        return list(found.items())

    def last_day(self, staff: str, station: str) -> date:
        """The last day on which somebody could enter a record at a station."""
        held = [p for one in self.plan.staff if one.key == staff for p in one.postings if p.unit == station]
        return min(max((p.ends_on or shapes.CLOCK_DAY for p in held), default=shapes.CLOCK_DAY), shapes.CLOCK_DAY)

    def account(self, staff: str, station: str) -> User:
        """The account with a fresh look at what it may do that day."""
        return User.objects.get(pk=self.users[staff].pk) if staff in self.users else self.heads[station]

    def record_visits(self) -> None:
        done = 0
        for (station, author), visits in self.grouped(self.plan.visits, lambda v: (v.station, v.entered_by)):
            by, made = self.account(author, station), []
            with clock.pinned(self.last_day(author, station)):
                for batch in chunks(visits):
                    entries = [self.visit(v, first=True) for v in batch]
                    made += record_visits(by=by, entries=entries, door=Door.SHEET)
                    done += len(batch)
                    self.within(done / len(self.plan.visits))
            self.mend(visits, made)

    def visit(self, v: shapes.Visit, *, first: bool) -> VisitEntry:
        """The visit as it was entered at `first`, or as it stands."""
        was = v.correction.was if first and v.correction else {}
        start = was.get("start_time", v.start_time)
        return VisitEntry(
            station=self.units[v.station], household_id=self.households[v.household].pk, occurred_on=v.on,
            mode=Mode(was.get("mode", v.mode)), result=RESULTS.get(v.result) or Result(v.result),
            worker_ids=[self.staff[key].pk for key in v.visitors], met_ids=[self.people[key].pk for key in v.met],
            topics=v.topics, narrative=was.get("narrative", v.narrative),
            needs=[NEEDS.get(need, need) for need in v.needs], followup=Followup(v.next), next_on=v.next_on,
            started_at=time.fromisoformat(start) if start else None,
            campaign=self.campaigns[v.campaign] if v.campaign else None, entered_at=aware(v.entered_at),
            client_id=UUID(int=v.key + 1),
        )  # fmt: skip

    def mend(self, visits: list[shapes.Visit], made: list[Visit]) -> None:
        """Corrections and voidings of visits, by their station's head."""
        for v, visit in zip(visits, made, strict=True):
            by = self.heads[v.station]
            if v.correction:
                entry = self.visit(v, first=False)
                correct_visit(
                    by=by, visit=visit, version=1, entry=entry, reason=v.correction.reason, acknowledged=True
                )  # fmt: skip
            if v.voided:
                void_records(by=by, records=[visit.record], reason=v.voided.reason)

    def record_activities(self) -> None:
        for station, activities in self.grouped(self.plan.activities, lambda a: a.station):
            by = self.heads[station]
            made = record_activities(by=by, entries=[self.activity(a) for a in activities], door=Door.SHEET)
            for a, activity in zip(activities, made, strict=True):
                if a.voided:
                    record = ServiceRecord.objects.get(pk=activity.pk)
                    void_records(by=by, records=[record], reason=a.voided.reason)

    def activity(self, a: shapes.Activity) -> ActivityEntry:
        heads = {HeadGroup(group): heads for group, heads in a.heads.items() if heads}
        hours = Decimal(str(a.volunteer_hours))
        return ActivityEntry(
            station=self.units[a.station], occurred_on=a.on, title=a.title, kind=ActivityKind(a.kind),
            worker_ids=[self.staff[key].pk for key in a.workers], village_id=self.areas[a.village], place=a.place,
            series=a.series, campaign=self.campaigns[a.campaign] if a.campaign else None,
            partners="、".join(a.partners), joint_ids=[self.units[a.joint].pk] if a.joint else [],
            person_ids=[self.people[key].pk for key in a.named], heads=heads,
            method=CountMethod(a.count_method), volunteers=a.heads.get("volunteers", 0) if hours else 0,
            volunteer_hours=hours if a.heads.get("volunteers") else Decimal(0), summary=a.summary,
            client_id=UUID(int=(1 << 64) + a.key), entered_at=aware(a.entered_at),
        )  # fmt: skip
