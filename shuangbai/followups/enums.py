"""Code lists of who is to be seen next."""

from django.db.models import TextChoices


class State(TextChoices):
    """How a family's next contact stands on a day."""

    OVERDUE = "overdue", "逾期"
    DUE = "due", "到期"
    SOON = "soon", "七天内"
    LATER = "later", "未到"
    NONE = "none", "还没有定级"
