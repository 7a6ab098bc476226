"""The cast: a small city, its people, and short ways to enter families, visits and activities.

    def test_…(worker, city):
        family = a_family(city.chengdong, worker)
        visit = a_visit(city.chengdong, worker, family, on=date(2020, 5, 1))

The city stands at 2020-06-06. Everything is entered through the product's own actions where there is one,
inside the test's transaction, so that nothing is left for the next test. `worker` and `colleague` are of 城东,
`head` leads it, `stranger` is of 东洲; `supervisor` reaches all stations, `officer`, `sysadmin`,
`security` and `auditor` hold the city's other roles.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from shuangbai.activities.actions import ActivityEntry, record_activity
from shuangbai.activities.enums import ActivityKind
from shuangbai.activities.models import Activity
from shuangbai.codes import queries as codes_queries
from shuangbai.core import clock
from shuangbai.core import queries as core_queries
from shuangbai.core.findings import Door
from shuangbai.core.models import Installation
from shuangbai.households import actions as households
from shuangbai.households.entries import Entered, FileEntry, HouseholdEntry, MemberEntry, TagEntry
from shuangbai.households.enums import Relation
from shuangbai.households.files import open_file
from shuangbai.households.models import Category, CategoryList, CategoryListItem, FamilyFile
from shuangbai.network.actions import UnitEntry, cover_villages, hire, open_account, open_units
from shuangbai.network.enums import AreaLevel, Batch, CoverageKind, Post, UnitKind
from shuangbai.network.models import Area, AreaAlias, AreaCode, OrgUnit, Staff, User
from shuangbai.network.roles import Role
from shuangbai.services.actions import open_campaign
from shuangbai.services.enums import CountMethod, HeadGroup
from shuangbai.services.models import Campaign
from shuangbai.visits.actions import VisitEntry, record_visit
from shuangbai.visits.enums import Mode, Result
from shuangbai.visits.models import Visit

# A test may outlast the span for which these are trusted, or straddle its end, and would count one query more: no end.
codes_queries.TRUSTED_SECONDS = core_queries.TRUSTED_SECONDS = 1e9

TODAY = date(2020, 6, 6)
START = date(2017, 7, 1)
PASSWORD = "correct-horse-battery"
BACKEND = "shuangbai.accounts.backends.AccountBackend"
CATEGORIES = Path(households.__file__).parent / "data" / "categories.json"

# code, name, level, parent: real places, few enough to be made for each test.
AREAS = [
    ("44", "广东省", AreaLevel.PROVINCE, ""),
    ("4415", "汕尾市", AreaLevel.CITY, "44"),
    ("441521", "海丰县", AreaLevel.COUNTY, "4415"),
    ("441502", "城区", AreaLevel.COUNTY, "4415"),
    ("441521120", "城东镇", AreaLevel.TOWN, "441521"),
    ("441521115", "海城镇", AreaLevel.TOWN, "441521"),
    ("441502005", "东洲街道", AreaLevel.TOWN, "441502"),
    ("441521120203", "赤山村民委员会", AreaLevel.VILLAGE, "441521120"),
    ("441521120207", "北平村民委员会", AreaLevel.VILLAGE, "441521120"),
    ("441521120206", "台东村民委员会", AreaLevel.VILLAGE, "441521120"),
    ("441521115001", "海珠社区居民委员会", AreaLevel.VILLAGE, "441521115"),
    ("441521115201", "长埔村民委员会", AreaLevel.VILLAGE, "441521115"),
    ("441502005201", "湖东村委会", AreaLevel.VILLAGE, "441502005"),
    ("441502005202", "东一村委会", AreaLevel.VILLAGE, "441502005"),
]
SW, ZX, HF, CQ = "SW", "SW-ZX", "SW-HF", "SW-CQ"
HF1, HF2, CQ1 = "SW-HF-01", "SW-HF-02", "SW-CQ-01"
OPENED = {HF1: date(2017, 7, 1), HF2: date(2019, 7, 1), CQ1: date(2017, 7, 1)}
UNITS = [
    UnitEntry(SW, UnitKind.BUREAU, "汕尾市民政局", None, date(2017, 1, 1)),
    UnitEntry(ZX, UnitKind.CENTRE, "汕尾市双百督导中心", SW, date(2017, 1, 1)),
    UnitEntry(HF, UnitKind.COUNTY, "海丰县", SW, date(2017, 1, 1), county="441521"),
    UnitEntry(CQ, UnitKind.COUNTY, "城区", SW, date(2017, 1, 1), county="441502"),
    UnitEntry(HF1, UnitKind.STATION, "城东社工站", HF, OPENED[HF1], "441521120", "441521", Batch.FIRST),
    UnitEntry(HF2, UnitKind.STATION, "海城社工站", HF, OPENED[HF2], "441521115", "441521", Batch.SECOND),
    UnitEntry(CQ1, UnitKind.STATION, "东洲社工站", CQ, OPENED[CQ1], "441502005", "441502", Batch.FIRST),
]
COVERAGE = [
    (HF1, "441521120203", CoverageKind.BASE, date(2017, 7, 1)),
    (HF1, "441521120207", CoverageKind.BASE, date(2017, 7, 1)),
    (HF1, "441521120206", CoverageKind.AROUND, date(2019, 1, 1)),
    (HF2, "441521115001", CoverageKind.BASE, date(2019, 7, 1)),
    (HF2, "441521115201", CoverageKind.AROUND, date(2019, 7, 1)),
    (CQ1, "441502005201", CoverageKind.BASE, date(2017, 7, 1)),
    (CQ1, "441502005202", CoverageKind.AROUND, date(2018, 7, 1)),
]
# user name: called, role, the unit of the role, posting (None: on the bureau's own staff)
ACCOUNTS: dict[str, tuple[str, Role, str, tuple[str, Post] | None]] = {
    "worker": ("林小燕", Role.WORKER, HF1, (HF1, Post.SERVICE)),
    "colleague": ("黄建国", Role.WORKER, HF1, (HF1, Post.AFFAIRS)),
    "head": ("陈丽娟", Role.HEAD, HF1, (HF1, Post.STATION_HEAD)),
    "neighbour": ("吴晓彤", Role.WORKER, HF2, (HF2, Post.SERVICE)),
    "stranger": ("郑海生", Role.WORKER, CQ1, (CQ1, Post.SERVICE)),
    "supervisor": ("许文慧", Role.SUPERVISOR, SW, (ZX, Post.SERVICE)),
    "officer": ("蔡志明", Role.OFFICER, SW, None),
    "sysadmin": ("罗伟", Role.SYSADMIN, SW, None),
    "security": ("何敏", Role.SECURITY, SW, None),
    "auditor": ("叶敏", Role.AUDITOR, SW, None),
}


@dataclass
class City:
    """What the fixtures share: units and areas by code, users by name."""

    units: dict[str, OrgUnit]
    areas: dict[str, Area]
    users: dict[str, User] = field(default_factory=dict)

    @property
    def root(self) -> OrgUnit:
        return self.units[SW]

    @property
    def centre(self) -> OrgUnit:
        return self.units[ZX]

    @property
    def haifeng(self) -> OrgUnit:
        return self.units[HF]

    @property
    def chengqu(self) -> OrgUnit:
        return self.units[CQ]

    @property
    def chengdong(self) -> OrgUnit:
        return self.units[HF1]

    @property
    def haicheng(self) -> OrgUnit:
        return self.units[HF2]

    @property
    def dongzhou(self) -> OrgUnit:
        return self.units[CQ1]

    @property
    def chishan(self) -> Area:
        """赤山村, a base village of 城东."""
        return self.areas["441521120203"]

    @property
    def beiping(self) -> Area:
        """北平村, the other base village of 城东."""
        return self.areas["441521120207"]

    def base_village(self, station: OrgUnit) -> Area:
        code = next(village for unit, village, *_ in COVERAGE if unit == station.code)
        return self.areas[code]

    def member_of(self, station: OrgUnit) -> User:
        """A worker of the station."""
        return self.users[{HF1: "worker", HF2: "neighbour", CQ1: "stranger"}[station.code]]


# THE CITY ------------------------------------------------------------------
@lru_cache(maxsize=1)
def _category_rows() -> list[dict[str, Any]]:
    return json.loads(CATEGORIES.read_text(encoding="utf-8"))


def _make_areas() -> dict[str, Area]:
    made: dict[str, Area] = {}
    for level in AreaLevel:
        rows = [row for row in AREAS if row[2] == level]
        areas = [Area(name=name, level=level, parent=made.get(parent)) for _, name, _, parent in rows]
        Area.objects.bulk_create(areas)
        made |= {row[0]: area for row, area in zip(rows, areas, strict=True)}
    AreaCode.objects.bulk_create(
        AreaCode(area=area, system="nbs", edition="2023", code=code, starts_on=date(2023, 6, 30))
        for code, area in made.items()
    )
    AreaAlias.objects.bulk_create(
        AreaAlias(area=area, name=area.name.replace("民委员会", "")) for area in made.values() if "村民委" in area.name
    )
    return made


def _make_categories() -> None:
    rows = _category_rows()
    plain = ("code", "name", "group", "unit", "statutory", "old_names", "min_age", "max_age", "ends_on")
    made = [
        Category(
            position=position, starts_on=row["starts_on"] or date(2000, 1, 1), jinmin_code=row["jinmin_code"] or "",
            restricted=row.get("restricted", False),
            **{name: row[name] for name in plain},
        )
        for position, row in enumerate(rows, 1)
    ]  # fmt: skip
    Category.objects.bulk_create(made)
    civil = CategoryList.objects.create(code="civil", name="民政对象")
    CategoryListItem.objects.bulk_create(
        CategoryListItem(list=civil, category=category, starts_on=date(2000, 1, 1))
        for category, row in zip(made, rows, strict=True)
        if row["civil"]
    )


def _make_accounts(units: dict[str, OrgUnit]) -> dict[str, User]:
    staff = {name: Staff(name=called, hired_on=START) for name, (called, _, _, post) in ACCOUNTS.items() if post}
    hire(
        entries=[
            (person, [(units[post[0]], post[1], OPENED.get(post[0], START), None)])
            for name, person in staff.items()
            if (post := ACCOUNTS[name][3])
        ]
    )
    return {
        name: open_account(
            username=name, display_name=called, password=PASSWORD, staff=staff.get(name),
            grants=[(role, units[unit], OPENED.get(unit, START))],
        )
        for name, (called, role, unit, _) in ACCOUNTS.items()
    }  # fmt: skip


def forget_installation() -> None:
    """What the process remembers of the installation's row."""
    clock.forget()
    core_queries.forget()
    codes_queries.forget()


def make_city(clock_on: date | None = TODAY) -> City:
    """The small city, in the database that the test has.

    Made by the product's own actions once in a process; then its rows are put back as they were. What counts keys in
    PostgreSQL is never taken back, so that nothing made later has the key of one of these rows.
    """
    if clock_on in _kept:
        city, rows = _kept[clock_on]
        _put_back(rows)
        forget_installation()
        return deepcopy(city)
    nothing_before = not _rows()
    city = _make_city(clock_on)
    if nothing_before:
        _kept[clock_on] = deepcopy(city), _rows()
    return city


Rows = dict[str, list[tuple[Any, ...]]]
_kept: dict[date | None, tuple[City, Rows]] = {}  # by the day on which the clock stands


def _rows() -> Rows:
    """What stands in the product's tables, as the database has it; a row of PostgreSQL as JSON of its own making."""
    found: Rows = {}
    what = "*" if connection.vendor == "sqlite" else "to_jsonb(one)::text"
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model.__module__.startswith("shuangbai."):
                cursor.execute(f"SELECT {what} FROM {model._meta.db_table} one")
                found[model._meta.db_table] = cursor.fetchall()
    return {table: rows for table, rows in found.items() if rows}


def _put_back(rows: Rows) -> None:
    with connection.cursor() as cursor:
        for table, some in rows.items():
            if connection.vendor == "sqlite":
                marks = ", ".join(["%s"] * len(some[0]))
                cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", some)
            else:
                read = f"SELECT * FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)"
                cursor.execute(f"INSERT INTO {table} {read}", [f"[{','.join(row for (row,) in some)}]"])


def _make_city(clock_on: date | None) -> City:
    with clock.pinned(clock_on or TODAY):
        Installation.objects.create(
            id=1, city_name="汕尾市", bureau_name="汕尾市民政局", clock_on=clock_on, key_id="k1", made_at=clock.now()
        )
        areas = _make_areas()
        units = open_units(entries=UNITS)
        cover_villages(entries=[(units[s], areas[v].pk, kind, day, None) for s, v, kind, day in COVERAGE])
        _make_categories()
        city = City(units, areas, _make_accounts(units))
    forget_installation()
    return city


@pytest.fixture
def city(db: None) -> Iterator[City]:
    """The small city at 2020-06-06, in this test's transaction."""
    yield make_city()
    forget_installation()


# WHO -----------------------------------------------------------------------
@pytest.fixture
def worker(city: City) -> User:
    """林小燕, worker at 城东."""
    return city.users["worker"]


@pytest.fixture
def colleague(city: City) -> User:
    """黄建国, worker at 城东 too."""
    return city.users["colleague"]


@pytest.fixture
def head(city: City) -> User:
    """陈丽娟, head of 城东."""
    return city.users["head"]


@pytest.fixture
def neighbour(city: City) -> User:
    """吴晓彤, worker at 海城, the other station of 海丰."""
    return city.users["neighbour"]


@pytest.fixture
def stranger(city: City) -> User:
    """郑海生, worker at 东洲: must not see 城东."""
    return city.users["stranger"]


@pytest.fixture
def supervisor(city: City) -> User:
    """许文慧 of the supervision centre, for the whole city."""
    return city.users["supervisor"]


@pytest.fixture
def officer(city: City) -> User:
    """蔡志明 of the bureau."""
    return city.users["officer"]


@pytest.fixture
def sysadmin(city: City) -> User:
    return city.users["sysadmin"]


@pytest.fixture
def security(city: City) -> User:
    return city.users["security"]


@pytest.fixture
def auditor(city: City) -> User:
    return city.users["auditor"]


def again(user: User) -> User:
    """The account as the next request loads it: what it may do is asked anew."""
    return User.objects.select_related("staff").get(pk=user.pk)


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """`client_for(worker).get(…)`: a signed-in client, without the cost of a password."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client

    return signed_in


# SHORT WAYS ----------------------------------------------------------------
def a_member(name: str = "陈大文", relation: Relation = Relation.SON, **more: Any) -> MemberEntry:
    tags = [TagEntry(tag, START) if isinstance(tag, str) else tag for tag in more.pop("tags", ())]
    return MemberEntry(name, relation, tags=tags, **more)


def a_household(station: OrgUnit, **more: Any) -> HouseholdEntry:
    """An entry for a family of two in the station's first village: 曾秀英 and her son."""
    village = more.pop("village", None) or station.coverage.order_by("id").first().village
    members = more.pop("members", None) or [a_member("曾秀英", Relation.HEAD, sex="2"), a_member(sex="1")]
    tags = [TagEntry(tag, START) if isinstance(tag, str) else tag for tag in more.pop("tags", ())]
    since = more.pop("since", station.starts_on)
    return HouseholdEntry(station=station, village_id=village.pk, since=since, members=members, tags=tags, **more)


def a_family(station: OrgUnit, by: User, *, acknowledged: bool = True, **more: Any) -> Entered:
    """Enter a family. `members`, `tags`, `village`, `since`, `phone` … as in `a_household`."""
    return households.enter_household(by=by, entry=a_household(station, **more), acknowledged=acknowledged)


def many_families(by: User, entries: Sequence[HouseholdEntry]) -> list[Entered]:
    """Families entered together, in a tenth of the time of one after another."""
    return households.enter_households(by=by, entries=entries, door=Door.PAGE, acknowledged=True)


def a_file(family: Entered, by: User, *, on: date = date(2019, 8, 1), **more: Any) -> FamilyFile:
    return open_file(by=by, entry=FileEntry(family.household, on, by.staff_id, **more))


def a_visit_entry(station: OrgUnit, by: User, family: Entered, **more: Any) -> VisitEntry:
    """An entry for a visit at home on 1 May 2020 that met everybody entered with the family."""
    on, result = more.pop("on", date(2020, 5, 1)), more.pop("result", Result.MET)
    everybody: Sequence[Any] = family.people if result == Result.MET else ()
    met = [getattr(person, "pk", person) for person in more.pop("met", everybody)]
    entry = {"mode": Mode.HOME, "worker_ids": [by.staff_id], "narrative": "老人血压偏高,提醒按时服药。", **more}
    return VisitEntry(
        station=station, household_id=family.household.pk, occurred_on=on, result=result, met_ids=met, **entry
    )


def a_visit(station: OrgUnit, by: User, family: Entered, *, acknowledged: bool = True, **more: Any) -> Visit:
    """Record a visit. `on`, `met`, `result`, `mode`, `narrative` … as in `a_visit_entry`."""
    return record_visit(by=by, entry=a_visit_entry(station, by, family, **more), acknowledged=acknowledged)


def an_activity_entry(station: OrgUnit, by: User, **more: Any) -> ActivityEntry:
    """An entry for a children's event on 1 June 2020 with twenty children on the list at the door."""
    on = more.pop("on", date(2020, 6, 1))
    people = [getattr(person, "pk", person) for person in more.pop("people", ())]
    entry: dict[str, Any] = {"title": "相伴童行", "kind": ActivityKind.CHILDREN, "worker_ids": [by.staff_id], **more}
    entry.setdefault("heads", {HeadGroup.CHILDREN: 20})
    entry.setdefault("method", CountMethod.SIGNED)
    return ActivityEntry(station=station, occurred_on=on, person_ids=people, **entry)


def an_activity(station: OrgUnit, by: User, *, acknowledged: bool = True, **more: Any) -> Activity:
    """Record an activity. `on`, `title`, `heads`, `people`, `series` … as in `an_activity_entry`."""
    return record_activity(by=by, entry=an_activity_entry(station, by, **more), acknowledged=acknowledged)


def a_campaign(owner: OrgUnit, **more: Any) -> Campaign:
    """The publicity week of 2020, unless told otherwise."""
    said = {"code": "week2020", "name": "民政宣传周", "first": date(2020, 5, 11), "last": date(2020, 5, 17), **more}
    return open_campaign(owner=owner, **said)
