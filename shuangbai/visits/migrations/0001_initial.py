import django.db.models.deletion
import shuangbai.core.clock
import shuangbai.core.fields
import shuangbai.core.ids
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from shuangbai.core.tables import MakeTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('households', '0001_initial'),
        ('network', '0001_initial'),
        ('services', '0001_initial'),
    ]

    operations = [
        MakeTables(
            tables=[
                migrations.CreateModel(
                    name='Visit',
                    fields=[
                        ('record', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='visit', serialize=False, to='services.servicerecord')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('mode', models.CharField(max_length=12, verbose_name='方式')),
                        ('result', models.CharField(max_length=12, verbose_name='结果')),
                        ('purpose', models.CharField(default='ordinary', max_length=12, verbose_name='类型')),
                        ('started_at', models.TimeField(blank=True, null=True, verbose_name='开始时间')),
                        ('ended_at', models.TimeField(blank=True, null=True, verbose_name='结束时间')),
                        ('topics', models.JSONField(default=list, verbose_name='谈及')),
                        ('narrative', models.TextField(blank=True, verbose_name='谈了什么、看到什么')),
                        ('observation', models.TextField(blank=True, verbose_name='社工观察')),
                        ('needs', models.JSONField(default=list, verbose_name='需求')),
                        ('followup', models.CharField(default='none', max_length=12, verbose_name='跟进')),
                        ('next_on', models.DateField(blank=True, null=True, verbose_name='下次日期')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('started_at__isnull', True), ('ended_at__isnull', True), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='visit_times_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalVisit',
                    fields=[
                        ('mode', models.CharField(max_length=12, verbose_name='方式')),
                        ('result', models.CharField(max_length=12, verbose_name='结果')),
                        ('purpose', models.CharField(default='ordinary', max_length=12, verbose_name='类型')),
                        ('started_at', models.TimeField(blank=True, null=True, verbose_name='开始时间')),
                        ('ended_at', models.TimeField(blank=True, null=True, verbose_name='结束时间')),
                        ('topics', models.JSONField(default=list, verbose_name='谈及')),
                        ('narrative', models.TextField(blank=True, verbose_name='谈了什么、看到什么')),
                        ('observation', models.TextField(blank=True, verbose_name='社工观察')),
                        ('needs', models.JSONField(default=list, verbose_name='需求')),
                        ('followup', models.CharField(default='none', max_length=12, verbose_name='跟进')),
                        ('next_on', models.DateField(blank=True, null=True, verbose_name='下次日期')),
                        ('record', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.servicerecord')),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField()),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical visit',
                        'verbose_name_plural': 'historical visits',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='VisitDraft',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('household', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='households.household')),
                        ('typed', shuangbai.core.fields.EncryptedTextField(purpose='visit_draft.typed', verbose_name='填了的内容')),
                        ('updated_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='存下时间')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('station', 'entered_by', 'household'), name='visit_draft_once')],
                    },
                ),
                migrations.CreateModel(
                    name='GridDraft',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('page', models.CharField(editable=False, max_length=36)),
                        ('typed', shuangbai.core.fields.EncryptedTextField(purpose='grid_draft.typed', verbose_name='填了的内容')),
                        ('updated_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='存下时间')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('station', 'entered_by', 'page'), name='grid_draft_once')],
                    },
                ),
            ],
        ),
    ]
