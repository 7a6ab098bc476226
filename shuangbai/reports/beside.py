"""What stands beside a report and is in none of its figures: totals of which no record is left.

Figures are counted from records. What only a document says (docs/adr/0045) is kept by a room above, which registers
here when it starts; this room asks, prints it apart, and cannot count it: it does not know its tables.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from shuangbai.core.periods import Period
from shuangbai.network.models import OrgUnit
from shuangbai.reports.queries import Ask, Indicator


@dataclass(frozen=True, slots=True)
class Claim:
    """A total that a document states for a unit and a period (both ends included), without records behind it."""

    code: str
    number: Decimal
    period: Period
    unit: OrgUnit
    source: str
    note: str = ""
    url: str = ""

    @property
    def plain(self) -> int | float:
        """The number without a needless decimal."""
        return int(self.number) if self.number == int(self.number) else float(self.number)

    def within(self, ask: Ask) -> bool:
        """Whether the question covers the claim whole: its period, and its part of the tree."""
        first, last = self.period.first, self.period.last
        return ask.period.first <= first and last <= ask.period.last and self.unit.path.startswith(ask.unit.path)

    def may_share(self, other: "Claim") -> bool:
        """Whether both may speak of the same thing: one unit stands in the other, and their days meet."""
        nested = self.unit.path.startswith(other.unit.path) or other.unit.path.startswith(self.unit.path)
        return nested and self.period.first <= other.period.last and other.period.first <= self.period.last


Claimant = Callable[[Ask], Sequence[Claim]]
CLAIMANTS: dict[str, Claimant] = {}


def register(room: str, claimant: Claimant) -> None:
    """Called once by a room's AppConfig; `claimant` gives every claim that touches the question's days and units."""
    CLAIMANTS[room] = claimant


@dataclass(frozen=True, slots=True)
class Beside:
    """The claims that a question covers whole, and those of which it covers a part only."""

    claims: Sequence[Claim]
    partly: Sequence[Claim]

    def of(self, code: str) -> list[Claim]:
        return [claim for claim in self.claims if claim.code == code]


def beside(ask: Ask) -> Beside:
    """What stands beside the figures of a question."""
    found = [claim for claimant in CLAIMANTS.values() for claim in claimant(ask)]
    whole = [claim for claim in found if claim.within(ask)]
    return Beside(whole, [claim for claim in found if claim not in whole])


def add_up(indicator: Indicator, claims: Sequence[Claim]) -> bool:
    """Whether claims may be added: things of one day each (visits, not households), and no two that may share any."""
    return indicator.of_one_day and not any(one.may_share(other) for one, other in combinations(claims, 2))


def said_beside(indicator: Indicator, value: Any, claims: Sequence[Claim]) -> str:
    """The sentence beside a figure; '' where there is nothing to say. The two numbers are never one."""
    if not claims:
        return ""
    unit = indicator.unit
    if len(claims) == 1 or add_up(indicator, claims):
        claimed, why = f"{_number(sum((claim.number for claim in claims), Decimal(0)))} {unit}", "无明细"
    else:
        claimed = "、".join(f"{_number(claim.number)} {unit}" for claim in claims)
        why = "无明细，可能有重复，不相加"
    return f"其中可核实 {_number(value)} {unit}，历史汇总 {claimed}（{why}），见文末"


def _number(value: Any) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def as_json(found: Beside) -> list[dict[str, Any]]:
    """The claims as a program reads them, under a name of their own."""
    return [
        {
            "code": claim.code, "unit": claim.unit.code, "from": claim.period.first.isoformat(),
            "to": claim.period.last.isoformat(), "number": claim.plain, "source": claim.source,
        }
        for claim in found.claims
    ]  # fmt: skip


def notes(found: Beside, figures: Mapping[str, tuple[Indicator, Any]]) -> dict[str, str]:
    """The sentence beside each figure that has one, by code."""
    said = {code: said_beside(indicator, value, found.of(code)) for code, (indicator, value) in figures.items()}
    return {code: words for code, words in said.items() if words}
