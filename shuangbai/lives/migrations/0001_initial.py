import django.db.models.deletion
import shuangbai.core.clock
import shuangbai.core.ids
from django.conf import settings
from django.db import migrations, models

from shuangbai.core.tables import MakeTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('households', '0001_initial'),
        ('network', '0001_initial'),
        ('volunteers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        MakeTables(
            tables=[
                migrations.CreateModel(
                    name='LifeChange',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='households.household')),
                        ('other', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='households.household')),
                        ('kind', models.CharField(choices=[('move', '搬家'), ('split', '分户'), ('merge', '并户'), ('death', '去世'), ('leave', '离开本地'), ('second-home', '孩子两家住'), ('rotation', '老人轮住'), ('station', '转到别的站')], max_length=12, verbose_name='变化')),
                        ('happened_on', models.DateField(verbose_name='从哪天起')),
                        ('said', models.JSONField(default=list)),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='备注')),
                        ('steps', models.JSONField(default=list)),
                        ('undone_at', models.DateTimeField(editable=False, null=True)),
                        ('undone_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['household', 'entered_at'], name='life_change_household')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('undone_at__isnull', True), ('undone_by__isnull', True)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False)), _connector='OR'), name='life_change_undone_by_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='Handover',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.staff')),
                        ('starts_on', models.DateField(verbose_name='从哪天起')),
                        ('reason', models.CharField(choices=[('leaving', '离职'), ('posted', '调到别处'), ('away', '长时间休假或培训'), ('shared', '重新分工')], max_length=10, verbose_name='原因')),
                        ('note', models.CharField(blank=True, max_length=500, verbose_name='交接说明')),
                        ('closed_at', models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('station', 'giver'), name='handover_one_open_a_giver')],
                    },
                ),
                migrations.CreateModel(
                    name='HandoverItem',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('handover', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='lives.handover')),
                        ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='households.familyfile')),
                        ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.staff')),
                        ('state', models.CharField(choices=[('waiting', '等接手人确认'), ('taken', '已接手'), ('declined', '接手人退回'), ('withdrawn', '已收回')], default='waiting', max_length=10)),
                        ('why', models.CharField(blank=True, max_length=200, verbose_name='退回理由')),
                        ('decided_at', models.DateTimeField(editable=False, null=True)),
                        ('decided_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['receiver', 'state'], name='handover_item_receiver')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('station', 'file'), name='handover_item_waits_once'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='handover_item_decided')],
                    },
                ),
                migrations.CreateModel(
                    name='RetentionRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('years', models.PositiveSmallIntegerField(verbose_name='结档后保存年数')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('starts_on',), name='retention_rule_once_a_day'), models.CheckConstraint(condition=models.Q(('years__gte', 1)), name='retention_rule_of_a_year_and_more'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='lives_retentionrule_dates_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='Erasure',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='households.person')),
                        ('basis', models.CharField(choices=[('asked', '本人或监护人要求删除，且没有法定理由须继续保存'), ('withdrawn', '本人或监护人撤回同意（个保法第四十七条第三项）'), ('done', '处理目的已实现或不再必要（第四十七条第一项）'), ('expired', '保存期限已届满（第四十七条第二项）'), ('unlawful', '违反法律或约定收集的（第四十七条第四项）')], max_length=10, verbose_name='法律依据')),
                        ('reason', models.CharField(max_length=300, verbose_name='事由')),
                        ('state', models.CharField(choices=[('asked', '等民政局决定'), ('refused', '不予抹去'), ('withdrawn', '申请已收回'), ('done', '已抹去')], default='asked', max_length=10)),
                        ('answer', models.CharField(blank=True, max_length=300, verbose_name='决定说明')),
                        ('decided_at', models.DateTimeField(editable=False, null=True)),
                        ('decided_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('counts', models.JSONField(default=dict)),
                        ('to_check', models.JSONField(default=list)),
                        ('volunteer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='volunteers.volunteer')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['state', 'entered_at'], name='erasure_state')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('station', 'person'), name='erasure_asked_once'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='erasure_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('decided_by__isnull', False)), _connector='OR'), name='erasure_decided_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('decided_by', models.F('entered_by')), _negated=True), _connector='OR'), name='erasure_by_two_people'), models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('station', 'volunteer'), name='erasure_asked_once_of_volunteer'), models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('volunteer__isnull', True)), models.Q(('person__isnull', True), ('volunteer__isnull', False)), _connector='OR'), name='erasure_of_somebody')],
                    },
                ),
            ],
        ),
    ]
