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
        ('network', '0001_initial'),
    ]

    operations = [
        MakeTables(
            tables=[
                migrations.CreateModel(
                    name='Alarm',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('person_key', models.UUIDField(editable=False, null=True)),
                        ('who', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='alarm.who', verbose_name='是谁')),
                        ('protected', models.CharField(choices=[('minor', '未成年人'), ('incapable', '不能完全辨认自己行为的成年人')], max_length=10, verbose_name='保护对象')),
                        ('situation', models.CharField(choices=[('injury', '隐私部位受伤'), ('under14', '不满十四岁：疑遭性侵、怀孕、流产'), ('over14', '满十四岁：疑遭性侵而怀孕、流产'), ('beaten', '多处伤、营养不良、神志不清，疑遭家暴、欺凌、虐待'), ('harmed', '自杀、自残、中毒、被殴打等致伤残或死亡'), ('abandoned', '被遗弃，或长期无人照料'), ('trafficked', '来源不明、失踪，或被拐卖、收买'), ('begging', '被组织乞讨'), ('other', '其他严重侵害，或正面临危险')], max_length=10, verbose_name='情形')),
                        ('discovered_at', models.DateTimeField(verbose_name='发现时间')),
                        ('facts', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='alarm.facts', verbose_name='看见、听见的')),
                        ('impressions', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='alarm.impressions', verbose_name='印象与推测')),
                        ('done', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='alarm.done', verbose_name='已经做了什么')),
                        ('drill', models.BooleanField(default=False, verbose_name='演练')),
                        ('state', models.CharField(choices=[('raised', '还没有报警记录'), ('reported', '已报警，跟进中'), ('closed', '已结案')], default='raised', max_length=10)),
                        ('closed_at', models.DateTimeField(editable=False, null=True)),
                        ('close_reason', models.CharField(blank=True, choices=[('safe', '人已安全，跟进完成'), ('handed', '已由公安、民政等部门接手'), ('mistaken', '核实后不属于这些情形'), ('drill', '演练结束')], max_length=10, verbose_name='结案原因')),
                        ('close_note', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='alarm.close_note', verbose_name='结案说明')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('charge', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('closed_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['person_key'], name='alarm_person')],
                        'constraints': [models.UniqueConstraint(fields=('station', 'client_id'), name='alarm_raised_once'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('state', 'closed'), models.Q(('close_reason', ''), _negated=True)), models.Q(models.Q(('state', 'closed'), _negated=True), ('close_reason', ''), ('closed_at__isnull', True), ('closed_by__isnull', True)), _connector='OR'), name='alarm_closed_with_reason'), models.CheckConstraint(condition=models.Q(('closed_by', models.F('entered_by')), _negated=True), name='alarm_closed_by_another'), models.CheckConstraint(condition=models.Q(('close_reason', ''), models.Q(('close_reason', 'drill'), ('drill', True)), models.Q(('drill', False), models.Q(('close_reason', 'drill'), _negated=True)), _connector='OR'), name='alarm_drill_ends_as_drill')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalAlarm',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.random_id, editable=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('person_key', models.UUIDField(editable=False, null=True)),
                        ('who', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='alarm.who', verbose_name='是谁')),
                        ('protected', models.CharField(choices=[('minor', '未成年人'), ('incapable', '不能完全辨认自己行为的成年人')], max_length=10, verbose_name='保护对象')),
                        ('situation', models.CharField(choices=[('injury', '隐私部位受伤'), ('under14', '不满十四岁：疑遭性侵、怀孕、流产'), ('over14', '满十四岁：疑遭性侵而怀孕、流产'), ('beaten', '多处伤、营养不良、神志不清，疑遭家暴、欺凌、虐待'), ('harmed', '自杀、自残、中毒、被殴打等致伤残或死亡'), ('abandoned', '被遗弃，或长期无人照料'), ('trafficked', '来源不明、失踪，或被拐卖、收买'), ('begging', '被组织乞讨'), ('other', '其他严重侵害，或正面临危险')], max_length=10, verbose_name='情形')),
                        ('discovered_at', models.DateTimeField(verbose_name='发现时间')),
                        ('facts', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='alarm.facts', verbose_name='看见、听见的')),
                        ('impressions', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='alarm.impressions', verbose_name='印象与推测')),
                        ('done', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='alarm.done', verbose_name='已经做了什么')),
                        ('drill', models.BooleanField(default=False, verbose_name='演练')),
                        ('state', models.CharField(choices=[('raised', '还没有报警记录'), ('reported', '已报警，跟进中'), ('closed', '已结案')], default='raised', max_length=10)),
                        ('closed_at', models.DateTimeField(editable=False, null=True)),
                        ('close_reason', models.CharField(blank=True, choices=[('safe', '人已安全，跟进完成'), ('handed', '已由公安、民政等部门接手'), ('mistaken', '核实后不属于这些情形'), ('drill', '演练结束')], max_length=10, verbose_name='结案原因')),
                        ('close_note', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='alarm.close_note', verbose_name='结案说明')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('charge', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                        ('closed_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'verbose_name': 'historical alarm',
                        'verbose_name_plural': 'historical alarms',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='AlarmStep',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('police', '报警'), ('told', '告知'), ('placed', '临时安置'), ('medical', '就医'), ('order', '告诫书、人身安全保护令'), ('followup', '回访跟进'), ('more', '补充所见所闻')], max_length=10, verbose_name='做了什么')),
                        ('happened_at', models.DateTimeField(verbose_name='时间')),
                        ('whom', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='alarm_step.whom')),
                        ('receipt', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='alarm_step.receipt', verbose_name='报警回执号')),
                        ('note', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='alarm_step.note', verbose_name='情况')),
                        ('alarm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='safeguarding.alarm')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                ),
                migrations.CreateModel(
                    name='AlarmReader',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('ended_at', models.DateTimeField(editable=False, null=True)),
                        ('alarm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readers', to='safeguarding.alarm')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('station', 'alarm', 'user'), name='alarm_reader_once')],
                    },
                ),
                migrations.CreateModel(
                    name='AlarmRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('hours', models.PositiveSmallIntegerField(verbose_name='几小时没有报警记录就提醒')),
                        ('least', models.PositiveSmallIntegerField(verbose_name='少于几件不公开')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('starts_on',), name='alarm_rule_once_a_day'), models.CheckConstraint(condition=models.Q(('hours__gte', 1), ('hours__lte', 72)), name='alarm_rule_hours_in_reason'), models.CheckConstraint(condition=models.Q(('least__gte', 5), ('least__lte', 100)), name='alarm_rule_least_in_reason'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='safeguarding_alarmrule_dates_in_order')],
                    },
                ),
            ],
        ),
    ]
