"""What was typed in a form of help for a family and not saved: kept, taken up again, thrown away."""

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shuangbai.core.findings import Refused
from shuangbai.core.forms import NO_DRAFT, typed_for_draft
from shuangbai.households.models import Household
from shuangbai.network.context import SignedIn
from shuangbai.resources.actions import drafting
from shuangbai.resources.queries import DRAFTED, drafts_of
from shuangbai.resources.views import family_asked

SCRIPT = "X-Draft"  # set by core/js/draft.js, which wants no page


@require_POST
def family_draft(request: SignedIn, page: str) -> HttpResponse:
    """存为草稿. To the script 204 with the time; to a browser without it, the family and a message."""
    household = asked(request, page)
    try:
        at = drafting.save_draft(
            by=request.user,
            household=household,
            page=page,
            typed=typed_for_draft(request.POST),
            client_id=sent(request),
        )
    except Refused as refused:
        if SCRIPT in request.headers:
            return HttpResponse(refused.first.sentence, status=422, content_type="text/plain; charset=utf-8")
        messages.warning(request, refused.first.sentence)
        return redirect(form_url(page, household))
    if SCRIPT in request.headers:
        return HttpResponse(status=204, headers={"X-Draft-Kept": f"{at:%H:%M}"} if at else {})
    messages.success(request, _("草稿已存，打开同一页接着写") if at else _("已经保存过了，不用再存草稿"))
    return redirect("family", household.pk)


@require_POST
def family_draft_drop(request: SignedIn, page: str) -> HttpResponse:
    household = asked(request, page)
    drafting.drop_draft(by=request.user, household=household, page=page)
    messages.success(request, _("草稿已丢弃"))
    return redirect(form_url(page, household))


def asked(request: SignedIn, page: str) -> Household:
    """The family that the address names, where such a form has drafts. Raises Http404."""
    if page not in DRAFTED:
        raise Http404
    return family_asked(request)


def sent(request: SignedIn) -> UUID | None:
    try:
        return UUID(request.POST.get("client_id", ""))
    except ValueError:
        return None


def form_url(page: str, household: Household) -> str:
    return f"{reverse(DRAFTED[page].url)}?family={household.pk}"


def taken_up(request: SignedIn, form: forms.Form, household: Household, page: str, first: Collection[str]) -> Any:
    """What a form shows of its draft. It begins with what was typed before, but for what a link filled in (`first`)."""
    about = f"?family={household.pk}"
    more: dict[str, Any] = {
        "draft_url": reverse("family-draft", args=[page]) + about,
        "drop_url": reverse("family-draft-drop", args=[page]) + about,
    }
    draft = None if form.is_bound else drafts_of(request.user, household.pk, page).first()
    if draft is None:
        return more
    typed: dict[str, list[str]] = json.loads(draft.typed or "{}")
    for name in form.fields:
        if name in typed and name not in NO_DRAFT and name not in first:
            form.initial[name] = typed[name][-1]
    return more | {"draft": draft}
