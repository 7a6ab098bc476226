"""The day: the roll, the record that is made of it, and the page where anybody may say how it was."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuangbai.core import clock
from shuangbai.core.findings import Conflict, Refused
from shuangbai.core.forms import add_findings
from shuangbai.core.views import open_to_strangers
from shuangbai.events import queries
from shuangbai.events.access import by_say_address
from shuangbai.events.actions import holding as actions
from shuangbai.events.forms.holding import HoldForm, LinkForm, RollForm
from shuangbai.events.forms.joining import SayForm
from shuangbai.events.forms.planning import SwitchForm
from shuangbai.events.models import Event
from shuangbai.events.rules import COMING, may_say
from shuangbai.events.views import back_to, crumbs, event_of, page, stale
from shuangbai.households.views import FORM, not_found_unless, tried
from shuangbai.network.context import SignedIn
from shuangbai.services.forms import recent_days, typed_day


@require_http_methods(FORM)
def roll(request: SignedIn, pk: UUID) -> HttpResponse:
    """点名: everybody who signed up, to be tapped; as often as one likes, from several telephones."""
    found = event_of(request, pk, write=True)
    not_found_unless(found.state in COMING and found.held_on <= clock.today())
    form = RollForm(request.POST if request.method == "POST" else None, rows=list(queries.signed_of(found)))
    if form.is_bound and form.is_valid():
        came = form.came()
        if tried(form, lambda: (actions.call_roll(by=request.user, event=found, came=came),)):
            numbers = queries.numbers_of(found)
            return back_to(request, found, _("点名已存，名单上到场 %(n)s 人") % {"n": numbers.came})
    return page(request, "roll_form", form, event=found, crumbs=crumbs(found, _("点名")))


@require_http_methods(FORM)
def held(request: SignedIn, pk: UUID) -> HttpResponse:
    """办结: the activity is recorded, with everybody who was ticked."""
    found = event_of(request, pk, write=True)
    not_found_unless(found.held_on <= clock.today())
    if request.method == "POST" and found.state not in COMING:
        # Sent twice: what it made the first time stands.
        messages.info(request, _("这场活动已经办结，没有再记一遍"))
        return redirect("event", pk)
    not_found_unless(found.state in COMING)
    form = _form(request, found)
    if form.is_bound and form.is_valid():
        version = form.data.get("event_version", "")
        try:
            made = tried(form, lambda: actions.hold_event(
                by=request.user, event=found, version=int(version) if version.isdecimal() else 0, entry=form.entry(),
                matched=form.matched(), acknowledged=form.acknowledged,
            ))  # fmt: skip
        except Conflict:
            return stale(request, found)
        if made:
            return back_to(request, found, _("已办结，活动记录已生成"))
    return _held_page(request, found, form)


def _form(request: SignedIn, found: Event) -> HoldForm:
    came = list(queries.signed_of(found).filter(came__gt=0))
    data = request.POST if request.method == "POST" else None
    more: dict[str, Any] = {}
    if data is None and "occurred_on" in request.GET:
        more["initial"] = {"occurred_on": typed_day(request.GET)}
    day = typed_day(data) if data is not None else more.get("initial", {}).get("occurred_on", found.held_on)
    return HoldForm(
        data, event=found, numbers=queries.numbers_of(found), came=came, user=request.user, station=found.station,
        likely=queries.likely(request.user, found, came), day=day, me=request.user.staff_id, **more,
    )  # fmt: skip


def _held_page(request: SignedIn, found: Event, form: HoldForm) -> HttpResponse:
    """The whole form; to htmx, on a GET, only what depends on the day."""
    if request.htmx and request.method != "POST":
        return render(request, "activities/_of_the_day.html", {"form": form})
    near = [] if form.is_bound else list(queries.unplanned_near(found))
    return page(
        request, "hold_form", form, event=found, numbers=queries.numbers_of(found), recent_days=recent_days(),
        people_url=f"{reverse('people-suggest')}?q=", refresh_url=request.get_full_path(),
        linking=LinkForm(event=found, near=near) if near else None, crumbs=crumbs(found, _("办结")),
    )  # fmt: skip


@require_POST
def link(request: SignedIn, pk: UUID) -> HttpResponse:
    """A plan put to the activity that was recorded without it."""
    found = event_of(request, pk, write=True)
    form = LinkForm(request.POST, event=found, near=list(queries.unplanned_near(found)))
    if not form.is_valid():
        messages.warning(request, _("没有对上：请选一条已经记过的活动"))
        return redirect("event", pk)
    chosen = form.near[form.cleaned_data["activity"]]
    try:
        actions.link_activity(
            by=request.user, event=found, version=form.cleaned_data["version"], activity=chosen
        )  # fmt: skip
    except Refused as refused:
        messages.warning(request, refused.first.sentence)
        return redirect("event", pk)
    except Conflict:
        return stale(request, found)
    return back_to(request, found, _("已对上活动记录"))


@require_POST
def say_switch(request: SignedIn, pk: UUID) -> HttpResponse:
    """收意见, for some days more or no longer."""
    found = event_of(request, pk, write=True)
    form = SwitchForm(request.POST)
    not_found_unless(form.is_valid())
    c = form.cleaned_data
    try:
        actions.switch_say(by=request.user, event=found, version=c["version"], on=c["on"] == "on")
    except Conflict:
        return stale(request, found)
    except Refused as refused:
        messages.warning(request, refused.first.sentence)
        return redirect("event", pk)
    return back_to(request, found, _("又可以提意见了") if c["on"] == "on" else _("不再收意见"))


@open_to_strangers
@require_http_methods(FORM)
def say(request: HttpRequest, token: str) -> HttpResponse:
    """Three questions about an activity, to anybody who has the address; who answers is not kept."""
    found = get_object_or_404(by_say_address(token))
    closed = may_say(state=found.state, say_until=found.say_until, today=clock.today())
    if request.method != "POST":
        thanked = "thanks" in request.GET
        return render(request, "events/say.html", {
            "event": found, "closed": closed, "thanked": thanked, "form": None if closed or thanked else SayForm(),
        })  # fmt: skip
    form = SayForm(request.POST)
    if form.is_valid():
        try:
            actions.say(event=found, entry=form.entry())
            return redirect(f"{reverse('say', args=[token])}?thanks")
        except Refused as refused:
            add_findings(form, refused)
    return render(request, "events/say.html", {"event": found, "form": form, "closed": closed}, status=422)
