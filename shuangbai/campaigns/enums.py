"""What many stations do together."""

from django.db.models import TextChoices


class CallKind(TextChoices):
    CAMPAIGN = "campaign", "专项"  # a week, a cold wave
    SERIES = "series", "系列"  # one theme, many afternoons: Children's Day
