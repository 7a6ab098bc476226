import django.db.models.deletion
import shuangbai.core.ids
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from shuangbai.core.tables import MakeTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('network', '0001_initial'),
        ('services', '0001_initial'),
    ]

    operations = [
        MakeTables(
            tables=[
                migrations.CreateModel(
                    name='Series',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('name', models.CharField(max_length=60, verbose_name='系列名称')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('station', 'name'), name='series_name_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Activity',
                    fields=[
                        ('record', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='activity', serialize=False, to='services.servicerecord')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('title', models.CharField(max_length=80, verbose_name='名称')),
                        ('kind', models.CharField(max_length=16, verbose_name='类型')),
                        ('series', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='activities.series', verbose_name='系列')),
                        ('partners', models.CharField(blank=True, max_length=120, verbose_name='合作单位')),
                        ('volunteers', models.PositiveIntegerField(default=0, verbose_name='志愿者人数')),
                        ('volunteer_hours', models.DecimalField(decimal_places=1, default=0, max_digits=7, verbose_name='志愿服务小时')),
                        ('leaflets', models.PositiveIntegerField(default=0, verbose_name='宣传资料份数')),
                        ('summary', models.TextField(blank=True, verbose_name='小结')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('volunteer_hours__gte', 0)), name='activity_hours_not_negative'), models.CheckConstraint(condition=models.Q(('volunteer_hours', 0), ('volunteers__gt', 0), _connector='OR'), name='activity_hours_need_volunteers')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalActivity',
                    fields=[
                        ('title', models.CharField(max_length=80, verbose_name='名称')),
                        ('kind', models.CharField(max_length=16, verbose_name='类型')),
                        ('partners', models.CharField(blank=True, max_length=120, verbose_name='合作单位')),
                        ('volunteers', models.PositiveIntegerField(default=0, verbose_name='志愿者人数')),
                        ('volunteer_hours', models.DecimalField(decimal_places=1, default=0, max_digits=7, verbose_name='志愿服务小时')),
                        ('leaflets', models.PositiveIntegerField(default=0, verbose_name='宣传资料份数')),
                        ('summary', models.TextField(blank=True, verbose_name='小结')),
                        ('record', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.servicerecord')),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                        ('series', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='activities.series', verbose_name='系列')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField()),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical activity',
                        'verbose_name_plural': 'historical activitys',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HeldWith',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit', verbose_name='合办社工站')),
                        ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held_with', to='services.servicerecord')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('station', 'record', 'partner'), name='held_with_once'), models.CheckConstraint(condition=models.Q(('partner', models.F('station')), _negated=True), name='held_with_another')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalHeldWith',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField()),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('partner', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit', verbose_name='合办社工站')),
                        ('record', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.servicerecord')),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'verbose_name': 'historical held with',
                        'verbose_name_plural': 'historical held withs',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
            ],
        ),
    ]
