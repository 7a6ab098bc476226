"""疑似重复: people who may be known twice, and what is decided of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.forms import add_findings
from shuangbai.desk import pairs
from shuangbai.desk.forms import PairForm, UndoForm
from shuangbai.households import identity
from shuangbai.households.access import pairs_to_decide
from shuangbai.households.enums import PairState
from shuangbai.households.known import PersonPair
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission

STATES = {"open": PairState.OPEN, "later": PairState.LATER, "same": PairState.SAME, "apart": PairState.APART}


@require_safe
def doubles(request: SignedIn) -> HttpResponse:
    """疑似重复: the pairs that this person decides, the likeliest first; and what was decided."""
    viewer = viewer_of(request.user)
    if not (viewer.may(Permission.EDIT_FAMILIES) or viewer.may(Permission.MATCH_PEOPLE)):
        raise Http404
    state = STATES.get(request.GET.get("state", ""), PairState.OPEN)
    number = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    lines, more = pairs.page(request.user, state, max(number, 1))
    counts = pairs.counts(request.user)
    context = {
        "lines": lines, "state": state, "across": viewer.may(Permission.MATCH_PEOPLE),
        "tabs": [(key, label.label, counts.get(label, 0), label == state) for key, label in STATES.items()],
        "newer_url": f"?state={state}&page={number - 1}" if number > 1 else "",
        "older_url": f"?state={state}&page={number + 1}" if more else "",
    }  # fmt: skip
    return render(request, "desk/doubles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def double(request: SignedIn, pk: UUID) -> HttpResponse:
    """One pair side by side, and the decision: one person, two, or later; what was decided can be taken back."""
    pair = get_object_or_404(pairs_to_decide(request.user).select_related("decided_by"), pk=pk)
    sides = pairs.sides(request.user, pair)
    decided = pair.state in (PairState.SAME, PairState.APART)
    form: Any = UndoForm(request.POST or None) if decided else PairForm(request.POST or None, sides=sides)
    if form.is_valid():
        try:
            said = _decide(request, pair, form.cleaned_data)
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            add_findings(form, refused)
        else:
            messages.success(request, said)
            return redirect("doubles")
    context = {"pair": pair, "sides": sides, "rows": pairs.rows(sides), "form": form, "decided": decided}
    return render(request, "desk/double.html", context, status=422 if form.is_bound else 200)


def _decide(request: SignedIn, pair: PersonPair, said: dict[str, Any]) -> str:
    """Do what the form says; the sentence for the page. Raises Refused or NotAllowed."""
    by, reason = request.user, said.get("reason", "")
    if pair.state == PairState.SAME:
        identity.undo_merge(by=by, pair=pair, reason=reason)
        return _("已撤销“同一人”的认定，两份资料各算各的；这一对回到待核对")
    if pair.state == PairState.APART:
        identity.reopen_pair(by=by, pair=pair, reason=reason)
        return _("已撤销“不是同一人”的认定，这一对回到待核对")
    if said["decision"] == PairState.SAME:
        identity.merge_people(by=by, pair=pair, keep=said["keep"], reason=reason)
        return _("已认定为同一人。记录都还在原处，随时可以撤销")
    if said["decision"] == PairState.APART:
        identity.tell_apart(by=by, pair=pair, reason=reason)
        return _("已记下不是同一人，以后不再提示这一对")
    identity.put_off(by=by, pair=pair, reason=reason)
    return _("已留到以后核对")
