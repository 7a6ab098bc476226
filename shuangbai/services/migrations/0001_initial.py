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
                    name='Campaign',
                    fields=[
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('code', models.CharField(max_length=40, unique=True, verbose_name='代码')),
                        ('name', models.CharField(max_length=60, verbose_name='名称')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit', verbose_name='发起单位')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='services_campaign_dates_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='ServiceRecord',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('kind', models.CharField(choices=[('visit', '走访'), ('activity', '社区活动'), ('group_session', '小组节次'), ('team_service', '志愿队服务'), ('consultation', '咨询'), ('handout', '宣传资料'), ('meeting', '会议')], editable=False, max_length=20)),
                        ('occurred_on', models.DateField(verbose_name='日期')),
                        ('village', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.area', verbose_name='村居')),
                        ('place', models.CharField(blank=True, max_length=60, verbose_name='地点')),
                        ('campaign', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.campaign', verbose_name='专项')),
                        ('household', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='households.household')),
                        ('reached', models.BooleanField(editable=False, verbose_name='有效')),
                        ('counted_key', models.UUIDField(editable=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('voided_at', models.DateTimeField(editable=False, null=True)),
                        ('voided_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废理由')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('voided_at__isnull', True)), fields=['station', 'kind', 'occurred_on', 'id'], name='record_list'), models.Index(condition=models.Q(('voided_at__isnull', True)), fields=['kind', 'occurred_on', 'id'], name='record_city_list'), models.Index(fields=['household', 'occurred_on', 'id'], name='record_household'), models.Index(fields=['station', 'counted_key'], name='record_counted')],
                        'constraints': [models.UniqueConstraint(fields=('station', 'client_id'), name='record_sent_once'), models.CheckConstraint(condition=models.Q(models.Q(('void_reason', ''), ('voided_at__isnull', True), ('voided_by__isnull', True)), models.Q(('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('void_reason', ''), _negated=True)), _connector='OR'), name='record_voided_by_somebody_for_a_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalServiceRecord',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.new_id, editable=False)),
                        ('kind', models.CharField(choices=[('visit', '走访'), ('activity', '社区活动'), ('group_session', '小组节次'), ('team_service', '志愿队服务'), ('consultation', '咨询'), ('handout', '宣传资料'), ('meeting', '会议')], editable=False, max_length=20)),
                        ('occurred_on', models.DateField(verbose_name='日期')),
                        ('place', models.CharField(blank=True, max_length=60, verbose_name='地点')),
                        ('reached', models.BooleanField(editable=False, verbose_name='有效')),
                        ('counted_key', models.UUIDField(editable=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('voided_at', models.DateTimeField(editable=False, null=True)),
                        ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废理由')),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                        ('village', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.area', verbose_name='村居')),
                        ('campaign', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.campaign', verbose_name='专项')),
                        ('household', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='households.household')),
                        ('voided_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField()),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical service record',
                        'verbose_name_plural': 'historical service records',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='RecordWorker',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='workers', to='services.servicerecord')),
                        ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='network.staff')),
                        ('position', models.PositiveSmallIntegerField()),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('station', 'record', 'staff'), name='record_worker_once')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalRecordWorker',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                        ('record', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.servicerecord')),
                        ('staff', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.staff')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField()),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical record worker',
                        'verbose_name_plural': 'historical record workers',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='Contact',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='services.servicerecord')),
                        ('kind', models.CharField(choices=[('person', '人'), ('household', '户'), ('heads', '未实名人数')], max_length=10)),
                        ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='households.person')),
                        ('household', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='households.household')),
                        ('heads', models.PositiveIntegerField(default=0)),
                        ('group', models.CharField(blank=True, choices=[('children', '儿童'), ('elders', '长者'), ('clients', '民政对象'), ('volunteers', '志愿者'), ('others', '其他')], max_length=10)),
                        ('method', models.CharField(blank=True, choices=[('signed', '签到表'), ('counted', '现场清点'), ('estimated', '估计')], max_length=10, verbose_name='计数方式')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('heads', 0), ('kind', 'person'), ('person__isnull', False)), models.Q(('heads', 0), ('household__isnull', False), ('kind', 'household'), ('person__isnull', True)), models.Q(('heads__gt', 0), ('household__isnull', True), ('kind', 'heads'), ('person__isnull', True), models.Q(('group', ''), _negated=True), models.Q(('method', ''), _negated=True)), _connector='OR'), name='contact_says_whom'), models.UniqueConstraint(condition=models.Q(('kind', 'person')), fields=('station', 'record', 'person'), name='contact_person_once'), models.UniqueConstraint(condition=models.Q(('kind', 'heads')), fields=('station', 'record', 'group'), name='contact_group_once')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalContact',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False)),
                        ('kind', models.CharField(choices=[('person', '人'), ('household', '户'), ('heads', '未实名人数')], max_length=10)),
                        ('heads', models.PositiveIntegerField(default=0)),
                        ('group', models.CharField(blank=True, choices=[('children', '儿童'), ('elders', '长者'), ('clients', '民政对象'), ('volunteers', '志愿者'), ('others', '其他')], max_length=10)),
                        ('method', models.CharField(blank=True, choices=[('signed', '签到表'), ('counted', '现场清点'), ('estimated', '估计')], max_length=10, verbose_name='计数方式')),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                        ('record', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.servicerecord')),
                        ('person', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='households.person')),
                        ('household', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='households.household')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField()),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical contact',
                        'verbose_name_plural': 'historical contacts',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
            ],
        ),
    ]
