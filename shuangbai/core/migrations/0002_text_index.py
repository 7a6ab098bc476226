"""The index of character pairs, in each database's own way (core/textindex.py is the only one that knows)."""

from django.db import migrations

from shuangbai.core import textindex


def make(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(textindex.SQLITE_SETUP if sqlite else textindex.POSTGRES_SETUP)


def drop(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(textindex.SQLITE_UNDO if sqlite else textindex.POSTGRES_UNDO)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
