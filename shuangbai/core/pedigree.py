"""A family's generations as SVG: squares and circles in rows, couples joined, children below.

Who belongs where is the caller's knowledge: it gives rows of blocks (people who stand side by side, couples
among them) and the unions that join them. Here they get their places, and are drawn. All pure.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from django.utils.safestring import SafeString

from shuangbai.core.drawing import SMALL, clean, element, figure, item, line, rows_of_text, wrap

SQUARE, CIRCLE, DIAMOND = "square", "circle", "diamond"
SIDE = 56.0  # of a symbol
SLOT = 92.0  # from one symbol's middle to that of its partner
APART = 14.0  # more than a slot, between neighbours who are no couple
NOTE = 15.0  # height of a line of notes
NOTES = 2
PITCH = SIDE + NOTES * NOTE + 52.0  # from row to row
MARGIN = 8.0
LANE = 8.0  # between the bars of two couples' children
SWEEPS = 12
ASIDE_IN_ROW = 6

Key = Hashable


@dataclass(frozen=True, slots=True)
class Figure:
    """One symbol. `notes` stand under it; `missing`: nobody who is known, only a place that must be there."""

    key: Key
    name: str
    shape: str = DIAMOND
    notes: tuple[str, ...] = ()
    died: bool = False
    faint: bool = False
    main: bool = False
    marked: bool = False
    missing: bool = False
    caption: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Union:
    """Up to two partners of one row and their children of the next. `loose` children hang from a broken line."""

    partners: tuple[Key, ...]
    children: tuple[Key, ...] = ()
    loose: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class Lineage:
    """What is drawn: figures by key, rows of blocks from the eldest generation down, unions, and who stands aside."""

    figures: Mapping[Key, Figure]
    rows: Sequence[Sequence[Sequence[Key]]]
    unions: Sequence[Union]
    aside: Sequence[Key] = ()


class Spot(NamedTuple):
    """The middle of a symbol."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line of one union, from point to point; `kind` is couple, descent or loose."""

    kind: str
    points: tuple[tuple[float, float], ...]


@dataclass(slots=True)
class Plan:
    """Every place and line, with the size that they take. `aside_y`: where the heading of the side group stands."""

    spots: dict[Key, Spot] = field(default_factory=dict)
    strokes: list[Stroke] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0
    aside_y: float = 0.0


# PLACES --------------------------------------------------------------------


class _Block:
    """People side by side, who move together."""

    __slots__ = ("keys", "wanted", "weight", "x")

    def __init__(self, keys: Sequence[Key], x: float) -> None:
        self.keys, self.x = list(keys), x  # x: the middle of the first
        self.wanted, self.weight = x, 0.0

    @property
    def reach(self) -> float:
        """From the middle of the first to the middle of the last."""
        return SLOT * (len(self.keys) - 1)


def settle(wanted: Sequence[float], weights: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Places in this order, at least `gaps` apart, as near as can be to those that are wanted (least squares).

    `gaps` has one item less than the others. Neighbours that would overlap share the mean of what they want.
    """
    shifts = [0.0]
    for gap in gaps:
        shifts.append(shifts[-1] + gap)
    pools: list[list[float]] = []  # mean, weight, how many
    for want, weight, shift in zip(wanted, weights, shifts, strict=True):
        pools.append([want - shift, weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            mean, heavy, many = pools.pop()
            before = pools[-1]
            whole = before[1] + heavy
            before[0] = (before[0] * before[1] + mean * heavy) / whole
            before[1], before[2] = whole, before[2] + many
    flat = [mean for mean, _, many in pools for _ in range(int(many))]
    return [place + shift for place, shift in zip(flat, shifts, strict=True)]


class _Places:
    """Finds the place of every block: couples over the middle of their children, as far as there is room."""

    def __init__(self, lineage: Lineage) -> None:
        self.rows = [self._row(blocks) for blocks in lineage.rows]
        self.block_of = {key: block for row in self.rows for block in row for key in block.keys}
        self.unions = [union for union in lineage.unions if union.partners and union.children]

    @staticmethod
    def _row(blocks: Sequence[Sequence[Key]]) -> list[_Block]:
        row, x = [], 0.0
        for keys in blocks:
            row.append(_Block(keys, x))
            x += row[-1].reach + SLOT + APART
        return row

    def x(self, key: Key) -> float:
        block = self.block_of[key]
        return block.x + SLOT * block.keys.index(key)

    def over(self, union: Union) -> float:
        """The middle of the partners."""
        places = [self.x(key) for key in union.partners]
        return sum(places) / len(places)

    def under(self, union: Union) -> float:
        """The middle of the children."""
        places = [self.x(key) for key in union.children]
        return (min(places) + max(places)) / 2

    def find(self) -> None:
        for _ in range(SWEEPS):
            for row in reversed(self.rows):
                self._pull(row, lambda union: (union.partners, self.under(union) - self.over(union)))
            for row in self.rows:
                self._pull(row, lambda union: (union.children, self.over(union) - self.under(union)))

    def _pull(self, row: list[_Block], pull: Callable[[Union], tuple[Sequence[Key], float]]) -> None:
        for block in row:
            block.wanted, block.weight = 0.0, 0.0
        for union in self.unions:
            keys, shift = pull(union)
            for block in {id(b): b for b in (self.block_of[key] for key in keys)}.values():
                if block in row:
                    block.wanted += block.x + shift
                    block.weight += 1
        wanted = [block.wanted / block.weight if block.weight else block.x for block in row]
        weights = [block.weight or 0.05 for block in row]
        gaps = [block.reach + SLOT + APART for block in row[:-1]]
        for block, x in zip(row, settle(wanted, weights, gaps), strict=True):
            block.x = x


def place(lineage: Lineage) -> Plan:
    """Where everybody stands, and every line between them."""
    places, plan = _Places(lineage), Plan()
    places.find()
    half = SLOT / 2
    left = min((block.x for row in places.rows for block in row), default=0.0) - half - MARGIN
    right = max((block.x + block.reach for row in places.rows for block in row), default=0.0) + half + MARGIN
    top = MARGIN + SIDE / 2 + 2 * LANE
    for index, row in enumerate(places.rows):
        for block in row:
            for key in block.keys:
                plan.spots[key] = Spot(places.x(key) - left, top + index * PITCH)
    plan.width, plan.height = right - left, top + (len(places.rows) - 1) * PITCH + SIDE / 2 + NOTES * NOTE + MARGIN
    plan.strokes = [*_couples(lineage, plan), *_descents(lineage, plan)]
    _stand_aside(lineage, plan)
    return plan


def _stand_aside(lineage: Lineage, plan: Plan) -> None:
    """Those whom no line reaches, in rows below."""
    if not lineage.aside:
        return
    if not lineage.rows:
        plan.height = 0.0
    plan.aside_y = plan.height + 22
    columns = min(len(lineage.aside), ASIDE_IN_ROW)
    plan.width = max(plan.width, columns * SLOT + 2 * MARGIN)
    for index, key in enumerate(lineage.aside):
        down, across = divmod(index, columns)
        plan.spots[key] = Spot(
            MARGIN + SLOT * (across + 0.5), plan.aside_y + 22 + SIDE / 2 + down * (SIDE + NOTES * NOTE + 12)
        )
    plan.height = max(plan.spots[key].y for key in lineage.aside) + SIDE / 2 + NOTES * NOTE + MARGIN


def _adjacent(one: Spot, other: Spot) -> bool:
    return abs(one.x - other.x) < SLOT * 1.5


def _couples(lineage: Lineage, plan: Plan) -> Iterator[Stroke]:
    """Partners side by side are joined straight, others by a line that passes over those between."""
    for union in lineage.unions:
        if len(union.partners) != 2:
            continue
        one, other = sorted(plan.spots[key] for key in union.partners)
        if _adjacent(one, other):
            points = ((one.x + SIDE / 2, one.y), (other.x - SIDE / 2, other.y))
            yield Stroke("couple", points)
        else:
            over = one.y - SIDE / 2 - LANE
            yield Stroke("couple", ((one.x, one.y - SIDE / 2), (one.x, over), (other.x, over), (other.x, over + LANE)))


def _start(union: Union, plan: Plan) -> tuple[float, float] | None:
    """Where the line to the children begins: between partners, or under the only one."""
    spots = sorted(plan.spots[key] for key in union.partners)
    if not spots:
        return None
    if len(spots) == 2 and _adjacent(*spots):
        return (spots[0].x + spots[1].x) / 2, spots[0].y
    last = plan.spots[union.partners[-1]]
    return last.x, last.y + SIDE / 2 + NOTES * NOTE + 4


def _descents(lineage: Lineage, plan: Plan) -> Iterator[Stroke]:
    """From each couple down to a bar, and from the bar to each child; bars that would touch get lanes of their own."""
    taken: dict[float, list[tuple[float, float, int]]] = {}
    for union in lineage.unions:
        if not union.children:
            continue
        start, spots = _start(union, plan), [plan.spots[key] for key in union.children]
        ends = [spot.x for spot in spots] + ([start[0]] if start else [])
        first, last, row = min(ends), max(ends), spots[0].y
        lanes = taken.setdefault(row, [])
        used = {lane for other, end, lane in lanes if first - 4 <= end and other <= last + 4}
        lane = next(number for number in range(len(lanes) + 1) if number not in used)
        lanes.append((first, last, lane))
        bar = row - SIDE / 2 - 14 - lane * LANE
        firm = "loose" if not start or union.loose >= set(union.children) else "descent"
        if start:
            yield Stroke(firm, (start, (start[0], bar)))
        if last > first:
            yield Stroke(firm, ((first, bar), (last, bar)))
        for key, spot in zip(union.children, spots, strict=True):
            kind = "loose" if key in union.loose else firm
            yield Stroke(kind, ((spot.x, bar), (spot.x, spot.y - SIDE / 2)))


# DRAWING -------------------------------------------------------------------


def draw(lineage: Lineage, *, title: str, summary: str, aside_title: str = "") -> SafeString:
    """The drawing in its natural size, one unit a CSS pixel. Looks come from classes alone."""
    plan = place(lineage)
    parts = [_stroke(stroke) for stroke in plan.strokes]
    if lineage.aside and aside_title:
        parts.append(rows_of_text([aside_title], MARGIN, plan.aside_y, "pedigree-note", size=SMALL))
    parts.extend(_symbol(lineage.figures[key], spot) for key, spot in plan.spots.items())
    return figure(
        parts, title=title, summary=summary, width=plan.width, height=plan.height, classes="pedigree", natural=True
    )


def _stroke(stroke: Stroke) -> SafeString:
    if len(stroke.points) == 2:
        [(x1, y1), (x2, y2)] = stroke.points
        return line(x1, y1, x2, y2, f"pedigree-line pedigree-{stroke.kind}")
    return element(
        "g", *(line(*one, *two, f"pedigree-line pedigree-{stroke.kind}") for one, two in pairwise(stroke.points))
    )


def _symbol(person: Figure, spot: Spot) -> SafeString:
    """A symbol with the name inside and the notes under it."""
    shapes = [_outline(person.shape, spot, SIDE / 2, _classes(person))]
    if person.main:
        shapes.append(_outline(person.shape, spot, SIDE / 2 - 4, "pedigree-inner"))
    if person.died:
        shapes.extend(_crossed(spot))
    inside = wrap(clean(person.name), SIDE - 12, rows=2)
    shapes.append(rows_of_text(inside, spot.x, spot.y, "pedigree-name", anchor="middle"))
    for index, note in enumerate(person.notes[:NOTES]):
        [text] = wrap(note, SLOT - 6, SMALL, rows=1)
        y = spot.y + SIDE / 2 + 4 + NOTE * (index + 0.5)
        shapes.append(rows_of_text([text], spot.x, y, "pedigree-note", anchor="middle", size=SMALL))
    drawn = item(person.caption or person.name, shapes, person.href)
    return element("g", drawn, class_="pedigree-faint") if person.faint else drawn


def _classes(person: Figure) -> str:
    more = [(person.marked, "pedigree-marked"), (person.missing, "pedigree-missing")]
    return " ".join(["pedigree-symbol", *(name for holds, name in more if holds)])


def _outline(shape: str, spot: Spot, half: float, class_: str) -> SafeString:
    if shape == SQUARE:
        return element("rect", class_=class_, x=spot.x - half, y=spot.y - half, width=half * 2, height=half * 2)
    if shape == CIRCLE:
        return element("circle", class_=class_, cx=spot.x, cy=spot.y, r=half)
    x, y, tip = spot.x, spot.y, half * 1.15
    corners = ((x, y - tip), (x + tip, y), (x, y + tip), (x - tip, y))
    return element("polygon", class_=class_, points=" ".join(f"{a:g},{b:g}" for a, b in corners))


def crosses(spot: Spot) -> list[tuple[float, float, float, float]]:
    """The four strokes of the cross over somebody who died; the middle stays free for the name."""
    far, near = SIDE / 2 + 2, SIDE / 2 - 13
    return [
        (spot.x + right * far, spot.y + down * far, spot.x + right * near, spot.y + down * near)
        for right in (-1, 1)
        for down in (-1, 1)
    ]


def _crossed(spot: Spot) -> list[SafeString]:
    return [line(*ends, "pedigree-cross") for ends in crosses(spot)]
