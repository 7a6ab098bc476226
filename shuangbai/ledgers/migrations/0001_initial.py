import django.db.models.deletion
import shuangbai.core.clock
import shuangbai.core.fields
import shuangbai.core.ids
from django.conf import settings
from django.db import migrations, models

from shuangbai.core.tables import MakeTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('network', '0001_initial'),
    ]

    operations = [
        MakeTables(
            tables=[
                migrations.CreateModel(
                    name='Dealing',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('name', shuangbai.core.fields.EncryptedTextField(purpose='dealing.name', verbose_name='文件名')),
                        ('size', models.PositiveIntegerField(verbose_name='大小')),
                        ('digest', models.CharField(max_length=32)),
                        ('kind', models.CharField(choices=[('visits', '走访台账'), ('households', '家庭档案（一户一档）'), ('persons', '人员名单'), ('roster', '民政名册'), ('activities', '活动台账'), ('volunteers', '志愿者花名册')], max_length=10, verbose_name='种类')),
                        ('state', models.CharField(choices=[('read', '待分发'), ('queued', '正在分发'), ('dealt', '已分发'), ('back', '已收回')], default='read', max_length=10, verbose_name='状态')),
                        ('stored', models.CharField(blank=True, max_length=40)),
                        ('said', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='dealing.said')),
                        ('counts', models.JSONField(default=dict)),
                        ('trouble', models.CharField(blank=True, max_length=300, verbose_name='没有分发成的原因')),
                        ('dealt_at', models.DateTimeField(null=True, verbose_name='分发时间')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('owner', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['owner', '-entered_at'], name='dealing_list')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('dealt_at__isnull', False), ('state__in', ['dealt', 'back']), ('stored', '')), models.Q(models.Q(('stored', ''), _negated=True), ('dealt_at__isnull', True), ('state__in', ['read', 'queued'])), _connector='OR'), name='dealing_dealt_when')],
                    },
                ),
                migrations.CreateModel(
                    name='Import',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('name', shuangbai.core.fields.EncryptedTextField(purpose='import.name', verbose_name='文件名')),
                        ('size', models.PositiveIntegerField(verbose_name='大小')),
                        ('digest', models.CharField(max_length=32)),
                        ('kind', models.CharField(choices=[('visits', '走访台账'), ('households', '家庭档案（一户一档）'), ('persons', '人员名单'), ('roster', '民政名册'), ('activities', '活动台账'), ('volunteers', '志愿者花名册')], max_length=10, verbose_name='种类')),
                        ('state', models.CharField(choices=[('read', '待核对'), ('queued', '正在导入'), ('done', '已导入'), ('undoing', '正在撤销'), ('undone', '已撤销')], default='read', max_length=10, verbose_name='状态')),
                        ('stored', models.CharField(blank=True, max_length=40)),
                        ('told', models.CharField(blank=True, max_length=40)),
                        ('decided', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='import.decided')),
                        ('counts', models.JSONField(default=dict)),
                        ('trouble', models.CharField(blank=True, max_length=300, verbose_name='没有办成的原因')),
                        ('ended_at', models.DateTimeField(null=True, verbose_name='导入时间')),
                        ('undone_at', models.DateTimeField(null=True, verbose_name='撤销时间')),
                        ('undo_reason', models.CharField(blank=True, max_length=100, verbose_name='撤销理由')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('dealing', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='ledgers.dealing')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('undone_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['station', '-entered_at'], name='import_list')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['done', 'undoing', 'undone'])), models.Q(models.Q(('state__in', ['done', 'undoing', 'undone']), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='import_ended_when'), models.CheckConstraint(condition=models.Q(models.Q(('undo_reason', ''), ('undone_at__isnull', True), ('undone_by__isnull', True)), models.Q(('undone_at__gte', models.F('ended_at')), ('undone_by__isnull', False), models.Q(('undo_reason', ''), _negated=True)), _connector='OR'), name='import_undone_by_somebody_for_a_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='ImportedRow',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('sheet', models.CharField(blank=True, max_length=100)),
                        ('row', models.PositiveIntegerField()),
                        ('digest', models.CharField(max_length=32)),
                        ('fate', models.CharField(choices=[('new', '新增'), ('adds', '补充'), ('same', '没有变化'), ('twice', '重复'), ('ask', '待您决定'), ('wrong', '有错，不导入')], max_length=10)),
                        ('household', models.UUIDField(null=True)),
                        ('person', models.UUIDField(null=True)),
                        ('record', models.UUIDField(null=True)),
                        ('undone', models.BooleanField(default=False)),
                        ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='ledgers.import')),
                        ('station', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['station', 'digest'], name='imported_row_digest'), models.Index(condition=models.Q(('record__isnull', False)), fields=['record'], name='imported_row_record'), models.Index(condition=models.Q(('household__isnull', False)), fields=['household'], name='imported_row_household')],
                        'constraints': [models.UniqueConstraint(fields=('station', 'source', 'sheet', 'row'), name='imported_row_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Learnt',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('visits', '走访台账'), ('households', '家庭档案（一户一档）'), ('persons', '人员名单'), ('roster', '民政名册'), ('activities', '活动台账'), ('volunteers', '志愿者花名册')], max_length=10)),
                        ('shape', models.CharField(max_length=64)),
                        ('mapping', models.JSONField(default=dict)),
                        ('station', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('station', 'kind', 'shape'), name='learnt_once_a_shape')],
                    },
                ),
                migrations.CreateModel(
                    name='Made',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('what', models.CharField(max_length=40)),
                        ('thing', models.UUIDField()),
                        ('was', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='made.was')),
                        ('undone', models.BooleanField(default=False)),
                        ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='made', to='ledgers.import')),
                        ('station', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('station', 'source', 'what', 'thing'), name='made_once_an_import')],
                    },
                ),
            ],
        ),
    ]
