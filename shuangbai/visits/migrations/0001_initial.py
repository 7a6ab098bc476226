import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('network', '0001_initial'),
        ('network', '__first__'),
        ('services', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalVisit',
            fields=[
                ('mode', models.CharField(choices=[('home', '入户'), ('phone', '电话'), ('wechat', '微信视频'), ('office', '来站'), ('chance', '偶遇'), ('institution', '院舍医院')], max_length=12, verbose_name='方式')),
                ('result', models.CharField(choices=[('met', '见面'), ('nobody_home', '无人在家'), ('vacant', '空置'), ('refused', '拒访'), ('away', '外出'), ('in_hospital', '住院'), ('deceased', '已去世'), ('wrong_number', '号码错误')], max_length=12, verbose_name='结果')),
                ('purpose', models.CharField(choices=[('ordinary', '日常'), ('first', '首次建档'), ('regular', '定期回访'), ('special', '节日或灾害'), ('check', '核查'), ('satisfaction', '满意度回访')], default='ordinary', max_length=12, verbose_name='类型')),
                ('started_at', models.TimeField(blank=True, null=True, verbose_name='开始时间')),
                ('ended_at', models.TimeField(blank=True, null=True, verbose_name='结束时间')),
                ('topics', models.JSONField(default=list, verbose_name='谈及')),
                ('narrative', models.TextField(blank=True, verbose_name='谈了什么、看到什么')),
                ('observation', models.TextField(blank=True, verbose_name='社工观察')),
                ('needs', models.JSONField(default=list, verbose_name='需求')),
                ('followup', models.CharField(choices=[('none', '无需跟进'), ('next_visit', '下次探访'), ('case', '转个案'), ('referral', '转介'), ('apply', '协助申请救助'), ('report', '上报')], default='none', max_length=12, verbose_name='跟进')),
                ('next_on', models.DateField(blank=True, null=True, verbose_name='下次日期')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='services.servicerecord')),
                ('station', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
            ],
            options={
                'verbose_name': 'historical visit',
                'verbose_name_plural': 'historical visits',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('record', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='visit', serialize=False, to='services.servicerecord')),
                ('mode', models.CharField(choices=[('home', '入户'), ('phone', '电话'), ('wechat', '微信视频'), ('office', '来站'), ('chance', '偶遇'), ('institution', '院舍医院')], max_length=12, verbose_name='方式')),
                ('result', models.CharField(choices=[('met', '见面'), ('nobody_home', '无人在家'), ('vacant', '空置'), ('refused', '拒访'), ('away', '外出'), ('in_hospital', '住院'), ('deceased', '已去世'), ('wrong_number', '号码错误')], max_length=12, verbose_name='结果')),
                ('purpose', models.CharField(choices=[('ordinary', '日常'), ('first', '首次建档'), ('regular', '定期回访'), ('special', '节日或灾害'), ('check', '核查'), ('satisfaction', '满意度回访')], default='ordinary', max_length=12, verbose_name='类型')),
                ('started_at', models.TimeField(blank=True, null=True, verbose_name='开始时间')),
                ('ended_at', models.TimeField(blank=True, null=True, verbose_name='结束时间')),
                ('topics', models.JSONField(default=list, verbose_name='谈及')),
                ('narrative', models.TextField(blank=True, verbose_name='谈了什么、看到什么')),
                ('observation', models.TextField(blank=True, verbose_name='社工观察')),
                ('needs', models.JSONField(default=list, verbose_name='需求')),
                ('followup', models.CharField(choices=[('none', '无需跟进'), ('next_visit', '下次探访'), ('case', '转个案'), ('referral', '转介'), ('apply', '协助申请救助'), ('report', '上报')], default='none', max_length=12, verbose_name='跟进')),
                ('next_on', models.DateField(blank=True, null=True, verbose_name='下次日期')),
                ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('started_at__isnull', True), ('ended_at__isnull', True), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='visit_times_in_order')],
            },
        ),
    ]
