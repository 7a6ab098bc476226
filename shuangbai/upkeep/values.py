"""Every stored value that is encrypted, of whatever room, found through the app registry: history tables included."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import F, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from shuangbai.core import sealed
from shuangbai.core.crypto import mark
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.keys import Key, keyring

RAW = "raw_value"
UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of encrypted values."""

    model: type[Model]
    field: EncryptedTextField

    @property
    def table(self) -> str:
        return str(self.model._meta.db_table)

    @property
    def name(self) -> str:
        return str(self.field.column)

    def rows(self) -> QuerySet[Any]:
        """The rows that hold a value, with the value as it is stored beside them."""
        stored = Cast(F(self.field.attname), TextField())
        return (
            self.model._base_manager.annotate(**{RAW: stored}).exclude(**{RAW: ""}).exclude(**{f"{RAW}__isnull": True})
        )

    def under(self, key: Key) -> QuerySet[Any]:
        return self.rows().filter(**{f"{RAW}__startswith": mark(key)})

    def not_under(self, key: Key) -> QuerySet[Any]:
        return self.rows().exclude(**{f"{RAW}__startswith": mark(key)})


def columns() -> list[Column]:
    """Every column of encrypted values, in a steady order; a table shared by two models once."""
    found: dict[tuple[str, str], Column] = {}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedTextField):
                found.setdefault((model._meta.db_table, str(field.column)), Column(model, field))
    return [found[name] for name in sorted(found)]


def values_by_key() -> Counter[str]:
    """How many stored values each key has encrypted; under "?" those whose key is in no file."""
    counts: Counter[str] = Counter()
    for column in columns():
        known = 0
        for key_id, key in keyring().by_id.items():
            many = column.under(key).count()
            counts[key_id] += many
            known += many
        counts[UNKNOWN] += column.rows().count() - known
    return counts


def orphaned() -> Counter[str]:
    """The ids of keys that stored values name and the file does not hold, with the number of values."""
    counts: Counter[str] = Counter()
    for column in columns():
        known = Q()
        for key in keyring().by_id.values():
            known |= Q(**{f"{RAW}__startswith": mark(key)})
        for value in column.rows().exclude(known).values_list(RAW, flat=True).iterator(chunk_size=2000):
            parts = value.split(":", 2)
            counts[parts[1] if len(parts) == 3 else UNKNOWN] += 1
    return counts


def kept_files() -> Iterator[tuple[Path, str | None]]:
    """Every kept file with the id of its key; None for one in clear. One that goes away meanwhile is left out."""
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")) if root.exists() else ():
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            try:
                yield path, sealed.key_of(path)
            except FileNotFoundError:
                continue


def files_by_key() -> Counter[str | None]:
    return Counter(key_id for _, key_id in kept_files())
