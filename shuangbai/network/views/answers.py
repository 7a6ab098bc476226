"""How the set-up pages of the network answer: who may, an action's sentences on its form, two versions."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.forms import add_findings, rebase, two_versions
from shuangbai.core.queries import latest_change
from shuangbai.network.access import manages_areas, units_managed_by
from shuangbai.network.context import SignedIn
from shuangbai.network.models import OrgUnit

FORM = ["GET", "HEAD", "POST"]


def managed_unit(request: SignedIn, code: str) -> OrgUnit:
    """A unit that this person sets up. Raises Http404."""
    found = units_managed_by(request.user).select_related("parent", "town", "county")
    return get_object_or_404(found, code=code)


def check_areas(request: SignedIn) -> None:
    """Raise Http404 unless this person sets up the whole city's network."""
    if not manages_areas(request.user):
        raise Http404


def tried(form: forms.Form, act: Callable[[], Any], theirs: Callable[[Any], dict[str, Any]] | None = None) -> Any:
    """What the action gave, or None where its sentences, or two versions, now stand on the form. Raises Http404.

    `theirs` tells the row as it stands in the form's words, for the page of two versions.
    """
    try:
        return act()
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        add_findings(form, refused)
    except Conflict as conflict:
        row: Any = conflict.current
        form.conflict = _conflict(form, row, theirs(row) if theirs else {})  # type: ignore[attr-defined]
    return None


def _conflict(form: forms.Form, row: Any, theirs: dict[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in theirs.items() if name in form.fields}
    rows, latest = two_versions(form, shown), latest_change(row)
    rebase(form, row.version)
    by, at = (latest.by_name, latest.at) if latest else (_("另一位同事"), None)
    return {"rows": rows, "theirs_by": by, "theirs_at": at, "conflict": True}


def form_page(
    request: SignedIn, form: forms.Form, heading: str, crumbs: list[tuple[str, str]], **more: Any
) -> HttpResponse:
    """A form on a page of its own; 422 where there is something to put right, 409 beside another's version."""
    conflict = getattr(form, "conflict", {})
    status = 409 if conflict else 422 if form.is_bound else 200
    back = crumbs[-1][1] if crumbs else ""
    context = {"form": form, "heading": heading, "crumbs": [*crumbs, (heading, "")], "back": back, **conflict, **more}
    return render(request, "network/form.html", context, status=status)


def done(request: SignedIn, said: str, to: str, *args: Any) -> HttpResponse:
    messages.success(request, said)
    return redirect(to, *args)


def acknowledged(request: SignedIn) -> bool:
    return "acknowledged" in request.POST


def version_of(request: SignedIn) -> int:
    """The version that a button without a form was drawn for; one that never was where it is missing."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else 0


def pressed(request: SignedIn, act: Callable[[], Any], row: Model, said: str) -> None:
    """A button's action, and what it came to as a message. Raises Http404."""
    try:
        act()
        messages.success(request, said)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        messages.warning(request, " ".join(finding.sentence for finding in refused.findings))
    except Conflict:
        messages.warning(request, _("这一条刚被别人改过，请看清现在的内容再操作。"))
