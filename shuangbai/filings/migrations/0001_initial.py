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
                    name='Filing',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit', verbose_name='报告单位')),
                        ('first', models.DateField(verbose_name='从')),
                        ('last', models.DateField(verbose_name='到')),
                        ('edition', models.PositiveSmallIntegerField(default=1, verbose_name='版次')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='为什么重报')),
                        ('state', models.CharField(choices=[('draft', '草稿'), ('confirmed', '站长已确认'), ('reviewed', '督导已复核'), ('freezing', '正在封存'), ('accepted', '已接收'), ('withdrawn', '已撤回')], default='draft', max_length=10, verbose_name='状态')),
                        ('code', models.CharField(max_length=10, unique=True, verbose_name='核验码')),
                        ('trouble', models.CharField(blank=True, max_length=200, verbose_name='没有封存成的原因')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, verbose_name='起草时间')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['owner', 'last', 'id'], name='filing_list')],
                        'constraints': [models.UniqueConstraint(fields=('owner', 'first', 'last', 'edition'), name='filing_edition_once'), models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'confirmed', 'reviewed', 'freezing'))), fields=('owner', 'first', 'last'), name='filing_one_open_a_period'), models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='filing_days_in_order'), models.CheckConstraint(condition=models.Q(('edition', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='filing_again_for_a_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='FilingStep',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('filing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='filings.filing')),
                        ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('kind', models.CharField(choices=[('drafted', '起草'), ('confirmed', '确认'), ('reviewed', '复核'), ('returned', '退回'), ('accepting', '接收'), ('frozen', '封存'), ('failed', '没有封存成'), ('withdrawn', '撤回')], max_length=10)),
                        ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('at', models.DateTimeField(default=shuangbai.core.clock.now)),
                        ('comment', models.CharField(blank=True, max_length=200, verbose_name='意见')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['returned', 'failed']), _negated=True), models.Q(('comment', ''), _negated=True), _connector='OR'), name='filing_step_says_why')],
                    },
                ),
                migrations.CreateModel(
                    name='Manifest',
                    fields=[
                        ('filing', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='manifest', serialize=False, to='filings.filing')),
                        ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('number', models.PositiveIntegerField(unique=True)),
                        ('previous', models.CharField(max_length=64)),
                        ('hash', models.CharField(max_length=64, unique=True)),
                        ('header', models.TextField()),
                        ('facts', models.BinaryField()),
                        ('counted_at', models.DateTimeField()),
                        ('sealed_at', models.DateTimeField(default=shuangbai.core.clock.now)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='manifest_is_numbered')],
                    },
                ),
            ],
        ),
    ]
