"""The directory: found by need, village and word; one resource; entered, changed, renewed, ended."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import Conflict
from shuangbai.households.models import Household
from shuangbai.households.views import FORM, conflict_of, page_url, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.changes import changes_of
from shuangbai.network.context import SignedIn
from shuangbai.network.models import Area
from shuangbai.network.queries import villages_of
from shuangbai.network.roles import Permission
from shuangbai.resources import queries
from shuangbai.resources.access import (
    links_visible_to,
    may_keep,
    may_make,
    may_read_directory,
    resources_visible_to,
    units_kept_by,
)
from shuangbai.resources.actions import directory
from shuangbai.resources.forms import DirectoryFilter, EndForm, RenewForm, ResourceForm
from shuangbai.resources.models import Resource
from shuangbai.resources.views import family_asked
from shuangbai.upkeep.rules import SUGGESTIONS

LATEST = 10


def check_reads(request: SignedIn) -> None:
    """Raise Http404 for whoever reads no directory."""
    if not may_read_directory(request.user):
        raise Http404


def villages_for(request: SignedIn) -> Any:
    """The villages of the stations within reach."""
    stations = viewer_of(request.user).station_ids(Permission.KEEP_RESOURCES)
    return villages_of(stations, clock.today()) if stations else Area.objects.none()


@require_safe
def resource_list(request: SignedIn) -> HttpResponse:
    """资源名录: what is to be had today first; with a family in the address, for whom something is looked for."""
    check_reads(request)
    day, household = clock.today(), family_asked(request) if request.GET.get("family") else None
    form = DirectoryFilter(request.GET, villages=villages_for(request))
    asked = form.asked()
    found = queries.by_use(found_for(request, asked, household), day)
    if "ended" not in asked:
        found = found.filter(valid=True)
    page = Paginator(found, queries.LISTED).get_page(request.GET.get("page"))
    context = {
        "form": form, "lines": queries.lines(page.object_list, day), "page": page, "household": household,
        "asked": any(asked.get(name) for name in ("q", "need", "kind", "village")),
        "may_add": bool(units_kept_by(request.user)), "may_make": may_make(request.user),
        "older_url": page_url(request, page.number + 1) if page.has_next() else "",
        "newer_url": page_url(request, page.number - 1) if page.number > 1 else "",
    }  # fmt: skip
    return render(request, "resources/list.html", context)


def found_for(request: SignedIn, asked: dict[str, Any], household: Household | None = None) -> Any:
    village = asked.get("village") or (household.village if household else None)
    return queries.find(
        resources_visible_to(request.user), words=asked.get("q", ""), need=asked.get("need", ""),
        kind=asked.get("kind", ""), village=village,
    )  # fmt: skip


@require_safe
def resource_suggest(request: SignedIn) -> JsonResponse:
    """Resources that answer to what is being typed and are to be had today, at most ten."""
    check_reads(request)
    SUGGESTIONS.count(request.user.pk)
    day = clock.today()
    found = queries.find(resources_visible_to(request.user), words=request.GET.get("q", "")[:40])
    rows = queries.by_use(found, day).filter(valid=True)[: queries.TYPED]
    results = [
        {
            "id": str(one.resource.pk),
            "text": one.resource.name,
            "hint": " · ".join(filter(None, [one.resource.provider, *one.needs[:3], one.resource.covers])),
        }
        for one in queries.lines(rows, day)
    ]
    return JsonResponse({"results": results})


def resource_of(request: SignedIn, pk: UUID, *, keeps: bool = False) -> Resource:
    """The resource, for whoever reads the directory or, with `keeps`, keeps this entry. Raises Http404."""
    found = get_object_or_404(
        queries.standing_on(resources_visible_to(request.user), clock.today()).select_related("unit"), pk=pk
    )
    if keeps and not may_keep(request.user, found):
        raise Http404
    return found


@require_safe
def resource(request: SignedIn, pk: UUID) -> HttpResponse:
    """One resource: what, where, for whom, until when, and to whom it was given of late."""
    found, day = resource_of(request, pk), clock.today()
    links = queries.links_in_order(links_visible_to(request.user).filter(resource=pk, voided_at__isnull=True))
    context = {
        "resource": found, "line": queries.lines([found], day)[0], "terms": queries.terms_of(found), "day": day,
        "may_keep": may_keep(request.user, found), "links": list(links[:LATEST]),
        "crumbs": [(_("资源名录"), reverse("resource-list")), (found.name, "")],
        "changes": changes_of(
            Resource, silent={"id", "version", "unit", "initials", "entered_at", "entered_by", "listed_on"},
            say=queries.said, reasons=True, id=pk,
        ),
    }  # fmt: skip
    return render(request, "resources/resource.html", context)


def form_page(request: SignedIn, form: Any, heading: str, back: str, **more: Any) -> HttpResponse:
    """A form of the directory; 422 where something is to be put right."""
    crumbs = [(_("资源名录"), reverse("resource-list")), (heading, "")]
    context = {"form": form, "heading": heading, "back_url": back, "crumbs": crumbs, **more}
    return render(request, "resources/form.html", context, status=more.get("status") or (422 if form.is_bound else 200))


@require_http_methods(FORM)
def resource_new(request: SignedIn) -> HttpResponse:
    """登记资源, for the unit for which this person keeps the directory."""
    units = units_kept_by(request.user)
    if not units:
        raise Http404
    form = ResourceForm(request.POST or None, unit=units[0])
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("starts_on", "ends_on")}
        made = tried(form, lambda: directory.list_resource(by=request.user, unit=units[0], entry=form.entry(), **said))
        if made:
            messages.success(request, _("已登记到名录"))
            return redirect("resource", made.pk)
    return form_page(request, form, _("登记资源"), reverse("resource-list"), sub=units[0].name)


@require_http_methods(FORM)
def resource_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """修改资源."""
    found = resource_of(request, pk, keeps=True)
    form = ResourceForm(request.POST or None, unit=found.unit, resource=found)
    return changed(request, form, found, _("修改资源"), lambda: directory.change_resource(
        by=request.user, resource=found, version=form.cleaned_data["version"] or 0, entry=form.entry()
    ))  # fmt: skip


@require_http_methods(FORM)
def resource_renew(request: SignedIn, pk: UUID) -> HttpResponse:
    """续期."""
    found = resource_of(request, pk, keeps=True)
    form = RenewForm(request.POST or None, initial={"version": found.version, "starts_on": clock.today()})
    return changed(request, form, found, _("续期"), lambda: directory.renew_resource(
        by=request.user, resource=found, version=form.cleaned_data["version"] or 0,
        starts_on=form.cleaned_data["starts_on"], ends_on=form.cleaned_data["ends_on"],
    ))  # fmt: skip


@require_http_methods(FORM)
def resource_end(request: SignedIn, pk: UUID) -> HttpResponse:
    """停用."""
    found = resource_of(request, pk, keeps=True)
    form = EndForm(request.POST or None, initial={"version": found.version, "ends_on": clock.today()})
    return changed(request, form, found, _("停用"), lambda: directory.end_resource(
        by=request.user, resource=found, version=form.cleaned_data["version"] or 0,
        ends_on=form.cleaned_data["ends_on"], reason=form.cleaned_data["reason"],
    ))  # fmt: skip


def changed(request: SignedIn, form: Any, found: Resource, heading: str, act: Any) -> HttpResponse:
    """The outcome of a change: back to the resource, or the form with what is to be put right."""
    more: dict[str, Any] = {}
    if form.is_valid():
        try:
            if tried(form, act):
                messages.success(request, _("已保存"))
                return redirect("resource", found.pk)
        except Conflict as conflict:
            current: Any = conflict.current
            theirs = form.plain(current) if isinstance(form, ResourceForm) else {}
            more = conflict_of(form, current, theirs)
            if not theirs:
                form.add_error(None, _("您打开之后同事改过这项资源；请看过现在的样子，再按一次保存"))
                more.pop("rows")
    return form_page(request, form, heading, reverse("resource", args=[found.pk]), sub=found.name, **more)
