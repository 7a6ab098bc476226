"""A table of one's own: figures by one dimension in rows and one in columns, every total a figure of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shuangbai.households.access import NOTHING, Opens
from shuangbai.households.models import Category
from shuangbai.network.queries import stations_under
from shuangbai.reports.queries import Ask, Dimension, Indicator
from shuangbai.reports.telling import Teller

MOST_CELLS = 4000  # more take seconds to draw and nobody reads them


@dataclass(frozen=True, slots=True)
class Question:
    """What a table shows. `columns` may be missing; `held` narrows every figure to one value of a dimension.

    The numbers do not depend on what `opens`; what of them is told does, and that no row tells by being missing.
    """

    ask: Ask
    figures: Sequence[Indicator]
    rows: Dimension
    columns: Dimension | None = None
    held: tuple[Dimension, Any] | None = None
    opens: Opens = NOTHING

    @property
    def narrowed(self) -> Ask:
        return self.ask.holding(self.held[0].code, self.held[1]) if self.held else self.ask

    @property
    def held_words(self) -> tuple[str, str] | None:
        """The dimension held and its value, as they are called."""
        if self.held is None:
            return None
        dimension, value = self.held
        return dimension.name, dimension.named([value])[value][1]

    @property
    def held_key(self) -> dict[str, str]:
        """What an address says of the value held."""
        if self.held is None:
            return {}
        dimension, value = self.held
        return {dimension.code: dimension.named([value])[value][0]}


class TooLarge(Exception):
    """More cells than a page can show; `cells` is how many."""

    def __init__(self, cells: int) -> None:
        self.cells = cells
        super().__init__(f"{cells} cells")


@dataclass(frozen=True, slots=True)
class Part:
    """A value of a dimension: what a link names it by, and its name. `is_none`: what has no value there."""

    value: Any
    key: str
    name: str
    is_none: bool = False


@dataclass(frozen=True, slots=True)
class Overlap:
    """How the parts of a dimension stand to the whole: `twice` counted again in a further part, `outside` in none."""

    dimension: Dimension
    twice: Any
    outside: Any

    def __bool__(self) -> bool:
        return bool(self.twice or self.outside)


@dataclass(frozen=True, slots=True)
class Block:
    """One figure over the table's rows and columns."""

    indicator: Indicator
    cells: Mapping[tuple[Any, Any], Any]
    by_row: Mapping[Any, Any]
    by_column: Mapping[Any, Any]
    total: Any
    overlaps: Sequence[Overlap]

    def cell(self, row: Part, column: Part) -> Any:
        return self.cells.get((row.value, column.value), 0)

    def row_total(self, row: Part) -> Any:
        return self.by_row.get(row.value, 0)

    def column_total(self, column: Part) -> Any:
        return self.by_column.get(column.value, 0)


@dataclass(frozen=True, slots=True)
class Table:
    """The whole table: the same rows and columns for every figure."""

    question: Question
    rows: Sequence[Part]
    columns: Sequence[Part]
    blocks: Sequence[Block]


def table(question: Question) -> Table:
    """Compute the table: at most six queries a figure, however many rows. Raises TooLarge."""
    asked, rows, columns = question.narrowed, question.rows, question.columns
    by_rows = {one.code: one.split(asked, rows.code) for one in question.figures}
    by_columns = {one.code: one.split(asked, columns.code) if columns else {} for one in question.figures}
    teller = Teller(question.opens)
    also = teller.secrets if teller.withholds(question.ask) else set()
    shown_rows = parts(question.ask, rows, by_rows.values(), also)
    shown_columns = parts(question.ask, columns, by_columns.values(), also) if columns else []
    cells = len(shown_rows) * max(len(shown_columns), 1) * len(question.figures)
    if cells > MOST_CELLS:
        raise TooLarge(cells)
    blocks = [
        _block(one, asked, (rows, by_rows[one.code]), (columns, by_columns[one.code])) for one in question.figures
    ]
    return Table(question, shown_rows, shown_columns, blocks)


Split = Mapping[Any, Any]


def _block(one: Indicator, asked: Ask, rows: tuple[Dimension, Split], columns: tuple[Dimension | None, Split]) -> Block:
    total = one.value(asked)
    cells = one.cross(asked, rows[0].code, columns[0].code) if columns[0] else {}
    overlaps = [
        _overlap(one, asked, dimension, sum(numbers.values()), total)
        for dimension, numbers in (rows, columns)
        if dimension
    ]
    return Block(one, cells, rows[1], columns[1], total, [overlap for overlap in overlaps if overlap])


def _overlap(one: Indicator, asked: Ask, dimension: Dimension, summed: Any, total: Any) -> Overlap:
    united = one.united(asked, dimension.code, total)
    return Overlap(dimension, summed - united, total - united)


def parts(ask: Ask, dimension: Dimension, splits: Iterable[Split], also: Iterable[Any] = ()) -> list[Part]:
    """The values of a dimension in its own order, what has none last. Months and stations also without a number.

    `also`: categories of which it is not to be told whether there is any.
    """
    values = {value for split in splits for value in split} | set(_always(ask, dimension))
    values |= set(also) if dimension.code == "category" else set()
    names = dimension.named(list(values))
    found = [Part(value, *names[value], value is None) for value in values]
    places = _places(ask, dimension)
    return sorted(found, key=lambda part: (part.is_none, places.get(part.value, len(places)), part.name))


def _always(ask: Ask, dimension: Dimension) -> list[Any]:
    """Values that stand in a table even where nothing was counted."""
    if dimension.code == "month":
        return list(ask.period.months())
    if dimension.code != "station":
        return []
    open_then = stations_under(ask.unit).touching(ask.period.first, ask.period.last)  # type: ignore[attr-defined]
    return list(open_then.values_list("pk", flat=True))


def _places(ask: Ask, dimension: Dimension) -> dict[Any, int]:
    """Where each value stands: stations as in the tree, lists in their order; the rest by name, never by size."""
    values: list[Any]
    if dimension.code == "station":
        values = list(stations_under(ask.unit).values_list("pk", flat=True))
    elif dimension.code == "category":
        values = list(Category.objects.order_by("position").values_list("pk", flat=True))
    else:
        values = dimension.offered() if dimension.offered else []
    return {value: place for place, value in enumerate(values)}
