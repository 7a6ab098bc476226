"""Many tables made in one step of a migration.

For each CreateModel Django renders again whatever is related to the new model, and here everything is: all records
point at an account and a station. Some three hundred models made one by one are rendered tens of thousands of times,
minutes for each fresh installation and each test database. Here each is rendered once, into the models that stand.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class MakeTables(Operation):
    """What its CreateModel operations do, one after the other; `migrate` takes it back as a whole."""

    serialization_expand_args = ["tables"]

    def __init__(self, tables: Sequence[CreateModel]) -> None:
        self.tables = tables

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        rendered = state.__dict__.pop("apps", None)  # a cached property; while it is away, nothing is rendered
        for table in self.tables:
            table.state_forwards(app_label, state)
        if rendered is not None:
            # The classes that stand take part in the same registry: they learn of the new relations from it.
            rendered.render_multiple([state.models[app_label, table.name_lower] for table in self.tables])
            state.__dict__["apps"] = rendered

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Make {len(self.tables)} tables"
