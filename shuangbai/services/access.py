"""Whose service records somebody may see, write and void."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from shuangbai.core.privacy import mask_name
from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission
from shuangbai.services.models import ServiceRecord


def records_visible_to(user: Any) -> QuerySet[ServiceRecord]:
    """Records of the stations within reach, voided ones too; another station's are not there at all."""
    return ServiceRecord.objects.filter(viewer_of(user).reach(Permission.SEE_RECORDS))


def may_write(user: Any, record: ServiceRecord) -> bool:
    """Whether somebody may correct the record: they write records at its station."""
    return viewer_of(user).reaches(Permission.WRITE_RECORDS, record.station_id)


def may_void(user: Any, record: ServiceRecord) -> bool:
    """One's own entries, or any of the station's for its head."""
    if viewer_of(user).reaches(Permission.VOID_ANY_RECORD, record.station_id):
        return True
    return record.entered_by_id == user.pk and may_write(user, record)


def sees_names(user: Any) -> bool:
    return viewer_of(user).may(Permission.SEE_NAMES)


def shown_name(user: Any, name: str) -> str:
    """A villager's name as somebody may see it: whole, or the family name only."""
    return name if sees_names(user) else mask_name(name)


def veiled(text: str, names: Iterable[str]) -> str:
    """A text with these names masked, longest first, so that none shows through another."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, mask_name(name))
    return text
