"""Writes about a team's own page: its secret address, what a leader hands in, what the station makes of it."""

from datetime import date
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert
from shuangbai.core.crypto import lookup_hash
from shuangbai.core.findings import Conflict, Finding, NotAllowed, Refused, refuse_if_any
from shuangbai.core.strangers import new_token
from shuangbai.network.models import User
from shuangbai.volunteers.access import may_look_after
from shuangbai.volunteers.actions.hours import record_team_service
from shuangbai.volunteers.entries import HoursEntry, TeamReportEntry, TeamServiceEntry
from shuangbai.volunteers.enums import ReportState, TeamStage
from shuangbai.volunteers.models import (
    Team,
    TeamLink,
    TeamMember,
    TeamReport,
    TeamReportHelper,
    TeamService,
    TeamState,
    Volunteer,
)
from shuangbai.volunteers.queries import elsewhere, handed_in_on, link_holds
from shuangbai.volunteers.rules import LINK_MONTHS, Worked, hours_findings, reason_findings, report_findings

OPENED = audit.kind("team_link.opened", "{by} 为志愿队「{name}」开了队长页，用到{until}")
SWITCHED_OFF = audit.kind("team_link.ended", "{by} 停用了志愿队「{name}」的队长页")
SENT = audit.kind("team_report.sent", "{by} 收到志愿队「{name}」从队长页交来的一次服务")
AMENDED = audit.kind("team_report.amended", "{by} 收到志愿队「{name}」从队长页改过的一次服务")
WITHDRAWN = audit.kind("team_report.withdrawn", "{by} 收到志愿队「{name}」从队长页对一次服务的收回")
ACCEPTED = audit.kind("team_report.accepted", "{by} 核对并记入志愿队「{name}」交来的一次服务")
RETURNED = audit.kind("team_report.returned", "{by} 退回志愿队「{name}」交来的一次服务，理由：{reason}")
REFUSED = audit.kind("team_report.refused", "{by} 没有采用志愿队「{name}」交来的一次服务，理由：{reason}")


# THE ADDRESS ---------------------------------------------------------------


@action
def open_link(*, by: User, team: Team, months: int) -> tuple[TeamLink, str]:
    """A secret address for a team's page; the one before opens nothing any more. Raises NotAllowed, Refused.

    The second of the pair is the word of the address: this is the only moment at which it is in clear.
    """
    row = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    if not may_look_after(by, row.station_id):
        raise NotAllowed
    if months not in LINK_MONTHS:
        raise Refused.because("months", "请选用几个月")
    if TeamState.objects.filter(team=row, ends_on__isnull=True, stage=TeamStage.ENDED).exists():
        raise Refused.because("months", "这支队已停止活动；又做起来的话，先改它的状态，再开队长页")
    now = clock.now()
    TeamLink.objects.filter(team=row, ended_at=None).update(ended_at=now)
    token = new_token()
    link = TeamLink(
        station_id=row.station_id, team=row, token_hash=lookup_hash(token, "team.link"),
        ends_on=_after(clock.today(), months), entered_by=by, entered_at=now,
    )  # fmt: skip
    insert([link], by=by)
    audit.record(OPENED, by=by, about=link, name=row.name, until=f"{link.ends_on:%Y-%m-%d}")
    return link, token


def _after(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, min(day.day, 28))


@action
def end_link(*, by: User, team: Team) -> None:
    """The team's page opens no more. Raises NotAllowed, Refused."""
    if not may_look_after(by, team.station_id):
        raise NotAllowed
    link = TeamLink.objects.select_for_update(of=("self",)).filter(team=team, ended_at=None).first()
    if link is None:
        raise Refused.because("", "这支队没有开着的队长页")
    link.ended_at = clock.now()
    link.save(update_fields=["ended_at"])
    audit.record(SWITCHED_OFF, by=by, about=link, name=team.name)


# WHAT A LEADER HANDS IN ----------------------------------------------------


@action
def send_report(*, link: TeamLink, entry: TeamReportEntry) -> TeamReport:
    """What a team did on its own, by whoever holds the link; sent twice it is the first. Raises NotAllowed, Refused."""
    team = _team(link)
    before = TeamReport.objects.filter(station=team.station_id, client_id=entry.client_id).first()
    if before is not None:
        if before.team_id != team.pk:
            raise NotAllowed
        return before
    refuse_if_any(_findings(team, entry), acknowledged=True)
    report = TeamReport(station_id=team.station_id, team=team, client_id=entry.client_id, sent_at=clock.now())
    _say(report, entry)
    insert([report], by=None)
    _name(report, entry)
    audit.record(SENT, by=None, about=report, name=team.name)
    return report


@action
def amend_report(*, link: TeamLink, report: TeamReport, version: int, entry: TeamReportEntry) -> TeamReport:
    """Say otherwise what waits, or was sent back; it waits again. Raises NotAllowed, Conflict, Refused."""
    team = _team(link)
    row = _open_to_leader(team, report, version)
    refuse_if_any(_findings(team, entry, row), acknowledged=True)
    _say(row, entry)
    row.state, row.answer, row.decided_by, row.decided_at = ReportState.WAITING, "", None, None
    row.version += 1
    row.save()
    row.helpers.all().delete()
    _name(row, entry)
    audit.record(AMENDED, by=None, about=row, name=team.name)
    return row


@action
def withdraw_report(*, link: TeamLink, report: TeamReport, version: int) -> TeamReport:
    """It was handed in by mistake. Raises NotAllowed, Conflict, Refused."""
    team = _team(link)
    row = _open_to_leader(team, report, version)
    row.state, row.decided_by, row.decided_at = ReportState.WITHDRAWN, None, None
    row.version += 1
    row.save()
    audit.record(WITHDRAWN, by=None, about=row, name=team.name)
    return row


def _team(link: TeamLink) -> Team:
    """The link's team, locked: one after the other, so that the ceiling holds. Raises NotAllowed."""
    team = Team.objects.select_for_update(of=("self",)).get(pk=link.team_id)
    if not link_holds(TeamLink.objects.select_related("station").get(pk=link.pk), clock.today()):
        raise NotAllowed
    return team


def _open_to_leader(team: Team, report: TeamReport, version: int) -> TeamReport:
    row = TeamReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if row.team_id != team.pk:
        raise NotAllowed
    if row.state not in (ReportState.WAITING, ReportState.RETURNED):
        raise Refused.because("", "社工站已经办完这一次，不能再改；有不对的请给社工站打电话")
    if row.version != version:
        raise Conflict(row)
    return row


def _findings(team: Team, entry: TeamReportEntry, before: TeamReport | None = None) -> list[Finding]:
    waits = TeamReport.objects.filter(team=team, state=ReportState.WAITING).exclude(
        pk__in=[before.pk] if before else []
    )
    found = report_findings(
        occurred_on=entry.occurred_on, today=clock.today(), founded_on=team.founded_on, title=entry.title,
        people=entry.people, named=len(entry.helpers), waiting=waits.count(),
    )  # fmt: skip
    day = entry.occurred_on
    members = TeamMember.objects.on(day).filter(team=team, volunteer__in=[pk for pk, _ in entry.helpers])
    there = {row.volunteer_id: row.volunteer for row in members.select_related("volunteer__person")}
    strangers = [pk for pk, _ in entry.helpers if pk not in there]
    if strangers:
        people = Volunteer.objects.filter(pk__in=strangers, teams__team=team).select_related("person").distinct()
        names = "、".join(sorted(one.called for one in people))
        found.append(
            Finding("not_member", "volunteers", f"{names or '有人'}那天不是队员，请去掉，或请社工站核对入队日期")
        )
    return found + _hours_findings(team, entry, there, before)


def _hours_findings(
    team: Team, entry: TeamReportEntry, there: dict[UUID, Volunteer], before: TeamReport | None
) -> list[Finding]:
    """Whether each can have served so long, beside what is written down of the day and what waits of this team."""
    noted = elsewhere(there, entry.occurred_on)
    waits = handed_in_on(team, entry.occurred_on, before)
    found: list[Finding] = []
    for pk, hours in entry.helpers:
        if pk not in there:
            continue
        # Where else somebody helped is not for everybody who holds the link.
        known = [Worked("已登记的另一次服务", one.hours, one.first, one.last) for one in noted.get(pk, ())]
        now, who = Worked("", hours, entry.first, entry.last), there[pk]
        found += hours_findings(
            who=who.called, now=now, others=[*known, *waits.get(pk, ())], on=entry.occurred_on, since=who.since,
            until=who.until,
        )  # fmt: skip
    return found


def _say(report: TeamReport, entry: TeamReportEntry) -> None:
    report.occurred_on, report.title, report.place = entry.occurred_on, entry.title.strip(), entry.place.strip()
    report.first, report.last, report.people = entry.first, entry.last, entry.people
    report.sender, report.note = entry.sender.strip(), entry.note.strip()


def _name(report: TeamReport, entry: TeamReportEntry) -> None:
    rows = [
        TeamReportHelper(station_id=report.station_id, report=report, volunteer_id=pk, hours=hours)
        for pk, hours in entry.helpers
    ]
    insert(rows, by=None)


# WHAT THE STATION MAKES OF IT ----------------------------------------------


@action
def accept_report(*, by: User, report: TeamReport, version: int) -> TeamService:
    """It becomes a record of the team's service, once. Raises NotAllowed, Conflict, Refused."""
    row = _to_decide(by, report)
    if row.state == ReportState.ACCEPTED:
        return TeamService.objects.select_related("record").get(pk=row.record_id)
    _check_waits(row, version)
    service = record_team_service(by=by, entry=_as_service(row))
    _decide(by, row, ReportState.ACCEPTED, "", service)
    audit.record(ACCEPTED, by=by, about=row, name=row.team.name)
    return service


def _as_service(row: TeamReport) -> TeamServiceEntry:
    helpers = list(row.helpers.order_by("pk"))
    more = row.people - len(helpers)
    said = [row.note, f"另有 {more} 位不在队员名单上的人参加。" if more else "", "由队长页交来，社工站核对记入。"]
    return TeamServiceEntry(
        row.station, row.occurred_on, row.title, row.team_id, row.team.village_id, row.place,
        summary="\n".join(filter(None, said)), client_id=row.pk,
        hours=[HoursEntry(one.volunteer_id, one.hours, row.first, row.last) for one in helpers],
    )  # fmt: skip


@action
def return_report(*, by: User, report: TeamReport, version: int, answer: str) -> TeamReport:
    """Back to the leader, who sees the words on the page and mends it. Raises NotAllowed, Conflict, Refused."""
    return _answer(by, report, version, answer, ReportState.RETURNED)


@action
def refuse_report(*, by: User, report: TeamReport, version: int, answer: str) -> TeamReport:
    """It is not taken; the leader sees why. Raises NotAllowed, Conflict, Refused."""
    return _answer(by, report, version, answer, ReportState.REFUSED)


def _answer(by: User, report: TeamReport, version: int, answer: str, state: ReportState) -> TeamReport:
    row = _to_decide(by, report)
    if row.state == state and row.answer == answer.strip():
        return row
    _check_waits(row, version)
    if reason_findings(answer):
        raise Refused.because("answer", "请写一句队长看得懂的话，如「请补上谁参加了」")
    _decide(by, row, state, answer.strip()[:200])
    kind = RETURNED if state == ReportState.RETURNED else REFUSED
    audit.record(kind, by=by, about=row, name=row.team.name, reason=row.answer[:100])
    return row


def _to_decide(by: User, report: TeamReport) -> TeamReport:
    rows = TeamReport.objects.select_for_update(of=("self",)).select_related("team", "station")
    row = rows.get(pk=report.pk)
    if not may_look_after(by, row.station_id):
        raise NotAllowed
    return row


def _check_waits(row: TeamReport, version: int) -> None:
    if row.version != version:
        raise Conflict(row)
    if row.state != ReportState.WAITING:
        raise Refused.because("", f"这一次现在是「{row.get_state_display()}」，不用再办")


def _decide(
    by: User, row: TeamReport, state: ReportState, answer: str, service: TeamService | None = None
) -> None:  # fmt: skip
    row.state, row.answer, row.decided_by, row.decided_at = state, answer, by, clock.now()
    row.record_id = service.pk if service else None
    row.version += 1
    row.save()
