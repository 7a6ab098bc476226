"""Referrals: the list by what waits, one with its steps, registered, changed, moved on."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import Conflict
from shuangbai.core.forms import rebase
from shuangbai.households.models import Household
from shuangbai.households.queries import members_on
from shuangbai.households.views import FORM, conflict_of, page_url, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.changes import Change, changes_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.resources import queries
from shuangbai.resources.access import case_known_to, cases_to_write_in, may_write, referrals_visible_to
from shuangbai.resources.actions import referring
from shuangbai.resources.enums import ReferralState
from shuangbai.resources.forms import MoveForm, ReferralForm
from shuangbai.resources.models import Referral
from shuangbai.resources.rules import OPEN
from shuangbai.resources.views import family_asked, resource_name, start_of
from shuangbai.resources.views.drafts import taken_up

# What a referral's history does not tell: keys, which case it is of, and what its steps tell themselves.
SILENT = {"id", "station", "client_id", "household", "case_key", "state", "sent_on", "next_on", "reminder", "version",
          "entered_at", "entered_by"}  # fmt: skip


@require_safe
def referral_list(request: SignedIn) -> HttpResponse:
    """转介: one's own that run, by the day on which somebody is to ask again; or the station's; or all."""
    viewer, day = viewer_of(request.user), clock.today()
    if not viewer.may(Permission.SEE_FAMILIES):
        raise Http404
    found, own = referrals_visible_to(request.user), bool(viewer.home_station) and "all" not in request.GET
    if own:
        found = found.filter(queries.for_worker(request.user.staff_id, clock.today()))
    ended = "ended" in request.GET
    found = found.exclude(state__in=OPEN) if ended else found.filter(state__in=OPEN)
    page = Paginator(queries.referrals_in_order(found), queries.LISTED).get_page(request.GET.get("page"))
    context = {
        "page": page, "day": day, "own": own, "at_station": bool(viewer.home_station), "ended": ended,
        "older_url": page_url(request, page.number + 1) if page.has_next() else "",
        "newer_url": page_url(request, page.number - 1) if page.number > 1 else "",
    }  # fmt: skip
    return render(request, "resources/referrals.html", context)


@require_http_methods(FORM)
def referral_new(request: SignedIn) -> HttpResponse:
    """登记转介, from a family's page."""
    household, first = family_asked(request), start_of(request)
    members = list(members_on(household.pk, clock.today()))
    cases = cases_to_write_in(request.user, household.pk)
    form = ReferralForm(request.POST or None, household=household, members=members, cases=cases, **first)
    if form.is_valid():
        said: dict[str, Any] = {"entry": form.entry(), "acknowledged": form.acknowledged}
        if made := tried(form, lambda: referring.start_referral(by=request.user, **said)):
            messages.success(request, _("已登记转介，发出后在这里记一步"))
            return redirect("referral", made.pk)
    more = taken_up(request, form, household, "referring", first)
    return referral_form(request, form, household, _("转介"), reverse("family", args=[household.pk]), **more)


def referral_form(
    request: SignedIn, form: ReferralForm, household: Household | None, heading: str, back: str, **more: Any
) -> HttpResponse:
    context = {
        "form": form, "household": household, "heading": heading, "back_url": back,
        "resource_name": resource_name(request, form["resource"].value()),
        "suggest_url": f"{reverse('resource-suggest')}?q=", **more,
    }  # fmt: skip
    status = more.get("status") or (422 if form.is_bound else 200)
    return render(request, "resources/referral_form.html", context, status=status)


def referral_of(request: SignedIn, pk: UUID) -> Referral:
    """Raises Http404, as for what does not exist."""
    found = queries.referrals_in_order(referrals_visible_to(request.user))
    return get_object_or_404(found.select_related("entered_by"), pk=pk)


@require_safe
def referral(request: SignedIn, pk: UUID) -> HttpResponse:
    """One referral: to whom, why, what is asked, what happened, what is next."""
    return referral_page(request, referral_of(request, pk))


def referral_page(request: SignedIn, found: Referral, **more: Any) -> HttpResponse:
    """The page of a referral; `more` may bring its form that came back, and a status."""
    open_, writes = found.state in OPEN, may_write(request.user, found)
    crumbs = [(_("转介"), reverse("referral-list")), (_("一件转介"), "")]
    context = {
        "referral": found, "steps": list(queries.steps_of(found)), "day": clock.today(), "open": open_,
        "case": case_known_to(request.user, found.case_key), "crumbs": crumbs,
        "may_write": writes, "may_move": writes and open_, "late": open_ and found.is_late(clock.today()),
        "may_edit": writes and found.state == ReferralState.DRAFT,
        "moving": MoveForm(referral=found) if writes and open_ else None, "changes": changes_of_referral(found), **more,
    }  # fmt: skip
    return render(request, "resources/referral.html", context, status=more.get("status", 200))


def changes_of_referral(found: Referral) -> list[Change]:
    """Who changed what was asked, and what it began with; nothing where nobody did."""
    changes = changes_of(Referral, silent=SILENT, id=found.pk) if found.version > 1 else []
    return changes if len(changes) > 1 else []


@require_http_methods(FORM)
def referral_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """修改转介, until it is sent."""
    found = referral_of(request, pk)
    if not may_write(request.user, found):
        raise Http404
    members = list(members_on(found.household_id, clock.today())) if found.household_id else []
    form = ReferralForm(request.POST or None, household=found.household, members=members, referral=found)
    more: dict[str, Any] = {}
    if form.is_valid():
        try:
            if tried(form, lambda: edited(request, form, found)):
                messages.success(request, _("已保存"))
                return redirect("referral", pk)
        except Conflict as conflict:
            current: Any = conflict.current
            more = conflict_of(form, current, form.theirs(current))
    return referral_form(request, form, found.household, _("修改转介"), reverse("referral", args=[pk]), **more)


def edited(request: SignedIn, form: ReferralForm, found: Referral) -> Referral:
    return referring.change_referral(
        by=request.user, referral=found, version=form.cleaned_data["version"] or 0, entry=form.entry(),
        acknowledged=form.acknowledged,
    )  # fmt: skip


@require_POST
def referral_move(request: SignedIn, pk: UUID) -> HttpResponse:
    """记一步: what was done, or answered."""
    found = referral_of(request, pk)
    if not may_write(request.user, found):
        raise Http404
    form, status = MoveForm(request.POST, referral=found), 422
    if form.is_valid():
        said: dict[str, Any] = {"version": form.cleaned_data["version"] or 0, "entry": form.entry()}
        try:
            if tried(form, lambda: referring.move_referral(by=request.user, referral=found, **said)):
                messages.success(request, _("已记下"))
                return redirect("referral", pk)
        except Conflict:
            found, status = referral_of(request, pk), 409
            rebase(form, found.version)
            form.add_error(None, _("您打开之后，同事记了新的一步；请看下面现在的样子，再按一次保存"))
    return referral_page(request, found, moving=form, status=status)
