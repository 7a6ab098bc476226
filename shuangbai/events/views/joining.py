"""Signing up: the public page and somebody's own, and the list as the station keeps it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuangbai.core import clock
from shuangbai.core.findings import Refused
from shuangbai.core.forms import add_findings
from shuangbai.core.privacy import mask_name
from shuangbai.core.views import open_to_strangers
from shuangbai.events import queries
from shuangbai.events.access import by_address, by_secret, sign_ups_written_by
from shuangbai.events.actions import joining as actions
from shuangbai.events.enums import LETS_IN, Entrance, EventState
from shuangbai.events.forms.joining import EnterForm, JoinForm
from shuangbai.events.models import Event, SignUp
from shuangbai.events.rules import COMING, KEPT_DAYS
from shuangbai.events.views import back_to, crumbs, event_of, page
from shuangbai.households.enums import UnmaskReason
from shuangbai.households.views import FORM, not_found_unless, tried
from shuangbai.network.context import SignedIn

# FOR ANYBODY ---------------------------------------------------------------


@open_to_strangers
@require_http_methods(FORM)
def join(request: HttpRequest, token: str) -> HttpResponse:
    """报名: the form, or one sentence that says why there is none."""
    found = get_object_or_404(by_address(token))
    door = queries.entrance_of(found, clock.today())
    if request.method != "POST":
        return _join_page(request, found, door, JoinForm(event=found) if door in LETS_IN else None)
    form = JoinForm(request.POST, event=found)
    if form.is_valid():
        try:
            return redirect("join-mine", actions.join(event=found, entry=form.entry()).secret)
        except Refused as refused:
            add_findings(form, refused)
            door = queries.entrance_of(found, clock.today())
    return _join_page(request, found, door, form, status=422)


def _join_page(
    request: HttpRequest, event: Event, door: Entrance, form: JoinForm | None, *, status: int = 200
) -> HttpResponse:
    context = {"event": event, "door": door, "form": form, "waits": door == Entrance.WAITING, "kept_days": KEPT_DAYS}
    return render(request, "events/join.html", context, status=status)


@open_to_strangers
@require_http_methods(FORM)
def mine(request: HttpRequest, secret: str) -> HttpResponse:
    """Somebody's own sign-up, by the address that only they were given: how it stands, and taking it back."""
    found = get_object_or_404(by_secret(secret))
    said = ""
    if request.method == "POST":
        try:
            actions.leave(sign_up=found)
            return redirect("join-mine", secret)
        except Refused as refused:
            said = refused.first.sentence
    event = found.event
    context = {
        "event": event, "one": found, "name": mask_name(found.name), "said": said, "kept_days": KEPT_DAYS,
        "ahead": queries.ahead_of(found) if found.waiting else 0,
        "stands": found.withdrawn_at is None, "called_off": event.state == EventState.CANCELLED,
        "may_leave": found.withdrawn_at is None and event.state in COMING and event.held_on >= clock.today(),
    }  # fmt: skip
    return render(request, "events/mine.html", context, status=422 if said else 200)


# FOR THE STATION -----------------------------------------------------------


@require_http_methods(FORM)
def name_new(request: SignedIn, pk: UUID) -> HttpResponse:
    """代人报名, for who telephones or comes by."""
    found = event_of(request, pk, write=True)
    not_found_unless(found.state == EventState.OPEN)
    form = EnterForm(request.POST or None, event=found)
    if form.is_bound and form.is_valid():
        made = tried(form, lambda: actions.enter_sign_up(by=request.user, event=found, entry=form.entry()))
        if made:
            return back_to(request, found, _("已报名，排在候补") if made.waiting else _("已报名"))
    return page(request, "name_form", form, event=found, crumbs=crumbs(found, _("代人报名")))


def _sign_up_of(request: SignedIn, pk: UUID) -> SignUp:
    return get_object_or_404(sign_ups_written_by(request.user).select_related("event"), pk=pk)


@require_POST
def name_withdraw(request: SignedIn, pk: UUID) -> HttpResponse:
    """A sign-up taken back at the station."""
    found = _sign_up_of(request, pk)
    actions.withdraw_sign_up(by=request.user, sign_up=found)
    return back_to(request, found.event, _("已取消这个报名，姓名和电话已删除"))


@require_POST
def name_told(request: SignedIn, pk: UUID) -> HttpResponse:
    """Somebody who moved up was telephoned."""
    found = _sign_up_of(request, pk)
    actions.note_told(by=request.user, sign_up=found)
    return back_to(request, found.event, _("已记下：电话告知了"))


@require_POST
def phones(request: SignedIn, pk: UUID) -> HttpResponse:
    """The list with its telephones, for a reason."""
    found = event_of(request, pk, write=True)
    said = request.POST.get("reason", "")
    if said not in UnmaskReason.values:
        return back_to(request, found, _("没有打开：请先选为什么要看电话"))
    reason = UnmaskReason(said)
    rows = actions.open_phones(by=request.user, event=found, reason=reason)
    if not rows:
        raise Http404
    context = {"event": found, "rows": rows, "reason": reason.label, "crumbs": crumbs(found, _("报名人的电话"))}
    return render(request, "events/phones.html", context)
