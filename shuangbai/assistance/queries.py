"""Reading matters of policy: what holds of a policy on a day, by when each is to be decided, what to ask about."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from shuangbai.assistance import hints, rules
from shuangbai.assistance.enums import POLICIES, Stage
from shuangbai.assistance.models import STANDING, Matter, MatterStep, PolicyRule
from shuangbai.assistance.rules import CATEGORIES, GRANTED, OPEN, Due, Rule, due_of, shipped_on
from shuangbai.codes.queries import base_of, calendar, choices_on, counting_as, label_of
from shuangbai.core.workdays import Calendar
from shuangbai.dossier.models import STANDING as PART_STANDING
from shuangbai.dossier.models import Disability, Economy
from shuangbai.households.models import Category, Household, Membership, Tag
from shuangbai.households.rules import age_on
from shuangbai.network.queries import not_posted
from shuangbai.network.roles import Permission

LISTED = 50


def setup_items() -> list[tuple[str, str, str, Permission]]:
    """Pages of this room for the set-up hub: (url name, label, one line, permission)."""
    return [
        ("policy-list", "政策与期限", "各项政策的办理期限、材料、年审和依据", Permission.MANAGE_CODES),
    ]


# WHAT HOLDS ON A DAY -------------------------------------------------------------


class Rules:
    """What holds of every policy: the city's word where it has one, else the product's. One query."""

    def __init__(self) -> None:
        self.rows: dict[str, list[PolicyRule]] = {}
        for row in PolicyRule.objects.order_by("starts_on"):
            self.rows.setdefault(row.policy, []).append(row)

    def on(self, policy: str, day: date) -> Rule | None:
        """The rule of a policy, by its own code, else by the built-in one whose meaning it has."""
        base = base_of(POLICIES, policy)
        for code in dict.fromkeys((policy, base)):
            row = next((row for row in reversed(self.rows.get(code, ())) if row.holds_on(day)), None)
            if row:
                return _as_rule(row)
        return shipped_on(base, day)

    def latest(self, policy: str) -> date | None:
        rows = self.rows.get(policy)
        return rows[-1].starts_on if rows else None


def _as_rule(row: PolicyRule) -> Rule:
    return Rule(
        row.policy, row.starts_on, row.text, row.source, row.days, row.special_days, row.review_months,
        tuple(row.papers), row.line, sure=True, own=True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """A policy as its page of setting up shows it today."""

    code: str
    label: str
    rule: Rule | None


def policy_lines(day: date) -> list[PolicyLine]:
    told = Rules()
    return [PolicyLine(code, label, told.on(code, day)) for code, label in choices_on(POLICIES, day)]


def policy_rules(policy: str) -> list[PolicyRule]:
    """What the city said of a policy, the newest first."""
    return list(PolicyRule.objects.filter(policy=policy).order_by("-starts_on"))


# MATTERS -------------------------------------------------------------------------

_HIDDEN = ("household__phone", "household__address", "person__id_no", "person__phone")
_SHOWN = ("household__village", "person", "worker", "station", "entered_by")


@dataclass(frozen=True, slots=True)
class Line:
    """A matter as lists show it, with by when it is to be decided."""

    matter: Matter
    due: Due | None


def shown(found: QuerySet[Matter]) -> QuerySet[Matter]:
    return found.select_related(*_SHOWN).defer(*_HIDDEN)


def lines(matters: Iterable[Matter], day: date) -> list[Line]:
    """Matters with their due days, in their order: two queries."""
    rows = list(matters)
    if not any(one.stage == Stage.RUNNING for one in rows):
        return [Line(one, None) for one in rows]
    told, days = Rules(), calendar()
    return [Line(one, due_in(one, told, days, day)) for one in rows]


def due_in(matter: Matter, told: Rules, days: Calendar, day: date) -> Due | None:
    rule = told.on(matter.policy, matter.accepted_on) if matter.accepted_on else None
    return due_of(
        stage=matter.stage, accepted_on=matter.accepted_on, special=matter.special, rule=rule, calendar=days, today=day
    )


def running(found: QuerySet[Matter], day: date) -> list[Line]:
    """Open matters, the earliest due first, then those without a due day, the oldest first."""
    rows = shown(found.filter(STANDING, stage__in=OPEN)).order_by("opened_on", "id")
    return sorted(lines(rows, day), key=lambda line: line.due.on if line.due else date.max)


def ended(found: QuerySet[Matter]) -> QuerySet[Matter]:
    return shown(found.filter(STANDING).exclude(stage__in=OPEN)).order_by("-opened_on", "-id")


def for_worker(staff_id: UUID | None, day: date) -> Q:
    """The condition that a matter is somebody's, or nobody's who is at the station on the day."""
    return Q(worker=staff_id) | not_posted("worker", day) if staff_id else Q()


def pressing(found: QuerySet[Matter], day: date) -> list[Line]:
    """Matters past their day or near it: for the first page."""
    rows = shown(found.filter(STANDING, stage=Stage.RUNNING)).order_by("accepted_on", "id")
    told = [line for line in lines(rows, day) if line.due and (line.due.is_late or line.due.is_near)]
    return sorted(told, key=lambda line: line.due.on if line.due else day)


def matters_of(found: QuerySet[Matter], household_ids: Collection[UUID], since: date | None, day: date) -> list[Line]:
    """A family's matters, the newest first."""
    rows = shown(found.filter(STANDING, household__in=list(household_ids))).order_by("-opened_on", "-id")
    return lines(rows.filter(opened_on__gte=since) if since else rows, day)


def steps_of(matter: Matter) -> QuerySet[MatterStep]:
    """What was recorded and holds, in the order in which it happened."""
    rows = MatterStep.objects.filter(matter=matter, undone_at__isnull=True).select_related("entered_by")
    return rows.order_by("happened_on", "entered_at", "id")


def latest_step(matter: Matter) -> MatterStep | None:
    """The one recorded last."""
    return MatterStep.objects.filter(matter=matter, undone_at__isnull=True).order_by("entered_at", "id").last()


def same_open(household: Household, person_id: UUID | None, policy: str, besides: UUID | None = None) -> str:
    """Since when another matter of the policy for the same runs; '' where none does."""
    rows = Matter.objects.filter(STANDING, household=household, person=person_id, policy=policy, stage__in=OPEN)
    rows = rows.exclude(stage=Stage.GRANTED)
    rows = rows.exclude(pk=besides) if besides else rows
    opened = rows.order_by("-opened_on").values_list("opened_on", flat=True).first()
    return f"{opened:%Y-%m-%d}" if opened else ""


def proposals(matter: Matter, day: date) -> list[Category]:
    """The categories that a granted matter may give, those that hold on the day."""
    codes = CATEGORIES.get(base_of(POLICIES, matter.policy), ())
    return list(Category.objects.on(day).filter(code__in=codes).order_by("position"))


def carried(matter: Matter, day: date) -> list[Tag]:
    """Categories of those that are in force already on whoever the matter is for."""
    codes = CATEGORIES.get(base_of(POLICIES, matter.policy), ())
    whose = Q(person=matter.person_id) if matter.person_id else Q(household=matter.household_id)
    rows = Tag.objects.on(day).filter(whose, category__code__in=codes).select_related("category")
    return list(rows.order_by("category__position", "id"))


def said(line: Any, name: str, value: Any) -> str | None:
    """How a value of a matter's history reads."""
    return label_of(POLICIES, value, line.opened_on) if name == "policy" else None


# WHAT TO ASK ABOUT -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hint:
    """A suggestion with the policy's name and the rule that holds today."""

    said: hints.Suggestion
    label: str
    rule: Rule | None


def hints_for(household: Household, day: date) -> list[Hint]:
    """Policies that what is known of a family suggests asking about: seven queries, never a verdict."""
    told = Rules()
    line = told.on("dibao", day)
    facts = facts_of(household, day, line.line if line else None)
    return [
        Hint(one, label_of(POLICIES, one.policy, day), told.on(one.policy, day))
        for one in hints.suggestions(facts, day)
    ]


def facts_of(household: Household, day: date, line: Decimal | None) -> hints.Facts:
    rows = Membership.objects.on(day).filter(household=household).filter(
        Q(person__died_on__isnull=True) | Q(person__died_on__gt=day)
    )  # fmt: skip
    people = {
        row.person_id: row.person for row in rows.select_related("person").defer("person__id_no", "person__phone")
    }
    tags = Tag.objects.on(day).filter(Q(household=household) | Q(person__in=list(people)))
    of: dict[UUID | None, set[str]] = {}
    for person, code in tags.values_list("person_id", "category__code"):
        of.setdefault(person, set()).add(code)
    cards = _cards(people, day)
    latest = Economy.objects.filter(PART_STANDING, household=household, taken_on__lte=day).order_by("-taken_on").first()
    open_or_granted = Matter.objects.filter(STANDING, household=household, stage__in=[*OPEN, *GRANTED])
    return hints.Facts(
        [
            hints.Someone(
                pk, one.name, age_on(one.birth_date, day) if one.birth_date else None, frozenset(of.get(pk, ())),
                cards.get(pk, ()),
            )
            for pk, one in people.items()
        ],
        frozenset(of.get(None, ())), latest.per_head if latest else None,
        frozenset(latest.benefits if latest else ()),
        frozenset((base_of(POLICIES, code), key) for code, key in open_or_granted.values_list("policy", "person_id")),
        line,
    )  # fmt: skip


def _cards(people: Mapping[UUID, Any], day: date) -> dict[UUID, tuple[tuple[str, str, date | None], ...]]:
    rows = Disability.objects.filter(PART_STANDING, person__in=list(people)).exclude(ended_on__lt=day)
    found: dict[UUID, tuple[tuple[str, str, date | None], ...]] = {}
    columns = ("person_id", "kind", "grade", "expires_on")
    for person, kind, grade, expires_on in rows.order_by("kind").values_list(*columns):
        found[person] = (*found.get(person, ()), (kind, grade, expires_on))
    return found


def secret_policies() -> list[str]:
    """The codes of policies that tell of a restricted category whoever they are for."""
    return counting_as(POLICIES, "mental")


def first_review(matter_policy: str, decided_on: date, told: Rules) -> date | None:
    """When the next review is offered: so many months after the decision as the rule of its day says."""
    rule = told.on(matter_policy, decided_on)
    months = rule.review_months if rule else None
    return rules.months_after(decided_on, months) - timedelta(days=30) if months else None


def offered_policies(day: date, keep: Sequence[str] = ()) -> list[tuple[str, str]]:
    return choices_on(POLICIES, day, keep)
