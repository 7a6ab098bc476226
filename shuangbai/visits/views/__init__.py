"""Pages of visits."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.codes.queries import labels_of
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.forms import add_findings, rebase
from shuangbai.households.access import family_to_write_about
from shuangbai.households.doubles import entries_of
from shuangbai.households.models import Household
from shuangbai.network.context import SignedIn
from shuangbai.network.models import OrgUnit
from shuangbai.services.access import may_write, sees_names, shown_name, veiled
from shuangbai.services.forms import recent_days, typed_day, typed_ids
from shuangbai.services.queries import versions
from shuangbai.services.views import record_frame, writing_station
from shuangbai.visits.actions import correct_visit, record_visit
from shuangbai.visits.enums import NEEDS, TOPICS
from shuangbai.visits.forms import (
    VisitForm,
    blank_visit,
    corrections,
    entry_of,
    initial_of,
    initial_of_draft,
    next_days,
    side_by_side,
)
from shuangbai.visits.models import Visit
from shuangbai.visits.queries import (
    draft_of,
    family_line,
    family_names,
    family_of,
    latest_visit,
    met_labels,
    visits_visible_to,
)


def asked_family(request: SignedIn) -> Household | None:
    """The family named in the address, if it is one's own to visit; None where none is named."""
    asked = request.GET.get("family", "")
    if not asked:
        return None
    keys = typed_ids([asked])
    found = family_to_write_about(request.user, keys[0]) if keys else None
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def visit_new(request: SignedIn) -> HttpResponse:
    station, household = writing_station(request.user), asked_family(request)
    if household is None:
        return render(request, "visits/choose_family.html", {"suggest_url": f"{reverse('family-suggest')}?q="})
    if request.method != "POST":
        return _blank(request, station, household)
    form = bound(request, station, household)
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
    return form_page(request, form, status=422)


def bound(request: SignedIn, station: OrgUnit, household: Household, correcting: bool = False) -> VisitForm:
    return VisitForm(
        request.POST, station=station, household=household, day=typed_day(request.POST), me=request.user.staff_id,
        correcting=correcting,
    )  # fmt: skip


def _blank(request: SignedIn, station: OrgUnit, household: Household) -> HttpResponse:
    """A new visit, or one's own that was begun and not saved; to htmx only what depends on the day."""
    day, me = typed_day(request.GET), request.user.staff_id
    if request.htmx:
        initial = blank_visit(request.GET, day=day, me=me)
        form = VisitForm(initial=initial, station=station, household=household, day=day, me=me)
        return render(request, "visits/_of_the_day.html", {"form": form})
    draft = draft_of(request.user, station, household)
    initial = initial_of_draft(draft) if draft else blank_visit(request.GET, day=day, me=me)
    day = typed_day(initial) if draft else day
    form = VisitForm(initial=initial, station=station, household=household, day=day, me=me)
    return form_page(request, form, draft=draft)


def form_page(request: SignedIn, form: VisitForm, *, status: int = 200, **more: Any) -> HttpResponse:
    entries = entries_of(request.user, [form.household])[form.household.pk]
    context = more | {
        "form": form,
        "family": family_line(form.household, form.day, entries),
        "recent_days": recent_days(),
        "next_days": next_days(form.day),
        "latest": latest_visit(entries, form.station) if not form.correcting else None,
        "refresh_url": more.get("new_url") or request.get_full_path(),
        "draft_query": f"?family={form.household.pk}",
    }
    return render(request, "visits/visit_form.html", context, status=status)


@require_safe
def visit(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(visits_visible_to(request.user), pk=pk)
    record = found.record
    hidden = [] if sees_names(request.user) else family_names(family_of(record).pk)
    context = record_frame(request.user, record) | {
        "visit": found,
        "family_name": shown_name(request.user, family_of(record).head_name),
        "met": [veiled(label, hidden) for label in met_labels(record)],
        "topics": labels_of(TOPICS, found.topics, record.occurred_on),
        "needs": labels_of(NEEDS, found.needs, record.occurred_on),
        "narrative": veiled(found.narrative, hidden),
        "observation": veiled(found.observation, hidden),
        "corrections": corrections(record, hidden),
    }
    return render(request, "visits/visit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def visit_correct(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(visits_visible_to(request.user), pk=pk)
    record = found.record
    if not may_write(request.user, record) or record.voided_at:
        raise Http404
    if request.method != "POST":
        return _correction(request, found)
    form = bound(request, record.station, family_of(record), correcting=True)
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
    return form_page(request, form, status=409 if both else 422, visit=found, **both)


def _correction(request: SignedIn, found: Visit) -> HttpResponse:
    """A saved visit opened for correction; to htmx only what depends on the day."""
    initial = initial_of(found)
    if "occurred_on" in request.GET:
        asked = blank_visit(request.GET, day=typed_day(request.GET), me=None)
        initial |= {name: asked[name] for name in ("occurred_on", "workers", "mode", "result", "met") if name in asked}
    form = VisitForm(
        initial=initial, station=found.record.station, household=family_of(found.record), day=initial["occurred_on"],
        me=request.user.staff_id, correcting=True,
    )  # fmt: skip
    if request.htmx:
        return render(request, "visits/_of_the_day.html", {"form": form})
    return form_page(request, form, visit=found)


def _both_versions(form: VisitForm, pk: UUID) -> dict[str, Any]:
    """What is saved now beside what was typed; what was typed can then be saved on top of it."""
    now = Visit.objects.select_related("record__station", "record__campaign").get(pk=pk)
    saved = versions(now.record)[-1]
    rebase(form, now.record.version)
    return {
        "rows": side_by_side(entry_of(now), form.entry()),
        "theirs_by": saved.by,
        "theirs_at": saved.at,
    }
