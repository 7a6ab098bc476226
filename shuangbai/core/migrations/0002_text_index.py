"""The index of character pairs, in each database's own way (core/textindex.py is the only one that knows)."""

from django.db import migrations
from django.db.migrations.operations.base import Operation

from shuangbai.core import textindex


class MakeTextIndex(Operation):
    """Touches no model, so nothing is rendered for it (RunPython would render every model there is)."""

    reversible = True

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        sqlite = schema_editor.connection.vendor == "sqlite"
        schema_editor.execute(textindex.SQLITE_SETUP if sqlite else textindex.POSTGRES_SETUP)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        sqlite = schema_editor.connection.vendor == "sqlite"
        schema_editor.execute(textindex.SQLITE_UNDO if sqlite else textindex.POSTGRES_UNDO)

    def describe(self):
        return "Make the index of character pairs"


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [MakeTextIndex()]
