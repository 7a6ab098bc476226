"""An ecomap (生态图) as SVG: a family in the middle, and what surrounds it, each tied by a line that tells how.

Lines differ by form and not by colour alone: thick, broken up, jagged, cut through. Arrows say which way energy flows.
Systems stand around the edge, so that no line crosses another system; tested for 1 to 16. All pure.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from shuangbai.core.drawing import (
    NARROW,
    SMALL,
    WIDE,
    clean,
    element,
    figure,
    item,
    line,
    merge,
    plain,
    rows_of_text,
    wrap,
)

STRONG, WEAK, STRESSED, BROKEN = "strong", "weak", "stressed", "broken"
FORMS = (STRONG, WEAK, STRESSED, BROKEN)
BOTH, TO, FROM, NEITHER = "both", "to", "from", "none"  # seen from the family: to the system, from it
MOST = 16
BOX, BOX_COMPACT = (132.0, 46.0), (96.0, 46.0)
HEART, HEART_COMPACT = 56.0, 42.0  # radius of the family in the middle
ROW, ROW_COMPACT = 74.0, 60.0
EDGE = 4.0
TOOTH = 7.0
ARROW = 9.0
LEGEND = 24.0


@dataclass(frozen=True, slots=True)
class Tie:
    """A system and how the family is tied to it. `caption` is the same in words, for whoever points at it."""

    name: str
    kind: str = ""
    form: str = STRONG
    flow: str = BOTH
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a system stands: its middle and its size. `column`: others stand over and under it."""

    x: float
    y: float
    width: float
    height: float
    column: bool = True

    def overlaps(self, other: "Box") -> bool:
        return abs(self.x - other.x) * 2 < self.width + other.width and (
            abs(self.y - other.y) * 2 < self.height + other.height
        )


@dataclass(slots=True)
class Plan:
    """Every place, and the size that they take without the key."""

    width: float
    height: float
    x: float
    y: float
    heart: float
    boxes: list[Box] = field(default_factory=list)

    def ends(self, box: Box) -> tuple[tuple[float, float], tuple[float, float]]:
        """The line to a system: from the rim of the family to the near side of its box."""
        to = _port(box, self.x, self.y)
        far = math.dist((self.x, self.y), to)
        share = self.heart / far
        return (self.x + (to[0] - self.x) * share, self.y + (to[1] - self.y) * share), to


def _port(box: Box, x: float, y: float) -> tuple[float, float]:
    """Where a line from (x, y) meets the box: at the side of a column, on the way to the middle of any other."""
    aside, down = x - box.x, y - box.y
    if box.column:
        return box.x + math.copysign(box.width / 2, aside), box.y
    share = min(box.width / 2 / abs(aside) if aside else math.inf, box.height / 2 / abs(down))
    return box.x + aside * share, box.y + down * share


# PLACES --------------------------------------------------------------------


def place(count: int, *, compact: bool = False) -> Plan:
    """Where `count` systems stand. Raises ValueError for more than MOST."""
    if count > MOST:
        raise ValueError(f"an ecomap shows at most {MOST} systems, not {count}")
    return _columns(count) if compact else _around(count)


def _columns(count: int) -> Plan:
    """On a phone: two columns, the family between them."""
    wide, high = BOX_COMPACT
    rows = max(2, math.ceil(count / 2))
    plan = Plan(NARROW, 2 * EDGE + rows * ROW_COMPACT, NARROW / 2, EDGE + rows * ROW_COMPACT / 2, HEART_COMPACT)
    for index in range(count):
        side, row = index % 2, index // 2
        x = EDGE + wide / 2 if side == 0 else NARROW - EDGE - wide / 2
        spare = rows - (count + 1 - side) // 2
        plan.boxes.append(Box(x, EDGE + (row + spare / 2 + 0.5) * ROW_COMPACT, wide, high))
    return plan


def _around(count: int) -> Plan:
    """On a desk and on paper: down the sides first, then over and under."""
    wide, high = BOX
    right, left = _share(count, 0), _share(count, 1)
    top, bottom = _share(count, 2), _share(count, 3)
    rows = max(2, right, left)
    above = ROW if top else 0
    height = 2 * EDGE + rows * ROW + above + (ROW if bottom else 0)
    plan = Plan(WIDE, height, WIDE / 2, EDGE + above + rows * ROW / 2, HEART)

    def down(many: int, x: float) -> Iterator[Box]:
        for index in range(many):
            yield Box(x, plan.y + (index - (many - 1) / 2) * ROW, wide, high)

    def across(many: int, y: float) -> Iterator[Box]:
        for index in range(many):
            yield Box(WIDE / 2 + (index - (many - 1) / 2) * (wide + 40), y, wide, high, column=False)

    sides = [
        list(down(right, WIDE - EDGE - wide / 2)), list(down(left, EDGE + wide / 2)),
        list(across(top, EDGE + high / 2)), list(across(bottom, height - EDGE - high / 2)),
    ]  # fmt: skip
    for index in range(count):
        plan.boxes.append(sides[index % 4][index // 4])
    return plan


def _share(count: int, side: int) -> int:
    return (count - side + 3) // 4


# DRAWING -------------------------------------------------------------------


def ecomap(
    heart: str, ties: Sequence[Tie], *, title: str, summary: str, words: Sequence[str], compact: bool = False
) -> SafeString:
    """The family `heart` and its ties. `words` name the four forms, in the order of FORMS, for the key.

    Raises ValueError for more than MOST ties, or a form that is none.
    """
    if any(tie.form not in FORMS for tie in ties):
        raise ValueError("a tie is strong, weak, stressed or broken")
    plan = place(len(ties), compact=compact)
    parts: list[SafeString] = []
    for tie, box in zip(ties, plan.boxes, strict=True):
        start, end = plan.ends(box)
        shapes = [*_tied(tie, start, end), _system(tie, box)]
        parts.append(item(tie.caption or tie.name, shapes))
    rim = element("circle", class_="eco-heart", cx=plan.x, cy=plan.y, r=plan.heart)
    inside = wrap(clean(heart), plan.heart * 1.6, rows=2)
    parts.append(merge([rim, rows_of_text(inside, plan.x, plan.y, "eco-name", anchor="middle")]))
    key, height = _key(words, plan.width, plan.height + 8, compact)
    kind = f"chart ecomap {'chart-compact' if compact else 'chart-wide'}"
    return figure([*parts, *key], title=title, summary=summary, width=plan.width, height=height, classes=kind)


def _system(tie: Tie, box: Box) -> SafeString:
    shape = element(
        "rect", class_="eco-system", x=box.x - box.width / 2, y=box.y - box.height / 2, width=box.width,
        height=box.height, rx=14,
    )  # fmt: skip
    room = box.width - 24
    if not tie.kind or tie.kind == tie.name:
        rows = wrap(clean(tie.name), room, rows=2)
        return merge([shape, rows_of_text(rows, box.x, box.y, "eco-name", anchor="middle")])
    [name], [kind] = wrap(clean(tie.name), room, rows=1), wrap(tie.kind, room, SMALL, rows=1)
    return merge([
        shape, rows_of_text([name], box.x, box.y - 8, "eco-name", anchor="middle"),
        rows_of_text([kind], box.x, box.y + 11, "eco-kind", anchor="middle", size=SMALL),
    ])  # fmt: skip


def _tied(tie: Tie, start: tuple[float, float], end: tuple[float, float]) -> Iterator[SafeString]:
    """The line in its form, cut back where an arrow stands."""
    near = _toward(start, end, ARROW if tie.flow in (BOTH, FROM) else 1)
    far = _toward(end, start, ARROW if tie.flow in (BOTH, TO) else 1)
    yield from _formed(tie.form, near, far)
    if tie.flow in (BOTH, TO):
        yield _arrow(far, end)
    if tie.flow in (BOTH, FROM):
        yield _arrow(near, start)


def _toward(one: tuple[float, float], other: tuple[float, float], by: float) -> tuple[float, float]:
    far = math.dist(one, other) or 1.0
    return one[0] + (other[0] - one[0]) * by / far, one[1] + (other[1] - one[1]) * by / far


def _arrow(foot: tuple[float, float], tip: tuple[float, float]) -> SafeString:
    across = (-(tip[1] - foot[1]) / ARROW * 4.5, (tip[0] - foot[0]) / ARROW * 4.5)
    corners = (tip, (foot[0] + across[0], foot[1] + across[1]), (foot[0] - across[0], foot[1] - across[1]))
    return element("polygon", class_="eco-arrow", points=" ".join(f"{plain(x)},{plain(y)}" for x, y in corners))


def _formed(form: str, one: tuple[float, float], other: tuple[float, float]) -> Iterator[SafeString]:
    kind = f"eco-line eco-{form}"
    if form == STRESSED:
        told = " ".join(f"{plain(x)},{plain(y)}" for x, y in jagged(one, other))
        yield element("polyline", class_=kind, points=told, fill="none")
        return
    if form != BROKEN:
        yield line(*one, *other, kind)
        return
    far = math.dist(one, other) or 1.0
    along = ((other[0] - one[0]) / far, (other[1] - one[1]) / far)
    middle = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
    ends = [(middle[0] + along[0] * by, middle[1] + along[1] * by) for by in (-5, 5)]
    yield line(*one, *ends[0], kind)
    yield line(*ends[1], *other, kind)
    for x, y in ends:  # two strokes across the gap
        yield line(x - along[1] * 8, y + along[0] * 8, x + along[1] * 8, y - along[0] * 8, kind)


def jagged(one: tuple[float, float], other: tuple[float, float]) -> list[tuple[float, float]]:
    """The corners of a saw-toothed line from one point to another."""
    far = math.dist(one, other) or 1.0
    along = ((other[0] - one[0]) / far, (other[1] - one[1]) / far)
    teeth = max(2, int(far // TOOTH))
    corners = [one]
    for tooth in range(1, teeth):
        by, aside = far * tooth / teeth, 4.0 if tooth % 2 else -4.0
        corners.append((one[0] + along[0] * by - along[1] * aside, one[1] + along[1] * by + along[0] * aside))
    return [*corners, other]


def _key(words: Sequence[str], width: float, top: float, compact: bool) -> tuple[list[SafeString], float]:
    """What each form of line means, and the arrows; its height."""
    told = [(form, word) for form, word in zip(FORMS, words, strict=True)]
    columns = 2 if compact else 4
    room = width / columns
    parts: list[SafeString] = []
    for index, (form, word) in enumerate(told):
        x, y = index % columns * room + 6, top + (index // columns + 0.5) * LEGEND
        parts.extend(_formed(form, (x, y), (x + 44, y)))
        [label] = wrap(word, max(room - 62, 3 * SMALL), SMALL, rows=1)
        parts.append(rows_of_text([label], x + 52, y, "eco-kind", size=SMALL))
    return [element("g", *parts, aria_hidden="true")], top + math.ceil(len(told) / columns) * LEGEND + 4
