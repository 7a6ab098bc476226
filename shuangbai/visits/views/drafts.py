"""What was typed of a visit and not saved: kept for whoever typed it, and thrown away."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shuangbai.core import clock
from shuangbai.core.findings import Refused
from shuangbai.core.forms import add_findings, without_complaints
from shuangbai.households.models import Household
from shuangbai.network.context import SignedIn
from shuangbai.services.forms import typed_ids
from shuangbai.services.views import writing_station
from shuangbai.visits import grid
from shuangbai.visits.actions import drop_draft, drop_grid_draft, save_draft, save_grid_draft
from shuangbai.visits.forms import typed_for_draft
from shuangbai.visits.models import GridDraft
from shuangbai.visits.views import asked_family, bound, form_page

SCRIPT = "X-Draft"  # set by core/js/draft.js, which wants no page


@require_POST
def visit_draft(request: SignedIn) -> HttpResponse:
    """存为草稿. To the script 204 with the time; to a browser without it, 今日 and a message."""
    station, household = writing_station(request.user), asked_family(request)
    if household is None:
        raise Http404
    try:
        kept = save_draft(
            by=request.user, station=station, household_id=household.pk, typed=typed_for_draft(request.POST)
        )
    except Refused as refused:
        if SCRIPT in request.headers:
            return _said(refused)
        form = bound(request, station, household)
        without_complaints(form)
        add_findings(form, refused)
        return form_page(request, form, status=422, new_url=_new_url(household))
    return _kept(request, kept, _("这次走访已经保存过了，不用再存草稿"))


@require_POST
def visit_draft_drop(request: SignedIn) -> HttpResponse:
    station, household = writing_station(request.user), asked_family(request)
    if household is None:
        raise Http404
    drop_draft(by=request.user, station=station, household_id=household.pk)
    messages.success(request, _("草稿已丢弃"))
    return redirect(_new_url(household))


@require_POST
def grid_draft(request: SignedIn) -> HttpResponse:
    """存为草稿 of a page of many visits, as `visit_draft`."""
    station, page = writing_station(request.user), _grid_page(request)
    head, rows = grid.typed_for_draft(request.POST)
    try:
        kept = save_grid_draft(by=request.user, station=station, page=page, head=head, rows=rows)
    except Refused as refused:
        if SCRIPT in request.headers:
            return _said(refused)
        messages.warning(request, refused.findings[0].sentence)
        return redirect("today")
    return _kept(request, kept, _("这一页没有要存的，没有存草稿"))


@require_POST
def grid_draft_drop(request: SignedIn) -> HttpResponse:
    drop_grid_draft(by=request.user, station=writing_station(request.user), page=_grid_page(request))
    messages.success(request, _("草稿已丢弃"))
    return redirect("today")


def _said(refused: Refused) -> HttpResponse:
    """Why nothing was kept, to the script."""
    return HttpResponse(refused.findings[0].sentence, status=422, content_type="text/plain; charset=utf-8")


def _kept(request: SignedIn, at: datetime | None, nothing: str) -> HttpResponse:
    """When it was kept; `nothing` says why there was nothing to keep."""
    if SCRIPT in request.headers:
        return HttpResponse(status=204, headers={"X-Draft-Kept": f"{at or clock.now():%H:%M}"})
    messages.success(request, _("草稿已存，在今日的“没写完的”里接着写") if at else nothing)
    return redirect("today")


def _grid_page(request: SignedIn) -> str:
    """Of which page a draft is: the evening's, or a list of calls by its key. Raises Http404."""
    page = request.GET.get("page", "")
    if page == GridDraft.EVENING:
        return page
    lists = typed_ids([page])
    if not lists:
        raise Http404
    return str(lists[0])


def _new_url(household: Household) -> str:
    return f"{reverse('visit-new')}?family={household.pk}"
