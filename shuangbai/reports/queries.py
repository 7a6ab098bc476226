"""How a figure is counted and listed: one definition for both.

An indicator declares the rows it counts, the key that stands for one counted thing, and what each
adds. `value` asks the database for the count or sum; `evidence` is the list behind it. Splits are the
same rows by one more column.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from shuangbai.core.periods import Period
from shuangbai.network.access import under
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import OrgUnit
from shuangbai.network.queries import stations_under
from shuangbai.stories.models import Award

Rows = QuerySet[Any]
# Things that lie on one day (Indicator.thing); the others are met again on other days.
_OF_ONE_DAY = frozenset({"record", "contact", "file", "award", "survey", "sheet"})
EVERY_ROW = Q()
_MANY_PARTS = frozenset({"station", "village", "series", "worker"})


@dataclass(frozen=True)
class Ask:
    """What is asked: a period (both ends included), a part of the tree, and dimensions held to one value.

    `kept` is what figures of one question work out once for all of them.
    """

    period: Period
    unit: OrgUnit
    held: Mapping[str, Any] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def holding(self, dimension: str, value: Any) -> "Ask":
        return replace(self, held={**self.held, dimension: value})

    def stations(self, path: str = "station") -> Q:
        """The condition that a row's station is in the part asked for; none where that is the whole tree."""
        if self.unit.parent_id is None:
            return Q()
        if self.unit.kind == UnitKind.STATION:
            return Q(**{path: self.unit.pk})
        stations = OrgUnit.objects.filter(under([self.unit.path]), kind=UnitKind.STATION)
        return Q(**{f"{path}__in": list(stations.values_list("pk", flat=True))})

    def days(self, path: str = "occurred_on") -> Q:
        return Q(**{f"{path}__gte": self.period.first, f"{path}__lte": self.period.last})


def awards_won(ask: Ask) -> Rows:
    """Prizes of the period, voided ones left out."""
    return Award.objects.filter(ask.days("awarded_on"), ask.stations(), void_reason="")


@dataclass(frozen=True)
class Dimension:
    """A column by which figures may be split.

    `named` gives for each value the key that a link or a program names it by, and its Chinese name;
    `read` gives the value of a key, and raises LookupError for one that names nothing. Parts that
    `overlaps` do not add up to the whole. `offered` are the values that a page offers to hold a figure to, in their
    order; None where they are too many or belong to a station.
    """

    code: str
    name: str
    named: Callable[[list[Any]], Mapping[Any, tuple[str, str]]]
    read: Callable[[str], Any]
    overlaps: bool = False
    offered: Callable[[], list[Any]] | None = None


@dataclass(frozen=True)
class Restriction:
    """That some rows of a record set may not be opened by everybody who may ask for their number.

    `why` is the sentence under a list that is not whole; `opened`, of an indicator, a question and somebody, the
    condition that they may open a row. It changes no number.
    """

    why: str
    opened: Callable[["Indicator", "Ask", Any], Q]


@dataclass(frozen=True)
class Indicator:
    """A figure. The definition is prose, stated beside the number.

    `rows` gives what is counted; `thing` says what one counted thing is; `key` the column whose distinct
    values are the counted things;
    `adds` the column that each row adds (None: a counted thing adds one); `record` the column with the
    id of the record behind a row; `by` the columns of the dimensions it may be split by.
    `restriction` says which rows may be opened by whom, where that is not everybody.
    `version` goes up whenever what is counted changes, so that a report that was frozen before can say so.
    """

    code: str
    name: str
    unit: str
    definition: str
    rows: Callable[[Ask], Rows]
    thing: str
    key: str
    record: str
    adds: str | None = None
    by: Mapping[str, str] = field(default_factory=dict)
    as_of: bool = False
    version: int = 1
    restriction: Restriction | None = None

    def facts(self, ask: Ask) -> Rows:
        """The rows counted, held to the values asked for. Raises KeyError for a dimension it lacks."""
        rows = self.rows(ask)
        for dimension, value in ask.held.items():
            column = self.by[dimension]
            if dimension == "month":
                rows = rows.filter(month_is(column, value))
            elif value is None:
                # The join must have found a row that says "none", not found no row.
                rows = rows.filter(**{f"{column}__isnull": True}, **_found(column))
            else:
                rows = rows.filter(**{column: value})
        return rows

    @property
    def of_one_day(self) -> bool:
        """Whether what is counted lies on one day, so that the numbers of days add up: a record, not a household."""
        return "month" in self.by and (self.adds is not None or self.thing in _OF_ONE_DAY)

    def _counted(self, *columns: str) -> Any:
        """What is added up over rows that are held to, or split by, these columns."""
        if self.adds is not None:
            return Sum(self.adds)
        # A row for each category would count a row's own key more than once; without that join it cannot.
        repeated = any("standings__" in column for column in columns)
        return Count(self.key, distinct=self.key != "pk" or repeated)

    def value(self, ask: Ask) -> int:
        """The number, counted or summed by the database."""
        rows, counted = self.facts(ask), self._counted(*(self.by[dimension] for dimension in ask.held))
        if self.of_one_day and getattr(counted, "distinct", False):
            # The distinct keys of one day are few: day by day takes a quarter of the time of all at once.
            rows, counted = rows.values(self.by["month"]).annotate(of_day=counted), Sum("of_day")
        return rows.aggregate(n=counted)["n"] or 0

    def split(self, ask: Ask, dimension: str) -> dict[Any, int]:
        """The number for each value of a dimension. Overlapping dimensions do not add up to the whole."""
        column, monthly = self.by[dimension], dimension == "month"
        rows = self.facts(ask).filter(**_found(column))
        counted = self._counted(column, *(self.by[dimension] for dimension in ask.held))
        # Many parts on each of many days (stations) would be more rows to add up here than it saves.
        few = dimension not in _MANY_PARTS and getattr(counted, "distinct", False)
        if self.of_one_day and (monthly or few):
            days = rows.annotate(split_by=F(column)).values_list("split_by", self.by["month"])
            numbers: dict[Any, int] = {}
            for value, _, number in days.annotate(n=counted).order_by("split_by"):
                part = value.replace(day=1) if monthly else value
                numbers[part] = numbers.get(part, 0) + number
            return numbers
        rows = rows.annotate(split_by=TruncMonth(column) if monthly else F(column))
        return dict(rows.values("split_by").annotate(n=counted).order_by("split_by").values_list("split_by", "n"))

    def cross(self, ask: Ask, rows: str, columns: str) -> dict[tuple[Any, Any], int]:
        """The number for each pair of values of two dimensions, one query; pairs without any are left out."""
        dimensions = (rows, columns)
        paths = [self.by[dimension] for dimension in dimensions]
        held = [self.by[dimension] for dimension in ask.held]
        found = self.facts(ask).filter(**_found(paths[0]), **_found(paths[1]))
        counted = self._counted(*paths, *held)
        few = not _MANY_PARTS & set(dimensions) and getattr(counted, "distinct", False)
        if self.of_one_day and ("month" in dimensions or few):
            named = found.annotate(row_by=F(paths[0]), column_by=F(paths[1]))
            days = named.values_list("row_by", "column_by", self.by["month"]).annotate(n=counted).order_by()
            numbers: dict[tuple[Any, Any], int] = {}
            for *pair, _, number in days:
                key = _in_months(pair, dimensions)
                numbers[key] = numbers.get(key, 0) + number
            return numbers
        row_by, column_by = (
            TruncMonth(path) if dimension == "month" else F(path)
            for dimension, path in zip(dimensions, paths, strict=True)
        )
        pairs = found.annotate(row_by=row_by, column_by=column_by).values("row_by", "column_by")
        told = pairs.annotate(n=counted).order_by().values_list("row_by", "column_by", "n")
        return {(row, column): number for row, column, number in told}

    def united(self, ask: Ask, dimension: str, value: int) -> int:
        """The number over all parts of a dimension, each thing once: short of `value` by what lies in no part."""
        column = self.by[dimension]
        if not _found(column):
            return value
        counted = self._counted(column, *(self.by[held] for held in ask.held))
        return self.facts(ask).filter(**_found(column)).aggregate(n=counted)["n"] or 0

    def listed(self, ask: Ask, among: Q = EVERY_ROW) -> Rows:
        """The list behind the number: one row a counted thing, with what it adds. `among`: by these rows alone."""
        adds = Count(self.key, distinct=True) if self.adds is None else Sum(self.adds)
        day = self.by.get("month")
        extra = {"first_on": Min(day), "latest_on": Max(day)} if day else {}
        rows = self.facts(ask).filter(among).annotate(counted=F(self.key)).values("counted")
        return rows.annotate(what_adds=adds, record_count=Count(self.record, distinct=True), **extra)

    def evidence(self, ask: Ask, among: Q = EVERY_ROW) -> int:
        """The sum of the list, for holding against the number."""
        return self.listed(ask, among).aggregate(total=Sum("what_adds"))["total"] or 0

    def lines(self, ask: Ask) -> Iterator[tuple[Any, int, list[UUID]]]:
        """(key, what it adds, ids of the records behind it), a counted thing at a time, in the keys' order."""
        columns = ["counted", "listed_record", *([self.adds] if self.adds else [])]
        rows = self.facts(ask).annotate(counted=F(self.key), listed_record=F(self.record))
        ordered = rows.order_by("counted", "listed_record").values_list(*columns)
        for key, group in groupby(ordered.iterator(chunk_size=5000), key=lambda row: row[0]):
            members = list(group)
            adds = sum(row[2] for row in members) if self.adds else 1
            yield key, adds, list(dict.fromkeys(row[1] for row in members))


def opened_in(unit: OrgUnit) -> date | None:
    """The day on which the first station at or below the unit opened; None where there is none."""
    opened: date | None = stations_under(unit).aggregate(first=Min("starts_on"))["first"]
    return opened


def _found(column: str) -> dict[str, bool]:
    """For a column behind the join to standings: that the join found a row."""
    return {f"{column.rsplit('__', 1)[0]}__id__isnull": False} if "standings__" in column else {}


def _in_months(pair: list[Any], dimensions: tuple[str, str]) -> tuple[Any, Any]:
    """A pair of values with days in place of months, as months."""
    row, column = (
        value.replace(day=1) if dimension == "month" else value
        for value, dimension in zip(pair, dimensions, strict=True)
    )
    return row, column


def month_is(column: str, month: date) -> Q:
    """The condition that a date column lies in the calendar month that begins on `month`."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return Q(**{f"{column}__gte": month, f"{column}__lt": following})
