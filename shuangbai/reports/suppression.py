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


def sign(value: int, base: int) -> str | None:
    """What is shown in place of a number, judged by itself; None where it is told.

    Nothing counted at all is told as 0. Otherwise 0 is not told from 1 to 4: whoever asks narrowly enough would read
    from it who carries the secret. Nor is told that all but 0 to 4 carry it; of a base under 10 nothing can be said
    that does neither, so all its numbers look the same.
    """
    if base == 0:
        return None
    if base < LEAST_TOLD:
        return FEW  # true of every number of so small a base
    if base < 2 * LEAST_TOLD or base - value < LEAST_TOLD:
        return WITHHELD
    return FEW if value < LEAST_TOLD else None


def _span(cell: Cell, shown: str | None, veiled: bool) -> Span:
    """What a reader knows of a cell by what is shown of it."""
    if shown is None:
        return cell.value, cell.value
    if shown == FEW:
        return 0, min(LEAST_TOLD - 1, cell.base)
    return (0 if veiled or cell.base < 2 * LEAST_TOLD else LEAST_TOLD), cell.base


def spans(whole: Cell, signs: Mapping[Hashable, str], *, veiled: bool = False) -> dict[Hashable, Span]:
    """The smallest and largest number that each cell can be, for a reader of everything that is shown.

    Exact, since a tree of sums has no circles: what the parts say goes up, what the wholes say comes down.
    """
    known: dict[Hashable, Span] = {}

    def up(cell: Cell) -> Span:
        low, high = _span(cell, signs.get(cell.key), veiled)
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


def suppressed(whole: Cell) -> Signs:
    """What is shown in place of every number that is held back, in a tree of wholes and parts.

    As few more as need be, the smallest beside the one that could be worked out first; where nothing else helps, all.
    """
    cells = list(whole.all())
    signs = {cell.key: shown for cell in cells if not cell.known and (shown := sign(cell.value, cell.base))}
    while (exposed := _exposed(whole, signs)) is not None:
        more = min(
            (cell for cell in cells if not cell.known and cell.base and cell.key not in signs),
            key=lambda cell: (_distance(whole, exposed, cell), cell.value),
            default=None,
        )
        if more is None:
            return {cell.key: WITHHELD for cell in cells if not cell.known and cell.base}
        signs[more.key] = WITHHELD
    return signs


def _exposed(whole: Cell, signs: Signs) -> Cell | None:
    """The first cell that is held back in vain."""
    known = spans(whole, signs)
    held_back = (cell for cell in whole.all() if cell.key in signs)
    return next((cell for cell in held_back if known[cell.key][0] == known[cell.key][1]), None)


def _distance(whole: Cell, exposed: Cell, other: Cell) -> int:
    """How near another cell stands: beside it, among its parts, its whole, elsewhere."""
    for cell in whole.all():
        keys = [part.key for part in cell.parts]
        if exposed.key in keys and other.key in keys:
            return 0
        if exposed.key == cell.key and other.key in keys:
            return 1
        if exposed.key in keys and other.key == cell.key:
            return 2
    return 3
