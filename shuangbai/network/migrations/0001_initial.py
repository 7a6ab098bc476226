import django.db.models.deletion
import shuangbai.core.ids
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from shuangbai.core.tables import MakeTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_initial'),
    ]

    operations = [
        MakeTables(
            tables=[
                migrations.CreateModel(
                    name='Area',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=60, verbose_name='名称')),
                        ('level', models.CharField(choices=[('province', '省'), ('city', '市'), ('county', '县区'), ('town', '镇街'), ('village', '村居')], max_length=10, verbose_name='级别')),
                        ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='network.area', verbose_name='上级')),
                        ('starts_on', models.DateField(blank=True, null=True, verbose_name='设立日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
                        ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='network.area', verbose_name='并入')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['level', 'name'], name='area_level_name')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('starts_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='area_dates_in_order'), models.CheckConstraint(condition=models.Q(('successor__isnull', True), ('ends_on__isnull', False), _connector='OR'), name='area_successor_has_end')],
                    },
                ),
                migrations.CreateModel(
                    name='Staff',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=40, verbose_name='姓名')),
                        ('sex', models.CharField(choices=[('0', '未知'), ('1', '男'), ('2', '女'), ('9', '未说明')], default='0', max_length=1, verbose_name='性别')),
                        ('hired_on', models.DateField(verbose_name='入职日期')),
                        ('left_on', models.DateField(blank=True, null=True, verbose_name='离职日期')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('left_on__isnull', True), ('left_on__gte', models.F('hired_on')), _connector='OR'), name='staff_left_after_hired')],
                    },
                ),
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('username', models.CharField(max_length=40, unique=True, verbose_name='账号')),
                        ('display_name', models.CharField(max_length=40, verbose_name='称呼')),
                        ('staff', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='account', to='network.staff')),
                        ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                    ],
                ),
                migrations.CreateModel(
                    name='HistoricalArea',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('name', models.CharField(max_length=60, verbose_name='名称')),
                        ('level', models.CharField(choices=[('province', '省'), ('city', '市'), ('county', '县区'), ('town', '镇街'), ('village', '村居')], max_length=10, verbose_name='级别')),
                        ('starts_on', models.DateField(blank=True, null=True, verbose_name='设立日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.area', verbose_name='上级')),
                        ('successor', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.area', verbose_name='并入')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical area',
                        'verbose_name_plural': 'historical areas',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='AreaCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='network.area')),
                        ('system', models.CharField(max_length=10, verbose_name='代码体系')),
                        ('edition', models.CharField(max_length=20, verbose_name='版本')),
                        ('code', models.CharField(max_length=12, verbose_name='代码')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('system', 'edition', 'code'), name='area_code_once_an_edition'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='network_areacode_dates_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='AreaAlias',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('area', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='network.area')),
                        ('name', models.CharField(max_length=60, verbose_name='别名')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='正式使用至')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['name'], name='area_alias_name')],
                        'constraints': [models.UniqueConstraint(fields=('area', 'name'), name='area_alias_once')],
                    },
                ),
                migrations.CreateModel(
                    name='OrgUnit',
                    fields=[
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('code', models.CharField(max_length=20, unique=True, verbose_name='代码')),
                        ('kind', models.CharField(choices=[('bureau', '民政局'), ('centre', '督导中心'), ('county', '县区片'), ('station', '社工站'), ('point', '社工点')], max_length=10, verbose_name='类型')),
                        ('name', models.CharField(max_length=60, verbose_name='名称')),
                        ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='network.orgunit', verbose_name='上级机构')),
                        ('path', models.CharField(editable=False, max_length=200, unique=True)),
                        ('town', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.area', verbose_name='所在镇街')),
                        ('county', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.area', verbose_name='所在县区')),
                        ('batch', models.CharField(blank=True, choices=[('first', '第一批'), ('second', '第二批'), ('project', '双百工程')], max_length=10, verbose_name='批次')),
                        ('address', models.CharField(blank=True, max_length=100, verbose_name='地址')),
                        ('phone', models.CharField(blank=True, max_length=30, verbose_name='电话')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['kind', 'path'], name='unit_kind_path')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='network_orgunit_dates_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalOrgUnit',
                    fields=[
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.new_id, editable=False)),
                        ('code', models.CharField(db_index=True, max_length=20, verbose_name='代码')),
                        ('kind', models.CharField(choices=[('bureau', '民政局'), ('centre', '督导中心'), ('county', '县区片'), ('station', '社工站'), ('point', '社工点')], max_length=10, verbose_name='类型')),
                        ('name', models.CharField(max_length=60, verbose_name='名称')),
                        ('path', models.CharField(db_index=True, editable=False, max_length=200)),
                        ('batch', models.CharField(blank=True, choices=[('first', '第一批'), ('second', '第二批'), ('project', '双百工程')], max_length=10, verbose_name='批次')),
                        ('address', models.CharField(blank=True, max_length=100, verbose_name='地址')),
                        ('phone', models.CharField(blank=True, max_length=30, verbose_name='电话')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit', verbose_name='上级机构')),
                        ('town', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.area', verbose_name='所在镇街')),
                        ('county', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.area', verbose_name='所在县区')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical org unit',
                        'verbose_name_plural': 'historical org units',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='Coverage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coverage', to='network.orgunit', verbose_name='社工站')),
                        ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.area', verbose_name='村居')),
                        ('kind', models.CharField(choices=[('base', '驻村重点'), ('around', '周边覆盖')], max_length=10, verbose_name='方式')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('station', 'village', 'starts_on'), name='coverage_once_a_day'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='network_coverage_dates_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalCoverage',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('kind', models.CharField(choices=[('base', '驻村重点'), ('around', '周边覆盖')], max_length=10, verbose_name='方式')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit', verbose_name='社工站')),
                        ('village', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.area', verbose_name='村居')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical coverage',
                        'verbose_name_plural': 'historical coverages',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalStaff',
                    fields=[
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.new_id, editable=False)),
                        ('name', models.CharField(max_length=40, verbose_name='姓名')),
                        ('sex', models.CharField(choices=[('0', '未知'), ('1', '男'), ('2', '女'), ('9', '未说明')], default='0', max_length=1, verbose_name='性别')),
                        ('hired_on', models.DateField(verbose_name='入职日期')),
                        ('left_on', models.DateField(blank=True, null=True, verbose_name='离职日期')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical staff',
                        'verbose_name_plural': 'historical staffs',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='Posting',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='network.staff', verbose_name='人员')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='network.orgunit', verbose_name='机构')),
                        ('post', models.CharField(choices=[('station_head', '站长'), ('service', '服务岗'), ('affairs', '事务岗')], max_length=20, verbose_name='岗位')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['unit', 'starts_on'], name='posting_unit_start')],
                        'constraints': [models.UniqueConstraint(fields=('staff', 'unit', 'starts_on'), name='posting_once_a_day'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='network_posting_dates_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalPosting',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('post', models.CharField(choices=[('station_head', '站长'), ('service', '服务岗'), ('affairs', '事务岗')], max_length=20, verbose_name='岗位')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('staff', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.staff', verbose_name='人员')),
                        ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit', verbose_name='机构')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical posting',
                        'verbose_name_plural': 'historical postings',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='RoleGrant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to=settings.AUTH_USER_MODEL)),
                        ('role', models.CharField(choices=[('worker', '社工'), ('head', '站长'), ('supervisor', '督导'), ('officer', '民政局经办'), ('sysadmin', '系统管理员'), ('security', '安全管理员'), ('auditor', '安全审计员')], max_length=20, verbose_name='角色')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('user', 'role', 'unit', 'starts_on'), name='grant_once_a_day'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='network_rolegrant_dates_in_order')],
                    },
                ),
            ],
        ),
    ]
