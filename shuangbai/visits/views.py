"""Pages of visits."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.forms import add_findings
from shuangbai.households.access import households_visible_to
from shuangbai.households.models import Household
from shuangbai.households.queries import members_on
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.services.access import sees_names, shown_name, veiled
from shuangbai.services.forms import typed_day, typed_ids
from shuangbai.services.rules import is_late
from shuangbai.visits.actions import record_visit
from shuangbai.visits.enums import Need, Topic
from shuangbai.visits.forms import (
    VisitForm,
    blank_visit,
    corrections,
    next_days,
    recent_days,
)
from shuangbai.visits.queries import family_line, family_names, latest_visit, visits_visible_to


def _asked_family(request: HttpRequest) -> Household | None:
    """The family named in the address, if it is one's own to visit; None where none is named."""
    asked = request.GET.get("family", "")
    if not asked:
        return None
    families = households_visible_to(request.user, Permission.WRITE_RECORDS).select_related("village")
    return get_object_or_404(families, pk__in=typed_ids([asked]))


@require_http_methods(["GET", "HEAD", "POST"])
def visit_new(request: HttpRequest) -> HttpResponse:
    station, household = writing_station(request.user), _asked_family(request)
    if household is None:
        return render(request, "visits/choose_family.html", {"suggest_url": f"{reverse('family-suggest')}?q="})
    if request.method != "POST":
        return _blank(request, station, household)
    form = _bound(request, station, household)
    if form.is_valid():
        try:
            visit = record_visit(by=request.user, entry=form.entry(), acknowledged=form.acknowledged)
        except Refused as refused:
            add_findings(form, refused)
        except NotAllowed as error:
            raise Http404 from error
        else:
            messages.success(request, _("已保存，可以再记一户"))
            return redirect("visit", visit.pk)
    return _form_page(request, form, status=422)


def _bound(request: HttpRequest, station: OrgUnit, household: Household, correcting: bool = False) -> VisitForm:
    return VisitForm(
        request.POST, station=station, household=household, day=typed_day(request.POST), me=request.user.staff_id,
        correcting=correcting,
    )  # fmt: skip


def _blank(request: HttpRequest, station: OrgUnit, household: Household) -> HttpResponse:
    """A new visit; to htmx only what depends on the day."""
    day, me = typed_day(request.GET), request.user.staff_id
    initial = blank_visit(request.GET, day=day, me=me)
    form = VisitForm(initial=initial, station=station, household=household, day=day, me=me)
    if request.htmx:
        return render(request, "visits/_of_the_day.html", {"form": form})
    return _form_page(request, form)


def _form_page(request: HttpRequest, form: VisitForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = more | {
        "form": form,
        "family": family_line(form.household, form.day),
        "recent_days": recent_days(),
        "next_days": next_days(form.day),
        "latest": latest_visit(form.household, form.station) if not form.correcting else None,
        "refresh_url": request.get_full_path(),
    }
    return render(request, "visits/visit_form.html", context, status=status)


@require_safe
def visit(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(visits_visible_to(request.user), pk=pk)
    record = found.record
    hidden = [] if sees_names(request.user) else family_names(record.household_id)
    context = record_frame(request.user, record) | {
        "visit": found,
        "family_name": shown_name(request.user, record.household.head_name),
        "met": [veiled(label, hidden) for label in met_labels(record)],
        "topics": [Topic(code).label for code in found.topics],
        "needs": [Need(code).label for code in found.needs],
        "narrative": veiled(found.narrative, hidden),
        "observation": veiled(found.observation, hidden),
        "corrections": corrections(record, hidden),
    }
    return render(request, "visits/visit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def visit_correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(visits_visible_to(request.user), pk=pk)
    record = found.record
    if not may_write(request.user, record) or record.voided_at:
        raise Http404
    if request.method != "POST":
        return _correction(request, found)
    form = _bound(request, record.station, record.household, correcting=True)
    both: dict[str, Any] = {}
    if form.is_valid():
        entry, version = form.entry(), form.cleaned_data["version"] or 0
        reason = form.cleaned_data["reason"]
        try:
            correct_visit(
                by=request.user, visit=found, version=version, entry=entry, reason=reason,
                acknowledged=form.acknowledged,
            )  # fmt: skip
        except Refused as refused:
            add_findings(form, refused)
        except Conflict:
            both = _both_versions(form, pk)
        else:
            messages.success(request, _("已更正，原来的内容留在历史里"))
            return redirect("visit", pk)
    return _form_page(request, form, status=409 if both else 422, visit=found, **both)


def _correction(request: HttpRequest, found: Visit) -> HttpResponse:
    """A saved visit opened for correction; to htmx only what depends on the day."""
    initial = initial_of(found)
    if "occurred_on" in request.GET:
        asked = blank_visit(request.GET, day=typed_day(request.GET), me=None)
        initial |= {name: asked[name] for name in ("occurred_on", "workers", "mode", "result", "met") if name in asked}
    form = VisitForm(
        initial=initial, station=found.record.station, household=found.record.household, day=initial["occurred_on"],
        me=request.user.staff_id, correcting=True,
    )  # fmt: skip
    if request.htmx:
        return render(request, "visits/_of_the_day.html", {"form": form})
    return _form_page(request, form, visit=found)


def _both_versions(form: VisitForm, pk: UUID) -> dict[str, Any]:
    """What is saved now beside what was typed; what was typed can then be saved on top of it."""
    now = Visit.objects.select_related("record__station", "record__campaign").get(pk=pk)
    saved = now.record.history.select_related("history_user").latest("history_date")
    form.data = form.data.copy()
    form.data["version"] = str(now.record.version)
    return {
        "rows": side_by_side(entry_of(now), form.entry()),
        "theirs_by": saved.history_user.display_name if saved.history_user else "",
        "theirs_at": saved.history_date,
    }
