import django.db.models.deletion
import shuangbai.core.clock
import shuangbai.core.ids
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
                    name='ReportFile',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('asked_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('asked_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='提交时间')),
                        ('question', models.JSONField(editable=False, verbose_name='所问')),
                        ('origin', models.CharField(editable=False, max_length=200, verbose_name='网址')),
                        ('state', models.CharField(choices=[('waiting', '正在生成'), ('done', '已生成'), ('failed', '没有生成')], default='waiting', editable=False, max_length=10, verbose_name='状态')),
                        ('made_at', models.DateTimeField(editable=False, null=True, verbose_name='生成时间')),
                        ('name', models.CharField(blank=True, editable=False, max_length=120, verbose_name='文件名')),
                        ('error', models.CharField(blank=True, editable=False, max_length=200, verbose_name='原因')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('error', ''), ('made_at__isnull', True), ('name', ''), ('state', 'waiting')), models.Q(('error', ''), ('made_at__isnull', False), ('state', 'done'), models.Q(('name', ''), _negated=True)), models.Q(('made_at__isnull', True), ('name', ''), ('state', 'failed'), models.Q(('error', ''), _negated=True)), _connector='OR'), name='report_file_state_is_told')],
                    },
                ),
                migrations.CreateModel(
                    name='SavedTable',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=40, verbose_name='名称')),
                        ('question', models.JSONField(editable=False, verbose_name='所问')),
                        ('shared', models.BooleanField(default=False, verbose_name='同事也能打开')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('made_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='保存时间')),
                        ('made_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('unit', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit', verbose_name='机构')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('made_by', 'name'), name='saved_table_name_once'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='saved_table_has_name')],
                    },
                ),
            ],
        ),
    ]
