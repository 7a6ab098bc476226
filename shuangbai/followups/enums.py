"""Code lists of who is to be seen next."""

from django.db.models import TextChoices


class State(TextChoices):
    """How a family's next contact stands on a day."""

    OVERDUE = "overdue", "逾期"
    DUE = "due", "到期"
    SOON = "soon", "七天内"
    LATER = "later", "未到"
    NONE = "none", "还没有定级"


class Origin(TextChoices):
    """Who asked for a task, and what the product reminds of by itself (those are computed, never kept)."""

    WORKER = "worker", "社工"
    HEAD = "head", "站长"
    SUPERVISOR = "supervisor", "督导"
    BIRTHDAY = "birthday", "年龄到了"
    CERTIFICATE = "certificate", "快到期"
    REVIEW = "review", "该复评了"
    SCHEME = "scheme", "换了分级办法"
    VISIT = "visit", "走访后"


class TaskState(TextChoices):
    OPEN = "open", "未办"
    DONE = "done", "已办"
    DROPPED = "dropped", "不用办了"
