"""Pages of venues."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import Conflict
from shuangbai.counter.access import may_keep, venues_visible_to, venues_written_by
from shuangbai.counter.actions import venues as acts
from shuangbai.counter.forms.venues import CheckForm, CountUseForm, UseForm, VenueForm
from shuangbai.counter.models import Venue, VenueItem
from shuangbai.counter.queries import held_there, might_be_held, places
from shuangbai.households.views import FORM, conflict_of, own_station, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.changes import changes_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.services.access import records_visible_to, sees_names
from shuangbai.services.enums import CountMethod
from shuangbai.services.forms import recent_days

SHOWN = 12
SILENT = {"id", "version", "station", "client_id", "entered_at", "entered_by", "caretaker", "phone"}


@require_safe
def venue_list(request: SignedIn) -> HttpResponse:
    """场地."""
    viewer = viewer_of(request.user)
    if not viewer.may(Permission.SEE_RECORDS):
        raise Http404
    context = {
        "places": places(venues_visible_to(request.user)), "day": clock.today(), "station": viewer.home_station,
        "may_add": viewer.home_station is not None,
        "crumbs": [(_("站里的小事"), reverse("small-things")), (_("场地"), "")],
    }  # fmt: skip
    return render(request, "counter/venues.html", context)


@require_http_methods(FORM)
def venue_new(request: SignedIn) -> HttpResponse:
    """登记场地."""
    station = own_station(request, Permission.WRITE_RECORDS)
    form = VenueForm(request.POST or None, station=station)
    if form.is_valid() and (made := tried(form, lambda: acts.open_venue(by=request.user, entry=form.entry()))):
        messages.success(request, _("场地已登记"))
        return redirect("venue", made.pk)
    return _page(request, form, _("登记场地"), reverse("venue-list"))


def _venue(request: SignedIn, pk: UUID, *, writes: bool = False) -> Venue:
    visible = venues_written_by(request.user) if writes else venues_visible_to(request.user)
    return get_object_or_404(visible.select_related("station", "village"), pk=pk)


@require_safe
def venue(request: SignedIn, pk: UUID) -> HttpResponse:
    """One place: what there is, how it was when last looked at, and how much it is used."""
    found, day = _venue(request, pk), clock.today()
    held = held_there(found)
    context = {
        "venue": found, "place": places(Venue.objects.filter(pk=pk))[0], "day": day, "names": sees_names(request.user),
        "items": list(found.items.filter(removed_on=None).order_by("name")),
        "checks": list(found.checks.select_related("entered_by").order_by("-checked_on", "-entered_at")[:SHOWN]),
        "counts": list(found.counts.order_by("-counted_on")[:SHOWN]),
        "counted": found.counts.aggregate(n=Sum("heads"))["n"] or 0,
        "held": list(held[:SHOWN]), "held_count": held.count(), "may_keep": may_keep(request.user, found),
        "crumbs": [(_("站里的小事"), reverse("small-things")), (_("场地"), reverse("venue-list")), (found.name, "")],
        "changes": changes_of(Venue, silent=SILENT, id=pk) if found.version > 1 else [],
    }  # fmt: skip
    return render(request, "counter/venue.html", context)


@require_http_methods(FORM)
def venue_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """改场地."""
    found = _venue(request, pk, writes=True)
    form = VenueForm(request.POST or None, station=found.station, venue=found)
    more: dict[str, Any] = {}
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            said: dict[str, Any] = {"venue": found, "version": version, "entry": form.entry()}
            if tried(form, lambda: acts.change_venue(by=request.user, **said)):
                messages.success(request, _("已保存"))
                return redirect("venue", pk)
        except Conflict as conflict:
            current: Any = conflict.current
            theirs = VenueForm.plain(current)
            theirs.pop("version")
            more = conflict_of(form, current, theirs)
    return _page(request, form, _("改场地"), reverse("venue", args=[pk]), **more)


@require_http_methods(FORM)
def venue_check(request: SignedIn, pk: UUID) -> HttpResponse:
    """安全检查."""
    found = _venue(request, pk, writes=True)
    form = CheckForm(request.POST or None, items=list(VenueItem.objects.filter(venue=found, removed_on=None)))
    if form.is_valid():
        typed = form.cleaned_data
        said = {"on": typed["checked_on"], "safe": typed["safe"] == "yes", "note": typed["note"],
                "found": form.found(), "client_id": typed["client_id"]}  # fmt: skip
        if tried(form, lambda: acts.check_venue(by=request.user, venue=found, **said)):
            messages.success(request, _("检查已记下"))
            return redirect("venue", pk)
    return _page(request, form, _("安全检查"), reverse("venue", args=[pk]), sub=found.name)


@require_http_methods(FORM)
def venue_count(request: SignedIn, pk: UUID) -> HttpResponse:
    """记一天的人次."""
    found = _venue(request, pk, writes=True)
    form = CountUseForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data
        said = {"on": typed["counted_on"], "heads": typed["heads"], "method": CountMethod(typed["method"])}
        if tried(form, lambda: acts.count_use(by=request.user, venue=found, **said)):
            messages.success(request, _("已记下；同一天再记一次就是更正"))
            return redirect("venue", pk)
    return _page(request, form, _("记一天的人次"), reverse("venue", args=[pk]), sub=found.name)


@require_http_methods(FORM)
def venue_use(request: SignedIn, pk: UUID) -> HttpResponse:
    """在这里办的活动: picked from the station's latest."""
    found = _venue(request, pk, writes=True)
    form = UseForm(request.POST or None, offered=might_be_held(found, clock.today()))
    if form.is_valid():
        records = records_visible_to(request.user).filter(pk__in=form.cleaned_data["records"])
        if tried(form, lambda: acts.hold_at(by=request.user, venue=found, records=records)) is not None:
            messages.success(request, _("已记下"))
            return redirect("venue", pk)
    return _page(request, form, _("在这里办的活动"), reverse("venue", args=[pk]), sub=found.name)


@require_POST
def venue_unuse(request: SignedIn, pk: UUID, record: UUID) -> HttpResponse:
    """不是在这里办的."""
    found = _venue(request, pk, writes=True)
    row = get_object_or_404(records_visible_to(request.user).filter(venue_uses__venue=found), pk=record)
    acts.unhold(by=request.user, venue=found, record=row)
    messages.success(request, _("已取消"))
    return redirect("venue", pk)


def _page(request: SignedIn, form: Any, heading: str, back: str, **more: Any) -> HttpResponse:
    """A form about a place; 422 where something is to be put right."""
    crumbs = [(_("场地"), reverse("venue-list")), (heading, "")]
    context = {
        "form": form,
        "heading": heading,
        "back_url": back,
        "crumbs": crumbs,
        "recent_days": recent_days(),
        **more,
    }
    status = more.get("status") or (422 if form.is_bound else 200)
    return render(request, "counter/venue_form.html", context, status=status)
