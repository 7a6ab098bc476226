"""Reading groups: the station's list, the roll of a day, a group's sessions and what it lacks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from shuangbai.core import clock
from shuangbai.followups.models import Task
from shuangbai.groups.enums import THERE, DraftPage, GroupState, Phase, Presence
from shuangbai.groups.models import Attendance, Group, GroupDraft, GroupMember, GroupMove, GroupSession
from shuangbai.groups.rules import Called, Facts, Missing, head_group, is_minor, missing
from shuangbai.households.models import HouseholdStation, Membership
from shuangbai.households.queries import primary_homes
from shuangbai.households.rules import age_on
from shuangbai.network.models import OrgUnit
from shuangbai.services.enums import ContactKind, HeadGroup
from shuangbai.services.models import Contact

# What a session keeps encrypted, by its path from the record: put off where nobody asked for it.
SEALED = tuple(f"group_session__{name}" for name in ("interaction", "reflection", "following"))


# MEMBERS -------------------------------------------------------------------


def name_of(member: GroupMember) -> str:
    """What a member is called: as the family's file says, or as they were named."""
    return member.person.name if member.person else member.name


def age_of(member: GroupMember, day: date) -> int | None:
    """Completed years on a day; None where only the age band is known, or nothing."""
    born = member.person.birth_date if member.person else None
    return age_on(born, day) if born else None


def members_of(group_ids: Iterable[UUID]) -> QuerySet[GroupMember]:
    """Everybody on the lists of these groups, by the day of joining and the order of entry."""
    rows = GroupMember.objects.filter(group__in=list(group_ids)).select_related("person")
    return rows.defer("person__id_no", "person__phone").order_by(
        F("joined_on").asc(nulls_last=True), "entered_at", "id"
    )


def called(member: GroupMember) -> Called:
    return Called(name_of(member), member.joined_on, member.left_on)


def on_roll(member: GroupMember, day: date) -> bool:
    """Whether a member is called on a day."""
    joined = member.joined_on is not None and member.joined_on <= day
    return joined and (member.left_on is None or day <= member.left_on)


def lacks_consent(member: GroupMember, day: date) -> bool:
    """A minor who takes part, and no guardian's consent is written down: shown, and nothing more."""
    taking_part = member.joined_on is not None and member.left_on is None
    return taking_part and member.consented_on is None and is_minor(age_of(member, day), member.age_band)


def unnamed_heads(members: Iterable[GroupMember]) -> dict[HeadGroup, int]:
    """Members who are only named as heads by group: nobody can tell them from others, so they count as such."""
    found: dict[HeadGroup, int] = {}
    for one in members:
        if one.person_id is None:
            group = head_group(None, one.age_band)
            found[group] = found.get(group, 0) + 1
    return found


def known_at(station_ids: Iterable[UUID], person_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """Which of these people are or were of a family that a station serves or served, as (person, station)."""
    served = HouseholdStation.objects.filter(station__in=list(station_ids))
    rows = Membership.objects.filter(person__in=list(person_ids), household__serving__in=served)
    return set(rows.values_list("person_id", "household__serving__station_id"))


# SESSIONS ------------------------------------------------------------------


def standing_sessions(group_ids: Iterable[UUID]) -> QuerySet[GroupSession]:
    """The sessions of groups that are not voided, by number."""
    rows = GroupSession.objects.filter(group__in=list(group_ids), record__voided_at__isnull=True)
    return rows.select_related("record").order_by("number", "record__occurred_on")


def attendance_of(record_id: UUID) -> list[Attendance]:
    """Who was called at a session, in the order of the group's list."""
    rows = Attendance.objects.filter(record=record_id).select_related("member__person")
    rows = rows.defer("member__person__id_no", "member__person__phone")
    return list(rows.order_by("member__joined_on", "member__entered_at", "member__id"))


def days_there(member: GroupMember) -> list[date]:
    """The days of standing sessions at which a member was."""
    rows = Attendance.objects.filter(member=member, presence__in=THERE, record__voided_at__isnull=True)
    return list(rows.order_by("record__occurred_on").values_list("record__occurred_on", flat=True))


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session as the group's page shows it; `person_times` as figures count them."""

    session: GroupSession
    there: int
    late: int
    absent: int
    guests: int

    @property
    def person_times(self) -> int:
        return self.there + self.guests


def session_lines(group: Group) -> list[SessionLine]:
    """Every standing session of a group: two queries."""
    sessions = list(standing_sessions([group.pk]))
    counts: dict[UUID, dict[str, int]] = {}
    rows = Attendance.objects.filter(record__in=[one.pk for one in sessions]).values("record_id", "presence")
    for row in rows.annotate(n=Count("id")):
        counts.setdefault(row["record_id"], {})[row["presence"]] = row["n"]
    return [_line(one, counts.get(one.pk, {})) for one in sessions]


def _line(session: GroupSession, counts: dict[str, int]) -> SessionLine:
    late = counts.get(Presence.LATE, 0)
    there = counts.get(Presence.PRESENT, 0) + late
    return SessionLine(session, there, late, counts.get(Presence.ABSENT, 0), sum(session.guests.values()))


def attended(member_ids: Iterable[UUID]) -> dict[UUID, int]:
    """At how many standing sessions each of the members was."""
    rows = Attendance.objects.filter(member__in=list(member_ids), presence__in=THERE, record__voided_at__isnull=True)
    return dict(rows.values("member_id").annotate(n=Count("id")).values_list("member_id", "n"))


def next_number(group: Group) -> int:
    return (standing_sessions([group.pk]).aggregate(last=Max("number"))["last"] or 0) + 1


# THE LIST ------------------------------------------------------------------


def listed(groups: QuerySet[Group], *, state: str = "", words: str = "") -> QuerySet[Group]:
    """Groups with their numbers, those that are not over first: one query, however many."""
    if state in GroupState.values:
        groups = groups.filter(state=state)
    if words:
        groups = groups.filter(title__contains=words)
    alive = GroupSession.objects.filter(group=OuterRef("pk"), record__voided_at__isnull=True)
    reached = Contact.objects.filter(
        record__group_session__group=OuterRef("pk"), record__voided_at__isnull=True
    ).exclude(kind=ContactKind.HOUSEHOLD)
    times = Count("id", filter=Q(kind=ContactKind.PERSON)) + Coalesce(Sum("heads"), 0)
    taken = GroupMember.objects.filter(group=OuterRef("pk"), joined_on__isnull=False)

    def one(rows: QuerySet[Any], by: str, what: Any) -> Any:
        return Subquery(rows.order_by().values(by).annotate(n=what).values("n"))

    over = Exists(Group.objects.filter(pk=OuterRef("pk"), state__in=[GroupState.ENDED, GroupState.CANCELLED]))
    return groups.select_related("station", "worker", "village").annotate(
        over=over,
        member_count=Coalesce(one(taken, "group", Count("id")), 0),
        session_count=Coalesce(one(alive, "group", Count("pk")), 0),
        latest_on=one(alive, "group", Max("record__occurred_on")),
        person_times=Coalesce(
            one(reached, "record__group_session__group", times), 0, output_field=IntegerField()
        ),
    ).order_by("over", "-begun_on", "id")  # fmt: skip


# WHAT IT LACKS -------------------------------------------------------------

_WORDS = ("need", "theory", "goals", "recruiting", "risks", "agreement", "agreed_on", "process", "outcome", "reached")


def facts_of(group: Group, members: Sequence[GroupMember], lines: Sequence[SessionLine], day: date) -> Facts:
    """What stands in a group: two queries beyond what was read already."""
    taken = [one for one in members if one.joined_on]
    said = {name for name in _WORDS if getattr(group, name)}
    if group.budget is not None or group.budget_note:
        said.add("budget")
    return Facts(
        frozenset(said), _since(group, lines), len(group.plan), len(taken),
        minors_without_consent=[name_of(one) for one in taken if lacks_consent(one, day)],
        without_process=[one.session.record.occurred_on for one in lines if not one.session.process],
        before_missing=sum(one.score_before is None for one in taken),
        after_missing=sum(one.score_after is None for one in taken if one.left_on is None),
        measures=bool(group.measure), tasks=tasks_after(group, members).count() if group.ended_on else 0,
        answers=sum(group.satisfaction.values()),
    )  # fmt: skip


def draft_of(user: Any, group: Group, page: DraftPage) -> GroupDraft | None:
    """Somebody's own draft of a form of the group: nobody else's is ever asked for."""
    return GroupDraft.objects.filter(group=group, entered_by=user, page=page).first()


def drafts_of(user: Any, station: OrgUnit) -> QuerySet[GroupDraft]:
    """Somebody's own drafts about groups of a station, without what was typed: one query."""
    own = GroupDraft.objects.filter(station=station, entered_by=user).select_related("group")
    return own.defer("typed").order_by("-updated_at")


def tasks_after(group: Group, members: Sequence[GroupMember]) -> QuerySet[Task]:
    """Follow-up tasks about members, asked for since the group ended."""
    people = [one.person_id for one in members if one.person_id]
    since = group.ended_on or clock.today()
    return Task.objects.filter(station=group.station_id, person__in=people, asked_on__gte=since)


def _since(group: Group, lines: Sequence[SessionLine]) -> dict[Phase, date]:
    """The day on which each phase began, as far as it has; a group that was cancelled lacks nothing."""
    if group.state == GroupState.CANCELLED:
        return {}
    since = {Phase.PREPARATION: group.begun_on}
    days = sorted(one.session.record.occurred_on for one in lines)
    if days:
        since |= {Phase.FORMATION: days[0], Phase.MATURITY: days[0]}
    if group.ended_on:
        since[Phase.ENDING] = group.ended_on
    return since


def missing_of(group: Group, members: Sequence[GroupMember], lines: Sequence[SessionLine], day: date) -> list[Missing]:
    return missing(facts_of(group, members, lines, day))


def moves_of(group: Group) -> QuerySet[GroupMove]:
    return GroupMove.objects.filter(group=group).select_related("entered_by").order_by("entered_at", "id")


def homes_of(members: Iterable[GroupMember], day: date) -> dict[UUID, UUID]:
    """The family of each member on file on a day: (member, household)."""
    known = {one.person_id: one.pk for one in members if one.person_id}
    homes = primary_homes(known)
    return {
        known[person]: next(span.other for span in spans if span.holds_on(day))  # type: ignore[misc]
        for person, spans in homes.items()
        if any(span.holds_on(day) for span in spans)
    }
