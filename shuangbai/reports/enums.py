"""Code lists of the reports."""

from django.db.models import TextChoices


class FileState(TextChoices):
    WAITING = "waiting", "正在生成"
    DONE = "done", "已生成"
    FAILED = "failed", "没有生成"
