"""Writes of the bureau's tree and of what stations cover: what changes, moves, ends, and is taken back."""

from datetime import date, timedelta
from typing import Any

from django.db.models import ProtectedError

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import copy_to_history, sign
from shuangbai.core.findings import Door, Refused, judge, refuse_if_any
from shuangbai.network import closing
from shuangbai.network.access import check_manages
from shuangbai.network.actions import change, cover_villages, current, hire_again
from shuangbai.network.changes import UNDONE
from shuangbai.network.enums import CoverageKind, Post, UnitKind
from shuangbai.network.models import Coverage, OrgUnit, Posting, RoleGrant, User
from shuangbai.network.rules import DOORS, parent_findings

CHANGED = audit.kind("unit.changed", "{by} 修改了{unit}：{fields}")
MOVED = audit.kind("unit.moved", "{by} 把{unit}划归{parent}")
CLOSED = audit.kind("unit.closed", "{by} 登记{unit}在 {ends_on} 撤销{to}")
REOPENED = audit.kind("unit.reopened", "{by} 收回了{unit}的撤销登记")
TAKEN_BACK = audit.kind("unit.taken_back", "{by} 收回了当天误设的{unit}")
COVER_CHANGED = audit.kind("coverage.changed", "{by} 改了{unit}服务{village}的登记：{fields}")
COVER_TAKEN_BACK = audit.kind("coverage.taken_back", "{by} 收回了{unit}服务{village}的登记")


@action
def change_unit(*, by: User | None, unit: OrgUnit, version: int, changes: dict[str, Any]) -> OrgUnit:
    """Change a unit's own fields: name, opening day, place, batch, address, telephone. Its code stays for good."""
    check_manages(by, [unit])
    row = current(OrgUnit, unit.pk, version)
    if not changes.get("name", row.name).strip():
        raise Refused.because("name", "请填写机构名称")
    opened = changes.get("starts_on", row.starts_on)
    if row.ends_on and opened > row.ends_on:
        raise Refused.because("starts_on", f"设立日期晚于撤销日期 {row.ends_on}，请改正")
    if opened > row.starts_on and (first := _first_use(row)) and first < opened:
        sentence = f"{first} 起就有登记在{row}的村居或任职，设立日期不能晚于这一天"
        raise Refused.because("starts_on", sentence)
    fields = change(row, changes, by=by)
    audit.record(CHANGED, by=by, about=row, unit=row.name, fields=fields)
    return row


def _first_use(unit: OrgUnit) -> date | None:
    """The first day on which a village was covered from the unit, somebody posted there, or a unit stood under it."""
    rows = [unit.coverage, unit.postings, unit.children]
    firsts = [one.order_by("starts_on").values_list("starts_on", flat=True).first() for one in rows]  # type: ignore[attr-defined]
    return min((day for day in firsts if day), default=None)


@action
def move_unit(*, by: User | None, unit: OrgUnit, version: int, parent: OrgUnit) -> OrgUnit:
    """The unit and all below it stand under another from now on; every path is written anew.

    Not dated (docs/adr/0024): the tree says who may see what today, and figures ask for stations.
    """
    check_manages(by, [unit, parent])
    row = current(OrgUnit, unit.pk, version)
    if parent.path.startswith(row.path):
        raise Refused.because("parent", f"「{parent}」就在「{row}」下面（或就是它），请选别的上级")
    kinds = {"kind": UnitKind(row.kind), "parent_kind": UnitKind(parent.kind), "parent_name": parent.name}
    refuse_if_any(judge(parent_findings(**kinds), Door.PAGE, DOORS), acknowledged=True)  # type: ignore[arg-type]
    if parent.ends_on:
        raise Refused.because("parent", f"「{parent}」已在 {parent.ends_on} 撤销，请选别的上级")
    was, path = row.path, f"{parent.path}{row.code}/"
    below = list(OrgUnit.objects.filter(path__startswith=was).exclude(pk=row.pk))
    row.path = path
    change(row, {"parent": parent}, by=by)
    for one in below:
        one.path = path + one.path.removeprefix(was)
    OrgUnit.objects.bulk_update(below, ["path"])
    copy_to_history(OrgUnit, [one.pk for one in below], kind="~", by=by, reason=f"随{row}划归{parent}")
    audit.record(MOVED, by=by, about=row, unit=row.name, parent=parent.name)
    return row


def open_at(unit: OrgUnit, ends_on: date) -> list[closing.Kept]:
    """What is open at a unit after `ends_on`: units below it, villages, postings, and what rooms above keep."""
    after = ends_on + timedelta(days=1)
    below = OrgUnit.objects.touching(after, date.max).filter(parent=unit)
    names = "、".join(below.order_by("path").values_list("name", flat=True)[:3])
    own = [
        closing.Kept("下级机构", below.count(), "个", hinders=f"{unit}下面还有{names}等机构，请先撤销或划归别处"),
        closing.Kept("服务的村居", unit.coverage.touching(after, date.max).count(), "个"),  # type: ignore[attr-defined]
        closing.Kept("在岗人员", unit.postings.touching(after, date.max).count(), "人"),  # type: ignore[attr-defined]
    ]
    kept = closing.kept_at(unit, ends_on) if unit.kind == UnitKind.STATION else []
    return [one for one in own if one.count] + kept


@action
def close_unit(
    *, by: User | None, unit: OrgUnit, version: int, ends_on: date, to: OrgUnit | None = None, move_staff: bool = False
) -> OrgUnit:
    """A unit ends on a day. With `to`, another station takes its families, its villages and, if wished, its people.

    Raises Refused, with what is open, where there are families and nobody to take them; nothing is lost.
    """
    check_manages(by, [unit, *([to] if to else [])])
    row = current(OrgUnit, unit.pk, version)
    _check_close(row, ends_on, to)
    on = ends_on + timedelta(days=1)
    reason = f"{row}撤销" + (f"，由{to}接收" if to else "")
    _hand_over_coverage(row, ends_on, to, by, reason)
    _hand_over_postings(row, ends_on, to if move_staff else None, by, reason)
    if to:
        for keeper in closing.KEEPERS.values():
            keeper.hand_over_station(by=by, station=row, to=to, on=on)
    change(row, {"ends_on": ends_on}, by=by, reason=reason)
    audit.record(CLOSED, by=by, about=row, unit=row.name, ends_on=f"{ends_on}", to=f"，由{to}接收" if to else "")
    return row


def _check_close(row: OrgUnit, ends_on: date, to: OrgUnit | None) -> None:
    if row.parent_id is None:
        raise Refused.because("ends_on", "主管机构是整棵树的根，不能撤销；改名请用「修改」")
    if row.ends_on:
        raise Refused.because("ends_on", f"{row}已在 {row.ends_on} 撤销")
    if not row.starts_on <= ends_on <= clock.today():
        raise Refused.because("ends_on", f"撤销日期应在 {row.starts_on} 到今天之间")
    if to and (to.kind != UnitKind.STATION or to.pk == row.pk or not to.holds_on(ends_on + timedelta(days=1))):
        raise Refused.because("to", "接收的应当是另一个现在还在的社工站")
    left = open_at(row, ends_on)
    for kept in left:
        if kept.hinders:
            raise Refused.because("ends_on", kept.hinders)
    if not to and (waiting := [kept for kept in left if kept.to_hand_over]):
        said = "、".join(f"{kept.label} {kept.count} {kept.unit}" for kept in waiting)
        raise Refused.because("to", f"{row}还有{said}，不能无人接手；请选择由哪个站接收")


def _hand_over_coverage(row: OrgUnit, ends_on: date, to: OrgUnit | None, by: User | None, reason: str) -> None:
    on, follows = ends_on + timedelta(days=1), []
    already = set(to.coverage.touching(on, date.max).values_list("village_id", flat=True)) if to else set()  # type: ignore[attr-defined]
    for cover in row.coverage.touching(on, date.max).select_related("village"):  # type: ignore[attr-defined]
        was, begun = cover.ends_on, cover.starts_on
        if begun > ends_on:
            raise Refused.because("ends_on", f"{row}从 {begun} 才开始服务{cover.village}；撤销日期不能早于它")
        change(cover, {"ends_on": ends_on}, by=by, reason=reason)
        if to and cover.village_id not in already and not cover.village.ends_on:
            follows.append((to, cover.village_id, CoverageKind(cover.kind), on, was))
    cover_villages(entries=follows, by=by)


def _hand_over_postings(row: OrgUnit, ends_on: date, to: OrgUnit | None, by: User | None, reason: str) -> None:
    on, follows = ends_on + timedelta(days=1), []
    already = set(to.postings.touching(on, date.max).values_list("staff_id", flat=True)) if to else set()  # type: ignore[attr-defined]
    for posting in row.postings.touching(on, date.max).select_related("staff"):  # type: ignore[attr-defined]
        was, begun = posting.ends_on, posting.starts_on
        if begun > ends_on:
            raise Refused.because("ends_on", f"{posting.staff}从 {begun} 才在{row}任职；撤销日期不能早于它")
        change(posting, {"ends_on": ends_on}, by=by, reason=reason)
        if to and posting.staff_id not in already:
            follows.append(Posting(staff=posting.staff, unit=to, post=Post(posting.post), starts_on=on, ends_on=was))
    hire_again(postings=follows, by=by)


@action
def reopen_unit(*, by: User | None, unit: OrgUnit, version: int) -> OrgUnit:
    """Take the end of a unit back on the day it was entered. What another station took over stays there."""
    check_manages(by, [unit])
    row = current(OrgUnit, unit.pk, version)
    if not row.ends_on or not entered_today(row):
        raise Refused.because("ends_on", "只有今天登记的撤销可以收回")
    change(row, {"ends_on": None}, by=by, reason="收回撤销登记")
    audit.record(REOPENED, by=by, about=row, unit=row.name)
    return row


@action
def take_back_unit(*, by: User | None, unit: OrgUnit, version: int) -> None:
    """A unit opened by mistake today and used by nothing goes; its history says that it was there."""
    check_manages(by, [unit])
    row = current(OrgUnit, unit.pk, version)
    if row.history.count() != 1 or not entered_today(row) or RoleGrant.objects.filter(unit=row).exists():
        raise Refused.because("version", "只有今天新设、还没有用过的机构可以收回；其他的请登记撤销")
    audit.record(TAKEN_BACK, by=by, about=row, unit=row.name)
    sign(row, by=by)
    try:
        row.delete()
    except ProtectedError as error:
        raise Refused.because("version", "已有村居、人员或下级登记在它名下，请先收回那些") from error


def entered_today(row: Any) -> bool:
    """Whether somebody made the latest change of a row today, so that it may be taken back."""
    latest = row.history.order_by("-history_date", "-history_id").first()
    return (
        latest is not None and latest.history_user_id is not None and clock.day_of(latest.history_date) == clock.today()
    )


# COVERAGE ---------------------------------------------------------------------


@action
def end_coverage(*, by: User | None, cover: Coverage, version: int, ends_on: date) -> Coverage:
    """The station serves the village until `ends_on`. Raises Refused for a day before it began."""
    check_manages(by, [cover.station])
    row = current(Coverage, cover.pk, version)
    if ends_on < row.starts_on:
        raise Refused.because("ends_on", f"结束日期早于开始日期 {row.starts_on}，请改正；若是登记错了，请用「收回」")
    fields = change(row, {"ends_on": ends_on}, by=by)
    said = {"unit": row.station.name, "village": row.village.short_name}
    audit.record(COVER_CHANGED, by=by, about=row, fields=fields, **said)
    return row


@action
def take_back_coverage(*, by: User | None, cover: Coverage, version: int) -> None:
    """What was entered today is undone: a new row goes, a changed one is as it was."""
    check_manages(by, [cover.station])
    row = current(Coverage, cover.pk, version)
    said = {"unit": row.station.name, "village": row.village.short_name}
    undo(row, ("ends_on", "kind"), by=by)
    audit.record(COVER_TAKEN_BACK, by=by, about=row, **said)


def undo(row: Any, fields: tuple[str, ...], *, by: User | None) -> None:
    """Undo the latest change of a dated row, if it was made today. Raises Refused otherwise."""
    if not entered_today(row):
        raise Refused.because("version", "只有今天登记的可以收回；更早的请登记结束日期，历史要留着")
    lines = list(row.history.order_by("-history_date", "-history_id")[:2])
    if lines[0].history_type == "+":
        row_pk = row.pk
        sign(row, by=by, reason=UNDONE)
        row.delete()
        row.pk = row_pk  # whoever tells of it needs its key
        return
    if len(lines) < 2 or lines[0].history_change_reason == UNDONE:
        raise Refused.because("version", "没有可以收回的改动")
    change(row, {name: getattr(lines[1], name) for name in fields}, by=by, reason=UNDONE)
