"""Calling many stations to something, changing the call, joining and leaving."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max, Min

from shuangbai.campaigns import rules
from shuangbai.campaigns.access import check_calls, joining_station
from shuangbai.campaigns.enums import CallKind
from shuangbai.campaigns.models import Call, Joining
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, Door, Finding, NotAllowed, judge, refuse_if_any
from shuangbai.network.access import check_reaches
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.roles import Permission
from shuangbai.services.actions import change_campaign, open_campaign
from shuangbai.services.models import Campaign, ServiceRecord

CHANGED = audit.kind("campaign.changed", "{by} 改了「{name}」的日子或要求")
JOINED = audit.kind("campaign.joined", "{by} 让本站加入「{name}」")
LEFT = audit.kind("campaign.left", "{by} 让本站退出「{name}」")


@dataclass(slots=True)
class CallEntry:
    """A campaign or a series as the centre writes it. `client_id` makes its code: sent twice it is one."""

    owner: OrgUnit
    client_id: UUID
    name: str
    first: date
    last: date
    kind: CallKind = CallKind.CAMPAIGN
    aim: str = ""
    asked: str = ""

    @property
    def code(self) -> str:
        return f"c{self.client_id.hex[:12]}"


def _findings(entry: CallEntry, campaign: Campaign | None) -> list[Finding]:
    alike = Campaign.objects.touching(entry.first, max(entry.first, entry.last)).filter(name=entry.name.strip())
    carried = None
    if campaign:
        alike = alike.exclude(pk=campaign.pk)
        records = ServiceRecord.objects.filter(campaign=campaign, voided_at__isnull=True)
        days = records.aggregate(first=Min("occurred_on"), last=Max("occurred_on"))
        carried = (days["first"], days["last"]) if days["first"] else None
    return rules.call_findings(
        name=entry.name, first=entry.first, last=entry.last, taken=alike.exists(), carried=carried
    )


@action
def call_campaign(*, by: User, entry: CallEntry) -> Campaign:
    """Call the stations below a unit to something. Raises Refused, NotAllowed; sent twice it is the first."""
    check_calls(by, entry.owner)
    before = Campaign.objects.filter(code=entry.code, owner=entry.owner).first()
    if before:
        return before
    refuse_if_any(judge(_findings(entry, None), Door.PAGE, rules.DOORS), acknowledged=False)
    campaign = open_campaign(
        by=by, owner=entry.owner, code=entry.code, name=entry.name.strip(), first=entry.first, last=entry.last
    )
    insert([_written(Call(campaign=campaign, entered_by=by), entry)], by=by)
    return campaign


def _written(call: Call, entry: CallEntry) -> Call:
    call.kind, call.aim, call.asked = entry.kind, entry.aim.strip(), entry.asked.strip()
    return call


@action
def change_call(*, by: User, campaign: Campaign, version: int, entry: CallEntry) -> Campaign:
    """Change a call: name, days, what is asked; version 0 where nothing was said so far. Raises Conflict besides."""
    check_calls(by, campaign.owner)
    current = Campaign.objects.select_for_update(of=("self",)).select_related("owner").get(pk=campaign.pk)
    call = Call.objects.filter(campaign=current).first()
    if (call.version if call else 0) != version:
        raise Conflict(call)
    refuse_if_any(judge(_findings(entry, current), Door.PAGE, rules.DOORS), acknowledged=False)
    change_campaign(campaign=current, name=entry.name.strip(), first=entry.first, last=entry.last)
    if call is None:
        insert([_written(Call(campaign=current, entered_by=by), entry)], by=by)
    else:
        call.version += 1
        sign(_written(call, entry), by=by)
        call.save()
    audit.record(CHANGED, by=by, about=current, name=current.name)
    return current


@action
def join_campaign(*, by: User, campaign: Campaign) -> Joining:
    """Let one's own station take part; joined before, nothing changes. Raises Refused, NotAllowed."""
    station = joining_station(by, campaign)
    if station is None:
        raise NotAllowed
    findings = rules.join_findings(last=campaign.ends_on, today=clock.today())
    refuse_if_any(judge(findings, Door.PAGE, rules.DOORS), acknowledged=False)
    known = Joining.objects.filter(station=station, campaign=campaign, left_on__isnull=True).first()
    if known:
        return known
    joining = Joining(station=station, campaign=campaign, joined_on=clock.today(), entered_by=by)
    insert([joining], by=by)
    audit.record(JOINED, by=by, about=joining, name=campaign.name)
    return joining


@action
def leave_campaign(*, by: User, joining: Joining) -> Joining:
    """Let a station take part no longer; its records keep the campaign. Raises NotAllowed."""
    check_reaches(by, Permission.WRITE_RECORDS, {joining.station_id})
    current = Joining.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=joining.pk)
    if current.left_on is None:
        current.left_on = clock.today()
        sign(current, by=by)
        current.save()
        audit.record(LEFT, by=by, about=current, name=current.campaign.name)
    return current
