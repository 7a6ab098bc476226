"""Whose words about the system somebody may read, and who answers them."""

from typing import Any

from django.db.models import QuerySet

from shuangbai.codes.access import may_decide
from shuangbai.feedback.models import Feedback
from shuangbai.network.roles import Permission


def may_answer(user: Any) -> bool:
    """Those who run the system for the whole city answer."""
    return may_decide(user, Permission.RUN_SYSTEM)


def feedback_visible_to(user: Any) -> QuerySet[Feedback]:
    """One's own, or all of it for those who answer."""
    return Feedback.objects.all() if may_answer(user) else Feedback.objects.filter(by=user)
