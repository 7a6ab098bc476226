"""Models: keys point downwards, and no list has a hidden order. Needs django.setup(); asks no database."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model

from checks import rooms


def _own_models() -> Iterator[tuple[str, type[Model]]]:
    for model in apps.get_models(include_auto_created=True):
        package = model._meta.app_config.name
        if package.startswith("shuangbai."):
            yield package.split(".")[1], model


def _relations(model: type[Model]) -> Iterator[tuple[str, type[Model]]]:
    for field in model._meta.get_fields():
        if isinstance(field, Field) and field.related_model is not None and not isinstance(field.related_model, str):
            yield field.name, field.related_model


def upward_keys() -> list[str]:
    """Foreign keys, string ones too, into a room above or beside. The user model alone is exempt."""
    heights = rooms()
    complaints = []
    for room, model in _own_models():
        for name, target in _relations(model):
            package = target._meta.app_config.name
            if target._meta.label == settings.AUTH_USER_MODEL or not package.startswith("shuangbai."):
                continue
            other = package.split(".")[1]
            if other != room and heights[other] >= heights[room]:
                complaints.append(f"{model._meta.label}.{name} points from {room} up or across to {other}")
    return complaints


def hidden_order() -> list[str]:
    """`Meta.ordering`: it sorts queries that did not ask, and their indexes are not made for it."""
    # simple-history orders its own tables, newest first; they are read one record at a time.
    return [
        f"{model._meta.label} has Meta.ordering; say order_by where the list is made"
        for _, model in _own_models()
        if model._meta.ordering and not hasattr(model, "history_date")
    ]


ALL = (upward_keys, hidden_order)
