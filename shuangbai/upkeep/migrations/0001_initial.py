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
                    name='BackupRun',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('origin', models.CharField(choices=[('schedule', '定时'), ('page', '页面'), ('shell', '命令行')], max_length=10, verbose_name='由来')),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('asked_at', models.DateTimeField(default=shuangbai.core.clock.machine_now, verbose_name='开始时间')),
                        ('state', models.CharField(choices=[('waiting', '等候'), ('running', '进行中'), ('done', '完成'), ('failed', '没有成功')], default='waiting', max_length=10, verbose_name='状态')),
                        ('step', models.CharField(blank=True, choices=[('copying', '复制数据库'), ('sealing', '加密写入文件'), ('verifying', '恢复到临时位置核对')], max_length=10, verbose_name='步骤')),
                        ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                        ('folder', models.CharField(blank=True, max_length=300, verbose_name='目录')),
                        ('name', models.CharField(blank=True, max_length=120, verbose_name='文件名')),
                        ('size', models.PositiveBigIntegerField(null=True, verbose_name='大小（字节）')),
                        ('verified_at', models.DateTimeField(null=True, verbose_name='核对时间')),
                        ('error', models.CharField(blank=True, max_length=300, verbose_name='原因')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['asked_at'], name='backup_asked')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('error', ''), ('state__in', ['waiting', 'running'])), models.Q(('ended_at__isnull', False), ('error', ''), ('state', 'done')), models.Q(('ended_at__isnull', False), ('state', 'failed'), models.Q(('error', ''), _negated=True)), _connector='OR'), name='backup_run_is_told'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('size__isnull', False), models.Q(('name', ''), _negated=True)), _connector='OR'), name='backup_done_has_file')],
                    },
                ),
                migrations.CreateModel(
                    name='KeyRun',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('asked_at', models.DateTimeField(default=shuangbai.core.clock.machine_now, verbose_name='开始时间')),
                        ('key_id', models.CharField(max_length=20, verbose_name='新密钥')),
                        ('state', models.CharField(choices=[('waiting', '等候'), ('running', '进行中'), ('done', '完成'), ('failed', '没有成功')], default='waiting', max_length=10, verbose_name='状态')),
                        ('done', models.PositiveIntegerField(default=0, verbose_name='已换')),
                        ('total', models.PositiveIntegerField(default=0, verbose_name='共')),
                        ('seen_at', models.DateTimeField(null=True, verbose_name='最近进展')),
                        ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                        ('error', models.CharField(blank=True, max_length=300, verbose_name='原因')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['asked_at'], name='key_run_asked')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('error', ''), ('state__in', ['waiting', 'running'])), models.Q(('ended_at__isnull', False), ('error', ''), ('state', 'done')), models.Q(('ended_at__isnull', False), ('state', 'failed'), models.Q(('error', ''), _negated=True)), _connector='OR'), name='key_run_is_told'), models.CheckConstraint(condition=models.Q(('done__lte', models.F('total'))), name='key_run_done_within_total')],
                    },
                ),
                migrations.CreateModel(
                    name='Checkup',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('made_at', models.DateTimeField(default=shuangbai.core.clock.machine_now, verbose_name='时间')),
                        ('seconds', models.FloatField(verbose_name='用时（秒）')),
                        ('findings', models.JSONField(verbose_name='结果')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['made_at'], name='checkup_made')],
                    },
                ),
                migrations.CreateModel(
                    name='TrailCheck',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('asked_at', models.DateTimeField(default=shuangbai.core.clock.machine_now, verbose_name='开始时间')),
                        ('state', models.CharField(choices=[('waiting', '等候'), ('running', '进行中'), ('done', '完成'), ('failed', '没有成功')], default='waiting', max_length=10, verbose_name='状态')),
                        ('done', models.PositiveIntegerField(default=0, verbose_name='已核对')),
                        ('total', models.PositiveIntegerField(default=0, verbose_name='共')),
                        ('seen_at', models.DateTimeField(null=True, verbose_name='最近进展')),
                        ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                        ('sound', models.BooleanField(null=True, verbose_name='完好')),
                        ('head', models.CharField(blank=True, max_length=64, verbose_name='块首')),
                        ('sentences', models.JSONField(default=list, verbose_name='结果')),
                        ('error', models.CharField(blank=True, max_length=300, verbose_name='原因')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['asked_at'], name='trail_check_asked')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('error', ''), ('state__in', ['waiting', 'running'])), models.Q(('ended_at__isnull', False), ('error', ''), ('state', 'done')), models.Q(('ended_at__isnull', False), ('state', 'failed'), models.Q(('error', ''), _negated=True)), _connector='OR'), name='trail_check_is_told'), models.CheckConstraint(condition=models.Q(models.Q(('sound__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('sound__isnull', True)), _connector='OR'), name='trail_check_done_has_verdict')],
                    },
                ),
                migrations.CreateModel(
                    name='OpeningAlert',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('rule', models.CharField(choices=[('hour', '一小时内较多'), ('usual', '远多于本人平常')], max_length=10, verbose_name='规则')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('raised_at', models.DateTimeField(verbose_name='提醒时间')),
                        ('opened', models.PositiveIntegerField(verbose_name='查看项数')),
                        ('usual', models.FloatField(null=True, verbose_name='平常每天')),
                        ('looked_at', models.DateTimeField(null=True, verbose_name='处理时间')),
                        ('looked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('remark', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['raised_at'], name='opening_alert_raised')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('looked_at__isnull', True), ('looked_by__isnull', True), ('remark', '')), models.Q(('looked_at__isnull', False), ('looked_by__isnull', False), models.Q(('remark', ''), _negated=True)), _connector='OR'), name='opening_alert_looked_at_whole'), models.UniqueConstraint(condition=models.Q(('looked_at__isnull', True)), fields=('user', 'on'), name='opening_alert_open_once_a_day')],
                    },
                ),
            ],
        ),
    ]
