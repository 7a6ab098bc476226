"""Reading volunteers: lists, one volunteer with hours, teams and where they stand, what stands beside a record."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse

from shuangbai.activities.models import Activity
from shuangbai.core import clock
from shuangbai.core.crypto import lookup_hash
from shuangbai.core.findings import Finding
from shuangbai.core.idnumber import IdNumber, read
from shuangbai.core.models import holds_on
from shuangbai.core.prefixes import begins_with
from shuangbai.core.privacy import mask_id
from shuangbai.core.telephones import masked as masked_phone
from shuangbai.households.models import Person
from shuangbai.households.queries import Covered, tail_hash
from shuangbai.network.access import viewer_of
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.network.showing import Row, Section
from shuangbai.services.access import sees_names, shown_name
from shuangbai.services.enums import RecordKind
from shuangbai.services.models import ServiceRecord
from shuangbai.services.queries import RecordPart
from shuangbai.volunteers.access import may_look_after
from shuangbai.volunteers.enums import ReportState, TeamRole, TeamStage
from shuangbai.volunteers.models import (
    Certificate,
    Merit,
    Organisation,
    Team,
    TeamLink,
    TeamMember,
    TeamReport,
    TeamReportHelper,
    TeamState,
    Volunteer,
    VolunteerHours,
)
from shuangbai.volunteers.rules import ADULT, REPORT_DAYS, Worked, activity_findings, hours_findings, lacks_consent

PAGE = 50
SUGGESTED = 12
TAPPED = 40  # names in sight on the page where they are tapped
NOUGHT = Value(Decimal(0), output_field=DecimalField(max_digits=9, decimal_places=1))
_DECIMAL: Any = DecimalField(max_digits=9, decimal_places=1)


def whoever(prefix: str = "") -> Coalesce:
    """By whom a volunteer is counted once: the entry that is kept of a person, else the volunteer's own key.

    `prefix` leads to the volunteer (`"volunteer__"`).
    """
    own = prefix.removesuffix("__") or "pk"
    return Coalesce(f"{prefix}person__same__kept", f"{prefix}person", own, output_field=UUIDField())


def standing(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Hours that count: not voided, nor their record."""
    return rows.filter(voided_at__isnull=True, record__voided_at__isnull=True)


# FINDING -------------------------------------------------------------------


def called(prefix: str = "") -> Any:
    """A volunteer's name as the database puts it together, for an order."""
    own, file = f"{prefix}name", f"{prefix}person__name"
    return Case(When(**{f"{prefix}person__isnull": True}, then=F(own)), default=F(file))


def found(volunteers: QuerySet[Volunteer], typed: str) -> QuerySet[Volunteer]:
    """Those who answer to what was typed: part of a name, its initials, an identity number, a phone's last four."""
    text = typed.strip()
    if not text:
        return volunteers
    number = read(text) if len(text) >= 15 else None
    if isinstance(number, IdNumber):
        known = lookup_hash(number.number, "id")
        return volunteers.filter(Q(id_hash=known) | Q(person__id_hash=known))
    if len(text) == 4 and text.isdecimal():
        tail = tail_hash(text)
        return volunteers.filter(Q(phone_tails__contains=tail) | Q(person__phone_tails__contains=tail))
    by_name = Q(name__contains=text) | Q(person__name__contains=text)
    letters = text.lower()
    if letters.isascii():
        by_name |= begins_with("initials", letters) | begins_with("person__initials", letters)
    return volunteers.filter(by_name | Q(skills__contains=text))


def suggested(volunteers: QuerySet[Volunteer], station: OrgUnit, typed: str, day: date) -> list[Volunteer]:
    """Volunteers of a station on a day who answer to what was typed, a dozen at most."""
    if not typed.strip():
        return []
    there = volunteers.filter(serving_on(day), station=station)
    return list(found(there, typed).order_by(called(), "id")[:SUGGESTED])


def serving_on(day: date, prefix: str = "") -> Q:
    until = Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gte": day})
    return Q(**{f"{prefix}since__lte": day}) & until


def taking_part(station: OrgUnit, day: date, team: Team | None = None) -> list[Volunteer]:
    """Whom one taps: the team's members of the day, or else those of the station who served last, by name."""
    people = Volunteer.objects.filter(serving_on(day), station=station).select_related("person")
    if team is not None:
        members = TeamMember.objects.on(day).filter(team=team).values("volunteer")
        return list(people.filter(pk__in=members).order_by(called(), "id"))
    served = VolunteerHours.objects.filter(volunteer=OuterRef("pk"), voided_at__isnull=True)
    latest = served.order_by("-record__occurred_on").values("record__occurred_on")[:1]
    chosen = list(people.annotate(latest=Subquery(latest)).order_by(F("latest").desc(nulls_last=True), "id")[:TAPPED])
    return sorted(chosen, key=lambda one: one.called)


# THE LIST ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A volunteer as a list shows them. `lacking`: a minor without a guardian's consent."""

    volunteer: Volunteer
    teams: Sequence[str]
    hours: Decimal
    latest_on: date | None
    lacking: bool


def lines(volunteers: Sequence[Volunteer], day: date) -> list[Line]:
    """Two queries, however many."""
    ids = [one.pk for one in volunteers]
    teams: dict[UUID, list[str]] = {}
    of_teams = TeamMember.objects.on(day).filter(volunteer__in=ids).order_by("team__name")
    for volunteer, name in of_teams.values_list("volunteer_id", "team__name"):
        teams.setdefault(volunteer, []).append(name)
    served = hours_of(ids)
    return [
        Line(one, teams.get(one.pk, ()), *served.get(one.pk, (Decimal(0), None)),
             lacks_consent(one.born, one.consented_on, day))
        for one in volunteers
    ]  # fmt: skip


def hours_of(ids: Collection[UUID]) -> dict[UUID, tuple[Decimal, date | None]]:
    """The hours of each volunteer that has any, and the latest day: one query."""
    rows = standing(VolunteerHours.objects.filter(volunteer__in=ids)).values("volunteer")
    told = rows.annotate(total=Sum("hours"), latest=Max("record__occurred_on")).order_by()
    return {row["volunteer"]: (row["total"], row["latest"]) for row in told}


def narrowed(
    volunteers: QuerySet[Volunteer], day: date, *, team: UUID | None = None, gone: bool = False, minors: bool = False
) -> QuerySet[Volunteer]:
    """Those of a team; those who left, or who serve; minors without a guardian's consent."""
    rows = volunteers.filter(until__lt=day) if gone else volunteers.filter(serving_on(day))
    if team:
        rows = rows.filter(pk__in=TeamMember.objects.on(day).filter(team=team).values("volunteer"))
    if minors:
        leap = (day.month, day.day) == (2, 29)
        grown = day.replace(year=day.year - ADULT, day=28 if leap else day.day)
        born = Q(birth_date__gt=grown) | Q(person__birth_date__gt=grown)
        rows = rows.filter(born, consented_on__isnull=True)
    return rows.order_by(called(), "id")


# ONE VOLUNTEER --------------------------------------------------------------


def covered_values(volunteer: Volunteer) -> dict[str, Covered]:
    """What is masked of a volunteer who is not on file, by key; of one who is, their file opens it."""
    values = [
        Covered("id", "证件号", "身份证号", mask_id(volunteer.id_no), volunteer.id_no),
        Covered("phone", "联系电话", "电话", masked_phone(volunteer.phone), volunteer.phone),
        Covered("guardian", "监护人", "监护人", "******", volunteer.guardian),
    ]
    return {one.key: one for one in values if one.clear}


@dataclass(frozen=True, slots=True)
class Served:
    """Hours in a record, with what the record is called."""

    row: VolunteerHours
    title: str


def services_of(volunteer: Volunteer, first: date | None = None, last: date | None = None) -> list[Served]:
    """A volunteer's hours that count, the latest first: one query."""
    rows = standing(VolunteerHours.objects.filter(volunteer=volunteer)).select_related(
        "record__activity", "record__team_service__team", "record__village", "record__household"
    )
    span = Q(record__occurred_on__gte=first, record__occurred_on__lte=last) if first and last else Q()
    rows = rows.filter(span).defer("record__household__address", "record__household__phone")
    return [Served(row, title_of(row.record)) for row in rows.order_by("-record__occurred_on", "id")]


def title_of(record: ServiceRecord) -> str:
    """What was done, without a family's name."""
    if record.kind == RecordKind.ACTIVITY:
        return str(record.activity.title)
    if record.kind == RecordKind.TEAM_SERVICE:
        return str(record.team_service.title)
    return "陪同走访"


def teams_of(volunteer: Volunteer) -> QuerySet[TeamMember]:
    return TeamMember.objects.filter(volunteer=volunteer).select_related("team").order_by("-starts_on", "id")


def merits_of(**whose: Any) -> QuerySet[Merit]:
    """Trainings, awards, praise and complaints of a volunteer or a team, the latest first."""
    rows = Merit.objects.filter(voided_at__isnull=True, **whose)
    return rows.select_related("entered_by").order_by("-happened_on", "id")


def certificates_of(volunteer: Volunteer) -> QuerySet[Certificate]:
    return Certificate.objects.filter(volunteer=volunteer).defer("said").order_by("-issued_on", "-serial")


def volunteer_of_person(station: OrgUnit, person: Person) -> Volunteer | None:
    """Who of the station's volunteers somebody on file is, under whichever entry of theirs."""
    entries = Person.objects.filter(Q(pk=person.pk) | Q(same__kept=person.pk) | Q(known_as__person=person.pk))
    kept = Person.objects.filter(known_as__person=person.pk).values("pk")
    wanted = Q(person__in=entries.values("pk")) | Q(person__same__kept__in=kept)
    return Volunteer.objects.filter(wanted, station=station, until__isnull=True).first()


# TEAMS ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TeamLine:
    team: Team
    state: TeamState
    members: int
    leader: str
    hours: Decimal


def team_lines(teams: Iterable[Team], day: date, user: Any) -> list[TeamLine]:
    """Teams with where they stand, how many they are, who leads, and their hours: four queries."""
    found = list(teams)
    ids = [one.pk for one in found]
    states = {row.team_id: row for row in TeamState.objects.filter(team__in=ids, ends_on__isnull=True)}
    members = TeamMember.objects.on(day).filter(team__in=ids)
    counts = dict(members.values_list("team").annotate(n=Count("id")).order_by())
    leading = members.filter(role=TeamRole.LEADER).select_related("volunteer__person")
    leaders = {row.team_id: shown_name(user, row.volunteer.called) for row in leading}
    hours = team_hours(ids)
    return [
        TeamLine(
            one, states[one.pk], counts.get(one.pk, 0), leaders.get(one.pk, ""), hours.get(one.pk, Decimal(0))
        )
        for one in found
    ]  # fmt: skip


def team_hours(ids: Collection[UUID]) -> Mapping[UUID, Decimal]:
    """The hours of each team's own services."""
    rows = standing(VolunteerHours.objects.filter(record__team_service__team__in=ids))
    return dict(rows.values_list("record__team_service__team").annotate(n=Sum("hours")).order_by())


def state_now(team: Team) -> TeamState:
    return TeamState.objects.select_related("entered_by").get(team=team, ends_on__isnull=True)


def states_of(team: Team) -> QuerySet[TeamState]:
    return TeamState.objects.filter(team=team).select_related("entered_by").order_by("-starts_on")


def members_of(team: Team, day: date, *, gone: bool = False) -> list[TeamMember]:
    """The members of a day, those with an office first; or those who left."""
    rows = TeamMember.objects.filter(team=team).select_related("volunteer__person")
    rows = rows.filter(ends_on__lt=day) if gone else rows.filter(holds_on(day))
    office = list(TeamRole.values)
    return sorted(rows, key=lambda row: (office.index(row.role), row.volunteer.called, str(row.pk)))


def team_services(team: Team, limit: int = 20) -> list[dict[str, Any]]:
    """What the team did on its own, the latest first, with how many served how long."""
    rows = ServiceRecord.objects.filter(team_service__team=team, voided_at__isnull=True)
    counts = Q(volunteer_hours__voided_at__isnull=True)
    told = rows.annotate(
        people=Count("volunteer_hours", filter=counts), total=Sum("volunteer_hours__hours", filter=counts)
    )
    columns = ("id", "occurred_on", "place", "team_service__title", "people", "total")
    return [dict(row) for row in told.order_by("-occurred_on", "-id").values(*columns)[:limit]]


def teams_on(station: OrgUnit, day: date) -> list[tuple[str, str]]:
    """The teams of a station that are active on a day, for a form."""
    active = TeamState.objects.on(day).exclude(stage="ended").filter(team=OuterRef("pk"))
    rows = Team.objects.filter(Exists(active), station=station).order_by("name")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


# HOURS ---------------------------------------------------------------------


def hours_in(record: ServiceRecord) -> list[VolunteerHours]:
    """Who is named as a volunteer in a record, by name."""
    rows = record.volunteer_hours.filter(voided_at__isnull=True).select_related("volunteer__person", "entered_by")
    return sorted(rows, key=lambda row: (row.volunteer.called, str(row.pk)))


def elsewhere(volunteers: Iterable[UUID], day: date, besides: Collection[UUID] = ()) -> dict[UUID, list[Worked]]:
    """The other hours of people on a day, whichever station noted them of the same person: one query.

    `besides`: rows that are being written anew.
    """
    wanted = set(volunteers)
    people = dict(Volunteer.objects.filter(pk__in=wanted).annotate(who=whoever()).values_list("who", "pk"))
    rows = standing(VolunteerHours.objects.filter(record__occurred_on=day)).exclude(pk__in=besides)
    rows = rows.annotate(who=whoever("volunteer__"))
    rows = rows.filter(who__in=list(people)).select_related("record__activity", "record__team_service")
    there: dict[UUID, list[Worked]] = {}
    for row in rows:
        title = title_of(row.record)
        there.setdefault(people[row.who], []).append(Worked(title, row.hours, row.first, row.last))
    return there


def with_service_hours(records: QuerySet[ServiceRecord]) -> QuerySet[ServiceRecord]:
    """Records with the volunteers' hours that each adds as `service_hours`.

    Of an activity, the larger of the total that it states and the sum of the hours by name: those named are among those
    counted, so the two are never added up. Of any other record, the hours by name.
    """
    named = VolunteerHours.objects.filter(record=OuterRef("pk"), voided_at__isnull=True).order_by()
    total = named.values("record").annotate(total=Sum("hours")).values("total")
    stated = Coalesce(F("activity__volunteer_hours"), NOUGHT, output_field=_DECIMAL)
    by_name = Coalesce(Subquery(total, output_field=_DECIMAL), NOUGHT, output_field=_DECIMAL)
    return records.annotate(service_hours=Greatest(stated, by_name, output_field=_DECIMAL))


# A LEADER'S PAGE ------------------------------------------------------------


def link_of(token: str) -> TeamLink | None:
    """The link of a secret address, while it holds: two queries."""
    rows = TeamLink.objects.select_related("team__village", "station")
    link = rows.filter(token_hash=lookup_hash(token, "team.link")).first()
    return link if link is not None and link_holds(link, clock.today()) else None


def link_holds(link: TeamLink, day: date) -> bool:
    """Not switched off, not past its day, of a team that is active at a station that is open."""
    if link.ended_at or day > link.ends_on or (link.station.ends_on and day > link.station.ends_on):
        return False
    return TeamState.objects.filter(team=link.team_id, ends_on__isnull=True).exclude(stage=TeamStage.ENDED).exists()


def link_now(team: Team) -> TeamLink | None:
    return TeamLink.objects.filter(team=team, ended_at=None).select_related("entered_by").first()


def members_lately(team: Team, day: date) -> list[Volunteer]:
    """Who is of the team, or was within the days of which a leader may tell, by name."""
    since = day - timedelta(days=REPORT_DAYS)
    rows = TeamMember.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=since), team=team, starts_on__lte=day)
    people = Volunteer.objects.filter(pk__in=rows.values("volunteer")).select_related("person")
    return list(people.order_by(called(), "id"))


def handed_in_on(team: Team, day: date, besides: TeamReport | None = None) -> dict[UUID, list[Worked]]:
    """What waits of a team about a day, by member."""
    rows = TeamReportHelper.objects.filter(report__team=team, report__occurred_on=day, report__state="waiting")
    found: dict[UUID, list[Worked]] = {}
    for row in rows.exclude(report=besides).select_related("report"):
        told = Worked(row.report.title, row.hours, row.report.first, row.report.last)
        found.setdefault(row.volunteer_id, []).append(told)
    return found


def handed_in(team: Team, limit: int = 20) -> list[TeamReport]:
    """What a team handed in, the latest first, with how many members and hours."""
    rows = TeamReport.objects.filter(team=team).annotate(named=Count("helpers"), total=Sum("helpers__hours"))
    return list(rows.order_by("-sent_at", "id")[:limit])


def reports_waiting(reports: QuerySet[TeamReport]) -> QuerySet[TeamReport]:
    """Those that wait for the station, the oldest first."""
    rows = reports.filter(state=ReportState.WAITING).annotate(named=Count("helpers"), total=Sum("helpers__hours"))
    return rows.order_by("sent_at", "id")


def helpers_of(report: TeamReport) -> list[TeamReportHelper]:
    rows = report.helpers.select_related("volunteer__person")
    return sorted(rows, key=lambda row: (row.volunteer.called, str(row.pk)))


# BESIDE OTHER ROOMS ---------------------------------------------------------


def beside_record(user: Any, record: ServiceRecord) -> RecordPart | None:
    """What stands on the page of a record about those who helped: how many by name, and how long."""
    if record.kind in (RecordKind.TEAM_SERVICE, RecordKind.CONSULTATION, RecordKind.HANDOUT):
        return None
    may = record.voided_at is None and may_look_after(user, record.station_id)
    if not (may or sees_names(user)):
        return None
    rows = hours_in(record)
    if not rows and not may:
        return None
    told = [f"{row.volunteer.called} {row.hours.normalize():f} 小时" for row in rows]
    said = ["、".join(told)] if told else ["还没有实名登记谁来帮过忙。"]
    label = "登记时长" if may else "看时长"
    return RecordPart("志愿者（实名）", said, reverse("volunteer-hours", args=[record.pk]), label)


def contradiction(record: ServiceRecord) -> str:
    """What cannot be of the hours named in a record, since it was corrected or its day was moved; '' where all can."""
    return "；".join([one.sentence for one in [*_beside_the_count(record), *_of_the_day(record)]])


def _of_the_day(record: ServiceRecord) -> list[Finding]:
    """Whether those named can have served so long on the record's day as it now is: three queries."""
    rows = hours_in(record)
    others = elsewhere([row.volunteer_id for row in rows], record.occurred_on, [row.pk for row in rows])
    found: list[Finding] = []
    for row in rows:
        who, now = row.volunteer, Worked("", row.hours, row.first, row.last)
        found += hours_findings(
            who=who.called, now=now, others=others.get(who.pk, ()), on=record.occurred_on, since=who.since,
            until=who.until,
        )  # fmt: skip
    return found


def _beside_the_count(record: ServiceRecord) -> list[Finding]:
    if record.kind != RecordKind.ACTIVITY:
        return []
    rows = record.volunteer_hours.filter(voided_at__isnull=True)
    total = rows.aggregate(total=Sum("hours"))["total"] or Decimal(0)
    activity = Activity.objects.get(pk=record.pk)
    return activity_findings(
        named=rows.count(), hours=total, stated=activity.volunteers, stated_hours=activity.volunteer_hours, many=0
    )


def about_station(user: Any, station: OrgUnit) -> Section | None:
    """The station's teams that are active, for whoever sees its records: two queries, none for others."""
    if not viewer_of(user).reaches(Permission.SEE_RECORDS, station.pk):
        return None
    states = TeamState.objects.filter(team__station=station, ends_on__isnull=True).exclude(stage=TeamStage.ENDED)
    told = [
        Row(row.team.name, reverse("team", args=[row.team_id]), tag=row.get_stage_display())
        for row in states.select_related("team").order_by("team__name")
    ]
    return Section("志愿队和组织", told, "本站还没有志愿队。", ("全部", reverse("team-list")))


# ORGANISATIONS --------------------------------------------------------------


def helps_of(organisation: Organisation) -> QuerySet[Any]:
    return organisation.helps.select_related("entered_by").order_by("-happened_on", "-entered_at")
