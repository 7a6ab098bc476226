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
                    name='CodeList',
                    fields=[
                        ('code', models.CharField(max_length=30, primary_key=True, serialize=False, verbose_name='代码')),
                        ('version', models.PositiveIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name='CodeItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='codes.codelist')),
                        ('code', models.CharField(max_length=16, verbose_name='代码')),
                        ('base', models.CharField(max_length=16, verbose_name='算作')),
                        ('label', models.CharField(max_length=20, verbose_name='名称')),
                        ('position', models.PositiveSmallIntegerField(verbose_name='次序')),
                        ('version', models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('list', 'code', 'starts_on'), name='code_item_once_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('label', ''), _negated=True), models.Q(('base', ''), _negated=True)), name='code_item_has_label_and_base'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='codes_codeitem_dates_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='Decision',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('subject', models.CharField(max_length=30)),
                        ('item', models.CharField(blank=True, max_length=40)),
                        ('name', models.CharField(max_length=60, verbose_name='什么')),
                        ('what', models.CharField(max_length=60, verbose_name='怎样')),
                        ('was', models.CharField(blank=True, max_length=300, verbose_name='原来')),
                        ('became', models.CharField(blank=True, max_length=300, verbose_name='改为')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='理由')),
                        ('at', models.DateTimeField(default=shuangbai.core.clock.now, verbose_name='时间')),
                        ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['subject', 'item', 'id'], name='decision_about')],
                    },
                ),
                migrations.CreateModel(
                    name='SpecialDay',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField(unique=True, verbose_name='日期')),
                        ('works', models.BooleanField(default=False, verbose_name='上班')),
                        ('source', models.CharField(max_length=200, verbose_name='依据')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='special_day_has_a_source')],
                    },
                ),
                migrations.CreateModel(
                    name='PaperTemplate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('form', models.CharField(max_length=30)),
                        ('number', models.PositiveIntegerField()),
                        ('file', models.BinaryField()),
                        ('name', models.CharField(max_length=100, verbose_name='文件名')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('form', 'number'), name='paper_template_once'), models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('form',), name='paper_template_one_in_use'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='codes_papertemplate_dates_in_order')],
                    },
                ),
            ],
        ),
    ]
