"""Whose small things somebody may see and write: as with records, by station."""

from typing import Any

from django.db.models import QuerySet

from shuangbai.counter.models import Consultation, Handout, StockItem, Venue
from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission
from shuangbai.services.access import visible_by_record

_FRAME = ("record__station", "record__village", "record__household", "record__entered_by", "record__voided_by")


def consultations_visible_to(user: Any) -> QuerySet[Consultation]:
    """Consultations within reach, with what their page shows of the record."""
    rows = Consultation.objects.filter(visible_by_record(user)).select_related(*_FRAME)
    return rows.defer("record__household__address", "record__household__phone")


def handouts_visible_to(user: Any) -> QuerySet[Handout]:
    rows = Handout.objects.filter(visible_by_record(user)).select_related(*_FRAME)
    return rows.defer("record__household__address", "record__household__phone")


def items_visible_to(user: Any) -> QuerySet[StockItem]:
    """What stations within reach keep account of; another station's is not there at all."""
    return StockItem.objects.filter(viewer_of(user).reach(Permission.SEE_RECORDS))


def items_written_by(user: Any) -> QuerySet[StockItem]:
    return StockItem.objects.filter(viewer_of(user).reach(Permission.WRITE_RECORDS))


def venues_visible_to(user: Any) -> QuerySet[Venue]:
    return Venue.objects.filter(viewer_of(user).reach(Permission.SEE_RECORDS))


def venues_written_by(user: Any) -> QuerySet[Venue]:
    return Venue.objects.filter(viewer_of(user).reach(Permission.WRITE_RECORDS))


def may_keep(user: Any, row: StockItem | Venue) -> bool:
    """Whether somebody writes at the station whose item or venue this is."""
    return viewer_of(user).reaches(Permission.WRITE_RECORDS, row.station_id)
