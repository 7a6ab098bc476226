"""Reading scales and results. Whoever reads results was let in by the room of what they belong to."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from shuangbai.core.banded import Zone, banded
from shuangbai.core.charts import pair
from shuangbai.network.roles import Permission
from shuangbai.scales.models import ScaleResult, ScaleVersion
from shuangbai.scales.rules import Band, Scale, scale_of

SHIPPED = Path(__file__).parent / "data" / "scales.json"
Catalogue = Mapping[tuple[str, int], Scale]


def setup_items() -> list[tuple[str, str, str, Permission]]:
    """Pages of this room for the set-up hub: (url name, label, one line, permission)."""
    return [("scale-list", "评估量表", "个案评估用哪些量表；增加本市自己的，停用不要的", Permission.MANAGE_CODES)]


# SCALES --------------------------------------------------------------------


@lru_cache(maxsize=1)
def shipped_data() -> list[dict[str, Any]]:
    """The product's own scales, as data/scales.json has them."""
    return list(json.loads(SHIPPED.read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def shipped() -> tuple[Scale, ...]:
    return tuple(scale_of(one) for one in shipped_data())


def catalogue() -> Catalogue:
    """Every version of every scale, ended ones too: one query. What the city says of a version holds."""
    known = {(one.code, one.version): one for one in shipped()}
    product = {one.code for one in shipped()}
    for row in ScaleVersion.objects.order_by("code", "version"):
        made = scale_of(row.definition, own=row.code not in product)
        known[row.code, row.version] = replace(made, starts_on=row.starts_on, ends_on=row.ends_on)
    return known


def scales_on(day: date, known: Catalogue | None = None) -> list[Scale]:
    """The scales that may be used for a day, each in the version of that day, in the order of the list."""
    found: dict[str, Scale] = {}
    for one in (known if known is not None else catalogue()).values():
        if one.holds_on(day) and (one.code not in found or found[one.code].version < one.version):
            found[one.code] = one
    return list(found.values())


def newest_of(code: str, known: Catalogue) -> Scale | None:
    """The scale's last version, whether it holds or not."""
    return max((one for one in known.values() if one.code == code), key=lambda one: one.version, default=None)


def versions_of(code: str, known: Catalogue) -> list[Scale]:
    return sorted((one for one in known.values() if one.code == code), key=lambda one: -one.version)


# RESULTS -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A result as a page shows it."""

    result: ScaleResult
    scale: Scale
    total: int | None
    band: str
    hint: str
    filled: int
    parts: list[tuple[str, int]]
    change: int | None = None

    @property
    def fewer(self) -> int:
        return -(self.change or 0)


@dataclass(frozen=True, slots=True)
class Repeated:
    """One scale filled in about one person, over time: the newest first, and the line where there are several."""

    scale: Scale
    person_key: UUID
    lines: list[Line]
    drawing: SafeString | None

    @property
    def latest(self) -> Line:
        return self.lines[0]


def results_of(subject_key: UUID) -> QuerySet[ScaleResult]:
    """What was answered that belongs to something, voided ones left out."""
    return ScaleResult.objects.filter(subject_key=subject_key, voided_at__isnull=True)


def line_of(result: ScaleResult, known: Catalogue) -> Line:
    told: dict[str, Any] = result.told
    scale = known[result.scale, result.scale_version]
    band: Band | None = scale.band(told["total"]) if "total" in told else None
    return Line(
        result, scale, told.get("total"), told.get("band", ""), band.hint if band else "", told.get("filled", 0),
        [(name, points) for name, points in told.get("parts", [])],
    )  # fmt: skip


def repeated_of(subject_key: UUID) -> list[Repeated]:
    """Every scale that was filled in, by person; two queries."""
    known = catalogue()
    rows = results_of(subject_key).select_related("entered_by").order_by("taken_on", "entered_at")
    told: dict[tuple[str, UUID], list[Line]] = defaultdict(list)
    for row in rows:
        told[row.scale, row.person_key].append(line_of(row, known))
    return [_repeated(person, lines) for (_, person), lines in told.items()]


def _repeated(person: UUID, lines: list[Line]) -> Repeated:
    """The change from one to the next is told only between results of one version."""
    changed = [lines[0]]
    for before, after in pairwise(lines):
        same = before.scale.version == after.scale.version and None not in (before.total, after.total)
        changed.append(replace(after, change=(after.total or 0) - (before.total or 0)) if same else after)
    newest = changed[-1].scale
    return Repeated(newest, person, changed[::-1], drawn(newest, changed))


def points_of(scale: Scale, lines: Iterable[Line]) -> list[tuple[date, float]]:
    """A score for each day, of the scale's newest version; of a day the one entered last."""
    kept = [one for one in lines if one.scale.version == scale.version and one.total is not None]
    return sorted({one.result.taken_on: float(one.total or 0) for one in kept}.items())


def drawn(scale: Scale, lines: Iterable[Line]) -> SafeString | None:
    """The line over time with the scale's bands behind it; None with fewer than two days."""
    points = points_of(scale, lines)
    if len(points) < 2:
        return None
    zones = [Zone(one.least, one.most, one.label) for one in scale.bands]
    options: dict[str, Any] = {"lowest": scale.lowest, "highest": scale.highest, "zones": zones}
    return pair(banded, points, title=scale.name, unit=scale.unit, worse_high=scale.worse == "high", **options)
