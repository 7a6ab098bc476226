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
        ('network', '0001_initial'),
    ]

    operations = [
        MakeTables(
            tables=[
                migrations.CreateModel(
                    name='DemandedForm',
                    fields=[
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=60, verbose_name='报表名称')),
                        ('asker', models.CharField(max_length=60, verbose_name='谁要的')),
                        ('ground', models.CharField(blank=True, max_length=120, verbose_name='依据')),
                        ('often', models.CharField(choices=[('daily', '每个工作日'), ('weekly', '每周'), ('monthly', '每月'), ('quarterly', '每季度'), ('half_yearly', '每半年'), ('yearly', '每年'), ('irregular', '不定期'), ('once', '只填一次')], max_length=12, verbose_name='多久填一次')),
                        ('times_a_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='一年大约几次')),
                        ('minutes', models.PositiveIntegerField(verbose_name='填一次几分钟')),
                        ('filled_by', models.CharField(choices=[('none', '还没有，要手填'), ('results', '成效报告'), ('rates', '建档、跟进与探访率'), ('campaign', '专项小结'), ('question', '临时问数')], default='none', max_length=10, verbose_name='系统哪张报表能填')),
                        ('address', models.CharField(blank=True, max_length=300, verbose_name='在系统里的地址')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                        ('end_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='停用理由')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('asker', ''), _negated=True)), name='demand_has_name'), models.CheckConstraint(condition=models.Q(('minutes__gte', 1)), name='demand_costs_time'), models.CheckConstraint(condition=models.Q(models.Q(('often', 'irregular'), ('times_a_year__gte', 1), ('times_a_year__isnull', False)), models.Q(models.Q(('often', 'irregular'), _negated=True), ('times_a_year__isnull', True)), _connector='OR'), name='demand_irregular_says_how_often'), models.CheckConstraint(condition=models.Q(('end_reason', ''), ('ends_on__isnull', False), _connector='OR'), name='demand_ended_on_a_day'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='planning_demandedform_dates_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='DemandUnit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('form', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='demanded_of', to='planning.demandedform')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('form', 'unit'), name='demand_unit_once')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalDemandedForm',
                    fields=[
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.new_id, editable=False)),
                        ('name', models.CharField(max_length=60, verbose_name='报表名称')),
                        ('asker', models.CharField(max_length=60, verbose_name='谁要的')),
                        ('ground', models.CharField(blank=True, max_length=120, verbose_name='依据')),
                        ('often', models.CharField(choices=[('daily', '每个工作日'), ('weekly', '每周'), ('monthly', '每月'), ('quarterly', '每季度'), ('half_yearly', '每半年'), ('yearly', '每年'), ('irregular', '不定期'), ('once', '只填一次')], max_length=12, verbose_name='多久填一次')),
                        ('times_a_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='一年大约几次')),
                        ('minutes', models.PositiveIntegerField(verbose_name='填一次几分钟')),
                        ('filled_by', models.CharField(choices=[('none', '还没有，要手填'), ('results', '成效报告'), ('rates', '建档、跟进与探访率'), ('campaign', '专项小结'), ('question', '临时问数')], default='none', max_length=10, verbose_name='系统哪张报表能填')),
                        ('address', models.CharField(blank=True, max_length=300, verbose_name='在系统里的地址')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                        ('end_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='停用理由')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical demanded form',
                        'verbose_name_plural': 'historical demanded forms',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalOpeningBalance',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.new_id, editable=False)),
                        ('code', models.CharField(max_length=8, verbose_name='指标')),
                        ('first_on', models.DateField(verbose_name='从')),
                        ('last_on', models.DateField(verbose_name='到')),
                        ('number', models.DecimalField(decimal_places=1, max_digits=12, verbose_name='数')),
                        ('title', models.CharField(max_length=100, verbose_name='文件名称')),
                        ('document_no', models.CharField(blank=True, max_length=60, verbose_name='文号或编号')),
                        ('document_on', models.DateField(blank=True, null=True, verbose_name='文件日期')),
                        ('keeper', models.CharField(blank=True, max_length=60, verbose_name='谁保管')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                        ('voided_at', models.DateTimeField(editable=False, null=True)),
                        ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废理由')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit', verbose_name='机构')),
                        ('voided_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical opening balance',
                        'verbose_name_plural': 'historical opening balances',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalReportedForm',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.new_id, editable=False)),
                        ('name', models.CharField(max_length=60, verbose_name='报表名称')),
                        ('asker', models.CharField(max_length=60, verbose_name='谁要的')),
                        ('minutes', models.PositiveIntegerField(blank=True, null=True, verbose_name='填一次几分钟')),
                        ('said', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                        ('state', models.CharField(choices=[('waiting', '等经办看'), ('taken', '已列入目录'), ('declined', '没有列入'), ('withdrawn', '已收回')], default='waiting', max_length=10, verbose_name='状态')),
                        ('answer', models.CharField(blank=True, editable=False, max_length=200, verbose_name='答复')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('form', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='planning.demandedform')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'verbose_name': 'historical reported form',
                        'verbose_name_plural': 'historical reported forms',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalTarget',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.new_id, editable=False)),
                        ('year', models.PositiveSmallIntegerField(editable=False, verbose_name='年度')),
                        ('code', models.CharField(editable=False, max_length=8, verbose_name='指标')),
                        ('number', models.PositiveIntegerField(null=True, verbose_name='任务')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'verbose_name': 'historical target',
                        'verbose_name_plural': 'historical targets',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='OpeningBalance',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('code', models.CharField(max_length=8, verbose_name='指标')),
                        ('first_on', models.DateField(verbose_name='从')),
                        ('last_on', models.DateField(verbose_name='到')),
                        ('number', models.DecimalField(decimal_places=1, max_digits=12, verbose_name='数')),
                        ('title', models.CharField(max_length=100, verbose_name='文件名称')),
                        ('document_no', models.CharField(blank=True, max_length=60, verbose_name='文号或编号')),
                        ('document_on', models.DateField(blank=True, null=True, verbose_name='文件日期')),
                        ('keeper', models.CharField(blank=True, max_length=60, verbose_name='谁保管')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                        ('voided_at', models.DateTimeField(editable=False, null=True)),
                        ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废理由')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit', verbose_name='机构')),
                        ('voided_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['code', 'unit'], name='balance_figure')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('last_on__gte', models.F('first_on'))), name='balance_dates_in_order'), models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='balance_number_positive'), models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('code', ''), _negated=True)), name='balance_has_source'), models.CheckConstraint(condition=models.Q(models.Q(('void_reason', ''), ('voided_at__isnull', True), ('voided_by__isnull', True)), models.Q(('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('void_reason', ''), _negated=True)), _connector='OR'), name='balance_voided_by_somebody_for_a_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='ReportedForm',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=60, verbose_name='报表名称')),
                        ('asker', models.CharField(max_length=60, verbose_name='谁要的')),
                        ('minutes', models.PositiveIntegerField(blank=True, null=True, verbose_name='填一次几分钟')),
                        ('said', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                        ('state', models.CharField(choices=[('waiting', '等经办看'), ('taken', '已列入目录'), ('declined', '没有列入'), ('withdrawn', '已收回')], default='waiting', max_length=10, verbose_name='状态')),
                        ('answer', models.CharField(blank=True, editable=False, max_length=200, verbose_name='答复')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('form', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reported', to='planning.demandedform')),
                        ('station', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('asker', ''), _negated=True)), name='reported_form_has_name'), models.CheckConstraint(condition=models.Q(models.Q(('form__isnull', False), ('state', 'taken')), models.Q(models.Q(('state', 'taken'), _negated=True), ('form__isnull', True)), _connector='OR'), name='reported_form_taken_into_one'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), models.Q(('answer', ''), _negated=True)), models.Q(models.Q(('state', 'declined'), _negated=True), ('answer', '')), _connector='OR'), name='reported_form_declined_with_answer')],
                    },
                ),
                migrations.CreateModel(
                    name='Target',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('year', models.PositiveSmallIntegerField(editable=False, verbose_name='年度')),
                        ('code', models.CharField(editable=False, max_length=8, verbose_name='指标')),
                        ('number', models.PositiveIntegerField(null=True, verbose_name='任务')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['year', 'station'], name='target_year')],
                        'constraints': [models.UniqueConstraint(fields=('station', 'year', 'code'), name='target_once_a_year'), models.CheckConstraint(condition=models.Q(('number__isnull', True), ('number__gte', 1), _connector='OR'), name='target_is_positive'), models.CheckConstraint(condition=models.Q(('year__gte', 2000), ('year__lte', 2200)), name='target_year_in_reason')],
                    },
                ),
            ],
        ),
    ]
