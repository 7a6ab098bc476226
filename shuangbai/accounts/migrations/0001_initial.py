import django.core.validators
import django.db.models.deletion
import shuangbai.core.fields
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
                    name='OneTimeCode',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to=settings.AUTH_USER_MODEL)),
                        ('purpose', models.CharField(choices=[('invite', '邀请'), ('reset', '重设密码')], max_length=10, verbose_name='用途')),
                        ('code_hash', models.CharField(max_length=32)),
                        ('digest', shuangbai.core.fields.EncryptedTextField(purpose='account.code')),
                        ('issued_at', models.DateTimeField(verbose_name='发出时间')),
                        ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发出人')),
                        ('expires_at', models.DateTimeField(verbose_name='有效至')),
                        ('used_at', models.DateTimeField(null=True, verbose_name='使用时间')),
                        ('revoked_at', models.DateTimeField(null=True, verbose_name='作废时间')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True), ('used_at__isnull', True)), fields=('user',), name='code_one_open'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('issued_at'))), name='code_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('used_at__isnull', True), ('revoked_at__isnull', True), _connector='OR'), name='code_used_or_revoked')],
                    },
                ),
                migrations.CreateModel(
                    name='PastPassword',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passwords', to=settings.AUTH_USER_MODEL)),
                        ('encoded', models.CharField(max_length=200)),
                        ('set_at', models.DateTimeField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['user', '-set_at'], name='past_password_latest')],
                    },
                ),
                migrations.CreateModel(
                    name='SecondFactor',
                    fields=[
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='second_factor', serialize=False, to=settings.AUTH_USER_MODEL)),
                        ('secret', shuangbai.core.fields.EncryptedTextField(purpose='account.totp')),
                        ('enrolled_at', models.DateTimeField(verbose_name='绑定时间')),
                        ('latest_step', models.BigIntegerField(default=0)),
                        ('failures', models.PositiveSmallIntegerField(default=0)),
                        ('failed_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('failed_at__isnull', True), ('failures', 0)), models.Q(('failed_at__isnull', False), ('failures__gt', 0)), _connector='OR'), name='factor_failures_have_a_time')],
                    },
                ),
                migrations.CreateModel(
                    name='RecoveryCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recovery_codes', to=settings.AUTH_USER_MODEL)),
                        ('code_hash', models.CharField(max_length=32)),
                        ('digest', shuangbai.core.fields.EncryptedTextField(purpose='account.recovery')),
                        ('used_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('user', 'code_hash'), name='recovery_code_once')],
                    },
                ),
                migrations.CreateModel(
                    name='AccountSession',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to=settings.AUTH_USER_MODEL)),
                        ('begun_at', models.DateTimeField(verbose_name='登录时间')),
                        ('device', models.CharField(max_length=60, verbose_name='设备')),
                        ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                        ('end_reason', models.CharField(blank=True, choices=[('by_owner', '本人从别处结束'), ('by_administrator', '管理员结束'), ('password', '密码已更改'), ('factor', '二次验证已更改'), ('stopped', '账号停用')], max_length=20, verbose_name='结束原因')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['user', '-begun_at'], name='session_latest')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at__isnull', True)), models.Q(('ended_at__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='session_end_has_a_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='ResetRequest',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='理由')),
                        ('decided_at', models.DateTimeField(null=True, verbose_name='决定时间')),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='决定人')),
                        ('outcome', models.CharField(blank=True, choices=[('granted', '同意'), ('declined', '不同意'), ('withdrawn', '撤回')], max_length=10, verbose_name='结果')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reset_requests', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('outcome', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='resetrequest_decided_whole'), models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('user',), name='reset_one_open')],
                    },
                ),
                migrations.CreateModel(
                    name='RoleRequest',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='理由')),
                        ('decided_at', models.DateTimeField(null=True, verbose_name='决定时间')),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='决定人')),
                        ('outcome', models.CharField(blank=True, choices=[('granted', '同意'), ('declined', '不同意'), ('withdrawn', '撤回')], max_length=10, verbose_name='结果')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_requests', to=settings.AUTH_USER_MODEL)),
                        ('role', models.CharField(choices=[('worker', '社工'), ('head', '站长'), ('supervisor', '督导'), ('officer', '民政局经办'), ('sysadmin', '系统管理员'), ('security', '安全管理员'), ('auditor', '安全审计员')], max_length=20, verbose_name='角色')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit', verbose_name='范围')),
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('outcome', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='rolerequest_decided_whole'), models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('user', 'role', 'unit'), name='role_asked_once'), models.CheckConstraint(condition=models.Q(('asked_by', models.F('user')), _negated=True), name='role_not_asked_for_oneself'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('user')), _negated=True), _connector='OR'), name='role_not_given_to_oneself'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='role_request_dates_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='Policy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveIntegerField(unique=True)),
                        ('starts_on', models.DateField(verbose_name='生效日期')),
                        ('set_at', models.DateTimeField(verbose_name='设定时间')),
                        ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='设定人')),
                        ('reason', models.CharField(max_length=200, verbose_name='理由')),
                        ('shortest', models.PositiveIntegerField(default=10, validators=[django.core.validators.MinValueValidator(8, '至少 8，现在填的是 %(show_value)s'), django.core.validators.MaxValueValidator(64, '至多 64，现在填的是 %(show_value)s')], verbose_name='密码最少几个字符')),
                        ('kinds', models.PositiveIntegerField(default=2, validators=[django.core.validators.MinValueValidator(1, '至少 1，现在填的是 %(show_value)s'), django.core.validators.MaxValueValidator(4, '至多 4，现在填的是 %(show_value)s')], verbose_name='密码至少几种字符')),
                        ('password_days', models.PositiveIntegerField(default=90, validators=[django.core.validators.MinValueValidator(0, '至少 0，现在填的是 %(show_value)s'), django.core.validators.MaxValueValidator(3650, '至多 3650，现在填的是 %(show_value)s')], verbose_name='密码用多少天要换')),
                        ('not_again', models.PositiveIntegerField(default=3, validators=[django.core.validators.MinValueValidator(0, '至少 0，现在填的是 %(show_value)s'), django.core.validators.MaxValueValidator(24, '至多 24，现在填的是 %(show_value)s')], verbose_name='最近几个用过的密码不能再用')),
                        ('lock_after', models.PositiveIntegerField(default=8, validators=[django.core.validators.MinValueValidator(3, '至少 3，现在填的是 %(show_value)s'), django.core.validators.MaxValueValidator(20, '至多 20，现在填的是 %(show_value)s')], verbose_name='连续输错几次锁定')),
                        ('lock_minutes', models.PositiveIntegerField(default=15, validators=[django.core.validators.MinValueValidator(5, '至少 5，现在填的是 %(show_value)s'), django.core.validators.MaxValueValidator(1440, '至多 1440，现在填的是 %(show_value)s')], verbose_name='锁定多少分钟')),
                        ('idle_minutes', models.PositiveIntegerField(default=30, validators=[django.core.validators.MinValueValidator(5, '至少 5，现在填的是 %(show_value)s'), django.core.validators.MaxValueValidator(480, '至多 480，现在填的是 %(show_value)s')], verbose_name='多少分钟不操作要重新登录')),
                        ('session_hours', models.PositiveIntegerField(default=12, validators=[django.core.validators.MinValueValidator(1, '至少 1，现在填的是 %(show_value)s'), django.core.validators.MaxValueValidator(24, '至多 24，现在填的是 %(show_value)s')], verbose_name='登录一次最长几小时')),
                        ('code_hours', models.PositiveIntegerField(default=72, validators=[django.core.validators.MinValueValidator(1, '至少 1，现在填的是 %(show_value)s'), django.core.validators.MaxValueValidator(720, '至多 720，现在填的是 %(show_value)s')], verbose_name='邀请码几小时内有效')),
                        ('reset_hours', models.PositiveIntegerField(default=24, validators=[django.core.validators.MinValueValidator(1, '至少 1，现在填的是 %(show_value)s'), django.core.validators.MaxValueValidator(168, '至多 168，现在填的是 %(show_value)s')], verbose_name='重设密码的码几小时内有效')),
                        ('heads_may_ask', models.BooleanField(default=True, verbose_name='站长可以为本站社工申请重设密码')),
                        ('factor_roles', models.JSONField(blank=True, default=list, verbose_name='必须绑定验证器的角色')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('shortest__gte', 8)), name='policy_password_not_short'), models.CheckConstraint(condition=models.Q(('lock_after__gte', 3), ('lock_minutes__gte', 5)), name='policy_locks'), models.CheckConstraint(condition=models.Q(('idle_minutes__gte', 5), ('session_hours__gte', 1), ('session_hours__lte', 24)), name='policy_sessions_end'), models.CheckConstraint(condition=models.Q(('code_hours__gte', 1), ('reset_hours__gte', 1)), name='policy_codes_live_for_an_hour')],
                    },
                ),
                migrations.CreateModel(
                    name='ProviderLink',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='provider_links', to=settings.AUTH_USER_MODEL)),
                        ('issuer', models.CharField(max_length=200, verbose_name='登录平台')),
                        ('claim_hash', models.CharField(max_length=32)),
                        ('digest', shuangbai.core.fields.EncryptedTextField(purpose='account.provider')),
                        ('linked_at', models.DateTimeField(verbose_name='绑定时间')),
                        ('linked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='绑定人')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('issuer', 'claim_hash'), name='provider_name_once'), models.UniqueConstraint(fields=('issuer', 'user'), name='provider_link_once')],
                    },
                ),
            ],
        ),
    ]
