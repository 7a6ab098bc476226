"""Writes of the network. The set-up screens come later; the demonstration and the shell use these."""

import csv
import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shuangbai.core import audit
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert_rows
from shuangbai.core.findings import Refused
from shuangbai.network.enums import AreaLevel, Batch, CoverageKind, Post, UnitKind
from shuangbai.network.models import (
    Area,
    AreaAlias,
    AreaCode,
    Coverage,
    OrgUnit,
    Posting,
    RoleGrant,
    Staff,
    User,
)
from shuangbai.network.roles import Role

ENTERED = audit.kind("account.entered", "{by} 录入了账号 {username}")

DIVISIONS = Path(__file__).parent / "data" / "divisions-guangdong.csv.gz"
DIVISIONS_SYSTEM, DIVISIONS_EDITION, DIVISIONS_FROM = "nbs", "2023", date(2023, 6, 30)
# The same place in other writing (domain 8.1): whole names by their NBS code.
KNOWN_ALIASES = {"441521105": ["鲘门镇", "鲘门"], "441581001": ["东海镇"]}
_SUFFIXES = ("社区居民委员会", "村民委员会", "居民委员会", "社区居委会", "村委会", "居委会")


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A unit to open: `parent` and `town` are codes, `town` and `county` in the statistics bureau's system."""

    code: str
    kind: UnitKind
    name: str
    parent: str | None
    starts_on: date
    town: str = ""
    county: str = ""
    batch: Batch | None = None


@action
def load_areas(*, path: Path = DIVISIONS, only: str = "") -> int:
    """Load the divisions down to the village from a file of code,name,level,parent_code.

    `only` keeps the branches whose code begins so, with what stands above them. Codes seen before are
    left alone, so a second run changes nothing. Returns the number of areas added.
    """
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["code"].startswith(only) or only.startswith(row["code"])]
    known = dict(
        AreaCode.objects.filter(system=DIVISIONS_SYSTEM, edition=DIVISIONS_EDITION).values_list("code", "area_id")
    )
    areas = {
        row["code"]: Area(name=row["name"], level=AreaLevel(row["level"])) for row in rows if row["code"] not in known
    }
    for level in AreaLevel:
        batch = [(row, areas[row["code"]]) for row in rows if row["level"] == level and row["code"] in areas]
        for row, area in batch:
            parent = row["parent_code"]
            area.parent_id = known.get(parent) or (areas[parent].pk if parent in areas else None)
        Area.objects.bulk_create([area for _, area in batch])
    insert_rows(
        AreaCode,
        ("area_id", "system", "edition", "code", "starts_on"),
        ((area.pk, DIVISIONS_SYSTEM, DIVISIONS_EDITION, code, DIVISIONS_FROM) for code, area in areas.items()),
    )
    named = ((area.pk, alias) for code, area in areas.items() for alias in aliases_of(code, area.name))
    insert_rows(AreaAlias, ("area_id", "name"), named)
    return len(areas)


def aliases_of(code: str, name: str) -> list[str]:
    """How else a place is written: 赤山村 for 赤山村民委员会, and what KNOWN_ALIASES says."""
    found = list(KNOWN_ALIASES.get(code, []))
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix):
            stem = name.removesuffix(suffix)
            found += [stem + "村"] if suffix.startswith("村") else [stem + "社区"]
            break
    return [alias for alias in found if alias != name]


def area_ids(codes: Iterable[str]) -> dict[str, int]:
    """The areas of the statistics bureau's codes. Codes unknown are missing from the answer."""
    return dict(AreaCode.objects.filter(system=DIVISIONS_SYSTEM, code__in=list(codes)).values_list("code", "area_id"))


@action
def open_units(*, entries: Sequence[UnitEntry]) -> dict[str, OrgUnit]:
    """Open units of the tree, parents before children. Raises Refused for an unknown parent or area."""
    units = {unit.code: unit for unit in OrgUnit.objects.all()}
    areas = area_ids({code for entry in entries for code in (entry.town, entry.county) if code})
    for entry in entries:
        if entry.parent and entry.parent not in units:
            raise Refused.because("parent", f"上级机构 {entry.parent} 不存在，请先建立上级机构")
        for code in filter(None, (entry.town, entry.county)):
            if code not in areas:
                raise Refused.because("town", f"区划代码 {code} 不存在，请核对区划表")
        parent = units[entry.parent] if entry.parent else None
        unit = OrgUnit(
            code=entry.code, kind=entry.kind, name=entry.name, parent=parent, starts_on=entry.starts_on,
            path=f"{parent.path if parent else '/'}{entry.code}/", batch=entry.batch or "",
            town_id=areas.get(entry.town), county_id=areas.get(entry.county),
        )  # fmt: skip
        unit.save(force_insert=True)
        units[entry.code] = unit
    return units


@action
def cover_villages(*, entries: Iterable[tuple[OrgUnit, int, CoverageKind, date, date | None]]) -> list[Coverage]:
    """Record which village a station serves, how, from and to which day."""
    rows = [
        Coverage(station=station, village_id=village, kind=kind, starts_on=starts, ends_on=ends)
        for station, village, kind, starts, ends in entries
    ]
    for row in rows:
        if row.starts_on < row.station.starts_on:
            raise Refused.because(
                "starts_on", f"覆盖日期 {row.starts_on} 早于{row.station.name}开站日期，请改为开站当日或以后"
            )
    return Coverage.objects.bulk_create(rows)


@action
def hire(*, entries: Sequence[tuple[Staff, Sequence[tuple[OrgUnit, Post, date, date | None]]]]) -> None:
    """Enter staff with their postings. Raises Refused where postings at one unit overlap."""
    postings: list[Posting] = []
    for staff, posts in entries:
        for unit, post, starts, ends in posts:
            clash = [
                p for p in postings
                if p.staff is staff and p.unit_id == unit.pk and p.starts_on <= (ends or date.max)
                and starts <= (p.ends_on or date.max)
            ]  # fmt: skip
            if clash:
                raise Refused.because("starts_on", f"在{unit.name}的任职日期与已有任职重叠，请先结束前一段任职")
            postings.append(Posting(staff=staff, unit=unit, post=post, starts_on=starts, ends_on=ends))
    Staff.objects.bulk_create([staff for staff, _ in entries])
    Posting.objects.bulk_create(postings)


@action
def open_account(
    *,
    username: str,
    display_name: str,
    password: str | None,
    staff: Staff | None,
    grants: Sequence[tuple[Role, OrgUnit, date]],
    by: User | None = None,
) -> User:
    """An account with its roles, whole at once, for the demonstration and the shell: people use accounts.actions.

    Raises Refused for a user name that is taken.
    """
    if User.objects.filter(username=username).exists():
        raise Refused.because("username", f"账号 {username} 已有人使用，请换一个")
    user = User(username=username, display_name=display_name, staff=staff)
    user.set_password(password)
    user.save(force_insert=True)
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, unit=unit, starts_on=starts) for role, unit, starts in grants
    )
    if by is not None:
        audit.record(ENTERED, by=by, about=user, username=username)
    return user
