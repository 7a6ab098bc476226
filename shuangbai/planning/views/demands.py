"""报表目录: what forms are demanded of stations, by whom, on what ground, and what they cost."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.network.access import viewer_of
from shuangbai.network.changes import changes_of
from shuangbai.network.context import SignedIn
from shuangbai.network.views.answers import acknowledged, done, pressed, tried, version_of
from shuangbai.planning import actions, queries
from shuangbai.planning.access import demands_visible_to, keeps_catalogue, reported_visible_to, stations_planned_for
from shuangbai.planning.forms import DeclineForm, DemandForm, EndForm, ReasonForm, ReportForm
from shuangbai.planning.models import DemandedForm, ReportedForm
from shuangbai.planning.views import FORM, check_reads, form_page

SILENT = {"id", "version", "entered_at", "entered_by"}


@require_safe
def demand_list(request: SignedIn) -> HttpResponse:
    """报表目录: the forms in force with the hours that they cost, and what stations reported."""
    check_reads(request)
    viewer = viewer_of(request.user)
    found = queries.burden(demands_visible_to(request.user), stations_planned_for(request.user), clock.today())
    context = {
        "burden": found, "keeps": keeps_catalogue(request.user), "may_report": viewer.home_station is not None,
        "reported": queries.reported_rows(reported_visible_to(request.user)),
        "home": viewer.home_station,
    }  # fmt: skip
    return render(request, "planning/demands.html", context)


def _crumbs(form: DemandedForm | None = None) -> list[tuple[str, str]]:
    found = [(_("报表目录"), reverse("demand-list"))]
    return [*found, (form.name, reverse("demand", args=[form.pk]))] if form else found


def _kept(request: SignedIn, pk: UUID) -> DemandedForm:
    """A form, for whoever keeps the catalogue. Raises Http404."""
    if not keeps_catalogue(request.user):
        raise Http404
    return get_object_or_404(DemandedForm, pk=pk)


@require_safe
def demand(request: SignedIn, pk: UUID) -> HttpResponse:
    """One form: who asks, why, how often, what it costs, which of our reports fills it."""
    check_reads(request)
    form = get_object_or_404(demands_visible_to(request.user).select_related("entered_by"), pk=pk)
    found = queries.burden(DemandedForm.objects.filter(pk=pk), stations_planned_for(request.user), clock.today())
    [line] = [*found.lines, *found.ended]
    context = {
        "form": form, "line": line, "keeps": keeps_catalogue(request.user),
        "changes": changes_of(DemandedForm, silent=SILENT, id=pk), "crumbs": [*_crumbs(), (form.name, "")],
    }  # fmt: skip
    return render(request, "planning/demand.html", context)


def _reported(request: SignedIn) -> ReportedForm | None:
    """What a station reported and this page shall put into the catalogue."""
    try:
        pk = UUID(request.GET.get("from", ""))
    except ValueError:
        return None
    return reported_visible_to(request.user).filter(pk=pk, state="waiting").first()


@require_http_methods(FORM)
def demand_new(request: SignedIn) -> HttpResponse:
    """列入一张报表."""
    if not keeps_catalogue(request.user):
        raise Http404
    reported, sure = _reported(request), acknowledged(request)
    form = DemandForm(request.POST or None, reported=reported)
    if form.is_valid():
        said: dict[str, Any] = {"said": form.said(), "units": form.cleaned_data["units"], "reported": reported}
        row = tried(form, lambda: actions.enter_demand(by=request.user, acknowledged=sure, **said))
        if row:
            return done(request, _("已列入目录"), "demand", row.pk)
    return form_page(request, form, _("列入一张报表"), _crumbs())


@require_http_methods(FORM)
def demand_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """修改."""
    row, sure = _kept(request, pk), acknowledged(request)
    form = DemandForm(request.POST or None, row=row)
    if form.is_valid():
        said: dict[str, Any] = {
            "version": form.cleaned_data["version"], "said": form.said(), "units": form.cleaned_data["units"],
        }  # fmt: skip
        kept = tried(
            form,
            lambda: actions.change_demand(by=request.user, form=row, acknowledged=sure, **said),
            DemandForm.plain,
        )
        if kept:
            return done(request, _("已保存"), "demand", pk)
    return form_page(request, form, _("修改"), _crumbs(row))


@require_http_methods(FORM)
def demand_end(request: SignedIn, pk: UUID) -> HttpResponse:
    """停用 a form: from which day, and why."""
    row = _kept(request, pk)
    form = EndForm(request.POST or None, initial={"ends_on": clock.today(), "version": row.version})
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("version", "ends_on", "reason")}
        if tried(form, lambda: actions.end_demand(by=request.user, form=row, **said)):
            return done(request, _("已停用，各站都看得到"), "demand", pk)
    return form_page(request, form, _("停用"), _crumbs(row), sub=row.name, save_label=_("停用这张表"))


@require_http_methods(FORM)
def demand_resume(request: SignedIn, pk: UUID) -> HttpResponse:
    """恢复 a form that was ended."""
    row = _kept(request, pk)
    form = ReasonForm(request.POST or None, initial={"version": row.version})
    if form.is_valid():
        said = {"version": form.cleaned_data["version"], "reason": form.cleaned_data["reason"]}
        if tried(form, lambda: actions.resume_demand(by=request.user, form=row, **said)):
            return done(request, _("已恢复"), "demand", pk)
    return form_page(request, form, _("恢复"), _crumbs(row), sub=row.name, save_label=_("恢复这张表"))


# WHAT STATIONS REPORT --------------------------------------------------------


@require_http_methods(FORM)
def demand_report(request: SignedIn) -> HttpResponse:
    """报一张目录里没有的表."""
    station = viewer_of(request.user).home_station
    if station is None:
        raise Http404
    form = ReportForm(request.POST or None)
    act: Any = partial(actions.report_demand, by=request.user, station=station)
    if form.is_valid() and tried(form, lambda: act(**form.cleaned_data)):
        return done(request, _("已报给经办；有答复会写在目录页下面"), "demand-list")
    about = _("有人要站里填的表，目录里却没有，请报来。经办只看到是哪个站报的，不显示是谁。")
    return form_page(request, form, _("报一张目录里没有的表"), _crumbs(), about=about, save_label=_("报给经办"))


def _waiting(request: SignedIn, pk: UUID) -> ReportedForm:
    return get_object_or_404(reported_visible_to(request.user).select_related("station"), pk=pk)


@require_http_methods(FORM)
def demand_decline(request: SignedIn, pk: UUID) -> HttpResponse:
    """不列入, with an answer for the station."""
    if not keeps_catalogue(request.user):
        raise Http404
    row = _waiting(request, pk)
    form = DeclineForm(request.POST or None, initial={"version": row.version})
    if form.is_valid():
        said = {"version": form.cleaned_data["version"], "answer": form.cleaned_data["answer"]}
        if tried(form, lambda: actions.decline_reported(by=request.user, reported=row, **said)):
            return done(request, _("已答复"), "demand-list")
    sub = f"{row.name} · {row.station.name}"
    return form_page(request, form, _("不列入目录"), _crumbs(), sub=sub, about=row.said, save_label=_("答复"))


@require_POST
def demand_withdraw(request: SignedIn, pk: UUID) -> HttpResponse:
    """收回 what one's station reported."""
    row = _waiting(request, pk)
    version = version_of(request)
    pressed(
        request,
        lambda: actions.withdraw_reported(by=request.user, reported=row, version=version),
        row,
        _("已收回"),
    )
    return redirect("demand-list")
