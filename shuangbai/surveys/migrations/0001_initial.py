import django.db.models.deletion
import shuangbai.core.clock
import shuangbai.core.fields
import shuangbai.core.ids
import shuangbai.core.tables
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('network', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        shuangbai.core.tables.MakeTables(
            tables=[
                migrations.CreateModel(
                    name='HistoricalQuestionnaire',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.new_id, editable=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('line', models.UUIDField(editable=False)),
                        ('edition', models.PositiveSmallIntegerField(default=1, editable=False)),
                        ('title', models.CharField(max_length=60, verbose_name='名称')),
                        ('about', models.CharField(blank=True, max_length=200, verbose_name='问谁、为什么问')),
                        ('questions', models.JSONField(default=list, verbose_name='题目')),
                        ('state', models.CharField(choices=[('draft', '起草中'), ('published', '使用中'), ('ended', '已停用')], default='draft', editable=False, max_length=10, verbose_name='状态')),
                        ('published_on', models.DateField(editable=False, null=True)),
                        ('ended_on', models.DateField(editable=False, null=True)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'verbose_name': 'historical questionnaire',
                        'verbose_name_plural': 'historical questionnaires',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalSurvey',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('voided_at', models.DateTimeField(editable=False, null=True)),
                        ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废理由')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.new_id, editable=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('first_on', models.DateField(verbose_name='开始日期')),
                        ('last_on', models.DateField(verbose_name='结束日期')),
                        ('methods', models.JSONField(default=list, verbose_name='方法')),
                        ('sample', models.PositiveIntegerField(blank=True, null=True, verbose_name='样本')),
                        ('answers', models.JSONField(default=dict)),
                        ('summary', models.TextField(blank=True, verbose_name='小结与建议')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                        ('village', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.area', verbose_name='村居')),
                        ('voided_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('worker', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.staff', verbose_name='负责社工')),
                    ],
                    options={
                        'verbose_name': 'historical survey',
                        'verbose_name_plural': 'historical surveys',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='Questionnaire',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('line', models.UUIDField(editable=False)),
                        ('edition', models.PositiveSmallIntegerField(default=1, editable=False)),
                        ('title', models.CharField(max_length=60, verbose_name='名称')),
                        ('about', models.CharField(blank=True, max_length=200, verbose_name='问谁、为什么问')),
                        ('questions', models.JSONField(default=list, verbose_name='题目')),
                        ('state', models.CharField(choices=[('draft', '起草中'), ('published', '使用中'), ('ended', '已停用')], default='draft', editable=False, max_length=10, verbose_name='状态')),
                        ('published_on', models.DateField(editable=False, null=True)),
                        ('ended_on', models.DateField(editable=False, null=True)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('owner', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('owner', 'client_id'), name='questionnaire_sent_once'), models.UniqueConstraint(fields=('line', 'edition'), name='questionnaire_edition_once'), models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('line',), name='questionnaire_one_edition_in_use'), models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), ('edition__gte', 1)), name='questionnaire_is_named'), models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', True), ('published_on__isnull', True), ('state', 'draft')), models.Q(('ended_on__isnull', True), ('published_on__isnull', False), ('state', 'published')), models.Q(('ended_on__gte', models.F('published_on')), ('ended_on__isnull', False), ('published_on__isnull', False), ('state', 'ended')), _connector='OR'), name='questionnaire_state_has_its_days')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalAnswerSheet',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('voided_at', models.DateTimeField(editable=False, null=True)),
                        ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废理由')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.random_id, editable=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('filled_on', models.DateField(verbose_name='填写日期')),
                        ('whose', models.CharField(choices=[('unsaid', '不记'), ('filed', '在档家庭'), ('others', '其他村民')], default='unsaid', max_length=8, verbose_name='谁填的')),
                        ('answers', models.JSONField(default=dict)),
                        ('words', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='answer_sheet.words')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                        ('village', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.area', verbose_name='村居')),
                        ('voided_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('questionnaire', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='surveys.questionnaire')),
                    ],
                    options={
                        'verbose_name': 'historical answer sheet',
                        'verbose_name_plural': 'historical answer sheets',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='AnswerSheet',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('voided_at', models.DateTimeField(editable=False, null=True)),
                        ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废理由')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('filled_on', models.DateField(verbose_name='填写日期')),
                        ('whose', models.CharField(choices=[('unsaid', '不记'), ('filed', '在档家庭'), ('others', '其他村民')], default='unsaid', max_length=8, verbose_name='谁填的')),
                        ('answers', models.JSONField(default=dict)),
                        ('words', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='answer_sheet.words')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('village', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.area', verbose_name='村居')),
                        ('voided_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('questionnaire', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='surveys.questionnaire')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('voided_at__isnull', True)), fields=['questionnaire', 'station', 'filled_on'], name='answer_sheet_list')],
                        'constraints': [models.UniqueConstraint(fields=('station', 'client_id'), name='answer_sheet_sent_once'), models.CheckConstraint(condition=models.Q(models.Q(('void_reason', ''), ('voided_at__isnull', True), ('voided_by__isnull', True)), models.Q(('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('void_reason', ''), _negated=True)), _connector='OR'), name='answer_sheet_voided_by_somebody_for_a_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='Survey',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('voided_at', models.DateTimeField(editable=False, null=True)),
                        ('void_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='作废理由')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('first_on', models.DateField(verbose_name='开始日期')),
                        ('last_on', models.DateField(verbose_name='结束日期')),
                        ('methods', models.JSONField(default=list, verbose_name='方法')),
                        ('sample', models.PositiveIntegerField(blank=True, null=True, verbose_name='样本')),
                        ('answers', models.JSONField(default=dict)),
                        ('summary', models.TextField(blank=True, verbose_name='小结与建议')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('village', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.area', verbose_name='村居')),
                        ('voided_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('worker', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.staff', verbose_name='负责社工')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['village', 'last_on'], name='survey_of_village'), models.Index(condition=models.Q(('voided_at__isnull', True)), fields=['station', 'last_on'], name='survey_list')],
                        'constraints': [models.UniqueConstraint(fields=('station', 'client_id'), name='survey_sent_once'), models.CheckConstraint(condition=models.Q(('last_on__gte', models.F('first_on'))), name='survey_days_in_order'), models.CheckConstraint(condition=models.Q(('sample__isnull', True), ('sample__gte', 1), _connector='OR'), name='survey_sample_of_some'), models.CheckConstraint(condition=models.Q(models.Q(('void_reason', ''), ('voided_at__isnull', True), ('voided_by__isnull', True)), models.Q(('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('void_reason', ''), _negated=True)), _connector='OR'), name='survey_voided_by_somebody_for_a_reason')],
                    },
                ),
            ],
        ),
    ]
