"""Writes of scales: what the city decides, and results, for the rooms to whose things they belong."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from shuangbai.codes.access import check_decides
from shuangbai.codes.actions import note_decision, take_turn
from shuangbai.codes.rules import reason_findings
from shuangbai.core import clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert
from shuangbai.core.findings import Conflict, Finding, Refused, refuse_if_any
from shuangbai.network.models import OrgUnit, User
from shuangbai.scales.enums import Filler
from shuangbai.scales.models import ScaleResult, ScaleVersion
from shuangbai.scales.queries import Catalogue, catalogue, newest_of, shipped_data
from shuangbai.scales.rules import Scale, Scored, answer_findings, definition_findings, scale_of, score

SUBJECT = "scales"


@dataclass(slots=True)
class ResultEntry:
    """Answers by the item's code, as points chosen; or, of a scale whose items are not held here, `total` alone."""

    client_id: UUID
    person_key: UUID
    scale: str
    version: int
    taken_on: date
    filled_by: Filler
    answers: Mapping[str, int] = field(default_factory=dict)
    total: int | None = None
    note: str = ""


# WHAT THE CITY DECIDES -----------------------------------------------------


def _turn(by: User, version: int) -> tuple[Any, Catalogue]:
    """Nobody else changes the list until the action ends. Raises NotAllowed, Conflict."""
    check_decides(by)
    turn = take_turn(SUBJECT)
    if turn.version != version:
        raise Conflict(turn)
    return turn, catalogue()


def _done(turn: Any, by: User, scale: Scale, what: str, reason: str, was: str = "", became: str = "") -> None:
    turn.version += 1
    turn.save(update_fields=["version"])
    note_decision(
        by=by, subject=SUBJECT, item=scale.code, name="评估量表", what=what, was=was, became=became, reason=reason
    )


def _check(data: Mapping[str, Any], starts_on: date, reason: str, others: list[Scale]) -> None:
    findings = [*definition_findings(data), *reason_findings(reason)]
    if any(one.name == data.get("name", "").strip() for one in others):
        findings.append(Finding("name", "name", "已有这个名称的量表，请换一个，或在那一份里“改成新版本”"))
    if starts_on < clock.today():
        findings.append(Finding("starts_on", "starts_on", "请从今天或以后起；以前填的仍按当时的版本"))
    refuse_if_any(findings, acknowledged=False)


def _keep(code: str, version: int, data: Mapping[str, Any], starts_on: date, ends_on: date | None) -> ScaleVersion:
    said = {**data, "code": code, "version": version, "starts_on": starts_on.isoformat()}
    row = ScaleVersion(code=code, version=version, definition=said, starts_on=starts_on, ends_on=ends_on)
    row.save(force_insert=True)
    return row


@action
def add_scale(*, by: User, data: Mapping[str, Any], starts_on: date, version: int, reason: str) -> ScaleVersion:
    """A scale of the city's own (`data` as rules.scale_of reads it). Raises NotAllowed, Refused, Conflict."""
    turn, known = _turn(by, version)
    _check(data, starts_on, reason, scales_now(known))
    number = 1 + len({one.code for one in known.values() if one.own})
    row = _keep(f"own{number}", 1, data, starts_on, None)
    made = scale_of(row.definition, own=True)
    _done(turn, by, made, f"增加「{made.name}」"[:60], reason, became=f"从{starts_on:%Y-%m-%d}起")
    return row


def scales_now(known: Catalogue) -> list[Scale]:
    """The newest version of each scale that has not ended."""
    codes = dict.fromkeys(code for code, _ in known)
    newest = (newest_of(code, known) for code in codes)
    return [one for one in newest if one and (one.ends_on is None or one.ends_on >= clock.today())]


def _newest(code: str, known: Catalogue) -> Scale:
    newest = newest_of(code, known)
    if newest is None:
        raise Refused.because("", "没有这份量表，请重新打开本页")
    return newest


@action
def change_scale(
    *, by: User, code: str, data: Mapping[str, Any], starts_on: date, version: int, reason: str
) -> ScaleVersion:
    """Another version of a scale of the city's own, from a day on. Raises NotAllowed, Refused, Conflict."""
    turn, known = _turn(by, version)
    newest = _newest(code, known)
    if not newest.own:
        raise Refused.because("", "系统自带的量表不能改；可以停用它，另加本市自己的")
    _check(data, starts_on, reason, [one for one in scales_now(known) if one.code != code])
    if starts_on <= newest.starts_on:
        raise Refused.because("starts_on", f"现在的版本从{newest.starts_on:%Y-%m-%d}起，请从后一天或以后起")
    last = starts_on - timedelta(days=1)
    if newest.ends_on is None or newest.ends_on > last:
        ScaleVersion.objects.filter(code=code, version=newest.version).update(ends_on=last)
    row = _keep(code, newest.version + 1, data, starts_on, None)
    _done(
        turn,
        by,
        newest,
        f"「{newest.name}」改成新版本"[:60],
        reason,
        became=f"第 {row.version} 版，从{starts_on:%Y-%m-%d}起",
    )
    return row


@action
def end_scale(*, by: User, code: str, ends_on: date, version: int, reason: str) -> None:
    """The last day on which a scale may be used; results stay. Raises NotAllowed, Refused, Conflict."""
    turn, known = _turn(by, version)
    newest = _newest(code, known)
    refuse_if_any(list(reason_findings(reason)), acknowledged=False)
    if newest.ends_on and newest.ends_on <= ends_on:
        raise Refused.because("ends_on", f"已定于{newest.ends_on:%Y-%m-%d}停用，不必再停")
    if ends_on < max(newest.starts_on, clock.today()):
        raise Refused.because("ends_on", "最后一天请选今天或以后；还没有开始用的，请选开始的那天")
    if not ScaleVersion.objects.filter(code=code, version=newest.version).update(ends_on=ends_on):
        data = next(one for one in shipped_data() if one["code"] == code and one["version"] == newest.version)
        _keep(code, newest.version, data, newest.starts_on, ends_on)
    _done(turn, by, newest, f"停用「{newest.name}」"[:60], reason, was="使用中", became=f"用到{ends_on:%Y-%m-%d}")


# RESULTS -------------------------------------------------------------------


def result_findings(entry: ResultEntry, known: Catalogue, first: date | None) -> list[Finding]:
    """What is wrong with a result; `first`: the day before which nothing can have been filled in."""
    scale = known.get((entry.scale, entry.version))
    if scale is None or not scale.holds_on(entry.taken_on):
        return [Finding("scale", "taken_on", "这一天不用这份量表或这个版本，请核对日期，或重新选量表")]
    findings = answer_findings(scale, entry.answers, entry.total)
    if entry.taken_on > clock.today():
        findings.append(Finding("future", "taken_on", "日期在今天之后，请核对"))
    elif first and entry.taken_on < first:
        findings.append(Finding("before", "taken_on", f"日期早于个案登记的{first:%Y-%m-%d}，请核对"))
    if entry.filled_by not in scale.fills:
        findings.append(Finding("filled_by", "filled_by", "这份量表不由这一方填，请重选谁填的"))
    return findings


def keep_result(
    *, by: User, station: OrgUnit, subject_key: UUID, entry: ResultEntry, first: date | None = None
) -> tuple[ScaleResult, Scored]:
    """Score and keep a result; sent twice it is the first. Inside the action of the room whose thing it belongs to.

    Raises Refused. That answers tell of danger is in what is returned and written nowhere.
    """
    known = catalogue()
    refuse_if_any(result_findings(entry, known, first), acknowledged=False)
    scored = score(known[entry.scale, entry.version], entry.answers, entry.total)
    before = ScaleResult.objects.filter(station=station, client_id=entry.client_id, subject_key=subject_key).first()
    if before:
        return before, scored
    said = {
        "answers": dict(entry.answers), "total": scored.total, "band": scored.band, "filled": scored.filled,
        "parts": list(scored.subscales),
    }  # fmt: skip
    result = ScaleResult(
        station=station, client_id=entry.client_id, subject_key=subject_key, person_key=entry.person_key,
        scale=entry.scale, scale_version=entry.version, taken_on=entry.taken_on, filled_by=entry.filled_by,
        said=json.dumps(said, ensure_ascii=False), note=entry.note.strip(), entered_by=by, entered_at=clock.now(),
    )  # fmt: skip
    insert([result], by=by)
    return result, scored


def void_result(*, by: User, result: ScaleResult, reason: str) -> None:
    """Take a result out, with a reason; voided before, nothing happens. Inside the action of the room above."""
    if not reason.strip():
        raise Refused.because("reason", "请写明为什么作废，如“填错了人”")
    current = ScaleResult.objects.select_for_update(of=("self",)).get(pk=result.pk)
    if current.voided_at is None:
        current.voided_at, current.voided_by, current.void_reason = clock.now(), by, reason.strip()
        current.save(update_fields=["voided_at", "voided_by", "void_reason"])
