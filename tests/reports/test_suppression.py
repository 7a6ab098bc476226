"""Nobody works out a number that is held back: not from totals and parts, nor by knowing the rules."""

from collections.abc import Hashable, Mapping
from itertools import product
from math import inf

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shuangbai.core.privacy import FEW, WITHHELD
from shuangbai.reports.suppression import Cell, sign, spans, suppressed

SMALL = st.integers(0, 12)


@st.composite
def a_part(draw: st.DrawFn, key: Hashable) -> Cell:
    base = draw(st.one_of(SMALL, st.integers(0, 60)))
    return Cell(key, draw(st.one_of(st.integers(0, base), st.integers(0, min(base, 6)))), base)


@st.composite
def a_city(draw: st.DrawFn, most: int = 4, known: bool = False) -> Cell:
    """A city of counties with stations. What is counted at two stations is once in the whole."""
    counties = []
    for number in range(draw(st.integers(1, most))):
        stations = [draw(a_part(f"{number}.{place}")) for place in range(draw(st.integers(1, most)))]
        counties.append(Cell(str(number), sum(c.value for c in stations), sum(c.base for c in stations), stations))
    return Cell("", sum(c.value for c in counties), sum(c.base for c in counties), counties, known)


def reading(cell: Cell, shown: str | None, veiled: bool = False) -> range:
    """The numbers that somebody who knows the rules may read from what is shown of one cell alone.

    `veiled`: where all are held back alike, the sign says nothing.
    """
    if shown is None:
        return range(cell.value, cell.value + 1)
    if shown == FEW:
        return range(min(4, cell.base) + 1)
    return range(5 if cell.base >= 10 and not veiled else 0, cell.base + 1)


def is_veiled(whole: Cell, signs: Mapping[Hashable, str]) -> bool:
    """Whether nothing at all is told but what is known anyhow."""
    held_back = {cell.key for cell in whole.all() if cell.base and not cell.known}
    return {*signs} == held_back and {*signs.values()} == {WITHHELD}


def worked_out(whole: Cell, signs: Mapping[Hashable, str]) -> list[Hashable]:
    """An attack of another make than the product's: every possible number of every cell is tried, sums by sums.

    A cell's possible sums are sets, not spans; what the rest of the tree allows comes down as a set too.
    """
    veiled = is_veiled(whole, signs)
    own = {cell.key: set(reading(cell, signs.get(cell.key), veiled)) for cell in whole.all()}

    def sums(cells: list[Cell]) -> set[int]:
        found = {0}
        for cell in cells:
            found = {one + more for one in found for more in possible[cell.key]}
        return found

    possible: dict[Hashable, set[int]] = {}

    def up(cell: Cell) -> None:
        for part in cell.parts:
            up(part)
        possible[cell.key] = own[cell.key] & sums(list(cell.parts)) if cell.parts else own[cell.key]

    def down(cell: Cell) -> None:
        left = {}
        for part in cell.parts:
            others = sums([other for other in cell.parts if other is not part])
            left[part.key] = {one for one in possible[part.key] if any(w - one in others for w in possible[cell.key])}
        possible.update(left)
        for part in cell.parts:
            down(part)

    up(whole)
    down(whole)
    assert all(cell.value in possible[cell.key] for cell in whole.all())
    return [key for key in signs if len(possible[key]) == 1]


class TestNobodyWorksItOut:
    @settings(max_examples=300, deadline=None)
    @given(city=a_city(most=3))
    def test_in_a_tree_of_city_counties_and_stations(self, city: Cell) -> None:
        assert worked_out(city, suppressed(city)) == []

    @settings(max_examples=300, deadline=None)
    @given(parts=st.lists(st.integers(), min_size=2, max_size=8), data=st.data())
    def test_in_a_list_whose_total_is_told(self, parts: list[int], data: st.DataObject) -> None:
        cells = [data.draw(a_part(place)) for place, _ in enumerate(parts)]
        value, base = sum(c.value for c in cells), sum(c.base for c in cells)
        whole = Cell("", value, base, cells, known=True)
        assume(sign(value, base) is None)
        assert worked_out(whole, suppressed(whole)) == []

    @given(city=a_city(most=3))
    def test_what_a_reader_knows_holds_the_truth_and_is_no_less_than_the_product_says(self, city: Cell) -> None:
        signs = suppressed(city)
        for cell in city.all():
            low, high = spans(city, signs, veiled=is_veiled(city, signs))[cell.key]
            assert low <= cell.value <= high

    @given(base=st.integers(0, 60), data=st.data())
    def test_each_by_itself(self, base: int, data: st.DataObject) -> None:
        value = data.draw(st.integers(0, base))
        shown = sign(value, base)
        assert (shown is None) == (base == 0 or 5 <= value <= base - 5)
        if base:
            alike = [other for other in range(base + 1) if sign(other, base) == shown]
            assert shown is None or len(alike) > 1  # no sign stands for one number alone
        if 0 < base < 10:
            assert len({sign(other, base) for other in range(base + 1)}) == 1  # none or all: no telling


class TestAsFewAsNeedBe:
    def shown(self, *parts: tuple[int, int], total: bool = True) -> list[str]:
        cells = [Cell(place, *part) for place, part in enumerate(parts)]
        whole = Cell("", sum(p[0] for p in parts), sum(p[1] for p in parts), cells, known=total)
        signs = suppressed(whole)
        return [signs.get(cell.key, str(cell.value)) for cell in cells]

    def test_large_numbers_are_all_told(self) -> None:
        assert self.shown((12, 90), (30, 200), (7, 40)) == ["12", "30", "7"]

    def test_beside_one_small_number_the_smallest_other_goes_too(self) -> None:
        assert self.shown((3, 90), (30, 200), (7, 40)) == [FEW, "30", WITHHELD]

    def test_two_small_ones_protect_each_other(self) -> None:
        assert self.shown((3, 90), (30, 200), (2, 40)) == [FEW, "30", FEW]

    def test_but_not_where_both_are_nothing(self) -> None:
        assert self.shown((0, 90), (30, 200), (0, 40), (9, 80)) == [FEW, "30", FEW, WITHHELD]

    def test_nor_where_both_are_four(self) -> None:
        assert self.shown((4, 90), (30, 200), (4, 40)) == [FEW, WITHHELD, FEW]

    def test_nothing_counted_is_told_as_nothing(self) -> None:
        assert self.shown((12, 90), (0, 0), (30, 200)) == ["12", "0", "30"]

    @pytest.mark.parametrize("part", [(1, 1), (0, 1), (4, 4), (0, 4)])
    def test_of_few_it_is_not_told_whether_any(self, part: tuple[int, int]) -> None:
        assert sign(*part) == FEW

    def test_nearly_all_is_no_more_told_than_nearly_none(self) -> None:
        assert [sign(value, 30) for value in (0, 4, 5, 25, 26, 30)] == [FEW, FEW, None, None, WITHHELD, WITHHELD]

    def test_a_part_that_somebody_may_open_protects_nothing(self) -> None:
        mine, other, third = Cell("mine", 20, 90, known=True), Cell("other", 3, 50), Cell("third", 9, 80)
        whole = Cell("", 32, 220, [mine, other, third])
        assert suppressed(whole) == {"other": FEW, "third": WITHHELD}


def test_the_spans_are_those_of_trying_everything() -> None:
    parts = [Cell(0, 3, 50), Cell(1, 7, 40), Cell(2, 2, 3)]
    whole = Cell("", 12, 93, parts, known=True)
    signs = {0: FEW, 1: WITHHELD, 2: FEW}
    fits = [one for one in product(*(reading(c, signs[c.key]) for c in parts)) if sum(one) == 12]
    found = spans(whole, signs)
    for place in range(3):
        tried = [one[place] for one in fits]
        assert found[place] == (min(tried, default=inf), max(tried, default=-inf))
