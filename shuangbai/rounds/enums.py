"""What a list of calls says of a family on it."""

from django.db.models import TextChoices


class Called(TextChoices):
    """How a family on a list of calls stands: derived from the records, never typed."""

    REACHED = "reached", "联系上"
    SEEN = "seen", "已另外见到"
    UNREACHED = "unreached", "没联系上"
    WAITING = "waiting", "还没打"
