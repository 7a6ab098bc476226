"""Finding by how a value begins, so that either database can use its index."""

from django.db import connection
from django.db.models import Q

_AFTER_ALL = "\U0010ffff"


def begins_with(field: str, text: str) -> Q:
    """The condition that `field` begins with `text`.

    SQLite cannot use an index for LIKE, and compares by code point, so a range does it; PostgreSQL
    compares by language and needs LIKE over an index with varchar_pattern_ops.
    """
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": text, f"{field}__lt": text + _AFTER_ALL})
    return Q(**{f"{field}__startswith": text})
