"""Words of scales: who filled one in, and which way it points."""

from django.db.models import TextChoices


class Filler(TextChoices):
    CLIENT = "client", "服务对象自己填"
    WORKER = "worker", "社工观察或照读后填"


class Worse(TextChoices):
    """Which end of a scale is the worse one."""

    HIGH = "high", "分越高越要留意"
    LOW = "low", "分越低越要留意"
