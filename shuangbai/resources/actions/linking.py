"""Writes of links: that a resource reached somebody, corrected, voided."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, Finding, NotAllowed, Refused, refuse_if_any
from shuangbai.core.papers import Paper, drop_paper, keep_paper
from shuangbai.households.access import family_to_write_about
from shuangbai.households.models import Household, HouseholdStation, Membership
from shuangbai.network.access import viewer_of
from shuangbai.network.models import User
from shuangbai.network.roles import Permission
from shuangbai.resources import queries, rules
from shuangbai.resources.access import (
    cases_to_write_in,
    links_visible_to,
    may_void,
    may_write,
    resources_visible_to,
    thing_to_help,
)
from shuangbai.resources.models import Resource, ResourceLink

LINKED = audit.kind("resource.linked", "{by} 记下一次资源链接", placeless=True)
CORRECTED = audit.kind("resource.link_corrected", "{by} 更正了一次资源链接", placeless=True)
VOIDED = audit.kind("resource.link_voided", "{by} 作废了一次资源链接", placeless=True)
LOOKED = audit.kind("resource.receipt_looked", "{by} 打开了一次资源链接的票据", placeless=True)


@dataclass(slots=True)
class LinkEntry:
    """What reached a family, or somebody of it, or was for an activity or a project.

    `only_case`: whoever may not know of the case is not told.
    """

    client_id: UUID
    resource_id: UUID
    occurred_on: date
    household: Household | None = None
    person_id: UUID | None = None
    case_key: UUID | None = None
    only_case: bool = False
    about: tuple[str, UUID] | None = None  # instead of a family: a kind of thing, and which
    quantity: Decimal | None = None
    unit: str = ""
    value: Decimal | None = None
    valued_by: str = ""
    note: str = ""
    result: str = ""
    paper: Paper | None = field(default=None, repr=False)


def save(row: Any, by: User) -> None:
    row.version += 1
    sign(row, by=by)
    row.save()


def station_for(by: User, household: Household) -> UUID:
    """The station of this person that serves the family today. Raises NotAllowed."""
    if family_to_write_about(by, household.pk) is None:
        raise NotAllowed
    own = viewer_of(by).station_ids(Permission.WRITE_RECORDS)
    serving = HouseholdStation.objects.on(clock.today()).filter(household=household, station__in=own)
    found: UUID = serving.order_by("starts_on", "pk").values_list("station_id", flat=True)[0]
    return found


def case_for(by: User, household: Household, case_key: UUID | None) -> UUID | None:
    """The case that was chosen, of those of the family in which this person writes. Raises NotAllowed."""
    if case_key is not None and case_key not in {case.pk for case in cases_to_write_in(by, household.pk)}:
        raise NotAllowed
    return case_key


def is_member(household: Household | None, person_id: UUID | None) -> bool:
    """Whether somebody is or was of the family; nobody in particular always is."""
    if person_id is None:
        return True
    return household is not None and Membership.objects.filter(household=household, person=person_id).exists()


def offered(by: User, resource_id: UUID, kept: UUID | None = None) -> Resource:
    """The resource that somebody chose from the directory that they read, or that the row holds already."""
    found = Resource.objects.filter(pk=resource_id) if kept == resource_id else resources_visible_to(by)
    resource = found.filter(pk=resource_id).first()
    if resource is None:
        raise Refused.because("resource", "请从名录里选一项资源")
    return resource


@action
def link_resource(*, by: User, entry: LinkEntry, acknowledged: bool = False) -> ResourceLink:
    """Note that a resource reached somebody; sent twice it is the first.

    Raises NotAllowed, Refused, NeedsAcknowledgement.
    """
    station, case = _whose(by, entry)
    before = ResourceLink.objects.filter(station=station, client_id=entry.client_id, entered_by=by).first()
    if before:
        return before
    resource = offered(by, entry.resource_id)
    refuse_if_any(_link_findings(entry, resource), acknowledged=acknowledged)
    stored = keep_paper(entry.paper) if entry.paper else ""
    try:
        link = ResourceLink(
            station_id=station, client_id=entry.client_id, entered_by=by, entered_at=clock.now(), stored=stored,
            pages=entry.paper.pages if entry.paper else 0, case_key=case,
            household=None if entry.only_case and case else entry.household,
            **dict(zip(("subject", "subject_key"), entry.about or ("", None), strict=True)), **_told(entry, resource),
        )  # fmt: skip
        insert([link], by=by)
    except BaseException:
        drop_paper(stored)
        raise
    if entry.household:
        queries.drafts_of(by, entry.household.pk, "linking").delete()
    audit.record(LINKED, by=by, about=link)
    return link


def _whose(by: User, entry: LinkEntry) -> tuple[UUID, UUID | None]:
    """The station whose link it is, and the case that it belongs to. Raises NotAllowed."""
    if entry.about is not None:
        thing = thing_to_help(by, *entry.about)
        if thing is None or entry.household or entry.person_id or entry.case_key:
            raise NotAllowed
        return thing.station.pk, None
    if entry.household is None:
        raise NotAllowed
    return station_for(by, entry.household), case_for(by, entry.household, entry.case_key)


def _link_findings(entry: LinkEntry, resource: Resource) -> list[Finding]:
    village = entry.household.village if entry.household else None
    offer = queries.offer_of(resource, entry.occurred_on, village)
    return rules.offer_findings(offer) + rules.link_findings(
        occurred_on=entry.occurred_on, today=clock.today(), is_member=is_member(entry.household, entry.person_id),
        quantity=entry.quantity, unit=entry.unit, value=entry.value, valued_by=entry.valued_by, in_cash=offer.in_cash,
    )  # fmt: skip


def _told(entry: LinkEntry, resource: Resource) -> dict[str, Any]:
    return {
        "resource": resource, "occurred_on": entry.occurred_on,
        "person_id": None if entry.only_case and entry.case_key else entry.person_id,
        "quantity": entry.quantity, "unit": entry.unit.strip(), "in_cash": resource.in_cash, "value": entry.value,
        "valued_by": entry.valued_by, "note": entry.note.strip(), "result": entry.result.strip(),
    }  # fmt: skip


def _current(by: User, link: ResourceLink, version: int) -> ResourceLink:
    """The link as it stands, locked. Raises NotAllowed, Conflict, Refused where it was voided."""
    if not links_visible_to(by).filter(pk=link.pk).exists():
        raise NotAllowed
    current = ResourceLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if current.version != version:
        raise Conflict(current)
    if current.voided_at:
        raise Refused.because("", "这次链接已经作废，不能再改")
    return current


@action
def correct_link(
    *, by: User, link: ResourceLink, version: int, entry: LinkEntry, reason: str, acknowledged: bool = False
) -> ResourceLink:
    """Put a link right under the same rules; what it said stays in its history.

    Raises NotAllowed, Refused, NeedsAcknowledgement, Conflict.
    """
    current = _current(by, link, version)
    if not may_write(by, current):
        raise NotAllowed
    entry.household, entry.case_key = current.household, current.case_key
    entry.only_case = current.household_id is None and current.case_key is not None
    entry.about = (current.subject, current.subject_key) if current.subject_key else None
    resource = offered(by, entry.resource_id, current.resource_id)
    findings = _link_findings(entry, resource) + rules.reason_findings(reason, "为什么更正，如「数量写错了」")
    refuse_if_any(findings, acknowledged=acknowledged)
    for name, value in {**_told(entry, resource), "reason": reason.strip()}.items():
        setattr(current, name, value)
    old, stored = current.stored, keep_paper(entry.paper) if entry.paper else ""
    if entry.paper:
        current.stored, current.pages = stored, entry.paper.pages
    try:
        save(current, by)
    except BaseException:
        drop_paper(stored)
        raise
    if stored and old:
        transaction.on_commit(lambda: drop_paper(old))
    audit.record(CORRECTED, by=by, about=current)
    return current


@action
def void_link(*, by: User, link: ResourceLink, version: int, reason: str) -> ResourceLink:
    """Take a link out of every figure; it stays to be seen, its receipt goes. Raises NotAllowed, Refused, Conflict."""
    current = _current(by, link, version)
    if not may_void(by, current):
        raise NotAllowed
    refuse_if_any(rules.reason_findings(reason, "为什么作废，如「重复登记」"), acknowledged=False)
    stored, current.stored, current.pages = current.stored, "", 0
    current.voided_at, current.voided_by, current.reason = clock.now(), by, reason.strip()
    save(current, by)
    transaction.on_commit(lambda: drop_paper(stored))
    audit.record(VOIDED, by=by, about=current)
    return current


@action
def note_receipt_looked(*, by: User, link: ResourceLink) -> None:
    """Keep in the trail that somebody opened a receipt. Raises NotAllowed."""
    if not link.stored or not links_visible_to(by).filter(pk=link.pk).exists():
        raise NotAllowed
    audit.record(LOOKED, by=by, about=link)
