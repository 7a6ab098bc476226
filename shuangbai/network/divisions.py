"""Writes of places: what is new, renamed, abolished or goes into another, and what code systems call it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Refused
from shuangbai.network import closing
from shuangbai.network.access import check_manages_areas
from shuangbai.network.actions import aliases_of, change, cover_villages, current, keep
from shuangbai.network.enums import AreaLevel, CoverageKind
from shuangbai.network.models import Area, AreaAlias, AreaCode, Coverage, OrgUnit, User

ADDED = audit.kind("area.added", "{by} 在{parent}增加了{area}")
RENAMED = audit.kind("area.renamed", "{by} 登记{was}从 {on} 起改名为{became}")
ENDED = audit.kind("area.ended", "{by} 登记{area}在 {ends_on} 撤销{successor}")
ALIAS_ADDED = audit.kind("area.alias_added", "{by} 给{area}加了别名「{alias}」")
ALIAS_REMOVED = audit.kind("area.alias_removed", "{by} 去掉了{area}的别名「{alias}」")
CODE_ADDED = audit.kind("area.code_added", "{by} 登记{area}在{system} {edition} 里的代码 {code}")
CODE_ENDED = audit.kind("area.code_ended", "{by} 登记{area}的{system}代码 {code} 用到 {ends_on}")
BELOW = {
    AreaLevel.PROVINCE: AreaLevel.CITY,
    AreaLevel.CITY: AreaLevel.COUNTY,
    AreaLevel.COUNTY: AreaLevel.TOWN,
    AreaLevel.TOWN: AreaLevel.VILLAGE,
}


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """A place to add; `code` stands in `system` and `edition` where it has one."""

    name: str
    code: str = ""
    system: str = "nbs"
    edition: str = "2023"
    aliases: tuple[str, ...] = ()


@action
def add_areas(*, by: User | None, parent: Area, entries: Sequence[PlaceEntry], starts_on: date | None) -> list[Area]:
    """Places right under another, each with its usual other names. Raises Refused for a name that stands there."""
    check_manages_areas(by)
    level = BELOW.get(AreaLevel(parent.level))
    if level is None:
        raise Refused.because("name", f"{parent}已是村居，下面不能再设区划；自然村请写在家庭的「村民小组」里")
    if parent.ends_on:
        raise Refused.because("name", f"{parent}已在 {parent.ends_on} 撤销，不能再增加")
    taken = set(Area.objects.filter(parent=parent, ends_on=None).values_list("name", flat=True))
    for entry in entries:
        name = entry.name.strip()
        if not 2 <= len(name) <= 60:
            raise Refused.because("name", f"「{name}」不像一个地名，请写 2 到 60 个字的全称")
        if name in taken:
            raise Refused.because("name", f"{parent}已有「{name}」，不必再加；若是改名，请用「改名」")
        taken.add(name)
    check_codes([(entry.system, entry.edition, entry.code) for entry in entries if entry.code])
    areas = [Area(name=e.name.strip(), level=level, parent=parent, starts_on=starts_on) for e in entries]
    keep(areas, by=by)
    since = starts_on or clock.today()
    codes = [
        AreaCode(area=area, system=e.system, edition=e.edition, code=e.code, starts_on=since)
        for area, e in zip(areas, entries, strict=True)
        if e.code
    ]
    AreaCode.objects.bulk_create(codes)
    AreaAlias.objects.bulk_create(
        AreaAlias(area=area, name=alias)
        for area, e in zip(areas, entries, strict=True)
        for alias in dict.fromkeys([*aliases_of("", area.name), *e.aliases])
        if alias != area.name
    )
    audit.record_all([audit.entry(ADDED, by=by, about=area, parent=parent.name, area=area.name) for area in areas])
    return areas


def check_codes(codes: Sequence[tuple[str, str, str]]) -> None:
    """Raise Refused for a code that its own system gives to another place in that edition, or that is no code."""
    seen: set[tuple[str, str, str]] = set()
    for system, edition, code in codes:
        if not code.isdecimal() or len(code) > 12:
            raise Refused.because("code", f"「{code}」不是区划代码，请写 2 到 12 位数字")
        held = AreaCode.objects.filter(system=system, edition=edition, code=code).select_related("area").first()
        if held or (system, edition, code) in seen:
            whose = f"属于{held.area}" if held else "出现了两次"
            raise Refused.because("code", f"代码 {code} 在同一体系、同一版本里{whose}；请核对代码或版本")
        seen.add((system, edition, code))


@action
def rename_area(*, by: User | None, area: Area, version: int, name: str, on: date) -> Area:
    """A place has another name from `on`; the one before stays as its other name, by which it is still found."""
    check_manages_areas(by)
    row = current(Area, area.pk, version)
    name, was = name.strip(), row.name
    if not 2 <= len(name) <= 60:
        raise Refused.because("name", "请填写新的全称，2 到 60 个字")
    if name == was:
        raise Refused.because("name", "新名称与原来一样")
    if on > clock.today():
        raise Refused.because("on", "生效日期还没到；请到那天再改，以免报告提前用上新名称")
    if Area.objects.filter(parent=row.parent_id, name=name, ends_on=None).exclude(pk=row.pk).exists():
        raise Refused.because("name", f"{row.parent}已有「{name}」，同级不能重名；若是合并，请用「撤销或并入」")
    change(row, {"name": name}, by=by, reason=f"{on} 起改名")
    last = on - timedelta(days=1)
    AreaAlias.objects.update_or_create(area=row, name=was, defaults={"ends_on": last})
    AreaAlias.objects.filter(area=row, name=name).delete()
    known = set(row.aliases.values_list("name", flat=True))
    AreaAlias.objects.bulk_create(AreaAlias(area=row, name=one) for one in aliases_of("", name) if one not in known)
    audit.record(RENAMED, by=by, about=row, was=was, became=name, on=f"{on}")
    return row


@action
def end_area(*, by: User | None, area: Area, version: int, ends_on: date, successor: Area | None) -> Area:
    """A place is no more after `ends_on`; what is there belongs to `successor` from the next day.

    Raises Refused, with what is still there, where there is no successor to take it.
    """
    check_manages_areas(by)
    row = current(Area, area.pk, version)
    _check_end(row, ends_on, successor)
    on = ends_on + timedelta(days=1)
    _hand_over_places(row, ends_on, successor, by)
    if row.level == AreaLevel.VILLAGE:
        _hand_over_coverage(row, ends_on, successor, by)
        if successor:
            for keeper in closing.KEEPERS.values():
                keeper.hand_over_village(by=by, village=row, to=successor, on=on)
    reason = f"并入{successor}" if successor else "撤销"
    change(row, {"ends_on": ends_on, "successor": successor}, by=by, reason=reason)
    row.codes.filter(ends_on=None, starts_on__lte=ends_on).update(ends_on=ends_on)
    into = f"，并入{successor}" if successor else ""
    audit.record(ENDED, by=by, about=row, area=row.name, ends_on=f"{ends_on}", successor=into)
    return row


def _check_end(row: Area, ends_on: date, successor: Area | None) -> None:
    if row.ends_on:
        raise Refused.because("ends_on", f"{row}已在 {row.ends_on} 撤销")
    if ends_on > clock.today():
        raise Refused.because("ends_on", "撤销日期还没到，请到那天再登记")
    if row.starts_on and ends_on < row.starts_on:
        raise Refused.because("ends_on", f"撤销日期早于设立日期 {row.starts_on}，请改正")
    if successor and (successor.pk == row.pk or successor.level != row.level or successor.ends_on):
        raise Refused.because("successor", "并入的地方应当是另一个同级的、现在还在的区划")
    there = closing.kept_in(row, ends_on) if row.level == AreaLevel.VILLAGE else []
    if hindered := [kept.hinders for kept in there if kept.hinders]:
        raise Refused.because("ends_on", hindered[0])
    if not successor and (left := open_in(row, ends_on)):
        said = "、".join(f"{kept.label} {kept.count} {kept.unit}" for kept in left)
        raise Refused.because("successor", f"{row}还有{said}；请选择并入哪里，它们从次日起归到那里")


def open_in(area: Area, ends_on: date) -> list[closing.Kept]:
    """What is at a place after `ends_on`: places below it, units, coverage, and what rooms above keep there."""
    places = Area.objects.filter(parent=area, ends_on=None).count()
    units = OrgUnit.objects.filter(town=area, ends_on=None).count()
    served = _coverage_after(area, ends_on).count()
    own = [
        closing.Kept("下级区划", places, "个", to_hand_over=True),
        closing.Kept("设在这里的机构", units, "个", to_hand_over=True),
        closing.Kept("服务这里的社工站", served, "个", to_hand_over=True),
    ]
    return [kept for kept in own if kept.count] + closing.kept_in(area, ends_on)


def _coverage_after(village: Area, ends_on: date) -> Any:
    return Coverage.objects.touching(ends_on + timedelta(days=1), date.max).filter(village=village)


def _hand_over_places(row: Area, ends_on: date, successor: Area | None, by: User | None) -> None:
    if successor is None:
        return
    reason = f"{row}并入{successor}"
    for child in Area.objects.filter(parent=row, ends_on=None):
        change(child, {"parent": successor}, by=by, reason=reason)
    for unit in OrgUnit.objects.filter(town=row, ends_on=None):
        change(unit, {"town": successor}, by=by, reason=reason)


def _hand_over_coverage(row: Area, ends_on: date, successor: Area | None, by: User | None) -> None:
    """Stations that served the village serve its successor from the next day, unless they did already."""
    on, follows = ends_on + timedelta(days=1), []
    serving = list(_coverage_after(row, ends_on).select_related("station"))
    already = set()
    if successor:
        held = Coverage.objects.touching(on, date.max).filter(village=successor)
        already = set(held.values_list("station_id", flat=True))
    for cover in serving:
        was = cover.ends_on
        if cover.starts_on > ends_on:
            raise Refused.because("ends_on", f"{cover.station}从 {cover.starts_on} 才开始服务{row}；请核对撤销日期")
        change(cover, {"ends_on": ends_on}, by=by, reason=f"{row}撤销")
        if successor and cover.station_id not in already:
            follows.append((cover.station, successor.pk, CoverageKind(cover.kind), on, was))
    cover_villages(entries=follows, by=by)


# OTHER NAMES AND CODES -------------------------------------------------------


@action
def add_alias(*, by: User | None, area: Area, name: str) -> AreaAlias:
    """Another way to write the name of a place."""
    check_manages_areas(by)
    name = name.strip()
    if not 2 <= len(name) <= 60 or name == area.name:
        raise Refused.because("name", "请填写另一种写法，2 到 60 个字，不同于现在的名称")
    if area.aliases.filter(name=name).exists():
        raise Refused.because("name", f"{area}已有别名「{name}」")
    alias = AreaAlias.objects.create(area=area, name=name)
    audit.record(ALIAS_ADDED, by=by, about=area, area=area.name, alias=name)
    return alias


@action
def remove_alias(*, by: User | None, alias: AreaAlias) -> None:
    """Take a wrong other name away. A former name stays: old ledgers are found by it."""
    check_manages_areas(by)
    if alias.ends_on:
        raise Refused.because("name", f"「{alias}」是用到 {alias.ends_on} 的正式名称，旧台账要靠它查找，不能去掉")
    audit.record(ALIAS_REMOVED, by=by, about=alias.area, area=alias.area.name, alias=alias.name)
    alias.delete()


@action
def add_code(*, by: User | None, area: Area, system: str, edition: str, code: str, starts_on: date) -> AreaCode:
    """What a code system calls a place. Another system may give the same digits to another place: both stand."""
    check_manages_areas(by)
    if not system.strip() or not edition.strip():
        raise Refused.because("edition", "请填写代码体系与版本，如 2026")
    check_codes([(system, edition.strip(), code.strip())])
    row = AreaCode.objects.create(
        area=area, system=system, edition=edition.strip(), code=code.strip(), starts_on=starts_on
    )
    audit.record(CODE_ADDED, by=by, about=area, area=area.name, system=system, edition=row.edition, code=row.code)
    return row


@action
def end_code(*, by: User | None, row: AreaCode, ends_on: date) -> AreaCode:
    """A code holds no longer after `ends_on`; it stays findable."""
    check_manages_areas(by)
    if ends_on < row.starts_on:
        raise Refused.because("ends_on", f"停用日期早于启用日期 {row.starts_on}，请改正")
    row.ends_on = ends_on
    row.save(update_fields=["ends_on"])
    said = {"area": row.area.name, "system": row.system, "code": row.code, "ends_on": f"{ends_on}"}
    audit.record(CODE_ENDED, by=by, about=row.area, **said)
    return row
