"""Writes about alarms: raised, carried on, read, closed by another. The trail never says about whom, or where."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from shuangbai.codes.actions import check_decides, note_decision, take_turn
from shuangbai.codes.rules import reason_findings
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, NotAllowed, Refused, refuse_if_any
from shuangbai.households.access import people_visible_to
from shuangbai.households.enums import BirthPrecision
from shuangbai.households.models import Person
from shuangbai.households.rules import age_on
from shuangbai.network.access import check_reaches
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.roles import Permission
from shuangbai.safeguarding.access import alarms_visible_to, answers_for, may_name
from shuangbai.safeguarding.enums import AlarmState, CloseReason, Protected, Situation, StepKind
from shuangbai.safeguarding.models import Alarm, AlarmReader, AlarmRule, AlarmStep
from shuangbai.safeguarding.queries import alarm_rules, may_be_named, open_about, readers_of
from shuangbai.safeguarding.rules import AFTER, CLOSE, close_findings, closed_finding, raise_findings, step_findings

RAISED = audit.kind("alarm.raised", "{by} 发起了一件安全警报", placeless=True)
LOOKED = audit.kind("alarm.looked", "{by} 看了一件安全警报", placeless=True)
STEPPED = audit.kind("alarm.stepped", "{by} 在一件安全警报里记了一步", placeless=True)
CLOSED = audit.kind("alarm.closed", "{by} 结了一件安全警报", placeless=True)
NAMED = audit.kind("alarm.named", "{by} 让{to}也能看一件安全警报", personal=("to",), placeless=True)
UNNAMED = audit.kind("alarm.unnamed", "{by} 不再让{to}看一件安全警报", personal=("to",), placeless=True)
RULE = "safeguarding.rule"


@dataclass(slots=True)
class AlarmEntry:
    """An alarm as its page says it. `who` describes somebody whom the station does not know, or says more."""

    station: OrgUnit
    client_id: UUID
    protected: Protected
    situation: Situation
    discovered_at: datetime
    facts: str
    person_id: UUID | None = None
    who: str = ""
    impressions: str = ""
    done: str = ""
    drill: bool = False
    entered_at: datetime | None = None


@dataclass(slots=True)
class StepEntry:
    """Something that was done: `whom` by the kind of step (rules.STEPS)."""

    kind: StepKind
    happened_at: datetime
    whom: str = ""
    receipt: str = ""
    note: str = ""
    entered_at: datetime | None = None


# RAISING -------------------------------------------------------------------


@action
def raise_alarm(*, by: User, entry: AlarmEntry, acknowledged: bool = False) -> Alarm:
    """Raise an alarm; sent twice it is the first. Raises NotAllowed, Refused, NeedsAcknowledgement."""
    check_reaches(by, Permission.RAISE_ALARMS, {entry.station.pk})
    before = Alarm.objects.filter(station=entry.station, client_id=entry.client_id, entered_by=by).first()
    if before:
        return before
    person, now = _person(by, entry.person_id), entry.entered_at or clock.now()
    refuse_if_any(
        raise_findings(
            known=person is not None, who=entry.who, protected=entry.protected, age=_age(person), facts=entry.facts,
            discovered_at=entry.discovered_at, now=now,
            open_already=person is not None and open_about(by, [person.pk]).exists(),
        ),
        acknowledged=acknowledged,
    )  # fmt: skip
    who = "：".join(filter(None, [person.name if person else "", entry.who.strip()]))
    alarm = Alarm(
        station=entry.station, charge=entry.station, client_id=entry.client_id, person_key=entry.person_id, who=who,
        protected=entry.protected, situation=entry.situation, discovered_at=entry.discovered_at,
        facts=entry.facts.strip(), impressions=entry.impressions.strip(), done=entry.done.strip(), drill=entry.drill,
        entered_by=by, entered_at=now,
    )  # fmt: skip
    insert([alarm], by=by)
    audit.record(RAISED, by=by, about=alarm)
    return alarm


def _person(by: User, pk: UUID | None) -> Person | None:
    if pk is None:
        return None
    found = people_visible_to(by, Permission.EDIT_FAMILIES).filter(pk=pk).first()
    if found is None:
        raise NotAllowed
    return found


def _age(person: Person | None) -> int | None:
    """Only of a day that is known: of a year alone nobody is told to look again."""
    if person is None or person.birth_date is None or person.birth_precision != BirthPrecision.DAY:
        return None
    return age_on(person.birth_date, clock.today())


# CARRYING ON ---------------------------------------------------------------


@action
def note_looked(*, by: User, alarm: Alarm) -> None:
    """Keep in the trail that somebody read an alarm. Raises NotAllowed."""
    _check_knows(by, alarm)
    audit.record(LOOKED, by=by, about=alarm)


@action
def record_step(*, by: User, alarm: Alarm, version: int, entry: StepEntry) -> AlarmStep:
    """Say what was done. Raises NotAllowed, Refused, or Conflict where somebody else wrote since `version`."""
    current, now = _current(by, alarm, version), entry.entered_at or clock.now()
    refuse_if_any(
        step_findings(
            state=current.state, kind=entry.kind, whom=entry.whom, receipt=entry.receipt, note=entry.note,
            happened_at=entry.happened_at, discovered_at=current.discovered_at, now=now,
        ),
        acknowledged=False,
    )  # fmt: skip
    step = AlarmStep(
        station=current.station, alarm=current, kind=entry.kind, happened_at=entry.happened_at,
        whom=entry.whom.strip(), receipt=entry.receipt.strip(), note=entry.note.strip(), entered_by=by,
        entered_at=now,
    )  # fmt: skip
    insert([step], by=by)
    _move(current, AFTER[AlarmState(current.state)][entry.kind], by)
    audit.record(STEPPED, by=by, about=current)
    return step


@action
def close_alarm(*, by: User, alarm: Alarm, version: int, reason: CloseReason, note: str) -> Alarm:
    """End an alarm, by another than who raised it. Raises NotAllowed, Refused, Conflict."""
    if not answers_for(by, alarm):
        raise NotAllowed
    current = _current(by, alarm, version)
    found = close_findings(
        state=current.state, reason=reason, note=note, drill=current.drill, by_raiser=current.entered_by_id == by.pk
    )
    refuse_if_any(found, acknowledged=False)
    current.close_reason, current.close_note = reason, note.strip()
    current.closed_at, current.closed_by = clock.now(), by
    _move(current, AFTER[AlarmState(current.state)][CLOSE], by)
    audit.record(CLOSED, by=by, about=current)
    return current


def _check_knows(by: User, alarm: Alarm) -> None:
    if not alarms_visible_to(by).filter(pk=alarm.pk).exists():
        raise NotAllowed


def _current(by: User, alarm: Alarm, version: int) -> Alarm:
    """The alarm as it stands, locked. Raises NotAllowed, Conflict."""
    _check_knows(by, alarm)
    current = Alarm.objects.select_for_update(of=("self",)).get(pk=alarm.pk)
    if current.version != version:
        raise Conflict(current)
    return current


def _move(alarm: Alarm, to: AlarmState, by: User) -> None:
    alarm.state, alarm.version = to, alarm.version + 1
    sign(alarm, by=by)
    alarm.save()


# WHO MAY READ --------------------------------------------------------------


@action
def name_reader(*, by: User, alarm: Alarm, user: User) -> AlarmReader:
    """Let somebody at the station read an alarm. Raises NotAllowed, Refused."""
    _check_names(by, alarm)
    if alarm.state == AlarmState.CLOSED:
        raise Refused([closed_finding()])
    if not may_be_named(alarm, clock.today()).filter(pk=user.pk).exists():
        raise Refused.because("user", "这位同事已经能看，或今天不在本站任职，请另选一位")
    reader = AlarmReader(station=alarm.station, alarm=alarm, user=user, entered_by=by, entered_at=clock.now())
    insert([reader], by=by)
    audit.record(NAMED, by=by, about=alarm, to=user.display_name)
    return reader


@action
def unname_reader(*, by: User, alarm: Alarm, user: User) -> None:
    """Let somebody read an alarm no longer; nothing happens where they did not. Raises NotAllowed."""
    _check_names(by, alarm)
    if readers_of(alarm).filter(user=user).update(ended_at=clock.now()):
        audit.record(UNNAMED, by=by, about=alarm, to=user.display_name)


def _check_names(by: User, alarm: Alarm) -> None:
    _check_knows(by, alarm)
    if not may_name(by, alarm):
        raise NotAllowed


# WHAT THE CITY SAYS --------------------------------------------------------


@action
def set_alarm_rule(*, by: User, hours: int, least: int, starts_on: date, version: int, reason: str) -> AlarmRule:
    """After how many hours an alarm without a report is called overdue, and from how many on the figure is told.

    Raises NotAllowed, Refused, or Conflict where the rule was changed since `version`.
    """
    check_decides(by)
    turn, rules = take_turn(RULE), alarm_rules()
    newest = rules[0] if rules else None
    if turn.version != version:
        raise Conflict(newest)
    refuse_if_any(list(reason_findings(reason)), acknowledged=True)
    if starts_on < clock.today():
        raise Refused.because("starts_on", "请从今天或以后起；已经过去的提醒不会改")
    if newest and starts_on < newest.starts_on:
        raise Refused.because("starts_on", f"已定好从{newest.starts_on:%Y-%m-%d}起的规定，请从这一天或以后起")
    was = _said(newest) if newest else "没有规定"
    if newest and newest.starts_on == starts_on:
        rule = newest
        rule.hours, rule.least = hours, least
    else:
        if newest:
            newest.ends_on = starts_on - timedelta(days=1)
            newest.save(update_fields=["ends_on"])
        rule = AlarmRule(hours=hours, least=least, starts_on=starts_on)
    rule.save()
    turn.version += 1
    turn.save(update_fields=["version"])
    note_decision(
        by=by, subject=RULE, name="安全警报", what=f"改安全警报的规定，从{starts_on:%Y-%m-%d}起", was=was,
        became=_said(rule), reason=reason,
    )  # fmt: skip
    return rule


def _said(rule: AlarmRule) -> str:
    return f"{rule.hours} 小时没有报警记录就提醒，少于 {rule.least} 件不公开"
