"""Which numbers of something secret are told to those who may not open it (docs/adr/0047). Pure.

A number is judged by itself and by its base: the same number without asking for the secret. Nobody may tell from it
that few carry the secret, or that nearly all do. Then further numbers are held back until none that is can be worked
out from totals and parts, even by somebody who knows these rules.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shuangbai.core.privacy import FEW, LEAST_TOLD, WITHHELD

Signs = dict[Hashable, str]  # what is shown in place of a number that is held back
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """A number with its base, and the parts that it is the whole of. `known`: told whatever it is."""

    key: Hashable
    value: int
    base: int
    parts: Sequence["Cell"] = ()
    known: bool = False

    def all(self) -> Iterator["Cell"]:
        yield self
        for part in self.parts:
            yield from part.all()

    @property
    def twice(self) -> int:
        """By how much the parts together exceed the whole: who was counted in two of them."""
        return sum(part.value for part in self.parts) - self.value if self.parts else 0


def sign(value: int, base: int, least: int = LEAST_TOLD) -> str | None:
    """What is shown in place of a number, judged by itself; None where it is told. `least` is the smallest told.

    Nothing counted at all is told as 0. Otherwise 0 is not told from 1 to 4: whoever asks narrowly enough would read
    from it who carries the secret. Nor is told that all but 0 to 4 carry it; of a base under 10 nothing can be said
    that does neither, so all its numbers look the same.
    """
    if base == 0:
        return None
    if base < least:
        return FEW  # true of every number of so small a base
    if base < 2 * least or base - value < least:
        return WITHHELD
    return FEW if value < least else None


def _span(cell: Cell, shown: str | None, veiled: bool, least: int) -> Span:
    """What a reader knows of a cell by what is shown of it."""
    if shown is None:
        return cell.value, cell.value
    if shown == FEW:
        return 0, min(least - 1, cell.base)
    return (0 if veiled or cell.base < 2 * least else least), cell.base


def spans(
    whole: Cell, signs: Mapping[Hashable, str], *, veiled: bool = False, least: int = LEAST_TOLD
) -> dict[Hashable, Span]:
    """The smallest and largest number that each cell can be, for a reader of everything that is shown.

    Exact, since a tree of sums has no circles: what the parts say goes up, what the wholes say comes down.
    """
    known: dict[Hashable, Span] = {}

    def up(cell: Cell) -> Span:
        low, high = _span(cell, signs.get(cell.key), veiled, least)
        if cell.parts:
            told = [up(part) for part in cell.parts]
            low = max(low, sum(span[0] for span in told) - cell.twice)
            high = min(high, sum(span[1] for span in told) - cell.twice)
        known[cell.key] = (low, high)
        return low, high

    def down(cell: Cell) -> None:
        low, high = known[cell.key]
        narrowed: dict[Hashable, Span] = {}
        lows, highs = (sum(known[part.key][end] for part in cell.parts) for end in (0, 1))
        for part in cell.parts:
            least, most = known[part.key]
            span = max(least, low + cell.twice - (highs - most)), min(most, high + cell.twice - (lows - least))
            narrowed[part.key] = span
        known.update(narrowed)
        for part in cell.parts:
            down(part)

    up(whole)
    down(whole)
    return known


def suppressed(whole: Cell, *, least: int = LEAST_TOLD) -> Signs:
    """What is shown in place of every number that is held back, in a tree of wholes and parts.

    As few more as need be, the smallest beside one that could be worked out first; where nothing else helps, all.
    """
    cells = list(whole.all())
    signs = {cell.key: shown for cell in cells if not cell.known and (shown := sign(cell.value, cell.base, least))}
    while exposed := _exposed(whole, signs, least):
        near = _nearness(whole, exposed)
        left = [cell for cell in cells if not cell.known and cell.base and cell.key not in signs]
        if not left:
            return {cell.key: WITHHELD for cell in cells if not cell.known and cell.base}
        signs[min(left, key=lambda cell: (near.get(cell.key, 3), cell.value)).key] = WITHHELD
    return signs


def _exposed(whole: Cell, signs: Signs, least: int) -> set[Hashable]:
    """The cells that are held back in vain."""
    known = spans(whole, signs, least=least)
    return {key for key in signs if known[key][0] == known[key][1]}


def _nearness(whole: Cell, exposed: set[Hashable]) -> dict[Hashable, int]:
    """How near cells stand to one of those: 0 beside it, 1 among its parts, 2 its whole; others are left out."""
    near: dict[Hashable, int] = {}
    for cell in whole.all():
        beside = any(part.key in exposed for part in cell.parts)
        for part in cell.parts:
            if beside or cell.key in exposed:
                near[part.key] = min(near.get(part.key, 3), 0 if beside else 1)
        if beside:
            near[cell.key] = min(near.get(cell.key, 3), 2)
    return near
