"""Code lists of what people say about the system."""

from django.db.models import TextChoices


class FeedbackKind(TextChoices):
    BROKEN = "broken", "出错了"
    AWKWARD = "awkward", "不好用"
    NEEDLESS = "needless", "这张表能不能不填"
    OTHER = "other", "其他"


class FeedbackState(TextChoices):
    OPEN = "open", "等待答复"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"
