"""What somebody typed in a form of a group and has not saved: kept, gone on with, thrown away."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shuangbai.core import clock
from shuangbai.core.findings import Refused
from shuangbai.core.forms import begin_with, typed_for_draft, typed_in_draft
from shuangbai.groups.actions.drafting import drop_draft, save_draft
from shuangbai.groups.enums import DraftPage
from shuangbai.groups.models import Group, GroupDraft
from shuangbai.groups.rules import HOLDING
from shuangbai.groups.views import group_of
from shuangbai.households.views import not_found_unless
from shuangbai.network.context import SignedIn

# Where a form is gone on with.
DRAFTED = {DraftPage.SESSION: "group-session-new", DraftPage.EVALUATION: "group-evaluation"}
SCRIPT = "X-Draft"  # set by core/js/draft.js, which wants no page


def draft_context(group: Group, page: DraftPage, draft: GroupDraft | None) -> dict[str, Any]:
    """What the template of a form says and sends of a draft of it."""
    where = [group.pk, page.value]
    return {"draft": draft, "draft_url": reverse("group-draft", args=where),
            "drop_url": reverse("group-draft-drop", args=where)}  # fmt: skip


def take_up(form: forms.BaseForm, draft: GroupDraft | None) -> None:
    """The form begins with what was typed before and not saved."""
    if draft is not None:
        begin_with(form, typed_in_draft(draft.typed))


@require_POST
def group_draft(request: SignedIn, pk: UUID, page: str) -> HttpResponse:
    """存为草稿. To the script 204 with the time; to a browser without it, the group and a message."""
    found, scripted = _asked(request, pk, page), SCRIPT in request.headers
    typed = typed_for_draft(request.POST)
    client_id = _key(request.POST.get("client_id"))
    try:
        at = save_draft(by=request.user, group=found, page=DraftPage(page), typed=typed, client_id=client_id)
    except Refused as refused:
        said = refused.findings[0].sentence
        if scripted:
            return HttpResponse(said, status=422, content_type="text/plain; charset=utf-8")
        messages.warning(request, said)
        return redirect("group", pk)
    if scripted:
        return HttpResponse(status=204, headers={"X-Draft-Kept": f"{at or clock.now():%H:%M}"})
    messages.success(request, _("草稿已存，打开同一页接着写") if at else _("这一节已经保存过了，不用再存草稿"))
    return redirect("group", pk)


@require_POST
def group_draft_drop(request: SignedIn, pk: UUID, page: str) -> HttpResponse:
    drop_draft(by=request.user, group=_asked(request, pk, page), page=DraftPage(page))
    messages.success(request, _("草稿已丢弃"))
    return redirect("group", pk)


def _asked(request: SignedIn, pk: UUID, page: str) -> Group:
    if page not in DraftPage.values:
        raise Http404
    found = group_of(request, pk, write=True)
    not_found_unless(page != DraftPage.SESSION or found.state in HOLDING)
    return found


def _key(typed: str | None) -> UUID | None:
    try:
        return UUID(typed or "")
    except ValueError:
        return None
