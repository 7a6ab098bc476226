"""Reading what was said about the system."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Prefetch, QuerySet, When

from shuangbai.core import clock
from shuangbai.feedback.access import feedback_visible_to
from shuangbai.feedback.enums import FeedbackKind, FeedbackState
from shuangbai.feedback.models import Feedback, FeedbackReply
from shuangbai.network.roles import Permission

SHOWN = 200
REPLIES = Prefetch("replies", FeedbackReply.objects.select_related("by").order_by("at", "id"))


def with_replies(rows: QuerySet[Feedback]) -> QuerySet[Feedback]:
    return rows.select_related("by").prefetch_related(REPLIES)


def own(user: Any) -> QuerySet[Feedback]:
    """What somebody said, the newest first."""
    return Feedback.objects.filter(by=user).order_by("-at")[:SHOWN]


def all_in(user: Any, state: str) -> QuerySet[Feedback]:
    """What may be read, in one state or all; what waits longest first, the rest by the newest."""
    rows = feedback_visible_to(user).select_related("by")
    if state in FeedbackState.values:
        rows = rows.filter(state=state)
    waits = Case(When(state=FeedbackState.OPEN, then=0), default=1)
    return rows.order_by(waits, "at" if state == FeedbackState.OPEN else "-at")[:SHOWN]


def waiting_count() -> int:
    return Feedback.objects.filter(state=FeedbackState.OPEN).count()


def answered_for(user: Any) -> QuerySet[Feedback]:
    """One's own that were answered and not yet settled, for the page of the day."""
    return Feedback.objects.filter(by=user, state=FeedbackState.ANSWERED).order_by("-at")[:5]


def asks() -> QuerySet[Feedback]:
    """The register: every 这张表能不能不填 that was answered, with its answers, the newest first."""
    rows = Feedback.objects.filter(kind=FeedbackKind.NEEDLESS, replies__is_answer=True).distinct()
    answers = Prefetch("replies", FeedbackReply.objects.filter(is_answer=True).order_by("at", "id"))
    return rows.prefetch_related(answers).order_by("-at")[:SHOWN]


def said_on(user: Any, day: date) -> int:
    """How many somebody sent on a day."""
    return Feedback.objects.filter(
        by=user, at__gte=clock.at(day, 0), at__lt=clock.at(day + timedelta(days=1), 0)
    ).count()


def setup_items() -> list[tuple[str, str, str, Permission]]:
    """Pages of this room for the set-up hub: (url name, label, one line, permission)."""
    return [("feedback-all", "对系统的意见", "大家提的意见，在这里答复", Permission.RUN_SYSTEM)]
