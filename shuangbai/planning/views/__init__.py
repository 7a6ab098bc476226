"""Pages of what is asked of stations; what they share stands here."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render

from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission

FORM = ["GET", "HEAD", "POST"]


def check_reads(request: SignedIn) -> None:
    """Raise Http404 for somebody who may not ask for figures."""
    if not viewer_of(request.user).may(Permission.SEE_REPORTS):
        raise Http404


def form_page(
    request: SignedIn, form: forms.Form, heading: str, crumbs: list[tuple[str, str]], **more: Any
) -> HttpResponse:
    """A form on a page of its own; 422 where there is something to put right, 409 beside another's version."""
    conflict = getattr(form, "conflict", {})
    status = 409 if conflict else 422 if form.is_bound else 200
    context = {"form": form, "heading": heading, "crumbs": [*crumbs, (heading, "")], "back": crumbs[-1][1]}
    return render(request, "planning/form.html", context | conflict | more, status=status)
