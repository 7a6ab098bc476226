"""Reading cases, for the few who may know of them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from shuangbai.cases.access import cases_visible_to, led, may_know_of_cases, visible
from shuangbai.cases.enums import GoalState, OfferState
from shuangbai.cases.models import (
    Case,
    CaseClient,
    CaseDraft,
    CaseOffer,
    CaseRisk,
    CaseRule,
    CaseVisit,
    Closing,
    FollowUp,
    Goal,
    GoalRating,
    Session,
    StageMove,
    SupervisorView,
)
from shuangbai.cases.rules import MONTHS_USUAL, REVIEW_DAYS_USUAL, is_reached
from shuangbai.households.doubles import entries_seen
from shuangbai.households.known import FAMILIES
from shuangbai.households.models import Person
from shuangbai.network.access import above
from shuangbai.network.models import OrgUnit, Posting, RoleGrant, Staff, User
from shuangbai.network.queries import colleagues
from shuangbai.network.roles import ROLES, Permission
from shuangbai.services.queries import Beside

SUPERVISING = [role for role, spec in ROLES.items() if Permission.SUPERVISE_CASES in spec.permissions]
WORKING = [role for role, spec in ROLES.items() if Permission.WORK_CASES in spec.permissions]


def setup_items() -> list[tuple[str, str, str, Permission]]:
    """Pages of this room for the set-up hub: (url name, label, one line, permission)."""
    return [
        ("case-rule", "个案", "计划、结案要不要督导同意；多久评一次目标；结案后几个月回访", Permission.MANAGE_CODES)
    ]


# WHAT THE CITY SAYS --------------------------------------------------------


def case_rules() -> list[CaseRule]:
    """What the city said, the newest first; none where it said nothing."""
    return list(CaseRule.objects.order_by("-starts_on"))


def rule_on(day: date) -> CaseRule:
    """The rule of a day; where the city said nothing, the product's own, which is not saved."""
    rule = CaseRule.objects.on(day).order_by("-starts_on").first()
    return rule or CaseRule(months=list(MONTHS_USUAL), review_days=REVIEW_DAYS_USUAL)


# CASES ---------------------------------------------------------------------


def about_people(user: Any, people: Iterable[UUID]) -> QuerySet[Case]:
    """The cases about these people that somebody may know of."""
    theirs = CaseClient.objects.filter(case=OuterRef("pk"), person_key__in=list(people), ended_on__isnull=True)
    return cases_visible_to(user).filter(Exists(theirs))


def about_families(user: Any, households: Iterable[UUID]) -> QuerySet[Case]:
    """The cases of these families that somebody may know of."""
    return cases_visible_to(user).filter(household_key__in=list(households))


def family_entries(user: Any, household_key: UUID) -> set[UUID]:
    """The entries of a case's family that `user` sees: several where it is known twice (ADR 0053)."""
    return entries_seen(user, [household_key], FAMILIES)[household_key]


def still_open(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.filter(closed_on__isnull=True)


def names_of(keys: Collection[UUID]) -> dict[UUID, str]:
    """What people are called today, of those who are still known by name."""
    rows = Person.objects.filter(pk__in=list(keys), forgotten=False)
    return dict(rows.values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody whom a case is about, as they are called today, or were when it was opened."""

    row: CaseClient
    name: str


def clients_of(case_ids: Collection[UUID]) -> dict[UUID, list[Client]]:
    """Whom each case is about, in their order: two queries."""
    rows = list(CaseClient.objects.filter(case__in=list(case_ids), ended_on__isnull=True).order_by("position", "id"))
    now = names_of({row.person_key for row in rows})
    found: dict[UUID, list[Client]] = {pk: [] for pk in case_ids}
    for row in rows:
        found[row.case_id].append(Client(row, now.get(row.person_key, row.name)))
    return found


def moves_of(case: Case) -> list[StageMove]:
    """How the case came through its stages, the first first."""
    return list(StageMove.objects.filter(case=case).select_related("entered_by").order_by("on", "entered_at"))


def risks_of(case: Case) -> list[CaseRisk]:
    """How great the risk was over time, the newest first."""
    return list(CaseRisk.objects.filter(case=case).select_related("entered_by").order_by("-on", "-entered_at"))


def views_of(case: Case) -> list[SupervisorView]:
    """What the supervisor said, the newest first."""
    return list(SupervisorView.objects.filter(case=case).select_related("entered_by").order_by("-entered_at"))


def closing_of(case: Case) -> Closing | None:
    """The closing in force, or being written."""
    return Closing.objects.filter(case=case, reopened_on__isnull=True).first()


def follow_ups_of(case: Case) -> list[FollowUp]:
    """What is planned and done after closing, the earliest first."""
    rows = FollowUp.objects.filter(case=case).select_related("worker")
    return list(rows.order_by("due_on", "entered_at", "id"))


def draft_of(user: Any, case: Case, page: str) -> CaseDraft | None:
    """Somebody's own draft of a form of the case: nobody else's is ever asked for."""
    return CaseDraft.objects.filter(case=case, entered_by=user, page=page).first()


# SESSIONS ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Numbered:
    """A session and which one of its case it is; a voided one has no number. `present`: names of the family there."""

    session: Session
    number: int | None
    present: str


def sessions_of(case: Case) -> list[Numbered]:
    """The sessions of a case, the newest first, each with its number by the order of days; voided ones too."""
    rows = Session.objects.filter(case=case).select_related("worker", "entered_by")
    ordered = sorted(rows, key=lambda one: (one.held_on, f"{one.starts_at or ''}", one.entered_at))
    names = names_of({UUID(key) for one in ordered for key in one.present_keys})
    told, number = [], 0
    for one in ordered:
        number += one.voided_at is None
        called = [names[UUID(key)] for key in one.present_keys if UUID(key) in names]
        present = "、".join([*called, *filter(None, [one.present])])
        told.append(Numbered(one, number if one.voided_at is None else None, present))
    return told[::-1]


def visits_of(case: Case) -> list[CaseVisit]:
    """The visits that were put to the case and still are."""
    return list(CaseVisit.objects.filter(case=case, ended_at__isnull=True).order_by("entered_at"))


def cases_of_record(user: Any, record_key: UUID) -> QuerySet[Case]:
    """The cases to which a visit belongs, of those that somebody may know of."""
    theirs = CaseVisit.objects.filter(case=OuterRef("pk"), record_key=record_key, ended_at__isnull=True)
    return cases_visible_to(user).filter(Exists(theirs))


def beside_record(user: Any, record_key: UUID) -> list[Beside]:
    """What the page of a visit says of cases, to those of the case."""
    if not may_know_of_cases(user):
        return []
    return [Beside("个案", one.number, reverse("case", args=[one.pk])) for one in cases_of_record(user, record_key)]


# GOALS ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rated:
    """A goal with its ratings, the oldest first; of one day the one entered last."""

    goal: Goal
    ratings: Sequence[GoalRating]

    @property
    def latest(self) -> GoalRating | None:
        return self.ratings[-1] if self.ratings else None

    @property
    def reached(self) -> bool:
        return self.latest is not None and is_reached(self.latest.scale, self.latest.value)


def goals_of(case: Case) -> list[Rated]:
    """The goals of a case in their order, those that are no longer pursued last."""
    goals = sorted(Goal.objects.filter(case=case), key=lambda one: (one.state != GoalState.OPEN, one.position, one.pk))
    held: dict[UUID, dict[date, GoalRating]] = {goal.pk: {} for goal in goals}
    for rating in GoalRating.objects.filter(goal__case=case).order_by("rated_on", "entered_at"):
        held[rating.goal_id][rating.rated_on] = rating
    return [Rated(goal, list(held[goal.pk].values())) for goal in goals]


# WHO WORKS ON IT -------------------------------------------------------------


def supervisors_of(station: OrgUnit, day: date) -> QuerySet[User]:
    """Accounts that supervise the station on the day, by name."""
    units = OrgUnit.objects.filter(path__in=[*above(station.path), station.path])
    granted = RoleGrant.objects.on(day).filter(user=OuterRef("pk"), role__in=SUPERVISING, unit__in=units)
    return User.objects.filter(Exists(granted), is_active=True).order_by("display_name", "pk")


def may_work_at(station: OrgUnit, day: date) -> QuerySet[Staff]:
    """Who is posted at the station on the day and has an account that works on cases there."""
    granted = RoleGrant.objects.on(day).filter(user__staff=OuterRef("pk"), role__in=WORKING, unit=station)
    return colleagues(station.pk, day).filter(Exists(granted), account__is_active=True)


def offers_to(user: Any) -> QuerySet[CaseOffer]:
    """The cases that somebody is asked to take: until they do, all that they know of each."""
    found = CaseOffer.objects.filter(state=OfferState.WAITING, receiver=user.staff_id, receiver__isnull=False)
    return found.select_related("case", "giver", "receiver").order_by("entered_at")


def offers_given(user: Any) -> QuerySet[CaseOffer]:
    """The offers that wait for an answer and that somebody may take back: of their own cases, or of their station."""
    mine = Q(case__worker=user.staff_id) & visible(user) if user.staff_id else Q(pk__in=[])
    rows = CaseOffer.objects.filter(mine | led(user), state=OfferState.WAITING)
    return rows.select_related("case", "giver", "receiver").order_by("entered_at")


def offers_between(
    user: Any, giver_id: UUID, station_id: UUID, since: datetime, until: datetime | None
) -> QuerySet[CaseOffer]:
    """The offers of somebody's cases in a span, answered or not, of those that `user` may know of or was asked."""
    mine = Q(receiver=user.staff_id) if user.staff_id else Q(pk__in=[])
    span = Q(entered_at__gte=since) & (Q(entered_at__lte=until) if until else Q())
    rows = CaseOffer.objects.filter(mine | visible(user), span, giver=giver_id, case__charge=station_id)
    return rows.select_related("case", "receiver").order_by("entered_at", "id")


def to_give(user: Any, staff_id: UUID, station_id: UUID) -> QuerySet[Case]:
    """The open cases in somebody's name that are not on offer, of those that `user` may know of."""
    waiting = CaseOffer.objects.filter(case=OuterRef("pk"), state=OfferState.WAITING)
    found = still_open(cases_visible_to(user)).filter(worker=staff_id, charge=station_id).exclude(Exists(waiting))
    return found.order_by("opened_on", "id")


def unkept(user: Any, day: date) -> QuerySet[Case]:
    """Open cases, of those that somebody may know of, whose worker is no longer posted at the station in charge."""
    posted = Posting.objects.on(day).filter(unit=OuterRef("charge"), staff=OuterRef("worker"))
    return still_open(cases_visible_to(user)).exclude(Exists(posted))


def of_worker(cases: QuerySet[Case], staff_id: UUID) -> QuerySet[Case]:
    return cases.filter(worker=staff_id) | cases.filter(co_worker=staff_id)
