import django.db.models.deletion
import shuangbai.core.clock
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
                    name='CallList',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('name', models.CharField(max_length=40, verbose_name='名称')),
                        ('day', models.DateField(editable=False, verbose_name='列出日期')),
                        ('criteria', models.JSONField(default=dict, editable=False)),
                        ('campaign', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.campaign', verbose_name='专项')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['station', 'day'], name='call_list_station')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='call_list_has_name')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalCallList',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.new_id, editable=False)),
                        ('name', models.CharField(max_length=40, verbose_name='名称')),
                        ('day', models.DateField(editable=False, verbose_name='列出日期')),
                        ('criteria', models.JSONField(default=dict, editable=False)),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                        ('campaign', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.campaign', verbose_name='专项')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical call list',
                        'verbose_name_plural': 'historical call lists',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='CallListItem',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('call_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='rounds.calllist')),
                        ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='households.household')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('met_on', models.DateField(null=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('station', 'call_list', 'household'), name='call_list_family_once')],
                    },
                ),
                migrations.CreateModel(
                    name='CallMade',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='rounds.calllistitem')),
                        ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.servicerecord')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('station', 'item', 'record'), name='call_made_once')],
                    },
                ),
                migrations.CreateModel(
                    name='SafetyFlag',
                    fields=[
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='households.household')),
                        ('reason', models.CharField(max_length=200, verbose_name='理由')),
                        ('end_reason', models.CharField(blank=True, max_length=200, verbose_name='解除理由')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('station', 'household'), name='safety_flag_one_now'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='safety_flag_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ends_on__isnull', True)), models.Q(('ends_on__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='safety_flag_ends_with_reason'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='rounds_safetyflag_dates_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalSafetyFlag',
                    fields=[
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.new_id, editable=False)),
                        ('reason', models.CharField(max_length=200, verbose_name='理由')),
                        ('end_reason', models.CharField(blank=True, max_length=200, verbose_name='解除理由')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                        ('household', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='households.household')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical safety flag',
                        'verbose_name_plural': 'historical safety flags',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='WeekPlan',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('staff', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.staff')),
                        ('monday', models.DateField(editable=False)),
                        ('most', models.PositiveSmallIntegerField(verbose_name='每天最多几户')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('station', 'staff', 'monday'), name='week_plan_once_a_week'), models.CheckConstraint(condition=models.Q(('most__gte', 1), ('most__lte', 20)), name='week_plan_most_in_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalWeekPlan',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.new_id, editable=False)),
                        ('monday', models.DateField(editable=False)),
                        ('most', models.PositiveSmallIntegerField(verbose_name='每天最多几户')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                        ('staff', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.staff')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical week plan',
                        'verbose_name_plural': 'historical week plans',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='PlanStop',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stops', to='rounds.weekplan')),
                        ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='households.household')),
                        ('day', models.DateField(blank=True, null=True)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('companion', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.staff', verbose_name='同行')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('station', 'plan', 'household'), name='plan_family_once'), models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='plan_stop_has_place'), models.CheckConstraint(condition=models.Q(('day__isnull', False), ('companion__isnull', True), _connector='OR'), name='plan_stop_left_out_goes_alone')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalPlanStop',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.new_id, editable=False)),
                        ('day', models.DateField(blank=True, null=True)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                        ('plan', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='rounds.weekplan')),
                        ('household', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='households.household')),
                        ('companion', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.staff', verbose_name='同行')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical plan stop',
                        'verbose_name_plural': 'historical plan stops',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
            ],
        ),
    ]
