"""疑似重复: people and families who may be known twice, and what is decided of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.forms import add_findings
from shuangbai.desk import pairs
from shuangbai.desk.forms import PairForm, UndoForm
from shuangbai.households import identity
from shuangbai.households.access import pairs_to_decide
from shuangbai.households.enums import PairState
from shuangbai.households.known import FAMILIES, PEOPLE, HouseholdPair, Kind, PersonPair, kind_of
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission

STATES = ("open", "later", "same", "apart")


@require_safe
def doubles(request: SignedIn) -> HttpResponse:
    """疑似重复的人: the pairs that this person decides, the likeliest first; and what was decided."""
    return _listed(request, PEOPLE)


@require_safe
def family_doubles(request: SignedIn) -> HttpResponse:
    """疑似重复的家庭, as `doubles`."""
    return _listed(request, FAMILIES)


def _listed(request: SignedIn, kind: Kind) -> HttpResponse:
    viewer = viewer_of(request.user)
    if not (viewer.may(Permission.EDIT_FAMILIES) or viewer.may(Permission.MATCH_PEOPLE)):
        raise Http404
    state = request.GET.get("state", "")
    state = state if state in STATES else STATES[0]
    number = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    lines, more = pairs.page(request.user, state, max(number, 1), kind)
    counts = pairs.counts(request.user, kind)
    labels = dict(kind.pair._meta.get_field("state").choices)
    context = {
        "lines": lines, "state": state, "across": viewer.may(Permission.MATCH_PEOPLE), "families": kind == FAMILIES,
        "tabs": [(key, labels[key], counts.get(key, 0), key == state) for key in STATES],
        "one_url": pairs.page_name(kind),
        "newer_url": f"?state={state}&page={number - 1}" if number > 1 else "",
        "older_url": f"?state={state}&page={number + 1}" if more else "",
    }  # fmt: skip
    return render(request, "desk/doubles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def double(request: SignedIn, pk: UUID) -> HttpResponse:
    """One pair side by side, and the decision: one person, two, or later; what was decided can be taken back."""
    return _pair(request, PEOPLE, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def family_double(request: SignedIn, pk: UUID) -> HttpResponse:
    """Two entries of families side by side, as `double`."""
    return _pair(request, FAMILIES, pk)


def _pair(request: SignedIn, kind: Kind, pk: UUID) -> HttpResponse:
    pair = get_object_or_404(pairs_to_decide(request.user, kind).select_related("decided_by"), pk=pk)
    families = kind == FAMILIES
    sides = (pairs.family_sides if families else pairs.sides)(request.user, pair)
    decided, list_name = pair.state in (PairState.SAME, PairState.APART), f"{pairs.page_name(kind)}s"
    form: Any = (
        UndoForm(request.POST or None) if decided else PairForm(request.POST or None, sides=sides, of_families=families)
    )
    if form.is_valid():
        try:
            said = _decide(request, pair, form.cleaned_data)
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            add_findings(form, refused)
        else:
            messages.success(request, said)
            return redirect(list_name)
    context = {"pair": pair, "sides": sides, "rows": pairs.rows(sides), "form": form, "decided": decided,
               "families": families, "list_url": reverse(list_name)}  # fmt: skip
    return render(request, "desk/double.html", context, status=422 if form.is_bound else 200)


def _decide(request: SignedIn, pair: PersonPair | HouseholdPair, said: dict[str, Any]) -> str:
    """Do what the form says; the sentence for the page. Raises Refused or NotAllowed."""
    by, reason, one = request.user, said.get("reason", ""), kind_of(pair).one
    if pair.state == PairState.SAME:
        identity.undo_merge(by=by, pair=pair, reason=reason)
        return _("已撤销“%(one)s”的认定，两份资料各算各的；这一对回到待核对") % {"one": one}
    if pair.state == PairState.APART:
        identity.reopen_pair(by=by, pair=pair, reason=reason)
        return _("已撤销“不是%(one)s”的认定，这一对回到待核对") % {"one": one}
    if said["decision"] == PairState.SAME:
        if isinstance(pair, PersonPair):
            identity.merge_people(by=by, pair=pair, keep=said["keep"], reason=reason)
        else:
            identity.merge_families(by=by, pair=pair, keep=said["keep"], reason=reason)
        return _("已认定为%(one)s。记录都还在原处，随时可以撤销") % {"one": one}
    if said["decision"] == PairState.APART:
        identity.tell_apart(by=by, pair=pair, reason=reason)
        return _("已记下不是%(one)s，以后不再提示这一对") % {"one": one}
    identity.put_off(by=by, pair=pair, reason=reason)
    return _("已留到以后核对")
