"""Pages of campaigns: the list, a call written or changed, joining, and the live one-page result."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.campaigns import actions, queries
from shuangbai.campaigns.access import calling_units, campaigns_visible_to, counted_unit, joining_station, may_change
from shuangbai.campaigns.forms import CallForm, said_of
from shuangbai.campaigns.models import Call, Joining
from shuangbai.core import charts, clock
from shuangbai.core.findings import Conflict, Refused
from shuangbai.core.forms import rebase, two_versions
from shuangbai.core.queries import latest_change
from shuangbai.core.snapshots import one_snapshot
from shuangbai.events.queries import Heard
from shuangbai.households.views import FORM, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.services.models import Campaign

SEES = (Permission.SEE_RECORDS, Permission.SEE_REPORTS)


def campaign_of(request: SignedIn, code: str) -> Campaign:
    return get_object_or_404(campaigns_visible_to(request.user), code=code)


def crumbs(*here: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("专项与系列"), reverse("campaign-list")), *here]


@require_safe
def campaign_list(request: SignedIn) -> HttpResponse:
    """专项与系列: what many stations do together."""
    if not any(map(viewer_of(request.user).may, SEES)):
        raise Http404
    station = viewer_of(request.user).home_station
    rows = Joining.objects.filter(station=station, left_on__isnull=True) if station else Joining.objects.none()
    context = {
        "groups": queries.listed(campaigns_visible_to(request.user), clock.today()),
        "joined": set(rows.values_list("campaign_id", flat=True)),
        "new_url": reverse("campaign-new") if calling_units(request.user) else "",
    }
    return render(request, "campaigns/list.html", context)


@require_safe
def campaign(request: SignedIn, code: str) -> HttpResponse:
    """The live one-page result: numbers with their lists, stations in the order of the tree, pictures."""
    found, unit = campaign_of(request, code), counted_unit(request.user)
    if unit is None:
        raise Http404
    with one_snapshot():
        shown = queries.result(found, unit)
    station = joining_station(request.user, found)
    context = {
        "campaign": found, "call": getattr(found, "call", None), "result": shown, "ask": shown.ask, "unit": unit,
        "held": {"campaign": found.code}, "columns": shown.columns, "crumbs": crumbs((found.name, "")),
        "may_change": may_change(request.user, found), "today": clock.today(), "station": station,
        "joined": station is not None and station.pk in queries.stations_joined(found),
        "over": found.ends_on is not None and found.ends_on < clock.today(), "chart": _chart(shown.heard),
    }  # fmt: skip
    return render(request, "campaigns/campaign.html", context)


def _chart(heard: Heard) -> Any:
    """How content people were, as bars; None where nobody said anything."""
    bars = [charts.Bar(label, [count]) for label, count in heard.lines]
    return charts.pair(charts.bars, bars, title=_("满意程度"), unit=_("份")) if heard.answers else None


@require_http_methods(FORM)
def campaign_new(request: SignedIn) -> HttpResponse:
    """发起专项或系列."""
    units = calling_units(request.user)
    if not units:
        raise Http404
    form = CallForm(request.POST or None, unit=units[0])
    if form.is_bound and form.is_valid():
        made = tried(form, lambda: actions.call_campaign(by=request.user, entry=form.entry()))
        if made:
            messages.success(request, _("已发起，各站记录时可以选它"))
            return redirect("campaign", made.code)
    here, back = _("发起"), reverse("campaign-list")
    context = {"form": form, "heading": _("发起专项或系列"), "crumbs": crumbs((here, "")), "back": back}
    return render(request, "campaigns/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(FORM)
def campaign_edit(request: SignedIn, code: str) -> HttpResponse:
    """改名称、日子或要求."""
    found = campaign_of(request, code)
    if not may_change(request.user, found):
        raise Http404
    form = CallForm(request.POST or None, unit=found.owner, campaign=found)
    more: dict[str, Any] = {"status": 422 if form.is_bound else 200}
    if form.is_bound and form.is_valid():
        version, entry = form.cleaned_data["version"] or 0, form.entry()
        try:
            if tried(form, lambda: actions.change_call(by=request.user, campaign=found, version=version, entry=entry)):
                messages.success(request, _("已保存"))
                return redirect("campaign", code)
        except Conflict:
            more = _both_versions(request, form, code)
    back = reverse("campaign", args=[code])
    context = {"form": form, "heading": _("改专项"), "crumbs": crumbs((found.name, back), (_("改"), "")), "back": back}
    return render(request, "campaigns/form.html", context | more, status=more["status"])


def _both_versions(request: SignedIn, form: CallForm, code: str) -> dict[str, Any]:
    """What is saved now beside what was typed; what was typed can then be saved on top of it."""
    now = campaign_of(request, code)
    theirs = said_of(now)
    version = theirs.pop("version")
    rows, change = two_versions(form, theirs), latest_change(Call.objects.get(campaign=now)) if version else None
    rebase(form, version)
    by = change.by_name if change else _("另一位同事")
    return {"rows": rows, "theirs_by": by, "theirs_at": change.at if change else None, "status": 409}


@require_POST
def campaign_join(request: SignedIn, code: str) -> HttpResponse:
    """本站加入."""
    found = campaign_of(request, code)
    if joining_station(request.user, found) is None:
        raise Http404
    try:
        actions.join_campaign(by=request.user, campaign=found)
    except Refused as refused:
        messages.warning(request, refused.first.sentence)
    else:
        messages.success(request, _("本站已加入。记走访、记活动时选上它，就计在里面"))
    return redirect("campaign", code)


@require_POST
def campaign_leave(request: SignedIn, code: str) -> HttpResponse:
    """本站退出."""
    found = campaign_of(request, code)
    station = joining_station(request.user, found)
    if station is None:
        raise Http404
    joining = Joining.objects.filter(station=station, campaign=found, left_on__isnull=True).first()
    if joining:
        actions.leave_campaign(by=request.user, joining=joining)
        messages.success(request, _("本站已退出；以前记在它名下的照样算"))
    return redirect("campaign", code)
