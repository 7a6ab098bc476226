"""Writes about teams and organisations: formed, changed, carried on from stage to stage, joined and left."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from shuangbai.codes.queries import unoffered
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Finding, NotAllowed, Refused, refuse_if_any
from shuangbai.network.access import check_reaches
from shuangbai.network.models import User
from shuangbai.network.roles import Permission
from shuangbai.services.rules import code_findings
from shuangbai.volunteers.access import may_look_after
from shuangbai.volunteers.actions.people import changed_words, current
from shuangbai.volunteers.entries import OrganisationEntry, TeamEntry
from shuangbai.volunteers.enums import TEAM_KINDS, TeamRole, TeamStage
from shuangbai.volunteers.models import Organisation, OrganisationHelp, Team, TeamMember, TeamState, Volunteer
from shuangbai.volunteers.rules import member_findings, organisation_findings, stage_findings, team_findings

FORMED = audit.kind("team.formed", "{by} 登记了志愿队「{name}」")
TEAM_CHANGED = audit.kind("team.changed", "{by} 改了志愿队「{name}」：{fields}")
MOVED = audit.kind("team.moved", "{by} 记下志愿队「{name}」{stage}，依据：{reason}")
JOINED = audit.kind("team.joined", "{by} 把一位志愿者记入志愿队「{name}」")
GONE = audit.kind("team.gone", "{by} 记下一位志愿者离开志愿队「{name}」")
ORGANISATION = audit.kind("organisation.entered", "{by} 登记了社区社会组织「{name}」")
ORGANISATION_CHANGED = audit.kind("organisation.changed", "{by} 改了社区社会组织「{name}」：{fields}")
HELPED = audit.kind("organisation.helped", "{by} 记下了对「{name}」的扶持")


# TEAMS ---------------------------------------------------------------------


def _team_findings(entry: TeamEntry, besides: UUID | None = None) -> list[Finding]:
    name = entry.name.strip()
    twice = Team.objects.filter(station=entry.station, name=name).exclude(pk__in=[besides] if besides else []).exists()
    found = team_findings(name=entry.name, founded_on=entry.founded_on, today=clock.today(), twice=twice)
    kinds = unoffered(TEAM_KINDS, [entry.kind], entry.founded_on)
    return found + code_findings("kind", TEAM_KINDS.name, kinds, entry.founded_on)


@action
def form_team(*, by: User, entry: TeamEntry) -> Team:
    """A team with the stage in which it begins; sent twice it is the first. Raises NotAllowed, Refused."""
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk})
    before = Team.objects.filter(station=entry.station, client_id=entry.client_id).first()
    if before:
        return before
    refuse_if_any(_team_findings(entry), acknowledged=True)
    now = entry.entered_at or clock.now()
    team = Team(
        station=entry.station, client_id=entry.client_id, name=entry.name.strip(), kind=entry.kind,
        village_id=entry.village_id, founded_on=entry.founded_on, founder=entry.founder.strip(),
        aim=entry.aim.strip(), note=entry.note.strip(), entered_by=by, entered_at=now,
    )  # fmt: skip
    stage = entry.stage or TeamStage.GATHERING
    state = TeamState(
        station=entry.station, team=team, stage=stage, starts_on=entry.founded_on, reason="登记时", entered_by=by,
        entered_at=now,
    )  # fmt: skip
    insert([team], by=by)
    insert([state], by=by)
    audit.record(FORMED, by=by, about=team, name=team.name)
    return team


@action
def change_team(*, by: User, team: Team, version: int, entry: TeamEntry) -> Team:
    """Correct what is said of a team. Raises NotAllowed, Conflict, Refused."""
    row: Team = current(by, team, version)
    entry.station = row.station  # type: ignore[assignment]
    found = _team_findings(entry, row.pk)
    first = row.states.order_by("starts_on")[0]
    following = row.states.filter(starts_on__gt=first.starts_on).order_by("starts_on").first()
    earliest = row.members.order_by("starts_on").values_list("starts_on", flat=True).first()
    if (following and entry.founded_on >= following.starts_on) or (earliest and entry.founded_on > earliest):
        sentence = "成立日期晚于已经登记的状态变化或队员入队日期，请核对"
        found.append(Finding("founded_late", "founded_on", sentence))
    refuse_if_any(found, acknowledged=True)
    changes = {
        "name": entry.name.strip(), "kind": entry.kind, "village_id": entry.village_id,
        "founded_on": entry.founded_on, "founder": entry.founder.strip(), "aim": entry.aim.strip(),
        "note": entry.note.strip(),
    }  # fmt: skip
    words = changed_words(row, changes)
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    sign(row, by=by)
    row.save()
    if first.starts_on != row.founded_on:
        first.starts_on = row.founded_on
        first.save(update_fields=["starts_on"])
    audit.record(TEAM_CHANGED, by=by, about=row, name=row.name, fields=words)
    return row


@action
def move_team(*, by: User, team: Team, version: int, to: str, on: date, reason: str) -> TeamState:
    """Say that a team is in another stage from a day on, and why. Raises NotAllowed, Conflict, Refused."""
    row: Team = current(by, team, version)
    now = TeamState.objects.select_for_update(of=("self",)).get(team=row, ends_on__isnull=True)
    found = stage_findings(stage=now.stage, to=to, on=on, since=now.starts_on, today=clock.today(), reason=reason)
    refuse_if_any(found, acknowledged=True)
    now.ends_on = on - timedelta(days=1)
    now.save(update_fields=["ends_on"])
    state = TeamState(
        station_id=row.station_id, team=row, stage=to, starts_on=on, reason=reason.strip()[:200], entered_by=by,
        entered_at=clock.now(),
    )  # fmt: skip
    insert([state], by=by)
    row.version += 1
    sign(row, by=by, reason=state.reason[:100])
    row.save()
    said = {"name": row.name, "stage": TeamStage(to).label, "reason": state.reason[:100]}
    audit.record(MOVED, by=by, about=row, **said)
    return state


@action
def join_team(
    *, by: User, team: Team, volunteer: Volunteer, starts_on: date, role: str = TeamRole.MEMBER
) -> TeamMember:
    """Somebody is of a team from a day on. Raises NotAllowed, Refused."""
    if not may_look_after(by, team.station_id) or volunteer.station_id != team.station_id:
        raise NotAllowed
    later = Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
    found = member_findings(
        starts_on=starts_on, ends_on=None, founded_on=team.founded_on, since=volunteer.since, until=volunteer.until,
        today=clock.today(), already=TeamMember.objects.filter(later, team=team, volunteer=volunteer).exists(),
    )  # fmt: skip
    refuse_if_any([*found, *_leader_findings(team, role)], acknowledged=True)
    row = TeamMember(
        station_id=team.station_id, team=team, volunteer=volunteer, role=role, starts_on=starts_on, entered_by=by,
        entered_at=clock.now(),
    )  # fmt: skip
    insert([row], by=by)
    audit.record(JOINED, by=by, about=row, name=team.name)
    return row


def _leader_findings(team: Team, role: str, besides: UUID | None = None) -> list[Finding]:
    leads = TeamMember.objects.filter(team=team, role=TeamRole.LEADER, ends_on__isnull=True).exclude(
        pk__in=[besides] if besides else []
    )
    if role == TeamRole.LEADER and leads.exists():
        return [Finding("leader_already", "role", "这支队已有队长；换队长请先把现任改为队员或记下离队")]
    return []


@action
def end_membership(*, by: User, member: TeamMember, ends_on: date) -> TeamMember:
    """Somebody is of a team no longer after a day. Raises NotAllowed, Refused."""
    row = _member(by, member)
    found = member_findings(
        starts_on=row.starts_on, ends_on=ends_on, founded_on=row.team.founded_on, since=row.starts_on, until=None,
        today=clock.today(), already=False,
    )  # fmt: skip
    refuse_if_any(found, acknowledged=True)
    row.ends_on = ends_on
    sign(row, by=by)
    row.save()
    audit.record(GONE, by=by, about=row, name=row.team.name)
    return row


@action
def change_role(*, by: User, member: TeamMember, role: str) -> TeamMember:
    """What somebody does in their team. Raises NotAllowed, Refused."""
    row = _member(by, member)
    refuse_if_any(_leader_findings(row.team, role, row.pk), acknowledged=True)
    row.role = role
    sign(row, by=by)
    row.save()
    audit.record(JOINED, by=by, about=row, name=row.team.name)
    return row


def _member(by: User, member: TeamMember) -> TeamMember:
    """A membership that holds, locked. Raises NotAllowed, Refused."""
    rows = TeamMember.objects.select_for_update(of=("self",)).select_related("team", "volunteer__person")
    row = rows.get(pk=member.pk)
    if not may_look_after(by, row.station_id):
        raise NotAllowed
    if row.ends_on:
        raise Refused.because("ends_on", "这位队员已经记下离队，不必再改")
    return row


# ORGANISATIONS --------------------------------------------------------------


def _said(entry: OrganisationEntry) -> dict[str, object]:
    return {
        "name": entry.name.strip(), "kind": entry.kind, "standing": entry.standing, "number": entry.number.strip(),
        "registered_on": entry.registered_on, "village_id": entry.village_id, "contact": entry.contact.strip(),
        "members": entry.members, "ended_on": entry.ended_on, "note": entry.note.strip(),
    }  # fmt: skip


def _organisation_findings(entry: OrganisationEntry, besides: UUID | None = None) -> list[Finding]:
    twice = (
        Organisation.objects.filter(station=entry.station, name=entry.name.strip())
        .exclude(pk__in=[besides] if besides else [])
        .exists()
    )
    found = organisation_findings(
        name=entry.name, standing=entry.standing, number=entry.number, registered_on=entry.registered_on,
        today=clock.today(), twice=twice,
    )  # fmt: skip
    if entry.ended_on and entry.ended_on > clock.today():
        found.append(Finding("ended_future", "ended_on", "停止活动的日期在今天之后，请到时再记"))
    return found


@action
def enter_organisation(*, by: User, entry: OrganisationEntry, acknowledged: bool = False) -> Organisation:
    """An organisation of the neighbourhood; sent twice it is the first. Raises NotAllowed, Refused."""
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk})
    before = Organisation.objects.filter(station=entry.station, client_id=entry.client_id).first()
    if before:
        return before
    refuse_if_any(_organisation_findings(entry), acknowledged=acknowledged)
    row = Organisation(
        station=entry.station, client_id=entry.client_id, entered_by=by, entered_at=clock.now(), **_said(entry)
    )
    insert([row], by=by)
    audit.record(ORGANISATION, by=by, about=row, name=row.name)
    return row


@action
def change_organisation(
    *, by: User, organisation: Organisation, version: int, entry: OrganisationEntry, acknowledged: bool = False
) -> Organisation:
    """Correct what is said of an organisation. Raises NotAllowed, Conflict, Refused."""
    row: Organisation = current(by, organisation, version)
    entry.station = row.station  # type: ignore[assignment]
    refuse_if_any(_organisation_findings(entry, row.pk), acknowledged=acknowledged)
    changes = _said(entry)
    words = changed_words(row, changes)
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    sign(row, by=by)
    row.save()
    audit.record(ORGANISATION_CHANGED, by=by, about=row, name=row.name, fields=words)
    return row


@action
def note_help(*, by: User, organisation: Organisation, happened_on: date, what: str) -> OrganisationHelp:
    """What the station did for an organisation on a day. Raises NotAllowed, Refused."""
    if not may_look_after(by, organisation.station_id):
        raise NotAllowed
    if len(what.strip()) < 2:
        raise Refused.because("what", "请写明做了什么，如「协助备案」「提供场地」")
    if happened_on > clock.today():
        raise Refused.because("happened_on", "日期在今天之后，请到时再记")
    row = OrganisationHelp(
        station_id=organisation.station_id, organisation=organisation, happened_on=happened_on,
        what=what.strip()[:200], entered_by=by, entered_at=clock.now(),
    )  # fmt: skip
    insert([row], by=by)
    audit.record(HELPED, by=by, about=row, name=organisation.name)
    return row
