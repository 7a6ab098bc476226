import django.db.models.deletion
import shuangbai.core.clock
import shuangbai.core.fields
import shuangbai.core.ids
import shuangbai.core.strangers
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from shuangbai.core.tables import MakeTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('activities', '0001_initial'),
        ('households', '0001_initial'),
        ('network', '0001_initial'),
        ('services', '0001_initial'),
    ]

    operations = [
        MakeTables(
            tables=[
                migrations.CreateModel(
                    name='Event',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('title', models.CharField(max_length=80, verbose_name='活动名称')),
                        ('kind', models.CharField(max_length=16, verbose_name='类型')),
                        ('series', models.CharField(blank=True, max_length=60, verbose_name='系列')),
                        ('held_on', models.DateField(verbose_name='哪天')),
                        ('starts_at', models.TimeField(blank=True, null=True, verbose_name='几点开始')),
                        ('ends_at', models.TimeField(blank=True, null=True, verbose_name='几点结束')),
                        ('place', models.CharField(blank=True, max_length=60, verbose_name='地点')),
                        ('partners', models.CharField(blank=True, max_length=120, verbose_name='合作单位')),
                        ('aim', models.TextField(blank=True, verbose_name='目的')),
                        ('audience', models.CharField(blank=True, max_length=120, verbose_name='给谁办的')),
                        ('steps', models.JSONField(default=list, verbose_name='流程与分工')),
                        ('budget', models.JSONField(default=list, verbose_name='预算')),
                        ('risks', models.TextField(blank=True, verbose_name='风险与应对')),
                        ('publicity', models.TextField(blank=True, verbose_name='怎样宣传')),
                        ('places', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='名额')),
                        ('waiting_most', models.PositiveSmallIntegerField(default=10, verbose_name='候补')),
                        ('closes_on', models.DateField(blank=True, null=True, verbose_name='报名截止')),
                        ('for_children', models.BooleanField(default=False, verbose_name='给孩子报名')),
                        ('public', models.BooleanField(default=True, editable=False, verbose_name='网上报名')),
                        ('token', models.CharField(default=shuangbai.core.strangers.new_token, editable=False, max_length=20, unique=True)),
                        ('say_token', models.CharField(default=shuangbai.core.strangers.new_token, editable=False, max_length=20, unique=True)),
                        ('say_until', models.DateField(editable=False, null=True, verbose_name='反馈截止')),
                        ('state', models.CharField(choices=[('preparing', '筹备'), ('open', '报名中'), ('held', '已举办'), ('cancelled', '取消')], default='preparing', editable=False, max_length=10, verbose_name='状态')),
                        ('cancel_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='取消原因')),
                        ('tally', models.JSONField(default=dict, editable=False, verbose_name='报名与到场')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('activity', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='event', to='activities.activity')),
                        ('campaign', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.campaign', verbose_name='专项')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('village', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.area', verbose_name='村居')),
                        ('worker', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.staff', verbose_name='负责社工')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['station', 'held_on'], name='event_list')],
                        'constraints': [models.UniqueConstraint(fields=('station', 'client_id'), name='event_sent_once'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='event_has_title'), models.CheckConstraint(condition=models.Q(models.Q(('activity__isnull', False), ('state', 'held')), models.Q(models.Q(('state', 'held'), _negated=True), ('activity__isnull', True)), _connector='OR'), name='event_held_is_an_activity'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), models.Q(('cancel_reason', ''), _negated=True)), models.Q(models.Q(('state', 'cancelled'), _negated=True), ('cancel_reason', '')), _connector='OR'), name='event_cancelled_for_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'open'), _negated=True), ('places__isnull', False), _connector='OR'), name='event_open_has_places'), models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='event_ends_after_it_starts')],
                    },
                ),
                migrations.CreateModel(
                    name='EventMove',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('was', models.CharField(choices=[('preparing', '筹备'), ('open', '报名中'), ('held', '已举办'), ('cancelled', '取消')], editable=False, max_length=10)),
                        ('became', models.CharField(choices=[('preparing', '筹备'), ('open', '报名中'), ('held', '已举办'), ('cancelled', '取消')], editable=False, max_length=10)),
                        ('reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='原因')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('event', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='events.event')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('was', models.F('became')), _negated=True), name='event_move_changes_state')],
                    },
                ),
                migrations.CreateModel(
                    name='Gate',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('page', models.CharField(choices=[('join', '报名'), ('say', '反馈')], editable=False, max_length=8)),
                        ('minute', models.BigIntegerField(default=0)),
                        ('let_in', models.PositiveIntegerField(default=0)),
                        ('event', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='gates', to='events.event')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('station', 'event', 'page'), name='gate_once')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalEvent',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.random_id, editable=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('title', models.CharField(max_length=80, verbose_name='活动名称')),
                        ('kind', models.CharField(max_length=16, verbose_name='类型')),
                        ('series', models.CharField(blank=True, max_length=60, verbose_name='系列')),
                        ('held_on', models.DateField(verbose_name='哪天')),
                        ('starts_at', models.TimeField(blank=True, null=True, verbose_name='几点开始')),
                        ('ends_at', models.TimeField(blank=True, null=True, verbose_name='几点结束')),
                        ('place', models.CharField(blank=True, max_length=60, verbose_name='地点')),
                        ('partners', models.CharField(blank=True, max_length=120, verbose_name='合作单位')),
                        ('aim', models.TextField(blank=True, verbose_name='目的')),
                        ('audience', models.CharField(blank=True, max_length=120, verbose_name='给谁办的')),
                        ('steps', models.JSONField(default=list, verbose_name='流程与分工')),
                        ('budget', models.JSONField(default=list, verbose_name='预算')),
                        ('risks', models.TextField(blank=True, verbose_name='风险与应对')),
                        ('publicity', models.TextField(blank=True, verbose_name='怎样宣传')),
                        ('places', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='名额')),
                        ('waiting_most', models.PositiveSmallIntegerField(default=10, verbose_name='候补')),
                        ('closes_on', models.DateField(blank=True, null=True, verbose_name='报名截止')),
                        ('for_children', models.BooleanField(default=False, verbose_name='给孩子报名')),
                        ('public', models.BooleanField(default=True, editable=False, verbose_name='网上报名')),
                        ('token', models.CharField(db_index=True, default=shuangbai.core.strangers.new_token, editable=False, max_length=20)),
                        ('say_token', models.CharField(db_index=True, default=shuangbai.core.strangers.new_token, editable=False, max_length=20)),
                        ('say_until', models.DateField(editable=False, null=True, verbose_name='反馈截止')),
                        ('state', models.CharField(choices=[('preparing', '筹备'), ('open', '报名中'), ('held', '已举办'), ('cancelled', '取消')], default='preparing', editable=False, max_length=10, verbose_name='状态')),
                        ('cancel_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='取消原因')),
                        ('tally', models.JSONField(default=dict, editable=False, verbose_name='报名与到场')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('activity', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='activities.activity')),
                        ('campaign', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.campaign', verbose_name='专项')),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                        ('village', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.area', verbose_name='村居')),
                        ('worker', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.staff', verbose_name='负责社工')),
                    ],
                    options={
                        'verbose_name': 'historical event',
                        'verbose_name_plural': 'historical events',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='Remark',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('grade', models.CharField(choices=[('5', '很满意'), ('4', '满意'), ('3', '一般'), ('2', '不太满意'), ('1', '不满意')], max_length=1, verbose_name='满意吗')),
                        ('good', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='remark.good', verbose_name='好在哪里')),
                        ('change', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='remark.change', verbose_name='哪里要改')),
                        ('event', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='events.event')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('station', 'event', 'client_id'), name='remark_sent_once'), models.CheckConstraint(condition=models.Q(('grade__in', ['5', '4', '3', '2', '1'])), name='remark_has_a_grade')],
                    },
                ),
                migrations.CreateModel(
                    name='SignUp',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('secret', models.CharField(default=shuangbai.core.strangers.new_token, editable=False, max_length=20, unique=True)),
                        ('number', models.PositiveIntegerField(editable=False, verbose_name='序号')),
                        ('name', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='sign_up.name', verbose_name='姓名')),
                        ('phone', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='sign_up.phone', verbose_name='电话')),
                        ('guardian', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='sign_up.guardian', verbose_name='监护人')),
                        ('age_band', models.CharField(blank=True, choices=[('toddler', '未满 6 岁'), ('younger', '6 至 9 岁'), ('older', '10 至 13 岁'), ('teen', '14 至 17 岁')], max_length=8, verbose_name='年龄段')),
                        ('people', models.PositiveSmallIntegerField(default=1, verbose_name='几个人')),
                        ('waiting', models.BooleanField(default=False, verbose_name='候补')),
                        ('moved_up_at', models.DateTimeField(null=True, verbose_name='递补时间')),
                        ('came', models.PositiveSmallIntegerField(null=True, verbose_name='到场')),
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='报名时间')),
                        ('withdrawn_at', models.DateTimeField(null=True, verbose_name='取消报名时间')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('event', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='sign_ups', to='events.event')),
                        ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='households.person')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('station', 'event', 'client_id'), name='sign_up_sent_once'), models.UniqueConstraint(fields=('station', 'event', 'number'), name='sign_up_number_once'), models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('station', 'event', 'person'), name='sign_up_person_once'), models.CheckConstraint(condition=models.Q(('people__gte', 1)), name='sign_up_is_of_somebody'), models.CheckConstraint(condition=models.Q(('came__isnull', True), ('waiting', False), _connector='OR'), name='sign_up_waiting_did_not_come'), models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), models.Q(('age_band', ''), ('came__isnull', True), ('person__isnull', True)), _connector='OR'), name='sign_up_withdrawn_is_empty')],
                    },
                ),
            ],
        ),
    ]
