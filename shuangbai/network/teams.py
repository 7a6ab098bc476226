"""Writes of people at work: taken on, posted, transferred, gone. Their names are personal and stay out of the trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Door, Finding, NotAllowed, Refused, judge, refuse_if_any
from shuangbai.network.access import check_manages, manages_areas, units_managed_by
from shuangbai.network.actions import change, check_postings, current, hire, hire_again
from shuangbai.network.enums import Post, Sex
from shuangbai.network.models import OrgUnit, Posting, Staff, User
from shuangbai.network.rules import DOORS, staff_findings
from shuangbai.network.tree import undo

STAFF_CHANGED = audit.kind("staff.changed", "{by} 修改了工作人员资料：{fields}")
LEFT = audit.kind("staff.left", "{by} 登记一名工作人员在 {left_on} 离职")
POSTING_CHANGED = audit.kind("posting.changed", "{by} 改了在{unit}的任职：{fields}")
POSTING_TAKEN_BACK = audit.kind("posting.taken_back", "{by} 收回了在{unit}的任职登记")


@dataclass(frozen=True, slots=True)
class StaffEntry:
    """Somebody to take on, with the first posting."""

    name: str
    unit: OrgUnit
    post: Post
    hired_on: date
    sex: Sex = Sex.UNKNOWN
    starts_on: date | None = None


@action
def take_on(
    *, by: User | None, entries: Sequence[StaffEntry], door: Door = Door.PAGE, acknowledged: bool = False
) -> list[Staff]:
    """Enter people with their first postings. A finding about line 3 of a list names the field `rows-2-…`."""
    check_manages(by, {entry.unit for entry in entries})
    twice = _known(entries)
    found: list[Finding] = []
    for number, entry in enumerate(entries):
        mine = (entry.name.strip(), entry.unit.pk, entry.hired_on)
        about = staff_findings(
            name=entry.name, hired_on=entry.hired_on, today=clock.today(), twice=twice.count(mine) > 0
        )
        twice.append(mine)
        prefix = f"rows-{number}-" if len(entries) > 1 else ""
        found += [Finding(one.code, prefix + one.field, one.sentence, one.severity) for one in about]
    refuse_if_any(judge(found, door, DOORS), acknowledged=acknowledged)
    people = [Staff(name=e.name.strip(), sex=e.sex, hired_on=e.hired_on) for e in entries]
    posts = [[(e.unit, e.post, e.starts_on or max(e.hired_on, e.unit.starts_on), None)] for e in entries]
    hire(entries=list(zip(people, posts, strict=True)), by=by)
    return people


def _known(entries: Sequence[StaffEntry]) -> list[tuple[str, Any, date]]:
    rows = Posting.objects.filter(unit__in={entry.unit.pk for entry in entries})
    return list(rows.values_list("staff__name", "unit_id", "staff__hired_on"))


def check_person(by: User | None, staff: Staff) -> None:
    """Raise NotAllowed unless `by` manages a unit where this person is or was posted, or the whole city."""
    if by is None or manages_areas(by):
        return
    if not Posting.objects.filter(staff=staff, unit__in=units_managed_by(by).values("pk")).exists():
        raise NotAllowed


@action
def change_staff(*, by: User | None, staff: Staff, version: int, changes: dict[str, Any]) -> Staff:
    """Change name, sex or the day of hiring. Raises Conflict where it was changed since `version`."""
    check_person(by, staff)
    row = current(Staff, staff.pk, version)
    hired_on = changes.get("hired_on", row.hired_on)
    found = staff_findings(name=changes.get("name", row.name), hired_on=hired_on, today=clock.today(), twice=False)
    refuse_if_any(judge(found, Door.PAGE, DOORS), acknowledged=True)
    first = row.postings.order_by("starts_on").values_list("starts_on", flat=True).first()
    if first and hired_on > first:
        raise Refused.because("hired_on", f"{first} 起已有任职，入职日期不能晚于这一天")
    if row.left_on and hired_on > row.left_on:
        raise Refused.because("hired_on", f"入职日期晚于离职日期 {row.left_on}，请改正")
    fields = change(row, changes, by=by)
    audit.record(STAFF_CHANGED, by=by, about=row, fields=fields)
    return row


@action
def post_staff(
    *, by: User | None, staff: Staff, unit: OrgUnit, post: Post, starts_on: date, ends_on: date | None = None
) -> Posting:
    """A further posting, beside those held. Raises Refused with both spans where they overlap at one unit."""
    check_person(by, staff)
    check_manages(by, [unit])
    row = Posting(staff=staff, unit=unit, post=post, starts_on=starts_on, ends_on=ends_on)
    hire_again(postings=[row], by=by)
    return row


@action
def change_posting(*, by: User | None, posting: Posting, version: int, changes: dict[str, Any]) -> Posting:
    """Change the post or the days of a posting, under the same rules as when it was entered."""
    check_manages(by, [posting.unit])
    row = current(Posting, posting.pk, version)
    wanted = {name: changes.get(name, getattr(row, name)) for name in ("starts_on", "ends_on", "post")}
    if wanted["ends_on"] and wanted["ends_on"] < wanted["starts_on"]:
        raise Refused.because("ends_on", f"结束日期早于开始日期 {wanted['starts_on']}，请改正")
    trial = Posting(staff=row.staff, unit=row.unit, **wanted)
    check_postings([trial], held=row.staff.postings.exclude(pk=row.pk))
    fields = change(row, changes, by=by)
    audit.record(POSTING_CHANGED, by=by, about=row, unit=row.unit.name, fields=fields)
    return row


@action
def transfer(*, by: User | None, posting: Posting, version: int, unit: OrgUnit, post: Post, on: date) -> Posting:
    """From one unit to another: the posting ends the day before `on`, the next begins on it."""
    check_manages(by, [posting.unit, unit])
    if on <= posting.starts_on:
        raise Refused.because("on", f"调动日期应晚于现任职的开始日期 {posting.starts_on}")
    if posting.ends_on and on > posting.ends_on:
        raise Refused.because("on", f"现任职已在 {posting.ends_on} 结束；请改用「增加任职」")
    if unit.pk == posting.unit_id and post == posting.post:
        raise Refused.because("unit", "单位和岗位都没有变，不必调动")
    last = on - timedelta(days=1)
    change_posting(by=by, posting=posting, version=version, changes={"ends_on": last})
    return post_staff(by=by, staff=posting.staff, unit=unit, post=post, starts_on=on)


@action
def leave(*, by: User | None, staff: Staff, version: int, left_on: date) -> Staff:
    """Somebody's last day at work: every posting ends on it, and with the postings what the account may do."""
    check_person(by, staff)
    row = current(Staff, staff.pk, version)
    if left_on < row.hired_on:
        raise Refused.because("left_on", f"离职日期早于入职日期 {row.hired_on}，请改正")
    after = [posting for posting in row.postings.select_related("unit") if posting.starts_on > left_on]
    if after:
        said = f"在{after[0].unit}的任职从 {after[0].starts_on} 才开始，晚于离职日期；请先收回或改正它"
        raise Refused.because("left_on", said)
    for posting in row.postings.touching(left_on + timedelta(days=1), date.max).select_related("unit"):
        change_posting(by=by, posting=posting, version=posting.version, changes={"ends_on": left_on})
    change(row, {"left_on": left_on}, by=by)
    audit.record(LEFT, by=by, about=row, left_on=f"{left_on}")
    return row


@action
def return_to_work(*, by: User | None, staff: Staff, version: int) -> Staff:
    """Take a last day back that was entered wrongly; postings are taken back or entered on their own."""
    check_person(by, staff)
    row = current(Staff, staff.pk, version)
    fields = change(row, {"left_on": None}, by=by, reason="收回离职登记")
    audit.record(STAFF_CHANGED, by=by, about=row, fields=fields)
    return row


@action
def take_back_posting(*, by: User | None, posting: Posting, version: int) -> None:
    """What was entered today is undone: a new posting goes, a changed one is as it was."""
    check_manages(by, [posting.unit])
    row = current(Posting, posting.pk, version)
    unit = row.unit.name
    undo(row, ("starts_on", "ends_on", "post"), by=by)
    audit.record(POSTING_TAKEN_BACK, by=by, about=row, unit=unit)
