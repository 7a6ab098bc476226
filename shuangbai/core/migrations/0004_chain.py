"""Digests for what is in the trail already, blocks, and the guard (core/trailguard.py is the only one that knows)."""

import secrets

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from shuangbai.core import digests, trailguard

PERSONAL = {"reason"}  # the only personal detail that entries had before


class Digest(Operation):
    """Give each entry of before its digest. Renders the models only where there is an entry."""

    reversible = True

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM core_auditevent LIMIT 1")
            if cursor.fetchone() is None:
                return
        events = to_state.apps.get_model("core", "AuditEvent").objects.using(schema_editor.connection.alias)
        fields = ["details", "personal", "salt", "commitment", "digest"]
        while some := list(events.filter(digest="").order_by("id")[:500]):
            for event in some:
                self.digest(event)
            events.bulk_update(some, fields)

    def digest(self, event):
        event.personal = {name: value for name, value in event.details.items() if name in PERSONAL}
        event.details = {name: value for name, value in event.details.items() if name not in PERSONAL}
        event.salt = secrets.token_hex(16)
        event.commitment = digests.commitment(event.salt, event.by_name, event.personal)
        plain = ("id", "at", "kind", "by_id", "station_id", "about_type", "about_id", "details", "commitment")
        event.digest = digests.digest(**{name: getattr(event, name) for name in plain})

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        pass

    def describe(self):
        return "Give each entry of the trail its digest"


class KeepTrail(Operation):
    """Touches no model, so nothing is rendered for it."""

    reversible = True

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for statement in trailguard.setup(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for statement in trailguard.undo(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def describe(self):
        return "Let the database refuse changes of the trail"


class Migration(migrations.Migration):
    dependencies = [("core", "0003_periodic")]
    operations = [
        migrations.CreateModel(
            name="AuditBlock",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("previous", models.CharField(max_length=64)),
                ("first_id", models.UUIDField()),
                ("last_id", models.UUIDField()),
                ("count", models.PositiveIntegerField()),
                ("members", models.BinaryField()),
                ("hash", models.CharField(max_length=64, unique=True)),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("count__gte", 1), ("number__gte", 1)), name="audit_block_is_told"
                    )
                ],
            },
        ),
        migrations.AddField("auditevent", "personal", models.JSONField(default=dict)),
        migrations.AddField("auditevent", "salt", models.CharField(blank=True, default="", max_length=32), False),
        migrations.AddField("auditevent", "commitment", models.CharField(default="", max_length=64), False),
        migrations.AddField("auditevent", "digest", models.CharField(default="", max_length=64), False),
        migrations.AddField("auditevent", "block", models.PositiveIntegerField(null=True)),
        Digest(),
        migrations.AddConstraint(
            "auditevent",
            models.CheckConstraint(
                condition=models.Q(models.Q(("commitment", ""), _negated=True), models.Q(("digest", ""), _negated=True)),
                name="audit_event_is_digested",
            ),
        ),
        migrations.AddIndex("auditevent", models.Index(fields=["by_id", "at", "id"], name="audit_by")),
        migrations.AddIndex("auditevent", models.Index(fields=["kind", "at", "id"], name="audit_kind")),
        migrations.AddIndex("auditevent", models.Index(fields=["station_id", "at", "id"], name="audit_station")),
        migrations.AddIndex(
            "auditevent",
            models.Index(condition=models.Q(("block__isnull", True)), fields=["id"], name="audit_unsealed"),
        ),
        migrations.AddIndex(
            "auditevent",
            models.Index(condition=models.Q(("block__isnull", False)), fields=["block", "id"], name="audit_block"),
        ),
        KeepTrail(),
    ]
