"""A case is opened and put right; its risk is said; who works on it is changed."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shuangbai.cases.access import leads
from shuangbai.cases.actions.trail import (
    CHANGED,
    LOOKED,
    OPENED,
    TEAMED,
    WROTE,
    check_sees,
    keep,
    locked,
    not_offered,
    put_move,
)
from shuangbai.cases.enums import KINDS, SOURCES, Consent, Move, Risk, Stage, Urgency
from shuangbai.cases.models import Case, CaseClient, CaseRisk, Session
from shuangbai.cases.queries import about_people, family_entries, may_work_at, still_open, supervisors_of
from shuangbai.cases.rules import case_findings, risk_findings
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Finding, NotAllowed, Refused, Severity, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.households.access import households_visible_to
from shuangbai.households.doubles import groups_of
from shuangbai.households.models import Membership, Person
from shuangbai.network.access import check_reaches
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.roles import Permission

DIGITS = 6
TRIES = 50


@dataclass(slots=True)
class CaseEntry:
    """The record of 接案 as its page says it. `people`: whom the case is about, the first first."""

    source: str
    kind: str
    presenting: str
    people: Sequence[UUID]
    opened_on: date
    urgency: Urgency = Urgency.USUAL
    judgement: str = ""
    accepted_on: date | None = None
    accept_reason: str = ""
    consent: Consent = Consent.PENDING
    consent_on: date | None = None
    consent_reason: str = ""


@dataclass(slots=True)
class OpenEntry:
    """A new case about people of a household. Without a `worker_id` it is whoever opens it."""

    station: OrgUnit
    client_id: UUID
    household_id: UUID
    said: CaseEntry
    risk: Risk | None = None
    risk_reason: str = ""
    worker_id: UUID | None = None
    co_worker_id: UUID | None = None
    supervisor_id: UUID | None = None
    entered_at: datetime | None = None


@dataclass(slots=True)
class TeamEntry:
    """Who works on a case and who watches over it."""

    worker_id: UUID
    co_worker_id: UUID | None = None
    supervisor_id: UUID | None = None


# OPENING -------------------------------------------------------------------


@action
def open_case(*, by: User, entry: OpenEntry, acknowledged: bool = False) -> Case:
    """Open a case; sent twice it is the first. Raises NotAllowed, Refused, NeedsAcknowledgement."""
    check_reaches(by, Permission.WORK_CASES, {entry.station.pk})
    before = Case.objects.filter(station=entry.station, client_id=entry.client_id, entered_by=by).first()
    if before:
        return before
    family = households_visible_to(by, Permission.EDIT_FAMILIES).filter(pk=entry.household_id).first()
    if family is None:
        raise NotAllowed
    case, people = _made(by, entry), _people_of(by, family.pk, entry.said.people)
    found = [*_entry_findings(case, entry.said, people), *_team_findings(by, entry.station, case)]
    if entry.risk:
        found += risk_findings(reason=entry.risk_reason, on=entry.said.opened_on, opened_on=entry.said.opened_on,
                               today=clock.today())  # fmt: skip
    found += _known_already(by, entry.said.people)
    refuse_if_any(found, acknowledged=acknowledged)
    case.number = _number(entry.station, entry.said.opened_on.year)
    insert([case], by=by)
    _put_clients(by, case, people, case.entered_at)
    put_move(by, case, Move.OPEN, None, entry.said.opened_on, at=case.entered_at)
    if entry.risk:
        _put_risk(by, case, entry.risk, entry.said.opened_on, entry.risk_reason, case.entered_at)
    audit.record(OPENED, by=by, about=case)
    return case


def _made(by: User, entry: OpenEntry) -> Case:
    worker = entry.worker_id or by.staff_id
    if worker is None:
        raise Refused.because("worker", "请选由谁主责")
    case = Case(
        station=entry.station, charge=entry.station, client_id=entry.client_id, household_key=entry.household_id,
        risk=entry.risk or "", worker_id=worker, co_worker_id=entry.co_worker_id, supervisor_id=entry.supervisor_id,
        stage=Stage.INTAKE, stage_on=entry.said.opened_on, entered_by=by, entered_at=entry.entered_at or clock.now(),
    )  # fmt: skip
    _say(case, entry.said)
    return case


def _say(case: Case, said: CaseEntry) -> None:
    case.source, case.kind, case.urgency = said.source, said.kind, said.urgency
    case.presenting, case.judgement = said.presenting.strip(), said.judgement.strip()
    case.opened_on, case.accepted_on, case.accept_reason = said.opened_on, said.accepted_on, said.accept_reason.strip()
    case.consent, case.consent_on, case.consent_reason = said.consent, said.consent_on, said.consent_reason.strip()


def _people_of(by: User, household_key: UUID, asked: Sequence[UUID]) -> list[Person]:
    """Those of these who are or were of the family, by any entry of it that `by` sees, in the order asked."""
    entries = family_entries(by, household_key)
    of_family = Membership.objects.filter(household__in=entries, person__in=asked).values("person")
    found = {one.pk: one for one in Person.objects.filter(pk__in=of_family)}
    return [found[pk] for pk in dict.fromkeys(asked) if pk in found]


def _entry_findings(case: Case, said: CaseEntry, people: Sequence[Person]) -> list[Finding]:
    first = Session.objects.filter(case=case, voided_at__isnull=True).order_by("held_on").first()
    return [
        *case_findings(
            presenting=said.presenting, people=len(people), strangers=len(set(said.people)) - len(people),
            opened_on=said.opened_on, accepted_on=said.accepted_on, consent_on=said.consent_on, today=clock.today(),
            beyond_intake=case.stage not in (Stage.INTAKE, Stage.DECLINED), closed_on=case.closed_on,
            first_session=first.held_on if first else None,
        ),
        *not_offered(SOURCES, said.source, said.opened_on, "source"),
        *not_offered(KINDS, said.kind, said.opened_on, "kind"),
    ]  # fmt: skip


def _known_already(by: User, people: Collection[UUID]) -> list[Finding]:
    """A warning, for whoever may know of it, that somebody has an open case already."""
    every = {one for group in groups_of(people).values() for one in group}
    if not still_open(about_people(by, every)).exists():
        return []
    sentence = "所选的人已有一件没有结案的个案；如果说的是同一件事，请到那一件里写，不必再登记"
    return [Finding("open_already", "people", sentence, Severity.WARN)]


def _number(station: OrgUnit, year: int) -> str:
    """A number drawn by lot: whoever knows one can tell neither that there are others nor how many."""
    for _ in range(TRIES):
        number = f"{year}-{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if not Case.objects.filter(station=station, number=number).exists():
            return number
    raise RuntimeError("no number was free")  # a million a year: a defect


def _put_clients(by: User, case: Case, people: Sequence[Person], at: datetime) -> None:
    insert(
        [
            CaseClient(
                id=random_id(), station=case.station, case=case, person_key=one.pk, name=one.name, position=place,
                entered_by=by, entered_at=at,
            )
            for place, one in enumerate(people)
        ],
        by=by,
    )  # fmt: skip


# PUTTING RIGHT -------------------------------------------------------------


@action
def edit_case(*, by: User, case: Case, version: int, entry: CaseEntry, acknowledged: bool = False) -> Case:
    """Put the record of 接案 right, and say whom the case is about. Raises NotAllowed, Refused, Conflict."""
    current = locked(by, case, version)
    rows = list(CaseClient.objects.filter(case=current, ended_on__isnull=True))
    kept = [row.person_key for row in rows]
    people = _people_of(by, current.household_key, entry.people)
    there = {one.pk for one in people}
    gone = [pk for pk in entry.people if pk in kept and pk not in there]  # their file was taken back since
    found = _entry_findings(current, entry, [*people, *(Person(pk=pk) for pk in gone)])
    refuse_if_any(found, acknowledged=acknowledged)
    _say(current, entry)
    if current.stage == Stage.INTAKE and current.stage_on < entry.opened_on:
        current.stage_on = entry.opened_on
    keep(current, by)
    CaseClient.objects.filter(case=current, person_key__in=set(kept) - set(entry.people)).filter(
        ended_on__isnull=True
    ).update(ended_on=clock.today())
    _put_clients(by, current, [one for one in people if one.pk not in kept], clock.now())
    for place, pk in enumerate(dict.fromkeys(entry.people)):
        CaseClient.objects.filter(case=current, person_key=pk, ended_on__isnull=True).update(position=place)
    audit.record(CHANGED, by=by, about=current)
    return current


@action
def set_risk(
    *, by: User, case: Case, level: Risk, on: date, reason: str, entered_at: datetime | None = None
) -> CaseRisk:
    """Say how great the risk is from a day on, and why. Raises NotAllowed, Refused."""
    current = locked(by, case)
    found = risk_findings(reason=reason, on=on, opened_on=current.opened_on, today=clock.today())
    refuse_if_any(found, acknowledged=False)
    row = _put_risk(by, current, level, on, reason, entered_at or clock.now())
    newest = CaseRisk.objects.filter(case=current).order_by("-on", "-entered_at").first()
    current.risk = newest.level if newest else level
    sign(current, by=by)
    current.save()
    audit.record(WROTE, by=by, about=current, what="风险级别")
    return row


def _put_risk(by: User, case: Case, level: Risk, on: date, reason: str, at: datetime) -> CaseRisk:
    row = CaseRisk(
        id=random_id(), station=case.station, case=case, level=level, on=on, reason=reason.strip(), entered_by=by,
        entered_at=at,
    )  # fmt: skip
    insert([row], by=by)
    return row


@action
def note_looked(*, by: User, case: Case) -> None:
    """Keep in the trail that somebody read a case. Raises NotAllowed."""
    check_sees(by, case)
    audit.record(LOOKED, by=by, about=case)


# WHO WORKS ON IT -------------------------------------------------------------


@action
def change_team(*, by: User, case: Case, version: int, entry: TeamEntry) -> Case:
    """Say who works on a case and who watches over it: the head's. Raises NotAllowed, Refused, Conflict.

    The head gives a case to a colleague at once, as the head answers for it; a worker offers it (handing).
    """
    current = locked(by, case, version)
    if not leads(by, current):
        raise NotAllowed
    current.worker_id, current.co_worker_id = entry.worker_id, entry.co_worker_id
    current.supervisor_id = entry.supervisor_id
    refuse_if_any(_team_findings(by, current.charge, current), acknowledged=False)
    keep(current, by)
    audit.record(TEAMED, by=by, about=current)
    return current


def _team_findings(by: User, station: OrgUnit, case: Case) -> list[Finding]:
    """Who works on a case is posted at the station, and two people; others than oneself are named by the head."""
    today, found = clock.today(), []
    wanted = [pk for pk in (case.worker_id, case.co_worker_id) if pk]
    posted = set(may_work_at(station, today).filter(pk__in=wanted).values_list("pk", flat=True))
    if case.worker_id not in posted:
        found.append(Finding("worker", "worker", "主责社工今天不在本站任职，请另选一位"))
    if case.co_worker_id and case.co_worker_id not in posted:
        found.append(Finding("co_worker", "co_worker", "协同社工今天不在本站任职，请另选一位"))
    if case.co_worker_id and case.co_worker_id == case.worker_id:
        found.append(Finding("same", "co_worker", "协同社工要是另一位；没有就不选"))
    if case.supervisor_id and not supervisors_of(station, today).filter(pk=case.supervisor_id).exists():
        found.append(Finding("supervisor", "supervisor", "所选的督导今天不督导本站，请另选一位"))
    if not leads(by, case) and (case.worker_id != by.staff_id or case.co_worker_id):
        found.append(Finding("not_head", "worker", "由别人主责或协同，要请站长来定"))
    return found
