"""依法抹去: asked, decided, and what is left to read again; and the list of files kept longer than the city says."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.codes.queries import decisions_of, version_of
from shuangbai.codes.views import check_page, decided, decision_page
from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.forms import add_findings, rebase
from shuangbai.core.privacy import mask_name
from shuangbai.households.access import households_visible_to, people_visible_to
from shuangbai.households.views import own_station, tried
from shuangbai.lives import queries
from shuangbai.lives.access import erasures_visible_to
from shuangbai.lives.actions.erasing import (
    RETENTION,
    ask_erasure,
    ask_volunteer_erasure,
    decide_erasure,
    set_retention,
    withdraw_erasure,
)
from shuangbai.lives.enums import ErasureBasis, ErasureState
from shuangbai.lives.forms.erasing import AskForm, DecideForm, RetentionAskForm, RetentionForm
from shuangbai.lives.models import Erasure
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.services.access import records_shown_to
from shuangbai.volunteers.access import volunteers_visible_to

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
def erasure_ask(request: SignedIn, pk: UUID) -> HttpResponse:
    """申请依法抹去一个人的资料."""
    station = own_station(request, Permission.ASK_ERASURE)
    person = get_object_or_404(people_visible_to(request.user, Permission.EDIT_FAMILIES), pk=pk)
    form = AskForm(request.POST or None)
    if form.is_valid():
        said = {"basis": ErasureBasis(form.cleaned_data["basis"]), "reason": form.cleaned_data["reason"]}
        made = tried(form, lambda: ask_erasure(by=request.user, station=station, people=[person], **said))
        if made:
            messages.success(request, _("已提出申请，等民政局决定；在此之前什么都没有抹去"))
            return redirect("erasure", made[0].pk)
    context = {"form": form, "person": person, "station": station}
    return render(request, "lives/erasure_ask.html", context, status=422 if form.is_bound else 200)


@require_http_methods(FORM)
def volunteer_erasure(request: SignedIn, pk: UUID) -> HttpResponse:
    """申请依法抹去 a volunteer who is not on file."""
    station = own_station(request, Permission.ASK_ERASURE)
    there = volunteers_visible_to(request.user, Permission.EDIT_FAMILIES)
    found = get_object_or_404(there, pk=pk, station=station, person=None)
    form = AskForm(request.POST or None)
    if form.is_valid():
        said = {"basis": ErasureBasis(form.cleaned_data["basis"]), "reason": form.cleaned_data["reason"]}
        made = tried(form, lambda: ask_volunteer_erasure(by=request.user, volunteer=found, **said))
        if made:
            messages.success(request, _("已提出申请，等民政局决定；在此之前什么都没有抹去"))
            return redirect("erasure", made.pk)
    context = {"form": form, "volunteer": found, "station": station}
    return render(request, "lives/volunteer_erasure.html", context, status=422 if form.is_bound else 200)


@require_safe
def erasures(request: SignedIn) -> HttpResponse:
    """依法抹去: what was asked, and what became of it."""
    viewer = viewer_of(request.user)
    if not viewer.may(Permission.ASK_ERASURE) and not viewer.may(Permission.DECIDE_ERASURE):
        raise Http404
    rows = queries.erasure_lines(erasures_visible_to(request.user))
    shown = [(row, shown_name(request, row)) for row in rows]
    context = {"rows": shown, "asks": viewer.may(Permission.ASK_ERASURE), "years": queries.years_on(clock.today())}
    return render(request, "lives/erasures.html", context)


def shown_name(request: SignedIn, row: Erasure) -> str:
    """The name as this person may see it: whoever decides sees surnames only."""
    return row.name if viewer_of(request.user).may(Permission.SEE_NAMES) else mask_name(row.name)


def erasure_of(request: SignedIn, pk: UUID) -> Erasure:
    rows = erasures_visible_to(request.user).select_related(
        "person", "volunteer", "station", "entered_by", "decided_by"
    )
    return get_object_or_404(rows.defer(*queries.SEALED_OF_SUBJECT), pk=pk)


def erasure_page(request: SignedIn, found: Erasure, form: DecideForm, status: int = 200) -> HttpResponse:
    viewer, waits = viewer_of(request.user), found.state == ErasureState.ASKED
    names = viewer.may(Permission.SEE_NAMES)
    to_check = records_shown_to(request.user).filter(pk__in=found.to_check if names else [])
    reason, name = found.reason, found.name
    context: dict[str, Any] = {
        "erasure": found, "name": shown_name(request, found), "form": form,
        "reason": reason if names else reason.replace(name, mask_name(name)),
        "decides": waits and viewer.reaches(Permission.DECIDE_ERASURE, found.station_id),
        "asks": waits and viewer.reaches(Permission.ASK_ERASURE, found.station_id),
        "to_check": to_check.order_by("-occurred_on", "-id"),
        "crumbs": [(_("依法抹去"), reverse("erasure-list")), (found.get_basis_display(), "")],
    }  # fmt: skip
    return render(request, "lives/erasure.html", context, status=status)


@require_safe
def erasure(request: SignedIn, pk: UUID) -> HttpResponse:
    """One request: why, by which law, what was decided, and what to read again."""
    return erasure_page(request, erasure_of(request, pk), DecideForm())


@require_POST
def erasure_decide(request: SignedIn, pk: UUID) -> HttpResponse:
    """同意并抹去, 不同意, or 收回 by whoever asked."""
    found, does = erasure_of(request, pk), request.POST.get("does", "")
    form = DecideForm(request.POST)
    try:
        if does == "withdraw":
            withdraw_erasure(by=request.user, erasure=found)
        elif not form.is_valid():
            return erasure_page(request, found, form, 422)
        else:
            said = {"agrees": does == "agree", "answer": form.cleaned_data["answer"]}
            decide_erasure(by=request.user, erasure=found, **said)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        form.is_valid()
        add_findings(form, refused)
        return erasure_page(request, found, form, 422)
    messages.success(request, _("已办理"))
    return redirect("erasure", found.pk)


# RETENTION -----------------------------------------------------------------


@require_http_methods(FORM)
def retention(request: SignedIn) -> HttpResponse:
    """满保存年限的档案: a list, from which the head asks; nothing goes by itself."""
    station, years = own_station(request, Permission.ASK_ERASURE), queries.years_on(clock.today())
    visible = households_visible_to(request.user, Permission.EDIT_FAMILIES)
    proposed = queries.retention_list(visible, clock.today(), years) if years else []
    form = RetentionAskForm(request.POST or None, proposed=proposed)
    if form.is_valid():
        chosen = set(form.cleaned_data["families"])
        people = {p.pk: p for one in proposed if str(one.household.pk) in chosen for p in one.people}
        said: dict[str, Any] = {"basis": ErasureBasis.EXPIRED, "reason": form.cleaned_data["reason"]}
        try:
            made = ask_erasure(by=request.user, station=station, people=list(people.values()), **said)
        except Refused as refused:
            add_findings(form, refused)
        else:
            messages.success(request, _("已为 %(n)s 人提出申请，等民政局决定") % {"n": len(made)})
            return redirect("erasure-list")
    context = {"form": form, "proposed": proposed, "years": years, "station": station}
    return render(request, "lives/retention.html", context, status=422 if form.is_bound else 200)


@require_http_methods(FORM)
def retention_rule(request: SignedIn) -> HttpResponse:
    """保存年限, by the city."""
    check_page(request)
    rules, version = queries.retention_rules(), version_of(RETENTION)
    form = RetentionForm(request.POST or None, years=rules[0].years if rules else None, version=version)
    more: dict[str, Any] = {}
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("years", "starts_on", "version", "reason")}
        try:
            if decided(form, lambda: set_retention(by=request.user, **said)):
                messages.success(request, _("已保存"))
                return redirect("retention-rule")
        except Conflict:
            rebase(form, version)
            form.add_error(None, _("您打开之后别人改过保存年限，请看清现在的规定，再按一次保存"))
            more["status"] = 409
    heading = _("保存年限")
    crumbs = [(_("设置"), reverse("setup")), (heading, "")]
    more |= {"decisions": decisions_of(RETENTION), "rules": rules}
    return decision_page(request, form, heading=heading, crumbs=crumbs, back_url=reverse("setup"), **more)
