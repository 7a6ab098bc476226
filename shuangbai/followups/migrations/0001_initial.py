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
    ]

    operations = [
        MakeTables(
            tables=[
                migrations.CreateModel(
                    name='Task',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='households.household', verbose_name='家庭')),
                        ('person', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='households.person', verbose_name='关于谁')),
                        ('subject', models.CharField(max_length=200, verbose_name='事项')),
                        ('origin', models.CharField(choices=[('worker', '社工'), ('head', '站长'), ('supervisor', '督导'), ('birthday', '年龄到了'), ('certificate', '快到期'), ('review', '该复评了'), ('scheme', '换了分级办法'), ('visit', '走访后')], max_length=12, verbose_name='谁提的')),
                        ('asked_on', models.DateField(editable=False, verbose_name='提出日期')),
                        ('due_on', models.DateField(verbose_name='办理期限')),
                        ('by_visit', models.BooleanField(default=True, verbose_name='去过就算办了')),
                        ('assignee', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.staff', verbose_name='谁来办')),
                        ('state', models.CharField(choices=[('open', '未办'), ('done', '已办'), ('dropped', '不用办了')], default='open', max_length=10, verbose_name='状态')),
                        ('answer', models.CharField(blank=True, max_length=200, verbose_name='结果')),
                        ('closed_on', models.DateField(blank=True, null=True, verbose_name='办结日期')),
                        ('closed_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['station', 'due_on'], name='task_station_open'), models.Index(condition=models.Q(('state', 'open')), fields=['assignee', 'due_on'], name='task_assignee_open')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('subject', ''), _negated=True), name='task_has_subject'), models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('asked_on'))), name='task_dates_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('closed_by__isnull', True), ('closed_on__isnull', True), ('state', 'open')), models.Q(('closed_by__isnull', False), ('closed_on__isnull', False), ('state__in', ['done', 'dropped']), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='task_closed_by_somebody_with_an_answer')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalTask',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.new_id, editable=False)),
                        ('subject', models.CharField(max_length=200, verbose_name='事项')),
                        ('origin', models.CharField(choices=[('worker', '社工'), ('head', '站长'), ('supervisor', '督导'), ('birthday', '年龄到了'), ('certificate', '快到期'), ('review', '该复评了'), ('scheme', '换了分级办法'), ('visit', '走访后')], max_length=12, verbose_name='谁提的')),
                        ('asked_on', models.DateField(editable=False, verbose_name='提出日期')),
                        ('due_on', models.DateField(verbose_name='办理期限')),
                        ('by_visit', models.BooleanField(default=True, verbose_name='去过就算办了')),
                        ('state', models.CharField(choices=[('open', '未办'), ('done', '已办'), ('dropped', '不用办了')], default='open', max_length=10, verbose_name='状态')),
                        ('answer', models.CharField(blank=True, max_length=200, verbose_name='结果')),
                        ('closed_on', models.DateField(blank=True, null=True, verbose_name='办结日期')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                        ('household', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='households.household', verbose_name='家庭')),
                        ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='households.person', verbose_name='关于谁')),
                        ('assignee', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.staff', verbose_name='谁来办')),
                        ('closed_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical task',
                        'verbose_name_plural': 'historical tasks',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
            ],
        ),
    ]
