import shuangbai.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.UUIDField(default=shuangbai.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=60)),
                ('by_id', models.UUIDField(null=True)),
                ('by_name', models.CharField(max_length=60)),
                ('station_id', models.UUIDField(null=True)),
                ('about_type', models.CharField(max_length=40)),
                ('about_id', models.CharField(max_length=40)),
                ('details', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['about_type', 'about_id', 'at'], name='audit_about'), models.Index(fields=['at', 'id'], name='audit_at')],
            },
        ),
        migrations.CreateModel(
            name='Installation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city_name', models.CharField(max_length=40)),
                ('bureau_name', models.CharField(max_length=60)),
                ('clock_on', models.DateField(blank=True, null=True)),
                ('key_id', models.CharField(max_length=20)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='installation_is_one')],
            },
        ),
        migrations.CreateModel(
            name='TextDocument',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('subject_id', models.UUIDField()),
                ('owner_id', models.UUIDField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('owner_id', 'subject_id'), name='text_subject_once')],
            },
        ),
    ]
