"""交接: what is on its way, giving, taking, and the receipt that is printed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.cases.queries import offers_between, offers_given, offers_to, to_give
from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.forms import add_findings
from shuangbai.households.models import FamilyFile
from shuangbai.households.views import own_station, tried
from shuangbai.lives import queries
from shuangbai.lives.access import handovers_visible_to
from shuangbai.lives.actions.handing import answer_items, give, may_give, withdraw_items
from shuangbai.lives.enums import ItemState
from shuangbai.lives.forms.handover import AnswerForm, GiveForm
from shuangbai.lives.models import Handover, HandoverItem
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.models import OrgUnit, Staff
from shuangbai.network.queries import colleagues
from shuangbai.network.roles import Permission

FORM = ["GET", "HEAD", "POST"]


@require_safe
def handovers(request: SignedIn) -> HttpResponse:
    """交接: what waits, what was left behind, what is done."""
    station, day = own_station(request), clock.today()
    heads = viewer_of(request.user).reaches(Permission.HAND_OVER, station.pk)
    context = {
        "station": station, "heads": heads, "rows": queries.handover_lines(handovers_visible_to(request.user)),
        "left": queries.left_behind([station.pk], day) if heads else [],
        "team": list(colleagues(station.pk, day)) if heads else [], "me": request.user.staff_id,
        "offers": list(offers_to(request.user)), "given": list(offers_given(request.user)),
    }  # fmt: skip
    return render(request, "lives/handovers.html", context)


def giver_of(request: SignedIn, station: OrgUnit, pk: UUID) -> tuple[Staff, list[FamilyFile]]:
    """Somebody of the station, or who left files there, and these files. Raises Http404."""
    giver = get_object_or_404(queries.givers_at(station.pk, clock.today()), pk=pk)
    if not may_give(request.user, station.pk, pk):
        raise Http404
    return giver, queries.files_kept_by(pk, station.pk)


@require_http_methods(FORM)
def handover_new(request: SignedIn, staff: UUID) -> HttpResponse:
    """Somebody's families for others."""
    station = own_station(request)
    giver, files = giver_of(request, station, staff)
    waiting = queries.waiting_files([file.pk for file in files])
    others = [one for one in colleagues(station.pk, clock.today()) if one.pk != giver.pk]
    free = [one for one in files if one.pk not in waiting]
    cases = list(to_give(request.user, giver.pk, station.pk))
    form = GiveForm(request.POST or None, others=others, station=station, giver=giver, files=free, cases=cases)
    made = tried(form, lambda: (give(by=request.user, entry=form.entry(), cases=form.given_cases()),)) if (
        form.is_valid()
    ) else None  # fmt: skip
    if made:
        messages.success(request, _("已发起交接；接手的人确认以前，仍由原来的人负责"))
        return redirect("handover", made[0].pk) if made[0] else redirect("handover-list")
    tasks, other = queries.tasks_of(giver.pk, [file.household_id for file in files])
    context = {
        "form": form, "others": others, "waiting": len(waiting), "tasks": tasks, "other_tasks": other,
        "station": station, "giver": giver, "files": free, "cases": cases,
        "helping": queries.helping_of(giver.pk, [file.household_id for file in files]),
    }  # fmt: skip
    return render(request, "lives/handover_new.html", context, status=422 if form.is_bound else 200)


def handover_of(request: SignedIn, pk: UUID) -> Handover:
    rows = handovers_visible_to(request.user).select_related("giver", "station", "entered_by")
    return get_object_or_404(rows, pk=pk)


def handover_page(request: SignedIn, found: Handover, form: AnswerForm, status: int = 200) -> HttpResponse:
    items, me = queries.items_of(found), request.user.staff_id
    gives = may_give(request.user, found.station_id, found.giver_id)
    shown = items if gives else [item for item in items if item.receiver_id == me]
    queries.along(found, shown)
    span = (found.entered_at, found.closed_at)
    here = colleagues(found.station_id, clock.today()).filter(pk=found.giver_id).exists()
    context: dict[str, Any] = {
        "handover": found, "items": shown, "counts": queries.counts_of(shown),
        "tasks": sum(queries.tasks_by_family(found.giver_id, [one.file.household_id for one in shown]).values()),
        "helping": queries.helping_of(found.giver_id, [one.file.household_id for one in shown]),
        "cases": offers_between(request.user, found.giver_id, found.station_id, *span),
        "form": form, "gives": gives,
        "mine": [item for item in shown if item.receiver_id == me and item.state == ItemState.WAITING],
        "open": any(item.state == ItemState.WAITING for item in shown), "giver_here": here,
        "crumbs": [(_("交接"), reverse("handover-list")), (str(found.giver), "")],
    }  # fmt: skip
    return render(request, "lives/handover.html", context, status=status)


@require_safe
def handover(request: SignedIn, pk: UUID) -> HttpResponse:
    """One handover: the list with who takes what, to be confirmed, withdrawn and printed."""
    return handover_page(request, handover_of(request, pk), AnswerForm())


def chosen_items(request: SignedIn, found: Handover) -> list[HandoverItem]:
    keys = []
    for text in request.POST.getlist("item"):
        try:
            keys.append(UUID(text))
        except ValueError:
            raise Http404 from None
    return list(found.items.filter(pk__in=keys))


@require_POST
def handover_answer(request: SignedIn, pk: UUID) -> HttpResponse:
    """接手或退回, several at once; or taken back by whoever gave."""
    found, form = handover_of(request, pk), AnswerForm(request.POST)
    items, does = chosen_items(request, found), request.POST.get("does", "")
    if form.is_valid():
        try:
            if not items:
                raise Refused.because("", _("请先勾选家庭"))
            if does == "withdraw":
                withdraw_items(by=request.user, items=items)
            else:
                answer_items(by=request.user, items=items, take=does == "take", why=form.cleaned_data["why"])
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            add_findings(form, refused)
        else:
            told = {"take": _("已接手 %(n)s 户"), "withdraw": _("已收回 %(n)s 户")}.get(does, _("已退回 %(n)s 户"))
            messages.success(request, told % {"n": len(items)})
            return redirect("handover", found.pk)
    return handover_page(request, found, form, 422)
