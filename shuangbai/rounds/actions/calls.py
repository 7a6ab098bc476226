"""Making a list of calls, entering calls of it, opening its telephone numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert
from shuangbai.core.findings import Door, Finding, NeedsAcknowledgement, NotAllowed, Refused, Severity, refuse_if_any
from shuangbai.core.ids import new_id
from shuangbai.households.access import households_visible_to
from shuangbai.households.actions import UNMASKED
from shuangbai.households.models import Household
from shuangbai.households.queries import served_by
from shuangbai.network.access import check_reaches
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.roles import Permission
from shuangbai.rounds.models import CallList, CallListItem, CallMade
from shuangbai.rounds.queries import Criteria, call_rows
from shuangbai.rounds.rules import call_list_findings
from shuangbai.services.actions import sent_before
from shuangbai.services.models import Campaign
from shuangbai.upkeep.alerts import check_may_open, tell_auditor
from shuangbai.visits.actions import VisitEntry, grid_drafts, record_visits
from shuangbai.visits.models import Visit
from shuangbai.visits.queries import last_met

LISTED = audit.kind("calls.listed", "{by} 列出了一份电访名单「{name}」，{count} 户", label="列出电访名单")
CALLED = audit.kind("calls.entered", "{by} 录入了名单「{name}」的 {count} 户电访", label="录入名单的电访")


@dataclass(slots=True)
class CallListEntry:
    """A list as it comes from its page: the families in the order in which they are to be called."""

    station: OrgUnit
    name: str
    household_ids: Sequence[UUID]
    criteria: Criteria
    campaign: Campaign | None = None


@dataclass(slots=True)
class CallEntry:
    """A call as it was typed; `seen` is how many calls of the family the page knew of."""

    visit: VisitEntry
    seen: int


@action
def make_call_list(*, by: User, entry: CallListEntry) -> CallList:
    """Keep a list of families to be called. Raises NotAllowed for a family that the station does not serve."""
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk})
    ids = list(dict.fromkeys(entry.household_ids))
    refuse_if_any(call_list_findings(name=entry.name, families=len(ids)), acknowledged=False)
    day = clock.today()
    served = served_by(households_visible_to(by, Permission.WRITE_RECORDS), entry.station.pk, day)
    if served.filter(pk__in=ids).count() != len(ids):
        raise NotAllowed
    made = CallList(
        station=entry.station, name=entry.name.strip()[:40], day=day, criteria=entry.criteria.as_codes(),
        campaign=entry.campaign, entered_at=clock.now(), entered_by=by,
    )  # fmt: skip
    insert([made], by=by)
    met = last_met(ids)
    common = {"station": made.station, "call_list": made}
    insert(
        [
            CallListItem(id=new_id(), household_id=pk, position=place, met_on=met.get(pk), **common)
            for place, pk in enumerate(ids, 1)
        ]
    )
    audit.record(LISTED, by=by, about=made, name=made.name, count=len(ids))
    return made


@action
def record_calls(
    *, by: User, call_list: CallList, entries: Sequence[CallEntry], drafted: bool = False, acknowledged: bool = False
) -> list[Visit]:
    """Record calls of a list as visits, all or none. One sent before is given back as it stands. A draft goes with it.

    Raises NotAllowed for a family not on the list, Refused as `record_visits`; NeedsAcknowledgement where somebody has
    called a family since the page was opened.
    """
    check_reaches(by, Permission.WRITE_RECORDS, {call_list.station_id})
    current = CallList.objects.select_for_update().get(pk=call_list.pk)
    items = {item.household_id: item for item in current.items.all()}
    if any(entry.visit.household_id not in items or entry.visit.station.pk != current.station_id for entry in entries):
        raise NotAllowed
    known = sent_before([entry.visit for entry in entries])
    fresh = [entry for entry in entries if (entry.visit.station.pk, entry.visit.client_id) not in known]
    meanwhile = _called_meanwhile(current, fresh)
    if meanwhile and not acknowledged:
        raise NeedsAcknowledgement(meanwhile)
    visits = record_visits(by=by, entries=[entry.visit for entry in entries], door=Door.PAGE, acknowledged=acknowledged)
    new = {entry.visit.client_id for entry in fresh}
    made = [
        CallMade(id=new_id(), station_id=current.station_id, item=items[entry.visit.household_id], record=visit.record)
        for entry, visit in zip(entries, visits, strict=True)
        if entry.visit.client_id in new
    ]
    insert(made)
    if drafted:
        grid_drafts(by, current.station, str(current.pk)).delete()
    if made:
        audit.record(CALLED, by=by, about=current, name=current.name, count=len(made))
    return visits


def _called_meanwhile(call_list: CallList, fresh: Sequence[CallEntry]) -> list[Finding]:
    """A sentence for each family that was called by somebody since the page was opened."""
    calls = {entry: row.calls for row in call_rows(call_list) for entry in row.entries}
    found = []
    for entry in fresh:
        standing = calls.get(entry.visit.household_id, [])
        if len(standing) <= entry.seen:
            continue
        record = standing[-1].record
        told = f"{record.entered_by.display_name}已经打过这一户（{record.visit.get_result_display()}）"
        sentence = f"您打开这一页以后，{told}；确实又打了一次再照此保存，没打请点「没打」"
        found.append(Finding("called_meanwhile", f"{entry.visit.row}-result", sentence, Severity.WARN))
    return found


@action
def open_numbers(*, by: User, call_list: CallList, households: Sequence[Household], reason: str) -> None:
    """Keep in the trail that the numbers of these families of a list are opened, one entry a family.

    Raises NotAllowed, Refused without a reason, TooOften beyond what one may open in an hour.
    """
    check_reaches(by, Permission.WRITE_RECORDS, {call_list.station_id})
    ids = [home.pk for home in households]
    allowed = households_visible_to(by, Permission.OPEN_MASKED).filter(pk__in=ids).count()
    on_it = call_list.items.filter(household__in=ids).count()
    if not allowed == on_it == len(ids):
        raise NotAllowed
    if len(reason.strip()) < 2:
        raise Refused.because("reason", "请选择为什么要看这些号码")
    check_may_open(by=by, many=len(ids))
    said: dict[str, Any] = {"what": "联系电话", "reason": reason.strip()[:100], "count": 1, "keys": ["phone"]}
    audit.record_all([audit.entry(UNMASKED, by=by, about=home, **said) for home in households])
    tell_auditor(by=by)
