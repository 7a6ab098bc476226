"""Finding a place by what people write: a name, a name path, another name, or a code that may name two places."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.db.models import Q, QuerySet

from shuangbai.core.queries import installation_names
from shuangbai.network.enums import AreaLevel
from shuangbai.network.gazetteer import read_divisions
from shuangbai.network.models import Area, AreaAlias, AreaCode, stem

SYSTEMS = {"nbs": "统计局", "mca": "民政部"}
_BETWEEN = re.compile(r"[/／\\>》,，、\s]+")
MOST_SHOWN = 60


@cache
def prefectures() -> list[tuple[str, str]]:
    """The prefectures of the province that the product ships, as (code, name)."""
    return [(row["code"], row["name"]) for row in read_divisions() if row["level"] == AreaLevel.CITY]


def path_of(area: Area) -> list[Area]:
    """The place and what stands above it, from the top: at most five queries, fewer with `select_related`."""
    path = [area]
    while path[0].parent_id:
        path.insert(0, path[0].parent)  # type: ignore[arg-type]
    return path


def written_path(area: Area, *, below: str = AreaLevel.CITY) -> str:
    """海丰县 城东镇 赤山村: the names below `below`, by which one 城东 is told from another."""
    levels = list(AreaLevel)
    names = [one.short_name for one in path_of(area) if levels.index(AreaLevel(one.level)) > levels.index(below)]  # type: ignore[arg-type]
    return " ".join(names) or area.name


def areas_called(words: str) -> list[Area]:
    """Places whose name, other name or code begins with or holds the words; at most MOST_SHOWN.

    The city's own come first, and of them the larger ones.
    """
    words = words.strip()
    if not words:
        return []
    *above, last = [part for part in _BETWEEN.split(words) if part] or [words]
    named = Q(name__contains=last) | Q(pk__in=AreaAlias.objects.filter(name__contains=last).values("area_id"))
    if last.isdecimal():
        named = Q(pk__in=AreaCode.objects.filter(code__startswith=last).values("area_id"))
    found = Area.objects.filter(named).select_related("parent__parent__parent__parent")
    for part in above:
        found = found.filter(Q(parent__name__contains=part) | Q(parent__parent__name__contains=part))
    levels = list(AreaLevel)
    rows = list(found.order_by("name", "id")[: MOST_SHOWN * 4])
    city = installation_names().city
    rows.sort(key=lambda area: (not _is_of(area, city), levels.index(AreaLevel(area.level)), len(area.name)))
    return rows[:MOST_SHOWN]


def _is_of(area: Area, city: str) -> bool:
    return any(one.level == AreaLevel.CITY and one.name == city for one in path_of(area))


def own_city() -> Area | None:
    """The city itself among the places, if it is called as the installation is."""
    return Area.objects.filter(level=AreaLevel.CITY, name=installation_names().city, ends_on=None).first()


@dataclass(frozen=True, slots=True)
class SharedCode:
    """A code of a place that another system, or an edition, gives to another place."""

    code: AreaCode
    others: list[AreaCode]


def codes_of(area: Area) -> list[SharedCode]:
    """The codes of a place in every system, each with the other places that the same digits name: two queries."""
    mine = list(area.codes.order_by("system", "-edition", "code"))
    theirs: dict[str, list[AreaCode]] = defaultdict(list)
    others = AreaCode.objects.filter(code__in={row.code for row in mine}).exclude(area=area)
    for row in others.select_related("area__parent__parent__parent").order_by("system", "edition"):
        theirs[row.code].append(row)
    return [SharedCode(row, theirs[row.code]) for row in mine]


@dataclass(slots=True)
class Match:
    """A line as it was pasted and the places it may mean: one is it, several are asked, none is told."""

    typed: str
    found: list[Area] = field(default_factory=list)

    @property
    def area(self) -> Area | None:
        return self.found[0] if len(self.found) == 1 else None


def match_villages(lines: Iterable[str], near: Area) -> list[Match]:
    """What villages pasted names mean, in the town `near` before the rest of the city.

    A line is a name or a name path (海丰县/城东镇/赤山村). Codes are never asked: two systems may differ.
    """
    villages = _villages_around(near)
    names: dict[str, set[int]] = defaultdict(set)
    by_id = {area.pk: area for area in villages}
    for area in villages:
        for name in {area.name, area.short_name, stem(area.name)}:
            names[name].add(area.pk)
    others = _other_names(villages)
    for area in villages:
        for name in others[area.pk]:
            names[name].add(area.pk)
            names[stem(name)].add(area.pk)
    return [_match(line, names, by_id, near, others) for line in lines if line.strip()]


def _villages_around(near: Area) -> list[Area]:
    city = next((area for area in path_of(near) if area.level == AreaLevel.CITY), path_of(near)[0])
    under = Q(parent__parent__parent=city) | Q(parent__parent=city) | Q(parent=near) | Q(parent__parent=near)
    standing = Area.objects.filter(under, level=AreaLevel.VILLAGE, ends_on=None)
    return list(standing.select_related("parent__parent__parent").order_by("name", "id"))


def _other_names(villages: Sequence[Area]) -> dict[int, set[str]]:
    """The other names of these villages and of the towns and counties above them, by key."""
    above = {area.parent_id for area in villages} | {area.parent.parent_id for area in villages if area.parent}
    wanted = {area.pk for area in villages} | {pk for pk in above if pk}
    found: dict[int, set[str]] = defaultdict(set)
    level = Area.objects.filter(pk__in=wanted).values("pk") if len(wanted) < 500 else Area.objects.values("pk")
    for pk, name in AreaAlias.objects.filter(area__in=level).values_list("area_id", "name"):
        if pk in wanted:
            found[pk].add(name)
    return found


def _match(
    line: str, names: dict[str, set[int]], by_id: dict[int, Area], near: Area, others: dict[int, set[str]]
) -> Match:
    *above, last = [part for part in _BETWEEN.split(line.strip()) if part]
    said = Area(name=last).short_name  # 村委会 and 村民委员会 are one body: spelling does not choose between places
    meant = names.get(said) or names.get(last) or names.get(stem(last)) or set()
    areas = [by_id[pk] for pk in meant]
    for part in above:
        areas = [area for area in areas if _is_under(area, part, others)]
    whole = [area for area in areas if area.short_name == said or last in others[area.pk]]
    for narrower in (whole, [a for a in (whole or areas) if a.parent_id == near.pk]):
        areas = narrower or areas
    return Match(line.strip(), sorted(areas, key=lambda area: area.pk))


def _is_under(area: Area, part: str, others: dict[int, set[str]]) -> bool:
    """Whether a place that is written so stands above the village."""
    above = [one for one in (area.parent, area.parent.parent if area.parent else None) if one]
    above += [one.parent for one in above[-1:] if one.parent]
    return any(part in {one.name, one.short_name, *others[one.pk]} or stem(part) in {stem(one.name)} for one in above)


def children_of(area: Area | None) -> QuerySet[Area]:
    """The places right under one, or at the top; those abolished last."""
    rows = Area.objects.filter(parent=area)
    return rows.order_by("ends_on", "name", "id")
