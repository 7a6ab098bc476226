import django.db.models.deletion
import shuangbai.core.clock
import shuangbai.core.fields
import shuangbai.core.ids
import simple_history.models
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
                    name='HistoricalPicture',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(db_index=True, default=shuangbai.core.ids.random_id, editable=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('position', models.PositiveSmallIntegerField(editable=False)),
                        ('subject', models.CharField(editable=False, max_length=20)),
                        ('subject_key', models.UUIDField(editable=False)),
                        ('stored', models.CharField(blank=True, editable=False, max_length=40, verbose_name='文件')),
                        ('small', models.CharField(blank=True, editable=False, max_length=40, verbose_name='小图')),
                        ('width', models.PositiveIntegerField(editable=False)),
                        ('height', models.PositiveIntegerField(editable=False)),
                        ('size', models.PositiveIntegerField(editable=False, verbose_name='大小')),
                        ('caption', models.CharField(blank=True, max_length=80, verbose_name='说明')),
                        ('taken_on', models.DateField(verbose_name='拍摄日期')),
                        ('faces', models.CharField(choices=[('unknown', '还没标'), ('nobody', '没有人脸'), ('others', '有成年人正脸'), ('minor', '有未成年人正脸')], default='unknown', max_length=8, verbose_name='人脸')),
                        ('consent', models.CharField(choices=[('not_asked', '没有问过'), ('agreed', '同意公开'), ('refused', '不同意公开'), ('withdrawn', '同意过，后来撤回')], default='not_asked', max_length=10, verbose_name='公开')),
                        ('consent_form', models.CharField(blank=True, choices=[('written', '书面'), ('spoken', '口头，有见证人'), ('recorded', '录音')], max_length=10, verbose_name='怎样同意的')),
                        ('asked_on', models.DateField(blank=True, null=True, verbose_name='哪天问的')),
                        ('consent_note', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='picture.consent_note', verbose_name='谁表示的')),
                        ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='哪天撤回的')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('voided_at', models.DateTimeField(editable=False, null=True)),
                        ('void_reason', models.CharField(blank=True, editable=False, max_length=100, verbose_name='作废理由')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('asked_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.staff', verbose_name='谁去问的')),
                        ('entered_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('station', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.orgunit')),
                        ('voided_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical picture',
                        'verbose_name_plural': 'historical pictures',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='Picture',
                    fields=[
                        ('entered_at', models.DateTimeField(default=shuangbai.core.clock.now, editable=False, verbose_name='录入时间')),
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('client_id', models.UUIDField(editable=False)),
                        ('position', models.PositiveSmallIntegerField(editable=False)),
                        ('subject', models.CharField(editable=False, max_length=20)),
                        ('subject_key', models.UUIDField(editable=False)),
                        ('stored', models.CharField(blank=True, editable=False, max_length=40, verbose_name='文件')),
                        ('small', models.CharField(blank=True, editable=False, max_length=40, verbose_name='小图')),
                        ('width', models.PositiveIntegerField(editable=False)),
                        ('height', models.PositiveIntegerField(editable=False)),
                        ('size', models.PositiveIntegerField(editable=False, verbose_name='大小')),
                        ('caption', models.CharField(blank=True, max_length=80, verbose_name='说明')),
                        ('taken_on', models.DateField(verbose_name='拍摄日期')),
                        ('faces', models.CharField(choices=[('unknown', '还没标'), ('nobody', '没有人脸'), ('others', '有成年人正脸'), ('minor', '有未成年人正脸')], default='unknown', max_length=8, verbose_name='人脸')),
                        ('consent', models.CharField(choices=[('not_asked', '没有问过'), ('agreed', '同意公开'), ('refused', '不同意公开'), ('withdrawn', '同意过，后来撤回')], default='not_asked', max_length=10, verbose_name='公开')),
                        ('consent_form', models.CharField(blank=True, choices=[('written', '书面'), ('spoken', '口头，有见证人'), ('recorded', '录音')], max_length=10, verbose_name='怎样同意的')),
                        ('asked_on', models.DateField(blank=True, null=True, verbose_name='哪天问的')),
                        ('consent_note', shuangbai.core.fields.EncryptedTextField(blank=True, purpose='picture.consent_note', verbose_name='谁表示的')),
                        ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='哪天撤回的')),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('voided_at', models.DateTimeField(editable=False, null=True)),
                        ('void_reason', models.CharField(blank=True, editable=False, max_length=100, verbose_name='作废理由')),
                        ('asked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.staff', verbose_name='谁去问的')),
                        ('entered_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('station', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.orgunit')),
                        ('voided_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['subject', 'subject_key', 'entered_at'], name='picture_of')],
                        'constraints': [models.UniqueConstraint(fields=('station', 'client_id', 'position'), name='picture_sent_once'), models.UniqueConstraint(condition=models.Q(('stored', ''), _negated=True), fields=('station', 'stored'), name='picture_stored_once'), models.CheckConstraint(condition=models.Q(models.Q(('void_reason', ''), ('voided_at__isnull', True), ('voided_by__isnull', True), models.Q(('stored', ''), _negated=True), models.Q(('small', ''), _negated=True)), models.Q(('small', ''), ('stored', ''), ('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('void_reason', ''), _negated=True)), _connector='OR'), name='picture_has_files_or_was_voided'), models.CheckConstraint(condition=models.Q(models.Q(('consent__in', ['agreed', 'withdrawn']), _negated=True), models.Q(('asked_by__isnull', False), ('asked_on__isnull', False), models.Q(('consent_form', ''), _negated=True)), _connector='OR'), name='picture_consent_is_told'), models.CheckConstraint(condition=models.Q(models.Q(('consent', 'withdrawn'), ('withdrawn_on__isnull', False)), models.Q(models.Q(('consent', 'withdrawn'), _negated=True), ('withdrawn_on__isnull', True)), _connector='OR'), name='picture_withdrawn_on_a_day')],
                    },
                ),
            ],
        ),
    ]
