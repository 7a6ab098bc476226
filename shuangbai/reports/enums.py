"""Code lists of the reports."""

from django.db.models import TextChoices


class AgeBand(TextChoices):
    """Ages as the field tells them apart: before school, child, minor, grown up, elder. The value is the first year."""

    SMALL = "0", "0–5岁"
    CHILD = "6", "6–15岁"
    MINOR = "16", "16–17岁"
    ADULT = "18", "18–59岁"
    ELDER = "60", "60–79岁"
    AGED = "80", "80岁及以上"


class FileState(TextChoices):
    WAITING = "waiting", "正在生成"
    DONE = "done", "已生成"
    FAILED = "failed", "没有生成"
