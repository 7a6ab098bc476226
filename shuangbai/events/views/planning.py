"""Pages of a plan: the station's lists, the plan, its page, states, what is printed."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import charts, clock
from shuangbai.core.findings import Conflict
from shuangbai.core.privacy import mask_phone
from shuangbai.core.qr import qr_code
from shuangbai.events import pdf, queries
from shuangbai.events.access import events_visible_to, may_open_phones, may_write
from shuangbai.events.actions import planning as actions
from shuangbai.events.enums import LETS_IN, EventState
from shuangbai.events.forms.planning import EventForm, MoveForm, SwitchForm, theirs
from shuangbai.events.models import Event
from shuangbai.events.rules import COMING, KEPT_DAYS, budget_sums
from shuangbai.events.views import back_to, crumbs, event_of, page, stale
from shuangbai.households.enums import UnmaskReason
from shuangbai.households.views import FORM, not_found_unless, own_station, page_url, saved, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.services.access import sees_names, shown_name

TURN = 30


@require_safe
def event_list(request: SignedIn) -> HttpResponse:
    """活动策划: what comes, the next first; what was, behind a link."""
    viewer = viewer_of(request.user)
    not_found_unless(viewer.may(Permission.SEE_RECORDS))
    past, at = "past" in request.GET, request.GET.get("page", "1")
    number = max(int(at), 1) if at.isdecimal() and len(at) < 5 else 1
    rows = queries.listed(events_visible_to(request.user), clock.today(), past=past)
    shown = list(rows[(number - 1) * TURN : number * TURN + 1])
    context = {
        "events": shown[:TURN], "past": past, "day": clock.today(),
        "older_url": page_url(request, number + 1) if len(shown) > TURN else "",
        "newer_url": page_url(request, number - 1) if number > 1 else "",
        "new_url": reverse("event-new") if viewer.home_station else "", "several": viewer.home_station is None,
    }  # fmt: skip
    return render(request, "events/list.html", context)


@require_http_methods(FORM)
def event_new(request: SignedIn) -> HttpResponse:
    """策划活动."""
    station = own_station(request, Permission.WRITE_RECORDS)
    form = EventForm(request.POST or None, station=station, me=request.user.staff_id)
    if form.is_bound and form.is_valid():
        made = tried(form, lambda: actions.plan_event(by=request.user, entry=form.entry()))
        if made:
            return back_to(request, made, _("策划已保存"))
    return page(request, "event_form", form, crumbs=crumbs(None, _("策划活动")), back_url=reverse("event-list"))


@require_http_methods(FORM)
def event_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """The plan, changed."""
    found = event_of(request, pk, write=True)
    form = EventForm(request.POST or None, station=found.station, me=request.user.staff_id, event=found)
    more: dict[str, Any] = {
        "event": found,
        "crumbs": crumbs(found, _("改策划")),
        "back_url": reverse("event", args=[pk]),
    }
    if form.is_bound and form.is_valid():
        refused = saved(
            form,
            lambda: actions.change_event(
                by=request.user, event=found, version=form.cleaned_data["version"] or 0, entry=form.entry()
            ),
            lambda: _now(pk, form),
        )  # fmt: skip
        if refused is None:
            return back_to(request, found, _("已保存"))
        more |= refused
    return page(request, "event_form", form, **more)


def _now(pk: UUID, form: EventForm) -> tuple[Event, dict[str, Any]]:
    now = Event.objects.get(pk=pk)
    return now, theirs(now, form)


@require_safe
def event(request: SignedIn, pk: UUID) -> HttpResponse:
    """One planned activity: the plan, who signed up, and afterwards what was said."""
    return event_page(request, event_of(request, pk))


def event_page(request: SignedIn, found: Event, **more: Any) -> HttpResponse:
    """The page of a plan; `more` may bring a form of it that came back, and a status."""
    day, names, writes = clock.today(), sees_names(request.user), may_write(request.user, found)
    numbers, rows = queries.numbers_of(found), list(queries.signed_of(found)) if names else []
    door = queries.entrance_of(found, day, numbers=numbers)
    planned, actual = budget_sums(found.budget)
    context = {
        "event": found, "crumbs": crumbs(None, found.title), "names": names, "writes": writes, "numbers": numbers,
        "rows": [(one, shown_name(request.user, one.name), mask_phone(one.phone)) for one in rows],
        "door": door, "lets_in": door in LETS_IN, "coming": found.state in COMING, "planned": planned,
        "actual": actual, "moving": MoveForm(event=found) if writes and found.state in COMING else None,
        "moves": queries.moves_of(found), "join_url": _absolute(request, "join", found.token),
        "rolls": writes and found.state in COMING and found.held_on <= day, "day": day, "kept_days": KEPT_DAYS,
        "opens": bool(rows) and may_open_phones(request.user, found), "reasons": UnmaskReason.choices,
        **(_heard(request, found, names) if found.state == EventState.HELD else {}), **more,
    }  # fmt: skip
    if writes and _voided(found):
        context["moving"] = MoveForm(event=found)
    return render(request, "events/event.html", context, status=more.get("status", 200))


def _voided(found: Event) -> bool:
    return found.activity is not None and found.activity.record.voided_at is not None


def _absolute(request: SignedIn, name: str, token: str) -> str:
    return request.build_absolute_uri(reverse(name, args=[token]))


def _heard(request: SignedIn, found: Event, names: bool) -> dict[str, Any]:
    """What people said: counts for everybody who sees the plan, the words for the station and who stands by it."""
    heard = queries.heard_of(found)
    bars = [charts.Bar(label, [count]) for label, count in heard.lines]
    url = _absolute(request, "say", found.say_token)
    return {
        "heard": heard, "words": queries.words_of(found) if names else [], "say_url": url, "say_qr": qr_code(url),
        "chart": charts.pair(charts.bars, bars, title=_("满意程度"), unit=_("份")) if heard.answers else None,
        "voided": _voided(found),
        "saying": found.say_until is not None and clock.today() <= found.say_until,
    }  # fmt: skip


@require_POST
def event_move(request: SignedIn, pk: UUID) -> HttpResponse:
    """Another state: the page of the plan again where something is to be put right."""
    found = event_of(request, pk, write=True)
    form = MoveForm(request.POST, event=found)
    if not form.is_valid():
        return event_page(request, found, moving=form, status=422)
    c = form.cleaned_data
    refused = saved(
        form,
        lambda: actions.move_event(
            by=request.user, event=found, version=c["version"], to=EventState(c["to"]), reason=c["reason"]
        ),
        lambda: (Event.objects.get(pk=pk), {}),
    )  # fmt: skip
    if refused is None:
        return back_to(request, found, _("已记下"))
    if refused:
        form.add_error(None, _("您打开之后，这场活动已被别人改过；请看清现在的样子，再按一次"))
        return event_page(request, event_of(request, pk), moving=form, status=409)
    return event_page(request, found, moving=form, status=422)


@require_POST
def event_switch(request: SignedIn, pk: UUID) -> HttpResponse:
    """网上报名, on or off."""
    found = event_of(request, pk, write=True)
    form = SwitchForm(request.POST)
    not_found_unless(form.is_valid())
    c = form.cleaned_data
    try:
        actions.switch_page(by=request.user, event=found, version=c["version"], on=c["on"] == "on")
    except Conflict:
        return stale(request, found)
    return back_to(request, found, _("网上报名已打开") if c["on"] == "on" else _("网上报名已关闭"))


@require_safe
def event_plan(request: SignedIn, pk: UUID) -> HttpResponse:
    """活动策划书, to be printed; ?pdf for a file."""
    found = event_of(request, pk)
    not_found_unless(sees_names(request.user))
    planned, actual = budget_sums(found.budget)
    context = {
        "event": found, "planned": planned, "actual": actual, "numbers": queries.numbers_of(found),
        "pdf": pdf.available(), "kind": "plan",
    }  # fmt: skip
    return _printed(request, found, context)


@require_safe
def event_poster(request: SignedIn, pk: UUID) -> HttpResponse:
    """The notice with the QR code to sign up by, or, after the activity, to say how it was by."""
    found = event_of(request, pk, write=True)
    says = found.state == EventState.HELD
    url = _absolute(request, "say", found.say_token) if says else _absolute(request, "join", found.token)
    context = {"event": found, "qr": qr_code(url), "url": url, "says": says, "pdf": pdf.available(), "kind": "poster"}
    return _printed(request, found, context)


def _printed(request: SignedIn, found: Event, context: dict[str, Any]) -> HttpResponse:
    if "pdf" in request.GET and pdf.available():
        answer = HttpResponse(pdf.render(context, request.build_absolute_uri("/")), content_type="application/pdf")
        answer["Content-Disposition"] = pdf.file_name(f"{found.title}.pdf")
        return answer
    return render(request, "events/printed.html", {**context, "crumbs": crumbs(found, _("打印"))})
