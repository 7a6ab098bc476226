"""Pictures of a case, drawn on the server: its family tree, its ecomap, how far its goals are over time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils.safestring import SafeString

from shuangbai.cases.enums import GoalState, Scale
from shuangbai.cases.models import Case
from shuangbai.cases.queries import Client, Rated
from shuangbai.cases.ties import CaseTie, Flow, Strength
from shuangbai.core import clock
from shuangbai.core.banded import Zone, banded
from shuangbai.core.charts import pair
from shuangbai.core.ecomap import Tie, ecomap
from shuangbai.core.rasters import chart_png
from shuangbai.households import pictures as families
from shuangbai.households.models import Household, Membership
from shuangbai.households.queries import one_of_each
from shuangbai.scales.rules import attainment

LOWEST, HIGHEST = 10, 90  # no number of goals leads further
EXPECTED = 50
ZONES = (Zone(LOWEST, EXPECTED - 1, "低于预期"), Zone(EXPECTED, HIGHEST, "达到或高于预期"))
ACROSS, DOWN = 165.0, 105.0  # millimetres on A4


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture on paper: as SVG, as PNG where there is a Chinese font, how wide in millimetres, and in words."""

    svg: SafeString
    png: Callable[[], bytes | None]
    wide: float
    words: str

    def __bool__(self) -> bool:
        return True


# THE FAMILY TREE -----------------------------------------------------------


def tree_of(
    case: Case, clients: Sequence[Client], *, day: date | None = None, linked: bool = True
) -> families.Tree | None:
    """The family tree of the case's household as of a day, today's as a rule, whom it is about marked; None where the
    family is not there."""
    household = Household.objects.filter(pk=case.household_key).first()
    if household is None:
        return None
    day = day or clock.today()
    listed = Membership.objects.filter(household=household, starts_on__lte=day).select_related("person")
    rows = list(listed.annotate(kept=F("person__same__kept")).order_by("relation", "person__birth_date", "id"))
    told = [*one_of_each(row for row in rows if row.holds_on(day)), *(row for row in rows if not row.holds_on(day))]
    marked = {client.row.person_key for client in clients}
    return families.tree_of(f"{household.head_name}户的家系图", told, shown=str, marked=marked, day=day, linked=linked)


# THE ECOMAP ----------------------------------------------------------------


def ties_on(case: Case, day: date) -> list[CaseTie]:
    """What surrounds the family on a day, in the order in which it was said."""
    rows = CaseTie.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), case=case, starts_on__lte=day)
    return list(rows.order_by("system", "entered_at", "id"))


def changes_of(case: Case) -> list[CaseTie]:
    """Ties that ended or were changed, the latest first."""
    rows = CaseTie.objects.filter(case=case, ended_on__isnull=False, ended_on__gt=F("starts_on"))
    return list(rows.order_by("-ended_on", "system"))


def tie_words(tie: CaseTie) -> str:
    """A tie as a sentence's part: 学校 赤山小学：紧密、有力，支持互相."""
    flow = "" if tie.flow == Flow.NEITHER else f"，支持：{tie.get_flow_display()}"
    kind = tie.get_system_display()
    named = f"{kind} {tie.name}" if tie.name else kind
    return f"{named}：{tie.get_strength_display()}{flow}"


def ecomap_of(heart: str, ties: Sequence[CaseTie]) -> SafeString:
    """For a page: the wide drawing and the one for a phone."""
    drawn: SafeString = pair(ecomap, heart, _ties(ties), **_said(ties))
    return drawn


def ecomap_on_paper(heart: str, ties: Sequence[CaseTie]) -> Drawn | None:
    if not ties:
        return None
    svg = ecomap(heart, _ties(ties), **_said(ties))
    return _drawn(svg, "；".join(map(tie_words, ties)))


def _ties(ties: Sequence[CaseTie]) -> list[Tie]:
    return [
        Tie(one.shown, one.get_system_display().partition("（")[0] if one.name else "", one.strength, one.flow,
            tie_words(one))
        for one in ties
    ]  # fmt: skip


def _said(ties: Sequence[CaseTie]) -> dict[str, Any]:
    words = [str(one.label) for one in Strength]
    return {"title": "生态图", "summary": "；".join(map(tie_words, ties)) or "还没有画", "words": words}


def _drawn(svg: SafeString, words: str) -> Drawn:
    """As wide as the page lets it be without growing too high."""
    _, _, across, down = map(float, svg.partition('viewBox="')[2].partition('"')[0].split())
    return Drawn(svg, lambda: chart_png(svg), min(ACROSS, DOWN * across / down), words)


# GOALS ---------------------------------------------------------------------


def attainment_over_time(goals: Sequence[Rated]) -> list[tuple[date, float]]:
    """The T-score of each day on which a goal was rated, of the goals pursued then that were rated by then.

    Only of goals rated by Goal Attainment Scaling. Of a goal that is no longer pursued until the day before it was
    dropped; taken up again, it counts as if it had been pursued throughout.
    """
    scaled = [
        (one, [(rating.rated_on, rating.value) for rating in one.ratings if rating.scale == Scale.GAS]) for one in goals
    ]
    days = sorted({day for _, ratings in scaled for day, _ in ratings})
    points = []
    for day in days:
        now = [
            (float(one.goal.weight), [value for on, value in ratings if on <= day][-1])
            for one, ratings in scaled
            if day <= _last_day(one) and any(on <= day for on, _ in ratings)
        ]
        score = attainment(now)
        if score is not None:
            points.append((day, round(score, 1)))
    return points


def _last_day(one: Rated) -> date:
    goal = one.goal
    if goal.state != GoalState.DROPPED or goal.dropped_on is None:
        return date.max
    last: date = goal.dropped_on - timedelta(days=1)
    return last


def attainment_of(goals: Sequence[Rated]) -> SafeString | None:
    """For a page: the T-score over time; None before the second day."""
    points = attainment_over_time(goals)
    if len(points) < 2:
        return None
    drawn: SafeString = pair(banded, points, **_scored())
    return drawn


def attainment_on_paper(goals: Sequence[Rated]) -> Drawn | None:
    points = attainment_over_time(goals)
    if len(points) < 2:
        return None
    words = "，".join(f"{day:%Y-%m-%d} {value:g}" for day, value in points)
    return _drawn(banded(points, **_scored()), f"T 分：{words}（50 为各目标恰好达到预期）")


def _scored() -> dict[str, Any]:
    return {
        "title": "目标达成 T 分", "unit": "分", "lowest": LOWEST, "highest": HIGHEST, "zones": ZONES,
        "worse_high": False,
    }  # fmt: skip
