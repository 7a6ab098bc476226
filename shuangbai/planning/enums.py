"""Code lists of what is asked of stations."""

from django.db.models import TextChoices


class Often(TextChoices):
    """How often a form is to be filled."""

    DAILY = "daily", "每个工作日"
    WEEKLY = "weekly", "每周"
    MONTHLY = "monthly", "每月"
    QUARTERLY = "quarterly", "每季度"
    HALF_YEARLY = "half_yearly", "每半年"
    YEARLY = "yearly", "每年"
    IRREGULAR = "irregular", "不定期"
    ONCE = "once", "只填一次"


class FilledBy(TextChoices):
    """Which of our reports fills a form."""

    NONE = "none", "还没有，要手填"
    RESULTS = "results", "成效报告"
    RATES = "rates", "建档、跟进与探访率"
    CAMPAIGN = "campaign", "专项小结"
    QUESTION = "question", "临时问数"


class InForce(TextChoices):
    """How a form stands on a day; it follows from its dates."""

    COMING = "coming", "还没开始"
    NOW = "now", "在要"
    ENDED = "ended", "已停"


class ReportedState(TextChoices):
    WAITING = "waiting", "等经办看"
    TAKEN = "taken", "已列入目录"
    DECLINED = "declined", "没有列入"
    WITHDRAWN = "withdrawn", "已收回"
