"""Pages of hours: who helped in a record, correcting and voiding, what a team did on its own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.core.findings import Conflict
from shuangbai.households.views import FORM, conflict_of, own_station, tried
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.services.access import may_write, records_visible_to, sees_names, shown_name, visible_by_record
from shuangbai.services.enums import RecordKind
from shuangbai.services.forms import recent_days
from shuangbai.services.models import ServiceRecord
from shuangbai.services.queries import versions
from shuangbai.services.views import record_frame
from shuangbai.volunteers import queries
from shuangbai.volunteers.access import (
    hours_visible_to,
    may_look_after,
    may_take_back,
    teams_visible_to,
    volunteers_visible_to,
)
from shuangbai.volunteers.actions import hours as hour_actions
from shuangbai.volunteers.forms import CorrectHoursForm, ReasonForm, TapForm, TeamServiceForm, tapped
from shuangbai.volunteers.models import Team, TeamService, Volunteer, VolunteerHours


def _chosen(request: SignedIn) -> list[Volunteer]:
    """Who was typed into a form beside those in sight."""
    keys = tapped(request.POST if request.method == "POST" else None)
    return list(volunteers_visible_to(request.user).filter(pk__in=keys)) if keys else []


# IN A RECORD ---------------------------------------------------------------


@require_http_methods(FORM)
def record_hours(request: SignedIn, pk: UUID) -> HttpResponse:
    """Who helped in an activity, a visit or a team's service, and how long: tapped by name."""
    if not sees_names(request.user):
        raise Http404
    found = records_visible_to(request.user).select_related("station", "activity", "team_service__team")
    record = get_object_or_404(found, pk=pk)
    may = record.voided_at is None and may_look_after(request.user, record.station_id)
    if request.method == "POST" and not may:
        raise Http404
    form = TapForm(request.POST or None, people=_offered(record), chosen=_chosen(request)) if may else None
    if form is not None and form.is_valid():
        entries = form.hours_entries()
        given = tried(form, lambda: hour_actions.give_hours(by=request.user, record=record, entries=entries))
        if given is not None:
            messages.success(request, _("已登记"))
            return redirect("volunteer-hours", pk)
    return _hours_page(request, record, form)


def _hours_page(request: SignedIn, record: ServiceRecord, form: TapForm | None) -> HttpResponse:
    rows, title = queries.hours_in(record), queries.title_of(record)
    context = {
        "record": record, "title": title, "rows": rows, "form": form,
        "total": sum(row.hours for row in rows), "contradiction": queries.contradiction(record),
        "activity": record.activity if record.kind == RecordKind.ACTIVITY else None,
        "volunteers_url": f"{reverse('volunteer-suggest')}?q=",
        "crumbs": [(_("服务记录"), reverse("record-list")), (title, reverse("record", args=[record.pk])),
                   (_("志愿者时长"), "")],
    }  # fmt: skip
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "volunteers/hours.html", context, status=status)


def _offered(record: ServiceRecord) -> list[Volunteer]:
    """Whom one taps: those of the team, or who served last; without those who are named already."""
    team = record.team_service.team if record.kind == RecordKind.TEAM_SERVICE else None
    there = {row.volunteer_id for row in queries.hours_in(record)}
    return [one for one in queries.taking_part(record.station, record.occurred_on, team) if one.pk not in there]


def _hours_of(request: SignedIn, pk: UUID) -> VolunteerHours:
    """Hours that count, for whoever looks after them. Raises Http404."""
    row = get_object_or_404(hours_visible_to(request.user), pk=pk, voided_at=None, record__voided_at=None)
    if not may_look_after(request.user, row.station_id):
        raise Http404
    return row


@require_http_methods(FORM)
def hours_correct(request: SignedIn, pk: UUID) -> HttpResponse:
    """更正时长."""
    row = _hours_of(request, pk)
    form = CorrectHoursForm(request.POST or None, row=row)
    more: dict[str, Any] = {}
    if form.is_valid():
        said = form.cleaned_data
        try:
            if tried(form, lambda: hour_actions.correct_hours(by=request.user, row=row, **said)):
                messages.success(request, _("已更正，原来的内容留在历史里"))
                return redirect("volunteer-hours", row.record_id)
        except Conflict as conflict:
            theirs = {name: getattr(conflict.current, name) for name in CorrectHoursForm.NAMES}
            more = conflict_of(form, conflict.current, theirs)
    back = reverse("volunteer-hours", args=[row.record_id])
    heading = _("更正%(who)s的时长") % {"who": row.volunteer.called}
    context = {"form": form, "heading": heading, "back_url": back, "crumbs": [], **more,
               "void_url": reverse("hours-void", args=[pk]) if may_take_back(request.user, row) else ""}  # fmt: skip
    status = more.get("status", 422 if form.is_bound else 200)
    return render(request, "volunteers/form.html", context, status=status)


@require_http_methods(FORM)
def hours_void(request: SignedIn, pk: UUID) -> HttpResponse:
    """作废时长."""
    row = _hours_of(request, pk)
    if not may_take_back(request.user, row):
        raise Http404
    form = ReasonForm(request.POST or None, initial={"version": row.version})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        said: dict[str, Any] = {"reason": form.cleaned_data["reason"], "version": form.cleaned_data["version"] or 0}
        try:
            if tried(form, lambda: hour_actions.void_hours(by=request.user, row=row, **said)):
                messages.success(request, _("已作废，不再计入任何数字"))
                return redirect("volunteer-hours", row.record_id)
        except Conflict:
            form.add_error(None, _("您打开之后别人改过这条时长，请返回看清再作废"))
            status = 409
    what = _("%(who)s %(hours)s 小时") % {"who": row.volunteer.called, "hours": f"{row.hours.normalize():f}"}
    back = reverse("volunteer-hours", args=[row.record_id])
    context = {"form": form, "what": what, "back_url": back, "heading": _("作废时长")}
    return render(request, "volunteers/void.html", context, status=status)


# A TEAM'S OWN ---------------------------------------------------------------


@require_http_methods(FORM)
def service_new(request: SignedIn) -> HttpResponse:
    """记志愿队服务; `team` in the address says which."""
    station = own_station(request, Permission.WRITE_RECORDS)
    asked = request.POST.get("team") or request.GET.get("team")
    team = _team_asked(request, asked, station.pk)
    form = TeamServiceForm(request.POST or None, station=station, team=team, chosen=_chosen(request))
    if form.is_valid():
        entry = form.entry()
        if made := tried(form, lambda: hour_actions.record_team_service(by=request.user, entry=entry)):
            messages.success(request, _("已保存"))
            return redirect("team_service", made.pk)
    return _service_page(
        request, form, _("记志愿队服务"), reverse("team", args=[team.pk]) if team else reverse("team-list")
    )


def _team_asked(request: SignedIn, key: str | None, station_id: UUID) -> Team | None:
    try:
        pk = UUID(key or "")
    except ValueError:
        return None
    return teams_visible_to(request.user).filter(pk=pk, station=station_id).first()


def _service_page(request: SignedIn, form: TeamServiceForm, heading: str, back: str, **more: Any) -> HttpResponse:
    context = {
        "form": form, "heading": heading, "back_url": back, "recent_days": recent_days(),
        "volunteers_url": f"{reverse('volunteer-suggest')}?q=",
        "crumbs": [(_("志愿队和组织"), reverse("team-list")), (heading, "")], **more,
    }  # fmt: skip
    status = more.get("status", 422 if form.is_bound else 200)
    return render(request, "volunteers/service_form.html", context, status=status)


def _service_of(request: SignedIn, pk: UUID) -> TeamService:
    found = TeamService.objects.filter(visible_by_record(request.user)).select_related(
        "team", "record__station", "record__village", "record__campaign", "record__entered_by", "record__voided_by"
    )
    return get_object_or_404(found, pk=pk)


@require_safe
def team_service(request: SignedIn, pk: UUID) -> HttpResponse:
    """One service of a team: what, when, where, and who for how long."""
    found = _service_of(request, pk)
    rows = queries.hours_in(found.record)
    names = sees_names(request.user)
    changes = [one for one in versions(found.record)[1:] if one.reason]
    context = record_frame(request.user, found.record) | {
        "service": found, "rows": [(row, shown_name(request.user, row.volunteer.called)) for row in rows],
        "total": sum(row.hours for row in rows), "names": names, "summary": found.summary if names else "",
        "changes": changes,
        "crumbs": [(_("服务记录"), reverse("record-list")), (_("志愿队服务"), "")],
    }  # fmt: skip
    return render(request, "volunteers/team_service.html", context)


@require_http_methods(FORM)
def service_correct(request: SignedIn, pk: UUID) -> HttpResponse:
    """更正志愿队服务."""
    found = _service_of(request, pk)
    if not may_write(request.user, found.record) or found.record.voided_at:
        raise Http404
    form = TeamServiceForm(request.POST or None, station=found.record.station, service=found)
    more: dict[str, Any] = {}
    if form.is_valid():
        said: dict[str, Any] = {"version": form.cleaned_data["version"] or 0, "reason": form.cleaned_data["reason"]}
        entry = form.entry()
        try:
            if tried(
                form, lambda: hour_actions.correct_team_service(by=request.user, service=found, entry=entry, **said)
            ):
                messages.success(request, _("已更正，原来的内容留在历史里"))
                return redirect("team_service", pk)
        except Conflict as conflict:
            more = conflict_of(form, conflict.current, TeamServiceForm.plain(_service_of(request, pk)))
    back = reverse("team_service", args=[pk])
    return _service_page(request, form, _("更正志愿队服务"), back, correcting=True, **more)
