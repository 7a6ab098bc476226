import shuangbai.core.ids
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from shuangbai.core import textindex, trailguard
from shuangbai.core.tables import MakeTables


class MakeTextIndex(Operation):
    """Character pairs, in each database's own way (core/textindex.py is the only one that knows).

    Touches no model, so nothing is rendered for it (RunPython would render every model there is).
    """

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


class KeepTrail(Operation):
    """Let the database refuse changes of the trail (core/trailguard.py is the only one that knows)."""

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

    initial = True

    # Theirs come first: each of their many steps would render our models as well.
    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('axes', '0009_add_session_hash'),
        ('django_tasks_database', '0021_conditional_partial_index_ordering'),
    ]

    operations = [
        MakeTables(
            tables=[
                migrations.CreateModel(
                    name='Installation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('city_name', models.CharField(max_length=40, verbose_name='城市名称')),
                        ('bureau_name', models.CharField(max_length=60, verbose_name='主管部门')),
                        ('sponsor', models.CharField(blank=True, max_length=60, verbose_name='主办单位')),
                        ('record_no', models.CharField(blank=True, max_length=60, verbose_name='备案号')),
                        ('site_code', models.CharField(blank=True, max_length=20, verbose_name='网站标识码')),
                        ('police_no', models.CharField(blank=True, max_length=60, verbose_name='公安备案号')),
                        ('phone', models.CharField(blank=True, max_length=40, verbose_name='电话')),
                        ('address', models.CharField(blank=True, max_length=100, verbose_name='地址')),
                        ('emblem', models.CharField(blank=True, max_length=40, verbose_name='标志')),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('clock_on', models.DateField(blank=True, null=True)),
                        ('key_id', models.CharField(max_length=20)),
                        ('made_at', models.DateTimeField()),
                        ('founding', models.BooleanField(db_default=False, default=False)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='installation_is_one')],
                    },
                ),
                migrations.CreateModel(
                    name='AuditEvent',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField()),
                        ('kind', models.CharField(max_length=60)),
                        ('by_id', models.UUIDField(null=True)),
                        ('by_name', models.CharField(max_length=60)),
                        ('station_id', models.UUIDField(null=True)),
                        ('about_type', models.CharField(max_length=40)),
                        ('about_id', models.CharField(max_length=40)),
                        ('details', models.JSONField(default=dict)),
                        ('personal', models.JSONField(default=dict)),
                        ('salt', models.CharField(blank=True, max_length=32)),
                        ('commitment', models.CharField(max_length=64)),
                        ('digest', models.CharField(max_length=64)),
                        ('block', models.PositiveIntegerField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['about_type', 'about_id', 'at'], name='audit_about'), models.Index(fields=['at', 'id'], name='audit_at'), models.Index(fields=['by_id', 'at', 'id'], name='audit_by'), models.Index(fields=['kind', 'at', 'id'], name='audit_kind'), models.Index(fields=['station_id', 'at', 'id'], name='audit_station'), models.Index(condition=models.Q(('block__isnull', True)), fields=['id'], name='audit_unsealed'), models.Index(condition=models.Q(('block__isnull', False)), fields=['block', 'id'], name='audit_block')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('commitment', ''), _negated=True), models.Q(('digest', ''), _negated=True)), name='audit_event_is_digested')],
                    },
                ),
                migrations.CreateModel(
                    name='AuditBlock',
                    fields=[
                        ('number', models.PositiveIntegerField(primary_key=True, serialize=False)),
                        ('previous', models.CharField(max_length=64)),
                        ('first_id', models.UUIDField()),
                        ('last_id', models.UUIDField()),
                        ('count', models.PositiveIntegerField()),
                        ('members', models.BinaryField()),
                        ('hash', models.CharField(max_length=64, unique=True)),
                        ('sealed_at', models.DateTimeField()),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('count__gte', 1), ('number__gte', 1)), name='audit_block_is_told')],
                    },
                ),
                migrations.CreateModel(
                    name='PeriodicRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=40, unique=True)),
                        ('due_at', models.DateTimeField()),
                        ('started_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('outcome', models.CharField(choices=[('waiting', '未运行过'), ('running', '运行中'), ('done', '成功'), ('failed', '失败')], default='waiting', max_length=10)),
                        ('error', models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('outcome', 'waiting'), ('started_at__isnull', True)), models.Q(('ended_at__isnull', True), ('outcome', 'running'), ('started_at__isnull', False)), models.Q(('ended_at__isnull', False), ('outcome__in', ['done', 'failed']), ('started_at__isnull', False)), _connector='OR'), name='periodic_run_is_told')],
                    },
                ),
                migrations.CreateModel(
                    name='TextDocument',
                    fields=[
                        ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                        ('subject_id', models.UUIDField()),
                        ('owner_id', models.UUIDField()),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('owner_id', 'subject_id'), name='text_subject_once')],
                    },
                ),
            ],
        ),
        MakeTextIndex(),
        KeepTrail(),
    ]
