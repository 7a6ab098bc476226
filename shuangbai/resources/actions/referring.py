"""Writes of referrals: registered, sent, answered, followed up. Each move keeps or closes the reminder of the next."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert
from shuangbai.core.findings import Conflict, Finding, NotAllowed, Refused, refuse_if_any
from shuangbai.followups.access import may_answer
from shuangbai.followups.actions import TaskEntry, answer_task, ask_task
from shuangbai.followups.enums import TaskState
from shuangbai.followups.models import Task
from shuangbai.households.models import Household
from shuangbai.network.models import User
from shuangbai.network.queries import colleagues
from shuangbai.resources import queries, rules
from shuangbai.resources.access import may_write, referrals_visible_to
from shuangbai.resources.actions.linking import case_for, is_member, offered, save, station_for
from shuangbai.resources.enums import Move, ReferralState
from shuangbai.resources.models import Referral, ReferralStep, Resource

STARTED = audit.kind("referral.started", "{by} 登记了一件转介", placeless=True)
CHANGED = audit.kind("referral.changed", "{by} 修改了一件转介", placeless=True)
MOVED = audit.kind("referral.moved", "{by} 在一件转介里记了一步", placeless=True)
PRINTED = audit.kind("referral.printed", "{by} 打印了转介函", placeless=True)


@dataclass(slots=True)
class ReferralEntry:
    """A referral as its page says it: to a resource of the directory, or to `body`. `only_case`: as of a link."""

    client_id: UUID
    asked_on: date
    why: str
    asks: str
    household: Household | None = None
    person_id: UUID | None = None
    case_key: UUID | None = None
    only_case: bool = False
    resource_id: UUID | None = None
    body: str = ""
    contact: str = ""


@dataclass(slots=True)
class MoveEntry:
    """What was done or answered. `next_on`: when somebody is to be reminded; None: as the rules offer."""

    move: Move
    happened_on: date
    whom: str = ""
    note: str = ""
    next_on: date | None = None


@action
def start_referral(*, by: User, entry: ReferralEntry, acknowledged: bool = False) -> Referral:
    """Register a referral; sent twice it is the first. Raises NotAllowed, Refused, NeedsAcknowledgement."""
    if entry.household is None:
        raise NotAllowed
    station, case = station_for(by, entry.household), case_for(by, entry.household, entry.case_key)
    before = Referral.objects.filter(station=station, client_id=entry.client_id, entered_by=by).first()
    if before:
        return before
    resource = offered(by, entry.resource_id) if entry.resource_id else None
    refuse_if_any(_findings(entry, resource), acknowledged=acknowledged)
    referral = Referral(
        station_id=station, client_id=entry.client_id, entered_by=by, entered_at=clock.now(), worker_id=by.staff_id,
        household=None if entry.only_case and case else entry.household, case_key=case, **_told(entry, resource),
    )  # fmt: skip
    insert([referral], by=by)
    queries.drafts_of(by, entry.household.pk, "referring").delete()
    audit.record(STARTED, by=by, about=referral)
    return referral


def _findings(entry: ReferralEntry, resource: Resource | None) -> list[Finding]:
    today, home = clock.today(), entry.household
    found = rules.referral_findings(
        asked_on=entry.asked_on, today=today, is_member=is_member(home, entry.person_id),
        has_target=resource is not None or bool(entry.body.strip()), why=entry.why, asks=entry.asks,
        consented=home is None or queries.consented(home.pk, entry.person_id, today),
    )  # fmt: skip
    if resource is None:
        return found
    offer = queries.offer_of(resource, max(entry.asked_on, today), home.village if home else None)
    return rules.offer_findings(offer) + found


def _told(entry: ReferralEntry, resource: Resource | None) -> dict[str, Any]:
    return {
        "resource": resource, "asked_on": entry.asked_on, "why": entry.why.strip(),
        "person_id": None if entry.only_case and entry.case_key else entry.person_id,
        "body": entry.body.strip() or (resource.provider if resource else ""),
        "contact": entry.contact.strip() or (resource.contact if resource else ""), "asks": entry.asks.strip(),
    }  # fmt: skip


def _current(by: User, referral: Referral, version: int) -> Referral:
    """The referral as it stands, locked. Raises NotAllowed, Conflict."""
    if not referrals_visible_to(by).filter(pk=referral.pk).exists() or not may_write(by, referral):
        raise NotAllowed
    current = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    if current.version != version:
        raise Conflict(current)
    return current


@action
def change_referral(
    *, by: User, referral: Referral, version: int, entry: ReferralEntry, acknowledged: bool = False
) -> Referral:
    """Change what is asked, until it is sent. Raises NotAllowed, Refused, NeedsAcknowledgement, Conflict."""
    current = _current(by, referral, version)
    if current.state != ReferralState.DRAFT:
        raise Refused.because("", "转介已经发出，不能再改；有变化请记一步，或另登记一件")
    entry.household, entry.case_key = current.household, current.case_key
    entry.only_case = current.household_id is None
    resource = offered(by, entry.resource_id, current.resource_id) if entry.resource_id else None
    refuse_if_any(_findings(entry, resource), acknowledged=acknowledged)
    for name, value in _told(entry, resource).items():
        setattr(current, name, value)
    save(current, by)
    audit.record(CHANGED, by=by, about=current)
    return current


@action
def move_referral(*, by: User, referral: Referral, version: int, entry: MoveEntry) -> Referral:
    """Note what was done or answered; the reminder of before is closed by it, and the next one is set.

    Raises NotAllowed, Refused, or Conflict where somebody else wrote since `version`.
    """
    current, today = _current(by, referral, version), clock.today()
    latest = queries.steps_of(current).last()
    findings = rules.move_findings(
        state=current.state, move=entry.move, happened_on=entry.happened_on, today=today, note=entry.note,
        since=latest.happened_on if latest else current.asked_on, next_on=entry.next_on,
    )  # fmt: skip
    if entry.move == Move.SEND and current.resource:
        village = current.household.village if current.household else None
        offer = queries.offer_of(current.resource, entry.happened_on, village)
        findings += [one for one in rules.offer_findings(offer, "") if one.code != "area"]
    refuse_if_any(findings, acknowledged=False)
    to = rules.AFTER[ReferralState(current.state)][entry.move]
    step = ReferralStep(
        station=current.station, referral=current, move=entry.move, became=to, happened_on=entry.happened_on,
        whom=entry.whom.strip(), note=entry.note.strip(), entered_by=by, entered_at=clock.now(),
    )  # fmt: skip
    insert([step], by=by)
    if entry.move == Move.SEND:
        current.sent_on = entry.happened_on
    current.state = to
    _remind(by, current, entry, today)
    save(current, by)
    audit.record(MOVED, by=by, about=current)
    return current


def _remind(by: User, referral: Referral, entry: MoveEntry, today: date) -> None:
    """The open reminder is answered by this step; the next is asked for where the state awaits something."""
    open_task = Task.objects.filter(state=TaskState.OPEN, pk__in=[referral.reminder_id]).first()
    if open_task and may_answer(by, open_task):
        answer_task(by=by, task=open_task, version=open_task.version, answer=f"转介：{entry.move.label}")
    awaited = rules.AWAITED.get(ReferralState(referral.state))
    referral.reminder, referral.next_on = None, None
    if awaited is None:
        if entry.next_on and rules.AFTER[ReferralState(referral.state)]:
            referral.next_on = entry.next_on
        return
    words, within = awaited
    referral.next_on = entry.next_on or today + within
    if referral.household is not None and referral.case_key is None:  # a task would tell of the case
        here = colleagues(station_for(by, referral.household), today).filter(pk__in=[referral.worker_id])
        said = TaskEntry(
            referral.household, f"{words}：{referral.body}"[:200], referral.next_on, by_visit=False,
            assignee_id=referral.worker_id if here.exists() else None,
        )  # fmt: skip
        referral.reminder = ask_task(by=by, entry=said)


@action
def note_letter_taken(*, by: User, referral: Referral) -> None:
    """Keep in the trail that somebody printed the letter. Raises NotAllowed."""
    if not referrals_visible_to(by).filter(pk=referral.pk).exists() or not may_write(by, referral):
        raise NotAllowed
    audit.record(PRINTED, by=by, about=referral)
