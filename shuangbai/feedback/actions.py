"""Writes of what is said about the system: saying, answering, settling, saying again."""

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.feedback.access import feedback_visible_to, may_answer
from shuangbai.feedback.enums import FeedbackKind, FeedbackState
from shuangbai.feedback.models import Feedback, FeedbackReply
from shuangbai.feedback.queries import said_on
from shuangbai.feedback.rules import often_findings, plain_path, state_findings, text_findings
from shuangbai.network.models import User

SENT = audit.kind("feedback.sent", "{by} 对系统提了意见（{kind}）")
ANSWERED = audit.kind("feedback.answered", "{by} 答复了一条对系统的意见（{kind}）")
CLOSED = audit.kind("feedback.closed", "{by} 办结了一条对系统的意见（{kind}）")
REOPENED = audit.kind("feedback.reopened", "{by} 再次提出对系统的意见（{kind}）")


@action
def send_feedback(*, by: User, kind: FeedbackKind, text: str, page: str = "") -> Feedback:
    """Say something about the system; every account that is in use may. Raises NotAllowed, Refused."""
    if not by.is_active:
        raise NotAllowed
    findings = text_findings(text) or often_findings(said_on(by, clock.today()))
    if findings:
        raise Refused(findings)
    row = Feedback(kind=kind, text=text.strip(), page=plain_path(page), by=by)
    row.save(force_insert=True)
    audit.record(SENT, by=by, about=row, kind=row.get_kind_display())
    return row


def _current(by: User, feedback: Feedback, version: int, wanted: FeedbackState) -> Feedback:
    """The row, locked, if it stands as it was read and may come into the state wanted."""
    current = feedback_visible_to(by).select_for_update().filter(pk=feedback.pk).first()
    if current is None:
        raise NotAllowed
    if current.version != version:
        raise Conflict(current)
    findings = state_findings(current.state, wanted=wanted)
    if findings:
        raise Refused(findings)
    return current


def _to(current: Feedback, state: FeedbackState) -> Feedback:
    current.state = state
    current.version += 1
    current.save(update_fields=["state", "version"])
    return current


def _reply(current: Feedback, by: User, text: str, *, is_answer: bool) -> None:
    findings = text_findings(text)
    if findings:
        raise Refused(findings)
    FeedbackReply(feedback=current, text=text.strip(), by=by, is_answer=is_answer).save(force_insert=True)


@action
def answer_feedback(*, by: User, feedback: Feedback, version: int, text: str) -> Feedback:
    """Answer; the asker finds it on the page of the day. Raises NotAllowed, Conflict, Refused."""
    if not may_answer(by):
        raise NotAllowed
    current = _current(by, feedback, version, FeedbackState.ANSWERED)
    _reply(current, by, text, is_answer=True)
    audit.record(ANSWERED, by=by, about=current, kind=current.get_kind_display())
    return _to(current, FeedbackState.ANSWERED)


@action
def close_feedback(*, by: User, feedback: Feedback, version: int) -> Feedback:
    """Settle it: the asker has read the answer, or there is nothing to answer. Raises NotAllowed, Conflict, Refused."""
    current = _current(by, feedback, version, FeedbackState.CLOSED)
    audit.record(CLOSED, by=by, about=current, kind=current.get_kind_display())
    return _to(current, FeedbackState.CLOSED)


@action
def reopen_feedback(*, by: User, feedback: Feedback, version: int, text: str) -> Feedback:
    """The asker is not content and says why; it waits for an answer again. Raises NotAllowed, Conflict, Refused."""
    if feedback.by_id != by.pk:
        raise NotAllowed
    current = _current(by, feedback, version, FeedbackState.OPEN)
    _reply(current, by, text, is_answer=False)
    audit.record(REOPENED, by=by, about=current, kind=current.get_kind_display())
    return _to(current, FeedbackState.OPEN)
