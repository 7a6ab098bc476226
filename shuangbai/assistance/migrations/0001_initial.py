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
        ('followups', '0001_initial'),
        ('households', '0001_initial'),
        ('network', '0001_initial'),
    ]

    operations = [
        MakeTables(
            tables=[
                migrations.CreateModel(
                    name='HistoricalMatter',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.new_id, editable=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('policy', models.CharField(max_length=16, verbose_name='政策')),
                        ('kind', models.CharField(choices=[('new', '新增'), ('change', '变更'), ('stop', '停发'), ('review', '年审'), ('consult', '政策咨询')], max_length=8, verbose_name='办什么')),
                        ('special', models.BooleanField(default=False, verbose_name='属特殊情况，用较长的期限')),
                        ('opened_on', models.DateField(verbose_name='开始协助的日期')),
                        ('stage', models.CharField(choices=[('preparing', '准备材料'), ('applied', '已递交，等受理'), ('running', '已受理，办理中'), ('granted', '已批准，等发放'), ('paid', '已发放'), ('refused', '不批准'), ('appealed', '已申诉，等答复'), ('upheld', '申诉后仍不批准'), ('answered', '已答复'), ('withdrawn', '不办了')], default='preparing', max_length=10, verbose_name='办到哪里')),
                        ('accepted_on', models.DateField(editable=False, null=True, verbose_name='受理日期')),
                        ('decided_on', models.DateField(editable=False, null=True, verbose_name='审批日期')),
                        ('paid_on', models.DateField(editable=False, null=True, verbose_name='发放日期')),
                        ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name='金额（元/月）')),
                        ('next_review_on', models.DateField(blank=True, null=True, verbose_name='下次年审')),
                        ('note', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='matter.note', verbose_name='情况')),
                        ('refusal', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='matter.refusal', verbose_name='不批准的理由')),
                        ('voided_at', models.DateTimeField(editable=False, null=True)),
                        ('reason', shuangbai.core.fields.EncryptedTextField(blank=True, editable=False, purpose='matter.reason', verbose_name='更正或作废的理由')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('household', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='households.household', verbose_name='家庭')),
                        ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='households.person', verbose_name='为谁')),
                        ('review', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='followups.task')),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                        ('tag', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='households.tag')),
                        ('voided_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('worker', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.staff', verbose_name='负责社工')),
                    ],
                    options={
                        'verbose_name': 'historical matter',
                        'verbose_name_plural': 'historical matters',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='Matter',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('policy', models.CharField(max_length=16, verbose_name='政策')),
                        ('kind', models.CharField(choices=[('new', '新增'), ('change', '变更'), ('stop', '停发'), ('review', '年审'), ('consult', '政策咨询')], max_length=8, verbose_name='办什么')),
                        ('special', models.BooleanField(default=False, verbose_name='属特殊情况，用较长的期限')),
                        ('opened_on', models.DateField(verbose_name='开始协助的日期')),
                        ('stage', models.CharField(choices=[('preparing', '准备材料'), ('applied', '已递交，等受理'), ('running', '已受理，办理中'), ('granted', '已批准，等发放'), ('paid', '已发放'), ('refused', '不批准'), ('appealed', '已申诉，等答复'), ('upheld', '申诉后仍不批准'), ('answered', '已答复'), ('withdrawn', '不办了')], default='preparing', max_length=10, verbose_name='办到哪里')),
                        ('accepted_on', models.DateField(editable=False, null=True, verbose_name='受理日期')),
                        ('decided_on', models.DateField(editable=False, null=True, verbose_name='审批日期')),
                        ('paid_on', models.DateField(editable=False, null=True, verbose_name='发放日期')),
                        ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name='金额（元/月）')),
                        ('next_review_on', models.DateField(blank=True, null=True, verbose_name='下次年审')),
                        ('note', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='matter.note', verbose_name='情况')),
                        ('refusal', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='matter.refusal', verbose_name='不批准的理由')),
                        ('voided_at', models.DateTimeField(editable=False, null=True)),
                        ('reason', shuangbai.core.fields.EncryptedTextField(blank=True, editable=False, purpose='matter.reason', verbose_name='更正或作废的理由')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('household', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='households.household', verbose_name='家庭')),
                        ('person', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='households.person', verbose_name='为谁')),
                        ('review', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='followups.task')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('tag', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='households.tag')),
                        ('voided_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('worker', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.staff', verbose_name='负责社工')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['station', 'opened_on'], name='matter_station'), models.Index(fields=['household', 'opened_on'], name='matter_household'), models.Index(fields=['worker', 'stage'], name='matter_worker')],
                        'constraints': [models.UniqueConstraint(fields=('station', 'client_id'), name='matter_once'), models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['granted', 'paid', 'refused', 'appealed', 'upheld']), _negated=True), ('decided_on__isnull', False), _connector='OR'), name='matter_decided_on_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('stage', 'paid'), _negated=True), ('paid_on__isnull', False), _connector='OR'), name='matter_paid_on_a_day'), models.CheckConstraint(condition=models.Q(('amount__isnull', True), ('amount__gte', 0), _connector='OR'), name='matter_amount'), models.CheckConstraint(condition=models.Q(models.Q(('voided_at__isnull', True), ('voided_by__isnull', True)), models.Q(('voided_at__isnull', False), ('voided_by__isnull', False)), _connector='OR'), name='matter_voided_by_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='MatterPaper',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('name', models.CharField(max_length=60, verbose_name='材料')),
                        ('got_on', models.DateField(blank=True, null=True, verbose_name='齐了的日期')),
                        ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='assistance.matter')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('station', 'matter', 'name'), name='matter_paper_once')],
                    },
                ),
                migrations.CreateModel(
                    name='MatterStep',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('move', models.CharField(choices=[('apply', '递交申请'), ('return', '退回补材料'), ('accept', '受理'), ('check', '入户核查'), ('publish', '公示'), ('grant', '批准'), ('refuse', '不批准'), ('pay', '发放'), ('appeal', '申诉'), ('overturn', '申诉后改批准'), ('uphold', '申诉后维持'), ('answer', '答复咨询'), ('withdraw', '不办了')], max_length=10, verbose_name='做了什么')),
                        ('was', models.CharField(choices=[('preparing', '准备材料'), ('applied', '已递交，等受理'), ('running', '已受理，办理中'), ('granted', '已批准，等发放'), ('paid', '已发放'), ('refused', '不批准'), ('appealed', '已申诉，等答复'), ('upheld', '申诉后仍不批准'), ('answered', '已答复'), ('withdrawn', '不办了')], max_length=10)),
                        ('became', models.CharField(choices=[('preparing', '准备材料'), ('applied', '已递交，等受理'), ('running', '已受理，办理中'), ('granted', '已批准，等发放'), ('paid', '已发放'), ('refused', '不批准'), ('appealed', '已申诉，等答复'), ('upheld', '申诉后仍不批准'), ('answered', '已答复'), ('withdrawn', '不办了')], max_length=10, verbose_name='之后')),
                        ('happened_on', models.DateField(verbose_name='日期')),
                        ('note', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='matter_step.note', verbose_name='情况')),
                        ('undone_at', models.DateTimeField(editable=False, null=True)),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='assistance.matter')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('undone_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('undone_at__isnull', True), ('undone_by__isnull', True)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False)), _connector='OR'), name='matter_step_undone_by_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='PolicyRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('policy', models.CharField(max_length=16, verbose_name='政策')),
                        ('days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='办理期限（工作日）')),
                        ('special_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='特殊情况（工作日）')),
                        ('review_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='多少个月年审一次')),
                        ('line', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True, verbose_name='标准（元/人/月）')),
                        ('papers', models.JSONField(blank=True, default=list, verbose_name='要交的材料')),
                        ('text', models.CharField(max_length=500, verbose_name='哪些人符合')),
                        ('source', models.CharField(max_length=100, verbose_name='依据')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('policy', 'starts_on'), name='policy_rule_once_a_day'), models.CheckConstraint(condition=models.Q(('special_days__isnull', True), models.Q(('days__isnull', False), ('special_days__gte', models.F('days'))), _connector='OR'), name='policy_rule_special_is_longer'), models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('source', ''), _negated=True)), name='policy_rule_has_source'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='assistance_policyrule_dates_in_order')],
                    },
                ),
            ],
        ),
    ]
