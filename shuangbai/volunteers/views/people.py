"""Pages of volunteers: the list, one volunteer with hours, entering, correcting, leaving, what else is noted."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import Conflict
from shuangbai.households.access import people_visible_to
from shuangbai.households.enums import UnmaskReason
from shuangbai.households.forms import UnmaskForm
from shuangbai.households.views import FORM, conflict_of, own_station, page_url, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.upkeep.rules import SEARCHES, SUGGESTIONS
from shuangbai.volunteers import queries
from shuangbai.volunteers.access import (
    may_look_after,
    may_open_masked,
    may_take_back,
    merits_visible_to,
    teams_visible_to,
    volunteers_visible_to,
)
from shuangbai.volunteers.actions import people as actions
from shuangbai.volunteers.enums import FreeTime
from shuangbai.volunteers.forms import LeaveForm, MeritForm, ReasonForm, VolunteerFilter, VolunteerForm
from shuangbai.volunteers.models import Volunteer
from shuangbai.volunteers.rules import comes_along, lacks_consent

OWN_FIELDS = ("id_no", "drop_id_no", "birth_date", "sex", "phone", "more_phone", "drop_phone")


def asked(request: SignedIn) -> tuple[VolunteerFilter, Any]:
    """The filters of the list as they were given, and the volunteers that they leave."""
    teams = [(str(pk), name) for pk, name in teams_visible_to(request.user).order_by("name").values_list("pk", "name")]
    form = VolunteerFilter(request.GET, teams=teams)
    form.is_valid()
    typed = form.cleaned_data
    words = typed.get("q", "").replace("\0", "")
    team = UUID(typed["team"]) if typed.get("team") else None
    rows = queries.found(volunteers_visible_to(request.user), words)
    told = {"gone": bool(typed.get("gone")), "minors": bool(typed.get("minors"))}
    return form, queries.narrowed(rows, clock.today(), team=team, **told)


@require_safe
def volunteer_list(request: SignedIn) -> HttpResponse:
    """志愿者."""
    viewer, today = viewer_of(request.user), clock.today()
    if not viewer.may(Permission.SEE_FAMILIES):
        raise Http404
    form, rows = asked(request)
    if form.cleaned_data.get("q"):
        SEARCHES.count(request.user.pk)
    page = max(int(request.GET.get("page", "1")), 1) if request.GET.get("page", "1").isdecimal() else 1
    start = (page - 1) * queries.PAGE
    shown = list(rows[start : start + queries.PAGE + 1])
    context = {
        "form": form, "lines": queries.lines(shown[: queries.PAGE], today), "total": rows.count(),
        "filtered": [name for name in ("team", "gone", "minors") if form.cleaned_data.get(name)],
        "older_url": page_url(request, page + 1) if len(shown) > queries.PAGE else "",
        "newer_url": page_url(request, page - 1) if page > 1 else "",
        "many": len(viewer.station_ids(Permission.SEE_FAMILIES)) > 1, "query": request.GET.urlencode(),
        "new_url": reverse("volunteer-new") if viewer.home_station else "",
    }  # fmt: skip
    return render(request, "volunteers/volunteers.html", context)


@require_safe
def volunteer_suggest(request: SignedIn) -> JsonResponse:
    """Volunteers of one's own station, as one types."""
    station = own_station(request, Permission.WRITE_RECORDS)
    SUGGESTIONS.count(request.user.pk)
    typed = request.GET.get("q", "").replace("\0", "")
    rows = queries.suggested(volunteers_visible_to(request.user), station, typed, clock.today())
    return JsonResponse({"results": [
        {"id": row.pk, "text": row.called, "hint": row.village.short_name if row.village else row.skills[:12]}
        for row in rows
    ]})  # fmt: skip


def volunteer_of(request: SignedIn, pk: UUID, *, looks_after: bool = False) -> Volunteer:
    """The volunteer, for whoever may see them, or look after them. Raises Http404."""
    found = get_object_or_404(volunteers_visible_to(request.user), pk=pk)
    if looks_after and not may_look_after(request.user, found.station_id):
        raise Http404
    return found


# ENTERING ------------------------------------------------------------------


@require_http_methods(FORM)
def volunteer_new(request: SignedIn) -> HttpResponse:
    """登记志愿者; `person` in the address says who of the station's families it is."""
    station = own_station(request, Permission.WRITE_RECORDS)
    initial = {"person": request.GET.get("person")} if request.GET.get("person") else {}
    form = VolunteerForm(request.POST or None, station=station, initial=initial)
    if form.is_valid():
        said: dict[str, Any] = {"entry": form.entry(), "acknowledged": form.acknowledged}
        if made := tried(form, lambda: actions.enter_volunteer(by=request.user, **said)):
            messages.success(request, _("已登记为志愿者"))
            return redirect("volunteer", made.pk)
    return _form_page(request, form, _("登记志愿者"), reverse("volunteer-list"))


def _form_page(request: SignedIn, form: VolunteerForm, heading: str, back: str, **more: Any) -> HttpResponse:
    context = {
        "form": form, "heading": heading, "back_url": back, "person_name": _name_of(request, form),
        "people_url": f"{reverse('people-suggest')}?q=", "own": OWN_FIELDS,
        "crumbs": [(_("志愿者"), reverse("volunteer-list")), (heading, "")], **more,
    }  # fmt: skip
    status = more.get("status", 422 if form.is_bound else 200)
    return render(request, "volunteers/volunteer_form.html", context, status=status)


def _name_of(request: SignedIn, form: VolunteerForm) -> str:
    """What the person is called whose key stands in the form, while they may be chosen."""
    try:
        pk = UUID(str(form["person"].value() or ""))
    except ValueError:
        return ""
    found = people_visible_to(request.user, Permission.EDIT_FAMILIES).filter(pk=pk)
    return found.values_list("name", flat=True).first() or ""


@require_http_methods(FORM)
def volunteer_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """改志愿者的资料."""
    found = volunteer_of(request, pk, looks_after=True)
    form = VolunteerForm(request.POST or None, station=found.station, volunteer=found)
    more: dict[str, Any] = {}
    if form.is_valid():
        said: dict[str, Any] = {"version": form.cleaned_data["version"] or 0, "entry": form.entry()}
        said["acknowledged"] = form.acknowledged
        try:
            if tried(form, lambda: actions.change_volunteer(by=request.user, volunteer=found, **said)):
                messages.success(request, _("已保存"))
                return redirect("volunteer", pk)
        except Conflict as conflict:
            more = conflict_of(form, conflict.current, VolunteerForm.plain(volunteer_of(request, pk)))
    return _form_page(request, form, _("改资料"), reverse("volunteer", args=[pk]), volunteer=found, **more)


# ONE VOLUNTEER --------------------------------------------------------------


@require_safe
def volunteer(request: SignedIn, pk: UUID) -> HttpResponse:
    """One volunteer: who, with which teams, how long in what, what else is noted."""
    return volunteer_page(request, volunteer_of(request, pk))


def volunteer_page(request: SignedIn, found: Volunteer, **more: Any) -> HttpResponse:
    """The page of a volunteer; `more` may bring a form of it that came back, and a status."""
    served, today = queries.services_of(found), clock.today()
    opens = may_open_masked(request.user, found)
    unmask = reverse("volunteer-unmask", args=[found.pk]) if opens else ""
    looks_after = may_look_after(request.user, found.station_id)
    context = {
        "volunteer": found, "served": served[: queries.PAGE], "count": len(served),
        "total": sum(one.row.hours for one in served), "teams": queries.teams_of(found),
        "merits": queries.merits_of(volunteer=found), "certificates": queries.certificates_of(found),
        "masked": {
            key: {"masked": one.masked, "label": one.label, "url": f"{unmask}?what={key}" if unmask else "",
                  "reasons": UnmaskReason.choices}
            for key, one in queries.covered_values(found).items()
        },
        "times": [FreeTime(one).label for one in found.times],
        "lacking": lacks_consent(found.born, found.consented_on, today),
        "young": comes_along(found.born, today), "looks_after": looks_after,
        "merit_form": MeritForm(), "leave_form": LeaveForm(volunteer=found), "day": today,
        "person_url": _person_url(request, found),
        "asks_erasure": found.person_id is None and viewer_of(request.user).reaches(
            Permission.ASK_ERASURE, found.station_id
        ),
        "crumbs": [(_("志愿者"), reverse("volunteer-list")), (found.called, "")], **more,
    }  # fmt: skip
    return render(request, "volunteers/volunteer.html", context, status=more.get("status", 200))


def _person_url(request: SignedIn, found: Volunteer) -> str:
    if found.person_id is None:
        return ""
    seen = people_visible_to(request.user).filter(pk=found.person_id).exists()
    return reverse("person", args=[found.person_id]) if seen else ""


@require_POST
def volunteer_leave(request: SignedIn, pk: UUID) -> HttpResponse:
    """Their last day, or that they came back."""
    found = volunteer_of(request, pk, looks_after=True)
    form = LeaveForm(request.POST, volunteer=found)
    more: dict[str, Any] = {"status": 422}
    if form.is_valid():
        said = form.cleaned_data
        try:
            if tried(form, lambda: actions.leave(by=request.user, volunteer=found, **said)):
                messages.success(request, _("已记下"))
                return redirect("volunteer", pk)
        except Conflict:
            form.add_error(None, _("您打开之后别人改过这位志愿者，请看清现在的内容再保存"))
            more["status"] = 409
    return volunteer_page(request, volunteer_of(request, pk), leave_form=form, **more)


@require_POST
def volunteer_unmask(request: SignedIn, pk: UUID) -> HttpResponse:
    """Opens one masked value for a stated reason that goes into the trail."""
    found = volunteer_of(request, pk)
    one = queries.covered_values(found).get(request.GET.get("what", ""))
    if one is None or not may_open_masked(request.user, found):
        raise Http404
    form = UnmaskForm(request.POST)
    if form.is_valid():
        reason = UnmaskReason(form.cleaned_data["reason"]).label
        said = {"what": one.kind, "reason": reason, "key": one.key}
        tried(form, lambda: actions.note_opened(by=request.user, volunteer=found, **said))
    if not form.is_valid():  # what is not in the trail is not shown
        messages.warning(request, str(next(iter(form.errors.values()))[0]))
        return redirect("volunteer", pk)
    url = f"{reverse('volunteer-unmask', args=[pk])}?what={one.key}"
    shown = {"masked": one.masked, "clear": one.clear, "label": one.label, "url": url, "reasons": UnmaskReason.choices}
    if request.htmx:
        return render(request, "core/masked.html", shown)
    return render(request, "volunteers/unmask.html", {"volunteer": found, "one": shown, "reason": reason})


# WHAT ELSE IS NOTED ---------------------------------------------------------


@require_POST
def volunteer_merit(request: SignedIn, pk: UUID) -> HttpResponse:
    """A training, an award, praise or a complaint of a volunteer."""
    found = volunteer_of(request, pk, looks_after=True)
    form = MeritForm(request.POST)
    if form.is_valid():
        entry = form.entry()
        if tried(form, lambda: actions.note_merit(by=request.user, about=found, entry=entry)):
            messages.success(request, _("已记下"))
            return redirect("volunteer", pk)
    return volunteer_page(request, found, merit_form=form, status=422)


@require_http_methods(FORM)
def merit_void(request: SignedIn, pk: UUID) -> HttpResponse:
    """Takes back what was noted of a volunteer or a team."""
    found = get_object_or_404(merits_visible_to(request.user), pk=pk)
    if not may_take_back(request.user, found) or found.voided_at:
        raise Http404
    back = (
        reverse("volunteer", args=[found.volunteer_id]) if found.volunteer_id else reverse("team", args=[found.team_id])
    )
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: actions.void_merit(by=request.user, merit=found, reason=reason)):
            messages.success(request, _("已作废"))
            return redirect(back)
    context = {"form": form, "what": found.title, "back_url": back, "heading": _("作废")}
    return render(request, "volunteers/void.html", context, status=422 if form.is_bound else 200)
