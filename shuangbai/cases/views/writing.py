"""The forms of a running case: assessment, plan, goals and ratings, sessions, visits of the family put to it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuangbai.cases.actions import working
from shuangbai.cases.forms import AssessmentForm, GoalForm, PlanForm, RatingForm, ReasonForm, SessionForm
from shuangbai.cases.models import Assessment, Goal, Plan, Session
from shuangbai.cases.queries import clients_of
from shuangbai.cases.views.parts import family_people, form_page, own_case, part_of, team_of
from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.households.views import FORM
from shuangbai.network.context import SignedIn


def _of(row: Any, *names: str) -> dict[str, Any]:
    """What a form begins with: what the row says."""
    return {name: getattr(row, name) for name in names} | {"version": row.version}


# ASSESSMENT, PLAN ------------------------------------------------------------


@require_http_methods(FORM)
def case_assess(request: SignedIn, pk: UUID, row: UUID | None = None) -> HttpResponse:
    """预估: a new one, or one put right. A new one begins with what the newest said that does not change."""
    found = own_case(request, pk)
    old = part_of(found, Assessment.objects, row) if row else None
    newest = found.assessments.order_by("-assessed_on", "-entered_at").first()
    first = _of(old, *working.ASSESSED) if old else {"assessed_on": clock.today()}
    if not old and newest:
        first |= {name: getattr(newest, name) for name in ("strengths", "resources", "needs")}
    form = AssessmentForm(request.POST or None, initial=first)
    return form_page(
        request, found, form, _("预估表"), to="#assessment", draft=f"assessment-{row}" if row else "assessment",
        act=lambda: working.assess(
            by=request.user, case=found, entry=form.entry(), assessment=old, version=form.read
        ),
    )  # fmt: skip


@require_http_methods(FORM)
def case_plan(request: SignedIn, pk: UUID) -> HttpResponse:
    """服务计划书."""
    found = own_case(request, pk)
    old = Plan.objects.filter(case=found).first()
    first = _of(old, *working.PLANNED) if old else {"planned_on": clock.today(), "version": 0}
    form = PlanForm(request.POST or None, initial=first)
    return form_page(
        request, found, form, _("服务计划书"), to="#plan", draft="plan",
        act=lambda: working.plan_case(by=request.user, case=found, version=form.read, entry=form.entry()),
    )  # fmt: skip


# GOALS ---------------------------------------------------------------------


@require_http_methods(FORM)
def case_goal(request: SignedIn, pk: UUID, row: UUID | None = None) -> HttpResponse:
    """目标: a new one, or one put right."""
    found = own_case(request, pk)
    old = part_of(found, Goal.objects, row) if row else None
    first = _of(old, *working.GOAL, *working.LEVELS) if old else {"set_on": clock.today()}
    form = GoalForm(request.POST or None, initial=first)
    return form_page(
        request, found, form, _("目标"), to="#goals", draft=f"goal-{row}" if row else "goal",
        act=lambda: working.set_goal(
            by=request.user, case=found, entry=form.entry(), goal=old, version=form.read,
            acknowledged=form.acknowledged,
        ),
    )  # fmt: skip


@require_http_methods(FORM)
def case_rate(request: SignedIn, pk: UUID, row: UUID) -> HttpResponse:
    """评分: how far a goal is."""
    found = own_case(request, pk)
    goal = part_of(found, Goal.objects.select_related("case"), row)
    form = RatingForm(request.POST or None, goal=goal)
    return form_page(
        request, found, form, _("评分"), to="#goals", sub=goal.statement, goal=goal,
        act=lambda: working.rate_goal(
            by=request.user, goal=goal, value=form.cleaned_data["value"], rated_on=form.cleaned_data["rated_on"],
            note=form.cleaned_data["note"],
        ),
    )  # fmt: skip


@require_http_methods(FORM)
def case_goal_end(request: SignedIn, pk: UUID, row: UUID) -> HttpResponse:
    """不再追求 a goal."""
    return _goal_pursued(request, pk, row, _("不再追求这个目标"), working.drop_goal)


@require_http_methods(FORM)
def case_goal_resume(request: SignedIn, pk: UUID, row: UUID) -> HttpResponse:
    """重新追求 a goal that was given up."""
    return _goal_pursued(request, pk, row, _("重新追求这个目标"), working.resume_goal)


def _goal_pursued(request: SignedIn, pk: UUID, row: UUID, heading: str, act: Callable[..., Goal]) -> HttpResponse:
    found = own_case(request, pk)
    goal = part_of(found, Goal.objects.select_related("case"), row)
    form = ReasonForm(request.POST or None, initial={"version": goal.version})
    return form_page(
        request, found, form, heading, to="#goals", sub=goal.statement,
        act=lambda: act(by=request.user, goal=goal, version=form.read, reason=form.cleaned_data["reason"]),
    )  # fmt: skip


# SESSIONS ------------------------------------------------------------------


@require_http_methods(FORM)
def case_session(request: SignedIn, pk: UUID, row: UUID | None = None) -> HttpResponse:
    """会谈记录: a new one, or one put right."""
    found = own_case(request, pk)
    old = part_of(found, Session.objects, row) if row else None
    if old and old.voided_at:
        raise Http404
    present = [UUID(key) for key in old.present_keys] if old else []
    form = SessionForm(
        request.POST or None, people=family_people(request.user, found.household_key, clock.today(), present),
        team=team_of(found, old.worker_id if old else None), initial=_first_of_session(request, found, old),
    )  # fmt: skip
    return form_page(
        request, found, form, _("会谈记录"), to="#sessions", draft=f"session-{row}" if row else "session",
        act=lambda: working.record_session(
            by=request.user, case=found, entry=form.entry(), session=old, version=form.read
        ),
    )  # fmt: skip


def _first_of_session(request: SignedIn, found: Any, old: Session | None) -> dict[str, Any]:
    """What a form of a session begins with; of a new one who is likely there, and what was meant to come next."""
    if old:
        names = [name for name in working.SAID if name != "worker_id"]
        return {**_of(old, *names), "worker": str(old.worker_id), "people": old.present_keys}
    latest = found.sessions.filter(voided_at__isnull=True).order_by("-held_on", "-entered_at").first()
    mine = request.user.staff_id if request.user.staff_id in (found.worker_id, found.co_worker_id) else found.worker_id
    clients = [str(client.row.person_key) for client in clients_of([found.pk])[found.pk]]
    first = {"held_on": clock.today(), "worker": str(mine), "people": clients}
    return {**first, "purpose": latest.next_step, "place": latest.place, "mode": latest.mode} if latest else first


@require_http_methods(FORM)
def case_session_void(request: SignedIn, pk: UUID, row: UUID) -> HttpResponse:
    """作废 a session."""
    found = own_case(request, pk)
    session = part_of(found, Session.objects.select_related("case").filter(voided_at__isnull=True), row)
    form = ReasonForm(request.POST or None, initial={"version": session.version})
    return form_page(
        request, found, form, _("作废这次会谈"), to="#sessions", sub=f"{session.held_on:%Y-%m-%d}",
        act=lambda: working.void_session(
            by=request.user, session=session, version=form.read, reason=form.cleaned_data["reason"]
        ),
    )  # fmt: skip


# VISITS --------------------------------------------------------------------


@require_POST
def case_visit(request: SignedIn, pk: UUID) -> HttpResponse:
    """A visit of the family is put to the case, or taken out of it."""
    found = own_case(request, pk)
    try:
        key = UUID(request.POST.get("record", ""))
        if request.POST.get("does") == "detach":
            working.detach_visit(by=request.user, case=found, record_key=key)
        else:
            working.attach_visit(by=request.user, case=found, record_key=key)
    except (ValueError, NotAllowed):
        raise Http404 from None
    except Refused as refused:
        messages.warning(request, refused.first.sentence)
    else:
        messages.success(request, _("已保存"))
    return redirect(f"{reverse('case', args=[pk])}#visits")
