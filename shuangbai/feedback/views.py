"""Pages of what is said about the system: saying it, one's own, answering, and the register of asks."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.forms import add_findings
from shuangbai.feedback import actions, queries
from shuangbai.feedback.access import feedback_visible_to, may_answer
from shuangbai.feedback.enums import FeedbackKind, FeedbackState
from shuangbai.feedback.forms import FeedbackForm, ReplyForm
from shuangbai.feedback.models import Feedback
from shuangbai.feedback.rules import page_name, plain_path
from shuangbai.network.context import SignedIn


@require_http_methods(["GET", "HEAD", "POST"])
def feedback_new(request: SignedIn) -> HttpResponse:
    """对系统提意见."""
    form = FeedbackForm(request.POST or None, page=request.GET.get("from", ""))
    if form.is_valid():
        kind, c = FeedbackKind(form.cleaned_data["kind"]), form.cleaned_data
        try:
            row = actions.send_feedback(by=request.user, kind=kind, text=c["text"], page=c["page"])
        except Refused as refused:
            add_findings(form, refused)
        else:
            messages.success(request, _("收到了，谢谢。答复会出现在您的“今日”页上"))
            return redirect("feedback", row.pk)
    page = page_name(plain_path(str(form["page"].value() or "")))
    status = 422 if form.is_bound else 200
    return render(request, "feedback/new.html", {"form": form, "page": page}, status=status)


@require_safe
def feedback_own(request: SignedIn) -> HttpResponse:
    """我提的意见."""
    return render(request, "feedback/own.html", {"rows": queries.own(request.user)})


@require_safe
def feedback_asks(request: SignedIn) -> HttpResponse:
    """「这张表能不能不填」: every ask with its answer, for everybody to read, without names."""
    return render(request, "feedback/asks.html", {"rows": queries.asks()})


@require_safe
def feedback_all(request: SignedIn) -> HttpResponse:
    """大家的意见, for those who answer."""
    if not may_answer(request.user):
        raise Http404
    state = request.GET.get("state", "")
    context = {"rows": queries.all_in(request.user, state), "state": state, "states": FeedbackState.choices}
    return render(request, "feedback/all.html", context)


def _one(request: SignedIn, pk: UUID) -> Feedback:
    return get_object_or_404(queries.with_replies(feedback_visible_to(request.user)), pk=pk)


def _page(request: SignedIn, row: Feedback, form: forms.Form | None = None, status: int = 200) -> HttpResponse:
    """One's page: what was said, the answers, and what may follow."""
    mine, answers = row.by_id == request.user.pk, may_answer(request.user)
    form = form or ReplyForm(initial={"version": row.version})
    context: dict[str, Any] = {
        "row": row, "form": form, "mine": mine, "answers": answers,
        "may_answer": answers and row.state != FeedbackState.CLOSED,
        "may_reopen": mine and row.state != FeedbackState.OPEN,
        "may_close": row.state != FeedbackState.CLOSED,
    }  # fmt: skip
    return render(request, "feedback/one.html", context, status=status)


@require_safe
def feedback(request: SignedIn, pk: UUID) -> HttpResponse:
    """一条意见."""
    return _page(request, _one(request, pk))


def _reply(request: SignedIn, pk: UUID, act: Callable[..., Feedback], said: str) -> HttpResponse:
    """Answered, or said again; with both at once the second reads what the first wrote, and may send on top."""
    row, form, status = _one(request, pk), ReplyForm(request.POST), 422
    if form.is_valid():
        version, text = form.cleaned_data["version"], form.cleaned_data["text"]
        try:
            act(by=request.user, feedback=row, version=version, text=text)
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            add_findings(form, refused)
        except Conflict:
            form = ReplyForm({"text": text, "version": row.version})
            form.add_error("text", _("您打开之后，这条意见有了新的内容，见上面。您写的还在，看过再发"))
            status = 409
        else:
            messages.success(request, said)
            return redirect("feedback", pk)
    return _page(request, row, form, status)


@require_POST
def feedback_answer(request: SignedIn, pk: UUID) -> HttpResponse:
    """答复."""
    if not may_answer(request.user):
        raise Http404
    return _reply(request, pk, actions.answer_feedback, _("已答复，提的人会在“今日”页上看到"))


@require_POST
def feedback_reopen(request: SignedIn, pk: UUID) -> HttpResponse:
    """再次提出."""
    return _reply(request, pk, actions.reopen_feedback, _("已再次提出，请等答复"))


@require_POST
def feedback_close(request: SignedIn, pk: UUID) -> HttpResponse:
    """办结."""
    row = _one(request, pk)
    version = request.POST.get("version", "")
    try:
        actions.close_feedback(by=request.user, feedback=row, version=int(version) if version.isdecimal() else 0)
    except Refused as refused:
        messages.warning(request, str(refused))
    except Conflict:
        messages.warning(request, _("您打开之后，这条意见有了新的内容，看过再办结"))
    else:
        messages.success(request, _("已办结"))
    return redirect("feedback", pk)
