"""Words of upkeep."""

from django.db import models


class RunState(models.TextChoices):
    """How far a backup or a change of key is."""

    WAITING = "waiting", "等候"
    RUNNING = "running", "进行中"
    DONE = "done", "完成"
    FAILED = "failed", "没有成功"


class Origin(models.TextChoices):
    """Who began a backup."""

    SCHEDULE = "schedule", "定时"
    PAGE = "page", "页面"
    SHELL = "shell", "命令行"


class Step(models.TextChoices):
    """What a running backup is doing."""

    COPYING = "copying", "复制数据库"
    SEALING = "sealing", "加密写入文件"
    VERIFYING = "verifying", "恢复到临时位置核对"


class Severity(models.TextChoices):
    """PROBLEM: act now, the exit code is 1. WARNING: act soon. NOTE: good to know."""

    PROBLEM = "problem", "问题"
    WARNING = "warning", "提醒"
    NOTE = "note", "说明"


class AlertRule(models.TextChoices):
    """Why the auditor is told of somebody's openings of masked values."""

    HOUR = "hour", "一小时内较多"
    USUAL = "usual", "远多于本人平常"
