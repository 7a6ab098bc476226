"""Whether the installation can be worked with, as one word for whoever watches the server."""

import shutil
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from shuangbai.core import keys, maintenance
from shuangbai.core.models import Installation

ENOUGH_BYTES = 200 * 1024 * 1024
READY = "ok"


@lru_cache(maxsize=1)
def _expected() -> frozenset[tuple[str, str]]:
    """The migrations of the code that runs; they do not change while it does."""
    return frozenset(MigrationLoader(None).disk_migrations)


def migrations_fit() -> bool:
    """Whether the tables are those of this code: neither older nor from a later version. One query. Raises Error."""
    expected = _expected()
    apps = {app for app, _ in expected}
    rows = MigrationRecorder(connection).migration_qs.filter(app__in=apps).values_list("app", "name")
    return set(rows) == expected


def key_is_there() -> bool:
    """Whether the key file is there and holds the key of this database. Raises Error."""
    try:
        ring = keys.keyring()
    except ImproperlyConfigured:
        return False
    used = Installation.objects.values_list("key_id", flat=True).first()
    return keys.keys_path().exists() and (used is None or used in ring.by_id)


def obstacle() -> str:
    """READY, or the first thing in the way: database, migrations, key, disk, maintenance. Three small queries."""
    try:
        connection.ensure_connection()
        # A database without tables refuses the question; that it answers at all has just been seen.
        if not migrations_fit():
            return "migrations"
        if not key_is_there():
            return "key"
    except Error:
        return "migrations" if _answers() else "database"
    if shutil.disk_usage(settings.DATA_DIR).free < ENOUGH_BYTES:
        return "disk"
    return "maintenance" if maintenance.notice() else READY


def _answers() -> bool:
    try:
        connection.close_if_unusable_or_obsolete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True
