"""What a station's ledgers are read against, what it has learnt, and where a record comes from."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from shuangbai.core import clock
from shuangbai.ledgers.access import may_import
from shuangbai.ledgers.judging import Context
from shuangbai.ledgers.keepsakes import rows_of
from shuangbai.ledgers.layout import Layout
from shuangbai.ledgers.models import ImportedRow, Learnt
from shuangbai.network.access import under
from shuangbai.network.models import Area, AreaAlias, AreaCode, OrgUnit, Staff
from shuangbai.network.queries import open_stations, posted_spans, towns_for, villages_covered, villages_of

FIRST_DAY = date(1949, 10, 1)


def context_of(station: OrgUnit, villages: dict[str, str] | None = None) -> Context:
    """What the system knows of where a station's ledger is from. `villages`: what somebody said that a name means."""
    return context_of_all([station], villages)


def context_of_all(stations: Sequence[OrgUnit], villages: dict[str, str] | None = None) -> Context:
    """As `context_of`, of a ledger of several stations."""
    today = clock.today()
    covered = list(villages_of([station.pk for station in stations], today))
    towns = {area.parent_id for area in covered}
    towns = towns or {pk for station in stations for pk in towns_for(station).values_list("pk", flat=True)}
    names = {name for _, name in posted_ever([station.pk for station in stations])}
    return Context(
        today, tuple(sorted(codes_of(towns - {None}).values())) or None, frozenset(names),
        villages={**_aliases(covered), **(villages or {})},
    )  # fmt: skip


def posted_ever(station_ids: Collection[UUID]) -> list[tuple[UUID, str]]:
    """Everybody who was ever posted at one of these stations, as (station, name)."""
    rows = posted_spans(list(station_ids), FIRST_DAY, clock.today())
    names = dict(Staff.objects.filter(pk__in={row[1] for row in rows}).values_list("pk", "name"))
    return [(row[0], names[row[1]]) for row in rows]


def staff_ever(station: OrgUnit) -> QuerySet[Staff]:
    """Everybody who was ever posted at a station: an old ledger names them too."""
    ids = {row[1] for row in posted_spans([station.pk], FIRST_DAY, clock.today())}
    return Staff.objects.filter(pk__in=ids)


def codes_of(area_ids: Collection[Any]) -> dict[int, str]:
    """The latest code of each of these places."""
    rows = AreaCode.objects.filter(area__in=list(area_ids)).order_by("edition")
    return dict(rows.values_list("area_id", "code"))


def _aliases(covered: Iterable[Area]) -> dict[str, str]:
    """What the city calls the station's villages besides, and villages that the product's list does not have."""
    ids = [area.pk for area in covered]
    codes = codes_of(ids)
    named = [*AreaAlias.objects.filter(area__in=ids).values_list("area_id", "name")]
    named += [(area.pk, name) for area in covered for name in (area.name, area.short_name)]
    found: dict[str, set[str]] = {}
    for pk, name in named:
        if pk in codes:
            found.setdefault(name, set()).add(codes[pk])
    return {name: next(iter(some)) for name, some in found.items() if len(some) == 1}


def shape_of(layout: Layout) -> str:
    """What sheets of one kind have in common: the words of their headers, in order."""
    said = "\x1f".join(label.text for label in layout.labels)
    return hashlib.sha256(said.encode()).hexdigest()


def learnt_of(station: OrgUnit) -> dict[tuple[str, str], dict[str, str | None]]:
    """What this station's people said that columns mean, by kind and shape."""
    rows = Learnt.objects.filter(station=station).values_list("kind", "shape", "mapping")
    return {(kind, shape): mapping for kind, shape, mapping in rows}


def origin_of_record(record_id: UUID) -> ImportedRow | None:
    """The row of a ledger that a record was made from."""
    rows = ImportedRow.objects.filter(record=record_id, fate="new").select_related("source__entered_by")
    return rows.order_by("id").first()


def origin_url(user: Any, record_id: UUID) -> str:
    """Where somebody who may bring ledgers in sees the row that a record was made from; '' where there is none."""
    row = origin_of_record(record_id)
    return reverse("ledger-row", args=[row.pk]) if row and may_import(user, row.station_id) else ""


def origins_of_family(household_id: UUID) -> list[ImportedRow]:
    """The rows of ledgers that told of a family itself, the first of each ledger and sheet."""
    rows = ImportedRow.objects.filter(household=household_id, fate__in=["new", "adds"], record__isnull=True)
    found: dict[tuple[UUID, str], ImportedRow] = {}
    for row in rows.select_related("source__entered_by").order_by("id")[:200]:
        found.setdefault((row.source_id, row.sheet), row)
    return list(found.values())


def cells_of(row: ImportedRow) -> list[tuple[str, str, str]]:
    """The cells of a row as they stood: column, header, text; empty where the ledger is no longer kept."""
    try:
        rows = rows_of(row.source)
    except FileNotFoundError:
        return []
    found = (one.cells for one in rows if (one.sheet, one.row) == (row.sheet, row.row))
    return [(letter, header, text) for letter, header, text in next(found, [])]


def village_choices(station: OrgUnit) -> list[tuple[str, str]]:
    """The villages that the station covers, by their codes."""
    covered = list(villages_covered(station.pk, clock.today()))
    of_area = codes_of([area.pk for area in covered])
    return [(of_area[area.pk], area.short_name) for area in covered if area.pk in of_area]


def station_choices(owner: OrgUnit) -> list[tuple[str, str]]:
    """The open stations under a unit, by their codes."""
    units = OrgUnit.objects.filter(under([owner.path]))
    return [(one.code, one.name) for one in open_stations(units, clock.today())]
