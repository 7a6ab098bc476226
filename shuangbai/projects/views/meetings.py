"""Pages of meetings: recording one, its page, its correction."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.core.findings import Conflict
from shuangbai.core.forms import rebase
from shuangbai.households.views import FORM, own_station, tried
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.projects.access import meetings_visible_to, projects_written_by
from shuangbai.projects.actions.meetings import correct_meeting, record_meeting
from shuangbai.projects.forms.meetings import (
    MeetingForm,
    blank_meeting,
    corrections,
    entry_of,
    initial_of,
    side_by_side,
)
from shuangbai.projects.models import Meeting, Project
from shuangbai.projects.queries import with_people
from shuangbai.services.access import may_write
from shuangbai.services.forms import recent_days, typed_day
from shuangbai.services.queries import versions
from shuangbai.services.views import record_frame


@require_http_methods(FORM)
def meeting_new(request: SignedIn) -> HttpResponse:
    """记会议; `project` in the address says of which project."""
    station = own_station(request, Permission.WRITE_RECORDS)
    project = _project_asked(request, station.pk)
    me = request.user.staff_id
    if request.method != "POST":
        day = typed_day(request.GET)
        initial = blank_meeting(day=day, me=me, project=project)
        return _form_page(request, MeetingForm(None, station=station, day=day, me=me, initial=initial), project)
    form = MeetingForm(request.POST, station=station, day=typed_day(request.POST), me=me)
    if form.is_valid():
        made = tried(form, lambda: record_meeting(by=request.user, entry=form.entry(), acknowledged=form.acknowledged))
        if made:
            messages.success(request, _("会议已保存"))
            return redirect("project", made.project_id) if made.project_id else redirect("meeting", made.pk)
    return _form_page(request, form, project)


def _project_asked(request: SignedIn, station_id: UUID) -> Project | None:
    try:
        pk = UUID(request.GET.get("project", ""))
    except ValueError:
        return None
    return projects_written_by(request.user).filter(pk=pk, station=station_id).first()


def _form_page(request: SignedIn, form: MeetingForm, project: Project | None, **more: Any) -> HttpResponse:
    heading = _("更正会议") if form.correcting else _("记会议")
    back = reverse("project", args=[project.pk]) if project else reverse("project-list")
    crumbs = [(_("社区项目"), reverse("project-list")), *([(project.title, back)] if project else []), (heading, "")]
    status = more.pop("status", 422 if form.is_bound else 200)
    context = {"form": form, "heading": heading, "crumbs": crumbs, "back_url": back, "recent_days": recent_days()}
    return render(request, "projects/meeting_form.html", context | more, status=status)


@require_safe
def meeting(request: SignedIn, pk: UUID) -> HttpResponse:
    """One meeting: what about, how many came, what was decided."""
    found = get_object_or_404(with_people(meetings_visible_to(request.user)), pk=pk)
    heads = found.record.contacts.first()
    frame = record_frame(request.user, found.record)
    context = frame | {
        "meeting": found, "method": heads.get_method_display() if heads else "",
        "corrections": corrections(found) if frame["names"] else [],
        "crumbs": [(_("服务记录"), reverse("record-list")), (_("会议"), "")],
    }  # fmt: skip
    return render(request, "projects/meeting.html", context)


@require_http_methods(FORM)
def meeting_correct(request: SignedIn, pk: UUID) -> HttpResponse:
    """更正会议."""
    found = get_object_or_404(meetings_visible_to(request.user), pk=pk)
    record = found.record
    if not may_write(request.user, record) or record.voided_at:
        raise Http404
    initial = initial_of(found)
    day = typed_day(request.POST) if request.method == "POST" else record.occurred_on
    form = MeetingForm(
        request.POST or None, station=record.station, day=day, me=request.user.staff_id, correcting=True,
        initial=initial,
    )  # fmt: skip
    both: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        try:
            if tried(form, lambda: _corrected(request, form, found)):
                messages.success(request, _("已更正，原来的内容留在历史里"))
                return redirect("meeting", pk)
        except Conflict:
            both = _both_versions(form, pk)
    return _form_page(request, form, found.project, **{"back_url": reverse("meeting", args=[pk])} | both)


def _corrected(request: SignedIn, form: MeetingForm, found: Meeting) -> Meeting:
    return correct_meeting(
        by=request.user, meeting=found, version=form.cleaned_data["version"] or 0, entry=form.entry(),
        reason=form.cleaned_data["reason"], acknowledged=form.acknowledged,
    )  # fmt: skip


def _both_versions(form: MeetingForm, pk: UUID) -> dict[str, Any]:
    """What is saved now beside what was typed; what was typed can then be saved on top of it."""
    now = Meeting.objects.select_related("project", "record__station").get(pk=pk)
    saved = versions(now.record)[-1]
    rebase(form, now.record.version)
    return {
        "rows": side_by_side(entry_of(now), form.entry()), "theirs_by": saved.by, "theirs_at": saved.at, "status": 409,
    }  # fmt: skip
