"""Writes of the network in bulk: the set-up screens, the first run, the demonstration and the shell use these.

`by=None` is the installation itself: the first run, before there is anybody, and what is built from a shell.
What changes and ends is in divisions (places), tree (units and coverage) and teams (people).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import models

from shuangbai.core import audit, clock, keys
from shuangbai.core import queries as core_queries
from shuangbai.core.actions import action
from shuangbai.core.bulk import copy_to_history, insert, insert_rows, sign
from shuangbai.core.findings import Conflict, Door, Finding, Refused, judge, refuse_if_any
from shuangbai.core.models import Installation
from shuangbai.network.access import check_manages, check_manages_areas
from shuangbai.network.enums import AreaLevel, Batch, CoverageKind, Post, UnitKind
from shuangbai.network.gazetteer import DIVISIONS, read_divisions
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
from shuangbai.network.rules import DOORS, Span, coverage_findings, posting_findings, unit_findings

ENTERED = audit.kind("account.entered", "{by} 录入了账号 {username}")

DIVISIONS_SYSTEM, DIVISIONS_EDITION, DIVISIONS_FROM = "nbs", "2023", date(2023, 6, 30)
# The same place in other writing (domain 8.1): whole names by their NBS code.
KNOWN_ALIASES = {"441521105": ["鲘门镇", "鲘门"], "441581001": ["东海镇"]}
_SUFFIXES = ("社区居民委员会", "村民委员会", "居民委员会", "社区居委会", "村委会", "居委会")


FOUNDED = audit.kind("installation.founded", "{by} 建立了「{city}」")
READY = audit.kind("installation.ready", "{by} 完成了首次设置")
AREAS_LOADED = audit.kind("areas.loaded", "{by} 载入了区划 {count} 处（{scope}）")
UNIT_OPENED = audit.kind("unit.opened", "{by} 设立了{unit}（{code}），从 {starts_on} 起")
COVERED = audit.kind("coverage.opened", "{by} 登记{unit}从 {starts_on} 起服务{village}（{kind}）")
HIRED = audit.kind("staff.hired", "{by} 登记了一名工作人员")
POSTED = audit.kind("posting.opened", "{by} 登记了在{unit}的任职（{post}），从 {starts_on} 起")


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A unit to open: `parent` and `town` are codes, `town` and `county` in the statistics bureau's system.

    Places without such a code (added by hand) are named by their keys instead.
    """

    code: str
    kind: UnitKind
    name: str
    parent: str | None
    starts_on: date
    town: str = ""
    county: str = ""
    batch: Batch | None = None
    town_id: int | None = None
    county_id: int | None = None
    address: str = ""
    phone: str = ""


@action
def found_city(*, city_name: str, bureau_name: str, by: User | None = None) -> Installation:
    """The installation's row, with which the first run begins. Under the same names a second time changes nothing.

    Raises Refused for an empty name, and once the first run has ended.
    """
    city_name, bureau_name = city_name.strip(), bureau_name.strip()
    if not 2 <= len(city_name) <= 40:
        raise Refused.because("city_name", "请填写城市名称，如「汕尾市」")
    if not 2 <= len(bureau_name) <= 60:
        raise Refused.because("bureau_name", "请填写主管机构名称，如「汕尾市民政局」")
    row = Installation.objects.select_for_update().first()
    if row and not row.founding:
        raise Refused.because("city_name", f"这里已经建立了「{row.city_name}」，不能再建一个")
    if row and (row.city_name, row.bureau_name) == (city_name, bureau_name):
        return row
    row = row or Installation(id=1, key_id=keys.keyring().current.key_id, made_at=clock.now(), founding=True)
    row.city_name, row.bureau_name = city_name, bureau_name
    row.save()
    core_queries.forget()
    audit.record(FOUNDED, by=by, about=row, city=city_name)
    return row


@action
def end_first_run(*, by: User | None = None) -> None:
    """From now on pages lead to sign-in. Raises Refused while the tree has no root or nobody can sign in."""
    row = Installation.objects.select_for_update().get()
    if not row.founding:
        return
    if not OrgUnit.objects.filter(parent=None).exists():
        raise Refused.because("bureau", "还没有建立机构树，请先完成第二步")
    if not User.objects.filter(is_active=True).exists():
        raise Refused.because("username", "还没有管理员账号，请先完成第三步")
    row.founding = False
    row.save(update_fields=["founding"])
    core_queries.forget()
    audit.record(READY, by=by, about=row)


@action
def load_areas(*, path: Path = DIVISIONS, only: str = "", by: User | None = None) -> int:
    """Load the divisions down to the village from a file of code,name,level,parent_code.

    `only` keeps the branches whose code begins so, with what stands above them. Codes seen before are
    left alone, so a second run changes nothing. Returns the number of areas added.
    """
    check_manages_areas(by)
    rows = [row for row in read_divisions(path) if row["code"].startswith(only) or only.startswith(row["code"])]
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
    if areas:
        top = next(iter(areas.values()))
        audit.record(AREAS_LOADED, by=by, about=top, count=len(areas), scope=only or "广东省")
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


def keep(rows: Sequence[models.Model], *, by: User | None, reason: str = "") -> None:
    """Insert rows whose keys the database gives, with the first line of their history."""
    if rows:
        model = type(rows[0])
        model._default_manager.bulk_create(rows)
        copy_to_history(model, [row.pk for row in rows], kind="+", by=by, reason=reason)


def current(model: type[models.Model], pk: Any, version: int) -> Any:
    """The row as it stands, locked until the end. Raises Conflict where it is not the `version` that was read."""
    row: Any = model._default_manager.select_for_update(no_key=True).get(pk=pk)
    if row.version != version:
        raise Conflict(row)
    return row


def change(row: Any, changes: dict[str, Any], *, by: User | None, reason: str = "") -> str:
    """Save the changes as the next version and say which fields differ, in words."""
    differ = {name: value for name, value in changes.items() if getattr(row, name) != value}
    for name, value in differ.items():
        setattr(row, name, value)
    row.version += 1
    sign(row, by=by, reason=reason)
    row.save()
    return "、".join(str(row._meta.get_field(name).verbose_name) for name in differ) or "无变化"


@action
def open_units(
    *, entries: Sequence[UnitEntry], by: User | None = None, door: Door = Door.SHEET, acknowledged: bool = True
) -> dict[str, OrgUnit]:
    """Open units of the tree, parents before children. Raises Refused for what a rule or an unknown area forbids."""
    units = {unit.code: unit for unit in OrgUnit.objects.all()}
    check_manages(by, [units[entry.parent] for entry in entries if entry.parent in units])
    if by is not None and any(entry.parent is None for entry in entries):
        raise Refused.because("parent", "民政局只有一个，在首次设置时建立；请选一个上级机构")
    areas = area_ids({code for entry in entries for code in (entry.town, entry.county) if code})
    for entry in entries:
        if entry.parent and entry.parent not in units:
            raise Refused.because("parent", f"上级机构 {entry.parent} 不存在，请先建立上级机构")
        for code in filter(None, (entry.town, entry.county)):
            if code not in areas:
                raise Refused.because("town", f"区划代码 {code} 不存在，请核对区划表")
        parent = units[entry.parent] if entry.parent else None
        found = _unit_findings(entry, parent, units)
        refuse_if_any(judge(found, door, DOORS), acknowledged=acknowledged)
        unit = OrgUnit(
            code=entry.code, kind=entry.kind, name=entry.name.strip(), parent=parent, starts_on=entry.starts_on,
            path=f"{parent.path if parent else '/'}{entry.code}/", batch=entry.batch or "",
            town_id=entry.town_id or areas.get(entry.town), county_id=entry.county_id or areas.get(entry.county),
            address=entry.address, phone=entry.phone,
        )  # fmt: skip
        sign(unit, by=by)
        unit.save(force_insert=True)
        said = {"unit": unit.name, "code": unit.code, "starts_on": f"{unit.starts_on}"}
        audit.record(UNIT_OPENED, by=by, about=unit, **said)
        units[entry.code] = unit
    return units


def _unit_findings(entry: UnitEntry, parent: OrgUnit | None, units: dict[str, OrgUnit]) -> list[Finding]:
    found = unit_findings(
        code=entry.code, name=entry.name, kind=UnitKind(entry.kind), taken=entry.code in units,
        parent_kind=UnitKind(parent.kind) if parent else None, parent_name=parent.name if parent else "",
    )  # fmt: skip
    if parent and not parent.holds_on(entry.starts_on):
        days = Span(parent.starts_on, parent.ends_on)
        sentence = f"设立日期 {entry.starts_on} 不在上级「{parent.name}」的日期（{days}）以内，请改日期"
        found.append(Finding("unit_before_parent", "starts_on", sentence))
    if any(unit.name == entry.name.strip() and unit.ends_on is None for unit in units.values()):
        sentence = f"已有一个机构叫「{entry.name.strip()}」；若确实同名，请勾选「已核对」再保存"
        found.append(Finding("unit_name_twice", "name", sentence))
    return found


@action
def cover_villages(
    *, entries: Iterable[tuple[OrgUnit, int, CoverageKind, date, date | None]], by: User | None = None
) -> list[Coverage]:
    """Record which village a station serves, how, from and to which day. Raises Refused for two spans on one day."""
    rows = [
        Coverage(station=station, village_id=village, kind=kind, starts_on=starts, ends_on=ends)
        for station, village, kind, starts, ends in entries
    ]
    check_manages(by, {row.station for row in rows})
    villages = Area.objects.in_bulk({row.village_id for row in rows})
    held: dict[tuple[Any, int], list[Span]] = defaultdict(list)
    known = Coverage.objects.filter(station__in={row.station_id for row in rows}, village__in=villages)
    for station_id, village_id, starts, ends in known.values_list("station_id", "village_id", "starts_on", "ends_on"):
        held[station_id, village_id].append(Span(starts, ends))
    for row in rows:
        village, spans, span = villages[row.village_id], held[row.station_id, row.village_id], _span(row)
        found = coverage_findings(
            station=row.station.name, opened=_span(row.station), village=village.short_name,
            village_ends_on=village.ends_on, span=span, held=spans,
        )  # fmt: skip
        refuse_if_any(judge(found, Door.SHEET, DOORS), acknowledged=True)
        spans.append(span)
    keep(rows, by=by)
    audit.record_all(
        [
            audit.entry(
                COVERED, by=by, about=row, unit=row.station.name, village=villages[row.village_id].short_name,
                kind=CoverageKind(row.kind).label, starts_on=f"{row.starts_on}",
            )
            for row in rows
        ]
    )  # fmt: skip
    return rows


def _span(row: Any) -> Span:
    return Span(row.starts_on, row.ends_on)


@action
def hire(
    *,
    entries: Sequence[tuple[Staff, Sequence[tuple[OrgUnit, Post, date, date | None]]]],
    by: User | None = None,
) -> list[Posting]:
    """Enter staff with their postings. Raises Refused where a rule forbids a posting, before anything is written."""
    check_manages(by, {unit for _, posts in entries for unit, *_ in posts})
    postings = [
        Posting(staff=staff, unit=unit, post=post, starts_on=starts, ends_on=ends)
        for staff, posts in entries
        for unit, post, starts, ends in posts
    ]
    check_postings(postings, held=())
    insert([staff for staff, _ in entries], by=by)
    keep(postings, by=by)
    audit.record_all([audit.entry(HIRED, by=by, about=staff) for staff, _ in entries])
    note_postings(postings, by=by)
    return postings


@action
def hire_again(*, postings: Sequence[Posting], by: User | None = None) -> None:
    """Further postings of people already entered. Raises Refused as `hire` does."""
    check_manages(by, {row.unit for row in postings})
    check_postings(postings, held=Posting.objects.filter(staff__in={row.staff_id for row in postings}))
    keep(postings, by=by)
    note_postings(postings, by=by)


def check_postings(new: Sequence[Posting], held: Iterable[Posting]) -> None:
    """Raise Refused where one of the new postings breaks a rule beside the others and those `held`."""
    spans: dict[tuple[Any, Any], list[Span]] = defaultdict(list)
    for row in held:
        spans[row.staff_id, row.unit_id].append(_span(row))
    for row in new:
        mine = spans[row.staff_id, row.unit_id]
        found = posting_findings(
            name=row.staff.name, unit=row.unit.name, opened=_span(row.unit), span=_span(row), held=mine,
            worked=Span(row.staff.hired_on, row.staff.left_on),
        )  # fmt: skip
        refuse_if_any(judge(found, Door.SHEET, DOORS), acknowledged=True)
        mine.append(_span(row))


def note_postings(postings: Iterable[Posting], *, by: User | None) -> None:
    said = ((row, {"unit": row.unit.name, "post": Post(row.post).label}) for row in postings)
    audit.record_all(
        [audit.entry(POSTED, by=by, about=row, starts_on=f"{row.starts_on}", **words) for row, words in said]
    )


@action
def open_account(
    *,
    username: str,
    display_name: str,
    password: str | None,
    staff: Staff | None,
    grants: Sequence[tuple[Role, OrgUnit, date]],
    by: User | None = None,
    encoded: str = "",
) -> User:
    """An account with its roles, whole at once, for the demonstration and the shell: people use accounts.actions.

    `encoded` is the password as it is kept, where many have the same one: to make it takes half a second.
    Raises Refused for a user name that is taken.
    """
    if User.objects.filter(username=username).exists():
        raise Refused.because("username", f"账号 {username} 已有人使用，请换一个")
    user = User(username=username, display_name=display_name, staff=staff)
    user.set_password(None if encoded else password)
    user.password = encoded or user.password
    user.save(force_insert=True)
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, unit=unit, starts_on=starts) for role, unit, starts in grants
    )
    if by is not None:
        audit.record(ENTERED, by=by, about=user, username=username)
    return user
