"""Reading the grade schemes: the product's own until a city changes them, and the city's."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import NamedTuple, Self
from uuid import UUID

from shuangbai.codes.queries import label_of
from shuangbai.households.enums import GRADES
from shuangbai.households.models import CategoryFloor, GradeLevel, StationScheme
from shuangbai.households.rules import PRESETS, USUAL_SCHEME, Level, Scheme


def level_label(code: str, label: str, day: date) -> str:
    """What a level is called on a day: the product's by the code list, a city's own by its scheme."""
    return label_of(GRADES, code, day) if code in GRADES.built_in else label


def level_of(row: GradeLevel, scheme: str, day: date) -> Level:
    return Level(
        row.code, scheme, level_label(row.code, row.label, day), row.colour, row.rank, row.interval_days,
        row.grace_days, tuple(row.modes), row.face_times, row.face_days, row.review_days,
        ended=not row.holds_on(day),
    )  # fmt: skip


class _Said(NamedTuple):
    """What was ever said of schemes: the versions of every level, and which station chose which."""

    levels: Sequence[GradeLevel]
    chosen: Sequence[StationScheme]

    @classmethod
    def read(cls) -> Self:
        levels = GradeLevel.objects.select_related("scheme").order_by("scheme_id", "code", "starts_on")
        return cls(list(levels), list(StationScheme.objects.select_related("scheme")))


class Schemes:
    """Every scheme as it holds on a day: two queries. Levels that ended keep their numbers, for files with them."""

    @classmethod
    def on_each(cls, days: Iterable[date]) -> dict[date, Self]:
        """As they hold on each of the days: two queries altogether."""
        said = _Said.read()
        return {day: cls(day, said) for day in days}

    def __init__(self, day: date, known: _Said | None = None) -> None:
        self.day = day
        rows, choices = known or _Said.read()
        kept: dict[str, list[Level]] = {}
        self.by_code: dict[str, Scheme] = {}
        for _code, versions in groupby(rows, key=lambda row: row.code):
            said = list(versions)
            of_day = [row for row in said if row.starts_on <= day] or said[:1]
            scheme = said[0].scheme
            kept.setdefault(scheme.code, []).append(level_of(of_day[-1], scheme.code, day))
            self.by_code[scheme.code] = Scheme(scheme.code, scheme.name, scheme.example, (), scheme.version)
        for code, preset in PRESETS.items():
            if code not in self.by_code:
                kept[code] = [replace(one, label=level_label(one.code, "", day)) for one in preset.levels]
                self.by_code[code] = preset
        self.levels: dict[str, Level] = {one.code: one for some in kept.values() for one in some}
        for code, some in kept.items():
            holding = sorted((one for one in some if not one.ended), key=lambda one: one.rank)
            self.by_code[code] = replace(self.by_code[code], levels=tuple(holding))
        self.of_stations: dict[UUID, str] = {row.station_id: row.scheme.code for row in choices if row.holds_on(day)}

    def of(self, station_id: UUID) -> Scheme:
        """The scheme by which a station grades on the day."""
        return self.by_code[self.of_stations.get(station_id, USUAL_SCHEME)]

    def in_order(self) -> list[Scheme]:
        """The product's schemes first, then the city's own."""
        own = sorted((one for one in self.by_code.values() if one.code not in PRESETS), key=lambda one: one.code)
        return [*(self.by_code[code] for code in PRESETS), *own]


@dataclass(frozen=True, slots=True)
class Floor:
    """A longest interval that holds on a day."""

    category_id: int
    name: str
    days: int
    since: date


def floors_on(day: date) -> dict[int, Floor]:
    """The longest intervals by category on the day: one query."""
    rows = CategoryFloor.objects.on(day).values_list("category_id", "category__name", "days", "starts_on")
    return {row[0]: Floor(*row) for row in rows}


def floor_rows() -> Sequence[CategoryFloor]:
    """Every longest interval there is or was, for the set-up page."""
    return list(CategoryFloor.objects.select_related("category").order_by("category__position", "-starts_on"))


def schemes_of_stations(station_ids: Iterable[UUID]) -> dict[UUID, list[StationScheme]]:
    """Which schemes the stations use and used, the newest first."""
    found: dict[UUID, list[StationScheme]] = {}
    rows = StationScheme.objects.filter(station__in=list(station_ids)).select_related("scheme")
    for row in rows.order_by("-starts_on"):
        found.setdefault(row.station_id, []).append(row)
    return found


def versions_of(codes: Collection[str]) -> dict[str, list[GradeLevel]]:
    """What levels said from day to day, the oldest first."""
    found: dict[str, list[GradeLevel]] = {}
    for row in GradeLevel.objects.filter(code__in=list(codes)).order_by("starts_on"):
        found.setdefault(row.code, []).append(row)
    return found
