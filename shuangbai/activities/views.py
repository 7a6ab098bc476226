"""Pages of community activities."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.activities.actions import correct_activity, record_activity
from shuangbai.activities.forms import (
    ActivityForm,
    blank_activity,
    corrections,
    entry_of,
    initial_of,
    side_by_side,
)
from shuangbai.activities.models import Activity
from shuangbai.activities.queries import (
    activities_shown_to,
    activities_visible_to,
    heads_of,
    joint_activities,
    joint_stations,
    participants,
    person_hint,
    suggested_people,
)
from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.forms import add_findings, rebase
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.pictures.queries import album_of, published
from shuangbai.services.access import may_write, sees_names, shown_name, veiled
from shuangbai.services.forms import recent_days, typed_day
from shuangbai.services.queries import versions
from shuangbai.services.views import record_frame, writing_station
from shuangbai.upkeep.rules import SUGGESTIONS

MOST_JOINT = 200


@require_safe
def people_suggest(request: SignedIn) -> JsonResponse:
    """People of the station's families, as one types."""
    SUGGESTIONS.count(request.user.pk)
    station, day = writing_station(request.user), clock.today()
    rows = suggested_people(request.user, station, request.GET.get("q", "").replace("\0", ""), day)
    return JsonResponse(
        {"results": [{"id": r.person_id, "text": r.person.name, "hint": person_hint(r, day)} for r in rows]}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def activity_new(request: SignedIn) -> HttpResponse:
    station, me = writing_station(request.user), request.user.staff_id
    if request.method != "POST":
        day = typed_day(request.GET)
        initial = blank_activity(day=day, me=me)
        form = ActivityForm(initial=initial, user=request.user, station=station, day=day, me=me)
        return _form_page(request, form)
    form = _bound(request, station)
    if form.is_valid():
        try:
            found = record_activity(by=request.user, entry=form.entry(), acknowledged=form.acknowledged)
        except Refused as refused:
            add_findings(form, refused)
        except NotAllowed as error:
            raise Http404 from error
        else:
            messages.success(request, _("活动已保存"))
            return redirect("activity", found.pk)
    return _form_page(request, form, status=422)


def _bound(request: SignedIn, station: OrgUnit, correcting: bool = False) -> ActivityForm:
    return ActivityForm(
        request.POST, user=request.user, station=station, day=typed_day(request.POST), me=request.user.staff_id,
        correcting=correcting,
    )  # fmt: skip


def _form_page(request: SignedIn, form: ActivityForm, *, status: int = 200, **more: Any) -> HttpResponse:
    """The whole form; to htmx, on a GET, only what depends on the day."""
    if request.htmx and request.method != "POST":
        return render(request, "activities/_of_the_day.html", {"form": form})
    context = more | {
        "form": form,
        "people_url": f"{reverse('people-suggest')}?q=",
        "recent_days": recent_days(),
        "refresh_url": request.get_full_path(),
    }
    return render(request, "activities/activity_form.html", context, status=status)


@require_safe
def activity(request: SignedIn, pk: UUID) -> HttpResponse:
    """One activity. A station that held it too sees it without names and what else is known of the record."""
    found = get_object_or_404(activities_shown_to(request.user), pk=pk)
    guest = not viewer_of(request.user).reaches(Permission.SEE_RECORDS, found.record.station_id)
    named, heads = participants(found.record), heads_of(found.record)
    hidden = [person.name for person in named] if guest or not sees_names(request.user) else []
    context = record_frame(request.user, found.record) | {
        "activity": found, "guest": guest, "joint": joint_stations(found.record),
        "people": [] if guest else [shown_name(request.user, person.name) for person in named], "named": len(named),
        "heads": heads,
        "unnamed": sum(row.heads for row in heads),
        "person_times": len(named) + sum(row.heads for row in heads),
        "method": heads[0].get_method_display() if heads else "",
        "summary": veiled(found.summary, hidden),
        "corrections": [] if guest else corrections(found.record, hidden),
        "album": album_of(request.user, "activities", found.pk),
        "shown": published("activities", [found.pk]).get(found.pk, []) if guest else [],
    }  # fmt: skip
    if guest:
        context |= {"beside": [], "parts": [], "origin_url": ""}
    return render(request, "activities/activity.html", context)


@require_safe
def activity_joint(request: SignedIn) -> HttpResponse:
    """与别站合办: activities that another station records and that one's own held too."""
    station = writing_station(request.user)
    rows = list(joint_activities(request.user, station)[:MOST_JOINT])
    return render(request, "activities/joint.html", {"activities": rows, "station": station})


@require_http_methods(["GET", "HEAD", "POST"])
def activity_correct(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(activities_visible_to(request.user), pk=pk)
    record = found.record
    if not may_write(request.user, record) or record.voided_at:
        raise Http404
    if request.method != "POST":
        return _correction(request, found)
    form = _bound(request, record.station, correcting=True)
    both: dict[str, Any] = {}
    if form.is_valid():
        try:
            correct_activity(
                by=request.user, activity=found, version=form.cleaned_data["version"] or 0, entry=form.entry(),
                reason=form.cleaned_data["reason"], acknowledged=form.acknowledged,
            )  # fmt: skip
        except Refused as refused:
            add_findings(form, refused)
        except Conflict:
            both = _both_versions(form, pk)
        else:
            messages.success(request, _("已更正，原来的内容留在历史里"))
            return redirect("activity", pk)
    return _form_page(request, form, status=409 if both else 422, activity=found, **both)


def _correction(request: SignedIn, found: Activity) -> HttpResponse:
    """A saved activity opened for correction; another day may be asked for, for its workers and villages."""
    initial = initial_of(found)
    if "occurred_on" in request.GET:
        initial["occurred_on"] = typed_day(request.GET)
    form = ActivityForm(
        initial=initial, user=request.user, station=found.record.station, day=initial["occurred_on"],
        me=request.user.staff_id, correcting=True,
    )  # fmt: skip
    return _form_page(request, form, activity=found)


def _both_versions(form: ActivityForm, pk: UUID) -> dict[str, Any]:
    """What is saved now beside what was typed; what was typed can then be saved on top of it."""
    now = Activity.objects.select_related("series", "record__station", "record__campaign").get(pk=pk)
    saved = versions(now.record)[-1]
    rebase(form, now.record.version)
    return {
        "rows": side_by_side(entry_of(now), form.entry()),
        "theirs_by": saved.by,
        "theirs_at": saved.at,
    }
