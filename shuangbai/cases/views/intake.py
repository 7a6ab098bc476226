"""A case is opened and put right, moved on, its risk said, its people named."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangbai.cases import queries
from shuangbai.cases.access import leads
from shuangbai.cases.actions.handing import may_give, offer_cases
from shuangbai.cases.actions.moving import move_case
from shuangbai.cases.actions.opening import change_team, edit_case, open_case, set_risk
from shuangbai.cases.enums import Move, Risk, Source, Stage
from shuangbai.cases.forms import IntakeForm, MoveForm, OfferForm, OpenForm, RiskForm, TeamForm
from shuangbai.cases.models import Case
from shuangbai.cases.rules import MOVES
from shuangbai.cases.views.parts import case_of, family_people, form_page, own_case
from shuangbai.core import clock
from shuangbai.households.models import Household
from shuangbai.households.views import FORM, family_of, own_station, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission


@require_http_methods(FORM)
def case_new(request: SignedIn) -> HttpResponse:
    """登记个案 of a family that the address names; without one, first which family."""
    station = own_station(request, Permission.WORK_CASES)
    if "family" not in request.GET:
        return render(request, "cases/choose_family.html", {"suggest_url": f"{reverse('family-suggest')}?q="})
    household, day = _family(request), clock.today()
    picked = _uuid(request.GET.get("person", ""))
    people = family_people(request.user, household.pk, day, [])
    supervisors = list(queries.supervisors_of(station, day))
    form = OpenForm(
        request.POST or None, station=station, household_id=household.pk, people=people, day=day,
        team=list(queries.may_work_at(station, day)), supervisors=supervisors,
        leads=viewer_of(request.user).reaches(Permission.LEAD_CASES, station.pk),
        initial=_first(people, picked, day) | {
            "worker": str(request.user.staff_id), "supervisor": str(supervisors[0].pk) if len(supervisors) == 1 else "",
        },
    )  # fmt: skip
    if form.is_valid():
        entry, seen = form.opening(), form.acknowledged
        if made := tried(form, lambda: open_case(by=request.user, entry=entry, acknowledged=seen)):
            messages.success(request, _("已登记，案号 %(number)s") % {"number": made.number})
            return redirect("case", made.pk)
    return _new_page(request, form, household)


def _new_page(request: SignedIn, form: OpenForm, household: Household) -> HttpResponse:
    context = {
        "form": form, "heading": _("登记个案"), "sub": f"{household}", "save_label": _("登记"),
        "crumbs": [(_("个案"), reverse("case-list")), (_("登记个案"), "")],
        "back_url": reverse("family", args=[household.pk]),
    }  # fmt: skip
    return render(request, "cases/form.html", context, status=422 if form.is_bound else 200)


def _family(request: SignedIn) -> Household:
    key = _uuid(request.GET.get("family", ""))
    if key is None:
        raise Http404
    return family_of(request, key)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _first(people: list[tuple[UUID, str]], picked: UUID | None, day: date) -> dict[str, Any]:
    """What is known before anybody types: whom the page was about, or the only one there is."""
    chosen = [str(pk) for pk, _name in people if pk == picked or len(people) == 1]
    return {"people": chosen, "source": Source.VISIT, "opened_on": day, "risk": ""}


@require_http_methods(FORM)
def case_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """The record of 接案, put right."""
    found = own_case(request, pk)
    clients = queries.clients_of([found.pk])[found.pk]
    kept = [client.row.person_key for client in clients]
    offered = family_people(request.user, found.household_key, clock.today(), kept)
    # Whose file was taken back since is still a client, by the name of then.
    offered += [(one.row.person_key, one.name) for one in clients if one.row.person_key not in dict(offered)]
    names = ("source", "kind", "urgency", "presenting", "opened_on", "accepted_on", "accept_reason", "judgement",
             "consent", "consent_on", "consent_reason")  # fmt: skip
    initial = {name: getattr(found, name) for name in names}
    form = IntakeForm(
        request.POST or None, people=offered, day=found.opened_on,
        initial={**initial, "people": [str(key) for key in kept], "version": found.version},
    )  # fmt: skip
    return form_page(
        request, found, form, _("接案登记"),
        act=lambda: edit_case(
            by=request.user, case=found, version=form.read, entry=form.entry(), acknowledged=form.acknowledged
        ),
    )  # fmt: skip


@require_http_methods(FORM)
def case_risk(request: SignedIn, pk: UUID) -> HttpResponse:
    found = own_case(request, pk)
    form = RiskForm(request.POST or None, case=found)
    return form_page(
        request, found, form, _("风险级别"), to="#risk",
        act=lambda: set_risk(
            by=request.user, case=found, level=Risk(form.cleaned_data["level"]), on=form.cleaned_data["on"],
            reason=form.cleaned_data["risk_reason"],
        ),
    )  # fmt: skip


@require_http_methods(FORM)
def case_move(request: SignedIn, pk: UUID) -> HttpResponse:
    """进入下一阶段, or to another: `to` in the address says which."""
    found = own_case(request, pk)
    form = MoveForm(request.POST or None, case=found, offered=_offered(found), to=request.GET.get("to", ""))

    def now(current: Case) -> Case:
        form.offer(_offered(current))
        found.stage = current.stage
        return current

    return form_page(
        request, found, form, _("改阶段"), said=_("已改阶段"), now=now, template="cases/move.html",
        act=lambda: move_case(
            by=request.user, case=found, version=form.read, to=Stage(form.cleaned_data["to"]),
            on=form.cleaned_data["on"], reason=form.cleaned_data["reason"], acknowledged=form.acknowledged,
        ),
    )  # fmt: skip


def _offered(found: Case) -> list[tuple[Stage, str]]:
    """Where the case may go from the stage in which it is; closing it has a form of its own."""
    return [(to, _said(move, to)) for to, move in MOVES[Stage(found.stage)].items() if move != Move.CLOSED]


def _said(move: Move, to: Stage) -> str:
    if move == Move.FORWARD:
        return _("下一阶段：%(to)s") % {"to": to.label}
    if move == Move.DECLINE:
        return f"{move.label}"
    return f"{move.label}：{to.label}"


@require_http_methods(FORM)
def case_team(request: SignedIn, pk: UUID) -> HttpResponse:
    """谁来做, by the head."""
    found, day = case_of(request, pk), clock.today()
    if not leads(request.user, found):
        raise Http404
    form = TeamForm(
        request.POST or None, case=found, team=list(queries.may_work_at(found.charge, day)),
        supervisors=list(queries.supervisors_of(found.charge, day)),
    )  # fmt: skip
    return form_page(
        request, found, form, _("谁来做"),
        act=lambda: change_team(by=request.user, case=found, version=form.read, entry=form.entry()),
    )  # fmt: skip


@require_http_methods(FORM)
def case_offer(request: SignedIn, pk: UUID) -> HttpResponse:
    """交给同事: theirs once they take it."""
    found = case_of(request, pk)
    if not may_give(request.user, found):
        raise Http404
    team = queries.may_work_at(found.charge, clock.today()).exclude(pk=found.worker_id)
    form = OfferForm(request.POST or None, team=list(team))
    return form_page(
        request, found, form, _("交给同事"), said=_("已交出；同事确认以前，仍由原来的人负责"),
        act=lambda: offer_cases(
            by=request.user, cases=[(found, get_object_or_404(team, pk=form.cleaned_data["receiver"]))],
            note=form.cleaned_data["note"],
        ),
    )  # fmt: skip
