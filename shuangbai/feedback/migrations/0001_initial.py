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
                    name='Feedback',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('broken', '出错了'), ('awkward', '不好用'), ('needless', '这张表能不能不填'), ('other', '其他')], max_length=10, verbose_name='类型')),
                        ('text', models.TextField(verbose_name='说了什么')),
                        ('page', models.CharField(blank=True, max_length=200, verbose_name='在哪一页')),
                        ('state', models.CharField(choices=[('open', '等待答复'), ('answered', '已答复'), ('closed', '已办结')], default='open', max_length=10, verbose_name='状态')),
                        ('at', models.DateTimeField(default=shuangbai.core.clock.now, verbose_name='时间')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('version', models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['state', 'at'], name='feedback_state')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='feedback_has_text')],
                    },
                ),
                migrations.CreateModel(
                    name='FeedbackReply',
                    fields=[
                        ('id', models.UUIDField(default=shuangbai.core.ids.random_id, editable=False, primary_key=True, serialize=False)),
                        ('feedback', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='feedback.feedback')),
                        ('text', models.TextField(verbose_name='内容')),
                        ('is_answer', models.BooleanField(verbose_name='是答复')),
                        ('at', models.DateTimeField(default=shuangbai.core.clock.now, verbose_name='时间')),
                        ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='feedback_reply_has_text')],
                    },
                ),
            ],
        ),
    ]
