"""Lawful erasure: asked by the head of a station, decided by the bureau, done once and for good."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from shuangbai.codes.actions import check_decides, note_decision, take_turn
from shuangbai.codes.rules import reason_findings
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Conflict, NotAllowed, Refused, refuse_if_any
from shuangbai.core.ids import new_id
from shuangbai.households.access import people_visible_to
from shuangbai.households.models import Person
from shuangbai.lives.actions.forgetting import entries_of, forget, forget_helper
from shuangbai.lives.enums import ErasureBasis, ErasureState
from shuangbai.lives.models import Erasure, RetentionRule
from shuangbai.lives.queries import retention_rules
from shuangbai.network.access import viewer_of
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.roles import Permission
from shuangbai.volunteers.access import volunteers_visible_to
from shuangbai.volunteers.models import Volunteer

ASKED = audit.kind("erasure.asked", "{by} 申请依法抹去 {count} 人的资料", label="申请依法抹去")
DECIDED = audit.kind("erasure.refused", "{by} 不同意抹去，说明：{reason}", label="不同意抹去")
BACK = audit.kind("erasure.withdrawn", "{by} 收回了抹去申请", label="收回抹去申请")
DONE = audit.kind("erasure.done", "{by} 决定并抹去了一人的资料，依据：{basis}", label="依法抹去")
RETENTION = "lives.retention"
REASON_LEAST = 4


@action
def ask_erasure(
    *, by: User, station: OrgUnit, people: Sequence[Person], basis: ErasureBasis, reason: str
) -> list[Erasure]:
    """Ask that people be forgotten. Nothing is forgotten yet: the bureau decides (ADR 0041)."""
    if not viewer_of(by).reaches(Permission.ASK_ERASURE, station.pk):
        raise NotAllowed
    keys = {person.pk for person in people}
    if people_visible_to(by, Permission.EDIT_FAMILIES).filter(pk__in=keys).count() < len(keys):
        raise NotAllowed
    if not keys:
        raise Refused.because("people", "请先勾选要抹去的人")
    if len(reason.strip()) < REASON_LEAST:
        raise Refused.because("reason", "请写明事由，如「本人于6月1日书面要求删除」")
    _check_open(keys)
    rows = [
        Erasure(
            id=new_id(), station=station, person=person, basis=basis, reason=reason.strip(), entered_by=by,
            entered_at=clock.now(),
        )
        for person in people
    ]  # fmt: skip
    Erasure.objects.bulk_create(rows)
    audit.record(ASKED, by=by, about=rows[0], count=len(rows))
    return rows


@action
def ask_volunteer_erasure(*, by: User, volunteer: Volunteer, basis: ErasureBasis, reason: str) -> Erasure:
    """Ask that a volunteer who is not on file be forgotten; whoever is on file is asked for there.

    Raises NotAllowed, Refused.
    """
    there = volunteers_visible_to(by, Permission.EDIT_FAMILIES).filter(pk=volunteer.pk)
    if not viewer_of(by).reaches(Permission.ASK_ERASURE, volunteer.station_id) or not there.exists():
        raise NotAllowed
    row = Volunteer.objects.select_for_update(of=("self",)).get(pk=volunteer.pk)
    if row.person_id:
        raise Refused.because("", "这位志愿者在家庭档案里，请从他的家庭申请，这里的资料会一并抹去")
    if row.forgotten:
        raise Refused.because("", "这位志愿者的资料已经抹去，无需再申请")
    if row.until is None:
        raise Refused.because("", "还在做志愿者。请先在他的页面上记下退出的日期，再申请")
    if len(reason.strip()) < REASON_LEAST:
        raise Refused.because("reason", "请写明事由，如「本人于6月1日书面要求删除」")
    if Erasure.objects.filter(volunteer=row, state=ErasureState.ASKED).exists():
        raise Refused.because("", "已经申请过，正在等民政局决定")
    made = Erasure(
        id=new_id(), station_id=row.station_id, volunteer=row, basis=basis, reason=reason.strip(), entered_by=by,
        entered_at=clock.now(),
    )  # fmt: skip
    made.save(force_insert=True)
    audit.record(ASKED, by=by, about=made, count=1)
    return made


def _check_open(keys: set[UUID]) -> None:
    if Person.objects.filter(pk__in=keys, forgotten=True).exists():
        raise Refused.because("", "所选的人里有的资料已经抹去，无需再申请")
    if Erasure.objects.filter(person__in=keys, state=ErasureState.ASKED).exists():
        raise Refused.because("", "所选的人里有的已经申请过，正在等民政局决定")


@action
def decide_erasure(*, by: User, erasure: Erasure, agrees: bool, answer: str) -> Erasure:
    """The bureau decides. Agreed, it is done at once and cannot be undone: by another than who asked, with a reason."""
    row = _asked(erasure)
    if not viewer_of(by).reaches(Permission.DECIDE_ERASURE, row.station_id):
        raise NotAllowed
    if row.entered_by_id == by.pk:
        raise Refused.because("", "申请人不能自己决定，请由另一位经办人办理")
    if len(answer.strip()) < 2:
        raise Refused.because("answer", "请写明决定的理由，如「材料齐全，符合第四十七条」")
    row.answer, row.decided_by, row.decided_at = answer.strip(), by, clock.now()
    row.state = ErasureState.DONE if agrees else ErasureState.REFUSED
    row.save(update_fields=["answer", "decided_by", "decided_at", "state"])
    if not agrees:
        audit.record(DECIDED, by=by, about=row, reason=answer.strip()[:100])
        return row
    basis = str(ErasureBasis(row.basis).label)
    if row.person:
        told = [forget(by=by, person=one, basis=basis) for one in entries_of(row.person)]
    else:
        told = [forget_helper(by=by, volunteer=row.volunteer, basis=basis)]  # type: ignore[arg-type]
    row.refresh_from_db()
    row.counts = {name: sum(one["counts"][name] for one in told) for name in ("rows", "records", "trail")}
    row.to_check = list(dict.fromkeys(key for one in told for key in one["to_check"]))
    row.save(update_fields=["counts", "to_check"])
    audit.record(DONE, by=by, about=row, basis=basis)
    return row


@action
def withdraw_erasure(*, by: User, erasure: Erasure) -> Erasure:
    """Whoever asked, or another head of the station, takes it back while nobody has decided."""
    row = _asked(erasure)
    if not viewer_of(by).reaches(Permission.ASK_ERASURE, row.station_id):
        raise NotAllowed
    row.state, row.decided_by, row.decided_at = ErasureState.WITHDRAWN, by, clock.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    audit.record(BACK, by=by, about=row)
    return row


def _asked(erasure: Erasure) -> Erasure:
    row = Erasure.objects.select_for_update(of=("self",)).select_related("person", "volunteer").get(pk=erasure.pk)
    if row.state != ErasureState.ASKED:
        raise Refused.because("", "这份申请已经办过了，请看办理结果")
    return row


# RETENTION -----------------------------------------------------------------


@action
def set_retention(*, by: User, years: int, starts_on: date, version: int, reason: str) -> RetentionRule:
    """After how many years a closed file may be proposed for erasure, from a day on."""
    check_decides(by)
    turn, rules = take_turn(RETENTION), retention_rules()
    newest = rules[0] if rules else None
    if turn.version != version:
        raise Conflict(newest)
    findings: list[Any] = list(reason_findings(reason))
    refuse_if_any(findings, acknowledged=True)
    if starts_on < clock.today():
        raise Refused.because("starts_on", "请从今天或以后起；以前列出过的名单不会改")
    if newest and starts_on < newest.starts_on:
        raise Refused.because("starts_on", f"已定好从{newest.starts_on:%Y-%m-%d}起的年限，请从这一天或以后起")
    if newest and newest.starts_on == starts_on:
        rule = newest
        rule.years = years
    else:
        if newest:
            newest.ends_on = starts_on - timedelta(days=1)
            newest.save(update_fields=["ends_on"])
        rule = RetentionRule(years=years, starts_on=starts_on)
    was = f"{newest.years} 年" if newest else "没有规定"
    rule.save()
    turn.version += 1
    turn.save(update_fields=["version"])
    note_decision(
        by=by, subject=RETENTION, name="保存年限", what=f"改结档后保存年限，从{starts_on:%Y-%m-%d}起", was=was,
        became=f"{years} 年", reason=reason,
    )  # fmt: skip
    return rule
