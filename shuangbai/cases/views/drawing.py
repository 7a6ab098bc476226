"""The family tree and the ecomap of a case, and how its ties are put in, changed and ended."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.cases import pictures
from shuangbai.cases.access import may_write
from shuangbai.cases.actions import drawing
from shuangbai.cases.actions.opening import note_looked
from shuangbai.cases.models import Case
from shuangbai.cases.queries import clients_of
from shuangbai.cases.taking import EndTieForm, TieForm
from shuangbai.cases.ties import CaseTie
from shuangbai.cases.views.parts import case_of, crumbs, own_case
from shuangbai.core import clock
from shuangbai.core.ecomap import MOST
from shuangbai.core.findings import Conflict
from shuangbai.households.pictures import ASIDE
from shuangbai.households.views import FORM, tried
from shuangbai.network.context import SignedIn


@require_safe
def case_ecomap(request: SignedIn, pk: UUID) -> HttpResponse:
    """家系图与生态图, as of today or a day; each look is kept in the trail."""
    found = case_of(request, pk)
    note_looked(by=request.user, case=found)
    day = _day(request.GET.get("on", "")) or clock.today()
    clients = clients_of([found.pk])[found.pk]
    tree, ties = pictures.tree_of(found, clients), pictures.ties_on(found, day)
    heart = f"{clients[0].name if clients else ''} 一家"
    context = {
        "case": found, "crumbs": crumbs(found, _("家系图与生态图")), "day": day, "today": clock.today(),
        "tree": tree.svg() if tree else None, "tree_words": tree.words if tree else "", "aside": ASIDE,
        "ties": ties, "ecomap": pictures.ecomap_of(heart, ties) if ties else None,
        "changes": pictures.changes_of(found), "writes": may_write(request.user, found), "full": len(ties) >= MOST,
    }  # fmt: skip
    return render(request, "cases/ecomap.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_http_methods(FORM)
def case_tie_new(request: SignedIn, pk: UUID) -> HttpResponse:
    """在生态图里加一个系统."""
    found = own_case(request, pk)
    form = TieForm(request.POST or None)
    if form.is_valid():
        made = tried(form, partial(drawing.draw_tie, by=request.user, case=found, entry=form.entry()))
        if made:
            messages.success(request, _("已加到生态图"))
            return redirect("case-ecomap", found.pk)
    return _page(request, found, form, _("生态图：加一个系统"))


@require_http_methods(FORM)
def case_tie(request: SignedIn, pk: UUID, row: UUID) -> HttpResponse:
    """关系变了: how it is from a day on."""
    found = own_case(request, pk)
    tie = get_object_or_404(CaseTie.objects.filter(case=found), pk=row)
    form, more = TieForm(request.POST or None, tie=tie), {}
    if form.is_valid():
        try:
            change = partial(drawing.change_tie, by=request.user, case=found, tie=tie, entry=form.entry())
            if tried(form, change):
                messages.success(request, _("已改生态图"))
                return redirect("case-ecomap", found.pk)
        except Conflict as conflict:
            more = _first(form, conflict)
    return _page(request, found, form, _("生态图：%(name)s") % {"name": tie.shown}, tie=tie, **more)


@require_http_methods(FORM)
def case_tie_end(request: SignedIn, pk: UUID, row: UUID) -> HttpResponse:
    """从图里去掉, from a day on."""
    found = own_case(request, pk)
    tie = get_object_or_404(CaseTie.objects.filter(case=found), pk=row)
    form, more = EndTieForm(request.POST or None), {}
    if form.is_valid():
        try:
            end = partial(drawing.end_tie, by=request.user, case=found, tie=tie, on=form.cleaned_data["on"])
            if tried(form, end):
                messages.success(request, _("已从生态图去掉"))
                return redirect("case-ecomap", found.pk)
        except Conflict as conflict:
            more = _first(form, conflict)
    return _page(request, found, form, _("从生态图去掉：%(name)s") % {"name": tie.shown}, **more)


def _first(form: Any, conflict: Conflict) -> dict[str, Any]:
    """Somebody else changed or ended it first: what was typed stays, and can be put in as a new one."""
    ended: Any = conflict.current
    said = _("这一条在%(day)s已被同事改过或去掉。请回到生态图看现在的样子；您填的还在下面")
    form.add_error(None, said % {"day": f"{ended.ended_on:%Y-%m-%d}"})
    return {"status": 409}


def _page(request: SignedIn, found: Case, form: Any, heading: str, **more: Any) -> HttpResponse:
    status = more.get("status") or (422 if form.is_bound else 200)
    context = {"case": found, "form": form, "heading": heading, "crumbs": crumbs(found, heading), **more}
    return render(request, "cases/tie.html", context, status=status)
