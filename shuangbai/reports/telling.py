"""What somebody is told of a number, and shown of its list, where it is about something restricted.

The number itself does not depend on who asks. Shown to somebody who may not open what it counts, it is held back
where it would tell too much (`suppression`, docs/adr/0047, 0071); its list ends with how many may not be opened.
"""

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q

from shuangbai.core import clock
from shuangbai.core.periods import Period
from shuangbai.core.privacy import WITHHELD
from shuangbai.households.access import Opens, restricted_open_to
from shuangbai.households.models import Category
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import OrgUnit
from shuangbai.reports.queries import EVERY_ROW, Ask, Indicator, Restriction
from shuangbai.reports.spans import half_year_over
from shuangbai.reports.suppression import Cell, Signs, suppressed

CATEGORY, STATION = "category", "station"
# V1 is V3 and V7 together, and V6 a part of it: of a restricted category V3 alone is told, or each gave away the rest.
WORKED_OUT = frozenset({"V1", "V6", "V7"})
WHY = "这一类别是保密的：只有服务这户的站和它的督导能打开。数字对谁都一样，所以这里列出的可能比上面的数少。"
SPANS_TOLD = "保密类别的数只按过完的半年公布（1月1日至6月30日，7月1日至12月31日），其他期间显示为「不公开」。"

BY_CATEGORY = Restriction(WHY, lambda one, ask, user: restricted_open_to(user).rows(one.by[STATION]))


def secrets() -> set[Any]:
    """The categories that are restricted, and with them "none": whoever is in no list and not in that one is told."""
    found: set[Any] = set(Category.objects.filter(restricted=True).values_list("pk", flat=True))
    return found | {None} if found else found


def restrictions(one: Indicator, ask: Ask) -> list[Restriction]:
    """What keeps rows of a list from some: the record set's own restriction, and that of the category asked for."""
    found = [one.restriction] if one.restriction else []
    return [*found, BY_CATEGORY] if CATEGORY in ask.held and ask.held[CATEGORY] in secrets() else found


def opened(restricted: Collection[Restriction], one: Indicator, ask: Ask, user: Any) -> Q:
    """The condition that a row may be opened by somebody."""
    condition = EVERY_ROW
    for restriction in restricted:
        condition &= restriction.opened(one, ask, user)
    return condition


def secret_codes(ask: Ask, user: Any) -> set[str]:
    """The codes of the categories about which nothing is said of a single record in answer to this question."""
    if not Teller(restricted_open_to(user)).withholds(ask):
        return set()
    return set(Category.objects.filter(restricted=True).values_list("code", flat=True))


class Teller:
    """Tells the numbers of one page to somebody; what is held back is worked out once for all of them."""

    def __init__(self, opens: Opens) -> None:
        self.opens = opens
        self._trees: dict[Any, Signs] = {}
        self._lists: dict[Any, Signs] = {}
        self._crossed: dict[Any, Mapping[tuple[Any, Any], int]] = {}
        self._bases: dict[Any, Mapping[Any, int]] = {}

    @cached_property
    def secrets(self) -> set[Any]:
        return secrets()

    def withholds(self, ask: Ask) -> bool:
        """Whether numbers of restricted categories may be held back in an answer to this question."""
        return self.opens.stations is not None and not self.opens.covers(self._stations_at(ask.unit))

    def told(self, one: Indicator, ask: Ask, value: Any) -> Any:
        """The number, or the sign in its place (`core.privacy.FEW`, `WITHHELD`)."""
        if self.opens.stations is None or CATEGORY not in ask.held or ask.held[CATEGORY] not in self.secrets:
            return value
        unit = self._unit_of(ask)
        if unit is None or self.opens.covers(self._stations_at(unit)):
            return value
        if not half_year_over(ask.period, clock.today(), as_of=one.as_of):
            return WITHHELD  # beside that of a span a day longer it would tell of the day
        further = [dimension for dimension in ask.held if dimension not in (CATEGORY, STATION)]
        if one.code in WORKED_OUT or len(further) > 1 or (further and unit.parent_id):
            return WITHHELD  # finer than anybody could judge beside everything else that is told
        category = ask.held[CATEGORY]
        if further:
            return self._list(one, ask.period, category, further[0]).get(ask.held[further[0]], value)
        return self._tree(one, ask.period, category).get(unit.pk, value)

    # PLACES

    @cached_property
    def _units(self) -> dict[UUID, OrgUnit]:
        kinds = [UnitKind.BUREAU, UnitKind.COUNTY, UnitKind.STATION]
        return {unit.pk: unit for unit in OrgUnit.objects.filter(kind__in=kinds).order_by("path")}

    @cached_property
    def _root(self) -> OrgUnit:
        return next(unit for unit in self._units.values() if unit.parent_id is None)

    def _stations_at(self, unit: OrgUnit) -> list[UUID]:
        found = (one for one in self._units.values() if one.path.startswith(unit.path))
        return [one.pk for one in found if one.kind == UnitKind.STATION]

    def _unit_of(self, ask: Ask) -> OrgUnit | None:
        """The part of the tree that is asked about, a station that is held among it; None where that lies outside."""
        if STATION not in ask.held:
            return ask.unit
        station = self._units.get(ask.held[STATION])
        return station if station and station.path.startswith(ask.unit.path) else None

    # NUMBERS

    def _numbers(self, one: Indicator, ask: Ask, dimension: str) -> tuple[Mapping[Any, int], Mapping[Any, int]]:
        """Of each part of a dimension and category, and of each part alone: two queries for all categories."""
        key = (one.code, ask.period, ask.unit.pk, dimension)
        if key not in self._crossed:
            self._crossed[key] = one.cross(ask, dimension, CATEGORY)
            self._bases[key] = one.split(ask, dimension)
        return self._crossed[key], self._bases[key]

    def _whole(self, one: Indicator, period: Period, unit: OrgUnit, category: Any) -> tuple[int, int]:
        """The number of a unit above stations, and its base."""
        ask = Ask(period, unit)
        key = (one.code, period, unit.pk, CATEGORY)
        if key not in self._bases:
            self._bases[key] = one.split(ask, CATEGORY) | {"": one.value(ask)}
        return self._bases[key].get(category, 0), self._bases[key][""]

    def _tree(self, one: Indicator, period: Period, category: Any) -> Signs:
        """What is held back of the city, its counties and its stations."""
        key = (one.code, period, category)
        if key not in self._trees:
            self._trees[key] = suppressed(self._cell(one, period, category, self._root))
        return self._trees[key]

    def _cell(self, one: Indicator, period: Period, category: Any, unit: OrgUnit) -> Cell:
        if unit.kind == UnitKind.STATION:
            numbers, bases = self._numbers(one, Ask(period, self._root), STATION)
            value, base = numbers.get((unit.pk, category), 0), bases.get(unit.pk, 0)
            return Cell(unit.pk, value, base, known=self.opens.covers([unit.pk]))
        parts = [self._cell(one, period, category, part) for part in self._units.values() if self._above(part) == unit]
        if one.of_one_day:  # of one station too: its stations add up to a county
            return Cell(unit.pk, sum(part.value for part in parts), sum(part.base for part in parts), parts)
        value, base = self._whole(one, period, unit, category)
        return Cell(unit.pk, value, base, parts)

    def _above(self, unit: OrgUnit) -> OrgUnit | None:
        """The nearest unit above that figures are asked of: not a centre."""
        above = [one for one in self._units.values() if one != unit and unit.path.startswith(one.path)]
        return max(above, key=lambda one: len(one.path), default=None)

    def _list(self, one: Indicator, period: Period, category: Any, dimension: str) -> Signs:
        """What is held back of the city by one further dimension."""
        key = (one.code, period, category, dimension)
        if key not in self._lists:
            numbers, bases = self._numbers(one, Ask(period, self._root), dimension)
            whole = self._tree(one, period, category).get(self._root.pk)
            cells = [Cell((part,), numbers.get((part, category), 0), base) for part, base in bases.items()]
            value, base = self._whole(one, period, self._root, category)
            signs = suppressed(Cell("", value, base, cells, known=True))
            if whole:  # its parts would give it away
                signs = {cell.key: WITHHELD for cell in cells if cell.base}
            self._lists[key] = {part: signs[(part,)] for part in bases if (part,) in signs}
        return self._lists[key]
