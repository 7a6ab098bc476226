import django.db.models.deletion
import shuangbai.core.clock
import shuangbai.core.fields
import shuangbai.core.ids
from django.conf import settings
from django.db import migrations, models

from shuangbai.core.tables import MakeTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('network', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        MakeTables(
            tables=[
                migrations.CreateModel(
                    name='ScaleVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('code', models.CharField(max_length=20)),
                        ('version', models.PositiveSmallIntegerField()),
                        ('definition', models.JSONField()),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='scale_version_once'), models.CheckConstraint(condition=models.Q(models.Q(('code', ''), _negated=True), ('version__gte', 1)), name='scale_version_is_named'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='scales_scaleversion_dates_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='ScaleResult',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('subject_key', models.UUIDField(editable=False)),
                        ('person_key', models.UUIDField(editable=False)),
                        ('scale', models.CharField(max_length=20)),
                        ('scale_version', models.PositiveSmallIntegerField()),
                        ('taken_on', models.DateField(verbose_name='哪天填的')),
                        ('filled_by', models.CharField(choices=[('client', '服务对象自己填'), ('worker', '社工观察或照读后填')], max_length=10, verbose_name='谁填的')),
                        ('said', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='scale_result.said')),
                        ('note', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='scale_result.note', verbose_name='说明')),
                        ('voided_at', models.DateTimeField(editable=False, null=True)),
                        ('void_reason', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='scale_result.void_reason', verbose_name='作废理由')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('voided_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['subject_key', 'taken_on'], name='scale_result_of')],
                        'constraints': [models.UniqueConstraint(fields=('station', 'client_id'), name='scale_result_sent_once'), models.CheckConstraint(condition=models.Q(models.Q(('voided_at__isnull', True), ('voided_by__isnull', True)), models.Q(('voided_at__isnull', False), ('voided_by__isnull', False)), _connector='OR'), name='scale_result_void_is_whole')],
                    },
                ),
            ],
        ),
    ]
