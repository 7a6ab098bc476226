"""Everything in the database as plain rows, so that two ways of doing something can be compared.

Keys, times of day and random values are left out; a reference reads as what it refers to.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction

LEFT_OUT = {"id", "history_id", "client_id", "counted_key", "salt", "commitment", "digest"}
ROOMS = ("core", "households", "services", "visits", "activities")

Picture = dict[str, list[str]]


def _names() -> dict[str, str]:
    """What each keyed row is called, by the hexadecimal of its key."""
    names: dict[str, str] = {}
    for model in apps.get_models():
        if isinstance(model._meta.pk, models.UUIDField):
            names |= {row.pk.hex: f"<{row}>" for row in model._default_manager.all()}
    return names


def _plain(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, uuid.UUID):
        return names.get(value.hex, "<?>")
    if isinstance(value, datetime):
        return "<time>"
    if isinstance(value, str) and len(value) == 36 and value.count("-") == 4:
        return names.get(value.replace("-", ""), value)
    return value.isoformat() if isinstance(value, date) else value


def picture() -> Picture:
    """All rows of the rooms above the network, by table, in an order that does not depend on keys."""
    names, found = _names(), {}
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models(include_auto_created=True):
            rows = []
            for row in model._default_manager.all():
                fields = [one for one in model._meta.concrete_fields if one.name not in LEFT_OUT]
                values = {one.attname: _plain(getattr(row, one.attname), names) for one in fields}
                rows.append(repr({name: value for name, value in values.items() if name != "record_id" or value}))
            if rows:
                found[model._meta.label] = sorted(rows)
    return found


class _Undone(Exception):
    """Takes back what was tried."""


def picture_after(do: Callable[[], object]) -> Picture:
    """The picture after doing something, which is then undone."""
    taken: Picture = {}
    try:
        with transaction.atomic():
            do()
            taken = picture()
            raise _Undone
    except _Undone:
        return taken
