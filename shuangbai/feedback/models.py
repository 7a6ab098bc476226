"""What people say about the system itself. The register of asks shows it without a name."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuangbai.core import clock
from shuangbai.core.ids import random_id
from shuangbai.feedback.enums import FeedbackKind, FeedbackState
from shuangbai.feedback.rules import page_name


class Feedback(models.Model):
    """Something that somebody said about the system, from which page, and how far it is."""

    PERSONAL: ClassVar = frozenset({"text"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    kind = models.CharField("类型", max_length=10, choices=FeedbackKind)
    text = models.TextField("说了什么")
    page = models.CharField("在哪一页", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=FeedbackState, default=FeedbackState.OPEN)
    at = models.DateTimeField("时间", default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="feedback_has_text")]
        indexes = [models.Index(fields=["state", "at"], name="feedback_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def page_name(self) -> str:
        return page_name(self.page)


class FeedbackReply(models.Model):
    """An answer, or what the asker said on opening it again."""

    PERSONAL: ClassVar = frozenset({"text"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="replies")
    text = models.TextField("内容")
    is_answer = models.BooleanField("是答复")
    at = models.DateTimeField("时间", default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="feedback_reply_has_text")]

    def __str__(self) -> str:
        return f"{self.feedback_id}"
