"""The auditor's pages: who did what, one entry, the chain, what was opened of masked data, and alerts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import audit, heads
from shuangbai.core.findings import Refused
from shuangbai.core.forms import add_findings
from shuangbai.core.models import AuditEvent
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.models import User
from shuangbai.network.roles import Permission
from shuangbai.upkeep import checking, rules, trail
from shuangbai.upkeep.alerts import look_at_alert
from shuangbai.upkeep.forms import RemarkForm, TrailFilter
from shuangbai.upkeep.models import OpeningAlert

LOOKED_AT_SHOWN = 20


def only_auditors(request: HttpRequest) -> None:
    """Raises Http404 for everybody who may not read the trail."""
    if not viewer_of(request.user).may(Permission.READ_TRAIL):
        raise Http404


def turned(request: HttpRequest, following: trail.Place | None) -> dict[str, str]:
    """Addresses of the older page and of the newest, with the filters as they stand."""
    words = request.GET.copy()
    newest = words.pop("after", None)
    base = words.urlencode()
    older = ""
    if following:
        words["after"] = str(following)
        older = f"?{words.urlencode()}"
    return {"older_url": older, "newer_url": f"?{base}" if newest else ""}


@require_safe
def trail_list(request: SignedIn) -> HttpResponse:
    """留痕: every entry as a sentence, newest first."""
    only_auditors(request)
    form = TrailFilter(request.GET, kinds=trail.kinds())
    asked = form.asked()
    rows, following = trail.page(trail.entries(asked), trail.Place.parse(request.GET.get("after", "")))
    about = asked.get("about_type", "") if asked.get("about_id") else ""
    context = {
        "form": form, "lines": trail.lines(rows), "about": trail.type_name(about) if about else "",
        "about_id": asked.get("about_id", ""), "filtered": {name for name in asked if not name.startswith("about")},
        "said": [str(asked[name]) for name in ("who", "unit", "first", "last") if name in asked]
        + ([trail.label_of(asked["kind"])] if "kind" in asked else []),
        "alerts": list(trail.alerts_waiting()[:5]), **turned(request, following),
    }  # fmt: skip
    return render(request, "upkeep/trail.html", context)


@require_safe
def trail_event(request: SignedIn, pk: UUID) -> HttpResponse:
    """One entry: what it says, what it is about by its key, and its place in the chain."""
    only_auditors(request)
    event = get_object_or_404(AuditEvent, pk=pk)
    plain = sorted(event.details.items())
    context = {
        "line": trail.lines([event])[0], "event": event, "about": trail.type_name(event.about_type),
        "account": User.objects.filter(pk=event.by_id).first() if event.by_id else None,
        "details": [(name, "、".join(map(str, v)) if isinstance(v, list) else v) for name, v in plain],
        "known": event.kind in audit.KINDS, **trail.place_in_chain(event),
    }  # fmt: skip
    return render(request, "upkeep/trail_event.html", context)


# THE CHAIN -----------------------------------------------------------------


@require_safe
def chain_page(request: SignedIn) -> HttpResponse:
    """链: the last block, what waits, and the latest verification. To htmx only how far a running one is."""
    only_auditors(request)
    check = trail.latest_check()
    context: dict[str, Any] = {"check": check, "running": trail.is_at_work(check)}
    if request.htmx:
        return render(request, "upkeep/chain_check.html", context)
    context |= {**trail.chain_state(), "heads_path": heads.path(), "heads": heads.tail()[-1:]}
    return render(request, "upkeep/chain.html", context)


@require_POST
def chain_verify(request: SignedIn) -> HttpResponse:
    """现在核对."""
    only_auditors(request)
    try:
        checking.order_check(by=request.user)
    except Refused as refused:
        messages.warning(request, refused.findings[0].sentence)
    return redirect("trail-chain")


# WHAT WAS OPENED -----------------------------------------------------------


@require_safe
def openings_page(request: SignedIn) -> HttpResponse:
    """查看记录: every opening of masked data with its reason, and the alerts."""
    only_auditors(request)
    who = request.GET.get("who", "").strip()[:40]
    found = trail.openings().filter(by_id__in=trail.called(who)) if who else trail.openings()
    rows, following = trail.page(found, trail.Place.parse(request.GET.get("after", "")))
    context = {
        "who": who, "lines": trail.lines(rows), "rules": rules, "waiting": list(trail.alerts_waiting()),
        "looked_at": list(trail.alerts_looked_at(LOOKED_AT_SHOWN)), **turned(request, following),
    }  # fmt: skip
    return render(request, "upkeep/openings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def alert_page(request: SignedIn, pk: UUID) -> HttpResponse:
    """One alert: what was opened on that day, with the reasons; and the auditor's remark."""
    only_auditors(request)
    alert = get_object_or_404(OpeningAlert.objects.select_related("user", "looked_by"), pk=pk)
    form = RemarkForm(request.POST or None)
    if form.is_valid():
        try:
            look_at_alert(by=request.user, alert=alert, remark=form.cleaned_data["remark"])
            messages.success(request, _("已记下核实情况"))
            return redirect("trail-openings")
        except Refused as refused:
            add_findings(form, refused)
    rows = list(trail.openings_of_alert(alert)[: trail.PAGE])
    context = {"alert": alert, "form": form, "lines": trail.lines(rows), "rules": rules}
    return render(request, "upkeep/alert.html", context, status=422 if form.is_bound else 200)
