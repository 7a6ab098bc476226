"""Whom the sweep asks as, and what it asks about: two stations with one of everything each."""

from __future__ import annotations

import io
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.test import Client
from PIL import Image

from shuangbai.accounts import codes
from shuangbai.accounts.actions import (
    ask_reset,
    ask_role,
    begin_session,
    enrol_factor,
    issue_code,
    link_provider,
)
from shuangbai.accounts.models import AccountSession, ResetRequest, RoleRequest
from shuangbai.codes import queries as code_lists
from shuangbai.core import clock, keys
from shuangbai.core import queries as core_queries
from shuangbai.core.models import AuditEvent
from shuangbai.core.papers import Paper
from shuangbai.core.periods import Period
from shuangbai.dossier.actions import attach, enter_parts, write_sheet
from shuangbai.dossier.entries import PartEntry
from shuangbai.dossier.models import Carer, Disability, Housing
from shuangbai.feedback.actions import send_feedback
from shuangbai.feedback.enums import FeedbackKind
from shuangbai.filings.actions import note_frozen
from shuangbai.filings.enums import FilingState, StepKind
from shuangbai.filings.jobs import made
from shuangbai.filings.models import Filing, FilingStep
from shuangbai.followups.actions import TaskEntry, ask_task
from shuangbai.households.entries import Entered
from shuangbai.households.enums import Relation
from shuangbai.households.known import HouseholdPair, PersonPair
from shuangbai.households.models import (
    Category,
    CategoryFloor,
    CategoryListItem,
    FamilyFile,
    GradeLevel,
    GradeScheme,
    Membership,
    Person,
    Tag,
)
from shuangbai.lives.models import Erasure, Handover, HandoverItem, LifeChange
from shuangbai.network.actions import hire, open_account
from shuangbai.network.enums import Post
from shuangbai.network.models import AreaAlias, AreaCode, Coverage, OrgUnit, Posting, RoleGrant, Staff, User
from shuangbai.network.roles import Role
from shuangbai.reports.actions import ask_for_pdf, save_table
from shuangbai.reports.queries import Ask
from shuangbai.rounds.actions.calls import CallListEntry, make_call_list
from shuangbai.rounds.actions.plans import PlanEntry, flag_family, save_plan
from shuangbai.rounds.queries import Criteria
from shuangbai.rounds.rules import Stop
from shuangbai.upkeep.enums import AlertRule
from shuangbai.upkeep.models import OpeningAlert
from shuangbai.visits.actions import save_draft
from tests import cast
from tests.cast import PASSWORD, START, TODAY, City, a_campaign, a_family, a_file, a_member, a_visit, an_activity
from tests.sweep import cases, groups, papers, stories
from tests.sweep.casework import SQUARE_KEYS, squares_of
from tests.sweep.helping import Helped, helped_at
from tests.sweep.ledgers import ledgers_of
from tests.sweep.planning import Asked, asked_of
from tests.sweep.safeguarding import an_alarm
from tests.sweep.volunteers import KEYS as OF_VOLUNTEERS
from tests.sweep.volunteers import volunteering_of

# In the order of the tables' columns; the groups are set apart there by a space.
GROUPS = [
    ["worker", "colleague", "head"],  # of 城东
    ["neighbour", "stranger"],  # of 海城 in the same county, and of 东洲 in another
    ["supervisor", "officer"],
    ["sysadmin", "security", "auditor"],
    ["ended", "nobody", "stopped", "out"],  # posting over since yesterday; no role; account stopped; signed out
]
PEOPLE = [name for group in GROUPS for name in group]
ACTING = [name for name in PEOPLE if name != "out"]

# Nobody's numbers: the area code of the first is a district of the example in the standard, the rest is made up.
WORDS = {
    "here": {"name": "曾秀英", "child": "陈大文", "id": "11010519491231002X", "phone": "19900001234",
             "home": "向阳巷七号", "words": "老人血压偏高提醒服药", "note": "门口有狗勿惊",
             "certificate": "残证甲一二三四", "illness": "慢阻肺", "feedback": "走访页上"},
    "there": {"name": "钟海螺", "child": "钟小贝", "id": "110105195003070027", "phone": "19900005678",
              "home": "晒网埕三号", "words": "渔船靠岸后才在家", "note": "邻居代收信件",
              "certificate": "残证乙五六七八", "illness": "尿毒症", "feedback": "活动页上"},
}  # fmt: skip
CLEAR = ("id", "phone", "home", "certificate", "illness")  # masked everywhere but where they are opened for a reason
# Whose families somebody may read about by name. The officer sees surnames only, everybody else nothing.
READS = {
    "worker": {"here"}, "colleague": {"here"}, "head": {"here"}, "stranger": {"there"}, "supervisor": {"here", "there"},
}  # fmt: skip

ISSUER = "https://signin.example"  # a provider that is offered, and at which nobody ever asks
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of every authenticator here


@dataclass
class Managed:
    """What administrators look after at a place. Who is `bound` has an authenticator, and a name at the provider."""

    bound: User
    invited: User
    code: str
    session: AccountSession
    reset: ResetRequest
    request: RoleRequest
    grant: RoleGrant
    wider: RoleGrant
    posting: Posting
    coverage: Coverage
    alias: AreaAlias
    area_code: AreaCode
    alert: OpeningAlert
    event: AuditEvent


@dataclass
class Parts:
    """Parts of a family's dossier."""

    sheet: Any
    disability: Any
    housing: Any
    paper: Any


@dataclass
class Place:
    """A station with one of everything. `keys` are what an address takes; the rest is for actions."""

    name: str
    station: OrgUnit
    village: Any
    by: User
    family: Entered
    membership: Membership
    tag: Tag
    file: FamilyFile
    visit: Any
    activity: Any
    report: Any
    campaign: Any
    ask: Ask
    further: OrgUnit
    feedback: Any
    listed: Any
    managed: Managed
    pair: Any
    homes: Any
    task: Any
    floor: Any
    parts: Parts
    change: Any
    item: Any
    erasure: Any
    call_list: Any
    flag: Any
    filing: Any
    frozen: Any
    asked: Asked
    saved: Any
    ledgers: Any
    alarm: Any
    helped: Helped
    casework: Any
    tales: Any
    volunteering: Any
    groupwork: Any
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def root(self) -> OrgUnit:
        return OrgUnit.objects.get(parent=None)

    @property
    def beside(self) -> Any:
        """Another village of the same town."""
        return self.village.parent.children.exclude(pk=self.village.pk).order_by("pk").first()

    @property
    def abroad(self) -> Any:
        """A village of 海城, which neither place serves."""
        return Coverage.objects.filter(station=self.further).order_by("pk").last().village

    @property
    def household(self) -> Any:
        return self.family.household

    @property
    def person(self) -> Any:
        return self.family.people[1]


# What an address may take in brackets or braces.
KEYS = {
    "household", "person", "membership", "tag", "visit", "activity", "record", "report", "station", "campaign", "staff",
    "pair", "across", "homes", "homes_across",
    "unit", "user", "feedback", "listed", "bound", "invited", "session", "reset", "request", "grant",
    "wider", "posting", "coverage", "alias", "code", "alert", "event", "area", "town", "county", "sysadmin", "security",
    "task", "floor", "disability_row", "housing_row", "paper",
    "change", "handover", "erasure",
    "alarm", "call_list", "flag", "filing", "frozen", "filing_code", "saved", "shared", "ledger", "brought", "imported",
    "dealing", "dealt",
    "balance", "demand", "reported", "resource", "link", "referral", "matter", "granted",
    *cases.KEYS, *papers.KEYS, *stories.KEYS, *OF_VOLUNTEERS, *groups.KEYS, *SQUARE_KEYS,
}  # fmt: skip
NEXT_MONDAY = date(2020, 6, 8)
NOWHERE_ID = "00000000-0000-7000-8000-000000000000"
NUMBERED = ("listed", "floor", "grant", "wider", "posting", "coverage", "alias", "code", "area", "town")
NOWHERE_WORDS = {
    "station": "SW-XX-99",
    "county": "SW-XX",
    "campaign": "nowhere",
    "filing_code": "ZZZZ-ZZZZ",
} | dict.fromkeys(NUMBERED, "0")


class Nowhere(dict[str, str]):
    """Keys of what does not exist."""

    def __missing__(self, name: str) -> str:
        return NOWHERE_WORDS.get(name, NOWHERE_ID)


@dataclass
class World:
    city: City
    users: dict[str, User]
    here: Place
    there: Place
    clients: dict[str, Client]

    def as_now(self, name: str) -> User:
        """The account as the next request loads it."""
        return User.objects.select_related("staff").get(pk=self.users[name].pk)


def _parts(family: Entered, by: User, said: dict[str, str]) -> Parts:
    """What is masked of a dossier, a snapshot, and a picture."""
    household, day, (parent, _child) = family.household, date(2020, 1, 6), family.people
    sheet = write_sheet(
        by=by, household=household, person_id=parent.pk, version=0, said={"known_on": day, "chronic": said["illness"]}
    )

    def entered(model: Any, person: Any, /, **fields: Any) -> Any:
        entry = PartEntry(household, fields, person)
        return enter_parts(by=by, kind=model, entries=[entry], acknowledged=True)[0]

    disability = entered(Disability, parent.pk, kind="4", grade="2", certificate=said["certificate"])
    entered(Carer, parent.pk, role="carer", name="邻居", phone=said["phone"], starts_on=day)
    housing = entered(Housing, None, taken_on=day, kind="own")
    dot = io.BytesIO()
    Image.new("RGB", (1, 1)).save(dot, "PNG")
    paper = Paper(dot.getvalue(), "png")
    shown = attach(by=by, household=household, person_id=None, said={"kind": "house", "taken_on": day}, paper=paper)
    return Parts(sheet, disability, housing, shown)


def _one_of_everything(city: City, name: str, station: OrgUnit, by: User, campaign: Any) -> Place:
    said = WORDS[name]
    members = [
        a_member(said["name"], Relation.HEAD, sex="2", id_no=said["id"], phone=said["phone"], tags=["disabled"]),
        a_member(said["child"], sex="1", phone=said["phone"], id_no=""),
    ]
    family = a_family(
        station, by, members=members, address=said["home"], phone=said["phone"], note=said["note"], tags=["dibao_rural"]
    )
    file = a_file(family, by, on=date(2020, 1, 6))
    visit = a_visit(station, by, family, narrative=said["words"], observation=said["words"], campaign=None)
    activity = an_activity(station, by, title="相伴童行", people=family.people[1:], summary=said["words"])
    ask = Ask(Period(date(2020, 1, 1), TODAY), station)
    report = ask_for_pdf(by=by, ask=ask, origin="http://testserver/")
    question = {"figures": ["V2"], "rows": "station", "columns": "", "held": "", "span": "this_year"}
    saved, shared = (
        save_table(by=by, name=f"{called}的表", scope=station, question=question, shared=called == "同事")
        for called in ("自己", "同事")
    )
    tag = Tag.objects.get(household=family.household)
    Tag.objects.filter(person__in=family.people).update(certificate=said["certificate"])
    feedback = send_feedback(by=by, kind=FeedbackKind.AWKWARD, text=f"{said['feedback']}，字太小")
    listed = CategoryListItem.objects.filter(list__code="civil").order_by("pk").first()
    membership = Membership.objects.get(household=family.household, person=family.people[1])
    task = ask_task(by=by, entry=TaskEntry(family.household, said["words"], TODAY, by_visit=False))
    bound = Category.objects.get(code="alone_elder" if name == "here" else "frail_elder")
    floor = CategoryFloor.objects.create(category=bound, days=30, starts_on=TODAY)
    change = LifeChange.objects.create(
        station=station, household=family.household, kind="move", happened_on=TODAY, said=["搬了家"], entered_by=by
    )
    handover = Handover.objects.create(
        station=station, giver=by.staff, starts_on=TODAY, reason="leaving", entered_by=by
    )
    item = HandoverItem.objects.create(station=station, handover=handover, file=file, receiver=by.staff)
    erasure = Erasure.objects.create(
        station=station, person=family.people[0], basis="asked", reason="家属书面要求删除", entered_by=by
    )
    managed = _managed(city, name, station, by, visit)
    village = city.base_village(station)
    pair = _a_pair(*family.people)
    homes = _a_pair(family.household, a_family(station, by, members=[a_member("滕玉", Relation.HEAD)]).household)
    parts = _parts(family, by, said)
    calls = CallListEntry(station, "寒潮问候", [family.household.pk], Criteria(["disabled"], unseen_days=3))
    call_list = make_call_list(by=by, entry=calls)
    stop = Stop(family.household.pk, NEXT_MONDAY, 1)
    save_plan(by=by, entry=PlanEntry(station, NEXT_MONDAY, most=8, version=0, stops=[stop]))
    flag = flag_family(by=by, station=station, household=family.household, starts_on=TODAY, reason=said["words"])
    save_draft(by=by, station=station, household_id=family.household.pk, typed={"narrative": [said["words"]]})
    filing, frozen = _filings(city, station)
    casework = cases.casework_of(name, station, by, family.household.pk, family.people[1].pk, city.users["supervisor"])
    tales = stories.tales_of(name, station, by, casework, family.people[1].pk)
    groupwork = groups.groupwork_of(station, by, family.people[1].pk, said["words"])
    alarm = an_alarm(name, station, by, family.people[1])
    helped = helped_at(station, by, family, said["words"])
    ledgers = ledgers_of(station, by, city.users["supervisor"])
    volunteering = volunteering_of(station, by, family.people[1], visit)
    asked = asked_of(station, officer=city.users["officer"], by=by)
    keys = {
        **casework.keys(), **papers.measure(casework.case, by), **tales.keys(),
        **{name: getattr(helped, name).pk for name in ("resource", "link", "referral", "matter", "granted")},
        **groupwork.keys(),
        "alarm": alarm.pk, "call_list": call_list.pk, "flag": flag.pk, "filing": filing.pk, "frozen": frozen.pk,
        "filing_code": filing.code, **ledgers.keys,
        "balance": asked.balance.pk, "demand": asked.demand.pk, "reported": asked.reported.pk,
        "saved": saved.pk, "shared": shared.pk, **volunteering.keys,
        "household": family.household.pk, "person": family.people[1].pk, "membership": membership.pk, "tag": tag.pk,
        "visit": visit.pk, "activity": activity.pk, "record": visit.pk, "report": report.pk,
        "station": station.code, "campaign": campaign.code, "staff": by.staff_id, "unit": station.pk,
        "user": by.pk, "feedback": feedback.pk, "listed": listed.pk, "pair": pair.pk, "code": managed.area_code.pk,
        "homes": homes.pk,
        "task": task.pk, "change": change.pk, "handover": handover.pk, "erasure": erasure.pk, "floor": floor.pk,
        "area": village.pk, "town": village.parent_id, "county": station.parent.code,
        **{name: city.users[name].pk for name in ("sysadmin", "security")},
        "disability_row": parts.disability.pk, "housing_row": parts.housing.pk, "paper": parts.paper.pk,
        **{
            name: getattr(managed, name).pk
            for name in ("bound", "invited", "session", "reset", "request", "grant", "wider", "posting", "coverage",
                         "alias", "alert", "event")
        },
    }  # fmt: skip
    keys |= squares_of(station, by, said["words"], keys)
    assert set(keys) == KEYS - {"across", "homes_across"}
    return Place(
        name, station, village, by, family, membership, tag, file, visit, activity, report, campaign, ask,
        city.haicheng, feedback, listed, managed, pair, homes, task, floor, parts, change, item, erasure, call_list,
        flag, filing, frozen, asked, saved, ledgers, alarm, helped, casework, tales, volunteering, groupwork,
        {key: str(value) for key, value in keys.items()},
    )  # fmt: skip


def _filings(city: City, station: OrgUnit) -> tuple[Filing, Filing]:
    """A report that was drafted, and one that is frozen."""
    said = {"owner": station, "entered_by": city.users["officer"]}
    drafted = Filing.objects.create(**said, first=date(2020, 5, 1), last=date(2020, 5, 31), code=f"{station.code}-D")
    frozen = Filing.objects.create(
        **said, first=date(2020, 1, 1), last=TODAY, code=f"{station.code}-F", state=FilingState.FREEZING
    )
    FilingStep.objects.create(filing=frozen, owner=station, kind=StepKind.ACCEPTING, by=city.users["officer"])
    header, facts, counted_at = made(frozen)
    note_frozen(filing_id=frozen.pk, header=header, facts=facts, counted_at=counted_at)
    return drafted, frozen


def _managed(city: City, name: str, station: OrgUnit, by: User, visit: Any) -> Managed:
    """What those who manage accounts, roles, the network and the trail find at a place."""
    sysadmin, village = city.users["sysadmin"], city.base_village(station)
    leader = city.users["head"] if name == "here" else _leader(station)
    bound = city.users["colleague"] if name == "here" else leader
    enrol_factor(by=bound, secret=SECRET, typed=codes.digits_at(SECRET, time.time()))
    link_provider(by=sysadmin, user=bound, issuer=ISSUER, claim=bound.username)
    invited = open_account(username=f"invited-{name}", display_name="莫雨", password=None, staff=None, grants=[])
    asked = ask_role(by=sysadmin, user=by, role=Role.OFFICER, unit=city.root, starts_on=TODAY, reason="借调")
    assert isinstance(asked, RoleRequest)
    return Managed(
        bound=bound,
        invited=invited,
        code=issue_code(by=sysadmin, user=invited).code,
        session=begin_session(user=by, device="谷歌浏览器，安卓手机"),
        reset=ask_reset(by=leader, user=city.users["colleague"] if name == "here" else by, reason="忘了"),
        request=asked,
        grant=RoleGrant.objects.get(user=by),
        wider=RoleGrant.objects.get(user=city.users["officer"]),
        posting=Posting.objects.get(staff=by.staff_id),
        coverage=Coverage.objects.get(station=station, village=village),
        alias=AreaAlias.objects.create(area=village, name="老围"),
        area_code=AreaCode.objects.get(area=village),
        alert=OpeningAlert.objects.create(
            user=by, rule=AlertRule.HOUR, on=TODAY, raised_at=clock.now(), opened=30, usual=1.0
        ),
        event=AuditEvent.objects.filter(about_id=str(visit.pk)).latest("at"),
    )


def _leader(station: OrgUnit) -> User:
    """A head for a station that the cast gave none. Nobody asks as this person."""
    staff = Staff(name="阮星", hired_on=START)
    hire(entries=[(staff, [(station, Post.STATION_HEAD, station.starts_on, None)])])
    grants = [(Role.HEAD, station, station.starts_on)]
    return open_account(username="leader", display_name="阮星", password=PASSWORD, staff=staff, grants=grants)


def _a_pair(one: Any, other: Any) -> PersonPair | HouseholdPair:
    """Two entries of people or families that somebody is to look at; nothing is asked of how alike they are."""
    first, second = sorted([one, other], key=lambda entry: entry.pk.int)
    said = {"station": first.station, "score": 67, "reasons": ["同村"]}
    kind: Any = PersonPair if isinstance(one, Person) else HouseholdPair
    made: PersonPair | HouseholdPair = kind.objects.create(first=first, second=second, **said)
    return made


def _further_people(city: City) -> dict[str, User]:
    """A worker of 城东 whose posting ended yesterday, somebody without a role, an account that was stopped."""
    yesterday = TODAY - timedelta(days=1)
    gone, stopped = Staff(name="邱月", hired_on=START), Staff(name="石岩", hired_on=START)
    at = city.chengdong
    hire(
        entries=[
            (gone, [(at, Post.SERVICE, at.starts_on, yesterday)]),
            (stopped, [(at, Post.SERVICE, at.starts_on, None)]),
        ]
    )
    grant = [(Role.WORKER, at, at.starts_on)]
    made = {
        "ended": open_account(username="ended", display_name="邱月", password=PASSWORD, staff=gone, grants=grant),
        "nobody": open_account(username="nobody", display_name="温良", password=PASSWORD, staff=None, grants=[]),
        "stopped": open_account(
            username="stopped", display_name="石岩", password=PASSWORD, staff=stopped, grants=grant
        ),
    }
    User.objects.filter(username="stopped").update(is_active=False)
    return made


def make_world() -> World:
    """The small city of the cast with everything at two stations."""
    city = cast.make_city()
    users = city.users | _further_people(city)
    campaign = a_campaign(city.root)
    own = GradeScheme.objects.create(code="own1", name="本市两级")
    for rank, days in ((1, 14), (2, 60)):
        GradeLevel.objects.create(
            scheme=own, code=f"own1-{rank}", label="甲乙"[rank - 1], colour="red", rank=rank, interval_days=days,
            modes=["home"], starts_on=START,
        )  # fmt: skip
    papers.decide(users["officer"])
    here = _one_of_everything(city, "here", city.chengdong, users["worker"], campaign)
    there = _one_of_everything(city, "there", city.dongzhou, users["stranger"], campaign)
    across = _a_pair(here.family.people[0], there.family.people[0])
    homes_across = _a_pair(here.household, there.household)
    for place in (here, there):
        place.keys |= {"across": str(across.pk), "homes_across": str(homes_across.pk)}
    world = World(city, users, here, there, {"out": Client()})
    for name, user in users.items():
        world.clients[name] = Client()
        world.clients[name].force_login(user, backend=cast.BACKEND)
    return world


# Writes to what a process remembers for some seconds: the installation's row and the lists of codes.
REMEMBERED = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(?:core_installation|codes_\w+)"')
_writes = [0]


def watch(execute: Any, sql: str, *rest: Any) -> Any:
    _writes[0] += bool(REMEMBERED.match(sql))
    return execute(sql, *rest)


def writes() -> int:
    """How often this process has written what it remembers; it may know what is so as long as this stays."""
    return _writes[0]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back, the files of keys included."""
    kept = {path: path.read_bytes() for path in (keys.keys_path(), keys.secret_path())}
    before = writes()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    if writes() != before:  # and what the process remembers of it
        _writes[0] += 1
        clock.forget()
        core_queries.forget()
        code_lists.forget()
    for path, content in kept.items():
        if path.read_bytes() != content:
            path.write_bytes(content)
            keys.forget()


def fresh_id() -> str:
    return str(uuid.uuid4())
