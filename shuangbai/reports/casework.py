"""The figures of casework (C1 to C6): one definition for a number and its list, on a page of their own.

That there is a case is itself a secret. Who may not open every case that a number counts is told it for whole
half-years that are over, and only where at least `LEAST_TOLD` cases stand behind it and no number that is held back can
be worked out from those that are told (suppression, docs/adr/0055). These figures stand in no other report, table,
target or question: their numbers would there be told of any span of days.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery

from shuangbai.cases.access import visible
from shuangbai.cases.enums import FollowUpState, GoalState, Scale, Stage
from shuangbai.cases.models import Case, FollowUp, Goal, GoalRating, Session
from shuangbai.cases.rules import PERCENT_REACHED
from shuangbai.core.periods import Period
from shuangbai.core.privacy import FEW, WITHHELD
from shuangbai.network.access import viewer_of
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.reports.given import secret_matters
from shuangbai.reports.queries import Ask, Indicator, Restriction, Rows
from shuangbai.reports.suppression import Cell, suppressed

EVERYTHING = 10**9  # a base so large that a number is judged by itself alone
HALVES_BACK = 8
LISTED = 200
COUNTED = ("C1", "C3", "P1S")  # whose number is that of the secrets themselves
WHY_MATTERS = "保密政策的协助申请只给数；服务这些家庭的站和它的督导在「协助申请」里看得到每一宗。"
WHY = "个案是保密的：只有主责、协同、督导和站长能打开。数字对谁都一样，所以这里列出的可能比上面的数少。"


def taken_on(ask: Ask) -> Rows:
    return Case.objects.filter(ask.days("accepted_on"), ask.stations())


def running(ask: Ask) -> Rows:
    last = ask.period.last
    later = Q(closed_on__isnull=True) | Q(closed_on__gt=last)
    return Case.objects.filter(later, ask.stations(), accepted_on__lte=last)


def closed(ask: Ask) -> Rows:
    return Case.objects.filter(ask.days("closed_on"), ask.stations(), stage=Stage.FOLLOWUP)


def sessions(ask: Ask) -> Rows:
    return Session.objects.filter(ask.days("held_on"), ask.stations(), voided_at__isnull=True)


def goals(ask: Ask) -> Rows:
    """The goals of cases closed in the period that were pursued to the end."""
    return Goal.objects.filter(
        ask.days("case__closed_on"), ask.stations(), case__stage=Stage.FOLLOWUP, state=GoalState.OPEN
    )


def goals_reached(ask: Ask) -> Rows:
    """Those whose latest rating says so (cases.rules.is_reached)."""
    latest = GoalRating.objects.filter(goal=OuterRef("pk")).order_by("-rated_on", "-entered_at")
    rated = goals(ask).annotate(score=Subquery(latest.values("value")[:1]))
    return rated.filter(Q(scale=Scale.GAS, score__gte=0) | Q(scale=Scale.PERCENT, score__gte=PERCENT_REACHED))


def seen_again(ask: Ask) -> Rows:
    return FollowUp.objects.filter(ask.days("done_on"), ask.stations(), state=FollowUpState.DONE)


def _of_case(prefix: str) -> Restriction:
    return Restriction(WHY, lambda one, ask, user: visible(user, prefix))


_CASE = {"station": "station", "case": "pk"}
_PART = {"station": "station", "case": "case"}
OWN, THEIRS = _of_case(""), _of_case("case__")

FIGURES = [
    Indicator(
        "C1", "新开个案", "个", "期内接案的个案，按接案日期；登记了还没有决定接、或决定不接的不算。",
        taken_on, "case", "pk", "pk", by={**_CASE, "month": "accepted_on"}, restriction=OWN,
    ),
    Indicator(
        "C2", "在办个案", "个", "期末当天已接案、没有结案的个案；结案后重开的，算一直在办。",
        running, "case", "pk", "pk", by=_CASE, as_of=True, restriction=OWN,
    ),
    Indicator(
        "C3", "结案个案", "个", "期内结案的个案，按结案日期；后来重开的不算，到再结案时算。",
        closed, "case", "pk", "pk", by={**_CASE, "month": "closed_on"}, restriction=OWN,
    ),
    Indicator(
        "C4", "个案会谈节次", "节", "期内个案的会谈，一次算一节；作废的不算。放进个案的走访仍算走访，不算会谈。",
        sessions, "session", "pk", "case", by={**_PART, "month": "held_on"}, restriction=THEIRS,
    ),
    Indicator(
        "C5B", "结案个案的目标", "个", "期内结案的个案的目标；中途写明理由不再追求的不算。",
        goals, "goal", "pk", "case", by={**_PART, "month": "case__closed_on"}, restriction=THEIRS,
    ),
    Indicator(
        "C5A", "其中达成的目标", "个",
        f"结案个案的目标中，最后一次评分达到预期的：目标达成量表 0 或以上，百分制 {PERCENT_REACHED} 分或以上。",
        goals_reached, "goal", "pk", "case", by={**_PART, "month": "case__closed_on"}, restriction=THEIRS,
    ),
    Indicator(
        "C6", "结案回访", "次", "期内做了的结案后回访，按回访日期；没有联系上的也算一次。",
        seen_again, "follow_up", "pk", "case", by={**_PART, "month": "done_on"}, restriction=THEIRS,
    ),
    # No case, and as secret: what it counts says who carries a restricted category. Nothing else counts it.
    Indicator(
        "P1S", "保密政策的协助申请", "宗",
        "期内开始协助的保密政策（精神障碍监护补贴）的事项，作废的不计；P1、P9 不含它们。",
        secret_matters, "matter", "pk", "pk", by={"station": "station", "case": "pk", "month": "opened_on"},
        restriction=Restriction(WHY_MATTERS, lambda one, ask, user: Q(pk__in=[])),
    ),
]  # fmt: skip
BY_CODE = {one.code: one for one in FIGURES}
# A rate, shown with both its numbers: code, name, what is over and what under.
RATE = ("C5", "目标达成率", "C5A", "C5B")


# HALF-YEARS ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Half:
    """A half-year. `key` names it in an address: 2020-1."""

    year: int
    number: int

    @property
    def key(self) -> str:
        return f"{self.year}-{self.number}"

    @property
    def name(self) -> str:
        return f"{self.year} 年{'上' if self.number == 1 else '下'}半年"

    @property
    def period(self) -> Period:
        first, last = ((1, 1), (6, 30)) if self.number == 1 else ((7, 1), (12, 31))
        return Period(date(self.year, *first), date(self.year, *last))

    @property
    def before(self) -> "Half":
        return Half(self.year, 1) if self.number == 2 else Half(self.year - 1, 2)


def halves(day: date) -> list[Half]:
    """The half-year of the day and those before it, the newest first."""
    found = [Half(day.year, 1 if day.month <= 6 else 2)]
    while len(found) < HALVES_BACK:
        found.append(found[-1].before)
    return found


# WHAT SOMEBODY IS TOLD -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A part of the tree with its numbers by code, or the signs in their place."""

    unit: OrgUnit
    values: Mapping[str, Any]
    rate: str


class Telling:
    """The numbers of a half-year as somebody is told them; the whole city's tree decides, whatever is asked."""

    def __init__(self, user: Any, half: Half, day: date) -> None:
        kinds = [UnitKind.BUREAU, UnitKind.COUNTY, UnitKind.STATION]
        self.units = list(OrgUnit.objects.filter(kind__in=kinds).order_by("path"))
        self.root = next(unit for unit in self.units if unit.parent_id is None)
        self.ask, self.over = Ask(half.period, self.root), half.period.last < day
        self.own = set(viewer_of(user).station_ids(Permission.LEAD_CASES))
        self.numbers = {one.code: one.split(self.ask, "station") for one in FIGURES}
        self.behind = {one.code: self._cases(one) for one in FIGURES}
        self.signs = {code: suppressed(self._cell(self.root, code)) for code in self.behind} if self.over else {}

    def _cases(self, one: Indicator) -> dict[Any, int]:
        """How many cases stand behind the number of each station."""
        counted = one.facts(self.ask).order_by().values("station").annotate(n=Count(one.by["case"], distinct=True))
        return dict(counted.values_list("station", "n"))

    def _cell(self, unit: OrgUnit, code: str) -> Cell:
        if unit.kind == UnitKind.STATION:
            return Cell(unit.pk, self.behind[code].get(unit.pk, 0), EVERYTHING, known=unit.pk in self.own)
        parts = [self._cell(part, code) for part in self.units if self._above(part) == unit]
        return Cell(unit.pk, sum(part.value for part in parts), EVERYTHING, parts)

    def _above(self, unit: OrgUnit) -> OrgUnit | None:
        above = [one for one in self.units if one != unit and unit.path.startswith(one.path)]
        return max(above, key=lambda one: len(one.path), default=None)

    def _number(self, code: str, unit: OrgUnit) -> int:
        numbers = self.numbers[code]
        return sum(numbers.get(one.pk, 0) for one in self.units if one.path.startswith(unit.path))

    def told(self, code: str, unit: OrgUnit) -> Any:
        """The number of a part of the tree, or the sign in its place."""
        number = self._number(code, unit)
        if unit.pk in self.own:
            return number
        if not self.over:
            return WITHHELD
        sign = self._sign(code, unit.pk)
        return number if sign is None else sign

    def _sign(self, code: str, unit: UUID) -> str | None:
        """C2 is told of the city alone, and only with C1 and C3: from one half-year to the next it gives them away."""
        if code == "C2":
            held = unit != self.root.pk or any(unit in self.signs[one] for one in ("C1", "C2", "C3"))
            return WITHHELD if held else None
        sign = self.signs[code].get(unit)
        # Fewer cases than may be told: of cases that is what the number says, of anything else it says nothing.
        return sign if code in COUNTED or sign is None else WITHHELD

    def rows(self, units: Sequence[OrgUnit]) -> Iterator[Row]:
        known = {unit.pk for unit in self.units}
        for unit in units:
            if unit.pk in known:
                values = {one.code: self.told(one.code, unit) for one in FIGURES}
                yield Row(unit, values, _rate(values["C5A"], values["C5B"]))


def _rate(over: Any, under: Any) -> str:
    """A share with one decimal; empty where one of its numbers is not told, or nothing is counted."""
    if isinstance(over, str) or isinstance(under, str) or not under:
        return ""
    return f"{over * 100 / under:.1f}"


def signed(value: Any) -> bool:
    """Whether a sign stands in place of a number."""
    return isinstance(value, str) and value in (FEW, WITHHELD)


# THE LIST BEHIND A NUMBER ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """A counted thing that somebody may open: of which case, on which day."""

    case: Case
    on: date | None


def listed(one: Indicator, ask: Ask, user: Any) -> list[Item]:
    """What of the list somebody may open, the latest first."""
    assert one.restriction is not None  # noqa: S101  each of these figures has one
    if one.thing == "matter":  # each has its page, among the matters
        return []
    rows = one.facts(ask).filter(one.restriction.opened(one, ask, user))
    day = one.by.get("month", "accepted_on")
    if one.thing == "case":
        cases = rows.select_related("worker").order_by(f"-{day}", "pk")
        return [Item(case, getattr(case, day)) for case in cases]
    found = rows.select_related("case__worker").order_by(f"-{day}", "pk")
    return [Item(row.case, row.case.closed_on if "__" in day else getattr(row, day)) for row in found]
