"""The week's plan: a round a day proposed, put into another order, saved, printed."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.forms import add_findings, rebase
from shuangbai.network.context import SignedIn
from shuangbai.network.models import OrgUnit
from shuangbai.rounds.actions.plans import PlanEntry, save_plan
from shuangbai.rounds.forms import WeekForm, asked_monday, typed_stops
from shuangbai.rounds.models import WeekPlan
from shuangbai.rounds.rules import MOST_USUAL, WEEK, Stop, days_of, in_order, usual_week
from shuangbai.rounds.weeks import (
    asked_along,
    companions,
    known_of,
    own_plan,
    proposal,
    saved_stops,
    told_days,
    week_of,
    with_family,
)
from shuangbai.services.forms import typed_ids
from shuangbai.services.views import writing_station
from shuangbai.visits.queries import named_families, writable


@require_http_methods(["GET", "HEAD", "POST"])
def week_plan(request: SignedIn) -> HttpResponse:
    """这一周去哪几家: the saved plan, or one proposed from who is due."""
    station = _own_station(request)
    asked = request.POST if request.method == "POST" else request.GET
    monday = asked_monday(asked) or usual_week(clock.today())
    plan = own_plan(request.user, station, _me(request), monday)
    if request.method != "POST":
        return _shown(request, station, monday, plan)
    form, stops, both = WeekForm(request.POST), in_order(typed_stops(request.POST)), {}
    if "add" in request.POST:
        return _with_one_more(request, station, monday, plan, form, stops)
    if form.is_valid():
        typed = form.cleaned_data
        entry = PlanEntry(station, monday, typed["most"], typed["version"] or 0, stops)
        try:
            save_plan(by=request.user, entry=entry)
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            add_findings(form, refused)
        except Conflict:
            both = _both(request, station, monday, form, stops)
        else:
            messages.success(request, _("计划已保存，可以随时再改"))
            return redirect(f"{reverse('week-plan')}?{urlencode({'monday': monday})}")
    return _page(request, station, monday, plan, form, stops, status=409 if both else 422, **both)


def _own_station(request: SignedIn) -> OrgUnit:
    """The station for whose families somebody plans. Raises Http404 for those who visit nobody."""
    station = writing_station(request.user)
    if request.user.staff_id is None:
        raise Http404
    return station


def _me(request: SignedIn) -> Any:
    return request.user.staff_id


def _shown(request: SignedIn, station: OrgUnit, monday: date, plan: WeekPlan | None) -> HttpResponse:
    """The plan as it was saved; where none was, or a fresh one is asked for, one proposed."""
    asked = WeekForm({"most": request.GET.get("most", "")})
    wanted = asked.cleaned_data["most"] if asked.is_valid() else plan.most if plan else MOST_USUAL
    fresh = plan is None or "fresh" in request.GET
    form = WeekForm(initial={"most": wanted, "version": plan.version if plan else 0})
    stops = None if fresh or plan is None else saved_stops(plan)
    return _page(request, station, monday, plan, form, stops, most=wanted)


def _with_one_more(
    request: SignedIn, station: OrgUnit, monday: date, plan: WeekPlan | None, form: WeekForm, stops: list[Stop]
) -> HttpResponse:
    """The page with a family more, not saved: the one picked, or the only one that answers to what was typed."""
    picked = typed_ids([request.POST.get("family", "")])
    named = picked or named_families(request.user, station, request.POST.get("find", ""))
    if len(named) == 1 and writable(request.user).filter(pk=named[0]).exists():
        days = days_of(monday)
        on = next((day for day in days if day.isoformat() == request.POST.get("add_day")), days[0])
        stops = with_family(stops, named[0], on)
    else:
        many = _("不止一户对得上，请写全姓名或档案号")
        messages.warning(request, many if named else _("没有找到这户，请核对姓名或档案号"))
    form.is_valid()
    return _page(request, station, monday, plan, form, stops, unsaved=True, status=200)


def _both(request: SignedIn, station: OrgUnit, monday: date, form: WeekForm, stops: Sequence[Stop]) -> dict[str, Any]:
    """What is saved now beside what stands on the page, day by day; the latter can then be saved on top."""
    now = own_plan(request.user, station, _me(request), monday)
    if now is None:
        return {}
    theirs = saved_stops(now)
    ids = {stop.household_id for stop in [*theirs, *stops]}
    names = dict(writable(request.user).filter(pk__in=ids).values_list("pk", "head_name"))
    then, mine = told_days(theirs, names), told_days(stops, names)
    labels = [(day, f"{day.month}月{day.day}日") for day in days_of(monday)] + [(None, _("这周不去"))]
    both = [(label, then.get(day, ""), mine.get(day, "")) for day, label in labels]
    rows = [{"label": a, "theirs": old, "mine": new, "changed": old != new} for a, old, new in both if old or new]
    rebase(form, now.version)
    last = now.history.select_related("history_user").order_by("-history_date", "-history_id").first()
    return {"conflict": rows, "theirs_by": last.history_user or now.entered_by, "theirs_at": last.history_date}


def _page(
    request: SignedIn, station: OrgUnit, monday: date, plan: WeekPlan | None, form: WeekForm,
    stops: Sequence[Stop] | None, *, most: int = MOST_USUAL, unsaved: bool = False, status: int = 200, **more: Any,
) -> HttpResponse:  # fmt: skip
    """The page of a week; `stops` None asks for a proposal."""
    today, me = clock.today(), _me(request)
    known = known_of(request.user, station, me, today)
    proposed = stops is None
    chosen = proposal(known, monday, most, today) if stops is None else stops
    week = week_of(request.user, known, chosen, monday=monday, most=most, plan=plan, today=today)
    context = more | {
        "form": form,
        "week": week,
        "last": monday + timedelta(days=WEEK - 1),
        "days": [(day, _("周") + "一二三四五六日"[day.weekday()]) for day in days_of(monday)],
        "proposed": proposed,
        "unsaved": unsaved or (form.is_bound and status != 200),
        "colleagues": companions(station, me, monday, today),
        "along": asked_along(request.user, me, monday),
        "earlier": monday - timedelta(days=WEEK),
        "later": monday + timedelta(days=WEEK),
        "today": today,
        "suggest_url": f"{reverse('family-suggest')}?q=",
    }
    return render(request, "rounds/week.html", context, status=status)


@require_safe
def week_print(request: SignedIn) -> HttpResponse:
    """The saved plan on A4: where, in which order, with whom. No grade and no reason stands on it."""
    station = _own_station(request)
    monday, today = asked_monday(request.GET) or usual_week(clock.today()), clock.today()
    plan = own_plan(request.user, station, _me(request), monday)
    if plan is None:
        raise Http404
    known = known_of(request.user, station, _me(request), today)
    week = week_of(
        request.user, known, saved_stops(plan), monday=monday, most=plan.most, plan=plan, today=today
    )  # fmt: skip
    names = {staff.pk: staff.name for staff in companions(station, _me(request), monday, today)}
    for one in week.stops:
        one.with_whom = names.get(one.stop.companion_id, "") if one.stop.companion_id else ""
    context = {"week": week, "last": monday + timedelta(days=WEEK - 1), "station": station, "staff": request.user.staff}
    return render(request, "rounds/week_print.html", context)
