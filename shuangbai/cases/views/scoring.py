"""What is measured in a case: scales filled in, and how far its goals are, over time."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.cases import pictures, queries
from shuangbai.cases.access import may_write
from shuangbai.cases.actions import scoring
from shuangbai.cases.actions.opening import note_looked
from shuangbai.cases.models import Case
from shuangbai.cases.taking import VoidForm
from shuangbai.cases.views.parts import case_of, crumbs, own_case
from shuangbai.core import clock
from shuangbai.households.views import FORM, tried
from shuangbai.network.context import SignedIn
from shuangbai.scales.forms import AnswersForm
from shuangbai.scales.queries import catalogue as scales
from shuangbai.scales.queries import line_of, repeated_of, results_of, scales_on
from shuangbai.scales.rules import ALARM, Scale


@require_safe
def case_scales(request: SignedIn, pk: UUID) -> HttpResponse:
    """量表与目标的变化; each look is kept in the trail."""
    found = case_of(request, pk)
    note_looked(by=request.user, case=found)
    return scales_page(request, found)


def scales_page(request: SignedIn, found: Case, **more: Any) -> HttpResponse:
    """Every scale filled in, with its line; `alarm` and `about` where an answer just given tells of danger."""
    goals = queries.goals_of(found)
    names = {client.row.person_key: client.name for client in queries.clients_of([found.pk])[found.pk]}
    told = [(one, names.get(one.person_key, "")) for one in repeated_of(found.pk)]
    points = pictures.attainment_over_time(goals)
    context = {
        "case": found, "crumbs": crumbs(found, _("量表与目标的变化")), "told": told,
        "attainment": pictures.attainment_of(goals), "score": points[-1] if points else None, "points": points,
        "writes": may_write(request.user, found), "offered": scales_on(clock.today()), **more,
    }  # fmt: skip
    return render(request, "cases/scales.html", context)


def _scale(code: str) -> Scale:
    found = next((one for one in scales_on(clock.today()) if one.code == code), None)
    if found is None:
        raise Http404
    return found


@require_http_methods(FORM)
def case_scale(request: SignedIn, pk: UUID, code: str) -> HttpResponse:
    """填一份量表. Where an answer tells of danger the page says at once what to do; that is kept nowhere."""
    found, scale = own_case(request, pk), _scale(code)
    people = [(one.row.person_key, one.name) for one in queries.clients_of([found.pk])[found.pk]]
    form = AnswersForm(request.POST or None, scale=scale, people=people)
    if form.is_valid():
        made = tried(form, lambda: scoring.record_scale(by=request.user, case=found, entry=form.entry()))
        if made and made[1].alarmed:
            return scales_page(request, found, alarm=ALARM, about=made[0].person_key)
        if made:
            messages.success(request, _("已记下"))  # without the score: what waits to be shown lies in a cookie
            return redirect("case-scales", found.pk)
    context = {"case": found, "scale": scale, "form": form, "crumbs": crumbs(found, scale.name)}
    return render(request, "cases/scale.html", context, status=422 if form.is_bound else 200)


@require_http_methods(FORM)
def case_scale_void(request: SignedIn, pk: UUID, row: UUID) -> HttpResponse:
    """作废一份量表结果."""
    found = own_case(request, pk)
    result = get_object_or_404(results_of(found.pk), pk=row)
    form = VoidForm(request.POST or None)
    if form.is_valid():

        def act() -> bool:
            scoring.void_scale(by=request.user, case=found, result=result, reason=form.cleaned_data["reason"])
            return True

        if tried(form, act):
            messages.success(request, _("已作废"))
            return redirect("case-scales", found.pk)
    line = line_of(result, scales())
    context = {"case": found, "form": form, "line": line, "crumbs": crumbs(found, _("作废量表结果"))}
    return render(request, "cases/scale_void.html", context, status=422 if form.is_bound else 200)
