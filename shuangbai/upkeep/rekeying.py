"""Everything that is encrypted, encrypted anew by the current key.

Nothing is noted of how far it went: what is not yet under the current key is what is left. So it may be killed at
any moment and begun again, and two that run at once do no harm: a value is replaced only while it is the one that
was read.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection

from shuangbai.core import sealed
from shuangbai.core.actions import writing
from shuangbai.core.crypto import decrypt, encrypt
from shuangbai.core.keys import keyring
from shuangbai.upkeep.values import RAW, Column, columns, files_by_key, kept_files

AT_ONCE = 500
Told = Callable[[int], None]


def left() -> int:
    """How many values and kept files are not under the current key."""
    current = keyring().current
    files = files_by_key()
    return sum(column.not_under(current).count() for column in columns()) + sum(
        many for key_id, many in files.items() if key_id not in (None, current.key_id)
    )


def rekey(told: Told) -> int:
    """Encrypt anew all that is left; `told` hears after each batch how many it was. Returns how many in all.

    Raises ImproperlyConfigured where a value's key is in no file, InvalidTag where a value was tampered with.
    """
    done = 0
    for column in columns():
        for many in _column(column):
            done += many
            told(many)
    for path, key_id in kept_files():
        if key_id not in (None, keyring().current.key_id):
            _file(path)
            done += 1
            told(1)
    return done


def _column(column: Column) -> Iterator[int]:
    """Batch by batch in the order of keys; the number replaced in each."""
    after: Any = None
    while True:
        rows = column.not_under(keyring().current).order_by("pk")
        if after is not None:
            rows = rows.filter(pk__gt=after)
        batch = list(rows.values_list("pk", RAW)[:AT_ONCE])
        if not batch:
            return
        after = batch[-1][0]
        purpose = column.field.purpose
        anew = [(encrypt(decrypt(old, purpose), purpose), pk, old) for pk, old in batch]
        with writing():
            _replace(column, anew)
        yield len(batch)


def _replace(column: Column, anew: list[tuple[str, Any, str]]) -> None:
    """Whoever saved meanwhile encrypted by the current key already: their value is not the old one and stays."""
    quote = connection.ops.quote_name
    key = column.model._meta.pk
    assert key is not None  # noqa: S101  every model has one
    name, column_name = quote(column.table), quote(column.name)
    sql = f"UPDATE {name} SET {column_name} = %s WHERE {quote(str(key.column))} = %s AND {column_name} = %s"  # noqa: S608
    values = [(new, key.get_db_prep_value(pk, connection), old) for new, pk, old in anew]
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)


def _file(path: Path) -> None:
    """Seal a kept file anew, in constant memory; whole or not at all."""
    try:
        with path.open("rb") as raw:
            reader = sealed.Reader(raw)
            with sealed.keeping(path) as to:
                while some := reader.read(1 << 20):
                    to.write(some)
    except FileNotFoundError:
        return  # swept away meanwhile
